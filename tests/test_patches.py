"""The gallery's patches: each says what it hears, where and on what, and no two move alike on the demo track.

How alike each pair is, in all three readings: `.venv/bin/python tests/zone_curves.py`; with recordings as its words it
prints the same of those, on which nothing is promised.
"""

from __future__ import annotations

import hashlib
import itertools
import json
from pathlib import Path

import numpy as np
import pytest
from thorough import some, usually
from zone_curves import LIMIT, Curves, all_curves, curves, likeness, luminance

from wearsound import gallery
from wearsound.cli import main
from wearsound.garment.document import load_garment
from wearsound.mapping.document import load_patch
from wearsound.show.about import THUMBS, rated
from wearsound.show.load import load
from wearsound.show.render import render
from wearsound.toml_file import read_toml

NAMES = list(gallery.files("patch"))
PLAYED = usually(["bass-denim", "first-walk", "kiln", "salt"], NAMES)
"""Those that are played here; the goldens play all of them."""
PAIRS = list(itertools.combinations(PLAYED, 2))

HEARD = (
    "bass", "kick", "snare", "onset", "note", "loudness", "level", "mids", "key", "voice", "hats",
    "step", "rub", "tap", "energy",
)  # fmt: skip
CLOTH = ("denim", "wool")


@pytest.fixture(scope="module")
def moved(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Curves]:
    """What patches do on their own garments over the whole demo track."""
    return all_curves(tmp_path_factory.mktemp("patches"), PLAYED)


def test_there_are_sixteen_and_all_four_garments_are_worn() -> None:
    assert len(NAMES) == 16
    assert {load_patch(gallery.find("patch", name)).garment for name in NAMES} == set(
        gallery.files("garment")
    )


@pytest.mark.parametrize("name", NAMES)
def test_a_patch_names_its_feature_place_and_material_in_one_line(name: str) -> None:
    show = load(name)
    about = show.patch.about
    assert len(about) <= 120
    assert any(word in about for word in HEARD), about
    assert any(word in about for word in CLOTH), about
    places = {part for zone in show.garment.zones for part in (zone.name.partition("_")[0], *zone.roles)}
    assert any(place in about for place in places | {"scarf", "shoulder", "cuff"}), about


@pytest.mark.parametrize("name", NAMES)
def test_a_patch_is_made_for_its_garment_and_rests_lit(name: str) -> None:
    patch = load_patch(gallery.find("patch", name))
    garment = load_garment(gallery.find("garment", str(patch.garment)))
    known = {"*", *garment.zone_names, *garment.roles}
    for _, _, route in patch.every_route():
        zone = route.to.partition(".")[0]
        assert route.to.startswith(("/", "sound.", "voice.", "feel.")) or zone in known, (
            f"{route.to} would only be a fallback"
        )
    rest = next(scene for scene in patch.scenes if scene.name == "rest")
    assert any(route.to.endswith(".glow") for route in rest.routes), "silence is dark, not black"


@pytest.mark.parametrize("name", PLAYED)
def test_a_patch_lights_up_and_never_flashes_too_often(name: str, moved: dict[str, Curves]) -> None:
    assert moved[name].zones
    assert moved[name].flashes <= 3


@pytest.mark.parametrize("name", some(["first-walk", "answer"], 2))
def test_the_light_alone_is_the_light_of_the_whole_show(name: str, tmp_path: Path) -> None:
    """What is measured here without sound, touch and the ears nobody asks is what a render leaves."""
    render(load(name), "demo", to=tmp_path / "whole", seconds=4, video=False)
    curves(name, tmp_path, seconds=4)
    with np.load(tmp_path / "whole" / "light.npz") as whole, np.load(tmp_path / f"{name}.npz") as alone:
        assert any(whole[zone].any() for zone in whole if zone != "time")
        for zone in whole:
            np.testing.assert_array_equal(whole[zone], alone[zone])


@pytest.mark.parametrize(("a", "b"), PAIRS)
def test_no_two_patches_move_alike(a: str, b: str, moved: dict[str, Curves]) -> None:
    """The strictest reading: no zone of the one with any zone of the other, no common place, nor the whole."""
    like = likeness(moved[a], moved[b])
    assert like.any < LIMIT, like
    assert like.place < LIMIT, like
    assert like.whole < LIMIT, like


def test_the_measure_finds_what_is_alike(moved: dict[str, Curves]) -> None:
    one = moved["bass-denim"]
    assert likeness(one, one).any > 0.999
    assert likeness(one, one).place > 0.999
    assert likeness(one, one).whole > 0.999
    shifted = Curves(
        {"hem": np.roll(one.zones["chest"], 2)}, {"chest": 1.0 - one.places["chest"]}, one.whole * 0.3, 0.0
    )
    like = likeness(one, shifted)
    assert like.any > 0.9, "elsewhere, and a thirtieth of a second later"
    assert like.place > 0.999, "turned round is alike too"
    assert like.whole > 0.999, "dimmer is alike too"


def test_luminance_is_of_linear_light() -> None:
    pixels = np.array([[[255, 255, 255], [0, 0, 0]], [[128, 128, 128], [128, 128, 128]]], np.uint8)
    assert luminance(pixels) == pytest.approx([0.5, (128 / 255) ** 2.2])


# What a listing tells


def test_a_listing_tells_thumbnail_and_flashes_of_the_patch_that_was_rated(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, thumbs = tmp_path / "mine.toml", tmp_path / THUMBS
    thumbs.mkdir()
    path.write_text('title = "Mine"')
    assert rated(path) == {}
    (thumbs / "mine.jpg").write_bytes(b"")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    (thumbs / "ratings.toml").write_text(f'[mine]\nflashes = 2\npatch = "{digest}"\n')
    assert rated(path) == {"thumbnail": str(thumbs / "mine.jpg"), "flashes": 2}
    path.write_text('title = "Mine, and wilder"')
    assert rated(path) == {"thumbnail": str(thumbs / "mine.jpg")}, "that is not the patch that was rated"
    assert main(["list", "patches", "--json"]) == 0
    rows = {row["name"]: row for row in json.loads(capsys.readouterr().out)}
    assert set(rows) == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_every_patch_of_the_gallery_has_a_thumbnail_and_a_true_rating(
    name: str, moved: dict[str, Curves]
) -> None:
    """After a change: `.venv/bin/python docs/make_pictures.py thumbs`."""
    path = gallery.find("patch", name)
    said = rated(path)
    assert Path(str(said["thumbnail"])).stat().st_size > 2_000
    assert "flashes" in said
    if name in PLAYED:
        assert said["flashes"] == moved[name].flashes
    assert set(read_toml(path.parent / THUMBS / "ratings.toml")) == set(NAMES)
