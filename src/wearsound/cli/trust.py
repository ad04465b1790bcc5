"""`wearsound trust`: let patches use a sketch file of yours by name."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of this verb."""
    parser.add_argument(
        "file", metavar="FILE", help="a sketch file; it is a program with your rights, so look at it first"
    )


def run(options: argparse.Namespace) -> int:
    """Remember the file and its text."""
    from wearsound.show.trust import trust

    name = trust(Path(options.file))
    print(f"trusted: patches may now say sketch = {name!r}; a changed file must be trusted again")
    return 0
