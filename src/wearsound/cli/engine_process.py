"""The engine of a guarded show, as a program: `guardian.child` starts it, and tells it by a pipe what to play."""

from __future__ import annotations

import importlib
import sys

from wearsound import cli

SLOW = ("wearsound.cli.run", "wearsound.guardian.again", "wearsound.show.live", "wearsound.show.source")
"""What takes its time to import; what knows the devices that there are now is left to the show."""


def main() -> int:
    """Import what a show needs, wait, and play."""
    for module in SLOW:
        importlib.import_module(module)
    from wearsound.guardian.again import warm
    from wearsound.guardian.seat import Seat

    seat = Seat(int(sys.argv[1]), int(sys.argv[2]))
    if not seat.called:  # a spare one has time
        warm()
    if not seat.wait():
        return 0
    try:
        return cli.main(seat.words, seat)
    except Exception as error:
        seat.crashed(error)


if __name__ == "__main__":
    sys.exit(main())
