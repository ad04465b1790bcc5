"""Hems answer: the finished picture of what hangs is bent by the drape, strands, spill and cloth together.

It moves by parts of a pixel, so that filaments do not step. What lies below (stand, form, room) is kept apart and
stays where it is. Bytes of a pixel are worked on two at a time, in one word each.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wearsound.core import Index, Row
from wearsound.instruments.picture.hanging import Hanging
from wearsound.instruments.picture.outline import Map

SHADE = 46
"""How much darker it is between two travelling folds, of 256."""

Words = NDArray[np.uint32]
"""Pixels as 0xAARRGGBB."""

_PAIR = np.uint32(0xFF00FF)


def answer_of(features: Row) -> tuple[float, float, float]:
    """Swing -1..1, width 0..1 and the folds' travel 0..1; all 0, at rest, where nothing is heard."""
    swing = min(max(features.get("drape.swing"), -1.0), 1.0)
    width = min(max(features.get("drape.width"), 0.0), 1.0)
    return swing, width, features.get("drape.fold") % 1.0


class Drape:
    """Everything of one picture that hangs. `lut` are the colours of the frame, uint32. [main thread]"""

    def __init__(self, hanging: list[Hanging], lut: Words) -> None:
        self._parts = [_Part(part, lut) for part in hanging]
        self._moving = self._parts
        self._now = (0.0, 0.0, 0.0)

    def hear(self, features: Row) -> None:
        """First of a frame: how far everything moves in it."""
        self._now = answer_of(features)
        self._moving = self._parts if any(self._now[:2]) else []

    def back(self, x: int, y: int) -> int | None:
        """From which column of the unbent picture the cloth at a pixel of the last frame came, about; None where
        cloth has swung away."""
        swing, width, _ = self._now
        for part in self._moving[::-1]:
            came = part.back(x, y, swing, width)
            if came is not None:
                return came
        return None if any(part.back(x, y, 0.0, 0.0) is not None for part in self._moving) else x

    def light(self, spill: Any) -> None:
        """Before anything gives it back: the light that is spread over the picture, a surface of its size."""
        for part in self._moving:
            part.light(spill)

    def bend(self, canvas: Any) -> None:
        """Bend the finished `canvas`."""
        still = [part.taken(canvas) for part in self._moving]
        for part, cloth in zip(self._moving, still, strict=True):
            part.lay(canvas, cloth, *self._now)


class _Part:
    def __init__(self, part: Hanging, lut: Words) -> None:
        import pygame

        self._pygame: Any = pygame
        self._part, self._lut = part, lut
        x, y, w, h = (int(n) for n in part.box)
        self._rect = pygame.Rect(x, y, w, h)
        seen = part.cover > 0
        self._cloth, self._behind, self._spill = (self._surface() for _ in range(3))
        self._moved = pygame.Surface(self._rect.size, pygame.SRCALPHA, 32)
        self._seen = self._grey(np.where(seen, 255, 0).astype(np.uint8))
        self._unseen = self._grey(np.where(seen, 0, 255).astype(np.uint8))
        self._through = self._grey(np.where(seen, 255 - part.cover, 0).astype(np.uint8))
        self._ground = self._surface()
        pygame.surfarray.blit_array(self._ground, (part.under * seen[..., None]).swapaxes(0, 1))
        self._answer = self._grey(part.under_answer * seen)
        index = np.where(seen, part.under_index, 31 << 11).astype(np.int64)
        self._index = index if (index >> 11 != 31).any() else None
        self._under = self._surface()
        self._alpha = part.cover.astype(np.uint32) << np.uint32(24)
        self._at = np.arange(h * w, dtype=np.intp).reshape(h, w)
        self._lower = slice(int(np.argmax(part.fold_cos.any(axis=1))) if part.fold_cos.any() else h, h)
        self._fold_sin, self._fold_cos = part.fold_sin[self._lower], part.fold_cos[self._lower]

    def back(self, x: int, y: int, swing: float, width: float) -> int | None:
        """The column that cloth at (x, y) came from, without its folds; None where none of this cloth is."""
        part, (column, row) = self._part, (x - self._rect.x, y - self._rect.y)
        if not (0 <= column < self._rect.width and 0 <= row < self._rect.height):
            return None
        came = column - round(float(part.flare[row, column]) * width + float(part.swing[row, 0]) * swing)
        if not (0 <= came < self._rect.width and part.cover[row, came]):
            return None
        return came + self._rect.x

    def light(self, spill: Any) -> None:
        """What lies below, in this light."""
        times = self._pygame.BLEND_RGB_MULT
        self._spill.blit(spill, (0, 0), self._rect)
        self._spill.blit(self._answer, (0, 0), special_flags=times)

    def taken(self, canvas: Any) -> Words:
        """The cloth alone, times its cover, with the cover in the top byte; in its place is what lies below it."""
        pygame = self._pygame
        add, times = pygame.BLEND_RGB_ADD, pygame.BLEND_RGB_MULT
        behind, cloth = self._behind, self._cloth
        cloth.blit(canvas, (0, 0), self._rect)
        behind.blit(self._ground, (0, 0))
        behind.blit(self._spill, (0, 0), special_flags=add)
        if self._index is not None:
            _bytes(self._under)[:] = np.take(self._lut, self._index, mode="clip")
            behind.blit(self._under, (0, 0), special_flags=add)
        canvas.blit(self._unseen, self._rect, special_flags=times)
        canvas.blit(behind, self._rect, special_flags=add)
        behind.blit(self._through, (0, 0), special_flags=times)
        cloth.blit(self._seen, (0, 0), special_flags=times)
        cloth.blit(behind, (0, 0), special_flags=pygame.BLEND_RGB_SUB)
        packed: Words = (_bytes(cloth) & np.uint32(0xFFFFFF)) | self._alpha
        return packed

    def lay(self, canvas: Any, cloth: Words, swing: float, width: float, fold: float) -> None:
        """Lay the cloth back where the drape takes it."""
        part, lower = self._part, self._lower
        right = part.flare * np.float32(width)
        right += part.swing * np.float32(swing)
        if len(self._fold_cos):
            depth = min(1.0, 0.5 * abs(swing) + width)
            turn = 2 * math.pi * fold
            ahead, beside = np.float32(depth * math.cos(turn)), np.float32(depth * math.sin(turn))
            right[lower] += self._fold_sin * (part.fold[0] * ahead)
            right[lower] -= self._fold_cos * (part.fold[0] * beside)
        before, share = _source(right)
        before += self._at
        flat = cloth.ravel()
        first, second = np.take(flat, before, mode="clip"), np.take(flat[1:], before, mode="clip")
        even = _mix(first & _PAIR, second & _PAIR, share)
        first >>= np.uint32(8)
        second >>= np.uint32(8)
        first &= _PAIR
        second &= _PAIR
        odd = _mix(first, second, share)
        if len(self._fold_cos):
            crest = self._fold_cos * ahead
            crest += self._fold_sin * beside
            even[lower], odd[lower] = self._waved(even, odd, crest)
        odd <<= np.uint32(8)
        odd |= even
        _bytes(self._moved)[:] = odd
        canvas.blit(self._moved, self._rect, special_flags=self._pygame.BLEND_PREMULTIPLIED)

    def _waved(self, even: Words, odd: Words, crest: Map) -> tuple[Words, Words]:
        """Crests of folds hang lower and catch the light, -1..1; two bytes of each pixel in each of the words."""
        width = self._rect.width
        before, share = _source(crest * self._part.fold[1])
        before *= width
        before += self._at[self._lower]
        rows = []
        for words in (even.ravel(), odd.ravel()):
            first, second = np.take(words, before, mode="clip"), np.take(words[width:], before, mode="clip")
            rows.append(_mix(first, second, share))
        even, odd = rows
        light = (256 + np.float32(SHADE) * np.minimum(crest, 0)).astype(np.uint32)
        even *= light
        even >>= np.uint32(8)
        even &= _PAIR
        green = odd & np.uint32(0xFF)
        green *= light
        green >>= np.uint32(8)
        odd &= np.uint32(0xFF0000)
        odd |= green
        return even, odd

    def _surface(self) -> Any:
        return self._pygame.Surface(self._rect.size, 0, 32, (0xFF0000, 0xFF00, 0xFF, 0))

    def _grey(self, levels: Any) -> Any:
        surface = self._surface()
        self._pygame.surfarray.blit_array(surface, np.repeat(levels.T[..., None], 3, axis=2))
        return surface


def _source(move: Map) -> tuple[Index, Words]:
    """From how far each pixel moves: how many pixels before it its colour was, and 256ths of the one after."""
    fine = (move * np.float32(-256)).astype(np.int32)
    return (fine >> 8).astype(np.intp), (fine & 255).view(np.uint32)


def _mix(first: Words, second: Words, share: Words) -> Words:
    """Two bytes of each word at once, `share` of 256 of the second."""
    second -= first
    second *= share
    first <<= np.uint32(8)
    second += first
    second >>= np.uint32(8)
    second &= _PAIR
    return second


def _bytes(surface: Any) -> Words:
    """The pixels of a surface as (h, w) words; the surface is locked as long as somebody holds them."""
    width, height = surface.get_size()
    words: Words = np.frombuffer(surface.get_buffer(), np.uint32)
    return words.reshape(height, -1)[:, :width]
