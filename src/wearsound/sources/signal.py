"""Signals with known answers, `test:kick=120,seconds=20`: every sample is a function of its number."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from wearsound.chance import noises
from wearsound.core import F32, F64, MAX_HOPS, Block, Clock
from wearsound.errors import AudioError
from wearsound.gallery import suggest
from wearsound.sources.blocks import blocks_of, lanes_of

I64 = NDArray[np.int64]
Shape = Callable[[I64, int, Fraction], F64]
"""(sample numbers, sample rate, the signal's value) -> samples."""

_TAU = 2 * math.pi


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of test signal: what its value means, its range and default; `unit` "" takes none."""

    about: str
    shape: Shape
    unit: str = ""
    default: int = 0
    low: int = 0
    high: int = 0


def _silence(n: I64, rate: int, value: Fraction) -> F64:
    return np.zeros(len(n))


def _sine(n: I64, rate: int, value: Fraction) -> F64:
    return 0.5 * np.sin(_TAU * _cycles(n, rate, value))


def _cycles(n: I64, rate: int, hertz: Fraction) -> F64:
    """Where in its cycle, 0..1, a tone of `hertz` is at sample n: whole numbers, so it never drifts."""
    period = rate * hertz.denominator
    return (n % period * hertz.numerator % period) / float(period)


def _sweep(n: I64, rate: int, value: Fraction) -> F64:
    # Within an octave the frequency rises evenly, so an octave of 1 s is 30 * 2**k whole cycles:
    # no logarithm, no seam, the same bits on every machine.
    octave = n // rate % 10
    part = n % rate / float(rate)
    cycles = 20.0 * np.exp2(octave.astype(np.float64)) * (part + 0.5 * part * part)
    return 0.5 * np.sin(_TAU * (cycles - np.floor(cycles)))


def _age(n: I64, rate: int, bpm: Fraction) -> I64:
    """Samples since the latest beat. Beat k is the first sample at or after k * 60 / bpm seconds."""
    over = 60 * rate * bpm.denominator
    beat = n * bpm.numerator // over
    return n + (-beat * over) // bpm.numerator


def _clicks(n: I64, rate: int, value: Fraction) -> F64:
    length = rate // 200
    fall = 1.0 - np.arange(length) / length
    return _struck(_age(n, rate, value), 0.9 * noises(0, "click", length) * fall * fall)


def _kick(n: I64, rate: int, value: Fraction) -> F64:
    # 0.3 s, from 165 down to 45 Hz: frequency 45 + 120 (1 - t)^3 over t = 0..1, integrated.
    long = int(0.3 * min(1.0, float(190 / value)) * rate)
    t = np.arange(long) / long
    left = 1.0 - t
    cycles = (long / rate) * (45.0 * t + 30.0 * (1.0 - left * left * left * left))
    rise = np.minimum(np.arange(long) / (0.002 * rate), 1.0)
    return _struck(_age(n, rate, value), 0.8 * rise * left * left * np.sin(_TAU * cycles))


def _struck(age: I64, sound: F64) -> F64:
    """`sound` from its start at every beat, silence after its end."""
    padded = np.append(sound, 0.0)
    return padded[np.minimum(age, len(sound))]


def _pink(n: I64, rate: int, value: Fraction) -> F64:
    """Sum of 15 noises, each held twice as long as the one before (Voss), stepping at different times."""
    total = noises(0, "pink 0", len(n), int(n[0]))
    for row in range(1, 15):
        held = (n + (1 << (row - 1))) >> row
        first = int(held[0])
        total += noises(0, f"pink {row}", int(held[-1]) - first + 1, first)[held - first]
    return total * 0.1


def _step(n: I64, rate: int, value: Fraction) -> F64:
    half = max(1, int(value * rate))
    return np.where(n // half % 2 == 1, 0.5 * np.sin(_TAU * _cycles(n, rate, Fraction(100))), 0.0)


KINDS: dict[str, Kind] = {
    "silence": Kind("nothing at all", _silence),
    "sine": Kind("a tone at half of full scale, sine=HZ", _sine, "Hz", 440, 1, 20_000),
    "sweep": Kind("a tone from 20 Hz up to 20 kHz, one octave a second, again and again", _sweep),
    "clicks": Kind("short noises, clicks=BPM", _clicks, "BPM", 120, 20, 400),
    "kick": Kind("a bass drum, kick=BPM", _kick, "BPM", 120, 20, 400),
    "pink": Kind("pink noise: as much in every octave", _pink),
    "step": Kind("silence and a 100 Hz tone by turns, step=SECONDS of each", _step, "seconds", 2, 0, 60),
}

KNOWN: dict[str, str] = {name: kind.about for name, kind in KINDS.items()}
"""Every test signal and one line about it."""


class Signal:
    """One test signal: mono, lane `room`, endless unless it has `seconds`.

    `sample_rate` 48 kHz by default; blocks follow the clock's rate. Nothing is carried from block
    to block, so neither grouping nor where it starts can change a sample.
    """

    live = False
    channels = 1
    note = ""

    def __init__(self, kind: str, value: Fraction, seconds: float | None = None) -> None:
        self.kind = kind
        self.value = value
        self.seconds = seconds
        self.sample_rate = 48_000
        self.lanes = lanes_of(1)
        self.duration = math.inf if seconds is None else seconds
        self.name = f"test:{kind}" + (f"={float(value):g}" if KINDS[kind].unit else "")

    def blocks(self, clock: Clock) -> Iterator[Block]:
        """Blocks from the first sample on. [engine thread]"""
        return blocks_of(self._chunks(clock), clock, self.lanes, 1)

    def samples(self, start: int, count: int, rate: int = 48_000) -> F64:
        """Samples `start` to `start + count`, full scale +-1. [any thread]"""
        return KINDS[self.kind].shape(np.arange(start, start + count, dtype=np.int64), rate, self.value)

    def beats(self, seconds: float) -> list[float]:
        """When something is struck in the first `seconds` seconds (clicks and kick; else never)."""
        if KINDS[self.kind].unit != "BPM":
            return []
        return [float(k * 60 / self.value) for k in range(math.ceil(seconds * self.value / 60))]

    def _chunks(self, clock: Clock) -> Iterator[F32]:
        size = MAX_HOPS * clock.hop
        end = math.inf if self.seconds is None else round(self.seconds * clock.sample_rate)
        start = 0
        while start < end:
            count = int(min(size, end - start))
            yield self.samples(start, count, clock.sample_rate).astype(np.float32)[:, None]
            start += count


def test_signal(text: str, seconds: float | None = None) -> Signal:  # noqa: PT028 - no test, a source
    """The source that `test:kick=120,seconds=20` (with or without `test:`) names.

    `seconds`, where given, is its length whatever the text says. Raises AudioError with what there is.
    """
    words = text.removeprefix("test:").split(",")
    kind, _, said = (part.strip() for part in words[0].partition("="))
    if kind not in KINDS:
        raise AudioError(f"there is no test signal {kind!r}{suggest(kind, KINDS)}")
    known = KINDS[kind]
    if said and not known.unit:
        raise AudioError(f"test:{kind} takes no value, but {said!r} was given; write test:{kind}")
    value = _number(text, kind, said, known.low, known.high, known.unit) if said else Fraction(known.default)
    said_seconds: float | None = None
    for word in words[1:]:
        option, _, length = (part.strip() for part in word.partition("="))
        if option != "seconds":
            raise AudioError(
                f"{text!r}: a test signal has no {option!r}; there is seconds, as in test:{kind},seconds=20"
            )
        said_seconds = float(_number(text, "seconds", length, 0, 1_000_000, "seconds"))
    return Signal(kind, value, said_seconds if seconds is None else seconds)


def _number(text: str, name: str, said: str, low: int, high: int, unit: str) -> Fraction:
    """Rounded to a thousandth, so that whole-number arithmetic cannot run over."""
    try:
        value = round(Fraction(float(said)), 3)
    except (ValueError, OverflowError):
        raise AudioError(f"{text!r}: {name} is {said!r}; give a number of {unit}, as in {name}=20") from None
    if not (low < value if low == 0 else low <= value) or value > high:
        above = f"above {low}" if low == 0 else f"at least {low}"
        raise AudioError(f"{text!r}: {name} is {said}; give {above} and at most {high:,} {unit}")
    return value
