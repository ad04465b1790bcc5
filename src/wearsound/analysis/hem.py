"""A piece of cloth that hangs: eight threads sewn to a round hem, pushed by a load, pulled back by their weight.

Springs and masses, not a picture of any: what it does is read from where its lower edge is.
"""

from __future__ import annotations

import math

import numpy as np

from wearsound.core import F64

COLUMNS, ROWS = 8, 9
"""Threads round the hem, and the points of each below the one that is pinned."""
SWING_HZ = 0.9
DAMPING = 0.22
"""How fast the cloth swings when let go, and of critical damping how much."""
HOOP_HZ = 1.6
"""How fast a hem would breathe if nothing but its own ring pulled it back."""
HOOP_DAMPING = 0.45
STEP = 0.011
"""Seconds: the longest step. The fastest mode of the threads turns 74 rad/s and would bear 0.026."""
REACH = 1.0
"""How far the edge can go from where it hangs: the unit of length. A point nearer the pin reaches less."""
REST = 0.004
"""Nearer to rest than this, nowhere faster than this in a step, and not pushed: it hangs still."""

SLOWEST = 0.15232222773180828
"""Smallest root of the ninth Laguerre polynomial."""


class Hem:
    """Positions of all points, sideways and towards the viewer, as distances from where they hang.

    Each of the eight threads is the hanging chain of Daniel Bernoulli (1733): the higher a link, the more it
    carries, the stiffer it is. With `ROWS` equal masses the squares of its frequencies are the roots of the
    Laguerre polynomial of that degree, times weight over the length of a link, so SWING_HZ gives
    the weight. Neighbouring threads are joined by links round the hem, which resist stretching: they leave
    a swing of the whole and folds alone and stiffen only what widens. Verlet steps with the drag at mid-step; a
    point that would go further than its thread reaches is set back onto that circle. So nothing can grow
    without bound, whatever the load. Only sums, products, quotients and roots: the same bits everywhere.
    """

    def __init__(self, seconds: float) -> None:
        """`seconds` that pass with each `step`. [main thread]"""
        self._n = max(1, math.ceil(seconds / STEP))
        dt = seconds / self._n
        swing = 2.0 * math.pi * SWING_HZ
        weight = swing * swing / SLOWEST
        carried = np.arange(ROWS, 0, -1) * weight  # of the link above each point, by the length of a link
        self._above = (carried * dt * dt).round(12)[:, np.newaxis, np.newaxis]
        drag = DAMPING * swing * dt
        self._keep, self._give = round((1.0 - drag) / (1.0 + drag), 12), round(1.0 / (1.0 + drag), 12)
        turns = np.arange(COLUMNS) / COLUMNS * (2.0 * math.pi)
        self._out: F64 = np.stack([np.cos(turns), np.sin(turns)], axis=-1).round(12)
        """Where out is for each thread, (COLUMNS, 2): the first hangs at the right, the third in front."""
        self._along: F64 = np.stack(
            [-np.sin(turns + 0.5 * turns[1]), np.cos(turns + 0.5 * turns[1])], axis=-1
        )
        self._along = self._along.round(12)
        """From each thread to the next, (COLUMNS, 2)."""
        # A ring that is wider by w: each of its links is longer by 2 w sin(half an angle), and two of them
        # pull each point back by that sine again.
        hoop, sine = 2.0 * math.pi * HOOP_HZ, math.sin(math.pi / COLUMNS)
        self._hoop = round((hoop * dt / (2.0 * sine)) ** 2, 12)
        self._hoop_drag = round(2.0 * HOOP_DAMPING * hoop * dt / (2.0 * sine) ** 2, 12)
        # A steady push of 1 leans every link alike, and puts the edge at the reach.
        self._push = round(weight / ROWS * REACH * dt * dt, 12)
        # What widens has the hoop to stretch beside the weight to lift.
        self._blow = round((weight / ROWS + hoop * hoop) * REACH * dt * dt, 12)
        self._reach: F64 = (np.arange(1, ROWS + 1) / ROWS * REACH).round(12)[:, np.newaxis]
        shape = (ROWS, COLUMNS, 2)
        self._at: F64 = np.zeros(shape)
        self._before: F64 = np.zeros(shape)
        self._next: F64 = np.zeros(shape)
        self._pull: F64 = np.zeros(shape)
        self._stretch: F64 = np.zeros((ROWS, COLUMNS))
        self._stretched: F64 = np.zeros((ROWS, COLUMNS))
        self.reset()

    def reset(self) -> None:
        """Hanging still. [engine thread]"""
        self._at[:] = self._before[:] = self._stretched[:] = 0.0
        self.still = True
        self.side = self.wide = 0.0
        """Of the free edge in units of its reach: how far its middle is sideways, how much wider it hangs."""

    def step(self, push: float, blow: float, folds: F64) -> None:
        """Time passes under a push to the right (-1..1), and from within (0..1), unevenly by `folds` (COLUMNS,).

        `folds` are factors whose mean is 1. [engine thread]
        """
        load = (self._blow * blow) * folds[:, np.newaxis] * self._out
        load[:, 0] += self._push * push
        for _ in range(self._n):
            self._move(load)
        edge = self._at[-1]
        self.side = float(np.add.reduce(edge[:, 0])) / COLUMNS
        self.wide = float(np.add.reduce((edge * self._out).ravel())) / COLUMNS
        self._settle(push == 0.0 and blow == 0.0)

    def _move(self, load: F64) -> None:
        at, pull = self._at, self._pull
        # The link above pulls each point towards the one above; and that one as much towards it.
        np.negative(at, out=pull)
        pull[1:] += at[:-1]
        pull *= self._above
        pull[:-1] -= pull[1:]
        self._ring(at, pull)
        pull += load
        after = self._next
        np.subtract(at, self._before, out=after)
        after *= self._keep
        pull *= self._give
        after += pull
        after += at
        square = after[..., 0] * after[..., 0]
        square += after[..., 1] * after[..., 1]
        np.sqrt(square, out=square)
        np.maximum(square, self._reach, out=square)
        np.divide(self._reach, square, out=square)
        after *= square[..., np.newaxis]
        self._before, self._at, self._next = at, after, self._before

    def _ring(self, at: F64, pull: F64) -> None:
        """What the links round the hem pull, by how long they are and by how fast they lengthen."""
        apart = np.empty_like(at)
        np.subtract(at[:, 1:], at[:, :-1], out=apart[:, :-1])
        np.subtract(at[:, 0], at[:, -1], out=apart[:, -1])
        apart *= self._along
        stretch = apart[..., 0] + apart[..., 1]
        faster = stretch - self._stretched
        self._stretched = stretch
        tension = self._hoop * stretch
        faster *= self._hoop_drag
        tension += faster
        np.multiply(self._along, tension[..., np.newaxis], out=apart)
        pull += apart
        pull[:, 1:] -= apart[:, :-1]
        pull[:, 0] -= apart[:, -1]

    def _settle(self, alone: bool) -> None:
        """Cloth that hardly moves is held by its own friction."""
        self.still = alone and bool(
            np.abs(self._at).max() < REST and np.abs(self._at - self._before).max() < REST
        )
        if self.still:
            self._at[:] = self._before[:] = self._stretched[:] = 0.0
            self.side = self.wide = 0.0
