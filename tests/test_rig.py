"""A rig file: what it may say, where it is wrong, what is careless, and what the page about it promises."""

from __future__ import annotations

import json
import random
import re
import subprocess
import sys
from pathlib import Path

import pytest

from docs.tables import anew
from wearsound import gallery
from wearsound.errors import PatchError
from wearsound.show.rig import (
    Bind,
    Door,
    LightTarget,
    Midi,
    OscTarget,
    Rig,
    VibrationTarget,
    load_rig,
    read_rig,
    schema,
    warnings,
)
from wearsound.show.rig_check import stays_here
from wearsound.show.rig_structure import RigFile
from wearsound.show.rig_words import WORDS
from wearsound.sources.midi_bind import read_source

ROOT = Path(__file__).resolve().parent.parent

GOOD = """\
title = "Hall"
about = "the small hall"
input = "Zoom"
output = "Speakers"
hears = ["pitch", "body.key"]
link = false
lanes = { room = [1, 2], body = [3] }

[[osc]]
name = "video"
host = "192.168.1.20"
port = 7000
delay = 0.12
rate = 30
[[osc]]
name = "synth"
port = 57120

[door]
port = 9005
host = "0.0.0.0"
allow = ["192.168.1.0/24", "10.0.0.7", "fe80::/10"]
reply = 9006
query = 9007

[remote]
knobs = ["cutoff", "drive"]
dancer = { height = [0, 2.2] }

[[bind]]
from = "/1/fader3"
to = "/wear/move/knobs/cutoff"
[[bind]]
from = "midi cc 21 channel 2"
to = "/wear/master"
arg = 1
in = [127, 0]

[midi]
input = "nano"
clock = true

[[light]]
name = "coat"
host = "coat.local"
pixels = 240
protocol = "artnet"
zones = ["chest", "hem"]
universe = 0
delay = 0.02
cap = 44
most_ma = 2000
[[light]]
name = "hat"
host = "10.0.0.9"
pixels = 7
port = 4049

[[vibration]]
name = "back"
device = "USB"
channels = { shoulder = 1, hem = 2 }
limit = 0.3

[calibration.contact]
gain = 2.5
floor_low = -60
"""


def said(text: str) -> str:
    with pytest.raises(PatchError) as caught:
        read_rig(text, "hall.toml")
    return str(caught.value)


def test_a_good_rig_says_what_was_written() -> None:
    rig = read_rig(GOOD, "hall.toml")
    assert (rig.title, rig.about, rig.input, rig.output) == ("Hall", "the small hall", "Zoom", "Speakers")
    assert (rig.hears, rig.link, rig.lanes) == (["pitch", "body.key"], False, {"room": [1, 2], "body": [3]})
    assert rig.osc == [
        OscTarget("video", 7000, "192.168.1.20", 0.12, 30),
        OscTarget("synth", 57120, "127.0.0.1", 0.0, 60),
    ]
    assert rig.door == Door(9005, "0.0.0.0", ["192.168.1.0/24", "10.0.0.7", "fe80::/10"], 9006, 9007)
    assert rig.remote == {
        "knobs": {"cutoff": (0.0, 1.0), "drive": (0.0, 1.0)},
        "dancer": {"height": (0.0, 2.2)},
    }
    assert rig.bind == [
        Bind("/1/fader3", "/wear/move/knobs/cutoff", 0, (0.0, 1.0)),
        Bind("midi cc 21 channel 2", "/wear/master", 1, (127.0, 0.0)),
    ]
    assert rig.midi == Midi("nano", True)
    assert rig.light == [
        LightTarget(
            "coat",
            "coat.local",
            "artnet",
            pixels=240,
            zones=["chest", "hem"],
            universe=0,
            delay=0.02,
            cap=44,
            most_ma=2000,
        ),
        LightTarget("hat", "10.0.0.9", pixels=7, port=4049),
    ]
    assert [light.at_port for light in rig.light] == [6454, 4049]
    assert rig.vibration == [VibrationTarget("back", {"shoulder": 1, "hem": 2}, device="USB", limit=0.3)]
    assert rig.calibration == {"contact": {"gain": 2.5, "floor_low": -60.0}}
    assert rig.where("osc", 0, "delay") == "hall.toml:13"
    assert rig.where("osc", 1, "delay") == "hall.toml:15"
    assert rig.where("remote", "dancer", "height") == "hall.toml:28"
    assert warnings(rig) == []


def test_an_empty_rig_is_one_laptop() -> None:
    assert read_rig("", "hall.toml") == Rig(path="hall.toml")
    assert Rig().door == Door(9000, "127.0.0.1", [], 9001, 0)
    assert Rig().midi is None
    assert Rig().where("osc") == "the rig"


OSC = '[[osc]]\nname = "a"\nport = 1\n'
BIND = '[[bind]]\nfrom = "/a"\nto = "/wear/master"\n'
SHUT = "[door]\nport = 0\n"
ORDERS = 'it takes each of R, G and B once, and W if it has white, such as "GRB" or "RGBW"'
LIGHT = '[[light]]\nname = "a"\nhost = "h"\npixels = 3\n'
VIBRATION = '[[vibration]]\nname = "a"\nchannels = { x = 1 }\n'
NAME = "a name: letters, digits, - and _"
DEVICE = "part of a device's name (`wearsound devices` lists them)"
HOST = 'a name or address on the network, such as "127.0.0.1"'
PORT = "a port from 1 to 65535"
FROM = 'an OSC address such as "/1/fader3", or "midi cc 21", "midi note 36", "midi bend channel 2"'
TO = 'one of wearsound\'s own addresses, such as "/wear/master"'
NETWORKS = 'networks or addresses, such as ["192.168.1.0/24"]'
REMOTE = 'names, such as ["cutoff"], or what each spans, such as { cutoff = [0, 127] }'
WORD = "a lower-case word: letters, digits and _, such as"

FAULTS = [
    ("inptu = 'x'", "1: no key 'inptu' in a rig; did you mean 'input'?"),
    ("title = 3", "1: title is 3; it takes one line of text, at most 200 characters"),
    ("about = 'a\\nb'".replace("'", '"'), "1: about is 'a?b'; it takes one line of text, at most 200 characters"),
    ("input = 3", f"1: input is 3; it takes {DEVICE}"),
    ("output = ''", f"1: output is ''; it takes {DEVICE}"),
    ("link = 'yes'", "1: link is 'yes'; it takes true or false"),
    ("hears = 'pitch'", "1: hears is 'pitch'; it takes a list of features, such as [\"pitch\", \"body.key\"]"),
    ("lanes = { room = 1 }", "1: room is 1; it takes channels counted from 1 to 64, such as [1, 2]"),
    ("lanes = { room = [0] }", "1: room is [0]; it takes channels counted from 1 to 64, such as [1, 2]"),
    ("lanes = { room = [] }", "1: room is []; it takes channels counted from 1 to 64, such as [1, 2]"),
    ("[lanes]\nroom = [1]\nbody = [65]", "3: body is [65]; it takes channels counted from 1 to 64, such as [1, 2]"),
    ("lanes = { Room = [1] }", f"1: no name 'Room'; lanes takes {WORD} \"room\""),
    ("lanes = [1]", "1: lanes is [1]; it takes a table of at most 16 lanes, such as { room = [1, 2], body = [3] }"),
    ("osc = 3", "1: osc is 3; it takes tables that begin with [[osc]], two brackets, at most 32"),
    ("[osc]\nport = 3", "1: osc is a table; it takes tables that begin with [[osc]], two brackets, at most 32"),
    ("[[osk]]", "1: no key 'osk' in a rig; did you mean 'osc'?"),
    ('[[osc]]\nname = "a"', f"1: an OSC target needs port: {PORT}"),
    ("[[osc]]\nport = 1", f"1: an OSC target needs name: {NAME}"),
    ("[[osc]]\nport = 1\nname = 'a/b'", f"3: name is 'a/b'; it takes {NAME}"),
    ("[[osc]]\nport = 1\nname = 'window'", "3: name is 'window', which is the picture's own; give it another name"),
    (OSC + OSC, "5: a second target called 'a'; give it another name"),
    (OSC + LIGHT, "5: a second target called 'a'; give it another name"),
    (OSC + "port2 = 1", "4: no key 'port2' in an OSC target; did you mean 'port'?"),
    (OSC + "input = 'x'", "4: no key 'input' in an OSC target; it is a key of the whole rig: "
     "move it above the first [heading]"),
    (OSC + "host = 'a b'", f"4: host is 'a b'; it takes {HOST}"),
    ("[[osc]]\nname = 'a'\nport = 0", f"3: port is 0; it takes {PORT}"),
    ("[[osc]]\nname = 'a'\nport = 65536", f"3: port is 65536; it takes {PORT}"),
    ("[[osc]]\nname = 'a'\nport = nan", f"3: port is nan; it takes {PORT}"),
    (OSC + "delay = 11", "4: delay is 11; it takes seconds from 0 to 10, such as 0.12"),
    (OSC + "delay = -0.1", "4: delay is -0.1; it takes seconds from 0 to 10, such as 0.12"),
    (OSC + "delay = nan", "4: delay is nan; it takes seconds from 0 to 10, such as 0.12"),
    (OSC + "rate = 0", "4: rate is 0; it takes messages a second, a whole number from 1 to 1000"),
    ("[[door]]\nport = 1", "1: [[door]] has two brackets; write [door], and only once"),
    ("[door]\nprot = 1", "2: no key 'prot' in the door; did you mean 'port'?"),
    ("[door]\nport = -1", f"2: port is -1; it takes {PORT}, or 0 for none"),
    ("[door]\nquery = 65536", f"2: query is 65536; it takes {PORT}, or 0 for none"),
    ("[door]\nhost = 3", "2: host is 3; it takes an address of this machine, such as \"127.0.0.1\", or "
     "\"0.0.0.0\" for all of them"),
    ("[door]\nreply = 0", f"2: reply is 0; it takes {PORT}"),
    ("[door]\nreply = 9000", "2: reply is 9000, the door's own port: answers would come in again; choose another"),
    ("[door]\nallow = '10.0.0.0/8'", f"2: allow is '10.0.0.0/8'; it takes {NETWORKS}"),
    ("[door]\nallow = [3]", f"2: allow is 3; it takes {NETWORKS}"),
    ("[door]\nallow = [\n'10.0.0.0/8',\n'x']", f"4: allow is 'x'; it takes {NETWORKS}"),
    ("[door]\nallow = ['10.0.0.0/33']", f"2: allow is '10.0.0.0/33'; it takes {NETWORKS}"),
    ("[door]\nallow = ['192.168.1.7/24']", f"2: allow is '192.168.1.7/24'; it takes {NETWORKS}; "
     "did you mean '192.168.1.0/24'?"),
    ("remote = 3", "1: remote is 3; it takes a table of at most 16 lanes, such as { knobs = [\"cutoff\", \"drive\"] }"),
    ("[remote]\nknobs = 3", f"2: knobs is 3; it takes {REMOTE}"),
    ("[remote]\nknobs = []", f"2: knobs is []; it takes {REMOTE}"),
    ("[remote]\nknobs = ['Cut off']", f"2: no name 'Cut off'; knobs takes {WORD} \"cutoff\""),
    ("[remote]\nknobs = [3]", f"2: knobs is [3]; it takes {REMOTE}"),
    ("[remote]\nKnobs = ['a']", f"2: no name 'Knobs'; remote takes {WORD} \"knobs\""),
    ("[remote]\nknobs = { a = 1 }", "2: a is 1; it takes two numbers, the lower first"),
    ("[remote]\nknobs = { a = [0, inf] }", "2: a is [0, inf]; it takes two numbers, the lower first"),
    ("[remote]\nknobs = { a = [1, 0] }", "2: a is [1, 0]; it takes two numbers, the lower first"),
    ("[remote]\nroom = ['a']", "2: 'room' is a lane of sound already; call the remote lane otherwise"),
    ("lanes = { skin = [1] }\nremote = { skin = ['a'] }",
     "2: 'skin' is a lane of sound already; call the remote lane otherwise"),
    ("[remote]\nreference = ['a']", "2: 'reference' is the lane of what the loudspeakers play, looped back as sound; "
     "call the remote lane otherwise"),
    ("[[sensor]]\nlane = 'reference'\npreset = 'zig-sim'",
     "2: 'reference' is the lane of what the loudspeakers play, looped back as sound; "
     "call the sensor's lane otherwise"),
    ("[[bind]]\nto = '/wear/master'", f"1: a bind needs from: {FROM}"),
    ("[[bind]]\nfrom = '/a'", f"1: a bind needs to: {TO}"),
    ("[[bind]]\nfrom = 'a'\nto = '/wear/master'", f"2: from is 'a'; it takes {FROM}"),
    ("[[bind]]\nfrom = '/a*'\nto = '/wear/master'", f"2: from is '/a*'; it takes {FROM}"),
    ("[[bind]]\nfrom = 'midi cc 128'\nto = '/wear/master'", f"2: from is 'midi cc 128'; it takes {FROM}"),
    ("[[bind]]\nfrom = 'midi cc 1 channel 17'\nto = '/wear/master'",
     f"2: from is 'midi cc 1 channel 17'; it takes {FROM}"),
    ("[[bind]]\nfrom = '/wear/x'\nto = '/wear/master'",
     "2: from is '/wear/x', which is wearsound's own already; a bind is for foreign addresses"),
    ("[[bind]]\nfrom = '/a'\nto = '/synth/x'", f"3: to is '/synth/x'; it takes {TO}"),
    ("[[bind]]\nfrom = '/a'\nto = '/wear'", f"3: to is '/wear'; it takes {TO}"),
    ("[[bind]]\nfrom = '/a'\nto = '/wear/*'", f"3: to is '/wear/*'; it takes {TO}"),
    (BIND + "arg = -1", "4: arg is -1; it takes a whole number from 0 to 63"),
    (BIND + "in = [1, 1]", "4: in is [1, 1]; it takes two different numbers"),
    (BIND + "in = 1", "4: in is 1; it takes two different numbers"),
    ("[midi]\nclock = 1", "2: clock is 1; it takes true or false"),
    ("[midi]\ninput = 1", "2: input is 1; it takes part of a MIDI input's name"),
    ("[midi]\nclok = true", "2: no key 'clok' in [midi]; did you mean 'clock'?"),
    ("[[light]]\nname = 'a'", "1: a light target needs host: a name or address on the network, such as \"127.0.0.1\""),
    (LIGHT + "order = 'RGG'", f"5: order is 'RGG'; {ORDERS}"),
    (LIGHT + "order = 'BGW'", f"5: order is 'BGW'; {ORDERS}"),
    (LIGHT + "order = 'Rgb'", f"5: order is 'Rgb'; {ORDERS}"),
    (LIGHT + "gamma = 9", "5: gamma is 9; it takes a number from 1 to 2.8"),
    (LIGHT + "gamma = 0.5", "5: gamma is 0.5; it takes a number from 1 to 2.8"),
    (LIGHT + "gamma = 4", "5: gamma is 4; it takes a number from 1 to 2.8"),
    (
        LIGHT + "map = [-1, -1, -1, -1, -1, 7, 7, 7, 7, 3, 7]",
        "5: map shows pixel 7 5 times, and the flash guard weighs it once; show it at most 4 times, or sew a filament "
        "of as many pixels",
    ),
    (
        LIGHT + "map = [0, -2]",
        "5: map is -2; it takes a list of whole numbers from 0 to 65535, or -1 for none, such as [0, 1, 3, 2]",
    ),
    (LIGHT + "priority = 201", "5: priority is 201; it takes a whole number from 0 to 200"),
    (LIGHT + "zones = ['a']\nstrands = ['b']", "6: both zones and strands; name one kind, in the order of the wire"),
    (LIGHT + "strands = ['b', 'b']", "5: strand 'b' is named twice; name it once"),
    (LIGHT + "via = 'eth0'", "5: via is 'eth0'; it takes an address of this machine, such as \"192.168.1.10\""),
    (LIGHT + "protocol = 'wled'",
        "4: protocol wled sends what is heard, and no pixels: take pixels out, or send pixels to it with "
        'protocol = "ddp"'),
    (
        "[[light]]\nname = 'a'\nhost = 'multicast'",
        "3: host is 'multicast', which only sACN has; write the address of 'a'",
    ),
    (LIGHT + "protocol = 'dpp'", "5: no protocol 'dpp'; did you mean 'ddp'?"),
    ("[[light]]\nname = 'a'\nhost = '127.0.0.1:4048'",
     '3: host is \'127.0.0.1:4048\'; write host = "127.0.0.1" and port = 4048'),
    ("[[osc]]\nname = 'a'\nport = 1\nhost = 'mac.local:9000'",
     '4: host is \'mac.local:9000\'; write host = "mac.local" and port = 9000'),
    (LIGHT + "protocol = 'e131'", "5: no protocol 'e131'; did you mean 'sacn'?"),
    (LIGHT + "protocol = 'E1.31'", "5: no protocol 'E1.31'; did you mean 'sacn'?"),
    (LIGHT + "order = 'grx'", '5: order is \'grx\'; it takes each of R, G and B once, and W if it has white, '
     'such as "GRB" or "RGBW"'),
    (LIGHT + "protocol = 'dmx'", "5: no protocol 'dmx'; there is artnet, ddp, sacn, wled"),
    (LIGHT + "cap = 61", "5: cap is 61; it takes frames a second, a whole number from 1 to 60"),
    (LIGHT + "most_ma = 0", "5: most_ma is 0; it takes milliamperes, a whole number from 1 to 1000000"),
    (LIGHT + "universe = -1", "5: universe is -1; it takes a whole number from 0 to 63999"),
    (LIGHT + "protocol = 'artnet'\nuniverse = 40000", "6: universe is 40000; Art-Net has 0 to 32767"),
    (LIGHT + "protocol = 'sacn'\nuniverse = 0", "6: universe is 0; sACN begins at 1"),
    (LIGHT + "zones = ['hem', 'hem']", "5: zone 'hem' is named twice; name it once"),
    (LIGHT + "zones = ['a b']",
     "5: zones is 'a b'; it takes a list of the garment's zones, such as [\"chest\", \"hem\"]"),
    (VIBRATION, "1: a vibration target has neither device nor host; write one of them"),
    (VIBRATION + "device = 'd'\nhost = 'h'\nport = 1",
     "1: a vibration target has both device and host; write one of them"),
    (VIBRATION + "host = 'h'", f"1: a vibration target with a host needs port: {PORT}"),
    (VIBRATION + "device = 'd'\nlimit = 1.1", "5: limit is 1.1; it takes a number from 0 to 1"),
    ("[[vibration]]\nname = 'a'\ndevice = 'd'\nchannels = { x = 0, 'y z' = 1 }",
     f"4: no name 'y z'; channels takes {NAME}\nhall.toml:4: x is 0; it takes a channel from 1 to 64"),
    ("[calibration]\nx = 3", "2: x is 3; it takes a table of numbers, at most 64"),
    ("[calibration.x]\ny = nan", "2: y is nan; it takes a number from -200 to 200"),
    ("[calibration.x]\ny = 'a'", "2: y is 'a'; it takes a number from -200 to 200"),
    ("[calibration.x]\ny = 1e300", "2: y is 1e+300; it takes a number from -200 to 200"),
    (
        '[calibration.body]\n"a b" = 1',
        "2: no name 'a b'; body takes a lower-case word: letters, digits and _, such as \"floor_low\"",
    ),
    (
        '[calibration."a b"]\nx = 1',
        "1: no name 'a b'; calibration takes a lower-case word: letters, digits and _, such as \"body\"",
    ),
    (
        "[calibration.x]\n" + "".join(f"y{n} = 1\n" for n in range(65)),
        "1: x is a table; it takes a table of numbers, at most 64",
    ),
    (
        "".join(f"[calibration.x{n}]\ny = 1\n" for n in range(17)),
        "1: calibration is a table; it takes tables of learned numbers, at most 16",
    ),
    ("a = [", "1: is not TOML: invalid value; a number, true, false, or a text in quotes is missing here"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), FAULTS, ids=[text[-40:] for text, _ in FAULTS])
def test_a_fault_is_said_by_line_what_was_read_and_what_it_takes(text: str, expected: str) -> None:
    assert said(text + "\n") == f"hall.toml:{expected}"


def test_every_key_that_can_be_wrong_has_words_of_its_own() -> None:
    assert not [sentence for _, sentence in FAULTS if "something else" in sentence]
    for place, (_, struct) in WORDS.owners.items():
        for key in struct.__struct_encode_fields__:
            assert {key, ".".join((*place, key))} & (WORDS.takes.keys() | WORDS.choices.keys()), (place, key)


def test_everything_wrong_is_said_at_once_and_in_order() -> None:
    text = (
        "inptu = 'x'\nlanes = { room = [0], Body = [1] }\n[door]\nprot = 1\nallow = ['x']\n"
        + "[[osc]]\nport = 0\n[[osc]]\nport = 1\n[remote]\nroom = ['a']\n"
    )
    assert [line.split(": ")[0] for line in said(text).splitlines()] == [
        "hall.toml:1",
        "hall.toml:2",
        "hall.toml:2",
        "hall.toml:4",
        "hall.toml:5",
        "hall.toml:6",
        "hall.toml:7",
        "hall.toml:8",
        "hall.toml:11",
    ]
    many = "".join(f"key{i} = 1\n" for i in range(300))
    assert len(said(many).splitlines()) == 20
    many = "[lanes]\n" + "".join(f"l{i} = 0\n" for i in range(5000))
    assert len(said(many).splitlines()) == 20


def test_a_notepad_file_is_a_rig_too(tmp_path: Path) -> None:
    path = tmp_path / "hall.toml"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert load_rig(path).where("osc", 0, "delay") == f"{path}:13"


def test_mutations_of_a_rig_are_read_or_refused_in_sentences() -> None:
    dice = random.Random(11)
    noise = [
        '"',
        "[",
        "]",
        "{",
        "}",
        "=",
        ".",
        "\n",
        "#",
        "nan",
        "[[",
        "1e999",
        "é",
        "\0",
        "'''",
        "-1",
        "99999999999",
    ]
    read = refused = 0
    strange: list[str] = []
    for _ in range(1500):
        text = GOOD
        for _ in range(dice.randint(1, 4)):
            at, length = dice.randrange(len(text)), dice.choice([0, 0, 1, 3, 20])
            text = text[:at] + dice.choice([*noise, ""]) + text[at + length :]
        try:
            read_rig(text, "hall.toml")
            read += 1
        except PatchError as error:
            strange += [line for line in str(error).splitlines() if not line.startswith("hall.toml:")]
            refused += 1
    assert not strange
    assert read > 30
    assert refused > 500


VALUES = [
    *(
        "3",
        "-1",
        "1e9",
        "nan",
        "1e400",
        "true",
        '"x"',
        '""',
        '"/wear/a"',
        '"midi cc 3"',
        "1979-05-27",
        "9" * 20,
    ),
    *(
        "[]",
        "[1]",
        '["a"]',
        "[1, 2]",
        "[[1]]",
        "[{}]",
        "{}",
        "{ a = 1 }",
        "{ a = [1, 2] }",
        '{ "é b" = { c = 3 } }',
    ),
]
HEADINGS = [
    *("[[osc]]", "[door]", "[[door]]", "[osc]", "[remote]", "[remote.host]", "[remote.channels]", "[[bind]]"),
    *("[midi]", "[[light]]", "[[light.zones]]", "[[vibration]]", "[vibration.channels]", "[calibration]"),
    *("[calibration.name]", "[calibration.port]", "[lanes]", "[[remote]]", "[x.y]"),
]
KEYS = sorted({key for _, struct in WORDS.owners.values() for key in struct.__struct_encode_fields__})


def test_any_key_with_any_value_anywhere_is_read_or_said_in_words() -> None:
    dice = random.Random(2)
    read, sentences = 0, set()
    for _ in range(3000):
        rows = []
        for heading in ["", *dice.sample(HEADINGS, dice.randint(0, 4))]:
            keys = dice.sample(KEYS, dice.randint(0, 3))
            rows += [heading, *(f"{key} = {dice.choice(VALUES)}" for key in keys)]
        try:
            warnings(read_rig("\n".join(rows), "hall.toml"))
            read += 1
        except PatchError as error:
            sentences |= set(str(error).splitlines())
    assert read > 50
    assert len(sentences) > 1000
    assert not [line for line in sentences if not line.startswith("hall.toml:") or "something else" in line]


WIDE = (
    "the door at {} is open to everybody who can reach this machine, and they can play and darken the show; "
    'write who may come in, such as allow = ["192.168.1.0/24"]'
)
BOX = '[[light]]\nname = "a"\nhost = "10.0.0.9"\n'
CARELESS = [
    ('[door]\nhost = "0.0.0.0"', f"2: {WIDE.format('0.0.0.0')}"),
    ('[door]\nport = 9000\nhost = "::"', f"3: {WIDE.format('::')}"),
    ('[door]\nhost = "192.168.1.9"', f"2: {WIDE.format('192.168.1.9')}"),
    ('[door]\nport = 0\nquery = 80\nhost = "::"', f"4: {WIDE.format('::')}"),
    ('[door]\nhost = "::"\nallow = ["10.0.0.0/8",\n "::/0"]', f"4: {WIDE.format('::')}"),
    ('[door]\nallow = ["10.0.0.0/8"]',
     '2: nobody else can reach 127.0.0.1, whatever allow says; write host = "0.0.0.0" '
     "under [door] to let the allowed ones in"),
    ('[[osc]]\nname = "a"\nport = 9000', "3: target 'a' is this rig's own door: what is sent comes in again, and no "
     "other program can have that port; write another port here, or under [door]"),
    ('[[bind]]\nfrom = "midi cc 1"\nto = "/wear/master"',
     "2: midi cc 1 is not heard: this rig has no MIDI; add [midi]"),
    ('[remote]\nknobs = ["cutoff"]\n[[bind]]\nfrom = "/a"\nto = "/wear/move/knobs/cutof"',
     "5: /wear/move/knobs/cutof moves nothing: [remote] has no 'knobs/cutof'; did you mean 'knobs/cutoff'?"),
    (f"{BOX}universe = 1", "4: universe does nothing with protocol ddp; take it out"),
    (f"{BOX}priority = 90", "4: priority does nothing with protocol ddp; take it out"),
    (f'{BOX}protocol = "artnet"\npriority = 90', "5: priority does nothing with protocol artnet; take it out"),
    (f"{BOX}map = []", "4: map is empty and does nothing; take it out, or name the pixels in it"),
    ('[[light]]\nname = "a"\nprotocol = "wled"\norder = "GRB"',
     "4: order does nothing with protocol wled; take it out"),
    (BOX.replace("10.0.0.9", "10.0.0.255"), "3: host is 10.0.0.255, everybody in that network: every box that listens "
     "shows it; write the address of 'a', unless that is meant"),
    (BOX.replace("10.0.0.9", "0.0.0.0"), "3: host is 0.0.0.0, which is no machine; write the address of 'a'"),
    (BOX.replace("10.0.0.9", "224.0.0.1"), "3: host is 224.0.0.1, a group that whoever joined it shows; write an "
     "address of its own, unless that is meant"),
    (BOX + 'delay = 0.1\n[[light]]\nname = "b"\nhost = "10.0.0.8"\ndelay = 0.04', "4: delay is 0.1 s, and another "
     "light has 0.04 s: seen together, lights so far apart may flash more often than three times a second; make them "
     "alike within 0.05 s where the boxes allow it"),
    ("link = true\n[midi]\nclock = true",
     "3: Link and MIDI clock both ask to lead the tempo; write link = false or clock = false"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CARELESS)
def test_what_is_careless_is_no_fault_but_is_said(text: str, expected: str) -> None:
    assert warnings(read_rig(text, "hall.toml")) == [f"hall.toml:{expected}"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        '[door]\nhost = "0.0.0.0"\nallow = ["10.0.0.0/8"]',
        '[door]\nport = 0\nhost = "0.0.0.0"',
        '[door]\nport = 0\n[[osc]]\nname = "a"\nport = 9000',
        '[[osc]]\nname = "a"\nport = 9000\nhost = "10.0.0.4"',
        BOX + 'protocol = "sacn"\nuniverse = 1\npriority = 90\nsync = false\nmap = [1, 0]',
        BOX + 'protocol = "artnet"\nuniverse = 1\nsync = false',
        BOX + 'order = "GRB"\nmap = [0]',
        '[remote]\nknobs = ["a"]\n[[bind]]\nfrom = "/a"\nto = "/wear/move/knobs"',
    ],
)
def test_what_is_careful_is_not_warned_of(text: str) -> None:
    assert warnings(read_rig(text, "hall.toml")) == []


def test_lights_in_each_others_way_are_said() -> None:
    two = '[[light]]\nname = "{}"\nhost = "10.0.0.9"\nprotocol = "{}"\nuniverse = {}\n'

    def careful(first: str, second: str) -> list[str]:
        return warnings(read_rig(SHUT + first + second, "hall.toml"))

    assert careful(two.format("a", "sacn", 1), two.format("b", "sacn", 2)) == []
    assert careful(two.format("a", "sacn", 1), two.format("b", "artnet", 1)) == []
    assert careful(two.format("a", "sacn", 1), two.format("b", "sacn", 1)) == [
        "hall.toml:12: universe 1 of 10.0.0.9 is target 'a' too, and they overwrite each other; make one target of "
        "them, or write another universe"
    ]
    both = careful(two.format("a", "ddp", 1), two.format("b", "ddp", 2))
    assert [sentence for sentence in both if "does nothing" not in sentence] == [
        "hall.toml:10: 10.0.0.9 is target 'a' too, and they overwrite each other; make one target of them"
    ]
    assert careful(two.format("a", "artnet", 1) + "cap = 60\n", "") == [
        "hall.toml:8: cap is 60, but a universe of DMX has at most 44 frames a second; write cap = 44"
    ]


def test_which_rigs_stay_on_this_machine() -> None:
    assert stays_here(load_rig(gallery.files("rig")["laptop"]))
    assert not stays_here(load_rig(gallery.files("rig")["stage"]))
    for text in (
        '[[osc]]\nname = "a"\nport = 1\nhost = "127.evil.example"',
        '[[osc]]\nname = "a"\nport = 1\nhost = "192.0.2.1"',
        '[door]\nhost = "0.0.0.0"\nport = 0',
        LIGHT,
        '[[light]]\nname = "a"\nprotocol = "wled"',
        '[[light]]\nname = "a"\nprotocol = "sacn"\nhost = "multicast"',
        VIBRATION + 'host = "h"\nport = 1',
        "link = true",
    ):
        assert not stays_here(read_rig(text))
    assert stays_here(
        read_rig(OSC + '[door]\nhost = "::1"\n[[osc]]\nname = "b"\nport = 2\nhost = "127.0.0.9"')
    )


def test_what_a_bind_may_name_of_midi_is_what_midi_reads() -> None:
    for kind in ("cc", "note", "bend", "program", "pressure"):
        for number in ("", " 0", " 9", " 10", " 99", " 127", " 128", " 200", " -1"):
            for channel in ("", " channel 1", " channel 16", " channel 17", " channel 0"):
                source = f"midi {kind}{number}{channel}"
                try:
                    read_source(source)
                    known = True
                except PatchError:
                    known = False
                try:
                    read_rig(f'[[bind]]\nfrom = "{source}"\nto = "/wear/master"', "hall.toml")
                    read = True
                except PatchError:
                    read = False
                assert read == known, source


def test_the_schema_is_that_of_the_structs_and_needs_no_numpy() -> None:
    made = json.loads(json.dumps(schema()))
    assert made["title"] == "wearsound rig"
    keys = made["$defs"]["RigFile"]["properties"]
    assert set(keys) == set(RigFile.__struct_encode_fields__)
    assert all("description" in key for key in keys.values())
    code = "import sys; from wearsound.cli import main; main(['schema', 'rig']); sys.exit('numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == made


def test_the_gallerys_rigs_load_and_are_careful() -> None:
    assert set(gallery.files("rig")) >= {"laptop", "stage"}
    for path in gallery.files("rig").values():
        rig = load_rig(path)
        assert rig.about
        assert warnings(rig) == []


def test_the_page_shows_the_gallerys_rig_and_every_key() -> None:
    text, ought = anew("rig.md")
    assert text == ought
    for place, (_, struct) in WORDS.owners.items():
        for key in struct.__struct_encode_fields__:
            assert f"| `{key}` |" in text, (place, key)


def test_the_faults_that_the_page_shows_are_what_is_said() -> None:
    page = (ROOT / "docs" / "rig.md").read_text(encoding="utf-8")
    shown = re.findall(r"^my-room\.toml:\d+: (.*)$", page, re.MULTILINE)
    text = "inptu = 'x'\n[[osc]]\nname = 'a'\nport = 1\ndelay = 120\n[door]\nallow = ['192.168.1.7/24']\n"
    assert [line.split(": ", 1)[1] for line in said(text).splitlines()] == shown
    assert len(shown) == 3


class TestHears:
    """Wrong names in a rig's `hears`: file, line, nearest."""

    PATCH = 'title = "T"\n[[route]]\nfrom = "bass"\nto = "*.glow"\n'

    def asked(self, tmp_path: Path, rig: str, lanes: list[str] | None) -> tuple[str, ...]:
        from wearsound.show.hears import hears
        from wearsound.show.load import load

        (tmp_path / "p.toml").write_text(self.PATCH)
        (tmp_path / "hall.toml").write_text(rig)
        asked = hears(load(tmp_path / "p.toml", rig=tmp_path / "hall.toml"), lanes)
        return tuple(name for name in asked if not name.startswith("drape."))  # which the garment asks for

    @pytest.mark.parametrize(
        ("rig", "lanes", "sentence"),
        [
            (
                'hears = [\n"pitch",\n"pich"]',
                None,
                r"hall\.toml:3: hears 'pich', no feature; did you mean 'pitch'\?$",
            ),
            (
                'hears = ["skn.key"]\nlanes = { room = [1], skin = [2] }',
                None,
                r"hall\.toml:1: hears 'skn\.key', but no lane is called 'skn'; did you mean 'skin'\?$",
            ),
            ('hears = ["bdy.key"]', ["room"], r"hall\.toml:1: hears 'bdy\.key', .*; did you mean 'body'\?$"),
            (
                'hears = ["crowd.key"]\nlanes = { room = [1], body = [2] }',
                ["room", "body"],
                r"hall\.toml:1: hears 'crowd\.key', but no lane is called 'crowd'; there is body, room$",
            ),
        ],
    )
    def test_a_name_that_does_not_exist(
        self, tmp_path: Path, rig: str, lanes: list[str] | None, sentence: str
    ) -> None:
        with pytest.raises(PatchError, match=sentence):
            self.asked(tmp_path, rig, lanes)

    def test_a_lane_that_only_this_input_lacks_is_no_fault(self, tmp_path: Path) -> None:
        assert self.asked(tmp_path, 'hears = ["body.key", "skin.key"]', ["room", "skin"]) == (
            "body.key",
            "skin.key",
        )
        rig = 'hears = ["body.key"]\nlanes = { room = [1], body = [2] }'
        assert self.asked(tmp_path, rig, ["room"]) == ("body.key",)
