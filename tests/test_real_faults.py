"""Real faults on the real program, in a venue of its own: light goes on, a panic works, and it is over when it is over.

One show meets all of them, one after the other; it is played once for the whole file (`benchmarks.fault_night`).
Here are five of them, and all where a run is thorough;
`python -m benchmarks faults` lets them last longer and prints the table.
"""

from __future__ import annotations

from typing import Any

import pytest
from thorough import usually

from benchmarks.fault_night import ASIDE, DARK, LONG, ORDER
from benchmarks.faults import BACK, HEAD, missing, most, night, row

pytestmark = [pytest.mark.device, pytest.mark.skipif(bool(missing()), reason=missing())]

BRIEF = [name for name in ORDER if name not in LONG]
FEW = usually(("port", "unloaded", "cable", "full", "display"), tuple(BRIEF))
"""Those that are tried for every commit."""
LOGGED = {"unloaded", "killed", "frozen", "cable", "adapter", "full", "display", "port"} & set(FEW)
"""Those that have a line in the log on entry."""


def few(more: dict[str, float]) -> bool:
    """Whether there is hardly more than before. What was missing from the start brings a thread and some sockets when
    it comes, and a sound device one or two; a fault that left one each would be seen in what all left together.
    """
    most = {"threads": 3, "descriptors": 6, "processes": 1, "MiB": 32}
    return all(value <= most[what] for what, value in more.items())


@pytest.fixture(scope="module")
def seen() -> dict[str, dict[str, Any]]:
    found = night(long=False, only=FEW)
    print("\n" + "\n".join([HEAD, *(row(one) for name, one in found.items() if name != "left")]))
    return found


@pytest.mark.parametrize("name", FEW)
class TestEachFault:
    def test_light_goes_on_and_the_show_lives(self, seen: dict[str, dict[str, Any]], name: str) -> None:
        assert seen[name]["lives"], seen[name]["said"]
        assert seen[name]["gap"] <= most(name)

    def test_it_is_over_when_its_cause_is_gone(self, seen: dict[str, dict[str, Any]], name: str) -> None:
        assert seen[name]["back"] <= BACK[name], seen[name]["said"]


@pytest.mark.parametrize("name", [name for name in FEW if name not in ASIDE])
class TestMeanwhile:
    def test_a_panic_is_obeyed(self, seen: dict[str, dict[str, Any]], name: str) -> None:
        assert seen[name]["dark"] <= DARK

    def test_nothing_is_left_behind(self, seen: dict[str, dict[str, Any]], name: str) -> None:
        assert few(seen[name]["more"]), seen[name]["more"]


@pytest.mark.parametrize("name", sorted(LOGGED))
def test_one_line_says_that_it_began(seen: dict[str, dict[str, Any]], name: str) -> None:
    assert seen[name]["lines"] == 1, seen[name]["said"]


@pytest.mark.parametrize("name", sorted(LOGGED - {"full", "display"}))
def test_one_line_says_that_it_is_over(seen: dict[str, dict[str, Any]], name: str) -> None:
    assert seen[name]["backs"] == 1, seen[name]["said"]


def test_it_ends_neutral_after_all_of_it(seen: dict[str, dict[str, Any]]) -> None:
    assert seen["left"]["code"] == 0, seen["left"]["all"]
    assert "Traceback" not in seen["left"]["all"]
    assert few(seen["left"]["more"]), seen["left"]["more"]
