"""A result on disk: is it whole, and is it the one that a job would make?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from wearsound.errors import WearsoundError
from wearsound.many.job import Job, Outcome, digest_of
from wearsound.outputs.record.folder import is_render
from wearsound.outputs.record.layer_files import spoilt
from wearsound.outputs.record.report import Report, read_report
from wearsound.outputs.record.show_file import PARTS, ShowFile, read_show


def found(folder: Path, job: Job) -> tuple[Report, ShowFile] | None:
    """The report and the show.toml of a folder that is a render, made of the files of `job` in its way, with every
    layer as it was made; None where it is not that.

    Not asked: for how many seconds it was to be played, which a show.toml does not tell from how long it played.
    """
    if not is_render(folder):
        return None
    try:
        report, file = read_report(folder), read_show(folder)
        same = not unlike(file, job) and not spoilt(folder, report.facts)
    except (
        WearsoundError,
        OSError,
        AttributeError,
        TypeError,
    ):  # a report or a table of other kinds than ours
        return None
    return (report, file) if same else None


def unlike(file: ShowFile, job: Job) -> str:
    """What a show.toml says otherwise than a job: "patch", "input" ... "settings"; "" where they agree."""
    for kind in PARTS:
        if getattr(file, kind) != job.made_of.get(kind):
            return kind
    asked = job.asked
    said = (file.wearsound, file.seed, file.fps, file.size, file.video, file.frames)
    wanted = (job.wearsound, asked.seed, asked.fps, asked.size, asked.video, asked.frames)
    return "settings" if said != wanted else ""


def outcome_of(report: Report, file: ShowFile, verdict: str) -> Outcome:
    """What is kept of a result that is whole."""
    facts, measured = report.facts, report.measured
    return Outcome(
        sha256=facts_digest(facts),
        versions={str(name): str(version) for name, version in facts.get("versions", {}).items()},
        seconds=file.seconds,
        took=float(measured.get("seconds", 0.0)),
        verdict=verdict,
        note=str(measured.get("note", "")),
    )


def facts_digest(facts: dict[str, Any]) -> str:
    """The hash of a result: of every layer's hash, of all that was counted, not of the versions that made it."""
    return digest_of({name: table for name, table in facts.items() if name != "versions"})
