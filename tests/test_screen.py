"""`fabric = "screen"`: a sketch's picture as the light of cloth, exact offline, and live by way of the window."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from test_light import CLOCK, FEATURES, played
from xserver import missing as no_screen
from xserver import x_server

import wearsound
from wearsound.core import LIGHT_RATE, Clock, Frame, Health, Row
from wearsound.errors import WearsoundError
from wearsound.garment.colour import GAMMA
from wearsound.garment.document import Garment, load_garment
from wearsound.garment.screen import screen_pixels, screen_places
from wearsound.garment.sewn import sewn
from wearsound.instruments.light import Light, zone_controls
from wearsound.instruments.screen import DrawnScreen
from wearsound.outputs.dress import Dress
from wearsound.outputs.screen import FADE, HELD, ShownScreen
from wearsound.outputs.slot import Slot
from wearsound.outputs.window import Window
from wearsound.show.build import build
from wearsound.show.live import play
from wearsound.sources import signal
from wearsound.sources.pace import Paced

BANNER = """title = "Banner"
[[zone]]
name = "left"
light = [0.7, 0.1, 50]
fabric = "screen"
lamp = "led"
[[zone]]
name = "right"
light = [0.7, 0.1, 50]
fabric = "screen"
lamp = "led"
[[zone]]
name = "hem"
light = [0.7, 0.1, 50]
lamp = "led"
[[zone]]
name = "label"
light = [0.7, 0.1, 50]
fabric = "screen"
lamp = "led"
[[figure]]
name = "front"
at = [600, 300]
[[figure.layer]]
name = "sheet"
zone = "hem"
side = "one"
outline = [[-40, 0, 1], [40, 0, 1], [40, 40, 1], [-40, 40, 1]]
filaments = [
  { path = [[-40, 10], [0, 10]], zone = "left", pixels = 40, name = "a" },
  { path = [[0, 10], [40, 10]], zone = "right", pixels = 40, name = "b" },
  { path = [[-40, 39], [40, 39]], zone = "hem", pixels = 8, name = "c" },
]
"""
HEM, LABEL = slice(80, 88), slice(88, 89)

SKETCH = """
from wearsound import Sketch

class Ramp(Sketch):
    def setup(self, c):
        self.n = 0

    def draw(self, c, f):
        # Red rises from left to right, green tells the number of the drawing, blue is the lower half.
        for x in range(c.width):
            c.fill((x * 255 // c.width, min(self.n, 200), 0))
            c.rect(x, 0, 1, c.height / 2)
            c.fill((x * 255 // c.width, min(self.n, 200), 255))
            c.rect(x, c.height / 2, 1, c.height / 2)
        self.n += 1
"""


@pytest.fixture
def banner(tmp_path: Path) -> Garment:
    path = tmp_path / "banner.toml"
    path.write_text(BANNER)
    return load_garment(path)


@pytest.fixture
def sketch(tmp_path: Path) -> Path:
    path = tmp_path / "ramp.py"
    path.write_text(SKETCH)
    return path


def drawn(banner: Garment, sketch: Path) -> Light:
    screen = DrawnScreen(banner, banner.path, sketch, 1)
    return Light(banner, 1, FEATURES, zone_controls(banner), screen)


def bytes_of(light: np.ndarray) -> np.ndarray:
    return np.rint(255 * light ** (1 / GAMMA))


class TestPlaces:
    def test_the_box_of_the_cloth_covers_the_picture(self, banner: Garment) -> None:
        places = screen_places(banner)
        assert screen_pixels(banner).tolist() == [*range(80), 88]
        assert np.allclose(places[:80, 0], (np.arange(80) + 0.5) / 80)
        assert np.allclose(places[:80, 1], 0.25)
        assert places[80].tolist() == [0.5, 0.5]  # a label with no thread of light: the middle

    def test_a_second_figure_shows_it_again(self, tmp_path: Path) -> None:
        two = BANNER + BANNER[BANNER.index("[[figure]]") :].replace('"front"', '"back"').replace(
            "[-40, 0, 1], [40, 0, 1], [40, 40, 1]", "[-40, 0, 1], [40, 0, 1], [40, 80, 1]"
        ).replace('name = "a"', 'name = "d"').replace('name = "b"', 'name = "e"').replace('"c"', '"f"')
        (tmp_path / "two.toml").write_text(two)
        garment = load_garment(tmp_path / "two.toml")
        places, figure = screen_places(garment), sewn(garment).figure[screen_pixels(garment)]
        assert np.allclose(places[figure == 0, 0], places[figure == 1, 0])
        assert np.allclose(places[figure == 1, 1], 0.125)

    def test_a_garment_without_a_screen_has_no_such_pixels(self, tmp_path: Path) -> None:
        (tmp_path / "plain.toml").write_text(BANNER.replace('fabric = "screen"', 'fabric = "plain"'))
        assert not len(screen_pixels(load_garment(tmp_path / "plain.toml")))

    def test_half_an_outline_counts_with_its_mirror_image(self, banner: Garment, tmp_path: Path) -> None:
        (tmp_path / "half.toml").write_text(
            BANNER.replace('side = "one"', 'side = "whole"')
            .replace(
                "[[-40, 0, 1], [40, 0, 1], [40, 40, 1], [-40, 40, 1]]",
                "[[0, 0, 1], [40, 0, 1], [40, 40, 1], [0, 40, 1]]")
            .replace("[[-40, 10], [0, 10]]", "[[1, 10], [5, 10]]")
            .replace("[[0, 10], [40, 10]]", "[[0, 10], [0, 20]]")
            .replace("[[-40, 39], [40, 39]]", "[[0, 38], [0, 39]]")
        )  # fmt: skip
        places = screen_places(load_garment(tmp_path / "half.toml"))
        given, mirrored = places[:40, 0], places[40:80, 0]
        assert np.allclose(given, (40 + 1 + 4 * (np.arange(40) + 0.5) / 40) / 80)
        assert np.allclose(mirrored, 1 - given)


class TestDrawn:
    def test_a_picture_runs_across_the_zones_and_nothing_else_takes_it(
        self, banner: Garment, sketch: Path
    ) -> None:
        out = bytes_of(played(banner, 1.0, light=drawn(banner, sketch))[-1])
        red = (((np.arange(80) + 0.5) / 80 * 160).astype(int)) * 255 // 160
        assert np.array_equal(out[:80, 0], red)
        assert (out[:80, 2] == 0).all()
        assert (out[LABEL, 2] == 255).all()
        own = played(banner, 1.0)[-1]
        assert np.array_equal(played(banner, 1.0, light=drawn(banner, sketch))[-1, HEM], own[HEM])

    def test_thirty_pictures_a_second_by_ticks(self, banner: Garment, sketch: Path) -> None:
        number = bytes_of(played(banner, 1.0, 2.0, light=drawn(banner, sketch)))[:, 0, 1]
        assert np.array_equal(number, np.arange(2 * LIGHT_RATE) // 2)

    def test_glow_dims_it_and_dark_is_dark(self, banner: Garment, sketch: Path) -> None:
        full, half = (played(banner, glow, light=drawn(banner, sketch))[-1] for glow in (1.0, 0.5))
        assert np.allclose(half, full / 4)
        assert (played(banner, 0.0, light=drawn(banner, sketch)) == 0).all()

    def test_grouping_changes_no_bit_and_reset_repeats(self, banner: Garment, sketch: Path) -> None:
        light = drawn(banner, sketch)
        whole = played(banner, 0.8, light=light)
        for sizes in ((64,), (1,), (3, 1, 64, 30)):
            assert np.array_equal(played(banner, 0.8, light=light, sizes=sizes), whole)

    def test_a_sketch_sees_zones_scene_and_what_is_heard(self, banner: Garment, tmp_path: Path) -> None:
        path = tmp_path / "sees.py"
        path.write_text(
            "from wearsound import Sketch\n"
            "class Sees(Sketch):\n"
            "    def draw(self, c, f):\n"
            "        c.background(f.zone('hem')[0], round(200 * f.phase), 99 if f.scene == 'verse' else 0)\n"
        )
        screen = DrawnScreen(banner, banner.path, path, 1)
        light = Light(banner, 1, FEATURES, zone_controls(banner), screen, lambda hop: "verse")
        out = bytes_of(played(banner, 1.0, phase=0.5, light=light)[-1])
        assert out[0, 1:].tolist() == [100, 99]
        assert out[0, 0] > 200

    def test_a_failing_sketch_ends_a_render_with_its_line(self, banner: Garment, tmp_path: Path) -> None:
        path = tmp_path / "bad.py"
        path.write_text(
            "from wearsound import Sketch\nclass Bad(Sketch):\n    def draw(self, c, f):\n        1 / 0\n"
        )
        with pytest.raises(WearsoundError, match=r"bad\.py:4: ZeroDivisionError"):
            played(
                banner, 1.0, light=Light(banner, 1, FEATURES, (), DrawnScreen(banner, banner.path, path, 1))
            )


def test_a_render_of_a_screen_repeats_to_the_bit(banner: Garment, sketch: Path, tmp_path: Path) -> None:
    patch = tmp_path / "p.toml"
    patch.write_text('title = "P"\n[[route]]\nfrom = "bass"\nto = "*.glow"\nout = [0.5, 1.0]\n')
    digests = []
    for name in ("one", "two"):
        show = wearsound.load(patch, garment=banner.path, sketch=sketch)
        report = wearsound.render(show, "test:kick=120,seconds=1", to=tmp_path / name, video=False)
        digests.append(report.facts["content"]["light"])
        with np.load(tmp_path / name / "light.npz") as light:
            left, right = light["left"][-1], light["right"][-1]
            assert (np.diff(np.concatenate([left[:, 0], right[:, 0]]).astype(int)) >= 0).all()
            assert right[-1, 0] > left[0, 0] + 20
    assert digests[0] == digests[1]


def test_a_sketch_on_cloth_paints_with_a_palette_that_the_patch_names(
    banner: Garment, tmp_path: Path
) -> None:
    """What a palette's file says reaches the cloth, not the letters of its name."""
    path = tmp_path / "first.py"
    path.write_text(
        "from wearsound import Sketch\nclass First(Sketch):\n"
        "    def draw(self, c, f):\n        c.background(c.palette[0])\n"
    )
    (tmp_path / "mine.gpl").write_text("GIMP Palette\nName: Mine\n#\n 10 200  40\tleaf\n  1   2   3\tink\n")
    patch = tmp_path / "p.toml"
    patch.write_text(
        'title = "P"\npalette = "mine"\n[[route]]\nfrom = "level"\nto = "*.glow"\nout = [0.99, 1]\n'
    )
    show = wearsound.load(patch, garment=banner.path, sketch=path)
    screen = build(show, {"room": (0,)}, 48_000, strict=True).light.screen
    assert screen is not None
    assert (screen.colours(looked(0)) == [10, 200, 40]).all()


def looked(number: int) -> Frame:
    return Frame(
        tick=number * 3,
        number=number,
        time=number / LIGHT_RATE,
        features=Row({"room.silence": 0}, np.zeros(1)),
        controls=Row({}, np.zeros(0)),
        lit=np.zeros((4, 3), np.uint8),
        felt=np.zeros(4, np.float32),
        health=Health(),
        seed=1,
        pixels=np.zeros((89, 3), np.uint8),
        dyed=np.zeros(4, np.float32),
        warm=np.zeros(4, np.float32),
    )


class TestSlot:
    @pytest.fixture
    def slot(self) -> Iterator[Slot]:
        made = Slot(1, 0, 4, 89, n_screen=5)
        yield made
        made.close()

    def test_colours_come_back_once_and_whole(self, slot: Slot) -> None:
        other = Slot(1, 0, 4, 89, slot.name, 5)
        try:
            assert slot.shown(0) is None
            told = np.arange(15, dtype=np.uint8).reshape(5, 3)
            other.show(told)
            news = slot.shown(0)
            assert news is not None
            assert np.array_equal(news[1], told)
            assert slot.shown(news[0]) is None
            other.show(told + 1)
            later = slot.shown(news[0])
            assert later is not None
            assert np.array_equal(later[1], told + 1)
        finally:
            other.close()

    def test_what_is_half_written_is_not_taken(self, slot: Slot) -> None:
        slot.show(np.full((5, 3), 9, np.uint8))
        slot._shown[2] ^= 1 << 20  # one byte is not there yet
        assert slot.shown(0) is None
        slot.show(np.full((5, 3), 9, np.uint8))
        slot._shown[0] += 1  # and now somebody is writing
        assert slot.shown(0) is None

    def test_frames_and_colours_do_not_touch_one_another(self, slot: Slot) -> None:
        slot.show(np.full((5, 3), 255, np.uint8))
        slot.write(looked(3))
        got = slot.read(0, {"room.silence": 0}, {}, (), 1)
        news = slot.shown(0)
        assert got is not None
        assert (got[1].number, int(got[1].pixels.max())) == (3, 0)
        assert news is not None
        assert (news[1] == 255).all()
        slot.acknowledge(2)
        assert (slot.shown(0) or (0, np.zeros(1)))[1].min() == 255


def test_colours_are_held_two_seconds_and_then_fade_to_dark() -> None:
    told = [np.full((3, 3), 200, np.uint8)]
    screen = ShownScreen(lambda: told.pop() if told else None, 3)
    seen = np.array([screen.colours(looked(number)).max() for number in range(200)])
    assert (seen[: round(HELD * LIGHT_RATE)] == 200).all()
    falling = seen[round(HELD * LIGHT_RATE) :]
    assert (np.diff(falling.astype(int)) <= 0).all()
    assert 50 < falling[15] < 150
    assert (seen[round((HELD + FADE) * LIGHT_RATE) :] == 0).all()
    told.append(np.full((3, 3), 90, np.uint8))
    assert (screen.colours(looked(200)) == 90).all()
    screen.reset()
    assert (screen.colours(looked(0)) == 0).all()


def test_live_the_window_draws_and_the_cloth_outlives_it(
    banner: Garment, sketch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A real window process: its colours come back; killed, they stay, and come again with the next one."""
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    places = screen_places(banner)
    dress = Dress(
        0, "banner", ("room.silence",), (), banner.zone_names, sewn(banner).n_pixels, str(banner.path), str(sketch),
        seed=1, screen=tuple((float(x), float(y)) for x, y in places),
    )  # fmt: skip
    window = Window(dress, size=(320, 180))
    screen, number = ShownScreen(window.shown, len(places)), 0

    def until(met: Callable[[np.ndarray], bool], seconds: float) -> np.ndarray:
        nonlocal number
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            window.send(looked(number))
            colours = screen.colours(looked(number))
            number += 1
            if met(colours):
                return colours
            time.sleep(1 / LIGHT_RATE)
        raise AssertionError("it never came")

    try:
        window.open(CLOCK)
        colours = until(lambda seen: seen[:, 1].max() > 30, 30)
        red = ((np.arange(80) + 0.5) / 80 * 160).astype(int) * 255 / 160
        assert np.abs(colours[:80, 0].astype(int) - red).max() <= 3
        assert (colours[:80, 2] == 0).all()
        assert window._program is not None
        process = window._program._process
        process.kill()
        process.wait()
        window.shown()  # what it had said before
        held = screen.colours(looked(number))
        assert np.array_equal(held[:, 0], colours[:, 0])
        # The next window begins to count again; what was held, bright or fading, never looks like this.
        fresh = until(lambda seen: seen[79, 0] > 200 and seen[79, 1] < 15, 30)
        assert window.restarts == 1
        assert fresh[:80].any()
    finally:
        window.close()


@pytest.mark.skipif(bool(no_screen()), reason=no_screen())
def test_a_live_show_with_a_window_lights_the_cloth_with_its_sketch(
    banner: Garment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "p.toml").write_text(
        'title = "P"\n[[route]]\nfrom = "level"\nto = "*.glow"\nout = [0.99, 1]\n'
    )
    (tmp_path / "green.py").write_text(
        "from wearsound import Sketch\n\n"
        "class Green(Sketch):\n    def draw(self, c, f):\n        c.background(0, 140, 0)\n"
    )
    seen: list[np.ndarray] = []

    class Eye:
        name, rate = "eye", LIGHT_RATE

        def open(self, clock: Clock) -> None: ...

        def send(self, frame: Frame) -> None:
            seen.append(frame.pixels)

        def close(self) -> None: ...

    show = wearsound.load(tmp_path / "p.toml", garment=banner.path, sketch=tmp_path / "green.py")
    source = Paced(signal.test_signal("test:kick=120,seconds=4"), mute=True)
    with x_server() as display:
        for name, value in display.items():
            monkeypatch.setenv(name, value)
        play(show, source, size=(320, 180), port=0, prepare=lambda built: built.engine.outputs.append(Eye()))
    last = seen[-1]
    assert last[:80, 1].min() > 100
    assert not last[:80, [0, 2]].any()
    assert last[HEM].any(axis=1).all()
    assert last[HEM, 0].min() > 0  # its own colour


def test_live_without_a_window_a_screen_shines_in_its_own_colour(banner: Garment, tmp_path: Path) -> None:
    path = tmp_path / "green.py"
    path.write_text("from wearsound import Sketch\nclass G(Sketch):\n    def draw(self, c, f): pass\n")
    built = build(
        wearsound.load("bass-denim", garment=banner.path, sketch=path), {"room": (0,)}, 48_000, strict=False
    )
    assert built.light.screen is None
    assert played(banner, 1.0)[-1, 0].min() > 0
