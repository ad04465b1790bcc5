"""Two compact tables of the same name: where they part, by how much, and how much of the tolerance that takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from wearsound.proof.table import NO_NUMBER, Table
from wearsound.proof.tolerance import LIMITS, Limit

AMOUNTS: Mapping[str, str] = {
    "light": "{steps} of 255",
    "vibration": "{by:.4f} of full strength",
    "sound": "{by:.2f} dB",
    "features": "{by:g}",
    "features.counted": "{by:g} more or fewer counted",
    "osc": "",
    "osc.numbers": "{by:g}",
}
"""How a difference is said, by table."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What parts two tables. `said` is empty where nothing does; `used` is above 1 where the limit is not kept.

    `at` is the second of the first difference; `changed` of `of` values differ.
    """

    said: str = ""
    used: float = 0.0
    at: float | None = None
    changed: int = 0
    of: int = 0


def compare(name: str, before: Table, after: Table, limit: Limit | None = None) -> Difference:
    """The difference of the tables `name`, held against `limit`, or what `tolerance.LIMITS` says of it."""
    limit = LIMITS[name] if limit is None else limit
    gone = [each for each in before.names if each not in after.names]
    new = [each for each in after.names if each not in before.names]
    if gone or new:
        said = f"{gone[0]} is not there any more" if gone else f"{new[0]} is new"
        more = len(gone) + len(new) - 1
        return Difference(said + (f", and {more} more like that" if more else ""), np.inf)
    if (before.names, before.widths, before.grid) != (after.names, after.widths, after.grid):
        return Difference("it is made of other parts, or in another order", np.inf)
    rows = min(len(before.values), len(after.values))
    apart = np.abs(after.values[:rows] - before.values[:rows])
    moved = np.flatnonzero(np.abs(after.times[:rows] - before.times[:rows]) > 1e-6)
    changed, of = int(np.count_nonzero(apart)), int(apart.size)
    found = _first(name, before, after, rows)
    if len(moved) and (found is None or before.times[moved[0]] < found[0]):
        at = float(before.times[moved[0]])
        return Difference(f"first at {at:.2f} s, which was another moment", np.inf, at, changed, of)
    if len(before.values) != len(after.values):
        longest = before if len(before.values) > rows else after
        end = float(longest.times[rows])
        words = "it ends there" if longest is before else "it ended there"
        found = found or (end, f"at {end:.2f} s {words}")
        return Difference(found[1], np.inf, found[0], changed, of)
    if found is None:
        return Difference(of=of)
    used = _share(float(apart.max()), limit.most) if limit.most else np.inf
    used = max(used, _share(changed / of, limit.share))
    return Difference(found[1], used, found[0], changed, of)


def _share(value: float, limit: float) -> float:
    return value / limit if limit else (np.inf if value else 0.0)


def _first(name: str, before: Table, after: Table, rows: int) -> tuple[float, str] | None:
    """When and how the two part first, and where they part most."""
    apart = np.abs(after.values[:rows] - before.values[:rows])
    differing = np.flatnonzero(apart.any(axis=1))
    if not len(differing):
        return None
    first, most = int(differing[0]), int(apart.max(axis=1).argmax())
    at, words = _words(name, before, after, first)
    said = f"first at {at:.2f} s, {words}"
    if AMOUNTS[name] and apart[most].max() > apart[first].max():  # a hash is not nearer or farther
        later, words = _words(name, before, after, most)
        said += f"; most at {later:.2f} s, {words}"
    return at, said


def _words(name: str, before: Table, after: Table, row: int) -> tuple[float, str]:
    """When a row is, whom it parts most, and by how much."""
    was, now = before.values[row], after.values[row]
    column = int(np.abs(now - was).argmax())
    number, steps = before.number_of(column), abs(int(now[column]) - int(was[column]))
    amount = AMOUNTS[name].format(steps=steps, by=steps * before.grid[number])
    if NO_NUMBER in (was[column], now[column]):
        amount = "no number any more" if was[column] != NO_NUMBER else "a number now"
    return float(before.times[row]), ", ".join(filter(None, (before.names[number], amount)))
