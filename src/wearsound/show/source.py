"""What a person names as sound: a recording, a test signal, the built-in track, or part of a device's name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from wearsound.core import Block, Clock, Source

if TYPE_CHECKING:
    from wearsound.show.rig import Rig

BUILT_IN = "demo"
RECORDINGS = {
    ".wav",
    ".flac",
    ".ogg",
    ".oga",
    ".opus",
    ".mp3",
    ".aif",
    ".aiff",
    ".aifc",
    ".caf",
    ".w64",
    ".rf64",
    ".au",
    ".m4a",
    ".aac",
    ".mp4",
}


TEST_SECONDS = 20.0
"""How long a test signal is heard where nobody said, and it would never end."""


def length_of(source: Source) -> float | None:
    """Seconds until a source ends by itself, None if that is not known."""
    for name in ("seconds", "duration"):
        length = getattr(source, name, None)
        if length is not None:
            return float(length)
    return None


def open_recording(text: str, *, seconds: float | None = None, loop: bool = False) -> Source:
    """A source that ends by itself or by `seconds`: a file, a test signal, or the built-in track."""
    if text == BUILT_IN:
        from wearsound.sources.composer import DemoSource

        return DemoSource(seconds=seconds, loop=loop)
    if text.startswith("test:"):
        from wearsound.sources.signal import test_signal

        signal = test_signal(text)
        signal.seconds = seconds or signal.seconds or (None if loop else TEST_SECONDS)
        return signal
    from wearsound.sources.file import FileSource

    return FileSource(text, loop=loop, seconds=seconds)


def open_source(
    text: str | None, *, rig: Rig | None = None, seconds: float | None = None, loop: bool = False
) -> Source:
    """Whatever `--input` names; with no name, the rig's input or the default one."""
    if text is not None and _is_recording(text):
        # Live, a test signal goes on until somebody leaves.
        return open_recording(text, seconds=seconds, loop=loop or text.startswith("test:"))
    from wearsound.sources.microphone import Microphone

    lanes = (
        {name: tuple(channel - 1 for channel in channels) for name, channels in rig.lanes.items()}
        if rig
        else None
    )
    return Microphone(text or (rig.input if rig else None), lanes=lanes or None)


def _is_recording(text: str) -> bool:
    path = Path(text)
    return (
        text == BUILT_IN
        or text.startswith("test:")
        or path.suffix.lower() in RECORDINGS
        or path.exists()
        or "/" in text
    )


class Watched:
    """A source that says how far it is; implements core.Source."""

    live = False

    def __init__(self, source: Source, progress: Callable[[float], None] | None) -> None:
        self._source = source
        self._progress = progress
        self.lanes: Mapping[str, tuple[int, ...]] = source.lanes
        self.sample_rate = source.sample_rate

    def blocks(self, clock: Clock) -> Iterator[Block]:
        """The source's own blocks."""
        total = length_of(self._source)
        for block in self._source.blocks(clock):
            yield block
            if self._progress and total:
                self._progress(clock.seconds(block.tick + block.n_hops) / total)
