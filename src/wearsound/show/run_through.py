"""A moment of everything: one short piece of loud sound, silence and extremes through a show that nobody hears yet.

Every scene is called and every number turned to both of its ends, so that each route, feel and voice has played once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from wearsound.core import F32, F64, Block, Clock, Event, Parameter
from wearsound.engine import Engine
from wearsound.errors import PatchError
from wearsound.felt import Drive
from wearsound.safety.master import Master
from wearsound.sound import Sound
from wearsound.sources.remote import Remote

if TYPE_CHECKING:
    from wearsound.show.build import Made

HOPS = (1, 1, 3, 32, 1, 64, 17, 1, 64, 8)
"""The sizes of blocks, over and over: one hop goes other ways through many a part than several."""
SECONDS = 1.0
SCENE = 8
"""Hops that each scene plays at the least."""
CALLS = "/wear/scene/", "/wear/cue/"
"""What is pressed one after the other, with time between."""
BLOCKS = 6
"""Among how many blocks all other hands are shared out."""


def run_through(made: Made, clock: Clock, lanes: Mapping[str, tuple[int, ...]]) -> None:
    """Play it all. A PatchError says which medium came out as no numbers; whatever else is raised is nobody's plan.

    What was played has a past: play it again only after a `reset`.
    """
    show = made.show
    remote = Remote(show.rig.remote if show.rig else {})
    judge = _Judge()
    made.parts.light = _Looked(made.parts.light, judge)
    engine = Engine(clock, made.parts, Master(clock), remote)
    engine.tapes.append(judge)
    engine.drivers.append(judge)
    engine.speakers.append(judge)
    turned = [*getattr(made.parts.score, "parameters", list)(), *remote.parameters()]
    calls = [each.address for each in turned if each.kind == "trigger" and each.address.startswith(CALLS)]
    hands = [hand for hand in _hands(turned) if hand[0] not in calls]
    a_block = 1 + len(hands) // BLOCKS
    tick = at = called = 0
    least = max(clock.ticks(SECONDS), SCENE * (len(calls) + 4))
    channels = 1 + max((channel for own in lanes.values() for channel in own), default=0)
    sound = _sound(clock, least + max(HOPS))
    while tick < least:
        n = HOPS[at % len(HOPS)]
        n = min(n, SCENE) if calls else n
        events = [Event(tick, *hand) for hand in hands[at * a_block : (at + 1) * a_block]]
        if calls and tick >= called + SCENE:
            called = tick
            events.append(Event(tick, calls.pop(0)))
        first = tick * clock.hop
        samples = np.repeat(sound[first : first + n * clock.hop, None], channels, axis=1)
        engine.step(Block(tick, samples, lanes, n, events=tuple(events), gap=5 if at == 20 else 0))
        if judge.trouble:
            raise PatchError(
                f"{show.patch_path}: {judge.trouble} came out as no number at all, which no patch should bring about: "
                "please report it; take back the last change"
            )
        tick, at = tick + n, at + 1


def _hands(parameters: list[Parameter]) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """What turns every number to its ends, then presses whatever can be pressed: so all is let go of again."""
    for parameter in parameters:
        if not parameter.settable:
            continue
        if parameter.kind in ("number", "whole", "switch"):
            for value in (parameter.low, parameter.high):
                yield parameter.address, (value,)
        elif parameter.kind == "text":
            for word in parameter.choices:
                yield parameter.address, (word,)
    for parameter in parameters:
        if parameter.settable and parameter.kind == "trigger":
            yield parameter.address, ()


def _sound(clock: Clock, hops: int) -> F32:
    """Kicks and a voice, the loudest there is, a breath of the quietest, and nothing; (n,) within +-1."""
    n = np.arange(hops * clock.hop)
    seconds = n / clock.sample_rate
    since = seconds % 0.25
    kick = np.sin(2 * np.pi * (50 * since + 6 * (1 - np.exp(-since / 0.02)))) * np.exp(-since / 0.08)
    voice = sum(np.sin(2 * np.pi * 220 * k * seconds + np.sin(30 * seconds)) / k for k in range(1, 12))
    mixed = np.clip(1.2 * kick + 0.3 * voice, -1, 1)
    fifth = n * 10 // len(n)
    mixed[fifth == 5] = 0.0
    mixed[fifth == 6] = np.where(n // 37 % 2, 1.0, -1.0)[fifth == 6]
    mixed[fifth == 7] = 1e-38
    mixed[fifth == 8] = 1.0
    sound: F32 = mixed.astype(np.float32)
    return sound


class _Looked:
    """A light instrument whose light is looked at before the guard makes numbers of it."""

    def __init__(self, light: Any, judge: _Judge) -> None:
        self._light, self._judge = light, judge
        self.specs = light.specs
        self.prepare, self.reset = light.prepare, light.reset

    def play(self, block: Block, features: F64, controls: F64, out: F64) -> None:
        self._light.play(block, features, controls, out)
        self._judge.look("light", out)


class _Judge:
    """Looks at what is heard, played, felt and sounded. Tape, driver and speaker at once."""

    name = "judge"

    def __init__(self) -> None:
        self.trouble = ""

    def open(self, clock: Clock) -> None: ...

    def close(self) -> None: ...

    def write(self, block: Block, features: F64, controls: F64) -> None:
        self.look("what is heard", features)
        self.look("a control", controls)

    def drive(self, tick: int, gap: int, drive: Drive) -> None:
        for numbers in (drive.wave, drive.level, drive.hz):
            self.look("vibration", numbers)

    def play(self, tick: int, gap: int, sound: Sound) -> None:
        self.look("sound", sound.played)
        self.look("sound", sound.heard)

    def look(self, what: str, numbers: Any) -> None:
        """Remember the first that is no number."""
        if not self.trouble and not np.isfinite(numbers).all():
            self.trouble = what
