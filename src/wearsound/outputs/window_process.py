"""The window's own program: draws the newest frame, and may die without anybody else missing a hop.

Started by `outputs.window` as `python -m wearsound.outputs.window_process`. Line one of stdin says
what to show, later ones another show, or a sentence; the end of stdin says that the engine has gone. Records
leave by stdout; what a sketch prints goes to stderr.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import threading
import time
from collections import deque
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from wearsound.errors import DeviceError, WearsoundError

if TYPE_CHECKING:
    from wearsound.outputs.stage import Stage

_WARN_HANG = 1.2
_NICE = 10
"""Where there is too little to share, pictures wait for the engine and its sound, not the other way round."""


def main() -> int:
    """Show what stdin's first line says until told to leave; 0 then, 1 if it could not begin."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the engine's, which then closes us
    if sys.platform != "win32":
        os.nice(_NICE)
    told, records = _take_pipes()
    engine = os.getppid()
    wanted = json.loads(told.readline())
    say = Pipe(records)
    begun: list[Stage] = []
    letters: deque[dict[str, Any]] = deque()
    threading.Thread(target=_leave_at_end, args=(begun, told, letters), daemon=True).start()
    try:
        pygame = _pygame()
        from wearsound.instruments import picture
        from wearsound.outputs.dress import Dress
        from wearsound.outputs.outfit import slot_for
        from wearsound.outputs.stage import Stage
        from wearsound.safety.screen import ScreenGuard

        slot = slot_for(Dress.from_json(wanted["dress"]), wanted["slot"])
        try:
            begun.append(Stage(wanted, slot, say, pygame, picture, ScreenGuard, letters))
            threading.Thread(target=_leave_with_engine, args=(begun, engine), daemon=True).start()
            say("/wear/window/ready")
            begun[0].run()
        finally:
            slot.close()
            for stage in begun:
                stage.wardrobe.close()
    except WearsoundError as error:
        say("/wear/window/error", type(error).__name__, str(error))
        return 1
    return 0


class Pipe:
    """Sends records to the engine; one that does not fit into the pipe is dropped, never waited for."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        if hasattr(os, "set_blocking") and os.name == "posix":
            os.set_blocking(descriptor, False)

    def __call__(self, address: str, *args: Any) -> None:
        """[any thread]"""
        from wearsound.outputs.records import pack_record

        try:
            os.write(self._descriptor, pack_record(address, *args))
        except OSError:
            return


def _pygame() -> Any:
    """pygame with a display, or a DeviceError that says what to do."""
    os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
    # SDL would turn SIGTERM into an event, which a hanging sketch never lets us see.
    os.environ.setdefault("SDL_NO_SIGNAL_HANDLERS", "1")
    if sys.platform == "linux" and not any(Path("/dev/dri").glob("render*")):
        # Without a GPU the window's surface would go through OpenGL on the processor: ten times slower.
        os.environ.setdefault("SDL_FRAMEBUFFER_ACCELERATION", "0")
    try:
        import pygame
    except ImportError as error:
        raise DeviceError(
            f"the window needs pygame-ce ({error}): pip install pygame-ce, or leave the window out"
        ) from error
    try:
        pygame.display.init()
    except pygame.error as error:
        raise DeviceError(
            f"no display ({error}): run it on a desktop, set DISPLAY, or make a film with `wearsound render`"
        ) from error
    pygame.display.set_allow_screensaver(False)
    return pygame


def _leave_at_end(begun: list[Stage], told: IO[bytes], letters: deque[dict[str, Any]]) -> None:
    """Listen until the engine says no more. [a thread of its own]"""
    while line := told.readline():
        with contextlib.suppress(ValueError):  # an engine that dies does so in the middle of a line, too
            letters.append(json.loads(line))
    _leave(begun)


def _leave_with_engine(begun: list[Stage], engine: int) -> None:
    """Leave when the engine has gone even if a sketch hangs; say where it hangs before we are killed."""
    from wearsound.outputs import wardrobe

    told = 0.0
    [stage] = begun
    main_thread = threading.main_thread().ident
    while os.getppid() == engine:
        time.sleep(0.25)
        since = stage.shown.drawing_since
        if since and since != told and time.monotonic() - since > _WARN_HANG:
            told = since
            where = _where(main_thread, stage.shown.sketch)
            stage.say("/wear/window/trouble", f"{where}the picture has not come back for {_WARN_HANG} s")
        making = stage.wardrobe.making
        if making is not None and time.monotonic() - making.since > wardrobe.GIVE_UP:
            where = _where(making.thread, making.sketch)
            stage.say(
                "/wear/window/trouble", f"{where}the sketch has not come back for {wardrobe.GIVE_UP:.0f} s"
            )
            stage.say("/wear/window/refused", making.number)
            break
    _leave(begun)


def _where(thread: int | None, sketch: Path | None) -> str:
    """The line of a sketch in which a thread is, "" if it is in none."""
    step = sys._current_frames().get(thread or 0)
    while step and sketch and Path(step.f_code.co_filename) != sketch:
        step = step.f_back
    return f"{Path(step.f_code.co_filename).name}:{step.f_lineno}: " if step else ""


def _leave(begun: list[Stage]) -> None:
    """Dark and gone: politely, then within half a second in any case."""
    for stage in begun:
        stage.leaving = True
    time.sleep(0.5)
    os._exit(0)


def _take_pipes() -> tuple[IO[bytes], int]:
    """The pipes from and to the engine, out of a sketch's reach.

    From now on `print` prints to stderr, `input` meets the end of a file, and `exit()`, which
    closes stdin, closes nothing of ours.
    """
    told, records = os.fdopen(os.dup(0), "rb"), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return told, records


if __name__ == "__main__":
    sys.exit(main())
