"""The small pictures of a show (`thumbs/`, one a second) as they were and as they are."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from wearsound.core import U8
from wearsound.errors import PatchError
from wearsound.proof.compare import Difference
from wearsound.proof.tolerance import PICTURES, PictureLimit

THUMBS = "thumbs"
EVERY = 2
"""Of so many pictures a golden keeps one: each takes 20 kB."""
Mask = NDArray[np.bool_]


def compare_pictures(
    before: Path, after: Path, *, some: bool = False, limit: PictureLimit = PICTURES
) -> Difference:
    """What parts the pictures in two folders' `thumbs/`; `changed` are pixels. A PatchError where one is none.

    `some`: `before` is a golden, which keeps only some of them.
    """
    was, now = names(before), names(after)
    odd = min(set(was) - set(now) if some else set(was) ^ set(now), default="")
    if odd:
        said = f"{THUMBS}/{odd} is {'not there any more' if odd in was else 'new'}"
        return Difference(said, np.inf, float(int(odd[:-4])))
    said, at, used = "", None, 0.0
    far = changed = pixels = 0
    for name in was:
        old, new = picture(before / THUMBS / name), picture(after / THUMBS / name)
        if old.shape != new.shape:
            return Difference(f"{THUMBS}/{name} has another size", np.inf, float(int(name[:-4])))
        apart = np.abs(new.astype(np.int16) - old.astype(np.int16))
        off: Mask = np.any(apart > limit.ignored, axis=-1)
        here = int(apart.any(axis=-1).sum())
        far, changed, pixels = far + int(off.sum()), changed + here, pixels + off.size
        rms = float(np.sqrt(np.square(apart, dtype=np.float64).mean()))
        cluster = largest(off & ~edges(old, limit.edge), limit.cluster)
        used = max(used, rms / limit.rms, cluster / (limit.cluster - 1))
        if here and not said:
            at = float(int(name[:-4]))
            said = f"first at {at:.0f} s, {here} of {off.size} pixels, by up to {int(apart.max())} of 255"
    return Difference(said, max(used, far / max(1.0, limit.share * pixels)), at, changed, pixels)


def keep_some(made: Path, to: Path) -> None:
    """Copy every second small picture of a render into a golden."""
    (to / THUMBS).mkdir()
    for name in names(made)[::EVERY]:
        shutil.copyfile(made / THUMBS / name, to / THUMBS / name)


def names(folder: Path) -> list[str]:
    """The pictures of a folder, in the order of time."""
    return sorted(path.name for path in (folder / THUMBS).glob("*.png") if path.stem.isdigit())


def picture(path: Path) -> U8:
    """A PNG as uint8 (height, width, 3); a PatchError if it is none."""
    os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
    import pygame

    try:
        surface = pygame.image.load(path)
    except (pygame.error, OSError) as error:
        raise PatchError(f"{path} is no picture ({error}): put it back, or make it again") from error
    width, height = surface.get_size()
    return np.frombuffer(pygame.image.tobytes(surface, "RGB"), np.uint8).reshape(height, width, 3)


def edges(rgb: U8, least: int) -> Mask:
    """Pixels with a line through them or beside them: where 3x3 neighbours range over at least `least` of 255."""
    padded = np.pad(rgb, ((1, 1), (1, 1), (0, 0)), mode="edge")
    near = np.lib.stride_tricks.sliding_window_view(padded, (3, 3), axis=(0, 1))
    reach = near.max(axis=(-2, -1)).astype(np.int16) - near.min(axis=(-2, -1))
    return np.asarray(reach.max(axis=-1) >= least)


def largest(mask: Mask, enough: int) -> int:
    """How many pixels of a mask hang together at most, corners counted; no further than `enough`."""
    left = {(int(y), int(x)) for y, x in zip(*np.nonzero(mask), strict=True)}
    most = 0
    while left and most < enough:
        found, waiting = 0, [left.pop()]
        while waiting and found < enough:
            y, x = waiting.pop()
            found += 1
            near = {(y + dy, x + dx) for dy in (-1, 0, 1) for dx in (-1, 0, 1)} & left
            left -= near
            waiting += near
        most = max(most, found)
    return most
