"""What is broken now, as a file: whoever plays the show reads it, also an engine that was begun again meanwhile."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from wearsound.folders import write_whole

FOLDER = "WEARSOUND_SOAK"
"""The environment variable that says to a show of ours where it is played."""
BROKEN, PLACE, ENGINE = "broken.json", "place.json", "engine.pid"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a soaked show finds its virtual devices: the port that its sound goes to, its music, its own disk."""

    sound: int
    music: str
    disk: str

    def write(self, folder: Path) -> None:
        """Before the show begins."""
        (folder / PLACE).write_text(json.dumps(asdict(self)))

    @classmethod
    def read(cls, folder: Path) -> Place:
        """In the show's processes."""
        return cls(**json.loads((folder / PLACE).read_text()))


class Broken:
    """What is broken at each place of a plan; written by one program, read by others."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / BROKEN
        self._now: dict[str, str] = {}
        self._seen = -1

    def say(self, place: str, name: str | None) -> None:
        """It is broken so, or whole (None)."""
        if name is None:
            self._now.pop(place, None)
        else:
            self._now[place] = name
        write_whole(self._path, json.dumps(self._now).encode())

    def look(self) -> dict[str, str] | None:
        """What is broken by place, None where nothing has changed since the last look."""
        try:
            at = self._path.stat().st_mtime_ns
            if at == self._seen:
                return None
            found = json.loads(self._path.read_bytes())
        except (OSError, ValueError):
            return None
        self._seen = at
        self._now = {str(place): str(name) for place, name in found.items()}
        return dict(self._now)
