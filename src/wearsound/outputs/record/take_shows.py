"""The shows of a take: copies of the files that each was made of, so that a film can be made when they have moved on.

`DIR/shows/0/` holds `kept.toml` and a folder a kind (`patch/bass-denim.toml`, `garment/..`, `palette/..`,
`sketch/..`); the number is that of the show, as the event `/wear/show/change` says it. A rig is not kept: it says
where messages go.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from wearsound import gallery
from wearsound.folders import write_whole
from wearsound.outputs.record.show_file import Part, calibration_lines, part_lines, toml_value
from wearsound.toml_file import MAX_BYTES

SHOWS, KEPT = "shows", "kept.toml"
KINDS = ("patch", "garment", "palette", "sketch")
MOST_SHOWS = 10_000
"""Shows of one take: a change every five seconds for half a day."""

_HEAD = "# One show of this take: its files as they were then, each in a folder beside this (docs/take.md).\n"


@dataclass(frozen=True, slots=True)
class KeptShow:
    """What a take keeps of one show. `parts` name its files as take.toml does, `files` are their bytes, both by kind;
    `hears`, `calibration` are as in `take_folder.About`.
    """

    title: str = ""
    seed: int = 0
    hears: tuple[str, ...] = ()
    calibration: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    parts: Mapping[str, Part | None] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Bytes of its files."""
        return sum(map(len, self.files.values()))


def copy_name(kind: str, named: Part) -> str:
    """The name of a copy: the file's own, since a patch asks which garment it is on by that name."""
    base = named.file.replace("\\", "/").rpartition("/")[2]
    suffix = gallery.KINDS[kind][1]
    stem = base.removesuffix(suffix).strip(". ")
    return f"{stem if 0 < len(stem.encode()) < 200 else kind}{suffix}"


def write_kept(folder: Path, number: int, kept: KeptShow) -> bool:
    """Keep a show in a take's folder, its words last: whoever finds those finds all; an OSError if it cannot.

    False where one of that number is there already: nothing is ever replaced.
    """
    place = folder / SHOWS / str(number)
    if (place / KEPT).exists():
        return False
    for kind in KINDS:
        named, data = kept.parts.get(kind), kept.files.get(kind)
        if named is not None and data is not None and len(data) <= MAX_BYTES:
            write_whole(place / kind / copy_name(kind, named), data)
    write_whole(place / KEPT, _text(kept).encode())
    return True


def _text(kept: KeptShow) -> str:
    lines = [_HEAD, f"title = {toml_value(kept.title)}", f"seed = {kept.seed}"]
    if kept.hears:
        lines.append(f"hears = [{', '.join(map(toml_value, kept.hears))}]")
    lines += calibration_lines(kept.calibration)
    for kind in KINDS:
        lines += part_lines(kind, kept.parts.get(kind))
    return "\n".join(lines) + "\n"
