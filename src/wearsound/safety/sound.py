"""The last hand on sound: finite numbers, DC, feedback, true peaks, the performer's hand, a slow rise; always on.

scrub -> DC block -> feedback guard -> limiter -> hand and rise. The hand comes last, because a limiter that looks ahead
still holds a moment of sound, and a panic must not wait for it; what it scales down is below the ceiling already.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from typing import Any

import numpy as np

from wearsound.core import F32, F64, MAX_HOPS, Block, Clock
from wearsound.safety.dc_block import DcBlock
from wearsound.safety.fader import Fader
from wearsound.safety.feedback import Feedback
from wearsound.sound import CEILING, Sound
from wearsound.true_peak.limiter import Limiter

MOST = 8.0
"""No sample beyond this (+18 dB) gets to the filters, whatever is played."""

PASSING = 4
"""Hops in which the room goes over to its way through the limiter, where it did not go before."""


class SoundSafety:
    """Implements sound.SoundGuard. [engine thread]

    `lanes` are those that set what is played in motion: the microphones that may hear the speakers. Without any,
    nothing is played, and the room goes through as it came.
    """

    def __init__(self, clock: Clock, lanes: Collection[str] = ()) -> None:
        self._clock = clock
        self._chain = _Chain(clock, sorted(set(lanes))) if lanes else None
        self._plays = self._chain is not None
        self._passing = 0
        self._silence: F64 = np.zeros((2, MAX_HOPS * clock.hop))

    def reset(self) -> None:
        """Silent."""
        self._passing = 0
        if not self._plays:
            self._chain = None
        elif self._chain is not None:
            self._chain.reset()

    def inherit(self, old: object) -> None:
        """Go on from where `old` is, whatever plays from now on. [engine thread]

        What it took, holds down and lets rise slowly goes on. Where nothing plays any more what was played rings out
        through it; where something begins to, the room goes over to its way through the limiter, which is a moment
        longer, within PASSING hops.
        """
        if not isinstance(old, SoundSafety) or old._clock != self._clock:
            return
        self._passing = old._passing
        if old._chain is None:
            self._passing = PASSING if self._chain is not None else 0
        elif self._chain is None:
            self._chain = old._chain
        else:
            self._chain.inherit(old._chain)

    def limit(self, block: Block, wave: F64 | None, hand: F64) -> Sound:
        """What may leave."""
        if self._chain is None:
            room = block.samples[:, stereo(block.lanes)]
            return Sound(np.zeros_like(room), room)
        if wave is None:
            wave = self._silence[:, : block.n_hops * self._clock.hop]
        sound = self._chain.limit(block, wave, hand)
        if self._passing and "room" in block.lanes:
            self._pass(block.samples[:, stereo(block.lanes)], sound.heard)
        return sound

    def _pass(self, room: F32, heard: F32) -> None:
        """The room comes out of the limiter later than it went past it: it goes from one to the other, in place."""
        hop = self._clock.hop
        for start in range(0, len(heard), hop):
            if not self._passing:
                return
            some = slice(start, start + hop)
            done = PASSING - self._passing + np.arange(1, hop + 1, dtype=np.float32) / np.float32(hop)
            share = (done / np.float32(PASSING))[:, None]
            heard[some] = heard[some] * share + room[some] * (np.float32(1.0) - share)
            self._passing -= 1

    def facts(self) -> dict[str, Any]:
        """What was taken, {} where nothing plays.

        `limiter_db`: the most that the limiter took of what is played, `mix_db`: of that with the room, dB.
        `howls`: how often the feedback guard stepped in; `ducked_s`: seconds for which it held all sound down.
        """
        return {} if self._chain is None else self._chain.facts()


class _Chain:
    """The guard of what is played, hop by hop, and of its sum with the room."""

    def __init__(self, clock: Clock, lanes: list[str]) -> None:
        hop = clock.hop
        self._clock = clock
        self._dc = DcBlock(clock)
        self._feedback = Feedback(lanes, clock)
        self._limiter = Limiter(CEILING, clock)
        self._fader = Fader(clock)
        self._mixed = Limiter(CEILING, clock)
        self._ramp: F64 = np.arange(1, hop + 1) / hop
        self._wave: F64 = np.zeros((2, hop))
        self._out: F64 = np.zeros((2, hop))
        self._mix: F64 = np.zeros((2, hop))
        self._played: F32 = np.zeros((MAX_HOPS * hop, 2), np.float32)
        self._heard: F32 = np.zeros((MAX_HOPS * hop, 2), np.float32)
        self.reset()

    def reset(self) -> None:
        """Silent."""
        self._dc.reset()
        self._feedback.reset()
        self._limiter.reset()
        self._fader.reset()
        self._mixed.reset()
        self._next: int | None = None
        self._lost = False

    def inherit(self, old: _Chain) -> None:
        """Go on from where `old` is; what listens to a microphone that both have listens on."""
        self._dc, self._limiter = old._dc, old._limiter
        self._fader, self._mixed = old._fader, old._mixed
        self._feedback.inherit(old._feedback)
        self._next, self._lost = old._next, old._lost

    def facts(self) -> dict[str, Any]:
        """As SoundSafety.facts."""
        seconds = self._clock.seconds(self._feedback.ducked)
        return {
            "limiter_db": _decibels(self._limiter.least),
            "mix_db": _decibels(self._mixed.least),
            "howls": self._feedback.count,
            "ducked_s": round(seconds, 2),
        }

    def limit(self, block: Block, wave: F64, hand: F64) -> Sound:
        """What may leave of one block."""
        hop, n = self._clock.hop, block.n_hops
        if self._next is not None and block.tick != self._next:
            self._lose()
        self._next = block.tick + n
        room = stereo(block.lanes) if "room" in block.lanes else None
        played, heard = self._played[: n * hop], self._heard[: n * hop]
        for i, up in enumerate(hand.tolist()):
            some = slice(i * hop, (i + 1) * hop)
            samples = block.samples[some]
            self._play(wave[:, some], up)
            played[some] = self._out.T
            self._feedback.look(block.tick + i, self._out, samples, block.lanes)
            if room is not None:
                self._hear(samples, room, heard[some])
            self._lost = False
        return Sound(played, heard if room is not None else played)

    def _play(self, wave: F64, hand: float) -> None:
        """One hop of what is played, into `_out`."""
        clean = self._wave
        np.copyto(clean, wave)
        _scrub(clean, MOST)
        self._dc.block(clean)
        self._feedback.hold(clean)
        if self._lost:
            clean *= self._ramp
        self._limiter.limit(clean, self._out)
        self._fader.fade(self._out, hand)

    def _hear(self, samples: F32, room: list[int], out: F32) -> None:
        """One hop of what an audience hears, into `out` (hop, 2): room and what is played, by a limiter of its own."""
        mix = self._mix
        mix[0], mix[1] = samples[:, room[0]], samples[:, room[1]]
        _scrub(mix, MOST)
        if self._lost:
            mix *= self._ramp
        mix += self._out
        self._mixed.limit(mix, mix)
        out[:] = mix.T

    def _lose(self) -> None:
        """Hops were lost: what waited to leave is not heard, and what comes begins from silence within a hop."""
        self._dc.reset()
        self._feedback.lose()
        self._limiter.clear()
        self._mixed.clear()
        self._lost = True


def stereo(lanes: Mapping[str, tuple[int, ...]]) -> list[int]:
    """The two columns that an audience hears: `room`, or the first lane where there is no room."""
    channels = lanes["room"] if "room" in lanes else next(iter(lanes.values()))
    return [channels[0], channels[1 if len(channels) > 1 else 0]]


def _scrub(wave: F64, most: float) -> None:
    """No number that is none, and none beyond +-most, in place."""
    if float(wave.max()) <= most and float(wave.min()) >= -most:  # NaN is not
        return
    wave[~np.isfinite(wave)] = 0.0
    np.clip(wave, -most, most, out=wave)


def _decibels(gain: float) -> float:
    return round(abs(20.0 * math.log10(max(gain, 1e-6))), 2)
