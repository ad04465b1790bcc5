"""OSC out: on change, capped, refreshed, bundled; heard by python-osc, liblo and Pure Data."""

from __future__ import annotations

import json
import logging
import math
import shutil
import socket
import struct
import subprocess
import threading
import time

import numpy as np
import pytest

from wearsound.analysis.ear import everything, feature_specs
from wearsound.analysis.movement.movement import Movement
from wearsound.analysis.sensor import words
from wearsound.core import Clock, Frame, Health, Row, Spec
from wearsound.errors import DeviceError
from wearsound.osc.bundle import BUNDLE_BYTES, Bundles
from wearsound.outputs.osc import JsonlSink, Osc, UdpSink
from wearsound.outputs.osc_messages import HAPTIC_MS, OscMessages, feature_address
from wearsound.sensed import MOVED

SPECS = (
    Spec("room.level", "dB", -90, 0, 0.01, "level"),
    Spec("room.bass", "", 0, 1, 0.001, "bass"),
    Spec("room.onset", "count", 0, 1e9, 1, "onsets", growing=True),
    Spec("room.beat", "count", 0, 1e9, 1, "beats", growing=True),
    Spec("room.phase", "", 0, 1, 0.001, "phase"),
    Spec("room.confidence", "", 0, 1, 0.001, "confidence"),
    Spec("room.silence", "", 0, 1, 1, "silence"),
    Spec("body.silence", "", 0, 1, 1, "silence of the body"),
)
INDEX = {spec.name: i for i, spec in enumerate(SPECS)}
ZONES = ("chest", "sleeve_l")
CONTROLS = {"chest.glow": 0, "chest.buzz_hz": 1, "sleeve_l.buzz_hz": 2, "/synth/cutoff": 3}
ACTUATORS = (np.array([0, 1]), np.array([2]))


def frame(number, lit=((0, 0, 0), (0, 0, 0)), felt=(0.0, 0.0), cutoff=0.0, hz=80.0, health=None, **features):
    values = np.zeros(len(SPECS))
    for name, value in features.items():
        values[INDEX[name.replace("__", ".")]] = value
    return Frame(
        tick=0,
        number=number,
        time=(number + 1) / 60,
        features=Row(INDEX, values),
        controls=Row(CONTROLS, np.array([0.5, 99.0, 99.0, cutoff])),
        lit=np.array(lit, np.uint8),
        felt=np.array(felt, np.float32),
        touch=np.array([[felt[0] / 2, 60.0], [felt[0], hz], [felt[1], hz]], np.float32),
        health=health or Health(),
        seed=7,
    )


def builder(**options):
    return OscMessages(SPECS, ZONES, CONTROLS, ("/synth/cutoff",), actuators=ACTUATORS, **options)


def addresses(messages):
    return [address for address, _ in messages]


class TestMessages:
    def test_the_first_frame_says_everything_once(self):
        messages = builder().at(frame(0, lit=((255, 128, 0), (0, 0, 0)), room__onset=3, room__level=-12.345))
        assert messages == [
            ("/wear/audio/room/level", (-12.345,)),
            ("/wear/audio/room/bass", (0.0,)),
            ("/wear/audio/room/onset", (3,)),
            ("/wear/audio/body/silence", (0.0,)),
            ("/wear/beat", (0, 0.0, 0.0)),
            ("/wear/silence", (0,)),
            ("/wear/zone/chest/rgb", (1.0, 0.502, 0.0)),
            ("/wear/zone/sleeve_l/rgb", (0.0, 0.0, 0.0)),
            ("/synth/cutoff", (0.0,)),
        ]
        assert type(messages[2][1][0]) is int
        assert all(type(arg) in (int, float) for _, args in messages for arg in args)

    def test_only_what_changed_leaves(self):
        messages = builder()
        for number in range(0, 31):
            messages.at(frame(number))
        assert messages.at(frame(31)) == []
        assert messages.at(frame(32, room__bass=0.5)) == [("/wear/audio/room/bass", (0.5,))]
        assert messages.at(frame(33, room__bass=0.5, cutoff=440.0)) == [("/synth/cutoff", (440.0,))]
        assert addresses(messages.at(frame(34, room__beat=1, room__silence=1))) == [
            "/wear/audio/room/bass",
            "/wear/beat",
            "/wear/silence",
            "/synth/cutoff",
        ]

    def test_everything_comes_again_within_a_second(self):
        messages = builder()
        first = set(addresses(messages.at(frame(0))))
        counts = {address: 0 for address in first}
        for number in range(1, 601):
            for address in addresses(messages.at(frame(number))):
                counts[address] += 1
        assert set(counts.values()) == {10}

    def test_no_address_leaves_more_than_60_times_a_second(self):
        messages = builder()
        counts: dict[str, int] = {}
        for number in range(60):
            sent = messages.at(
                frame(
                    number,
                    lit=((number, 0, 0), (0, number, 0)),
                    felt=(0.1 + number / 100, 0.0),
                    cutoff=number,
                    room__bass=number / 60,
                    room__phase=number / 60,
                )
            )
            assert len(set(addresses(sent))) == len(sent)
            for address in addresses(sent):
                counts[address] = counts.get(address, 0) + 1
        assert max(counts.values()) == 60

    def test_haptic_only_while_felt_and_a_stop_at_the_end(self):
        messages = builder()
        sent = [messages.at(frame(n, felt=(0.5 if 5 <= n < 40 else 0.0, 0.0))) for n in range(60)]
        haptic = {
            n: args
            for n, some in enumerate(sent)
            for address, args in some
            if address.startswith("/wear/haptic")
        }
        assert haptic[5] == (0.5, 80.0, HAPTIC_MS)
        assert haptic[40] == (0.0, 0.0, 0)
        # Said again well before the receiver's dead-man would stop it, and never while still.
        assert sorted(haptic) == [5, 6, 12, 18, 24, 30, 36, 40]

    def test_the_pitch_is_that_of_the_actuator_that_is_felt_most(self):
        messages = builder()
        haptic = ("/wear/haptic/chest", (0.5, 143.0, HAPTIC_MS))
        assert haptic in messages.at(frame(0, felt=(0.5, 0.0), hz=143.2))
        gone = np.nextafter(np.float32(1 / 256), np.float32(0))
        assert ("/wear/haptic/chest", (0.0, 0.0, 0)) in messages.at(frame(1, felt=(gone, 0.0)))

    def test_health_is_asked_for_and_once_a_second(self):
        health = Health(fps=59.94, age_ms=4.2, drops=3)
        live, recorded = builder(health=True), builder()
        said = [n for n in range(180) if "/wear/health" in addresses(live.at(frame(n, health=health)))]
        assert said == [0, 60, 120]
        assert live.at(frame(180, health=health))[-1] == ("/wear/health", (59.94, 4.2, 3))
        assert all("/wear/health" not in addresses(recorded.at(frame(n, health=health))) for n in range(61))

    def test_reset_repeats_and_order_is_fixed(self):
        messages = builder()
        numbers = [frame(n, room__bass=math.sin(n)) for n in range(100)]
        once = [messages.at(f) for f in numbers]
        messages.reset()
        assert [messages.at(f) for f in numbers] == once
        assert [builder().at(numbers[0])] == once[:1]

    def test_nothing_unfinite_leaves(self):
        sent = builder().at(
            frame(0, room__bass=math.nan, cutoff=math.inf, room__phase=-math.inf, room__level=-0.0)
        )
        text = json.dumps(sent)
        assert "NaN" not in text
        assert "Infinity" not in text
        assert "-0.0" not in text

    def test_a_show_without_features_or_zones(self):
        messages = OscMessages((), ())
        empty = Row({}, np.zeros(0))
        f = Frame(0, 0, 0.0, empty, empty, np.zeros((0, 3), np.uint8), np.zeros(0, np.float32), Health(), 0)
        assert messages.at(f) == []

    def test_addresses(self):
        assert feature_address("room.bass") == "/wear/audio/room/bass"
        assert feature_address("body.bass") == "/wear/audio/body/bass"
        assert feature_address("phone.energy") == "/wear/move/phone/energy"

    def test_all_that_is_movement_leaves_as_movement_and_nothing_else(self):
        lanes = ["room", "crowd"]
        moved = {spec.name for spec in Movement.specs} | set(words._SPECS)
        assert moved == MOVED
        assert not moved & {
            spec.name.partition(".")[2] for spec in feature_specs(lanes, {}, everything(lanes, []))
        }


class TestBundles:
    def test_python_osc_reads_the_same(self):
        from pythonosc.osc_message import OscMessage
        from pythonosc.osc_message_builder import OscMessageBuilder

        for address, args in [("/a", (1, 2.5, "hi")), ("/wear/beat", (7, 0.25, 1.0)), ("/none", ())]:
            ours = Bundles().message((address, args))
            theirs = OscMessageBuilder(address)
            for arg in args:
                theirs.add_arg(arg)
            assert ours == theirs.build().dgram
            assert OscMessage(ours).params == list(args)

    def test_no_datagram_is_too_big_and_nothing_is_lost(self):
        from pythonosc.osc_bundle import OscBundle

        messages = [(f"/wear/audio/room/feature_{n}", (n / 100,)) for n in range(200)]
        datagrams = Bundles().of(messages)
        assert max(map(len, datagrams)) <= BUNDLE_BYTES
        assert min(map(len, datagrams[:-1])) > BUNDLE_BYTES - 60
        read = [content for datagram in datagrams for content in OscBundle(datagram)]
        assert [m.address for m in read] == [address for address, _ in messages]
        assert [m.params[0] for m in read] == pytest.approx([args[0] for _, args in messages])

    def test_one_message_larger_than_a_bundle_goes_alone(self):
        messages = [("/a", (1,)), ("/long", ("x" * 2000,)), ("/b", (2,))]
        assert len(Bundles().of(messages)) == 3

    def test_now_and_big_endian(self):
        (datagram,) = Bundles().of([("/a", (1.5,))])
        assert datagram[:16] == b"#bundle\0" + struct.pack(">Q", 1)
        assert datagram[-4:] == struct.pack(">f", 1.5)


class TestJsonl:
    def lines(self, path, n=90):
        sink = JsonlSink(path)
        osc = Osc(builder(health=True), [sink])
        osc.open(Clock())
        for number in range(n):
            osc.send(frame(number, room__bass=round(math.sin(number) ** 2, 3), room__onset=number // 10))
        osc.close()
        osc.close()
        return sink, path.read_text().splitlines()

    def test_a_line_a_message(self, tmp_path):
        sink, lines = self.lines(tmp_path / "osc.jsonl")
        assert (
            lines[0] == '{"t": 0.016667, "target": "osc", "address": "/wear/audio/room/level", "args": [0.0]}'
        )
        assert all(list(json.loads(line)) == ["t", "target", "address", "args"] for line in lines)
        assert sink.facts() == {"counts": {"messages": len(lines)}}

    def test_the_same_every_time_and_no_health(self, tmp_path):
        one, lines = self.lines(tmp_path / "a.jsonl")
        two, _ = self.lines(tmp_path / "b.jsonl")
        assert one.digest == two.digest
        assert not any("/wear/health" in line for line in lines)
        assert self.lines(tmp_path / "c.jsonl", 89)[0].digest != one.digest


class Receiver:
    """A UDP socket that keeps what it hears."""

    def __init__(self):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.settimeout(2)
        self.port = self.socket.getsockname()[1]

    def hear(self, count):
        from pythonosc.osc_packet import OscPacket

        return [
            (timed.message.address, tuple(timed.message.params))
            for _ in range(count)
            for timed in OscPacket(self.socket.recv(65536)).messages
        ]


class TestUdp:
    def test_heard_and_left_neutral(self):
        receiver = Receiver()
        sink = UdpSink("test", "localhost", receiver.port)
        osc = Osc(builder(), [sink])
        osc.open(Clock())
        osc.send(frame(0, lit=((255, 0, 0), (0, 0, 255)), room__bass=0.25))
        assert ("/wear/audio/room/bass", (0.25,)) in receiver.hear(1)
        osc.close()
        assert receiver.hear(1) == [
            ("/wear/silence", (1,)),
            ("/wear/zone/chest/rgb", (0.0, 0.0, 0.0)),
            ("/wear/zone/sleeve_l/rgb", (0.0, 0.0, 0.0)),
            ("/wear/haptic/chest", (0.0, 0.0, 0)),
            ("/wear/haptic/sleeve_l", (0.0, 0.0, 0)),
        ]
        osc.close()
        assert sink.sent == 2
        receiver.socket.close()

    def test_nobody_there_costs_nothing(self):
        receiver = Receiver()
        receiver.socket.close()
        sink = UdpSink("test", "127.0.0.1", receiver.port)
        sink.open()
        for number in range(50):
            sink.send(0.0, [("/a", (number,))])
        sink.close([])
        assert sink.lost == 0

    def test_a_lost_network_is_counted_and_said_once(self, caplog, monkeypatch):
        sink = UdpSink("stage", "192.0.2.1", 9001)
        sink.open()

        class Unplugged:
            def sendto(self, data, address):
                raise OSError(101, "Network is unreachable")

            def close(self):
                pass

        sink._socket.close()
        monkeypatch.setattr(sink, "_socket", Unplugged())
        with caplog.at_level(logging.WARNING):
            for number in range(100):
                sink.send(0.0, [("/a", (number,))])
            sink.close([("/wear/silence", (1,))])
        assert sink.lost == 101
        assert [record.getMessage() for record in caplog.records] == [
            "WS-N16 OSC to 192.0.2.1:9001 is being lost: network is unreachable"
        ]

    @pytest.mark.parametrize(
        ("host", "port", "word"), [("no such host", 9000, "IP address"), ("::", 0, "65535")]
    )
    def test_a_wrong_target_is_one_sentence(self, host, port, word):
        with pytest.raises(DeviceError, match=word):
            UdpSink("stage", host, port).open()

    def test_one_sink_that_breaks_leaves_the_others_neutral(self, tmp_path):
        receiver = Receiver()

        class Broken(JsonlSink):
            def close(self, neutral):
                super().close(neutral)
                raise OSError("full")

        osc = Osc(builder(), [Broken(tmp_path / "x"), UdpSink("test", "127.0.0.1", receiver.port)])
        osc.open(Clock())
        with pytest.raises(OSError, match="full"):
            osc.close()
        assert ("/wear/silence", (1,)) in receiver.hear(1)
        receiver.socket.close()


def free_port():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


class Listening:
    """Another program, with what it prints, stopped at the end."""

    def __init__(self, command):
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.lines = []
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            self.lines.append(line.rstrip())

    def wait_for(self, word, tries=100):
        for _ in range(tries):
            if any(word in line.replace("/", " ") for line in self.lines):
                return True
            time.sleep(0.05)
        return False

    def stop(self):
        self.process.terminate()
        self.process.wait(5)


def play_to(port, listening, ready):
    """Send two frames again until the program has woken up, then neutral; return what it printed."""
    sink = UdpSink("test", "127.0.0.1", port)
    osc = Osc(builder(), [sink])
    for _ in range(40):
        osc.open(Clock())
        osc.send(frame(0, lit=((255, 128, 0), (0, 0, 0)), room__bass=0.25, room__onset=3))
        if listening.wait_for(ready, tries=5):
            break
    osc.send(
        frame(1, lit=((255, 128, 0), (0, 0, 0)), felt=(0.5, 0), room__bass=0.5, room__onset=4, cutoff=440.0)
    )
    osc.close()
    listening.wait_for("haptic sleeve_l")
    listening.stop()
    print("\n".join(listening.lines))
    return listening.lines


@pytest.mark.device
@pytest.mark.skipif(
    not (shutil.which("oscdump") and shutil.which("stdbuf")), reason="no oscdump (liblo-tools)"
)
def test_liblo_hears_it():
    port = free_port()
    lines = play_to(port, Listening(["stdbuf", "-oL", "oscdump", str(port)]), "wear audio room bass")
    assert any("/wear/audio/room/bass f 0.500000" in line for line in lines)
    assert any("/wear/audio/room/onset i 4" in line for line in lines)
    assert any("/wear/zone/chest/rgb fff 1.000000 0.502000 0.000000" in line for line in lines)
    assert any("/wear/haptic/chest ffi 0.500000 80.000000 250" in line for line in lines)
    assert any("/synth/cutoff f 440.000000" in line for line in lines)
    assert any("/wear/silence i 1" in line for line in lines)


PD = """#N canvas 0 0 400 300 12;
#X obj 20 20 netreceive -u -b {port};
#X obj 20 60 oscparse;
#X obj 20 100 print heard;
#X connect 0 0 1 0;
#X connect 1 0 2 0;
"""


@pytest.mark.device
@pytest.mark.skipif(not shutil.which("pd"), reason="no Pure Data (puredata-core)")
def test_pure_data_hears_it(tmp_path):
    port = free_port()
    patch = tmp_path / "listen.pd"
    patch.write_text(PD.format(port=port))
    listening = Listening(["pd", "-nogui", "-noaudio", "-nomidi", "-stderr", str(patch)])
    lines = play_to(port, listening, "wear audio room bass")
    assert "heard: list wear audio room bass 0.5" in lines
    assert "heard: list wear audio room onset 4" in lines
    assert "heard: list wear zone chest rgb 1 0.502 0" in lines
    assert "heard: list synth cutoff 440" in lines
    assert "heard: list wear silence 1" in lines
