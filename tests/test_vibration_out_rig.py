"""Vibration targets in a rig: what is wrong or odd, with file and line, and what a person is told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from msgspec import structs
from shaken import write_show

from wearsound.errors import PatchError
from wearsound.garment.document import Garment
from wearsound.show.doctor_rig import look
from wearsound.show.load import Show, load
from wearsound.show.rig import Rig, VibrationTarget, read_rig, warnings
from wearsound.show.tree import tree_of
from wearsound.show.vibration_targets import (
    actuators_of,
    direct,
    driver_of,
    drivers_of,
    not_driven,
    vibration_names,
)

BOARD = '[[vibration]]\nname = "jacket"\nhost = "10.0.0.7"\nport = 4210\n'
COIL = '[[vibration]]\nname = "coils"\ndevice = "USB"\n'


@pytest.fixture(scope="module")
def show(tmp_path_factory: pytest.TempPathFactory) -> Show:
    text = (
        BOARD
        + "channels = { left = 1, spine = 4 }\ndelay = 0.02\n"
        + COIL
        + "channels = { hem = 2, core = 1 }\n"
    )
    paths = write_show(tmp_path_factory.mktemp("show"), text)
    return load(paths["patch"], garment=paths["garment"], rig=paths["rig"])


@pytest.fixture(scope="module")
def garment(show: Show) -> Garment:
    return show.garment


def rig_of(text: str) -> Rig:
    return read_rig("[door]\nport = 0\n" + text, "hall.toml")


def test_every_key_and_its_default() -> None:
    (board,) = rig_of(
        BOARD + 'channels = { a = 1 }\nprotocol = "osc"\nvalues = "unsigned"\ncap = 100\n'
    ).vibration
    assert board == VibrationTarget(
        "jacket", {"a": 1}, host="10.0.0.7", port=4210, protocol="osc", values="unsigned", cap=100
    )
    (plain,) = rig_of(BOARD + "channels = { a = 1 }\n").vibration
    assert (plain.protocol, plain.values, plain.cap, plain.delay, plain.limit) == (
        "udp",
        "signed",
        200,
        0.0,
        1.0,
    )


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (BOARD + "channels = { a = 1 }\nprotocol = 'usb'", "8: no protocol 'usb'; there is osc, udp"),
        (BOARD + "channels = { a = 1 }\nprotocol = 'ddp'", "8: no protocol 'ddp'; did you mean 'udp'?"),
        (BOARD + "channels = { a = 1 }\nvalues = 'sgned'", "8: no values 'sgned'; did you mean 'signed'?"),
        (
            BOARD + "channels = { a = 1 }\ncap = 30",
            "8: cap is 30; it takes frames a second, a whole number from 50 to 200",
        ),
        (BOARD + "channels = { a = 1 }\nlimit = 2", "8: limit is 2; it takes a number from 0 to 1"),
        (BOARD + "channels = { a = 65 }", "7: a is 65; it takes a channel from 1 to 64"),
        (
            BOARD + "channels = { a = 1, b = 2, c = 1 }",
            "7: channel 1 is given to 'a' and to 'c'; name a zone or a role for actuators that share one",
        ),
        (
            COIL + "host = 'x'\nport = 9\nchannels = { a = 1 }",
            "3: a vibration target has both device and host; write one of them",
        ),
    ],
)
def test_faults_name_line_and_remedy(text: str, sentence: str) -> None:
    with pytest.raises(PatchError) as caught:
        rig_of(text)
    assert str(caught.value) == f"hall.toml:{sentence}"


def test_what_does_nothing_and_what_is_in_the_way() -> None:
    two = (
        COIL + "channels = { a = 1 }\ncap = 100\n" + COIL.replace("coils", "more") + "channels = { b = 2 }\n"
    )
    assert warnings(rig_of(two)) == [
        "hall.toml:7: cap does nothing with a device; take it out",
        "hall.toml:10: USB is target 'coils' too, and they overwrite each other; make one target of them",
    ]
    same = BOARD + "channels = { a = 1 }\n" + BOARD.replace("jacket", "hat") + "channels = { b = 1 }\n"
    assert warnings(rig_of(same)) == [
        "hall.toml:10: 10.0.0.7:4210 is target 'jacket' too, and they overwrite each other; make one target of them"
    ]


def test_actuators_zones_and_roles_by_name(garment: Garment) -> None:
    rig = rig_of(BOARD + "channels = { left = 3, chest = 1, core = 2, hem = 5 }\n")
    assert actuators_of(rig, 0, garment) == {2: [0], 0: [0, 1], 1: [0, 1, 2], 4: [3]}


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("chst", "garment has no actuator, zone or role 'chst'; did you mean 'chest'?"),
        ("spin", "garment has no actuator, zone or role 'spin'; did you mean 'spine'?"),
        (
            "cuff",
            "garment has no actuator in 'cuff' (it has left, right, spine, waist); name another, or sew one in with "
            "[[actuator]] in the garment's file",
        ),
    ],
)
def test_names_that_lead_nowhere(garment: Garment, name: str, sentence: str) -> None:
    rig = rig_of(BOARD + f"channels = {{ {name} = 1 }}\n")
    with pytest.raises(PatchError) as caught:
        driver_of(rig, 0, garment)
    assert str(caught.value) == f"hall.toml:7: {sentence}"
    missing = [str(finding) for finding in look(rig, instead="demo", garment=garment) if finding.missing]
    assert missing == [f"vibration jacket: missing: hall.toml:7: {sentence}"]


def test_every_wrong_name_is_said_at_once_and_no_name_is_offered_twice(garment: Garment) -> None:
    """Of all targets; "chest" is made an actuator's name here as well as a zone's."""
    both = replace(
        garment, actuators=(structs.replace(garment.actuators[0], name="chest"), *garment.actuators[1:])
    )
    rig = rig_of(BOARD + "channels = { xyz = 1, chest = 2, qqq = 3 }\n" + COIL + "channels = { cuff = 1 }\n")
    with pytest.raises(PatchError) as caught:
        drivers_of(rig, both)
    first, second, third = str(caught.value).splitlines()
    assert first.startswith("hall.toml:7: garment has no actuator, zone or role 'xyz'; there is ")
    assert second.startswith("hall.toml:7: garment has no actuator, zone or role 'qqq'; there is ")
    assert third.startswith("hall.toml:11: garment has no actuator in 'cuff'")
    assert first.split("there is ")[1].split(", ").count("chest") == 1
    said = [str(finding) for finding in look(rig, instead="demo", garment=both) if finding.missing]
    assert [sentence.split("missing: ")[1] for sentence in said if "actuator" in sentence] == [
        first,
        second,
        third,
    ]


def test_what_a_person_is_told(show: Show) -> None:
    assert show.rig is not None
    assert vibration_names(show.rig, show.garment) == (
        "jacket, 2 actuators at UDP 10.0.0.7:4210; coils, 4 actuators at 'USB'"
    )
    assert not_driven(show.rig, show.garment) == ""
    some = rig_of(BOARD + "channels = { back = 1 }\n")
    assert not_driven(some, show.garment) == (
        "nothing drives left, right, waist of garment: no [[vibration]] of the rig names them"
    )
    notes = [str(finding) for finding in look(some, instead="demo", garment=show.garment)]
    assert any("vibration: note: nothing drives left, right, waist" in note for note in notes)
    assert any(
        "1 signed value in datagrams, up to 200 a second, sent to 10.0.0.7:4210" in note for note in notes
    )


def test_a_motor_on_a_sound_device_is_advised_against_by_file_and_line(show: Show) -> None:
    motors = ("voice-coil", "erm", "lra", "phone")
    actuators = tuple(
        structs.replace(a, kind=kind) for a, kind in zip(show.garment.actuators, motors, strict=True)
    )
    mixed = replace(show.garment, actuators=actuators)
    rig = rig_of(
        BOARD + "channels = { right = 1 }\n" + COIL + "channels = { spine = 1, chest = 2, waist = 3 }\n"
    )
    told = direct(rig, mixed)
    assert told == [
        f"hall.toml:11: a sound device carries no direct voltage, and {name} of garment runs on one: "
        "drive it from a microcontroller, with host for device"
        for name in ("right (erm)", "waist (phone)")
    ]
    notes = [str(finding) for finding in look(rig, instead="demo", garment=mixed)]
    assert [f"vibration: note: {sentence}" for sentence in told] == [
        n for n in notes if "direct voltage" in n
    ]
    assert direct(rig, show.garment) == []
    assert direct(rig_of(BOARD + "channels = { right = 1 }\n"), mixed) == []


def test_delays_are_in_the_tree_and_nothing_of_ours_can_be_driven_from_outside(show: Show) -> None:
    tree = tree_of(show)
    for name, written in (("jacket", 20.0), ("coils", 0.0)):
        delay = tree.get(f"/wear/delay/{name}")
        assert delay is not None
        assert (delay.default, delay.unit) == (written, "ms")
    assert tree.get("/wear/drive") is None


def test_the_gallerys_stage_fits_every_garment() -> None:
    folder = Path(__file__).resolve().parent.parent / "patches" / "garments"
    for path in folder.glob("*.toml"):
        show = load("bass-denim", garment=path.stem, rig="stage")
        assert show.rig is not None
        assert all(actuators_of(show.rig, 0, show.garment).values())
