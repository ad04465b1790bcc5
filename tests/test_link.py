"""Ableton Link with real peers: other programs on this machine, heard over the network."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from wearsound.analysis.ear import Ear
from wearsound.core import Block, Clock, Event, index_of
from wearsound.errors import DeviceError
from wearsound.sources.link import Link

pytest.importorskip("link", reason="LinkPython-extern is not installed")

PEER = """
import sys, time
from link import Link
peer = Link(100.0)
peer.enabled = True
clock = peer.clock()
for line in sys.stdin:
    word, _, value = line.partition(" ")
    if word == "tempo":
        state = peer.captureAppSessionState()
        state.setTempo(float(value), clock.micros())
        peer.commitAppSessionState(state)
    state = peer.captureAppSessionState()
    print(peer.numPeers(), state.tempo(), time.monotonic(), state.phaseAtTime(clock.micros(), 4.0), flush=True)
"""


class Peer:
    """Another program in the session."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", PEER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def ask(self, line: str = "ask") -> tuple[float, ...]:
        """(peers it sees, tempo, monotonic seconds, beat in the bar of four)"""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return tuple(map(float, self.process.stdout.readline().split()))

    def leave(self) -> None:
        self.process.communicate()


class Here:
    """Our own Link, and what it put, with the time."""

    def __init__(self) -> None:
        self.told: list[tuple[float, Event]] = []
        self.link = Link(self.put)

    def put(self, event: Event) -> bool:
        self.told.append((time.monotonic(), event))
        return True


def soon(true: Callable[[], object], seconds: float = 10.0) -> bool:
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


@pytest.fixture
def here() -> Iterator[Here]:
    ours = Here()
    ours.link.open()
    yield ours
    ours.link.close()


@pytest.fixture
def peer(here: Here) -> Iterator[Peer]:
    other = Peer()
    try:
        if not soon(lambda: here.link.peers and other.ask()[0]):
            pytest.skip(
                "this network carries no multicast between two programs on this machine: Link hears nobody"
            )
        yield other
    finally:
        other.leave()


def test_two_programs_share_tempo_and_beat(here: Here, peer: Peer) -> None:
    peer.ask("tempo 133.5")
    assert soon(lambda: here.told and here.told[-1][1].args[0] == pytest.approx(133.5))
    assert here.link.tempo == pytest.approx(133.5)
    time.sleep(0.5)
    _, tempo, at, place = peer.ask()
    when, event = here.told[-1]
    assert (event.address, event.by) == ("/wear/tempo/clock", "link")
    _, phase, number = event.args
    ours = number - 1 + phase + (at - when) * tempo / 60
    assert abs((ours - place + 2) % 4 - 2) < 0.05  # beats: 22 ms, for two processes on a busy machine
    assert all(0.0 <= e.args[1] < 1.0 and e.args[2] in (1, 2, 3, 4) for _, e in here.told)
    gaps = np.diff([when for when, _ in here.told])
    assert np.median(gaps) == pytest.approx(0.02, abs=0.01)


def test_the_tempo_that_is_there_is_not_disturbed_by_who_comes(here: Here, peer: Peer) -> None:
    peer.ask("tempo 87.0")
    assert soon(lambda: here.told and here.told[-1][1].args[0] == pytest.approx(87))
    late = Here()
    late.link.open()
    try:
        assert soon(lambda: late.told and late.told[-1][1].args[0] == pytest.approx(87))
        assert peer.ask()[1] == pytest.approx(87)
    finally:
        late.link.close()


def test_when_the_last_one_leaves_it_says_so_once_and_then_nothing(here: Here, peer: Peer) -> None:
    assert soon(lambda: here.told)
    peer.leave()
    if not soon(lambda: here.link.peers == 0):
        pytest.skip("somebody else is in a Link session on this network")
    assert soon(lambda: here.told[-1][1].args == (0.0,))
    n = len(here.told)
    time.sleep(0.3)
    assert len(here.told) == n
    assert here.link.tempo == 0.0


def test_alone_it_says_nothing(here: Here) -> None:
    time.sleep(0.6)
    if here.link.peers:
        pytest.skip("somebody else is in a Link session on this network")
    assert here.told == []


def test_the_ear_follows_a_real_session(here: Here, peer: Peer) -> None:
    """What came within some time, as the ear takes it: block by block, in silence."""
    seconds = 1.6
    peer.ask("tempo 150.0")
    assert soon(lambda: here.told and here.told[-1][1].args[0] == pytest.approx(150))
    start = time.monotonic()
    time.sleep(seconds)
    told = [(when - start, event) for when, event in here.told if when >= start]
    _, tempo, at, place = peer.ask()
    clock = Clock()
    ear, hop = Ear(clock, ["room"]), clock.hop / clock.sample_rate
    where = index_of(ear.specs)
    rows = []
    for tick in range(int(seconds / hop)):
        events = tuple(e for when, e in told if tick * hop <= when < (tick + 1) * hop)
        block = Block(
            tick,
            np.zeros((clock.hop, 1), np.float32),
            {"room": (0,)},
            1,
            events=tuple(Event(tick, e.address, e.args, e.by) for e in events),
        )
        rows.append(ear.hear(block)[0].copy())
    heard = np.array(rows)
    late = heard[len(heard) // 2 :]
    assert set(late[:, where["room.lead"]]) == {4.0}
    assert set(late[:, where["room.tempo"]]) == {150.0}
    phase = heard[-1, where["room.phase"]]
    truth = place - (at - start - len(heard) * hop) * tempo / 60
    assert abs((phase - truth + 0.5) % 1.0 - 0.5) < 0.06
    beats = np.diff(late[:, where["room.beat"]]).sum()
    assert beats == pytest.approx(seconds / 2 * 2.5, abs=1)


def test_without_the_library_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "link", None)
    with pytest.raises(DeviceError, match=r"pip install \"wearsound\[link\]\""):
        Link(lambda event: True).open()


def test_closing_twice_is_fine_and_it_can_be_opened_again() -> None:
    link = Link(lambda event: True)
    link.close()
    for _ in range(2):
        link.open()
        assert link.peers >= 0
        link.close()
        link.close()
    assert link.peers == 0
