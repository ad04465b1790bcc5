"""What is played after a crash, and how soon: what was asked for, then what was last good, then the least there is."""

from __future__ import annotations

AS_ASKED, SAFE, LEAST = 0, 1, 2
"""The rungs: the show; as `--safe` plays it; bass-denim without sketch and window."""

OFTEN, MINUTE = 3, 60.0
"""So many crashes within so many seconds are a loop."""
WAITS = (0.0, 1.0, 2.0, 4.0, 8.0, 10.0)
"""Seconds before the next start, by how many crashes the last minute had."""


class Ladder:
    """`rung` is what is to be played now; it never climbs back by itself. Times are monotonic seconds. [one thread]"""

    def __init__(self) -> None:
        self.rung = AS_ASKED
        self._crashes: list[float] = []
        self._here: list[float] = []
        """Those on this rung."""

    def crashed(self, now: float, *, files: bool = False, missing: bool = False) -> float:
        """A crash at `now`; the seconds to wait until the next start. `files`: what was asked for cannot be read any
        more, so trying it again is no use. `missing`: a device is not there, and would not be for a simpler show."""
        self._crashes = [at for at in self._crashes if now - at < MINUTE] + [now]
        self._here = [at for at in self._here if now - at < MINUTE] + ([] if missing else [now])
        if self.rung < LEAST and (len(self._here) >= OFTEN or (files and self.rung == AS_ASKED)):
            self.rung += 1
            self._here = []
        return WAITS[min(len(self._crashes), len(WAITS)) - 1]
