"""What light out costs: 20,000 LEDs at 40 frames a second, in CPU of the sending thread, and beside two libraries.

A receiver of its own reads and throws away. Every frame changes. The libraries only pack: they are asked for the
datagrams of the same universes, which is all of their work that can be compared.
"""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.stopwatch import each, paced
from benchmarks.table import Figure, Part, spread
from wearsound.core import Clock
from wearsound.outputs.light.map import LightMap
from wearsound.outputs.light.sender import LightSender
from wearsound.outputs.light.wire import ArtNet, Ddp, Sacn, Wire
from wearsound.outputs.udp import Udp

LEDS = 20_000
RATE = 40
SECONDS = 5.0
PACKINGS = 20

RECEIVER = """
import socket
inlet = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
inlet.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 23)
inlet.bind(("127.0.0.1", 0))
print(inlet.getsockname()[1], flush=True)
count = 0
while inlet.recv(65535) != b"end":
    count += 1
print(count, flush=True)
"""


def run() -> Part:
    """The three protocols by the clock, then packing alone."""
    part = Part("Light out")
    size = 3 * LEDS
    wires: dict[str, Callable[[], Wire]] = {
        "DDP": lambda: Ddp(size),
        "Art-Net": lambda: ArtNet(size, 3, 0),
        "sACN": lambda: Sacn(size, 3, 1, bytes(16), b"bench"),
    }
    for name, wire in wires.items():
        cpu, datagrams, came = _sent(wire())
        per = f"{name}, {datagrams} datagrams a frame"
        part.figures.append(Figure(f"{per}: the sender's share of a core", cpu.mean() * RATE / 1e4, "%"))
        part.figures += spread(f"{per}: CPU of a frame", cpu / 1e3, "ms")
        part.figures.append(Figure(f"{per}: arrived at the receiver", 100.0 * came, "% of the datagrams"))
    part.figures += _packing(wires, size)
    part.notes.append(
        f"{LEDS} LEDs, {RATE} frames a second for {SECONDS:g} s, gamma and order by the map, all datagrams of a frame "
        "to one receiver on this machine; CPU of the thread that sends, with what the system does in its calls. A "
        "receiver that loses datagrams here is a matter of its own buffer."
    )
    return part


def _frames(count: int) -> list[Any]:
    generator = np.random.default_rng(7)
    return [generator.integers(0, 256, (LEDS, 3)).astype(np.uint8) for _ in range(count)]


def _sent(wire: Wire) -> tuple[Any, int, float]:
    """(CPU of each frame in us, datagrams a frame, share of them that arrived)."""
    receiver = subprocess.Popen([sys.executable, "-c", RECEIVER], stdout=subprocess.PIPE, text=True)
    assert receiver.stdout is not None
    port = int(receiver.stdout.readline())
    out = LightSender(
        "bench", wire, LightMap(range(LEDS), "GRB"), Udp("bench", "127.0.0.1", port, kind="light"), RATE
    )
    out.open(Clock())
    some = _frames(8)
    frames = [some[i % 8] for i in range(int(SECONDS * RATE))]
    cpu = each(out.show, paced(frames, 1 / RATE), warm=RATE // 2)[1]
    sent = out.sent
    time.sleep(0.3)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as end:
        end.sendto(b"end", ("127.0.0.1", port))
    came = int(receiver.stdout.readline())
    receiver.wait()
    out.close()
    return cpu, wire.datagrams, came / sent


def _packing(wires: dict[str, Callable[[], Wire]], size: int) -> list[Figure]:
    """Datagrams of one frame from its bytes, ours and two libraries', in one run, CPU medians."""
    data = np.random.default_rng(7).integers(0, 256, size).astype(np.uint8).tobytes()
    found = []
    ours = {}
    for name, make in wires.items():
        wire = make()
        cpu = each(lambda _, wire=wire: wire.frame(data, None), range(10 * PACKINGS), warm=PACKINGS)[1]  # type: ignore[misc]
        ours[name] = float(np.median(cpu))
        found.append(Figure(f"packing only, {name}, CPU of a frame", ours[name] / 1e3, "ms"))
    for name, theirs, peer in (("sACN", _sacn(data), "sacn"), ("Art-Net", _stupid(data), "stupidartnet")):
        if theirs is None:
            continue
        cpu = float(np.median(each(theirs, range(PACKINGS), warm=2)[1]))
        found.append(Figure(f"packing only, {name} by {peer}, CPU of a frame", cpu / 1e3, "ms"))
        found.append(Figure(f"packing {name}: {peer}'s CPU / ours", cpu / ours[name], "times"))
    return found


def _pieces(data: bytes) -> list[bytes]:
    return [data[at : at + 510] for at in range(0, len(data), 510)]


def _sacn(data: bytes) -> Callable[[Any], object] | None:
    try:
        from sacn.messages.data_packet import DataPacket
    except ImportError:
        return None
    packets = [DataPacket(tuple(bytes(16)), "bench", u, ()) for u in range(1, len(_pieces(data)) + 1)]

    def pack(_: Any) -> None:
        for packet, piece in zip(packets, _pieces(data), strict=True):
            packet.dmxData = tuple(piece)
            packet.sequence_increase()
            bytes(packet.getBytes())

    return pack


def _stupid(data: bytes) -> Callable[[Any], object] | None:
    try:
        from stupidArtnet import StupidArtnet
    except ImportError:
        return None
    made = [StupidArtnet("127.0.0.1", u, 510) for u in range(len(_pieces(data)))]
    for peer in made:
        peer.socket_client.close()
        peer.socket_client = _Nowhere()  # its `show` packs and sends in one

    def pack(_: Any) -> None:
        for peer, piece in zip(made, _pieces(data), strict=True):
            peer.set(bytearray(piece.ljust(510, b"\0")))
            peer.show()

    return pack


class _Nowhere:
    """A socket that takes a datagram and does nothing."""

    def sendto(self, data: bytes, address: Any) -> int:
        return len(bytes(data))

    def close(self) -> None:
        pass


if __name__ == "__main__":
    run().show()
