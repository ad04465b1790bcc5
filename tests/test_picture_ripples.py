"""Rings in the cloth: where an actuator is felt and nowhere else, as strong and as fine as it is, never a flash."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from test_picture import COAT, HALF, SCALE, SIZE, drawn, frame, place, read
from thorough import some, usually

from wearsound import gallery
from wearsound.core import F64, U8, Frame
from wearsound.garment.colour import srgb_to_linear
from wearsound.garment.document import Garment, load_garment
from wearsound.instruments.picture.cache import baked
from wearsound.instruments.picture.garment_picture import GarmentPicture
from wearsound.instruments.picture.ripples import REACH, WARP, Ripples
from wearsound.instruments.picture.wake import GRID, KEPT, RELEASE, WAVES, Wake

ACTUATORS = """
[[actuator]]
name = "hip"
zone = "skirt"
at = [-6, 22]
[[actuator]]
name = "knee"
zone = "skirt"
at = [6, 58]
[[actuator]]
name = "collar"
zone = "collar"
at = [6, 0]
"""
HIP, KNEE, COLLAR = 0, 1, 2
FELT = REACH * WARP * 1.2


@pytest.fixture(scope="module")
def garment(tmp_path_factory: pytest.TempPathFactory) -> Garment:
    return read(tmp_path_factory.mktemp("garment"), COAT + ACTUATORS)


@pytest.fixture
def picture(garment: Garment) -> GarmentPicture:
    return GarmentPicture(garment, SIZE, 7)


def touched(garment: Garment, felt: dict[int, tuple[float, float]]) -> np.ndarray:
    touch = np.zeros((len(garment.actuators), 2), np.float32)
    for one, (strong, hz) in felt.items():
        touch[one] = strong, hz
    return touch


def moments(
    garment: Garment, felt: dict[int, tuple[float, float]], seconds: float, start: float = 1.0, fps: int = 60,
    **drape: float,
) -> Iterator[Frame]:  # fmt: skip
    """Frames of somebody who feels the same all the time; the number, and so the grain, is always the same."""
    for i in range(round(seconds * fps) + 1):
        yield replace(frame(garment, **drape), time=start + i / fps, touch=touched(garment, felt))


def after(picture: GarmentPicture, frames: Iterator[Frame]) -> U8:
    pixels = np.zeros(0, np.uint8)
    for look in frames:
        pixels = drawn(picture, look)
    return pixels


def still(garment: Garment, when: float, **drape: float) -> U8:
    """As it looks when nothing was ever felt: a fresh picture."""
    return drawn(GarmentPicture(garment, SIZE, 7), replace(frame(garment, **drape), time=when))


def change(
    garment: Garment, felt: dict[int, tuple[float, float]], seconds: float = 1.2, **drape: float
) -> F64:
    """What rings add to each pixel, the mean of red, green and blue, in display levels."""
    now = after(GarmentPicture(garment, SIZE, 7), moments(garment, felt, seconds, **drape))
    difference: F64 = (now.astype(float) - still(garment, 1.0 + seconds, **drape)).mean(axis=2)
    return difference


def far_from(x: float, y: float) -> F64:
    row, column = place(x, y)
    rows, columns = np.indices((SIZE[1], SIZE[0]))
    distance: F64 = np.hypot(rows - row, columns - column) / (SCALE * HALF)
    return distance


class TestWhere:
    def test_rings_are_where_it_is_felt_and_nowhere_else(self, garment: Garment) -> None:
        for one, (x, y) in ((HIP, (-6, 22)), (KNEE, (6, 58))):
            moved = np.abs(change(garment, {one: (1.0, 120.0)}))
            distance = far_from(x, y)
            assert moved[distance > FELT].max() == 0
            assert moved[distance < 5].mean() > 1.5
            assert (
                moved[(distance > 1.5) & (distance < 3)].mean()
                > moved[(distance > 5) & (distance < 7)].mean()
            )

    def test_nothing_felt_is_the_same_to_the_bit(self, garment: Garment, picture: GarmentPicture) -> None:
        quiet = after(picture, moments(garment, {}, 0.5))
        assert np.array_equal(quiet, still(garment, 1.5))
        none = drawn(
            picture, replace(frame(garment), time=1.5)
        )  # a frame of somebody who tells nothing of touch
        assert np.array_equal(none, quiet)

    def test_they_stay_on_their_own_sheet_of_cloth(self, garment: Garment) -> None:
        """A ring of the hem crosses the patch sewn to it; a ring of the collar does not reach the coat below it."""
        sheet = baked(garment, SIZE, 7).sheet
        coat = sheet[place(10, 20)]
        patch, collar = sheet[place(2, 56)], sheet[place(5, 0)]
        assert coat == patch != collar
        assert collar > 0
        assert sheet[place(40, 20)] == 0
        moved = np.abs(change(garment, {KNEE: (1.0, 90.0)}))
        assert moved[place(3, 57)[0] - 6 : place(3, 57)[0] + 6, place(3, 57)[1]].max() > 1
        moved = np.abs(change(garment, {COLLAR: (1.0, 90.0)}))
        assert moved[sheet != collar].max() == 0
        assert moved[sheet == collar].max() > 3

    def test_every_actuator_of_the_gallery_is_seen(self) -> None:
        for path in some(sorted((gallery.root() / "patches" / "garments").glob("*.toml")), 3):
            coat = load_garment(path)
            rings = Ripples(coat, baked(coat, SIZE, 7), SIZE, 7)
            for actuator, where in zip(coat.actuators, rings._places, strict=True):
                assert where is not None, f"{path.stem} {actuator.name}"

    def test_an_actuator_that_no_figure_shows_has_none(self, tmp_path: Path) -> None:
        text = COAT.replace(
            "[[figure]]\nname", '[[zone]]\nname = "lining"\nlight = [0.8, 0.1, 60]\n[[figure]]\nname'
        )
        coat = read(tmp_path, text + '[[actuator]]\nname = "inside"\nzone = "lining"\nat = [4, 30]\n')
        assert not np.abs(change(coat, {0: (1.0, 100.0)}, 0.3)).any()

    def test_they_hang_with_the_cloth(self, garment: Garment) -> None:
        """At the knee the coat swings by more than a centimetre; its rings go the same way, and as far."""
        rest = change(garment, {KNEE: (1.0, 70.0)})
        swung = change(garment, {KNEE: (1.0, 70.0)}, swing=1.0)
        assert np.abs(rest - swung).max() > 5
        row, _ = place(6, 58)
        band = slice(row - 8, row + 9)
        score = [float((np.roll(rest, by, axis=1)[band] * swung[band]).sum()) for by in range(-4, 14)]
        way = 2.3 * ((58 - 30) / 40) ** 1.5 * SCALE * HALF
        assert np.argmax(score) - 4 == pytest.approx(way, abs=1.0)


class TestHow:
    def test_stronger_is_more(self, garment: Garment) -> None:
        seen = [
            np.abs(change(garment, {HIP: (strong, 100.0)})).mean() for strong in (0.0, 0.1, 0.3, 0.6, 1.0)
        ]
        assert seen[0] == 0
        assert (np.diff(seen) > 0.1 * seen[-1]).all(), seen

    def test_higher_is_finer_and_faster(self, garment: Garment) -> None:
        """Waves between the actuator and its last ring, towards the light; and how often they pass in a second."""
        waves, passes = [], []
        for hz in (60.0, 120.0, 250.0):
            rings = Ripples(garment, baked(garment, SIZE, 7), SIZE, 7)
            at = []
            for look in moments(garment, {HIP: (1.0, hz)}, 3.0):
                rings._wake.follow(look.time, look.touch)
                _, turn = rings._wake.at(rings._ago, rings._since)
                at.append(turn[0, HIP])
            waves.append(turn[0, HIP] - turn[-1, HIP])
            passes.append(at[-1] - at[-61])
        assert waves[0] < 0.75 * waves[1] < 0.75 * 0.75 * waves[2]
        assert passes == pytest.approx([WAVES * (hz / 60) ** 0.5 for hz in (60, 120, 250)], rel=0.02)
        assert passes[-1] < 12  # 24 pictures a second show it

    def test_waves_are_seen_as_fine_as_they_are(self, garment: Garment) -> None:
        """Along a line from the actuator the sign of what rings add turns more often where the pitch is higher."""
        row, column = place(-6, 22)
        rows, columns = np.indices((SIZE[1], SIZE[0]))
        towards = np.hypot(rows - row, columns - column) > -1.1 * (rows - row + columns - column) / 2**0.5
        away = far_from(-6, 22)
        sector = [~towards & (away > at) & (away <= at + 0.35) for at in np.arange(0.6, 6.5, 0.35)]
        turns = []
        for hz in (60.0, 250.0):
            count = 0
            for seconds in (1.2, 1.3, 1.4, 1.5):
                moved = change(garment, {HIP: (1.0, hz)}, seconds)
                line = [moved[ring].mean() for ring in sector]
                count += int((np.diff(np.sign(line)) != 0).sum())
            turns.append(count)
        assert turns[1] > 1.4 * turns[0] > 0

    def test_it_runs_on_a_little_and_ends(self, garment: Garment, picture: GarmentPicture) -> None:
        after(picture, moments(garment, {HIP: (1.0, 100.0)}, 1.0))
        left, when = [], 2.0
        for pause in (0.1, 0.5, 0.5, KEPT + 10 * RELEASE):
            late = after(picture, moments(garment, {}, pause - 1 / 60, start=when + 1 / 60))
            when += pause
            left.append(np.abs(late.astype(int) - still(garment, when)).sum())
        assert left[0] > left[1] > left[2] > left[3] == 0
        assert left[0] > 2 * left[2]

    def test_a_click_spreads_from_its_place(self, garment: Garment, picture: GarmentPicture) -> None:
        distance = far_from(-6, 22)
        seen = []
        after(picture, moments(garment, {}, 0.1, start=0.9))
        for number, look in enumerate(moments(garment, {HIP: (1.0, 90.0)}, 0.2)):
            now = drawn(picture, look).astype(int) - still(garment, look.time)
            seen.append(float(distance[np.abs(now).max(axis=2) > 2].max(initial=0.0)))
            if number == 1:
                assert seen[-1] < 3
        assert seen[0] < seen[2] < seen[6] < seen[10] <= FELT


class TestSafety:
    def test_crest_to_trough_is_less_than_a_tenth_of_full_light_on_any_cloth(self, garment: Garment) -> None:
        """General flash of WCAG 2.2: a tenth of relative luminance. Every grey there is, at full strength."""
        import pygame

        for hz in some((60.0, 110.0, 250.0), 2):
            rings = Ripples(garment, baked(garment, SIZE, 7), SIZE, 7)
            for look in moments(garment, {HIP: (1.0, hz), KNEE: (1.0, hz)}, 1.5):
                rings._wake.follow(look.time, look.touch)
            surface = pygame.Surface(SIZE, 0, 32, (0xFF0000, 0xFF00, 0xFF, 0))
            for level in range(0, 256, usually(5, 3)):
                low, high = 255, 0
                for step in range(8):
                    surface.fill((level, level, level))
                    touch = touched(garment, {HIP: (1.0, hz), KNEE: (1.0, hz)})
                    rings.lay(surface, replace(frame(garment), time=2.5 + 0.07 * (step + 1), touch=touch))
                    seen = pygame.surfarray.array3d(surface)
                    low, high = min(low, int(seen.min())), max(high, int(seen.max()))
                swing = np.diff(srgb_to_linear(np.array([low, high]) / 255.0))[0]
                assert 0 <= swing < 0.1, (level, low, high)
                rings._wake.reset()
                for look in moments(garment, {HIP: (1.0, hz), KNEE: (1.0, hz)}, 0.4, start=2.1):
                    rings._wake.follow(look.time, look.touch)

    def test_the_mean_light_of_the_picture_hardly_changes(self, garment: Garment) -> None:
        felt = {one: (1.0, 100.0) for one in (HIP, KNEE, COLLAR)}
        quiet = srgb_to_linear(still(garment, 2.2) / 255.0).mean()
        now = srgb_to_linear(
            after(GarmentPicture(garment, SIZE, 7), moments(garment, felt, 1.2)) / 255.0
        ).mean()
        assert now == pytest.approx(quiet, rel=0.01)

    @pytest.mark.parametrize("nasty", [np.nan, np.inf, -np.inf, 1e30, -1.0])
    def test_nonsense_is_survived(self, garment: Garment, picture: GarmentPicture, nasty: float) -> None:
        for when in (1.0, 1.1, 0.3, 1e6, 1e6 + 0.1):
            drawn(picture, replace(frame(garment), time=when, touch=np.full((3, 2), nasty, np.float32)))
        wake = Wake(3)
        for when in (1.0, nasty, 1.02, 1.04):
            wake.follow(when, np.full((3, 2), nasty, np.float32))
        strong, turn = wake.at(np.zeros(2), np.zeros(2))
        assert np.isfinite(strong).all()
        assert np.isfinite(turn).all()
        assert (strong <= 1).all()

    def test_a_pause_of_any_length_is_survived(self) -> None:
        for steps in range(1, 140):
            wake = Wake(2)
            wake.follow(1.0, np.full((2, 2), 0.5, np.float32))
            wake.follow(1.0 + (steps + 0.5) / GRID, np.full((2, 2), 0.5, np.float32))
            assert np.isfinite(wake.at(np.zeros(1), np.zeros(1))[0]).all(), steps


class TestTime:
    def test_the_same_frames_give_the_same_bits_whatever_was_before(
        self, garment: Garment, picture: GarmentPicture
    ) -> None:
        felt = {HIP: (0.8, 130.0), KNEE: (0.5, 60.0)}
        fresh = after(picture, moments(garment, felt, 0.7, start=20.0))
        assert np.array_equal(
            after(GarmentPicture(garment, SIZE, 7), moments(garment, felt, 0.7, start=20.0)), fresh
        )
        after(picture, moments(garment, {COLLAR: (1.0, 250.0)}, 0.5, start=3.0))
        assert np.array_equal(after(picture, moments(garment, felt, 0.7, start=20.0)), fresh)
        after(picture, moments(garment, {}, KEPT + 10 * RELEASE, start=20.7))
        again = after(picture, moments(garment, felt, 0.7, start=30.0))
        assert np.abs(again.astype(int) - fresh).max() <= 8  # the breath of its light has gone on

    @pytest.mark.parametrize("fps", [24, 30, 50, 120])
    def test_any_rate_of_pictures_has_the_same_rings(self, fps: int) -> None:
        def told(rate: int) -> Sequence[F64]:
            wake = Wake(1)
            for i in range(rate * 2):
                when = i / rate + 1e-9
                strong = 1.0 if 0.5 <= when < 1.0 else 0.4 if when >= 1.5 else 0.0
                wake.follow(when, np.array([[strong, 100.0]], np.float32))
            wake.follow(2.0 + 1e-9, np.array([[0.4, 100.0]], np.float32))
            return wake.at(np.linspace(0, 0.3, 9), np.linspace(0, 0.3, 9))

        sixty, other = told(60), told(fps)
        assert sixty[0] == pytest.approx(other[0], abs=0.13)
        way = [turn - turn[-1] for _, turn in (sixty, other)]
        assert way[0] == pytest.approx(way[1], abs=0.02)

    def test_between_two_steps_waves_move_on(self) -> None:
        """At 240 pictures a second no wave stands still for one."""
        wake, turns = Wake(1), []
        for i in range(120):
            wake.follow(1.0 + i / 240, np.array([[1.0, 60.0]], np.float32))
            turns.append(wake.at(np.zeros(1), np.zeros(1))[1][0, 0])
        assert np.diff(turns[8:]) == pytest.approx(np.full(111, WAVES / 240), rel=0.02)

    @pytest.mark.parametrize("steps", range(round(KEPT * 60) - 3, round(KEPT * 60) + 3))
    def test_after_a_standstill_of_any_length_it_goes_on(self, steps: int) -> None:
        wake = Wake(1)
        wake.follow(1.0, np.array([[1.0, 60.0]], np.float32))
        wake.follow(1.0 + steps / 60 + 1e-6, np.array([[0.5, 60.0]], np.float32))
        assert 0.0 < wake.at(np.zeros(1), np.zeros(1))[0][0, 0] <= 1.0
