"""The strip charts of the actuators, and the strip below them: told truly, apart from each other."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from wearsound.core import U8, Frame, Health, Row
from wearsound.instruments.picture import open_hud
from wearsound.instruments.picture.chart import INK, MOST, ROW, SPAN, TRACE
from wearsound.instruments.picture.hud import Hud

SIZE = (1280, 720)
TOP = 660
"""Where the strip begins."""
LEDGER = TOP - 20
"""Where the line above it begins, which ends the charts."""

HEARD = ("room.tempo", "room.phase", "room.beat", "room.bass", "room.level", "room.gate", "room.confidence")


def frame(number: int, felt: list[float], hz: float = 120.0, level: float = -88.0) -> Frame:
    values = np.array([128, 0.3, 7, 1.0, level, 0.0, 0.9])
    touch = np.array([(strong, hz if strong else 0) for strong in felt], np.float32).reshape(-1, 2)
    heard = Row({name: i for i, name in enumerate(HEARD)}, values)
    none = np.zeros(1, np.float32)
    return Frame(3 * number, number, number / 60, heard, Row({}, np.zeros(0)), np.zeros((1, 3), np.uint8), none,
                 Health(60, 120, 1000), 7, touch=touch, ma=9999.0)  # fmt: skip


def hud_of(count: int, size: tuple[int, int] = SIZE) -> Hud:
    hud = open_hud(size)
    hud.chart.names = tuple(f"actuator_{i:02}" for i in range(count))
    return hud


def drawn(hud: Hud, look: Frame) -> U8:
    """On black: only what is written is seen, and no shade."""
    import pygame

    surface = pygame.Surface(hud.size, 0, 32)
    signs = hud.signs()
    signs.lamp_in = signs.lamp_osc = signs.lamp_out = "alive"
    hud.draw(surface, look, signs)
    pixels: U8 = pygame.surfarray.array3d(surface).swapaxes(0, 1)
    return pixels


def groups(used: np.ndarray, gap: int) -> list[tuple[int, int]]:
    """First and last of what lies together, with fewer than `gap` empty between."""
    at = np.flatnonzero(used)
    edges = np.flatnonzero(np.diff(at) > gap)
    starts = at[np.concatenate([[0], edges + 1])]
    return list(zip(starts.tolist(), at[np.concatenate([edges, [len(at) - 1]])].tolist(), strict=True))


def test_it_comes_with_the_first_touch_and_stays() -> None:
    hud = hud_of(4)
    assert not drawn(hud, frame(0, [0, 0, 0, 0]))[: TOP - 5].any()
    assert drawn(hud, frame(1, [0, 0.2, 0, 0]))[: TOP - 5].any()
    assert drawn(hud, frame(900, [0, 0, 0, 0]))[: TOP - 5].any()
    unnamed = open_hud(SIZE)
    assert not drawn(unnamed, frame(1, [0, 0.2, 0, 0]))[: TOP - 5].any()
    assert not drawn(hud_of(4), frame(1, []))[: TOP - 5].any()


@pytest.mark.parametrize("count", [1, 2, 8, 11, 12, 13, 16, 20])
def test_it_touches_neither_the_strip_nor_itself(count: int) -> None:
    hud, plain = hud_of(count), open_hud(SIZE)
    for number in range(250):
        look = frame(number, [1.0] * count, hz=237)
        pixels = drawn(hud, look) if number in (0, 249) else None
        hud.chart.keep(look)
    assert pixels is not None
    strip = drawn(plain, replace(look, touch=np.zeros((count, 2), np.float32)))
    assert np.array_equal(pixels[LEDGER:], strip[LEDGER:])
    assert not pixels[LEDGER - 4 : LEDGER].any()
    rows = 1 if count <= 12 else 2
    tall = groups(pixels[:LEDGER].any(axis=(1, 2)), 2)
    assert LEDGER - tall[0][0] <= rows * ROW + 10
    assert len(tall) == 2 * rows, "each row is a line of names and a line of traces, apart"
    columns = groups(pixels[:LEDGER].any(axis=(0, 2)), 4)
    assert columns[0][0] >= 32
    assert columns[-1][1] < SIZE[0] - 24
    foot = LEDGER - 12
    traces = groups((pixels[foot - TRACE + 4] == INK).all(axis=1), 1)
    shown = [width for first, last in traces if (width := last - first + 1) == 5]
    assert len(shown) == min(count, MOST) // rows


def test_its_height_is_what_is_felt_and_its_number_the_pitch() -> None:
    hud = hud_of(3)
    drawn(hud, frame(0, [0.25, 0.5, 1.0]))
    pixels = drawn(hud, frame(8, [0.25, 0.5, 1.0], hz=83.4))
    bright = (pixels[:LEDGER] == INK).all(axis=2)
    tall = [
        int(bright[:, first : last + 1].any(axis=1).sum()) for first, last in groups(bright.any(axis=0), 1)
    ]
    assert [height - 2 for height in tall if height > 4] == [
        round(TRACE * strong) for strong in (0.25, 0.5, 1.0)
    ]
    assert [text for _, text, _ in hud.letters.texts if text == "83"] == ["83"]
    drawn(hud, frame(9, [0, 0, 0]))
    assert "—" not in [text for _, text, _ in hud.letters.texts], "the pitch of what was felt just now stays"
    drawn(hud, frame(700, [0, 0, 0]))
    assert "—" in [text for _, text, _ in hud.letters.texts]


def test_a_click_of_one_frame_is_seen_until_it_has_left() -> None:
    hud = hud_of(2)
    seen = []
    for number in range(300):
        hud.chart.keep(frame(number, [1.0 if number == 10 else 0.0, 0.1]))
        seen.append(float(hud.chart._kept[:, 0].max()))
    assert not any(seen[:10])
    assert all(value == 1.0 for value in seen[10 : round(60 * SPAN)])
    assert not any(seen[round(60 * (SPAN + 0.3)) :])


def test_the_newest_is_at_the_right_and_wanders_left() -> None:
    hud = hud_of(1)
    at = []
    for number in range(230):
        hud.chart.keep(frame(number, [1.0 if number == 5 else 0.0]))
        if number >= 5:
            at.append(int(hud.chart._kept[:, 0].argmax()))
    assert at[0] == len(hud.chart._kept) - 1
    assert set(np.diff(at)) <= {0, -1}
    share = (at[0] - at[120]) / len(hud.chart._kept)
    assert share == pytest.approx(120 / 60 / SPAN, abs=0.02)


@pytest.mark.parametrize("nasty", [np.nan, np.inf, -1.0, 1e30])
@pytest.mark.parametrize("size", [(1280, 720), (960, 540), (480, 270), (320, 180), (16, 16)])
def test_nonsense_and_small_pictures_are_survived(nasty: float, size: tuple[int, int]) -> None:
    hud = hud_of(16, size)
    for number, when in enumerate((0.0, 1.0, nasty, 0.5, 1e9)):
        look = replace(frame(number, [nasty] * 16, hz=nasty), time=when if np.isfinite(when) else 1.0)
        drawn(hud, look)
        hud.chart.keep(replace(look, time=when))
    assert np.isfinite(hud.chart._kept).all()
    assert (hud.chart._kept <= 1).all()


def test_no_two_numbers_of_the_strip_touch() -> None:
    """The longest each may say: -88, closed, a flash, 9999 mA, 120 ms, 1000 drops."""
    pixels = drawn(open_hud(SIZE), frame(1, []))
    for rows in (slice(TOP + 8, TOP + 26), slice(TOP + 28, TOP + 52)):
        found = groups(pixels[rows, 910:].any(axis=(0, 2)), 9)
        assert len(found) == 6
        assert all(after[0] - before[1] > 9 for before, after in pairwise(found))
        assert found[-1][1] + 910 < SIZE[0] - 20
