"""haptic.json: what lies in a folder of haptic files, for people and programs; and whether the folder is ours."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from wearsound.errors import WearsoundError

INDEX = "haptic.json"

HOW = {
    "haptic": "SONG-ZONE.haptic: Meta Haptics Studio, Unity, Unreal, all that plays Lofelt's format",
    "android": "SONG-ZONE.android.json: VibrationEffect.createWaveform(timings, amplitudes, repeat), API 26 and later",
    "ahap": "SONG-ZONE.ahap: Core Haptics on an iPhone, CHHapticEngine.playPattern(from:)",
    "wav": "SONG-vibration.wav: the waveform itself, one channel an actuator, in the order of `actuators`",
}
"""What each format is for, as the index says it."""


def write_index(
    folder: Path,
    made_of: Mapping[str, object],
    zones: Mapping[str, Mapping[str, object]],
    files: Sequence[str],
) -> None:
    """Name `files`, all that lies in `folder`; `made_of` says what it was made of, `zones` what is known of each."""
    index = {**made_of, "zones": zones, "files": files}
    text = json.dumps(index, indent=1, ensure_ascii=False) + "\n"
    (folder / INDEX).write_text(text, encoding="utf-8")


def refuse_others(to: Path) -> None:
    """Raise a WearsoundError unless `to` is free, an empty folder, or holds haptic files of ours and nothing else."""
    if to.is_symlink() or (to.exists() and not to.is_dir()):
        raise WearsoundError(f"{to} exists and is not a folder: choose another --to")
    if not to.exists() or not any(to.iterdir()):
        return
    ours = _files(to / INDEX)
    if ours is None:
        raise WearsoundError(
            f"{to} exists and is not a folder of haptic files from wearsound: choose another --to"
        )
    for path in sorted(to.iterdir()):
        if path.name != INDEX and (path.name not in ours or not path.is_file()):
            raise WearsoundError(
                f"{to} holds haptic files but also {path.name!r}: move that away or choose another --to"
            )


def _files(index: Path) -> set[str] | None:
    """The files that an index of ours names, None where there is none."""
    try:
        said = json.loads(index.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if not isinstance(said, dict) or "wearsound" not in said or not isinstance(said.get("files"), list):
        return None
    return {name for name in said["files"] if isinstance(name, str)}
