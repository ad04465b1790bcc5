"""Between two clocks: the engine writes hops when they are played, a sound device takes samples when it likes.

The two crystals drift, so the reader plays up to half a percent faster or slower to keep the cushion as full as it
was; what is skin-deep (below 500 Hz) does not mind being read between samples. Where the cushion runs dry nothing is
repeated: it falls silent within RAMP, far sooner than the 250 ms that are allowed, and begins again with a ramp once
the cushion is full. One writer and one reader, each with numbers of its own; nothing is locked.
"""

from __future__ import annotations

import numpy as np

from wearsound.core import F32
from wearsound.felt import LIFETIME

CUSHION = 0.02
"""Seconds that wait beside what the device takes at once."""
MOST_CUSHION = 0.06
"""It grows to this where it runs dry again and again."""
SLACK = 0.06
"""Seconds more than wanted after which what is old is left out: vibration that is late is worse than a gap."""
RAMP = 0.005
"""Seconds of every fall; a rise takes four times as long."""

_GROWS = 0.005
_LEAN = 0.005
_PULL = 0.5
_SETTLE = 0.3
_MEMORY = 1.0


class Cushion:
    """`channels` at `rate` samples a second. `dry` counts how often it ran dry, `skipped` how often it was too full.

    `quiet` silences it within RAMP, and lets nothing through until it is taken back; `hush` does so once, and what is
    in it then is never played. [any thread]
    """

    def __init__(self, channels: int, rate: int) -> None:
        self.rate = rate
        self._most, self._slack = MOST_CUSHION, SLACK
        self.quiet = False
        self.hush = False
        self.dry = 0
        self.skipped = 0
        self.wanted = CUSHION
        self._size = int(_MEMORY * rate)
        self._memory: F32 = np.zeros((self._size, channels), np.float32)
        self._written = 0
        self._at = 0.0
        self._playing = False
        self._error = 0.0
        self._gain = 0.0
        self._last = np.zeros(channels)
        self._step = np.zeros(channels)
        self._falling = 0
        self._ramp = max(1, int(RAMP * rate))

    def fit(self, latency: float) -> None:
        """Be short enough for a device that plays `latency` seconds late. [any thread]

        So that all that waits is played within LIFETIME: what is here, what the device has, and what it takes at once
        (half of its latency, if it has two buffers).
        """
        room = max(0.0, LIFETIME - RAMP - 1.5 * latency)
        self._most, self._slack = min(MOST_CUSHION, 0.5 * room), min(SLACK, 0.5 * room)
        self.wanted = min(self.wanted, self._most)

    def write(self, samples: F32) -> None:
        """Put (n, channels) behind what is there; of more than it holds only the newest. [engine thread]"""
        samples = samples[-self._size // 2 :]
        at = self._written % self._size
        first = min(len(samples), self._size - at)
        self._memory[at : at + first] = samples[:first]
        self._memory[: len(samples) - first] = samples[first:]
        self._written += len(samples)

    @property
    def waiting(self) -> float:
        """Seconds of vibration in it. [any thread]"""
        return max(0.0, self._written - self._at) / self.rate

    def read(self, out: F32) -> None:
        """Fill `out` (n, channels). [audio thread]"""
        written, count = self._written, len(out)
        out[:] = 0.0
        want = self.wanted * self.rate + count
        quiet, self.hush = self.quiet or self.hush, False
        if quiet:
            self._at = float(written)
        if self._playing and quiet:
            self._playing = False
            self._drop(out)
        elif self._playing:
            self._play(out, written, want)
        elif not quiet and written - self._at >= want:
            self._at = written - want
            self._playing, self._gain, self._error = True, 0.0, 0.0
            self._play(out, written, want)
        self._smooth(out)
        if count:
            self._last = out[-1].astype(float)

    def _play(self, out: F32, written: int, want: float) -> None:
        count = len(out)
        fill = written - self._at
        jumped = fill - want > self._slack * self.rate
        if jumped:
            self.skipped += 1
            self._at = written - want
            self._error, fill = 0.0, want
        pace = count / (_SETTLE * self.rate)
        self._error += min(1.0, pace) * ((fill - want) / self.rate - self._error)
        ratio = 1.0 + min(_LEAN, max(-_LEAN, _PULL * self._error))
        if fill < ratio * count + 1.0:
            self.dry += 1
            self.wanted = min(self._most, self.wanted + _GROWS)
            self._playing = False
            self._drop(out)
            return
        places = self._at + ratio * np.arange(count)
        whole = np.floor(places).astype(np.intp)
        between = (places - whole)[:, None].astype(np.float32)
        one = self._memory[whole % self._size]
        out[:] = one + (self._memory[(whole + 1) % self._size] - one) * between
        self._at += ratio * count
        if self._gain < 1.0:
            steps = np.minimum(1.0, self._gain + np.arange(1, count + 1) / (4 * self._ramp))
            out *= steps[:, None].astype(np.float32)
            self._gain = float(steps[-1])
        if jumped:
            self._drop(out)

    def _drop(self, out: F32) -> None:
        """From here on something else is played: the step between the two becomes a ramp."""
        if len(out):
            self._step, self._falling = self._last - out[0], self._ramp

    def _smooth(self, out: F32) -> None:
        count = min(len(out), self._falling)
        if count:
            left = np.arange(self._falling, self._falling - count, -1) / self._ramp
            out[:count] += (left[:, None] * self._step).astype(np.float32)
            self._falling -= count
        np.clip(out, -1.0, 1.0, out=out)
