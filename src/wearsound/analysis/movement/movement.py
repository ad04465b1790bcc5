"""The meter of a contact microphone in clothes: how a body moves that wears it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from wearsound.analysis.movement.contact import QUIETEST, Contact
from wearsound.analysis.movement.effort import Effort
from wearsound.analysis.movement.floor import LOW_STEADY, STEADY, Floor
from wearsound.analysis.movement.friction import EVERY, Friction
from wearsound.analysis.movement.gait import Gait
from wearsound.analysis.movement.moment import (
    FLOORED,
    HISTORY,
    LOW,
    LOW_CEILING,
    SLOW,
    SLOW_FLOOR,
    WIDTH,
)
from wearsound.analysis.movement.strikes import Strikes
from wearsound.core import F64, MAX_HOPS, Block, Clock, Spec

LEARNED = ("slow", "low", "mid", "high", "tick", "air")
"""What a calibration calls the floors of the bands: `floor_slow` and so on, dB; `rustle_mid`, `rustle_high` besides."""


class Movement:
    """Steps, taps, rubbing and effort of a lane of the kind `body`.

    What begins suddenly is judged 43 ms later; rubbing some 40 ms after it began. Levels are taken against a floor and
    a ceiling that follow the microphone in use, so that a soft disc and a hot one read alike; who has calibrated
    (`wearsound calibrate contact`) begins with both. Nothing is judged in the first 0.4 s, nor after a gap.
    """

    specs = (
        Spec("energy", "", 0.0, 1.0, 0.001, "how much the body moves, against the most that it did"),
        Spec("jerk", "", 0.0, 1.0, 0.001, "how suddenly it moves now"),
        Spec(
            "rub",
            "",
            0.0,
            1.0,
            0.001,
            "from 0.5 while a hand rubs the cloth, 1 as hard as it does; 0 for none",
        ),
        Spec("tap", "count", 0.0, 1e9, 1.0, "how many taps on the cloth; grows by one at each", growing=True),
        Spec("step", "count", 0.0, 1e9, 1.0, "how many steps; grows by one at each", growing=True),
        Spec("stillness", "", 0.0, 1.0, 0.001, "1 after a second or two without any movement, 0 in movement"),
        Spec("cadence", "1/min", 0.0, 240.0, 0.1, "steps a minute, 0 for none"),
        Spec("handling", "", 0.0, 1.0, 0.001, "how much the cloth is pushed about slowly: no step, no tap"),
    )
    latency = 0.05

    def __init__(self, learned: Mapping[str, float]) -> None:
        self._learned = learned

    def prepare(self, clock: Clock) -> None:
        """Find memory and tables. [main thread]"""
        learned = self._learned
        self._contact = Contact(clock)
        self._floors = [
            Floor(clock, learned.get(f"floor_{name}"), LOW_STEADY if band in (SLOW, LOW) else STEADY)
            for name, band in zip(LEARNED, FLOORED, strict=True)
        ]
        self._strikes = Strikes(clock)
        self._friction = Friction(clock, learned.get("rustle_mid"), learned.get("rustle_high"))
        self._gait = Gait(clock)
        self._effort = Effort(clock)
        self._rows: F64 = np.zeros((HISTORY + MAX_HOPS, WIDTH))
        self.reset()

    def reset(self) -> None:
        """State to its start. [engine thread]"""
        for floor in self._floors:
            floor.reset()
        self._contact.reset()
        self._strikes.reset()
        self._friction.reset()
        self._gait.reset()
        self._effort.reset()
        self._rows[:] = QUIETEST
        self._heard = 0
        self._steps = self._taps = 0

    def process(self, block: Block, spectra: Any, out: F64) -> None:
        """Write (n_hops, 8) values. [engine thread]"""
        if block.gap:
            self._heard = 0
            self._strikes.deafen()
            self._friction.deafen()
        contact, rows, floors = self._contact, self._rows, self._floors
        contact.take(spectra)
        rows[HISTORY : HISTORY + block.n_hops, : contact.levels.shape[1]] = contact.levels
        low, high, tick = floors[1], floors[3], floors[4]
        for hop, levels in enumerate(contact.levels.tolist()):
            for band, floor in zip(FLOORED, floors, strict=True):
                floor.hear(levels[band])
            at = HISTORY + hop
            rows[at, SLOW_FLOOR:LOW_CEILING] = [floor.floor for floor in floors]
            rows[at, LOW_CEILING:] = low.ceiling, high.ceiling, tick.ceiling
            self._heard += 1
            self._hear(rows[at + 1 - HISTORY : at + 1], (block.tick + hop) % EVERY == 0)
            effort = self._effort
            out[hop] = (
                effort.energy,
                effort.jerk,
                self._friction.rub,
                self._taps,
                self._steps,
                effort.stillness,
                min(240.0, self._gait.cadence),
                effort.handling,
            )
        rows[:HISTORY] = rows[block.n_hops : block.n_hops + HISTORY].copy()

    def _hear(self, past: F64, due: bool) -> None:
        whole = self._heard >= HISTORY
        strikes, friction = self._strikes, self._friction
        strikes.hear(past, whole)
        self._steps += strikes.stepped
        self._taps += strikes.tapped
        friction.hear(past, whole, strikes.stepped, due)
        self._gait.hear(strikes.stepped)
        busy = strikes.stepped or strikes.tapped or friction.rubs
        self._effort.hear(past[-1].tolist(), whole, busy)
