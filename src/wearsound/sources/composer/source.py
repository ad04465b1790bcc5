"""The demo track as a source: what `demo` hears, with all three lanes."""

from __future__ import annotations

from collections.abc import Iterator

from wearsound.core import Block, Clock
from wearsound.sources.blocks import blocks_of, lanes_of
from wearsound.sources.composer.cache import compose
from wearsound.sources.composer.form import RATE


class DemoSource:
    """core.Source: forty seconds composed from a seed; `track.truth` knows what is in them."""

    live = False
    sample_rate = RATE

    def __init__(self, seed: int = 7) -> None:
        self.track = compose(seed)
        self.lanes = lanes_of(4)

    def blocks(self, clock: Clock) -> Iterator[Block]:
        """Blocks of 64 hops, the last one shorter."""
        return blocks_of([self.track.samples], clock, self.lanes, 4)


def demo_source(seed: int = 7) -> DemoSource:
    """The demo track of a seed, ready to play."""
    return DemoSource(seed)
