"""`wearsound palette`: five to eight named colours out of a recording, as files that design programs open."""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from wearsound.cli.arguments import add_audio, positive

if TYPE_CHECKING:
    from wearsound.show.palette import Heard

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of this verb."""
    add_audio(parser)
    parser.add_argument(
        "--to",
        type=_name,
        metavar="NAME",
        help="write NAME.gpl (GIMP, Inkscape, Krita, Aseprite, and a patch: palette = NAME), NAME.ase (Adobe), "
        "NAME.json and NAME.png (a sheet of swatches)",
    )
    parser.add_argument(
        "--force", action="store_true", help="overwrite files of that name that hold something else"
    )
    parser.add_argument(
        "--count", type=_count, metavar="5..8", help="how many colours (default: as it sounds)"
    )
    parser.add_argument("--json", action="store_true", help="print colours, names and measures as JSON")
    parser.add_argument("--seconds", type=positive, metavar="S", help="stop after S seconds")


def run(options: argparse.Namespace) -> int:
    """Print the palette, or write it."""
    from wearsound.cli.progress import Progress
    from wearsound.show.palette import palette_of

    name = Path(options.to).name if options.to else ""
    with Progress("listening") as progress:
        heard = palette_of(
            options.audio, count=options.count, name=name, seconds=options.seconds, progress=progress
        )
    if options.to:
        from wearsound.cli.unseen import draw_unseen
        from wearsound.show.palette_files import write_palette

        draw_unseen()
        written = write_palette(heard, options.to, force=options.force)
        if not options.json:
            print("wrote " + ", ".join(map(str, written)))
    if options.json:
        from wearsound.show.palette_files import as_json

        print(json.dumps(as_json(heard), indent=1))
    else:
        _table(heard)
    return 0


def _table(heard: Heard) -> None:
    blocks = sys.stdout.isatty() and os.environ.get("COLORTERM") in ("truecolor", "24bit")
    width = max(len(colour.swatch.name) for colour in heard.colours)
    print(f"{heard.palette.name}: {heard.palette.about}")
    for colour in heard.colours:
        voice = colour.voice
        block = "\x1b[48;2;{};{};{}m        \x1b[0m  ".format(*colour.swatch.rgb) if blocks else "  "
        of = (
            f"{voice.note}, {voice.share:.0%} of the notes, most at {voice.at:.1f} s"
            if voice.note
            else "the spectrum"
        )
        print(
            f"{block}{colour.swatch.name:<{width}}  {colour.swatch.hex}  {_oklch(colour.oklch)}  {colour.role:<10}  "
            f"{of}, {voice.centroid:.0f} Hz"
        )


def _oklch(colour: Sequence[float]) -> str:
    """As a garment file takes it."""
    lightness, chroma, hue = colour
    return f"[{lightness:.3f}, {chroma:.3f}, {hue:5.1f}]"


def _name(text: str) -> str:
    """Where the files go: a path without an ending, its last part a bare name as a patch says it."""
    path = Path(text)
    stem = path.stem if path.suffix in (".gpl", ".ase", ".json", ".png") else path.name
    if not _NAME.fullmatch(stem):
        raise argparse.ArgumentTypeError(
            f"{text!r}: end in a bare name (letters, digits, - and _), as a patch says it"
        )
    return str(path.with_name(stem))


def _count(text: str) -> int:
    if text not in ("5", "6", "7", "8"):
        raise argparse.ArgumentTypeError(f"{text!r}: a palette has 5 to 8 colours")
    return int(text)
