"""Whether a contact microphone hears its body: judged by gestures, for a body is quiet between them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

import numpy as np

from wearsound.analysis.ear import Ear, kind_of
from wearsound.core import Block, Clock, index_of
from wearsound.show.doctor import CLIPPED_SHARE, SILENT_DB, Levels, Verdict

BODY_SECONDS = 10.0
"""How long a body is listened to where nobody said: time to hear that it listens, and to walk, rub and tap."""

RUBS = 0.5
"""From here on `rub` means that a hand rubs."""


def bodies(lanes: Iterable[str]) -> list[str]:
    """Those lanes that are heard as a body."""
    return [lane for lane in lanes if kind_of(lane) == "body"]


class Gestures:
    """Counts what some lanes do while somebody else takes the blocks. [one thread]"""

    def __init__(
        self, clock: Clock, lanes: Sequence[str], learned: Mapping[str, Mapping[str, float]] | None = None
    ) -> None:
        asked = [f"{lane}.{word}" for lane in lanes for word in ("step", "tap", "rub")]
        self._ear = Ear(clock, lanes, asked=asked, learned=learned)
        self._hop = clock.hop / clock.sample_rate
        columns = index_of(self._ear.specs)
        self._columns = {
            lane: [columns[f"{lane}.{word}"] for word in ("step", "tap", "rub")] for lane in lanes
        }
        self.counted: dict[str, tuple[int, int, float]] = {lane: (0, 0, 0.0) for lane in lanes}
        """Of each lane: steps, taps, seconds of rubbing."""

    def along(self, blocks: Iterable[Block]) -> Iterator[Block]:
        """The same blocks, heard as they go by."""
        for block in blocks:
            if block.n_hops:
                heard = self._ear.hear(block)
                for lane, (step, tap, rub) in self._columns.items():
                    rubbed = self.counted[lane][2] + self._hop * int(np.sum(heard[:, rub] >= RUBS))
                    self.counted[lane] = int(heard[-1, step]), int(heard[-1, tap]), rubbed
            yield block


def judge_body(
    levels: Levels, lane: str, channels: Collection[int], counted: tuple[int, int, float], name: str
) -> Verdict:
    """The verdict on one body lane of `name`; `counted` is what it did while `levels` were measured."""
    there = [channel for channel in channels if channel < len(levels.rms)]
    if not there:
        return Verdict("nothing", f"{name} has no channel for {lane}; look at [lanes] in the rig")
    peak, clipped = max(levels.peak[c] for c in there), max(levels.clipped[c] for c in there)
    where = "channel " + " and ".join(str(channel + 1) for channel in there)
    if peak < SILENT_DB:
        return Verdict(
            "silent",
            f"{lane} of {name} is silent ({where}, for {levels.seconds:.0f} s); is the contact microphone plugged in?",
        )
    if clipped > CLIPPED_SHARE:
        return Verdict("clipped", f"{lane} of {name} clips ({clipped:.1%} of {where}); turn the input down")
    steps, taps, rubbed = counted
    did = [f"{n} {word}{'s' * (n != 1)}" for n, word in ((steps, "step"), (taps, "tap")) if n]
    did += [f"{rubbed:.1f} s of rubbing"] if rubbed >= 0.1 else []
    if not did:
        return Verdict(
            "still",
            f"{lane} of {name} is there ({where}, at most {peak:.0f} dBFS), but nothing moved "
            f"in {levels.seconds:.0f} s; walk, rub and tap while it listens (--seconds 20), or turn the input up",
        )
    return Verdict(
        "good",
        f"{lane} of {name} moves: {', '.join(did)} in {levels.seconds:.0f} s, at most {peak:.0f} dBFS ({where})",
    )
