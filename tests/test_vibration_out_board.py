"""The example for a microcontroller does what it says: frames in, register writes out, and zero when nothing comes."""

from __future__ import annotations

import ast
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from wearsound.outputs.vibration.frames import datagram

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = ROOT / "examples" / "vibration_driver" / "main.py"
RTP = 0x02


class Board:
    """The example on a board that is faked; `writes` are (time, arm, register, value), `enables` (time, on)."""

    def __init__(self, *how: str) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.writes: list[tuple[float, int, int, int]] = []
        self.enables: list[tuple[float, int]] = []
        self.others: list[str] = []
        self.process = subprocess.Popen(
            [sys.executable, str(ROOT / "tests" / "fake_board.py"), str(PROGRAM), str(self.port), *how],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        self.outlet = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if not line.endswith("\n"):
                return  # it was ended in the middle of a word
            what, *rest = line.split()
            if what == "write":
                self.writes.append((float(rest[0]), *map(int, rest[1:])))  # type: ignore[arg-type]
            elif what == "enable":
                self.enables.append((float(rest[0]), int(rest[1])))
            else:
                self.others.append(line)

    def send(self, data: bytes) -> None:
        self.outlet.sendto(data, ("127.0.0.1", self.port))

    def values(self) -> list[int]:
        """What stands in register 0x02 of each chip."""
        held: dict[int, int] = {}
        for _, arm, register, value in self.writes[-40:]:
            if register == RTP:
                held[arm] = value
        return [held.get(arm, -1) for arm in range(4)]

    def wait_for(self, values: list[int], seconds: float = 10.0) -> float:
        end = time.monotonic() + seconds
        while self.values() != values:
            assert time.monotonic() < end, (self.values(), self.others)
            time.sleep(0.002)
        return time.monotonic()

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        self._thread.join(2)
        self.outlet.close()


@pytest.fixture
def board() -> Iterator[Board]:
    made = Board()
    made.wait_for([0, 0, 0, 0])
    yield made
    made.close()


def test_the_example_is_short_and_python() -> None:
    tree = ast.parse(PROGRAM.read_text(encoding="utf-8"))
    lines = {node.lineno for node in ast.walk(tree) if isinstance(node, ast.stmt)}
    assert len(lines) <= 47
    assert max(map(len, PROGRAM.read_text(encoding="utf-8").splitlines())) <= 120


def test_it_begins_still_and_frames_become_register_writes(board: Board) -> None:
    assert [on for _, on in board.enables] == [0, 1]
    begun = [(arm, register, value) for _, arm, register, value in board.writes]
    told = ((0x1A, 0xB6), (0x16, 0x3E), (0x17, 0x8C), (0x01, 0x05))
    assert begun[:16] == [(arm, *pair) for arm in range(4) for pair in told]
    board.send(datagram([127, -127, 0, 5], 1))
    board.wait_for([127, 129, 0, 5])  # -127 as the chip reads it, in two's complement


def test_a_motor_that_no_frame_names_is_still(board: Board) -> None:
    board.send(datagram([10, 20, 30, 40], 1, life_ms=250))
    board.wait_for([10, 20, 30, 40])
    board.send(datagram([50, 60], 2, life_ms=250))  # a rig with two channels
    board.wait_for([50, 60, 0, 0])
    board.send(datagram([1, 2, 3, 4, 5, 6], 3, life_ms=250))
    board.wait_for([1, 2, 3, 4])


def test_nothing_holds_for_longer_than_it_says(board: Board) -> None:
    for n in range(40):
        board.send(datagram([50, 60, 70, 80], n, life_ms=120))
        time.sleep(0.01)
    sent = time.monotonic()
    assert board.values() == [50, 60, 70, 80]
    still = board.wait_for([0, 0, 0, 0])
    assert 0.1 < still - sent < 0.25


def test_what_is_old_broken_or_too_long_does_nothing(board: Board) -> None:
    board.send(datagram([10, 10, 10, 10], 500, life_ms=250))
    board.wait_for([10, 10, 10, 10])
    good = datagram([99, 99, 99, 99], 501)
    long = bytearray(good)
    long[6] = 251
    for bad in (b"", b"x", good[:-1], good + b"\0", b"XX" + good[2:], b"WV\2" + good[3:], bytes(long),
                datagram([99] * 4, 502, positive=True), datagram([99] * 4, 499), datagram([99] * 4, 500),
                datagram([99] * 4, 500 + 0x8000),                datagram([99] * 4, 501, positive=True),
                good[:7] + bytes([72]) + 72 * b"c"):  # fmt: skip
        board.send(bad)
    time.sleep(0.1)
    assert board.values() == [10, 10, 10, 10]
    board.wait_for([0, 0, 0, 0])
    board.send(
        datagram([7, 7, 7, 7], 3)
    )  # a show that began anew counts from 1: nothing holds, so it is taken
    board.wait_for([7, 7, 7, 7])


def test_a_frame_that_is_said_again_and_again_is_over_too(board: Board) -> None:
    """A datagram that somebody kept, or a network that repeats itself."""
    for _ in range(30):
        board.send(datagram([20, 20, 20, 20], 77, life_ms=120))
        time.sleep(0.02)
    on = [when for when, arm, register, value in board.writes if (arm, register, value) == (0, RTP, 20)]
    off = [
        w for w, arm, register, value in board.writes if (arm, register, value) == (0, RTP, 0) and w > on[0]
    ]
    assert off[0] - on[0] < 0.2
    assert off[0] > on[-1]


def test_who_holds_it_holds_it_and_stillness_always_wins(board: Board) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        there = ("127.0.0.1", board.port)
        board.send(datagram([10, 10, 10, 10], 500, life_ms=250))
        board.wait_for([10, 10, 10, 10])
        other.sendto(datagram([99, 99, 99, 99], 501, life_ms=250), there)
        time.sleep(0.05)
        assert board.values() == [10, 10, 10, 10]
        board.wait_for([0, 0, 0, 0])
        other.sendto(datagram([30, 30, 30, 30], 30_000, life_ms=250), there)  # nothing holds any more
        board.wait_for([30, 30, 30, 30])
        begun = time.monotonic()
        for n in range(501, 511):  # a panic of the show, while the other goes on
            board.send(datagram([0, 0, 0, 0], n))
            time.sleep(0.02)
            other.sendto(datagram([30, 30, 30, 30], 30_000 + n, life_ms=250), there)
            time.sleep(0.02)
        later = [
            value for when, _, register, value in board.writes if register == RTP and when > begun + 0.05
        ]
        assert len(later) > 40
        assert not any(later)


def test_the_lowest_number_is_never_written(board: Board) -> None:
    frame = datagram([1, 1, 1, 1], 5)
    board.send(frame[:8] + b"\x80\x81\x7f\x00")
    board.wait_for([129, 129, 127, 0])


def test_a_new_show_is_taken_after_a_week_of_stillness() -> None:
    """MicroPython's ticks go round, and half a round later what is over would look as if it were not."""
    board = Board("week")
    try:
        board.wait_for([0, 0, 0, 0])
        board.send(datagram([50, 50, 50, 50], 20_000))
        board.wait_for([50, 50, 50, 50])
        time.sleep(2.3)
        board.wait_for([0, 0, 0, 0])
        board.send(datagram([60, 60, 60, 60], 1))
        board.wait_for([60, 60, 60, 60])
    finally:
        board.close()


def test_a_loose_wire_switches_everything_off() -> None:
    board = Board("loose")
    try:
        board.wait_for([0, 0, 0, 0])
        end = time.monotonic() + 10
        n = 0
        while board.process.poll() is None and time.monotonic() < end:
            n += 1
            board.send(datagram([n % 100 + 1] * 4, n))
            time.sleep(0.01)
        board._thread.join(5)
        assert [on for _, on in board.enables] == [0, 1, 0]
        assert "ENODEV" in "".join(board.others)
    finally:
        board.close()
