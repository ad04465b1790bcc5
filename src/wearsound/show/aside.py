"""A second process of ours that does aside what may take long, hang or die, while a show plays on.

It is told what to do by lines of JSON and answers with one, which a parcel may follow. It leaves when its engine does:
at the end of its stdin.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from wearsound.errors import DeviceError, reason
from wearsound.show.parcel import unpack

START = 60.0
"""Seconds in which it must be ready: long, for the machine may be busy with the show's own beginning."""


PATIENCE, STILL = 6, 0.01
"""How many times longer it may take where others keep the processor from it, and which share is not even trying."""


class LeftError(Exception):
    """It did not answer; `hung` says that it was killed for that, else it ended by itself."""

    def __init__(self, hung: bool) -> None:
        super().__init__("hung" if hung else "ended by itself")
        self.hung = hung


class Aside:
    """One such process: `module` is run as a program. `ask` is for one thread at a time, `close` for any.

    Only of one that runs nobody's code are `parcels` opened: they may hold anything.
    """

    def __init__(self, module: str, *, parcels: bool = False) -> None:
        self._command = [sys.executable, "-P", "-m", module]
        self._parcels = parcels
        self._process: subprocess.Popen[bytes] | None = None
        self._ready = False
        self._late = False
        self._one_at_a_time = threading.Lock()
        self._closing = False

    def start(self) -> None:
        """Begin, and do not wait; nothing happens where it runs already. DeviceError if it cannot be. [any thread]"""
        with self._one_at_a_time:
            if self._process is not None and self._process.poll() is not None:
                self._process = None  # killed while nobody asked anything of it: that was no show's fault
            if self._closing or self._process is not None:
                return
            try:
                # A session of its own: Ctrl-C is the engine's, and what a sketch has started is killed with it.
                self._process = subprocess.Popen(
                    self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
                )
            except OSError as error:
                raise DeviceError(f"cannot start a second {sys.executable}: {reason(error)}") from error
            self._ready = False

    def ask(self, words: dict[str, Any], seconds: float) -> tuple[dict[str, Any], Any]:
        """Its answer, and what was in its parcel or None; LeftError if there is none within `seconds`.

        Seconds of work, where the system tells them: a machine that is busy with the show itself gives it little.
        After that it is gone, and `start` begins another. [a thread that may wait]
        """
        self.start()
        process = self._process
        if process is None:
            raise LeftError(hung=False)
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            if not self._ready:
                self._answer(process, START)
                self._ready = True
            process.stdin.write(json.dumps(words).encode() + b"\n")
            process.stdin.flush()
            return self._answer(process, seconds)
        except (OSError, ValueError, EOFError):  # a pipe that closed, or half an answer
            late = self._late
            self.stop()
            raise LeftError(late) from None

    def stop(self) -> None:
        """End it, with whatever it has started: there is nothing that it could leave half done. [any thread]"""
        with self._one_at_a_time:
            process, self._process = self._process, None
        if process is None:
            return
        assert process.stdin is not None
        assert process.stdout is not None
        _kill(process)
        process.wait()
        for pipe in (process.stdin, process.stdout):
            with contextlib.suppress(OSError, ValueError):
                pipe.close()

    def close(self) -> None:
        """End it for good; twice is fine. Who waits for an answer gets none. [any thread]"""
        self._closing = True
        self.stop()

    @property
    def pid(self) -> int | None:
        """The number of its process, None while there is none."""
        process = self._process
        return process.pid if process is not None else None

    def _answer(self, process: subprocess.Popen[bytes], seconds: float) -> tuple[dict[str, Any], Any]:
        """The next line, and what comes with it."""
        assert process.stdout is not None
        pipe = process.stdout
        self._late = False
        done = threading.Event()
        threading.Thread(target=self._watch, args=(process, seconds, done), daemon=True).start()

        def read(n: int) -> Any:
            # Memory that is not touched here: its pages are found while the pipe is read, and nobody waits for it.
            memory = np.empty(n, np.uint8)
            if pipe.readinto(memory.data) != n:  # type: ignore[attr-defined]
                raise EOFError
            return memory

        try:
            answer = json.loads(pipe.readline() or b"no")
            if not (self._parcels and answer.get("parcel")):
                return answer, None
            with _unswept():
                return answer, unpack(read)
        finally:
            done.set()

    def _watch(self, process: subprocess.Popen[bytes], seconds: float, done: threading.Event) -> None:
        """Kill it when it stands still or has worked for too long; others may keep it waiting. [its own thread]"""
        begun = worked = _worked(process.pid)
        for _ in range(PATIENCE):
            if done.wait(seconds):
                return
            before, worked = worked, _worked(process.pid)
            if worked - before < STILL * seconds or worked - begun >= seconds:
                break
        if not done.is_set():
            self._late = True
            _kill(process)


@contextlib.contextmanager
def _unswept() -> Iterator[None]:
    """Thousands of new things are no garbage, and are not looked through for it now or later: 3 ms in which nobody else
    gets a turn. They go when nobody holds them any more, for nothing in a show holds itself in a circle."""
    sweeps = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if sweeps:
            gc.enable()


def _kill(process: subprocess.Popen[bytes]) -> None:
    """At once, with whatever it has started."""
    if process.returncode is not None:
        return
    with contextlib.suppress(OSError):
        if os.name == "posix":
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()


def _worked(pid: int) -> float:
    """Seconds of a processor that it had; 0 where nobody tells."""
    try:
        words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, IndexError):
        return 0.0
