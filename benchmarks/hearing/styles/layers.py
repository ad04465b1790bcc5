"""What lies under the obvious: soft chords, murmured inner voices, a bass that answers between the strokes.

Real records are full of beginnings that nobody notices one by one. They are written from the notes that are
there, so that they fit any style.
"""

from __future__ import annotations

from benchmarks.hearing.score import DRUMS, Score


def under(score: Score, bed: float, murmur: float, answer: float) -> None:
    """Add each layer with its chance, 0..1."""
    dice = score.dice
    wants = dice.chance(bed), dice.chance(murmur), dice.chance(answer)
    free = 15 - len([channel for channel in score.programs if channel != DRUMS])
    pitches = _harmony(score)
    for want, write in zip(wants, (_bed, _murmur, _answer), strict=True):
        if want and free > 0 and any(pitches):
            write(score, pitches)
            free -= 1


def _bed(score: Score, pitches: list[list[int]]) -> None:
    """Bowed or breathed chords that come in where they like, each a soft beginning."""
    dice = score.dice
    part = score.part(dice.pick((48, 49, 50, 52, 89, 91, 95)), dice.whole(60, 85))
    entries = dice.pick(((0.0,), (0.0, 2.5), (1.5,), (0.5, 2.0), (0.0, 1.5, 3.0)))
    for bar in range(score.bars):
        classes = pitches[bar]
        starts = [entry for entry in entries if entry < score.bar]
        for number, entry in enumerate(starts):
            until = starts[number + 1] if number + 1 < len(starts) else score.bar
            voices = [60 + (pitch - 60) % 12 + 12 * (place == 2) for place, pitch in enumerate(classes[:3])]
            score.chord(part, score.bar * bar + entry, until - entry, voices, 0.5)


def _murmur(score: Score, pitches: list[list[int]]) -> None:
    """Broken chords in eighths or sixteenths, so soft that they are more felt than heard."""
    dice = score.dice
    part = score.part(dice.pick((0, 4, 24, 26, 46, 11, 88)), dice.whole(55, 80))
    per_beat = dice.pick((2, 2, 3, 4)) if score.tempo.at(0.0) < 130.0 else dice.pick((1, 2, 2))
    kept = dice.uniform(0.5, 0.9)
    for bar in range(score.bars):
        classes = pitches[bar]
        for step in range(score.bar * per_beat):
            if dice.chance(kept) and classes:
                pitch = 52 + (classes[(step * 2 + step // 3) % len(classes)] - 52) % 12 + 12 * (step % 2)
                score.note(
                    part, score.bar * bar + step / per_beat, 0.8 / per_beat, pitch, dice.uniform(0.22, 0.42)
                )


def _answer(score: Score, pitches: list[list[int]]) -> None:
    """A dark low voice on the off-beats, under the edge of everything bright."""
    dice = score.dice
    part = score.part(dice.pick((38, 39, 32, 35, 58)), dice.whole(75, 100))
    shape = dice.pick(((0.75, 2.5), (0.5, 1.5, 2.5, 3.5), (1.25, 2.75), (0.75, 1.75, 3.25), (1.5, 3.75)))
    for bar in range(score.bars):
        classes = pitches[bar]
        for number, place in enumerate(entry for entry in shape if entry < score.bar):
            if classes and dice.chance(0.9):
                pitch = 36 + (classes[number % len(classes)] - 36) % 12
                score.note(part, score.bar * bar + place, 0.4, pitch, dice.uniform(0.5, 0.75))


def _harmony(score: Score) -> list[list[int]]:
    """The three pitch classes that sound longest in each bar; those of the bar before where nothing does."""
    out: list[list[int]] = []
    pitched = [note for note in score.notes if note.channel != DRUMS]
    for bar in range(score.bars):
        start, end = (score.tempo.seconds(score.bar * number) for number in (bar, bar + 1))
        weight: dict[int, float] = {}
        for note in pitched:
            sounding = min(end, note.start + note.seconds) - max(start, note.start)
            if sounding > 0.0:
                weight[note.pitch % 12] = weight.get(note.pitch % 12, 0.0) + sounding
        ranked = sorted(weight, key=lambda pitch: (-weight[pitch], pitch))[:3]
        out.append(ranked or (out[-1] if out else []))
    return out
