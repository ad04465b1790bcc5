"""The form under the cloth: where a figure stands on the picture, and the bent cylinder a piece is wrapped round."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wearsound import chance
from wearsound.core import F64
from wearsound.garment.document import Figure
from wearsound.garment.layers import Layer
from wearsound.garment.shape import lengths
from wearsound.instruments.picture import cloth
from wearsound.instruments.picture.outline import (
    Map,
    beside,
    outline,
    smooth,
)

FINE = 2
"""Fine pixels along one side of a finished pixel."""

BUMP = 2.0
"""How much steeper relief looks than it is."""


@dataclass(slots=True)
class Body:
    """The bent cylinder a piece is wrapped round: its axis, and middle and half width along it."""

    axis: F64
    at: F64
    middle: F64
    half: F64
    round: float


@dataclass(frozen=True, slots=True)
class View:
    """Where centimetres of a figure fall on the picture."""

    left: float
    top: float
    scale: float
    size: tuple[int, int]
    figure: str
    seed: int
    key: float

    def pixels(self, points: F64) -> F64:
        """Points in cm as pixels of the picture."""
        placed: F64 = points * self.scale + np.array([self.left, self.top])
        return placed


def view_of(figure: Figure, size: tuple[int, int], seed: int) -> View:
    """The stage is 1280 by 720, scaled to the height that fits and centred."""
    unit = min(size[0] / 1280, size[1] / 720)
    left = (size[0] - 1280 * unit) / 2 + figure.at[0] * unit
    top = (size[1] - 720 * unit) / 2 + figure.at[1] * unit
    return View(left, top, figure.scale * unit, size, figure.name, seed, figure.key)


def body_of(layer: Layer, ring: F64, mirror: bool, view: View) -> Body:
    """The form under a layer, measured from its outline."""
    sign = -1 if mirror else 1
    low, high = ring.min(axis=0), ring.max(axis=0)
    if layer.axis:
        axis = smooth([(sign * x, y) for x, y in layer.axis], 2.0)
    else:
        x = 0.0 if layer.side == "whole" else float(low[0] + high[0]) / 2
        axis = np.array([[x, low[1]], [x, high[1]]], np.float64)
    inside = _inner(ring)
    along, side = beside(axis, inside[:, 0].astype(np.float32), inside[:, 1].astype(np.float32))
    first, last = float(along.min()), max(float(along.max()), float(along.min()) + 0.1)
    at = np.linspace(first, last, max(4, int(last - first)))
    edges = np.concatenate([at - (at[1] - at[0]) / 2, [at[-1] + (at[1] - at[0]) / 2]])
    bins = np.clip(np.digitize(along, edges) - 1, 0, len(at) - 1)
    least, most = np.full(len(at), 1e9), np.full(len(at), -1e9)
    np.minimum.at(least, bins, side.astype(np.float64))
    np.maximum.at(most, bins, side.astype(np.float64))
    good = most > least + 0.5
    if not good.any():
        good[:], least[:], most[:] = True, float(side.min()), float(side.max())
    least, most = (np.interp(at, at[good], edge[good]) for edge in (least, most))
    kernel = np.ones(5) / 5
    least, most = (np.convolve(np.pad(edge, 2, mode="edge"), kernel, "valid") for edge in (least, most))
    return Body(axis, at, (least + most) / 2, np.maximum((most - least) / 2, 0.5), layer.round)


def _inner(ring: F64) -> F64:
    """Points on the outline, close together."""
    closed = np.vstack([ring, ring[:1]])
    at = lengths(closed)
    fine = np.linspace(0, at[-1], max(64, int(at[-1] * 4)))
    return np.stack([np.interp(fine, at, closed[:, 0]), np.interp(fine, at, closed[:, 1])], axis=1)


def ring_of(layer: Layer, mirror: bool, seed: int, name: str) -> F64:
    """The outline of a piece as it was cut: its points, off by up to a millimetre."""
    ring = outline(layer.outline, layer.side == "whole")
    if mirror:
        ring = ring * np.array([-1.0, 1.0])
    if layer.weave == "none":
        return ring
    sway = chance.noises(seed, f"{name}.sway", 64)
    at = lengths(ring) / 6.0
    grid = np.arange(64, dtype=np.float64)
    move = np.stack([np.interp(at % 62, grid, sway), np.interp((at + 31.5) % 62, grid, sway)], axis=1)
    tail = np.minimum(1.0, (at[-1] - at) / 1.5)[:, None]
    swayed: F64 = ring + 0.10 * move * tail
    return swayed


def grain_of(
    ring: F64, body: Body, view: View
) -> tuple[cloth.Grain, tuple[int, int]] | tuple[None, tuple[int, int]]:
    """The fine pixels of a piece's box and the box's left top pixel; None if it is outside the picture."""
    placed = view.pixels(ring)
    low = np.floor(placed.min(axis=0)).astype(int) - 2
    high = np.ceil(placed.max(axis=0)).astype(int) + 2
    low = np.maximum(low, 0)
    high = np.minimum(high, np.array(view.size))
    box = (int(low[0]), int(low[1]))
    if (high - low).min() < 2:
        return None, box
    step = 1 / (view.scale * FINE)
    across = (np.arange((high[0] - low[0]) * FINE, dtype=np.float64) + 0.5) * step + (
        low[0] - view.left
    ) / view.scale
    down = (np.arange((high[1] - low[1]) * FINE, dtype=np.float64) + 0.5) * step + (
        low[1] - view.top
    ) / view.scale
    x, y = np.meshgrid(across.astype(np.float32), down.astype(np.float32))
    q, p = beside(body.axis, x, y)
    return cloth.Grain(x, y, p, q, 1 / view.scale, step), box


def normal_of(height: Map, grain: cloth.Grain, body: Body, cover: Map, layer: Layer) -> tuple[Map, Map, Map]:
    """Surface normals: the bent cylinder of the form, shoulders tilted up, and the relief on them."""
    q = grain.q.astype(np.float64)
    middle, half = np.interp(q, body.at, body.middle), np.interp(q, body.at, body.half)
    u = np.clip((grain.p - middle) / half, -1.0, 1.0).astype(np.float32)
    turn = u * np.float32(1.36 * body.round)
    across = np.sin(turn)
    py, px = np.gradient(grain.p)
    size = np.sqrt(px * px + py * py) + 1e-9
    nx, ny, nz = across * px / size, across * py / size, np.cos(turn)
    if layer.side == "whole" and not layer.on and layer.weave != "none":
        top = np.argmax(cover > 0.5, axis=0)
        fall = (np.arange(cover.shape[0])[:, None] - top[None, :]) * grain.step
        ny = ny - 0.62 * np.exp(-np.clip(fall, 0, None) / 4.0).astype(np.float32)
    gy, gx = np.gradient(height, grain.step)
    nx, ny = nx - BUMP * gx, ny - BUMP * gy
    size = np.sqrt(nx * nx + ny * ny + nz * nz)
    return nx / size, ny / size, nz / size


def halve(field: Map) -> Map:
    """Fine pixels averaged to finished ones."""
    h, w = field.shape
    mean: Map = field.reshape(h // FINE, FINE, w // FINE, FINE).mean(axis=(1, 3), dtype=np.float32)
    return mean
