"""MIDI bytes, and how a rig writes a control; what it plays is as with every bind (osc.bind)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from wearsound.core import Event
from wearsound.errors import PatchError
from wearsound.osc import bind as osc_bind
from wearsound.osc.bind import Bind, Bound, is_plain, laid, place
from wearsound.osc.tree import Tree

Kind = Literal["cc", "note", "bend", "program"]

BY = "midi"
"""Whose hand it was."""
ANY = -1
"""Any number, any channel."""
MOST = 127
MOST_BEND = (1 << 14) - 1
SOFTEST = 1.0 / MOST
"""How hard the softest hit of a pad is."""
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
    """Which control moves what; `missing` as osc.bind says it. A PatchError for a source that is no MIDI control."""

    def __init__(self, binds: Iterable[Bind], tree: Tree) -> None:
        self._binds = osc_bind.Binds(binds, tree, _heard, words=False)
        self.missing = self._binds.missing

    def events(self, move: Move) -> list[Event]:
        """What a move of a control means here. [MIDI thread]"""
        kind, number, channel = move.control
        # Each once: a bend has no number.
        asked = dict.fromkeys(Control(kind, n, c) for n in (number, ANY) for c in (channel, ANY))
        found = ((bound, control) for control in asked for bound in self._binds.get(control))
        said = ((bound.parameter.address, _played(control, bound, move.value)) for bound, control in found)
        return [Event(0, address, args, BY) for address, args in said if args is not None]


def _heard(source: str) -> Control | None:
    """The control that a bind means, None where it is none of MIDI."""
    return read_source(source) if source.startswith("midi ") else None


def _played(control: Control, bound: Bound, value: int) -> tuple[float | int | str, ...] | None:
    """What one value of a control is to what it plays; None where that is a trigger which does not fire."""
    span = (0.0, float(control.most)) if tuple(bound.bind.span) == WHOLE else bound.bind.span
    chosen = control.kind == "program" and control.number != ANY
    at = 1.0 if chosen else place(value, span)
    if bound.parameter.kind != "trigger" or control.kind in ("cc", "bend"):
        return bound.at(at, value)
    if control.kind == "note" and not value:
        return None  # let go
    # A pad says each hit by itself and how hard it was, so it needs no edge; a hit is never a 0, which is a release.
    return laid(bound.parameter, max(at, SOFTEST) if is_plain(bound.parameter) else at)
