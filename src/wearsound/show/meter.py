"""Watch levels in a terminal: what each lane hears, and, for a patch, what every zone does and why."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from wearsound.analysis.told import LEADERS
from wearsound.core import BANDS, Clock, Frame, Source
from wearsound.outputs.dress import Why
from wearsound.outputs.why import Past, winner
from wearsound.show.build import Built

RATE = 12
"""Looks a second."""
WIDE = 24
"""Characters of a level's bar."""
STEPS, PLAIN_STEPS = "·▁▂▃▄▅▆▇█", "..::--==#"
BAR, PLAIN_BAR = "█░", "#-"
CLIP = -0.1
"""dB of a peak that clips."""
HELD = 1.5
"""Seconds for which a clip is shown."""


@dataclass(frozen=True, slots=True)
class Signs:
    """What a terminal can show."""

    steps: str = STEPS
    bar: str = BAR

    @classmethod
    def of(cls, encoding: str | None) -> Signs:
        """Blocks where the terminal has them, else plain characters."""
        try:
            (STEPS + BAR).encode(encoding or "ascii")
        except (LookupError, UnicodeEncodeError):
            return cls(PLAIN_STEPS, PLAIN_BAR)
        return cls()


class Meter:
    """An output that prints: `lines(frame)` are drawn on a thread of their own, the engine never waits."""

    name = "meter"
    rate = RATE
    mends = False

    def __init__(
        self,
        lanes: Sequence[str],
        draw: Callable[[Frame, list[str]], None],
        lines: Callable[[Frame], list[str]],
    ) -> None:
        self.lanes = tuple(lanes)
        self._draw = draw
        self._lines = lines
        self._latest: Frame | None = None
        self._news = threading.Event()
        self._leaving = False
        self._thread: threading.Thread | None = None

    def open(self, clock: Clock) -> None:
        """Start drawing."""
        self._leaving = False
        self._thread = threading.Thread(target=self._run, name="meter", daemon=True)
        self._thread.start()

    def send(self, frame: Frame) -> None:
        """Have this frame drawn, or a later one. [engine thread]"""
        self._latest = frame
        self._news.set()

    def close(self) -> None:
        """Draw the last frame and stop; twice is fine."""
        thread, self._thread = self._thread, None
        if thread is not None:
            self._leaving = True
            self._news.set()
            thread.join(1.0)

    def _run(self) -> None:
        while not self._leaving:
            self._news.wait()
            self._news.clear()
            frame, self._latest = self._latest, None
            if frame is not None:
                self._draw(frame, self._lines(frame))


class Lines:
    """The lines of one frame. `whys` are a patch's routes, for which zones are shown too; none: lanes alone."""

    def __init__(
        self,
        built: Built,
        source: Source,
        whys: Sequence[Why] = (),
        signs: Signs = Signs(),
        zones: bool = True,
    ) -> None:
        self._source = source
        self._lanes = [lane for lane in source.lanes if f"{lane}.level" in _names(built)]
        self._zones = built.show.garment.zone_names if zones else ()
        self._signs = signs
        self._whys: dict[str, list[Why]] = {}
        for why in whys:
            self._whys.setdefault(why.control, []).append(why)
        self._clipped: dict[str, float] = {}
        self._past: Past | None = None

    def __call__(self, frame: Frame) -> list[str]:
        """Every lane, then the state of the sound, then every zone."""
        if self._past is None:
            self._past = Past(len(frame.features.values), len(frame.controls.values), len(frame.lit))
        self._past.keep(frame)
        found = [line for lane in self._lanes for line in self._lane(frame, lane)]
        age = 1000.0 * float(getattr(self._source, "age", 0.0))
        lost = int(getattr(self._source, "lost", 0))
        draws = f"; the garment draws {frame.ma:.0f} mA" if self._zones else ""
        found.append(f"{frame.time:7.1f} s: the sound is {age:.0f} ms old, {lost} hops lost{draws}")
        return found + [self._zone(frame, self._past, zone) for zone in self._zones]

    def _lane(self, frame: Frame, lane: str) -> list[str]:
        said = frame.features
        level, peak = said.get(f"{lane}.level", -90.0), said.get(f"{lane}.peak", -90.0)
        if peak >= CLIP:
            self._clipped[lane] = frame.time
        clips = frame.time - self._clipped.get(lane, -HELD) < HELD
        filled = round(WIDE * min(1.0, max(0.0, (level + 60.0) / 60.0)))
        bar = self._signs.bar[0] * filled + self._signs.bar[1] * (WIDE - filled)
        gate = "open" if said.get(f"{lane}.gate") > 0 else "shut"
        first = (
            f"{lane:<8}{bar} {level:4.0f} dB  peak {peak:4.0f}{' CLIPS' if clips else '      '} gate {gate}"
        )
        bands = "  ".join(f"{name} {self._step(said.get(f'{lane}.{name}'))}" for name in BANDS)
        tempo = said.get(f"{lane}.tempo")
        beat = "no beat"
        if tempo > 0:
            leader = LEADERS[int(min(len(LEADERS) - 1, said.get(f"{lane}.lead")))]
            on = "*" if said.get(f"{lane}.phase") < 0.25 else " "
            beat = f"{on} {tempo:.0f} bpm, sure {said.get(f'{lane}.confidence'):.1f}, {leader}"
        return [first, f"{'':8}{bands}   {beat}"]

    def _zone(self, frame: Frame, past: Past, zone: str) -> str:
        """What is lit and felt there, and the route that moves it most."""
        values = {
            medium: frame.controls.get(f"{zone}.{medium}") for medium in ("glow", "dye", "buzz")
        }  # fmt: skip
        medium = max(values, key=values.__getitem__)
        shown = "  ".join(f"{name} {self._step(value)} {value:.2f}" for name, value in values.items())
        whys = [
            why for why in self._whys.get(f"{zone}.{medium}", ()) if why.scene in ("", frame.scene)
        ]  # fmt: skip
        why = winner(whys, frame, past)
        return f"{zone:<12}{shown}   {f'{why.line} ({why.where})' if why else 'no route here'}"

    def _step(self, value: float) -> str:
        steps = self._signs.steps
        return steps[round((len(steps) - 1) * min(1.0, max(0.0, value)))]


def _names(built: Built) -> set[str]:
    return {spec.name for spec in built.ear.specs}
