"""The displays of this machine: which one is meant, which comes next, and which the performer chose last."""

from __future__ import annotations

import contextlib
import ctypes
from pathlib import Path
from typing import Any

from wearsound import folders
from wearsound.errors import DeviceError

_LIST_EVERY = 1.0
"""Seconds between looks at which displays are plugged in."""


class Displays:
    """What pygame says of the displays, with the names that SDL knows. [main thread of the window]"""

    def __init__(self, pygame: Any) -> None:
        self._pygame = pygame
        self._looked = 0.0
        self.named = self._found()

    def chosen(self, asked: int | str | None) -> int:
        """The display that is asked for by number or by a part of its name; None: the one chosen last, or the first.

        DeviceError that lists them if there is none such.
        """
        if asked is None or asked == "":
            return self.kept()
        text = str(asked)
        if text.lstrip("-").isdecimal():
            if 0 <= int(text) < len(self.named):
                return int(text)
        else:
            meant = [at for at, name in enumerate(self.named) if text.casefold() in name.casefold()]
            if meant:
                return meant[0]
        there = ", ".join(f"{at} ({name})" for at, name in enumerate(self.named))
        raise DeviceError(f"no display {text}; there is {there}")

    def next(self, display: int) -> int:
        """The one after `display`, the first after the last."""
        return (display + 1) % max(1, len(self.named))

    def keep(self, display: int) -> None:
        """Remember the performer's choice, for the next start on this machine."""
        with contextlib.suppress(OSError, RuntimeError, IndexError):
            folders.write_whole(_path(), self.named[display].encode())

    def kept(self) -> int:
        """The display that was kept, 0 if it is not there."""
        with contextlib.suppress(OSError, RuntimeError, UnicodeDecodeError, ValueError):
            return self.named.index(_path().read_bytes().decode())
        return 0

    def changed(self, now: float) -> bool:
        """Whether displays came or went since the last look; looks once a second at most."""
        if now - self._looked < _LIST_EVERY:
            return False
        self._looked = now
        before, self.named = self.named, self._found()
        return before != self.named

    def _found(self) -> list[str]:
        """A name for each display, with its size: two screens of one kind are told apart by where they stand."""
        sizes = self._pygame.display.get_desktop_sizes()
        found = []
        for at, (width, height) in enumerate(sizes):
            name = _name(self._pygame, at)
            found.append(f"{name} {width}x{height}" if name else f"{width}x{height}")
        return [
            name if found.count(name) == 1 else f"{name} #{found[:at].count(name) + 1}"
            for at, name in enumerate(found)
        ]


def _name(pygame: Any, display: int) -> str:
    """What SDL calls it, "" where it cannot be asked: pygame has no word for it, so its library is asked itself."""
    try:
        ask = ctypes.CDLL(pygame.display.__file__).SDL_GetDisplayName
        ask.restype, ask.argtypes = ctypes.c_char_p, [ctypes.c_int]
        return (ask(display) or b"").decode("utf-8", "replace")
    except (OSError, AttributeError, TypeError):
        return ""


def _path() -> Path:
    return folders.config() / "display.txt"
