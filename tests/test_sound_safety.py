"""The last hand on sound: whatever is played, what leaves is finite, below -1 dBTP, and begins and ends gently."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Callable, Sequence
from pathlib import Path
from weakref import WeakKeyDictionary

import numpy as np
import pytest
import soundfile
from scipy.signal import iirpeak, lfilter, resample_poly
from thorough import some

from wearsound.core import Block, Clock
from wearsound.outputs.record.show_file import unmet
from wearsound.outputs.record.sound import pcm
from wearsound.safety.fader import RISE
from wearsound.safety.sound import SoundSafety
from wearsound.show.load import load
from wearsound.show.render import render
from wearsound.sound import CEILING
from wearsound.sources.composer import compose
from wearsound.true_peak.limiter import DELAY, Limiter

RATES = (48_000, 44_100)
BODY = {"body": (0,)}
CEILING_DB = -1.0
TICKS: WeakKeyDictionary[SoundSafety, int] = WeakKeyDictionary()
"""The tick that each guard waits for: another would mean that hops were lost."""
TAIL = 8
"""Hops of silence around a signal: a meter must not read the cut as a peak."""


def noise(n: int, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).uniform(-1.0, 1.0, (2, n))


def both(wave: np.ndarray) -> np.ndarray:
    return np.stack([wave, wave])


def true_peak(wave: np.ndarray) -> float:
    """dBTP by eightfold oversampling, not the limiter's own filter: `wave` (2, n)."""
    up = resample_poly(wave.astype(float), 8, 1, axis=1, window=("kaiser", 12.0))
    return float(20 * np.log10(max(np.abs(up).max(), 1e-12)))


def guarded(
    wave: np.ndarray,
    rate: int = 48_000,
    grouping: Sequence[int] = (64,),
    hand: Callable[[int], float] = lambda tick: 1.0,
    lanes: dict[str, tuple[int, ...]] = BODY,
    samples: np.ndarray | None = None,
    guard: SoundSafety | None = None,
    lost: dict[int, int] | None = None,
) -> tuple[np.ndarray, np.ndarray, SoundSafety]:
    """What leaves of `wave` (2, n), n whole hops, as played and heard (2, n). `lost`: hops lost before a hop."""
    clock = Clock(sample_rate=rate)
    guard = guard or SoundSafety(clock, ["body"])
    n = wave.shape[1] // 256
    if samples is None:
        samples = np.zeros((n * 256, 1 + max(c for columns in lanes.values() for c in columns)), np.float32)
    played, heard = [], []
    at = turn = 0
    jumped = TICKS.get(guard, 0)
    while at < n:
        hops = min(grouping[turn % len(grouping)], n - at)
        for edge in lost or {}:
            if at < edge < at + hops:
                hops = edge - at
        gap = (lost or {}).get(at, 0)
        jumped += gap
        some = slice(at * 256, (at + hops) * 256)
        block = Block(at + jumped, samples[some].astype(np.float32), lanes, hops, gap=gap)
        hands = np.array([hand(at + i) for i in range(hops)])
        sound = guard.limit(block, wave[:, some].copy(), hands)
        played.append(sound.played.T.copy())
        heard.append(sound.heard.T.copy())
        at, turn = at + hops, turn + 1
        TICKS[guard] = at + jumped
    return np.concatenate(played, axis=1), np.concatenate(heard, axis=1), guard


def risen(rate: int = 48_000) -> SoundSafety:
    """A guard whose slow rise is over, and in which nothing waits."""
    guard = SoundSafety(Clock(sample_rate=rate), ["body"])
    n = (Clock(sample_rate=rate).ticks(RISE) + 1) * 256
    faint = np.concatenate([1e-6 * noise(n), np.zeros((2, rate // 256 * 256))], axis=1)
    guarded(faint, rate, guard=guard)
    return guard


def of(kind: str, rate: int) -> np.ndarray:
    """About a second of one adversary, (2, n), silence around it."""
    n = rate // 256 * 256
    t = np.arange(n) / rate
    word, _, number = kind.partition(" ")
    hertz = float(number or 0)
    with np.errstate(over="ignore"):
        wave = {
            "tone": lambda: both(4 * np.sin(2 * np.pi * hertz * t + np.pi / 4)),
            "bursts": lambda: both(4 * np.sin(2 * np.pi * hertz * t + np.pi / 4) * (np.floor(t * 9) % 2)),
            "square": lambda: both(np.sign(np.sin(2 * np.pi * hertz * t + 1e-9))),
            "huge-square": lambda: both(1e30 * np.sign(np.sin(2 * np.pi * hertz * t + 1e-9))),
            "noise": lambda: noise(n),
            "signs": lambda: np.sign(noise(n)),
            "impulses": lambda: both((np.arange(n) % 777 == 0) * 8.0 - (np.arange(n) % 777 == 1) * 8.0),
            "nan": lambda: np.where(noise(n, 2) > 0.9, np.nan, noise(n)),
            "inf": lambda: np.where(noise(n, 2) > 0.9, np.inf * np.sign(noise(n, 3)), noise(n)),
            "dc": lambda: np.ones((2, n)),
            "dc-flips": lambda: both(np.where(np.floor(t * 3) % 2, -4.0, 4.0)),
            "jumps": lambda: noise(n) * np.repeat(10.0 ** np.tile([-4, 1, -1, 0.5], n // 1024 + 1), 256)[:n],
            "one-side": lambda: np.stack(
                [4 * np.sin(2 * np.pi * 300 * t), 0.01 * np.sin(2 * np.pi * 900 * t)]
            ),
        }[word]()
    quiet = np.zeros((2, TAIL * 256))
    return np.concatenate([quiet, wave, quiet], axis=1)


TONES = [20, 50, 440, 997, 5000, 6000, 8000, 9600, 11_025, 12_000, 14_700, 16_000, 18_000, 19_200, 20_000]
KINDS = [
    *(f"tone {hertz}" for hertz in TONES),
    *(f"bursts {hertz}" for hertz in TONES),
    *(f"square {hertz}" for hertz in (50, 440, 3000, 11_000)),
    *("huge-square 60", "huge-square 5000", "noise", "signs", "impulses", "nan", "inf", "dc", "dc-flips"),
    *("jumps", "one-side"),
]


class TestCeiling:
    @pytest.mark.parametrize(("kind", "rate"), some(itertools.product(KINDS, RATES), 4))
    def test_no_true_peak_is_above_it_whatever_is_played(self, kind: str, rate: int) -> None:
        wave = of(kind, rate)
        room = np.concatenate([noise(wave.shape[1], 5).T, np.zeros((wave.shape[1], 1))], axis=1)
        lanes = {"room": (0, 1), "body": (2,)}
        played, heard, _ = guarded(wave, rate, lanes=lanes, samples=room, guard=risen(rate))
        for out in (played, heard):
            assert np.isfinite(out).all()
            assert np.abs(out).max() <= np.float32(CEILING)
            assert true_peak(out) < CEILING_DB
        if kind not in ("dc",):
            assert np.abs(played).max() > 0.5 * CEILING, "a guard that makes all silent proves nothing"

    def test_a_tone_of_which_samples_miss_the_peak(self) -> None:
        """The weak spot of short filters: a quarter of the rate, half-way between its own peaks, 4.6 dB over."""
        tone = 10 ** (4.6 / 20) * np.sin(
            2 * np.pi * 12_000 * np.arange(48_000 // 256 * 256) / 48_000 + np.pi / 4
        )
        played, _, _ = guarded(both(tone), guard=risen())
        assert true_peak(played) < CEILING_DB
        assert true_peak(played) > -3.5

    def test_gain_comes_down_before_the_peak_and_goes_up_slowly(self) -> None:
        """A lone peak on one side, and on the other what is faint and steady: the gain can be read from that."""
        n = 96 * 256
        wave = both(np.full(n, 0.001))
        at = n // 3
        wave[0, at] = 2.0
        limiter, out = Limiter(CEILING, Clock()), np.zeros((2, n))
        for k in range(0, n, 256):
            limiter.limit(wave[:, k : k + 256], out[:, k : k + 256])
        gain = out[1, DELAY:] / 0.001
        assert gain[at] == pytest.approx(limiter.least, abs=1e-9)
        assert 2.0 * gain[at] == pytest.approx(CEILING, abs=1e-7), "not the clip, but the gain has held it"
        assert gain[at - 140] == 1.0
        assert np.abs(np.diff(gain)).max() < 1 / 100, "a gain that jumps is a click"
        assert gain[at + 2600] == pytest.approx(0.7, abs=0.03)
        assert (gain[at + 6000 :] == 1.0).all()

    def test_both_channels_are_limited_as_one(self) -> None:
        played, _, _ = guarded(of("one-side", 48_000), guard=risen())
        middle = played[:, 24_000:30_144]
        assert np.abs(middle[0]).max() == pytest.approx(CEILING, rel=0.05)
        assert np.abs(middle[1]).max() == pytest.approx(0.01 * CEILING / 4, rel=0.1)


class TestWhatIsQuiet:
    @pytest.mark.parametrize("rate", RATES)
    def test_it_passes_unchanged_but_for_delay_and_dc(self, rate: int) -> None:
        """Sample by sample the DC block alone, by its formula in float64; its delay is the limiter's."""
        wave = 0.1 * noise(rate // 256 * 256)
        played, _, guard = guarded(wave, rate, guard=risen(rate))
        r = round(1.0 - 2.0 * np.pi * 5.0 / rate, 9)
        expected = lfilter([1.0, -1.0], [1.0, -r], wave, axis=1)
        np.testing.assert_allclose(played[:, DELAY:], expected[:, :-DELAY], rtol=0, atol=1e-8)
        assert guard.facts()["limiter_db"] == 0.0
        assert guard.facts()["howls"] == 0

    def test_above_20_hz_the_dc_block_is_not_heard(self) -> None:
        for hertz, tolerance in ((20, 0.3), (40, 0.1), (1000, 0.01)):
            tone = both(0.1 * np.sin(2 * np.pi * hertz * np.arange(96_000 // 256 * 256) / 48_000))
            played, _, _ = guarded(tone, guard=risen())
            loss = 20 * np.log10(played[0, 48_000:].std() / tone[0, 48_000:].std())
            assert abs(loss) < tolerance

    def test_silence_is_silence_and_comes_back_after_sound(self) -> None:
        zeros = np.zeros((2, 64 * 256))
        played, heard, guard = guarded(zeros)
        assert not played.any()
        assert not heard.any()
        played, _, _ = guarded(0.5 + 0.3 * noise(400 * 256), guard=guard)
        assert played.any()
        played, _, _ = guarded(np.zeros((2, 400 * 256)), guard=guard)
        assert not played[:, 200 * 256 :].any()

    def test_after_nan_all_is_well_again(self) -> None:
        """One hop of NaN: everything finite, and two seconds later as if nothing had been."""
        clean = 0.2 * noise(600 * 256)
        broken = clean.copy()
        broken[:, 100 * 256 : 101 * 256] = np.nan
        a, _, _ = guarded(clean, guard=risen())
        b, _, _ = guarded(broken, guard=risen())
        assert np.isfinite(b).all()
        np.testing.assert_array_equal(a[:, 500 * 256 :], b[:, 500 * 256 :])


class TestHand:
    @pytest.mark.parametrize("rate", RATES)
    def test_the_first_sound_rises_for_three_seconds_whenever_it_comes(self, rate: int) -> None:
        tone = 0.3 * np.sin(2 * np.pi * 400 * np.arange(5 * rate // 256 * 256) / rate)
        for before in (0, 2):
            wave = both(np.concatenate([np.zeros(before * rate // 256 * 256), tone]))
            played, _, _ = guarded(wave, rate)
            at = wave.shape[1] - len(tone)
            level = [
                np.abs(played[0, at + int(s * rate) : at + int((s + 0.05) * rate)]).max()
                for s in (0.1, 0.9, 1.5, 2.9, 3.2)
            ]
            assert level[0] < 0.003
            assert level == sorted(level)
            assert level[1] == pytest.approx(0.3 * 0.093, rel=0.15)
            assert level[2] == pytest.approx(0.3 * 0.26, rel=0.1)
            assert level[4] == pytest.approx(0.3, rel=0.01)

    @pytest.mark.parametrize("rate", RATES)
    def test_panic_is_silent_within_5_ms_without_a_click_and_comes_back_slowly(self, rate: int) -> None:
        n = 1400
        wave = both(0.6 * np.sin(2 * np.pi * 150 * np.arange(n * 256) / rate))
        up = lambda tick: 0.0 if 20 <= tick < 40 else 1.0  # noqa: E731
        played, _, _ = guarded(wave, rate, hand=up, guard=_sounding(rate))
        at = 20 * 256
        assert np.abs(played[:, at - 1000 : at]).max() > 0.5
        assert not played[:, at + int(0.005 * rate) : 40 * 256].any()
        steps = np.abs(np.diff(played[0, at - 500 : at + 600]))
        assert steps.max() < 1.6 * 0.6 * 2 * np.pi * 150 / rate, "steeper than the tone and its fade: a click"
        back = 40 * 256
        assert np.abs(played[:, back : back + rate // 2]).max() < 0.05
        assert np.abs(played[:, back + int(3.1 * rate) :]).max() == pytest.approx(0.6, rel=0.01)

    def test_a_fader_is_followed_and_comes_back_as_it_moves(self) -> None:
        wave = both(0.5 * np.sin(2 * np.pi * 400 * np.arange(300 * 256) / 48_000))
        fades = np.concatenate(
            [np.ones(20), np.linspace(1, 0, 100), np.zeros(20), np.linspace(0, 1, 100), np.ones(60)]
        )
        played, _, _ = guarded(wave, hand=lambda tick: float(fades[tick]), guard=_sounding(48_000))
        loud = np.abs(played[0]).reshape(300, 256).max(axis=1)
        assert loud[70] == pytest.approx(0.25, rel=0.05)
        assert not played[:, 122 * 256 : 139 * 256].any()
        assert loud[250:].max() == pytest.approx(0.5, rel=0.01)

    @pytest.mark.parametrize("hand", [np.nan, -1.0, np.inf])
    def test_a_hand_that_is_no_hand(self, hand: float) -> None:
        played, _, _ = guarded(0.9 * noise(200 * 256), hand=lambda tick: hand, guard=risen())
        assert np.isfinite(played).all()
        assert np.abs(played).max() <= np.float32(CEILING)
        assert played[:, 256:].any() == (hand == np.inf)


def _sounding(rate: int) -> SoundSafety:
    return risen(rate)


class TestGroupingAndGaps:
    @pytest.mark.parametrize("rate", RATES)
    def test_the_same_bits_in_any_grouping(self, rate: int) -> None:
        """Loud and quiet, a panic, lost hops, a howl and NaN, in blocks of 1, 3, 7 and 64 hops."""
        n = 900
        t = np.arange(n * 256) / rate
        wave = noise(n * 256) * np.repeat([0.01, 2.0, 0.1, 0.0, 0.5], n * 256 // 5) + 0.1
        wave += np.sin(2 * np.pi * 700 * t) * np.clip(10 ** ((t - 3) * 3), 0, 1)
        wave[:, 5000] = np.nan
        lanes = {"room": (0, 1), "body": (2,)}
        samples = np.concatenate([0.8 * noise(n * 256, 7), wave[:1] * 0.5], axis=0).T
        samples = np.nan_to_num(samples)
        up = lambda tick: 0.0 if 500 <= tick < 520 else 0.8  # noqa: E731
        said = set()
        for grouping in ((1,), (3,), (7,), (64,), (5, 1, 31)):
            played, heard, guard = guarded(
                wave, rate, grouping, hand=up, lanes=lanes, samples=samples, lost={300: 90, 301: 1}
            )
            said.add(
                hashlib.sha256(played.tobytes() + heard.tobytes() + repr(guard.facts()).encode()).hexdigest()
            )
            assert guard.facts()["howls"] >= 1
        assert len(said) == 1

    def test_reset_gives_the_same_again(self) -> None:
        wave = 2 * noise(300 * 256)
        a, _, guard = guarded(wave)
        guard.reset()
        TICKS[guard] = 0
        b, _, _ = guarded(wave, guard=guard)
        np.testing.assert_array_equal(a, b)

    def test_what_was_lost_is_not_heard_and_does_not_click(self) -> None:
        n = 100
        t = np.arange(n * 256) / 48_000
        lanes = {"room": (0, 1), "body": (2,)}
        samples = np.concatenate([both(0.2 * np.cos(2 * np.pi * 90 * t)), np.zeros((1, n * 256))]).T
        wave = both(0.5 * np.cos(2 * np.pi * 110 * t))
        wave[:, 50 * 256 - DELAY : 50 * 256] = 0.7  # waits in the delay line when the sound is lost
        played, heard, _ = guarded(wave, lanes=lanes, samples=samples, guard=risen(), lost={50: 12})
        for out in (played, heard):
            after = out[0, 50 * 256 :]
            assert np.abs(after[:8]).max() < 0.02
            assert np.abs(np.diff(after)).max() < 0.02
            assert np.abs(after[600:3000]).max() > 0.2
        assert np.abs(played[0, 50 * 256 : 51 * 256]).max() < 0.55


class TestHeard:
    def test_where_nothing_plays_the_room_is_as_it_came(self) -> None:
        room = noise(8 * 256).T.astype(np.float32)
        sound = SoundSafety(Clock()).limit(Block(0, room, {"room": (0, 1)}, 8), None, np.ones(8))
        np.testing.assert_array_equal(sound.heard, room)
        assert not sound.played.any()

    def test_the_room_and_what_is_played_add_up(self) -> None:
        n = 200 * 256
        wave, room = 0.1 * noise(n), 0.1 * noise(n, 4)
        lanes = {"room": (0, 1), "body": (2,)}
        samples = np.concatenate([room, np.zeros((1, n))]).T
        played, heard, _ = guarded(wave, lanes=lanes, samples=samples, guard=risen())
        expected = (played + room.astype(np.float32))[:, :-DELAY]
        np.testing.assert_allclose(heard[:, DELAY:], expected, rtol=0, atol=1e-7)

    def test_without_a_room_the_audience_hears_what_is_played(self) -> None:
        played, heard, _ = guarded(0.3 * noise(50 * 256), guard=risen())
        np.testing.assert_array_equal(played, heard)

    def test_a_patch_without_a_soundscape_keeps_the_room_to_the_bit(self, tmp_path: Path) -> None:
        song = np.clip(noise(3 * 48_000 // 256 * 256), -0.999, 0.999).T
        soundfile.write(tmp_path / "song.wav", song, 48_000, subtype="PCM_24")
        report = render(load("bass-denim"), tmp_path / "song.wav", to=tmp_path / "out", video=False)
        came, _ = soundfile.read(tmp_path / "song.wav", dtype="int32")
        left, _ = soundfile.read(tmp_path / "out" / "sound.wav", dtype="int32")
        np.testing.assert_array_equal(left, came)
        assert set(report.facts["sound"]) == {"peak_db", "mean_db", "lufs"}


PATCH = """title = "all"
garment = "denim-jacket"
lane = "body"
[soundscape]
root = 55
[[voice]]
play = "coat"
[[voice]]
play = "drones"
[[route]]
from = "level"
to = "chest.glow"
"""


def test_a_report_says_what_was_played_and_what_was_taken(tmp_path: Path) -> None:
    (tmp_path / "all.toml").write_text(PATCH)
    report = render(load(tmp_path / "all.toml"), "demo", to=tmp_path / "out", seconds=8, video=False)
    found, _ = soundfile.read(tmp_path / "out" / "sound.wav")
    sound = report.facts["sound"]
    assert sound["true_peak_db"] == pytest.approx(true_peak(found.T), abs=0.1)
    assert sound["true_peak_db"] < CEILING_DB
    assert set(sound["guard"]) == {"limiter_db", "mix_db", "howls", "ducked_s"}
    assert sound["guard"]["howls"] == 0
    assert "dBTP" in report.summary()
    wanted = {
        "true_peak": {"max": -1.0},
        "howls": 0,
        "lufs": {"min": -60, "max": -5},
        "limited": {"max": 0.5},
    }
    assert unmet(wanted, report.facts) == []
    assert unmet({"true_peak": {"max": -40}, "howls": 1}, report.facts) == [
        f"[expect] true_peak: {sound['true_peak_db']} is not at most -40",
        "[expect] howls: 0 is not 1",
    ]


def loop(
    gain_db: float, delay_ms: float, hertz: float, q: float, rate: int = 48_000, seconds: float = 12.0
) -> tuple[np.ndarray, SoundSafety]:
    """A coat's microphone hears a walk, and from second 4 on the speakers too, which play all that it hears.

    `gain_db` is the loop's gain where the room resonates.
    """
    clock = Clock(sample_rate=rate)
    guard = SoundSafety(clock, ["body"])
    walk = compose(7).samples[:, 2].astype(float)
    late, hops = int(delay_ms / 1000 * rate), int(seconds * rate) // 256
    b, a = iirpeak(hertz, q, fs=rate)
    state, gain = np.zeros(2), 10 ** (gain_db / 20)
    out = np.zeros(late + hops * 256)
    for k in range(hops):
        echo, state = lfilter(b, a, out[k * 256 : (k + 1) * 256], zi=state)
        heard = walk[k * 256 : (k + 1) * 256] + (gain * echo if k * 256 > 4 * rate else 0.0)
        microphone = np.clip(heard, -1, 1).astype(np.float32)
        block = Block(k, microphone[:, None], BODY, 1)
        sound = guard.limit(block, both(microphone.astype(float)), np.ones(1))
        out[late + k * 256 : late + (k + 1) * 256] = sound.played[:, 0]
    return out[late:], guard


def howling(out: np.ndarray, rate: int) -> float:
    """Seconds, from second 4, in which what is played is louder (rms of 50 ms) than a walk ever is."""
    piece = rate // 20
    rms = np.sqrt(np.square(out[: len(out) // piece * piece].reshape(-1, piece)).mean(axis=1))
    walked = rms[:80].max()
    return float((rms[80:] > max(0.2, 1.2 * walked)).sum()) / 20


class TestFeedback:
    @pytest.mark.parametrize(
        ("gain_db", "delay_ms", "hertz", "q", "rate"),
        [
            (6, 20, 600, 10, 48_000),
            (6, 40, 600, 10, 44_100),
            (6, 60, 600, 10, 48_000),
            (6, 30, 2500, 10, 48_000),
            (6, 40, 300, 5, 48_000),
            (6, 40, 1200, 3, 48_000),
            (6, 25, 150, 8, 48_000),
            (1, 40, 600, 10, 48_000),
            (12, 20, 800, 10, 44_100),
        ],
    )
    def test_a_loop_is_held(self, gain_db: float, delay_ms: float, hertz: float, q: float, rate: int) -> None:
        out, guard = loop(gain_db, delay_ms, hertz, q, rate)
        assert 1 <= guard.facts()["howls"] <= 3
        assert howling(out, rate) <= 1.0
        after = out[-2 * rate :]
        assert np.sqrt(np.square(after).mean()) < 0.2, "the walk is still heard, and no more"
        assert after.any()

    def test_it_ducks_all_and_notches_the_pitch_and_lets_go_slowly(self) -> None:
        """A tone that grows by 50 dB a second, in the microphone too; then faint tones, to see what is held down."""
        t = np.arange(60 * 48_000 // 256 * 256) / 48_000
        growing = np.where(t < 1.0, 1e-3 * 10 ** (2.5 * np.minimum(t, 0.9)), 0.0) * np.sin(
            2 * np.pi * 600 * t
        )
        faint = [0.003 * np.sin(2 * np.pi * f * t) for f in (600, 5000)]
        heard = (0.5 * growing).astype(np.float32)[:, None]
        gain = []
        for tone in faint:
            # What is heard beside the growing tone does not decide: the same moment for both.
            played, _, guard = guarded(both(growing + tone), samples=heard, guard=risen())
            assert guard.facts()["howls"] == 1
            loud = np.abs(played[0, 52_800:]).reshape(-1, 4800)[:585]
            gain.append(loud[: len(loud) // 10 * 10].reshape(-1, 10, 480 * 10).max(axis=(1, 2)) / 0.003)
        pitch, beside = gain
        assert beside[0] == pytest.approx(0.25, abs=0.15), "ducked"
        assert beside[6] == pytest.approx(1.0, abs=0.02), "and back"
        assert pitch[15] == pytest.approx(10 ** (-24 / 20), rel=0.3), "the notch stays"
        assert pitch[40] == pytest.approx(1.0, abs=0.02), "and goes"
        assert guard.facts()["ducked_s"] == pytest.approx(4.6, abs=0.1)

    def test_without_the_guard_the_same_loop_howls(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from wearsound.safety.howl import Howl

        monkeypatch.setattr(Howl, "look", lambda *_: None)
        out, _ = loop(6, 40, 600, 10)
        assert howling(out, 48_000) > 5.0

    @pytest.mark.parametrize("gain_db", [-200, -6, -3])
    def test_a_walk_that_does_not_howl_is_let_alone(self, gain_db: float) -> None:
        _, guard = loop(gain_db, 40, 600, 10, seconds=30)
        assert guard.facts()["howls"] == 0

    @pytest.mark.parametrize("lane", [0, 2, 3], ids=["music", "body", "crowd"])
    @pytest.mark.parametrize("level", [0.1, 1.0])
    def test_music_walk_and_crowd_that_are_played_as_they_are(self, lane: int, level: float) -> None:
        song = compose(7).samples[: 38 * 48_000 // 256 * 256, lane].astype(float)
        _, _, guard = guarded(both(level * song), samples=song[:, None].astype(np.float32))
        assert guard.facts() | {"limiter_db": 0.0} == {
            "limiter_db": 0.0,
            "mix_db": 0.0,
            "howls": 0,
            "ducked_s": 0.0,
        }

    def test_tones_that_no_microphone_hears(self) -> None:
        """Swelling drones and bowed tones, and a walk."""
        n = 20 * 48_000 // 256 * 256
        t = np.arange(n) / 48_000
        song = sum(
            0.08 * np.sin(2 * np.pi * f * t) * np.square(np.sin(2 * np.pi * t / p))
            for f, p in ((110, 7.1), (165, 5.3), (220, 3.7), (523, 2.9), (880, 6.1))
        )
        # Hum that the microphone always hears at one drone's own pitch: there, but it does not rise.
        walk = compose(7).samples[:n, 2:3] + 0.03 * np.sin(2 * np.pi * 220 * t)[:, None]
        _, _, guard = guarded(both(song), samples=walk)
        assert guard.facts()["howls"] == 0


def test_pcm_of_the_ceiling_is_below_it() -> None:
    assert pcm(np.float32([CEILING]))[0] <= round(0.8 * 2**23)
