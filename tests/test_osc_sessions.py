"""Sessions from outside: real programs set a running show's parameters and tempo, and hear back."""

from __future__ import annotations

import json
import re
import socket
import struct
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from interop import (
    EXAMPLES,
    Peer,
    Program,
    Show,
    example,
    free_ports,
    need,
    oscdump,
    oscsend,
    pd,
    sclang,
    wait_until,
)

STEPS = """\
title   = "Steps"
garment = "denim-jacket"

[[route]]
from = "bass"
to   = "chest.glow"

""" + "".join(
    f'[[scene]]\nname = "{name}"\nfade = 0.0\n\n' for name in ("one", "two", "three", "four", "rest")
)
"""A patch of scenes that come at once, and so many that a second step would be seen."""


def steps(folder: Path, rig: str) -> Show:
    """The real program with the patch above; {door} in the rig is a port of its own."""
    (folder / "steps.toml").write_text(STEPS, encoding="utf-8")
    (door,) = free_ports(1)
    return Show(folder, rig.format(door=door), door, "steps.toml")


def as_new(running: Show) -> Show:
    """The running show as nobody had touched it: nobody subscribed, every value as a show begins with."""
    with Peer(running.door) as broom:
        broom.send("/wear/unsubscribe")  # from one that has not subscribed: all of this host
    with running.peer() as desk:
        for address in ("/wear/resume", "/wear/zone/release", "/wear/scene/one"):
            desk.send(address)
        for address, value in (
            ("/wear/blackout", 0),
            ("/wear/master", 1.0),
            ("/wear/tempo/bpm", 120.0),
            ("/wear/tempo/lock", 0),
        ):
            desk.send(address, value)
        wait_until(lambda: desk.ask("/wear/scene") == ("one",), what="scene one")
        assert desk.ask("/wear/master") == (1.0,)
        desk.send("/wear/unsubscribe")
    return running


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Show]:
    """The real program with nothing in its rig but a door, started once for all."""
    with steps(tmp_path_factory.mktemp("show"), "[door]\nport = {door}\n") as started:
        yield started
    assert not started.heard("Traceback")


@pytest.fixture
def show(running: Show) -> Show:
    """That program, as new."""
    return as_new(running)


@pytest.mark.device
class TestLiblo:
    def test_oscsend_sets_and_oscdump_hears(self, show: Show) -> None:
        need("oscsend", "oscdump")
        (port,) = free_ports(1)
        with oscdump(port) as dump:
            oscsend(show.door, "/wear/subscribe", "i", str(port))
            dump.wait_for(r"/wear/dump/end i \d+")
            assert dump.heard(r"/wear/master f 1\.0")
            oscsend(show.door, "/wear/tempo/lock", "i", "1")
            oscsend(show.door, "/wear/master", "f", "0.5")
            dump.wait_for(r"/wear/master f 0\.5")
            oscsend(show.door, "/wear/tempo/bpm", "f", "97")
            dump.wait_for(r"/wear/tempo/bpm f 97\.0")
            dump.wait_for(r'/wear/tempo/lead s "osc"')
            oscsend(show.door, "/wear/scene/rest")
            dump.wait_for(r'/wear/scene s "rest"')

    @pytest.mark.parametrize(
        ("types", "said"), [("i", "0"), ("d", "0.25"), ("s", "0.25"), ("F", ""), ("T", "")]
    )
    def test_every_type_of_number_is_read(self, show: Show, types: str, said: str) -> None:
        need("oscsend")
        with show.peer() as peer:
            oscsend(show.door, "/wear/master", "f", "0.75")
            peer.wait_for("/wear/master", 0.75)
            oscsend(show.door, "/wear/master", types, *([said] if said else []))
            expected = {"": 1.0 if types == "T" else 0.0}.get(said, float(said or 0))
            peer.wait_for("/wear/master", expected)


DRIVER = """\
#N canvas 0 0 400 200 12;
#X obj 20 20 netreceive -u {port};
#X obj 20 60 route master tempo chest rest;
#X obj 20 100 s wear-master;
#X obj 100 100 s wear-tempo;
#X obj 200 100 s wear-chest;
#X obj 300 100 s wear-rest;
#X connect 0 0 1 0;
#X connect 1 0 2 0;
#X connect 1 1 3 0;
#X connect 1 2 4 0;
#X connect 1 3 5 0;
"""
"""A second patch, so that a test can move what a musician would click in examples/osc/wearsound.pd."""


@pytest.mark.device
class TestPureData:
    def test_it_sets_hears_others_and_not_itself(self, show: Show, tmp_path: Path) -> None:
        need("pd")
        answers, hand = free_ports(2)
        patch = example("wearsound.pd", tmp_path, {9000: show.door, 9001: answers})
        driver = tmp_path / "driver.pd"
        driver.write_text(DRIVER.format(port=hand), encoding="utf-8")
        with show.peer() as other, pd(patch, driver) as pure, socket.socket(type=socket.SOCK_DGRAM) as mouse:

            def click(text: str) -> None:
                mouse.sendto(f"{text};\n".encode(), ("127.0.0.1", hand))

            pure.wait_for(r"^wear: dump end \d+")
            other.send("/wear/tempo/lock", 1)
            click("master 0.25")
            other.wait_for("/wear/master", 0.25)
            click("tempo 97")
            other.wait_for("/wear/tempo/bpm", 97.0)
            click("chest 0.8")
            other.wait_for("/wear/zone/chest/glow", pytest.approx(0.8))

            other.send("/wear/master", 0.75)
            pure.wait_for(r"^wear: master 0\.75$")
            other.send("/wear/tempo/bpm", 88)
            pure.wait_for(r"^wear: tempo bpm 88$")
            # What others did came after its own, so its own would be here by now.
            assert not pure.heard(r"^wear: master 0\.25$")
            assert not pure.heard(r"^wear: tempo bpm 97$")

            click("tempo bang")  # a bang asks
            pure.wait_for(r"^wear: tempo bpm 88$", count=2)
            click("rest bang")
            other.wait_for("/wear/scene", "rest")
            assert not pure.heard("error|couldn't create")


HANDS = """
fork {{
    1.0.wait;
    ~wear.sendMsg("/wear/tempo/lock", 1);
    ~wear.sendMsg("/wear/tempo/bpm", 97);
    0.3.wait;
    ~wear.sendMsg("/wear/tempo/bpm");
    ~wear.sendBundle({latency}, ["/wear/master", 0.25], ["/wear/scene/rest"]);
    ~wear.sendMsg("/wear/master");
    ~wear.sendMsg("/wear/zone/hem/glow", 1);
    "sent".postln;
    10.wait; 0.exit;
}};
"""
"""What is typed line by line into SuperCollider, once examples/osc/wearsound.scd has run."""


@pytest.mark.device
class TestSuperCollider:
    LATENCY = 1.5

    def test_it_sets_schedules_and_hears(self, show: Show, tmp_path: Path) -> None:
        need("sclang")
        (port,) = free_ports(1)
        script = example("wearsound.scd", tmp_path, {9000: show.door})
        hands = HANDS.format(latency=self.LATENCY)
        script.write_text(script.read_text(encoding="utf-8") + hands, encoding="utf-8")
        with show.peer() as other, sclang(script, port) as language:
            language.wait_for("^wear pong wearsound", 30)
            language.wait_for("^wear tempo 97", 30)  # its question, answered; its own change is not echoed
            language.wait_for("^sent")

            # The bundle is stamped 1.5 s ahead: what was sent after it came first.
            other.wait_for("/wear/zone/hem/glow", 1.0)
            assert not any(address == "/wear/master" and args == (0.25,) for address, args in other.messages)
            other.wait_for("/wear/master", 0.25)
            other.wait_for("/wear/scene", "rest")
            language.wait_for(
                r"^wear master 1\.0", count=2
            )  # with all values; and asked before the bundle was due

            other.send("/wear/master", 0.5)
            language.wait_for(r"^wear master 0\.5")
            assert not language.heard(r"^wear master 0\.25")
            assert not language.heard("ERROR")


def test_a_hand_never_hears_itself(show: Show) -> None:
    """Wherever between two looks of the echo a change falls: every other hand is told, its own never."""
    with show.peer() as mine, show.peer() as other:
        other.send("/wear/tempo/lock", 1)
        other.listen(0.3)
        mine.listen(0.1)
        before = len(mine.messages)
        for i in range(27):
            time.sleep(i % 9 * 0.004)  # the echo looks every 33 ms: at every phase of it, three times
            mine.send("/wear/tempo/bpm", 90 + i / 2)
            other.wait_for("/wear/tempo/bpm", 90 + i / 2)
            mine.send("/wear/master", i / 64)
            other.wait_for("/wear/master", i / 64)
        mine.listen(0.3)
        heard = {address for address, _ in mine.messages[before:]}
        assert heard <= {"/wear/tempo/lead", "/wear/tempo/lock"}


def osc(address: str, tags: str, *values: float) -> bytes:
    """The bytes of a message, written out by hand so that no library of ours or theirs has a say."""
    text = b"".join(part + b"\0" * (4 - len(part) % 4) for part in (address.encode(), f",{tags}".encode()))
    return text + b"".join(struct.pack(f">{tag}", value) for tag, value in zip(tags, values, strict=True))


TOUCH_OSC = """
[door]
port = {door}

[remote]
phone = {{ x = [-1, 1], y = [-1, 1], z = [-1, 1] }}

[[bind]]
from = "/1/fader1"
to   = "/wear/master"

[[bind]]
from = "/1/push1"
to   = "/wear/cue/go"

[[bind]]
from = "/1/toggle1"
to   = "/wear/blackout"

[[bind]]
from = "/accxyz"
to   = "/wear/move/phone"
in   = [-1, 1]
"""
"""A rig binds a layout that has addresses of its own."""


@pytest.fixture(scope="module")
def bound(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Show]:
    """The real program with that rig, started once."""
    with steps(tmp_path_factory.mktemp("bound"), TOUCH_OSC) as started:
        yield started


class TestTouchOsc:
    """Its messages, byte by byte."""

    @pytest.fixture
    def phone(self, bound: Show) -> Iterator[tuple[Show, Peer, Peer]]:
        """The show, the phone, and a desk that sees what the phone did."""
        as_new(bound)
        with Peer(bound.door) as touch, bound.peer() as desk:
            yield bound, touch, desk

    def test_the_bytes_are_those_of_the_app(self) -> None:
        assert osc("/1/push1", "f", 1.0) == b"/1/push1\0\0\0\0,f\0\0\x3f\x80\0\0"
        assert osc("/1/fader1", "f", 0.5) == b"/1/fader1\0\0\0,f\0\0\x3f\0\0\0"
        assert osc("/ping", "") == b"/ping\0\0\0,\0\0\0"

    def test_one_press_fires_once(self, phone: tuple[Show, Peer, Peer]) -> None:
        _, touch, desk = phone
        assert desk.ask("/wear/scene") == ("one",)
        for scene in ("two", "three"):
            touch.send_bytes(osc("/1/push1", "f", 1.0))
            touch.send_bytes(osc("/1/push1", "f", 0.0))
            desk.wait_for("/wear/scene", scene)
            desk.listen(0.5)
            assert desk.ask("/wear/scene") == (scene,)  # letting go was no second step

    def test_faders_toggles_and_its_motion(self, phone: tuple[Show, Peer, Peer]) -> None:
        running, touch, desk = phone
        touch.send_bytes(osc("/1/fader1", "f", 0.25))
        desk.wait_for("/wear/master", 0.25)
        touch.send_bytes(osc("/1/toggle1", "f", 1.0))
        desk.wait_for("/wear/blackout", 1)
        touch.send_bytes(osc("/1/toggle1", "f", 0.0))
        desk.wait_for("/wear/blackout", 0)
        touch.send_bytes(osc("/accxyz", "fff", 0.1, -0.98, 0.5))
        desk.wait_for("/wear/move/phone/y", pytest.approx(-0.98))
        assert desk.ask("/wear/move/phone/x") == (pytest.approx(0.1),)
        assert desk.ask("/wear/move/phone/z") == (pytest.approx(0.5),)
        # A page that is turned, a ping, a label: nothing of it harms, and the next message is served.
        for stray in (osc("/ping", ""), osc("/1", ""), osc("/1/fader9", "f", 0.5), osc("/1/xy", "ff", 0, 1)):
            touch.send_bytes(stray)
        touch.send_bytes(osc("/1/fader1", "f", 1.0))
        desk.wait_for("/wear/master", 1.0)
        assert not running.heard("Traceback")

    def test_our_own_addresses_need_no_bind(self, phone: tuple[Show, Peer, Peer]) -> None:
        _, touch, desk = phone
        touch.send_bytes(osc("/wear/subscribe", "i", touch.port))
        touch.wait_for("/wear/dump/end")
        touch.send_bytes(osc("/wear/scene/three", "f", 1.0))
        touch.send_bytes(osc("/wear/scene/three", "f", 0.0))
        desk.wait_for("/wear/scene", "three")
        desk.send("/wear/master", 0.5)  # the fader on the phone follows the desk
        touch.wait_for("/wear/master", 0.5)


SONIC_PI = {
    ("/wear/scene/rest",): "2f776561722f7363656e652f72657374000000002c000000",
    ("/wear/tempo/bpm", 97): "2f776561722f74656d706f2f62706d002c69000000000061",
    ("/wear/tempo/bpm", 97.5): "2f776561722f74656d706f2f62706d002c66000042c30000",
    ("/wear/master", 0.5): "2f776561722f6d6173746572000000002c6600003f000000",
    ("/wear/mark", "drop"): "2f776561722f6d61726b00002c73000064726f7000000000",
}
"""`osc "/wear/...", value` as Sonic Pi 3.2's own oscencode.rb wrote it; 4 sends it plain too, from port 4560."""


class TestSonicPi:
    def test_what_it_sends(self, show: Show) -> None:
        with Peer(show.door) as sonic, show.peer() as desk:

            def play(*words: float | str) -> None:
                sonic.send_bytes(bytes.fromhex(SONIC_PI[words]))

            desk.send("/wear/tempo/lock", 1)
            play("/wear/master", 0.5)
            desk.wait_for("/wear/master", 0.5)
            play("/wear/tempo/bpm", 97)
            desk.wait_for("/wear/tempo/bpm", 97.0)
            play("/wear/tempo/bpm", 97.5)
            desk.wait_for("/wear/tempo/bpm", 97.5)
            play("/wear/mark", "drop")
            play("/wear/scene/rest")
            desk.wait_for("/wear/scene", "rest")
            assert not show.heard("OSC in: (?!listening|/wear/dump from 127.0.0.1: once a second)|Traceback")

    def test_what_it_hears_through_unbundle(self, tmp_path: Path) -> None:
        """Sonic Pi reads no bundles: whatever reaches it must be plain messages."""
        door, stream = free_ports(2)
        sonic = socket.socket(type=socket.SOCK_DGRAM)
        sonic.bind(("127.0.0.1", 0))
        sonic.settimeout(10)
        rig = f'[door]\nport = {door}\n\n[[osc]]\nname = "sonicpi"\nport = {stream}\n'
        between = [sys.executable, str(EXAMPLES / "unbundle.py"), str(stream), str(sonic.getsockname()[1])]
        with sonic, Program(between) as bridge:
            bridge.wait_for("->")
            with Show(tmp_path, rig, door):
                heard: set[bytes] = set()
                wanted = {b"/wear/audio/room/kick", b"/wear/beat", b"/wear/zone/chest/rgb", b"/wear/silence"}
                end = time.monotonic() + 10
                while not wanted <= heard and time.monotonic() < end:
                    datagram = sonic.recv(65536)
                    assert datagram.startswith(b"/wear/"), datagram
                    heard.add(datagram.partition(b"\0")[0])
        assert wanted <= heard


def test_the_python_client(show: Show, tmp_path: Path) -> None:
    (answers,) = free_ports(1)
    path = example("client.py", tmp_path, {9000: show.door, 9001: answers})
    with show.peer() as desk, Program([sys.executable, "-u", str(path)]) as client:
        client.wait_for(r"^/wear/dump/end \d+$")
        client.wait_for(r"^/wear/tempo/bpm ", count=2)  # once with all values, once because it asked
        wait_until(lambda: desk.ask("/wear/master") == (0.5,))
        desk.send("/wear/master", 0.75)
        client.wait_for(r"^/wear/master 0\.75$")
        assert not client.heard("Traceback")


def test_the_max_patch_holds_together() -> None:
    """Max does not run here: its file is at least whole, and every cord has two ends."""
    patcher = json.loads((EXAMPLES / "wearsound.maxpat").read_text(encoding="utf-8"))["patcher"]
    boxes = {entry["box"]["id"]: entry["box"] for entry in patcher["boxes"]}
    for entry in patcher["lines"]:
        (source, outlet), (destination, inlet) = (
            entry["patchline"]["source"],
            entry["patchline"]["destination"],
        )
        assert outlet < boxes[source]["numoutlets"]
        assert inlet < boxes[destination]["numinlets"]
    for box in boxes.values():
        words = box.get("text", "").split()
        if words[:1] == ["route"]:
            assert box["numoutlets"] == len(words)
    assert re.search("udpsend 127.0.0.1 9000", json.dumps(patcher))
