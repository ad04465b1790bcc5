"""`.haptic` 1.0.0, the open format of Lofelt and Meta's Haptics Studio: amplitude and frequency by breakpoints.

Its rules: the amplitude list is not empty, every value is within 0..1, times are seconds and never fall, and an
emphasis (a click on top of a breakpoint) is no weaker than its breakpoint. Players lose an emphasis on the very first
breakpoint, so none is put there.
"""

from __future__ import annotations

import json

import numpy as np

from wearsound.outputs.haptic.envelope import DECIMALS, thin, with_points
from wearsound.outputs.haptic.played import Played, sharpness, spaced

ERROR = 0.02
"""The most by which the amplitude that a player draws misses what was played, 0..1."""
FREQUENCY_ERROR = 0.02
"""The same of the frequency, 0..1: under 10 Hz at 100 Hz, where skin hardly tells 18 % apart."""
APART = 0.02
"""Seconds between two clicks at the least, 50 a second: nobody feels more, and players choke."""
FIRST = 0.001
"""Seconds before which there is no click: the first breakpoint takes none."""


def haptic(played: Played, *, source: str, project: str, about: str) -> str:
    """The file's text; `source` is the song, `project` the patch. Deterministic.

    `frequency` is the square of the sharpness, as players that make AHAP of this file take its root.
    """
    clicks = spaced(played.clicks, APART)
    struck = np.array([max(click.time, FIRST) for click in clicks])
    times, amplitude, at = with_points(played.times, played.amplitude, struck)
    emphasis = dict(zip(at.tolist(), clicks, strict=True))
    points = []
    for i in thin(times, amplitude, ERROR, at.tolist()).tolist():
        level = round(float(amplitude[i]), 4)
        point: dict[str, object] = {"time": round(float(times[i]), DECIMALS), "amplitude": level}
        click = emphasis.get(i)
        if click is not None:
            point["emphasis"] = {
                "amplitude": max(level, round(click.strength, 4)),
                "frequency": round(float(sharpness(click.hz)), 4),
            }
        points.append(point)
    envelopes: dict[str, object] = {"amplitude": points}
    if (played.hz > 0).any():
        frequency = sharpness(played.pitch()) ** 2
        envelopes["frequency"] = [
            {"time": round(float(played.times[i]), DECIMALS), "frequency": round(float(frequency[i]), 4)}
            for i in thin(played.times, frequency, FREQUENCY_ERROR).tolist()
        ]
    return json.dumps(
        {
            "version": {"major": 1, "minor": 0, "patch": 0},
            "metadata": {
                "editor": "wearsound",
                "author": "",
                "source": source,
                "project": project,
                "tags": [played.zone],
                "description": about,
            },
            "signals": {"continuous": {"envelopes": envelopes}},
        },
        separators=(",", ":"),
    )
