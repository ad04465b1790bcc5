"""From layers of cloth to what a frame needs: an index a pixel, the ground, the strands, the cloth's answer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wearsound.core import U8
from wearsound.garment.document import Garment
from wearsound.garment.layers import Layer, zone_of
from wearsound.garment.sewn import sewn
from wearsound.instruments.picture import filament, studio
from wearsound.instruments.picture.answer import QUARTER, answer_of
from wearsound.instruments.picture.form import Body, View, view_of
from wearsound.instruments.picture.hanging import Hanging, Parts, frame_of, hanging
from wearsound.instruments.picture.outline import Map
from wearsound.instruments.picture.piece import Piece, make_piece
from wearsound.instruments.picture.pile import NOTHING, Pile, blank

SHADE_TOP = 1.6
"""The shade that the largest of the 256 square-root codes stands for."""

RIM = np.array([0.050, 0.074, 0.105], np.float32)


@dataclass(slots=True)
class Bake:
    """Everything about a picture that no frame changes.

    `ground` uint8 (h, w, 3) display levels; `boxes` int32 (n, 4) x, y, w, h of each figure and `index`
    one uint16 array (h, w) a figure: zone << 11 | resist << 8 | shade; `answer` uint8 (h, w) how much
    spilled light a pixel gives back; `pixel`, `step`, `core`, `skirt` the strands' own pixels; `cell`,
    `cell_step`, `cell_weight` the strands at quarter size; `filament` which SewnFilament each strand is; `hanging`
    what the drape moves, from the lowest to what lies over it; `sheet` uint8 (h, w) which sheet of cloth is seen: what
    lies `on` a layer is sewn to it and shakes with it, 0 is no cloth.
    """

    ground: U8
    answer: U8
    boxes: NDArray[np.int32]
    index: list[NDArray[np.uint16]]
    pixel: NDArray[np.int32]
    step: NDArray[np.int32]
    core: Map
    skirt: Map
    cell: NDArray[np.int32]
    cell_step: NDArray[np.int32]
    cell_weight: Map
    filament: NDArray[np.int32]
    hanging: list[Hanging]
    sheet: U8


def bake(garment: Garment, size: tuple[int, int], seed: int) -> Bake:
    """Bake a garment for a picture of `size` (width, height); the same arguments give the same bits."""
    shape = (size[1], size[0])
    zones = {name: i for i, name in enumerate(garment.zone_names)}
    strands = filament.Strands.empty(size)
    known = filament.images(sewn(garment))
    boxes: list[tuple[int, int, int, int]] = []
    indexes: list[NDArray[np.uint16]] = []
    room = studio.ground(garment.figures, size)
    bare = room.copy()
    everything, still = blank(shape), blank(shape)
    still_index = np.full(shape, NOTHING << 11, np.uint16)
    sheet, sheets = np.zeros(shape, np.uint8), 0
    views = [view_of(figure, size, seed) for figure in garment.figures]
    hung = [Parts(shape) for _ in garment.figures]
    for number, figure in enumerate(garment.figures):
        pile, left = blank(shape), blank(shape)
        view, parts = views[number], hung[number]
        bodies: dict[tuple[str, bool], Body] = {}
        sewn_to: dict[str, int] = {}
        for layer in figure.layer:
            for mirror in (False, True) if layer.side == "pair" else (False,):
                below = bodies.get((layer.on, mirror)) or bodies.get((layer.on, False))
                made = make_piece(layer, view, mirror, below)
                if made is None:
                    continue
                piece, bodies[layer.name, mirror] = made
                part = parts.of(layer, mirror, view)
                for stack in (pile, left):
                    _cast(stack, piece, layer, view)
                where = _where(piece)
                if layer.name not in sewn_to:
                    sheets = sheets + 1 if layer.on not in sewn_to else sheets
                    sewn_to[layer.name] = sewn_to.get(layer.on, min(sheets, 255))
                cloth = layer.colour is None or layer.on
                sheet[where][piece.cover > 0.5] = sewn_to[layer.name] if cloth else 0
                strands.core[where] *= 1 - piece.cover
                strands.skirt[where] *= 1 - piece.cover
                parts.cover(where, piece.cover, part)
                for onto in (pile,) if part else (pile, left):
                    _cover(onto, piece, layer, mirror, zones)
                filament.lay(strands, layer, view, mirror, known, number, piece.cover, piece.box, pile.fixed,
                             pile.shade)  # fmt: skip
        for whole, own in ((everything, pile), (still, left)):
            _rim(own, view)
            _merge(whole, own)
        box, index = _index(pile, seed, figure.name)
        boxes.append(box)
        indexes.append(index)
        room = room * (1 - pile.cover[..., None]) + pile.fixed
        bare = bare * (1 - left.cover[..., None]) + left.fixed
        (x, y, w, h), index = _index(left, seed, figure.name)
        cloth = index >> 11 != NOTHING
        still_index[y : y + h, x : x + w][cloth] = index[cloth]
    answer = answer_of(everything, strands.core, garment.figures, size)
    under_answer = answer_of(still, strands.core, garment.figures, size)
    under = _levels(bare, seed)
    moving = [
        hanging(part, place, view, under, under_answer, still_index)
        for view, parts in zip(views, hung, strict=True)
        for part in parts.parts.values()
        if (place := frame_of(part, view))
    ]
    pixel, step, core, skirt = _pixels(strands)
    cell, cell_step, cell_weight = _cells(strands, size)
    return Bake(
        ground=_levels(room, seed),
        answer=answer,
        boxes=np.array(boxes, np.int32),
        index=indexes,
        pixel=pixel,
        step=step,
        core=core,
        skirt=skirt,
        cell=cell,
        cell_step=cell_step,
        cell_weight=cell_weight,
        filament=np.array(strands.filament, np.int32),
        hanging=moving,
        sheet=sheet,
    )


def _levels(room: Map, seed: int) -> U8:
    """Linear light as display levels, dithered."""
    level = studio.encode(room) + 0.5 * studio.triangular(seed, "ground.dither", room.shape)
    levels: U8 = np.clip(np.rint(level), 0, 255).astype(np.uint8)
    return levels


def _where(piece: Piece) -> tuple[slice, slice]:
    h, w = piece.cover.shape
    return slice(piece.box[1], piece.box[1] + h), slice(piece.box[0], piece.box[0] + w)


def _cast(pile: Pile, piece: Piece, layer: Layer, view: View) -> None:
    """The shadow that a piece casts on what lies below it."""
    if layer.lift <= 0:
        return
    from scipy import ndimage

    lift = layer.lift * view.scale
    pad = int(2.5 * lift) + 4
    h, w = piece.cover.shape
    big = np.zeros((h + 2 * pad, w + 2 * pad), np.float32)
    dx, dy = round(0.45 * lift), round(0.70 * lift)
    big[pad + dy : pad + dy + h, pad + dx : pad + dx + w] = piece.cover
    soft = ndimage.gaussian_filter(big, 0.55 * lift + 0.3, truncate=2.5)
    big[:] = 0
    big[pad : pad + h, pad : pad + w] = piece.cover
    tight = ndimage.gaussian_filter(big, max(0.7, 0.16 * view.scale), truncate=2.5)
    left, top = piece.box[0] - pad, piece.box[1] - pad
    x0, y0 = max(0, left), max(0, top)
    x1 = min(pile.shade.shape[1], left + big.shape[1])
    y1 = min(pile.shade.shape[0], top + big.shape[0])
    part = (slice(y0 - top, y1 - top), slice(x0 - left, x1 - left))
    dark = (1 - 0.62 * soft[part]) * (1 - 0.45 * tight[part])
    where = (slice(y0, y1), slice(x0, x1))
    pile.shade[where] *= dark
    pile.fixed[where] *= dark[..., None]


def _rim(pile: Pile, view: View) -> None:
    """A thin cold edge of light from the room, where the figure turns away from it at its sides."""
    from scipy import ndimage

    inside = ndimage.distance_transform_edt(pile.cover > 0.5).astype(np.float32) / np.float32(view.scale)
    soft = ndimage.gaussian_filter(pile.cover, max(1.0, 0.35 * view.scale))
    gy, gx = np.gradient(soft)
    sideways = np.abs(gx) / (np.sqrt(gx * gx + gy * gy) + 1e-4)
    edge = np.exp(-((np.maximum(inside - 0.12, 0) / 0.26) ** 2)) * pile.cover * sideways**2
    texture = np.clip(pile.texture, 0.3, 1.6)
    away = np.where(gx < 0, np.float32(1.0), np.float32(0.6))
    pile.fixed += (edge * texture * away * view.key)[..., None] * RIM


def _cover(pile: Pile, piece: Piece, layer: Layer, mirror: bool, zones: dict[str, int]) -> None:
    """Lay a piece over the pile."""
    where = _where(piece)
    through = 1 - piece.cover
    for name in ("shade", "resist", "texture", "slope_x", "slope_y"):
        field = getattr(pile, name)
        field[where] = field[where] * through + getattr(piece, name)
    pile.cover[where] = pile.cover[where] * through + piece.cover
    pile.cloth[where] = pile.cloth[where] * through + (piece.cover if layer.colour is None else 0)
    pile.fixed[where] = pile.fixed[where] * through[..., None] + piece.fixed
    if layer.colour is not None:
        return
    zone = pile.zone[where]
    mine = (piece.cover > 0.5) | ((zone == NOTHING) & (piece.cover > 0.01))
    zone[mine] = zones[zone_of(layer.zone, mirror)]
    for inner, inside in piece.inset:
        zone[mine & (inside > 0.5)] = zones[inner]


def _merge(whole: Pile, pile: Pile) -> None:
    through = 1 - pile.cover
    for name in ("cover", "cloth", "texture", "slope_x", "slope_y"):
        field = getattr(whole, name)
        field *= through
        field += getattr(pile, name)


def _index(pile: Pile, seed: int, name: str) -> tuple[tuple[int, int, int, int], NDArray[np.uint16]]:
    """Zone, resist and shade of each pixel in one number, and the box that holds all cloth."""
    rows = np.flatnonzero((pile.zone != NOTHING).any(axis=1))
    columns = np.flatnonzero((pile.zone != NOTHING).any(axis=0))
    if not len(rows):
        return (0, 0, 1, 1), np.full((1, 1), NOTHING << 11, np.uint16)
    y0, y1, x0, x1 = rows[0], rows[-1] + 1, columns[0], columns[-1] + 1
    part = (slice(y0, y1), slice(x0, x1))
    shade, cover = pile.shade[part], pile.cover[part]
    code = np.sqrt(np.clip(shade / SHADE_TOP, 0, 1)) * 255 + 0.5 * studio.triangular(seed, name, shade.shape)
    resist = pile.resist[part] / np.maximum(cover, 0.05)
    eighth = np.clip(resist * 7 + 0.8 * studio.triangular(seed, name + ".resist", shade.shape), 0, 7)
    index: NDArray[np.uint16] = pile.zone[part].astype(np.uint16) << np.uint16(11)
    index |= np.rint(eighth).astype(np.uint16) << np.uint16(8)
    index |= np.clip(np.rint(code), 0, 255).astype(np.uint16)
    return (int(x0), int(y0), int(x1 - x0), int(y1 - y0)), index


def _pixels(strands: filament.Strands) -> tuple[NDArray[np.int32], NDArray[np.int32], Map, Map]:
    flat = np.flatnonzero(strands.skirt.reshape(-1) > 0.02).astype(np.int32)
    code = strands.code.reshape(-1)[flat]
    return flat, code, strands.core.reshape(-1)[flat], strands.skirt.reshape(-1)[flat]


def _cells(
    strands: filament.Strands, size: tuple[int, int]
) -> tuple[NDArray[np.int32], NDArray[np.int32], Map]:
    """The strands' light gathered at quarter size: cell, step along a strand, weight."""
    width = -(-size[0] // QUARTER)
    y, x = np.nonzero(strands.core > 0.03)
    cell = (y // QUARTER) * width + x // QUARTER
    key = cell.astype(np.int64) * 100_000 + strands.code[y, x]
    keys, where = np.unique(key, return_inverse=True)
    weight = np.zeros(len(keys))
    np.add.at(weight, where, strands.core[y, x].astype(np.float64))
    return (
        (keys // 100_000).astype(np.int32),
        (keys % 100_000).astype(np.int32),
        (weight / 4).astype(np.float32),
    )
