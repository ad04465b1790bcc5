"""Bytes of one UDP datagram in, its OSC 1.0 messages out: strict and bounded, because anybody may send.

The check walks every byte, so it yields the values too: nothing is parsed twice, and a type tag that
another library would skip can never shift the arguments after it.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from wearsound.osc.arguments import MAX_ARGS, MAX_BLOB, MAX_STRING, Arg, arguments, padded
from wearsound.osc.bad_packet import REASONS, BadPacket

__all__ = [
    "IMMEDIATELY",
    "MAX_ADDRESS",
    "MAX_ARGS",
    "MAX_BLOB",
    "MAX_DATAGRAM",
    "MAX_DEPTH",
    "MAX_ELEMENTS",
    "MAX_STRING",
    "REASONS",
    "Arg",
    "BadPacket",
    "Message",
    "read",
]

MAX_DATAGRAM = 8192
"""Bytes of one datagram: six usual MTUs, so that reading the worst one stays under a few milliseconds."""

MAX_DEPTH = 4
"""Bundles inside one another, the outermost counted."""

MAX_ELEMENTS = 256
"""Elements of all bundles of one datagram together."""

MAX_ADDRESS = 128
"""Characters of an address."""

IMMEDIATELY = 1
"""The time tag of what is meant for now, and of a message outside any bundle."""

_BUNDLE = b"#bundle\0"
_SLASH = ord("/")
_COMMA = ord(",")
_SIZE = struct.Struct(">i")
_TIME = struct.Struct(">Q")


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
    raw, at = padded(data, at, end, MAX_ADDRESS, "address")
    address = raw.decode("latin-1")
    if not (address.isascii() and address.isprintable()):
        raise BadPacket("address", "an address with other than printable ASCII characters")
    if at == end:
        return Message(address, (), time)
    if data[at] != _COMMA:
        # Old senders leave the tags out. Values nobody can read are no reason to fire a trigger.
        raise BadPacket("types", "arguments without type tags")
    raw, at = padded(data, at, end, MAX_DATAGRAM, "types")
    tags = raw.decode("latin-1")[1:]
    if len(tags) - tags.count("]") > MAX_ARGS:
        raise BadPacket("too many", f"more than {MAX_ARGS} arguments")
    return Message(address, arguments(data, at, end, tags), time)
