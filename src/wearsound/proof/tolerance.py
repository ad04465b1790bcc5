"""How much a layer may differ where it was made elsewhere: by another Python, NumPy, SDL, processor or system.

On the same ones nothing may differ at all. Elsewhere the last bit of a logarithm may; nobody may see, hear or feel it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limit:
    """No value may differ by more than `most` steps of its grid, and at most `share` of all may differ at all."""

    most: int = 0
    share: float = 0.0


LIMITS: Mapping[str, Limit] = {
    "features": Limit(most=1, share=0.001),
    "features.counted": Limit(),  # a beat is in its hop, or it is another beat
    "light": Limit(most=2, share=0.001),  # of 255
    "vibration": Limit(most=8, share=1.0),  # 1/255 of full strength
    "sound": Limit(most=5, share=1.0),  # 0.05 dB in any band of any tenth of a second
    "osc": Limit(),  # which messages, when, to whom
    "osc.numbers": Limit(most=10, share=1.0),  # 1e-5
}
"""By table of `proof.compact`."""


@dataclass(frozen=True, slots=True)
class PictureLimit:
    """What pictures may differ by; numbers of 0..255.

    Differences up to `ignored` a channel are none. Of all pixels at most `share` may differ by more, and nowhere
    `cluster` or more of them side by side, unless the expected picture has an edge there (`edge`: the range of its
    3x3 neighbourhood), where a line may lie a hair beside. `rms` is that of a whole picture.
    """

    ignored: int = 8
    share: float = 0.0002
    cluster: int = 4
    edge: int = 48
    rms: float = 0.5


PICTURES = PictureLimit()

FACTS_SHARE, FACTS_LEAST = 0.002, 0.011
"""Measured facts (decibels, milliamperes, duty) may differ by that share, or by one unit of their last digit."""
EXACT_FACTS = frozenset({"counts", "flashes", "shows", "picture"})
"""Tables of facts that are counted, not measured: the same everywhere."""
