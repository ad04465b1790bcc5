"""osc.jsonl of a render, line by line and never whole: which messages left when."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, BinaryIO

import msgspec
from msgspec import Meta

from wearsound.errors import MissingError, PatchError, reason
from wearsound.osc.bundle import Message

log = logging.getLogger(__name__)

OSC = "osc.jsonl"
MOST_LINE = 1 << 16
"""Bytes of one line; a message of a datagram needs a tenth."""

_MOST_TOGETHER = 1 << 14
"""Messages of one moment; a show of a hundred zones has some hundred."""
_GREATEST = 3.4e38

Whole = Annotated[int, Meta(ge=-(1 << 31), lt=1 << 31)]
Number = Annotated[float, Meta(ge=-_GREATEST, le=_GREATEST)]
Text = Annotated[str, Meta(max_length=512)]


class Line(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One message: `t` seconds since the start, and what was sent."""

    t: Annotated[float, Meta(ge=0, lt=1e7)]
    address: Annotated[str, Meta(pattern=r"^/[!-~]{1,127}$(?!\n)")]
    args: Annotated[tuple[Whole | Number | Text, ...], Meta(max_length=64)]
    target: Annotated[str, Meta(max_length=100)] = ""


_decoder = msgspec.json.Decoder(Line)


class OscLines:
    """The osc.jsonl of a folder. MissingError or PatchError if it is none; a broken line later on is counted in
    `broken`, said once and left out: the show goes on. `last` is when its last message left, in seconds.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / OSC
        self.broken = 0
        try:
            with self.path.open("rb") as file:
                text = file.readline(MOST_LINE + 1)
                if text:
                    self._read(text, f"{self.path}:1")
                self.size = file.seek(0, 2)
                self.last = self._last(file)
        except FileNotFoundError:
            raise MissingError(
                f"{folder} holds no {OSC}: give a folder that `wearsound render` made"
            ) from None
        except OSError as error:
            raise PatchError(f"{self.path}: cannot be read ({reason(error)})") from None

    def moments(self, start: float = 0.0) -> Iterator[tuple[float, list[Message]]]:
        """(seconds, what left then) from `start` seconds on, in order."""
        with self.path.open("rb") as file:
            self._seek(file, start)
            now, together = 0.0, list[Message]()
            while text := file.readline(MOST_LINE + 1):
                line = self._good(text, file)
                if line is None or line.t < start:
                    continue
                if line.t < now or len(together) >= _MOST_TOGETHER:
                    self._say(f"{self.path}: a message at {line.t:g} s is out of order or one too many")
                    continue
                if together and line.t > now:
                    yield now, together
                    together = []
                now = line.t
                together.append((line.address, line.args))
            if together:
                yield now, together

    def _seek(self, file: BinaryIO, start: float) -> None:
        """Go to a line not far before `start`: the lines are in order, so halving finds it at once."""
        low, high = 0, self.size
        while start > 0 and high - low > 4 * MOST_LINE:
            middle = (low + high) // 2
            file.seek(middle)
            file.readline(MOST_LINE + 1)
            line = self._good(file.readline(MOST_LINE + 1), file)
            if line is None or line.t >= start:
                high = middle
            else:
                low = middle
        file.seek(low)
        if low:
            file.readline(MOST_LINE + 1)

    def _last(self, file: BinaryIO) -> float:
        start = max(0, self.size - 2 * MOST_LINE)
        file.seek(start)
        lines = file.read(2 * MOST_LINE).splitlines(keepends=True)[1 if start else 0 :]
        for text in reversed(lines):
            if (line := self._good(text, file)) is not None:
                return line.t
        return 0.0

    def _good(self, text: bytes, file: BinaryIO) -> Line | None:
        try:
            return self._read(text, f"{self.path}, before byte {file.tell()}")
        except PatchError as error:
            self._say(str(error))
            while text and not text.endswith(b"\n") and len(text) > MOST_LINE:  # the rest of a giant
                text = file.readline(MOST_LINE + 1)
            return None

    def _read(self, text: bytes, where: str) -> Line:
        if len(text) > MOST_LINE:
            raise PatchError(f"{where}: a line of more than {MOST_LINE:,} bytes; render again")
        try:
            return _decoder.decode(text)
        except (msgspec.MsgspecError, RecursionError, ValueError) as error:
            raise PatchError(f"{where}: {error}; no message of a render: render again") from None

    def _say(self, text: str) -> None:
        if not self.broken:
            log.warning("%s; it is left out", text)
        self.broken += 1
