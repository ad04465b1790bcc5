"""`wearsound render`: a show offline, deterministic, into a folder."""

from __future__ import annotations

import argparse
import sys
from typing import Literal

from wearsound.cli.arguments import add_audio, add_show_options, fps, positive, size

INSTEAD: tuple[Literal["garment", "sketch", "seed"], ...] = ("garment", "sketch", "seed")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of this verb."""
    parser.add_argument(
        "show",
        metavar="SHOW",
        help="a patch or sketch file, or a name from `wearsound list patches`; or a take alone, with its own shows",
    )
    add_audio(parser, needed=False)
    parser.add_argument(
        "--to",
        required=True,
        metavar="DIR",
        help="the folder to make; only a render of ours is ever replaced",
    )
    parser.add_argument("--fps", type=fps, default=30, metavar="N", help="pictures a second (default 30)")
    parser.add_argument(
        "--size", type=size, default=(1280, 720), metavar="WxH", help="size of the picture (default 1280x720)"
    )
    parser.add_argument("--seconds", type=positive, metavar="S", help="stop after S seconds")
    add_show_options(parser)
    parser.add_argument("--frames", action="store_true", help="keep every picture as PNG too")
    parser.add_argument(
        "--no-video",
        dest="video",
        action="store_false",
        help="no picture at all: features, light, OSC, sound and report",
    )


def run(options: argparse.Namespace) -> int:
    """Render and say in a few lines what came of it."""
    from wearsound.cli.progress import Progress
    from wearsound.cli.unseen import draw_unseen
    from wearsound.show.load import load
    from wearsound.show.render import render
    from wearsound.show.replay import open_take
    from wearsound.show.unlit import unlit

    draw_unseen()
    words = {"garment": options.garment, "rig": options.rig, "sketch": options.sketch, "seed": options.seed}
    audio, shows = options.audio, None
    if audio is None:
        audio = options.show
        take = open_take(audio, seconds=options.seconds, **words)
        show, shows = take.show, take.shows
        for line in take.changed:
            print(f"wearsound: {line}", file=sys.stderr)
    else:
        show = load(options.show, **words)
    dark = unlit(show)
    if dark:
        print(f"wearsound: {dark}", file=sys.stderr)
    with Progress("rendering") as progress:
        report = render(
            show,
            audio,
            to=options.to,
            fps=options.fps,
            size=options.size,
            seconds=options.seconds,
            frames=options.frames,
            video=options.video,
            progress=progress,
            shows=shows,
            instead=[word for word in INSTEAD if words[word] is not None] if shows is not None else (),
        )
    note = report.measured.get("note")
    if note:
        print(f"wearsound: {note}", file=sys.stderr)
    print(report.summary())
    return 0
