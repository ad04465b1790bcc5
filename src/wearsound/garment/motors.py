"""What an actuator really does with its drive, kind by kind: what is felt."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np

from wearsound.core import F32, F64, Clock, Index
from wearsound.felt import Drive
from wearsound.garment.document import Garment
from wearsound.garment.motor_kinds import FOLLOWS, HIGHEST, Motion, motion
from wearsound.garment.motor_models import Resonators, Shakers, Spinners, Switches
from wearsound.garment.motor_skin import felt_at
from wearsound.garment.sites import sites

PIEZO_HIGHEST = 1000.0
"""Hz up to which a piezo shakes; what is put on it ends below (instruments.vibration)."""
UNFELT = 1e-4
"""Strength that is none."""


class _Model(Protocol):
    def reset(self) -> None: ...
    def inherit(self, old: Any, here: Index, there: Index) -> None: ...
    def step(self, was: F64, now: F64, hz: F64) -> tuple[F64, F64]: ...


class Motors:
    """Implements felt.Motors for one garment. [engine thread]

    Strength is how hard each shakes, of what it does at rated drive (`motor_kinds`), times how well skin feels that
    frequency (`motor_skin`): an exciter as hard at 60 Hz is felt half as strongly as at 250 Hz. How many g a full one
    is, its table says.
    """

    def __init__(self, garment: Garment, clock: Clock) -> None:
        self._of_zone = sites(garment).of_zone
        self._names = [actuator.name for actuator in garment.actuators]
        has = [motion(actuator) for actuator in garment.actuators]
        self._n = len(has)
        self._full = np.array([each.full for each in has])
        self._models = _models(has, clock.hop / clock.sample_rate)
        self.reset()

    def reset(self) -> None:
        """Still."""
        self._felt: F64 = np.zeros((1, self._n))
        self._hz: F64 = np.zeros((1, self._n))
        self._was: F64 = np.zeros(self._n)
        for _, model in self._models:
            model.reset()

    def inherit(self, old: object) -> None:
        """Actuators of the same name and kind move on as they did on another garment."""
        if not isinstance(old, Motors):
            return
        theirs = {name: place for place, name in enumerate(old._names)}
        for which, model in self._models:
            its_model = next((pair for pair in old._models if type(pair[1]) is type(model)), None)
            if its_model is None:
                continue
            place_of = {place: n for n, place in enumerate(its_model[0].tolist())}
            pairs = [
                (n, place_of[theirs[self._names[i]]])
                for n, i in enumerate(which.tolist())
                if theirs.get(self._names[i]) in place_of
            ]
            here, there = (np.array([pair[way] for pair in pairs], np.intp) for way in (0, 1))
            model.inherit(its_model[1], here, there)
            self._was[which[here]] = old._was[its_model[0][there]]

    def step(self, drive: Drive) -> None:
        """One block passes."""
        levels = np.nan_to_num(drive.level, nan=0.0, posinf=0.0, neginf=0.0) / self._full
        pitches = np.nan_to_num(drive.hz, nan=0.0, posinf=0.0, neginf=0.0)
        force, hz = np.zeros_like(levels), np.zeros_like(levels)
        for i, now in enumerate(levels):
            for which, model in self._models:
                force[i, which], hz[i, which] = model.step(self._was[which], now[which], pitches[i, which])
            self._was = now
        felt = np.minimum(force, 1.0) * felt_at(hz)
        self._felt = np.where(felt < UNFELT, 0.0, felt)
        self._hz = np.where(self._felt > 0, hz, 0.0)

    def touch(self, hop: int) -> F32:
        """How strongly each is felt (0..1) and at how many Hz, (n_actuators, 2), at a hop of the last block."""
        return np.stack([self._felt[hop], self._hz[hop]], axis=-1).astype(np.float32)

    def by_zone(self, hop: int) -> F32:
        """The strongest of each zone's actuators, (n_zones,), 0..1."""
        felt = self._felt[hop]
        return np.array([felt[of].max() if len(of) else 0.0 for of in self._of_zone], np.float32)


def _models(has: list[Motion], seconds: float) -> list[tuple[Index, _Model]]:
    """A model of each kind that is there, with the numbers of the actuators it stands for."""
    made: list[tuple[Index, _Model]] = []
    for kinds in (frozenset({"lra"}), frozenset({"erm"}), FOLLOWS, frozenset({"phone"})):
        which = np.array([i for i, each in enumerate(has) if each.kind in kinds], np.intp)
        if not len(which):
            continue
        hz, tau = (np.array([getattr(has[i], name) for i in which]) for name in ("hz", "tau"))
        model: _Model
        if "lra" in kinds:
            model = Resonators(hz, tau, seconds)
        elif "erm" in kinds:
            model = Spinners(hz, tau, seconds)
        elif "phone" in kinds:
            model = Switches(hz, tau, seconds)
        else:
            highest = [HIGHEST if has[i].kind == "voice-coil" else PIEZO_HIGHEST for i in which]
            model = Shakers(hz, tau, seconds, np.array(highest))
        made.append((which, model))
    return made
