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

    def prepare(self, clock: Clock) -> None:
        """Find memory, filters and tables. [main thread]"""
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
        whole: list[Any] = [self._moment, self._accents, self._shape]
        for part in (*whole, *self._heard, *self._lines, *self._buzzes):
            part.reset()

    def play(self, block: Block, features: F64, controls: F64, out: Drive) -> None:
        """Fill `out` for this block. [engine thread]"""
        for heard in self._heard:
            heard.take(block)
        beats, bars = self._moment.at(block, features)
        mix = self._mix
        mix.begin(block.n_hops)
        gains = [line.gains(controls, beats, bars) for line in self._lines]
        strokes = [line.strokes for line in self._lines]
        gates = self._accents.gates(block.tick, block.n_hops, strokes, gains)
        for line, gain, gate in zip(self._lines, gains, gates, strict=True):
            line.play(gain, gate, mix)
        asked = controls[: block.n_hops]
        if self._buzzing or asked[:, self._buzz_columns].any():
            for buzz in self._buzzes:
                buzz.play(asked, bars, mix)
            self._buzzing = any(buzz.sounds for buzz in self._buzzes)
        mix.finish()
        self._shape.play(mix.wave, mix.env, mix.hz, out)
