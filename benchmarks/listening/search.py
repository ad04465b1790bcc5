"""Is any setting ugly? Random settings of all dials x scale x root x edition, on walks of varied seeds, judged.

python -m benchmarks.listening.search --seeds 20
python -m benchmarks.listening.search --seeds 5 --first 100 --takes modelled --keep sounds

Takes are the composer's own walk (`walk`), scripts of any order in its sound (`composed`), or in that of the other
generator (`modelled`); the instrument and its guard play them, without an ear (`player.play_alone`).
"""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.hearing.dice import Dice
from benchmarks.listening.judged import Verdict, judge
from benchmarks.listening.player import RATE, play_alone
from benchmarks.listening.ranges import TAIL
from benchmarks.listening.scale import SCALES
from benchmarks.listening.tail import tail
from benchmarks.movement.composed import any_walk, built_in_walk, composed
from benchmarks.movement.takes import played
from wearsound.core import F64
from wearsound.mapping.scape import ALL, DIALS
from wearsound.sound import Scape, Voice

SECONDS = 45.0
BEGINS, STILL_FROM, REST = 4.0, 50.0, 50.0
"""Seconds: the built-in walk's first step, its stillness, and how much more stillness is played."""
STILL = {"level"}
"""Dials that stay as they are: whoever turns the volume up wants it louder."""
TAKES = ("walk", "composed", "modelled")


@dataclass(frozen=True, slots=True)
class Found:
    """One setting, on one take, with what was measured."""

    number: int
    take: str
    root: float
    scale: str
    dials: dict[str, float]
    verdicts: list[Verdict]

    @property
    def outside(self) -> list[Verdict]:
        """What is not good."""
        return [verdict for verdict in self.verdicts if not verdict.good]


def tried(number: int, takes: str = "walk", keep: str = "") -> Found:
    """Setting, take and seed of one number."""
    dice = Dice(number, "search")
    dials = {name: 0.5 if name in STILL else round(dice.uniform(), 3) for name in DIALS}
    root = round(41.0 * 2.0 ** dice.uniform(0.0, 0.99), 2)
    scale = dice.pick(tuple(SCALES))
    take, part, ends = _take(number, takes)
    scape = Scape(tuple(Voice(kind, kind) for kind in ALL), root, scale, "own", dials)
    sound, facts = play_alone(take, scape, number, part[1])
    if keep:
        import soundfile

        soundfile.write(Path(keep) / f"{number}.wav", sound, RATE, subtype="PCM_24")
        soundfile.write(Path(keep) / f"{number}-take.wav", take[: len(sound)], RATE, subtype="PCM_16")
    least = 10.0 ** (-abs(float(facts.get("limiter_db", 0.0))) / 20.0)
    verdicts = judge(sound, RATE, part, root, scale, least)
    if ends:
        quiet, zero = tail(sound, RATE, part[1])
        verdicts += [Verdict("tail to -80 dBFS", "s", quiet, quiet, *TAIL)]
        verdicts += [Verdict("tail to zeros", "s", zero, zero, *TAIL)]
    return Found(number, takes, root, scale, dials, verdicts)


def _take(number: int, takes: str) -> tuple[F64, tuple[float, float], bool]:
    """A contact microphone (n,), from where to where it is judged in s, and whether it ends in long stillness."""
    if takes == "walk":
        return built_in_walk(number, REST), (BEGINS + 0.5, STILL_FROM), True
    script = any_walk(number, SECONDS)
    first = min([*(fall.time for fall in script.falls), *(s for s, _ in script.strokes), *script.taps])
    take = composed(script, number) if takes == "composed" else played(script, number)
    return take, (first + 0.5, SECONDS), False


def told(found: Found) -> str:
    """One line: what it was, and what is outside."""
    dials = " ".join(f"{name} {value:.2f}" for name, value in found.dials.items() if name not in STILL)
    out = "; ".join(f"{v.name} {v.least:.2f}..{v.most:.2f} ({v.low:g}..{v.high:g})" for v in found.outside)
    return f"{found.number:4d} {found.take:8s} {found.scale:10s} {found.root:5.1f} {dials}: {out or 'good'}"


def summary(all_found: list[Found]) -> str:
    """How many are good; each measure's reach over all settings, and how often it was outside."""
    good = sum(not found.outside for found in all_found)
    often = Counter(verdict.name for found in all_found for verdict in found.outside)
    takes = ", ".join(sorted({found.take for found in all_found}))
    lines = [f"{good} of {len(all_found)} settings are good in every window (takes: {takes})", ""]
    lines += ["| measure | least | median | most | good | outside |", "| --- | --- | --- | --- | --- | --- |"]
    for name in dict.fromkeys(verdict.name for found in all_found for verdict in found.verdicts):
        mine = [verdict for found in all_found for verdict in found.verdicts if verdict.name == name]
        middle = float(np.median([(v.least + v.most) / 2 for v in mine]))
        least, most = min(v.least for v in mine), max(v.most for v in mine)
        reach = f"{least:.2f} | {middle:.2f} | {most:.2f}"
        lines.append(f"| {name} | {reach} | {mine[0].low:g} to {mine[0].high:g} | {often[name]} |")
    return "\n".join(lines)


def main() -> int:
    """0 where all settings are good, else 1."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.listening.search", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--seeds", type=int, default=20, metavar="N", help="how many settings")
    parser.add_argument("--first", type=int, default=0, metavar="I", help="the number of the first one")
    parser.add_argument("--takes", choices=TAKES, default="walk")
    parser.add_argument("--jobs", type=int, default=min(2, os.cpu_count() or 1))
    parser.add_argument("--keep", default="", metavar="FOLDER", help="keep takes and sounds")
    options = parser.parse_args()
    if options.keep:
        Path(options.keep).mkdir(parents=True, exist_ok=True)
    numbers = range(options.first, options.first + options.seeds)
    all_found = []
    with ProcessPoolExecutor(options.jobs) as pool:
        for found in pool.map(partial(tried, takes=options.takes, keep=options.keep), numbers):
            print(told(found), flush=True)
            all_found.append(found)
    print("\n" + summary(all_found))
    return 0 if all(not found.outside for found in all_found) else 1


if __name__ == "__main__":
    sys.exit(main())
