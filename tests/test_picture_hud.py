"""The HUD: nothing of it collides, whatever is told, at any size; panels stand where they should."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pygame
import pytest

from wearsound.core import U8, Frame, Health, Row
from wearsound.instruments.picture import open_hud
from wearsound.instruments.picture.hud import Hud
from wearsound.instruments.picture.hud_ink import BAD, DIM, GOOD, INK, MID, WARN, Letters
from wearsound.outputs.dress import Dress, Slider, Why
from wearsound.outputs.keys import KEYS
from wearsound.outputs.overlay import Overlay, Troubles, cue_words
from wearsound.outputs.performer import Performer
from wearsound.outputs.slot import Told

SIZES = [(960, 540), (1280, 720), (1920, 1080)]
HEARD = (
    "room.tempo",
    "room.phase",
    "room.beat",
    "room.bass",
    "room.level",
    "room.gate",
    "room.confidence",
    "room.lead",
)
LONG = "the-longest-name-that-a-scene-may-have-in-any-patch"


def frame(number: int = 60, level: float = -88.0, **more: Any) -> Frame:
    values = np.array([188, 0.3, 7, 1.0, level, 0.0, 0.94, 0.0])
    row = Row({name: i for i, name in enumerate(HEARD)}, values)
    none = np.zeros(1, np.float32)
    told = {"slots": (0, 100, 150), "scene": LONG, "ma": 9999.0, "health": Health(60, 999, 5000), **more}
    return Frame(
        tick=number * 3,
        number=number,
        time=number / 60,
        features=row,
        controls=Row({}, np.zeros(0)),
        lit=np.zeros((1, 3), np.uint8),
        felt=none,
        seed=7,
        **told,
    )


def full(hud: Hud) -> Any:
    signs = hud.signs()
    signs.lamp_in = signs.lamp_osc = signs.lamp_out = "alive"
    signs.device, signs.cue, signs.set_list = LONG * 2, f"12 {LONG} > {LONG}", f"12/13 {LONG}"
    signs.master, signs.recording, signs.locked = 0.05, True, True
    return signs


def pixels_of(surface: Any) -> U8:
    pixels: U8 = pygame.surfarray.array3d(surface).swapaxes(0, 1)
    return pixels


class Placed(pygame.Surface):
    """A surface that remembers where each text was put."""

    def __init__(self, size: tuple[int, int]) -> None:
        super().__init__(size, 0, 32)
        self.areas: list[pygame.Rect] = []

    def blit(self, what: Any, at: Any, area: Any = None, special_flags: int = 0) -> Any:  # type: ignore[override]
        if not special_flags:
            used = what.get_bounding_rect() if what.get_flags() & pygame.SRCALPHA else what.get_rect()
            self.areas.append(used.move(at[0], at[1]))
        return super().blit(what, at, area, special_flags)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("busy", ["", "note", "waiting"])
def test_no_two_texts_of_the_strip_touch_with_the_longest_names(size: tuple[int, int], busy: str) -> None:
    hud = open_hud(size)
    signs = full(hud)
    signs.note = "saved " + LONG if busy == "note" else ""
    signs.waiting = LONG if busy == "waiting" else ""
    placed = Placed(size)
    hud.strip.draw(placed, replace(frame(), frozen=True), signs, 0.0)
    texts = [area for area in placed.areas if area.width and area.top >= size[1] * 0.8]
    # The disc lies in its ring, on purpose.
    texts = [area for area in texts if area.left > hud.letters.px(70)]
    assert len(texts) >= 22
    for i, one in enumerate(texts):
        assert one.right <= size[0] - hud.letters.px(20), "nothing important at the edge"
        assert one.bottom <= size[1]
        for other in texts[i + 1 :]:
            assert not one.inflate(hud.letters.px(3), 0).colliderect(other), (one, other)


@pytest.mark.parametrize("size", SIZES)
def test_bars_reach_as_far_as_is_heard_and_stop_before_the_name(size: tuple[int, int]) -> None:
    hud, surface = open_hud(size), pygame.Surface(size, 0, 32)
    hud.strip.draw(surface, frame(), hud.signs(), 0.0)
    places, px = hud.strip._places, hud.letters.px
    row = pixels_of(surface)[hud.strip.top + px(8)]
    bar = np.flatnonzero((row == (0xEC, 0x6E, 0x38)).all(axis=1))
    assert bar[0] == px(places.rails)
    assert bar[-1] >= px(places.rails + places.rail) - px(2) - 2
    assert places.rails + places.rail < places.name - 8


def test_letters_grow_with_the_picture_but_never_shrink() -> None:
    assert Letters((960, 540)).scale == Letters((1280, 720)).scale == Letters((1366, 768)).scale == 1.0
    assert Letters((1920, 1080)).scale == 1.5
    capital = Letters((1920, 1080)).text("stage", "H", INK).get_bounding_rect().height
    assert capital == pytest.approx(1.5 * 29, abs=4)


def overlay(size: tuple[int, int] = (1280, 720), hud: bool = True, dress: Dress | None = None) -> Overlay:
    performer = Performer(lambda address, *args: None, lambda what: None, hud)
    made = Overlay(open_hud(size), performer)
    dress = dress or Dress(0, "x", HEARD, (), (), 0, "", scenes=("dusk", "dawn"), cues=("one", "two"))
    performer.wear(dress)
    made.wear(dress)
    return made


def calm(number: int = 60) -> Frame:
    return frame(number, ma=100.0, health=Health(60, 5, 3), slots=(), scene="dusk")


def strip_of(made: Overlay, look: Frame, now: float, told: Told | None = None) -> U8:
    surface = pygame.Surface(made.hud.size, 0, 32)
    surface.fill((90, 90, 90))
    made.draw(surface, look, told or Told(("alive", "alive")), None, False, 1.0, now)
    return pixels_of(surface)


def test_a_hidden_strip_fades_in_its_time_and_comes_back_to_warn() -> None:
    made = overlay(hud=True)
    assert (strip_of(made, calm(), 10.0)[650:] != 90).any()
    made._performer.hud = False
    half = strip_of(made, calm(), 10.09)[700]
    assert 90 > half.mean() > strip_of(overlay(), calm(), 10.0)[700].mean()
    assert (strip_of(made, calm(), 10.2) == 90).all()
    late = replace(calm(), health=Health(60, 200, 3))
    strip_of(made, late, 10.3)
    assert (strip_of(made, calm(), 10.5)[650:] != 90).any()
    assert (strip_of(made, calm(), 13.2)[650:] != 90).any()
    strip_of(made, calm(), 13.6)
    assert (strip_of(made, calm(), 13.8) == 90).all()
    lost = replace(calm(), health=Health(60, 5, 4))
    strip_of(made, lost, 14.0)
    assert (strip_of(made, lost, 14.2)[650:] != 90).any(), "sound was lost"
    taken = Told(("lost", "alive"))
    strip_of(made, lost, 20.0, taken)
    assert (strip_of(made, lost, 20.2, taken)[650:] != 90).any(), "a lamp that goes out warns"
    strip_of(made, lost, 23.5, taken)
    assert (strip_of(made, lost, 23.7, taken) == 90).all(), "but only when it does"


def test_flashes_are_counted_against_three_and_warn() -> None:
    hud = open_hud((1280, 720))
    for slots, colour, text in (((), INK, "0/3"), ((100, 150), INK, "2/3"), ((100, 150, 170), WARN, "3/3")):
        hud.letters.texts.clear()
        hud.strip.draw(pygame.Surface(hud.size), replace(calm(), slots=slots), hud.signs(), 0.0)
        assert ("value", text, colour) in hud.letters.texts


def test_the_strip_says_what_waits_and_which_cue_is_next() -> None:
    made = overlay()
    strip_of(made, calm(), 1.0, Told(cue=0, next_cue=1))
    assert made.signs.cue == "1 one > two"
    assert made.signs.waiting == ""
    strip_of(made, calm(), 1.0, Told(cue=1, waiting=1))
    assert (made.signs.cue, made.signs.waiting) == ("2 two > end", "dawn")
    assert cue_words(("alone",), 0, -1) == ""
    assert cue_words(("a", "b"), -1, 0) == "> a"


def test_the_newest_trouble_is_said_first_and_stays_until_it_is_solved() -> None:
    troubles = Troubles()
    troubles.tell("engine", "bass-denim.toml:18: no feature")
    troubles.tell("picture", "dyebath.py:3: broken")
    troubles.tell("engine", "bass-denim.toml:18: no feature")
    assert troubles.sentences == ["dyebath.py:3: broken", "bass-denim.toml:18: no feature"]
    troubles.tell("picture", "")
    assert troubles.sentences == ["bass-denim.toml:18: no feature"]


@pytest.mark.parametrize("size", SIZES)
def test_a_trouble_is_one_line_at_the_top_and_says_how_many_there_are(size: tuple[int, int]) -> None:
    hud, surface = open_hud(size), Placed(size)
    surface.fill((90, 90, 90))
    hud.error(surface, "a sentence " * 90, 2)
    pixels = pixels_of(surface)
    assert (pixels[0] == BAD).all()
    assert (pixels[hud.letters.px(72) :] == 90).all(), "it never covers the garment"
    count, sentence = surface.areas
    assert sentence.right < count.left
    assert ("value", "(+2)", WARN) in hud.letters.texts


@pytest.mark.parametrize("size", SIZES[1:])
def test_the_help_has_every_key_whole(size: tuple[int, int]) -> None:
    hud = open_hud(size)
    hud.keys(pygame.Surface(size), tuple((key.shown, key.about, key.group) for key in KEYS))
    drawn = {(text, colour) for _, text, colour in hud.letters.texts}
    for key in KEYS:
        assert (key.shown, GOOD) in drawn
        assert (key.about, INK) in drawn, f"{key.about} is cut"


def sliders(count: int) -> tuple[Slider, ...]:
    return tuple(
        Slider(f"/x/{i}", f"slider {i}", f"group {i // 6}", "what it is", 0, 1, 0.5) for i in range(count)
    )


def test_a_slider_is_as_long_as_its_value_and_found_under_the_mouse() -> None:
    hud, surface = open_hud((1280, 720)), pygame.Surface((1280, 720), 0, 32)
    listed = sliders(4)
    shares = [0.0, 0.25, 0.5, 1.0]
    hud.sliders.draw(surface, listed, 2, shares, shares, [0.5] * 4, hud.bottom)
    _, x, y, wide, tall = hud.sliders._rails[2]
    row = pixels_of(surface)[y + tall // 2]
    assert int((row == MID).all(axis=1).sum()) == pytest.approx(wide / 2, abs=2)
    assert hud.sliders.under((x + wide // 4, y + 3)) == (2, pytest.approx(0.25, abs=0.01))
    assert hud.sliders.under((x + wide + 60, y + 3)) is None
    assert hud.sliders.along(2, x + 10_000) == 1.0
    row = pixels_of(surface)[hud.sliders._rails[3][2] + tall // 2]
    assert int((row == DIM).all(axis=1).sum()) >= wide


@pytest.mark.parametrize("size", SIZES)
def test_a_hundred_sliders_scroll_so_that_the_chosen_one_is_always_there(size: tuple[int, int]) -> None:
    hud, surface = open_hud(size), pygame.Surface(size)
    listed = sliders(120)
    halves = [0.5] * 120
    for chosen in (0, 1, 60, 119, 118, 3, 0):
        hud.sliders.draw(surface, listed, chosen, halves, halves, halves, hud.bottom)
        rails = {rail[0]: rail for rail in hud.sliders._rails}
        assert chosen in rails
        assert all(rail[2] + rail[4] <= hud.bottom for rail in rails.values())


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("place", [(10, 10), (640, 300), (900, 500), None])
def test_a_card_stands_beside_its_place_whole_and_above_the_strip(
    size: tuple[int, int], place: tuple[int, int] | None
) -> None:
    from wearsound.outputs.why import Answer, Played

    said = Why("chest.glow", "room.bass", "bass 0.15..0.8 moves chest.glow, curve 1.5, 30 ms up", "a.toml:18")
    other = Why("chest.glow", "room.mid", LONG, "a.toml:99", scene="rest")
    trace = np.stack([np.linspace(-4, 0, 240), np.linspace(0, 1, 240)], axis=1).astype(np.float32)
    told = Answer(
        "chest", "chest.glow", 0.87, "", said, 0.62, trace, trace, 0.5,
        (Played(said, "wins"), *[Played(other, "waits")] * 9), "the gate is closed: room is at -62 dB",
    )  # fmt: skip
    hud, surface = open_hud(size), pygame.Surface(size, 0, 32)
    area = hud._why.draw(surface, told, place, hud.bottom)
    assert pygame.Rect(0, 0, *size).contains(area) or size == (960, 540)
    if place is not None and size != (960, 540):
        assert not area.collidepoint(place)
    assert ("stage", "0.87", DIM) in hud.letters.texts
    assert ("label", "a.toml:18", DIM) in hud.letters.texts
    assert ("label", "and 3 more", DIM) in hud.letters.texts


class Cloth:
    """A picture with two zones, left and right."""

    def zone_at(self, x: int, y: int) -> int:
        return int(x > 600) if y < 600 else -1

    def place_of(self, zone: int) -> tuple[int, int]:
        return (300 + 600 * zone, 300)


def test_the_mouse_and_the_arrows_point_at_zones() -> None:
    dress = Dress(0, "x", HEARD, ("chest.glow", "back.glow"), ("chest", "back"), 0, "")
    made = overlay(dress=dress)
    performer, cloth = made._performer, Cloth()
    performer.panel = "why"
    assert made.answer(calm(), Told()) is None
    performer.point(cloth.zone_at(700, 200), (700, 200))
    look = replace(calm(), controls=Row({"chest.glow": 0, "back.glow": 1}, np.array([0.2, 0.7])))
    said = made.answer(look, Told())
    assert said is not None
    assert (said.zone, said.value) == ("back", 0.7)
    performer.point(cloth.zone_at(700, 700), (700, 700))
    assert performer.place == (700, 200)
    from wearsound.outputs.keys import found

    for name, zone in (("down", "chest"), ("down", "back"), ("up", "chest")):
        key = found(name, "")
        assert key is not None
        performer.key(key, "", False, 1.0)
        said = made.answer(look, Told())
        assert said is not None
        assert said.zone == zone
    assert performer.place is None
