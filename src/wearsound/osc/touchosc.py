"""The layout of a show for TouchOSC (the current one, whose files end in .tosc): compressed XML.

Faders send a float in the parameter's own range, whole numbers and switches an int, buttons 1 and then 0.
Everything also receives, so that the screen follows the show: a script of three lines subscribes to it.
"""

from __future__ import annotations

import uuid
import zlib
from collections.abc import Iterable
from xml.sax.saxutils import escape

from wearsound.core import Parameter
from wearsound.osc.layout import GROUND, HEIGHT, QUIET, TABS, TEXT, WIDTH, Cell, Page, Rgb, place
from wearsound.osc.layout_pages import pages
from wearsound.osc.tree import Tree

_VERSION = "3"
"""Of the format: read by every TouchOSC since the first (1.0 to 1.5), which newer ones are not."""

_CONNECTIONS = "11111"
_NORTH, _EAST = 0, 1
_MOMENTARY, _TOGGLE = 0, 1
_LEFT, _CENTRE = 1, 2

_SCRIPT = """local last = -30000
function update()
  local now = getMillis()
  if now - last >= 30000 then last = now; sendOSC('/wear/subscribe') end
end"""
"""A subscription lapses after 60 s, and everything is told when it is made or renewed."""

Properties = dict[str, tuple[str, object]]
"""Name -> (type letter, value): b i f s, r a frame, c a colour."""


def touchosc(tree: Tree) -> bytes:
    """The .tosc file of a show: the same tree gives the same bytes. [any thread]"""
    return zlib.compress(touchosc_xml(tree).encode("utf-8"), 9)


def touchosc_xml(tree: Tree) -> str:
    """What is in it, uncompressed."""
    names = _Names()
    tabs = "".join(_page(page, names) for page in pages(tree))
    pager = _node(
        names.next(),
        "PAGER",
        {
            "name": ("s", "pages"),
            "frame": ("r", (0, 0, WIDTH, HEIGHT + TABS)),
            "color": ("c", GROUND),
            "tabbar": ("b", True),
            "tabLabels": ("b", True),
            "tabbarSize": ("i", TABS),
            "tabbarDoubleTap": ("b", False),
            "textSizeOff": ("i", 16),
            "textSizeOn": ("i", 16),
            "outline": ("b", False),
        },
        values=(("page", "0"),),
        children=tabs,
    )
    root = _node(
        names.next(),
        "GROUP",
        {
            "name": ("s", "wearsound"),
            "frame": ("r", (0, 0, WIDTH, HEIGHT + TABS)),
            "color": ("c", GROUND),
            "outline": ("b", False),
            "interactive": ("b", True),
            "script": ("s", _SCRIPT),
        },
        children=pager,
    )
    return f"<?xml version='1.0' encoding='UTF-8'?><lexml version='{_VERSION}'>{root}</lexml>"


class _Names:
    """Every node has an identity; ours are counted, so that the same show is the same file."""

    def __init__(self) -> None:
        self._count = 0

    def next(self) -> str:
        self._count += 1
        return str(uuid.uuid5(uuid.NAMESPACE_URL, f"wearsound/{self._count}"))


def _page(page: Page, names: _Names) -> str:
    shown = {
        cell.parameter.address: names.next() for cell in page.cells if cell.kind == "value" and cell.parameter
    }
    return _node(
        names.next(),
        "GROUP",
        {
            "name": ("s", page.title),
            "tabLabel": ("s", page.title),
            "frame": ("r", (0, TABS, WIDTH, HEIGHT)),
            "color": ("c", GROUND),
            "outline": ("b", False),
            "interactive": ("b", True),
            "tabColorOff": ("c", _dim(page.colour, 0.35)),
            "tabColorOn": ("c", _dim(page.colour, 0.8)),
            "textColorOff": ("c", QUIET),
            "textColorOn": ("c", TEXT),
        },
        children="".join(_cell(cell, names, shown) for cell in page.cells),
    )


def _cell(cell: Cell, names: _Names, shown: dict[str, str]) -> str:
    frame: Properties = {"frame": ("r", (cell.x, cell.y, cell.w, cell.h)), "color": ("c", cell.colour)}
    p = cell.parameter
    if cell.kind == "panel" or p is None:
        return _words(cell, names.next()) if cell.text else _node(names.next(), "BOX", _quiet(frame))
    if cell.kind == "value":
        low, high = _whole(p)
        return _words(cell, shown[p.address], f"{low + place(p) * (high - low):.0f} {cell.text}".rstrip())
    if cell.kind == "fader":
        look: Properties = {
            **frame,
            "name": ("s", p.address),
            "orientation": ("i", _NORTH if cell.upright else _EAST),
            "cornerRadius": ("f", 4.0),
            "response": ("i", 1),  # relative: a finger laid on a fader does not make the light jump
            "grid": ("b", False),
        }
        follow = _shows(p, shown[p.address]) if p.address in shown else ""
        return _node(names.next(), "FADER", look, (("x", f"{place(p):.6g}"),), _osc(p, cell) + follow)
    look = {
        **frame,
        "name": ("s", p.address),
        "buttonType": ("i", _TOGGLE if cell.kind == "toggle" else _MOMENTARY),
        "cornerRadius": ("f", 6.0),
    }
    start = f"{place(p):g}" if cell.kind == "toggle" else "0"
    press = _node(names.next(), "BUTTON", look, (("x", start),), _osc(p, cell))
    return press + _words(cell, names.next())


def _words(cell: Cell, identity: str, text: str = "") -> str:
    """A label; on a button it lies above it and lets every touch through."""
    is_button = cell.kind in ("button", "toggle")
    look: Properties = {
        "frame": ("r", (cell.x, cell.y, cell.w, cell.h)),
        "color": ("c", GROUND),
        "textColor": ("c", TEXT if is_button else cell.colour),
        "textSize": ("i", cell.size),
        "textAlignH": ("i", _LEFT if cell.left else _CENTRE),
        "textClip": ("b", True),
    }
    return _node(identity, "LABEL", _quiet(look), (("text", text or cell.text),))


def _quiet(look: Properties) -> Properties:
    """What never takes a touch and draws nothing round itself."""
    background = "textSize" not in look
    return look | {"interactive": ("b", False), "outline": ("b", False), "background": ("b", background)}


def _osc(p: Parameter, cell: Cell) -> str:
    """The message of a control: one address, one number, both ways."""
    kind = "FLOAT" if p.kind in ("number", "trigger") else "INTEGER"
    low, high = (p.low, p.high) if p.kind in ("number", "whole") else (0.0, 1.0)
    receive = "0" if p.kind == "trigger" else "1"
    when = "RISE" if cell.once else "ANY"
    argument = _partial("VALUE", kind, "x", low, high)
    if cell.once:
        argument = _partial("CONSTANT", "INTEGER", str(cell.sends))
    return (
        f"<osc><enabled>1</enabled><send>1</send><receive>{receive}</receive><feedback>0</feedback>"
        f"<connections>{_CONNECTIONS}</connections>"
        f"<triggers><trigger><var>{_cdata('x')}</var><condition>{when}</condition></trigger></triggers>"
        f"<path>{_partial('CONSTANT', 'STRING', p.address)}</path>"
        f"<arguments>{argument}</arguments></osc>"
    )


def _shows(p: Parameter, label: str) -> str:
    """A fader that writes its number into a label, whole: a tempo as bpm, a master as per cent."""
    low, high = _whole(p)
    return (
        f"<local><enabled>1</enabled>"
        f"<triggers><trigger><var>{_cdata('x')}</var><condition>ANY</condition></trigger></triggers>"
        f"<type>VALUE</type><conversion>INTEGER</conversion><value>{_cdata('x')}</value>"
        f"<scaleMin>{low:g}</scaleMin><scaleMax>{high:g}</scaleMax>"
        f"<dstType>VALUE</dstType><dstVar>{_cdata('text')}</dstVar><dstID>{_cdata(label)}</dstID></local>"
    )


def _whole(p: Parameter) -> tuple[float, float]:
    """The ends of a number that is shown whole: per cent for what goes up to 1."""
    return (0.0, 100.0) if p.high <= 1 else (p.low, p.high)


def _partial(kind: str, conversion: str, text: str, low: float = 0.0, high: float = 1.0) -> str:
    return (
        f"<partial><type>{kind}</type><conversion>{conversion}</conversion><value>{_cdata(text)}</value>"
        f"<scaleMin>{low:g}</scaleMin><scaleMax>{high:g}</scaleMax></partial>"
    )


def _node(
    identity: str,
    kind: str,
    look: Properties,
    values: Iterable[tuple[str, str]] = (),
    messages: str = "",
    children: str = "",
) -> str:
    properties = "".join(_property(key, *look[key]) for key in sorted(look))
    every = (*values, ("touch", "false"))
    held = "".join(
        f"<value><key>{_cdata(key)}</key><locked>0</locked><lockedDefaultCurrent>0</lockedDefaultCurrent>"
        f"<default>{_cdata(default)}</default><defaultPull>0</defaultPull></value>"
        for key, default in every
    )
    sent = f"<messages>{messages}</messages>" if messages else ""
    inside = f"<children>{children}</children>" if children else ""
    return (
        f"<node ID='{identity}' type='{kind}'><properties>{properties}</properties>"
        f"<values>{held}</values>{sent}{inside}</node>"
    )


def _property(key: str, kind: str, value: object) -> str:
    if isinstance(value, tuple):
        names = "xywh" if kind == "r" else "rgba"
        numbers = (*value, 1.0) if kind == "c" else value
        text = "".join(f"<{name}>{number:.6g}</{name}>" for name, number in zip(names, numbers, strict=True))
    elif isinstance(value, bool):
        text = str(int(value))
    elif kind == "s":
        text = _cdata(str(value))
    else:
        text = escape(f"{value:g}" if isinstance(value, float) else str(value))
    return f"<property type='{kind}'><key>{_cdata(key)}</key><value>{text}</value></property>"


def _cdata(text: str) -> str:
    """Text as it stands; the one thing that would end it is cut in two."""
    return f"<![CDATA[{text.replace(']]>', ']]]]><![CDATA[>')}]]>"


def _dim(colour: Rgb, by: float) -> Rgb:
    return tuple(part * by for part in colour)  # type: ignore[return-value]
