"""The arguments of one OSC message: what its type tags announce, read out of its bytes."""

from __future__ import annotations

import math
import struct
from typing import TypeAlias

from wearsound.osc.bad_packet import BadPacket, Reason

Arg: TypeAlias = "int | float | str | bytes | bool | tuple[Arg, ...] | None"

MAX_ARGS = 64
"""Arguments of one message, arrays and what is in them counted: a sensor board may send 64 floats at once."""

MAX_STRING = 512
"""Bytes of one string argument."""

MAX_BLOB = 4096
"""Bytes of one blob."""

MAX_ARRAYS = 2
"""Arrays inside one another."""

_NULLS = b"\0\0\0\0"
_SIZE = struct.Struct(">i")
_CHARACTER = struct.Struct(">I")
_FLOATS = {"f": struct.Struct(">f"), "d": struct.Struct(">d")}
_INTS = {"i": _SIZE, "h": struct.Struct(">q"), "t": struct.Struct(">Q"), "r": struct.Struct(">I")}
_WORDS: dict[str, bool | None] = {"T": True, "F": False, "N": None, "I": True}


def arguments(data: bytes, at: int, end: int, tags: str) -> tuple[Arg, ...]:
    """The values that `tags` announce in data[at:end], which they must fill."""
    args: list[Arg] = []
    outer: list[list[Arg]] = []
    value: Arg
    for tag in tags:
        if tag in _FLOATS:
            layout = _FLOATS[tag]
            _check_room(at + layout.size, end)
            (number,) = layout.unpack_from(data, at)
            if not math.isfinite(number):
                raise BadPacket("not finite", f"a number of type {tag!r} that is not finite")
            value = number
            at += layout.size
        elif tag in _INTS:
            layout = _INTS[tag]
            _check_room(at + layout.size, end)
            (value,) = layout.unpack_from(data, at)
            at += layout.size
        elif tag in _WORDS:
            value = _WORDS[tag]
        elif tag == "s" or tag == "S":
            value, at = _string(data, at, end)
        elif tag == "b":
            value, at = _blob(data, at, end)
        elif tag == "c":
            _check_room(at + 4, end)
            (code,) = _CHARACTER.unpack_from(data, at)
            if not 0 < code < 128:
                raise BadPacket("string", "a character that is not ASCII")
            value = chr(code)
            at += 4
        elif tag == "m":
            _check_room(at + 4, end)
            value = tuple(data[at : at + 4])
            at += 4
        elif tag == "[":
            if len(outer) == MAX_ARRAYS:
                raise BadPacket("too deep", f"more than {MAX_ARRAYS} arrays inside one another")
            outer.append(args)
            args = []
            continue
        elif tag == "]" and outer:
            value = tuple(args)
            args = outer.pop()
        else:
            raise BadPacket("types", f"a type tag {tag!r} that means nothing here")
        args.append(value)
    if outer:
        raise BadPacket("types", "an array without its end")
    if at != end:
        raise BadPacket("left over", f"{end - at} bytes after the last argument")
    return tuple(args)


def _check_room(needed: int, end: int) -> None:
    if needed > end:
        raise BadPacket("truncated", f"a message ends {needed - end} bytes before its arguments do")


def _string(data: bytes, at: int, end: int) -> tuple[str, int]:
    raw, at = padded(data, at, end, MAX_STRING, "string")
    try:
        return raw.decode(), at
    except UnicodeDecodeError:
        raise BadPacket("string", "a string that is not UTF-8") from None


def _blob(data: bytes, at: int, end: int) -> tuple[bytes, int]:
    _check_room(at + 4, end)
    (size,) = _SIZE.unpack_from(data, at)
    if not 0 <= size <= MAX_BLOB:
        raise BadPacket("blob", f"a blob of {size} bytes: not between 0 and {MAX_BLOB}")
    stop = at + 4 + size
    after = stop + -size % 4
    _check_room(after, end)
    if data[stop:after].strip(b"\0"):
        raise BadPacket("blob", "a blob that is not padded with zeros")
    return data[at + 4 : stop], after


def padded(data: bytes, at: int, end: int, most: int, what: Reason) -> tuple[bytes, int]:
    """(the bytes before the first NUL, where the padding ends) of the text at `at`, a multiple of 4."""
    stop = data.find(b"\0", at, min(end, at + most + 1))
    if stop < 0:
        if end - at > most:
            raise BadPacket(what, f"{what}: longer than {most} bytes")
        raise BadPacket("truncated", f"{what}: the datagram ends before it does")
    after = (stop & ~3) + 4  # offsets are counted from the datagram's start, so this stays inside `end`
    if data[stop:after] != _NULLS[: after - stop]:
        raise BadPacket(what, f"{what}: not padded with zeros")
    return data[at:stop], after
