"""A film strip: moments of a render from its thumbs, and its poster, as pictures inside a page."""

from __future__ import annotations

import io
import os
import re
from pathlib import Path

from wearsound.proof.curves import clock_words
from wearsound.proof.page import Html, picture, tag

MOST = 12
"""Moments of a strip, two rows of six."""
_THUMB = re.compile(r"(\d{4,6})\.png")
_LARGEST = 1 << 18
"""Bytes of a thumb; ours have a tenth. A file may be a stranger's."""
_LARGEST_POSTER = 1 << 25
_WIDE = 640
"""Pixels of the longer side of a poster on a page."""


def thumbs(folder: Path) -> dict[int, Path]:
    """The thumbs of a render by their second, in order."""
    place = folder / "thumbs"
    found = {}
    for path in place.iterdir() if place.is_dir() else ():
        match = _THUMB.fullmatch(path.name)
        if match and path.is_file() and 0 < path.stat().st_size <= _LARGEST:
            found[int(match[1])] = path
    return dict(sorted(found.items()))


def moments(seconds: list[int]) -> list[int]:
    """At most MOST of them, evenly, with the first and the last."""
    if len(seconds) <= MOST:
        return seconds
    return [seconds[round(i * (len(seconds) - 1) / (MOST - 1))] for i in range(MOST)]


def strip(folder: Path) -> Html | None:
    """The film strip of a render, None where it has no picture."""
    there = thumbs(folder)
    if not there:
        return None
    whole = float(max(there))
    frames = [
        tag(
            "figure",
            picture(there[second].read_bytes(), f"the picture after {second} s", width=160, height=90),
            tag("figcaption", clock_words(float(second), whole)),
        )
        for second in moments(list(there))
    ]
    return tag("div", *frames, class_="strip")


def poster(folder: Path) -> Html | None:
    """The poster of a render, small, None where there is none or no program here that reads it."""
    path = folder / "poster.png"
    if not path.is_file() or path.stat().st_size > _LARGEST_POSTER:
        return None
    os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
    try:
        import pygame
    except ImportError:
        return None
    small = io.BytesIO()
    try:
        surface = pygame.image.load(str(path)).convert(24)
        width, height = surface.get_size()
        scale = min(1.0, _WIDE / width, _WIDE / height)
        fitted = (max(1, round(width * scale)), max(1, round(height * scale)))
        pygame.image.save(pygame.transform.smoothscale(surface, fitted), small, "poster.jpg")
    except pygame.error:
        return None
    return picture(small.getvalue(), "a moment of the show", "image/jpeg", width=fitted[0], height=fitted[1])
