"""vibration.wav of a render to a rig's vibration targets, by the clock: guarded as live, for a file proves nothing."""

from __future__ import annotations

from contextlib import ExitStack

import numpy as np

from wearsound import faults
from wearsound.core import MAX_HOPS, Clock
from wearsound.errors import DeviceError
from wearsound.felt import Drive
from wearsound.mender import Mender, code_of
from wearsound.safety.vibration import VibrationGuard
from wearsound.show.rig import Rig
from wearsound.show.vibration_file import VibrationFile
from wearsound.show.vibration_targets import VibrationDriver, driver_of


class PlayedVibration:
    """Plays `file` to the targets of `rig`; PatchError for a name that the file's garment lacks. [main thread]

    Hops of the playback count from 0; `first` is the file's hop there, and after `hops` of the file it begins again
    at `first`.
    """

    def __init__(self, file: VibrationFile, rig: Rig, clock: Clock, first: int, hops: int) -> None:
        self.drivers: list[VibrationDriver] = [
            driver_of(rig, number, file.garment) for number in range(len(rig.vibration))
        ]
        self.delay = max(target.delay for target in rig.vibration)
        self.garment, self.path = file.garment, file.path
        self._file = file
        self._clock = clock
        self._first, self._round = first, hops - first
        self._guard = VibrationGuard(file.garment, clock)
        self._playing: list[VibrationDriver] = []
        self._mender = Mender(clock)
        self._next = 0

    def open(self, stack: ExitStack) -> None:
        """Take every target's device or socket; DeviceError if one cannot. `stack` closes them still."""
        stack.callback(self._file.close)
        stack.callback(self._mender.end)
        for driver in self.drivers:
            find = getattr(driver, "find", None)
            if find is not None:
                find()
        for driver in self.drivers:
            stack.callback(driver.close)
            driver.open(self._clock)
            self._playing.append(driver)

    def play(self, tick: int, n_hops: int, dark: bool) -> None:
        """Send the hops from `tick` on; `dark`: a hand keeps everything still."""
        while n_hops:
            at = tick % self._round
            part = min(n_hops, self._round - at)
            self._send(tick, self._file.drive(self._first + at, part, self._clock), dark)
            tick, n_hops = tick + part, n_hops - part

    def rest(self, seconds: float) -> None:
        """Stillness up to `seconds` since the start, so that what a delay holds back still leaves."""
        n = len(self._file.garment.actuators)
        missing = round(seconds * self._clock.sample_rate / self._clock.hop) - self._next
        while missing > 0:
            hops = min(missing, MAX_HOPS)
            wave = np.zeros((hops * self._clock.hop, n), np.float32)
            self._send(self._next, Drive(wave, np.zeros((hops, n)), np.zeros((hops, n))), False)
            missing -= hops

    @property
    def sent(self) -> int:
        """Frames that left to microcontrollers."""
        return sum(getattr(driver, "sent", 0) for driver in self.drivers)

    @property
    def lost(self) -> int:
        """Datagrams that could not be sent."""
        return sum(getattr(driver, "lost", 0) for driver in self.drivers)

    def _send(self, tick: int, drive: Drive, dark: bool) -> None:
        n_hops = len(drive.level)
        self._next = tick + n_hops
        self._guard.limit(tick, drive, np.full(n_hops, 0.0 if dark else 1.0))
        while self._mender.mended:
            back, _ = self._mender.mended.popleft()
            faults.end(code_of(back), back.name, f"{back.name} is back")
            self._playing.append(back)
        for driver in tuple(self._playing):
            try:
                driver.drive(tick, 0, drive)
            except DeviceError as error:
                self._playing.remove(driver)
                wait = self._mender.take(driver, self._playing)
                sentence = f"{driver.name} stopped: {error}; it is tried again in {wait:.0f} s"
                faults.begin(code_of(driver), driver.name, sentence)
