"""All meters of all lanes: blocks in, named features out. Nothing runs that nobody asks for.

The core ear always runs. The meters of `ASKED` run for a lane only where somebody asks for one of
their features: a route, a sketch or a rig by name, a listing for everything. So do those of `KINDS`, which
only lanes of a kind have (`body_l` is a `body`), those of `SENSED`, for lanes of numbers from outside, and
`Drape`, which is a lane of its own, `drape`, made of what is heard in `room` (or in the first lane, where
none is called so). Whose work falls on which hop (`tick % 4`), so that no hop carries all:

| hop | core | only where asked |
| --- | --- | --- |
| every | level, bands | true peak, width, density |
| 0 | novelty, strokes, timbre | roughness |
| 1 | tempo | harmony (notes, tuning, key), drape, crowd |
| 2 | novelty, strokes, low bands | shape, loudness, shared words |
| 3 | beat, bar and tempo | pitch, crowd |
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from wearsound.analysis.bands import Bands
from wearsound.analysis.beat import Beat
from wearsound.analysis.crowd.crowd import Crowd
from wearsound.analysis.density import Density
from wearsound.analysis.drape import LANE as DRAPE
from wearsound.analysis.drape import Drape
from wearsound.analysis.harmony import Harmony
from wearsound.analysis.level import Level
from wearsound.analysis.loudness import Loudness
from wearsound.analysis.movement.movement import Movement
from wearsound.analysis.pitch import Pitch
from wearsound.analysis.roughness import Roughness
from wearsound.analysis.sensor.motion import Motion
from wearsound.analysis.shape import Shape
from wearsound.analysis.shared_words import Words
from wearsound.analysis.spectrum import LaneSpectra
from wearsound.analysis.strokes import Strokes
from wearsound.analysis.timbre import Timbre
from wearsound.analysis.true_peak import TruePeak
from wearsound.analysis.width import Width
from wearsound.core import BANDS, F64, MAX_HOPS, Block, Clock, Spec

Range = tuple[float, float]

ASKED: tuple[Any, ...] = (Loudness, TruePeak, Width, Shape, Roughness, Density, Pitch, Harmony, Words)
"""The full ear: meters that run only where one of their features is asked for."""

KINDS: dict[str, tuple[Any, ...]] = {
    "body": (Movement,),
    "crowd": (Crowd,),
}
"""More of the full ear, for lanes of one kind only (`kind_of`): what a contact microphone hears of a body.

Each is a `core.Meter` that is made with the numbers that were learned of its lane, {} for none: `Movement({})`."""

SENSED: tuple[Any, ...] = (Motion,)
"""More of the full ear, for lanes of numbers from outside: what a sensor says of movement.

Each is a `core.Meter` with two things more. `words(values)` is given the names of a lane's values ("x", "y", ..) and
says the Specs (short names) that it makes of them, () where they are nothing to it; it is made with the lane's name
and those names: `Motion("phone", ("ax", "ay", "az"))`. It reads the block's events, where every sample counts. Its
`process` is given no spectra but None."""


DRAPED: tuple[Spec, ...] = tuple(replace(spec, name=f"{DRAPE}.{spec.name}") for spec in Drape.specs)


def kind_of(lane: str) -> str:
    """What kind of lane that is: its name up to the first _ or digit. `body_l`, `body2` and `body` are bodies."""
    return re.split(r"[_0-9]", lane, maxsplit=1)[0]


def everything(lanes: Iterable[str], remote: Sequence[Spec] = ()) -> tuple[str, ...]:
    """Full names of all that these lanes hear only when asked, and how cloth drapes to them.

    `remote` are the numbers from outside, as an `Ear` is given them.
    """
    names = [
        f"{lane}.{spec.name}"
        for lane in lanes
        for meter in (*ASKED, *KINDS.get(kind_of(lane), ()))
        for spec in meter.specs
    ]
    said = [spec.name for _, _, _, specs in _sensed(remote) for spec in specs]
    return (*names, *(spec.name for spec in DRAPED), *said) if names else tuple(said)


def kind_specs(kind: str) -> tuple[Spec, ...]:
    """What lanes of this kind alone hear, full names as of a lane that is called so."""
    return tuple(
        replace(spec, name=f"{kind}.{spec.name}") for meter in KINDS.get(kind, ()) for spec in meter.specs
    )


def meters(
    bands: Mapping[str, Range],
    asked: Collection[str],
    kind: str = "",
    learned: Mapping[str, float] | None = None,
) -> tuple[Any, ...]:
    """The meters of one lane, in the order of their columns. `bands` and `asked` by short names.

    `kind` is the lane's; `learned` are the numbers that a calibration found for it.
    """
    core = (Level(), Bands(BANDS, long=True), Timbre(), Strokes(), Beat())
    more = (meter() for meter in ASKED if any(spec.name in asked for spec in meter.specs))
    own = (
        meter(learned or {})
        for meter in KINDS.get(kind, ())
        if any(spec.name in asked for spec in meter.specs)
    )
    return (*core, *more, *own, Bands(bands))


def feature_specs(
    lanes: Sequence[str],
    bands: Mapping[str, Range] | None = None,
    asked: Collection[str] = (),
    remote: Sequence[Spec] = (),
) -> tuple[Spec, ...]:
    """What an `Ear` for these lanes will say, full names, without preparing anything; `remote` itself left out."""
    heard = [
        replace(spec, name=f"{lane}.{spec.name}")
        for lane in lanes
        for meter in meters(_own(lane, bands or {}), _short(lane, asked), kind_of(lane))
        for spec in meter.specs
    ]
    heard += DRAPED if _drapes(lanes, asked) else ()
    return (*heard, *(spec for _, _, _, specs in _sensed(remote, asked) for spec in specs))


class Ear:
    """The core ear of every lane, and of the full ear what is `asked` for; implements `core.Ear`.

    `asked` are full feature names ("room.pitch", "drape.swing"): each brings its whole meter; names that
    are heard anyway, or on no lane, change nothing. `bands` are a patch's own, by full feature name:
    {"room.band_40_110": (40.0, 110.0)}. A lane that a block does not have is silent. `remote` are the columns of
    `Block.remote`, passed on as the last features. `learned` are the numbers that a calibration found, by lane:
    {"body": {"noise": 0.0004}}. `latency` gives, by full
    name of a growing count, the seconds from what happened to the end of the hop in which the count
    grew, typically.
    """

    def __init__(
        self,
        clock: Clock,
        lanes: Sequence[str],
        bands: Mapping[str, Range] | None = None,
        asked: Collection[str] = (),
        remote: Sequence[Spec] = (),
        learned: Mapping[str, Mapping[str, float]] | None = None,
    ) -> None:
        self.clock = clock
        self.latency: dict[str, float] = {}
        self._lanes: list[tuple[LaneSpectra, list[tuple[Any, slice]]]] = []
        self._learned = {lane: dict((learned or {}).get(lane) or {}) for lane in lanes}
        specs: list[Spec] = []
        for lane in lanes:
            columns: list[tuple[Any, slice]] = []
            own_bands, own_asked = _own(lane, bands or {}), _short(lane, asked)
            for meter in meters(own_bands, own_asked, kind_of(lane), (learned or {}).get(lane)):
                meter.prepare(clock)
                own = [replace(spec, name=f"{lane}.{spec.name}") for spec in meter.specs]
                columns.append((meter, slice(len(specs), len(specs) + len(own))))
                specs += own
                self.latency |= {spec.name: meter.latency for spec in own if spec.growing}
            self._lanes.append((LaneSpectra(clock, lane), columns))
        draped = _drapes(lanes, asked)
        if draped is not None:
            drape = Drape()
            drape.prepare(clock)
            place = slice(len(specs), len(specs) + len(DRAPED))
            self._lanes[list(lanes).index(draped)][1].append((drape, place))
            specs += DRAPED
        self._sensed: list[tuple[Any, slice]] = []
        self._listens: list[tuple[Any, ...]] = []
        for kind, lane, values, own in _sensed(remote, asked):
            sensor = kind(lane, values)
            sensor.prepare(clock)
            self._sensed.append((sensor, slice(len(specs), len(specs) + len(own))))
            self._listens.append((kind, lane, values))
            specs += own
            self.latency |= {spec.name: sensor.latency for spec in own if spec.growing}
        self._remote = slice(len(specs), len(specs) + len(remote))
        self.specs = (*specs, *remote)
        # A step of 0.001 is kept as 1000 to the unit: x / 1000 is the double nearest to the decimal.
        self._per_unit = np.array([1.0 / spec.step if spec.step else 0.0 for spec in self.specs]).round(6)
        self._exact = np.flatnonzero(self._per_unit == 0.0)
        self._per_unit[self._exact] = 1.0
        self._out: F64 = np.zeros((MAX_HOPS, len(self.specs)))
        self._rounded: F64 = np.zeros((MAX_HOPS, len(self.specs)))
        self._counts = [i for i, spec in enumerate(self.specs[: self._remote.start]) if spec.growing]
        self._before: F64 = np.zeros(len(self._counts))
        self._counted = False
        self._gone: dict[str, float] = {}
        self._bind(0)

    def reset(self) -> None:
        """State of every meter to its start, and nothing was inherited. [engine thread]"""
        self._before[:] = 0.0
        self._counted = False
        self._gone = {}
        self._bind(0)
        for spectra, columns in self._lanes:
            spectra.reset()
            for meter, _ in columns:
                meter.reset()
        for sensor, _ in self._sensed:
            sensor.reset()

    def hear(self, block: Block) -> F64:
        """Features (n_hops, n_features) rounded to their steps, valid until the next call. [engine thread]"""
        if block.n_hops != len(self._heard):
            self._bind(block.n_hops)
        for spectra, processes in self._bound:
            spectra.take(block)
            for process, where in processes:
                process(block, spectra, where)
        for sensor, columns in self._sensed:
            sensor.process(block, None, self._heard[:, columns])
        if self._remote.stop > self._remote.start:
            self._heard[:, self._remote] = block.remote
        out, rounded = self._heard, self._said
        np.multiply(out, self._per_unit, out=rounded)
        np.rint(rounded, out=rounded)
        rounded /= self._per_unit
        if self._exact.size:
            rounded[:, self._exact] = out[:, self._exact]
        if self._counted:
            rounded[:, self._counts] += self._before
        return rounded

    def inherit(self, old: object) -> None:
        """Go on from where `old` is. [engine thread]

        Meters that both have, made with the same numbers, go on themselves, with all that is known of their lane;
        what only this ear has begins anew. Its counts grow on from those that were told last, even where nobody
        counted for a while: no reader sees one go back. `reset` forgets it all.
        """
        if not isinstance(old, Ear) or old.clock != self.clock:
            return
        told = old._told()
        goes_on = self._take_lanes(old) | self._take_sensed(old)
        before = {old.specs[i].name: more for i, more in zip(old._counts, old._before.tolist(), strict=True)}
        names = [self.specs[i].name for i in self._counts]
        self._before[:] = [
            before.get(name, 0.0) if name in goes_on else told.get(name, 0.0) for name in names
        ]
        self._counted = bool(self._before.any())
        self._gone = {name: count for name, count in told.items() if name not in names}
        # Before its first hop it says what was said last: who inherits from it in turn asks for that.
        self._rounded[0, self._counts] = [told.get(name, 0.0) for name in names]
        self._bind(0)

    def _told(self) -> dict[str, float]:
        """The counts as they were told last, those too that nobody counts any more."""
        last = self._rounded[max(0, len(self._said) - 1), self._counts].tolist()
        return self._gone | dict(zip((self.specs[i].name for i in self._counts), last, strict=True))

    def _take_lanes(self, old: Ear) -> set[str]:
        """Take the lanes and meters that both have; the full names of what those hear."""
        theirs = {spectra.lane: (spectra, columns) for spectra, columns in old._lanes}
        goes_on: set[str] = set()
        for number, (spectra, columns) in enumerate(self._lanes):
            lane = spectra.lane
            if lane not in theirs:
                continue
            known, there = theirs[lane]
            learns = tuple(KINDS.get(kind_of(lane), ()))
            for place, (meter, where) in enumerate(columns):
                if isinstance(meter, learns) and self._learned[lane] != old._learned[lane]:
                    continue
                same = next((other for other, _ in there if _alike(meter, other)), None)
                if same is not None:
                    columns[place] = (same, where)
                    goes_on.update(spec.name for spec in self.specs[where])
            self._lanes[number] = (known, columns)
        return goes_on

    def _take_sensed(self, old: Ear) -> set[str]:
        """The same of the meters of numbers from outside."""
        goes_on: set[str] = set()
        for place, listens in enumerate(self._listens):
            if listens in old._listens:
                where = self._sensed[place][1]
                self._sensed[place] = (old._sensed[old._listens.index(listens)][0], where)
                goes_on.update(spec.name for spec in self.specs[where])
        return goes_on

    def _bind(self, n_hops: int) -> None:
        """Views of the memory for blocks of so many hops, kept while blocks stay that long."""
        self._heard, self._said = self._out[:n_hops], self._rounded[:n_hops]
        self._bound = [
            (spectra, [(meter.process, self._heard[:, where]) for meter, where in columns if meter.specs])
            for spectra, columns in self._lanes
        ]


def _alike(meter: Any, other: Any) -> bool:
    """Whether two meters of a lane hear the same."""
    same = type(meter) is type(other) and meter.specs == other.specs
    return same and getattr(meter, "bands", None) == getattr(other, "bands", None)


def _drapes(lanes: Sequence[str], asked: Collection[str]) -> str | None:
    """The lane to which cloth drapes; None where nobody asks, and where a lane of sound has that name."""
    if not lanes or DRAPE in lanes or not any(spec.name in asked for spec in DRAPED):
        return None
    return "room" if "room" in lanes else lanes[0]


def _sensed(
    remote: Sequence[Spec], asked: Collection[str] | None = None
) -> list[tuple[Any, str, tuple[str, ...], list[Spec]]]:
    """Which meters of SENSED listen to which lane: kind, lane, names of its values, full Specs.

    Those of which anything is `asked`; all where it is None.
    """
    lanes: dict[str, list[str]] = {}
    for spec in remote:
        lane, _, value = spec.name.partition(".")
        lanes.setdefault(lane, []).append(value)
    found = []
    for lane, values in lanes.items():
        for kind in SENSED:
            specs = [replace(spec, name=f"{lane}.{spec.name}") for spec in kind.words(tuple(values))]
            if specs and (asked is None or any(spec.name in asked for spec in specs)):
                found.append((kind, lane, tuple(values), specs))
    return found


def _own(lane: str, bands: Mapping[str, Range]) -> dict[str, Range]:
    """The bands of one lane, without its name."""
    prefix = lane + "."
    return {name.removeprefix(prefix): edges for name, edges in bands.items() if name.startswith(prefix)}


def _short(lane: str, names: Collection[str]) -> set[str]:
    """Those of some full names that belong to a lane, without it."""
    prefix = lane + "."
    return {name.removeprefix(prefix) for name in names if name.startswith(prefix)}
