"""A progress bar on anything over two seconds, on a terminal only."""

from __future__ import annotations

import sys
import time
from types import TracebackType

from wearsound.cli import stop

WIDTH = 32


class Progress:
    """Call it with a share 0..1, as often as you like; it draws at most ten times a second."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._began = self._drawn = time.monotonic()
        self._shown = False

    def __enter__(self) -> Progress:
        return self

    def __call__(self, share: float) -> None:
        """Show how much is done; raise Stopped if the program was asked to end."""
        stop.check()
        now = time.monotonic()
        if not sys.stderr.isatty() or now - self._began < 2 or now - self._drawn < 0.1:
            return
        self._drawn, self._shown = now, True
        share = min(1.0, max(0.0, share))
        done = round(share * WIDTH)
        left = (now - self._began) * (1 - share) / max(share, 0.01)
        print(
            f"\r{self._what} {'━' * done}{'╌' * (WIDTH - done)} {share:4.0%}  {left:4.0f} s left ",
            end="",
            file=sys.stderr,
        )

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._shown:
            print("\r" + " " * (len(self._what) + WIDTH + 24) + "\r", end="", file=sys.stderr)
