"""What another program's addresses and a box's controls play here: one rule for all, because the rig says so."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Generic, Protocol, TypeVar

from wearsound.core import Parameter
from wearsound.osc.tree import BadValue, Tree

Source = TypeVar("Source", bound=Hashable)

MIDDLE = 0.5
"""From here on a switch is on, and what plays a trigger is pressed."""


class Bind(Protocol):
    """`source` (a foreign OSC address, a MIDI control) plays `to` (one of ours) with argument number `arg`, from 0.

    `span` (low, high) is what the sender's numbers reach from and to; the other way round turns it.
    """

    @property
    def source(self) -> str: ...  # noqa: D102
    @property
    def to(self) -> str: ...  # noqa: D102
    @property
    def arg(self) -> int: ...  # noqa: D102
    @property
    def span(self) -> tuple[float, float]: ...  # noqa: D102


def place(x: float, span: tuple[float, float]) -> float:
    """Where `x` is in `span`, 0..1, cut off at its ends; a span of nothing is passed at its one number."""
    low, high = span
    if low == high:
        return float(x >= low)
    return min(1.0, max(0.0, (x - low) / (high - low)))


def laid(parameter: Parameter, place: float) -> tuple[float | int | str, ...]:
    """The arguments that a place (0..1) is to a parameter; a list gets one number.

    A plain trigger gets the place itself: how hard it was hit. One whose range goes below 0 gets the number there.
    BadValue for a word that is not one of some choices: no number can say it. [any thread]
    """
    kind, choices = parameter.kind, parameter.choices
    if kind == "text":
        if not choices:
            raise BadValue(f"{parameter.address} takes a word")
        return (choices[min(int(place * len(choices)), len(choices) - 1)],)
    if kind == "switch":
        return (int(place >= MIDDLE),)
    if is_plain(parameter):
        return (place,)
    value = parameter.low + place * (parameter.high - parameter.low)
    value = min(parameter.high, max(parameter.low, value))
    return (round(value) if kind == "whole" else value,)


def is_plain(parameter: Parameter) -> bool:
    """Whether it is a trigger that is only fired: nobody waits for a number."""
    return parameter.kind == "trigger" and parameter.low >= 0


class Edge:
    """When a button, or a fader used as one, fires. [one thread]"""

    def __init__(self) -> None:
        self._place = 0.0
        self._said: object = None

    def fires(self, place: float, said: object) -> bool:
        """Whether it fires at this place; `said` is all that the sender said, which equals itself when repeated."""
        # It fires where it comes past the middle, and then not until it was below: a fader fires once on its way.
        # A button that never sends its release says the very same message again, at the end of its way: a press
        # each. A fader that moves never says the same twice, and one that rests at its end says nothing.
        pressed = place >= MIDDLE
        again = place >= 1.0 and said == self._said
        fires = pressed and (self._place < MIDDLE or again)
        self._place, self._said = place, said
        return fires


class Bound:
    """One bind, and the parameter that it plays once one is found. [one thread]"""

    parameter: Parameter

    def __init__(self, bind: Bind) -> None:
        self.bind = bind
        self._edge = Edge()

    def at(self, place: float, said: object) -> tuple[float | int | str, ...] | None:
        """What the parameter gets from a control at `place`; None where it is a trigger that does not fire now."""
        if is_plain(self.parameter) and not self._edge.fires(place, said):
            return None
        return laid(self.parameter, place)


class Binds(Generic[Source]):
    """Looks up what a source plays. `read` makes a source of a rig's text, None of one that another door hears.

    `missing` are sentences about binds that lead nowhere in this show: a rig belongs to the room, so they are said
    and left out, until the tree is another show's that has them. `words` says whether the sources can say words at
    all. [one thread]
    """

    def __init__(
        self, binds: Iterable[Bind], tree: Tree, read: Callable[[str], Source | None], *, words: bool
    ) -> None:
        self._tree = tree
        self._words = words
        self._bounds = [(source, Bound(bind)) for bind in binds if (source := read(bind.source)) is not None]
        self._lead()

    def get(self, source: Source) -> Sequence[Bound]:
        """What `source` plays, in the rig's order; nothing for most."""
        if self._edition is not self._tree.edition:
            self._lead()
        return self._by_source.get(source, ())

    def _lead(self) -> None:
        """Find what each bind plays in the tree as it is now."""
        self._edition = self._tree.edition
        self.missing: list[str] = []
        self._by_source: dict[Source, list[Bound]] = {}
        for source, bound in self._bounds:
            parameter = self._tree.get(bound.bind.to)
            wrong = fault(bound.bind, parameter, self._tree, self._words)
            if wrong:
                self.missing.append(f"bind {bound.bind.source!r}: {wrong}")
            elif parameter is not None:
                bound.parameter = parameter
                self._by_source.setdefault(source, []).append(bound)


def fault(bind: Bind, parameter: Parameter | None, tree: Tree, words: bool) -> str:
    """Why a bind cannot be, "" if it can."""
    if parameter is None:
        near = tree.nearest(bind.to)
        hint = f"did you mean {near}?" if near else "`wearsound osc tree` lists what there is"
        return f"this show has no {bind.to!r}; {hint}"
    if not parameter.settable:
        return f"{bind.to!r} can only be asked; choose another address"
    if parameter.kind == "text" and not parameter.choices and not words:
        return f"{bind.to!r} takes a word; choose another address"
    return ""
