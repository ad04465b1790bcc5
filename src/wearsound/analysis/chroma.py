"""Which of the twelve notes sound, whatever their octave, on an instrument tuned to any pitch."""

from __future__ import annotations

import cmath
import math

import numpy as np

from wearsound.analysis.gain import GRID
from wearsound.analysis.partials import Partials
from wearsound.core import F64

NAMES = ("c", "cs", "d", "ds", "e", "f", "fs", "g", "gs", "a", "as", "b")
SIZE = 2048
"""Low-lane samples, 341 ms."""
LOWEST, HIGHEST = 48.0, 2000.0
TUNED_FROM = 200.0
"""Below, a spectrum of this size tells cents badly."""
HARMONICS = 5
HARMONIC_PART = 0.55
"""Of a partial's amplitude may be the harmonic of a lower one that is as strong."""
TONAL_NONE, TONAL_ALL = 0.15, 0.4
"""Part of the power that lies in partials where notes begin to be heard, and where they are wholly."""
TUNE_LOOKS = 280
"""Looks until a new tuning is believed, six seconds of every fourth hop."""
AGREE = 0.25
"""So much must the partials agree on a tuning, or there is none."""


class Chroma:
    """Tuning and the strength of the twelve note classes, look by look, from partials.

    The tuning is the circular mean of how far partials lie from the nearest note of A = 440 Hz,
    weighted by power, over some six seconds (after Gomez, "Tonal description of polyphonic audio", 2006). A
    partial that a lower, louder one explains as its harmonic counts for less.
    """

    def __init__(self, low_rate: float) -> None:
        self._partials = Partials(SIZE, low_rate / SIZE, LOWEST, HIGHEST)
        self._range = slice(round(LOWEST * SIZE / low_rate), round(HIGHEST * SIZE / low_rate))
        self.reset()

    def reset(self) -> None:
        """Forget the tuning."""
        self._turn = 0j
        self._looks = 0
        self.cents = 0.0
        """How far the music is tuned over A = 440 Hz, -50 to 50; 0 until that is clear."""

    def look(self, power: F64) -> F64:
        """Strength of C, C sharp .. B in one low-lane spectrum of SIZE: the strongest 1, less in noise."""
        hertz, amplitude = self._partials.find(power)
        if not len(hertz):
            return np.zeros(12)
        powers = amplitude * amplitude
        notes = np.log2(hertz * (1.0 / 440.0))
        notes *= 12.0
        notes += 69.0
        tuned = int(hertz.searchsorted(TUNED_FROM))
        self._tune(notes[tuned:], powers[tuned:])
        notes -= self.cents / 100.0
        own = amplitude - _explained(hertz, amplitude)
        np.maximum(own, 0.0, out=own)
        nearest = np.rint(np.rint(notes * GRID) / GRID)
        notes -= nearest
        aside = np.cos(notes * np.pi)
        aside *= aside
        own *= aside
        classes: F64 = np.bincount(nearest.astype(np.intp) % 12, own, 12).astype(np.float64, copy=False)
        strongest = max(classes.tolist())
        if strongest > 0.0:
            tonal = float(np.add.reduce(powers)) / float(np.add.reduce(power[self._range]))
            classes *= min(1.0, max(0.0, (tonal - TONAL_NONE) / (TONAL_ALL - TONAL_NONE))) / strongest
        return classes

    def _tune(self, notes: F64, powers: F64) -> None:
        if not len(notes):
            return
        angles = notes * (2.0 * math.pi)
        turn = complex(np.add.reduce(np.cos(angles) * powers), np.add.reduce(np.sin(angles) * powers))
        turn /= float(np.add.reduce(powers))
        self._looks += 1
        self._turn += max(1.0 / TUNE_LOOKS, 1.0 / self._looks) * (turn - self._turn)
        if abs(self._turn) >= AGREE:
            angle = cmath.phase(self._turn) / (2.0 * math.pi)
            self.cents = math.floor(100.0 * angle * 1024.0 + 0.5) / 1024.0


def _explained(hertz: F64, amplitude: F64) -> F64:
    """How much of each partial may be the harmonic of a lower one."""
    ratio = hertz[:, np.newaxis] / hertz
    number = np.rint(np.rint(ratio * GRID) / GRID)
    ratio -= number
    np.abs(ratio, out=ratio)
    harmonic = ratio < 0.012 * number
    harmonic &= number >= 2.0
    harmonic &= number <= HARMONICS
    explained: F64 = np.maximum.reduce(harmonic * amplitude, axis=1)
    explained *= HARMONIC_PART
    return explained
