"""Score the ear's steps, taps and rubs on takes whose truth is known.

python -m benchmarks.movement                        # the half for tuning
python -m benchmarks.movement --only walk            # one kind of it
python -m benchmarks.movement --half held            # counts as one of ten looks
python -m benchmarks.movement --half stranger        # another generator, which nobody was tuned on: as held
python -m benchmarks.movement --write takes          # the takes as sound files, with labels for Audacity
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from benchmarks.hearing import heldlog
from benchmarks.movement import stranger
from benchmarks.movement import takes as ours
from benchmarks.movement.listener import hear
from benchmarks.movement.measures import CLASSES, Count, score
from benchmarks.movement.takes import HALVES, RATE, Take
from benchmarks.movement.truth import Truth
from wearsound.core import F64

LOGS = {half: Path(__file__).with_name(f"{half}.log") for half in ("held", stranger.HALF)}
"""Where each look at what is held back is written down."""


def main() -> int:
    """0, or 2 for what cannot be done."""
    options = _options()
    log = LOGS.get(options.half)
    if log and options.only:
        print(
            f"a look at the half {options.half!r} is a look at all of it: leave --only away", file=sys.stderr
        )
        return 2
    if log and not options.write and heldlog.used(log) >= heldlog.LOOKS and not options.again:
        print(
            f"the half {options.half!r} was scored {heldlog.LOOKS} times, as agreed; --again if it must be",
            file=sys.stderr,
        )
        return 2
    takes = [take for take in all_takes(options.half) if options.only in (None, take.kind)]
    if not takes:
        print(f"no kind of take is called {options.only!r}", file=sys.stderr)
        return 2
    if options.write:
        _write(takes, Path(options.write))
        return 0
    with ProcessPoolExecutor(options.jobs) as pool:
        try:
            done = list(pool.map(judged, takes))
        except LookupError as error:
            print(error, file=sys.stderr)
            return 2
    minutes = sum(truth.seconds for truth, _ in done) / 60.0
    print(f"{len(takes)} takes of the half {options.half!r}, {minutes:.0f} minutes\n")
    print(table(done))
    if options.takes:
        print("\n" + by_take(takes, done))
    if log:
        print(f"\n{log.name}: " + heldlog.append(figures(done), time.strftime("%Y-%m-%d"), log))
    return 0


def all_takes(half: str) -> list[Take]:
    """Every take of one half, whoever makes it."""
    return stranger.all_takes() if half == stranger.HALF else ours.all_takes(half)


def made(take: Take) -> tuple[F64, Truth]:
    """Sound (n,) and truth of a take of any half."""
    return stranger.made(take) if take.half == stranger.HALF else ours.made(take)


def judged(take: Take) -> tuple[Truth, dict[str, Count]]:
    """One take, made, heard and scored."""
    sound, truth = made(take)
    return truth, score(truth, hear(sound, truth.seconds))


def summed(counts: list[dict[str, Count]]) -> dict[str, Count]:
    """Counts of several takes, by class."""
    out = {name: Count() for name in CLASSES}
    for one in counts:
        for name in CLASSES:
            out[name].add(one[name])
    return out


def table(done: list[tuple[Truth, dict[str, Count]]]) -> str:
    """Markdown: precision, recall and F by class, over all and by condition."""
    heads = [f"{name} {what}" for name in CLASSES for what in ("P", "R", "F")]
    lines = ["| takes | " + " | ".join(heads) + " |", "| --- |" + " --- |" * len(heads)]
    lines.append(_row("all", summed([counts for _, counts in done])))
    for condition in done[0][0].conditions:
        for value in dict.fromkeys(truth.conditions[condition] for truth, _ in done):
            part = [counts for truth, counts in done if truth.conditions[condition] == value]
            lines.append(_row(f"{condition}: {value}", summed(part)))
    return "\n".join(lines)


def by_take(takes: list[Take], done: list[tuple[Truth, dict[str, Count]]]) -> str:
    """Right, wrong and missed of every take, for whoever looks for a weakness."""
    lines = []
    for take, (truth, counts) in zip(takes, done, strict=True):
        told = "  ".join(f"{n} {c.right}+{c.wrong}-{c.missed}" for n, c in counts.items())
        lines.append(f"{take.name:32s} {told:50s} {', '.join(list(truth.conditions.values())[1:])}")
    return "\n".join(lines)


def _row(title: str, counts: dict[str, Count]) -> str:
    cells = []
    for name in CLASSES:
        one = counts[name]
        true, said = one.right + one.missed, one.right + one.wrong
        cells.append(f"{one.precision:.3f}" if said else "")
        cells += [f"{one.recall:.3f}", f"{one.f:.3f}"] if true else ["", f"({one.wrong} false)"]
    return f"| {title} | " + " | ".join(cells) + " |"


def figures(done: list[tuple[Truth, dict[str, Count]]]) -> str:
    """One line for the log."""
    counts = summed([counts for _, counts in done])
    return " ".join(f"{n}: P={c.precision:.3f} R={c.recall:.3f} F={c.f:.3f}" for n, c in counts.items())


def _write(takes: list[Take], folder: Path) -> None:
    """Sound files and their labels (start, end, word; tabs between)."""
    import soundfile

    folder.mkdir(parents=True, exist_ok=True)
    for take in takes:
        sound, truth = made(take)
        soundfile.write(folder / f"{take.name}.wav", sound, RATE, subtype="PCM_16")
        marks = [(moment, moment, "step") for moment in truth.steps]
        marks += [(moment, moment, "tap") for moment in truth.taps]
        marks += [(start, end, "rub") for start, end in truth.rubs]
        text = "".join(f"{start:.4f}\t{end:.4f}\t{word}\n" for start, end, word in sorted(marks))
        (folder / f"{take.name}.txt").write_text(text, encoding="utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.movement", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--half", choices=(*HALVES, stranger.HALF), default="tuning")
    parser.add_argument("--only", metavar="KIND", help="a kind of take: walk, rub, 'rub and walk', ...")
    parser.add_argument("--takes", action="store_true", help="right, wrong and missed of every take as well")
    parser.add_argument("--jobs", type=int, default=min(2, os.cpu_count() or 1))
    parser.add_argument("--write", metavar="FOLDER", help="only write the takes as sound files")
    parser.add_argument("--again", action="store_true", help="look at what is held back an eleventh time")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
