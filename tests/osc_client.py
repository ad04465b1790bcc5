"""A door with something behind it, and a client made of python-osc alone: the other side of every test."""

from __future__ import annotations

import socket
import time
from types import SimpleNamespace

from pythonosc.osc_bundle import OscBundle
from pythonosc.osc_bundle_builder import IMMEDIATELY, OscBundleBuilder
from pythonosc.osc_message import OscMessage
from pythonosc.osc_message_builder import OscMessageBuilder

from wearsound.core import Clock, Event, Parameter
from wearsound.inbox import Inbox
from wearsound.osc.tree import Tree
from wearsound.outputs.echo import Echo
from wearsound.sources.osc_in.door import Door

ZONES = ("chest", "sleeve_left", "sleeve_right", "hem")


class Board:
    """Parameters of every kind and what they are now, played by an inbox that is drained hop by hop."""

    def __init__(self) -> None:
        self.now: dict[str, object] = {
            "/wear/master": 1.0,
            "/wear/blackout": 0,
            "/wear/param/bass/depth": 0.25,
            "/wear/param/sketch/petals": 5,
            "/wear/tempo/bpm": 120.0,
            "/wear/tempo/confidence": 0.75,
            "/wear/scene": "verse",
            "/wear/palette": "indigo",
            "/wear/move/knobs": (0.0, 0.5),
            **{f"/wear/zone/{zone}/{medium}": 0.0 for zone in ZONES for medium in ("glow", "hue")},
        }
        self.tree = Tree(
            [
                self._p("/wear/master"),
                self._p("/wear/blackout", "switch"),
                self._p("/wear/param/bass/depth", step=0.001),
                self._p("/wear/param/sketch/petals", "whole", low=1, high=12),
                self._p("/wear/tempo/bpm", low=30, high=300, unit="bpm"),
                self._p("/wear/tempo/confidence", settable=False),
                self._p("/wear/scene", "text", settable=False),
                self._p("/wear/palette", "text", choices=("indigo", "rust")),
                self._p("/wear/move/knobs", "list"),
                *(self._p(f"/wear/zone/{zone}/{medium}") for zone in ZONES for medium in ("glow", "hue")),
                *(
                    Parameter(address, "", "trigger")
                    for address in (
                        "/wear/scene/verse",
                        "/wear/scene/chorus",
                        "/wear/cue/go",
                        "/wear/mark",
                        "/wear/panic",
                        "/wear/resume",
                        "/wear/tempo/tap",
                        *(f"/wear/zone/{zone}/glow/release" for zone in ZONES),
                    )
                ),
                Parameter("/wear/delay/light", "", unit="ms", high=500),  # cannot be asked
            ]
        )
        self.inbox = Inbox(self.tree.values)
        self.events: list[Event] = []

    def _p(self, address, kind="number", **how):
        return Parameter(address, "", kind, read=lambda: self.now[address], **how)

    def hop(self) -> list[Event]:
        """Take what came in, as the engine would."""
        taken = self.inbox.take()
        for event in taken:
            self.events.append(event)
            if event.address in self.now:
                kind = self.tree.get(event.address).kind
                self.now[event.address] = event.args if kind == "list" else event.args[0]
        return taken

    def plain(self):
        """(address, arguments) of all events so far."""
        return [(event.address, event.args) for event in self.events]


class Client:
    """One socket that speaks from one port and hears on another, as most programs do."""

    def __init__(self, hears: int = 0) -> None:
        self.out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.out.bind(("127.0.0.1", 0))
        self.into = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.into.bind(("127.0.0.1", hears))
        self.into.settimeout(2.0)
        self.port = self.into.getsockname()[1]
        self.source = self.out.getsockname()[1]
        self.by = f"osc 127.0.0.1:{self.source}"
        self.to = 0

    def say(self, address, *args, tags=()):
        self.raw(datagram(address, *args, tags=tags))

    def raw(self, data):
        self.out.sendto(data, ("127.0.0.1", self.to))

    def hear(self, timeout=2.0):
        """The messages of the next datagram, [] if none comes."""
        self.into.settimeout(timeout)
        try:
            return [(m.address, tuple(m.params)) for m in parsed(self.into.recv(65535))]
        except TimeoutError:
            return []

    def hear_until(self, address, timeout=2.0):
        """Everything up to a message with this address."""
        heard, stop = [], time.monotonic() + timeout
        while not any(a == address for a, _ in heard):
            left = stop - time.monotonic()
            assert left > 0, f"{address} did not come: {heard}"
            heard += self.hear(left)
        return heard

    def close(self):
        self.out.close()
        self.into.close()


class Rehearsal:
    """A board behind an open door with an echo; `settle` waits until all that was sent has been read."""

    def __init__(self, board=None, **how) -> None:
        self.board = board or Board()
        self.clients: list[Client] = []
        self.door = Door(
            self.board.tree, self.board.inbox.put, port=how.pop("port", 0), version="1.2.3", **how
        )
        self.echo = Echo(self.board.tree, self.door.tell, lambda: self.door.subscribers)
        self.echo.open(Clock())
        self.door.open()

    def client(self, **how) -> Client:
        client = Client(**how)
        client.to = self.door.port
        self.clients.append(client)
        return client

    def settle(self, received, timeout=5.0):
        """Wait for so many datagrams in all, then play a hop and one look of the echo."""
        wait_for(lambda: self.door.counts.received >= received, timeout)
        counts, seen = self.door.counts, -1
        while seen != counts.served + sum(counts.refused.values()):  # the last one is still being served
            seen = counts.served + sum(counts.refused.values())
            time.sleep(0.01)
        return self.play()

    def play(self):
        taken = self.board.hop()
        for event in taken:
            self.echo.take(event)
        self.echo.send(SimpleNamespace())
        return taken

    def close(self):
        self.door.close()
        for client in self.clients:
            client.close()


def wait_for(what, timeout=5.0):
    stop = time.monotonic() + timeout
    while not what():
        assert time.monotonic() < stop, "it did not happen in time"
        time.sleep(0.002)


def message(address, *args, tags=()):
    builder = OscMessageBuilder(address)
    for n, arg in enumerate(args):
        builder.add_arg(arg, tags[n] if tags else None)
    return builder.build()


def datagram(address, *args, tags=()):
    return message(address, *args, tags=tags).dgram


def bundle(*messages, at=IMMEDIATELY):
    """`at` in seconds since 1970."""
    builder = OscBundleBuilder(at)
    for content in messages:
        builder.add_content(content)
    return builder.build().dgram


def parsed(data):
    if not OscBundle.dgram_is_bundle(data):
        return [OscMessage(data)]
    return list(OscBundle(data))
