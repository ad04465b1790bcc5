"""Hears a howl begin: a narrow peak, in the microphone and in what is played, that rises steadily in both.

A loop grows by the same factor each time round, so in decibels both rise by a line. A note begins within two looks and
then stands; a drone wanders, but no microphone has it; a step, a rub or a tap is no narrow peak.
Figures marked [guess] were found with simulated loops, walks and drones, not on a stage.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence

import numpy as np

from wearsound.core import F32, F64, Clock

SIZE = 2048
LOWEST, HIGHEST = 120.0, 9000.0
"""Hz: below, steps themselves are as narrow as a howl is."""
SCALES = ((1, 5, 1.5), (4, 4, 1.5), (12, 3, 1.6))
"""Looks to a step, steps in a row, dB each at the least: a quick loop, a slower one, and 6 dB a second for .8 s."""
QUIET = -30.0
"""dB of a peak (a sine at full scale: 0): what is softer is no danger yet."""
NARROW = 10.0
"""How many times the mean of its neighbours a peak is, at the least [guess]."""
LOUD, AUDIBLE, ALL, AROUND, STANDS = -12.0, -24.0, 0.7, 0.12, 10
"""What is so loud (dB) in either, so loud where it is played, and this share of all power in both, within so much of
its pitch, for so many looks (.2 s): it howls already, perhaps at several pitches beside one another [guess]."""
_TRACKS, _MISSES = 4, 2


class _Track:
    """One peak from look to look: where it is, how loud in what is played and in the microphone."""

    __slots__ = ("bin", "heard", "misses", "played")

    def __init__(self, at: int) -> None:
        self.bin, self.misses = at, 0
        self.played: deque[float] = deque(maxlen=37)
        self.heard: deque[float] = deque(maxlen=37)

    def rises(self) -> bool:
        """Whether both rise steadily, at any of the scales."""
        return any(_climbs(self.played, *scale) and _climbs(self.heard, *scale) for scale in SCALES)


class Howl:
    """Watches one microphone. `power` is how strong each bin of what is played is. [engine thread]"""

    def __init__(self, clock: Clock) -> None:
        self._hz = clock.sample_rate / SIZE
        self._low, self._high = math.ceil(LOWEST / self._hz), int(HIGHEST / self._hz)
        self.reset()

    def reset(self) -> None:
        """Nothing was seen."""
        self._tracks: list[_Track] = []
        self._stands, self._stood = 0, 0

    def look(self, played: F32, heard: F32) -> float | None:
        """The Hz of what has begun to howl, or None; power spectra (SIZE // 2 + 1,), a sine at full scale 1 in all."""
        low = self._low
        both = played[low : self._high] * heard[low : self._high]
        found = low + int(both.argmax())
        for track in self._tracks:
            at = max(low, track.bin - 1)
            track.bin = at + int(both[at - low : track.bin + 2 - low].argmax())
        if not any(abs(track.bin - found) <= 2 for track in self._tracks) and len(self._tracks) < _TRACKS:
            self._tracks.append(_Track(found))
        for track in self._tracks:
            _follow(track, played, heard)
        self._tracks = [track for track in self._tracks if track.misses <= _MISSES]
        for track in self._tracks:
            if track.misses == 0 and track.played[-1] > QUIET and track.rises():
                return self._pitch(played, track.bin)
        return self._pitch(played, found) if self._goes_on(played, heard, found) else None

    def _goes_on(self, played: F32, heard: F32, at: int) -> bool:
        """Whether nearly all there is has been about here for long."""
        width = max(2, int(AROUND * at))
        some = slice(at - width, at + width + 1)
        loud, came = float(np.add.reduce(played[some])), float(np.add.reduce(heard[some]))
        stands = (
            _decibels(max(loud, came)) > LOUD
            and _decibels(loud) > AUDIBLE
            and loud > ALL * float(np.add.reduce(played))
            and came > ALL * float(np.add.reduce(heard))
        )
        near = abs(at - self._stood) <= width
        self._stands, self._stood = (self._stands + 1 if near else 1) if stands else 0, at
        return self._stands >= STANDS

    def _pitch(self, played: F32, at: int) -> float:
        """Between bins, by the middle of three."""
        a, b, c = (float(played[at + k]) for k in (-1, 0, 1))
        return round((at + (c - a) / (a + b + c)) * self._hz, 2)


def _follow(track: _Track, played: F32, heard: F32) -> None:
    (tone, around), (heard_tone, heard_around) = _tone(played, track.bin), _tone(heard, track.bin)
    narrow = tone > NARROW * around and heard_tone > NARROW * heard_around
    track.misses = 0 if narrow else track.misses + 1
    track.played.append(_decibels(tone))
    track.heard.append(_decibels(heard_tone))


def _tone(power: F32, at: int) -> tuple[float, float]:
    """Power of a peak (the five bins of a Hann window's lobe), and of as many bins of its neighbours."""
    around = float(np.add.reduce(power[max(0, at - 8) : at - 3])) + float(
        np.add.reduce(power[at + 4 : at + 9])
    )
    return float(np.add.reduce(power[at - 2 : at + 3])), 0.5 * around


def _climbs(levels: deque[float], looks: int, steps: int, least: float) -> bool:
    if len(levels) <= looks * steps:
        return False
    return all(levels[-1 - looks * k] - levels[-1 - looks * (k + 1)] >= least for k in range(steps))


def _decibels(power: float) -> float:
    return round(10.0 * math.log10(power), 2) if power > 1e-12 else -120.0


class Looks:
    """The last SIZE samples of what is played and of the microphones, and their power on every fourth hop."""

    EVERY = 4

    def __init__(self, n_microphones: int, clock: Clock) -> None:
        from scipy.fft import rfft  # only where something is played

        self._rfft = rfft
        self._hop = clock.hop
        self._samples: F64 = np.zeros((1 + n_microphones, SIZE))
        turn = np.arange(SIZE) * (2.0 * np.pi / SIZE)
        # Of a sine at full scale the five bins of the lobe add up to 1: 2 / (sum of the window's squares * SIZE) * 2.
        self._window: F64 = (0.5 - 0.5 * np.cos(turn)) * (4.0 / (SIZE * math.sqrt(1.5)))
        self.reset()

    def reset(self) -> None:
        """As after silence."""
        self._samples[:] = 0.0

    def inherit(self, old: Looks, rows: Sequence[tuple[int, int]]) -> None:
        """What was seen; `rows` are pairs of those that are one, ours and its."""
        for ours, its in rows:
            self._samples[ours] = old._samples[its]

    def take(self, rows: F64) -> None:
        """One hop (1 + n_microphones, hop) passes."""
        samples, hop = self._samples, self._hop
        samples[:, :-hop] = samples[:, hop:]
        samples[:, -hop:] = rows

    def power(self) -> F32:
        """Power spectra (1 + n_microphones, SIZE // 2 + 1); rounded to float32, so that decisions have a grid."""
        spectra = self._rfft(self._samples * self._window, axis=1)
        power: F32 = (spectra.real * spectra.real + spectra.imag * spectra.imag).astype(np.float32)
        return power
