"""The folder of a render: built beside its place, moved there when whole, never half-written.

What lies at the place is replaced only if it is a render of ours with nothing else in it.
"""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import IO

from wearsound.errors import WearsoundError, reason
from wearsound.outputs.record.broken import BROKEN

REPORT = "report.json"
SHOW = "show.toml"
PAGE = "report.html"
"""The report as a page, which is made of the rest: no part of what is compared."""
LAYERS = frozenset(
    {REPORT, SHOW, PAGE, "features.npz", "osc.jsonl", "light.npz", "sound.wav", "vibration.wav"}
    | {"video.mp4", "poster.png", "thumbs", "frames.txt", "frames"}
)
"""Every name that a render may leave."""

_MARK = ".wearsound-part"
_PICTURE = re.compile(r"\d{4,6}\.png")
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class RenderFolder:
    """`with RenderFolder(to) as part:` write into `part`; it becomes `to` if nothing was raised.

    `refuse` raises where `to` may not be replaced: unless it is a render of ours, if not given.
    Raises a WearsoundError at once if `to` is not ours to replace or another render is writing there.
    A full disk becomes one sentence; on any trouble, Ctrl-C too, the part is removed and `to` stays.
    """

    def __init__(self, to: Path, refuse: Callable[[Path], None] | None = None) -> None:
        self.to = Path(os.path.abspath(to))
        self._refuse = refuse or refuse_foreign
        if not self.to.name:
            raise WearsoundError(f"{to} is no folder to replace: name one inside it with --to")
        self.part = self.to.with_name(self.to.name + ".part")
        self._mark: IO[bytes] | None = None

    def keep_out(self, *given: Path | None) -> None:
        """Raise a WearsoundError if something a render is made of lies in the folder it would replace."""
        for path in given:
            if path is not None and self.to in (found := Path(os.path.abspath(path))).parents:
                raise WearsoundError(
                    f"{found} lies in {self.to}, which would be replaced: choose another --to"
                )

    def __enter__(self) -> Path:
        made = False
        try:
            self._refuse(self.to)
            self._clear_part()
            made = True  # said before it is true: a Ctrl-C may come between
            self.part.mkdir(parents=True)
            self._mark = (self.part / _MARK).open("wb")
            _lock(self._mark)
        except OSError as error:
            raise WearsoundError(f"cannot write to {self.to.parent}: {reason(error)}") from error
        except BaseException:  # told to stop before there is anybody to tidy up
            if made:
                self._release()
                shutil.rmtree(self.part, ignore_errors=True)
            raise
        return self.part

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if error is None:
                self._move()
        except OSError as trouble:
            raise self._sentence(trouble) from trouble
        finally:
            self._release()
            shutil.rmtree(self.part, ignore_errors=True)
        if isinstance(error, OSError):
            raise self._sentence(error) from error

    def _move(self) -> None:
        self._release()
        # Asked again: a long render leaves time to put something there.
        self._refuse(self.to)
        old = self.to.with_name(f".{self.to.name}.{os.getpid()}.old")  # nobody else's
        there = self.to.exists()
        if there:
            self.to.rename(old)
        try:
            self.part.rename(self.to)
        except OSError:
            if there:
                old.rename(self.to)
            raise
        # The last: whoever is killed before has a part that the next render knows for one.
        (self.to / _MARK).unlink(missing_ok=True)
        shutil.rmtree(old, ignore_errors=True)

    def _clear_part(self) -> None:
        """Remove what a killed render left; refuse what is not ours or is being written."""
        if not self.part.exists():
            return
        mark = self.part / _MARK
        if not mark.is_file():
            raise WearsoundError(
                f"{self.part} is in the way and not from wearsound: move it or choose another --to"
            )
        with mark.open("r+b") as file:
            try:
                _lock(file)
            except OSError as error:
                raise WearsoundError(f"another render is writing to {self.to}: wait for it") from error
        shutil.rmtree(self.part)

    def _release(self) -> None:
        mark, self._mark = self._mark, None
        if mark is not None:
            mark.close()

    def _sentence(self, error: OSError) -> WearsoundError:
        if error.errno in _FULL:
            return WearsoundError(
                f"no space left for {self.to}: make room or choose another --to; nothing was kept"
            )
        return WearsoundError(f"cannot write {self.to}: {reason(error)}; nothing was kept")


def is_render(folder: Path) -> bool:
    """Whether a folder is a render of ours: a report with facts, and a show.toml that names wearsound."""
    try:
        report = json.loads((folder / REPORT).read_text(encoding="utf-8"))
        show = (folder / SHOW).read_text(encoding="utf-8")
    except BROKEN:
        return False
    return isinstance(report, dict) and "facts" in report and "\nwearsound = " in show


def foreign_pictures(folder: Path, pictures: str) -> list[str]:
    """What lies in a folder's `pictures` (thumbs, frames) and is no picture of ours, as "thumbs/notes.txt"."""
    inside = (folder / pictures).iterdir() if (folder / pictures).is_dir() else ()
    return sorted(f"{pictures}/{path.name}" for path in inside if not _PICTURE.fullmatch(path.name))


def refuse_foreign(to: Path) -> None:
    """Raise a WearsoundError unless `to` is free, an empty folder, or a render of ours and nothing else."""
    if to.is_symlink() or (to.exists() and not to.is_dir()):
        raise WearsoundError(f"{to} exists and is not a folder: choose another --to")
    if not to.exists() or not any(to.iterdir()):
        return
    if not is_render(to):
        raise WearsoundError(f"{to} exists and is not a render of wearsound: choose another --to")
    foreign = sorted(path.name for path in to.iterdir() if path.name not in {*LAYERS, _MARK})
    for pictures in ("thumbs", "frames"):
        foreign += foreign_pictures(to, pictures)
    if foreign:
        raise WearsoundError(
            f"{to} is a render but also holds {foreign[0]!r}: move that away or choose another --to"
        )


def _lock(file: IO[bytes]) -> None:
    """Hold a file as long as it is open; an OSError if another process holds it."""
    try:
        import fcntl
    except ImportError:  # Windows refuses to remove a file that is open, which does as well
        return
    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
