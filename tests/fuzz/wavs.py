"""Recordings: WAV files of many formats, with one field of their header wrong, or their bytes."""

from __future__ import annotations

import random
import struct
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from wearsound.core import Clock
from wearsound.errors import WearsoundError
from wearsound.sources.file import FileSource

from .cases import Case, Kind, Verdict

NAME = "song.wav"
PCM, FLOAT, ALAW, MULAW, EXTENSIBLE = 1, 3, 6, 7, 0xFFFE
FORMATS = ((PCM, 8), (PCM, 16), (PCM, 24), (PCM, 32), (FLOAT, 32), (FLOAT, 64), (ALAW, 8), (MULAW, 8))
RATES = (8_000, 22_050, 44_100, 48_000, 96_000)
MOST_SECONDS = 3600.0
MOST_HOPS = 40_000


@dataclass(frozen=True)
class Wav:
    """A WAV file by its fields, each of which may be what it must not be."""

    riff: bytes = b"RIFF"
    wave: bytes = b"WAVE"
    form: bytes = b"fmt "
    kind: int = PCM
    channels: int = 2
    rate: int = 48_000
    bits: int = 16
    align: int | None = None
    guid: int | None = None
    before: bytes = b""
    after: bytes = b""
    data: bytes = b"data"
    said: int | None = None
    sound: bytes = b""

    def encoded(self) -> bytes:
        """The bytes of the file."""
        align = self.channels * self.bits // 8 if self.align is None else self.align
        numbers = (
            self.kind,
            self.channels,
            self.rate,
            self.rate * align & 0xFFFFFFFF,
            align & 0xFFFF,
            self.bits,
        )
        form = struct.pack("<HHIIHH", *numbers)
        if self.guid is not None:
            form += struct.pack("<HHI", 22, self.bits, (1 << min(self.channels, 18)) - 1)
            form += struct.pack("<I", self.guid) + b"\x00\x00\x10\x00\x80\x00\x00\xaa\x00\x38\x9b\x71"
        size = len(self.sound) if self.said is None else self.said
        body = self.wave + self.form + struct.pack("<I", len(form)) + form + self.before
        body += self.data + struct.pack("<I", size) + self.sound + b"\0" * (len(self.sound) % 2) + self.after
        return self.riff + struct.pack("<I", len(body) & 0xFFFFFFFF) + body


def valid(dice: random.Random) -> Wav:
    """A recording of a few hundred frames of noise."""
    kind, bits = dice.choice(FORMATS)
    channels, frames = dice.choice((1, 1, 2, 2, 3, 4, 6, 8)), dice.randint(64, 900)
    if kind == FLOAT:
        numbers = np.array([dice.uniform(-1, 1) for _ in range(frames * channels)])
        sound = numbers.astype("<f4" if bits == 32 else "<f8").tobytes()
    else:
        sound = dice.randbytes(frames * channels * bits // 8)
    made = Wav(kind=kind, bits=bits, channels=channels, rate=dice.choice(RATES), sound=sound)
    if dice.random() < 0.2:
        made = replace(made, kind=EXTENSIBLE, guid=kind)
    if dice.random() < 0.3:
        size = dice.choice((0, 4, 26, 602))
        made = replace(
            made, before=dice.choice((b"LIST", b"JUNK", b"xyz ")) + struct.pack("<I", size) + b"\0" * size
        )
    return made


def slips(wav: Wav, dice: random.Random) -> Iterator[tuple[str, Wav, Verdict]]:
    """The recording with one field wrong."""
    yield "nothing wrong", wav, "accepted"
    yield "no RIFF", replace(wav, riff=b"RAFF"), "refused"
    yield "no WAVE", replace(wav, wave=b"WAVY"), "refused"
    yield "no format", replace(wav, form=b"fmx "), "refused"
    yield "no sound", replace(wav, data=b"dato"), "refused"
    yield "no channels", replace(wav, channels=0, align=4), "refused"
    yield "too many channels", replace(wav, channels=dice.choice((1025, 65_535)), align=4), "refused"
    yield "no rate", replace(wav, rate=0), "refused"
    yield (
        "a rate of nobody's",
        replace(wav, rate=dice.choice((999, 768_001, 0x7FFFFFFF, 0xFFFFFFFF))),
        "refused",
    )
    yield "an unknown kind", replace(wav, kind=dice.choice((0, 0x9999, 0x7777)), guid=None), "refused"
    yield "bits of nobody's", replace(wav, bits=dice.choice((0, 1, 65_535))), "any"
    yield "another alignment", replace(wav, align=dice.choice((0, 1, 7, 65_535))), "any"
    yield "an unknown kind inside", replace(wav, kind=EXTENSIBLE, guid=0x9999), "refused"
    yield "empty", replace(wav, sound=b""), "refused"
    yield (
        "more than there is",
        replace(wav, said=len(wav.sound) + dice.choice((2, 1000, 1 << 30))),
        "accepted",
    )
    yield "as a pipe writes it", replace(wav, said=dice.choice((0xFFFFFFFF, 0xFFFFF000))), "accepted"
    yield "something behind", replace(wav, after=dice.randbytes(dice.randrange(1, 60))), "accepted"
    if wav.kind == FLOAT:
        kind = "<f4" if wav.bits == 32 else "<f8"
        bad = np.array([np.nan, np.inf, -np.inf, 1e30], kind).tobytes()
        yield "samples that are none", replace(wav, sound=bad + wav.sound[len(bad) :]), "accepted"


def noise(data: bytes, head: int, dice: random.Random) -> bytes:
    """Bytes with a few of the first `head`, or of any, wrong, and perhaps an end."""
    made = bytearray(data)
    for _ in range(dice.choice((1, 2, 4, 16))):
        at = dice.randrange(min(len(made), head) if dice.random() < 0.8 else len(made))
        words = (
            b"\xff\xff\xff\xff",
            b"\0\0\0\0",
            b"\xff\xff\xff\x7f",
            b"\x01",
            b"data",
            b"fmt ",
            b"RF64",
            b"ds64",
            b"LIST",
        )
        if dice.random() < 0.5:
            made[at] = dice.randrange(256)
        else:
            word = dice.choice(words)
            made[at : at + len(word)] = word
    if dice.random() < 0.2:
        del made[dice.randrange(1, len(made)) :]
    return bytes(made)


def make(dice: random.Random) -> Case:
    """Half of the cases are recordings with one field wrong."""
    wav = valid(dice)
    if dice.random() < 0.5:
        told, made, verdict = dice.choice(list(slips(wav, dice)))
        return Case(
            f"{told} ({wav.kind}, {wav.bits} bits)", {NAME: made.encoded()}, verdict, words=(NAME,), one=True
        )
    draw, data = dice.random(), wav.encoded()
    if draw < 0.7:
        return Case("noise", {NAME: noise(data, 64, dice)})
    if draw < 0.8:
        return Case("cut", {NAME: data[: dice.randrange(len(data))]})
    if draw < 0.9:
        return Case(
            "many chunks", {NAME: data[:36] + b"JUNK\0\0\0\0" * dice.choice((3, 300, 3000)) + data[36:]}
        )
    start = dice.choice(
        (b"fLaC", b"OggS", b"ID3\x04", b"FORM\0\0\1\0AIFF", b"caff\0\1", b".snd", b"\xff\xfb\x90", b"RF64")
    )
    return Case("another format", {NAME: start + dice.randbytes(dice.choice((0, 20, 600)))})


def read(folder: Path, _: Case) -> object:
    """The whole recording at the show's rate, as far as a show would ever play it at once."""
    source = FileSource(folder / NAME, seconds=MOST_SECONDS)
    hops = 0
    for block in source.blocks(Clock()):
        assert np.isfinite(block.samples).all()
        hops += block.n_hops
    assert hops <= MOST_HOPS
    return source


def recordings() -> Kind:
    """The kind of file that a recording is."""
    return Kind("wav", make, read, (WearsoundError,))
