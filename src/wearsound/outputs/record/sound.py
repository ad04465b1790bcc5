"""sound.wav: what the audience hears, PCM 24 stereo."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wearsound.core import MAX_HOPS, Clock
from wearsound.outputs.record.content import ContentHash, layer_digest
from wearsound.outputs.record.loudness import LoudnessMeter
from wearsound.outputs.record.true_peak import TruePeakMeter
from wearsound.outputs.record.wav import WavFile
from wearsound.sound import Sound

I32 = NDArray[np.int32]
FULL_SCALE = 1 << 23


class SoundTape:
    """Keeps what the audience hears as sound.wav; implements sound.Speaker. `heard` also gets each block's PCM.

    Lost hops become silence, so that the sound stays in time with the picture. `guard`: where a garment plays, the
    facts of the hand on sound (`safety.sound.SoundSafety.facts`); with them the true peak is measured, too.
    """

    name = "sound"
    mends = False
    """Half of it would lie: what breaks stays out."""

    def __init__(
        self,
        path: Path,
        heard: Callable[[I32], None] | None = None,
        guard: Callable[[], dict[str, Any]] | None = None,
    ) -> None:
        self._path = path
        self._heard = heard
        self._guard = guard
        self._true_peak = TruePeakMeter() if guard is not None else None
        self._file: WavFile | None = None
        self._hop = 256
        self._loudness: LoudnessMeter | None = None
        self._content = ContentHash("sound", "<i4", (2,))
        self._peak = 0
        self._energy = 0  # whole numbers: a float sum would depend on how hops were grouped

    def open(self, clock: Clock) -> None:
        """Take the file; an OSError if it cannot."""
        self._hop = clock.hop
        self._loudness = LoudnessMeter(clock.sample_rate)
        self._file = WavFile(self._path, clock.sample_rate, 2)

    def play(self, tick: int, gap: int, sound: Sound) -> None:
        """Keep the sound of one block. [engine thread]"""
        for lost in range(0, gap, MAX_HOPS):  # a take may have lost hours: never all at once
            self._keep(np.zeros((min(MAX_HOPS, gap - lost) * self._hop, 2), np.int32))
        self._keep(pcm(sound.heard))

    def close(self) -> None:
        """Finish the file, always; twice is fine."""
        if self._file is not None:
            self._file.close()
            self._file = None

    @property
    def digest(self) -> str:
        """Content hash over PCM as int32 (n, 2)."""
        return layer_digest([self._content.hexdigest()])

    def facts(self) -> dict[str, Any]:
        """Samples; peak and mean level in dB under full scale, loudness in LUFS (null: under its gate).

        Where a garment plays also the true peak in dBTP, and `guard`: what the limiter and the feedback guard took.
        """
        samples = self._content.rows
        mean = math.sqrt(self._energy / (2 * samples)) if samples else 0.0
        lufs = self._loudness.integrated() if self._loudness is not None else None
        table: dict[str, Any] = {"peak_db": _decibels(self._peak), "mean_db": _decibels(mean), "lufs": lufs}
        if self._guard is not None and self._true_peak is not None:
            table |= {"true_peak_db": self._true_peak.decibels(), "guard": self._guard()}
        return {"counts": {"samples": samples}, "sound": table}

    def _keep(self, samples: I32) -> None:
        assert self._file is not None
        self._file.write(samples)
        self._content.add(samples)
        if self._loudness is not None and len(samples):
            self._loudness.add(samples)
            if self._true_peak is not None:
                self._true_peak.add(samples)
            self._peak = max(self._peak, int(np.abs(samples).max()))
            self._energy += int(np.square(samples.astype(np.int64)).sum())
        if self._heard is not None:
            self._heard(samples)


def pcm(samples: NDArray[Any]) -> I32:
    """Full scale +-1 as 24-bit integers, rounded to even and held at full scale."""
    scaled = np.rint(samples.astype(np.float64) * FULL_SCALE)
    return np.clip(scaled, -FULL_SCALE, FULL_SCALE - 1).astype(np.int32)


def _decibels(value: float) -> float:
    return round(20 * math.log10(max(value / FULL_SCALE, 1e-9)), 2)
