"""The keys, over a shade: two or three columns of them, each group under its head."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pygame

from wearsound.instruments.picture.hud_ink import DIM, GOOD, INK, Letters, soft

Told = Sequence[tuple[str, str, str]]
"""(what is printed on the key, what it does, the head under which it stands)."""

_LINE, _HEAD, _KEY, _WIDE, _EDGE = 24, 30, 98, 396, 24
_SMALL = (",", ".", "-", "=")


class KeysPanel:
    """Draws the keys that the window knows. [main thread]"""

    def __init__(self, letters: Letters) -> None:
        self._letters = letters
        self._shade: Any = None

    def draw(self, surface: Any, keys: Told, bottom: int) -> None:
        """As many columns as there is room for above `bottom`; heads stay with their keys."""
        letters, px = self._letters, self._letters.px
        columns = self._columns(keys, (bottom - px(2 * _EDGE + 24)) / letters.scale)
        fit = max(1, int((surface.get_width() / letters.scale - 64) // _WIDE))
        columns = columns[:fit]
        tall = max(sum(_HEAD if head else _LINE for head, _, _ in column) for column in columns)
        area = (
            px(32),
            max(0, bottom - px(tall + 2 * _EDGE)),
            px(_WIDE * len(columns) + _EDGE),
            px(tall + 2 * _EDGE),
        )
        edge = px(24)
        if self._shade is None or self._shade.get_size() != (area[2] + edge, area[3] + edge):
            self._shade = soft(area[2] + edge, area[3] + edge, edge, 0.86)
        place = (area[0] - edge // 2, area[1] - edge // 2)
        surface.blit(self._shade, place, special_flags=pygame.BLEND_RGB_MULT)
        for i, column in enumerate(columns):
            x, y = area[0] + px(_EDGE + i * _WIDE), area[1] + px(_EDGE)
            for head, key, about in column:
                if head:
                    surface.blit(letters.text("label", head, DIM), (x, y + px(8)))
                    y += px(_HEAD)
                    continue
                self._key(surface, key, x, y + px(3))
                surface.blit(letters.fitted("value", about, px(_WIDE - _KEY - 10), INK), (x + px(_KEY), y))
                y += px(_LINE)

    def _key(self, surface: Any, key: str, x: int, y: int) -> None:
        """What is printed on a key; a small sign is larger, on the same line: a comma is no speck of dust."""
        letters = self._letters
        face = "name" if key in _SMALL else "label"
        above = letters.fonts[face].get_ascent() - letters.fonts["label"].get_ascent()
        surface.blit(letters.text(face, key, GOOD), (x, y - above))

    @staticmethod
    def _columns(keys: Told, room: float) -> list[list[tuple[str, str, str]]]:
        """(head, "", "") and ("", key, about) in columns no taller than `room`, if one group fits at all."""
        groups: dict[str, list[tuple[str, str, str]]] = {}
        for key, about, group in keys:
            groups.setdefault(group, [(group, "", "")]).append(("", key, about))
        columns: list[list[tuple[str, str, str]]] = [[]]
        left = room
        for lines in groups.values():
            tall = _HEAD + _LINE * (len(lines) - 1)
            if columns[-1] and tall > left:
                columns.append([])
                left = room
            columns[-1] += lines
            left -= tall
        return columns
