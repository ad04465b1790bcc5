"""Soundfont sound: FluidSynth driven in this process, so a font is loaded once for many pieces.

FluidSynth renders blocks of 64 frames and starts notes at block borders. Notes are therefore
given to the nearest border: truth is right within 0.7 ms, with no constant offset.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import functools
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

RATE = 48_000
_BLOCK = 64
FONTS = {
    "tim": Path("/usr/share/sounds/sf2/TimGM6mb.sf2"),
    "muse": Path("/usr/share/sounds/sf3/MuseScore_General_Lite.sf3"),
}
KITS = (0, 8, 16, 24, 25, 32, 40)

# (second, message): ("on", channel, key, velocity), ("off", channel, key), ("program", channel, program),
# ("control", channel, number, value)
Event = tuple[float, tuple[str | int, ...]]


@functools.cache
def _library() -> ctypes.CDLL:
    name = ctypes.util.find_library("fluidsynth")
    if name is None:
        raise OSError("FluidSynth is missing: apt-get install fluidsynth")
    lib = ctypes.CDLL(name)
    for maker in ("new_fluid_settings", "new_fluid_synth"):
        getattr(lib, maker).restype = ctypes.c_void_p
    return lib


def fonts() -> list[str]:
    """Names of the soundfonts that are installed."""
    return [name for name, path in FONTS.items() if path.exists()]


def _synth(font: str, room: bool, chorus: bool) -> ctypes.c_void_p:
    lib = _library()
    settings = ctypes.c_void_p(lib.new_fluid_settings())
    lib.fluid_settings_setnum(settings, b"synth.sample-rate", ctypes.c_double(RATE))
    lib.fluid_settings_setnum(settings, b"synth.gain", ctypes.c_double(0.4))
    lib.fluid_settings_setint(settings, b"synth.reverb.active", int(room))
    lib.fluid_settings_setint(settings, b"synth.chorus.active", int(chorus))
    lib.fluid_settings_setint(settings, b"synth.polyphony", 128)
    synth = ctypes.c_void_p(lib.new_fluid_synth(settings))
    if lib.fluid_synth_sfload(synth, str(FONTS[font]).encode(), 1) < 0:
        raise OSError(f"FluidSynth cannot read {FONTS[font]}")
    return synth


@functools.cache
def _keeper(font: str) -> ctypes.c_void_p:
    """A synth that is never played: while it lives, FluidSynth keeps the font's samples in memory."""
    return _synth(font, False, False)


def render(events: Iterable[Event], count: int, font: str, room: bool, chorus: bool) -> NDArray[np.float32]:
    """Play events and return `count` frames of stereo, shape (count, 2), at 48 kHz."""
    lib = _library()
    _keeper(font)
    synth = _synth(font, room, chorus)  # a fresh one, so a piece does not depend on the piece before
    frames = -(-count // _BLOCK) * _BLOCK
    out = np.zeros((frames, 2), np.float32)
    base, now = out.ctypes.data, 0
    queue = sorted(events, key=lambda e: (round(e[0] * RATE / _BLOCK), e[1][0] == "on"))
    for second, message in [*queue, (frames / RATE, ("end",))]:
        there = min(max(round(second * RATE / _BLOCK) * _BLOCK, now), frames)
        if there > now:
            here = ctypes.c_void_p(base + now * 8)
            lib.fluid_synth_write_float(synth, there - now, here, 0, 2, here, 1, 2)
            now = there
        match message:
            case ("on", channel, key, velocity):
                lib.fluid_synth_noteon(synth, channel, key, velocity)
            case ("off", channel, key):
                lib.fluid_synth_noteoff(synth, channel, key)
            case ("program", channel, program):
                lib.fluid_synth_program_change(synth, channel, program)
            case ("control", channel, number, value):
                lib.fluid_synth_cc(synth, channel, number, value)
    lib.delete_fluid_synth(synth)
    return out[:count]
