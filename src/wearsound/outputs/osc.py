"""OSC out: the same messages to programs over UDP and to a file."""

from __future__ import annotations

import contextlib
import hashlib
import json
import socket
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any, Protocol

from wearsound import faults
from wearsound.core import LIGHT_RATE, Clock, Frame
from wearsound.errors import DeviceError, reason
from wearsound.osc.address import is_broadcast
from wearsound.osc.bundle import Bundles, Message
from wearsound.osc.lookup import Lookup
from wearsound.outputs.osc_messages import HEALTH, OscMessages
from wearsound.outputs.udp import LOST


class OscSink(Protocol):
    """Where messages go."""

    def open(self) -> None:
        """Take the socket or file."""
        ...

    def send(self, time: float, messages: Sequence[Message]) -> None:
        """Send the messages of one frame. [engine thread]"""
        ...

    def close(self, neutral: Sequence[Message]) -> None:
        """Say `neutral` where somebody hears it, then let go; twice is fine."""
        ...


class Osc:
    """An output: asks `messages` what leaves for each due frame and gives it to every sink."""

    fault = "WS-N24"

    def __init__(
        self,
        messages: OscMessages,
        sinks: Sequence[OscSink],
        name: str = "osc",
        rate: int = LIGHT_RATE,
        mends: bool = True,
    ) -> None:
        self.name = name
        self.mends = mends
        self.rate = rate
        self._messages = messages
        self._show = 0
        self._learned: dict[int, OscMessages] = {}
        self._sinks = tuple(sinks)
        self._open = False

    def learn(self, show: int, messages: OscMessages) -> None:
        """What leaves for frames of the show of this number; those of the one before may still be on their way. [any
        thread]"""
        messages.reset()
        self._learned[show] = messages

    def find(self) -> None:
        """Begin to ask for every sink's host, long before `open`. [main thread]"""
        for sink in self._sinks:
            find = getattr(sink, "find", None)
            if find is not None:
                find()

    def open(self, clock: Clock) -> None:
        """Open every sink; a sentence with a remedy if one cannot."""
        self._messages.reset()
        for sink in self._sinks:
            sink.open()
        self._open = True

    def send(self, frame: Frame) -> None:
        """Send what this frame changed. [engine thread]"""
        if frame.show != self._show and frame.show in self._learned:
            self._show = frame.show
            before, self._messages = self._messages, self._learned.pop(frame.show)
            self._messages.told = before.told
        messages = self._messages.at(frame)
        if messages:
            for sink in self._sinks:
                sink.send(frame.time, messages)

    def close(self) -> None:
        """Dark, still and silent at every receiver, always; twice is fine."""
        neutral = self._messages.neutral() if self._open else []
        self._open = False
        with contextlib.ExitStack() as closing:  # one that cannot must not keep the others open
            for sink in reversed(self._sinks):
                closing.callback(sink.close, neutral)


class UdpSink:
    """One receiver by host and port. Never connected, never waiting: a lost datagram is only counted.

    Without `bundle` each message goes in a datagram of its own: Sonic Pi and AbletonOSC read no bundles.
    """

    def __init__(self, name: str, host: str, port: int, *, bundle: bool = True) -> None:
        self.name = name
        self._bundle = bundle
        self.sent = 0
        self.lost = 0
        self._failing = False
        self._who = f"OSC to {name}"
        self._host = host
        self._port = port
        self._lookup = Lookup(host, port)
        self._socket: socket.socket | None = None
        self._address: Any = None
        self._bundles = Bundles()

    def find(self) -> None:
        """Begin to ask for the host, long before `open`. [main thread]"""
        self._lookup.start()

    def open(self) -> None:
        """Find the host and take a socket; a DeviceError if there is no such host or port."""
        if not 0 < self._port < 65536:
            raise DeviceError(f"OSC target {self.name!r}: port {self._port} is not between 1 and 65535")
        found = self._lookup.answer()
        if found is None:
            raise DeviceError(f"OSC target {self.name!r}: no host called {self._host!r}: give its IP address")
        family, self._address = socket.AddressFamily(found[0]), found[1]
        self._socket = socket.socket(family, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        if family == socket.AF_INET and is_broadcast(self._address[0]):
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)

    def send(self, time: float, messages: Sequence[Message]) -> None:
        """Send one frame's messages, in as few datagrams as fit if they may be bundled. [engine thread]"""
        if self._socket is None:
            return
        bundles = self._bundles
        for datagram in bundles.of(messages) if self._bundle else map(bundles.message, messages):
            try:
                self._socket.sendto(datagram, self._address)
                self.sent += 1
                if self._failing:
                    self._failing = False
                    faults.end(LOST, self._who)
            except OSError as error:
                self.lost += 1
                self._failing = True
                why = f"OSC to {self._host}:{self._port} is being lost: {reason(error)}"
                faults.begin(LOST, self._who, why)

    def close(self, neutral: Sequence[Message]) -> None:
        """Leave the receiver dark, still and silent; twice is fine."""
        self.send(0.0, neutral)
        taken, self._socket = self._socket, None
        if taken is not None:
            taken.close()


class JsonlSink:
    """osc.jsonl: a line a message, `{"t", "target", "address", "args"}`; health is left out.

    After `close`, `digest` is the content hash and `facts` the number of messages.
    """

    name = "osc"

    def __init__(self, path: Path, target: str = "osc") -> None:
        self._path = path
        self._target = target
        self._file: IO[bytes] | None = None
        self._content = hashlib.sha256()
        self._lines = 0
        self._heads: dict[str, str] = {}

    def open(self) -> None:
        """Take the file; an OSError if it cannot."""
        self._file = self._path.open("wb")

    def send(self, time: float, messages: Sequence[Message]) -> None:
        """Write one frame's messages. [engine thread]"""
        assert self._file is not None
        kept = [message for message in messages if message[0] != HEALTH]
        start = f'{{"t": {round(time, 6)!r}, '
        text = "".join(start + self._line(message) for message in kept).encode()
        self._file.write(text)
        self._content.update(text)
        self._lines += len(kept)

    def close(self, neutral: Sequence[Message]) -> None:
        """Finish the file; twice is fine. A recording ends where the show did: no neutral lines."""
        taken, self._file = self._file, None
        if taken is not None:
            taken.close()

    @property
    def digest(self) -> str:
        """Content hash of the text."""
        return self._content.hexdigest()

    def facts(self) -> dict[str, Any]:
        """How many messages."""
        return {"counts": {"messages": self._lines}}

    def _line(self, message: Message) -> str:
        address, args = message
        head = self._heads.get(address)
        if head is None:
            target, quoted = (json.dumps(text, ensure_ascii=False) for text in (self._target, address))
            head = self._heads[address] = f'"target": {target}, "address": {quoted}, "args": ['
        return head + ", ".join(map(_json, args)) + "]}\n"


def _json(arg: float | int | str) -> str:
    """A finite number or a string as JSON: for numbers five times quicker than json.dumps."""
    return json.dumps(arg, ensure_ascii=False) if isinstance(arg, str) else repr(arg)
