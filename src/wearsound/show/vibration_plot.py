"""What is felt beside what is heard, as one sheet: spectrograms of both on one time axis, worth printing."""

from __future__ import annotations

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
from wearsound.show.vibration_pieces import (
    Take,
    Waves,
    groups,
    leak,
    mono,
    moving,
    only,
    spectrograms,
    strips,
)

HEARD_HZ, FELT_HZ = 600.0, 500.0
"""How far up either spectrogram goes."""
HEARD_DB, FELT_DB = 60.0, 50.0
"""From nothing to most: below the loudest of the music; below a full sine of a drive, so that drives compare."""
SILENT_DB = -100.0
"""What is never above this is not there: its panel is empty."""
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

TOP, HEARD_HIGH, FELT_HIGH, STRIP_HIGH = 158, 300, 150, 40
HEAD, BELOW = 34, 10
"""Above a drive its name, below it a rest."""
COLUMNS = (WIDTH - LEFT - RIGHT) * FINE // 2
"""Of a drawing, two fine pixels each."""
SHADES: tuple[Ink, ...] = (PAPER, (226, 205, 168), RUST, BEAT, INK)


def plot(
    sound: Waves, vibration: Waves, names: Sequence[str], sample_rate: int, path: str | Path, title: str = ""
) -> None:
    """Write the sheet as a PNG; `sound` (n, channels), `vibration` (n, n_actuators) +-1 of each one's full drive.

    Above the music below 600 Hz; below it each actuator's drive up to 500 Hz with its strength as a strip: those that
    are driven alike once, the six strongest where there are more, none that is still. Both are read in pieces and may
    be of any length. WearsoundError if it cannot be written, or the lengths differ. [main thread]
    """
    target = is_png(path)
    if len(sound) != len(vibration):
        raise WearsoundError(
            f"sound is {len(sound)} samples and vibration {len(vibration)}; "
            "a plot beside one another takes the same moments of both"
        )
    driven, power = groups(vibration, STILL, ALIKE)
    shown = sorted(sorted(driven, key=lambda group: -power[group[0]])[:MOST])
    each = HEAD + FELT_HIGH + STRIP_HIGH + BELOW
    felt_top = TOP + HEARD_HIGH + STRIP_HIGH + BELOW
    height = felt_top + each * max(1, len(shown)) + 70
    sheet = Sheet(height, len(sound) / sample_rate)
    sheet.write(title or "What is heard, what is felt", LEFT, 42, 34, INK)
    moved = sum(len(group) for group in driven)
    part = f"    the strongest {len(shown)} of {len(driven)} drives" if len(shown) < len(driven) else ""
    facts = f"{sheet.duration:.1f} s    {moved} of {len(names)} actuators driven{part}"
    sheet.write(facts, LEFT, 98, 16, SOFT, "mono")
    sheet.time_axis(TOP, height - 62)
    heard = _levels(spectrograms(sound, mono, 1, sample_rate, HEARD_HZ, COLUMNS)[0])
    loud = strips(sound, mono, 1, COLUMNS)[:, 0]
    if heard.max() > SILENT_DB:
        _picture(sheet, heard - heard.max(), HEARD_DB, TOP, HEARD_HIGH)
    else:
        what = f"nothing below {HEARD_HZ:g} Hz" if loud.any() else "the recording is silent"
        sheet.write(what, LEFT + 8, TOP + HEARD_HIGH / 2 - 14, 20, SOFT)
    _frequencies(sheet, (60, 150, 300, 450, 600), HEARD_HZ, TOP, HEARD_HIGH)
    sheet.write("heard", LEFT - 46, TOP + HEARD_HIGH / 2 - 14, 20, INK, right=True)
    _strip(sheet, loud / max(float(loud.max()), 1e-9), TOP + HEARD_HIGH + STRIP_HIGH, INK)
    if shown:
        drives = _Drives(vibration, [group[0] for group in shown], sample_rate)
        for row, group in enumerate(shown):
            _drive(sheet, ", ".join(names[i] for i in group), drives, row, felt_top + row * each)
    if not shown:
        sheet.write("nothing is felt", LEFT, felt_top + HEAD + 40, 20, SOFT)
    sheet.save(target)


class _Drives:
    """What is drawn and said of some actuators; all of them are read at once, for they lie beside one another."""

    def __init__(self, vibration: Waves, shown: Sequence[int], rate: int) -> None:
        take: Take = only(shown)
        k = len(shown)
        self.power = spectrograms(vibration, take, k, rate, FELT_HZ, COLUMNS)
        self.strips = strips(vibration, take, k, COLUMNS)
        self.on = moving(vibration, take, k, rate, STILL)
        self.leak = leak(vibration, take, rate)


def _drive(sheet: Sheet, called: str, drives: _Drives, row: int, top: float) -> None:
    # The rules of the time axis stop here: words are easier to read on bare paper.
    sheet.surface.fill(PAPER, (0, round((top + 1) * FINE), WIDTH * FINE, (HEAD - 1) * FINE))
    sheet.write(called, LEFT, top + 4, 17, INK)
    sheet.write(_facts(drives, row), WIDTH - RIGHT, top + 8, 12, SOFT, "mono", right=True)
    _picture(sheet, _levels(drives.power[row]), FELT_DB, top + HEAD, FELT_HIGH)
    _frequencies(sheet, (60, 150, 300, 500), FELT_HZ, top + HEAD, FELT_HIGH)
    _strip(sheet, drives.strips[:, row], top + HEAD + FELT_HIGH + STRIP_HIGH, BEAT)


def _strip(sheet: Sheet, level: F64, base: float, ink: Ink) -> None:
    """How strong it is by column, against full, over the line at `base`."""
    # Of a short sheet a column is less than a period long: the wave itself would be drawn, not how strong it is.
    for _ in range(min(int(STRENGTH / 2 * len(level) / sheet.duration), 64)):
        level = np.maximum(level, np.maximum(np.append(level[1:], 0.0), np.append(0.0, level[:-1])))
    for column, value in enumerate(level):
        high = round(min(float(value), 1.0) * (STRIP_HIGH - 4) * FINE)
        sheet.surface.fill(ink, (LEFT * FINE + column * 2, round(base * FINE - high), 2, high))
    sheet.line_across(base, RULE)


def _facts(drives: _Drives, row: int) -> str:
    """How strong, how often, where, and what of it is not felt but heard."""
    power = np.maximum(drives.power[row], 1e-12).sum(axis=0, dtype=np.float64)
    hz = np.arange(len(power)) * FELT_HZ / (len(power) - 1)
    mean = float((power * hz).sum() / power.sum())
    steady = power[hz < DIRECT_HZ].sum() > 0.5 * power.sum()
    where = "a direct voltage" if steady else f"about {mean:.0f} Hz"
    peak, on, above = drives.strips[:, row].max(), drives.on[row], drives.leak[row]
    return f"peak {peak:.2f}    on {on:.0%}    {where}    above 1 kHz {above:.0f} dB"


def _levels(power: F32) -> F64:
    """dB, (frequencies, columns)."""
    level: F64 = 10 * np.log10(np.maximum(power.T.astype(np.float64), 1e-12))
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
