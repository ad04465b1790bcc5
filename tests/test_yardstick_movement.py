"""The yardstick of the body lane measures right: known answers, and takes in which what is true can be heard."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from thorough import some, usually

from benchmarks.hearing import heldlog
from benchmarks.hearing.dice import Dice
from benchmarks.movement import script
from benchmarks.movement.feet import blows
from benchmarks.movement.listener import grown
from benchmarks.movement.measures import Answer, Count, by_frames, events, frames, rubbing, score
from benchmarks.movement.takes import RATE, SEEDS, Take, all_takes, calibration, made
from benchmarks.movement.truth import Truth

known = cache(made)
"""A take, made once."""


def _truth() -> Truth:
    steps = [2.0 + 0.55 * number for number in range(20)]
    taps = [15.0 + 0.4 * number for number in range(10)]
    return Truth(30.0, steps, taps, [(20.0, 20.5), (20.6, 21.4), (24.0, 24.3)])


def _answer(shift: float = 0.0) -> Answer:
    truth = _truth()
    times = np.arange(0.0, 30.0, 0.005)
    on = np.zeros(len(times))
    for start, end in truth.rubs:
        on[(times >= start + shift) & (times < end + shift)] = 1.0
    rub = by_frames(times, on, 30.0, 0.5)
    return Answer([t + shift for t in truth.steps], [t + shift for t in truth.taps], rub)


# the scorer


def test_a_perfect_answer_scores_one():
    for name, count in score(_truth(), _answer()).items():
        assert (count.precision, count.recall, count.f) == (1.0, 1.0, 1.0), name
        assert count.right > 0, name


def test_events_may_be_70_ms_off_and_no_more():
    near, far = score(_truth(), _answer(0.07)), score(_truth(), _answer(0.1))
    assert near["step"].f == near["tap"].f == 1.0
    assert far["step"].f == far["tap"].f == 0.0
    assert score(_truth(), _answer(-0.1))["step"].f == 0.0


def test_a_rub_may_be_heard_a_frame_late_and_a_long_delay_costs():
    assert score(_truth(), _answer(0.05))["rub"].f == 1.0
    assert score(_truth(), _answer(0.5))["rub"].recall < 0.7
    assert score(_truth(), _answer(0.5))["rub"].precision < 1.0


def test_extra_answers_lower_precision_and_missing_ones_recall():
    truth, answer = _truth(), _answer()
    answer.steps += [25.0, 26.0, 27.0, 28.0, 29.0]
    assert events(truth.steps, answer.steps).precision == pytest.approx(20 / 25)
    assert events(truth.steps, answer.steps).recall == 1.0
    assert events(truth.steps, truth.steps[::2]).recall == 0.5
    assert events(truth.steps, truth.steps[::2]).precision == 1.0


def test_one_answer_serves_one_event():
    """Two taps 60 ms apart are not both found by one answer between them, nor one tap twice."""
    assert events([1.0, 1.06], [1.03]) == Count(1, 0, 1)
    assert events([1.0], [0.99, 1.01]) == Count(1, 1, 0)
    assert events([1.0, 1.1], [1.05, 1.12]) == Count(2, 0, 0)


def test_nothing_true_and_nothing_said_is_no_fault():
    assert score(Truth(10.0), Answer(rubbing=np.zeros(200, bool)))["rub"] == Count(0, 0, 0)
    assert rubbing([], 10.0, np.ones(200, bool)).wrong == 200


def test_frames_at_edges_and_turning_points_count_neither_way():
    inside, quiet = frames([(1.0, 1.5), (1.56, 2.0)], 3.0)
    assert inside[20:30].all()
    assert not inside[30]
    assert not quiet[18:42].any()
    assert quiet[:17].all()
    assert quiet[43:].all()


def test_counts_that_grow_become_moments():
    time = np.arange(1, 7) * 0.1
    assert grown(time, np.array([0, 1, 1, 3, 3, 4], np.float32)) == pytest.approx([0.2, 0.4, 0.4, 0.6])


# the takes


def test_the_halves_share_no_seed_and_no_sound():
    assert not set(SEEDS["tuning"]) & set(SEEDS["held"])
    one, other = (made(Take(half, "tap", SEEDS[half][0]))[0] for half in ("tuning", "held"))
    least = min(len(one), len(other))
    assert not np.array_equal(one[:least], other[:least])


def test_a_take_is_the_same_every_time():
    take = all_takes("tuning")[0]
    assert np.array_equal(made(take)[0], made(take)[0])


@pytest.mark.parametrize("kind", some(script.KINDS, 2))
def test_a_take_is_sound_and_its_truth_lies_in_it(kind: str):
    sound, truth = made(Take("tuning", kind, 77))
    assert np.isfinite(sound).all()
    assert np.abs(sound).max() <= 1.0
    assert len(sound) == round(truth.seconds * RATE)
    last = truth.seconds - 0.2
    assert all(0 < time < last for time in truth.steps + truth.taps)
    assert all(0 < start < end < last for start, end in truth.rubs)
    assert bool(truth.steps or truth.taps or truth.rubs) == (kind != "handling")


EDGES = 30.0 * 1.6 ** np.arange(12)
"""Bands from 30 Hz to 5 kHz."""


def _risen(sound: np.ndarray, times: list[float]) -> np.ndarray:
    """In the band where most is new: how much more power 60 ms from each time have than the stillness before."""

    def power(time: float) -> np.ndarray:
        piece = sound[round(time * RATE) :][: round(0.06 * RATE)]
        spectrum = np.abs(np.fft.rfft(piece * np.hanning(len(piece)), RATE // 10)) ** 2
        places = (EDGES / 10).astype(int)
        return np.add.reduceat(spectrum[: places[-1]], places[:-1])

    quiet = np.mean([power(time) for time in np.arange(0.2, 2.2, 0.03)], axis=0)
    return np.array([(power(time) / quiet).max() for time in times])


@pytest.mark.parametrize("kind", some(["walk", "tap", "shuffle", "stairs", "rub"], 2))
def test_what_is_true_can_be_heard(kind: str):
    """Nearly all of it stands out from the stillness at the beginning of its take."""
    found = []
    for seed in SEEDS["tuning"]:
        sound, truth = known(Take("tuning", kind, seed))
        moments = [time - 0.005 for time in truth.steps + truth.taps]
        moments += [(start + end) / 2 - 0.03 for start, end in truth.rubs]
        still = np.percentile(_risen(sound, list(np.arange(0.21, 2.2, 0.03))), 90)
        found.append(float(np.mean(_risen(sound, moments) > 1.5 * still)))
    assert np.mean(found) > 0.9, found
    assert min(found) > 0.6, found


def test_gaits_and_gains_are_drawn_wide():
    periods, levels = [], []
    for take in all_takes("tuning"):
        if take.kind in usually(("walk", "shuffle"), ("walk", "stairs", "shuffle")):
            sound, truth = known(take)
            periods.append(float(np.median(np.diff(truth.steps))))
            levels.append(20 * np.log10(np.abs(sound).max()))
    assert max(periods) / min(periods) > 1.5
    assert max(levels) - min(levels) > 10


def test_a_soft_sole_pushes_longer_than_a_hard_one():
    hard, soft = blows(np.array([0.006, 0.03]), np.array([0.5, 0.5]))
    assert 4 < np.count_nonzero(hard) / RATE * 1000 < 12
    assert np.count_nonzero(soft) > 3 * np.count_nonzero(hard)
    assert hard.max() > 3 * soft.max()


def test_a_wearer_is_calibrated_on_the_same_microphone():
    take = all_takes("tuning")[0]
    practice = calibration(take)
    assert len(practice) == round(script.walk_rub_tap(Dice(1, "x")).seconds * RATE)
    still, walk = practice[RATE : 2 * RATE], practice[2 * RATE : 6 * RATE]
    assert np.std(walk) > 2 * np.std(still)


# the log


def test_looks_at_the_held_half_are_written_down(tmp_path):
    log = tmp_path / "held.log"
    assert heldlog.used(log) == 0
    line = heldlog.append("step: P=1.000", "2026-01-01", log)
    assert line.startswith("2026-01-01 ")
    assert heldlog.used(log) == 1
