"""The last hand on sound."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from wearsound.core import F64, Block, Clock
from wearsound.sound import CEILING, Sound


class Loudness:
    """Implements sound.SoundGuard. [engine thread]"""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def reset(self) -> None:
        """Silent."""

    def limit(self, block: Block, wave: F64 | None, hand: F64) -> Sound:
        """What may leave."""
        room = block.samples[:, stereo(block.lanes)]
        if wave is None:
            return Sound(np.zeros_like(room), room)
        level = np.repeat(hand, self._clock.hop)
        played = np.clip(np.nan_to_num(wave) * level, -CEILING, CEILING).T.astype(np.float32)
        heard = played if "room" not in block.lanes else np.clip(played + room, -CEILING, CEILING)
        return Sound(played, heard)


def stereo(lanes: Mapping[str, tuple[int, ...]]) -> list[int]:
    """The two columns that an audience hears: `room`, or the first lane where there is no room."""
    channels = lanes["room"] if "room" in lanes else next(iter(lanes.values()))
    return [channels[0], channels[1 if len(channels) > 1 else 0]]
