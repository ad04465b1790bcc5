"""Bass lines with known pitch under kicks and pads: what the bass tracker is judged on."""

from __future__ import annotations

import itertools
from typing import NamedTuple

import numpy as np

from wearsound import chance
from wearsound.core import F64

RATE = 48_000
SECONDS = 16


class Line(NamedTuple):
    """`samples` (n,); `hz` (n,) of the bass, 0 where none sounds; `starts`: since which sample the note sounds (n,)."""

    name: str
    samples: F64
    hz: F64
    starts: F64
    kicks: list[int]


WAVES = ("sine", "triangle", "saw", "pluck")


def lines(seeds: range) -> list[Line]:
    """One line for each seed: wave, tempo, kick and notes are looked up."""
    return [line(seed) for seed in seeds]


def line(seed: int) -> Line:
    """Eighths and quarters of a pentatonic scale, 40 to 160 Hz; a kick on every beat, louder than the bass; a pad."""

    def dice(name: str, moment: int = 0) -> float:
        return chance.uniform(seed, f"bass.{name}", moment)

    wave = WAVES[seed % 4]
    bpm = 90 + 40 * dice("tempo")
    beat = 60 / bpm * RATE
    n = SECONDS * RATE
    root = 41.0 * 2 ** (dice("root") * 0.6)
    hz, age, starts, env = np.zeros(n), np.zeros(n), np.zeros(n), np.zeros(n)
    at = 0.0
    for k in itertools.count():
        steps = (1, 2, 2, 3, 4)[int(dice("length", k) * 5)]
        first, last = round(at), min(n, round(at + steps * beat / 2))
        at += steps * beat / 2
        if first >= n:
            break
        if dice("rest", k) < 0.12:
            continue
        tone = root * 2 ** ((0, 0, 3, 5, 7, 10, 12, 15)[int(dice("tone", k) * 8)] / 12)
        sounding = first + round((last - first) * (0.6 + 0.4 * dice("gate", k)))
        t = np.arange(sounding - first) / RATE
        shape = np.minimum(1, t / 0.006) * np.minimum(1, (len(t) / RATE - t) / 0.03)
        if wave == "pluck":
            shape = shape * np.exp(-t / 0.35)
        part = slice(first, sounding)
        hz[part], age[part], starts[part], env[part] = tone, t, first, shape
    turns = np.cumsum(hz / RATE)
    tau = 2 * np.pi
    parts = {
        "sine": [(1, 1.0)],
        "triangle": [(1, 1.0), (3, -1 / 9), (5, 1 / 25), (7, -1 / 49)],
        "saw": [(h, 1.0 / h) for h in range(1, 9)],
        "pluck": [(h, 1.0 / h**1.5) for h in range(1, 7)],
    }[wave]
    bass = np.zeros(n)
    for h, gain in parts:
        cut = 1 / np.sqrt(1 + (h * hz / 300) ** 4) if wave == "saw" else 1.0
        if wave == "pluck":
            cut = np.exp(-age * (h - 1) * 2)  # the upper partials of a string die first
        bass += gain * cut * np.sin(tau * h * turns)
    bass *= env * 0.25
    kick, kicks = np.zeros(n), []
    long, tail = round(0.35 * RATE), 0.09 + 0.08 * dice("tail")
    t = np.arange(long) / RATE
    low, top = 46 + 8 * dice("low"), 150 + 60 * dice("top")
    falling = low + (top - low) * np.exp(-t / 0.03)
    sound = np.sin(tau * np.cumsum(falling) / RATE) * np.minimum(1, t / 0.002) * np.exp(-t / tail)
    sound *= np.minimum(1, (0.35 - t) / 0.05)
    for k in range(int(n / beat) + 1):
        start = round(k * beat)
        if start < n - 1:
            kicks.append(start)
            count = min(long, n - start)
            kick[start : start + count] += sound[:count]
    pad, when = np.zeros(n), np.arange(n) / RATE
    for voice, semitones in enumerate((24, 27, 31, 34)):
        for side in (-0.4, 0.5):
            f = root * 2 ** (semitones / 12) + side
            swell = 1 + 0.3 * np.sin(tau * when * (0.2 + 0.07 * voice))
            for h in (1, 2, 3):
                pad += swell / h**1.5 * np.sin(tau * (f * h * when + dice("phase", voice * 8 + h)))
    samples = bass + 0.5 * kick + 0.02 * pad + 0.003 * chance.noises(seed, "bass.hiss", n)
    return Line(f"{wave} {bpm:.0f} bpm", samples, hz, starts, kicks)
