"""Room in the system's buffer that is kept for hands: in a flood, all else is thinned out before it gets in.

What a program does after it has read a datagram is too late: a flood of 170,000 a second fills the buffer while it
reads, and the system then drops whatever comes, a panic too. So Linux is given a filter of some thirty steps (a classic
BPF program, socket(7) SO_ATTACH_FILTER), which it runs on each datagram before that goes into the buffer: what begins
as a hand does (panic, resume, blackout, freeze) is let in, of all the rest one in ONE_IN, by lot. It stands from where
thousands wait, or the system drops many for want of room, until fewer come than can be read. Other systems have no
such filter: there this does nothing. A flood of what begins as a hand does fills the buffer all the same.
"""

from __future__ import annotations

import array
import socket
import struct
import sys
import time
from contextlib import suppress

PANIC = b"/wear/panic\0"
BEGIN = len(PANIC)
HANDS = tuple(word[:BEGIN] for word in (PANIC, b"/wear/resume", b"/wear/blackout", b"/wear/freeze"))
"""How a datagram begins that must come through although its sender, or all together, have said too much: a hand that
is put on, and what lets go of it. A fader (`/wear/master`) does not: it is a flood itself."""

FLOOD = 1_000
"""Datagrams that the system drops within LOOK_AGAIN, its buffer being full, at which the filter is put on. A desk that
recalls a scene, or a burst that fits, never sees it."""

UNREAD = 3 << 20
"""Bytes that wait, some 4,000 short datagrams, at which it is put on too, where the buffer holds more."""

ONE_IN = 32
"""Of a million datagrams a second, 31,000 get in: more than are served, fewer than can be drained."""

LOOK_AGAIN = 0.1
"""Seconds between two looks at whether the flood is over."""

OVER = 60_000
"""Datagrams dropped a second below which it is: fewer than are drained without a filter."""

_ATTACH, _DETACH, _MEMINFO = 26, 27, 55
"""SO_ATTACH_FILTER, SO_DETACH_FILTER and SO_MEMINFO of Linux; Python has no names for them."""

_MEMORY = struct.Struct("=9I")
"""What SO_MEMINFO tells: bytes that wait, seven more sizes, and last how many datagrams were dropped."""

_UDP_HEADER = 8
"""Bytes that a filter sees before the datagram's own."""

_LOAD, _IF_EQUAL, _IF_GREATER, _RETURN = 0x20, 0x15, 0x25, 0x06
"""Instructions of BPF: load the word at a fixed place, in network order (a datagram too short to hold it is dropped);
skip so many steps where that is or is not equal to, or greater than, a constant; let in so many bytes, 0 for none."""

_LOT = 0xFFFFF000 + 56
"""The "place" at which BPF finds a random word (SKF_AD_RANDOM)."""


def _program() -> bytes:
    """Let in what begins with one of HANDS, and of the rest one in ONE_IN; a step has 8 bytes."""
    steps = []
    for hand in HANDS:
        words = [int.from_bytes(hand[at : at + 4], "big") for at in range(0, BEGIN, 4)]
        for n, word in enumerate(words):
            to_next = 2 * (len(words) - 1 - n) + 1
            steps += [(_LOAD, 0, 0, _UDP_HEADER + 4 * n), (_IF_EQUAL, 0, to_next, word)]
        steps.append((_RETURN, 0, 0, 0xFFFFFFFF))
    let_in, drop = (_RETURN, 0, 0, 0xFFFFFFFF), (_RETURN, 0, 0, 0)
    steps += [(_LOAD, 0, 0, _LOT), (_IF_GREATER, 1, 0, 0xFFFFFFFF // ONE_IN), let_in, drop]
    return b"".join(struct.pack("=HBBI", *step) for step in steps)


class Reserve:
    """Of one socket; `look` is called by whoever reads from it, every few datagrams. [one thread]"""

    def __init__(self, made: socket.socket) -> None:
        self.dropped = 0
        """Datagrams that the system dropped so far, by the filter or because its buffer was full; 0 where it does
        not tell."""
        self._socket = made
        self._steps = array.array("B", _program())
        self.on = False
        """Whether hands alone are sure to be let in; then `look` is to be called at least every LOOK_AGAIN seconds."""
        self._asked = (0.0, 0)
        self._able = sys.platform.startswith("linux")

    def look(self) -> None:
        """Put the filter on or take it off, where it is time."""
        if not self._able:
            return
        try:
            memory = self._socket.getsockopt(socket.SOL_SOCKET, _MEMINFO, _MEMORY.size)
            waiting, *_, self.dropped = _MEMORY.unpack(memory)
            now, (asked, dropped) = time.monotonic(), self._asked
            lately = (self.dropped - dropped) % 2**32
            if not self.on and (lately > FLOOD or waiting > UNREAD):
                self._put_on(now)
            elif now - asked >= LOOK_AGAIN:
                if self.on and lately < OVER * (now - asked):
                    self._take_off()
                self._asked = now, self.dropped
        except (OSError, struct.error):  # a kernel before 4.12, or one that allows no filter
            self._able = False
            with suppress(OSError):
                self._take_off()

    def _put_on(self, now: float) -> None:
        steps, address = len(self._steps) // 8, self._steps.buffer_info()[0]
        self._socket.setsockopt(socket.SOL_SOCKET, _ATTACH, struct.pack("HL", steps, address))
        self.on, self._asked = True, (now, self.dropped)

    def _take_off(self) -> None:
        if self.on:
            self.on = False
            self._socket.setsockopt(socket.SOL_SOCKET, _DETACH, 0)
