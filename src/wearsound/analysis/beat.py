"""Tempo, beats, bars and the phase between them, predicted: a grid, not an echo of every hit."""

from __future__ import annotations

from typing import Any

from wearsound.analysis.bar import METRES, Bar
from wearsound.analysis.detector import BEAT_EVERY, BEAT_PHASE, STROKE_EVERY, STROKE_PHASE
from wearsound.analysis.lead import Lead
from wearsound.analysis.pulse import FASTEST
from wearsound.analysis.told import LEADERS, TEMPO
from wearsound.analysis.tracker import EVERY, PHASE, Tracker
from wearsound.core import F64, Block, Clock, Event, Spec

HEARD_PART = 0.2
"""So many beats after a beat its downbeat's likelihood has been heard."""
SKIP_BEATS = 64
"""After a longer gap nobody knows where in the bar it is."""
LANE = "room"
"""Taps and tempi from outside are for the music."""


class Beat:
    """Tempo, beat count, phase, confidence and bar, from the detector by a `Tracker` and a `Bar`.

    The detector looks for beats on every fourth hop, the belief moves on every odd one. Beats are counted
    when they happen, for they are predicted; none is while the gate is shut, nor below a confidence of
    0.2 (it starts at 0.35); the tempo is held for 15 s. Events for `room`: `/wear/tempo/tap`, `bpm b`,
    `half`, `double`, `nudge ms`, `lock 0|1` (the tempo stays and beats go on whatever is heard),
    `clock b phase n` (an outside clock, which leads while it comes), `lead word` (who may lead).
    """

    specs = (
        Spec("tempo", "bpm", 0.0, FASTEST + 12.0, 0.1, "beats a minute, held through breaks; 0 for none"),
        Spec(
            "beat", "count", 0.0, 1e9, 1.0, "how many beats have passed; grows by one at each", growing=True
        ),
        Spec("phase", "", 0.0, 1.0, 0.001, "how far from the latest beat to the next; 0 without beats"),
        Spec("confidence", "", 0.0, 1.0, 0.001, "how sure tempo and phase are"),
        Spec("bar", "", 0.0, 1.0, 0.001, "how far from the latest downbeat to the next; 0 without beats"),
        Spec(
            "downbeat", "count", 0.0, 1e9, 1.0, "how many bars have begun; grows by one at each", growing=True
        ),
        Spec("metre", "beats", 0.0, float(METRES[-1]), 1.0, "beats a bar; 0 without beats"),
        Spec(
            "lead",
            "",
            0.0,
            len(LEADERS) - 1.0,
            1.0,
            "who leads the tempo: 0 the ear, 1 a hand here (tap, key, typed), 2 OSC, 3 MIDI, 4 Link",
        ),
    )
    latency = 0.0

    def prepare(self, clock: Clock) -> None:
        """Find memory and tables. [main thread]"""
        self._tracker = Tracker(clock)
        self._bar = Bar()
        self._lead = Lead(self._tracker, self._bar)
        self.reset()

    def reset(self) -> None:
        """State to its start. [engine thread]"""
        self._tracker.reset()
        self._bar.reset()
        self._lead.reset()
        self._news = 0.0
        self._likely_down = 0.0
        self._waiting = False
        self._beats = 0
        self._downbeats = 0

    def process(self, block: Block, spectra: Any, out: F64) -> None:
        """Write (n_hops, 8) values. [engine thread]"""
        gain, tracker, bar, lead = spectra.gain, self._tracker, self._bar, self._lead
        per_minute = 60.0 * tracker.hops_per_second
        if block.gap:
            for _ in range(min(tracker.skip(block.gap), SKIP_BEATS)):
                bar.beat()
            self._news = self._likely_down = 0.0
            self._waiting = False
        if block.events and spectra.lane == LANE:
            told: dict[int, list[Event]] = {}
            for event in block.events:
                if event.address.startswith(TEMPO):
                    told.setdefault(min(max(event.tick - block.tick, 0), block.n_hops - 1), []).append(event)
        else:
            told = {}
        looked = iter(spectra.detector.beats.tolist())
        news = iter(spectra.novelty.regions.tolist())
        for hop, (gate, silence) in enumerate(zip(gain.gate.tolist(), gain.silence.tolist(), strict=True)):
            if (block.tick + hop) % STROKE_EVERY == STROKE_PHASE:
                regions = next(news)
                self._news = sum(regions) / len(regions)
            if hop in told:
                lead.obey(told[hop])
            likely = None
            if (block.tick + hop) % BEAT_EVERY == BEAT_PHASE:
                likely, down = next(looked)
                self._likely_down = max(self._likely_down, down)
            if (block.tick + hop) % EVERY == PHASE:
                tracker.hear(likely, self._news, bool(gate))
            lead.hop()
            tracker.hop(bool(gate), bool(silence))
            self._place()
            row = out[hop]
            row[0] = tracker.rate * per_minute
            row[1] = tracker.count
            row[3] = 1.0 if lead.led else tracker.confidence
            row[5] = self._downbeats
            row[7] = lead.who
            if tracker.held or (tracker.sure and not silence):
                row[2] = tracker.turn
                row[4] = (bar.place + tracker.turn) / bar.metre
                row[6] = bar.metre
            else:
                row[2] = row[4] = row[6] = 0.0

    def _place(self) -> None:
        """Move the bar on at a beat; judge the beat once its likelihood has been heard."""
        tracker, bar = self._tracker, self._bar
        if tracker.count != self._beats:
            self._beats = tracker.count
            bar.beat()
            self._waiting = True
            self._downbeats += bar.place == 0
        elif self._waiting and HEARD_PART <= tracker.turn < 0.5:
            if not self._lead.numbered:
                bar.hear(self._likely_down)
            self._waiting = False
            self._likely_down = 0.0
        elif not self._waiting and tracker.turn < 0.85:
            self._likely_down = 0.0
