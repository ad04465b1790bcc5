"""Which datagrams one frame of a target is, and how its stream ends: a class a protocol, all of one shape.

A frame's datagrams leave together, the one that shows them all last. Not thread-safe: `sender` sees to that.
"""

from __future__ import annotations

import itertools
import math
from typing import Any, Protocol

from wearsound.outputs.light import artnet, ddp, sacn

Datagrams = list[tuple[bytes, Any]]

SLOTS = 512


class Wire(Protocol):
    """How one target is spoken to."""

    datagrams: int
    """Of one frame."""
    universes: tuple[int, ...]
    """All that are used; none where the protocol has none."""
    news_every: float
    """Seconds; infinite where there is none."""

    def frame(self, data: bytes, address: Any) -> Datagrams:
        """The datagrams that show `data` at `address`."""
        ...

    def end(self, dark: bytes, address: Any) -> Datagrams:
        """How the stream ends, after it has gone dark."""
        ...

    def news(self, address: Any) -> Datagrams:
        """What is told every `news_every` seconds."""
        ...


class Ddp:
    """DDP; `size` bytes a frame."""

    universes: tuple[int, ...] = ()
    news_every = math.inf

    def __init__(self, size: int, *, white: bool = False) -> None:
        self.datagrams = max(1, -(-size // ddp.ROOM))
        self._white = white
        self._sequences = itertools.cycle(range(1, ddp.LAST_SEQUENCE + 1))

    def frame(self, data: bytes, address: Any) -> Datagrams:
        """The last one carries the push."""
        sequence = next(self._sequences)
        return [(packet, address) for packet in ddp.packets(data, sequence, self._white)]

    def end(self, dark: bytes, address: Any) -> Datagrams:
        """DDP has no word for it."""
        return []

    def news(self, address: Any) -> Datagrams:
        """Nothing."""
        return []


class ArtNet:
    """Art-Net; `size` bytes a frame of `channels` a pixel, from `universe` on, shown by `sync` if there are several."""

    news_every = math.inf

    def __init__(self, size: int, channels: int, universe: int, *, sync: bool = True) -> None:
        self._room = room(channels)
        self.universes = spread(size, channels, universe)
        self._sync = sync and len(self.universes) > 1
        self.datagrams = len(self.universes) + self._sync
        self._sequences = itertools.cycle(range(1, artnet.LAST_SEQUENCE + 1))

    def frame(self, data: bytes, address: Any) -> Datagrams:
        """An ArtDmx a universe, then an ArtSync to the same address."""
        sequence = next(self._sequences)
        found: Datagrams = [
            (artnet.dmx(universe, sequence, data[i * self._room : (i + 1) * self._room]), address)
            for i, universe in enumerate(self.universes)
        ]
        if self._sync:
            found.append((artnet.sync(), address))
        return found

    def end(self, dark: bytes, address: Any) -> Datagrams:
        """Art-Net has no word for it."""
        return []

    def news(self, address: Any) -> Datagrams:
        """Nothing: who is there is asked with ArtPoll, which is not done."""
        return []


class Sacn:
    """sACN; as ArtNet. `multicast`: each universe to its own group, whatever the address.

    The first universe is the one that synchronises. `sender` and `name` say who speaks (`sacn.cid`, `sacn.named`).
    """

    news_every = sacn.DISCOVERY_EVERY

    def __init__(
        self,
        size: int,
        channels: int,
        universe: int,
        sender: bytes,
        name: bytes,
        *,
        port: int = sacn.PORT,
        priority: int = 100,
        sync: bool = True,
        multicast: bool = False,
    ) -> None:
        self._room = room(channels)
        self.universes = spread(size, channels, universe)
        self._sync = universe if sync and len(self.universes) > 1 else 0
        self.datagrams = len(self.universes) + bool(self._sync)
        self._sender = sender
        self._name = name
        self._priority = priority
        self._groups = [(sacn.group(u), port) for u in self.universes] if multicast else []
        self._discovery = (sacn.group(sacn.DISCOVERY), port)
        self._sequence = 255

    def frame(self, data: bytes, address: Any) -> Datagrams:
        """A data packet a universe, then what shows them."""
        found = self._data(data, address, self._sync, 0)
        if self._sync:
            to = self._groups[0] if self._groups else address
            found.append((sacn.sync(self._sync, self._sequence, self._sender), to))
        return found

    def end(self, dark: bytes, address: Any) -> Datagrams:
        """Three times that the streams are over, so that receivers need not wait 2.5 s for it."""
        return [sent for _ in range(3) for sent in self._data(dark, address, 0, sacn.TERMINATED)]

    def news(self, address: Any) -> Datagrams:
        """Which universes are sent."""
        to = self._discovery if self._groups else address
        return [(page, to) for page in sacn.discovery(list(self.universes), self._sender, self._name)]

    def _data(self, data: bytes, address: Any, sync: int, options: int) -> Datagrams:
        self._sequence = sequence = (self._sequence + 1) & 0xFF
        found: Datagrams = []
        for i, universe in enumerate(self.universes):
            packet = sacn.data(
                universe,
                sequence,
                data[i * self._room : (i + 1) * self._room],
                self._sender,
                self._name,
                priority=self._priority,
                sync=sync,
                options=options,
            )
            found.append((packet, self._groups[i] if self._groups else address))
        return found


def room(channels: int) -> int:
    """Bytes of pixels that a universe holds: no pixel is torn between two, so 170 of three, 128 of four channels."""
    return SLOTS // channels * channels


def spread(size: int, channels: int, universe: int) -> tuple[int, ...]:
    """The universes that `size` bytes take from `universe` on."""
    return tuple(range(universe, universe + max(1, -(-size // room(channels)))))
