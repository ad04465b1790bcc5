"""`palette`: five to eight colours out of a recording, by one stated method (docs/colour.md).

The ear of `analyze` listens once. Every note (of twelve) that sounds is a *voice*: its pitch class is its hue, its
share of the sound its rank, the brightness of the sound while it sounds its lightness, flatness takes chroma
away. The voices are then cast as a patch wants its colours: a dark ground, a slow dye, one warm light, one cool
one, one pale one. Everything is relative to the recording's own loudest moment, so that its level does not matter.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from wearsound import gallery
from wearsound.analysis.analysis import analyze as hear_all
from wearsound.core import F64, Clock
from wearsound.errors import AudioError, printable
from wearsound.garment.colour import (
    linear_to_oklch,
    linear_to_srgb,
    oklch_to_linear,
    oklch_to_oklab,
)
from wearsound.garment.colour_names import named
from wearsound.garment.palette import Palette, Swatch
from wearsound.show.casting import A_VOICE, COOL, DARK, WARM, Voice, cast
from wearsound.show.source import Watched, open_recording

if TYPE_CHECKING:
    from wearsound.analysis.analysis import Analysis

NOTES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
_CHROMA = ("c", "cs", "d", "ds", "e", "f", "fs", "g", "gs", "a", "as", "b")
_MEASURES = ("flatness", "roughness", *(f"chroma_{note}" for note in _CHROMA))
_BANDS = {"sub": 30.0, "bass": 85.0, "lowmid": 280.0, "mid": 1000.0, "high": 3500.0, "air": 9800.0}

FEWEST, MOST = 5, 8
HUE_OF_C = 29.0
"""Degrees: C is red, and each semitone a twelfth of the wheel on: D yellow, F teal, G sky, A violet."""

SWAY = 20.0
"""Degrees that brightness moves a hue: dark sound back, bright sound on."""

SILENT = 1e-4
"""A recording whose largest sample is below this (-80 dB) is silent."""


@dataclass(frozen=True, slots=True)
class Colour:
    """One colour with what it is for and what it was made of. `oklch` is of the bytes in `swatch`."""

    swatch: Swatch
    role: str
    oklch: tuple[float, float, float]
    voice: Voice


@dataclass(frozen=True, slots=True)
class Heard:
    """A palette out of a sound, and its colours one by one."""

    palette: Palette
    colours: tuple[Colour, ...]


def palette_of(
    audio: str | Path,
    *,
    count: int | None = None,
    name: str = "",
    seconds: float | None = None,
    progress: Callable[[float], None] | None = None,
) -> Heard:
    """Hear a recording, a test signal or `demo` and make its palette; an AudioError where nothing sounds.

    `count` colours from FEWEST to MOST; left out, two more than there are voices.
    """
    first = open_recording(str(audio), seconds=seconds)
    if "room" not in first.lanes:
        raise AudioError(f"{audio} has no lane 'room'{gallery.suggest('room', first.lanes)}")
    clock = Clock(sample_rate=first.sample_rate)
    # Heard twice: the ear counts from a fixed level (its gate, its floor), and a palette must not depend on level.
    peak = max((float(np.abs(block.samples).max(initial=0.0)) for block in first.blocks(clock)), default=0.0)
    if peak < SILENT:
        raise _silent(str(audio))
    again = Watched(open_recording(str(audio), seconds=seconds), progress)
    blocks = (replace(block, samples=block.samples * np.float32(1.0 / peak)) for block in again.blocks(clock))
    hears = {f"room.{measure}" for measure in _MEASURES}
    analysis = hear_all(blocks, clock, ["room"], name=str(audio), hears=hears)
    return make(analysis, count=count, name=name or Path(str(audio)).stem)


def make(analysis: Analysis, *, count: int | None = None, name: str = "") -> Heard:
    """The palette of what was heard. [any thread]"""
    level = _series(analysis, "level")
    gate = _series(analysis, "gate") > 0.5
    if not gate.any():
        raise _silent(analysis.name)
    weight = np.where(gate, 10.0 ** ((level - level[gate].max()) / 20.0), 0.0)
    voices = _voices(analysis, weight)
    low = _spectral(analysis, weight, ("sub", "bass", "lowmid"), WARM, (30.0, 400.0))
    high = _spectral(analysis, weight, ("mid", "high", "air"), COOL, (700.0, 10_000.0))
    whole = _whole(analysis, weight)
    if count is None:
        count = sum(voice.share >= A_VOICE for voice in voices) + 2
    count = min(MOST, max(FEWEST, count))
    rough = _mean(_series(analysis, "roughness"), weight)
    roles = cast(voices, low, high, whole, _lowness(analysis, weight), rough)[:count]
    tuned = [_rounded(lch) for _, lch, _ in roles]
    names = named(oklch_to_oklab(np.array(tuned)))
    colours = []
    for (role, _, voice), lch, word in zip(roles, tuned, names, strict=True):
        srgb = np.rint(linear_to_srgb(oklch_to_linear(np.array(lch))) * 255)
        red, green, blue = (int(value) for value in srgb)
        colours.append(Colour(Swatch(word, (red, green, blue)), role, lch, voice))
    notes = " ".join(dict.fromkeys(colour.voice.note for colour in colours if colour.voice.note))
    about = f"heard in {Path(analysis.name).name}" + (f": {notes}" if notes else "")
    about = printable(about)[:200]
    palette = Palette(name or Path(analysis.name).stem, tuple(colour.swatch for colour in colours), about)
    return Heard(palette, tuple(colours))


def _silent(name: str) -> AudioError:
    return AudioError(f"{name} is silent, and silence has no colours: give a recording that sounds")


def _series(analysis: Analysis, name: str) -> F64:
    return np.asarray(analysis.series(name), dtype=np.float64)


def _mean(values: F64, weight: F64) -> float:
    total = float(np.add.reduce(weight))
    return float(np.add.reduce(values * weight)) / total if total > 0 else 0.0


def _ratio_mean(frequency: F64, weight: F64) -> float:
    """The mean of a frequency as the ear counts it, by ratio."""
    heard = frequency > 0
    return (
        float(np.exp(_mean(np.log(np.where(heard, frequency, 1.0)), weight * heard))) if heard.any() else DARK
    )


def _voices(analysis: Analysis, weight: F64) -> list[Voice]:
    """The notes that sound, the largest share first; none where nothing has a pitch."""
    chroma = [_series(analysis, f"chroma_{note}") for note in _CHROMA]
    weights = [weight * values * values for values in chroma]
    shares = [float(np.add.reduce(values)) for values in weights]
    total = sum(shares)
    if total <= 0.0:
        return []
    centroid, flatness = _series(analysis, "centroid"), _series(analysis, "flatness")
    found = []
    for k, (values, share) in enumerate(zip(weights, shares, strict=True)):
        if share / total < A_VOICE / 2:
            continue
        mean = _ratio_mean(centroid, values)
        strongest = float(analysis.time[int(np.argmax(values))])
        voice = Voice(NOTES[k], share / total, mean, _mean(flatness, values), round(strongest, 1), 0.0)
        hue = HUE_OF_C + 30.0 * k + SWAY * (2.0 * voice.bright - 1.0)
        found.append(replace(voice, hue=hue % 360.0))
    return sorted(found, key=lambda voice: (-round(voice.share, 3), NOTES.index(voice.note)))


def _spectral(
    analysis: Analysis,
    weight: F64,
    bands: tuple[str, ...],
    family: tuple[float, float],
    span: tuple[float, float],
) -> Voice:
    """A part of the spectrum as a voice: where its energy lies, by ratio, is a hue of its family."""
    energy = [_mean(_series(analysis, band), weight) for band in bands]
    total = sum(energy)
    everything = sum(_mean(_series(analysis, band), weight) for band in _BANDS)
    logs = [np.log(_BANDS[band]) for band in bands]
    middle = (
        float(np.exp(sum(e * log for e, log in zip(energy, logs, strict=True)) / total))
        if total > 0
        else span[0]
    )
    along = float(np.clip(np.log(middle / span[0]) / np.log(span[1] / span[0]), 0.0, 1.0))
    hue = family[0] + 30.0 + (family[1] - family[0] - 45.0) * along
    strongest = np.argmax(sum(_series(analysis, band) for band in bands) * weight)
    flatness = _mean(_series(analysis, "flatness"), weight)
    at = round(float(analysis.time[int(strongest)]), 1)
    share = total / everything if everything > 0 else 0.0
    return Voice("", share, _ratio_mean(_series(analysis, "centroid"), weight), flatness, at, hue % 360.0)


def _whole(analysis: Analysis, weight: F64) -> Voice:
    """All of it as one voice."""
    centroid = _ratio_mean(_series(analysis, "centroid"), weight)
    at = round(float(analysis.time[int(np.argmax(weight))]), 1)
    return Voice("", 1.0, centroid, _mean(_series(analysis, "flatness"), weight), at, 0.0)


def _lowness(analysis: Analysis, weight: F64) -> float:
    """How much of the sound is bass, 0..1."""
    energy = {band: _mean(_series(analysis, band), weight) for band in _BANDS}
    total = sum(energy.values())
    return (energy["sub"] + energy["bass"]) / total if total > 0 else 0.0


def _rounded(lch: tuple[float, float, float]) -> tuple[float, float, float]:
    """What fits into sRGB at this lightness and hue, on a grid no eye can see: a last bit changes nothing."""
    coarse = (round(lch[0], 2), round(lch[1] * 200) / 200, round(lch[2] / 2) * 2 % 360)
    fits = linear_to_oklch(oklch_to_linear(np.array(coarse)))
    return coarse[0], round(min(coarse[1], float(fits[1])), 4), float(coarse[2])
