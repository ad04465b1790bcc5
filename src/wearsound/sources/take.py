"""A take as a source: what came in comes again, bit for bit, with its events and its gaps."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

import numpy as np

from wearsound.core import F32, MAX_HOPS, Block, Clock, Event
from wearsound.errors import AudioError, PatchError
from wearsound.parts import CHANGE
from wearsound.sources.blocks import scrub
from wearsound.sources.take_file import (
    EVENTS,
    KEPT,
    LANES,
    MOST_LOST_HOURS,
    SHOWS,
    TAKE,
    read_head,
    read_sound,
)
from wearsound.sources.take_lines import marks
from wearsound.sources.take_state import GO_GUARD, State
from wearsound.sources.take_structure import Head

MOST_CHANGES = 10_000
"""Changes of show in one take: more are no evening's."""


@dataclass(slots=True)
class _Stretch:
    """`hops` in one piece from `tick` on, the `at`-th hop of lanes.wav; `gap` and `events` before its first."""

    tick: int
    at: int
    hops: int
    gap: int
    events: tuple[Event, ...]


class TakeSource:
    """A folder that `wearsound take record` made, or its DIR.part: core.Source, not live.

    Blocks of up to 64 hops that begin at every event and every gap, so that each is taken where it was. All of
    it is read once, at once: MissingError or a PatchError with file and line says what is wrong. `loop` begins
    again at the end, ticks go on; `seconds` ends it after that long. From `start` seconds on, ticks count from
    there, and what was set before comes first. `remote` are its remote lanes, {lane: {value: (low, high)}};
    `note` says what a person should know.

    Its show may have changed while it was recorded: `begins` is the number of the show that plays at the start, `turns`
    the seconds and numbers of those that follow, as far as the take keeps them. Only with `changes` it says so to the
    engine, which must know these shows then; without, another show plays, and changes are left out.
    """

    live = False

    def __init__(
        self,
        path: str | Path,
        loop: bool = False,
        seconds: float | None = None,
        start: float = 0.0,
        changes: bool = False,
    ) -> None:
        self.path = Path(path).parent if Path(path).name == TAKE else Path(path)
        self.name = self.path.name
        self.loop = loop
        self.changes = changes
        self.head: Head = read_head(self.path)
        self._sound = read_sound(self.path, self.head)
        self.sample_rate = self.head.sample_rate
        self._clock = Clock(self.sample_rate, self.head.hop)
        self.lanes: Mapping[str, tuple[int, ...]] = {
            lane: tuple(column - 1 for column in columns) for lane, columns in self.head.lanes.items()
        }
        self.remote: Mapping[str, Mapping[str, tuple[float, float]]] = self.head.remote
        self.calibration: Mapping[str, Mapping[str, float]] = self.head.calibration
        self.silent = self.head.silent
        """Lanes that were heard and whose sound was not kept."""
        self._notes: list[str] = []
        self.hops = self._sound.frames // self.head.hop
        if self.head.hops is not None:
            self.hops = min(self.hops, self.head.hops)
        if not self.hops:
            raise AudioError(f"{self.path} holds no sound; record the take again")
        self.gaps = self.lost = self.events = 0
        self.end = 0
        """Ticks of the whole take."""
        self._turns: list[tuple[int, int]] = []
        self._count()
        self._say_what_is_missing()
        if seconds is not None and not 0 < seconds < math.inf:
            raise AudioError(f"seconds is {seconds:g}; give a number above 0")
        if not 0 <= start * self._hops_a_second < self.end - 0.5:
            raise AudioError(
                f"{self.path} has {self._clock.seconds(self.end):.2f} s: it cannot start at {start:g} s"
            )
        self._first = round(start * self._hops_a_second)
        self.begins = next((n for tick, n in reversed(self._turns) if tick < self._first), self.head.show)
        if self._turns and not changes:
            times = "once" if len(self._turns) == 1 else f"{len(self._turns)} times"
            self._notes.append(f"its show changed {times}, which is left out: one show plays here")
        self._most = None if seconds is None else self._clock.ticks(seconds)
        length = math.inf if loop else self._clock.seconds(self.end - self._first)
        self.duration = min(length, math.inf if self._most is None else self._clock.seconds(self._most))

    @property
    def note(self) -> str:
        """What a person should know about the take, "" if nothing. [any thread]"""
        return "; ".join(self._notes)

    @property
    def turns(self) -> list[tuple[float, int]]:
        """(seconds since the start, number of the show) of every change from the start to the end, in order."""
        ends = math.inf if self._most is None else self._first + self._most
        later = [(tick, n) for tick, n in self._turns if self._first <= tick < ends]
        return [(self._clock.seconds(tick - self._first), n) for tick, n in later]

    @property
    def whole(self) -> bool:
        """Whether the recording came to its own end."""
        return self.head.hops is not None

    def blocks(self, clock: Clock) -> Iterator[Block]:
        """Blocks from the start, every time anew. [engine thread]"""
        if (clock.sample_rate, clock.hop) != (self.sample_rate, self.head.hop):
            raise AudioError(
                f"{self.path} was taken at {self.sample_rate} samples a second and {self.head.hop} a hop; a take "
                f"plays as it was, not at {clock.sample_rate} and {clock.hop}"
            )
        ends = math.inf if self._most is None else self._most
        offset = 0
        while offset < ends:
            with (self.path / LANES).open("rb") as file:
                for stretch in self._cut(again=offset > 0):
                    for block in self._read(file, stretch, offset):
                        if block.tick >= ends:
                            return
                        yield _shortened(block, int(min(block.n_hops, ends - block.tick)), clock.hop)
            if not self.loop:
                return
            offset += self.end - self._first

    @property
    def _hops_a_second(self) -> float:
        return self.sample_rate / self.head.hop

    def _count(self) -> None:
        most = MOST_LOST_HOURS * 3600 * self._hops_a_second
        there: dict[int, bool] = {}
        for stretch in self._stretches(self._notes):
            for event in stretch.events:
                number = _show_of(event)
                if number is None:
                    continue
                if number not in there:
                    there[number] = (self.path / SHOWS / str(number) / KEPT).exists()
                    if not there[number]:
                        self._notes.append(f"it keeps no show {number}: the one before plays on there")
                if there[number]:
                    self._turns.append((stretch.tick, number))
                if len(self._turns) > MOST_CHANGES or len(there) > MOST_CHANGES:
                    raise PatchError(f"{self.path / EVENTS}: more than {MOST_CHANGES:,} changes of show")
            self.gaps += stretch.gap > 0
            self.lost += stretch.gap
            self.events += len(stretch.events)
            self.end = stretch.tick + stretch.hops
            if self.lost > most:
                raise PatchError(f"{self.path / EVENTS}: more than {MOST_LOST_HOURS} h are missing in all")

    def _say_what_is_missing(self) -> None:
        said = self.head.hops
        there = self._clock.seconds(self.end)
        if said is None:
            self._notes.insert(0, f"the recording was cut off: {there:.2f} s are there")
        elif self.hops < said:
            self._notes.insert(0, f"cut short: {self.hops} of {said} hops are there")
        if self.head.hole:
            missing = self._clock.seconds(self.head.hole)
            self._notes.append(f"it has a hole of {missing:.2f} s, where the disk was too slow")
        if self.silent:
            self._notes.append(not_kept(self.silent))
        if self.head.begun:
            self._notes.append(BEGUN_WITHIN)

    def _stretches(self, torn: list[str]) -> Iterator[_Stretch]:
        """The whole take in pieces that begin at a mark; what is said after the last hop never happened."""
        tick = at = 0
        gap, events = 0, ()  # type: int, tuple[Event, ...]
        for mark in marks(self.path / EVENTS, torn):
            run = mark.tick - mark.gap - tick
            if run < 0:
                raise PatchError(
                    f"{mark.where}: a gap of {mark.gap} hops before tick {mark.tick}, but tick {tick} was "
                    "played; mend the gap"
                )
            if run:
                hops = min(run, self.hops - at)
                yield _Stretch(tick, at, hops, gap, events)
                at += hops
                if at == self.hops:
                    return
            elif gap or events:  # a gap right behind a mark
                raise PatchError(
                    f"{mark.where}: two marks without a hop between; say the gap before its events"
                )
            tick, gap, events = mark.tick, mark.gap, tuple(mark.events)
        yield _Stretch(tick, at, self.hops - at, gap, events)

    def _cut(self, *, again: bool) -> Iterator[_Stretch]:
        """The stretches from the start on, their ticks counted from there, behind what holds at the start.

        The show may have changed by the end: `again` it is said which one it begins with.
        """
        back = again and self.changes and bool(self._turns)
        for stretch in self._from_first():
            events = [event for event in stretch.events if event.address != CHANGE or self._turns_at(event)]
            if back:
                events.insert(0, Event(stretch.tick, CHANGE, (self.begins,)))
                back = False
            yield replace(stretch, events=tuple(events))

    def _turns_at(self, event: Event) -> bool:
        """Whether a change is one that the engine is to make."""
        return self.changes and _show_of(event) is not None

    def _from_first(self) -> Iterator[_Stretch]:
        first, state = self._first, State(self._clock.ticks(GO_GUARD))
        begun = first == 0
        for stretch in self._stretches([]):
            if begun:
                yield replace(stretch, tick=stretch.tick - first)
                continue
            if stretch.tick + stretch.hops <= first:
                for event in stretch.events:
                    state.take(event)
                continue
            begun = True
            before = max(0, first - stretch.tick)
            if before:
                for event in stretch.events:
                    state.take(event)
            tick = stretch.tick + before
            held = state.events(tick)
            events = held if before else [*held, *stretch.events]
            gap = 0 if before else min(stretch.gap, tick - first)
            yield _Stretch(tick - first, stretch.at + before, stretch.hops - before, gap, tuple(events))

    def _read(self, file: BinaryIO, stretch: _Stretch, offset: int) -> Iterator[Block]:
        channels, hop = self._sound.channels, self.head.hop
        file.seek(self._sound.start + stretch.at * hop * channels * 4)
        gap = stretch.gap
        events: tuple[Event, ...] = stretch.events
        tick, left = stretch.tick + offset, stretch.hops
        while left:
            hops = min(left, MAX_HOPS)
            data = file.read(hops * hop * channels * 4)
            if len(data) < hops * hop * channels * 4:
                raise PatchError(f"{self.path / LANES}: became shorter while it was played; copy it again")
            samples: F32 = np.frombuffer(data, "<f4").astype(np.float32).reshape(-1, channels)
            scrub(samples)
            stamped = tuple(replace(event, tick=tick) for event in events)
            yield Block(tick, samples, self.lanes, hops, events=stamped, gap=gap)
            tick, left, gap, events = tick + hops, left - hops, 0, ()


BEGUN_WITHIN = (
    "it was begun while the show played, so what the ear had learned by then is learned anew: "
    "it replays well, not to the bit"
)


def _show_of(event: Event) -> int | None:
    """The number of the show that an event calls, None for anything else, however strange."""
    if event.address != CHANGE or len(event.args) != 1 or type(event.args[0]) is not int:
        return None
    number: int = event.args[0]
    return number if 0 <= number < 1 << 31 else None


def not_kept(lanes: Sequence[str]) -> str:
    """That these lanes are silent in a take, and what follows from it."""
    names = " and ".join(lanes)
    return f"the sound of {names} was not kept, so what a show makes of {names} cannot be replayed"


def _shortened(block: Block, hops: int, hop: int) -> Block:
    if hops == block.n_hops:
        return block
    return replace(block, samples=block.samples[: hops * hop], n_hops=hops)
