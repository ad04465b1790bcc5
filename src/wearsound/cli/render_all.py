"""`wearsound render-all`: every recording of a folder with one patch, several at a time, to go on with after a kill."""

from __future__ import annotations

import argparse
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from wearsound.cli.arguments import add_show_options, fps, positive, size
from wearsound.errors import printable

if TYPE_CHECKING:
    from wearsound.many.crew import Crew

MOST_JOBS = 256


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of this verb."""
    parser.add_argument("folder", metavar="FOLDER", help="recordings and takes, also in folders inside it")
    parser.add_argument(
        "--patch",
        required=True,
        metavar="P",
        help="a patch or sketch file, or a name from `wearsound list patches`",
    )
    parser.add_argument(
        "--to", metavar="DIR", help="the folder of the results (default: FOLDER-rendered, beside it)"
    )
    parser.add_argument(
        "--jobs", type=_jobs, metavar="N", help="so many at a time (default: one a processor)"
    )
    parser.add_argument(
        "--dask",
        nargs="?",
        const="",
        metavar="ADDRESS",
        help="by dask.distributed: the workers of that scheduler (all of them, or --jobs at a time), without an "
        "address --jobs of its own on this machine",
    )
    parser.add_argument("--fps", type=fps, default=30, metavar="N", help="pictures a second (default 30)")
    parser.add_argument(
        "--size", type=size, default=(1280, 720), metavar="WxH", help="size of the picture (default 1280x720)"
    )
    parser.add_argument("--seconds", type=positive, metavar="S", help="stop each after S seconds")
    add_show_options(parser)
    parser.add_argument("--frames", action="store_true", help="keep every picture as PNG too")
    parser.add_argument(
        "--no-video",
        dest="video",
        action="store_false",
        help="no picture at all: features, light, OSC, sound and report",
    )
    parser.add_argument("--again", action="store_true", help="render also what is still right")


def run(options: argparse.Namespace) -> int:
    """0 if every recording is rendered, 1 if one failed; what is right already is left alone."""
    from wearsound.cli.progress import Progress
    from wearsound.cli.unseen import draw_unseen
    from wearsound.many.plan import asked_of
    from wearsound.many.render_all import Batch, render_all, summary
    from wearsound.show.load import load
    from wearsound.show.unlit import unlit

    draw_unseen()
    words = {"garment": options.garment, "rig": options.rig, "sketch": options.sketch, "seed": options.seed}
    show = load(options.patch, **words)
    how = {name: getattr(options, name) for name in ("fps", "size", "seconds", "video", "frames")}
    folder = Path(options.folder)
    to = Path(options.to or f"{os.path.abspath(folder)}-rendered")
    batch = Batch(folder, to, show, asked_of(options.patch, show, **how))
    if options.video:
        from wearsound.show.render import ask_for_libraries

        ask_for_libraries()
    dark = unlit(show)
    if dark:
        print(printable(f"wearsound: {dark}"), file=sys.stderr)
    shown = os.path.relpath(batch.to)
    with batch.mine():
        with Progress("reading") as progress:
            made = batch.planned(again=options.again, progress=progress)
        for line in summary(made, (options.folder, shown)):
            _tell(line)
        try:
            render_all(batch, made, lambda: _hire(options), _tell)
        except KeyboardInterrupt:
            n = len(made.rows) - made.count("gone")
            print(
                f"wearsound: {made.count('done')} of {n} are rendered; the same command goes on with the rest",
                file=sys.stderr,
            )
            raise
    failed = made.count("failed")
    if made.jobs or failed:
        said = f"{made.count('done')} rendered" + (f", {failed} failed" if failed else "")
        print(f"{said}: {Path(shown) / 'manifest.json'}, and as a page {Path(shown) / 'index.html'}")
    return 1 if failed else 0


def _tell(line: str) -> None:
    """Names of recordings and words of a manifest are strangers'."""
    print(printable(line))


def _hire(options: argparse.Namespace) -> Crew:
    if options.dask is not None:
        from wearsound.many.dask_jobs import DaskCrew

        own = options.dask == ""
        return DaskCrew(None if own else options.dask, options.jobs or (_processors() if own else None))
    from wearsound.many.local import LocalCrew

    return LocalCrew(options.jobs or _processors())


def _processors() -> int:
    """Those that this process may use, where the system tells."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity is not None else os.cpu_count() or 1


def _jobs(text: str) -> int:
    if not re.fullmatch("[0-9]{1,3}", text) or not 1 <= int(text) <= MOST_JOBS:
        raise argparse.ArgumentTypeError(f"{text!r}: jobs are a whole number from 1 to {MOST_JOBS}")
    return int(text)
