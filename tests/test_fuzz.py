"""Broken files and datagrams: hundreds of each kind on every run, thousands by `./dev fuzz`; and the fuzzer itself."""

from __future__ import annotations

import contextlib
import random
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from thorough import usually

from tests.fuzz.cases import Case, Kind
from tests.fuzz.key import keys_of
from tests.fuzz.mutations import Mutator, tables_of
from tests.fuzz.tally import run
from tests.fuzz.tomls import VALID, Toml, garments_kind, patches, rigs
from tests.fuzz.written import Raw, Twice, write
from wearsound.errors import PatchError
from wearsound.mapping import document
from wearsound.show import sensor_preset
from wearsound.toml_file import read, words

ROOT = Path(__file__).resolve().parent.parent
CASES = usually(200, 20_000)
"""Of each kind."""


def test_every_case_is_answered_as_it_must_be() -> None:
    asked = [sys.executable, "-m", "tests.fuzz", "--cases", str(CASES)]
    said = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, timeout=usually(300, 7200))
    assert said.returncode == 0, said.stdout + said.stderr
    rows = {line.split()[0]: line.split()[1:] for line in said.stdout.splitlines()[1:-1]}
    assert set(rows) == {"osc", "patch", "garment", "rig", "take", "show", "wav"}
    for kind, (cases, one, by_line, refused, accepted, *_) in rows.items():
        assert int(cases) == CASES, kind
        assert CASES * 0.35 < int(one) < CASES * 0.65, kind
        assert min(int(by_line), int(refused)) > CASES * 0.1, kind
        assert int(accepted) > 0, kind


class Deaf:
    """A guard that hears nothing: the hook of the real one stays in a process for good."""

    breaches: tuple[str, ...] = ()

    @contextlib.contextmanager
    def watch(self, folder: Path, named: object = ()) -> Iterator[None]:
        yield


def wrong_of(kind: Kind, folder: Path, cases: int = 60) -> set[str]:
    """What was wrong with the answers to some cases."""
    tally = run(kind, Deaf(), folder, range(cases), seed=1)  # type: ignore[arg-type]
    return {what.partition(":")[0] for _, _, what in tally.faults}


def about(kind: Kind, lines: str) -> Kind:
    """Slips in the keys of `lines`, of the first valid file of a kind."""
    toml: Toml = kind.make.__self__  # type: ignore[attr-defined]
    keys = keys_of(lines)
    names = {key.dotted: toml.mutator.names[key.dotted] for key in keys if key.dotted in toml.mutator.names}
    one = replace(toml, mutator=Mutator(keys, names))
    return replace(kind, make=lambda dice: one.slip(toml.sources[0], dice))


class TestItFinds:
    """A parser is broken on purpose, and the fuzzer says so."""

    def test_nothing_where_nothing_is_broken(self, tmp_path: Path) -> None:
        assert wrong_of(rigs(), tmp_path) == set()

    def test_a_check_that_is_taken_out(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(document, "_cues", lambda _: [])
        assert wrong_of(about(patches(), "cue.scene name !\ncue.fade number 0 3600 ~"), tmp_path) == {
            "let in"
        }

    def test_a_limit_that_is_taken_out(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def lenient(self: Any, data: dict[str, Any]) -> Any:
            data.pop("seed", None)
            return structure(self, data)

        structure = words.Words.structure
        monkeypatch.setattr(words.Words, "structure", lenient)
        assert wrong_of(about(patches(), "seed whole 0 9007199254740992 ~"), tmp_path) == {"let in"}

    def test_a_line_that_is_not_the_keys(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        line_of = read.line_of
        monkeypatch.setattr(read, "line_of", lambda lines, key: line_of(lines, key) + 1)
        assert "wrong line" in wrong_of(about(rigs(), "osc.port whole 1 65535 ! ~"), tmp_path)

    def test_an_error_that_nobody_declared(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(words, "GIANT", float("inf"))
        assert wrong_of(about(rigs(), "osc.port whole 1 65535 ! ~"), tmp_path) == {"undeclared"}

    def test_a_valid_file_that_is_turned_away(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def strict(path: object) -> None:
            raise PatchError("no")

        monkeypatch.setattr(document, "utf8", lambda data, path: strict(path))
        assert "turned away" in wrong_of(patches(), tmp_path, 40)

    def test_reading_without_end(self, tmp_path: Path) -> None:
        def endless(folder: Path, case: Case) -> object:
            while True:
                pass

        kind = Kind("endless", lambda dice: Case("", {"x": b""}), endless, (PatchError,), seconds=0.005)
        assert wrong_of(kind, tmp_path, 2) == {"undeclared"}

    def test_memory_without_end(self, tmp_path: Path) -> None:
        def greedy(folder: Path, case: Case) -> object:
            return bytearray(1 << 30)

        kind = Kind("greedy", lambda dice: Case("", {"x": b""}), greedy, (PatchError,))
        assert wrong_of(kind, tmp_path, 1) == {"undeclared"}

    def test_a_sentence_with_an_escape_in_it(self, tmp_path: Path) -> None:
        def loud(folder: Path, case: Case) -> object:
            raise PatchError("x.toml:1: \x1b[2J")

        kind = Kind("loud", lambda dice: Case("", {"x": b""}), loud, (PatchError,))
        assert wrong_of(kind, tmp_path, 1) == {"sentence"}


GUARDED = """
import ctypes, os, socket, subprocess, sys
from pathlib import Path
from tests.fuzz.guard import Guard
home = Path(sys.argv[1]) / "case"
guard = Guard()
def heard(deed):
    with guard.watch(home, ["NAMED"]):
        try:
            deed()
        except Exception:
            pass
    print(len(guard.breaches) > 0, *guard.breaches)
for deed in (
    lambda: (home / "own.txt").read_text(),
    lambda: list(home.iterdir()),
    lambda: open(os.devnull, "w").close(),
    lambda: Path("NAMED").read_text(),
    lambda: (home / "link.txt").read_text(),
    lambda: (home.parent / "secret.txt").read_text(),
    lambda: (home / "own.txt").write_text("x"),
    lambda: os.open(home / "new.txt", os.O_CREAT | os.O_WRONLY),
    lambda: os.listdir("/etc"),
    lambda: eval("1"),
    lambda: exec("1"),
    lambda: subprocess.run(["true"]),
    lambda: os.system("true"),
    lambda: socket.create_connection(("127.0.0.1", 9), 0.1),
    lambda: socket.getaddrinfo("localhost", 9),
    lambda: __import__("this_is_new"),
    lambda: ctypes.CDLL(None),
    lambda: os.remove(home / "own.txt"),
):
    heard(deed)
"""
"""Four that are reading, and then what is not."""


def test_the_guard_hears_what_is_no_reading(tmp_path: Path) -> None:
    (tmp_path / "case").mkdir()
    (tmp_path / "case" / "own.txt").write_text("x")
    (tmp_path / "secret.txt").write_text("x")
    (tmp_path / "case" / "link.txt").symlink_to("../secret.txt")
    script = GUARDED.replace("NAMED", str(tmp_path / "named.txt"))
    (tmp_path / "named.txt").write_text("x")
    asked = [sys.executable, "-c", script, str(tmp_path)]
    said = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, timeout=60)
    heard = [line.partition(" ")[0] for line in said.stdout.splitlines()]
    assert heard == ["False"] * 4 + ["True"] * 14, said.stdout + said.stderr


def test_a_way_out_of_the_folder_is_heard(tmp_path: Path) -> None:
    """A preset that a link leads out of the rig's folder, read as it was before links were refused."""
    script = (
        "import sys\nfrom pathlib import Path\nfrom tests.fuzz import tally, tomls\n"
        "from tests.fuzz.guard import Guard\nfrom wearsound.show import sensor_preset\n"
        "sensor_preset.is_inside = lambda *_: True\n"
        "done = tally.run(tomls.rigs(), Guard(), Path(sys.argv[1]), range(100), 1)\n"
        "print(*sorted({what.partition(':')[0] for _, told, what in done.faults if 'link' in told}))\n"
    )
    asked = [sys.executable, "-c", script, str(tmp_path)]
    said = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert said.stdout.split() == ["breach"], said.stdout + said.stderr
    assert hasattr(sensor_preset, "is_inside")


class TestItsOwnHand:
    @pytest.mark.parametrize("name", sorted(path.name for path in VALID.glob("*.toml")))
    def test_what_it_writes_is_what_was_meant(self, name: str) -> None:
        tree = tomllib.loads((VALID / name).read_text(encoding="utf-8"))
        layouts = set()
        for seed in range(20):
            written = write(tree, random.Random(seed))
            assert tomllib.loads(written.text) == tree
            lines = written.text.split("\n")
            for path, line in written.lines.items():
                if isinstance(path[-1], str) and path[-1] not in ("end", "again"):
                    assert path[-1] in lines[line - 1]
            layouts.add(written.text)
        assert len(layouts) > 5

    def test_it_says_where_a_key_is(self) -> None:
        written = write({"a": 1, "t": [{"b": [1, 2]}, {"c": Twice(3)}], "d": Raw("x = =")}, random.Random(2))
        lines = written.text.split("\n")
        assert lines[min(written.of(("a",))) - 1] == "a = 1"
        assert {lines[n - 1] for n in written.of(("t", 1, "c"))} == {"c = 3"}
        assert len(written.of(("t", 1, "c"))) == 2
        assert written.of(("nobody",)) == {1}
        assert written.of(("t", 0, "nobody")) == written.of(("t", 0))

    def test_the_same_dice_make_the_same_case(self) -> None:
        kind = rigs()
        first, again = (kind.make(random.Random(7)) for _ in range(2))
        assert first == again
        assert first != kind.make(random.Random(8))

    @pytest.mark.parametrize("kind", [patches, rigs, garments_kind])
    def test_every_key_of_a_valid_file_is_known_to_it(self, kind: Callable[[], Kind]) -> None:
        """A key that a valid file has and the fuzzer's own table lacks would never be broken."""
        toml = kind().make.__self__  # type: ignore[attr-defined]
        mutator: Mutator = toml.mutator
        known = {key.dotted for key in mutator.keys}
        tree = tomllib.loads((VALID / toml.file).read_text(encoding="utf-8"))
        free = tuple(f"{key.dotted}" for key in mutator.keys if key.takes == "free")
        lacking = set()
        for dotted, places in tables_of(tree).items():
            for place in places:
                table = tree
                for part in place:
                    table = table[part]
                for name, value in table.items():
                    full = f"{dotted}.{name}".lstrip(".")
                    if full not in known and not isinstance(value, dict) and not full.startswith(free):
                        lacking.add(full)
        assert lacking <= KNOWN_ELSEWHERE


KNOWN_ELSEWHERE = {
    *(
        f"figure.layer.{name}"
        for name in ("axis", "fade", "edge_rows", "buttons", "insets", "seams", "folds", "fans")
    ),
    *("figure.layer.filaments", "figure.layer.seams.rows", "soundscape.scale", "route.from.lane"),
}
"""Keys that only the harsh half of the cases breaks."""
