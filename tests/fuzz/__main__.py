"""`python -m tests.fuzz`: so many cases of each kind, a table of how they were answered, and what was wrong."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from wearsound.show.load import load

from .cases import Kind, dice_of
from .guard import Guard
from .packets import packets
from .takes import takes
from .tally import BAD, GOOD, Tally, answered, lay, run
from .tomls import garments_kind, patches, rigs, shows
from .wavs import recordings

KINDS: dict[str, Callable[[], Kind]] = {
    "osc": packets,
    "patch": patches,
    "garment": garments_kind,
    "rig": rigs,
    "take": takes,
    "show": shows,
    "wav": recordings,
}
COLUMNS = ("cases", "one slip", *GOOD, *BAD, "slowest ms", "cases/s")
WARM = 12
"""Cases read before the guard listens: what is imported on first use is imported then."""


def main() -> int:
    """0 where every case was answered as it must be, else 1."""
    parser = argparse.ArgumentParser(prog="./dev fuzz", description=__doc__)
    parser.add_argument("--cases", type=int, default=20_000, metavar="N", help="of each kind (default 20000)")
    parser.add_argument(
        "--kind", choices=tuple(KINDS), action="append", help="only this one; may be given again"
    )
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="other cases (default 1)")
    parser.add_argument("--first", type=int, default=0, metavar="N", help="begin with this case")
    parser.add_argument(
        "--keep", type=Path, metavar="DIR", help="lay the first case into DIR, and say its answer"
    )
    options = parser.parse_args()
    guard = Guard()
    wrong = 0
    with tempfile.TemporaryDirectory(prefix="fuzz") as folder:
        print(head(), flush=True)
        for name in options.kind or KINDS:
            kind = KINDS[name]()
            load("bass-denim", rig="laptop")
            for number in range(WARM):
                case = kind.make(dice_of(kind.name, -1, number))
                answered(kind, guard, Path(folder) / "case", replace(case, whole=number % 2 == 0))
            if options.keep is not None:
                case = kind.make(dice_of(kind.name, options.seed, options.first))
                lay(options.keep, case)
                print(
                    case.told, case.verdict, case.places, answered(kind, guard, Path(folder) / "case", case)
                )
                continue
            numbers = range(options.first, options.first + options.cases)
            tally = run(kind, guard, Path(folder), numbers, options.seed)
            print(row(tally), flush=True)
            for number, told, what in tally.faults:
                print(f"    {name} {number}: {told[:160]}: {what}")
            wrong += tally.wrong
    print(f"{wrong} answered wrongly" if wrong else "every one answered as it must be")
    return int(wrong > 0)


def head() -> str:
    """The first line of the table."""
    return f"{'kind':8}" + "".join(f"{name:>12}" for name in COLUMNS)


def row(tally: Tally) -> str:
    """One kind's line."""
    numbers = [tally.cases, tally.one, *(tally.answers[name] for name in (*GOOD, *BAD))]
    rate = tally.cases / tally.seconds if tally.seconds else 0.0
    cells = [*map(str, numbers), f"{tally.slowest * 1e3:.0f}", f"{rate:.0f}"]
    return f"{tally.kind:8}" + "".join(f"{cell:>12}" for cell in cells)


if __name__ == "__main__":
    sys.exit(main())
