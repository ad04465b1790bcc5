"""A show live: the window, OSC and panic around the same engine that renders."""

from __future__ import annotations

import logging
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from wearsound.core import Event, Health, Output, Source, Tape
from wearsound.outputs.display import display_trouble
from wearsound.outputs.osc import Osc, UdpSink
from wearsound.outputs.slot import LAMP_ABSENT, LAMP_ALIVE
from wearsound.outputs.window import Window
from wearsound.show.build import Built, build, osc_messages

if TYPE_CHECKING:
    from wearsound.show.load import Show

log = logging.getLogger(__name__)

WORDS = {"panic": "/wear/panic", "resume": "/wear/resume", "blackout": "/wear/blackout", "quit": "/wear/quit"}
"""What may be typed into the terminal of a running show."""

ANSWERS = {
    "panic": "panic: all light goes dark and stays so; type resume",
    "resume": "resumed",
    "blackout": "blackout; type resume",
    "quit": "leaving",
}

LEAVE = ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGBREAK")
"""Ctrl-C, a polite kill, a closed terminal, Ctrl-Backslash, Windows' Ctrl-Break: all leave neutral."""


def play(
    show: Show,
    source: Source,
    *,
    size: tuple[int, int] = (1280, 720),
    display: int = 0,
    fullscreen: bool = False,
    window: bool = True,
    tapes: Sequence[Tape] = (),
    say: Callable[[str], None] = print,
) -> Built:
    """Play until the source ends, the window is left, Ctrl-C or SIGTERM; every output is closed neutral.

    Without a display it plays on for OSC and says so. SIGUSR1, the window and the terminal can panic.
    """
    built = build(show, source.lanes, source.sample_rate, strict=False)
    engine = built.engine
    engine.tapes.extend(tapes)
    targets = show.rig.osc if show.rig else []
    trouble = display_trouble() if window else ""
    if trouble:
        say(f"no window: {trouble}; playing on without one")
    elif window:
        engine.outputs.append(_window(show, built, size, display, fullscreen, sends=bool(targets)))
    if targets:
        # After the window, so that it is closed before: receivers are told to go dark at once.
        sinks = [UdpSink(target.name, target.host, target.port) for target in targets]
        engine.outputs.append(Osc(osc_messages(built, show, health=True), sinks))
        say("sends OSC to " + ", ".join(f"{target.host}:{target.port}" for target in targets))
    engine.health = _health_of(source, engine.outputs)
    if not engine.outputs:
        say(
            "nothing to play to: no window, and no OSC target without a rig (--rig laptop sends to 127.0.0.1:9001)"
        )
    with _hands_on(engine.inbox.append):
        engine.run(source)
    return built


def _window(
    show: Show, built: Built, size: tuple[int, int], display: int, fullscreen: bool, *, sends: bool
) -> Window:
    window = Window(
        features=[spec.name for spec in built.ear.specs],
        controls=[spec.name for spec in built.score.specs],
        zones=show.garment.zone_names,
        garment_path=show.garment_path,
        sketch_path=show.sketch_path,
        size=size,
        seed=show.seed,
        fullscreen=fullscreen,
        display=display,
        scenes=[scene.name for scene in show.patch.scenes],
        palette=show.patch.palette,
        title=show.patch.title,
        on_event=built.engine.inbox.append,
    )
    window.lamps = (LAMP_ABSENT, LAMP_ALIVE if sends else LAMP_ABSENT)
    return window


def _health_of(source: Source, outputs: Sequence[Output]) -> Callable[[], Health]:
    """Age and drops of the sound, and how many pictures a second the window really draws."""
    window = next((output for output in outputs if isinstance(output, Window)), None)
    looked, drawn, fps = time.monotonic(), 0, 0.0

    def health() -> Health:
        nonlocal looked, drawn, fps
        now = time.monotonic()
        if window is not None and now - looked >= 1.0:
            fps = (window.drawn - drawn) / (now - looked)
            looked, drawn = now, window.drawn
        return Health(
            fps=fps,
            age_ms=1000.0 * float(getattr(source, "age", 0.0)),
            drops=int(getattr(source, "lost", 0)),
        )

    return health


@contextmanager
def _hands_on(take: Callable[[Event], None]) -> Iterator[None]:
    """Signals and typed words become events; the signals' old handlers come back at the end."""

    asked = False

    def quit_(number: int, frame: Any) -> None:
        nonlocal asked
        if asked:  # something slow is being opened or closed: leave now, still by way of every close
            raise KeyboardInterrupt
        asked = True
        take(Event(0, "/wear/quit"))

    def panic(number: int, frame: Any) -> None:
        take(Event(0, "/wear/panic"))

    handlers: dict[int, Any] = {getattr(signal, name): quit_ for name in LEAVE if hasattr(signal, name)}
    if hasattr(signal, "SIGUSR1"):
        handlers[signal.SIGUSR1] = panic
    before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
    if sys.stdin is not None and sys.stdin.isatty():
        threading.Thread(target=_read_words, args=(take,), daemon=True).start()
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _read_words(take: Callable[[Event], None]) -> None:
    for line in sys.stdin:
        word = line.strip().lower().strip("!.")
        if word in WORDS:
            take(Event(0, WORDS[word]))
            print(ANSWERS[word])
        elif word:
            print(f"{word!r} is not known here; type one of: {', '.join(WORDS)}", file=sys.stderr)
