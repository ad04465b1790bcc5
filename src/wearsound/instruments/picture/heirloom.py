"""What a sketch leaves to the next one of its file: copies, and whether they fit where they come to."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

import numpy as np

from wearsound.instruments.picture.canvas import Canvas


def by_value(things: Mapping[str, Any]) -> dict[str, Any]:
    """Each thing a copy of its own; what cannot be copied (a file, a thread) is handed on as it is."""
    kept = {}
    for name, value in things.items():
        try:
            kept[name] = copy.deepcopy(value)
        except Exception:
            kept[name] = value
    return kept


def fit(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Whether each of the new things has an old one of its kind and size."""
    return all(name in old and _alike(old[name], value) for name, value in new.items())


def _alike(old: Any, new: Any) -> bool:
    if isinstance(new, Canvas):
        return isinstance(old, Canvas) and old.surface.get_size() == new.surface.get_size()
    if isinstance(new, list | tuple):
        same = isinstance(old, type(new)) and len(old) == len(new)
        return same and all(_alike(a, b) for a, b in zip(old, new, strict=True))
    if np.ndim(new) or np.ndim(old):
        return bool(np.shape(old) == np.shape(new))
    number = int, float, np.number
    return isinstance(old, number) if isinstance(new, number) else isinstance(old, type(new))
