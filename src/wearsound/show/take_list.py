"""What takes there are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from wearsound.errors import WearsoundError, reason
from wearsound.outputs.record.show_file import TAKE
from wearsound.sources.take import TakeSource


def describe(path: Path) -> dict[str, Any]:
    """What is in a take: `name`, `about`, `seconds`, `lanes`, `events`, `gaps`, `lost`, `show`, `note`, `path`."""
    source = TakeSource(path)
    head = source.head
    return {
        "name": path.name,
        "about": head.title,
        "seconds": source.duration,
        "lanes": {lane: list(channels) for lane, channels in head.lanes.items()},
        "remote": {lane: list(values) for lane, values in head.remote.items()},
        "events": source.events,
        "changes": len(source.turns),
        "gaps": source.gaps,
        "lost": source.lost,
        "show": Path(head.patch.file).stem if head.patch is not None else "",
        "note": source.note,
        "path": str(path),
    }


def takes(folder: str | Path) -> list[dict[str, Any]]:
    """Every take in a folder in order of name, also those that were cut off; what is wrong is its `note`."""
    try:
        found = sorted(path.parent for path in Path(folder).glob(f"*/{TAKE}"))
    except OSError as error:
        raise WearsoundError(f"{folder} cannot be read ({reason(error)})") from None
    rows = []
    for path in found:
        try:
            rows.append(describe(path))
        except WearsoundError as error:
            rows.append({"name": path.name, "about": "", "note": str(error), "path": str(path)})
    return rows
