"""Routes as arrays: input range, curve, mode, attack and release, for all routes of a patch at once.

Only the one-pole needs a loop over hops; the rest is done for a whole block. Its state is never
rounded, or a slow release would stick before dark; whoever reads it rounds a copy.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from wearsound.core import F64, MAX_HOPS, Clock, Mask
from wearsound.mapping.line import GRID, LEAST, Line

SETTLED = 2.0**-16
"""This near to its aim a smoothed value is there; looked at every SETTLE_TICKS ticks."""

SETTLE_TICKS = 32

ON, OFF = 0.5, 0.4
"""Where a continuous input counts as on, and where it must fall to before it can be on again."""


class Curves:
    """All lines of a patch, played together. Outputs stand in the order of `lines`' `rows`."""

    def __init__(self, lines: Sequence[Line], clock: Clock) -> None:
        # Plain followers first, then lines with events of a level, then lines with events of a count; those with
        # a circle and those with a logarithm side by side, where the first two meet.
        order = sorted(range(len(lines)), key=lambda i: (lines[i].kind, lines[i].beside))
        self.rows = [order.index(i) for i in range(len(lines))]
        self._n = n = len(lines)
        self._written = [lines[i] for i in order]
        self._lines = sorted_lines = list(self._written)
        self._clock = clock
        self._levels = sum(line.kind == 0 for line in lines)
        self._counts = self._levels + sum(line.kind == 1 for line in lines)
        curved = [i for i, line in enumerate(sorted_lines) if line.scale != "even"]
        circles = [i for i, line in enumerate(sorted_lines) if line.scale == "octave"]
        self._curved = slice(curved[0], curved[-1] + 1) if curved else None
        self._circles = slice(circles[0], circles[-1] + 1) if circles else None
        self._columns = np.array([line.column for line in sorted_lines], dtype=np.intp)
        self._last = np.zeros(n)
        self._derive()
        self._idle = np.array([line.start for line in sorted_lines])
        self._raw = np.zeros((MAX_HOPS + 1, n))
        self._aim = np.zeros((MAX_HOPS, n))
        self._state = np.zeros((MAX_HOPS, n))
        self._raw_rows = list(self._raw)
        self._aim_rows, self._state_rows = list(self._aim), list(self._state)
        self._finite = np.zeros((MAX_HOPS, n), dtype=bool)
        self._finite_row = self._finite[0]
        self._count_rows = [row[self._counts :] for row in self._raw_rows]
        self._grew = np.zeros(n - self._counts, dtype=bool)
        self._count_toggles = [
            i for i, line in enumerate(sorted_lines) if line.count and line.mode == "toggle"
        ]
        self._zero, self._one, self._grid = np.zeros(n), np.ones(n), np.full(n, GRID)
        self._step, self._up, self._down = np.zeros(n), np.zeros(n), np.zeros(n)
        self.reset()

    def _derive(self) -> None:
        """The numbers of all lines, as arrays."""
        self._turned = False
        lines, n, clock = self._lines, self._n, self._clock
        self._low = np.array([line.ends[0] for line in lines])
        self._width = np.array([line.width for line in lines])
        self._round = np.array([line.round for line in lines if line.scale == "octave"], dtype=np.float64)
        powers = np.array([line.curve for line in lines])
        self._power = powers if np.any(powers != 1.0) else None
        rise = [1.0 if line.mode == "trigger" else clock.coefficient(line.attack) for line in lines]
        fall = [clock.coefficient(line.attack if line.round else line.release) for line in lines]
        # The larger of two steps is the right one if rising is the faster; else the line runs mirrored.
        self._sign = np.array([1.0 if up >= down else -1.0 for up, down in zip(rise, fall, strict=True)])
        self._mirrored = bool(np.any(self._sign < 0))
        pair = np.array([rise, fall]).reshape(2, n)
        self._weights = (pair.max(axis=0), pair.min(axis=0))
        self._scale = self._sign / GRID
        reach = np.array([line.reach for line in lines]).reshape(n, 2)
        self._gain = (reach[:, 1] - reach[:, 0]) * self._sign
        self._offset = reach[:, 0].copy()
        self._rise_ticks = [clock.ticks(line.attack) for line in lines]

    def line(self, row: int) -> Line:
        """A line as it is now. [any thread]"""
        return self._lines[row]

    @property
    def turned(self) -> bool:
        """Whether any line is not as it was written. [engine thread]"""
        return self._lines != self._written

    def turn(self, row: int, **numbers: float | tuple[float, float]) -> None:
        """Change numbers of a line while it plays: `attack=0.1`, `span=(0, 1)`. [engine thread]

        What it has reached stays; only where it goes from here changes.
        """
        self._lines[row] = replace(self._lines[row], **numbers)  # type: ignore[arg-type]
        self._turned = True  # a hundred faders may move in one hop: worked out once, when it plays

    def reset(self) -> None:
        """State of every line to its start, and its numbers to what was written. [engine thread]"""
        if self._lines != self._written:
            self._lines = list(self._written)
            self._derive()
        self._raw[0] = self._idle
        self._last[:] = 0.0
        self._on = [False] * self._n
        self._toggled = [False] * self._n
        self._rising: dict[int, tuple[float, int]] = {}
        self._fresh: list[int] = []

    def inherit(self, old: Curves, same: Sequence[tuple[int, int]]) -> None:
        """Go on from where `old` is; `same` are pairs of rows, ours and its, of one route. [engine thread]

        What was turned by hand of a line that is written as before stays turned. A line that only we have begins at
        rest, and hears of a count only what comes.
        """
        for row, before in same:
            if replace(self._written[row], column=0) == replace(old._written[before], column=0):
                self._lines[row] = replace(old._lines[before], column=self._written[row].column)
        if self._lines != self._written:
            self._derive()
        for row, before in same:
            # A mirrored line keeps its state mirrored.
            self._last[row] = old._last[before] * (old._sign[before] * self._sign[row])
            self._raw[0, row] = old._raw[0, before]
            self._on[row] = old._on[before]
            self._toggled[row] = old._toggled[before]
            if before in old._rising:
                self._rising[row] = old._rising[before]
        known = {row for row, before in same if before not in old._fresh}
        self._fresh = [row for row in range(self._counts, self._n) if row not in known]

    def play(self, tick: int, n: int, features: F64, out: F64) -> None:
        """Write the lines' outputs for `n` hops from `tick` into `out`. [engine thread]

        `features` (n, n_features) and `out` (n, n_lines); or, for one hop, a row of each, which is
        the same arithmetic in half the time.
        """
        if self._turned:
            before = self._sign
            self._derive()
            self._last *= before * self._sign  # a mirrored line keeps its state mirrored
        raw, aim, state, finite = self._rows_of(n, out.ndim == 1)
        features.take(self._columns, -1, raw, "clip")
        if self._fresh:
            self._raw[0, self._fresh] = self._raw[1, self._fresh]
            self._fresh = []
        np.isfinite(raw, finite)
        if self._circles is not None:  # where nothing sounds there is no pitch: the last one stays
            finite[..., self._circles] &= raw[..., self._circles] > 0.0
        if np.count_nonzero(finite) != finite.size:
            self._hold(n)
        if self._curved is None:
            np.subtract(raw, self._low, aim)
            np.divide(aim, self._width, aim)
        else:
            self._lay(raw, aim)
        np.maximum(aim, self._zero, out=aim)
        np.minimum(aim, self._one, out=aim)
        if self._power is not None:
            np.power(aim, self._power, aim)
            np.multiply(aim, self._grid, aim)
            np.rint(aim, aim)
            np.multiply(aim, self._scale, aim)
        elif self._mirrored:
            np.multiply(aim, self._sign, aim)
        strikes = self._events(n) if self._levels < self._n else None
        self._smooth(tick, n, strikes)
        np.copyto(self._raw_rows[0], self._raw_rows[n])
        np.multiply(state, self._gain, out)
        np.add(out, self._offset, out)

    def _rows_of(self, n: int, row: bool) -> tuple[F64, F64, F64, Mask]:
        if row:
            return self._raw_rows[1], self._aim_rows[0], self._state_rows[0], self._finite_row
        return self._raw[1 : n + 1], self._aim[:n], self._state[:n], self._finite[:n]

    def _hold(self, n: int) -> None:
        """What is not a number is what it was last."""
        rows = zip(self._raw_rows[:n], self._raw_rows[1 : n + 1], self._finite[:n], strict=True)
        for before, now, finite in rows:
            np.copyto(now, before, where=~finite)

    def _lay(self, raw: F64, aim: F64) -> None:
        """`raw` between the ends of its range, 0..1, where some of it goes by ratio or round a circle."""
        np.copyto(aim, raw)
        curved = aim[..., self._curved]
        np.maximum(curved, LEAST, out=curved)
        np.log2(curved, curved)
        np.multiply(curved, GRID, curved)
        np.rint(curved, curved)
        np.divide(curved, GRID, curved)
        np.subtract(aim, self._low, aim)
        np.divide(aim, self._width, aim)
        if self._circles is not None:
            circles = aim[..., self._circles]
            np.subtract(circles, np.floor(circles), circles)

    def _events(self, n: int) -> dict[int, list[int]] | None:
        """Turn crossings and growth into aims; the lines struck by a trigger, by hop."""
        strikes: dict[int, list[int]] = {}
        aim = self._aim
        for row in range(self._levels, self._counts):
            mode, sign, on = self._lines[row].mode, float(self._sign[row]), self._on[row]
            for hop, value in enumerate(aim[:n, row].tolist()):
                was = on
                on = value * sign >= (OFF if on else ON)
                if mode == "hold":
                    aim[hop, row] = sign * on
                else:
                    aim[hop, row] = self._event(row, hop, on and not was, strikes)
            self._on[row] = on
        for row in self._count_toggles:
            aim[:n, row] = self._event(row, 0, False, strikes)
        if self._counts < self._n:
            for hop in range(n):
                before, now = self._count_rows[hop], self._count_rows[hop + 1]
                grew = np.greater(now, before, self._grew)
                if np.count_nonzero(grew):
                    for row in (np.flatnonzero(grew) + self._counts).tolist():
                        aim[hop:n, row] = self._event(row, hop, True, strikes)
        return strikes or None

    def _event(self, row: int, hop: int, struck: bool, strikes: dict[int, list[int]]) -> float:
        """The aim of an event's line at one hop, struck or not."""
        if self._lines[row].mode == "trigger":
            if struck:
                strikes.setdefault(hop, []).append(row)
            return 0.0
        if struck:
            self._toggled[row] = not self._toggled[row]
        return float(self._sign[row]) * self._toggled[row]

    def _smooth(self, tick: int, n: int, strikes: dict[int, list[int]] | None) -> None:
        subtract, multiply, maximum, add = np.subtract, np.multiply, np.maximum, np.add
        rise, fall = self._weights
        step, up, down = self._step, self._up, self._down
        last, circles = self._last, self._circles
        for hop in range(n):
            state = self._state_rows[hop]
            subtract(self._aim_rows[hop], last, step)
            if circles is not None:
                around = step[circles]
                subtract(around, np.rint(around) * self._round, around)
            multiply(rise, step, up)
            multiply(fall, step, down)
            maximum(up, down, out=step)
            add(last, step, state)
            if circles is not None:
                around = state[circles]
                subtract(around, np.floor(around) * self._round, around)
            if strikes is not None or self._rising:
                self._rise(state, last, strikes.get(hop, ()) if strikes else ())
            if not (tick + hop) % SETTLE_TICKS:
                aim = self._aim_rows[hop]
                np.copyto(state, aim, where=np.abs(aim - state) < SETTLED)
            last = state
        np.copyto(self._last, last)

    def _rise(self, state: F64, last: F64, struck: Sequence[int]) -> None:
        """A struck line rises evenly to exactly full in its attack, then is left to its release.

        Struck again while it rises, it is on its way already.
        """
        for row in struck:
            self._rising.setdefault(row, (float(last[row]), 0))
        for row, (start, done) in list(self._rising.items()):
            done += 1
            ticks = self._rise_ticks[row]
            state[row] = 1.0 if done >= ticks else start + (1.0 - start) * done / ticks
            if done >= ticks:
                del self._rising[row]
            else:
                self._rising[row] = (start, done)
