"""The bass line's pitch is followed through kicks and chords; figures are printed (`-s`)."""

from __future__ import annotations

from pathlib import Path

import bass_lines
import numpy as np
import pytest
from jackets import Player, jacket
from thorough import some

from wearsound.core import F64, Clock
from wearsound.felt import Feel
from wearsound.instruments.vibration.bassline import Bassline
from wearsound.instruments.vibration.heard import KICK
from wearsound.instruments.vibration.kick_tail import KickTail
from wearsound.instruments.vibration.strokes import Strokes
from wearsound.sources.composer.cache import compose

CLOCK = Clock()
RATE = CLOCK.sample_rate
BAND = (30.0, 160.0)
HEARD = 0.08
"""Seconds after its start in which no ear knows a low note: three periods of 40 Hz."""
TUNED_LINES, OTHER_LINES = range(4), range(4, 12)
TUNED_SEEDS, OTHER_SEEDS = (2, 7), (1, 3, 11)


def track(x: F64, hops: tuple[int, ...] = (64,), band: tuple[float, float] = BAND) -> F64:
    """Hz of every hop of x, heard in blocks of so many hops by turns."""
    bassline, strokes, rows, at, turn = Bassline(band, CLOCK), Strokes(KICK, CLOCK), [], 0, 0
    n_hops = len(x) // CLOCK.hop
    while at < n_hops:
        n = min(hops[turn % len(hops)], n_hops - at)
        block = x[at * CLOCK.hop : (at + n) * CLOCK.hop]
        rows.append(bassline.track(block, n, strokes.find(block)))
        at, turn = at + n, turn + 1
    return np.concatenate(rows)


def folded(hz: F64) -> F64:
    """Below 60 Hz up an octave."""
    return np.where((hz > 0) & (hz < 60), np.where(hz < 30, 4 * hz, 2 * hz), hz)


def followed(hz: F64, true: F64, starts: F64) -> tuple[float, float]:
    """Per cent of voiced frames within 50 cents: of all, and of those HEARD seconds into their note.

    Two pitches on either side of 60 Hz are the same to the carrier: their fold is not an error.
    """
    at = np.arange(len(hz)) * CLOCK.hop + CLOCK.hop - 1
    want, age = true[at], (at - starts[at]) / RATE
    pairs = ((hz, want), (folded(hz), folded(want)))
    off = [1200 * np.abs(np.log2(np.maximum(a, 1) / np.maximum(b, 1))) for a, b in pairs]
    good, voiced = np.minimum(*off) < 50, want > 0
    return 100 * good[voiced].mean(), 100 * good[voiced & (age >= HEARD)].mean()


def demo(seed: int) -> tuple[F64, F64, F64]:
    """The demo track, its true bass pitch and since when each note sounds."""
    made = compose(seed)
    x = made.samples[:, :2].mean(axis=1).astype(np.float64)
    hz, starts = np.zeros(len(x)), np.zeros(len(x))
    for note in made.truth.bass:
        first = round(note.time * RATE)
        last = min(len(x), first + round(note.duration * RATE))
        u = np.minimum(1, np.arange(last - first) / max(1, round(note.slide * RATE)))
        way = u * u * (3 - 2 * u) if note.slide else 1.0
        hz[first:last] = note.start_hz * (note.end_hz / note.start_hz) ** way
        starts[first:last] = first
    return x, hz, starts


@pytest.mark.parametrize(("seeds", "least"), some([(OTHER_LINES, (80, 90)), (TUNED_LINES, (77, 86))], 2))
def test_bass_lines_under_loud_kicks_and_pads(seeds: range, least: tuple[int, int]) -> None:
    told = []
    for line in bass_lines.lines(seeds):
        told.append(followed(track(line.samples), line.hz, line.starts))
        print(f"{line.name}: {told[-1][0]:.0f} % of voiced frames, {told[-1][1]:.0f} % once heard")
    every, heard = np.mean(told, axis=0)
    print(f"all: {every:.1f} %, {heard:.1f} % once heard")
    assert every >= least[0]
    assert heard >= least[1]


@pytest.mark.parametrize(("seeds", "least"), some([(OTHER_SEEDS, (78, 88)), (TUNED_SEEDS, (78, 88))], 2))
def test_the_demo_tracks_bass(seeds: tuple[int, ...], least: tuple[int, int]) -> None:
    told = []
    for seed in seeds:
        x, hz, starts = demo(seed)
        told.append(followed(track(x), hz, starts))
        print(f"demo {seed}: {told[-1][0]:.0f} % of voiced frames, {told[-1][1]:.0f} % once heard")
    every, heard = np.mean(told, axis=0)
    print(f"all: {every:.1f} %, {heard:.1f} % once heard")
    assert every >= least[0]
    assert heard >= least[1]


def crossed(wave: F64) -> F64:
    """Hz of a waveform at the end of every hop, by the upward crossings of zero around it; 0 where it is still."""
    below = np.flatnonzero((wave[:-1] < 0) & (wave[1:] >= 0))
    times = below + wave[below] / (wave[below] - wave[below + 1])
    ends = np.arange(CLOCK.hop - 1, len(wave), CLOCK.hop)
    last = np.searchsorted(times, ends)
    inside = (last > 0) & (last < len(times))
    hz = np.zeros(len(ends))
    hz[inside] = RATE / (times[last[inside]] - times[last[inside] - 1])
    return np.where(hz > 20, hz, 0.0)


def felt(hz: F64, true: F64, starts: F64) -> tuple[float, float]:
    """As `followed`, of what a coil is driven with: notes below 60 Hz are felt an octave up, near it either way."""
    at = np.arange(len(hz)) * CLOCK.hop + CLOCK.hop - 1
    want, age = true[at], (at - starts[at]) / RATE
    own, up = np.where(want > 59, want, 1.0), np.where(want < 62, 2 * want, 1.0)
    off = [1200 * np.abs(np.log2(np.maximum(hz, 1) / np.maximum(each, 1))) for each in (own, up)]
    good, voiced = (np.minimum(*off) < 50) & (hz > 0), want > 0
    return 100 * good[voiced].mean(), 100 * good[voiced & (age >= HEARD)].mean()


def test_the_carrier_on_a_coil_is_the_bass_line_under_kicks_and_pads(tmp_path: Path) -> None:
    """The issue's own line, of the wave that leaves the instrument: 80 % of voiced frames within 50 cents, from HEARD
    seconds into a note on. The strict figure counts every voiced frame, also before anything can be known."""
    player = Player(jacket(tmp_path, zones=1), [Feel("line", "room", BAND, ("z0",), part="hum")])
    told = []
    for line in bass_lines.lines(OTHER_LINES):
        drive = player.play(line.samples)
        hz = crossed(drive.wave[:, 0].astype(float))
        told.append(felt(hz, line.hz, line.starts))
        print(f"{line.name}: {told[-1][0]:.0f} % of voiced frames, {told[-1][1]:.0f} % once heard")
        steady = (drive.hz[:, 0] > 0) & (hz > 0)
        assert np.median(np.abs(1200 * np.log2(hz[steady] / drive.hz[steady, 0]))) < 15, "told and played"
    every, heard = np.mean(told, axis=0)
    print(f"all: {every:.1f} %, {heard:.1f} % once heard")
    assert heard >= 86
    assert every >= 76


@pytest.mark.parametrize("hz", [41.2, 55.0, 65.4, 82.4, 98.0, 130.8, 155.6])
def test_a_steady_tone_is_its_own_pitch(hz: float) -> None:
    x = 0.3 * np.sin(2 * np.pi * hz * np.arange(RATE) / RATE)
    heard = track(x)
    late = heard[len(heard) // 4 :]
    assert np.abs(1200 * np.log2(late / hz)).max() < 25


def test_it_is_0_before_the_first_and_held_after_the_last() -> None:
    tone = 0.3 * np.sin(2 * np.pi * 70.0 * np.arange(RATE) / RATE)
    x = np.concatenate([np.zeros(RATE // 2), tone, np.zeros(RATE)])
    hz = track(x)
    per = RATE / CLOCK.hop
    assert not hz[: round(0.5 * per)].any()
    assert np.all(np.abs(hz[round(1.7 * per) :] - 70.0) < 3.0)


def test_a_note_is_heard_soon() -> None:
    """After a leap of a fifth: within 110 ms without a kick."""
    seconds = np.arange(2 * RATE) / RATE
    turns = np.cumsum(np.where(seconds < 1.0, 55.0, 82.4)) / RATE
    hz = track(0.3 * np.sin(2 * np.pi * turns))
    late = np.flatnonzero(np.abs(1200 * np.log2(np.maximum(hz, 1) / 82.4)) < 50)[0]
    assert 0 < late * CLOCK.hop / RATE - 1.0 < 0.11


def test_tracking_does_not_depend_on_grouping() -> None:
    x = bass_lines.line(2).samples[: 6 * RATE]
    hz = track(x)
    assert len(np.unique(hz)) > 20
    for hops in ((1,), (3, 1, 17, 2, 64)):
        assert np.array_equal(track(x, hops), hz)


def test_reset_forgets() -> None:
    x, bassline, strokes = bass_lines.line(2).samples, Bassline(BAND, CLOCK), Strokes(KICK, CLOCK)
    blocks = [(x[k * 16_384 : (k + 1) * 16_384], 64) for k in range(6)]
    kicks = [strokes.find(block) for block, _ in blocks]
    first = [bassline.track(*block, found) for block, found in zip(blocks, kicks, strict=True)]
    bassline.reset()
    again = [bassline.track(*block, found) for block, found in zip(blocks, kicks, strict=True)]
    assert np.array_equal(np.concatenate(first), np.concatenate(again))


def test_a_kick_is_learned_and_laid_on_the_next() -> None:
    """Late by a millisecond and half as loud, it is still known, and 20 dB of it can be taken out."""
    tail = KickTail(3000.0)
    t = np.arange(tail.size + 2 * tail.slip) / 3000.0
    kick = np.sin(2 * np.pi * (50 * t + 3 * (1 - np.exp(-t / 0.03)))) * np.exp(-t / 0.12)
    sound = np.concatenate([np.zeros(tail.slip), kick])[: len(t)]
    assert not tail.fit(sound[tail.slip :][: tail.sweep]).any()
    tail.learn(sound)
    late = 0.5 * sound[tail.slip + 3 :]
    known = tail.fit(late[: tail.sweep])[: len(late)]
    left = late[: len(known)] - known
    assert np.sum(left * left) < 0.01 * np.sum(late * late)


@pytest.mark.parametrize("rate", [8_000, 16_000, 22_050, 96_000])
def test_any_rate_of_sound_will_do(rate: int) -> None:
    """At a low rate the highest harmonics of the highest pitches are beyond what is looked at."""
    clock = Clock(rate)
    line = Bassline((30.0, 330.0), clock)
    n_hops = 2 * rate // clock.hop
    x = 0.3 * np.sin(2 * np.pi * 80 * np.arange(n_hops * clock.hop) / rate)
    hz = np.concatenate([line.track(x[i * clock.hop : (i + 1) * clock.hop], 1, []) for i in range(n_hops)])
    assert hz[-1] == pytest.approx(80.0, rel=0.02)
