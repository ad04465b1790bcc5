"""What is built in, as sources: the demo track with all three lanes, and a walk that is a body alone."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from wearsound.core import F32, Block, Clock
from wearsound.sources.blocks import blocks_of, lanes_of
from wearsound.sources.composer.cache import compose
from wearsound.sources.composer.form import RATE
from wearsound.sources.composer.walk import compose_walk


class Composed:
    """core.Source: samples (n, channels) that were made here, once, or over and over where it is to `loop`."""

    live = False
    sample_rate = RATE

    def __init__(
        self,
        name: str,
        samples: F32,
        lanes: Mapping[str, tuple[int, ...]],
        seconds: float | None = None,
        loop: bool = False,
    ) -> None:
        self.name = name
        self.lanes = lanes
        self._samples = samples
        whole = len(samples) / RATE
        self.duration = seconds or (math.inf if loop else whole)
        if not loop:
            self.duration = min(self.duration, whole)

    def blocks(self, clock: Clock) -> Iterator[Block]:
        """Blocks of 64 hops, the last one shorter."""
        return blocks_of(self._chunks(), clock, self.lanes, self._samples.shape[1])

    def _chunks(self) -> Iterator[F32]:
        left = self.duration * RATE
        while left >= 1:
            chunk = self._samples if left >= len(self._samples) else self._samples[: round(left)]
            yield chunk
            left -= len(chunk)


class DemoSource(Composed):
    """Forty seconds composed from a seed; `track.truth` knows what is in them."""

    def __init__(self, seed: int = 7, seconds: float | None = None, loop: bool = False) -> None:
        self.track = compose(seed)
        super().__init__("the built-in track", self.track.samples, lanes_of(4), seconds, loop)


class WalkSource(Composed):
    """A minute and a half in a coat with a contact microphone; `walk` knows what is in it. There is no room."""

    def __init__(self, seed: int = 7, seconds: float | None = None, loop: bool = False) -> None:
        self.walk = compose_walk(seed)
        super().__init__("the built-in walk", self.walk.samples, {"body": (0,)}, seconds, loop)
