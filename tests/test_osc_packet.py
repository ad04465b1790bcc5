"""OSC in, the bytes: known answers by hand, python-osc as an independent judge, and what a stranger may send."""

from __future__ import annotations

import contextlib
import math
import random
import struct
import time
from collections import Counter

import pytest
from pythonosc.osc_bundle import OscBundle
from pythonosc.osc_message import OscMessage
from pythonosc.osc_message_builder import OscMessageBuilder
from pythonosc.parsing import ntp

from wearsound.osc.packet import (
    IMMEDIATELY,
    MAX_ADDRESS,
    MAX_ARGS,
    MAX_BLOB,
    MAX_DATAGRAM,
    MAX_DEPTH,
    MAX_ELEMENTS,
    MAX_STRING,
    REASONS,
    BadPacket,
    Message,
    read,
)


def text(value):
    raw = value if isinstance(value, bytes) else value.encode()
    return raw + b"\0" * (4 - len(raw) % 4)


def message(address="/a", tags="", *values):
    return text(address) + text("," + tags) + b"".join(values)


def f(value):
    return struct.pack(">f", value)


def i(value):
    return struct.pack(">i", value)


def blob(value):
    return i(len(value)) + value + b"\0" * (-len(value) % 4)


def bundle(*elements, time=IMMEDIATELY):
    return b"#bundle\0" + struct.pack(">Q", time) + b"".join(i(len(e)) + e for e in elements)


def nested(depth):
    packet = bundle(message())
    for _ in range(depth - 1):
        packet = bundle(packet)
    return packet


def refused(datagram):
    """The reason, or None where it was read."""
    try:
        read(datagram)
    except BadPacket as bad:
        return bad.reason if len(str(bad)) > 10 else "no sentence"
    return None


class TestKnownAnswers:
    def test_the_example_of_the_specification(self):
        assert read(b"/oscillator/4/frequency\0,f\0\0\x43\xdc\0\0") == [
            Message("/oscillator/4/frequency", (440.0,))
        ]

    def test_the_second_example_of_the_specification(self):
        assert read(
            b"/foo\0\0\0\0,iisff\0\0\0\0\x03\xe8\xff\xff\xff\xffhello\0\0\0\x3f\x9d\xf3\xb6\x40\xb5\xb2\x2d"
        ) == [Message("/foo", (1000, -1, "hello", pytest.approx(1.234), pytest.approx(5.678)))]

    @pytest.mark.parametrize(
        ("tags", "data", "args"),
        [
            ("", b"", ()),
            ("i", b"\xff\xff\xff\xfe", (-2,)),
            ("h", b"\x80\0\0\0\0\0\0\0", (-(2**63),)),
            ("f", b"\x3f\0\0\0", (0.5,)),
            ("d", b"\x3f\xe0\0\0\0\0\0\0", (0.5,)),
            ("d", b"\x7f\xef\xff\xff\xff\xff\xff\xff", (1.7976931348623157e308,)),
            ("s", b"abc\0", ("abc",)),
            ("s", b"abcd\0\0\0\0", ("abcd",)),
            ("s", b"\0\0\0\0", ("",)),
            ("s", "Bühne".encode() + b"\0\0", ("Bühne",)),
            ("S", b"abc\0", ("abc",)),
            ("b", b"\0\0\0\x02\x07\0\0\0", (b"\x07\0",)),
            ("b", b"\0\0\0\0", (b"",)),
            ("TFN", b"", (True, False, None)),
            ("I", b"", (True,)),
            ("t", b"\xee\0\0\0\x80\0\0\0", (0xEE00000080000000,)),
            ("m", b"\x01\x90\x3c\x7f", ((1, 0x90, 0x3C, 0x7F),)),
            ("r", b"\xff\x80\0\x01", (0xFF800001,)),
            ("c", b"\0\0\0A", ("A",)),
            ("[]", b"", ((),)),
            ("i[if]i", i(1) + i(2) + f(0.25) + i(3), (1, (2, 0.25), 3)),
            ("[[i]i]", i(1) + i(2), (((1,), 2),)),
            ("[i][i]", i(1) + i(2), ((1,), (2,))),
            ("SiIic", b"abc\0" + i(1) + i(2) + b"\0\0\0z", ("abc", 1, True, 2, "z")),
        ],
    )
    def test_each_type(self, tags, data, args):
        (got,) = read(message("/a", tags, data))
        assert repr(got.args) == repr(args)  # True is not 1, 1 is not 1.0
        assert got.time == IMMEDIATELY

    def test_no_type_tags_at_all(self):
        assert read(b"/wear/panic\0") == [Message("/wear/panic")]

    def test_values_without_type_tags_fire_nothing(self):
        assert refused(b"/wear/panic\0" + i(0)) == "types"

    def test_a_bundle(self):
        packet = bundle(message("/a", "i", i(1)), bundle(message("/b"), time=77), message("/c"), time=5 << 32)
        assert read(packet) == [
            Message("/a", (1,), 5 << 32),
            Message("/b", (), 77),
            Message("/c", (), 5 << 32),
        ]

    def test_an_empty_bundle(self):
        assert read(bundle()) == []

    def test_a_pattern_is_an_address(self):
        assert read(message("/zone/{a,b}/[!x]*?"))[0].address == "/zone/{a,b}/[!x]*?"


class TestLimits:
    """Each limit at its last good value and one beyond."""

    def test_datagram(self):
        def of(n_bytes):  # one message with two blobs
            return message("/a", "bb", blob(b"x" * MAX_BLOB), blob(b"x" * (n_bytes - MAX_BLOB - 16)))

        assert len(of(MAX_DATAGRAM)) == MAX_DATAGRAM
        assert refused(of(MAX_DATAGRAM)) is None
        assert refused(of(MAX_DATAGRAM + 4)) == "too long"
        assert refused(b"/" * 65507) == "too long"

    def test_bundle_depth(self):
        assert refused(nested(MAX_DEPTH)) is None
        assert refused(nested(MAX_DEPTH + 1)) == "too deep"
        assert refused(nested(400)) == "too deep"

    def test_elements_over_all_levels(self):
        halves = [b"/a\0\0"] * (MAX_ELEMENTS // 2)
        assert len(read(bundle(*halves, *halves))) == MAX_ELEMENTS
        assert refused(bundle(*halves, *halves, b"/a\0\0")) == "too many"
        assert refused(bundle(bundle(*halves[1:]), bundle(*halves[1:]))) is None
        assert refused(bundle(bundle(*halves[1:]), bundle(*halves))) == "too many"

    def test_address(self):
        assert refused(message("/" + "x" * (MAX_ADDRESS - 1))) is None
        assert refused(message("/" + "x" * MAX_ADDRESS)) == "address"
        assert refused(message("/" + "x" * 2000)) == "address"

    def test_args(self):
        assert len(read(message("/a", "f" * MAX_ARGS, f(0.5) * MAX_ARGS))[0].args) == MAX_ARGS
        assert refused(message("/a", "f" * (MAX_ARGS + 1), f(0.5) * (MAX_ARGS + 1))) == "too many"
        assert refused(message("/a", "[]" * MAX_ARGS)) is None
        assert refused(message("/a", "[]" * (MAX_ARGS + 1))) == "too many"
        assert refused(message("/a", "[" + "T" * MAX_ARGS + "]")) == "too many"
        assert refused(message("/a", "T" * 4000)) == "too many"

    def test_string(self):
        assert refused(message("/a", "s", text("x" * MAX_STRING))) is None
        assert refused(message("/a", "s", text("x" * (MAX_STRING + 1)))) == "string"

    def test_blob(self):
        assert refused(message("/a", "b", blob(b"x" * MAX_BLOB))) is None
        assert refused(message("/a", "b", blob(b"x" * (MAX_BLOB + 1)))) == "blob"
        assert refused(message("/a", "b", i(-1))) == "blob"

    def test_array_depth(self):
        assert refused(message("/a", "[[T]]")) is None
        assert refused(message("/a", "[[[T]]]")) == "too deep"


class TestRefused:
    def test_the_bundle_whose_element_is_minus_four_long(self):
        """20 bytes that keep a parser without a check in a loop: it steps back to the size for ever."""
        datagram = b"#bundle\0" + struct.pack(">Q", 1) + struct.pack(">i", -4)
        assert len(datagram) == 20
        assert refused(datagram) == "element"

    @pytest.mark.parametrize(
        "datagram", [b"", b"\0", b"hello", b"\0" * 64, b"#bundle", b",f\0\0", b"#bundles"]
    )
    def test_not_osc(self, datagram):
        assert refused(datagram) == "not OSC"

    @pytest.mark.parametrize(
        "datagram",
        [
            b"/abc",
            b"/abc\0",
            b"/a\0\0,f",
            b"/a\0\0,fff",
            b"#bundle\0",
            b"#bundle\0\0\0\0\0",
            message("/a", "f"),
            message("/a", "d", i(0)),
            message("/a", "c"),
            message("/a", "m"),
            message("/a", "b"),
            message("/a", "b", i(5), i(0)),
            message("/a", "s"),
            message("/a", "s", b"abcd"),
            bundle(message()) + i(4),
            bundle() + i(8) + b"/a\0\0",
            bundle() + i(0x7FFFFFFC),
            bundle(b"#bundle\0"),
        ],
    )
    def test_truncated(self, datagram):
        assert refused(datagram) == "truncated"

    def test_a_value_may_not_reach_into_the_next_element(self):
        assert refused(bundle(message("/a", "i"), message("/b"))) == "truncated"
        assert refused(bundle(message("/a", "s", b"abcd"), b"\0\0\0\0")) == "truncated"
        assert refused(bundle(b"/abc", message("/b"))) == "truncated"
        assert refused(bundle(bundle() + i(12) + b"/a\0\0", message("/b"))) == "truncated"

    @pytest.mark.parametrize("size", [0, -4, -(2**31), 1, 2, 3, 5, 2**31 - 1])
    def test_element_sizes(self, size):
        assert refused(bundle() + i(size) + message()) == "element"

    def test_elements_that_are_not_osc(self):
        assert refused(bundle(b"abc\0")) == "not OSC"
        assert refused(bundle(message(), b"\0\0\0\0")) == "not OSC"

    @pytest.mark.parametrize("address", [b"/a\x01b", b"/a\nb", b"/a\x7f", "/größe".encode(), b"/\xff"])
    def test_addresses(self, address):
        assert refused(message(address)) == "address"

    @pytest.mark.parametrize(
        ("datagram", "reason"),
        [
            (b"/a\0\0" + b",T\0x", "types"),
            (b"/a\0x" + b",T\0\0", "address"),
            (message("/a", "s", b"a\0\0x"), "string"),
            (message("/a", "b", i(1) + b"abcd"), "blob"),
        ],
    )
    def test_padding_that_is_not_zero(self, datagram, reason):
        assert refused(datagram) == reason

    @pytest.mark.parametrize("tags", ["x", "ix", "]", "[", "[[]", "[]]", "f,", " ", "\x01", "i\n"])
    def test_type_tags(self, tags):
        assert refused(message("/a", tags, i(0))) == "types"

    def test_strings(self):
        assert refused(message("/a", "s", b"\xff\xfe\0\0")) == "string"
        assert refused(message("/a", "s", b"\xed\xa0\x80\0")) == "string"  # half of a surrogate pair
        for code in (0, 128, -1, 0x10FFFF):
            assert refused(message("/a", "c", i(code))) == "string"

    @pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
    def test_not_finite(self, value):
        assert refused(message("/a", "f", f(value))) == "not finite"
        assert refused(message("/a", "d", struct.pack(">d", value))) == "not finite"
        assert refused(message("/a", "[ff]", f(1) + f(value))) == "not finite"

    def test_left_over(self):
        assert refused(message("/a", "i", i(1) + i(2))) == "left over"
        assert refused(message() + b"\0\0\0\0") == "left over"

    def test_one_bad_message_refuses_all(self):
        assert refused(bundle(message(), message("/b", "f", f(math.nan)), message())) == "not finite"


def judged(value):
    """A value of python-osc in our words."""
    if isinstance(value, list):
        return tuple(map(judged, value))
    if isinstance(value, tuple) and len(value) == 2:  # a time tag as (date, fraction)
        date, fraction = value
        seconds = (date - date.__class__(1900, 1, 1)).total_seconds()
        return (int(seconds) << 32) + fraction
    return value


def as_judged(datagram):
    """(address, args, seconds since 1970) of each message, as python-osc reads it."""

    def walk(content, when):
        if isinstance(content, OscMessage):
            return [(content.address, judged(content.params), when)]
        return [found for inner in content for found in walk(inner, content.timestamp)]

    return walk(OscBundle(datagram) if datagram.startswith(b"#") else OscMessage(datagram), 0)


def seconds(tag):
    return 0 if tag == IMMEDIATELY else ntp.ntp_time_to_system_epoch(tag / 2**32)


def random_text(dice, most):
    return "".join(dice.choices("abcdefghijklmnop /{}[]*?!-,#0189", k=dice.randint(0, most)))


def random_value(dice, tag):
    if tag in "sS":
        return text(random_text(dice, 40) + dice.choice(["", "ü", "→", "𝄞"]))
    if tag == "b":
        return blob(dice.randbytes(dice.randint(0, 50)))
    if tag == "f":
        return f(dice.uniform(-1e6, 1e6))
    if tag == "d":
        return struct.pack(">d", dice.uniform(-1e300, 1e300))
    if tag == "c":
        return i(dice.randint(1, 127))
    return dice.randbytes({"i": 4, "r": 4, "m": 4, "h": 8, "t": 8}.get(tag, 0))


def random_tags(dice, kinds, depth=0):
    tags = ""
    for _ in range(dice.randint(0, 8)):
        array = depth < 2 and dice.random() < 0.1
        tags += f"[{random_tags(dice, kinds, depth + 1)}]" if array else dice.choice(kinds)
    return tags if len(tags) - tags.count("]") <= MAX_ARGS else "f"


def random_message(dice, kinds="isbfdhtmrTFN"):
    tags = random_tags(dice, kinds)
    return message("/" + random_text(dice, 60), tags, *(random_value(dice, tag) for tag in tags))


def random_packet(dice, kinds="isbfdhtmrTFN", depth=1):
    if dice.random() < 0.5 or depth == MAX_DEPTH:
        return random_message(dice, kinds)
    inner = [random_packet(dice, kinds, depth + 1) for _ in range(dice.randint(0, 3))]
    return bundle(*inner, time=dice.choice([1, dice.getrandbits(64)]))


class TestPythonOscAgrees:
    """It knows neither I nor c nor S, so these are left to the known answers."""

    def test_on_what_it_builds(self):
        args = [1, -7, 2**40, 0.25, "hello", "", b"\x01\x02\x03", True, False, None, [1, [2.5, "x"]], 1.5]
        for count in range(len(args) + 1):
            builder = OscMessageBuilder("/wear/test")
            for arg in args[:count]:
                builder.add_arg(arg)
            builder.add_arg(0.1, "d")
            builder.add_arg(0xFF8000FF, "r")
            builder.add_arg((1, 0x90, 60, 127), "m")
            (got,) = read(builder.build().dgram)
            want = (*map(judged, args[:count]), 0.1, 0xFF8000FF, (1, 0x90, 60, 127))
            assert repr((got.address, got.args)) == repr(("/wear/test", want))

    def test_on_random_valid_packets(self):
        dice = random.Random(7)
        read_some = 0
        for _ in range(2000):
            packet = random_packet(dice)
            if len(packet) > MAX_DATAGRAM:
                continue
            ours = read(packet)
            theirs = as_judged(packet)
            assert [(m.address, repr(m.args)) for m in ours] == [(a, repr(tuple(p))) for a, p, _ in theirs]
            assert [seconds(m.time) for m in ours] == pytest.approx([when for _, _, when in theirs])
            read_some += len(ours)
        assert read_some > 2000


WORDS = [b"#bun", b"dle\0", b"/a\0\0", b",[[[", b",ssb", b"\xff\xff\xff\xff", f(math.nan), f(math.inf)]
SPECIAL = [*WORDS, *map(i, (-4, -1, 0, 1, 4, 2**31 - 1, -(2**31)))]


def mutated(dice, packet):
    """`packet` with one thing wrong."""
    at = dice.randrange(len(packet))
    word = at & ~3
    to = dice.randint(at, min(len(packet), at + 64))
    return dice.choice(
        [
            lambda: packet[:at] + dice.randbytes(1) + packet[at + 1 :],
            lambda: packet[:at] + bytes([packet[at] ^ 1 << dice.randrange(8)]) + packet[at + 1 :],
            lambda: packet[:at],
            lambda: packet[:word],
            lambda: packet[:word] + dice.choice(SPECIAL) + packet[word + 4 :],
            lambda: packet[:word] + dice.choice(SPECIAL) + packet[word:],
            lambda: packet[:at] + packet[to:],
            lambda: packet[:at] + packet[at:to] * dice.choice([2, 3, 100]) + packet[to:],
            lambda: packet + packet[at:to],
            lambda: packet.replace(b"\0", b"\x01", dice.randint(1, 3)),
        ]
    )()


def random_junk(dice):
    kind = dice.randrange(7)
    if kind == 0:
        return dice.randbytes(dice.randint(0, 200))
    if kind == 1:
        return dice.randbytes(dice.choice([8191, 8192, 8193, 20_000]))
    if kind == 2:
        return b"#bundle\0" + dice.randbytes(4 * dice.randint(0, 50))
    if kind == 3:
        return text("/" + random_text(dice, 8)) + text("," + random_text(dice, 30)) + dice.randbytes(40)
    if kind == 4:
        return b"".join(dice.choices([*SPECIAL, b"#bundle\0", bundle(), message()], k=dice.randint(1, 60)))
    if kind == 5:
        return bundle(*[message("/a", "T" * dice.choice([0, 0, 60, 70]))] * dice.randint(0, 400))
    return b"#bundle\0" * dice.randint(1, 3) + b"".join(dice.choices(SPECIAL, k=dice.randint(1, 400)))


def quickest(datagram, tries=3):
    """CPU seconds of one read: a pause of the interpreter itself does not come three times."""
    least = math.inf
    for _ in range(tries):
        start = time.thread_time()
        refused(datagram)
        least = min(least, time.thread_time() - start)
    return least


LIMIT = 0.010
"""CPU seconds that no datagram may cost."""


class TestFuzz:
    def test_twenty_thousand_datagrams(self):
        dice = random.Random(20_000)
        reasons = Counter()
        for case in range(20_000):
            valid = random_packet(dice, "isbfdhtmrcSITFN")
            datagram = mutated(dice, valid) if case % 2 else random_junk(dice)
            start = time.thread_time()
            reasons[refused(datagram)] += 1  # anything but BadPacket ends the test here
            assert time.thread_time() - start < LIMIT or quickest(datagram) < LIMIT
        assert set(reasons) == {None, *REASONS}
        assert reasons[None] > 1000

    def test_python_osc_reads_the_mutants_that_we_read(self, monkeypatch):
        class UnknownTag(Exception):
            pass

        def warn(text):  # a mutation may have made a tag that it skips
            raise UnknownTag(text)

        monkeypatch.setattr("logging.warning", warn)
        dice = random.Random(3)
        same = 0
        for _ in range(5000):
            datagram = mutated(dice, random_packet(dice))
            if refused(datagram) is None:
                with contextlib.suppress(UnknownTag):
                    theirs = as_judged(datagram)
                    ours = read(datagram)
                    assert [(m.address, repr(m.args)) for m in ours] == [
                        (address, repr(tuple(args))) for address, args, _ in theirs
                    ]
                    same += 1
        assert same > 500

    @pytest.mark.parametrize(
        "datagram",
        [
            bundle(*[message("/", "T" * 64)] * 107),
            bundle(*[message("/", "[]" * 64)] * 58),
            bundle(*[message("/", "s" * 64, b"\0" * 256)] * 24),
            bundle(*[message("/", "f" * 64, b"\0" * 256)] * 24),
            bundle(*[b"/" + b"a" * 19 + b"\0\0\0\0" + b",T\0\0"] * 255),
        ],
    )
    def test_the_dearest_valid_datagrams(self, datagram):
        assert MAX_DATAGRAM * 0.9 < len(datagram) <= MAX_DATAGRAM
        assert refused(datagram) is None
        assert quickest(datagram) < LIMIT
