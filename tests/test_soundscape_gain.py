"""A quiet microphone and a hot one play alike; noise is not pulled up; 44.1 kHz plays too."""

from __future__ import annotations

import numpy as np
import pytest

from wearsound.core import F64, Block, Clock
from wearsound.instruments.soundscape.dials import NAMES
from wearsound.instruments.soundscape.gain import LEAST, MOST, PARTS, USUAL, Gain, calibrated
from wearsound.instruments.soundscape.soundscape import Soundscape
from wearsound.mapping.scape import ALL, scape_controls
from wearsound.sound import Scape, Voice
from wearsound.sources.composer import compose

HOP = 256


def _played(body: F64, rate: int = 48_000, groups: int = 64, learned: dict[str, float] | None = None) -> F64:
    rest = dict.fromkeys(NAMES, 0.5)
    scape = Scape(tuple(Voice(kind, kind) for kind in ALL), 55.0, "hirajoshi", "own", rest)
    specs = scape_controls(scape)
    soundscape = Soundscape(scape, (), specs, 7, {"body": learned or {}})
    soundscape.prepare(Clock(rate, HOP))
    n = len(body) // HOP
    out = np.zeros((2, n * HOP))
    for tick in range(0, n, groups):
        hops = min(groups, n - tick)
        part = slice(tick * HOP, (tick + hops) * HOP)
        controls = np.tile([spec.default for spec in specs], (hops, 1))
        block = Block(tick, body[part, None].astype(np.float32), {"body": (0,)}, hops)
        soundscape.play(block, np.zeros((hops, 0)), controls, out[:, part])
    return out


@pytest.fixture(scope="module")
def walk() -> F64:
    body = compose(7).samples[:, 2].astype(float)
    return body[round(1.1 * 48_000) : round(6.6 * 48_000)]


def _db(sound: F64) -> float:
    return float(10 * np.log10((sound * sound).mean() + 1e-30))


def _learned(decibels: float) -> dict[str, float]:
    """A calibration of a microphone that is so much louder than usual."""
    numbers = {}
    for part, (floor, usual) in PARTS.items():
        numbers |= {floor: -80.0, f"{part}_over": 80.0 + usual + decibels}
    return numbers


def test_a_calibrated_microphone_is_brought_to_the_usual_level() -> None:
    assert calibrated(_learned(0.0)) == pytest.approx(1.0)
    assert calibrated(_learned(6.0)) == pytest.approx(0.501, rel=1e-3)
    assert calibrated(_learned(-6.0)) == pytest.approx(1.995, rel=1e-3)
    assert calibrated(_learned(-40.0)) == MOST
    assert calibrated(_learned(40.0)) == LEAST


def test_numbers_that_no_microphone_has_hang_nobody() -> None:
    absurd = dict.fromkeys(
        [name for part, (floor, _) in PARTS.items() for name in (floor, f"{part}_over")], 1e9
    )
    assert calibrated(absurd) == LEAST
    assert calibrated({name: -number for name, number in absurd.items()}) == MOST


def test_an_input_without_lows_does_not_decide_alone() -> None:
    assert calibrated(_learned(0.0) | {"walk_over": 30.0}) == pytest.approx(1.0)


def test_half_a_calibration_is_none() -> None:
    numbers = _learned(6.0)
    del numbers["tap_over"]
    assert calibrated(numbers) is None
    assert calibrated({"floor_low": -80.0}) is None


def test_what_was_calibrated_stays() -> None:
    gain = Gain(_learned(-6.0), Clock())
    for _ in range(2000):
        gain.hear(10 * USUAL)
    assert gain.now == calibrated(_learned(-6.0))


def test_it_follows_what_moves_quickly_at_first_then_slowly_and_within_bounds() -> None:
    clock, gain = Clock(), Gain({}, Clock())
    assert gain.now == 1.0
    for _ in range(clock.ticks(5.0)):
        gain.hear(0.5 * USUAL)
    assert 1.6 < gain.now < 2.0
    for _ in range(clock.ticks(40.0)):
        gain.hear(0.5 * USUAL)
    before = gain.now
    for _ in range(clock.ticks(1.0)):
        gain.hear(2 * USUAL)
    assert 0.8 * before < gain.now < before
    for _ in range(clock.ticks(200.0)):
        gain.hear(1e-4)
    assert gain.now == MOST
    for _ in range(clock.ticks(200.0)):
        gain.hear(8.0)
    assert gain.now == LEAST
    gain.reset()
    assert gain.now == 1.0


def test_stillness_teaches_nothing() -> None:
    gain = Gain({}, Clock())
    gain.hear(2 * USUAL)
    before = gain.now
    for _ in range(5000):
        gain.hear(0.0)
    assert gain.now == before


def test_a_quiet_microphone_plays_nearly_as_loud(walk: F64) -> None:
    usual, quiet, taught = _played(walk), _played(0.3 * walk), _played(0.3 * walk, learned=_learned(-10.5))
    late = slice(3 * 48_000, None)
    assert abs(_db(quiet[:, late]) - _db(usual[:, late])) < 3
    assert abs(_db(taught[:, late]) - _db(usual[:, late])) < 3


def test_noise_of_a_quiet_microphone_is_not_pulled_up() -> None:
    noise = 0.0008 * np.random.default_rng(5).normal(size=3 * 48_000)
    assert not _played(noise, learned=_learned(-12.0)).any()
    assert not _played(noise).any()


def test_bits_do_not_depend_on_blocks(walk: F64) -> None:
    quiet = 0.3 * walk[: 2 * 48_000]
    assert _played(quiet, groups=64).tobytes() == _played(quiet, groups=5).tobytes()


def test_44100_plays_on_the_scale_and_as_loud(walk: F64) -> None:
    from benchmarks.listening.judged import least_on_scale
    from benchmarks.listening.scale import SCALES, on_scale

    at = np.arange(round(len(walk) * 44_100 / 48_000)) * (48_000 / 44_100)
    slower = np.interp(at, np.arange(len(walk)), walk)
    usual, other = _played(walk)[:, 3 * 48_000 :], _played(slower, 44_100)[:, 3 * 44_100 :]
    assert np.isfinite(other).all()
    assert abs(_db(other) - _db(usual)) < 2
    assert on_scale(other.T, 44_100, 55.0, SCALES["hirajoshi"]) > least_on_scale("hirajoshi")
