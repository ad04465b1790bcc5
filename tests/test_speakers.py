"""Sound on its way out: the cushion in virtual time, what each speaker gets, what waits, and panic."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from thorough import some

from wearsound.core import MAX_HOPS, Clock, Event
from wearsound.errors import DeviceError
from wearsound.outputs.cushion import RAMP, SOUND, Cushion, Manner
from wearsound.outputs.hand import SOUND as SOUND_FADE
from wearsound.outputs.speakers.device import DeviceSpeaker
from wearsound.outputs.speakers.feed import Feed
from wearsound.sound import CEILING, Sound

CLOCK = Clock()
RATE, HOP = CLOCK.sample_rate, CLOCK.hop
TONE = 1000.0
LATE = 0.003
"""Seconds by which a callback comes late."""


def tone(first: int, count: int, hz: float = TONE, level: float = 0.5) -> np.ndarray:
    """Samples of an endless sine from number `first` on, (count, 1)."""
    cycles = np.arange(first, first + count) * (hz / RATE)
    return (level * np.sin(2 * np.pi * (cycles % 1.0)))[:, None].astype(np.float32)


def cents(heard: np.ndarray, device_ppm: float, seconds: float = 0.1) -> np.ndarray:
    """How far each piece of `seconds` is from TONE, by the true clock: by how its phase goes on."""
    count = round(seconds * RATE)
    pieces = heard[: len(heard) // count * count].astype(float).reshape(-1, count)
    turning = np.exp(-2j * np.pi * TONE / RATE * np.arange(count)) * np.hanning(count)
    phase = np.angle(pieces @ turning)  # TONE does whole turns in each piece
    moved = (np.diff(phase) + np.pi) % (2 * np.pi) - np.pi
    hz = (TONE + moved / (2 * np.pi * seconds)) * (1 + device_ppm * 1e-6)
    return 1200 * np.log2(hz / TONE)


def play_between_clocks(
    cushion: Cushion, seconds: float, engine_ppm: float, device_ppm: float, seed: int = 1
) -> tuple[float, float]:
    """The most cents off, and the longest that anything waited, while each keeps time by its own crystal.

    The device takes 64 to 1024 frames at once and up to LATE late, the engine delivers one to four hops at once.
    """
    rng = np.random.default_rng(seed)
    hop_s = HOP / (RATE * (1 + engine_ppm * 1e-6))
    device_rate = RATE * (1 + device_ppm * 1e-6)
    hops, burst, taken, worst, longest = 0, 1, 0, 0.0, 0.0
    heard = np.zeros((60 * RATE, 1), np.float32)
    at = 0
    sounding = False
    while taken < seconds * RATE:
        count = int(rng.integers(64, 1025))
        if at + count > len(heard):
            worst = max(worst, float(np.abs(cents(heard[:at, 0], device_ppm)).max()))
            at = 0
        now = taken / device_rate + rng.random() * LATE
        while (hops + burst) * hop_s <= now:
            cushion.write(tone(hops * HOP, burst * HOP))
            hops += burst
            burst = int(rng.integers(1, 5))
        out = heard[at : at + count]
        cushion.read(out)
        taken += count
        if not sounding:  # its rise is not looked at
            sounding = taken > 0.5 * RATE
        else:
            at += count
            longest = max(longest, cushion.waiting)
    return max(worst, float(np.abs(cents(heard[:at, 0], device_ppm)).max())), longest


CRYSTALS = [(200, -200), (-200, 200), (200, 200), (0, 0)]


@pytest.mark.parametrize(("engine", "device"), some(CRYSTALS, 2))
def test_two_crystals_drift_and_nobody_hears_it(engine: float, device: float) -> None:
    cushion = Cushion(1, RATE, SOUND)
    off, longest = play_between_clocks(cushion, 180.0, engine, device)
    print(off, longest)
    assert (cushion.dry, cushion.skipped) == (0, 0)
    assert off < 2.0
    assert longest < 0.1


@pytest.mark.skipif("WEARSOUND_LONG" not in os.environ, reason="two minutes of work; set WEARSOUND_LONG=1")
@pytest.mark.parametrize(("engine", "device"), CRYSTALS[:2])
def test_for_an_hour_too(engine: float, device: float) -> None:
    cushion = Cushion(1, RATE, SOUND)
    off, longest = play_between_clocks(cushion, 3600.0, engine, device, seed=2)
    print(off, longest)
    assert (cushion.dry, cushion.skipped) == (0, 0)
    assert off < 2.0
    assert longest < 0.1


@pytest.mark.parametrize("ppm", [4500, -4500])
def test_where_an_engine_is_led_far_off_it_glides_and_has_no_gap(ppm: float) -> None:
    """A recording's pace leans by up to half a percent to its own loudspeaker."""
    cushion = Cushion(1, RATE, SOUND)
    off, longest = play_between_clocks(cushion, 60.0, ppm, 0.0)
    assert (cushion.dry, cushion.skipped) == (0, 0)
    assert 6.0 < off < 11.0
    assert longest < 0.13


def test_a_high_tone_keeps_its_level_and_gets_no_company() -> None:
    """10 kHz between samples, at the most that the reader leans: what is beside the tone is 80 dB below."""
    cushion = Cushion(1, RATE, replace(SOUND, lean=400e-6, pull=1.0, settle=0.01, near=1.0))
    out, at = [], 0
    for turn in range(1000):
        more = HOP if turn != 20 else HOP + round(0.08 * RATE)  # too much to be made good so soon
        cushion.write(tone(at, more, 10_000))
        at += more
        piece = np.zeros((HOP, 1), np.float32)
        cushion.read(piece)
        out.append(piece)
    heard = np.concatenate(out)[RATE : 4 * RATE, 0].astype(float)
    places = np.arange(len(heard))
    spectrum = np.abs(np.fft.rfft(heard * np.blackman(len(heard))))
    hz = 10_000.0 * (1 + 400e-6)
    top = np.fft.rfftfreq(len(heard), 1 / RATE)[spectrum.argmax()]
    assert abs(top - hz) < 0.5
    turning = np.stack([np.sin(2 * np.pi * hz / RATE * places), np.cos(2 * np.pi * hz / RATE * places)], 1)
    parts = np.linalg.lstsq(turning, heard, rcond=None)[0]
    rest = heard - turning @ parts
    assert abs(20 * math.log10(np.hypot(*parts) / 0.5)) < 0.01
    assert 20 * math.log10(rest.std() / heard.std()) < -80


def test_dry_fades_without_a_click_and_is_counted_and_comes_back() -> None:
    cushion = Cushion(1, RATE, SOUND)
    pieces, at = [], 0
    for turn in range(600):
        piece = np.zeros((HOP, 1), np.float32)
        if not 200 <= turn < 300:
            cushion.write(tone(at, HOP))
            at += HOP
        cushion.read(piece)
        pieces.append(piece)
    heard = np.concatenate(pieces)[:, 0].astype(float)
    assert cushion.dry == 1
    assert cushion.wanted == pytest.approx(SOUND.wanted + SOUND.grows)
    steepest = 0.5 * 2 * np.pi * TONE / RATE
    assert np.abs(np.diff(heard)).max() < 1.3 * steepest
    silent = np.flatnonzero(heard[200 * HOP : 300 * HOP] != 0.0).max() / RATE
    assert silent < SOUND.wanted + RAMP + 2 * HOP / RATE
    assert np.abs(heard[-50 * HOP :]).max() > 0.49
    # A click is everywhere in the spectrum: over 8 kHz there is less than a thousandth of the tone.
    spectrum = np.abs(np.fft.rfft(heard * np.hanning(len(heard))))
    hz = np.fft.rfftfreq(len(heard), 1 / RATE)
    assert spectrum[hz > 8000].max() < 1e-3 * spectrum.max()


def stalled(manner: Manner) -> tuple[Cushion, float]:
    """A minute in which the engine stands still once a second, for 20 ms first and 60 last; cents off at most."""
    cushion, count = Cushion(1, RATE, manner), 360
    heard = np.zeros((60 * RATE // count * count, 1), np.float32)
    hops = 0
    for at in range(0, len(heard), count):
        second, into = divmod(at / RATE, 1.0)
        stall = 0.02 + 0.04 * second / 60
        now = at / RATE if into > stall else second  # what it owes comes at once
        while hops * HOP / RATE <= now:
            cushion.write(tone(hops * HOP, HOP))
            hops += 1
        cushion.read(heard[at : at + count])
    return cushion, float(np.abs(cents(heard[RATE:, 0], 0.0)).max())


def test_an_engine_that_stands_still_longer_and_longer_never_runs_it_dry() -> None:
    """It grows where little is left, before nothing is, and so slowly that nobody hears it."""
    cushion, off = stalled(SOUND)
    print(off, cushion.wanted)
    assert (cushion.dry, cushion.skipped) == (0, 0)
    assert 0.055 < cushion.wanted < 0.075
    assert off < 2.5
    assert stalled(replace(SOUND, scarce=0.0))[0].dry > 0


def test_too_much_is_left_out_with_a_crossfade_and_counted() -> None:
    cushion = Cushion(1, RATE, SOUND)
    pieces, at = [], 0
    for turn in range(400):
        piece = np.zeros((HOP, 1), np.float32)
        for _ in range(40 if turn == 200 else 1):
            cushion.write(tone(at, HOP))
            at += HOP
        cushion.read(piece)
        pieces.append(piece)
    heard = np.concatenate(pieces)[:, 0].astype(float)
    assert (cushion.dry, cushion.skipped) == (0, 1)
    assert cushion.waiting < SOUND.wanted + 0.01
    assert np.abs(np.diff(heard)).max() < 2.2 * 0.5 * 2 * np.pi * TONE / RATE


def test_a_crossfade_is_never_louder_than_what_it_joins() -> None:
    """A limit stands before it, and none behind."""
    cushion, most = Cushion(1, RATE, SOUND), 0.0
    for turn in range(300):
        piece = np.zeros((HOP, 1), np.float32)
        for _ in range(40 if turn == 200 else 1):
            cushion.write(np.full((HOP, 1), 0.25, np.float32))
        cushion.read(piece)
        most = max(most, float(np.abs(piece).max()))
    assert cushion.skipped == 1
    assert 0.249 < most < 0.2501


@pytest.mark.parametrize("channels", [1, 2, 8])
def test_pieces_of_any_size_are_the_same_samples(channels: int) -> None:
    """A callback of 5000 frames is read as 20 pieces inside, and nobody can tell."""
    still = replace(SOUND, lean=0.0)
    whole, parts = Cushion(channels, RATE, still), Cushion(channels, RATE, still)
    rng = np.random.default_rng(5)
    noise = rng.uniform(-0.5, 0.5, (RATE // 3, channels)).astype(np.float32)
    for cushion in (whole, parts):
        cushion.write(noise)
    one, many = np.zeros((5000, channels), np.float32), np.zeros((5000, channels), np.float32)
    whole.read(one)
    parts.read(many[:137])
    parts._at = len(noise) - (SOUND.wanted * RATE + 5000) + 137  # begun where the other began
    parts.read(many[137:])
    loud = slice(2000, None)
    assert np.abs(one[loud] - many[loud]).max() < 1e-5
    start = len(noise) - round(SOUND.wanted * RATE) - 5000
    assert np.abs(one[loud] - noise[start : start + 5000][loud]).max() < 1e-5


# What each speaker gets


def played(feed: Feed, sound: np.ndarray, block: int = 4) -> np.ndarray:
    """`sound` (n, 2) through an open feed, a few hops at once."""
    step = block * HOP
    sound = sound[: len(sound) // HOP * HOP]
    return np.concatenate([feed.play(sound[at : at + step]) for at in range(0, len(sound), step)])


def level_at(hz: float, feed: Feed) -> float:
    """dB of a sine at a feed's first channel, settled."""
    feed.open(CLOCK)
    sine = np.repeat(tone(0, RATE, hz), 2, axis=1)
    out = played(feed, sine)[RATE // 2 :, 0]
    return 20 * math.log10(max(1e-9, float(out.std()) / float(sine[RATE // 2 :, 0].std())))


def test_a_band_is_flat_inside_and_24_db_down_an_octave_away() -> None:
    feed = Feed("cuff", [0], mono=True, band=(300.0, 8000.0))
    levels = {hz: level_at(hz, feed) for hz in (75, 150, 300, 600, 2000, 4000, 8000, 16_000)}
    print(levels)
    assert max(levels[150], levels[75], levels[16_000]) < -24
    assert all(abs(levels[hz]) < 0.2 for hz in (600, 2000, 4000))
    assert abs(levels[300] + 3) < 0.2
    assert abs(level_at(11_000, Feed("cuff", [0], mono=True, band=(300.0, 20_000)))) < 0.2


def test_stereo_stays_apart_and_mono_is_the_mean() -> None:
    sound = np.stack([np.full(HOP, 0.5), np.full(HOP, -0.25)], axis=1).astype(np.float32)
    pair, cuff = Feed("pair", [2, 0], level=0.5), Feed("cuff", [1, 3], mono=True)
    for feed in (pair, cuff):
        feed.open(CLOCK)
    assert np.unique(pair.play(sound), axis=0).tolist() == [[0.25, -0.125]]
    assert np.unique(cuff.play(sound), axis=0).tolist() == [[0.125, 0.125]]


def test_grouping_of_hops_changes_nothing_and_the_ceiling_holds() -> None:
    rng = np.random.default_rng(3)
    square = np.sign(rng.uniform(-1, 1, (64 * 10, 2)).repeat(HOP // 10 + 1, axis=0)[: 64 * HOP])
    sound = (CEILING * square).astype(np.float32)
    feed = Feed("cuff", [0], mono=True, band=(200.0, 4000.0), delay=0.05)
    outs = []
    for block in (1, 7, MAX_HOPS):
        feed.open(CLOCK)
        outs.append(played(feed, sound, block))
    assert np.array_equal(outs[0], outs[1])
    assert np.array_equal(outs[0], outs[2])
    assert 0.4 < np.abs(outs[0]).max() <= np.float32(CEILING)


def true_peak(wave: np.ndarray) -> float:
    """dBTP of (n,) by eightfold oversampling with a filter that is not the limiter's; its ends are no cut."""
    from scipy.signal import resample_poly

    return 20 * math.log10(
        float(np.abs(resample_poly(wave, 8, 1, window=("kaiser", 12.0), padtype="edge")).max())
    )


@pytest.mark.parametrize("band", [(150.0, 20_000.0), (20.0, 20_000.0), (300.0, 12_000.0), (20.0, 4000.0)])
def test_no_true_peak_leaves_a_filter_whatever_is_played(band: tuple[float, float]) -> None:
    rng, count = np.random.default_rng(3), RATE
    at = np.arange(count) / RATE
    waves = [
        np.sign(np.sin(2 * np.pi * hz * at + 0.1)) for hz in (60, 90, 150, 250, 300, 400, 900, 1300, 2000)
    ]
    waves += [np.repeat(rng.choice([-1.0, 1.0], count // n + 1), n)[:count] for n in (1, 8, 32, 100, 300)]
    feed = Feed("cuff", [0, 1], band=band)
    for left, right in zip(waves, waves[1:] + waves[:1], strict=True):
        feed.open(CLOCK)
        out = played(feed, (CEILING * np.stack([left, right], axis=1)).astype(np.float32)).astype(np.float64)
        assert max(true_peak(out[:, 0]), true_peak(out[:, 1])) <= -1.0
        assert np.abs(out).max() > 0.4


def test_what_is_no_number_does_not_stay_in_the_filter() -> None:
    feed = Feed("cuff", [0], mono=True, band=(300.0, 8000.0))
    feed.open(CLOCK)
    feed.play(np.full((HOP, 2), np.nan, np.float32))
    feed.play(np.full((HOP, 2), np.inf, np.float32))
    assert np.abs(played(feed, np.repeat(tone(0, RATE), 2, axis=1))[RATE // 2 :]).max() > 0.45


def test_a_delay_is_to_the_sample_and_set_by_its_address() -> None:
    click = np.zeros((RATE, 2), np.float32)
    click[100 * HOP] = 0.5
    feed = Feed("far", [0, 1], delay=0.1)
    feed.open(CLOCK)
    assert np.flatnonzero(played(feed, click)[:, 0]).tolist() == [100 * HOP + RATE // 10]
    feed.open(CLOCK)
    feed.take(Event(0, "/wear/delay/far", (250.0,)))
    assert np.flatnonzero(played(feed, click)[:, 1]).tolist() == [100 * HOP + RATE // 4]
    (parameter,) = feed.parameters()
    assert (parameter.address, parameter.default, parameter.read and parameter.read()) == (
        "/wear/delay/far",
        100.0,
        250.0,
    )


def test_a_delay_that_changes_does_not_click() -> None:
    feed = Feed("far", [0, 1])
    feed.open(CLOCK)
    sound = np.repeat(tone(0, 400 * HOP, 100), 2, axis=1)
    pieces = []
    for turn in range(400):
        if turn in (100, 200, 300):
            feed.take(Event(0, "/wear/delay/far", ({100: 150.0, 200: 33.0, 300: 0.0}[turn],)))
        pieces.append(feed.play(sound[turn * HOP : (turn + 1) * HOP]))
    heard = np.concatenate(pieces)[:, 0]
    assert np.abs(np.diff(heard)).max() < 0.5 * 2 * np.pi * 100 / RATE + 2 * 0.5 / HOP
    assert np.abs(heard[-90 * HOP :] - sound[-90 * HOP :, 0]).max() < 1e-6


@pytest.mark.parametrize("rest", [("/wear/blackout", (1,)), ("/wear/master", (0.0,))])
def test_blackout_and_a_master_at_nothing_fade_what_waits(rest: tuple[str, tuple[float]]) -> None:
    feed = Feed("far", [0, 1], delay=3.0)
    feed.open(CLOCK)
    sound = np.repeat(tone(0, HOP), 2, axis=1)
    second = round(RATE / HOP)
    loud = []
    for turn in range(11 * second):
        if turn == 5 * second:
            feed.take(Event(0, *rest))
        if turn == 7 * second:
            feed.take(Event(0, "/wear/resume"))
            feed.take(Event(0, "/wear/master", (1.0,)))
        dark = 5 * second <= turn < 7 * second
        loud.append(float(np.abs(feed.play(0 * sound if dark else sound)).max()))
    assert max(loud[round((5 + SOUND_FADE + 0.02) * second) : 9 * second + 2 * second // 3]) == 0.0
    assert loud[5 * second - 1] > 0.49
    assert 0.1 < loud[round((5 + SOUND_FADE / 2) * second)] < 0.4
    assert loud[-1] > 0.49


# The device


class Jack:
    """A sound device whose callbacks are asked for."""

    title = "a jack"
    latency = 0.02

    def __init__(self) -> None:
        self.closed = False

    def __call__(self, channels: int, rate: int, fill: Callable[[np.ndarray], None]) -> Jack:
        self.fill, self.channels, self.closed = fill, channels, False
        return self

    def call(self, count: int = HOP) -> np.ndarray:
        out = np.zeros((count, self.channels), np.float32)
        self.fill(out)
        return out

    def close(self) -> None:
        self.closed = True


def sound_of(turn: int, hops: int = 1) -> Sound:
    both = np.repeat(tone(turn * HOP, hops * HOP), 2, axis=1)
    return Sound(both, both)


def test_feeds_of_one_device_are_on_their_channels() -> None:
    jack = Jack()
    speaker = DeviceSpeaker(jack, [Feed("pair", [0, 1]), Feed("cuff", [3], mono=True, level=0.5)])
    speaker.open(CLOCK)
    heard = []
    for turn in range(100):
        speaker.play(turn, 0, sound_of(turn))
        heard.append(jack.call())
    whole = np.concatenate(heard)[-20 * HOP :]
    assert speaker.name == "sound to pair, cuff"
    assert np.abs(whole).max(axis=0) == pytest.approx([0.5, 0.5, 0.0, 0.25], abs=0.01)
    assert [parameter.address for parameter in speaker.parameters()] == [
        "/wear/delay/pair",
        "/wear/delay/cuff",
    ]
    speaker.close()
    assert jack.closed


@pytest.mark.parametrize("hangs", [True, False])
def test_panic_reaches_it_within_a_callback_and_a_ramp_and_until_resumed(hangs: bool) -> None:
    jack = Jack()
    speaker = DeviceSpeaker(jack, [Feed("pair", [0, 1])])
    speaker.open(CLOCK)
    for turn in range(100):
        speaker.play(turn, 0, sound_of(turn))
        jack.call()
    speaker.take(Event(0, "/wear/panic"))
    after = []
    for turn in range(100, 130):
        if not hangs:  # an engine that has not heard of it
            speaker.play(turn, 0, sound_of(turn))
        after.append(jack.call())
    heard = np.concatenate(after)[:, 0]
    assert np.abs(heard[:50]).max() > 0.4  # a ramp, not a cut
    assert not heard[round(RAMP * RATE) + 1 :].any()
    speaker.take(Event(0, "/wear/resume"))
    for turn in range(130, 200):
        speaker.play(turn, 0, sound_of(turn))
        after.append(jack.call())
    assert np.abs(after[-1]).max() > 0.45
    assert speaker.line.dry == 0
    speaker.close()


def test_an_idle_server_has_longer_to_its_first_call() -> None:
    speaker = DeviceSpeaker(Jack(), [Feed("pair", [0, 1])])
    speaker.open(CLOCK)
    for turn in range(150):  # 1.5 s
        time.sleep(0.01)
        speaker.play(turn, 0, sound_of(turn))
    speaker.close()


def test_a_device_that_stops_calling_is_gone_and_counts_are_kept() -> None:
    jack = Jack()
    speaker = DeviceSpeaker(jack, [Feed("pair", [0, 1])])
    speaker.open(CLOCK)
    for turn in range(60):
        speaker.play(turn, 0, sound_of(turn))
        jack.call()
    for _ in range(20):
        jack.call()
    assert speaker.line.dry == 1
    for turn in range(60, 160):  # the engine plays on, and nobody takes it
        time.sleep(0.011)
        try:
            speaker.play(turn, 0, sound_of(turn))
        except DeviceError as trouble:
            said = str(trouble)
            break
    assert said == "a jack takes no sound any more; plug it in again"
    speaker.close()
    speaker.open(CLOCK)
    assert speaker.line.dry == 1
    speaker.close()
