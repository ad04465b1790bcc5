"""What is wrong with a patch, in the words of a person who has to mend it."""

from __future__ import annotations

from typing import get_args

from wearsound.mapping.structure import (
    Band,
    Cue,
    Document,
    Feel,
    Mode,
    Quantise,
    Route,
    Scale,
    Scene,
    Soundscape,
    Voice,
)
from wearsound.sound import Key, VoiceKind
from wearsound.sound import Scale as SoundScale
from wearsound.toml_file.words import Words

__all__ = ["SAID", "WORDS"]

SAID = "x-was-said"
"""What a cue's scene is mended with: that it is none of the patch's need not be said again."""

WORDS = Words(
    Document,
    takes={
        "title": "one line of text, at most 200 characters",
        "about": "one line of text, at most 200 characters",
        "seed": "a whole number from 0",
        "garment": "a bare name: letters, digits, - and _",
        "sketch": "a bare name, no path: letters, digits, - and _",
        "lane": 'the name of an input, such as "room"',
        "palette": 'up to 8 colours such as "#354869", or the bare name of a palette',
        "route": "tables that begin with [[route]], two brackets, at most 500",
        "feel": "tables that begin with [[feel]], two brackets, at most 32",
        "feel.from": "one of sub, bass, lowmid, mid, high, air, or { band = [40, 110] }",
        "feel.to": 'a zone such as "chest", a role such as "cuff", or "*"',
        "feel.name": "a name: small letters, digits and _, at most 32",
        "feel.carrier": '"pitch", "sound", or a number of Hz from 20 to 500',
        "feel.pattern": 'the name of a pattern, such as "follow" (`wearsound list patterns`)',
        "feel.strength": "a number from 0 to 1",
        "soundscape": "a table that begins with [soundscape], one bracket",
        "soundscape.root": "a number of Hz from 41 to 82; 55 is an A, 41.2 an E, 65.4 a C",
        **{
            f"soundscape.{name}": "a number from 0 to 1"
            for name in ("level", "sense", "memory", "bright", "density", "size", "damp", "wet", "age")
        },
        "voice": "tables that begin with [[voice]], two brackets, at most 8",
        "voice.name": "a name: small letters, digits and _, at most 32",
        "voice.from": 'a lane, such as "body" or "room"',
        "voice.octave": "a whole number from -1 to 2",
        "voice.level": "a number from 0 to 1",
        "scene": "tables that begin with [[scene]], two brackets, at most 64",
        "cue": "tables that begin with [[cue]], two brackets, at most 200",
        "cue.scene": "the name of a scene",
        "cue.note": "one line of text, at most 200 characters",
        "after": "seconds from 0 to 3600",
        "go_guard": "seconds from 0 to 5",
        "name": "a name: letters, digits, - and _",
        "fade": "seconds from 0 to 3600",
        "attack": "seconds from 0 to 3600",
        "release": "seconds from 0 to 3600",
        "from": 'a feature such as "bass", or { band = [40, 110] }',
        "band": "two frequencies in Hz from 20 to 20000, the lower first",
        "to": '"zone.medium", "*.medium" or an OSC address such as "/synth/cutoff"',
        "in": "two different numbers",
        "out": "two different numbers",
        "curve": "a number above 0, at most 16",
    },
    owners={
        (): ("a patch", Document),
        ("route",): ("a route", Route),
        ("feel",): ("a line of what is felt", Feel),
        ("feel", "from"): ("a band", Band),
        ("soundscape",): ("a soundscape", Soundscape),
        ("voice",): ("a voice", Voice),
        ("scene",): ("a scene", Scene),
        ("cue",): ("a cue", Cue),
        ("scene", "route"): ("a route", Route),
        ("route", "from"): ("a band", Band),
        ("scene", "route", "from"): ("a band", Band),
    },
    needed={
        "title": "",
        "play": "drones",
        "from": "level",
        "to": "*.glow",
        "name": "x",
        "cue.scene": SAID,
        "band": [20.0, 20000.0],
    },
    choices={
        "mode": get_args(Mode),
        "quantise": get_args(Quantise),
        "map": get_args(Scale),
        "feel.part": ("both", "hum", "click"),
        "feel.over": ("beat", "bar"),
        "soundscape.scale": get_args(SoundScale),
        "soundscape.key": get_args(Key),
        "voice.play": get_args(VoiceKind),
    },
    each=frozenset({"palette"}),
    listed=frozenset({"soundscape.key", "voice.play"}),
)
