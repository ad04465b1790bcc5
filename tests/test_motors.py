"""What actuators do, against equations of motion integrated sample by sample, and against their kinds' numbers."""

from __future__ import annotations

import math

import numpy as np
import pytest
from actuators import CLOCK, HOP_SECONDS, KINDS, crossing, felt, garment, levels

from wearsound.felt import Drive
from wearsound.garment.motor_kinds import HIGHEST, motion, sewn_in
from wearsound.garment.motor_kinds import KINDS as NUMBERS
from wearsound.garment.motor_models import KEEP, START
from wearsound.garment.motor_skin import felt_at, threshold
from wearsound.garment.motors import Motors

RATE = CLOCK.sample_rate
FINE = 4
"""Steps of integration a sample."""


def lines(level):
    """Levels at hop ends as the straight lines between them, at every fine step."""
    ends = np.concatenate([[0.0], level])
    n = len(level) * CLOCK.hop * FINE
    return np.interp(np.arange(n) / (CLOCK.hop * FINE), np.arange(len(ends)), ends)


def resonator(level, hz, f0, q):
    """Speed of a mass on a spring driven by `level` sin(2 pi hz t), x'' + w0/Q x' + w0^2 x = force: its amplitude at
    the end of each hop, 1 for a steady 1 at resonance: from its energy there, elsewhere its last half cycle's peak.
    Small steps of its equation; nothing of the model's rotating wave."""
    dt, w0 = 1.0 / (RATE * FINE), 2 * math.pi * f0
    t = np.arange(len(level) * CLOCK.hop * FINE) * dt
    force = lines(level) * np.sin(2 * math.pi * hz * t) * (w0 / q)
    damp, stiff = w0 / q, w0 * w0
    x = v = 0.0
    places, speeds = np.empty(len(force)), np.empty(len(force))
    for i, push in enumerate(force.tolist()):
        v += dt * (push - damp * v - stiff * x)
        x += dt * v
        places[i], speeds[i] = x, v
    ends = np.arange(1, len(level) + 1) * CLOCK.hop * FINE
    if hz == f0:
        return np.sqrt(speeds**2 + stiff * places**2)[ends - 1]
    cycle = int(RATE * FINE / hz / 2) + 1
    return np.array([np.abs(speeds[max(0, end - cycle) : end]).max() for end in ends])


def spinner(level, tau):
    """Speed of a motor, w' = (target - w) / tau, by small steps, with the dead zones applied at every one."""
    dt, w, found = 1.0 / (RATE * FINE), 0.0, []
    for u in lines(level).tolist():
        spins = abs(w) > 0.03
        pulls = abs(u) >= (KEEP if spins else START) or (spins and u * w < 0)
        w += dt * ((u if pulls else 0.0) - w) / tau
        found.append(w)
    return np.array(found)[CLOCK.hop * FINE - 1 :: CLOCK.hop * FINE]


def strengths(worn, level, hz, full):
    """Felt strength and Hz of one actuator; skin's part taken out again."""
    touched = felt(worn, levels(np.asarray(level) * full, hz))[:, 0]
    return touched[:, 0] / np.where(touched[:, 1] > 0, felt_at(touched[:, 1]), 1.0), touched[:, 1]


def steps(*parts):
    """Levels: (seconds, level) after one another."""
    return np.concatenate([np.full(round(seconds / HOP_SECONDS), level) for seconds, level in parts])


class TestLra:
    def test_its_free_time_constant_is_q_over_pi_f(self, tmp_path):
        lra = motion(garment(tmp_path, "lra").actuators[0])
        assert lra.tau == pytest.approx(0.0273, abs=0.0001)
        assert lra.rise == pytest.approx(0.0628, abs=0.0002)
        other = motion(garment(tmp_path, 'kind = "lra"\nhz = 235').actuators[0])
        assert other.tau == pytest.approx(15 / (math.pi * 235), rel=1e-3)

    @pytest.mark.parametrize(("f0", "q"), [(150, 8), (175, 15), (235, 30)])
    def test_it_rises_and_rings_as_a_mass_on_a_spring(self, tmp_path, f0, q):
        rise = math.log(10) * q / (math.pi * f0)
        worn = garment(tmp_path, f'kind = "lra"\nhz = {f0}\nrise = {rise:.6f}')
        level = steps((0.3, 1.0), (0.3, 0.0))
        mine, _ = strengths(worn, level, f0, 0.7)
        true = resonator(level, f0, f0, q)
        assert np.abs(mine - true).max() < 0.03
        for part, after in ((0.9, 0.0), (0.1, 0.3)):
            assert crossing(mine, part, after) == pytest.approx(crossing(true, part, after), abs=0.0025)
        assert crossing(mine, 0.9) == pytest.approx(rise + HOP_SECONDS / 2, abs=0.003)

    def test_overdrive_and_a_flipped_phase_do_what_they_do_to_a_mass(self, tmp_path):
        worn = garment(tmp_path, "lra")
        level = (
            steps((0.03, 1.4), (0.1, 1.0), (0.02, -1.4), (0.1, 0.0), (0.05, 0.6), (0.05, -0.2), (0.1, 0.0))
            / 1.4
        )
        mine, _ = strengths(worn, level, 175.0, 0.7)
        assert np.abs(mine - np.minimum(resonator(level, 175, 175, 15), 1.0)).max() < 0.03

    @pytest.mark.parametrize("off", [0.5, 0.9, 0.95, 1.05, 1.1, 1.6])
    def test_beside_its_resonance_it_does_little(self, tmp_path, off):
        worn = garment(tmp_path, "lra")
        level = steps((0.5, 1.0))
        mine, hz = strengths(worn, level, 175.0 * off, 0.7)
        true = resonator(level, 175.0 * off, 175, 15)[-1]
        assert mine[-1] == pytest.approx(true, rel=0.02)
        assert mine[-1] == pytest.approx(1 / math.hypot(1, 15 * (off - 1 / off)), rel=0.01)
        assert hz[-1] == pytest.approx(175.0 * off)

    def test_undriven_it_rings_at_its_own_pitch(self, tmp_path):
        worn = garment(tmp_path, "lra")
        level = steps((0.2, 1.0), (0.1, 0.0))
        touched = felt(worn, levels(level * 0.7, np.where(level > 0, 190.0, 0.0)))[:, 0]
        assert touched[20, 1] == pytest.approx(190.0)
        assert touched[int(0.22 / HOP_SECONDS), 1] == pytest.approx(175.0)


class TestErm:
    def test_it_spins_up_coasts_and_is_braked_as_its_equation_says(self, tmp_path):
        worn = garment(tmp_path, "erm")
        tau = motion(worn.actuators[0]).tau
        for last in (0.0, -0.25, -0.6, -1.4):
            level = steps((0.4, 1.0), (0.03, last), (0.3, 0.0)) / 1.4
            mine, _hz = strengths(worn, level, 0.0, 1.0)
            true = spinner(level / 0.7, tau)
            assert np.abs(mine - np.minimum(true**2, 1.0)).max() < 0.05, last
            ends = 0.4 if last else 0.0
            assert crossing(mine, 0.1, 0.4) == pytest.approx(crossing(true**2, 0.1, 0.4), abs=0.002), ends

    def test_ninety_percent_of_its_force_takes_its_rise(self, tmp_path):
        for rise in (0.05, 0.09, 0.18):
            worn = garment(tmp_path, f'kind = "erm"\nrise = {rise}')
            mine, _ = strengths(worn, steps((0.8, 1.0)), 0.0, 0.7)
            assert crossing(mine, 0.9) == pytest.approx(rise + HOP_SECONDS / 2, abs=0.004)

    def test_kick_and_brake_are_quicker_than_without(self, tmp_path):
        worn = garment(tmp_path, "erm")
        plain, _ = strengths(worn, steps((0.4, 0.7), (0.4, 0.0)), 0.0, 1.0)
        kicked, _ = strengths(worn, steps((0.4, 1.0), (0.02, -1.0), (0.3, 0.0)), 0.0, 1.0)
        assert crossing(kicked, 0.9) < 0.5 * crossing(plain, 0.9)
        assert crossing(kicked, 0.1, 0.4) < 0.6 * crossing(plain, 0.1, 0.4)

    def test_pitch_is_tied_to_strength(self, tmp_path):
        worn = garment(tmp_path, 'kind = "erm"\nhz = 200')
        for share in (0.4, 0.6, 0.8, 1.0):
            mine, hz = strengths(worn, steps((0.1, 1.0), (0.9, share)), 0.0, 0.7)
            assert hz[-1] == pytest.approx(200 * share, rel=0.01)
            assert mine[-1] == pytest.approx(share**2, rel=0.01)
        mine, hz = strengths(worn, steps((0.3, 1.0), (0.2, 0.0)), 0.0, 0.7)
        moving = hz > 0
        assert np.allclose(mine[moving], (hz[moving] / 200) ** 2, atol=0.005)

    def test_below_its_dead_zone_it_stands_and_spinning_it_keeps_on_a_little_longer(self, tmp_path):
        worn = garment(tmp_path, "erm")
        mine, hz = strengths(worn, steps((0.5, START - 0.02)), 0.0, 0.7)
        assert not mine.any()
        assert not hz.any()
        mine, _ = strengths(worn, steps((0.5, START + 0.02)), 0.0, 0.7)
        assert mine[-1] == pytest.approx((START + 0.02) ** 2, rel=0.02)
        for level, goes in ((KEEP + 0.02, True), (KEEP - 0.02, False)):
            mine, _ = strengths(worn, steps((0.3, 1.0), (0.8, level)), 0.0, 0.7)
            assert bool(mine[-1]) is goes

    def test_a_brake_left_on_spins_it_backwards_which_is_felt(self, tmp_path):
        worn = garment(tmp_path, "erm")
        mine, _ = strengths(worn, steps((0.3, 1.0), (0.4, -1.0)), 0.0, 0.7)
        assert mine[int(0.3 / HOP_SECONDS) :].min() < 0.02
        assert mine[-1] == pytest.approx(1.0, abs=0.01)


class TestWaveforms:
    @pytest.mark.parametrize(("kind", "within"), [("voice-coil", 0.005), ("piezo", 0.001)])
    def test_they_rise_within_their_time(self, tmp_path, kind, within):
        assert motion(garment(tmp_path, kind).actuators[0]).rise < within
        mine, _ = strengths(garment(tmp_path, kind), steps((0.2, 1.0)), 200.0, 0.7)
        assert crossing(mine / mine[-1], 0.9) < within + HOP_SECONDS

    def test_a_voice_coil_is_even_inside_its_band_and_fades_at_its_edges(self, tmp_path):
        worn = garment(tmp_path, "voice-coil")
        at = {
            hz: strengths(worn, steps((0.1, 1.0)), hz, 0.7)[0][-1]
            for hz in (25, 50, 100, 160, 300, 500, 1000)
        }
        assert all(at[hz] > 0.93 for hz in (100, 160, 300))
        assert at[50] == pytest.approx(math.sqrt(0.5), abs=0.02)
        assert at[500] == pytest.approx(math.sqrt(0.5), abs=0.02)
        assert at[25] < 0.26
        assert at[1000] < 0.26

    def test_a_piezo_goes_higher(self, tmp_path):
        assert strengths(garment(tmp_path, "piezo"), steps((0.1, 1.0)), HIGHEST, 0.7)[0][-1] > 0.95

    def test_pitch_is_what_it_is_driven_at(self, tmp_path):
        for hz in (60.0, 123.0, 250.0):
            assert strengths(garment(tmp_path, "voice-coil"), steps((0.1, 1.0)), hz, 0.7)[1][
                -1
            ] == pytest.approx(hz)

    def test_pitch_unknown_is_still_felt(self, tmp_path):
        mine, hz = strengths(garment(tmp_path, "voice-coil"), steps((0.1, 0.5)), 0.0, 0.7)
        assert mine[-1] == pytest.approx(0.5, abs=0.02)
        assert 100 < hz[-1] < 250


class TestPhone:
    def test_it_is_on_or_off(self, tmp_path):
        worn = garment(tmp_path, "phone")
        assert not felt(worn, levels(steps((0.5, 0.45)), 0.0)).any()
        half, full = (strengths(worn, steps((0.5, level)), 0.0, 1.0)[0][-1] for level in (0.6, 1.0))
        assert half == full == pytest.approx(1.0, abs=0.001)

    def test_it_takes_twenty_to_sixty_milliseconds(self, tmp_path):
        mine, _ = strengths(garment(tmp_path, "phone"), steps((0.3, 1.0), (0.3, 0.0)), 0.0, 1.0)
        assert 0.02 < crossing(mine, 0.9) < 0.06
        assert 0.02 < crossing(mine, 0.1, 0.3) < 0.06


class TestSkin:
    def test_the_threshold_is_the_published_curve(self):
        hz = np.array([20, 40, 60, 80, 100, 150, 200, 250, 300, 400, 500.0])
        told = [-5.1, -13.5, -20.6, -26.4, -31.2, -39.5, -43.8, -45.0, -44.0, -37.1, -25.9]
        assert np.abs(threshold(hz) - told).max() < 0.06

    def test_a_quarter_of_its_decibels_weighs(self):
        hz = np.array([40.0, 60.0, 100.0, 250.0, 400.0])
        db = 20 * np.log10(felt_at(hz))
        assert np.allclose(db, -0.25 * (threshold(hz) + 45), atol=0.01)
        assert felt_at(np.array([60.0]))[0] == pytest.approx(0.5, abs=0.01)
        assert (felt_at(np.array([0.0, 1e6])) <= 1).all()

    def test_the_same_drive_is_felt_less_where_skin_is_less_keen(self, tmp_path):
        worn = garment(tmp_path, "voice-coil")
        at = [felt(worn, levels(np.full(20, 0.7), hz))[-1, 0, 0] for hz in (60.0, 120.0, 240.0)]
        assert at[0] < at[1] < at[2]
        assert at[2] / at[0] < 3


class TestAll:
    LEVEL = np.sin(np.arange(200) * 0.37) * np.linspace(0, 1, 200)

    def test_grouping_is_not_felt(self, tmp_path):
        worn = garment(tmp_path, *KINDS)
        drive = levels(self.LEVEL, 100 + 90 * np.cos(np.arange(200) * 0.1), len(KINDS))
        one = felt(worn, drive)
        assert one.any()
        for sizes in ((64,), (1, 7, 3), (200,)):
            assert np.array_equal(one, felt(worn, drive, sizes))

    def test_reset_is_a_start(self, tmp_path):
        worn = garment(tmp_path, *KINDS)
        motors = Motors(worn, CLOCK)
        drive = levels(self.LEVEL, 140.0, len(KINDS))
        first = felt(worn, drive, motors=motors)
        assert np.array_equal(first, felt(worn, drive, motors=motors))
        motors.reset()
        assert not motors.touch(0).any()
        assert not motors.by_zone(0).any()

    def test_stillness_is_none_at_all_and_comes_to_all(self, tmp_path):
        worn = garment(tmp_path, *KINDS)
        assert not felt(worn, levels(np.zeros(50), 0.0, len(KINDS)), (7,)).any()
        ended = felt(worn, levels(steps((0.3, 0.9), (1.0, 0.0)), 150.0, len(KINDS)))
        assert ended[20, :, 0].all()
        assert not ended[-1].any()

    def test_nothing_but_numbers_comes_out(self, tmp_path):
        worn = garment(tmp_path, *KINDS)
        drive = levels(self.LEVEL, 140.0, len(KINDS))
        drive.level[50], drive.level[60], drive.hz[70], drive.hz[80], drive.hz[90] = (
            np.nan,
            np.inf,
            np.nan,
            -5.0,
            1e9,
        )
        touched = felt(worn, drive)
        assert np.isfinite(touched).all()
        assert touched[:, :, 0].min() >= 0
        assert touched[:, :, 0].max() <= 1
        assert touched[-1, :, 0].all()

    def test_harder_is_never_less(self, tmp_path):
        worn = garment(tmp_path, *KINDS)
        before = np.zeros((100, len(KINDS)))
        for level in np.linspace(0, 1, 21):
            now = felt(worn, levels(steps((0.3, level), (0.3, 0.0))[:100], 150.0, len(KINDS)))[:, :, 0]
            assert (now >= before - 1e-3).all()  # an ERM spun beyond 250 Hz is felt a trace less
            before = now

    def test_a_zone_is_as_its_strongest(self, tmp_path):
        worn = garment(tmp_path, "lra", 'kind = "lra"\nzone = "hem"', "voice-coil")
        motors = Motors(worn, CLOCK)
        drive = levels(np.full(40, 0.5), 175.0, 3)
        drive.level[:, 1] = 0.2
        motors.step(drive)
        touched = motors.touch(39)[:, 0]
        assert motors.by_zone(39) == pytest.approx([max(touched[0], touched[2]), touched[1]])

    def test_no_actuator_no_trouble(self, tmp_path):
        motors = Motors(garment(tmp_path), CLOCK)
        motors.step(Drive(np.zeros((256, 0), np.float32), np.zeros((1, 0)), np.zeros((1, 0))))
        assert motors.touch(0).shape == (0, 2)
        assert not motors.by_zone(0).any()

    def test_a_data_sheet_beats_its_kind(self, tmp_path):
        worn = garment(tmp_path, 'kind = "lra"\nhz = 205\nrise = 0.03\ng = 2.5\nma = 65', "lra")
        own, kind = (motion(actuator) for actuator in worn.actuators)
        assert (own.hz, own.rise, own.g, own.ma) == (205, 0.03, 2.5, 65)
        assert (kind.hz, kind.g, kind.ma) == (NUMBERS["lra"].hz, NUMBERS["lra"].g, NUMBERS["lra"].ma)

    def test_what_is_sewn_in_is_told_by_kind(self, tmp_path):
        worn = garment(tmp_path, "voice-coil", "voice-coil", 'kind = "erm"\nzone = "hem"', "phone")
        assert sewn_in(worn.actuators) == [
            "voice-coil from 50 to 500 Hz: chest (2)",
            "erm up to 180 Hz, slow rhythm and strength only: hem",
            "phone, on and off only: chest",
        ]
