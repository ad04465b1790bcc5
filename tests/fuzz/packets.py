"""OSC: a good message with one thing wrong must be refused by that thing's word; the noise is test_osc_packet's."""

from __future__ import annotations

import math
import random
import struct
from collections.abc import Iterator
from pathlib import Path

from tests.test_osc_packet import (
    blob,
    bundle,
    f,
    i,
    message,
    mutated,
    nested,
    random_junk,
    random_packet,
    text,
)
from wearsound.osc.packet import BadPacket, Message, read

from .cases import Case, Kind, Verdict

NAME = "datagram"
KINDS = "isbfdhtmrcSITFN"


def slips(dice: random.Random) -> Iterator[tuple[str, bytes, str]]:
    """What is wrong in words, the datagram, and the reason that it must be refused for; "" where nothing is."""
    address = "/wear/" + "".join(dice.choices("abcdefgh_/", k=dice.randint(1, 40)))
    number, other = dice.uniform(-1e6, 1e6), dice.randint(-(2**31), 2**31 - 1)
    before, values = dice.choice(
        (("", b""), ("i", i(other)), ("sf", text("x" * dice.randrange(20)) + f(number)))
    )

    def told(tags: str, *more: bytes) -> bytes:
        return message(address, before + tags, values, *more)

    broken = dice.choice((math.nan, math.inf, -math.inf))
    yield "nothing wrong", told("f", f(number)), ""
    yield "old senders' way", text(address), ""
    yield "in a bundle", bundle(told("i", i(other)), time=dice.getrandbits(64)), ""
    yield "a number that is none", told("f", f(broken)), "not finite"
    yield "a double that is none", told("d", struct.pack(">d", broken)), "not finite"
    yield "in an array", told("[f]", f(broken)), "not finite"
    yield "an unknown type", told(dice.choice("xyzqQ?*#"), i(0)), "types"
    yield "an array without end", told("[i", i(other)), "types"
    yield "an end without array", told("i]", i(other)), "types"
    yield "values without types", text(address) + i(0), "types"
    yield "a value missing", told("if", i(other)), "truncated"
    yield "a value too many", told("i", i(other), f(number)), "left over"
    yield "cut in a word", told("i", i(other))[:-1], "truncated"
    yield "a text without end", told("s", b"abcd"), "truncated"
    yield "a text with a tail", told("s", b"a\0\0x"), "string"
    yield "a text of no letters", told("s", b"\xff\xfe\0\0"), "string"
    yield "a text too long", told("s", text("x" * dice.randint(513, 2000))), "string"
    yield "a letter of none", told("c", i(dice.choice((0, 128, -1, 0x10FFFF)))), "string"
    yield "a blob of less than nothing", told("b", i(dice.randint(-(2**31), -1))), "blob"
    yield "a blob too long", told("b", blob(b"x" * dice.randint(4097, 6000))), "blob"
    yield "a blob cut", told("b", i(64), b"x" * 32), "truncated"
    yield "a blob with a tail", told("b", i(1) + b"abcd"), "blob"
    yield "too many values", told("T" * dice.randint(65, 400)), "too many"
    yield "arrays in arrays", told("[[[T]]]"), "too deep"
    yield "an address too long", message("/" + "x" * dice.randint(128, 500)), "address"
    yield "an address of no letters", message(address + dice.choice(("é", "\1", "\x7f", "\n"))), "address"
    yield "an address with a tail", b"/a\0x" + b",T\0\0", "address"
    yield "no address", told("i", i(other))[1:] + b"\0", "not OSC"
    yield "bundles in bundles", nested(dice.randint(5, 60)), "too deep"
    yield (
        "an element of nothing",
        bundle() + i(dice.choice((0, -4, -(2**31), 1, 3, 6))) + message(),
        "element",
    )
    yield "an element beyond its end", bundle() + i(dice.choice((64, 0x7FFFFFFC))) + message(), "truncated"
    yield "too many elements", bundle(*[b"/a\0\0"] * dice.randint(257, 400)), "too many"
    yield "a bundle without time", b"#bundle\0" + b"\0" * dice.choice((0, 4)), "truncated"
    yield "one bad in a bundle", bundle(told("T"), told("f", f(broken)), told("T")), "not finite"
    yield "too long", b"/" * 4 * dice.randint(2049, 16_000), "too long"


def make(dice: random.Random) -> Case:
    """Half of the cases are a good message with one thing wrong."""
    if dice.random() < 0.5:
        told, data, reason = dice.choice(list(slips(dice)))
        verdict: Verdict = "refused" if reason else "accepted"
        return Case(told, {NAME: data}, verdict, words=(reason,) if reason else (), one=True)
    if dice.random() < 0.5:
        return Case("mutated", {NAME: mutated(dice, random_packet(dice, KINDS))})
    return Case("junk", {NAME: random_junk(dice)})


class Refused(Exception):
    """A datagram that was refused, and why."""


def answered(_: Path, case: Case) -> list[Message]:
    """What a datagram says; its reason stands in the sentence."""
    try:
        return read(case.files[NAME])
    except BadPacket as bad:
        raise Refused(f"{NAME}: {bad.reason}: {bad}") from None


def packets() -> Kind:
    """The kind that a datagram is."""
    return Kind("osc", make, answered, (Refused,), seconds=0.05)
