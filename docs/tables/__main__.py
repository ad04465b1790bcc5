"""Write the generated pages of docs/, or with `--check` only say which are stale (exit code 1)."""

from __future__ import annotations

import sys

from docs.tables import HERE, PAGES, anew


def main() -> int:
    """0 if all were as they ought to be, or were written; 1 if `--check` found stale ones."""
    stale = 0
    for name in PAGES:
        stands, ought = anew(name)
        if stands == ought:
            continue
        stale += 1
        if "--check" in sys.argv[1:]:
            print(f"docs/{name} is stale: run `python -m docs.tables`")
        else:
            (HERE / name).write_text(ought, encoding="utf-8")
            print(f"docs/{name} written")
    return int(stale > 0 and "--check" in sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
