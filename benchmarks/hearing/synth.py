"""Sound from a score: the fluidsynth program with a General MIDI soundfont, dry.

The onset of a stroke in the sound lies LATE_SECONDS after its note-on in the file (measured by
`measure`, a test repeats it); the truth takes it into account.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import numpy as np

from benchmarks.hearing import midi
from benchmarks.hearing.score import DRUMS, Note
from wearsound.core import F32

RATE = 44_100
FOLDER = Path("/usr/share/sounds/sf2")
WANTED = "FluidR3_GM.sf2"
LATE_SECONDS = 0.0035
CLICK = 76
"""High wood block: the sharpest sound of the set."""


class NoSynthError(RuntimeError):
    """There is no fluidsynth or no soundfont; the sentence says what to install."""


def soundfont() -> Path:
    """The soundfont: $WEARSOUND_SOUNDFONT, or Debian's FluidR3."""
    named = os.environ.get("WEARSOUND_SOUNDFONT")
    path = Path(named) if named else FOLDER / WANTED
    if not path.is_file():
        raise NoSynthError(
            f"no soundfont at {path}: on Debian 'sudo apt-get install fluid-soundfont-gm', "
            "or let WEARSOUND_SOUNDFONT name a General MIDI .sf2"
        )
    return path


def play(
    notes: list[Note],
    programs: dict[int, int],
    volumes: dict[int, int],
    pans: dict[int, int],
    seconds: float,
) -> F32:
    """Stereo sound (n, 2) at RATE, exactly `seconds` long, without effects."""
    program = shutil.which("fluidsynth")
    if program is None:
        raise NoSynthError("there is no fluidsynth: on Debian 'sudo apt-get install fluidsynth'")
    font = soundfont()
    with tempfile.TemporaryDirectory() as folder:
        score, raw = Path(folder) / "score.mid", Path(folder) / "sound.raw"
        score.write_bytes(midi.encode(notes, programs, volumes, pans))
        command = [program, "-n", "-i", "-q", "-R", "0", "-C", "0", "-g", "0.4", "-r", str(RATE)]
        command += ["-T", "raw", "-O", "float", "-F", str(raw), str(font), str(score)]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode or not raw.is_file():
            said = (done.stderr or done.stdout).strip().splitlines() or ["nothing"]
            raise NoSynthError(f"fluidsynth could not play the score; it said: {said[-1]}")
        sound = np.fromfile(raw, "<f4")
    sound = sound[: len(sound) // 2 * 2].reshape(-1, 2)
    wanted = round(seconds * RATE)
    out = np.zeros((wanted, 2), np.float32)
    out[: len(sound)] = sound[:wanted]
    return out


def measure() -> list[float]:
    """How late each of several clicks is heard, in seconds: the first sample above a hundredth of the peak."""
    times = [0.25, 0.7513, 1.3337, 2.0, 2.6181]
    sound = play([Note(time, 0.1, CLICK, 120, DRUMS) for time in times], {DRUMS: 0}, {}, {}, 3.5)
    loud = np.abs(sound).max(axis=1)
    late = []
    for time in times:
        start = round((time - 0.02) * RATE)
        after = loud[start : start + RATE // 4]
        late.append((start + int(np.argmax(after > 1e-2 * loud.max()))) / RATE - time)
    return late
