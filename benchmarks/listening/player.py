"""A soundscape played offline by the engine itself: the ear, the patch's routes, the instrument and its guard."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from wearsound.core import F64, Block, Clock
from wearsound.sound import Sound

RATE = 48_000


class Microphone:
    """One channel of sound (n,) as the lane `body`; a core.Source."""

    name = "take"
    sample_rate = RATE

    def __init__(self, sound: F64) -> None:
        self.lanes = {"body": (0,)}
        self._columns = sound.astype(np.float32)[:, None]

    def blocks(self, clock: Clock) -> Iterator[Block]:
        """The whole of it."""
        from wearsound.sources.blocks import blocks_of

        pieces = (self._columns[at : at + RATE] for at in range(0, len(self._columns), RATE))
        return blocks_of(pieces, clock, self.lanes, 1)


class Kept:
    """A loudspeaker that keeps what it is given; a sound.Speaker."""

    name = "kept"

    def __init__(self) -> None:
        self._pieces: list[Any] = []

    def open(self, clock: Clock) -> None:
        """Nothing to do."""

    def play(self, tick: int, gap: int, sound: Sound) -> None:
        """A copy."""
        self._pieces.append(sound.played.copy())

    def close(self) -> None:
        """Nothing to do."""

    def sound(self) -> F64:
        """All of it (n, 2)."""
        return np.concatenate(self._pieces).astype(np.float64)


def play(sound: F64, patch: str | Path, seed: int | None = None) -> tuple[F64, dict[str, Any]]:
    """What a patch plays (n, 2) to a contact microphone (n,) at RATE, and the facts of its guard."""
    import wearsound
    from wearsound.show.build import build

    show = wearsound.load(patch, seed=seed)
    source = Microphone(sound)
    built = build(show, source.lanes, RATE, strict=True)
    kept = Kept()
    built.engine.speakers.append(kept)
    built.engine.run(source)
    return kept.sound(), built.sound_guard.facts()
