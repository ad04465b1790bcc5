"""The ring between the audio callback, which only copies, and the engine, which waits with a time-out."""

from __future__ import annotations

import queue
import time

import numpy as np

from wearsound.core import F32, MAX_HOPS

BEHIND = 0.25
"""A reader more than this many seconds behind skips to the newest sound."""

_SECONDS = 4.0


class Ring:
    """Four seconds of sound from one writing thread to one reading thread, without a lock.

    The writer copies and adds to a count; the reader takes every whole hop that waits. A waiting
    reader is woken through a `SimpleQueue`, whose `put` never blocks: 0.01 ms from callback to
    reader for the price of polling every millisecond (0.55 ms late, 2 % of a core). It is put into
    only while the reader sleeps, so it stays short whoever dies.
    """

    def __init__(self, channels: int, hop: int, sample_rate: int, seconds: float = _SECONDS) -> None:
        self.hop = hop
        self.size = max(int(seconds * sample_rate), (MAX_HOPS + 1) * hop)
        self.behind = min(int(BEHIND * sample_rate), self.size // 2)
        self.memory: F32 = np.zeros((self.size, channels), np.float32)
        self.mark: tuple[int, float] = (0, 0.0)
        """(samples written so far, when the latest came by the monotonic clock): one object, so that
        a reader never sees one half of it. (0, 0.0) before the first."""
        self.taken = 0
        self._wanted: int | None = None
        self._bell: queue.SimpleQueue[None] = queue.SimpleQueue()

    def write(self, frames: F32) -> None:
        """Copy `frames` (n, channels) in. No lock, no log, no buffer allocated. [audio thread]"""
        written = self.mark[0]
        count = len(frames)
        kept = frames[count - self.size :] if count > self.size else frames
        at = (written + count - len(kept)) % self.size
        first = min(len(kept), self.size - at)
        self.memory[at : at + first] = kept[:first]
        if first < len(kept):
            self.memory[: len(kept) - first] = kept[first:]
        self.mark = (written + count, time.monotonic())
        wanted = self._wanted
        if wanted is not None and written + count >= wanted:
            self._wanted = None
            self._bell.put(None)

    def waiting(self) -> int:
        """How many whole hops wait. [engine thread]"""
        return (self.mark[0] - self.taken) // self.hop

    def skip(self, hops: int) -> None:
        """Throw away the oldest `hops` that wait. [engine thread]"""
        self.taken += hops * self.hop

    def wait(self, seconds: float) -> bool:
        """True once a whole hop waits, False after `seconds` without. [engine thread]"""
        end = time.monotonic() + seconds
        while self.mark[0] - self.taken < self.hop:
            self._wanted = self.taken + self.hop
            if self.mark[0] >= self._wanted:  # written between the look and the wish
                break
            left = end - time.monotonic()
            if left <= 0:
                self._wanted = None
                return False
            try:
                self._bell.get(timeout=left)
            except queue.Empty:
                continue
        self._wanted = None
        return True

    def read(self) -> tuple[F32, int]:
        """(every whole hop that waits, at most MAX_HOPS; hops lost before them). [engine thread]

        The samples are a copy, (n_hops * hop, channels), n_hops 0 where none waits.
        """
        lost = 0
        while True:
            hops = self.waiting()
            if hops * self.hop > self.behind:
                newest = max(1, min(self.behind // self.hop, MAX_HOPS))
                lost += hops - newest
                self.taken += (hops - newest) * self.hop
                hops = newest
            count = min(hops, MAX_HOPS) * self.hop
            at = self.taken % self.size
            first = min(count, self.size - at)
            samples = np.empty((count, self.memory.shape[1]), np.float32)
            samples[:first] = self.memory[at : at + first]
            samples[first:] = self.memory[: count - first]
            if self.mark[0] - self.taken <= self.size - self.size // 8:
                self.taken += count
                return samples, lost
            # The reader was stopped so long while it copied that the writer came round: look again.
