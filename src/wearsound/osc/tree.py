"""Every parameter of a show by its address: the one list that OSC, OSCQuery, layouts and docs are made of."""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterable, Iterator, Sequence

from wearsound.core import Parameter
from wearsound.osc.packet import MAX_ADDRESS, Arg
from wearsound.osc.pattern import matches

Number = float | int


class BadValue(ValueError):
    """What was sent is no value of this parameter; the text says what it takes."""


class Tree:
    """Parameters by address, in the order they were given.

    `values` are the addresses of which the last value wins, all but triggers.
    """

    def __init__(self, parameters: Iterable[Parameter]) -> None:
        self._parameters = {parameter.address: parameter for parameter in parameters}
        for address in self._parameters:
            assert len(address) <= MAX_ADDRESS, address
        self.values = frozenset(p.address for p in self if p.kind != "trigger")

    def __iter__(self) -> Iterator[Parameter]:
        return iter(self._parameters.values())

    def __len__(self) -> int:
        return len(self._parameters)

    def get(self, address: str) -> Parameter | None:
        """The parameter at exactly this address. [any thread]"""
        return self._parameters.get(address)

    def find(self, pattern: str) -> list[Parameter]:
        """All that an address or an OSC pattern means; BadPattern if it cannot be read. [any thread]"""
        return [self._parameters[address] for address in matches(pattern, self._parameters.keys())]

    def nearest(self, address: str) -> str:
        """The address most like one that does not exist, "" if none is. [any thread, slow]"""
        near = difflib.get_close_matches(address, self._parameters, n=1, cutoff=0.6)
        return near[0] if near else ""


def clean(parameter: Parameter, args: Sequence[Arg]) -> tuple[float | int | str, ...] | None:
    """What `args` mean to a parameter: inside its range, of its kind. None: the release of a trigger.

    Numbers may come as i f d h T F or as text ("0.5"); arguments beyond those it takes are left alone. No
    argument is a question, except to a trigger: that is the caller's to see. BadValue where nothing fits.
    """
    kind = parameter.kind
    if kind == "trigger":
        first = args[0] if args else 1
        number = 1.0 if first is None else _number(first)
        if number is not None:
            return tuple(_plain(args)) if number > 0 else None
        return tuple(_plain(args))  # a word: the name of a cue, of a mark
    if kind == "list":
        numbers = [_number(arg) for arg in _flat(args)]
        if not numbers or None in numbers:
            raise BadValue(f"{parameter.address} takes numbers")
        return tuple(_inside(parameter, number) for number in numbers if number is not None)
    if not args:
        raise BadValue(f"{parameter.address} takes a value")
    first = args[0]
    if kind == "text":
        if isinstance(first, str) and (not parameter.choices or first in parameter.choices):
            return (first,)
        takes = " or ".join(parameter.choices) if parameter.choices else "a word"
        raise BadValue(f"{parameter.address} takes {takes}")
    number = _number(first)
    if number is None:
        raise BadValue(f"{parameter.address} takes a number from {parameter.low:g} to {parameter.high:g}")
    if kind == "switch":
        return (int(number > 0),)
    inside = _inside(parameter, number)
    return (round(inside),) if kind == "whole" else (inside,)


def _inside(parameter: Parameter, number: float) -> float:
    return min(parameter.high, max(parameter.low, number))


def _number(arg: Arg) -> float | None:
    """A number, however it was written; None for what is none."""
    if isinstance(arg, bool | int | float):
        return float(arg)
    if isinstance(arg, str) and len(arg) <= 32:
        try:
            number = float(arg)
        except ValueError:
            return None
        return number if math.isfinite(number) else None
    return None


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
