"""The demo track is what its truth says: listened to with nothing but transforms and sums."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from wearsound.core import Clock
from wearsound.sources.composer import DemoSource, Track, WalkSource, cache, compose, compose_fresh
from wearsound.sources.composer.form import RATE, SAMPLES, choose_form
from wearsound.sources.composer.track import write_truth

SHA_7 = "1ce84850c327a437"


@pytest.fixture(scope="module")
def track() -> Track:
    return compose_fresh(7)


def digest(track: Track) -> str:
    whole = (track.samples * 32_768).astype("<i2")
    return hashlib.sha256(whole.tobytes()).hexdigest()[:16]


def heard_between(x: np.ndarray, low: float, high: float) -> np.ndarray:
    """What of x lies between two frequencies, without delay."""
    spectrum = np.fft.rfft(x)
    f = np.fft.rfftfreq(len(x), 1 / RATE)
    edge = np.clip((f - low) / (0.3 * low), 0, 1) * np.clip((high - f) / (0.3 * high), 0, 1)
    return np.fft.irfft(spectrum * edge, len(x))


def level(x: np.ndarray, start: float, end: float) -> float:
    part = x[max(0, round(start * RATE)) : round(end * RATE)]
    return float(np.sqrt(np.mean(part * part)))


def steepest(x: np.ndarray, time: float, reach: float, before: float, after: float) -> float:
    """Seconds from `time` to where, within `reach`, the level after exceeds the level before most."""
    start = max(0, round((time - reach - before) * RATE))
    part = x[start : round((time + reach + after) * RATE)]
    energy = np.concatenate(([0.0], np.cumsum(part * part)))

    def mean(begin: np.ndarray, end: np.ndarray) -> np.ndarray:
        a, b = (np.clip(np.rint(s * RATE).astype(int) - start, 0, len(part)) for s in (begin, end))
        return (energy[b] - energy[a]) / np.maximum(b - a, 1)

    offsets = np.arange(-reach, reach, 0.001)
    at = time + offsets
    rise = mean(at, at + after) - mean(at - before, at)
    return float(offsets[np.argmax(rise)])


class TestShape:
    def test_forty_seconds_of_four_channels(self, track: Track) -> None:
        assert track.samples.shape == (SAMPLES, 4) == (1_920_000, 4)
        assert track.samples.dtype == np.float32
        assert track.samples.flags.c_contiguous

    def test_every_sample_is_a_sixteen_bit_number(self, track: Track) -> None:
        whole = track.samples * 32_768
        assert np.array_equal(whole, np.rint(whole))

    def test_peaks_stay_below_minus_one_decibel(self, track: Track) -> None:
        assert np.abs(track.samples).max() <= 10 ** (-1 / 20)
        assert np.abs(track.samples[:, :2]).max() > 10 ** (-1.3 / 20)

    def test_no_channel_is_off_centre(self, track: Track) -> None:
        assert np.all(np.abs(track.samples.mean(0, dtype=np.float64)) < 10 ** (-80 / 20))

    def test_the_silence_is_zeros_and_sound_surrounds_it(self, track: Track) -> None:
        start, end = (round(s * RATE) for s in track.truth.silence)
        assert (start, end) == (1_200_000, 1_272_000)
        music = track.samples[:, :2]
        assert not music[start:end].any()
        assert level(music[:, 0], 24.0, 24.5) > 0.05
        assert level(music[:, 0], 27.5, 28.0) > 0.03

    def test_it_fades_to_nothing(self, track: Track) -> None:
        assert np.abs(track.samples[-24:]).max() < 1e-3

    def test_lows_are_mono_and_highs_are_not(self, track: Track) -> None:
        part = track.samples[10 * RATE : 20 * RATE].astype(float)
        for low, high, least, most in ((25, 120, 0.9999, 1.0), (300, 12_000, -0.1, 0.75)):
            left, right = (heard_between(part[:, c], low, high) for c in (0, 1))
            correlation = np.sum(left * right) / np.sqrt(np.sum(left**2) * np.sum(right**2))
            assert least < correlation <= most + 1e-9

    def test_as_loud_and_as_dark_as_a_record(self, track: Track) -> None:
        music = track.samples[:, :2].astype(float)
        crest = 20 * np.log10(np.abs(music).max() / np.sqrt(np.mean(music**2)))
        assert 12 < crest < 15
        mono = music.mean(1)
        bands = [100 * 2 ** (k / 3) for k in range(20)]
        power = [10 * np.log10(np.mean(heard_between(mono, f, f * 1.6) ** 2) / f) for f in bands[::3]]
        slope = np.polyfit(np.arange(len(power)), power, 1)[0]
        assert -7.1 < slope < -4.5


class TestTruth:
    def test_beats_and_bars_fill_the_track(self, track: Track) -> None:
        truth = track.truth
        assert len(truth.beats) == 4 * len(truth.bars)
        assert np.allclose(np.diff(truth.beats), 60 / truth.bpm)
        assert (truth.sections[0].start, truth.sections[-1].end) == (0, 40)
        for before, after in zip(truth.sections, truth.sections[1:], strict=False):
            assert before.end == after.start

    def test_every_kick_rises_within_five_milliseconds(self, track: Track) -> None:
        punch = heard_between(track.samples[:, :2].mean(1).astype(float), 130, 330)
        offsets = [steepest(punch, time, 0.012, 0.006, 0.008) for time in track.truth.kicks]
        assert len(offsets) >= 40
        assert max(abs(o) for o in offsets) <= 0.005

    def test_bass_notes_sound_at_their_pitch(self, track: Track) -> None:
        held = max(track.truth.bass, key=lambda note: note.duration * (note.slide == 0))
        part = track.samples[round((held.time + 1) * RATE) : round((held.time + 4) * RATE), 0]
        spectrum = np.abs(np.fft.rfft(part * np.hanning(len(part))))
        found = np.argmax(spectrum[:600]) * RATE / len(part)
        assert found == pytest.approx(held.end_hz, abs=0.34)

    def test_hats_and_snares_are_where_they_are_said_to_be(self, track: Track) -> None:
        bright = heard_between(track.samples[:, :2].mean(1).astype(float), 5500, 15_000)
        strokes = sorted((*track.truth.snares, *track.truth.hats))
        alone = [
            t
            for before, t, after in zip(strokes, strokes[1:], strokes[2:], strict=False)
            if t - before > 0.07 and after - t > 0.07 and not 26 < t < 30.1
        ]
        offsets = np.array([steepest(bright, t, 0.02, 0.005, 0.005) for t in alone])
        assert len(offsets) > 60
        assert np.mean(np.abs(offsets) <= 0.005) > 0.95

    def test_stabs_open_the_track_and_end_the_silence(self, track: Track) -> None:
        chord = heard_between(track.samples[:, :2].mean(1).astype(float), 300, 1500)
        assert track.truth.stabs[0] == 0.0
        for time in (t for t in track.truth.stabs if 0 < t < 5 or 26 < t < 27):
            assert level(chord, time, time + 0.06) > 1.5 * level(chord, time - 0.06, time - 0.01)

    def test_steps_are_in_the_body_channel(self, track: Track) -> None:
        body = heard_between(track.samples[:, 2].astype(float), 40, 300)
        assert len(track.truth.steps) > 25
        for time in track.truth.steps:
            assert abs(steepest(body, time, 0.03, 0.02, 0.008)) <= 0.010
        assert level(body, 20.0, 26.0) < 0.002

    def test_taps_and_rubs_are_in_the_body_channel(self, track: Track) -> None:
        body = heard_between(track.samples[:, 2].astype(float), 500, 2500)
        assert len(track.truth.taps) >= 5
        for time in track.truth.taps:
            assert abs(steepest(body, time, 0.03, 0.01, 0.005)) <= 0.003
        for stroke in track.truth.rubs:
            middle = stroke.time + stroke.duration / 2
            edge = stroke.time + stroke.duration
            assert level(body, middle - 0.05, middle + 0.05) > 2 * level(body, edge - 0.01, edge + 0.01)

    def test_people_clap_along_and_applaud(self, track: Track) -> None:
        crowd = heard_between(track.samples[:, 3].astype(float), 900, 6000)
        assert len(track.truth.claps) >= 3
        for time in track.truth.claps:
            assert level(crowd, time - 0.04, time + 0.06) > 3 * level(crowd, time - 0.3, time - 0.1)
        for span in track.truth.applause:
            assert level(crowd, span.start + 1, span.start + 1.5) > 5 * level(crowd, 10, 20)

    def test_it_can_be_written_as_json(self, track: Track) -> None:
        again = json.loads(json.dumps(track.truth.as_json()))
        assert again["bpm"] == 96
        assert again["bass"][0].keys() == {"time", "duration", "start_hz", "end_hz", "slide"}

    @pytest.mark.parametrize("seed", range(8))
    def test_every_seed_keeps_the_rules(self, seed: int) -> None:
        form, truth = choose_form(seed), write_truth(seed)
        assert truth.bpm == 6 * len(truth.bars) == 6 * form.bars
        assert 20.0 in truth.bars  # the rest begins on a bar, the tape stops on a beat
        assert 25.0 in truth.beats
        for times in (truth.kicks, truth.hats, truth.snares, truth.stabs, truth.steps, truth.taps):
            assert list(times) == sorted(times)
            assert 0 <= times[0] <= times[-1] < 40
            assert np.allclose(np.rint(np.array(times) * RATE), np.array(times) * RATE)
        for times in (truth.kicks, truth.hats, truth.snares, truth.stabs):
            assert not [t for t in times if 25.0 <= t < 26.5]
        assert all(34 < hz < 125 for note in truth.bass for hz in (note.start_hz, note.end_hz))
        assert not [n for n in truth.bass if n.time < 26.5 and n.time + n.duration > 25.0 + 1e-6]


class TestBits:
    def test_seeds_differ(self) -> None:
        kicks = {(write_truth(s).bpm, write_truth(s).root_hz, write_truth(s).hats) for s in range(8)}
        assert len(kicks) == 8

    def test_another_process_composes_the_same(self, track: Track) -> None:
        program = (
            "import hashlib; from wearsound.sources.composer import compose_fresh;"
            "x = (compose_fresh(7).samples * 32768).astype('<i2');"
            "print(hashlib.sha256(x.tobytes()).hexdigest()[:16])"
        )
        environment = os.environ | {
            "PYTHONHASHSEED": "4711",
            "NPY_DISABLE_CPU_FEATURES": _wide_features(),
        }
        told = subprocess.run(
            [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
        )
        assert told.stdout.strip() == digest(track)

    def test_seed_seven_is_the_one_we_listened_to(self, track: Track) -> None:
        assert digest(track) == SHA_7, "the demo track changed: listen to it, then write its new digest here"


def _wide_features() -> str:
    """Vector instructions that NumPy here may do without."""
    from numpy._core._multiarray_umath import __cpu_dispatch__, __cpu_features__

    return " ".join(name for name in __cpu_dispatch__ if __cpu_features__.get(name))


class TestCache:
    @pytest.fixture
    def folder(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, track: Track) -> Path:
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
        monkeypatch.setattr(cache, "compose_fresh", self.fresh(track))
        self.composed = 0
        return tmp_path / "wearsound" / "tracks"

    def fresh(self, track: Track):
        def compose_again(seed: int) -> Track:
            assert seed == 7
            self.composed += 1
            return track

        return compose_again

    def test_cached_equals_fresh(self, folder: Path, track: Track) -> None:
        for _ in range(2):
            again = compose(7)
            assert again.samples.dtype == np.float32
            assert np.array_equal(again.samples, track.samples)
            assert again.truth == track.truth
        assert self.composed == 1
        assert len(list(folder.iterdir())) == 1

    @pytest.mark.parametrize("harm", ["flip", "truncate", "empty", "gone"])
    def test_a_damaged_cache_is_healed(self, folder: Path, track: Track, harm: str) -> None:
        compose(7)
        (kept,) = folder.iterdir()
        data = kept.read_bytes()
        if harm == "flip":
            kept.write_bytes(data[:99_999] + bytes([data[99_999] ^ 1]) + data[100_000:])
        elif harm == "truncate":
            kept.write_bytes(data[:5_000_000])
        elif harm == "empty":
            kept.write_bytes(b"")
        else:
            kept.unlink()
        for _ in range(2):
            assert np.array_equal(compose(7).samples, track.samples)
        assert self.composed == 2
        assert kept.read_bytes() == data

    def test_a_cache_that_cannot_be_written_is_done_without(
        self, folder: Path, track: Track, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "file").write_text("not a folder")
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
        for _ in range(2):
            assert np.array_equal(compose(7).samples, track.samples)
        assert self.composed == 2

    def test_old_tracks_leave(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        for seed in range(10):
            old = folder / f"{seed}-0123456789ab.kept"
            old.write_bytes(b"old")
            os.utime(old, (seed, seed))
        compose(7)
        assert len(list(folder.glob("*.kept"))) == cache.KEPT


def test_the_source_plays_the_whole_track(
    track: Track, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(cache, "compose_fresh", lambda seed: track)
    source = DemoSource(7)
    blocks = list(source.blocks(Clock()))
    assert (source.live, source.sample_rate) == (False, 48_000)
    assert sum(block.n_hops for block in blocks) == 7500
    assert [block.tick for block in blocks[:3]] == [0, 64, 128]
    assert blocks[0].lanes == {"room": (0, 1), "body": (2,), "crowd": (3,)}
    assert np.array_equal(np.concatenate([block.samples for block in blocks]), track.samples)


def test_the_walk_ends_in_stillness_long_enough_to_hear_a_piece_end() -> None:
    source = WalkSource(7)
    samples, made = source.walk.samples[:, 0], source.walk
    assert source.duration == 90.0
    assert len(samples) == 90 * RATE
    ends = [*made.steps, *made.taps, *(stroke.time + stroke.duration for stroke in made.rubs)]
    assert 49.0 < max(ends) < 50.0
    assert 20 * np.log10(level(samples, 45.0, 49.0)) > -40
    for at in range(51, 90, 3):
        assert -90 < 20 * np.log10(level(samples, at, min(at + 3.0, 89.5))) < -60, (
            "the microphone's own floor"
        )
