"""What is wrong with a rig, in the words of a person who has to mend it."""

from __future__ import annotations

from typing import Annotated, Any, get_args

from msgspec import Meta

from wearsound.mapping.structure import Lane, Name
from wearsound.show.light_target import LightTarget, Protocol
from wearsound.show.rig_structure import Bind, Channels, Decibels, Door, Midi, OscTarget, RigFile, Span
from wearsound.show.rig_types import Channel
from wearsound.show.sensor_target import SensorTarget
from wearsound.show.speaker_target import SpeakerFeed, SpeakerTarget
from wearsound.show.vibration_target import Protocol as VibrationProtocol
from wearsound.show.vibration_target import Values, VibrationTarget
from wearsound.toml_file.words import Words

_Names = Annotated[list[Lane], Meta(min_length=1, max_length=64)]
_Values = Annotated[dict[str, Any], Meta(min_length=1, max_length=64)]
_Numbers = Annotated[dict[str, Any], Meta(max_length=64)]

_LINE = "one line of text, at most 200 characters"
_HOST = 'a name or address on the network, such as "127.0.0.1"'
_PORT = "a port from 1 to 65535"
_DEVICE = "part of a device's name (`wearsound devices` lists them)"
_WORD = "a lower-case word: letters, digits and _, such as"
_CHANNEL = "a channel from 1 to 64"

WORDS = Words(
    RigFile,
    takes={
        "title": _LINE,
        "about": _LINE,
        "input": _DEVICE,
        "output": _DEVICE,
        "lanes": "a table of at most 16 lanes, such as { room = [1, 2], body = [3] }",
        "lanes.*": "channels counted from 1 to 64, such as [1, 2]",
        "lanes name": f'{_WORD} "room"',
        "hears": 'a list of features, such as ["pitch", "body.key"]',
        "osc": "tables that begin with [[osc]], two brackets, at most 32",
        "door": "one table that begins with [door], one bracket",
        "remote": 'a table of at most 16 lanes, such as { knobs = ["cutoff", "drive"] }',
        "remote.*": 'names, such as ["cutoff"], or what each spans, such as { cutoff = [0, 127] }',
        "remote name": f'{_WORD} "knobs"',
        "remote.*.*": "two numbers, the lower first",
        "remote.* name": f'{_WORD} "cutoff"',
        "bind": "tables that begin with [[bind]], two brackets, at most 500",
        "sensor": "tables that begin with [[sensor]], two brackets, at most 16",
        "lane": f'{_WORD} "phone"',
        "preset": 'a name (`wearsound list sensors`), or a file beside the rig such as "mine.toml"',
        "id": "the sender's own part of its addresses, or its network address",
        "midi": "one table that begins with [midi], one bracket",
        "link": "true or false",
        "light": "tables that begin with [[light]], two brackets, at most 64",
        "vibration": "tables that begin with [[vibration]], two brackets, at most 16",
        "speaker": "tables that begin with [[speaker]], two brackets, at most 16",
        "calibration": "tables of learned numbers, at most 16",
        "calibration.*": "a table of numbers, at most 64",
        "calibration name": f'{_WORD} "body"',
        "calibration.*.*": "a number from -200 to 200",
        "calibration.* name": f'{_WORD} "floor_low"',
        "name": "a name: letters, digits, - and _",
        "host": _HOST,
        "port": _PORT,
        "door.host": 'an address of this machine, such as "127.0.0.1", or "0.0.0.0" for all of them',
        "door.port": f"{_PORT}, or 0 for none",
        "door.query": f"{_PORT}, or 0 for none",
        "reply": _PORT,
        "allow": 'networks or addresses, such as ["192.168.1.0/24"]',
        "delay": "seconds from 0 to 10, such as 0.12",
        "rate": "messages a second, a whole number from 1 to 1000",
        "bundle": "true or false",
        "from": 'an OSC address such as "/1/fader3", or "midi cc 21", "midi note 36", "midi bend channel 2"',
        "to": 'one of wearsound\'s own addresses, such as "/wear/master"',
        "arg": "a whole number from 0 to 63",
        "in": "two different numbers",
        "midi.input": "part of a MIDI input's name",
        "clock": "true or false",
        "pixels": "a whole number from 1 to 65536",
        "zones": 'a list of the garment\'s zones, such as ["chest", "hem"]',
        "strands": 'a list of the garment\'s strands, such as ["left", "right"]',
        "reverse": "true or false",
        "map": "a list of whole numbers from 0 to 65535, or -1 for none, such as [0, 1, 3, 2]",
        "order": 'each of R, G and B once, and W if it has white, such as "GRB" or "RGBW"',
        "gamma": "a number from 1 to 2.8",
        "universe": "a whole number from 0 to 63999",
        "priority": "a whole number from 0 to 200",
        "sync": "true or false",
        "via": 'an address of this machine, such as "192.168.1.10"',
        "cap": "frames a second, a whole number from 1 to 60",
        "most_ma": "milliamperes, a whole number from 1 to 1000000",
        "device": _DEVICE,
        "channels": "a table of channels, such as { shoulder = 1, hem = 2 }",
        "vibration.channels.*": _CHANNEL,
        "vibration.channels name": "a name: letters, digits, - and _",
        "vibration.cap": "frames a second, a whole number from 50 to 200",
        "limit": "a number from 0 to 1",
        "speaker.channels": "one or two channels from 1 to 64, such as [1, 2]",
        "band": "two pitches from 20 to 20000 Hz, the lower first, such as [300, 12000]",
        "level": "a number from 0 to 1",
    },
    owners={
        (): ("a rig", RigFile),
        ("osc",): ("an OSC target", OscTarget),
        ("door",): ("the door", Door),
        ("bind",): ("a bind", Bind),
        ("sensor",): ("a sensor", SensorTarget),
        ("midi",): ("[midi]", Midi),
        ("light",): ("a light target", LightTarget),
        ("vibration",): ("a vibration target", VibrationTarget),
        ("speaker",): ("a speaker", SpeakerTarget),
    },
    needed={
        "name": "x",
        "host": "127.0.0.1",
        "port": 1,
        "from": "/x",
        "to": "/wear/master",
        "lane": "x",
        "preset": "list",
        "channels": {"x": 1},
        "speaker.channels": [1, 2],
    },
    choices={
        "protocol": get_args(Protocol),
        "vibration.protocol": get_args(VibrationProtocol),
        "values": get_args(Values),
        "feed": get_args(SpeakerFeed),
    },
    meant={
        "e131": "sacn",
        "e1.31": "sacn",
        "acn": "sacn",
        "s-acn": "sacn",
        "art-net": "artnet",
        "art net": "artnet",
    },
    free={
        "lanes": (Lane, Channels),
        "remote": (Lane, _Names | _Values),
        "remote.*": (Lane, Span),
        "calibration": (Lane, _Numbers),
        "calibration.*": (Lane, Decibels),
        "vibration.channels": (Name, Channel),
    },
    each=frozenset({"hears", "allow", "zones", "strands", "map"}),
    astray="it is a key of the whole rig: move it above the first [heading]",
)
