"""Garments: documents, colour, and the picture of one."""

import hashlib
import math
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

os.environ.setdefault("SDL_VIDEODRIVER", "dummy")

from wearsound import gallery
from wearsound.core import Frame, Health, Row
from wearsound.errors import PatchError
from wearsound.garment import colour
from wearsound.garment.document import load_garment

JACKET = gallery.root() / "patches" / "garments" / "denim-jacket.toml"
COAT = gallery.root() / "patches" / "garments" / "long-coat.toml"
SMALL = (426, 240)

PLAIN = """
title = "Tunic"
[[zone]]
name = "chest"
roles = ["core"]
light = [0.74, 0.16, 52]
[[zone]]
name = "sleeve"
light = [0.80, 0.075, 235]
[[figure]]
name = "front"
at = [640, 200]
[[figure.layer]]
name = "body"
zone = "chest"
outline = [[0, 0, 1], [20, 0, 1], [20, 40, 1], [0, 40, 1]]
filaments = [{ path = [[10, 5], [10, 35]] }]
"""

pytestmark = pytest.mark.usefixtures("cache")


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    """A bake cache of our own, so that no test reads a bake made by other code."""
    folder = tmp_path_factory.mktemp("cache")
    before = os.environ.get("XDG_CACHE_HOME")
    os.environ["XDG_CACHE_HOME"] = str(folder)
    yield folder
    if before is None:
        del os.environ["XDG_CACHE_HOME"]
    else:
        os.environ["XDG_CACHE_HOME"] = before


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "tunic.toml"
    path.write_text(text)
    return path


def refused(tmp_path: Path, old: str, new: str) -> str:
    assert old in PLAIN
    with pytest.raises(PatchError) as caught:
        load_garment(written(tmp_path, PLAIN.replace(old, new, 1)))
    sentence = str(caught.value)
    assert "tunic.toml" in sentence
    return sentence


class TestDocument:
    def test_the_jackets_zones_are_the_agreed_ones(self):
        jacket = load_garment(JACKET)
        assert jacket.name == "denim-jacket"
        assert jacket.zone_names == (
            "collar", "yoke", "chest", "sleeve_l", "sleeve_r", "cuff_l", "cuff_r", "placket", "waist", "hem", "back",
        )  # fmt: skip
        assert jacket.roles == {
            "core": ("chest", "back"),
            "sleeve": ("sleeve_l", "sleeve_r"),
            "cuff": ("cuff_l", "cuff_r"),
        }
        assert all(zone.area > 0 for zone in jacket.zones)

    def test_the_coats_zones_are_the_agreed_ones(self):
        coat = load_garment(COAT)
        assert coat.zone_names == (
            "collar", "lapel", "chest", "sleeve_l", "sleeve_r", "cuff_l", "cuff_r", "skirt", "hem", "back",
        )  # fmt: skip
        assert coat.roles["core"] == ("chest", "back")

    def test_a_plain_garment_is_read(self, tmp_path):
        tunic = load_garment(written(tmp_path, PLAIN))
        assert (tunic.name, tunic.title, tunic.zone_names) == ("tunic", "Tunic", ("chest", "sleeve"))
        assert tunic.zones[0].light == (0.74, 0.16, 52)

    def test_a_number_out_of_bounds_names_its_key(self, tmp_path):
        assert "zone[0].light[0]" in refused(tmp_path, "[0.74,", "[1.74,")
        assert "figure[0].layer[0].outline[1][0]" in refused(tmp_path, "[20, 0, 1]", "[2e4, 0, 1]")

    def test_not_a_number_is_refused(self, tmp_path):
        sentence = refused(tmp_path, "[20, 40, 1]", "[nan, 40, 1]")
        assert "figure[0].layer[0].outline[2][0]" in sentence
        assert "finite" in sentence

    def test_an_unknown_key_gets_the_nearest_one(self, tmp_path):
        sentence = refused(tmp_path, "outline =", "lifts = 1\noutline =")
        assert "figure[0].layer[0]" in sentence
        assert "'lifts'" in sentence
        assert "did you mean 'lift'?" in sentence

    def test_an_unknown_zone_gets_the_nearest_one(self, tmp_path):
        sentence = refused(tmp_path, 'zone = "chest"', 'zone = "chesst"')
        assert "figure[0].layer[0].zone" in sentence
        assert "did you mean 'chest'?" in sentence

    def test_two_zones_of_one_name_are_refused(self, tmp_path):
        assert "zone[1].name" in refused(tmp_path, 'name = "sleeve"', 'name = "chest"')

    def test_a_layer_on_nothing_is_refused(self, tmp_path):
        assert "figure[0].layer[0].on" in refused(tmp_path, "outline =", 'on = "shirt"\noutline =')

    def test_a_layer_needs_a_zone_or_a_colour(self, tmp_path):
        assert "figure[0].layer[0]" in refused(tmp_path, 'zone = "chest"\n', "")

    def test_broken_toml_says_where(self, tmp_path):
        assert ":2: is not TOML" in refused(tmp_path, 'title = "Tunic"', "title = Tunic")

    def test_files_that_are_no_garments(self, tmp_path):
        (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe\x00")
        (tmp_path / "long.toml").write_bytes(b"#" * 300_000)
        for name in ("missing.toml", "bytes.toml", "long.toml"):
            with pytest.raises(PatchError, match=name):
                load_garment(tmp_path / name)


class TestColour:
    @pytest.mark.parametrize(
        ("rgb", "lch"),
        [
            ((1, 0, 0), (0.628, 0.258, 29)),
            ((1, 1, 0), (0.968, 0.211, 110)),
            ((0, 1, 0), (0.866, 0.295, 142)),
            ((0, 1, 1), (0.905, 0.155, 195)),
            ((0, 0, 1), (0.452, 0.313, 264)),
            ((1, 0, 1), (0.702, 0.322, 328)),
        ],
    )
    def test_known_answers(self, rgb, lch):
        found = colour.linear_to_oklch(np.array(rgb, np.float64))
        assert found[:2] == pytest.approx(lch[:2], abs=6e-4)
        assert found[2] == pytest.approx(lch[2], abs=0.6)

    def test_grey_has_no_chroma(self):
        greys = np.repeat(np.linspace(0.01, 1, 20)[:, None], 3, axis=1)
        assert colour.linear_to_oklch(greys)[:, 1].max() < 1e-6

    def test_there_and_back(self):
        steps = np.linspace(0, 1, 6)
        rgb = np.stack(np.meshgrid(steps, steps, steps), axis=-1).reshape(-1, 3)
        assert colour.oklab_to_linear(colour.linear_to_oklab(rgb)) == pytest.approx(rgb, abs=1e-6)
        assert colour.oklch_to_linear(colour.linear_to_oklch(rgb)) == pytest.approx(rgb, abs=1e-5)
        assert colour.srgb_to_linear(colour.linear_to_srgb(rgb)) == pytest.approx(rgb, abs=1e-12)

    def test_out_of_gamut_chroma_gives_way_at_the_same_lightness_and_hue(self):
        hues = np.arange(0, 360, 15.0)
        wild = np.stack([np.full_like(hues, 0.7), np.full_like(hues, 0.35), hues], axis=1)
        linear = colour.oklch_to_linear(wild)
        assert linear.min() >= 0
        assert linear.max() <= 1
        found = colour.linear_to_oklch(linear)
        assert found[:, 0] == pytest.approx(0.7, abs=2e-3)
        assert np.abs((found[:, 2] - hues + 180) % 360 - 180).max() < 1.0
        assert (found[:, 1] < 0.35).all()
        assert (found[:, 1] > 0.11).all()

    def test_inside_gamut_nothing_changes(self):
        inside = np.array([0.75, 0.12, 52.0])
        assert colour.linear_to_oklch(colour.oklch_to_linear(inside)) == pytest.approx(inside, abs=1e-4)

    def test_white_and_black_hold(self):
        assert colour.oklch_to_linear([1.0, 0.2, 30.0]) == pytest.approx([1, 1, 1], abs=1e-3)
        assert colour.oklch_to_linear([0.0, 0.2, 30.0]) == pytest.approx([0, 0, 0], abs=1e-3)


def frame(garment, lit=None, number=0, **controls):
    """A frame at 2 s with some zones lit (name: share of full) and controls such as chest_dye."""
    levels = np.zeros((len(garment.zones), 3), np.uint8)
    for name, share in (lit or {}).items():
        i = garment.zone_names.index(name)
        linear = colour.oklch_to_linear(garment.zones[i].light) * share
        levels[i] = np.rint(255 * linear ** (1 / 2.2))
    features = {"room.phase": 0.4, "room.confidence": 1.0}
    played = {name.replace("__", "."): value for name, value in controls.items()}

    def row(values):
        return Row({name: i for i, name in enumerate(values)}, np.array(list(values.values()), np.float64))

    felt = np.zeros(len(garment.zones), np.float32)
    return Frame(0, number, 2.0, row(features), row(played), levels, felt, Health(), 7)


def drawn(picture, a_frame):
    import pygame

    surface = pygame.Surface(picture.size, 0, 32)
    picture.draw(surface, a_frame)
    return pygame.surfarray.array3d(surface).swapaxes(0, 1)


def luminance(pixels):
    return (colour.srgb_to_linear(pixels / 255.0) * (0.2126, 0.7152, 0.0722)).sum(axis=-1)


@pytest.fixture(scope="module")
def jacket():
    return load_garment(JACKET)


@pytest.fixture(scope="module")
def picture(jacket, cache):
    from wearsound.instruments.picture.garment_picture import GarmentPicture

    return GarmentPicture(jacket, SMALL, 7)


def zone_mask(picture, zone):
    """Where a zone's cloth lies on the front figure."""
    x, y, w, h = picture._bake.boxes[0]
    mask = np.zeros((picture.size[1], picture.size[0]), bool)
    index = picture._bake.index[0]
    mask[y : y + h, x : x + w] = (index >> 11 == zone) & (index & 255 > 30)
    return mask


class TestPicture:
    def test_the_same_frame_gives_the_same_bits_whatever_was_drawn_before(self, picture, jacket):
        one = frame(jacket, {"chest": 0.8, "sleeve_l": 0.5}, chest__dye=0.5)
        first = drawn(picture, one)
        drawn(picture, frame(jacket, {"yoke": 1.0}, number=90, chest__dye=1.0, hem__dye=0.3))
        assert np.array_equal(drawn(picture, one), first)

    def test_a_cached_bake_and_a_fresh_one_give_equal_bits(
        self, picture, jacket, cache, monkeypatch, tmp_path
    ):
        from wearsound.instruments.picture.garment_picture import GarmentPicture

        look = frame(jacket, {"chest": 0.8})
        assert list((cache / "wearsound" / "bakes").glob("*.kept"))
        kept = drawn(GarmentPicture(jacket, SMALL, 7), look)
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
        fresh = drawn(GarmentPicture(jacket, SMALL, 7), look)
        assert np.array_equal(kept, fresh)
        (bake,) = (tmp_path / "wearsound" / "bakes").glob("*")
        bake.write_bytes(bake.read_bytes()[:5000])
        assert np.array_equal(drawn(GarmentPicture(jacket, SMALL, 7), look), fresh)

    def test_an_unwritable_cache_is_no_trouble(self, tmp_path, monkeypatch):
        from wearsound.instruments.picture.garment_picture import GarmentPicture

        (tmp_path / "file").write_text("in the way")
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
        tunic = load_garment(written(tmp_path, PLAIN))
        assert drawn(GarmentPicture(tunic, (160, 90), 1), frame(tunic)).any()

    def test_another_process_and_hash_seed_draw_the_same(self, picture, jacket, tmp_path):
        program = (
            "import sys; sys.path.insert(0, sys.argv[1]); import hashlib, test_garment as t;"
            "from wearsound.instruments.picture.garment_picture import GarmentPicture;"
            "g = t.load_garment(t.JACKET); p = GarmentPicture(g, t.SMALL, 7);"
            "print(hashlib.sha256(t.drawn(p, t.frame(g, {'chest': 0.8})).tobytes()).hexdigest())"
        )
        environment = os.environ | {"PYTHONHASHSEED": "99", "XDG_CACHE_HOME": str(tmp_path)}
        out = subprocess.run(
            [sys.executable, "-c", program, str(Path(__file__).parent)],
            env=environment, capture_output=True, text=True, check=True,
        )  # fmt: skip
        here = hashlib.sha256(drawn(picture, frame(jacket, {"chest": 0.8})).tobytes()).hexdigest()
        assert out.stdout.split()[-1] == here

    def test_at_rest_it_is_mostly_dark_and_never_black(self, picture, jacket):
        rest = drawn(picture, frame(jacket))
        lightness = colour.linear_to_oklch(colour.srgb_to_linear(rest / 255.0))[..., 0]
        assert 0.55 < (lightness < 0.25).mean() < 0.85
        assert rest.max(axis=2).min() > 0
        cloth = zone_mask(picture, jacket.zone_names.index("chest"))
        assert lightness[cloth].mean() > 0.22

    def test_lighting_the_chest_lights_the_chest_and_hardly_the_sleeve(self, picture, jacket):
        rest = luminance(drawn(picture, frame(jacket)))
        lit = luminance(drawn(picture, frame(jacket, {"chest": 1.0})))
        change = lit - rest
        chest = change[zone_mask(picture, jacket.zone_names.index("chest"))].mean()
        sleeve = change[zone_mask(picture, jacket.zone_names.index("sleeve_l"))].mean()
        assert chest > 0.01
        assert sleeve < 0.15 * chest

    def test_more_light_is_never_darker(self, picture, jacket):
        before = drawn(picture, frame(jacket)).astype(int)
        for share in (0.05, 0.2, 0.5, 1.0):
            now = drawn(picture, frame(jacket, dict.fromkeys(jacket.zone_names, share))).astype(int)
            assert luminance(now).mean() > luminance(before).mean()
            assert (now - before).min() >= -2
            before = now

    def test_dye_turns_the_cloth_and_nothing_else(self, picture, jacket):
        rest = drawn(picture, frame(jacket)).astype(int)
        dyed = drawn(picture, frame(jacket, chest__dye=1.0)).astype(int)
        chest = zone_mask(picture, jacket.zone_names.index("chest"))
        sleeve = zone_mask(picture, jacket.zone_names.index("sleeve_l"))
        assert (dyed[chest] - rest[chest])[:, 0].mean() > 30
        assert np.array_equal(dyed[sleeve], rest[sleeve])

    def test_dye_creeps_thread_by_thread(self, picture, jacket):
        from wearsound.instruments.picture.garment_picture import dyed_cloth

        zone = jacket.zones[jacket.zone_names.index("chest")]
        rest, half, full = (dyed_cloth(zone, dye).reshape(8, 256, 3)[:, 200, 0] for dye in (0.0, 0.4, 1.0))
        taken = (half - rest) / (full - rest)
        assert (np.diff(taken) < 0).all()
        assert taken[0] > 0.4
        assert taken[7] < 0.1
        x, y, w, h = picture._bake.boxes[0]
        index = picture._bake.index[0]
        chest = zone_mask(picture, jacket.zone_names.index("chest"))[y : y + h, x : x + w]
        resist = index[chest] >> 8 & 7
        assert len(np.unique(resist)) == 8
        assert resist.std() > 1

    def test_a_zone_that_is_nowhere_drawn_is_no_trouble(self, tmp_path):
        from wearsound.instruments.picture.garment_picture import GarmentPicture

        tunic = load_garment(written(tmp_path, PLAIN.replace("filaments", "folds")))
        assert drawn(GarmentPicture(tunic, (160, 90), 1), frame(tunic, {"sleeve": 1.0, "chest": 1.0})).any()

    def test_nonsense_shapes_are_drawn_as_nothing(self, tmp_path):
        from wearsound.instruments.picture.garment_picture import GarmentPicture

        text = PLAIN.replace("[[10, 5], [10, 35]]", "[[3, 3], [3, 3]]") + (
            "axis = [[5, 5], [5, 5]]\nfolds = [{ path = [[1, 1], [1, 1]] }]\n"
            "seams = [{ path = [[2, 2], [2, 2]] }]\nedge_rows = [200]\n"
            '[[figure.layer]]\nname = "point"\nzone = "sleeve"\nlift = 12\n'
            "outline = [[9, 9, 1], [9, 9], [9, 9]]\n"
            '[[figure.layer]]\nname = "outside"\nzone = "sleeve"\noutline = [[200, 200], [250, 200], [220, 250]]\n'
        )
        tunic = load_garment(written(tmp_path, text))
        with np.errstate(all="raise", under="ignore"):
            pixels = drawn(GarmentPicture(tunic, (160, 90), 1), frame(tunic, {"chest": 1.0}))
        assert pixels.any()

    def test_another_edition_is_another_print(self, tmp_path):
        from wearsound.instruments.picture.garment_picture import GarmentPicture

        tunic = load_garment(written(tmp_path, PLAIN))
        one, two = (drawn(GarmentPicture(tunic, (160, 90), seed), frame(tunic)) for seed in (1, 2))
        assert not np.array_equal(one, two)

    @pytest.mark.parametrize("size", [(320, 180), (400, 300), (300, 400), (641, 361)])
    def test_any_size_holds_the_same_picture(self, picture, tmp_path, size):
        from wearsound.instruments.picture.garment_picture import GarmentPicture

        tunic = load_garment(written(tmp_path, PLAIN))
        other = GarmentPicture(tunic, size, 7)
        pixels = luminance(drawn(other, frame(tunic, {"chest": 1.0})))
        assert pixels.shape == (size[1], size[0])
        unit = min(size[0] / 1280, size[1] / 720)
        x, _, w, h = other._bake.boxes[0]
        assert x + w / 2 == pytest.approx(size[0] / 2, abs=2)
        assert w == pytest.approx(40 * 7.3 * unit, abs=3)
        assert h == pytest.approx(40 * 7.3 * unit, abs=3)
        assert math.isfinite(pixels.sum())
