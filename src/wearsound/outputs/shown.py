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
from wearsound.outputs.slot import Slot

_TOO_MANY_ERRORS = 60


class Say(Protocol):
    """Sends a record to the engine, or drops it. [any thread]"""

    def __call__(self, address: str, *args: Any) -> None:
        """Send `address` with `args`."""
        ...


class Shown:
    """A sketch, or the garment; `good` is the surface of the last drawing that did not fail.

    A garment can take seconds to bake, so it is baked on a thread of its own: the window lives on.
    """

    def __init__(
        self, open_picture: Callable[[Path | None], Picture], good: Any, slot: Slot, say: Say
    ) -> None:
        """`open_picture(sketch or None)` makes the picture; `good` is a surface of its size."""
        self.good = good
        self.trouble = ""
        self.sketch: Path | None = None
        self.drawing_since = 0.0
        self._open_picture = open_picture
        self._work = good.copy()
        self._slot = slot
        self._say = say
        self._picture: Picture | None = None
        self._bake_error: WearsoundError | None = None
        self._errors = 0.0

    def prepare(self, sketch: Path | None, waiting: Callable[[], None]) -> None:
        """Make the picture, calling `waiting` meanwhile; a WearsoundError says why it cannot be."""
        self.sketch = sketch
        if sketch is not None:
            self._picture = self._made(sketch)
            return
        self._bake_aside()
        while self._picture is None:
            if self._bake_error is not None:
                raise self._bake_error
            waiting()
            time.sleep(0.02)

    def draw(self, frame: Frame) -> None:
        """Draw `frame` into `good`, or leave `good` as it is and say why. [main thread]"""
        if self._bake_error is not None:
            self.trouble, self._bake_error = str(self._bake_error), None
            self._say("/wear/window/trouble", self.trouble)
        if self._picture is None:
            return
        self.drawing_since = time.monotonic()
        self._slot.drawing(True)
        try:
            self._picture.draw(self._work, frame)
        except (Exception, SystemExit) as error:
            self._failed(_sentence(error, self.sketch))
        else:
            self.good.blit(self._work, (0, 0))
            self._errors = max(0.0, self._errors - 0.5)
            if self.sketch is not None and self._errors == 0.0:
                self.trouble = ""
        finally:
            self._slot.drawing(False)
            self.drawing_since = 0.0

    def _failed(self, sentence: str) -> None:
        """A picture that keeps failing is given up, a sketch for the garment."""
        if sentence != self.trouble:
            self._say("/wear/window/trouble", sentence)
        self.trouble = sentence
        self._errors += 1
        if self._errors < _TOO_MANY_ERRORS:
            return
        self._errors = 0.0
        self._picture = None
        if self.sketch is not None:
            self.sketch = None
            self.trouble = f"{sentence} (the garment is shown instead)"
            self._say("/wear/window/trouble", self.trouble)
            self._bake_aside()

    def _made(self, sketch: Path | None) -> Picture:
        try:
            return self._open_picture(sketch)
        except WearsoundError:
            raise
        except (Exception, SystemExit) as error:
            if sketch is None:
                traceback.print_exc()  # nobody's file is at fault: this is a bug of ours
            raise PatchError(_sentence(error, sketch)) from error

    def _bake_aside(self) -> None:
        threading.Thread(target=self._bake, name="bake", daemon=True).start()

    def _bake(self) -> None:
        """[a thread of its own]"""
        try:
            self._picture = self._made(None)
        except WearsoundError as error:
            self._bake_error = error


def _sentence(error: BaseException, sketch: Path | None) -> str:
    """file:line: what happened, at the sketch's own line where there is one."""
    if isinstance(error, WearsoundError):
        return str(error).replace(str(sketch), sketch.name) if sketch else str(error)
    steps = traceback.extract_tb(error.__traceback__)
    own = [step for step in steps if sketch is not None and Path(step.filename) == sketch] or steps[-1:]
    where = f"{Path(own[-1].filename).name}:{own[-1].lineno}: " if own else ""
    return f"{where}{type(error).__name__}: {error}"
