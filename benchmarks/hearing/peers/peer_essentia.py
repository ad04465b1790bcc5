"""Essentia, whose beat trackers need the whole recording first."""

from __future__ import annotations

from typing import Any

import essentia
import essentia.standard as es
import wav

essentia.log.infoActive = False
essentia.log.warningActive = False


def offline(path: str) -> dict[str, Any]:
    """OnsetRate and RhythmExtractor2013 (multifeature) as they come."""
    samples, _ = wav.mono(path)
    onsets, _ = es.OnsetRate()(samples)
    bpm, beats, _, _, _ = es.RhythmExtractor2013(method="multifeature")(samples)
    return {
        "onsets": [float(time) for time in onsets],
        "beats": [float(time) for time in beats],
        "tempos": [[0.0, float(bpm)]] if bpm else [],
    }


if __name__ == "__main__":
    wav.serve({"offline": offline})
