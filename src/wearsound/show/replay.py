"""A take whose show changed while it was recorded, played again: its shows, made ready when their change comes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wearsound import faults
from wearsound.core import Source
from wearsound.errors import PatchError, WearsoundError
from wearsound.parts import Change
from wearsound.safety.current import Budget
from wearsound.show.build import Built, Made, make
from wearsound.show.take import changes, load_number, look_of, with_remote

if TYPE_CHECKING:
    from wearsound.show.load import Show
    from wearsound.show.surroundings import Surroundings
    from wearsound.sources.take import TakeSource

UNPLAYED = "WS-S39"

AHEAD = 16
"""Shows that are made ready before a replay begins; those after them at their turn, or memory would grow."""


def shows_of(source: TakeSource, **words: Any) -> dict[int, Show]:
    """Every show that a take changes to from its start on, by number, checked; {} if it is one show.

    `words` are those of `load_take`, for all of them. A PatchError or MissingError says what is wrong, also where
    the shows are worn on different garments: a replay has one.
    """
    first = load_number(source, source.begins, **words)
    numbers = [number for _, number in source.turns]
    if source.loop and numbers:
        numbers.append(source.begins)
    shows: dict[int, Show] = {}
    known: dict[tuple[object, ...], Show] = {}
    for at, number in enumerate(numbers):
        if number in shows:
            continue
        look = look_of(source, number)
        show = known.get(look)
        if show is None:
            show = known[look] = with_remote(load_number(source, number, **words), source)
        if show.garment.digest != first.garment.digest:
            when = source.turns[min(at, len(source.turns) - 1)][0]
            raise PatchError(
                f"{source.path}: its show changes to another garment at {when:.2f} s ({show.garment.name} after "
                f"{first.garment.name}), and a replay has one; cut there with `wearsound take trim`"
            )
        shows[number] = show
    return shows


@dataclass(frozen=True, slots=True)
class OwnShows:
    """A take and what it was played with: `show` at its start, `shows` that it changes to by number, None if it never
    does. `changed` are lines for a person: files that are not what they were.
    """

    source: TakeSource
    show: Show
    shows: dict[int, Show] | None
    changed: list[str]


def open_take(
    path: str | Path,
    *,
    loop: bool = False,
    seconds: float | None = None,
    start: float = 0.0,
    **words: Any,
) -> OwnShows:
    """A take with its own shows; `words` are those of `load_take`. MissingError or PatchError say why not."""
    from wearsound.sources.take import TakeSource

    source = TakeSource(path, loop=loop, seconds=seconds, start=start, changes=True)
    show = with_remote(load_number(source, source.begins, **words), source)
    shows = shows_of(source, **words) if source.turns else None
    return OwnShows(source, show, shows, changes(source))


class Replay:
    """Answers `Engine.changes` for the shows of a take, in the order in which it calls them.

    All of them are tried before it begins. Offline (`strict`) they are made then, too, as far as AHEAD reaches, and
    `attached` are told of each that begins; live the next is made ready on a thread while the one before plays. A loop
    calls them again.
    """

    def __init__(
        self,
        built: Built,
        source: Source,
        shows: Mapping[int, Show],
        *,
        strict: bool,
        budgets: Sequence[Budget] | None = None,
    ) -> None:
        """Let `built`, made of the show that the take begins with, change as it did; a PatchError if it cannot."""
        self.attached: list[Callable[[Made, int], None]] = []
        self._built, self._shows = built, dict(shows)
        self._lanes, self._strict, self._budgets = source.lanes, strict, budgets
        self._ahead: Callable[[Made, int], Callable[[], None]] | None = None
        turns: Sequence[tuple[float, int]] = getattr(source, "turns", ())
        begins = int(getattr(source, "begins", 0))
        self._order = [number for _, number in turns if number in self._shows]
        if getattr(source, "loop", False) and self._order:
            self._order.append(begins)
        self._at = 0
        self._ready: dict[int, tuple[Made, Callable[[], None]]] = {}
        self._thread: threading.Thread | None = None
        seen: set[int] = set()
        for number in dict.fromkeys(self._order):
            show = self._shows[number]
            if id(show) in seen and (not strict or len(self._ready) >= AHEAD):
                continue
            seen.add(id(show))
            made = self._made(number)
            if strict and len(self._ready) < AHEAD:
                self._ready[number] = made, partial(self._attach, made, number)
        built.engine.number = begins
        built.engine.changes = self

    def live(self, around: Surroundings) -> None:
        """Let everything around the engine be ready for the next show, from now on. [main thread]"""
        self._ahead = around.ahead
        if self._order:
            self._get_ready(self._order[0])

    def __call__(self, number: int) -> Change | None:
        """The show of a number, None where the take has none. [engine thread]"""
        if number not in self._shows:
            return None
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.join()
        try:
            made, attach = self._ready.pop(number) if number in self._ready else self._new(number)
        except WearsoundError as error:
            if self._strict:
                raise
            faults.begin(UNPLAYED, "take", f"{error}; the last show plays on", lapse=faults.MOMENT)
            return None
        onwards = [*self._order[self._at :], *self._order[: self._at]]
        self._at = (self._at + onwards.index(number) + 1) % len(self._order) if number in onwards else 0
        return Change(number, made.parts, partial(self._then, attach))

    def _then(self, attach: Callable[[], None]) -> None:
        attach()
        if self._ahead is not None:
            following = self._order[self._at]
            self._thread = threading.Thread(
                target=self._get_ready, args=(following,), name="replay", daemon=True
            )
            self._thread.start()

    def _attach(self, made: Made, number: int) -> None:
        self._built.made = made
        for tell in self.attached:
            tell(made, number)

    def _get_ready(self, number: int) -> None:
        """[a thread of its own]"""
        try:
            self._ready[number] = self._new(number)
        except Exception as error:  # whatever it is, it is not made again on the engine's thread
            faults.begin(UNPLAYED, "take", f"{error}; the last show plays on", lapse=faults.MOMENT)
            self._shows.pop(number, None)

    def _new(self, number: int) -> tuple[Made, Callable[[], None]]:
        made = self._made(number)
        ahead = self._ahead
        return made, (ahead(made, number) if ahead is not None else partial(self._attach, made, number))

    def _made(self, number: int) -> Made:
        return make(
            self._shows[number], self._lanes, self._built.clock, strict=self._strict, budgets=self._budgets
        )


def replaying(take: OwnShows) -> Callable[[Built], Replay | None]:
    """What `live.play` shall prepare so that a take changes its show as it did."""

    def prepare(built: Built) -> Replay | None:
        return Replay(built, take.source, take.shows, strict=False) if take.shows is not None else None

    return prepare
