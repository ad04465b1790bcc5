"""Tempo, beats and the phase between them, predicted: a grid, not an echo of every hit."""

from __future__ import annotations

from typing import Any

from wearsound.analysis.pulse import FASTEST, Pulse
from wearsound.core import F64, Block, Clock, Spec

EVERY = 2
"""The belief moves on every second hop."""
WEIGHTS = (0.72, 0.16, 0.12)
"""Of low, mid and high novelty: feet before hats."""
USUAL_SECONDS = 4.0
USUAL_LEAST = 0.01
OVER_USUAL = 2.0
EVIDENCE_LEAST, EVIDENCE_MOST = 0.1, 30.0
CLEAR_NONE, CLEAR_ALL = 0.05, 0.10
"""Novelty whose recent peak is below the first is noise or a drone and says nothing of a beat."""
CLEAR_SECONDS = 4.0
HITS_NONE, HITS_ALL = 1.5, 2.5
"""One hit alone is no beat: this many are wanted of the last seconds."""
HITS_SECONDS = 8.0
PATIENCE_SECONDS = 1.1
"""A gate shut for longer than the slowest beat is a break: it says nothing about the beat."""

SURE, UNSURE = 0.35, 0.2
SURENESS_SECONDS = 0.5
FORGET_SECONDS = 15.0
"""Unsure or in silence for so long, there is no tempo."""

PULL = 0.06
"""Part of the phase error that each step takes away."""
DRIFT = PULL * PULL / 4.0
JUMP = 0.05
"""A tempo further than this from the belief's is not pulled but replaced."""
SKIP_STEPS = 200
JUMP_SECONDS = 0.6
LATE_PART = 0.12
"""A beat that falls while the gate is shut waits so long (in beats) for it to open."""
LEAD_SECONDS = 0.002


class Beat:
    """Tempo, beat count, phase and confidence, from `novelty` by a `Pulse`.

    The belief's phase and tempo pull a steady oscillator, which counts a beat at every turn. It is
    led by LEAD_SECONDS, the time from a sound's start until novelty shows it, so beats are counted
    when they happen. No beat is counted while the gate is shut, nor below a confidence of
    0.2 (it starts at 0.35); the tempo is held for 15 s.
    """

    specs = (
        Spec("tempo", "bpm", 0.0, FASTEST + 12.0, 0.1, "beats a minute, held through breaks; 0 for none"),
        Spec(
            "beat", "count", 0.0, 1e9, 1.0, "how many beats have passed; grows by one at each", growing=True
        ),
        Spec("phase", "", 0.0, 1.0, 0.001, "how far from the latest beat to the next; 0 without beats"),
        Spec("confidence", "", 0.0, 1.0, 0.001, "how sure tempo and phase are"),
    )
    latency = 0.0

    def prepare(self, clock: Clock) -> None:
        """Find memory and tables. [main thread]"""
        self._hops_per_second = clock.sample_rate / clock.hop
        self._steps_per_second = self._hops_per_second / EVERY
        self._pulse = Pulse(self._steps_per_second)
        self._usual_weight = 1.0 - (1.0 - clock.coefficient(USUAL_SECONDS)) ** EVERY
        self._clear_decay = (1.0 - clock.coefficient(CLEAR_SECONDS)) ** EVERY
        self._hits_decay = (1.0 - clock.coefficient(HITS_SECONDS)) ** EVERY
        self._sureness_weight = clock.coefficient(SURENESS_SECONDS)
        self._lead = LEAD_SECONDS * self._steps_per_second
        self._jump_steps = JUMP_SECONDS * self._steps_per_second
        self._patience = round(PATIENCE_SECONDS * self._steps_per_second)
        self._forget = clock.ticks(FORGET_SECONDS)
        self.reset()

    def reset(self) -> None:
        """State to its start. [engine thread]"""
        self._pulse.reset()
        self._novelty = 0.0
        self._usual = 0.0
        self._peak = 0.0
        self._hits = 0.0
        self._hit = False
        self._clear = 0.0
        self._heard = 0
        self._away = self._patience
        self._confidence = 0.0
        self._trust = 0.0
        self._awake = 0.0
        self._sure = False
        self._doubt = 0
        self._turn = 0.0
        self._rate = 0.0
        self._astray = 0
        self._since = 1.0
        self._owed = 0.0
        self._count = 0

    def process(self, block: Block, spectra: Any, out: F64) -> None:
        """Write (n_hops, 4) values. [engine thread]"""
        gain = spectra.gain
        if block.gap:
            self._skip(block.gap)
        low, mid, high = WEIGHTS
        hops = zip(spectra.novelty.regions.tolist(), gain.gate.tolist(), gain.silence.tolist(), strict=True)
        for hop, ((lows, mids, highs), gate, silence) in enumerate(hops):
            novelty = low * lows + mid * mids + high * highs
            self._novelty = max(self._novelty, novelty)
            if (block.tick + hop) % EVERY == EVERY - 1:
                self._step(bool(gate))
                self._novelty = 0.0
            self._judge(bool(silence))
            self._advance(bool(gate))
            row = out[hop]
            row[0] = self._rate * 60.0 * self._hops_per_second
            row[1] = self._count
            row[2] = self._turn if self._sure and not silence else 0.0
            row[3] = self._confidence

    def _skip(self, gap: int) -> None:
        """Hops were lost: time went on, nothing was heard, and no beat is counted for them."""
        for _ in range(min(gap // EVERY, SKIP_STEPS)):
            self._pulse.step(1.0)
        self._turn = (self._turn + self._rate * gap) % 1.0
        self._since += self._rate * gap
        self._novelty = 0.0

    def _has_tempo(self) -> bool:
        return self._rate > 0.0

    def _step(self, gate: bool) -> None:
        """Show the belief what was new; pull the oscillator towards what it says."""
        pulse = self._pulse
        if gate:
            if self._away >= self._patience and self._has_tempo():
                tempo = self._rate * EVERY
                pulse.expect(tempo, (self._turn - self._lead * tempo) % 1.0)
            self._away = 0
        else:
            self._away += 1
            if self._away >= self._patience:
                return
        pulse.step(self._evidence())
        target = pulse.tempo / EVERY
        led = (pulse.phase + self._lead * pulse.tempo) % 1.0
        sure = pulse.sureness * self._clear
        if not self._has_tempo():
            if sure >= SURE:
                self._rate, self._turn, self._astray = target, led, 0
            return
        if not gate:
            return
        if abs(target / self._rate - 1.0) <= JUMP:
            self._astray = 0
        elif sure >= UNSURE:
            self._astray += 1
            if self._astray > self._jump_steps:
                self._rate, self._turn, self._astray = target, led, 0
                return
        error = (led - self._turn + 0.5) % 1.0 - 0.5
        self._turn += PULL * error
        if self._astray == 0:
            self._rate += DRIFT / EVERY * error

    def _evidence(self) -> float:
        """How much likelier this much novelty is on a beat than off."""
        weight = max(self._usual_weight, 1.0 / (self._heard + 1))
        self._heard += 1
        self._usual += weight * (self._novelty - self._usual)
        self._peak = max(self._novelty, self._peak * self._clear_decay)
        hit = self._novelty >= CLEAR_ALL
        self._hits = self._hits * self._hits_decay + (hit and not self._hit)
        self._hit = hit
        self._clear = _part(self._peak, CLEAR_NONE, CLEAR_ALL) * _part(self._hits, HITS_NONE, HITS_ALL)
        over = self._novelty / (OVER_USUAL * max(self._usual, USUAL_LEAST))
        evidence = min(EVIDENCE_MOST, max(EVIDENCE_LEAST, over))
        return 1.0 + self._clear * (evidence - 1.0)

    def _judge(self, silence: bool) -> None:
        """Trust follows the belief, and waits in silence; confidence is trust that silence fades."""
        if silence:
            self._awake -= self._sureness_weight * self._awake
            if self._awake < 1e-6:
                self._awake = 0.0
        else:
            self._awake = 1.0
            self._trust += self._sureness_weight * (self._pulse.sureness * self._clear - self._trust)
        self._sure = self._trust >= (UNSURE if self._has_tempo() else SURE)
        self._doubt = 0 if self._sure and not silence else self._doubt + 1
        if self._doubt >= self._forget:
            self._rate = self._trust = 0.0
            self._sure = False
        self._confidence = self._trust * self._awake

    def _advance(self, gate: bool) -> None:
        """One hop further round; count a beat at each turn, if somebody plays."""
        if self._rate == 0.0:
            return
        self._turn += self._rate
        self._since += self._rate
        if self._turn >= 1.0:
            self._turn -= 1.0
            self._owed = LATE_PART
        elif self._turn < 0.0:
            self._turn += 1.0
        if self._owed > 0.0:
            self._owed -= self._rate
            if gate and self._sure and self._since > 0.4:
                self._count += 1
                self._since = 0.0
                self._owed = 0.0


def _part(value: float, none: float, all_: float) -> float:
    """0 up to `none`, 1 from `all_`, a ramp between."""
    return min(1.0, max(0.0, (value - none) / (all_ - none)))
