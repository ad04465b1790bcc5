"""MIDI: bytes and binds, a clock with its jitter, and real ports of a JACK server without sound."""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from wearsound.core import Event, Parameter
from wearsound.errors import DeviceError, PatchError
from wearsound.inbox import Inbox
from wearsound.osc.tree import Tree
from wearsound.show.rig import Bind
from wearsound.sources import midi as midi_room
from wearsound.sources.midi import Midi, learn
from wearsound.sources.midi_bind import Binds, Control, Move, read_move, read_source
from wearsound.sources.midi_clock import MidiClock
from wearsound.sources.midi_port import Port, find, ports, stem

TREE = Tree(
    [
        Parameter("/wear/master", "how bright"),
        Parameter("/wear/blackout", "dark", "switch"),
        Parameter("/wear/tempo/bpm", "how fast", low=54.0, high=216.0),
        Parameter("/wear/tempo/tap", "now", "trigger"),
        Parameter("/wear/tempo/nudge", "later", "trigger", low=-1000.0, high=1000.0),
        Parameter("/wear/scene/next", "go on", "trigger"),
        Parameter("/wear/param/steps", "how many", "whole", low=1.0, high=9.0),
        Parameter("/wear/param/word", "which", "text", choices=("low", "mid", "high")),
        Parameter("/wear/param/name", "any", "text"),
        Parameter("/wear/move/knobs", "all", "list"),
        Parameter("/wear/lux", "how bright it is", settable=False),
    ]
)


def bind(source: str, to: str, span: tuple[float, float] = (0.0, 1.0)) -> Bind:
    return Bind(source=source, to=to, span=span)


def said(bound: Binds, *message: int) -> list[tuple[str, tuple[object, ...]]]:
    move = read_move(message)
    return [] if move is None else [(event.address, event.args) for event in bound.events(move)]


class TestSources:
    @pytest.mark.parametrize(
        ("text", "control"),
        [
            ("midi cc 21", Control("cc", 21)),
            ("midi cc 0 channel 16", Control("cc", 0, 16)),
            ("midi note 36", Control("note", 36)),
            ("midi bend channel 2", Control("bend", channel=2)),
            ("midi program 5", Control("program", 5)),
            ("midi program", Control("program")),
        ],
    )
    def test_a_text_is_a_control_and_back(self, text, control):
        assert read_source(text) == control
        assert control.text == text

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("midi knob 3", 'write "midi cc 21"'),
            ("midi cc", "is no MIDI control"),
            ("midi cc 128", "counts from 0 to 127"),
            ("midi note 36 channel 17", "channels are 1 to 16"),
            ("midi note 36 channel 0", "channels are 1 to 16"),
            ("cc 21", "is no MIDI control"),
            ("midi cc 21\n", ""),
        ],
    )
    def test_what_is_none_is_told_in_a_sentence(self, text, words):
        if not words:  # spaces around it are nobody's fault
            assert read_source(text) == Control("cc", 21)
            return
        with pytest.raises(PatchError, match=words) as caught:
            read_source(text)
        assert repr(text) in str(caught.value)


class TestMessages:
    @pytest.mark.parametrize(
        ("message", "move"),
        [
            ((0xB0, 21, 64), Move(Control("cc", 21, 1), 64)),
            ((0x9F, 36, 100), Move(Control("note", 36, 16), 100)),
            ((0x90, 36, 0), Move(Control("note", 36, 1), 0)),
            ((0x80, 36, 64), Move(Control("note", 36, 1), 0)),
            ((0xE1, 0, 64), Move(Control("bend", channel=2), 8192)),
            ((0xE1, 127, 127), Move(Control("bend", channel=2), 16383)),
            ((0xC2, 5), Move(Control("program", 5, 3), 5)),
        ],
    )
    def test_what_a_box_says(self, message, move):
        assert read_move(message) == move

    @pytest.mark.parametrize(
        "message",
        [(), (0xB0,), (0xB0, 21), (0xB0, 21, 200), (0xB0, -1, 5), (0xC0, 1, 2), (0xD0, 64), (0xA0, 1, 2), (0xF8,),
         (0xB0, 1, 2, 3), (21, 64, 64), (0xF0, 1, 0xF7)],
    )  # fmt: skip
    def test_what_is_no_control_is_none(self, message):
        assert read_move(message) is None

    def test_no_bytes_at_all_raise(self):
        rng = np.random.default_rng(4)
        bound = Binds([bind("midi cc 1", "/wear/master"), bind("midi program", "/wear/param/steps")], TREE)
        for _ in range(20_000):
            message = rng.integers(0, 256, rng.integers(0, 6)).tolist()
            for address, args in said(bound, *message):
                assert address in ("/wear/master", "/wear/param/steps")
                assert 0.0 <= float(args[0]) <= 9.0


class TestBinds:
    def test_a_knob_goes_over_all_that_a_number_takes(self):
        bound = Binds([bind("midi cc 21", "/wear/tempo/bpm")], TREE)
        assert said(bound, 0xB0, 21, 0) == [("/wear/tempo/bpm", (54.0,))]
        assert said(bound, 0xB5, 21, 127) == [("/wear/tempo/bpm", (216.0,))]
        assert said(bound, 0xB0, 22, 127) == []
        assert said(bound, 0x90, 21, 127) == []

    def test_a_span_is_spread_over_it_turned_round_if_it_is(self):
        bound = Binds(
            [bind("midi cc 1", "/wear/master", (20, 100)), bind("midi cc 2", "/wear/master", (127, 0))], TREE
        )
        assert [said(bound, 0xB0, 1, value)[0][1][0] for value in (0, 20, 60, 100, 127)] == [0, 0, 0.5, 1, 1]
        assert [said(bound, 0xB0, 2, value)[0][1][0] for value in (0, 127)] == [1, 0]

    def test_a_bend_has_fourteen_bits(self):
        bound = Binds([bind("midi bend", "/wear/master")], TREE)
        assert said(bound, 0xE0, 127, 127) == [("/wear/master", (1.0,))]
        assert said(bound, 0xE0, 0, 64)[0][1][0] == pytest.approx(0.5, abs=1e-4)

    def test_a_channel_is_only_that_one_and_one_control_may_move_more(self):
        bound = Binds(
            [bind("midi cc 1 channel 2", "/wear/master"), bind("midi cc 1", "/wear/tempo/bpm")], TREE
        )
        assert [address for address, _ in said(bound, 0xB0, 1, 9)] == ["/wear/tempo/bpm"]
        assert {address for address, _ in said(bound, 0xB1, 1, 9)} == {"/wear/tempo/bpm", "/wear/master"}

    def test_whole_words_and_switches(self):
        bound = Binds(
            [
                bind("midi cc 1", "/wear/param/steps"),
                bind("midi cc 2", "/wear/param/word"),
                bind("midi note 3", "/wear/blackout"),
            ],
            TREE,
        )
        assert [said(bound, 0xB0, 1, value)[0][1][0] for value in (0, 64, 127)] == [1, 5, 9]
        assert [said(bound, 0xB0, 2, value)[0][1][0] for value in (0, 64, 127)] == ["low", "mid", "high"]
        assert said(bound, 0x90, 3, 90) == [("/wear/blackout", (1,))]
        assert said(bound, 0x90, 3, 0) == said(bound, 0x80, 3, 64) == [("/wear/blackout", (0,))]

    def test_a_pad_fires_when_it_is_hit_and_says_how_hard(self):
        bound = Binds([bind("midi note 36", "/wear/tempo/tap")], TREE)
        assert said(bound, 0x99, 36, 127) == [("/wear/tempo/tap", (1.0,))]
        assert said(bound, 0x99, 36, 1) == [("/wear/tempo/tap", (1 / 127,))]
        assert said(bound, 0x99, 36, 0) == said(bound, 0x89, 36, 64) == []

    def test_a_button_that_sends_cc_fires_once_a_press(self):
        bound = Binds([bind("midi cc 64", "/wear/scene/next")], TREE)
        fired = [len(said(bound, 0xB0, 64, value)) for value in (0, 127, 100, 100, 0, 0, 63, 64, 0)]
        assert fired == [0, 1, 0, 0, 0, 0, 0, 1, 0]
        assert [len(said(bound, 0xB0, 64, 127)) for _ in range(3)] == [1, 1, 1]  # it never says its release

    def test_a_program_fires_and_its_number_can_be_a_value(self):
        bound = Binds(
            [bind("midi program 5", "/wear/scene/next"), bind("midi program", "/wear/param/steps", (1, 9))],
            TREE,
        )
        assert sorted(said(bound, 0xC0, 5)) == [("/wear/param/steps", (5,)), ("/wear/scene/next", (1.0,))]
        assert said(bound, 0xC0, 2) == [("/wear/param/steps", (2,))]

    def test_a_pad_on_what_takes_numbers_below_0_says_one_a_hit(self):
        bound = Binds(
            [bind("midi note 36", "/wear/tempo/nudge"), bind("midi note 37", "/wear/scene/next")], TREE
        )
        assert said(bound, 0x99, 36, 127) == [("/wear/tempo/nudge", (1000.0,))]
        assert said(bound, 0x99, 36, 0) == []
        assert [len(said(bound, 0x99, 37, 90)) for _ in range(3)] == [1, 1, 1]

    def test_program_0_fires_too(self):
        assert said(Binds([bind("midi program 0", "/wear/scene/next")], TREE), 0xC3, 0) == [
            ("/wear/scene/next", (1.0,))
        ]

    @pytest.mark.parametrize(
        ("to", "words"),
        [
            ("/wear/mastre", "this show has no '/wear/mastre'; did you mean /wear/master?"),
            ("/elsewhere", "this show has no '/elsewhere'; `wearsound osc tree` lists what there is"),
            ("/wear/lux", "'/wear/lux' can only be asked; choose another address"),
            ("/wear/param/name", "'/wear/param/name' takes a word; choose another address"),
        ],
    )
    def test_what_this_show_lacks_is_said_once_and_the_rest_of_the_room_plays(self, to, words, caplog):
        binds = [bind("midi cc 1", to), bind("midi cc 1", "/wear/master")]
        bound = Binds(binds, TREE)
        assert bound.missing == [f"bind 'midi cc 1': {words}"]
        assert said(bound, 0xB0, 1, 127) == [("/wear/master", (1.0,))]
        Midi(None, binds, TREE, Inbox().put, False)
        assert caplog.messages == [f"MIDI in: bind 'midi cc 1': {words}"]

    def test_what_is_no_control_is_an_error(self):
        with pytest.raises(PatchError, match="is no MIDI control"):
            Binds([bind("midi knob 1", "/wear/master")], TREE)

    def test_binds_of_osc_are_left_alone(self):
        assert Binds([bind("/1/fader3", "/wear/nothing")], TREE).missing == []


def ticks(bpm: float, seconds: float, jitter: float, start: float = 5.0) -> np.ndarray:
    """When the ticks of a clock arrive, each so much late at most."""
    at = start + np.arange(0, seconds, 60 / bpm / 24)
    return at + np.random.default_rng(7).uniform(0, jitter, len(at))


class TestTheClock:
    @pytest.mark.parametrize("bpm", [54.0, 90.0, 127.3, 174.0, 210.0])
    @pytest.mark.parametrize("jitter", [0.001, 0.003])
    def test_jitter_does_not_wobble_it(self, bpm, jitter):
        clock, tempi, off = MidiClock(), [], []
        clock.start()
        for number, now in enumerate(ticks(bpm, 60, jitter)):
            told = clock.tick(now)
            if told and number > 12 * 24:
                tempi.append(told[0])
                truth = (now - 5.0) * bpm / 60
                off.append((told[1] - truth + 0.5) % 1.0 - 0.5)
        assert len(tempi) > 100
        assert np.abs(np.array(tempi) - bpm).max() < 0.1
        assert np.abs(np.array(off)).max() * 60 / bpm < 0.003
        assert np.ptp(off) * 60 / bpm < 0.0015  # a tick that is late itself is known to be

    def test_a_step_of_the_tempo_is_followed_within_two_seconds(self):
        clock, told = MidiClock(), {}
        slow, fast = ticks(120, 20, 0.002), ticks(132, 10, 0.002, 25.0)
        for now in [*slow, *fast]:
            if (answer := clock.tick(now)) is not None:
                told[now] = answer[0]
        assert all(abs(bpm - 132) < 1 for now, bpm in told.items() if now > 26.5)
        assert all(abs(bpm - 132) < 0.1 for now, bpm in told.items() if now > 30)

    def test_before_anybody_pressed_start_it_says_how_fast_and_not_where(self):
        clock = MidiClock()
        told = [answer for now in ticks(120, 4, 0.0) if (answer := clock.tick(now))]
        assert {len(answer) for answer in told} == {1}
        assert told[-1][0] == pytest.approx(120)

    def test_start_is_the_one_of_a_bar_and_stop_ends(self):
        clock, now = MidiClock(), 5.0
        for now in ticks(120, 3, 0.0):
            clock.tick(now)
        clock.start()
        told = []
        for _ in range(48):
            now += 0.5 / 24
            told.append(clock.tick(now))
        said = [answer for answer in told if answer]
        assert told[0] == pytest.approx((120.0, 0.0, 1.0), abs=1e-6)
        assert [len(answer) for answer in said] == [3] * 4 + [2] * 4
        assert [answer[1] for answer in said] == pytest.approx([0, 0.25, 0.5, 0.75] * 2, abs=1e-6)
        assert clock.stop() == (0.0,)
        assert clock.stop() is None
        assert all(clock.tick(now + 0.5 / 24 * (1 + i)) is None for i in range(48))

    def test_it_goes_on_where_it_stopped_or_at_the_song_position(self):
        clock, now = MidiClock(), 5.0
        clock.start()
        for _ in range(24 * 2 + 6 + 1):
            clock.tick(now := now + 0.5 / 24)
        clock.stop()
        clock.go_on()
        told = [answer for _ in range(6) if (answer := clock.tick(now := now + 0.5 / 24))]
        assert [answer[1] for answer in told] == pytest.approx([0.5], abs=1e-6)
        clock.stop()
        clock.position(7)  # the fourth sixteenth of the second beat
        clock.go_on()
        assert clock.tick(now + 0.5 / 24)[1] == pytest.approx(0.75, abs=1e-6)

    @pytest.mark.parametrize("pause", [3.0, -2.0])
    def test_after_a_pause_it_begins_anew(self, pause):
        clock = MidiClock()
        for now in ticks(120, 5, 0.0):
            clock.tick(now)
        later = now + pause
        first = [clock.tick(later + i * 0.6 / 24) for i in range(60)]
        told = [answer for answer in first if answer]
        assert told[0][0] == pytest.approx(100)
        assert first[:24] == [None] * 24


KNOWN = (
    Port("nanoKONTROL2:CTRL 24:0", 1, 0),
    Port("TR-8S:TR-8S MIDI 1 28:0", 1, 1),
    Port("Midi Through:0 14:0", 1, 2),
)


class TestNames:
    def test_part_of_a_name_is_enough(self):
        assert find("nanokontrol", KNOWN).number == 0
        assert find("TR-8S", KNOWN).number == 1

    @pytest.mark.parametrize(
        ("wanted", "words"),
        [
            ("midi", "fits 2 MIDI inputs: 'TR-8S:TR-8S MIDI 1 28:0', 'Midi Through:0 14:0'; write more"),
            ("launchpad", "no MIDI input has 'launchpad' in its name; there is"),
            (None, "there are 2 MIDI inputs: .*; write which in the rig"),
        ],
    )
    def test_another_one_is_never_taken(self, wanted, words):
        with pytest.raises(DeviceError, match=words):
            find(wanted, KNOWN)

    def test_the_only_box_needs_no_name(self):
        assert find(None, KNOWN[1:]).number == 1
        with pytest.raises(DeviceError, match="there is no MIDI input on this machine"):
            find(None, [])

    def test_the_numbers_at_the_end_may_be_others_next_time(self):
        assert stem("TR-8S:TR-8S MIDI 1 28:0") == "TR-8S:TR-8S MIDI"
        assert stem("24:0") == "24:0"


@pytest.fixture(scope="module")
def jack() -> Iterator[list[str]]:
    """A JACK server without sound, under a name of its own; what to start it with."""
    rtmidi = pytest.importorskip("rtmidi", reason="python-rtmidi is not installed")
    if shutil.which("jackd") is None:
        pytest.skip("no jackd (apt install jackd2)")
    if rtmidi.API_UNIX_JACK not in rtmidi.get_compiled_api():
        pytest.skip("this python-rtmidi was built without JACK")
    name = f"wearsound-{os.getpid()}"
    command = ["jackd", "-n", name, "-S", "-r", "-t", "5000", "-d", "dummy", "-r", "48000", "-p", "256"]
    before = os.environ.get("JACK_DEFAULT_SERVER")
    os.environ["JACK_DEFAULT_SERVER"] = name
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        if not soon(lambda: _answers(rtmidi), 10.0):
            pytest.skip("jackd does not start here")
        yield command
    finally:
        server.terminate()
        server.wait(10)
        if before is None:
            del os.environ["JACK_DEFAULT_SERVER"]
        else:
            os.environ["JACK_DEFAULT_SERVER"] = before


def _answers(rtmidi: object) -> bool:
    try:
        rtmidi.MidiOut(rtmidi.API_UNIX_JACK, name="asks").delete()  # type: ignore[attr-defined]
    except rtmidi.SystemError:  # type: ignore[attr-defined]
        return False
    return True


def soon(true: Callable[[], object], seconds: float = 5.0) -> bool:
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


class Box:
    """A drum machine: a real MIDI output that others can connect to."""

    def __init__(self, name: str = "drum machine") -> None:
        import rtmidi

        self._out = rtmidi.MidiOut(rtmidi.API_UNIX_JACK, name=name)
        self._out.open_virtual_port("out")

    def send(self, *message: int) -> None:
        self._out.send_message(list(message))

    def unplug(self) -> None:
        self._out.delete()


class TestRealPorts:
    def test_knobs_and_pads_arrive_as_events(self, jack):
        inbox, box = Inbox(TREE.values), Box()
        midi = Midi(
            "DRUM",
            [bind("midi cc 21", "/wear/master"), bind("midi note 36", "/wear/tempo/tap")],
            TREE,
            inbox.put,
            False,
        )
        midi.open()
        try:
            assert "drum machine" in midi.name
            got: list[Event] = []
            box.send(0x99, 36, 127)
            for value in range(0, 128):
                box.send(0xB0, 21, value)
            assert soon(lambda: got.extend(inbox.take()) or (got and got[-1].args == (1.0,) and len(got) > 1))
            assert got[0] == Event(0, "/wear/tempo/tap", (1.0,), "midi")
            assert got[-1] == Event(0, "/wear/master", (1.0,), "midi")
        finally:
            midi.close()
            box.unplug()

    def test_its_clock_comes_as_a_tempo(self, jack):
        inbox, box, told = Inbox(), Box(), []
        midi = Midi("drum", [], TREE, inbox.put, True)
        midi.open()
        try:
            time.sleep(0.5)  # the server may stall while it connects
            box.send(0xFA)
            at = time.monotonic()
            for i in range(24 * 6):
                while (wait := at + i * 0.5 / 24 - time.monotonic()) > 0:
                    time.sleep(wait)
                box.send(0xF8)
            assert soon(lambda: told.extend(inbox.take()) or len(told) >= 16)
            assert {(event.address, event.by) for event in told} == {("/wear/tempo/clock", "midi")}
            assert told[-1].args[0] == pytest.approx(120, abs=2)
            quarters = [round(event.args[1] * 4) for event in told]
            assert all((after - before) % 4 == 1 for before, after in itertools.pairwise(quarters))
            box.send(0xFC)
            assert soon(lambda: told.extend(inbox.take()) or told[-1].args == (0.0,))
        finally:
            midi.close()
            box.unplug()

    def test_without_being_asked_for_a_clock_is_not_heard(self, jack):
        inbox, box = Inbox(TREE.values), Box()
        midi = Midi("drum", [bind("midi cc 21", "/wear/master")], TREE, inbox.put, False)
        midi.open()
        try:
            box.send(0xFA)
            for _ in range(60):
                box.send(0xF8)
            box.send(0xB0, 21, 0)
            got: list[Event] = []
            assert soon(lambda: got.extend(inbox.take()) or got)
            assert [event.address for event in got] == ["/wear/master"]
        finally:
            midi.close()
            box.unplug()

    def test_unplugged_it_lets_go_of_what_was_held_and_is_taken_again(self, jack, monkeypatch, caplog):
        monkeypatch.setattr(midi_room, "LOOK_SECONDS", 0.1)
        inbox, box = Inbox(TREE.values), Box()
        midi = Midi("drum", [bind("midi note 3", "/wear/blackout")], TREE, inbox.put, False)
        midi.open()
        try:
            box.send(0x90, 3, 80)
            got: list[Event] = []
            assert soon(lambda: got.extend(inbox.take()) or got)
            assert got[-1].args == (1,)
            box.unplug()
            assert soon(lambda: not midi.name)
            assert soon(lambda: got.extend(inbox.take()) or len(got) > 1)
            assert got[-1] == Event(0, "/wear/blackout", (0,), "midi")
            assert "is gone; it is taken again when it is back" in caplog.text
            box = Box()
            assert soon(lambda: midi.name)
            assert soon(lambda: box.send(0x90, 3, 80) or got.extend(inbox.take()) or got[-1].args == (1,))
        finally:
            midi.close()
            box.unplug()
        assert inbox.take()[-1] == Event(0, "/wear/blackout", (0,), "midi")  # still held at the end
        assert midi.name == ""
        assert not any(thread.name == "midi" for thread in threading.enumerate())

    def test_of_two_that_fit_none_is_taken_and_of_none_the_nearest_is_said(self, jack):
        boxes = [Box("drum machine left"), Box("drum machine right")]
        try:
            with pytest.raises(DeviceError, match=r"fits 2 MIDI inputs: .*left.*right"):
                Midi("drum", [], TREE, Inbox().put, False).open()
            with pytest.raises(DeviceError, match=r"no MIDI input has 'durm machine left:out'.*did you mean"):
                Midi("durm machine left:out", [], TREE, Inbox().put, False).open()
            assert {"drum machine left:out", "drum machine right:out"} <= {port.name for port in ports()}
        finally:
            for box in boxes:
                box.unplug()

    def test_what_is_moved_is_learnt_as_a_source(self, jack):
        box = Box()
        moves = learn("drum", 5.0)
        threading.Timer(0.5, lambda: (box.send(0xB1, 21, 64), box.send(0x80, 36, 0))).start()
        try:
            assert next(moves) == ("midi cc 21 channel 2", 64.0)
            assert next(moves) == ("midi note 36 channel 1", 0.0)
        finally:
            moves.close()
            box.unplug()
        assert read_source("midi cc 21 channel 2") == Control("cc", 21, 2)

    def test_a_server_that_dies_ends_nothing(self, jack):
        """In a program of its own, which a crash inside JACK would end."""
        name = f"wearsound-dies-{os.getpid()}"
        command = [name if part.startswith("wearsound-") else part for part in jack]
        try:
            done = subprocess.run(
                [sys.executable, "-c", DIES, name, *command], capture_output=True, text=True, timeout=60
            )
        finally:
            for left in Path("/dev/shm").glob(f"jack_sem.*_{name}_*"):
                left.unlink()
        assert (done.stdout.split(), done.returncode) == (["heard", "dead", "end"], 0), done.stderr[-2000:]


DIES = """
import os, subprocess, sys, time
name, *command = sys.argv[1:]
os.environ["JACK_DEFAULT_SERVER"] = name
server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
import rtmidi
from wearsound.core import Parameter
from wearsound.osc.tree import Tree
from wearsound.show.rig import Bind
from wearsound.sources import midi

midi.LOOK_SECONDS = 0.1
got, end = [], time.monotonic() + 20
while True:
    try:
        out = rtmidi.MidiOut(rtmidi.API_UNIX_JACK, name="drum machine")
        break
    except rtmidi.SystemError:
        assert time.monotonic() < end
        time.sleep(0.1)
out.open_virtual_port("out")
here = midi.Midi("drum", [Bind(source="midi cc 21", to="/wear/master")], Tree([Parameter("/wear/master", "")]),
                 lambda event: got.append(event) or True, True)
here.open()
while not got:
    assert time.monotonic() < end
    out.send_message([0xB0, 21, 64])
    time.sleep(0.05)
print("heard", flush=True)
server.terminate()  # killed the hard way it would keep one of the eight places that a machine has for servers
server.wait()
time.sleep(1.0)  # ten looks
print("dead", flush=True)
here.close()
print("end", flush=True)
"""
