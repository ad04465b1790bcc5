"""Everything that can be turned, as a list of rails down the right side: chosen, turned and dragged in the window.

The nearer figure stands at the left: whoever turns what lights its chest must see that chest.

What is shown is what the engine says; a slider that is being dragged moves when the engine has moved.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wearsound.instruments.picture.hud_ink import DIM, INK, MID, RAIL, Letters, soft

_LINE, _MARGIN, _TOP = 28, 32, 40
_LABEL, _RAIL, _VALUE = 168, 190, 92
_ABOUT = 44
WIDE = _LABEL + _RAIL + _VALUE + 36


Turnable = Any
"""A slider: `label`, `group` (the head under which it stands), `about`, `unit`, `whole`."""


class SlidersPanel:
    """Draws the sliders around the chosen one, and says what lies under the mouse. [main thread]"""

    def __init__(self, letters: Letters) -> None:
        self._letters = letters
        self._first = 0
        self._rails: list[tuple[int, int, int, int, int]] = []
        """(slider, x, y, width, height) of every rail on the screen, as far as a mouse may reach it."""
        self._shade: Any = None

    def draw(
        self,
        surface: Any,
        sliders: Sequence[Turnable],
        chosen: int,
        values: Sequence[float],
        shares: Sequence[float],
        defaults: Sequence[float],
        bottom: int,
    ) -> None:
        """`values` as they are, `shares` of them along their rails 0..1, `defaults` likewise, a tick on the rail."""
        letters, px = self._letters, self._letters.px
        tall = bottom - px(_TOP)
        if self._shade is None or self._shade.get_height() != tall + px(24):
            self._shade = soft(px(WIDE + _MARGIN + 60), max(1, tall + px(24)), px(32), 0.80)
        import pygame

        x, y = max(px(_MARGIN), surface.get_width() - px(_MARGIN + WIDE)), px(_TOP)
        surface.blit(self._shade, (x - px(32), y - px(20)), special_flags=pygame.BLEND_RGB_MULT)
        self._rails = []
        lines = _lines(sliders)
        room = max(3, int((tall / letters.scale - _ABOUT) // _LINE))
        at = next((k for k, line in enumerate(lines) if line == chosen), 0)
        self._scroll(lines, at, room)
        for line in lines[self._first : self._first + room]:
            if isinstance(line, str):
                surface.blit(letters.fitted("label", line, px(WIDE - 20), DIM), (x, y + px(8)))
            else:
                self._row(surface, sliders[line], line, line == chosen, (x, y), values, shares, defaults)
            y += px(_LINE)
        if len(lines) > room:
            self._thumb(surface, x + px(WIDE + 4), len(lines), room, tall)
        if sliders:
            about = letters.fitted("label", sliders[chosen].about, px(WIDE), DIM)
            surface.blit(about, (x, bottom - px(30)))

    def under(self, place: tuple[int, int]) -> tuple[int, float] | None:
        """The slider under the mouse and how far along its rail, 0..1; None if there is none."""
        for slider, x, y, wide, tall in self._rails:
            if x - 12 <= place[0] <= x + wide + 12 and y <= place[1] < y + tall:
                return slider, min(1.0, max(0.0, (place[0] - x) / wide))
        return None

    def along(self, slider: int, x: int) -> float | None:
        """How far along the rail of one slider an x is, wherever its y: a drag may wander."""
        for found, left, _, wide, _ in self._rails:
            if found == slider:
                return min(1.0, max(0.0, (x - left) / wide))
        return None

    def _scroll(self, lines: list[int | str], at: int, room: int) -> None:
        """As little as is needed for the chosen one to be seen, and a line around it."""
        self._first = min(self._first, max(0, at - 1))
        self._first = max(self._first, at + 2 - room)
        self._first = max(0, min(self._first, len(lines) - room))

    def _row(
        self,
        surface: Any,
        slider: Turnable,
        number: int,
        chosen: bool,
        place: tuple[int, int],
        values: Sequence[float],
        shares: Sequence[float],
        defaults: Sequence[float],
    ) -> None:
        letters, px, (x, y) = self._letters, self._letters.px, place
        ink = INK if chosen else DIM
        surface.blit(letters.fitted("value", slider.label, px(_LABEL - 12), ink), (x, y + px(3)))
        left, wide, middle = x + px(_LABEL), px(_RAIL), y + px(_LINE // 2)
        self._rails.append((number, left, y, wide, px(_LINE)))
        surface.fill(RAIL, (left, middle - px(2), wide, px(4)))
        full, tall = round(wide * shares[number]), px(10 if chosen else 6)
        surface.fill(MID if chosen else DIM, (left, middle - tall // 2, full, tall))
        tick = left + round((wide - px(2)) * defaults[number])
        surface.fill(INK, (tick, middle - px(7), px(2), px(3)))
        if chosen:
            surface.fill(INK, (left + max(0, full - px(1)), middle - px(8), px(2), px(16)))
        value = letters.text("label", _number(values[number], slider), ink)
        surface.blit(value, (left + wide + px(14), y + px(5)))

    def _thumb(self, surface: Any, x: int, count: int, room: int, tall: int) -> None:
        px = self._letters.px
        top, long = px(_TOP), tall - px(_ABOUT)
        surface.fill(RAIL, (x, top, px(2), long))
        surface.fill(
            DIM, (x, top + round(long * self._first / count), px(2), max(8, round(long * room / count)))
        )


def _lines(sliders: Sequence[Turnable]) -> list[int | str]:
    """Heads and the numbers of sliders, in order."""
    lines: list[int | str] = []
    group = None
    for i, slider in enumerate(sliders):
        if slider.group != group:
            group = slider.group
            lines.append(group)
        lines.append(i)
    return lines


def _number(value: float, slider: Turnable) -> str:
    unit = f" {slider.unit}" if slider.unit else ""
    if slider.whole:
        return f"{value:.0f}{unit}"
    size = abs(value)
    text = (
        f"{value:.0f}"
        if size >= 100
        else f"{value:.1f}"
        if size >= 10
        else f"{value:.2f}"
        if size >= 1
        else f"{value:.3f}"
    )
    return f"{text}{unit}"
