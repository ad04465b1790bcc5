"""The beat tracker on likelihoods made by hand: what it believes, how soon, and how it obeys."""

from __future__ import annotations

import numpy as np
import pytest

from wearsound.analysis.bar import Bar
from wearsound.analysis.tracker import EVERY, Tracker
from wearsound.core import Clock

CLOCK = Clock()
HOP = CLOCK.hop / CLOCK.sample_rate
STEP = EVERY * HOP
SHOWN = 0.01
"""From a beat to the step that shows it."""


class Played:
    """A tracker that hears beats at given times, each a likelihood of 0.8 with shoulders."""

    def __init__(self, beats: np.ndarray, seconds: float, faint: float = 0.01) -> None:
        self.tracker = Tracker(CLOCK)
        self.likely = np.full(int(seconds / STEP) + 2, faint)
        at = np.rint((beats + SHOWN) / STEP).astype(int)
        for away, value in ((-1, 0.3), (1, 0.3), (0, 0.8)):
            self.likely[at + away] = value
        self.hop = 0
        self.times: list[float] = []
        self.tempo: list[float] = []

    def to(self, seconds: float, gate: bool = True, silence: bool = False) -> Played:
        """Play on until then."""
        while (self.hop + 1) * HOP <= seconds:
            before = self.tracker.count
            if self.hop % EVERY:
                likely = self.likely[self.hop // EVERY]
                self.tracker.hear(likely, 0.02 + 0.5 * (likely > 0.5), gate)
            self.tracker.hop(gate, silence)
            self.hop += 1
            if self.tracker.count > before:
                self.times.append(self.hop * HOP)
            self.tempo.append(self.tracker.rate * 60.0 * self.tracker.hops_per_second)
        return self


def grid(bpm: float, seconds: float, first: float = 0.3) -> np.ndarray:
    return np.arange(first, seconds - 0.1, 60.0 / bpm)


class TestTheBelief:
    @pytest.mark.parametrize("bpm", [66, 90, 128, 174])
    def test_a_steady_beat_is_found_and_counted_when_it_happens(self, bpm):
        beats = grid(bpm, 20)
        played = Played(beats, 20).to(20)
        assert played.tempo[-1] == pytest.approx(bpm, rel=0.01)
        late = [time for time in played.times if 6 < time < 19.5]
        assert len(late) == pytest.approx(((beats > 6) & (beats < 19.5)).sum(), abs=1)
        for time in late:
            assert np.abs(beats - time).min() < 0.025

    def test_a_tempo_step_is_followed_within_three_seconds(self):
        slow, fast = grid(100, 10), grid(140, 12, 0.0) + 10
        played = Played(np.concatenate([slow, fast]), 22).to(22)
        tempo = np.array(played.tempo)
        assert np.abs(tempo[int(13 / HOP) :] - 140).max() < 3

    def test_nothing_likely_is_no_beat(self):
        played = Played(np.zeros(0), 20, faint=0.05).to(20)
        assert played.tracker.count == 0
        assert played.tracker.rate == 0

    def test_a_break_is_bridged_and_silence_forgets(self):
        played = Played(grid(120, 10), 40).to(10).to(14, gate=False, silence=True)
        count = played.tracker.count
        assert played.tracker.rate > 0
        assert played.tracker.confidence < 0.1
        played.to(30, gate=False, silence=True)
        assert played.tracker.count == count
        assert played.tracker.rate == 0


class TestTheHand:
    def test_taps_alone_make_a_tempo(self):
        played = Played(np.zeros(0), 10)
        for tap in (1.0, 1.5, 2.0, 2.5):
            played.to(tap)
            played.tracker.tap()
        assert played.to(2.6).tempo[-1] == pytest.approx(120, rel=0.01)
        assert any(abs(time - 2.5) < 2 * HOP for time in played.times)

    def test_two_taps_in_one_hop_are_one(self):
        played = Played(np.zeros(0), 10).to(1.0)
        for _ in range(2):
            played.tracker.tap()
        assert played.tracker.rate == 0
        played.to(1.5).tracker.tap()
        assert played.to(1.6).tempo[-1] == pytest.approx(120, rel=0.01)

    def test_lost_hops_are_turns_of_the_beat(self):
        played = Played(grid(120, 10), 30).to(10)
        turn, beats = played.tracker.turn, 3.3
        assert played.tracker.skip(round(beats / played.tracker.rate)) == int(turn + beats)
        assert played.tracker.turn == pytest.approx((turn + beats) % 1.0, abs=0.02)

    def test_half_double_and_bpm_hold_against_what_is_heard(self):
        played = Played(grid(120, 60), 60).to(10)
        played.tracker.times(0.5)
        assert np.abs(np.array(played.to(25).tempo[int(12 / HOP) :]) - 60).max() < 2
        played.tracker.times(2.0)
        assert played.to(40).tempo[-1] == pytest.approx(120, abs=2)
        played.tracker.bpm(121.0)
        assert played.to(45).tempo[-1] == pytest.approx(120, abs=2)

    def test_halving_keeps_half_of_the_beats(self):
        beats = grid(120, 30)
        played = Played(beats, 30).to(10)
        played.tracker.times(0.5)
        played.to(20)
        late = np.array([time for time in played.times if time > 12])
        assert len(late) == pytest.approx(8, abs=1)
        assert max(np.abs(beats - time).min() for time in late) < 0.03

    def test_a_locked_tempo_goes_on_without_sound(self):
        played = Played(grid(120, 10), 40).to(10)
        played.tracker.locked = True
        count = played.tracker.count
        played.to(20, gate=False, silence=True)
        assert played.tracker.count - count == pytest.approx(20, abs=1)
        assert played.tempo[-1] == pytest.approx(120, abs=1)

    def test_a_locked_tempo_goes_on_in_noise(self):
        played = Played(grid(120, 10), 70, faint=0.05).to(10)
        played.tracker.locked = True
        count = played.tracker.count
        played.to(60)
        assert played.tracker.count - count == pytest.approx(100, abs=3)

    def test_a_nudge_moves_the_beat(self):
        played = Played(grid(120, 10), 30).to(10)
        played.tracker.locked = True
        before = np.array(played.to(14, gate=False).times[-4:])
        played.tracker.nudge(0.1)
        after = np.array(played.to(18, gate=False).times[-4:])
        moved = (after[0] - before[0] + 0.25) % 0.5 - 0.25
        assert moved == pytest.approx(0.1, abs=0.02)


class TestBars:
    @pytest.mark.parametrize("metre", [2, 3, 4, 6])
    def test_downbeats_are_found(self, metre):
        bar = Bar()
        for beat in range(40):
            bar.beat()
            if beat > 24:
                assert (bar.place == 0) == (beat % metre == 1)
            bar.hear(0.7 if beat % metre == 1 else 0.05)
        assert bar.metre == metre
        assert bar.sureness > 0.5

    def test_where_nothing_marks_the_one_bars_go_on_all_the_same(self):
        bar, places = Bar(), []
        for _ in range(40):
            bar.beat()
            bar.hear(0.1)
            places.append(bar.place)
        assert places[4:] == places[:-4]
        assert places.count(0) == 10

    def test_a_missing_beat_is_got_over(self):
        bar = Bar()
        for beat in range(80):
            if beat == 40:
                continue
            bar.beat()
            if beat > 60:
                assert (bar.place == 0) == (beat % 4 == 0)
            bar.hear(0.7 if beat % 4 == 0 else 0.05)
