"""Between wearsound and a program that reads no bundles: python unbundle.py 9101 4560

Hears bundles at the first port of this machine and sends their messages one by one to the second.
"""

import socket
import sys
from collections.abc import Iterator


def messages(datagram: bytes) -> Iterator[bytes]:
    """The messages of a bundle (in which wearsound puts no other bundle), or what came if it is none."""
    if not datagram.startswith(b"#bundle\0"):
        yield datagram
        return
    at = 16
    while at + 4 < len(datagram):
        size = int.from_bytes(datagram[at : at + 4], "big")
        yield datagram[at + 4 : at + 4 + size]
        at += 4 + size


if __name__ == "__main__":
    hear, tell = (int(port) for port in sys.argv[1:3])
    here = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    here.bind(("127.0.0.1", hear))
    print(f"127.0.0.1:{hear} -> 127.0.0.1:{tell}", flush=True)
    while True:
        for message in messages(here.recv(65536)):
            here.sendto(message, ("127.0.0.1", tell))
