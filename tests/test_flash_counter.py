"""The counter is counted: light made by hand, of which everybody can see how often it flashes."""

from __future__ import annotations

import ast
import struct
from pathlib import Path

import adversaries
import numpy as np
import pytest

from wearsound.testing import flash_counter
from wearsound.testing.flash_counter import artnet_frames, count, ddp_frames, linear, red

RATE, N = 60, 16
TIME = np.arange(6 * RATE) / RATE
AREA = np.ones(N)
ZONE = np.repeat(np.arange(4), 4)
WHITE, RED, BLUE = np.ones(3), np.array([1.0, 0, 0]), np.array([0, 0, 1.0])


def counted(light: np.ndarray, **how: object) -> dict[str, tuple[int, int]]:
    """(general, red) of each thing for light (n_frames, n_pixels or 1, 3)."""
    wide = np.broadcast_to(light, (len(light), N, 3))[None]
    found = count(wide, how.get("area", AREA), ZONE)  # type: ignore[arg-type]
    things = {
        name: tuple(getattr(found, name)[:, 0].tolist()) for name in ("whole", "quarter", "same", "zones")
    }
    return things | {"uv": int(found.uv[0])}  # type: ignore[return-value]


def square(hertz: float, shift: float = 0.0) -> np.ndarray:
    return ((TIME * hertz + shift) % 1.0 < 0.5).astype(float)[:, None, None]


def sine(hertz: float, low: float = 0.0, high: float = 1.0) -> np.ndarray:
    return (low + (high - low) * (0.5 - 0.5 * np.cos(2 * np.pi * hertz * TIME)))[:, None, None]


def everywhere(general: int, red: int = 0) -> dict[str, tuple[int, int]]:
    return dict.fromkeys(("whole", "quarter", "same", "zones"), (general, red))


def without_uv(found: dict[str, tuple[int, int]]) -> dict[str, tuple[int, int]]:
    return {name: number for name, number in found.items() if name != "uv"}


@pytest.mark.parametrize(
    ("light", "number"),
    [
        pytest.param(sine(3.0) * WHITE, 3, id="sine 3.0"),
        pytest.param(sine(3.0, 0.2, 0.31) * WHITE, 3, id="sine of eleven hundredths"),
        pytest.param(square(4) * WHITE, 4, id="square 4"),
        pytest.param(square(20) * WHITE, 20, id="square 20"),
        pytest.param(square(30) * WHITE, 30, id="square 30, every frame"),
        pytest.param(sine(10, 0.4, 0.49) * WHITE, 0, id="flicker of nine hundredths"),
        pytest.param(sine(10, 0.82, 1.0) * WHITE, 0, id="above eight tenths"),
        pytest.param(sine(10, 0.79, 1.0) * WHITE, 10, id="just from under eight tenths"),
        pytest.param(square(10) * BLUE, 0, id="full blue is darker than a tenth"),
        pytest.param(np.minimum(1.0, TIME)[:, None, None] * WHITE, 0, id="one rise"),
        pytest.param(0.3 + 0.09 * (square(10) * WHITE), 0, id="nine hundredths, square"),
    ],
)
def test_general_flashes_of_everything_at_once(light: np.ndarray, number: int) -> None:
    assert without_uv(counted(light)) == everywhere(number)


def test_one_flash_is_up_and_down_and_seven_transitions_are_three() -> None:
    light = np.zeros((120, 1, 3))
    light[10:20] = 1.0
    assert without_uv(counted(light)) == everywhere(1)
    light[:] = 1.0
    for start in (10, 22, 34, 46):
        light[start : start + 6] = 0.0  # down, up, down, up, down, up, down and stay
    light[46:] = 0.0
    assert without_uv(counted(light)) == everywhere(3)
    light[58:] = 1.0
    assert without_uv(counted(light)) == everywhere(4)


def test_the_worst_second_counts_wherever_it_begins() -> None:
    light = np.zeros((360, 1, 3))
    for start in (130, 150, 168, 181):
        light[start : start + 8] = 1.0
    assert without_uv(counted(light)) == everywhere(4)
    light[181:] = 0.0
    light[182:190] = 1.0  # its fall is 60 frames after the first rise: in the next second
    assert without_uv(counted(light)) == everywhere(3)


def test_a_small_way_back_is_no_new_flash_and_steps_add_up() -> None:
    ripple = 0.5 + 0.04 * np.sign(np.sin(2 * np.pi * 12 * TIME)) + 0.4 * np.sin(2 * np.pi * TIME)
    assert without_uv(counted(ripple[:, None, None] * WHITE)) == everywhere(1)
    stairs = (np.arange(360) % 15) / 15  # each step is 0.067
    assert without_uv(counted(stairs[:, None, None] * WHITE)) == everywhere(4)


def test_red_and_blue_of_one_luminance_is_a_red_flash_alone() -> None:
    dim, blue = 0.0722 / 0.2126 * RED, BLUE
    light = square(5) * dim + (1 - square(5)) * blue
    assert without_uv(counted(light)) == everywhere(0, 5)
    assert counted(light)["uv"] == 5


@pytest.mark.parametrize(
    ("colour", "number"),
    [
        pytest.param(RED * 0.05, 0, id="16 of 320 is not enough"),
        pytest.param(RED * 0.07, 6, id="22 is"),
        pytest.param([0.3, 0.04, 0.03], 6, id="red enough: 81 %"),
        pytest.param([0.24, 0.04, 0.024], 0, id="not red enough: 79 %"),
    ],
)
def test_what_a_saturated_red_is(colour: list[float], number: int) -> None:
    assert without_uv(counted(square(6) * np.array(colour))) == everywhere(0, number)


def test_red_counts_whichever_end_is_saturated() -> None:
    """Pink that turns red and back: the more red end is the saturated one; and the other way round."""
    pink, deep = np.array([0.6, 0.2, 0.2]), np.array([0.6, 0.05, 0.05])
    assert counted(square(5) * deep + (1 - square(5)) * pink)["whole"][1] == 5
    dim, bright = np.array([0.1, 0.01, 0.01]), np.array([0.8, 0.3, 0.2])
    assert counted(square(5) * dim + (1 - square(5)) * bright)["whole"][1] == 5


def test_a_rise_and_a_fall_each_need_a_saturated_end() -> None:
    """Transitions themselves, which alternate: one that must not count would hide behind one that never comes."""
    orange, black, dull = np.array([1.0, 0.0, 0.0]), np.zeros(3), np.array([0.5, 0.2, 0.1])
    for path, expected in (
        ((black, orange, black), [0, 1, -1]),
        ((black, dull, black), [0, 0, 0]),
        ((dull, black, dull), [0, 0, 0]),
        ((black, dull, orange, dull, black), [0, 0, 1, -1, 0]),
    ):
        assert red(np.array(path)[:, None])[:, 0].tolist() == expected


def test_u_v_counts_colour_whatever_its_light() -> None:
    assert counted(square(5) * RED)["uv"] == 0, "darkness has no colour"
    assert counted(square(5) * RED * 0.01 + (1 - square(5)) * BLUE)["uv"] == 5
    green = np.array([0, 1.0, 0])
    assert counted(square(5) * green + (1 - square(5)) * BLUE)["uv"] == 0, "no red in it"
    orange = np.array([1.0, 0.5, 0.0])
    assert counted(square(5) * RED + (1 - square(5)) * orange)["uv"] == 5


def test_halves_in_antiphase_stand_still_as_a_whole_and_flash_as_quarters() -> None:
    half = np.zeros((1, N, 1))
    half[:, :8] = 1.0
    on = square(4)
    found = counted((on * half + (1 - on) * (1 - half)) * WHITE)
    assert found["whole"] == (0, 0)
    assert found["quarter"] == found["same"] == found["zones"] == (4, 0)


def test_halves_that_swap_softly_swap_once_too() -> None:
    """One half has risen a frame before the other has fallen: that is one change of the picture, not two."""
    half = np.zeros((1, N, 1))
    half[:, :8] = 1.0
    on = sine(2)
    found = counted((on * half + (1 - on) * (1 - half)) * WHITE)
    assert found["quarter"] == found["same"] == (2, 0)


def test_a_chequerboard_flashes_as_a_quarter_and_nowhere_else() -> None:
    odd = (np.arange(N) % 2)[None, :, None]
    on = square(10)
    found = counted((on * odd + (1 - on) * (1 - odd)) * WHITE)
    assert found["whole"] == found["zones"] == (0, 0)
    assert found["quarter"] == found["same"] == (10, 0)


def test_a_travelling_pulse_is_no_flash_of_a_quarter() -> None:
    """One pixel of sixteen: at any time two change in a direction at most."""
    where = (np.floor(TIME * 30) % N)[:, None] == np.arange(N)[None]
    found = counted(where[..., None] * WHITE)
    assert found["quarter"] == found["whole"] == (0, 0)
    # Each pixel flashes about twice a second, as it comes by.
    assert found["same"] == (2, 0)


def test_a_quarter_that_flashes_somewhere_else_each_time_is_counted() -> None:
    """Four zones in turn, ten steps a second: no pixel flashes more than three times, light does all the time."""
    turn = (np.floor(TIME * 10) % 4)[:, None] == ZONE[None]
    found = counted(turn[..., None] * WHITE)
    assert found["whole"] == (0, 0)
    assert found["same"][0] <= 3
    assert found["quarter"] == (5, 0)


def test_just_under_a_quarter_is_none() -> None:
    light = np.zeros((len(TIME), N, 3))
    light[:, :3] = square(10)
    found = counted(light)
    assert found["quarter"] == found["same"] == (0, 0)
    assert found["whole"] == (10, 0)  # three of sixteen are more than a tenth of all light
    assert found["zones"] == (10, 0)
    area = np.ones(N)
    area[:3] = 4.4  # three of them now have half of it
    assert counted(light, area=area)["quarter"] == (10, 0)


def test_what_changes_slower_than_together_is_no_quarter() -> None:
    """Pixels that follow one another within a second: never a quarter of them in a twentieth."""
    phase = TIME[:, None] * 2.0 - np.arange(N)[None] / N
    found = counted((phase % 1.0 < 0.5).astype(float)[..., None] * WHITE)
    assert found["quarter"] == (0, 0)
    assert found["same"] == (2, 0)


def test_bytes_become_light_before_they_are_averaged() -> None:
    """A chequerboard of 0 and 255 is half the light, not that of 128."""
    assert linear(np.array([0, 128, 255], np.uint8)).tolist() == pytest.approx([0.0, (128 / 255) ** 2.2, 1.0])
    bytes_ = np.zeros((len(TIME), N, 3), np.uint8)
    bytes_[:, ::2] = 255
    bytes_[(TIME * 5).astype(int) % 2 == 1] = 186  # 0.5 in light: nothing happens on the whole
    assert counted(linear(bytes_))["whole"] == (0, 0)
    bytes_[(TIME * 5).astype(int) % 2 == 1] = 128
    assert counted(linear(bytes_))["whole"] == (2, 0)


def test_many_clips_at_once_are_counted_as_one_by_one() -> None:
    clips = np.stack([np.broadcast_to(square(h) * WHITE, (len(TIME), N, 3)) for h in (2, 5, 11)])
    found = count(clips, AREA, ZONE)
    assert found.worst.tolist() == [2, 5, 11]
    assert found.says(1) == "whole 5/5, quarter 5/5, same 5/5, zones 5/5 (general/red)".replace("/5", "/0")


def test_ddp_is_read_as_a_display_does() -> None:
    def packet(flags: int, offset: int, data: bytes) -> bytes:
        return struct.pack(">BBBBIH", flags, 1, 0x0B, 1, offset, len(data)) + data

    frames = ddp_frames(
        [
            packet(0x40, 0, bytes([1, 2, 3])),
            packet(0x41, 3, bytes([4, 5, 6])),
            packet(0x41, 3, bytes([7, 8, 9])),
            packet(0x50, 0, b"")[:10] + bytes(4),  # with a time code, and nothing to show yet
        ]
    )
    assert frames.tolist() == [[[1, 2, 3], [4, 5, 6]], [[1, 2, 3], [7, 8, 9]]]


def test_art_net_is_read_as_nodes_do() -> None:
    def dmx(universe: int, data: bytes) -> bytes:
        return (
            b"Art-Net\0\x00\x50\x00\x0e\x01\x00"
            + bytes([universe & 255, universe >> 8])
            + struct.pack(">H", len(data))
            + data
        )

    sync = b"Art-Net\0\x00\x52\x00\x0e\x00\x00"
    first = bytes(range(1, 7))
    frames = artnet_frames([dmx(256, first), dmx(257, bytes([9, 9, 9, 0])), sync], 256, 3, slots=6)
    assert frames.tolist() == [[[1, 2, 3], [4, 5, 6], [9, 9, 9]]]


def test_it_knows_nothing_of_the_guard() -> None:
    for module in (flash_counter, adversaries):
        tree = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))
        imported = {
            name
            for node in ast.walk(tree)
            for name in (
                [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else []
            )
        }
        assert not [name for name in imported if "safety" in name or "outputs" in name]
        assert imported & {n for n in imported if n.startswith("wearsound")} <= {
            "wearsound.chance",
            "wearsound.core",
        }
