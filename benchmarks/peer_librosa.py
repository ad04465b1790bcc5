"""librosa's onset and beat trackers over the whole recording.

python peer_librosa.py SONG.f32 whole      # mono float32 at 48 kHz -> JSON of microseconds
"""

from __future__ import annotations

import json
import sys
import time

import librosa
import numpy as np

RATE = 48_000


def whole(samples: np.ndarray) -> float:
    spent = time.process_time_ns()
    strength = librosa.onset.onset_strength(y=samples, sr=RATE)
    librosa.onset.onset_detect(onset_envelope=strength, sr=RATE)
    librosa.beat.beat_track(onset_envelope=strength, sr=RATE)
    return (time.process_time_ns() - spent) / 1e3


if __name__ == "__main__":
    sound = np.fromfile(sys.argv[1], np.float32)
    whole(sound[: 5 * RATE])  # what it compiles on first use
    print(json.dumps({"version": librosa.__version__, "cpu": [whole(sound)]}))
