"""Vibration: bands of the sound and the zone controls `buzz`, `buzz_hz` and `pattern` become what drives actuators."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from wearsound.core import F64, Block, Clock, Spec, index_of
from wearsound.felt import Drive, Feel
from wearsound.garment.document import Garment
from wearsound.garment.sites import sites


class Vibration:
    """Plays every actuator of a garment; `features` and `controls` are the specs of what is heard and played."""

    specs: tuple[Spec, ...] = ()

    def __init__(
        self, garment: Garment, feels: Sequence[Feel], features: Sequence[Spec], controls: Sequence[Spec]
    ) -> None:
        places, columns = sites(garment), index_of(controls)
        names = [garment.zone_names[zone] for zone in places.zone]
        self._buzz = np.array([columns[f"{name}.buzz"] for name in names], np.intp)
        self._hz = np.array([columns[f"{name}.buzz_hz"] for name in names], np.intp)
        self._clock = Clock()
        self.reset()

    def prepare(self, clock: Clock) -> None:
        """[main thread]"""
        self._clock = clock

    def reset(self) -> None:
        """Still. [engine thread]"""
        self._phase: F64 = np.zeros(len(self._buzz))
        self._level: F64 = np.zeros(len(self._buzz))

    def play(self, block: Block, features: F64, controls: F64, out: Drive) -> None:
        """Fill `out` for this block. [engine thread]"""
        hop, rate = self._clock.hop, self._clock.sample_rate
        steps = np.arange(1, hop + 1)[:, None]
        for i in range(block.n_hops):
            level, hz = controls[i, self._buzz], controls[i, self._hz]
            phase = self._phase + hz / rate * steps
            gain = self._level + (level - self._level) * (steps / hop)
            out.wave[i * hop : (i + 1) * hop] = np.sin(2 * np.pi * phase) * gain
            out.level[i], out.hz[i] = level, np.where(level > 0, hz, 0.0)
            self._phase, self._level = phase[-1] % 1.0, level
