"""The other end of `aside`: what every second process of ours does, whatever it is for."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

NICE = 10
"""As the window's: what is only tried waits for what plays."""


def serve(ready: Callable[[], object], answer: Callable[[dict[str, Any], IO[bytes]], object]) -> None:
    """Answer what is asked, one after the other, for as long as somebody may ask. [main thread]

    `ready` does beforehand what takes long. `answer(asked, to)` writes one line of JSON, and what follows it.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform != "win32":
        os.nice(NICE)
        # Linux shares a busy machine out among sessions first, whatever they call themselves: so ours says it too.
        with contextlib.suppress(OSError):
            Path("/proc/self/autogroup").write_text(str(NICE))
    told, to = _take_pipes()
    asked: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(told, asked), daemon=True).start()
    with contextlib.suppress(BrokenPipeError):
        ready()
        say(to, {"ready": True})
        while True:
            answer(json.loads(asked.get()), to)


def say(to: IO[bytes], words: dict[str, Any]) -> None:
    """One line."""
    to.write(json.dumps(words).encode() + b"\n")
    to.flush()


def _listen(told: IO[bytes], asked: queue.SimpleQueue[bytes]) -> None:
    """Its end is ours, also in the middle of something. [a thread of its own]"""
    while line := told.readline():
        asked.put(line)
    os._exit(0)


def _take_pipes() -> tuple[IO[bytes], IO[bytes]]:
    """The pipes from and to the engine, out of everybody's reach: what is printed here is printed as an error."""
    told, to = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return told, to
