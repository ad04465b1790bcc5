"""vibration.wav: what actuators were driven with, PCM 24, a channel each in the garment's order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from wearsound.core import F64, MAX_HOPS, Clock
from wearsound.felt import Drive
from wearsound.garment.motor_kinds import motion
from wearsound.garment.structure import Actuator
from wearsound.outputs.record.content import ContentHash, layer_digest
from wearsound.outputs.record.duty import I64, DutyMeter
from wearsound.outputs.record.sound import FULL_SCALE, I32, pcm
from wearsound.outputs.record.wav import WavFile


def reach(wave: I32, hop: int) -> I32:
    """How far each actuator is driven in each hop, either way: (hops, n) of a wave (hops * hop, n)."""
    found: I32 = np.abs(wave).reshape(len(wave) // hop, hop, -1).max(axis=1)
    return found


def full_ma(actuators: Sequence[Actuator]) -> F64:
    """What each draws where it is driven as far as ever, mA."""
    return np.array([each.ma / each.full for each in map(motion, actuators)])


class VibrationLayer:
    """A felt.Driver that keeps every wave after safety, and counts what each actuator did.

    Lost hops become stillness, so that it stays in time with sound and picture.
    `safety` says in the end what the guard knows (`VibrationGuard.facts`: `dose`, and by name what was `taken`). The
    hash is over the waves and over the levels and pitches that other drivers are told.
    """

    name = "vibration"
    mends = False
    """Half of it would lie: what breaks stays out."""

    def __init__(
        self,
        path: Path,
        actuators: Sequence[Actuator],
        safety: Callable[[], dict[str, Any]] | None = None,
    ) -> None:
        self._path, self._safety = path, safety
        self._names = [actuator.name for actuator in actuators]
        self._ma = full_ma(actuators)
        n = len(self._names)
        self._file: WavFile | None = None
        self._clock = Clock()
        self._wave = ContentHash("wave", "<i4", (n,))
        self._told = ContentHash("told", "<i4", (n, 2))
        self._peak: I64 = np.zeros(n, np.int64)
        self._worked: I64 = np.zeros(n, np.int64)
        self._duty: DutyMeter | None = None
        self._most_ma = 0.0

    def open(self, clock: Clock) -> None:
        """Take the file; an OSError if it cannot."""
        self._clock = clock
        self._duty = DutyMeter(len(self._names), clock)
        self._file = WavFile(self._path, clock.sample_rate, len(self._names))

    def drive(self, tick: int, gap: int, drive: Drive) -> None:
        """Keep the vibration of one block. [engine thread]"""
        hop, n = self._clock.hop, len(self._names)
        for lost in range(0, gap, MAX_HOPS):  # a take may have lost hours: never all at once
            hops = min(MAX_HOPS, gap - lost)
            self._keep(np.zeros((hops * hop, n), np.int32), np.zeros((hops, n, 2), np.int32))
        told = np.stack([drive.level * FULL_SCALE, drive.hz * 1000.0], axis=-1)
        self._keep(pcm(drive.wave), np.rint(told).astype(np.int32))

    def close(self) -> None:
        """Finish the file, always; twice is fine."""
        if self._file is not None:
            self._file.close()
            self._file = None

    @property
    def digest(self) -> str:
        """Content hash over PCM as int32 (n, n_actuators), and levels and mHz as int32 (hops, n_actuators, 2)."""
        return layer_digest([self._wave.hexdigest(), self._told.hexdigest()])

    @property
    def ma(self) -> tuple[float, float]:
        """What all actuators drew on average, and at most in any hop, mA."""
        hops = max(1, self._told.rows)
        mean = sum(ma * int(worked) for ma, worked in zip(self._ma, self._worked, strict=True))
        return float(mean / (FULL_SCALE * hops)), self._most_ma

    @property
    def hops(self) -> int:
        """How many were kept."""
        return self._told.rows

    def facts(self) -> dict[str, Any]:
        """Table `vibration`: `actuators` by name (peak, duty_10s, duty_10min, taken), `dose`, `mean_ma`, `peak_ma`."""
        said = self._safety() if self._safety is not None else {}
        duty = self._duty.worst(FULL_SCALE) if self._duty is not None else {}
        actuators: dict[str, dict[str, float]] = {}
        for i, name in enumerate(self._names):
            actuators[name] = {"peak": round(int(self._peak[i]) / FULL_SCALE, 4)}
            actuators[name] |= {f"duty_{window}": worst[i] for window, worst in duty.items()}
            if "taken" in said:
                actuators[name]["taken"] = said["taken"][name]
        mean, most = self.ma
        table: dict[str, Any] = {
            "actuators": actuators,
            "mean_ma": round(mean, 1),
            "peak_ma": round(most, 1),
        }
        if "dose" in said:
            table["dose"] = said["dose"]
        return {"counts": {"felt": self._wave.rows}, "vibration": table}

    def _keep(self, wave: I32, told: I32) -> None:
        assert self._file is not None
        assert self._duty is not None
        self._file.write(wave)
        self._wave.add(wave)
        self._told.add(told)
        worked = np.maximum(reach(wave, self._clock.hop), np.abs(told[:, :, 0])).astype(np.int64)
        self._duty.add(worked)
        np.maximum(self._peak, worked.max(axis=0), out=self._peak)
        self._worked += worked.sum(axis=0)
        drawn = (worked * self._ma).sum(axis=1).max() / FULL_SCALE
        self._most_ma = max(self._most_ma, float(drawn))
