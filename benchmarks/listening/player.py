"""A soundscape played offline: by the engine itself, or the instrument and its guard alone, which is much quicker."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from wearsound.core import F64, Block, Clock
from wearsound.instruments.soundscape.soundscape import Soundscape
from wearsound.mapping.scape import scape_controls
from wearsound.safety.sound import SoundSafety
from wearsound.sound import Scape, Sound

RATE = 48_000
HOP = 256
AT_ONCE = 64
"""Hops in a block."""


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


def play_alone(sound: F64, scape: Scape, seed: int, enough: float) -> tuple[F64, dict[str, Any]]:
    """What the instrument and its guard play, as `play`, its controls at rest and without an ear: the same sound.

    It ends early where nothing sounds any more after `enough` seconds. Voices hear the lane `body`.
    """
    clock = Clock(RATE, HOP)
    specs = scape_controls(scape)
    controls = np.array([spec.default for spec in specs])
    instrument, guard = Soundscape(scape, (), specs, seed), SoundSafety(clock, ("body",))
    instrument.prepare(clock)
    columns = sound.astype(np.float32)[:, None]
    features, hand, pieces = np.zeros((AT_ONCE, 0)), np.ones(AT_ONCE), []
    for tick in range(0, len(sound) // HOP, AT_ONCE):
        hops = min(AT_ONCE, len(sound) // HOP - tick)
        part = slice(tick * HOP, (tick + hops) * HOP)
        block, wave = Block(tick, columns[part], {"body": (0,)}, hops), np.zeros((2, hops * HOP))
        instrument.play(block, features[:hops], np.tile(controls, (hops, 1)), wave)
        pieces.append(guard.limit(block, wave, hand[:hops]).played.copy())
        if part.start > enough * RATE and not pieces[-1].any():
            break
    return np.concatenate(pieces).astype(np.float64), guard.facts()
