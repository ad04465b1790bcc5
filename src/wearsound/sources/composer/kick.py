"""The kick drum: a sine that falls from 213 to 47 Hz, and the breath it takes from everything else."""

from __future__ import annotations

import math

import numpy as np

from wearsound.core import F64
from wearsound.sources.composer.form import RATE, SAMPLES, Form
from wearsound.sources.composer.grain import decay, place, sine, smooth_ends, soft_clip

Times = tuple[float, ...]


def write_kicks(form: Form) -> Times:
    """Four on the floor; every fourth bar stumbles, and the last groove pushes on step 7."""
    times = []
    for bar in form.groove_bars:
        steps = [0, 4, 8, 11, 14] if bar % 4 == 3 and bar + 1 < form.bars else [0, 4, 8, 12]
        if bar >= form.last_bar and bar % 2 == 1:
            steps = sorted({*steps, 7})
        times += [form.snap(form.at(bar, step)) for step in steps]
    return tuple(times)


def kick_sound() -> F64:
    """One kick, 0.6 s, full scale."""
    count = round(0.6 * RATE)
    fall = 47 + 128 * decay(count, 0.016) + 38 * decay(count, 0.070)
    body = sine(fall, count) * decay(count, 0.170)
    click = round(0.004 * RATE)
    body[:click] += 0.30 * sine(2800.0, click) * (1 - np.arange(click) / click) ** 2
    return smooth_ends(soft_clip(body), 0.12)


def play_kicks(times: Times) -> F64:
    """All kicks on a mono bus."""
    bus = np.zeros(SAMPLES)
    sound = kick_sound()
    for time in times:
        # One drum has one skin: a new stroke ends the tail of the last one.
        start = round(time * RATE)
        bus[start:] = 0.0
        place(bus, time, sound)
    return bus


def duck(times: Times) -> F64:
    """The gain of everything else: down to 0.18 at a kick, back within a quarter of a second."""
    lead = round(0.003 * RATE)
    after = [1 - 0.82 * math.exp(-((n / RATE / 0.115) ** 2)) for n in range(round(0.35 * RATE))]
    shape = np.concatenate((np.linspace(1.0, after[0], lead, endpoint=False), after))
    gain = np.ones(SAMPLES)
    for time in times:
        start = round(time * RATE) - lead
        part = gain[start : start + len(shape)]
        np.minimum(part, shape[: len(part)], out=part)
    return gain
