"""The signal strip: what is heard, read by place and length, so that nobody asks why nothing reacts."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import pygame

from wearsound.core import Frame
from wearsound.instruments.picture.chart import Chart
from wearsound.instruments.picture.type import font

# sRGB of the OKLCH values of the house's palette.
INK, DIM, RAIL = (0xED, 0xE7, 0xDB), (0x9C, 0x98, 0x8E), (0x3A, 0x3D, 0x44)
GOOD, WARN, BAD = (0x6E, 0xCC, 0xB0), (0xEF, 0xB1, 0x46), (0xF4, 0x52, 0x49)
LOW, MID, HIGH = (0xEC, 0x6E, 0x38), GOOD, (0xB9, 0xDE, 0xF4)
STAGE = (0x08, 0x0B, 0x10)

KEYS = (
    ("Esc", "hide or show the strip; twice: panic"),
    ("R", "resume after panic"),
    ("B", "blackout"),
    ("T", "tap the beat"),
    ("1-9", "scene"),
    ("Space", "freeze the picture"),
    ("S", "save the picture as PNG"),
    ("F", "full screen"),
    ("H ?", "these keys"),
    ("Q", "quit"),
)

_RAILS = (("room.bass", LOW), ("room.mid", MID), ("room.high", HIGH))
_LEADS = ("ear", "tap", "osc", "midi", "link")
"""Who leads the tempo, by the feature `lead`."""
_HOLD = 1.5
_SURE = 0.5  # of confidence: below, a tempo is dim
_FULL = -0.1  # dB: who peaks here clips
_STRIP, _SHADE, _SHADE_ABOVE = 60, 132, 64
_ROOM, _SHADE_MORE = 6, 64
"""Between the strip and the strip charts above it; how much higher than they the shade reaches."""
_SMALLEST = 480
_NAME, _LAMPS, _NUMBERS = 508, 796, 916
_MARGIN = 32


@dataclass(slots=True)
class Signs:
    """Lamps ("": none, "waiting": ring, "alive": filled, "lost": cross; never colour alone), a passing note."""

    lamp_in: str = "waiting"
    lamp_osc: str = ""
    lamp_out: str = ""
    note: str = ""


class Hud:
    """The strip, the error line, the word and the keys. Text is drawn once and kept."""

    def __init__(self, size: tuple[int, int]) -> None:
        """`size` of the picture; what a narrow one has no room for is left out, from the right."""
        pygame.font.init()
        self.size = size
        self.most_ma = 0.0
        """What the garment's battery bears, if it is told: above nine tenths of it the number warns."""
        self._fonts = {
            "stage": font("mono", 38),
            "name": font("mono", 28),
            "label": font("mono", 14),
            "value": font("sans", 17),
        }
        self._texts: dict[tuple[str, str, tuple[int, int, int]], pygame.Surface] = {}
        self._shade = _ramp(size[0], min(_SHADE, size[1]))
        self._shade_chart = self._shade
        self.chart = Chart(size[0])
        """A trace for each actuator; it must be told their names."""
        self._shade_above = pygame.transform.flip(_ramp(size[0], min(_SHADE_ABOVE, size[1])), False, True)
        self._held = [(0.0, -_HOLD)] * len(_RAILS)
        self._clipped = -math.inf
        self._discs = {radius: _disc(radius) for radius in range(8, 15)}
        self._ring = _disc(16, RAIL, 3)

    def signs(self) -> Signs:
        """A fresh set of signs to fill in and pass to `draw`."""
        return Signs()

    def draw(self, surface: Any, frame: Frame, signs: Signs) -> None:
        """Draw the strip along the bottom of `surface`; about 0.2 ms. [main thread]"""
        width, height = self.size
        self.chart.keep(frame)
        charted = self._charted()
        shade = self._shade
        if charted:
            if self._shade_chart is self._shade:
                self._shade_chart = _ramp(width, _SHADE + _SHADE_MORE - 48 + self.chart.tall)
            shade = self._shade_chart
        surface.blit(shade, (0, height - shade.get_height()), special_flags=pygame.BLEND_RGB_MULT)
        if width < _SMALLEST:
            return
        top = height - _STRIP
        if charted:
            self.chart.draw(surface, top - _ROOM - self.chart.tall, self._text)
        self._beat(surface, frame, top)
        self._rails(surface, frame, top)
        self._phrase(surface, frame)
        if width >= _NAME + 256:
            self._name(surface, signs.note or frame.scene, top, dim=bool(signs.note))
        if width >= _NUMBERS:
            self._lamps(surface, signs, top)
        self._numbers(surface, frame, top)

    def error(self, surface: Any, sentence: str) -> None:
        """A line at the top edge and one sentence; it never covers the garment. [main thread]"""
        width = self.size[0]
        surface.fill(BAD, (0, 0, width, 6))
        text = self._fitted("value", sentence, width - 64, INK)
        surface.blit(self._shade_above, (0, 6), special_flags=pygame.BLEND_RGB_MULT)
        surface.blit(text, (32, 12))

    def word(self, surface: Any, word: str) -> None:
        """One word, ink on stage, alone: panic and blackout. [main thread]"""
        surface.fill(STAGE)
        text = self._text("stage", word, INK)
        surface.blit(text, text.get_rect(center=(self.size[0] // 2, self.size[1] // 2)))

    def keys(self, surface: Any) -> None:
        """The keys, over a shade. [main thread]"""
        line, left = 28, 32
        panel = pygame.Rect(left, 0, 440, 40 + line * len(KEYS))
        below = _STRIP + (_ROOM + self.chart.tall if self._charted() else 0)
        panel.top = max(0, self.size[1] - below - 40 - panel.height)
        surface.fill((51, 51, 51), panel, special_flags=pygame.BLEND_RGB_MULT)
        for i, (key, about) in enumerate(KEYS):
            y = panel.top + 20 + i * line
            surface.blit(self._text("label", key, GOOD), (left + 20, y + 4))
            surface.blit(self._text("value", about, INK), (left + 92, y))

    def _charted(self) -> bool:
        return self.chart.seen and self.size[0] >= _SMALLEST and self.size[1] >= 480

    def _beat(self, surface: Any, frame: Frame, top: int) -> None:
        heard = frame.features
        tempo, phase = heard.get("room.tempo"), heard.get("room.phase")
        beating = tempo > 0
        middle = (48, top + 28)
        surface.blit(self._ring, self._ring.get_rect(center=middle))
        if beating:
            disc = self._discs[8 + round(6 * math.exp(-3.2 * min(1.0, max(0.0, phase))))]
            surface.blit(disc, disc.get_rect(center=middle))
        # A dash waits where the tempo will stand, so that the strip never jumps.
        sure = beating and heard.get("room.confidence") >= _SURE
        number = self._text("stage", f"{tempo:.0f}" if beating else "—", INK if sure else DIM)
        surface.blit(number, (76, middle[1] - number.get_height() // 2))
        x = 76 + self._fonts["stage"].size("000")[0] + 6
        surface.blit(self._text("label", "bpm", DIM), (x, top + 12))
        if beating:
            # The ear is as sure as it is; anybody else is believed, and stands out.
            lead = heard.get("room.lead")
            led = 0 < lead < len(_LEADS)
            word = _LEADS[int(lead)] if led else f"ear {heard.get('room.confidence'):.1f}"
            surface.blit(self._text("label", word, INK if led else DIM), (x, top + 30))

    def _rails(self, surface: Any, frame: Frame, top: int) -> None:
        x, long = 232, min(240, self.size[0] - 264)
        for i, (feature, colour) in enumerate(_RAILS):
            y = top + 6 + 16 * i
            value = min(1.0, max(0.0, frame.features.get(feature)))
            held, since = self._held[i]
            if value >= held or not 0 <= frame.time - since <= _HOLD:
                held, since = value, frame.time
                self._held[i] = (held, since)
            surface.fill(RAIL, (x, y + 3, long, 6))
            surface.fill(colour, (x, y, round(long * value), 12))
            if held > 0:
                surface.fill(INK, (x + round((long - 2) * held), y, 2, 12))

    def _phrase(self, surface: Any, frame: Frame) -> None:
        if frame.features.get("room.tempo") <= 0:
            return
        beats = frame.features.get("room.beat") % 16 + frame.features.get("room.phase")
        width, height = self.size
        surface.fill(RAIL, (0, height - 4, width, 4))
        surface.fill(DIM, (0, height - 4, round(width * min(1.0, beats / 16)), 4))

    def _name(self, surface: Any, name: str, top: int, dim: bool) -> None:
        if not name:
            return
        size = "value" if dim else "stage"
        if not dim and self._fonts["stage"].size(name)[0] > 256:
            size = "name"
        text = self._fitted(size, name, 256, DIM if dim else INK)
        surface.blit(text, (_NAME, top + 28 - text.get_height() // 2))

    def _lamps(self, surface: Any, signs: Signs, top: int) -> None:
        x = _LAMPS
        for label, state in (("in", signs.lamp_in), ("osc", signs.lamp_osc), ("out", signs.lamp_out)):
            if state:
                text = self._text("label", label, DIM)
                surface.blit(text, (x - text.get_width() // 2, top + 8))
                _lamp(surface, (x, top + 40), state)
            x += 46

    def _numbers(self, surface: Any, frame: Frame, top: int) -> None:
        level, health = frame.features.get("room.level", -90.0), frame.health
        if frame.features.get("room.peak", -90.0) >= _FULL:
            self._clipped = frame.time  # and held, because one sample is too short to be seen
        clips = 0 <= frame.time - self._clipped <= _HOLD
        open_gate = frame.features.get("room.gate", 1.0) > 0
        # Each as wide as its longest word and a space, so that no two touch: level, "closed", 9999 mA, 120 ms.
        columns = (
            (48, "dB", "clip" if clips else f"{level:.0f}", BAD if clips else INK),
            (64, "gate", "open" if open_gate else "closed", INK if open_gate else DIM),
            (57, "flash", _flashes(frame), INK),
            (53, "mA", f"{frame.ma:.0f}", WARN if 0 < self.most_ma < frame.ma / 0.9 else INK),
            (72, "age", f"{health.age_ms:.0f} ms", WARN if health.age_ms > 60 else INK),
            (36, "drop", f"{health.drops}", WARN if health.drops else INK),
        )
        x = _NUMBERS
        for wide, label, value, colour in columns:
            if x + min(wide, 40) > self.size[0] - _MARGIN:
                return
            surface.blit(self._text("label", label, DIM), (x, top + 8))
            surface.blit(self._text("value", value, colour), (x, top + 28))
            x += wide

    def _text(self, font: str, text: str, colour: tuple[int, int, int]) -> pygame.Surface:
        key = (font, text, colour)
        if key not in self._texts:
            if len(self._texts) > 400:
                self._texts.clear()
            self._texts[key] = self._fonts[font].render(text, True, colour)
        return self._texts[key]

    def _fitted(self, font: str, text: str, width: int, colour: tuple[int, int, int]) -> pygame.Surface:
        key = (font, f"{width} {text}", colour)
        if key not in self._texts:
            text = " ".join(text.split())
            if self._fonts[font].size(text)[0] > width:
                while text and self._fonts[font].size(text + "…")[0] > width:
                    text = text[:-1]
                text = text.rstrip() + "…"
            self._texts[key] = self._text(font, text, colour)
        return self._texts[key]


def _ramp(width: int, height: int) -> pygame.Surface:
    """A shade that deepens downwards: the strip has no panel and no edge."""
    shade = pygame.Surface((width, height))
    for y in range(height):
        depth = min(1.0, y / (height * 0.6))
        value = round(255 * (1 - 0.86 * depth * depth * (3 - 2 * depth)))
        shade.fill((value, value, value), (0, y, width, 1))
    return shade


def _disc(radius: int, colour: tuple[int, int, int] = INK, line: int = 0) -> pygame.Surface:
    """A disc or ring with a soft edge: drawn large once, and reduced."""
    large = pygame.Surface((radius * 8 + 8, radius * 8 + 8), pygame.SRCALPHA)
    large.fill((*colour, 0))
    pygame.draw.circle(large, colour, large.get_rect().center, radius * 4, line * 4)
    return pygame.transform.smoothscale(large, (radius * 2 + 2, radius * 2 + 2))


def _lamp(surface: Any, middle: tuple[int, int], state: str) -> None:
    x, y = middle
    if state == "alive":
        pygame.draw.circle(surface, GOOD, middle, 6)
    elif state == "waiting":
        pygame.draw.circle(surface, WARN, middle, 6, 2)
    else:
        pygame.draw.line(surface, BAD, (x - 5, y - 5), (x + 5, y + 5), 3)
        pygame.draw.line(surface, BAD, (x - 5, y + 5), (x + 5, y - 5), 3)


def _flashes(frame: Frame) -> str:
    """Swing slots that the flash guard handed out within the last second."""
    if frame.time <= 0:
        return "0"
    ticks_a_second = (frame.tick + 1) / frame.time
    return str(sum(frame.tick - at < ticks_a_second for at in frame.slots))
