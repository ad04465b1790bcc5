"""Vibration: bands of the sound and the zone controls `buzz`, `buzz_hz` and `pattern` become what drives actuators.

Every band that a line asks for is heard sample by sample: its envelope, behind a soft gate, brought to felt levels; its
voice's pitch, folded into what skin feels; its strokes, as clicks of their own. Lines lay them on their actuators as
their pattern moves, and `Shape` makes of the sum what each kind of actuator can take.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from wearsound.core import F64, Block, Clock, Spec, index_of
from wearsound.felt import Drive, Feel
from wearsound.garment.document import Garment
from wearsound.garment.motor_kinds import FOLLOWS
from wearsound.garment.sites import sites
from wearsound.instruments.vibration.accents import Accents
from wearsound.instruments.vibration.buzz import Buzz
from wearsound.instruments.vibration.heard import Heard
from wearsound.instruments.vibration.line import Line
from wearsound.instruments.vibration.mix import Mix
from wearsound.instruments.vibration.moment import Moment
from wearsound.instruments.vibration.places import Places
from wearsound.instruments.vibration.shape import Shape
from wearsound.parts import FADE


class Vibration:
    """Plays every actuator of a garment; `features` and `controls` are the specs of what is heard and played;
    `seed` is the edition's.

    Of `feels`, those whose zones have no actuator are not heard at all.
    """

    specs: tuple[Spec, ...] = ()

    def __init__(
        self,
        garment: Garment,
        feels: Sequence[Feel],
        features: Sequence[Spec],
        controls: Sequence[Spec],
        seed: int = 0,
    ) -> None:
        self._garment, self._features, self._seed = garment, tuple(features), seed
        self._columns = index_of(controls)
        self._sites = sites(garment)
        placed = np.array([garment.zone_names[zone] for zone in self._sites.zone], object)
        wheres = [np.flatnonzero(np.isin(placed, feel.zones)) for feel in feels]
        self._feels = [(feel, where) for feel, where in zip(feels, wheres, strict=True) if len(where)]
        self._heard: list[Heard] = []
        self._lines: list[Line] = []
        self._buzzes: list[Buzz] = []
        self._buzzing = False
        self._leaving: list[Line] = []
        self._still_heard: list[Heard] = []

    def prepare(self, clock: Clock) -> None:
        """Find memory, filters and tables. [main thread]"""
        self._clock = clock
        kinds = [actuator.kind in FOLLOWS for actuator in self._garment.actuators]
        self._mix = Mix(np.array(kinds, bool), clock)
        self._moment = Moment(self._features, clock)
        self._shape = Shape(self._garment, clock)
        self._listen(clock)
        self._accents = Accents(self._sites, [line.where for line in self._lines], clock)
        self._buzz_columns = [self._columns[f"{name}.buzz"] for name in self._garment.zone_names]
        everywhere = Places(self._sites, "bar", seed=self._seed)
        self._buzzes = [
            Buzz(of, self._zone_columns(name), everywhere, clock)
            for name, of in zip(self._garment.zone_names, self._sites.of_zone, strict=True)
            if len(of)
        ]

    def _listen(self, clock: Clock) -> None:
        """What is heard, lane by lane, and the lines that play it."""
        lanes: dict[str, list[Feel]] = {}
        for feel, _ in self._feels:
            lanes.setdefault(feel.lane, []).append(feel)
        heard = {lane: Heard(lane, feels, clock) for lane, feels in lanes.items()}
        self._heard = list(heard.values())
        self._lines = [
            Line(feel, where, self._columns[f"feel.{feel.name}"], heard[feel.lane], self._sites, self._seed)
            for feel, where in self._feels
        ]

    def _zone_columns(self, zone: str) -> tuple[int, int, int]:
        buzz, hz, pattern = (self._columns[f"{zone}.{name}"] for name in ("buzz", "buzz_hz", "pattern"))
        return buzz, hz, pattern

    def reset(self) -> None:
        """Still, and nothing was heard. [engine thread]"""
        self._buzzing = False
        self._leaving, self._still_heard = [], []
        whole: list[Any] = [self._moment, self._accents, self._shape]
        for part in (*whole, *self._heard, *self._lines, *self._buzzes):
            part.reset()

    def play(self, block: Block, features: F64, controls: F64, out: Drive) -> None:
        """Fill `out` for this block. [engine thread]"""
        for heard in self._heard:
            heard.take(block)
        for heard in self._still_heard:
            heard.take(block)
        beats, bars = self._moment.at(block, features)
        mix = self._mix
        mix.begin(block.n_hops)
        lines = [*self._lines, *self._leaving]
        self._play_lines(lines, block, controls, beats, bars)
        if any(line.gone for line in self._leaving):
            self._accents.only([number for number, line in enumerate(lines) if not line.gone])
            self._leave([line for line in self._leaving if not line.gone])
        asked = controls[: block.n_hops]
        if self._buzzing or asked[:, self._buzz_columns].any():
            for buzz in self._buzzes:
                buzz.play(asked, bars, mix)
            self._buzzing = any(buzz.sounds for buzz in self._buzzes)
        mix.finish()
        self._shape.play(mix.wave, mix.env, mix.hz, out)

    def _play_lines(self, lines: Sequence[Line], block: Block, controls: F64, beats: F64, bars: F64) -> None:
        """Lay the lines on the actuators."""
        gains = [line.gains(controls[: block.n_hops], beats, bars) for line in lines]
        strokes = [line.strokes for line in lines]
        gates = self._accents.gates(block.tick, block.n_hops, strokes, gains)
        for line, gain, gate in zip(lines, gains, gates, strict=True):
            line.play(gain, gate, self._mix)

    def inherit(self, old: object) -> None:
        """Go on from where `old` is. [engine thread]

        Lines that both have on the same body go on, with what they hear if all that is heard of their lane is the
        same; the others come and go in FADE seconds. Another body begins still.
        """
        if not isinstance(old, Vibration) or old._clock != self._clock:
            return
        ticks = self._clock.ticks(FADE)
        self._moment.inherit(old._moment)
        same = self._garment.digest == old._garment.digest
        self._hear_on(old)
        theirs = {line.plays: number for number, line in enumerate(old._lines)}
        pairs: list[tuple[int, int]] = []
        for number, line in enumerate(self._lines):
            before = theirs.get(line.plays)
            if same and before is not None and old._lines[before].heard is line.heard:
                line.inherit(old._lines[before])
                pairs.append((number, before))
            else:
                line.come(ticks)
        if not same:
            return
        self._shape = old._shape
        self._buzzing = old._buzzing
        for buzz, other in zip(self._buzzes, old._buzzes, strict=True):
            buzz.inherit(other)
        goes_on = {before for _, before in pairs}
        left = [number for number in range(len(old._lines)) if number not in goes_on]
        for number in left:
            old._lines[number].leave(ticks)
        lines = [*old._lines, *old._leaving]
        left += range(len(old._lines), len(lines))
        self._accents.inherit(old._accents, pairs, left)
        self._leave([lines[number] for number in left])

    def _hear_on(self, old: Vibration) -> None:
        """Take over what is heard of each lane; where other lines need other bands, how loud it has been."""
        theirs = {heard.lane: heard for heard in old._heard}
        for number, heard in enumerate(self._heard):
            other = theirs.get(heard.lane)
            if other is None:
                continue
            if other.plays == heard.plays:
                self._heard[number] = other
            else:
                heard.inherit(other)
        by_lane = {heard.lane: heard for heard in self._heard}
        for line in self._lines:
            line.hear(by_lane[line.feel.lane])

    def _leave(self, leaving: list[Line]) -> None:
        """These still sound, and what they hear must be heard."""
        self._leaving = leaving
        here = {id(heard) for heard in self._heard}
        gone = {id(line.heard): line.heard for line in leaving}
        self._still_heard = [heard for key, heard in gone.items() if key not in here]
