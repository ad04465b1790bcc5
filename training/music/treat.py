"""What happens between the player and the ear: equalising, rooms, echoes, squeezing, noise, level."""

from __future__ import annotations

import numpy as np
from scipy import signal

from .dice import Dice
from .sines import RATE, Sound, band


def rms(sound: Sound) -> float:
    """Root mean square of the parts that sound (frames of 0.1 s above a thousandth of the loudest)."""
    frames = sound[: len(sound) // 4800 * 4800].reshape(-1, 4800)
    power = np.einsum("ij,ij->i", frames, frames) / 4800
    loud = power[power > power.max(initial=0.0) * 1e-3]
    return float(np.sqrt(loud.mean())) if len(loud) else 1e-9


def shelf(sound: Sound, edge: float, gain: float, high: bool) -> Sound:
    """Add a shelf of `gain` dB above (or below) an edge in Hz, by mixing in a first-order part."""
    part = band(sound, edge, 24000, 1) if high else band(sound, 0, edge, 1)
    return sound + np.float32(10 ** (gain / 20) - 1) * part


def echo(dice: Dice, sound: Sound, beat: float) -> Sound:
    """A delay with feedback, mostly in time with the music (dotted and plain), damped."""
    time = beat * dice.pick((0.75, 0.5, 1.0, 1 / 3, 0.25, 1.5)) if dice.chance(0.8) else dice.log(0.05, 0.6)
    step, feedback, wet = int(time * RATE), dice.between(0.1, 0.55), dice.log(0.08, 0.45)
    out, part = sound.copy(), band(sound, dice.log(40, 400), dice.log(1500, 9000))
    for i in range(1, 6):
        if i * step >= len(sound) or wet * feedback ** (i - 1) < 0.02:
            break
        out[i * step :] += np.float32(wet * feedback ** (i - 1)) * part[: -i * step]
    return out


def room(dice: Dice, sound: Sound, seconds: float, wet: float) -> Sound:
    """Reverb: decaying noise, high notes dying first, after a short pre-delay."""
    count = int(seconds * 1.1 * RATE)
    t = np.arange(count, dtype=np.float32) / RATE
    noise = dice.noise(count)
    tail = noise * np.exp(-6.9 * t / seconds)
    dull = band(noise, 0, dice.log(800, 5000), 1) * np.exp(-6.9 * t / (seconds * 1.1))
    impulse = dull + tail * np.exp(-t * dice.log(1, 20)) * dice.between(0, 1)
    impulse = np.concatenate((np.zeros(int(dice.between(0.002, 0.04) * RATE), np.float32), impulse))
    tail_sound = signal.oaconvolve(sound, impulse.astype(np.float32))[: len(sound)].astype(np.float32)
    return sound + np.float32(wet * rms(sound) / (rms(tail_sound) + 1e-9)) * tail_sound


def squeeze(sound: Sound, threshold: float, ratio: float, attack: float, release: float) -> Sound:
    """A compressor; threshold in dB over the sound's own rms; envelope every millisecond."""
    step = RATE // 1000
    frames = sound[: len(sound) // step * step].reshape(-1, step)
    power = np.sqrt(np.einsum("ij,ij->i", frames, frames) / step) + 1e-9
    level = 20 * np.log10(power / (rms(sound) + 1e-9))
    over = np.maximum(level - threshold, 0) * (1 - 1 / ratio)
    fall, rise, now = np.exp(-1 / (1000 * release)), np.exp(-1 / (1000 * attack)), 0.0
    gain = np.empty(len(over))
    for i, want in enumerate(over.tolist()):
        keep = rise if want > now else fall
        now = keep * now + (1 - keep) * want
        gain[i] = now
    curve = np.interp(np.arange(len(sound)), np.arange(len(gain)) * step, 10 ** (-gain / 20))
    return sound * curve.astype(np.float32)


def duck(sound: Sound, kicks: list[float], depth: float, back: float) -> Sound:
    """Side chain: the sound gives way at each kick and comes back within `back` seconds."""
    gain = np.ones(len(sound), np.float32)
    shape = (1 - depth * (1 - np.linspace(0, 1, int(back * RATE))) ** 2).astype(np.float32)
    for second in kicks:
        start = max(0, int(second * RATE))
        part = gain[start : start + len(shape)]
        np.minimum(part, shape[: len(part)], out=part)
    return sound * gain


def background(dice: Dice, count: int) -> tuple[Sound, str]:
    """A noise floor of unit rms: white, pink, hum, crackle, babble or wind."""
    kind = dice.pick(("white", "pink", "hum", "crackle", "babble", "wind"), (0.2, 0.25, 0.1, 0.15, 0.2, 0.1))
    if kind == "hum":
        t = np.arange(count) / RATE
        base, sound = dice.pick((50.0, 60.0)), np.zeros(count)
        for n in (1, 2, 3, 4, 5, 6, 8, 10):
            sound += dice.between(0, 1) / n * np.sin(2 * np.pi * base * n * t + n)
        out = sound.astype(np.float32) + 0.05 * dice.noise(count)
    elif kind == "crackle":
        out = np.zeros(count, np.float32)
        clicks = dice.rng.integers(0, count, int(count / RATE * dice.log(3, 40)))
        out[clicks] = dice.noise(len(clicks)) * np.exp(dice.noise(len(clicks)))
        out = band(out, 300, dice.log(4000, 15000), 1) * 30 + 0.1 * band(dice.noise(count), 0, 4000, 1)
    elif kind == "babble":
        out = babble(dice, count, dice.whole(4, 9))
    elif kind == "white":
        out = dice.noise(count)
    else:
        pink = dice.noise(count)
        out = signal.lfilter([0.05, -0.096, 0.0506, -0.0044], [1, -2.495, 2.0173, -0.5222], pink).astype(
            np.float32
        )
        if kind == "wind":
            out = band(out, 60, dice.log(300, 2000), 1) * slow_walk(dice, count, 0.4, 6.0)
    return out / (rms(out) + 1e-9), kind


def slow_walk(dice: Dice, count: int, rate: float, spread: float) -> Sound:
    """A gain that wanders: knots every 1/rate seconds with `spread` dB standard deviation."""
    knots = int(count / RATE * rate) + 3
    decibels = dice.rng.normal(0, spread, knots)
    return (10 ** (np.interp(np.arange(count) / RATE * rate, np.arange(knots), decibels) / 20)).astype(
        np.float32
    )


def babble(dice: Dice, count: int, speakers: int) -> Sound:
    """Speakers in the distance: buzz and noise through vowel-like bands, in syllables."""
    out = np.zeros(count, np.float32)
    t = np.arange(count, dtype=np.float32) / RATE
    for _ in range(speakers):
        pitch = dice.log(90, 240) * slow_walk(dice, count, 2.5, 1.2)
        turns = np.cumsum(pitch, dtype=np.float64) / RATE
        buzz = (2 * (turns % 1.0) - 1).astype(np.float32) + 0.3 * dice.noise(count)
        rate = dice.between(2.5, 5)
        knots = np.where(
            dice.rng.random(int(t[-1] * rate * 2) + 4) < 0.4, 0, dice.rng.random(int(t[-1] * rate * 2) + 4)
        )
        syllables = np.interp(t * rate * 2, np.arange(len(knots)), knots).astype(np.float32)
        first = dice.log(300, 800)
        voice = band(buzz, first * 0.7, first * 1.4) + 0.5 * band(buzz, first * 2.2, first * 4)
        out += voice * syllables * dice.log(0.3, 1)
    return out


def place(dice: Dice, sound: Sound) -> Sound:
    """The last step of the chain: tilt, loudspeaker or telephone, clipping, drift."""
    if dice.chance(0.5):
        sound = shelf(sound, dice.log(80, 500), dice.between(-12, 9), False)
    if dice.chance(0.5):
        sound = shelf(sound, dice.log(1500, 8000), dice.between(-14, 9), True)
    if dice.chance(0.12):
        low, high = dice.pick(
            ((300, 3400), (0, dice.log(250, 2500)), (dice.log(90, 300), 24000), (120, 7000))
        )
        sound = band(sound, low, high, dice.pick((1, 2)))
    if dice.chance(0.4):
        sound = squeeze(
            sound, dice.between(-8, 3), dice.log(1.5, 12), dice.log(0.001, 0.03), dice.log(0.03, 0.4)
        )
    if dice.chance(0.25):
        drive = dice.log(0.3, 4) / (3 * rms(sound) + 1e-9)
        sound = np.tanh(sound * np.float32(drive)).astype(np.float32)
    if dice.chance(0.25):
        sound = sound * slow_walk(dice, len(sound), dice.log(0.05, 0.4), dice.between(1, 4))
    return sound
