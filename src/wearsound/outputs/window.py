"""The window, seen from the engine: a second process that may hang or die, and is started again.

`send` copies one frame into shared memory and looks at a counter; it never waits. Everything slow
(starting, killing, baking a picture) happens on a disposable thread.
"""

from __future__ import annotations

import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from wearsound import faults
from wearsound.core import U8, Clock, Event, Frame
from wearsound.errors import PatchError, WearsoundError
from wearsound.outputs.dress import Dress
from wearsound.outputs.outfit import Outfit
from wearsound.outputs.program import Program
from wearsound.outputs.slot import LAMP_ABSENT, Slot, Told

TROUBLE = "/wear/window/trouble"
_HANG = 2.0
_HELD = 2.0 if sys.platform == "linux" else 20.0
"""Elsewhere a program stands still while its window is dragged: no reason to kill it."""
_MINUTE = 60.0
_DEATHS = 3
_LONGEST_BACK_OFF = 10.0
AWAY = "WS-W46"
_REMEMBERED = 100
"""Sentences that are not said again."""


class Window:
    """Shows frames in a second process; implements `core.Output`.

    Keys come back as `Event`s with the addresses of OSC: `/wear/quit`, `/wear/panic`,
    `/wear/resume`, `/wear/blackout 1|0`, `/wear/scene/name`, `/wear/key name`;
    `/wear/window/trouble sentence` says what broke while the show goes on. They are passed to
    `on_event` during `send` and `poll`. [engine thread]

    The show may change: `dress` tells of the next one, and when `dressed` has its number its frames are shown at
    once. Frames that come before that are shown with the picture of the last one.
    """

    name = "window"

    def __init__(
        self,
        dress: Dress,
        *,
        size: tuple[int, int] = (1280, 720),
        fps: int = 60,
        fullscreen: bool = False,
        display: int | str | None = None,
        hud: bool = True,
        on_event: Callable[[Event], object] | None = None,
    ) -> None:
        """`dress` is the show it begins with; `display` a number or part of a name, None for the one chosen last."""
        self.rate = fps
        self.lamps = (LAMP_ABSENT, LAMP_ABSENT)
        self.telling: Callable[[], Told] | None = None
        """What is told beside each frame; where nobody says it, the `lamps`. [engine thread]"""
        self.dropped = 0
        self.restarts = 0
        self._on_event = on_event
        self.hurried = False
        """Whether `open` waits for nothing: light must be back, and the window may come later. [set before `open`]"""
        self.at_once: Callable[[Event], object] | None = None
        """Told of each key at once, also while the engine hangs. [a thread of its own; set before `open`]"""
        self._outfits = {dress.number: Outfit.read(dress)}
        """By number: the show that plays, and those that may come."""
        self._newest = self._playing = dress.number
        self._numbers = {dress.number: dress.number}
        """By the number of a show: that of the latest dress for it."""
        self._seen = self._seen_before = self._outfits[dress.number]
        """The last two that looked different."""
        self._refused = -1
        self._scenes = _index(dress)
        self._wanted: dict[str, Any] = {
            "size": list(size),
            "fps": fps,
            "fullscreen": fullscreen,
            "display": display,
            "hud": hud,
            "said": "",
        }
        self._trouble = self._fault = ""
        self._program: Program | None = None
        self._slot: Slot | None = None
        self._next: Program | WearsoundError | None = None
        self._starter: threading.Thread | None = None
        self._closing = threading.Event()
        self._said: deque[str] = deque(maxlen=_REMEMBERED)
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
        if self.hurried:
            program = self._begun("")
            self._starter = threading.Thread(target=self._await, args=(program,), daemon=True)
            self._starter.start()
            return
        program = self._start("", patient=False)
        if program.ready:
            self._adopt(program)
            return
        self._say_once(
            "the garment is painted for its window, once: some seconds; everything else plays already"
        )
        self._starter = threading.Thread(target=self._await, args=(program,), daemon=True)
        self._starter.start()

    def dress(self, dress: Dress) -> None:
        """Make ready for the show `dress`; of two with one number the later counts. Returns at once. [any thread]

        The last picture plays on until then, and where the new one cannot be shown.
        """
        # A take that is played again and again comes back to its first show: here numbers only grow.
        number = max(self._newest + 1, dress.number)
        outfit = Outfit.read(replace(dress, number=number))
        # In this order: a program that is adopted meanwhile finds the outfit, or is found here.
        self._outfits[number] = outfit
        self._newest = number
        self._numbers[dress.number] = number
        program = self._program
        if program is not None:
            program.dress(outfit)

    @property
    def dressed(self) -> int:
        """The newest show that the window is ready for; without a window nobody need wait for it. [any thread]"""
        program = self._program
        return program.dressed if program is not None else self._newest

    def tell(self, sentence: str) -> None:
        """Put the engine's own trouble on the error strip, "" when it is over. [any thread]"""
        self._trouble = sentence
        self._tell()

    def warn(self, sentence: str) -> None:
        """Put a fault there for as long as there is no trouble, "" when it is over. [any thread]"""
        self._fault = sentence
        self._tell()

    def _tell(self) -> None:
        sentence = self._wanted["said"] = self._trouble or self._fault
        program = self._program
        if program is not None:
            program.tell(sentence)

    def send(self, frame: Frame) -> None:
        """Copy `frame` into the slot of its show; microseconds, whatever the window does. [engine thread]"""
        self._tick = frame.tick
        self.poll()
        program = self._program
        number = self._numbers.get(frame.show, self._playing)
        if number != self._playing:
            self._change(number)
        if program is None:
            self.dropped += 1
            return
        if self._slot is None:
            self._slot = program.slots.get(self._playing)
        now, slot = time.monotonic(), self._slot
        acknowledged, drawing, _ = slot.reply() if slot is not None else (0, False, 0)
        if acknowledged != self._acknowledged or acknowledged == self._sent:
            self._acknowledged, self._waiting = acknowledged, now
        if program.gone or now - self._waiting > (_HANG if drawing else _HELD):
            self._replace(program, now)
            self.dropped += 1
            return
        if slot is None:
            self.dropped += 1
            return
        scene = self._scenes.get(frame.scene, -1)
        told = Told(self.lamps) if self.telling is None else self.telling()
        self._sent = slot.write(frame, scene, told)

    def poll(self) -> None:
        """Take what the window has said, and a program that has been started again. [engine thread]"""
        arrived = self._next
        if arrived is not None:  # only then: the starter may put a program here between two steps of ours
            self._next = None
        if isinstance(arrived, WearsoundError):
            faults.begin(
                AWAY, self.name, f"no window: {arrived}; it is tried again, and everything else plays on"
            )
            self._say_once(str(arrived), known=True)
            if isinstance(arrived, PatchError):
                self._give_up_sketch()
            self._start_again(None, time.monotonic())
        elif arrived is not None:
            self._adopt(arrived)
        program = self._program
        while program is not None and program.inbox:
            address, args = program.inbox.popleft()
            if address == TROUBLE:
                self._say_once(str(args[0]) if args else "")
            elif address == "/wear/window/worn":
                program.leave(int(args[0]))
            elif address == "/wear/window/refused":
                self._refuse(int(args[0]))
            else:
                self._deliver(Event(self._tick, address, args, "key"))

    @property
    def drawn(self) -> int:
        """Frames that have been on the screen since the beginning. [any thread]"""
        slot = self._slot
        return self._drawn_before + (slot.reply()[2] if slot is not None else 0)

    def shown(self) -> U8 | None:
        """The colours, uint8 (n, 3), of the sketch at the places of `screen`; None if none are new. [engine thread]"""
        news = self._slot.shown(self._shown) if self._slot is not None else None
        if news is None:
            return None
        self._shown, colours = news
        return colours

    def kill(self) -> None:
        """End its program as if it had died, for a rehearsal: it is started again by itself. [any thread]"""
        program = self._program
        if program is not None:
            program.kill()

    def close(self) -> None:
        """The window goes dark and away; twice is fine."""
        self._closing.set()
        if self._starter is not None:
            self._starter.join(5.0)
            self._starter = None
        self._let_go()
        for program in (self._program, self._next):
            if isinstance(program, Program):
                program.stop(1.5)
        self._program = self._next = None

    def _adopt(self, program: Program) -> None:
        faults.end(AWAY, self.name, "the window is back")
        self._program = program
        self._sent = self._acknowledged = self._shown = 0
        self._waiting = time.monotonic()
        self._slot = program.slots.get(self._playing)
        for number in sorted(self._outfits):
            if number > program.first:
                program.dress(self._outfits[number])
        program.tell(self._wanted["said"])

    def _change(self, number: int) -> None:
        """From here on the frames are of another show. [engine thread]"""
        outfit = self._outfits.get(number)
        if outfit is None:  # nobody told us of it
            return
        last, self._playing = self._playing, number
        self._let_go()
        self._scenes = _index(outfit.dress)
        if outfit.look != self._seen.look:
            self._seen_before, self._seen = self._seen, outfit
        # The clock of silence runs on: a window that hangs must not be saved by one change after another.
        self._sent, self._acknowledged, self._shown = -1, 0, 0
        for old in [n for n in list(self._outfits) if n < min(last, number)]:
            del self._outfits[old]

    def _let_go(self) -> None:
        """Count what was drawn, and hold the slot no longer."""
        slot, self._slot = self._slot, None
        if slot is not None:
            self._drawn_before += slot.reply()[2]

    def _replace(self, program: Program, now: float) -> None:
        """Let go of a program that hangs or has died."""
        self._program = None
        self._let_go()
        self.restarts += 1
        how = "ended by itself" if program.gone else f"drew nothing for {_HANG:.0f} s"
        asked = self._outfits.get(self._newest)
        pending = max(program.dressed, self._refused) < self._newest
        if asked is not None and pending and asked.dress.sketch:
            self._say_once(f"{_file(asked)} broke the window before it was seen: the last picture plays on")
            self._refuse(self._newest)
        sentence = f"the window {how} and is started again; everything else plays on"
        faults.begin(AWAY, self.name, sentence)
        self._say_once(sentence, known=True)
        self._start_again(program, now)

    def _refuse(self, number: int) -> None:
        """A program that is started again shall not try what this one could not show."""
        outfit = self._outfits.get(number)
        if outfit is not None and number > self._refused:
            self._refused = number
            if outfit.look == self._seen.look:
                self._seen = self._seen_before
            self._outfits[number] = outfit.with_sketch_of(self._seen)

    def _give_up_sketch(self) -> None:
        self._outfits[self._playing] = self._outfits[self._playing].without_sketch()

    def _start_again(self, old: Program | None, now: float) -> None:
        recent = 1 + sum(now - death < _MINUTE for death in self._deaths)
        self._deaths.append(now)
        trouble = ""
        playing = self._outfits[self._playing]
        if recent >= _DEATHS and playing.dress.sketch:
            often = f"{_file(playing)} broke the window {recent} times in a minute"
            trouble = f"{often}: the garment is shown instead"
            self._say_once(trouble)
            self._give_up_sketch()
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

    def _await(self, program: Program) -> None:
        """[a thread of its own]"""
        try:
            program.wait(self._closing)
            self._next = program
        except WearsoundError as error:
            program.stop(0.0)
            self._next = error

    def _start(self, trouble: str, *, patient: bool = True) -> Program:
        program = self._begun(trouble)
        try:
            program.wait(self._closing, patient=patient)
        except BaseException:
            program.stop(0.0)
            raise
        return program

    def _begun(self, trouble: str) -> Program:
        return Program({**self._wanted, "trouble": trouble}, self._outfits[self._playing], self._hear)

    def _say_once(self, sentence: str, *, known: bool = False) -> None:
        """`known`: a fault that was said already, so that the event is for those alone who listen to it."""
        if sentence not in self._said:
            self._said.append(sentence)
            self._deliver(Event(self._tick, TROUBLE, (sentence, *(("known",) if known else ()))))

    def _hear(self, address: str, args: tuple[Any, ...]) -> None:
        """[the program's listening thread]"""
        if self.at_once is not None:
            self.at_once(Event(self._tick, address, args, "key"))

    def _deliver(self, event: Event) -> None:
        if self._on_event is not None:
            self._on_event(event)


def _index(dress: Dress) -> dict[str, int]:
    """The number of each scene."""
    return {scene: number for number, scene in enumerate(dress.scenes)}


def _file(outfit: Outfit) -> str:
    return Path(outfit.dress.sketch).name
