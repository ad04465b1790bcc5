"""What is sewn to a piece: its folds, seams, stitches, buttons and inner zones, right and mirrored left."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from wearsound import chance
from wearsound.core import F64
from wearsound.garment.colour import oklch_to_linear
from wearsound.garment.layers import Fold, Inset, Layer, Seam, central
from wearsound.garment.shape import lengths
from wearsound.instruments.picture import cloth
from wearsound.instruments.picture.form import View, halve
from wearsound.instruments.picture.outline import (
    Map,
    beside,
    coverage,
    mirrored,
    outline,
)


def folds_of(layer: Layer, mirror: bool, seed: int, name: str) -> list[tuple[Fold, bool, str]]:
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


def seams_of(layer: Layer, mirror: bool, seed: int, name: str) -> list[tuple[Seam, str]]:
    """Every seam of this piece with its mirror images, and the name of its dice."""
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


def edge_rows(
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


def fixed_colours(layer: Layer, grain: cloth.Grain, mirror: bool, relief: cloth.Relief, shade: Map,
           cover: Map, view: View) -> Map:  # fmt: skip
    """Linear RGB of thread, buttons and (with a colour of its own) the cloth, times cover."""
    thread = oklch_to_linear(layer.thread).astype(np.float32)
    fixed = relief.thread[..., None] * thread * (0.18 + 0.9 * shade[..., None])
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


def inset_mask(inset: Inset, grain: cloth.Grain, layer: Layer, mirror: bool, view: View) -> Map:
    """Where an inner zone lies, 0..1; a rough one's border creeps along the threads.

    On a whole layer an inset that starts and ends at the middle is one piece, any other lies on both sides.
    """
    whole = layer.side == "whole"
    one = whole and central(tuple((inset.outline[end][0], inset.outline[end][1]) for end in (0, -1)))
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
        return halve(inside)
    from scipy import ndimage

    near = ndimage.distance_transform_edt(inside > 0.5) - ndimage.distance_transform_edt(inside <= 0.5)
    rough = 0.75 * cloth.noise(
        view.seed, "ombre", (grain.p + 0.4 * grain.q) / 4.3, (grain.q - 0.4 * grain.p) / 3.7
    )
    rough += 0.45 * cloth.noise(view.seed, "ombre2", grain.p / 0.7, grain.q / 2.8)
    rough += 0.30 * cloth.noise(view.seed, "ombre3", grain.p / 0.25, grain.q / 1.6)
    depth = halve((near * grain.step + inset.rough * rough).astype(np.float32))
    y, x = np.mgrid[: depth.shape[0], : depth.shape[1]].astype(np.float64)
    stipple = 52.9829189 * ((0.06711056 * x + 0.00583715 * y) % 1.0) % 1.0 - 0.5
    stippled: Map = (depth + 1.5 * inset.rough * stipple > 0).astype(np.float32)
    return stippled
