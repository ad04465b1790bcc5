"""Remote lanes: numbers from outside (a phone, knobs, a sensor board) that a patch may listen to."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from wearsound.core import F32, Event, Parameter, Spec
from wearsound.sensed import GROUPS, SENSE, groups_of

MOVE = "/wear/move"

Range = tuple[float, float]


class Remote:
    """The last value of every remote number: `knobs.cutoff` from `/wear/move/knobs/cutoff v` or a list for all.

    A sensor's sample (`wearsound.sensed`) sets the numbers of its group.

    `lanes` are {lane: {value: (low, high)}}. `specs` name the columns of `values`, float32 (n_remote,), each
    inside its range; before anything came it is the number of the range nearest to 0.
    """

    def __init__(self, lanes: Mapping[str, Mapping[str, Range]]) -> None:
        self.lanes = {lane: dict(values) for lane, values in lanes.items()}
        self.specs = tuple(
            Spec(f"{lane}.{value}", "", low, high, 0.0, "from outside", default=min(max(0.0, low), high))
            for lane, values in self.lanes.items()
            for value, (low, high) in values.items()
        )
        columns = {spec.name: i for i, spec in enumerate(self.specs)}
        self._columns: dict[str, Sequence[int]] = {}
        for lane, values in self.lanes.items():
            own = [columns[f"{lane}.{value}"] for value in values]
            self._columns[f"{MOVE}/{lane}"] = own
            self._columns |= {f"{MOVE}/{lane}/{value}": (i,) for value, i in zip(values, own, strict=True)}
            self._columns |= {
                f"{SENSE}/{lane}/{group}": [columns[f"{lane}.{value}"] for value in GROUPS[group].columns]
                for group in groups_of(values)
            }
        self.values: F32 = np.zeros(len(self.specs), np.float32)
        self.reset()

    def reset(self) -> None:
        """As before anything came. [engine thread]"""
        self.values[:] = [spec.default for spec in self.specs]

    def take(self, event: Event) -> None:
        """Keep what a message of ours says; numbers beyond those of the lane are left alone. [engine thread]"""
        for column, value in zip(self._columns.get(event.address, ()), event.args, strict=False):
            if isinstance(value, int | float) and math.isfinite(value):
                spec = self.specs[column]
                self.values[column] = min(spec.high, max(spec.low, value))

    def parameters(self) -> list[Parameter]:
        """Every number by itself, and every lane of several as one list. [any thread]"""
        found: list[Parameter] = []
        for lane, values in self.lanes.items():
            if len(values) > 1:
                words = " ".join(values)
                low, high = min(r[0] for r in values.values()), max(r[1] for r in values.values())
                found.append(
                    Parameter(f"{MOVE}/{lane}", f"all of {lane} at once: {words}", "list", "", low, high)
                )
            for value, (low, high) in values.items():
                address = f"{MOVE}/{lane}/{value}"
                (column,) = self._columns[address]
                found.append(
                    Parameter(
                        address,
                        f"{value} of {lane}, as a patch hears it",
                        low=low,
                        high=high,
                        default=self.specs[column].default,
                        read=lambda column=column: float(self.values[column]),  # type: ignore[misc]
                    )
                )
        return found
