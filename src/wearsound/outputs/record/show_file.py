"""show.toml: everything that is needed to make a render again, and what it is expected to show."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from wearsound import gallery
from wearsound.errors import MissingError, PatchError
from wearsound.outputs.record.content import file_digest, layer_digest
from wearsound.outputs.record.folder import SHOW
from wearsound.outputs.record.show_structure import PARTS, Expected, Part, ShowFile
from wearsound.outputs.record.show_words import WORDS
from wearsound.toml_file import read_lines, refuse, where
from wearsound.toml_file.bounds import FileName

__all__ = [
    "PARTS",
    "TAKE",
    "TAKE_FILES",
    "Part",
    "ShowFile",
    "calibration_lines",
    "changed",
    "changed_parts",
    "is_take",
    "locate",
    "part",
    "part_lines",
    "read_show",
    "refuse_unsayable",
    "toml_value",
    "unmet",
    "write_show",
]

_HEAD = "# A render of wearsound. `wearsound check` on this folder renders it again and compares.\n"
TAKE = "take.toml"
"""What makes a folder a take, which may be the input of a render."""
TAKE_FILES = (TAKE, "lanes.wav", "events.jsonl")


def part(kind: str, named: str | Path | None, folder: Path) -> Part | None:
    """How show.toml in `folder` names something: `kind` is patch, garment, palette, sketch, rig or input."""
    if named is None:
        return None
    path = Path(named)
    if kind == "input" and path.name == TAKE:
        path = path.parent
    if not _is_there(path):
        return Part(str(named))
    return Part(_name(kind, path, folder), _digest(path))


def refuse_unsayable(paths: Mapping[str, str | Path | None], folder: Path) -> None:
    """PatchError where show.toml in `folder` could not name one of `paths`, by kind: to be asked before a render."""
    for kind, path in paths.items():
        if path is None or not _is_there(Path(path)):
            continue
        try:
            msgspec.convert(_name(kind, Path(path), folder).encode().decode(), FileName)
        except (UnicodeEncodeError, msgspec.ValidationError):
            raise PatchError(
                f"{path}: the way to this {kind} has a tab, the end of a line or bytes that are not UTF-8 in a name, "
                "which no text file can say: rename that"
            ) from None


def _name(kind: str, path: Path, folder: Path) -> str:
    """How show.toml in `folder` names a file that is there."""
    if kind in gallery.KINDS and gallery.files(kind).get(path.stem) == path.resolve():
        return path.stem
    try:
        relative = Path(os.path.relpath(path, folder)).as_posix()
    except ValueError:  # another drive
        return str(path.resolve())
    return relative if relative.startswith(".") else f"./{relative}"


def locate(kind: str, named: Part, folder: Path) -> str | Path:
    """The file that a part of `folder`'s show.toml or take.toml names, or the words of a made-up input.

    A MissingError says which file is gone, a PatchError by file and line what the gallery does not have.
    """
    if not named.file.startswith(".") and not os.path.isabs(named.file):
        if kind not in gallery.KINDS:
            return named.file
        try:
            return gallery.find(kind, named.file)
        except PatchError as error:
            says = folder / (TAKE if is_take(folder) else SHOW)
            raise PatchError(f"{where(says, kind, 'file')}: {error}") from None
    path = Path(os.path.normpath(folder / named.file))
    if not _is_there(path):
        names = folder / (TAKE if is_take(folder) else SHOW)
        raise MissingError(f"the {kind} {path} that {names} names is not there any more: put it back")
    return path


def is_take(path: Path) -> bool:
    """Whether a folder is a take: it says so itself."""
    return (path / TAKE).is_file()


def _is_there(path: Path) -> bool:
    return path.is_file() or is_take(path)


def _digest(path: Path) -> str:
    if not path.is_dir():
        return file_digest(path)
    return layer_digest(file_digest(path / name) for name in TAKE_FILES if (path / name).is_file())


def changed(show: ShowFile, folder: Path) -> list[str]:
    """A line for each file that is not what it was when the render was made."""
    parts = {kind: getattr(show, kind) for kind in PARTS}
    return [f"{line} since the render" for line in changed_parts(parts, folder)]


def changed_parts(parts: Mapping[str, Part | None], folder: Path) -> list[str]:
    """The beginning of a sentence for each file that is not what its SHA-256 says."""
    lines = []
    for kind, named in parts.items():
        if named is not None and named.sha256:
            path = Path(locate(kind, named, folder))
            if _digest(path) != named.sha256:
                lines.append(f"{kind} {path} has changed")
    return lines


def unmet(expect: Mapping[str, Expected], facts: Mapping[str, Any]) -> list[str]:
    """A line for each expectation that the facts do not meet.

    `flashes`, `onsets`, `beats`, `duty` (the worst over 10 s of any actuator), `dose` (share of a day's), `lufs`;
    where a garment plays, `true_peak` (dBTP), `limited` (dB, the most that was taken of what is played), `howls`; or
    any count by its name. A number must be met exactly, a table by its `min` and `max`.
    """
    counts, felt, sound = facts.get("counts", {}), facts.get("vibration", {}), facts.get("sound", {})
    duties = [actuator["duty_10s"] for actuator in felt.get("actuators", {}).values()]
    known = {
        **counts,
        "flashes": facts.get("flashes", {}).get("worst"),
        "onsets": counts.get("room.onset"),
        "beats": counts.get("room.beat"),
        "duty": max(duties, default=None),
        "dose": felt.get("dose", {}).get("of_action"),
        "lufs": sound.get("lufs"),
        "true_peak": sound.get("true_peak_db"),
        "limited": sound.get("guard", {}).get("limiter_db"),
        "howls": sound.get("guard", {}).get("howls"),
    }
    lines = []
    for name, wanted in expect.items():
        value = known.get(name)
        if value is None:
            lines.append(f"[expect] {name}: nothing like that was counted{gallery.suggest(name, known)}")
            continue
        limits = wanted if isinstance(wanted, Mapping) else {"min": wanted, "max": wanted}
        if not limits.get("min", value) <= value <= limits.get("max", value):
            lines.append(f"[expect] {name}: {value} is not {_words(wanted)}")
    return lines


def write_show(folder: Path, show: ShowFile) -> None:
    """Write show.toml into `folder`."""
    lines = [
        _HEAD,
        f"wearsound = {toml_value(show.wearsound)}",
        f"seed = {show.seed}",
        f"fps = {show.fps}",
        f"size = [{show.size[0]}, {show.size[1]}]",
        f"seconds = {float(show.seconds)!r}",
        *([f"start = {float(show.start)!r}"] if show.start else []),
        f"video = {toml_value(show.video)}",
        f"frames = {toml_value(show.frames)}",
    ]
    if show.changes:
        lines.append("changes = true  # those of the take")
    if show.instead:
        lines.append(f"instead = [{', '.join(map(toml_value, show.instead))}]")
    if show.hears:
        lines.append(f"hears = [{', '.join(map(toml_value, show.hears))}]")
    if show.lanes:
        lines.append(f"lanes = {toml_value(show.lanes)}")
    for lane, values in show.remote.items():
        lines += ["", f"[remote.{lane}]", *(f"{name} = {toml_value(list(r))}" for name, r in values.items())]
    lines += calibration_lines(show.calibration)
    for kind in PARTS:
        lines += part_lines(kind, getattr(show, kind))
    lines += [
        "",
        "[expect]",
        *(f"{toml_value(key)} = {toml_value(value)}" for key, value in show.expect.items()),
    ]
    (folder / SHOW).write_text("\n".join(lines) + "\n", encoding="utf-8")


def calibration_lines(learned: Mapping[str, Mapping[str, float]]) -> list[str]:
    """The tables of what was learned of lanes, in TOML."""
    lines: list[str] = []
    for lane, numbers in learned.items():
        lines += ["", f"[calibration.{lane}]", *(f"{name} = {float(n)!r}" for name, n in numbers.items())]
    return lines


def part_lines(kind: str, named: Part | None) -> list[str]:
    """The table of one part in TOML, nothing for none."""
    if named is None:
        return []
    lines = ["", f"[{kind}]", f"file = {toml_value(named.file)}"]
    return lines + ([f"sha256 = {toml_value(named.sha256)}"] if named.sha256 else [])


def read_show(path: Path) -> ShowFile:
    """Read a show.toml, or that of a render's folder; MissingError or PatchError say what is wrong."""
    path = path / SHOW if path.is_dir() else path
    if not path.is_file():
        raise MissingError(f"{path} is not there: give a folder that `wearsound render` made")
    data, lines = read_lines(path)
    show = WORDS.document_of(path, data, lines)
    if show.size[0] % 2 or show.size[1] % 2:
        odd = f"a film of {show.size[0]}x{show.size[1]} cannot be made: give even numbers in `size`"
        refuse(path, lines, [(("size",), odd)])
    return show


def _words(wanted: Expected) -> str:
    if isinstance(wanted, Mapping):
        return " and ".join(
            f"{'at most' if key == 'max' else 'at least'} {toml_value(value)}"
            for key, value in wanted.items()
        )
    return toml_value(wanted)


def toml_value(value: Any) -> str:
    """A string, number, switch or table of them as TOML writes it."""
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {toml_value(inner)}" for key, inner in value.items()) + " }"
    if isinstance(value, str):
        # JSON's escapes are TOML's, but for DEL, which JSON leaves alone.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(int(value) if isinstance(value, float) and value == int(value) else value)
