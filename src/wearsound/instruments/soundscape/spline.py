"""A slow line that never repeats: a cubic B-spline through knots that are looked up, a function of (seed, name, tick).

Plus, minus, times and divide only: the same bits on every machine, at any moment, in any grouping of hops.
"""

from __future__ import annotations

from wearsound import chance


class Spline:
    """Values about -1..1 (rms 0.37), a knot every `hops` hops. [engine thread]"""

    def __init__(self, seed: int, name: str, hops: int) -> None:
        self._seed, self._name, self._hops = seed, name, hops
        self._number: int | None = None
        self._cubic = (0.0, 0.0, 0.0, 0.0)

    def at(self, tick: int) -> float:
        """The value at the beginning of a hop."""
        return self.cubic(tick)[0]

    def cubic(self, tick: int) -> tuple[float, float, float, float]:
        """c0..c3 of this hop: c0 + u (c1 + u (c2 + u c3)), u 0..1 from its beginning to its end."""
        number, place = divmod(tick, self._hops)
        if number != self._number:
            self._number, self._cubic = number, self._through(number)
        a0, a1, a2, a3 = self._cubic
        n = float(self._hops)
        s = place / n
        return (
            a0 + s * (a1 + s * (a2 + s * a3)),
            (a1 + s * (2.0 * a2 + s * 3.0 * a3)) / n,
            (a2 + 3.0 * a3 * s) / (n * n),
            a3 / (n * n * n),
        )

    def _through(self, number: int) -> tuple[float, float, float, float]:
        """The cubic between two knots, over 0..1."""
        p0, p1, p2, p3 = (2.0 * chance.uniform(self._seed, self._name, number + k) - 1.0 for k in range(4))
        return (
            (p0 + 4.0 * p1 + p2) / 6.0,
            (p2 - p0) / 2.0,
            (p0 - 2.0 * p1 + p2) / 2.0,
            (p3 - 3.0 * (p2 - p1) - p0) / 6.0,
        )
