"""A picture that may become another while it is filmed: the new one comes over the last one, as in the window."""

from __future__ import annotations

from typing import Any

from wearsound.core import Frame, Picture
from wearsound.errors import PatchError
from wearsound.outputs.crossfade import Crossfade


class TurnedPicture:
    """Implements core.Picture. What was seen last stands still and goes, frame by frame; the new one plays at once.

    One that cannot draw its first frame is left for the one before it, as live; `troubles` says so.
    """

    def __init__(self, picture: Picture) -> None:
        self.picture = picture
        """What is drawn."""
        self.troubles: list[str] = []
        self._before: Picture | None = None
        self._crossfade = Crossfade()
        self._drawn = False
        self._turned = False

    def turn(self, picture: Picture) -> None:
        """Draw another from the next frame on. [main thread]"""
        if self._drawn and picture is not self.picture:
            self._before, self._turned = self._before if self._turned else self.picture, True
        self.picture = picture

    def draw(self, surface: Any, frame: Frame) -> None:
        """Draw one frame onto the surface that holds the one before. [main thread]"""
        if self._turned:
            self._crossfade.begin(surface)
            self._turned = False
        self._draw(surface, frame)
        self._drawn = True
        self._crossfade.over(surface, frame.time)

    def _draw(self, surface: Any, frame: Frame) -> None:
        before, self._before = self._before, None
        if before is None:
            self.picture.draw(surface, frame)
            return
        try:
            self.picture.draw(surface, frame)
        except PatchError as error:
            self.troubles.append(f"{error} (the last picture plays on)")
            self.picture = before
            self._crossfade.stop()
            before.draw(surface, frame)
