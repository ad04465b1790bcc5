"""What the ear says about sounds whose answer is known."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace

import numpy as np
import pytest
import songs
from thorough import some

from wearsound.analysis.analysis import analyze
from wearsound.analysis.beat import Beat
from wearsound.analysis.ear import Ear
from wearsound.analysis.spectrum import LaneSpectra
from wearsound.core import Clock, Event

LEVELS = ("loudness", "sub", "bass", "lowmid", "mid", "high", "air")


class TestSpectra:
    @pytest.mark.parametrize("rate", [44_100, 48_000])
    @pytest.mark.parametrize("size", [256, 1024, 2048, 4096])
    def test_the_bins_of_a_full_scale_sine_sum_to_one(self, rate, size):
        clock = Clock(rate)
        spectra = LaneSpectra(clock, "room")
        for block in songs.blocks(songs.sine(1234.5, 1, 1.0, rate), clock=clock):
            spectra.take(block)
        np.testing.assert_allclose(10 * np.log10(spectra.power(size).sum(axis=1)), 0.0, atol=0.05)

    def test_mono_is_the_mean_without_its_dc(self):
        both = np.stack([songs.sine(500, 2), np.full(2 * songs.RATE, 0.2)], axis=1)
        spectra = LaneSpectra(Clock(), "room")
        for block in songs.blocks(both, lanes={"room": (0, 1)}):
            spectra.take(block)
        assert abs(spectra.mono.mean()) < 1e-3
        assert spectra.mono.max() == pytest.approx(0.125, abs=2e-3)


class TestTimbre:
    @pytest.mark.parametrize("hertz", [440, 1000, 6000])
    def test_the_centroid_of_a_sine_is_its_pitch(self, hertz):
        heard = songs.Heard(songs.sine(hertz, 2))
        assert heard.at("centroid", 1.5) == pytest.approx(hertz, rel=0.01)
        assert heard.at("flatness", 1.5) < 0.01

    def test_noise_is_flat_and_bright(self):
        heard = songs.Heard(songs.noise(2, 0.1))
        assert heard.at("flatness", 1.5) > 0.5
        assert heard.at("centroid", 1.5) == pytest.approx(12_000, rel=0.05)

    def test_it_is_held_while_nobody_plays_and_glides_to_rest(self):
        heard = songs.Heard(np.concatenate([songs.sine(1000, 2), songs.noise(8, 1e-4)]))
        assert heard.at("centroid", 3.5) > 900
        assert heard["centroid"][-1] == 0


class TestOnsets:
    @pytest.mark.parametrize("rate", [44_100, 48_000])
    @pytest.mark.parametrize("bpm", [60, 97, 120, 180])
    def test_every_click_is_one_onset_in_time(self, bpm, rate):
        samples, at = songs.clicks(bpm, 12, rate)
        heard = songs.Heard(samples, Clock(rate))
        decided = heard.times("onset")
        assert len(decided) == len(at)
        assert (decided - at >= 0).all()
        assert (decided - at < 0.016).all()  # two hops, and what it takes to see it

    def test_every_kick_is_one_onset(self):
        at = np.arange(0.1, 9.5, 0.5)
        decided = songs.Heard(songs.put(songs.silence(10), at, songs.kick())).times("onset")
        assert len(decided) == len(at)
        assert (np.abs(decided - at) < 0.02).all()

    def test_a_groove_is_its_kicks_and_hats(self):
        beat = 0.5
        at = np.arange(0.1, 9.5, beat)
        music = songs.put(songs.put(songs.silence(10), at, songs.kick()), at + beat / 2, songs.hat())
        expected = np.sort(np.concatenate([at, at + beat / 2]))
        decided = songs.Heard(music).times("onset")
        assert len(decided) == len(expected)
        assert (np.abs(decided - expected) < 0.02).all()

    @pytest.mark.parametrize("hertz", [30, 41.2, 55, 98, 440, 5000])
    def test_a_steady_tone_begins_once(self, hertz):
        heard = songs.Heard(songs.sine(hertz, 6))
        assert heard["onset"][-1] <= 1
        assert heard.after("onset", 0.2).max() == heard.at("onset", 0.2)
        assert heard["beat"].max() == 0

    def test_vibrato_and_beating_tones_start_nothing(self):
        t = np.arange(6 * songs.RATE) / songs.RATE
        vibrato = 0.3 * np.sin(2 * np.pi * 440 * t + 4 * np.sin(2 * np.pi * 5.5 * t))
        beating = songs.sine(440, 6) + 0.5 * songs.sine(446, 6)
        for tone in (vibrato, beating):
            heard = songs.Heard(tone)
            assert heard.after("onset", 0.3).max() == heard.at("onset", 0.3)

    def test_nothing_begins_while_the_gate_is_shut(self):
        rattle = songs.noise(22, 0.003) + 0.06 * songs.clicks(120, 22)[0]
        heard = songs.Heard(rattle)
        assert heard.at("onset", 3) > 2
        assert heard.after("gate", 15).max() == 0
        assert heard["onset"][-1] == heard.at("onset", 15)

    def test_what_is_decided_on_is_on_the_grid(self):
        spectra = LaneSpectra(Clock(), "room")
        for block in songs.blocks(songs.song()):
            spectra.take(block)
            for values in (spectra.novelty.regions, spectra.gain.level):
                assert (values * 2**20 == np.rint(values * 2**20)).all()

    def test_loud_onsets_are_stronger(self):
        song = songs.sine(300, 10, 0.05)
        songs.put(song, [4.0], 0.15 * songs.click())
        songs.put(song, [6.0], songs.click())
        heard = songs.Heard(song)
        assert 0.05 < heard.at("strength", 4.1) < heard.at("strength", 6.1) - 0.1


class TestBeats:
    @pytest.mark.parametrize("bpm", [60, 75, 90, 105, 120, 140, 160, 180])
    def test_clicks_have_their_tempo_after_8_seconds(self, bpm):
        samples, at = songs.clicks(bpm, 16)
        heard = songs.Heard(samples)
        assert np.abs(heard.after("tempo", 8) - bpm).max() <= 2
        late = heard.times("beat")
        late = late[(late > 8) & (late < at[-1] + 0.1)]
        assert abs(len(late) - (at > 8).sum()) <= 1
        assert all(np.abs(at - beat).min() < 0.03 for beat in late)

    @pytest.mark.parametrize("bpm", [110, 120, 128])
    def test_a_groove_is_counted_on_its_kicks(self, bpm):
        samples, at = songs.groove(bpm, 16)
        heard = songs.Heard(samples)
        assert np.abs(heard.after("tempo", 8) - bpm).max() <= 2
        late = heard.times("beat")
        late = late[(late > 8) & (late < at[-1] + 0.05)]
        assert all(np.abs(at - beat).min() < 0.04 for beat in late)
        assert heard.after("confidence", 8).min() > 0.5

    @pytest.mark.parametrize("bpm", [90, 100])
    def test_a_slow_groove_full_of_eighths_may_be_counted_twice_as_fast_but_in_time(self, bpm):
        samples, at = songs.groove(bpm, 16)
        heard = songs.Heard(samples)
        tempo = heard.after("tempo", 12)
        assert (np.minimum(np.abs(tempo - bpm), np.abs(tempo - 2 * bpm)) <= 4).all()
        late = heard.times("beat")
        late = late[(late > 8) & (late < at[-1] + 0.05)]
        eighths = np.concatenate([at, at + 30 / bpm])
        assert all(np.abs(eighths - beat).min() < 0.04 for beat in late)

    @pytest.mark.parametrize("bpm", [80, 100, 128, 150, 180])
    @pytest.mark.parametrize("song", [songs.clicks, songs.groove])
    def test_beats_are_neither_early_nor_late(self, song, bpm):
        samples, at = song(bpm, 16)
        beats = songs.Heard(samples).times("beat")
        beats = beats[(beats > 8) & (beats < at[-1])]
        beat = 30 / bpm if song is songs.groove and bpm <= 100 else 60 / bpm
        late = (beats - at[0] + beat / 2) % beat - beat / 2
        assert abs(late.mean()) < 0.008

    def test_phase_runs_from_beat_to_beat(self):
        heard = songs.Heard(songs.groove(120, 12)[0])
        phase, beat = heard.after("phase", 6), heard.after("beat", 6)
        wraps = np.flatnonzero(np.diff(phase) < -0.5) + 1
        counts = np.flatnonzero(np.diff(beat) > 0) + 1
        assert len(wraps) == len(counts)
        assert (np.abs(wraps - counts) <= 1).all()

    def test_the_tempo_is_held_through_a_break_and_no_beat_is_counted_in_it(self):
        first, _ = songs.groove(120, 12)
        heard = songs.Heard(np.concatenate([first, songs.silence(8), first]))
        beats = heard.times("beat")
        assert not ((beats > 12.2) & (beats < 20)).any()
        assert np.abs(heard.after("tempo", 8)[: 11 * 187] - 120).max() <= 2
        assert ((beats > 20) & (beats < 21.5)).sum() >= 2

    def test_noise_after_loud_music_is_nothing(self):
        loud, _ = songs.groove(120, 10)
        heard = songs.Heard(np.concatenate([loud / np.abs(loud).max(), songs.noise(30, 0.001)]))
        assert heard.after("gate", 11).max() == 0
        assert heard["beat"][-1] == heard.at("beat", 10.2)
        assert heard["onset"][-1] == heard.at("onset", 10.2)
        assert max(heard.after(name, 12).max() for name in LEVELS) == 0
        assert heard.after("presence", 14).max() == 0

    def test_noise_and_drones_have_no_beat(self):
        for sound in (
            songs.noise(15, 0.1),
            songs.sine(110, 15) + songs.sine(165.1, 15) + songs.sine(221, 15),
        ):
            heard = songs.Heard(sound)
            assert heard["beat"][-1] == 0
            assert heard["tempo"].max() == 0

    @pytest.mark.parametrize(("slow", "fast"), [(100, 140), (96, 132), (90, 128)])
    def test_a_tempo_step_is_followed_within_five_seconds(self, slow, fast):
        heard = songs.Heard(np.concatenate([songs.groove(slow, 10)[0], songs.groove(fast, 10)[0]]))
        assert abs(heard.at("tempo", 9) - slow) <= 2
        assert np.abs(heard.after("tempo", 15) - fast).max() <= 2

    def test_the_tempo_is_forgotten_in_the_end(self):
        heard = songs.Heard(np.concatenate([songs.clicks(120, 6)[0], songs.silence(20)]))
        assert heard.at("tempo", 10) == pytest.approx(120, abs=2)
        assert heard["tempo"][-1] == 0


class TestTheHandOnTheEar:
    @pytest.mark.parametrize(
        ("what", "args"),
        some(
            itertools.product(
                ["tap", "bpm", "half", "double", "nudge", "lock", "nonsense"],
                [(), (math.nan,), (math.inf,), (-1e30,), ("fast",), (None,), (0,)],
            ),
            3,
        ),
    )
    def test_whatever_it_says_the_beat_goes_on(self, what, args):
        ear = Ear(Clock(), ["room"])
        for block in songs.blocks(songs.groove(120, 5)[0]):
            if block.tick == 640:
                block = replace(block, events=(Event(640, f"/wear/tempo/{what}", args),) * 2)
            heard = ear.hear(block)
            assert np.isfinite(heard).all()

    def test_the_bar_goes_on_through_lost_hops(self):
        song = songs.clicks(120, 12)[0]
        beat = Beat()
        beat.prepare(Clock())
        spectra, out = LaneSpectra(Clock(), "room"), np.zeros((1, len(Beat.specs)))
        lost = round(3 * 60 / 120 * songs.RATE / 256)
        for gap in (0, lost):
            for block in songs.blocks(song[: 10 * songs.RATE], (1,), gap=gap):
                spectra.take(block)
                place = beat._bar.place
                beat.process(block, spectra, out)
                if block.gap:
                    assert (beat._bar.place - place) % beat._bar.metre in (2, 3)


class TestAnalyze:
    def test_what_it_prints(self):
        samples, at = songs.clicks(120, 12)
        analysis = analyze(songs.blocks(samples), Clock(), name="clicks")
        said = analysis.as_json()
        assert list(said) == [
            "duration", "sample_rate", "tempo", "beats", "beats_decided", "onsets", "onsets_decided", "features",
        ]  # fmt: skip
        assert said["duration"] == 12
        assert said["sample_rate"] == 48_000
        assert said["tempo"] == pytest.approx(120, abs=1)
        np.testing.assert_allclose(said["onsets"], at, atol=0.009)
        assert (np.array(said["onsets_decided"]) >= np.array(said["onsets"])).all()
        assert len(said["beats"]) == len(said["beats_decided"]) > 15
        assert said["features"]["room.level"]["min"] == -90
        assert set(said["features"]["room.bass"]) == {"mean", "min", "max"}
        assert analysis.series("bass") is not None
        assert analysis.series("room.level").shape == analysis.time.shape == (2250,)
        assert analysis.time[-1] == 12

    def test_nothing_is_nothing(self):
        said = analyze(songs.blocks(songs.silence(2)), Clock()).as_json()
        assert said["tempo"] is None
        assert said["beats"] == said["onsets"] == []
        assert analyze(iter(()), Clock()).as_json()["duration"] == 0
