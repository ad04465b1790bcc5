"""The echo: changes only, rounded, to others than the hand, and little work where nobody listens."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from wearsound.core import Clock, Event, Parameter
from wearsound.osc.tree import Tree
from wearsound.osc.value import messages, number, value
from wearsound.outputs.echo import MOST_A_FRAME, Echo

A, B = "osc 10.0.0.1:5000", "osc 10.0.0.2:5000"


class Stand:
    """Values that a test sets, and what the echo told."""

    def __init__(self, n=3, step=0.01, moves=False):
        self.now = {f"/wear/{k}": 0.0 for k in range(n)}
        self.reads = 0
        self.told: list[tuple[str, list]] = []
        self.somebody = True
        tree = Tree(
            Parameter(address, "", read=lambda address=address: self._read(address), step=step, moves=moves)
            for address in self.now
        )
        self.echo = Echo(tree, lambda what, by: self.told.append((by, list(what))), lambda: self.somebody)
        self.echo.open(Clock())
        self.reads = 0

    def _read(self, address):
        self.reads += 1
        return self.now[address]

    def set(self, address, to, by):
        self.echo.take(Event(0, address, (to,), by))
        self.now[address] = to

    def look(self):
        self.told.clear()
        self.echo.send(SimpleNamespace())
        return self.told


@pytest.fixture
def stand():
    return Stand()


def test_only_what_changed_is_told_and_only_once(stand):
    assert stand.look() == []
    stand.now["/wear/1"] = 0.5
    assert stand.look() == [("", [("/wear/1", (0.5,))])]
    assert stand.look() == []


def test_changes_smaller_than_a_step_are_none(stand):
    stand.now["/wear/1"] = 0.004
    assert stand.look() == []
    stand.now["/wear/1"] = 0.006
    assert stand.look() == [("", [("/wear/1", (0.01,))])]


def test_each_change_says_whose_hand_it_was(stand):
    stand.set("/wear/0", 0.5, A)
    stand.set("/wear/1", 0.5, B)
    stand.now["/wear/2"] = 0.5
    assert dict(stand.look()) == {
        A: [("/wear/0", (0.5,))],
        B: [("/wear/1", (0.5,))],
        "": [("/wear/2", (0.5,))],
    }


def test_a_hand_is_forgotten_after_one_look(stand):
    stand.set("/wear/0", 0.0, A)  # changes nothing
    assert stand.look() == []
    stand.now["/wear/0"] = 0.5  # a scene, later
    assert stand.look() == [("", [("/wear/0", (0.5,))])]


def test_two_hands_on_one_thing_are_both_told(stand):
    stand.set("/wear/0", 0.5, A)
    stand.set("/wear/0", 0.0, B)  # back where it was: one of them shows it wrong
    assert stand.look() == [("", [("/wear/0", (0.0,))])]


def test_what_the_music_moves_is_told_when_a_hand_sets_it_only():
    stand = Stand(moves=True)
    stand.now["/wear/0"] = 0.5  # the music
    assert stand.look() == []
    stand.set("/wear/0", 0.75, A)
    assert stand.look() == [(A, [("/wear/0", (0.75,))])]


def test_where_nobody_listens_nothing_is_read(stand):
    stand.somebody = False
    stand.set("/wear/0", 0.5, A)
    assert stand.look() == []
    assert stand.reads == 0
    stand.somebody = True
    assert stand.look() == [("", [("/wear/0", (0.5,))])]


def test_many_changes_are_told_over_several_looks():
    stand = Stand(150)
    for address in stand.now:
        stand.now[address] = 1.0
    sizes = [sum(len(what) for _, what in stand.look()) for _ in range(4)]
    assert sizes == [MOST_A_FRAME, MOST_A_FRAME, 150 - 2 * MOST_A_FRAME, 0]


class TestValue:
    @pytest.mark.parametrize(
        ("kind", "now", "step", "answer"),
        [
            ("number", 0.12345, 0.01, (0.12,)),
            ("number", 1, 0.0, (1.0,)),
            ("number", 1e300, 0.0, (3.4e38,)),
            ("number", float("nan"), 0.0, None),
            ("whole", 4.6, 0.0, (5,)),
            ("whole", 1e12, 0.0, (2**31 - 1,)),
            ("switch", True, 0.0, (1,)),
            ("text", "verse", 0.0, ("verse",)),
            ("list", (0.126, 1), 0.01, (0.13, 1.0)),
            ("list", (), 0.0, None),
            ("list", (0.5, float("inf")), 0.0, None),
        ],
    )
    def test_known_answers(self, kind, now, step, answer):
        found = value(Parameter("/a", "", kind, read=lambda: now, step=step))
        assert found == answer
        if answer:
            assert [type(a) for a in found] == [type(a) for a in answer]

    def test_what_cannot_be_asked_is_left_out(self):
        assert messages([Parameter("/a", ""), Parameter("/b", "", read=lambda: 0.5)]) == [("/b", (0.5,))]

    @pytest.mark.parametrize(
        ("arg", "found"),
        [
            (1, 1.0),
            (True, 1.0),
            ("0.5", 0.5),
            ("nan", None),
            ("inf", None),
            ("x", None),
            (None, None),
            (b"1", None),
            ("1" * 33, None),
        ],
    )
    def test_numbers_however_they_are_written(self, arg, found):
        assert number(arg) == found
