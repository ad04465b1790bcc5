"""Sketches: what an artist writes, hears and draws on."""

from __future__ import annotations

import hashlib
import math
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from thorough import some

os.environ.setdefault("SDL_VIDEODRIVER", "dummy")

import pygame

from wearsound import gallery
from wearsound.core import Clock, Frame, Health, Row
from wearsound.errors import PatchError
from wearsound.instruments.picture import inks
from wearsound.instruments.picture.canvas import Canvas
from wearsound.instruments.picture.heard import Heard
from wearsound.instruments.picture.sketch import Sketch, load_sketch, parameter
from wearsound.instruments.picture.sketch_picture import SketchPicture
from wearsound.show.about import line_about

ROOT = Path(__file__).parent.parent
SKETCHES = [*sorted((ROOT / "sketches").glob("*.py")), ROOT / "examples" / "first_sketch.py"]
NAMES = [
    *("level", "loudness", "presence", "sub", "bass", "lowmid", "mid", "high", "air", "centroid", "flatness"),
    *("flux", "onset", "strength", "tempo", "beat", "phase", "confidence", "silence", "gate", "peak"),
    *("kick", "snare", "hat", "bar", "downbeat", "metre"),
]
INDEX = {f"room.{name}": at for at, name in enumerate(NAMES)} | {"body.bass": len(NAMES)}
SMALL, FULL = (320, 180), (1280, 720)


class Jacket:
    zone_names = ("chest", "sleeve_l")


def frame(number: int = 0, tick: int = 0, time: float | None = None, **heard: float) -> Frame:
    values = np.zeros(len(INDEX))
    for name, value in heard.items():
        values[INDEX.get(f"room.{name}", INDEX.get(name.replace("_", ".", 1)))] = value
    lit = np.array([[10, 20, 30], [200, 100, 50]], np.uint8)
    at = number / 30 if time is None else time
    nothing = Row({}, np.zeros(0))
    return Frame(
        tick, number, at, Row(INDEX, values), nothing, lit, np.array([0.0, 0.5], np.float32), Health(), 7
    )


def song(frames: int, seed: int = 7, quiet: int = 10**9) -> Iterator[Frame]:
    """A made-up 112 bpm: kick on the beat, onsets on eighths; from frame `quiet` on only a humming room."""
    clock = Clock()
    for number in range(frames):
        tick = (number + 1) * clock.sample_rate // (clock.hop * 30)
        beats = clock.seconds(min(tick, quiet * 6)) * 112 / 60
        loud = 1.0 if number < quiet else 0.2 + 0.8 * math.exp(-(number - quiet) / 10)
        kick, hat = math.exp(-7 * (beats % 1)) * loud, math.exp(-9 * ((beats * 2 + 1) % 1)) * loud
        made = frame(
            number,
            tick,
            clock.seconds(tick + 1),
            **{
                "sub": kick,
                "bass": 0.8 * kick,
                "lowmid": 0.4 * loud,
                "mid": 0.4 * loud,
                "high": 0.8 * hat,
                "air": hat / 2,
            },
            **{
                "beat": math.floor(beats) + 1,
                "phase": beats % 1,
                "tempo": 112,
                "silence": float(number >= quiet),
            },
            onset=math.floor(beats * 2) + 1,
            kick=math.floor(beats) + 1,
            hat=math.floor(beats + 0.5),
        )
        yield Frame(*(getattr(made, name) for name in made.__slots__[:8]), seed=seed)


def pictures(
    path: Path,
    size: tuple[int, int],
    frames: int,
    seed: int = 7,
    quiet: int = 10**9,
    palette: Sequence[str] = (),
) -> list[np.ndarray]:
    picture = SketchPicture(load_sketch(path), Jacket(), size, seed, 30, palette)
    surface, seen = pygame.Surface(size, 0, 32), []
    for now in song(frames, seed, quiet):
        picture.draw(surface, now)
        seen.append(pygame.surfarray.array3d(surface))
    return seen


def digest(frames: list[np.ndarray]) -> str:
    return hashlib.sha256(np.stack(frames).tobytes()).hexdigest()


def written(folder: Path, text: str, name: str = "bloom.py") -> Path:
    path = folder / name
    path.write_text("from wearsound import Sketch, parameter\n" + text)
    return path


@pytest.mark.parametrize("path", SKETCHES, ids=lambda path: path.stem)
class TestEverySketch:
    def test_draws_and_repeats_to_the_bit(self, path: Path) -> None:
        frames = pictures(path, SMALL, 30)
        assert frames[-1].std() > 1
        assert digest(frames) == digest(pictures(path, SMALL, 30))

    def test_moves_with_the_music_and_starts_with_a_picture(self, path: Path) -> None:
        frames = pictures(path, SMALL, 30)
        assert frames[0].std() > 1
        assert np.abs(frames[-1].astype(int) - frames[0]).mean() > 0.2

    def test_draws_at_full_size(self, path: Path) -> None:
        assert pictures(path, FULL, 4)[-1].std() > 1

    def test_has_one_line_about_it(self, path: Path) -> None:
        assert 20 < len(line_about(path)) < 120

    def test_parameters_stay_inside_their_range(self, path: Path) -> None:
        sketch = load_sketch(path)()
        for spec in sketch.parameters():
            assert spec.low <= spec.default <= spec.high
            sketch.set(spec.name, 1e9)
            assert getattr(sketch, spec.name) == spec.high


@pytest.mark.parametrize("path", SKETCHES[:-1], ids=lambda path: path.stem)
class TestEveryGallerySketch:
    def test_comes_to_rest_within_three_seconds_of_silence(self, path: Path) -> None:
        frames = pictures(path, SMALL, 60 + 110, quiet=60)
        playing = [np.abs(b.astype(int) - a).mean() for a, b in pairwise(frames[30:60])]
        resting = [np.abs(b.astype(int) - a).mean() for a, b in pairwise(frames[150:])]
        assert frames[-1].std() > 1
        assert max(resting) < 0.3
        assert np.mean(resting) < np.mean(playing) / 4

    def test_seed_decides_place(self, path: Path) -> None:
        one, other = (pictures(path, SMALL, 12, seed)[-1].astype(int) for seed in (1, 2))
        assert np.abs(one - other).mean() > 0.3
        assert abs(one.mean() - other.mean()) < 10

    @pytest.mark.parametrize("count", some([3, 1, 8, 5], 4))
    def test_it_dyes_in_the_patch_s_palette(self, path: Path, count: int) -> None:
        """Greens only: nothing the sketch says itself in blue, madder or straw is left over."""
        greens = ["#24331f", "#3f6b35", "#6fae58", "#9fd488", "#d5f0c8", "#88aa77", "#557744", "#223311"]
        plain, dyed = pictures(path, SMALL, 60)[-1], pictures(path, SMALL, 60, palette=greens[:count])[-1]
        assert np.abs(plain.astype(int) - dyed).mean() > 0.5
        if count >= 5:
            green = dyed.astype(int)
            lit = green.max(axis=2) > 60
            assert lit.mean() > 0.01
            assert (green[..., 1] >= green.max(axis=2) - 12)[lit].mean() > 0.95

    def test_is_short_enough_to_learn_from(self, path: Path) -> None:
        assert len(path.read_text().splitlines()) < 60

    def test_a_saved_file_goes_on_with_what_it_keeps(self, path: Path) -> None:
        """A reload in the middle changes nothing: not a stitch is lost, and nothing comes twice."""
        kept = load_sketch(path).keeps
        ends = []
        for saved in (False, True):
            picture = SketchPicture(load_sketch(path), Jacket(), SMALL, 7, 30)
            surface = pygame.Surface(SMALL, 0, 32)
            for number, now in enumerate(song(91)):
                if saved and number == 45:
                    picture = SketchPicture(load_sketch(path), Jacket(), SMALL, 7, 30, (), picture.legacy())
                picture.draw(surface, now)
            ends.append(pygame.surfarray.array3d(surface).astype(int))
        assert bool(kept) == (path.stem != "lint")
        if kept:  # what eases begins at its value, so a place may differ by what has been eased since
            assert np.abs(ends[0] - ends[1]).mean() < 4
            first = pictures(path, SMALL, 1)[-1].astype(int)
            assert np.abs(ends[0] - ends[1]).mean() < np.abs(ends[1] - first).mean() / 2

    def test_the_patch_s_ground_may_be_pale(self, path: Path) -> None:
        """Cloth of undyed wool is night-dark too: no picture turns to fog."""
        salt = ["#a59d8f", "#e4dec8", "#e3cfa5", "#e4dec8", "#8ec6e7"]
        last = pictures(path, SMALL, 60, palette=salt)[-1]
        assert (last.max(axis=2) < 110).mean() > 0.5

    def test_mostly_dark_and_never_blown_out(self, path: Path) -> None:
        last = pictures(path, SMALL, 60)[-1]
        assert (last.max(axis=2) < 110).mean() > 0.5
        assert (last.min(axis=2) > 235).mean() < 0.01


def test_equal_bits_whatever_the_hash_seed() -> None:
    code = (
        "import sys; sys.path.insert(0, 'tests')\n"
        "from test_sketch import *\n"
        "print(digest(pictures(SKETCHES[0], SMALL, 10)))"
    )
    seen = {
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.splitlines()[-1]
        for seed in ("1", "2")
    }
    assert seen == {digest(pictures(SKETCHES[0], SMALL, 10))}


class Counting(Sketch):
    def setup(self, c: Canvas) -> None:
        self.seen: list[int] = []

    def draw(self, c: Canvas, f: Heard) -> None:
        self.seen.append(self.hit(f, "onset"))
        assert self.hit(f, "room.onset") == self.seen[-1]


def drawn(frames: list[Frame]) -> SketchPicture:
    picture = SketchPicture(Counting, None, (16, 9), 7, 30)
    for now in frames:
        picture.draw(pygame.Surface((16, 9), 0, 32), now)
    return picture


def test_hits_are_neither_lost_nor_doubled() -> None:
    counts = [1, 1, 2, 5, 5, 9]
    picture = drawn([frame(n, onset=count) for n, count in enumerate(counts)])
    assert picture.sketch.seen == [1, 0, 1, 3, 0, 4]


def test_hits_survive_dropped_frames() -> None:
    picture = drawn([frame(n, onset=n) for n in (0, 3, 4, 10)])
    assert picture.sketch.seen == [0, 3, 1, 6]


def test_a_picture_that_joins_later_does_not_play_the_past() -> None:
    picture = drawn([frame(500, onset=900), frame(501, onset=901)])
    assert picture.sketch.seen == [0, 1]


def test_frames_may_share_their_memory() -> None:
    shared = frame(0, onset=1)
    picture = drawn([shared])
    shared.features.values[INDEX["room.onset"]] = 4
    picture.draw(pygame.Surface((16, 9), 0, 32), shared)
    assert picture.sketch.seen == [1, 3]


class TestHeard:
    heard = Heard(
        frame(4, tick=20, bass=0.25, beat=3, onset=2, body_bass=0.5), None, 0.03, ("chest", "sleeve_l")
    )

    def test_plain_numbers(self) -> None:
        f = self.heard
        assert (f.bass, f["bass"], f["room.bass"], f["body.bass"]) == (0.25, 0.25, 0.25, 0.5)
        assert (f.beat, f.onset, f.number, f.tick, f.seed) == (3, 2, 4, 20, 7)
        assert isinstance(f.beat, int)
        assert f.bands == (0, 0.25, 0, 0, 0, 0)
        assert "body.bass" in f
        assert "body.bess" not in f

    def test_zones(self) -> None:
        assert self.heard.zone("sleeve_l") == (200, 100, 50)
        assert self.heard.felt("sleeve_l") == 0.5
        with pytest.raises(LookupError, match="no zone 'chets'; did you mean 'chest'"):
            self.heard.zone("chets")

    def test_unknown_name_is_answered_by_the_nearest(self) -> None:
        with pytest.raises(AttributeError, match=r"nobody hears 'bas'; did you mean 'bass'"):
            _ = self.heard.bas
        with pytest.raises(LookupError, match=r"did you mean 'body\.bass'"):
            _ = self.heard["body.bas"]
        assert not hasattr(self.heard, "_ipython_display_")

    def test_noise_is_looked_up(self) -> None:
        f, later = self.heard, Heard(frame(5, tick=26), None, 0.03, ())
        assert f.noise("a") == f.noise("a") != f.noise("b")
        assert f.noise("a") != later.noise("a")
        assert f.noise("a", 3, at=1).tolist() == later.noise("a", 3, at=1).tolist()
        many = np.concatenate([f.noise("a", 500, at=moment) for moment in range(4)])
        assert len(set(many.tolist())) == 2000
        assert 0 <= many.min() < 0.01 < 0.99 < many.max() < 1


class Turned(Sketch):
    warmth: float = 0.4
    length: float = parameter(6, 1, 12, "how long")
    petals: int = 5
    bright: bool = True
    name: str = "not a parameter"
    _hidden: float = 1.0

    def draw(self, c: Canvas, f: Heard) -> None:
        c.background(self.warmth * 100)


def test_parameters() -> None:
    specs = {
        spec.name: (spec.low, spec.default, spec.high, spec.step, spec.about) for spec in Turned.parameters()
    }
    assert specs == {
        "warmth": (0, 0.4, 1, 0, ""),
        "length": (1, 6, 12, 0, "how long"),
        "petals": (0, 5, 10, 1, ""),
        "bright": (0, True, 1, 1, ""),
    }
    sketch, other = Turned(), Turned()
    assert (sketch.warmth, sketch.length) == (0.4, 6)
    sketch.set("warmth", 0.9)
    sketch.set("length", 99)
    sketch.set("petals", 6.6)
    sketch.set("bright", 0)
    assert (sketch.warmth, sketch.length, sketch.petals, sketch.bright) == (0.9, 12, 7, False)
    assert (other.warmth, other.length) == (0.4, 6)
    with pytest.raises(PatchError, match="no parameter 'warmht'; did you mean 'warmth'"):
        sketch.set("warmht", 1)


def test_ease_is_in_seconds_whatever_the_frame_rate() -> None:
    ends = []
    for fps in (15, 30, 60):
        sketch, value = Turned(), 0.0
        sketch.ease(Heard(frame(0, tick=0), None, 1 / fps, ()), "a", 0.0, 0.3, 0.3)
        for n in range(1, fps // 3 + 1):
            f = Heard(frame(n, tick=n), None, 1 / fps, ())
            value = sketch.ease(f, "a", 1.0, 0.3, 0.3)
            assert sketch.ease(f, "a", 1.0, 0.3, 0.3) == value
        ends.append(value)
    assert max(ends) - min(ends) < 0.03


GOOD = "class Bloom(Sketch):\n    def draw(self, c, f):\n        c.background(9)\n"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("class Bloom(Sketch)\n    pass\n", r"bloom\.py:2: this is not Python: expected ':'"),
        ("import os\nx = 1 / 0\n" + GOOD, r"bloom\.py:3: ZeroDivisionError: division by zero"),
        (
            "import no_such_thing\n" + GOOD,
            r"bloom\.py:2: ModuleNotFoundError: No module named 'no_such_thing'",
        ),
        ("import sys\nsys.exit(3)\n" + GOOD, r"bloom\.py:3: a sketch must not leave the program"),
        ("x = 1\n", r"bloom\.py: no class here is a Sketch; write `class Bloom\(Sketch\):`"),
        (GOOD + "class Two(Bloom):\n    pass\n", r"bloom\.py: .* Bloom \(line 2\), Two \(line 5\)"),
        ("class Bloom(Sketch):\n    pass\n", r"bloom\.py:2: Bloom has no draw\(self, c, f\)"),
        ("x = '\0'\n" + GOOD, r"bloom\.py:\d+: this is not Python: .*null"),
    ],
)
def test_a_wrong_file_is_one_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(PatchError, match=sentence) as caught:
        load_sketch(written(tmp_path, text))
    assert "\n" not in str(caught.value)


def test_a_missing_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(PatchError, match=r"gone\.py: the sketch cannot be read \(no such file"):
        load_sketch(tmp_path / "gone.py")


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("c.circel(1, 2, 3)", r"bloom\.py:4: the canvas has no 'circel'; did you mean 'circle'\?"),
        ("c.fill('indgo')", r"bloom\.py:4: no colour 'indgo'; did you mean 'indigo'\?"),
        ("c.fill('#12')", r"bloom\.py:4: no colour '#12'; write it as '#rrggbb'"),
        ("c.blend('ad')", r"bloom\.py:4: no blend 'ad'; did you mean 'add'\?"),
        ("c.pop()", r"bloom\.py:4: pop without a push before it"),
        ("f.bas", r"bloom\.py:4: nobody hears 'bas'; did you mean 'bass'\?"),
        ("f.zone('ches')", r"bloom\.py:4: the garment has no zone 'ches'; did you mean 'chest'\?"),
        ("self.hit(f, 'onst')", r"bloom\.py:4: nobody hears 'onst'; did you mean 'onset'\?"),
        ("1 / 0", r"bloom\.py:4: ZeroDivisionError: division by zero"),
        ("{}['a b']", r"bloom\.py:4: "),
        ("raise SystemExit", r"bloom\.py:4: a sketch must not leave the program"),
    ],
)
def test_a_mistake_while_drawing_is_one_sentence(tmp_path: Path, line: str, sentence: str) -> None:
    path = written(tmp_path, f"class Bloom(Sketch):\n    def draw(self, c, f):\n        {line}\n")
    picture = SketchPicture(load_sketch(path), Jacket(), (32, 18), 7, 30)
    with pytest.raises(PatchError, match=sentence):
        picture.draw(pygame.Surface((32, 18), 0, 32), frame())


KEEPING = """
class Bloom(Sketch):
    keeps = ("sheet", "seen", "many")
    size = 8

    def setup(self, c):
        self.sheet, self.seen, self.many = c.layer(self.size, 8), [0, 0], 0

    def draw(self, c, f):
        self.many += self.hit(f, "onset")
        self.seen[0] += 1
        self.sheet.background(200)
"""


class TestKeeps:
    def after(self, folder: Path, text: str, name: str = "bloom.py") -> tuple[SketchPicture, SketchPicture]:
        old = SketchPicture(load_sketch(written(folder, KEEPING)), None, (32, 18), 7, 30)
        for number, onset in enumerate((1, 3)):
            old.draw(pygame.Surface((32, 18), 0, 32), frame(number, onset=onset))
        path = written(folder, text, name)
        return old, SketchPicture(load_sketch(path), None, (32, 18), 7, 30, (), old.legacy())

    def test_what_is_kept_goes_on_by_value(self, tmp_path: Path) -> None:
        old, new = self.after(tmp_path, KEEPING)
        surface = pygame.Surface((32, 18), 0, 32)
        assert new.sketch.many == 3
        old.draw(surface, frame(2, onset=4))
        assert new.sketch.seen == [2, 0]
        assert new.sketch.sheet.surface.get_at((2, 2))[0] == 200
        assert new.sketch.sheet is not old.sketch.sheet
        new.draw(surface, frame(3, onset=5))
        assert new.sketch.many == 5, "what came since the old one's last frame, and nothing twice"

    @pytest.mark.parametrize(("was", "now"), [("size = 8", "size = 9"), ("[0, 0], 0", "[0, 0, 0], 0")])
    def test_where_one_does_not_fit_all_begin_anew(self, tmp_path: Path, was: str, now: str) -> None:
        _, new = self.after(tmp_path, KEEPING.replace(was, now))
        assert new.sketch.many == new.sketch.seen[0] == 0

    def test_another_file_s_cloth_is_not_taken(self, tmp_path: Path) -> None:
        _, new = self.after(tmp_path, KEEPING, "rose.py")
        assert new.sketch.many == 0

    def test_a_name_that_setup_does_not_make_is_a_sentence(self, tmp_path: Path) -> None:
        text = KEEPING.replace('"many")', '"manny")')
        with pytest.raises(
            PatchError, match=r"bloom\.py:\d+: keeps names 'manny', which setup does not make"
        ):
            SketchPicture(load_sketch(written(tmp_path, text)), None, (32, 18), 7, 30)


def test_the_ground_is_dark_whatever_the_patch_says() -> None:
    pale, dark = Canvas((4, 4), palette=["#a59d8f"]), Canvas((4, 4), palette=["#141e37"])
    assert max(pale.ground) < 50
    assert pale.ground.red >= pale.ground.blue, "its hue is left"
    assert dark.ground == pytest.approx(inks.ink("#141e37"), abs=1)
    assert pale.layer().ground == pale.ground


def test_a_mistake_in_setup_is_told_with_its_line(tmp_path: Path) -> None:
    path = written(
        tmp_path, "class Bloom(Sketch):\n    def setup(self, c):\n        [][1]\n" + GOOD.split("\n", 1)[1]
    )
    with pytest.raises(PatchError, match=r"bloom\.py:4: "):
        SketchPicture(load_sketch(path), None, (32, 18), 7, 30)


def test_about_does_not_run_the_file(tmp_path: Path) -> None:
    path = tmp_path / "loud.py"
    path.write_text('"""One line.\n\nMore."""\nraise RuntimeError\n')
    assert line_about(path) == "One line."
    for broken in ("def (\n", "\0", "(" * 100_000, "-" * 100_000 + "1", "x" + ".x" * 100_000):
        path.write_text(broken)
        assert "cannot be read" in line_about(path) or not line_about(path)
    assert "cannot be read" in line_about(tmp_path / "gone.py")


def test_two_sketches_do_not_see_one_another(tmp_path: Path) -> None:
    one = load_sketch(written(tmp_path, "seen = []\n" + GOOD, "one.py"))
    two = load_sketch(written(tmp_path, "assert 'seen' not in globals()\n" + GOOD, "two.py"))
    assert one is not two
    assert one.__name__ == two.__name__ == "Bloom"


class TestCanvas:
    def pixel(self, c: Canvas, x: int, y: int) -> tuple[int, ...]:
        return tuple(c.surface.get_at((x, y)))[:3]

    def test_a_circle_covers_its_area_with_a_smooth_edge(self) -> None:
        c = Canvas((100, 100))
        c.circle(50, 50, 60)
        cover = pygame.surfarray.array3d(c.surface)[:, :, 0] / 255
        assert cover.sum() == pytest.approx(math.pi * 30**2, rel=0.02)
        assert ((cover > 0.05) & (cover < 0.95)).sum() > 80

    def test_places_are_turned_moved_and_scaled(self) -> None:
        c = Canvas((100, 100))
        c.translate(50, 50)
        c.rotate(math.pi / 2)
        c.scale(2)
        c.rect(10, 0, 10, 4)  # to the right and below, turned clockwise: downwards and left
        assert self.pixel(c, 46, 80) == (255, 255, 255)
        assert self.pixel(c, 54, 80) == (0, 0, 0)
        assert self.pixel(c, 80, 50) == (0, 0, 0)
        c.begin()
        with c.push():
            c.translate(90, 5)
            c.fill("#ff0000")
        c.rect(0, 0, 10, 10)
        assert self.pixel(c, 5, 5) == (255, 255, 255)

    def test_alpha_and_blends(self) -> None:
        c = Canvas((60, 20))
        c.background(100)
        c.fill("#ffffff", alpha=0.5)
        c.rect(0, 0, 20, 20)
        c.blend("add")
        c.fill("#320000")
        c.rect(20, 0, 20, 20)
        c.blend("multiply")
        c.fill(128)
        c.rect(40, 0, 20, 20)
        assert self.pixel(c, 10, 10) == pytest.approx((178, 178, 178), abs=1)
        assert self.pixel(c, 30, 10) == (150, 100, 100)
        assert self.pixel(c, 50, 10) == pytest.approx((50, 50, 50), abs=1)

    def test_nothing_far_outside_or_endless_hurts(self) -> None:
        c = Canvas((40, 40))
        c.stroke("ember", weight=3)
        for value in (1e12, -1e12, math.inf, math.nan):
            c.circle(value, 5, 10)
            c.line(0, 0, value, 10)
            c.rect(0, 0, value, 10)
        c.glow(1e5, 1e5, 30, "lamp")
        c.light(-1e5, 0, 30, "lamp")
        c.polygon([])
        c.polygon([(1, 1)])
        c.path([(1, 1)])
        c.lines([])

    def test_fade_reaches_black(self) -> None:
        c = Canvas((4, 4))
        c.background(255)
        for _ in range(150):
            c.fade(0.03)
        assert self.pixel(c, 1, 1) == (0, 0, 0)

    def test_a_field_is_rows_by_columns_and_sharp(self) -> None:
        c = Canvas((80, 40))
        values = np.zeros((10, 20))
        values[:, 10:] = 1.0
        c.field(values, c.ramp("#000000", "#ffffff", steps=2))
        picture = pygame.surfarray.array3d(c.surface)
        assert set(np.unique(picture)) == {0, 255}
        assert self.pixel(c, 70, 5) == (255, 255, 255)
        assert self.pixel(c, 5, 35) == (0, 0, 0)
        c.field(values, c.ramp("#000000", "#ffffff"), np.full((40, 80), -1000))
        assert pygame.surfarray.array3d(c.surface).max() == 0

    def test_a_field_of_an_odd_size_does_not_slant(self) -> None:
        c = Canvas((333, 187))
        c.field(np.repeat(np.arange(20)[None, :] > 9, 10, axis=0), c.ramp(0, 255, steps=2))
        picture = pygame.surfarray.array3d(c.surface)[:, :, 0]
        assert (picture == picture[:, :1]).all()

    def test_drift_carries_and_keeps(self) -> None:
        c = Canvas((40, 20))
        ink = np.zeros((20, 40), np.float32)
        ink[5, 10] = 1
        moved = c.drift(ink, np.full((20, 40), 2.0), np.full((20, 40), 3.0))
        assert moved[8, 12] == pytest.approx(1, abs=1e-3)
        assert c.drift(ink, 0.5, 0)[5, 10:12].tolist() == pytest.approx([0.5, 0.5])
        assert ink.sum() == 1

    def test_layers_are_see_through(self) -> None:
        c = Canvas((20, 20))
        c.background(50)
        sheet = c.layer()
        sheet.fill("#ffffff")
        sheet.rect(10, 0, 10, 20)
        c.image(sheet)
        assert self.pixel(c, 5, 5) == (50, 50, 50)
        assert self.pixel(c, 15, 5) == (255, 255, 255)

    def test_a_layer_goes_down_by_a_blend_of_its_own(self) -> None:
        c = Canvas((20, 20))
        c.background(100)
        sheet = c.layer(clear=False)
        sheet.background(128)
        c.image(sheet, blend="multiply")
        assert self.pixel(c, 5, 5) == pytest.approx((50, 50, 50), abs=1)
        c.image(sheet, blend="add")
        assert self.pixel(c, 5, 5) == pytest.approx((178, 178, 178), abs=1)
        c.image(sheet)
        assert self.pixel(c, 5, 5) == (128, 128, 128)
        with pytest.raises(ValueError, match="no blend 'ad'; did you mean 'add'"):
            c.image(sheet, blend="ad")

    def test_pixels_are_colours_or_greys_cut_off_and_stretched(self) -> None:
        c = Canvas((40, 20))
        c.pixels(np.array([[[300.0, -5.0, 77.0]]]), 3, 4)
        assert self.pixel(c, 3, 4) == (255, 0, 77)
        assert self.pixel(c, 4, 4) == (0, 0, 0)
        c.pixels(np.arange(40)[None, :] * 2, 0, 7)
        assert self.pixel(c, 30, 7) == (60, 60, 60)
        c.pixels(np.array([[0, 0], [200, 200]]), 0, 0, 40, 20)
        down = [self.pixel(c, 20, y)[0] for y in range(20)]
        assert down == sorted(down)
        assert (down[0], down[19]) == pytest.approx((0, 200), abs=20)
        c.pixels(np.zeros((5, 0, 3)))

    def test_many_small_lamps_are_one_lamp_each(self) -> None:
        c = Canvas((100, 50))
        c.glows([(20, 25), (70.5, 25), (-900, 4), (90, 10)], [8, 8, 8, 8], [1, 0.5, 1, 0], "#c86400")
        assert self.pixel(c, 20, 25) == pytest.approx((200, 100, 0), abs=12)
        assert self.pixel(c, 70, 25) == pytest.approx((100, 50, 0), abs=12)
        assert self.pixel(c, 35, 25) == self.pixel(c, 90, 10) == (0, 0, 0)
        bright = pygame.surfarray.array3d(c.surface)[:50, :, 0].sum()
        for shift in (0.25, 0.5, 0.75):  # a slow mote moves by less than a pixel without a change of light
            c.background(0)
            c.glows([(20 + shift, 25)], 8, 1, "#c86400")
            moved = pygame.surfarray.array3d(c.surface)[:, :, 0].astype(float)
            assert moved.sum() == pytest.approx(bright, rel=0.03)
            centre = (moved.sum(axis=1) * (np.arange(100) + 0.5)).sum() / moved.sum()
            assert centre == pytest.approx(20 + shift, abs=0.15)
        c.glows(np.zeros((0, 2)), 3, 1, "lamp")
        c.glows([(math.nan, 3), (4, math.inf)], 3, 1, "lamp")

    def test_light_shows_the_weave_and_nothing_in_the_dark(self) -> None:
        c = Canvas((100, 50))
        c.fill(60)
        c.rect(0, 0, 50, 50)
        c.light(50, 25, 40, "#ffffff")
        assert self.pixel(c, 45, 25)[0] > 100
        assert self.pixel(c, 60, 25) == (0, 0, 0)

    def test_a_glow_is_round_soft_and_ends_at_its_radius(self) -> None:
        c = Canvas((200, 200))
        c.glow(100, 100, 60, "#ffffff")
        across = [self.pixel(c, x, 100)[0] for x in (100, 120, 140, 155, 163)]
        assert across[0] > 240
        assert across == sorted(across, reverse=True)
        assert across[3] > 0 == across[4]
        assert self.pixel(c, 145, 145) == (0, 0, 0)

    def test_noise_is_the_same_for_numbers_and_arrays(self) -> None:
        c = Canvas((4, 4), seed=3)
        x, y = np.linspace(-3, 9, 50), np.linspace(5, -2, 50)
        for z in (0.0, 1.7):
            one = [c.noise(a, b, z) for a, b in zip(x.tolist(), y.tolist(), strict=True)]
            assert c.noise(x, y, z).tolist() == one
            assert 0 <= min(one) < max(one) <= 1
        steps = np.diff(c.noise(np.linspace(0, 5, 5000)))
        assert np.abs(steps).max() < 0.02
        assert Canvas((4, 4), seed=4).noise(0.5) != c.noise(0.5)

    def test_colours(self) -> None:
        c = Canvas((4, 4), palette=("#102030", (0.5, 0.1, 40)))
        assert c.palette[0] == (16, 32, 48)
        assert c.ember == inks.ink("ember") == pytest.approx((0xF8, 0x8A, 0x3D), abs=1)
        assert c.indigo == pytest.approx((0x35, 0x48, 0x69), abs=1)
        assert inks.ink((255, 0, 7)) == (255, 0, 7)
        assert inks.ink("#fff") == inks.ink(255) == inks.ink((1.0, 0.0, 0)) == (255, 255, 255)
        between = c.mix("indigo", "madder", 0.5)
        assert between.green < max(between.red, between.blue)
        ramp = c.ramp("stage", "ice", steps=9)
        assert ramp.shape == (9, 3)
        assert tuple(ramp[0]) == inks.ink("stage")
        assert tuple(ramp[-1]) == inks.ink("ice")


def test_every_word_is_in_the_docs() -> None:
    page = (ROOT / "docs" / "sketch.md").read_text()
    words = {f"c.{word}" for word in dir(Canvas) if not word.startswith("_")}
    words |= {f"f.{word}" for word in dir(Heard) if not word.startswith("_")}
    words |= {"c.width", "c.height", "c.unit", "c.seed", "c.palette", "c.noise", "c.surface"}
    assert not {word for word in words if not re.search(re.escape(word) + r"\b", page)}
    assert all(name in page for name in inks.NAMES)
    assert (ROOT / "examples" / "first_sketch.py").read_text() in page


def test_the_gallery_lists_the_sketches() -> None:
    names = {"boro", "contour", "dyebath", "lint", "loom", "stitch", "tape", "thread"}
    assert names <= set(gallery.files("sketch"))
