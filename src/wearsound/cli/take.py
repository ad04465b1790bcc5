"""`wearsound take`: record everything that comes in, and play, list or cut what was recorded."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from wearsound.cli.arguments import add_door_options, add_show_options, add_window_options, moment
from wearsound.errors import printable


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of this verb."""
    deeds = parser.add_subparsers(dest="deed", metavar="record|play|list|trim", required=True)
    record = deeds.add_parser("record", help="play a show live and keep what comes in, but not the audience")
    record.add_argument("name", metavar="NAME", help="the folder to make; nothing is ever replaced")
    record.add_argument(
        "show",
        metavar="SHOW",
        nargs="*",
        default=["bass-denim"],
        help="a patch or sketch file, or a gallery name (default bass-denim); several are a set",
    )
    record.add_argument(
        "--input",
        metavar="NAME/FILE/test:",
        help="part of a device's name, a recording, a take, `demo`, `walk` or a test signal such as test:kick=120",
    )
    record.add_argument(
        "--prove",
        action="store_true",
        help="also keep hashes of all that was heard, lit and sent: `wearsound check NAME` replays and compares",
    )
    record.add_argument(
        "--keep-crowd",
        action="store_true",
        help="also keep the sound of lanes called crowd, which is silent in a take otherwise: ask the audience",
    )
    play = deeds.add_parser("play", help="play a take live, as `run` does")
    play.add_argument("take", metavar="TAKE", help="a folder that `wearsound take record` made")
    play.add_argument("show", metavar="SHOW", nargs="?", help="another show than the take's own")
    play.add_argument(
        "--from",
        dest="start",
        type=moment,
        default=0.0,
        metavar="TIME",
        help="begin there in the take: seconds, or minutes such as 1:30",
    )
    for child in (record, play):
        add_show_options(child)
        add_window_options(child)
        add_door_options(child)
    listing = deeds.add_parser("list", help="what takes there are")
    listing.add_argument("dir", metavar="DIR", nargs="?", default=".", help="where to look (default: here)")
    listing.add_argument("--json", action="store_true", help="an array of objects with name and about")
    trim = deeds.add_parser("trim", help="cut a piece out of a take, as a new one")
    trim.add_argument("take", metavar="TAKE", help="a folder that `wearsound take record` made")
    trim.add_argument(
        "--from",
        dest="start",
        type=moment,
        default=0.0,
        metavar="TIME",
        help="where it begins: seconds, or minutes such as 1:30",
    )
    trim.add_argument("--to", dest="end", type=moment, metavar="TIME", help="where it ends, likewise")
    trim.add_argument("--out", required=True, metavar="DIR", help="the take to make; nothing is replaced")


def run(options: argparse.Namespace) -> int:
    """One of the four."""
    return {"record": _record, "play": _play, "list": _list, "trim": _trim}[options.deed](options)


def _record(options: argparse.Namespace) -> int:
    """Play a show live and say what was kept; 1 if the take broke off."""
    from wearsound.cli.run import perform
    from wearsound.errors import AudioError
    from wearsound.outputs.record.show_file import PARTS, refuse_unsayable
    from wearsound.show.entries import Named, Set
    from wearsound.show.source import open_source
    from wearsound.show.take import proving, take_tape, unproved, with_remote

    whole = Set.load(Named(options.show, options.garment, options.rig, options.sketch, options.seed))
    source = open_source(options.input, rig=whole.show.rig, seconds=options.seconds, loop=options.loop)
    show = with_remote(whole.show, source)
    left = [] if options.keep_crowd else unproved(source)
    if options.prove and left:
        raise AudioError(
            f"--prove needs every lane that was heard, and the sound of {' and '.join(left)} is not kept unasked: "
            "add --keep-crowd, or leave --prove out"
        )
    paths = {kind: getattr(show, f"{kind}_path") for kind in PARTS if kind != "input"}
    refuse_unsayable(paths, Path(os.path.abspath(options.name)))
    tape = take_tape(show, options.name, keep_crowd=options.keep_crowd, silent=getattr(source, "silent", ()))
    with contextlib.ExitStack() as held:
        prove = None
        if options.prove:
            there = held.enter_context(tempfile.TemporaryDirectory(prefix="wearsound-take-"))
            prove = proving(show, tape, Path(there))
        perform(options, show, source, [tape], prove, whole=whole)
    folder = tape.folder
    if tape.trouble is not None:
        print(f"wearsound: {tape.trouble}", file=sys.stderr)
        return 1
    hole = f", with a hole of {folder.hole} hops" if folder.hole else ""
    silent = f", without the sound of {' and '.join(folder.silent)}" if folder.silent else ""
    print(
        f"{folder.path}: {folder.seconds:.1f} s, {folder.events} events, {folder.lost} hops lost{hole}{silent}"
    )
    return 0 if folder.hops else 1


def _play(options: argparse.Namespace) -> int:
    """Play a take live with its own show or another."""
    from wearsound.cli.run import perform, replay
    from wearsound.show.load import load
    from wearsound.sources.take import TakeSource

    if options.show is None:
        return replay(options, options.take, options.start)
    words = {key: getattr(options, key) for key in ("garment", "rig", "sketch", "seed")}
    source = TakeSource(options.take, loop=options.loop, seconds=options.seconds, start=options.start)
    engine = perform(options, load(options.show, **words), source).engine
    print(f"played {engine.clock.seconds(engine.hops + engine.lost):.1f} s")
    return 0


def _list(options: argparse.Namespace) -> int:
    """A table of takes."""
    from wearsound.show.take_list import takes

    rows = takes(options.dir)
    if options.json:
        print(json.dumps(rows, indent=1))
        return 0
    if not rows:
        print(f"no takes in {options.dir}; `wearsound take record NAME` makes one")
        return 0
    wide = max(len(row["name"]) for row in rows)
    lanes_wide = max(len(_lanes(row)) for row in rows)
    for row in rows:
        if "seconds" not in row:
            print(printable(f"{row['name']:<{wide}}  cannot be played: {row['note']}"))
            continue
        note = f"  ({row['note']})" if row["note"] else ""
        said = (
            f"{row['name']:<{wide}}  {row['seconds']:>8.1f} s  {_lanes(row):<{lanes_wide}}  "
            f"{row['events']:>6} events  {row['gaps']:>3} gaps  {row['show']}{note}"
        )
        print(printable(said))
    return 0


def _lanes(row: dict[str, Any]) -> str:
    return " ".join([*row.get("lanes", {}), *row.get("remote", {})])


def _trim(options: argparse.Namespace) -> int:
    """Make the new take and say how long it is."""
    from wearsound.show.take_trim import trim

    made = trim(options.take, options.out, start=options.start, end=options.end)
    print(f"{made.path}: {made.seconds:.2f} s, {made.events} events, {made.lost} hops lost")
    return 0
