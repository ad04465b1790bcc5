"""Another show for an engine that runs: ready before it plays, the newest request wins, the last good one stays."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from wearsound.core import Clock, Event
from wearsound.errors import PatchError
from wearsound.inbox import Inbox
from wearsound.parts import CHANGE
from wearsound.show import changer as changer_module
from wearsound.show.changer import BEGUN, Changer
from wearsound.show.set_list import SET, Entry, SetList

CLOCK = Clock()


def wait_for(there: Callable[[], object], seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not there():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.002)


def show_of(patch: Path) -> Any:
    """A show as far as a changer looks at one."""
    sketch = patch.with_suffix(".py")
    paths = {"palette_path": None, "garment_path": None, "rig_path": None, "rig": None}
    files = {"patch": patch, **({"sketch": sketch} if sketch.exists() else {})}
    return SimpleNamespace(
        patch_path=patch,
        sketch_path=files.get("sketch"),
        said=patch.read_text(),
        kept={kind: path.read_bytes() for kind, path in files.items()},
        **paths,
    )


class Tries:
    """Reads a file; "broken" in it is an error. A gate can hold it up."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.sketches = self.opened = 0
        self.gate = threading.Event()
        self.gate.set()

    def open(self) -> None:
        self.opened += 1

    def show(self, entry: Entry) -> Any:
        self.asked.append(entry.title)
        show = show_of(Path(entry.show))
        assert self.gate.wait(20)
        if "broken" in show.said:
            raise PatchError(f"{show.patch_path.name}:1: is broken")
        return SimpleNamespace(show=show, parts=object())

    def sketch(self, made: Any) -> str:
        self.sketches += 1
        if "broken" in made.show.sketch_path.read_text():
            raise PatchError(f"{made.show.sketch_path.name}:3: does not draw")
        return ""


class Strip:
    """A window that is dressed when it is told to be."""

    def __init__(self) -> None:
        self.dressed = 1000
        self.said: list[str] = []

    def tell(self, sentence: str) -> None:
        self.said.append(sentence)


class Evening:
    """An engine that only takes events, and what is around it; a set of files."""

    def __init__(self, folder: Path, *names: str, **how: Any) -> None:
        self.paths = [folder / f"{name}.toml" for name in names]
        for path in self.paths:
            path.write_text(path.stem)
        first = SimpleNamespace(show=show_of(self.paths[0]), parts=object())
        self.engine = SimpleNamespace(
            changes=lambda number: None, listeners=[], inbox=Inbox(), hops=BEGUN, number=0
        )
        self.built = SimpleNamespace(engine=self.engine, made=first, show=first.show)
        self.playing: list[str] = [first.show.said]
        self.prepared: list[tuple[int, str]] = []
        self.refused = ""
        self.tries, self.strip = Tries(), Strip()
        self.listed = SetList([Entry(path.stem, str(path)) for path in self.paths], CLOCK)
        self.taken: list[str] = []
        self.changer = Changer(
            self, self.listed, self.tries, window=self.strip,  # type: ignore[arg-type]
            refuse=lambda show: self.refused, taken=lambda made, whole: self.taken.append(made.show.said), **how,
        )  # fmt: skip
        self.tick = 0

    def ahead(self, made: Any, number: int) -> Callable[[], None]:
        self.prepared.append((number, made.show.said))

        def attach() -> None:
            self.engine.number = number
            self.playing.append(made.show.said)

        return attach

    def say(self, word: str, *args: object) -> None:
        self.tick += 1000
        for listen in self.engine.listeners:
            listen(Event(self.tick, SET + word, args))

    def step(self) -> None:
        """What the engine does with what came in."""
        for event in self.engine.inbox.take(1):
            if event.address == CHANGE:
                change = self.engine.changes(event.args[0])
                if change is not None:
                    change.attach()

    def until(self, *playing: str) -> None:
        wait_for(lambda: (self.step(), self.playing[-len(playing) :] == list(playing))[1])

    def idle(self) -> None:
        """Until nothing is being made ready."""
        before = -1
        while before != (before := len(self.tries.asked) + self.tries.sketches):
            time.sleep(0.15)
            self.step()


@pytest.fixture
def evening(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Evening]:
    monkeypatch.setattr(changer_module, "CALM", 0.0)
    made = Evening(tmp_path, "a", "b", "c")
    made.changer.open()
    yield made
    made.tries.gate.set()
    made.changer.close()


def test_the_next_of_the_set_is_there_before_anybody_asks(evening: Evening) -> None:
    wait_for(lambda: evening.tries.asked == ["b"])
    evening.idle()
    evening.say("/next")
    evening.until("a", "b")
    assert evening.tries.asked[0] == "b"
    evening.idle()
    assert evening.tries.asked == ["b", "c"]  # "b" was there, and the one after it is fetched now
    assert evening.listed.at == 1
    assert evening.taken == ["b"]


def test_a_save_does_not_wait_for_the_next_of_the_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changer_module, "CALM", 0.5)
    made = Evening(tmp_path, "a", "b")
    made.changer.open()
    for n in range(3):
        made.paths[0].write_text(f"a{n}")
        made.changer.changed(["patch"])
        made.until(*["a", "a0", "a1", "a2"][: n + 2])
    assert made.tries.asked == ["a", "a", "a"]
    wait_for(lambda: made.tries.asked == ["a", "a", "a", "b"])
    made.changer.close()


def test_a_save_leaves_the_next_of_the_set_as_it_was_made_ready(evening: Evening) -> None:
    wait_for(lambda: evening.tries.asked == ["b"])
    evening.paths[0].write_text("a, later")
    evening.changer.changed(["patch"])
    evening.until("a", "a, later")
    evening.say("/next")
    evening.until("a", "a, later", "b")
    assert evening.tries.asked[:2] == ["b", "a"]
    assert evening.tries.asked.count("b") == 1


def test_what_was_saved_since_it_was_fetched_is_fetched_again(evening: Evening) -> None:
    wait_for(lambda: evening.tries.asked == ["b"])
    evening.idle()
    evening.paths[1].write_text("b as it is now")
    evening.say("/next")
    evening.until("a", "b as it is now")
    assert evening.tries.asked[:2] == ["b", "b"]


def test_nothing_is_attached_before_it_is_ready(evening: Evening) -> None:
    evening.idle()
    evening.tries.gate.clear()
    evening.strip.dressed = 0
    evening.say("/goto", 3)
    wait_for(lambda: evening.tries.asked == ["b", "c"])
    evening.step()
    assert evening.playing == ["a"]
    assert evening.prepared == []
    evening.tries.gate.set()
    wait_for(lambda: evening.prepared == [(1, "c")])
    for _ in range(5):  # the window is not dressed yet
        time.sleep(0.02)
        evening.step()
    assert evening.playing == ["a"]
    evening.strip.dressed = 1
    evening.until("a", "c")


def test_a_window_is_not_waited_for_for_ever(evening: Evening, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changer_module, "DRESSING", 0.1)
    evening.strip.dressed = 0
    evening.say("/next")
    evening.until("a", "b")


def test_the_newest_request_wins(evening: Evening) -> None:
    evening.idle()
    evening.tries.gate.clear()
    evening.paths[1].write_text("b2")
    evening.say("/goto", 2)
    wait_for(lambda: evening.tries.asked == ["b", "b"])
    evening.say("/goto", 3)
    evening.say("/goto", 1)
    evening.say("/goto", 3)
    evening.tries.gate.set()
    evening.until("b2", "c")
    assert evening.playing == ["a", "b2", "c"]


def test_a_show_that_cannot_be_leaves_the_last_good_one_and_says_why(
    evening: Evening, caplog: pytest.LogCaptureFixture
) -> None:
    evening.paths[1].write_text("broken")
    with caplog.at_level(logging.WARNING):
        evening.say("/next")
        wait_for(lambda: "b.toml:1: is broken" in evening.strip.said)
    evening.step()
    assert evening.playing == ["a"]
    assert "b.toml:1: is broken; what played plays on" in caplog.text
    evening.paths[1].write_text("mended")
    evening.say("/next")  # it is still the next one
    evening.until("a", "mended")
    assert evening.strip.said[-1] == ""


def test_a_save_is_tried_and_then_plays(evening: Evening, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        for text in ("a1", "a broken one", "a broken one", "a2"):
            evening.paths[0].write_text(text)
            told = len(evening.strip.said)
            evening.changer.changed({"patch"})
            wait_for(lambda told=told: len(evening.strip.said) > told)
        evening.until("a", "a1", "a2")
    assert evening.strip.said == ["", "a.toml:1: is broken", "a.toml:1: is broken", ""]
    assert caplog.text.count("is broken") == 1  # on the strip until it is mended, in the terminal once


def test_a_show_that_is_refused_says_why(evening: Evening) -> None:
    evening.idle()
    evening.refused = "a take is being recorded"
    evening.say("/next")
    wait_for(lambda: evening.strip.said == ["a take is being recorded"])
    evening.step()
    assert evening.playing == ["a"]
    assert evening.prepared == []
    assert evening.listed.at == 0
    evening.refused = ""
    evening.say("/next")
    evening.until("a", "b")


class TestSketches:
    def test_a_broken_one_does_not_stop_a_patch_that_was_saved_with_it(self, evening: Evening) -> None:
        sketch = evening.paths[0].with_suffix(".py")
        evening.paths[0].write_text("a1")
        sketch.write_text("broken")
        evening.changer.changed({"patch", "sketch"})
        evening.until("a", "a1")
        assert evening.strip.said == ["a.py:3: does not draw"]
        evening.paths[0].write_text("a2")  # the sketch is still broken, and still said
        evening.changer.changed({"patch"})
        evening.until("a1", "a2")
        assert evening.strip.said == ["a.py:3: does not draw"] * 2
        sketch.write_text("good")
        evening.changer.changed({"sketch"})
        wait_for(lambda: evening.strip.said[-1] == "")

    def test_one_that_was_saved_alone_and_does_not_draw_changes_nothing(self, evening: Evening) -> None:
        evening.paths[0].with_suffix(".py").write_text("broken")
        evening.changer.changed({"sketch"})
        wait_for(lambda: evening.strip.said == ["a.py:3: does not draw"])
        evening.step()
        assert evening.playing == ["a"]
        assert evening.prepared == []

    def test_one_that_drew_is_not_tried_again(self, evening: Evening) -> None:
        evening.paths[0].with_suffix(".py").write_text("good")
        evening.changer.changed({"sketch"})
        evening.until("a", "a")
        evening.paths[0].write_text("a1")
        evening.changer.changed({"patch"})
        evening.until("a", "a1")
        assert evening.tries.sketches == 1

    def test_the_next_of_the_set_does_not_come_without_its_own(self, evening: Evening) -> None:
        evening.paths[1].with_suffix(".py").write_text("broken")
        evening.say("/next")
        wait_for(lambda: evening.strip.said == ["b.py:3: does not draw"])
        evening.step()
        assert evening.playing == ["a"]


def test_a_fault_of_ours_is_said_and_the_next_request_is_heard(
    evening: Evening, monkeypatch: pytest.MonkeyPatch
) -> None:
    evening.idle()
    ahead = evening.ahead
    monkeypatch.setattr(evening, "ahead", lambda made, number: 1 / 0)
    evening.say("/next")
    wait_for(lambda: any("ZeroDivisionError" in said for said in evening.strip.said))
    monkeypatch.setattr(evening, "ahead", ahead)
    evening.say("/goto", 3)
    evening.until("a", "c")
    evening.say("/goto", 2)
    evening.until("c", "b")


def test_the_show_that_failed_by_our_fault_can_be_asked_for_again(
    evening: Evening, monkeypatch: pytest.MonkeyPatch
) -> None:
    evening.idle()
    with monkeypatch.context() as patched:
        patched.setattr(evening, "ahead", lambda made, number: 1 / 0)
        evening.say("/next")
        wait_for(lambda: any("ZeroDivisionError" in said for said in evening.strip.said))
    evening.say("/goto", 2)
    evening.until("a", "b")


def test_numbers_never_come_twice_not_even_a_failed_one(tmp_path: Path) -> None:
    evening = Evening(tmp_path, "a", "b")
    evening.changer.open()
    evening.say("/next")
    evening.until("a", "b")
    evening.paths[1].write_text("broken")
    evening.changer.changed({"patch"})
    wait_for(lambda: evening.strip.said[-1] != "")
    evening.paths[1].write_text("b2")
    evening.changer.changed({"patch"})
    evening.until("b", "b2")
    assert [number for number, _ in evening.prepared] == [1, 3]
    evening.changer.close()
    evening.changer.close()


def test_while_the_show_itself_begins_nothing_is_made_ready_unless_it_is_asked_for(tmp_path: Path) -> None:
    evening = Evening(tmp_path, "a", "b")
    evening.engine.hops = 0
    evening.changer.open()
    time.sleep(0.2)
    assert evening.tries.opened == 0
    assert evening.tries.asked == []
    evening.engine.hops = BEGUN
    wait_for(lambda: evening.tries.asked == ["b"])
    assert evening.tries.opened == 1
    evening.changer.close()
    hasty = Evening(tmp_path, "a", "b")
    hasty.engine.hops = 0
    hasty.changer.open()
    hasty.say("/next")
    hasty.until("a", "b")
    hasty.changer.close()


def test_who_leaves_while_the_show_begins_starts_nothing_any_more(tmp_path: Path) -> None:
    evening = Evening(tmp_path, "a", "b")
    evening.engine.hops = 0
    evening.changer.open()
    thread = evening.changer._thread
    assert thread is not None
    time.sleep(0.05)
    evening.changer.close()
    thread.join(5.0)
    assert not thread.is_alive()
    assert evening.tries.opened == 0
