"""What differs becomes what is expected: only by a person, who says why."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from wearsound.errors import WearsoundError
from wearsound.outputs.record.folder import RenderFolder, refuse_foreign
from wearsound.outputs.record.report import read_report
from wearsound.outputs.record.show_file import read_show, write_show
from wearsound.proof.golden import moved, reason_of, refuse_others, write_golden
from wearsound.proof.verdict import Result

KEPT = ("expect", "versions")
"""Verdicts that an update does not change."""
MOST = 5
"""So many may change at once without `--all`."""


def allowed(reason: str | None) -> str:
    """The reason of an update; a WearsoundError where there is none, or no person."""
    if os.environ.get("CI"):
        raise WearsoundError(
            "nothing is updated where CI is set: run it at home, look at it, and commit the change"
        )
    said = reason_of(reason or "")
    if not said:
        raise WearsoundError('an update needs its reason: add --reason "why it is another now"')
    return said


def update(results: Sequence[Result], reason: str, *, every: bool = False) -> list[Path]:
    """Replace every golden and render that differs by what it is now (`Result.actual`); those folders.

    WearsoundError, and nothing is replaced: where nothing differs, one cannot be checked, one is a take, or more than
    MOST differ and not `every` one may change.
    """
    odd = [result for result in results if result.what not in ("golden", "render")]
    if odd:
        take = odd[0].what == "take"
        why = "is a take, which cannot be made again" if take else f"cannot be checked ({odd[0].lines[0]})"
        raise WearsoundError(f"{odd[0].folder} {why}: nothing was updated")
    differing = [
        result
        for result in results
        if any(v.kind != "exact" and v.layer not in KEPT for v in result.verdicts)
    ]
    if not differing:
        raise WearsoundError(
            "nothing differs, so there is nothing to update; what [expect] says is yours to change"
        )
    if len(differing) > MOST and not every:
        names = ", ".join(result.folder.name for result in differing)
        raise WearsoundError(
            f"{len(differing)} would change ({names}): look at them with --report, then add --all"
        )
    for result in differing:
        _replace(result, reason)
    return [result.folder for result in differing]


def _replace(result: Result, reason: str) -> None:
    made = result.actual
    assert made is not None
    expect = dict(read_show(result.folder).expect)
    if result.what == "golden":
        write_golden(
            made, result.folder, read_report(made).facts, result.actuators, reason, refuse_others, expect
        )
        return
    with RenderFolder(result.folder, refuse_foreign) as folder:
        shutil.copytree(made, folder, dirs_exist_ok=True)
        write_show(folder, moved(read_show(made), made, result.folder, expect))
