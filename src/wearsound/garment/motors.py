"""What an actuator really does with its drive, kind by kind: what is felt."""

from __future__ import annotations

import numpy as np

from wearsound.core import F32, F64, Clock
from wearsound.felt import Drive
from wearsound.garment.document import Garment
from wearsound.garment.sites import sites


class Motors:
    """Implements felt.Motors for one garment. [engine thread]"""

    def __init__(self, garment: Garment, clock: Clock) -> None:
        self._of_zone = sites(garment).of_zone
        self._n = len(garment.actuators)
        self.reset()

    def reset(self) -> None:
        """Still."""
        self._felt: F64 = np.zeros((1, self._n))
        self._hz: F64 = np.zeros((1, self._n))

    def step(self, drive: Drive) -> None:
        """One block passes."""
        self._felt = np.abs(drive.level)
        self._hz = drive.hz.copy()

    def touch(self, hop: int) -> F32:
        """How strongly each is felt (0..1) and at how many Hz, (n_actuators, 2), at a hop of the last block."""
        felt = self._felt[hop]
        return np.stack([felt, np.where(felt > 0, self._hz[hop], 0.0)], axis=-1).astype(np.float32)

    def by_zone(self, hop: int) -> F32:
        """The strongest of each zone's actuators, (n_zones,), 0..1."""
        felt = self._felt[hop]
        return np.array([felt[of].max() if len(of) else 0.0 for of in self._of_zone], np.float32)
