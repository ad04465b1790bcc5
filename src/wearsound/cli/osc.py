"""`wearsound osc`: everything about OSC without a second program: what there is, sending, listening, learning."""

from __future__ import annotations

import argparse
import importlib

from wearsound.cli.arguments import add_show_options, port, positive

LAYOUTS = {"touchosc": ".tosc", "open-stage-control": ".json"}
"""Programs that layouts are made for, and how their files end."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of this verb."""
    deeds = parser.add_subparsers(dest="deed", metavar="tree|layout|send|monitor|learn", required=True)
    tree = deeds.add_parser("tree", help="every address of a show: its range, unit, value and what it does")
    _add_show(tree)
    tree.add_argument("--find", metavar="WORD", help="only addresses that hold this word, or an OSC pattern")
    tree.add_argument("--json", action="store_true", help="an array of objects with at least name and about")

    layout = deeds.add_parser("layout", help="a touch screen for a show, made from its addresses")
    layout.add_argument("program", choices=LAYOUTS, metavar="|".join(LAYOUTS), help="for which program")
    _add_show(layout)
    layout.add_argument("--to", required=True, metavar="FILE", help="the file to write (.tosc or .json)")

    send = deeds.add_parser("send", help="send one message; a word without an argument asks")
    send.add_argument("address", metavar="ADDR", help="such as /wear/master")
    send.add_argument(
        "args",
        metavar="ARG",
        nargs="*",
        help="1 is a whole number, 0.5 a number, true or false a switch, anything else a word ('\"1\"' is one too)",
    )
    send.add_argument(
        "--to", metavar="HOST:PORT", default="127.0.0.1:9000", help="where to (default 127.0.0.1:9000)"
    )
    send.add_argument("--listen", type=positive, metavar="S", help="then print for S seconds what comes back")

    monitor = deeds.add_parser(
        "monitor", help="print every message as it comes in; Ctrl-C ends it with a sum"
    )
    _add_listening(
        monitor, "127.0.0.1: this machine only; 0.0.0.0: every network it is in", "127.0.0.1", 9000
    )
    monitor.add_argument(
        "--filter", metavar="PATTERN", default="", help="only this address and all below, or an OSC pattern"
    )
    monitor.add_argument("--seconds", type=positive, metavar="S", help="end after S seconds")
    monitor.add_argument("--json", action="store_true", help="a JSON object a line")

    learn = deeds.add_parser("learn", help="move a control: it then moves TARGET, and the rig remembers")
    learn.add_argument(
        "target", metavar="TARGET", help="one of our addresses, or a remote value such as knobs.warmth"
    )
    learn.add_argument("show", metavar="SHOW", nargs="?", default="bass-denim", help=_SHOW)
    learn.add_argument("--rig", required=True, metavar="R", help="a rig file of your own: it is written to")
    _add_listening(learn, "where to listen (default: the rig's door)", None, None)
    learn.add_argument("--seconds", type=positive, default=20.0, metavar="S", help="at most (default 20)")
    learn.add_argument("--midi", action="store_true", help="a MIDI control instead of OSC")


_SHOW = "a patch or sketch file, or a gallery name (default bass-denim)"


def _add_show(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("show", metavar="SHOW", nargs="?", default="bass-denim", help=_SHOW)
    add_show_options(parser)


def _add_listening(parser: argparse.ArgumentParser, about: str, host: str | None, number: int | None) -> None:
    parser.add_argument(
        "--port",
        type=port,
        default=number,
        metavar="N",
        help=f"where to listen (default {number or 'the port of the rig'})",
    )
    parser.add_argument("--host", default=host, metavar="H", help=about)


def run(options: argparse.Namespace) -> int:
    """One of the five."""
    deed = importlib.import_module(f"wearsound.cli.osc_{options.deed}")
    return int(deed.run(options))
