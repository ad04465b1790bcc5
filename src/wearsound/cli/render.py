"""`wearsound render`: a show offline, deterministic, into a folder."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from wearsound.cli.arguments import add_audio, add_show_options, fps, moment, positive, size
from wearsound.errors import printable

if TYPE_CHECKING:
    from wearsound.outputs.record.report import Report

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
    parser.add_argument(
        "--fps", type=fps, metavar="N", help="pictures a second (default 30, with --golden 10)"
    )
    parser.add_argument(
        "--size",
        type=size,
        metavar="WxH",
        help="size of the picture (default 1280x720, with --golden 320x180)",
    )
    parser.add_argument("--seconds", type=positive, metavar="S", help="stop after S seconds")
    parser.add_argument(
        "--from",
        dest="start",
        type=moment,
        default=0.0,
        metavar="S",
        help="begin at that moment of the recording: seconds, or minutes such as 1:30",
    )
    add_show_options(parser)
    parser.add_argument("--frames", action="store_true", help="keep every picture as PNG too")
    parser.add_argument(
        "--no-video",
        dest="video",
        action="store_false",
        help="no picture at all: features, light, OSC, sound and report",
    )
    parser.add_argument(
        "--golden",
        action="store_true",
        help="keep only what `wearsound check` compares with: small enough to lie beside the art",
    )
    parser.add_argument("--reason", default="", metavar="WHY", help="with --golden: kept in it")


def run(options: argparse.Namespace) -> int:
    """Render and say in a few lines what came of it."""
    from wearsound.cli.progress import Progress
    from wearsound.cli.unseen import draw_unseen
    from wearsound.proof.golden import FPS, SIZE, make_golden, reason_of
    from wearsound.proof.report_page import write_report
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
            print(printable(f"wearsound: {line}"), file=sys.stderr)
    else:
        show = load(options.show, **words)
    dark = unlit(show)
    if dark:
        print(printable(f"wearsound: {dark}"), file=sys.stderr)
    size = options.size or (SIZE if options.golden else (1280, 720))

    def play(to: Path) -> Report:
        with Progress("rendering") as progress:
            return render(
                show,
                audio,
                to=to,
                fps=options.fps or (FPS if options.golden else 30),
                size=size,
                seconds=options.seconds,
                start=options.start,
                frames=options.frames,
                video=options.video,
                progress=progress,
                shows=shows,
                instead=[word for word in INSTEAD if words[word] is not None] if shows is not None else (),
            )

    if options.golden:
        report, octets = make_golden(
            Path(options.to), play, [a.name for a in show.garment.actuators], reason_of(options.reason)
        )
    else:
        report = play(Path(options.to))
    note = report.measured.get("note")
    if note:
        print(printable(f"wearsound: {note}"), file=sys.stderr)
    print(printable(report.summary(), "\n"))
    if options.golden:
        print(
            f"a golden of {octets / 1000:.0f} kB: look at its thumbs/, commit it, and `wearsound check` holds it"
        )
    else:
        with Progress("counting") as progress:
            judgement, page = write_report(Path(options.to), progress=progress)
        print(printable(f"{judgement.word}: {page}"))
    return 0
