"""`analyze`: a recording in, everything that was heard out."""

from __future__ import annotations

import csv
import io
import logging
from collections.abc import Callable, Collection
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from wearsound import folders, gallery
from wearsound.analysis.analysis import analyze as hear_all
from wearsound.core import Clock
from wearsound.errors import AudioError, WearsoundError
from wearsound.show.load import find_rig
from wearsound.show.source import Watched, name_lanes, open_recording

if TYPE_CHECKING:
    from wearsound.analysis.analysis import Analysis

log = logging.getLogger(__name__)


def analyze(
    audio: str | Path,
    *,
    seconds: float | None = None,
    lane: str | None = None,
    rig: str | Path | None = None,
    hears: Collection[str] | None = None,
    progress: Callable[[float], None] | None = None,
) -> Analysis:
    """Hear a recording, a test signal or `demo`; beats and onsets are those of `lane`: `room` if not
    said, or the first that there is. `rig`, a file or a gallery name, names the channels of a recording.

    `hears` are the features wanted beyond those that are always heard ("room.pitch"); left out: everything.

    Raises AudioError for what cannot be read and for a lane that the recording does not have.
    """
    source = name_lanes(open_recording(str(audio), seconds=seconds), find_rig(str(rig) if rig else None))
    if lane is None:
        lane = "room" if "room" in source.lanes else next(iter(source.lanes))
    if lane not in source.lanes:
        contact = "; add --rig contact, which hears the first channel as body" if lane == "body" else ""
        raise AudioError(f"{audio} has no lane {lane!r}{gallery.suggest(lane, source.lanes)}{contact}")
    clock = Clock(sample_rate=source.sample_rate)
    others = [name for name in source.lanes if name != lane]
    blocks = Watched(source, progress).blocks(clock)
    heard = hear_all(blocks, clock, [lane, *others], name=str(audio), hears=hears)
    note = getattr(source, "note", "")
    if note:
        log.warning("%s", note)
    return heard


def contact_hint(audio: str | Path) -> str:
    """How one channel, which is heard as a room, is heard as a body; "" for more channels and what is built in.

    Nothing in one channel says what microphone it is of: a clap in a room and a tap on cloth are alike.
    """
    if not Path(audio).is_file() or getattr(open_recording(str(audio)), "native_channels", 0) != 1:
        return ""
    return "one channel, heard as room; is it of a contact microphone? --rig contact hears it as body"


def write_features(analysis: Analysis, path: str | Path) -> None:
    """Every feature at every hop as .npz (`time` and an array a feature) or .csv; whole or not at all."""
    target = Path(path)
    names = [spec.name for spec in analysis.specs]
    if target.suffix.lower() == ".npz":
        packed = io.BytesIO()
        columns = {name: analysis.values[:, i] for i, name in enumerate(names)}
        np.savez_compressed(packed, time=analysis.time, **columns)  # type: ignore[arg-type]
        data = packed.getvalue()
    elif target.suffix.lower() == ".csv":
        text = io.StringIO()
        rows = csv.writer(text, lineterminator="\n")
        rows.writerow(["time", *names])
        steps = [spec.step for spec in analysis.specs]
        places = [
            max(0, round(-np.log10(step)) + 1) if 0 < step < 1 else (0 if step else 6) for step in steps
        ]
        for moment, values in zip(analysis.time, analysis.values, strict=True):
            cells = [f"{value:.{place}f}" for value, place in zip(values, places, strict=True)]
            rows.writerow([f"{moment:.6f}", *cells])
        data = text.getvalue().encode()
    else:
        raise WearsoundError(f"{path}: features are written as .npz or .csv; let the name end in one of them")
    folders.write_or_say(target, data, "nothing was kept; choose another place")
