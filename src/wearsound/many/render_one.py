"""One recording rendered, in whatever process: whole into a hidden folder, or not at all."""

from __future__ import annotations

from wearsound import __version__
from wearsound.errors import WearsoundError
from wearsound.many.job import Job, Outcome
from wearsound.many.lock import alone
from wearsound.many.place import lock_of
from wearsound.many.result import found, outcome_of, unlike
from wearsound.outputs.record.folder import PAGE
from wearsound.outputs.record.show_file import read_show
from wearsound.proof.report_page import write_report
from wearsound.show.load import load
from wearsound.show.render import render


def render_one(job: Job) -> Outcome:
    """Make the result of `job` in `job.hidden`, if it is not there already; a WearsoundError says why it cannot be.

    An engine that shares work out may give the same job twice, or again while a worker that it took for dead is
    still at it: who comes second waits, and finds it made.
    """
    if job.wearsound != __version__:
        raise WearsoundError(
            f"wearsound {__version__} is installed where it was to be rendered, and {job.wearsound} asked for it: "
            "install the same version there"
        )
    job.hidden.parent.mkdir(parents=True, exist_ok=True)
    with alone(lock_of(job), wait=True):
        if found(job.hidden, job) is None:
            _render(job)
        made = found(job.hidden, job)
        if made is None:
            kind = unlike(read_show(job.hidden), job) or "disk"
            raise WearsoundError(f"the {kind} changed while it was rendered: run the same command again")
        for half in job.hidden.glob(f".{PAGE}.*.part"):  # of one who was killed while it wrote the page
            half.unlink(missing_ok=True)
        judgement, _ = write_report(job.hidden, name=job.name)
    return outcome_of(*made, judgement.word)


def _render(job: Job) -> None:
    asked = job.asked
    render(
        load(asked.show, garment=asked.garment, rig=asked.rig, sketch=asked.sketch, seed=asked.seed),
        job.audio,
        to=job.hidden,
        fps=asked.fps,
        size=asked.size,
        seconds=asked.seconds,
        video=asked.video,
        frames=asked.frames,
    )
