"""A measurement in a program of its own: peak memory and CPU are then its alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]


def call(module: str, wanted: dict[str, Any], env: dict[str, str] | None = None) -> dict[str, Any]:
    """What `python -m module` answers as its last line, JSON in and JSON out."""
    done = subprocess.run(
        [sys.executable, "-m", module, json.dumps(wanted)],
        cwd=ROOT,
        env={**os.environ, "PYGAME_HIDE_SUPPORT_PROMPT": "1", **(env or {})},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    answer: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return answer
