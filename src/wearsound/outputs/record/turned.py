"""A picture that may become another while it is filmed: the new one comes over the last one, as in the window."""

from __future__ import annotations

from typing import Any

from wearsound.core import Frame, Picture
from wearsound.errors import PatchError

FADE = 0.5
"""Seconds in which one picture becomes the next, as `outputs.shown` has it."""


class TurnedPicture:
    """Implements core.Picture. What was seen last stands still and goes, frame by frame; the new one plays at once.

    One that cannot draw its first frame is left for the one before it, as live; `troubles` says so.
    """

    def __init__(self, picture: Picture) -> None:
        self.picture = picture
        """What is drawn."""
        self.troubles: list[str] = []
        self._before: Picture | None = None
        self._last: Any = None
        self._began: float | None = None
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
            self._last, self._began, self._turned = surface.copy(), frame.time, False
        self._draw(surface, frame)
        self._drawn = True
        if self._last is None or self._began is None:
            return
        left = 1.0 - (frame.time - self._began) / FADE
        if not 0.0 < left <= 1.0:
            self._last = None
            return
        self._last.set_alpha(round(255 * left))
        surface.blit(self._last, (0, 0))

    def _draw(self, surface: Any, frame: Frame) -> None:
        before, self._before = self._before, None
        if before is None:
            self.picture.draw(surface, frame)
            return
        try:
            self.picture.draw(surface, frame)
        except PatchError as error:
            self.troubles.append(f"{error} (the last picture plays on)")
            self.picture, self._last = before, None
            before.draw(surface, frame)
