"""OSCQuery: a Tree as the JSON that Chataigne, ossia score, VDMX or TouchDesigner build their controls from.

The proposal's tree has two kinds of node, containers and methods, and strict clients refuse what is both. Where
an address of ours is both, the one that a hand wants stays: a value whose parts are all triggers (a
fader and its release) is a method, anything else (a lane and its values) a container. What is left out of
the tree can still be asked for by its own path, and still works by OSC.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from wearsound.core import Parameter
from wearsound.osc.tree import Tree
from wearsound.osc.value import value

Json = dict[str, Any]

ATTRIBUTES = ("ACCESS", "VALUE", "RANGE", "DESCRIPTION", "CLIPMODE", "UNIT")
"""The proposal's optional attributes that are served, beside FULL_PATH, CONTENTS and TYPE."""

UNSERVED = ("TAGS", "EXTENDED_TYPE", "CRITICAL", "OVERLOADS", "HTML", "LISTEN", "PATH_CHANGED")
"""Those that are not: asked for by name, the proposal's answer is "no content"."""

_READ, _WRITE = 1, 2
_UNITS = {
    "s": "time.second",
    "ms": "time.ms",
    "Hz": "time.hz",
    "bpm": "time.bpm",
    "dB": "gain.db",
    "m": "distance.m",
}
"""Our units in the proposal's words; any other is given as it is."""


class BadAttribute(ValueError):
    """An attribute that OSCQuery does not know, such as VALEU."""


def node(tree: Tree, path: str) -> Json | None:
    """The node at `path` ("/" for all) with everything below it, its values as they are now; None if there is none.

    [any thread]
    """
    path = "/" + path.strip("/")
    below = "/" if path == "/" else path + "/"
    root: Json = {}
    found = False
    for parameter in tree:
        if parameter.address == path or parameter.address.startswith(below):
            found = True
            _place(root, parameter, parameter.address[len(below) :])
    return _json(root, path) if found or path == "/" else None


def attributes(tree: Tree, path: str, names: Sequence[str]) -> Json | None:
    """Single attributes of a node: {"VALUE": [0.5]}. None for no such node; {} where none of them applies to it.

    BadAttribute for a name that the proposal does not have. [any thread]
    """
    known = {"FULL_PATH", "CONTENTS", "TYPE", *ATTRIBUTES, *UNSERVED}
    for name in names:
        if name not in known:
            raise BadAttribute(f"OSCQuery has no attribute {name[:32]!r}")
    whole = node(tree, path)
    if whole is None:
        return None
    readable = whole["ACCESS"] & _READ
    return {name: whole[name] for name in names if name in whole and (readable or name != "VALUE")}


def host_info(name: str, osc_host: str, osc_port: int) -> Json:
    """HOST_INFO: who this is, where its OSC goes, and what of the proposal it can do. [any thread]"""
    return {
        "NAME": name,
        "OSC_IP": osc_host,
        "OSC_PORT": osc_port,
        "OSC_TRANSPORT": "UDP",
        "EXTENSIONS": {**dict.fromkeys(ATTRIBUTES, True), **dict.fromkeys(UNSERVED, False)},
    }


def _place(root: Json, parameter: Parameter, rest: str) -> None:
    """Put a parameter into nested dicts; "" holds the node's own parameter."""
    at = root
    for part in rest.split("/") if rest else ():
        at = at.setdefault(part, {})
    at[""] = parameter


def _json(place: Json, path: str) -> Json:
    own: Parameter | None = place.get("")
    parts = {name: part for name, part in place.items() if name}
    if own is not None and (not parts or (own.kind != "trigger" and _only_triggers(parts))):
        return _method(own)
    contents = {name: _json(part, f"{path.rstrip('/')}/{name}") for name, part in parts.items()}
    about = (
        "everything that can be set or asked" if path == "/" else own.about if own else path.rsplit("/", 1)[1]
    )
    return {"FULL_PATH": path, "ACCESS": 0, "DESCRIPTION": about, "CONTENTS": contents}


def _only_triggers(place: Json) -> bool:
    return all(
        inner.kind == "trigger" if name == "" else _only_triggers(inner) for name, inner in place.items()
    )


def _method(parameter: Parameter) -> Json:
    values = _values(parameter)
    types = _types(parameter, len(values))
    found: Json = {
        "FULL_PATH": parameter.address,
        "DESCRIPTION": parameter.about,
        "ACCESS": (_READ if parameter.read else 0) | (_WRITE if parameter.settable else 0),
        "TYPE": types,
        # A value that cannot be asked is a null for each type: clients that want an array can still read it.
        "VALUE": values,
    }
    if parameter.kind in ("number", "whole", "list") or types == "f":
        whole = parameter.kind == "whole"
        ends = {"MIN": _end(parameter.low, whole), "MAX": _end(parameter.high, whole)}
        found["RANGE"] = [{key: end for key, end in ends.items() if end is not None}] * len(types)
        found["CLIPMODE"] = ["both"] * len(types)
        if parameter.unit:
            found["UNIT"] = [_UNITS.get(parameter.unit, parameter.unit)] * len(types)
    elif parameter.choices:
        found["RANGE"] = [{"VALS": list(parameter.choices)}]
    return found


def _values(parameter: Parameter) -> list[Any]:
    now = value(parameter)
    if not now:
        return [None]
    return [bool(part) for part in now] if parameter.kind == "switch" else list(now)


def _types(parameter: Parameter, n: int) -> str:
    """OSC type tags. A switch is "T", which clients draw as a toggle ("i" would be a slider), a trigger "I".

    A trigger that means an amount (of ms, to nudge) has a unit, and is a number that cannot be asked.
    """
    if parameter.kind == "trigger" and parameter.unit:
        return "f"
    one = {"number": "f", "whole": "i", "switch": "T", "trigger": "I", "text": "s", "list": "f"}[
        parameter.kind
    ]
    return one * n


def _end(number: float, whole: bool) -> float | int | None:
    if not math.isfinite(number):
        return None
    return round(number) if whole else float(number)
