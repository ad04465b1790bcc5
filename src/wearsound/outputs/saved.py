"""A picture of the show as a file of its own, over nothing."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import Any

from wearsound.folders import write_whole


def save_picture(surface: Any, pygame: Any) -> Path:
    """Write `surface` as the next wearsound-NNNN.png of the current folder. OSError if it cannot be."""
    picture = io.BytesIO()
    pygame.image.save(surface, picture, "picture.png")
    for number in range(1, 10_000):
        path = Path(f"wearsound-{number:04d}.png")
        if not os.path.lexists(path):
            write_whole(path, picture.getvalue())
            return path
    raise OSError(17, "this folder holds 9,999 pictures already")
