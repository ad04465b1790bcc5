"""A finished piece: sound and exact truth, drawn from one seed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .audible import Ear
from .compose import arrange, ensemble
from .dice import Dice
from .free import free_piece
from .genres import genre_ensemble
from .note import HATS, KICKS, SNARES, Layer
from .perform import render, rise, set_times
from .plain import plain_piece
from .plan import Plan, make_plan
from .sines import RATE, Sound, add
from .tones import noise_sweep
from .treat import background, duck, echo, place, rms, room, slow_walk

Times = NDArray[np.float64]
PLAIN = 0.06
"""Share of pieces that are metronomes, one-bar grooves or tones."""
_LEAD = 4.0  # seconds rendered before the piece begins, so that it may begin in the middle of music


@dataclass(frozen=True)
class Piece:
    """`samples` (n,) float32 mono at 48 kHz, |x| < 1; all times sorted, in seconds.

    `onsets` are note starts that leave a trace in the sound, merged within 30 ms. `beats` is empty
    for a piece without a pulse. `bar` is beats a bar, 0 without. `about` says what it is.
    """

    samples: Sound
    onsets: Times
    kicks: Times
    snares: Times
    hats: Times
    beats: Times
    downbeats: Times
    bar: int
    about: str


def merge(times: list[float], within: float) -> Times:
    """Sorted times, of which none is closer than `within` seconds to the one kept before."""
    kept: list[float] = []
    for time in sorted(times):
        if not kept or time - kept[-1] >= within:
            kept.append(time)
    return np.asarray(kept, np.float64)


def piece(seed: int, genres: float = 0.6) -> Piece:
    """Make the piece of a seed; equal seeds (and shares) give equal pieces.

    `genres` is the share of pulsed pieces played in a known genre; the others are freely drawn ensembles.

    A piece whose beat nobody could find (its notes were too soft or drowned) is made again.
    """
    for again in range(4):
        made = _make(seed + (again << 32), genres)
        if not len(made.beats) or (len(made.onsets) > 0.6 * len(made.beats) and _struck(made) > 0.35):
            return made
    return made


def _struck(made: Piece) -> float:
    """The share of beats with an onset within 40 ms."""
    return float(np.mean([np.min(np.abs(made.onsets - beat)) < 0.04 for beat in made.beats]))


def _make(seed: int, genres: float) -> Piece:
    dice = Dice(seed, "piece")
    seconds = dice.pick((30.0, 20.0, 45.0), (0.7, 0.18, 0.12))
    if dice.chance(0.08):
        sound, marks, word = free_piece(seed, seconds)
        soft = 0.25 if word == "swells" else 0.05
        return _finish(
            dice, sound, marks, [(t, soft) for t in marks["onsets"]], [], [], 0, f"free {word}", 0.6
        )
    if Dice(seed, "plainly").chance(PLAIN):
        sound, marks, pulse, bar, word = plain_piece(seed, seconds)
        starts = [(t, 0.05) for t in marks["onsets"]]
        return _finish(dice, sound, marks, starts, pulse, pulse[:: max(1, bar)], bar, f"plain {word}", 0.6)
    if Dice(seed, "share").chance(genres):
        plan, layers, word, synthetic = genre_ensemble(seed, seconds + _LEAD)
    else:
        drums = dice.chance(0.62)
        synthetic = dice.chance(0.55 if drums else 0.1)
        human = dice.chance(0.25 if synthetic else 0.75)
        plan = make_plan(seed, seconds + _LEAD, human)
        layers, word = ensemble(seed, plan, drums, synthetic)
        arrange(seed, plan, layers, drums)
    set_times(seed, plan, layers)
    if dice.chance(0.4):  # begin in the middle of music
        begin = _LEAD
        shift = 0.0
    else:
        begin = 0.0
        shift = dice.pick((dice.between(0.02, 1.0), dice.between(0.5, 3.0)), (0.8, 0.2))
    stop = shift + begin + seconds * (dice.between(0.55, 0.95) if dice.chance(0.1) else 2.0)
    for layer in layers:
        kept = [(n, t) for n, t in zip(layer.notes, layer.times, strict=True) if t[0] + shift < stop]
        layer.notes, layer.times = [n for n, _ in kept], [t for _, t in kept]
    count = int((begin + seconds) * RATE)
    one, rest = render(seed, layers, shift, count)
    sound = _mix(dice, plan, layers, one, rest, shift)
    back = shift - begin
    marks = {"kicks": [], "snares": [], "hats": []}
    onsets: list[tuple[float, float]] = []  # (second, rise in seconds)
    for layer in layers:
        gentle = rise(layer)
        for note, (start, _) in zip(layer.notes, layer.times, strict=True):
            onsets.append((start + back, gentle))
            if layer.drums:
                for name, keys in (("kicks", KICKS), ("snares", SNARES), ("hats", HATS)):
                    if note.pitch in keys:
                        marks[name].append(start + back)
    beats = plan.clock.beats[: plan.bars * plan.bar] + back
    last = max((t for t, _ in onsets), default=0.0)
    downs = [float(t) for t in beats[:: plan.bar] if t <= last + 0.05]
    lively = [float(t) for t in beats if t <= last + 0.05]
    about = f"{word} {plan.metre} {plan.bpm:.0f} bpm {plan.clock.kind}"
    about += f" swing {plan.clock.swing:.2f}" if plan.clock.swing != 0.5 else ""
    about += " synthetic" if synthetic else ""
    return _finish(dice, sound[int(begin * RATE) :], marks, onsets, lively, downs, plan.bar, about, 0.4)


def _mix(dice: Dice, plan: Plan, layers: list[Layer], drums: Sound, rest: Sound, shift: float) -> Sound:
    """Balance of drums and the rest, side chain, echo, sweeps; unit-like level."""
    beat = 60 / plan.bpm
    both = bool(drums.any()) and bool(rest.any())
    if rest.any():
        if dice.chance(0.2):
            rest = echo(dice, rest, beat)
        if both and dice.chance(0.25):
            kicks = [t + shift for la in layers if la.name == "kick" for t, _ in la.times]
            rest = duck(rest, kicks, dice.between(0.3, 0.95), dice.between(0.1, 0.35))
        rest = rest / (rms(rest) + 1e-9)
    if drums.any():
        if dice.chance(0.1):
            drums = echo(dice, drums, beat)
        drums = drums / (rms(drums) + 1e-9)
    balance = 10 ** (dice.between(-12, 9) / 20) if both else 1.0
    sound = rest + np.float32(balance) * drums
    if dice.chance(0.12):
        for first, end in plan.sections:
            if dice.chance(0.5):
                stop = plan.clock.seconds(end * plan.bar) + shift
                start = max(plan.clock.seconds(first * plan.bar) + shift, stop - 6)
                if stop - start > 0.5 and start * RATE < len(sound):
                    add(sound, noise_sweep(dice, stop - start), int(start * RATE), dice.log(0.5, 5))
    return sound


def _finish(
    dice: Dice,
    sound: Sound,
    marks: dict[str, list[float]],
    onsets: list[tuple[float, float]],
    beats: list[float],
    downs: list[float],
    bar: int,
    about: str,
    quiet_room: float,
) -> Piece:
    """Room, chain, noise, level; then keep the truth that can be heard."""
    sound = sound.astype(np.float32) / np.float32(rms(sound) + 1e-9)
    if dice.chance(0.5):
        sound = room(dice, sound, dice.log(0.2, 4.0), 10 ** (dice.between(-22, -4) / 20))
    sound = place(dice, sound)
    sound = sound / np.float32(rms(sound) + 1e-9)
    floor: Sound | None = None
    if not dice.chance(quiet_room):
        floor, kind = background(dice, len(sound))
        level = dice.between(-60, -25) if dice.chance(0.6) else dice.between(-30, -12)
        floor = floor * slow_walk(dice, len(sound), 0.2, dice.between(0, 3)) * np.float32(10 ** (level / 20))
        about += f", {kind} {level:.0f} dB"
    ear = Ear(sound, floor)
    sound = sound if floor is None else sound + floor
    level = dice.between(-35, -6) if dice.chance(0.6) else dice.between(-24, -10)
    sound = sound * np.float32(10 ** (level / 20))
    peak = float(np.abs(sound).max())
    if peak > 0.99:
        sound = np.clip(sound, -0.99, 0.99) if dice.chance(0.5) else sound * np.float32(0.99 / peak)
    end = len(sound) / RATE
    heard: list[float] = []
    for late in (0.05, 0.1, 0.25):
        heard += ear.heard([t for t, gentle in onsets if gentle == late and 0 <= t < end], late)
    drums = {
        name: merge(ear.heard([t for t in times if 0 <= t < end], 0.05, 0.8), 0.01)
        for name, times in marks.items()
        if name != "onsets"
    }
    pulse = merge([t for t in beats if 0 <= t < end], 0.0)
    firsts = merge([t for t in downs if 0 <= t < end], 0.0)
    return Piece(
        sound.astype(np.float32),
        merge(heard, 0.03),
        drums["kicks"],
        drums["snares"],
        drums["hats"],
        pulse,
        firsts,
        bar if len(pulse) else 0,
        f"{about}, {level:.0f} dBFS",
    )
