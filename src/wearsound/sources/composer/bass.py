"""The bass: notes in the gaps the kick leaves, some of which slide, and one octave's climb."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wearsound import chance
from wearsound.core import F64
from wearsound.sources.composer.form import BASS_TONES, SECONDS, SILENCE, SLOW, Form
from wearsound.sources.composer.grain import decay, ramp, turns
from wearsound.sources.composer.spectrum import back, forward, frequencies, low_pass, scale

# (step, length in steps, which of BASS_TONES, seconds of slide from the note before)
PATTERNS = (
    ((2, 3.4, 0, 0.0), (6, 1.6, 1, 0.0), (10, 2.6, 2, 0.0), (13, 2.6, 3, 0.09)),
    ((1, 1.3, 0, 0.0), (3, 2.4, 0, 0.0), (7, 0.8, 1, 0.0), (10, 1.7, 0, 0.0), (14, 1.8, 2, 0.10)),
    ((2, 2.5, 0, 0.0), (6, 0.8, 0, 0.0), (7, 2.2, 2, 0.08), (11, 0.9, 3, 0.0), (13, 2.7, 1, 0.12)),
)


@dataclass(frozen=True, slots=True)
class Note:
    """One bass note: seconds, seconds, Hz, Hz, and how long the way from one Hz to the other takes."""

    time: float
    duration: float
    start_hz: float
    end_hz: float
    slide: float


def write_bass(form: Form) -> tuple[Note, ...]:
    """Syncopated bars, one held note through the rest, a glide up an octave into the last groove."""
    notes: list[Note] = []
    before = form.root_hz
    for bar in form.groove_bars:
        if bar == form.last_bar:
            notes += _rest_and_glide(form)
        pattern = PATTERNS[int(chance.uniform(form.seed, "demo.bass", bar // 2) * 3 + bar) % 3]
        for step, length, tone, slide in pattern:
            hz = _pitch(form, BASS_TONES[form.chord(bar)][tone])
            end = min(form.at(bar, step + length), float(SECONDS))
            time = form.snap(form.at(bar, step))
            notes.append(Note(time, round(end - time, 6), before if slide else hz, hz, slide))
            before = hz
    return tuple(notes)


def _rest_and_glide(form: Form) -> list[Note]:
    start, groove = form.at(form.rest_bar), form.at(form.last_bar)
    climb = form.snap(groove - 3.0)
    root = form.root_hz
    return [
        Note(start, SILENCE[0] - start, root, root, 0.0),
        Note(climb, round(groove - climb, 6), root, 2 * root, 3.0),
    ]


def _pitch(form: Form, semitones: int) -> float:
    return round(form.root_hz * 2 ** (semitones / 12), 4)


def play_bass(form: Form, notes: tuple[Note, ...]) -> F64:
    """The bass on a mono bus at SLOW, rms near 0.4 while it plays."""
    count = SECONDS * SLOW
    hertz = np.full(count, notes[0].start_hz)
    body, bite = np.zeros(count), np.zeros(count)
    for note in notes:
        start = round(note.time * SLOW)
        hertz[start:] = note.end_hz
        way = round(note.slide * SLOW)
        if way:
            hertz[start : start + way] = _slide(note, way)[: count - start]
        envelope = _envelope(round(note.duration * SLOW))[: count - start]
        if note.duration > 2:
            envelope *= 0.72  # nothing ducks a held note
        part = slice(start, start + len(envelope))
        np.maximum(body[part], envelope, out=body[part])
        np.maximum(bite[part], envelope * decay(len(envelope), 0.14, SLOW), out=bite[part])
    cycles = turns(hertz, count, SLOW)
    saw = forward(_saw(cycles))
    f = frequencies(count, SLOW)
    round_saw = back(scale(saw, low_pass(f, 420)), count)
    sharp_saw = back(scale(saw, low_pass(f, 1100)), count)
    angle = 2 * np.pi * cycles
    return (
        body * (0.95 * np.sin(angle) + 0.12 * np.sin(2 * angle) + 0.21 * round_saw) + 0.32 * bite * sharp_saw
    )


def _slide(note: Note, count: int) -> F64:
    u = np.arange(count) / count
    smooth = u * u * (3 - 2 * u)
    ratio = note.end_hz / note.start_hz
    return np.array([note.start_hz * ratio**s for s in smooth.tolist()])


def _envelope(held: int) -> F64:
    attack = ramp(held, 0.006, SLOW)
    release = 1 - ramp(round(0.05 * SLOW), 0.05, SLOW)
    return np.concatenate((attack, attack[-1] * release * release))


def _saw(cycles: F64) -> F64:
    """A falling saw from a table of 48 harmonics: nothing folds back below 16 kHz of sample rate."""
    size = 4096
    angle = 2 * np.pi * np.arange(size + 1) / size
    table = sum((np.sin(h * angle) / h for h in range(1, 49)), np.zeros(size + 1))
    return np.interp(cycles * size, np.arange(size + 1), table) * (2 / np.pi)
