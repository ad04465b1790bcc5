"""Vibration at its worst: what leaves is measured here from Drive.wave and Drive.level, by none of the guard's code."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from scipy.signal import freqs
from thorough import some, usually

from wearsound.chance import uniforms
from wearsound.core import Block, Clock, Event
from wearsound.felt import Drive
from wearsound.garment.document import Garment, load_garment
from wearsound.garment.motor_kinds import motion
from wearsound.safety import duty
from wearsound.safety.dose import ACTION, Dose, rms
from wearsound.safety.vibration import VibrationGuard
from wearsound.safety.weighting import Slow, weight
from wearsound.show.build import Built, build
from wearsound.show.load import load

CLOCK = Clock()
HOP = CLOCK.hop
A_SECOND = CLOCK.sample_rate / HOP
SLOW = Clock(12_000)
"""Four times longer hops, so that ten minutes are sooner over."""

BODY = """
title = "Shaker"
[[zone]]
name = "chest"
light = [0.8, 0.1, 60]
[[zone]]
name = "back"
light = [0.8, 0.1, 60]
[[figure]]
name = "front"
at = [640, 100]
[[figure.layer]]
name = "body"
zone = "chest"
outline = [[0, 0, 1], [20, 0, 1], [20, 40, 1], [0, 40, 1]]
[[figure.layer]]
name = "rear"
zone = "back"
outline = [[30, 0, 1], [50, 0, 1], [50, 40, 1], [30, 40, 1]]
"""


def shaker(path: Path, kinds: str = "voice-coil lra erm", g: float = 0.0) -> Garment:
    text = BODY
    for i, kind in enumerate(kinds.split()):
        zone, x = (("chest", 10), ("back", 40))[i % 2]
        text += f'[[actuator]]\nname = "a{i}"\nzone = "{zone}"\nkind = "{kind}"\nat = [{x}, {5 + i // 2}]\n'
        text += f"g = {g}\n" if g else ""
    place = path / "shaker.toml"
    place.write_text(text)
    return load_garment(place)


def done(wave: np.ndarray, level: np.ndarray, hop: int) -> np.ndarray:
    """How far each was driven in each hop, (hops, n)."""
    return np.maximum(np.abs(wave).reshape(len(level), hop, -1).max(axis=1), np.abs(level))


def worst_duty(drove: np.ndarray, seconds: float, clock: Clock = CLOCK) -> float:
    """The largest mean over any window, rest before the start counted in."""
    hops = int(seconds * clock.sample_rate / clock.hop)
    total = np.concatenate([np.zeros((hops, drove.shape[1])), np.cumsum(drove, axis=0)])
    return float((total[hops:] - total[:-hops]).max() / hops)


def a8(drove: np.ndarray, hz: float, full: np.ndarray, clock: Clock = CLOCK) -> float:
    """A(8) of everything driven at one pitch: Wh from the poles and zeros of ISO 8041-1, not from our formula."""
    s = 2j * math.pi * hz
    w1, w2, w3 = (2 * math.pi * f for f in (6.310, 1258.9, 15.915))
    high = s * s / (s * s + w1 / 0.70711 * s + w1 * w1)
    low = 1 / (1 + s / (0.70711 * w2) + (s / w2) ** 2)
    fall = (1 + s / w3) / (1 + s / (0.64 * w3) + (s / w3) ** 2)
    energy = np.square(drove * full * abs(high * low * fall)).sum() * clock.hop / clock.sample_rate
    return math.sqrt(energy / 28_800)


class Kept:
    """A driver that keeps what it was driven with, hop by hop."""

    name = "kept"

    def __init__(self, clock: Clock) -> None:
        self.clock, self.drove, self.hz = clock, [], []
        self.finite = True

    def drive(self, tick: int, gap: int, drive: Drive) -> None:
        self.finite &= bool(np.isfinite(drive.wave).all() and np.isfinite(drive.level).all())
        self.drove.append(done(drive.wave, drive.level, self.clock.hop))
        self.hz.append(drive.hz.copy())

    @property
    def all(self) -> np.ndarray:
        return np.concatenate(self.drove)


# --- Through the engine ------------------------------------------------------------------------------------------

ALL_ON = """
[[route]]
from = "level"
to = "*.buzz"
in = [-300, -200]
attack = 0
release = 0
[[route]]
from = "level"
to = "*.buzz_hz"
in = [-300, -200]
out = [39, 40]
attack = 0
"""
STROBE = """
[[route]]
from = "level"
to = "*.buzz"
in = [-60, -59]
attack = 0
release = 0
mode = "hold"
"""
FLIPS = '[[scene]]\nname = "off"\nfade = 0\n[[scene]]\nname = "on"\nfade = 0\n' + ALL_ON.replace(
    "[[route]]", "[[scene.route]]"
)


def engine_of(folder: Path, patch: str, garment: Garment, rate: int) -> tuple[Built, Kept]:
    path = folder / "hostile.toml"
    path.write_text(f'title = "Hostile"\n{patch}')
    built = build(load(path, garment=garment.path), {"room": (0,)}, rate, strict=True)
    kept = Kept(built.clock)
    built.engine.drivers.append(kept)
    return built, kept


def play(built: Built, seconds: float, sound: Callable[[np.ndarray], np.ndarray], flip: float = 0.0) -> None:
    """Blocks of 16 hops; `sound` of the time of each sample, and with `flip` a scene called every so many seconds."""
    clock, count = built.clock, 16
    hops = int(seconds * clock.sample_rate / clock.hop)
    scene, turn = 0, 0
    for tick in range(0, hops - count + 1, count):
        t = (tick * clock.hop + np.arange(count * clock.hop)) / clock.sample_rate
        events: tuple[Event, ...] = ()
        if flip and clock.seconds(tick) >= turn * flip:
            turn, scene = turn + 1, 1 - scene
            events = (Event(tick, f"/wear/scene/{('off', 'on')[scene]}", (1,), "osc"),)
        samples = sound(t).astype(np.float32)[:, None]
        built.engine.step(Block(tick, samples, {"room": (0,)}, count, events=events))


def hum(t: np.ndarray) -> np.ndarray:
    return 0.5 * np.sin(2 * math.pi * 100 * t)


def strobing(t: np.ndarray) -> np.ndarray:
    return hum(t) * ((t * 20) % 1 < 0.5)


@pytest.mark.parametrize(
    ("patch", "seconds", "sound", "flip", "least"),
    [
        (ALL_ON, usually(90, 660), hum, 0, 0.2),
        (STROBE, usually(40, 120), strobing, 0, 0.02),
        (FLIPS, usually(40, 120), hum, 0.1, 0.02),
    ],
    ids=["everything at 1", "strobe at 20 Hz", "scenes flip"],
)
def test_no_patch_passes_the_limits(
    tmp_path: Path,
    patch: str,
    seconds: float,
    sound: Callable[[np.ndarray], np.ndarray],
    flip: float,
    least: float,
) -> None:
    garment = shaker(tmp_path, "voice-coil lra erm piezo phone", g=20.0)
    built, kept = engine_of(tmp_path, patch, garment, 16_000)
    play(built, seconds, sound, flip)
    drove, clock = kept.all, built.clock
    assert kept.finite
    assert drove.max() <= 1.0
    assert worst_duty(drove, 10, clock) <= 0.5
    assert worst_duty(drove, 600, clock) <= 0.3
    facts = built.touch_guard.facts()
    assert facts["dose"]["a8"] <= ACTION
    assert max(facts["taken"].values()) > 0.02
    # It bows, and is not mute: something is still felt in the last ten seconds, unless the day's dose is had.
    late = drove[-int(10 * clock.sample_rate / clock.hop) :].mean(axis=0).max()
    assert late > least * (1.0 - facts["dose"]["of_action"])


def test_a_panic_is_still_within_a_hop_and_nothing_comes_back_at_once(tmp_path: Path) -> None:
    garment = shaker(tmp_path)
    built, kept = engine_of(tmp_path, ALL_ON, garment, 48_000)
    tone = hum(np.arange(HOP * 16) / 48_000).astype(np.float32)[:, None]
    for k in range(0, 320, 16):
        events = {160: (Event(k, "/wear/panic"),), 240: (Event(k, "/wear/resume"),)}.get(k, ())
        built.engine.step(Block(k, tone, {"room": (0,)}, 16, events=events))
    drove = kept.all
    assert drove[150:160].max() > 0.5
    assert drove[161:240].max() == 0.0
    assert drove[240:248].max() < 0.1
    assert drove[310:].max() > 0.3


# --- The guard alone, against drives that no instrument of ours makes ---------------------------------------------


def guarded(
    garment: Garment, drives: Iterator[tuple[int, Drive]], clock: Clock = CLOCK
) -> tuple[VibrationGuard, np.ndarray, np.ndarray, np.ndarray]:
    """Waves, levels and ticks after the guard."""
    guard = VibrationGuard(garment, clock)
    waves, levels, ticks = [], [], []
    for tick, drive in drives:
        guard.limit(tick, drive, np.ones(len(drive.level)))
        waves.append(drive.wave)
        levels.append(drive.level)
        ticks.append(tick + np.arange(len(drive.level)))
    return guard, np.concatenate(waves), np.concatenate(levels), np.concatenate(ticks)


def drive_of(n_hops: int, n: int, wave: float = 0.0, level: float = 0.0, hz: float = 200.0) -> Drive:
    return Drive(
        np.full((n_hops * HOP, n), wave, np.float32), np.full((n_hops, n), level), np.full((n_hops, n), hz)
    )


def _steady(wave: float, level: float) -> Callable[[int, int], Drive]:
    return lambda k, n: drive_of(32, n, wave, level)


def _on_off(k: int, n: int) -> Drive:
    """25 ms on, 25 ms off, to the sample."""
    drive = drive_of(32, n, 1.0, 1.0)
    t = (k * 32 * HOP + np.arange(32 * HOP)) / SLOW.sample_rate
    drive.wave *= ((t * 20) % 1 < 0.5)[:, None].astype(np.float32)
    return drive


def _in_turn(k: int, n: int) -> Drive:
    """Two thirds of a second one, then the next."""
    drive = drive_of(32, n, 0.0, 0.0)
    drive.wave[:, k % n] = 1.0
    return drive


def _pulses(k: int, n: int) -> Drive:
    """One sample at full in every hop: nothing on average."""
    drive = drive_of(32, n)
    drive.wave[::HOP] = -1.0
    return drive


def _bad(k: int, n: int) -> Drive:
    drive = drive_of(
        32, n, (np.nan, np.inf, -np.inf, 1e30)[k % 4], (np.inf, np.nan, -1e300, 2.0)[k % 4], np.nan
    )
    drive.wave[::2] = 1.0
    return drive


def _chance(k: int, n: int) -> Drive:
    drive = drive_of(32, n)
    drive.wave[:] = (2 * uniforms(k, "wave", 32 * HOP * n) - 1).reshape(-1, n)
    drive.level[:] = np.sign(uniforms(k, "level", 32 * n) - 0.5).reshape(-1, n)
    return drive


@pytest.mark.parametrize(
    "make",
    some(
        [
            pytest.param(_steady(1.0, 1.0), id="all"),
            pytest.param(_steady(1.0, 0.0), id="wave"),
            pytest.param(_steady(0.0, 1.0), id="level"),
            pytest.param(_on_off, id="on-off"),
            pytest.param(_steady(0.0, -1.0), id="brake"),
            pytest.param(_steady(0.45, 0.45), id="half"),
            pytest.param(_bad, id="not-numbers"),
            pytest.param(_in_turn, id="in-turn"),
            pytest.param(_pulses, id="pulses"),
            pytest.param(_chance, id="chance"),
        ],
        4,
    ),
)
def test_duty_holds_whatever_is_asked_for(tmp_path: Path, make: Callable[[int, int], Drive]) -> None:
    garment = shaker(tmp_path)
    blocks = ((32 * k, make(k, 3)) for k in range(int(700 * SLOW.sample_rate / HOP) // 32))
    _, wave, level, _ = guarded(garment, blocks, SLOW)
    assert np.isfinite(wave).all()
    assert np.isfinite(level).all()
    drove = done(wave, level, HOP)
    assert drove.max() <= 1.0
    assert worst_duty(drove, 10, SLOW) <= 0.5
    assert worst_duty(drove, 600, SLOW) <= 0.3
    assert drove[-500:].mean() > 0.05


def test_the_windows_hold_by_themselves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the soft means, which keep clear of them: filled to the brim, again and again, and never over."""
    monkeypatch.setattr(duty, "SOFT", ())
    hops = int(1300 * SLOW.sample_rate / HOP) // 32
    off = range(hops * 5 // 12, hops // 2)  # a long rest, so that the longer window fills twice
    blocks = ((32 * k, drive_of(32, 1, 0.0 if k in off else 1.0)) for k in range(hops))
    _, wave, level, _ = guarded(shaker(tmp_path, "lra"), blocks, SLOW)
    drove = done(wave, level, HOP)
    for seconds, most in ((10, 0.5), (600, 0.3)):
        assert 0.99 * most < worst_duty(drove, seconds, SLOW) <= most


def test_sixty_four_at_once(tmp_path: Path) -> None:
    garment = shaker(tmp_path, "voice-coil " * 64)
    _, wave, level, _ = guarded(garment, ((32 * k, drive_of(32, 64, 1.0, 1.0)) for k in range(130)))
    drove = done(wave, level, HOP)
    assert 0.35 < worst_duty(drove, 10) <= 0.5
    assert (drove.sum(axis=0) == drove.sum(axis=0)[0]).all()


def test_a_faint_tone_kept_on_is_no_free_ride(tmp_path: Path) -> None:
    """It is counted from nothing on, and opens nothing: full drive after it is ramped as after stillness."""
    garment = shaker(tmp_path)

    def blocks() -> Iterator[tuple[int, Drive]]:
        for k in range(20):
            yield 32 * k, drive_of(32, 3, 0.001, 0.001)
        yield 640, drive_of(32, 3, 1.0, 1.0)

    guard, wave, level, _ = guarded(garment, blocks())
    assert guard.facts()["taken"]["a0"] == 0.0
    first = np.abs(wave[640 * HOP :, 0])
    assert first[:200].max() < 0.9
    assert first[239] == pytest.approx(1.0, abs=0.01)
    drove = done(wave, level, HOP)[:640]
    assert drove[5:].min() > 0.0009


@pytest.mark.parametrize("at", [0, 1, 100, 200, 255])
@pytest.mark.parametrize("rest", [0.02, 0.2])
def test_nothing_comes_on_faster_than_in_five_milliseconds(tmp_path: Path, at: int, rest: float) -> None:
    """A switch thrown at any sample of a hop, from still, and again after `rest` seconds."""
    garment = shaker(tmp_path)
    drive = drive_of(64, 3)
    off = 20 * HOP + at + round(rest * CLOCK.sample_rate) + HOP
    drive.wave[at : 20 * HOP] = 1.0
    drive.wave[off:] = -1.0
    _, wave, _, _ = guarded(garment, iter([(0, drive)]))
    for start, sign in ((at, 1.0), (off, -1.0)):
        ramp = sign * wave[start : start + 240, 0]
        assert (ramp <= (np.arange(240) + 1) / 240 + 1e-6).all()
        assert (np.diff(ramp) >= 0).all()
    assert np.abs(wave[off + 260 :, 0]).min() == 1.0


def test_levels_ramp_too_and_small_hops_make_them_slower(tmp_path: Path) -> None:
    clock = Clock(48_000, 64)
    guard = VibrationGuard(shaker(tmp_path), clock)
    drive = Drive(np.zeros((6 * 64, 3), np.float32), np.ones((6, 3)), np.full((6, 3), 200.0))
    guard.limit(0, drive, np.ones(6))
    steps = np.diff(drive.level[:, 0], prepend=0.0)
    assert steps.max() <= 64 / 240 + 1e-9
    assert drive.level[-1, 0] == 1.0


def test_what_keeps_the_rules_leaves_as_it_came(tmp_path: Path) -> None:
    """A tone that swells and fades, below a fifth on average: bit for bit, hour after hour."""
    garment = shaker(tmp_path)
    t = np.arange(64 * HOP) / CLOCK.sample_rate

    def blocks() -> Iterator[tuple[int, Drive]]:
        for k in range(200):
            now = t + k * 64 * HOP / CLOCK.sample_rate
            swell = 0.15 * (1 - np.cos(2 * math.pi * now))
            drive = drive_of(64, 3)
            drive.wave[:] = (swell * np.sin(2 * math.pi * 110 * now))[:, None]
            drive.level[:] = swell[HOP - 1 :: HOP, None]
            yield 64 * k, drive

    asked = np.concatenate([drive.wave for _, drive in blocks()])
    guard, wave, _, _ = guarded(garment, blocks())
    assert (wave[2 * HOP :] == asked[2 * HOP :]).all()
    assert max(guard.facts()["taken"].values()) < 1e-3


def test_it_bows_and_is_not_chopped(tmp_path: Path) -> None:
    """Full drive for two minutes: no hop is much weaker than the one before, and none is mute."""
    garment = shaker(tmp_path)
    _, wave, level, _ = guarded(garment, ((32 * k, drive_of(32, 3, 1.0, 1.0)) for k in range(700)))
    drove = done(wave, level, HOP)[3:, 0]
    assert np.abs(np.diff(drove) / drove[:-1]).max() < 0.01
    assert drove.min() > 0.15
    assert np.ptp(drove[-5000:]) < 0.05


def test_lost_hops_are_no_rest(tmp_path: Path) -> None:
    """One hop at full, then a quarter of a second lost, over and over: a driver may have held it all the while."""
    garment = shaker(tmp_path)
    held = round(0.25 * A_SECOND)
    every = held + 1
    _, wave, level, ticks = guarded(garment, ((every * k, drive_of(1, 3, 1.0, 1.0)) for k in range(300)))
    felt = np.zeros((int(ticks[-1]) + every, 3))
    for tick, drove in zip(ticks, done(wave, level, HOP), strict=True):
        felt[tick : tick + every] = drove
    assert worst_duty(felt, 10) <= 0.5
    assert worst_duty(felt, 600) <= 0.3


def test_lost_hops_are_no_rest_for_the_dose_either(tmp_path: Path) -> None:
    """The same, counted as a driver may have held it: a quarter of a second of it for every hop that was played."""
    garment = shaker(tmp_path, "lra", g=20.0)
    every = round(0.25 * A_SECOND) + 1
    guard, wave, level, _ = guarded(
        garment, ((every * k, drive_of(1, 1, 1.0, 1.0, 40.0)) for k in range(300))
    )
    full = np.array([rms(garment.actuators[0])])
    held = np.repeat(done(wave, level, HOP), every, axis=0)[: 1 - every]  # nothing was lost after the last
    found = a8(held, 40.0, full)
    assert found > 0.3 * ACTION
    assert found <= guard.facts()["dose"]["a8"] < 1.05 * found


@pytest.mark.parametrize("jump", some([10_000, 1_000_000, -500, 10**12], 2))
def test_ticks_that_jump_buy_nothing(tmp_path: Path, jump: int) -> None:
    """Whoever says that ten minutes went by has not rested: counted over what was really played."""
    garment = shaker(tmp_path)
    _, wave, level, _ = guarded(garment, ((jump * k + 32 * k, drive_of(32, 3, 1.0, 1.0)) for k in range(200)))
    drove = done(wave, level, HOP)
    assert worst_duty(drove, 10) <= 0.5
    assert worst_duty(drove, 600) <= 0.3


def test_after_a_gap_it_ramps_again(tmp_path: Path) -> None:
    blocks = iter([(0, drive_of(8, 3, 1.0, 1.0)), (400, drive_of(8, 3, 1.0, 1.0))])
    _, wave, _, _ = guarded(shaker(tmp_path), blocks)
    assert wave[8 * HOP, 0] < 0.01
    assert wave[8 * HOP + 120, 0] < 0.52


def test_any_grouping_gives_the_same_bits(tmp_path: Path) -> None:
    garment = shaker(tmp_path, g=20.0)
    n_hops = 2 * 7 * 64
    wave = np.concatenate([_chance(k, 3).wave for k in range(n_hops // 32)])
    wave *= (uniforms(5, "on", n_hops) < 0.6).repeat(HOP)[:, None].astype(np.float32)
    wave[1000:1010], wave[7777] = np.nan, np.inf
    level = np.concatenate([_chance(k, 3).level for k in range(n_hops // 32)])
    hand = np.minimum(1.0, 1.5 * uniforms(6, "hand", n_hops))
    found = []
    for size in (1, 7, 64):
        guard = VibrationGuard(garment, CLOCK)
        drive = Drive(wave.copy(), level.copy(), np.full((n_hops, 3), 40.0))
        for at in range(0, n_hops, size):
            tick = at + (3000 if at >= n_hops // 2 else 0)
            part = Drive(
                drive.wave[at * HOP : (at + size) * HOP],
                drive.level[at : at + size],
                drive.hz[at : at + size],
            )
            guard.limit(tick, part, hand[at : at + size])
        found.append((drive.wave.tobytes(), drive.level.tobytes(), guard.facts()))
    assert found[0] == found[1] == found[2]


def test_reset_forgets(tmp_path: Path) -> None:
    guard = VibrationGuard(shaker(tmp_path), CLOCK)
    first = []
    for _ in range(2):
        guard.reset()
        drive = drive_of(64, 3, 1.0, 1.0)
        guard.limit(0, drive, np.ones(64))
        first.append((drive.wave.tobytes(), guard.facts()))
    assert first[0] == first[1]


# --- Dose ---------------------------------------------------------------------------------------------------------


def test_the_weighting_is_the_standards() -> None:
    table = {8: 0.877, 12.5: 0.958, 16: 0.892, 25: 0.650, 31.5: 0.521, 40: 0.409, 63: 0.256, 80: 0.201}
    table |= {100: 0.160, 160: 0.100, 200: 0.080, 250: 0.064, 400: 0.040, 1000: 0.013}
    for hz, expected in table.items():
        assert weight(hz) == pytest.approx(expected, abs=0.0006)
    w = 2 * math.pi * 15.915
    _, fall = freqs([1 / w, 1], [1 / w**2, 1 / (0.64 * w), 1], [2 * math.pi * 40])
    assert weight(40) == pytest.approx(abs(fall[0]), rel=0.002)


@pytest.mark.parametrize(("hz", "g", "hours"), [(175, 1, 125), (40, 2, 1.5)])
def test_worked_examples(tmp_path: Path, hz: float, g: float, hours: float) -> None:
    """1 g at 175 Hz takes about 125 hours to the action value, 2 g at 40 Hz an hour and a half."""
    garment = shaker(tmp_path, "voice-coil", g=g)
    rated = motion(garment.actuators[0]).full
    dose = Dose(garment, CLOCK)
    still = np.zeros((HOP, 1), np.float32)
    for _ in range(1000):
        dose.add(still, np.array([rated]), np.array([float(hz)]))
    took = 1000 / A_SECOND / 3600 / dose.share
    assert took == pytest.approx(hours, rel=0.06)


def test_the_dose_adds_up_as_the_standard_says(tmp_path: Path) -> None:
    garment = shaker(tmp_path, "voice-coil voice-coil", g=3.0)
    dose, n = Dose(garment, CLOCK), 5000
    drove = np.stack([uniforms(1, "a", n), uniforms(2, "b", n)], axis=1)
    for row in drove:
        dose.add(np.zeros((HOP, 2), np.float32), row, np.array([63.0, 63.0]))
    full = np.array([rms(actuator) for actuator in garment.actuators])
    assert dose.a8 == pytest.approx(a8(drove, 63.0, full), rel=1e-3)


def tone(k: int, n: int, hz: float, told: float) -> Drive:
    drive = drive_of(32, n, 0.0, 1.0, told)
    t = (k * 32 * HOP + np.arange(32 * HOP)) / CLOCK.sample_rate
    drive.wave[:] = np.sin(2 * math.pi * hz * t)[:, None]
    return drive


@pytest.mark.parametrize("told", some([40.0, 500.0, 0.0, np.nan], 2))
def test_the_days_dose_is_never_passed(tmp_path: Path, told: float) -> None:
    """Twenty shakers of 20 g at 40 Hz, at full for a minute, and one who says that it is 500 Hz is not believed."""
    garment = shaker(tmp_path, "voice-coil " * 20, g=20.0)
    n = len(garment.actuators)
    guard, wave, level, _ = guarded(
        garment, ((32 * k, tone(k, n, 40.0, told)) for k in range(int(60 * A_SECOND) // 32))
    )
    drove = done(wave, level, HOP)
    full = np.full(n, 20.0 * 9.81 / math.sqrt(2) / motion(garment.actuators[0]).full)
    found = a8(drove, 40.0, full)
    assert 0.75 * ACTION < found <= ACTION
    assert found <= guard.facts()["dose"]["a8"] <= ACTION
    assert np.abs(np.diff(drove[3:, 0])).max() < 0.05


@pytest.mark.parametrize("hz", [10.0, 20.0, 40.0, 80.0, 125.0, 250.0, 500.0])
def test_a_wave_is_weighed_by_itself_and_never_too_little(tmp_path: Path, hz: float) -> None:
    slow = Slow(1, CLOCK)
    wave = np.sin(2 * math.pi * hz * np.arange(400 * HOP) / CLOCK.sample_rate).astype(np.float32)[:, None]
    squares = [float(slow.square(wave[i * HOP : (i + 1) * HOP])[0]) for i in range(400)]
    found = math.sqrt(2 * np.mean(squares[100:]))
    assert weight(hz) < found < weight(hz) * (1.19 if hz >= 16 else 1.4)


def test_a_slower_pitch_than_any_weighs_the_most(tmp_path: Path) -> None:
    """Nothing hides below 12.5 Hz, where Wh falls again, nor above the table."""
    garment = shaker(tmp_path, "voice-coil", g=5.0)
    shares = []
    for hz in (1.0, 13.0, 40.0, 200.0, 512.0, 999.0):
        dose = Dose(garment, CLOCK)
        for _ in range(100):
            dose.add(np.zeros((HOP, 1), np.float32), np.ones(1), np.array([hz]))
        shares.append(dose.share)
    assert shares[0] == shares[1]
    assert shares == sorted(shares, reverse=True)
    assert shares[-1] > 0
