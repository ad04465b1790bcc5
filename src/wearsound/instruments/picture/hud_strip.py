"""The signal strip: what is heard, read by place and length, so that nobody asks why nothing reacts.

Two rows stand at the bottom; a thin line above them names the device, the set, and what a hand does. A narrow picture
has the same things closer together; what has no room then is left out, from the right.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import pygame

from wearsound.core import Frame
from wearsound.instruments.picture.hud_ink import (
    BAD,
    DIM,
    HIGH,
    INK,
    LOW,
    MID,
    RAIL,
    WARN,
    Letters,
    disc,
    lamp,
)

STRIP, LEDGER = 60, 20
"""Heights of the strip and of the line above it, for a picture of 720 rows."""

FLASHES = 3
"""Swings a second that the flash guard hands out."""

LATE_MS = 60.0
"""Sound that is heard later than this is told as a warning."""

_RAILS = (("room.bass", LOW), ("room.mid", MID), ("room.high", HIGH))
_LEADS = ("ear", "tap", "osc", "midi", "link")
"""Who leads the tempo, by the feature `lead`."""
_HOLD = 1.5
_SURE = 0.5  # of confidence: below, a tempo is dim
_FULL = -0.1  # dB: who peaks here clips
_MARGIN = 32
_NARROW, _WIDE = 960, 1280
_LABELS = ("dB", "gate", "flash", "mA", "age", "drop")


@dataclass(slots=True)
class Signs:
    """What the strip tells that no frame knows.

    Lamps: "" none, "waiting" ring, "alive" filled, "lost" cross; never colour alone. `cue` is the next one, `waiting` a
    scene that waits for its beat, `set_list` which show of a set; `note` passes.
    """

    lamp_in: str = "waiting"
    lamp_osc: str = ""
    lamp_out: str = ""
    note: str = ""
    device: str = ""
    cue: str = ""
    waiting: str = ""
    set_list: str = ""
    master: float = 1.0
    recording: bool = False
    locked: bool = False


class _Places:
    """Where things stand, in pixels of a picture of 720 rows; between 960 and 1280 columns they move together."""

    def __init__(self, width: float) -> None:
        near = min(1.0, max(0.0, (width - _NARROW) / (_WIDE - _NARROW)))

        def at(narrow: float, wide: float) -> float:
            return narrow + (wide - narrow) * near

        self.rails, self.rail = at(230, 232), min(at(92, 240), max(0.0, width - 264))
        self.name, self.name_wide = at(338, 508), at(164, 256)
        self.lamps, self.lamp_pitch = at(524, 796), at(34, 46)
        self.numbers = at(614, 911)
        # Each as wide as its longest word and a space, so that no two touch: level, "closed", 3/3, 9999 mA, 120 ms.
        narrow, wide = (36, 57, 50, 55, 66, 36), (43, 64, 57, 56, 74, 36)
        self.columns = [at(a, b) for a, b in zip(narrow, wide, strict=True)]


class Strip:
    """Draws it along the bottom of a picture. [main thread]"""

    def __init__(self, size: tuple[int, int], letters: Letters) -> None:
        self._letters, self._px = letters, letters.px
        self.size = size
        self.top = size[1] - self._px(STRIP)
        self._width = size[0] / letters.scale
        self._places = _Places(self._width)
        self._held = [(0.0, -_HOLD)] * len(_RAILS)
        self._clipped = -math.inf
        self._drops: int | None = None
        self._gone = (False, False, False)
        self._discs = {r: disc(self._px(r)) for r in range(8, 15)}
        self._ring = disc(self._px(16), RAIL, self._px(3))

    def draw(self, surface: Any, frame: Frame, signs: Signs, most_ma: float) -> None:
        """Everything but its shade."""
        places, width = self._places, self._width
        self._beat(surface, frame, signs)
        self._rails(surface, frame)
        self._phrase(surface, frame)
        if width >= places.name + places.name_wide:
            self._name(surface, frame.scene)
        if width >= places.numbers - 20:
            self._lamps(surface, signs)
        self._numbers(surface, frame, most_ma)
        if width >= 640:
            self._ledger(surface, frame, signs)

    def clips(self, frame: Frame) -> bool:
        """Whether a peak stood at full scale lately: one sample is too short to be seen, so it is held."""
        if frame.features.get("room.peak", -90.0) >= _FULL:
            self._clipped = frame.time
        return 0 <= frame.time - self._clipped <= _HOLD

    def warns(self, frame: Frame, signs: Signs, most_ma: float) -> bool:
        """Whether there is something for which the strip comes back though it was hidden."""
        lost = self._drops is not None and frame.health.drops > self._drops
        self._drops = frame.health.drops
        # A lamp that is lost for good (a port that is taken) warns once: the strip may be hidden again.
        before, self._gone = (
            self._gone,
            (signs.lamp_in == "lost", signs.lamp_osc == "lost", signs.lamp_out == "lost"),
        )
        gone = any(now and not was for was, now in zip(before, self._gone, strict=True))
        return (
            self.clips(frame) or frame.health.age_ms > LATE_MS or lost or 0 < most_ma < frame.ma / 0.9 or gone
        )

    def _beat(self, surface: Any, frame: Frame, signs: Signs) -> None:
        heard, letters, px, top = frame.features, self._letters, self._px, self.top
        tempo, phase = heard.get("room.tempo"), heard.get("room.phase")
        beating = tempo > 0
        middle = (px(48), top + px(28))
        surface.blit(self._ring, self._ring.get_rect(center=middle))
        if beating:  # in silence it is small and stands: a large one would be a beat that nobody hears
            pulse = math.exp(-3.2 * min(1.0, max(0.0, phase))) if heard.get("room.silence") < 1 else 0.0
            made = self._discs[8 + round(6 * pulse)]
            surface.blit(made, made.get_rect(center=middle))
        # A dash waits where the tempo will stand, so that the strip never jumps.
        sure = beating and heard.get("room.confidence") >= _SURE
        number = letters.text("stage", f"{min(tempo, 999):.0f}" if beating else "—", INK if sure else DIM)
        surface.blit(number, (px(76), middle[1] - number.get_height() // 2))
        x = px(76) + letters.wide("stage", "000") + px(6)
        surface.blit(
            letters.text("label", "locked" if signs.locked else "bpm", INK if signs.locked else DIM),
            (x, top + px(12)),
        )
        if beating:
            # The ear is as sure as it is; anybody else is believed, and stands out.
            lead = heard.get("room.lead")
            led = 0 < lead < len(_LEADS)
            word = _LEADS[int(lead)] if led else f"ear {min(9.9, heard.get('room.confidence')):.1f}"
            surface.blit(letters.text("label", word, INK if led else DIM), (x, top + px(30)))

    def _rails(self, surface: Any, frame: Frame) -> None:
        px, x, long = self._px, self._px(self._places.rails), self._px(self._places.rail)
        for i, (feature, colour) in enumerate(_RAILS):
            y = self.top + px(6 + 16 * i)
            value = min(1.0, max(0.0, frame.features.get(feature)))
            held, since = self._held[i]
            if value >= held or not 0 <= frame.time - since <= _HOLD:
                held, since = value, frame.time
                self._held[i] = (held, since)
            surface.fill(RAIL, (x, y + px(3), long, px(6)))
            surface.fill(colour, (x, y, round(long * value), px(12)))
            if held > 0:
                surface.fill(INK, (x + round((long - px(2)) * held), y, px(2), px(12)))

    def _phrase(self, surface: Any, frame: Frame) -> None:
        if frame.features.get("room.tempo") <= 0:
            return
        beats = frame.features.get("room.beat") % 16 + frame.features.get("room.phase")
        (width, height), tall = self.size, self._px(4)
        surface.fill(RAIL, (0, height - tall, width, tall))
        surface.fill(DIM, (0, height - tall, round(width * min(1.0, beats / 16)), tall))

    def _name(self, surface: Any, name: str) -> None:
        """The scene, as large as there is room for."""
        letters, px = self._letters, self._px
        x, wide = px(self._places.name), px(self._places.name_wide)
        if name:
            face = "stage" if letters.wide("stage", name) <= wide else "name"
            text = letters.fitted(face, name, wide, INK)
            surface.blit(text, (x, self.top + px(28) - text.get_height() // 2))

    def _lamps(self, surface: Any, signs: Signs) -> None:
        px, x = self._px, self._places.lamps
        for label, state in (("in", signs.lamp_in), ("osc", signs.lamp_osc), ("out", signs.lamp_out)):
            if state:
                text = self._letters.text("label", label, DIM)
                surface.blit(text, (px(x) - text.get_width() // 2, self.top + px(8)))
                lamp(surface, (px(x), self.top + px(40)), state, self._letters.scale)
            x += self._places.lamp_pitch

    def _numbers(self, surface: Any, frame: Frame, most_ma: float) -> None:
        level, health = frame.features.get("room.level", -90.0), frame.health
        clips, now = self.clips(frame), flashes(frame)
        open_gate = frame.features.get("room.gate", 1.0) > 0
        values = (
            ("clip" if clips else f"{max(-99, min(99, level)):.0f}", BAD if clips else INK),
            ("open" if open_gate else "closed", INK if open_gate else DIM),
            (f"{now}/{FLASHES}", WARN if now >= FLASHES else INK),
            (f"{min(frame.ma, 9999):.0f}", WARN if 0 < most_ma < frame.ma / 0.9 else INK),
            (f"{min(health.age_ms, 999):.0f} ms", WARN if health.age_ms > LATE_MS else INK),
            (f"{health.drops}" if health.drops < 1000 else "999+", WARN if health.drops else INK),
        )
        px, text, x = self._px, self._letters.text, self._places.numbers
        for wide, label, (value, colour) in zip(self._places.columns, _LABELS, values, strict=True):
            if x + min(wide, 40) > self._width - _MARGIN + 4:
                return
            surface.blit(text("label", label, DIM), (px(x), self.top + px(8)))
            surface.blit(text("value", value, colour), (px(x), self.top + px(28)))
            x += wide

    def _ledger(self, surface: Any, frame: Frame, signs: Signs) -> None:
        """Device at the left; what waits, cue and set, or a note, in the middle; what a hand does at the right."""
        letters, px = self._letters, self._px
        y = self.top - px(LEDGER)
        right = px(self._width - _MARGIN)
        hands: list[tuple[str, Any]] = []
        if signs.master < 0.995:
            hands.append((f"master {100 * signs.master:.0f} %", WARN))
        if frame.frozen:
            hands.append(("frozen", HIGH))
        if signs.recording:
            hands.append(("rec", BAD))
        for word, colour in hands:
            text = letters.text("value", word, colour)
            right -= text.get_width()
            surface.blit(text, (right, y))
            if word == "rec":
                right -= px(18)
                pygame.draw.circle(surface, BAD, (right + px(5), y + text.get_height() // 2), px(5))
            right -= px(20)
        middle = px(self._places.name)
        if signs.device:
            text = letters.fitted("label", signs.device, middle - px(_MARGIN + 20), DIM)
            surface.blit(text, (px(_MARGIN), y + px(3)))
        told = [(signs.note, INK)] if signs.note else [
            (f"› {signs.waiting}" if signs.waiting else "", DIM),
            (signs.cue, INK),
            (signs.set_list, DIM),
        ]  # fmt: skip
        told = [(words, colour) for words, colour in told if words]
        for left, (words, colour) in zip(range(len(told), 0, -1), told, strict=True):
            room = (right - middle) // left - px(16) * (left > 1)
            if room < px(40):
                return
            text = letters.fitted("value", words, room, colour)
            surface.blit(text, (middle, y))
            middle += text.get_width() + px(16)


def flashes(frame: Frame) -> int:
    """Swing slots that the flash guard handed out within the last second."""
    if frame.time <= 0:
        return 0
    ticks_a_second = (frame.tick + 1) / frame.time
    return sum(0 <= frame.tick - at < ticks_a_second for at in frame.slots)
