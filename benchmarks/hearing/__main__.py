"""Score the ear and its peers on music whose truth is known.

python -m benchmarks.hearing                                   # the half for tuning, our ear
python -m benchmarks.hearing --peer-python P --peer-python Q   # and every peer that one of them has
python -m benchmarks.hearing --half held                       # counts as one of ten looks
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.hearing import heldlog, listeners, pieces, report
from benchmarks.hearing.measures import score
from benchmarks.hearing.synth import NoSynthError


def main() -> int:
    """0, or 2 for what cannot be done."""
    options = _options()
    if importlib.util.find_spec("mir_eval") is None:
        print("mir_eval is missing: pip install mir_eval", file=sys.stderr)
        return 2
    held = options.half == "held" and options.listener in (None, "wearsound") and not options.peers_only
    if held and heldlog.used() >= heldlog.LOOKS and not options.again:
        print(
            f"the held half was scored {heldlog.used()} times, and {heldlog.LOOKS} were agreed on; "
            "--again if it must be",
            file=sys.stderr,
        )
        return 2
    if held and options.only:
        print("a look at the held half is a look at all of it: leave --only away", file=sys.stderr)
        return 2
    chosen = pieces.all_pieces(options.half)
    if options.only:
        chosen = [piece for piece in chosen if options.only in (piece.style, piece.kind)]
    if not chosen:
        print(f"no piece is called {options.only!r}", file=sys.stderr)
        return 2
    cache = Path(options.cache)
    try:
        made = pieces.made(chosen, cache, options.jobs)
    except NoSynthError as error:
        print(error, file=sys.stderr)
        return 2
    paths, truths = [path for path, _ in made], [truth for _, truth in made]
    minutes = sum(truth.seconds for truth in truths) / 60.0
    print(f"{len(chosen)} pieces of the half {options.half!r}, {minutes:.0f} minutes\n", flush=True)
    rows, details = [], {}
    for listener in listeners.LISTENERS:
        if options.listener and listener.key != options.listener:
            continue
        if options.peers_only and not listener.script:
            continue
        if listener.script:
            python = listeners.python_for(listener, [*options.peer_python, listeners.here()])
            if python is None:
                print(f"{listener.title}: no Python with {listener.module}; name one by --peer-python")
                continue
            answers = listeners.theirs(listener, python, paths, cache, options.jobs)
            if isinstance(answers, str):
                print(f"{listener.title}: it failed ({answers})")
                continue
        else:
            answers = listeners.ours(paths, options.jobs)
        scores = [score(truth, answer) for truth, answer in zip(truths, answers, strict=True)]
        rows.append((listener.title, report.summed(scores)))
        if held and not listener.script:
            print("held.log: " + heldlog.write(rows[-1][1], time.strftime("%Y-%m-%d")) + "\n")
        details[listener.key] = {piece.name: one for piece, one in zip(chosen, scores, strict=True)}
        if options.styles:
            _by_style(listener.title, chosen, scores)
    if not rows:
        return 2
    print(report.table(rows, intervals=not options.short))
    if options.json:
        Path(options.json).write_text(json.dumps(details, indent=1), encoding="utf-8")
    return 0


def _by_style(title: str, chosen: list[pieces.Piece], scores: list[dict[str, float]]) -> None:
    """A table by style, for whoever looks for a weakness."""
    names = list(dict.fromkeys(piece.style for piece in chosen))
    rows = []
    for name in names:
        mine = [one for piece, one in zip(chosen, scores, strict=True) if piece.style == name]
        rows.append((f"{title}: {name}", report.summed(mine)))
    print(report.table(rows, intervals=False) + "\n")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.hearing", description=__doc__.splitlines()[0])
    parser.add_argument("--half", choices=pieces.HALVES, default="tuning")
    parser.add_argument("--peer-python", action="append", default=[], metavar="P", help="may be given again")
    parser.add_argument("--only", metavar="STYLE", help="a style or a kind (style, loop, layered, nothing)")
    parser.add_argument("--listener", choices=[one.key for one in listeners.LISTENERS])
    parser.add_argument(
        "--peers-only", action="store_true", help="not our own ear (no look at the held half)"
    )
    parser.add_argument("--jobs", type=int, default=min(2, os.cpu_count() or 1))
    parser.add_argument("--cache", default=str(Path(tempfile.gettempdir()) / "wearsound-hearing"))
    parser.add_argument("--json", metavar="F", help="every score of every piece")
    parser.add_argument("--styles", action="store_true", help="a table by style as well")
    parser.add_argument("--short", action="store_true", help="no intervals")
    parser.add_argument("--again", action="store_true", help="look at the held half an eleventh time")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
