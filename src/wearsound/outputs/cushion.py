"""Between two clocks: the engine writes hops when they are played, a sound device takes samples when it likes.

The two crystals drift, so the reader plays a little faster or slower to keep the cushion as full as it was. It reads
between the samples with a windowed sinc: a tone of 10 kHz has 86 dB less beside it than it is strong (a parabola
through four points has 29), and keeps its level. Where the cushion runs dry nothing new is played: what was heard last
runs backwards for RAMP while it fades, which is no step, and the sound rises again once the cushion is full. One
writer and one reader, each with numbers of its own; nothing is locked.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wearsound.core import F32, F64
from wearsound.felt import LIFETIME
from wearsound.outputs.hand import SOUND as SOUND_FADE
from wearsound.outputs.hand import TOUCH as TOUCH_FADE

RAMP = 0.005
"""Seconds of every fall; a rise takes four times as long."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How a cushion is kept, in seconds.

    `wanted` waits beside what the device takes at once; it grows by `grows`, to `most`, whenever it ran dry, and
    by a fifth of that where less than `scarce` is left, once in `settle`: as slowly nobody hears it. What is
    more than `slack` too late is left out. The reader leans by `pull` a second for each second that is too much, and by
    `lean` at most, after a look of `settle` seconds; beyond `near` seconds too much or too little it hurries, by up to
    HURRY, for a glide is better than a gap. `life`: all that waits is over after so long, None for no such
    promise. `fade`: what a blackout takes it away in, and what it comes back in.
    """

    wanted: float
    most: float
    grows: float
    slack: float
    lean: float
    pull: float
    settle: float
    fade: float
    near: float = 1.0
    scarce: float = 0.0
    life: float | None = None


TOUCH = Manner(0.02, 0.06, 0.005, 0.06, lean=0.005, pull=0.5, settle=0.3, fade=TOUCH_FADE, life=LIFETIME)
"""For skin: vibration that is late is worse than a gap, and pitch is felt by no more than a percent."""

SOUND = Manner(
    0.04, 0.12, 0.01, 0.1, lean=0.0009, pull=0.1, settle=2.0, fade=SOUND_FADE, near=0.012, scarce=0.01
)
"""For ears: a lean of 0.0009 is 1.6 cents, and with 200 ppm of a crystal still under 2: less than ears tell apart."""

HURRY = 0.005
"""As much as the pace of a recording leans to its own loudspeaker: 8.6 cents, where a machine stood still."""

TAPS = 16
"""Samples that each new one is made of, half of them still to come."""
_PHASES = 512
_BETA = 8.0
_AHEAD = TAPS // 2 + 1
_PIECE = 256
_MEMORY = 1.0


def _table() -> F32:
    """A sinc under Kaiser's window for each of _PHASES + 1 places between two samples, (_PHASES + 1, TAPS)."""
    place = np.arange(_PHASES + 1)[:, None] / _PHASES
    away = np.arange(TAPS) - (TAPS // 2 - 1) - place
    window = np.i0(_BETA * np.sqrt(np.clip(1 - (2 * away / TAPS) ** 2, 0, 1)))
    rows = np.sinc(away) * window
    table: F32 = (rows / rows.sum(axis=1, keepdims=True)).astype(np.float32)
    return table


class Cushion:
    """`channels` at `rate` samples a second. `dry` counts how often it ran dry, `skipped` how often it was too full.

    `quiet` silences it within RAMP, and lets nothing through until it is taken back; `hush` does so once, and what is
    in it then is never played. While it is `dimmed` it plays on unheard, faded within the manner's `fade`. [any thread]
    """

    def __init__(self, channels: int, rate: int, manner: Manner = TOUCH) -> None:
        self.rate = rate
        self.manner = manner
        self.quiet = False
        self.hush = False
        self.dimmed = False
        self.dry = 0
        self.skipped = 0
        self.wanted = manner.wanted
        self._most, self._slack = manner.most, manner.slack
        self._size = int(_MEMORY * rate)
        # Its first samples stand behind its last ones again: what is read at once lies in one piece.
        self._memory: F32 = np.zeros((self._size + TAPS, channels), np.float32)
        self._written = 0
        self._at = 0.0
        self._playing = False
        self._error = 0.0
        self._enough = 0
        self._gain, self._rise = 0.0, 0.0
        self._ramp = max(1, int(RAMP * rate))
        self._fade = (0.5 + 0.5 * np.cos(np.pi * (np.arange(self._ramp) + 1) / (self._ramp + 1)))[:, None]
        self._across = (1.0 - (np.arange(self._ramp) + 1) / self._ramp)[:, None]
        """What falls while something rises in as long: together never louder than either."""
        self._hand, self._hand_step = 1.0, 1.0 / (manner.fade * rate)
        self._past: F32 = np.zeros((self._ramp, channels), np.float32)
        self._tail: F32 = np.zeros((self._ramp, channels), np.float32)
        self._left = 0
        # Found once, for the audio thread.
        self._rows = _table()
        self._slopes: F32 = np.diff(self._rows, axis=0)
        self._taps = np.arange(TAPS)
        self._count = np.arange(_PIECE, dtype=float)
        self._where = np.zeros((_PIECE, TAPS), np.intp)
        self._weights: F32 = np.zeros((_PIECE, TAPS), np.float32)
        self._between: F32 = np.zeros((_PIECE, TAPS), np.float32)
        self._window: F32 = np.zeros((_PIECE, TAPS, channels), np.float32)

    def fit(self, latency: float) -> None:
        """Be short enough for a device that plays `latency` seconds late. [any thread]

        So that all that waits is played within the manner's `life`: what is here, what the device has, and what it
        takes at once (half of its latency, if it has two buffers).
        """
        if self.manner.life is None:
            return
        room = max(0.0, self.manner.life - RAMP - 1.5 * latency)
        self._most, self._slack = min(self.manner.most, 0.5 * room), min(self.manner.slack, 0.5 * room)
        self.wanted = min(self.wanted, self._most)

    def write(self, samples: F32) -> None:
        """Put (n, channels) behind what is there; of more than it holds only the newest. [engine thread]"""
        samples = samples[-self._size // 2 :]
        at = self._written % self._size
        first = min(len(samples), self._size - at)
        self._memory[at : at + first] = samples[:first]
        self._memory[: len(samples) - first] = samples[first:]
        self._memory[self._size :] = self._memory[:TAPS]
        self._written += len(samples)

    @property
    def waiting(self) -> float:
        """Seconds of samples in it. [any thread]"""
        return max(0.0, self._written - self._at) / self.rate

    def read(self, out: F32) -> None:
        """Fill `out` (n, channels). [audio thread]"""
        written, count = self._written, len(out)
        want = self.wanted * self.rate + count
        quiet, self.hush = self.quiet or self.hush, False
        if quiet:
            self._at = float(written)
            if self._playing:
                self._playing = False
                self._fall()
        elif not self._playing and written - self._at >= want:
            self._at = written - want
            self._playing, self._error = True, 0.0
            self._gain, self._rise = 0.0, 1.0 / (4 * self._ramp)
        there = self._play(out, written, want) if self._playing else 0
        if there < count:
            out[there:] = 0.0
            self._leave(out[there:])
        if self.dimmed or self._hand < 1.0:
            self._dim(out)

    def _dim(self, out: F32) -> None:
        """What a blackout leaves of (n, channels), in place."""
        step = -self._hand_step if self.dimmed else self._hand_step
        if self.dimmed and self._hand == 0.0:
            out[:] = 0.0
        elif len(out):
            gain = np.clip(self._hand + step * np.arange(1, len(out) + 1), 0.0, 1.0)
            out *= gain[:, None].astype(np.float32)
            self._hand = float(gain[-1])

    def _play(self, out: F32, written: int, want: float) -> int:
        """Play what is there, and how many samples that were."""
        count, fill = len(out), written - self._at
        if fill - want > self._slack * self.rate:
            self.skipped += 1
            self._at, fill, self._error = written - want, want, 0.0
            self._gain, self._rise = 0.0, 1.0 / self._ramp
            self._fall(self._across)
        manner = self.manner
        pace = count / (manner.settle * self.rate)
        self._error += min(1.0, pace) * ((fill - want) / self.rate - self._error)
        much = abs(self._error)
        lean = min(manner.lean, manner.pull * much) + min(HURRY, max(0.0, much - manner.near))
        ratio = 1.0 + (lean if self._error > 0 else -lean)
        there = min(count, max(0, int((fill - _AHEAD) / ratio)))
        for at in range(0, there, _PIECE):
            self._between_samples(out[at : min(at + _PIECE, there)], ratio)
        if self._gain < 1.0 and there:
            steps = np.minimum(1.0, self._gain + self._rise * np.arange(1, there + 1))
            out[:there] *= steps[:, None].astype(np.float32)
            self._gain = float(steps[-1])
        self._leave(out[:there])
        self._enough += count
        if there < count:
            self.dry += 1
            self.wanted = min(self._most, self.wanted + manner.grows)
            self._playing = False
            self._fall()
        elif fill - there < manner.scarce * self.rate and self._enough > manner.settle * self.rate:
            self.wanted, self._enough = min(self._most, self.wanted + 0.2 * manner.grows), 0
        return there

    def _between_samples(self, out: F32, ratio: float) -> None:
        """Fill `out` (at most _PIECE, channels) from where it is on."""
        count = len(out)
        places = self._count[:count] * ratio + self._at
        whole = places.astype(np.intp)
        places -= whole
        places *= _PHASES
        row = places.astype(np.intp)
        places -= row
        whole -= TAPS // 2 - 1
        whole %= self._size
        where, weights = self._where[:count], self._weights[:count]
        between, window = self._between[:count], self._window[:count]
        np.add(whole[:, None], self._taps, out=where)
        self._memory.take(where, axis=0, out=window, mode="clip")
        self._rows.take(row, axis=0, out=weights, mode="clip")
        self._slopes.take(row, axis=0, out=between, mode="clip")
        between *= places[:, None]
        weights += between
        np.einsum("nkc,nk->nc", window, weights, out=out)
        self._at += ratio * count

    def _fall(self, fade: F64 | None = None) -> None:
        """From here on what was heard last runs backwards and fades, whatever else is played."""
        fade = self._fade if fade is None else fade
        np.multiply(self._past[::-1], fade, out=self._tail, casting="same_kind")
        self._left = self._ramp

    def _leave(self, out: F32) -> None:
        """The last hand on what leaves: what still falls is added, and it is remembered."""
        count = len(out)
        falls = min(count, self._left)
        if falls:
            at = self._ramp - self._left
            out[:falls] += self._tail[at : at + falls]
            self._left -= falls
        np.clip(out, -1.0, 1.0, out=out)
        if count >= self._ramp:
            self._past[:] = out[count - self._ramp :]
        elif count:
            self._past[:-count] = self._past[count:]
            self._past[-count:] = out
