"""The layout of a show for Open Stage Control (version 1): a session as JSON, which it opens in any browser.

Start it with `--send 127.0.0.1:9000 --osc-port 9001 --load FILE`. Places are in per cent, so that it
fills any screen. It follows the show: its root subscribes twice a minute.
"""

from __future__ import annotations

import json
from typing import Any

from wearsound.osc.layout import GROUND, HEIGHT, PANEL, TEXT, WIDTH, Cell, Page, Rgb, place
from wearsound.osc.layout_pages import pages
from wearsound.osc.tree import Tree

VERSION = "1.25.0"
"""Whose words these are: a session without a version would be read as one of 2019 and rewritten."""

_SUBSCRIBE = """send('/wear/subscribe')
setInterval('subscribe', () => { send('/wear/subscribe') }, 30000)"""

Widget = dict[str, Any]


def open_stage_control(tree: Tree) -> bytes:
    """The session file of a show: the same tree gives the same bytes. [any thread]"""
    root = {
        "type": "root",
        "id": "root",
        "colorBg": _hex(GROUND),
        "colorText": _hex(TEXT),
        "onCreate": _SUBSCRIBE,
        "tabs": [_tab(page, n) for n, page in enumerate(pages(tree))],
    }
    session = {"createdWith": "Open Stage Control", "version": VERSION, "type": "session", "content": root}
    return json.dumps(session, indent=1, ensure_ascii=False, allow_nan=False).encode("utf-8")


def _tab(page: Page, number: int) -> Widget:
    return {
        "type": "tab",
        "id": f"page_{number}",
        "label": page.title,
        "colorWidget": _hex(page.colour),
        "colorBg": _hex(GROUND),
        "scroll": False,
        "widgets": [_widget(cell, f"page_{number}_{n}") for n, cell in enumerate(page.cells)],
    }


def _widget(cell: Cell, name: str) -> Widget:
    found: Widget = {
        "type": "text",
        "id": name,
        "left": _percent(cell.x, WIDTH),
        "top": _percent(cell.y, HEIGHT),
        "width": _percent(cell.w, WIDTH),
        "height": _percent(cell.h, HEIGHT),
    }
    p = cell.parameter
    if cell.kind == "panel" or p is None:
        if cell.text:
            return found | _words(cell) | {"default": cell.text}
        return found | {"type": "panel", "colorBg": _hex(PANEL), "alphaStroke": 0, "interaction": False}
    if cell.kind == "value":
        scale = " * 100" if p.high <= 1 else ""
        suffix = f" {cell.text}" if cell.text else ""
        return (
            found
            | _words(cell)
            | {"value": f"JS{{{{Math.round(@{{{_id(p.address)}}}{scale}) + '{suffix}'}}}}"}
        )
    found |= {"id": name if p.kind == "trigger" else _id(p.address), "address": p.address}
    found |= {"colorWidget": _hex(cell.colour), "colorFill": _hex(cell.colour)}
    if cell.kind == "fader":
        whole = p.kind == "whole"
        start = p.low + place(p) * (p.high - p.low)
        found |= {
            "type": "fader",
            "design": "compact",
            "horizontal": not cell.upright,
            "range": {"min": p.low, "max": p.high},
            "default": round(start) if whole else round(start, 6),
            "decimals": 0 if whole else 4,
            "typeTags": "i" if whole else "f",
        }
        return found
    return found | {
        "type": "button",
        "label": cell.text,
        "mode": "toggle" if cell.kind == "toggle" else "tap" if cell.once else "push",
        "on": cell.sends,
        "off": 0,
        "typeTags": "i",
        "css": f"font-size: {cell.size}px",
        "wrap": "soft",
    }


def _words(cell: Cell) -> Widget:
    return {
        "colorText": _hex(cell.colour),
        "align": "left" if cell.left else "center",
        "interaction": False,
        "ignoreDefaults": True,
        "css": f"font-size: {cell.size}px",
    }


def _id(address: str) -> str:
    """An address as a widget's name: one widget may show what another one says."""
    return address.strip("/").replace("/", "_")


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.3f}%"


def _hex(colour: Rgb) -> str:
    return "#" + "".join(f"{round(255 * part):02x}" for part in colour)
