"""Where everything that leaves a soaked show arrives, with the moment at which the system had it: light, vibration,
sound, OSC. What the judges make of it they make on a thread of their own."""

from __future__ import annotations

import math
import selectors
import socket
import struct
import threading
import time
from collections import deque
from typing import Any

from wearsound.osc.bad_packet import BadPacket
from wearsound.osc.packet import read
from wearsound.soak.devices import sound_of
from wearsound.soak.judge_light import LightJudge
from wearsound.soak.judge_sound import SoundJudge
from wearsound.soak.judge_touch import TouchJudge

_STAMP = 35
"""SO_TIMESTAMPNS of Linux: when the system had a datagram, however late we ask for it."""
_NANO = struct.Struct("qq")
_LOOK = 0.25
_LAG = 0.5
"""Seconds for which something may be under way to us."""
_ROOM = 8 << 20
GONE = 3.0
"""Seconds after which a fault of which nothing is heard any more is over, for it is told once a second."""
PORTS = ("light", "vibration", "osc", "sound")


class Told:
    """What the show says of itself by OSC: its faults, how it is. [one thread writes]"""

    def __init__(self) -> None:
        self.fps = 0.0
        self.health_at = -math.inf
        self.codes: dict[str, int] = {}
        """How often a fault of each code has begun."""
        self._faults: dict[tuple[str, str], float] = {}

    def take(self, when: float, packet: bytes) -> None:
        """A datagram came; what is no OSC is left out."""
        try:
            messages = read(packet)
        except BadPacket:
            return
        for message in messages:
            if message.address == "/wear/health":
                self.fps, self.health_at = float(str(message.args[0])), when
            elif message.address == "/wear/fault":
                code, who, seconds = map(str, message.args)
                key = (code, who)
                if float(seconds) < 0:
                    self._faults.pop(key, None)
                else:
                    if when - self._faults.get(key, -math.inf) > GONE:
                        self.codes[key[0]] = self.codes.get(key[0], 0) + 1
                    self._faults[key] = when

    def faults(self, now: float) -> list[str]:
        """What is wrong now, in words. [any thread]"""
        return [f"{code} {who}" for (code, who), when in list(self._faults.items()) if now - when <= GONE]


class Ears:
    """`with Ears() as ears`: four ports of this machine; `judge` begins to judge. `ports` by name of PORTS."""

    def __init__(self) -> None:
        self._sockets: dict[str, socket.socket] = {}
        self.ports: dict[str, int] = {}
        for name in PORTS:
            taken = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            taken.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _ROOM)
            taken.setsockopt(socket.SOL_SOCKET, _STAMP, 1)
            taken.bind(("127.0.0.1", 0))
            taken.setblocking(False)
            self._sockets[name] = taken
            self.ports[name] = taken.getsockname()[1]
        self.told = Told()
        self._judges: tuple[LightJudge, TouchJudge | None, SoundJudge] | None = None
        self._came: deque[tuple[str, float, bytes]] = deque()
        self._closing = threading.Event()
        self._threads = [threading.Thread(target=self._listen, name="soak ears", daemon=True)]
        self.error: Exception | None = None
        """What broke in the judges' own thread: then nothing is proved."""

    def __enter__(self) -> Ears:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def judge(self, light: LightJudge, touch: TouchJudge | None, sound: SoundJudge) -> None:
        """Begin to listen and to judge."""
        self._judges = (light, touch, sound)
        self._threads.append(threading.Thread(target=self._judge, name="soak judges", daemon=True))
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """Judge what is left, free the ports; twice is fine."""
        self._closing.set()
        for thread in self._threads:
            if thread.is_alive():
                thread.join()
        for taken in self._sockets.values():
            taken.close()

    def _listen(self) -> None:
        """[a thread of its own]"""
        with selectors.DefaultSelector() as chosen:
            for name, taken in self._sockets.items():
                chosen.register(taken, selectors.EVENT_READ, name)
            while not self._closing.is_set():
                for key, _ in chosen.select(_LOOK):
                    self._drain(key.data, self._sockets[key.data])

    def _drain(self, name: str, taken: socket.socket) -> None:
        ahead = time.clock_gettime(time.CLOCK_REALTIME) - time.monotonic()
        while True:
            try:
                data, more, _, _ = taken.recvmsg(65_536, 128)
            except BlockingIOError:
                return
            when = time.monotonic()
            for level, kind, stamp in more:
                if level == socket.SOL_SOCKET and kind == _STAMP and len(stamp) >= _NANO.size:
                    seconds, nano = _NANO.unpack_from(stamp)
                    when = seconds + nano * 1e-9 - ahead
            self._came.append((name, when, data))

    def _judge(self) -> None:
        """[a thread of its own]"""
        try:
            while not self._closing.wait(_LOOK):
                self._look(time.monotonic() - _LAG)
            self._threads[0].join()
            self._look(time.monotonic(), all_=True)
        except Exception as error:
            self.error = error

    def _look(self, now: float, all_: bool = False) -> None:
        assert self._judges is not None
        light, touch, sound = self._judges
        takes: dict[str, Any] = {"light": light.take, "osc": self.told.take}
        if touch is not None:
            takes["vibration"] = touch.take
        while self._came:
            name, when, data = self._came.popleft()
            if name == "sound":
                found = sound_of(data)
                if found is not None:
                    sound.take(when, *found)
            elif name in takes:
                takes[name](when, data)
        light.look(now, all_=all_)
        if touch is not None:
            touch.look(now)
        if all_:
            sound.look(now)
