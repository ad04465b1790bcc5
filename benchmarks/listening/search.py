"""Is any setting ugly? Random settings x random takes x random seeds, through the engine, judged.

python -m benchmarks.listening.search --seeds 20
python -m benchmarks.listening.search --seeds 5 --first 100 --keep sounds
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.hearing.dice import Dice
from benchmarks.listening.judged import Verdict, judge
from benchmarks.listening.player import RATE, play
from benchmarks.listening.scale import SCALES
from benchmarks.movement.composed import any_walk, composed
from benchmarks.movement.takes import played
from wearsound.mapping.scape import DIALS

SECONDS = 45.0
STILL = {"level"}
"""Dials that stay as they are: whoever turns the volume up wants it louder."""


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


def tried(number: int, keep: str = "") -> Found:
    """Setting, take and seed of one number."""
    dice = Dice(number, "search")
    dials = {name: 0.5 if name in STILL else round(dice.uniform(), 3) for name in DIALS}
    root = round(41.0 * 2.0 ** dice.uniform(0.0, 0.99), 2)
    scale = dice.pick(tuple(SCALES))
    script = any_walk(number, SECONDS)
    ours = number % 2 == 0
    take = composed(script, number) if ours else played(script, number)
    with tempfile.TemporaryDirectory() as folder:
        patch = Path(folder) / f"setting-{number}.toml"
        patch.write_text(_patch(root, scale, dials), encoding="utf-8")
        sound, facts = play(take, patch, seed=number)
    if keep:
        import soundfile

        soundfile.write(Path(keep) / f"{number}.wav", sound, RATE, subtype="PCM_24")
        soundfile.write(Path(keep) / f"{number}-take.wav", take, RATE, subtype="PCM_16")
    least = 10.0 ** (-abs(float(facts.get("limiter_db", 0.0))) / 20.0)
    first = min([*(fall.time for fall in script.falls), *(s for s, _ in script.strokes), *script.taps])
    verdicts = judge(sound, RATE, (first + 0.5, SECONDS), root, scale, least)
    return Found(number, "composed" if ours else "modelled", root, scale, dials, verdicts)


def _patch(root: float, scale: str, dials: dict[str, float]) -> str:
    turned = "".join(f"{name} = {value}\n" for name, value in dials.items())
    head = 'title = "search"\ngarment = "scarf"\nlane = "body"\n[soundscape]\n'
    return f'{head}root = {root}\nscale = "{scale}"\n{turned}'


def told(found: Found) -> str:
    """One line: what it was, and what is outside."""
    dials = " ".join(f"{name} {value:.2f}" for name, value in found.dials.items() if name not in STILL)
    out = "; ".join(f"{v.name} {v.least:.2f}..{v.most:.2f} ({v.low:g}..{v.high:g})" for v in found.outside)
    return f"{found.number:4d} {found.take:9s} {found.scale:10s} {found.root:5.1f} {dials}: {out or 'good'}"


def summary(all_found: list[Found]) -> str:
    """How many are good; each measure's reach over all settings, and how often it was outside."""
    good = sum(not found.outside for found in all_found)
    often = Counter(verdict.name for found in all_found for verdict in found.outside)
    lines = [f"{good} of {len(all_found)} settings are good in every window", ""]
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
    parser = argparse.ArgumentParser(prog="python -m benchmarks.listening.search", description=__doc__)
    parser.add_argument("--seeds", type=int, default=20, metavar="N", help="how many settings")
    parser.add_argument("--first", type=int, default=0, metavar="I", help="the number of the first one")
    parser.add_argument("--jobs", type=int, default=min(2, os.cpu_count() or 1))
    parser.add_argument("--keep", default="", metavar="FOLDER", help="keep takes and sounds")
    options = parser.parse_args()
    if options.keep:
        Path(options.keep).mkdir(parents=True, exist_ok=True)
    numbers = range(options.first, options.first + options.seeds)
    all_found = []
    with ProcessPoolExecutor(options.jobs) as pool:
        for found in pool.map(tried, numbers, [options.keep] * len(numbers)):
            print(told(found), flush=True)
            all_found.append(found)
    print("\n" + summary(all_found))
    return 0 if all(not found.outside for found in all_found) else 1


if __name__ == "__main__":
    sys.exit(main())
