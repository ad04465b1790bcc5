"""What is in the track, and when: written before it is played, so it is true by construction."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from wearsound.sources.composer.bass import Note
from wearsound.sources.composer.body import Stroke
from wearsound.sources.composer.form import Span


@dataclass(frozen=True, slots=True)
class Truth:
    """Times in seconds from the start, pitches in Hz; every tuple in order of time.

    `kicks`, `snares`, `hats`, `stabs` are onsets; `hats` and ghost snares carry their swing and
    lateness. `silence` is one stretch of exact zeros in the music. `steps` are heels, `claps` the
    middle of the clap-alongs, `applause` the stretches in which the room applauds.
    """

    seed: int
    bpm: int
    seconds: float
    root_hz: float
    beats: tuple[float, ...]
    bars: tuple[float, ...]
    kicks: tuple[float, ...]
    snares: tuple[float, ...]
    hats: tuple[float, ...]
    stabs: tuple[float, ...]
    bass: tuple[Note, ...]
    silence: tuple[float, float]
    sections: tuple[Span, ...]
    steps: tuple[float, ...]
    rubs: tuple[Stroke, ...]
    taps: tuple[float, ...]
    claps: tuple[float, ...]
    applause: tuple[Span, ...]

    def as_json(self) -> dict[str, Any]:
        """Plain dictionaries and lists, for a JSON file."""
        return asdict(self)
