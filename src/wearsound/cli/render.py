"""`wearsound render`: a show offline, deterministic, into a folder."""

from __future__ import annotations

import argparse
import sys

from wearsound.cli.arguments import add_audio, add_show_options, fps, positive, size


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of this verb."""
    parser.add_argument(
        "show", metavar="SHOW", help="a patch or sketch file, or a name from `wearsound list patches`"
    )
    add_audio(parser)
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
    from wearsound.show.unlit import unlit

    draw_unseen()
    show = load(
        options.show, garment=options.garment, rig=options.rig, sketch=options.sketch, seed=options.seed
    )
    dark = unlit(show)
    if dark:
        print(f"wearsound: {dark}", file=sys.stderr)
    with Progress("rendering") as progress:
        report = render(
            show,
            options.audio,
            to=options.to,
            fps=options.fps,
            size=options.size,
            seconds=options.seconds,
            frames=options.frames,
            video=options.video,
            progress=progress,
        )
    note = report.measured.get("note")
    if note:
        print(f"wearsound: {note}", file=sys.stderr)
    print(report.summary())
    return 0
