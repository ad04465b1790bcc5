"""What somebody meets who writes a garment, a patch or a rig for the first time: sentences that help."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from wearsound import gallery
from wearsound.cli import main
from wearsound.errors import PatchError
from wearsound.garment.colour import linear_to_srgb, oklch_to_linear
from wearsound.garment.document import Garment, load_garment
from wearsound.garment.hexadecimal import KEYS, oklch_of
from wearsound.garment.words import WORDS, schema
from wearsound.mapping.document import read_patch
from wearsound.show.rig import read_rig


def written(tmp_path: Path, names: list[str], light: str = "[0.7, 0.1, 50]", more: str = "") -> Garment:
    text = 'title = "Own"\n'
    for name in names:
        text += f'[[zone]]\nname = "{name}"\nlight = {light}\n{more}'
    text += '[[figure]]\nname = "front"\nat = [640, 200]\n'
    for i, name in enumerate(names):
        text += f'[[figure.layer]]\nname = "l{i}"\nzone = "{name}"\nside = "one"\n'
        text += f"outline = [[{5 * i}, 0], [{5 * i + 4}, 0], [{5 * i + 4}, 4], [{5 * i}, 4]]\n"
    path = tmp_path / "own.toml"
    path.write_text(text)
    return load_garment(path)


def refusal(tmp_path: Path, *given: object) -> str:
    with pytest.raises(PatchError) as trouble:
        written(tmp_path, *given)  # type: ignore[arg-type]
    return str(trouble.value).removeprefix(f"{tmp_path}/")


def test_too_many_zones_are_one_sentence(tmp_path: Path) -> None:
    assert refusal(tmp_path, [f"z{i}" for i in range(40)]) == "own.toml:2: 40 zones; at most 28"


def test_a_zone_twice_is_one_sentence(tmp_path: Path) -> None:
    jacket = gallery.find("garment", "denim-jacket").read_text()
    path = tmp_path / "own.toml"
    path.write_text(jacket.replace('name = "hem"', 'name = "chest"', 1))
    with pytest.raises(PatchError) as trouble:
        load_garment(path)
    assert str(trouble.value).count("\n") == 0
    assert "a second zone called 'chest'; give it a name of its own" in str(trouble.value)


@pytest.mark.parametrize(
    "colour", ["#000000", "#ffffff", "#ff0000", "#00FF00", "#0000ff", "#354869", "#808080", "#010203"]
)
def test_a_hex_colour_is_the_same_colour(tmp_path: Path, colour: str) -> None:
    garment = written(tmp_path, ["chest"], f'"{colour}"', f'dye = "{colour}"\n')
    for oklch in (garment.zones[0].light, garment.zones[0].dye):
        shown = np.rint(linear_to_srgb(oklch_to_linear(oklch)) * 255)
        assert np.abs(shown - [int(colour[i : i + 2], 16) for i in (1, 3, 5)]).max() <= 1


def test_every_colour_of_a_garment_may_be_hex() -> None:
    assert {key for key, takes in WORDS.takes.items() if "#rrggbb" in takes} == KEYS
    zone = schema()["$defs"]["Zone"]["properties"]
    assert all(
        {"type": "string", "pattern": "^#[0-9a-fA-F]{6}$"} in zone[key]["anyOf"] for key in ("light", "cloth")
    )


@pytest.mark.parametrize("colour", ["#12345", "#gggggg", "red", "354869"])
def test_what_is_no_colour_is_said(tmp_path: Path, colour: str) -> None:
    assert oklch_of(colour) is None
    said = refusal(tmp_path, ["chest"], f'"{colour}"')
    assert said.startswith(f"own.toml:4: light is '{colour}'; it takes an OKLCH colour")
    assert said.endswith('or "#rrggbb"')


def test_a_file_of_another_kind_is_told_with_the_right_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    written(tmp_path, ["chest"])
    (tmp_path / "room.toml").write_text('[[osc]]\nname = "a"\nport = 9001\n')
    (tmp_path / "piece.toml").write_text('title = "x"\n[[route]]\nfrom = "bass"\nto = "*.glow"\n')
    monkeypatch.chdir(tmp_path)
    for words, said in {
        (
            "fit",
            "own.toml",
        ): "own.toml: is a garment, no patch; name a patch before it: `wearsound fit ",
        ("doctor", "--rig", "own.toml"): "own.toml: is a garment, no rig; wear it with --garment own.toml",
        ("run", "room.toml"): "room.toml: is a rig, no patch; name it after a patch: ",
        (
            "fit",
            "bass-denim",
            "piece.toml",
        ): "piece.toml: is a patch, no garment; name it first: `wearsound run ",
        ("fit", "bass-denim", "room.toml"): "room.toml: is a rig, no garment; name it with --rig room.toml",
        ("doctor", "--rig", "piece.toml"): "piece.toml: is a patch, no rig; name it first: ",
    }.items():
        assert main(list(words)) == 2
        err = capsys.readouterr().err
        assert err.startswith(f"wearsound: {said}")
        assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("line", "near"),
    [('garment = "mine.toml"', "mine"), ('palette = "dusk.gpl"', "dusk"), ('sketch = "wren.py"', "wren")],
)
def test_an_ending_is_not_part_of_a_bare_name(line: str, near: str) -> None:
    with pytest.raises(PatchError, match=rf"bare name.*; did you mean '{near}'\?$"):
        read_patch(f'title = "x"\n{line}\n')


def test_the_files_of_the_gallery_are_of_their_kind() -> None:
    for path in gallery.files("rig").values():
        read_rig(path.read_text(), path)
    read_rig("")
    read_patch('title = "x"')


def test_light_that_no_strip_has_is_said(tmp_path: Path) -> None:
    garment = written(tmp_path, ["chest"])
    text = garment.path.read_text()
    for filament, said in {
        "{ path = [[1, 0], [1, 3]], pixels = 6 }": (),
        "{ path = [[1, 0], [1, 3]], pixels = 60 }": (
            "own.toml:13: filament 'front_l0' has 60 pixels on 3 cm, 2000 a metre, and strips have at most about 200; "
            "give it fewer, or a longer path",
        ),
        "{ path = [[1, 1], [1, 1]], pixels = 1 }": (
            "own.toml:13: the path of filament 'front_l0' has no length: all its light sits on one spot; "
            "give it two places",
        ),
    }.items():
        garment.path.write_text(f"{text}filaments = [{filament}]\n")
        found = load_garment(garment.path).warnings
        assert tuple(sentence.removeprefix(f"{tmp_path}/") for sentence in found) == said


def test_the_order_of_colours_may_be_written_small() -> None:
    rig = read_rig('[[light]]\nname = "a"\nhost = "10.0.0.9"\norder = "grbw"\n')
    assert rig.light[0].order == "GRBW"
