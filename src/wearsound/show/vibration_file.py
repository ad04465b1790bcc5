"""vibration.wav of a render, hop by hop: what each actuator of its garment was driven with."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from wearsound.core import F32, F64, Clock
from wearsound.errors import MissingError, PatchError
from wearsound.felt import Drive
from wearsound.garment.document import Garment, load_garment
from wearsound.garment.motor_kinds import motion
from wearsound.outputs.record.folder import SHOW
from wearsound.outputs.record.show_file import locate, read_show
from wearsound.show.lra_levels import LraLevels
from wearsound.show.vibration_targets import DIRECT

if TYPE_CHECKING:
    from soundfile import SoundFile

VIBRATION = "vibration.wav"


class VibrationFile:
    """The vibration.wav of a folder and the garment that its show.toml names. MissingError or PatchError if it is none.

    The file keeps waves only, so levels are read off them: of a motor that is driven by a direct voltage its end, of
    an LRA the sine that it is (`LraLevels`), both with sign, so that a brake brakes; of all others, whose level has
    none, the highest of two hops, which hold half a wave of 47 Hz and more.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / VIBRATION
        if not self.path.is_file():
            raise MissingError(
                f"{folder} holds no {VIBRATION}: render a patch that vibrates, with this version"
            )
        self.garment: Garment = load_garment(locate("garment", read_show(folder / SHOW).garment, folder))
        kinds = [actuator.kind for actuator in self.garment.actuators]
        self._direct = np.array([kind in DIRECT for kind in kinds], bool)
        self._lras = np.flatnonzero([kind == "lra" for kind in kinds])
        self._file: SoundFile = self._opened()
        self.sample_rate = int(self._file.samplerate)
        self._next = -1
        self._before: F64 = np.zeros(len(self._direct))
        has = [motion(self.garment.actuators[i]) for i in self._lras]
        clock = Clock(self.sample_rate)
        self._ringing = LraLevels(np.array([each.hz for each in has]), clock)

    def drive(self, hop: int, n_hops: int, clock: Clock) -> Drive:
        """What was played in hops `hop` to `hop + n_hops`; beyond the end of the file all is still."""
        n, count = len(self._direct), n_hops * clock.hop
        wave: F32 = np.zeros((count, n), np.float32)
        start = hop * clock.hop
        if start < self._file.frames:
            if hop != self._next:
                self._file.seek(start)
            got: Any = self._file.read(count, dtype="float32", always_2d=True)
            wave[: len(got)] = got
        if hop != self._next:
            self._before = np.zeros(n)
        self._next = hop + n_hops
        peaks = np.abs(wave).reshape(n_hops, clock.hop, n).max(axis=1).astype(float)
        level = np.maximum(peaks, np.concatenate([self._before[None], peaks[:-1]]))
        self._before = peaks[-1]
        ends = wave[clock.hop - 1 :: clock.hop].astype(float)
        level = np.where(self._direct, ends, level)
        if len(self._lras):
            level[:, self._lras] = self._ringing.read(hop, wave[:, self._lras])
        return Drive(wave, level, np.zeros((n_hops, n)))

    def close(self) -> None:
        """Let go of the file; twice is fine."""
        self._file.close()

    def _opened(self) -> SoundFile:
        import soundfile

        try:
            file = soundfile.SoundFile(str(self.path))
        except (soundfile.LibsndfileError, OSError) as error:
            raise PatchError(
                f"{self.path}: no vibration of a render ({error}); render the show again"
            ) from error
        if file.channels != len(self._direct):
            has = file.channels
            file.close()
            raise PatchError(
                f"{self.path} has {has} channels, but {self.garment.path} has {len(self._direct)} actuators now; "
                "render the show again"
            )
        return file
