"""madmom: its networks for causal use frame by frame, and those that need the whole recording.

madmom 0.16 wants an older Python and NumPy; the names they took away are given back before it is imported.
"""

from __future__ import annotations

import collections
import collections.abc
from typing import Any

import numpy as np
import wav

for name in ("MutableSequence", "MutableMapping", "Sequence", "Iterable"):
    if not hasattr(collections, name):
        setattr(collections, name, getattr(collections.abc, name))
for name, kind in (("float", float), ("int", int), ("bool", bool), ("object", object), ("complex", complex)):
    if name not in np.__dict__:
        setattr(np, name, kind)

from madmom.audio.signal import Signal  # noqa: E402
from madmom.features.beats import DBNBeatTrackingProcessor, RNNBeatProcessor  # noqa: E402
from madmom.features.onsets import OnsetPeakPickingProcessor, RNNOnsetProcessor  # noqa: E402

FPS = 100


def online(path: str) -> dict[str, Any]:
    """As its programs OnsetDetectorLL and DBNBeatTracker online: windows end at the frame they speak of."""
    signal = _signal(path)
    heard = RNNOnsetProcessor(online=True, origin="online", fps=FPS)(signal)
    onsets = OnsetPeakPickingProcessor(threshold=0.23, pre_max=1.0 / FPS, online=True, fps=FPS)(heard)
    felt = RNNBeatProcessor(online=True, origin="online", fps=FPS)(signal)
    beats = DBNBeatTrackingProcessor(online=True, fps=FPS)(felt)
    # A frame's window ends where the frame begins to count, and a live program works on when the frame is over.
    return {
        "onsets": onsets.tolist(),
        "onsets_decided": (onsets + 1.0 / FPS).tolist(),
        "beats": beats.tolist(),
        "beats_decided": (beats + 1.0 / FPS).tolist(),
        "tempos": [],
    }


def offline(path: str) -> dict[str, Any]:
    """As its programs OnsetDetector and DBNBeatTracker."""
    signal = _signal(path)
    onsets = OnsetPeakPickingProcessor(threshold=0.35, smooth=0.07, pre_max=0.01, post_max=0.01, fps=FPS)(
        RNNOnsetProcessor()(signal)
    )
    beats = DBNBeatTrackingProcessor(fps=FPS)(RNNBeatProcessor()(signal))
    return {"onsets": onsets.tolist(), "beats": beats.tolist(), "tempos": []}


def _signal(path: str) -> Any:
    samples, rate = wav.mono(path)
    return Signal((samples * 32767.0).astype(np.int16), sample_rate=rate)


if __name__ == "__main__":
    wav.serve({"online": online, "offline": offline})
