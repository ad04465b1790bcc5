"""The picture draws what leaves: pixel by pixel along the filaments, and hems that answer the drape."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from wearsound import gallery
from wearsound.core import U8, Frame, Health, Row
from wearsound.errors import PatchError
from wearsound.garment.colour import srgb_to_linear
from wearsound.garment.document import Garment, load_garment
from wearsound.garment.sewn import sewn
from wearsound.instruments.picture.along import shares
from wearsound.instruments.picture.filament import STEPS
from wearsound.instruments.picture.garment_picture import GarmentPicture

SIZE = (640, 360)
HALF = SIZE[0] / 1280
SCALE, AT = 6.0, (420, 120)

COAT = """
title = "Coat"
[[zone]]
name = "skirt"
light = [0.74, 0.16, 52]
[[zone]]
name = "collar"
light = [0.86, 0.06, 85]
[[zone]]
name = "lamp"
light = [0.80, 0.075, 235]
[[figure]]
name = "front"
scale = 6.0
at = [420, 120]
[[figure.layer]]
name = "pole"
colour = [0.75, 0.01, 250]
weave = "none"
outline = [[0, 50, 1], [1.5, 50, 1], [1.5, 88, 1], [0, 88, 1]]
[[figure.layer]]
name = "body"
zone = "skirt"
outline = [[0, 0, 1], [16, 0, 1], [20, 40], [24, 70, 1], [0, 70, 1]]
hang = { top = 30, bottom = 70, swing = 2.3, flare = 0.16 }
filaments = [
  { path = [[10, 6], [10, 28]], name = "upper", pixels = 8 },
  { path = [[10, 34], [14, 66]], name = "lower", pixels = 8 },
]
[[figure.layer]]
name = "patch"
zone = "lamp"
on = "body"
outline = [[0, 52, 1], [4, 52, 1], [4, 60, 1], [0, 60, 1]]
[[figure.layer]]
name = "collar"
zone = "collar"
outline = [[0, -4, 1], [8, -4, 1], [9, 3, 1], [0, 4, 1]]
filaments = [{ path = [[2, 1], [7, 1]], band = "high", name = "neck", pixels = 1 }]
"""


def open_coat(folder: Path, text: str = COAT) -> GarmentPicture:
    return GarmentPicture(read(folder, text), SIZE, 7)


def read(folder: Path, text: str) -> Garment:
    path = folder / "coat.toml"
    path.write_text(text, encoding="utf-8")
    return load_garment(path)


@pytest.fixture(scope="module")
def garment(tmp_path_factory: pytest.TempPathFactory) -> Garment:
    return read(tmp_path_factory.mktemp("garment"), COAT)


@pytest.fixture(scope="module")
def picture(garment: Garment) -> GarmentPicture:
    return GarmentPicture(garment, SIZE, 7)


def frame(
    garment: Garment, lit: dict[str, list[int]] | None = None, level: int = 255, **drape: float
) -> Frame:
    """A frame with some pixels of some filaments lit (name: which), in the colour of ember."""
    body = sewn(garment)
    pixels = np.zeros((body.n_pixels, 3), np.uint8)
    for filament in body.filaments:
        for which in (lit or {}).get(filament.name, []):
            pixels[filament.first + which] = (level, level // 2, level // 4)
    zones = len(garment.zones)
    means = np.rint(body.by_zone(pixels.astype(np.float64))).astype(np.uint8)
    values = {f"drape.{name}": value for name, value in drape.items()}
    row = Row({name: i for i, name in enumerate(values)}, np.array(list(values.values()), np.float64))
    none = np.zeros(zones, np.float32)
    return Frame(0, 3, 1.0, row, Row({}, np.zeros(0)), means, none, Health(), 7, pixels=pixels, dyed=none)


def drawn(picture: GarmentPicture, look: Frame) -> U8:
    import pygame

    surface = pygame.Surface(picture.size, 0, 32)
    picture.draw(surface, look)
    pixels: U8 = pygame.surfarray.array3d(surface).swapaxes(0, 1)
    return pixels


def light(pixels: U8) -> Any:
    return (srgb_to_linear(pixels / 255.0) * (0.2126, 0.7152, 0.0722)).sum(axis=-1)


def place(x: float, y: float) -> tuple[int, int]:
    """Row and column of a point in cm."""
    return round((AT[1] + y * SCALE) * HALF), round((AT[0] + x * SCALE) * HALF)


def line(pixels: U8, y: float, right: bool) -> float:
    """The column, with its parts, of the lit filament in the row at y cm in one half."""
    row, middle = place(0, y)
    seen = light(pixels)[row].copy()
    seen[slice(0, middle) if right else slice(middle, None)] = 0
    peak = int(seen.argmax())
    near = np.clip(seen[peak - 3 : peak + 4] - np.median(seen[peak - 8 : peak + 9]), 0, None)
    return float((near * np.arange(peak - 3, peak + 4)).sum() / near.sum())


def free(y: float) -> float:
    """How freely the coat hangs at y cm, 0..1."""
    return float(((y - 30) / 40) ** 1.5)


def along(pixels: U8, garment: Garment, name: str, count: int = 400) -> Any:
    """Light along a filament, the strongest beside its path, from its first pixel to its last."""
    path = next(np.array(f.path) for f in sewn(garment).filaments if f.name == name)
    points = path[0] + (path[-1] - path[0]) * ((np.arange(count) + 0.5) / count)[:, None]
    seen = light(pixels)
    profile = []
    for x, y in points:
        row, column = place(float(x), float(y))
        profile.append(seen[row - 1 : row + 2, column - 2 : column + 3].max())
    return np.array(profile)


class TestPixels:
    def test_a_lit_pixel_shows_at_its_place_and_nowhere_else(
        self, picture: GarmentPicture, garment: Garment
    ) -> None:
        dark = drawn(picture, frame(garment))
        lit = drawn(picture, frame(garment, {"upper_l": [2]}))
        change = light(lit) - light(dark)
        y, x = np.unravel_index(int(change.argmax()), change.shape)
        there = place(10, 6 + 22 * 2.5 / 8)
        assert abs(y - there[0]) <= 22 / 8 * SCALE * HALF / 2
        assert abs(x - there[1]) <= 2
        far = np.ones(change.shape, bool)
        reach = round(8 * SCALE * HALF)
        far[there[0] - reach : there[0] + reach, there[1] - reach : there[1] + reach] = False
        assert change[far].max() < 0.03 * change.max()
        mirrored = drawn(picture, frame(garment, {"upper_r": [2]}))
        assert (light(mirrored) - light(dark))[:, there[1] - 3 : there[1] + 3].max() < 0.1 * change.max()

    def test_every_pixel_of_every_filament_has_its_own_place(
        self, picture: GarmentPicture, garment: Garment
    ) -> None:
        dark = light(drawn(picture, frame(garment)))
        found = []
        for which in range(8):
            change = light(drawn(picture, frame(garment, {"lower_r": [which]}))) - dark
            found.append(np.unravel_index(int(change.argmax()), change.shape))
        rows = [int(row) for row, _ in found]
        assert rows == sorted(rows)
        assert len(set(rows)) == 8
        assert all(column < place(0, 0)[1] for _, column in found)

    def test_half_its_pixels_lit_show_half(self, picture: GarmentPicture, garment: Garment) -> None:
        dark = along(drawn(picture, frame(garment)), garment, "upper_l")
        half = along(drawn(picture, frame(garment, {"upper_l": [0, 1, 2, 3]})), garment, "upper_l") - dark
        full = along(drawn(picture, frame(garment, {"upper_l": list(range(8))})), garment, "upper_l") - dark
        share = half / full
        assert share[20:150].min() > 0.9
        assert share[260:380].max() < 0.2
        middle = np.flatnonzero(share < 0.5)[0]
        assert 180 < middle < 245

    def test_a_line_of_eight_pixels_has_no_beads(self, picture: GarmentPicture, garment: Garment) -> None:
        """At the pitch of the pixels, and twice that, light ripples less than 6 % of its mean."""
        for name in ("upper_l", "lower_l", "upper_r"):
            level = 120
            profile = along(
                drawn(picture, frame(garment, {name: list(range(8))}, level=level)), garment, name, 400
            )[25:375]
            wave = np.arange(350) / 50
            for times in (1, 2):
                ripple = 2 * abs((profile * np.exp(-2j * np.pi * times * wave)).mean())
                assert ripple < 0.06 * profile.mean()

    def test_one_pixel_in_the_dark_is_a_short_soft_glow(
        self, picture: GarmentPicture, garment: Garment
    ) -> None:
        dark = along(drawn(picture, frame(garment)), garment, "upper_l")
        glow = along(drawn(picture, frame(garment, {"upper_l": [4]}, level=150)), garment, "upper_l") - dark
        peak = int(glow.argmax())
        assert abs(peak - 225) < 25
        lit = np.flatnonzero(glow > 0.5 * glow.max())
        assert 20 < lit[-1] - lit[0] < 80
        wide = 6
        smooth = np.convolve(glow, np.ones(wide) / wide, "valid")
        assert np.abs(np.diff(smooth)).max() < 0.08 * glow.max()

    def test_any_count_gives_each_step_all_its_light(self) -> None:
        for count in (1, 2, 8, 95, STEPS, 1000, 4096):
            table = shares(count)
            assert table.shape == (STEPS, count)
            assert np.allclose(table.sum(axis=1), 1.0)
            assert (table >= 0).all()
            assert table.sum(axis=0).min() > 0.4 * STEPS / count
            middles = (table * (np.arange(count) + 0.5)).sum(axis=1) / count
            assert (np.diff(middles) >= -1e-12).all()
            assert np.abs(middles - (np.arange(STEPS) + 0.5) / STEPS).max() <= 0.5 / count + 1e-9

    def test_a_filament_of_one_pixel_is_lit_from_end_to_end(
        self, picture: GarmentPicture, garment: Garment
    ) -> None:
        dark = along(drawn(picture, frame(garment)), garment, "neck_l")
        lit = along(drawn(picture, frame(garment, {"neck_l": [0]})), garment, "neck_l") - dark
        assert lit[80:320].min() > 0.3 * lit.max()

    def test_dark_is_dark(self, picture: GarmentPicture, garment: Garment) -> None:
        """Nothing lit and no light ever: the same bits as with filaments that are not there to be lit."""
        dark = drawn(picture, frame(garment))
        body = sewn(garment)
        assert not frame(garment).pixels.any()
        faint = frame(garment)
        faint = replace(faint, pixels=np.full((body.n_pixels, 3), 1, np.uint8))
        assert np.abs(drawn(picture, faint).astype(int) - dark).max() <= 3
        row, column = place(10, 17)
        assert light(dark)[row - 4 : row + 4, column - 4 : column + 4].max() < 0.15

    def test_cloth_without_filaments_glows_by_its_lamp(
        self, picture: GarmentPicture, garment: Garment
    ) -> None:
        look = frame(garment)
        lit = look.lit.copy()
        lit[garment.zone_names.index("lamp")] = (120, 200, 255)
        before, after = drawn(picture, look), drawn(picture, replace(look, lit=lit))
        row, column = place(0, 56)
        assert (after[row, column].astype(int) - before[row, column])[2] > 5
        row, column = place(8, 56)
        assert np.array_equal(after[row, column], before[row, column])


class TestDrape:
    ALL = {"upper_l": [1, 5], "lower_r": list(range(8)), "lower_l": list(range(8))}  # noqa: RUF012

    def test_nothing_heard_is_still_to_the_bit(self, picture: GarmentPicture, garment: Garment) -> None:
        still = drawn(picture, frame(garment, self.ALL))
        assert np.array_equal(drawn(picture, frame(garment, self.ALL, swing=0.0, width=0.0, fold=0.0)), still)
        assert np.array_equal(drawn(picture, frame(garment, self.ALL, swing=0.0, width=0.0, fold=0.7)), still)

    def test_the_same_drape_gives_the_same_bits_whatever_was_before(
        self, picture: GarmentPicture, garment: Garment
    ) -> None:
        look = frame(garment, self.ALL, swing=0.6, width=0.4, fold=0.3)
        first = drawn(picture, look)
        drawn(picture, frame(garment, swing=-1.0, width=1.0, fold=0.9))
        drawn(picture, frame(garment))
        assert np.array_equal(drawn(picture, look), first)

    def test_a_swing_moves_the_hem_and_not_the_collar_nor_the_stand(
        self, picture: GarmentPicture, garment: Garment
    ) -> None:
        still = drawn(picture, frame(garment, self.ALL))
        for swing in (1.0, -1.0):
            moved = drawn(picture, frame(garment, self.ALL, swing=swing))
            change = np.abs(moved.astype(int) - still).max(axis=2)
            waist, hem = place(0, 30)[0], place(0, 70)[0]
            assert change[: waist - 1].max() == 0
            assert change[hem + 6 :].max() == 0
            assert change[hem - 20 : hem - 2].max() > 20
            for right in (False, True):
                way = line(moved, 63, right) - line(still, 63, right)
                assert way == pytest.approx(swing * 2.3 * free(63) * SCALE * HALF, abs=0.8)

    def test_what_a_swing_lays_bare_is_the_stand_and_the_room(
        self, picture: GarmentPicture, garment: Garment
    ) -> None:
        """The pole stays where it is, seen below the hem however far it flares and swings."""
        row, column = place(0, 80)
        pole = slice(column - 8, column + 9)
        still = drawn(picture, frame(garment))
        for look in ({"swing": 1.0}, {"swing": -1.0, "width": 1.0, "fold": 0.2}):
            assert np.array_equal(drawn(picture, frame(garment, **look))[row, pole], still[row, pole])
        bare = drawn(picture, frame(garment, swing=1.0))
        row, left = place(-23.7, 69)
        beside = light(bare)[row, left : left + 5]
        room = light(still)[row, left - 12 : left - 6]
        assert beside.mean() == pytest.approx(room.mean(), rel=0.35, abs=0.002)
        assert light(still)[row, left : left + 5].mean() > 2 * room.mean()

    def test_width_flares_the_hem_to_both_sides(self, picture: GarmentPicture, garment: Garment) -> None:
        still = drawn(picture, frame(garment, self.ALL))
        at = [line(still, 63, right) for right in (False, True)]
        for width in (0.4, 1.0):
            wide = drawn(picture, frame(garment, self.ALL, width=width))
            now = [line(wide, 63, right) for right in (False, True)]
            assert now[0] < at[0] - 1
            assert now[1] > at[1] + 1
            share = (now[1] - now[0]) / (at[1] - at[0])
            assert share == pytest.approx(1 + 0.16 * free(63) * width, abs=0.035)

    def test_filaments_bend_with_the_cloth_without_steps(
        self, picture: GarmentPicture, garment: Garment
    ) -> None:
        """Beside a straight line from the one end to the other its way is as smooth as the bend itself."""
        for swing in (0.0, 0.55):
            pixels = drawn(picture, frame(garment, self.ALL, swing=swing))
            rows = np.arange(38.0, 62.0, 1 / (SCALE * HALF))
            columns = np.array([line(pixels, float(y), right=True) for y in rows])
            bend = np.polynomial.Polynomial.fit(rows, columns, 3)
            assert np.abs(columns - bend(rows)).max() < 0.75

    def test_it_moves_by_parts_of_a_pixel(self, picture: GarmentPicture, garment: Garment) -> None:
        columns = [
            line(drawn(picture, frame(garment, self.ALL, swing=0.02 * step)), 63, right=True)
            for step in range(12)
        ]
        steps = np.diff(columns)
        assert steps.min() > -0.1
        assert steps.max() < 0.35
        assert columns[-1] - columns[0] > 0.8

    def test_what_hardly_moves_hardly_changes(self, picture: GarmentPicture, garment: Garment) -> None:
        """No edge of the cloth shows where it is taken off what lies below it and laid back."""
        still = drawn(picture, frame(garment, self.ALL)).astype(int)
        hardly = drawn(picture, frame(garment, self.ALL, swing=0.001)).astype(int)
        assert np.abs(hardly - still).max() <= 4

    def test_folds_travel(self, picture: GarmentPicture, garment: Garment) -> None:
        one, two, again = (
            drawn(picture, frame(garment, self.ALL, width=0.8, fold=fold)) for fold in (0.1, 0.6, 1.1)
        )
        assert not np.array_equal(one, two)
        assert np.array_equal(one, again)

    def test_what_lies_on_hanging_cloth_hangs_with_it(
        self, picture: GarmentPicture, garment: Garment
    ) -> None:
        assert len(picture._bake.hanging) == 1

    def test_nonsense_moves_as_far_as_it_may(self, picture: GarmentPicture, garment: Garment) -> None:
        far = drawn(picture, frame(garment, swing=9.0, width=-4.0, fold=-0.3))
        most = drawn(picture, frame(garment, swing=1.0, width=0.0, fold=0.7))
        assert np.array_equal(far, most)

    def test_a_garment_that_does_not_hang_stays_still(self, tmp_path: Path) -> None:
        text = "\n".join(line for line in COAT.splitlines() if not line.startswith("hang"))
        picture = open_coat(tmp_path, text)
        coat = load_garment(tmp_path / "coat.toml")
        assert np.array_equal(
            drawn(picture, frame(coat, self.ALL, swing=1.0, width=1.0)), drawn(picture, frame(coat, self.ALL))
        )

    def test_cloth_below_what_hangs_is_seen_where_it_swings_away(self, tmp_path: Path) -> None:
        under = COAT.replace(
            'name = "body"\nzone = "skirt"',
            'name = "under"\nzone = "lamp"\noutline = [[0, 20, 1], [26, 20, 1], [26, 66, 1], [0, 66, 1]]\n'
            '[[figure.layer]]\nname = "body"\nzone = "skirt"',
        )
        picture = open_coat(tmp_path, under)
        coat = load_garment(tmp_path / "coat.toml")
        still = drawn(picture, frame(coat)).astype(int)
        moved = drawn(picture, frame(coat, swing=1.0)).astype(int)
        row, edge = place(-23.0, 63)
        laid_bare = moved[row, edge + 2 : edge + 5].mean(axis=0)
        beside = still[row, edge - 5 : edge - 2].mean(axis=0)
        room = still[row, place(-40, 63)[1]]
        assert np.abs(laid_bare - beside).max() < np.abs(laid_bare - room).max()
        assert laid_bare[2] > room[2] + 8

    def test_cloth_outside_the_picture_hangs_too(self, tmp_path: Path) -> None:
        outside = COAT.replace("at = [420, 120]", "at = [40, 700]")
        picture = open_coat(tmp_path, outside)
        coat = load_garment(tmp_path / "coat.toml")
        assert drawn(picture, frame(coat, self.ALL, swing=1.0, width=1.0, fold=0.4)).any()
        edge = COAT.replace("at = [420, 120]", "at = [10, 400]")
        picture = open_coat(tmp_path, edge)
        coat = load_garment(tmp_path / "coat.toml")
        assert drawn(picture, frame(coat, self.ALL, swing=-1.0, width=1.0, fold=0.4)).any()

    @pytest.mark.parametrize("path", sorted((gallery.root() / "patches" / "garments").glob("*.toml")))
    def test_hems_of_the_gallery_move_by_14_pixels_and_16_per_cent_at_most(self, path: Path) -> None:
        for figure in load_garment(path).figures:
            for layer in figure.layer:
                if layer.hang is not None:
                    assert layer.hang.swing * figure.scale <= 14
                    assert layer.hang.flare <= 0.16

    def test_a_hang_upside_down_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(PatchError, match="hang"):
            read(tmp_path, COAT.replace("top = 30", "top = 90"))
