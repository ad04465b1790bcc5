"""Measure all budgets, some sixteen minutes: `python -m benchmarks`, or only some: `... ear starting`.

The last figures are in docs/benchmarks.md. Nothing fails when a budget is exceeded: the last line counts.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable

from benchmarks import (
    ear_cost,
    evening,
    faults,
    light,
    osc_in,
    panic,
    picturing,
    playing,
    remembering,
    rendering,
    saving,
    sending,
    sketching,
    soundscape,
    starting,
    tap_to_sound,
    vibration,
)
from benchmarks.table import Part, load, machine


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__.splitlines()[0])
    parser.add_argument(
        "--peer-python",
        metavar="P",
        action="append",
        default=[],
        help="a Python that can import aubio, essentia or librosa, to compare the ear with; may be given again",
    )
    parser.add_argument("--long", action="store_true", help="render an hour, for its memory")
    parser.add_argument(
        "parts",
        nargs="*",
        metavar="PART",
        help="ear, engine, picture, sketches, sending, light, vibration, soundscape, osc-in, rendering, memory, "
        "starting, tap, panic, saves, evening, faults",
    )
    options = parser.parse_args()
    parts: dict[str, Callable[[], Part]] = {
        "ear": lambda: ear_cost.run(options.peer_python),
        "engine": playing.run,
        "picture": picturing.run,
        "sketches": sketching.run,
        "sending": sending.run,
        "light": light.run,
        "vibration": vibration.run,
        "soundscape": soundscape.run,
        "osc-in": osc_in.run,
        "rendering": rendering.run,
        "memory": lambda: remembering.run(options.long),
        "starting": starting.run,
        "tap": tap_to_sound.run,
        "panic": panic.run,
        "saves": saving.run,
        "evening": evening.run,
        "faults": faults.run,
    }
    unknown = [name for name in options.parts if name not in parts]
    if unknown:
        parser.error(f"no part called {unknown[0]!r}; there is {', '.join(parts)}")
    print(f"{machine()}; load average {load()}")
    over: list[str] = []
    for name in options.parts or parts:
        before = load()
        part = parts[name]()
        part.notes.append(f"Load average {before} before, {load()} after.")
        part.show()
        over += [figure.what for figure in part.figures if not figure.within]
    print(f"\n{len(over)} over budget" + (": " + "; ".join(over) if over else ""))


if __name__ == "__main__":
    main()
