"""`wearsound soak`: hours of a show with virtual devices, measured, and then broken on purpose."""

from __future__ import annotations

import argparse

from wearsound.cli.arguments import of


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of this verb."""
    parser.add_argument(
        "patch",
        metavar="PATCH",
        nargs="?",
        help="a patch file or a gallery name; without it bass-denim with a soundscape, so that every medium plays",
    )
    parser.add_argument(
        "--virtual",
        action="store_true",
        required=True,
        help="with virtual devices: the built-in music as its microphone, and receivers on this machine for light, "
        "vibration, sound and OSC (there is no other way yet, and this word says that it is meant)",
    )
    parser.add_argument(
        "--hours",
        type=of("hours"),
        metavar="H",
        help="how long it plays undisturbed: 8, or 0.1 for six minutes",
    )
    parser.add_argument(
        "--chaos", type=many, metavar="N", default=0, help="then break N things at random, several at once"
    )
    parser.add_argument(
        "--seed",
        type=int,
        default=0,
        metavar="S",
        help="which N (default 0): the same number breaks the same again",
    )
    parser.add_argument("--no-window", dest="window", action="store_false", help="without a window")
    parser.add_argument(
        "--to",
        metavar="DIR",
        help="write soak.json, a page with curves and what the show said into this folder",
    )


def many(text: str) -> int:
    """A number of faults, 1 to 10,000."""
    if not text.isdecimal() or not 1 <= int(text) <= 10_000:
        raise argparse.ArgumentTypeError(f"{text!r}: write a whole number of faults, 1 to 10000")
    return int(text)


def run(options: argparse.Namespace) -> int:
    """Print a sentence on each part; 0 if all is as it must be, else 1."""
    from pathlib import Path
    from tempfile import TemporaryFile

    from wearsound.cli.progress import Progress
    from wearsound.errors import PatchError, WearsoundError, reason
    from wearsound.processes import possible
    from wearsound.soak.night import soak
    from wearsound.soak.page import write

    if options.hours is None and not options.chaos:
        raise PatchError("say how long (--hours 8), or what is to break (--chaos 200), or both")
    if not possible():
        raise WearsoundError("only Linux says what a program takes of its machine: soak it there")
    to = Path(options.to) if options.to else None
    if to is not None:
        try:  # now, and not after a night
            to.mkdir(parents=True, exist_ok=True)
            with TemporaryFile(dir=to):
                pass
        except OSError as error:
            said = f"{to} cannot be written to ({reason(error)}): name another folder with --to"
            raise PatchError(said) from error
    with Progress("soak") as progress:
        night = soak(
            options.patch,
            0.0 if options.hours is None else options.hours,
            chaos=options.chaos,
            seed=options.seed,
            window=options.window,
            say=lambda line: print(line, flush=True),
            progress=progress,
        )
    for part, name in ((night.steady, "soak"), (night.chaos, "chaos"), (night.judged, "judge")):
        if part is not None:
            print(f"{name}: {night.title}: {part}")
    if to is not None:
        print(f"written: {write(night, to)}")
    for fault in night.faults:
        print(f"fault: {fault}")
    return 1 if night.faults else 0
