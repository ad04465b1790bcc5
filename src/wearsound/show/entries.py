"""What a performer names to be played in an evening: one show or several, worn by one body in one room."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from wearsound.core import Source
from wearsound.errors import PatchError, WearsoundError
from wearsound.show.load import Show, load
from wearsound.show.set_list import Entry

if TYPE_CHECKING:
    from wearsound.show.safe import Safe


@dataclass(frozen=True, slots=True)
class Named:
    """The words of a command line: `shows`, and what all of them are played with."""

    shows: Sequence[str]
    garment: str | None = None
    rig: str | None = None
    sketch: str | None = None
    seed: int | None = None


@dataclass(slots=True)
class Set:
    """The shows of an evening, checked. `show` is the one that it begins with; `said` are sentences for the terminal.

    One show follows its patch: if that names another garment, it is played on that one. The shows of a set are all
    worn on the garment of the first, for nobody changes coats between two songs; where a patch was made for another,
    its zones fall back as `wearsound fit` says. `watched` are files to look at instead of those that play, by kind.
    """

    show: Show
    entries: list[Entry]
    said: list[str] = field(default_factory=list)
    watched: dict[str, Path] | None = None
    _safe: Safe | None = None

    @classmethod
    def load(cls, named: Named) -> Set:
        """PatchError for whatever is wrong with any of them: what is called in an hour must be there now."""
        first = load(
            named.shows[0], garment=named.garment, rig=named.rig, sketch=named.sketch, seed=named.seed
        )
        found = cls(first, [_entry(named.shows[0], first, named)])
        for show in named.shows[1:]:
            found.add(show, named)
        return found

    @classmethod
    def safe(cls, named: Named) -> Set:
        """Something plays in any case: what cannot be is left out, or a copy of it plays, and that is said."""
        from wearsound.show.safe import load_safe

        safe = load_safe(
            named.shows[0], garment=named.garment, rig=named.rig, sketch=named.sketch, seed=named.seed
        )
        found = cls(safe.show, [_entry(named.shows[0], safe.show, named)], safe.said, safe.paths, safe)
        for show in named.shows[1:]:
            try:
                found.add(show, named)
            except WearsoundError as error:
                found.said.append(f"{error}; left out of the set")
        return found

    def add(self, show: str, named: Named) -> None:
        """One more show of the set; PatchError if it cannot be played on this garment."""
        if not show:
            raise PatchError("a show of the set has no name")
        worn = named.garment or str(self.show.garment_path)
        loaded = load(show, garment=worn, rig=named.rig, sketch=named.sketch, seed=named.seed)
        self.entries[0] = _worn(self.entries[0], worn)
        self.entries.append(_worn(_entry(show, loaded, named), worn))

    def fit(self, source: Source) -> None:
        """Of a safe set: what of the first show plays with what is really heard."""
        if self._safe is not None:
            self.show = self._safe.fit(source)


def _entry(show: str, loaded: Show, named: Named) -> Entry:
    sketch = loaded.sketch_path
    by_sketch = sketch is not None and sketch.stem == loaded.name != loaded.patch_path.stem
    title = loaded.name if by_sketch else loaded.patch.title
    return Entry(title, show, named.garment, named.rig, named.sketch, named.seed)


def _worn(entry: Entry, garment: str) -> Entry:
    return Entry(entry.title, entry.show, garment, entry.rig, entry.sketch, entry.seed)
