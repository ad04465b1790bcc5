"""What types cannot say of a garment: names are single, what is named exists, light lies on its cloth."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from wearsound.core import F64
from wearsound.gallery import suggest
from wearsound.garment.images import Image, images
from wearsound.garment.motor_faults import odd, unable
from wearsound.garment.shape import off, rings, sampled, zones_at
from wearsound.garment.structure import MAX_FILAMENTS, MAX_PIXELS, Figure, GarmentFile
from wearsound.garment.work import HANGS, MOST, hangs, work
from wearsound.toml_file.lines import KeyPath
from wearsound.toml_file.words import Complaints, shown

SKETCH = "sketch"
"""In a patch "sketch.x" is a parameter of the sketch: no zone is called so."""

DENSEST = 210.0
"""Pixels a metre: the densest usual strips have 200, and a path is drawn a little straighter than it is sewn."""

NO_LENGTH = 0.05
"""cm."""

BESIDE = 1.0
"""cm that a filament may lie beside the straight outline of its layer: the drawn one is curved."""


LEAST_MA = 1.0
"""mA of a channel at full below which the current guard would be told a tale."""


def no_numbers(value: Any, key: KeyPath = ()) -> Iterator[tuple[KeyPath, str]]:
    """A complaint for every number that is none (nan, inf): no limit finds them."""
    if isinstance(value, float) and not math.isfinite(value):
        named = next((part for part in reversed(key) if isinstance(part, str)), "a number")
        yield key, f"{named} has {value}, which is not a length or colour; give a finite number"
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from no_numbers(inner, (*key, name))
    elif isinstance(value, list):
        for i, inner in enumerate(value):
            yield from no_numbers(inner, (*key, i))


def faults(document: GarmentFile) -> Complaints:
    """Everything that keeps a garment from being worn, with the key each complaint is about."""
    found: Complaints = []
    for kind in ("zone", "figure"):
        if not getattr(document, kind):
            found.append(((), f"there is no {kind}; a garment needs at least one [[{kind}]]"))
    zones = [zone.name for zone in document.zone]
    if twice := _single(
        zones, "zone"
    ):  # which of the two is meant, and what the other one is called, decides the rest
        return [*found, *twice]
    for kind in ("figure", "strand", "actuator", "sensor"):
        found += _single([part.name for part in getattr(document, kind)], kind)
    for i, zone in enumerate(document.zone):
        for role in zone.roles:
            if role in zones and role != zone.name:
                what = f"roles has {shown(role)}, which is a zone's name already; call the role otherwise"
                found.append((("zone", i, "roles"), what))
        if SKETCH in (zone.name, *zone.roles):
            what = f"{shown(SKETCH)} is what patches call the sketch's parameters; call it otherwise"
            found.append((("zone", i, "name" if zone.name == SKETCH else "roles"), what))
    for kind in ("actuator", "sensor"):
        for i, part in enumerate(getattr(document, kind)):
            found += _known(part.zone, zones, "one", (kind, i, "zone"))
    found += unable(document)
    for f, figure in enumerate(document.figure):
        found += _figure(("figure", f), figure, zones)
    return found or _heavy(document) or _light(document)


def _heavy(document: GarmentFile) -> Complaints:
    """Whether drawing it would stall the picture: the layer with which it becomes too much."""
    drawn = hung = 0.0
    for f, figure in enumerate(document.figure):
        for n, layer in enumerate(figure.layer):
            drawn += work(figure, layer)
            hung += hangs(figure, layer)
            key: KeyPath = ("figure", f, "layer", n)
            if drawn > MOST:
                what = (
                    f"with layer {shown(layer.name)} the garment is too much work to draw; give it fewer or smaller "
                    "layers, folds, seams and rough insets, or a smaller scale"
                )
                return [(key, what)]
            if hung > HANGS:
                what = (
                    f"with layer {shown(layer.name)} more hangs than can be moved in time; let fewer or smaller "
                    "layers hang"
                )
                return [(key, what)]
    return []


def _figure(key: KeyPath, figure: Figure, zones: Sequence[str]) -> Complaints:
    found: Complaints = []
    if not figure.layer:
        found.append(
            (key, f"figure {shown(figure.name)} has no cloth; it needs at least one [[figure.layer]]")
        )
    below: list[str] = []
    for n, layer in enumerate(figure.layer):
        here: KeyPath = (*key, "layer", n)
        if layer.name in below:
            what = f"layer {shown(layer.name)} is there twice in figure {shown(figure.name)}; each has its own name"
            found.append(((*here, "name"), what))
        if bool(layer.zone) == (layer.colour is not None):
            what = f"layer {shown(layer.name)} has {'both' if layer.zone else 'neither'}; give it a zone or a colour"
            found.append((here, what))
        found += _known(layer.zone, zones, layer.side, (*here, "zone"))
        if layer.on and layer.on not in below:
            what = f"on is {shown(layer.on)}; no such layer lies below{suggest(layer.on, below)}"
            found.append(((*here, "on"), what))
        for ends in ("axis", "fade"):
            if len(getattr(layer, ends)) == 1:
                found.append(((*here, ends), f"{ends} has one end; give two, or leave it out"))
        for i, inset in enumerate(layer.insets):
            found += _known(inset.zone, zones, "one", (*here, "insets", i, "zone"))
        for i, filament in enumerate(layer.filaments):
            at: KeyPath = (*here, "filaments", i)
            found += _known(filament.zone, zones, layer.side, (*at, "zone"))
            if not filament.zone and not layer.zone:
                found.append(
                    (at, f'no zone plays filament {i + 1} of layer {shown(layer.name)}; give zone = "name"')
                )
        below.append(layer.name)
    return found


def _light(document: GarmentFile) -> Complaints:
    """Filaments and the wires through them, once all names are good."""
    names: dict[str, KeyPath] = {}
    found: Complaints = []
    pixels = 0
    for image in images(document.figure):
        pixels += image.filament.pixels
        if names.setdefault(image.name, image.key) != image.key:
            what = f"a second filament called {shown(image.name)}; give it a name of its own"
            found.append((image.key, what))
    if len(names) > MAX_FILAMENTS:
        what = f"{len(names)} filaments with their mirror images; at most {MAX_FILAMENTS} fit: join some"
        return [(names[list(names)[MAX_FILAMENTS]], what)]
    if pixels > MAX_PIXELS:
        what = f"{pixels} pixels in all filaments; at most {MAX_PIXELS} fit: give them fewer"
        return [(next(iter(names.values())), what)]
    for image in images(document.figure):
        layer = image.layer
        ring = next(ring for side, ring in rings(layer) if side == (image.mirror and layer.side == "pair"))
        if float(off(ring, sampled(image.filament.path, image.mirror)).min()) > BESIDE:
            what = f"the filament never touches its layer {shown(layer.name)}; move its path onto the outline"
            found.append(((*image.key, "path"), what))
    return found + _wires(document, names)


def _wires(document: GarmentFile, names: Mapping[str, KeyPath]) -> Complaints:
    found: Complaints = []
    used: dict[str, str] = {}
    for s, strand in enumerate(document.strand):
        key: KeyPath = ("strand", s, "filaments")
        mine = [entry.removeprefix("-") for entry in strand.filaments]
        for name in mine:
            if name not in names:
                found.append((key, f"no filament {shown(name)}{suggest(name, names)}"))
            elif name in used:
                what = (
                    f"filament {shown(name)} is on strand {shown(used[name])} already; a wire passes it once"
                )
                found.append((key, what))
            used[name] = strand.name
        if strand.name in names and mine != [strand.name]:
            what = f"{shown(strand.name)} is a filament's name; call the strand otherwise"
            found.append((("strand", s, "name"), what))
    return found


def advice(document: GarmentFile, seen: F64) -> Complaints:
    """What is no fault but will surprise somebody; `seen` is how much of each zone is drawn, dm2 (n_zones,)."""
    found: Complaints = []
    for i, zone in enumerate(document.zone):
        if seen[i] == 0:
            what = f"zone {shown(zone.name)} is seen on no figure; draw it as a layer or an inset"
            found.append((("zone", i, "name"), what))
        if zone.times is not None and zone.fabric in ("plain", "screen"):
            what = f"{zone.fabric} cloth does not change, so times does nothing; leave it out, or give a slow fabric"
            found.append((("zone", i, "times"), what))
    for i, strand in enumerate(document.strand):
        if strand.ma < LEAST_MA:
            what = (
                f"ma is {strand.ma:g}, and no LED draws so little, so battery and supplies are kept from nothing; give "
                "what one channel of one pixel draws at full, as its data sheet says"
            )
            found.append((("strand", i, "ma"), what))
    found += odd(document)
    told: set[KeyPath] = set()
    for image in images(document.figure):
        if dense := _dense(image):
            found += [] if image.mirror else [((*image.key, "path"), dense)]
        under = zones_at(image.layer, image.mirror, sampled(image.filament.path, image.mirror))
        if under.count(image.zone) * 2 < len(under) and any(under) and image.key not in told:
            player, most = shown(image.zone), shown(max(dict.fromkeys(under), key=under.count))
            what = f"zone {player} plays a filament on {most}; move it, or let {most} play it"
            found.append((image.key, what))
            told.add(image.key)
    return found


def _dense(image: Image) -> str:
    """What is said of a filament whose pixels no strip has so near to one another, else ""."""
    points = sampled(image.filament.path, False)
    length = sum(math.dist(a, b) for a, b in pairwise(points.tolist()))
    if length < NO_LENGTH:
        name = shown(image.name)
        return (
            f"the path of filament {name} has no length: all its light sits on one spot; give it two places"
        )
    metre = image.filament.pixels * 100.0 / length
    if metre > DENSEST:
        return (
            f"filament {shown(image.name)} has {image.filament.pixels} pixels on {length:.0f} cm, {metre:.0f} a metre, "
            "and strips have at most about 200; give it fewer, or a longer path"
        )
    return ""


def _single(names: list[str], kind: str) -> Complaints:
    return [
        ((kind, i, "name"), f"a second {kind} called {shown(name)}; give it a name of its own")
        for i, name in enumerate(names)
        if name in names[:i]
    ]


def _known(zone: str | tuple[str, str], zones: Sequence[str], side: str, key: KeyPath) -> Complaints:
    if isinstance(zone, tuple) and side == "one":
        return [(key, "two zones need a mirrored layer; this one is drawn as given: name one")]
    names = (zone,) if isinstance(zone, str) else zone
    return [
        (key, f"no zone {shown(name)}{suggest(name, zones)}") for name in names if name and name not in zones
    ]
