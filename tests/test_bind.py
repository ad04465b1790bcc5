"""Binds: the same place of a control does the same, whether it comes by OSC or by MIDI."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from wearsound.core import Parameter
from wearsound.osc.bind import Edge, laid, place
from wearsound.osc.tree import BadValue, Tree
from wearsound.sources.midi_bind import Binds, read_move
from wearsound.sources.osc_in.meaning import Meaning

KINDS = {
    "number": Parameter("/wear/tempo/bpm", "", low=54.0, high=216.0),
    "whole": Parameter("/wear/param/steps", "", "whole", low=1.0, high=9.0),
    "switch": Parameter("/wear/blackout", "", "switch"),
    "choice": Parameter("/wear/param/word", "", "text", choices=("low", "mid", "high")),
    "list": Parameter("/wear/move/knobs", "", "list", low=-1.0, high=1.0),
    "trigger": Parameter("/wear/scene/next", "", "trigger"),
    "nudge": Parameter("/wear/tempo/nudge", "", "trigger", low=-1000.0, high=1000.0),
    "mark": Parameter("/wear/mark", "", "trigger", low=-1e9, high=1e9),
}
MOVES = (0, 20, 63, 64, 90, 127, 127, 127, 90, 63, 64, 0, 127)
"""What a control of either kind says, one after another."""


def bind(source: str, to: str, span: tuple[float, float]) -> SimpleNamespace:
    return SimpleNamespace(source=source, to=to, arg=0, span=span)


def meaning(parameter: Parameter, span: tuple[float, float] = (0.0, 1.0)) -> Meaning:
    return Meaning(Tree([parameter]), [bind("/pad", parameter.address, span)], pytest.fail)


def fired(said: list[tuple[float, ...]]) -> list[int]:
    """How many events each message to a bound trigger makes."""
    means = meaning(KINDS["trigger"])
    return [len(means.of("/pad", args, "osc", 0.0).events) for args in said]


@pytest.mark.parametrize("span", [(0, 127), (20, 100), (127, 0), (64, 64)])
@pytest.mark.parametrize("kind", KINDS)
def test_osc_and_midi_give_equal_events_for_equal_places(kind: str, span: tuple[float, float]) -> None:
    parameter = KINDS[kind]
    box = Binds([bind("midi cc 21", parameter.address, span)], Tree([parameter]))
    phone = meaning(parameter, span)
    by_midi, by_osc = [], []
    for value in MOVES:
        move = read_move((0xB0, 21, value))
        assert move is not None
        by_midi.append([(event.address, event.args) for event in box.events(move)])
        by_osc.append(
            [(event.address, event.args) for event in phone.of("/pad", (value,), "osc", 0.0).events]
        )
    assert by_midi == by_osc
    assert len({str(events) for events in by_midi}) > 1


def test_a_place_is_within_0_and_1_whatever_comes() -> None:
    assert [place(x, (20, 100)) for x in (-5, 20, 60, 100, 1e30)] == [0, 0, 0.5, 1, 1]
    assert [place(x, (1, -1)) for x in (1, 0, -1)] == [0, 0.5, 1]
    assert [place(x, (5, 5)) for x in (4.9, 5)] == [0, 1]


def test_a_place_is_laid_onto_every_kind() -> None:
    ends = {kind: [*laid(parameter, 0.0), *laid(parameter, 1.0)] for kind, parameter in KINDS.items()}
    assert ends == {
        "number": [54.0, 216.0],
        "whole": [1, 9],
        "switch": [0, 1],
        "choice": ["low", "high"],
        "list": [-1.0, 1.0],
        "trigger": [0.0, 1.0],
        "nudge": [-1000.0, 1000.0],
        "mark": [-1e9, 1e9],
    }
    assert isinstance(laid(KINDS["whole"], 0.4)[0], int)
    narrow = Parameter("/wear/x", "", low=-3.0, high=0.1)  # -3 + 3.1 is a little more than 0.1
    assert all(narrow.low <= laid(narrow, i / 100)[0] <= narrow.high for i in range(101))
    with pytest.raises(BadValue, match="takes a word"):
        laid(Parameter("/wear/name", "", "text"), 0.5)


class TestEdge:
    def test_a_button_that_says_its_release_fires_once_a_press(self) -> None:
        assert fired([(1.0,), (0.0,), (1.0,), (0.0,)]) == [1, 0, 1, 0]

    def test_a_program_that_only_ever_says_1_fires_at_each(self) -> None:
        assert fired([(1.0,), (1.0,), (1.0,)]) == [1, 1, 1]

    def test_a_message_without_arguments_fires_at_each(self) -> None:
        assert fired([(), (), (1.0,), ()]) == [1, 1, 1, 1]

    def test_a_fader_fires_once_on_its_way(self) -> None:
        assert fired([(0.2,), (0.4,), (0.6,), (0.8,), (1.0,), (0.8,), (0.3,), (0.7,)]) == [
            0,
            0,
            1,
            0,
            0,
            0,
            0,
            1,
        ]

    def test_one_that_goes_on_beyond_its_span_is_still_a_fader(self) -> None:
        assert fired([(0.2,), (0.9,), (1.1,), (1.3,)]) == [0, 1, 0, 0]

    def test_one_that_rests_and_goes_on_saying_where_it_is_fires_once(self) -> None:
        assert fired([(0.7,)] * 5) == [1, 0, 0, 0, 0]

    def test_the_other_hand_of_an_xy_pad_fires_nothing(self) -> None:
        assert fired([(1.0, 0.1), (1.0, 0.2), (1.0, 0.3)]) == [1, 0, 0]

    def test_each_bind_has_an_edge_of_its_own(self) -> None:
        one, other = Edge(), Edge()
        assert one.fires(1.0, 1)
        assert other.fires(1.0, 1)
