"""Every garment of the gallery: it is all seen, its light is wired, it is dark at rest and lit when played."""

import os

import numpy as np
import pytest

os.environ.setdefault("SDL_VIDEODRIVER", "dummy")

from wearsound import gallery
from wearsound.core import Frame, Health, Row
from wearsound.garment.colour import oklch_to_linear, srgb_to_linear
from wearsound.garment.document import Garment, load_garment
from wearsound.garment.materials import SLOW
from wearsound.garment.sewn import sewn

FILES = gallery.files("garment")
SIZE = (640, 360)
NOTHING = 31
"""The zone number of a pixel of the bake that is no cloth."""

UNLIT = {"denim-jacket": set()}
"""Zones that are meant to have no filament: a row of buttons needs none."""

SMALL = {"scarf": (0.10, 0.30), "cuff": (0.08, 0.25)}
"""Least and most of the picture's height times width that the near cloth's box of a small garment may fill."""

pytestmark = pytest.mark.usefixtures("cache")


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    """A bake cache of our own, so that no test reads a bake made by other code."""
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("XDG_CACHE_HOME", str(folder))
        yield folder


@pytest.fixture(scope="module", params=sorted(FILES))
def garment(request) -> Garment:
    return load_garment(FILES[request.param])


@pytest.fixture(scope="module")
def picture(garment, cache):
    from wearsound.instruments.picture.garment_picture import GarmentPicture

    return GarmentPicture(garment, SIZE, 7)


def frame(garment: Garment, light: float, *zones: str) -> Frame:
    """All filaments (or only those of some zones) at this share of full light; cloth at rest, nothing heard."""
    body = sewn(garment)
    share = np.array([light if not zones or name in zones else 0.0 for name in garment.zone_names])
    linear = np.stack([oklch_to_linear(zone.light) for zone in garment.zones]) * share[:, None]
    lit = np.rint(255 * np.clip(linear, 0, 1) ** (1 / 2.2)).astype(np.uint8)
    n = len(garment.zones)
    row = Row({}, np.zeros(0))
    return Frame(
        tick=0, number=0, time=0.0, features=row, controls=row, lit=lit, felt=np.zeros(n, np.float32),
        health=Health(), seed=7, pixels=lit[body.zone], dyed=np.zeros(n, np.float32),
        warm=np.full(n, 22.0, np.float32),
    )  # fmt: skip


def luminance(picture, shown: Frame) -> np.ndarray:
    """What is drawn, as linear luminance (height, width)."""
    import pygame

    surface = pygame.Surface(SIZE, 0, 32)
    picture.draw(surface, shown)
    linear = srgb_to_linear(pygame.surfarray.array3d(surface).swapaxes(0, 1) / 255.0)
    return linear @ (0.2126, 0.7152, 0.0722)


def zones_drawn(picture) -> np.ndarray:
    """The zone at every pixel of the picture, NOTHING where there is no cloth."""
    zone = np.full((SIZE[1], SIZE[0]), NOTHING)
    for (x, y, w, h), index in zip(picture._bake.boxes, picture._bake.index, strict=True):
        part = zone[y : y + h, x : x + w]
        mine = index >> 11
        part[mine != NOTHING] = mine[mine != NOTHING]
    return zone


def test_the_four_of_the_issue_are_there():
    assert {"denim-jacket", "long-coat", "scarf", "cuff"} <= set(FILES)


def test_every_zone_is_seen(garment, picture):
    drawn = zones_drawn(picture)
    for number, name in enumerate(garment.zone_names):
        assert (drawn == number).sum() >= 30, name


def test_every_zone_has_light_or_is_meant_to_have_none(garment):
    sewn_to = {garment.zone_names[filament.zone] for filament in sewn(garment).filaments}
    assert set(garment.zone_names) - sewn_to == UNLIT.get(garment.name, set())


def test_every_strand_runs_through_filaments_that_are_there_and_none_is_left_out(garment):
    named = {filament.name for filament in sewn(garment).filaments}
    wired = [entry.removeprefix("-") for strand in garment.strands for entry in strand.filaments]
    assert sorted(wired) == sorted(named)


def test_pixels_are_as_many_as_can_be_sewn_and_fed(garment):
    body = sewn(garment)
    assert 100 <= body.n_pixels <= 1000
    for filament in body.filaments:
        steps = np.diff(np.array(filament.path), axis=0)
        pitch = np.sqrt((steps**2).sum(axis=1)).sum() / filament.pixels
        assert 0.3 <= pitch <= 3.0, filament.name
    strand_ma = sum(
        len(body.wires[strand.name]) * (3 * strand.ma + strand.idle_ma) for strand in garment.strands
    )
    idle = sum(len(body.wires[strand.name]) * strand.idle_ma for strand in garment.strands)
    assert idle + garment.battery.idle_ma < 0.5 * garment.battery.most_ma < strand_ma


def test_something_is_slow_and_something_is_felt(garment):
    assert any(zone.fabric in SLOW for zone in garment.zones)
    assert garment.actuators
    assert garment.sensors


def test_what_is_felt_and_what_feels_lies_on_its_cloth(garment, picture):
    """At the place of an actuator or sensor the first figure that shows its zone shows that zone, within a cm."""
    for part in (*garment.actuators, *garment.sensors):
        number = garment.zone_names.index(part.zone)
        assert part.at is not None, part.name
        for figure, (x, y, _, _), index in zip(
            garment.figures, picture._bake.boxes, picture._bake.index, strict=True
        ):
            if not (index >> 11 == number).any() or getattr(part, "view", None) not in (None, figure.view):
                continue
            scale = SIZE[0] / 1280
            px = round((figure.at[0] + part.at[0] * figure.scale) * scale) - x
            py = round((figure.at[1] + part.at[1] * figure.scale) * scale) - y
            reach = max(1, round(figure.scale * scale))
            near = index[max(0, py - reach) : py + reach + 1, max(0, px - reach) : px + reach + 1] >> 11
            assert (near == number).any(), part.name
            break


def test_nothing_presses_on_the_front_of_the_neck(garment):
    assert not [sentence for sentence in garment.warnings if "front of the neck" in sentence]
    assert all(a.view == "back" for a in garment.actuators if a.zone in ("neck", "collar"))


def test_at_rest_it_is_dark_and_played_it_is_lit(garment, picture):
    rest = luminance(picture, frame(garment, 0.0))
    cloth = zones_drawn(picture) != NOTHING
    assert 0.02 < rest[cloth].mean() < 0.12
    assert (rest < 0.05).mean() > 0.6
    lit = luminance(picture, frame(garment, 0.8))
    assert lit[cloth].mean() > 1.3 * rest[cloth].mean()
    assert np.percentile(lit, 99.8) > 2 * np.percentile(rest, 99.8)


def test_each_zones_light_lands_on_its_own_cloth(garment, picture):
    rest = luminance(picture, frame(garment, 0.0))
    drawn = zones_drawn(picture)
    for number, name in enumerate(garment.zone_names):
        change = luminance(picture, frame(garment, 0.8, name)) - rest
        assert change[drawn == number].mean() > 3 * change[drawn == NOTHING].mean() > -1e-3, name


@pytest.mark.parametrize("garment", sorted(SMALL), indirect=True)
def test_small_garments_are_large_enough_to_see_and_leave_room(garment, picture):
    least, most = SMALL[garment.name]
    x, y, w, h = (int(n) for n in picture._bake.boxes[0])
    assert least < w * h / (SIZE[0] * SIZE[1]) < most
    assert x + w / 2 == pytest.approx(0.35 * SIZE[0], abs=0.05 * SIZE[0])
    assert x >= 24
    assert 24 <= y < y + h < 330
    if len(picture._bake.boxes) > 1:
        far = picture._bake.boxes[1]
        assert far[2] * far[3] < 0.5 * w * h


def test_the_scarfs_wool_warms_and_the_cuffs_cells_pale():
    scarf, cuff = (load_garment(FILES[name]) for name in ("scarf", "cuff"))
    fabrics = {zone.name: zone.fabric for zone in scarf.zones}
    assert fabrics["end_l"] == fabrics["end_r"] == "thermochromic"
    assert {zone.name: zone.fabric for zone in cuff.zones}["band"] == "electrochromic"


TUNIC = """
title = "Tunic"
[[zone]]
name = "chest"
light = [0.74, 0.16, 52]
[[figure]]
name = "front"
at = [640, 60]
scale = 14
[[figure.layer]]
name = "body"
zone = "chest"
outline = [[0, 0, 1], [20, 0, 1], [20, 40, 1], [0, 40, 1]]
seams = [{ path = [[6, 2], [6, 38]], rows = [0], groove = 0 }]
filaments = [{ path = [[12, 4], [12, 36]] }]
"""


def tunic(tmp_path, text: str):
    from wearsound.instruments.picture.garment_picture import GarmentPicture

    path = tmp_path / "tunic.toml"
    path.write_text(text)
    return GarmentPicture(load_garment(path), SIZE, 7)


def test_a_layers_stitches_take_its_thread(tmp_path):
    tan = tunic(tmp_path, TUNIC)._bake.ground.astype(int)
    green = tunic(tmp_path, TUNIC.replace("seams", "thread = [0.60, 0.12, 150]\nseams"))._bake.ground.astype(
        int
    )
    changed = np.abs(tan - green).max(axis=2) > 40
    assert 50 < changed.sum() < 3000
    assert (tan[changed][:, 0] > tan[changed][:, 1]).mean() > 0.95
    assert (green[changed][:, 1] > green[changed][:, 0]).mean() > 0.95


def test_a_wider_filament_covers_more_cloth(tmp_path):
    narrow, usual, wide = (
        (tunic(tmp_path, TUNIC.replace("36]] }", f"36]], width = {width} }}"))._bake.core > 0.5).sum()
        for width in (0.12, 0.25, 0.5)
    )
    assert narrow * 1.2 < usual
    assert usual * 1.5 < wide
