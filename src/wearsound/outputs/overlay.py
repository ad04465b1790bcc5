"""What is drawn over the picture: the strip with all its signs, panels, the card of a zone, the error strip."""

from __future__ import annotations

from typing import Any

from wearsound.core import Frame
from wearsound.outputs.dress import Dress
from wearsound.outputs.keys import KEYS
from wearsound.outputs.performer import Performer
from wearsound.outputs.slot import LAMP_ALIVE, LAMP_LOST, LAMP_WAITING, Told
from wearsound.outputs.why import Answer, Past, answer, controls_of

FADE = 0.18
"""Seconds in which the strip comes and goes."""

WARNED = 3.0
"""Seconds for which a hidden strip stays once it came back to warn."""

NOTE = 3.0

_KEYS = tuple((key.shown, key.about, key.group) for key in KEYS)


class Troubles:
    """One sentence from each of several places, the newest first. [main thread]"""

    def __init__(self) -> None:
        self._of: dict[str, str] = {}

    def tell(self, place: str, sentence: str) -> None:
        """What is wrong at a place now, "" for nothing."""
        if self._of.get(place, "") != sentence:
            self._of.pop(place, None)
            if sentence:
                self._of[place] = sentence

    @property
    def sentences(self) -> list[str]:
        """All of them."""
        return list(self._of.values())[::-1]


class Overlay:
    """Composes what the engine tells with what the performer asked for. [main thread]"""

    def __init__(self, hud: Any, performer: Performer) -> None:
        self.hud = hud
        self.troubles = Troubles()
        self.signs = hud.signs()
        self._performer = performer
        self._shown = 1.0 if performer.hud else 0.0
        self._drawn = self._warned = self._noted = -100.0
        self._dress: Dress | None = None
        self._past = Past(0, 0, 0)

    def wear(self, dress: Dress) -> None:
        """From here on the names are those of `dress`."""
        before, self._dress = self._dress, dress
        self.hud.most_ma = dress.most_ma
        self.hud.chart.names = dress.actuators
        self.signs.device = dress.device
        several = len(dress.set_list) > 1 and dress.at < len(dress.set_list)
        self.signs.set_list = (
            f"{dress.at + 1}/{len(dress.set_list)} {dress.set_list[dress.at]}" if several else ""
        )
        counts = (dress.features, dress.controls, dress.zones)
        if before is None or counts != (before.features, before.controls, before.zones):
            self._past = Past(*map(len, counts))

    def note(self, text: str, now: float) -> None:
        """A word that passes."""
        self.signs.note, self._noted = text, now

    def keep(self, frame: Frame) -> None:
        """Take a new frame into the last four seconds."""
        self._past.keep(frame)

    def draw(
        self, surface: Any, frame: Frame, told: Told, picture: Any, stale: bool, kept: float, now: float
    ) -> None:
        """Everything over `picture`, which may know its zones; `kept` is what the screen's guard left of it."""
        hud, performer = self.hud, self._performer
        self._tell(frame, told, stale, now)
        hud.draw(surface, frame, self.signs, self._fade(frame, stale, now))
        if performer.meter and not performer.help:
            hud.flashes(surface, frame, kept, left=performer.panel == "sliders")
        if performer.panel == "sliders":
            sliders = performer.sliders
            hud.sliders.draw(
                surface,
                sliders.sliders,
                sliders.chosen,
                sliders.values,
                sliders.shares,
                sliders.defaults,
                hud.bottom,
            )
        elif performer.panel == "why":
            self._why(surface, frame, told, picture, now)
        if performer.help:
            hud.keys(surface, _KEYS)
        sentences = self.troubles.sentences
        if sentences:
            hud.error(surface, sentences[0], len(sentences) - 1)

    def answer(self, frame: Frame, told: Told) -> Answer | None:
        """Why the zone that is pointed at moves, or does not; None while none is."""
        dress, performer = self._dress, self._performer
        if dress is None or not 0 <= performer.zone < len(dress.zones):
            return None
        zone = dress.zones[performer.zone]
        controls = controls_of(zone, dress)
        return answer(zone, controls[performer.control % len(controls)], dress, frame, told, self._past)

    def _why(self, surface: Any, frame: Frame, told: Told, picture: Any, now: float) -> None:
        performer = self._performer
        found = self.answer(frame, told)
        if found is None:
            self.signs.note, self._noted = (
                "point at a zone, or choose one with the arrow keys",
                now - NOTE + 0.2,
            )
            return
        place = performer.place
        if not hasattr(picture, "place_of"):
            place = None
        elif place is None:
            place = picture.place_of(performer.zone)
        self.hud.why(surface, found, place)

    def _tell(self, frame: Frame, told: Told, stale: bool, now: float) -> None:
        signs, dress = self.signs, self._dress
        heard = frame.features.get("room.silence") < 1
        signs.lamp_in = LAMP_LOST if stale else LAMP_ALIVE if heard else LAMP_WAITING
        signs.lamp_osc, signs.lamp_out = told.lamps
        signs.master, signs.recording, signs.locked = told.master, told.recording, told.locked
        scenes, cues = (dress.scenes, dress.cues) if dress else ((), ())
        signs.waiting = scenes[told.waiting] if 0 <= told.waiting < len(scenes) else ""
        signs.cue = cue_words(cues, told.cue, told.next_cue)
        if now - self._noted > NOTE:
            signs.note = ""

    def _fade(self, frame: Frame, stale: bool, now: float) -> float:
        """How far the strip is there: it goes when it is hidden, and comes back by itself to warn."""
        passed, self._drawn = min(0.1, max(0.0, now - self._drawn)), now
        if stale or self.hud.warns(frame, self.signs):
            self._warned = now
        wanted = self._performer.hud or now - self._warned < WARNED or bool(self.signs.note)
        step = passed / FADE
        self._shown = min(1.0, self._shown + step) if wanted else max(0.0, self._shown - step)
        return self._shown


def cue_words(cues: tuple[str, ...], at: int, following: int) -> str:
    """ "3 dusk > dawn": the cue that was taken last, with its number, and the one that GO takes."""
    if len(cues) < 2:
        return ""
    now = f"{at + 1} {cues[at]} " if 0 <= at < len(cues) else ""
    then = f"> {cues[following]}" if 0 <= following < len(cues) else "> end"
    return f"{now}{then}"
