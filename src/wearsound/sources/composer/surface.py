"""The record itself: a breath of noise, ticks, a rumble; and the riser that climbs out of it."""

from __future__ import annotations

import numpy as np

from wearsound import chance
from wearsound.core import F64
from wearsound.sources.composer.form import RATE, SAMPLES, SECONDS, SILENCE, Form
from wearsound.sources.composer.grain import between, decay, fill, place, sine
from wearsound.sources.composer.spectrum import (
    back,
    forward,
    frequencies,
    high_pass,
    low_pass,
    noise_loop,
    resonance,
    rms,
    scale,
)


def play_surface(form: Form) -> F64:
    """Noise at -51 dBFS, seven clicks a second, rumble at 38 Hz; stereo (2, SAMPLES)."""
    seed = form.seed
    bus = np.zeros((2, SAMPLES))
    # Two loops of lengths without a common factor, added: nothing repeats within the track.
    for channel, lengths in enumerate(((163_840, 131_220), (150_000, 196_608))):
        for length in lengths:
            loop = noise_loop(seed, f"demo.surface.{channel}.{length}", length, _hiss)
            bus[channel] += fill(loop, SAMPLES) * (0.0028 / 1.4142)
    rumble = noise_loop(seed, "demo.rumble", 187_500, lambda f: resonance(f, 38, 6))
    bus += 0.0016 * fill(rumble, SAMPLES)
    shapes = [_click(seed, i) for i in range(12)]
    for i in range(7 * SECONDS):
        time = SECONDS * chance.uniform(seed, "demo.click.time", i)
        level = 0.055 * chance.uniform(seed, "demo.click.level", i) ** 4
        side = between(-0.7, 0.7, seed, "demo.click.side", i)
        shape = shapes[int(chance.uniform(seed, "demo.click.shape", i) * 12)]
        place(bus[0], time, shape, level * (1 - side))
        place(bus[1], time, shape, level * (1 + side))
    return bus


def _hiss(f: F64) -> F64:
    return high_pass(f, 300, 1) * low_pass(f, 6500, 1)


def _click(seed: int, i: int) -> F64:
    count = 480
    hertz = between(900, 5200, seed, "demo.click.pitch", i)
    body = sine(hertz, count) * decay(count, between(0.0002, 0.0012, seed, "demo.click.decay", i))
    return body + 0.4 * chance.noises(seed, "demo.click.noise", count, i * count) * decay(count, 0.0002)


def play_riser(form: Form) -> F64:
    """Twelve bands of noise that open one after another through the build; stereo (2, SAMPLES)."""
    start, end = SILENCE[1], form.at(form.last_bar)
    count = round((end - start) * RATE)
    size = 262_144
    white = forward(chance.noises(form.seed, "demo.riser", size))
    f = frequencies(size)
    u = np.arange(count) / count
    out = np.zeros((2, count))
    for k in range(12):
        centre = 260 * 1.38**k
        noise = back(scale(white, resonance(f, centre, 3.5)), size)
        noise *= 1 / rms(noise)
        place_in_sweep = np.maximum(0.0, 1 - np.abs(11.5 * u - k) / 2.6)
        opened = place_in_sweep * place_in_sweep * (0.35 + 0.65 * u)
        # The other side is the same band, read from elsewhere: wide, and one transform cheaper.
        out[0] += opened * np.resize(noise, count)
        out[1] += opened * np.resize(np.roll(noise, 70_001), count)
    bus = np.zeros((2, SAMPLES))
    # It stops a thirty-second before the drop: the ear is left leaning forward.
    gap = round(0.5 * form.step * RATE)
    fade = np.clip((count - gap - np.arange(count)) / (0.012 * RATE), 0.0, 1.0)
    place(bus, start, out * (u * u * fade))
    return bus
