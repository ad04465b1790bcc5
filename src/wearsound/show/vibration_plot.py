"""What is felt beside what is heard, as one sheet: spectrograms of both on one time axis, worth printing."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

from wearsound.core import F32, F64, U8
from wearsound.errors import WearsoundError
from wearsound.show.sheet import (
    BEAT,
    FINE,
    INK,
    LEFT,
    PAPER,
    RIGHT,
    RULE,
    RUST,
    SOFT,
    WIDTH,
    Ink,
    Sheet,
    is_png,
)

HEARD_HZ, FELT_HZ = 600.0, 500.0
"""How far up either spectrogram goes."""
HEARD_DB, FELT_DB = 60.0, 50.0
"""From nothing to most: below the loudest of the music; below a full sine of a drive, so that drives compare."""
WINDOW: Final = (0.08, 0.11)
"""Seconds of a Hann window, in a short sheet (a slide stays a line) and in a long one (two bass notes a third apart at
80 Hz are two); a hundredth of the sheet between them."""
RATE: Final = 2000.0
"""Samples a second that are kept, about: nothing above 600 Hz is drawn."""
MOST = 6
"""Different drives that are drawn, the strongest."""
ALIKE = 0.01
"""Actuators whose drives never differ more than this are drawn once."""
STRENGTH: Final = 0.016
"""Seconds: the strip shows the most of so long, a period of the lowest that is felt."""
STILL = 0.02
"""A drive below this share of full is felt by nobody."""
DIRECT_HZ = 20.0
"""What is mostly below is the voltage of a motor that spins or is switched: its pitch is its own."""
LEAK_HZ = 1000.0
"""What is above is heard, not felt."""

TOP, HEARD_HIGH, FELT_HIGH, STRIP_HIGH = 158, 300, 150, 40
HEAD, BELOW = 34, 10
"""Above a drive its name, below it a rest."""
SHADES: tuple[Ink, ...] = (PAPER, (226, 205, 168), RUST, BEAT, INK)


def plot(
    sound: F32, vibration: F32, names: Sequence[str], sample_rate: int, path: str | Path, title: str = ""
) -> None:
    """Write the sheet as a PNG; `sound` (n, channels), `vibration` (n, n_actuators) +-1 of each one's full drive.

    Above the music below 600 Hz; below it each actuator's drive up to 500 Hz with its strength as a strip: those that
    are driven alike once, the six strongest where there are more, none that is still. WearsoundError if it cannot be
    written, or the lengths differ. [main thread]
    """
    target = is_png(path)
    if len(sound) != len(vibration):
        raise WearsoundError(
            f"sound is {len(sound)} samples and vibration {len(vibration)}; "
            "a plot beside one another takes the same moments of both"
        )
    groups = _groups(vibration)
    shown = sorted(sorted(groups, key=lambda group: -_power(vibration[:, group[0]]))[:MOST])
    each = HEAD + FELT_HIGH + STRIP_HIGH + BELOW
    felt_top = TOP + HEARD_HIGH + STRIP_HIGH + BELOW
    height = felt_top + each * max(1, len(shown)) + 70
    sheet = Sheet(height, len(sound) / sample_rate)
    sheet.write(title or "What is heard, what is felt", LEFT, 42, 34, INK)
    driven = sum(len(group) for group in groups)
    part = f"    the strongest {len(shown)} of {len(groups)} drives" if len(shown) < len(groups) else ""
    facts = f"{sheet.duration:.1f} s    {driven} of {len(names)} actuators driven{part}"
    sheet.write(facts, LEFT, 98, 16, SOFT, "mono")
    sheet.time_axis(TOP, height - 62)
    mono = sound.mean(axis=1, dtype=np.float64) if sound.size else np.zeros(len(sound))
    heard = _spectrogram(mono, sample_rate, HEARD_HZ)
    _picture(sheet, heard - heard.max(), HEARD_DB, TOP, HEARD_HIGH)
    _frequencies(sheet, (60, 150, 300, 450, 600), HEARD_HZ, TOP, HEARD_HIGH)
    sheet.write("heard", LEFT - 46, TOP + HEARD_HIGH / 2 - 14, 20, INK, right=True)
    _strip(sheet, mono / max(float(np.abs(mono).max(initial=0.0)), 1e-9), TOP + HEARD_HIGH + STRIP_HIGH, INK)
    for row, group in enumerate(shown):
        called = ", ".join(names[i] for i in group)
        drive = vibration[:, group[0]].astype(np.float64)
        _drive(sheet, called, drive, sample_rate, felt_top + row * each)
    if not shown:
        sheet.write("nothing is felt", LEFT, felt_top + HEAD + 40, 20, SOFT)
    sheet.save(target)


def _power(drive: F32) -> float:
    return float(np.mean(np.square(drive, dtype=np.float64)))


def _groups(vibration: F32) -> list[list[int]]:
    """The actuators that move at all, those that are driven alike together, in order."""
    groups: list[list[int]] = []
    for i in range(vibration.shape[1]):
        drive = vibration[:, i]
        if float(np.abs(drive).max(initial=0.0)) < STILL:
            continue
        for group in groups:
            if float(np.abs(drive - vibration[:, group[0]]).max()) < ALIKE:
                group.append(i)
                break
        else:
            groups.append([i])
    return groups


def _drive(sheet: Sheet, called: str, drive: F64, rate: int, top: float) -> None:
    felt = _spectrogram(drive, rate, FELT_HZ)
    # The rules of the time axis stop here: words are easier to read on bare paper.
    sheet.surface.fill(PAPER, (0, round((top + 1) * FINE), WIDTH * FINE, (HEAD - 1) * FINE))
    sheet.write(called, LEFT, top + 4, 17, INK)
    sheet.write(_facts(drive, felt, rate), WIDTH - RIGHT, top + 8, 12, SOFT, "mono", right=True)
    _picture(sheet, felt, FELT_DB, top + HEAD, FELT_HIGH)
    _frequencies(sheet, (60, 150, 300, 500), FELT_HZ, top + HEAD, FELT_HIGH)
    _strip(sheet, drive, top + HEAD + FELT_HIGH + STRIP_HIGH, BEAT)


def _strip(sheet: Sheet, wave: F64, base: float, ink: Ink) -> None:
    """How strong it is, against full, over the line at `base`."""
    level = sheet.columns(np.abs(wave))
    # Of a short sheet a column is less than a period long: the wave itself would be drawn, not how strong it is.
    for _ in range(min(int(STRENGTH / 2 * len(level) / sheet.duration), 64)):
        level = np.maximum(level, np.maximum(np.append(level[1:], 0.0), np.append(0.0, level[:-1])))
    for column, value in enumerate(level):
        high = round(min(float(value), 1.0) * (STRIP_HIGH - 4) * FINE)
        sheet.surface.fill(ink, (LEFT * FINE + column * 2, round(base * FINE - high), 2, high))
    sheet.line_across(base, RULE)


def _facts(drive: F64, felt: F64, rate: int) -> str:
    """How strong, how often, where, and what of it is not felt but heard."""
    size = max(1, round(0.01 * rate))
    whole = len(drive) // size * size
    on = float(np.mean(np.abs(drive[:whole]).reshape(-1, size).max(axis=1) >= STILL)) if whole else 1.0
    power = 10 ** (felt / 10)
    hz = np.arange(len(power)) * FELT_HZ / (len(power) - 1)
    mean = float((power.sum(axis=1) * hz).sum() / max(power.sum(), 1e-12))
    steady = power[hz < DIRECT_HZ].sum() > 0.5 * power.sum()
    where = "a direct voltage" if steady else f"about {mean:.0f} Hz"
    peak = float(np.abs(drive).max())
    return f"peak {peak:.2f}    on {on:.0%}    {where}    above 1 kHz {_leak(drive, rate):.0f} dB"


def _leak(drive: F64, rate: int, size: int = 8192) -> float:
    """Power above LEAK_HZ against all of it, dB; of Hann windows, so that no edge of theirs counts."""
    window, above, all_ = np.hanning(size), 0.0, 1e-30
    first = round(LEAK_HZ * size / rate)
    for at in range(0, max(1, len(drive) - size + 1), size // 2):
        part = drive[at : at + size]
        power = np.abs(np.fft.rfft(part * window[: len(part)], size)) ** 2
        above, all_ = above + float(power[first:].sum()), all_ + float(power.sum())
    return max(10 * math.log10(max(above, 1e-30) / all_), -150.0)


def _spectrogram(wave: F64, rate: int, top_hz: float) -> F64:
    """Level in dB of a full sine, (frequencies from 0 to `top_hz`, columns); the strongest moment under a column."""
    from scipy.signal import resample_poly

    thin = max(1, int(rate // RATE))
    low = resample_poly(wave, 1, thin) if len(wave) else wave
    low_rate = rate / thin
    size = max(8, round(min(max(len(wave) / rate / 100, WINDOW[0]), WINDOW[1]) * low_rate))
    points = 2048
    window = np.hanning(size + 1)[:size]
    n = (WIDTH - LEFT - RIGHT) * FINE // 2
    every = min(len(low) / n, size / 4)
    count = max(n, int(np.ceil(len(low) / every))) if len(low) else n
    starts = np.minimum((np.arange(count) * len(low) / count).astype(np.intp), max(len(low) - 1, 0))
    padded = np.concatenate([np.zeros(size // 2), low, np.zeros(size)])
    bins = int(top_hz * points / low_rate) + 1
    column = np.arange(count) * n // count
    seen = np.zeros((n, bins))
    for first in range(0, count, 512):
        at = starts[first : first + 512]
        pieces = padded[at[:, None] + np.arange(size)] * window
        power = np.abs(np.fft.rfft(pieces, points)[:, :bins]) ** 2
        np.maximum.at(seen, column[first : first + 512], power)
    full = (window.sum() / 2) ** 2
    level: F64 = 10 * np.log10(np.maximum(seen.T / full, 1e-12))
    return level


def _picture(sheet: Sheet, level: F64, span: float, top: float, high: float) -> None:
    """Levels of -span..0 dB as shades, the lowest frequency below."""
    stops = np.linspace(0, 1, len(SHADES))
    depth = np.clip(1 + level[::-1].T / span, 0, 1)
    rgb: U8 = np.stack([np.interp(depth, stops, [s[i] for s in SHADES]) for i in range(3)], -1).astype(
        np.uint8
    )
    drawn = sheet.pygame.surfarray.make_surface(rgb)
    size = ((WIDTH - LEFT - RIGHT) * FINE, round(high * FINE))
    sheet.surface.blit(sheet.pygame.transform.smoothscale(drawn, size), (LEFT * FINE, round(top * FINE)))


def _frequencies(sheet: Sheet, marks: Sequence[float], most: float, top: float, high: float) -> None:
    for hz in marks:
        y = top + high * (1 - hz / most)
        sheet.surface.fill(SOFT, (round((LEFT - 8) * FINE), round(y * FINE), 6 * FINE, FINE))
        sheet.write(f"{hz:g}", LEFT - 12, y - 7, 11, SOFT, "mono", right=True)
