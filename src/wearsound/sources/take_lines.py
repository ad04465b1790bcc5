"""events.jsonl, line by line and never whole: what came in, and where hops were lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, BinaryIO

import msgspec
from msgspec import Meta

from wearsound.core import Event
from wearsound.errors import PatchError, printable, reason
from wearsound.sources.take_file import own_file

MOST_LINE = 1 << 16
"""Bytes of one line; the longest message that OSC may bring needs half of it."""
MOST_EVENTS = 1 << 16
"""Events at one tick; the busiest sender there may be leaves a tenth."""
MOST_DEPTH = 4
LARGEST = 1 << 64

_APART = frozenset({"/wear/quit", "/wear/window/trouble"})
_APARTS = ("/wear/take/", "/wear/set/", "/wear/patch/")
"""What a take must not say: it is about the program that plays it."""

Tick = Annotated[int, Meta(ge=0, lt=1 << 41)]


class Line(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One line: an event, or a gap. `t` is for a person; the tick counts."""

    tick: Tick
    t: float = 0.0
    address: Annotated[str, Meta(pattern=r"^/wear/[!-~ ]{1,122}$(?!\n)")] = ""
    args: list[Any] = []
    by: Annotated[str, Meta(pattern=r"^[a-z]{0,16}$(?!\n)")] = ""
    gap: Annotated[int, Meta(ge=0, lt=1 << 40)] = 0
    hole: Annotated[int, Meta(ge=0, lt=1 << 40)] = 0


@dataclass(slots=True)
class Mark:
    """What is to be known at the first hop of a block: hops lost just before it, and what came in."""

    tick: int
    gap: int
    events: list[Event]
    where: str
    """File and line, for whoever finds it does not fit."""


def marks(path: Path, torn: list[str]) -> Iterator[Mark]:
    """Every mark in order of its tick; a PatchError names file and line of what is wrong.

    A last line without its end is what a killed recording leaves: it is left out and said in `torn`.
    """
    mark: Mark | None = None
    own_file(path.parent, path.name)
    try:
        file = path.open("rb")
    except OSError as error:
        raise PatchError(f"{path}: cannot be read ({reason(error)}); a take needs it, if empty") from None
    with file:
        for number, text in _lines(path, file):
            where = f"{path}:{number}"
            if not text.endswith(b"\n"):
                torn.append(f"the last line of {path.name} is torn and left out")
                break
            line = _read(text, where)
            if mark is None or line.tick != mark.tick:
                if mark is not None:
                    if line.tick < mark.tick:
                        raise PatchError(f"{where}: tick {line.tick} comes after {mark.tick}; sort the lines")
                    yield mark
                mark = Mark(line.tick, 0, [], where)
            if line.gap:
                if mark.gap or mark.events:
                    raise PatchError(f"{where}: a gap is said once, before the events of its tick")
                mark.gap = line.gap
            elif line.address not in _APART and not f"{line.address}/".startswith(_APARTS):
                mark.events.append(_event(line, where))
                if len(mark.events) > MOST_EVENTS:
                    raise PatchError(f"{where}: more than {MOST_EVENTS} events at one tick")
        if mark is not None:
            yield mark


def _lines(path: Path, file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    number = 0
    while text := file.readline(MOST_LINE + 1):
        number += 1
        if len(text) > MOST_LINE:
            raise PatchError(
                f"{path}:{number}: a line of more than {MOST_LINE:,} bytes, which no event needs"
            )
        yield number, text


_decoder = msgspec.json.Decoder(Line)


def _read(text: bytes, where: str) -> Line:
    try:
        line = _decoder.decode(text)
    except (msgspec.MsgspecError, RecursionError, ValueError) as error:
        said = printable(str(error)[:200]) or "nested too deep"
        raise PatchError(
            f'{where}: {said}; a line is {{"tick": 0, "address": "/wear/..", "args": []}} '
            'or {"tick": 0, "gap": 1}'
        ) from None
    if bool(line.address) == bool(line.gap) or line.hole > line.gap:
        raise PatchError(f"{where}: a line has either an address or a gap above 0")
    return line


def _event(line: Line, where: str) -> Event:
    try:
        return Event(line.tick, line.address, tuple(_arg(arg) for arg in line.args), line.by)
    except ValueError as error:
        raise PatchError(f"{where}: {error}") from None


def _arg(value: Any, depth: int = 0) -> Any:
    """An argument as it was; msgspec has refused numbers that are not finite."""
    if isinstance(value, int):
        if abs(value) >= LARGEST:
            raise ValueError(f"{value} is more than any sender can say")
        return value
    if isinstance(value, list):
        if depth >= MOST_DEPTH:
            raise ValueError(f"more than {MOST_DEPTH} lists inside one another")
        return tuple(_arg(inner, depth + 1) for inner in value)
    if isinstance(value, dict):
        if list(value) != ["hex"] or not isinstance(value["hex"], str):
            raise ValueError('an argument is a number, a word, a list, or {"hex": ".."} for bytes')
        return bytes.fromhex(value["hex"])
    return value
