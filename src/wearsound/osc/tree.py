"""Every parameter of a show by its address: the one list that OSC, OSCQuery, layouts and docs are made of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from wearsound.core import Parameter
from wearsound.errors import PatchError
from wearsound.osc.likest import Likest
from wearsound.osc.packet import MAX_ADDRESS, Arg
from wearsound.osc.pattern import matches
from wearsound.osc.value import number

LONGEST_WORD = 128
"""Characters that a trigger keeps of a word: the name of a cue, of a mark."""


class BadValue(ValueError):
    """What was sent is no value of this parameter; the text says what it takes."""


class Tree:
    """Parameters by address, in the order they were given.

    `values` are the addresses of which the last value wins, all but triggers.
    """

    def __init__(self, parameters: Iterable[Parameter]) -> None:
        self._parameters = {parameter.address: parameter for parameter in parameters}
        for address in self._parameters:
            if len(address) > MAX_ADDRESS:
                raise PatchError(f"{address} has more than {MAX_ADDRESS} characters: shorten a name in it")
        self._likest = Likest(self._parameters)
        self.values = frozenset(p.address for p in self if p.kind != "trigger")

    def become(self, other: Tree) -> None:
        """Hold what `other` holds: the show has changed. Whoever looks sees the one or the other. [any thread]"""
        self._parameters, self._likest, self.values = other._parameters, other._likest, other.values

    @property
    def edition(self) -> object:
        """Another object whenever the tree has become another. [any thread]"""
        return self._parameters

    def __iter__(self) -> Iterator[Parameter]:
        return iter(self._parameters.values())

    def __len__(self) -> int:
        return len(self._parameters)

    def __contains__(self, address: object) -> bool:
        return address in self._parameters

    def get(self, address: str) -> Parameter | None:
        """The parameter at exactly this address. [any thread]"""
        return self._parameters.get(address)

    def find(self, pattern: str) -> list[Parameter]:
        """All that an address or an OSC pattern means; BadPattern if it cannot be read. [any thread]"""
        return [self._parameters[address] for address in matches(pattern, self._parameters.keys())]

    def nearest(self, address: str) -> str:
        """The address most like one that does not exist, "" if none is. [any thread]"""
        return self._likest.to(address)


def clean(parameter: Parameter, args: Sequence[Arg]) -> tuple[float | int | str, ...] | None:
    """What `args` mean to a parameter: inside its range, of its kind. None: the release of a trigger.

    Numbers may come as i f d h T F, as text ("0.5") or in an array; arguments beyond those it takes are left
    alone. A trigger fires on none, N, T, a number above 0 (any, if its range goes below 0) or a word, and keeps the
    first of what came with it. No argument is a question, except to a trigger: that is the caller's to see.
    BadValue where nothing fits. [any thread]
    """
    kind = parameter.kind
    if kind == "trigger":
        return _fired(parameter, args)
    flat = list(_flat(args))
    if kind == "list":
        numbers = [number(arg) for arg in flat]
        if not numbers or None in numbers:
            raise BadValue(f"{parameter.address} takes numbers from {parameter.low:g} to {parameter.high:g}")
        return tuple(_inside(parameter, value) for value in numbers if value is not None)
    first = flat[0] if flat else None
    if kind == "text":
        if isinstance(first, str) and (not parameter.choices or first in parameter.choices):
            return (first,)
        takes = " or ".join(parameter.choices) if parameter.choices else "a word"
        raise BadValue(f"{parameter.address} takes {takes}")
    value = number(first)
    if value is None:
        takes = "0 or 1" if kind == "switch" else f"a number from {parameter.low:g} to {parameter.high:g}"
        raise BadValue(f"{parameter.address} takes {takes}")
    if kind == "switch":
        return (int(value > 0),)
    inside = _inside(parameter, value)
    return (round(inside),) if kind == "whole" else (inside,)


def _fired(parameter: Parameter, args: Sequence[Arg]) -> tuple[float | int | str, ...] | None:
    """What a trigger is fired with; None for its release. A word may be the name of a cue or of a mark."""
    first = args[0] if args else None
    value = 1.0 if first is None else number(first)
    if value is None and not isinstance(first, str):
        raise BadValue(f"{parameter.address} is a trigger: send it nothing, 1 or T")
    if value is not None and value <= 0 and parameter.low >= 0:
        return None  # a button let go; a trigger that takes numbers below 0 takes any
    # One word or number says which, or how hard; more is only room in a take that a stranger could fill.
    return tuple(arg[:LONGEST_WORD] if isinstance(arg, str) else arg for arg in _plain(args[:1]))


def _inside(parameter: Parameter, value: float) -> float:
    return min(parameter.high, max(parameter.low, value))


def _plain(args: Sequence[Arg]) -> Iterator[float | int | str]:
    for arg in args:
        if isinstance(arg, bool):
            yield int(arg)
        elif isinstance(arg, int | float | str):
            yield arg


def _flat(args: Sequence[Arg]) -> Iterator[Arg]:
    for arg in args:
        if isinstance(arg, tuple):
            yield from arg
        else:
            yield arg
