"""Dice that are looked up: one number for each hop, the same at any moment and in any grouping."""

from __future__ import annotations

from wearsound import chance

AT_ONCE = 256
"""Hops whose numbers are made together: hashing a name costs more than the numbers."""


class Dice:
    """Numbers in [0, 1) of (seed, name); element `tick` is `chance.uniform(seed, name, tick)`. [engine thread]"""

    def __init__(self, seed: int, name: str) -> None:
        self._seed, self._name = seed, name
        self._page: int | None = None
        self._numbers: list[float] = []

    def at(self, tick: int) -> float:
        """The number of this hop."""
        page, place = divmod(tick, AT_ONCE)
        if page != self._page:
            self._page = page
            self._numbers = chance.uniforms(self._seed, self._name, AT_ONCE, page * AT_ONCE).tolist()
        return self._numbers[place]
