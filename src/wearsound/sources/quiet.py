"""Keeps C libraries from writing their own remarks to the terminal, and nobody else."""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys
import threading
from collections.abc import Iterator

from wearsound.errors import printable

_gate = threading.RLock()  # a signal handler may log while its thread is here
_hushing = 0
_kept = -1
"""Where file descriptor 2 went before, while it goes nowhere."""


@contextlib.contextmanager
def quiet(hush: bool = True) -> Iterator[None]:
    """File descriptor 2 goes nowhere inside, for the whole process; exceptions pass. Several may be inside at once.

    ALSA, PortAudio and libmpg123 write to it directly, past `sys.stderr`. What a log says meanwhile, from any thread,
    is seen by way of `Aloud`. [any thread]
    """
    if not hush:
        yield
        return
    with _gate:
        hushed = _begin()
    try:
        yield
    finally:
        if hushed:
            with _gate:
                _end()


def hush_alsa() -> None:
    """ALSA writes nothing to the terminal any more, from any of its threads: "underrun occurred" is counted by who
    plays. Its calls say what is wrong by what they return. Does nothing where there is no ALSA.

    The handler that it is given is a function of the C library which reads no argument and does nothing that lasts:
    one of Python's would have to be waited for on the audio thread. [any thread]
    """
    if not sys.platform.startswith("linux"):
        return
    with contextlib.suppress(OSError, AttributeError):
        silent = ctypes.cast(ctypes.CDLL(None).getpid, ctypes.c_void_p)
        ctypes.CDLL("libasound.so.2").snd_lib_error_set_handler(silent)


class Aloud:
    """A text stream for a log: `sys.stderr`, also where file descriptor 2 goes nowhere. [any thread]"""

    def write(self, text: str) -> int:
        """Say it at once. A stranger's words may hold what a terminal would obey: they are shown as ?."""
        text = printable(text, "\n\t")
        with _gate:
            if _hushing and _is_descriptor_2():
                os.write(
                    _kept, text.encode(getattr(sys.stderr, "encoding", None) or "utf-8", "backslashreplace")
                )
            elif sys.stderr is not None:
                sys.stderr.write(text)
        return len(text)

    def flush(self) -> None:
        """As `sys.stderr` does."""
        if sys.stderr is not None:
            sys.stderr.flush()


def _begin() -> bool:
    """Whether file descriptor 2 goes nowhere now; a program without it has nothing to hush."""
    global _hushing, _kept
    if _hushing == 0:
        try:
            sys.stderr.flush()
            kept = os.dup(2)
        except (OSError, ValueError, AttributeError):
            return False
        try:
            nowhere = os.open(os.devnull, os.O_WRONLY)
        except OSError:
            os.close(kept)
            return False
        os.dup2(nowhere, 2)
        os.close(nowhere)
        _kept = kept
    _hushing += 1
    return True


def _end() -> None:
    global _hushing, _kept
    _hushing -= 1
    if _hushing == 0:
        os.dup2(_kept, 2)
        os.close(_kept)
        _kept = -1


def _is_descriptor_2() -> bool:
    try:
        return sys.stderr.fileno() == 2
    except (OSError, ValueError, AttributeError):
        return False
