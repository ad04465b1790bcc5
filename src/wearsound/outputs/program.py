"""One run of the window process, held by its engine: start, listen, stop."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any

from wearsound.errors import DeviceError, PatchError, WearsoundError
from wearsound.outputs.slot import Records, Slot

_START = 60.0
"""Long: a big garment is baked before its window is ready."""


class Program:
    """One window process, its slot, and the thread that listens to it. `ready`: its window stands;
    `dressing`: that takes long."""

    def __init__(
        self,
        wanted: dict[str, Any],
        counts: tuple[int, int, int, int],
        at_once: Callable[[str, tuple[Any, ...]], object] | None = None,
    ) -> None:
        """Start it; `counts` are features, controls, zones and pixels. DeviceError if it cannot be started.

        `at_once` is told what comes in before the engine takes it out of `inbox`. [the listening thread]
        """
        self._at_once = at_once
        self.inbox: deque[tuple[str, tuple[Any, ...]]] = deque(maxlen=256)
        self.gone = False
        self.dressing = False
        self.ready = False
        self._error: WearsoundError | None = None
        self._answered = threading.Event()
        try:
            self.slot = Slot(*counts, n_screen=len(wanted["screen"]), n_actuators=len(wanted["actuators"]))
        except OSError as error:
            raise DeviceError(
                f"no shared memory for the window: {error.strerror}; free some of /dev/shm"
            ) from error
        # -P: a pygame.py that lies in the current folder must not be taken for pygame.
        command = [sys.executable, "-P", "-m", "wearsound.outputs.window_process"]
        try:
            self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        except OSError as error:
            self.slot.close()
            raise DeviceError(
                f"cannot start the window's program {sys.executable}: {error.strerror}"
            ) from error
        threading.Thread(target=self._listen, name="window-listener", daemon=True).start()
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):
            self._process.stdin.write(json.dumps({**wanted, "slot": self.slot.name}).encode() + b"\n")
            self._process.stdin.flush()

    def wait(self, closing: threading.Event, *, patient: bool = True) -> bool:
        """Until it is ready; WearsoundError with its sentence if it will not be.

        False, and not ready yet, where it is dressing and nobody is `patient`: wait again, elsewhere.
        """
        end = time.monotonic() + _START
        while not self._answered.wait(0.05) and time.monotonic() < end and not closing.is_set():
            if self.dressing and not patient:
                return False
        if self._error is not None:
            raise self._error
        if not self.ready:
            raise DeviceError(
                "the window's program ended before its window opened; `wearsound doctor` looks for why"
            )
        self.slot.unlink()
        return True

    def stop(self, seconds: float) -> None:
        """End of stdin tells it to leave; after `seconds` it is killed. [not the engine thread]"""
        process = self._process
        assert process.stdin is not None
        with contextlib.suppress(OSError):
            process.stdin.close()
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        self.slot.close()

    def _listen(self) -> None:
        """[a thread of its own]"""
        pipe = self._process.stdout
        assert pipe is not None
        records = Records()
        with contextlib.suppress(OSError, ValueError), pipe:
            while data := os.read(pipe.fileno(), 1 << 16):
                for address, args in records.feed(data):
                    self._heard(address, args)
        self.gone = True
        self._answered.set()

    def _heard(self, address: str, args: tuple[Any, ...]) -> None:
        if address == "/wear/window/ready":
            self.ready = True
            self._answered.set()
        elif address == "/wear/window/dressing":
            self.dressing = True
        elif address == "/wear/window/error":
            kind, sentence = map(str, (*args, "", "")[:2])
            self._error = (PatchError if kind == "PatchError" else DeviceError)(sentence)
        else:
            self.inbox.append((address, args))
            if self._at_once is not None:
                self._at_once(address, args)
