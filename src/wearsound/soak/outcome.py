"""What became of a soaked show: what broke, whether it lives, and whether any limit was broken."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from wearsound.soak.book import Breach
from wearsound.soak.plan import Fault, overlapping


@dataclass(frozen=True, slots=True)
class Outcome:
    """Of `plan`, drawn from `seed`: `begun` faults began in `seconds`; `crashes` times another engine began.

    `back`: seconds from the last fault to a show that has everything again, infinite where that never came, and then
    `missing` says what it lacks; `last` is what came last. `lines` in the log meanwhile.
    """

    plan: tuple[Fault, ...]
    seed: int
    begun: int
    seconds: float
    crashes: int
    back: float
    missing: tuple[str, ...]
    last: str
    lines: int

    def faults(self) -> list[str]:
        """What is wrong, a sentence each."""
        found = [f"it did not come back: {what}" for what in self.missing]
        if self.begun < len(self.plan):
            found.append(f"only {self.begun} of {len(self.plan)} faults could be tried")
        return found

    @property
    def again(self) -> str:
        """The words that repeat it."""
        return f"--chaos {len(self.plan)} --seed {self.seed} repeats it"

    def __str__(self) -> str:
        back = "not live again"
        if math.isfinite(self.back):
            back = f"live again {self.back:.1f} s after the last" + (
                f" (until then {self.last})" if self.last else ""
            )
        return (
            f"{self.begun} faults in {self.seconds:.0f} s, {overlapping(self.plan)} of them while another lasted "
            f"(seed {self.seed}); the engine began anew {self.crashes} times, the log has {self.lines} lines; {back}"
        )

    def as_json(self) -> dict[str, Any]:
        """For a report."""
        return {
            "seed": self.seed,
            "faults": self.begun,
            "overlapping": overlapping(self.plan),
            "seconds": round(self.seconds, 1),
            "engines_begun_anew": self.crashes,
            "live_after_seconds": round(self.back, 2) if math.isfinite(self.back) else None,
            "missing": list(self.missing),
            "missing_last": self.last,
            "log_lines": self.lines,
            "plan": [str(fault).strip() for fault in self.plan],
        }


@dataclass(frozen=True, slots=True)
class Judged:
    """What the judge outside saw of `frames` of light and all else: the `worst` figure of each limit, the first
    `breaches` of so many that were `broken`; `codes`: how often the show told of a fault of each code. `torn` frames
    of light and `missing` samples of sound left, and never came to the judge."""

    worst: dict[str, float]
    breaches: tuple[Breach, ...]
    broken: int
    codes: dict[str, int]
    frames: int
    torn: int = 0
    missing: int = 0

    def faults(self) -> list[str]:
        """What is wrong, a sentence or none."""
        if not self.broken:
            return []
        first = self.breaches[0]
        more = f" (the first of {self.broken})" if self.broken > 1 else ""
        return [f"a limit was broken{more}, at {first.when:.1f} s: {first.limit}: {first.said}"]

    def __str__(self) -> str:
        worst = self.worst
        seen = [
            f"{worst['flashes']:.0f} flashes a second" if "flashes" in worst else "",
            f"{worst['mA']:.0f} mA of light" if "mA" in worst else "",
            f"{worst['duty 10 s']:.0%} duty over 10 s and {worst['duty 600 s']:.0%} over 10 min"
            if "duty 10 s" in worst
            else "",
            f"{worst['dBTP']:.1f} dBTP" if "dBTP" in worst else "",
        ]
        kept = "no limit was broken" if not self.broken else f"{self.broken} breaches"
        unseen = [f"{self.torn:,} frames of light"] if self.torn else []
        unseen += [f"{self.missing:,} samples of sound"] if self.missing else []
        lost = f"; {' and '.join(unseen)} never came to the judge" if unseen else ""
        most = ", ".join(part for part in seen if part)
        return f"{kept}; at most {most}, in {self.frames:,} frames of light{lost}"

    def as_json(self) -> dict[str, Any]:
        """For a report."""
        return {
            "worst": {name: round(value, 3) for name, value in sorted(self.worst.items())},
            "broken": self.broken,
            "breaches": [[round(each.when, 2), each.limit, each.said] for each in self.breaches],
            "codes": dict(sorted(self.codes.items())),
            "light_frames": self.frames,
            "light_frames_unseen": self.torn,
            "sound_samples_unseen": self.missing,
        }


def lasts(plan: Sequence[Fault]) -> float:
    """Seconds from the beginning of a plan to the end of its last fault."""
    return max((fault.end for fault in plan), default=0.0)
