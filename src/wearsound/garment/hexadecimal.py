"""Colours as design programs write them, "#rrggbb", made into OKLCH before a garment is checked."""

from __future__ import annotations

import re
from typing import Any

KEYS = frozenset({"light", "cloth", "dye", "colour", "thread", "button_colour"})
"""The keys of a garment that take a colour."""

_HEX = re.compile(r"#([0-9a-fA-F]{2})([0-9a-fA-F]{2})([0-9a-fA-F]{2})")


def oklch_of(colour: str) -> list[float] | None:
    """OKLCH of "#rrggbb", rounded so that every machine reads the same; None if it is none.

    Finely: blue lies on the edge of sRGB, which is curved there, and a step outside would cost much of its chroma.
    """
    found = _HEX.fullmatch(colour)
    if found is None:
        return None
    from wearsound.garment.colour import (
        linear_to_oklch,
        srgb_to_linear,
    )  # NumPy, which the schema does without

    lightness, chroma, hue = linear_to_oklch(srgb_to_linear([int(part, 16) / 255 for part in found.groups()]))
    strength = round(float(chroma), 8)
    return [
        min(1.0, round(float(lightness), 8)),
        strength,
        round(float(hue), 6) if strength >= 0.0005 else 0.0,
    ]


def spelt_out(tree: Any) -> None:
    """Turn every hex colour of a garment's tables, at any depth, into OKLCH, in place."""
    if isinstance(tree, dict):
        for key, value in tree.items():
            if isinstance(value, str):
                tree[key] = (oklch_of(value) or value) if key in KEYS else value
            else:
                spelt_out(value)
    elif isinstance(tree, list):
        for value in tree:
            spelt_out(value)
