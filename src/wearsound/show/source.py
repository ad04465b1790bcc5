"""What a person names as sound: a recording, a take, a test signal, the built-in track, or part of a device's name."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wearsound.core import Block, Clock, Source
from wearsound.errors import PatchError
from wearsound.outputs.record.show_file import TAKE, is_take
from wearsound.sources.excerpt import Excerpt

if TYPE_CHECKING:
    from wearsound.show.rig import Rig

BUILT_IN = ("demo", "walk")
"""The built-in track, and the built-in walk: a body alone."""
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
    """Seconds until a source ends by itself, None if it does not or that is not known."""
    length = float(getattr(source, "duration", math.inf))
    return length if math.isfinite(length) else None


def open_recording(text: str, *, seconds: float | None = None, loop: bool = False) -> Source:
    """A source that ends by itself or by `seconds`: a file, a take, a test signal, or what is built in."""
    if text in BUILT_IN:
        from wearsound.sources.composer import DemoSource, WalkSource

        made = DemoSource if text == "demo" else WalkSource
        return made(seconds=seconds, loop=loop)
    if text.startswith("test:"):
        from wearsound.sources.signal import test_signal

        signal = test_signal(text, seconds)
        endless = length_of(signal) is None
        return test_signal(text, TEST_SECONDS) if endless and not loop else signal
    if _is_take(Path(text)):
        from wearsound.sources.take import TakeSource

        return TakeSource(text, loop=loop, seconds=seconds)
    from wearsound.sources.file import FileSource

    return FileSource(text, loop=loop, seconds=seconds)


def open_part(text: str, start: float, *, seconds: float | None = None, rig: Rig | None = None) -> Source:
    """A recording from `start` on, for `seconds`, its lanes named by the rig: what comes before is not heard.

    A PatchError for a take: it is cut by `wearsound take trim`, which knows what held at that moment.
    """
    if start and _is_take(Path(text)):
        raise PatchError(f"{text} is a take: cut it with `wearsound take trim {text} --from {start:g}` first")
    end = None if seconds is None else start + seconds
    whole = name_lanes(open_recording(text, seconds=end), rig)
    if not start:
        return whole
    length = length_of(whole)
    if length is not None and start >= length:
        raise PatchError(f"{text} ends after {length:.1f} s: begin before that, not at {start:g}")
    hop = Clock(sample_rate=whole.sample_rate).hop
    first = round(start * whole.sample_rate / hop)
    return Excerpt(lambda: name_lanes(open_recording(text, seconds=end), rig), first, sys.maxsize, False)


def _is_take(path: Path) -> bool:
    """Also one that was not finished, of which its reader knows the name."""
    return is_take(path) or path.name == TAKE or (not path.exists() and is_take(Path(f"{path}.part")))


def name_lanes(source: Source, rig: Rig | None) -> Source:
    """A recording heard by the lanes that a rig gives to channels. A take, a test signal and the built-in
    track have lanes of their own.
    """
    name = getattr(source, "name_lanes", None)
    if rig is not None and rig.lanes and name is not None:
        name(_columns(rig))
    return source


def _columns(rig: Rig) -> dict[str, tuple[int, ...]]:
    """The rig's lanes with channels counted from 0."""
    return {name: tuple(channel - 1 for channel in channels) for name, channels in rig.lanes.items()}


def open_source(
    text: str | None, *, rig: Rig | None = None, seconds: float | None = None, loop: bool = False
) -> Source:
    """Whatever `--input` names; with no name, the rig's input or the default one. It ends after `seconds`."""
    if text is not None and _is_recording(text):
        # Live, a test signal goes on until somebody leaves.
        recording = open_recording(text, seconds=seconds, loop=loop or text.startswith("test:"))
        return name_lanes(recording, rig)
    from wearsound.sources.microphone import Microphone

    lanes = _columns(rig) if rig else None
    microphone = Microphone(text or (rig.input if rig else None), lanes=lanes or None)
    return microphone if seconds is None else Watched(microphone, seconds=seconds)


def _is_recording(text: str) -> bool:
    path = Path(text)
    return (
        text in BUILT_IN
        or text.startswith("test:")
        or path.suffix.lower() in RECORDINGS
        or path.exists()
        or "/" in text
    )


class Watched:
    """A source that says how far it is and ends after `seconds`; implements core.Source.

    Everything else that a source may have (`name`, `note`, `age`, `lost`, ...) is the source's own,
    asked anew each time, so that what is live stays so.
    """

    def __init__(
        self,
        source: Source,
        progress: Callable[[float], None] | None = None,
        seconds: float | None = None,
    ) -> None:
        self._source = source
        self._progress = progress
        self._seconds = math.inf if seconds is None else seconds
        self.live = source.live
        self.lanes: Mapping[str, tuple[int, ...]] = source.lanes
        self.sample_rate = source.sample_rate
        self.duration = min(length_of(source) or math.inf, self._seconds)

    def __getattr__(self, name: str) -> Any:
        # Only called for what is not here; a name of our own that is missing must not ask itself for `_source`.
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self._source, name)

    def blocks(self, clock: Clock) -> Iterator[Block]:
        """The source's own blocks, up to the one in which `seconds` are over."""
        total = length_of(self)
        blocks = self._source.blocks(clock)
        try:
            for block in blocks:
                yield block
                now = clock.seconds(block.tick + block.n_hops)
                if self._progress and total:
                    self._progress(now / total)
                if now >= self._seconds:
                    return
        finally:
            getattr(blocks, "close", lambda: None)()  # lets go of a microphone at once
