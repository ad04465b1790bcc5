"""MIDI bytes in, our own addresses out: which control moves what, and how far."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple, Protocol

from wearsound.core import Event, Parameter
from wearsound.errors import PatchError
from wearsound.osc.tree import Tree

Kind = Literal["cc", "note", "bend", "program"]

BY = "midi"
"""Whose hand it was."""
ANY = -1
"""Any number, any channel."""
MOST = 127
MOST_BEND = (1 << 14) - 1
WHOLE = (0.0, 1.0)
"""What a rig's bind spans where it says nothing; no MIDI control spans that, so it is its whole way."""

_SOURCE = re.compile(
    r"midi (?:(?P<kind>cc|note) (?P<number>\d{1,3})|(?P<bend>bend)|program(?: (?P<program>\d{1,3}))?)"
    r"(?: channel (?P<channel>\d{1,2}))?"
)


class Control(NamedTuple):
    """One control of a MIDI box: `number` 0..127 (ANY of a bend, or of any program), `channel` 1..16 or ANY."""

    kind: Kind
    number: int = ANY
    channel: int = ANY

    @property
    def text(self) -> str:
        """As a rig writes it: "midi cc 21 channel 2"."""
        number = "" if self.number == ANY else f" {self.number}"
        channel = "" if self.channel == ANY else f" channel {self.channel}"
        return f"midi {self.kind}{number}{channel}"

    @property
    def most(self) -> int:
        """Its highest value; the lowest is 0."""
        return MOST_BEND if self.kind == "bend" else MOST


class Move(NamedTuple):
    """One message of a box: the control, with number and channel, and its value; 0 of a note is its release."""

    control: Control
    value: int


class Bind(Protocol):
    """What a rig says of one control."""

    @property
    def source(self) -> str:
        """Like "midi cc 21"."""
        ...

    @property
    def to(self) -> str:
        """One of our own addresses."""
        ...

    @property
    def span(self) -> tuple[float, float]:
        """The values that are spread over what the address takes; WHOLE for all of them."""
        ...


def read_source(text: str) -> Control:
    """A control by its text; a PatchError with a sentence if it is none."""
    found = _SOURCE.fullmatch(" ".join(text.split()))
    if found is None:
        raise PatchError(
            f'{text!r} is no MIDI control; write "midi cc 21", "midi note 36", "midi bend" or "midi program 5", '
            'and where only one channel is meant "midi cc 21 channel 2"'
        )
    kind: Kind = "bend" if found["bend"] else "program"
    if found["kind"]:
        kind = "cc" if found["kind"] == "cc" else "note"
    number = found["number"] or found["program"]
    channel = found["channel"]
    if number is not None and int(number) > MOST:
        raise PatchError(f"{text!r}: MIDI counts from 0 to 127, so there is no {kind} {number}")
    if channel is not None and not 1 <= int(channel) <= 16:
        raise PatchError(f"{text!r}: MIDI channels are 1 to 16, so there is no channel {channel}")
    return Control(kind, ANY if number is None else int(number), ANY if channel is None else int(channel))


def read_move(message: Sequence[int]) -> Move | None:
    """What a message of a box says; None for what is no control, or is broken."""
    if not 2 <= len(message) <= 3 or not all(0 <= byte <= MOST for byte in message[1:]):
        return None
    status, channel = message[0] & 0xF0, (message[0] & 0x0F) + 1
    first = message[1]
    if len(message) == 2:
        return Move(Control("program", first, channel), first) if status == 0xC0 else None
    second = message[2]
    if status == 0xB0:
        return Move(Control("cc", first, channel), second)
    if status in (0x80, 0x90):
        return Move(Control("note", first, channel), second if status == 0x90 else 0)
    if status == 0xE0:
        return Move(Control("bend", ANY, channel), first | second << 7)
    return None


class Binds:
    """Which control moves what. Raises PatchError, with a sentence, for what cannot be bound."""

    def __init__(self, binds: Iterable[Bind], tree: Tree) -> None:
        self._bound: dict[Control, list[_Bound]] = {}
        for bind in binds:
            if bind.source.startswith("midi "):
                control = read_source(bind.source)
                self._bound.setdefault(control, []).append(_Bound(control, bind, tree))

    def events(self, move: Move) -> list[Event]:
        """What a move of a control means here. [MIDI thread]"""
        kind, number, channel = move.control
        # Each once: a bend has no number.
        asked = dict.fromkeys(Control(kind, n, c) for n in (number, ANY) for c in (channel, ANY))
        said = (bound.event(move.value) for control in asked for bound in self._bound.get(control, ()))
        return [event for event in said if event is not None]


class _Bound:
    """One control on one parameter."""

    def __init__(self, control: Control, bind: Bind, tree: Tree) -> None:
        self._parameter = _parameter(bind, tree)
        low, high = bind.span
        if (low, high) == WHOLE:
            low, high = 0.0, float(control.most)
        if low == high:
            raise PatchError(
                f"{bind.source!r}: in = [{low:g}, {high:g}] spans nothing; write [0, {control.most}]"
            )
        self._low, self._span = low, high - low
        self._chosen = control.kind == "program" and control.number != ANY
        self._presses = control.kind in ("note", "program")
        self._up = False

    def event(self, value: int) -> Event | None:
        """What one value says: a place in the parameter's range, or that a trigger fires."""
        parameter = self._parameter
        part = 1.0 if self._chosen else min(1.0, max(0.0, (value - self._low) / self._span))
        if parameter.kind == "trigger":
            return self._fire(value, part)
        return Event(0, parameter.address, (_placed(parameter, part),), BY)

    def _fire(self, value: int, part: float) -> Event | None:
        """A pad fires when it is hit, a knob or button where it comes past the middle; neither when it goes back."""
        if self._presses:
            fires = value > 0 or self._chosen
        else:
            up = part >= 0.5
            fires, self._up = up and not self._up, up
        return Event(0, self._parameter.address, (part or 1.0 / MOST,), BY) if fires else None


def _parameter(bind: Bind, tree: Tree) -> Parameter:
    """What a bind moves; a PatchError if nothing here has that address, or no knob can move it."""
    parameter = tree.get(bind.to)
    if parameter is None:
        near = tree.nearest(bind.to)
        instead = f"did you mean {near!r}?" if near else "wearsound osc tree lists them"
        raise PatchError(f"{bind.source!r} shall move {bind.to}, which is no address of this show; {instead}")
    if not parameter.settable:
        raise PatchError(
            f"{bind.source!r} shall move {bind.to}, which can only be read; choose another address"
        )
    if parameter.kind == "list" or (parameter.kind == "text" and not parameter.choices):
        takes = "several numbers at once" if parameter.kind == "list" else "a word"
        raise PatchError(f"{bind.source!r} shall move {bind.to}, which takes {takes}; choose another address")
    return parameter


def _placed(parameter: Parameter, part: float) -> float | int | str:
    """The value so far along (0..1) what a parameter takes."""
    if parameter.kind == "text":
        return parameter.choices[min(int(part * len(parameter.choices)), len(parameter.choices) - 1)]
    if parameter.kind == "switch":
        return int(part >= 0.5)
    value = parameter.low + part * (parameter.high - parameter.low)
    return round(value) if parameter.kind == "whole" else value
