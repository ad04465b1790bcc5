"""What the full ear says about sounds whose answer is known: loudness, pitch, notes, shape, texture, width."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
import pytest
import songs
from thorough import some

from wearsound.analysis.chroma import NAMES
from wearsound.analysis.density import Density
from wearsound.analysis.ear import Ear, everything
from wearsound.analysis.harmony import Harmony
from wearsound.analysis.loudness import Loudness, k_weighting
from wearsound.analysis.partials import Partials
from wearsound.analysis.pitch import Pitch
from wearsound.analysis.roughness import Roughness, roughness
from wearsound.analysis.shape import Shape
from wearsound.analysis.spectrum import LaneSpectra
from wearsound.analysis.strokes import Strokes
from wearsound.analysis.true_peak import TruePeak
from wearsound.analysis.turns import hold
from wearsound.analysis.width import Width
from wearsound.core import Clock

HOP = 256 / songs.RATE


def hear(meter: Any, samples: np.ndarray, rate: int = songs.RATE) -> dict[str, np.ndarray]:
    """What one meter says of (n,) or (n, 2) samples, a series a feature."""
    clock = Clock(rate)
    spectra = LaneSpectra(clock, "room")
    meter.prepare(clock)
    lanes = {"room": tuple(range(1 if samples.ndim == 1 else samples.shape[1]))}
    said = []
    for block in songs.blocks(samples, clock=clock, lanes=lanes):
        spectra.take(block)
        out = np.full((block.n_hops, len(meter.specs)), np.nan)
        meter.process(block, spectra, out)
        said.append(out)
    values = np.concatenate(said)
    return {spec.name: values[:, i] for i, spec in enumerate(meter.specs)}


def both(samples: np.ndarray) -> np.ndarray:
    return np.stack([samples, samples], axis=1)


def saw(hertz: float, seconds: float, first: int = 1, last: int = 30, rate: int = songs.RATE) -> np.ndarray:
    """Harmonics from the `first`, as strong as a saw has them, none above 0.45 of the rate."""
    numbers = [k for k in range(first, last + 1) if k * hertz < 0.45 * rate]
    return sum(songs.sine(k * hertz, seconds, 0.1 / k, rate) for k in numbers)


def note(number: float, a: float = 440.0) -> float:
    return a * 2 ** ((number - 69) / 12)


def chord(numbers: tuple[int, ...], seconds: float, a: float = 440.0) -> np.ndarray:
    return sum(saw(note(number, a), seconds) for number in numbers)


class TestLoudness:
    @pytest.mark.parametrize("rate", [44_100, 48_000])
    def test_a_stereo_sine_of_1_khz_at_minus_23_dbfs_reads_minus_23(self, rate: int) -> None:
        heard = hear(Loudness(), both(songs.sine(1000, 20, 10 ** (-23 / 20), rate)), rate)
        for name in ("lufs", "lufs_short", "lufs_long"):
            assert heard[name][-1] == pytest.approx(-23.0, abs=0.1), name

    @pytest.mark.parametrize(
        ("parts", "expected"),
        [
            (((-33, 20),), -33.0),
            (((-36, 10), (-23, 60), (-36, 10)), -23.0),
            (((-72, 10), (-36, 10), (-23, 60), (-36, 10), (-72, 10)), -23.0),
            (((-26, 20), (-20, 20.1), (-26, 20)), -23.0),
            (((-66, 10), (-74, 10)), -66.0),
        ],
    )
    def test_both_gates_of_the_integrated_loudness(self, parts: tuple, expected: float) -> None:
        # The sequences of EBU Tech 3341, and one that only the absolute gate can tell.
        steps = [songs.sine(1000, seconds, 10 ** (level / 20)) for level, seconds in parts]
        heard = hear(Loudness(), both(np.concatenate(steps)))
        assert heard["lufs_long"][-1] == pytest.approx(expected, abs=0.1)

    def test_weighting_is_the_standard_s_table_at_48_khz(self) -> None:
        shelf, high_pass = k_weighting(48_000)
        np.testing.assert_allclose(
            shelf[0], [1.53512485958697, -2.69169618940638, 1.19839281085285], atol=1e-9
        )
        np.testing.assert_allclose(shelf[1], [1.0, -1.69065929318241, 0.73248077421585], atol=1e-9)
        np.testing.assert_allclose(high_pass[1], [1.0, -1.99004745483398, 0.99007225036621], atol=1e-9)

    def test_windows_are_400_ms_and_3_s(self) -> None:
        step = np.concatenate([songs.silence(4), songs.sine(1000, 4, 10 ** (-23 / 20))])
        heard = hear(Loudness(), both(step))
        assert heard["lufs"][round(4.2 / HOP)] == pytest.approx(-26.0, abs=0.4)
        assert heard["lufs"][round(4.45 / HOP)] == pytest.approx(-23.0, abs=0.1)
        assert heard["lufs_short"][round(5.5 / HOP)] == pytest.approx(-26.0, abs=0.2)
        assert heard["lufs_short"][round(7.1 / HOP)] == pytest.approx(-23.0, abs=0.1)

    def test_one_channel_reads_3_less_and_out_of_phase_the_same(self) -> None:
        tone = songs.sine(1000, 2, 10 ** (-23 / 20))
        assert hear(Loudness(), tone)["lufs"][-1] == pytest.approx(-26.0, abs=0.1)
        assert hear(Loudness(), np.stack([tone, -tone], axis=1))["lufs"][-1] == pytest.approx(-23.0, abs=0.1)


class TestTruePeak:
    def test_a_quarter_of_the_rate_at_45_degrees_peaks_3_db_above_its_samples(self) -> None:
        t = np.arange(2 * songs.RATE)
        tone = 0.5 * np.sin(np.pi / 2 * t + np.pi / 4)
        assert 20 * math.log10(np.abs(tone).max()) == pytest.approx(-9.03, abs=0.01)
        assert hear(TruePeak(), tone)["true_peak"][-1] == pytest.approx(-6.02, abs=0.4)

    @pytest.mark.parametrize("hertz", [100, 997, 5000, 9600, 16_000])
    def test_any_tone_in_either_channel_reads_its_peak(self, hertz: float) -> None:
        t = np.arange(songs.RATE)
        tone = np.sin(2 * np.pi * hertz * t / songs.RATE + 1.0) * 10 ** (-3 / 20)
        heard = hear(TruePeak(), np.stack([0.1 * tone, tone], axis=1))["true_peak"]
        assert heard[-1] == pytest.approx(-3.0, abs=0.4)

    def test_over_full_scale_is_told(self) -> None:
        t = np.arange(songs.RATE)
        assert hear(TruePeak(), np.sin(np.pi / 2 * t + np.pi / 4) * 1.4)["true_peak"][-1] > 2.5

    def test_it_falls_24_db_a_second(self) -> None:
        burst = np.concatenate([songs.sine(1000, 0.5, 0.5), songs.silence(2)])
        heard = hear(TruePeak(), burst)["true_peak"]
        assert heard[round(1.5 / HOP)] == pytest.approx(-6.0 - 24.0, abs=0.5)

    def test_skipping_what_cannot_reach_changes_nothing(self) -> None:
        song = songs.song()
        quick, slow = TruePeak(), TruePeak()
        one = hear(quick, song)["true_peak"]
        prepare = slow.prepare
        slow.prepare = lambda clock: (prepare(clock), setattr(slow, "_most", 1e9))  # type: ignore[method-assign]
        assert (hear(slow, song)["true_peak"] == one).all()


class TestPitch:
    @pytest.mark.parametrize("rate", [44_100, 48_000])
    @pytest.mark.parametrize("hertz", [40, 41.2, 82.41, 110, 261.63, 440, 987.77, 1318.5, 1760, 1990])
    def test_sines_and_saws_within_half_a_percent(self, hertz: float, rate: int) -> None:
        for sound in (songs.sine(hertz, 0.6, 0.25, rate), saw(hertz, 0.6, rate=rate)):
            heard = hear(Pitch(), sound, rate)
            assert heard["pitch"][-1] == pytest.approx(hertz, rel=0.005)
            assert heard["pitch_sure"][-1] > 0.9

    @pytest.mark.parametrize("hertz", [55, 110, 196, 330, 520])
    def test_a_missing_fundamental_is_heard(self, hertz: float) -> None:
        heard = hear(Pitch(), saw(hertz, 0.6, first=2, last=10))
        assert heard["pitch"][-1] == pytest.approx(hertz, rel=0.005)
        assert heard["pitch_sure"][-1] > 0.8

    def test_a_chirp_is_followed(self) -> None:
        octaves, seconds, late = 4.5, 9.0, 0.075
        t = np.arange(int(seconds * songs.RATE)) / songs.RATE
        rate = octaves * math.log(2) / seconds
        sweep = 0.3 * np.sin(2 * np.pi * 60.0 * (np.exp(rate * t) - 1) / rate)
        heard = hear(Pitch(), sweep)["pitch"]
        ends = np.arange(1, len(heard) + 1) * HOP
        true = 60.0 * np.exp(rate * (ends - late))
        assert np.abs(heard / true - 1)[100:].max() < 0.012  # 21 ms of the sweep are 0.7 %

    @pytest.mark.parametrize("slope", [0.0, 0.5, 1.0], ids=["white", "pink", "brown"])
    def test_noise_has_no_pitch(self, slope: float) -> None:
        spectrum = np.fft.rfft(songs.noise(8, 0.1))
        hertz = np.fft.rfftfreq(8 * songs.RATE, 1 / songs.RATE)
        spectrum *= (hertz > 20) / np.maximum(hertz, 20.0) ** slope
        noise = np.fft.irfft(spectrum)
        heard = hear(Pitch(), 0.1 * noise / noise.std())
        assert heard["pitch_sure"].max() < 0.2

    def test_it_is_held_between_notes_and_gone_in_silence(self) -> None:
        sound = np.concatenate([songs.sine(330, 1), songs.noise(1, 0.05), songs.silence(1)])
        heard = hear(Pitch(), sound)
        assert heard["pitch"][round(1.9 / HOP)] == pytest.approx(330, rel=0.005)
        assert heard["pitch_sure"][round(1.9 / HOP)] < 0.2
        assert heard["pitch"][-1] == heard["note"][-1] == 0.0

    def test_the_note_is_the_midi_number(self) -> None:
        assert hear(Pitch(), songs.sine(note(57.25), 1))["note"][-1] == pytest.approx(57.25, abs=0.05)


TRIADS = {"C": (60, 64, 67), "A minor": (57, 60, 64), "F sharp": (54, 58, 61), "low D minor": (50, 53, 57)}


class TestNotes:
    @pytest.mark.parametrize(("name", "a"), some(itertools.product(TRIADS, [440.0, 432.0, 446.0]), 2))
    def test_a_chord_is_its_three_notes_at_any_tuning(self, name: str, a: float) -> None:
        heard = hear(Harmony(), chord(TRIADS[name], 3, a))
        strength = np.array([heard[f"chroma_{key}"][-1] for key in NAMES])
        assert set(np.argsort(-strength)[:3].tolist()) == {number % 12 for number in TRIADS[name]}
        assert np.sort(strength)[-3] > 0.5
        assert np.sort(strength)[-4] < 0.2
        assert heard["tuning"][-1] == pytest.approx(1200 * math.log2(a / 440), abs=2.5)

    def test_noise_has_no_notes_and_no_key(self) -> None:
        heard = hear(Harmony(), songs.noise(10, 0.1))
        assert max(heard[f"chroma_{key}"].max() for key in NAMES) < 0.2
        assert heard["key"][-1] == -1
        assert heard["key_sure"].max() < 0.1

    def test_silence_forgets(self) -> None:
        heard = hear(Harmony(), np.concatenate([chord(TRIADS["C"], 3, 432), songs.silence(4)]))
        assert [heard[name][-1] for name in ("chroma_c", "tuning", "key", "key_sure")] == [0, 0, -1, 0]

    @pytest.mark.parametrize("tonic", [0, 2, 6, 9])
    @pytest.mark.parametrize(
        ("minor", "steps"),
        [
            (0, ((0, 4, 7), (5, 9, 12), (7, 11, 14), (0, 4, 7))),
            (0, tuple((step,) for step in (0, 2, 4, 5, 7, 9, 11, 12))),
            (1, ((0, 3, 7), (5, 8, 12), (7, 11, 14), (0, 3, 7))),
            (1, tuple((step,) for step in (0, 2, 3, 5, 7, 8, 11, 12))),
        ],
        ids=["cadence", "scale", "minor cadence", "minor scale"],
    )
    def test_cadences_and_scales_have_their_key(self, tonic: int, minor: int, steps: tuple) -> None:
        swell = np.minimum(1.0, 20 * np.minimum(np.arange(0, 1, 1 / 36_000), np.arange(1, 0, -1 / 36_000)))
        music = [chord(tuple(48 + tonic + n for n in step), 0.75) * swell for step in steps]
        heard = hear(Harmony(), np.concatenate(music * 2))
        assert (heard["key"][-1], heard["key_minor"][-1]) == (tonic, minor)
        assert heard["key_sure"][-1] > 0.4


class TestShape:
    def test_a_tone_is_narrow_and_noise_is_wide(self) -> None:
        tone, noise = hear(Shape(), songs.sine(1000, 1)), hear(Shape(), songs.noise(1, 0.1))
        assert tone["spread"][-1] < 200
        assert noise["spread"][-1] == pytest.approx(24_000 / 12**0.5, rel=0.05)
        assert tone["rolloff"][-1] == pytest.approx(1000, abs=60)
        assert noise["rolloff"][-1] == pytest.approx(0.85 * 24_000, rel=0.05)
        assert tone["contrast"][-1] > 50
        assert noise["contrast"][-1] < 20

    def test_two_equal_tones_lie_half_their_distance_from_the_middle(self) -> None:
        heard = hear(Shape(), songs.sine(1000, 1) + songs.sine(3000, 1))
        assert heard["spread"][-1] == pytest.approx(1000, rel=0.03)
        assert heard["rolloff"][-1] == pytest.approx(3000, abs=60)


class TestTexture:
    @pytest.mark.parametrize("root", [55, 60, 69])
    @pytest.mark.parametrize("tone", [lambda f: songs.sine(f, 1), lambda f: saw(f, 1)], ids=["sine", "saw"])
    def test_a_minor_second_is_rougher_than_a_fifth_and_that_than_an_octave(
        self, tone: Any, root: int
    ) -> None:
        second, fifth, octave = (
            hear(Roughness(), tone(note(root)) + tone(note(root + step)))["roughness"][-1]
            for step in (1, 7, 12)
        )
        assert second > 0.6
        assert fifth < 0.5 * second
        assert octave < fifth

    def test_two_tones_a_quarter_of_a_critical_band_apart_are_as_rough_as_can_be(self) -> None:
        apart = math.log(5.75 / 3.5) / (5.75 - 3.5) * (0.0207 * 500 + 18.96) / 0.24
        assert roughness(np.array([500, 500 + apart]), np.array([0.1, 0.1])) == pytest.approx(1.0, abs=1e-6)
        assert roughness(np.array([500.0]), np.array([0.1])) == 0.0

    def test_roughness_does_not_depend_on_level(self) -> None:
        pair = songs.sine(440, 1) + songs.sine(466, 1)
        loud, quiet = (hear(Roughness(), gain * pair)["roughness"][-1] for gain in (1.0, 0.05))
        assert loud == pytest.approx(quiet, abs=0.01)

    def test_partials_are_found_between_bins(self) -> None:
        spectra = LaneSpectra(Clock(), "room")
        for block in songs.blocks(songs.sine(221.3, 1, 0.2) + songs.sine(880.9, 1, 0.05)):
            spectra.take(block)
        hertz, amplitude = Partials(2048, 6000 / 2048, 60, 2000).find(spectra.low_power(2048)[-1])
        np.testing.assert_allclose(hertz, [221.3, 880.9], atol=0.2)
        np.testing.assert_allclose(amplitude, [0.2, 0.05], rtol=0.05)

    @pytest.mark.parametrize("bpm", [100, 150, 300])
    def test_density_is_onsets_a_second(self, bpm: float) -> None:
        sound = songs.groove(bpm, 14)[0]
        count, density = hear(Strokes(), sound)["onset"], hear(Density(), sound)["density"]
        last = round(6 / HOP)
        rate = (count[-1] - count[-last]) / 6
        assert rate > 1
        assert density[-last:].mean() == pytest.approx(rate, rel=0.1)


class TestWidth:
    @pytest.mark.parametrize(
        ("left", "right", "expected"),
        [(1, 1, 0.0), (1, -1, 1.0), (1, 0, 0.5), (0, 1, 0.5), (1, 0.5, 0.1)],
    )
    def test_one_sound_on_two_sides(self, left: float, right: float, expected: float) -> None:
        sound = songs.noise(1, 0.1)
        heard = hear(Width(), np.stack([left * sound, right * sound], axis=1))
        assert heard["width"][-1] == pytest.approx(expected, abs=0.01)

    def test_two_sounds_are_in_the_middle_and_one_channel_has_no_width(self) -> None:
        sides = np.stack([songs.noise(2, 0.1, "left"), songs.noise(2, 0.1, "right")], axis=1)
        assert hear(Width(), sides)["width"][-1] == pytest.approx(0.5, abs=0.03)
        assert hear(Width(), sides[:, 0])["width"].max() == 0


@pytest.mark.parametrize("lost", some([1, 2, 100, 3], 2))
def test_a_gap_of_any_length_leaves_every_grouping_the_same(lost: int) -> None:
    song = np.stack([songs.song(), songs.noise(10, 0.02)], axis=1)[: 600 * 256]
    lanes, said = {"room": (0, 1)}, []
    for sizes in songs.GROUPINGS.values():
        ear = Ear(Clock(), ["room"], None, everything(["room"]))
        parts = [
            *songs.blocks(song, sizes, lanes=lanes),
            *songs.blocks(song, sizes, lanes=lanes, start=600 + lost, gap=lost),
        ]
        said.append(np.concatenate([ear.hear(block).copy() for block in parts]))
    assert np.isfinite(said[0]).all()
    assert len({values.tobytes() for values in said}) == 1


def test_what_a_look_says_stands_until_the_next() -> None:
    out = np.zeros((8, 2))
    hold(out, range(2, 8, 4), [(1, 2), (3, 4)], (9, 8))
    assert out.tolist() == [[9, 8]] * 2 + [[1, 2]] * 4 + [[3, 4]] * 2
    hold(out, (), [], (5, 6))
    assert (out == [5, 6]).all()
