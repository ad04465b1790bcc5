"""Which signals a guarded show hears: both its processes block them, and take them when it is time."""

from __future__ import annotations

import signal

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
