"""`wearsound haptic`: what a garment feels in a whole song, as files for telephones, controllers and the bench."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from wearsound.cli.arguments import add_audio, ending, positive, seed
from wearsound.outputs.haptic.index import HOW

if TYPE_CHECKING:
    from wearsound.show.haptic import Written
    from wearsound.show.load import Show


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of this verb."""
    add_audio(parser)
    parser.add_argument(
        "--to",
        metavar="DIR",
        help="the folder to make; only a folder of haptic files of ours is ever replaced. With --plot alone no files "
        "are written",
    )
    parser.add_argument(
        "--patch",
        default="bass-denim",
        metavar="P",
        help="a patch file, or a name from `wearsound list patches` (default bass-denim)",
    )
    parser.add_argument(
        "--format",
        type=_formats,
        action="extend",
        metavar="F",
        help="haptic (Meta, Lofelt), android, ahap (iPhone) or wav (the waveform, a channel an actuator); several with "
        "commas; default haptic,android,ahap",
    )
    parser.add_argument("--garment", metavar="G", help="another garment: a file or a gallery name")
    parser.add_argument(
        "--rig", metavar="R", help="which channels are which lane: a rig file or a gallery name"
    )
    parser.add_argument(
        "--seed", type=seed, metavar="N", help="the edition: seed of its imperfections (default: the patch's)"
    )
    parser.add_argument("--seconds", type=positive, metavar="S", help="stop after S seconds")
    parser.add_argument(
        "--plot",
        type=ending(".png"),
        metavar="F.png",
        help="a picture too: what is felt beside what is heard (for it, as for wav, the song is played once more)",
    )


def run(options: argparse.Namespace) -> int:
    """Play the song, write the files, and say in a few lines what each zone felt.

    It is played twice where wav or a plot is asked for beside files for other devices (`write_haptics` says why).
    """
    if options.to is None and (options.plot is None or options.format):
        print(
            "wearsound haptic: say where: --to DIR for the files, or --plot F.png without --format for a picture alone",
            file=sys.stderr,
        )
        return 2
    from wearsound.cli.progress import Progress
    from wearsound.cli.unseen import draw_unseen
    from wearsound.show.haptic import FOR_DEVICES, write_haptics
    from wearsound.show.load import load

    draw_unseen()
    show = load(options.patch, garment=options.garment, rig=options.rig, seed=options.seed)
    with Progress("playing") as progress:
        written = write_haptics(
            show,
            options.audio,
            to=options.to,
            formats=options.format or FOR_DEVICES,
            seconds=options.seconds,
            picture=options.plot,
            progress=progress,
        )
    if written.note:
        print(f"wearsound: {written.note}", file=sys.stderr)
    if not written.felt:
        print(f"wearsound: {_why_still(show, written)}", file=sys.stderr)
    _table(written, options.plot)
    return 0


def _table(written: Written, picture: str | None) -> None:
    from wearsound.show.haptic import STRENGTH

    width = max((len(zone.zone) for zone in written.zones), default=0)
    for zone in written.zones:
        clicks = len(zone.clicks)
        if zone.felt:
            print(
                f"{zone.zone:<{width}}  felt {zone.felt:4.0%} of the time, {written.measure} at most "
                f"{float(zone.amplitude.max()):.2f}, {clicks} click{'s' * (clicks != 1)}"
            )
    still = [zone.zone for zone in written.zones if not zone.felt]
    if still and written.felt:
        print(f"still throughout{', so without files' * (written.measure == STRENGTH)}: {', '.join(still)}")
    if written.folder is not None:
        n = len(written.files)
        print(f"wrote {n} file{'s' * (n != 1)} and haptic.json to {written.folder}")
    if picture:
        print(f"wrote {picture}")


def _why_still(show: Show, written: Written) -> str:
    if written.silent:
        return "the recording is silent: nothing is felt, and no zone gets a file"
    if not show.patch.feels:
        return f"{show.patch_path}: nothing is felt in this song: add a [[feel]] to the patch (docs/vibration.md)"
    return (
        f"{show.patch_path}: nothing is felt in this song: its [[feel]] lines hear nothing in their bands, or no zone "
        "that they name has an actuator (`wearsound fit` says what the garment leaves out)"
    )


def _formats(text: str) -> list[str]:
    words = [word for word in text.split(",") if word]
    for word in words:
        if word not in HOW:
            raise argparse.ArgumentTypeError(f"{word!r}: a format is one of {', '.join(HOW)}")
    if not words:
        raise argparse.ArgumentTypeError(f"name a format: {', '.join(HOW)}")
    return words
