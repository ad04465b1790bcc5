"""Bakes kept on disk: a garment is baked once per machine, size, edition and version of the code."""

from __future__ import annotations

import io
import platform
import sys
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np

from wearsound import cache, garment
from wearsound.garment.document import Garment
from wearsound.instruments.picture.bake import Bake, bake
from wearsound.instruments.picture.hanging import Hanging

KEPT = 24
"""How many bakes are kept; the oldest go."""

CODE = (
    "answer",
    "bake",
    "cloth",
    "filament",
    "form",
    "hanging",
    "outline",
    "piece",
    "pile",
    "studio",
    "trim",
)
"""The modules here that decide what a bake holds."""


def baked(coat: Garment, size: tuple[int, int], seed: int) -> Bake:
    """The bake of a garment: from the cache where it is, else made and kept. Equal bits either way."""
    key = _key(coat, size, seed)
    data = cache.read("bakes", key)
    if data is not None:
        return _unpacked(data)
    fresh = bake(coat, size, seed)
    cache.keep("bakes", key, _packed(fresh), KEPT)
    return fresh


def _key(coat: Garment, size: tuple[int, int], seed: int) -> str:
    import pygame
    import scipy

    sources = [Path(__file__).parent / f"{module}.py" for module in CODE]
    sources += sorted(Path(garment.__path__[0]).glob("*.py"))
    versions = (np.__version__, scipy.__version__, pygame.version.ver, platform.machine(), sys.byteorder)
    return cache.edition(sources, coat.digest, size, seed, versions)


def _packed(made: Bake) -> bytes:
    arrays = {f.name: getattr(made, f.name) for f in fields(made) if f.name not in ("index", "hanging")}
    arrays |= {f"index{i}": index for i, index in enumerate(made.index)}
    arrays |= {
        f"{i}.{f.name}": getattr(part, f.name) for i, part in enumerate(made.hanging) for f in fields(part)
    }
    packed = io.BytesIO()
    np.savez(packed, **arrays)
    return packed.getvalue()


def _unpacked(data: bytes) -> Bake:
    with np.load(io.BytesIO(data), allow_pickle=False) as file:
        found: dict[str, Any] = {name: file[name] for name in file.files}
    found["index"] = [found.pop(f"index{i}") for i in range(len(found["boxes"]))]
    found["hanging"] = []
    while f"{len(found['hanging'])}.box" in found:
        part = len(found["hanging"])
        found["hanging"].append(Hanging(**{f.name: found.pop(f"{part}.{f.name}") for f in fields(Hanging)}))
    return Bake(**found)
