"""`doctor --rig`: what a rig names and whether it is there, with real sockets and a real sound server."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from conftest import Run
from pulse import Sink, missing, null_sink

from wearsound.errors import PatchError
from wearsound.show.build import build
from wearsound.show.doctor_finding import Finding
from wearsound.show.doctor_rig import look
from wearsound.show.hosts import unknown_hosts
from wearsound.show.load import load
from wearsound.show.rig import read_rig
from wearsound.show.tree import tree_of

SHUT = "[door]\nport = 0\n"


def found(text: str, thing: str, **how: object) -> list[str]:
    """What is said of one thing; no sound is asked for."""
    findings = look(read_rig(text, "hall.toml"), instead="test:kick=120", **how)  # type: ignore[arg-type]
    return [f"{finding.word}: {finding.sentence}" for finding in findings if finding.thing == thing]


@pytest.fixture
def taken() -> Iterator[tuple[socket.socket, int]]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as held:
        held.bind(("127.0.0.1", 0))
        yield held, held.getsockname()[1]


def free_port(kind: socket.SocketKind = socket.SOCK_DGRAM) -> int:
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_a_rig_that_names_nothing_asks_for_little() -> None:
    assert look(read_rig(SHUT, "hall.toml"), instead="demo") == []


def test_a_target_on_this_machine_is_listened_to_or_not(taken: tuple[socket.socket, int]) -> None:
    text = SHUT + '[[osc]]\nname = "a"\nport = {}\ndelay = 0.12\n'
    held, port = taken
    assert found(text.format(port), "osc a") == [
        f"there: sent to 127.0.0.1:{port}, held back 120 ms; somebody listens there"
    ]
    held.close()
    assert found(text.format(port), "osc a") == [
        f"note: nobody listens at 127.0.0.1:{port} now; start that program, held back 120 ms"
    ]


def test_a_target_elsewhere_cannot_be_told_by_udp() -> None:
    text = SHUT + '[[osc]]\nname = "a"\nhost = "{}"\nport = 7000\n'
    assert found(text.format("192.0.2.7"), "osc a") == [
        "note: sent to 192.0.2.7:7000; whether anybody listens there, UDP cannot tell: look there"
    ]
    assert found(text.format("no-such-machine.invalid"), "osc a") == [
        "missing: no machine is called 'no-such-machine.invalid' here; check its name, cable and network, or "
        "write its address"
    ]


def test_a_resolver_that_hangs_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    import threading
    import time

    never = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: never.wait(20))
    began = time.monotonic()
    assert unknown_hosts(["a.local", "b.local", "10.0.0.1", "::1", "fe80::1%eth0"], 0.2) == {
        "a.local",
        "b.local",
    }
    assert time.monotonic() - began < 5
    never.set()


def test_light_and_vibration_are_looked_for() -> None:
    light = SHUT + '[[light]]\nname = "coat"\nhost = "{}"\npixels = 3\nprotocol = "sacn"\n'
    assert found(light.format("192.0.2.9"), "light coat") == [
        "note: 3 pixels in RGB, universe 1, 1 datagram a frame, 40 frames a second, sent to 192.0.2.9:5568; "
        "whether anybody listens there, UDP cannot tell: look there"
    ]
    assert "sent to multicast:5568" in found(light.format("multicast"), "light coat")[0]
    garment = load("bass-denim").garment
    lost, missing = found(light.format("192.0.2.9") + 'zones = ["chst"]\n', "light coat", garment=garment)
    assert lost.startswith("note: sent to")
    assert missing == "missing: hall.toml:8: denim-jacket has no zone 'chst'; did you mean 'chest'?"
    fits, *more = found(light.format("192.0.2.9") + 'zones = ["chest"]\n', "light coat", garment=garment)
    assert "3 pixels in RGB" in fits
    assert "the last" in fits
    assert more == []
    heard = SHUT + '[[light]]\nname = "all"\nprotocol = "wled"\n'
    assert found(heard, "light all")[0].startswith(
        "note: what is heard, no pixels, 50 frames a second, sent to 239.0.0.1:11988;"
    )
    assert found(light.format("coat.invalid"), "light coat")[0].startswith("missing: no machine is called")
    vibration = SHUT + '[[vibration]]\nname = "back"\nhost = "192.0.2.9"\nport = 9\nchannels = { hem = 1 }\n'
    assert found(vibration, "vibration back") == [
        "note: 1 signed value in datagrams, up to 200 a second, sent to 192.0.2.9:9; "
        "whether anybody listens there, UDP cannot tell: look there"
    ]


def test_a_supply_too_weak_for_darkness_is_missing_as_it_is_refused() -> None:
    show = load("bass-denim")
    rig = SHUT + '[[light]]\nname = "coat"\nhost = "192.0.2.9"\nmost_ma = {}\n'
    assert found(rig.format(2000), "light coat", garment=show.garment)[1:] == []
    _, weak = found(rig.format(5), "light coat", garment=show.garment)
    assert weak.startswith("missing: hall.toml:6: light target 'coat': most_ma is 5, but its ")
    with pytest.raises(PatchError) as caught:
        build(replace(show, rig=read_rig(rig.format(5), "hall.toml")), {"room": (0,)}, 48_000, strict=False)
    assert f"missing: {caught.value}" == weak


def test_what_udp_cannot_tell_is_said_once() -> None:
    rig = SHUT + "".join(
        f'[[light]]\nname = "{name}"\nhost = "192.0.2.{name[1]}"\n' for name in ("a1", "a2", "a3")
    )
    said = [str(finding) for finding in look(read_rig(rig, "hall.toml"), instead="test:kick=120")]
    assert [sentence for sentence in said if "UDP cannot tell" in sentence] == [
        "network: note: whether anybody listens there, UDP cannot tell: look there"
    ]
    assert len(said) == 4


def test_a_zone_by_name_and_by_role_is_noted() -> None:
    garment = load("bass-denim").garment
    rig = SHUT + '[[light]]\nname = "coat"\nhost = "192.0.2.9"\nzones = {}\n'
    role, (zone, *_) = next(
        (role, zones) for role, zones in garment.roles.items() if role not in garment.zone_names
    )
    _, twice = found(rig.format(f'["{role}", "{zone}"]'), "light coat", garment=garment)
    assert twice == (
        f"note: hall.toml:6: zone '{zone}' is on the wire twice, by '{role}' and by '{zone}'; name it once"
    )
    assert found(rig.format(f'["{role}"]'), "light coat", garment=garment)[1:] == []


def test_via_is_an_address_of_this_machine() -> None:
    rig = SHUT + '[[light]]\nname = "coat"\nhost = "192.0.2.9"\nvia = "{}"\n'
    assert found(rig.format("127.0.0.1"), "light coat")[1:] == []
    _, away = found(rig.format("192.0.2.77"), "light coat")
    assert away.startswith(
        "missing: hall.toml:6: via is '192.0.2.77', which is no address of this machine now ("
    )


def test_the_door_is_free_or_taken_and_by_whom(taken: tuple[socket.socket, int]) -> None:
    held, port = taken
    text = f"[door]\nport = {port}\n"
    (said,) = found(text, "door")
    assert said.startswith(f"missing: port {port} is taken by ")
    if sys.platform.startswith("linux"):
        assert f"(process {os.getpid()})" in said
    assert said.endswith("close that, or give the rig's [door] another port")
    held.close()
    assert found(text, "door") == [
        f"there: 127.0.0.1:{port} is free; answers go to port 9001 of who asks",
    ]
    wide = text + 'host = "0.0.0.0"\nallow = ["10.0.0.0/8", "192.0.2.1"]\n'
    assert found(wide, "door") == [
        f"there: 0.0.0.0:{port} is free; answers go to port 9001 of who asks",
        "there: lets in 10.0.0.0/8, 192.0.2.1, and this machine",
    ]
    assert found(f'[door]\nport = {port}\nhost = "192.0.2.1"\nallow = ["10.0.0.0/8"]\n', "door")[
        0
    ].startswith("missing: this machine has no address 192.0.2.1 now")


def test_the_query_port_is_free_or_taken() -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen()
        port = held.getsockname()[1]
        (said,) = found(SHUT + f"query = {port}", "query")
        assert said == (
            f"missing: 127.0.0.1:{port} cannot be taken (address already in use); close what has it, or write "
            "another query port"
        )
    assert found(SHUT + f"query = {port}", "query") == [f"there: 127.0.0.1:{port} is free for OSCQuery"]


def test_what_is_careless_is_a_note_and_nothing_missing() -> None:
    findings = look(
        read_rig('[door]\nport = 0\nquery = 0\n[[bind]]\nfrom = "midi cc 1"\nto = "/wear/master"'),
        instead="demo",
    )
    assert [(finding.thing, finding.missing) for finding in findings] == [("bind", False), ("careful", False)]
    assert findings[1].sentence == "rig.toml:5: midi cc 1 is not heard: this rig has no MIDI; add [midi]"


def test_binds_lead_somewhere_in_a_show() -> None:
    text = SHUT + '[[bind]]\nfrom = "/a"\nto = "/wear/{}"\n'
    tree = tree_of(load("bass-denim"))
    assert found(text.format("master"), "bind", tree=tree) == [
        "there: 1 in all, and all of them lead somewhere"
    ]
    assert found(text.format("mastre"), "bind", tree=tree) == [
        "missing: hall.toml:5: this show has no '/wear/mastre'; did you mean /wear/master?"
    ]
    assert found(text.format("mastre"), "bind")[0].startswith("note: 1 in all; name a show")


@pytest.mark.parametrize(("extra", "module"), [("midi", "rtmidi"), ("link", "link")])
def test_an_extra_that_is_not_installed_says_how(
    extra: str, module: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    text = SHUT + ("[midi]\n" if extra == "midi" else "")
    (said,) = found(("link = true\n" if extra == "link" else "") + text, extra)
    assert said.startswith("missing: ")
    assert said.endswith(f'pip install "wearsound[{extra}]"')


def test_a_finding_is_one_line() -> None:
    assert str(Finding("input", "missing", "no input")) == "input: missing: no input"


class TestTheVerb:
    def test_nothing_missing_is_0_and_the_verdict_comes_last(self, wearsound: Run, tmp_path: Path) -> None:
        (tmp_path / "hall.toml").write_text(f'title = "Hall"\n[door]\nport = {free_port()}\n')
        done = wearsound("doctor", "--rig", "hall.toml", "--input", "test:sine=220", "--seconds", "1")
        assert done.returncode == 0, done.stderr
        lines = done.stdout.splitlines()
        assert lines[1] == "rig: Hall (hall.toml)"
        assert re.fullmatch(r"  door: there: 127\.0\.0\.1:\d+ is free; answers go to .*", lines[2])
        assert lines[3] == "rig: all there"
        assert lines[4].startswith("sound: good: ")
        assert len(lines) == 5

    def test_something_missing_is_3(self, wearsound: Run, tmp_path: Path) -> None:
        osc = '[[osc]]\nname = "x"\nhost = "x.invalid"\nport = 1\n'
        rig = '[door]\nport = 0\n[[bind]]\nfrom = "/a"\nto = "/wear/mastre"\n'
        (tmp_path / "hall.toml").write_text(rig + osc)
        words = ("--rig", "hall.toml", "--input", "test:sine=220", "--seconds", "1")
        done = wearsound("doctor", "kiln", *words)
        assert done.returncode == 3
        assert "\nrig: 2 missing\n" in done.stdout
        assert "hall.toml:5: this show has no '/wear/mastre'; did you mean /wear/master?" in done.stdout
        assert "sound: good: " in done.stdout
        done = wearsound("doctor", *words)
        assert "\nrig: 1 missing\n" in done.stdout

    def test_a_bad_file_is_2(self, wearsound: Run, tmp_path: Path) -> None:
        (tmp_path / "hall.toml").write_text("inptu = 3\n")
        done = wearsound("doctor", "--rig", "hall.toml", "--input", "demo")
        assert done.returncode == 2
        assert done.stderr.strip() == "wearsound: hall.toml:1: no key 'inptu' in a rig; did you mean 'input'?"
        assert done.stdout == ""


@pytest.fixture(scope="module")
def sink(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sink]:
    with null_sink(tmp_path_factory.mktemp("sink")) as sink:
        yield sink


@pytest.mark.device
@pytest.mark.skipif(bool(missing()), reason=missing())
class TestARealSoundServer:
    def doctor(self, sink: Sink, folder: Path, rig: str) -> tuple[int, str]:
        (folder / "hall.toml").write_text(SHUT.join([rig, ""]) if "[door]" not in rig else rig)
        done = subprocess.run(
            [
                sys.executable,
                "-m",
                "wearsound",
                "doctor",
                "--rig",
                str(folder / "hall.toml"),
                "--seconds",
                "1",
            ],
            env=sink.env,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert "Traceback" not in done.stderr, done.stderr
        return done.returncode, done.stdout

    def test_devices_and_channels_are_there_and_heard(self, sink: Sink, tmp_path: Path) -> None:
        import soundfile

        n = np.arange(48_000 * 20)
        soundfile.write(tmp_path / "tone.wav", 0.3 * np.sin(2 * np.pi * 220 * n / 48_000), 48_000)
        player = sink.play(tmp_path / "tone.wav")
        try:
            rig = 'input = "pulse"\noutput = "PULSE"\nlanes = { room = [1, 2], body = [3] }\n'
            code, said = self.doctor(sink, tmp_path, rig)
        finally:
            player.kill()
            player.wait()
        assert code == 0, said
        assert re.search(r"  input: there: 'pulse' is ALSA: pulse, \d+ in, \d+ out", said)
        assert re.search(r"  output: there: 'PULSE' is ALSA: pulse, ", said)
        assert "  lane: there: room on channel 1 and 2\n  lane: there: body on channel 3\n" in said
        assert "\nrig: all there\nsound: good: " in said

    def test_a_device_that_is_missing_is_said_with_the_nearest_and_never_replaced(
        self, sink: Sink, tmp_path: Path
    ) -> None:
        code, said = self.doctor(sink, tmp_path, 'input = "pluse"\noutput = "Speakers of the hall"\n')
        assert code == 3
        assert "  input: missing: no input has 'pluse' in its name; did you mean 'pulse'?\n" in said
        assert "  output: missing: no output has 'Speakers of the hall' in its name; there is " in said
        assert "\nrig: 2 missing\nsound: no device: no input has 'pluse' in its name" in said

    def test_a_device_with_too_few_channels(self, sink: Sink, tmp_path: Path) -> None:
        code, said = self.doctor(
            sink, tmp_path, 'input = "pulse"\n[lanes]\nroom = [1]\nbody = [64]\n[[vibration]]\nname = "back"\n'
            'device = "pulse"\nchannels = { hem = 64 }\n',
        )  # fmt: skip
        assert code == 3
        assert "  lane: there: room on channel 1\n" in said
        where = re.escape(str(tmp_path / "hall.toml"))
        assert re.search(
            r"  lane: missing: body on channel 64, but ALSA: pulse has 32 input channels; "
            rf"{where}:4 names others, or choose another input\n",
            said,
        )
        assert re.search(
            r"  vibration back: missing: channel 64 is asked for, but ALSA: pulse has 32 output channels; ",
            said,
        )
