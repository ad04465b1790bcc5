"""How much somebody moves, how suddenly, and how still they are."""

from __future__ import annotations

from wearsound.analysis.movement.moment import (
    HIGH,
    HIGH_CEILING,
    HIGH_FLOOR,
    LOW,
    LOW_CEILING,
    LOW_FLOOR,
    MID_SLICE,
    SLICE_CEILING,
    SLICE_FLOOR,
    SLOW,
    SLOW_FLOOR,
)
from wearsound.core import Clock

OVER = 8.0
LOW_OVER = 13.0
"""dB over its floor from which a band counts as moving; noise in the low band wanders more in a hop."""
MOVES = 0.03
"""Energy from which somebody is not still."""
MOST_FALL = 0.25
"""dB a second that the loudest a band was is forgotten, while it moves: in a minute 15, in a rest nothing."""
HEADROOM = 25.0
RISE_SECONDS, FALL_SECONDS = 0.02, 0.3
JERK_SECONDS, JERK_FALL_SECONDS = 0.06, 0.1
STILL_SECONDS, STIR_SECONDS = 0.8, 0.06
HANDLED = 6.0
"""dB by which what is slow must be above the thump of feet to be a hand on the cloth."""
HANDLING_SECONDS = 0.1
FAINT = 5e-4


class Effort:
    """After `hear`: `energy`, `jerk`, `stillness`, `handling`, each 0..1."""

    def __init__(self, clock: Clock) -> None:
        self._fall = MOST_FALL * clock.hop / clock.sample_rate
        self._up, self._down = clock.coefficient(RISE_SECONDS), clock.coefficient(FALL_SECONDS)
        self._usual, self._calm = clock.coefficient(JERK_SECONDS), clock.coefficient(JERK_FALL_SECONDS)
        self._settle, self._stir = clock.coefficient(STILL_SECONDS), clock.coefficient(STIR_SECONDS)
        self._handle = clock.coefficient(HANDLING_SECONDS)
        self.reset()

    def reset(self) -> None:
        """Nothing moved yet."""
        self.energy = self.jerk = self.handling = self._before = 0.0
        self.stillness = 1.0
        self._most: list[float] = []

    def hear(self, now: list[float], whole: bool, busy: bool) -> None:
        """One hop, the newest row; `busy` where a step, a tap or rubbing is known of."""
        bands = (
            (LOW, LOW_FLOOR, LOW_CEILING, LOW_OVER),
            (MID_SLICE, SLICE_FLOOR, SLICE_CEILING, OVER),
            (HIGH, HIGH_FLOOR, HIGH_CEILING, OVER),
        )
        if not self._most:
            self._most = [now[floor] + over + HEADROOM for _, floor, _, over in bands]
        effort = 0.0
        for i, (band, floor, ceiling, least) in enumerate(bands):
            base = now[floor] + least
            over = now[band] - base
            if over > 0.0:
                self._most[i] = max(now[ceiling], self._most[i] - self._fall, base + HEADROOM)
                effort = max(effort, over / (self._most[i] - base))
        if not whole:
            effort = 0.0
        effort = min(1.0, effort)
        away = effort - self.energy
        self.energy = _faint(self.energy + (self._up if away > 0.0 else self._down) * away)
        moves = self.energy > MOVES or busy
        sudden = min(1.0, max(0.0, 2.0 * (self.energy - self._before)))
        self._before = _faint(self._before + self._usual * (self.energy - self._before))
        self.jerk = max(sudden, _faint(self.jerk * (1.0 - self._calm)))
        if moves:
            self.stillness = _faint(self.stillness * (1.0 - self._stir * (0.3 + effort)))
        else:
            self.stillness = 1.0 - _faint((1.0 - self.stillness) * (1.0 - self._settle))
        self._hold(now, whole)

    def _hold(self, now: list[float], whole: bool) -> None:
        """How much a hand moves the cloth: slow, without the knock of a foot."""
        over = min(now[SLOW] - now[SLOW_FLOOR] - OVER, now[SLOW] - now[LOW] - HANDLED)
        held = min(1.0, over / 20.0) if whole and over > 0.0 else 0.0
        self.handling = _faint(self.handling + self._handle * (held - self.handling))


def _faint(value: float) -> float:
    return value if value > FAINT else 0.0
