"""The space of the soundscape: grains out of a ring and a field, the room around them, and mono at the bottom."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from wearsound import chance
from wearsound.cascade import Cascade
from wearsound.core import Block, Clock
from wearsound.instruments.filters import band_pass
from wearsound.instruments.soundscape.delay_lines import DelayLines
from wearsound.instruments.soundscape.dials import NAMES, Dials
from wearsound.instruments.soundscape.dice import Dice
from wearsound.instruments.soundscape.drift import Drift
from wearsound.instruments.soundscape.field import REACH, SECONDS, field
from wearsound.instruments.soundscape.grain import Grain
from wearsound.instruments.soundscape.grains import Grains
from wearsound.instruments.soundscape.primes import is_prime, nearest_prime
from wearsound.instruments.soundscape.reverb import LENGTHS, Reverb
from wearsound.instruments.soundscape.ring import SIZE, Ring
from wearsound.instruments.soundscape.side import Side
from wearsound.instruments.soundscape.soundscape import Soundscape
from wearsound.instruments.soundscape.table import Table, decibels
from wearsound.instruments.soundscape.tuning import Tuning
from wearsound.mapping.scape import scape_controls
from wearsound.sound import DIALS, Scape, Voice

HOP = 256
RATES = (48_000, 44_100)


def dials(clock: Clock, **turned: float) -> Dials:
    """Resting at 0.5 but where told, 0..1."""
    turning = Dials(clock)
    turning.turn([turned.get(name, 0.5) for name in NAMES])
    return turning


def room(clock: Clock, dry: np.ndarray, seed: int = 7, **turned: float) -> np.ndarray:
    """`dry` (2, n hops) in its room."""
    reverb, turning = Reverb(seed, clock), dials(clock, **turned)
    out = np.zeros_like(dry)
    for i in range(dry.shape[1] // HOP):
        part = slice(i * HOP, (i + 1) * HOP)
        reverb.play(i, dry[:, part], turning, out[:, part])
    return out


def impulse(clock: Clock, seconds: float) -> np.ndarray:
    dry = np.zeros((2, int(seconds * clock.sample_rate / HOP) * HOP))
    dry[:, 100] = 1.0
    return dry


def seconds_to_60_db(sound: np.ndarray, low: float, high: float, rate: int) -> float:
    """RT60 of a band by M. R. Schroeder's backward integral, from -5 to -35 dB (ISO 3382-1, T30)."""
    band = sound[None].copy()
    Cascade(band_pass(low, high, 2, Clock(rate))).run(band)
    left = np.cumsum(band[0, ::-1] ** 2)[::-1]
    level = 10 * np.log10(left / left[0] + 1e-30)
    a, b = int(np.argmax(level < -5)), int(np.argmax(level < -35))
    slope = np.polyfit(np.arange(a, b) / rate, level[a:b], 1)[0]
    return float(-60 / slope)


class TestTheRoom:
    @pytest.mark.parametrize("rate", RATES)
    @pytest.mark.parametrize("size", [2.0, 4.5, 9.0])
    def test_rings_as_long_as_asked(self, rate: int, size: float) -> None:
        clock = Clock(rate)
        out = room(clock, impulse(clock, 0.9 * size), size=(size - 2) / 7, damp=0.5, wet=1.0)
        for side in out:
            for low, high in ((355, 710), (710, 1420)):
                assert seconds_to_60_db(side, low, high, rate) == pytest.approx(size, rel=0.15)

    def test_soft_walls_take_the_highs(self) -> None:
        clock = Clock()
        hard, soft = (room(clock, impulse(clock, 4), size=0.36, damp=damp, wet=1.0)[0] for damp in (0.0, 1.0))
        highs = [seconds_to_60_db(sound, 2800, 5600, 48_000) for sound in (hard, soft)]
        lows = [seconds_to_60_db(sound, 355, 710, 48_000) for sound in (hard, soft)]
        assert highs[1] < 0.93 * highs[0]
        assert lows[1] == pytest.approx(lows[0], rel=0.04)

    def test_echoes_are_dense_within_a_quarter_of_a_second(self) -> None:
        """J. S. Abel & P. Huang, "A simple, robust measure of reverberation echo density", 2006: 1 is noise."""
        out = room(Clock(), impulse(Clock(), 0.6))[0]
        for seconds, least in ((0.15, 0.6), (0.25, 0.85), (0.45, 0.9)):
            window = out[int(seconds * 48_000) - 480 :][:960]
            density = np.mean(np.abs(window) > np.sqrt(np.mean(window**2))) / 0.3173
            assert density > least, seconds

    def test_is_wide_and_equally_loud_on_both_sides_at_every_size(self) -> None:
        noise = chance.noises(1, "noise", 2 * 4 * 48_000)[: 2 * 750 * HOP].reshape(2, -1) * 0.1
        Cascade(band_pass(200, 2000, 1, Clock()), rows=2).run(noise)
        for size in (0.0, 1.0):
            wet = room(Clock(), noise, size=size, wet=1.0) - (1 - 0.45 * 0.9) * noise
            wet = wet[:, -96_000:]
            left, right = np.sqrt(np.mean(wet**2, 1))
            assert left == pytest.approx(right, rel=0.15)
            assert abs(np.corrcoef(wet)[0, 1]) < 0.15
            # Set at 4.5 s; a short room has filled by then, a long one is still filling.
            assert 0.9 < left / np.sqrt(np.mean(noise**2)) < 1.7

    def test_no_lows_get_in(self) -> None:
        n = np.arange(750 * HOP)
        for hz, least, most in ((55, -60, -18), (800, -12, 12)):
            dry = np.repeat(0.1 * np.sin(2 * np.pi * hz * n / 48_000)[None], 2, 0)
            wet = (room(Clock(), dry, wet=1.0) - (1 - 0.45 * 0.9) * dry)[:, -48_000:]
            assert least < 20 * np.log10(wet.std() / dry.std()) < most

    def test_ends_in_exact_zeros_and_is_as_new(self) -> None:
        clock = Clock()
        reverb, turning = Reverb(7, clock), dials(clock, size=0.0)
        burst = np.zeros((700, 2, HOP))
        burst[:3] = 0.3 * chance.noises(3, "burst", 3 * 2 * HOP).reshape(3, 2, HOP)
        first, again = np.empty_like(burst), np.empty_like(burst)
        for i, hop in enumerate(burst):
            reverb.play(i, hop, turning, first[i])
        ends = 1 + int(np.flatnonzero(first.any((1, 2)))[-1])
        assert 2.0 < ends * HOP / 48_000 < 3.7  # -120 dB in a room of 2 s
        assert np.abs(first[ends - 1]).max() < 1e-5
        for i, hop in enumerate(burst):
            reverb.play(i, hop, turning, again[i])
        assert first.tobytes() == again.tobytes()

    def test_what_is_no_number_does_not_stay(self) -> None:
        clock = Clock()
        reverb, turning, out = Reverb(7, clock), dials(clock), np.zeros((2, HOP))
        for i, bad in enumerate((np.nan, np.inf, -np.inf, 1e300)):
            reverb.play(i, np.full((2, HOP), bad), turning, out)
        for i in range(4, 400):
            reverb.play(i, np.zeros((2, HOP)), turning, out)
            assert np.isfinite(out).all()
        assert np.abs(out).max() < 8

    def test_turning_its_dials_does_not_click(self) -> None:
        """A steady tone through a room whose every dial jumps: no step sharper than the tone's own by much."""
        clock = Clock()
        n = np.arange(600 * HOP)
        dry = np.repeat(0.2 * np.sin(2 * np.pi * 440 * n / 48_000)[None], 2, 0)
        reverb, turning = Reverb(7, clock), dials(clock, size=0.0, damp=0.0, wet=0.0)
        out = np.zeros_like(dry)
        for i in range(600):
            to = 1.0 if 200 <= i < 400 else 0.0
            turning.turn([to if name in ("size", "damp", "wet") else 0.5 for name in NAMES])
            reverb.play(i, dry[:, i * HOP : (i + 1) * HOP], turning, out[:, i * HOP : (i + 1) * HOP])
        bend = np.abs(np.diff(out[0], 2))
        assert bend[190 * HOP :].max() < 1.5 * max(
            bend[150 * HOP : 200 * HOP].max(), bend[380 * HOP : 400 * HOP].max()
        )

    def test_lines_have_no_length_in_common(self) -> None:
        for rate in RATES:
            lengths = [nearest_prime(n * rate / 48_000) for n in LENGTHS]
            assert len(set(lengths)) == 8
            assert all(map(is_prime, lengths))
            assert min(lengths) > HOP + 16


class TestTheBottom:
    def test_is_mono_and_the_rest_is_not(self) -> None:
        clock = Clock()
        wave = chance.noises(5, "wide", 2 * 400 * HOP).reshape(2, -1)
        side = Side(clock)
        for i in range(400):
            side.play(wave[:, i * HOP : (i + 1) * HOP])
        for low, high, least, most in ((40, 90, 0.9, 1.0), (400, 4000, -0.1, 0.1)):
            band = wave[:, 20 * HOP :].copy()
            Cascade(band_pass(low, high, 2, clock), rows=2).run(band)
            assert least < np.corrcoef(band)[0, 1] <= most

    def test_leaves_mono_alone(self) -> None:
        wave = np.repeat(chance.noises(5, "mono", HOP)[None], 2, 0)
        before = wave.copy()
        Side(Clock()).play(wave)
        assert wave.tobytes() == before.tobytes()


class TestTheField:
    def test_is_quick_round_and_of_its_seed(self) -> None:
        loop = field(7, Clock())
        n = round(SECONDS * 48_000)
        assert len(loop) == n + round(REACH * 48_000)
        assert np.array_equal(loop[n:], loop[: len(loop) - n])
        assert np.sqrt(np.mean(loop[:n] ** 2)) == pytest.approx(0.1, rel=1e-6)
        assert abs(loop.mean()) < 0.003
        assert np.abs(loop).max() < 1.5
        assert not np.array_equal(loop, field(8, Clock()))
        assert not loop.flags.writeable

    def test_goes_round_without_a_seam(self) -> None:
        loop = field(7, Clock())
        n = round(SECONDS * 48_000)
        bend = np.abs(np.diff(loop, 2))
        assert bend[n - 4 : n + 4].max() < np.quantile(bend, 0.999)


class TestTheRing:
    def test_keeps_the_last_seconds(self) -> None:
        ring, sound = Ring(Clock()), np.arange(SIZE + 3 * HOP) / SIZE
        for i in range(len(sound) // HOP):
            ring.write(2.0 * sound[i * HOP : (i + 1) * HOP])
        back = np.array([1, 2, 1000, SIZE - 1])
        assert np.array_equal(ring.take(ring.written - back), sound[ring.written - back])

    def test_keeps_numbers_only(self) -> None:
        ring = Ring(Clock())
        ring.write(np.full(HOP, np.nan))
        ring.write(np.full(HOP, np.inf))
        assert np.isfinite(ring.take(np.arange(2 * HOP))).all()


def grains(clock: Clock, seed: int = 7, octave: int = 0) -> Grains:
    tuning = Tuning(Scape((), 55.0, "hirajoshi", "own", {}), clock)
    return Grains(seed, Voice("grains", "grains", octave=octave), tuning, clock)


def dust(
    energy: Any, seconds: float, playing: Grains | None = None, clock: Clock | None = None, **turned: float
):
    """What grains play while the energy is `energy(tick)`, over a live tone; (2, n)."""
    clock = clock or Clock()
    playing, ring, turning = playing or grains(clock), Ring(clock), dials(clock, **turned)
    out = np.zeros((2, int(seconds * clock.sample_rate / HOP) * HOP))
    tone = 0.1 * np.sin(2 * np.pi * 220 * np.arange(out.shape[1]) / clock.sample_rate)
    for i in range(out.shape[1] // HOP):
        e = energy(i)
        moves = 0.5 if e > 0.1 else 0.0
        heard: Any = SimpleNamespace(energy=e, energy_before=e, moving=moves, gust=moves)
        ring.write(2.0 * tone[i * HOP : (i + 1) * HOP])
        playing.play(i, heard, turning, ring, out[:, i * HOP : (i + 1) * HOP])
    return out


def middle_hz(sound: np.ndarray) -> float:
    power = np.abs(np.fft.rfft(sound.sum(0))) ** 2
    return float((power * np.fft.rfftfreq(sound.shape[1], 1 / 48_000)).sum() / power.sum())


class TestGrains:
    def test_more_energy_is_louder_and_brighter(self) -> None:
        soft, middling, hard = (dust(lambda i, e=e: e, 30) for e in (0.2, 0.6, 1.0))
        assert 1.5 * soft.std() < middling.std() < hard.std() / 1.3
        assert middle_hz(soft) < middle_hz(middling) < middle_hz(hard)
        # As made: about -28 dBFS when somebody walks, whose energy is about 0.85.
        walking = 20 * np.log10(dust(lambda i: 0.85, 30).std())
        assert -31 < walking < -25

    def test_density_is_more_of_them(self) -> None:
        sounding = [np.mean(dust(lambda i: 0.8, 20, density=d).any(0)) for d in (0.0, 0.5, 1.0)]
        assert sounding[0] < 0.6 * sounding[1]
        assert sounding[1] < 0.95 * sounding[2]

    def test_bright_opens_the_highs(self) -> None:
        dark, glass = (dust(lambda i: 0.8, 20, bright=b) for b in (0.0, 1.0))
        assert middle_hz(dark) < 0.8 * middle_hz(glass)

    def test_are_wide(self) -> None:
        out = dust(lambda i: 0.9, 30, density=1.0)
        Cascade(band_pass(300, 8000, 2, Clock()), rows=2).run(out)
        assert -0.1 < np.corrcoef(out)[0, 1] < 0.75

    def test_nothing_sounds_where_nothing_moved_and_all_ends(self) -> None:
        assert not dust(lambda i: 0.0, 3).any()
        out = dust(lambda i: 0.9 if i < 400 else 0.0, 5)
        assert out[:, : 400 * HOP].any()
        assert not out[:, 600 * HOP :].any()

    def test_one_is_its_sound_at_its_speed_in_a_window(self) -> None:
        """(1 - u^2)^2 over 1000 samples that begin 100 samples late, of a straight line read at 3/2 of its speed."""
        line = np.arange(20_000, dtype=np.float64)
        grain = Grain(False, 500.0, 1.5, -100, 1000, 0.25, 0.5, 7)
        out, i, goes_on = np.zeros((2, 5 * HOP)), np.arange(HOP, dtype=np.float64), []
        for k in range(5):
            goes_on.append(grain.play(Ring(Clock()), line, i, out[:, k * HOP : (k + 1) * HOP]))
        assert goes_on == [True, True, True, True, False]
        n = np.arange(5 * HOP) - 100.0
        window = np.maximum(0.0, 1.0 - (n / 500.0 - 1.0) ** 2) ** 2
        assert np.allclose(out[0], 0.25 * window * (500.0 + 1.5 * n))
        assert np.allclose(out[1], 0.5 * window * (507.0 + 1.5 * n))

    def test_the_live_ones_never_read_what_is_not_played_yet(self) -> None:
        """Whatever their speed: every sample of a grain of the ring is older than the newest, and not yet forgotten."""
        playing, turning = grains(Clock(), octave=1), dials(Clock(), density=1.0)
        heard: Any = SimpleNamespace(energy=1.0, energy_before=1.0, moving=1.0, gust=1.0)
        seen: list[tuple[int, int]] = []

        class Watched(Ring):
            def take(self, number: np.ndarray) -> np.ndarray:
                seen.append((int(number.min()) - self.written, int(number.max()) - self.written))
                return super().take(number)

        ring = Watched(Clock())
        for tick in range(3000):
            ring.write(np.zeros(HOP))
            playing.play(tick, heard, turning, ring, np.zeros((2, HOP)))
        assert len(seen) > 1000
        assert max(newest for _, newest in seen) < 0
        assert min(oldest for oldest, _ in seen) > -SIZE

    def test_reset_plays_the_same_again(self) -> None:
        playing = grains(Clock())
        first = dust(lambda i: 0.9, 4, playing)
        playing.reset()
        assert dust(lambda i: 0.9, 4, playing).tobytes() == first.tobytes()
        other = dust(lambda i: 0.9, 4, grains(Clock(), seed=8))
        assert other.tobytes() != first.tobytes()

    @pytest.mark.parametrize("octave", [-2, 3])
    def test_far_octaves_read_only_what_is_there(self, octave: int) -> None:
        clock = Clock(44_100)
        out = dust(lambda i: 1.0, 12, grains(clock, octave=octave), clock, density=1.0)
        assert np.isfinite(out).all()
        assert out.any()


class TestSmallParts:
    def test_dice_are_those_of_chance_in_any_order(self) -> None:
        dice = Dice(3, "a")
        for tick in (5, 700, 5, 256, 255, 10**9):
            assert dice.at(tick) == chance.uniform(3, "a", tick)

    def test_a_table_follows_its_curve_and_meets_its_ends(self) -> None:
        table = decibels(-66, -50)
        for x in (0.0, 0.123, 0.45, 1.0):
            assert 20 * np.log10(table.at(x)) == pytest.approx(-66 + 16 * x, abs=0.01)
        assert Table(lambda x: x * x).at(1.0) == 1.0

    def test_drift_is_smooth_small_and_of_its_tick(self) -> None:
        knots = (211, 223, 227, 229, 233, 239, 241, 251)
        drift = Drift(7, "d", 7.0, knots)
        at, ends = None, []
        for tick in range(900):
            start, step = drift.move(tick)
            if at is not None:
                assert np.allclose(start, at, atol=1e-12)
            at = start + step
            ends.append(start.copy())
        moved = np.abs(np.array(ends))
        assert 2 < moved.max() < 7
        assert np.abs(np.diff(ends, axis=0)).max() < 0.08
        fresh = Drift(7, "d", 7.0, knots)
        assert np.array_equal(fresh.move(777)[0], ends[777])

    def test_delay_lines_give_back_what_was_written(self) -> None:
        lines, sound = DelayLines(2, 1000, HOP), chance.noises(1, "x", 2 * 20 * HOP).reshape(2, -1)
        for i in range(20):
            if i > 5:
                at = i * HOP
                for delay in (HOP, 511, 1000):
                    assert np.array_equal(lines.past(delay, HOP), sound[:, at - delay : at - delay + HOP])
                assert np.array_equal(lines.past_of(1, 700, 9), sound[1, at - 700 : at - 691])
            lines.write(sound[:, i * HOP : (i + 1) * HOP])


def whole(groups: tuple[int, ...], hops: int, soundscape: Soundscape, values: list[float]) -> np.ndarray:
    """A soundscape of grains alone, moved by bursts, in blocks of such lengths."""
    moved = 0.3 * chance.noises(11, "moved", hops * HOP).astype(np.float32)
    moved *= (np.arange(hops * HOP) // 6000 % 3 == 0)[: len(moved)]
    out, tick, turn = np.zeros((2, hops * HOP)), 0, 0
    while tick < hops:
        n = min(groups[turn % len(groups)], hops - tick)
        part = slice(tick * HOP, (tick + n) * HOP)
        block = Block(tick, moved[part, None], {"body": (0,)}, n)
        soundscape.play(block, np.zeros((n, 0)), np.tile(values, (n, 1)), out[:, part])
        tick, turn = tick + n, turn + 1
    return out


class TestTheWhole:
    def test_any_grouping_gives_the_same_bits_and_so_does_reset(self) -> None:
        rest = dict.fromkeys(DIALS, 0.5) | {"age": 1.0, "density": 1.0}
        scape = Scape((Voice("grains", "grains"),), 55.0, "hirajoshi", "own", rest)
        specs = scape_controls(scape)
        soundscape = Soundscape(scape, (), specs, seed=7)
        soundscape.prepare(Clock())
        values = [spec.default for spec in specs]
        first = whole((1,), 400, soundscape, values)
        assert np.abs(first).max() > 0.01
        for groups in ((3,), (7, 1, 13), (64,)):
            soundscape.reset()
            assert whole(groups, 400, soundscape, values).tobytes() == first.tobytes()
