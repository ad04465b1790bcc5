"""The soundscape: what moves in a lane is put in as energy, sounds, and leaks out.

listening -> voices (drones, bowed, struck, coat, grains) -> the room around them -> the tape that it is kept on -> mono
at the bottom. Hop by hop: each is a function of its tick and of carried state, so blocks may be of any length.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from wearsound.core import F64, Block, Clock, Spec, index_of
from wearsound.instruments.soundscape.bowed import Bowed
from wearsound.instruments.soundscape.coat import Coat
from wearsound.instruments.soundscape.dials import NAMES, Dials
from wearsound.instruments.soundscape.drones import Drones
from wearsound.instruments.soundscape.fader import Fader
from wearsound.instruments.soundscape.grains import Grains
from wearsound.instruments.soundscape.leaving import Leaving, Silence, Way
from wearsound.instruments.soundscape.listening import Listening
from wearsound.instruments.soundscape.reverb import Reverb
from wearsound.instruments.soundscape.ring import Ring
from wearsound.instruments.soundscape.side import Side
from wearsound.instruments.soundscape.struck import Struck
from wearsound.instruments.soundscape.tape import Tape
from wearsound.instruments.soundscape.tuning import KEY, Tuning
from wearsound.parts import FADE
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
        voices = tuple(replace(voice, level=0.0) for voice in scape.voices)
        numbers = {voice.lane: dict(self._learned.get(voice.lane) or {}) for voice in voices}
        self._sounds = (voices, scape.root, scape.scale, scape.key, seed, numbers)
        self._features, self._controls = index_of(features), index_of(controls)

    def prepare(self, clock: Clock) -> None:
        """Find memory, filters and tables. [main thread]"""
        scape, seed, hop = self._scape, self._seed, clock.hop
        self._clock = clock
        self._hop = hop
        self._tuning = Tuning(scape, clock)
        self._dials = Dials(clock)
        self._columns = [self._controls[f"sound.{name}"] for name in NAMES]
        self.lanes = {
            voice.lane: Listening(voice.lane, clock, self._learned.get(voice.lane)) for voice in scape.voices
        }
        self._voices: list[_Playing] = []
        self._grains: list[_Playing] = []
        for voice in scape.voices:
            playing = VOICES[voice.kind](seed, voice, self._tuning, clock)
            to = self._grains if voice.kind == "grains" else self._voices
            column = self._controls[f"voice.{voice.name}"]
            to.append(_Playing(playing, self.lanes[voice.lane], Fader(clock), column, voice.kind in LASTING))
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
        self.leaving = Leaving(clock)
        self.reset()

    def reset(self) -> None:
        """Silent, and nothing was heard. [engine thread]"""
        self._tuning.reset()
        self._dials.reset()
        for heard in self.lanes.values():
            heard.reset()
        for playing in (*self._voices, *self._grains):
            playing.voice.reset()
            playing.fader.reset()
        self._ring.reset()
        self._reverb.reset()
        self._tape.reset()
        self._side.reset()
        self._level.reset()
        self.listens = list(self.lanes)
        self.leaving.reset()
        self._coming: Way | None = None
        self._turned: list[float] | None = None
        self._told: tuple[float, ...] = ()

    def inherit(self, old: object) -> None:
        """Go on from where `old` is. [engine thread]

        The same voices in the same tuning sound on. Others come in FADE seconds while those before ring out with the
        controls that they got last; how much has moved in a lane is known.
        """
        if isinstance(old, Silence):
            self.leaving = old.leaving
            self._coming = Way(0.0, 1.0, FADE, self._clock)
            return
        if not isinstance(old, Soundscape) or old._clock != self._clock:
            return
        self.leaving = old.leaving
        if self._sounds == old._sounds:
            self._take(old)
            return
        self._coming = Way(0.0, 1.0, FADE, self._clock)
        if old._turned is not None:
            self.leaving.add(old, 1.0 if old._coming is None else old._coming.now)
        voices: dict[str, Listening] = {}
        for name, heard in self.lanes.items():
            same = name in old.lanes and self._sounds[-1][name] == old._sounds[-1][name]
            voices[name] = old.lanes[name] if same else heard
        self.lanes = voices
        self._voices = [each._replace(heard=voices[each.heard.lane]) for each in self._voices]
        self._grains = [each._replace(heard=voices[each.heard.lane]) for each in self._grains]
        self.leaving.listen(voices.values())

    def leave(self) -> Silence:
        """What is left of it when the next show has no soundscape: it rings out."""
        silence = Silence(self._clock)
        silence.leaving = self.leaving
        if self._turned is not None:
            silence.leaving.add(self, 1.0 if self._coming is None else self._coming.now)
        silence.leaving.listen(())
        return silence

    def _take(self, old: Soundscape) -> None:
        """All that sounds; only where its controls stand is ours."""
        self._tuning, self._dials, self.lanes = old._tuning, old._dials, old.lanes
        self._ring, self._reverb, self._tape = old._ring, old._reverb, old._tape
        self._side, self._level = old._side, old._level
        self._coming, self._turned, self._told = old._coming, old._turned, old._told
        ours, theirs = (self._voices, self._grains), (old._voices, old._grains)
        self._voices, self._grains = (
            [other._replace(column=each.column) for each, other in zip(mine, its, strict=True)]
            for mine, its in zip(ours, theirs, strict=True)
        )

    def play(self, block: Block, features: F64, controls: F64, out: F64) -> None:
        """Fill `out` (2, n_hops * hop). [engine thread]"""
        hop = self._hop
        if block.gap:
            self.miss()
            self.leaving.miss()
        for number, turned in enumerate(controls.tolist()):
            part = slice(number * hop, (number + 1) * hop)
            wave = out[:, part]
            self._turned = turned
            if len(self._key) == len(KEY):
                self._told = tuple(float(features[number, column]) for column in self._key)
            self._sound(block, number, wave)
            if self._coming is not None:
                self._coming.fade(wave)
                if self._coming.over:
                    self._coming = None
            if self.leaving:
                self.leaving.play(block, number, wave)

    def play_on(self, block: Block, number: int, out: F64) -> None:
        """Fill `out` (2, hop), one hop of a block, with the controls and the key of the last. [engine thread]"""
        self._sound(block, number, out)

    def miss(self) -> None:
        """Hops were lost."""
        for name in self.listens:
            self.lanes[name].miss()

    def _sound(self, block: Block, number: int, out: F64) -> None:
        """One hop."""
        turned = self._turned or []
        part = slice(number * self._hop, (number + 1) * self._hop)
        self._dials.turn([turned[column] for column in self._columns])
        self._hear(block, part)
        self._tune(block.tick + number)
        self._play(block.tick + number, turned, out)

    def _hear(self, block: Block, part: slice) -> None:
        """One hop of every lane that moves something; one that the block does not have is silent."""
        mono, dials = self._mono, self._dials
        for name in self.listens:
            heard = self.lanes[name]
            columns = block.lanes.get(name, ())
            if columns:
                np.copyto(mono, block.samples[part, columns[0]])
                for column in columns[1:]:
                    mono += block.samples[part, column]
                mono *= 1.0 / len(columns)
            else:
                mono[:] = 0.0
            heard.hear(mono, dials.sense, dials.memory_s)

    def _tune(self, tick: int) -> None:
        """Where the key is the room's, a chord that changes anyway may change to it."""
        if not self._told:
            return
        self._tuning.hear(*self._told)
        stepped = any(heard.step and heard.steps % 4 == 1 for heard in self.lanes.values())
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
        mix, energy = self._mix, max(heard.energy for heard in self.lanes.values())
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
