"""Bakes kept on disk, so that a garment is baked once per machine, size, edition and version of the code.

The cache may be missing, full, read-only or spoilt: then the garment is simply baked again.
"""

from __future__ import annotations

import hashlib
import logging
import os
import platform
import sys
import tempfile
import zipfile
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np

from wearsound.garment.document import Garment
from wearsound.instruments.picture.bake import Bake, bake

KEEP = 24
"""How many bakes are kept; the oldest go."""

CODE = ("answer", "bake", "cloth", "filament", "form", "layers", "outline", "piece", "studio", "trim")
"""The modules here that decide what a bake holds."""

_LOG = logging.getLogger(__name__)


def folder() -> Path:
    """The user's cache folder for bakes, by each platform's custom."""
    if os.environ.get("XDG_CACHE_HOME"):
        base = Path(os.environ["XDG_CACHE_HOME"])
    elif sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = Path.home() / ".cache"
    return base / "wearsound" / "bakes"


def key(garment: Garment, size: tuple[int, int], seed: int) -> str:
    """A name for one bake: garment bytes, size, seed, the code and the libraries that make it."""
    import pygame
    import scipy

    digest = hashlib.sha256()
    for module in CODE:
        digest.update((Path(__file__).parent / f"{module}.py").read_bytes())
    for module in ("document", "layers", "colour"):
        digest.update((Path(__file__).parents[2] / "garment" / f"{module}.py").read_bytes())
    versions = (np.__version__, scipy.__version__, pygame.version.ver, platform.machine(), sys.byteorder)
    digest.update(repr((garment.digest, size, seed, versions)).encode())
    return digest.hexdigest()[:40]


def baked(garment: Garment, size: tuple[int, int], seed: int) -> Bake:
    """The bake of a garment: from the cache where it is, else made and kept. Equal bits either way."""
    try:
        path = folder() / f"{key(garment, size, seed)}.npz"
    except (OSError, RuntimeError):
        return bake(garment, size, seed)
    kept = _load(path)
    if kept is not None:
        return kept
    fresh = bake(garment, size, seed)
    try:
        _save(path, fresh)
    except OSError as error:
        _LOG.debug("the bake could not be kept in %s: %s", path, error)
    return fresh


def _load(path: Path) -> Bake | None:
    try:
        with np.load(path, allow_pickle=False) as file:
            found: dict[str, Any] = {name: file[name] for name in file.files}
        found["index"] = [found.pop(f"index{i}") for i in range(len(found["boxes"]))]
        return Bake(**found)
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile):
        return None


def _save(path: Path, made: Bake) -> None:
    """Write beside, then rename: nobody ever reads half a bake."""
    path.parent.mkdir(parents=True, exist_ok=True)
    arrays = {f.name: getattr(made, f.name) for f in fields(made) if f.name != "index"}
    arrays |= {f"index{i}": index for i, index in enumerate(made.index)}
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            np.savez(file, **arrays)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    kept = sorted(path.parent.glob("*.npz"), key=lambda p: p.stat().st_mtime)
    for old in kept[:-KEEP]:
        old.unlink(missing_ok=True)
