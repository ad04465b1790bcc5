"""The shows a window knows: whose frames it reads, whose picture it shows, and which picture is being made ready.

Each show has a slot of its own. Its picture is made on a thread of its own while the last one plays on, a garment or
a sketch: either may take a second. It is shown with the first frame of its show, or once it is ready, whichever comes
later.
"""

from __future__ import annotations

import sys
import threading
import time
from collections import deque
from pathlib import Path
from queue import SimpleQueue
from typing import Any, NamedTuple, Protocol

from wearsound.core import Frame, Picture
from wearsound.errors import WearsoundError, reason
from wearsound.outputs.dress import Dress
from wearsound.outputs.outfit import Outfit, slot_for
from wearsound.outputs.shown import Say, Shown
from wearsound.outputs.slot import Slot, Told

_LONG = 24
"""Frames after which it is said that a picture takes long."""


GIVE_UP = 20.0
"""Seconds after which a sketch that is set up will not come back: its thread ends only with its process."""

_TURN, _TURNS = 0.0002, sys.getswitchinterval()
"""Seconds that a thread keeps the interpreter while another wants it: while a picture is made, and else."""


class Making(NamedTuple):
    """A sketch of show `number` that is set up by `thread` since then, `time.monotonic`."""

    number: int
    sketch: Path
    thread: int
    since: float


class Pictures(Protocol):
    """The part of the pictures' room that makes them."""

    def open_picture(self, *args: Any, **more: Any) -> Picture:
        """A picture, ready to draw."""
        ...

    def rehearse(self, sketch: Path, text: str | None) -> None:
        """Import what a sketch will import. [any thread]"""
        ...


class Wardrobe:
    """`dress` is that of the show whose frames are read; `shown` the picture that is drawn. [main thread]"""

    def __init__(
        self,
        outfit: Outfit,
        slot: Slot,
        size: tuple[int, int],
        fps: int,
        pictures: Pictures,
        good: Any,
        say: Say,
    ) -> None:
        """`good` is a surface of `size`."""
        self.dress = outfit.dress
        self.slot = slot
        self._size, self._fps, self._pictures = size, fps, pictures
        self._say = say
        self._dresses: dict[int, Dress] = {outfit.dress.number: outfit.dress}
        self._columns = {outfit.dress.number: _columns(outfit.dress)}
        self._slots: dict[int, Slot] = {outfit.dress.number: slot}
        self._asked: Outfit | None = None
        self._ready: tuple[Outfit, Picture] | None = None
        self.making: Making | None = None
        """The sketch that is being set up. [any thread reads]"""
        self._to_make: SimpleQueue[tuple[Outfit, object]] = SimpleQueue()
        self._made: deque[tuple[Outfit, Picture | None, WearsoundError | None]] = deque()
        self._maker: threading.Thread | None = None
        self._sequence = self._waited = 0
        self.shown = Shown(outfit, self._make, good, self._busy, say)
        self._bodies: dict[tuple[object, ...], Shown] = {}

    def body(self) -> Shown:
        """The garment of the show whose sketch is the picture, baked aside the first time. [main thread]"""
        outfit = self.shown.outfit.without_sketch()
        body = self._bodies.get(outfit.look)
        if body is None:
            body = Shown(outfit, self._make, self.shown.good.copy(), lambda now: None, self._say)
            body.begin()
            self._bodies = {outfit.look: body}
        body.outfit = outfit  # it looks the same, but its frames may have other columns now
        return body

    def hang(self, outfit: Outfit, name: str) -> None:
        """Another show may come, whose frames will be in the slot `name`: make its picture ready."""
        dress = outfit.dress
        if dress.number <= self.dress.number or dress.number in self._slots:
            return
        try:
            self._slots[dress.number] = slot_for(dress, name)
        except OSError as error:
            self._say("/wear/window/trouble", f"no shared memory for another show: {reason(error)}")
            return
        self._say("/wear/window/attached", dress.number)
        self._dresses[dress.number], self._columns[dress.number] = dress, _columns(dress)
        self._asked, self._waited = outfit, 0
        if outfit.look == self.shown.outfit.look:
            self._dressed(outfit, self.shown.picture)
        elif self._ready is not None and outfit.look == self._ready[0].look:
            self._dressed(outfit, self._ready[1])
        else:
            if self._maker is None:
                self._maker = threading.Thread(target=self._work, name="dresser", daemon=True)
                self._maker.start()
            self._to_make.put((outfit, self.shown.legacy if dress.sketch else None))

    def prepare(self) -> None:
        """Take what has been made; between two frames."""
        while self._made:
            outfit, picture, trouble = self._made.popleft()
            if outfit is not self._asked:
                continue
            if trouble is not None:
                self._refuse(outfit, str(trouble))
            else:
                self._dressed(outfit, picture)

    def read(self) -> tuple[int, Frame, Told] | None:
        """The newest frame, of the newest show that has one, if it is news."""
        for number in sorted(self._slots, reverse=True):
            dress, after = self._dresses[number], self._sequence if number == self.dress.number else 0
            news = self._slots[number].read(after, *self._columns[number], dress.scenes, dress.seed)
            if news is not None:
                if number != self.dress.number:
                    self._go_over(number)
                self._sequence = news[0]
                self._change()
                return news
        return None

    def draw(self, frame: Frame) -> None:
        """Draw a frame that was read."""
        self.shown.draw(frame, self.dress)

    def _go_over(self, number: int) -> None:
        """From here on the frames of show `number` are read, and no others."""
        self.dress, self.slot = self._dresses[number], self._slots[number]
        for old in [n for n in self._slots if n < number]:
            self._slots.pop(old).close()
            del self._dresses[old], self._columns[old]
        self._say("/wear/window/worn", number)

    def _change(self) -> None:
        """Show the picture of the show that plays, if it is ready."""
        number = self.dress.number
        if self._ready is not None and self._ready[0].dress.number <= number:
            outfit, picture = self._ready
            self._ready = None
            self.shown.wear(outfit, picture)
        elif self._asked is not None and self._asked.dress.number <= number:
            self._waited += 1
            if self._waited == _LONG:
                self._say(
                    "/wear/window/trouble",
                    "the window makes its next picture: the last one plays on until then",
                )

    def _dressed(self, outfit: Outfit, picture: Picture | None) -> None:
        self._asked = None
        if picture is None:  # the first garment is still baked, and will do for this show too
            self.shown.outfit = outfit
        else:
            self._ready = outfit, picture
        self._say("/wear/window/dressed", outfit.dress.number)

    def _refuse(self, outfit: Outfit, sentence: str) -> None:
        """The last picture plays on, also with the frames of this show."""
        self._asked = None
        self.shown.refused(outfit.dress.number, sentence)
        self._say("/wear/window/dressed", outfit.dress.number)

    def _work(self) -> None:
        """[a thread of its own]"""
        while True:
            outfit, legacy = self._to_make.get()
            if outfit is not self._asked:
                continue
            dress = outfit.dress
            if dress.sketch:
                sketch = Path(dress.sketch)
                self.making = Making(dress.number, sketch, threading.get_ident(), time.monotonic())
                self._pictures.rehearse(sketch, outfit.sketch)
            # Whoever draws asks for the interpreter fifty times a frame, and would wait this long each time.
            sys.setswitchinterval(_TURN)
            try:
                self._made.append((outfit, self.shown.made(outfit, legacy), None))
            except WearsoundError as error:
                self._made.append((outfit, None, error))
            finally:
                self.making = None
                sys.setswitchinterval(_TURNS)

    def _make(self, outfit: Outfit, legacy: object = None) -> Picture:
        dress = outfit.dress
        return self._pictures.open_picture(
            Path(dress.garment),
            Path(dress.sketch) if dress.sketch else None,
            self._size,
            dress.seed,
            self._fps,
            dress.palette,
            garment_text=outfit.garment,
            sketch_text=outfit.sketch,
            zones=dress.zones,
            legacy=legacy,
        )

    def _busy(self, now: bool) -> None:
        """Only while somebody's code runs may silence be held against it."""
        for slot in self._slots.values():
            slot.drawing(now)

    def close(self) -> None:
        """Let go of every slot; twice is fine."""
        for slot in self._slots.values():
            slot.close()


def _columns(dress: Dress) -> tuple[dict[str, int], dict[str, int]]:
    """Column of each feature and of each control."""
    features, controls = (
        {name: i for i, name in enumerate(names)} for names in (dress.features, dress.controls)
    )
    return features, controls
