"""The card that says why a zone moves: its route in words, the value, its last four seconds, and who else plays it."""

from __future__ import annotations

from typing import Any

import pygame

from wearsound.core import F32
from wearsound.instruments.picture.hud_ink import DIM, GOOD, INK, RAIL, WARN, Letters, soft

SPAN = 4.0
"""Seconds from the left end of the trace to its right."""

_WIDE, _EDGE, _TRACE_WIDE, _TRACE, _LINE = 372, 16, 200, 52, 18
_AWAY = 70
"""From the place that is pointed at to its card."""
_MOST = 6
"""Other routes for which there is room."""


Told = Any
"""What the card says: `outputs.why.Answer` has the words for it."""


class WhyCard:
    """Draws one card beside the place it is about. [main thread]"""

    def __init__(self, size: tuple[int, int], letters: Letters) -> None:
        self._size, self._letters = size, letters
        self._shades: dict[int, pygame.Surface] = {}

    def draw(self, surface: Any, told: Told, place: tuple[int, int] | None, bottom: int) -> pygame.Rect:
        """The card for what is at `place` of the picture, in a corner without one; it ends above `bottom`."""
        letters, px = self._letters, self._letters.px
        wide = px(_WIDE - 2 * _EDGE)
        head = letters.lines("label", told.lead.line if told.lead else told.control, wide)[:3]
        reason = letters.lines("value", told.reason, wide)[:3] if told.reason else []
        others = [route for route in told.routes if route.why is not told.lead]
        named = others[:_MOST]
        tall = px(2 * _EDGE + _LINE * (len(head) + 1) + _TRACE + 38)
        tall += px(24) * len(reason) + (px(8) + px(2 * _LINE) * len(named) if named else 0)
        tall += px(_LINE) if len(others) > _MOST else 0
        area = self._area(place, tall, bottom)
        self._ground(surface, area)
        if place is not None:
            edge = (area.left if place[0] < area.left else area.right - 1, area.top + px(_EDGE + 8))
            pygame.draw.aaline(surface, DIM, place, edge)
            pygame.draw.aacircle(surface, INK, place, px(5), max(1, px(2)))
        x, y = area.left + px(_EDGE), area.top + px(_EDGE)
        for line in head:
            surface.blit(letters.text("label", line, INK), (x, y))
            y += px(_LINE)
        scene = f"  scene {told.lead.scene}" if told.lead and told.lead.scene else ""
        where = f"{told.lead.where}{scene}" if told.lead else f"zone {told.zone}"
        surface.blit(letters.fitted("label", where, wide, DIM), (x, y))
        y += px(_LINE + 8)
        self._value(surface, told, x, y)
        self._traces(surface, told, area.right - px(_EDGE + _TRACE_WIDE), y)
        y += px(_TRACE + 30)
        for line in reason:
            surface.blit(letters.text("value", line, WARN), (x, y))
            y += px(24)
        if named:
            y += px(8)
        for route in named:
            self._other(surface, route, x, y, wide)
            y += px(2 * _LINE)
        if len(others) > _MOST:
            surface.blit(letters.text("label", f"and {len(others) - _MOST} more", DIM), (x, y))
        return area

    def _area(self, place: tuple[int, int] | None, tall: int, bottom: int) -> pygame.Rect:
        """To the right of the place if there is room, else to its left; whole, and above the strip."""
        px, (width, _) = self._letters.px, self._size
        wide = px(_WIDE)
        if place is None:
            return pygame.Rect(width - wide - px(32), max(px(40), bottom - tall), wide, tall)
        right = place[0] + px(_AWAY)
        left = right if right + wide <= width - px(24) else place[0] - px(_AWAY) - wide
        left = max(px(24), min(width - wide - px(24), left))
        top = max(px(40), min(bottom - tall, place[1] - px(40)))
        return pygame.Rect(left, top, wide, tall)

    def _ground(self, surface: Any, area: pygame.Rect) -> None:
        edge = self._letters.px(14)
        made = self._shades.get(area.height)
        if made is None:
            if len(self._shades) > 20:
                self._shades.clear()
            made = self._shades[area.height] = soft(
                area.width + 2 * edge, area.height + 2 * edge, 2 * edge, 0.86
            )
        surface.blit(made, (area.left - edge, area.top - edge), special_flags=pygame.BLEND_RGB_MULT)

    def _value(self, surface: Any, told: Told, x: int, y: int) -> None:
        letters, px = self._letters, self._letters.px
        value = f"{told.value:.2f}" if abs(told.value) < 10 else f"{told.value:.0f}"
        text = letters.text("stage", value, DIM if told.reason else INK)
        surface.blit(text, (x, y - px(4)))
        if told.unit:
            surface.blit(letters.text("label", told.unit, DIM), (x + text.get_width() + px(6), y + px(18)))
        label = told.control.rpartition(".")[2]
        surface.blit(letters.text("label", label, INK), (x, y + px(_TRACE + 6)))
        if told.lead is not None:
            heard = f"{told.lead.feature.rpartition('.')[2]} {told.feature_value:.2g}"
            left = x + px(_WIDE - 2 * _EDGE - _TRACE_WIDE)
            surface.blit(letters.fitted("label", heard, px(_TRACE_WIDE), DIM), (left, y + px(_TRACE + 6)))

    def _traces(self, surface: Any, told: Told, x: int, y: int) -> None:
        """The control as a line, its feature dim behind it, the threshold a dotted rail."""
        px = self._letters.px
        wide, tall = px(_TRACE_WIDE), px(_TRACE)
        surface.fill(RAIL, (x, y + tall, wide, px(2)))
        if told.threshold is not None:
            at = y + round(tall * (1 - min(1.0, max(0.0, told.threshold))))
            for dot in range(0, wide, px(8)):
                surface.fill(DIM, (x + dot, at, px(3), max(1, px(1))))
        self._line(surface, told.heard, x, y, DIM, max(1, px(1)))
        self._line(surface, told.trace, x, y, INK if told.reason else GOOD, px(2))

    def _line(self, surface: Any, trace: F32, x: int, y: int, colour: Any, thick: int) -> None:
        px = self._letters.px
        wide, tall = px(_TRACE_WIDE), px(_TRACE)
        points = [
            (x + round(wide * (1 + ago / SPAN)), y + round(tall * (1 - min(1.0, max(0.0, level)))))
            for ago, level in trace.tolist()
        ]
        if len(points) > 1:
            pygame.draw.lines(surface, colour, False, points, thick)

    def _other(self, surface: Any, route: Any, x: int, y: int, wide: int) -> None:
        """Another route: what it is, then where it stands and why it is not the one."""
        letters, px = self._letters, self._letters.px
        why = route.why
        plays = route.state != "waits"
        if plays:
            pygame.draw.circle(surface, DIM, (x + px(4), y + px(9)), px(3))
        else:
            pygame.draw.circle(surface, DIM, (x + px(4), y + px(9)), px(3), 1)
        surface.blit(letters.fitted("label", why.line, wide - px(14), DIM), (x + px(14), y))
        word = "another wins" if plays else f"waits for {why.scene}"
        text = letters.fitted("label", f"{word}  {why.where}", wide - px(14), DIM)
        surface.blit(text, (x + px(14), y + px(_LINE - 2)))
