"""What may be turned of a show while it plays: every address does what its line says, and is asked what it is."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest

from wearsound.core import Block, Clock, Event, Frame, Parameter
from wearsound.mapping.dial import route_names
from wearsound.mapping.document import read_patch
from wearsound.outputs.delay import Delayed
from wearsound.show.build import Built, build
from wearsound.show.load import load
from wearsound.show.rig import Rig
from wearsound.show.tree import tree
from wearsound.sources.remote import Remote
from wearsound.sources.take_state import AGAIN

LANES = {"room": (0, 1)}
PATCH = """
title = "Hands"
[[route]]
from = "level"
to = "chest.glow"
attack = 0.0
release = 0.0
[[route]]
from = "level"
to = "chest.glow"
[[route]]
from = "onset"
to = "hem.hue"
[[route]]
from = "bass"
to = "/synth/cutoff"
[[scene]]
name = "one"
fade = 0
[[scene.route]]
from = "bass"
to = "*.glow"
[[scene]]
name = "two"
fade = 0
[[scene]]
name = "rest"
fade = 0
"""


class Show:
    """A show of PATCH played hop by hop on silence."""

    def __init__(self, tmp_path: Path, patch: str = PATCH) -> None:
        path = tmp_path / "patch.toml"
        path.write_text(patch, encoding="utf-8")
        self.built: Built = build(load(path), LANES, 48_000, strict=True)
        self.tree = tree(self.built)
        self.built.engine.inbox.values = self.tree.values
        self.tick = 0

    def say(self, address: str, *args: object) -> None:
        self.built.engine.inbox.put(Event(0, address, args))
        self.play()

    def play(self, hops: int = 1) -> None:
        self.built.engine.step(Block(self.tick, np.zeros((256 * hops, 2), np.float32), LANES, hops))
        self.tick += hops

    def ask(self, address: str) -> float | str:
        parameter = self.tree.get(address)
        assert parameter is not None, address
        assert parameter.read is not None
        value = parameter.read()
        assert isinstance(value, float | str)
        return value


@pytest.fixture
def show(tmp_path: Path) -> Show:
    return Show(tmp_path)


def test_routes_are_named_by_what_they_do() -> None:
    assert route_names(read_patch(PATCH)) == [
        "level-chest-glow",
        "level-chest-glow-2",
        "onset-hem-hue",
        "bass-synth-cutoff",
        "one/bass-all-glow",
    ]


def test_every_number_can_be_set_and_asked(show: Show) -> None:
    """Whatever the tree lists as a number takes another value and says so afterwards."""
    numbers = [p for p in show.tree if p.kind in ("number", "switch", "whole") and p.settable and p.read]
    assert len(numbers) > 50
    for parameter in numbers:
        if parameter.address == "/wear/tempo/bpm":
            continue  # the ear's own: it has one only once it beats
        target = parameter.low + 0.5 * (parameter.high - parameter.low)
        if parameter.kind == "switch":
            target = 1.0
        if parameter.kind == "whole":
            target = float(round(target))
        show.say(parameter.address, target)
        value = show.ask(parameter.address)
        tolerance = max(1e-6, parameter.step)
        assert value == pytest.approx(target, abs=tolerance), parameter.address
    show.built.engine.reset()
    show.play()
    for parameter in numbers:
        if "/param/" in parameter.address:
            assert parameter.read is not None
            assert parameter.read() == pytest.approx(parameter.default), parameter.address


def test_a_zone_is_held_until_released_or_a_scene_is_called(show: Show) -> None:
    show.say("/wear/zone/chest/glow", 0.75)
    assert show.ask("/wear/zone/chest/glow") == 0.75
    show.play(20)
    assert show.ask("/wear/zone/chest/glow") == 0.75
    show.say("/wear/zone/chest/glow/release")
    assert show.ask("/wear/zone/chest/glow") == 0.0
    for address in ("/wear/scene/two", "/wear/zone/release", "/wear/zone/chest/release"):
        show.say("/wear/zone/chest/glow", 0.75)
        show.say(address)
        assert show.ask("/wear/zone/chest/glow") == 0.0


def test_what_is_held_stays_inside_its_range(show: Show) -> None:
    show.say("/wear/zone/chest/glow", 7.0)
    assert show.ask("/wear/zone/chest/glow") == 1.0
    show.say("/wear/zone/chest/glow", float("nan"))
    assert show.ask("/wear/zone/chest/glow") == 1.0


def test_a_route_turned_loud_moves_its_zone(show: Show) -> None:
    show.say("/wear/param/level-chest-glow/out/low", 0.4)
    show.play(40)
    assert show.ask("/wear/zone/chest/glow") == pytest.approx(0.4, abs=0.001)


def test_a_slower_rise_does_not_jump(tmp_path: Path) -> None:
    """Attack above release runs mirrored inside: turning across must not move what is there."""
    show = Show(tmp_path, PATCH.replace('from = "level"', 'from = "flatness"'))
    show.say("/wear/param/flatness-chest-glow/out/low", 0.3)
    show.play(30)
    before = show.ask("/wear/zone/chest/glow")
    show.say("/wear/param/flatness-chest-glow/attack", 5.0)
    assert show.ask("/wear/zone/chest/glow") == before


def test_cues_are_the_scenes_but_rest_and_end_with_the_last(tmp_path: Path) -> None:
    show = Show(tmp_path, "go_guard = 0" + PATCH)

    def after(address: str, *args: object) -> str:
        show.say(address, *args)
        show.play(4)
        return str(show.ask("/wear/scene"))

    assert show.ask("/wear/scene") == "one"
    assert (show.ask("/wear/cue"), show.ask("/wear/cue/next")) == ("one", "two")
    assert [after("/wear/cue/go") for _ in range(3)] == ["two", "two", "two"]
    assert (show.ask("/wear/cue"), show.ask("/wear/cue/next")) == ("two", "")
    assert [after("/wear/cue/back") for _ in range(2)] == ["one", "one"]
    assert after("/wear/scene/previous") == "two"
    assert after("/wear/scene/next") == "one"
    assert after("/wear/scene/rest") == "rest"
    assert after("/wear/cue/goto", 2) == "two"
    assert after("/wear/cue/goto", "one") == "one"
    assert after("/wear/cue", "two") == "two"
    assert after("/wear/scene", "one") == "one"
    assert show.built.score.ignored == 0


def test_a_step_that_is_repeated_at_a_cut_in_a_take_is_no_slip_of_the_hand(tmp_path: Path) -> None:
    show = Show(tmp_path, scenes("abcd", fade=0))
    for _ in range(3):
        show.built.engine.inbox.put(Event(0, "/wear/cue/go", (AGAIN,)))
    show.play()
    assert (show.ask("/wear/cue"), show.built.score.ignored) == ("d", 0)


def scenes(names: str, fade: float, how: str = "now") -> str:
    return 'title = "Cues"\n' + "".join(
        f'[[scene]]\nname = "{name}"\nfade = {fade}\nquantise = "{how}"\n' for name in names
    )


def test_two_quick_presses_go_two_scenes_on_but_one_cue(tmp_path: Path) -> None:
    for address, scene in (("/wear/scene/next", "c"), ("/wear/cue/go", "b"), ("/wear/scene/previous", "c")):
        show = Show(tmp_path, scenes("abcd", 1.0, "bar"))
        show.built.engine.inbox.put(Event(0, address))
        show.built.engine.inbox.put(Event(0, address))
        for _ in range(13):
            show.play(64)
        assert show.ask("/wear/scene") == scene
        assert show.built.score.ignored == (address == "/wear/cue/go")


def test_a_go_that_is_none_lets_nothing_go(tmp_path: Path) -> None:
    show = Show(tmp_path, scenes("ab", 0) + '[[route]]\nfrom = "bass"\nto = "chest.glow"\n')
    show.say("/wear/cue/go")
    show.say("/wear/zone/chest/glow", 0.5)
    show.say("/wear/cue/go")
    assert show.ask("/wear/zone/chest/glow") == 0.5
    show.say("/wear/cue/back")
    assert show.ask("/wear/zone/chest/glow") == 0.0


def test_a_scene_by_chance_is_another_one_and_the_same_again(tmp_path: Path) -> None:
    def walk(seed: int) -> str:
        text = scenes("abcde", 0).replace("title", f"seed = {seed}\ntitle")
        show, been = Show(tmp_path, text + '[[scene]]\nname = "rest"\n'), "a"
        for _ in range(60):
            show.say("/wear/scene/random")
            been += str(show.ask("/wear/scene"))
        return been

    been = walk(3)
    assert set(been) == set("abcde")
    assert all(one != other for one, other in itertools.pairwise(been))
    assert walk(3) == been
    assert walk(4) != been


def test_by_chance_goes_by_the_edition(tmp_path: Path) -> None:
    path = tmp_path / "patch.toml"
    path.write_text(scenes("abcdefgh", 0), encoding="utf-8")
    been = set()
    for seed in range(20):
        built = build(load(path, seed=seed), LANES, 48_000, strict=True)
        built.engine.inbox.put(Event(0, "/wear/scene/random"))
        built.engine.step(Block(0, np.zeros((256, 2), np.float32), LANES, 1))
        been.add(built.score.scene)
    assert len(been) > 3


def test_a_patch_of_one_scene_has_no_other(tmp_path: Path) -> None:
    show = Show(tmp_path, scenes("a", 0))
    show.say("/wear/scene/random")
    assert show.ask("/wear/scene") == "a"


def test_what_others_read_of_scenes_and_cues(tmp_path: Path) -> None:
    text = scenes("ab", 0, "bar") + '[[cue]]\nname = "x"\nscene = "b"\n[[cue]]\nname = "y"\nscene = "a"\n'
    show = Show(tmp_path, text)
    score = show.built.score
    assert (score.cue_names, score.cue, score.next_cue, score.waiting) == (("x", "y"), -1, 0, -1)
    assert (show.ask("/wear/cue"), show.ask("/wear/cue/next")) == ("", "x")
    show.say("/wear/cue/go")
    assert (score.cue, score.next_cue, score.waiting) == (0, 1, 1)
    for _ in range(7):
        show.play(64)
    assert (score.cue, score.waiting, score.scene) == (0, -1, "b")


def test_a_sketch_is_turned_from_outside_and_draws_it(tmp_path: Path) -> None:
    pytest.importorskip("pygame")
    sketch = tmp_path / "dot.py"
    sketch.write_text(
        "from wearsound import Sketch, parameter\n"
        "class Dot(Sketch):\n"
        "    warmth: float = 0.25\n"
        "    count: int = parameter(3, 1, 9, 'how many')\n"
        "    on: bool = False\n"
        "    worked_out: float = 0.1 + 0.2\n"
        "    def draw(self, c, f):\n"
        "        c.background(int(255 * self.warmth), 10 * self.count, 255 if self.on else 0)\n",
        encoding="utf-8",
    )
    shown = load(sketch)
    built = build(shown, LANES, 48_000, strict=True)
    addresses = {p.address: p for p in tree(built) if p.address.startswith("/wear/param/sketch/")}
    names = [address.removeprefix("/wear/param/sketch/") for address in addresses]
    assert [name for name in names if "release" not in name] == ["warmth", "count", "on"]
    assert addresses["/wear/param/sketch/count"].about == "how many"

    import pygame

    from wearsound.instruments.picture import open_picture

    picture = open_picture(shown.garment_path, sketch, (64, 64), 0, 60)
    surface = pygame.Surface((64, 64))

    class Eye:
        name, rate = "eye", 60

        def open(self, clock: Clock) -> None: ...

        def send(self, frame: Frame) -> None:
            picture.draw(surface, frame)

        def close(self) -> None: ...

    built.engine.outputs.append(Eye())
    silence = np.zeros((256 * 8, 2), np.float32)
    built.engine.step(Block(0, silence, LANES, 8))
    assert tuple(surface.get_at((5, 5)))[:3] == pytest.approx((64, 30, 0), abs=2)
    for address, value in (("warmth", 1.0), ("count", 7), ("on", 1)):
        built.engine.inbox.put(Event(0, f"/wear/param/sketch/{address}", (value,)))
    built.engine.step(Block(8, silence, LANES, 8))
    assert tuple(surface.get_at((5, 5)))[:3] == pytest.approx((255, 70, 255), abs=2)


def test_remote_numbers_are_held_clamped_and_heard_by_routes(tmp_path: Path) -> None:
    remote = Remote({"knobs": {"cutoff": (0.0, 1.0), "bend": (-2.0, 2.0)}})
    remote.take(Event(0, "/wear/move/knobs/cutoff", (0.5,)))
    assert remote.values.tolist() == [0.5, 0.0]
    remote.take(Event(0, "/wear/move/knobs", (7.0, -9.0, 3.0)))
    assert remote.values.tolist() == [1.0, -2.0]
    remote.take(Event(0, "/wear/move/knobs/bend", (float("inf"),)))
    assert remote.values.tolist() == [1.0, -2.0]

    patch = tmp_path / "knobs.toml"
    patch.write_text(
        'title = "K"\n[[route]]\nfrom = "knobs.cutoff"\nto = "chest.glow"\nattack = 0\nrelease = 0\n',
        encoding="utf-8",
    )
    from dataclasses import replace

    shown = replace(load(patch), rig=Rig(remote={"knobs": {"cutoff": (0.0, 1.0)}}))
    built = build(shown, LANES, 48_000, strict=True)
    parameters = tree(built)
    seen: list[float] = []
    for k, hops in enumerate((3, 1, 5)):
        if k == 1:
            built.engine.inbox.put(Event(0, "/wear/move/knobs/cutoff", (0.5,)))
        built.engine.step(Block(0, np.zeros((256 * hops, 2), np.float32), LANES, hops))
        glow = parameters.get("/wear/zone/chest/glow")
        assert glow is not None
        assert glow.read is not None
        value = glow.read()
        assert isinstance(value, float)
        seen.append(value)
    assert seen == [0.0, 0.5, 0.5]


class Kept:
    """An output that keeps the numbers of its frames."""

    name, rate = "kept", 60

    def __init__(self) -> None:
        self.numbers: list[int] = []
        self.dark: list[str] = []
        self.level: list[int] = []

    def open(self, clock: Clock) -> None: ...

    def send(self, frame: Frame) -> None:
        self.numbers.append(frame.number)
        self.dark.append(frame.dark)
        self.level.append(int(frame.pixels.max()))

    def close(self) -> None: ...


def test_an_output_can_be_later_and_panic_is_not(show: Show) -> None:
    kept, late = Kept(), Kept()
    delayed = Delayed(late, 0.5, "late")
    show.built.engine.outputs.extend([kept, delayed])
    for _ in range(4):
        show.play(47)
    assert kept.numbers == list(range(60))
    assert late.numbers == list(range(len(late.numbers)))
    assert len(late.numbers) in (29, 30)
    show.say("/wear/delay/late", 100.0)
    for _ in range(9 * 4):
        show.play(47)
        # 50 ms a second: of twenty frames one is left out, and no two leave for one.
        assert np.diff(late.numbers).max() <= 2
    assert late.numbers == sorted(set(late.numbers))
    assert kept.numbers[-1] - late.numbers[-1] in (6, 7)
    (parameter,) = delayed.parameters()
    assert isinstance(parameter, Parameter)
    assert parameter.read is not None
    assert parameter.read() == pytest.approx(100.0)
    show.say("/wear/panic")
    late.dark = []
    for _ in range(4):
        show.play(47)
    assert late.dark[0] == "panic", "at once"
    assert late.level[-1] == 0


def test_the_longest_names_still_have_addresses(tmp_path: Path) -> None:
    name = "s" * 64
    far = "/" + "x" * 120
    patch = f'title = "Long"\n[[scene]]\nname = "{name}"\n' + "".join(
        f'[[scene.route]]\nfrom = "bass"\nto = "{to}"\n' for to in (far, far, "*.glow")
    )
    show = Show(tmp_path, patch)
    assert max(len(parameter.address) for parameter in show.tree) <= 128
    names = route_names(read_patch(patch))
    assert len(set(names)) == 3
    assert all(name.startswith(f"{'s' * 64}/") for name in names)


def test_a_patch_without_scenes_has_no_cues(tmp_path: Path) -> None:
    show = Show(tmp_path, 'title = "None"\n[[route]]\nfrom = "bass"\nto = "*.glow"\n')
    assert show.tree.get("/wear/cue/go") is None
    for way in ("go", "back", "goto"):
        assert show.tree.get(f"/wear/cue/{way}") is None
        show.say(f"/wear/cue/{way}")
    assert show.ask("/wear/scene") == ""


def test_many_faders_in_one_hop_are_worked_out_once(show: Show, monkeypatch: pytest.MonkeyPatch) -> None:
    curves = show.built.score._curves
    worked: list[int] = []
    derive = curves._derive
    monkeypatch.setattr(curves, "_derive", lambda: (worked.append(1), derive())[1])
    dials = [p for p in show.tree if p.address.startswith("/wear/param/")]
    for parameter in dials:
        show.built.engine.inbox.put(Event(0, parameter.address, (parameter.high,)))
    show.play()
    assert len(dials) > 20
    assert len(worked) == 1
    assert show.ask(dials[0].address) == dials[0].high


def test_the_lock_says_that_it_holds(show: Show) -> None:
    assert show.ask("/wear/tempo/lock") == 0.0
    show.say("/wear/tempo/lock", 1)
    assert show.ask("/wear/tempo/lock") == 1.0
    show.built.engine.reset()
    assert show.ask("/wear/tempo/lock") == 0.0
