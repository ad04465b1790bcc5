"""A program of its own that sends as a stranger might: `python flood.py port rate seconds kind`.

`kind` "junk" sends what is no OSC, "marks" /wear/mark with numbers from 1 on, "good" /wear/master. Prints how
many it sent. Uses the standard library alone, so that it starts at once.
"""

from __future__ import annotations

import socket
import struct
import sys
import time


def main() -> None:
    port, rate, seconds, kind = int(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3]), sys.argv[4]
    out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    out.connect(("127.0.0.1", port))
    head = {"marks": b"/wear/mark\0\0,i\0\0", "good": b"/wear/master\0\0\0\0,f\0\0", "junk": b"/wear/\xff\0"}[
        kind
    ]
    began = time.monotonic()
    sent = refused = 0
    while (passed := time.monotonic() - began) < seconds:
        due = int(passed * rate)
        while sent < due:
            tail = struct.pack(">i", sent + 1) if kind == "marks" else b"\x3f\0\0\0"
            try:
                out.send(head + tail)
            except OSError:  # nobody there, or no room: a flood does not care
                refused += 1
            sent += 1
        time.sleep(0.0005)
    print(sent, refused, flush=True)


if __name__ == "__main__":
    main()
