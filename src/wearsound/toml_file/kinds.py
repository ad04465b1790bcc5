"""Which kind of file a person named, where another was wanted: said in one sentence with the right command."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from wearsound.errors import PatchError

Kind = Literal["patch", "garment", "rig"]

_TELLTALE: dict[Kind, tuple[str, ...]] = {
    "patch": ("route", "scene", "cue"),
    "garment": ("figure", "zone", "battery", "strand"),
    "rig": ("light", "osc", "door", "lanes", "vibration", "midi"),
}
_REMEDY: dict[tuple[Kind, Kind], str] = {
    ("garment", "patch"): "name a patch before it: `wearsound fit bass-denim {0}`, "
    "`wearsound run bass-denim --garment {0}`",
    ("garment", "rig"): "wear it with --garment {0}",
    ("patch", "garment"): "name it first: `wearsound run {0}`",
    ("patch", "rig"): "name it first: `wearsound run {0}`",
    ("rig", "patch"): "name it after a patch: `wearsound run bass-denim --rig {0}`",
    ("rig", "garment"): "name it with --rig {0}",
}


def expect(kind: Kind, tree: Mapping[str, Any], path: str | Path) -> None:
    """A PatchError if the tables read from `path` are those of another kind of file, and none of this one."""
    if any(key in tree for key in _TELLTALE[kind]):
        return
    for other, keys in _TELLTALE.items():
        if any(isinstance(tree.get(key), list | dict) for key in keys):
            raise PatchError(f"{path}: is a {other}, no {kind}; {_REMEDY[other, kind].format(path)}")
