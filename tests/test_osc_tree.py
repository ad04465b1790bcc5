"""What a message means to a parameter: every way that programs write a number, a press, a word."""

from __future__ import annotations

import math
import random
from typing import Any

import pytest
from kinds import ALL, BLACKOUT, GLOW, LEAD, MASTER, MOVE, PANIC, PATTERN, TITLE, every_kind

from wearsound.core import Parameter
from wearsound.osc.tree import BadValue, Tree, clean

TEMPO = Parameter("/wear/tempo/bpm", "beats a minute", unit="bpm", low=20, high=400)

NUMBERS: dict[str, tuple[tuple[Any, ...], float]] = {
    "f": ((120.5,), 120.5),
    "i": ((120,), 120.0),
    "text": (("120.5",), 120.5),
    "text with a sign": (("+1.2e2",), 120.0),
    "more arguments than it takes": ((120.5, "left alone", None, b"x"), 120.5),
    "in an array": (((120.5, 3.0),), 120.5),
    "below": ((-1e300,), 20.0),
    "above": ((1 << 60,), 400.0),
    "T": ((True,), 20.0),
}


@pytest.mark.parametrize("how", NUMBERS)
def test_a_number_comes_in_many_ways_and_stays_in_its_range(how: str) -> None:
    args, meant = NUMBERS[how]
    assert clean(TEMPO, args) == (meant,)


@pytest.mark.parametrize(
    "args", [(), (None,), ("fast",), ("nan",), ("inf",), ("1_0",), (b"1",), ((),), ("1" * 40,)]
)
def test_what_is_no_number_is_refused_with_what_it_takes(args: tuple[Any, ...]) -> None:
    with pytest.raises(BadValue, match="/wear/tempo/bpm takes a number from 20 to 400"):
        clean(TEMPO, args)


@pytest.mark.parametrize("wrong", [math.nan, math.inf, -math.inf])
def test_a_number_that_is_not_finite_is_no_number(wrong: float) -> None:
    for parameter in (MASTER, PATTERN, BLACKOUT, MOVE, PANIC):
        with pytest.raises(BadValue):
            clean(parameter, (wrong,))


def test_a_whole_number_is_rounded_and_stays_one() -> None:
    assert clean(PATTERN, (3.6,)) == (4,)
    assert clean(PATTERN, ("99",)) == (15,)
    assert isinstance(clean(PATTERN, (3.6,))[0], int)  # type: ignore[index]


@pytest.mark.parametrize(
    ("arg", "on"), [(1, 1), (0, 0), (True, 1), (False, 0), (0.01, 1), (-1, 0), ("1", 1), ("0", 0), (127, 1)]
)
def test_a_switch_is_on_above_zero(arg: Any, on: int) -> None:
    assert clean(BLACKOUT, (arg,)) == (on,)


FIRES: dict[str, tuple[tuple[Any, ...], tuple[Any, ...] | None]] = {
    "nothing": ((), ()),
    "N": ((None,), ()),
    "T": ((True,), (1,)),
    "1": ((1,), (1,)),
    "1.0": ((1.0,), (1.0,)),
    "text of a number": (("1",), ("1",)),
    "a word": (("verse two",), ("verse two",)),
    "velocity": ((0.3,), (0.3,)),
    "and not what came with it": ((1, "red", b"left out", (2,)), (1,)),
    "a long word, cut": (("x" * 500,), ("x" * 128,)),
    "0 releases": ((0,), None),
    "F releases": ((False,), None),
    "0.0 releases": ((0.0,), None),
    "text of 0 releases": (("0",), None),
    "below 0 releases": ((-1,), None),
}


@pytest.mark.parametrize("how", FIRES)
def test_a_trigger_fires_once_for_a_press_and_never_for_its_release(how: str) -> None:
    args, meant = FIRES[how]
    assert clean(PANIC, args) == meant


def test_a_trigger_that_takes_numbers_below_zero_takes_any() -> None:
    nudge = Parameter("/wear/tempo/nudge", "ms that the beat comes later", "trigger", low=-100, high=100)
    assert clean(nudge, (-10,)) == (-10,)
    assert clean(nudge, (0,)) == (0,)
    assert clean(nudge, ()) == ()


@pytest.mark.parametrize("args", [(b"\0\0",), ((1,),)])
def test_a_trigger_is_not_fired_by_what_nobody_can_read(args: tuple[Any, ...]) -> None:
    with pytest.raises(BadValue, match="is a trigger: send it nothing, 1 or T"):
        clean(PANIC, args)


def test_words_are_one_of_the_choices_where_there_are_any() -> None:
    assert clean(LEAD, ("hand", 1)) == ("hand",)
    assert clean(TITLE, ("anything",)) == ("anything",)
    with pytest.raises(BadValue, match="takes ear or hand"):
        clean(LEAD, ("foot",))
    with pytest.raises(BadValue, match="takes a word"):
        clean(TITLE, (3,))


def test_a_list_takes_any_count_as_arguments_or_as_an_array() -> None:
    assert clean(MOVE, (0.5, "1", True, -9)) == (0.5, 1.0, 1.0, -2.0)
    assert clean(MOVE, ((0.5, 1.0),)) == (0.5, 1.0)
    for wrong in ((), ("x",), (0.5, None), ((),)):
        with pytest.raises(BadValue, match="takes numbers from -2 to 2"):
            clean(MOVE, wrong)


def test_anything_at_all_is_a_clean_value_or_a_sentence() -> None:
    dice = random.Random(4)
    scraps: list[Any] = [
        0,
        1,
        -1,
        1 << 63,
        0.5,
        1e308,
        True,
        False,
        None,
        "",
        "1",
        "x" * 500,
        b"",
        (),
        (1, "a"),
        ((2.0,),),
    ]
    refusals: list[tuple[str, str]] = []
    for _ in range(5000):
        args = tuple(dice.choices(scraps, k=dice.randrange(4)))
        parameter = dice.choice(ALL)
        try:
            meant = clean(parameter, args)
        except BadValue as error:
            refusals.append((parameter.address, str(error)))
            continue
        for value in meant or ():
            assert isinstance(value, int | float | str)
            if parameter.kind in ("number", "whole", "list"):
                assert parameter.low <= value <= parameter.high  # type: ignore[operator]
    assert len(refusals) > 500
    assert all(said.startswith(address) for address, said in refusals)


def test_the_tree_finds_by_address_by_pattern_and_by_likeness() -> None:
    tree = every_kind()
    assert tree.get("/wear/master") is MASTER
    assert tree.get("/wear/maste") is None
    assert tree.find("/wear/zone/*/glow") == [GLOW]
    assert tree.nearest("/wear/mastre") == "/wear/master"
    assert tree.nearest("/completely/else") == ""
    assert "/wear/panic" not in tree.values
    assert {"/wear/master", "/wear/move/arm"} <= tree.values
    assert len(Tree([])) == 0
