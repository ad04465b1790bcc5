"""What one picture of each gallery sketch costs, at 1280 by 720 on one core, and whether its music can be seen."""

from __future__ import annotations

import json
import sys
import time
from typing import Any

import numpy as np

from benchmarks import material
from benchmarks.child import call
from benchmarks.picturing import alone_and_unseen, frames_of
from benchmarks.table import Figure, Part
from wearsound.core import F64, Frame, Picture

SIZE, SEED, RATE = (1280, 720), 7, 60
FIRST, WARM, FRAMES = 10 * RATE, 60, 600
"""Sixtieths: ten seconds in the middle of the built-in track, after one second that is drawn and not counted."""
AFTER = 0.12
"""Seconds in which an eye ties a movement to a sound."""
WHOLE = (0.0, 0.0, 1.0, 1.0)
SHOWS: dict[str, tuple[str, tuple[float, ...], bool]] = {
    "boro": ("beat", (0.2, 0.1, 0.6, 0.8), False),
    "contour": ("kick", (0.1, 0.1, 0.8, 0.8), False),
    "dyebath": ("kick", WHOLE, True),
    "lint": ("kick", (0.0, 0.0, 0.45, 0.7), False),
    "loom": ("", WHOLE, False),
    "stitch": ("onset", WHOLE, False),
    "tape": ("kick", (0.93, 0.4, 0.01, 0.38), True),
    "thread": ("onset", (0.1, 0.0, 0.6, 1.0), False),
}
"""By which count a sketch changes, where (left, top, width and height, parts of the picture), and whether in its sum of
light rather than point by point: what drifts changes everywhere at every moment. Loom keeps a grid of its own."""


def run() -> Part:
    """Each sketch in a program of its own."""
    part = Part("Sketches")
    for name, (count, _, _) in SHOWS.items():
        one = call("benchmarks.sketching", {"sketch": name})
        for word, share, budget in (("median", 50, None), ("p99", 99, 16.6)):
            figure = float(np.percentile(one["times"], share))
            part.figures.append(Figure(f"{name}, CPU a picture, {word}", figure, "ms", budget))
        part.figures.append(Figure(f"{name}, before its first picture", one["opened"], "s"))
        if count:
            what = f"{name}, changes after a {count} as much as at other times"
            part.figures.append(Figure(what, one["moves"], "times"))
        part.figures.append(
            Figure(f"{name}, darkened least by the flash guard to", one["guarded"], "", 0.7, True)
        )
    part.notes.append(
        f"`bass-denim` with each sketch on the built-in track, {FRAMES} pictures at {RATE} a second from "
        f"{(FIRST + WARM) // RATE} s on, {SIZE[0]} by {SIZE[1]}; bound to one core. As much: the mean change of the "
        f"picture, where the sketch shows that count, in the {AFTER * 1000:.0f} ms after it, by that of the rest."
    )
    return part


def child(wanted: dict[str, Any]) -> dict[str, Any]:
    """Frames of a real show, drawn. [a program of its own]"""
    alone_and_unseen()
    from wearsound.instruments.picture import open_picture
    from wearsound.show.load import load

    show = load("bass-denim", sketch=wanted["sketch"])
    frames = frames_of(show, WARM + FRAMES, FIRST)
    began = time.process_time()
    picture = open_picture(show.garment_path, show.sketch_path, SIZE, SEED, RATE)
    opened = time.process_time() - began
    return {"opened": opened, **_drawn(picture, frames, *SHOWS[wanted["sketch"]])}


def _drawn(
    picture: Picture, frames: list[Frame], count: str, where: tuple[float, ...], summed: bool
) -> dict[str, Any]:
    """Milliseconds of CPU a picture; how much it moves with a count; the guard's darkest hand."""
    import pygame

    from wearsound.safety.screen import ScreenGuard

    surface, guard = pygame.Surface(SIZE, 0, 32), ScreenGuard(material.clock())
    times, changes, darkest, before = [], [], 1.0, None
    for frame in frames:
        began = time.process_time_ns()
        picture.draw(surface, frame)
        times.append((time.process_time_ns() - began) / 1e6)
        now = cut(pygame.surfarray.array3d(surface)[::2, ::2].transpose(1, 0, 2), where)
        changes.append(0.0 if before is None else change(before, now, summed))
        before = now
        darkest = min(darkest, guard.limit(frame.tick, surface, frame.slots))
    counts = np.array([frame.features[f"room.{count or 'beat'}"] for frame in frames])
    return {
        "times": times[WARM:],
        "moves": moves(np.array(changes[WARM:]), counts[WARM:], round(AFTER * RATE)),
        "guarded": darkest,
    }


def cut(picture: Any, where: tuple[float, ...]) -> Any:
    """A part of a picture (rows, columns, 3), int16."""
    rows, columns = picture.shape[:2]
    left, top, width, height = (round(part * (rows if k % 2 else columns)) for k, part in enumerate(where))
    return picture[top : top + height, left : left + width].astype(np.int16)


def change(before: Any, now: Any, summed: bool) -> float:
    """How much two pictures differ: point by point, or in their sum."""
    return float(abs(now.mean() - before.mean())) if summed else float(np.abs(now - before).mean())


def moves(changes: F64, counts: F64, after: int) -> float:
    """The mean change in the `after` pictures from each growth of a count on, by the mean of all others."""
    near = np.convolve(np.diff(counts, prepend=counts[0]) > 0, np.ones(after))[: len(counts)] > 0
    return (
        float(changes[near].mean() / max(1e-9, changes[~near].mean()))
        if near.any() and not near.all()
        else 0.0
    )


if __name__ == "__main__":
    print(json.dumps(child(json.loads(sys.argv[1]))))
