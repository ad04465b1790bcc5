"""When something begins, and when a kick, a snare (or clap, or rim), a hat (or shaker) is struck: counts that
grow, how strong the latest was, and what is new now."""

from __future__ import annotations

from typing import Any

from wearsound.analysis.detector import STROKE_EVERY, STROKE_PHASE, STROKES
from wearsound.analysis.stroke import Stroke
from wearsound.core import F64, Block, Clock, Spec

THRESHOLDS = {"onset": 0.5, "kick": 0.5, "snare": 0.5, "hat": 0.3}
EVIDENT = 1.25
"""News of 0.4, every band 4 dB up on the mean, is an onset whatever the detector says: a click in silence has
so much; in music it added nothing (measured on the tuning half of the test set)."""
WEIGHTS = (0.3, 0.35, 0.35)
"""Of low, mid and high novelty, for the flux and the strength of an onset; a drum's is that of its own region."""
FLUX_RELEASE_SECONDS = 0.06


def _specs() -> tuple[Spec, ...]:
    specs = [
        Spec(
            "onset", "count", 0.0, 1e9, 1.0, "how many sounds have begun; grows by one at each", growing=True
        ),
        Spec("strength", "", 0.0, 1.0, 0.001, "how strong the latest onset was; 0 in silence"),
        Spec("flux", "", 0.0, 1.0, 0.001, "how much is new in the spectrum right now"),
    ]
    for name in STROKES[1:]:
        struck = f"how many {name}s were struck; grows by one at each"
        specs += [
            Spec(name, "count", 0.0, 1e9, 1.0, struck, growing=True),
            Spec(f"{name}_strength", "", 0.0, 1.0, 0.001, f"how strong the latest {name} was; 0 in silence"),
        ]
    return tuple(specs)


class Onsets:
    """All that begins, of whatever kind: a `Stroke` that also hears what is new in every band at once."""

    def __init__(self, clock: Clock) -> None:
        self._stroke = _stroke("onset", clock)
        self.reset()

    def reset(self) -> None:
        """State to its start: nothing counted."""
        self._stroke.reset()
        self.count, self.strength, self.news = 0, 0.0, 0.0

    def look(self, likely: list[float], regions: list[float], gate: float, silence: float) -> None:
        """One look: likelihoods of STROKES, the news of each region, gate and silence."""
        low, mid, high = WEIGHTS
        news = low * regions[0] + mid * regions[1] + high * regions[2]
        stroke = self._stroke
        stroke.look(max(likely[0], min(1.0, EVIDENT * news)), news, gate, silence)
        self.count, self.strength, self.news = stroke.count, stroke.strength, news


class Strokes:
    """Onsets, kicks, snares and hats as the detector hears them; decided at the end of an even hop.

    It has looked at the last 21 ms (43 ms below 160 Hz); `latency` is typical for a sound's start to
    the end of the hop that tells.
    """

    specs = _specs()
    latency = 0.009

    def prepare(self, clock: Clock) -> None:
        """Find memory and tables. [main thread]"""
        self._onsets = Onsets(clock)
        self._kick, self._snare, self._hat = (_stroke(name, clock) for name in STROKES[1:])
        self._release = (1.0 - clock.coefficient(FLUX_RELEASE_SECONDS)) ** STROKE_EVERY
        self.reset()

    def reset(self) -> None:
        """State to its start. [engine thread]"""
        for part in (self._onsets, self._kick, self._snare, self._hat):
            part.reset()
        self._flux = 0.0
        self._said: tuple[float, ...] = (0.0,) * len(self.specs)

    def process(self, block: Block, spectra: Any, out: F64) -> None:
        """Write (n_hops, 9) values; between two looks the latest holds. [engine thread]"""
        looks = spectra.looks(STROKE_EVERY, STROKE_PHASE)
        out[: looks.start] = self._said
        # Asked of every block, so that a gap before a block without a look is not missed.
        heard, news = spectra.detector.strokes.tolist(), spectra.novelty.regions.tolist()
        gain = spectra.gain
        gates, silences = gain.gate.tolist(), gain.silence.tolist()
        for hop, likely, regions in zip(looks, heard, news, strict=True):
            out[hop : hop + STROKE_EVERY] = self._look(likely, regions, gates[hop], silences[hop])

    def _look(
        self, likely: list[float], regions: list[float], gate: float, silence: float
    ) -> tuple[float, ...]:
        """Likelihoods and the news of each region; what holds from now on."""
        onsets, kick, snare, hat = self._onsets, self._kick, self._snare, self._hat
        onsets.look(likely, regions, gate, silence)
        kick.look(likely[1], regions[0], gate, silence)
        snare.look(likely[2], regions[1], gate, silence)
        hat.look(likely[3], regions[2], gate, silence)
        self._flux = max(gate * min(1.0, onsets.news), self._flux * self._release)
        if self._flux < 1e-6:
            self._flux = 0.0
        self._said = (
            onsets.count,
            onsets.strength,
            self._flux,
            kick.count,
            kick.strength,
            snare.count,
            snare.strength,
            hat.count,
            hat.strength,
        )
        return self._said


def _stroke(name: str, clock: Clock) -> Stroke:
    return Stroke(clock.sample_rate / clock.hop / STROKE_EVERY, THRESHOLDS[name])
