"""What a render would draw and how warm it would get: facts of milliamperes, hours and degrees."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from wearsound.core import Frame


class PowerMeter:
    """Follows `Frame.ma` and `Frame.warm`. `mah` is the battery's charge, `heated` the numbers and names of zones.

    `felt` says in the end what actuators drew on average and at most, mA: they come on top. `most_ma` is what the
    battery bears; nothing dims vibration for it, so where both peaks together are more, `over_ma` says by how much.
    """

    def __init__(
        self,
        mah: float,
        heated: Sequence[tuple[int, str]],
        felt: Callable[[], tuple[float, float]] | None = None,
        most_ma: float | None = None,
    ) -> None:
        self._mah, self._felt, self._most_ma = mah, felt, most_ma
        self._names = [name for _, name in heated]
        self._zones = np.array([number for number, _ in heated], np.intp)
        self._peak = self._sum = 0.0
        self._frames = 0
        self._warmest = np.full(len(heated), -np.inf)

    def add(self, frame: Frame) -> None:
        """Take one light frame."""
        self._peak = max(self._peak, frame.ma)
        self._sum += frame.ma
        self._frames += 1
        if len(self._zones):
            np.maximum(self._warmest, frame.warm[self._zones], out=self._warmest)

    def facts(self) -> dict[str, Any]:
        """Tables `power` (peak_ma, mean_ma, hours, over_ma) and, if something is heated, `warmest` by zone, deg. C."""
        if not self._frames:
            return {}
        mean, peak = self._sum / self._frames, self._peak
        if self._felt is not None:
            felt_mean, felt_peak = self._felt()
            mean, peak = mean + felt_mean, peak + felt_peak
        power = {"peak_ma": round(peak, 1), "mean_ma": round(mean, 1)}
        if mean > 0:
            power["hours"] = round(self._mah / mean, 1)
        if self._most_ma is not None and peak > self._most_ma:
            power["over_ma"] = round(peak - self._most_ma, 1)
        found: dict[str, Any] = {"power": power}
        if self._names:
            found["warmest"] = {
                name: round(float(warm), 1) for name, warm in zip(self._names, self._warmest, strict=True)
            }
        return found
