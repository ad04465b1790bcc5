"""One run of the window process, held by its engine: start, tell, listen, stop."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any

import msgspec

from wearsound.errors import DeviceError, PatchError, WearsoundError, reason
from wearsound.outputs.outfit import Outfit, slot_for
from wearsound.outputs.records import Records
from wearsound.outputs.slot import Slot

WINDOW = "wearsound.outputs.window_process"
_GROUP = 0 if os.name == "posix" else None
"""A group of its own, in the engine's session: there it stays as nice as it is."""
_START = 60.0
"""Long: a big garment is baked before its window is ready."""


class Program:
    """One window process, a slot for each show it knows, and two threads: one listens to it, one writes to it.

    `ready`: its window stands; `dressing`: that takes long; `dressed`: the newest show it is ready for.
    """

    def __init__(
        self,
        wanted: dict[str, Any],
        outfit: Outfit,
        at_once: Callable[[str, tuple[Any, ...]], object] | None = None,
    ) -> None:
        """Start it with a window as `wanted` and the show `outfit`. DeviceError if it cannot be started.

        `at_once` is told what comes in before the engine takes it out of `inbox`. [the listening thread]
        """
        self._at_once = at_once
        self.inbox: deque[tuple[str, tuple[Any, ...]]] = deque(maxlen=256)
        self.gone = False
        self.dressing = False
        self.ready = False
        self.first = self.dressed = outfit.dress.number
        self.asked: set[int] = {self.first}
        """Numbers of the shows it was told of. [the writing thread]"""
        self._error: WearsoundError | None = None
        self._answered = threading.Event()
        self._letters: SimpleQueue[Outfit | str | int | None] = SimpleQueue()
        try:
            slot = slot_for(outfit.dress)
        except OSError as error:
            raise DeviceError(
                f"no shared memory for the window: {reason(error)}; free some of /dev/shm"
            ) from error
        self.slots: dict[int, Slot] = {self.first: slot}
        # -P: a pygame.py that lies in the current folder must not be taken for pygame.
        command = [sys.executable, "-P", "-m", WINDOW]
        try:
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, process_group=_GROUP
            )
        except OSError as error:
            slot.close()
            raise DeviceError(
                f"cannot start the window's program {sys.executable}: {reason(error)}"
            ) from error
        self._listener = threading.Thread(target=self._listen, name="window-listener", daemon=True)
        self._listener.start()
        first = {**wanted, **outfit.as_json(), "slot": slot.name}
        self._writer = threading.Thread(target=self._write, args=(first,), name="window-writer", daemon=True)
        self._writer.start()

    def dress(self, outfit: Outfit) -> None:
        """Tell it of another show that may come; what it was told already is not told again. [any thread]"""
        self._letters.put(outfit)

    def tell(self, sentence: str) -> None:
        """Put a sentence on the error strip, "" none. [any thread]"""
        self._letters.put(sentence)

    def leave(self, number: int) -> None:
        """Let go of the slots of shows before `number`. [any thread]"""
        self._letters.put(number)

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
        self.slots[self.first].unlink()
        return True

    def kill(self) -> None:
        """End it at once, and clean up nothing: whoever holds it notices. [any thread]"""
        self._process.kill()

    def stop(self, seconds: float) -> None:
        """End of stdin tells it to leave; after `seconds` it is killed. [not the engine thread]"""
        process = self._process
        self._letters.put(None)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if _GROUP is not None:  # whatever a sketch has started goes with it
            with contextlib.suppress(OSError):
                os.killpg(process.pid, signal.SIGKILL)
        self._writer.join(1.0)
        self._listener.join(1.0)
        for slot in self.slots.values():
            slot.close()

    def _write(self, first: dict[str, Any]) -> None:
        """Everything that may take long, or stand still with a program that hangs. [a thread of its own]"""
        pipe = self._process.stdin
        assert pipe is not None
        letter: Any = first
        while letter is not None:
            with contextlib.suppress(OSError):
                if isinstance(letter, int):
                    for number in [n for n in self.slots if n < letter]:
                        self.slots.pop(number).close()
                    letter = None
                elif isinstance(letter, Outfit):
                    letter = self._hung(letter)
                elif isinstance(letter, str):
                    letter = {"said": letter}
                if letter is not None:
                    # Eighty kilobytes: the standard library's encoder would hold everybody up for 4 ms.
                    pipe.write(msgspec.json.encode(letter) + b"\n")
                    pipe.flush()
            letter = self._letters.get()
        with contextlib.suppress(OSError):
            pipe.close()

    def _hung(self, outfit: Outfit) -> dict[str, Any] | None:
        """A new slot for a show it was not told of yet, and the letter that says so."""
        number = outfit.dress.number
        if number <= self.first or number in self.asked:
            return None
        self.asked.add(number)
        self.slots[number] = slot = slot_for(outfit.dress)
        return {**outfit.as_json(), "slot": slot.name}

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
        elif address == "/wear/window/attached":
            slot = self.slots.get(int(args[0]))
            if slot is not None:
                slot.unlink()
        elif address == "/wear/window/dressed":
            self.dressed = max(self.dressed, int(args[0]))
        else:
            self.inbox.append((address, args))
            if self._at_once is not None and not address.startswith("/wear/window/"):
                self._at_once(address, args)
