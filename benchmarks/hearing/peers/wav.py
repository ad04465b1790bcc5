"""A 16-bit WAV file as mono float32, with nothing but NumPy; and the frame all peers share."""

from __future__ import annotations

import json
import sys
import wave
from collections.abc import Callable
from typing import Any

import numpy as np


def mono(path: str) -> tuple[Any, int]:
    """Samples (n,) in -1..1 and their rate."""
    with wave.open(path) as file:
        rate, channels = file.getframerate(), file.getnchannels()
        data = np.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, channels)
    return (data.mean(axis=1) / 32768.0).astype(np.float32), rate


def serve(kinds: dict[str, Callable[[str], dict[str, Any]]]) -> None:
    """Read the list, hear each file, write the answers."""
    kind, listed, out = sys.argv[1:4]
    with open(listed, encoding="utf-8") as file:
        paths = json.load(file)
    answers = {path: kinds[kind](path) for path in paths}
    with open(out, "w", encoding="utf-8") as file:
        json.dump(answers, file)
