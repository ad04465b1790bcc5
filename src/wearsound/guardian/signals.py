"""Which signals a guarded show hears: both its processes block them, and take them when it is time."""

from __future__ import annotations

import signal
from typing import Any

LEAVE = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT") if hasattr(signal, name)
)
_FIRST = int(getattr(signal, "SIGRTMIN", 0))
HANDS = tuple(
    [getattr(signal, name) for name in ("SIGUSR1", "SIGUSR2") if hasattr(signal, name)]
    + ([_FIRST + step for step in range(1, 5)] if _FIRST else [])
)
"""What `show.hands` hears: panic, resume, blackout, freeze, master down and up."""
_GUARD = tuple(getattr(signal, name) for name in ("SIGCHLD", "SIGCONT") if hasattr(signal, name))
HEARD = (*LEAVE, *HANDS, *_GUARD)
"""All of these."""
SHORTEST = 0.0001
"""Seconds; a timer of 0 would never ring."""


def wait(seconds: float) -> Any | None:
    """The first of HEARD that comes within so many seconds (`struct_siginfo`), None where none does. [main thread]

    Not `signal.sigtimedwait`: of a process that was stopped, and goes on when that time is over, Python says that it
    heard whatever stood in its memory, such as a SIGINT that nobody sent. A wait without an end is begun again
    instead, so here a timer ends it.
    """
    alarm = (signal.SIGALRM,)
    signal.pthread_sigmask(signal.SIG_BLOCK, alarm)
    try:
        signal.setitimer(signal.ITIMER_REAL, max(seconds, SHORTEST))
        said = signal.sigwaitinfo((*HEARD, *alarm))
        return None if said.si_signo == signal.SIGALRM else said
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        signal.sigtimedwait(alarm, 0)  # one that rang just now
        signal.pthread_sigmask(signal.SIG_UNBLOCK, alarm)
