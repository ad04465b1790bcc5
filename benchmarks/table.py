"""One line a figure: what, budget, figure, their ratio, and a verdict."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from wearsound.core import F64

HEAD = "| what | budget | figure | figure / budget | |\n| --- | --- | --- | --- | --- |"


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured number. `budget` None: nothing was promised. `least`: more is better."""

    what: str
    value: float
    unit: str
    budget: float | None = None
    least: bool = False

    @property
    def within(self) -> bool:
        """Whether it keeps its promise, if there is one."""
        if self.budget is None:
            return True
        return self.value >= self.budget if self.least else self.value <= self.budget

    def line(self) -> str:
        """A row of the table."""
        if self.budget is None:
            return f"| {self.what} | | {number(self.value)} {self.unit} | | |"
        sign = "at least" if self.least else "at most"
        ratio = f"{self.value / self.budget:.2f}" if self.budget else ""
        verdict = "ok" if self.within else "**over**"
        bound, figure = (f"{number(value)} {self.unit}".strip() for value in (self.budget, self.value))
        return f"| {self.what} | {sign} {bound} | {figure} | {ratio} | {verdict} |".replace("|  |", "| |")


@dataclass(slots=True)
class Part:
    """What one script measured: figures, and sentences about how."""

    title: str
    figures: list[Figure] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def show(self) -> None:
        """Print it as Markdown."""
        print(f"\n## {self.title}\n")
        if self.figures:
            print(HEAD)
            for figure in self.figures:
                print(figure.line())
        for note in self.notes:
            print(f"\n{note}")
        sys.stdout.flush()


def number(value: float) -> str:
    """Three digits, or the whole number if it is longer."""
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"


def spread(what: str, values: Sequence[float] | F64, unit: str, **budgets: float) -> list[Figure]:
    """Median, 95th and 99th percentile, each with its own budget if `median=`, `p95=` or `p99=` gives one."""
    figures = []
    for name, part in (("median", 50), ("p95", 95), ("p99", 99)):
        figures.append(Figure(f"{what}, {name}", float(np.percentile(values, part)), unit, budgets.get(name)))
    return figures


def load() -> str:
    """How busy the machine is."""
    return " ".join(f"{value:.2f}" for value in os.getloadavg()) if hasattr(os, "getloadavg") else "unknown"


def machine() -> str:
    """What this runs on, in a sentence."""
    name = platform.processor() or platform.machine()
    if sys.platform.startswith("linux"):
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            names = [line.split(":", 1)[1].strip() for line in file if line.startswith("model name")]
        name = names[0] if names else name
    elif sys.platform == "darwin":
        asked = ["sysctl", "-n", "machdep.cpu.brand_string"]
        name = subprocess.run(asked, capture_output=True, text=True).stdout.strip() or name
    return (
        f"{os.cpu_count()} cores ({name}), {platform.system()}, Python {platform.python_version()}, "
        f"NumPy {np.__version__}"
    )
