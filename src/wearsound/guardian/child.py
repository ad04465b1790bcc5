"""One engine process, as its parent holds it: told what to play, listened to, waited for."""

from __future__ import annotations

import contextlib
import os
import signal
import sys

from wearsound.guardian.lines import Hearer, Teller, Words

MODULE = "wearsound.cli.engine_process"
CRASHED = 70
"""The exit code of an engine that ended by an error of its own (sysexits' EX_SOFTWARE)."""


class Child:
    """Starts a process that imports what a show needs and then waits for `order`. OSError if it cannot be started.

    It has this process's standard streams, process group and blocked signals. [one thread]
    """

    def __init__(self) -> None:
        inlet, to = os.pipe()
        out, outlet = os.pipe()
        for theirs in (inlet, outlet):
            os.set_inheritable(theirs, True)
        # -P: a numpy.py that lies in the current folder must not be taken for NumPy.
        command = [sys.executable, "-P", "-m", MODULE, str(inlet), str(outlet)]
        try:
            self.pid = os.posix_spawn(sys.executable, command, os.environ)
        except OSError:
            os.close(to)
            os.close(out)
            raise
        finally:
            os.close(inlet)
            os.close(outlet)
        self._to, self._from = Teller(to), Hearer(out)
        self._code: int | None = None
        self.crash = ""
        """The file in which it writes how it ended."""
        self.begun = 0.0
        """When (monotonic seconds) it had its first block, 0 before."""
        self.life = 0.0
        """When something was last heard of it."""
        self.leaving = False
        """It is ending because somebody asked for that, or because its source has ended."""
        self.alone = False
        """It plays something that is not begun again."""

    def order(self, words: Words, now: float) -> None:
        """What it shall play; it begins at once."""
        self.crash = str(words.get("crash", ""))
        self.life = now
        self._to.tell(words)

    def listen(self, now: float) -> Words:
        """What it has told since the last call, the newest of each."""
        found: Words = {}
        for words in self._from.heard():
            self.life = now
            found |= words
        self.begun = self.begun or float(found.pop("begun", 0.0))
        self.leaving = self.leaving or bool(found.pop("leaving", False))
        self.alone = self.alone or bool(found.pop("alone", False))
        return found

    def code(self) -> int | None:
        """How it has ended: an exit code, or minus the number of the signal; None while it runs."""
        if self._code is None:
            try:
                pid, status = os.waitpid(self.pid, os.WNOHANG)
            except ChildProcessError:  # somebody else waits for our children: it is gone
                pid, status = self.pid, 0
            if pid:
                self._code = os.waitstatus_to_exitcode(status)
        return self._code

    def kill(self, number: int) -> None:
        """Send it a signal, if it is there."""
        if self.code() is None:
            with contextlib.suppress(OSError):
                os.kill(self.pid, number)

    @property
    def hears(self) -> bool:
        """Whether hands may be passed on: it plays, or will play what is not begun again."""
        return bool(self.begun) or self.alone

    def end(self) -> None:
        """Kill it and wait for that."""
        self.kill(signal.SIGKILL)
        if self._code is None:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(self.pid, 0)
        self.close()

    def close(self) -> None:
        """Nothing more is said or heard: one that runs leaves. Twice is fine."""
        self._to.close()
        self._from.close()
