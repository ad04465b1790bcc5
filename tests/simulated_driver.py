"""A microcontroller with a DRV2605 a channel, as a process of its own: holds the last value, and then it is over.

It reads docs/vibration-wire.md and imports nothing of wearsound. Registers are as on the chip: real-time playback holds
what was written last, for ever; so the program in front of it must write zero (standby) when a frame's lifetime has
passed. What is written is printed: monotonic seconds, then the values, a line a change.

    python simulated_driver.py PORT [osc]

SimulatedDriver runs it and keeps what it said.
"""

from __future__ import annotations

import socket
import struct
import subprocess
import sys
import threading
import time

MOST_MS = 250


def read_datagram(data: bytes) -> tuple[int, int, list[int]]:
    """(sequence, lifetime ms, values) of one datagram; ValueError if it is none."""
    if len(data) < 8 or data[:2] != b"WV" or data[2] != 1:
        raise ValueError("no frame")
    flags, sequence, life, n = struct.unpack(">BHBB", data[3:8])
    if len(data) != 8 + n or not 1 <= n <= 64 or life > MOST_MS or flags & ~1:
        raise ValueError("a broken frame")
    values = struct.unpack(f"{n}B" if flags & 1 else f"{n}b", data[8:])
    return sequence, life, [max(-127, value) for value in values]


def read_osc(data: bytes) -> tuple[int, int, list[int]]:
    """The same of a message /wear/drive."""
    if not data.startswith(b"/wear/drive\0,ii"):
        raise ValueError("not ours")
    end = data.index(b"\0", 12)
    tags = data[13:end].decode()
    start = 4 * (end // 4 + 1)
    if tags != "i" * len(tags) or len(data) != start + 4 * len(tags):
        raise ValueError("not whole numbers")
    sequence, life, *values = struct.unpack(f">{len(tags)}i", data[start:])
    if not 0 <= life <= MOST_MS or any(not -127 <= value <= 255 for value in values):
        raise ValueError("out of range")
    return sequence, life, values


class Registers:
    """What stands in register 0x02 of each chip, until when, and whose it is."""

    def __init__(self) -> None:
        self.values: list[int] = []
        self.until = 0.0
        self.sequence: float = 0.5  # no frame has it
        self.sender: object = None

    def frame(self, sequence: int, life: int, values: list[int], now: float, sender: object = None) -> bool:
        """A frame came; False for one that is no newer than what holds, or another's. Stillness always counts."""
        step = (sequence - self.sequence) % 65536
        new = sender == self.sender and 0 < step < 32768 if now < self.until else step != 0
        if not new and any(values):
            return False
        self.sequence, self.values, self.sender = sequence, values, sender
        self.until = now + life / 1000
        return True

    def look(self, now: float) -> None:
        """Standby where nothing came for too long."""
        if now >= self.until:
            self.values = [0] * len(self.values)


def main(port: int, kind: str) -> None:
    inlet = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    inlet.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
    inlet.bind(("127.0.0.1", port))
    inlet.settimeout(0.002)
    print("port", inlet.getsockname()[1], flush=True)
    registers, told = Registers(), None
    read = read_osc if kind == "osc" else read_datagram
    while True:
        try:
            data, sender = inlet.recvfrom(65535)
            now = time.monotonic()
            frame = read(data)
            print("frame", now, *frame[:2], *frame[2], flush=True)
            registers.frame(*frame, now, sender)
        except ValueError as wrong:
            print("refused", wrong, flush=True)
        except TimeoutError:
            now = time.monotonic()
        registers.look(now)
        if registers.values != told:
            told = list(registers.values)
            print("holds", now, *told, flush=True)


class SimulatedDriver:
    """The program above, running. `frames` (time, sequence, life, values) that came, `held` (time, values) changes."""

    def __init__(self, kind: str = "udp", port: int = 0) -> None:
        self.frames: list[tuple[float, int, int, list[int]]] = []
        self.held: list[tuple[float, list[int]]] = []
        self.refused: list[str] = []
        self._process = subprocess.Popen(
            [sys.executable, __file__, str(port), kind], stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        self.port = int(self._process.stdout.readline().split()[1])
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if not line.endswith("\n"):
                return  # it was ended in the middle of a word
            what, *rest = line.split()
            if what == "frame":
                sequence, life, *values = map(int, rest[1:])
                self.frames.append((float(rest[0]), sequence, life, values))
            elif what == "holds":
                self.held.append((float(rest[0]), [int(value) for value in rest[1:]]))
            else:
                self.refused.append(line.strip())

    @property
    def values(self) -> list[int]:
        """What stands in the registers now."""
        return self.held[-1][1] if self.held else []

    def wait_for(self, moving: bool, seconds: float = 30.0) -> float:
        """When any value is other than zero, or all are zero again: monotonic seconds."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.held and any(self.held[-1][1]) == moving:
                return self.held[-1][0]
            time.sleep(0.002)
        raise AssertionError(f"not {'moving' if moving else 'still'} within {seconds} s: {self.held[-3:]}")

    def still_from(self, moment: float) -> float:
        """When the first value after `moment` was zero everywhere; infinite while there is none."""
        return next((when for when, values in self.held if when >= moment and not any(values)), float("inf"))

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        self._thread.join(2.0)

    def __enter__(self) -> SimulatedDriver:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "udp")
