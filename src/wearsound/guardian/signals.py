"""Which signals a guarded show hears: both its processes block them, and take them when it is time."""

from __future__ import annotations

import ctypes
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


class Said(ctypes.Structure):
    """What the system says of a signal: its number, and who sent it (`si_code`, above 0 for the system itself)."""

    _fields_ = (("si_signo", ctypes.c_int), ("si_errno", ctypes.c_int), ("si_code", ctypes.c_int),
                ("_more", ctypes.c_char * 244))  # fmt: skip


class _Time(ctypes.Structure):
    _fields_ = (("seconds", ctypes.c_long), ("nanoseconds", ctypes.c_long))


_SET = (ctypes.c_ubyte * 128)(
    *(sum(1 << (n - 1) % 8 for n in HEARD if (n - 1) // 8 == byte) for byte in range(128))
)


def wait(seconds: float) -> Said | None:
    """The first of HEARD that comes within so many seconds, None where none does, or sooner. [main thread]

    Not Python's own `sigtimedwait`: of a process that was stopped, and goes on when that time is over, it says that it
    heard whatever stood in its memory, such as a SIGINT that nobody sent.
    """
    said, whole = Said(), max(0.0, seconds)
    time = _Time(int(whole), int(whole % 1.0 * 1e9))
    number = ctypes.CDLL(None).sigtimedwait(ctypes.byref(_SET), ctypes.byref(said), ctypes.byref(time))
    return said if number > 0 else None
