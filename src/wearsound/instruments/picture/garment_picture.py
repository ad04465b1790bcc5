"""The garment as the default picture: a photograph of cloth lit by its own filaments.

Everything slow to make is baked once (bake.py); a frame looks colours up and adds light. What is drawn
is a function of the frame alone: caches here only remember, they never change what comes out. But rings in the cloth
(ripples.py) run on: they are a function of the last two seconds of frames.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from wearsound import chance
from wearsound.core import F32, Frame
from wearsound.garment.colour import LINEAR, oklab_to_linear, oklch_to_oklab
from wearsound.garment.document import Garment, Zone
from wearsound.garment.sewn import sewn
from wearsound.instruments.picture import studio
from wearsound.instruments.picture.along import Along
from wearsound.instruments.picture.answer import QUARTER
from wearsound.instruments.picture.bake import SHADE_TOP
from wearsound.instruments.picture.cache import baked
from wearsound.instruments.picture.cloth import smoothstep
from wearsound.instruments.picture.drape import Drape
from wearsound.instruments.picture.filament import STEPS
from wearsound.instruments.picture.ripples import Ripples

DYE_STEPS = 96
"""Shades of dye that are told apart; dye is slow."""

GLOW, GLOW_ALONE = 0.008, 0.030
"""How much a zone's own cloth glows, with strands and without: the strands are the light, the zone breathes."""

GAINS = (1.0, 1.0, 0.95, 0.60)
"""How much of each wider level of the bloom is kept."""

NEAR = 0.22
"""The share of light that stays close to the strand: most of it travels and lands."""

SPREAD = 2.6
FLOOR_SHARE = 0.020

_CODES = 2048
_CODE_TOP = 3.0
_MASKS = (0xFF0000, 0xFF00, 0xFF, 0)


class GarmentPicture:
    """Draws frames of a garment at one size; `seed` is the edition, its imperfections. [main thread]"""

    def __init__(self, garment: Garment, size: tuple[int, int], seed: int) -> None:
        import pygame

        self._pygame: Any = pygame
        self.size = size
        self._seed = seed
        self._garment = garment
        bake = baked(garment, size, seed)
        self._bake = bake
        width, height = size
        self._canvas, self._lit = self._surface(size), self._surface(size)
        self._ground = self._surface(size)
        pygame.surfarray.blit_array(self._ground, bake.ground.swapaxes(0, 1))
        self._answer = self._surface(size)
        pygame.surfarray.blit_array(self._answer, np.repeat(bake.answer.T[..., None], 3, axis=2))
        tile = studio.grain_tile(seed, size)
        self._grain = self._surface((tile.shape[1], tile.shape[0]))
        pygame.surfarray.blit_array(self._grain, np.repeat(tile.T[..., None], 3, axis=2))
        self._figures = [
            (self._surface((int(w), int(h))), (int(x), int(y)), index.astype(np.int64))
            for (x, y, w, h), index in zip(bake.boxes, bake.index, strict=True)
        ]
        self._small = (-(-width // QUARTER), -(-height // QUARTER))
        self._near = self._surface(self._small)
        self._floors = [self._surface(self._small) for _ in garment.figures]
        masks = studio.floor_mask(garment.figures, (self._small[1], self._small[0]), size)
        for floor, mask in zip(self._floors, masks, strict=True):
            levels = np.rint(mask * 255).astype(np.uint8)
            pygame.surfarray.blit_array(floor, np.repeat(levels.T[..., None], 3, axis=2))
        self._cells, self._cell_of = np.unique(bake.cell, return_inverse=True)
        self._n_cells = len(self._cells)
        self._lut = np.zeros(32 * 2048, np.uint32)
        self._cloth = np.zeros((3, len(garment.zones), 2048), np.float32)
        self._dyed = [-1] * len(garment.zones)
        shade = (np.arange(256, dtype=np.float64) / 255) ** 2 * SHADE_TOP
        taken = np.minimum(shade, 0.5) * 2.2 + 0.08 * np.minimum(shade / 0.05, 1)
        self._taken = np.tile(taken, 8).astype(np.float32)
        self._display = _display_table()
        self._linear = LINEAR.astype(np.float32)
        self._breath = chance.uniforms(seed, "breath", len(garment.zones))
        pixels = sewn(garment)
        lined = [filament.zone for filament in pixels.filaments]
        self._glow = np.where(np.isin(np.arange(len(garment.zones)), lined), GLOW, GLOW_ALONE)
        self._along = Along(pixels, bake.filament)
        self._figure = np.array([pixels.filaments[i].figure for i in bake.filament], np.intp)
        self._drape = Drape(bake.hanging, self._lut)
        self._ripples = Ripples(garment, bake, size, seed)
        self._places: dict[int, tuple[int, int] | None] = {}

    def draw(self, surface: Any, frame: Frame) -> None:
        """Draw one frame onto a surface of this picture's size. [main thread]"""
        pygame = self._pygame
        self._colours(frame)
        canvas = self._canvas
        canvas.blit(self._ground, (0, 0))
        for figure, place, index in self._figures:
            pixels = pygame.surfarray.pixels2d(figure)
            np.take(self._lut, index, out=pixels.T.view(np.uint32), mode="clip")
            del pixels
            canvas.blit(figure, place, special_flags=pygame.BLEND_RGB_ADD)
        self._drape.hear(frame.features)
        steps = self._along.steps(self._linear[frame.pixels]) if len(self._bake.filament) else None
        if steps is not None:
            self._spill(steps)
        # Rings are relief: whatever falls on the cloth grazes them, but a strand is its own light.
        self._ripples.lay(canvas, frame)
        if steps is not None:
            self._cores(steps)
        self._drape.bend(canvas)
        shift = (int(64 * chance.uniform(self._seed, "grain.x", frame.number)),
                 int(64 * chance.uniform(self._seed, "grain.y", frame.number)))  # fmt: skip
        canvas.blit(self._grain, (0, 0), (*shift, *self.size), special_flags=pygame.BLEND_RGB_ADD)
        surface.blit(canvas, (0, 0))

    def zone_at(self, x: int, y: int) -> int:
        """Which of the garment's zones is seen at a pixel of the last frame, -1 where there is no cloth."""
        back = self._drape.back(x, y)
        if back is None:
            return -1
        for (left, top, wide, tall), index in zip(self._bake.boxes.tolist(), self._bake.index, strict=True):
            if left <= back < left + wide and top <= y < top + tall:
                zone = int(index[y - top, back - left]) >> 11
                if zone < len(self._garment.zones):
                    return zone
        return -1

    def place_of(self, zone: int) -> tuple[int, int] | None:
        """A pixel in the middle of the largest part of a zone that is seen, at rest; None if none is."""
        if not 0 <= zone < len(self._garment.zones):
            return None
        if zone in self._places:
            return self._places[zone]
        best: tuple[int, tuple[int, int]] | None = None
        for (left, top, _, _), index in zip(self._bake.boxes.tolist(), self._bake.index, strict=True):
            rows, columns = np.nonzero(index >> 11 == zone)
            if len(rows) <= (best[0] if best else 0):
                continue
            # The middle of both sleeves lies between them: the pixel of the zone that is nearest to it is cloth.
            near = int(np.argmin((rows - rows.mean()) ** 2 + (columns - columns.mean()) ** 2))
            best = len(rows), (left + int(columns[near]), top + int(rows[near]))
        self._places[zone] = best[1] if best else None
        return self._places[zone]

    def _surface(self, size: tuple[int, int]) -> Any:
        return self._pygame.Surface(size, 0, 32, _MASKS)

    def _colours(self, frame: Frame) -> None:
        """Every zone's 2,048 colours: its cloth as dyed as it is, and its own faint breath of light."""
        for i, zone in enumerate(self._garment.zones):
            step = round(min(max(float(frame.dyed[i]), 0.0), 1.0) * DYE_STEPS)
            if step != self._dyed[i]:
                self._cloth[:, i] = dyed_cloth(zone, step / DYE_STEPS).T
                self._dyed[i] = step
        breath = 1 + 0.22 * np.sin(2 * math.pi * (frame.time / 6.5 + self._breath))
        glow = (self._linear[frame.lit] * (self._glow * breath)[:, None]).astype(np.float32)
        gain = np.float32((_CODES - 1) / math.sqrt(_CODE_TOP))
        lut = self._lut[: len(glow) * 2048].reshape(-1, 2048)
        lut[:] = 0
        for c, shift in enumerate((16, 8, 0)):
            code = np.sqrt(self._cloth[c] + self._taken * glow[:, c, None]) * gain
            lut |= np.take(self._display, code.astype(np.int32), mode="clip") << np.uint32(shift)

    def _spill(self, steps: F32) -> None:
        """Light that leaves the strands and lands: blurred wide, given back by cloth, air and floor."""
        pygame, bake = self._pygame, self._bake
        weighted = steps[bake.cell_step] * bake.cell_weight[:, None]
        codes = np.zeros((self._n_cells, 3), np.uint32)
        lights = [np.bincount(self._cell_of, weighted[:, c], minlength=self._n_cells) for c in range(3)]
        # Where light is too much it is scaled, not clipped: the hue survives.
        top = np.maximum(np.maximum(np.maximum(lights[0], lights[1]), lights[2]), 1 / SPREAD)
        for c in range(3):
            codes[:, c] = np.sqrt(lights[c] / top) * 255
        near = self._near
        near.fill(0)
        cells = np.frombuffer(near.get_buffer(), np.uint32)
        cells[self._cells] = codes[:, 0] << 16 | codes[:, 1] << 8 | codes[:, 2]
        del cells  # the surface stays locked as long as somebody holds its bytes
        levels = [near]
        for _ in GAINS:
            w, h = levels[-1].get_size()
            levels.append(pygame.transform.smoothscale(levels[-1], (max(2, w // 2), max(2, h // 2))))
        near.fill((round(255 * NEAR),) * 3, special_flags=pygame.BLEND_RGB_MULT)
        wide = levels.pop()
        for gain in GAINS[::-1]:
            below = levels.pop()
            wide.fill((round(255 * gain),) * 3, special_flags=pygame.BLEND_RGB_MULT)
            wide = pygame.transform.smoothscale(wide, below.get_size())
            wide.blit(below, (0, 0), special_flags=pygame.BLEND_RGB_ADD)
        mean = steps.reshape(-1, STEPS, 3).mean(axis=1)
        for number, mask in enumerate(self._floors):
            colour = np.minimum(mean[self._figure == number].sum(axis=0) * FLOOR_SHARE, 1.0)
            pool = mask.copy()
            pool.fill([int(level) for level in np.sqrt(colour) * 255], special_flags=pygame.BLEND_RGB_MULT)
            wide.blit(pool, (0, 0), special_flags=pygame.BLEND_RGB_ADD)
        full = pygame.transform.smoothscale(wide, self.size, self._lit)
        self._drape.light(full)
        full.blit(self._answer, (0, 0), special_flags=pygame.BLEND_RGB_MULT)
        self._canvas.blit(full, (0, 0), special_flags=pygame.BLEND_RGB_ADD)

    def _cores(self, steps: F32) -> None:
        """The strands themselves: a hot, pale core in a soft skirt, screened over what lies below."""
        bake = self._bake
        pale = (steps[:, 0] + steps[:, 1] + steps[:, 2]) / 3
        view = np.frombuffer(self._canvas.get_buffer(), np.uint32)
        under = view[bake.pixel]
        out = np.zeros(len(under), np.uint32)
        gain = np.float32((_CODES - 1) / math.sqrt(_CODE_TOP))
        for c, shift in enumerate((16, 8, 0)):
            hot = np.take(steps[:, c] * np.float32(1.35) + pale * np.float32(0.22), bake.step, mode="clip")
            soft = np.take(steps[:, c] * np.float32(0.16), bake.step, mode="clip")
            code = np.sqrt(hot * bake.core + soft * bake.skirt) * gain
            add = np.take(self._display, code.astype(np.int32), mode="clip")
            old = (under >> np.uint32(shift)) & np.uint32(255)
            out |= (255 - (255 - old) * (255 - add) // 255) << np.uint32(shift)
        view[bake.pixel] = out
        del view


def dyed_cloth(zone: Zone, dye: float) -> F32:
    """Linear colour times shade of a zone's cloth, (8 * 256, 3): how far each thread took the dye.

    Threads that resist (worn, thick, under stitches) take it last; mixed in OKLab, never by hue.
    Where the shade is high the white weft shows: paler, less chroma.
    """
    rest, full = oklch_to_oklab(zone.cloth), oklch_to_oklab(zone.dye)
    resist = (np.arange(8) / 7)[:, None, None]
    taken = smoothstep(1.5 * dye - 0.5 * resist)
    code = (np.arange(256) / 255)[None, :, None]
    lab = rest + (full - rest) * taken + np.zeros((8, 256, 3))
    lab[..., 0] *= 1 + 0.20 * (resist[..., 0] - 0.45)  # no dye bath is even: late threads stay paler
    worn = smoothstep((code[..., 0] - 0.60) / 0.36)
    lab[..., 0] = lab[..., 0] * (0.84 + 0.16 * code[..., 0]) + 0.15 * worn
    lab[..., 1:] *= (0.93 - 0.50 * worn)[..., None]
    shade = code**2 * SHADE_TOP
    cloth: F32 = (np.clip(oklab_to_linear(lab), 0, 1) * shade).reshape(2048, 3).astype(np.float32)
    return cloth


def _display_table() -> Any:
    """Square-root codes of linear light to display levels, through the film curve; uint32."""
    linear = (np.arange(_CODES) / (_CODES - 1)) ** 2 * _CODE_TOP
    return np.rint(studio.encode(linear)).astype(np.uint32)
