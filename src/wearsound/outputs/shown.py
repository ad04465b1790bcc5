"""The picture as the window process holds it: the last good one stays, whatever a sketch does."""

from __future__ import annotations

import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from wearsound.core import Frame, Picture
from wearsound.errors import PatchError, WearsoundError
from wearsound.outputs.crossfade import Crossfade
from wearsound.outputs.dress import Dress
from wearsound.outputs.fitted import Fitted
from wearsound.outputs.outfit import Outfit

PROVEN = 600
"""Frames a new picture must have drawn before the one it came after is let go."""

_TOO_MANY_ERRORS = 60


class Say(Protocol):
    """Sends a record to the engine, or drops it. [any thread]"""

    def __call__(self, address: str, *args: Any) -> None:
        """Send `address` with `args`."""
        ...


class Make(Protocol):
    """Makes the picture of an outfit, after one that left `legacy`, or anew. [any thread]"""

    def __call__(self, outfit: Outfit, legacy: object = None) -> Picture:
        """Raises whatever a sketch raises."""
        ...


class Shown:
    """A sketch, or the garment; `good` is the surface of the last drawing that did not fail.

    A garment can take seconds to bake, so it is baked on a thread of its own: the window lives on. Another picture
    comes over the last one by a crossfade; if it cannot be drawn, the one before it plays on.
    """

    def __init__(
        self, outfit: Outfit, make: Make, good: Any, busy: Callable[[bool], object], say: Say
    ) -> None:
        """`good` is a surface of the picture's size; `busy` is told while somebody else's code may hang."""
        self.good = good
        self.outfit = outfit
        """What is shown, or will be once it is baked."""
        self.trouble = ""
        self.sketch: Path | None = None
        self.drawing_since = 0.0
        self._make = make
        self._work = good.copy()
        self._busy = busy
        self._say = say
        self._picture: Picture | None = None
        self._before: tuple[Outfit, Picture] | None = None
        self._drawn = 0
        self._bake_error: WearsoundError | None = None
        self._errors = 0.0
        self._refused = False
        self._crossfade = Crossfade()
        self._fitted: tuple[Dress, Dress, Fitted] | None = None

    def prepare(self, waiting: Callable[[], None]) -> None:
        """Make the first picture, calling `waiting` meanwhile; a WearsoundError says why it cannot be."""
        self.sketch = _sketch(self.outfit)
        if self.sketch is not None:
            self._picture = self.made(self.outfit)
            return
        self._bake_aside()
        while self._picture is None:
            if self._bake_error is not None:
                raise self._bake_error
            waiting()
            time.sleep(0.02)

    def begin(self) -> None:
        """Have a garment baked on a thread of its own; it is drawn as soon as it is there. [main thread]"""
        self._bake_aside()

    def made(self, outfit: Outfit, legacy: object = None) -> Picture:
        """The picture of an outfit, which goes on from `legacy`; PatchError for a broken sketch. [any thread]"""
        sketch = _sketch(outfit)
        try:
            return self._make(outfit, legacy)
        except WearsoundError as error:
            raise type(error)(_sentence(error, sketch)) from error
        except (Exception, SystemExit) as error:
            if sketch is None:
                traceback.print_exc()  # nobody's file is at fault: this is a bug of ours
            raise PatchError(_sentence(error, sketch)) from error

    @property
    def legacy(self) -> object:
        """What the picture leaves to the next sketch, None where it leaves nothing. [main thread]"""
        leave = getattr(self._picture, "legacy", None)
        return leave() if leave is not None else None

    def wear(self, outfit: Outfit, picture: Picture) -> None:
        """From now on draw `picture`; the one that is shown goes by a crossfade. [main thread]"""
        zones = getattr(picture, "know", None)
        if zones is not None:
            zones(outfit.dress.zones)
        if picture is not self._picture:
            self._before = (self.outfit, self._picture) if self._picture is not None else None
            self._drawn = 0
            self._crossfade.begin(self.good)
            self._picture = picture
            self._errors = 0.0
        self.outfit, self.sketch = outfit, _sketch(outfit)
        self.trouble, self._refused = "", False

    @property
    def picture(self) -> Picture | None:
        """What is drawn, None while it is baked."""
        return self._picture

    def draw(self, frame: Frame, dress: Dress | None = None) -> None:
        """Draw `frame`, one of the show `dress`, into `good`, or leave `good` as it is and say why. [main thread]"""
        if self._bake_error is not None:
            self.trouble, self._bake_error = str(self._bake_error), None
            self._say("/wear/window/trouble", self.trouble)
        picture = self._picture
        if picture is None:
            return
        self.drawing_since = time.monotonic()
        self._busy(True)
        try:
            picture.draw(self._work, self._as_made(frame, dress))
        except (Exception, SystemExit) as error:
            self._failed(_sentence(error, self.sketch))
        else:
            self.good.blit(self._work, (0, 0))
            self._crossfade.over(self.good, frame.time)
            self._drawn += 1
            if self._drawn == PROVEN:
                self._before = None
            self._errors = max(0.0, self._errors - 0.5)
            if self.sketch is not None and self._errors == 0.0 and not self._refused:
                self.trouble = ""
        finally:
            self._busy(False)
            self.drawing_since = 0.0

    def _as_made(self, frame: Frame, dress: Dress | None) -> Frame:
        made = self.outfit.dress
        if dress is None or dress is made:
            return frame
        if self._fitted is None or self._fitted[0] is not dress or self._fitted[1] is not made:
            self._fitted = (dress, made, Fitted(dress, made))
        return self._fitted[2](frame)

    def _failed(self, sentence: str) -> None:
        """A picture that keeps failing is given up for the one before it, a sketch else for the garment."""
        self._errors += 1
        if self._before is not None and (self._drawn == 0 or self._errors >= _TOO_MANY_ERRORS):
            self._go_back(sentence)
            return
        if sentence != self.trouble:
            self._say("/wear/window/trouble", sentence)
        self.trouble = sentence
        if self._errors < _TOO_MANY_ERRORS:
            return
        self._errors = 0.0
        self._picture = None
        if self.sketch is not None:
            self.sketch = None
            self.outfit = self.outfit.without_sketch()
            self.trouble = f"{sentence} (the garment is shown instead)"
            self._say("/wear/window/trouble", self.trouble)
            self._bake_aside()

    def _go_back(self, sentence: str) -> None:
        assert self._before is not None
        refused = self.outfit.dress.number
        if self._drawn:
            self._crossfade.begin(self.good)
        else:
            self._crossfade.stop()
        self.outfit, self._picture = self._before
        self.sketch, self._before, self._errors = _sketch(self.outfit), None, 0.0
        self.refused(refused, sentence)

    def refused(self, number: int, sentence: str) -> None:
        """The picture of show `number` cannot be shown: say why; the last one plays on. [main thread]"""
        self._refused = True
        self.trouble = f"{sentence} (the last picture plays on)"
        self._say("/wear/window/trouble", self.trouble)
        self._say("/wear/window/refused", number)

    def _bake_aside(self) -> None:
        threading.Thread(target=self._bake, args=(self.outfit,), name="bake", daemon=True).start()

    def _bake(self, outfit: Outfit) -> None:
        """[a thread of its own]"""
        try:
            picture = self.made(outfit)
        except WearsoundError as error:
            self._bake_error = error
            return
        if self.outfit.look == outfit.look:  # another picture may have come meanwhile
            self._picture = picture


def _sketch(outfit: Outfit) -> Path | None:
    return Path(outfit.dress.sketch) if outfit.dress.sketch else None


def _sentence(error: BaseException, sketch: Path | None) -> str:
    """file:line: what happened, at the sketch's own line where there is one."""
    if isinstance(error, WearsoundError):
        return str(error).replace(str(sketch), sketch.name) if sketch else str(error)
    steps = traceback.extract_tb(error.__traceback__)
    own = [step for step in steps if sketch is not None and Path(step.filename) == sketch] or steps[-1:]
    where = f"{Path(own[-1].filename).name}:{own[-1].lineno}: " if own else ""
    return f"{where}{type(error).__name__}: {error}"
