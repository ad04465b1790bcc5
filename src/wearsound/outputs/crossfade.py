"""One picture becomes the next: what was seen last stands still and goes, over what is drawn now."""

from __future__ import annotations

from typing import Any

from wearsound.parts import FADE


class Crossfade:
    """The same in a window and in a film. [main thread]"""

    def __init__(self) -> None:
        self._last: Any = None
        self._began: float | None = None

    def begin(self, surface: Any) -> None:
        """What `surface` shows goes from the next `over` on, within FADE seconds."""
        self._last, self._began = surface.copy(), None

    def stop(self) -> None:
        """Nothing goes any more."""
        self._last = None

    def over(self, surface: Any, time: float) -> None:
        """Lay what is left of it at `time`, in seconds of the show, over `surface`."""
        if self._last is None:
            return
        if self._began is None:
            self._began = time
        left = 1.0 - (time - self._began) / FADE
        if not 0.0 < left <= 1.0:
            self._last = None
            return
        self._last.set_alpha(round(255 * left))
        surface.blit(self._last, (0, 0))
