"""The window, seen from the engine: a second process that may hang or die, and is started again.

`send` copies one frame into shared memory and looks at a counter; it never waits. Everything slow
(starting, killing, baking a picture) happens on a disposable thread.
"""

from __future__ import annotations

import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from wearsound.core import U8, Clock, Event, Frame
from wearsound.errors import PatchError, WearsoundError
from wearsound.outputs.program import Program
from wearsound.outputs.slot import LAMP_ABSENT, Told

_HANG = 2.0
_HELD = 2.0 if sys.platform == "linux" else 20.0
"""Elsewhere a program stands still while its window is dragged: no reason to kill it."""
_MINUTE = 60.0
_DEATHS = 3
_LONGEST_BACK_OFF = 10.0


class Window:
    """Shows frames in a second process; implements `core.Output`.

    Keys come back as `Event`s with the addresses of OSC: `/wear/quit`, `/wear/panic`,
    `/wear/resume`, `/wear/blackout 1|0`, `/wear/scene/name`, `/wear/key name`;
    `/wear/window/trouble sentence` says what broke while the show goes on. They are passed to
    `on_event` during `send` and `poll`. [engine thread]
    """

    name = "window"

    def __init__(
        self,
        features: Sequence[str],
        controls: Sequence[str],
        zones: Sequence[str],
        pixels: int,
        garment_path: Path,
        sketch_path: Path | None = None,
        *,
        size: tuple[int, int] = (1280, 720),
        seed: int = 0,
        fps: int = 60,
        fullscreen: bool = False,
        display: int = 0,
        hud: bool = True,
        scenes: Sequence[str] = (),
        palette: Sequence[Any] = (),
        title: str = "wearsound",
        screen: Sequence[Sequence[float]] = (),
        most_ma: float = 0.0,
        actuators: Sequence[str] = (),
        on_event: Callable[[Event], object] | None = None,
    ) -> None:
        """`features`, `controls`, `zones`: names in the order of the frames' columns and rows; `pixels`: how many.

        `screen`: places (n, 2) 0..1 on a sketch's picture, whose colours `shown` gives back. `most_ma`: what the
        garment's battery bears, so that the strip can warn near it. `actuators`: names in the order of `Frame.touch`.
        """
        self.rate = fps
        self.lamps = (LAMP_ABSENT, LAMP_ABSENT)
        self.dropped = 0
        self.restarts = 0
        self._sketch = sketch_path
        self._on_event = on_event
        self.at_once: Callable[[Event], object] | None = None
        """Told of each key at once, also while the engine hangs. [a thread of its own; set before `open`]"""
        self._scene_index = {scene: i for i, scene in enumerate(scenes)}
        self._counts = (len(features), len(controls), len(zones), pixels)
        self._wanted = {
            "features": list(features),
            "controls": list(controls),
            "zones": len(zones),
            "pixels": pixels,
            "garment": str(garment_path),
            "size": list(size),
            "seed": seed,
            "fps": fps,
            "fullscreen": fullscreen,
            "display": display,
            "hud": hud,
            "scenes": list(scenes),
            "palette": list(palette),
            "title": title,
            "screen": [list(place) for place in screen],
            "most_ma": most_ma,
            "actuators": list(actuators),
        }
        self._program: Program | None = None
        self._next: Program | WearsoundError | None = None
        self._starter: threading.Thread | None = None
        self._closing = threading.Event()
        self._said: set[str] = set()
        self._deaths: deque[float] = deque(maxlen=_DEATHS)
        self._drawn_before = self._tick = self._sent = self._acknowledged = self._shown = 0
        self._waiting = 0.0

    def open(self, clock: Clock) -> None:
        """Start the program and wait until its window stands; its sentence is raised if it cannot.

        A garment that was never painted here takes seconds: that is said, and light and OSC do not wait for it.
        DeviceError without a display or pygame, PatchError for a garment or sketch that is broken.
        """
        self._closing.clear()
        self._wanted["sample_rate"] = clock.sample_rate
        program = self._start("", patient=False)
        if program.ready:
            self._adopt(program)
            return
        self._say_once(
            "the garment is painted for its window, once: some seconds; everything else plays already"
        )
        self._starter = threading.Thread(target=self._dress, args=(program,), daemon=True)
        self._starter.start()

    def send(self, frame: Frame) -> None:
        """Copy `frame` into the slot; microseconds, whatever the window does. [engine thread]"""
        self._tick = frame.tick
        self.poll()
        program = self._program
        if program is None:
            self.dropped += 1
            return
        now = time.monotonic()
        acknowledged, drawing, _ = program.slot.reply()
        if acknowledged != self._acknowledged or acknowledged == self._sent:
            self._acknowledged, self._waiting = acknowledged, now
        if program.gone or now - self._waiting > (_HANG if drawing else _HELD):
            self._replace(program, now)
            self.dropped += 1
            return
        scene = self._scene_index.get(frame.scene, -1)
        self._sent = program.slot.write(frame, scene, Told(self.lamps))

    def poll(self) -> None:
        """Take what the window has said, and a program that has been started again. [engine thread]"""
        arrived = self._next
        if arrived is not None:  # only then: the starter may put a program here between two steps of ours
            self._next = None
        if isinstance(arrived, WearsoundError):
            self._say_once(str(arrived))
            if isinstance(arrived, PatchError):
                self._sketch = None
            self._start_again(None, time.monotonic())
        elif arrived is not None:
            self._adopt(arrived)
        program = self._program
        while program is not None and program.inbox:
            address, args = program.inbox.popleft()
            if address == "/wear/window/trouble":
                self._say_once(str(args[0]) if args else "")
                continue
            self._deliver(Event(self._tick, address, args, "key"))

    @property
    def drawn(self) -> int:
        """Frames that have been on the screen since the beginning. [any thread]"""
        program = self._program
        return self._drawn_before + (program.slot.reply()[2] if program else 0)

    def shown(self) -> U8 | None:
        """The colours, uint8 (n, 3), of the sketch at the places of `screen`; None if none are new. [engine thread]"""
        news = self._program.slot.shown(self._shown) if self._program else None
        if news is None:
            return None
        self._shown, colours = news
        return colours

    def close(self) -> None:
        """The window goes dark and away; twice is fine."""
        self._closing.set()
        if self._starter is not None:
            self._starter.join(5.0)
            self._starter = None
        for program in (self._program, self._next):
            if isinstance(program, Program):
                self._drawn_before += program.slot.reply()[2]
                program.stop(1.5)
        self._program = self._next = None

    def _adopt(self, program: Program) -> None:
        self._program = program
        self._sent = self._acknowledged = self._shown = 0
        self._waiting = time.monotonic()

    def _replace(self, program: Program, now: float) -> None:
        """Let go of a program that hangs or has died."""
        self._program = None
        self._drawn_before += program.slot.reply()[2]
        self.restarts += 1
        how = "ended by itself" if program.gone else f"drew nothing for {_HANG:.0f} s"
        self._say_once(f"the window {how} and is started again; everything else plays on")
        self._start_again(program, now)

    def _start_again(self, old: Program | None, now: float) -> None:
        recent = 1 + sum(now - death < _MINUTE for death in self._deaths)
        self._deaths.append(now)
        trouble = ""
        if recent >= _DEATHS and self._sketch is not None:
            often = f"{self._sketch.name} broke the window {recent} times in a minute"
            trouble = f"{often}: the garment is shown instead"
            self._say_once(trouble)
            self._sketch = None
            self._deaths.clear()
        delay = min(_LONGEST_BACK_OFF, 0.25 * 2 ** (recent - 1))
        self._starter = threading.Thread(target=self._restart, args=(old, delay, trouble), daemon=True)
        self._starter.start()

    def _restart(self, old: Program | None, delay: float, trouble: str) -> None:
        """[a thread of its own]"""
        if old is not None:
            old.stop(0.0)
        if self._closing.wait(delay):
            return
        try:
            self._next = self._start(trouble)
        except WearsoundError as error:
            self._next = error

    def _dress(self, program: Program) -> None:
        """[a thread of its own]"""
        try:
            program.wait(self._closing)
            self._next = program
        except WearsoundError as error:
            program.stop(0.0)
            self._next = error

    def _start(self, trouble: str, *, patient: bool = True) -> Program:
        wanted = {**self._wanted, "sketch": str(self._sketch) if self._sketch else "", "trouble": trouble}
        program = Program(wanted, self._counts, self._hear)
        try:
            program.wait(self._closing, patient=patient)
        except BaseException:
            program.stop(0.0)
            raise
        return program

    def _say_once(self, sentence: str) -> None:
        if sentence not in self._said and len(self._said) < 100:
            self._said.add(sentence)
            self._deliver(Event(self._tick, "/wear/window/trouble", (sentence,)))

    def _hear(self, address: str, args: tuple[Any, ...]) -> None:
        """[the program's listening thread]"""
        if self.at_once is not None:
            self.at_once(Event(self._tick, address, args, "key"))

    def _deliver(self, event: Event) -> None:
        if self._on_event is not None:
            self._on_event(event)
