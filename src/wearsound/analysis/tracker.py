"""The beat as it is played: a steady oscillator that the belief of a `Pulse` pulls, and a hand may push."""

from __future__ import annotations

import math

from wearsound.analysis.pulse import FASTEST, SLOWEST, Pulse
from wearsound.core import Clock

EVERY, PHASE = 2, 1
"""The belief moves on every odd hop."""
ODDS = 4.5
"""A likelihood of 1 / (1 + ODDS) speaks neither for a beat nor against."""
EVIDENCE_LEAST, EVIDENCE_MOST = 0.1, 30.0
USUAL_SECONDS, USUAL_LEAST = 4.0, 0.01
OVER_USUAL = 2.0
"""News of so many times the usual speaks neither for a beat nor against; its fourth root is taken, for the
detector has heard it too."""
CLEAR_NONE, CLEAR_ALL = 0.12, 0.3
"""A likelihood whose recent peak is below the first is noise or a drone and says nothing of a beat."""
CLEAR_SECONDS = 3.0
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
JUMP_SECONDS = 0.6
SKIP_STEPS = 200
LATE_PART = 0.12
"""A beat that falls while the gate is shut waits so long (in beats) for it to open."""
APART_PART = 0.4
"""Beats are counted no closer than so many beats."""
LEAD_SECONDS = 0.006
"""From a beat until the belief has it: the sound shows, the detector steps, the belief steps."""
TAP_SECONDS = 2.0
"""A tap later than this after the one before begins a new series."""
TAPS = 8


class Tracker:
    """Beats counted when they happen, from likelihoods that come a little after.

    Call `hear` at each step of EVERY hops, with a likelihood if there is one and with how much was new in
    the spectrum since the last (mean rise of a band), then `hop` for each hop;
    `count`, `turn` 0..1 (0 on the beat), `rate` (beats a hop), `confidence` 0..1 and `sure` follow. No
    beat is counted while the gate is shut, nor below a confidence of 0.2 (it starts at 0.35), but where
    somebody else says how fast it goes on: `locked`, the phase alone is still pulled to what is believed;
    `paced` by an outside clock likewise; `led` by one, nothing is.
    """

    def __init__(self, clock: Clock) -> None:
        self.hops_per_second = clock.sample_rate / clock.hop
        steps = self.hops_per_second / EVERY
        self._pulse = Pulse(steps)
        self._usual_weight = 1.0 - (1.0 - clock.coefficient(USUAL_SECONDS)) ** EVERY
        self._clear_decay = (1.0 - clock.coefficient(CLEAR_SECONDS)) ** EVERY
        self._hits_decay = (1.0 - clock.coefficient(HITS_SECONDS)) ** EVERY
        self._sureness_weight = clock.coefficient(SURENESS_SECONDS)
        self._lead = LEAD_SECONDS * steps
        self._jump_steps = JUMP_SECONDS * steps
        self._patience = round(PATIENCE_SECONDS * steps)
        self._forget = clock.ticks(FORGET_SECONDS)
        self._tap_hops = clock.ticks(TAP_SECONDS)
        self.reset()

    def reset(self) -> None:
        """Nothing heard yet."""
        self._pulse.reset()
        self._usual = 0.0
        self._steps = 0
        self._peak = 0.0
        self._hits = 0.0
        self._hit = False
        self._clear = 0.0
        self._away = self._patience
        self.confidence = 0.0
        self._trust = 0.0
        self._awake = 0.0
        self.sure = False
        self._doubt = 0
        self.turn = 0.0
        self.rate = 0.0
        self._astray = 0
        self._since = 1.0
        self._owed = 0.0
        self.count = 0
        self.locked = self.paced = self.led = False
        self._taps: list[int] = []
        self.hops = 0

    @property
    def held(self) -> bool:
        """Whether the tempo is not the ear's to move."""
        return self.locked or self.paced or self.led

    def hear(self, likely: float | None, news: float, gate: bool) -> None:
        """One step of the belief; it pulls the oscillator."""
        pulse = self._pulse
        if gate:
            if self._away >= self._patience and self.rate > 0.0:
                tempo = self.rate * EVERY
                pulse.expect(tempo, (self.turn - self._lead * tempo) % 1.0)
            self._away = 0
        else:
            self._away += 1
            if self._away >= self._patience:
                return
        evidence = self._new_evidence(news)
        if likely is not None:
            self._judge_clear(likely)
            odds = ODDS * likely / max(1.0 - likely, 1e-6)
            evidence *= min(EVIDENCE_MOST, max(EVIDENCE_LEAST, odds))
        pulse.step(1.0 + self._clear * (evidence - 1.0))
        if self.led:
            return
        target = pulse.tempo / EVERY
        led = (pulse.phase + self._lead * pulse.tempo) % 1.0
        sure = pulse.sureness * self._clear
        if self.rate == 0.0:
            if sure >= SURE:
                self.rate, self.turn, self._astray = target, led, 0
            return
        if not gate:
            return
        if abs(target / self.rate - 1.0) <= JUMP:
            self._astray = 0
        elif self.held:
            return
        elif sure >= UNSURE:
            self._astray += 1
            if self._astray > self._jump_steps:
                self.rate, self.turn, self._astray = target, led, 0
                return
        if self.held and sure < UNSURE:
            return  # what is not believed must not hold back what a hand holds
        error = (led - self.turn + 0.5) % 1.0 - 0.5
        self.turn += PULL * error
        if self._astray == 0 and not self.held:
            self.rate += DRIFT / EVERY * error

    def hop(self, gate: bool, silence: bool) -> None:
        """One hop further round; count a beat at each turn, if somebody plays."""
        self.hops += 1
        self._judge(silence)
        if self.rate == 0.0:
            return
        self.turn += self.rate
        self._since += self.rate
        if self.turn >= 1.0:
            self.turn -= 1.0
            self._owed = LATE_PART
        elif self.turn < 0.0:
            self.turn += 1.0
        if self._owed > 0.0:
            self._owed -= self.rate
            if (self.held or (gate and self.sure)) and self._since > APART_PART:
                self.count += 1
                self._since = 0.0
                self._owed = 0.0

    def skip(self, gap: int) -> int:
        """Hops were lost: time went on, nothing was heard, no beat is counted; how many would have been."""
        for _ in range(min(gap // EVERY, SKIP_STEPS)):
            self._pulse.step(1.0)
        turned = self.turn + self.rate * gap
        self.turn = turned % 1.0
        self._since += self.rate * gap
        self.hops += gap
        return math.floor(turned)

    def tap(self) -> None:
        """The beat is now; two taps or more in a row, each in a hop of its own, also say how fast."""
        if self._taps and self._taps[-1] == self.hops:
            return
        if self._taps and self.hops - self._taps[-1] > self._tap_hops:
            self._taps.clear()
        self._taps = [*self._taps[1 - TAPS :], self.hops]
        if len(self._taps) > 1:
            self.rate = self._bounded((len(self._taps) - 1) / (self._taps[-1] - self._taps[0]))
        if self.rate:
            self.say(self.rate, 1.0 - 1e-9)

    def bpm(self, tempo: float) -> None:
        """This is the tempo; the phase stays."""
        self.say(self._bounded(tempo / 60.0 / self.hops_per_second), self.turn)

    def times(self, factor: float) -> bool:
        """Halve or double the tempo, from the latest beat on; whether there is one and it stays in range."""
        rate = self.rate * factor
        if not (self.rate and SLOWEST <= rate * 60.0 * self.hops_per_second <= FASTEST):
            return False
        self.say(rate, self.turn * factor % 1.0)
        return True

    def nudge(self, seconds: float) -> None:
        """Beats come so much later (earlier where negative), and stay so until the belief wins again."""
        self.say(self.rate, (self.turn - seconds * self.hops_per_second * self.rate) % 1.0)

    def jump(self, turn: float) -> bool:
        """Be here at once; whether the beat that has just begun is still to be counted, in this hop."""
        self.turn = turn
        counts = turn < LATE_PART and self._since + self.rate > APART_PART
        self._owed = LATE_PART if counts else 0.0
        return counts

    def _bounded(self, rate: float) -> float:
        per_minute = 60.0 * self.hops_per_second
        return min(FASTEST / per_minute, max(SLOWEST / per_minute, rate))

    def say(self, rate: float, turn: float) -> None:
        """A hand knows better: the oscillator does as told, and the belief believes it."""
        if rate <= 0.0:
            return
        self.rate, self.turn, self._astray = rate, turn, 0
        self._pulse.expect(rate * EVERY, (turn - self._lead * rate * EVERY) % 1.0)
        self._pulse.prefer(rate * EVERY)
        self._clear = 1.0
        self._trust = max(self._trust, SURE)

    def _new_evidence(self, news: float) -> float:
        """How much likelier so much news is on a beat than off."""
        self._steps += 1
        self._usual += max(self._usual_weight, 1.0 / self._steps) * (news - self._usual)
        over = news / (OVER_USUAL * max(self._usual, USUAL_LEAST))
        return math.sqrt(math.sqrt(min(EVIDENCE_MOST, max(EVIDENCE_LEAST, over))))

    def _judge_clear(self, likely: float) -> None:
        """How clearly beats are heard at all."""
        self._peak = max(likely, self._peak * self._clear_decay)
        hit = likely >= CLEAR_ALL
        self._hits = self._hits * self._hits_decay + (hit and not self._hit)
        self._hit = hit
        self._clear = _part(self._peak, CLEAR_NONE, CLEAR_ALL) * _part(self._hits, HITS_NONE, HITS_ALL)

    def _judge(self, silence: bool) -> None:
        """Trust follows the belief, and waits in silence; confidence is trust that silence fades."""
        if silence:
            self._awake -= self._sureness_weight * self._awake
            if self._awake < 1e-6:
                self._awake = 0.0
        else:
            self._awake = 1.0
            self._trust += self._sureness_weight * (self._pulse.sureness * self._clear - self._trust)
        self.sure = self._trust >= (UNSURE if self.rate else SURE)
        self._doubt = 0 if (self.sure and not silence) or self.held else self._doubt + 1
        if self._doubt >= self._forget:
            self.rate = self._trust = 0.0
            self.sure = False
            self._pulse.prefer(0.0)
        self.confidence = self._trust * self._awake


def _part(value: float, none: float, all_: float) -> float:
    """0 up to `none`, 1 from `all_`, a ramp between."""
    return min(1.0, max(0.0, (value - none) / (all_ - none)))
