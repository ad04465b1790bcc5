"""What a soak is made of: slope, plan, measure, and a judge that finds every planted breach."""

from __future__ import annotations

import dataclasses
import itertools
import json
import math
import os
import struct
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from wearsound.processes import Size, descendants, possible, size
from wearsound.soak.book import Book, Hand
from wearsound.soak.control import Broken
from wearsound.soak.judge_light import LightJudge
from wearsound.soak.judge_sound import SoundJudge
from wearsound.soak.judge_touch import TouchJudge
from wearsound.soak.night import Night
from wearsound.soak.outcome import Judged, Outcome, lasts
from wearsound.soak.page import write
from wearsound.soak.plan import APART, KINDS, draw, overlapping
from wearsound.soak.slope import slope
from wearsound.soak.steady import Steady

N = 8
FULL_MA = 20.0

# The slope


def test_the_slope_of_a_line_is_known_and_sure() -> None:
    found = slope([0, 1, 2, 3], [5, 7, 9, 11])
    assert found.rise == pytest.approx(2.0)
    assert found.error == 0.0
    assert found.an_hour == (pytest.approx(7200.0), 0.0)


def test_the_standard_error_is_the_one_of_the_book() -> None:
    # x 1..5, y 1 3 2 5 4: rise 0.8, remainders squared 3.6, sum of squares about the mean of x 10. The remainders
    # take turns, so nothing widens it.
    found = slope([1, 2, 3, 4, 5], [1, 3, 2, 5, 4])
    assert found.rise == pytest.approx(0.8)
    assert found.error == pytest.approx(math.sqrt(3.6 / 3 / 10))


def test_the_error_holds_what_it_says_for_noise_and_for_what_remembers() -> None:
    times, inside = np.arange(300.0), {0.0: 0, 0.8: 0}
    dice = np.random.default_rng(4)
    for memory in inside:
        for _ in range(200):
            noise = dice.normal(size=300)
            for k in range(1, 300):
                noise[k] += memory * noise[k - 1]
            found = slope(times, 0.01 * times + noise)
            inside[memory] += abs(found.rise - 0.01) <= 2 * found.error
    assert inside[0.0] >= 184  # 95 % is 190
    assert inside[0.8] >= 176  # without the widening some 100


@pytest.mark.parametrize(
    ("rise", "noise", "grows"), [(3.0, 0.01, True), (0.2, 0.01, False), (0.9, 50.0, None)]
)
def test_growth_is_told_from_none_and_from_nobody_knows(
    rise: float, noise: float, grows: bool | None
) -> None:
    times = np.arange(200.0) * 30
    found = slope(times, 300 + rise / 3600 * times + noise * np.random.default_rng(1).normal(size=200))
    assert found.grows(1.0) is grows


def test_too_few_numbers_have_no_slope() -> None:
    assert math.isnan(slope([1.0, 2.0], [1.0, 2.0]).rise)
    assert slope([1.0, 2.0], [1.0, 2.0]).grows(1.0) is None


# The measure


@pytest.mark.skipif(not possible(), reason="only Linux tells")
def test_a_program_and_what_it_started_are_measured() -> None:
    inner = (
        "import threading, sys; e = threading.Event(); threading.Thread(target=e.wait, daemon=True).start(); "
    )
    inner += "block = bytearray(50 << 20); f = open('/dev/null'); print('up', flush=True); sys.stdin.read()"
    outer = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {inner!r}])"
    with subprocess.Popen(
        [sys.executable, "-c", outer], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == "up\n"
        found = size(*descendants(program.pid))
        assert len(list(descendants(program.pid))) == found.processes == 2
        assert found.threads == 3
        assert found.mib > 50
        assert found.descriptors >= 7
        assert program.stdin is not None
        program.stdin.close()
    assert size(*descendants(program.pid)).processes == 0


def sizes(*mib: float, threads: int = 9) -> tuple[Size, ...]:
    return tuple(Size(30.0 * k, value, threads + k // 60, 20, 3) for k, value in enumerate(mib))


def test_what_grows_is_a_fault() -> None:
    steady = Steady(60.0, 1800.0, sizes(*(300 + 0.1 * k for k in range(60))), 2, 200)
    assert ["memory grows by 12.00" in said for said in steady.faults()] == [True]
    flat = Steady(60.0, 1800.0, sizes(*(300 + 0.01 * (k % 2) for k in range(60))), 0, 0)
    assert flat.faults() == []
    more = Steady(60.0, 3600.0, sizes(*(300 + 0.01 * (k % 2) for k in range(120))), 0, 0)
    assert more.faults() == ["threads grew from 9 to 10"]
    assert "4 lines" in str(steady)


# The plan


def test_a_plan_is_the_same_for_its_seed_and_no_other() -> None:
    assert draw(200, 7) == draw(200, 7)
    assert draw(200, 7)[:50] == draw(50, 7)
    assert draw(200, 7) != draw(200, 8)


def test_faults_overlap_but_not_at_one_place() -> None:
    for seed in range(20):
        plan = draw(200, seed)
        assert overlapping(plan) > 120
        assert [fault.at for fault in plan] == sorted(fault.at for fault in plan)
        for place in {kind.place for kind in KINDS}:
            mine = [fault for fault in plan if fault.kind.place == place]
            assert all(before.end < after.at for before, after in itertools.pairwise(mine))
        ends = [fault.at for fault in plan if fault.kind.ends]
        assert all(after - before >= APART for before, after in itertools.pairwise(ends))
        assert len(ends) >= 6


def test_everything_breaks_somewhere() -> None:
    assert {fault.kind for seed in range(5) for fault in draw(200, seed)} == set(KINDS)
    alone = draw(200, 1, window=False, sound=False)
    assert not {fault.kind.place for fault in alone} & {"window", "speaker"}


def test_what_is_broken_is_read_by_another(tmp_path: Path) -> None:
    ours, theirs = Broken(tmp_path), Broken(tmp_path)
    assert theirs.look() is None
    ours.say("light", "gone")
    assert theirs.look() == {"light": "gone"}
    assert theirs.look() is None
    ours.say("light", None)
    assert theirs.look() == {}


# The judge


def ddp(light: np.ndarray, number: int = 1) -> bytes:
    data = light.astype(np.uint8).tobytes()
    return struct.pack(">BBBBIH", 0x41, number % 15 + 1, 0x0B, 1, 0, len(data)) + data


def lamps(book: Book, hand: Hand | None = None) -> LightJudge:
    area, zone = np.ones(N), np.repeat([0, 1], N // 2)
    return LightJudge(
        book, hand or Hand(), area=area, zone=zone, sewn=np.arange(N), full=np.full(N, FULL_MA), idle=10.0, most=300.0
    )  # fmt: skip


def shone(levels: Iterator[int] | list[int], hand: Hand | None = None, rate: float = 60.0) -> Book:
    book = Book()
    judge, when = lamps(book, hand), 100.0
    for level in levels:
        judge.take(when, ddp(np.full((N, 3), level)))
        when += 1 / rate
        judge.look(when - 0.5)
    judge.look(when, all_=True)
    return book


def limits(book: Book) -> set[str]:
    return {breach.limit for breach in book.breaches}


@pytest.mark.parametrize("seconds", [1.5, 12.0, 21.0])
def test_a_strobe_is_found_wherever_it_is(seconds: float) -> None:
    still = int((seconds - 1.3) * 60)
    book = shone([0] * still + [180 * (k // 6 % 2) for k in range(78)] + [0] * 400)
    assert limits(book) == {"flashes"}
    assert book.worst["flashes"] >= 5


def test_three_a_second_are_no_strobe() -> None:
    book = shone([180 * (k // 10 % 2) for k in range(1500)])
    assert limits(book) == set()
    assert book.worst["flashes"] == 3


def test_too_much_current_is_found() -> None:
    assert limits(shone([190] * 30)) == set()  # 0.523 of 480 mA and 10: 261
    book = shone([190] * 30 + [215] * 3)  # 0.687 of 480 and 10: 340
    assert limits(book) == {"current"}
    assert book.worst["mA"] == pytest.approx(10 + 480 * (215 / 255) ** 2.2)


def test_light_after_a_panic_is_found_unless_nobody_could_know() -> None:
    hand = Hand()
    hand.panic(100.2)
    assert limits(shone([80] * 60 + [0] * 60, hand)) == set()
    assert limits(shone([80] * 90, hand)) == {"dark"}
    hand.wake(102.0)
    assert limits(shone([80] * 90, hand)) == set()
    hand.wake(100.0)
    hand.resume()
    assert limits(shone([80] * 90, hand)) == set()


def frame(*values: int, life: int = 120, number: int = 0) -> bytes:
    return struct.pack(">2sBBHBB", b"WV", 1, 0, number, life, len(values)) + struct.pack(
        f"{len(values)}b", *values
    )


def felt(levels: list[tuple[int, float]], rate: float = 25.0, hand: Hand | None = None) -> Book:
    """(level of the second motor, for so many seconds), one after another."""
    book = Book()
    judge, when = TouchJudge(book, hand or Hand(), ("a", "b")), 50.0
    for level, seconds in levels:
        for _ in range(round(seconds * rate)):
            judge.take(when, frame(0, level))
            when += 1 / rate
    judge.look(when)
    return book


def test_a_motor_that_runs_too_long_is_found() -> None:
    assert limits(felt([(127, 4.9), (0, 10.0), (-127, 4.9)])) == set()
    book = felt([(-127, 5.3), (0, 5.0)])
    assert limits(book) == {"duty"}
    assert book.worst["duty 10 s"] == pytest.approx(0.53, abs=0.01)
    long = felt([(48, 600.0)], rate=10.0)
    assert limits(long) == {"duty"}
    assert "of 600 s" in long.breaches[0].said
    assert long.worst["duty 10 s"] == pytest.approx(48 / 127, abs=0.001)


def test_a_sender_that_is_killed_leaves_still_motors() -> None:
    book = Book()
    judge = TouchJudge(book, Hand(), ("a", "b"))
    judge.take(50.0, frame(127, 0))
    judge.look(65.0)
    assert book.worst["duty 10 s"] == pytest.approx(0.012)


def test_a_frame_that_holds_too_long_and_one_that_is_none_are_found() -> None:
    book = Book()
    judge = TouchJudge(book, Hand(), ("a", "b"))
    judge.take(50.0, frame(1, 1, life=250))
    assert limits(book) == set()
    judge.take(50.1, frame(1, 1, life=251))
    assert limits(book) == {"dead-man"}
    judge.take(50.2, frame(1, 1)[:-1])
    assert limits(book) == {"dead-man", "vibration"}


def test_motors_in_a_panic_are_found() -> None:
    hand = Hand()
    hand.panic(51.0)
    assert limits(felt([(40, 1.05), (0, 1.0)], hand=hand)) == set()
    assert limits(felt([(40, 1.3)], hand=hand)) == {"still"}


def heard(wave: np.ndarray, cut: int = 0) -> Book:
    book = Book()
    judge = SoundJudge(book)
    both = np.stack([wave, wave], axis=1).astype(np.float32)
    for at in range(0, len(both), 512):
        judge.take(10.0 + at / 48_000, (1 + (at < cut), 1), at, both[at : at + 512])
    judge.look(99.0)
    return book


def test_what_the_loudspeaker_of_a_killed_engine_had_is_read() -> None:
    book = Book()
    judge = SoundJudge(book)
    judge.take(1.0, (0, 1), 0, np.ones((24_000, 2), np.float32))
    for other in range(1, 7):
        judge.take(2.0, (other, 1), 0, np.zeros((512, 2), np.float32))
    assert limits(book) == {"loudness"}


def test_a_peak_between_samples_is_found_and_a_cut_is_none() -> None:
    at = np.arange(96_000)
    quarter = np.sin(np.pi / 2 * at + np.pi / 4)  # its samples never show its peaks
    assert limits(heard(0.6 * quarter)) == set()
    assert np.abs(0.68 * quarter).max() < 0.5
    tone = np.sin(2 * np.pi * 997 / 48_000 * at)
    assert limits(heard(0.88 * tone, cut=48_000 + 512 * 3)) == set()
    assert limits(heard(0.93 * tone)) == {"loudness"}
    between = heard(0.93 * quarter)
    assert np.abs(0.93 * quarter).max() < 0.7
    assert limits(between) == {"loudness"}
    assert between.worst["dBTP"] == pytest.approx(20 * math.log10(0.93), abs=0.05)


def test_numbers_that_are_none_are_found() -> None:
    wave = np.zeros(4096)
    wave[700] = np.nan
    assert limits(heard(wave)) == {"finite"}


# What is left


def test_a_broken_limit_says_the_seed_that_repeats_it(tmp_path: Path) -> None:
    book = shone([255] * 120)
    plan = tuple(draw(20, 3))
    bad = Judged(book.worst, tuple(book.breaches), book.broken, {"WS-E01": 2}, 900)
    steady = Steady(60.0, 1770.0, sizes(*(300 + 0.01 * (k % 2) for k in range(60))), 0, 0)
    night = Night("Some <b>show</b>", steady, Outcome(plan, 3, 20, 40.0, 1, 2.5, (), "", 12), bad, "said\n")
    assert len(night.faults) == 1
    assert "current" in night.faults[0]
    assert night.faults[0].endswith("--chaos 20 --seed 3 repeats it")
    page = write(night, tmp_path / "out").read_text()
    assert "Some <b>" not in page
    told = json.loads((tmp_path / "out" / "soak.json").read_text())
    assert told["good"] is False
    assert told["chaos"]["plan"] == [str(fault).strip() for fault in plan]
    assert told["steady"]["mib"] == 300.0
    unseen = dataclasses.replace(bad, torn=2, missing=512)
    assert str(unseen).endswith(
        "900 frames of light; 2 frames of light and 512 samples of sound never came to the judge"
    )


def test_a_show_that_does_not_come_back_is_a_fault() -> None:
    plan = tuple(draw(5, 0))
    dead = Outcome(plan, 0, 3, 4.0, 0, math.inf, ("no light comes",), "no light comes", 0)
    assert dead.faults() == [
        "it did not come back: no light comes",
        "only 3 of 5 faults could be tried",
    ]
    assert dead.as_json()["live_after_seconds"] is None
    assert lasts(plan) == max(fault.end for fault in plan)


def test_every_kind_of_fault_stands_on_the_page() -> None:
    page = Path(__file__).resolve().parent.parent.joinpath("docs/soak.md").read_text(encoding="utf-8")
    assert [kind.words for kind in KINDS if kind.words not in page] == []


@pytest.mark.parametrize("words", [["--hours", "0.01"], ["--virtual"], ["--virtual", "--chaos", "0"]])
def test_what_cannot_be_soaked_is_said(words: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "wearsound", "soak", *words],
        capture_output=True,
        text=True,
        env={**os.environ},
    )
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert done.stderr.startswith(("usage: wearsound soak", "wearsound: "))
    assert len(done.stderr.splitlines()[-1]) > 30


def test_seconds_say_nothing_of_an_hour() -> None:
    looks = tuple(
        Size(when=float(k), mib=600.0 + k, threads=9, descriptors=9, processes=3) for k in range(20)
    )
    short = Steady(warm=1.0, seconds=19.0, sizes=looks, lines=0, octets=0)
    assert short.faults() == []
    assert "too short a time to say how memory grows" in str(short)
    hours = tuple(replace(look, when=100 * look.when) for look in looks)
    long = Steady(warm=1.0, seconds=1900.0, sizes=hours, lines=0, octets=0)
    assert "memory grows by" in long.faults()[0]
