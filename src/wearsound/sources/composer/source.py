"""The demo track as a source: what `demo` hears, with all three lanes."""

from __future__ import annotations

import math
from collections.abc import Iterator

from wearsound.core import F32, Block, Clock
from wearsound.sources.blocks import blocks_of, lanes_of
from wearsound.sources.composer.cache import compose
from wearsound.sources.composer.form import RATE


class DemoSource:
    """core.Source: forty seconds composed from a seed; `track.truth` knows what is in them."""

    live = False
    sample_rate = RATE

    name = "the built-in track"

    def __init__(self, seed: int = 7, seconds: float | None = None, loop: bool = False) -> None:
        self.track = compose(seed)
        self.lanes = lanes_of(4)
        whole = len(self.track.samples) / RATE
        self.duration = seconds or (math.inf if loop else whole)
        if not loop:
            self.duration = min(self.duration, whole)

    def blocks(self, clock: Clock) -> Iterator[Block]:
        """Blocks of 64 hops, the last one shorter."""
        return blocks_of(self._chunks(), clock, self.lanes, 4)

    def _chunks(self) -> Iterator[F32]:
        samples = self.track.samples
        left = self.duration * RATE
        while left >= 1:
            chunk = samples if left >= len(samples) else samples[: round(left)]
            yield chunk
            left -= len(chunk)
