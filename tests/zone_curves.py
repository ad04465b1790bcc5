"""How alike patches move: the light of every zone over the demo track, correlated. Also a program:

`.venv/bin/python tests/zone_curves.py [RECORDING ...]` prints the tables, of the demo track unless told another.

A zone's curve is the relative luminance of what its wires get (light.npz, mean over its pixels, 60 a second).
For two patches three figures, each the largest |r| (Pearson):

- whole: of the two garments' mean curves, zones weighted by their area;
- place: of all places that both garments have, a place being a zone's name or a role;
- any:   of any zone of the one with any zone of the other, wherever they are.

A zone that is never lit, or never changes, has no curve. No figure of two patches may pass 0.8 in `whole` and
`place`, nor, stricter, in `any`, on the demo track.
"""

from __future__ import annotations

import itertools
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from msgspec import structs

from wearsound import gallery
from wearsound.core import F64
from wearsound.garment.sewn import sewn
from wearsound.mapping.structure import Route
from wearsound.mapping.target import FEEL, SOUND, VOICE
from wearsound.outputs.record.light import LightTape
from wearsound.show.build import build
from wearsound.show.load import Show, load
from wearsound.show.source import name_lanes, open_recording

LIMIT = 0.8
STILL = 1e-4
"""A curve whose luminance moves less than this (standard deviation; 1 is full white) is none."""


@dataclass(frozen=True)
class Curves:
    """One patch on its own garment: curves (n_frames,) by zone, by place, and of the whole."""

    zones: dict[str, F64]
    places: dict[str, F64]
    whole: F64
    flashes: float


def curves(name: str, folder: Path, recording: str = "demo", seconds: float | None = None) -> Curves:
    """Play a gallery patch's light, and nothing else of it, to a recording or its beginning; read what it did."""
    show = light_alone(load(name))
    source = name_lanes(open_recording(recording, seconds=seconds), None)
    # Ears take half of the time: only the room's, which light and cloth always follow, and those the patch asks for.
    named = {"room", show.patch.lane, *show.patch.lanes()}
    lanes = {lane: channels for lane, channels in source.lanes.items() if lane in named}
    built = build(show, lanes, source.sample_rate, strict=True)
    pixels = dict(zip(show.garment.zone_names, built.body.of_zone, strict=True))
    tape = LightTape(folder / f"{name}.npz", pixels, [zone.area for zone in show.garment.zones])
    built.engine.outputs.append(tape)
    built.engine.run(source)
    with np.load(folder / f"{name}.npz") as light:
        lit = {zone: luminance(light[zone]) for zone in pixels}
    body = sewn(show.garment)
    areas = {
        zone.name: float(body.area[mine].sum())
        for zone, mine in zip(show.garment.zones, body.of_zone, strict=True)
    }
    places: dict[str, list[str]] = {zone: [zone] for zone in lit}
    for role, members in show.garment.roles.items():
        places.setdefault(role, []).extend(zone for zone in members if zone not in places.get(role, ()))
    return Curves(
        moving(lit),
        moving({place: mean(lit, areas, members) for place, members in places.items()}),
        mean(lit, areas, list(lit)),
        float(tape.facts()["flashes"]["worst"]),
    )


def light_alone(show: Show) -> Show:
    """The same show without what is heard and felt of it, which takes as long again and moves no light."""
    patch = show.patch
    silent = structs.replace(
        patch,
        soundscape=None,
        voices=(),
        feels=(),
        routes=tuple(route for route in patch.routes if seen(route)),
        scenes=tuple(
            structs.replace(scene, routes=tuple(route for route in scene.routes if seen(route)))
            for scene in patch.scenes
        ),
    )
    return replace(show, patch=silent, garment=replace(show.garment, actuators=()))


def seen(route: Route) -> bool:
    return route.to.partition(".")[0] not in (SOUND, VOICE, FEEL)


def luminance(pixels: np.ndarray) -> F64:
    """Mean relative luminance of uint8 (n, n_pixels, 3) with gamma 2.2."""
    linear = (np.arange(256) / 255.0) ** 2.2
    weights = np.array([0.2126, 0.7152, 0.0722])
    return (linear[pixels] * weights).sum(axis=-1).mean(axis=-1)


def mean(lit: dict[str, F64], areas: dict[str, float], zones: list[str]) -> F64:
    return sum(lit[zone] * areas[zone] for zone in zones) / sum(areas[zone] for zone in zones)


def moving(lit: dict[str, F64]) -> dict[str, F64]:
    return {name: curve for name, curve in lit.items() if curve.std() >= STILL}


def alike(a: F64, b: F64) -> float:
    if a.std() < STILL or b.std() < STILL:
        return 0.0
    return abs(float(np.corrcoef(a, b)[0, 1]))


@dataclass(frozen=True)
class Likeness:
    whole: float
    place: float
    where: str
    any: float
    which: str


def likeness(a: Curves, b: Curves) -> Likeness:
    same = {place: alike(a.places[place], b.places[place]) for place in a.places.keys() & b.places.keys()}
    where = max(same, key=lambda place: (same[place], place), default="")
    pairs = {f"{x}~{y}": alike(a.zones[x], b.zones[y]) for x in a.zones for y in b.zones}
    which = max(pairs, key=lambda pair: (pairs[pair], pair), default="")
    return Likeness(alike(a.whole, b.whole), same.get(where, 0.0), where, pairs.get(which, 0.0), which)


def all_curves(folder: Path, names: Iterable[str], recording: str = "demo") -> dict[str, Curves]:
    """Those of each gallery patch of these names."""
    return {name: curves(name, folder, recording) for name in names}


def main() -> None:
    for recording in sys.argv[1:] or ["demo"]:
        with tempfile.TemporaryDirectory() as there:
            table(recording, all_curves(Path(there), gallery.files("patch"), recording))


def table(recording: str, found: dict[str, Curves]) -> None:
    print(f"{recording}\n\npatch: flashes/s, zones that move")
    for name, curve in found.items():
        print(f"  {name:<14} {curve.flashes:g}  {' '.join(curve.zones)}")
    print(f"\n{'pair':<28} whole place           any")
    for a, b in itertools.combinations(found, 2):
        like = likeness(found[a], found[b])
        mark = " <-" if max(like.whole, like.place, like.any) > LIMIT else ""
        print(
            f"{a + ' / ' + b:<28} {like.whole:.2f}  {like.place:.2f} {like.where:<10} {like.any:.2f} {like.which}{mark}"
        )


if __name__ == "__main__":
    main()
