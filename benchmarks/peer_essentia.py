"""Essentia hop by hop (spectrum, onset function, mel energies), or its trackers over the whole recording.

python peer_essentia.py SONG.f32 1024      # mono float32 at 48 kHz -> JSON of microseconds
python peer_essentia.py SONG.f32 whole
"""

from __future__ import annotations

import json
import sys
import time

import essentia
import essentia.standard as es
import numpy as np

HOP, RATE, MELS = 256, 48_000, 40


def hops(samples: np.ndarray, size: int) -> list[float]:
    window, fft = es.Windowing(type="hann", size=size), es.FFT(size=size)
    polar = es.CartesianToPolar()
    onset = es.OnsetDetection(method="complex", sampleRate=RATE)
    mel = es.MelBands(inputSize=size // 2 + 1, numberBands=MELS, sampleRate=RATE)
    padded = np.concatenate([np.zeros(size - HOP, np.float32), samples])
    cpu = []
    for start in range(0, len(samples) // HOP * HOP, HOP):
        frame = padded[start : start + size]
        spent = time.thread_time_ns()
        magnitude, phase = polar(fft(window(frame)))
        onset(magnitude, phase)
        mel(magnitude)
        cpu.append((time.thread_time_ns() - spent) / 1e3)
    return cpu


def whole(samples: np.ndarray) -> list[float]:
    spent = time.process_time_ns()
    es.OnsetRate()(samples)
    es.RhythmExtractor2013(method="multifeature")(samples)
    return [(time.process_time_ns() - spent) / 1e3]


if __name__ == "__main__":
    essentia.log.infoActive = essentia.log.warningActive = False
    sound = np.fromfile(sys.argv[1], np.float32)
    spent = whole(sound) if sys.argv[2] == "whole" else hops(sound, int(sys.argv[2]))
    print(json.dumps({"version": essentia.__version__, "cpu": spent}))
