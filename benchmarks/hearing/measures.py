"""How near a listener came to the truth: mir_eval's measures, and a few that it does not have.

`mir_eval` is Raffel et al., "mir_eval: a transparent implementation of common MIR metrics", ISMIR 2014;
beats: Davies, Degara & Plumbley, "Evaluation methods for musical audio beat tracking algorithms", 2009.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from benchmarks.hearing.truth import Truth
from wearsound.core import F64

ONSET_SECONDS = 0.05
BEAT_SECONDS = 0.07
SKIP_SECONDS = 5.0
"""mir_eval leaves out the beats of the first five seconds."""
TEMPO_PART = 0.04
SETTLED_SECONDS = 4.0
DRUMS = ("kick", "snare", "hat")


@dataclass(slots=True)
class Answer:
    """What a listener said of one piece, in seconds. `*_decided` is when it said it; None if it is offline.

    `tempos` are (second, bpm) whenever it said one. `drums` and `downbeats` None: it does not say.
    """

    onsets: list[float] = field(default_factory=list)
    onsets_decided: list[float] | None = None
    beats: list[float] | None = field(default_factory=list)
    beats_decided: list[float] | None = None
    tempos: list[tuple[float, float]] = field(default_factory=list)
    downbeats: list[float] | None = None
    drums: dict[str, list[float]] | None = None


def score(truth: Truth, answer: Answer) -> dict[str, float]:
    """Every measure that makes sense for this piece and this listener, by name."""
    with warnings.catch_warnings():
        # mir_eval remarks on every answer that is empty; the table says so.
        warnings.simplefilter("ignore", UserWarning)
        return _score(truth, answer)


def _score(truth: Truth, answer: Answer) -> dict[str, float]:
    out: dict[str, float] = {}
    minutes = truth.seconds / 60.0
    if truth.onsets:
        out["onset"] = onset_f(truth.onsets, answer.onsets)
        if answer.onsets_decided is not None:
            out["onset_decided"] = onset_f(truth.onsets, answer.onsets_decided)
            late = latencies(truth.onsets, answer.onsets_decided)
            if late:
                out["latency"] = 1000.0 * float(np.median(late))
    elif truth.onsets is not None:
        out["false_onsets"] = len(answer.onsets) / minutes
    if answer.beats is not None:
        if not truth.beats:
            out["false_beats"] = len(answer.beats) / minutes
        else:
            out |= beat_scores(truth, answer)
    if truth.drums and answer.drums is not None:
        for name in DRUMS:
            if truth.drums[name]:
                out[name] = stroke_f(truth.drums[name], answer.drums[name], truth.near.get(name, []))
    if truth.downbeats and answer.downbeats is not None:
        out["downbeat"] = beat_f(truth.downbeats, answer.downbeats)
    return out


def beat_scores(truth: Truth, answer: Answer) -> dict[str, float]:
    """Beats and tempo of a piece that has them."""
    import mir_eval

    beats = answer.beats or []
    out = {"beat": beat_f(truth.beats, beats)}
    if answer.beats_decided is not None:
        out["beat_decided"] = beat_f(truth.beats, answer.beats_decided)
    known, said = _after_start(truth.beats), _after_start(beats)
    out["CMLt"], out["AMLt"] = 0.0, 0.0
    if len(said) > 1 and len(known) > 1:
        _, out["CMLt"], _, out["AMLt"] = mir_eval.beat.continuity(known, said)
    tempo = tempo_of(answer)
    out["acc1"] = float(is_near(tempo, truth.tempo))
    out["acc2"] = float(any(is_near(tempo, truth.tempo * times) for times in (1.0, 2.0, 0.5, 3.0, 1.0 / 3.0)))
    for number, (start, bpm) in enumerate(truth.steps):
        end = truth.steps[number + 1][0] if number + 1 < len(truth.steps) else truth.seconds
        out["settle"] = settle(answer, start, bpm, end)
    return out


def onset_f(truth: Sequence[float], said: Sequence[float]) -> float:
    """F1 of onsets within 50 ms, each matched once."""
    import mir_eval

    return float(mir_eval.onset.f_measure(_times(truth), _times(said), window=ONSET_SECONDS)[0])


def beat_f(truth: Sequence[float], said: Sequence[float]) -> float:
    """F1 of beats within 70 ms, without the first five seconds."""
    import mir_eval

    known, given = _after_start(truth), _after_start(said)
    return float(mir_eval.beat.f_measure(known, given, f_measure_threshold=BEAT_SECONDS))


def stroke_f(truth: Sequence[float], said: Sequence[float], near: Sequence[float]) -> float:
    """F1 of one kind of stroke within 50 ms; what falls only on a like stroke (`near`) counts neither way."""
    import mir_eval

    known, given = _times(truth), _times(said)
    hit = {right for _, right in mir_eval.util.match_events(known, given, ONSET_SECONDS)}
    like = _times(near)
    wrong = sum(
        1
        for place, time in enumerate(given)
        if place not in hit and not (len(like) and np.abs(like - time).min() <= ONSET_SECONDS)
    )
    return 2.0 * len(hit) / max(1, len(hit) + wrong + len(known))


def latencies(truth: Sequence[float], decided: Sequence[float]) -> list[float]:
    """Decided minus true, in seconds, of every onset found at its decision within 50 ms."""
    import mir_eval

    known, said = _times(truth), _times(decided)
    pairs = mir_eval.util.match_events(known, said, ONSET_SECONDS)
    return [float(said[right] - known[left]) for left, right in pairs]


def tempo_of(answer: Answer) -> float:
    """One tempo for a piece, the same way for every listener: of the median interval between its beats."""
    beats = answer.beats or []
    if len(beats) > 2:
        return 60.0 / float(np.median(np.diff(beats)))
    return float(np.median([bpm for _, bpm in answer.tempos])) if answer.tempos else 0.0


def is_near(tempo: float, truth: float) -> bool:
    """Within 4 %."""
    return abs(tempo - truth) <= TEMPO_PART * truth


def settle(answer: Answer, start: float, bpm: float, end: float) -> float:
    """Seconds after a step from which the tempo stays right for four seconds; all that is left if never.

    The tempo at each beat is that of the last three intervals' median (one wrong beat is no change of
    tempo), timed when the beat was decided.
    """
    beats = answer.beats or []
    decided = answer.beats_decided or beats
    right_since = math.nan
    last = -math.inf
    for place in range(3, len(beats)):
        now = decided[place]
        if now < start or now > end:
            continue
        tempo = 60.0 / max(1e-3, float(np.median(np.diff(beats[place - 3 : place + 1]))))
        if not is_near(tempo, bpm):
            right_since = math.nan
        elif math.isnan(right_since) or now - last > 2.5 * 60.0 / bpm:
            right_since = now
        last = now
        if now - right_since >= SETTLED_SECONDS:
            return right_since - start
    return end - start


def _times(values: Sequence[float]) -> F64:
    """Sorted, no two the same, as mir_eval wants them."""
    return np.unique(np.array(values, dtype=np.float64))


def _after_start(beats: Sequence[float]) -> F64:
    import mir_eval

    times: F64 = mir_eval.beat.trim_beats(_times(beats), SKIP_SECONDS)
    return times
