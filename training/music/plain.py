"""Plain sound: metronomes and one-bar grooves, and tones that begin once, however they waver."""

from __future__ import annotations

import numpy as np

from .dice import Dice
from .kit import Kit
from .note import HATS, KICKS, SNARES
from .sines import RATE, Sound, add

Marks = dict[str, list[float]]
GROOVES = (
    ((36,), (), (), ()),
    ((36,), (), (42,), ()),
    ((36,), (42,), (42,), (42,)),
    ((36, 42), (), (46,), ()),
    ((36, 42), (), (42,), ()),
)
"""What is struck on the four sixteenths of a beat."""


def plain_piece(seed: int, seconds: float) -> tuple[Sound, Marks, list[float], int, str]:
    """Sound (n,), marks (`onsets kicks snares hats` in seconds), beats, beats a bar, and a word for it."""
    dice = Dice(seed, "plain")
    out = np.zeros(int(seconds * RATE), np.float32)
    marks: Marks = {"onsets": [], "kicks": [], "snares": [], "hats": []}
    if dice.chance(0.35):
        return out + _tones(dice, len(out), marks), marks, [], 0, "tones"
    if dice.chance(0.15):
        return out + _line(dice, len(out), marks), marks, [], 0, "line"
    bpm = dice.log(52, 190)
    beats = list(np.arange(dice.between(0.05, 1.0), seconds - 0.3, 60 / bpm))
    if dice.chance(0.4):
        _metronome(dice, out, marks, beats)
        return out, marks, beats, 4, f"metronome {bpm:.0f} bpm"
    _groove(dice, seed, out, marks, beats, 60 / bpm)
    if dice.chance(0.4):
        out += 0.1 * float(np.abs(out).max()) * _tones(dice, len(out), {"onsets": []})
    return out, marks, beats, 4, f"groove {bpm:.0f} bpm"


def _metronome(dice: Dice, out: Sound, marks: Marks, beats: list[float]) -> None:
    """One short sound on every beat, some with a stressed first of four, some with eighths softly between."""
    length = dice.log(0.0004, 0.08)
    time = np.arange(int(length * RATE)) / RATE
    if dice.chance(0.7):
        click = np.sin(2 * np.pi * dice.log(300, 4000) * time) * np.exp(-time / (length / 4))
    else:
        click = dice.noise(len(time)) * np.exp(-time / (length / 4))
    stress = dice.between(1.0, 2.0)
    between = dice.between(0.1, 0.6) if dice.chance(0.25) else 0.0
    gap = beats[1] - beats[0]
    for number, beat in enumerate(beats):
        add(out, click.astype(np.float32), round(beat * RATE), stress if number % 4 == 0 else 1.0)
        marks["onsets"].append(beat)
        if between:
            add(out, click.astype(np.float32), round((beat + gap / 2) * RATE), between)
            marks["onsets"].append(beat + gap / 2)


def _groove(dice: Dice, seed: int, out: Sound, marks: Marks, beats: list[float], gap: float) -> None:
    """The same on every beat: kicks, hats between, at most a snare on every second and a bass note."""
    kit = Kit(seed)
    groove = dice.pick(GROOVES)
    backbeat = dice.chance(0.5)
    hats = dice.log(0.1, 1.0)
    bass = dice.chance(0.4)
    hertz = dice.log(40, 130)
    note = np.sin(2 * np.pi * hertz * np.arange(int(0.8 * gap / 2 * RATE)) / RATE).astype(np.float32)
    note *= np.minimum(1.0, np.minimum(np.arange(len(note)), np.arange(len(note))[::-1]) / 240).astype(
        np.float32
    )
    late = dice.pick((0.0, 0.5))
    for number, beat in enumerate(beats):
        for place, keys in enumerate(groove):
            for key in (*keys, 38) if backbeat and place == 0 and number % 2 else keys:
                when = beat + place * gap / 4
                add(out, kit.sound(key), round(when * RATE), hats if key in HATS else 1.0)
                marks["onsets"].append(when)
                for name, own in (("kicks", KICKS), ("snares", SNARES), ("hats", HATS)):
                    if key in own:
                        marks[name].append(when)
        if bass:
            add(out, note, round((beat + late * gap) * RATE), 0.3)
            marks["onsets"].append(beat + late * gap)


def _tones(dice: Dice, count: int, marks: Marks) -> Sound:
    """One to four steady tones, beating, with vibrato or tremolo, rumble or hum; they begin once."""
    time = np.arange(count) / RATE
    start = dice.between(0.0, 2.0)
    out = np.zeros(count)
    base = dice.log(25, 3000)
    for _ in range(dice.whole(1, 4)):
        hertz = dice.pick((base, base + dice.between(0.5, 12.0), dice.log(25, 5000)))
        if dice.chance(0.3):
            out += _buzz(dice, dice.log(25, 400), count) * dice.log(0.1, 1)
            continue
        phase = 2 * np.pi * hertz * time
        if dice.chance(0.4):
            rate = dice.between(3, 8)
            phase = phase + dice.between(0.0, 0.03) * hertz / rate * np.sin(2 * np.pi * rate * time)
        tone = np.sin(phase)
        if dice.chance(0.2):
            tone = tone * (1 + dice.between(0, 0.8) * np.sin(2 * np.pi * dice.between(0.1, 9) * time))
        if dice.chance(0.2):
            tone = np.tanh(3 * tone)
        out += tone * dice.log(0.1, 1)
    out[time < start] = 0.0
    if dice.chance(0.3):
        out += dice.log(0.02, 1) * np.cumsum(dice.noise(count)) / 300
    out -= np.mean(out)
    marks["onsets"].append(start)
    return out.astype(np.float32)


def _line(dice: Dice, count: int, marks: Marks) -> Sound:
    """Notes of a buzzing bass at times of their own; each begins once, however low it is."""
    out = np.zeros(count, np.float32)
    at, low = dice.between(0.05, 1.0), dice.log(27, 110)
    while at < count / RATE - 0.3:
        length = dice.log(0.12, 3.0)
        note = _buzz(dice, low * 2 ** (dice.whole(0, 24) / 12), int(length * RATE))
        fade = int(dice.log(0.002, 0.02) * RATE)
        note *= np.minimum(1.0, np.minimum(np.arange(len(note)), np.arange(len(note))[::-1]) / fade)
        add(out, note.astype(np.float32), round(at * RATE), dice.between(0.4, 1.0))
        marks["onsets"].append(at)
        at += length + dice.pick((0.0, dice.between(0.0, 0.6)))
    return out


def _buzz(dice: Dice, hertz: float, count: int) -> Sound:
    """A saw, a pulse or a square whose partials start together, as a synthesiser's do, through a low-pass."""
    time = np.arange(count) / RATE
    number = np.arange(1, max(2, int(min(dice.log(200, 16_000), 18_000) / hertz) + 1))
    kind = dice.pick(("saw", "pulse", "square"))
    weights = np.ones(len(number)) if kind == "pulse" else 1.0 / number
    if kind == "square":
        weights *= number % 2
    wave = np.cos if kind == "pulse" else np.sin
    table = sum(
        w * wave(2 * np.pi * n * np.arange(4096) / 4096) for n, w in zip(number, weights, strict=True)
    )
    out = np.interp(hertz * time % 1.0 * 4096, np.arange(4097), np.append(table, table[0]))
    buzz: Sound = (out / (np.abs(table).max() + 1e-9)).astype(np.float32)
    return buzz
