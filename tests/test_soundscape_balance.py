"""A microphone that hears no lows is no harsh one: the bed is driven without heels, and the coat recedes."""

from __future__ import annotations

import numpy as np
import pytest
from thorough import usually

from benchmarks.listening.player import RATE, play_alone
from benchmarks.listening.tone import harshness
from benchmarks.movement.composed import built_in_walk
from wearsound.core import F64, Clock
from wearsound.instruments.soundscape.balance import LATER, USUAL, Balance
from wearsound.instruments.soundscape.dials import NAMES
from wearsound.instruments.soundscape.listening import Listening
from wearsound.mapping.scape import ALL
from wearsound.sound import Scape, Voice

CLOCK = Clock(RATE, 256)
MOVED = slice(5 * RATE, usually(15, 23) * RATE)


@pytest.fixture(scope="module")
def walk() -> F64:
    return built_in_walk()[: MOVED.stop]


@pytest.fixture(scope="module")
def thin(walk: F64) -> F64:
    """The same walk at an input that takes its lows, and with a disc that rings in the highs."""
    from scipy.signal import butter, iirpeak, lfilter, sosfilt

    high = sosfilt(butter(1, 900.0, "high", fs=RATE, output="sos"), walk)
    return np.asarray(high + 2.0 * lfilter(*iirpeak(3000.0, 4.0, fs=RATE), high))


def _heard(take: F64) -> list[float]:
    listening, lacks = Listening("body", CLOCK), []
    for at in range(0, len(take) - 255, 256):
        listening.hear(take[at : at + 256], 1.0, 8.0)
        lacks.append(listening.lacks)
    return lacks


def _played(take: F64) -> F64:
    rest = dict.fromkeys(NAMES, 0.5)
    scape = Scape(tuple(Voice(kind, kind) for kind in ALL), 55.0, "hirajoshi", "own", rest)
    return play_alone(take, scape, 7, MOVED.stop / RATE)[0][MOVED]


def test_the_built_in_walk_lacks_nothing(walk: F64) -> None:
    assert max(_heard(walk)) == 0.0


def test_without_lows_it_is_soon_known(thin: F64) -> None:
    assert _heard(thin)[round(8 * RATE / 256)] > 0.5


def test_a_microphone_without_lows_is_not_harsh(
    walk: F64, thin: F64, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, usual = _played(thin), _played(walk)
    assert harshness(now, RATE) < -11.0
    monkeypatch.setattr(Balance, "hear", lambda *_: None)
    before = _played(thin)
    assert harshness(before, RATE) > harshness(now, RATE) + 3.0
    assert np.array_equal(_played(walk), usual)


def test_stillness_teaches_nothing_and_it_stays_within_bounds() -> None:
    balance = Balance(CLOCK)
    for _ in range(CLOCK.ticks(2.0 * LATER)):
        balance.hear(0.0, USUAL[1])
    assert 0.9 < balance.lacks <= 1.0
    before = balance.lacks
    for _ in range(CLOCK.ticks(60.0)):
        balance.hear(0.0, 0.0)
    assert balance.lacks == before
    for _ in range(CLOCK.ticks(LATER)):
        balance.hear(*USUAL)
    assert balance.lacks == 0.0
