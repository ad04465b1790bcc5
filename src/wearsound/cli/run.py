"""`wearsound run`: a show live."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from wearsound.cli.arguments import add_door_options, add_safe_option, add_show_options, add_window_options
from wearsound.errors import printable

if TYPE_CHECKING:
    from wearsound.core import Source, Tape
    from wearsound.guardian.seat import Seat
    from wearsound.show.build import Built
    from wearsound.show.entries import Set
    from wearsound.show.load import Show


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of this verb."""
    parser.add_argument(
        "show",
        metavar="SHOW",
        nargs="*",
        default=["bass-denim"],
        help="a patch or sketch file, or a gallery name (default bass-denim); several are a set: N and P in the "
        "window, or /wear/set/next, go on and back",
    )
    parser.add_argument(
        "--input",
        metavar="NAME/FILE/test:",
        help="part of a device's name, a recording, a take, `demo`, `walk` or a test signal such as test:kick=120",
    )
    add_show_options(parser)
    add_window_options(parser)
    add_door_options(parser)
    add_safe_option(parser)
    parser.add_argument(
        "--no-guard",
        dest="guard",
        action="store_false",
        help="play in one process: nobody has the show back when it crashes",
    )


def run(options: argparse.Namespace) -> int:
    """Play until it ends or is left, in a process of its own that is begun again if it crashes."""
    if options.guard and options.words is not None:
        from wearsound.guardian.parent import guard, possible

        if possible():
            return guard(options.words)
    from wearsound.errors import PatchError
    from wearsound.show.last_good import hint

    try:
        return _run(options, options.seat)
    except PatchError as error:
        # A broken file's sentence says what --safe would do.
        raise PatchError(f"{error}{'' if options.safe else hint(str(error))}") from None


def _run(options: argparse.Namespace, seat: Seat | None) -> int:
    from wearsound.outputs.record.show_file import is_take
    from wearsound.show.entries import Named, Set
    from wearsound.show.source import open_source

    if seat is not None:
        seat.listen()
    if options.input is None and len(options.show) == 1 and is_take(Path(options.show[0])):
        if seat is not None:
            seat.alone()
        return replay(options, options.show[0])
    named = Named(options.show, options.garment, options.rig, options.sketch, options.seed)
    if seat is not None:
        from wearsound.guardian.again import begin

        whole = begin(seat, named, options)
    else:
        whole = Set.safe(named) if options.safe else Set.load(named)
    print_lines(whole.said)
    source = open_source(options.input, rig=whole.show.rig, seconds=options.seconds, loop=options.loop)
    if options.safe:
        said = len(whole.said)
        whole.fit(source)
        print_lines(whole.said[said:])
    engine = perform(options, whole.show, source, whole=whole, seat=seat).engine
    before = seat.played if seat is not None else 0.0
    print(f"played {before + engine.clock.seconds(engine.hops):.1f} s, {engine.lost} hops lost")
    return 0


def replay(options: argparse.Namespace, path: str, start: float = 0.0) -> int:
    """A take from `start` seconds on, with the shows that it was played with."""
    from wearsound.show.replay import open_take, replaying

    words = {key: getattr(options, key) for key in ("garment", "rig", "sketch", "seed")}
    take = open_take(path, loop=options.loop, seconds=options.seconds, start=start, **words)
    print_lines(take.changed)
    engine = perform(options, take.show, take.source, prepare=replaying(take)).engine
    print(f"played {engine.clock.seconds(engine.hops + engine.lost):.1f} s")
    return 0


def print_lines(sentences: Sequence[str]) -> None:
    """A file of a stranger may hold what a terminal would obey."""
    for sentence in sentences:
        print(printable(sentence, "\n"))


def perform(
    options: argparse.Namespace,
    show: Show,
    source: Source,
    tapes: Sequence[Tape] = (),
    prepare: Callable[[Built], object] | None = None,
    whole: Set | None = None,
    seat: Seat | None = None,
) -> Built:
    """Play a show live until it ends or is left, a recording by the clock; `take` records and plays by it too.

    With a `whole` set, what is saved of it is tried and then plays, and others of the set may be called.
    `seat`: who has it back.
    """
    from wearsound.show.live import play
    from wearsound.sources.pace import Paced

    note = getattr(source, "note", "")
    if note:
        print(printable(note))
    if not source.live:
        source = Paced(source, mute=options.mute, output=show.rig.output if show.rig else None)
    print(
        printable(f"{show.patch.title}: {getattr(source, 'name', 'input')}. ")
        + "Q in the window or Ctrl-C here ends it; `panic` and Enter here, or SIGUSR1, is panic."
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
        set_list=whole.entries if whole is not None else (),
        watched=whole.watched if whole is not None else None,
        watcher=seat,
    )
