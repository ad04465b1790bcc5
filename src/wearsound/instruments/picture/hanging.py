"""What hangs, baked: how far each pixel of it answers the drape, and what is seen where it swings away."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wearsound import chance
from wearsound.core import U8
from wearsound.garment.layers import Hang, Layer
from wearsound.instruments.picture.cloth import noise
from wearsound.instruments.picture.form import View, ring_of
from wearsound.instruments.picture.outline import Map

FOLD, DROP = 0.30, 0.24
"""How far a travelling fold pushes the cloth to a side, and its crest down, at a free edge that flares fully, cm."""

FOLD_WIDE = 9.5
"""From fold to fold, cm."""

FOLD_FROM = 0.28
"""How far down from its hang line cloth begins to fold, as a share."""

FLARE_NONE, FLARE_FULL = 0.04, 0.15
"""What flares less has no travelling folds; what flares so much has full ones."""


@dataclass(slots=True)
class Hanging:
    """One hanging part of a figure, in its box `box` (x, y, w, h) of the picture; maps are (h, w).

    `cover` uint8, how much of a pixel it covers at rest; `swing` float32 (h, 1) and `flare` float32 (h, w), pixels
    to the right at full swing and full width; `fold` float32 (2,), how far a full fold pushes to the right and its
    crest down, pixels; `fold_sin` and `fold_cos` float32 (h, w), -1..1, where folds are and how full; `under` uint8
    (h, w, 3) display levels, `under_answer` uint8 and `under_index` uint16 (as `Bake.index`) of what lies below it.
    """

    box: NDArray[np.int32]
    cover: U8
    swing: Map
    flare: Map
    fold: Map
    fold_sin: Map
    fold_cos: Map
    under: U8
    under_answer: U8
    under_index: NDArray[np.uint16]


@dataclass(slots=True)
class Part:
    """A hanging part while its figure is baked: `middle` is the x it flares from, `cover` what is seen of it."""

    hang: Hang
    middle: float
    cover: Map


class Parts:
    """The hanging parts of one figure: pieces that hang alike on the same side are one part."""

    def __init__(self, shape: tuple[int, int]) -> None:
        self._shape = shape
        self._of: dict[tuple[str, bool], Part] = {}
        self.parts: dict[tuple[Hang, int], Part] = {}

    def of(self, layer: Layer, mirror: bool, view: View) -> Part | None:
        """The part that a piece belongs to; None if it does not hang."""
        part = self._of.get((layer.on, mirror)) or self._of.get((layer.on, False))
        if layer.hang is not None:
            side = 0 if layer.side != "pair" else -1 if mirror else 1
            key = (layer.hang, side)
            if key not in self.parts:
                middle = layer.hang.middle
                if middle is None:
                    ring = ring_of(layer, False, view.seed, layer.name)
                    middle = 0.0 if layer.side == "whole" else float(ring[:, 0].min() + ring[:, 0].max()) / 2
                cover = np.zeros(self._shape, np.float32)
                self.parts[key] = Part(layer.hang, -middle if mirror else middle, cover)
            part = self.parts[key]
        if part is not None:
            self._of[layer.name, mirror] = part
        return part

    def cover(self, where: tuple[slice, slice], cover: Map, mine: Part | None) -> None:
        """A piece with this `cover` is laid over what hangs so far; it belongs to `mine`."""
        for part in self.parts.values():
            part.cover[where] *= 1 - cover
        if mine is not None:
            mine.cover[where] += cover


def frame_of(part: Part, view: View) -> tuple[int, int, int, int] | None:
    """The box x0, y0, x1, y1 of a part below its hang line, wide enough for all its moves; None if not seen."""
    height, width = part.cover.shape
    top = max(0, int(np.ceil(view.top + part.hang.top * view.scale)))
    seen = part.cover[top:] > 0.002
    if not seen.any():
        return None
    columns, rows = np.flatnonzero(seen.any(axis=0)), np.flatnonzero(seen.any(axis=1))
    drop = int(np.ceil(DROP * view.scale)) + 1
    hang = part.hang
    middle = view.left + part.middle * view.scale
    far = max(abs(columns[0] - middle), abs(columns[-1] - middle))
    reach = int(np.ceil((hang.swing + FOLD) * view.scale + hang.flare * far)) + 3
    return (
        max(0, int(columns[0]) - reach),
        top,
        min(width, int(columns[-1]) + 1 + reach),
        min(height, top + int(rows[-1]) + 1 + drop),
    )


def hanging(
    part: Part, box: tuple[int, int, int, int], view: View, under: U8, answer: U8, index: NDArray[np.uint16]
) -> Hanging:
    """Make one part ready to move: `under`, `answer` and `index` are those of the whole picture without what hangs."""
    x0, y0, x1, y1 = box
    hang, scale = part.hang, view.scale
    x = (np.arange(x0, x1, dtype=np.float32) + 0.5 - view.left) / scale - part.middle
    y = (np.arange(y0, y1, dtype=np.float32)[:, None] + 0.5 - view.top) / scale
    t = np.clip((y - hang.top) / (hang.bottom - hang.top), 0.0, 1.0)
    free = t**1.5
    name = f"{view.figure}.hang{part.middle:.1f}"
    wander = noise(view.seed, "hang.fold", (x + 0 * y) / 9.0 + 30 * chance.uniform(view.seed, name), y / 30.0)
    turn = 2 * np.pi * (x / (FOLD_WIDE * (0.55 + 0.45 * t)) + 0.45 * wander)
    depth = min(1.0, max(0.0, (hang.flare - FLARE_NONE) / (FLARE_FULL - FLARE_NONE)))
    depth = depth * np.maximum(0.0, (t - FOLD_FROM) / (1 - FOLD_FROM)) ** 1.3
    where = (slice(y0, y1), slice(x0, x1))
    return Hanging(
        box=np.array((x0, y0, x1 - x0, y1 - y0), np.int32),
        cover=np.rint(np.clip(part.cover[where], 0, 1) * 255).astype(np.uint8),
        swing=(hang.swing * scale * free).astype(np.float32),
        flare=(hang.flare * scale * free * x).astype(np.float32),
        fold=np.array((FOLD * scale, DROP * scale), np.float32),
        fold_sin=(depth * np.sin(turn)).astype(np.float32),
        fold_cos=(depth * np.cos(turn)).astype(np.float32),
        under=under[where].copy(),
        under_answer=answer[where].copy(),
        under_index=index[where].copy(),
    )
