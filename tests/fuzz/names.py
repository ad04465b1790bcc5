"""Misspells what a key refers to: a feature, a place, a scene, a file of the gallery. None where there is nothing."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import cache
from typing import Any

from wearsound import gallery
from wearsound.analysis.ear import everything
from wearsound.core import BANDS
from wearsound.garment.document import Garment, load_garment
from wearsound.mapping.structure import MEDIA

from .cases import typo

AUDIO = ("room", "body", "crowd")


@cache
def garments() -> dict[str, Garment]:
    """The gallery's garments, read once."""
    return {name: load_garment(path) for name, path in gallery.files("garment").items()}


def feature(dice: random.Random, value: Any) -> Any:
    if not isinstance(value, str):
        return None
    lane, dot, name = value.rpartition(".")
    if lane not in ("", *AUDIO):
        return None
    return lane + dot + typo(dice, name, {each.partition(".")[2] for each in everything(AUDIO)})


def _places() -> set[str]:
    """Zones and roles of every garment."""
    return {name for garment in garments().values() for name in (*garment.zone_names, *garment.roles)}


def target(dice: random.Random, value: Any) -> Any:
    if value.startswith("/"):
        return None
    zone, _, medium = value.partition(".")
    if zone in ("*", "sound", "voice") or dice.random() < 0.5:
        return None if zone in ("sound", "voice", "feel", "sketch") else f"{zone}.{typo(dice, medium, MEDIA)}"
    if zone in ("feel", "sketch"):
        return f"{zone}.{typo(dice, medium, ())}"
    return f"{typo(dice, zone, _places())}.{medium}"


def zone(dice: random.Random, value: Any) -> Any:
    if value in ("*", ""):
        return None
    if isinstance(value, list):
        return [value[0], typo(dice, value[1], value)] if value else None
    return typo(dice, value, _places())


def name(dice: random.Random, value: Any) -> Any:
    return typo(dice, value, ()) if isinstance(value, str) and len(value) > 1 else None


def band(dice: random.Random, value: Any) -> Any:
    return typo(dice, value, BANDS) if isinstance(value, str) else None


def last(dice: random.Random, value: Any) -> Any:
    return [*value[:-1], typo(dice, value[-1].lstrip("-"), value)]


def of_gallery(kind: str) -> Callable[[random.Random, Any], Any]:
    def misspell(dice: random.Random, value: Any) -> Any:
        return typo(dice, value, gallery.files(kind)) if isinstance(value, str) and "." not in value else None

    return misspell
