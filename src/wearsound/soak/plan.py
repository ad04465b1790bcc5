"""What breaks in a chaos run, and when: looked up from a seed, so that the same number breaks the same things again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from wearsound.chance import uniform

PACE = 1.6
"""Seconds from one fault to the next, on average."""
APART = 31.0
"""Seconds between two faults that end the engine at the least: three within a minute are a loop, for which the show is
made simpler and stays so."""
REST = 0.3
"""Seconds for which what was broken is whole before it breaks again."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of fault: what breaks (`place`; one fault at a time each), in `words`, for how many seconds, how often.

    `ends`: the engine ends of it.
    """

    place: str
    name: str
    words: str
    least: float
    most: float
    weight: int = 2
    ends: bool = False


KINDS: tuple[Kind, ...] = (
    Kind("microphone", "unplugged", "the microphone is unplugged", 0.6, 5.0, 4),
    Kind("microphone", "frozen", "the microphone stands still at a quarter of full scale", 1.0, 4.0),
    Kind("microphone", "silent", "the microphone is silent", 1.0, 4.0),
    Kind("microphone", "nan", "the microphone brings NaN", 0.2, 2.0),
    Kind("microphone", "inf", "the microphone brings infinity", 0.2, 2.0, 1),
    Kind("microphone", "huge", "the microphone brings 1e30", 0.2, 2.0, 1),
    Kind("microphone", "tiny", "the microphone brings 1e-40", 0.5, 3.0, 1),
    Kind("microphone", "strobe", "the microphone hears a tone eight times a second", 2.0, 6.0, 4),
    Kind("microphone", "lumps", "the microphone brings 85 ms at a time", 1.0, 4.0, 1),
    Kind("light", "unreachable", "light cannot be sent (no route to host)", 0.5, 4.0, 3),
    Kind("light", "gone", "light cannot be sent (no such device)", 0.5, 3.0),
    Kind("light", "slow", "sending light takes 30 ms a datagram", 1.0, 2.5),
    Kind("vibration", "unreachable", "vibration cannot be sent (no route to host)", 0.5, 4.0),
    Kind("vibration", "gone", "vibration cannot be sent (no such device)", 0.5, 3.0, 1),
    Kind("osc", "unreachable", "OSC cannot be sent (no route to host)", 0.5, 4.0),
    Kind("tap", "raises", "an output raises", 0.5, 1.0),
    Kind("tap", "slow", "an output takes 20 ms a frame", 1.0, 2.5),
    Kind("tap", "hangs", "an output hangs", 0.5, 2.2),
    Kind("speaker", "dead", "the loudspeaker asks for nothing any more", 1.2, 4.0),
    Kind("door", "flood", "a program sends OSC as fast as it can", 1.0, 4.0),
    Kind("door", "garbage", "a program sends what is no OSC as fast as it can", 1.0, 4.0),
    Kind("hand", "hammers", "blackout, freeze and master go to and fro ten times a second", 2.0, 5.0, 3),
    Kind("hand", "panic", "a panic", 2.0, 4.0),
    Kind("patch", "broken", "the patch is saved with a slip", 1.0, 5.0, 3),
    Kind("patch", "changed", "the patch is saved with another look", 1.0, 5.0),
    Kind("patch", "deleted", "the patch is deleted", 1.0, 3.0, 1),
    Kind("disk", "full", "the disk is full while a take is recorded", 2.0, 5.0, 3),
    Kind("engine", "killed", "the engine is killed", 0.5, 1.0, 8, ends=True),
    Kind("engine", "hangs", "the engine hangs for good", 5.0, 6.0, 2, ends=True),
    Kind("window", "killed", "the window's program is killed", 0.5, 1.0),
    Kind("window", "stopped", "the window's program stands still", 3.0, 5.0, 1),
    Kind("machine", "asleep", "the whole show stands still", 0.5, 3.0, 3),
    Kind("clock", "ahead", "the wall clock jumps a year ahead", 1.0, 4.0, 1),
    Kind("clock", "back", "the wall clock says 1970", 1.0, 4.0, 1),
)
"""Everything that breaks; docs/soak.md lists it."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a plan: `kind` from `at` to `end`, seconds after the first could begin."""

    number: int
    kind: Kind
    at: float
    end: float

    def __str__(self) -> str:
        return f"{self.at:6.1f} s: {self.kind.words}, for {self.end - self.at:.1f} s"


def draw(count: int, seed: int, *, window: bool = True, sound: bool = True) -> list[Fault]:
    """`count` faults in the order in which they begin, the same for the same seed, ever.

    Faults of one place never overlap, those of different places do. `window`, `sound`: whether there is one to break.
    """
    here = [
        kind for kind in KINDS if (window or kind.place != "window") and (sound or kind.place != "speaker")
    ]
    busy: dict[str, float] = {}
    found: list[Fault] = []
    ended = -APART
    for number in range(count):
        at = PACE * (number + uniform(seed, "soak moment", number))
        free = [
            kind
            for kind in here
            if busy.get(kind.place, 0.0) <= at and not (kind.ends and at - ended < APART)
        ]
        kind = _chosen(free, uniform(seed, "soak kind", number))
        end = at + kind.least + (kind.most - kind.least) * uniform(seed, "soak length", number)
        busy[kind.place] = end + REST
        ended = at if kind.ends else ended
        found.append(Fault(number, kind, at, end))
    return found


def overlapping(plan: Sequence[Fault]) -> int:
    """How many of a plan begin while another lasts."""
    return sum(
        any(other.at < fault.at < other.end for other in plan[:number]) for number, fault in enumerate(plan)
    )


def _chosen(kinds: Sequence[Kind], at: float) -> Kind:
    """One of `kinds` by weight, `at` 0..1 of the way."""
    left = at * sum(kind.weight for kind in kinds)
    for kind in kinds:
        left -= kind.weight
        if left < 0:
            return kind
    return kinds[-1]
