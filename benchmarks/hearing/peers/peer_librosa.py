"""librosa, which needs the whole recording first."""

from __future__ import annotations

from typing import Any

import librosa
import numpy as np
import wav


def offline(path: str) -> dict[str, Any]:
    """`onset_detect` and `beat_track` as they come."""
    samples, rate = wav.mono(path)
    onsets = librosa.onset.onset_detect(y=samples, sr=rate, units="time")
    tempo, beats = librosa.beat.beat_track(y=samples, sr=rate, units="time")
    bpm = float(np.atleast_1d(tempo)[0])
    return {"onsets": onsets.tolist(), "beats": beats.tolist(), "tempos": [[0.0, bpm]] if bpm else []}


if __name__ == "__main__":
    wav.serve({"offline": offline})
