"""What really happens in a piece, as a listener must find it: seconds in the sound file."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.hearing.score import DRUMS, Score
from benchmarks.hearing.synth import LATE_SECONDS

MERGE_SECONDS = 0.03
"""Note-ons closer than this are one onset; it begins with the first."""
KICK, SNARE, HAT = (35, 36), (37, 38, 39, 40), (42, 44, 46)
NEAR = {"kick": (41, 43), "snare": (54, 67, 68, 75, 76, 77), "hat": (49, 51, 53, 54, 55, 57, 59, 69, 70, 82)}
"""Strokes that may or may not be taken for a class: neither right nor wrong."""


@dataclass(slots=True)
class Truth:
    """Times in seconds. `tempo` is the median over the beats, 0 without a beat.

    `onsets` None: not known (loops), not scored. `drums` None: the same. `near` are strokes like those
    of a class. `steps` are (time, bpm) of tempo steps. `settled_from` is unused by pieces without them.
    """

    style: str
    seconds: float
    tempo: float = 0.0
    onsets: list[float] | None = None
    beats: list[float] = field(default_factory=list)
    downbeats: list[float] = field(default_factory=list)
    drums: dict[str, list[float]] | None = None
    near: dict[str, list[float]] = field(default_factory=dict)
    steps: list[tuple[float, float]] = field(default_factory=list)
    treatment: dict[str, Any] = field(default_factory=dict)

    def write(self, path: Path) -> None:
        """As JSON."""
        path.write_text(json.dumps(asdict(self)), encoding="utf-8")

    @staticmethod
    def read(path: Path) -> Truth:
        """From JSON."""
        truth = Truth(**json.loads(path.read_text(encoding="utf-8")))
        truth.steps = [(time, bpm) for time, bpm in truth.steps]
        return truth


def of(score: Score, style: str, seconds: float, pulse: bool = True) -> Truth:
    """The truth of a score. Without a `pulse` it has onsets but no beats."""
    truth = Truth(style, round(seconds, 4))
    truth.onsets = merged([note.start for note in score.notes])
    strokes = [note for note in score.notes if note.channel == DRUMS]
    classes = {"kick": KICK, "snare": SNARE, "hat": HAT}
    truth.drums = {
        name: merged([note.start for note in strokes if note.pitch in keys]) for name, keys in classes.items()
    }
    truth.near = {
        name: merged([note.start for note in strokes if note.pitch in keys]) for name, keys in NEAR.items()
    }
    if pulse:
        beats = [score.tempo.seconds(beat) for beat in range(score.beats)]
        truth.beats = late(beats)
        truth.downbeats = late(beats[:: score.bar])
        truth.tempo = round(float(60.0 / np.median(np.diff(beats))), 3)
        truth.steps = [(round(score.tempo.seconds(beat) + LATE_SECONDS, 4), bpm) for beat, bpm in score.steps]
    return truth


def merged(starts: list[float]) -> list[float]:
    """Sorted, those within MERGE_SECONDS of a first one taken together, as heard in the sound."""
    out: list[float] = []
    for start in sorted(starts):
        if not out or start - out[-1] > MERGE_SECONDS:
            out.append(start)
    return late(out)


def late(times: list[float]) -> list[float]:
    """Moved by what the synthesiser takes, to a tenth of a millisecond."""
    return [round(time + LATE_SECONDS, 4) for time in times]
