"""What each kind is driven with: shaped to what it can do, judged by what is then felt."""

from __future__ import annotations

import actuators
import numpy as np
import pytest
from actuators import CLOCK, HOP, HOP_SECONDS, KINDS, Asked, crossing, driven, felt, garment, levels, note
from thorough import some

from wearsound.core import Clock
from wearsound.felt import RAMP
from wearsound.garment.motor_kinds import motion
from wearsound.garment.motor_models import KEEP
from wearsound.instruments.vibration.erm import GATE, SLOWEST
from wearsound.instruments.vibration.shape import Shape
from wearsound.instruments.vibration.steady import Steady

RATE = CLOCK.sample_rate
STEP = HOP / (RAMP * RATE)
STEERED = ("lra", "erm", "phone")


def strength(worn, asked):
    return felt(worn, driven(worn, asked))[:, 0, 0]


def song(n: int, seconds: float = 4.0, seed: int = 5) -> Asked:
    """Notes and clicks of all lengths and strengths, with rests."""
    dice = np.random.default_rng(seed)
    hops = int(seconds / HOP_SECONDS)
    env, wave = np.zeros((hops * HOP, n)), np.zeros((hops * HOP, n))
    hz = np.zeros((hops, n))
    t = np.arange(hops * HOP) / RATE
    for column in range(n):
        at = 0.1
        while at < seconds - 0.8:
            lasts, loud, pitch = dice.uniform(0.03, 0.4), dice.uniform(0.02, 1.0), dice.uniform(60, 300)
            here = np.clip(np.minimum((t - at) / 0.005, (at + lasts - t) / 0.005), 0, 1) * loud
            env[:, column] += here
            wave[:, column] += here * np.sin(2 * np.pi * pitch * t)
            hz[int(at / HOP_SECONDS) : int((at + lasts) / HOP_SECONDS) + 1, column] = pitch
            at += lasts + dice.uniform(0.02, 0.2)
    return Asked(wave, env, hz)


def loud_above(wave, hz=1000.0):
    """Energy from `hz` up against all of it, dB."""
    power = np.abs(np.fft.rfft(wave * np.hanning(len(wave)))) ** 2
    return 10 * np.log10(power[np.fft.rfftfreq(len(wave), 1 / RATE) >= hz].sum() / power.sum())


class TestWaveforms:
    @pytest.mark.parametrize("kind", ["voice-coil", "piezo"])
    @pytest.mark.parametrize("hz", [60.0, 110.0, 200.0, 300.0])
    def test_a_pitch_comes_out_as_it_went_in(self, tmp_path, kind, hz):
        wave = driven(garment(tmp_path, kind), note(1, 1.0, 1.0, hz=hz)).wave[:, 0].astype(float)
        power = np.abs(np.fft.rfft(wave[RATE // 10 : RATE // 10 + RATE // 2]))
        assert power.argmax() * 2 == pytest.approx(hz, rel=0.02)
        assert np.abs(wave[RATE // 4 : RATE // 2]).max() == pytest.approx(0.7, rel=0.03)

    @pytest.mark.parametrize("hz", [1000.0, 1200.0, 2500.0, 8000.0])
    def test_above_one_kilohertz_it_is_forty_decibels_down(self, tmp_path, hz):
        wave = driven(garment(tmp_path, "voice-coil"), note(1, 1.0, 1.0, hz=hz)).wave[:, 0]
        steady = np.abs(wave[RATE // 4 : RATE * 3 // 4]).max()
        assert steady < 0.7 * 10 ** (-40 / 20)

    @pytest.mark.parametrize("loud", [1.5, 4.0, 50.0])
    def test_too_loud_bends_without_overtones_that_are_heard(self, tmp_path, loud):
        asked = note(1, 0.8, 1.0, hz=300.0)
        asked.wave *= loud
        wave = driven(garment(tmp_path, "voice-coil"), asked).wave[:, 0].astype(float)
        assert 0.7 < np.abs(wave).max() <= 1.0
        assert loud_above(wave) < -40

    def test_a_constant_voltage_is_kept_from_a_coil(self, tmp_path):
        asked = note(1, 1.0, 1.0)
        asked.wave[:] = asked.env
        wave = driven(garment(tmp_path, "voice-coil"), asked).wave[:, 0]
        assert np.abs(wave[RATE // 2 : RATE * 3 // 4]).max() < 1e-3

    def test_what_it_was_driven_at_is_said(self, tmp_path):
        drive = driven(garment(tmp_path, "voice-coil"), note(1, 0.5, 1.0, strength=0.5, hz=97.0))
        assert drive.level[40, 0] == pytest.approx(0.35)
        assert drive.hz[40, 0] == 97.0
        assert not drive.level[-20:].any()
        assert not drive.hz[-20:].any()


class TestLra:
    def test_it_is_driven_at_its_own_resonance_whatever_is_asked(self, tmp_path):
        worn = garment(tmp_path, 'kind = "lra"\nhz = 205')
        low, high = (driven(worn, note(1, 1.0, 1.0, hz=hz)) for hz in (60.0, 280.0))
        assert np.array_equal(low.wave, high.wave)
        power = np.abs(np.fft.rfft(low.wave[RATE // 4 : RATE * 3 // 4, 0].astype(float)))
        assert power.argmax() * 2 == pytest.approx(205, abs=2)
        assert set(low.hz[low.level[:, 0] != 0, 0]) == {205.0}

    @pytest.mark.parametrize("loud", [0.3, 0.6, 1.0])
    def test_it_is_there_and_gone_in_half_the_time(self, tmp_path, loud):
        worn = garment(tmp_path, "lra")
        asked = note(1, 0.4, 0.8, strength=loud)
        plain = felt(worn, levels(asked.env[HOP - 1 :: HOP, 0] * 0.7, 175.0))[:, 0, 0]
        shaped = strength(worn, asked)
        full = plain[60]
        assert shaped[60] == pytest.approx(full, rel=0.01)
        assert shaped.max() < 1.03 * full
        assert crossing(shaped, 0.9 * full) < 0.55 * crossing(plain, 0.9 * full)
        assert crossing(shaped, 0.1 * full, 0.4) < 0.4 * crossing(plain, 0.1 * full, 0.4)

    @pytest.mark.parametrize("off", [0.96, 0.98, 1.02, 1.04])
    def test_on_a_body_its_resonance_moves_and_the_brake_is_worth_less(self, tmp_path, off):
        """2 % away it still helps a little, 4 % away it rings up to 15 ms longer than without."""
        said = garment(tmp_path, "lra")
        asked = note(1, 0.4, 0.8)
        drive, plain = driven(said, asked), levels(asked.env[HOP - 1 :: HOP, 0] * 0.7, 175.0)
        true = garment(tmp_path, f'kind = "lra"\nhz = {175 * off}\nrise = {motion(said.actuators[0]).rise}')
        shaped, free = (felt(true, each)[:, 0, 0] for each in (drive, plain))
        third = 0.3 * free[60]
        late = crossing(shaped, third, 0.4) - crossing(free, third, 0.4)
        assert late < (-0.004 if abs(off - 1) < 0.03 else 0.015)
        assert crossing(shaped, 0.9 * free[60]) < 0.7 * crossing(free, 0.9 * free[60])

    def test_its_wave_stays_inside_its_levels(self, tmp_path):
        drive = driven(garment(tmp_path, "lra"), song(1))
        ends = np.concatenate([[0.0], drive.level[:, 0]])
        inside = np.interp(np.arange(1, len(drive.wave) + 1) / HOP, np.arange(len(ends)), ends)
        assert (np.abs(drive.wave[:, 0]) <= np.abs(inside) + 1e-6).all()
        assert drive.level.min() < -0.5


class TestErm:
    def test_a_direct_voltage_with_a_kick_and_a_brake(self, tmp_path):
        drive = driven(garment(tmp_path, "erm"), note(1, 0.4, 0.8))
        assert drive.level[1, 0] == pytest.approx(1.0)
        assert drive.level[60, 0] == pytest.approx(0.7, abs=0.01)
        assert drive.level.min() < -0.9
        assert np.allclose(drive.wave[HOP - 1 :: HOP, 0], drive.level[:, 0], atol=1e-6)

    def test_it_is_there_and_gone_in_half_the_time(self, tmp_path):
        worn = garment(tmp_path, "erm")
        asked = note(1, 0.4, 0.8)
        plain = felt(worn, levels(asked.env[HOP - 1 :: HOP, 0] * 0.7, 0.0))[:, 0, 0]
        shaped = strength(worn, asked)
        assert crossing(shaped, 0.8) < 0.5 * crossing(plain, 0.8)
        assert crossing(shaped, 0.1, 0.4) < 0.6 * crossing(plain, 0.1, 0.4)

    @pytest.mark.parametrize("share", [0.7, 1.0, 1.4])
    def test_a_motor_that_is_not_as_said_is_not_spun_backwards(self, tmp_path, share):
        drive = driven(garment(tmp_path, "erm"), note(1, 0.4, 0.9))
        shaken = felt(garment(tmp_path, f'kind = "erm"\nrise = {0.09 * share}'), drive)[:, 0, 0]
        after = shaken[int(0.4 / HOP_SECONDS) :]
        still = int(np.argmax(after < 0.02))
        assert 0 < still * HOP_SECONDS < 0.15
        assert after[still:].max() < 0.03

    def test_strength_is_what_was_asked_from_the_weakest_it_can(self, tmp_path):
        worn = garment(tmp_path, "erm")
        for asked in (0.1, 0.2, 0.4, 0.7, 1.0):
            drive = driven(worn, note(1, 0.6, 0.7, strength=asked))
            speed = drive.hz[int(0.5 / HOP_SECONDS), 0] / 180
            assert speed**2 == pytest.approx(max(asked, SLOWEST**2), rel=0.03), asked
            assert drive.level[int(0.5 / HOP_SECONDS), 0] > KEEP * 0.7

    def test_too_weak_to_spin_is_not_tried(self, tmp_path):
        worn = garment(tmp_path, "erm")
        assert not driven(worn, note(1, 0.5, 0.6, strength=GATE * 0.9)).wave.any()
        assert driven(worn, note(1, 0.5, 0.6, strength=GATE * 1.1)).wave.any()

    @pytest.mark.parametrize("rise", [0.01, 0.03, 0.25])
    def test_quick_or_slow_it_does_start(self, tmp_path, rise):
        worn = garment(tmp_path, f'kind = "erm"\nrise = {rise}')
        assert strength(worn, note(1, 0.5, 0.6, strength=0.06))[int(0.4 / HOP_SECONDS)] > 0.05

    def test_a_slow_fade_does_not_chatter(self, tmp_path):
        """Around the gate, where what is asked wavers, it starts once and stops once."""
        hops = 400
        env = np.interp(np.arange(hops * HOP), [0, 200 * HOP, hops * HOP], [0, 0.06, 0])
        env += 0.004 * np.sin(np.arange(hops * HOP) / 300)
        drive = driven(
            garment(tmp_path, "erm"),
            Asked(env[:, None] * 0, np.maximum(env, 0)[:, None], np.zeros((hops, 1))),
        )
        on = drive.level[:, 0] > 0
        assert np.count_nonzero(np.diff(on.astype(int)) == 1) == 1


class TestPhone:
    def test_four_strengths_by_slots(self, tmp_path):
        worn = garment(tmp_path, "phone")
        shares = {}
        for asked in (0.1, 0.25, 0.3, 0.5, 0.7, 0.8, 1.0):
            level = driven(worn, note(1, 3.0, 3.0, strength=asked)).level[20:540, 0]
            shares[asked] = level.mean()
        assert shares[0.1] == shares[0.25] == pytest.approx(0.25, abs=0.03)
        assert shares[0.3] == shares[0.5] == pytest.approx(0.5, abs=0.03)
        assert shares[0.7] == pytest.approx(0.75, abs=0.03)
        assert shares[0.8] == shares[1.0] == pytest.approx(1.0, abs=0.03)

    def test_slots_are_as_long_as_phones_can(self, tmp_path):
        level = driven(garment(tmp_path, "phone"), note(1, 3.0, 3.2, strength=0.5)).level[:, 0]
        assert set(level) == {0.0, 1.0}
        turns = np.flatnonzero(np.diff(level, prepend=0.0))
        lasts = np.diff(turns) * HOP_SECONDS
        assert lasts[1:-1].min() > 0.05
        assert lasts[1:-1].max() < 0.06
        one = driven(garment(tmp_path, "phone"), note(1, 3.0, 3.2, strength=0.2)).level[:, 0]
        on = np.diff(np.flatnonzero(np.diff(one, prepend=0.0)))[::2] * HOP_SECONDS
        assert (on >= 0.025).all()
        assert (on <= 0.030).all()

    @pytest.mark.parametrize("at", [0.1, 0.137, 0.171, 0.199])
    def test_a_click_waits_for_no_frame(self, tmp_path, at):
        asked = note(1, 0.03, 0.8, strength=0.8, starts=at)
        again = note(1, 0.03, 0.8, strength=0.8, starts=at + 0.15)
        both = Asked(asked.wave + again.wave, asked.env + again.env, asked.hz)
        level = driven(garment(tmp_path, "phone"), both).level[:, 0]
        for begins in (at, at + 0.15):
            hop = int(begins / HOP_SECONDS)
            assert not level[hop - 1]
            assert level[hop : hop + 2].any()


class TestAll:
    def test_grouping_is_not_felt(self, tmp_path):
        worn = garment(tmp_path, *KINDS)
        asked = song(len(KINDS))
        one = driven(worn, asked)
        assert one.wave.any(axis=0).all()
        for sizes in ((64,), (1, 7, 3), (5,)):
            other = driven(worn, asked, sizes)
            for name in ("wave", "level", "hz"):
                assert np.array_equal(getattr(one, name), getattr(other, name)), (sizes, name)

    def test_reset_is_a_start(self, tmp_path):
        worn = garment(tmp_path, *KINDS)
        shape = Shape(worn, CLOCK)
        first = driven(worn, song(len(KINDS)), shape=shape)
        again = driven(worn, song(len(KINDS)), shape=shape)
        assert np.array_equal(first.wave, again.wave)
        assert np.array_equal(first.level, again.level)

    def test_actuators_do_not_hear_one_another(self, tmp_path):
        asked = song(len(KINDS))
        together = driven(garment(tmp_path, *KINDS), asked)
        for i, kind in enumerate(KINDS):
            own = Asked(*(part[:, [i]].copy() for part in (asked.wave, asked.env, asked.hz)))
            assert np.array_equal(driven(garment(tmp_path, kind), own).wave[:, 0], together.wave[:, i])

    def test_silence_is_zero_and_comes_back_to_it(self, tmp_path):
        worn = garment(tmp_path, *KINDS)
        assert not driven(worn, note(5, 0.5, 0.5, strength=0.0)).wave.any()
        drive = driven(worn, note(5, 0.3, 1.0))
        after = int(0.55 / HOP_SECONDS)
        assert drive.wave[20 * HOP : 50 * HOP].any(axis=0).all()
        assert not drive.wave[after * HOP :].any()
        assert not drive.level[after:].any()
        assert not drive.hz[after:].any()

    def test_what_only_fades_ends(self, tmp_path):
        hops = 400
        env = np.exp(-np.arange(hops * HOP) / RATE / 0.06)[:, None] * np.ones((1, len(KINDS)))
        drive = driven(garment(tmp_path, *KINDS), Asked(env * 0, env, np.full((hops, len(KINDS)), 100.0)))
        assert not drive.level[200:].any()

    def test_ramps_last_five_milliseconds(self, tmp_path):
        drive = driven(garment(tmp_path, *KINDS), song(len(KINDS)))
        steered = [KINDS.index(kind) for kind in STEERED]
        level = np.diff(drive.level[:, steered], axis=0, prepend=0.0)
        assert np.abs(level).max() <= STEP + 1e-9
        direct = drive.wave[:, [KINDS.index("erm"), KINDS.index("phone")]].astype(float)
        assert np.abs(np.diff(direct, axis=0, prepend=0.0)).max() <= 1 / (RAMP * RATE) + 1e-6

    def test_a_click_like_a_knife_is_blunted_by_all(self, tmp_path):
        """An envelope that is there at once: what is steered still rises in 5 ms, what follows has nothing to hear."""
        hops = 60
        env = np.zeros((hops * HOP, len(KINDS)))
        env[10 * HOP + 77 : 30 * HOP + 13] = 1.0
        wave = env * np.sin(2 * np.pi * 150 * np.arange(hops * HOP) / RATE + 1.5)[:, None]
        drive = driven(garment(tmp_path, *KINDS), Asked(wave, env, np.full((hops, len(KINDS)), 150.0)))
        steered = [KINDS.index(kind) for kind in STEERED]
        assert np.abs(np.diff(drive.level[:, steered], axis=0, prepend=0.0)).max() <= STEP + 1e-9
        for i in range(len(KINDS)):
            assert loud_above(drive.wave[:, i].astype(float)) < -40

    @pytest.mark.parametrize("kind", KINDS)
    def test_nothing_is_heard_of_it(self, tmp_path, kind):
        assert loud_above(driven(garment(tmp_path, kind), song(1, seed=9)).wave[:, 0].astype(float)) < -40

    def test_never_more_than_the_most_whatever_is_asked(self, tmp_path):
        dice = np.random.default_rng(3)
        hops = 300
        worn = garment(tmp_path, *KINDS)
        for wave in (
            dice.choice([-1.0, 1.0], (hops * HOP, 5)),
            np.sign(np.sin(np.arange(hops * HOP) * 2 * np.pi * 200 / RATE))[:, None] * np.ones((1, 5)) * 3,
            dice.normal(0, 1e6, (hops * HOP, 5)),
        ):
            env = np.repeat(dice.choice([0.0, 0.3, 5.0, -2.0], (hops, 5)), HOP, axis=0)
            drive = driven(worn, Asked(wave, env, dice.uniform(0, 500, (hops, 5))))
            for part in (drive.wave, drive.level):
                assert np.isfinite(part).all()
                assert np.abs(part).max() <= 1.0

    def test_nothing_but_numbers_goes_out(self, tmp_path):
        worn = garment(tmp_path, *KINDS)
        asked = song(len(KINDS), 3.0)
        asked.wave[10_000:10_500], asked.env[20_000:20_300], asked.hz[50:60] = np.nan, np.inf, np.nan
        drive = driven(worn, asked, (7,))
        clean = driven(worn, song(len(KINDS), 3.0))
        for name in ("wave", "level", "hz"):
            assert np.isfinite(getattr(drive, name)).all()
        assert np.array_equal(drive.wave[: 39 * HOP], clean.wave[: 39 * HOP])
        assert drive.wave[-300 * HOP :].any(axis=0).all()

    @pytest.mark.parametrize("seconds", some([0.1, 0.03, 0.4], 3))
    def test_louder_is_never_felt_less(self, tmp_path, seconds):
        worn = garment(tmp_path, *KINDS)
        most, whole = np.zeros(len(KINDS)), np.zeros(len(KINDS))
        for loud in np.linspace(0.0, 1.0, 26):
            shaken = felt(worn, driven(worn, note(len(KINDS), seconds, seconds + 0.4, strength=loud)))[
                :, :, 0
            ]
            assert (shaken.max(axis=0) >= most - 0.002).all(), loud
            assert (shaken.sum(axis=0) >= whole * 0.995 - 0.01).all(), loud
            most, whole = shaken.max(axis=0), shaken.sum(axis=0)
        assert (most > 0.3).all()

    @pytest.mark.parametrize(
        ("kind", "within"),
        [("voice-coil", 0.012), ("piezo", 0.008), ("lra", 0.04), ("erm", 0.06), ("phone", 0.06)],
    )
    @pytest.mark.parametrize("at", [0.1, 0.1021, 0.1049])
    def test_a_note_is_felt_within_a_hop_and_its_rise(self, tmp_path, kind, within, at):
        worn = garment(tmp_path, kind)
        shaken = strength(worn, note(1, 0.4, 0.6, starts=at))
        before = int(at / HOP_SECONDS)
        assert not shaken[:before].any()
        assert shaken[before : before + 2].any()
        assert crossing(shaken, 0.9 * shaken.max()) - at < within

    @pytest.mark.parametrize(("rate", "hop"), [(48_000, 64), (44_100, 256), (44_100, 512), (96_000, 256)])
    def test_other_clocks_do_as_well(self, tmp_path, monkeypatch, rate, hop):
        for name, value in (("CLOCK", Clock(rate, hop)), ("HOP", hop), ("HOP_SECONDS", hop / rate)):
            monkeypatch.setattr(actuators, name, value)
        worn = garment(tmp_path, *KINDS)
        drive = driven(worn, note(len(KINDS), 0.4, 0.9))
        shaken = felt(worn, drive)[:, :, 0]
        steady = shaken[int(0.35 / actuators.HOP_SECONDS)]
        assert (steady > 0.8).all()
        assert (shaken.max(axis=0) < 1.03 * steady).all()
        for i, within in enumerate((0.016, 0.012, 0.038, 0.048, 0.048)):
            assert crossing(shaken[:, i], 0.9 * steady[i]) < within
        step = hop / (RAMP * rate)
        assert np.abs(np.diff(drive.level[:, 2:], axis=0, prepend=0.0)).max() <= step + 1e-9
        assert shaken[int(0.5 / actuators.HOP_SECONDS) :, 2:4].max() < 0.01

    def test_a_garment_without_actuators_is_fine(self, tmp_path):
        assert driven(garment(tmp_path), song(0, 1.0)).wave.shape[1] == 0


class TestLeast:
    """`least` of the garment file: the weakest drive that its wearer feels."""

    @pytest.mark.parametrize("kind", ["voice-coil", "piezo", "lra", "erm"])
    def test_what_is_weaker_is_lifted_to_it(self, tmp_path, kind):
        worn = garment(tmp_path, f'kind = "{kind}"\nleast = 0.3')
        drive = driven(worn, note(1, 0.5, 0.6, strength=0.06))
        steady = drive.level[int(0.4 / HOP_SECONDS), 0]
        assert steady == pytest.approx(0.33, abs=0.035)
        if kind in ("voice-coil", "piezo"):
            assert np.abs(drive.wave[RATE // 4 : RATE // 3]).max() == pytest.approx(steady, rel=0.05)

    @pytest.mark.parametrize("kind", KINDS)
    def test_full_stays_full_nothing_stays_nothing_and_louder_is_louder(self, tmp_path, kind):
        worn, plain = (garment(tmp_path, f'kind = "{kind}"\nleast = {least}') for least in (0.4, 0.0))
        full, same = (driven(each, note(1, 0.5, 0.9)).level[40, 0] for each in (worn, plain))
        assert full == pytest.approx(same, abs=0.01)
        drive = driven(worn, note(1, 0.5, 1.2))
        assert not drive.wave[-50 * HOP :].any()
        before = 0.0
        for loud in np.linspace(0.0, 1.0, 21):
            most = strength(worn, note(1, 0.4, 0.6, strength=loud)).max()
            assert most >= before - 0.002
            before = most

    @pytest.mark.parametrize("kind", ["voice-coil", "lra", "erm"])
    def test_lifted_it_is_as_smooth_and_as_quiet_above(self, tmp_path, kind):
        drive = driven(garment(tmp_path, f'kind = "{kind}"\nleast = 0.5'), song(1, seed=4))
        assert np.abs(drive.wave).max() <= 1
        assert loud_above(drive.wave[:, 0].astype(float)) < -40


class TestSteady:
    """Beating that no motor follows is not put on one; attacks and ends are."""

    @pytest.mark.parametrize("beats", [50.0, 70.0, 90.0])
    @pytest.mark.parametrize("dip", [0.1, 0.3])
    def test_beating_makes_no_sidebands(self, tmp_path, beats, dip):
        hops = 400
        t = np.arange(hops * HOP) / RATE
        env = np.clip(t / 0.005, 0, 1) * 0.6 * (1 - dip * (0.5 + 0.5 * np.cos(2 * np.pi * beats * t)))
        asked = Asked(env[:, None], env[:, None], np.full((hops, 1), 90.0))
        wave = driven(garment(tmp_path, "lra"), asked).wave[RATE // 2 : RATE * 3 // 2, 0].astype(float)
        power = np.abs(np.fft.rfft(wave * np.hanning(len(wave)))) ** 2
        aside = sum(
            power[round(175 + side * beats) - 4 : round(175 + side * beats) + 5].sum() for side in (-1, 1)
        )
        assert 10 * np.log10(aside / power.sum()) < -30

    def test_a_rise_is_told_at_once_and_an_end_soon(self):
        steady, asked = Steady(1, CLOCK), note(1, 0.3, 0.6, strength=0.8)
        told = np.array([steady.hop(asked.env[at : at + HOP])[0] for at in range(0, len(asked.env), HOP)])
        ends = asked.env[HOP - 1 :: HOP, 0]
        assert (told[: int(0.29 / HOP_SECONDS)] >= ends[: int(0.29 / HOP_SECONDS)]).all()
        assert told.max() <= 0.8
        assert 0 < np.flatnonzero(told >= 0.016)[-1] * HOP_SECONDS - 0.3 < 0.015
        assert told[-1] == 0

    def test_what_ends_and_goes_on_softly_does_not_swell_again(self):
        steady = Steady(1, CLOCK)
        told = [steady.hop(np.full((HOP, 1), level))[0] for level in (0.8, 0.8, *[0.2] * 20)]
        assert told == sorted(told, reverse=True)
        assert told[-1] == pytest.approx(0.2, abs=0.01)
