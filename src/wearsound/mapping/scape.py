"""From a patch's [soundscape] and [[voice]] to what a garment plays: voices, tuning, and the controls that turn it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from wearsound.core import Spec
from wearsound.errors import PatchError
from wearsound.gallery import suggest
from wearsound.mapping.document import Patch
from wearsound.mapping.structure import Soundscape
from wearsound.mapping.target import SOUND, VOICE
from wearsound.sound import Scape, Voice, VoiceKind
from wearsound.toml_file.words import shown

ALL: tuple[VoiceKind, ...] = ("drones", "bowed", "struck", "grains", "coat")
"""The voices of a patch that names none."""

DIALS: dict[str, str] = {
    "level": "how loud the whole soundscape is; 0.5 as it was made",
    "sense": "how little movement is enough; 0.5 as calibrated",
    "memory": "how long movement goes on sounding: 4 to 20 s",
    "bright": "from dark wool to glass",
    "density": "how many grains",
    "size": "how large the room around it is: 2 to 9 s",
    "damp": "how soft its walls are",
    "wet": "how far away it is",
    "age": "how worn the tape is",
}
"""The soundscape's numbers that can be turned, each 0..1."""


def cast_scape(patch: Patch, lanes: Collection[str]) -> Scape | None:
    """What the garment plays, None where the patch has no [soundscape]; a PatchError with all that is wrong.

    `lanes` are those of the input.
    """
    complaints: list[str] = []
    if patch.soundscape is None:
        if patch.voices:
            where = patch.where("voice", 0)
            raise PatchError(f"{where}: a [[voice]] needs a [soundscape], which says its root and its scale")
        return None
    voices: list[Voice] = []
    for i, line in enumerate(patch.voices):
        name = line.name or line.play
        if any(name == voice.name for voice in voices):
            what = f"a second [[voice]] is called {shown(name)}; give it a name of its own"
            complaints.append(f"{patch.where('voice', i, 'name')}: {what}")
        if line.lane not in lanes:
            how = f"no lane {shown(line.lane)} is heard here{suggest(line.lane, lanes)}"
            remedy = "a rig names the channels of a recording or a device: lanes = { body = [1] }"
            complaints.append(f"{patch.where('voice', i, 'from')}: {how}; {remedy}")
        voices.append(Voice(name, line.play, line.lane, line.octave, line.level))
    if not voices:
        if "body" not in lanes:
            what = "no lane 'body' is heard here"
            remedy = "a rig names the channels of a recording or a device: lanes = { body = [1] }"
            complaints.append(f"{patch.where('soundscape')}: {what}; {remedy}")
        voices = [Voice(kind, kind) for kind in ALL]
    if complaints:
        raise PatchError("\n".join(complaints))
    asked: Soundscape = patch.soundscape
    rest: dict[str, Any] = {name: getattr(asked, name) for name in DIALS}
    return Scape(tuple(voices), asked.root, asked.scale, asked.key, rest)


def scape_controls(scape: Scape | None) -> tuple[Spec, ...]:
    """Its dials as controls "sound.NAME", and the level of each voice, "voice.NAME"."""
    if scape is None:
        return ()
    dials = (
        Spec(f"{SOUND}.{name}", "", 0, 1, 0.001, about, default=scape.rest[name])
        for name, about in DIALS.items()
    )
    about = "how loud this voice is ({}, set in motion by {}); 0.5 as it was made"
    levels = (
        Spec(f"{VOICE}.{v.name}", "", 0, 1, 0.001, about.format(v.kind, v.lane), default=v.level)
        for v in scape.voices
    )
    return (*dials, *levels)
