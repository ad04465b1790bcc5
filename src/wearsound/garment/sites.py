"""Where on the body each actuator sits, in the garment's order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wearsound.core import F64, Index
from wearsound.garment.document import Garment


@dataclass(frozen=True, slots=True, eq=False)
class Sites:
    """`zone` (n,) the zone of each; `figure` (n,) the figure it is seen on; `at` (n, 2) cm from the pit of the neck on
    that figure; `up` (n,) from 0 at the lowest to 1 at the highest; `of_zone` the actuators of each zone."""

    zone: Index
    figure: Index
    at: F64
    up: F64
    of_zone: tuple[Index, ...]


def sites(garment: Garment) -> Sites:
    """The actuators' places; one without `at` sits in the middle of its zone."""
    names = garment.zone_names
    zone = np.array([names.index(actuator.zone) for actuator in garment.actuators], np.intp)
    at = np.array([actuator.at or (0.0, 0.0) for actuator in garment.actuators], float).reshape(-1, 2)
    span = float(np.ptp(at[:, 1])) if len(at) else 0.0
    up = (at[:, 1].max() - at[:, 1]) / span if span else np.full(len(at), 0.5)
    return Sites(
        zone,
        np.zeros(len(zone), np.intp),
        at,
        up,
        tuple(np.flatnonzero(zone == i) for i in range(len(names))),
    )
