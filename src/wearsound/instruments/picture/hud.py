"""The HUD: the strip, and what is asked for over the picture: keys, sliders, the card of a zone, the flash meter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pygame

from wearsound.core import Frame
from wearsound.instruments.picture.chart import Chart
from wearsound.instruments.picture.hud_ink import BAD, DIM, INK, RAIL, STAGE, WARN, Letters, ramp, soft
from wearsound.instruments.picture.hud_keys import KeysPanel
from wearsound.instruments.picture.hud_sliders import SlidersPanel
from wearsound.instruments.picture.hud_strip import FLASHES, LEDGER, Signs, Strip, flashes
from wearsound.instruments.picture.hud_why import WhyCard

_SHADE, _SHADE_ABOVE = 132, 64
_ROOM, _SHADE_MORE = 6, 64
"""Between the line above the strip and the charts above it; how much higher than they the shade reaches."""
_SMALLEST = 480


class Hud:
    """Draws over a picture of one size. Text is drawn once and kept. [main thread]"""

    def __init__(self, size: tuple[int, int]) -> None:
        """`size` of the picture; what a narrow one has no room for is left out, from the right."""
        self.size = size
        self.most_ma = 0.0
        """What the garment's battery bears, if it is told: above nine tenths of it the number warns."""
        self.letters = letters = Letters(size)
        self.strip = Strip(size, letters)
        self.sliders, self._why, self._keys = (
            SlidersPanel(letters),
            WhyCard(size, letters),
            KeysPanel(letters),
        )
        self._tall = min(letters.px(_SHADE), size[1])
        self._shade = ramp(size[0], self._tall)
        self._shade_chart = self._shade
        self._labels = letters if letters.scale == 1.0 else Letters((1280, 720))
        self.chart = Chart(size[0])
        """A trace for each actuator; it must be told their names."""
        above = min(letters.px(_SHADE_ABOVE), size[1])
        self._shade_above = pygame.transform.flip(ramp(size[0], above), False, True)
        self._under: Any = None
        self._shade_flashes: Any = None

    def signs(self) -> Signs:
        """A fresh set of signs to fill in and pass to `draw`."""
        return Signs()

    @property
    def bottom(self) -> int:
        """Where panels must end: above the strip, and the charts where they are."""
        charts = _ROOM + self.chart.tall if self._charted() else 0
        return self.strip.top - self.letters.px(LEDGER + 8) - charts

    def draw(self, surface: Any, frame: Frame, signs: Signs, shown: float = 1.0) -> None:
        """Draw the strip along the bottom of `surface`, 0.1 to 0.2 ms; `shown` 0..1 is how far it has come."""
        self.chart.keep(frame)
        if shown <= 0:
            return
        if shown < 1:
            tall = min(self.size[1], self._tall + self.chart.tall + _SHADE_MORE)
            area = (0, self.size[1] - tall, self.size[0], tall)
            if self._under is None or self._under.get_height() != tall:
                self._under = pygame.Surface((self.size[0], tall))
            self._under.blit(surface, (0, 0), area)
            self._draw(surface, frame, signs)
            self._under.set_alpha(round(255 * (1 - shown)))
            surface.blit(self._under, area[:2])
            return
        self._draw(surface, frame, signs)

    def _draw(self, surface: Any, frame: Frame, signs: Signs) -> None:
        width, height = self.size
        charted, deep = self._charted(), self._shade
        if charted:
            if self._shade_chart is self._shade:
                self._shade_chart = ramp(width, self._tall + _SHADE_MORE - 48 + LEDGER + self.chart.tall)
            deep = self._shade_chart
        surface.blit(deep, (0, height - deep.get_height()), special_flags=pygame.BLEND_RGB_MULT)
        if width < _SMALLEST:
            return
        if charted:
            top = self.strip.top - self.letters.px(LEDGER) - _ROOM - self.chart.tall
            self.chart.draw(surface, top, self._labels.text)
        self.strip.draw(surface, frame, signs, self.most_ma)

    def warns(self, frame: Frame, signs: Signs) -> bool:
        """Whether there is something for which a hidden strip comes back."""
        return self.strip.warns(frame, signs, self.most_ma)

    def error(self, surface: Any, sentence: str, more: int = 0) -> None:
        """A line at the top edge and one sentence, and how many `more` there are; it never covers the garment."""
        px, width = self.letters.px, self.size[0]
        surface.fill(BAD, (0, 0, width, px(6)))
        surface.blit(self._shade_above, (0, px(6)), special_flags=pygame.BLEND_RGB_MULT)
        right = width - px(32)
        if more:
            count = self.letters.text("value", f"(+{more})", WARN)
            right -= count.get_width()
            surface.blit(count, (right, px(12)))
            right -= px(16)
        surface.blit(self.letters.fitted("value", sentence, max(1, right - px(32)), INK), (px(32), px(12)))

    def word(self, surface: Any, word: str) -> None:
        """One word, ink on stage, alone: panic and blackout."""
        surface.fill(STAGE)
        text = self.letters.text("stage", word, INK)
        surface.blit(text, text.get_rect(center=(self.size[0] // 2, self.size[1] // 2)))

    def keys(self, surface: Any, keys: Sequence[tuple[str, str, str]]) -> None:
        """The keys, over a shade: what is printed on each, what it does, under which head."""
        self._keys.draw(surface, keys, self.bottom)

    def why(self, surface: Any, told: Any, place: tuple[int, int] | None) -> None:
        """The card of a zone beside the place it was pointed at, else in a corner."""
        self._why.draw(surface, told, place, self.bottom)

    def flashes(self, surface: Any, frame: Frame, kept: float, left: bool = False) -> None:
        """The flash meter, large, in an upper corner: swings of the last second, and how much the screen was dimmed."""
        px, letters = self.letters.px, self.letters
        now = flashes(frame)
        x = px(32) if left else self.size[0] - px(352)
        area = pygame.Rect(x, px(40), px(320), px(112))
        if self._shade_flashes is None:
            self._shade_flashes = soft(area.width + px(24), area.height + px(24), px(24), 0.8)
        place = (area.left - px(12), area.top - px(12))
        surface.blit(self._shade_flashes, place, special_flags=pygame.BLEND_RGB_MULT)
        colour = WARN if now >= FLASHES else INK
        surface.blit(
            letters.text("stage", f"{now}/{FLASHES}", colour), (area.left + px(20), area.top + px(12))
        )
        words = "swings in this second"
        surface.blit(letters.text("label", words, DIM), (area.left + px(104), area.top + px(32)))
        for i in range(FLASHES):
            bar = (area.left + px(20 + 92 * i), area.top + px(64), px(84), px(12))
            surface.fill(colour if i < now else RAIL, bar)
        told = f"the screen is dimmed to {100 * kept:.0f} %" if kept < 0.995 else "the screen is not dimmed"
        surface.blit(
            letters.text("label", told, DIM if kept >= 0.995 else WARN),
            (area.left + px(20), area.top + px(86)),
        )

    def _charted(self) -> bool:
        return self.chart.seen and self.size[0] >= _SMALLEST and self.size[1] >= 480
