"""The sliders of a dress: which one is chosen, where each stands along its rail, and what is said when one is turned.

What is shown is what the engine says; only what was just turned here is believed until the engine has answered, so
that quick steps add up.
"""

from __future__ import annotations

from collections.abc import Sequence

from wearsound.outputs.dress import Slider
from wearsound.outputs.shown import Say

BELIEVED = 0.4
"""Seconds for which a value that was said here is shown whatever the engine says."""

FINE, COARSE = 0.01, 0.10
"""Shares of a rail: a step, and one with Shift."""

SHORT = 3.0
"""Seconds lie along their rail by this root, because a hundredth matters at its low end."""


class Sliders:
    """Turns parameters by their own OSC addresses. [main thread]"""

    def __init__(self, sliders: Sequence[Slider], say: Say) -> None:
        self.sliders = tuple(sliders)
        self.chosen = 0
        self._say = say
        self._told: Sequence[float] = [slider.default for slider in self.sliders]
        self._said: dict[int, tuple[float, float]] = {}
        self.defaults = [share_of(slider, slider.default) for slider in self.sliders]

    def dressed(self, sliders: Sequence[Slider]) -> None:
        """Other sliders; the chosen one stays chosen where it is still there."""
        address = self.sliders[self.chosen].address if self.sliders else ""
        places = [i for i, slider in enumerate(sliders) if slider.address == address]
        chosen = places[0] if places else min(self.chosen, max(0, len(sliders) - 1))
        self.__init__(sliders, self._say)  # type: ignore[misc]
        self.chosen = chosen

    def tell(self, values: Sequence[float], now: float) -> None:
        """What the engine says they are."""
        if len(values) == len(self.sliders):
            self._told = values
        for i, (value, said) in list(self._said.items()):
            slider = self.sliders[i]
            near = abs(value - float(self._told[i])) <= 1e-6 * max(1.0, slider.high - slider.low)
            if near or now - said > BELIEVED:
                del self._said[i]

    def value(self, i: int) -> float:
        """What a slider is now."""
        said = self._said.get(i)
        return float(self._told[i]) if said is None else said[0]

    @property
    def values(self) -> list[float]:
        """What all of them are."""
        return [self.value(i) for i in range(len(self.sliders))]

    @property
    def shares(self) -> list[float]:
        """How far along their rails they are, 0..1."""
        return [share_of(slider, self.value(i)) for i, slider in enumerate(self.sliders)]

    def step(self, by: int) -> None:
        """Choose another, round and round."""
        if self.sliders:
            self.chosen = (self.chosen + by) % len(self.sliders)

    def turn(self, by: float, now: float) -> None:
        """Move the chosen one by a share of its rail; a whole number by at least one."""
        if not self.sliders:
            return
        slider, value = self.sliders[self.chosen], self.value(self.chosen)
        wanted = value_of(slider, share_of(slider, value) + by)
        if slider.whole and wanted == round(value):
            wanted = min(slider.high, max(slider.low, round(value) + (1 if by > 0 else -1)))
        self._put(self.chosen, wanted, now)

    def put(self, i: int, share: float, now: float) -> None:
        """Choose one and put it somewhere along its rail."""
        self.chosen = i
        self._put(i, value_of(self.sliders[i], share), now)

    def default(self, now: float) -> None:
        """The chosen one is what the patch says again."""
        if not self.sliders:
            return
        slider = self.sliders[self.chosen]
        if slider.release:
            self._said.pop(self.chosen, None)
            self._say(slider.release)
        else:
            self._put(self.chosen, slider.default, now, always=True)

    def _put(self, i: int, value: float, now: float, always: bool = False) -> None:
        if always or value != self.value(i):
            self._said[i] = (value, now)
            self._say(self.sliders[i].address, value)


def share_of(slider: Slider, value: float) -> float:
    """How far along its rail a value lies, 0..1."""
    wide = slider.high - slider.low
    share = min(1.0, max(0.0, (value - slider.low) / wide)) if wide > 0 else 0.0
    return float(share ** (1 / SHORT)) if slider.unit == "s" else share


def value_of(slider: Slider, share: float) -> float:
    """The value at a share of its rail, with as many digits as a hand can mean."""
    share = min(1.0, max(0.0, share))
    if slider.unit == "s":
        share = share**SHORT
    value = slider.low + (slider.high - slider.low) * share
    if slider.whole:
        return float(round(value))
    return min(slider.high, max(slider.low, float(f"{value:.4g}")))
