"""An audience, and what is not one, made by function: applause, hands together, cheers, voices, rain, hiss.

Nothing here is shared with the built-in track's crowd: other hands, another hall, other people, drawn wider.
"""

from __future__ import annotations

import numpy as np

RATE = 48_000


def noise(n: int, low: float, high: float, rng: np.random.Generator, slope: float = 0.0) -> np.ndarray:
    """Gaussian noise between two frequencies, rms 1; `slope` in powers of frequency (-0.5 is pink)."""
    spectrum = np.fft.rfft(rng.standard_normal(n))
    hertz = np.fft.rfftfreq(n, 1 / RATE)
    inside = 1 / (1 + (low / np.maximum(hertz, 1e-3)) ** 8) / (1 + (hertz / high) ** 8)
    sound = np.fft.irfft(spectrum * inside * np.maximum(hertz, 20.0) ** slope, n)
    return sound / sound.std()


def loud(sound: np.ndarray, dbfs: float) -> np.ndarray:
    """At a level; a full-scale sine is 0 dB."""
    return sound * (10 ** (dbfs / 20) / 2**0.5 / max(float(np.sqrt(np.mean(sound**2))), 1e-12))


def hall(sound: np.ndarray, seconds: float, wet: float, rng: np.random.Generator) -> np.ndarray:
    """With a diffuse tail of so long (-60 dB), `wet` of its power against the sound's own."""
    n = round(seconds * RATE)
    tail = noise(n, 200, 6000, rng, -0.3) * 10 ** (-3 * np.arange(n) / n)
    tail[: round(0.012 * RATE)] = 0
    size = len(sound) + n
    wide = np.fft.irfft(np.fft.rfft(sound, size) * np.fft.rfft(tail, size), size)[: len(sound)]
    return sound + wide * (wet * float(np.mean(sound**2)) / max(float(np.mean(wide**2)), 1e-20)) ** 0.5


def hand(rng: np.random.Generator) -> np.ndarray:
    """One clap: a burst that rises in half a millisecond, round one or two hollows of the hands."""
    n = round(0.04 * RATE)
    t = np.arange(n) / RATE
    burst = rng.standard_normal(n) * np.exp(-t / rng.uniform(0.0015, 0.009)) * np.minimum(1, t / 0.0004)
    spectrum, hertz = np.fft.rfft(burst), np.fft.rfftfreq(n, 1 / RATE)
    centre, width = rng.uniform(700, 2800), rng.uniform(0.5, 1.4)
    shape = 1 / (1 + ((hertz / centre - centre / np.maximum(hertz, 1)) * width) ** 2) + 0.05
    sound = np.fft.irfft(spectrum * shape, n)
    return sound / np.abs(sound).max()


def applause(seconds: float, people: int, seed: int = 0, wet: float = 0.6, hall_s: float = 1.0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    out = np.zeros(round(seconds * RATE))
    for _ in range(people):
        claps = [hand(rng) for _ in range(3)]
        rate, level = rng.uniform(2.4, 5.5), rng.uniform(0.1, 1.0) ** 1.5
        at = rng.uniform(0, 1 / rate)
        while at < seconds - 0.05:
            start = round(at * RATE)
            clap = claps[rng.integers(3)] * level * rng.uniform(0.6, 1.0)
            out[start : start + len(clap)] += clap[: len(out) - start]
            at += (1 + 0.08 * rng.standard_normal()) / rate
    return hall(out, hall_s, wet, rng)


def together(
    seconds: float, period: float, spread: float, people: int, seed: int = 0, wet: float = 0.5
) -> tuple[np.ndarray, np.ndarray]:
    """Everybody claps once a period, each `spread` seconds (1 sigma) off; and the middles of the claps."""
    rng = np.random.default_rng(seed)
    out, at = np.zeros(round(seconds * RATE)), np.arange(1.0, seconds - 0.3, period)
    hands = [hand(rng) for _ in range(people)]
    for middle in at:
        for clap in hands:
            if rng.uniform() < 0.85:
                start = max(0, round((middle + spread * rng.standard_normal()) * RATE))
                part = out[start : start + len(clap)]
                part += clap[: len(part)] * rng.uniform(0.3, 1.0)
    return hall(out, 0.9, wet, rng), at


VOWELS = (
    (700, 1150, 2500),
    (300, 2200, 3000),
    (450, 900, 2400),
    (320, 800, 2250),
    (520, 1800, 2500),
    (600, 1000, 2600),
)


def _formants(source: np.ndarray, formants: tuple[float, ...]) -> np.ndarray:
    hertz = np.fft.rfftfreq(len(source), 1 / RATE)
    gain = sum(
        level / (1 + ((hertz - centre) / width) ** 2)
        for centre, width, level in zip(formants, (70, 100, 140), (1.0, 0.6, 0.3), strict=True)
    )
    return np.fft.irfft(np.fft.rfft(source) * (gain + 0.004), len(source))


def talker(seconds: float, seed: int = 0, shouting: bool = False) -> np.ndarray:
    """Syllables of one voice: gliding pulses through formants, now and then a fricative, pauses."""
    rng = np.random.default_rng(seed)
    out, at = np.zeros(round(seconds * RATE)), 0.1
    pitch = rng.uniform(90, 230) * (1.8 if shouting else 1.0)
    while at < seconds - 0.6:
        long = rng.uniform(0.2, 0.5) if shouting else rng.uniform(0.09, 0.24)
        n = round(long * RATE)
        glide = (
            pitch * (1 + 0.15 * rng.standard_normal()) * (1 + rng.uniform(-0.2, 0.2) * np.linspace(0, 1, n))
        )
        phase = np.cumsum(glide / RATE)
        pulses = np.diff(np.floor(phase), prepend=0.0) + 0.02 * rng.standard_normal(n)
        vowel = VOWELS[rng.integers(len(VOWELS))]
        scale = rng.uniform(0.9, 1.15) * (1.2 if shouting else 1.0)
        sound = _formants(pulses, tuple(f * scale for f in vowel))
        sound *= np.hanning(n) ** 0.4 / max(float(np.abs(sound).max()), 1e-9)
        start = round(at * RATE)
        if rng.uniform() < 0.35:
            m = round(rng.uniform(0.05, 0.11) * RATE)
            fricative = noise(m, rng.uniform(2200, 4500), 9000, rng) * np.hanning(m) * 0.06
            out[start : start + m] += fricative[: len(out) - start]
            start += round(0.8 * m)
        part = out[start : start + n]
        part += sound[: len(part)] * rng.uniform(0.5, 1.0)
        at = start / RATE + long * rng.uniform(0.8, 1.1)
        if rng.uniform() < 0.14:
            at += rng.uniform(0.2, 0.7)
    return hall(out, 0.5, 0.15, rng)


def murmur(seconds: float, people: int = 24, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    voices = [talker(seconds, seed * 1000 + i + 1) * rng.uniform(0.3, 1.0) for i in range(people)]
    return hall(sum(voices), 0.8, 0.5, rng)


def cheer(seconds: float, people: int = 40, seed: int = 0) -> np.ndarray:
    """Long open vowels of many voices, each gliding up and down, swelling in 0.7 s and dying away in 1 s."""
    rng = np.random.default_rng(seed)
    n = round(seconds * RATE)
    t = np.arange(n) / RATE
    out = np.zeros(n)
    for _ in range(people):
        pitch = rng.uniform(180, 620)
        glide = pitch * (1 + 0.25 * np.sin(2 * np.pi * rng.uniform(0.15, 0.6) * t + rng.uniform(0, 6)))
        glide *= 1 + 0.02 * np.sin(2 * np.pi * rng.uniform(4, 7) * t)
        pulses = np.diff(np.floor(np.cumsum(glide / RATE)), prepend=0.0) + 0.03 * rng.standard_normal(n)
        vowel = VOWELS[rng.choice([0, 2, 5])]
        voice = _formants(pulses, tuple(f * rng.uniform(1.0, 1.4) for f in vowel))
        start = rng.uniform(0, 0.5)
        voice *= np.clip((t - start) / 0.7, 0, 1) * np.clip((seconds - t) / 1.0, 0, 1)
        out += voice / max(float(np.abs(voice).max()), 1e-9) * rng.uniform(0.2, 1.0)
    return hall(out, 1.0, 0.6, rng)


def rain(seconds: float, seed: int = 0, drops: float = 900) -> np.ndarray:
    """Hiss with drops in it, bright."""
    rng = np.random.default_rng(seed)
    n = round(seconds * RATE)
    clicks = np.zeros(n)
    for at in rng.integers(0, n, round(drops * seconds)):
        clicks[at] += rng.exponential() * rng.choice([-1.0, 1.0])
    low = rng.uniform(2500, 4500)
    bright = np.fft.rfft(clicks)
    hertz = np.fft.rfftfreq(n, 1 / RATE)
    drops_heard = np.fft.irfft(bright / (1 + (low / np.maximum(hertz, 1)) ** 4), n)
    return drops_heard / drops_heard.std() + 0.8 * noise(n, 800, 12_000, rng)


def hiss(seconds: float, seed: int = 0, slope: float = 0.0) -> np.ndarray:
    return noise(round(seconds * RATE), 60, 16_000, np.random.default_rng(seed), slope)


def music(seconds: float, seed: int = 0, bpm: float | None = None) -> np.ndarray:
    """A band that tries to be taken for an audience: drums, shakers in sixteenths, hats that wash, chords, snares."""
    rng = np.random.default_rng(seed)
    n = round(seconds * RATE)
    out, step = np.zeros(n), 15 / (bpm or rng.uniform(84, 140))

    def put(at: float, sound: np.ndarray) -> None:
        start = round(at * RATE)
        part = out[start : start + len(sound)]
        part += sound[: len(part)]

    def burst(long: float, low: float, high: float) -> np.ndarray:
        m = round(6 * long * RATE)
        return noise(m, low, high, rng) * np.exp(-np.arange(m) / (long * RATE))

    t = np.arange(round(0.3 * RATE)) / RATE
    kick = np.exp(-t / 0.08) * np.sin(2 * np.pi * (52 * t + 3 * (1 - np.exp(-t / 0.02))))
    snare = burst(rng.uniform(0.03, 0.09), 900, 7000) * 0.25
    hat = burst(rng.uniform(0.015, 0.05), rng.uniform(3500, 7000), 15_000) * 0.12
    shaker = burst(rng.uniform(0.02, 0.05), rng.uniform(2500, 4000), 10_000) * rng.uniform(0.02, 0.12)
    root = rng.uniform(80, 160)
    for i in range(int(seconds / step)):
        if i % 4 == 0:
            put(i * step, kick)
        if i % 8 == 4:
            put(i * step, snare)
        if i % 2 == 0:
            put(i * step, hat * rng.uniform(0.5, 1.0))
        put(i * step, shaker * rng.uniform(0.5, 1.0))
        if i % 16 == 0:
            long = np.arange(round(16 * step * RATE)) / RATE
            tune = 2 ** (rng.integers(0, 8) / 12)
            chord = sum(
                np.sin(2 * np.pi * root * tune * r * k * long) / k
                for r in (1.0, 1.2, 1.5, 2.0)
                for k in range(1, 7)
            )
            put(i * step, 0.06 * chord * np.exp(-long / 1.2))
    return out
