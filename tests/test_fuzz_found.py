"""What `./dev fuzz` has found, each with a small file: a fault that was mended stays mended."""

from __future__ import annotations

import re
import warnings
from pathlib import Path

import numpy as np
import pytest

from wearsound import gallery
from wearsound.core import Clock
from wearsound.errors import MissingError, PatchError, WearsoundError
from wearsound.garment.document import load_garment
from wearsound.garment.shape import inside
from wearsound.mapping.document import load_patch
from wearsound.outputs.record.show_file import read_show
from wearsound.outputs.record.take_folder import About, TakeFolder
from wearsound.show.kept import read_kept
from wearsound.show.load import load
from wearsound.show.rig import load_rig
from wearsound.sources.signal import test_signal as signal_of
from wearsound.sources.take import TakeSource

SHOW = """wearsound = "0.1.0"
seed = 1
fps = 10
size = [320, 180]
seconds = 1.0
[patch]
file = "bass-denim"
[garment]
file = "denim-jacket"
[input]
file = "demo"
"""


def refusal(read: object, path: Path, text: str | None = None) -> str:
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(WearsoundError) as refused:
        read(path)  # type: ignore[operator]
    return str(refused.value)


@pytest.fixture
def take(tmp_path: Path) -> Path:
    folder = TakeFolder(tmp_path / "take", About())
    folder.open(Clock())
    for block in signal_of("test:kick=120", 0.1).blocks(Clock()):
        folder.add(block.tick, block.samples, block.lanes)
    return folder.finish()


class TestGiants:
    """Python writes no number of more than 4,300 digits in decimals, and hexadecimal ones may have any."""

    GIANT = "0x" + "f" * 5000

    @pytest.mark.parametrize(
        ("read", "text"),
        [
            (load_patch, 'title = "x"\nseed = {0}\n'),
            (load_patch, 'title = "x"\n[[route]]\nfrom = "bass"\nto = "*.glow"\nin = [0, {0}]\n'),
            (load_rig, 'title = "x"\ninput = {0}\n'),
            (load_rig, 'title = "x"\nhears = ["pitch", {0}]\n'),
            (load_garment, 'title = "x"\nambient = {0}\n'),
            (read_show, SHOW.replace("seed = 1", "seed = {0}")),
        ],
    )
    def test_is_shown_and_refused(self, tmp_path: Path, read: object, text: str) -> None:
        said = refusal(read, tmp_path / "x.toml", text.replace("{0}", self.GIANT))
        assert re.match(rf"{re.escape(str(tmp_path))}/x\.toml:\d: .*0xfff", said)
        assert len(said) < 400


@pytest.mark.parametrize("letter", ["\\u001b", "\\u007f", "\\u009b", "\\u2028", "\\u202e", "\\u2066"])
@pytest.mark.parametrize("kind", ["patch", "garment", "rig", "take", "show", "kept"])
def test_no_title_tells_a_terminal_anything(kind: str, letter: str, take: Path, tmp_path: Path) -> None:
    """U+009B began a terminal's command, and U+202E turned the rest of a line around."""
    title = f'title = "{letter}31m"\n'
    path = {"take": take / "take.toml", "kept": take / "shows" / "0" / "kept.toml"}.get(
        kind, tmp_path / "x.toml"
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    text = {
        "take": (take / "take.toml").read_text("utf-8").replace('title = ""\n', title),
        "show": SHOW.replace('"0.1.0"', f'"{letter}"'),
    }.get(kind, title)
    path.write_text(text, encoding="utf-8")
    read = {
        "patch": lambda: load_patch(path),
        "garment": lambda: load_garment(path),
        "rig": lambda: load_rig(path),
        "take": lambda: TakeSource(take),
        "show": lambda: read_show(path),
        "kept": lambda: read_kept(take, 0),
    }[kind]
    with pytest.raises(PatchError, match=r":\d+: (title|wearsound) is '\?") as refused:
        read()
    assert str(refused.value).replace("\n", "").isprintable()


class TestLines:
    """Each of these named the file and no line."""

    @pytest.mark.parametrize(
        ("old", "new", "said"),
        [
            ("fps = 10", "fps = 90", "3: fps is 90; it takes frames a second, a whole number from 1 to 60"),
            ("fps = 10", "fsp = 10", "3: no key 'fsp' in a show.toml; did you mean 'fps'?"),
            ("size = [320, 180]", "size = [320, 181]", "4: a film of 320x181 cannot be made"),
            ('file = "demo"', "file = 3", "11: file is 3; it takes the name of a gallery file"),
            ("[input]\n", '[expect]\nonsets = "many"\n[input]\n', "11: onsets is 'many'; it takes a number"),
            ("[input]\n", "[expect]\nonsets = nan\n[input]\n", "11: onsets is nan; it takes a number"),
            (
                "[input]\n",
                "[expect]\nonsets = { maximum = 0 }\n[input]\n",
                "11: no key 'maximum' in onsets; did you mean 'max'?",
            ),
            (
                "[input]\n",
                "[expect.onsets]\nmin = 1\nmost = 3\n[input]\n",
                "12: no key 'most' in onsets; there is max, min",
            ),
            (
                "[input]\n",
                "[expect]\nonsets = {}\n[input]\n",
                "11: onsets is an empty table; it takes a number",
            ),
            ("[input]\n", "[expect]\nonsets = { max = nan }\n[input]\n", "11: max is nan; it takes a number"),
            ("seed = 1\n", "", "1: a show.toml needs seed"),
            ("seed = 1", 'seed = 1\nhears = ["a", "\\u001b[2J"]', "3: hears is '?[2J'; it takes"),
            ("[input]\n", '[expect]\n"\\u001b[2J" = 1\n[input]\n', "11: no name '?[2J'; expect takes"),
        ],
    )
    def test_of_a_show(self, tmp_path: Path, old: str, new: str, said: str) -> None:
        refused = refusal(read_show, tmp_path / "show.toml", SHOW.replace(old, new))
        assert f"show.toml:{said}" in refused
        assert "\n" not in refused or "[expect" not in new, "one slip is one line"

    @pytest.mark.parametrize(
        ("old", "new", "said"),
        [
            ('"bass-denim"', '"bas-denim"', "7: no patch called 'bas-denim'"),
            ('"denim-jacket"', '"denim-jaket"', "9: no garment called 'denim-jaket'"),
        ],
    )
    def test_of_what_a_show_names(self, tmp_path: Path, old: str, new: str, said: str) -> None:
        assert f"show.toml:{said}" in refusal(load, tmp_path / "show.toml", SHOW.replace(old, new))

    @pytest.mark.parametrize(
        ("key", "said"),
        [("garment", "2: no garment called 'jaket'"), ("sketch", "2: no sketch 'jaket'")],
    )
    def test_of_what_a_patch_names(self, tmp_path: Path, key: str, said: str) -> None:
        assert f"own.toml:{said}" in refusal(load, tmp_path / "own.toml", f'title = "x"\n{key} = "jaket"\n')

    @pytest.mark.parametrize(
        ("old", "new", "said"),
        [
            ("format = 1", "format = true", r":\d+: format is true"),
            ("format = 1", "formta = 1", r":\d+: no key 'formta' in a take.toml; did you mean 'format'"),
            ("hop = 256", "hop = 128", r":\d+: hop is 128"),
            ("hop = 256", "hop = 0x" + "f" * 5000, r":\d+: hop is 0xfff"),
            (
                "[lanes]",
                "[remote.knobs]\na = [0, 1e30]\n[lanes]",
                r":\d+: a is \[0, 1e\+30\]; it takes two numbers",
            ),
            ("sample_rate = 48000", "sample_rate = 1", r":\d+: sample_rate is 1; it takes"),
            ("sample_rate = 48000", "sample_rate = 44100", r":\d+: sample_rate is 44100"),
            ("room = [1]", "room = [7]", r":\d+: lane room is channel 7"),
            ("room = [1]", "room = [0]", r":\d+: room is \[0\]; it takes channels"),
            ("seed = 0", "sed = 0", r":\d+: no key 'sed'"),
            ("[lanes]", "[remote.knobs]\na = [2, 1]\n[lanes]", r":\d+: remote\.knobs\.a spans 2 to 1"),
        ],
    )
    def test_of_a_take(self, take: Path, old: str, new: str, said: str) -> None:
        text = (take / "take.toml").read_text(encoding="utf-8")
        assert old in text
        broken = text.replace(old, new)
        (take / "take.toml").write_text(broken, encoding="utf-8")
        found = refusal(TakeSource, take)
        assert re.search(rf"take\.toml{said}", found)
        number = int(re.findall(r"take\.toml:(\d+): ", found)[-1])
        assert broken.split("\n")[number - 1].startswith(new.split("\n")[-2 if "\n" in new else 0])

    def test_an_event_is_said_without_what_a_terminal_obeys(self, take: Path) -> None:
        (take / "events.jsonl").write_text('{"tick": 1, "\u202et": 1}\n', encoding="utf-8")
        assert "events.jsonl:1: Object contains unknown field `?t`" in refusal(TakeSource, take)

    def test_of_a_show_that_a_take_keeps(self, take: Path) -> None:
        kept = take / "shows" / "0" / "kept.toml"
        kept.parent.mkdir(parents=True)
        kept.write_text(
            'title = "x"\nsead = 1\n[patch]\nfile = "a"\n[garment]\nfile = "b"\n', encoding="utf-8"
        )
        assert "kept.toml:2: no key 'sead' in a kept.toml; did you mean 'seed'?" in refusal(
            lambda _: read_kept(take, 0), take
        )

    def test_a_number_that_is_none_is_said_with_its_key(self, tmp_path: Path) -> None:
        said = refusal(load_garment, tmp_path / "g.toml", 'title = "x"\n[battery]\nvolts = inf\n')
        assert "g.toml:3: volts has inf" in said


class TestLinks:
    """What a file names beside itself was opened wherever a link led."""

    @pytest.fixture
    def secret(self, tmp_path: Path) -> Path:
        path = tmp_path / "secret.txt"
        path.write_text("a secret\n", encoding="utf-8")
        (tmp_path / "own").mkdir()
        return path

    def test_a_palette_beside_its_patch(self, tmp_path: Path, secret: Path) -> None:
        (tmp_path / "own" / "mine.gpl").symlink_to(secret)
        said = refusal(load, tmp_path / "own" / "p.toml", 'title = "x"\npalette = "mine"\n')
        assert "p.toml:2: mine.gpl is a link to elsewhere" in said
        assert "a secret" not in said

    def test_a_link_within_the_folder_is_followed(self, tmp_path: Path, secret: Path) -> None:
        good = gallery.files("palette")["dip"].read_bytes()
        (tmp_path / "own" / "real.gpl").write_bytes(good)
        (tmp_path / "own" / "mine.gpl").symlink_to("real.gpl")
        (tmp_path / "own" / "p.toml").write_text('title = "x"\npalette = "mine"\n', encoding="utf-8")
        assert load(tmp_path / "own" / "p.toml").colours

    def test_a_preset_beside_its_rig(self, tmp_path: Path, secret: Path) -> None:
        (tmp_path / "own" / "mine.toml").symlink_to(secret)
        text = '[[sensor]]\nlane = "phone"\npreset = "mine.toml"\n'
        said = refusal(load_rig, tmp_path / "own" / "r.toml", text)
        assert "r.toml:3: 'mine.toml' is a link to elsewhere" in said
        assert "a secret" not in said

    @pytest.mark.parametrize("name", ["take.toml", "lanes.wav", "events.jsonl"])
    def test_the_files_of_a_take(self, take: Path, secret: Path, name: str) -> None:
        (take / name).unlink()
        (take / name).symlink_to(secret)
        with pytest.raises((PatchError, MissingError), match="is a link to elsewhere"):
            TakeSource(take)
        (take / name).unlink()
        (take / name).symlink_to(name)
        with pytest.raises((PatchError, MissingError)):
            TakeSource(take)


def test_an_edge_that_rises_by_the_least_number_there_is() -> None:
    """The quotient by its height was infinite, and NumPy said so on the terminal."""
    ring = np.array([[0.0, 0.0], [10.0, 5e-324], [10.0, 10.0], [0.0, 10.0]])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert inside(ring, np.array([[5.0, 5.0], [20.0, 1.0], [5.0, 0.0]])).tolist() == [True, False, False]
