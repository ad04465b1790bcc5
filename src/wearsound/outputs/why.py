"""Why is it moving? Or why not: the answer for one control of one zone, from the frames of the last four seconds."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from wearsound.core import F32, F64, Frame
from wearsound.outputs.dress import Dress, Why
from wearsound.outputs.slot import Told

SPAN = 4.0
"""Seconds that are looked back."""

ROWS = 256
"""Frames that are kept: four seconds at sixty, and some."""

MOVES = 0.02
"""A control that changed by so much of its range has moved."""

LEAST = 2.0**-20
"""What a logarithm takes for 0."""

ASKED, PASSED = 0.16, 0.15
"""Light asked for, linear, above which it is held against it, and the share of it below which it was held back."""

LIKELY = ("glow", "dye", "hue", "chroma", "buzz", "buzz_hz", "pattern")
"""Controls in the order in which they are asked about."""


@dataclass(frozen=True, slots=True)
class Played:
    """One route of a control: `state` is "wins", "plays" or "waits" (another scene's)."""

    why: Why
    state: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What the card says of `control`.

    `value` now; `trace` its last four seconds and `heard` those of the leading route's feature, float32 (n, 2): seconds
    from now, 0 and below, and 0..1 between the ends of its range; `threshold` on the scale of `heard`, None without.
    `reason` why it does not move, "" while it does. `lead` is the route that the card is about, None for none.
    """

    zone: str
    control: str
    value: float
    unit: str
    lead: Why | None
    feature_value: float
    trace: F32
    heard: F32
    threshold: float | None
    routes: tuple[Played, ...]
    reason: str


class Past:
    """The features, controls and light of the last frames, rings of float32. [main thread]"""

    def __init__(self, n_features: int, n_controls: int, n_zones: int) -> None:
        self._features = np.zeros((ROWS, n_features), np.float32)
        self._controls = np.zeros((ROWS, n_controls), np.float32)
        self._light = np.zeros((ROWS, n_zones), np.float32)
        self._times = np.full(ROWS, -np.inf)
        self._at = -1

    def keep(self, frame: Frame) -> None:
        """Take one frame; one that is no newer than the last begins anew."""
        if (
            frame.features.values.shape != self._features.shape[1:]
            or frame.controls.values.shape != (self._controls.shape[1:])
        ):
            return
        if self._at >= 0 and not frame.time > self._times[self._at]:
            self._times[:] = -np.inf
        self._at = (self._at + 1) % ROWS
        self._features[self._at] = frame.features.values
        self._controls[self._at] = frame.controls.values
        if frame.lit.shape[0] == self._light.shape[1]:
            self._light[self._at] = (frame.lit.max(axis=1) / 255.0) ** 2.2
        self._times[self._at] = frame.time

    def of(self, kind: str, column: int, seconds: float = SPAN) -> F32:
        """(n, 2): seconds from now and the number then, oldest first; `kind` is features, controls or light."""
        rows: F32 = {"features": self._features, "controls": self._controls, "light": self._light}[kind]
        if self._at < 0:
            return np.zeros((0, 2), np.float32)
        order = np.arange(self._at + 1, self._at + 1 + ROWS) % ROWS
        ago = (self._times[order] - self._times[self._at]).astype(np.float32)
        seen = ago >= -seconds
        return np.stack([ago[seen], rows[order[seen], column]], axis=1)


def controls_of(zone: str, dress: Dress) -> list[str]:
    """The controls of a zone that a route plays, as they are asked about; its glow where there is none."""
    played = {why.control for why in dress.whys if why.control.startswith(f"{zone}.")}
    names = [f"{zone}.{medium}" for medium in LIKELY]
    return [name for name in names if name in played] or [f"{zone}.glow"]


def answer(zone: str, control: str, dress: Dress, frame: Frame, told: Told, past: Past) -> Answer:
    """Why `control` of `zone` is as it is now."""
    mine = [why for why in dress.whys if why.control == control]
    playing = [why for why in mine if why.scene in ("", frame.scene)]
    lead = winner(playing, frame, past) or (mine[0] if mine else None)
    column = frame.controls.index.get(control)
    value = frame.controls.get(control)
    empty = np.zeros((0, 2), np.float32)
    trace = past.of("controls", column) if column is not None else empty
    heard, threshold, feature_value = empty, None, 0.0
    if lead is not None and lead.feature in frame.features.index:
        feature_value = frame.features[lead.feature]
        heard = past.of("features", frame.features.index[lead.feature])
        threshold = None if lead.threshold is None else _share(lead, lead.threshold)
    reason = _reason(zone, control, dress, frame, told, past, mine, playing, lead, trace, heard)
    routes = tuple(
        Played(why, "waits" if why not in playing else "wins" if why is lead else "plays") for why in mine
    )
    if len(heard) and lead is not None:
        heard = heard.copy()
        heard[:, 1] = _shares(lead, heard[:, 1].astype(np.float64))
    trace = _level(control, lead, trace)
    unit = "Hz" if control.endswith("_hz") else ""
    return Answer(zone, control, value, unit, lead, feature_value, trace, heard, threshold, routes, reason)


def winner(playing: Sequence[Why], frame: Frame, past: Past) -> Why | None:
    """Of the routes that play: the later, or the one that asks for most."""
    if not playing:
        return None
    if playing[-1].later:
        return playing[-1]
    return max(playing, key=lambda why: _asks(why, frame, past))


def _asks(why: Why, frame: Frame, past: Past) -> float:
    """About what a route asks for now: the most of what it heard, less what was released since."""
    column = frame.features.index.get(why.feature)
    if column is None:
        return why.out_low
    heard = past.of("features", column)
    if not len(heard):
        return why.out_low
    if why.mode in ("trigger", "toggle"):
        struck = _struck(why, heard)
        aims = np.zeros(len(heard))
        aims[struck] = 1.0
    else:
        aims = np.clip(_shares(why, heard[:, 1].astype(np.float64)), 0.0, 1.0) ** why.curve
        if why.mode == "hold":
            aims = (aims >= 0.5).astype(np.float64)
    left = aims * np.exp(heard[:, 0] / max(why.release, 0.01))
    return why.out_low + (why.out_high - why.out_low) * float(left.max())


def _struck(why: Why, heard: F32) -> np.ndarray:
    """The frames in which a count grew, or a level came through the threshold."""
    values = heard[:, 1]
    if why.threshold is None:
        return np.flatnonzero(np.diff(values) > 0) + 1
    way = 1.0 if why.high >= why.low else -1.0
    on = (values - why.threshold) * way >= 0
    return np.flatnonzero(on[1:] & ~on[:-1]) + 1


def _share(why: Why, number: float) -> float:
    """Where a feature lies between the ends of its range, 0 at the low one."""
    return float(_shares(why, np.array([number]))[0])


def _shares(why: Why, numbers: F64) -> F64:
    """The same of many numbers."""
    low, high = why.low, why.high
    if why.scale != "even":
        low, high = (math.log2(max(x, LEAST)) for x in (low, high))
        numbers = np.log2(np.maximum(numbers, LEAST))
    if high == low:
        return np.zeros(len(numbers))
    shares: F64 = (numbers - low) / (high - low)
    return shares % 1.0 if why.scale == "octave" else shares


def _level(control: str, lead: Why | None, trace: F32) -> F32:
    """A control between 0 and 1, or between the ends of what its route asks for."""
    ends = (0.0, 1.0)
    if lead is not None and (control.endswith("_hz") or control.endswith(".pattern")):
        ends = (min(lead.out_low, lead.out_high), max(lead.out_low, lead.out_high))
    wide = ends[1] - ends[0] or 1.0
    level = trace.copy()
    level[:, 1] = np.clip((trace[:, 1] - ends[0]) / wide, 0.0, 1.0)
    return level


def _reason(
    zone: str,
    control: str,
    dress: Dress,
    frame: Frame,
    told: Told,
    past: Past,
    mine: Sequence[Why],
    playing: Sequence[Why],
    lead: Why | None,
    trace: F32,
    heard: F32,
) -> str:
    """Why it does not move, the first that is true; "" if it moves as it was asked to."""
    if frame.dark:
        return f"{frame.dark}: everything is kept dark until R"
    if frame.frozen:
        return "frozen: light stands still until Space"
    column = frame.controls.index.get(control, -1)
    if 0 <= column < len(told.held) and told.held[column] > 0:
        return "held by hand: the patch plays it again once it is let go, or a scene is called"
    if not mine or lead is None:
        return f"no route of the patch goes to {control}"
    if not playing:
        scenes = ", ".join(dict.fromkeys(why.scene for why in mine))
        return f"its scene does not play: {scenes}; now it is {frame.scene or 'none'}"
    if told.master < 0.01:
        return "the master is down"
    if control.endswith(".glow"):
        kept = _kept_back(zone, dress, told, past, trace)
        if kept:
            return kept
    span = float(np.ptp(_level(control, lead, trace)[:, 1])) if len(trace) > 1 else 0.0
    if span >= MOVES:
        return ""
    lane, _, feature = lead.feature.partition(".")
    if frame.features.get(f"{lane}.silence") >= 1:
        return f"silence: nothing is heard in {lane}"
    if frame.features.get(f"{lane}.gate", 1.0) <= 0:
        return f"the gate is closed: {lane} is at {frame.features.get(f'{lane}.level', -90.0):.0f} dB"
    return _unmoved(lead, feature, heard)


def _kept_back(zone: str, dress: Dress, told: Told, past: Past, trace: F32) -> str:
    """Whether much less light left than was asked for in the last half second."""
    if zone not in dress.zones:
        return ""
    light = past.of("light", dress.zones.index(zone), 0.5)[:, 1]
    recent = trace[trace[:, 0] >= -0.5][:, 1]
    if len(recent) < 5 or len(light) != len(recent):
        return ""
    wanted = float((recent**2).mean()) * told.master
    shown = float(light.mean())
    if wanted < ASKED or shown >= PASSED * wanted:
        return ""
    return f"a guard holds it back: {100 * shown / wanted:.0f} % of what is asked leaves (flashes, current or heat)"


def _unmoved(lead: Why, feature: str, heard: F32) -> str:
    """What the feature has done in four seconds that moved nothing."""
    if not len(heard):
        return f"nobody hears {lead.feature}"
    if lead.mode in ("trigger", "toggle"):
        if lead.threshold is None:
            return f"no {feature} in the last four seconds"
        return f"{feature} has not come through {lead.threshold:.2g} in the last four seconds"
    shares = _shares(lead, heard[:, 1].astype(np.float64)).tolist()
    now = float(heard[-1, 1])
    if max(shares) <= 0.02:
        return f"{feature} is at {now:.2g} and moves it from {lead.low:.2g} on"
    if min(shares) >= 0.98:
        return f"{feature} is at {now:.2g}, past {lead.high:.2g}, where the route ends"
    if max(shares) - min(shares) < 0.03:
        return f"{feature} stands still at {now:.2g}"
    return f"it moves by less than {100 * MOVES:.0f} %"
