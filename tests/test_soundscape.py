"""The soundscape: what moves in a lane sounds, on the scale, and ends; voices and the whole."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pytest
from thorough import some

from wearsound.core import F64, MAX_HOPS, Block, Clock, Spec
from wearsound.instruments.soundscape.band import Band
from wearsound.instruments.soundscape.bowed import Bowed
from wearsound.instruments.soundscape.dials import NAMES, Dials
from wearsound.instruments.soundscape.drones import Drones
from wearsound.instruments.soundscape.listening import Listening
from wearsound.instruments.soundscape.modes import Bank, Raise
from wearsound.instruments.soundscape.plain import cosine, exponential, logarithm, power, sine
from wearsound.instruments.soundscape.soundscape import Soundscape
from wearsound.instruments.soundscape.struck import Struck
from wearsound.instruments.soundscape.tuning import KEY, PITCHES, SCALES, Tuning
from wearsound.mapping.scape import ALL, scape_controls
from wearsound.sound import Scape, Voice, VoiceKind
from wearsound.sources.composer import compose, compose_walk

RATE, HOP = 48_000, 256
REST = dict.fromkeys(NAMES, 0.5) | {"memory": 0.3, "bright": 0.4}


def _scape(kinds: Sequence[VoiceKind] = ALL, key: str = "own", **rest: float) -> Scape:
    voices = tuple(Voice(kind, kind) for kind in kinds)
    return Scape(voices, 55.0, "hirajoshi", key, REST | rest)  # type: ignore[arg-type]


@dataclass
class _Playing:
    soundscape: Soundscape
    controls: F64

    def play(
        self, body: F64, groups: Sequence[int] = (MAX_HOPS,), lane: str = "body", features: F64 | None = None
    ) -> F64:
        """(2, n): whole hops of one lane, in blocks of so many hops in turn."""
        n = len(body) // HOP
        out, tick, turn = np.zeros((2, n * HOP)), 0, 0
        if features is None:
            features = np.zeros((n, 0))
        while tick < n:
            hops = min(groups[turn % len(groups)], n - tick)
            part, turn = slice(tick * HOP, (tick + hops) * HOP), turn + 1
            block = Block(tick, body[part, None].astype(np.float32), {lane: (0,)}, hops)
            controls = np.tile(self.controls, (hops, 1))
            self.soundscape.play(block, features[tick : tick + hops], controls, out[:, part])
            tick += hops
        return out


def _made(scape: Scape, seed: int = 7, features: Sequence[Spec] = ()) -> _Playing:
    specs = scape_controls(scape)
    soundscape = Soundscape(scape, features, specs, seed)
    soundscape.prepare(Clock(RATE, HOP))
    return _Playing(soundscape, np.array([spec.default for spec in specs]))


@pytest.fixture(scope="module")
def walk() -> F64:
    """Six seconds of the built-in walk, after half a second of stillness: float64 (n,)."""
    body = compose(7).samples[:, 2].astype(float)
    return body[round(1.1 * RATE) : round(7.6 * RATE)]


def _db(sound: F64) -> float:
    return float(10 * np.log10((sound * sound).mean() + 1e-30))


def _peaks(sound: F64, low: float, high: float, least: float) -> list[float]:
    """Hz of spectral peaks no more than `least` dB below the highest, by a parabola through the log spectrum."""
    n = len(sound)
    spectrum = 20 * np.log10(np.abs(np.fft.rfft(sound * np.blackman(n), 4 * n)) + 1e-12)
    at = np.flatnonzero((spectrum[1:-1] > spectrum[:-2]) & (spectrum[1:-1] > spectrum[2:])) + 1
    hz = at * RATE / (4 * n)
    at = at[(hz > low) & (hz < high)]
    at = at[spectrum[at] > spectrum[at].max() - least]
    a, b, c = spectrum[at - 1], spectrum[at], spectrum[at + 1]
    return list((at + 0.5 * (a - c) / (a - 2 * b + c)) * RATE / (4 * n))


def _lines(sound: F64, low: float, high: float) -> list[float]:
    """Hz of lines in noise: the power of 2 Hz around is the most within a quarter tone, and 10 dB over its edges."""
    n = len(sound)
    power = np.abs(np.fft.rfft(sound * np.blackman(n))) ** 2
    width = 2 * n // RATE
    near = np.convolve(power, np.ones(width) / width, "same")
    lines = []
    for i in range(round(low * n / RATE), round(high * n / RATE)):
        reach = max(3 * width, round(0.029 * i))
        around = near[i - reach : i + reach + 1]
        if (
            near[i] == around.max()
            and near[i] > 10 * max(around[0], around[-1])
            and near[i] > 1e-5 * near.max()
        ):
            lines.append(i * RATE / n)
    return lines


def _cents(f: float, notes: Sequence[float]) -> float:
    return min(abs(1200 * float(np.log2(f / note))) for note in notes)


def _tap(seconds: float, at: float) -> F64:
    """Stillness and one tap: 610 and 1370 Hz, gone in 20 ms."""
    t = np.arange(round(seconds * RATE)) / RATE - at
    late = np.maximum(t, 0)
    knock = 0.6 * np.sin(2 * np.pi * 610 * late) * np.exp(-late / 0.011)
    knock += 0.3 * np.sin(2 * np.pi * 1370 * late) * np.exp(-late / 0.006)
    return np.where(t > 0, knock * np.minimum(1, late / 0.0006), 0.0)


def _hum(hz: float, dbfs: float, seconds: float) -> F64:
    t = np.arange(round(seconds * RATE)) / RATE
    hum = sum(np.sin(2 * np.pi * hz * k * t + k) / k for k in range(1, 25))
    return np.asarray(hum / np.sqrt((hum * hum).mean()) * 10 ** (dbfs / 20))


# --- known answers --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("x", [-7.9, -1.0, -1e-3, 0.0, 0.3, 0.785398, 1.6, 3.2, 100.0])
def test_plain_functions_are_those_of_the_library(x: float) -> None:
    assert sine(x) == pytest.approx(np.sin(x), abs=1e-13)
    assert cosine(x) == pytest.approx(np.cos(x), abs=1e-13)
    assert exponential(x) == pytest.approx(np.exp(x), rel=1e-12)
    if x > 0:
        assert logarithm(x) == pytest.approx(np.log(x), abs=1e-13)
        assert power(x, -0.42) == pytest.approx(x**-0.42, rel=1e-12)


def test_a_mode_rings_at_its_pitch_and_is_60_db_down_after_its_time() -> None:
    clock = Clock(RATE, HOP)
    bank = Bank([[440.0]], [[1.5]], [1.0], [0.0], 4, clock)
    x = np.zeros(bank.per)
    x[3] = 1.0
    sound = []
    for _ in range(RATE * 2 // HOP):
        sound.append(bank.play(0, x, np.ones(1)).copy())
        x = np.zeros(bank.per)
    left, right = np.concatenate(sound, axis=1)
    n = np.arange(len(left)) - 3
    r = 10 ** (-3 / (1.5 * RATE / 4))
    expected = np.where(n >= 0, np.sqrt(1 - r * r) * r**n * np.cos(2 * np.pi * 440 * n / (RATE / 4)), 0.0)
    np.testing.assert_allclose(left, expected, atol=1e-12)
    assert not right.any()


def test_a_bank_that_has_rung_out_is_still() -> None:
    bank = Bank([[440.0]], [[1.5]], [1.0], [1.0], 4, Clock(RATE, HOP))
    x = np.zeros(bank.per)
    x[0] = 1.0
    ended = None
    for hop in range(6 * RATE // HOP):
        bank.play(0, x, np.ones(1))
        x = np.zeros(bank.per)
        bank.rest()
        if not bank.sounds:
            ended = hop * HOP / RATE
            break
    assert ended is not None
    assert 0.5 < ended < 4


def test_what_is_raised_is_the_same_tone_and_hardly_another() -> None:
    raised, low = Raise(8, Clock(RATE, HOP)), 8
    per, out = HOP // low, []
    for hop in range(200):
        n = np.arange(hop * per, (hop + 1) * per)
        hop_out = np.zeros((2, HOP))
        raised.add(np.stack([np.sin(2 * np.pi * 500 * n * low / RATE)] * 2), hop_out)
        out.append(hop_out[0])
    sound = np.concatenate(out)[4096:]
    sound = sound[: len(sound) // 96 * 96]
    spectrum = np.abs(np.fft.rfft(sound * np.blackman(len(sound))))
    hz = np.fft.rfftfreq(len(sound), 1 / RATE)
    there = spectrum[np.abs(hz - 500) < 20].max()
    assert np.sqrt((sound * sound).mean()) == pytest.approx(np.sqrt(0.5), rel=0.01)
    assert spectrum[np.abs(hz - 500) > 40].max() < there * 10 ** (-55 / 20)


def test_a_band_is_3_db_down_at_its_edges() -> None:
    clock = Clock(RATE, HOP)
    for hz, expected in ((32.0, -3.0), (90.0, 0.0), (240.0, -3.0), (8.0, -24.1), (1000.0, -24.5)):
        band = Band(32.0, 240.0, clock)
        band.reset()
        t = np.arange(2 * RATE) / RATE
        sound = band.run(np.sin(2 * np.pi * hz * t)[None])[0, RATE:]
        assert _db(sound) + 3.01 == pytest.approx(expected, abs=0.4)


@pytest.mark.parametrize("seed", [1, 7, 23])
def test_one_tap_strikes_notes_of_the_scale(seed: int) -> None:
    playing = _made(_scape(["struck"], age=0.0), seed)
    soundscape = playing.soundscape
    clock, scape = Clock(RATE, HOP), _scape(["struck"])
    tuning = Tuning(scape, clock)
    struck, heard, dials = (
        Struck(seed, scape.voices[0], tuning, clock),
        Listening("body", clock),
        Dials(clock),
    )
    dials.turn([REST[name] for name in NAMES])
    tap, out = _tap(4.0, 0.5), []
    for hop in range(len(tap) // HOP):
        heard.hear(tap[hop * HOP : (hop + 1) * HOP], 1.0, 9.0)
        wave = np.zeros((2, HOP))
        struck.play(hop, heard, dials, wave)
        out.append(wave)
    sound = np.concatenate(out, axis=1).mean(0)
    assert heard.taps == 1
    assert not sound[: RATE // 2 - HOP].any()
    assert _db(sound[RATE // 2 : RATE]) > -45
    notes = [4 * 55 * ratio * beat for ratio in SCALES["hirajoshi"] for beat in (1.0, 1.0016)]
    found = _peaks(sound[round(0.6 * RATE) :], 200, 400, 12)
    assert found
    assert max(_cents(f, notes) for f in found) < 5
    assert _db(playing.play(tap)) > -60
    assert soundscape.specs == ()


def test_drones_lie_on_the_scale(walk: F64) -> None:
    scape, clock = _scape(["drones"]), Clock(RATE, HOP)
    tuning = Tuning(scape, clock)
    drones, heard, dials = Drones(7, scape.voices[0], tuning, clock), Listening("body", clock), Dials(clock)
    dials.turn([REST[name] for name in NAMES])
    out = []
    for hop in range(len(walk) // HOP):
        heard.hear(walk[hop * HOP : (hop + 1) * HOP], 1.0, 9.0)
        wave = np.zeros((2, HOP))
        drones.play(hop, heard, dials, wave)
        out.append(wave)
    sound = np.concatenate(out, axis=1).mean(0)[2 * RATE :]
    steps = [1, 1.5, 2, 2 * 9 / 8, 2 * 6 / 5, 3, 4, 4 * 6 / 5]
    notes = [55 * ratio * h for ratio in steps for h in range(1, 7)]
    found = _lines(sound, 100, 1200)
    assert len(found) >= 6
    # A beating pair, as wide as it decays, a little stretched: a tenth of a semitone at the most.
    assert max(_cents(f, notes) for f in found) < 12


def _alone(kind: type[Drones | Bowed], name: VoiceKind, body: F64) -> tuple[F64, list[float]]:
    """What one voice plays without room and tape (n,), and the seconds at which steps were counted."""
    scape, clock = _scape([name]), Clock(RATE, HOP)
    heard, dials = Listening("body", clock), Dials(clock)
    voice = kind(7, scape.voices[0], Tuning(scape, clock), clock)
    dials.turn([REST[dial] for dial in NAMES])
    out: list[F64] = []
    steps: list[float] = []
    for hop in range(len(body) // HOP):
        heard.hear(body[hop * HOP : (hop + 1) * HOP], 1.0, 9.0)
        wave = np.zeros((2, HOP))
        voice.play(hop, heard, dials, wave)
        out.append(wave)
        if heard.step:
            steps.append(hop * HOP / RATE)
    return np.concatenate(out, axis=1).mean(0), steps


def test_a_step_is_heard_at_once_and_is_soon_over(walk: F64) -> None:
    """Drones alone, 160 to 1500 Hz, in 20 ms: a foot-fall stands out of what was before, and is gone by the next."""
    sound, steps = _alone(Drones, "drones", walk)
    band = Band(160.0, 1500.0, Clock(RATE, HOP))
    band.reset()
    sound = band.run(sound[None])[0]
    rises, falls = [], []
    for at in [at for at in steps if 1.5 < at < 5.4]:
        level = [_db(sound[round((at + i * 0.02) * RATE) :][: RATE // 50]) for i in range(-5, 25)]
        rises.append(max(level[5:17]) - min(level[:5]))
        falls.append(max(level[5:17]) - min(level[17:]))
    assert len(rises) >= 5
    assert np.median(rises) > 11
    assert np.median(falls) > 11


def test_rubbing_bows_and_the_rustle_of_steps_hardly() -> None:
    body = compose_walk(7).samples[:, 0].astype(float)
    walking, resting = (body[round(a * RATE) : round(b * RATE)] for a, b in ((10.0, 16.0), (24.0, 30.0)))
    loud = []
    for part in (walking, resting):
        one, _ = _alone(Bowed, "bowed", part)
        two, _ = _alone(Drones, "drones", part)
        loud.append((_db(one[2 * RATE :]), _db(two[2 * RATE :])))
    (bowed_walking, drones_walking), (bowed_rubbing, drones_rubbing) = loud
    assert bowed_rubbing > bowed_walking + 5
    assert drones_rubbing < drones_walking - 8
    assert bowed_rubbing > drones_rubbing


def test_silence_stays_silent_to_the_bit() -> None:
    assert not _made(_scape()).play(np.zeros(3 * RATE)).any()


def test_a_lane_that_is_not_there_is_silence(walk: F64) -> None:
    assert not _made(_scape()).play(walk, lane="room").any()


def test_stillness_ends_in_zeros_in_its_time(walk: F64) -> None:
    still = np.zeros(26 * RATE)
    out = _made(_scape(memory=0.0)).play(np.concatenate([walk, still]))
    after = out[:, len(walk) :]
    loud = np.flatnonzero(np.abs(after).max(0) > 1e-4)[-1] / RATE
    last = np.flatnonzero(after.any(0))[-1] / RATE
    assert 10 < loud < 22
    assert loud < last < 25
    # It thins: nothing stands out of the seconds around it, no lone grain and no crackle.
    level = np.array(
        [_db(after[:, at : at + RATE // 10]) for at in range(RATE, round(loud * RATE), RATE // 10)]
    )
    around = np.array([np.median(level[max(0, i - 15) : i + 16]) for i in range(len(level))])
    assert (level - around).max() < 9


@pytest.mark.parametrize("hz", [50.0, 60.0, 50.1, 59.9])
@pytest.mark.parametrize("dbfs", [-66.0, -40.0])
@pytest.mark.parametrize("sense", [0.5, 1.0])
def test_hum_plays_nothing(hz: float, dbfs: float, sense: float) -> None:
    assert not _made(_scape(sense=sense)).play(_hum(hz, dbfs, 4.0)).any()


@pytest.mark.parametrize("dbfs", [-36.0, -30.0, -21.0])
def test_a_loud_hum_that_is_steady_plays_nothing(dbfs: float) -> None:
    assert not _made(_scape()).play(_hum(50.0, dbfs, 4.0)).any()


def test_rest_and_rumble_play_nothing() -> None:
    t = np.arange(4 * RATE) / RATE
    for sound in (np.full(len(t), 0.3), 0.1 * np.sin(2 * np.pi * 5 * t), 0.2 * np.sin(2 * np.pi * 0.5 * t)):
        assert not _made(_scape()).play(sound).any()


def test_more_movement_is_louder_and_brighter_and_denser(walk: F64) -> None:
    soft, usual = _made(_scape()).play(0.12 * walk), _made(_scape()).play(walk)
    soft, usual = soft[:, 2 * RATE :], usual[:, 2 * RATE :]
    assert _db(usual) > _db(soft) + 3

    def brightness(wave: F64) -> float:
        power = np.abs(np.fft.rfft(wave.mean(0))) ** 2
        hz = np.fft.rfftfreq(wave.shape[1], 1 / RATE)
        return float(power[hz > 800].sum() / power.sum())

    assert brightness(usual) > 1.2 * brightness(soft)


def test_a_walk_is_as_loud_as_it_was_made(walk: F64) -> None:
    assert -26 < _db(_made(_scape()).play(walk)[:, 2 * RATE :]) < -19


# --- properties -----------------------------------------------------------------------------------------------------


def test_bits_do_not_depend_on_blocks(walk: F64) -> None:
    sound = np.concatenate([walk[: 3 * RATE], _tap(1.0, 0.2), np.zeros(RATE)])
    hashes = set()
    for groups in some(((3, 1, 4), (1,), (64,), (7,)), 2):
        playing = _made(_scape())
        hashes.add(hashlib.sha256(playing.play(sound, groups).tobytes()).hexdigest())
        playing.soundscape.reset()
        hashes.add(hashlib.sha256(playing.play(sound, groups).tobytes()).hexdigest())
    assert len(hashes) == 1


def test_a_seed_is_an_edition(walk: F64) -> None:
    one, two = (_made(_scape(), seed).play(walk[: 3 * RATE]) for seed in (1, 2))
    assert not np.array_equal(one, two)
    assert abs(_db(one) - _db(two)) < 8


@pytest.mark.parametrize("value", [0.0, 1.0])
@pytest.mark.parametrize("kind", ["square", "noise", "holes"])
def test_extremes_stay_finite(value: float, kind: str) -> None:
    t = np.arange(RATE) / RATE
    noise = np.random.default_rng(3).normal(size=len(t))
    holes = np.where(np.arange(len(t)) % 999 < 3, np.nan, noise)
    holes[::4001] = np.inf
    sound = {"square": np.sign(np.sin(2 * np.pi * 110 * t)), "noise": noise, "holes": holes}[kind]
    out = _made(_scape(**dict.fromkeys(NAMES, value))).play(sound)
    assert np.isfinite(out).all()
    assert np.abs(out).max() < 8
    assert out.any() == (value > 0)


def test_what_is_no_number_leaves_nothing_behind(walk: F64) -> None:
    holes = np.concatenate([np.full(RATE, np.nan), np.zeros(2 * HOP), walk])
    out = _made(_scape()).play(holes)
    assert not out[:, :RATE].any()
    assert np.isfinite(out).all()
    assert _db(out[:, 3 * RATE :]) > -30


def test_a_leap_of_every_dial_does_not_click(walk: F64) -> None:
    playing = _made(_scape(["drones", "bowed"], age=0.0, wet=0.0))
    still = playing.controls.copy()
    quiet = playing.play(walk[: 2 * RATE])
    steepest = np.abs(np.diff(quiet[:, RATE:])).max()
    playing.soundscape.reset()
    out = np.zeros((2, 2 * RATE // HOP * HOP))
    for tick in range(out.shape[1] // HOP):
        part = slice(tick * HOP, (tick + 1) * HOP)
        controls = still.copy()
        if tick // 40 % 2:
            controls[NAMES.index("level")] = 0.0
        block = Block(tick, walk[part, None].astype(np.float32), {"body": (0,)}, 1)
        playing.soundscape.play(block, np.zeros((1, 0)), controls[None], out[:, part])
    assert np.abs(np.diff(out[:, RATE:])).max() < 1.2 * steepest


def test_lost_hops_are_gone_over(walk: F64) -> None:
    playing = _made(_scape())
    playing.play(walk[: 2 * RATE])
    after = Block(
        10_000, walk[2 * RATE : 2 * RATE + 8 * HOP, None].astype(np.float32), {"body": (0,)}, 8, gap=50
    )
    out = np.zeros((2, 8 * HOP))
    playing.soundscape.play(after, np.zeros((8, 0)), np.tile(playing.controls, (8, 1)), out)
    assert np.isfinite(out).all()
    assert out.any()


# --- the key of the room --------------------------------------------------------------------------------------------


def _hear(tuning: Tuning, seconds: float, key: float, minor: float, sure: float) -> float:
    for _ in range(round(seconds * RATE / HOP)):
        tuning.hear(key, minor, sure)
    tuning.turn()
    return tuning.roots[tuning.number]


def test_the_root_follows_a_key_that_stays_and_goes_home_without() -> None:
    tuning = Tuning(_scape(key="room"), Clock(RATE, HOP))
    assert tuning.roots[tuning.number] == 55.0
    assert _hear(tuning, 2.0, 2, 1, 0.9) == 55.0, "too soon"
    assert _hear(tuning, 3.0, 2, 1, 0.9) == PITCHES[2]
    assert _hear(tuning, 9.0, 7, 1, 0.3) == PITCHES[2], "not sure"
    assert _hear(tuning, 5.0, 0, 0, 0.9) == PITCHES[9], "a minor scale meets C major on A"
    assert _hear(tuning, 5.0, -1, 0, 0.0) == PITCHES[9]
    assert _hear(tuning, 8.0, -1, 0, 0.0) == 55.0
    assert all(41 <= hz <= 82 for hz in PITCHES)


def test_its_own_root_is_not_left() -> None:
    tuning = Tuning(_scape(), Clock(RATE, HOP))
    assert _hear(tuning, 20.0, 2, 1, 1.0) == 55.0


def test_the_whole_moves_to_the_key(walk: F64) -> None:
    specs = [Spec(name, "", -1, 11, 0, "") for name in KEY]
    body = np.concatenate([walk] * 3)
    features = np.tile([3.0, 1.0, 0.9], (len(body) // HOP, 1))
    scape = _scape(["drones"], key="room", age=0.0, wet=0.0)
    out = _made(scape, features=specs).play(body, features=features)
    late = out[:, round(13 * RATE) :].mean(0)
    root = PITCHES[3]
    steps = [1, 1.5, 2, 2 * 9 / 8, 2 * 6 / 5, 3, 4, 4 * 6 / 5]
    notes = [root * ratio * h for ratio in steps for h in range(1, 7)]
    found = _lines(late, 100, 1200)
    assert len(found) >= 6
    assert max(_cents(f, notes) for f in found) < 12
