"""The program in which one recording is rendered, so that a crash is the end of that one and of nothing else.

Started by `crew.render_apart` as `python -m wearsound.many.render_one_process`. It leaves when whoever
started it is gone.
"""

from __future__ import annotations

import logging
import os
import sys
from typing import IO, Any

import msgspec

from wearsound.errors import WearsoundError
from wearsound.many.job import Job, Outcome
from wearsound.show.aside_process import say, serve


def main() -> int:
    """Render what is asked for, until nobody is there any more."""
    os.environ.setdefault("SDL_VIDEODRIVER", "dummy")  # on a worker nobody looks either
    os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
    logging.disable(logging.CRITICAL)  # what a person should know is in the report's note
    serve(lambda: None, _answer)
    return 0


def _answer(asked: dict[str, Any], to: IO[bytes]) -> None:
    say(to, msgspec.to_builtins(_outcome(asked)))


def _outcome(asked: dict[str, Any]) -> Outcome:
    """Whatever goes wrong is one sentence."""
    from wearsound.many.render_one import render_one
    from wearsound.show.rehearsal import where

    try:
        return render_one(msgspec.convert(asked, Job))
    except WearsoundError as error:
        return Outcome(error=str(error))
    except ImportError as error:
        return Outcome(
            error=f"{error.name or error} is not installed where it was to be rendered: install it there"
        )
    except Exception as error:
        what = f"{type(error).__name__}: {error}".rstrip(": ")
        said = f"cannot be rendered ({what}, in {where(error)}), and wearsound should have said why"
        return Outcome(error=f"{said}: please report it")


if __name__ == "__main__":
    sys.exit(main())
