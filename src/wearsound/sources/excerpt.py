"""A part of a recording as a source of its own, once or again and again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from wearsound.core import Block, Clock, Source


@dataclass(slots=True)
class Excerpt:
    """Hops `first` to `hops` of what `make` makes anew each time, for ever with `loop`; ticks count from the
    start of the excerpt and go on. Implements core.Source.
    """

    make: Callable[[], Source]
    first: int
    hops: int
    loop: bool
    live: bool = False
    sample_rate: int = 48_000
    lanes: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        source = self.make()
        self.sample_rate, self.lanes = source.sample_rate, source.lanes

    def blocks(self, clock: Clock) -> Iterator[Block]:
        """Blocks from the start of the excerpt. [engine thread]"""
        base = -self.first
        while True:
            for block in self.make().blocks(clock):
                cut = max(0, self.first - block.tick)
                left = min(block.n_hops, self.hops - block.tick) - cut
                if left > 0:
                    samples = block.samples[cut * clock.hop : (cut + left) * clock.hop]
                    yield replace(block, tick=base + block.tick + cut, samples=samples, n_hops=left)
            base += self.hops - self.first
            if not self.loop:
                return
