"""The shows of an evening that was interrupted: those that were asked for, and where it was, or what surely plays."""

from __future__ import annotations

import argparse
from contextlib import suppress
from dataclasses import replace

from wearsound.core import Clock
from wearsound.errors import WearsoundError
from wearsound.guardian.ladder import AS_ASKED, LEAST
from wearsound.guardian.seat import Seat
from wearsound.show.build import make
from wearsound.show.entries import Named, Set
from wearsound.show.load import DEFAULT_PATCH, load
from wearsound.show.safe import load_safe
from wearsound.show.set_list import Entry

SHORTEST = 0.1
"""Seconds that are played of a show that was to end while nobody played."""


def warm() -> None:
    """Import and work out what any show needs, so that the next one begins sooner: one is made and thrown away."""
    with suppress(WearsoundError):
        make(load(DEFAULT_PATCH), {"room": (0,)}, Clock(), strict=False)


def begin(seat: Seat, named: Named, options: argparse.Namespace) -> Set:
    """What `seat` is to play of `named`; `options` are made to fit. PatchError as `Set.load`, on the first rung."""
    if options.seconds is not None:
        options.seconds = max(SHORTEST, options.seconds - seat.played)
    if seat.rung == LEAST:
        options.window = options.safe = False
        return least(named)
    if seat.rung != AS_ASKED:
        options.safe = True
    if options.safe:
        seat.at = 0
        return Set.safe(named)
    whole = Set.load(named)
    seat.at = min(seat.at, len(whole.entries) - 1)
    if seat.at:
        entry = whole.entries[seat.at]
        whole.show = load(
            entry.show, garment=entry.garment, rig=entry.rig, sketch=entry.sketch, seed=entry.seed
        )
    return whole


def least(named: Named) -> Set:
    """The patch that came with wearsound, without sketch, on the garment and in the room that were named, or their
    last good copies."""
    safe = load_safe(DEFAULT_PATCH, garment=named.garment, rig=named.rig, sketch="", seed=named.seed)
    show = replace(safe.show, sketch_path=None)
    return Set(show, [Entry(show.patch.title, DEFAULT_PATCH, named.garment, named.rig, "", named.seed)])
