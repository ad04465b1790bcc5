"""The stranger's takes: what is true of them can be heard, they never change, and they are drawn wide."""

from __future__ import annotations

import itertools
from functools import lru_cache

import numpy as np
import pytest
from scipy import signal
from thorough import some, usually

from benchmarks.hearing.dice import Dice
from benchmarks.movement import __main__ as program
from benchmarks.movement import stranger, takes
from benchmarks.movement.stranger_feet import drawn_falls
from benchmarks.movement.stranger_hands import Stroke, drawn_strokes, drawn_taps, drawn_touch, stroke_sound
from benchmarks.movement.stranger_parts import RATE
from benchmarks.movement.truth import Truth

TAKES = stranger.all_takes()
EDGES = 35.0 * 1.7 ** np.arange(12)
"""Bands from 35 Hz to 12 kHz."""


@lru_cache(maxsize=len(TAKES))
def made(number: int) -> tuple[np.ndarray, Truth]:
    return stranger.made(TAKES[number])


def powers(sound: np.ndarray, times: list[float], length: float) -> np.ndarray:
    """Power by band (times, bands) of the piece from each time on."""
    out = []
    for time in times:
        piece = sound[round(time * RATE) :][: round(length * RATE)]
        spectrum = np.abs(np.fft.rfft(piece * signal.windows.hann(len(piece)), RATE // 10)) ** 2
        out.append(np.add.reduceat(spectrum, (EDGES / 10).astype(int))[:-1])
    return np.array(out)


def found(number: int, what: str) -> tuple[int, int]:
    """How many events of a take stand out, in some band, from 90 % of the moments between; and how many there are.

    Taps must stand out from the walk and strokes too, and strokes from the walk: only steps are compared with rest.
    """
    sound, truth = made(number)
    length = {"steps": 0.08, "taps": 0.04, "rubs": 0.06}[what]
    busy = [(t - 0.1, t + 0.25) for t in truth.taps]
    if what != "taps":
        busy += [(a - 0.15, b + 0.1) for a, b in truth.rubs]
    if what == "steps":
        busy += [(t - 0.1, t + 0.4) for t in truth.steps]
    still = [float(t) for t in np.arange(0.2, 19.8, 0.02) if not any(a < t < b for a, b in busy)]
    between = powers(sound, still, length)
    usual = np.median(between, axis=0)
    most = np.percentile((between / usual).max(axis=1), 90)
    at = {
        "steps": [t - 0.01 for t in truth.steps],
        "taps": [t - 0.01 for t in truth.taps],
        "rubs": [(a + b) / 2 - 0.03 for a, b in truth.rubs],
    }[what]
    return int(((powers(sound, at, length) / usual).max(axis=1) > most).sum()), len(at)


@pytest.mark.parametrize(("what", "least"), [("steps", 0.9), ("taps", 0.9), ("rubs", 0.9)])
def test_what_is_true_can_be_heard(what: str, least: float):
    pairs = [found(number, what) for number in some(range(len(TAKES)), 2) if getattr(made(number)[1], what)]
    heard, true = np.array(pairs).sum(axis=0)
    assert heard / true > least, [(TAKES[i].name, p) for i, p in enumerate(pairs)]
    assert true > usually(100, 200)


def test_moments_that_are_not_true_are_not_found():
    """The same measure half a second beside the taps of takes that only tap finds few."""
    heard = true = 0
    for number, take in enumerate(TAKES):
        if take.kind == "tap":
            sound, truth = made(number)
            beside = [t for t in np.arange(0.3, 19.5, 0.1) if all(abs(t - x) > 0.3 for x in truth.taps)]
            reference = np.median(powers(sound, beside, 0.04), axis=0)
            rise = (powers(sound, beside, 0.04) / reference).max(axis=1)
            own = (powers(sound, [t - 0.01 for t in truth.taps], 0.04) / reference).max(axis=1)
            heard += int((rise > np.median(own)).sum())
            true += len(beside)
    assert heard / true < 0.1


@pytest.mark.parametrize("number", [0, 8, 20, 26, 29])
def test_a_take_is_sound_and_its_truth_lies_in_it(number: int):
    sound, truth = made(number)
    assert len(sound) == round(truth.seconds * RATE)
    assert np.isfinite(sound).all()
    assert 0.0005 < np.abs(sound).max() <= 1.0
    assert all(0 < time < truth.seconds - 0.2 for time in truth.steps + truth.taps)
    assert all(0 < start < end < truth.seconds - 0.2 for start, end in truth.rubs)
    assert bool(truth.steps or truth.taps or truth.rubs) == (TAKES[number].kind != "nothing")


def test_a_take_is_the_same_every_time_and_no_two_are():
    sound, truth = stranger.made(TAKES[25])
    assert np.array_equal(sound, made(25)[0])
    assert truth == made(25)[1]
    assert not np.array_equal(made(25)[0], made(26)[0])


def test_the_seeds_are_nobody_elses():
    seeds = {take.seed for take in TAKES}
    assert len(seeds) == len({take.name for take in TAKES}) == len(TAKES) == 30
    assert not seeds & {seed for half in takes.SEEDS.values() for seed in half}
    assert RATE == takes.RATE


def test_counts_and_paces_lie_in_sensible_bounds_and_are_wide():
    paces, lengths = [], []
    for seed in range(60):
        falls = [fall.time for fall in drawn_falls(Dice(seed, "test"), 1.0, 18.0)]
        gaps = np.diff(falls)
        assert 10 <= len(falls) <= 50
        assert gaps.min() > 0.33
        paces.append(60.0 / float(np.median(gaps)))
        taps = drawn_taps(Dice(seed, "test"), 1.0, 18.0)
        assert 12 <= len(taps) <= 90
        assert np.diff(taps).min() > 0.08
        strokes = drawn_strokes(Dice(seed, "test"), 1.0, 18.0)
        assert 8 <= len(strokes) <= 80
        assert all(a.time + a.seconds <= b.time + 1e-9 for a, b in itertools.pairwise(strokes))
        lengths += [stroke.seconds for stroke in strokes]
    assert 55 < min(paces) < 80
    assert 130 < max(paces) < 165
    assert 0.149 < min(lengths) < 0.2
    assert 0.9 < max(lengths) <= 1.0


def test_every_class_is_often_enough_true():
    truths = [made(number)[1] for number in range(len(TAKES))]
    assert sum(len(truth.steps) for truth in truths) > 300
    assert sum(len(truth.taps) for truth in truths) > 200
    assert sum(len(truth.rubs) for truth in truths) > 150
    assert len({truth.conditions["cloth"] for truth in truths if truth.rubs}) == 4
    assert len({truth.conditions["corner"] for truth in truths}) == 3


def test_a_faster_stroke_is_brighter_and_louder():
    """And its threads pass faster: corduroy's wales are the strongest line of its envelope."""
    touch = drawn_touch("corduroy", Dice(3, "touch"))
    centre, level = [], []
    for speed in (15.0, 90.0):
        wave = stroke_sound(touch, Stroke(0.0, 0.8, speed, 1.0), Dice(3, "stroke"))
        power = np.abs(np.fft.rfft(wave)) ** 2
        centre.append(float((np.arange(len(power)) * power).sum() / power.sum() / 0.8))
        level.append(float(np.std(wave)))
    assert centre[1] > 1.15 * centre[0]
    assert level[1] > 2 * level[0]


def test_the_program_takes_the_stranger_as_a_half_held_back(monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["movement", "--half", "stranger", "--only", "walk"])
    assert program.main() == 2
    assert "leave --only away" in capsys.readouterr().err
    assert program.all_takes("stranger") == TAKES
    assert program.LOGS["stranger"].name == "stranger.log"
    assert np.array_equal(program.made(TAKES[29])[0], made(29)[0])
