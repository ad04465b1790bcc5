"""Recordings as rooms make them, for tests: clipped, faint, on one side, with an offset, cut short, full of NaN.

for path in odd_recordings(tmp_path):
    render("my-patch.toml", path, to=tmp_path / path.stem)
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from wearsound.chance import noises
from wearsound.core import F64
from wearsound.sources.signal import test_signal

RATE = 48_000


def _clipped(music: F64) -> F64:
    return np.clip(20.0 * music, -1.0, 1.0)


def _faint(music: F64) -> F64:
    return 0.001 * music + 0.0002 * noises(0, "hiss", len(music))[:, None]


def _offset(music: F64) -> F64:
    return 0.5 * music + 0.3


def _one_sided(music: F64) -> F64:
    return music * [[0.0, 1.0]]


def _cancels(music: F64) -> F64:
    return music * [[1.0, -1.0]]


def _broken(music: F64) -> F64:
    made = music.copy()
    made[1000:1200] = np.nan
    made[9000:9100] = np.inf
    made[20_000:20_100] = -1e30
    return made


def _silent(music: F64) -> F64:
    return np.zeros_like(music)


def _denormal(music: F64) -> F64:
    made = music.copy()
    made[len(made) // 3 :] = 1e-40
    return made


def _eight(music: F64) -> F64:
    return np.repeat(music[:, :1], 8, axis=1)


ODD: dict[str, tuple[str, str, Callable[[F64], F64]]] = {
    "clipped": ("a gain much too high: a square wave nearly", "PCM_16", _clipped),
    "faint": ("60 dB too quiet, in hiss", "PCM_24", _faint),
    "offset": ("a third of full scale of direct current", "PCM_16", _offset),
    "one-sided": ("a cable that is half in: the left channel is silent", "PCM_16", _one_sided),
    "cancels": ("the right channel with its wires swapped: as mono it is silence", "PCM_16", _cancels),
    "broken": ("NaN, infinity and 1e30 among the samples", "FLOAT", _broken),
    "silent": ("nothing at all", "PCM_16", _silent),
    "denormal": ("a tail of numbers so small that they are slow", "FLOAT", _denormal),
    "eight-channels": ("an interface with eight channels", "PCM_16", _eight),
    "eight-bit": ("eight bits a sample", "PCM_U8", lambda music: music),
}
"""By name: what is odd about it, how it is written, and how it is made from music."""

CUT = "cut-short"


def odd_recordings(folder: Path, seconds: float = 2.0) -> list[Path]:
    """Write one WAV of every kind in ODD, and one that was cut short, into `folder`; each can be played."""
    import soundfile

    count = round(seconds * RATE)
    kick, pink = (test_signal(name).samples(0, count) for name in ("kick=120", "pink"))
    music = np.stack([kick + 0.1 * pink, 0.9 * kick - 0.1 * pink], axis=1)
    made = []
    for name, (_, form, change) in ODD.items():
        made.append(folder / f"{name}.wav")
        soundfile.write(made[-1], change(music), RATE, subtype=form)
    whole = (folder / "eight-bit.wav").read_bytes()
    made.append(folder / f"{CUT}.wav")
    made[-1].write_bytes(whole[: len(whole) * 2 // 3])
    return made
