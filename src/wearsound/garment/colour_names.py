"""Words for colours, as dyers, weavers and painters use them: the nearest in OKLab names a colour.

Lightness, chroma and hue are our own reading of each word, chosen so that near colours have near words; no colour
standard is meant.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from wearsound.core import F64
from wearsound.garment.colour import oklch_to_oklab

DYES: dict[str, tuple[float, float, float]] = {
    # dark cloth
    "iron black": (0.20, 0.005, 260), "soot": (0.25, 0.006, 60), "logwood": (0.27, 0.05, 320),
    "peat": (0.27, 0.03, 70), "deep": (0.24, 0.05, 266), "night blue": (0.28, 0.075, 268),
    "pine tar": (0.25, 0.03, 150), "bog oak": (0.30, 0.02, 45), "oxblood": (0.30, 0.09, 22),
    "black cherry": (0.27, 0.06, 0), "aubergine": (0.29, 0.06, 335), "fir": (0.31, 0.05, 155),
    "bottle": (0.33, 0.06, 170), "petrol": (0.33, 0.05, 215), "ink": (0.30, 0.05, 250),
    "slate": (0.34, 0.025, 245), "umber": (0.34, 0.05, 60), "burnt olive": (0.33, 0.05, 105),
    "ivy": (0.33, 0.065, 135), "blackthorn": (0.31, 0.07, 290), "graphite": (0.37, 0.006, 260),
    "walnut": (0.38, 0.045, 55), "sloe": (0.36, 0.07, 305), "oak gall": (0.36, 0.012, 90),
    # cloth
    "indigo": (0.40, 0.062, 262), "vat indigo": (0.42, 0.09, 262), "violet": (0.42, 0.10, 300),
    "orchil": (0.45, 0.12, 335), "mulberry": (0.42, 0.10, 355), "madder": (0.46, 0.12, 26),
    "brick": (0.47, 0.10, 35), "rust": (0.48, 0.11, 45), "cutch": (0.45, 0.075, 58),
    "bronze": (0.48, 0.08, 80), "olive": (0.48, 0.08, 110), "moss": (0.48, 0.075, 125),
    "nettle": (0.47, 0.09, 142), "verdigris": (0.50, 0.085, 172), "lagoon": (0.48, 0.075, 200),
    "woad": (0.50, 0.06, 235), "gentian": (0.45, 0.12, 275), "alkanet": (0.48, 0.09, 312),
    "heather": (0.52, 0.075, 325), "cochineal": (0.50, 0.13, 8), "pewter": (0.50, 0.010, 245),
    "lead": (0.45, 0.02, 260), "taupe": (0.50, 0.025, 55), "loden": (0.43, 0.04, 140),
    "persimmon": (0.56, 0.13, 42), "terracotta": (0.57, 0.11, 36), "saddle": (0.56, 0.09, 62),
    "brass": (0.60, 0.095, 88), "reseda": (0.58, 0.07, 118), "fern": (0.57, 0.11, 140),
    "jade": (0.58, 0.09, 165), "teal": (0.56, 0.08, 195), "smalt": (0.55, 0.10, 255),
    "cornflower": (0.58, 0.11, 268), "iris": (0.57, 0.11, 292), "mallow": (0.58, 0.11, 330),
    "rose madder": (0.58, 0.13, 12), "felt": (0.58, 0.012, 80), "storm": (0.57, 0.03, 250),
    "clay": (0.60, 0.05, 50), "sage": (0.62, 0.04, 140), "lavender grey": (0.62, 0.035, 300),
    "dusty rose": (0.63, 0.06, 10), "tarragon": (0.63, 0.055, 120),
    # between cloth and light
    "flax": (0.70, 0.05, 85), "ecru": (0.70, 0.022, 82), "ochre": (0.69, 0.11, 78),
    "amber": (0.72, 0.14, 68), "coral": (0.70, 0.15, 35), "ember": (0.74, 0.16, 52),
    "rowan": (0.66, 0.16, 33), "peony": (0.68, 0.13, 5), "orchid": (0.68, 0.12, 335),
    "lilac": (0.70, 0.10, 300), "periwinkle": (0.69, 0.10, 278), "dusk blue": (0.72, 0.09, 262),
    "harebell": (0.70, 0.09, 248), "kingfisher": (0.69, 0.10, 220), "glacier": (0.72, 0.075, 208),
    "seaglass": (0.72, 0.09, 185), "celadon": (0.78, 0.10, 172), "absinthe": (0.74, 0.11, 128),
    "lime bark": (0.72, 0.10, 112), "mint": (0.76, 0.09, 155), "dove": (0.70, 0.010, 260),
    "pebble": (0.66, 0.012, 70), "mist": (0.74, 0.02, 230), "lichen": (0.76, 0.05, 130),
    # light
    "weld": (0.80, 0.11, 82), "apricot": (0.78, 0.12, 62), "salmon": (0.76, 0.11, 38),
    "shell pink": (0.80, 0.075, 15), "saffron": (0.80, 0.14, 75), "broom": (0.82, 0.12, 98),
    "catkin": (0.82, 0.085, 115), "willow": (0.80, 0.08, 140), "opal": (0.82, 0.06, 185),
    "ice": (0.80, 0.075, 235), "sky": (0.80, 0.07, 220), "moonlight": (0.80, 0.05, 260),
    "wisteria": (0.79, 0.075, 290), "sweet pea": (0.79, 0.08, 330), "tow": (0.80, 0.04, 90),
    "ash": (0.80, 0.012, 110), "aquamarine": (0.81, 0.075, 200), "hyacinth": (0.77, 0.085, 275),
    "straw": (0.84, 0.075, 95), "peach": (0.83, 0.08, 55),
    # pale
    "lamp": (0.86, 0.06, 85), "undyed": (0.90, 0.03, 95), "bone": (0.88, 0.025, 85),
    "birch": (0.89, 0.03, 115), "shell": (0.89, 0.025, 45), "cloud": (0.88, 0.015, 240),
    "frost": (0.88, 0.03, 220), "chalk": (0.90, 0.008, 110), "pearl": (0.87, 0.012, 60),
    "silver": (0.84, 0.008, 250), "linen": (0.86, 0.035, 80), "milk": (0.90, 0.018, 75),
    "first light": (0.87, 0.04, 60), "bleached sky": (0.86, 0.035, 235), "whey": (0.88, 0.035, 110),
    "rime": (0.86, 0.02, 190),
}  # fmt: skip
"""Name: OKLCH lightness, chroma, hue in degrees."""


def named(colours: Iterable[F64]) -> list[str]:
    """A word for each OKLab colour, the nearest; no word twice: who comes first has it. At most len(DYES) colours."""
    words = list(DYES)
    places = oklch_to_oklab(np.array(list(DYES.values())))
    taken = np.zeros(len(words), dtype=bool)
    names = []
    for colour in colours:
        away = places - colour
        far = away[:, 0] * away[:, 0] + away[:, 1] * away[:, 1] + away[:, 2] * away[:, 2]
        nearest = int(np.argmin(np.where(taken, np.inf, far)))
        taken[nearest] = True
        names.append(words[nearest])
    return names
