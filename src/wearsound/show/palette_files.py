"""A heard palette as files: for GIMP and its kin, for Adobe's programs, for programs of one's own, for the wall."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wearsound import folders
from wearsound.errors import WearsoundError
from wearsound.garment.ase import ase
from wearsound.garment.palette import SUFFIX, gpl

if TYPE_CHECKING:
    from wearsound.show.palette import Heard


def as_json(heard: Heard) -> dict[str, Any]:
    """What the JSON file holds: each colour with its name, use, OKLCH and the measures that it came from."""
    return {
        "name": heard.palette.name,
        "about": heard.palette.about,
        "colours": [
            {
                "name": colour.swatch.name,
                "hex": colour.swatch.hex,
                "role": colour.role,
                "oklch": list(colour.oklch),
                "from": {
                    "note": colour.voice.note or None,
                    "share": round(colour.voice.share, 3),
                    "centroid_hz": round(colour.voice.centroid),
                    "flatness": round(colour.voice.flatness, 3),
                    "strongest_s": colour.voice.at,
                },
            }
            for colour in heard.colours
        ],
    }


def write_palette(heard: Heard, to: str | Path, *, force: bool = False) -> list[Path]:
    """Write `to`.gpl, .ase, .json and .png and say where. [main thread]

    A WearsoundError if one cannot be written, or is there and holds something else, which only `force` overwrites.
    """
    from wearsound.show.swatch_sheet import sheet

    base = Path(to)
    contents = {
        SUFFIX: gpl(heard.palette).encode(),
        ".ase": ase(heard.palette),
        ".json": (json.dumps(as_json(heard), indent=1, ensure_ascii=False) + "\n").encode(),
        ".png": sheet(heard),
    }
    targets = {base.with_name(base.name + suffix): data for suffix, data in contents.items()}
    others = [target for target, data in targets.items() if target.exists() and not _holds(target, data)]
    if others and not force:
        named = ", ".join(map(str, others))
        raise WearsoundError(
            f"{named} {'is' if len(others) == 1 else 'are'} there and would be overwritten; "
            "choose another name, or add --force"
        )
    written = []
    for target, data in targets.items():
        folders.write_or_say(target, data, "choose another place")
        written.append(target)
    return written


def _holds(target: Path, data: bytes) -> bool:
    """Whether a file holds just this already: the same recording heard again."""
    try:
        return target.stat().st_size == len(data) and target.read_bytes() == data
    except OSError:
        return False
