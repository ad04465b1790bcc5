"""Many recordings, one after the other or several at a time: planned, rendered, put in their places, written down."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from wearsound.errors import PatchError, WearsoundError, reason
from wearsound.many.crew import Crew
from wearsound.many.index_page import INDEX, write_index
from wearsound.many.job import Asked, Job, Outcome
from wearsound.many.lock import alone
from wearsound.many.manifest import MANIFEST, Manifest, Row, finished, read_manifest, write_manifest
from wearsound.many.place import clear, is_result, put
from wearsound.many.plan import Plan, files_of, plan
from wearsound.many.recordings import recordings
from wearsound.show.load import Show

Told = Callable[[str], None]
_LOCK = ".wearsound-render-all"


@dataclass(slots=True)
class Batch:
    """A folder of recordings, the folder `to` of their results, the `show` and how it is `asked` for."""

    folder: Path
    to: Path
    show: Show
    asked: Asked

    def __post_init__(self) -> None:
        self.to = Path(os.path.abspath(self.to))
        if not self.to.name:
            raise WearsoundError(f"{self.to} is no folder for results: name one inside it with --to")

    @property
    def seen(self) -> str:
        """The folder of the recordings as it is seen from that of the results."""
        return Path(os.path.relpath(self.folder, self.to)).as_posix()

    @contextmanager
    def mine(self) -> Iterator[None]:
        """Nobody else writes here meanwhile. WearsoundError where somebody does, or nothing can be written."""
        with ExitStack() as held:
            held.callback(self._leave)
            try:
                self.to.mkdir(parents=True, exist_ok=True)
                held.enter_context(alone(self.to / _LOCK, wait=False))
            except BlockingIOError:
                said = f"another render-all is writing to {self.to}: wait for it, or end it"
                raise WearsoundError(said) from None
            except OSError as error:
                said = f"cannot write to {self.to} ({reason(error)}): make room, or choose another --to"
                raise WearsoundError(said) from error
            yield

    def _leave(self) -> None:
        """A folder that nothing came into goes again."""
        with suppress(OSError):
            self.to.rmdir()

    def planned(self, *, again: bool, progress: Callable[[float], None] | None) -> Plan:
        """What is to be done, compared with what lies there. A PatchError if that is no place for it."""
        before = read_manifest(self.to)
        if before is None:
            there = [path for path in self.to.iterdir() if not path.name.startswith(".")]
            foreign = sorted(path.name for path in there if not is_result(path))
            if foreign and not (foreign == [INDEX] and len(there) > 1):  # ours, but for the manifest
                raise PatchError(f"{self.to} holds {foreign[0]!r} and no {MANIFEST}: choose another --to")
        elif before.folder != self.seen:
            raise PatchError(
                f"{self.to} holds renders of {self.to / before.folder}, not of {self.folder}: choose another --to"
            )
        found = recordings(self.folder, without=self.to)
        files = files_of(self.show, self.to)
        return plan(found, before, self.asked, files, self.to, again=again, progress=progress)

    def manifest(self, made: Plan) -> Manifest:
        """The file of a plan as it stands."""
        return made.manifest(self.seen, self.asked)


def render_all(batch: Batch, made: Plan, hire: Callable[[], Crew], tell: Told) -> None:
    """Render what is to be rendered, and `tell` a line a recording; `made.rows` say what became of each.

    After every one manifest.json is written anew, so that whoever is killed at any moment loses only what was being
    made. On any trouble, Ctrl-C too, the crew's work ends, and what it left half made is removed. To be called in
    `batch.mine()`.
    """
    write_manifest(batch.to, batch.manifest(made))
    clear(batch.to, () if made.again else made.jobs)
    if made.jobs:
        crew = hire()
        try:
            for number, (job, outcome) in enumerate(crew.render(made.jobs), 1):
                row = _settle(batch, made, job, outcome)
                tell(f"{number}/{len(made.jobs)} {_said(row)}")
        finally:
            crew.close()
            clear(batch.to, made.jobs)
    write_index(batch.to / INDEX, batch.manifest(made))


def _settle(batch: Batch, made: Plan, job: Job, outcome: Outcome) -> Row:
    """Write down what became of a job, then put it in its place: killed in between, it is whole beside it."""
    row = made.rows[job.source]
    made.rows[job.source] = finished(row, outcome)
    write_manifest(batch.to, batch.manifest(made))
    if not outcome.error:
        try:
            put(job)
        except WearsoundError as error:
            made.rows[job.source] = finished(row, Outcome(error=str(error)))
            write_manifest(batch.to, batch.manifest(made))
    return made.rows[job.source]


def _said(row: Row) -> str:
    if row.error:
        return f"{row.source}: failed: {row.error}"
    note = f" ({row.note})" if row.note else ""
    return f"{row.source}: {row.seconds:.1f} s in {row.took:.1f} s, {row.verdict.lower()}: {row.result}{note}"


def summary(made: Plan, named: Sequence[str]) -> list[str]:
    """What is about to be done, in words; `named` is the folder and where its results go."""
    folder, to = named
    n, right = len(made.rows) - made.count("gone"), made.count("done")
    said = f"{folder}: {n} recording{'s' * (n != 1)}"
    lines = [f"{said}, all rendered already: {to}" if right == n else f"{said}, {right} rendered already"]
    lines += [f"{count} to render: {why}" for why, count in made.why.items()]
    gone = [row for row in made.rows.values() if row.state == "gone"]
    lines += [f"{row.source} is gone; its render stays: {row.result}" for row in gone]
    lines += [f"{row.source}: failed: {row.error}" for row in made.rows.values() if row.state == "failed"]
    return lines
