"""What a show sends to, each thing with a key: equal keys, the same thing, so that a change of show leaves it alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from wearsound.show.build import Built
from wearsound.show.outputs import light_output, osc_output
from wearsound.show.speaker_targets import by_device, speaker_of
from wearsound.show.vibration_targets import driver_of

if TYPE_CHECKING:
    from wearsound.show.load import Show

HOMES = ("outputs", "drivers", "speakers")
"""The lists of an engine in which targets play, in the order in which they are opened."""


@dataclass(frozen=True, slots=True)
class Target:
    """`home` is the list of the engine it plays in; `make` makes it, not yet opened (PatchError where it cannot be)."""

    key: str
    home: str
    make: Callable[[], Any]


def targets_of(show: Show, built: Built, *, mute: bool = False) -> list[Target]:
    """Every OSC and light target, every vibration target and loudspeaker that `show` sends to; none is made yet."""
    seen: Counter[str] = Counter()
    found = []
    for key, home, make in _targets(show, built, mute):
        seen[key] += 1
        found.append(Target(f"{key} {seen[key]}", home, make))
    return found


def _targets(show: Show, built: Built, mute: bool) -> Iterator[tuple[str, str, Callable[[], Any]]]:
    rig, garment = show.rig, show.garment
    if rig is not None:
        for target in rig.osc:
            yield repr(target), "outputs", partial(osc_output, show, built, target)
        for number, light in enumerate(rig.light):
            yield f"{light!r} {garment.digest}", "outputs", partial(light_output, show, built, number)
        for number, vibration in enumerate(rig.vibration):
            yield f"{vibration!r} {garment.digest}", "drivers", partial(driver_of, rig, number, garment)
    if not mute and show.patch.soundscape is not None:
        for device, speakers in by_device(rig):
            yield f"{device} {speakers!r}", "speakers", partial(speaker_of, device, speakers)
