"""What the window process shows: the picture, the strip over it, a word, the keys."""

from __future__ import annotations

import io
import os
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from wearsound.core import Clock, Frame, Picture
from wearsound.errors import DeviceError
from wearsound.folders import write_whole
from wearsound.outputs.screen import Sampled
from wearsound.outputs.shown import Say, Shown
from wearsound.outputs.slot import LAMP_ALIVE, LAMP_LOST, LAMP_WAITING, Slot, Told

_TWICE = 0.6
_NOTE = 3.0
_STALE = 1.0
_DRESSING, _LONG = 0.4, 1.5
"""Seconds after which the window says that it is not ready yet, and after which nobody waits for it."""
_DIGITS = tuple("123456789")


class Guard(Protocol):
    """Keeps a screen from flashing."""

    def limit(self, tick: int, surface: Any, slots: tuple[int, ...]) -> float:
        """Darken `surface` in place as far as needed, swings only in `slots`; the factor that was used."""
        ...


class Stage:
    """A window, a picture in it, the strip over it, and the keys."""

    def __init__(
        self,
        wanted: dict[str, Any],
        slot: Slot,
        say: Say,
        pygame: Any,
        pictures: Any,
        guard: Callable[[Clock], Guard],
    ) -> None:
        """Bake and open everything: nothing slow is left for later. Raises a WearsoundError.

        `pictures` is the room that has `open_picture` and `open_hud`; `guard` makes the last hand
        on whatever is shown: one for the life of the stage, because it must remember what was seen.
        """
        self.say = say
        self.leaving = False
        self.size: tuple[int, int] = (wanted["size"][0], wanted["size"][1])
        self._wanted = wanted
        self._scenes: list[str] = wanted["scenes"]
        self._features = {name: i for i, name in enumerate(wanted["features"])}
        self._controls = {name: i for i, name in enumerate(wanted["controls"])}
        self.slot = slot
        self._pygame = pygame
        self._pictures = pictures
        self._guard = guard(Clock(sample_rate=wanted["sample_rate"]))
        self._open_window(wanted["fullscreen"])
        self._hud = pictures.open_hud(self.size)
        self._hud.most_ma = wanted.get("most_ma", 0.0)
        self._hud.chart.names = tuple(wanted.get("actuators", ()))
        self._signs = self._hud.signs()
        self._composed = pygame.Surface(self.size)
        self._show_hud = bool(wanted["hud"])
        self._help = self._frozen = False
        self._dark = self._told_dark = ""
        self._told = Told()
        self._escaped = self._noted = -10.0
        self._dressing_since, self._said_dressing = time.monotonic(), False
        self.shown = Shown(self._picture, pygame.Surface(self.size), self.slot, say)
        self.shown.prepare(Path(wanted["sketch"]) if wanted["sketch"] else None, self._dressing)
        self.shown.trouble = wanted["trouble"]
        self._sampled = Sampled(wanted["screen"], pygame) if wanted.get("screen") else None

    def run(self) -> None:
        """Draw each new frame as it comes, until told to leave. [main thread]"""
        seed: int = self._wanted["seed"]
        sequence, frame, came = 0, None, time.monotonic()
        shown = 0.0
        while not self.leaving:
            self._events()
            news = self.slot.read(sequence, self._features, self._controls, self._scenes, seed)
            now = time.monotonic()
            if news is not None:
                sequence, frame, self._told = news
                self._obey(frame.dark)
                if not (self._frozen or self._dark):
                    self.shown.draw(frame)
                # A frozen picture stands still on the cloth too; a sketch that was given up leaves it.
                if self._sampled is not None and self.shown.sketch is not None:
                    self._sampled.tell(frame.number, self.shown.good, self.slot)
                came = now
            elif now - shown < 0.1:
                time.sleep(0.001)
                continue
            if frame is not None:
                self._show(frame, stale=now - came > _STALE, now=now)
                if news is not None:
                    self.slot.acknowledge(sequence)
            shown = now
        self._neutral()

    def _obey(self, dark: str) -> None:
        """Panic and blackout may come from elsewhere; a key here is shown at once, and echoed."""
        if dark != self._told_dark:
            self._dark = self._told_dark = dark

    def _picture(self, sketch: Path | None) -> Picture:
        wanted = self._wanted
        picture: Picture = self._pictures.open_picture(
            Path(wanted["garment"]), sketch, self.size, wanted["seed"], wanted["fps"], wanted["palette"]
        )
        return picture

    def _dressing(self) -> None:
        """A first bake takes seconds: the window answers its desktop, and says why it is dark."""
        self._pygame.event.pump()
        since = time.monotonic() - self._dressing_since
        if since > _LONG and not self._said_dressing:
            self._said_dressing = True
            self.say("/wear/window/dressing")
        if since > _DRESSING:
            self._hud.word(self._composed, "getting dressed")
            self._fit(self._composed, self._screen)
            self._pygame.display.flip()

    def _show(self, frame: Frame, stale: bool, now: float) -> None:
        """Compose the picture and what is told about it, then put it on the screen."""
        screen = self._screen
        direct = screen.get_size() == self.size
        surface = screen if direct else self._composed
        # Dark or frozen, whatever is seen passes the guard: a key pressed fast must not become a strobe.
        if self._dark:
            surface.fill((0, 0, 0))
        else:
            surface.blit(self.shown.good, (0, 0))
        self._guard.limit(frame.tick, surface, frame.slots)
        if self._dark:
            self._hud.word(surface, self._dark)
        else:
            if self._show_hud or stale:
                signs = self._signs
                heard = frame.features.get("room.silence") < 1
                signs.lamp_in = LAMP_LOST if stale else LAMP_ALIVE if heard else LAMP_WAITING
                signs.lamp_osc, signs.lamp_out = self._told.lamps
                if not self._frozen and now - self._noted > _NOTE:
                    signs.note = ""
                self._hud.draw(surface, frame, signs)
            if self._help:
                self._hud.keys(surface)
            if self.shown.trouble:
                self._hud.error(surface, self.shown.trouble)
        if not direct:
            self._fit(surface, screen)
        self._pygame.display.flip()

    def _fit(self, surface: Any, screen: Any) -> None:
        (w, h), (sw, sh) = self.size, screen.get_size()
        scale = min(sw / w, sh / h)
        size = max(1, round(w * scale)), max(1, round(h * scale))
        at = (sw - size[0]) // 2, (sh - size[1]) // 2
        if at != (0, 0):
            screen.fill((0, 0, 0))
        screen.blit(self._pygame.transform.smoothscale(surface, size), at)

    def _neutral(self) -> None:
        self._screen.fill((0, 0, 0))
        self._pygame.display.flip()
        self._pygame.display.quit()

    def _events(self) -> None:
        pygame = self._pygame
        for event in pygame.event.get():
            if event.type == pygame.QUIT:
                self.say("/wear/quit", "window closed")
            elif event.type == pygame.KEYDOWN:
                self._key(event)

    def _key(self, event: Any) -> None:
        pygame = self._pygame
        key, now = event.key, time.monotonic()
        if key == pygame.K_q:
            self.say("/wear/quit", "key q")
        elif key == pygame.K_ESCAPE:
            if now - self._escaped < _TWICE:
                self._dark = "panic"
                self.say("/wear/panic")
            self._escaped = now
            self._show_hud = not self._show_hud
        elif key == pygame.K_r and self._dark == "panic":
            self._dark = ""
            self.say("/wear/resume")
        elif key == pygame.K_b and self._dark != "panic":
            self._dark = "" if self._dark else "blackout"
            self.say("/wear/blackout", int(bool(self._dark)))
        elif event.unicode in _DIGITS[: len(self._scenes)]:
            self.say(f"/wear/scene/{self._scenes[_DIGITS.index(event.unicode)]}")
        elif key == pygame.K_SPACE:
            self._frozen = not self._frozen
            self._note("frozen" if self._frozen else "")
        elif key == pygame.K_t:
            self.say("/wear/tempo/tap")
        elif key == pygame.K_f:
            self._open_window(not self._fullscreen)
        elif key == pygame.K_s:
            self._save()
        elif key == pygame.K_h or event.unicode == "?":
            self._help = not self._help
        else:
            self.say("/wear/key", pygame.key.name(key))

    def _note(self, text: str) -> None:
        self._signs.note, self._noted = text, time.monotonic()

    def _save(self) -> None:
        """The picture without the strip, as the next wearsound-NNNN.png of the current folder."""
        picture = io.BytesIO()
        self._pygame.image.save(self.shown.good, picture, "picture.png")
        for number in range(1, 10_000):
            path = Path(f"wearsound-{number:04d}.png")
            if os.path.lexists(path):
                continue
            try:
                write_whole(path, picture.getvalue())
            except OSError as error:
                self._note(f"not saved: {error.strerror}")
                return
            self._note(f"saved {path}")
            self.say("/wear/window/saved", str(path.resolve()))
            return

    def _open_window(self, fullscreen: bool) -> None:
        pygame, wanted = self._pygame, self._wanted
        desktops = pygame.display.get_desktop_sizes()
        display = wanted["display"]
        if not 0 <= display < len(desktops):
            names = ", ".join(f"{i} ({w}x{h})" for i, (w, h) in enumerate(desktops))
            raise DeviceError(f"no display {display}; there is {names}")
        size = desktops[display] if fullscreen else self.size
        flags = pygame.FULLSCREEN | pygame.NOFRAME if fullscreen else pygame.RESIZABLE
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # another size than asked for is fitted, not a fault
                self._screen = pygame.display.set_mode(size, flags, display=display)
        except pygame.error as error:
            raise DeviceError(f"cannot open a window of {size[0]}x{size[1]}: {error}") from error
        self._fullscreen = fullscreen
        pygame.display.set_caption(wanted["title"])
        pygame.mouse.set_visible(not fullscreen)
