"""One layer of cloth made into maps: where it is, how it catches light, how it takes dye, what glows on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from wearsound import chance
from wearsound.core import F64
from wearsound.garment.colour import oklch_to_linear
from wearsound.garment.document import Figure, Fold, Inset, Layer, Seam
from wearsound.instruments.picture import cloth
from wearsound.instruments.picture.outline import (
    Map,
    beside,
    central,
    coverage,
    lengths,
    mirrored,
    outline,
    smooth,
)

FINE = 2
"""Fine pixels along one side of a finished pixel."""

BUMP = 1.7
"""How much steeper relief looks than it is."""

THREAD = np.array([0.50, 0.235, 0.075], np.float32)


@dataclass(slots=True)
class Body:
    """The bent cylinder a piece is wrapped round: its axis, and middle and half width along it."""

    axis: F64
    at: F64
    middle: F64
    half: F64
    round: float


@dataclass(slots=True)
class Piece:
    """Maps (height, width) of one layer in its box at finished size; sums are already times `cover`."""

    box: tuple[int, int]
    cover: Map
    shade: Map
    resist: Map
    texture: Map
    slope_x: Map
    slope_y: Map
    fixed: Map
    """Linear RGB of what never changes colour (thread, buttons, rim, form), (height, width, 3)."""
    inset: list[tuple[str, Map]]


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
    first, last = float(along.min()), float(along.max())
    at = np.linspace(first, last, max(4, int(last - first)))
    edges = np.concatenate([at - (at[1] - at[0]) / 2, [at[-1] + (at[1] - at[0]) / 2]])
    bins = np.clip(np.digitize(along, edges) - 1, 0, len(at) - 1)
    least, most = np.full(len(at), 1e9), np.full(len(at), -1e9)
    np.minimum.at(least, bins, side.astype(np.float64))
    np.maximum.at(most, bins, side.astype(np.float64))
    good = most > least + 0.5
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


def make_piece(layer: Layer, view: View, mirror: bool, below: Body | None) -> tuple[Piece, Body] | None:
    """Bake one layer (or its mirror image); None if it lies outside the picture."""
    from scipy import ndimage

    name = f"{view.figure}.{layer.name}{'.mirror' if mirror else ''}"
    ring = _ring(layer, mirror, view.seed, name)
    body = below or body_of(layer, ring, mirror, view)
    grain, box = _grain(ring, body, view)
    if grain is None:
        return None
    fine_scale = 1 / grain.step
    cover = coverage(ring, (box[0] / view.scale - view.left / view.scale, box[1] / view.scale - view.top / view.scale),
                     grain.x.shape, fine_scale)  # fmt: skip
    if layer.fade:
        cover *= 1 - cloth.smoothstep((grain.y - layer.fade[0]) / max(0.1, layer.fade[1] - layer.fade[0]))

    def blur(field: Map, cm: float) -> Map:
        out: Map = ndimage.gaussian_filter(field, cm / grain.step, mode="nearest", truncate=3.0)
        return out

    relief = cloth.Relief(np.zeros_like(cover), np.ones_like(cover), np.zeros_like(cover))
    edge = (ndimage.distance_transform_edt(cover > 0.5) * grain.step).astype(np.float32)
    if layer.weave != "none":
        _soft(relief, grain, layer, view.seed, name)
    for fold, from_point, key in _folds(layer, mirror, view.seed, name):
        cloth.add_fold(relief, grain, fold, view.seed, key, from_point)
    for seam, key in _seams(layer, mirror, view.seed, name):
        cloth.add_seam(relief, grain, seam, view.seed, key)
    if layer.edge_rows:
        _edge_rows(relief, grain, layer, ring, view.seed, name)
    relief.height += layer.thick * (1 - np.exp(-edge / max(0.28, 1.2 * grain.pixel)))

    normal = _normal(relief.height, grain, body, cover, layer)
    pattern, slub, fuzz = cloth.weave(layer.weave, grain, view.seed)
    wide, tight = blur(relief.height, 1.1), blur(relief.height, 0.3)
    hollow = (1 - np.clip(2.3 * (wide - relief.height), 0, 0.55)) * (
        1 - np.clip(3.0 * (tight - relief.height), 0, 0.4)
    )
    ridge = np.clip(2.6 * (relief.height - wide) + 1.6 * (relief.height - tight), -0.5, 1.0) * layer.wear
    texture = 1 + 0.13 * pattern + 0.24 * slub + 0.08 * fuzz
    shade = cloth.lit(normal) * hollow * relief.groove * texture * (1 + 0.42 * ridge)
    shade *= 1 - 0.35 * np.exp(-edge / max(0.10, 0.7 * grain.pixel)) * (layer.weave != "none")
    shade = np.maximum(shade, 0.0) * view.key

    fixed = _fixed(layer, grain, mirror, relief, shade, cover, view)
    shade = np.where(relief.thread > 0, shade * (1 - relief.thread), shade)
    resist = _resist(grain, ridge, slub, relief, view.seed)
    piece = Piece(
        box=(box[0], box[1]),
        cover=_halve(cover),
        shade=_halve(shade * cover) if layer.colour is None else _halve(cover * 0),
        resist=_halve(resist * cover),
        texture=_halve(texture * relief.groove * cover),
        slope_x=_halve(normal[0] * cover),
        slope_y=_halve(normal[1] * cover),
        fixed=np.stack([_halve(fixed[..., c]) for c in range(3)], axis=-1),
        inset=[
            (inset.zone, m) for inset in layer.insets for m in [_inset(inset, grain, layer, mirror, view)]
        ],
    )
    return piece, body


def _halve(field: Map) -> Map:
    h, w = field.shape
    mean: Map = field.reshape(h // FINE, FINE, w // FINE, FINE).mean(axis=(1, 3), dtype=np.float32)
    return mean


def _ring(layer: Layer, mirror: bool, seed: int, name: str) -> F64:
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


def _grain(
    ring: F64, body: Body, view: View
) -> tuple[cloth.Grain, tuple[int, int]] | tuple[None, tuple[int, int]]:
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


def _soft(relief: cloth.Relief, grain: cloth.Grain, layer: Layer, seed: int, name: str) -> None:
    """Cloth that was worn: broad softness, and crumples longer than wide."""
    shift = 50 * chance.uniform(seed, f"{name}.soft")
    broad = cloth.noise(seed, "soft", grain.p / 6.5 + shift, grain.q / 8.0)
    crumple = cloth.noise(seed, "crumple", grain.p / 3.1 + shift, grain.q / 2.0 + 0.25 * grain.p)
    small = cloth.noise(seed, "crumple2", grain.p / 1.15 - shift, grain.q / 0.95)
    relief.height += layer.softness * (0.30 * broad + 0.085 * crumple * np.abs(crumple) + 0.016 * small)


def _folds(layer: Layer, mirror: bool, seed: int, name: str) -> list[tuple[Fold, bool, str]]:
    """Every fold of this piece with its mirror images, and the name of its dice."""
    found = []
    whole = layer.side == "whole"
    for m in (False, True) if whole else (mirror,):
        key = f"{name}.fold.{'l' if m else 'r'}"
        for i, fold in enumerate(layer.folds):
            if m and whole and central(fold.path):
                continue
            path = mirrored([fold.path], seed, f"{key}{i}")[0] if m else fold.path
            depth = fold.depth * (1 + 0.12 * float(chance.noises(seed, f"{key}{i}.depth", 1)[0]))
            found.append((Fold(tuple((p[0], p[1]) for p in path), fold.width, depth), False, f"{key}{i}"))
        for i, fan in enumerate(layer.fans):
            at = (-fan.at[0], fan.at[1]) if m else fan.at
            moved = type(fan)(at, fan.angles, fan.count, fan.length, fan.width, fan.depth)
            for j, fold in enumerate(cloth.fan_folds(moved, seed, f"{key}.fan{i}", m)):
                found.append((fold, True, f"{key}.fan{i}.{j}"))
    return found


def _seams(layer: Layer, mirror: bool, seed: int, name: str) -> list[tuple[Seam, str]]:
    found = []
    whole = layer.side == "whole"
    for m in (False, True) if whole else (mirror,):
        for i, seam in enumerate(layer.seams):
            if m and whole and central(seam.path):
                continue
            key = f"{name}.seam{i}.{'l' if m else 'r'}"
            path: Sequence[Sequence[float]] = mirrored([seam.path], seed, key, 0.06)[0] if m else seam.path
            rows = tuple(-row for row in seam.rows) if m else seam.rows
            found.append((Seam(tuple((p[0], p[1]) for p in path), rows, seam.pucker, seam.groove), key))
    return found


def _edge_rows(
    relief: cloth.Relief, grain: cloth.Grain, layer: Layer, ring: F64, seed: int, name: str
) -> None:
    """Rows of stitches that follow the piece's own edge."""
    closed = np.vstack([ring, ring[:1]])
    at = lengths(closed)
    coarse = np.linspace(0, at[-1], max(8, int(at[-1] / 1.2)))
    curve = np.stack([np.interp(coarse, at, closed[:, 0]), np.interp(coarse, at, closed[:, 1])], axis=1)
    along, side = beside(curve, grain.x, grain.y)
    everywhere = (slice(None), slice(None))
    inside = np.abs(side)
    for i, row in enumerate(layer.edge_rows):
        dark = cloth.stitch(
            relief, grain, everywhere, along, inside - abs(row), np.ones_like(along), seed, f"{name}.edge{i}"
        )
        relief.groove *= dark


def _normal(height: Map, grain: cloth.Grain, body: Body, cover: Map, layer: Layer) -> tuple[Map, Map, Map]:
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


def _fixed(layer: Layer, grain: cloth.Grain, mirror: bool, relief: cloth.Relief, shade: Map,
           cover: Map, view: View) -> Map:  # fmt: skip
    """Linear RGB of thread, buttons and (with a colour of its own) the cloth, times cover."""
    fixed = relief.thread[..., None] * THREAD * (0.18 + 0.9 * shade[..., None])
    if layer.colour is not None:
        fixed = fixed + (shade * (1 - relief.thread))[..., None] * oklch_to_linear(layer.colour).astype(
            np.float32
        )
    buttons = [(-x, y) if mirror else (x, y) for x, y in layer.buttons]
    if layer.side == "whole":
        buttons += [(-x, y) for x, y in layer.buttons if abs(x) > 0.3]
    colour = oklch_to_linear(layer.button_colour).astype(np.float32)
    for x, y in buttons:
        radius = layer.button
        where = cloth.window(grain, np.array([[x, y]], np.float64), 2.6 * radius)
        if where is None:
            continue
        dx, dy = (grain.x[where] - x) / radius, (grain.y[where] - y) / radius
        r = np.sqrt(dx * dx + dy * dy)
        soft = max(0.06, 0.5 * grain.pixel / radius)
        disc = cloth.smoothstep((1 - r) / soft + 0.5)
        dome = np.where(r < 0.66, 0.25 * r, 1.1 * (r - 0.66) / 0.34 - 0.35)
        safe = np.maximum(r, 1e-3)
        light = cloth.lit((dome * dx / safe, dome * dy / safe, np.sqrt(np.clip(1 - dome * dome, 0.05, 1))))
        light = light * (1 - 0.45 * np.exp(-(((r - 0.70) / 0.09) ** 2)))
        shadow = np.sqrt((dx - 0.28) ** 2 + (dy - 0.42) ** 2)
        dark = 1 - 0.62 * cloth.smoothstep((1.45 - shadow) / 0.7)
        shade[where] *= dark
        fixed[where] *= dark[..., None]
        glint = 0.7 * np.exp(-(((dx + 0.32) ** 2 + (dy + 0.36) ** 2) / 0.05))
        metal = colour * (light * 1.25 * view.key)[..., None] + (glint * view.key * 0.25)[..., None]
        fixed[where] = fixed[where] * (1 - disc[..., None]) + metal * disc[..., None]
        shade[where] *= 1 - disc
        relief.thread[where] *= 1 - disc
    lit_fixed: Map = fixed * cover[..., None]
    return lit_fixed


def _resist(grain: cloth.Grain, ridge: Map, slub: Map, relief: cloth.Relief, seed: int) -> Map:
    """How late this thread takes dye, 0..1: blotches, slubs, wear; under stitches last of all."""
    bend = 1.4 * cloth.noise(seed, "dye.bend", grain.p / 3.4 + 0.4 * grain.q, grain.q / 3.1)
    p, q = grain.p + bend, grain.q + 0.6 * bend
    blot = cloth.noise(seed, "dye.blot", (0.8 * p + 0.6 * q) / 6.1, (0.8 * q - 0.6 * p) / 8.3)
    blot = blot + 0.7 * cloth.noise(seed, "dye.blot2", (0.6 * p - 0.8 * q) / 3.3, (0.6 * q + 0.8 * p) / 4.2)
    late = 0.48 + 0.17 * blot + 0.42 * slub + 0.25 * ridge + 0.9 * (1 - relief.groove)
    bounded: Map = np.clip(late, 0.0, 1.0)
    return bounded


def _inset(inset: Inset, grain: cloth.Grain, layer: Layer, mirror: bool, view: View) -> Map:
    """Where an inner zone lies, 0..1; a rough one's border creeps along the threads.

    On a whole layer an inset that starts and ends at the middle is one piece, any other lies on both sides.
    """
    whole = layer.side == "whole"
    one = whole and central((inset.outline[0], inset.outline[-1]))
    rings = [outline(inset.outline, one)]
    if mirror:
        rings[0] = rings[0] * np.array([-1.0, 1.0])
    if whole and not one:
        rings.append(rings[0] * np.array([-1.0, 1.0]))
    origin = (float(grain.x[0, 0]) - grain.step / 2, float(grain.y[0, 0]) - grain.step / 2)
    inside = np.zeros_like(grain.x)
    for ring in rings:
        inside = np.maximum(inside, coverage(ring, origin, grain.x.shape, 1 / grain.step))
    if inset.rough <= 0:
        return _halve(inside)
    from scipy import ndimage

    near = ndimage.distance_transform_edt(inside > 0.5) - ndimage.distance_transform_edt(inside <= 0.5)
    rough = 0.75 * cloth.noise(
        view.seed, "ombre", (grain.p + 0.4 * grain.q) / 4.3, (grain.q - 0.4 * grain.p) / 3.7
    )
    rough += 0.45 * cloth.noise(view.seed, "ombre2", grain.p / 0.7, grain.q / 2.8)
    rough += 0.30 * cloth.noise(view.seed, "ombre3", grain.p / 0.25, grain.q / 1.6)
    depth = _halve((near * grain.step + inset.rough * rough).astype(np.float32))
    y, x = np.mgrid[: depth.shape[0], : depth.shape[1]].astype(np.float64)
    stipple = 52.9829189 * ((0.06711056 * x + 0.00583715 * y) % 1.0) % 1.0 - 0.5
    stippled: Map = (depth + 1.5 * inset.rough * stipple > 0).astype(np.float32)
    return stippled
