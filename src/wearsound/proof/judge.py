"""What a render was, and what it is when it is made again: a verdict a layer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from wearsound.core import F64
from wearsound.outputs.record.layer_files import FILES
from wearsound.outputs.record.report import differences
from wearsound.proof.compact import HASHED, compact
from wearsound.proof.compare import Difference, compare
from wearsound.proof.pictures import compare_pictures
from wearsound.proof.table import GOLDEN, NO_NUMBER, Table, read_tables
from wearsound.proof.tolerance import EXACT_FACTS, FACTS_LEAST, FACTS_SHARE, LIMITS
from wearsound.proof.verdict import Curve, Kind, Verdict

Facts = Mapping[str, Any]

APART = ("content", "versions")
POSTER = "poster"
"""Which picture is the most colourful: the last bit may choose another."""
UNKEPT = "the golden keeps it in another way: make it again"
NEVER = 99.0
"""The share of a tolerance where no tolerance would do."""
UNITS = {"light": "of 255", "sound": "dB"}


@dataclass(frozen=True, slots=True)
class Side:
    """What lies in `folder`: its facts, the names of its vibration's channels, and what it `holds` of its layers."""

    folder: Path
    facts: Facts
    actuators: Sequence[str]
    holds: Literal["layers", "golden", "hashes"] = "layers"

    @property
    def content(self) -> Mapping[str, str]:
        """The hash of each layer."""
        return dict(self.facts.get("content", {}))

    def tables(self, layers: Sequence[str]) -> dict[str, Table]:
        """The compact tables of some layers. MissingError or PatchError say what is gone or spoilt."""
        if self.holds == "hashes":
            return {}
        if self.holds == "golden":
            found = read_tables(self.folder / GOLDEN)
            return {name: table for name, table in found.items() if name.partition(".")[0] in layers}
        return compact(self.folder, self.facts, layers, self.actuators)


def judge(before: Side, after: Side, *, tolerant: bool) -> list[Verdict]:
    """A verdict on every layer of either, what comes of what first, then on the facts.

    `tolerant`: within tolerance is good enough.
    """
    there = {*before.content, *after.content}
    layers = [*(name for name in FILES if name in there), *sorted(there.difference(FILES))]
    parted = [name for name in layers if before.content.get(name) != after.content.get(name)]
    both = [name for name in parted if name in before.content and name in after.content]
    was = before.tables(both)
    now = after.tables(both) if was else {}
    verdicts = []
    for layer in layers:
        if layer not in parted:
            verdicts.append(Verdict(layer, "exact", "exact"))
        elif layer not in after.content:
            verdicts.append(Verdict(layer, "missing", "is missing: it was there, and is not any more"))
        elif layer not in before.content:
            verdicts.append(Verdict(layer, "differs", "is new: it was not there"))
        elif before.holds == "hashes":
            said = f"differs: its hash was {before.content[layer][:16]}, is {after.content[layer][:16]}"
            verdicts.append(Verdict(layer, "differs", said))
        elif layer == "picture":
            found = compare_pictures(before.folder, after.folder, some=before.holds == "golden")
            verdicts.append(_verdict(layer, [found], tolerant))
        else:
            names = sorted(name for name in {*was, *now} if name.partition(".")[0] == layer)
            kept = [_compared(name, was, now) for name in names]
            verdicts.append(_verdict(layer, kept or [Difference(UNKEPT, np.inf)], tolerant))
    return [*verdicts, _facts(before.facts, after.facts, tolerant)]


def _compared(name: str, was: Mapping[str, Table], now: Mapping[str, Table]) -> Difference:
    if name not in was or name not in now or name not in LIMITS:
        return Difference(UNKEPT, np.inf)
    return compare(name, was[name], now[name])


def _verdict(layer: str, found: Sequence[Difference], tolerant: bool) -> Verdict:
    """Of a layer whose hash differs: `found` says where, as far as the compact form goes."""
    worst = max(found, key=lambda each: each.used)
    used = float(worst.used) if np.isfinite(worst.used) else NEVER
    changed, of = sum(each.changed for each in found), sum(each.of for each in found)
    said = worst.said or "by less than is kept to say where"
    kind: Kind = "within" if tolerant and used <= 1 else "differs"
    if kind == "within":
        words = f"within tolerance, {used:.0%} of it used"
        return Verdict(layer, kind, f"{words}: {said}", used, worst.at, changed, of)
    more = f" ({changed} of {of} values)" if changed > 1 else ""
    return Verdict(layer, kind, f"differs: {said}{more}", used, worst.at, changed, of)


def _facts(before: Facts, after: Facts, tolerant: bool) -> Verdict:
    """Of everything else in the two reports but versions, which are told where something differs."""
    was, now = ({key: value for key, value in facts.items() if key not in APART} for facts in (before, after))
    lines = tuple(differences(was, now))
    if not lines:
        return Verdict("facts", "exact", "exact")
    used = max(_apart(was.get(key), now.get(key), key) for key in {*was, *now})
    if tolerant and used <= 1:
        return Verdict("facts", "within", f"within tolerance, {used:.0%} of it used: {lines[0]}", used)
    return Verdict("facts", "differs", f"differ: {lines[0]}", min(used, NEVER), lines=lines)


def _apart(was: Any, now: Any, key: str) -> float:
    """The share of the tolerance that two facts take; infinite where no tolerance helps."""
    if was == now or key == POSTER:
        return 0.0
    if isinstance(was, Mapping) and isinstance(now, Mapping) and was.keys() == now.keys():
        exact = key in EXACT_FACTS
        return max(_apart(was[each], now[each], key if exact and each != POSTER else each) for each in was)
    numbers = all(isinstance(each, int | float) and not isinstance(each, bool) for each in (was, now))
    if not numbers or key in EXACT_FACTS:
        return float(np.inf)
    allowed: float = max(FACTS_LEAST, FACTS_SHARE * abs(was))
    return float(abs(now - was)) / allowed


def curves(before: Side, after: Side) -> tuple[Curve, ...]:
    """Everything the two have in numbers over time, for a page."""
    layers = [name for name in before.content if name in after.content]
    was, now = before.tables(layers), after.tables(layers)
    return tuple(curve for name in was if name in now for curve in _curves(name, was[name], now[name]))


def _curves(name: str, was: Table, now: Table) -> Iterator[Curve]:
    times = was.times if len(was.times) >= len(now.times) else now.times
    for number, each in enumerate(was.names):
        if each in now.names and each != HASHED:
            both = (_mean(was, number, len(times)), _mean(now, now.names.index(each), len(times)))
            yield Curve(name.partition(".")[0], each, UNITS.get(name, ""), times, *both)


def _mean(table: Table, number: int, length: int) -> F64:
    """The mean of the columns of one name, NaN after its end."""
    ends = np.cumsum(table.widths)
    mine = table.values[:, ends[number] - table.widths[number] : ends[number]].astype(np.float64)
    mine[mine == NO_NUMBER] = np.nan
    held = np.full(length, np.nan)
    held[: len(mine)] = mine.mean(axis=1) * table.grid[number]
    return held
