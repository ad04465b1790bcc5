"""The words of a garment file below a figure: pieces of cloth and what is sewn to them, with their bounds."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

Centimetre = Annotated[float, msgspec.Meta(ge=-250, le=250)]
Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
Width = Annotated[float, msgspec.Meta(ge=0.02, le=30)]
Name = Annotated[str, msgspec.Meta(pattern="^[a-z][a-z0-9_]{0,31}$")]
Line = Annotated[str, msgspec.Meta(max_length=200)]
Point = tuple[Centimetre, Centimetre]
Way = Annotated[tuple[Point, ...], msgspec.Meta(min_length=2, max_length=32)]
OutlinePoint = Annotated[tuple[Centimetre, ...], msgspec.Meta(min_length=2, max_length=3)]
Outline = Annotated[tuple[OutlinePoint, ...], msgspec.Meta(min_length=3, max_length=48)]
Lightness = Annotated[float, msgspec.Meta(ge=0, le=1)]
Chroma = Annotated[float, msgspec.Meta(ge=0, le=0.37)]
Hue = Annotated[float, msgspec.Meta(ge=0, le=360)]
OKLCH = tuple[Lightness, Chroma, Hue]


class Seam(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A seam: its path, rows of stitches at distances beside it, how it puckers and how deep it lies."""

    path: Way
    rows: Annotated[tuple[Centimetre, ...], msgspec.Meta(max_length=4)] = (-0.28, 0.28)
    pucker: Annotated[float, msgspec.Meta(ge=0, le=3)] = 1.0
    groove: Annotated[float, msgspec.Meta(ge=0, le=3)] = 1.0


class Fold(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A fold: a ridge along a path, steep on one side and soft on the other."""

    path: Way
    width: Width = 1.2
    depth: Annotated[float, msgspec.Meta(ge=-3, le=3)] = 0.3


class Fan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Folds that spread from a point of tension between two angles (degrees, 0 right, 90 down)."""

    at: Point
    angles: tuple[
        Annotated[float, msgspec.Meta(ge=-360, le=360)], Annotated[float, msgspec.Meta(ge=-360, le=360)]
    ]
    count: Annotated[int, msgspec.Meta(ge=1, le=16)] = 4
    length: Width = 9.0
    width: Width = 1.2
    depth: Annotated[float, msgspec.Meta(ge=-3, le=3)] = 0.3


class Inset(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Another zone inside a layer's cloth; `rough` makes its border creep, in centimetres."""

    zone: Name
    outline: Outline
    rough: Annotated[float, msgspec.Meta(ge=0, le=10)] = 0.0


class Filament(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A line of light sewn to a layer: its path, its pixels, the zone that plays it (the layer's own if not
    given), and its band.

    `low` swells from the first third, `mid` carries a pulse from end to end, `high` is small and pale.
    The first pixel is where the path begins. A filament with a mirror image has as many pixels again.
    """

    path: Way
    band: Literal["low", "mid", "high"] = "low"
    zone: Name | tuple[Name, Name] = ""
    name: Name = ""
    pixels: Annotated[int, msgspec.Meta(ge=1, le=4096)] = 12


class Layer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One piece of cloth (or of the form: with a `colour` and no zone), laid over the ones before it.

    `side`: `whole` gives the right half and is mirrored into one piece, `pair` is drawn twice, `one`
    as given. `zone` of a pair may be two names: the given side's, then the mirrored one's.
    """

    name: Name
    outline: Outline
    zone: Name | tuple[Name, Name] = ""
    colour: OKLCH | None = None
    side: Literal["whole", "pair", "one"] = "whole"
    on: Name = ""
    axis: Annotated[tuple[Point, ...], msgspec.Meta(max_length=16)] = ()
    round: Annotated[float, msgspec.Meta(ge=0, le=1.2)] = 0.9
    thick: Annotated[float, msgspec.Meta(ge=0, le=3)] = 0.12
    lift: Annotated[float, msgspec.Meta(ge=0, le=12)] = 0.0
    weave: Literal["twill", "plain", "wool", "none"] = "twill"
    wear: Share = 0.6
    softness: Annotated[float, msgspec.Meta(ge=0, le=4)] = 1.0
    fade: Annotated[tuple[Centimetre, ...], msgspec.Meta(max_length=2)] = ()
    edge_rows: Annotated[tuple[Centimetre, ...], msgspec.Meta(max_length=4)] = ()
    insets: Annotated[tuple[Inset, ...], msgspec.Meta(max_length=8)] = ()
    seams: Annotated[tuple[Seam, ...], msgspec.Meta(max_length=24)] = ()
    folds: Annotated[tuple[Fold, ...], msgspec.Meta(max_length=32)] = ()
    fans: Annotated[tuple[Fan, ...], msgspec.Meta(max_length=8)] = ()
    buttons: Annotated[tuple[Point, ...], msgspec.Meta(max_length=16)] = ()
    button: Annotated[float, msgspec.Meta(ge=0.2, le=4)] = 0.75
    button_colour: OKLCH = (0.50, 0.075, 56.0)
    filaments: Annotated[tuple[Filament, ...], msgspec.Meta(max_length=16)] = ()
