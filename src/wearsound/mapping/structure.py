"""What a patch may say: every key, its limits, its default and one line about it.

From this come the reader, the JSON Schema (`wearsound schema`) and the ends of error sentences.
Importing it loads no NumPy, so that listings and the schema stay quick.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from wearsound.sound import Key, VoiceKind
from wearsound.sound import Scale as SoundScale
from wearsound.toml_file.bounds import Line, Number, Word

LARGER = ("glow", "chroma", "dye", "buzz")
"""Media where the larger of several routes wins."""

LATER = ("hue", "buzz_hz", "pattern")
"""Media where the later of several routes wins, as it does for OSC addresses."""

MEDIA = LARGER + LATER

GO_GUARD = 0.5
"""Seconds within which two GOs are one, where a patch does not say."""

Mode = Literal["follow", "trigger", "toggle", "hold"]
Quantise = Literal["now", "beat", "bar"]
Scale = Literal["even", "log", "octave"]

Name = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$(?!\n)")]
Seconds = Annotated[float, Meta(ge=0, le=3600)]
Hertz = Annotated[float, Meta(ge=20, le=20_000)]
Colour = Annotated[str, Meta(pattern=r"^#[0-9a-fA-F]{6}$(?!\n)")]
Lane = Word


class Band(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A frequency band of your own, heard like the built-in ones."""

    band: Annotated[tuple[Hertz, Hertz], Meta(description="Its lower and upper edge in Hz, 20 to 20000.")]
    lane: Annotated[Lane | None, Meta(description="Where it is heard; the patch's lane if left out.")] = None


class Route(
    Struct,
    frozen=True,
    forbid_unknown_fields=True,
    kw_only=True,
    rename={"source": "from", "span": "in", "reach": "out", "scale": "map"},
):
    """One line of the art: what is heard, and what it moves."""

    source: Annotated[
        Annotated[str, Meta(min_length=1, max_length=64)] | Band,
        Meta(
            description="A feature (`wearsound list features`), with its lane if it is not the patch's own: "
            '"bass", "body.level"; or a band of your own: { band = [40, 110] }.'
        ),
    ]
    to: Annotated[
        str,
        Meta(
            min_length=1,
            max_length=128,
            description='What moves: "chest.glow" (a zone), "cuff.glow" (a role: every zone that plays it), '
            '"*.glow" (every zone) or "/synth/cutoff" (an OSC message). Media: ' + ", ".join(MEDIA) + ".",
        ),
    ]
    span: Annotated[
        tuple[Number, Number] | None,
        Meta(description="What the feature must span, in its own unit; left out: its whole range."),
    ] = None
    reach: Annotated[
        tuple[Number, Number] | None,
        Meta(
            description="What the control then spans; its whole range if left out, 0 to 1 for OSC. "
            "[1, 0] turns it round; a hue may run over 0 or 1 and wraps."
        ),
    ] = None
    scale: Annotated[
        Scale,
        Meta(
            description="How the feature is laid between the ends of `in`. even: by its own numbers. log: by "
            "their ratio, as the ear counts frequency. octave: as a circle that goes round once from one end "
            "of `in` to the other (left out: one octave from middle C), so that the same note in any octave "
            "is the same hue; smoothed the shorter way round, `attack` both ways."
        ),
    ] = "even"
    curve: Annotated[
        float, Meta(gt=0, le=16, description="Exponent: above 1 quiet stays quiet, below 1 quiet is lifted.")
    ] = 1.0
    attack: Annotated[Seconds, Meta(description="Seconds to rise 63 % of the way; a trigger: all of it.")] = (
        0.01
    )
    release: Annotated[Seconds, Meta(description="Seconds to fall 63 % of the way.")] = 0.25
    mode: Annotated[
        Mode | None,
        Meta(
            description="follow: moves with the feature. trigger: each event (a count that grew, or a rise "
            "through the middle of `in`) strikes to full. toggle: each event turns it on or off. hold: on "
            "while the feature is in the upper half of `in`. Left out: trigger for a count, else follow."
        ),
    ] = None


class Feel(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, rename={"source": "from"}):
    """One line of what is felt: a band of the sound itself, sample by sample, on the skin."""

    source: Annotated[
        Annotated[str, Meta(min_length=1, max_length=64)] | Band,
        Meta(
            description="What is felt: one of the bands sub, bass, lowmid, mid, high, air, or a band of your own: "
            "{ band = [40, 110] }."
        ),
    ]
    to: Annotated[
        str,
        Meta(
            min_length=1,
            max_length=64,
            description='Where: a zone ("chest"), a role ("cuff": every zone that plays it), or "*". Only zones with '
            "an actuator are felt.",
        ),
    ]
    name: Annotated[
        Word | None,
        Meta(
            description='What it is called: its strength is the control "feel.NAME" for routes, scenes and OSC. Left '
            "out: by its band and its place, such as bass_waist."
        ),
    ] = None
    part: Annotated[
        Literal["both", "hum", "click"],
        Meta(
            description="hum: what sounds on is felt as long as it sounds. click: each stroke in the band is a short "
            "knock. both: the two together."
        ),
    ] = "both"
    carrier: Annotated[
        Literal["pitch", "sound"] | Annotated[float, Meta(ge=20, le=500)] | None,
        Meta(
            description="pitch: the one voice in the band, followed; below 60 Hz up an octave. sound: the band "
            "itself, as it is. A number: always at that pitch in Hz. Left out: pitch for bands that begin below "
            "300 Hz, else 220."
        ),
    ] = None
    pattern: Annotated[
        str,
        Meta(
            min_length=1,
            max_length=32,
            description="How it moves over the actuators (`wearsound list patterns`).",
        ),
    ] = "follow"
    over: Annotated[
        Literal["beat", "bar"], Meta(description="How long the pattern takes to go round once.")
    ] = "bar"
    strength: Annotated[float, Meta(ge=0, le=1, description="How strong it is.")] = 1.0


Unit = Annotated[float, Meta(ge=0, le=1)]

VOICES: dict[VoiceKind, str] = {
    "drones": "chords that form and leave, held by steps",
    "bowed": "long notes that rubbing draws",
    "struck": "bars that taps strike",
    "grains": "splinters of wind, gravel and the last seconds",
    "coat": "the cloth itself, quietly",
}
"""What each voice is, in a line."""


class Voice(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, rename={"lane": "from"}):
    """One voice of the soundscape: something that sounds when the body moves."""

    play: Annotated[
        VoiceKind,
        Meta(description="What it is. " + " ".join(f"{name}: {about}." for name, about in VOICES.items())),
    ]
    name: Annotated[
        Word | None,
        Meta(
            description='What it is called: its level is the control "voice.NAME". Left out: as what it plays.'
        ),
    ] = None
    lane: Annotated[
        Lane, Meta(description='The lane whose sound sets it in motion: "body", or "room" for music.')
    ] = "body"
    octave: Annotated[int, Meta(ge=-1, le=2, description="How many octaves it is moved.")] = 0
    level: Annotated[Unit, Meta(description="How loud it is; 0.5 is as it was made, 0 is silent.")] = 0.5


class Soundscape(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the garment plays when it is moved. Every number is the control "sound.NAME", for routes, scenes and OSC."""

    root: Annotated[
        float, Meta(ge=41, le=82, description="The lowest note in Hz: 55 is an A, 41.2 an E, 65.4 a C.")
    ] = 55.0
    scale: Annotated[
        SoundScale,
        Meta(description="The notes that it has, in just intonation."),
    ] = "hirajoshi"
    key: Annotated[
        Key,
        Meta(description="own: it stays at its root. room: it follows the key of the room's music."),
    ] = "own"
    level: Annotated[Unit, Meta(description="How loud all of it is; 0.5 is as it was made.")] = 0.5
    sense: Annotated[
        Unit, Meta(description="How little movement is enough: 0.5 as calibrated, 0 x0.8, 1 x1.8.")
    ] = 0.5
    memory: Annotated[Unit, Meta(description="How long movement goes on sounding: 4.6 to 18.6 s.")] = 0.3
    bright: Annotated[Unit, Meta(description="From dark wool to glass.")] = 0.4
    density: Annotated[Unit, Meta(description="How many grains.")] = 0.45
    size: Annotated[Unit, Meta(description="How large the room around it is: it rings for 2 to 9 s.")] = 0.35
    damp: Annotated[Unit, Meta(description="How soft its walls are.")] = 0.5
    wet: Annotated[Unit, Meta(description="How far away it is.")] = 0.45
    age: Annotated[
        Unit,
        Meta(
            description="How worn the tape is that it was recorded on: hiss, wow and flutter, saturation, drop-outs, "
            "crackle."
        ),
    ] = 0.45


class Scene(
    Struct,
    frozen=True,
    forbid_unknown_fields=True,
    kw_only=True,
    rename={"routes": "route"},
):
    """A named set of routes that can be called; "rest" is the one that silence calls."""

    name: Annotated[Name, Meta(description='What it is called by; "rest" is also called by silence.')]
    fade: Annotated[Seconds, Meta(description="Seconds of crossfade into it.")] = 1.2
    quantise: Annotated[
        Quantise,
        Meta(
            description="When it comes once it is called: now, on the next beat, or where the next bar begins."
        ),
    ] = "now"
    routes: Annotated[
        tuple[Route, ...], Meta(max_length=500, description="Routes that play while it is the scene.")
    ] = ()


class Cue(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One step of the cue list: GO takes the next."""

    name: Annotated[Name, Meta(description="What it is called by; a number is a name too.")]
    scene: Annotated[Name, Meta(description="The scene that it calls.")]
    fade: Annotated[
        Seconds | None, Meta(description="Seconds of crossfade; the scene's own if left out.")
    ] = None
    quantise: Annotated[
        Quantise | None,
        Meta(description="now, on the next beat, or where the next bar begins; the scene's own if left out."),
    ] = None
    after: Annotated[
        Seconds | None,
        Meta(
            description="So many seconds after it has come the next cue follows by itself; they do not run while "
            "silence has called rest. Left out: it stays until GO."
        ),
    ] = None
    note: Annotated[Line, Meta(description="A line for the performer.")] = ""


class Document(
    Struct,
    frozen=True,
    forbid_unknown_fields=True,
    kw_only=True,
    rename={"routes": "route", "scenes": "scene", "feels": "feel", "voices": "voice", "cues": "cue"},
):
    """A wearsound patch: what is heard and what it moves. Data only; nothing in it runs."""

    title: Annotated[Line, Meta(description="What people call it.")]
    about: Annotated[Line, Meta(description="One line: when to use it.")] = ""
    seed: Annotated[int, Meta(ge=0, le=2**53, description="Start of its chance; the edition's number.")] = 0
    garment: Annotated[
        Name | None, Meta(description="The garment it was made for, by its name in the gallery.")
    ] = None
    sketch: Annotated[
        Name | None,
        Meta(description="A sketch to draw, by bare name; without it the garment is the picture."),
    ] = None
    lane: Annotated[Lane, Meta(description="Where features without a prefix are heard.")] = "room"
    palette: Annotated[
        Annotated[tuple[Colour, ...], Meta(max_length=8)] | Name,
        Meta(
            description='Colours for pictures, "#rrggbb": ground, slow dye, bass, mid, high. Or the name of a '
            "palette: NAME.gpl beside the patch, or one of the gallery (`wearsound list palettes`)."
        ),
    ] = ()
    routes: Annotated[
        tuple[Route, ...], Meta(max_length=500, description="Routes that always play, whatever the scene.")
    ] = ()
    feels: Annotated[
        tuple[Feel, ...], Meta(max_length=32, description="What is felt of the sound itself, and where.")
    ] = ()
    soundscape: Annotated[
        Soundscape | None,
        Meta(
            description="What the garment plays when it is moved; its voices are all of them if none is named."
        ),
    ] = None
    voices: Annotated[tuple[Voice, ...], Meta(max_length=8, description="Voices of the soundscape.")] = ()
    scenes: Annotated[
        tuple[Scene, ...],
        Meta(max_length=64, description='Scenes; the show starts in the first that is not "rest".'),
    ] = ()
    cues: Annotated[
        tuple[Cue, ...],
        Meta(
            max_length=200,
            description='The cue list; without one it is the scenes in their order, but "rest".',
        ),
    ] = ()
    go_guard: Annotated[
        float,
        Meta(
            ge=0,
            le=5,
            description="So many seconds after a GO a second one is taken for a slip of the hand, and is none; "
            "likewise a BACK.",
        ),
    ] = GO_GUARD


def schema() -> dict[str, Any]:
    """The JSON Schema of a patch, with limits and descriptions, for editors. [any thread]"""
    made = msgspec.json.schema(Document)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "wearsound patch", **made}
