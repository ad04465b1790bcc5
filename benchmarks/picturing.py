"""What one picture of a garment costs, at 1280 by 720 on one core: cloth, light, drape and grain."""

from __future__ import annotations

import copy
import json
import os
import sys
import time
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks import material
from benchmarks.child import call
from benchmarks.table import Figure, Part, spread
from wearsound.core import Clock, Frame

if TYPE_CHECKING:
    from wearsound.show.load import Show

GARMENTS = ("denim-jacket", "long-coat", "scarf", "cuff")
SIZE, SEED = (1280, 720), 7
FIRST, FRAMES = 12 * 60, 300
"""Sixtieths: five seconds in the middle of the built-in track."""


def run() -> Part:
    """Each garment in a program of its own, the second time so that its cloth is in the cache."""
    part = Part("Picture")
    for name in GARMENTS:
        call("benchmarks.picturing", {"garment": name, "frames": 1})
        one = call("benchmarks.picturing", {"garment": name, "frames": FRAMES})
        part.figures += spread(f"{name}, CPU a picture", one["moving"], "ms", median=12.0, p95=16.6)
        still = float(np.median(one["still"]))
        part.figures.append(Figure("the same, nothing hanging", still, "ms"))
        part.figures.append(Figure("from the cache to the first picture, CPU", one["opened"], "s"))
    part.notes.append(
        f"`bass-denim` on the built-in track, {FRAMES} frames of light from {FIRST // 60} s on, each drawn at "
        f"{SIZE[0]} by {SIZE[1]}; bound to one core. Nothing hanging: the same frames with the drape at rest."
    )
    return part


class Kept:
    """An output that keeps its frames."""

    name, rate = "kept", 60

    def __init__(self, first: int) -> None:
        self.frames: list[Frame] = []
        self._first = first

    def open(self, clock: Clock) -> None:
        """Nothing to take."""

    def send(self, frame: Frame) -> None:
        """A copy: rows are valid only now."""
        if frame.number >= self._first:
            self.frames.append(copy.deepcopy(frame))

    def close(self) -> None:
        """Nothing to leave."""


def alone_and_unseen() -> None:
    """Draw where nobody looks, on one core."""
    os.environ.setdefault("SDL_VIDEODRIVER", "dummy")
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def frames_of(show: Show, count: int, first: int = FIRST) -> list[Frame]:
    """So many frames of a show that plays the built-in track, from frame `first` on."""
    from wearsound.show.build import build

    kept = Kept(first)
    engine = build(show, material.LANES, material.RATE, strict=True).engine
    engine.outputs.append(kept)
    for block in material.blocks(material.song(), 64):
        engine.step(block)
        if len(kept.frames) >= count:
            break
    return kept.frames[:count]


def child(wanted: dict[str, Any]) -> dict[str, Any]:
    """Frames of a real show, drawn. [a program of its own]"""
    alone_and_unseen()
    from wearsound.instruments.picture import open_picture
    from wearsound.show.load import load

    show = load("bass-denim", garment=wanted["garment"])
    frames = frames_of(show, wanted["frames"])
    began = time.process_time()
    picture = open_picture(show.garment_path, None, SIZE, SEED, 60)
    opened = time.process_time() - began
    still = [copy.copy(frame) for frame in frames]
    for frame in still:
        object.__setattr__(frame, "features", _at_rest(frame))
    return {"opened": opened, "moving": _times(picture, frames), "still": _times(picture, still)}


def _at_rest(frame: Frame) -> Any:
    row = copy.deepcopy(frame.features)
    for name, column in row.index.items():
        if name.startswith("drape."):
            row.values[column] = 0.0
    return row


def _times(picture: Any, frames: list[Frame]) -> list[float]:
    """Milliseconds of CPU of this program a picture."""
    import pygame

    surface = pygame.Surface(SIZE, 0, 32)
    picture.draw(surface, frames[0])
    times = []
    for frame in frames:
        before = time.process_time_ns()
        picture.draw(surface, frame)
        times.append((time.process_time_ns() - before) / 1e6)
    return times


if __name__ == "__main__":
    print(json.dumps(child(json.loads(sys.argv[1]))))
