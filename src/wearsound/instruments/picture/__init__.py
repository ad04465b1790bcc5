"""The picture: a garment, or a sketch drawn over what the garment plays."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wearsound.core import Picture
    from wearsound.instruments.picture.hud import Hud


def open_picture(
    garment_path: Path,
    sketch_path: Path | None,
    size: tuple[int, int],
    seed: int,
    fps: int,
    palette: Sequence[Any] = (),
) -> Picture:
    """The sketch if one is given, else the garment itself, ready to draw on a surface of `size`.

    The same picture for the window and for a film. PatchError says what is wrong with a file.
    [main thread of the process that shows it]
    """
    from wearsound.garment.document import load_garment

    garment = load_garment(garment_path)
    if sketch_path is None:
        from wearsound.instruments.picture.garment_picture import GarmentPicture

        return GarmentPicture(garment, size, seed)
    from wearsound.instruments.picture.sketch import load_sketch
    from wearsound.instruments.picture.sketch_picture import SketchPicture

    return SketchPicture(load_sketch(sketch_path), garment, size, seed, fps, palette)


def open_hud(size: tuple[int, int]) -> Hud:
    """The signal strip for a picture of `size`; never part of a render. [main thread]"""
    from wearsound.instruments.picture.hud import Hud

    return Hud(size)
