"""Palettes: files that other programs open, names that patches say, and colours out of a sound."""

from __future__ import annotations

import json
import re
import struct
from pathlib import Path

import numpy as np
import pytest
import soundfile

from wearsound import gallery
from wearsound.cli import main
from wearsound.errors import AudioError, PatchError, WearsoundError
from wearsound.garment.ase import ase
from wearsound.garment.colour import linear_to_oklab, linear_to_oklch, srgb_to_linear
from wearsound.garment.colour_names import DYES, named
from wearsound.garment.palette import Palette, Swatch, gpl, load_palette, read_palette
from wearsound.proof.check import check
from wearsound.show.build import build
from wearsound.show.casting import A_VOICE, COOL, GREY, WARM
from wearsound.show.load import load
from wearsound.show.palette import HUE_OF_C, SWAY, Heard, palette_of
from wearsound.show.palette_files import write_palette
from wearsound.show.render import render

KILN = Palette(
    "Kiln", (Swatch("madder", (143, 56, 51)), Swatch("weld", (225, 183, 103))), "a wall around a fire"
)


# The file


def test_a_palette_is_written_as_gimp_documents_it() -> None:
    assert gpl(KILN) == (
        "GIMP Palette\nName: Kiln\nColumns: 2\n#\n# a wall around a fire\n143  56  51\tmadder\n225 183 103\tweld\n"
    )


def test_what_was_written_is_read_again() -> None:
    assert read_palette(gpl(KILN)) == KILN


def test_files_of_other_programs_are_read() -> None:
    inkscape = "GIMP Palette\r\nName: mine\r\n#\r\n255 255 255   \r\n  0   0   0 black  as night\r\n"
    assert read_palette(inkscape).swatches == (
        Swatch("untitled", (255, 255, 255)),
        Swatch("black  as night", (0, 0, 0)),
    )
    aseprite = "GIMP Palette\n#\n143\t56\t51\tUntitled\n"
    assert read_palette(aseprite, "a/b/wool.gpl").name == "wool"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "p.gpl:1: begins with nothing; a palette begins with the line 'GIMP Palette'"),
        ("JASC-PAL\n0100\n", "p.gpl:1: begins with 'JASC-PAL'"),
        ("GIMP Palette\nName: x\n", "p.gpl:2: no colours"),
        ("GIMP Palette\n1 2\n", "p.gpl:2: '1 2' is no colour; a line reads: 143 56 51 madder"),
        ("GIMP Palette\n1 2 256 x\n", "p.gpl:2: '1 2 256 x' has a number above 255"),
        ("GIMP Palette\n1 2 -3 x\n", "p.gpl:2: '1 2 -3 x' is no colour"),
        ("GIMP Palette\nChannels: RGBA\n1 2 3 4 x\n", "p.gpl:2: has a channel for transparency"),
        ("GIMP Palette\nColumns: 9999\n1 2 3\n", "p.gpl:2: Columns is '9999'"),
        ("GIMP Palette\n1 2 3 a\nName: late\n", "p.gpl:3: 'Name: late' is no colour"),
        ("GIMP Palette\n1 2 3 a\x1b[2Jb\n", "p.gpl:2: the name 'a?[2Jb'"),
        ("GIMP Palette\n1 2 3 " + "a" * 65 + "\n", "p.gpl:2: the name 'aaaa"),
        ("GIMP Palette\n" + "1 2 3 a\n" * 257, "p.gpl:258: more than 256 colours"),
        ("GIMP Palette\n１ 2 3 a\n", "p.gpl:2: '１ 2 3 a' is no colour"),
    ],
)
def test_what_is_no_palette_is_said_by_line(text: str, said: str) -> None:
    with pytest.raises(PatchError) as error:
        read_palette(text, "p.gpl")
    assert str(error.value).startswith(said)
    assert "\n" not in str(error.value)


def test_a_palette_file_is_read_within_bounds(tmp_path: Path) -> None:
    (tmp_path / "long.gpl").write_text("GIMP Palette\n" + "#\n" * 40_000 + "1 2 3 a\n")
    (tmp_path / "latin.gpl").write_bytes(b"GIMP Palette\n1 2 3 gr\xfcn\n")
    for name, said in (
        ("long", "64 KiB"),
        ("latin", "latin.gpl:2: is not UTF-8"),
        ("none", "cannot be read"),
    ):
        with pytest.raises(PatchError, match=said):
            load_palette(tmp_path / f"{name}.gpl")


@pytest.mark.parametrize("name", gallery.files("palette"))
def test_palettes_of_the_gallery_name_a_patch_s_five_colours(name: str) -> None:
    palette = load_palette(gallery.find("palette", name))
    assert len(palette.swatches) == 5
    assert palette.about
    assert all(swatch.name != "untitled" for swatch in palette.swatches)


def test_an_adobe_swatch_file_is_what_its_readers_describe() -> None:
    data = ase(KILN)
    assert data[:12] == b"ASEF\x00\x01\x00\x00\x00\x00\x00\x04"
    at, blocks = 12, []
    while at < len(data):
        kind, length = struct.unpack_from(">HI", data, at)
        blocks.append((kind, data[at + 6 : at + 6 + length]))
        at += 6 + length
    assert at == len(data)
    assert [kind for kind, _ in blocks] == [0xC001, 1, 1, 0xC002]
    assert blocks[0][1] == b"\x00\x05" + "Kiln\0".encode("utf-16-be")
    name = "madder\0".encode("utf-16-be")
    assert (
        blocks[1][1]
        == b"\x00\x07" + name + b"RGB " + struct.pack(">3f", 143 / 255, 56 / 255, 51 / 255) + b"\0\2"
    )


def test_another_program_reads_the_adobe_file(tmp_path: Path) -> None:
    swatch = pytest.importorskip("swatch")
    (tmp_path / "kiln.ase").write_bytes(ase(KILN))
    (group,) = swatch.parse(str(tmp_path / "kiln.ase"))
    assert group["name"] == "Kiln"
    read = [(s["name"], s["type"], [round(v * 255) for v in s["data"]["values"]]) for s in group["swatches"]]
    assert read == [("madder", "Process", [143, 56, 51]), ("weld", "Process", [225, 183, 103])]


# What a patch says


PATCH = 'title = "Mine"\ngarment = "denim-jacket"\n{palette}\n[[route]]\nfrom = "bass"\nto = "chest.glow"\n'


def patch(folder: Path, palette: str) -> Path:
    path = folder / "mine.toml"
    path.write_text(PATCH.format(palette=palette))
    return path


def test_a_patch_names_a_palette_or_lists_its_colours(tmp_path: Path) -> None:
    kiln = load_palette(gallery.find("palette", "kiln")).colours
    assert load(patch(tmp_path, 'palette = "kiln"')).colours == kiln
    assert load(patch(tmp_path, 'palette = ["#102030"]')).colours == ("#102030",)
    assert load(patch(tmp_path, "")).colours == ()


def test_a_palette_beside_the_patch_comes_first_and_no_other_folder_is_looked_into(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "wool.gpl").write_text(gpl(KILN))
    (tmp_path / "kiln.gpl").write_text(gpl(KILN))
    monkeypatch.chdir(elsewhere)
    assert load(patch(tmp_path, 'palette = "kiln"')).colours == KILN.colours
    with pytest.raises(
        PatchError,
        match=r"mine.toml:3: no wool.gpl beside the patch, and no palette called 'wool'",
    ):
        load(patch(tmp_path, 'palette = "wool"'))


@pytest.mark.parametrize("name", ["../kiln", "/etc/passwd", "kiln.gpl", ""])
def test_a_palette_s_name_is_no_path(tmp_path: Path, name: str) -> None:
    with pytest.raises(PatchError, match=r"mine.toml:3: palette is .*the bare name of a palette"):
        load(patch(tmp_path, f'palette = "{name}"'))


def test_a_palette_of_too_many_colours_is_said(tmp_path: Path) -> None:
    (tmp_path / "many.gpl").write_text("GIMP Palette\n" + "1 2 3 a\n" * 9)
    with pytest.raises(PatchError, match="9 colours; a patch plays 8 at most"):
        load(patch(tmp_path, 'palette = "many"'))


def test_a_render_tells_its_palette_and_check_sees_that_it_changed(tmp_path: Path) -> None:
    (tmp_path / "wool.gpl").write_text(gpl(KILN))
    show = load(patch(tmp_path, 'palette = "wool"'))
    render(show, "test:kick=120", to=tmp_path / "out", seconds=0.5, video=False)
    written = (tmp_path / "out" / "show.toml").read_text()
    assert '[palette]\nfile = "../wool.gpl"\nsha256 = "' in written
    assert load(tmp_path / "out" / "show.toml").colours == KILN.colours
    assert check(tmp_path / "out").lines == []
    (tmp_path / "wool.gpl").write_text(gpl(KILN).replace("143", "144"))
    (line,) = check(tmp_path / "out").lines
    assert line == f"palette {tmp_path / 'wool.gpl'} has changed since the render"


def test_a_show_file_s_palette_is_the_one_that_was_rendered_whatever_lies_there_now(tmp_path: Path) -> None:
    show = load(patch(tmp_path, 'palette = "kiln"'))
    render(show, "test:kick=120", to=tmp_path / "out", seconds=0.5, video=False)
    (tmp_path / "kiln.gpl").write_text(gpl(KILN))
    assert load(tmp_path / "mine.toml").colours == KILN.colours
    assert load(tmp_path / "out" / "show.toml").colours == show.colours


def test_palettes_are_listed_with_their_colours(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "palettes", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    kiln = next(row for row in rows if row["name"] == "kiln")
    assert kiln["about"] == "a wall around a fire: ecru, madder, coral, weld, undyed"
    assert kiln["colours"] == ["#a59d8f", "#8f3833", "#ec785b", "#e1b767", "#e4dec8"]


# Out of a sound


RATE = 44_100


def tones(*frequencies: float, seconds: float = 3.0, overtones: int = 6) -> np.ndarray:
    """Voices with overtones, one after another and then all at once."""
    t = np.arange(round(seconds * RATE)) / RATE
    each = [sum(np.sin(2 * np.pi * f * k * t + k) / k for k in range(1, overtones + 1)) for f in frequencies]
    return np.concatenate([*each, sum(each)]) * 0.2 / max(1, len(frequencies))


def noise(seconds: float = 3.0) -> np.ndarray:
    return np.random.default_rng(3).standard_normal(round(seconds * RATE)) * 0.1


SOUNDS = {
    "a minor": lambda: tones(110.0, 130.8, 164.8),
    "d major": lambda: tones(146.8, 185.0, 220.0, overtones=20),
    "one low note": lambda: tones(65.4, overtones=3),
    "noise": noise,
    "noise over e flat": lambda: tones(155.6)[: 3 * RATE] + 0.5 * noise(),
    "clicks": lambda: np.where(np.arange(3 * RATE) % 11_025 < 40, 0.8, 0.0),
}


@pytest.fixture(scope="module")
def heard(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Heard]:
    folder = tmp_path_factory.mktemp("sounds")
    found = {}
    for name, make in SOUNDS.items():
        soundfile.write(folder / f"{name}.wav", make(), RATE, subtype="PCM_24")
        found[name] = palette_of(folder / f"{name}.wav", count=8)
    return found


def test_a_heard_palette_keeps_the_rules_of_cloth_and_light(heard: dict[str, Heard]) -> None:
    for name, sound in heard.items():
        lch = {c.role: linear_to_oklch(srgb_to_linear(np.array(c.swatch.rgb) / 255)) for c in sound.colours}
        assert len(lch) == 8
        assert 0.23 <= lch["ground"][0] <= 0.38, name
        for role in ("ground", "slow dye", "second dye", "lining"):
            assert 0.23 <= lch[role][0] <= 0.705, (name, role)
            assert lch[role][1] <= 0.135, (name, role)
        for role in ("warm light", "cool light", "pale light"):
            assert 0.655 <= lch[role][0] <= 0.905, (name, role)
        assert 5 <= lch["warm light"][2] <= 108, name
        assert 147 <= lch["cool light"][2] <= 313, name
        assert lch["pale light"][0] > 0.85, name
        assert lch["pale light"][1] < 0.07, name
        names = [colour.swatch.name for colour in sound.colours]
        assert len(set(names)) == 8
        assert set(names) <= set(DYES)


def test_notes_are_heard_as_their_hues(heard: dict[str, Heard]) -> None:
    notes = {colour.voice.note for colour in heard["a minor"].colours} - {""}
    assert {"A", "C", "E"} <= notes
    assert {c.voice.note for c in heard["one low note"].colours if c.voice.note} == {"C"}


def test_flatness_takes_chroma_away(heard: dict[str, Heard]) -> None:
    def chroma(name: str) -> float:
        return float(np.mean([colour.oklch[1] for colour in heard[name].colours]))

    assert chroma("noise") < 0.6 * chroma("a minor")
    assert chroma("noise") < chroma("noise over e flat") < chroma("a minor")


def test_other_sounds_have_visibly_other_palettes(heard: dict[str, Heard]) -> None:
    labs = {
        name: np.array(
            [linear_to_oklab(srgb_to_linear(np.array(c.swatch.rgb) / 255)) for c in sound.colours[:5]]
        )
        for name, sound in heard.items()
    }
    for a in labs:
        for b in labs:
            if a < b:
                apart = np.sqrt(((labs[a] - labs[b]) ** 2).sum(axis=-1)).mean()
                assert apart > 0.03, (a, b, apart)


def test_the_same_sound_at_another_level_has_the_same_palette(tmp_path: Path) -> None:
    for name in ("a minor", "noise over e flat", "clicks"):
        loud, quiet = tmp_path / "loud.wav", tmp_path / "quiet.wav"
        soundfile.write(loud, SOUNDS[name](), RATE, subtype="FLOAT")
        soundfile.write(quiet, SOUNDS[name]() * 10 ** (-12 / 20), RATE, subtype="FLOAT")
        a, b = palette_of(loud), palette_of(quiet)
        assert a.palette.swatches == b.palette.swatches, name
        assert palette_of(loud) == a


def test_silence_has_no_palette_and_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    soundfile.write(tmp_path / "still.wav", np.zeros(RATE), RATE)
    with pytest.raises(
        AudioError, match=r"still.wav is silent, and silence has no colours: give a recording"
    ):
        palette_of(tmp_path / "still.wav")
    assert main(["palette", str(tmp_path / "still.wav")]) == AudioError.exit_code
    assert "is silent" in capsys.readouterr().err


def test_the_count_is_what_was_asked_or_what_it_sounds(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", SOUNDS["one low note"](), RATE)
    assert len(palette_of(tmp_path / "a.wav").colours) == 5
    assert [len(palette_of(tmp_path / "a.wav", count=n).colours) for n in (5, 6, 8)] == [5, 6, 8]


def test_four_files_are_written_and_each_can_be_opened(tmp_path: Path, heard: dict[str, Heard]) -> None:
    sound = heard["a minor"]
    written = write_palette(sound, tmp_path / "tune")
    assert [path.name for path in written] == ["tune.gpl", "tune.ase", "tune.json", "tune.png"]
    assert load_palette(written[0]).colours == sound.palette.colours
    said = json.loads(written[2].read_text())
    assert [colour["hex"] for colour in said["colours"]] == list(sound.palette.colours)
    assert {"note", "share", "centroid_hz", "flatness", "strongest_s"} == set(said["colours"][0]["from"])
    import pygame

    pixels = pygame.surfarray.array3d(pygame.image.load(written[3])).astype(float)
    assert pixels.shape == (1600, 1040, 3)
    for i, colour in enumerate(sound.colours):  # the middle of each swatch of cloth is its colour
        left = 90 + i * (1420 - 26 * 7) / 8 + i * 26
        cloth = pixels[round(left) + 30 : round(left) + 120, 240:430].mean(axis=(0, 1))
        assert np.abs(cloth - colour.swatch.rgb).max() < 14, colour.swatch.name
    again = write_palette(sound, tmp_path / "again")
    for a, b in zip(written, again, strict=True):
        assert a.read_bytes() == b.read_bytes()


def test_what_lies_there_is_only_overwritten_by_force(tmp_path: Path, heard: dict[str, Heard]) -> None:
    sound = heard["a minor"]
    written = write_palette(sound, tmp_path / "tune")
    assert write_palette(sound, tmp_path / "tune") == written  # the same again is no loss
    written[0].write_text("mine")
    with pytest.raises(WearsoundError, match=r"tune\.gpl is there and would be overwritten; .* --force"):
        write_palette(sound, tmp_path / "tune")
    assert written[0].read_text() == "mine"
    write_palette(sound, tmp_path / "tune", force=True)
    assert load_palette(written[0]).colours == sound.palette.colours


def test_a_patch_plays_a_heard_palette(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    soundfile.write(tmp_path / "a.wav", SOUNDS["a minor"](), RATE)
    assert main(["palette", str(tmp_path / "a.wav"), "--to", str(tmp_path / "tune")]) == 0
    assert "tune.gpl" in capsys.readouterr().out
    assert len(load(patch(tmp_path, 'palette = "tune"')).colours) >= 5


@pytest.mark.parametrize(("option", "value"), [("--to", "two words"), ("--count", "9"), ("--count", "4")])
def test_words_that_cannot_be_are_refused_before_anything_is_heard(option: str, value: str) -> None:
    with pytest.raises(SystemExit) as left:
        main(["palette", "none.wav", option, value])
    assert left.value.code == 2


def test_words_for_colours_are_the_nearest_and_none_comes_twice() -> None:
    madder = linear_to_oklab(srgb_to_linear(np.array([143, 56, 51]) / 255))
    first, second, third = named([madder, madder, madder])
    assert first == "madder"
    assert len({first, second, third}) == 3


PAGE = Path(__file__).parent.parent / "docs" / "colour.md"
SNIPPETS = re.findall(r"```toml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S)


@pytest.mark.parametrize("snippet", SNIPPETS, ids=range(len(SNIPPETS)))
def test_what_the_page_about_colour_shows_can_be_played(snippet: str, tmp_path: Path) -> None:
    (tmp_path / "page.toml").write_text(f'title = "Page"\ngarment = "denim-jacket"\n{snippet}')
    show = load(tmp_path / "page.toml")
    build(show, ["room"], 48_000, strict=True)
    assert show.patch.routes or show.colours


def test_the_page_tells_the_method_s_own_numbers() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for words in (
        f"C at {HUE_OF_C:g} degrees", f"up to {SWAY:g} degrees", f"{A_VOICE:.0%}".replace("%", " %"),
        f"{WARM[0]:g} to {WARM[1]:g} degrees", f"from {COOL[0]:g} to {COOL[1]:g}",
        f"`flatness`: at {GREY * GREY:g}",
    ):  # fmt: skip
        assert words in text, words
    assert 125 <= len(DYES) <= 135
