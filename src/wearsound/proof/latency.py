"""What a report says of latency and drops: only of what was live."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from wearsound.core import Clock
from wearsound.errors import WearsoundError
from wearsound.outputs.record.show_file import ShowFile, is_take, locate
from wearsound.proof.curves import COLUMNS, Columns, Plot
from wearsound.proof.page import Html, section, tag
from wearsound.sources.take import TakeSource
from wearsound.sources.take_file import EVENTS
from wearsound.sources.take_lines import marks

NOT_KEPT = (
    "How old sound was when it became light, and pictures a second, are not kept by a take: watch them in the window "
    "or by OSC at /wear/health."
)


def live_part(folder: Path, file: ShowFile) -> Html:
    """Of a render: it was not live, but the take that it may be made of was."""
    said = tag(
        "p",
        "Not live: it was made from a recording, which waits for nobody. No latency, and nothing dropped.",
    )
    try:
        given = locate("input", file.input, folder)
        if isinstance(given, Path) and is_take(given):
            return section(
                "Latency and drops",
                said,
                *lost_part(TakeSource(given, changes=True), "The take it was made of: "),
            )
    except WearsoundError as error:
        return section(
            "Latency and drops", said, tag("p", f"Of the take nothing is known: {error}", class_="missing")
        )
    return section("Latency and drops", said)


def lost_part(source: TakeSource, begin: str = "") -> list[Html]:
    """What a take lost while it was live, and when."""
    clock = Clock(source.sample_rate)
    seconds = clock.seconds(source.end)
    share = source.lost / source.end if source.end else 0.0
    length = f"{clock.seconds(source.lost):.2f} s, {share:.2%}"
    said = f"{begin}{source.lost:,} of {source.end:,} hops lost ({length}), in {source.gaps} gaps."
    if source.head.hole:
        said += f" {source.head.hole:,} of them were lost by the disk of the take alone, and were heard."
    parts = [tag("p", said)]
    if source.lost:
        lost = Columns(seconds, COLUMNS)
        zeros = lost.time
        lost.add(zeros, np.zeros(len(zeros)))
        at = [
            (clock.seconds(mark.tick), 1000 * clock.seconds(mark.gap))
            for mark in marks(source.path / EVENTS, [])
            if mark.gap
        ]
        time, gaps = np.array(at, np.float64).T
        lost.add(time, gaps)
        most = float(gaps.max())
        plot = Plot(
            f"Lost, ms, at most {most:.0f} at once",
            seconds,
            0,
            1.15 * most,
            (0, round(most)),
            "ms",
            height=80,
        )
        plot.steps(lost.time, lost.most, "ink-red", filled=True)
        parts.append(plot.svg())
    parts.append(tag("p", NOT_KEPT, class_="note"))
    return parts
