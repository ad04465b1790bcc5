"""Strokes are found to the millisecond, none missed, none extra; clicks are felt and never step."""

from __future__ import annotations

import numpy as np
import pytest
from thorough import some

from wearsound import chance
from wearsound.core import F64, Clock
from wearsound.instruments.vibration.click import Clicks
from wearsound.instruments.vibration.strokes import APART, Strokes
from wearsound.sources.composer.cache import compose
from wearsound.sources.signal import test_signal as signal_of

CLOCK = Clock()
RATE = CLOCK.sample_rate
BASS, MID, AIR = (45.0, 160.0), (500.0, 2000.0), (6000.0, 16000.0)


def found(x: F64, band: tuple[float, float] = BASS, hops: tuple[int, ...] = (64,)) -> list[tuple[int, float]]:
    """All strokes of x, heard in blocks of so many hops by turns."""
    strokes, out, at, turn = Strokes(band, CLOCK), [], 0, 0
    end = len(x) // CLOCK.hop * CLOCK.hop
    while at < end:
        size = min(hops[turn % len(hops)] * CLOCK.hop, end - at)
        out += [(at + k, strength) for k, strength in strokes.find(x[at : at + size])]
        at, turn = at + size, turn + 1
    return out


def against(strokes: list[tuple[int, float]], truth: list[float]) -> tuple[F64, int, int]:
    """Delays in ms of the strokes that are true, how many are missed, how many are extra."""
    times = [at / RATE for at, _ in strokes]
    delays, missed = [], 0
    for true in truth:
        hit = next((t for t in times if 0.0 <= t - true < 0.03), None)
        if hit is None:
            missed += 1
        else:
            times.remove(hit)
            delays.append(1000.0 * (hit - true))
    return np.array(delays), missed, len(times)


def tone(hz: float, seconds: float) -> F64:
    return 0.5 * np.sin(2 * np.pi * hz * np.arange(round(seconds * RATE)) / RATE)


@pytest.mark.parametrize("bpm", range(60, 181, 15))
def test_a_kick_train_is_found_within_a_hop(bpm: int) -> None:
    kick = signal_of(f"test:kick={bpm}")
    delays, missed, extra = against(found(kick.samples(0, 20 * RATE)), kick.beats(20))
    print(f"{bpm} bpm: {delays.mean():.2f} ms, sd {delays.std():.2f}, most {delays.max():.2f}")
    assert (missed, extra) == (0, 0)
    assert delays.max() < 1000 * CLOCK.hop / RATE
    assert delays.std() < 0.6


@pytest.mark.parametrize("seed", some([7, 1, 2, 3, 11], 4))
def test_kicks_in_music_are_found(seed: int) -> None:
    track = compose(seed)
    kicks = list(track.truth.kicks)
    heard = found(track.samples[:, :2].mean(axis=1).astype(np.float64))
    delays, missed, extra = against(heard, kicks)
    _, _, later = against([one for one in heard if one[0] / RATE >= kicks[0]], kicks)
    print(f"seed {seed}: {len(kicks)} kicks, {missed} missed, {extra} extra ({later} once kicks play)")
    print(f"  {delays.mean():.2f} ms, sd {delays.std():.2f}")
    assert missed == 0
    assert extra <= 6
    assert later <= 4
    assert delays.std() < 2.0
    assert delays.mean() < 6.5


@pytest.mark.parametrize("band", [BASS, (20.0, 45.0), (160.0, 500.0), MID, (2000.0, 6000.0), AIR])
def test_what_goes_on_has_no_strokes(band: tuple[float, float]) -> None:
    n, beds = 20 * RATE, chance.noises(0, "bed", 20 * RATE)
    rise = np.minimum(np.arange(n) / (3 * RATE), 1.0)
    middle = tone((band[0] * band[1]) ** 0.5, 20.0)
    sounds = {"silence": np.zeros(n), "tone": middle, "bed": 0.3 * beds, "bed rising": 0.3 * rise * beds}
    sounds |= {"tone rising": rise * middle, "110 Hz": tone(110.0, 20.0), "55 Hz": tone(55.0, 20.0)}
    for name, x in sounds.items():
        late = [at / RATE for at, _ in found(x, band) if at > 0.2 * RATE]
        assert not late, f"{name}: strokes at {late}"
    assert not found(sounds["silence"], band)
    assert not found(sounds["tone rising"], band)


@pytest.mark.parametrize("band", [(160.0, 500.0), MID, (2000.0, 6000.0), AIR])
def test_a_single_click_gives_one(band: tuple[float, float]) -> None:
    x = np.zeros(RATE)
    x[20_000:20_240] = 0.9 * chance.noises(0, "click", 240) * (1 - np.arange(240) / 240) ** 2
    ((at, strength),) = found(x, band)
    assert 0 <= at - 20_000 < CLOCK.hop
    assert strength == 1.0


def test_a_broad_click_is_no_kick_and_a_kick_is_one() -> None:
    x = np.zeros(RATE)
    x[20_000:20_240] = 0.9 * chance.noises(0, "click", 240)
    assert not found(x)
    kick = np.concatenate([np.zeros(20_000), signal_of("test:kick=60").samples(0, 20_000)])
    assert len(found(kick)) == 1


def test_a_roll_is_accents_and_the_strong_ones_win() -> None:
    """Strokes 60 ms apart, every fourth three times as strong: no two closer than 100 ms, all strong ones felt."""
    x, apart = np.zeros(4 * RATE), round(0.06 * RATE)
    strong = []
    for k, at in enumerate(range(9_600, len(x) - apart, apart)):
        loud = k % 4 == 0
        strong += [at / RATE] if loud else []
        grain = chance.noises(0, "roll", 1_500) * np.exp(-np.arange(1_500) / 300)
        x[at : at + 1_500] += (0.8 if loud else 0.15) * grain
    heard = found(x, MID)
    gaps = np.diff([at for at, _ in heard]) / RATE
    assert gaps.min() >= APART - 64 / RATE
    _, missed, extra = against(heard, strong)
    assert missed == 0
    assert extra <= len(strong)


def test_a_weaker_stroke_is_weaker() -> None:
    kick = signal_of("test:kick=60").samples(0, RATE // 2)
    strengths = [
        s for _, s in found(np.concatenate([kick * (0.6 if k % 3 == 2 else 1.0) for k in range(24)]))
    ]
    assert len(strengths) == 24
    assert max(strengths[5::3]) < 0.9 * min(strengths[6::3])


@pytest.mark.parametrize("band", [BASS, MID])
def test_strokes_do_not_depend_on_grouping(band: tuple[float, float]) -> None:
    x = compose(7).samples[: 14 * RATE, :2].mean(axis=1).astype(np.float64)
    whole = found(x, band)
    assert len(whole) > 5
    assert found(x, band, (1,)) == whole
    assert found(x, band, (3, 1, 17, 2)) == whole


def test_reset_forgets() -> None:
    x, strokes = signal_of("test:kick=120").samples(0, 64 * CLOCK.hop), Strokes(BASS, CLOCK)
    first = strokes.find(x)
    strokes.reset()
    assert first
    assert strokes.find(x) == first


@pytest.mark.parametrize("band", [BASS, MID])
def test_a_click_is_felt_and_never_steps(band: tuple[float, float]) -> None:
    wave, env = Clicks(CLOCK, band).play(RATE, [(1_000, 1.0)])
    assert not wave[:1_001].any()
    assert np.count_nonzero(env > 0.1) >= 0.030 * RATE
    assert env.max() > 0.99
    assert np.argmax(env > 0.99) - np.argmax(env > 0.01) >= 0.005 * RATE * 0.85
    assert np.abs(np.diff(env)).max() < 1 / (0.003 * RATE)
    assert np.all(np.abs(wave) <= env)
    spectrum = np.abs(np.fft.rfft(wave))
    hz = np.fft.rfftfreq(RATE, 1 / RATE)
    assert spectrum[hz > 1000].max() < 0.01 * spectrum.max()
    middle = 60 < hz[spectrum.argmax()] < 92 if band == BASS else 180 < hz[spectrum.argmax()] < 225
    assert middle


def test_clicks_go_on_over_blocks() -> None:
    strokes = [(200, 1.0), (6_000, 0.5), (9_000, 0.8)]
    wave, env = Clicks(CLOCK).play(16_384, strokes)
    clicks, parts = Clicks(CLOCK), []
    for start in range(0, 16_384, 256):
        parts.append(clicks.play(256, [(at - start, s) for at, s in strokes if start <= at < start + 256]))
    assert np.array_equal(np.concatenate([w for w, _ in parts]), wave)
    assert np.array_equal(np.concatenate([e for _, e in parts]), env)


def test_a_weaker_click_does_not_break_into_a_stronger() -> None:
    alone = Clicks(CLOCK).play(4_096, [(0, 1.0)])
    both = Clicks(CLOCK).play(4_096, [(0, 1.0), (480, 0.5)])
    assert np.array_equal(alone[0], both[0])
