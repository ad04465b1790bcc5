"""`wearsound run`: a show live."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from wearsound.cli.arguments import add_door_options, add_show_options, add_window_options

if TYPE_CHECKING:
    from wearsound.core import Source, Tape
    from wearsound.show.build import Built
    from wearsound.show.load import Show


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of this verb."""
    parser.add_argument(
        "show",
        metavar="SHOW",
        nargs="?",
        default="bass-denim",
        help="a patch or sketch file, or a gallery name (default bass-denim)",
    )
    parser.add_argument(
        "--input",
        metavar="NAME/FILE/test:",
        help="part of a device's name, a recording, a take, `demo`, `walk` or a test signal such as test:kick=120",
    )
    add_show_options(parser)
    add_window_options(parser)
    add_door_options(parser)


def run(options: argparse.Namespace) -> int:
    """Play until it ends or is left."""
    from wearsound.show.load import load
    from wearsound.show.source import open_source

    show = load(
        options.show, garment=options.garment, rig=options.rig, sketch=options.sketch, seed=options.seed
    )
    source = open_source(options.input, rig=show.rig, seconds=options.seconds, loop=options.loop)
    engine = perform(options, show, source).engine
    print(f"played {engine.clock.seconds(engine.hops):.1f} s, {engine.lost} hops lost")
    return 0


def perform(
    options: argparse.Namespace,
    show: Show,
    source: Source,
    tapes: Sequence[Tape] = (),
    prepare: Callable[[Built], object] | None = None,
) -> Built:
    """Play a show live until it ends or is left, a recording by the clock; `take` records and plays by it too."""
    from wearsound.show.live import play
    from wearsound.sources.pace import Paced

    note = getattr(source, "note", "")
    if note:
        print(note)
    if not source.live:
        source = Paced(source, mute=options.mute, output=show.rig.output if show.rig else None)
    print(
        f"{show.patch.title}: {getattr(source, 'name', 'input')}. "
        "Q in the window or Ctrl-C here ends it; `panic` and Enter here, or SIGUSR1, is panic."
    )
    return play(
        show,
        source,
        size=options.size,
        display=options.display,
        fullscreen=options.fullscreen,
        window=options.window,
        port=options.port,
        require_osc=options.require_osc,
        mute=options.mute,
        tapes=tapes,
        prepare=prepare,
    )
