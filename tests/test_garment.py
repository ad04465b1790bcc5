"""Garments: what a file may say, what is sewn of it, colour, and the picture of one."""

import hashlib
import json
import math
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

os.environ.setdefault("SDL_VIDEODRIVER", "dummy")

from wearsound import gallery
from wearsound.core import Frame, Health, Row
from wearsound.errors import PatchError
from wearsound.garment import colour, work
from wearsound.garment.document import load_garment
from wearsound.garment.layers import Layer
from wearsound.garment.sewn import sewn
from wearsound.garment.shape import areas, inside, off, rings, zones_at
from wearsound.garment.structure import MAX_PIXELS
from wearsound.garment.words import WORDS, schema

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

MORE = """
[[strand]]
name = "front"
filaments = ["front_body_r", "-front_body_l"]
[[actuator]]
name = "exciter"
zone = "chest"
at = [5, 20]
[[sensor]]
name = "microphone"
zone = "chest"
[battery]
mah = 2000
most_ma = 900
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


def refused(tmp_path: Path, old: str, new: str) -> list[str]:
    """What is said of PLAIN with one thing changed: ["10: no key ...", ...], a line of the file and a sentence."""
    assert old in PLAIN
    path = written(tmp_path, PLAIN.replace(old, new, 1))
    with pytest.raises(PatchError) as caught:
        load_garment(path)
    said = str(caught.value).splitlines()
    assert all(re.match(rf"{re.escape(str(path))}:\d+: \S", line) for line in said)
    return [line.removeprefix(f"{path}:") for line in said]


def line_of(text: str) -> int:
    """The line of PLAIN that begins with some text."""
    return next(i for i, line in enumerate(PLAIN.splitlines(), 1) if line.startswith(text))


class TestDocument:
    def test_the_jackets_zones_are_the_agreed_ones(self):
        jacket = load_garment(JACKET)
        assert jacket.name == "denim-jacket"
        assert jacket.zone_names == (
            "collar", "yoke", "chest", "sleeve_l", "sleeve_r", "cuff_l", "cuff_r", "placket", "waist", "hem", "back",
        )  # fmt: skip
        for role, zones in {
            "core": ("chest", "back"),
            "sleeve": ("sleeve_l", "sleeve_r"),
            "cuff": ("cuff_l", "cuff_r"),
            "spine": ("back",),
        }.items():
            assert jacket.roles[role] == zones

    def test_the_coats_zones_are_the_agreed_ones(self):
        coat = load_garment(COAT)
        assert coat.zone_names == (
            "collar", "lapel", "chest", "sleeve_l", "sleeve_r", "cuff_l", "cuff_r", "skirt", "hem", "back",
        )  # fmt: skip
        assert coat.roles["core"] == ("chest", "back")

    @pytest.mark.parametrize("name", sorted(gallery.files("garment")))
    def test_every_garment_of_the_gallery_surprises_nobody(self, name):
        garment = load_garment(gallery.find("garment", name))
        assert garment.warnings == ()
        assert garment.about
        assert all(zone.area > 0 for zone in garment.zones)

    def test_a_plain_garment_is_read(self, tmp_path):
        tunic = load_garment(written(tmp_path, PLAIN))
        assert (tunic.name, tunic.title, tunic.zone_names) == ("tunic", "Tunic", ("chest", "sleeve"))
        assert tunic.zones[0].light == (0.74, 0.16, 52)
        assert (tunic.zones[0].fabric, tunic.zones[0].lamp) == ("plain", "filament")

    def test_every_table_is_read(self, tmp_path):
        tunic = load_garment(written(tmp_path, PLAIN + MORE))
        assert [strand.filaments for strand in tunic.strands] == [("front_body_r", "-front_body_l")]
        assert (tunic.actuators[0].zone, tunic.actuators[0].at) == ("chest", (5.0, 20.0))
        assert (tunic.sensors[0].kind, tunic.sensors[0].lane) == ("contact", "body")
        assert (tunic.battery.mah, tunic.battery.most_ma) == (2000.0, 900.0)

    def test_a_number_out_of_bounds_is_shown_at_its_line(self, tmp_path):
        assert refused(tmp_path, "[0.74,", "[1.74,") == [
            f"{line_of('light')}: light is 1.74; it takes an OKLCH colour: lightness 0 to 1, chroma 0 to 0.37, "
            'hue 0 to 360, such as [0.74, 0.16, 52], or "#rrggbb"'
        ]
        assert refused(tmp_path, "[20, 0, 1]", "[2e4, 0, 1]")[0].startswith(
            f"{line_of('outline')}: outline is 20000; it takes 3 to 48 points"
        )

    @pytest.mark.parametrize("number", ["nan", "inf", "-inf"])
    def test_not_a_number_is_refused(self, tmp_path, number):
        (said,) = refused(tmp_path, "[20, 40, 1]", f"[{number}, 40, 1]")
        assert said.startswith(f"{line_of('outline')}: outline has {number}, which is not a length or colour")

    def test_an_unknown_key_gets_the_nearest_one(self, tmp_path):
        (said,) = refused(tmp_path, "outline =", "lifts = 1\noutline =")
        assert said == f"{line_of('outline')}: no key 'lifts' in a layer; did you mean 'lift'?"

    def test_an_unknown_zone_gets_the_nearest_one(self, tmp_path):
        (said,) = refused(tmp_path, 'zone = "chest"', 'zone = "chesst"')
        assert said == f"{line_of('zone =')}: no zone 'chesst'; did you mean 'chest'?"

    def test_an_unknown_fabric_is_answered_with_those_there_are(self, tmp_path):
        (said,) = refused(tmp_path, 'roles = ["core"]', 'fabric = "electrochrome"')
        assert said.endswith("no fabric 'electrochrome'; did you mean 'electrochromic'?")

    def test_everything_wrong_is_said_at_once(self, tmp_path):
        text = PLAIN.replace("0.74,", "7,").replace('side"', "").replace("[[10, 5], [10, 35]]", "[[10, 5]]")
        text = text.replace('name = "front"', 'name = "Front"').replace("at = [640, 200]", "at = 3\nflor = 2")
        with pytest.raises(PatchError) as caught:
            load_garment(written(tmp_path, text))
        said = str(caught.value).splitlines()
        assert [re.search(r"(light|name|at|flor|path)\b", line)[1] for line in said] == [
            "light", "name", "at", "flor", "path",
        ]  # fmt: skip

    @pytest.mark.parametrize(
        ("old", "new", "said"),
        [
            ('name = "sleeve"', 'name = "chest"', "a second zone called 'chest'"),
            ("outline =", 'on = "shirt"\noutline =', "on is 'shirt'; no such layer lies below"),
            ('zone = "chest"\n', "", "layer 'body' has neither; give it a zone or a colour"),
            ("outline =", "colour = [0.3, 0, 0]\noutline =", "layer 'body' has both"),
            ('zone = "chest"\n', 'zone = ["chest", "chest"]\nside = "one"\n', "two zones need a mirrored layer"),
            ("outline =", "axis = [[0, 0]]\noutline =", "axis has one end"),
            ('roles = ["core"]', 'roles = ["sleeve"]', "which is a zone's name already"),
            ('name = "sleeve"', 'name = "sketch"', "'sketch' is what patches call the sketch's parameters"),
            ("[[10, 5], [10, 35]]", "[[60, 5], [60, 35]]", "never touches its layer 'body'"),
            ("path = [[10", "pixels = 4097, path = [[10", "pixels is 4097; it takes a whole number from 1 to 4096"),
            ("[[figure]]", "[battery]\nmah = 0\n[[figure]]", "mah is 0; it takes mAh from 1"),
            ("[[figure]]", '[[actuator]]\nname = "x"\nzone = "chets"\n[[figure]]', "no zone 'chets'; did you mean"),
            ("[[figure]]", '[[sensor]]\nname = "x"\nzone = "chest"\nkind = "mic"\n[[figure]]', "no kind 'mic'"),
        ],
    )  # fmt: skip
    def test_what_types_cannot_say(self, tmp_path, old, new, said):
        assert any(said in line for line in refused(tmp_path, old, new))

    @pytest.mark.parametrize("end", ["\n", "\r", "\0"])
    def test_a_name_is_one_word(self, tmp_path, end):
        text = PLAIN.replace('name = "sleeve"', f'name = "sleeve\\u{ord(end):04x}"')
        with pytest.raises(PatchError, match="it takes a lower-case word"):
            load_garment(written(tmp_path, text))

    def test_a_garment_needs_a_zone_and_a_figure(self, tmp_path):
        with pytest.raises(PatchError, match=r"there is no zone.*\n.*there is no figure|figure.*\n.*zone"):
            load_garment(written(tmp_path, 'title = "Nothing"\n'))

    def test_surprises_are_told_and_do_not_stop_it(self, tmp_path):
        tunic = load_garment(written(tmp_path, PLAIN))
        (said,) = tunic.warnings
        assert said.endswith(
            f":{line_of('light') + 2}: zone 'sleeve' is seen on no figure; draw it as a layer or an inset"
        )
        crossed = PLAIN.replace("[[10, 5], [10, 35]]", '[[10, 5], [10, 35]], zone = "sleeve"')
        said = load_garment(written(tmp_path, crossed)).warnings
        assert any("zone 'sleeve' plays a filament on 'chest'" in line for line in said)

    def test_broken_toml_says_where(self, tmp_path):
        assert ": is not TOML" in refused(tmp_path, 'title = "Tunic"', "title = Tunic")[0]

    def test_files_that_are_no_garments(self, tmp_path):
        (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe\x00")
        (tmp_path / "long.toml").write_bytes(b"#" * 3_000_000)
        for name in ("missing.toml", "bytes.toml", "long.toml"):
            with pytest.raises(PatchError, match=name):
                load_garment(tmp_path / name)

    def test_a_hostile_file_is_bounded(self, tmp_path):
        """The most of everything, each as large as it may be: seconds, not hours, and no more pixels than stated."""
        import time

        ring = str([[(-250 if i % 2 else 250), -250 + 10 * i] for i in range(48)])
        inset = f'{{ zone = "chest", outline = {ring} }}'
        layer = '[[figure.layer]]\nname = "l{n}"\nzone = "chest"\nside = "one"\noutline = RING\ninsets = [INSETS]\n'
        layers = "".join(layer.replace("{n}", str(n)) for n in range(40))
        layers = layers.replace("RING", ring).replace("INSETS", ", ".join([inset] * 8))
        text = 'title = "x"\n[[zone]]\nname = "chest"\nlight = [0.5, 0, 0]\n'
        for figure in ("a", "b", "c"):
            text += f'[[figure]]\nname = "{figure}"\nat = [0, 0]\nscale = 1\n' + layers
        assert 600_000 < len(text) < 1 << 20
        before = time.thread_time()
        load_garment(written(tmp_path, text))
        assert time.thread_time() - before < 20

    def test_more_pixels_or_filaments_than_fit_are_refused(self, tmp_path):
        eight = ", ".join(f'{{ name = "f{i}", pixels = 4096, path = [[10, 5], [10, 35]] }}' for i in range(8))
        assert MAX_PIXELS == 8 * 4096
        assert "at most 32768 fit" in refused(tmp_path, "[{ path = [[10, 5], [10, 35]] }]", f"[{eight}]")[0]
        many = ", ".join("{ path = [[10, 5], [10, 35]] }" for _ in range(16))
        layers = "".join(
            f'[[figure.layer]]\nname = "l{n}"\nzone = "chest"\noutline = [[0, 0], [20, 0], [20, 40], [0, 40]]\n'
            f"filaments = [{many}]\n"
            for n in range(3)
        )
        with pytest.raises(PatchError, match="98 filaments with their mirror images; at most 64"):
            load_garment(written(tmp_path, PLAIN + layers))

    def test_every_key_has_words(self):
        """Whatever key goes wrong, there is a sentence for it; and an editor is told the same."""
        for path, (_, struct) in WORDS.owners.items():
            for key in struct.__struct_encode_fields__:
                dotted = ".".join((*path, key))
                known = (WORDS.takes, WORDS.choices)
                assert any(dotted in table or key in table for table in known), dotted
        made = schema()
        assert made["$defs"]["Zone"]["properties"]["light"]["description"].startswith("An OKLCH colour")
        assert "zone" in made["$defs"]["GarmentFile"]["required"]

    def test_the_schema_is_that_of_the_structs_and_needs_no_numpy(self):
        made = json.loads(json.dumps(schema()))
        for name in (
            "GarmentFile",
            "Zone",
            "Strand",
            "Actuator",
            "Sensor",
            "Battery",
            "Figure",
            "Layer",
            "Filament",
        ):
            table = made["$defs"][name]
            assert table["additionalProperties"] is False
            for key, what in table["properties"].items():
                assert what.get("description") or what.get("enum") or "$ref" in str(what), f"{name}.{key}"
        assert made["$defs"]["Filament"]["properties"]["pixels"]["maximum"] == 4096
        code = "import sys; from wearsound.garment.words import schema; schema(); sys.exit('numpy' in sys.modules)"
        assert (
            subprocess.run([sys.executable, "-c", code], stdout=subprocess.DEVNULL, check=False).returncode
            == 0
        )

    def test_new_garment_is_a_copy_that_loads(self, tmp_path, monkeypatch):
        from wearsound.cli import main

        monkeypatch.chdir(tmp_path)
        assert main(["new", "garment", "mine"]) == 0
        mine = load_garment(tmp_path / "mine.toml")
        assert mine.zones == load_garment(JACKET).zones
        assert main(["fit", "bass-denim", "mine.toml"]) == 0


class TestSewn:
    def test_pixels_follow_the_file_and_the_wire(self, tmp_path):
        text = PLAIN.replace("[[10, 5], [10, 35]] }", "[[10, 5], [10, 35]], pixels = 4 }") + MORE
        tunic = load_garment(written(tmp_path, text))
        body = sewn(tunic)
        assert [filament.name for filament in body.filaments] == ["front_body_l", "front_body_r"]
        assert body.n_pixels == 9  # two of four, and one for the sleeve that has none
        assert body.zone.tolist() == [0] * 8 + [1]
        assert body.place[:4].tolist() == [[10, 8.75], [10, 16.25], [10, 23.75], [10, 31.25]]
        assert body.place[4].tolist() == [-10, 8.75]
        assert np.isnan(body.place[8]).all()
        assert body.wires["front"].tolist() == [4, 5, 6, 7, 3, 2, 1, 0]

    def test_filaments_without_a_strand_are_wires_of_their_own(self, tmp_path):
        body = sewn(load_garment(written(tmp_path, PLAIN)))
        assert {name: len(pixels) for name, pixels in body.wires.items()} == {
            "front_body_l": 12,
            "front_body_r": 12,
        }

    @pytest.mark.parametrize(
        ("filaments", "said"),
        [
            ('["front_body"]', "no filament 'front_body'; did you mean 'front_body_"),
            ('["front_body_l", "-front_body_l"]', "'front_body_l' is on strand 'front' already"),
            ("[]", "filaments is []; it takes filaments in the order of the wire"),
            ('["--front_body_l"]', "filaments is '--front_body_l'"),
        ],
    )
    def test_a_strand_names_what_is_sewn_and_once(self, tmp_path, filaments, said):
        text = PLAIN + MORE.replace('["front_body_r", "-front_body_l"]', filaments)
        with pytest.raises(PatchError) as caught:
            load_garment(written(tmp_path, text))
        assert said in str(caught.value)

    def test_two_filaments_of_one_name_are_refused(self, tmp_path):
        two = '[{ name = "a", path = [[10, 5], [10, 35]] }, { name = "a", path = [[12, 5], [12, 35]] }]'
        said = refused(tmp_path, "[{ path = [[10, 5], [10, 35]] }]", two)
        assert "a second filament called 'a_l'" in said[0]

    @pytest.mark.parametrize(("path", "spread"), [(JACKET, (1.2, 2.2)), (COAT, (1.2, 2.2))])
    def test_the_gallerys_filaments_are_as_dense_as_what_is_sold(self, path, spread):
        """60 pixels a metre is one every 1.67 cm; between 300 and 600 a garment, each on a strand."""
        garment = load_garment(path)
        body = sewn(garment)
        assert 300 <= body.n_pixels <= 600
        for filament in body.filaments:
            points = np.array(filament.path)
            length = np.sqrt((np.diff(points, axis=0) ** 2).sum(axis=1)).sum()
            assert spread[0] < length / filament.pixels < spread[1], filament.name
        assert 2 <= len(garment.strands) <= 6
        assert set(body.wires) == {strand.name for strand in garment.strands}
        wired = np.sort(np.concatenate(list(body.wires.values())))
        assert np.array_equal(wired, np.flatnonzero(body.filament >= 0))

    @pytest.mark.parametrize("path", [JACKET, COAT])
    def test_wires_do_not_jump(self, path):
        """A maker solders leads between filaments: on one figure none is longer than a forearm."""
        body = sewn(load_garment(path))
        for pixels in body.wires.values():
            here, there = pixels[:-1], pixels[1:]
            same = body.figure[here] == body.figure[there]
            leads = np.sqrt(((body.place[here] - body.place[there]) ** 2).sum(axis=1))[same]
            assert leads.max() < 25

    def test_areas_are_shares_of_what_is_drawn(self):
        body = sewn(load_garment(JACKET))
        assert body.area.sum() == pytest.approx(1)


class TestShape:
    FIGURE = (
        PLAIN
        + """
insets = [{ zone = "sleeve", outline = [[0, 30, 1], [20, 30, 1], [20, 40, 1], [0, 40, 1]] }]
[[figure.layer]]
name = "patch"
side = "one"
colour = [0.3, 0, 0]
outline = [[-10, 0, 1], [0, 0, 1], [0, 10, 1], [-10, 10, 1]]
"""
    )

    def test_the_area_is_what_is_seen(self, tmp_path):
        """40 by 40 cm, a quarter of it another zone, 10 by 10 cm covered by something else."""
        tunic = load_garment(written(tmp_path, self.FIGURE))
        assert areas(tunic.figures, tunic.zone_names) == pytest.approx([11.0, 4.0], rel=0.03)
        assert [zone.area for zone in tunic.zones] == pytest.approx([11.0, 4.0], rel=0.03)

    def test_an_area_that_is_given_is_kept(self, tmp_path):
        tunic = load_garment(
            written(tmp_path, self.FIGURE.replace('name = "sleeve"', 'name = "sleeve"\narea = 7', 1))
        )
        assert tunic.zones[1].area == 7
        assert tunic.zones[0].area == pytest.approx(11.0, rel=0.03)

    def test_left_and_right_of_the_jacket_are_alike(self):
        jacket = load_garment(JACKET)
        sizes = dict(zip(jacket.zone_names, (zone.area for zone in jacket.zones), strict=True))
        assert sizes["sleeve_l"] == pytest.approx(sizes["sleeve_r"], rel=0.01)
        assert sizes["cuff_l"] == pytest.approx(sizes["cuff_r"], rel=0.03)
        assert sizes["chest"] > 5 * sizes["cuff_l"]

    def test_known_answers(self):
        layer = Layer(
            name="a",
            outline=((0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0)),
            zone=("x", "y"),
            side="pair",
        )
        (_, ring), (mirror, turned) = rings(layer)
        points = np.array([[5.0, 5.0], [-5.0, 5.0], [13.0, 14.0], [5.0, -2.0]])
        assert mirror
        assert inside(ring, points).tolist() == [True, False, False, False]
        assert inside(turned, points).tolist() == [False, True, False, False]
        assert off(ring, points) == pytest.approx([0, 5, 5, 2])
        assert zones_at(layer, True, points[:1]) == ["y"]


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


def frame(garment, lit=None, number=0, dyed=None):
    """A frame at 2 s with some zones lit (name: share of full) and some cloth dyed (name: 0..1)."""
    body, n = sewn(garment), len(garment.zones)
    levels = np.zeros((n, 3), np.uint8)
    for name, share in (lit or {}).items():
        i = garment.zone_names.index(name)
        linear = colour.oklch_to_linear(garment.zones[i].light) * share
        levels[i] = np.rint(255 * linear ** (1 / 2.2))
    features = {"room.phase": 0.4, "room.confidence": 1.0}

    def row(values):
        return Row({name: i for i, name in enumerate(values)}, np.array(list(values.values()), np.float64))

    return Frame(
        0, number, 2.0, row(features), row({}), levels, np.zeros(n, np.float32), Health(), 7,
        pixels=levels[body.zone],
        dyed=np.array([(dyed or {}).get(name, 0.0) for name in garment.zone_names], np.float32),
        warm=np.full(n, 22.0, np.float32),
    )  # fmt: skip


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
        one = frame(jacket, {"chest": 0.8, "sleeve_l": 0.5}, dyed={"chest": 0.5})
        first = drawn(picture, one)
        drawn(picture, frame(jacket, {"yoke": 1.0}, number=90, dyed={"chest": 1.0, "hem": 0.3}))
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
        dyed = drawn(picture, frame(jacket, dyed={"chest": 1.0})).astype(int)
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


ROUGH = 'zone = "sleeve", rough = 10, outline = [[-60, 1], [60, 1], [60, 70]]'


class TestBounds:
    """What is legal word by word, and still no garment: too much to draw, or a tale to the guards."""

    @pytest.mark.parametrize(
        ("key", "said"),
        [
            (
                "area = 1e-60",
                "area is 1e-60; it takes its size in dm2, from 0.01 to 1000; left out: as large as it is drawn",
            ),
            (
                "area = 0",
                "area is 0; it takes its size in dm2, from 0.01 to 1000; left out: as large as it is drawn",
            ),
        ],
    )
    def test_an_area_that_weighs_nothing_is_refused(self, key, said, tmp_path):
        line = line_of("light")
        assert refused(tmp_path, "light = [0.74, 0.16, 52]", f"light = [0.74, 0.16, 52]\n{key}") == [
            f"{line + 1}: {said}"
        ]

    def test_a_room_hotter_than_any_is_refused(self, tmp_path):
        what = "how warm it is where it is worn, degrees C from -20 to 35; left out: 22"
        (said,) = refused(tmp_path, 'title = "Tunic"', 'title = "Tunic"\nambient = 36')
        assert said == f"3: ambient is 36; it takes {what}"

    def test_a_strand_that_says_it_draws_nothing_is_told(self, tmp_path):
        for ma, told in ((0.9, True), (1.0, False)):
            tunic = load_garment(
                written(tmp_path, PLAIN + MORE.replace('"-front_body_l"]', f'"-front_body_l"]\nma = {ma}'))
            )
            assert (
                any("ma is 0.9, and no LED draws so little" in warning for warning in tunic.warnings) == told
            )

    @pytest.mark.parametrize(
        ("extra", "copies"),
        [
            ("insets = [" + ", ".join([f"{{ {ROUGH} }}"] * 8) + "]", 6),
            ("axis = [" + ", ".join(f"[{-200 + 400 * (i % 2)}, {i}]" for i in range(16)) + "]", 1),
            ("folds = [" + ", ".join(["{ path = [[-60, 0], [60, 70]], width = 3 }"] * 32) + "]", 1),
            ("fans = [" + ", ".join(["{ at = [0, 35], angles = [0, 360], count = 16, length = 30 }"] * 8) + "]", 1),
            ("seams = [" + ", ".join(["{ path = [[-60, 0], [60, 70]] }"] * 24) + "]", 1),
            ("edge_rows = [1, 2, 3, 4]", 10),
            ("lift = 12", 18),
            ("hang = { top = 0, bottom = 70 }", 6),
        ],
    )  # fmt: skip
    def test_a_garment_that_would_stall_the_picture_is_refused(self, extra, copies, tmp_path):
        layer = "".join(
            f'[[figure.layer]]\nname = "n{i}"\nzone = "chest"\nside = "one"\n'
            f"outline = [[-60, 0], [60, 0], [60, 70], [-60, 70]]\n{extra}\n"
            for i in range(copies)
        )
        text = PLAIN.replace("at = [640, 200]", "at = [640, 10]\nscale = 10")
        with pytest.raises(PatchError, match=r"tunic\.toml:\d+: with layer 'n\d+' ") as caught:
            load_garment(written(tmp_path, text + layer))
        assert len(str(caught.value).splitlines()) == 1
        assert "; give it fewer or smaller" in str(caught.value) or "; let fewer" in str(caught.value)

    @pytest.mark.parametrize("name", sorted(gallery.files("garment")))
    def test_no_garment_of_the_gallery_is_near_that(self, name):
        garment = load_garment(gallery.find("garment", name))
        layers = [(figure, layer) for figure in garment.figures for layer in figure.layer]
        assert 50 < sum(work.work(*each) for each in layers) < work.MOST / 4
        assert sum(work.hangs(*each) for each in layers) < work.HANGS / 4
