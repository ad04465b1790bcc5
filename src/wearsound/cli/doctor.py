"""`wearsound doctor`: one verdict in words on a device, a recording or a test signal, and on all that a rig names."""

from __future__ import annotations

import argparse
from dataclasses import replace
from typing import TYPE_CHECKING

from wearsound.cli.arguments import of, positive

if TYPE_CHECKING:
    from wearsound.show.rig import Rig


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of this verb."""
    parser.add_argument(
        "show",
        nargs="?",
        metavar="SHOW",
        help="what the rig shall play, to look whether its binds lead somewhere",
    )
    parser.add_argument(
        "--input",
        metavar="NAME/FILE/test:",
        help="part of a device's name, a recording or a test signal (default: the default input)",
    )
    parser.add_argument("--rig", metavar="R", help="a rig file or gallery name: is all of it there?")
    parser.add_argument(
        "--rehearse",
        type=of("minutes (and the patch before --rehearse)"),
        nargs="?",
        const=0.0,
        metavar="MINUTES",
        help="play the show on this rig, break what can be broken, and say whether it lives through it: once, or for "
        "so many minutes",
    )
    parser.add_argument("--no-window", dest="window", action="store_false", help="rehearse without a window")
    parser.add_argument(
        "--seconds", type=positive, metavar="S", help="how long to listen (default 3, to a body alone 10)"
    )


def run(options: argparse.Namespace) -> int:
    """Print what of a rig is there, and the verdict on sound and display.

    0 if a show would react and all is there, 3 if a device or anything a rig names is missing, else 1. A rehearsal
    ends with 0 where everything that was tried passed, else 1.
    """
    if options.rehearse is not None:
        return _rehearse(options)
    from wearsound.core import Clock
    from wearsound.errors import DeviceError
    from wearsound.outputs.display import display_trouble
    from wearsound.show.doctor import judge, listen
    from wearsound.show.doctor_body import BODY_SECONDS, Gestures, bodies, judge_body
    from wearsound.show.hears import learned
    from wearsound.show.load import find_rig
    from wearsound.show.source import open_source

    rig = find_rig(options.rig)
    trouble = display_trouble()
    print("display: " + (trouble or "good: a window can open"))
    missing = _look(rig, options) if rig is not None else _speakers(options)
    try:
        source = open_source(options.input, rig=rig, seconds=None)
    except DeviceError as error:
        print(f"sound: no device: {error}")
        return error.exit_code
    clock = Clock(sample_rate=source.sample_rate)
    blocks = source.blocks(clock)
    moved = bodies(source.lanes)
    alone = bool(moved) and len(moved) == len(source.lanes)
    gestures = Gestures(clock, moved, learned(rig))
    try:
        seconds = options.seconds or (BODY_SECONDS if alone else 3.0)
        if alone and source.live:
            print(f"listening for {seconds:g} s: walk, rub and tap")
        levels = listen(gestures.along(blocks), source.sample_rate, seconds)
    except DeviceError as error:
        print(f"sound: no device: {error}")
        return error.exit_code
    finally:
        getattr(blocks, "close", lambda: None)()
    name = options.input or getattr(source, "name", "the input")
    verdicts = [] if alone and levels is not None else [judge(levels, source.lanes, name)]
    if levels is not None:
        verdicts += [
            judge_body(levels, lane, source.lanes[lane], gestures.counted[lane], name) for lane in moved
        ]
    for verdict in verdicts:
        print(f"sound: {verdict.word}: {verdict.sentence}")
    if note := getattr(source, "note", ""):
        print(f"sound: {note}")
    # Beside a room a body is said and no more: whether the show reacts is the room's to say.
    good = all(verdict.good for verdict in (verdicts if alone else verdicts[:1]))
    return missing or (0 if good else 1)


def _rehearse(options: argparse.Namespace) -> int:
    """Print what was tried and whether it passed; 1 if anything failed."""
    from wearsound.show.doctor_rehearse import rehearse
    from wearsound.show.entries import Named
    from wearsound.show.load import DEFAULT_PATCH

    named = Named([options.show or DEFAULT_PATCH], rig=options.rig)
    print("rehearsal: it plays on the real rig, and goes dark twice; Ctrl-C ends it", flush=True)
    tried = rehearse(named, options.input, options.rehearse, window=options.window)
    failed = sum(one.word == "fail" for one in tried)
    passed = sum(one.word == "pass" for one in tried)
    rest = len(tried) - passed - failed
    print(f"rehearsal: {passed} passed, {failed} failed, {rest} for you to try")
    return 1 if failed or not passed else 0


def _speakers(options: argparse.Namespace) -> int:
    """Print where a show's soundscape would play without a rig; 3 if nowhere."""
    if not options.show:
        return 0
    from wearsound.show.doctor_rig import speakers
    from wearsound.show.load import load

    found = speakers() if load(options.show).patch.soundscape is not None else []
    for finding in found:
        print(finding)
    return 3 if any(finding.missing for finding in found) else 0


def _look(rig: Rig, options: argparse.Namespace) -> int:
    """Print a line for everything the rig names; 3 if any of it is missing."""
    import msgspec

    from wearsound.errors import PatchError
    from wearsound.show.doctor_rig import look
    from wearsound.show.load import load
    from wearsound.show.tree import tree_of

    show = load(options.show, rig=options.rig) if options.show else None
    try:
        tree = tree_of(show) if show else None
    except PatchError:
        # Light that the garment does not have is one finding of many here, and no reason to stop.
        assert show is not None
        tree = tree_of(replace(show, rig=msgspec.structs.replace(rig, light=[])))
    print(f"rig: {rig.title or 'no title'} ({rig.path})")
    garment = show.garment if show else None
    plays = show is not None and show.patch.soundscape is not None
    found = look(rig, tree=tree, instead=options.input, garment=garment, plays=plays)
    for finding in found:
        print(f"  {finding}")
    count = sum(finding.missing for finding in found)
    print(f"rig: {count} missing" if count else "rig: all there")
    return 3 if count else 0
