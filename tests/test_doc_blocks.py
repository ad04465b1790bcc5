"""Every block of every page is read or run by what it is meant for, and so is every example."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import msgspec
import pytest
import tomlkit
from conftest import write_song
from doc_blocks import EVERY, ROOT, Block, blocks_of, written_in
from doc_commands import commands, fault

from wearsound import Sketch, gallery, load, render
from wearsound.core import Spec
from wearsound.errors import WearsoundError
from wearsound.garment.document import load_garment
from wearsound.garment.structure import GarmentFile
from wearsound.mapping.document import Document
from wearsound.outputs.record.show_file import ShowFile
from wearsound.show.rig import read_rig
from wearsound.show.rig_structure import RigFile
from wearsound.show.sensor_preset import PresetFile, load_preset
from wearsound.show.tree import tree_of
from wearsound.sources.take_structure import Head

LANGUAGES = {"sh", "toml", "python", "json", "yaml", "text", ""}
"""What is read here. `text` and nothing are what programs say, files of other programs, bytes: not for the terminal."""
EXAMPLES = sorted(
    path for path in (ROOT / "examples").rglob("*") if path.is_file() and "__pycache__" not in path.parts
)


def ids(blocks: list[Block]) -> list[str]:
    return [str(block) for block in blocks]


def test_every_language_is_read_or_the_page_says_why_not() -> None:
    assert [str(block) for block in EVERY if block.language not in LANGUAGES and not block.why] == []
    assert all(len(block.why.split()) > 1 for block in EVERY if block.why)


def test_fences_are_found_with_their_markers() -> None:
    page = (
        "a\n```sh\nls\n```\n<!-- not run: needs a coat -->\n```python\nx\n```\n   ```toml\n   a = 1\n   ```\n"
    )
    found = [(b.line, b.language, b.text, b.why) for b in blocks_of(Path("p.md"), page)]
    assert found == [
        (2, "sh", "ls\n", ""),
        (6, "python", "x\n", "needs a coat"),
        (9, "toml", "a = 1\n", ""),
    ]


def test_no_fence_is_overlooked() -> None:
    for page in {block.page for block in EVERY}:
        fences = [
            line for line in page.read_text(encoding="utf-8").splitlines() if line.strip().startswith("```")
        ]
        assert len(fences) == 2 * sum(block.page == page for block in EVERY), page.name


# Commands


@pytest.fixture(scope="module")
def tree() -> Any:
    return tree_of(load("bass-denim", rig="stage"))


@pytest.mark.parametrize("block", shell := [b for b in EVERY if b.language == "sh"], ids=ids(shell))
def test_commands_are_what_the_program_takes(block: Block, tree: Any) -> None:
    """Also those that cannot run here: what they say must be right all the same."""
    found = [" ".join(words) + ": " + said for words in commands(block.text) if (said := fault(words, tree))]
    assert found == []


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("wearsound rnder bass-denim song.flac", "wearsound has no"),
        ("wearsound run bass-denim --fullscren", "unrecognized arguments: --fullscren"),
        ("wearsound run bass-demin", "no show 'bass-demin'"),
        ("wearsound run rain-room --garment skarf", "no garment 'skarf'"),
        ("wearsound osc send /wear/mastr 0.5", "no address /wear/mastr"),
        ("oscsend localhost 9000 /wear/panik", "no address /wear/panik"),
        ("./dev dmo", "./dev has no"),
        ('pip install "wearsound[midl]"', "no extra or group midl"),
        ("python examples/wlak.py mine.wav", "there is no examples/wlak.py"),
        ("wearsound list patches | frobnicate", "nobody knows frobnicate"),
    ],
)
def test_a_slip_in_a_command_is_found(line: str, said: str, tree: Any) -> None:
    assert said in " ".join(fault(words, tree) for words in commands(line))


MORE = {
    "demo": ["--render", "--seconds", "1", "--size", "320x180"],
    "run": ["--seconds", "0.3", "--no-window", "--mute", "--port", "0", "--no-guard"],
    "render": ["--seconds", "1", "--size", "320x180"],
    "analyze": ["--seconds", "3"],
}
"""What makes a command of the front page short and silent."""


def test_the_commands_of_the_front_page_do_what_they_say(tmp_path: Path, wearsound: Any) -> None:
    """One after the other, as they stand; only shorter."""
    write_song(tmp_path / "song.flac", 48_000, 2)
    lines = [
        words[1:]
        for block in written_in("sh")
        if block.page == ROOT / "README.md"
        for words in commands(block.text)
        if words[0] == "wearsound"
    ]
    assert {words[0] for words in lines} >= {"demo", "run", "render", "check", "new", "doctor"}
    for words in lines:
        done = wearsound(*words, *MORE.get(words[0], []))
        assert done.returncode == 0, (words, done.stdout, done.stderr)
    for made in (
        "demo/video.mp4",
        "demo/poster.png",
        "out/report.json",
        "out/sound.wav",
        "heard.png",
        "mine.toml",
    ):
        assert (tmp_path / made).stat().st_size > 100, made


# Files


def of_patch(text: str, path: Path, rigs: list[Block]) -> None:
    data = tomllib.loads(text)
    head = "" if "title" in data else 'title = "Page"\n'
    path.write_text(head + ("" if "garment" in data else 'garment = "denim-jacket"\n') + text)
    room = path.with_name("room.toml")
    room.write_text(next((rig.text for rig in rigs if "sensor" in rig.text or "[remote]" in rig.text), ""))
    assert len(tree_of(load(path, rig=room))) > 50


def of_rig(text: str, path: Path, rigs: list[Block]) -> None:
    assert read_rig(text, path)


def of_garment(text: str, path: Path, rigs: list[Block]) -> None:
    """A whole one as it stands; a piece is put into the jacket, in place of what has its name."""
    piece = tomllib.loads(text)
    if "figure" not in piece:
        whole = tomllib.loads(gallery.find("garment", "denim-jacket").read_text(encoding="utf-8"))
        for key, value in piece.items():
            if not isinstance(value, list):
                whole[key] = value
                continue
            named = {entry["name"]: entry for entry in whole.get(key, [])}
            for entry in value:
                named[entry["name"]] = {**named.get(entry["name"], {}), **entry}
            whole[key] = list(named.values())
        text = tomlkit.dumps(whole)
    path.write_text(text)
    assert load_garment(path).zones


def of_preset(text: str, path: Path, rigs: list[Block]) -> None:
    path.write_text(text)
    assert load_preset(path, "page").readings


def of_take(text: str, path: Path, rigs: list[Block]) -> None:
    msgspec.convert(tomllib.loads(text), Head)


def of_show(text: str, path: Path, rigs: list[Block]) -> None:
    """A show.toml, or a piece of one: what is not there is of a render that there is."""
    part = {"file": "x", "sha256": ""}
    rest = {"wearsound": "", "seed": 0, "fps": 30, "size": [1280, 720], "seconds": 1.0}
    whole = rest | {"patch": part, "garment": part, "input": part} | tomllib.loads(text)
    msgspec.convert(whole, ShowFile)


READERS = {
    Document: of_patch,
    RigFile: of_rig,
    GarmentFile: of_garment,
    PresetFile: of_preset,
    Head: of_take,
    ShowFile: of_show,
}


def read_toml_block(block: Block, path: Path) -> None:
    """By the first reader that has all its keys and takes it; else the trouble of the first that has them."""
    keys = set(tomllib.loads(block.text))
    readers = [read for struct, read in READERS.items() if keys <= set(struct.__struct_encode_fields__)]
    assert readers, f"{block}: no kind of file has all of {sorted(keys)}"
    rigs = [other for other in written_in("toml") if other.page == block.page]
    troubles: list[Exception] = []
    for read in readers:
        try:
            return read(block.text, path, rigs)
        except (WearsoundError, msgspec.ValidationError, AssertionError, KeyError) as trouble:
            troubles.append(trouble)
    raise troubles[0]


@pytest.mark.parametrize("block", tomls := written_in("toml"), ids=ids(tomls))
def test_toml_is_a_file_that_can_be_played(block: Block, tmp_path: Path) -> None:
    read_toml_block(block, tmp_path / "page.toml")


@pytest.mark.parametrize(
    "text",
    [
        '[[route]]\nfrom = "bas"\nto = "chest.glow"\n',
        '[[route]]\nfrom = "bass"\nto = "ches.glow"\n',
        '[[osc]]\nname = "a"\nport = 70000\n',
        '[[actuator]]\nname = "a"\nzone = "nowhere"\nat = [0, 0]\n',
        '[[zone]]\nname = "chest"\nfabric = "velvet"\n',
        '[[read]]\nfrom = "/a"\nto = "acel"\n',
        "nobody = 1\n",
    ],
)
def test_a_slip_in_a_file_is_found(text: str, tmp_path: Path) -> None:
    with pytest.raises((WearsoundError, AssertionError, msgspec.ValidationError)):
        read_toml_block(Block(tmp_path / "p.md", 1, "toml", text), tmp_path / "page.toml")


def test_json_is_json() -> None:
    for block in written_in("json"):
        try:
            json.loads(block.text)
        except ValueError:
            assert all(json.loads(line) for line in block.text.splitlines()), block


def test_what_is_for_the_terminal_is_called_sh() -> None:
    for block in written_in("text", ""):
        assert not any(
            line.startswith(("wearsound ", "./dev ", "pip ", "$ ")) for line in block.text.splitlines()
        )


def test_a_workflow_starts_commands_that_there_are(tree: Any) -> None:
    texts = [block.text for block in written_in("yaml")]
    texts += [path.read_text(encoding="utf-8") for path in EXAMPLES if path.suffix in {".yml", ".yaml"}]
    lines = [
        line.partition("run:")[2].strip() or line.strip() for text in texts for line in text.splitlines()
    ]
    ours = [line for line in lines if line.startswith("wearsound ")]
    assert [said for line in ours for words in commands(line) if (said := fault(words, tree))] == []


# Programs


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a render called `out`, as pages have it."""
    folder = tmp_path_factory.mktemp("rendered")
    render(load("bass-denim"), "test:kick=120", to=folder / "out", seconds=1, video=False)
    return folder


@pytest.mark.parametrize("block", pythons := written_in("python"), ids=ids(pythons))
def test_python_runs(block: Block, rendered: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What stands outside functions is run in a folder with a render; a class or a test of a page is made."""
    monkeypatch.chdir(rendered)
    exec(compile(block.text, str(block), "exec"), {"Sketch": Sketch, "Spec": Spec, "__name__": "page"})


# Examples


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: str(path.relative_to(ROOT)))
def test_an_example_is_what_it_says(path: Path) -> None:
    """Each is read here; test_sketch, test_osc_sessions, test_vibration_out_board and test_installation play them."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        assert ast.get_docstring(ast.parse(text)), "its first line says what it is for"
    elif path.suffix in {".maxpat", ".json"}:
        assert json.loads(text)
    elif path.suffix == ".toml":
        assert tomllib.loads(text)
    else:
        assert path.suffix in {".md", ".pd", ".scd", ".service", ".yml", ".yaml"}
    assert str(path.parent.relative_to(ROOT)) in "\n".join(
        page.read_text(encoding="utf-8") for page in {block.page for block in EVERY}
    ), "no page leads to it"


def test_the_walk_example_makes_a_piece(tmp_path: Path) -> None:
    song = write_song(tmp_path / "mine.wav", 44_100, 1, 2.0)
    words = [sys.executable, str(ROOT / "examples" / "walk.py"), str(song), "--no-video"]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, timeout=60, env={**os.environ})
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("heard: ")
    assert (tmp_path / "walked" / "sound.wav").stat().st_size > 100_000
