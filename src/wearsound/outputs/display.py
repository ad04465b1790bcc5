"""Is there a display that a window could open on?"""

from __future__ import annotations

import os
import subprocess
import sys

_TRY = "import pygame; pygame.display.init(); print(pygame.display.get_driver())"


def display_trouble() -> str:
    """A sentence about what is missing, "" if a window can open. Asked in a process of its own: SDL may hang."""
    if sys.platform.startswith("linux") and not (
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    ):
        return "there is no display: neither DISPLAY nor WAYLAND_DISPLAY is set"
    try:
        done = subprocess.run([sys.executable, "-P", "-c", _TRY], capture_output=True, text=True, timeout=10)
    except subprocess.TimeoutExpired:
        return "the display does not answer"
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["pygame stopped"])[-1]
        if "No module named" in last:
            return "pygame is not installed; run `pip install pygame-ce`"
        return f"the display cannot be opened ({last.removeprefix('pygame.error: ')})"
    driver = (done.stdout.split() or [""])[-1]
    if driver in ("dummy", "offscreen"):
        if os.environ.get("SDL_VIDEODRIVER") == driver:
            return f"SDL_VIDEODRIVER={driver} asks for a display that nobody sees"
        return f"the display {os.environ.get('WAYLAND_DISPLAY') or os.environ.get('DISPLAY', '')} does not answer"
    return ""
