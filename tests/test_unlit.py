"""A patch that lights nothing says so once, before anybody looks for a broken strip."""

from dataclasses import replace
from pathlib import Path

import pytest
from thorough import some

from wearsound import gallery
from wearsound.cli import main
from wearsound.mapping.document import read_patch
from wearsound.show.load import Show, load
from wearsound.show.unlit import unlit

HUE = 'title = "Own"\n[[route]]\nfrom = "pitch"\nto = "*.hue"\nmap = "octave"\n'
GLOW = '[[route]]\nfrom = "bass"\nto = "{}.glow"\n'


def show(text: str) -> Show:
    return replace(load("bass-denim"), patch=read_patch(text, "own.toml"), sketch_path=None)


def test_a_hue_without_a_glow_is_said() -> None:
    said = unlit(show(HUE))
    assert said.startswith(
        "own.toml:2: nothing is lit: no route of this patch plays the glow of a zone; add one"
    )


@pytest.mark.parametrize(
    "text",
    [
        HUE + GLOW.format("*"),
        HUE + GLOW.format("chest"),
        'title = "Own"\n[[route]]\nfrom = "bass"\nto = "/synth/cutoff"\n',
        'title = "Own"\n',
    ],
)
def test_what_glows_or_only_sends_is_not(text: str) -> None:
    assert unlit(show(text)) == ""


@pytest.mark.parametrize("name", some(sorted(gallery.files("patch")), 4))
def test_the_gallery_lights_every_garment(name: str) -> None:
    for garment in gallery.files("garment"):
        assert unlit(load(name, garment=garment)) == ""


def test_render_and_run_say_it_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    patch = tmp_path / "own.toml"
    patch.write_text(HUE)
    assert (
        main(
            [
                "render",
                str(patch),
                "test:kick=120",
                "--to",
                str(tmp_path / "out"),
                "--no-video",
                "--seconds",
                "1",
            ]
        )
        == 0
    )
    assert capsys.readouterr().err.count("nothing is lit") == 1
    assert (
        main(
            [
                "run",
                str(patch),
                "--input",
                "test:kick=120",
                "--no-window",
                "--mute",
                "--seconds",
                "0.3",
                "--port",
                "0",
            ]
        )
        == 0
    )
    assert capsys.readouterr().out.count("nothing is lit") == 1
