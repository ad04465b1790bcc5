"""`wearsound calibrate contact`: still, walk, rub, tap; what is found is kept in the rig."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wearsound.core import F32, Clock, Source

SECONDS = 6.0
"""Of each part, live."""


def run(options: argparse.Namespace) -> int:
    """Four parts of a recording or of a device; 1 if one was no good: then nothing is kept."""
    from wearsound.core import Clock
    from wearsound.errors import PatchError
    from wearsound.gallery import suggest
    from wearsound.show.contact_calibration import calibrated
    from wearsound.show.learn import own
    from wearsound.show.load import load
    from wearsound.show.rig import read_rig
    from wearsound.show.rig_learn import learn_calibration
    from wearsound.show.source import open_source

    show = load("bass-denim", rig=options.rig)
    path, lane = show.rig_path, options.lane
    assert path is not None
    own(path, "rig", "my-room", read_rig)  # a gallery's is said before anybody walks
    source = open_source(options.input, rig=show.rig)
    if lane not in source.lanes:
        remedy = "name its channel in the rig: lanes = { body = [1] }"
        raise PatchError(f"the input has no lane {lane!r}{suggest(lane, source.lanes)}; {remedy}")
    clock = Clock(sample_rate=source.sample_rate)
    parts = _live(source, clock, lane) if source.live else _recorded(source, clock, lane, options.parts)
    numbers, faults = calibrated(parts, clock)
    for fault in faults:
        print(fault)
    if faults:
        if numbers and not source.live and options.parts is None:
            walk = (
                "0,4,24,31.5,37"
                if options.input == "walk"
                else _quarters(sum(map(len, parts)) / clock.sample_rate)
            )
            print(
                "it was cut into quarters; say where still, walk, rub and tap begin, in seconds, such as "
                f"--parts {walk}"
            )
        print("nothing was kept")
        return 1
    learn_calibration(path, lane, numbers)
    print(
        f"walking stands {numbers['walk_over']:.0f} dB above stillness, rubbing {numbers['rub_over']:.0f}, "
        f"tapping {numbers['tap_over']:.0f}; hum is at {numbers['hum']:.0f} dB"
    )
    print(f"saved in {path} as [calibration.{lane}]")
    return 0


def _quarters(seconds: float) -> str:
    return ",".join(f"{seconds * quarter / 4:g}" for quarter in range(4))


def _recorded(source: Source, clock: Clock, lane: str, starts: str | None) -> list[F32]:
    """The parts of a recording: from the seconds that were named, to a fifth if there is one; or four quarters."""
    import numpy as np

    from wearsound.errors import PatchError

    column = source.lanes[lane][0]
    heard = [block.samples[:, column].copy() for block in source.blocks(clock)]
    whole = np.concatenate(heard) if heard else np.zeros(0, np.float32)
    seconds = len(whole) / clock.sample_rate
    if starts is None:
        marks = [seconds * quarter / 4 for quarter in range(4)]
    else:
        try:
            marks = [float(word) for word in starts.split(",")]
        except ValueError:
            marks = []
        if (
            len(marks) not in (4, 5)
            or marks != sorted(marks)
            or not all(0 <= mark < seconds for mark in marks[:4])
            or not marks[-1] <= seconds
        ):
            raise PatchError(
                f"--parts {starts}: give four rising seconds within the {seconds:.0f} s of the recording, "
                "where still, walk, rub and tap begin, and where tap ends if it is not the last, such as "
                f"--parts {_quarters(seconds)}"
            )
    ends = [*marks, seconds][1:5]
    rate = clock.sample_rate
    return [whole[round(a * rate) : round(b * rate)] for a, b in zip(marks[:4], ends, strict=True)]


def _live(source: Source, clock: Clock, lane: str) -> list[F32]:
    """The parts by the wall clock: a sentence, two seconds to begin, then so long."""
    import numpy as np

    from wearsound.show.contact_calibration import PARTS, SENTENCES

    column = source.lanes[lane][0]
    parts, heard, hops = [], [], 0
    lead, long = clock.ticks(2.0), clock.ticks(SECONDS)
    blocks = source.blocks(clock)
    print(f"1 of {len(PARTS)}: {SENTENCES[0]} ...", flush=True)
    for block in blocks:
        hops += block.n_hops + block.gap
        if hops > lead:
            heard.append(block.samples[:, column].copy())
        if hops >= lead + long:
            parts.append(np.concatenate(heard))
            heard, hops = [], 0
            if len(parts) == len(PARTS):
                break
            print(f"{len(parts) + 1} of {len(PARTS)}: {SENTENCES[len(parts)]} ...", flush=True)
    return [*parts, *([np.zeros(0, np.float32)] * (len(PARTS) - len(parts)))]
