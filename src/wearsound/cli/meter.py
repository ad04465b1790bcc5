"""`wearsound meter`: watch levels in a terminal."""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from wearsound.cli.arguments import positive

if TYPE_CHECKING:
    from wearsound.core import Frame

UP, CLEAR = "\x1b[{}A", "\x1b[K"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of this verb."""
    parser.add_argument(
        "show",
        metavar="SHOW",
        nargs="?",
        help="a patch: then also what each zone does, and why (default: what is heard, alone)",
    )
    parser.add_argument(
        "--input",
        metavar="NAME/FILE/test:",
        help="part of a device's name, a recording, a take, `demo`, `walk` or a test signal such as test:kick=120",
    )
    parser.add_argument("--garment", metavar="G", help="another garment: a file or a gallery name")
    parser.add_argument("--rig", metavar="R", help="this room: a rig file or a gallery name")
    parser.add_argument("--seconds", type=positive, metavar="S", help="stop after S seconds")
    parser.add_argument(
        "--mute", action="store_true", help="do not play a recording through the loudspeakers"
    )
    parser.add_argument("--json", action="store_true", help="a line of JSON a second: every feature")


def run(options: argparse.Namespace) -> int:
    """Listen and print until it ends or is left."""
    from wearsound.show.build import build
    from wearsound.show.dress import whys_of
    from wearsound.show.hands import hands_on
    from wearsound.show.load import DEFAULT_PATCH, load
    from wearsound.show.meter import Lines, Meter, Signs
    from wearsound.show.source import open_source
    from wearsound.show.take import with_remote
    from wearsound.sources.pace import Paced

    show = load(options.show or DEFAULT_PATCH, garment=options.garment, rig=options.rig)
    source = open_source(options.input, rig=show.rig, seconds=options.seconds)
    if not source.live:
        source = Paced(source, mute=options.mute, output=show.rig.output if show.rig else None)
    show = with_remote(show, source)
    built = build(show, source.lanes, source.sample_rate, strict=False)
    whys = whys_of(show, built) if options.show else ()
    lines = Lines(built, source, whys, Signs.of(sys.stdout.encoding), zones=bool(options.show))
    if options.json or not sys.stdout.isatty():
        draw: _EverySecond | _Screen = _EverySecond(_json if options.json else _log)
    else:
        draw = _Screen()
    built.engine.outputs.append(Meter(list(source.lanes), draw, lines))
    if not options.json:
        print(f"hears {getattr(source, 'name', 'input')}; Ctrl-C ends it", flush=True)
    with hands_on(built.engine.inbox.put):
        built.engine.run(source)
    return 0


class _Screen:
    """Draws over what was drawn before, a line no longer than the terminal is wide."""

    def __init__(self) -> None:
        self._drawn = 0

    def __call__(self, frame: Frame, lines: list[str]) -> None:
        import shutil

        wide, tall = shutil.get_terminal_size()
        shown = [line[: wide - 1] for line in lines[: tall - 2]]
        back = UP.format(self._drawn) if self._drawn else ""
        print(back + "".join(f"{line}{CLEAR}\n" for line in shown), end="", flush=True)
        self._drawn = len(shown)


class _EverySecond:
    """Says one frame of each second of the show."""

    def __init__(self, say: Callable[[Frame, list[str]], str]) -> None:
        self._say = say
        self._next = 1.0

    def __call__(self, frame: Frame, lines: list[str]) -> None:
        if frame.time >= self._next:
            self._next = math.floor(frame.time) + 1.0
            print(self._say(frame, lines), flush=True)


def _log(frame: Frame, lines: list[str]) -> str:
    """A block of lines, where nobody can draw over them."""
    return "\n".join(lines)


def _json(frame: Frame, lines: list[str]) -> str:
    """The time, every feature, what the garment draws."""
    said = dict(zip(frame.features.index, frame.features.values.tolist(), strict=True))
    return json.dumps({"time": round(frame.time, 3), "features": said, "ma": frame.ma})
