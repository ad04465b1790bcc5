"""What a show asks of the ear beside its routes: its sketch and its rig name it, or its show.toml did.

A show without a sketch has its garment for a picture, which hangs as `drape` says: so it asks for that, also where
nobody draws it (`render --no-video`), or what is recorded and sent would depend on who looks.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import TYPE_CHECKING

from wearsound.analysis.drape import LANE as DRAPE
from wearsound.analysis.ear import DRAPED, KINDS, everything, feature_specs, kind_of
from wearsound.errors import PatchError
from wearsound.gallery import suggest
from wearsound.instruments.picture.hears import hears_of
from wearsound.instruments.soundscape.tuning import KEY
from wearsound.show.light_targets import sync_features
from wearsound.show.rig_check import AUDIO
from wearsound.sources.remote import Remote

if TYPE_CHECKING:
    from wearsound.show.load import Show
    from wearsound.show.rig import Rig

NOTES = "chroma"
"""One word for all twelve notes."""


def hears(show: Show, lanes: Collection[str] | None = None) -> tuple[str, ...]:
    """Full names in order; no prefix means `room`. A PatchError says which name does not exist, and where.

    The sketch is read, not run: it may be drawn by another process. `lanes` are those of the input. A lane of
    every recording that this one does not have is no fault: it is just not heard; a rig with lanes of its own
    has only those.
    """
    own = set(show.rig.lanes) if show.rig is not None else set()
    usual = None if lanes is None else {*AUDIO, *own, *lanes}
    asked = [(name, "the show", usual) for name in show.hears]
    if show.rig is not None:
        heard = {*own, *(lanes or ())} if own else usual
        asked += [(name, show.rig.where("hears", i), heard) for i, name in enumerate(show.rig.hears)]
    if show.sketch_path is not None:
        asked += [(name, f"{show.sketch_path}:{line}", usual) for name, line in hears_of(show.sketch_path)]
    known = {
        spec.name.removeprefix("room."): spec.name
        for spec in feature_specs(["room"], {}, everything(["room"]))
    }
    drapes = [spec.name for spec in DRAPED]
    remote = Remote(show.rig.remote).specs if show.rig is not None else ()
    sensed = [spec.name for spec in feature_specs([], {}, everything([], remote), remote)]
    outside = {spec.name.partition(".")[0] for spec in remote}
    names: list[str] = []
    for name, where, there in asked:
        lane, _, short = name.rpartition(".")
        if name in drapes or name in sensed:
            names.append(name)
            continue
        if lane in outside:
            near = suggest(name, [each for each in sensed if each.startswith(f"{lane}.")])
            raise PatchError(f"{where}: hears {name!r}, no feature of that sensor{near}")
        if lane == DRAPE:
            raise PatchError(f"{where}: hears {name!r}, no feature{suggest(name, drapes)}")
        if lane and there is not None and lane not in there:
            raise PatchError(f"{where}: hears {name!r}, but no lane is called {lane!r}{suggest(lane, there)}")
        if band_of(short) is not None:
            names.append(f"{lane or 'room'}.{short}")
            continue
        if short not in known and short != NOTES:
            raise PatchError(f"{where}: hears {name!r}, no feature{suggest(short, [*known, NOTES])}")
        wanted = [n for n in known if n.startswith(f"{NOTES}_")] if short == NOTES else [short]
        names += [f"{lane or 'room'}.{n}" for n in wanted]
    if show.sketch_path is None:
        names += drapes
    scape = show.patch.soundscape
    if scape is not None and scape.key == "room" and (lanes is None or "room" in lanes):
        names += KEY
    return tuple(dict.fromkeys([*names, *sync_features(show.rig)]))


def learned(rig: Rig | None) -> dict[str, dict[str, float]]:
    """What a rig's calibration says of lanes that the ear learns: {"body": {"floor_low": -71.5, ..}}."""
    known = rig.calibration if rig is not None else {}
    return {lane: dict(numbers) for lane, numbers in known.items() if kind_of(lane) in KINDS and numbers}


_BAND = re.compile(r"(?:.*\.)?band_(\d{1,5})_(\d{1,5})")


def band_of(name: str) -> tuple[float, float] | None:
    """The edges in Hz of a band that is asked for by name (`band_40_110`), None if it is no such name."""
    found = _BAND.fullmatch(name)
    if found is None or not 0 < int(found[1]) < int(found[2]) <= 20_000:
        return None
    return float(found[1]), float(found[2])
