"""The yardstick of made sound measures right: known answers."""

from __future__ import annotations

import math

import numpy as np
import pytest

from benchmarks.listening import form, level, modulation, search, stereo, tone
from benchmarks.listening.judged import judge, least_on_scale, table, windows
from benchmarks.listening.player import RATE, play
from benchmarks.listening.ranges import MEASURES
from benchmarks.listening.scale import SCALES, on_scale
from benchmarks.listening.search import tried
from benchmarks.listening.tail import active, tail
from wearsound import chance

SECONDS = 12.0
N = round(SECONDS * RATE)
T = np.arange(N) / RATE


def _white(name: str = "white", n: int = N) -> np.ndarray:
    return chance.noises(1, name, n)


def _tilted(slope: float, name: str = "tilted", n: int = N) -> np.ndarray:
    """Noise whose power falls `slope` dB an octave, rms 0.1."""
    spectrum = np.fft.rfft(_white(name, n))
    hz = np.maximum(np.fft.rfftfreq(n, 1 / RATE), 20.0)
    wave = np.fft.irfft(spectrum * hz ** (slope / 6.0206), n)
    return 0.1 * wave / wave.std()


def _both(left: np.ndarray, right: np.ndarray | None = None) -> np.ndarray:
    return np.stack([left, left if right is None else right], axis=1)


def _sine(hz: float, size: float = 0.1) -> np.ndarray:
    return size * np.sin(2 * np.pi * hz * T)


# level


def test_loudness_is_that_of_the_standard():
    """997 Hz at full scale in one channel is -3.01 LUFS, in both 0.0 (BS.1770-4), at 44.1 kHz too."""
    one = _both(_sine(997.0, 1.0), np.zeros(N))
    assert level.loudness(one, RATE) == pytest.approx(-3.01, abs=0.03)
    assert level.loudness(_both(_sine(997.0, 1.0)), RATE) == pytest.approx(0.0, abs=0.03)
    other = np.sin(2 * np.pi * 997.0 * np.arange(N) / 44_100)
    assert level.loudness(_both(other), 44_100) == pytest.approx(0.0, abs=0.03)
    assert level.loudness(np.zeros((N, 2)), RATE) == -math.inf


def test_range_is_the_distance_from_soft_to_loud():
    long = np.concatenate([_sine(997.0), _sine(997.0, 0.05)])
    assert level.loudness_range(_both(long), RATE) == pytest.approx(6.0, abs=0.3)
    assert level.loudness_range(_both(_sine(997.0)), RATE) == pytest.approx(0.0, abs=0.1)


def test_crest_of_a_sine_is_3_db_and_of_clicks_much_more():
    assert level.crest(_both(_sine(440.0)), RATE) == pytest.approx(3.01, abs=0.01)
    clicks = np.zeros(N)
    clicks[::4800] = 1.0
    assert level.crest(_both(clicks), RATE) == pytest.approx(36.8, abs=0.1)


def test_true_peak_lies_between_samples():
    """A quarter of the rate, 45 degrees off: samples reach -3 dB, the wave 0."""
    quarter = np.sin(2 * np.pi * T * RATE / 4 + np.pi / 4)
    assert np.abs(quarter).max() < 0.71
    assert level.true_peak(_both(quarter), RATE) == pytest.approx(0.0, abs=0.6)
    assert level.true_peak(np.zeros((N, 2)), RATE) == -math.inf


def test_offset_is_found_in_either_channel():
    assert level.offset(_both(_sine(100.0), _sine(100.0) + 0.01), RATE) == pytest.approx(-40.0, abs=0.1)
    assert level.offset(_both(_sine(100.0)), RATE) < -100


# tone


@pytest.mark.parametrize("slope", [0.0, -3.0, -6.0, -9.0])
def test_slope_of_noise_of_known_slope(slope: float):
    assert tone.slope(_both(_tilted(slope)), RATE) == pytest.approx(slope, abs=0.15)
    assert tone.peaks(_both(_tilted(slope)), RATE) < 0.7


def test_a_whistle_stands_out_of_the_line():
    assert tone.peaks(_both(_tilted(-5.0) + _sine(2500.0, 1.0)), RATE) > 8.0


def test_shares_of_power():
    sound = _both(_sine(50.0) + _sine(3000.0))
    assert tone.harshness(sound, RATE) == pytest.approx(-3.01, abs=0.05)
    assert tone.sub(sound, RATE) == pytest.approx(-3.01, abs=0.05)
    assert tone.harshness(_both(_sine(50.0)), RATE) < -60


# stereo


def test_correlation_is_told_by_pitch():
    low, high = _sine(60.0), _sine(1000.0)
    assert stereo.low_correlation(_both(low + high, low - high), RATE) == pytest.approx(1.0, abs=0.01)
    assert stereo.high_correlation(_both(low + high, low - high), RATE) == pytest.approx(-1.0, abs=0.01)
    apart = stereo.high_correlation(_both(_white("left"), _white("right")), RATE)
    assert apart == pytest.approx(0.0, abs=0.02)


# movement of envelopes


def test_breathing_is_the_depth_of_slow_modulation():
    """Depth m at 1 Hz: rms m / sqrt 2 of the mean. A steady tone does not breathe."""
    carrier = sum(_sine(hz) for hz in (300.0, 700.0, 1500.0))
    for depth in (0.3, 0.8):
        moved = carrier * (1 + depth * np.sin(2 * np.pi * T))
        assert modulation.breathing(_both(moved), RATE) == pytest.approx(depth / math.sqrt(2), abs=0.03)
        assert modulation.roughness(_both(moved), RATE) < 0.1
    assert modulation.breathing(_both(carrier), RATE) < 0.02


def test_roughness_is_fast_modulation():
    carrier = sum(_sine(hz) for hz in (1000.0, 2000.0, 4000.0))
    rough = carrier * (1 + 0.8 * np.sin(2 * np.pi * 50.0 * T))
    assert modulation.roughness(_both(rough), RATE) > 0.4
    assert modulation.breathing(_both(rough), RATE) < 0.05


# form


def test_a_loop_repeats_and_free_noise_does_not():
    """Noise of its own loudness in every band and moment; its first 4 s over and over."""
    knots = np.abs(_white("knots", 2000)) ** 2
    free = _tilted(-4.0) * np.interp(T, np.arange(2000) * 0.13, knots)
    loop = np.tile(free[: 4 * RATE], 3)
    assert form.repetition(_both(loop), RATE) > 0.9
    assert form.repetition(_both(free), RATE) < 0.45


def test_variety_is_change_of_colour_and_not_of_loudness():
    long = 3 * N
    noise = _tilted(-3.0, "long", long)
    t = np.arange(long) / RATE
    louder = noise * 10 ** (np.sin(2 * np.pi * t / 24.0) * 0.4)
    assert form.variety(_both(louder), RATE) < 0.6
    dark = _tilted(-9.0, "dark", long)
    blend = 0.5 + 0.5 * np.sin(2 * np.pi * t / 24.0)
    assert form.variety(_both(noise * blend + dark * (1 - blend)), RATE) > 2.0


# the scale


def test_a_sine_is_on_the_scale_or_off():
    root, notes = 55.0, SCALES["hirajoshi"]
    for octave, ratio in ((2, 1.0), (4, 6 / 5), (8, 3 / 2)):
        assert on_scale(_both(_sine(root * octave * ratio)), RATE, root, notes) > 0.99
    assert on_scale(_both(_sine(root * 4 * 5 / 4)), RATE, root, notes) < 0.01
    both = _both(_sine(root * 4) + _sine(root * 4 * 2 ** (5.5 / 12)))
    assert on_scale(both, RATE, root, notes) == pytest.approx(0.5, abs=0.02)


def test_35_cents_is_near_and_50_is_not():
    for cents, low, high in ((30.0, 0.99, 1.0), (45.0, 0.0, 0.01)):
        sound = _both(_sine(220.0 * 2 ** (cents / 1200)))
        assert low <= on_scale(sound, RATE, 55.0, SCALES["fifths"]) <= high


def test_noise_lies_on_a_scale_by_chance_only():
    for name, notes in SCALES.items():
        told = on_scale(_both(_white()), RATE, 55.0, notes)
        assert told == pytest.approx(70 / 1200 * len(notes), abs=0.06)
        assert told < least_on_scale(name)


# the tail


def test_tail_ends_at_80_db_and_at_zeros():
    sound = np.ones(N) * 0.5
    sound[5 * RATE :] *= 10 ** (-(T[: N - 5 * RATE]) * 20 / 20)
    sound[9 * RATE :] = 0.0
    quiet, zero = tail(_both(sound), RATE, 5.0)
    assert quiet == pytest.approx(3.7, abs=0.15)
    assert zero == pytest.approx(4.0, abs=0.01)
    assert tail(_both(np.full(N, 1e-6)), RATE, 5.0) == (0.0, math.inf)
    assert tail(_both(_sine(100.0)), RATE, 5.0) == (math.inf, math.inf)


def test_what_is_played_is_found():
    sound = np.zeros(N)
    sound[2 * RATE : 8 * RATE] = 0.1
    assert active(_both(sound), RATE) == (2.0, 8.0)
    assert active(np.zeros((N, 2)), RATE) == (0.0, 0.0)


# all together


def test_windows_cover_the_part():
    assert windows(4.0, 20.0) == [(4.0, 20.0)]
    assert windows(0.0, 60.0) == [(0.0, 30.0), (15.0, 45.0), (30.0, 60.0)]
    assert windows(4.0, 50.0) == [(4.0, 34.0), (19.0, 49.0)]
    assert windows(0.0, 40.0) == [(0.0, 30.0), (10.0, 40.0)]


def test_a_bare_oscillator_with_a_beep_is_judged_bad():
    """The control experiment: what a soundscape must not be is told apart by several measures."""
    beeps = np.zeros(3 * N)
    t = np.arange(3 * N) / RATE
    for at in range(0, 3 * N - RATE, RATE // 2):
        beeps[at : at + 4800] += 0.2 * np.hanning(4800) * np.sin(2 * np.pi * 880 * t[:4800])
    bad = {
        v.name for v in judge(_both(0.2 * np.sin(2 * np.pi * 110 * t) + beeps), RATE, root=55.0) if not v.good
    }
    assert {"slope", "high correlation", "repetition"} <= bad


def test_silence_and_short_sounds_are_judged_without_falling_over():
    assert "OUT" in table(judge(np.zeros((N, 2)), RATE, (0.0, SECONDS), 55.0, limiter=0.5))
    assert len(judge(_both(_tilted(-5.0)), RATE)) >= len(MEASURES) - 2


def test_the_engine_plays_a_patch_to_a_microphone(tmp_path):
    """Through ear, routes, instrument and guard; nothing sounds before anything moved."""
    patch = tmp_path / "walk.toml"
    head = 'title = "walk"\ngarment = "scarf"\nlane = "body"\n'
    patch.write_text(head + '[soundscape]\nroot = 55\nscale = "hirajoshi"\n', encoding="utf-8")
    blow = np.zeros(6 * RATE)
    for at in (2.0, 2.6, 3.2, 3.8):
        n = np.arange(RATE // 4)
        blow[round(at * RATE) :][: len(n)] += 0.5 * np.sin(2 * np.pi * 80 * n / RATE) * np.exp(-n / 2000)
    sound, facts = play(blow, patch, seed=3)
    assert sound.shape == (6 * RATE, 2)
    assert not sound[: 2 * RATE - 512].any()
    assert level.true_peak(sound, RATE) < -1.0
    assert np.std(sound[3 * RATE :]) > 1e-4
    assert "limiter_db" in facts


def test_a_search_is_the_same_every_time(monkeypatch):
    monkeypatch.setattr(search, "SECONDS", 9.0)
    one = tried(3, "composed")
    assert one.verdicts == tried(3, "composed").verdicts
    assert 41.0 <= one.root <= 82.0
    assert all(0.0 <= value <= 1.0 for value in one.dials.values())
