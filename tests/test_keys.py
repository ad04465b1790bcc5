"""The keyboard of the window: one table, from which the help, the page and what is done are made."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from wearsound.core import Frame, Health, Row
from wearsound.outputs.dress import Dress, Slider
from wearsound.outputs.keys import KEYS, Keyboard, as_table, found
from wearsound.outputs.performer import CALM, Performer
from wearsound.outputs.slot import Told

PAGE = Path(__file__).parents[1] / "docs" / "keys.md"

SLIDERS = (
    Slider("/wear/master", "master", "hand", "", 0, 1, 1.0),
    Slider(
        "/wear/param/sketch/warmth",
        "warmth",
        "sketch",
        "",
        0,
        4,
        1.0,
        release="/wear/param/sketch/warmth/release",
    ),
    Slider("/wear/param/bass-chest-glow/attack", "attack", "bass", "", 0, 10, 0.08, "s"),
    Slider("/wear/param/sketch/stars", "stars", "sketch", "", 1, 6, 3, whole=True),
)
DRESS = Dress(
    number=0,
    title="x",
    features=(),
    controls=(),
    zones=("chest", "back", "cuff_l"),
    pixels=0,
    garment="",
    scenes=("dusk", "dawn"),
    sliders=SLIDERS,
)
VALUES = np.array([slider.default for slider in SLIDERS])


def frame(**more: object) -> Frame:
    row = Row({}, np.zeros(0))
    none = np.zeros(0, np.float32)
    return Frame(0, 0, 0.0, row, row, np.zeros((0, 3), np.uint8), none, Health(), 0, **more)  # type: ignore[arg-type]


class Played:
    """A performer, and what it has said."""

    def __init__(self, dress: Dress = DRESS) -> None:
        self.said: list[tuple[object, ...]] = []
        self.window: list[str] = []
        self.performer = Performer(
            lambda address, *args: self.said.append((address, *args)), self.window.append, True
        )
        self.performer.wear(dress)
        self.now = 100.0
        self.tell()

    def tell(self, told: Told | None = None, **more: object) -> None:
        self.performer.obey(frame(**more), told or Told(values=VALUES), self.now)

    def press(
        self, name: str = "", typed: str = "", ctrl: bool = False, shift: bool = False
    ) -> list[tuple[object, ...]]:
        self.said.clear()
        key = found(name, typed, ctrl)
        assert key is not None
        self.performer.key(key, typed, shift, self.now)
        return list(self.said)


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("q", "q", ("/wear/quit", "key q")),
        ("b", "b", ("/wear/blackout", 1)),
        ("space", " ", ("/wear/freeze", 1)),
        ("r", "r", ("/wear/scene/random",)),
        ("2", "2", ("/wear/scene/dawn",)),
        ("n", "n", ("/wear/scene/next",)),
        ("p", "p", ("/wear/scene/previous",)),
        ("return", "\r", ("/wear/cue/go",)),
        ("backspace", "\b", ("/wear/cue/back",)),
        ("t", "t", ("/wear/tempo/tap",)),
        ("[", "[", ("/wear/tempo/nudge", -10.0)),
        ("]", "]", ("/wear/tempo/nudge", 10.0)),
        (",", ",", ("/wear/tempo/half",)),
        (".", ".", ("/wear/tempo/double",)),
        ("l", "l", ("/wear/tempo/lock", 1)),
        ("-", "-", ("/wear/master", 0.95)),
    ],
)
def test_each_key_says_its_own_address(name: str, typed: str, said: tuple[object, ...]) -> None:
    assert Played().press(name, typed) == [said]


def test_with_ctrl_a_letter_is_another_key() -> None:
    played = Played()
    assert played.press("s", "\x13", ctrl=True) == [("/wear/patch/save",)]
    assert played.press("r", "\x12", ctrl=True) == [("/wear/take/record",)]
    assert found("b", "", ctrl=True) is None
    played.press("s", "s")
    played.press("f", "f")
    played.press("m", "m")
    played.press("v", "v")
    assert played.window == ["save", "fullscreen", "display", "view"]


def test_a_nudge_with_shift_is_a_millisecond_whatever_the_layout_types() -> None:
    assert Played().press("[", "{", shift=True) == [("/wear/tempo/nudge", -1.0)]
    assert Played().press("]", "]", shift=True) == [("/wear/tempo/nudge", 1.0)]


def test_where_there_is_a_set_n_and_p_go_through_it() -> None:
    played = Played(replace(DRESS, set_list=("Bass denim", "Salt")))
    assert played.press("n", "n") == [("/wear/set/next",)]
    assert played.press("p", "p") == [("/wear/set/previous",)]


def test_r_resumes_and_calls_no_scene_until_the_finger_is_calm() -> None:
    played = Played()
    played.tell(dark="panic")
    assert played.performer.dark == "panic"
    assert played.press("r", "r") == [("/wear/resume",)]
    played.now += CALM - 0.1
    assert played.press("r", "r") == []
    played.now += 0.2
    assert played.press("r", "r") == [("/wear/scene/random",)]
    played.tell(frozen=True)
    assert played.press("r", "r") == [("/wear/resume",)]


def test_escape_hides_closes_and_twice_is_panic() -> None:
    played = Played()
    assert played.press("escape") == []
    assert not played.performer.hud
    played.now += 1
    played.press("h", "h")
    assert played.press("escape") == []
    assert (played.performer.help, played.performer.hud) == (False, False)
    assert played.press("escape") == [("/wear/panic",)]
    assert played.performer.dark == "panic"
    assert played.press("b", "b") == []


def test_freeze_and_dark_follow_other_hands() -> None:
    played = Played()
    played.tell(frozen=True)
    assert played.performer.frozen
    assert played.press("space", " ") == [("/wear/freeze", 0)]
    played.tell(frozen=True)  # the engine has not heard it yet: the key is believed
    assert not played.performer.frozen
    played.tell(frozen=False)
    played.tell(dark="blackout")
    assert played.performer.dark == "blackout"
    played.tell()
    assert played.performer.dark == ""


def test_the_master_adds_up_before_the_engine_has_answered() -> None:
    played = Played()
    assert [played.press("-", "-")[0][1] for _ in range(3)] == [0.95, 0.9, 0.85]
    played.now += 1
    played.tell(Told(master=0.3, values=VALUES))
    assert played.press("=", "=") == [("/wear/master", 0.35)]


def test_a_key_that_is_held_down_acts_once_but_for_those_that_repeat() -> None:
    names = {1: "b", 2: "up", 3: "escape"}
    keyboard = Keyboard(lambda code: names[code], 64)
    assert [keyboard.pressed(1, "b", 0) is not None for _ in range(3)] == [True, False, False]
    assert [keyboard.pressed(3, "", 0) is not None for _ in range(2)] == [True, False]
    assert all(keyboard.pressed(2, "", 0) for _ in range(3))
    keyboard.released(1)
    assert keyboard.pressed(1, "b", 0) is not None
    keyboard.let_go()
    assert keyboard.pressed(1, "b", 0) is not None


def test_sliders_are_turned_by_their_own_address() -> None:
    played = Played()
    played.press("tab", "\t")
    assert played.press("right") == []  # the master is up already
    assert played.press("left") == [("/wear/master", 0.99)]
    assert played.press("left", shift=True) == [("/wear/master", 0.89)]
    played.press("down")
    assert played.press("right") == [("/wear/param/sketch/warmth", 1.04)]
    assert played.press("delete") == [("/wear/param/sketch/warmth/release",)]
    played.press("down")
    [(address, value)] = played.press("right")
    assert address == "/wear/param/bass-chest-glow/attack"
    assert 0.08 < float(str(value)) < 0.1, "seconds are fine at their low end"
    assert played.press("delete") == [(address, 0.08)]
    played.press("down")
    assert played.press("right") == [("/wear/param/sketch/stars", 4.0)]
    assert played.press("right") == [("/wear/param/sketch/stars", 5.0)]
    played.press("down")
    assert played.performer.sliders.chosen == 0


def test_a_slider_shows_what_the_engine_says_and_is_dragged() -> None:
    played = Played()
    sliders = played.performer.sliders
    played.performer.take((1, 0.5), played.now)
    assert played.said == [("/wear/param/sketch/warmth", 2.0)]
    assert sliders.values[1] == 2.0
    played.performer.drag(0.75, played.now)
    assert played.said[-1] == ("/wear/param/sketch/warmth", 3.0)
    played.performer.let_go()
    played.performer.drag(0.1, played.now)
    assert len(played.said) == 2
    other = VALUES.copy()
    other[1] = 0.5  # meanwhile OSC
    played.tell(Told(values=other))
    assert sliders.values[1] == 3.0
    played.now += 1
    played.tell(Told(values=other))
    assert sliders.values[1] == 0.5


def test_other_sliders_come_at_once_and_the_chosen_one_stays() -> None:
    played = Played()
    played.press("tab", "\t")
    played.press("down")
    new = Slider("/wear/param/sketch/dust", "dust", "sketch", "", 0, 1, 0.2)
    played.performer.wear(replace(DRESS, number=1, sliders=(new, *SLIDERS)))
    sliders = played.performer.sliders
    assert sliders.sliders[0].label == "dust"
    assert sliders.sliders[sliders.chosen].label == "warmth"


def test_every_key_is_in_the_page_and_no_two_are_the_same() -> None:
    assert as_table() in PAGE.read_text()
    assert len({key.action for key in KEYS}) == len(KEYS)
    signs = [(name, key.ctrl) for key in KEYS for name in (*key.names, *key.typed)]
    assert len(signs) == len(set(signs))
