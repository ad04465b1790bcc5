"""Ninety seconds of a contact microphone in a coat, and nothing else: for pieces that a body plays.

Stillness, a walk at 104 steps a minute, a hand that rubs, seven taps, a quicker walk with the hand in it, and from
second 50 on stillness, long enough to hear a piece thin out and end.
"""

from __future__ import annotations

from dataclasses import dataclass

from wearsound.core import F32
from wearsound.sources.composer.body import Stroke, play_body, rubs, steps
from wearsound.sources.composer.form import RATE, snap
from wearsound.sources.composer.grain import bell
from wearsound.sources.composer.mix import side_channel
from wearsound.sources.composer.track import sixteen_bits

SECONDS = 90
WALKS = ((4.0, 23.0, 60 / 104), (37.8, 49.6, 60 / 116))
RUBS = ((24.0, 30.0), (42.0, 45.0))
TAPS = (31.8, 32.2, 33.1, 34.0, 34.6, 35.4, 35.8)


@dataclass(frozen=True, slots=True)
class Walk:
    """`samples` float32 (4_320_000, 1), exact 16-bit values, 48 kHz; when each foot, finger and stroke came, in s."""

    samples: F32
    steps: tuple[float, ...]
    rubs: tuple[Stroke, ...]
    taps: tuple[float, ...]


def compose_walk(seed: int = 7) -> Walk:
    """The walk of a seed: equal bits for equal seeds. [any thread]"""
    feet, strokes = steps(seed, WALKS), rubs(seed, RUBS)
    taps = tuple(snap(time + 0.03 * bell(seed, "walk.tap", i)) for i, time in enumerate(TAPS))
    body = side_channel(play_body(seed, feet, strokes, taps, SECONDS * RATE))
    return Walk(sixteen_bits((body,)), feet, strokes, taps)
