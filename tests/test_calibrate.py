"""The walk from actuator to actuator, with a real board at the other end and a real keyboard's pipe."""

from __future__ import annotations

import dataclasses
import itertools
import subprocess
import sys
import time
from pathlib import Path

import msgspec
import numpy as np
import pytest
from simulated_driver import SimulatedDriver

from wearsound import gallery
from wearsound.analysis.movement.movement import Movement
from wearsound.core import Clock
from wearsound.errors import PatchError
from wearsound.felt import Drive
from wearsound.garment.document import load_garment
from wearsound.show.contact_calibration import calibrated
from wearsound.show.garment_learn import learn_least
from wearsound.show.source import open_recording
from wearsound.show.vibration_walk import FIRST, HUM, MOST, PAUSE, TRIES, Walk, levels, order, still

RIG = """
[[vibration]]
name = "wrist"
host = "127.0.0.1"
port = {port}
channels = {{ pulse = 1 }}
"""


class Kept:
    """A driver that keeps the largest wave of each hop, an actuator a column."""

    name = "kept"

    def __init__(self) -> None:
        self.waves: list[np.ndarray] = []

    def open(self, clock: Clock) -> None: ...

    def drive(self, tick: int, gap: int, drive: Drive) -> None:
        self.waves.append(np.abs(drive.wave).max(axis=0))

    def close(self) -> None: ...


def jacket():
    return load_garment(gallery.find("garment", "denim-jacket"))


def test_each_ascent_is_weak_first_and_never_all() -> None:
    found = levels()
    assert found[0] == FIRST
    assert found == sorted(found)
    assert MOST / 1.3 < found[-1] <= MOST


def test_everyone_is_asked_as_often_in_another_order() -> None:
    asked = order(11, 5)
    assert sorted(asked) == sorted(list(range(11)) * TRIES)
    assert asked[:11] != asked[11:]
    assert asked[:11] != list(range(11))
    assert asked == order(11, 5)


@pytest.mark.parametrize("actuator", [0, 5])
def test_one_actuator_hums_louder_and_louder_until_it_is_felt(actuator: int) -> None:
    kept, clock = Kept(), Clock()
    walk = Walk(jacket(), clock, [kept])
    said = [level for level in walk.ascend(actuator, lambda: len(kept.waves) > clock.ticks(5.5))]
    assert said[:-1] == [None] * (len(said) - 1)
    assert 0 < float(said[-1] or 0) <= levels()[-1]
    waves = np.array(kept.waves)
    assert not np.delete(waves, actuator, axis=1).any(), "the others are still"
    each = [part.max() for part in np.array_split(waves[: clock.ticks(5.0), actuator], 5)]
    assert each == sorted(each)
    assert each[0] > 0
    assert not waves[-1].any(), "and then it is still as well"


def test_who_presses_before_anything_hums_is_found_out() -> None:
    said = list(Walk(jacket(), Clock(), [Kept()]).ascend(0, counted(100), still=1.0))
    assert said[-1] == 0.0
    assert all(1.0 <= pause <= 3.0 for pause in still(20, 1))
    assert len(set(still(20, 1))) == 20


def test_who_never_feels_it_ends_at_infinity_and_still() -> None:
    kept = Kept()
    said = list(Walk(jacket(), Clock(), [kept]).ascend(9, lambda: False))
    assert said[-1] == float("inf")
    assert not kept.waves[-1].any()


@pytest.mark.parametrize("kind", ["voice-coil", "piezo", "lra", "erm"])
@pytest.mark.parametrize("least", [0.0, 0.3])
def test_what_is_found_is_what_was_driven_whatever_was_found_before(kind: str, least: float) -> None:
    """And lifted to it the weakest hum is about as strong as what was felt."""
    garment = worn(kind, least)
    kept = Kept()
    moment = Clock().ticks(8.3)  # in the middle of a hum
    found = list(Walk(garment, Clock(), [kept]).ascend(0, lambda: len(kept.waves) > moment))[-1]
    felt = float(np.median([wave[0] for wave in kept.waves[moment - 30 : moment]]))
    assert found == pytest.approx(felt, rel=0.12)
    again = list(Walk(worn(kind, 0.0), Clock(), [Kept()]).ascend(0, counted(moment)))[-1]
    assert found == again


def counted(moment: int):
    """True from so many askings on."""
    asked = iter(range(10**6))
    return lambda: next(asked) >= moment


def worn(kind: str, least: float):
    garment = jacket()
    one = msgspec.structs.replace(garment.actuators[3], kind=kind, least=least)
    return dataclasses.replace(garment, actuators=(one,))


def test_the_walk_goes_through_the_guard() -> None:
    """Full drive all the time, whatever a walk would ask for: duty holds over 10 s and nothing steps."""
    kept, clock = Kept(), Clock()
    walk = Walk(jacket(), clock, [kept])
    for _ in range(clock.ticks(25.0)):
        walk.hop(4, 1.0)
    waves = np.array(kept.waves)[:, 4]
    n = clock.ticks(10.0)
    means = np.convolve(waves, np.ones(n) / n, "valid")
    assert means.max() < 0.5
    assert waves[-1] < 0.5 * waves.max()


def test_what_was_felt_stands_in_the_garment_and_comments_stay(tmp_path: Path) -> None:
    mine = tmp_path / "mine.toml"
    mine.write_text(gallery.find("garment", "long-coat").read_text())
    before = mine.read_text()
    learn_least(mine, {"pocket": 0.31234, "nape": 0.05})
    after = load_garment(mine)
    assert {a.name: a.least for a in after.actuators if a.least} == {"nape": 0.05, "pocket": 0.312}
    lines = [line for line in mine.read_text().splitlines() if "least" not in line]
    assert lines == before.splitlines()


def test_a_garment_of_the_gallery_is_nobodys_own() -> None:
    with pytest.raises(PatchError, match="copy it with `wearsound new garment my-coat --from cuff`"):
        learn_least(gallery.find("garment", "cuff"), {"pulse": 0.1})


def test_what_the_rig_does_not_drive_is_not_asked(tmp_path: Path, wearsound) -> None:
    (tmp_path / "mine.toml").write_text(gallery.find("garment", "denim-jacket").read_text())
    (tmp_path / "room.toml").write_text(RIG.format(port=24999).replace("pulse", "nape"))
    done = wearsound(
        "calibrate", "vibration", "--garment", "mine.toml", "--rig", "room.toml", "--only", "cuff_l"
    )
    assert done.returncode == 2
    assert "no [[vibration]] drives cuff_l; it drives nape" in done.stderr


def started(folder: Path, port: int) -> subprocess.Popen[str]:
    (folder / "mine.toml").write_text(gallery.find("garment", "cuff").read_text())
    (folder / "room.toml").write_text(RIG.format(port=port))
    command = [sys.executable, "-m", "wearsound", "calibrate", "vibration"]
    return subprocess.Popen(
        [*command, "--garment", "mine.toml", "--rig", "room.toml"],
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def first_past(said: int) -> float:
    """What the first hum settles at of which a board is told more than `said` of 127."""
    clock = Clock()
    walk = Walk(load_garment(gallery.find("garment", "cuff")), clock, [])
    for level in levels():
        driven = [walk.hop(0, level) for _ in range(clock.ticks(HUM))]
        if 127 * max(driven) > said:
            return driven[-1]
        for _ in range(clock.ticks(PAUSE)):
            walk.hop(0, 0.0)
    raise AssertionError("none did")


def test_the_wearer_says_when(tmp_path: Path) -> None:
    """Enter is pressed once the board was told more than 10 of 127: that is about what is kept."""
    with SimulatedDriver() as board:
        walk = started(tmp_path, board.port)
        assert walk.stdin is not None
        for _ in range(TRIES):
            since, deadline = len(board.held), time.monotonic() + 30
            while time.monotonic() < deadline:
                if any(abs(value) > 10 for _, values in board.held[since:] for value in values):
                    break
                time.sleep(0.01)
            walk.stdin.write("\n")
            walk.stdin.flush()
            time.sleep(0.4)
        printed, wrong = walk.communicate(timeout=30)
        assert (walk.returncode, wrong) == (0, "")
        least = load_garment(tmp_path / "mine.toml").actuators[0].least
        # A motor is kicked on: the hum that passes 10 first settles far below, and then it counts as that.
        assert round(first_past(10), 3) <= least < 0.4
        assert f"{TRIES} of {TRIES}" in printed
        assert board.held[-1][1] == [0]


def test_without_a_keyboard_it_stops_and_is_still(tmp_path: Path) -> None:
    with SimulatedDriver() as board:
        walk = started(tmp_path, board.port)
        _, wrong = walk.communicate("", timeout=30)
        assert walk.returncode == 3
        assert "no keyboard" in wrong
        assert not board.held or board.held[-1][1] == [0]
    assert load_garment(tmp_path / "mine.toml").actuators[0].least == 0.0


def test_the_built_in_walk_shows_how_a_contact_microphone_is_calibrated(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from wearsound.cli import main

    rig = tmp_path / "coat.toml"
    rig.write_text("[lanes]\nbody = [1]\n", encoding="utf-8")
    words = ["calibrate", "contact", "--rig", str(rig), "--input", "walk"]
    assert main(words) == 1
    assert (
        "say where still, walk, rub and tap begin, in seconds, such as --parts 0,4,24,31.5,37"
        in capsys.readouterr().out
    )
    assert "calibration" not in rig.read_text(encoding="utf-8")
    assert main([*words, "--parts", "0,4,24,31.5,99"]) == 2
    assert main([*words, "--parts", "0,4,24,31.5,37"]) == 0
    assert "[calibration.body]" in rig.read_text(encoding="utf-8")


def test_a_silent_recording_has_one_fault() -> None:
    assert calibrated([np.zeros(200_000, np.float32)] * 4, Clock()) == (
        {},
        ["the part 'still' is exact silence: is the microphone plugged in, and its channel the right one?"],
    )


def _parts_of_the_walk() -> list[np.ndarray]:
    blocks = open_recording("walk", seconds=43.0).blocks(Clock())
    walk = np.concatenate([block.samples[:, 0].copy() for block in blocks])
    marks = (0.0, 4.0, 24.0, 31.5, 37.0)
    return [walk[round(a * 48_000) : round(b * 48_000)] for a, b in itertools.pairwise(marks)]


def test_what_a_contact_microphone_taught_has_the_names_that_the_ear_reads() -> None:
    read: set[str] = set()

    class Asked(dict[str, float]):
        def get(self, key: str, default: float | None = None) -> float | None:
            read.add(key)
            return default

    Movement(Asked()).prepare(Clock())
    numbers, faults = calibrated(_parts_of_the_walk(), Clock())
    assert faults == []
    assert {"floor_slow", "floor_low", "rustle_mid", "rustle_high"} <= read
    assert read | {"walk_over", "rub_over", "tap_over", "hum"} == set(numbers)


def test_an_overdriven_part_is_told_and_its_edges_do_not_count() -> None:
    parts = _parts_of_the_walk()
    numbers, _ = calibrated(parts, Clock())
    loud = [*parts[:3], np.clip(parts[3] * 1000, -1, 1)]
    faults = calibrated(loud, Clock())[1]
    assert "the part 'tap' is overdriven: turn the input down; then calibrate again" in faults
    # A key that is pressed to begin and to end: half a second at both ends is left out.
    still = parts[0].copy()
    click = 0.3 * np.sin(2 * np.pi * 300 * np.arange(4800) / 48_000, dtype=np.float32)
    still[:4800] += click
    still[-4800:] += click
    clicked = calibrated([still, *parts[1:]], Clock())[0]
    assert clicked["walk_over"] == pytest.approx(numbers["walk_over"], abs=1.0)
    assert clicked["floor_low"] == pytest.approx(numbers["floor_low"], abs=1.0)
