"""What several verbs ask for, and the words that are refused before anything is played."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from pathlib import PurePath


def add_audio(parser: argparse.ArgumentParser, *, needed: bool = True) -> None:
    """The recording that `render` and `analyze` hear."""
    parser.add_argument(
        "audio",
        metavar="AUDIO",
        nargs=None if needed else "?",
        help="a recording, a test signal such as test:kick=120 (it ends after 20 s unless --seconds says "
        "otherwise), `demo` or `walk`",
    )


def add_show_options(parser: argparse.ArgumentParser) -> None:
    """What `run` and `render` share."""
    parser.add_argument("--garment", metavar="G", help="another garment: a file or a gallery name")
    parser.add_argument("--rig", metavar="R", help="this room: a rig file or a gallery name")
    parser.add_argument(
        "--sketch", metavar="F", help="another picture: a sketch file of yours or a gallery name"
    )
    parser.add_argument(
        "--seed", type=seed, metavar="N", help="the edition: seed of its imperfections (default: the patch's)"
    )


def add_window_options(parser: argparse.ArgumentParser) -> None:
    """What `run` and `demo` share."""
    parser.add_argument(
        "--size", type=size, default=(1280, 720), metavar="WxH", help="size of the window (default 1280x720)"
    )
    parser.add_argument(
        "--display", metavar="N/NAME", help="which display: its number from 0, or part of its name"
    )
    parser.add_argument("--fullscreen", action="store_true", help="fill the display")
    parser.add_argument("--no-window", dest="window", action="store_false", help="OSC and light only")
    parser.add_argument(
        "--mute",
        action="store_true",
        help="play neither a recording nor a soundscape through the loudspeakers",
    )
    parser.add_argument("--loop", action="store_true", help="begin a recording again when it ends")
    parser.add_argument("--seconds", type=positive, metavar="S", help="stop after S seconds")


def add_door_options(parser: argparse.ArgumentParser) -> None:
    """How OSC comes in, for verbs that play live."""
    parser.add_argument(
        "--port",
        type=port,
        metavar="N",
        help="where OSC comes in (default: the rig's port, or 9000 from this machine alone); 0 for nowhere",
    )
    parser.add_argument(
        "--require-osc",
        action="store_true",
        help="end with exit code 3 if that port is taken by another program",
    )


def add_safe_option(parser: argparse.ArgumentParser) -> None:
    """For a show that must begin, whatever is wrong with its files."""
    parser.add_argument(
        "--safe",
        action="store_true",
        help="begin in any case: where a file is broken or gone its last good copy plays, or what came with wearsound",
    )


def port(text: str) -> int:
    """A UDP port, or 0 for none."""
    if not re.fullmatch("[0-9]{1,5}", text) or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r}: a port is a whole number from 1 to 65535, or 0 for none")
    return int(text)


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
    if not re.fullmatch("[0-9]{1,2}", text) or not 1 <= int(text) <= 60:
        raise argparse.ArgumentTypeError(f"{text!r}: frames a second are a whole number from 1 to 60")
    return int(text)


def seed(text: str) -> int:
    """The number of an edition, of at most 64 bits: as much as a show.toml may say."""
    if not re.fullmatch("[+-]?[0-9]{1,19}", text) or not -(1 << 63) <= int(text) < 1 << 63:
        raise argparse.ArgumentTypeError(f"{text!r}: a seed is a whole number of at most 64 bits")
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


def of(unit: str) -> Callable[[str], float]:
    """A number above 0 of something else than seconds, such as "hours"."""

    def check(text: str) -> float:
        try:
            return positive(text)
        except argparse.ArgumentTypeError:
            raise argparse.ArgumentTypeError(f"{text!r}: write a number of {unit} above 0") from None

    return check


def moment(text: str) -> float:
    """Seconds from the start, 0 or more, of "12.5", "1:30" or "1:02:30.5"."""
    match = re.fullmatch(
        r"(?:(?:([0-9]{1,3}):)?([0-9]{1,4}):(?=[0-5][0-9](?:\.|$)))?([0-9]{0,6}(?:\.[0-9]*)?)", text
    )
    if match is None or match[3] in ("", ".") or (match[1] and int(match[2]) > 59):
        raise argparse.ArgumentTypeError(f"{text!r}: write seconds from the start, or minutes such as 1:30")
    hours, minutes, seconds = (float(part or 0) for part in match.groups())
    return 3600 * hours + 60 * minutes + seconds


def ending(*suffixes: str) -> Callable[[str], str]:
    """A file name that ends in one of `suffixes`: said before a long recording is heard, not after."""

    def check(text: str) -> str:
        if PurePath(text).suffix.lower() not in suffixes:
            raise argparse.ArgumentTypeError(f"{text!r}: let the name end in {' or '.join(suffixes)}")
        return text

    return check
