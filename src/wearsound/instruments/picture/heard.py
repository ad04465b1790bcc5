"""`f`, what a sketch hears: one frame of the show as plain numbers, usable anywhere."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import overload

from wearsound import chance
from wearsound.core import F64, Frame, Row
from wearsound.gallery import suggest
from wearsound.instruments.picture.inks import Ink

BANDS = ("sub", "bass", "lowmid", "mid", "high", "air")
NOTES = ("c", "cs", "d", "ds", "e", "f", "fs", "g", "gs", "a", "as", "b")
ASKED = (
    *("lufs", "lufs_short", "lufs_long", "true_peak", "width", "spread", "rolloff", "contrast", "roughness"),
    *("density", "pitch", "note", "pitch_sure", *(f"chroma_{note}" for note in NOTES)),
    *("tuning", "key", "key_minor", "key_sure", "rhythm", "pace", "texture", "silhouette", "rising"),
)
"""What is heard only where somebody asks for it."""
ASKED_OF = {
    "body": ("energy", "jerk", "rub", "tap", "step", "stillness", "cadence", "handling"),
    "crowd": ("swell", "applause", "cheer", "clap", "together", "clap_tempo", "own"),
}
"""And what only a lane of a kind hears when asked: `body_l` and `body2` are of the kind `body`."""
DRAPED = ("drape.swing", "drape.width", "drape.fold")
"""How cloth hangs; asked for by its full name."""
OWN = ("time", "dt", "tick", "number", "seed", "scene", "zones", "bands", "chroma", "beat", "onset")


class Heard:
    """One frame for one sketch: `f.bass`, `f["body.bass"]`, `f.zone("chest")`.

    Reading changes nothing. `f.time` and `f.dt` (since my last frame, at most a quarter second) are
    in seconds. Counts (`f.beat`, `f.onset`) are whole numbers that only grow. A name that nobody
    hears raises AttributeError with the nearest name, or says how to ask for it.
    """

    __slots__ = ("_before", "_frame", "dt", "zones")

    def __init__(
        self, frame: Frame, before: Mapping[str, float] | None, dt: float, zones: Sequence[str]
    ) -> None:
        self._frame = frame
        self._before = before
        self.dt = dt
        self.zones = tuple(zones)

    @property
    def time(self) -> float:
        """Seconds since the start of the show."""
        return self._frame.time

    @property
    def tick(self) -> int:
        """The number of the hop in which this frame fell due."""
        return self._frame.tick

    @property
    def number(self) -> int:
        """The number of this frame, from 0."""
        return self._frame.number

    @property
    def seed(self) -> int:
        """The edition's number, from which all chance follows."""
        return self._frame.seed

    @property
    def scene(self) -> str:
        """The leading scene's name."""
        return self._frame.scene

    @property
    def beat(self) -> int:
        """Beats since the start."""
        return int(self["beat"])

    @property
    def onset(self) -> int:
        """Onsets since the start."""
        return int(self["onset"])

    @property
    def bands(self) -> tuple[float, ...]:
        """The six bands, each 0..1: sub, bass, lowmid, mid, high, air."""
        return tuple(self[band] for band in BANDS)

    @property
    def chroma(self) -> tuple[float, ...]:
        """The twelve notes, C first, each 0..1. Write `hears = ("chroma",)` in the sketch's class."""
        return tuple(self[f"chroma_{note}"] for note in NOTES)

    def __getattr__(self, name: str) -> float:
        if name.startswith("_"):
            raise AttributeError(name)
        try:
            return self[name]
        except LookupError as error:
            raise AttributeError(error.args[0]) from None

    def __getitem__(self, name: str) -> float:
        for row, full in self._places(name):
            if full in row:
                return row[full]
        features = self._frame.features.index
        lane, dot, short = name.rpartition(".")
        there = any(n.startswith(f"{lane or 'room'}.") for n in features)
        if name in DRAPED or (there and (short in ASKED or short in ASKED_OF.get(_kind(lane), ()))):
            asks = lane + dot + ("chroma" if short.startswith("chroma_") else short)
            raise Unheard(
                f'{name!r} is heard only if the sketch asks: write hears = ("{asks}",) in its class'
            )
        known = [n.removeprefix("room.") for n in features]
        raise Unheard(f"nobody hears {name!r}{suggest(name, [*known, *self._frame.controls.index, *OWN])}")

    def __contains__(self, name: str) -> bool:
        return any(full in row for row, full in self._places(name))

    def _places(self, name: str) -> tuple[tuple[Row, str], ...]:
        # No prefix means `room`, always.
        features, controls = self._frame.features, self._frame.controls
        return ((features, f"room.{name}"), (features, name), (controls, name))

    def grew(self, name: str) -> int:
        """How much the count called `name` grew since my last frame: never lost, never doubled."""
        now = int(self[name])
        if self._before is None:
            # The first frame of the show counts from zero; a picture that joins later does not
            # play back everything that happened before it came.
            return now if self._frame.number == 0 else 0
        then = next((self._before[full] for _, full in self._places(name) if full in self._before), now)
        return max(0, now - int(then))

    def zone(self, name: str) -> Ink:
        """The colour that a zone of the garment has now, as it leaves for the lights."""
        red, green, blue = self._frame.lit[self._zone(name)]
        return Ink(int(red), int(green), int(blue))

    def felt(self, name: str) -> float:
        """What the skin feels at a zone now, 0..1."""
        return float(self._frame.felt[self._zone(name)])

    def _zone(self, name: str) -> int:
        if name not in self.zones:
            raise Unheard(f"the garment has no zone {name!r}{suggest(name, self.zones)}")
        return self.zones.index(name)

    @overload
    def noise(self, name: str, count: None = None, at: int | None = None) -> float: ...
    @overload
    def noise(self, name: str, count: int, at: int | None = None) -> F64: ...
    def noise(self, name: str, count: int | None = None, at: int | None = None) -> float | F64:
        """Chance that is looked up, 0..1: one number, or `count` of them.

        New every tick; with `at=f.beat` new on every beat; with `at=0` the same all show.
        """
        # The moment is part of the name, or neighbouring moments would share most of their numbers.
        stream = f"sketch.{name}.{self._frame.tick if at is None else int(at)}"
        if count is None:
            return chance.uniform(self._frame.seed, stream)
        return chance.uniforms(self._frame.seed, stream, count)


def _kind(lane: str) -> str:
    """The lane's name up to the first _ or digit."""
    return re.split(r"[_0-9]", lane, maxsplit=1)[0]


class Unheard(LookupError):
    """A sketch asked for a name that does not exist; the text says which is nearest."""
