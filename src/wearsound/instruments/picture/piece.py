"""One layer of cloth made into maps: where it is, how it catches light, how it takes dye, what glows on it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wearsound import chance
from wearsound.garment.layers import Layer
from wearsound.instruments.picture import cloth
from wearsound.instruments.picture.form import Body, View, body_of, grain_of, halve, normal_of, ring_of
from wearsound.instruments.picture.outline import (
    Map,
    coverage,
)
from wearsound.instruments.picture.trim import edge_rows, fixed_colours, folds_of, inset_mask, seams_of


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


def make_piece(layer: Layer, view: View, mirror: bool, below: Body | None) -> tuple[Piece, Body] | None:
    """Bake one layer (or its mirror image); None if it lies outside the picture."""
    from scipy import ndimage

    name = f"{view.figure}.{layer.name}{'.mirror' if mirror else ''}"
    ring = ring_of(layer, mirror, view.seed, name)
    body = below or body_of(layer, ring, mirror, view)
    grain, box = grain_of(ring, body, view)
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
    for fold, from_point, key in folds_of(layer, mirror, view.seed, name):
        cloth.add_fold(relief, grain, fold, view.seed, key, from_point)
    for seam, key in seams_of(layer, mirror, view.seed, name):
        cloth.add_seam(relief, grain, seam, view.seed, key)
    if layer.edge_rows:
        edge_rows(relief, grain, layer, ring, view.seed, name)
    relief.height += layer.thick * (1 - np.exp(-edge / max(0.28, 1.2 * grain.pixel)))

    normal = normal_of(relief.height, grain, body, cover, layer)
    pattern, slub, fuzz = cloth.weave(layer.weave, grain, view.seed)
    wide, tight = blur(relief.height, 1.1), blur(relief.height, 0.3)
    hollow = (1 - np.clip(2.3 * (wide - relief.height), 0, 0.55)) * (
        1 - np.clip(3.0 * (tight - relief.height), 0, 0.4)
    )
    ridge = np.clip(2.6 * (relief.height - wide) + 1.6 * (relief.height - tight), -0.5, 1.0) * layer.wear
    texture = 1 + 0.15 * pattern + 0.31 * slub + 0.13 * fuzz
    shade = cloth.lit(normal) * hollow * relief.groove * texture * (1 + 0.60 * ridge)
    shade *= 1 - 0.35 * np.exp(-edge / max(0.10, 0.7 * grain.pixel)) * (layer.weave != "none")
    shade = np.maximum(shade, 0.0) * view.key

    fixed = fixed_colours(layer, grain, mirror, relief, shade, cover, view)
    shade = np.where(relief.thread > 0, shade * (1 - relief.thread), shade)
    resist = _resist(grain, ridge, slub, relief, view.seed)
    piece = Piece(
        box=(box[0], box[1]),
        cover=halve(cover),
        shade=halve(shade * cover) if layer.colour is None else halve(cover * 0),
        resist=halve(resist * cover),
        texture=halve(texture * relief.groove * cover),
        slope_x=halve(normal[0] * cover),
        slope_y=halve(normal[1] * cover),
        fixed=np.stack([halve(fixed[..., c]) for c in range(3)], axis=-1),
        inset=[
            (inset.zone, m) for inset in layer.insets for m in [inset_mask(inset, grain, layer, mirror, view)]
        ],
    )
    return piece, body


def _soft(relief: cloth.Relief, grain: cloth.Grain, layer: Layer, seed: int, name: str) -> None:
    """Cloth that was worn: broad softness, and crumples longer than wide."""
    shift = 50 * chance.uniform(seed, f"{name}.soft")
    broad = cloth.noise(seed, "soft", grain.p / 6.5 + shift, grain.q / 8.0)
    crumple = cloth.noise(seed, "crumple", grain.p / 3.1 + shift, grain.q / 2.0 + 0.25 * grain.p)
    small = cloth.noise(seed, "crumple2", grain.p / 1.15 - shift, grain.q / 0.95)
    relief.height += layer.softness * (0.30 * broad + 0.085 * crumple * np.abs(crumple) + 0.016 * small)


def _resist(grain: cloth.Grain, ridge: Map, slub: Map, relief: cloth.Relief, seed: int) -> Map:
    """How late this thread takes dye, 0..1: blotches, slubs, wear; under stitches last of all."""
    bend = 1.4 * cloth.noise(seed, "dye.bend", grain.p / 3.4 + 0.4 * grain.q, grain.q / 3.1)
    p, q = grain.p + bend, grain.q + 0.6 * bend
    blot = cloth.noise(seed, "dye.blot", (0.8 * p + 0.6 * q) / 6.1, (0.8 * q - 0.6 * p) / 8.3)
    blot = blot + 0.7 * cloth.noise(seed, "dye.blot2", (0.6 * p - 0.8 * q) / 3.3, (0.6 * q + 0.8 * p) / 4.2)
    late = 0.48 + 0.17 * blot + 0.42 * slub + 0.25 * ridge + 0.9 * (1 - relief.groove)
    bounded: Map = np.clip(late, 0.0, 1.0)
    return bounded
