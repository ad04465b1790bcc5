"""`run`'s parent: what survives a crash, what it plays in a crash loop, who hears signals. The fast part of it."""

from __future__ import annotations

import argparse
import contextlib
import itertools
import json
import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from receivers import wait_for
from shaken import write_show

from wearsound.core import LIGHT_RATE, Block, Clock, Event
from wearsound.guardian import crashes
from wearsound.guardian.again import begin, least
from wearsound.guardian.child import CRASHED
from wearsound.guardian.ladder import AS_ASKED, LEAST, SAFE, WAITS, Ladder
from wearsound.guardian.lines import Hearer, Teller
from wearsound.guardian.parent import possible
from wearsound.guardian.signals import HANDS
from wearsound.hand import RISE
from wearsound.safety.flash import FlashGuard
from wearsound.safety.master import Master
from wearsound.safety.slots import follows
from wearsound.show.build import build
from wearsound.show.entries import Named
from wearsound.show.load import load
from wearsound.show.set_list import SetList

pytestmark = pytest.mark.skipif(
    not possible(), reason="this system has no sigtimedwait: `run` is one process here"
)

CLOCK = Clock()


# Signals

WAITING = """
import signal, time
from wearsound.guardian.signals import HEARD, wait
signal.pthread_sigmask(signal.SIG_BLOCK, HEARD)
print("up", flush=True)
said = None
while said is None or said.si_signo != signal.SIGUSR1:
    said = wait(0.05)
    if said is not None:
        print(signal.Signals(said.si_signo).name, said.si_code, flush=True)
began = time.monotonic()
assert wait(0.05) is None and wait(0.0) is None
assert 0.04 < time.monotonic() - began < 5
"""


def test_who_was_stopped_hears_nothing_that_nobody_sent() -> None:
    with subprocess.Popen([sys.executable, "-c", WAITING], stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == "up\n"
        for _ in range(3):
            for number in (signal.SIGSTOP, signal.SIGCONT):
                program.send_signal(number)
                time.sleep(0.15)
        program.send_signal(signal.SIGUSR1)
        said = program.stdout.read().split("\n")
    assert program.returncode == 0
    assert said[-2:] == ["SIGUSR1 0", ""]  # SI_USER
    assert set(said[:-2]) <= {"SIGCONT 0"}


# Lines through a pipe


@pytest.fixture
def pipe() -> Iterator[tuple[Teller, Hearer]]:
    inlet, outlet = os.pipe()
    teller, hearer = Teller(outlet), Hearer(inlet)
    yield teller, hearer
    teller.close()
    hearer.close()


def test_what_is_told_is_heard_in_order_and_the_end_is_seen(pipe: tuple[Teller, Hearer]) -> None:
    teller, hearer = pipe
    assert hearer.heard() == []
    assert teller.tell({"a": 1})
    assert teller.tell({"b": [0.5, "x"]})
    assert hearer.heard() == [{"a": 1}, {"b": [0.5, "x"]}]
    assert not hearer.ended
    teller.close()
    assert hearer.heard() == []
    assert hearer.ended


def test_nobody_waits_for_a_reader_and_no_line_is_torn(pipe: tuple[Teller, Hearer]) -> None:
    teller, hearer = pipe
    taken = [n for n in range(100) if teller.tell({"n": n, "long": "x" * 5000})]
    assert 5 < len(taken) < 99
    heard = hearer.heard()
    assert teller.tell({"n": 100})  # now the rest of the last one goes first
    heard += hearer.heard()
    assert [words["n"] for words in heard] == [*taken, 100]


def test_half_a_line_and_none_of_ours_are_left_out() -> None:
    inlet, outlet = os.pipe()
    hearer = Hearer(inlet)
    os.write(outlet, b'nonsense\n[1]\n{"good": 1}\n{"ha')
    assert hearer.heard() == [{"good": 1}]
    os.close(outlet)
    assert hearer.heard() == []
    hearer.close()


def test_a_reader_that_is_gone_is_no_error(pipe: tuple[Teller, Hearer]) -> None:
    teller, hearer = pipe
    hearer.close()
    assert teller.tell({"a": 1})
    assert teller.tell({"a": 2})


# The ladder


def test_three_crashes_in_a_minute_are_a_loop_and_it_never_gives_up() -> None:
    ladder = Ladder()
    found = []
    now = 0.0
    for _ in range(9):
        wait = ladder.crashed(now)
        found.append((ladder.rung, wait))
        now += wait + 0.5
    assert found == [(0, 0), (0, 1), (1, 2), (1, 4), (1, 8), (2, 10), (2, 10), (2, 10), (2, 10)]


def test_a_crash_now_and_then_is_no_loop() -> None:
    ladder = Ladder()
    assert [ladder.crashed(31.0 * n) for n in range(9)] == [0, *[1] * 8]
    assert ladder.rung == AS_ASKED
    assert ladder.crashed(1e6) == WAITS[0]


def test_a_device_that_is_not_there_is_waited_for() -> None:
    ladder = Ladder()
    assert [ladder.crashed(float(n), missing=True) for n in range(7)] == [*WAITS, WAITS[-1]]
    assert ladder.rung == AS_ASKED


def test_a_file_that_is_broken_meanwhile_is_not_tried_again() -> None:
    ladder = Ladder()
    ladder.crashed(0.0)
    assert ladder.crashed(0.5, files=True) == WAITS[1]
    assert ladder.rung == SAFE
    ladder.crashed(0.7, files=True)
    assert ladder.rung == SAFE
    ladder.crashed(1.0)
    ladder.crashed(2.0)
    assert ladder.rung == LEAST


# What is left of a crash


def test_at_most_twenty_crashes_are_kept_the_newest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    for n in range(25):
        old = crashes.folder() / f"crash-2020-01-01-0000{n:02}-1-1.txt"
        old.parent.mkdir(parents=True, exist_ok=True)
        old.touch()
    path = crashes.new(1)
    crashes.add(path, "a line")
    assert Path(path).read_text() == "a line\n"
    kept = sorted(file.name for file in crashes.folder().iterdir())
    assert len(kept) == crashes.KEPT
    assert kept[0] == "crash-2020-01-01-000006-1-1.txt"
    assert kept[-1] == Path(path).name
    crashes.drop(path)
    assert len(list(crashes.folder().iterdir())) == crashes.KEPT - 1


def test_without_a_place_for_it_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    path = crashes.new(1)
    assert path == ""
    crashes.add(path, "a line")
    crashes.drop(path)


# Safety after a crash: what was seen before nobody knows


def lit(guard: FlashGuard, seconds: float, light: Callable[[int], float], n_lit: int = 40) -> np.ndarray:
    """R of the first pixel that leaves, frame by frame, where so many are lit."""
    ticks = [
        round(n * CLOCK.sample_rate / CLOCK.hop / LIGHT_RATE) for n in range(round(seconds * LIGHT_RATE))
    ]
    asked = (np.arange(40) < n_lit)[:, None] * np.ones((40, 3))
    return np.array([guard.limit(tick, asked * light(n))[0, 0] for n, tick in enumerate(ticks)])


def guard_of_forty() -> FlashGuard:
    return FlashGuard(np.repeat(np.arange(4), 10), np.ones(40), CLOCK)


@pytest.mark.parametrize("n_lit", [40, 4])
def test_a_guard_that_knows_nothing_of_before_lets_nothing_rise_for_a_second(n_lit: int) -> None:
    trusting, guard = guard_of_forty(), guard_of_forty()
    guard.distrust()
    white = lit(guard, 2.0, lambda n: 1.0, n_lit)
    assert white[: LIGHT_RATE - 1].max() < 0.1
    assert white[-1] == 1.0
    assert lit(trusting, 0.1, lambda n: 1.0, n_lit).max() == 1.0
    fresh = guard_of_forty()
    fresh.distrust()
    assert len(fresh.slots) == 3
    assert all(follows(fresh.slots, tick, CLOCK) == 0 for tick in range(CLOCK.ticks(1.0)))


def test_flashes_before_a_crash_and_after_it_are_three_in_a_second() -> None:
    strobe: Callable[[int], float] = lambda n: float(n // 3 % 2)  # noqa: E731
    before = guard_of_forty()
    seen = lit(before, 2.0, strobe)
    for gap in (0.0, 0.3, 0.9):  # the last look is held meanwhile
        held = np.full(round(gap * LIGHT_RATE), seen[-1])
        again = guard_of_forty()
        again.distrust()
        whole = np.concatenate([seen, held, lit(again, 2.0, strobe)])
        rises = np.flatnonzero(np.diff(whole) > 0.1)
        worst = max(np.count_nonzero((rises >= at) & (rises < at + LIGHT_RATE)) for at in range(len(whole)))
        assert worst <= 3


def test_everything_rises_from_nothing_after_a_crash() -> None:
    master = Master(CLOCK)
    master.begin_dark()
    second = CLOCK.sample_rate / CLOCK.hop
    passed = np.arange(1, 201) / second
    back = np.minimum(1, passed / RISE)
    assert master.felt(200) == pytest.approx(back, abs=1e-9)
    assert master.heard(200) == pytest.approx(back, abs=1e-9)
    assert master.at(0) == 0.0
    assert [master.at(tick) for tick in range(1, 201)] == pytest.approx(back, abs=1e-9)


# Where it was


PATCH = """
title = "Places"
[[route]]
from = "level"
to = "chest.glow"
[[scene]]
name = "verse"
[[scene.route]]
from = "presence"
to = "hem.hue"
[[scene]]
name = "chorus"
[[scene.route]]
from = "presence"
to = "cuff.hue"
{cues}
"""
CUES = '[[cue]]\nname = "one"\nscene = "verse"\n[[cue]]\nname = "two"\nscene = "chorus"\n'


def played(built: Any, *events: Event) -> None:
    for event in events:
        built.engine.inbox.put(event)
    tick = built.engine.hops
    built.engine.step(Block(tick, np.zeros((CLOCK.hop, 1), np.float32), {"room": (0,)}, 1))


@pytest.mark.parametrize("cues", ["", CUES])
@pytest.mark.parametrize(
    "said",
    [
        *itertools.permutations(["/wear/cue/goto", "/wear/scene/verse", "/wear/zone/chest/hue"], 3),
        ("/wear/cue/go",), ("/wear/cue/go", "a number of a route"), (),
    ],
)  # fmt: skip
def test_what_hands_have_set_is_brought_back(tmp_path: Path, said: tuple[str, ...], cues: str) -> None:
    paths = write_show(tmp_path, "")
    paths["patch"].write_text(PATCH.format(cues=cues))
    show = load(paths["patch"], garment=paths["garment"])
    one, other = (build(show, {"room": (0,)}, CLOCK.sample_rate, strict=False) for _ in range(2))
    routes = [
        p.address for p in one.score.parameters() if p.address.endswith("/release") and p.kind == "number"
    ]
    args = {
        "/wear/cue/goto": ("two" if cues else "chorus",),
        "/wear/zone/chest/hue": (0.25,),
        routes[0]: (0.75,),
    }
    for each in said:
        address = each if each.startswith("/") else routes[0]
        played(one, Event(0, address, args.get(address, ())))
    assert bool(one.score.turned) == ("a number of a route" in said)
    events = json.loads(json.dumps([[event.address, *event.args] for event in one.score.as_events()]))
    other.score.begin(*json.loads(json.dumps(one.score.place)))
    played(other, *(Event(0, address, tuple(rest)) for address, *rest in events))
    a, b = one.score, other.score
    assert (a.cue, a.held_at, a.turned) == (b.cue, b.held_at, b.turned)
    assert a.place == b.place
    assert b.scene == b.place[1], "at once, and not by its fade"
    if said and said[-1] == "/wear/zone/chest/hue":
        assert b.held_at == {"chest.hue": 0.25}


class Seated:
    """What a guard says of before."""

    rung, at, played = AS_ASKED, 1, 4.0


def test_the_show_of_the_set_that_played_is_played_again(tmp_path: Path) -> None:
    paths = write_show(tmp_path, "")
    for title in ("Alder", "Birch"):
        (tmp_path / f"{title}.toml").write_text(PATCH.format(cues="").replace("Places", title))
    shows = [str(tmp_path / f"{title}.toml") for title in ("Alder", "Birch")]
    options = argparse.Namespace(safe=False, seconds=10.0, window=True)
    seat: Any = Seated()
    found = begin(seat, Named(shows, str(paths["garment"])), options)
    assert (found.show.patch.title, seat.at, options.seconds) == ("Birch", 1, 6.0)
    assert [entry.title for entry in found.entries] == ["Alder", "Birch"]
    assert SetList(found.entries, CLOCK, seat.at).asked(Event(500, "/wear/set/previous")) == 0
    options = argparse.Namespace(safe=False, seconds=2.0, window=True)
    seat.rung = SAFE
    found = begin(seat, Named(shows, str(paths["garment"])), options)
    assert (found.show.patch.title, seat.at, options.safe, options.window) == ("Alder", 0, True, True)
    assert 0 < options.seconds < 1
    seat.rung = LEAST
    found = begin(seat, Named(shows, str(paths["garment"])), options)
    assert (found.show.name, options.safe, options.window) == ("bass-denim", False, False)
    assert found.show.garment_path == paths["garment"]


def test_the_least_show_needs_no_file_of_anybody(tmp_path: Path) -> None:
    found = least(
        Named([str(tmp_path / "gone.toml")], str(tmp_path / "gone.toml"), str(tmp_path / "rig.toml"), "x.py")
    )
    assert found.show.name == "bass-denim"
    assert found.show.sketch_path is None
    assert found.said == []


# The parent, with an engine that starts in no time

GUARD = """
import sys
from wearsound.guardian import child, ladder, parent
import logging
logging.basicConfig(format="wearsound: %(message)s", level=logging.WARNING)
child.MODULE = "fake_engine"
ladder.WAITS = (0.0, 0.01, 0.02)
parent.LEAVES = 0.6
parent.HANG, parent.SLEPT, parent.DUMP, parent.SPARE, parent.LOOK = 0.8, 0.4, 0.2, 0.1, 0.05
sys.exit(parent.guard(sys.argv[1:]))
"""


class Guarded:
    """The guard of a fake engine, and what that engine noted."""

    def __init__(self, folder: Path, *deeds: str, first: str = "", **how: Any) -> None:
        self.log = folder / "log.jsonl"
        path = os.pathsep.join([str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")])
        env = {**os.environ, "PYTHONPATH": path, "XDG_STATE_HOME": str(folder)}
        self.process = subprocess.Popen(
            [sys.executable, "-c", first + GUARD, str(self.log), *deeds],
            env=env, stderr=subprocess.PIPE, text=True, **how,
        )  # fmt: skip

    def notes(self, what: str) -> list[Any]:
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        return [note[what] for note in map(json.loads, lines) if what in note]

    def wait_for(self, what: str, n: int = 1) -> list[Any]:
        wait_for(lambda: len(self.notes(what)) >= n, 20)
        return self.notes(what)

    @property
    def pid(self) -> int:
        """The engine's."""
        return int(json.loads(self.log.read_text().splitlines()[-1])["pid"])

    def end(self) -> tuple[int, str]:
        err = self.process.communicate(timeout=20)[1]
        return self.process.returncode, err


@pytest.fixture
def guarded(tmp_path: Path) -> Iterator[Callable[..., Guarded]]:
    with contextlib.ExitStack() as stack:

        def start(*deeds: str, **how: Any) -> Guarded:
            made = Guarded(tmp_path, *deeds, **how)
            stack.callback(made.process.wait)
            stack.callback(made.process.kill)
            return made

        yield start


@pytest.mark.parametrize("code", [2, 3, 1, 0])
def test_a_wrong_command_line_is_no_crash(guarded: Callable[..., Guarded], code: int, tmp_path: Path) -> None:
    one = guarded(f"refuses {code}")
    assert one.end() == (code, "")
    assert len(one.notes("order")) == 1
    assert list((tmp_path / "wearsound" / "crashes").iterdir()) == []


def test_a_crash_loop_goes_down_the_ladder_and_what_hands_set_with_it(
    guarded: Callable[..., Guarded], tmp_path: Path
) -> None:
    one = guarded(
        f"ends {CRASHED}", "killed", f"ends {CRASHED}", "killed", f"ends {CRASHED}", "ends 5", "ends 0"
    )
    code, said = one.end()
    assert code == 0
    orders = one.notes("order")
    assert [order["rung"] for order in orders] == [0, 0, 0, 1, 1, 1, 2]
    assert [order["again"] for order in orders] == [False, *[True] * 6]
    assert orders[0]["kept"] == {}
    assert orders[1]["kept"] == {"at": 1, "hands": [["/wear/master", 0.5]], "events": [["/wear/scene/verse"]],
                                 "played": 2.0}  # fmt: skip
    assert orders[3]["kept"] == orders[6]["kept"] == {"hands": [["/wear/master", 0.5]], "played": 2.0}
    assert said.count("WS-E03") == said.count("WS-E04") == 1
    assert "WS-E01 the engine ended by an error and is started again" in said
    left = sorted((tmp_path / "wearsound" / "crashes").iterdir())
    assert len(left) == 6
    assert "was ended by SIGKILL, 2 s after" in left[1].read_text()


def test_an_engine_that_hangs_is_ended_and_another_begins(
    guarded: Callable[..., Guarded], tmp_path: Path
) -> None:
    one = guarded("hangs", "hangs deaf", "ends 0")
    code, said = one.end()
    assert code == 0
    assert len(one.notes("order")) == 3
    assert "WS-E02 the engine stood still for 1 s and is started again where it was" in said
    assert "WS-E02 is over" in said
    assert one.notes("heard") == [signal.SIGABRT]


def test_files_that_were_broken_meanwhile_are_not_tried_twice(guarded: Callable[..., Guarded]) -> None:
    one = guarded("killed", "refuses 2", "ends 0")
    assert one.end()[0] == 0
    assert [order["rung"] for order in one.notes("order")] == [0, 0, 1]


def test_a_device_that_is_away_for_a_while_makes_no_simpler_show(guarded: Callable[..., Guarded]) -> None:
    one = guarded("killed", *["refuses 3"] * 5, "ends 0")
    assert one.end()[0] == 0
    assert [order["rung"] for order in one.notes("order")] == [0] * 7


def test_hands_reach_the_engine_once_and_asking_to_leave_does_too(guarded: Callable[..., Guarded]) -> None:
    one = guarded("plays")
    one.wait_for("order")
    time.sleep(0.2)
    for n, number in enumerate(HANDS, 1):
        one.process.send_signal(number)
        one.wait_for("heard", n)
    one.process.send_signal(signal.SIGTERM)
    assert one.end() == (0, "")
    assert one.notes("heard") == [*HANDS, signal.SIGTERM]


@pytest.mark.parametrize("deed", ["alone", "alone late"])
def test_hands_reach_what_is_not_begun_again_too(guarded: Callable[..., Guarded], deed: str) -> None:
    one = guarded(deed)
    one.wait_for("order")
    time.sleep(0.2)
    one.process.send_signal(HANDS[0])
    assert one.wait_for("heard") == [HANDS[0]]
    one.process.send_signal(signal.SIGTERM)
    assert one.end()[0] == 0


def test_an_engine_that_hangs_while_it_leaves_is_ended(guarded: Callable[..., Guarded]) -> None:
    one = guarded("lingers")
    one.wait_for("order")
    time.sleep(0.2)
    one.process.send_signal(signal.SIGTERM)
    assert one.end()[0] == 128 + signal.SIGABRT
    assert len(one.notes("order")) == 1


def test_ctrl_c_is_heard_once_though_a_terminal_tells_both(guarded: Callable[..., Guarded]) -> None:
    ours, theirs = pty.openpty()
    try:
        own = "import fcntl, termios\nfcntl.ioctl(0, termios.TIOCSCTTY, 0)\n"
        one = guarded("plays", stdin=theirs, start_new_session=True, first=own)
        one.wait_for("order")
        time.sleep(0.2)
        os.write(ours, b"\x03")
        assert one.end() == (0, "")
        assert one.notes("heard") == [signal.SIGINT]
    finally:
        os.close(ours)
        os.close(theirs)


def test_sleep_is_no_hang(guarded: Callable[..., Guarded]) -> None:
    one = guarded("plays")
    one.wait_for("order")
    time.sleep(0.2)
    engine = one.pid
    for number in (signal.SIGSTOP, signal.SIGCONT):
        os.kill(engine, number)
        one.process.send_signal(number)
        time.sleep(1.2)
    one.process.send_signal(signal.SIGTERM)
    assert one.end() == (0, "")
    assert len(one.notes("order")) == 1


def test_an_engine_sees_that_its_parent_is_gone(guarded: Callable[..., Guarded]) -> None:
    one = guarded("plays")
    one.wait_for("order")
    one.process.kill()
    one.wait_for("parent")
