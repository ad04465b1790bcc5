"""What `check` found: a verdict a layer, a result a folder. Pages, JUnit and the command line only read them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from wearsound.core import F64

Kind = Literal["exact", "within", "differs", "missing", "bad"]
"""To the bit; within tolerance; not the same; not there to compare; a file that cannot be read or played."""
What = Literal["golden", "render", "take", "nothing"]


@dataclass(frozen=True, slots=True)
class Curve:
    """One number over time, as it was and as it is: `before` and `after` at `times` (seconds), NaN for none."""

    layer: str
    name: str
    unit: str
    times: F64
    before: F64
    after: F64


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one layer.

    `layer` is a layer of the report's content (`features`, `osc`, `light`, `vibration`, `sound`, `picture`), or
    `facts`, `files` (of the show, and of the render itself), `expect`, `versions` where something else differs, too, or
    `show` where nothing could be played. `said` is the whole sentence; `used` the share of the tolerance that was
    needed, 0..1, above 1 where it was too little; `at` the second of the first difference; `changed` of `of` compared
    values differ; `lines` the single differences, where there are several.
    """

    layer: str
    kind: Kind
    said: str
    used: float = 0.0
    at: float | None = None
    changed: int = 0
    of: int = 0
    lines: tuple[str, ...] = ()

    @property
    def good(self) -> bool:
        """Whether the layer may stay as it is."""
        return self.kind in ("exact", "within")


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one folder.

    `elsewhere`: made with other versions (Python, NumPy, machine ...), so tolerances held. `was` and `now` are those;
    `reason` and `date` (YYYY-MM-DD) why and when a golden was made. `expected` holds what was (`thumbs/0000.png`, one a
    second), `actual` what is, as a whole render; None where it is not kept. `actuators` are the channels of its
    vibration; `curves` are only there where a page was asked for. `code` is the exit code: 0 the same, 1 differs, 2 bad
    file, 3 missing.
    """

    folder: Path
    what: What
    verdicts: tuple[Verdict, ...]
    title: str = ""
    elsewhere: bool = False
    was: Mapping[str, str] = field(default_factory=dict)
    now: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""
    date: str = ""
    expected: Path | None = None
    actual: Path | None = None
    actuators: tuple[str, ...] = ()
    curves: tuple[Curve, ...] = ()
    code: int = 0

    @property
    def good(self) -> bool:
        """Whether it may stay as it is: every layer exact or within tolerance."""
        return all(verdict.good for verdict in self.verdicts)

    @property
    def exact(self) -> bool:
        """Whether every layer is the same to the bit."""
        return all(verdict.kind == "exact" for verdict in self.verdicts)

    @property
    def used(self) -> float:
        """The largest share of a tolerance that was needed."""
        return max((verdict.used for verdict in self.verdicts), default=0.0)

    @property
    def lines(self) -> list[str]:
        """A line for each thing that is not as it was, none where all is good."""
        found: list[str] = []
        for verdict in self.verdicts:
            if not verdict.good:
                found += verdict.lines or [f"{verdict.layer} {verdict.said}"]
        return found

    @property
    def said(self) -> str:
        """One line for a person."""
        if self.exact:
            return "the same, to the bit"
        if self.good:
            most = max((v for v in self.verdicts if v.kind == "within"), key=lambda verdict: verdict.used)
            return (
                f"the same within tolerance, {self.used:.0%} of it used ({most.layer}): it was made elsewhere"
            )
        return "; ".join(self.lines)
