"""The picture: a garment, or a sketch drawn over what the garment plays."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wearsound.core import Picture
    from wearsound.garment.document import Garment
    from wearsound.instruments.picture.hud import Hud


def open_picture(
    garment_path: Path,
    sketch_path: Path | None,
    size: tuple[int, int],
    seed: int,
    fps: int,
    palette: Sequence[Any] = (),
    *,
    garment_text: str | None = None,
    sketch_text: str | None = None,
    zones: Sequence[str] | None = None,
    legacy: Any = None,
) -> Picture:
    """The sketch if one is given, else the garment itself, ready to draw on a surface of `size`.

    The same picture for the window and for a film. The texts, where given, are read instead of the files; `zones`
    are the garment's, where they are known already. A sketch that comes after another takes over its `legacy`: state,
    canvas, parameters (`SketchPicture.legacy`). PatchError says what is wrong with a file. [any thread]
    """
    from wearsound.garment.document import load_garment

    garment = None
    if sketch_path is None or zones is None:
        garment = load_garment(garment_path) if garment_text is None else _garment(garment_path, garment_text)
    if sketch_path is None and garment is not None:
        from wearsound.instruments.picture.garment_picture import GarmentPicture

        return GarmentPicture(garment, size, seed)
    from wearsound.instruments.picture.sketch import load_sketch
    from wearsound.instruments.picture.sketch_picture import SketchPicture

    assert sketch_path is not None
    sketch = load_sketch(sketch_path) if sketch_text is None else load_sketch(sketch_path, sketch_text)
    picture = SketchPicture(sketch, garment, size, seed, fps, palette, legacy)
    if zones is not None:
        picture.know(zones)
    return picture


def rehearse(sketch_path: Path, text: str | None = None) -> None:
    """Import what a sketch will import, so that making it holds up no frame. [any thread]"""
    import ast
    import contextlib
    import importlib

    from wearsound.instruments.picture import canvas, sketch_picture  # noqa: F401

    with contextlib.suppress(Exception):  # whatever is wrong here is told when the sketch is made
        for node in ast.parse(sketch_path.read_text() if text is None else text).body:
            named = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                named = [node.module]
            for name in named:
                importlib.import_module(name)


def _garment(path: Path, text: str) -> Garment:
    from wearsound.garment.document import read_garment

    return read_garment(text, path, hashlib.sha256(text.encode()).hexdigest())


def open_hud(size: tuple[int, int]) -> Hud:
    """The signal strip for a picture of `size`; never part of a render. [main thread]"""
    from wearsound.instruments.picture.hud import Hud

    return Hud(size)
