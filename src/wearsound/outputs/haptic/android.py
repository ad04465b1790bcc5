"""An Android waveform: lengths in whole milliseconds and a strength 0-255 for each.

It is what `VibrationEffect.createWaveform(long[] timings, int[] amplitudes, int repeat)` takes (API 26); -1 plays
once. A telephone follows no curve, so time is cut into steps of STEP at least, and a click is made of contrast: a
pause, full strength, a pause (as Lofelt's encoder does). Every edge is rounded from the song's own clock, never from
the edge before it, so that the error of one step is taken back by the next.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import pairwise

import numpy as np

from wearsound.core import F64
from wearsound.outputs.haptic.played import Played, spaced

STEP = 25
"""Milliseconds of one step at the least."""
PAUSE, CLICK = 30, 30
"""Milliseconds of the silence on both sides of a click, and of the click."""
LEAST = 0.2
"""How strong a click is at least that is made full: a faint one in a quiet bar stays in the curve."""
ALIKE = 4
"""Of 255: neighbouring steps whose strengths lie within this of each other become one."""

_Span = tuple[int, int, int]
"""From and to in ms, and the strength 0-255."""


def android(played: Played, *, source: str, project: str, about: str) -> str:
    """The file's text: `timings`, `amplitudes` and `repeat`, to be handed on as they are."""
    spans = _spans(played)
    return json.dumps(
        {
            "about": about,
            "source": source,
            "project": project,
            "zone": played.zone,
            "timings": [end - start for start, end, _ in spans],
            "amplitudes": [level for _, _, level in spans],
            "repeat": -1,
        },
        separators=(",", ":"),
    )


def _spans(played: Played) -> list[_Span]:
    strong = tuple(click for click in played.clicks if click.strength >= LEAST)
    clicks = [round(click.time * 1000) for click in spaced(strong, (PAUSE + CLICK + 1) / 1000)]
    # A click that the song's end cuts is finished.
    end = max([1, round(played.seconds * 1000), *(click + CLICK + PAUSE for click in clicks)])
    spans: list[_Span] = []
    area, now = _area(played), 0
    for click, after in pairwise([*clicks, end]):
        quiet = max(now, click - PAUSE)
        spans += _steps(area, now, quiet)
        spans += [(quiet, click, 0), (click, click + CLICK, 255)]
        now = min(click + CLICK + PAUSE, after)
        spans.append((click + CLICK, now, 0))
    spans += _steps(area, now, end)
    return _joined([span for span in spans if span[1] > span[0]])


def _steps(area: Callable[[F64], F64], start: int, end: int) -> list[_Span]:
    """The mean strength in steps of STEP, the last a little longer; too short a rest is silence."""
    n = (end - start) // STEP
    if n < 1:
        return [(start, end, 0)]
    edges = [start + STEP * i for i in range(n)] + [end]
    mean = np.clip(np.diff(area(np.array(edges) / 1000)) / (np.diff(edges) / 1000), 0.0, 1.0)
    levels = np.round(mean * 255).astype(int).tolist()
    return _alike([(a, b, level) for (a, b), level in zip(pairwise(edges), levels, strict=True)])


def _area(played: Played) -> Callable[[F64], F64]:
    """The integral of the amplitude from 0 to any times, exactly; past the end it is still."""
    known, level = played.times, played.amplitude
    grown = np.concatenate([[0.0], np.cumsum(np.diff(known) * (level[1:] + level[:-1]) / 2)])

    def until(times: F64) -> F64:
        inside = np.minimum(times, known[-1])
        i = np.searchsorted(known, inside, side="right") - 1
        area: F64 = grown[i] + (inside - known[i]) * (level[i] + played.at(inside)) / 2
        return area

    return until


def _alike(spans: list[_Span]) -> list[_Span]:
    """Neighbours that hardly differ become one, of their mean; silence stays apart, so that it stays silent."""
    joined: list[_Span] = []
    run: list[_Span] = []
    for span in spans:
        levels = [level for _, _, level in [*run, span]]
        if run and (max(levels) - min(levels) > ALIKE or (min(levels) == 0) != (max(levels) == 0)):
            joined.append(_mean(run))
            run = []
        run.append(span)
    return [*joined, _mean(run)]


def _mean(run: list[_Span]) -> _Span:
    start, end = run[0][0], run[-1][1]
    return start, end, round(sum((b - a) * level for a, b, level in run) / (end - start))


def _joined(spans: list[_Span]) -> list[_Span]:
    joined = [spans[0]]
    for start, end, level in spans[1:]:
        if level == joined[-1][2]:
            joined[-1] = (joined[-1][0], end, level)
        else:
            joined.append((start, end, level))
    return joined
