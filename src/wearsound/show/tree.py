"""Every parameter of a show in one tree: what every room can be told, and what it can be asked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Protocol

from wearsound.analysis.pulse import FASTEST, SLOWEST
from wearsound.analysis.told import LEADERS
from wearsound.core import Parameter, index_of
from wearsound.osc.tree import Tree
from wearsound.show.build import Built, build
from wearsound.sources.blocks import MOST_CHANNELS, lanes_of

if TYPE_CHECKING:
    from wearsound.show.load import Show


class _Told(Protocol):
    def parameters(self) -> list[Parameter]: ...


def tree(built: Built, delayed: Iterable[_Told] = (), more: Iterable[Parameter] = ()) -> Tree:
    """What can be set and asked while this show plays; `more` is what no room has. [any thread]"""
    found = [*engine_parameters(built), *more]
    found += built.score.parameters()
    for output in delayed:
        found += output.parameters()
    found += built.remote.parameters()
    return Tree(found)


def tree_of(show: Show) -> Tree:
    """The tree of a show that is not played: nothing is opened. [main thread]"""
    from wearsound.show.outputs import delayed_outputs

    lanes = (
        {name: tuple(c - 1 for c in channels) for name, channels in show.rig.lanes.items()}
        if show.rig
        else {}
    )
    built = build(show, lanes or lanes_of(MOST_CHANNELS), 48_000, strict=False)
    return tree(built, delayed_outputs(show, built))


def engine_parameters(built: Built) -> list[Parameter]:
    """The performer's hand, the tempo, and marks."""
    features, engine = index_of(built.ear.specs), built.engine

    def feature(name: str) -> float:
        at = features.get(f"room.{name}")
        return 0.0 if at is None else float(engine.heard[at])

    tempo = "/wear/tempo"
    return [
        *built.engine.master.parameters(),
        Parameter(
            f"{tempo}/bpm",
            "beats a minute; 0 while there is none",
            unit="bpm",
            low=SLOWEST,
            high=FASTEST,
            step=0.1,
            read=lambda: feature("tempo"),
        ),
        Parameter(f"{tempo}/tap", "the beat is now; two or more also say how fast", "trigger"),
        Parameter(f"{tempo}/half", "half as fast", "trigger"),
        Parameter(f"{tempo}/double", "twice as fast", "trigger"),
        Parameter(
            f"{tempo}/nudge",
            "the beat comes so much later; below 0: earlier",
            "trigger",
            "ms",
            -1000.0,
            1000.0,
        ),
        Parameter(
            f"{tempo}/lock",
            "1 keeps the tempo whatever is heard",
            "switch",
            read=lambda: float((built.engine.told.get(f"{tempo}/lock") or (0.0,))[0]),
        ),
        Parameter(
            f"{tempo}/lead",
            "who leads the tempo; a word chooses, auto: the latest hand or clock",
            "text",
            choices=("auto", *LEADERS),
            read=lambda: LEADERS[int(feature("lead"))],
        ),
        Parameter(
            f"{tempo}/clock",
            "an outside clock: bpm, phase in the beat 0..1, number of the beat in the bar from 1; 0 ends it",
            "list",
            high=999.0,
        ),
        Parameter(
            "/wear/mark", "a mark in the take that is being recorded: a word or a number above 0", "trigger"
        ),
    ]
