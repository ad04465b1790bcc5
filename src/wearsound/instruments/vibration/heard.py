"""All that is heard in one lane for every line of what is felt: each band, carrier and stroke once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from wearsound.core import F64, Block, Clock
from wearsound.felt import Feel
from wearsound.instruments.vibration.bands import TWO_PHASE_BELOW, Bands
from wearsound.instruments.vibration.bassline import Bassline
from wearsound.instruments.vibration.click import Clicks
from wearsound.instruments.vibration.equaliser import equal
from wearsound.instruments.vibration.felt_level import Levels
from wearsound.instruments.vibration.hum import Hum, Sounding, heard_hz
from wearsound.instruments.vibration.lane import Lane
from wearsound.instruments.vibration.strokes import KICKS_BELOW, Strokes
from wearsound.instruments.vibration.tone import Tones

Edges = tuple[float, float]
Found = Sequence[tuple[int, float]]

KICK: Edges = (45.0, 160.0)
"""Hz: in every band that begins low, a stroke is a kick, and the same one."""

REACH = 330.0
"""Hz: as high as a bass line is followed."""
WHOLE = 1.6
"""A band whose pitch as a whole is so much above what is followed, and above REACH, has no bass line in it."""


class Knocks:
    """The strokes of one band as clicks: `strokes` of the block, `voice` (2, n) waveform and envelope, in
    the middle at `hz`, where a waveform gets `equals` (1, 1) of its strength."""

    def __init__(self, edges: Edges, clock: Clock) -> None:
        self._clicks = Clicks(clock, edges)
        self.hz = self._clicks.hz
        self.equals: F64 = equal(np.array([[self.hz]]))
        self.reset()

    def reset(self) -> None:
        """Still."""
        self._clicks.reset()
        self.strokes: list[tuple[int, float]] = []
        self.voice: F64 = np.zeros((2, 0))
        self.sounds = False

    def take(self, strokes: list[tuple[int, float]], n: int) -> None:
        """Play the strokes of a block of `n` samples."""
        self.strokes = strokes
        self.sounds = self._clicks.sounds or bool(strokes)
        if self.sounds:
            self.voice = np.stack(self._clicks.play(n, strokes))


class Heard:
    """`hums` by band and carrier, `knocks` by band; what no line asks for is not made. [engine thread]"""

    def __init__(self, lane: str, feels: Sequence[Feel], clock: Clock) -> None:
        self.lane = lane
        self.plays = (lane, *((feel.band, feel.carrier, feel.part) for feel in feels))
        """What it hears: two of which this is the same hear the same."""
        hummed = [feel for feel in feels if feel.part != "click"]
        edges = list(dict.fromkeys(feel.band for feel in hummed))
        keys = list(dict.fromkeys((feel.band, feel.carrier) for feel in hummed))
        self.hums = {key: Hum(*key) for key in keys}
        self._toned = [(edges.index(band), self.hums[band, of]) for band, of in keys if of != "sound"]
        self._tone_bands = np.array([band for band, _ in self._toned], np.intp)
        self._tones = Tones(len(self._toned), clock)
        self._basslines = {edges.index(band): Bassline(band, clock) for band, of in keys if of == "pitch"}
        self._beyond = frozenset(i for i in self._basslines if edges[i][1] > REACH)
        self._sounding = [
            (edges.index(band), self.hums[band, of], Sounding(clock)) for band, of in keys if of == "sound"
        ]
        self._lane = Lane(lane, clock, low=any(low < TWO_PHASE_BELOW for low, _ in edges))
        self._bands = Bands(edges, clock, sorted({*self._beyond, *(band for band, _, _ in self._sounding)}))
        self._levels = Levels(self._bands.shares, clock)
        knocked = dict.fromkeys(struck(feel.band) for feel in feels if feel.part != "hum")
        self.knocks = {band: Knocks(band, clock) for band in knocked}
        # Bass lines are heard through kicks: those are found for them as well.
        found = [*knocked, *([KICK] if self._basslines and KICK not in knocked else [])]
        self._strokes = {band: Strokes(band, clock) for band in found}

    def reset(self) -> None:
        """Nothing was heard."""
        sounding = [part for _, _, part in self._sounding]
        whole: list[Any] = [self._lane, self._bands, self._levels, self._tones]
        for part in (
            *whole,
            *self._basslines.values(),
            *self.hums.values(),
            *self._strokes.values(),
            *self.knocks.values(),
            *sounding,
        ):
            part.reset()

    def inherit(self, old: Heard) -> None:
        """Go on from another that heard the same lane for other lines: how loud it has been is known."""
        self._lane.inherit(old._lane)

    def take(self, block: Block) -> None:
        """Hear a block."""
        lane, n_hops = self._lane, block.n_hops
        lane.take(block)
        strokes = {band: each.find(lane.mono) for band, each in self._strokes.items()}
        for edges, knocks in self.knocks.items():
            knocks.take(strokes[edges], len(lane.mono))
        if not self.hums:
            return
        self._bands.take(lane)
        level = self._levels.of(self._bands.amplitude, lane.reference)
        self._play_tones(lane.mono, level, n_hops, strokes.get(KICK, ()))
        for band, hum, sounding in self._sounding:
            hum.at(heard_hz(self._bands.hz[band]))
            wave = sounding.play(self._bands.sound(band), self._bands.amplitude[band], level[band])
            hum.voice = np.stack([wave, level[band]])
            hum.sounds = bool(wave.any())

    def _play_tones(self, mono: F64, level: F64, n_hops: int, kicks: Found) -> None:
        if not self._toned:
            return
        on = (level.reshape(len(level), n_hops, -1) != 0.0).any(axis=2)[self._tone_bands]
        none = np.zeros(n_hops)
        heard = {band: self._tracked(band, mono, n_hops, kicks) for band in self._basslines}
        hz = np.empty((len(self._toned), n_hops))
        for i, ((band, hum), sounds) in enumerate(zip(self._toned, on.tolist(), strict=True)):
            hz[i] = hum.follow(heard.get(band, none), sounds)
            hum.sounds = any(sounds)
        voices = np.empty((len(self._toned), 2, len(mono)))
        voices[:, 1] = level[self._tone_bands]
        np.multiply(self._tones.play(hz, on), voices[:, 1], out=voices[:, 0])
        for (_, hum), voice in zip(self._toned, voices, strict=True):
            hum.voice = voice

    def _tracked(self, band: int, mono: F64, n_hops: int, kicks: Found) -> F64:
        """The pitch of a band's one voice, (n_hops,) Hz; of a band that reaches higher, what is higher too."""
        hz = self._basslines[band].track(mono, n_hops, kicks)
        if band not in self._beyond:
            return hz
        whole = self._bands.hz[band]
        return np.where((whole > REACH) & (whole > WHOLE * hz), whole, hz)


def struck(band: Edges) -> Edges:
    """The band in which the strokes of a band are found."""
    return KICK if band[0] < KICKS_BELOW else band
