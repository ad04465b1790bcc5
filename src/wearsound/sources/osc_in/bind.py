"""Addresses of other programs that stand for ours: /1/fader1 is the master, because the rig says so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from wearsound.core import Parameter
from wearsound.osc.packet import Arg
from wearsound.osc.tree import BadValue, Tree
from wearsound.osc.value import number


class Bind(Protocol):
    """`source` (a foreign OSC address) plays `to` (one of ours) with argument number `arg`, from 0.

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


class Binds:
    """Looks up what a foreign address plays; MIDI's binds are not for here. [any thread]

    `missing` are sentences about those that lead nowhere in the tree: they are left out.
    """

    def __init__(self, binds: Iterable[Bind], tree: Tree) -> None:
        self.missing: list[str] = []
        self._by_source: dict[str, list[tuple[Bind, Parameter]]] = {}
        for bind in binds:
            if not bind.source.startswith("/"):
                continue
            parameter = tree.get(bind.to)
            if parameter is None:
                near = tree.nearest(bind.to)
                hint = f"; did you mean {near}" if near else ""
                self.missing.append(f"bind {bind.source!r}: this show has no {bind.to!r}{hint}")
            else:
                self._by_source.setdefault(bind.source, []).append((bind, parameter))

    def get(self, address: str) -> Sequence[tuple[Bind, Parameter]]:
        """What `address` plays, in the rig's order; nothing for most."""
        return self._by_source.get(address, ())


def bound(bind: Bind, parameter: Parameter, args: Sequence[Arg]) -> tuple[Arg, ...]:
    """What a foreign message's arguments are to our parameter, ready for `osc.tree.clean`.

    `span` is laid onto the parameter's own range and cut off at its ends. A switch is on from the middle on; a
    trigger fires above the span's start or without an argument, and gets the number itself where its range goes
    below 0. BadValue where the argument is missing or no number.
    """
    kind = parameter.kind
    if kind == "trigger" and not args:
        return ()
    if len(args) <= bind.arg:
        raise BadValue(f"{bind.source} comes without argument {bind.arg}, which plays {bind.to}")
    if kind == "text":
        return (args[bind.arg],)
    if kind == "list":
        places = [_place(bind, arg) for arg in args[bind.arg :]]
        return tuple(_laid(parameter, place) for place in places)
    place = _place(bind, args[bind.arg])
    if kind == "trigger" and parameter.low >= 0:
        return (int(place > 0),)
    if kind == "switch":
        return (int(place >= 0.5),)
    return (_laid(parameter, place),)


def _place(bind: Bind, arg: Arg) -> float:
    """Where in the span, 0..1."""
    x = number(arg)
    if x is None:
        raise BadValue(f"{bind.source} brings no number, which {bind.to} needs")
    low, high = bind.span
    if low == high:
        return float(x >= low)
    return min(1.0, max(0.0, (x - low) / (high - low)))


def _laid(parameter: Parameter, place: float) -> float:
    return parameter.low + place * (parameter.high - parameter.low)
