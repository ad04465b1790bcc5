"""Saved files are noticed once, when they stand still, and only if they say something else."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import Any

import pytest

from wearsound.show.watch import GONE, Watch


class Looked:
    """A watch that looks when told to, and what it said."""

    def __init__(self, **paths: Path | None) -> None:
        self.changed: list[set[str]] = []
        self.lost: list[tuple[str, Path, str]] = []
        self.watch = Watch(self.changed.append, lambda *words: self.lost.append(words))
        self.watch.look_at(paths)

    def __call__(self, times: int = 2) -> list[set[str]]:
        """What changed in so many looks."""
        before = len(self.changed)
        for _ in range(times):
            self.watch.look()
        return self.changed[before:]


@pytest.fixture
def patch(tmp_path: Path) -> Path:
    path = tmp_path / "patch.toml"
    path.write_text("title = 'one'")
    return path


def test_nothing_happens_while_nothing_is_saved(patch: Path) -> None:
    assert Looked(patch=patch)(40) == []


def test_a_save_counts_once_when_it_stands_still(patch: Path) -> None:
    looked = Looked(patch=patch)
    patch.write_text("title = 'two'")
    assert looked(1) == []
    assert looked(1) == [{"patch"}]
    assert looked(40) == []


def test_the_same_again_is_no_change(patch: Path) -> None:
    looked = Looked(patch=patch)
    patch.write_text("title = 'one'")
    os.utime(patch, ns=(1, 1))
    assert looked(20) == []
    patch.write_text("title = 'two'")
    patch.write_text("title = 'one'")
    os.utime(patch, ns=(2, 2))
    assert looked(20) == []


def test_a_new_file_in_its_place_is_a_save(patch: Path, tmp_path: Path) -> None:
    looked = Looked(patch=patch)
    for text in ("title = 'two'", "title = 'three'"):
        other = tmp_path / "other"
        other.write_text(text)
        os.replace(other, patch)
        assert looked() == [{"patch"}]


def test_away_for_a_moment_is_a_save_too(patch: Path) -> None:
    looked = Looked(patch=patch)
    patch.unlink()
    assert looked(3) == []
    patch.write_text("title = 'two'")
    assert looked() == [{"patch"}]
    assert looked.lost == []
    patch.unlink()
    looked(3)
    patch.write_text("title = 'two'")
    assert looked(5) == []


def test_half_a_file_is_waited_for(patch: Path) -> None:
    looked = Looked(patch=patch)
    with patch.open("w") as file:
        assert looked(3) == []  # empty
        for part in ("title", " = ", "'two'"):
            file.write(part)
            file.flush()
            assert looked(1) == []
    assert looked(1) == [{"patch"}]


def test_what_cannot_be_read_is_said_once_and_its_return_counts(patch: Path) -> None:
    looked = Looked(patch=patch)
    patch.unlink()
    looks = round(GONE / 0.25)
    looked(looks - 1)
    assert looked.lost == []
    looked(20)
    assert looked.lost == [("patch", patch, "no such file or directory")]
    patch.write_text("title = 'one'")  # as it was: but what was said of it is over
    assert looked(5) == [{"patch"}]
    patch.write_text("")
    looked(20)
    assert looked.lost[1:] == [("patch", patch, "is empty")]


def test_a_link_that_points_elsewhere_is_a_change(patch: Path, tmp_path: Path) -> None:
    other, link = tmp_path / "other.toml", tmp_path / "link.toml"
    other.write_text("title = 'two'")
    link.symlink_to(patch)
    looked = Looked(patch=link)
    patch.write_text("title = 'three'")
    assert looked() == [{"patch"}]
    link.unlink()
    link.symlink_to(other)
    assert looked() == [{"patch"}]


def test_two_that_are_saved_together_are_one_change(patch: Path, tmp_path: Path) -> None:
    garment = tmp_path / "garment.toml"
    garment.write_text("a")
    looked = Looked(patch=patch, garment=garment, sketch=None)
    patch.write_text("title = 'two'")
    garment.write_text("b")
    assert looked() == [{"patch", "garment"}]


def test_a_save_that_a_disk_does_not_date_is_found_too(patch: Path) -> None:
    looked = Looked(patch=patch)
    told = patch.stat()
    with patch.open("r+") as file:
        file.write("title = 'two'")
    os.utime(patch, ns=(told.st_atime_ns, told.st_mtime_ns))
    assert looked(10) == [{"patch"}]


def test_paths_are_replaced_while_it_looks(patch: Path, tmp_path: Path) -> None:
    looked = Looked(patch=patch)
    other = tmp_path / "other.toml"
    other.write_text("title = 'other'")
    patch.write_text("title = 'two'")
    looked(1)
    looked.watch.look_at({"patch": other, "sketch": tmp_path / "not_there.py"})
    assert looked(5) == []
    other.write_text("title = 'another'")
    assert looked() == [{"patch"}]
    (tmp_path / "not_there.py").write_text("x = 1")
    assert looked() == [{"sketch"}]


def test_what_was_saved_since_it_was_read_is_a_change(patch: Path) -> None:
    looked = Looked()
    looked.watch.look_at({"patch": patch}, {"patch": patch.read_bytes()})
    assert looked(20) == []
    looked.watch.look_at({})
    looked.watch.look_at({"patch": patch}, {"patch": b"title = 'before'"})
    assert looked(20) == [{"patch"}]


def test_a_path_that_stays_keeps_what_is_known_of_it(patch: Path) -> None:
    looked = Looked(patch=patch)
    patch.write_text("title = 'two'")
    looked.watch.look_at({"patch": patch})
    assert looked() == [{"patch"}]


def test_it_looks_on_a_thread_of_its_own(patch: Path) -> None:
    told = threading.Event()
    threads: list[Any] = []

    def changed(kinds: set[str]) -> None:
        threads.append(threading.current_thread().name)
        told.set()

    watch = Watch(changed, every=0.01)
    watch.look_at({"patch": patch})
    watch.open()
    watch.open()
    patch.write_text("title = 'two'")
    assert told.wait(5.0)
    assert threads == ["watch"]
    watch.close()
    watch.close()
