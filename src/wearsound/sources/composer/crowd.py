"""Channel 4, the room: a murmur, applause over the build and at the end, hands that clap along."""

from __future__ import annotations

import numpy as np

from wearsound import chance
from wearsound.core import F64
from wearsound.sources.composer.form import RATE, SAMPLES, SECONDS, Form, Span
from wearsound.sources.composer.grain import bell, between, decay, fill, place
from wearsound.sources.composer.spectrum import (
    back,
    band,
    forward,
    frequencies,
    low_pass,
    multiply,
    noise_loop,
    resonance,
    unit,
)

PEOPLE = 72
VARIANTS = 3
LIVELY = 26.0
"""Nobody claps before this second: the room need not ring until then."""


def write_applause(form: Form) -> tuple[Span, ...]:
    """When the room applauds."""
    del form
    return (Span("applause", 26.2, 31.3), Span("applause", 38.0, float(SECONDS)))


def write_claps(form: Form) -> tuple[float, ...]:
    """Clap-along: on two and four of the last groove, as people do, once the applause is over."""
    times = [form.at(bar, step) + 0.008 for bar in range(form.last_bar, form.bars) for step in (4, 12)]
    return tuple(form.snap(time) for time in times if 32.0 < time < 37.9)


def play_crowd(form: Form, applause: tuple[Span, ...], claps: tuple[float, ...]) -> F64:
    """The whole channel (SAMPLES,), full scale +-1."""
    seed = form.seed
    hands = _hands(seed)
    dry = np.zeros(SAMPLES)
    for part, span in enumerate(applause):
        for person in range(PEOPLE):
            _applaud(dry, hands[person], seed, part * PEOPLE + person, span)
    for i, time in enumerate(claps):
        for person in range(24):
            moment = i * 24 + person
            if chance.uniform(seed, "demo.along", moment) < 0.82:
                late = 0.022 * bell(seed, "demo.along.late", moment)
                level = between(0.35, 1.0, seed, "demo.along.level", moment)
                place(dry, time + late, hands[person, moment % VARIANTS], 0.20 * level)
    first = round(LIVELY * RATE)
    dry[first:] = _room(seed, dry[first:])
    return dry + _murmur(seed)


def _hands(seed: int) -> F64:
    """Three claps of each person (PEOPLE, VARIANTS, n): short noise through the hollow of two hands."""
    count = 1024
    out = np.zeros((PEOPLE, VARIANTS, count))
    f = frequencies(2 * count)
    for person in range(PEOPLE):
        centre = between(900, 2300, seed, "demo.hand.pitch", person)
        seconds = between(0.002, 0.006, seed, "demo.hand.decay", person)
        detuning = 1.1 * (f / centre - centre / np.maximum(f, 1e-9))
        hollow = np.empty(len(f), np.complex128)
        hollow.real = 1 / (1 + detuning * detuning)
        hollow.imag = -detuning / (1 + detuning * detuning)
        noise = chance.noises(seed, "demo.hand.noise", VARIANTS * count, person * VARIANTS * count)
        burst = forward(noise.reshape(VARIANTS, count) * decay(count, seconds), 2 * count)
        sound = back(multiply(burst, np.broadcast_to(hollow, burst.shape)), 2 * count)[:, :count]
        out[person] = sound / (np.abs(sound).max() + 1e-9)
    return out


def _applaud(dry: F64, hands: F64, seed: int, i: int, span: Span) -> None:
    """One person: starts late, claps three to five times a second, tires early."""
    period = 1 / between(3.0, 5.0, seed, "demo.applause.rate", i)
    level = 0.26 * (0.12 + 0.88 * chance.uniform(seed, "demo.applause.level", i) ** 1.6)
    time = span.start + 0.9 * chance.uniform(seed, "demo.applause.start", i) ** 2
    tired = 0.0 if span.end >= SECONDS else 1.8
    end = span.end - tired * chance.uniform(seed, "demo.applause.end", i) ** 1.5
    count = 0
    while time < end:
        moment = i * 64 + count
        strength = between(0.7, 1.0, seed, "demo.applause.strength", moment)
        place(dry, time, hands[count % VARIANTS], level * strength)
        time += period * (1 + 0.06 * bell(seed, "demo.applause.jitter", moment))
        count += 1


def _room(seed: int, dry: F64) -> F64:
    """The dry claps and 0.7 s of a hall around them."""
    count = round(0.7 * RATE)
    tail = noise_loop(seed, "demo.hall", count, lambda f: band(f, 300, 3800, 1))
    tail = tail * decay(count, 0.7 / 6.9)
    tail[0] = 0.0
    size = 720_000
    wet = back(multiply(forward(dry, size), forward(tail, size)), size)
    return dry + 0.014 * wet[: len(dry)]


def _murmur(seed: int) -> F64:
    """Voices that are not words, -44 dBFS: noise about 520 Hz that swells a few times a second."""
    count = 480_000
    voice = noise_loop(seed, "demo.murmur", count, lambda f: resonance(f, 520, 0.9) * low_pass(f, 2600, 2))
    swell = np.abs(noise_loop(seed, "demo.murmur.swell", 432_000, lambda f: low_pass(f, 4.5, 3)))
    return 0.0063 * unit(fill(voice, SAMPLES) * (0.25 + fill(swell, SAMPLES)))
