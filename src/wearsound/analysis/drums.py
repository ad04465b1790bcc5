"""When a kick, a snare (or clap, or rim) and a hat (or shaker) is struck, and how strongly."""

from __future__ import annotations

from typing import Any

from wearsound.analysis.detector import STROKE_EVERY, STROKE_PHASE, STROKES
from wearsound.analysis.stroke import Stroke
from wearsound.core import F64, Block, Clock, Spec

THRESHOLDS = {"kick": 0.5, "snare": 0.5, "hat": 0.3}
REGIONS = {"kick": 0, "snare": 1, "hat": 2}
"""Whose novelty, low, mid or high, is a drum's strength."""
COLUMNS = [STROKES.index(name) for name in THRESHOLDS]


def _specs() -> tuple[Spec, ...]:
    specs: list[Spec] = []
    for name in THRESHOLDS:
        specs += [
            Spec(
                name,
                "count",
                0.0,
                1e9,
                1.0,
                f"how many {name}s were struck; grows by one at each",
                growing=True,
            ),
            Spec(f"{name}_strength", "", 0.0, 1.0, 0.001, f"how strong the latest {name} was; 0 in silence"),
        ]
    return tuple(specs)


class Drums:
    """Kick, snare and hat as the detector hears them; decided at the end of an even hop."""

    specs = _specs()
    latency = 0.009

    def prepare(self, clock: Clock) -> None:
        """Find memory and tables. [main thread]"""
        self._strokes = [(Stroke(clock, THRESHOLDS[name]), REGIONS[name]) for name in THRESHOLDS]
        self.reset()

    def reset(self) -> None:
        """State to its start. [engine thread]"""
        for stroke, _ in self._strokes:
            stroke.reset()

    def process(self, block: Block, spectra: Any, out: F64) -> None:
        """Write (n_hops, 6) values. [engine thread]"""
        gain = spectra.gain
        looked = iter(spectra.detector.strokes[:, COLUMNS[0] : COLUMNS[-1] + 1].tolist())
        nothing = [None] * len(COLUMNS)
        hops = zip(spectra.novelty.regions.tolist(), gain.gate.tolist(), gain.silence.tolist(), strict=True)
        for hop, (news, gate, silence) in enumerate(hops):
            likely = next(looked) if (block.tick + hop) % STROKE_EVERY == STROKE_PHASE else nothing
            row: list[float] = []
            for (stroke, region), now in zip(self._strokes, likely, strict=True):
                stroke.hop(now, news[region], gate, silence)
                row += (stroke.count, stroke.strength)
            out[hop] = row
