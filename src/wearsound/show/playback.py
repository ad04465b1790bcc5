"""A rendered show to real gear: its OSC, light and vibration leave again by the clock, and nothing is analysed."""

from __future__ import annotations

import itertools
import re
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np

from wearsound import faults
from wearsound.core import LIGHT_RATE, U8, Block, Clock, Event, Source
from wearsound.errors import MissingError, PatchError, WearsoundError
from wearsound.inbox import Inbox
from wearsound.osc.bundle import Message
from wearsound.outputs.hand import HandTold
from wearsound.parts import HURRY, hurried
from wearsound.show.hands import hand_to, hands_on
from wearsound.show.light_file import LightFile
from wearsound.show.light_targets import sender_of
from wearsound.show.osc_lines import OscLines
from wearsound.show.play_targets import NEAR, LitTarget, Target
from wearsound.show.play_vibration import PlayedVibration
from wearsound.show.playback_guard import PlaybackGuard
from wearsound.show.rig import Rig
from wearsound.show.typed import HAND
from wearsound.show.vibration_file import VibrationFile
from wearsound.sources.excerpt import Excerpt
from wearsound.sources.pace import Paced
from wearsound.sources.room_time import RoomTime

SOUND = "sound.wav"
_ZONE = re.compile(r"/wear/(?:zone/([^/]+)/rgb|haptic/([^/]+))")
_MOST_ZONES = 1024
_What = TypeVar("_What")


@dataclass(slots=True)
class Played:
    """What came of it: seconds of the show, messages, frames of light and of vibration that left (each to every
    target), frames held back because they would have flashed too often, datagrams lost, lines of the file left out."""

    seconds: float = 0.0
    messages: int = 0
    frames: int = 0
    shaken: int = 0
    held: int = 0
    lost: int = 0
    broken: int = 0


class Playback:
    """Sends osc.jsonl, light.npz and vibration.wav of a render to a rig's targets, all at its time since the start.

    DIR/sound.wav is heard beside unless `mute`. `start` seconds in; `loop` begins again there at the end.
    MissingError, PatchError, AudioError or a WearsoundError say at once what does not fit.
    """

    def __init__(
        self,
        folder: str | Path,
        rig: Rig,
        *,
        loop: bool = False,
        start: float = 0.0,
        mute: bool = False,
        seconds: float | None = None,
    ) -> None:
        self.folder = Path(folder)
        self.lines = OscLines(self.folder)
        self.lights: list[LitTarget] = []
        self.frames: LightFile | None = None
        self._unlit = ""
        wanted = [number for number, named in enumerate(rig.light) if not named.audio_sync]
        if not rig.osc and not wanted and not rig.vibration:
            raise WearsoundError(
                f"{rig.path or 'the rig'} names no [[osc]], no [[light]] and no [[vibration]] target: there is nothing "
                "to send to"
            )
        self.targets = [Target(named) for named in rig.osc]
        if wanted:
            try:
                self.frames = LightFile(self.folder)
            except MissingError as trouble:
                if not rig.osc and not rig.vibration:
                    raise
                self._unlit = str(trouble)
            else:
                garment, body, name = self.frames.garment, self.frames.body, self.folder.resolve().name
                self.lights = [
                    LitTarget(rig.light[number], sender_of(rig, number, garment, body, name))
                    for number in wanted
                ]
        self.rig = rig
        self.loop = loop
        self.seconds = seconds
        sound = self.folder / SOUND
        heard = sound.is_file()
        make = _sound(sound) if heard else _silence(self.lines.last)
        source = make()
        self.clock = Clock(source.sample_rate)
        length = float(getattr(source, "duration", self.lines.last))
        self.hops = max(1, -(-round(length * self.clock.sample_rate) // self.clock.hop))
        if self.frames is not None:
            self._guard = PlaybackGuard(rig, self.frames.garment, self.frames.body)
            self._unlit_frame: U8 = np.zeros((self.frames.body.n_pixels, 3), np.uint8)
            self._frame = self._unlit_frame
        first = round(start * self.clock.sample_rate / self.clock.hop)
        if first >= self.hops:
            raise WearsoundError(f"{self.folder} has {length:.2f} s: it cannot start at {start:g} s")
        self.first = first
        self.vibration = self._vibration()
        self.paced = Paced(Excerpt(make, first, self.hops, loop), mute=mute or not heard, output=rig.output)
        self._moments = self._due(self.lines.moments)
        self._next = next(self._moments, None)
        self._lit = self._due(self.frames.moments) if self.frames else iter(())
        self._next_lit = next(self._lit, None)
        self._zones: dict[str, Message] = {}
        self._dark = False
        self._told = HandTold()

    def unsent(self) -> list[str]:
        """A sentence for each kind of target of the rig that is not served as when the show was played."""
        found = [f"light is not sent: {self._unlit}"] if self._unlit else []
        heard = [target.name for target in self.rig.light if target.audio_sync]
        if heard:
            found.append(
                f"nothing is heard, so nothing goes to {', '.join(heard)}: protocol wled needs `run`"
            )
        if self._unfelt:
            found.append(f"vibration is not sent: {self._unfelt}")
        return found

    def play(self) -> Played:
        """Play to the end, `seconds`, Ctrl-C or SIGTERM; every target is left neutral. [main thread]"""
        inbox = Inbox()
        played = Played()
        ends = self.seconds if self.seconds is not None else float("inf")
        with ExitStack() as stack:
            stack.callback(faults.forget)
            blocks = RoomTime(self.paced).blocks(self.clock)
            stack.callback(getattr(blocks, "close", lambda: None))
            drivers = self.vibration.drivers if self.vibration is not None else []
            at_once = hand_to([*(light.sender for light in self.lights), *drivers, self.paced])

            def put(event: Event) -> None:
                at_once(event)
                inbox.put(event)

            stack.enter_context(hands_on(put, words=HAND))
            for target in self.targets:
                target.sink.find()
            for light in self.lights:
                light.sender.find()
            # Closed first: a loudspeaker may be slow to let go, light may not.
            for target in self.targets:
                stack.callback(self._close, target)
                target.sink.open()
            for light in self.lights:
                stack.callback(light.sender.close)
                light.sender.open(self.clock)
            if self.vibration is not None:
                self.vibration.open(stack)
            for block in blocks:
                now = self.clock.seconds(block.tick + block.n_hops)
                if self._obey(inbox):
                    break
                self._light(block, ends)
                if self.vibration is not None:
                    self.vibration.play(block.tick, block.n_hops, self._dark)
                self._send(min(now, ends))
                played.seconds = min(now, ends)
                if now >= ends:
                    break
            else:
                self._drain(played.seconds, inbox)
        played.messages = sum(target.sent for target in self.targets)
        played.frames = sum(light.sender.frames for light in self.lights)
        played.lost = sum(target.sink.lost for target in self.targets)
        played.lost += sum(light.sender.lost for light in self.lights)
        if self.vibration is not None:
            played.shaken, played.lost = self.vibration.sent, played.lost + self.vibration.lost
        played.held = self._guard.held if self.frames is not None else 0
        played.broken = self.lines.broken
        return played

    def _vibration(self) -> PlayedVibration | None:
        """What plays vibration.wav, None where nothing is driven; `_unfelt` says why, if it was asked for."""
        self._unfelt = ""
        if not self.rig.vibration:
            return None
        try:
            file = VibrationFile(self.folder)
        except MissingError as trouble:
            if not self.rig.osc and self.frames is None:
                raise
            self._unfelt = str(trouble)
            return None
        if file.sample_rate != self.clock.sample_rate:
            file.close()
            self._unfelt = (
                f"{file.path} has {file.sample_rate:,} samples a second and {SOUND} {self.clock.sample_rate:,}; "
                "render the show again"
            )
            if not self.rig.osc and self.frames is None:
                raise PatchError(self._unfelt)
            return None
        return PlayedVibration(file, self.rig, self.clock, self.first, self.hops)

    def neutral(self) -> list[Message]:
        """Silence, every zone that was ever lit dark, every zone that ever buzzed still."""
        return [("/wear/silence", (1,)), *self._zones.values()]

    def _close(self, target: Target) -> None:
        target.sink.close(self.neutral())

    def _due(
        self, moments: Callable[[float], Iterator[tuple[float, _What]]]
    ) -> Iterator[tuple[float, _What]]:
        """(seconds since the playback began, what): absolute in each round, so that nothing adds up."""
        start, end = self.clock.seconds(self.first), self.clock.seconds(self.hops)
        for number in itertools.count():
            begun = self.clock.seconds(number * (self.hops - self.first))
            any_left = False
            for at, what in moments(start + NEAR if start else 0.0):
                if at > end + NEAR:
                    break
                any_left = True
                yield begun + at - start, what
            if not (self.loop and any_left):
                return

    def _send(self, now: float) -> None:
        while self._next is not None and self._next[0] <= now + NEAR:
            due, messages = self._next
            self._next = next(self._moments, None)
            if self._dark:
                continue
            for address, _ in messages:
                self._remember(address)
            for target in self.targets:
                target.put(due, messages)
        for light in self.lights:
            light.send(now)
        for target in self.targets:
            target.send(now)

    def _light(self, block: Block, ends: float) -> None:
        """Guard what the file says at each of our own light frames: a file's times may be anything.

        Counted from the start of the file, so that our frames are the render's. Darkness by the hand is guarded too:
        what comes after it is a swing like any other.
        """
        if self.frames is None:
            return
        hurry = sum(hurried(event) for event in block.events if event.address == HURRY)
        self._guard.hurry(self.clock.seconds(hurry) * LIGHT_RATE)
        for hop in self.clock.due_hops(self.first + block.tick, block.n_hops, LIGHT_RATE):
            now = self.clock.seconds(block.tick + hop + 1)
            if now > ends + NEAR:
                return
            while self._next_lit is not None and self._next_lit[0] <= now + NEAR:
                self._frame = self._next_lit[1]
                self._next_lit = next(self._lit, None)
            shown = self._guard.limit(self._unlit_frame if self._dark else self._frame)
            if not self._dark:
                for light in self.lights:
                    light.put(now, shown)

    def _remember(self, address: str) -> None:
        if address in self._zones or len(self._zones) >= _MOST_ZONES:
            return
        match = _ZONE.fullmatch(address)
        if match is not None:
            self._zones[address] = (address, (0.0, 0.0, 0.0) if match[1] else (0.0, 0.0, 0))

    def _obey(self, inbox: Inbox) -> bool:
        """Panic and blackout make everything still until resume; whether to leave."""
        for event in inbox.take():
            if event.address == "/wear/quit":
                return True
            self._told.take(event)
            dark, self._dark = self._dark, self._told.nothing
            if self._dark and not dark:
                for target in self.targets:
                    target.still(self.neutral())
                for light in self.lights:
                    light.still()
                if self.frames is not None:  # a swing like any other, though no light frame is due
                    self._guard.hurry(1.0)
                    self._guard.limit(self._unlit_frame)
        return False

    def _drain(self, now: float, inbox: Inbox) -> None:
        """What is still held back by a target's delay."""
        began = time.monotonic()
        every: list[Target | LitTarget] = [*self.targets, *self.lights]
        felt_until = now + (self.vibration.delay if self.vibration is not None else 0.0)
        while True:
            due = min((t.next for t in every if t.next is not None), default=None)
            at = now + time.monotonic() - began
            if (due is None and at >= felt_until) or self._obey(inbox):
                return
            if due is None or due > at:
                time.sleep(0.005 if at < felt_until else min((due or at) - at, 0.05))
            self._send(at)
            if self.vibration is not None:
                self.vibration.rest(min(at, felt_until))


def _sound(path: Path) -> Callable[[], Source]:
    from wearsound.sources.file import FileSource

    return lambda: FileSource(path)


def _silence(seconds: float) -> Callable[[], Source]:
    from wearsound.sources.signal import test_signal

    return lambda: test_signal("test:silence", max(seconds, 0.01))
