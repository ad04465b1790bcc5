"""The order of an evening: what asks for which show, at its ends, by title and number, and for a finger that slips."""

from __future__ import annotations

from pathlib import Path

import pytest

from wearsound.core import Clock, Event
from wearsound.errors import PatchError
from wearsound.show.entries import Named, Set
from wearsound.show.set_list import GUARD, SET, Entry, SetList

CLOCK = Clock()
LATER = CLOCK.ticks(GUARD)


def set_of(*titles: str) -> SetList:
    return SetList([Entry(title, f"{title}.toml") for title in titles], CLOCK)


class Hand:
    """Says things to a set, each a second after the one before unless it says when."""

    def __init__(self, listed: SetList) -> None:
        self.listed, self.tick = listed, 0

    def __call__(self, word: str, *args: object, after: int = 2 * LATER) -> int | None:
        self.tick += after
        return self.listed.asked(Event(self.tick, SET + word, args))


def test_next_and_previous_stay_at_the_ends() -> None:
    say = Hand(set_of("a", "b", "c"))
    assert [say("/next") for _ in range(4)] == [1, 2, None, None]
    assert [say("/previous") for _ in range(4)] == [1, 0, None, None]


def test_a_slip_of_the_finger_is_one_step() -> None:
    say = Hand(set_of("a", "b", "c", "d"))
    assert say("/next") == 1
    assert say("/next", after=1) is None
    assert say("/previous", after=LATER - 2) is None
    assert say("/next", after=1) == 2  # half a second after the one that counted
    assert say("/next", after=LATER) == 3


def test_goto_needs_no_guard() -> None:
    say = Hand(set_of("a", "b", "c"))
    assert [say("/goto", 3, after=1), say("/goto", 1, after=1), say("/goto", 2.0, after=1)] == [2, 0, 1]


@pytest.mark.parametrize(
    ("asked", "at"),
    [("Salt", 1), ("sALT", 1), ("Salt 2", 2), ("3", 2), (3, 2), (2.9, 1), ("7", 3), (4, 3)],
)
def test_by_title_or_number(asked: object, at: int) -> None:
    for word in ("", "/goto"):
        assert Hand(set_of("Low tide", "Salt", "Salt", "7"))(word, asked) == at


@pytest.mark.parametrize(
    "asked", ["", "Pepper", 0, -1, 4, 9e99, float("nan"), float("inf"), "-1", "²", "1" * 6, b"1", None]
)
def test_what_is_not_there_changes_nothing_and_is_said(
    asked: object, caplog: pytest.LogCaptureFixture
) -> None:
    say = Hand(set_of("Low tide", "Salt", "Rain"))
    assert say("/goto", asked) is None
    assert "its number: 1 to 3" in caplog.text
    assert say("/goto") is None
    assert say("/next") == 1


def test_a_title_that_is_there_twice_gets_a_number() -> None:
    assert set_of("Salt", "Rain", "Salt", "Salt").titles == ("Salt", "Rain", "Salt 2", "Salt 3")


def test_no_title_is_there_twice_whatever_they_are_called() -> None:
    titles = set_of("Salt", "Salt 2", "Salt", "Salt").titles
    assert len(set(titles)) == 4


def test_steps_go_from_what_was_asked_for_not_from_what_plays_yet() -> None:
    listed = set_of("a", "b", "c", "d")
    say = Hand(listed)
    assert (say("/next"), say("/next")) == (1, 2)
    listed.playing(1)  # the first comes late: the second is still on its way
    assert say("/next") == 3


def test_after_a_failure_the_next_step_goes_from_what_plays() -> None:
    listed = set_of("a", "b", "c", "d")
    say = Hand(listed)
    assert say("/goto", 3) == 2
    listed.failed(2)
    assert say("/goto", 3) == 2  # the same again is another try
    listed.failed(2)
    assert say("/next") == 1
    listed.playing(1)
    say("/next")
    listed.failed(1)  # an old failure says nothing about what was asked for since
    assert say("/next") == 3


def test_a_set_is_told_and_one_show_is_none() -> None:
    assert set_of("a").parameters() == []
    listed = set_of("a", "b")
    board = {parameter.address: parameter for parameter in listed.parameters()}
    assert sorted(board) == [SET, f"{SET}/goto", f"{SET}/next", f"{SET}/previous"]
    assert board[SET].choices == ("a", "b")
    assert board[SET].read is not None
    assert board[SET].read() == "a"
    listed.playing(1)
    assert board[SET].read() == "b"


def patch(path: Path, title: str, garment: str) -> str:
    path.write_text(f'title = "{title}"\ngarment = "{garment}"\n[[route]]\nfrom = "bass"\nto = "*.glow"\n')
    return str(path)


def test_the_shows_of_a_set_are_worn_on_the_first_ones_garment(tmp_path: Path) -> None:
    first = patch(tmp_path / "a.toml", "A", "scarf")
    second = patch(tmp_path / "b.toml", "B", "denim-jacket")
    alone = Set.load(Named([first]))
    assert [entry.garment for entry in alone.entries] == [None]
    both = Set.load(Named([first, second], seed=4))
    assert [entry.title for entry in both.entries] == ["A", "B"]
    assert {Path(entry.garment or "").stem for entry in both.entries} == {"scarf"}
    assert {entry.seed for entry in both.entries} == {4}


def test_one_broken_show_of_a_set_is_said_before_it_begins(tmp_path: Path) -> None:
    good, bad = patch(tmp_path / "a.toml", "A", "denim-jacket"), tmp_path / "b.toml"
    bad.write_text("title = \n")
    with pytest.raises(PatchError, match=r"b\.toml"):
        Set.load(Named([good, str(bad)]))
    safe = Set.safe(Named([good, str(bad)]))
    assert [entry.title for entry in safe.entries] == ["A"]
    assert any("left out of the set" in sentence for sentence in safe.said)
