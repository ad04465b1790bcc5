"""The words of a garment file below a figure: pieces of cloth and what is sewn to them, with their bounds."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from wearsound.toml_file.bounds import Word

Centimetre = Annotated[float, msgspec.Meta(ge=-250, le=250)]
Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
Width = Annotated[float, msgspec.Meta(ge=0.02, le=30)]
Name = Word
Point = tuple[Centimetre, Centimetre]
Way = Annotated[tuple[Point, ...], msgspec.Meta(min_length=2, max_length=32)]
OutlinePoint = Annotated[tuple[Centimetre, ...], msgspec.Meta(min_length=2, max_length=3)]
Outline = Annotated[tuple[OutlinePoint, ...], msgspec.Meta(min_length=3, max_length=48)]
Lightness = Annotated[float, msgspec.Meta(ge=0, le=1)]
Chroma = Annotated[float, msgspec.Meta(ge=0, le=0.37)]
Hue = Annotated[float, msgspec.Meta(ge=0, le=360)]
OKLCH = tuple[Lightness, Chroma, Hue]
Band = Literal["low", "mid", "high"]
Side = Literal["whole", "pair", "one"]
Weave = Literal["twill", "plain", "wool", "none"]


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

    `band` is how its light runs (`instruments.along`): `low` stands still and is brightest at .15 of its length, `mid`
    carries a pulse from end to end, `high` shivers; `high` is also drawn finer.
    The first pixel is where the path begins. A filament with a mirror image has as many pixels again.
    `width` is how wide its light is, cm.
    """

    path: Way
    band: Band = "low"
    zone: Name | tuple[Name, Name] = ""
    name: Name = ""
    pixels: Annotated[int, msgspec.Meta(ge=1, le=4096)] = 12
    width: Annotated[float, msgspec.Meta(ge=0.05, le=1)] = 0.25


class Hang(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How cloth hangs: still at `top`, freest at `bottom` (heights in cm), and how far it answers the music.

    `swing` is how far its free edge swings to a side, cm; `flare` how much wider it gets there, as a share;
    `middle` the x it widens from (not given: its own middle).
    """

    top: Centimetre
    bottom: Centimetre
    swing: Annotated[float, msgspec.Meta(ge=0, le=4)] = 1.0
    flare: Annotated[float, msgspec.Meta(ge=0, le=0.2)] = 0.05
    middle: Centimetre | None = None

    def __post_init__(self) -> None:
        if self.bottom - self.top < 0.5:
            raise ValueError("cloth hangs from its top down to its bottom; give a larger bottom")


class Layer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One piece of cloth (or of the form: with a `colour` and no zone), laid over the ones before it.

    `side`: `whole` gives the right half and is mirrored into one piece, `pair` is drawn twice, `one`
    as given. `zone` of a pair may be two names: the given side's, then the mirrored one's. What lies `on` a
    layer that hangs, hangs with it.
    """

    name: Name
    outline: Outline
    zone: Name | tuple[Name, Name] = ""
    colour: OKLCH | None = None
    side: Side = "whole"
    on: Name = ""
    axis: Annotated[tuple[Point, ...], msgspec.Meta(max_length=16)] = ()
    round: Annotated[float, msgspec.Meta(ge=0, le=1.2)] = 0.9
    thick: Annotated[float, msgspec.Meta(ge=0, le=3)] = 0.12
    lift: Annotated[float, msgspec.Meta(ge=0, le=12)] = 0.0
    weave: Weave = "twill"
    wear: Share = 0.6
    softness: Annotated[float, msgspec.Meta(ge=0, le=4)] = 1.0
    fade: Annotated[tuple[Centimetre, ...], msgspec.Meta(max_length=2)] = ()
    edge_rows: Annotated[tuple[Centimetre, ...], msgspec.Meta(max_length=4)] = ()
    thread: OKLCH = (0.66, 0.099, 65.3)
    insets: Annotated[tuple[Inset, ...], msgspec.Meta(max_length=8)] = ()
    seams: Annotated[tuple[Seam, ...], msgspec.Meta(max_length=24)] = ()
    folds: Annotated[tuple[Fold, ...], msgspec.Meta(max_length=32)] = ()
    fans: Annotated[tuple[Fan, ...], msgspec.Meta(max_length=8)] = ()
    buttons: Annotated[tuple[Point, ...], msgspec.Meta(max_length=16)] = ()
    button: Annotated[float, msgspec.Meta(ge=0.2, le=4)] = 0.75
    button_colour: OKLCH = (0.50, 0.075, 56.0)
    filaments: Annotated[tuple[Filament, ...], msgspec.Meta(max_length=16)] = ()
    hang: Hang | None = None


def central(path: Way) -> bool:
    """Whether a path runs down the middle, so that it has no mirror image."""
    return all(abs(point[0]) < 0.3 for point in path)


def sides(layer: Layer, filament: Filament) -> tuple[bool, ...]:
    """Which images of a filament there are: as given (False), mirrored (True), or both."""
    if layer.side == "one" or (layer.side == "whole" and central(filament.path)):
        return (False,)
    return (False, True)


def zone_of(zone: str | tuple[str, str], mirror: bool) -> str:
    """The zone of one image of a piece, of one name for both or a name for each."""
    return zone if isinstance(zone, str) else zone[mirror]


def filament_name(figure: str, view: str, layer: Layer, number: int, mirror: bool) -> str:
    """What one image of a layer's filament is called: its own name, or figure and layer; two images end in _l, _r.

    The given half is the viewer's right: from the front that is the wearer's left.
    """
    filament = layer.filaments[number]
    name = filament.name or f"{figure}_{layer.name}{number + 1 if len(layer.filaments) > 1 else ''}"
    if len(sides(layer, filament)) == 1:
        return name
    return name + ("_l" if mirror == (view == "back") else "_r")
