"""A process of a soaked show, as a program: `wearsound run` with taps in it, and the engines that its guard begins.

`python -m wearsound.cli.soak_process run ...` guards; with two numbers it is an engine, as `cli.engine_process` is one.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from wearsound import cli
from wearsound.soak.control import FOLDER

MODULE = "wearsound.cli.soak_process"


def main() -> int:
    """Put in the taps, and play."""
    from wearsound.soak.inside import Taps

    engine = len(sys.argv) == 3 and all(word.isdecimal() for word in sys.argv[1:])
    if engine:
        from wearsound.cli import engine_process

        Taps(Path(os.environ[FOLDER])).install(plays=True)
        return engine_process.main()
    from wearsound.guardian import child

    Taps(Path(os.environ[FOLDER])).install(plays=False)
    child.MODULE = MODULE
    return cli.main()


if __name__ == "__main__":
    sys.exit(main())
