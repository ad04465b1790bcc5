"""aubio doing onset, tempo and mel energies of one hop after another; run by a Python that has it.

    python peer_aubio.py SONG.f32 WINDOW     # mono float32 at 48 kHz -> JSON of microseconds

It knows nothing of wearsound, so that the two can live in different environments.
"""

from __future__ import annotations

import json
import sys
import time

import aubio
import numpy as np

HOP, RATE, MELS = 256, 48_000, 40


def main(path: str, window: int) -> None:
    samples = np.fromfile(path, np.float32)
    onset = aubio.onset("default", window, HOP, RATE)
    tempo = aubio.tempo("default", window, HOP, RATE)
    vocoder = aubio.pvoc(window, HOP)
    mel = aubio.filterbank(MELS, window)
    mel.set_mel_coeffs_slaney(RATE)
    cpu = []
    for start in range(0, len(samples) // HOP * HOP, HOP):
        hop = samples[start : start + HOP]
        spent = time.thread_time_ns()
        onset(hop)
        tempo(hop)
        mel(vocoder(hop))
        cpu.append((time.thread_time_ns() - spent) / 1e3)
    print(json.dumps({"version": aubio.version, "cpu": cpu}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
