"""`wearsound doctor`: one verdict in words, for a device, a recording or a test signal."""

from __future__ import annotations

import argparse

from wearsound.cli.arguments import positive


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of this verb."""
    parser.add_argument(
        "--input",
        metavar="NAME/FILE/test:",
        help="part of a device's name, a recording or a test signal (default: the default input)",
    )
    parser.add_argument("--rig", metavar="R", help="a rig file or gallery name, for lanes and device")
    parser.add_argument(
        "--seconds", type=positive, default=3.0, metavar="S", help="how long to listen (default 3)"
    )


def run(options: argparse.Namespace) -> int:
    """Print the verdict on sound and display; 0 if a show would react, 3 if a device is missing, else 1."""
    from wearsound.core import Clock
    from wearsound.errors import DeviceError
    from wearsound.outputs.display import display_trouble
    from wearsound.show.doctor import judge, listen
    from wearsound.show.load import find_rig
    from wearsound.show.source import open_source

    trouble = display_trouble()
    print("display: " + (trouble or "good: a window can open"))
    try:
        source = open_source(options.input, rig=find_rig(options.rig), seconds=None)
    except DeviceError as error:
        print(f"sound: no device: {error}")
        return error.exit_code
    blocks = source.blocks(Clock(sample_rate=source.sample_rate))
    try:
        levels = listen(blocks, source.sample_rate, options.seconds)
    except DeviceError as error:
        print(f"sound: no device: {error}")
        return error.exit_code
    finally:
        getattr(blocks, "close", lambda: None)()
    verdict = judge(levels, source.lanes, options.input or getattr(source, "name", "the input"))
    print(f"sound: {verdict.word}: {verdict.sentence}")
    return 0 if verdict.good else 1
