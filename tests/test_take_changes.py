"""A show that changed while it was recorded replays as it was: to the bit, and from the copies in its take."""

from __future__ import annotations

import itertools
import json
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from wearsound import gallery
from wearsound.cli import main
from wearsound.core import Block, Clock, Event, Frame, Health, Row
from wearsound.errors import MissingError, PatchError, WearsoundError
from wearsound.outputs.record.columns import Column, ColumnFile
from wearsound.outputs.record.take import TakeTape
from wearsound.outputs.record.turned import TurnedPicture
from wearsound.parts import CHANGE, FADE, Change
from wearsound.proof.check import check
from wearsound.show.build import Built, Made, build, make
from wearsound.show.load import Show, load
from wearsound.show.render import render
from wearsound.show.replay import open_take, replaying, shows_of
from wearsound.show.take import proving, take_tape
from wearsound.show.take_list import describe, takes
from wearsound.show.take_trim import trim
from wearsound.show.take_within import Memory, default_name, end_take, start_take
from wearsound.sources.take import TakeSource

CLOCK = Clock()
LANES = {"room": (0, 1)}
SKETCH = """from wearsound import Sketch


class Still(Sketch):
    hears = ("pitch",)

    def draw(self, c, f):
        c.background("{colour}")
"""


def noise(hops: int) -> np.ndarray:
    time = np.arange(hops * 256) / 48_000
    beat = np.exp(-8 * (time % 0.5)) * np.sin(2 * np.pi * 60 * time)
    rough = np.random.default_rng(1).uniform(-0.1, 0.1, hops * 256)
    return np.stack([beat * 0.7 + rough] * 2, axis=1).astype(np.float32)


class Hall:
    """A live source: some hops a block, events at ticks, lost hops at one."""

    live = True
    sample_rate = 48_000
    lanes = LANES

    def __init__(
        self, hops: int, events: dict[int, list[Event]], size: int = 1, gap: tuple[int, int] = (0, 0)
    ) -> None:
        self.hops, self.events, self.size, self.gap = hops, events, size, gap

    def blocks(self, clock: Clock) -> Iterator[Block]:
        samples, lost, at = noise(self.hops), 0, 0
        while at < self.hops:
            later = [tick for tick in (*self.events, self.gap[0]) if tick > at]
            n = min([self.size, self.hops - at, *(tick - at for tick in later)])
            gap = self.gap[1] if self.gap[1] and at == self.gap[0] else 0
            lost += gap
            told = tuple(replace(event, tick=at + lost) for event in self.events.get(at, ()))
            yield Block(at + lost, samples[at * 256 : (at + n) * 256], LANES, n, events=told, gap=gap)
            at += n


class Changer:
    """What the lead's does live, without its threads: shows by number, made anew, told to everybody."""

    def __init__(self, built: Built, shows: dict[int, Show], *tapes: TakeTape) -> None:
        self.built, self.shows, self.tapes = built, shows, tapes
        built.engine.changes = self

    def __call__(self, number: int) -> Change | None:
        if number not in self.shows:
            return None
        made = make(self.shows[number], LANES, CLOCK, strict=self.built.engine.strict)

        def attach() -> None:
            self.built.made = made
            for tape in self.tapes:
                learn = getattr(tape.layers, "learn", None)
                if learn is not None:
                    learn(made, number)

        for tape in self.tapes:
            tape.learn(number, made.show)
        return Change(number, made.parts, attach)


def change(number: Any) -> Event:
    return Event(0, CHANGE, (number,))


def patch_text(title: str, feature: str = "bass", more: str = "") -> str:
    return (
        f'title = "{title}"\ngarment = "denim-jacket"\n{more}\n[[route]]\nfrom = "{feature}"\nto = "*.glow"\n'
        '[[route]]\nfrom = "level"\nto = "/synth/cutoff"\n[[scene]]\nname = "rest"\n'
        '[[scene]]\nname = "dance"\n[[scene.route]]\nfrom = "flux"\nto = "chest.hue"\n'
    )


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three patches of three pieces, the last with a sketch."""
    folder = tmp_path_factory.mktemp("shows")
    (folder / "a.toml").write_text(patch_text("Alder"))
    (folder / "b.toml").write_text(patch_text("Birch", "centroid", "seed = 9"))
    (folder / "c.toml").write_text(patch_text("Cedar", "air"))
    (folder / "pale.py").write_text(SKETCH.format(colour="#ff0000"))
    return folder


def record(
    place: Path, to: Path, events: dict[int, list[Event]], hops: int = 400, *, size: int = 1, prove: bool = True,
    gap: tuple[int, int] = (0, 0), strict: bool = False,
) -> Path:  # fmt: skip
    """The take of a live show that began with a.toml and may change to 1: b, 2: c with a sketch, 3: a again."""
    first, second = load(place / "a.toml"), load(place / "b.toml")
    shows = {1: second, 2: load(place / "c.toml", sketch=place / "pale.py"), 3: first}
    built = build(first, LANES, 48_000, strict=strict)
    tape = take_tape(first, to, wait=True)
    built.engine.tapes.append(tape)
    if prove:
        proving(first, tape, to.parent)(built)
    Changer(built, shows, tape)
    built.engine.run(Hall(hops, events, size, gap))
    assert tape.trouble is None
    return tape.folder.path


EVENTS = {
    50: [Event(0, "/wear/scene/dance")],
    101: [change(1)],
    180: [Event(0, "/wear/master", (0.7,)), change(2), Event(0, "/wear/scene/rest")],
    300: [change(3)],
}


@pytest.fixture(scope="module")
def take(place: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return record(place, tmp_path_factory.mktemp("take") / "evening", EVENTS, gap=(150, 20))


def copied(take: Path, to: Path) -> Path:
    shutil.copytree(take, to)
    return to


def retold(take: Path, to: Path, lines: list[dict[str, Any]]) -> Path:
    copied(take, to)
    (to / "events.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    return to


class TestToTheBit:
    def test_all_layers_are_as_they_were_live(self, take: Path) -> None:
        assert check(take).lines == []
        facts = json.loads((take / "facts.json").read_text())
        assert [show["title"] for show in facts["shows"]] == ["Alder", "Birch", "Cedar", "Alder"]
        assert [show["from"] for show in facts["shows"]] == pytest.approx(
            [0.0, 101 * 256 / 48_000, 200 * 256 / 48_000, 320 * 256 / 48_000], abs=1e-6
        )

    def test_a_change_that_is_left_out_is_found(self, take: Path, tmp_path: Path) -> None:
        lines = [json.loads(line) for line in (take / "events.jsonl").read_text().splitlines()]
        other = retold(take, tmp_path / "t", [line for line in lines if line.get("args") != [1]])
        assert any(line.startswith("light ") for line in check(other).lines)

    def test_any_blocks_give_the_same_take(self, place: Path, take: Path, tmp_path: Path) -> None:
        grouped = record(place, tmp_path / "grouped", EVENTS, size=23, gap=(150, 20))
        for name in ("facts.json", "lanes.wav", "events.jsonl"):
            assert (grouped / name).read_bytes() == (take / name).read_bytes(), name

    def test_what_is_heard_for_a_while_is_not_a_number_before_and_after(
        self, take: Path, tmp_path: Path
    ) -> None:
        own = open_take(take)
        render(own.show, take, to=tmp_path / "out", video=False, shows=own.shows)
        heard = np.load(tmp_path / "out" / "features.npz")
        pitch = heard["room.pitch"]
        assert np.isnan(pitch[:180]).all()
        assert not np.isnan(pitch[180:300]).any()
        assert np.isnan(pitch[300:]).all()
        assert not np.isnan(heard["room.bass"]).any()
        assert heard["time"][-1] == pytest.approx(420 * 256 / 48_000)

    def test_with_another_show_the_changes_are_left_out_and_said(
        self, place: Path, take: Path, tmp_path: Path
    ) -> None:
        report = render(load(place / "b.toml"), take, to=tmp_path / "out", video=False)
        assert "its show changed 3 times, which is left out" in report.measured["note"]
        assert "shows" not in report.facts

    def test_a_render_of_it_is_checked_again(
        self, take: Path, tmp_path: Path, capsys: pytest.CaptureFixture
    ) -> None:
        assert main(["render", str(take), "--to", str(tmp_path / "out"), "--no-video", "--seed", "4"]) == 0
        assert "changes = true" in (tmp_path / "out" / "show.toml").read_text()
        assert 'instead = ["seed"]' in (tmp_path / "out" / "show.toml").read_text()
        assert check(tmp_path / "out").lines == []

    def test_the_same_number_may_come_twice(self, place: Path, tmp_path: Path) -> None:
        again = {100: [change(1)], 150: [change(3)], 200: [change(1)], 250: [change(1)]}
        assert check(record(place, tmp_path / "t", again)).lines == []

    def test_a_change_at_the_first_hop_and_two_at_one(self, place: Path, tmp_path: Path) -> None:
        assert (
            check(record(place, tmp_path / "t", {0: [change(2)], 90: [change(1), change(3)]}, 200)).lines
            == []
        )


class TestCopies:
    def test_every_show_is_there_with_its_files(self, place: Path, take: Path) -> None:
        shows = take / "shows"
        assert sorted(path.name for path in shows.iterdir()) == ["0", "1", "2", "3"]
        for number, name in ((0, "a"), (1, "b"), (2, "c"), (3, "a")):
            copy = shows / str(number) / "patch" / f"{name}.toml"
            assert copy.read_bytes() == (place / f"{name}.toml").read_bytes()
            assert (shows / str(number) / "garment" / "denim-jacket.toml").is_file()
        assert (shows / "2" / "sketch" / "pale.py").read_text() == SKETCH.format(colour="#ff0000")
        assert not list(take.rglob("*rig*"))

    def test_files_that_have_changed_or_gone_are_played_from_their_copies(
        self, tmp_path: Path, place: Path
    ) -> None:
        here = tmp_path / "here"
        shutil.copytree(place, here)
        take = record(here, tmp_path / "t", EVENTS)
        (here / "a.toml").write_text(patch_text("Another", "air"))
        (here / "b.toml").unlink()
        (here / "pale.py").write_text("import os\nos.abort()\n")
        assert check(take).lines == []

    def test_without_a_copy_a_changed_file_is_said(self, tmp_path: Path, place: Path) -> None:
        here = tmp_path / "here"
        shutil.copytree(place, here)
        take = record(here, tmp_path / "t", {}, 60)
        shutil.rmtree(take / "shows")
        assert check(take).lines == []
        (here / "a.toml").write_text(patch_text("Alder", more="\n# a word"))
        assert check(take).lines == [f"patch {here / 'a.toml'} has changed since the take"]

    def test_a_copy_that_was_edited_is_said(self, take: Path, tmp_path: Path, place: Path) -> None:
        here = tmp_path / "here"
        shutil.copytree(place, here)
        take = record(here, tmp_path / "t", {}, 60)
        (here / "a.toml").unlink()
        copy = take / "shows" / "0" / "patch" / "a.toml"
        copy.write_text(copy.read_text() + "\n# a word\n")
        assert check(take).lines == [f"patch {copy} has changed since the take"]

    def test_what_is_kept_is_what_was_read(self, place: Path, tmp_path: Path) -> None:
        """The file is saved again before the tape's thread comes to it."""
        here = tmp_path / "here"
        shutil.copytree(place, here)
        first, second = load(here / "a.toml"), load(here / "b.toml")
        (here / "b.toml").write_text("nonsense")
        built = build(first, LANES, 48_000, strict=False)
        tape = take_tape(first, tmp_path / "t", wait=True)
        built.engine.tapes.append(tape)
        Changer(built, {1: second}, tape)
        built.engine.run(Hall(40, {20: [change(1)]}))
        assert (tmp_path / "t" / "shows" / "1" / "patch" / "b.toml").read_text() == patch_text(
            "Birch", "centroid", "seed = 9"
        )
        assert open_take(tmp_path / "t").shows[1].patch.title == "Birch"

    def test_killed_after_a_change(self, place: Path, tmp_path: Path) -> None:
        code = (
            "import sys, os, signal\nsys.path.insert(0, sys.argv[3])\nfrom pathlib import Path\n"
            "from test_take_changes import *\nimport wearsound.outputs.record.take_folder as t\n"
            "add = t.TakeFolder.add\n"
            "def dying(self, tick, *more):\n"
            "    add(self, tick, *more)\n"
            "    if tick == 250: os.kill(os.getpid(), signal.SIGKILL)\n"
            "t.TakeFolder.add = dying\n"
            "record(Path(sys.argv[1]), Path(sys.argv[2]), EVENTS, prove=False)\n"
        )
        done = subprocess.run(
            [sys.executable, "-c", code, place, tmp_path / "t", Path(__file__).parent], check=False
        )
        assert done.returncode == -signal.SIGKILL
        own = open_take(tmp_path / "t.part")
        assert "cut off" in own.source.note
        assert sorted(own.shows) == [1, 2]
        report = render(own.show, tmp_path / "t.part", to=tmp_path / "out", video=False, shows=own.shows)
        assert [show["title"] for show in report.facts["shows"]] == ["Alder", "Birch", "Cedar"]


class TestTrim:
    def test_it_begins_with_the_show_that_played_there(self, take: Path, tmp_path: Path) -> None:
        made = trim(
            take, tmp_path / "piece", start=1.2, end=2.0
        )  # hop 225 to 375, of which the ticks are 20 more
        own = open_take(made.path)
        assert own.source.begins == 2
        assert own.show.patch.title == "Cedar"
        assert own.source.turns == [(pytest.approx((320 - 225) * 256 / 48_000), 3)]
        assert sorted(path.name for path in (made.path / "shows").iterdir()) == ["2", "3"]
        first = next(own.source.blocks(CLOCK)).events
        assert ("/wear/master", (0.7,)) in [(event.address, event.args) for event in first]
        assert CHANGE not in [event.address for event in first]
        report = render(own.show, made.path, to=tmp_path / "out", video=False, shows=own.shows)
        assert [show["title"] for show in report.facts["shows"]] == ["Cedar", "Alder"]

    def test_exactly_at_a_change(self, take: Path, tmp_path: Path) -> None:
        made = trim(take, tmp_path / "piece", start=101 * 256 / 48_000)
        own = open_take(made.path)
        assert (own.source.begins, own.show.patch.title) == (0, "Alder")
        assert own.source.turns[0] == (0.0, 1)

    def test_a_piece_of_a_piece_from_copies_alone(self, take: Path, tmp_path: Path, place: Path) -> None:
        here = tmp_path / "here"
        shutil.copytree(place, here)
        whole = record(here, tmp_path / "t", EVENTS)
        trim(whole, tmp_path / "piece", start=0.6)
        trim(tmp_path / "piece", tmp_path / "part", start=0.1)
        shutil.rmtree(here)
        shutil.rmtree(whole)
        shutil.rmtree(tmp_path / "piece")
        own = open_take(tmp_path / "part")
        assert own.show.patch.title == "Birch"
        assert [own.shows[number].patch.title for number in (2, 3)] == ["Cedar", "Alder"]

    def test_playing_from_there_is_the_same_as_the_piece(self, take: Path, tmp_path: Path) -> None:
        made = trim(take, tmp_path / "piece", start=1.2)
        piece, there = TakeSource(made.path, changes=True), TakeSource(take, start=1.2, changes=True)
        told = [[(b.tick, b.events) for b in source.blocks(CLOCK) if b.events] for source in (piece, there)]
        assert told[0] == told[1]
        assert piece.turns == there.turns

    def test_a_loop_begins_with_its_first_show_again(self, take: Path) -> None:
        source = TakeSource(take, loop=True, seconds=6.0, changes=True)
        calls = [(b.tick, e.args[0]) for b in source.blocks(CLOCK) for e in b.events if e.address == CHANGE]
        assert calls[:5] == [(101, 1), (200, 2), (320, 3), (420, 0), (521, 1)]


class TestStrangers:
    def test_a_sketch_nobody_knows_is_not_run(self, take: Path, tmp_path: Path) -> None:
        other = copied(take, tmp_path / "t")
        kept = other / "shows" / "2" / "kept.toml"
        text = kept.read_text()
        at = text.index("[sketch]")
        kept.write_text(text[:at] + '[sketch]\nfile = "./gone.py"\nsha256 = "00"\n')
        (other / "shows" / "2" / "sketch" / "gone.py").write_text("raise SystemExit\n")
        with pytest.raises(PatchError, match=r"shows/2/sketch/gone.py, a program that you have not trusted"):
            open_take(other)

    def test_a_sketch_recorded_here_is_known_though_its_file_is_another(
        self, tmp_path: Path, place: Path
    ) -> None:
        here = tmp_path / "here"
        shutil.copytree(place, here)
        (here / "pale.py").write_text(SKETCH.format(colour="#00ff00"))
        take = record(here, tmp_path / "t", {20: [change(2)]}, 60, prove=False)
        (here / "pale.py").write_text(SKETCH.format(colour="#0000ff"))
        shows = open_take(take).shows
        assert shows is not None
        assert shows[2].sketch_path == take / "shows" / "2" / "sketch" / "pale.py"

    @pytest.mark.parametrize(
        "what", ["shows", "shows/1", "shows/1/patch", "shows/1/patch/b.toml", "shows/1/kept.toml"]
    )
    def test_a_link_is_not_followed(self, take: Path, tmp_path: Path, what: str) -> None:
        other = copied(take, tmp_path / "t")
        path = other / what
        path.rename(tmp_path / "away")
        path.symlink_to(tmp_path / "away")
        with pytest.raises(PatchError, match="is a link"):
            open_take(other)

    @pytest.mark.parametrize(
        ("line", "words"),
        [
            ('file = "../../../../etc/passwd"', "passwd"),
            ('file = "/dev/zero"', "zero"),
            ('file = ".."', "not there any more"),
            ('file = "a\\u0000b"', "file"),
            ('file = 3', "file"),
        ],
    )  # fmt: skip
    def test_a_path_outside(self, take: Path, tmp_path: Path, line: str, words: str) -> None:
        other = copied(take, tmp_path / "t")
        kept = other / "shows" / "1" / "kept.toml"
        text = kept.read_text().split("[patch]")
        rest = text[1].partition("[garment]")[2]
        kept.write_text(f"{text[0]}[patch]\n{line}\n[garment]{rest}")
        with pytest.raises(WearsoundError, match=words):
            open_take(other)

    @pytest.mark.parametrize(
        "args",
        [
            [],
            ["x"],
            [1.0],
            [True],
            [-1],
            [1 << 63],
            [1, 2],
            [[1]],
            [None],
            [{"hex": "01"}],
            [99],
            ["1"],
            [10**6],
        ],
    )
    def test_strange_calls_change_nothing(self, take: Path, tmp_path: Path, args: list[Any]) -> None:
        other = retold(take, tmp_path / "t", [{"tick": 40, "address": CHANGE, "args": args}])
        own = open_take(other)
        assert own.shows is None
        note = "it keeps no show" in own.source.note
        assert note == (args in ([99], [10**6]))
        render(own.show, other, to=tmp_path / "out", video=False)

    def test_a_show_that_is_missing_leaves_the_one_before(self, take: Path, tmp_path: Path) -> None:
        other = copied(take, tmp_path / "t")
        shutil.rmtree(other / "shows" / "2")
        own = open_take(other)
        assert "it keeps no show 2: the one before plays on there" in own.source.note
        report = render(own.show, other, to=tmp_path / "out", video=False, shows=own.shows)
        assert [show["title"] for show in report.facts["shows"]] == ["Alder", "Birch", "Alder"]
        assert "keeps no show 2" in report.measured["note"]

    def test_a_million_shows_are_not_looked_at(self, take: Path, tmp_path: Path) -> None:
        lines = [{"tick": 9, "address": CHANGE, "args": [n]} for n in range(1, 60_000)]
        with pytest.raises(PatchError, match=r"more than 10,000 changes of show"):
            TakeSource(retold(take, tmp_path / "t", lines))

    def test_another_garment_is_refused(self, place: Path, take: Path, tmp_path: Path) -> None:
        here = tmp_path / "here"
        here.mkdir()
        (here / "coat.toml").write_text(patch_text("Coat").replace("denim-jacket", "the-coat"))
        first = load(place / "a.toml")
        built = build(first, LANES, 48_000, strict=False)
        tape = take_tape(first, tmp_path / "t", wait=True)
        built.engine.tapes.append(tape)
        Changer(built, {1: load(here / "coat.toml", garment=other_garment())}, tape)
        built.engine.run(Hall(60, {30: [change(1)]}))
        with pytest.raises(PatchError, match=r"another garment at 0.16 s .* cut there"):
            open_take(tmp_path / "t")
        trim(tmp_path / "t", tmp_path / "piece", end=0.16)
        assert open_take(tmp_path / "piece").shows is None

    def test_what_is_about_the_program_is_not_played(self, take: Path, tmp_path: Path) -> None:
        lines = [
            {"tick": 4, "address": a, "args": []}
            for a in ("/wear/take/record", "/wear/set/next", "/wear/set")
        ]
        other = retold(take, tmp_path / "t", lines)
        assert not [event for block in TakeSource(other).blocks(CLOCK) for event in block.events]


def other_garment() -> str:
    return next(name for name in gallery.files("garment") if name != "denim-jacket")


class TestWithin:
    def test_what_holds_comes_first_and_it_says_so(self, place: Path, tmp_path: Path) -> None:
        first, second = load(place / "a.toml"), load(place / "b.toml")
        built = build(first, LANES, 48_000, strict=False)
        memory = Memory()
        built.engine.tapes.append(memory)
        tapes: list[TakeTape] = []
        events = {
            30: [Event(0, "/wear/master", (0.5,))],
            60: [change(1)],
            70: [Event(0, "/wear/scene/dance"), Event(0, "/wear/tempo/tap")],
            200: [change(2)],
        }

        class Begins(Hall):
            def blocks(self, clock: Clock) -> Iterator[Block]:
                for block in super().blocks(clock):
                    if block.tick == 100:
                        tapes.append(start_take(built, memory, tmp_path / "t"))
                        changer.tapes = tuple(tapes)
                    if block.tick == 300:
                        end_take(built, tapes[0])
                    yield block

        changer = Changer(built, {1: second, 2: first})
        built.engine.run(Begins(400, events))
        own = open_take(tmp_path / "t")
        assert 'begun = "within"' in (tmp_path / "t" / "take.toml").read_text()
        assert (own.source.begins, own.show.patch.title) == (1, "Birch")
        assert own.source.turns == [(pytest.approx(100 * 256 / 48_000), 2)]
        assert own.source.hops == 200
        assert "begun while the show played" in own.source.note
        told = [(event.address, event.args) for event in next(own.source.blocks(CLOCK)).events]
        assert told == [("/wear/master", (0.5,)), ("/wear/scene/dance", ())]
        report = render(own.show, tmp_path / "t", to=tmp_path / "out", video=False, shows=own.shows)
        assert [show["title"] for show in report.facts["shows"]] == ["Birch", "Alder"]
        with pytest.raises(MissingError, match="begun while the show played"):
            check(tmp_path / "t")
        assert built.engine.hops == 400

    def test_its_hashes_are_not_those_of_the_evening(self, place: Path, take: Path, tmp_path: Path) -> None:
        """Ticks count from where it begins, and what came with the first block is said once."""
        first = load(place / "a.toml")
        built = build(first, LANES, 48_000, strict=False)
        memory = Memory()
        built.engine.tapes.append(memory)
        hall = Hall(120, {50: [Event(0, "/wear/cue/go"), Event(0, "/wear/mark")]}, gap=(50, 9))
        blocks = list(hall.blocks(CLOCK))
        tape = None
        memory.open(CLOCK)
        for block in blocks:
            if block.tick == 59:
                tape = start_take(built, memory, tmp_path / "t")
            built.engine.step(block)
        assert tape is not None
        end_take(built, tape)
        lines = [json.loads(line) for line in (tmp_path / "t" / "events.jsonl").read_text().splitlines()]
        assert [(line["tick"], line.get("address")) for line in lines] == [(0, "/wear/cue/go")]
        assert TakeSource(tmp_path / "t").hops == 70

    def test_a_name_of_its_own(self, tmp_path: Path) -> None:
        at = time.struct_time((2026, 11, 23, 21, 14, 0, 0, 0, 0))
        names = []
        for ending in ("", ".part", ""):
            path = default_name(tmp_path, at)
            names.append(path.name)
            path.with_name(path.name + ending).mkdir()
        assert names == ["take-2026-11-23-2114", "take-2026-11-23-2114-2", "take-2026-11-23-2114-3"]

    def test_where_it_cannot_be_nothing_has_changed(self, place: Path, tmp_path: Path) -> None:
        built = build(load(place / "a.toml"), LANES, 48_000, strict=False)
        (tmp_path / "t").mkdir()
        with pytest.raises(WearsoundError, match="nothing is replaced"):
            start_take(built, Memory(), tmp_path / "t")
        assert built.engine.tapes == []


class TestLive:
    def test_the_next_show_is_made_ready_aside(self, take: Path) -> None:
        own = open_take(take, loop=True, seconds=6.0)
        built = build(own.show, LANES, 48_000, strict=False)
        ahead: list[int] = []
        attached: list[int] = []

        def make_ready(made: Made, number: int) -> Any:
            ahead.append(number)
            return lambda: attached.append(number)

        assert own.shows is not None
        replay = replaying(own)(built)
        assert replay is not None
        replay.live(SimpleNamespace(ahead=make_ready))
        built.engine.run(own.source)
        assert attached[:6] == [1, 2, 3, 0, 1, 2]
        assert ahead[: len(attached)] == attached
        assert len(ahead) <= len(attached) + 1

    def test_takes_are_listed_with_their_changes(self, take: Path) -> None:
        assert describe(take)["changes"] == 3
        assert [row["name"] for row in takes(take.parent)] == ["evening"]


class Fill:
    """A picture of one colour."""

    def __init__(self, colour: tuple[int, int, int], fails: bool = False) -> None:
        self.colour, self.fails = colour, fails

    def draw(self, surface: Any, frame: Frame) -> None:
        if self.fails:
            raise PatchError("pale.py:3: no such colour")
        surface.fill(self.colour)


def frame_at(number: int) -> Frame:
    none = Row({}, np.zeros(0))
    zeros = np.zeros(0, np.float32)
    return Frame(
        number, number, (number + 1) / 30, none, none, np.zeros((0, 3), np.uint8), zeros, Health(), 0
    )


class TestFilm:
    def test_one_picture_comes_over_the_other_in_half_a_second(self) -> None:
        import pygame

        surface = pygame.Surface((4, 4), 0, 32)
        picture = TurnedPicture(Fill((0, 0, 0)))
        picture.draw(surface, frame_at(0))
        picture.turn(Fill((255, 255, 255)))
        seen = []
        for number in range(1, 20):
            picture.draw(surface, frame_at(number))
            seen.append(surface.get_at((1, 1))[0])
        assert seen[0] == 0
        assert seen == sorted(seen)
        assert max(b - a for a, b in itertools.pairwise(seen)) <= 255 / (30 * FADE) + 2
        assert seen[int(30 * FADE)] == 255

    def test_one_that_cannot_draw_is_left_for_the_one_before(self) -> None:
        import pygame

        surface = pygame.Surface((4, 4), 0, 32)
        picture = TurnedPicture(Fill((9, 9, 9)))
        picture.draw(surface, frame_at(0))
        picture.turn(Fill((1, 1, 1), fails=True))
        picture.draw(surface, frame_at(1))
        assert tuple(surface.get_at((1, 1)))[:3] == (9, 9, 9)
        assert picture.troubles == ["pale.py:3: no such colour (the last picture plays on)"]

    def test_a_film_shows_each_show(self, take: Path, tmp_path: Path) -> None:
        own = open_take(take)
        words: dict[str, Any] = {"fps": 30, "size": (160, 90), "frames": True, "shows": own.shows}
        render(own.show, take, to=tmp_path / "out", **words)
        import pygame

        def middle(number: int) -> tuple[int, ...]:
            picture = pygame.image.load(tmp_path / "out" / "frames" / f"{number:06}.png")
            return tuple(picture.get_at((4, 4)))[:3]

        at = [number for number in range(len(list((tmp_path / "out" / "frames").iterdir())))]
        red = [middle(number)[0] for number in at]
        first = int(200 * 256 / 48_000 * 30)
        last = int(320 * 256 / 48_000 * 30)
        assert max(red[:first]) < 60
        assert red[last - 1] > 180
        assert red[first + 2] < red[first + 8] < red[last - 1]
        assert red[-1] < red[last - 1]
        assert check(tmp_path / "out").lines == []


def test_columns_come_and_go(tmp_path: Path) -> None:
    file = ColumnFile(tmp_path / "c.npz", [Column("t", "<f8"), Column("a", "<f4")], chunk_bytes=400)
    file.open()
    file.append([np.arange(100.0), np.full(100, 1)])
    file.turn([Column("t", "<f8"), Column("b", "<f4")])
    file.append([np.arange(100.0, 150.0), np.full(50, 2)])
    file.turn([Column("t", "<f8"), Column("b", "<f4"), Column("a", "<f4")])
    file.append([np.arange(150.0, 153.0), np.full(3, 3), np.full(3, 4)])
    file.close()
    found = np.load(tmp_path / "c.npz")
    assert found.files == ["t", "a", "b"]
    assert found["t"].tolist() == list(range(153))
    assert np.isnan(found["a"][100:150]).all()
    assert found["a"][99] == 1
    assert found["a"][150:].tolist() == [4, 4, 4]
    assert np.isnan(found["b"][:100]).all()
    assert found["b"][100:].tolist() == [2] * 50 + [3] * 3


def test_a_loaded_show_knows_what_it_was_made_of(
    place: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    show = load(place / "c.toml", sketch=place / "pale.py")
    assert sorted(show.kept) == ["garment", "patch", "sketch"]
    from wearsound.show import kept

    monkeypatch.setattr(kept, "read_small", lambda path: path.read_bytes() + b"\n# saved meanwhile\n")
    with pytest.raises(PatchError, match="saved while it was read"):
        load(place / "c.toml")


def test_shows_of_a_take_without_changes(place: Path, tmp_path: Path) -> None:
    take = record(place, tmp_path / "t", {}, 40, prove=False)
    assert shows_of(TakeSource(take, changes=True)) == {}
    assert open_take(take).shows is None
