"""Bytes of one UDP datagram in, its OSC 1.0 messages out: strict and bounded, because anybody may send.

The check walks every byte, so it yields the values too: nothing is parsed twice, and a type tag that
another library would skip can never shift the arguments after it.
"""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

Arg: TypeAlias = "int | float | str | bytes | bool | tuple[Arg, ...] | None"

Reason = Literal[
    "too long",
    "not OSC",
    "truncated",
    "left over",
    "element",
    "too deep",
    "too many",
    "address",
    "types",
    "string",
    "blob",
    "not finite",
]
REASONS: tuple[Reason, ...] = get_args(Reason)
"""Every word that `BadPacket.reason` may be, for counting."""

MAX_DATAGRAM = 8192
"""Bytes of one datagram: six usual MTUs, so that reading the worst one stays under a few milliseconds."""

MAX_DEPTH = 4
"""Bundles inside one another, the outermost counted."""

MAX_ELEMENTS = 256
"""Elements of all bundles of one datagram together."""

MAX_ADDRESS = 128
"""Characters of an address."""

MAX_ARGS = 64
"""Arguments of one message, arrays and what is in them counted: a sensor board may send 64 floats at once."""

MAX_STRING = 512
"""Bytes of one string argument."""

MAX_BLOB = 4096
"""Bytes of one blob."""

MAX_ARRAYS = 2
"""Arrays inside one another."""

IMMEDIATELY = 1
"""The time tag of what is meant for now, and of a message outside any bundle."""

_BUNDLE = b"#bundle\0"
_NULLS = b"\0\0\0\0"
_SLASH = ord("/")
_COMMA = ord(",")
_SIZE = struct.Struct(">i")
_TIME = struct.Struct(">Q")
_CHARACTER = struct.Struct(">I")
_FLOATS = {"f": struct.Struct(">f"), "d": struct.Struct(">d")}
_INTS = {"i": _SIZE, "h": struct.Struct(">q"), "t": _TIME, "r": struct.Struct(">I")}
_WORDS: dict[str, bool | None] = {"T": True, "F": False, "N": None, "I": True}


class BadPacket(ValueError):
    """A datagram that is refused as a whole; `reason` is one of REASONS, the text says it in plain words."""

    def __init__(self, reason: Reason, text: str) -> None:
        super().__init__(text)
        self.reason: Reason = reason


@dataclass(frozen=True, slots=True)
class Message:
    """One OSC message.

    `address` starts with "/", 1 to 128 printable ASCII characters; it may be a pattern. `args` by type tag:
    i h t (64-bit time tag) r (0xRRGGBBAA) int; f d float, always finite; s S c str without NUL; b bytes;
    T F bool; N None; I ("impulse") True; m (port, status, data, data), a tuple of 0..255; [ ] tuple.
    Doubles and 64-bit integers may be beyond float32: clamp before narrowing. `time` is the time tag of
    the bundle it stood in: seconds since 1900 times 2**32, 1 for immediately, not compared with any clock.
    """

    address: str
    args: tuple[Arg, ...] = ()
    time: int = IMMEDIATELY


def read(datagram: bytes) -> list[Message]:
    """The messages of one datagram in their order; an empty bundle has none. [any thread]

    Raises BadPacket and nothing else. One bad message inside a bundle refuses the whole datagram: half a
    bundle was never meant. An address with nothing after it has no arguments, as old senders write it.
    """
    end = len(datagram)
    if end > MAX_DATAGRAM:
        raise BadPacket("too long", f"the datagram has {end} bytes, more than {MAX_DATAGRAM}")
    _check_start(datagram, 0, end)
    if end % 4:
        raise BadPacket("truncated", f"the datagram has {end} bytes, which is not a multiple of 4")
    if datagram[0] == _SLASH:
        return [_message(datagram, 0, end, IMMEDIATELY)]
    messages: list[Message] = []
    _bundle(datagram, 0, end, 1, MAX_ELEMENTS, messages)
    return messages


def _check_start(data: bytes, at: int, end: int) -> None:
    if not (data.startswith(b"/", at, end) or data.startswith(_BUNDLE, at, end)):
        raise BadPacket("not OSC", 'it starts with neither "/" nor "#bundle"')


def _bundle(data: bytes, at: int, end: int, depth: int, left: int, messages: list[Message]) -> int:
    """Append the messages of the bundle in data[at:end]; how many elements are left to spend."""
    if depth > MAX_DEPTH:
        raise BadPacket("too deep", f"more than {MAX_DEPTH} bundles inside one another")
    if end - at < 16:
        raise BadPacket("truncated", "a bundle ends before its time tag")
    (time,) = _TIME.unpack_from(data, at + 8)
    at += 16
    while at < end:
        (size,) = _SIZE.unpack_from(data, at)
        at += 4
        if size <= 0 or size % 4:
            raise BadPacket("element", f"a bundle element of {size} bytes: not a multiple of 4 above 0")
        if size > end - at:
            raise BadPacket("truncated", f"a bundle element of {size} bytes where only {end - at} are left")
        left -= 1
        if left < 0:
            raise BadPacket("too many", f"more than {MAX_ELEMENTS} bundle elements")
        _check_start(data, at, at + size)
        if data[at] == _SLASH:
            messages.append(_message(data, at, at + size, time))
        else:
            left = _bundle(data, at, at + size, depth + 1, left, messages)
        at += size
    return left


def _message(data: bytes, at: int, end: int, time: int) -> Message:
    """The message in data[at:end]; both ends are multiples of 4."""
    raw, at = _padded(data, at, end, MAX_ADDRESS, "address")
    address = raw.decode("latin-1")
    if not (address.isascii() and address.isprintable()):
        raise BadPacket("address", "an address with other than printable ASCII characters")
    if at == end:
        return Message(address, (), time)
    if data[at] != _COMMA:
        # Old senders leave the tags out. Values nobody can read are no reason to fire a trigger.
        raise BadPacket("types", "arguments without type tags")
    raw, at = _padded(data, at, end, MAX_DATAGRAM, "types")
    tags = raw.decode("latin-1")[1:]
    if len(tags) - tags.count("]") > MAX_ARGS:
        raise BadPacket("too many", f"more than {MAX_ARGS} arguments")
    return Message(address, _args(data, at, end, tags), time)


def _args(data: bytes, at: int, end: int, tags: str) -> tuple[Arg, ...]:
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
    raw, at = _padded(data, at, end, MAX_STRING, "string")
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


def _padded(data: bytes, at: int, end: int, most: int, what: Reason) -> tuple[bytes, int]:
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
