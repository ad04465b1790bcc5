"""The room of the chords: a ping-pong delay of three sixteenths into a dark reverb, on a slow tape."""

from __future__ import annotations

from functools import partial

import numpy as np

from wearsound import chance
from wearsound.core import F64
from wearsound.sources.composer.form import SECONDS, SLOW, Form
from wearsound.sources.composer.grain import decay, ramp
from wearsound.sources.composer.spectrum import (
    Spectrum,
    back,
    band,
    forward,
    frequencies,
    high_pass,
    multiply,
    noise_loop,
    scale,
    unit,
)

PADDED = 672_000
"""42 s at SLOW, so that the last echoes do not come round to the beginning."""

ECHOES = 9


def echo(form: Form, dry: F64, pad: F64) -> F64:
    """Stereo at SLOW from the stabs (n,) and the pad (2, n) at SLOW: echoes, reverb, wow.

    Nothing below 190 Hz enters the reverb and nothing below 260 Hz the echoes: lows stay in the middle.
    """
    f = frequencies(PADDED, SLOW)
    stabs = forward(dry, PADDED)
    left, right = _echoes(stabs, f, 3 * form.step)
    room = forward(_reverb(form.seed), PADDED)
    pads = forward(pad, PADDED)
    both = []
    for own, other, hall, bed in ((left, right, room[0], pads[0]), (right, left, room[1], pads[1])):
        send = scale(stabs, 0.5) + own + scale(other, 0.35) + scale(bed, 0.3)
        tail = multiply(scale(send, high_pass(f, 190, 2)), hall)
        both.append(stabs + own + tail + bed)
    stereo = back(np.stack(both), PADDED)
    return _tape(form, stereo[:, : SECONDS * SLOW])


def _echoes(stabs: Spectrum, f: F64, delay: float) -> tuple[Spectrum, Spectrum]:
    """Nine echoes, each three quarters as loud and narrower than the one before, from side to side."""
    angle = (2 * np.pi) * (f * delay % 1.0)
    once = np.empty(len(f), np.complex128)
    narrow = band(f, 260, 2300, 1) * 0.74
    once.real, once.imag = narrow * np.cos(angle), narrow * -np.sin(angle)
    near, far = np.zeros(len(f), np.complex128), np.zeros(len(f), np.complex128)
    heard = stabs
    for _ in range(ECHOES):
        heard = multiply(heard, once)
        near, far = far + 0.3 * heard, near + 0.9 * heard
    # Which side came last does not matter; the first echo is on the left.
    return (near, far) if ECHOES % 2 == 0 else (far, near)


def _reverb(seed: int) -> F64:
    """Two impulse responses (2, n), 2.4 s: lows last, highs go first, 31 ms before anything."""
    count = round(2.6 * SLOW)
    out = np.zeros((2, count))
    size = 49_152
    bands = ((190, 480, 2.6, 0.55), (480, 1400, 2.3, 0.55), (1400, 5200, 1.2, 0.30))
    for channel in (0, 1):
        for i, (low, high, seconds, level) in enumerate(bands):
            name = f"demo.reverb.{channel}.{i}"
            noise = noise_loop(seed, name, size, partial(band, low=low, high=high), SLOW)
            out[channel] += level * noise[:count] * decay(count, seconds / 6.9, SLOW)
    out *= ramp(count, 0.040, SLOW)
    late = round(0.031 * SLOW)
    return unit(np.pad(out, ((0, 0), (late, 0)))) * (1 / 220)


def _tape(form: Form, stereo: F64) -> F64:
    """Slow and faster wow: a few hundredths of a per cent, so that no chord stands quite still."""
    count = SECONDS * SLOW
    knots = SECONDS * 12 + 4
    slow = np.convolve(chance.noises(form.seed, "demo.wow", knots), np.ones(9) / 9, "same")
    fast = chance.noises(form.seed, "demo.flutter", knots)
    at_knot = np.arange(knots) * (SLOW / 12)
    t = np.arange(count, dtype=np.float64)
    delay = np.interp(t, at_knot, _eased(0.0011 * SLOW * slow + 0.00004 * SLOW * fast))
    where = np.clip(t - delay - 0.0006 * SLOW, 0.0, count - 2.0)
    whole = where.astype(np.int64)
    part = where - whole
    return np.stack([x[whole] + part * (x[whole + 1] - x[whole]) for x in stereo])


def _eased(knots: F64) -> F64:
    smooth: F64 = np.convolve(knots, (0.25, 0.5, 0.25), "same")
    return smooth
