"""The one thread that talks to PortAudio, so that nobody else can be held up by it.

PortAudio's control calls are not thread-safe, and opening and closing can hang for as long as a
sound server does not answer. So one disposable thread makes all of them, in order, and whoever
asks waits a bounded time; a thread that hangs is left behind and a new one takes its place.
"""

from __future__ import annotations

import atexit
import queue
import sys
import threading
from collections.abc import Callable
from typing import Any, TypeVar

from wearsound.errors import DeviceError
from wearsound.sources.quiet import hush_alsa, quiet

T = TypeVar("T")

MOST_HANGING = 3


class Hanging(DeviceError):
    """The sound system did not answer in time."""


class _Desk:
    def __init__(self) -> None:
        self.jobs: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self.left = False
        self.thread = threading.Thread(target=self._work, name="portaudio", daemon=True)
        self.thread.start()

    def _work(self) -> None:
        while not self.left:
            self.jobs.get()()


_lock = threading.Lock()
_desk: _Desk | None = None
_hanging: list[_Desk] = []
_open: set[int] = set()


def hanging() -> int:
    """How many threads are still held by a sound system that does not answer. [any thread]"""
    _hanging[:] = [desk for desk in _hanging if desk.thread.is_alive()]
    return len(_hanging)


def ask(work: Callable[[], T], seconds: float, undo: Callable[[T], None] | None = None) -> T:
    """The result of `work`, made on PortAudio's thread; Hanging after `seconds`. [any thread]

    `undo` takes back a result that came too late. Meanwhile stderr is silent; whoever asks holds
    it, so a call that hangs cannot keep it.
    """
    global _desk
    answer: queue.SimpleQueue[tuple[bool, Any]] = queue.SimpleQueue()
    gate = threading.Lock()
    given_up = False

    def job() -> None:
        try:
            good, result = True, work()
        except BaseException as trouble:  # it is raised again where it was asked for
            answer.put((False, trouble))
            return
        with gate:
            if not given_up:
                answer.put((good, result))
                return
        if undo is not None:
            undo(result)

    with _lock:
        if hanging() >= MOST_HANGING:
            raise Hanging("the sound system has stopped answering; restart it, then wearsound")
        if _desk is None:
            _desk = _Desk()
        desk = _desk
        with quiet():
            # In here: where sounddevice begins before us, it points descriptor 2 elsewhere, and we keep that.
            desk.jobs.put(job)
            try:
                good, result = answer.get(timeout=seconds)
            except queue.Empty:
                with gate:
                    given_up = True
                desk.left = True
                _hanging.append(desk)
                _desk = None
                good, result = (
                    False,
                    Hanging(
                        f"the sound system has not answered for {seconds:g} s; restart it "
                        "(pulseaudio -k, or systemctl --user restart pipewire-pulse)"
                    ),
                )
    if good:
        return result  # type: ignore[no-any-return]
    raise result


def portaudio() -> Any:
    """The `sounddevice` module, imported on first use; only inside `ask`.

    Raises DeviceError where PortAudio or sounddevice is not installed.
    """
    known = "sounddevice" in sys.modules
    try:
        import sounddevice
    except ImportError as trouble:
        raise DeviceError(
            "live sound needs sounddevice; install it with: pip install sounddevice"
        ) from trouble
    except OSError as trouble:
        remedy = (
            "install it with: sudo apt-get install libportaudio2"
            if sys.platform.startswith("linux")
            else "install it again with: pip install --force-reinstall sounddevice"
        )
        raise DeviceError(
            f"live sound needs the PortAudio library, which is not there; {remedy}"
        ) from trouble
    if not known:
        # Its own exit handler would wait for a frozen sound server for ever.
        atexit.unregister(sounddevice._exit_handler)
        atexit.register(_leave)
        hush_alsa()
    return sounddevice


def look_again() -> None:
    """Have PortAudio list the devices anew, unless a stream is open or a thread hangs; inside `ask`."""
    if _open or hanging():
        return
    sounddevice = portaudio()
    if sounddevice._initialized:  # not where it failed to start the last time
        sounddevice._terminate()
    # Not its `_initialize`: that points descriptor 2 elsewhere, and where a sound server takes long it would put
    # it back after we have.
    sounddevice._check(sounddevice._lib.Pa_Initialize(), "PortAudio does not start again")
    sounddevice._initialized += 1


def opened(stream: Any) -> None:
    """Remember an open stream, which `look_again` would kill; inside `ask`."""
    _open.add(id(stream))


def closed(stream: Any) -> None:
    """Stop and close a stream; inside `ask`."""
    try:
        stream.abort(ignore_errors=True)
        stream.close(ignore_errors=True)
    finally:
        _open.discard(id(stream))


def started(make: Callable[[], Any]) -> Any:
    """The stream that `make` opens, remembered and started, or closed again if it does not start; inside `ask`."""
    stream = make()
    opened(stream)
    try:
        stream.start()
    except BaseException:
        closed(stream)
        raise
    return stream


def _leave() -> None:
    def last() -> None:
        portaudio()._exit_handler()

    try:
        ask(last, 1.0)
    except Exception:
        return  # the process ends and takes the stream with it
