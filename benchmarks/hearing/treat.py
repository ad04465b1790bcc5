"""What happens to sound between players and microphone: room, noise, tone, squash, loudness."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from benchmarks.hearing.dice import Dice
from benchmarks.hearing.loudness import integrated
from benchmarks.hearing.synth import RATE
from wearsound import chance
from wearsound.core import F64


@dataclass(slots=True)
class Treatment:
    """`room` wet part 0..1 and `decay` its RT60 in seconds; `noise` and `crackle` dB under the music.

    `tilt` dB an octave about 1 kHz; `low` and `high` the pass band in Hz, 0 for open; `drive` dB into a
    soft clip; `lufs` the integrated loudness that leaves.
    """

    room: float = 0.0
    decay: float = 0.4
    noise: float = 200.0
    crackle: float = 200.0
    tilt: float = 0.0
    low: float = 0.0
    high: float = 0.0
    drive: float = 0.0
    lufs: float = -16.0

    def as_json(self) -> dict[str, Any]:
        """For the truth file, rounded."""
        return {name: round(value, 3) for name, value in asdict(self).items()}


def usual(dice: Dice) -> Treatment:
    """What most recordings have gone through."""
    treatment = Treatment(
        room=dice.uniform(0.0, 0.4),
        decay=dice.uniform(0.2, 1.6),
        tilt=dice.normal(0.6),
        lufs=dice.pick([-8.0, -10.0, -12.0, -14.0, -16.0, -18.0, -22.0, -26.0, -30.0]),
    )
    if dice.chance(0.4):
        treatment.noise = dice.uniform(20.0, 50.0)
    if dice.chance(0.4):
        treatment.drive = dice.uniform(3.0, 12.0)
    if dice.chance(0.12):
        treatment.low, treatment.high = dice.uniform(60.0, 160.0), dice.uniform(4000.0, 9000.0)
    return treatment


def treated(sound: F64, treatment: Treatment, seed: int) -> F64:
    """`sound` (n, 2) through everything; the length stays, and nothing is moved in time."""
    from scipy.signal import butter, fftconvolve, sosfilt

    sound = sound.astype(np.float64)
    if treatment.room > 0.0:
        tail = _room(treatment.decay, seed)
        wet = np.stack([fftconvolve(sound[:, side], tail[side])[: len(sound)] for side in (0, 1)], axis=1)
        sound = (1.0 - 0.5 * treatment.room) * sound + treatment.room * wet
    if treatment.tilt:
        sound = _tilted(sound, treatment.tilt)
    sound = to_loudness(sound, -20.0)
    if treatment.noise < 150.0:
        sound += _noise(len(sound), seed, dark=seed % 2 == 0) * 10.0 ** ((-20.0 - treatment.noise) / 20.0)
    if treatment.crackle < 150.0:
        sound += _crackle(len(sound), seed) * 10.0 ** ((-20.0 - treatment.crackle) / 20.0)
    if treatment.drive:
        pushed = 10.0 ** (treatment.drive / 20.0) * 2.0
        sound = np.tanh(sound * pushed) / pushed
    if treatment.low:
        sound = sosfilt(butter(2, treatment.low, "high", fs=RATE, output="sos"), sound, axis=0)
    if treatment.high:
        sound = sosfilt(butter(4, treatment.high, "low", fs=RATE, output="sos"), sound, axis=0)
    sound = to_loudness(sound, treatment.lufs)
    return _limited(sound)


def to_loudness(sound: F64, lufs: float) -> F64:
    """Louder or quieter until its integrated loudness is `lufs`; silence stays silence."""
    now = integrated(sound)
    return sound if now < -100.0 else sound * 10.0 ** ((lufs - now) / 20.0)


def _limited(sound: F64) -> F64:
    """Below 0.7 untouched, above bent, never beyond full scale."""
    over = np.abs(sound) > 0.7
    sound[over] = np.sign(sound[over]) * (0.7 + 0.29 * np.tanh((np.abs(sound[over]) - 0.7) / 0.29))
    return sound


def _room(decay: float, seed: int) -> F64:
    """Two impulse responses (2, n): noise that dies, duller as it does, after 8 ms; together of energy 1."""
    from scipy.signal import butter, sosfilt

    count = round(min(decay * 1.1, 3.5) * RATE)
    time = np.arange(count) / RATE
    tails = []
    for side in "lr":
        noise = chance.noises(seed, f"room/{side}", count)
        dull = sosfilt(butter(1, 2500.0, "low", fs=RATE, output="sos"), noise)
        fade = np.minimum(time / (0.4 * decay), 1.0)
        tail = ((1.0 - fade) * noise + 2.0 * fade * dull) * 10.0 ** (-3.0 * time / decay)
        tail /= np.sqrt(np.sum(tail * tail))
        tails.append(np.concatenate([np.zeros(round(0.008 * RATE)), tail]))
    return np.array(tails)


def _tilted(sound: F64, slope: float) -> F64:
    """Tone by `slope` dB an octave about 1 kHz, by a short symmetric filter so that nothing is moved."""
    from scipy.signal import fftconvolve, firwin2

    frequency = np.array([0.0, 40.0, 80.0, 160.0, 320.0, 640.0, 1280.0, 2560.0, 5120.0, 10240.0, RATE / 2])
    octaves = np.log2(np.maximum(frequency, 40.0) / 1000.0)
    taps = firwin2(511, frequency, 10.0 ** (slope * octaves / 20.0), fs=RATE)
    return np.stack([fftconvolve(sound[:, side], taps, mode="same") for side in (0, 1)], axis=1)


def _noise(count: int, seed: int, dark: bool) -> F64:
    """Hiss of RMS 1 (n, 2), white or with its upper octaves taken off."""
    from scipy.signal import butter, sosfilt

    noise = np.stack([chance.noises(seed, f"hiss/{side}", count) for side in "lr"], axis=1)
    if dark:
        noise = sosfilt(butter(1, 800.0, "low", fs=RATE, output="sos"), noise, axis=0)
    return noise / np.sqrt(np.mean(noise * noise))


def _crackle(count: int, seed: int) -> F64:
    """Dust on a record: some twelve ticks a second of all sizes, over its hiss; (n, 2), hiss of RMS 1."""
    dust = chance.uniforms(seed, "dust", count)
    ticks = np.where(dust < 12.0 / RATE, 1.0, 0.0) * (chance.uniforms(seed, "size", count) ** 3) * 60.0
    shape = np.exp(-np.arange(40) / 6.0) * np.cos(np.arange(40) * 0.9)
    heard = np.convolve(ticks, shape)[:count]
    return heard[:, None] + _noise(count, seed + 1, dark=True)
