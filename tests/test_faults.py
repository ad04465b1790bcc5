"""Faults of a live show: a code, a line when one begins and one when it is over, and never a log that runs away."""

from __future__ import annotations

import logging
import re
import socket
import threading
import time
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from test_window_dress import frame, show

from wearsound import faults
from wearsound.core import Block, Clock, Event, Frame, Health, Row, Spec
from wearsound.errors import DeviceError
from wearsound.faults import AGAIN, AT_ONCE, MOMENT, MOST, TRACES, Faults
from wearsound.mender import Mender, code_of
from wearsound.outputs.keeper import Keeper
from wearsound.outputs.osc import UdpSink
from wearsound.outputs.osc_messages import OscMessages
from wearsound.outputs.udp import Udp
from wearsound.outputs.window import Window
from wearsound.show.build import build
from wearsound.show.load import load
from wearsound.show.set_list import Entry, SetList
from wearsound.show.signs import SHOWN, health_of
from wearsound.show.surroundings import Surroundings

ROOT = Path(__file__).resolve().parent.parent
CLOCK = Clock()
CODE = re.compile(r"WS-[A-Z]\d\d")


class Ledger:
    """A ledger whose time is told, and what it said."""

    def __init__(self, caplog: pytest.LogCaptureFixture) -> None:
        self.time = 1000.0
        self.faults = Faults(lambda: self.time)
        self._caplog = caplog

    @property
    def said(self) -> list[str]:
        return [record.getMessage() for record in self._caplog.records]

    def codes(self) -> list[tuple[str, str]]:
        return [(fault.code, fault.who) for fault in self.faults.now()]


@pytest.fixture
def ledger(caplog: pytest.LogCaptureFixture) -> Iterator[Ledger]:
    with caplog.at_level(logging.WARNING):
        yield Ledger(caplog)


def there() -> list[tuple[str, str]]:
    return [(fault.code, fault.who) for fault in faults.now()]


class TestLedger:
    def test_a_line_at_the_beginning_and_one_at_the_end(self, ledger: Ledger) -> None:
        for _ in range(5):
            ledger.faults.begin("WS-A01", "hall", "hall is gone")
            ledger.time += 0.5
        assert ledger.codes() == [("WS-A01", "hall")]
        assert ledger.faults.now()[0].since == 1000.0
        assert ledger.faults.end("WS-A01", "hall")
        assert not ledger.faults.end("WS-A01", "hall")
        assert ledger.said == ["WS-A01 hall is gone", "WS-A01 is over after 2.5 s: hall, met 5 times"]
        assert ledger.codes() == []

    def test_two_that_have_the_same_fault_are_two(self, ledger: Ledger) -> None:
        ledger.faults.begin("WS-N16", "coat", "coat is lost")
        ledger.faults.begin("WS-N16", "hat", "hat is lost")
        ledger.faults.end("WS-N16", "coat", "coat is there")
        assert ledger.codes() == [("WS-N16", "hat")]
        assert ledger.said[2:] == ["WS-N16 is over after 0.0 s: coat is there"]

    def test_one_that_lasts_is_said_again_once_a_minute(self, ledger: Ledger) -> None:
        for _ in range(3600 * 60):
            ledger.faults.begin("WS-N16", "coat", "coat is lost")
            ledger.time += 1 / 60
        assert 55 <= len(ledger.said) <= 61
        assert ledger.said[1].startswith("WS-N16 still, for 60 s: coat is lost")

    def test_another_sentence_is_news(self, ledger: Ledger) -> None:
        for sentence in ("not there", "not there", "in use", "in use"):
            ledger.faults.begin("WS-A06", "hall", sentence)
        ledger.faults.begin("WS-A06", "hall", "another", news=False)
        assert ledger.said == ["WS-A06 not there", "WS-A06 in use"]
        assert ledger.faults.now()[0].said == "another"

    def test_a_moment_is_over_by_itself(self, ledger: Ledger) -> None:
        ledger.faults.begin("WS-O28", "/wear/cue", "no cue 'x'", lapse=MOMENT)
        ledger.time += MOMENT + 0.1
        assert ledger.codes() == []
        assert ledger.said == ["WS-O28 no cue 'x'"], "once: one line has said all"
        for _ in range(3):
            ledger.faults.begin("WS-O27", "OSC in", "too much", lapse=MOMENT)
            ledger.time += 1.0
        ledger.time += MOMENT
        assert ledger.codes() == []
        assert ledger.said[-1] == "WS-O27 is over after 2.0 s: OSC in, met 3 times"

    @pytest.mark.parametrize("how", ["flaps", "moments", "names", "sentences"])
    def test_nothing_fills_a_log(self, ledger: Ledger, how: str) -> None:
        """An hour of the worst: at most 200 lines, whatever comes and goes."""
        for number in range(100_000):
            ledger.time += 3600 / 100_000
            who = f"who {number}" if how == "names" else "coat"
            said = f"lost {number}" if how == "sentences" else "lost"
            ledger.faults.begin("WS-N16", who, said, lapse=1.0 if how == "moments" else AGAIN)
            if how == "flaps":
                ledger.faults.end("WS-N16", who)
            assert len(ledger.faults._there) <= MOST + 1
        assert AT_ONCE < len(ledger.said) <= 200 or how == "moments"
        assert len(ledger.said) <= 200

    def test_who_left_and_a_show_that_ends_say_nothing(self, ledger: Ledger) -> None:
        ledger.faults.begin("WS-N16", "coat", "lost")
        ledger.faults.begin("WS-N17", "coat", "lost")
        ledger.faults.begin("WS-N16", "hat", "lost")
        ledger.faults.drop("coat")
        assert ledger.codes() == [("WS-N16", "hat")]
        ledger.faults.forget()
        assert ledger.codes() == []
        assert len(ledger.said) == 3

    def test_a_fault_of_ours_comes_with_its_trace(self, caplog: pytest.LogCaptureFixture) -> None:
        try:
            raise ZeroDivisionError("ours")
        except ZeroDivisionError:
            faults.begin("WS-E12", "show", "it begins anew", trace=True)
        assert "Traceback" in caplog.text
        assert "ZeroDivisionError: ours" in caplog.text
        for number in range(100):
            try:
                raise ZeroDivisionError("ours")
            except ZeroDivisionError:
                faults.begin("WS-E12", "show", f"it begins anew {number}", trace=True)
        assert caplog.text.count("Traceback") == TRACES


def test_every_code_has_its_row_and_every_row_its_code() -> None:
    written = {
        code
        for path in (ROOT / "src" / "wearsound").rglob("*.py")
        if path.name != "faults.py"
        for code in CODE.findall(path.read_text(encoding="utf-8"))
    }
    page = (ROOT / "docs" / "faults.md").read_text(encoding="utf-8")
    rows = [line.split("|")[1].strip(" `") for line in page.splitlines() if line.startswith("| `WS-")]
    assert len(rows) == len(set(rows))
    assert sorted(written - set(rows)) == []
    assert [row for row in rows if row not in written and not row.startswith("WS-E0")] == [], (
        "the parent's are made"
    )


def test_every_test_that_the_page_names_is_there() -> None:
    page = (ROOT / "docs" / "faults.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(test_\w+\.py)`", page))
    assert len(named) > 5
    assert not [name for name in named if not (ROOT / "tests" / name).is_file()]


class TestOverOsc:
    def frame(self, number: int, *wrong: tuple[str, str, float]) -> Frame:
        none = np.zeros(0)
        return Frame(
            number, number, number / 60, Row({}, none), Row({}, none), np.zeros((0, 3), np.uint8),
            none, Health(faults=wrong), 0,
        )  # fmt: skip

    def told(self, messages: OscMessages, number: int, *wrong: tuple[str, str, float]) -> list[Any]:
        return [args for address, args in messages.at(self.frame(number, *wrong)) if address == "/wear/fault"]

    def test_it_is_told_at_once_each_second_and_when_it_is_over(self) -> None:
        messages = OscMessages([], health=True)
        assert self.told(messages, 0) == []
        assert self.told(messages, 7, ("WS-A01", "hall", 0.02)) == [("WS-A01", "hall", 0.0)]
        told = [self.told(messages, n, ("WS-A01", "hall", (n - 6) / 60)) for n in range(8, 128)]
        assert [n for n, args in enumerate(told, 8) if args] == [60, 120]
        assert told[52] == [("WS-A01", "hall", 0.9)]
        both = (("WS-A01", "hall", 3.0), ("WS-N16", "light to coat", 0.0))
        assert self.told(messages, 130, *both) == [("WS-N16", "light to coat", 0.0)]
        assert self.told(messages, 131, both[1]) == [("WS-A01", "hall", -1.0)]
        assert self.told(messages, 132) == [("WS-N16", "light to coat", -1.0)]
        assert self.told(messages, 180) == []

    def test_a_recording_has_none(self) -> None:
        messages = OscMessages([Spec("room.level", "dB", -90.0, 0.0, 0.1, "level")])
        row = Row({"room.level": 0}, np.zeros(1))
        none = np.zeros(0)
        frame = Frame(
            0, 0, 0.0, row, Row({}, none), np.zeros((0, 3), np.uint8), none,
            Health(faults=(("WS-A01", "hall", 1.0),)), 0,
        )  # fmt: skip
        assert "/wear/fault" not in [address for address, _ in messages.at(frame)]

    def test_the_show_says_what_is_wrong_now(self) -> None:
        health = health_of(object(), None)  # type: ignore[arg-type]
        assert health().faults == ()
        faults.begin("WS-N16", "light to coat", "lost")
        time.sleep(0.01)
        ((code, who, seconds),) = health().faults
        assert (code, who) == ("WS-N16", "light to coat")
        assert 0.01 <= seconds < 5.0

    def test_it_can_be_asked_for(self) -> None:
        around = Surroundings(build(load("bass-denim"), {"room": (0, 1)}, 48_000, strict=False))
        around.begin(None)
        asked = around.tree.get("/wear/faults")
        assert asked is not None
        assert asked.read is not None
        assert not asked.settable
        assert asked.read() == ""
        faults.begin("WS-A01", "hall", "gone")
        faults.begin("WS-N16", "light to coat", "lost")
        assert asked.read() == "WS-A01 hall; WS-N16 light to coat"

    def test_the_strip_shows_the_newest_for_a_while(self, monkeypatch: pytest.MonkeyPatch) -> None:
        class Strip:
            drawn = 0

            def __init__(self) -> None:
                self.said: list[str] = []

            def warn(self, sentence: str) -> None:
                self.said.append(sentence)

        now, strip = [1000.0], Strip()
        monkeypatch.setattr("time.monotonic", lambda: now[0])
        health = health_of(object(), strip)  # type: ignore[arg-type]
        ours = Faults(lambda: now[0])
        monkeypatch.setattr(faults, "now", ours.now)
        health()
        ours.begin("WS-A01", "hall", "hall is gone")
        health()
        health()
        now[0] += 2.0
        ours.begin("WS-N16", "coat", "coat is lost")
        health()
        ours.end("WS-N16", "coat")
        health()
        now[0] += SHOWN
        health()
        assert strip.said == ["WS-A01 hall is gone", "WS-N16 coat is lost", "WS-A01 hall is gone", ""]


class TestNetwork:
    def test_light_that_is_lost_has_its_code_until_it_leaves_again(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        udp = Udp("coat", "127.0.0.1", 9, kind="light")
        udp.open()

        class Down:
            def __init__(self, number: int) -> None:
                self.number = number

            def sendto(self, data: bytes, address: Any) -> None:
                raise OSError(self.number, "no way out")

            def close(self) -> None:
                pass

        real = udp._socket
        for number, code in ((101, "WS-N16"), (19, "WS-N17")):
            udp._rebuilt = time.monotonic() + 60
            udp._socket = Down(number)  # type: ignore[assignment]
            for _ in range(600):
                assert not udp.send([(b"x", udp.address)])
            assert there() == [(code, "light to coat")]
            udp._socket = real
            assert udp.send([(b"x", udp.address)])
            assert there() == []
        udp.close()
        assert [text.split()[0] for text in caplog.messages] == ["WS-N16"] * 2 + ["WS-N17"] * 2
        assert "is over" in caplog.messages[1]

    def test_osc_that_is_lost_has_its_code_until_it_leaves_again(self) -> None:
        sink = UdpSink("stage", "127.0.0.1", 9)
        sink.open()
        real, sink._socket = sink._socket, None

        class Down:
            def sendto(self, data: bytes, address: Any) -> None:
                raise OSError(101, "no way out")

        sink._socket = Down()  # type: ignore[assignment]
        for _ in range(100):
            sink.send(0.0, [("/a", (1,))])
        assert there() == [("WS-N16", "OSC to stage")]
        sink._socket = real
        sink.send(0.0, [("/a", (1,))])
        assert there() == []
        sink.close([])

    def test_a_round_that_fails_is_said_until_it_does_not(self) -> None:
        broken = [True]

        def round_() -> None:
            if broken[0]:
                raise RuntimeError("the keeper slipped")

        keeper = Keeper("light to coat", round_, 0.01)
        try:
            wait_for(lambda: there() == [("WS-E13", "light to coat")])
            broken[0] = False
            wait_for(lambda: there() == [])
        finally:
            keeper.stop()


def wait_for(met: Any, seconds: float = 5.0) -> None:
    end = time.monotonic() + seconds
    while not met():
        assert time.monotonic() < end
        time.sleep(0.005)


class Part:
    rate = 60

    def __init__(self, name: str, fault: str | None = None) -> None:
        self.name = name
        if fault is not None:
            self.fault = fault
        self.there = False

    def open(self, clock: Clock) -> None:
        if not self.there:
            raise DeviceError(f"{self.name} is not there")

    def send(self, frame: Frame) -> None:
        if not self.there:
            raise DeviceError("it fell down")

    def close(self) -> None:
        pass


class TestEngine:
    @pytest.mark.parametrize(("own", "code"), [(None, "WS-E11"), ("WS-N24", "WS-N24")])
    def test_a_part_that_breaks_has_its_code_until_it_is_back(self, own: str | None, code: str) -> None:
        built = build(load("bass-denim"), {"room": (0, 1)}, 48_000, strict=False)
        part = Part("lamp", own)
        assert code_of(part) == code
        engine = built.engine
        engine.outputs.append(part)
        engine._mender = Mender(CLOCK, first=0.01)
        silence = np.zeros((256, 2), np.float32)
        tick = 0

        def play() -> None:
            nonlocal tick
            engine.step(Block(tick, silence, {"room": (0, 1)}, 1))
            tick += 1

        for _ in range(8):
            play()
        assert there() == [(code, "lamp")]
        wait_for(lambda: "is not there" in faults.now()[0].said)  # the next tries are the same fault
        part.there = True
        wait_for(lambda: play() or part in engine.outputs)
        assert there() == []
        engine._mender.end()

    def test_what_is_exchanged_takes_its_faults_along(self) -> None:
        built = build(load("bass-denim"), {"room": (0, 1)}, 48_000, strict=False)
        part = Part("lamp")
        built.engine._mender = Mender(CLOCK, first=60.0)
        faults.begin("WS-E11", "lamp", "lamp fell down")
        built.engine.exchange(built.engine.outputs, [part], [])
        assert there() == []
        built.engine._mender.end()

    def test_ten_thousand_wrong_cues_a_second_are_a_line_a_minute(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        built = build(load("bass-denim"), {"room": (0, 1)}, 48_000, strict=False)
        score = built.engine.parts.score
        listed = SetList([Entry("a", "a"), Entry("b", "b")], CLOCK)
        for number in range(10_000):
            built.engine._take(Event(0, "/wear/cue/goto", (f"x{number}",), "osc 10.0.0.9:5"))
            built.engine._take(Event(0, f"/wear/scene/none{number}", (), "osc 10.0.0.9:5"))
            listed.asked(Event(0, "/wear/set/goto", (number + 7,)))
        assert score.cue == built.engine.parts.score.cue
        assert 0 < len(caplog.records) <= AT_ONCE + 1
        assert {code for code, _ in there()} == {"WS-O28"}
        assert len(there()) <= 3


class Shown:
    """A window's program, as `Window` sees one."""

    ready, first, dressed = True, 0, 0

    def __init__(self, *args: object) -> None:
        self.gone = False
        self.inbox: deque[Any] = deque()
        self.slots: dict[int, Any] = {}
        self.said: list[str] = []

    def wait(self, closing: threading.Event, *, patient: bool = True) -> bool:
        return True

    def tell(self, sentence: str) -> None:
        self.said.append(sentence)

    def stop(self, seconds: float) -> None:
        pass


def test_a_window_that_ends_is_a_fault_until_it_is_back(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("wearsound.outputs.window.Program", Shown)
    heard: list[Event] = []
    dress = show()
    window = Window(dress, on_event=heard.append)
    window.open(CLOCK)
    for turn in range(3):
        program = window._program
        assert isinstance(program, Shown)
        program.gone = True
        window.send(frame(1, dress))
        assert there() == [("WS-W46", "window")]
        window.warn("WS-W46 the window ended")
        wait_for(lambda: window.poll() or window._program is not None)
        assert there() == []
        assert window._program.said == ["WS-W46 the window ended"], turn  # type: ignore[union-attr]
        window.tell("a slip in the patch")
        assert window._program.said[-1] == "a slip in the patch"  # type: ignore[union-attr]
        window.tell("")
        assert window._program.said[-1] == "WS-W46 the window ended"  # type: ignore[union-attr]
    window.close()
    assert [text.partition(" ")[0] for text in caplog.messages] == ["WS-W46"] * 6
    assert [event.args[1:] for event in heard] == [("known",)], "the engine does not say it again"


def test_what_a_sketch_did_is_a_fault_of_a_moment(caplog: pytest.LogCaptureFixture) -> None:
    built = build(load("bass-denim"), {"room": (0, 1)}, 48_000, strict=False)
    for _ in range(2):
        built.engine._take(Event(0, "/wear/window/trouble", ("s.py:3: ZeroDivisionError",)))
        built.engine._take(Event(0, "/wear/window/trouble", ("the window ended", "known")))
    assert there() == [("WS-W38", "picture")]
    assert caplog.messages == ["WS-W38 s.py:3: ZeroDivisionError"]


def test_a_port_that_is_taken_begins_and_ends(caplog: pytest.LogCaptureFixture) -> None:
    from wearsound.osc.tree import Tree
    from wearsound.sources.osc_in.door import Door

    other = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    other.bind(("127.0.0.1", 0))
    door = Door(Tree([]), lambda event: True, port=other.getsockname()[1], retry=0.02)
    door.open()
    try:
        assert there() == [("WS-O30", "OSC in")]
        other.close()
        wait_for(lambda: door.listening and not there())
        assert [text.split()[0] for text in caplog.messages] == ["WS-O30", "WS-O30"]
        assert "is over" in caplog.messages[1]
        assert "listening on 127.0.0.1" in caplog.messages[1]
    finally:
        door.close()
        other.close()
