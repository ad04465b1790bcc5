"""The window on a display: opened, moved, filled; the picture is fitted in it, whole and in the middle."""

from __future__ import annotations

import warnings
from typing import Any

from wearsound.errors import DeviceError
from wearsound.outputs.displays import Displays


class Pane:
    """One window for pictures of `size` on the display that is asked for. Raises a DeviceError. [main thread]"""

    def __init__(
        self,
        pygame: Any,
        size: tuple[int, int],
        title: str,
        display: int | str | None = None,
        fullscreen: bool = False,
    ) -> None:
        self.fullscreen = fullscreen
        self._pygame = pygame
        self._size, self._title = size, title
        self._displays = Displays(pygame)
        self._display = self._displays.chosen(display)
        self._composed = pygame.Surface(size)
        self.open(fullscreen)

    def open(self, fullscreen: bool) -> None:
        """Anew, filling its display or not."""
        pygame = self._pygame
        size = pygame.display.get_desktop_sizes()[self._display] if fullscreen else self._size
        flags = pygame.FULLSCREEN | pygame.NOFRAME if fullscreen else pygame.RESIZABLE
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # another size than asked for is fitted, not a fault
                self.screen = pygame.display.set_mode(size, flags, display=self._display)
        except pygame.error as error:
            raise DeviceError(f"cannot open a window of {size[0]}x{size[1]}: {error}") from error
        self.fullscreen = fullscreen
        pygame.display.set_caption(self._title)
        pygame.mouse.set_visible(not fullscreen)

    def name(self, title: str) -> None:
        """What is written over it."""
        if title != self._title:
            self._title = title
            self._pygame.display.set_caption(title)

    @property
    def surface(self) -> Any:
        """Where the next picture is drawn: the screen itself where that has the picture's size."""
        return self.screen if self._direct else self._composed

    def flip(self) -> None:
        """Put on the screen what was drawn."""
        if not self._direct:
            size, at = self._placed()
            if at != (0, 0):
                self.screen.fill((0, 0, 0))
            self.screen.blit(self._pygame.transform.smoothscale(self._composed, size), at)
        self._pygame.display.flip()

    def on_picture(self, place: tuple[int, int]) -> tuple[int, int]:
        """A place on the screen as one on the picture."""
        size, at = self._placed()
        return (place[0] - at[0]) * self._size[0] // size[0], (place[1] - at[1]) * self._size[1] // size[1]

    def move(self) -> str:
        """To the next display, which is remembered; a sentence for the performer."""
        there = self._displays.next(self._display)
        if there == self._display:
            return "there is no other display"
        self._display = there
        self.open(self.fullscreen)
        self._displays.keep(there)
        return f"display {there}: {self._displays.named[there]}"

    def find(self, now: float) -> str:
        """A display came or went: what filled one that is gone comes back on another, and then a sentence says so."""
        if not self._displays.changed(now) or self._display < len(self._displays.named):
            return ""
        self._display = self._displays.kept()
        self.open(self.fullscreen)
        return f"the window's display is gone: it is on {self._displays.named[self._display]} now"

    def close(self) -> None:
        """Black, then gone."""
        self.screen.fill((0, 0, 0))
        self._pygame.display.flip()
        self._pygame.display.quit()

    @property
    def _direct(self) -> bool:
        whole: bool = self.screen.get_size() == self._size
        return whole

    def _placed(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """How large the picture is on the screen, and where."""
        (w, h), (sw, sh) = self._size, self.screen.get_size()
        scale = min(sw / w, sh / h)
        size = max(1, round(w * scale)), max(1, round(h * scale))
        return size, ((sw - size[0]) // 2, (sh - size[1]) // 2)
