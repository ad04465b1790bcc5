"""`wearsound render`: a show offline, deterministic, into a folder."""

from __future__ import annotations

import argparse
import re


def add_show_options(parser: argparse.ArgumentParser) -> None:
    """What `run` and `render` share."""
    parser.add_argument("--garment", metavar="G", help="another garment: a file or a gallery name")
    parser.add_argument("--rig", metavar="R", help="this room: a rig file or a gallery name")
    parser.add_argument(
        "--sketch", metavar="F", help="another picture: a sketch file of yours or a gallery name"
    )
    parser.add_argument(
        "--seed", type=int, metavar="N", help="the edition: seed of its imperfections (default: the patch's)"
    )


def size(text: str) -> tuple[int, int]:
    """`1280x720` as (1280, 720); even numbers from 160x90 to 3840x2160."""
    match = re.fullmatch(r"(\d{2,4})x(\d{2,4})", text)
    width, height = (int(match[1]), int(match[2])) if match else (0, 0)
    if not (160 <= width <= 3840 and 90 <= height <= 2160 and width % 2 == height % 2 == 0):
        raise argparse.ArgumentTypeError(
            f"{text!r} is no picture size: write WIDTHxHEIGHT, even numbers from 160x90 to 3840x2160"
        )
    return width, height


def fps(text: str) -> int:
    """Frames a second, 1 to 60."""
    if not text.isdigit() or not 1 <= int(text) <= 60:
        raise argparse.ArgumentTypeError(f"{text!r}: frames a second are a whole number from 1 to 60")
    return int(text)


def positive(text: str) -> float:
    """A number of seconds above 0."""
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < 1e6:
        raise argparse.ArgumentTypeError(f"{text!r}: write a number of seconds above 0")
    return value


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of this verb."""
    parser.add_argument(
        "show", metavar="SHOW", help="a patch or sketch file, or a name from `wearsound list patches`"
    )
    parser.add_argument(
        "audio", metavar="AUDIO", help="a recording, a test signal such as test:kick=120, or `demo`"
    )
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
    from wearsound.show.load import load
    from wearsound.show.render import render

    show = load(
        options.show, garment=options.garment, rig=options.rig, sketch=options.sketch, seed=options.seed
    )
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
    print(report.summary())
    return 0
