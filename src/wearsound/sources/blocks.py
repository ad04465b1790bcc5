"""Cuts whatever comes in, in pieces of any size, into blocks of whole hops."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import numpy as np

from wearsound.core import F32, MAX_HOPS, Block, Clock

LOUDEST = 8.0
"""18 dB above full scale: nothing that is sound is louder, and everything after may rely on it."""

MOST_CHANNELS = 4


def lanes_of(channels: int) -> dict[str, tuple[int, ...]]:
    """What the channels of a recording are called: 1 or 2 room, the third body, the fourth crowd.

    Channels from the fifth on belong to no lane.
    """
    lanes: dict[str, tuple[int, ...]] = {"room": (0,) if channels == 1 else (0, 1)}
    if channels > 2:
        lanes["body"] = (2,)
    if channels > 3:
        lanes["crowd"] = (3,)
    return lanes


def scrub(samples: F32) -> int:
    """Make `samples` finite in place: NaN becomes 0, all else is clipped to +-LOUDEST. [any thread]

    Returns how many were not numbers or beyond the clip. One broken sample would otherwise live
    for ever in every filter that carries state.
    """
    top, bottom = samples.max(initial=0.0), samples.min(initial=0.0)
    if top <= LOUDEST and bottom >= -LOUDEST:  # false for NaN too, which max and min pass on
        return 0
    bad = ~(np.abs(samples) <= LOUDEST)
    np.copyto(samples, 0, where=np.isnan(samples))
    np.clip(samples, -LOUDEST, LOUDEST, out=samples)
    return int(bad.sum())


def blocks_of(
    chunks: Iterable[F32], clock: Clock, lanes: Mapping[str, tuple[int, ...]], channels: int
) -> Iterator[Block]:
    """Blocks of MAX_HOPS hops from float32 chunks (n, channels), n >= 0, of any sizes.

    The same samples give the same hops in any chunking. A last hop that is not full is padded with
    zeros. Every block owns its samples: they stay as they are when the next one is made.
    """
    size = MAX_HOPS * clock.hop
    tick = filled = 0
    samples = np.empty((size, channels), np.float32)
    for chunk in chunks:
        at = 0
        while at < len(chunk):
            take = min(size - filled, len(chunk) - at)
            samples[filled : filled + take] = chunk[at : at + take]
            at += take
            filled += take
            if filled == size:
                scrub(samples)
                yield Block(tick, samples, lanes, MAX_HOPS)
                tick += MAX_HOPS
                samples = np.empty((size, channels), np.float32)
                filled = 0
    if filled:
        hops = -(-filled // clock.hop)
        samples[filled:] = 0
        last = samples[: hops * clock.hop]
        scrub(last)
        yield Block(tick, last, lanes, hops)
