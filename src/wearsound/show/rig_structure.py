"""What a rig may say: every key, its limits, its default and one line about it.

From this come the reader, the JSON Schema (`wearsound schema rig`), the table in docs/rig.md and the ends of
error sentences. No NumPy here.
"""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct, field

from wearsound.mapping.structure import Lane, Name
from wearsound.show.light_target import LightTarget
from wearsound.show.rig_types import Channel, Delay, Device, Host, Port, PortOrNone
from wearsound.show.sensor_target import SensorTarget
from wearsound.show.speaker_target import SpeakerTarget
from wearsound.show.vibration_target import VibrationTarget
from wearsound.toml_file.bounds import Line, Number

Channels = Annotated[list[Channel], Meta(min_length=1, max_length=64)]
Span = tuple[Number, Number]
Decibels = Annotated[float, Meta(ge=-200, le=200)]
"""What a calibration may say: any level, or how far one lies above another."""

_MOST_127 = r"(?:1[01][0-9]|12[0-7]|[1-9]?[0-9])"
MIDI = (
    rf"midi (?:cc {_MOST_127}|note {_MOST_127}|bend|program(?: {_MOST_127})?)(?: channel (?:1[0-6]|[1-9]))?"
)
"""A control, a note, the wheel or a program of any channel, or of one of 1..16; as sources.midi_bind reads it."""

From = Annotated[str, Meta(pattern=rf"^(?:(?:/[!\"$-)+.0->@-Z\\^-z|~-]+)+|{MIDI})$(?!\n)", max_length=255)]


class OscTarget(Struct, frozen=True, forbid_unknown_fields=True):
    """A program or machine that OSC messages are sent to."""

    name: Annotated[Name, Meta(description="What it is called, here and in /wear/delay/NAME.")]
    port: Annotated[Port, Meta(description="The UDP port it listens at.")]
    host: Annotated[Host, Meta(description="Its name or address on the network.")] = "127.0.0.1"
    delay: Annotated[Delay, Meta(description="Seconds that everything to it is held back.")] = 0.0
    rate: Annotated[
        int, Meta(ge=1, le=1000, description="The most messages a second of one address, if it has changed.")
    ] = 60
    bundle: Annotated[
        bool,
        Meta(
            description="Whether messages go together in bundles; false: each in a datagram of its own, for "
            "programs that read no bundles."
        ),
    ] = True


class Door(Struct, frozen=True, forbid_unknown_fields=True):
    """Where OSC comes in, and from whom."""

    port: Annotated[PortOrNone, Meta(description="The UDP port that OSC comes in at; 0: none.")] = 9000
    host: Annotated[
        Host,
        Meta(
            description="The address of this machine to listen at; 127.0.0.1: this machine only; "
            "0.0.0.0: every network it is in."
        ),
    ] = "127.0.0.1"
    allow: Annotated[
        list[str],
        Meta(
            max_length=64,
            description='Who may come in, as networks or addresses: ["192.168.1.0/24"]; empty: everybody '
            "who can reach it.",
        ),
    ] = []
    reply: Annotated[Port, Meta(description="The port of the sender that answers go to.")] = 9001
    query: Annotated[
        PortOrNone, Meta(description="The HTTP port at which OSCQuery is answered; 0: none.")
    ] = 0


class Bind(Struct, frozen=True, forbid_unknown_fields=True, rename={"source": "from", "span": "in"}):
    """One control of another program or a MIDI box, and what it moves here. `osc learn` writes these."""

    source: Annotated[
        From,
        Meta(
            description='What comes in: an OSC address ("/1/fader3"), or "midi cc 21", "midi note 36", '
            '"midi bend", "midi program 5", "midi cc 21 channel 2".'
        ),
    ]
    to: Annotated[
        Annotated[str, Meta(pattern=r"^/wear(?:/[!\"$-)+.0->@-Z\\^-z|~-]+)+$(?!\n)", max_length=255)],
        Meta(description="What it moves: one of wearsound's own addresses (`wearsound osc tree`)."),
    ]
    arg: Annotated[int, Meta(ge=0, le=63, description="Which argument of the message, counted from 0.")] = 0
    span: Annotated[
        Span,
        Meta(
            description="What the control spans; it is spread over what the address takes. Left out, a MIDI "
            "control spans all it has."
        ),
    ] = (0.0, 1.0)


class Midi(Struct, frozen=True, forbid_unknown_fields=True):
    """A MIDI input (needs the extra `wearsound[midi]`)."""

    input: Annotated[
        Device | None, Meta(description="Part of its name; left out: the only one there is.")
    ] = None
    clock: Annotated[bool, Meta(description="Whether its clock leads the tempo.")] = False


class RigFile(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A wearsound rig: this room and this machine. What a patch must never say stands here."""

    title: Annotated[Line, Meta(description="What people call the room.")] = ""
    about: Annotated[Line, Meta(description="One line: when to use it.")] = ""
    input: Annotated[
        Device | None, Meta(description="Part of the sound input's name; left out: the system's default.")
    ] = None
    output: Annotated[
        Device | None, Meta(description="Part of the sound output's name; left out: the system's default.")
    ] = None
    lanes: Annotated[
        dict[Lane, Channels],
        Meta(
            max_length=16,
            description="Which channels of the input are heard as what, counted from 1: "
            "{ room = [1, 2], body = [3] }.",
        ),
    ] = {}
    hears: Annotated[
        list[Line],
        Meta(
            max_length=200,
            description='Features that OSC shall carry though no route asks for them: "pitch", "body.key".',
        ),
    ] = []
    osc: Annotated[list[OscTarget], Meta(max_length=32, description="Where OSC messages go.")] = []
    door: Annotated[Door, Meta(description="Where OSC comes in.")] = field(default_factory=Door)
    remote: Annotated[
        dict[Lane, dict[Lane, Span]],
        Meta(
            max_length=16,
            description='Numbers from outside that a patch may route from ("knobs.cutoff"): a list of names '
            "(0 to 1), or a table { cutoff = [0, 127] } of what each spans.",
            extra_json_schema={
                "additionalProperties": {
                    "anyOf": [
                        {"type": "array", "items": {"type": "string"}},
                        {"type": "object", "additionalProperties": {"type": "array"}},
                    ]
                }
            },
        ),
    ] = {}
    bind: Annotated[
        list[Bind], Meta(max_length=500, description="Foreign controls, and what they move here.")
    ] = []
    sensor: Annotated[
        list[SensorTarget],
        Meta(max_length=16, description="Phones and sensor boards, and the lanes they are heard as."),
    ] = []
    midi: Annotated[Midi | None, Meta(description="Knobs, pads and a clock by MIDI.")] = None
    link: Annotated[
        bool, Meta(description="Whether Ableton Link leads the tempo (extra `wearsound[link]`).")
    ] = False
    light: Annotated[list[LightTarget], Meta(max_length=64, description="Receivers of light.")] = []
    vibration: Annotated[list[VibrationTarget], Meta(max_length=16, description="Actuators.")] = []
    speaker: Annotated[
        list[SpeakerTarget],
        Meta(
            max_length=16,
            description="Loudspeakers for a patch with a [soundscape]; none: a pair at `output`, or at the system's "
            "default.",
        ),
    ] = []
    calibration: Annotated[
        dict[Lane, Annotated[dict[Lane, Decibels], Meta(max_length=64)]],
        Meta(
            max_length=16, description="Numbers that were learned, by what they are of; programs write these."
        ),
    ] = {}


def schema() -> dict[str, Any]:
    """The JSON Schema of a rig, with limits and descriptions, for editors. [any thread]"""
    made = msgspec.json.schema(RigFile)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "wearsound rig", **made}
