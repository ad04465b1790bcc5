"""Screenshots, read: does a text stand on one in the letters of the HUD, and what must stand there by the patch."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
from scipy.signal import fftconvolve

from wearsound.core import F64

FOUND = 0.8
"""Likeness of pixels from which a text stands there; another text of the same length has 0.5 at the most."""


class Shots:
    """Names, files and pixels; small PNGs are left beside them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.taken: dict[str, Path] = {}
        self._grey: dict[str, F64] = {}
        self._letters: Any = None

    def add(self, name: str, path: Path) -> None:
        """One more; the last of a name counts."""
        self.taken[name] = path

    def load(self) -> None:
        """Read all of them, and turn them into PNGs."""
        import pygame

        from wearsound.instruments.picture.hud_ink import Letters

        self._letters = Letters((1280, 720))
        self._pixels: dict[str, Any] = {}
        for name, path in self.taken.items():
            surface = pygame.image.load(str(path))
            self._pixels[name] = pygame.surfarray.array3d(surface).swapaxes(0, 1).astype(np.int16)
            self._grey[name] = self._pixels[name].mean(axis=2)
            pygame.image.save(surface, str(path.with_suffix(".png")))
            path.unlink()

    def says(self, name: str, text: str, face: str = "label", dim: bool = False) -> bool:
        """Whether a text stands anywhere on a screenshot."""
        import pygame

        if name not in self._grey:
            return False
        drawn = self._letters.fonts[face].render(text, True, (255, 255, 255), (0, 0, 0))
        mask = pygame.surfarray.array3d(drawn).swapaxes(0, 1).mean(axis=2)
        rows, columns = np.nonzero(mask > 40)
        mask = mask[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
        return self._likeness(self._grey[name], mask) > FOUND

    def errs(self, name: str) -> bool:
        """Whether the line of an error stands at the top edge."""
        from wearsound.instruments.picture.hud_ink import BAD

        return bool(
            name in self._pixels
            and (np.abs(self._pixels[name][1:4] - np.array(BAD)).max(axis=(1, 2)) < 12).all()
        )

    def apart(self, one: str, other: str) -> float:
        """Mean difference of two screenshots, 0..255; 0 where one is missing."""
        if one not in self._grey or other not in self._grey:
            return 0.0
        return float(np.abs(self._grey[one] - self._grey[other]).mean())

    def _likeness(self, grey: F64, mask: F64) -> float:
        """The highest correlation of `mask` with any place of `grey`, -1..1."""
        n = mask.size
        even = mask - mask.mean()
        ones = np.ones_like(mask)
        product = fftconvolve(grey, even[::-1, ::-1], mode="valid")
        total = fftconvolve(grey, ones, mode="valid")
        squares = fftconvolve(grey**2, ones, mode="valid")
        spread = np.sqrt(np.maximum(squares - total**2 / n, 4.0 * n))
        return float((product / (spread * np.sqrt((even**2).sum()))).max())


def places(patch: Path) -> dict[str, tuple[int, int]]:
    """Where each zone of the patch's garment is seen in a window of 1280x720; its picture is kept for the show."""
    import pygame

    from wearsound import load
    from wearsound.garment.document import load_garment
    from wearsound.instruments.picture.garment_picture import GarmentPicture

    pygame.display.init()
    show = load(patch)
    garment = load_garment(show.garment_path)
    picture = GarmentPicture(garment, (1280, 720), show.seed)
    found = {zone: picture.place_of(i) for i, zone in enumerate(garment.zone_names)}
    return {zone: place for zone, place in found.items() if place is not None}


def routes_of(patch: Path, zone: str) -> list[tuple[str, str]]:
    """(`file:line`, the first words of its card) of each route to the zone's glow outside scenes, read by hand."""
    text = patch.read_text()
    document = tomllib.loads(text)
    heads = [number for number, line in enumerate(text.splitlines(), 1) if re.match(r"\[\[route\]\]", line)]
    role = zone.partition("_")[0]
    found = []
    for line, route in zip(heads, document["route"], strict=True):
        if route["to"] in (f"{zone}.glow", f"{role}.glow"):
            low, high = route.get("in", (0, 1))
            found.append((f"{patch.name}:{line}", f"{route['from']} {low:g}..{high:g} moves {route['to']}"))
    return found
