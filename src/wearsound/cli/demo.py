"""`wearsound demo`: a picture with built-in sound in seconds; without a display it renders to demo/."""

from __future__ import annotations

import argparse
from pathlib import Path

from wearsound.cli.arguments import add_window_options


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of this verb."""
    parser.add_argument(
        "show",
        metavar="SHOW",
        nargs="?",
        default="bass-denim",
        help="a patch, sketch or gallery name (default bass-denim)",
    )
    add_window_options(parser)
    parser.add_argument("--render", action="store_true", help="render to demo/ even where there is a display")


def run(options: argparse.Namespace) -> int:
    """Play the built-in track in a window, or render it where there is no display."""
    from wearsound.outputs.display import display_trouble

    trouble = "" if options.render else display_trouble()
    if options.render or trouble:
        return _render(options, trouble)
    from wearsound.show.entries import Named, Set
    from wearsound.show.live import play
    from wearsound.show.source import open_recording
    from wearsound.sources.pace import Paced

    whole = Set.load(Named([options.show]))
    print("A coat hears the built-in track. Q in the window ends it, H shows the keys.")
    source = Paced(open_recording("demo", loop=options.loop, seconds=options.seconds), mute=options.mute)
    play(
        whole.show,
        source,
        size=options.size,
        display=options.display,
        fullscreen=options.fullscreen,
        window=options.window,
        mute=options.mute,
        set_list=whole.entries,
    )
    return 0


def _render(options: argparse.Namespace, trouble: str) -> int:
    from wearsound.cli.progress import Progress
    from wearsound.cli.unseen import draw_unseen
    from wearsound.proof.report_page import write_report
    from wearsound.show.load import load
    from wearsound.show.render import render

    draw_unseen()
    why = f"No window: {trouble}. Rendering" if trouble else "Rendering"
    print(f"{why} the built-in track to demo/, about half a minute.", flush=True)
    with Progress("rendering") as progress:
        report = render(
            load(options.show),
            "demo",
            to="demo",
            size=options.size,
            seconds=options.seconds,
            progress=progress,
        )
    print(report.summary())
    write_report(Path("demo"))
    print(
        f"Look at {Path('demo') / 'video.mp4'}, poster.png and report.html beside it: {Path('demo').resolve()}"
    )
    return 0
