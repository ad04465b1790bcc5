"""The one loop: sources -> analysis -> mapping -> instruments -> safety -> outputs, block by block.

A live source makes the loop wait, a file does not; nothing else differs. It knows contracts only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from wearsound import faults
from wearsound.contracts import Hand, Remote
from wearsound.core import (
    F32,
    F64,
    LIGHT_RATE,
    MAX_HOPS,
    U8,
    Block,
    Clock,
    Event,
    Frame,
    Health,
    Output,
    Row,
    Source,
    Tape,
    index_of,
)
from wearsound.errors import WearsoundError
from wearsound.felt import Drive, Driver
from wearsound.inbox import Inbox, proper
from wearsound.mender import Mender, code_of
from wearsound.parts import CHANGE, HURRY, Change, Parts, hurried
from wearsound.sound import Sound, Speaker

QUIT, TROUBLE = "/wear/quit", "/wear/window/trouble"
PANIC, RESUME = "/wear/panic", "/wear/resume"
CHANGED, PICTURE, REFUSED = "WS-E12", "WS-W38", "WS-O28"


class _Lit(NamedTuple):
    """One light frame as it leaves, and the hop that made it due; the fields of `core.Frame`."""

    hop: int
    pixels: U8
    zones: U8
    dyed: F32
    warm: F32
    ma: float
    slots: tuple[int, ...]


class Engine:
    """Plays one show after another. Offline (`strict`) the first trouble ends it; live it goes on without what broke.

    Another comes by the event CHANGE; `changes` gives it.
    """

    def __init__(
        self,
        clock: Clock,
        parts: Parts,
        master: Hand,
        remote: Remote,
        outputs: Sequence[Output] = (),
        tapes: Sequence[Tape] = (),
        strict: bool = True,
    ) -> None:
        self.clock = clock
        self.parts = parts
        self.number = 0
        """Which of its shows plays: 0 is the one it began with."""
        self.master = master
        self.remote = remote
        self.outputs = list(outputs)
        self.tapes = list(tapes)
        self.drivers: list[Driver] = []
        """Where vibration leaves, every hop."""
        self.speakers: list[Speaker] = []
        """Where sound leaves, every block."""
        self.strict = strict
        self.hops = 0
        self.lost = 0
        self.inbox = Inbox()
        """Events from any thread or signal handler; each is taken at the next block."""
        self.health: Callable[[], Health] = Health
        self.changes: Callable[[int], Change | None] = lambda number: None
        """Gives the show of a number when CHANGE asks for it, None where there is none. [engine thread]"""
        self.listeners: list[Callable[[Event], None]] = []
        """Told of every event that is taken, beside those that play. [engine thread]"""
        self.fails: Callable[[Exception], None] = lambda error: None
        """Told of an error that ends the loop, before anything is closed. [engine thread]"""
        self._stop = False
        self._mender: Mender | None = None
        self._closing = ExitStack()
        self._new: set[int] = set()
        self._adopt(parts)
        self.reset()

    def reset(self) -> None:
        """Every state to its start: the same blocks give the same frames again."""
        self.parts.reset()
        self.master.reset()
        self.remote.reset()
        self.told: dict[str, tuple[Any, ...]] = {}
        """The last arguments at each address of which the last value wins. [any thread reads]"""
        self._untold: dict[str, Event] = {}
        self._by_hand = False
        """Whether a hand of today panicked."""
        self._held = _dark(self.parts)
        self._lit = self._lit_now(0, np.zeros((self.parts.n_pixels, 3)))

    def _adopt(self, parts: Parts) -> None:
        """Find memory for these parts and know their columns."""
        self.parts = parts
        self.heard: F64 = np.zeros(len(parts.ear.specs))
        """The features of the last hop, for whoever is asked. [any thread reads]"""
        self._features = index_of(parts.ear.specs)
        self._controls = index_of(parts.score.specs)
        self._drive = _silent_drive(MAX_HOPS, self.clock.hop, parts.n_actuators)
        self._wave: F64 = np.zeros((2, MAX_HOPS * self.clock.hop))
        self._held = _dark(parts)
        """The light and the drive of the fabric that were played last, before safety: what a freeze holds."""

    def _change(self, number: object) -> None:
        """Play another show from here on; it goes on from where this one is. [engine thread]"""
        change = self.changes(number) if isinstance(number, int) else None
        if change is None:
            return
        old, held = self.parts, self._held
        try:
            change.parts.inherit(old)
        except (
            Exception
        ):  # a fault of ours must not end an evening: it begins anew, with the old one's safety
            if self.strict:
                raise
            _met(CHANGED, "show", "the show begins anew instead of going on", trace=True)
            change.parts.begin_anew()
        self._adopt(change.parts)
        self.number = change.number
        if change.parts.worn == old.worn:
            self._held = held
        else:
            self._lit = self._lit_now(0, np.zeros((change.parts.n_pixels, 3)))
        try:
            change.attach()
        except Exception:
            if self.strict:
                raise
            _met(CHANGED, "show", "the show has changed, but not everything around it", trace=True)

    def stop(self) -> None:
        """End the loop after the block it is in. [any thread]"""
        self._stop = True

    def run(self, source: Source) -> None:
        """Play a source to its end; every output is closed neutral whatever happens. [engine thread]"""
        self._stop = False
        with ExitStack() as stack:
            self._closing = stack
            stack.callback(faults.forget)
            blocks = source.blocks(self.clock)
            # Closed last: a device may be slow to let go, light may not. Its generator frees it.
            stack.callback(getattr(blocks, "close", lambda: None))
            homes: tuple[list[Any], ...] = (self.tapes, self.outputs, self.drivers, self.speakers)
            if not self.strict:
                self._mender = Mender(self.clock)
                stack.callback(self._mender.end)
            for home in homes:
                for part in tuple(home):
                    stack.callback(part.close)
                    self._open(part, home)
            try:
                for block in blocks:
                    self.step(block)
                    if self._stop:
                        break
            except Exception as error:
                self.fails(error)
                raise

    def exchange(self, home: list[Any], leaving: Iterable[Any], coming: Iterable[Any]) -> None:
        """Parts of `home` leave, and others come; both are closed and opened aside, live only. [engine thread]"""
        if self._mender is None:
            return
        for part in leaving:
            if part in home:
                home.remove(part)
            self._mender.drop(part)
            faults.drop(part.name)
        for part in coming:
            self._new.add(id(part))
            self._mender.bring(part, home)

    def _open(self, part: Any, home: list[Any]) -> None:
        """Take its device or file; a spare part that cannot be had now may come later."""
        try:
            part.open(self.clock)
        except WearsoundError as error:
            if self._mender is None or not getattr(part, "spare", False):
                raise
            home.remove(part)
            wait = self._mender.take(part, home)
            sentence = f"{error}; the show begins without it, and it is tried again in {wait:.0f} s"
            faults.begin(code_of(part), part.name, sentence)

    def step(self, block: Block) -> None:
        """Play one block. [engine thread]"""
        block = self._take_events(block)
        if block.n_hops == 0:
            return
        if self._mender is not None and self._mender.mended:
            self._fetch(self._mender)
        features = self.parts.ear.hear(block)
        np.copyto(self.heard, features[-1])
        controls = self.parts.score.play(block, features)
        lit = self._play_light(block, features, controls)
        drive = self._play_vibration(block, features, controls, self.master.felt(block.n_hops))
        sound = self._play_sound(block, features, controls, self.master.heard(block.n_hops))
        for driver in tuple(self.drivers):
            self._guarded(self.drivers, driver, driver.drive, block.tick, block.gap, drive)
        for speaker in tuple(self.speakers):
            self._guarded(self.speakers, speaker, speaker.play, block.tick, block.gap, sound)
        for tape in tuple(self.tapes):
            self._guarded(self.tapes, tape, tape.write, block, features, controls)
        for output in tuple(self.outputs):
            self._guarded(self.outputs, output, self._send, output, block, features, controls, lit)
        if lit:
            self._lit = lit[-1]
        self.hops += block.n_hops
        self.lost += block.gap

    def _take_events(self, block: Block) -> Block:
        """What came in since the last block becomes part of this one, at its first hop, and is obeyed.

        Where time passes without a hop (sound is lost) hands are obeyed at once, and told with the next hop.
        """
        told = [event for event in block.events if proper(event)]
        if self._by_hand:  # what a take resumed once is no hand that lets go of a panic of today
            told = [event for event in told if event.address != RESUME]
        for event in self.inbox.take(block.n_hops):
            if event.address in (PANIC, RESUME):
                self._by_hand = event.address == PANIC
            told.append(replace(event, tick=block.tick))
        for event in told:
            self._take(event)
        if block.n_hops == 0:
            for event in told:
                self._untold.pop(event.address, None)
                self._untold[event.address] = event
            return block
        if self._untold:
            told = [*(replace(event, tick=block.tick) for event in self._untold.values()), *told]
            self._untold = {}
        values = self.remote.values
        if not (told or block.events or len(values)):
            return block
        remote = np.broadcast_to(values.copy(), (block.n_hops, len(values)))
        return replace(block, events=tuple(told), remote=remote)

    def _take(self, event: Event) -> None:
        """Every part that takes events sees each, and finds its own."""
        if event.address in self.inbox.values:
            self.told[event.address] = event.args
        if event.address == QUIT:
            self.stop()
        elif event.address == CHANGE:
            self._change(event.args[0] if event.args else None)
        elif event.address == HURRY:
            self.parts.guard.hurry(hurried(event))
        elif event.address == TROUBLE and len(event.args) == 1:
            _met(PICTURE, "picture", str(event.args[0]))
        try:
            self.parts.score.take(event)
        except WearsoundError as error:
            _met(REFUSED, "/".join(event.address.split("/")[:3]), str(error))
        self.master.take(event)
        self.remote.take(event)
        for part in (*self.outputs, *self.drivers, *self.speakers):
            take = getattr(part, "take", None)
            if take is not None:
                take(event)
        for listen in self.listeners:
            listen(event)

    def _play_light(self, block: Block, features: F64, controls: F64) -> list[_Lit]:
        """Every light frame due in this block, after safety."""
        due = self.clock.due_hops(block.tick, block.n_hops, LIGHT_RATE)
        if not due:
            return []
        parts = self.parts
        linear = np.zeros((len(due), parts.n_pixels, 3))
        drive = np.zeros((len(due), parts.n_zones))
        parts.light.play(block, features, controls, linear)
        parts.dye.play(block, features, controls, drive)
        lit = []
        for row, hop in enumerate(due):
            tick = block.tick + hop
            level = self.master.at(tick)
            if not self.master.frozen:
                self._held = linear[row], drive[row]
            held_light, held_drive = self._held
            safe, driven = parts.guard.limit(tick, held_light * level, held_drive * level, parts.cloth)
            parts.cloth.step(driven, level)
            lit.append(self._lit_now(hop, safe))
        return lit

    def _play_vibration(self, block: Block, features: F64, controls: F64, hand: F64) -> Drive:
        """What actuators are driven with in this block, after safety."""
        n, whole = block.n_hops, self._drive
        drive = Drive(whole.wave[: n * self.clock.hop], whole.level[:n], whole.hz[:n])
        parts = self.parts
        if parts.n_actuators:
            parts.vibration.play(block, features, controls, drive)
            parts.touch_guard.limit(block.tick, drive, hand)
        parts.motors.step(drive)
        return drive

    def _play_sound(self, block: Block, features: F64, controls: F64, hand: F64) -> Sound:
        """What the garment plays and its audience hears in this block, after safety."""
        wave = None
        if self.parts.soundscape is not None:
            wave = self._wave[:, : block.n_hops * self.clock.hop]
            self.parts.soundscape.play(block, features, controls, wave)
        return self.parts.sound_guard.limit(block, wave, hand)

    def _lit_now(self, hop: int, safe: F64) -> _Lit:
        parts, cloth, guard = self.parts, self.parts.cloth, self.parts.guard
        return _Lit(
            hop,
            parts.encode(safe),
            parts.encode(parts.by_zone(safe)),
            cloth.dyed.astype(np.float32),
            np.maximum(cloth.warm, guard.warm).astype(np.float32),
            guard.ma,
            guard.slots,
        )

    def _send(
        self,
        output: Output,
        block: Block,
        features: F64,
        controls: F64,
        lit: list[_Lit],
    ) -> None:
        latest, at = self._lit, 0
        for hop in self.clock.due_hops(block.tick, block.n_hops, output.rate):
            tick = block.tick + hop
            while at < len(lit) and lit[at].hop <= hop:
                latest = lit[at]
                at += 1
            output.send(
                Frame(
                    tick=tick,
                    number=self.clock.due(tick, output.rate) - 1,
                    time=self.clock.seconds(tick + 1),
                    features=Row(self._features, features[hop].copy()),
                    controls=Row(self._controls, controls[hop].copy()),
                    lit=latest.zones,
                    felt=self.parts.motors.by_zone(hop),
                    health=self.health(),
                    seed=self.parts.seed,
                    slots=latest.slots,
                    scene=self.parts.score.scene_at(hop),
                    dark=self.master.dark,
                    frozen=self.master.frozen,
                    show=self.number,
                    pixels=latest.pixels,
                    dyed=latest.dyed,
                    warm=latest.warm,
                    ma=latest.ma,
                    touch=self.parts.motors.touch(hop),
                )
            )

    def _guarded(self, home: list[Any], part: Any, act: Callable[..., None], *args: Any) -> None:
        """Let a part of `home` act; live, the show goes on without it where it fails.

        It is opened again unless it is a recording (a tape, or `mends` False): half of one would lie.
        """
        if self.strict:
            act(*args)
            return
        try:
            act(*args)
        except Exception as error:
            with suppress(ValueError):  # a take that a hand has ended meanwhile is not there any more
                home.remove(part)
            again = ""
            if self._mender is not None and home is not self.tapes and getattr(part, "mends", True):
                again = f", and it is tried again in {self._mender.take(part, home):.0f} s"
            faults.begin(code_of(part), part.name, f"{part.name} stopped: {error}; the rest plays on{again}")
            if not again:
                with suppress(Exception):
                    part.close()

    def _fetch(self, mender: Mender) -> None:
        """What was opened again plays along again."""
        while mender.mended:
            part, home = mender.mended.popleft()
            if id(part) in self._new:
                self._new.remove(id(part))
                self._closing.callback(part.close)
            faults.end(code_of(part), part.name, f"{part.name} is back")
            take = getattr(part, "take", None)
            if take is not None:  # it opened as if no hand had ever been raised
                for told in self.master.as_events():
                    take(told)
            home.append(part)


def _met(code: str, who: str, said: str, *, trace: bool = False) -> None:
    """A fault of a moment."""
    faults.begin(code, who, said, lapse=faults.MOMENT, trace=trace)


def _dark(parts: Parts) -> tuple[F64, F64]:
    return np.zeros((parts.n_pixels, 3)), np.zeros(parts.n_zones)


def _silent_drive(n_hops: int, hop: int, n: int) -> Drive:
    return Drive(np.zeros((n_hops * hop, n), np.float32), np.zeros((n_hops, n)), np.zeros((n_hops, n)))
