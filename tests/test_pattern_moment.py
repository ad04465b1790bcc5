"""The moment that patterns are in: follows the beat, forwards only, whatever the ear says."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
import songs

from wearsound import chance
from wearsound.core import F64, Block, Clock, Spec
from wearsound.instruments.vibration.moment import FASTEST, HURRY, Moment

CLOCK = Clock()
PER_MINUTE = 256 / 48_000 / 60
SPECS = tuple(
    Spec(f"room.{name}", "", 0, 1e9, 0.0, name) for name in ("tempo", "beat", "phase", "bar", "metre")
)


def heard(tempo: F64 | float, hops: int, metre: float = 4.0, start: float = 0.0, sure: bool = True) -> F64:
    """What the ear says of a steady or changing tempo, (hops, 5), in the order of SPECS."""
    pace = np.broadcast_to(np.asarray(tempo, float), (hops,)) * PER_MINUTE
    beats = start + np.cumsum(pace)
    rows = np.stack(
        [pace / PER_MINUTE, np.floor(beats), beats % 1, beats / metre % 1, np.full(hops, metre)], axis=1
    )
    if not sure:
        rows[:, 2:] = 0
    return rows


def played(features: F64, sizes: Sequence[int] = (64,), moment: Moment | None = None) -> tuple[F64, F64]:
    moment = moment or Moment(SPECS, CLOCK)
    at, turn, parts = 0, 0, []
    while at < len(features):
        n = min(sizes[turn % len(sizes)], len(features) - at)
        block = Block(at, np.zeros((n * 256, 1), np.float32), {"room": (0,)}, n)
        parts.append(moment.at(block, features[at : at + n]))
        at, turn = at + n, turn + 1
    return np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])


def off(one: F64, two: F64) -> F64:
    """How far two turns are apart, the shorter way round."""
    return np.abs((one - two + 0.5) % 1 - 0.5)


@pytest.mark.parametrize("tempo", [40.0, 96.0, 128.0, 228.0])
@pytest.mark.parametrize("metre", [2.0, 3.0, 4.0, 7.0])
@pytest.mark.parametrize("start", [0.0, 0.5, 1.7])
def test_it_is_with_the_beat_within_two_bars(tempo: float, metre: float, start: float) -> None:
    hops = round(8 * metre / (tempo * PER_MINUTE))
    features = heard(tempo, hops, metre, start)
    beats, bars = played(features)
    late = round(2.5 * metre / (tempo * PER_MINUTE))
    assert off(beats, features[:, 2])[late:].max() < 0.02
    pair = 2 if metre == 2 else 1
    assert off(pair * bars, features[:, 3])[late:].max() < 0.04
    assert bars[-1] - bars[late] == pytest.approx((beats[-1] - beats[late]) / (pair * metre), abs=0.02)


def test_where_bars_of_four_are_heard_as_two_the_round_goes_on() -> None:
    features = heard(120.0, 6000)
    features[2000:4000, 3] = features[2000:4000, 3] * 2 % 1
    features[2000:4000, 4] = 2
    _, bars = played(features)
    assert off(bars, heard(120.0, 6000)[:, 3])[1000:].max() < 0.02


def test_a_slowing_tempo_is_followed() -> None:
    features = heard(np.linspace(150, 90, 6000), 6000)
    beats, bars = played(features)
    assert off(beats, features[:, 2])[1000:].max() < 0.02
    assert off(bars, features[:, 3])[1000:].max() < 0.02


def nonsense(hops: int = 4000) -> F64:
    """An ear that changes its mind about everything, all the time."""
    dice = chance.uniforms(2, "ear", hops * 4).reshape(4, hops)
    held = np.arange(hops) // 37
    tempo = np.where(dice[0][held] < 0.3, 0.0, 228 * dice[1][held])
    metre = np.where(dice[2][held] < 0.3, 0.0, np.floor(2 + 6 * dice[3][held]))
    return np.stack([tempo, np.zeros(hops), dice[1], dice[2], metre], axis=1) * (dice[3] > 0.1)[:, None]


def test_it_goes_forwards_only_and_never_leaps() -> None:
    beats, bars = played(nonsense())
    most = FASTEST * HURRY * PER_MINUTE
    for way, fastest in ((beats, most), (bars, most / 3)):
        steps = np.diff(way, prepend=0.0)
        assert steps.min() > 0
        assert steps.max() <= fastest * (1 + 1e-9)


@pytest.mark.parametrize("sizes", [(1,), (7,), (64,), (5, 64, 1, 30)])
def test_grouping_does_not_matter(sizes: tuple[int, ...]) -> None:
    for one, two in zip(played(nonsense(), (64,)), played(nonsense(), sizes), strict=True):
        assert np.array_equal(one, two)


def test_it_starts_again() -> None:
    moment = Moment(SPECS, CLOCK)
    one = played(nonsense(), moment=moment)
    moment.reset()
    assert np.array_equal(one[1], played(nonsense(), moment=moment)[1])


def test_before_any_beat_it_is_60_a_minute_and_bars_of_four() -> None:
    beats, bars = played(heard(0.0, 1875, sure=False))  # ten seconds
    assert beats[-1] == pytest.approx(10)
    assert bars[-1] == pytest.approx(2.5)


def test_where_the_beat_is_lost_the_last_tempo_goes_on() -> None:
    features = np.concatenate([heard(120.0, 3000, 3.0), heard(0.0, 1875, sure=False)])
    beats, bars = played(features)
    assert beats[-1] - beats[2999] == pytest.approx(20)
    assert bars[-1] - bars[2999] == pytest.approx(20 / 3)


def test_lost_hops_pass_too() -> None:
    moment = Moment(SPECS, CLOCK)
    before = played(heard(120.0, 640), moment=moment)[0][-1]
    block = Block(740, np.zeros((256, 1), np.float32), {"room": (0,)}, 1, gap=99)
    after = moment.at(block, heard(120.0, 740)[-1:])[0][-1]
    assert after - before == pytest.approx(100 * 120 * PER_MINUTE, rel=0.02)


@pytest.mark.parametrize("specs", [(), SPECS[:2]])
def test_without_a_beat_to_hear_it_runs_on(specs: tuple[Spec, ...]) -> None:
    beats, _ = played(np.zeros((188, len(specs))), moment=Moment(specs, CLOCK))
    assert beats[-1] == pytest.approx(188 * 60 * PER_MINUTE)


def test_with_the_real_ear_crests_fall_on_the_clicks() -> None:
    clicks, at = songs.clicks(132.0, 16.0)
    ear = songs.Heard(clicks)
    moment = Moment(ear.ear.specs, CLOCK)
    beats, _ = played(ear.values, moment=moment)
    begun = ear.ends[np.flatnonzero(np.diff(np.floor(beats)) > 0) + 1]
    late = at[(at > 6) & (at < 15.5)]
    nearest = begun[np.abs(begun[:, None] - late).argmin(axis=0)]
    assert np.abs(nearest - late).max() < 0.04
    assert len(begun[(begun > 6) & (begun < 15.5)]) == len(late)


def test_it_waits_for_a_beat_that_is_just_behind() -> None:
    hops = round(2 / (120 * PER_MINUTE))
    for start, passed in ((0.7, 1.7), (0.3, 2.3)):  # 0.3 of a beat behind where it is, and before it
        assert played(heard(120.0, hops, start=start))[0][-1] == pytest.approx(passed, abs=0.05)
