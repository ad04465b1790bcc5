"""A target's delay, set while it plays, and the hand that reaches what waits: measured where it leaves."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from simulated_driver import Registers, read_datagram
from test_vibration_safety import done, shaker, worst_duty

from wearsound.core import F32, Clock, Event
from wearsound.felt import Drive
from wearsound.outputs.udp import Udp
from wearsound.outputs.vibration.channels import Channels
from wearsound.outputs.vibration.sender import FrameSender
from wearsound.outputs.vibration.sound import SoundDriver
from wearsound.safety.master import Master
from wearsound.safety.vibration import VibrationGuard

CLOCK = Clock()
HOP = CLOCK.hop
SECOND = round(CLOCK.sample_rate / HOP)
Delay = Callable[[float], float]


class Wire:
    """A microcontroller at the end of a real socket: what stands in its register in each hop of the show's time."""

    def __init__(self, delay: float = 0.0) -> None:
        self._inlet = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._inlet.bind(("127.0.0.1", 0))
        self._inlet.setblocking(False)
        udp = Udp("coat", "127.0.0.1", self._inlet.getsockname()[1], kind="vibration")
        self.driver = FrameSender("coat", udp, Channels({0: [0]}), delay=delay)
        self.driver.open(CLOCK)
        self._registers = Registers()
        self.felt: list[float] = []

    def hop(self, tick: int, drive: Drive) -> None:
        self.driver.drive(tick, 0, drive)
        now = CLOCK.seconds(tick)
        while True:
            try:
                self._registers.frame(*read_datagram(self._inlet.recv(80)), now)
            except BlockingIOError:
                break
        self._registers.look(now)
        self.felt.append(max(map(abs, self._registers.values), default=0) / 127)

    def close(self) -> None:
        self.driver.close()
        self._inlet.close()


class Jack:
    """A sound device that takes a hop when a hop is played."""

    title = "a jack"
    latency = 0.02

    def __init__(self, delay: float = 0.0) -> None:
        self.driver = SoundDriver("coat", self._open, Channels({0: [0]}), delay=delay)
        self.driver.open(CLOCK)
        self.felt: list[float] = []

    def _open(self, channels: int, rate: int, fill: Callable[[F32], None]) -> Jack:
        self._fill, self._out = fill, np.zeros((HOP, channels), np.float32)
        return self

    def hop(self, tick: int, drive: Drive) -> None:
        self.driver.drive(tick, 0, drive)
        self._fill(self._out)
        self.felt.append(float(np.abs(self._out).max()))

    def close(self) -> None:
        return


@pytest.fixture(params=[Wire, Jack])
def target(request: pytest.FixtureRequest) -> Iterator[Wire | Jack]:
    made = request.param()
    yield made
    made.close()


def steady(level: float) -> Drive:
    return Drive(np.full((HOP, 1), level, np.float32), np.full((1, 1), level), np.full((1, 1), 175.0))


def played(
    target: Wire | Jack,
    folder: Path,
    seconds: float,
    on: Callable[[float], bool],
    delay: Delay,
    hand: Callable[[int], tuple[Event, ...]] = lambda tick: (),
) -> tuple[np.ndarray, np.ndarray]:
    """What left the guard, and what came of it: (hops, 1) each."""
    guard, master = VibrationGuard(shaker(folder, "lra"), CLOCK), Master(CLOCK)
    guarded, late = [], -1.0
    for tick in range(round(seconds * SECOND)):
        now = CLOCK.seconds(tick)
        for event in hand(tick):
            master.take(event)
            target.driver.take(event)
        if delay(now) != late:
            late = delay(now)
            target.driver.take(Event(tick, "/wear/delay/coat", (1000.0 * late,)))
        drive = steady(float(on(now)))
        guard.limit(tick, drive, master.felt(1))
        guarded.append(done(drive.wave, drive.level, HOP))
        target.hop(tick, drive)
    return np.concatenate(guarded), np.array(target.felt)[:, None]


def twice(t: float) -> bool:
    """Two bursts that the guard sees five seconds apart."""
    return 1 <= t < 6 or 11 <= t < 16


@pytest.mark.parametrize(
    ("delay", "least"),
    [
        (lambda t: 5.0 if t < 11 else 0.0, 2),
        (lambda t: max(0.0, 5.0 - 0.5 * max(0.0, round(t) - 6)), 0.4),
        (lambda t: min(10.0, 0.01 * int(t * 50)), 0.1),
    ],
    ids=["shrinks at once", "shrinks by and by", "grows by and by"],
)
def test_no_delay_joins_what_the_guard_spaced_out(
    tmp_path: Path, target: Wire | Jack, delay: Delay, least: float
) -> None:
    guarded, felt = played(target, tmp_path, 24.0, twice, delay)
    assert worst_duty(guarded, 10) > 0.25
    assert worst_duty(felt, 10) <= worst_duty(guarded, 10) + 0.01 <= 0.5
    assert felt.sum() > least * SECOND
    if isinstance(target, Jack):
        # A pause is none of the device's doing: its cushion stays as short as it was.
        assert target.driver.cushion is not None
        assert target.driver.cushion.dry == 0


@pytest.mark.parametrize("word", ["/wear/blackout", "/wear/master"])
def test_blackout_and_master_reach_what_waits(tmp_path: Path, target: Wire | Jack, word: str) -> None:
    at = 12 * SECOND

    def hand(tick: int) -> tuple[Event, ...]:
        return (Event(tick, word, (1.0 if "black" in word else 0.0,)),) if tick == at else ()

    _, felt = played(target, tmp_path, 25.0, lambda t: True, lambda t: 10.0, hand)
    assert felt[at - SECOND : at].min() > 0.1
    assert np.flatnonzero(felt)[-1] < at + 0.1 * SECOND
    assert np.count_nonzero(felt[at : at + SECOND]) >= 5  # it fades, and is not cut
    assert np.abs(np.diff(felt[at : at + SECOND], axis=0)).max() < 0.2


def test_a_panic_that_is_resumed_at_once_still_empties_what_waits(
    tmp_path: Path, target: Wire | Jack
) -> None:
    at = 12 * SECOND

    def hand(tick: int) -> tuple[Event, ...]:
        return (Event(tick, "/wear/panic"), Event(tick, "/wear/resume")) if tick == at else ()

    guarded, felt = played(target, tmp_path, 24.0, lambda t: True, lambda t: 10.0, hand)
    assert guarded[at + 1] < 0.05
    assert guarded[at + 2 * SECOND] > 0.1
    assert felt[at - SECOND : at].min() > 0.1
    assert not felt[at + 3 : at + round(9.9 * SECOND)].any()
    assert felt[at + round(11.5 * SECOND) :].min() > 0.1
