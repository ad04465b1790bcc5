"""Sound without a beat: whoever counts one here is dreaming."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from benchmarks.hearing import synth, treat, truth
from benchmarks.hearing.dice import Dice
from benchmarks.hearing.score import Score
from benchmarks.hearing.styles.harmony import MINOR, MODAL, progression, voiced
from benchmarks.hearing.tempo import Tempo, steady
from benchmarks.hearing.truth import Truth
from wearsound import chance
from wearsound.core import F64

SECONDS = 30.0


def silence(seed: int) -> tuple[F64, Truth]:
    """Nothing, or what a converter adds to it: noise at -90 dBFS."""
    count = round(SECONDS * synth.RATE)
    noise = np.stack([chance.noises(seed, side, count) for side in "lr"], axis=1)
    return noise * (0.0 if seed % 2 else 3e-5), Truth("silence", SECONDS, onsets=[])


def hiss(seed: int) -> tuple[F64, Truth]:
    """Noise: white, or wind that swells and falls without measure."""
    from scipy.signal import butter, sosfilt

    dice = Dice(seed, "hiss")
    count = round(SECONDS * synth.RATE)
    noise = np.stack([chance.noises(seed, side, count) for side in "lr"], axis=1)
    if dice.chance(0.5):
        noise = sosfilt(butter(2, [150.0, 900.0], "band", fs=synth.RATE, output="sos"), noise, axis=0)
        time = np.arange(count) / synth.RATE
        swell = sum(
            np.sin(2 * np.pi * time / dice.uniform(3.0, 11.0) + dice.uniform(0, 6.0)) for _ in range(4)
        )
        noise = noise * (1.0 + 0.2 * np.asarray(swell))[:, None]
    return _faded(treat.to_loudness(noise, dice.uniform(-40.0, -20.0))), Truth("hiss", SECONDS, onsets=[])


def sines(seed: int) -> tuple[F64, Truth]:
    """A chord of pure tones, or mains hum with its harmonics; nothing moves."""
    dice = Dice(seed, "sines")
    time = np.arange(round(SECONDS * synth.RATE)) / synth.RATE
    if seed % 2:
        root = 110.0 * 2.0 ** (dice.whole(0, 24) / 12.0)
        tones = [(root * ratio, 1.0) for ratio in (1.0, 1.25, 1.5, 2.0)]
    else:
        tones = [(50.0 * number, 1.0 / number) for number in (1, 2, 3, 5, 7)]
    mono = sum(loud * np.sin(2.0 * np.pi * hertz * time + dice.uniform(0.0, 6.0)) for hertz, loud in tones)
    sound = np.stack([np.asarray(mono)] * 2, axis=1)
    return _faded(treat.to_loudness(sound, dice.uniform(-30.0, -16.0))), Truth("sines", SECONDS, onsets=[])


def drone(seed: int) -> tuple[F64, Truth]:
    """Strings or an organ that hold one chord and are never struck again."""
    dice = Dice(seed, "drone")
    score = _free(dice)
    part = score.part(dice.pick((49, 48, 16, 19, 50)))
    score.chord(part, 0.0, SECONDS, [dice.whole(36, 48), dice.whole(55, 62)], 0.7)
    sound = synth.play(score.notes, score.programs, score.volumes, score.pans, SECONDS)
    ready = treat.to_loudness(sound.astype(np.float64), dice.uniform(-30.0, -18.0))
    return _faded(ready, 4.0), Truth("drone", SECONDS, onsets=[])


def free_pad(seed: int) -> tuple[F64, Truth]:
    """Pads that come and go, one to five seconds apart, in no metre at all."""
    dice = Dice(seed, "free_pad")
    score = _free(dice)
    part = score.part(dice.pick((89, 52, 49, 88)))
    chords = progression(dice, MODAL + MINOR)
    now, count = 0.5, 0
    while now < SECONDS - 2.0:
        score.chord(
            part, now, dice.uniform(2.0, 5.0), voiced(chords[count % len(chords)], 52), 0.6, roll=0.05
        )
        now += dice.uniform(1.0, 5.0)
        count += 1
    sound = synth.play(score.notes, score.programs, score.volumes, score.pans, SECONDS)
    treatment = treat.Treatment(room=0.5, decay=2.5, lufs=dice.uniform(-28.0, -16.0))
    known = truth.of(score, "free_pad", SECONDS, pulse=False)
    known.onsets = known.drums = None
    return treat.treated(sound.astype(np.float64), treatment, seed), known


NOTHING: dict[str, Callable[[int], tuple[F64, Truth]]] = {
    "silence": silence,
    "hiss": hiss,
    "sines": sines,
    "drone": drone,
    "free_pad": free_pad,
}


def _free(dice: Dice) -> Score:
    """A score whose beats are seconds."""
    return Score(dice.cup("notes"), Tempo(steady(60.0), SECONDS + 1.0), 1, round(SECONDS), loose=0.0)


def _faded(sound: F64, seconds: float = 1.0) -> F64:
    """Without a beginning that could be taken for an onset."""
    count = round(seconds * synth.RATE)
    out = sound.copy()
    out[:count] *= (0.5 - 0.5 * np.cos(np.pi * np.arange(count) / count))[:, None]
    return out
