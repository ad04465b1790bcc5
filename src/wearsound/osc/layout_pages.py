"""The touch screen of a show, made from its Tree.

First what a hand needs in the dark (master, panic, tempo, scenes), then the zones to play on, then tables of
everything else: a row a thing, a column a quality.
"""

from __future__ import annotations

from collections.abc import Sequence

from wearsound.core import Parameter
from wearsound.osc.layout import (
    EMBER,
    GREEN,
    HEIGHT,
    HUES,
    ICE,
    QUIET,
    RED,
    SLATE,
    TEXT,
    WIDTH,
    Cell,
    Page,
    button,
    in_grid,
    label,
    plain,
)
from wearsound.osc.layout_tables import EDGE, GAP, OWN, list_pages, numbered, table_pages
from wearsound.osc.tree import Tree

NUDGE = 10
"""Milliseconds that one press moves the beat: a third of what a hearer takes for late."""
MOST_SCENES = 24
MOST_FADERS = 16


def pages(tree: Tree) -> list[Page]:
    """The whole layout; what has no place on a screen (words, lists, what can only be asked) is left out."""
    heads: dict[str, list[Parameter]] = {}
    for parameter in tree:
        if parameter.settable and parameter.kind in ("number", "whole", "switch", "trigger"):
            heads.setdefault(parameter.address.split("/")[2], []).append(parameter)
    found = [main_page(tree)]
    found += zone_pages(heads.pop("zone", []))
    params = heads.pop("param", [])
    for title, head in OWN.items():
        found += list_pages(title, [p for p in params if p.address.startswith(head)], ICE)
    routes = [p for p in params if not p.address.startswith(tuple(OWN.values()))]
    found += table_pages("Params", routes, ICE, depth=2)
    found += table_pages("Move", heads.pop("move", []), GREEN, depth=2)
    shown = {cell.parameter.address for page in found for cell in page.cells if cell.parameter}
    rest = [p for group in heads.values() for p in group if p.address not in shown]
    return found + list_pages("More", rest, ICE)


def main_page(tree: Tree) -> Page:
    """Master at the left; panic, blackout, resume above; tempo; scenes and cues below."""
    cells: list[Cell] = []
    left, width = EDGE, WIDTH - 2 * EDGE
    master = tree.get("/wear/master")
    if master is not None:
        cells += [
            label(left, EDGE, 110, 22, "master", 15, TEXT),
            Cell("value", left, EDGE + 22, 110, 22, "%", master, QUIET, 15),
            Cell("fader", left, EDGE + 50, 110, HEIGHT - 2 * EDGE - 50, "", master, EMBER),
        ]
        left, width = left + 110 + GAP * 2, width - 110 - GAP * 2
    top = EDGE
    hands = [
        ("/wear/panic", "PANIC", RED),
        ("/wear/resume", "RESUME", GREEN),
        ("/wear/blackout", "BLACKOUT", SLATE),
    ]
    found = [(p, text, colour) for address, text, colour in hands if (p := tree.get(address))]
    if found:
        for (p, text, colour), frame in zip(
            found, in_grid(len(found), len(found), left, top, width, 112, GAP), strict=True
        ):
            cells.append(button(*frame, text, p, colour, 24))
        top += 112 + GAP * 2
    top = _tempo(tree, cells, left, top, width)
    _scenes(tree, cells, left, top, width)
    return Page("Main", EMBER, tuple(cells))


def _tempo(tree: Tree, cells: list[Cell], left: int, top: int, width: int) -> int:
    """The tempo's row; where the next one may begin."""
    bpm, tap = tree.get("/wear/tempo/bpm"), tree.get("/wear/tempo/tap")
    buttons = [
        ("half", "half", 1),
        ("nudge", "earlier", -NUDGE),
        ("nudge", "later", NUDGE),
        ("double", "double", 1),
    ]
    small = [
        (p, text, sends)
        for word, text, sends in [*buttons, ("lock", "lock", 1)]
        if (p := tree.get(f"/wear/tempo/{word}")) and (p.kind == "switch" or sends == 1 or p.low < 0)
    ]
    if bpm is None and tap is None:
        return top
    cells.append(label(left, top, 70, 22, "tempo", 15, TEXT, left=True))
    if bpm is not None:
        cells.append(Cell("value", left + 70, top, 90, 22, bpm.unit, bpm, ICE, 15))
    top += 26
    x = left
    if tap is not None:
        cells.append(button(x, top, 150, 138, "TAP", tap, ICE, 26))
        x += 150 + GAP
    room = left + width - x
    if bpm is not None:
        cells.append(Cell("fader", x, top, room, 72, "", bpm, ICE))
    if small:
        frames = in_grid(len(small), len(small), x, top + 82, room, 56, GAP)
        for (p, text, sends), frame in zip(small, frames, strict=True):
            cells.append(button(*frame, text, p, SLATE, sends=sends))
    return top + 138 + GAP * 2


def _scenes(tree: Tree, cells: list[Cell], left: int, top: int, width: int) -> None:
    """Scenes as buttons, by their names; the steps of a performance below them."""
    steps = ["/wear/cue/back", "/wear/cue/go", "/wear/zone/release", "/wear/mark"]
    words = ("back", "GO", "release zones", "mark")
    below = [(p, text) for address, text in zip(steps, words, strict=True) if (p := tree.get(address))]
    scenes = [
        p
        for p in tree
        if p.address.startswith("/wear/scene/")
        and p.kind == "trigger"
        and p.address.rsplit("/", 1)[1] not in ("next", "previous", "random")
    ][:MOST_SCENES]
    bottom = HEIGHT - EDGE
    if below:
        high = 84
        for (p, text), frame in zip(
            below, in_grid(len(below), len(below), left, bottom - high, width, high, GAP), strict=True
        ):
            cells.append(
                button(*frame, text, p, GREEN if text == "GO" else SLATE, 22 if text == "GO" else 16)
            )
        bottom -= high + GAP * 2
    if scenes:
        cells.append(label(left, top, 200, 22, "scenes", 15, TEXT, left=True))
        columns = min(6, max(2, len(scenes)))
        frames = in_grid(len(scenes), columns, left, top + 26, width, bottom - top - 26, GAP)
        for p, frame in zip(scenes, frames, strict=True):
            cells.append(button(*frame, plain(p.address.rsplit("/", 1)[1]), p, EMBER, 18))


def zone_pages(parameters: Sequence[Parameter]) -> list[Page]:
    """The first medium (glow) as tall faders to play on, then every medium of every zone as tables."""
    faders = [p for p in parameters if p.kind != "trigger"]
    if not faders:
        return []
    first = faders[0].address.rsplit("/", 1)[1]
    tall = [p for p in faders if p.address.endswith("/" + first)]
    release = {p.address.rsplit("/", 1)[0]: p for p in parameters if p.address.endswith("/release")}
    found: list[Page] = []
    sheets = -(-len(tall) // MOST_FADERS)
    each = -(-len(tall) // sheets)
    for part in (tall[i : i + each] for i in range(0, len(tall), each)):
        cells: list[Cell] = []
        for p, (x, y, w, h) in zip(
            part,
            in_grid(len(part), len(part), EDGE, EDGE, WIDTH - 2 * EDGE, HEIGHT - 2 * EDGE, GAP),
            strict=True,
        ):
            zone = p.address.rsplit("/", 1)[0]
            let_go = release.get(zone)
            foot = 64 if let_go else 0
            cells.append(label(x, y, w, 24, plain(zone.rsplit("/", 1)[1]), 15, TEXT))
            cells.append(Cell("fader", x, y + 30, w, h - 30 - foot, "", p, EMBER))
            if let_go:
                cells.append(button(x, y + h - foot + GAP, w, foot - GAP, "release", let_go, SLATE, 14))
        found.append(Page(numbered(plain(first).capitalize(), len(found), sheets), EMBER, tuple(cells)))
    return found + table_pages("Zones", faders, EMBER, depth=1, ends=release, colours=HUES)
