"""Runs a MicroPython program on this machine: `machine`, `network` and the clock's ticks, as far as the example asks.

    python fake_board.py PROGRAM PORT [loose | week]

The I2C bus has a TCA9548A at 0x70 and a DRV2605L at 0x5A on each of its arms; what is written is printed, a line a
write: "write seconds arm register value", "enable seconds 0|1". With `loose` the bus fails
after a second; with `week` a week goes by on the board's clock between its first second and its second one.
"""

from __future__ import annotations

import re
import sys
import time
import types
from pathlib import Path


def say(*words: object) -> None:
    print(*words, flush=True)


class Pin:
    OUT = 1

    def __init__(self, number: int, mode: int = 0, value: int | None = None) -> None:
        self.number = number
        if value is not None:
            say("enable", time.monotonic(), value)

    def on(self) -> None:
        say("enable", time.monotonic(), 1)

    def off(self) -> None:
        say("enable", time.monotonic(), 0)


class I2C:
    def __init__(self, bus: int, scl: Pin, sda: Pin, freq: int) -> None:
        assert freq <= 400_000
        self.arms = 0
        self.begun = time.monotonic()

    def writeto(self, address: int, data: bytes) -> None:
        assert (address, len(data)) == (0x70, 1), "only the mux listens there"
        self.arms = data[0]

    def writeto_mem(self, address: int, register: int, data: bytes) -> None:
        if "loose" in sys.argv and time.monotonic() > self.begun + 1:
            raise OSError(19, "ENODEV")
        assert address == 0x5A
        assert bin(self.arms).count("1") == 1, "one arm at a time, all chips have the same address"
        say("write", time.monotonic(), self.arms.bit_length() - 1, register, data[0])


class WDT:
    def __init__(self, timeout: int) -> None:
        self.timeout, self.fed = timeout, time.monotonic()

    def feed(self) -> None:
        now = time.monotonic()
        if now - self.fed > self.timeout / 1000:
            say("reset", now)
        self.fed = now


class WLAN:
    def __init__(self, interface: int) -> None:
        pass

    def active(self, on: bool) -> None:
        pass

    def connect(self, name: str, password: str) -> None:
        pass


def main() -> None:
    machine, network = types.ModuleType("machine"), types.ModuleType("network")
    machine.I2C, machine.Pin, machine.WDT = I2C, Pin, WDT  # type: ignore[attr-defined]
    network.WLAN, network.STA_IF = WLAN, 0  # type: ignore[attr-defined]
    sys.modules["machine"], sys.modules["network"] = machine, network
    wrap = 1 << 30  # as MicroPython's; begun shortly before it goes round
    begun = time.monotonic()
    week = 7 * 86_400.0 if "week" in sys.argv else 0.0

    def ticks_ms() -> int:
        passed = time.monotonic() - begun
        passed += week * min(1.0, max(0.0, passed - 1.0))
        return (int(1000 * passed) + wrap - 1500) % wrap

    time.ticks_ms = ticks_ms  # type: ignore[attr-defined]
    time.ticks_add = lambda at, more: (at + more) % wrap  # type: ignore[attr-defined]
    time.ticks_diff = lambda a, b: (a - b + wrap // 2) % wrap - wrap // 2  # type: ignore[attr-defined]
    time.sleep_ms = lambda ms: time.sleep(ms / 1000)  # type: ignore[attr-defined]
    program = Path(sys.argv[1]).read_text(encoding="utf-8")
    text, times = re.subn(r'"my-password", \d+,', f'"my-password", {sys.argv[2]},', program)
    assert times == 1
    exec(compile(text, sys.argv[1], "exec"), {"__name__": "__main__"})


if __name__ == "__main__":
    main()
