"""What a rehearsal breaks, one step a function: each gives what was tried, and whether the show lived through it."""

from __future__ import annotations

import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from wearsound.osc.bundle import Bundles
from wearsound.outputs.light.sender import LightSender
from wearsound.outputs.window import Window

if TYPE_CHECKING:
    from wearsound.show.doctor_rehearse import Director

DARK = 1.1
"""Seconds from a panic to darkness."""
AGAIN = 10.0
"""Seconds in which what was broken must be back."""
SAVED = 30.0
"""Seconds in which a slip in a file must be said."""
LISTENS = 2.0


@dataclass(frozen=True, slots=True)
class Tried:
    """One thing that was tried: "pass", "fail", or "not tried" here, and what was seen."""

    what: str
    word: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.what}: {self.word}: {self.sentence}"


def _light(director: Director) -> Iterator[Tried]:
    """A controller that is not there, and all that are named."""
    since = time.monotonic()
    senders: list[LightSender] = director.outputs(LightSender)
    before = [sender.frames for sender in senders]
    director.until(lambda: False, LISTENS)
    lost = [s.name for s, frames in zip(senders, before, strict=True) if s.failing or s.frames == frames]
    said = f"cannot be sent to: {', '.join(lost)}" if lost else "everything leaves for every target"
    yield director.judged("a light controller that does not answer", not lost, said, since)
    own = [sender.name for sender in senders if "rehearsal-" not in sender.name]
    if own:
        yield Tried("whether it arrives", "not tried", f"look at it: {', '.join(own)} (UDP cannot tell)")


def _input(director: Director) -> Iterator[Tried]:
    """The input is lost and comes back."""
    what, source = "the input is lost and comes back", director.source
    lose = getattr(source, "lose", None)
    if lose is None:
        yield Tried(what, "not tried", "a recording is played; give --input the name of a device")
        return
    since = time.monotonic()
    lose()
    gone = director.until(lambda: source.note, 3.0)
    back = gone and director.until(lambda: not source.note and source.age < 0.5, AGAIN)
    took = time.monotonic() - since
    said = f"back after {took:.1f} s" if back else "it did not come back" if gone else "nobody noticed"
    yield director.judged(what, back, f"our own capture was closed, not its cable pulled: {said}", since)


def _panic(director: Director) -> Iterator[Tried]:
    """Dark by every way that a program can go."""
    ways: list[tuple[str, Callable[[], object], Callable[[], object]]] = []
    if hasattr(signal, "SIGUSR1"):
        kill = partial(os.kill, os.getpid())
        ways.append(("a signal", partial(kill, signal.SIGUSR1), partial(kill, signal.SIGUSR2)))
    rig = director.built.show.rig
    if rig is not None and rig.door.port:
        host = rig.door.host if rig.door.host not in ("0.0.0.0", "::") else "127.0.0.1"
        tell = partial(_say, host, rig.door.port)
        ways.append(("OSC", partial(tell, "/wear/panic"), partial(tell, "/wear/resume")))
    for name, panic, resume in ways:
        since, was = time.monotonic(), director.eye.most
        if director.over:
            return
        panic()
        dark = director.until(lambda: director.engine.master.dark == "panic" and director.eye.most == 0, 3.0)
        took = time.monotonic() - since
        if director.over:
            return
        resume()
        again = director.until(lambda: director.engine.master.dark == "", 3.0)
        if was:
            director.until(lambda: director.eye.most, 3.0)
        said = f"dark after {took:.2f} s" if dark else "it did not go dark"
        said += "" if was else " (it was dark before)"
        said += "" if again else ", and it could not be resumed"
        yield director.judged(f"panic by {name}", dark and again and took <= DARK, said, since)
    yield Tried(
        "panic by hand",
        "not tried",
        "press Escape twice in the window, and R; type `panic` in the terminal, and `resume`; listen and feel too",
    )


def _say(host: str, port: int, address: str) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM) as out:
        out.sendto(Bundles().message((address, ())), (host, port))


def _save(director: Director) -> Iterator[Tried]:
    """A slip in the patch, saved while it plays, and mended."""
    since, number = time.monotonic(), director.engine.number
    good, said = director.patch.read_bytes(), len(director.log.said)
    name = director.patch.name
    director.patch.write_bytes(b"title = \n" + good)
    told = director.until(lambda: any(name in line for line in director.log.said[said:]), SAVED)
    took = time.monotonic() - since
    director.patch.write_bytes(good)
    same = director.engine.number == number
    sentence = f"said after {took:.1f} s" if told else f"not said in {SAVED:.0f} s"
    sentence += ", the good one played on" if same else ", and something else played"
    yield director.judged("a slip in the patch is saved", told and same, sentence, since)


def _window(director: Director) -> Iterator[Tried]:
    """The window's program dies."""
    what = "the window's program dies"
    windows: list[Window] = director.outputs(Window)
    if not windows:
        yield Tried(what, "not tried", "no window is open")
        return
    window, since = windows[0], time.monotonic()
    director.until(lambda: window.drawn, 30.0)
    restarts = window.restarts
    window.kill()
    director.until(lambda: window.restarts > restarts, 5.0)
    drawn = window.drawn
    back = director.until(lambda: window.restarts > restarts and window.drawn > drawn, 30.0)
    took = time.monotonic() - since
    said = f"it draws again after {took:.1f} s" if back else "it did not come back in 30 s"
    yield director.judged(what, back, said, since)


STEPS: tuple[Callable[[Director], Iterator[Tried]], ...] = (_light, _input, _panic, _save, _window)
"""In this order."""
