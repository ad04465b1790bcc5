"""What the networks will be shown, made by the ear's own code, and what they should answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from wearsound.analysis.detector import (
    BEAT_EVERY,
    BEAT_INPUTS,
    BEAT_PHASE,
    BEATS,
    STROKE_EVERY,
    STROKE_PHASE,
    STROKES,
    pair,
)
from wearsound.analysis.spectrum import LaneSpectra
from wearsound.core import F32, F64, MAX_HOPS, Block, Clock

SHOWN_SECONDS = 0.002
"""How long after a sound's start the spectrum begins to show it."""
BEAT_SECONDS = 0.005
"""A beat is looked for so long after it, when what sounds on it shows."""
NEAR_SECONDS, BESIDE_SECONDS = 0.0107, 0.0214
"""A step this near a beat is the beat; one that is only so near is half a beat."""
UNASKED = -1.0
"""Neither answer is wrong there."""


def inputs(samples: F32, clock: Clock) -> F32:
    """What the strokes' network is shown, float32 (n_steps, N_INPUTS), of mono samples."""
    spectra = LaneSpectra(clock, "room")
    rows: list[F32] = []
    n_hops = len(samples) // clock.hop
    for tick in range(0, n_hops, MAX_HOPS):
        hops = min(MAX_HOPS, n_hops - tick)
        part = samples[tick * clock.hop : (tick + hops) * clock.hop, np.newaxis]
        spectra.take(Block(tick, part, {"room": (0,)}, hops))
        rows.append(spectra.novelty.rows.astype(np.float32))
    return np.concatenate(rows)


def with_strokes(inputs: F32, heard: F32) -> F32:
    """What the beats' network is shown (n_steps // 2, BEAT_INPUTS): that, and what the strokes' network heard."""
    seen = np.concatenate([inputs, heard], axis=1, dtype=inputs.dtype)
    rows = np.zeros((len(seen) // 2, BEAT_INPUTS), seen.dtype)
    pair(seen[0 : 2 * len(rows) : 2], seen[1::2], rows)
    return rows


def ends(n_steps: int, every: int, phase: int, clock: Clock) -> F64:
    """When each step is decided: the end of its hop, in seconds."""
    return (np.arange(n_steps) * every + phase + 1) * clock.hop / clock.sample_rate


def strokes(truth: Mapping[str, Sequence[float]], n_steps: int, clock: Clock) -> F32:
    """Answers (n_steps, len(STROKES)): 1 at the first step that can show it and the next; around those UNASKED."""
    answer = np.zeros((n_steps, len(STROKES)), np.float32)
    time = ends(n_steps, STROKE_EVERY, STROKE_PHASE, clock)
    for column, name in enumerate(STROKES):
        first = np.searchsorted(time, np.asarray(truth[name], np.float64) + SHOWN_SECONDS)
        for away, value in ((-1, UNASKED), (2, UNASKED), (0, 1.0), (1, 1.0)):
            answer[_inside(first + away, n_steps), column] = value
    return answer


def beats(truth: Mapping[str, Sequence[float]], n_steps: int, clock: Clock) -> F32:
    """Answers (n_steps, len(BEATS)): 1 at the step nearest to a beat, half beside it."""
    answer = np.zeros((n_steps, len(BEATS)), np.float32)
    time = ends(n_steps, BEAT_EVERY, BEAT_PHASE, clock)
    for column, name in enumerate(BEATS):
        for beat in truth[name]:
            first, last = np.searchsorted(time, [beat - 0.05, beat + 0.05])
            away = np.abs(time[first:last] - beat - BEAT_SECONDS)
            value = np.where(away <= NEAR_SECONDS, 1.0, np.where(away <= BESIDE_SECONDS, 0.5, 0.0))
            np.maximum(answer[first:last, column], value, out=answer[first:last, column])
    return answer


def _inside(at: np.ndarray, n: int) -> np.ndarray:
    return at[(at >= 0) & (at < n)]
