"""The bundled faces, B612 and B612 Mono; their licence stands beside them."""

from __future__ import annotations

from importlib.resources import as_file, files
from typing import Any

FACES = {"sans": "B612-Regular.otf", "mono": "B612Mono-Regular.otf"}


def font(face: str, pixels: int) -> Any:
    """A pygame font: `face` is sans or mono, `pixels` the type size. Needs `pygame.font.init()`."""
    import pygame

    with as_file(files(__package__) / "fonts" / FACES[face]) as path:
        return pygame.font.Font(str(path), pixels)
