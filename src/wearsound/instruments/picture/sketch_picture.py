"""A sketch as the show's picture: set up once, drawn once a frame, its mistakes told in one sentence."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from wearsound.core import Frame
from wearsound.errors import PatchError
from wearsound.instruments.picture.canvas import Canvas
from wearsound.instruments.picture.heard import Heard
from wearsound.instruments.picture.inks import Colour
from wearsound.instruments.picture.sketch import Sketch, sentence

PALETTE = ("indigo", "persimmon", "ember", "ice", "lamp")
"""Ground, slow dye, bass, mid, high, where a patch gives no palette; and whatever it gives too few of."""

LONGEST = 0.25
"""Seconds: after a stall a sketch goes on from where it was instead of leaping."""


class Zoned(Protocol):
    """The part of a garment that a sketch may know."""

    @property
    def zone_names(self) -> Sequence[str]:
        """The zones in the order of `Frame.lit`."""
        ...


class SketchPicture:
    """Implements `Picture`. Raises PatchError with the sketch's file and line for whatever it raises."""

    def __init__(
        self,
        sketch_class: type[Sketch],
        garment: Zoned | None,
        size: tuple[int, int],
        seed: int,
        fps: float,
        palette: Sequence[Colour] = (),
    ) -> None:
        file = getattr(sys.modules.get(sketch_class.__module__), "__file__", None)
        self.path = Path(file or sketch_class.__name__)
        self.zones = tuple(garment.zone_names) if garment is not None else ()
        self.canvas = Canvas(size, seed, (*palette, *PALETTE[len(palette) :]))
        self.canvas.dyed = bool(palette)
        self._step = 1.0 / fps
        self._time: float | None = None
        self._before: dict[str, float] | None = None
        self._turned = {f"sketch.{spec.name}": spec.default for spec in sketch_class.parameters()}
        try:
            self.sketch = sketch_class()
            self.sketch.setup(self.canvas)
        except (Exception, SystemExit) as error:
            raise PatchError(sentence(error, self.path)) from error

    def draw(self, surface: Any, frame: Frame) -> None:
        """Draw one frame onto a surface of the size it was made for. [main thread]"""
        dt = self._step if self._time is None else min(LONGEST, max(0.0, frame.time - self._time))
        heard = Heard(frame, self._before, dt, self.zones)
        self.canvas.begin()
        self._turn(frame)
        try:
            self.sketch.draw(self.canvas, heard)
        except (Exception, SystemExit) as error:
            raise PatchError(sentence(error, self.path)) from error
        self._time = frame.time
        self._before = dict(zip(frame.features.index, frame.features.values.tolist(), strict=True))
        surface.blit(self.canvas.surface, (0, 0))

    def _turn(self, frame: Frame) -> None:
        """Parameters are controls of the show: those that have moved are set."""
        for name, before in self._turned.items():
            value = frame.controls.get(name, before)
            if value != before:
                self._turned[name] = value
                self.sketch.set(name.partition(".")[2], value)
