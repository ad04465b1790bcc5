"""What a show asks of the ear beside its routes: its sketch and its rig name it, or its show.toml did."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wearsound.analysis.ear import everything, feature_specs
from wearsound.errors import PatchError
from wearsound.gallery import suggest
from wearsound.instruments.picture.hears import hears_of

if TYPE_CHECKING:
    from wearsound.show.load import Show

NOTES = "chroma"
"""One word for all twelve notes."""


def hears(show: Show) -> tuple[str, ...]:
    """Full names in order; no prefix means `room`. A PatchError says which name does not exist, and where.

    The sketch is read, not run: it may be drawn by another process. A lane that the input does not have
    is no fault: it is just not heard.
    """
    asked = [(name, "the show") for name in show.hears]
    if show.rig is not None:
        asked += [(name, str(show.rig_path)) for name in show.rig.hears]
    if show.sketch_path is not None:
        asked += [(name, f"{show.sketch_path}:{line}") for name, line in hears_of(show.sketch_path)]
    known = {
        spec.name.removeprefix("room."): spec.name
        for spec in feature_specs(["room"], {}, everything(["room"]))
    }
    names: list[str] = []
    for name, where in asked:
        lane, _, short = name.rpartition(".")
        if short not in known and short != NOTES:
            raise PatchError(f"{where}: hears {name!r}, no feature{suggest(short, [*known, NOTES])}")
        wanted = [n for n in known if n.startswith(f"{NOTES}_")] if short == NOTES else [short]
        names += [f"{lane or 'room'}.{n}" for n in wanted]
    return tuple(dict.fromkeys(names))
