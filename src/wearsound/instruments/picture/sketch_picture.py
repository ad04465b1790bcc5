"""A sketch as the show's picture: set up once, drawn once a frame, its mistakes told in one sentence."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from wearsound.core import Frame
from wearsound.errors import PatchError
from wearsound.instruments.picture.canvas import Canvas
from wearsound.instruments.picture.heard import Heard
from wearsound.instruments.picture.heirloom import by_value, fit
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


class Legacy(NamedTuple):
    """What one sketch leaves to the next of its file: its state, what it keeps, what its canvas shows, its parameters
    that were turned, and the time and the features of its last frame."""

    file: str
    state: dict[str, Any]
    kept: dict[str, Any]
    surface: Any
    turned: dict[str, float]
    time: float | None
    before: dict[str, float]


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
        legacy: Legacy | None = None,
    ) -> None:
        """Set the sketch up; one that comes after another of its file goes on from what that one leaves."""
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
            if legacy is not None and legacy.file != self.path.name:
                legacy = None  # another sketch's cloth is none of this one's
            if legacy is not None:
                self._inherit(legacy)
            self.sketch.setup(self.canvas)
            made = self._kept()
            if legacy is not None and fit(legacy.kept, made):
                vars(self.sketch).update({name: legacy.kept[name] for name in made})
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

    def know(self, zones: Sequence[str]) -> None:
        """The zones in the order of the frames from now on. [main thread]"""
        self.zones = tuple(zones)

    def legacy(self) -> Legacy:
        """What the next sketch begins with, by value: this one may have to play on. [main thread]"""
        defaults = {f"sketch.{spec.name}": spec.default for spec in type(self.sketch).parameters()}
        turned = {name: value for name, value in self._turned.items() if value != defaults.get(name)}
        return Legacy(
            self.path.name,
            by_value(vars(self.sketch.state)),
            by_value(self._kept()),
            self.canvas.surface.copy(),
            turned,
            self._time,
            dict(self._before or {}),
        )

    def _kept(self) -> dict[str, Any]:
        """What the sketch names in `keeps`, as it is now; a name that `setup` does not make is a mistake."""
        names = (self.sketch.keeps,) if isinstance(self.sketch.keeps, str) else self.sketch.keeps
        missing = [name for name in names if not hasattr(self.sketch, name)]
        if missing:
            raise ValueError(f"keeps names {missing[0]!r}, which setup does not make")
        return {name: getattr(self.sketch, name) for name in names}

    def _inherit(self, legacy: Legacy) -> None:
        self.sketch.state.__dict__.update(legacy.state)
        if self.canvas.surface.get_size() == legacy.surface.get_size():
            self.canvas.surface.blit(legacy.surface, (0, 0))
        for name, value in legacy.turned.items():  # what nobody has turned is what the file says now
            if name in self._turned:
                self._turned[name] = value
                self.sketch.set(name.partition(".")[2], value)
        self._time, self._before = legacy.time, legacy.before or None

    def _turn(self, frame: Frame) -> None:
        """Parameters are controls of the show: those that have moved are set."""
        for name, before in self._turned.items():
            value = frame.controls.get(name, before)
            if value != before:
                self._turned[name] = value
                self.sketch.set(name.partition(".")[2], value)
