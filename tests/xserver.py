"""A real X server without a screen behind it."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path


def missing() -> str:
    """Why there can be no X server here, "" if there can."""
    for program in ("Xvfb", "xdotool", "import"):
        if shutil.which(program) is None:
            return f"{program} is not installed (apt-get install xvfb xdotool imagemagick)"
    return ""


@contextlib.contextmanager
def x_server() -> Iterator[dict[str, str]]:
    """Environment variables that open windows on a server of their own, 1280x720."""
    ask, tell = os.pipe()
    command = ["Xvfb", "-displayfd", str(tell), "-screen", "0", "1280x720x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[tell], stderr=subprocess.DEVNULL)
    os.close(tell)
    try:
        with os.fdopen(ask) as answer:
            yield {"DISPLAY": f":{answer.readline().strip()}", "SDL_VIDEODRIVER": "x11"}
    finally:
        server.terminate()
        server.wait(5)


def screenshot(path: Path, env: dict[str, str]) -> None:
    """What the server shows, as a PNG."""
    subprocess.run(
        ["import", "-window", "root", str(path)], check=True, timeout=20, env={**os.environ, **env}
    )
