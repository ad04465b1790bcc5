"""The soundscape: what moves in a lane is put in as energy, sounds, and leaks out.

listening -> voices (drones, bowed, struck, coat, grains) -> the room around them -> the tape that it is kept on -> mono
at the bottom. Hop by hop: each is a function of its tick and of carried state, so blocks may be of any length.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from wearsound.core import F64, Block, Clock, Spec, index_of
from wearsound.instruments.soundscape.bowed import Bowed
from wearsound.instruments.soundscape.coat import Coat
from wearsound.instruments.soundscape.dials import NAMES, Dials
from wearsound.instruments.soundscape.drones import Drones
from wearsound.instruments.soundscape.fader import Fader
from wearsound.instruments.soundscape.grains import Grains
from wearsound.instruments.soundscape.listening import Listening
from wearsound.instruments.soundscape.reverb import Reverb
from wearsound.instruments.soundscape.ring import Ring
from wearsound.instruments.soundscape.side import Side
from wearsound.instruments.soundscape.struck import Struck
from wearsound.instruments.soundscape.tape import Tape
from wearsound.instruments.soundscape.tuning import KEY, Tuning
from wearsound.sound import Scape, VoiceKind

VOICES: dict[VoiceKind, Any] = {
    "drones": Drones,
    "bowed": Bowed,
    "struck": Struck,
    "grains": Grains,
    "coat": Coat,
}
LASTING = frozenset({"drones", "bowed", "coat"})
"""What grains are made of: the performer's own last seconds."""
CHORD = 9.0
"""Seconds after which a chord may change where nobody walks."""
NOTHING = 1e-6
"""-120 dB: a hop below it, when all energy is gone, is silence."""


class _Playing(NamedTuple):
    voice: Any
    heard: Listening
    fader: Fader
    column: int
    lasts: bool


class Soundscape:
    """Plays a patch's voices at the sample rate; implements core.Instrument for the medium of sound.

    `features` and `controls` are the specs of what is heard and played; `seed` is the edition's; `learned`
    are the numbers that a calibration found, by lane.
    """

    specs: tuple[Spec, ...] = ()

    def __init__(
        self,
        scape: Scape,
        features: Sequence[Spec],
        controls: Sequence[Spec],
        seed: int = 0,
        learned: Mapping[str, Mapping[str, float]] | None = None,
    ) -> None:
        self._scape, self._seed, self._learned = scape, seed, learned or {}
        self._features, self._controls = index_of(features), index_of(controls)

    def prepare(self, clock: Clock) -> None:
        """Find memory, filters and tables. [main thread]"""
        scape, seed, hop = self._scape, self._seed, clock.hop
        self._hop = hop
        self._tuning = Tuning(scape, clock)
        self._dials = Dials(clock)
        self._columns = [self._controls[f"sound.{name}"] for name in NAMES]
        self._lanes = {
            voice.lane: Listening(voice.lane, clock, self._learned.get(voice.lane)) for voice in scape.voices
        }
        self._voices: list[_Playing] = []
        self._grains: list[_Playing] = []
        for voice in scape.voices:
            playing = VOICES[voice.kind](seed, voice, self._tuning, clock)
            to = self._grains if voice.kind == "grains" else self._voices
            column = self._controls[f"voice.{voice.name}"]
            to.append(_Playing(playing, self._lanes[voice.lane], Fader(clock), column, voice.kind in LASTING))
        self._ring = Ring(clock)
        self._reverb = Reverb(seed, clock)
        self._tape = Tape(seed, clock)
        self._side = Side(clock)
        self._level = Fader(clock)
        self._chord = clock.ticks(CHORD)
        self._key = [self._features[name] for name in KEY if name in self._features]
        self._dry: F64 = np.zeros((2, hop))
        self._one: F64 = np.zeros((2, hop))
        self._mix: F64 = np.zeros((2, hop))
        self._ramp: F64 = np.arange(1, hop + 1) / hop
        self._live: F64 = np.zeros(hop)
        self._mono: F64 = np.zeros(hop)
        self.reset()

    def reset(self) -> None:
        """Silent, and nothing was heard. [engine thread]"""
        self._tuning.reset()
        self._dials.reset()
        for heard in self._lanes.values():
            heard.reset()
        for playing in (*self._voices, *self._grains):
            playing.voice.reset()
            playing.fader.reset()
        self._ring.reset()
        self._reverb.reset()
        self._tape.reset()
        self._side.reset()
        self._level.reset()

    def play(self, block: Block, features: F64, controls: F64, out: F64) -> None:
        """Fill `out` (2, n_hops * hop). [engine thread]"""
        hop = self._hop
        if block.gap:
            for heard in self._lanes.values():
                heard.miss()
        for number, turned in enumerate(controls.tolist()):
            part = slice(number * hop, (number + 1) * hop)
            self._dials.turn([turned[column] for column in self._columns])
            self._hear(block, part)
            self._tune(block.tick + number, features, number)
            self._play(block.tick + number, turned, out[:, part])

    def _hear(self, block: Block, part: slice) -> None:
        """One hop of every lane that moves something; one that the block does not have is silent."""
        mono, dials = self._mono, self._dials
        for name, heard in self._lanes.items():
            columns = block.lanes.get(name, ())
            if columns:
                np.copyto(mono, block.samples[part, columns[0]])
                for column in columns[1:]:
                    mono += block.samples[part, column]
                mono *= 1.0 / len(columns)
            else:
                mono[:] = 0.0
            heard.hear(mono, dials.sense, dials.memory_s)

    def _tune(self, tick: int, features: F64, number: int) -> None:
        """Where the key is the room's, a chord that changes anyway may change to it."""
        if len(self._key) < len(KEY):
            return
        key, minor, sure = (float(features[number, column]) for column in self._key)
        self._tuning.hear(key, minor, sure)
        stepped = any(heard.step and heard.steps % 4 == 1 for heard in self._lanes.values())
        if stepped or tick % self._chord == 0:
            self._tuning.turn()

    def _play(self, tick: int, turned: list[float], out: F64) -> None:
        """One hop of sound."""
        dry, one, dials, live = self._dry, self._one, self._dials, self._live
        dry[:] = 0.0
        live[:] = 0.0
        for voice, heard, fader, column, lasts in self._voices:
            one[:] = 0.0
            voice.play(tick, heard, dials, one)
            fader.turn(turned[column])
            fader.fade(one)
            dry += one
            if lasts:
                live += one[0]
                live += one[1]
        if self._grains:
            self._ring.write(live)
        for voice, heard, fader, column, _ in self._grains:
            one[:] = 0.0
            voice.play(tick, heard, dials, self._ring, one)
            fader.turn(turned[column])
            fader.fade(one)
            dry += one
        mix, energy = self._mix, max(heard.energy for heard in self._lanes.values())
        before = _trim(dials.density_before, dials.wet_before)
        after = _trim(dials.density, dials.wet)
        dry *= after if before == after else before + (after - before) * self._ramp
        self._reverb.play(tick, dry, dials, mix)
        self._tape.play(tick, mix, energy, dials)
        self._side.play(mix)
        self._level.turn(turned[self._columns[0]])
        self._level.fade(mix)
        out[:] = mix


def _trim(density: float, wet: float) -> float:
    """More grains and more room are louder, too: that is taken back, so that no setting is too loud or too soft."""
    return 1.06 - 0.35 * (density - 0.1) / 0.9 - 0.35 * (wet - 0.2) / 0.7
