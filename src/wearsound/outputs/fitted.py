"""Frames of one show for a picture that was made for another: it plays on, by name, until the new one is ready."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from wearsound.core import F64, Frame, Row
from wearsound.outputs.dress import Dress


class Fitted:
    """Turns frames of the show `worn` into such as the show `made` would have: what it lacks reads 0.

    Features, controls, zones and actuators find each other by name. Pixels have none: a garment with another number
    of them is lit by those at the same share of the way. [main thread of the window]
    """

    def __init__(self, worn: Dress, made: Dress) -> None:
        self._features, self._controls = _index(made.features), _index(made.controls)
        self._of = {
            "features": _places(made.features, worn.features),
            "controls": _places(made.controls, worn.controls),
            "zones": _places(made.zones, worn.zones),
            "actuators": _places(made.actuators, worn.actuators),
        }
        self._pixels = np.arange(made.pixels) * max(1, worn.pixels) // max(1, made.pixels)
        self._same = all(
            getattr(worn, word) == getattr(made, word)
            for word in ("features", "controls", "zones", "actuators", "pixels")
        )

    def __call__(self, frame: Frame) -> Frame:
        """The frame as the picture knows it."""
        if self._same:
            return frame
        zones, touch = self._of["zones"], self._of["actuators"]
        return replace(
            frame,
            features=Row(self._features, _taken(frame.features.values, self._of["features"])),
            controls=Row(self._controls, _taken(frame.controls.values, self._of["controls"])),
            lit=_taken(frame.lit, zones),
            felt=_taken(frame.felt, zones),
            dyed=_taken(frame.dyed, zones),
            warm=_taken(frame.warm, zones),
            touch=_taken(frame.touch, touch),
            pixels=_taken(frame.pixels, self._pixels),
        )


def _index(names: Sequence[str]) -> dict[str, int]:
    return {name: at for at, name in enumerate(names)}


def _places(wanted: Sequence[str], there: Sequence[str]) -> F64:
    """Row of each wanted name, -1 for one that is not there."""
    found = _index(there)
    places: Any = np.array([found.get(name, -1) for name in wanted], np.intp)
    return places  # type: ignore[no-any-return]


def _taken(rows: Any, places: Any) -> Any:
    """The rows at `places`, zeros where there is none."""
    taken = np.zeros((len(places), *rows.shape[1:]), rows.dtype)
    there = (places >= 0) & (places < len(rows))
    taken[there] = rows[places[there]]
    return taken
