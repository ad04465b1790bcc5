"""A process of a soaked show, as a program: `wearsound run` with taps in it, and the engines that its guard begins.

`python -m wearsound.cli.soaked run ...` guards; with two numbers it is an engine, as `cli.seated` is one.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from wearsound import cli
from wearsound.soak.control import FOLDER

MODULE = "wearsound.cli.soaked"


def main() -> int:
    """Put in the taps, and play."""
    from wearsound.soak.inside import Taps

    engine = len(sys.argv) == 3 and all(word.isdecimal() for word in sys.argv[1:])
    if engine:
        from wearsound.cli import seated

        Taps(Path(os.environ[FOLDER])).install(plays=True)
        return seated.main()
    from wearsound.guardian import child

    Taps(Path(os.environ[FOLDER])).install(plays=False)
    child.MODULE = MODULE
    return cli.main()


if __name__ == "__main__":
    sys.exit(main())
