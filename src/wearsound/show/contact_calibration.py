"""Calibrating a contact microphone: still, walk, rub, tap become numbers that the ear begins with, or faults.

What comes out is kept in the rig as [calibration.LANE] and read by `analysis.movement`: `floor_BAND` dB of each band
when nobody moves, `rustle_mid` and `rustle_high` dB of the cloth that moves by itself while somebody walks; and, for a
person to read, `hum` dB of mains in the lane and how far each part stood above stillness.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from wearsound.analysis.movement.contact import Contact
from wearsound.analysis.movement.moment import FLOORED, HIGH, LOW, MID, MID_SLICE
from wearsound.analysis.movement.movement import LEARNED
from wearsound.analysis.spectrum import LaneSpectra
from wearsound.core import F32, F64, MAX_HOPS, Block, Clock

PARTS = ("still", "walk", "rub", "tap")
SENTENCES = (
    "stand still, and do not touch the coat",
    "walk on the spot as you always walk",
    "rub the cloth near the microphone, to and fro",
    "tap on it with a finger, now and then",
)
EDGE_SECONDS = 0.5
"""Left out at both ends of a part: the click of a key, somebody who begins late."""
LEAST_SECONDS = 2.0
LEAST_ABOVE = 10.0
"""dB that walking, rubbing and tapping must reach above stillness to be told from it."""
CLIPPED = 0.999
FULL = 0.002
"""Part of the samples that may be clipped."""


def calibrated(parts: Sequence[F32], clock: Clock) -> tuple[dict[str, float], list[str]]:
    """Numbers by name and faults, a sentence each with its remedy, of the four PARTS of one lane, each (n,)."""
    edge = clock.ticks(EDGE_SECONDS)
    faults = [
        f"the part '{name}' lasts {len(part) / clock.sample_rate:.1f} s; give it {LEAST_SECONDS + 1:g} s or more"
        for name, part in zip(PARTS, parts, strict=True)
        if len(part) < (LEAST_SECONDS + 2 * EDGE_SECONDS) * clock.sample_rate
    ]
    if faults:
        return {}, faults
    if not parts[0].any():
        silent = (
            "the part 'still' is exact silence: is the microphone plugged in, and its channel the right one?"
        )
        return {}, [silent]
    still, walk, rub, tap = (levels_of(part, clock)[edge:-edge] for part in parts)
    numbers = {
        f"floor_{name}": float(np.median(still[:, band])) for name, band in zip(LEARNED, FLOORED, strict=True)
    }
    numbers["rustle_mid"], numbers["rustle_high"] = (float(np.quantile(walk[:, b], 0.7)) for b in (MID, HIGH))
    reached = {
        "walk": _above(walk, still, LOW, 0.97),
        "rub": _above(rub, still, HIGH, 0.7),
        "tap": _above(tap, still, MID_SLICE, 0.99),
    }
    numbers |= {f"{name}_over": value for name, value in reached.items()} | {"hum": hum_of(parts[0], clock)}
    remedy = {
        "walk": "press the microphone flat onto the cloth or nearer to a hip, or turn the input up",
        "rub": "rub nearer to it, or turn the input up",
        "tap": "tap nearer to it, or turn the input up",
    }
    for name, value in reached.items():
        if value < LEAST_ABOVE:
            how = f"only {value:.0f} dB louder than 'still'" if value > 0 else "no louder than 'still'"
            faults.append(f"the part '{name}' is {how}: {remedy[name]}; then calibrate again")
    for name, part in zip(PARTS, parts, strict=True):
        if float(np.mean(np.abs(part) >= CLIPPED)) > FULL:
            faults.append(f"the part '{name}' is overdriven: turn the input down; then calibrate again")
    return {name: round(value, 1) for name, value in numbers.items()}, faults


def levels_of(samples: F32, clock: Clock) -> F64:
    """Band levels (n_hops, 7) of a lane's samples (n,), as `Contact` says them."""
    spectra, contact = LaneSpectra(clock, "body"), Contact(clock)
    n = len(samples) // clock.hop
    column = np.ascontiguousarray(samples, np.float32)[:, np.newaxis]
    said = []
    for at in range(0, n, MAX_HOPS):
        many = min(MAX_HOPS, n - at)
        block = Block(at, column[at * clock.hop : (at + many) * clock.hop], {"body": (0,)}, many)
        spectra.take(block)
        contact.take(spectra)
        said.append(contact.levels.copy())
    return np.concatenate(said)


def hum_of(samples: F32, clock: Clock) -> float:
    """dB of mains (50 or 60 Hz and three harmonics, whichever is louder); a full-scale sine reads 0."""
    window = np.hanning(len(samples))
    power = np.abs(np.fft.rfft(samples * window)) ** 2 / (np.sum(window**2) * len(samples) / 4.0)
    hertz = np.fft.rfftfreq(len(samples), 1.0 / clock.sample_rate)
    loudest = max(
        float(sum(power[np.abs(hertz - n * mains) < 1.5].sum() for n in (1, 2, 3, 4)))
        for mains in (50.0, 60.0)
    )
    return float(10.0 * np.log10(loudest + 1e-11))


def _above(part: F64, still: F64, band: int, share: float) -> float:
    """dB by which the loud moments of a part lie over those of stillness."""
    return float(np.quantile(part[:, band], share) - np.quantile(still[:, band], share))
