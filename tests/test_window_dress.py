"""A window that changes its show while it runs: nothing black, nothing late, nothing left behind."""

from __future__ import annotations

import itertools
import os
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from xserver import missing as no_screen
from xserver import screenshot, x_server

from wearsound.core import Clock, Event, Frame, Health, Row
from wearsound.errors import DeviceError
from wearsound.outputs.displays import Displays
from wearsound.outputs.dress import Dress, Slider
from wearsound.outputs.fitted import Fitted
from wearsound.outputs.outfit import Outfit, slot_for
from wearsound.outputs.slot import Slot
from wearsound.outputs.window import Window
from wearsound.parts import FADE

SIZE = (64, 36)
SHM = Path("/dev/shm")
CENTRE = ((0.5, 0.5),)


def show(number: int = 0, sketch: Path | str = "", garment: Path | str = "", **more: Any) -> Dress:
    told: dict[str, Any] = {
        "number": number, "title": "t", "features": ("room.silence", "room.bass"), "controls": ("chest.glow",),
        "zones": ("chest",), "pixels": 2, "garment": str(garment), "sketch": str(sketch), "screen": CENTRE,
    }  # fmt: skip
    return Dress(**(told | more))


def frame(number: int, dress: Dress, bass: float = 0.5) -> Frame:
    names = {name: at for at, name in enumerate(dress.features)}
    heard = np.zeros(len(names))
    heard[names["room.bass"]] = bass
    zones = len(dress.zones)
    return Frame(
        tick=number * 3,
        number=number,
        time=number / 60,
        features=Row(names, heard),
        controls=Row({name: at for at, name in enumerate(dress.controls)}, np.zeros(len(dress.controls))),
        lit=np.full((zones, 3), 9, np.uint8),
        felt=np.zeros(zones, np.float32),
        health=Health(),
        seed=dress.seed,
        slots=(0, 64, 128),
        show=dress.number,
        pixels=np.full((dress.pixels, 3), 9, np.uint8),
        dyed=np.zeros(zones, np.float32),
        warm=np.zeros(zones, np.float32),
        touch=np.zeros((len(dress.actuators), 2), np.float32),
    )


def sketch_file(path: Path, body: str) -> Path:
    path.write_text("from wearsound import Sketch, parameter\n\n\n" + textwrap.dedent(body))
    return path


def plain(colour: tuple[int, int, int]) -> str:
    return f"""
    class Plain(Sketch):
        def draw(self, c, f):
            c.background(*{colour})
    """


class TestFrameForAnotherPicture:
    worn = show(1, features=("room.bass", "room.new"), zones=("back", "chest"), pixels=4, actuators=("hip",))

    def test_it_is_found_by_name_and_what_is_missing_reads_nothing(self) -> None:
        made = show(
            0, features=("room.silence", "room.bass"), zones=("chest", "hem"), actuators=("knee", "hip")
        )
        look = replace(
            frame(7, self.worn, 0.75),
            lit=np.array([[1, 1, 1], [2, 2, 2]], np.uint8),
            touch=np.array([[0.5, 60]], np.float32),
            pixels=np.arange(12, dtype=np.uint8).reshape(4, 3),
        )
        got = Fitted(self.worn, made)(look)
        assert (got.features["room.bass"], got.features["room.silence"]) == (0.75, 0.0)
        assert got.lit.tolist() == [[2, 2, 2], [0, 0, 0]]
        assert got.touch.tolist() == [[0, 0], [0.5, 60]]
        assert got.pixels[:, 0].tolist() == [0, 6]
        assert len(got.felt) == len(got.dyed) == len(got.warm) == 2
        assert (got.number, got.show, got.controls["chest.glow"]) == (7, 1, 0.0)

    def test_between_shows_with_the_same_names_nothing_is_done(self) -> None:
        look = frame(1, self.worn)
        assert Fitted(self.worn, replace(self.worn, number=9, title="another"))(look) is look


def test_an_outfit_travels_as_words() -> None:
    dress = show(3, sliders=(Slider("/a", "a", "b", "", 0, 1, 0.5),), palette=("#101010",))
    outfit = Outfit(dress, "garment = 1\n", None)
    assert Outfit.from_json(outfit.as_json()) == outfit


def test_equal_looks_are_equal_pictures(tmp_path: Path) -> None:
    coat, sketch = tmp_path / "coat.toml", tmp_path / "s.py"
    coat.write_text("a")
    sketch.write_text("b")
    one = Outfit.read(show(0, sketch, coat))
    assert Outfit.read(show(1, sketch, coat, title="x", features=("room.bass",))).look == one.look
    assert Outfit.read(show(1, sketch, coat, palette=("#000000",))).look != one.look
    assert Outfit.read(show(1, sketch, coat, seed=2)).look != one.look
    bare = Outfit.read(show(0, "", coat))
    assert Outfit.read(show(1, "", coat, palette=("#000000",))).look == bare.look != one.look
    sketch.write_text("c")
    coat.write_text("d")
    assert Outfit.read(show(1, sketch, coat)).look != one.look
    assert Outfit.read(show(0, "", coat)).look != bare.look
    assert Outfit.read(show(0, tmp_path / "gone.py", coat)).sketch is None


class Coat:
    """A garment of one grey, which is its text; baked when it may."""

    def __init__(self, text: str) -> None:
        self.grey, self.columns = int(text), [0]

    def draw(self, surface: Any, frame: Frame) -> None:
        self.columns.append(len(frame.lit))
        surface.fill((self.grey,) * 3)


class Closet:
    """A wardrobe without a process around it: real sketches, garments that are baked when `may` is set."""

    def __init__(self, first: Dress) -> None:
        import pygame

        from wearsound.instruments import picture
        from wearsound.outputs.wardrobe import Wardrobe

        self.may, self.baked = threading.Event(), [0]
        self.may.set()
        self.said: list[tuple[Any, ...]] = []

        def open_picture(garment: Path, sketch: Path | None, *rest: Any, **more: Any) -> Any:
            if sketch is not None:
                return picture.open_picture(garment, sketch, *rest, **more)
            self.may.wait(10)
            self.baked.append(int(more["garment_text"]))
            return Coat(more["garment_text"])

        pictures = SimpleNamespace(open_picture=open_picture, rehearse=picture.rehearse)
        self.slots = {first.number: slot_for(first)}
        self.wardrobe = Wardrobe(
            Outfit.read(first),
            self.attached(first),
            SIZE,
            60,
            pictures,
            pygame.Surface(SIZE),
            lambda *words: self.said.append(words),
        )
        self.wardrobe.shown.prepare(lambda: None)
        self.number = 0

    def attached(self, dress: Dress) -> Slot:
        return slot_for(dress, self.slots[dress.number].name)

    def hang(self, dress: Dress) -> None:
        self.slots[dress.number] = slot_for(dress)
        self.wardrobe.hang(Outfit.read(dress), self.slots[dress.number].name)

    def until_dressed(self, number: int) -> None:
        end = time.monotonic() + 10
        while ("/wear/window/dressed", number) not in self.said and time.monotonic() < end:
            self.wardrobe.prepare()
            time.sleep(0.002)
        assert ("/wear/window/dressed", number) in self.said

    def play(self, dress: Dress, frames: int = 1, bass: float = 0.5) -> list[int]:
        """The red of the middle after each frame."""
        seen = []
        for _ in range(frames):
            self.number += 1
            self.slots[dress.number].write(frame(self.number, dress, bass))
            news = self.wardrobe.read()
            assert news is not None
            assert news[1].features["room.bass"] == bass
            self.wardrobe.draw(news[1])
            seen.append(self.wardrobe.shown.good.get_at((32, 18))[0])
        return seen

    @property
    def troubles(self) -> list[str]:
        return [words[1] for words in self.said if words[0] == "/wear/window/trouble"]

    def close(self) -> None:
        self.may.set()
        self.wardrobe.close()
        for slot in self.slots.values():
            slot.close()


@pytest.fixture
def closet(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Dress], Closet]]:
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    made: list[Closet] = []

    def open_closet(first: Dress) -> Closet:
        made.append(Closet(first))
        return made[-1]

    yield open_closet
    for each in made:
        each.close()


Open = Callable[[Dress], Closet]


def test_a_patch_that_is_saved_keeps_its_picture(closet: Open, tmp_path: Path) -> None:
    body = """
    made = []


    class Counting(Sketch):
        def setup(self, c):
            made.append(1)

        def draw(self, c, f):
            c.background(10 * len(made), 0, round(f.bass * 100))
    """
    sketch = sketch_file(tmp_path / "s.py", body)
    first = show(0, sketch)
    worn = closet(first)
    assert worn.play(first, 5) == [10] * 5
    picture = worn.wardrobe.shown.picture
    other = show(
        1, sketch, features=("room.bass", "room.x", "room.silence"), zones=("chest", "hem"), pixels=9
    )
    worn.hang(other)
    worn.until_dressed(1)
    assert worn.play(first, 2) == [10, 10], "until a frame of the new show comes the old one plays"
    assert worn.play(other, 5, 0.25) == [10] * 5
    assert worn.wardrobe.shown.good.get_at((32, 18))[2] == 25, "no crossfade, and the new column is read"
    assert worn.wardrobe.shown.picture is picture
    assert picture is not None
    assert picture.zones == ("chest", "hem")  # type: ignore[attr-defined]
    assert ("/wear/window/worn", 1) in worn.said
    assert list(worn.wardrobe._slots) == [1]


def test_a_sketch_that_is_saved_goes_on_where_the_last_one_was(closet: Open, tmp_path: Path) -> None:
    body = """
    class Walking(Sketch):
        grey: int = parameter(GREY, 0, 255)

        def setup(self, c):
            assert self.state is not None
            self.state.steps = getattr(self.state, "steps", 0)
            self.state.path = getattr(self.state, "path", [])

        def draw(self, c, f):
            self.state.steps += 1
            self.state.path.append(self.state.steps)
            c.fill(self.grey, 0, 0)
            c.rect(20, 10, 30, 20)
    """
    sketch = sketch_file(tmp_path / "s.py", body.replace("GREY", "40"))
    first = show(0, sketch)
    worn = closet(first)
    old = worn.wardrobe.shown.picture
    assert old is not None
    old.canvas.surface.fill((7, 8, 9))  # type: ignore[attr-defined]
    worn.play(first, 10)
    sketch_file(sketch, body.replace("GREY", "200"))
    second = show(1, sketch)
    worn.hang(second)
    worn.until_dressed(1)
    new = worn.wardrobe._ready[1]  # type: ignore[index]
    assert new.sketch.state.steps == 10  # type: ignore[attr-defined]
    worn.play(first, 1)
    assert new.sketch.state.path == list(range(1, 11)), "by value: the old one may play on"  # type: ignore[attr-defined]
    seen = worn.play(second, 40)
    frames = round(FADE * 60)
    assert seen[0] == 40
    assert all(b >= a for a, b in itertools.pairwise(seen))
    assert 60 < seen[frames // 2] < 180
    assert seen[frames:] == [200] * (40 - frames)
    assert worn.wardrobe.shown.good.get_at((1, 1))[:3] == (7, 8, 9), "the canvas is the old one's"


def test_parameters_keep_what_they_were_turned_to(tmp_path: Path) -> None:
    from wearsound.instruments.picture.sketch import load_sketch
    from wearsound.instruments.picture.sketch_picture import SketchPicture

    body = """
    class Turned(Sketch):
        warmth: float = 0.25

        def setup(self, c):
            self.was = self.warmth

        def draw(self, c, f):
            pass
    """
    path = sketch_file(tmp_path / "s.py", body)
    old = SketchPicture(load_sketch(path), None, SIZE, 7, 60)
    import pygame

    turned = replace(frame(1, show()), controls=Row({"sketch.warmth": 0}, np.array([0.75])))
    old.draw(pygame.Surface(SIZE), turned)
    new = SketchPicture(load_sketch(path), None, SIZE, 7, 60, (), old.legacy())
    assert new.sketch.was == 0.75  # type: ignore[attr-defined]


def test_while_a_garment_is_baked_the_last_picture_plays_the_new_show(closet: Open, tmp_path: Path) -> None:
    coat = tmp_path / "coat.toml"
    coat.write_text("50")
    first = show(0, "", coat)
    worn = closet(first)
    worn.play(first, 3)
    old = worn.wardrobe.shown.picture
    assert isinstance(old, Coat)
    coat.write_text("150")
    second = show(1, "", coat, zones=("a", "b", "chest"), pixels=5)
    worn.may.clear()
    worn.hang(second)
    assert set(worn.play(first, 2) + worn.play(second, 30)) == {50}
    assert set(old.columns[1:]) == {1}, "in the columns that it knows"
    assert len(worn.troubles) == 1
    assert "plays on until then" in worn.troubles[0]
    worn.may.set()
    worn.until_dressed(1)
    seen = worn.play(second, 40)
    assert seen[0] == 50
    assert seen[-1] == 150
    assert len(worn.troubles) == 1


def test_of_garments_that_are_asked_for_faster_than_they_are_baked_the_newest_is_worn(
    closet: Open, tmp_path: Path
) -> None:
    coat = tmp_path / "coat.toml"
    coat.write_text("50")
    first = show(0, "", coat)
    worn = closet(first)
    worn.may.clear()
    for number in range(1, 6):
        coat.write_text(str(50 + number))
        worn.hang(show(number, "", coat))
    time.sleep(0.05)
    worn.may.set()
    worn.until_dressed(5)
    assert worn.play(show(5, "", coat), 40)[-1] == 55
    assert len(worn.baked) <= 4, "those that nobody waits for any more are not baked"


BROKEN = {
    "not Python": "class (:",
    "setup": """
    class Broken(Sketch):
        def setup(self, c):
            1 / 0

        def draw(self, c, f):
            pass
    """,
    "draw": """
    class Broken(Sketch):
        def draw(self, c, f):
            1 / 0
    """,
    "exit": """
    class Broken(Sketch):
        def draw(self, c, f):
            exit()
    """,
}


@pytest.mark.parametrize("how", BROKEN)
def test_a_sketch_that_breaks_leaves_the_last_one_playing(closet: Open, tmp_path: Path, how: str) -> None:
    moving = """
    class Moving(Sketch):
        def draw(self, c, f):
            c.background(round(f.bass * 200), 0, 0)
    """
    sketch = sketch_file(tmp_path / "s.py", moving)
    first = show(0, sketch)
    worn = closet(first)
    assert worn.play(first, 3, 0.25) == [50] * 3
    sketch_file(sketch, BROKEN[how])
    second = show(1, sketch, features=("room.bass", "room.x"))
    worn.hang(second)
    worn.until_dressed(1)
    worn.play(second, 1)
    assert worn.play(second, 3, 0.5) == [100] * 3, "it moves with the new show's features"
    assert ("/wear/window/refused", 1) in worn.said
    assert "s.py:" in worn.wardrobe.shown.trouble
    assert worn.wardrobe.shown.trouble.endswith("(the last picture plays on)")
    sketch_file(sketch, plain((200, 0, 0)))
    third = show(2, sketch)
    worn.hang(third)
    worn.until_dressed(2)
    assert worn.play(third, 40)[-1] == 200
    assert worn.wardrobe.shown.trouble == ""


def test_a_sketch_that_breaks_for_good_after_a_while_gives_way_to_the_one_before(
    closet: Open, tmp_path: Path
) -> None:
    sketch = sketch_file(tmp_path / "s.py", plain((50, 0, 0)))
    first = show(0, sketch)
    worn = closet(first)
    worn.play(first)
    late = """
    class Late(Sketch):
        def draw(self, c, f):
            c.background(200, 0, 0)
            assert f.number < 60
    """
    sketch_file(sketch, late)
    second = show(1, sketch)
    worn.hang(second)
    worn.until_dressed(1)
    seen = worn.play(second, 200)
    assert seen[50] == 200
    assert seen[70] == 200, "the last good picture stays"
    assert seen[-1] == 50
    assert worn.wardrobe.shown.trouble.endswith("(the last picture plays on)")


class Player:
    """Sends frames of the show it is at, 60 a second, and keeps how long `send` took."""

    def __init__(self, window: Window, dress: Dress) -> None:
        self.window, self.dress, self.number = window, dress, 0
        self.took: list[float] = []
        self.events: list[Event] = []
        self.colours = np.zeros((1, 3), np.uint8)
        window._on_event = self.events.append

    def until(self, met: Callable[[], bool], seconds: float = 15.0) -> bool:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            look = frame(self.number, self.dress)
            start = time.perf_counter()
            self.window.send(look)
            self.took.append(time.perf_counter() - start)
            self.number += 1
            news = self.window.shown()
            self.colours = news if news is not None else self.colours
            if met():
                return True
            time.sleep(1 / 60)
        return False

    def change(self, dress: Dress) -> None:
        """As an engine does: told, waited for, played."""
        self.window.dress(dress)
        assert self.until(lambda: self.window.dressed >= dress.number)
        self.dress = dress

    def sees(self, *colour: int) -> bool:
        return self.until(lambda: bool((np.abs(self.colours[0].astype(int) - colour) < 4).all()))

    @property
    def troubles(self) -> list[str]:
        return [event.args[0] for event in self.events if event.address == "/wear/window/trouble"]


@pytest.fixture
def opened(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, shared: list[str]
) -> Iterator[Callable[..., Player]]:
    """A real program without a screen."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    if "DISPLAY" not in os.environ or os.environ.get("SDL_VIDEODRIVER") != "x11":
        monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    made: list[Window] = []
    names = shared

    def open_window(dress: Dress, **wanted: Any) -> Player:
        made.append(Window(dress, **({"size": (320, 180)} | wanted)))
        made[-1].open(Clock())
        return Player(made[-1], dress)

    yield open_window
    for window in made:
        window.close()
    assert names
    assert left(names) == []


@pytest.fixture
def shared(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of all shared memory that this process has found for windows."""
    names: list[str] = []

    def noted(dress: Dress, name: str = "") -> Slot:
        slot = slot_for(dress, name)
        names.append(slot.name)
        return slot

    monkeypatch.setattr("wearsound.outputs.program.slot_for", noted)
    return names


def left(names: list[str]) -> list[str]:
    return [name for name in names if (SHM / name.lstrip("/")).exists()]


def test_a_window_changes_its_show_and_sends_cost_nothing(
    opened: Callable[..., Player], tmp_path: Path
) -> None:
    red = sketch_file(tmp_path / "red.py", plain((200, 0, 0)))
    blue = sketch_file(tmp_path / "blue.py", plain((0, 0, 200)))
    player = opened(show(0, red))
    assert player.sees(200, 0, 0)
    assert player.window.dressed == 0
    began = time.perf_counter()
    player.window.dress(show(1, blue))
    assert time.perf_counter() - began < 0.25
    player.change(show(2, blue, screen=((0.5, 0.5), (0.1, 0.1)), zones=("a", "b", "c"), pixels=40))
    assert player.sees(0, 0, 200)
    assert player.colours.shape == (2, 3)
    assert (player.window.restarts, player.troubles) == (0, [])
    player.window.tell("patch.toml:3: there is no feature `bas`")
    assert sorted(player.took)[len(player.took) // 2] < 0.01


def test_a_program_that_dies_comes_back_with_the_show_that_plays(
    opened: Callable[..., Player], tmp_path: Path
) -> None:
    """Also where its file has been broken since."""
    sketch = sketch_file(tmp_path / "s.py", plain((200, 0, 0)))
    player = opened(show(0, sketch))
    sketch_file(sketch, plain((0, 0, 200)))
    player.change(show(1, sketch))
    assert player.sees(0, 0, 200)
    sketch.write_text("class (")
    player.window.dress(show(2, sketch))
    assert player.until(lambda: player.window.dressed >= 2)
    player.window._program._process.kill()  # type: ignore[union-attr]
    player.colours = np.zeros((1, 3), np.uint8)
    assert player.until(lambda: player.window.restarts == 1)
    assert player.sees(0, 0, 200)
    assert player.until(lambda: player.window.dressed == 2), "what was asked for is asked for again"


@pytest.mark.parametrize("how", ["os._exit(3)", "while True: pass"])
def test_a_sketch_that_breaks_the_program_while_it_is_set_up_is_not_tried_again(
    opened: Callable[..., Player], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    patience = tmp_path / "patience"
    patience.mkdir()
    (patience / "sitecustomize.py").write_text("import wearsound.outputs.wardrobe as w; w.GIVE_UP = 1.0")
    monkeypatch.setenv("PYTHONPATH", str(patience))
    good = sketch_file(tmp_path / "good.py", plain((200, 0, 0)))
    evil = """
    class Evil(Sketch):
        def setup(self, c):
            import os
            HOW

        def draw(self, c, f):
            pass
    """
    player = opened(show(0, good))
    assert player.sees(200, 0, 0)
    drawn = player.window.drawn
    player.window.dress(show(1, sketch_file(tmp_path / "evil.py", evil.replace("HOW", how))))
    assert player.until(lambda: player.window.restarts == 1)
    if "while" in how:
        assert player.window.drawn > drawn + 10, "the last picture plays on beside it"
        assert any(sentence.startswith("evil.py:8: the sketch has not come") for sentence in player.troubles)
    player.colours = np.zeros((1, 3), np.uint8)
    assert player.sees(200, 0, 0)
    assert player.until(lambda: player.window._program is not None and player.window.dressed == 1)
    player.dress = show(1, good)
    assert player.sees(200, 0, 0)
    player.until(lambda: False, 2.5)
    assert player.window.restarts == 1
    broke = "evil.py broke the window before it was seen: the last picture plays on"
    assert (broke in player.troubles) is ("while" not in how)


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="counts are read from /proc")
def test_two_hundred_changes_leave_nothing_behind(
    opened: Callable[..., Player], tmp_path: Path, shared: list[str]
) -> None:
    files = [sketch_file(tmp_path / f"s{n}.py", plain((n, 0, 0))) for n in range(7)]
    player = opened(show(0, files[0]))
    player.until(lambda: player.window.drawn > 5)

    def counts() -> tuple[int, int, int, int, int, int]:
        pid = player.window._program._process.pid  # type: ignore[union-attr]
        own = len(os.listdir("/proc/self/fd")), threading.active_count(), _mapped("self")
        return (
            *own,
            len(os.listdir(f"/proc/{pid}/fd")),
            len(os.listdir(f"/proc/{pid}/task")),
            _mapped(str(pid)),
        )

    for number in range(1, 4):
        player.change(show(number, files[number % 7]))
        player.until(lambda: False, 0.1)
    before = counts()
    for number in range(4, 204):
        path = (
            files[number % 7] if number % 2 else files[(number - 1) % 7]
        )  # every other one keeps its picture
        player.change(show(number, path, features=("room.bass", f"room.x{number}")))
        player.until(lambda: True)

    def more() -> bool:
        return any(now > then for now, then in zip(counts(), before, strict=True))

    assert player.until(lambda: not more(), 5), (before, counts())
    assert len(shared) == 204
    assert player.until(lambda: left(shared) == []), "unlinked as soon as both sides have it"
    assert len(player.window._outfits) <= 3
    assert (player.window.restarts, player.troubles) == (0, [])


def _mapped(process: str) -> int:
    return Path(f"/proc/{process}/maps").read_text().count("psm_")


def test_a_window_that_has_said_much_says_more() -> None:
    heard: list[Event] = []
    window = Window(show(), on_event=heard.append)
    for number in range(250):
        for _ in range(3):
            window._say_once(f"trouble {number}")
    assert len(heard) == 250
    window._say_once("trouble 3")
    assert len(heard) == 251, "what was long ago is news again"


class Desk:
    """Displays that can be plugged and unplugged."""

    def __init__(self, *sizes: tuple[int, int]) -> None:
        self.sizes = list(sizes)
        self.display = SimpleNamespace(get_desktop_sizes=lambda: self.sizes, __file__="nothing")


def test_displays_are_found_by_number_and_name_and_remembered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    desk = Desk((1280, 720), (1920, 1080), (1920, 1080))
    displays = Displays(desk)
    assert displays.named == ["1280x720", "1920x1080 #1", "1920x1080 #2"]
    assert [displays.chosen(asked) for asked in (None, "", 1, "2", "1920x", "#2")] == [0, 0, 1, 2, 1, 2]
    for asked in (3, "-1", "beamer"):
        with pytest.raises(DeviceError, match=r"no display .*; there is 0 \(1280x720\), 1 \("):
            displays.chosen(asked)
    assert [displays.next(at) for at in range(3)] == [1, 2, 0]
    displays.keep(2)
    assert Displays(desk).chosen(None) == 2
    assert not displays.changed(10.0)
    desk.sizes.pop()
    assert not displays.changed(10.5), "it does not look all the time"
    assert displays.changed(11.1)
    assert Displays(desk).chosen(None) == 0, "it is not there any more"


@pytest.mark.device
@pytest.mark.skipif(bool(no_screen()), reason=no_screen())
def test_on_a_real_screen_nothing_is_black_between_two_shows(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    import pygame

    with x_server() as env:
        for name, value in env.items():
            monkeypatch.setenv(name, value)
        opened: Callable[..., Player] = request.getfixturevalue("opened")
        red = sketch_file(tmp_path / "red.py", plain((200, 0, 0)))
        setup = "def setup(self, c):\n            import time; time.sleep(1)\n\n        def draw"
        slow = plain((0, 0, 200)).replace("def draw", setup)
        blue = sketch_file(tmp_path / "blue.py", slow)
        player = opened(show(0, red), size=(1280, 720), hud=False)
        assert player.sees(200, 0, 0)
        player.window.dress(show(1, blue))
        player.dress = show(1, blue)  # its frames come before its picture is ready
        seen = []
        for number in range(12):
            player.until(lambda: False, 0.1)
            screenshot(tmp_path / f"{number}.png", env)
            seen.append(pygame.image.load(tmp_path / f"{number}.png").get_at((640, 300))[:3])
        assert seen[0] == (200, 0, 0)
        # Out of saturated red the flash guard takes some light; black is another thing.
        assert all(sum(colour) >= 120 for colour in seen), repr(seen)
        assert player.sees(0, 0, 200)
        player.window.tell("patch.toml:3: there is no feature `bas`")
        player.until(lambda: False, 0.5)
        screenshot(tmp_path / "told.png", env)
        told = pygame.surfarray.array3d(pygame.image.load(tmp_path / "told.png"))
        assert (told != (0, 0, 200)).any(axis=2).mean() > 0.01, "the sentence stands on the strip"
        player.window.close()
