"""The command line: one small file a verb, in the table below; heavy libraries load with the verb that needs them."""

from __future__ import annotations

import argparse
import difflib
import importlib
import io
import logging
import os
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

from wearsound import __version__
from wearsound.cli import stop
from wearsound.errors import WearsoundError, printable, reason
from wearsound.sources.quiet import Aloud

VERBS = {
    "demo": "a coat reacts to built-in music: no device, no file needed",
    "run": "play a show live, from a microphone, a recording or a test signal",
    "render": "play a show offline: film, light, OSC, features and a report, the same every time",
    "render-all": "every recording of a folder with one patch, several at a time; goes on where it was ended",
    "take": "record what comes in (not the audience); play, list and trim what was recorded",
    "play": "send a rendered show to real gear by the clock, with no analysis",
    "check": "render again what a render's show.toml says and compare",
    "report": "what a render or a take proves, as a page that a venue can read",
    "analyze": "what is heard in a recording, as numbers and as a picture",
    "palette": "five to eight named colours out of a recording, as files for design programs",
    "haptic": "what a garment feels in a song, as files for telephones and controllers",
    "osc": "OSC without a second program: every address, send, monitor, learn a control, touch screens",
    "meter": "watch levels in a terminal, and why each zone moves",
    "devices": "list sound inputs and outputs by name",
    "calibrate": "teach it your garment: how a contact microphone hears it, what its wearer really feels",
    "doctor": "why does nothing react, and is all of a rig there?",
    "soak": "play for hours with virtual devices, measure, break it at random: does it live, are all limits kept?",
    "fit": "what of a patch goes where on a garment, and what stays silent",
    "list": "list patches, sketches, garments, palettes, rigs, patterns, features or outputs",
    "new": "start a patch, sketch, garment or rig of your own from a working one",
    "schema": "print the JSON Schema of patches, garments or rigs, for editors",
    "trust": "let patches use a sketch file of yours by name",
}

PACKAGES = {
    name: name for name in ("numpy", "scipy", "soundfile", "soxr", "msgspec", "sounddevice", "tomlkit")
} | {
    "pygame": "pygame-ce",
    "pythonosc": "python-osc",
    "av": "wearsound[video]",
    "rtmidi": "wearsound[midi]",
    "link": "wearsound[link]",
    "zeroconf": "wearsound[discover]",
    "distributed": "wearsound[dask]",
}
"""What to install for a module that is missing."""


class Parser(argparse.ArgumentParser):
    """argparse that suggests the nearest spelling; usage errors exit with 2. `words` are all that was given."""

    words: Sequence[str] = ()

    def error(self, message: str) -> NoReturn:
        """Print the usage and one sentence, with the nearest known word."""
        known = [option for action in self._actions for option in action.option_strings]
        for action in self._actions:
            known.extend(str(choice) for choice in action.choices or ())
        hint = ""
        guessing = "invalid choice" in message or message.startswith("unknown")
        for word in message.replace("'", " ").replace(",", " ").split() if guessing else ():
            near = difflib.get_close_matches(word.split("=")[0], known, n=1, cutoff=0.6)
            if near and word not in known:
                hint = f"; did you mean {near[0]}?"
                break
        for word in Parser.words:
            if word.startswith("-") and os.path.isfile(word):
                hint = f"; a file of that name is ./{word}"
        self.print_usage(sys.stderr)
        self.exit(2, f"{self.prog}: {message}{hint}\n")


def build_parser(verb: str | None = None) -> argparse.ArgumentParser:
    """The whole parser; only the verb that was asked for fills in its arguments."""
    parser = Parser(
        prog="wearsound",
        description="Clothes and music made one thing: audio in, light, pictures and OSC out.",
    )
    parser.add_argument("--version", action="version", version=f"wearsound {__version__}")
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", title="verbs")
    for name, about in VERBS.items():
        end = "" if about.endswith("?") else "."
        child = verbs.add_parser(name, help=about, description=about[0].upper() + about[1:] + end)
        if name == verb:
            _module(name).add_arguments(child)
    return parser


def _module(verb: str) -> Any:
    return importlib.import_module(f"wearsound.cli.{verb.replace('-', '_')}")


def main(arguments: Sequence[str] | None = None, seat: object = None) -> int:
    """Run one verb and return its exit code: 0 good, 1 failed, 2 usage or bad file, 3 missing device or golden.

    Without `arguments` this is the program itself, which may start itself again. `seat`: what a guarded engine
    (`cli.engine_process`) knows of its guard.
    """
    # Not list(...): `list` is a verb of ours, once it was asked for.
    words = [*(sys.argv[1:] if arguments is None else arguments)]
    verb = next((word for word in words if not word.startswith("-")), None)
    parser = build_parser(verb)
    Parser.words = words
    # intermixed parsing is not needed: every verb takes its files first or last
    given = argparse.Namespace(words=words if arguments is None else None, seat=seat)
    options, left = parser.parse_known_args(words, given)
    if left:
        child = parser._subparsers._group_actions[0].choices.get(verb, parser)  # type: ignore[union-attr]
        child.error("unknown " + " ".join(left))
    if options.verb is None:
        parser.print_help()
        return 2
    if isinstance(sys.stdout, io.TextIOWrapper):  # a pipe or a journal is told at once too
        sys.stdout.reconfigure(line_buffering=True)
    logging.basicConfig(format="wearsound: %(message)s", level=logging.WARNING, stream=Aloud())
    os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
    # Python starts helpers of its own (shared memory's tracker), which must not import from this folder.
    os.environ.setdefault("PYTHONSAFEPATH", "1")
    stop.listen()
    try:
        return int(_module(options.verb).run(options))
    except WearsoundError as error:
        # A file of a stranger may hold what a terminal would obey.
        said = printable(str(error), "\n")
        print(f"wearsound: {said}", file=sys.stderr)
        return error.exit_code
    except ModuleNotFoundError as error:
        package = PACKAGES.get((error.name or "").partition(".")[0])
        if package is None:
            raise
        print(f"wearsound: {package} is not installed here: run `pip install {package}`", file=sys.stderr)
        return 3
    except KeyboardInterrupt:
        print("wearsound: stopped", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # The reader of a listing left (`| head`): not an error, and nothing more can be said.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        where = f" ({error.filename})" if error.filename else ""
        print(printable(f"wearsound: {reason(error)}{where}"), file=sys.stderr)
        return 1
