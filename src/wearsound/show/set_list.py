"""A set: the shows of an evening in their order, one of which plays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from wearsound import faults
from wearsound.core import Clock, Event, Parameter

SET = "/wear/set"
GUARD = 0.5
"""Seconds after one `next` or `previous` in which another is a slip of the finger."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One show of a set, as it was named: the words of `load`. `title` is what people call it."""

    title: str
    show: str
    garment: str | None = None
    rig: str | None = None
    sketch: str | None = None
    seed: int | None = None


class SetList:
    """`at` is the entry that plays; `asked` says which one an event asks for. [engine thread]

    At the ends of the set `next` and `previous` stay where they are.
    """

    def __init__(self, entries: Sequence[Entry], clock: Clock, at: int = 0) -> None:
        """`at`: the entry that it begins with."""
        self.entries = tuple(entries)
        self.titles = _apart([entry.title for entry in entries])
        self.at = at
        """[any thread reads]"""
        self.coming = at
        """The entry that is got ready. [the changer's thread]"""
        self._asked = at
        self._guard = clock.ticks(GUARD)
        self._stepped: int | None = None

    def asked(self, event: Event) -> int | None:
        """The entry that an event asks for, None where it asks for none or for what plays already."""
        last = self._asked
        match event.address:
            case "/wear/set/next" | "/wear/set/previous":
                if self._stepped is not None and event.tick - self._stepped < self._guard:
                    return None
                self._stepped = event.tick
                step = 1 if event.address.endswith("next") else -1
                self._asked = min(len(self.entries) - 1, max(0, last + step))
            case "/wear/set" | "/wear/set/goto":
                found = self._find(event.args[0] if event.args else None)
                if found is None:
                    numbers = f"1 to {len(self.entries)}"
                    sentence = (
                        f"{event.address} takes the title of a show of the set, or its number: {numbers}"
                    )
                    faults.begin("WS-O28", SET, sentence, lapse=faults.MOMENT)
                self._asked = last if found is None else found
            case _:
                return None
        return self._asked if self._asked != last else None

    def playing(self, at: int) -> None:
        """An entry plays now. What was asked for since is still on its way."""
        self.at = at

    def failed(self, at: int) -> None:
        """An entry could not be had: whoever asks next asks from the one that plays."""
        if self._asked == at:
            self._asked = self.at

    def parameters(self) -> list[Parameter]:
        """How a set is led from outside; nothing where there is only one show. [any thread]"""
        if len(self.entries) < 2:
            return []
        return [
            Parameter(
                SET,
                "the show of the set that plays; its title calls another",
                "text",
                choices=self.titles,
                read=lambda: self.titles[self.at],
            ),
            Parameter(f"{SET}/next", "the next show of the set", "trigger"),
            Parameter(f"{SET}/previous", "the show before", "trigger"),
            Parameter(f"{SET}/goto", "a show of the set by its number, from 1, or its title", "trigger"),
        ]

    def _find(self, asked: object) -> int | None:
        """By title, in any case, or by number from 1."""
        if isinstance(asked, str):
            named = [title.casefold() for title in self.titles]
            if asked.casefold() in named:
                return named.index(asked.casefold())
            asked = int(asked) if asked.isdecimal() and len(asked) < 6 else None
        if isinstance(asked, int | float) and asked == asked and 1 <= asked < len(self.entries) + 1:
            return int(asked) - 1
        return None


def _apart(titles: Sequence[str]) -> tuple[str, ...]:
    """The same title twice, in any case: "Salt", "Salt 2"; the next number where a show is called so itself."""
    found: list[str] = []
    taken = {title.casefold() for title in titles}
    seen: set[str] = set()
    for title in titles:
        again, name = 1, title
        while (name.casefold() in taken) if again > 1 else (name.casefold() in seen):
            again += 1
            name = f"{title} {again}"
        seen.add(title.casefold())
        taken.add(name.casefold())
        found.append(name)
    return tuple(found)
