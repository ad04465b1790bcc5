"""Readers of haptic files, written from the formats' rules alone: whatever is out of them is a BadFile.

.haptic 1.0.0: Lofelt's data model (required keys, ranges, order, emphasis). AHAP: Apple's "Representing haptic patterns
in AHAP files" and CHHapticParameterCurve (continuous events of at most 30 s, times of points relative to the curve,
curves on all events), and 16 points a curve as Lofelt's encoder keeps to. Android: VibrationEffect.createWaveform.
Nothing of wearsound is imported.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np


class BadFile(Exception):
    """The file breaks a rule of its format."""


@dataclass(frozen=True)
class Curve:
    """Straight lines between points; the first and the last value hold outside."""

    times: np.ndarray
    values: np.ndarray

    def at(self, times: np.ndarray | float) -> np.ndarray:
        return np.interp(times, self.times, self.values)


@dataclass(frozen=True)
class Haptic:
    amplitude: Curve
    frequency: Curve | None
    emphases: list[tuple[float, float, float]]
    """Time, amplitude, frequency."""
    seconds: float
    metadata: dict[str, Any]


@dataclass(frozen=True)
class Ahap:
    intensity: Curve
    """What the continuous events give: their own intensity times the control."""
    sharpness: Curve
    transients: list[tuple[float, float, float]]
    """Time, intensity as felt (its own times the control there), sharpness as felt (its own plus the control)."""
    seconds: float


@dataclass(frozen=True)
class Android:
    edges: np.ndarray
    """ms, one more than there are steps."""
    amplitudes: np.ndarray
    clicks: list[int]
    """ms at which 30 ms of full strength begin between two pauses."""


def read_haptic(text: str) -> Haptic:
    root = _object(_json(text), {"version", "signals"}, {"metadata"})
    version = _object(root["version"], {"major", "minor", "patch"})
    _need([version[key] for key in ("major", "minor", "patch")] == [1, 0, 0], "not version 1.0.0")
    metadata = root.get("metadata", {})
    words = {"editor", "author", "source", "project", "description"}
    _object(metadata, set(), words | {"tags"})
    _need(all(isinstance(metadata.get(key, ""), str) for key in words), "metadata are words")
    _need(all(isinstance(tag, str) for tag in _list(metadata.get("tags", []))), "tags are words")
    continuous = _object(_object(root["signals"], {"continuous"})["continuous"], {"envelopes"})
    envelopes = _object(continuous["envelopes"], {"amplitude"}, {"frequency"})
    amplitude = _list(envelopes["amplitude"])
    _need(len(amplitude) > 0, "no amplitude")
    emphases = []
    for i, point in enumerate(amplitude):
        _object(point, {"time", "amplitude"}, {"emphasis"})
        level = _number(point["amplitude"], 0, 1)
        if "emphasis" in point:
            emphasis = _object(point["emphasis"], {"amplitude", "frequency"})
            strong = _number(emphasis["amplitude"], 0, 1)
            _need(strong >= level, "an emphasis weaker than its breakpoint")
            _need(i > 0, "an emphasis on the first breakpoint is lost")
            emphases.append((point["time"], strong, _number(emphasis["frequency"], 0, 1)))
    frequency = None
    if "frequency" in envelopes:
        points = _list(envelopes["frequency"])
        for point in points:
            _object(point, {"time", "frequency"})
        frequency = _curve(points, "time", "frequency", 0, 1)
    curve = _curve(amplitude, "time", "amplitude", 0, 1)
    return Haptic(curve, frequency, emphases, float(curve.times[-1]), metadata)


def read_ahap(text: str) -> Ahap:
    root = _object(_json(text), {"Version", "Pattern"}, {"Metadata"})
    _need(root["Version"] == 1.0, "not version 1")
    _object(root.get("Metadata", {}), set(), {"Project", "Created", "Description"})
    tiles, clicks = [], []
    chains: dict[str, list[tuple[list[float], list[float]]]] = {}
    for entry in _list(root["Pattern"]):
        _need(isinstance(entry, dict) and len(entry) == 1, "an entry is one thing")
        if "Event" in entry:
            event = entry["Event"]
            _need(isinstance(event, dict), "an event is an object")
            if event.get("EventType") == "HapticContinuous":
                _object(event, {"Time", "EventType", "EventParameters", "EventDuration"})
                long = _number(event["EventDuration"], 0, 30)
                _need(long > 0, "an event of no duration")
                tiles.append((_time(event["Time"]), long, *_parameters(event)))
            else:
                _need(event.get("EventType") == "HapticTransient", "an event of no known type")
                _object(event, {"Time", "EventType", "EventParameters"})
                clicks.append((_time(event["Time"]), *_parameters(event)))
        else:
            curve = _object(entry, {"ParameterCurve"})["ParameterCurve"]
            _object(curve, {"ParameterID", "Time", "ParameterCurveControlPoints"})
            low, high = {"HapticIntensityControl": (0, 1), "HapticSharpnessControl": (-1, 1)}.get(
                curve["ParameterID"], (0, 0)
            )
            _need(high > 0, "a curve of no known parameter")
            points = _list(curve["ParameterCurveControlPoints"])
            _need(1 <= len(points) <= 16, f"{len(points)} points in a curve")
            times = [_time(_object(point, {"Time", "ParameterValue"})["Time"]) for point in points]
            _need(times[0] == 0, "times are not relative to the curve")
            _need(all(a < b for a, b in pairwise(times)), "times of points do not rise")
            values = [_number(point["ParameterValue"], low, high) for point in points]
            begins = _time(curve["Time"])
            chains.setdefault(curve["ParameterID"], []).append(([begins + t for t in times], values))
    _need(bool(tiles), "nothing to play")
    now = 0.0
    for start, long, *_ in sorted(tiles):
        _need(abs(start - now) < 1e-9, f"a hole or an overlap at {now}")
        now = start + long
    joined = {name: _chain(curves) for name, curves in chains.items()}
    still = Curve(np.zeros(1), np.zeros(1))
    control = joined.get("HapticIntensityControl", Curve(np.zeros(1), np.ones(1)))
    sharp = joined.get("HapticSharpnessControl", still)
    _need(len({(tile[2], tile[3]) for tile in tiles}) == 1, "tiles differ")
    own, own_sharp = tiles[0][2:]
    clicks.sort()
    times = [time for time, *_ in clicks]
    for i in range(len(times) - 50):
        _need(times[i + 50] - times[i] >= 1.0 - 1e-9, f"more than 50 clicks in a second at {times[i]}")
    return Ahap(
        Curve(control.times, control.values * own),
        Curve(sharp.times, np.clip(sharp.values + own_sharp, 0, 1)),
        [
            (t, strong * float(control.at(t)), min(1.0, max(0.0, s + float(sharp.at(t)))))
            for t, strong, s in clicks
        ],
        now,
    )


def read_android(text: str) -> Android:
    root = _object(_json(text), {"timings", "amplitudes", "repeat"}, {"about", "source", "project", "zone"})
    timings, amplitudes = _list(root["timings"]), _list(root["amplitudes"])
    _need(root["repeat"] == -1, "it would play for ever")
    _need(len(timings) == len(amplitudes), "as many strengths as timings")
    _need(all(type(ms) is int and ms > 0 for ms in timings), "timings are whole milliseconds above 0")
    _need(all(type(a) is int and 0 <= a <= 255 for a in amplitudes), "strengths are 0 to 255")
    _need(sum(timings) > 0, "nothing to play")
    for i, (ms, level) in enumerate(zip(timings, amplitudes, strict=True)):
        # Only stillness may be shorter, before what begins the song.
        _need(ms >= 25 or (i == 0 and level == 0), f"step {i} lasts {ms} ms")
    edges = np.concatenate([[0], np.cumsum(timings)])
    clicks = [
        int(edges[i])
        for i, (ms, level) in enumerate(zip(timings, amplitudes, strict=True))
        if (ms, level) == (30, 255)
        and (i == 0 or (amplitudes[i - 1] == 0 and (timings[i - 1] >= 30 or i == 1)))
        and (i == len(timings) - 1 or amplitudes[i + 1] == 0)
    ]
    return Android(edges, np.array(amplitudes), clicks)


def _json(text: str) -> Any:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        _need(len({key for key, _ in pairs}) == len(pairs), "a key twice")
        return dict(pairs)

    def no(word: str) -> None:
        raise BadFile(f"{word} is no JSON")

    try:
        return json.loads(text, object_pairs_hook=once, parse_constant=no)
    except ValueError as error:
        raise BadFile(str(error)) from error


def _need(true: bool, rule: str) -> None:
    if not true:
        raise BadFile(rule)


def _object(value: Any, must: set[str], may: set[str] = frozenset()) -> dict[str, Any]:  # type: ignore[assignment]
    _need(isinstance(value, dict) and must <= set(value) <= must | may, f"not an object of {sorted(must)}")
    return value


def _list(value: Any) -> list[Any]:
    _need(isinstance(value, list), "not a list")
    return value


def _number(value: Any, low: float, high: float) -> float:
    _need(type(value) in (int, float) and math.isfinite(value), f"{value!r} is no number")
    _need(low <= value <= high, f"{value} is not within {low} to {high}")
    return float(value)


def _time(value: Any) -> float:
    return _number(value, 0, 1e6)


def _curve(points: list[Any], time: str, name: str, low: float, high: float) -> Curve:
    _need(len(points) > 0, f"no {name}")
    times = np.array([_time(point[time]) for point in points])
    _need(bool((np.diff(times) >= 0).all()), "times fall")
    return Curve(times, np.array([_number(point[name], low, high) for point in points]))


def _parameters(event: dict[str, Any]) -> tuple[float, float]:
    given = {}
    for parameter in _list(event["EventParameters"]):
        _object(parameter, {"ParameterID", "ParameterValue"})
        name = parameter["ParameterID"]
        _need(name in ("HapticIntensity", "HapticSharpness") and name not in given, f"parameter {name}")
        given[name] = _number(parameter["ParameterValue"], 0, 1)
    return given.get("HapticIntensity", 1.0), given.get("HapticSharpness", 0.0)


def _chain(curves: list[tuple[list[float], list[float]]]) -> Curve:
    """Each curve begins with the last point of the one before it."""
    times, values = curves[0]
    _need(times[0] == 0, "the first curve does not begin with the song")
    for more_times, more_values in curves[1:]:
        _need(abs(more_times[0] - times[-1]) < 1e-6, "a hole between curves")
        _need(more_values[0] == values[-1], "a jump between curves")
        times, values = times + more_times[1:], values + more_values[1:]
    return Curve(np.array(times), np.array(values))
