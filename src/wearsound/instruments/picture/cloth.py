"""Cloth as height and thread: folds from tension points, seams that pucker, weave, wear, and its shade.

Everything here works on one piece in its own box, at the fine resolution; lengths in centimetres.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from wearsound import chance
from wearsound.core import F64
from wearsound.garment.layers import Fan, Fold, Seam
from wearsound.garment.shape import lengths
from wearsound.instruments.picture.outline import Map, beside, smooth

KEY = (-0.50, -0.52, 0.69)
FILL = (0.75, -0.10, 0.45)
_TABLE = 256


@dataclass(slots=True)
class Grain:
    """Where every fine pixel lies: x, y on the garment, p across and q along the thread, cm."""

    x: Map
    y: Map
    p: Map
    q: Map
    pixel: float
    """The size of one pixel of the finished picture, cm: no thread is drawn finer."""
    step: float
    """The size of one fine pixel, cm."""


@dataclass(slots=True)
class Relief:
    """What the cloth is shaped like: height in cm, and what stitches and grooves do to it."""

    height: Map
    groove: Map
    thread: Map
    windows: list[tuple[slice, slice]] = field(default_factory=list)


def window(grain: Grain, curve: F64, margin: float) -> tuple[slice, slice] | None:
    """The part of a box that lies within `margin` cm of a curve's extent; None if outside."""
    left, top = float(grain.x[0, 0]), float(grain.y[0, 0])
    low = curve.min(axis=0) - margin
    high = curve.max(axis=0) + margin
    height, width = grain.x.shape
    x0, x1 = int((low[0] - left) / grain.step), int((high[0] - left) / grain.step) + 1
    y0, y1 = int((low[1] - top) / grain.step), int((high[1] - top) / grain.step) + 1
    x0, x1, y0, y1 = max(0, x0), min(width, x1), max(0, y0), min(height, y1)
    return (slice(y0, y1), slice(x0, x1)) if x1 > x0 and y1 > y0 else None


@lru_cache(maxsize=64)
def _table(seed: int, name: str) -> Map:
    return chance.noises(seed, name, _TABLE * _TABLE).astype(np.float32)


def noise(seed: int, name: str, a: Map, b: Map) -> Map:
    """Smooth noise in -1..1 at lattice coordinates a, b: one cell a unit, the same at every size."""
    table = _table(seed, name)
    fa, fb = np.floor(a), np.floor(b)
    ia, ib = fa.astype(np.int32), fb.astype(np.int32)
    ta, tb = a - fa, b - fb
    ta = ta * ta * (3 - 2 * ta)
    tb = tb * tb * (3 - 2 * tb)
    left, right = ia & 255, (ia + 1) & 255
    here, below = (ib & 255) << 8, ((ib + 1) & 255) << 8
    above_row = table[here | left] * (1 - ta) + table[here | right] * ta
    below_row = table[below | left] * (1 - ta) + table[below | right] * ta
    mixed: Map = above_row * (1 - tb) + below_row * tb
    return mixed


def smoothstep(x: Map | F64) -> Map:
    """0 below 0, 1 above 1, smooth between."""
    x = np.clip(x, 0.0, 1.0)
    step: Map = x * x * (3 - 2 * x)
    return step


def fan_folds(fan: Fan, seed: int, name: str, mirror: bool) -> list[Fold]:
    """The folds of a fan: spread by hand, each with its own length, depth and bend."""
    dice = chance.uniforms(seed, name, 5 * fan.count)
    folds = []
    for i in range(fan.count):
        angle_dice, reach, depth, bend, width = dice[5 * i : 5 * i + 5]
        share = (i + 0.25 + 0.5 * angle_dice) / fan.count
        angle = np.radians(fan.angles[0] + (fan.angles[1] - fan.angles[0]) * share)
        length = fan.length * (0.55 + 0.6 * reach)
        curl = (bend - 0.5) * 0.7
        points = []
        for t in (0.04, 0.35, 0.7, 1.0):
            a = angle + curl * t
            dx = float(np.cos(a)) * length * t * (-1 if mirror else 1)
            points.append((fan.at[0] + dx, fan.at[1] + float(np.sin(a)) * length * t))
        folds.append(
            Fold(
                path=tuple(points),
                width=fan.width * (0.7 + 0.6 * float(width)),
                depth=fan.depth * (0.6 + 0.7 * float(depth)),
            )
        )
    return folds


def add_fold(relief: Relief, grain: Grain, fold: Fold, seed: int, name: str, from_point: bool) -> None:
    """Raise one fold: a steep side, a soft side, a shallow valley, tapering to its ends."""
    step = max(0.16 * fold.width, 0.5)
    curve = smooth(fold.path, step)
    where = window(grain, curve, 3.2 * fold.width)
    if where is None:
        return
    along, side = beside(curve, grain.x[where], grain.y[where])
    flip, wobble = chance.uniforms(seed, name, 2)
    side = side if flip < 0.5 else -side
    hand = noise(seed, "fold.wobble", along / (2.2 * fold.width + 1.0) + 40 * wobble, side * 0)
    side = side + 0.28 * fold.width * hand
    t = along / max(float(lengths(curve)[-1]), 1e-3)
    inside = np.clip(t, 0.0, 1.0)
    taper = (
        (1 - inside) ** 0.8 * smoothstep(t / 0.16)
        if from_point
        else np.clip(np.sin(np.pi * inside), 0, 1) ** 0.9
    )
    w = fold.width * (0.72 + 0.5 * inside if from_point else 1.0)
    ridge = np.where(side > 0, np.exp(-((side / (0.55 * w)) ** 2)), np.exp(-((side / (1.25 * w)) ** 2)))
    valley = np.exp(-(((side - 1.45 * w) / (0.85 * w)) ** 2))
    relief.height[where] += (fold.depth * taper * (ridge - 0.42 * valley)).astype(np.float32)


def add_seam(relief: Relief, grain: Grain, seam: Seam, seed: int, name: str) -> None:
    """Sew one seam: a groove, one side a felled step up, cloth drawn into knots, rows of thread."""
    curve = smooth(seam.path, 1.0)
    where = window(grain, curve, 3.0)
    if where is None:
        return
    along, side = beside(curve, grain.x[where], grain.y[where])
    end = float(lengths(curve)[-1])
    on = smoothstep((along + 0.15) / 0.3) * smoothstep((end + 0.15 - along) / 0.3)
    far = np.abs(side)
    reach = np.exp(-far / 0.75)
    offset = 60 * chance.uniform(seed, name)
    ropes = noise(seed, "pucker", (along + 0.55 * far) / 0.62 + offset, np.sign(side) * 3 + 0.3 * side)
    slow = noise(seed, "pucker.slow", (along + 0.3 * far) / 2.1 + offset, side * 0.2)
    groove = np.exp(-((side / max(0.10, 0.75 * grain.pixel)) ** 2)) * on * seam.groove
    height = seam.pucker * reach * (0.105 * ropes + 0.06 * slow) * on
    height += 0.055 * seam.groove * smoothstep(side / 0.3 + 0.5) * np.exp(-far / 0.9) * on - 0.05 * groove
    relief.height[where] += height.astype(np.float32)
    shade = 1 - 0.55 * groove
    for i, row in enumerate(seam.rows):
        shade *= stitch(relief, grain, where, along, side - row, on, seed, f"{name}.{i}")
    relief.groove[where] *= shade.astype(np.float32)


def stitch(
    relief: Relief,
    grain: Grain,
    where: tuple[slice, slice],
    along: Map,
    side: Map,
    on: Map,
    seed: int,
    name: str,
) -> Map:
    """Lay one row of topstitches into `relief.thread`; gives the dark of the dents they pull."""
    pitch = max(0.36, 3.4 * grain.pixel)
    thick = max(0.062, 0.42 * grain.pixel)
    start = chance.uniform(seed, name)
    hand = 0.10 * noise(seed, "stitch.hand", along / (2.3 * pitch) + 31 * start, along * 0)
    turn = along / pitch + start + hand
    phase = turn - np.floor(turn)
    long = smoothstep(phase / 0.12) * smoothstep((0.66 - phase) / 0.12)
    away = np.abs(side - 0.05 * noise(seed, "stitch.wave", along / 1.9 + 17 * start, along * 0))
    across = smoothstep(1.35 - away / thick)
    relief.thread[where] = np.maximum(relief.thread[where], across * long * on)
    dark: Map = 1 - 0.34 * np.exp(-((away / (2.4 * thick)) ** 2)) * on * (0.6 + 0.4 * (1 - long))
    return dark


def weave(kind: str, grain: Grain, seed: int) -> tuple[Map, Map, Map]:
    """Thread pattern, slub and fuzz of a cloth, each about -1..1, along its own thread."""
    turns = np.float32(2 * np.pi / max(0.16, 2.7 * grain.pixel))
    p, q = grain.p, grain.q
    wander = 0.5 * noise(seed, "weave.wander", p / 0.9, q / 3.0)
    fuzz = noise(seed, "weave.fuzz", p / max(0.09, 0.9 * grain.pixel), q / max(0.11, 1.1 * grain.pixel))
    slub = 0.62 * noise(seed, "weave.slub", p / max(0.13, 1.15 * grain.pixel), q / 4.6)
    slub += 0.5 * noise(seed, "weave.slub2", p / 0.42, q / 8.0)
    if kind == "twill":
        pattern = np.sin(turns * (0.88 * p + 0.58 * q) + wander)
    elif kind == "wool":
        pattern = 0.40 * np.sin(turns * p * 0.5 + wander) * np.sin(turns * q * 0.5) + 0.5 * fuzz
        slub *= 0.55
    elif kind == "plain":
        pattern = np.sin(turns * p + wander) * np.sin(turns * q)
    else:
        return fuzz * 0, slub * 0, fuzz * 0
    return pattern.astype(np.float32), slub.astype(np.float32), fuzz


def lit(normal: tuple[Map, Map, Map]) -> Map:
    """Key and fill light on a surface, before its own shadows."""
    nx, ny, nz = normal
    key = np.clip((0.22 + nx * KEY[0] + ny * KEY[1] + nz * KEY[2]) / 1.22, 0.0, 1.0) ** 1.75
    fill = np.clip(nx * FILL[0] + ny * FILL[1] + nz * FILL[2], 0.0, 1.0)
    shade: Map = (0.055 + 0.98 * key + 0.09 * fill).astype(np.float32)
    return shade
