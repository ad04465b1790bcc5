"""Hats and snare: played a little late, never twice alike, written in full before they sound."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wearsound import chance
from wearsound.core import F64
from wearsound.sources.composer.form import RATE, SAMPLES, Form
from wearsound.sources.composer.grain import bell, between, decay, place, ramp, sine, slice_of, smooth_ends
from wearsound.sources.composer.spectrum import band, high_pass, noise_loop, resonance, unit

LOOP = 131_072


@dataclass(frozen=True, slots=True)
class Hit:
    """One stroke: seconds, how hard (0..1), and whether it rings (an open hat, a full snare)."""

    time: float
    level: float
    rings: bool


def write_hats(form: Form) -> tuple[Hit, ...]:
    """Off-beats nearly always, eighths often, swung sixteenths sometimes; from the second bar on."""
    hits = []
    for bar in (1, *form.groove_bars):
        for step in range(2 if bar == 1 else 0, 16):
            moment = bar * 16 + step
            kind = 0 if step % 4 == 2 else 1 if step % 2 == 0 else 2
            likely, level = ((0.98, 0.30), (0.62, 0.17), (0.42, 0.12))[kind]
            if chance.uniform(form.seed, "demo.hat", moment) >= likely:
                continue
            swing = 0.14 if step % 2 else 0.0
            time = form.at(bar, step + swing) + 0.003 * bell(form.seed, "demo.hat.late", moment)
            level *= between(0.7, 1.3, form.seed, "demo.hat.level", moment)
            rings = (step == 14 and bar % 2 == 1 and bar > 1) or (step == 6 and bar % 8 == 5)
            hits.append(Hit(form.snap(time), round(level, 6), rings))
    return tuple(hits)


def write_snares(form: Form) -> tuple[Hit, ...]:
    """Two and four from the fifth bar, 4 ms behind; ghosts later; a roll into the last groove."""
    hits = []
    for bar in form.groove_bars:
        if bar < 4:
            continue
        for step in (4, 12):
            hard = between(0.86, 1.0, form.seed, "demo.snare", bar * 16 + step)
            hits.append(Hit(form.snap(form.at(bar, step) + 0.004), hard, True))
        if bar >= 6:
            for step in (7, 9, 15):
                moment = bar * 16 + step
                if chance.uniform(form.seed, "demo.ghost", moment) < 0.55:
                    late = 0.004 + 0.004 * bell(form.seed, "demo.ghost.late", moment)
                    hits.append(Hit(form.snap(form.at(bar, step + 0.14) + late), 0.16, False))
    hits += _roll(form)
    return tuple(sorted(hits, key=lambda hit: hit.time))


def _roll(form: Form) -> list[Hit]:
    # Eighths, sixteenths, thirty-seconds; the last sixteenth is left empty: a breath before the drop.
    steps = [*range(0, 8, 2), *range(8, 12), *(12 + i / 2 for i in range(6))]
    bar = form.last_bar - 1
    hits = []
    for i, step in enumerate(steps):
        level = 0.10 + 0.55 * (step / 15) ** 2
        level *= between(0.85, 1.0, form.seed, "demo.roll", i)
        hits.append(Hit(form.snap(form.at(bar, step)), round(level, 6), step % 4 == 0))
    return hits


def play_hats(form: Form, hits: tuple[Hit, ...]) -> F64:
    """All hats on a stereo bus (2, SAMPLES)."""
    seed = form.seed
    hiss = noise_loop(seed, "demo.hat.noise", LOOP, lambda f: high_pass(f, 6000, 3) * (12_000 / (f + 6000)))
    metal = _metal()
    bus = np.zeros((2, SAMPLES))
    for i, hit in enumerate(hits):
        seconds = 0.160 if hit.rings else between(0.018, 0.034, seed, "demo.hat.decay", i)
        count = round(5 * seconds * RATE)
        mixed = 0.55 * slice_of(hiss, seed, "demo.hat.hiss", i, count)
        mixed = mixed + 0.45 * slice_of(metal, seed, "demo.hat.metal", i, count)
        sound = smooth_ends(mixed * decay(count, seconds) * ramp(count, 0.0008), seconds)
        side = between(-0.28, 0.28, seed, "demo.hat.side", i)
        level = hit.level * (0.6 if hit.rings else 1.0) * 0.25
        place(bus[0], hit.time, sound, level * (1 - side))
        place(bus[1], hit.time, sound, level * (1 + side))
    return bus


def _metal() -> F64:
    """Five square waves that do not agree, without what would fold back, high-passed at 6 kHz."""
    out = np.zeros(LOOP)
    for hertz in (3113.0, 4021.0, 5309.0, 6427.0, 8111.0):
        for harmonic in (1, 3, 5, 7):
            f = hertz * harmonic
            if f < 20_000:
                tilt = float(high_pass(np.array([f]), 6000.0, 3)[0])
                out += sine(f, LOOP) * (tilt / harmonic)
    return unit(out)


def play_snares(form: Form, hits: tuple[Hit, ...]) -> F64:
    """All snares on a stereo bus: a body, three bursts of noise, and the small room of the hard ones."""
    seed = form.seed
    noise = noise_loop(seed, "demo.snare.noise", LOOP, _snare_colour)
    room = noise_loop(seed, "demo.snare.room", LOOP, lambda f: band(f, 500, 4200, 1))
    bus = np.zeros((2, SAMPLES))
    count = round(0.26 * RATE)
    for i, hit in enumerate(hits):
        sound = _snare(seed, i, noise, count)
        for channel in (0, 1):
            place(bus[channel], hit.time, sound, 0.5 * hit.level)
            if hit.rings:
                tail = slice_of(room, seed, "demo.snare.tail", 2 * i + channel, count)
                tail = smooth_ends(tail * decay(count, 0.075) * ramp(count, 0.012), 0.08)
                place(bus[channel], hit.time, tail, 0.045 * hit.level)
    return bus


def _snare_colour(f: F64) -> F64:
    return band(f, 900, 6800, 2) * (1 + 0.8 * resonance(f, 1900, 2.0))


def _snare(seed: int, i: int, noise: F64, count: int) -> F64:
    hertz = 178 * between(0.99, 1.01, seed, "demo.snare.pitch", i) * (1 + 0.25 * decay(count, 0.012))
    out = 0.55 * sine(hertz, count) * decay(count, 0.055)
    for burst, (late, level) in enumerate(((0.0, 1.0), (0.009, 0.5), (0.019, 0.62))):
        rest = count - round(late * RATE)
        rattle = slice_of(noise, seed, "demo.snare.burst", 3 * i + burst, rest)
        seconds = 0.055 if burst == 2 else 0.007
        out[count - rest :] += 0.26 * level * rattle * decay(rest, seconds) * ramp(rest, 0.0006)
    return smooth_ends(out, 0.06)
