"""`wearsound report`: what a render or a take proves, as a page that a house can read."""

from __future__ import annotations

import argparse

from wearsound.cli.arguments import ending
from wearsound.errors import printable


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of this verb."""
    parser.add_argument("dir", metavar="DIR", help="a folder that `wearsound render` made, or a take")
    parser.add_argument(
        "--to",
        type=ending(".html"),
        metavar="F.html",
        help="write the page there (default: report.html in DIR)",
    )


def run(options: argparse.Namespace) -> int:
    """Write the page and say the verdict: 0 safe, 1 not safe, not proven or not as expected, 2 bad file, 3 missing."""
    from pathlib import Path

    from wearsound.cli.progress import Progress
    from wearsound.proof.report_page import write_report

    with Progress("counting") as progress:
        judgement, path = write_report(Path(options.dir), Path(options.to) if options.to else None, progress)
    print(printable(f"{judgement.word}: {judgement.sentence}"))
    print(printable(f"wrote {path}"))
    return 0 if judgement.safe else 1
