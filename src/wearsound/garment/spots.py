"""Where what is sewn in sits, and what skin will make of it: off its zone, too near to another, on the windpipe."""

from __future__ import annotations

import math

import numpy as np

from wearsound.garment.shape import seen
from wearsound.garment.structure import Actuator, GarmentFile, Sensor, View, shown_on
from wearsound.toml_file.words import Complaints, shown

APART, APART_ON_A_HAND = 4.0, 1.0
"""cm below which two places feel like one, on a body and on a hand (engineering practice, nearer on a finger)."""
BESIDE = 1.0
"""cm that a place may lie off its zone: the drawn outline is curved."""
MOST = 8
"""Sentences of one sort; the rest are counted."""
HANDS = frozenset({"cuff", "wrist", "glove", "hand", "palm", "finger", "thumb"})
NECKS = frozenset({"neck", "throat", "collar", "choker", "tie"})
WINDPIPE = 4.0
"""cm to either side of the middle of the neck's front, above its pit."""


def badly_placed(document: GarmentFile) -> Complaints:
    """Advice about places, by key; few of each sort. [any thread]"""
    return [
        *few(_on_the_windpipe(document), "sit on the front of the neck"),
        *few(_near(document), "sit as near to another"),
        *few(_off(document), "are sewn in beside their zones"),
        *_nowhere(document),
    ]


def few(found: Complaints, what: str) -> Complaints:
    """The first of one sort, and how many more there are."""
    if len(found) <= MOST:
        return found
    return [*found[:MOST], (found[MOST][0], f"and {len(found) - MOST} more {what}")]


def _near(document: GarmentFile) -> Complaints:
    """Those that skin takes for another on their figure; what has no `at` sits nobody knows where."""
    found: Complaints = []
    placed = [
        (i, actuator, actuator.at, _figure(document, actuator))
        for i, actuator in enumerate(document.actuator)
        if actuator.at is not None
    ]
    hands = {zone.name for zone in document.zone if _words(document, zone.name) & HANDS}
    for n, (i, other, at, figure) in enumerate(placed):
        near = []
        for _, one, there, behind in placed[:n]:
            least = APART_ON_A_HAND if one.zone in hands or other.zone in hands else APART
            if behind == figure and (apart := math.dist(there, at)) < least:
                near.append((apart, least, one.name))
        if near:
            apart, least, name = min(near)
            more = f" and near {len(near) - 1} more" if len(near) > 1 else ""
            what = (
                f"actuator {shown(other.name)} sits {apart:.1f} cm from {shown(name)}{more}, and skin there tells "
                f"places apart from {least:g} cm on; move one, or sew one stronger"
            )
            found.append((("actuator", i, "at"), what))
    return found


def _off(document: GarmentFile) -> Complaints:
    """What is sewn in beside its zone, on the figure where `at` is meant."""
    found: Complaints = []
    names = [zone.name for zone in document.zone]
    drawn = {}
    parts: dict[str, tuple[Actuator | Sensor, ...]] = {
        "actuator": document.actuator,
        "sensor": document.sensor,
    }
    for kind, several in parts.items():
        for i, part in enumerate(several):
            figure = _figure(document, part)
            if part.at is None or figure is None:
                continue
            if figure not in drawn:
                drawn[figure] = seen(document.figure[figure], names)
            cells, low, step = drawn[figure]
            row, column = np.nonzero(cells == names.index(part.zone))
            if not len(row):
                continue
            # From the cell's nearest edge: a cell is up to a centimetre wide.
            gap = np.abs(low + (np.stack([column, row], axis=-1) + 0.5) * step - part.at) - 0.5 * step
            apart = float(np.sqrt((np.maximum(gap, 0.0) ** 2).sum(axis=-1)).min())
            if apart > BESIDE:
                what = (
                    f"{kind} {shown(part.name)} sits {apart:.0f} cm off {shown(part.zone)} on figure "
                    f"{shown(document.figure[figure].name)}; move it (cm from the pit of the neck, x to the viewer's "
                    f"right, y down), or name the zone that is there"
                )
                found.append(((kind, i, "at"), what))
    return found


def _nowhere(document: GarmentFile) -> Complaints:
    """Actuators without `at`, where there are several: one sentence for all."""
    without = [(i, actuator.name) for i, actuator in enumerate(document.actuator) if actuator.at is None]
    if not without or len(document.actuator) < 2:
        return []
    names = ", ".join(shown(name) for _, name in without[:MOST])
    more = f" and {len(without) - MOST} more" if len(without) > MOST else ""
    plural = len(without) > 1
    what = (
        f"actuator{'s' * plural} {names}{more} {'have' if plural else 'has'} no at, so "
        f"{'each is' if plural else 'it is'} taken to sit in the middle of its zone, and patterns go by that; "
        "say where with at = [x, y], in cm from the pit of the neck"
    )
    return [(("actuator", without[0][0], "name"), what)]


def _on_the_windpipe(document: GarmentFile) -> Complaints:
    found: Complaints = []
    for i, actuator in enumerate(document.actuator):
        if _presses(document, actuator):
            what = (
                f"actuator {shown(actuator.name)} sits on the front of the neck, where nothing should shake or press; "
                "move it to the nape or to a collar bone"
            )
            found.append((("actuator", i, "at" if actuator.at else "zone"), what))
    return found


def _presses(document: GarmentFile, actuator: Actuator) -> bool:
    """Where it can be known: on a figure seen from the front, in a zone of the neck, above its pit, in the middle."""
    figure, words = _figure(document, actuator), _words(document, actuator.zone)
    if figure is None or document.figure[figure].view != "front" or not words & NECKS:
        return False
    if actuator.at is None:
        return bool(words & {"throat", "choker"})
    x, y = actuator.at
    return abs(x) < WINDPIPE and y < 0


def _figure(document: GarmentFile, part: Actuator | Sensor) -> int | None:
    view: View | None = part.view if isinstance(part, Actuator) else None
    return shown_on(document.figure, part.zone, view)


def _words(document: GarmentFile, name: str) -> set[str]:
    """What a zone is called: its name, that name without its side, its roles."""
    zone = next(zone for zone in document.zone if zone.name == name)
    return {name, name.removesuffix("_l").removesuffix("_r"), *zone.roles}
