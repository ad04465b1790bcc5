"""The sound of a contact microphone, cleaned of DC, rumble and mains hum, as levels of six bands a hop.

Bands, in Hz: `slow` 8 - 35 (a hand on the cloth, a cable that swings), `low` 40 - 330 (the thump of a foot) and its
bottom `thump` 40 - 90, `mid` 400 - 2000 (a finger on the disc), `high` 1200 - 8000 (cloth on cloth), and its top `air`
4000 - 14000: what a nail and a fast hand have and a foot has not.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from wearsound.analysis.gain import GRID
from wearsound.analysis.movement.moment import AIR, HIGH, LOW, MID, SLOW, THUMP
from wearsound.cascade import Cascade, steady
from wearsound.core import F64, MAX_HOPS, Clock

MAINS = (50.0, 100.0, 150.0, 200.0, 250.0, 60.0, 120.0, 180.0, 240.0)
"""Hz taken out of the low band: both mains of the world and what lies above them, always: nobody has to choose."""
NOTCH = 4.0
"""Hz that a notch is wide at -3 dB: mains that wander by 0.2 Hz still lose 20 dB. What a step loses is 1 dB."""
LEFT = 0.02
"""What a notch leaves of its middle: without it, a hum that wanders across would seem to stop and begin again."""
QUIETEST = -110.0
"""dB; a full-scale sine reads 0."""
SLICES = 8
"""Of a hop: 0.7 ms each, so that a rise is seen."""


class Contact:
    """Band levels in dB on the decision grid. After `take`, valid until the next: `levels` (n_hops, 8).

    Columns: slow, low, mid, high of the hop, the loudest slice of mid and of high, thump, air. State is that of the
    filters alone: Butterworth band-passes of the second order, low and slow at an eighth of the rate.
    """

    def __init__(self, clock: Clock) -> None:
        from scipy.signal import butter, iirnotch  # slow to import

        rate, low_rate = float(clock.sample_rate), clock.sample_rate / 8.0
        pairs = [iirnotch(hertz, hertz / NOTCH, low_rate) for hertz in MAINS]
        notches = [np.concatenate((top + LEFT * (below - top), below)) for top, below in pairs]
        low = butter(2, (40.0, 330.0), "bandpass", fs=low_rate, output="sos")
        self._slow = Cascade(steady(butter(1, (8.0, 35.0), "bandpass", fs=low_rate, output="sos")))
        self._low = Cascade(steady(np.concatenate([low, np.array(notches)])))
        self._thump = Cascade(steady(butter(2, 90.0, "lowpass", fs=low_rate, output="sos")))
        self._mid = Cascade(steady(butter(2, (400.0, 2000.0), "bandpass", fs=rate, output="sos")))
        self._high = Cascade(steady(butter(2, (1200.0, 8000.0), "bandpass", fs=rate, output="sos")))
        self._air = Cascade(steady(butter(1, (4000.0, 14_000.0), "bandpass", fs=rate, output="sos")))
        self._hop = clock.hop
        self._powers: F64 = np.zeros((MAX_HOPS, 8))
        self.reset()

    def reset(self) -> None:
        """Nothing heard."""
        for filters in (self._slow, self._low, self._thump, self._mid, self._high, self._air):
            filters.reset()

    def take(self, spectra: Any) -> None:
        """Hear a block of a lane (`analysis.spectrum.LaneSpectra`). Before a gap there was silence. [engine thread]"""
        if spectra.gap:
            self.reset()
        n = spectra.n_hops
        powers = self._powers[:n]
        low = spectra.low.astype(np.float64)
        slow = low.copy()
        self._slow.run(slow[None])
        self._low.run(low[None])
        for column, wave in ((SLOW, slow), (LOW, low)):
            self._mean(wave, n, powers[:, column])
        self._thump.run(low[None])
        self._mean(low, n, powers[:, THUMP])
        mono = spectra.mono.astype(np.float64)
        for column, filters, wave in ((MID, self._mid, mono.copy()), (HIGH, self._high, mono.copy())):
            filters.run(wave[None])
            wave *= wave
            slices = np.add.reduce(wave.reshape(n, SLICES, -1), axis=2)
            np.add.reduce(slices, axis=1, out=powers[:, column])
            powers[:, column] *= 1.0 / self._hop
            np.maximum.reduce(slices, axis=1, out=powers[:, column + 2])
            powers[:, column + 2] *= SLICES / self._hop
        self._air.run(mono[None])
        mono *= mono
        np.add.reduce(mono.reshape(n, -1), axis=1, out=powers[:, AIR])
        powers[:, AIR] *= 1.0 / self._hop
        np.maximum(powers, 0.5e-11, out=powers)
        levels = np.log10(2.0 * powers)
        levels *= 10.0 * GRID
        np.rint(levels, out=levels)
        levels /= GRID
        self.levels = levels

    def _mean(self, wave: F64, n: int, out: F64) -> None:
        """Mean square of each hop of a wave at an eighth of the rate; the wave itself stays."""
        np.add.reduce((wave * wave).reshape(n, -1), axis=1, out=out)
        out *= 8.0 / self._hop
