"""What hands turned of a patch is written into its file: those numbers and nothing else, and nothing jumps after it."""

from __future__ import annotations

import difflib
import logging
import os
import shutil
from pathlib import Path

import numpy as np
import pytest

from wearsound import gallery
from wearsound.core import Block, Clock, Event
from wearsound.errors import PatchError, WearsoundError
from wearsound.mapping.document import load_patch, read_patch
from wearsound.parts import CHANGE, Change
from wearsound.show.build import build, make
from wearsound.show.last_good import keep, newest
from wearsound.show.load import load
from wearsound.show.patch_learn import SAVE, PatchSaver, save
from wearsound.show.tree import tree
from wearsound.show.typed import WORDS, typed
from wearsound.sources.take import TakeSource

CLOCK = Clock()
LANES = {"room": (0, 1), "body": (0,)}
PATCH = """# A coat for Ada.
title   = "Salt"       # white
garment = "denim-jacket"

[soundscape]                     # what it plays
root = 55.0
age  = 0.3                       # worn

[[voice]]
play  = "drones"
level = 0.5                      # as it was made

[[feel]]                         # on the chest
from = "bass"
to   = "chest"
name = "low"

# the one thing that moves
[[route]]
from    = "bass"
to      = "chest.glow"
in      = [0.15, 0.8]            # below is the room
attack  = 0.03                   # quick
release = 0.2

[[route]]
from = "level"
to   = "back.glow"

# from here on scenes
[[scene]]
name = "rest"                    # silence

[[scene]]
name = "dance"
[[scene.route]]
from = "flux"
to   = "hem.glow"
curve = 1.5                      # soft
[[scene.route]]                  # the second
from = "mid"
to   = "yoke.glow"
out  = [0.0, 0.5]                # half

# the end
"""


def song(hops: int) -> np.ndarray:
    time = np.arange(hops * 256) / 48_000
    wave = 0.6 * np.sin(2 * np.pi * 70 * time) * (time % 0.5 < 0.25) + 0.2 * np.sin(2 * np.pi * 900 * time)
    return np.stack([wave, wave], axis=1).astype(np.float32)


class Played:
    """A patch that plays without outputs."""

    def __init__(self, path: str | Path, **words: str) -> None:
        show = load(path, **words)
        self.built = build(show, LANES, 48_000, strict=True)
        self.tree = tree(self.built)
        self.built.engine.inbox.values = self.tree.values
        self.tick = 0
        self.wave = song(2000)
        self.controls: list[np.ndarray] = []
        self.built.engine.tapes.append(self)  # type: ignore[arg-type]
        self.wrote: dict[Path, bytes] = {}

    def write(self, block: Block, features: np.ndarray, controls: np.ndarray) -> None:
        self.controls += list(controls.copy())

    def say(self, address: str, *args: object) -> None:
        assert address in self.tree, self.tree.nearest(address)
        self.built.engine.inbox.put(Event(0, address, args))
        self.play()

    def play(self, hops: int = 1) -> None:
        while hops:
            n = min(hops, 50)
            samples = self.wave[self.tick * 256 : (self.tick + n) * 256]
            self.built.engine.step(Block(self.tick, samples, LANES, n))
            self.tick, hops = self.tick + n, hops - n

    def ask(self, address: str) -> object:
        parameter = self.tree.get(address)
        assert parameter is not None
        assert parameter.read is not None
        return parameter.read()

    def reload(self) -> None:
        """Play what its file says now."""
        made = make(load(self.built.show.patch_path), LANES, CLOCK, strict=True)

        def attach() -> None:
            self.built.made = made
            self.tree = tree(self.built)

        self.built.engine.changes = lambda number: Change(number, made.parts, attach)
        self.built.engine.inbox.put(Event(0, CHANGE, (1,)))
        self.play()

    def save(self) -> str:
        return save(self.built, self.wrote)


@pytest.fixture
def patch(tmp_path: Path) -> Path:
    path = tmp_path / "salt.toml"
    path.write_text(PATCH)
    return path


def turn_all(played: Played) -> None:
    p = "/wear/param"
    played.say(f"{p}/bass-chest-glow/attack", 0.30000001192092896)  # what a fader's 32 bits make of 0.3
    played.say(f"{p}/bass-chest-glow/in/high", 0.6)
    played.say(f"{p}/level-back-glow/release", 2.5)
    played.say(f"{p}/dance/flux-hem-glow/curve", 2.0)
    played.say(f"{p}/dance/mid-yoke-glow/out/low", 0.25)
    played.say(f"{p}/feel/low", 0.75)
    played.say(f"{p}/voice/drones", 0.1)
    played.say(f"{p}/sound/age", 0.9)


def changed(before: str, after: str) -> list[str]:
    lines = difflib.ndiff(before.splitlines(), after.splitlines())
    return [line for line in lines if line[:2] in ("- ", "+ ")]


def test_those_numbers_are_written_and_nothing_else(patch: Path) -> None:
    played = Played(patch)
    turn_all(played)
    said = played.save()
    assert sorted(changed(PATCH, patch.read_text())) == sorted(
        [
            "- age  = 0.3                       # worn",
            "+ age  = 0.9                       # worn",
            "- level = 0.5                      # as it was made",
            "+ level = 0.1                      # as it was made",
            "+ strength = 0.75",
            "- in      = [0.15, 0.8]            # below is the room",
            "- attack  = 0.03                   # quick",
            "+ in      = [0.15, 0.6]            # below is the room",
            "+ attack  = 0.3                    # quick",
            "+ release = 2.5",
            "- curve = 1.5                      # soft",
            "+ curve = 2.0                      # soft",
            "- out  = [0.0, 0.5]                # half",
            "+ out  = [0.25, 0.5]               # half",
        ]
    )
    assert said.startswith(f"{patch}: keeps attack and in of bass-chest-glow; release of level-back-glow; ")
    assert said.endswith("; and 2 more")


def test_new_numbers_stand_in_their_own_table(patch: Path) -> None:
    played = Played(patch)
    turn_all(played)
    played.save()
    now = load_patch(patch)
    assert (now.routes[0].attack, now.routes[0].span, now.routes[0].release) == (0.3, (0.15, 0.6), 0.2)
    assert (now.routes[1].release, now.feels[0].strength, now.voices[0].level) == (2.5, 0.75, 0.1)
    assert now.soundscape is not None
    assert now.soundscape.age == 0.9
    assert [route.curve for route in now.scenes[1].routes] == [2.0, 1.0]
    assert [route.reach for route in now.scenes[1].routes] == [None, (0.25, 0.5)]


def test_nothing_jumps_when_it_is_read_again(patch: Path) -> None:
    """Played on with the saved file, and played on without it: the same controls to the bit."""
    with_it, without = Played(patch), Played(patch)
    for played in (with_it, without):
        played.play(300)
        turn_all(played)
        played.play(200)
    with_it.save()
    with_it.reload()
    without.play()
    for played in (with_it, without):
        played.play(400)
    assert np.ptp(np.array(without.controls)[:, :20], axis=0).max() > 0.3
    assert np.array_equal(with_it.controls, without.controls)


def test_the_file_wins_from_then_on(patch: Path) -> None:
    """What was saved is held by nobody any more: another number in the file plays."""
    played = Played(patch)
    turn_all(played)
    played.save()
    played.reload()
    assert played.built.score.turned == {}
    assert played.built.score.held_at == {}
    assert played.ask("/wear/param/bass-chest-glow/attack") == 0.3
    assert played.ask("/wear/param/feel/low") == 0.75
    patch.write_text(patch.read_text().replace("strength = 0.75", "strength = 0.2"))
    played.reload()
    played.play(200)
    assert played.ask("/wear/param/feel/low") == 0.2
    with pytest.raises(PatchError, match="nothing of the patch is turned"):
        played.save()


def test_what_stays_in_the_hand_stays_over_a_file_that_says_nothing_of_it(patch: Path) -> None:
    played = Played(patch)
    played.say("/wear/param/feel/low", 0.6)
    patch.write_text(PATCH.replace("root = 55.0", "root = 60.0"))
    played.reload()
    assert played.built.score.held_at == {"feel.low": 0.6}


def test_what_no_patch_can_say_is_named(tmp_path: Path) -> None:
    patch = tmp_path / "salt.toml"
    patch.write_text(PATCH + '[[route]]\nfrom = "air"\nto = "sound.wet"\n')
    (tmp_path / "bloom.py").write_text(
        "from wearsound import Sketch, parameter\n\n\nclass Bloom(Sketch):\n    warmth: float = parameter(0.5, 0, 1)\n"
        "\n    def draw(self, c, f):\n        c.background(0)\n"
    )
    played = Played(patch, sketch=str(tmp_path / "bloom.py"))
    played.say("/wear/param/sketch/warmth", 0.9)
    played.say("/wear/zone/chest/hue", 0.5)
    played.say("/wear/param/sound/wet", 0.9)
    played.say("/wear/param/bass-chest-glow/in/high", 0.15)
    with pytest.raises(PatchError) as error:
        played.save()
    assert str(error.value) == (
        f"{patch}: nothing of the patch is turned, so nothing is written; not kept: in of bass-chest-glow (both its "
        "ends are the same); warmth of the sketch (its file says where it begins); chest.hue (it is held only until "
        "it is let go); sound.wet (a route plays it)"
    )
    played.say("/wear/param/bass-chest-glow/attack", 0.5)
    said = played.save()
    assert said.startswith(f"{patch}: keeps attack of bass-chest-glow; not kept: in of bass-chest-glow")
    assert changed(PATCH, patch.read_text())[:2] == [
        "- attack  = 0.03                   # quick",
        "+ attack  = 0.5                    # quick",
    ]


def test_voices_that_a_patch_does_not_name_have_no_line(tmp_path: Path) -> None:
    patch = tmp_path / "a.toml"
    patch.write_text('title = "A"\ngarment = "denim-jacket"\n[soundscape]\nroot = 55.0\n')
    played = Played(patch)
    name = next(p.address for p in played.tree if p.address.startswith("/wear/param/voice/")).split("/")[4]
    played.say(f"/wear/param/voice/{name}", 0.9)
    with pytest.raises(PatchError, match=rf"voice.{name} \(the patch has no \[\[voice\]\] of that name\)"):
        played.save()


def test_twice_before_it_is_read_again(patch: Path) -> None:
    played = Played(patch)
    played.say("/wear/param/bass-chest-glow/attack", 0.5)
    played.save()
    played.say("/wear/param/bass-chest-glow/attack", 0.7)
    played.save()
    assert load_patch(patch).routes[0].attack == 0.7


def test_what_somebody_else_saved_is_not_written_over(patch: Path) -> None:
    played = Played(patch)
    played.say("/wear/param/bass-chest-glow/attack", 0.5)
    for text in (PATCH + "# mine\n", 'title = "broken'):
        patch.write_text(text)
        with pytest.raises(PatchError):
            played.save()
        assert patch.read_text() == text
    patch.write_text(PATCH + "# mine\n")
    with pytest.raises(PatchError, match="saved by somebody else and does not play yet"):
        played.save()
    played.reload()
    played.save()
    assert patch.read_text().endswith("# the end\n# mine\n")
    assert load_patch(patch).routes[0].attack == 0.5


def test_a_patch_of_the_gallery_is_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    theirs = gallery.files("patch")["bass-denim"].read_bytes()
    played = Played("bass-denim")
    played.say("/wear/param/bass-chest-glow/attack", 0.5)
    said = played.save()
    copy = tmp_path / "bass-denim.toml"
    assert said == (
        f"bass-denim came with wearsound, so what was turned is in a copy, {copy}: attack of bass-chest-glow; "
        "`wearsound run ./bass-denim.toml` plays it"
    )
    assert gallery.files("patch")["bass-denim"].read_bytes() == theirs
    assert changed(theirs.decode(), copy.read_text()) == ["- attack  = 0.03", "+ attack  = 0.5"]
    played.say("/wear/param/bass-chest-glow/attack", 0.6)
    played.save()
    assert load(copy).patch.routes[0].attack == 0.6
    copy.write_text("title = 'mine'\n")
    with pytest.raises(PatchError, match=r"there is a bass-denim.toml here already: play that one"):
        played.save()
    assert copy.read_text() == "title = 'mine'\n"


def test_copies_of_takes_and_of_what_was_good_stay(patch: Path, tmp_path: Path) -> None:
    inside = tmp_path / "shows" / "0" / "patch" / "salt.toml"
    inside.parent.mkdir(parents=True)
    (tmp_path / "shows" / "0" / "kept.toml").write_text("")
    shutil.copy(patch, inside)
    keep(patch, PATCH.encode())
    good = newest(patch)
    assert good is not None
    for path, why in ((inside, "belongs to a take"), (good.path, "only a copy that was good")):
        played = Played(path)
        played.say("/wear/param/bass-chest-glow/attack", 0.5)
        with pytest.raises(PatchError, match=why):
            played.save()
        assert path.read_text() == PATCH


@pytest.mark.parametrize("way", ["crlf", "bom", "link", "inline"])
def test_however_it_is_written(way: str, patch: Path, tmp_path: Path) -> None:
    at = patch
    if way == "crlf":
        patch.write_bytes(PATCH.replace("\n", "\r\n").encode())
    elif way == "bom":
        patch.write_bytes(b"\xef\xbb\xbf" + PATCH.encode())
    elif way == "link":
        at = tmp_path / "link.toml"
        at.symlink_to(patch)
    else:
        text = 'title = "A"\ngarment = "denim-jacket"\nroute = [{from = "bass", to = "chest.glow"}]  # all\n'
        patch.write_text(text)
    before = patch.read_bytes()
    played = Played(at)
    played.say("/wear/param/bass-chest-glow/attack", 0.5)
    played.save()
    now = patch.read_bytes()
    assert load_patch(patch).routes[0].attack == 0.5
    assert now != before
    assert at.is_symlink() == (way == "link")
    assert (b"\r\n" in now) == (way == "crlf")
    assert now.startswith(b"\xef\xbb\xbf") == (way == "bom")
    assert (b"# all" in now) == (way == "inline")


def test_every_route_of_the_gallery_can_be_written(tmp_path: Path) -> None:
    """One number of each, all at once: the file says them, and every comment is still there."""
    for name, path in gallery.files("patch").items():
        at = tmp_path / f"{name}.toml"
        shutil.copy(path, at)
        before = load_patch(at)
        show = load(at, sketch="")
        built = build(show, {"room": (0, 1), "body": (0,), "crowd": (0,)}, 48_000, strict=True)
        board = tree(built)
        built.engine.inbox.values = board.values
        releases = [p.address for p in board if p.address.endswith("/release") and p.kind == "number"]
        assert len(releases) == len(before.every_route())
        for address in releases:
            built.engine.inbox.put(Event(0, address, (7.25,)))
        built.engine.step(Block(0, np.zeros((256, 2), np.float32), {"room": (0, 1)}, 1))
        save(built, {})
        now = load_patch(at)
        assert [route.release for _, _, route in now.every_route()] == [7.25] * len(releases)
        comments = [line.partition("#")[2] for line in path.read_text().splitlines() if "#" in line]
        assert [line.partition("#")[2] for line in at.read_text().splitlines() if "#" in line] == comments
        assert read_patch(at.read_text(), at).title == before.title


def test_a_full_disk_is_a_sentence_and_changes_nothing(patch: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*args: object) -> None:
        raise OSError(28, "No space left on device")

    played = Played(patch)
    played.say("/wear/param/bass-chest-glow/attack", 0.5)
    monkeypatch.setattr("wearsound.show.learn.write_whole", full)
    with pytest.raises(WearsoundError, match="no space left on device"):
        played.save()
    assert patch.read_text() == PATCH


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="a file that its owner cannot write")
def test_a_locked_file_is_left(patch: Path) -> None:
    played = Played(patch)
    played.say("/wear/param/bass-chest-glow/attack", 0.5)
    patch.chmod(0o400)
    with pytest.raises(PatchError, match="is read-only"):
        played.save()


def test_the_engine_asks_and_a_thread_writes(
    patch: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    played = Played(patch)
    board = PatchSaver(played.built)
    assert [(p.address, p.kind) for p in board.parameters()] == [(SAVE, "trigger")]
    with caplog.at_level(logging.WARNING), board:
        played.say("/wear/param/bass-chest-glow/attack", 0.5)
        played.built.engine.inbox.put(Event(0, SAVE))
        played.play()
    assert load_patch(patch).routes[0].attack == 0.5
    assert f"{patch}: keeps attack of bass-chest-glow" in caplog.text

    def fault(*args: object) -> str:
        raise ZeroDivisionError

    monkeypatch.setattr("wearsound.show.patch_learn.save", fault)
    other = PatchSaver(played.built)
    with caplog.at_level(logging.WARNING), other:
        played.built.engine.inbox.put(Event(0, SAVE))
        played.play()
    assert "the patch could not be saved" in caplog.text


def test_the_word_in_the_terminal() -> None:
    said = typed("save", WORDS)
    assert said is not None
    assert said.event is not None
    assert said.event.address == SAVE


def test_a_take_asks_nobody_to_save(tmp_path: Path) -> None:
    """What a take would say of it is left out where it is read: a stranger's take writes into no file."""
    from wearsound.outputs.record.take import TakeTape

    tape = TakeTape(tmp_path / "t", wait=True)
    tape.open(CLOCK)
    events = (Event(0, SAVE), Event(0, "/wear/mark", ("here",)))
    tape.write(
        Block(0, np.zeros((256, 2), np.float32), {"room": (0, 1)}, 1, events=events), *[np.zeros((1, 1))] * 2
    )
    tape.close()
    assert "/wear/mark" in (tmp_path / "t" / "events.jsonl").read_text()
    assert SAVE not in (tmp_path / "t" / "events.jsonl").read_text()
    with (tmp_path / "t" / "events.jsonl").open("a") as file:
        file.write(f'{{"tick": 0, "address": "{SAVE}", "args": []}}\n')
    told = [event.address for block in TakeSource(tmp_path / "t").blocks(CLOCK) for event in block.events]
    assert told == ["/wear/mark"]
