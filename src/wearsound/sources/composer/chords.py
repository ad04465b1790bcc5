"""The dub chord: short detuned stabs whose filter opens over the piece, thrown into the echo."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from wearsound import chance
from wearsound.core import F64
from wearsound.sources.composer.form import SECONDS, SILENCE, SLOW, VOICINGS, Form
from wearsound.sources.composer.grain import bell, between, decay, place, ramp, smooth_ends, turns
from wearsound.sources.composer.spectrum import back, forward, frequencies, low_pass, scale

SIZE = 12_288
"""Samples of one stab at SLOW: 0.77 s."""

CORNERS = (300.0, 450.0, 670.0, 1000.0, 1500.0, 2200.0)


@dataclass(frozen=True, slots=True)
class Stab:
    """One chord: seconds, which voicing, how loud, and the Hz at which its filter starts to fall."""

    time: float
    chord: int
    level: float
    corner: float


def write_stabs(form: Form) -> tuple[Stab, ...]:
    """Mostly on step 6, sometimes on 3, 11 and 14; one opens the track and one ends the silence."""
    written = {(0, 0), (0, 6), (0, 14), (form.rest_bar, 0), (form.last_bar, 0)}
    for bar in (0, 1, *form.groove_bars):
        for step, likely in ((3, 0.30), (6, 0.96), (11, 0.42), (14, 0.22)):
            if chance.uniform(form.seed, "demo.stab", bar * 16 + step) < likely:
                written.add((bar, step))
    stabs = []
    for bar, step in sorted(written):
        swing = 0.14 if step % 2 else 0.0
        stabs.append(_stab(form, bar, form.at(bar, step + swing), bar * 16 + step))
    back_in = form.step * math.ceil(SILENCE[1] / form.step)
    stabs.append(_stab(form, form.rest_bar, back_in, -1))
    return tuple(sorted(stabs, key=lambda stab: stab.time))


def _stab(form: Form, bar: int, time: float, moment: int) -> Stab:
    opened = min(1.0, time / 20) if time < 20 else 0.55 if time < 30 else 1.0
    corner = (1050 + 850 * opened) * (1 + 0.08 * bell(form.seed, "demo.stab.corner", moment))
    level = between(0.72, 1.0, form.seed, "demo.stab.level", moment)
    if bar < 2:
        level *= 1.4  # they are alone, and the first one opens the piece
    late = 0.0025 * abs(bell(form.seed, "demo.stab.late", moment)) if time else 0.0
    return Stab(form.snap(time + late), form.chord(bar), round(level, 6), round(min(corner, 2100.0), 3))


def play_stabs(form: Form, stabs: tuple[Stab, ...]) -> F64:
    """All stabs, dry, on a mono bus at SLOW."""
    bus = np.zeros(SECONDS * SLOW)
    gains = [low_pass(frequencies(SIZE, SLOW), corner, 2) for corner in CORNERS]
    envelope = smooth_ends(ramp(SIZE, 0.003, SLOW) * decay(SIZE, 0.110, SLOW), 0.1, SLOW)
    for i, stab in enumerate(stabs):
        raw = forward(_saws(form, stab.chord, i))
        falling = stab.corner * (0.42 + 0.58 * decay(SIZE, 0.050, SLOW))
        sound = sum((back(scale(raw, g), SIZE) * w for g, w in zip(gains, _weights(falling), strict=True)))
        place(bus, stab.time, sound * envelope, 0.12 * stab.level, SLOW)
    return bus


def _weights(falling: F64) -> list[F64]:
    """How much of each fixed filter stands for one whose corner moves: neighbours share, evenly."""
    position = np.interp(falling, CORNERS, np.arange(len(CORNERS)))
    return [np.maximum(0.0, 1 - np.abs(position - k)) for k in range(len(CORNERS))]


def _saws(form: Form, chord: int, i: int) -> F64:
    """Two saws a note, a third of a per cent to either side, all from one table up to 5 kHz."""
    out = np.zeros(SIZE)
    for voice, semitones in enumerate(VOICINGS[chord]):
        hertz = 4 * form.root_hz * 2 ** (semitones / 12)
        for side in (-1, 1):
            moment = (i * 8 + voice) * 2 + (side > 0)
            detuned = hertz * (1 + side * 0.0035 * between(0.8, 1.2, form.seed, "demo.stab.detune", moment))
            start = chance.uniform(form.seed, "demo.stab.phase", moment)
            cycles = turns(detuned, SIZE, SLOW) + round(start, 6)
            out += _TABLE[(cycles * 4096).astype(np.int64) & 4095]
    return out


def _table() -> F64:
    angle = 2 * np.pi * np.arange(4096) / 4096
    table: F64 = sum((np.sin(h * angle) / h for h in range(1, 13)), np.zeros(4096)) * (2 / np.pi)
    return table


_TABLE = _table()
