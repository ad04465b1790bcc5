"""A garment with actuators, notes to play on them, and a block-by-block player: what the actuator tests share."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from wearsound.core import F64, Clock
from wearsound.felt import Drive
from wearsound.garment.document import Garment, load_garment
from wearsound.garment.motors import Motors
from wearsound.instruments.vibration.shape import Shape

CLOCK = Clock()
HOP = CLOCK.hop
HOP_SECONDS = CLOCK.hop / CLOCK.sample_rate
KINDS = ("voice-coil", "piezo", "lra", "erm", "phone")

CLOTH = """
title = "Tunic"
[[zone]]
name = "chest"
light = [0.74, 0.16, 52]
[[zone]]
name = "hem"
light = [0.74, 0.16, 52]
[[figure]]
name = "front"
at = [640, 200]
[[figure.layer]]
name = "body"
zone = "chest"
outline = [[0, 0, 1], [40, 0, 1], [40, 40, 1], [0, 40, 1]]
filaments = [{ path = [[10, 5], [10, 35]] }]
[[figure.layer]]
name = "seam"
zone = "hem"
outline = [[0, 40, 1], [40, 40, 1], [40, 50, 1], [0, 50, 1]]
"""


def garment(folder: Path, *actuators: str, cloth: str = CLOTH) -> Garment:
    """One whose actuators are given as kinds ("lra") or as lines of their tables ('kind = "lra"\\nhz = 200')."""
    text = cloth
    for i, actuator in enumerate(actuators):
        lines = actuator if "=" in actuator else f'kind = "{actuator}"'
        zone = "" if "zone" in lines else '\nzone = "chest"'
        text += f'[[actuator]]\nname = "a{i}"{zone}\n{lines}\n'
    path = folder / "tunic.toml"
    path.write_text(text)
    return load_garment(path)


@dataclass
class Asked:
    """What a shape is asked: arrays as `Shape.play` takes them."""

    wave: F64
    env: F64
    hz: F64


def note(
    n: int, seconds: float, total: float, strength: float = 1.0, hz: float = 150.0, starts: float = 0.0
) -> Asked:
    """A sine with ramps of 5 ms on `n` actuators."""
    hops = round(total / HOP_SECONDS)
    t = np.arange(hops * HOP) / CLOCK.sample_rate - starts
    env = np.clip(np.minimum(t / 0.005, (seconds - t) / 0.005), 0.0, 1.0) * strength
    columns = np.repeat(env[:, None], n, axis=1)
    return Asked(
        columns * np.sin(2 * np.pi * hz * t)[:, None], columns, np.full((hops, n), hz) * (strength > 0)
    )


def driven(worn: Garment, asked: Asked, sizes: tuple[int, ...] = (1,), shape: Shape | None = None) -> Drive:
    """What a shape makes of it, in blocks of `sizes` hops over and over."""
    shape = shape or Shape(worn, CLOCK)
    shape.reset()
    whole = Drive(
        np.full(asked.wave.shape, 9.0, np.float32), np.full(asked.hz.shape, 9.0), np.full(asked.hz.shape, 9.0)
    )
    for first, last in blocks(len(asked.hz), sizes):
        span = slice(first * HOP, last * HOP)
        out = Drive(whole.wave[span], whole.level[first:last], whole.hz[first:last])
        shape.play(asked.wave[span], asked.env[span], asked.hz[first:last], out)
    return whole


def felt(worn: Garment, drive: Drive, sizes: tuple[int, ...] = (1,), motors: Motors | None = None) -> F64:
    """Strength and Hz, (n_hops, n_actuators, 2)."""
    if motors is None:
        motors = Motors(worn, CLOCK)
    motors.reset()
    found = []
    for first, last in blocks(len(drive.hz), sizes):
        motors.step(
            Drive(drive.wave[first * HOP : last * HOP], drive.level[first:last], drive.hz[first:last])
        )
        found += [motors.touch(hop) for hop in range(last - first)]
    return np.array(found, np.float64)


def levels(column: F64, hz: float | F64, n: int = 1) -> Drive:
    """A drive of levels alone, the same on `n` actuators."""
    hops = len(column)
    level = np.repeat(np.asarray(column, float)[:, None], n, axis=1)
    pitch = np.broadcast_to(np.asarray(hz, float), (hops,))[:, None] * np.ones((1, n))
    return Drive(np.zeros((hops * HOP, n), np.float32), level, pitch)


def blocks(hops: int, sizes: tuple[int, ...]) -> list[tuple[int, int]]:
    found, at, turn = [], 0, 0
    while at < hops:
        last = min(at + sizes[turn % len(sizes)], hops)
        found.append((at, last))
        at, turn = last, turn + 1
    return found


def crossing(values: F64, level: float, after: float = 0.0) -> float:
    """Seconds from `after` until a line through hop ends first reaches `level`, going up or down."""
    first = round(after / HOP_SECONDS)
    before = values[first - 1] if first else 0.0
    upward = level > before
    for i in range(first, len(values)):
        if (values[i] >= level) if upward else (values[i] <= level):
            last = values[i - 1] if i else 0.0
            return float((i - first + (level - last) / (values[i] - last)) * HOP_SECONDS)
    return float("inf")
