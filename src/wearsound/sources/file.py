"""A recording as a source: whatever libsndfile reads, streamed, at the clock's rate."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from wearsound.core import F32, Block, Clock
from wearsound.errors import AudioError
from wearsound.sources.blocks import MOST_CHANNELS, blocks_of, lanes_of, scrub
from wearsound.sources.quiet import quiet
from wearsound.sources.refusal import check_path, unreadable
from wearsound.sources.wavhead import promised_bytes

SAMPLE_RATE = 48_000

_READ = 16_384
"""Frames a read: soundfile seeks after every read, so FLAC in hops would cost 29 times as much."""

_RATES = (1_000, 768_000)
_UNKNOWN = 1 << 48
"""libsndfile's answer for a stream of unknown length lies above this many frames."""


class FileSource:
    """A recording of any rate, sample width and channel count, in blocks of 64 hops.

    `path` is opened and checked at once: an AudioError says what is wrong and what to do. `loop`
    repeats it without a seam; `seconds` ends it after that long. `duration` is how long it will
    play, in seconds (inf for an endless loop); `note` says what a person should know (channels
    left out, a file cut short) and may grow while the file is read. What is heard is the same to
    the bit however it is read: resampling is soxr's HQ stream, which equals its one-shot result.
    """

    live = False

    def __init__(self, path: str | Path, loop: bool = False, seconds: float | None = None) -> None:
        if seconds is not None and not 0 < seconds < math.inf:
            raise AudioError(f"seconds is {seconds:g}; give a number above 0")
        self.path = Path(path)
        self.name = self.path.name
        self.loop = loop
        self.seconds = seconds
        self.sample_rate = SAMPLE_RATE
        self._notes: dict[str, str] = {}
        check_path(self.path)
        with self._open() as file:
            self.native_rate: int = file.samplerate
            self.native_channels: int = file.channels
            self.format: str = f"{file.format} {file.subtype}"
            frames: int = file.frames
            self._check(frames)
            with quiet():
                if next(_reads(file, np.empty((1, self.native_channels), np.float32), {}), None) is None:
                    raise unreadable(self.path)
        self.channels = min(self.native_channels, MOST_CHANNELS)
        self.lanes: Mapping[str, tuple[int, ...]] = lanes_of(self.channels)
        self._promised = frames
        once = frames / self.native_rate if frames < _UNKNOWN else math.inf
        self.duration = min(math.inf if loop else once, seconds or math.inf)
        if self.native_channels > MOST_CHANNELS:
            self._notes["channels"] = (
                f"channels 5 to {self.native_channels} are left out (1 and 2 are room, 3 body, 4 crowd)"
            )
        self._look_for_cut()

    def name_lanes(self, lanes: Mapping[str, tuple[int, ...]]) -> None:
        """Hear its channels as a rig names them, counted from 0. Before `blocks`.

        A lane whose channels the file does not have is left out, and `note` says so; an AudioError if that
        is the first one, which is what would be heard.
        """
        there = {lane: columns for lane, columns in lanes.items() if max(columns) < self.native_channels}
        missing = [
            f"lane {lane} is channel {max(columns) + 1}"
            for lane, columns in lanes.items()
            if lane not in there
        ]
        first = "room" if "room" in lanes else next(iter(lanes))
        has = f"{self.path.name} has {self.native_channels} channel{'s'[: self.native_channels - 1]}"
        if first not in there:
            contact = ", or take --rig contact" if first == "body" else ""
            raise AudioError(
                f"{has}, but the rig's {missing[0]}: give a recording with more channels, or write "
                f"{first} = [1] in [lanes] of the rig{contact}"
            )
        self.lanes = there
        self.channels = 1 + max(max(columns) for columns in there.values())
        self._notes.pop("channels", None)
        if missing:
            self._notes["lanes"] = f"{has}, but the rig's {' and '.join(missing)}: not heard"

    @property
    def note(self) -> str:
        """What a person should know about the recording, "" if nothing. [any thread]"""
        return "; ".join(self._notes.values())

    def blocks(self, clock: Clock) -> Iterator[Block]:
        """Blocks from the start of the recording, every time anew. [engine thread]"""
        chunks = self._at_rate(clock.sample_rate)
        if self.seconds is not None:
            chunks = _first(chunks, round(self.seconds * clock.sample_rate))
        return blocks_of(chunks, clock, self.lanes, self.channels)

    def _open(self) -> Any:
        import soundfile

        try:
            with quiet():  # libmpg123 writes remarks of its own to stderr
                return soundfile.SoundFile(os.fsencode(self.path) if os.name == "posix" else self.path)
        except (soundfile.SoundFileError, TypeError, OSError):
            raise unreadable(self.path) from None

    def _check(self, frames: int) -> None:
        if frames <= 0:
            size = self.path.stat().st_size
            if size > 4096:
                raise AudioError(
                    f"{self.path} says that it holds 0 samples though it has {size:,} bytes: it was cut off "
                    f"or never finished; export it again, or try: ffmpeg -i {self.path.name} mended.wav"
                )
            raise AudioError(f"{self.path} holds no sound (0 samples); record or export it again")
        low, high = _RATES
        if not low <= self.native_rate <= high:
            raise AudioError(
                f"{self.path} says {self.native_rate:,} samples a second, which no recorder writes "
                f"({low:,} to {high:,} can be read); its header is broken: export it again"
            )

    def _look_for_cut(self) -> None:
        promised = promised_bytes(self.path)
        if promised is None:
            return
        there, said = promised
        if there < said:
            self._notes["cut"] = (
                f"cut short: {self._promised / self.native_rate:.2f} s "
                f"of {self._promised / self.native_rate * said / there:.2f} s are there"
            )

    def _native(self) -> Iterator[F32]:
        """Scrubbed chunks at the file's own rate, the channels of the lanes only."""
        frames = max(256, min(_READ, _READ * 16 // self.native_channels))
        buffer = np.empty((frames, self.native_channels), np.float32)
        while True:
            count = bad = 0
            with self._open() as file:
                for chunk in _reads(file, buffer, self._notes):
                    count += len(chunk)
                    kept = chunk[:, : self.channels]
                    bad += scrub(kept)
                    yield kept
            if bad:
                self._notes["bad"] = (
                    f"{bad:,} samples were no numbers or over 8 times full scale, and are mended"
                )
            if count == 0:
                raise AudioError(f"{self.path} holds no sound that can be decoded; export it again")
            if count < self._promised < _UNKNOWN:
                played, said = count / self.native_rate, self._promised / self.native_rate
                self._notes["cut"] = f"cut short or damaged: {played:.2f} s of {said:.2f} s could be played"
            if not self.loop:
                return

    def _at_rate(self, rate: int) -> Iterator[F32]:
        if rate == self.native_rate:
            yield from self._native()
            return
        import soxr

        stream = soxr.ResampleStream(self.native_rate, rate, self.channels, dtype="float32", quality="HQ")
        for chunk in self._native():
            yield stream.resample_chunk(np.ascontiguousarray(chunk))
        yield stream.resample_chunk(np.zeros((0, self.channels), np.float32), last=True)


def _reads(file: Any, buffer: F32, notes: dict[str, str]) -> Iterator[F32]:
    """What can be read, up to the end or to the first damage, which is noted."""
    import soundfile

    noisy = file.format in ("MP3", "MPEG")
    while True:
        try:
            with quiet(noisy):
                chunk: F32 = file.read(out=buffer)
        except soundfile.SoundFileError:
            notes["cut"] = "damaged: it is played up to there"
            return
        if len(chunk) == 0:
            return
        yield chunk


def _first(chunks: Iterator[F32], samples: int) -> Iterator[F32]:
    """The first `samples` samples; what feeds them is closed."""
    for chunk in chunks:
        yield chunk[:samples]
        samples -= len(chunk)
        if samples <= 0:
            return
