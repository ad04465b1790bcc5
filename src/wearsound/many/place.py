"""Results at their places: put there in one move, and nothing left lying of a run that was killed."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable
from pathlib import Path

from wearsound.errors import WearsoundError, reason
from wearsound.many.job import HASH_DIGITS, Job
from wearsound.many.lock import let_go
from wearsound.outputs.record.folder import is_render, refuse_foreign

_RESULT = re.compile(r"[^/.]+-[0-9a-f]{12}")
_HIDDEN = re.compile(
    rf"\.[^/]+-[0-9a-f]{{12}}\.(?:before|[0-9a-f]{{{HASH_DIGITS}}}(?P<end>|\.part|\.old|\.lock))"
)
_HALF = re.compile(r"\.(?:manifest\.json|index\.html)\.\d+\.\d+\.part")
"""A file that was being written whole."""
_LOCK = ".lock"


def is_result(path: Path) -> bool:
    """Whether a folder is a render, and called as only we call them."""
    return _RESULT.fullmatch(path.name) is not None and is_render(path)


def lock_of(job: Job) -> Path:
    """Who holds this file is at work on the job."""
    return job.hidden.with_name(job.hidden.name + _LOCK)


def put(job: Job) -> None:
    """Move a result that is whole to its place. WearsoundError if that is taken by something that is no render.

    A render that was there before is replaced; killed in between, the new one is whole in its hidden folder.
    """
    final = job.final
    refuse_foreign(final)
    before = final.with_name(f".{final.name}.before")
    try:
        shutil.rmtree(before, ignore_errors=True)
        if final.exists():
            final.rename(before)
        job.hidden.rename(final)
        shutil.rmtree(before, ignore_errors=True)
    except OSError as error:
        raise WearsoundError(
            f"{final} cannot be put in its place ({reason(error)}): run the same command again"
        ) from error


def clear(folder: Path, wanted: Iterable[Job]) -> None:
    """Remove what runs that were killed have left in `folder`, but no whole result that is `wanted`.

    What somebody is still at work on stays (a worker on another machine may be), and so does what is not ours.
    """
    kept = {job.hidden.name for job in wanted}
    for path in folder.iterdir():
        if _HALF.fullmatch(path.name):
            path.unlink(missing_ok=True)
        match = _HIDDEN.fullmatch(path.name)
        if match is None or path.name in kept:
            continue
        lock = path.with_name(path.name.removesuffix(match["end"] or "") + _LOCK)
        if not let_go(lock):
            continue
        if path.is_file():
            path.unlink(missing_ok=True)
        elif path.is_dir() and not path.is_symlink() and (match["end"] == ".part" or is_render(path)):
            shutil.rmtree(path, ignore_errors=True)
