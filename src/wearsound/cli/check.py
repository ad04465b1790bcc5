"""`wearsound check`: render again what a render's show.toml says, and compare."""

from __future__ import annotations

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of this verb."""
    parser.add_argument(
        "dir", metavar="DIR", help="a folder that `wearsound render` made, or a take recorded with --prove"
    )
    parser.add_argument(
        "--sketch", metavar="F", help="your own sketch file, if the render used one that is not trusted"
    )


def run(options: argparse.Namespace) -> int:
    """0 the same, 1 differs, 2 bad file, 3 missing."""
    from wearsound.cli.progress import Progress
    from wearsound.cli.unseen import draw_unseen
    from wearsound.show.check import check

    draw_unseen()
    with Progress("checking") as progress:
        differences = check(options.dir, sketch=options.sketch, progress=progress)
    if not differences:
        print(f"{options.dir}: the same, to the bit")
        return 0
    for line in differences:
        print(line)
    return 1
