"""What the window process shows: the picture, the strip over it, a word, the keys."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from typing import Any, Protocol

from wearsound.core import Clock, Frame
from wearsound.errors import reason
from wearsound.outputs.dress import Dress
from wearsound.outputs.glance import Glance
from wearsound.outputs.keys import Keyboard
from wearsound.outputs.outfit import Outfit
from wearsound.outputs.overlay import Overlay
from wearsound.outputs.pane import Pane
from wearsound.outputs.performer import Performer
from wearsound.outputs.saved import save_picture
from wearsound.outputs.screen import Sampled
from wearsound.outputs.shown import Say, Shown
from wearsound.outputs.slot import Slot, Told
from wearsound.outputs.wardrobe import Wardrobe

_STALE = 1.0
_DRESSING, _LONG = 0.4, 1.5
"""Seconds after which the window says that it is not ready yet, and after which nobody waits for it."""
_REPEAT = (350, 45)
"""Milliseconds until a key that is held down comes again, and between then."""


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
        letters: deque[dict[str, Any]] | None = None,
    ) -> None:
        """Bake and open everything: nothing slow is left for later. Raises a WearsoundError.

        `pictures` is the room that has `open_picture` and `open_hud`; `guard` makes the last hand
        on whatever is shown: one for the life of the stage, because it must remember what was seen.
        `letters` are what the engine writes while the stage plays: another dress, or a sentence.
        """
        self.say = say
        self.leaving = False
        self.size: tuple[int, int] = (wanted["size"][0], wanted["size"][1])
        self._letters = letters if letters is not None else deque()
        outfit = Outfit.from_json(wanted)
        self._pygame = pygame
        self._guard = guard(Clock(sample_rate=wanted["sample_rate"]))
        self.pane = Pane(pygame, self.size, outfit.dress.title, wanted["display"], wanted["fullscreen"])
        self._hud = pictures.open_hud(self.size)
        self.performer = Performer(say, self._do, bool(wanted["hud"]))
        self.overlay = Overlay(self._hud, self.performer)
        self._keyboard = Keyboard(pygame.key.name, pygame.KMOD_CTRL | pygame.KMOD_META)
        self._glance = Glance(self._glimpse)
        self._later: list[Any] = []
        pygame.key.set_repeat(*_REPEAT)
        self._told = Told()
        self._body: Shown | None = None
        """The garment, where a sketch is the picture and the performer asked for the body."""
        self._dressing_since, self._said_dressing = time.monotonic(), False
        self.overlay.troubles.tell("engine", wanted.get("said", ""))
        self.wardrobe = Wardrobe(
            outfit, slot, self.size, wanted["fps"], pictures, pygame.Surface(self.size), say
        )
        self.shown: Shown = self.wardrobe.shown
        self.shown.prepare(self._dressing)
        self.shown.trouble = wanted["trouble"]
        self._wear(outfit.dress)

    def run(self) -> None:
        """Draw each new frame as it comes, until told to leave. [main thread]"""
        frame, came = None, time.monotonic()
        shown = 0.0
        while not self.leaving:
            self._events()
            self._read_letters()
            news = self.wardrobe.read()
            now = time.monotonic()
            if news is None and now - shown < 0.1:
                time.sleep(0.001)
                continue
            shown = now
            with self._glance:
                if news is not None:
                    sequence, frame, self._told = news
                    came = now
                    self._come(frame)
                if frame is not None:
                    self._show(frame, stale=now - came > _STALE, now=now)
                    if news is not None:
                        self.wardrobe.slot.acknowledge(sequence)
                self.wardrobe.prepare()
                lost = self.pane.find(now)
            if lost:
                self.say("/wear/window/trouble", lost)
        self.pane.close()

    def _come(self, frame: Frame) -> None:
        """A new frame, perhaps of another show, for the screen and for the cloth."""
        if self.wardrobe.dress is not self._dress:
            self._wear(self.wardrobe.dress)
        self._take(frame)
        # A frozen picture stands still on the cloth too; a sketch that was given up leaves it.
        if self._sampled is not None and self.shown.sketch is not None:
            self._sampled.tell(frame.number, self.shown.good, self.wardrobe.slot)

    def _wear(self, dress: Dress) -> None:
        """From here on the frames are of this show: its names, its words. [main thread]"""
        self._dress = dress
        self.performer.wear(dress)
        self.overlay.wear(dress)
        self._sampled = Sampled(dress.screen, self._pygame) if dress.screen else None
        self.pane.name(dress.title)

    def _read_letters(self) -> None:
        """What the engine has written since: another show that may come, or what is wrong with one that may not."""
        while self._letters:
            letter = self._letters.popleft()
            if "dress" in letter:
                self.wardrobe.hang(Outfit.from_json(letter), letter["slot"])
            elif "said" in letter:
                self.overlay.troubles.tell("engine", str(letter["said"]))

    def _take(self, frame: Frame) -> None:
        """A new frame: what other hands did is obeyed, and what is seen is drawn unless it stands still."""
        performer = self.performer
        performer.obey(frame, self._told, time.monotonic())
        self.overlay.keep(frame)
        if performer.frozen or performer.dark:
            return
        if self._body is not None:  # another show may have another, or no sketch any more
            self._body = self.wardrobe.body() if self.shown.sketch is not None else None
        # Where cloth takes its light from a sketch, it is drawn though nobody looks at it.
        if self._seen is self.shown or self._sampled is not None:
            self.wardrobe.draw(frame)
        if self._body is not None:
            self._body.draw(frame, self.wardrobe.dress)
            if self._body.picture is None:
                self._note("getting dressed")

    @property
    def _seen(self) -> Shown:
        """The picture that is looked at: the body once it is there."""
        return self.shown if self._body is None or self._body.picture is None else self._body

    def _dressing(self) -> None:
        """A first bake takes seconds: the window answers its desktop, and says why it is dark."""
        self._pygame.event.pump()
        since = time.monotonic() - self._dressing_since
        if since > _LONG and not self._said_dressing:
            self._said_dressing = True
            self.say("/wear/window/dressing")
        if since > _DRESSING:
            self._hud.word(self.pane.surface, "getting dressed")
            self.pane.flip()

    def _show(self, frame: Frame, stale: bool, now: float) -> None:
        """Compose the picture and what is told about it, then put it on the screen."""
        surface, seen, performer = self.pane.surface, self._seen, self.performer
        # Dark or frozen, whatever is seen passes the guard: a key pressed fast must not become a strobe.
        if performer.dark:
            surface.fill((0, 0, 0))
        else:
            surface.blit(seen.good, (0, 0))
        kept = self._guard.limit(frame.tick, surface, frame.slots)
        if performer.dark:
            self._hud.word(surface, performer.dark)
        else:
            troubles = self.overlay.troubles
            troubles.tell("picture", self.shown.trouble)
            troubles.tell("body", self._body.trouble if self._body is not None else "")
            self.overlay.draw(surface, frame, self._told, seen.picture, stale, kept, now)
        self.pane.flip()

    def _events(self) -> None:
        pygame = self._pygame
        later, self._later = self._later, []
        for event in [*later, *pygame.event.get()]:
            if event.type == pygame.QUIT:
                self.say("/wear/quit", "window closed")
            elif event.type == pygame.KEYDOWN:
                self._key(event)
            elif event.type == pygame.KEYUP:
                self._keyboard.released(event.key)
            elif event.type == pygame.WINDOWFOCUSLOST:
                self._keyboard.let_go()
            elif event.type in (pygame.MOUSEMOTION, pygame.MOUSEBUTTONDOWN, pygame.MOUSEBUTTONUP):
                self._mouse(event)
            elif event.type == pygame.MOUSEWHEEL and self.performer.panel == "sliders":
                self.performer.sliders.step(-event.y)

    def _glimpse(self) -> None:
        """Hands are obeyed while a picture is made; whatever else was pressed waits for its end. [main thread]"""
        pygame = self._pygame
        hands = (pygame.K_ESCAPE, pygame.K_b, pygame.K_r, pygame.K_q)
        others = pygame.KMOD_CTRL | pygame.KMOD_META | pygame.KMOD_ALT
        for event in pygame.event.get():
            key = event.key if event.type in (pygame.KEYDOWN, pygame.KEYUP) else None
            waits = any(getattr(earlier, "key", None) == key for earlier in self._later)
            if key not in hands or waits:
                self._later.append(event)
            elif event.type == pygame.KEYUP:
                self._keyboard.released(key)
            elif event.mod & others:  # Ctrl-R is no resume
                self._later.append(event)
            else:
                self._key(event)

    def _key(self, event: Any) -> None:
        """One key: the table's, or one that is only told."""
        pygame, now, mod = self._pygame, time.monotonic(), getattr(event, "mod", 0)
        if mod & pygame.KMOD_LALT:
            return  # the desktop's own: Alt-Tab is no Tab
        held = self._keyboard.still(event.key)
        key = self._keyboard.pressed(event.key, event.unicode, mod)
        if key is not None and self.performer.key(key, event.unicode, bool(mod & pygame.KMOD_SHIFT), now):
            pygame.mouse.set_visible(not self.pane.fullscreen or bool(self.performer.panel))
        elif not held and not mod & (pygame.KMOD_CTRL | pygame.KMOD_META) and self._keyboard.alone(event.key):
            self.say("/wear/key", pygame.key.name(event.key))

    def _mouse(self, event: Any) -> None:
        """Point at a zone, take a slider and move it."""
        pygame, performer, now = self._pygame, self.performer, time.monotonic()
        place, panel = self.pane.on_picture(event.pos), self._hud.sliders
        if event.type == pygame.MOUSEBUTTONUP:
            performer.let_go()
        elif event.type == pygame.MOUSEBUTTONDOWN and event.button == 1 and performer.panel == "sliders":
            performer.take(panel.under(place), now)
        elif event.type == pygame.MOUSEMOTION and performer.dragged is not None:
            share = panel.along(performer.dragged, place[0])
            if share is not None:
                performer.drag(share, now)
        elif performer.panel == "why":
            zone_at = getattr(self._seen.picture, "zone_at", None)
            if zone_at is not None:
                performer.point(zone_at(*place), place)

    def _do(self, what: str) -> None:
        """What a key asks of the window itself."""
        match what:
            case "fullscreen":
                self.pane.open(not self.pane.fullscreen)
            case "display":
                self._note(self.pane.move())
            case "save":
                self._save()
            case "view":
                self._view()

    def _view(self) -> None:
        """From the sketch to the body, or back."""
        if self._body is not None:
            self._body = None
        elif self.shown.sketch is None:
            self._note("the body is what is shown")
        else:
            self._body = self.wardrobe.body()

    def _note(self, text: str) -> None:
        self.overlay.note(text, time.monotonic())

    def _save(self) -> None:
        """The picture without the strip."""
        try:
            path = save_picture(self._seen.good, self._pygame)
        except OSError as error:
            self._note(f"not saved: {reason(error)}")
            return
        self._note(f"saved {path}")
        self.say("/wear/window/saved", str(path.resolve()))
