"""`wearsound check`: render again what a render or a golden was made of, and judge."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from wearsound.errors import printable

if TYPE_CHECKING:
    from wearsound.proof.verdict import Result


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of this verb."""
    parser.add_argument(
        "dir",
        metavar="DIR",
        nargs="+",
        help="a render, a golden (`render --golden`), a take recorded with --prove, or a folder of them",
    )
    parser.add_argument(
        "--sketch", metavar="F", help="your own sketch file, if the render used one that is not trusted"
    )
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--strict", action="store_true", help="to the bit, also where it was made elsewhere")
    how.add_argument("--elsewhere", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument(
        "--report", metavar="DIR", help="a page with expected, actual and difference, for who cannot run it"
    )
    parser.add_argument("--junit", metavar="FILE", help="the verdicts as JUnit's XML, for a CI service")
    parser.add_argument(
        "--update", action="store_true", help="what differs is what is expected from now on: say why"
    )
    parser.add_argument("--reason", metavar="WHY", help="with --update: kept in the golden")
    parser.add_argument("--all", action="store_true", help="with --update: also where more than five change")


def run(options: argparse.Namespace) -> int:
    """0 the same (within tolerance, where it was made elsewhere), 1 differs, 2 bad file, 3 missing."""
    from wearsound.cli.unseen import draw_unseen
    from wearsound.proof.folders import named
    from wearsound.proof.update import allowed

    draw_unseen()
    reason = allowed(options.reason) if options.update else ""
    folders = named(options.dir)
    if options.report:
        from wearsound.proof.check_page import refuse_other

        refuse_other(Path(options.report))
    with tempfile.TemporaryDirectory(prefix="wearsound-check-") as there:
        results = _check(options, folders, Path(there))
        if options.junit:
            from wearsound.proof.junit import write_junit

            write_junit(Path(options.junit), results)
        if options.report:
            from wearsound.proof.check_page import check_page

            print(f"see {check_page(Path(options.report), results)}")
        if options.update:
            from wearsound.proof.update import update

            for folder in update(results, reason, every=options.all):
                print(f"{folder}: updated; look at the change before you commit it")
            return 0
    return max(result.code for result in results)


def _check(options: argparse.Namespace, folders: Sequence[Path], there: Path) -> list[Result]:
    """Each folder, said as soon as it is known."""
    from wearsound.cli.progress import Progress
    from wearsound.proof.check import check
    from wearsound.proof.folders import checked

    kept = bool(options.report or options.update)
    results = []
    for number, folder in enumerate(folders):
        with Progress(f"checking {folder}") as progress:
            result = checked(
                folder,
                lambda place, to=there / str(number), told=progress: check(  # type: ignore[misc]
                    place,
                    sketch=options.sketch,
                    progress=told,
                    strict=options.strict or options.update,
                    tolerant=options.elsewhere,
                    keep=to if kept else None,
                    drawn=bool(options.report),
                ),
            )
        _say(result, lone=len(folders) == 1)
        results.append(result)
    return results


def _say(result: Result, *, lone: bool) -> None:
    """On standard error what could not be checked; else a line that all is good, or one a difference."""
    if result.what == "nothing":
        print(f"wearsound: {_plain(result.lines[0])}", file=sys.stderr)
    elif result.good:
        print(_plain(f"{result.folder}: {result.said}"))
    else:
        for line in result.lines:
            print(_plain(line if lone else f"{result.folder}: {line}"))


def _plain(said: str) -> str:
    """A file of a stranger may hold what a terminal would obey."""
    return printable(said, "\n")
