"""Keeps C libraries from writing their own remarks to the terminal."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator


@contextlib.contextmanager
def quiet(hush: bool = True) -> Iterator[None]:
    """File descriptor 2 goes nowhere inside; exceptions pass. Keep it short: it is the whole process's.

    ALSA, PortAudio and libmpg123 write to it directly, past `sys.stderr`.
    """
    if not hush:
        yield
        return
    try:
        sys.stderr.flush()
        kept = os.dup(2)
    except (OSError, ValueError, AttributeError):  # a program without stderr has nothing to hush
        yield
        return
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 2)
        os.close(nowhere)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
