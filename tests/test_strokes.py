"""One kind of stroke on likelihoods made by hand, and what steady sounds must not start."""

from __future__ import annotations

import numpy as np
import pytest
import songs

from wearsound.analysis.detector import STROKE_EVERY
from wearsound.analysis.stroke import Stroke
from wearsound.core import Clock


def played(likely: dict[float, float], rate: int = 48_000, news: float = 0.0, gate: float = 1.0) -> Stroke:
    """A stroke that hears each likelihood at the look nearest to its time in seconds, 0 at the others."""
    clock = Clock(rate)
    looks = rate / clock.hop / STROKE_EVERY
    at = {round(time * looks): value for time, value in likely.items()}
    stroke = Stroke(looks, 0.5)
    for look in range(max(at) + 20):
        stroke.look(at.get(look, 0.0), news, gate, 0.0)
    return stroke


@pytest.mark.parametrize("rate", [44_100, 48_000])
@pytest.mark.parametrize("apart", [0.06, 0.1])
def test_two_peaks_are_two(rate, apart):
    assert played({0.1: 0.9, 0.1 + apart: 0.9}, rate).count == 2


def test_two_peaks_too_close_are_one():
    assert played({0.1: 0.9, 0.13: 0.9}).count == 1


def test_a_slope_that_wavers_about_the_threshold_is_one():
    wavering = [0.3, 0.6, 0.48, 0.55, 0.45, 0.6, 0.49, 0.7, 0.5, 0.6, 0.4, 0.55]
    assert played({0.1 + i * 0.01067: value for i, value in enumerate(wavering)}).count == 1


def test_nothing_is_counted_below_the_threshold_or_while_the_gate_is_shut():
    assert played({0.1: 0.49, 0.3: 0.3}).count == 0
    assert played({0.1: 0.9}, gate=0.0).count == 0


def test_a_strength_is_the_most_that_is_new_about_the_decision():
    stroke = Stroke(93.75, 0.5)
    for likely, news in ((0.0, 0.9), (0.8, 0.3), (0.2, 0.6), (0.0, 0.9), (0.0, 1.0)):
        stroke.look(likely, news, 1.0, 0.0)
    assert (stroke.count, stroke.strength) == (1, 0.6)
    stroke.look(0.0, 0.0, 1.0, 1.0)
    assert stroke.strength == 0.0


def saw(hertz: float, seconds: float) -> np.ndarray:
    """Partials that start together, as a synthesiser's do."""
    table = sum(np.sin(2 * np.pi * n * np.arange(4096) / 4096) / n for n in range(1, int(8000 / hertz)))
    turns = hertz * np.arange(int(seconds * songs.RATE)) / songs.RATE % 1.0
    return 0.2 * np.interp(turns * 4096, np.arange(4097), np.append(table, table[0]))


@pytest.mark.parametrize("hertz", [55.0, 65.4, 147.0])
def test_a_steady_bass_begins_once(hertz):
    heard = songs.Heard(saw(hertz, 6))
    assert 1 <= heard["onset"][-1] <= 3


@pytest.mark.parametrize("grouping", [(1,), (7,), (64,), (1, 7, 3, 64, 2)])
def test_after_a_gap_nothing_has_risen_until_the_windows_are_whole(grouping):
    from wearsound.analysis.spectrum import LaneSpectra

    noise = songs.noise(4, 0.1)
    spectra = LaneSpectra(Clock(), "room")

    def rises(start: int, gap: int) -> np.ndarray:
        rose = []
        for block in songs.blocks(noise, grouping, start=start, gap=gap):
            spectra.take(block)
            rose.append(spectra.novelty.rises.copy())
        return np.concatenate(rose)

    steady = rises(0, 0)[100:].max()
    for start in (100_000, 100_001):
        rose = rises(start, 77)
        assert rose[:7].max() == 0.0
        assert 0.0 < rose[7:].max() < 1.3 * steady
