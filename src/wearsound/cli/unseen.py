"""Pictures that nobody looks at while they are made: no display is asked for."""

from __future__ import annotations

import os


def draw_unseen() -> None:
    """Let SDL draw in memory in this process, where the person chose no driver. Before pygame's first use."""
    os.environ.setdefault("SDL_VIDEODRIVER", "dummy")
