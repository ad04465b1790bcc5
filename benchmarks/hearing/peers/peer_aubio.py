"""aubio, hop after hop as in a show: onset times as it says them, and when it said them."""

from __future__ import annotations

from typing import Any

import aubio
import wav


def default(path: str) -> dict[str, Any]:
    """`aubio.onset` and `aubio.tempo` as they come: window 1024, hop 512."""
    samples, rate = wav.mono(path)
    hop = 512
    onset, tempo = aubio.onset("default", 1024, hop, rate), aubio.tempo("default", 1024, hop, rate)
    answer = _empty()
    for start in range(0, len(samples) - hop + 1, hop):
        part, now = samples[start : start + hop], (start + hop) / rate
        if onset(part)[0]:
            answer["onsets"].append(float(onset.get_last_s()))
            answer["onsets_decided"].append(now)
        if tempo(part)[0]:
            answer["beats"].append(float(tempo.get_last_s()))
            answer["beats_decided"].append(now)
            answer["tempos"].append([now, float(tempo.get_bpm())])
    return answer


def specflux(path: str) -> dict[str, Any]:
    """Onsets by spectral flux, window 512, hop 256. What it says is the time at which it says it."""
    samples, rate = wav.mono(path)
    hop = 256
    onset = aubio.onset("specflux", 512, hop, rate)
    answer = _empty()
    for start in range(0, len(samples) - hop + 1, hop):
        if onset(samples[start : start + hop])[0]:
            answer["onsets"].append(float(onset.get_last_s()))
            answer["onsets_decided"].append((start + hop) / rate)
    return answer


def _empty() -> dict[str, Any]:
    return {"onsets": [], "onsets_decided": [], "beats": [], "beats_decided": [], "tempos": []}


if __name__ == "__main__":
    wav.serve({"default": default, "specflux": specflux})
