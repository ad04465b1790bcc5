"""Palettes: a few named colours in a file that GIMP, Inkscape, Krita and Aseprite open as well (.gpl).

GIMP's palette text: `GIMP Palette`, then `Name:` and `Columns:`, then a line a colour, red, green, blue 0..255
and its name; what begins with # is a remark. A file may come from a stranger: it is read whole within
bounds, every line must be one of these, and nothing in it runs. No NumPy here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from wearsound.errors import PatchError
from wearsound.toml_file import read_bounded, utf8
from wearsound.toml_file.words import shown

SUFFIX = ".gpl"
MOST_BYTES = 1 << 16
MOST = 256
"""Colours of a file; a patch takes the first PLAYED of them, or says so."""

PLAYED = 8
"""As many colours a patch has."""

LONGEST = 64
"""Characters of a name."""

HEAD = "GIMP Palette"

_COLOUR = re.compile(r"[ \t]*([0-9]{1,3})[ \t]+([0-9]{1,3})[ \t]+([0-9]{1,3})(?:[ \t]+(\S.*?))?[ \t]*")
_ABOUT = re.compile(r"(Name|Columns):[ \t]*(.*?)[ \t]*")


@dataclass(frozen=True, slots=True)
class Swatch:
    """One colour: what it is called and its sRGB bytes."""

    name: str
    rgb: tuple[int, int, int]

    @property
    def hex(self) -> str:
        """`#rrggbb`, as a patch says it."""
        return "#{:02x}{:02x}{:02x}".format(*self.rgb)


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours in the order of a patch: ground, slow dye, bass, mid, high, and then whatever more there is."""

    name: str
    swatches: tuple[Swatch, ...]
    about: str = ""

    @property
    def colours(self) -> tuple[str, ...]:
        """`#rrggbb` of each."""
        return tuple(swatch.hex for swatch in self.swatches)


def load_palette(path: str | Path) -> Palette:
    """Read a .gpl file; a PatchError says `file:line`, fault and remedy. [any thread]"""
    data = read_bounded(path)
    if len(data) > MOST_BYTES:
        raise PatchError(
            f"{path}: has more than {MOST_BYTES // 1024} KiB, which no palette needs; keep the colours"
        )
    return read_palette(utf8(data, path), path)


def read_palette(text: str, path: str | Path = "palette.gpl") -> Palette:
    """Check the text of a palette; `path` names it in errors and where it has no name. [any thread]"""
    lines = text.splitlines()
    if not lines or lines[0].rstrip() != HEAD:
        read = shown(lines[0]) if lines else "nothing"
        _refuse(path, 1, f"begins with {read}; a palette begins with the line {HEAD!r}: save it as .gpl")
    name = ""
    remarks: list[str] = []
    swatches: list[Swatch] = []
    for number, line in enumerate(lines[1:], 2):
        if not line.strip():
            continue
        if line.lstrip().startswith("#"):
            remarks.append(line.lstrip("# \t").rstrip())
        elif (said := _ABOUT.fullmatch(line)) and not swatches:
            if said[1] == "Name":
                name = _named(said[2], path, number)
            elif not re.fullmatch("[0-9]{1,3}", said[2]) or int(said[2]) > MOST:
                _refuse(
                    path, number, f"Columns is {shown(said[2])}; it takes a whole number from 0 to {MOST}"
                )
        else:
            swatches.append(_swatch(line, path, number))
            if len(swatches) > MOST:
                _refuse(
                    path, number, f"more than {MOST} colours, which no palette needs; keep the ones you use"
                )
    if not swatches:
        _refuse(path, len(lines), "no colours; a line reads: 143 56 51 madder")
    about = next((remark for remark in remarks if remark and remark.isprintable()), "")
    return Palette(name or Path(path).stem, tuple(swatches), about[:200])


def played(palette: Palette, path: str | Path) -> tuple[str, ...]:
    """The colours for a patch; a PatchError if they are too many."""
    if len(palette.swatches) > PLAYED:
        raise PatchError(
            f"{path}: {len(palette.swatches)} colours; a patch plays {PLAYED} at most: take some out"
        )
    return palette.colours


def gpl(palette: Palette) -> str:
    """The text of the file."""
    lines = [HEAD, f"Name: {palette.name}", f"Columns: {min(len(palette.swatches), 16)}", "#"]
    if palette.about:
        lines.append(f"# {palette.about}")
    lines += ["{:3d} {:3d} {:3d}\t".format(*swatch.rgb) + swatch.name for swatch in palette.swatches]
    return "\n".join(lines) + "\n"


def _swatch(line: str, path: str | Path, number: int) -> Swatch:
    found = _COLOUR.fullmatch(line)
    if found is None:
        if line.startswith("Channels:"):
            _refuse(path, number, "has a channel for transparency; save the palette without alpha")
        _refuse(path, number, f"{shown(line.strip())} is no colour; a line reads: 143 56 51 madder")
    red, green, blue = (int(part) for part in found.groups()[:3])
    if max(red, green, blue) > 255:
        _refuse(
            path, number, f"{shown(line.strip())} has a number above 255; red, green and blue are 0 to 255"
        )
    return Swatch(_named(found[4] or "untitled", path, number), (red, green, blue))


def _named(name: str, path: str | Path, number: int) -> str:
    if len(name) > LONGEST or not name.isprintable():
        _refuse(
            path,
            number,
            f"the name {shown(name)} is no line of at most {LONGEST} plain characters; shorten it",
        )
    return name


def _refuse(path: str | Path, line: int, what: str) -> NoReturn:
    raise PatchError(f"{path}:{line}: {what}")
