"""What is to be done: which results are still right, which are not, and why."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from wearsound import __version__
from wearsound.errors import PatchError, WearsoundError, reason
from wearsound.many.job import Asked, Job
from wearsound.many.manifest import Manifest, Row, settings_of, waiting
from wearsound.many.recordings import Recording
from wearsound.many.result import facts_digest, found
from wearsound.outputs.record.folder import SHOW, is_render
from wearsound.outputs.record.show_file import Part, part, refuse_unsayable
from wearsound.show.load import Show, find_file


@dataclass(slots=True)
class Plan:
    """`rows` by source, as they are now; `jobs` that are to be rendered, and how many of them `why`.

    `again`: what lies there whole already, of one who was killed before it was in its place, will not do either.
    """

    rows: dict[str, Row] = field(default_factory=dict)
    jobs: list[Job] = field(default_factory=list)
    why: Counter[str] = field(default_factory=Counter)
    again: bool = False

    def manifest(self, folder: str, asked: Asked) -> Manifest:
        """The same as a file has it, in order of the recordings."""
        return Manifest(
            manifest=1,
            wearsound=__version__,
            folder=folder,
            settings=settings_of(asked),
            recordings=[self.rows[source] for source in sorted(self.rows)],
        )

    def count(self, state: str) -> int:
        """How many recordings are in a state."""
        return sum(row.state == state for row in self.rows.values())


def asked_of(
    named: str,
    show: Show,
    *,
    fps: int,
    size: tuple[int, int],
    seconds: float | None,
    video: bool,
    frames: bool,
) -> Asked:
    """A loaded show, and the words of `render`, for processes that begin elsewhere. `named` is what was given for it.

    A PatchError for a show.toml: it is of one recording.
    """
    path = find_file(named, ("patch", "sketch"))
    if path.name == SHOW:
        raise PatchError(
            f"{named} is a render's, of one recording: name its patch, and --garment, --seed and so on"
        )
    return Asked(
        show=os.path.abspath(path),
        garment=os.path.abspath(show.garment_path),
        sketch=os.path.abspath(show.sketch_path) if show.sketch_path is not None else "",
        rig=os.path.abspath(show.rig_path) if show.rig_path is not None else None,
        seed=show.seed,
        fps=fps,
        size=size,
        seconds=seconds,
        video=video,
        frames=frames,
    )


def files_of(show: Show, to: Path) -> dict[str, Part]:
    """The files of a show by kind, with their hashes, as a render in the folder `to` names them.

    A PatchError where it could not.
    """
    paths = {
        "patch": show.patch_path,
        "garment": show.garment_path,
        "palette": show.palette_path,
        "sketch": show.sketch_path,
        "rig": show.rig_path,
    }
    refuse_unsayable(paths, to / "any")
    parts = {kind: part(kind, path, to / "any") for kind, path in paths.items()}
    return {kind: named for kind, named in parts.items() if named is not None}


def plan(
    found_there: Sequence[Recording],
    before: Manifest | None,
    asked: Asked,
    files: Mapping[str, Part],
    to: Path,
    *,
    again: bool = False,
    progress: Callable[[float], None] | None = None,
) -> Plan:
    """Compare every recording with what was made of it before, by hashes alone; `again`: nothing is still right.

    A recording that cannot be read is a row that has failed. Of one that is gone the row stays as long as its result.
    """
    known = {row.source: row for row in before.recordings} if before is not None else {}
    made = Plan(again=again)
    for number, recording in enumerate(found_there):
        if progress is not None:
            progress(number / len(found_there))
        was = known.pop(recording.source, None)
        try:
            job = _job(recording, asked, files, to)
        except WearsoundError as error:
            failed = Row(source=recording.source, result=recording.name, state="failed", error=str(error))
            made.rows[recording.source] = failed
            continue
        why = "asked for again" if again else _why(was, job)
        if was is not None and not why:
            made.rows[job.source] = msgspec.structs.replace(was, state="done")
            continue
        made.rows[job.source] = waiting(job)
        made.jobs.append(job)
        made.why[why] += 1
    for source, row in known.items():
        if is_render(to / row.result):
            made.rows[source] = msgspec.structs.replace(row, state="gone")
    return made


def _job(recording: Recording, asked: Asked, files: Mapping[str, Part], to: Path) -> Job:
    audio = os.path.abspath(recording.path)
    try:
        given = part("input", audio, to / recording.name)
    except OSError as error:
        raise WearsoundError(
            f"{recording.source} cannot be read ({reason(error)}): mend it, or move it away"
        ) from error
    assert given is not None
    if not given.file.isprintable():
        raise WearsoundError(f"{recording.source}: its path holds what cannot be printed: rename it")
    if not given.sha256:
        raise WearsoundError(f"{recording.source} is gone: put it back, and run the same command again")
    return Job(
        source=recording.source,
        audio=audio,
        name=recording.name,
        to=str(to),
        asked=asked,
        made_of={**files, "input": given},
        wearsound=__version__,
    )


def _why(was: Row | None, job: Job) -> str:
    """Why a recording is to be rendered, "" if its result is still right."""
    if was is None:
        return "new"
    if was.state == "failed":
        return "failed before"
    if was.key != job.key:
        kinds = [
            kind for kind in (*job.made_of, *was.made_of) if job.made_of.get(kind) != was.made_of.get(kind)
        ]
        words = ["recording" if kind == "input" else kind for kind in dict.fromkeys(kinds)]
        return f"{' and '.join(words) or 'settings'} changed"
    if was.state == "waiting":
        return "not finished before"
    there = found(job.final, job)
    if there is None or facts_digest(there[0].facts) != was.sha256:
        return "not what it was" if job.final.exists() else "not at its place"
    return ""
