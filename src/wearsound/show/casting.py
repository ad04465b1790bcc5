"""Who plays which colour of a palette: a dark ground, a slow dye, one warm light, one cool one, one pale one.

Voices are cast by their hues and their shares of the sound (docs/colour.md).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from wearsound.garment.colour import oklab_to_oklch, oklch_to_oklab

DARK, BRIGHT = 200.0, 8000.0
"""Hz: centroids between which lightness runs."""

GREY = 0.4
"""Square root of the flatness at which no colour is left: about that of steam or hiss."""

WARM, COOL = (8.0, 105.0), (150.0, 310.0)
"""Degrees of the two families; between them, lime and magenta belong to neither."""

A_VOICE = 0.07
"""Share of the notes from which one is a voice of its own."""


@dataclass(frozen=True, slots=True)
class Voice:
    """What makes a colour: `note` ("" for a part of the spectrum), `share` of the sound 0..1, `centroid` Hz and
    `flatness` while it sounds, `at` the second in which it is strongest, `hue` in degrees."""

    note: str
    share: float
    centroid: float
    flatness: float
    at: float
    hue: float

    @property
    def bright(self) -> float:
        """0 dark .. 1 bright, by ratio of frequency."""
        return float(np.clip(np.log(self.centroid / DARK) / np.log(BRIGHT / DARK), 0.0, 1.0))

    @property
    def clear(self) -> float:
        """1 a tone .. 0 noise."""
        return float(np.clip(1.0 - np.sqrt(max(self.flatness, 0.0)) / GREY, 0.0, 1.0))


def _of(family: tuple[float, float], hue: float) -> bool:
    return (hue - family[0]) % 360.0 <= family[1] - family[0]


def cast(
    voices: list[Voice], low: Voice, high: Voice, whole: Voice, lowness: float, rough: float
) -> list[tuple[str, tuple[float, float, float], Voice]]:
    """Role, OKLCH and voice of all eight colours, in a palette's order; `lowness` is the share of bass, 0..1."""
    strong = [voice for voice in voices if voice.share >= A_VOICE]
    warm = next((voice for voice in strong if _of(WARM, voice.hue)), low)
    cool = next((voice for voice in strong if _of(COOL, voice.hue)), high)
    ground = strong[0] if strong else low
    # Where nobody is left for the dye, it stands off the ground's hue: near it if smooth, across if rough.
    dye = next((voice for voice in strong[1:] if voice not in (warm, cool)), None)
    if dye is None:
        dye = replace(ground, hue=(ground.hue + 30.0 + 150.0 * rough) % 360.0)
    left = [voice for voice in voices if voice not in (warm, cool, dye)] or [cool, warm]
    rest = [left[k % len(left)] for k in range(3)]
    t = whole.bright
    # Pale goes from lamplight to ice through undyed: a straight line in OKLab, never round the wheel.
    lamp, ice = oklch_to_oklab([[0.86, 0.055, 85.0], [0.90, 0.035, 235.0]])
    pale = oklab_to_oklch(lamp + (ice - lamp) * t)
    return [
        ("ground", (0.36 - 0.12 * min(1.0, 2.0 * lowness), 0.012 + 0.048 * ground.clear, ground.hue), ground),
        ("slow dye", (0.44 + 0.12 * dye.bright, 0.035 + 0.085 * dye.clear, dye.hue), dye),
        ("warm light", (0.67 + 0.14 * warm.bright, 0.06 + 0.095 * warm.clear, warm.hue), warm),
        ("cool light", (0.70 + 0.13 * cool.bright, 0.035 + 0.07 * cool.clear, cool.hue), cool),
        ("pale light", (float(pale[0]), float(pale[1]), float(pale[2])), whole),
        ("second dye", (0.60 + 0.08 * rest[0].bright, 0.03 + 0.07 * rest[0].clear, rest[0].hue), rest[0]),
        ("lining", (0.40, 0.03 + 0.07 * rest[1].clear, (rest[1].hue + 15.0) % 360.0), rest[1]),
        ("thread", (0.76 + 0.06 * rest[2].bright, 0.03 + 0.06 * rest[2].clear, rest[2].hue), rest[2]),
    ]
