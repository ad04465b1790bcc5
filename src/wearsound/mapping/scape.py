"""From a patch's [soundscape] and [[voice]] to what a garment plays: voices, tuning, and the controls that turn it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import get_args

from wearsound.core import Spec
from wearsound.errors import PatchError
from wearsound.gallery import files, suggest
from wearsound.mapping.document import Patch
from wearsound.mapping.target import SOUND, VOICE
from wearsound.sound import DIALS, Scape, Voice, VoiceKind
from wearsound.toml_file.words import shown

ALL: tuple[VoiceKind, ...] = get_args(VoiceKind)
"""The voices of a patch that names none."""

BODY = "body"
DEMO = frozenset({"room", "body", "crowd"})
"""The lanes of the built-in track."""


def cast_scape(patch: Patch, lanes: Collection[str] | None = None) -> Scape | None:
    """What the garment plays, None where the patch has no [soundscape]; a PatchError with all that is wrong.

    `lanes` are those of the input, None where that is not known.
    """
    if patch.soundscape is None:
        if patch.voices:
            where = patch.where("voice", 0)
            raise PatchError(f"{where}: a [[voice]] needs a [soundscape], which says its root and its scale")
        return None
    complaints: list[str] = []
    voices: list[Voice] = []
    for i, line in enumerate(patch.voices):
        name = line.name or line.play
        if any(name == voice.name for voice in voices):
            what = f"a second [[voice]] is called {shown(name)}; give it a name of its own"
            complaints.append(f"{patch.where('voice', i, 'name')}: {what}")
        first = all(line.lane != voice.lane for voice in voices)  # one sentence a lane, however many voices
        if lanes is not None and line.lane not in lanes and first:
            needed = list(dict.fromkeys(voice.lane for voice in patch.voices))
            complaints.append(f"{_whose(patch, 'voice', i, 'from')}: {_unheard(line.lane, lanes, needed)}")
        voices.append(Voice(name, line.play, line.lane, line.octave, line.level))
    if not voices:
        voices = [Voice(kind, kind) for kind in ALL]
        if lanes is not None and BODY not in lanes:
            complaints.append(f"{_whose(patch, 'soundscape')}: {_unheard(BODY, lanes, [BODY])}")
    if complaints:
        raise PatchError("\n".join(complaints))
    asked = patch.soundscape
    rest = {name: getattr(asked, name) for name in DIALS}
    return Scape(tuple(voices), asked.root, asked.scale, asked.key, rest)


def _whose(patch: Patch, *key: str | int) -> str:
    """Where a patch asks for a lane: file and line of one's own; of the gallery's its name: nobody has that file."""
    path = Path(patch.path)
    return path.stem if path in files("patch").values() else patch.where(*key)


def _unheard(lane: str, lanes: Collection[str], needed: Sequence[str]) -> str:
    """The end of the sentence about a lane that the input does not have; `needed` are those of all voices."""
    near = suggest(lane, lanes)
    what = f"no lane {shown(lane)} is heard here{near}"
    if "did you mean" in near:
        return what
    channels = ", ".join(f"{name} = [{number}]" for number, name in enumerate(needed, 1))
    rig = f"name its channels in a rig (--rig): [lanes] {channels}"
    if lane == BODY and len(needed) == 1:
        return f"{what}; add --rig contact, which hears the first channel as body, or {rig}"
    if DEMO.issuperset(needed):
        return f"{what}; play demo, which has {' and '.join(needed)}, or a recording of your own and {rig}"
    return f"{what}; {rig}"


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
