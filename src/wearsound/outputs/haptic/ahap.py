"""AHAP, Apple's haptic pattern for iPhone (Core Haptics): events, and curves that move them.

A continuous event lasts 30 s at the most, so a song is tiled with them. A curve takes 16 points (what Lofelt's encoder
keeps to; Apple names no number), so curves are chained, each beginning where the last one ended. Times of points are
relative to their curve. A curve moves *all* events of a pattern, clicks as well: where a click begins, the intensity is
therefore brought up to the click's own before, or the click would be multiplied by the silence it breaks.
"""

from __future__ import annotations

import json
import math
from itertools import pairwise

import numpy as np

from wearsound.core import F64
from wearsound.outputs.haptic.envelope import DECIMALS, thin, with_points
from wearsound.outputs.haptic.played import Played, sharpness, spaced

LONGEST = 30.0
"""Seconds of a continuous event at the most."""
POINTS = 16
"""Points of one curve at the most."""
APART = 0.02
"""Seconds between two clicks at the least: 50 a second."""
ERROR = 0.02
"""The most by which the intensity that is drawn misses the root of what was played, 0..1."""
EDGE = 0.001
"""Seconds in which the intensity steps up to a click."""
PEAK = 0.05
"""Seconds after its beginning within which a click has its peak."""

_Entry = dict[str, object]


def ahap(played: Played, *, source: str, project: str, about: str) -> str:
    """The file's text: intensity is the root of amplitude, as Lofelt's encoder takes it; sharpness is the pitch."""
    sharp = sharpness(played.pitch())
    pattern = [*_tiles(played.seconds)]
    pattern += _curves("HapticIntensityControl", *_intensity(played))
    stay = thin(played.times, sharp, ERROR)
    pattern += _curves("HapticSharpnessControl", played.times[stay], sharp[stay])
    pattern += _clicks(played, played.times[stay], sharp[stay])
    return json.dumps(
        {
            "Version": 1.0,
            "Metadata": {"Project": project, "Created": "wearsound", "Description": f"{about} ({source})"},
            "Pattern": pattern,
        },
        separators=(",", ":"),
    )


def _tiles(seconds: float) -> list[_Entry]:
    """Equally long continuous events, end to end: a sliver at the end would be a click."""
    n = max(1, math.ceil(seconds / LONGEST - 1e-9))
    edges = [round(seconds * i / n, DECIMALS) for i in range(n + 1)]
    return [
        _event("HapticContinuous", start, 1.0, 0.0, duration=round(end - start, DECIMALS))
        for start, end in pairwise(edges)
    ]


def _intensity(played: Played) -> tuple[F64, F64]:
    """The thinned curve of intensity: what was played, and at each click at once its peak."""
    clicks = spaced(played.clicks, APART)
    struck = np.array([click.time for click in clicks])
    before = np.maximum(struck - EDGE, 0.0)
    times, amplitude, fixed = with_points(played.times, played.amplitude, np.concatenate([before, struck]))
    intensity = np.sqrt(np.clip(amplitude, 0.0, 1.0))
    for click, start in zip(clicks, fixed[len(clicks) :].tolist(), strict=True):
        near = amplitude[start : np.searchsorted(times, click.time + PEAK, "right")]
        up = intensity[start : start + int(near.argmax()) + 1]
        np.maximum(up, math.sqrt(click.strength), out=up)
    stay = thin(times, intensity, ERROR, fixed.tolist())
    return times[stay], intensity[stay]


def _curves(name: str, times: F64, values: F64) -> list[_Entry]:
    """One long curve as a chain of short ones; the last point of each is the first of the next."""
    chain: list[_Entry] = []
    for first in range(0, max(1, len(times) - 1), POINTS - 1):
        last = min(first + POINTS, len(times))
        begins = round(float(times[first]), DECIMALS)
        points = [
            {
                "Time": round(float(time) - begins, DECIMALS),
                "ParameterValue": round(float(value), 4),
            }
            for time, value in zip(times[first:last], values[first:last], strict=True)
        ]
        chain.append(
            {"ParameterCurve": {"ParameterID": name, "Time": begins, "ParameterCurveControlPoints": points}}
        )
    return chain


def _clicks(played: Played, times: F64, sharp: F64) -> list[_Entry]:
    """A click is at full, for the curve has its strength, and as sharp as its pitch is above the curve's."""
    entries = []
    for click in spaced(played.clicks, APART):
        more = float(sharpness(click.hz)) - float(np.interp(click.time, times, sharp))
        entries.append(_event("HapticTransient", round(click.time, DECIMALS), 1.0, round(max(0.0, more), 4)))
    return entries


def _event(
    kind: str, time: float, intensity: float, sharp: float, *, duration: float | None = None
) -> _Entry:
    event: _Entry = {
        "Time": time,
        "EventType": kind,
        "EventParameters": [
            {"ParameterID": "HapticIntensity", "ParameterValue": intensity},
            {"ParameterID": "HapticSharpness", "ParameterValue": sharp},
        ],
    }
    if duration is not None:
        event["EventDuration"] = duration
    return {"Event": event}
