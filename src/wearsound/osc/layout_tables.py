"""Tables for a touch screen: a row a thing, a column a quality, and rows with one wide fader each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from wearsound.core import Parameter
from wearsound.osc.layout import (
    HEIGHT,
    PANEL,
    QUIET,
    SLATE,
    TEXT,
    WIDTH,
    Cell,
    Page,
    Rgb,
    button,
    label,
    plain,
)

EDGE, GAP = 16, 10
"""Points that are left free at the edges of a page, and between what stands on it."""
OWN = {
    "Sketch": "/wear/param/sketch/",
    "Felt": "/wear/param/feel/",
    "Sound": "/wear/param/sound/",
    "Voices": "/wear/param/voice/",
}
"""Pages of what is neither a zone's nor a route's, and where their addresses begin."""
MOST_COLUMNS = 8
ROW = 58
"""The least height of a row of a table: a finger and its margin."""
MOST_ROWS = (HEIGHT - 2 * EDGE - 30) // ROW

Row = tuple[tuple[str, ...], dict[str, Parameter]]
"""What a row of a table is called, the last word its own, and what stands in its columns."""

T = TypeVar("T")


def list_pages(title: str, parameters: Sequence[Parameter], colour: Rgb) -> list[Page]:
    """A row for each, with a fader as wide as there is room."""
    rows: list[Row] = []
    for p in parameters:
        if p.kind != "trigger":
            short = p.address
            for head in (*OWN.values(), "/wear/"):
                short = short.removeprefix(head)
            *above, own = short.split("/")
            rows.append(((*above[-1:], f"{own} ({p.unit})" if p.unit else own), {"": p}))
    sheets = _parts(rows, MOST_ROWS)
    return [
        Page(numbered(title, n, len(sheets)), colour, tuple(_table([""], sheet, {"": colour}, {})))
        for n, sheet in enumerate(sheets)
    ]


def table_pages(
    title: str,
    parameters: Sequence[Parameter],
    colour: Rgb,
    *,
    depth: int,
    ends: dict[str, Parameter] | None = None,
    colours: Sequence[Rgb] = (),
) -> list[Page]:
    """Tables: a row for all that share the first parts of their address, a column for each last part.

    `depth` is how many parts after `/wear/<head>/` may name a row, where the address is long enough; `ends`
    are buttons at the end of rows by their address; `colours` are those of the columns.
    """
    rows: dict[tuple[str, ...], dict[str, Parameter]] = {}
    for p in parameters:
        if p.kind == "trigger":
            continue
        name, column = _split(p.address, depth)
        rows.setdefault(name, {})[column] = p
    columns = list(dict.fromkeys(column for row in rows.values() for column in row))
    shades = dict(zip(columns, [*colours, *[colour] * len(columns)], strict=False))
    found: list[Page] = []
    sheets: list[tuple[list[str], list[Row]]] = []
    for group in _parts(columns, MOST_COLUMNS):
        of_group = [(name, row) for name, row in rows.items() if any(column in row for column in group)]
        sheets += [(group, part) for part in _parts(of_group, MOST_ROWS)]
    for group, part in sheets:
        cells = _table(group, part, shades, ends or {})
        found.append(Page(numbered(title, len(found), len(sheets)), colour, tuple(cells)))
    return found


def _table(
    columns: list[str],
    rows: list[Row],
    shades: dict[str, Rgb],
    ends: dict[str, Parameter],
) -> list[Cell]:
    cells: list[Cell] = []
    names, last = 150, 76 if ends else 0
    left = EDGE + names + GAP
    wide = (WIDTH - EDGE - last - left - GAP * len(columns)) // len(columns)
    high = min(84, (HEIGHT - 2 * EDGE - 30) // len(rows))
    for c, column in enumerate(columns):
        unit = next((row[column].unit for _, row in rows if column in row and row[column].unit), "")
        said = plain(column.replace("/", " "))
        text = f"{said} ({unit})" if unit and unit.lower() not in said.lower().split() else said
        cells.append(label(left + c * (wide + GAP), EDGE, wide, 24, text, 14, QUIET))
    for r, (name, row) in enumerate(rows):
        y = EDGE + 30 + r * high
        cells.append(Cell("panel", EDGE, y, WIDTH - 2 * EDGE, high - 6, "", None, PANEL))
        cells += _row_name(name, y, high - 6, names)
        for c, column in enumerate(columns):
            if column not in row:
                continue
            p, x = row[column], left + c * (wide + GAP)
            if p.kind == "switch":
                cells.append(button(x, y + 6, wide, high - 18, plain(column), p, shades[column], 13))
            else:
                cells.append(Cell("fader", x, y + 6, wide, high - 18, "", p, shades[column]))
        let_go = ends.get(next(iter(row.values())).address.rsplit("/", 1)[0])
        if let_go:
            cells.append(
                button(WIDTH - EDGE - last, y + 6, last - 6, high - 18, "release", let_go, SLATE, 13)
            )
    return cells


def _row_name(name: tuple[str, ...], y: int, high: int, width: int) -> list[Cell]:
    """A row's name at its left; what it belongs to (a scene) smaller above it."""
    *above, own = [plain(part) for part in name]
    if not above:
        return [label(EDGE + 8, y, width - 8, high, own, 14, TEXT, left=True)]
    half = high // 2
    return [
        label(EDGE + 8, y + 4, width - 8, half - 6, " ".join(above), 11, QUIET, left=True),
        label(EDGE + 8, y + half - 2, width - 8, half, own, 14, TEXT, left=True),
    ]


def _split(address: str, depth: int) -> tuple[tuple[str, ...], str]:
    """(what names the row, what names the column): in/low and out/high are one column each."""
    parts = address.split("/")[3:] or address.split("/")[2:]
    tail = 2 if len(parts) > 2 and parts[-2] in ("in", "out") else 1
    if len(parts) <= tail:
        head = address.split("/")[2]
        return (head,), "/".join(parts)
    return tuple(parts[:-tail][-depth:]), "/".join(parts[-tail:])


def numbered(title: str, number: int, count: int) -> str:
    """A page's title, with a number where there are several."""
    return title if count == 1 else f"{title} {number + 1}"


def _parts(items: list[T], most: int) -> list[list[T]]:
    """At most `most` in a part, and all parts about as long: the last page is not left with one."""
    count = -(-len(items) // most)
    return [items[len(items) * n // count : len(items) * (n + 1) // count] for n in range(count)]
