"""The pad: noise heard through the chord. Each tone is a narrow band, so its level wanders by itself."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wearsound import chance
from wearsound.core import F64
from wearsound.sources.composer.form import SECONDS, SILENCE, SLOW, VOICINGS, Form
from wearsound.sources.composer.spectrum import back, band, frequencies, unit

LOOP = 160_000
"""Ten seconds at SLOW, longer than any chord is held."""


def play_pad(form: Form) -> F64:
    """The pad (2, n) at SLOW, rms 1 where it is loudest."""
    count = SECONDS * SLOW
    beds = {chord: _bed(form, chord) for chord in range(len(VOICINGS))}
    out = np.zeros((2, count))
    for start, end, chord in _chords(form):
        first, last = round(start * SLOW), round(end * SLOW)
        rise = round(0.12 * SLOW)
        window = np.ones(last - first + rise)
        window[:rise] = np.sqrt(np.arange(rise) / rise)
        window[-rise:] = np.sqrt(1 - np.arange(rise) / rise)
        stop = min(count, first + len(window))
        dark, bright = beds[chord]
        where = np.arange(first, stop) % LOOP
        opened = _curve(form, where=np.arange(first, stop), values="bright")
        out[:, first:stop] += (dark[:, where] + opened * bright[:, where]) * window[: stop - first]
    return out * _curve(form, where=np.arange(count), values="level")


def _chords(form: Form) -> list[tuple[float, float, int]]:
    """(start, end, chord), neighbours that are the same joined."""
    spans: list[tuple[float, float, int]] = []
    for bar in range(form.bars):
        chord, start, end = form.chord(bar), form.at(bar), form.at(bar + 1)
        if spans and spans[-1][2] == chord:
            spans[-1] = (spans[-1][0], end, chord)
        else:
            spans.append((start, end, chord))
    return spans


def _curve(form: Form, where: NDArray[np.int64], values: str) -> F64:
    """How loud and how bright the pad is: back in the grooves, forward in the rest, rising in the build."""
    rest, last = form.at(form.rest_bar), form.at(form.last_bar)
    knots = (
        (0.0, 0.30, 0.10),
        (form.at(2), 0.34, 0.25),
        (form.at(6), 0.38, 0.40),
        (rest - 0.2, 0.40, 0.55),
        (rest + 0.6, 0.75, 0.50),
        (SILENCE[0] - 0.6, 0.88, 1.00),
        (SILENCE[0], 0.88, 1.00),
        (SILENCE[1], 0.30, 0.20),
        (last - 0.1, 0.80, 1.10),
        (last + 0.1, 0.42, 0.45),
        (float(SECONDS), 0.42, 0.30),
    )
    column = 1 if values == "level" else 2
    return np.interp(where / SLOW, [k[0] for k in knots], [k[column] for k in knots])


def _bed(form: Form, chord: int) -> tuple[F64, F64]:
    """Dark (harmonics 1, 2) and bright (3, 4, 5) halves of one chord, each (2, LOOP)."""
    f = frequencies(LOOP, SLOW)
    halves = []
    for harmonics in ((1, 2), (3, 4, 5)):
        gain = np.zeros(len(f))
        for voice, semitones in enumerate(VOICINGS[chord]):
            root = 4 * form.root_hz * 2 ** (semitones / 12)
            for h in harmonics:
                q = 90 + 25 * h
                for side in (-1, 1):
                    centre = root * h * (1 + side * 0.0018 + 0.0004 * voice)
                    detuning = (q * 2 / centre) * (f - centre)
                    gain += 1 / (h * (1 + detuning * detuning))
        if harmonics[0] == 3:
            gain += 0.010 * band(f, 900, 4200, 2)
        halves.append(_noise(form, chord, harmonics[0], gain))
    level = unit(halves[0])
    return level, halves[1] * (level[0, 1] / halves[0][0, 1])


def _noise(form: Form, chord: int, half: int, gain: F64) -> F64:
    """Noise with one spectrum on both sides, of which a third is common to them."""
    dice = [
        chance.noises(form.seed, f"demo.pad.{chord}.{half}.{name}", 2 * len(gain)).reshape(2, -1)
        for name in ("left", "right", "both")
    ]
    channels = []
    for own in dice[:2]:
        spectrum = np.empty(len(gain), np.complex128)
        mixed = (0.8 * own + 0.6 * dice[2]) * gain
        spectrum.real, spectrum.imag = mixed
        channels.append(back(spectrum, LOOP))
    return np.stack(channels)
