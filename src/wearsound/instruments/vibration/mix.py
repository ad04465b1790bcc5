"""All voices of a block laid on the actuators: waveform, envelope, pitch."""

from __future__ import annotations

import numpy as np

from wearsound.core import F64, MAX_HOPS, Clock, Index, Mask

FEW = 4
"""Hops that are laid at once: as many as stay in the cache with all their actuators."""


class Mix:
    """`wave` (n, n_actuators), within +-1 of `env`; `env` (n, n_actuators) 0..1; `hz` (n_hops, n_actuators), the pitch
    of the strongest voice at the end of each hop, 0 where there is none. Valid until the next `begin`. [engine thread]

    Inside, actuators lead, so that each one's samples lie together. `waveform` (n_actuators,) marks those that follow
    a waveform: what they get is equalised by its pitch. The others have a pitch of their own.
    """

    def __init__(self, waveform: Mask, clock: Clock) -> None:
        self._n, self._hop, self._waveform = len(waveform), clock.hop, waveform
        self._all = bool(waveform.all())
        self._rising = np.arange(1, clock.hop + 1) / clock.hop
        self._memory: F64 = np.zeros(2 * self._n * MAX_HOPS * clock.hop)
        self.begin(0)

    def begin(self, n_hops: int) -> None:
        """Still."""
        shape = (2, self._n, n_hops, self._hop)
        self._both = self._memory[: 2 * self._n * n_hops * self._hop].reshape(shape)
        self._both[:] = 0.0
        self._strongest: F64 = np.zeros((n_hops, self._n))
        self.hz: F64 = np.zeros((n_hops, self._n))

    @property
    def wave(self) -> F64:
        """(n_hops * hop, n_actuators)."""
        wave: F64 = self._both[0].reshape(self._n, -1).T
        return wave

    @property
    def env(self) -> F64:
        """(n_hops * hop, n_actuators)."""
        env: F64 = self._both[1].reshape(self._n, -1).T
        return env

    def equalised(self, where: Index, equals: F64, gains: F64) -> F64:
        """`gains` (n_hops, n or 1) of the actuators `where`, times `equals` (n_hops, 1) for those with a waveform."""
        if self._all:
            return gains * equals
        return gains * np.where(self._waveform[where], equals, 1.0)

    def add(self, at: Index | slice, voice: F64, starts: F64, ends: F64, hz: F64) -> None:
        """Lay a `voice` (2, n_hops * hop), waveform and envelope, on the actuators `at` (see `columns`).

        `starts` and `ends` (n_hops, n), or (n_hops, 1) for all alike, are its gains in each hop; `hz` (n_hops,) its
        pitch.
        """
        spread = voice.reshape(2, 1, -1, self._hop)
        steady = bool((starts == ends).all())
        before, after = starts.T[:, :, None], ends.T[:, :, None]
        for first in range(0, len(hz), FEW):
            few = slice(first, first + FEW)
            gains = after[:, few]
            if not steady:
                gains = before[:, few] + (gains - before[:, few]) * self._rising
            self._both[:, at, few] += spread[:, :, few] * gains
        strength = spread[1, 0, :, -1:] * ends
        leads = strength > self._strongest[:, at]
        if leads.any():
            self._strongest[:, at] = np.where(leads, strength, self._strongest[:, at])
            self.hz[:, at] = np.where(leads, hz[:, None], self.hz[:, at])

    def finish(self) -> None:
        """What is too much together is less of each: by its envelope, which is slow, so that nothing rattles."""
        wave, env = self._both
        if env.size and env.max() > 1.0:
            wave /= np.maximum(env, 1.0)
            np.minimum(env, 1.0, out=env)


def columns(where: Index) -> Index | slice:
    """The same actuators as a slice, which is quicker, where they are next to each other."""
    first, last = int(where[0]), int(where[-1])
    return slice(first, last + 1) if last - first == len(where) - 1 else where
