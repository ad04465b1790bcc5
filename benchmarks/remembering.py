"""Peak memory of a long render beside a short one: a show of any length must fit."""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchmarks import material
from benchmarks.child import call
from benchmarks.table import Figure, Part

MORE_MB = 50.0
SIZE = (320, 180)


def run(long: bool) -> Part:
    """A minute beside ten, or with `long` beside an hour; with `long` also the film, a minute beside ten."""
    part = Part("Memory")
    minutes = 60 if long else 10
    short, more = _peaks(1, minutes, video=False)
    part.figures.append(Figure("render --no-video, 1 minute, peak", short, "MB"))
    part.figures.append(Figure(f"{minutes} minutes, over that", more - short, "MB", MORE_MB))
    if long:
        short, more = _peaks(1, 10, video=True)
        part.figures.append(Figure("render 320x180, 1 minute, peak", short, "MB"))
        part.figures.append(Figure("10 minutes, over that", more - short, "MB", MORE_MB))
    else:
        part.notes.append("`--long` renders an hour, and ten minutes with video (some five minutes).")
    return part


def _peaks(*minutes: int, video: bool) -> list[float]:
    peaks = []
    with tempfile.TemporaryDirectory() as folder:
        for length in minutes:
            wav = material.write_wav(Path(folder) / f"{length}.wav", 60.0 * length)
            wanted = {"audio": str(wav), "video": video, "seconds": None, "size": SIZE}
            peaks.append(call("benchmarks.rendering", wanted)["peak_mb"])
            wav.unlink()
    return peaks
