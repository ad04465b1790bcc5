"""A dress with its files as they were read when it was asked for: what the window's program is sent, a line each.

A file may change, break or go while a show runs. What was good when the engine took it can be shown, and shown again
by a program that had to be started again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from wearsound.outputs.dress import Dress
from wearsound.outputs.slot import Slot


@dataclass(frozen=True, slots=True)
class Outfit:
    """`garment` and `sketch` are the texts of the dress's files, None where there is none, or none that could be read:
    then the file itself is asked, whose sentence says what is wrong with it."""

    dress: Dress
    garment: str | None = None
    sketch: str | None = None

    @classmethod
    def read(cls, dress: Dress) -> Outfit:
        """The outfit of `dress` as its files are now. [any thread]"""
        return cls(dress, _text(dress.garment), _text(dress.sketch))

    @property
    def look(self) -> tuple[object, ...]:
        """Equal looks, equal pictures. A garment's palette is its own; a sketch mixes its inks once, in `setup`."""
        dress = self.dress
        if dress.sketch:
            return dress.sketch, self.sketch, dress.seed, dress.palette
        return dress.garment, self.garment, dress.seed

    def with_sketch_of(self, other: Outfit) -> Outfit:
        """This show with the sketch of another, or its lack of one."""
        return Outfit(replace(self.dress, sketch=other.dress.sketch), self.garment, other.sketch)

    def without_sketch(self) -> Outfit:
        """This show with its garment as the picture."""
        return Outfit(replace(self.dress, sketch=""), self.garment)

    def as_json(self) -> dict[str, Any]:
        """Plain words and numbers, for `json.dumps`."""
        return {"dress": self.dress.as_json(), "garment": self.garment, "sketch": self.sketch}

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> Outfit:
        """The same again."""
        return cls(Dress.from_json(told["dress"]), told.get("garment"), told.get("sketch"))


def slot_for(dress: Dress, name: str = "") -> Slot:
    """A new slot with room for the frames of `dress`, or the one called `name`. OSError if memory cannot be had."""
    return Slot(
        len(dress.features),
        len(dress.controls),
        len(dress.zones),
        dress.pixels,
        name,
        n_screen=len(dress.screen),
        n_actuators=len(dress.actuators),
        n_sliders=len(dress.sliders),
    )


def _text(file: str) -> str | None:
    try:
        return Path(file).read_bytes().decode() if file else None
    except (OSError, UnicodeDecodeError):
        return None
