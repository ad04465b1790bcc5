"""Reads case after case under guard, and judges the answers."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import time
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from .cases import Case, Kind, dice_of
from .guard import Guard
from .harsh import SECRET

MOST_FAULTS = 40
"""Faults that are kept with all their words."""
MOST_SENTENCE = 20_000
"""Characters of an answer."""
MEMORY = 512 << 20
"""Bytes that all reading of a kind may add to the process."""
STATM = Path("/proc/self/statm")
"""Where Linux says how much memory a process has."""


class Hung(BaseException):
    """A case took all its time and more."""


@dataclass
class Tally:
    """How the cases of one kind were answered. `faults` are (number, told, what was wrong)."""

    kind: str
    cases: int = 0
    one: int = 0
    answers: Counter[str] = field(default_factory=Counter)
    faults: list[tuple[int, str, str]] = field(default_factory=list)
    slowest: float = 0.0
    seconds: float = 0.0

    @property
    def wrong(self) -> int:
        """Cases that were not answered as they must be."""
        return sum(count for answer, count in self.answers.items() if answer not in GOOD)


GOOD = ("by its line", "refused", "accepted")
BAD = ("wrong line", "let in", "turned away", "undeclared", "breach", "slow", "sentence")


def run(kind: Kind, guard: Guard, folder: Path, numbers: Iterable[int], seed: int) -> Tally:
    """Every case of `numbers`, each in `folder`/case; what is not as it must be is kept."""
    tally = Tally(kind.name)
    (folder / SECRET).write_text("this is no business of a file's\n", encoding="utf-8")
    began = time.process_time()
    with limited(), contextlib.chdir(folder):
        for number in numbers:
            case = kind.make(dice_of(kind.name, seed, number))
            answer, words, took = answered(kind, guard, folder / "case", case)
            tally.cases += 1
            tally.one += case.one
            tally.answers[answer] += 1
            if took > tally.slowest:
                tally.slowest = took
            if answer not in GOOD and len(tally.faults) < MOST_FAULTS:
                tally.faults.append((number, case.told, f"{answer}: {words}"))
    tally.seconds = time.process_time() - began
    return tally


def answered(kind: Kind, guard: Guard, home: Path, case: Case) -> tuple[str, str, float]:
    """What became of a case in a word, the sentence that was said or what was wrong, and CPU seconds."""
    shutil.rmtree(home, ignore_errors=True)
    lay(home, case)
    named = [os.path.normpath(home / name) for name in case.named if "\0" not in name]
    said: str | None = None
    trouble = ""
    began = time.thread_time()
    try:
        with alarm(20 * kind.seconds), warnings.catch_warnings():
            warnings.simplefilter("error")  # what nobody can do anything about is not said to anybody
            with guard.watch(home, named):
                kind.read(home, case)
    except kind.refusals as refusal:
        said = str(refusal)
    except (Exception, Hung) as error:
        trouble = f"{type(error).__name__}: {str(error)[:300]}"
    took = time.thread_time() - began
    if trouble:
        return "undeclared", trouble, took
    if guard.breaches:
        return "breach", "; ".join(guard.breaches)[:400], took
    if took > kind.seconds:
        return "slow", f"{took:.2f} s", took
    return (*judged(case, home, said), took)


def judged(case: Case, home: Path, said: str | None) -> tuple[str, str]:
    """Whether the answer is the one that it must be."""
    if said is None:
        return ("let in", "must be refused") if case.verdict == "refused" else ("accepted", "")
    if case.verdict == "accepted":
        return "turned away", said[:400]
    if not said or len(said) > MOST_SENTENCE or not all(line.isprintable() for line in said.split("\n")):
        return "sentence", ascii(said[:400])
    if case.verdict == "any":
        return "refused", said
    lines = [line for line in said.split("\n") if not case.places or line.startswith(beginnings(case, home))]
    if not any(not case.words or any(word in line for word in case.words) for line in lines):
        return "wrong line", f"not at {' or '.join(case.places[:4])} with {case.words}: {said[:400]}"
    return "by its line", said


def beginnings(case: Case, home: Path) -> tuple[str, ...]:
    """How the right lines begin."""
    return tuple(f"{home}/{place}" for place in case.places)


def lay(home: Path, case: Case) -> None:
    """Put the files of a case into its folder."""
    home.mkdir(parents=True)
    for name, data in case.files.items():
        path = home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    for name, target in case.links.items():
        path = home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.symlink_to(target)


@contextlib.contextmanager
def alarm(seconds: float) -> Iterator[None]:
    """Hung is raised after so many seconds of CPU: reading that never ends is a fault like any other."""

    def ring(*_: object) -> None:
        raise Hung(f"not read in {seconds:g} s")

    if not hasattr(signal, "SIGPROF"):  # Windows: whoever waits sees it
        yield
        return
    before = signal.signal(signal.SIGPROF, ring)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


@contextlib.contextmanager
def limited() -> Iterator[None]:
    """Reading may add MEMORY to this process, where Linux is asked; more is a MemoryError, and that is undeclared."""
    if not STATM.exists():
        yield
        return
    import resource

    before = resource.getrlimit(resource.RLIMIT_AS)
    now = int(STATM.read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (now + MEMORY, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)
