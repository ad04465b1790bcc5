"""Put a measured table where a page has room for it, between `<!-- NAME -->` and `<!-- /NAME -->`.

    python -m benchmarks.hearing --half held --short > held.md     # one look
    python -m benchmarks.slot docs/hearing.md scores < held.md

Takes the first table that comes in and all that follows it.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path


def table_on(said: str) -> str:
    """From the first line of a table on."""
    lines = said.strip().splitlines()
    first = next((i for i, line in enumerate(lines) if line.startswith("|")), None)
    if first is None:
        raise SystemExit("no table came in")
    return "\n".join(lines[first:])


def only(table: str, columns: list[str]) -> str:
    """Those columns, in that order, after the first; every line must be a row."""
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()]
    missing = [name for name in columns if name not in rows[0]]
    if missing:
        raise SystemExit(f"no column {missing[0]!r}; there is {', '.join(rows[0][1:])}")
    kept = [0, *(rows[0].index(name) for name in columns)]
    return "\n".join("| " + " | ".join(row[i] for i in kept) + " |" for row in rows)


def filled(page: str, name: str, table: str) -> str:
    """The page with the table in its slot."""
    start, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    before, opened, rest = page.partition(start)
    _, closed, after = rest.partition(end)
    if not opened or not closed:
        raise SystemExit(f"the page has no {start} ... {end}")
    return f"{before}{start}\n{table}\n{end}{after}"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.slot", description=__doc__.splitlines()[0])
    parser.add_argument("page", type=Path)
    parser.add_argument("name")
    parser.add_argument("--columns", nargs="+", metavar="HEAD", help="only these, after the first")
    asked = parser.parse_args()
    table = table_on(sys.stdin.read())
    if asked.columns:
        table = only(table, asked.columns)
    asked.page.write_text(filled(asked.page.read_text(encoding="utf-8"), asked.name, table), encoding="utf-8")


if __name__ == "__main__":
    main()
