"""Sensors through real sockets: what phones and boards send comes in as SI numbers, every sample of it."""

from __future__ import annotations

import json
import logging
import math
import re
import socket
import struct
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from osc_client import Rehearsal, datagram

from docs.tables import anew
from wearsound.analysis.sensor.motion import Motion
from wearsound.cli import main
from wearsound.core import Event
from wearsound.errors import PatchError
from wearsound.gallery import files
from wearsound.garment.document import load_garment
from wearsound.inbox import Inbox
from wearsound.osc.tree import BadValue, Tree
from wearsound.sensed import Reading, Sensor
from wearsound.show.build import build
from wearsound.show.load import load
from wearsound.show.rig import Rig, load_rig, read_rig
from wearsound.show.sensor_preset import load_preset
from wearsound.show.sensors import SensorWatch, brought
from wearsound.sources.osc_in.samples import LETS_GO, MOST_TOLD, SURE, Samples
from wearsound.sources.remote import Remote

ROOT = Path(__file__).resolve().parent.parent
UUID = "2b6f0cc904d137be2e1730235f5664094b831186"
ZIG_SIM = '[[sensor]]\nlane = "phone"\npreset = "zig-sim"\n'
BOARD = '[[sensor]]\nlane = "board"\npreset = "list"\n'


def padded(data: bytes) -> bytes:
    return data + b"\0" * (4 - len(data) % 4)


def said(address: str, *numbers: float) -> bytes:
    """One OSC message of floats, byte by byte as OSC 1.0 says."""
    tags = "," + "f" * len(numbers)
    return padded(address.encode()) + padded(tags.encode()) + struct.pack(f">{len(numbers)}f", *numbers)


def zig_sim(t: float, accel: tuple[float, ...], gravity: tuple[float, ...], gyro: tuple[float, ...]) -> bytes:
    """A bundle as the app sends it, stamped `t` seconds since 1900 (0: immediately)."""
    tag = struct.pack(">Q", int(t * 2**32) if t else 1)
    elements = [
        said(f"/{UUID}/accel", *accel),
        said(f"/{UUID}/gravity", *gravity),
        said(f"/{UUID}/gyro", *gyro),
    ]
    return b"#bundle\0" + tag + b"".join(struct.pack(">i", len(each)) + each for each in elements)


def board_of(rig: Rig) -> SimpleNamespace:
    """What `osc_client.Rehearsal` wants, for the remote lanes of a rig alone."""
    remote = Remote(rig.remote)
    tree = Tree(remote.parameters())
    inbox, events = Inbox(tree.values), []

    def hop() -> list[Event]:
        taken = inbox.take()
        events.extend(taken)
        for event in taken:
            remote.take(event)
        return taken

    return SimpleNamespace(tree=tree, inbox=inbox, events=events, hop=hop, remote=remote)


@pytest.fixture
def room():
    opened = []

    def make(text: str) -> Rehearsal:
        rig = read_rig(text)
        opened.append(Rehearsal(board_of(rig), sensors=rig.sensors))
        return opened[-1]

    yield make
    for each in opened:
        each.close()


class TestDoor:
    def test_a_bundle_of_zig_sim_comes_in_as_si(self, room) -> None:
        show = room(ZIG_SIM)
        client = show.client()
        wall = time.time() + 2208988800 - 1.0
        client.raw(zig_sim(wall, (0.5, 0.0, -0.25), (0.0, 0.0, -1.0), (1.0, -2.0, 0.5)))
        events = show.settle(1)
        assert [event.address for event in events] == [
            f"/wear/sense/phone/{group}" for group in ("accel", "gravity", "gyro")
        ]
        accel, gravity, gyro = (event.args for event in events)
        assert accel[:3] == pytest.approx((-4.903325, 0.0, 2.4516625), abs=1e-6)  # 1 g is 9.80665 m/s2
        assert gravity[:3] == pytest.approx((0.0, 0.0, 9.80665), abs=1e-6)  # up, as ever
        assert gyro[:3] == pytest.approx((1.0, -2.0, 0.5))
        assert accel[3] == pytest.approx(wall, abs=1e-5)
        assert accel[3] == gravity[3] == gyro[3]
        names = [spec.name for spec in show.board.remote.specs]
        raw = dict(zip(names, show.board.remote.values.tolist(), strict=True))
        assert raw["phone.az"] == pytest.approx(2.4516625, abs=1e-5)
        assert raw["phone.uz"] == pytest.approx(9.80665, abs=1e-5)
        assert raw["phone.gy"] == -2.0

    @pytest.mark.parametrize("ahead", [-30.0, 1.5, 600.0])
    def test_a_phone_whose_clock_is_wrong_is_heard_at_once(self, room, ahead: float) -> None:
        """The time tag of a sensor is when it was measured; nothing is held back for it, nothing is late."""
        show = room(ZIG_SIM)
        begun = time.monotonic()
        tag = time.time() + 2208988800 + ahead
        show.client().raw(zig_sim(tag, (0.0, 0.0, 0.0), (0.0, 0.0, -1.0), (0.0, 0.0, 0.0)))
        assert [event.args[3] for event in show.settle(1)] == pytest.approx([tag] * 3, abs=1e-5)
        assert time.monotonic() - begun < 1.0
        assert show.door.counts.late == 0

    def test_a_bundle_for_now_has_no_stamp(self, room) -> None:
        show = room(ZIG_SIM)
        show.client().raw(zig_sim(0.0, (0.0, 0.0, 0.0), (0.0, 0.0, -1.0), (0.0, 0.0, 0.0)))
        assert [len(event.args) for event in show.settle(1)] == [3, 3, 3]

    def test_of_a_burst_every_sample_counts(self, room) -> None:
        show = room(BOARD)
        client = show.client()
        for i in range(6):
            client.raw(said("/wear/move/board", i, 0.0, 9.8, 0.1, 0.2, 0.3, 1000.0 + 16 * i))
        show.settle(6)
        accel = [event.args for event in show.board.events if event.address.endswith("/accel")]
        assert [args[0] for args in accel] == [0, 1, 2, 3, 4, 5]
        assert [args[3] for args in accel] == pytest.approx([1.0 + 0.016 * i for i in range(6)])
        assert len([event for event in show.board.events if event.address.endswith("/gyro")]) == 6

    def test_half_a_list_is_half_of_it(self, room) -> None:
        show = room(BOARD)
        show.client().raw(said("/wear/move/board", 1.0, 2.0, 9.0))
        assert [(event.address, event.args) for event in show.settle(1)] == [
            ("/wear/sense/board/accel", (1.0, 2.0, 9.0))
        ]

    def test_axes_that_come_one_by_one(self, room) -> None:
        show = room('[[sensor]]\nlane = "android"\npreset = "sensors2osc"\n')
        client = show.client()
        for axis, value in zip("XYZ", (1.0, 2.0, 9.0), strict=True):
            client.raw(said(f"/accelerometer/{axis}", value))
        assert [(event.address, event.args) for event in show.settle(3)] == [
            (f"/wear/move/android/a{axis}", (value,))
            for axis, value in zip("xyz", (1.0, 2.0, 9.0), strict=True)
        ]

    @pytest.mark.parametrize(
        ("what", "reason"),
        [
            (said(f"/{UUID}/accel", 1.0, 2.0), "value"),
            (said(f"/{UUID}/accel"), "value"),
            (datagram(f"/{UUID}/accel", "up", "and", "down"), "value"),
            (said(f"/a/{UUID}/accel", 1.0, 2.0, 3.0), "unknown"),
            (said("/accel", 1.0, 2.0, 3.0), "unknown"),
            (said(f"/{UUID}/touch", 1.0), "unknown"),
        ],
    )
    def test_what_is_no_sample_does_nothing_and_is_counted(self, room, what: bytes, reason: str) -> None:
        show = room(ZIG_SIM)
        show.client().raw(what)
        assert show.settle(1) == []
        assert show.door.counts.refused[reason] == 1

    def test_not_a_number_and_huge_numbers_harm_nobody(self, room) -> None:
        show = room(ZIG_SIM)
        client = show.client()
        for numbers in ((math.nan, 0.0, 0.0), (math.inf, 1.0, 1.0)):
            client.raw(said(f"/{UUID}/accel", *numbers))
        client.raw(said(f"/{UUID}/accel", 3e38, -3e38, 0.0))
        (event,) = show.settle(3)
        assert event.args == (-160.0, 160.0, 0.0)
        assert sum(show.door.counts.refused.values()) == 2

    def test_a_question_is_still_answered(self, room) -> None:
        show = room(BOARD)
        client = show.client()
        client.say("/wear/subscribe", client.port)
        client.say("/wear/move/board/ax")
        client.say("/wear/move/board/ax", 3.0)
        show.settle(3)
        assert client.hear_until("/wear/move/board/ax")
        assert show.board.remote.values[0] == 3.0


def sensor(text: str = ZIG_SIM) -> Sensor:
    return read_rig(text).sensors[0]


class TestSamples:
    def test_the_one_that_speaks_first_has_the_place_until_it_is_silent(self) -> None:
        told: list[str] = []
        samples = Samples([sensor()], told.append)

        def heard(who: str, now: float) -> bool:
            return bool(samples.of(f"/{who}/gyro", (1.0, 2.0, 3.0), "osc 10.0.0.2:5000", now, None))

        assert heard("anna", 0.0)
        assert not heard("ben", 0.5)
        assert heard("anna", 1.0)
        assert not heard("ben", 1.5)
        assert heard("ben", 1.0 + LETS_GO + 0.1)
        assert not heard("anna", 1.0 + LETS_GO + 0.2)
        assert told[0] == (
            "OSC in: sensor phone: ben sends too, while anna plays it; give each a [[sensor]] of its own in the rig, "
            'with id = "ben"'
        )
        for i in range(100):
            heard(f"stranger{i}", 3.5)
        assert len(told) <= MOST_TOLD

    @pytest.mark.parametrize(("only", "who"), [("ben", "ben"), ("10.0.0.3", "ben"), ("", "anna")])
    def test_id_says_which_one(self, only: str, who: str) -> None:
        samples = Samples([sensor(f'{ZIG_SIM}id = "{only}"\n')], pytest.fail if only else lambda _: None)
        got = [
            samples.of(f"/{name}/gyro", (1.0, 2.0, 3.0), f"osc {host}:5000", 0.0, None)
            for name, host in (("anna", "10.0.0.2"), ("ben", "10.0.0.3"))
        ]
        assert [bool(events) for events in got] == [who == "anna", who == "ben"]

    def test_two_phones_two_lanes(self) -> None:
        rig = read_rig(f'{ZIG_SIM}id = "anna"\n{ZIG_SIM.replace("phone", "other")}id = "ben"\n')
        samples = Samples(rig.sensors, pytest.fail)
        events = samples.of("/ben/gyro", (1.0, 2.0, 3.0), "osc h:1", 0.0, None)
        assert [event.address for event in events or ()] == ["/wear/sense/other/gyro"]

    @pytest.mark.parametrize(
        ("address", "args", "words"),
        [
            ("/x/gravity", (0.0, 0.0, -9.81), ("m/s2", "zig-sim.toml", "says g")),
            ("/x/accel", (0.3, 0.0, -9.7), ("m/s2", "zig-sim.toml", "says g")),
            ("/x/gyro", (90.0, 0.0, 0.0), ("deg/s", "rad/s")),
            ("/wear/move/board", (0.0, 0.0, 1.0, 0.0, 0.0, 0.0), ("comes in g", "says m/s2")),
        ],
    )
    def test_a_unit_that_cannot_be_is_said_once(
        self, address: str, args: tuple[float, ...], words: tuple[str, ...]
    ) -> None:
        told: list[str] = []
        samples = Samples(read_rig(ZIG_SIM + BOARD).sensors, told.append)
        for i in range(5 * SURE):
            samples.of(address, args, "osc h:1", i / 60, None)
        assert len(told) == 1
        assert all(word in told[0] for word in words)

    def test_good_units_are_not_complained_of(self) -> None:
        samples = Samples(read_rig(ZIG_SIM + BOARD).sensors, pytest.fail)
        for i in range(5 * SURE):
            shake = math.sin(i)
            samples.of("/x/accel", (shake, 9.8 * shake, 0.0), "osc h:1", i / 60, None)
            samples.of("/x/gravity", (0.0, 0.6, -0.8), "osc h:1", i / 60, None)
            samples.of("/x/gyro", (9.0 * shake, 0.0, 0.0), "osc h:1", i / 60, None)
            samples.of("/wear/move/board", (shake, 0.2, 9.6), "osc h:1", i / 60, None)

    @pytest.mark.parametrize("address", ["/", "//accel", "/a/b/accel", "/accel/", "/x/accel/y", "/*x/accels"])
    def test_a_star_is_one_whole_part_of_an_address(self, address: str) -> None:
        samples = Samples([sensor()], pytest.fail)
        got = samples.of(address, (1.0, 2.0, 3.0), "osc h:1", 0.0, None)
        assert bool(got) == (address == "//accel")

    def test_a_stamp_of_its_own_comes_before_the_bundles(self) -> None:
        reading = Reading("/imu", "accel", (0, 1, 2), "m/s2", stamp=3, tick=1e-6)
        samples = Samples([Sensor("board", (reading,))], pytest.fail)
        (event,) = samples.of("/imu", (1.0, 2.0, 3.0, 2_500_000), "osc h:1", 0.0, 99.0) or ()
        assert event.args == (1.0, 2.0, 3.0, 2.5)

    def test_too_few_numbers_name_the_preset(self) -> None:
        with pytest.raises(BadValue, match=r"/x/accel has 1 arguments, and zig-sim.toml reads 3"):
            Samples([sensor()], pytest.fail).of("/x/accel", (1.0,), "osc h:1", 0.0, None)


class TestPresets:
    @pytest.mark.parametrize("name", files("sensor"))
    def test_every_one_of_the_gallery_is_read(self, name: str) -> None:
        found = load_preset(files("sensor")[name], "lane")
        assert Motion.words(found.columns)
        text = files("sensor")[name].read_text(encoding="utf-8")
        assert all(len(line) <= 128 for line in text.splitlines())

    def test_one_of_your_own_lies_beside_the_rig(self, tmp_path: Path) -> None:
        text = '[[read]]\nfrom = "/imu/rot"\nto = "gyro"\nunit = "deg/s"\nargs = [2, 1, 0]\nturned = true\n'
        (tmp_path / "mine.toml").write_text(text)
        (tmp_path / "rig.toml").write_text('[[sensor]]\nlane = "imu"\npreset = "mine.toml"\n')
        samples = Samples(load_rig(tmp_path / "rig.toml").sensors, pytest.fail)
        (event,) = samples.of("/imu/rot", (180.0, 90.0, 0.0), "osc h:1", 0.0, None) or ()
        assert event.args == pytest.approx((0.0, -math.pi / 2, -math.pi))

    @pytest.mark.parametrize(
        ("text", "sentence"),
        [
            ("title = 3\n", "title is 3; it takes one line of text"),
            ('title = "x"\n', "a sensor preset needs read: tables that begin with [[read]]"),
            ('[[read]]\nfrom = "/x"\nto = "acel"\n', ":3: no 'acel' is sensed; did you mean 'accel'?"),
            (
                '[[read]]\nfrom = "/a*/x"\nto = "accel"\n',
                ":2: from is '/a*/x'; it takes an OSC address with at most",
            ),
            (
                '[[read]]\nfrom = "/*/*"\nto = "accel"\n',
                ":2: from is '/*/*'; it takes an OSC address with at most",
            ),
            ('[[read]]\nfrom = "/wear/panic"\nto = "accel"\n', "which is wearsound's own"),
            ('[[read]]\nfrom = "/x"\nto = "gyro"\nunit = "g"\n', "it takes rad/s or deg/s"),
            ('[[read]]\nfrom = "/x"\nto = "gyro"\nunit = "dps"\n', "did you mean 'deg/s'?"),
            ('[[read]]\nfrom = "/x"\nto = "gyro"\nargs = [1]\n', "args has 1 numbers; gyro takes 3"),
            ('[[read]]\nfrom = "/x"\nto = "stretch"\nin = [2, 2]\n', "it takes two different numbers"),
            ('[[read]]\nfrom = "/x"\nto = "accel"\nin = [0, 2]\n', "in is for stretch and pressure"),
            ('[[read]]\nfrom = "/x"\nto = "stretch"\nunit = "g"\n', "it has none: write in = [rest, most]"),
            ('[[read]]\nfrom = "/x"\nto = "accel"\nstamp = -1\n', "stamp is -1; it takes a whole number"),
        ],
    )
    def test_a_slip_is_a_sentence(self, tmp_path: Path, text: str, sentence: str) -> None:
        path = tmp_path / "mine.toml"
        path.write_text(text)
        with pytest.raises(PatchError) as error:
            load_preset(path, "phone")
        assert sentence in str(error.value)
        assert str(path) in str(error.value)

    @pytest.mark.parametrize(
        ("text", "sentence"),
        [
            (
                '[[sensor]]\nlane = "phone"\npreset = "zigsim"\n',
                "rig.toml:3: no sensor called 'zigsim' in the gallery",
            ),
            ('[[sensor]]\nlane = "body"\npreset = "list"\n', "rig.toml:2: 'body' is a lane of sound already"),
            (BOARD + BOARD, "rig.toml:5: a second sensor called 'board'"),
            ('remote = { board = ["x"] }\n' + BOARD, "'board' is in [remote] already"),
            ('[[sensor]]\nlane = "phone"\npreset = "../x.toml"\n', "preset is '../x.toml'; it takes a name"),
            ('[[sensor]]\nlane = "phone"\npreset = "mine.toml"\n', "no 'mine.toml' in"),
        ],
    )
    def test_a_slip_in_the_rig_is_one_too(self, text: str, sentence: str) -> None:
        with pytest.raises(PatchError) as error:
            read_rig(text)
        assert sentence in str(error.value)

    def test_a_rig_says_the_faults_of_its_presets_with_its_own(self, tmp_path: Path) -> None:
        (tmp_path / "mine.toml").write_text('[[read]]\nfrom = "accel"\nto = "acel"\n')
        sensors = "".join(
            f'[[sensor]]\nlane = "{lane}"\npreset = {preset}\n'
            for lane, preset in (
                ("a", '"mine.toml"'),
                ("b", '"zigsim"'),
                ("c", '"mine.toml"'),
                ("d", "5"),
                ("", '"list"'),
            )
        )
        (tmp_path / "rig.toml").write_text(f"title = 5\n{sensors}[[osc]]\nport = 99999\n")
        with pytest.raises(PatchError) as caught:
            load_rig(tmp_path / "rig.toml")
        said = str(caught.value)
        for sentence in (
            "rig.toml:1: title is 5",
            f"rig.toml:4: {tmp_path / 'mine.toml'}:2: from is 'accel'",
            "mine.toml:3: no 'acel' is sensed; did you mean 'accel'?",
            "rig.toml:7: no sensor called 'zigsim' in the gallery; did you mean 'zig-sim'?",
            "rig.toml:13: preset is 5",
            "rig.toml:15: lane is ''",
            "rig.toml:18: port is 99999",
        ):
            assert sentence in said, said
        assert said.count("'acel'") == 1  # two sensors are read by it, and it is said once

    def test_they_are_listed_started_and_have_a_schema(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.chdir(tmp_path)
        assert main(["list", "sensors", "--json"]) == 0
        assert [row["name"] for row in json.loads(capsys.readouterr().out)] == sorted(files("sensor"))
        assert main(["new", "sensor", "mine", "--from", "zig-sim"]) == 0
        assert 'preset = "mine.toml"' in capsys.readouterr().out
        assert load_preset(tmp_path / "mine.toml", "phone") == Sensor(
            "phone", sensor().readings, preset="mine.toml"
        )
        assert main(["schema", "sensor"]) == 0
        assert json.loads(capsys.readouterr().out)["title"] == "wearsound sensor preset"


class TestWords:
    def test_a_patch_that_names_it_wrong_is_told_the_nearest(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (tmp_path / "p.toml").write_text('title = "p"\n[[route]]\nfrom = "phone.enrgy"\nto = "chest.glow"\n')
        (tmp_path / "r.toml").write_text(ZIG_SIM)
        words = ["render", str(tmp_path / "p.toml"), "test:kick=120", "--to", str(tmp_path / "o")]
        assert main([*words, "--seconds", "1", "--no-video", "--rig", str(tmp_path / "r.toml")]) == 2
        assert "no feature 'phone.enrgy'; did you mean 'phone.energy'?" in capsys.readouterr().err

    def test_hears_of_a_rig_knows_them(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        for name, code in (("tilt", 0), ("tlt", 2)):
            rig = tmp_path / f"{name}.toml"
            rig.write_text(f'hears = ["phone.{name}"]\n{ZIG_SIM}')
            words = [
                "render",
                "bass-denim",
                "test:kick=120",
                "--to",
                str(tmp_path / f"o{code}"),
                "--rig",
                str(rig),
            ]
            assert main([*words, "--seconds", "1", "--no-video"]) == code
        assert (
            "hears 'phone.tlt', no feature of that sensor; did you mean 'phone.tilt'?"
            in capsys.readouterr().err
        )

    def test_a_garments_sensors_and_what_the_rig_brings(self, tmp_path: Path) -> None:
        text = files("garment")["denim-jacket"].read_text(encoding="utf-8")
        path = tmp_path / "g.toml"
        wrist = '[[sensor]]\nname = "wrist"\nzone = "hem"\nkind = "motion"\nlane = "phone"\n\n[battery]'
        path.write_text(text.replace("[battery]", wrist, 1))
        garment = load_garment(path)
        assert [there for there, _ in brought(garment, read_rig(ZIG_SIM))] == [False, True]
        (_, body), (_, phone) = brought(garment, read_rig("lanes = { body = [1] }\n"))
        assert "brings the lane body" in body
        assert 'no lane phone; write [[sensor]] with lane = "phone"' in phone

    def test_it_is_said_when_one_falls_silent_and_when_it_is_back(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        now, heard = [100.0], {}
        watch = SensorWatch(("phone", "board"), lambda: heard, lambda: now[0])
        said: list[tuple[float, str]] = []
        with caplog.at_level(logging.WARNING):
            for step in range(300):
                now[0] = 100.0 + step / 10
                if step < 50 or step > 150:
                    heard["phone"] = now[0]
                caplog.clear()
                watch.look()
                said += [
                    (step / 10, record.getMessage().partition(";")[0].removeprefix("WS-A20 "))
                    for record in caplog.records
                ]
        (_, first), (_, second), (_, third) = said
        assert first == "sensor phone is heard no more"
        assert second.startswith("sensor board is not heard: look whether it sends")
        assert third.startswith("is over after")
        assert third.endswith(": sensor phone is heard")
        assert 6.8 < said[0][0] < 7.6


def test_the_page_lists_what_a_patch_may_play_from() -> None:
    text, ought = anew("sensors.md")
    assert text == ought
    assert "| `phone.energy` |" in text


def test_the_examples_of_the_page_are_read(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "sensors.md").read_text(encoding="utf-8")
    rig, patch, preset = (textwrap.dedent(part) for part in re.findall(r"```toml\n(.*?)```", page, re.DOTALL))
    assert read_rig(rig).sensors[0].lane == "phone"
    (tmp_path / "mine.toml").write_text(preset)
    assert len(load_preset(tmp_path / "mine.toml", "knee").readings) == 2
    (tmp_path / "patch.toml").write_text(patch)
    (tmp_path / "rig.toml").write_text(rig)
    show = load(tmp_path / "patch.toml", rig=tmp_path / "rig.toml")
    assert {"phone.energy", "phone.tilt"} <= {
        spec.name for spec in build(show, {"room": (0,)}, 48_000, strict=True).ear.specs
    }


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


PATCH = """title = "pocket"
garment = "denim-jacket"

[[route]]
from = "phone.energy"
to = "chest.glow"

[[route]]
from = "phone.tilt"
to = "hem.glow"
"""


def test_a_real_show_is_played_by_a_walk_and_its_take_replays_to_the_bit(tmp_path: Path) -> None:
    """Bytes of ZIG SIM to a real `wearsound`, in bursts as Wi-Fi brings them; the take proves itself."""
    (tmp_path / "pocket.toml").write_text(PATCH)
    (tmp_path / "rig.toml").write_text(ZIG_SIM)
    port = free_port()
    words = [
        sys.executable,
        "-m",
        "wearsound",
        "take",
        "record",
        "T",
        "pocket.toml",
        "--prove",
        "--no-window",
    ]
    words += [
        "--input",
        "test:kick=120",
        "--mute",
        "--seconds",
        "6",
        "--rig",
        "rig.toml",
        "--port",
        str(port),
    ]
    show = subprocess.Popen(words, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    stop = threading.Event()

    def walk() -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
            begin, sent = time.monotonic(), 0
            while not stop.wait(0.05):
                while sent / 60 < time.monotonic() - begin:
                    t = sent / 60
                    accel = (0.1 * math.sin(5.65 * t), 0.1, -0.3 * math.sin(11.3 * t))
                    gyro = (0.5 * math.sin(11.3 * t), 0.0, 0.0)
                    tag = time.time() + 2208988800 - (time.monotonic() - begin - t)
                    out.sendto(zig_sim(tag, accel, (0.5, 0.0, -0.866), gyro), ("127.0.0.1", port))
                    sent += 1

    thread = threading.Thread(target=walk)
    thread.start()
    try:
        text, _ = show.communicate(timeout=90)
    finally:
        stop.set()
        thread.join()
        show.kill()
    assert show.returncode == 0, text
    lines = [json.loads(line) for line in (tmp_path / "T" / "events.jsonl").read_text().splitlines()]
    samples = [line for line in lines if line.get("address") == "/wear/sense/phone/accel"]
    assert len(samples) > 150, text
    assert all(len(line["args"]) == 4 for line in samples)
    check = [sys.executable, "-m", "wearsound", "check", "T"]
    done = subprocess.run(check, cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    render = [sys.executable, "-m", "wearsound", "render", "pocket.toml", "T", "--to", "out", "--no-video"]
    done = subprocess.run(
        [*render, "--rig", "rig.toml"], cwd=tmp_path, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr
    report = json.loads((tmp_path / "out" / "report.json").read_text())
    assert report
