"""The parent of a show's engine: has it back when it has crashed or hangs, with its last scene and masters.

A spare process with everything imported waits beside the one that plays, so that the next begins at once. Signals are
blocked here and waited for; those that are meant for the show go to the engine. It never gives up.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Sequence
from typing import Any

from wearsound.guardian import crashes, sentences
from wearsound.guardian.child import CRASHED, Child
from wearsound.guardian.ladder import AS_ASKED, Ladder
from wearsound.guardian.lines import Words
from wearsound.guardian.signals import HANDS, HEARD, LEAVE, wait

HANG = 3.0
"""Seconds without a word of an engine that plays after which it is ended; it says one every second."""
BEGIN = 120.0
"""Seconds in which a show must have begun."""
DUMP = 1.0
"""Seconds in which an engine that hangs may say where its threads are."""
SPARE, SPARE_AGAIN = 5.0, 60.0
"""Seconds after which a show that has begun gets a spare process, and between two of them."""
AGAIN = 1.0
"""Seconds between two tries to start a process."""
SLEPT = 1.0
"""Seconds that this process did not run: it was not the engine that stood still."""
BAD_FILE, MISSING = 2, 3
"""Exit codes of a show that does not begin: a file is wrong, or a device is not there."""
LEAVES = 30.0
"""Seconds without a word in which an engine that is leaving must have left: devices are closed one after the other."""
GRACE, TWICE = 0.05, 0.5
"""Seconds in which an engine says that it was told to leave by itself (a terminal tells both of us), and between two
signals that are one."""
LOOK, SOON = 0.25, 0.02
"""Seconds between two looks while all is well, and while something is awaited."""


def possible() -> bool:
    """Whether this system has what a guard needs (Linux has)."""
    return hasattr(signal, "sigtimedwait") and hasattr(os, "posix_spawn")


def guard(words: Sequence[str]) -> int:
    """Play `wearsound WORDS` in a process of its own until it ends, and return its exit code. [main thread]"""
    signal.pthread_sigmask(signal.SIG_BLOCK, HEARD)
    try:
        return Guardian(words).run()
    finally:
        while signal.sigtimedwait(HEARD, 0) is not None:
            pass  # what was meant for a show that has ended
        signal.pthread_sigmask(signal.SIG_UNBLOCK, HEARD)


class Guardian:
    """Watches one engine at a time; the signals of HEARD are blocked. [main thread]"""

    def __init__(self, words: Sequence[str]) -> None:
        self._words = list(words)
        self._ladder = Ladder()
        self._kept: Words = {}
        """What the engine told last of what is to be brought back."""
        self._engine: Child | None = None
        self._spare: Child | None = None
        self._starts = 0
        self._begun = False
        """Whether any engine has played."""
        self._next = self._spare_next = 0.0
        self._left = 0.0
        """When somebody asked us to leave, 0 if nobody has."""
        self._pass_on: tuple[int, float] | None = None
        """The signal that says so, and until when the engine may know of it by itself."""
        self._waiting: list[int] = []
        """Hands that were raised while no engine played."""
        self._aborted = 0.0
        """When the engine that hangs was told to say where, 0 for none."""
        self._down = ""
        """The code of the fault that ended the last engine, until the next one plays."""
        self._woken = 0.0

    def run(self) -> int:
        """Until the show ends: its exit code. OSError if no process can be started."""
        before = time.monotonic()
        self._start(before)
        try:
            while True:
                said = wait(self._look())
                now = time.monotonic()
                if now - before > SLEPT or (said is not None and said.si_signo == signal.SIGCONT):
                    self._wake(now)
                before = now
                if said is not None:
                    self._hear(said, now)
                code = self._turn(now)
                if code is not None:
                    return code
        finally:
            if self._engine is not None:
                self._engine.close()
            if self._spare is not None:
                self._spare.end()

    def _look(self) -> float:
        """Seconds until the next look, if no signal comes."""
        if self._engine is None:
            return min(LOOK, max(SOON, self._next - time.monotonic()))
        again = self._begun and not self._engine.begun
        return SOON if again or self._woken or self._pass_on is not None else LOOK

    def _turn(self, now: float) -> int | None:
        """One look at everything; the exit code when it is over."""
        engine = self._engine
        if engine is None:
            if self._left:
                print("wearsound: stopped", file=sys.stderr)
                return 130
            if now >= self._next:
                try:
                    self._start(now)
                except OSError:  # no memory, or too many processes: it may be otherwise soon
                    self._next = now + AGAIN
            return None
        code = engine.code()
        self._listen(engine, now)
        if code is not None:
            return self._ended(engine, code, now)
        if self._woken:
            self._woken = self._woken if now - self._woken < SLEPT else 0.0
            engine.kill(signal.SIGCONT)
        if self._pass_on is not None:
            number, until = self._pass_on
            if engine.leaving or now >= until:
                if not engine.leaving:
                    engine.kill(number)
                self._pass_on = None
        self._watch(engine, now)
        if not engine.leaving and not self._left:
            self._keep_spare(engine, now)
        return None

    def _start(self, now: float) -> None:
        """Begin, or begin again, with what is known of before."""
        engine, self._spare = self._spare, None
        if engine is None or engine.code() is not None:
            engine = Child()
        self._starts += 1
        self._aborted = 0.0
        rung = self._ladder.rung
        # What a hand had set may be what it crashed of; panic and the masters hold in any case.
        kept = {
            key: said
            for key, said in self._kept.items()
            if rung == AS_ASKED or key in ("hands", "played", "window")
        }
        order = {"words": self._words, "rung": rung, "again": self._begun, "kept": kept}
        engine.order({**order, "crash": crashes.new(self._starts)}, now)
        self._engine = engine

    def _listen(self, engine: Child, now: float) -> None:
        before = engine.begun
        self._kept |= engine.listen(now)
        if engine.begun and not before:
            self._begun = True
            if self._down:
                sentences.back(self._down)
                self._down = ""
        if engine.hears:
            for number in self._waiting:
                engine.kill(number)
            self._waiting.clear()

    def _hear(self, said: Any, now: float) -> None:
        number = said.si_signo
        engine = self._engine
        if number in HANDS:
            if engine is not None and engine.hears:
                engine.kill(number)
            else:
                self._waiting.append(number)
        elif number in LEAVE:
            by_terminal = said.si_code > 0  # the kernel's own: the engine is of the same group
            if not self._left:
                self._left, self._pass_on = now, (number, now + GRACE)
            elif engine is not None and not by_terminal and now - self._left > TWICE:
                engine.kill(number)

    def _watch(self, engine: Child, now: float) -> None:
        """End it if it hangs."""
        patience = LEAVES if engine.leaving else HANG if engine.begun else BEGIN
        if now - engine.life <= patience or (engine.alone and not engine.leaving):
            return
        if not self._aborted:
            self._aborted = now
            engine.kill(signal.SIGABRT)
        elif now - self._aborted > DUMP:
            engine.kill(signal.SIGKILL)

    def _wake(self, now: float) -> None:
        """Everything stood still (a laptop's lid, Ctrl-Z): nobody is late for that."""
        self._woken = now
        if self._engine is not None:
            self._engine.life = now

    def _keep_spare(self, engine: Child, now: float) -> None:
        """A process that has imported everything waits for its turn."""
        if self._spare is not None and self._spare.code() is not None:
            self._spare.close()
            self._spare = None
        due = engine.begun and now - engine.begun >= SPARE and now >= self._spare_next and not engine.alone
        if self._spare is None and due:
            self._spare_next = now + SPARE_AGAIN
            try:
                self._spare = Child()
            except OSError:
                return  # without one a crash takes longer

    def _ended(self, engine: Child, code: int, now: float) -> int | None:
        """The engine is gone: the exit code if that was meant, else None, and another will begin."""
        self._engine = None
        engine.close()
        own = code >= 0 and code != CRASHED
        if (own and (code == 0 or not self._begun)) or engine.leaving or engine.alone or self._left:
            if own:
                crashes.drop(engine.crash)
            return code if code >= 0 else 128 - code
        hung = bool(self._aborted)
        rung = self._ladder.rung
        files, missing = (not engine.begun and code == each for each in (BAD_FILE, MISSING))
        wait = self._ladder.crashed(now, files=files, missing=missing)
        self._next = now + wait
        how = sentences.ended(code, CRASHED)
        if hung:
            how = f"stood still for {HANG:.0f} s" if engine.begun else f"did not begin within {BEGIN:.0f} s"
        played = float(self._kept.get("played", 0.0))
        crashes.add(engine.crash, f"the engine {how}, {played:.0f} s after its show began")
        fault = sentences.HUNG if hung else sentences.ENDED
        if self._down and self._down != fault:
            sentences.back(self._down)
        self._down = fault
        sentences.down(fault, how, self._ladder.rung, wait, engine.crash)
        if self._ladder.rung != rung:
            sentences.step(self._ladder.rung)
        self._spare_next = 0.0
        return None
