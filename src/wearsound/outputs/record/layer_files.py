"""The files of a render as they lie on disk: are they still what the report says?"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from wearsound.core import Clock
from wearsound.errors import WearsoundError
from wearsound.garment.document import load_garment
from wearsound.outputs.record.broken import BROKEN
from wearsound.outputs.record.content import ContentHash, file_digest, layer_digest, npz_digest
from wearsound.outputs.record.duty import I64, WINDOWS, DutyMeter
from wearsound.outputs.record.show_file import locate, read_show
from wearsound.outputs.record.sound import FULL_SCALE
from wearsound.outputs.record.vibration import reach

if TYPE_CHECKING:
    from soundfile import SoundFile

_HOPS, _FRAMES = 1024, 1 << 18
"""Of vibration and of sound, read at once."""
_LEAST, _ROUNDED = {"lra": 0.5, "erm": 0.5}, 1e-4
"""By kind, the share of what was told that a wave has at least (a sine: two thirds), and the last digit of a number.

A band that is put on a coil as it is may be told and lie above all that is felt: then there is next to nothing of it.
"""


def sound_digest(path: Path) -> str:
    """The content hash of a sound.wav as it lies on disk."""
    import soundfile

    content = ContentHash("sound", "<i4", (2,))
    with soundfile.SoundFile(str(path)) as file:
        for block in file.blocks(_FRAMES, dtype="int32", always_2d=True):
            content.add(block >> 8)
    return layer_digest([content.hexdigest()])


FILES: Mapping[str, tuple[str, Callable[[Path], str] | None]] = {
    "features": ("features.npz", npz_digest),
    "osc": ("osc.jsonl", file_digest),
    "light": ("light.npz", npz_digest),
    "vibration": ("vibration.wav", None),
    "sound": ("sound.wav", sound_digest),
    "picture": ("frames.txt", file_digest),
}
"""Of each layer its file, and what gives the hash of its content back, where that is over what is in the file."""


def spoilt(folder: Path, facts: Mapping[str, Any]) -> list[str]:
    """A line for each file of a render that is gone, or holds something else than when it was made."""
    lines = []
    for layer, was in facts.get("content", {}).items():
        name, digest = FILES.get(layer, ("", None))
        path = folder / name
        if not name:
            continue
        if not path.is_file():
            lines.append(f"{path} is not there any more")
            continue
        try:
            same = digest(path) == was if digest is not None else _could_be(folder, facts)
        except WearsoundError as error:
            lines.append(f"{path} cannot be judged: {error}")
            continue
        except BROKEN:
            same = False
        if not same:
            lines.append(f"{path} is not what it was when it was rendered")
    return lines


def driven(file: SoundFile, clock: Clock) -> Iterator[I64]:
    """How far each actuator is driven either way in each hop of a vibration.wav, (hops, n) whole numbers of FULL_SCALE.

    Never more hops at once than a `DutyMeter` takes; a ValueError where its shortest window has none.
    """
    hops = min(_HOPS, math.floor(min(WINDOWS.values()) * clock.sample_rate / clock.hop))
    if hops < 1:
        raise ValueError(f"{clock.sample_rate} samples a second are too few")
    for block in file.blocks(hops * clock.hop, dtype="int32", always_2d=True):
        yield reach(block[: len(block) // clock.hop * clock.hop] >> 8, clock.hop).astype(np.int64)


def _could_be(folder: Path, facts: Mapping[str, Any]) -> bool:
    """Whether a vibration.wav may be the one that a report counted; a WearsoundError where the garment is gone.

    Its hash and its numbers are also over what driver boards were told, which is in no file: so no actuator may be
    driven further or longer than they say; nor far less, where the wave itself is all that is told.
    """
    import soundfile

    actuators = load_garment(locate("garment", read_show(folder).garment, folder)).actuators
    told = facts["vibration"]["actuators"]
    with soundfile.SoundFile(str(folder / FILES["vibration"][0])) as file:
        if (file.frames, file.channels) != (facts["counts"]["felt"], len(actuators)) or len(told) != len(
            actuators
        ):
            return False
        clock = Clock(int(file.samplerate))
        meter, peak = DutyMeter(len(actuators), clock), np.zeros(len(actuators), np.int64)
        for each in driven(file, clock):
            meter.add(each)
            np.maximum(peak, each.max(axis=0), out=peak)
    found = {f"duty_{window}": worst for window, worst in meter.worst(FULL_SCALE).items()}
    found["peak"] = [round(int(most) / FULL_SCALE, 4) for most in peak]
    return all(
        _LEAST.get(one.kind, 0.0) * told[one.name][key] - _ROUNDED <= mine <= told[one.name][key]
        for key, numbers in found.items()
        for one, mine in zip(actuators, numbers, strict=True)
    )
