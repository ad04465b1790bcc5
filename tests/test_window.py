"""The window: a slot that is never torn, a process that may hang, die or never begin."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from xserver import missing as no_screen
from xserver import x_server

from wearsound.core import Clock, Event, Frame, Health, Row
from wearsound.errors import DeviceError, PatchError
from wearsound.outputs import window as window_module
from wearsound.outputs.dress import Dress
from wearsound.outputs.outfit import Outfit, slot_for
from wearsound.outputs.records import RECORD_BYTES, Records, pack_record
from wearsound.outputs.slot import LAMP_ABSENT, LAMP_ALIVE, Slot, Told
from wearsound.outputs.window import Window

if TYPE_CHECKING:
    import pygame

    from wearsound.outputs.stage import Stage

FEATURES = ("room.tempo", "room.phase", "room.beat", "room.bass", "room.mid", "room.high", "room.silence")
CONTROLS = ("chest.glow", "back.glow")
ZONES = ("chest", "back")
PIXELS = 5
FEATURE_INDEX = {name: i for i, name in enumerate(FEATURES)}
CONTROL_INDEX = {name: i for i, name in enumerate(CONTROLS)}
SHM = Path("/dev/shm")


def dress_for(garment: Path, sketch: Path | None = None, **more: object) -> Dress:
    """A show whose frames are those of `frame`."""
    told = {
        "number": 0, "title": "wearsound", "features": FEATURES, "controls": CONTROLS, "zones": ZONES,
        "pixels": PIXELS, "garment": str(garment), "sketch": str(sketch or ""), "seed": 7,
    }  # fmt: skip
    return Dress(**(told | more))  # type: ignore[arg-type]


SLOT_EVERY = 64
"""Ticks between the swing slots that the garment's guard opens: three in a second."""


def slots_at(tick: int) -> tuple[int, ...]:
    newest = tick // SLOT_EVERY
    return tuple(SLOT_EVERY * n for n in range(newest - 2, newest + 1))


def frame(number: int, value: float = 0.5) -> Frame:
    return Frame(
        tick=number * 3,
        number=number,
        time=(number + 1) / 60,
        features=Row(FEATURE_INDEX, np.full(len(FEATURES), value)),
        controls=Row(CONTROL_INDEX, np.full(len(CONTROLS), value)),
        lit=np.full((len(ZONES), 3), number % 256, np.uint8),
        felt=np.full(len(ZONES), value, np.float32),
        health=Health(fps=60.0, age_ms=12.5, drops=2),
        seed=7,
        slots=slots_at(number * 3),
        scene="rest",
        pixels=np.full((PIXELS, 3), (number + 7) % 256, np.uint8),
        dyed=np.full(len(ZONES), value / 2, np.float32),
        warm=np.full(len(ZONES), 30 + value, np.float32),
        ma=812.5,
    )


def touched(look: Frame, strong: float) -> Frame:
    """The same frame, of a garment with three actuators."""
    touch = np.array([(strong, 60.0), (0.0, 0.0), (strong / 2, 180.5)], np.float32)
    return replace(look, touch=touch)


def read(slot: Slot, after: int = 0) -> tuple[int, Frame, Told] | None:
    return slot.read(after, FEATURE_INDEX, CONTROL_INDEX, ("bloom", "rest"), 7)


@pytest.fixture
def slot() -> Iterator[Slot]:
    made = Slot(len(FEATURES), len(CONTROLS), len(ZONES), PIXELS)
    yield made
    made.close()
    made.close()


def test_a_frame_arrives_as_it_was_sent(slot: Slot) -> None:
    sent = replace(frame(41, 0.25), dark="panic")
    number = slot.write(sent, scene=1, told=Told((LAMP_ALIVE, LAMP_ABSENT)))
    other = Slot(len(FEATURES), len(CONTROLS), len(ZONES), PIXELS, slot.name)
    news = read(other)
    assert news is not None
    sequence, got, told = news
    assert (sequence, told) == (number, Told((LAMP_ALIVE, LAMP_ABSENT)))
    assert got.dark == "panic"
    assert (got.tick, got.number, got.time, got.scene, got.seed) == (123, 41, 0.7, "rest", 7)
    assert (got.health, got.slots) == (sent.health, sent.slots)
    assert got.features["room.bass"] == got.controls["back.glow"] == 0.25
    assert np.array_equal(got.lit, sent.lit)
    assert np.array_equal(got.pixels, sent.pixels)
    assert np.array_equal(got.dyed, sent.dyed)
    assert np.array_equal(got.warm, sent.warm)
    assert got.ma == sent.ma
    assert np.array_equal(got.felt, sent.felt)
    other.close()


def test_a_frame_is_news_once_and_only_the_newest(slot: Slot) -> None:
    assert read(slot) is None
    for number in range(5):
        sequence = slot.write(frame(number))
    news = read(slot)
    assert news is not None
    assert news[1].number == 4
    assert read(slot, sequence) is None
    slot.acknowledge(sequence)
    assert slot.reply() == (sequence, False, 1)


def test_a_half_written_frame_is_not_read(slot: Slot) -> None:
    slot.write(frame(1))
    slot._feature_row[2] = 99.0
    assert read(slot) is None


def test_what_each_actuator_is_felt_at_arrives_too_and_is_checked() -> None:
    slot = Slot(len(FEATURES), len(CONTROLS), len(ZONES), PIXELS, n_actuators=3)
    other = Slot(len(FEATURES), len(CONTROLS), len(ZONES), PIXELS, slot.name, n_actuators=3)
    try:
        sent = touched(frame(41), 0.75)
        slot.write(sent)
        news = read(other)
        assert news is not None
        got = news[1]
        assert got.touch.dtype == np.float32
        assert np.array_equal(got.touch, sent.touch)
        assert np.array_equal(got.lit, sent.lit)
        assert np.array_equal(got.pixels, sent.pixels)
        assert np.array_equal(got.warm, sent.warm)
        slot.write(touched(frame(42), 0.25))
        assert np.array_equal(got.touch, sent.touch)
        slot._touch_rows[2, 1] = 99.0
        assert read(other) is None, "half written"
    finally:
        other.close()
        slot.close()


def test_what_was_read_stays_when_the_next_frame_is_written(slot: Slot) -> None:
    slot.write(frame(1, 0.1))
    news = read(slot)
    slot.write(frame(2, 0.9))
    assert news is not None
    assert news[1].features["room.bass"] == 0.1


def test_a_hammering_writer_never_shows_a_torn_frame(slot: Slot) -> None:
    reader = """
    import sys, time
    import numpy as np
    from wearsound.outputs.slot import Slot
    slot = Slot(400, 400, 20, 50, sys.argv[1], n_actuators=16)
    print("ready", flush=True)
    end, seen, last = time.monotonic() + 1.0, 0, 0
    index = {"a": 0}
    while time.monotonic() < end:
        news = slot.read(last, index, index, (), 7)
        if news is None:
            continue
        last, frame, told = news
        seen += 1
        values = [frame.features.values, frame.controls.values, frame.felt, frame.dyed, frame.warm, frame.touch.ravel()]
        levels = np.concatenate([frame.lit.ravel(), frame.pixels.ravel()])
        if len(set(np.concatenate(values).tolist())) != 1 or len(set(levels.tolist())) != 1:
            sys.exit("torn")
    print(seen)
    slot.close()
    """
    big = Slot(400, 400, 20, 50, n_actuators=16)
    command = [sys.executable, "-c", textwrap.dedent(reader), big.name]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        number = 0
        while process.poll() is None:
            number += 1
            value = float(number % 4096)
            big.write(
                Frame(
                    tick=number,
                    number=number,
                    time=0.0,
                    features=Row({}, np.full(400, value)),
                    controls=Row({}, np.full(400, value)),
                    lit=np.full((20, 3), number % 256, np.uint8),
                    felt=np.full(20, value, np.float32),
                    health=Health(),
                    seed=7,
                    pixels=np.full((50, 3), number % 256, np.uint8),
                    dyed=np.full(20, value, np.float32),
                    warm=np.full(20, value, np.float32),
                    touch=np.full((16, 2), value, np.float32),
                )
            )
            if number % 4 == 0:
                time.sleep(0.0001)
        out, err = process.communicate()
    big.close()
    assert (process.returncode, err) == (0, "")
    assert int(out) > 100
    assert number > 1000


def test_records_come_together_from_any_pieces_and_nonsense_is_counted() -> None:
    records = Records()
    data = pack_record("/wear/panic") + pack_record("/wear/key", "t") + b"\xff" * RECORD_BYTES
    data += pack_record("/wear/blackout", 1)
    found = [record for i in range(0, len(data), 37) for record in records.feed(data[i : i + 37])]
    assert found == [("/wear/panic", ()), ("/wear/key", ("t",)), ("/wear/blackout", (1,))]
    assert records.malformed == 1
    for body in (b"7", b'{"a": 1}', b'["no slash"]', b"[[]]", b"[]"):
        assert records.feed(len(body).to_bytes(2, "little") + body.ljust(RECORD_BYTES - 2, b"\0")) == []
    assert records.malformed == 6


def test_a_long_sentence_is_cut_to_one_record() -> None:
    for sentence in ("x" * 5000, "ä" * 5000, "服" * 5000):
        record = pack_record("/wear/window/trouble", sentence)
        assert len(record) == RECORD_BYTES
        [(_, (got,))] = Records().feed(record)
        assert got.endswith("…")


def test_every_lamp_of_the_slot_looks_different_in_the_strip() -> None:
    import pygame

    from wearsound.instruments.picture import open_hud
    from wearsound.outputs import slot

    hud, surface, looks = open_hud((1280, 720)), pygame.Surface((1280, 720)), set()
    for state in ("ABSENT", "WAITING", "ALIVE", "LOST"):
        signs = hud.signs()
        signs.lamp_osc = getattr(slot, f"LAMP_{state}")
        surface.fill((90, 90, 90))
        hud.draw(surface, frame(1), signs)
        looks.add(pygame.image.tobytes(surface, "RGB"))
    assert len(looks) == 4


def test_a_peak_at_full_scale_is_told_for_a_second_and_a_half() -> None:
    import pygame

    from wearsound.instruments.picture import open_hud
    from wearsound.instruments.picture.hud_ink import BAD

    hud, surface = open_hud((1280, 720)), pygame.Surface((1280, 720))

    def clips(number: int, peak: float) -> bool:
        heard = Row({"room.peak": 0}, np.array([peak]))
        hud.draw(surface, replace(frame(number), features=heard), hud.signs())
        strip = pygame.surfarray.array3d(surface)
        return bool((strip == BAD).all(axis=2).any())

    surface.fill((90, 90, 90))
    assert not clips(0, -0.2)
    assert clips(1, -0.1)
    for number, red in ((2, True), (88, True), (93, False), (94, False)):
        surface.fill((90, 90, 90))
        assert clips(number, -40.0) is red


@pytest.mark.parametrize("size", [(1280, 720), (960, 540), (320, 180), (16, 16)])
@pytest.mark.parametrize("value", [0.0, 0.5, 1.0, 1e9, -1.0, float("nan")])
def test_the_strip_stays_at_the_bottom_whatever_is_heard(size: tuple[int, int], value: float) -> None:
    import pygame

    from wearsound.instruments.picture import open_hud

    hud = open_hud(size)
    signs = hud.signs()
    signs.lamp_out, signs.lamp_osc, signs.note = "lost", "alive", "saved " * 30
    surface = pygame.Surface(size)
    surface.fill((90, 90, 90))
    for number in range(3):
        hud.draw(surface, frame(number, value), signs)
    pixels = pygame.surfarray.array3d(surface).swapaxes(0, 1)
    above = size[1] - 132
    if above > 0:
        assert (pixels[:above] == 90).all()
    assert (pixels[-1] != 90).any()
    hud.error(surface, "a sentence " * 90)
    hud.keys(surface, (("Esc", "hide", "hand"), ("T", "tap", "tempo")))
    hud.word(surface, "panic")


FAKE = """
import os, sys, time, types

class GarmentPicture:
    def __init__(self, garment, size, seed):
        time.sleep(float(os.environ.get("BAKE_SECONDS", 0)))
    def draw(self, surface, frame):
        surface.fill((0, 90, 0))

class SketchPicture:
    def __init__(self, draw, garment, size, seed, fps, palette, before=None):
        self._draw = draw
    def know(self, zones):
        pass
    def draw(self, surface, frame):
        self._draw(surface, frame)

def load_sketch(path, text=None):
    names = {}
    exec(compile(text or path.read_text(), str(path), "exec"), names)
    return names["draw"]

def stand_in(module, **names):
    sys.modules[module] = types.ModuleType(module)
    vars(sys.modules[module]).update(names)

stand_in("wearsound.garment.document", load_garment=lambda path: types, __getattr__=lambda name: object)
stand_in("wearsound.instruments.picture.garment_picture", GarmentPicture=GarmentPicture)
stand_in("wearsound.instruments.picture.sketch", load_sketch=load_sketch)
stand_in("wearsound.instruments.picture.sketch_picture", SketchPicture=SketchPicture)
"""


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Pictures that take no time to bake, in a window process without a screen."""
    folder = tmp_path / "fake"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(FAKE)
    monkeypatch.setenv("PYTHONPATH", str(folder))
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    return folder


Make = Callable[..., Window]


@pytest.fixture
def make(fake: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Make]:
    made: list[Window] = []
    names: list[str] = []

    def noted(dress: Dress) -> Slot:
        slot = slot_for(dress)
        names.append(slot.name.lstrip("/"))
        return slot

    monkeypatch.setattr("wearsound.outputs.program.slot_for", noted)

    def window(sketch: str = "", **wanted: object) -> Window:
        path = None
        if sketch:
            path = tmp_path / "sketch.py"
            path.write_text(textwrap.dedent(sketch))
        garment = tmp_path / "coat.toml"
        wanted = {"size": (320, 180), **wanted}
        made.append(Window(dress_for(garment, path, scenes=("bloom", "rest")), **wanted))  # type: ignore[arg-type]
        return made[-1]

    yield window
    for each in made:
        each.close()
        each.close()
    assert [name for name in names if (SHM / name).exists()] == []


class Player:
    """Sends frames at 60 a second and keeps the longest time that one `send` took."""

    def __init__(self, window: Window) -> None:
        self.window, self.number, self.longest = window, 0, 0.0
        self.events: list[Event] = []
        self.dark = ""
        window._on_event = self.events.append

    def until(self, met: Callable[[], bool], seconds: float = 8.0) -> bool:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            start = time.perf_counter()
            self.window.send(replace(frame(self.number), dark=self.dark))
            self.longest = max(self.longest, time.perf_counter() - start)
            self.number += 1
            if met():
                return True
            time.sleep(1 / 60)
        return False

    @property
    def troubles(self) -> list[str]:
        return [event.args[0] for event in self.events if event.address == "/wear/window/trouble"]


def test_frames_are_drawn_and_acknowledged_and_closing_twice_is_fine(make: Make) -> None:
    window = make()
    window.open(Clock())
    player = Player(window)
    assert player.until(lambda: window.drawn >= 20)
    assert (window.restarts, window.dropped, player.events) == (0, 0, [])
    window.close()
    window.close()
    window.send(frame(0))
    assert window.dropped == 1


def test_a_sketch_that_raises_keeps_its_window_and_gives_way_to_the_garment(make: Make) -> None:
    window = make("def draw(surface, frame):\n    print('frame', frame.number)\n    1 / 0\n")
    window.open(Clock())
    player = Player(window)
    assert player.until(lambda: len(player.troubles) == 2)
    sentence = "sketch.py:3: ZeroDivisionError: division by zero"
    assert player.troubles == [sentence, f"{sentence} (the garment is shown instead)"]
    before = window.drawn
    assert player.until(lambda: window.drawn > before + 5)
    assert window.restarts == 0


def test_a_garment_that_bakes_slowly_is_waited_for_and_nobody_is_killed(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(window_module, "_HANG", 0.6)
    monkeypatch.setattr(window_module, "_HELD", 0.6)
    monkeypatch.setenv("BAKE_SECONDS", "1.0")
    window = make("def draw(surface, frame):\n    surface.nothing\n")
    window.open(Clock())
    player = Player(window)
    assert player.until(lambda: len(player.troubles) == 2)
    player.until(lambda: False, 1.5)
    assert (window.restarts, window.drawn > 60, len(player.troubles)) == (0, True, 2)


def test_nobody_waits_for_a_garment_that_is_painted_for_seconds(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Light and OSC are opened after the window: they must not wait until its garment is baked."""
    monkeypatch.setenv("BAKE_SECONDS", "4.0")
    window = make()
    player = Player(window)
    window.open(Clock())
    assert (window.drawn, len(player.troubles)) == (0, 1)
    assert player.troubles[0].startswith("the garment is painted for its window, once")
    assert player.until(lambda: window.drawn >= 20)
    assert window.dropped > 20
    assert player.longest < 0.5
    assert (window.restarts, len(player.troubles)) == (0, 1)


def test_a_window_that_is_left_while_its_garment_is_painted_is_gone(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BAKE_SECONDS", "30")
    window = make()
    window.open(Clock())
    began = time.monotonic()
    window.close()
    assert time.monotonic() - began < 5


def test_a_sketch_that_hangs_is_killed_and_started_again_while_frames_go_on(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(window_module, "_HANG", 1.5)
    window = make("def draw(surface, frame):\n    while 5 < frame.number < 60:\n        pass\n")
    window.open(Clock())
    player = Player(window)
    assert player.until(lambda: window.restarts == 1)
    drawn = window.drawn
    assert player.until(lambda: window._program is not None)
    assert player.until(lambda: window.drawn > drawn)
    assert player.longest < 0.5
    where, what = player.troubles
    assert where.startswith("sketch.py:2: the picture has not come back")
    assert "drew nothing" in what


def test_three_deaths_in_a_minute_and_the_garment_is_shown(make: Make) -> None:
    window = make("import os\ndef draw(surface, frame):\n    os.kill(os.getpid(), 11)\n")
    window.open(Clock())
    player = Player(window)
    assert player.until(lambda: window.restarts == 3 and window.drawn >= 5, 15)
    often = "sketch.py broke the window 3 times in a minute: the garment is shown instead"
    assert player.troubles.count(often) == 1
    assert len(player.troubles) == 2


def test_a_sketch_that_calls_exit_is_a_sentence_not_an_end(make: Make) -> None:
    window = make("def draw(surface, frame):\n    exit('bye')\n")
    window.open(Clock())
    player = Player(window)
    assert player.until(lambda: bool(player.troubles))
    assert player.troubles[0] == "sketch.py:2: SystemExit: bye"
    assert window.restarts == 0


def test_a_broken_sketch_is_its_sentence_before_the_show(make: Make) -> None:
    with pytest.raises(PatchError, match=r"invalid syntax|was never closed|expected"):
        make("def draw(:\n").open(Clock())


def test_without_a_display_it_says_what_to_do(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SDL_VIDEODRIVER", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SDL_VIDEODRIVER", "x11")
    with pytest.raises(DeviceError, match=r"no display .*wearsound render"):
        make().open(Clock())


def test_what_cannot_begin_leaves_no_complaint(make: Make, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(PatchError):
        make("def draw(:\n").open(Clock())
    assert capfd.readouterr().err == ""


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_window_whose_sketch_hangs_can_be_terminated(make: Make) -> None:
    window = make("def draw(surface, frame):\n    while True:\n        pass\n")
    window.open(Clock())
    program = window._program
    assert program is not None
    window.send(frame(0))
    time.sleep(0.3)
    program._process.terminate()
    assert program._process.wait(2) == -signal.SIGTERM


@pytest.mark.parametrize("asked", [5, "5", "beamer"])
def test_a_display_that_is_not_there_is_named(make: Make, asked: int | str) -> None:
    with pytest.raises(DeviceError, match=rf"no display {asked}; there is 0 \("):
        make(display=asked).open(Clock())


def test_without_pygame_it_says_what_to_install(fake: Path, make: Make) -> None:
    (fake / "pygame.py").write_text("raise ImportError(\"No module named 'pygame'\")")
    with pytest.raises(DeviceError, match="pip install pygame-ce"):
        make().open(Clock())


def test_nothing_in_the_current_folder_is_imported(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trap = tmp_path / "trap"
    trap.mkdir()
    for name in ("pygame", "numpy", "json", "wearsound"):
        (trap / f"{name}.py").write_text("import os; open('sprung', 'w'); os._exit(9)")
    monkeypatch.chdir(trap)
    window = make()
    window.open(Clock())
    assert Player(window).until(lambda: window.drawn > 0)
    assert not (trap / "sprung").exists()


@pytest.mark.parametrize("sketch", ["", "loom"], ids=["garment", "sketch"])
def test_a_garment_and_a_sketch_of_the_gallery_are_shown(
    sketch: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from wearsound import gallery
    from wearsound.garment.document import load_garment
    from wearsound.garment.sewn import sewn

    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    path = gallery.find("garment", "denim-jacket")
    coat = load_garment(path)
    zones, pixels = coat.zone_names, sewn(coat).n_pixels
    controls = [
        f"{zone}.{control}"
        for zone in zones
        for control in ("glow", "chroma", "dye", "buzz", "hue", "buzz_hz", "pattern")
    ]
    columns = {name: i for i, name in enumerate(controls)}
    dress = dress_for(
        path,
        gallery.find("sketch", sketch) if sketch else None,
        controls=tuple(controls),
        zones=tuple(zones),
        pixels=pixels,
        actuators=tuple(actuator.name for actuator in coat.actuators),
    )
    window = Window(dress, size=(320, 180), on_event=(events := []).append)

    def dressed(number: int) -> Frame:
        return replace(
            frame(number),
            controls=Row(columns, np.full(len(controls), 0.5)),
            lit=np.full((len(zones), 3), 120, np.uint8),
            felt=np.zeros(len(zones), np.float32),
            pixels=np.full((pixels, 3), 120, np.uint8),
            dyed=np.full(len(zones), 0.5, np.float32),
            warm=np.full(len(zones), 30, np.float32),
            touch=np.full((len(coat.actuators), 2), (0.6, 120.0), np.float32),
        )

    try:
        window.open(Clock())
        for number in range(600):
            window.send(dressed(number))
            time.sleep(1 / 60)
            if window.drawn >= 5:
                break
        assert window.drawn >= 5
        assert window.restarts == 0
        if not sketch:  # where nobody has painted it yet, a busy machine says so
            assert [
                e for e in events if "the garment is painted for its window, once" not in str(e.args)
            ] == []
    finally:
        window.close()


class White:
    """A garment in full light."""

    def draw(self, surface: pygame.Surface, frame: Frame) -> None:
        surface.fill((255, 255, 255))


class Strobe:
    """A sketch that flashes five times a second, then breaks."""

    def draw(self, surface: pygame.Surface, frame: Frame) -> None:
        surface.fill((255, 255, 255) if frame.number // 6 % 2 else (0, 0, 0))
        if frame.number >= 120:
            raise ValueError("broken")


@pytest.fixture
def stage(slot: Slot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Stage]]:
    """A stage without a process around it; its garment is white, its sketch flashes and breaks."""
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    import pygame

    from wearsound.instruments.picture import open_hud
    from wearsound.outputs.stage import Stage
    from wearsound.safety.screen import ScreenGuard

    pygame.display.init()

    def make(sketch: str = "", **more: object) -> Stage:
        pictures = SimpleNamespace(
            open_hud=open_hud,
            open_picture=lambda garment, sketch, *rest, **more: Strobe() if sketch else White(),
        )
        words = ("actuators", "most_ma", "scenes", "sliders", "whys", "cues", "set_list")
        dress = dress_for(Path(), **{key: more.pop(key) for key in words if key in more})
        wanted = Outfit(replace(dress, garment="", sketch=sketch)).as_json() | {
            "size": (320, 180), "fps": 60, "fullscreen": False, "display": 0, "hud": False, "trouble": "",
            "sample_rate": 48_000,
        }  # fmt: skip
        wanted |= more
        return Stage(wanted, slot, lambda address, *args: None, pygame, pictures, ScreenGuard)

    yield make
    pygame.display.quit()


def luminance(stage: Stage, number: int, **changed: object) -> float:
    """Of the screen, 0..1, after one turn of the stage's loop."""
    import pygame

    tick = round(number * 48_000 / 256 / 60)
    look = replace(frame(number), tick=tick, slots=slots_at(tick), **changed)
    stage._take(look)
    stage._show(look, stale=False, now=number / 60)
    return float(((pygame.surfarray.array3d(stage.pane.screen) / 255.0) ** 2.2).mean())


def rises(seen: list[float]) -> list[int]:
    """The frames at which the light had risen by a tenth since its last low point."""
    found, low, up = [], seen[0], False
    for number, value in enumerate(seen):
        low = min(low, value) if not up else low
        if not up and value >= low + 0.1:
            found.append(number)
            up, high = True, value
        elif up:
            high = max(high, value)
            if value <= high - 0.1:
                up, low = False, value
    return found


def most_in_a_second(found: list[int]) -> int:
    return max((sum(at <= other < at + 60 for other in found) for at in found), default=0)


def test_the_stage_tells_the_strip_the_names_of_the_actuators(stage: Callable[..., Stage]) -> None:
    assert stage(actuators=("hip", "knee"))._hud.chart.names == ("hip", "knee")
    assert stage()._hud.chart.names == ()


def test_the_strip_warns_when_the_battery_is_nearly_at_its_limit(stage: Callable[..., Stage]) -> None:
    """812 mA: of 850 that is more than nine tenths, of 2,000 it is not; of a battery nobody knows nothing is said."""
    import pygame

    from wearsound.instruments.picture.hud_ink import WARN

    def warns(most_ma: float) -> bool:
        hud = stage(size=(1280, 720), most_ma=most_ma)._hud
        hud.draw(pygame.Surface((1280, 720)), frame(30), hud.signs())
        colours = [colour for _, text, colour in hud.letters.texts if text == "812"]
        assert len(colours) == 1
        return colours[0] == WARN

    assert warns(850.0)
    assert not warns(2000.0)
    assert not warns(0.0)


def test_a_window_is_told_what_the_garment_bears() -> None:
    from wearsound.show.build import build
    from wearsound.show.load import load
    from wearsound.show.outputs import open_window

    show = load("bass-denim")
    window = open_window(show, build(show, {"room": (0,)}, 48_000, strict=False))
    assert window._seen.dress.most_ma == show.garment.battery.most_ma > 0


@pytest.mark.parametrize("hand", ["told", "key", "key while frozen"])
def test_a_blackout_pressed_fast_is_no_strobe(stage: Callable[..., Stage], hand: str) -> None:
    import pygame

    made = stage()
    seen = [luminance(made, number) for number in range(90)]
    assert seen[-1] > 0.99
    made.performer.frozen = hand == "key while frozen"
    for number in range(90, 210):
        dark = "blackout" if (number - 90) // 6 % 2 == 0 else ""
        if hand == "told":
            seen.append(luminance(made, number, dark=dark))
        else:
            if (number - 90) % 6 == 0:
                made._key(pygame.event.Event(pygame.KEYDOWN, key=pygame.K_b, unicode="b"))
                made._keyboard.released(pygame.K_b)
            seen.append(luminance(made, number))
        assert (seen[-1] < 0.03) or not dark
    assert len(rises(seen[90:])) >= 3
    assert most_in_a_second(rises(seen)) <= 3
    seen += [luminance(made, number) for number in range(210, 300)]
    assert seen[-1] > 0.99


def test_the_guard_remembers_when_the_garment_replaces_a_sketch(stage: Callable[..., Stage]) -> None:
    made = stage("evil.py")
    seen = [luminance(made, number) for number in range(120)]
    made.shown._errors = 59
    seen.append(luminance(made, 120))
    assert made.shown.sketch is None
    end = time.monotonic() + 2
    while made.shown._picture is None and time.monotonic() < end:
        time.sleep(0.01)
    seen += [luminance(made, number) for number in range(121, 200)]
    assert len(rises(seen)) > 3
    assert most_in_a_second(rises(seen)) <= 3
    assert seen[-1] > 0.6  # all but the error line


def test_a_picture_is_saved_whole_and_over_nothing(
    stage: Callable[..., Stage], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pygame

    monkeypatch.chdir(tmp_path)
    (tmp_path / "wearsound-0001.png").write_text("mine")
    (tmp_path / "wearsound-0002.png").symlink_to("nowhere")
    made = stage()
    luminance(made, 0)
    made._save()
    assert sorted(path.name for path in tmp_path.glob("*wearsound*")) == [
        f"wearsound-000{number}.png" for number in (1, 2, 3)
    ]
    assert pygame.image.load(tmp_path / "wearsound-0003.png").get_at((9, 9))[:3] == (255, 255, 255)
    monkeypatch.setattr("wearsound.outputs.saved.write_whole", no_space)
    made._save()
    assert made.overlay.signs.note == "not saved: no space left on device"
    assert not (tmp_path / "wearsound-0004.png").exists()


def no_space(path: Path, data: bytes) -> None:
    raise OSError(28, "No space left on device")


ENGINE = """
import signal, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)  # which what a shell starts with & would ignore
sys.path.insert(0, sys.argv[1])
from test_window import *
sketch = Path(sys.argv[2])
window = Window(dress_for(sketch, sketch), size=(320, 180))
window.open(Clock())
print(window._program._process.pid, flush=True)
for number in range(600):
    window.send(frame(number))
    time.sleep(1 / 60)
"""


@pytest.mark.parametrize(
    ("how", "loop"),
    [(signal.SIGKILL, "\n    while True:\n        pass"), (signal.SIGINT, "pass")],
    ids=["killed while it hangs", "ctrl-c while it draws"],
)
def test_when_the_engine_has_gone_the_window_leaves(
    fake: Path, tmp_path: Path, how: signal.Signals, loop: str
) -> None:
    sketch = tmp_path / "sketch.py"
    sketch.write_text(f"def draw(surface, frame):\n    {loop}\n")
    before = set(os.listdir(SHM))
    command = [sys.executable, "-c", ENGINE, str(Path(__file__).parent), str(sketch)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as engine:
        assert engine.stdout is not None
        child = int(engine.stdout.readline())
        time.sleep(0.3)
        engine.send_signal(how)
        engine.wait(3)
        end = time.monotonic() + 3
        while _alive(child) and time.monotonic() < end:
            time.sleep(0.05)
        assert not _alive(child)
        assert engine.stderr is not None
        complaint = engine.stderr.read()
    assert "leaked" not in complaint
    assert "resource_tracker" not in complaint
    assert {name for name in set(os.listdir(SHM)) - before if name.startswith("psm_")} == set()


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch, make: Make) -> Iterator[None]:
    """A real X server without a screen behind it."""
    if no_screen():
        pytest.skip(no_screen())
    with x_server() as env:
        for name, value in env.items():
            monkeypatch.setenv(name, value)
        yield


def _shot(path: Path) -> np.ndarray:
    """What the X server shows, (height, width, 3)."""
    import pygame

    subprocess.run(["import", "-window", "root", str(path)], check=True, timeout=20)
    return pygame.surfarray.array3d(pygame.image.load(path)).swapaxes(0, 1)


PAINTING = """
def draw(surface, frame):
    surface.fill((150, 60, 20))
"""


@pytest.mark.device
def test_a_real_window_shows_the_picture_and_its_keys_arrive(
    make: Make, screen: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "wearsound-0001.png").write_text("mine")
    window = make(PAINTING, size=(1280, 720))
    window.open(Clock())
    player = Player(window)

    def press(*keys: str) -> list[tuple[str, tuple[object, ...]]]:
        player.events.clear()
        subprocess.run(["xdotool", "key", *keys], check=True, timeout=20)
        player.until(lambda: len(player.events) >= 1, 1.5)
        player.until(lambda: False, 0.15)
        return [(event.address, event.args) for event in player.events]

    assert player.until(lambda: window.drawn >= 20)
    shot = _shot(tmp_path / "show.png")
    assert shot[300, 600].tolist() == [150, 60, 20]
    assert shot[690, 240].tolist() != [150, 60, 20]

    assert press("y") == [("/wear/key", ("y",))]
    assert press("t") == [("/wear/tempo/tap", ())]
    assert press("2") == [("/wear/scene/rest", ())]
    assert press("3") == [("/wear/key", ("3",))]
    assert press("b") == [("/wear/blackout", (1,))]
    assert _shot(tmp_path / "blackout.png")[300, 300].max() < 20
    assert press("b") == [("/wear/blackout", (0,))]
    assert press("Escape", "Escape") == [("/wear/panic", ())]
    panic = _shot(tmp_path / "panic.png")
    assert panic[300, 300].max() < 20
    assert panic[340:390].max() > 200
    assert press("r") == [("/wear/resume", ())]
    assert press("s") == [("/wear/window/saved", (str(tmp_path / "wearsound-0002.png"),))]
    assert (tmp_path / "wearsound-0001.png").read_text() == "mine"
    assert press("q") == [("/wear/quit", ("key q",))]
    assert _shot(tmp_path / "again.png")[300, 600].tolist() == [150, 60, 20]


@pytest.mark.device
def test_panic_from_elsewhere_is_shown_and_r_ends_it(make: Make, screen: None, tmp_path: Path) -> None:
    window = make(PAINTING, size=(640, 360), fullscreen=True)
    window.open(Clock())
    player = Player(window)
    assert player.until(lambda: window.drawn >= 5)
    assert _shot(tmp_path / "full.png")[20, 1200].tolist() == [150, 60, 20]
    player.dark = "panic"
    player.until(lambda: False, 0.3)
    assert _shot(tmp_path / "panic.png")[20, 1200].max() < 20
    subprocess.run(["xdotool", "key", "r"], check=True, timeout=20)
    assert player.until(lambda: [event.address for event in player.events] == ["/wear/resume"])


@pytest.mark.device
def test_a_display_that_goes_away_costs_no_frame_and_no_wait(
    make: Make, screen: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = make(PAINTING)
    window.open(Clock())
    player = Player(window)
    assert player.until(lambda: window.drawn >= 5)
    monkeypatch.setenv("DISPLAY", ":91919")
    window._program._process.kill()  # type: ignore[union-attr]
    assert player.until(lambda: any("no display" in sentence for sentence in player.troubles))
    assert player.longest < 0.5
