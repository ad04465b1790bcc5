"""What one speaker gets of what a garment plays: both sides, or their mean within what a small speaker can do."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from wearsound.core import F32, F64, Clock, Event, Parameter
from wearsound.outputs.delay import DelaySetting
from wearsound.outputs.speakers.late import Late
from wearsound.sound import CEILING
from wearsound.true_peak.limiter import Limiter

ORDER = 6
"""Of each edge of a band, Butterworth: half its power at the edge, 36 dB less an octave away. A small speaker has
hardly any sound below its resonance, and moves furthest there: each octave down asks four times the excursion."""
_HIGHEST = 0.45
"""Of the sample rate: an upper edge above it is none."""


class Feed:
    """One speaker: `channels` of its device from 0, `mono` or both sides, within `band` in Hz, at `level` 0..1.

    Two sides go to two channels in turn. A wave that is held at CEILING rings over in a filter, by up to 14 dB: a
    limiter behind it holds CEILING again, between samples too, and makes what has a band 2.8 ms later.
    """

    def __init__(
        self,
        name: str,
        channels: Sequence[int],
        *,
        mono: bool = False,
        band: tuple[float, float] | None = None,
        level: float = 1.0,
        delay: float = 0.0,
    ) -> None:
        self.name = name
        self.channels = list(channels)
        self._mono = mono
        self._band = band
        self._level = np.float32(level)
        self._delay = DelaySetting(delay, f"/wear/delay/{name}", f"sound to {name}")
        self._sides = 1 if mono else 2
        self._late = Late(self._sides, self._delay)
        self._sections: F64 | None = None

    def open(self, clock: Clock) -> None:
        """Find its filter; nothing waits."""
        self._late.open(clock)
        self._sections = None
        if self._band is None:
            return
        from scipy.signal import butter, sosfilt

        low, high = self._band
        made = [butter(ORDER, low, "highpass", fs=clock.sample_rate, output="sos")]
        if high < _HIGHEST * clock.sample_rate:
            made.append(butter(ORDER, high, "lowpass", fs=clock.sample_rate, output="sos"))
        self._filter = sosfilt
        self._limiter, self._hop = Limiter(CEILING, clock), clock.hop
        self._sections = np.concatenate(made)
        self._state: F64 = np.zeros((len(self._sections), 2, self._sides))

    def play(self, played: F32) -> F32:
        """Of (n, 2) what is due at this speaker, (n, channels). [engine thread]"""
        sound: F32 = played.mean(axis=1, keepdims=True) if self._mono else played
        if not np.isfinite(sound).all():
            sound = np.nan_to_num(sound, nan=0.0, posinf=0.0, neginf=0.0)
        if self._sections is not None:
            filtered, self._state = self._filter(self._sections, sound, axis=0, zi=self._state)
            sound = self._limited(filtered)
        sound = self._late.play(np.clip(sound * self._level, -CEILING, CEILING))
        return np.repeat(sound, len(self.channels), axis=1) if self._mono else sound

    def _limited(self, filtered: F64) -> F32:
        """Of (n, sides) what may leave, hop by hop."""
        out = np.empty((2, len(filtered)))
        for at in range(0, len(filtered), self._hop):
            hop = slice(at, at + self._hop)
            self._limiter.limit(np.broadcast_to(filtered[hop].T, (2, self._hop)), out[:, hop])
        return out[: self._sides].T.astype(np.float32)

    def take(self, event: Event) -> None:
        """Its delay and the performer's hand; it only sets flags. [any thread]"""
        self._late.take(event)

    def parameters(self) -> list[Parameter]:
        """Its delay. [any thread]"""
        return self._delay.parameters()
