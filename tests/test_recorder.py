"""Takes that a hand begins and ends while a show runs, and what a take lets a show change to."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from receivers import wait_for
from test_surroundings import PATCH, Hall

from wearsound.core import Event
from wearsound.outputs.record.take import TakeTape
from wearsound.show.load import load
from wearsound.show.recorder import RECORD, Recorder
from wearsound.show.replay import open_take
from wearsound.show.take import take_tape
from wearsound.testing.disk import full_disk


class Evening(Hall):
    """A show that runs in a folder of its own, and its recorder."""

    def __init__(self, folder: Path, begun: Path | None = None) -> None:
        super().__init__(folder, "")
        tapes = [take_tape(self.built.show, begun)] if begun is not None else []
        self.engine.tapes.extend(tapes)
        self.recorder = Recorder(self.around, tapes, self.room)  # type: ignore[arg-type]

    def record(self, *args: object) -> None:
        self.put(Event(0, RECORD, args, by="key"))

    def __enter__(self) -> Evening:
        super().__enter__()
        self.recorder.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        super().__exit__(*error)
        self.recorder.__exit__(*error)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def takes(place: Path) -> list[Path]:
    return sorted(path for path in place.glob("take-*") if path.suffix != ".part")


def played(hall: Hall, hops: int = 60) -> None:
    at = hall.engine.hops
    wait_for(lambda: hall.engine.hops > at + hops)


def test_one_press_begins_and_another_ends(
    place: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wearsound.show.recorder.PAUSE", 0.0)
    with caplog.at_level(logging.WARNING), Evening(place) as hall:
        switch = hall.recorder.parameters()[0]
        assert (switch.address, switch.kind) == (RECORD, "switch")
        assert switch.read is not None
        assert switch.read() == 0.0
        hall.record()
        wait_for(hall.recorder.recording)
        assert switch.read() == 1.0
        played(hall)
        hall.record()
        wait_for(lambda: not hall.recorder.recording())
        wait_for(lambda: takes(place))
        hall.record(1)
        hall.record(1)  # once is enough
        wait_for(hall.recorder.recording)
        played(hall)
        hall.record(0)
        hall.record(0)
        wait_for(lambda: len(takes(place)) == 2)
    for folder in takes(place):
        assert open_take(folder).source.hops > 30
    assert caplog.text.count("recording ") == 2
    assert not list(place.glob("*.part"))


def test_a_pedal_that_chatters_leaves_few_takes_and_none_that_is_empty(place: Path) -> None:
    with Evening(place) as hall:
        for _ in range(200):
            hall.record(1)
            hall.record(0)
            time.sleep(0.002)
        hall.record(0)
        wait_for(lambda: not hall.recorder.recording())
    assert len(takes(place)) <= 1
    for folder in takes(place):
        assert open_take(folder).source.hops > 0


@pytest.mark.parametrize("how", [(), (1,)])
def test_after_one_that_failed_a_press_begins_another(place: Path, how: tuple[int, ...]) -> None:
    with Evening(place) as hall:
        with full_disk(place, 100_000):
            hall.record(1)
            wait_for(hall.recorder.recording)
            wait_for(lambda: not hall.recorder.recording())
        hall.record(*how)
        wait_for(hall.recorder.recording)
        played(hall)
    (folder,) = takes(place)
    assert open_take(folder).source.hops > 30


def test_one_that_is_not_ended_ends_with_the_show(place: Path) -> None:
    with Evening(place) as hall:
        hall.record(1)
        wait_for(hall.recorder.recording)
        played(hall)
    (folder,) = takes(place)
    assert open_take(folder).source.hops > 30


def test_a_change_of_show_is_in_it(place: Path) -> None:
    with Evening(place) as hall:
        hall.record(1)
        wait_for(hall.recorder.recording)
        played(hall)
        hall.change("Two", "")
        played(hall)
        hall.record(0)
        wait_for(lambda: not hall.recorder.recording())
    own = open_take(takes(place)[0])
    assert own.show.patch.title == "One"
    assert own.shows is not None
    assert [show.patch.title for show in own.shows.values()] == ["Two"]


def test_a_show_that_was_ready_before_it_began_is_in_it(place: Path) -> None:
    """Got ready, then the take begins, then the engine takes it: the take has its files."""
    with Evening(place) as hall:
        made = hall.made("Two", "")
        attach = hall.around.ahead(made, 1)
        hall.record(1)
        wait_for(hall.recorder.recording)
        played(hall)
        from wearsound.parts import CHANGE, Change

        hall.ready[1] = Change(1, made.parts, attach)
        hall.engine.inbox.put(Event(0, CHANGE, (1,)))
        wait_for(lambda: hall.engine.number == 1)
        played(hall)
    own = open_take(takes(place)[0])
    assert own.shows is not None
    assert [show.patch.title for show in own.shows.values()] == ["Two"]


def test_another_garment_waits_for_the_end_of_a_take(place: Path) -> None:
    with Evening(place) as hall:
        (place / "b.toml").write_text(PATCH.format(title="B", attack=0.01))
        same, other = load("b.toml"), load("b.toml", garment="scarf")
        assert hall.recorder.refuse(other) == ""
        hall.record(1)
        wait_for(hall.recorder.recording)
        assert hall.recorder.refuse(same) == ""
        assert "a take has one garment; end the take first" in hall.recorder.refuse(other)
        hall.record(0)
        wait_for(lambda: not hall.recorder.recording())
        assert hall.recorder.refuse(other) == ""


def test_the_take_that_a_show_was_begun_with_is_told_and_not_ended(place: Path) -> None:
    with Evening(place, begun=place / "begun") as hall:
        assert hall.recorder.recording()
        played(hall)
        hall.change("Two", "")
        hall.record(0)
        played(hall)
        assert hall.recorder.recording()
        assert "a take has one garment" in hall.recorder.refuse(load("a.toml", garment="scarf"))
    own = open_take(place / "begun")
    assert own.shows is not None
    assert [show.patch.title for show in own.shows.values()] == ["Two"]


def test_a_disk_that_refuses_is_a_sentence(
    place: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from wearsound.errors import WearsoundError

    def full(*args: object) -> None:
        raise WearsoundError("the disk is full")

    monkeypatch.setattr(TakeTape, "open", full)
    with caplog.at_level(logging.WARNING), Evening(place) as hall:
        hall.record(1)
        wait_for(lambda: "the disk is full" in caplog.text)
        assert not hall.recorder.recording()
        monkeypatch.undo()
        monkeypatch.chdir(place)
        hall.record(1)
        wait_for(hall.recorder.recording)


def test_a_fault_of_ours_ends_no_recorder(
    place: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    import wearsound.show.recorder as recorder

    begin: Callable[..., TakeTape] = recorder.start_take

    def fault(*args: object, **words: object) -> TakeTape:
        raise OSError("a surprise")

    monkeypatch.setattr(recorder, "start_take", fault)
    with caplog.at_level(logging.WARNING), Evening(place) as hall:
        hall.record(1)
        wait_for(lambda: "a surprise" in caplog.text)
        monkeypatch.setattr(recorder, "start_take", begin)
        hall.record(1)
        wait_for(hall.recorder.recording)
    assert takes(place)
