"""Small lies told to a copy of the program, each of which `check` must find on the goldens of the gallery alone.

`./dev mutants [WORD ...]` tries them all, or those whose name holds a word, and says which golden found which, exactly
and with the tolerances of another machine. The goldens alone judge: no other test runs.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GOLDENS = ROOT / "tests" / "goldens"
FIRST = ("answer", "bass-denim")
"""Between them they are lit, felt, sent and played, and limited: asked first, for they find most."""
NEEDED = ("src", "patches", "sketches", "examples", "pyproject.toml")


@dataclass(frozen=True)
class Mutant:
    """In the file `where` of src/wearsound, `old` (it is there once) becomes `new`."""

    name: str
    where: str
    old: str
    new: str


MUTANTS = (
    Mutant(
        "hue + 1 %",
        "instruments/light.py",
        "np.where(hue < 0, own_hue, hue * 360.0)]",
        "np.where(hue < 0, own_hue, hue * 360.0) + 3.6]",
    ),
    Mutant(
        "a light frame dropped",
        "outputs/record/light.py",
        "        self._file.append(rows)\n",
        "        if frame.number != 120:\n            self._file.append(rows)\n",
    ),
    Mutant(
        "a picture not drawn",
        "outputs/record/picture.py",
        "if not frame.frozen:",
        "if not frame.frozen and frame.number != 40:",
    ),
    Mutant(
        "a beat one hop late",
        "analysis/tracker.py",
        "if self.turn >= 1.0:",
        "if self.turn >= 1.0 + self.rate:",
    ),
    Mutant(
        "a beat one hop early",
        "analysis/tracker.py",
        "if self.turn >= 1.0:",
        "if self.turn + self.rate >= 1.0:",
    ),
    Mutant(
        "LED order turned round",
        "engine.py",
        "            parts.encode(safe),\n",
        "            parts.encode(safe[::-1]),\n",
    ),
    Mutant(
        "what is played + 0.5 dB",
        "safety/sound.py",
        "np.copyto(clean, wave)",
        "np.copyto(clean, wave * 1.0593)",
    ),
    Mutant(
        "the ear + 0.5 dB",
        "analysis/level.py",
        "np.minimum(gain.level, 0.0, out=out[:, 0])",
        "np.minimum(gain.level + 0.5, 0.0, out=out[:, 0])",
    ),
    Mutant(
        "limiter off",
        "safety/sound.py",
        "self._mixed = Limiter(CEILING, clock)",
        "self._mixed = Limiter(99.0, clock)",
    ),
    Mutant("seed + 1", "show/load.py", "seed=file.seed if seed", "seed=file.seed + 1 if seed"),
    Mutant(
        "bands one bin higher",
        "analysis/bands.py",
        "weights = [shares(*e, size, rate) *",
        "weights = [np.roll(shares(*e, size, rate), 1) *",
    ),
    Mutant(
        "vibration not recorded",
        "show/layers.py",
        "*([felt] if felt is not None else [])",
        "*([felt] if felt is None else [])",
    ),
    Mutant(
        "vibration's guard off",
        "engine.py",
        "            parts.touch_guard.limit(block.tick, drive, hand)\n",
        "",
    ),
    Mutant(
        "flash guard off",
        "safety/chain.py",
        "light = self._flash.dim(tick, light)",
        "self._flash.dim(tick, light.copy())",
    ),
    Mutant(
        "picture one pixel aside",
        "outputs/record/picture.py",
        "            self._picture.draw(self._surface, frame)\n",
        "            self._picture.draw(self._surface, frame)\n            self._surface.scroll(1, 0)\n",
    ),
    Mutant(
        "lamps and dye 5 % slower",
        "garment/materials.py",
        "(seconds * LIGHT_RATE)",
        "(1.05 * seconds * LIGHT_RATE)",
    ),
    Mutant("OSC a millisecond late", "outputs/osc.py", "{round(time, 6)!r}", "{round(time + 0.001, 6)!r}"),
    Mutant(
        "left is right",
        "safety/sound.py",
        "mix[0], mix[1] = samples[:, room[0]], samples[:, room[1]]",
        "mix[1], mix[0] = samples[:, room[0]], samples[:, room[1]]",
    ),
)


def copied(to: Path, mutant: Mutant | None) -> Path:
    """A copy of the program in which a mutant lives; ValueError where its text is not there once."""
    to.mkdir()
    for name in NEEDED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, to / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copyfile(ROOT / name, to / name)
    if mutant is not None:
        path = to / "src" / "wearsound" / mutant.where
        text = path.read_text(encoding="utf-8")
        if text.count(mutant.old) != 1:
            raise ValueError(f"{mutant.where} does not hold {mutant.old!r} once")
        path.write_text(text.replace(mutant.old, mutant.new), encoding="utf-8")
    return to


def hunted(tree: Path, goldens: list[Path]) -> Iterator[dict[str, object]]:
    """What the program in `tree` says of each golden until it has failed both ways, in a process of its own."""
    words = [sys.executable, str(Path(__file__)), "--hunt", *map(str, goldens)]
    env = {
        **os.environ,
        "PYTHONPATH": str(tree / "src"),
        "SDL_VIDEODRIVER": "dummy",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    child = subprocess.Popen(words, cwd=tree, env=env, stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    with child:
        yield from (json.loads(line) for line in child.stdout if line.startswith("{"))


def hunt(goldens: list[Path]) -> None:
    """In the child: check each golden once, judge it twice."""
    from wearsound.errors import WearsoundError
    from wearsound.proof import check

    began, open_ways = time.monotonic(), {"exact", "elsewhere"}
    print(json.dumps({"home": check.__file__}), flush=True)
    for golden in goldens:
        said = {}
        with tempfile.TemporaryDirectory(prefix="wearsound-mutant-") as there:
            try:
                again = check.play_again(golden, Path(there) / "again")
                for way in sorted(open_ways):
                    result = check.weigh(again, strict=way == "exact", tolerant=way == "elsewhere")
                    said[way] = result.lines[0] if result.lines else ""
            except WearsoundError as error:
                said = dict.fromkeys(open_ways, str(error))
        open_ways -= {way for way, line in said.items() if line}
        seconds = round(time.monotonic() - began, 1)
        print(json.dumps({"golden": golden.name, "said": said, "seconds": seconds}), flush=True)
        if not open_ways:
            return


def tried(mutant: Mutant | None, folder: Path, goldens: list[Path]) -> dict[str, tuple[str, float, str]]:
    """By way (`exact`, `elsewhere`): which golden found it first, after how many seconds, and what it said."""
    tree = copied(folder, mutant)
    found: dict[str, tuple[str, float, str]] = {}
    for told in hunted(tree, goldens):
        home = told.get("home")
        if home is not None:
            assert str(home).startswith(str(tree)), f"{home} is not the copy"
            continue
        for way, line in told["said"].items():  # type: ignore[attr-defined]
            if line:
                found.setdefault(way, (str(told["golden"]), float(str(told["seconds"])), line))
    shutil.rmtree(tree)
    return found


def main(words: list[str]) -> int:
    """Try them all and print the table; 1 if one lives."""
    goldens = [path for path in GOLDENS.iterdir() if (path / "show.toml").is_file()]
    goldens.sort(key=lambda path: (path.name not in FIRST, path.name))
    chosen = [mutant for mutant in MUTANTS if not words or any(word in mutant.name for word in words)]
    with tempfile.TemporaryDirectory(prefix="wearsound-mutants-") as there:
        odd = tried(None, Path(there) / "control", goldens)
        if odd:
            print(f"the goldens differ without any mutant: {odd}")
            return 1
        print(f"{len(goldens)} goldens are the same without a mutant\n")
        print(f"{'mutant':26} {'exact':>24} {'elsewhere':>24}  first sentence")
        lives = 0
        for number, mutant in enumerate(chosen):
            found = tried(mutant, Path(there) / str(number), goldens)
            cells = [
                f"{found[way][0]} {found[way][1]:.0f} s" if way in found else "LIVES"
                for way in ("exact", "elsewhere")
            ]
            lives += len(found) < 2
            print(
                f"{mutant.name:26} {cells[0]:>24} {cells[1]:>24}  {found.get('elsewhere', ('', 0, ''))[2][:80]}",
                flush=True,
            )
    print(f"\n{len(chosen) - lives} of {len(chosen)} found in both ways")
    return int(lives > 0)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--hunt"]:
        hunt([Path(word) for word in sys.argv[2:]])
    else:
        sys.exit(main(sys.argv[1:]))
