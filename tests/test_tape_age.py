"""The tape: what `age` does to a sound, by known answers, and that silence stays silent."""

from __future__ import annotations

from math import gcd

import numpy as np
import pytest

from wearsound import chance
from wearsound.core import Clock
from wearsound.instruments.soundscape.clicks import Clicks
from wearsound.instruments.soundscape.dials import NAMES, Dials
from wearsound.instruments.soundscape.dropouts import Dropouts
from wearsound.instruments.soundscape.head import Head
from wearsound.instruments.soundscape.hiss import LENGTHS, Hiss
from wearsound.instruments.soundscape.saturation import Saturation
from wearsound.instruments.soundscape.tape import Tape
from wearsound.instruments.soundscape.wow import Wow

HOP = 256
RATE = 48_000


def aged(clock: Clock, age: float) -> Dials:
    turning = Dials(clock)
    turning.turn([age if name == "age" else 0.5 for name in NAMES])
    return turning


def hops(sound: np.ndarray) -> range:
    return range(sound.shape[1] // HOP)


def part(sound: np.ndarray, i: int) -> np.ndarray:
    return sound[:, i * HOP : (i + 1) * HOP]


def sine(hz: float, level: float, n_hops: int, rate: int = RATE) -> np.ndarray:
    return np.repeat(level * np.sin(2 * np.pi * hz * np.arange(n_hops * HOP) / rate)[None], 2, 0)


def taped(
    sound: np.ndarray, age: float, energy: float = 0.5, tape: Tape | None = None, rate: int = RATE
) -> np.ndarray:
    clock = Clock(rate)
    tape, turning, out = tape or Tape(7, clock), aged(clock, age), sound.copy()
    for i in hops(out):
        tape.play(i, part(out, i), energy, turning)
    return out


def amplitude(sound: np.ndarray, hz: float) -> float:
    """Of one tone in a row of samples, by a Hann window."""
    n = np.arange(len(sound))
    window = np.hanning(len(sound))
    return float(2 * abs((window * sound * np.exp(-2j * np.pi * hz * n / RATE)).sum()) / window.sum())


def decibels(x: float) -> float:
    return 20 * np.log10(x + 1e-30)


def off_speed(sound: np.ndarray, rate: int) -> np.ndarray:
    """How far a recorded sine of 1 kHz is off its speed, 300 times a second, by its phase in windows of 20 ms."""
    every, width = rate // 300, rate // 50
    turning = sound * np.exp(-2j * np.pi * 1000 * np.arange(len(sound)) / rate)
    windows = np.lib.stride_tricks.sliding_window_view(turning, width)[::every]
    phase = np.unwrap(np.angle((windows * np.hanning(width)).sum(1)))
    return np.diff(phase)[10:] * (rate / every) / (2 * np.pi * 1000)


class TestWow:
    def speed(self, age: float, rate: int = RATE, seed: int = 7) -> np.ndarray:
        """How far the speed is off, by the phase of a sine of 1 kHz through the delay alone; 60 s."""
        wow, sound = Wow(seed, Clock(rate)), sine(1000, 0.1, 60 * rate // HOP, rate)
        for i in hops(sound):
            piece = part(sound, i).copy()
            wow.play(i, piece, age, age)
            sound[:, i * HOP : (i + 1) * HOP] = piece
        return off_speed(sound[0], rate)

    @pytest.mark.parametrize(("age", "percent"), [(0.45, 0.074), (1.0, 0.16)])
    def test_speed_is_off_by_as_much_as_a_deck_of_that_age(self, age: float, percent: float) -> None:
        assert 100 * self.speed(age).std() == pytest.approx(percent, rel=0.15)

    def test_is_the_same_at_another_rate_and_differs_by_seed(self) -> None:
        speed, at_44, other = self.speed(1.0), self.speed(1.0, 44_100), self.speed(1.0, seed=8)
        assert at_44.std() == pytest.approx(speed.std(), rel=0.15)
        assert abs(np.corrcoef(speed, other)[0, 1]) < 0.2

    def test_a_new_tape_runs_true(self) -> None:
        assert 100 * self.speed(0.0).std() < 0.002

    def test_never_repeats_and_never_drifts_away(self) -> None:
        """No lag of 1 to 25 s makes the speed look like itself; the mean over a minute is the right pitch."""
        speed = self.speed(1.0)
        assert abs(speed.mean()) < 5e-5
        speed = speed[::3] - speed[::3].mean()  # 100 a second
        spectrum = np.abs(np.fft.rfft(speed, 2 * len(speed))) ** 2
        alike = np.fft.irfft(spectrum)[: len(speed)]
        alike /= alike[0] * (1 - np.arange(len(speed)) / len(speed))
        assert np.abs(alike[100:2500]).max() < 0.5

    def test_a_leap_of_age_bends_the_pitch_gently(self) -> None:
        clock, sound = Clock(), sine(1000, 0.1, 600)
        tape, turning = Tape(7, clock), aged(clock, 0.0)
        for i in hops(sound):
            turning.turn([float(i > 200) if name == "age" else 0.5 for name in NAMES])
            tape.play(i, part(sound, i), 0.5, turning)
        off = np.abs(off_speed(sound[0], RATE))
        assert off.max() < 0.012  # a fifth of a semitone


class TestSaturation:
    def through(self, sound: np.ndarray, age: float) -> np.ndarray:
        saturation, out = Saturation(Clock()), sound.copy()
        for i in hops(out):
            saturation.play(part(out, i), age, age)
        return out

    @pytest.mark.parametrize(("age", "level"), [(0.0, 0.5), (0.45, 0.25), (1.0, 0.25)])
    def test_its_harmonics_are_those_of_the_cubic(self, age: float, level: float) -> None:
        """x - x^3/3 about a bias b, driven by d: third a^2/12, second b a/2 of the first, a = level * d; the mean of
        two samples takes cos(pi f / rate) of each, and 1 - b^2 - a^2/4 is left of the first."""
        out = self.through(sine(1000, level, 188), age)[0, -48_000:]
        drive, bias = 0.55 + 1.1 * age, 0.1 * age
        a = level * drive
        first = amplitude(out, 1000)
        slope = 1 - bias**2 - a * a / 4
        assert first / level == pytest.approx(slope * np.cos(np.pi * 1000 / RATE), rel=0.02)
        assert amplitude(out, 3000) / first == pytest.approx(a * a / 12 / slope, rel=0.12)
        assert amplitude(out, 2000) / first == pytest.approx(bias * a / 2 / slope, rel=0.12, abs=1e-5)

    @pytest.mark.parametrize("age", [0.0, 0.45, 1.0])
    def test_silence_stays_silent_from_the_first_sample(self, age: float) -> None:
        assert not self.through(np.zeros((2, 5 * HOP)), age).any()

    def test_silence_stays_silent_while_age_turns(self) -> None:
        saturation, out = Saturation(Clock()), np.zeros((2, HOP))
        for i in range(50):
            saturation.play(out, i / 50, (i + 1) / 50)
            assert not out.any()

    def test_never_leaves_its_range(self) -> None:
        out = self.through(sine(100, 8.0, 20), 1.0)
        assert np.abs(out).max() < 0.7


class TestHiss:
    def through(self, level: float, presence: float, age: float, n: int = 400) -> np.ndarray:
        hiss, out = Hiss(7, Clock()), np.zeros((2, n * HOP))
        for i in hops(out):
            hiss.play(i, part(out, i), level, presence, age)
        return out

    @pytest.mark.parametrize(("age", "level"), [(0.0, 0.0), (0.45, 0.05), (1.0, 0.08), (1.0, 0.9)])
    def test_is_as_loud_as_said(self, age: float, level: float) -> None:
        expected = -66 + 16 * age + decibels(0.45 + min(2.2, 7 * level))
        for side in self.through(level, 1.0, age)[:, HOP:]:
            assert decibels(side.std()) == pytest.approx(expected, abs=0.5)

    def test_is_not_there_without_sound(self) -> None:
        assert not self.through(0.1, 0.0, 1.0).any()

    def test_sides_have_nothing_in_common(self) -> None:
        assert abs(np.corrcoef(self.through(0.1, 1.0, 1.0))[0, 1]) < 0.02

    def test_is_brighter_than_white_noise_below_its_end(self) -> None:
        sound = self.through(0.1, 1.0, 1.0)[0]
        power = np.abs(np.fft.rfft(sound)) ** 2
        hz = np.fft.rfftfreq(len(sound), 1 / RATE)
        low, high, end = (
            power[(hz > a) & (hz < b)].mean() for a, b in ((600, 2000), (5000, 9000), (16_000, 20_000))
        )
        assert 3 < 10 * np.log10(high / low) < 8
        assert 10 * np.log10(end / high) < -5

    def test_does_not_begin_again_for_days(self) -> None:
        a, b = LENGTHS
        assert gcd(a, b) == gcd(a, HOP) == gcd(b, HOP) == 1
        assert a * b / RATE > 3 * 86_400


class TestDropouts:
    def sinking(self, age: float, n: int, seed: int = 7, level: float = 0.5) -> tuple[np.ndarray, np.ndarray]:
        dropouts = Dropouts(seed, Clock())
        sound = np.full((2, n * HOP), level)
        for i in hops(sound):
            dropouts.play(i, part(sound, i), age)
        return sound[:, HOP:] / level

    def test_come_as_often_as_said_last_as_long_and_sink_as_deep(self) -> None:
        gain = self.sinking(1.0, 100 * RATE // HOP)
        low = gain.min(0) < 1 - 1e-9
        edges = np.diff(low.astype(int))
        starts, ends = np.flatnonzero(edges > 0), np.flatnonzero(edges < 0)
        assert 4 <= len(starts) <= 17  # 10 expected in 100 s
        for start, end in zip(starts, ends, strict=False):
            hole = gain[:, start : end + 2]
            assert 0.018 < hole.shape[1] / RATE < 0.203
            assert -20.1 < decibels(hole.min()) < -5.9
            assert decibels(hole.min(1).max()) > decibels(hole.min()) + 0.3  # one side sinks less
        assert np.abs(np.diff(gain)).max() < 0.01  # no click

    def test_are_dull(self) -> None:
        low, high = sine(200, 0.5, 2000), sine(8000, 0.5, 2000)
        for sound in (low, high):
            dropouts = Dropouts(7, Clock())
            for i in hops(sound):
                dropouts.play(i, part(sound, i), 1.0)
        worst = [min(np.abs(part(sound, i)).max() for i in range(5, 2000)) for sound in (low, high)]
        assert worst[1] < 0.5 * worst[0]

    def test_a_new_tape_has_none(self) -> None:
        assert (self.sinking(0.0, 2000) == 1.0).all()


class TestClicks:
    def test_grow_with_the_square_of_age(self) -> None:
        counts = []
        for age in (0.0, 0.5, 1.0):
            clicks, sounding = Clicks(7, Clock()), [False]
            for i in range(60 * RATE // HOP):
                out = np.zeros((2, HOP))
                clicks.play(i, out, 1.0, age)
                sounding.append(bool(out.any()))
                assert np.abs(out).max() < 0.4
            counts.append(int(np.count_nonzero(np.diff(np.array(sounding, int)) > 0)))
        assert counts[0] == 0
        assert 90 < counts[1] < 180  # 135 expected
        assert 380 < counts[2] < 600  # 540 expected, some in one another's tail

    def test_none_without_sound(self) -> None:
        clicks, out = Clicks(7, Clock()), np.zeros((2, HOP))
        for i in range(3000):
            clicks.play(i, out, 0.0, 1.0)
        assert not out.any()


class TestHead:
    @pytest.mark.parametrize(
        ("age", "hz", "db"),
        [
            (0, 5, -20),
            (0, 82, 1),
            (1, 82, 2.6),
            (0, 300, 0.2),
            (1, 6000, 4.5),
            (0, 15_800, -1),
            (1, 15_000, -12.7),
        ],
    )
    def test_has_the_response_said(self, age: float, hz: float, db: float) -> None:
        head, sound = Head(Clock()), sine(hz, 0.1, 750)
        for i in hops(sound):
            piece = part(sound, i).copy()
            head.play(piece, age)
            sound[:, i * HOP : (i + 1) * HOP] = piece
        assert decibels(amplitude(sound[0, -96_000:], hz) / 0.1) == pytest.approx(
            db, abs=1.6 if hz > 1000 else 0.5 + (hz < 9) * 9
        )


class TestTheTape:
    def test_a_new_one_is_nearly_clean(self) -> None:
        out = taped(sine(1000, 0.1, 375), 0.0)[0, -48_000:]
        first = amplitude(out, 1000)
        assert decibels(first / 0.1) == pytest.approx(1.0, abs=0.3)  # half of the lift of its highs
        rest = out - first * 0  # what is left without the tone
        n = np.arange(len(out))
        turned = np.stack([np.sin(2 * np.pi * 1000 * n / RATE), np.cos(2 * np.pi * 1000 * n / RATE)])
        for wave in turned:
            rest = rest - wave * (2 * (rest * wave).mean())
        assert decibels(rest.std() / out.std()) < -35

    def test_age_is_heard_and_never_takes_the_sound(self) -> None:
        sound = sine(330, 0.12, 1500) + sine(1900, 0.03, 1500)
        levels, noises = [], []
        for age in (0.0, 0.25, 0.5, 0.75, 1.0):
            out = taped(sound, age)
            levels.append(decibels(out[:, 20_000:].std() / sound.std()))
            noises.append(decibels(taped(np.zeros_like(sound), age).std()))
        assert all(abs(level) < 3 for level in levels)
        assert noises == sorted(noises)
        assert noises[-1] - noises[0] > 10

    def test_nothing_in_and_no_energy_is_nothing_out(self) -> None:
        for age in (0.0, 1.0):
            assert not taped(np.zeros((2, 400 * HOP)), age, energy=0.0).any()

    def test_never_a_click_at_the_start(self) -> None:
        """Its first moment is hiss that rises; no sample stands out of what comes."""
        for age in (0.0, 0.45, 1.0):
            out = taped(np.zeros((2, 60 * HOP)), age, energy=1.0)
            assert np.abs(out[:, 0]).max() < 1e-4
            assert np.abs(out[:, :HOP]).max() < 5e-3

    def test_crackle_under_faint_sound_does_not_startle(self) -> None:
        """The loudest moment of a minute, above what hiss alone would reach."""
        loud, faint = (np.abs(taped(sine(60, level, 3000), 1.0)[:, HOP:]).max() for level in (0.1, 0.001))
        assert loud > 0.15
        assert 0.003 < faint < 0.06

    def test_is_lifted_off_after_the_sound(self) -> None:
        sound = np.zeros((2, 1500 * HOP))
        sound[:, : 300 * HOP] = sine(440, 0.2, 300)
        out = taped(sound, 1.0, energy=0.0)
        assert out[:, 310 * HOP].any()  # a moment of hiss
        last = int(np.flatnonzero(out.any(0))[-1])
        assert last < 300 * HOP + 4 * RATE
        assert np.abs(out[:, last - 2 * HOP : last + 1]).max() < 1e-4
        assert not out[:, last + 1 :].any()

    def test_no_dc_however_worn_and_loud(self) -> None:
        out = taped(sine(80, 0.8, 1000), 1.0)[:, 100 * HOP :]
        assert decibels(abs(out.mean())) < -75
        steady = taped(np.full((2, 1000 * HOP), 0.7), 1.0)[:, -200 * HOP :]
        assert decibels(abs(steady.mean())) < -75

    def test_any_array_gives_the_same_bits_and_so_does_reset(self) -> None:
        """A slice of a longer block, as in groups of hops, or a hop of its own."""
        sound = 0.2 * chance.noises(1, "x", 2 * 400 * HOP).reshape(2, -1)
        tape = Tape(7, Clock())
        first = taped(sound, 0.9, tape=tape)
        turning, alone = aged(Clock(), 0.9), np.empty_like(sound)
        tape.reset()
        for i in hops(sound):
            own = part(sound, i).copy()
            tape.play(i, own, 0.5, turning)
            alone[:, i * HOP : (i + 1) * HOP] = own
        assert alone.tobytes() == first.tobytes()
        assert taped(sound, 0.9, tape=Tape(8, Clock())).tobytes() != first.tobytes()

    def test_what_is_no_number_does_not_stay(self) -> None:
        tape, turning = Tape(7, Clock()), aged(Clock(), 1.0)
        for i, bad in enumerate((np.nan, np.inf, -np.inf, 1e300)):
            wave = np.full((2, HOP), bad)
            tape.play(i, wave, float("nan"), turning)
            assert np.isfinite(wave).all()
            assert np.abs(wave).max() < 8
        for i in range(4, 700):
            wave = np.zeros((2, HOP))
            tape.play(i, wave, 0.0, turning)
        assert not wave.any()

    def test_a_leap_of_age_is_no_click(self) -> None:
        """The tone bends and hiss comes; no sample stands out of the steady states before and after."""
        clock, sound = Clock(), sine(440, 0.2, 700)
        tape, turning = Tape(7, clock), aged(clock, 0.0)
        for i in hops(sound):
            turning.turn([float(i > 300) if name == "age" else 0.5 for name in NAMES])
            tape.play(i, part(sound, i), 0.5, turning)
        bend = np.abs(np.diff(sound[0], 2))
        turned = bend[300 * HOP : 330 * HOP].max()
        assert turned < bend[500 * HOP :].max()
        assert turned < 1.6 * bend[200 * HOP : 300 * HOP].max()

    def test_plays_at_44100_too(self) -> None:
        out = taped(sine(440, 0.2, 400, 44_100), 1.0, rate=44_100)
        assert np.isfinite(out).all()
        assert 0.08 < out[:, 100 * HOP :].std() < 0.3
