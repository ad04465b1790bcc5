"""From how strongly bands sound to how strongly they are felt: a soft gate, and little difference made of much."""

from __future__ import annotations

import numpy as np

from wearsound.core import F64, Clock

LEAST = 0.12
"""Of what a band has in loud music: -18 dB, below which it is some other band's skirt, or a tail."""
SILENT = 1e-3
"""-60 dBFS: below is the room, or the input itself."""
OVER = 2.0
"""The gate begins to open 6 dB over the noise, and is open 6 dB further on."""
NOISIEST = 0.125
"""Of what a band has in loud music: noise is never taken to be more, so that a drone of minutes is still felt."""
NOISE_UP, NOISE_DOWN = 1.0, 60.0
"""dB a second at which what is taken for noise rises and falls."""
FIRST_NOISE = 1e-6


class Levels:
    """How strongly bands are felt, of `shares` (n_bands,) of the music. Louder is never less. [engine thread]

    The gate follows Google's audio-to-tactile (noise followed in dB, soft above it); the power law is the square
    root, so 20 dB of music are 7 to 10 dB on the skin, which tells three or four levels apart.
    """

    def __init__(self, shares: F64, clock: Clock) -> None:
        self._shares, self._hop = shares, clock.hop
        seconds = clock.hop / clock.sample_rate
        self._up = round(10.0 ** (NOISE_UP * seconds / 20.0), 12)
        self._down = round(10.0 ** (-NOISE_DOWN * seconds / 20.0), 12)
        self._rising = np.arange(1, clock.hop + 1) / clock.hop
        self.reset()

    def reset(self) -> None:
        """Nothing was heard."""
        self._noise = [FIRST_NOISE] * len(self._shares)
        self._opens: F64 = np.full(len(self._shares), SILENT)

    def of(self, amplitude: F64, reference: F64) -> F64:
        """Levels (n_bands, n) 0..1 of `amplitude` (n_bands, n), against the lane's `reference` (n_hops + 1,); exactly 0
        below the gate."""
        heard = amplitude.reshape(len(amplitude), -1, self._hop)
        usual = self._shares[:, None] * reference
        opens = self._gates(heard[:, :, -1], usual)
        gate, level = self._ramp(np.stack([opens, usual]))
        np.divide(heard, gate, out=gate)
        gate -= 1.0
        np.minimum(np.maximum(gate, 0.0, out=gate), 1.0, out=gate)
        gate *= gate * (3.0 - 2.0 * gate)
        level += heard
        np.divide(heard, level, out=level)
        np.sqrt(level, out=level)
        level *= gate
        felt: F64 = level.reshape(amplitude.shape)
        return felt

    def _gates(self, ends: F64, usual: F64) -> F64:
        """Where each gate begins to open, at the block's start and at the end of each hop, (n_bands, n_hops + 1)."""
        opens = np.empty(usual.shape)
        opens[:, 0] = self._opens
        for band, (heard, typical) in enumerate(zip(ends.tolist(), usual[:, 1:].tolist(), strict=True)):
            noise = self._noise[band]
            for i, (now, much) in enumerate(zip(heard, typical, strict=True)):
                noise = (
                    min(noise * self._up, now) if now > noise else max(noise * self._down, now, FIRST_NOISE)
                )
                noise = min(noise, NOISIEST * much)
                opens[band, i + 1] = max(OVER * noise, LEAST * much, SILENT)
            self._noise[band] = noise
        self._opens = opens[:, -1]
        return opens

    def _ramp(self, values: F64) -> F64:
        """(2, n_bands, n_hops, hop): from each value to the next over a hop."""
        ramp = (values[:, :, 1:] - values[:, :, :-1])[..., None] * self._rising
        ramp += values[:, :, :-1, None]
        return ramp
