"""The tables of docs/ that say what the program says: features, controls, addresses, keys of files, verbs, the gallery.

`python -m docs.tables` writes them anew, `--check` names those that are stale; the tests do that too. Each module has a
`page`: a page as it stands in, the page as it ought to be out.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from docs.tables import addresses, commands, features, gallery_page, movement, patch, rig, sensors

HERE = Path(__file__).resolve().parent.parent
PAGES: dict[str, Callable[[str], str]] = {
    "addresses.md": addresses.page,
    "commands.md": commands.page,
    "features.md": features.page,
    "gallery.md": gallery_page.page,
    "movement.md": movement.page,
    "patch.md": patch.page,
    "rig.md": rig.page,
    "sensors.md": sensors.page,
}


def anew(name: str) -> tuple[str, str]:
    """A page as it stands ("" if it is not there), and as it ought to be."""
    path = HERE / name
    stands = path.read_text(encoding="utf-8") if path.is_file() else ""
    return stands, PAGES[name](stands)
