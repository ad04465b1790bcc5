"""The program in which shows are tried: one after the other is read, made ready, played for a moment, and packed.

Started by `rehearsal` as `python -m wearsound.show.rehearsal_process`. It runs nobody's code: a sketch is only read.
"""

from __future__ import annotations

import io
import logging
import sys
from contextlib import suppress
from dataclasses import replace
from types import SimpleNamespace
from typing import IO, TYPE_CHECKING, Any, cast

import numpy as np

from wearsound.core import Clock, Source
from wearsound.errors import PatchError, WearsoundError
from wearsound.show.aside_process import say, serve
from wearsound.show.build import Made, make
from wearsound.show.load import load
from wearsound.show.parcel import pack, unpack
from wearsound.show.rehearsal import Wanted, told, where
from wearsound.show.run_through import run_through
from wearsound.show.take import with_remote

if TYPE_CHECKING:
    from wearsound.show.load import Show

FIRST = "undertow", "rain-room"
"""What is made and played before anybody asks, so that nothing slow is left for the first who does."""


def main() -> int:
    """Try what is asked for until nobody is there any more."""
    logging.disable(logging.CRITICAL)  # what the show says to hands that turn everything is no news
    serve(_warm, _answer)
    return 0


def rehearsed(wanted: Wanted) -> bytes:
    """The show, packed as it was before it was played here; a WearsoundError says what is wrong with it."""
    show = _shown(wanted)
    try:
        made = make(show, wanted.lanes, Clock(sample_rate=wanted.sample_rate), strict=False)
        parcel = io.BytesIO()
        pack(made, parcel)
        # What was unpacked is played, for that is what will be.
        run_through(_opened(parcel.getvalue()), Clock(sample_rate=wanted.sample_rate), wanted.lanes)
    except WearsoundError:
        raise
    except Exception as error:
        what = f"{type(error).__name__}: {error}".rstrip(": ")
        raise PatchError(
            f"{show.patch_path}: cannot be played ({what}, in {where(error)}), and wearsound should have said why: "
            "please report it; take back the last change"
        ) from error
    return parcel.getvalue()


def _shown(wanted: Wanted) -> Show:
    show = load(
        wanted.show,
        garment=wanted.garment,
        rig=wanted.rig,
        sketch=wanted.sketch,
        palette=wanted.palette,
        seed=wanted.seed,
    )
    if wanted.hears:
        show = replace(show, hears=wanted.hears)
    taken = SimpleNamespace(remote=wanted.remote, calibration=wanted.calibration)
    return with_remote(show, cast("Source", taken))


def _opened(parcel: bytes) -> Made:
    memory = io.BytesIO(parcel)

    def read(n: int) -> Any:
        return np.frombuffer(bytearray(memory.read(n)), np.uint8)

    return cast("Made", unpack(read, lambda seconds: None))


def _answer(asked: dict[str, Any], to: IO[bytes]) -> None:
    try:
        parcel = rehearsed(Wanted.from_json(asked))
    except WearsoundError as error:
        say(to, told(error))
    else:
        say(to, {"parcel": True})
        to.write(parcel)
        to.flush()


def _warm() -> None:
    for name in FIRST:
        with suppress(WearsoundError, OSError):  # whoever asks is told
            rehearsed(Wanted(name, {"room": (0, 1), "body": (2,), "crowd": (3,)}, 48_000))


if __name__ == "__main__":
    sys.exit(main())
