"""How long the program takes to answer, and that it does not load what the answer does not need."""

from __future__ import annotations

import resource
import subprocess
import sys

import numpy as np

from benchmarks.table import Figure, Part

TIMES = 7
WORDS = {
    "python -c pass, to compare": ["-c", "pass"],
    "import wearsound": ["-c", "import wearsound"],
    "wearsound --help": ["-m", "wearsound", "--help"],
    "wearsound list patches": ["-m", "wearsound", "list", "patches"],
    "wearsound list features": ["-m", "wearsound", "list", "features"],
    "wearsound schema": ["-m", "wearsound", "schema"],
}
UNWANTED = {name: ("numpy", "scipy") for name in WORDS if name != "import wearsound"} | {
    "import wearsound": ("scipy",)
}


def run() -> Part:
    """CPU of a few runs, and the modules of one."""
    part = Part("Starting")
    for name, words in WORDS.items():
        spent = [_cpu_ms(words) for _ in range(TIMES)]
        part.figures.append(Figure(f"`{name}`, CPU, median", float(np.median(spent)), "ms"))
        loaded = [unwanted for unwanted in UNWANTED[name] if unwanted in _modules(words)]
        budget = " or ".join(UNWANTED[name])
        part.figures.append(Figure(f"`{name}`, loads {budget}", len(loaded), "of them", 0.0))
    return part


def _cpu_ms(words: list[str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *words], stdout=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1000 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def _modules(words: list[str]) -> set[str]:
    done = subprocess.run([sys.executable, "-X", "importtime", *words], capture_output=True, text=True)
    return {line.rsplit("|", 1)[1].strip() for line in done.stderr.splitlines() if "|" in line}
