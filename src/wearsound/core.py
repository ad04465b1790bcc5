"""READ FIRST: the words that every room shares.

sources -> analysis -> mapping -> instruments -> safety -> outputs, block by block, and the source is
the clock. Live and offline differ in who waits, never in what is computed. Arrays lead with hops:
a meter or an instrument is a function over the hops of a block with carried state, and its result
must not depend on how the hops were grouped into blocks.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
U8 = NDArray[np.uint8]
Index = NDArray[np.intp]
"""Numbers of pixels, zones, columns."""
Mask = NDArray[np.bool_]
"""Which ones."""

MAX_HOPS = 64
"""The most hops in one block: what a file delivers at once, and the longest live catch-up."""

LIGHT_RATE = 60
"""Light frames a second, counted in ticks."""

BANDS: dict[str, tuple[float, float]] = {
    "sub": (20.0, 45.0),
    "bass": (45.0, 160.0),
    "lowmid": (160.0, 500.0),
    "mid": (500.0, 2000.0),
    "high": (2000.0, 6000.0),
    "air": (6000.0, 16000.0),
}
"""Regions of pitch that everybody hears, in Hz."""


@dataclass(frozen=True, slots=True)
class Clock:
    """The only place where ticks become seconds. A tick is the number of a hop."""

    sample_rate: int = 48_000
    hop: int = 256

    def seconds(self, tick: int) -> float:
        """When hop `tick` starts, in seconds since the start."""
        return tick * self.hop / self.sample_rate

    def ticks(self, seconds: float) -> int:
        """The whole number of hops nearest to `seconds`, at least one."""
        return max(1, round(seconds * self.sample_rate / self.hop))

    def due(self, tick: int, rate: int) -> int:
        """How many frames of `rate` a second are due once hop `tick` has ended."""
        return (tick + 1) * self.hop * rate // self.sample_rate

    def due_hops(self, tick: int, n_hops: int, rate: int) -> list[int]:
        """Which hops of a block starting at `tick` make a frame of `rate` due (a hop may be named twice).

        Counted from tick 0, so that the frames do not depend on how hops were grouped.
        """
        hops: list[int] = []
        before = self.due(tick - 1, rate)
        for hop in range(n_hops):
            now = self.due(tick + hop, rate)
            hops.extend([hop] * (now - before))
            before = now
        return hops

    def coefficient(self, seconds: float) -> float:
        """One-pole weight a hop that reaches 63 % of a step after `seconds`; 1 for no smoothing."""
        if seconds <= 0:
            return 1.0
        return round(1 - math.exp(-self.hop / (seconds * self.sample_rate)), 9)


@dataclass(frozen=True, slots=True)
class Event:
    """Anything not audio that came in (OSC, key, tap, slider), stamped with the tick that took it.

    `by` says whose hand it was: "osc 192.168.1.5:54321", "midi", "link", "key"; its first word goes into a
    take. An event is taken at the first hop of its block, so a source that replays events starts a
    block at each.
    """

    tick: int
    address: str
    args: tuple[Any, ...] = ()
    by: str = ""


Kind = Literal["number", "whole", "switch", "trigger", "text", "list"]


@dataclass(frozen=True, slots=True)
class Parameter:
    """One thing that can be set or asked from outside, by its OSC address.

    `number` within `low`..`high`, `whole` likewise but a whole number, `switch` 0 or 1, `trigger` fires (0 is
    the release of its button, unless its `low` is below 0: then it takes any number),
    `text` a word (one of `choices` where there are any), `list` numbers within `low`..`high`. Of all but triggers the
    last value wins. `read` says what it is now [any thread]; without it there is nothing to ask.
    `settable` False: it can only be asked. `moves`: the music moves it too, so that it is told when asked and
    when a hand sets it, but no fader is made to dance.
    """

    address: str
    about: str
    kind: Kind = "number"
    unit: str = ""
    low: float = 0.0
    high: float = 1.0
    step: float = 0.0
    default: float = 0.0
    choices: tuple[str, ...] = ()
    read: Callable[[], float | str | Sequence[float]] | None = None
    settable: bool = True
    moves: bool = False


@dataclass(slots=True)
class Block:
    """One to MAX_HOPS hops of everything that came in, or none while time passes and nothing is heard.

    `samples` float32 (n_hops * hop, n_channels), finite, full scale +-1. `lanes` name the columns:
    {"room": (0, 1), "body": (2,)}. `remote` float32 (n_hops, n_remote), last value held: the engine makes it
    of the events. `gap` is
    how many hops were lost just before this block; `tick` has already jumped over them.
    """

    tick: int
    samples: F32
    lanes: Mapping[str, tuple[int, ...]]
    n_hops: int
    remote: F32 = field(default_factory=lambda: np.zeros((0, 0), np.float32))
    events: tuple[Event, ...] = ()
    gap: int = 0


@dataclass(frozen=True, slots=True)
class Spec:
    """What one number means: unit, range, the step it is rounded to, and one line about it.

    `growing` marks a count that only ever grows: events cross rates as counts, never as flags.
    `step` 0 means not rounded. `default` is a control's value while no route plays it.
    """

    name: str
    unit: str
    low: float
    high: float
    step: float
    about: str
    growing: bool = False
    default: float = 0.0


class Row:
    """Named numbers at one tick: `row["room.bass"]`. Reading never changes anything."""

    __slots__ = ("index", "values")

    def __init__(self, index: Mapping[str, int], values: F64) -> None:
        self.index = index
        self.values = values

    def __getitem__(self, name: str) -> float:
        return float(self.values[self.index[name]])

    def get(self, name: str, default: float = 0.0) -> float:
        """The value called `name`, or `default` where there is none."""
        at = self.index.get(name)
        return default if at is None else float(self.values[at])

    def __contains__(self, name: str) -> bool:
        return name in self.index


@dataclass(frozen=True, slots=True)
class Health:
    """How the live show is doing; all zeros offline."""

    fps: float = 0.0
    age_ms: float = 0.0
    drops: int = 0
    faults: tuple[tuple[str, str, float], ...] = ()
    """Of each fault that is there: its code, whom it befell, and for how many seconds."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One look at the show, made only where somebody looks: a due picture or light frame, a test.

    `number` counts frames of the receiver's own rate from 0; `time` is the end of the hop in which
    it fell due, in seconds. `lit` uint8 (n_zones, 3), RGB, gamma 2.2, after safety, in the
    garment's zone order: the mean light of each zone. `felt` float32 (n_zones,), 0..1, what the skin feels.
    `slots` are the ticks of the latest flash-guard swing slots. `scene` is the leading scene's name; `dark` is
    "panic" or "blackout" while the performer's hand keeps everything dark; `frozen` while what is seen stands
    still; `show` is the number of the show that plays, 0 for the one it began with. `pixels` uint8 (n_pixels, 3), as
    `lit`, in the order of `garment.sewn`; `dyed` float32 (n_zones,), 0..1, how far the cloth really shows its dye;
    `warm` float32 (n_zones,), degrees C at the skin, the warmer of two models (`safety.heat`); `ma` what it draws, mA.
    `touch` float32 (n_actuators, 2): how strongly each actuator is felt, 0..1, and at how many Hz (0 where nothing is).
    """

    tick: int
    number: int
    time: float
    features: Row
    controls: Row
    lit: U8
    felt: F32
    health: Health
    seed: int
    slots: tuple[int, ...] = ()
    scene: str = ""
    dark: str = ""
    frozen: bool = False
    show: int = 0
    pixels: U8 = field(default_factory=lambda: np.zeros((0, 3), np.uint8))
    dyed: F32 = field(default_factory=lambda: np.zeros(0, np.float32))
    warm: F32 = field(default_factory=lambda: np.zeros(0, np.float32))
    ma: float = 0.0
    touch: F32 = field(default_factory=lambda: np.zeros((0, 2), np.float32))


class Source(Protocol):
    """Where sound comes from. A live source makes the loop wait; a file does not."""

    live: bool
    sample_rate: int

    @property
    def lanes(self) -> Mapping[str, tuple[int, ...]]:
        """Which channels of a block are called what: {"room": (0, 1), "body": (2,)}."""
        ...

    def blocks(self, clock: Clock) -> Iterator[Block]:
        """Yield blocks until the source ends; resources are freed when the generator closes."""
        ...


class Meter(Protocol):
    """What listens. Constructor: parameters only; memory is found in `prepare`, spent in `process`.

    `latency` is how many seconds after something happened its counts grow, typically.
    """

    specs: tuple[Spec, ...]
    latency: float

    def prepare(self, clock: Clock) -> None:
        """Find memory and tables. [main thread]"""
        ...

    def reset(self) -> None:
        """State to its start: the same input gives the same bits again. [engine thread]"""
        ...

    def process(self, block: Block, spectra: Any, out: F64) -> None:
        """Write (n_hops, n_specs) values into `out`; the ear rounds a copy to their steps. [engine thread]

        `spectra` is what all meters of a lane share (`analysis.spectrum.LaneSpectra`).
        """
        ...


class Ear(Protocol):
    """All meters of all lanes. `specs` carry full names (`room.bass`)."""

    specs: tuple[Spec, ...]

    def reset(self) -> None:
        """State of every meter to its start."""
        ...

    def hear(self, block: Block) -> F64:
        """Features (n_hops, n_features) in the order of `specs`; valid until the next call."""
        ...


class Score(Protocol):
    """A patch made ready to play: features in, controls out."""

    specs: tuple[Spec, ...]

    def reset(self) -> None:
        """State of every route and crossfade to its start."""
        ...

    def take(self, event: Event) -> None:
        """React to one event; WearsoundError where it asks for what is not there."""
        ...

    def scene_at(self, hop: int) -> str:
        """The leading scene at one hop of the last block."""
        ...

    def play(self, block: Block, features: F64) -> F64:
        """Controls (n_hops, n_controls) in the order of `specs`; valid until the next call."""
        ...


class Instrument(Protocol):
    """What plays controls into a medium (light, vibration, sound)."""

    specs: tuple[Spec, ...]

    def prepare(self, clock: Clock) -> None:
        """Find memory and tables. [main thread]"""
        ...

    def reset(self) -> None:
        """State to its start. [engine thread]"""
        ...

    def play(self, block: Block, features: F64, controls: F64, out: Any) -> None:
        """Fill `out` with the medium for this block. [engine thread]"""
        ...


class Output(Protocol):
    """Where frames leave. `rate` is how many frames a second it is due, counted in ticks."""

    name: str
    rate: int

    def open(self, clock: Clock) -> None:
        """Take the device, file or socket; raise a sentence with a remedy if it cannot."""
        ...

    def send(self, frame: Frame) -> None:
        """Send one frame. [engine thread]"""
        ...

    def close(self) -> None:
        """Leave everything neutral (dark, still, silent), always; twice is fine."""
        ...


class Tape(Protocol):
    """An output that keeps every hop, not only the frames that are due."""

    name: str

    def open(self, clock: Clock) -> None:
        """Take the file; raise a sentence with a remedy if it cannot."""
        ...

    def write(self, block: Block, features: F64, controls: F64) -> None:
        """Keep one block. The arrays are only valid during the call. [engine thread]"""
        ...

    def close(self) -> None:
        """Finish the file, always; twice is fine."""
        ...


class Picture(Protocol):
    """What draws a frame onto a pygame surface of the size it was made for."""

    def draw(self, surface: Any, frame: Frame) -> None:
        """Draw one frame. [main thread of the process that shows it]"""
        ...


def index_of(specs: Sequence[Spec]) -> dict[str, int]:
    """Column of each name, for `Row`."""
    return {spec.name: i for i, spec in enumerate(specs)}
