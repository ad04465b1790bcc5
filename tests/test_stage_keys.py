"""Every key of a real window, pressed as a hand presses it, and what came of it."""

from __future__ import annotations

import subprocess
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from test_window import FAKE, Player, dress_for
from xserver import missing as no_screen
from xserver import screenshot, x_server

from wearsound.core import U8, Clock
from wearsound.outputs.dress import Dress, Slider
from wearsound.outputs.slot import LAMP_ALIVE, Told
from wearsound.outputs.window import Window

pytestmark = pytest.mark.device

PAINTING = """
def draw(surface, frame):
    surface.fill((150, 60, 20))
"""

WARMTH = "/wear/param/sketch/warmth"
SLIDERS = (
    Slider("/wear/master", "master", "hand", "all", 0, 1, 1.0),
    Slider(WARMTH, "warmth", "sketch", "how warm", 0, 1, 0.5, release=f"{WARMTH}/release"),
)

Hand = Callable[..., list[tuple[str, tuple[object, ...]]]]


class Real:
    """A window on a real server, played at sixty frames a second."""

    def __init__(self, window: Window, env: dict[str, str], folder: Path) -> None:
        self.window, self.player = window, Player(window)
        self._env, self._folder = env, folder
        self.told = Told((LAMP_ALIVE, LAMP_ALIVE), values=np.array([1.0, 0.5]))
        window.telling = lambda: self.told
        window.open(Clock())
        assert self.player.until(lambda: window.drawn >= 20, 20)

    def press(self, *keys: str) -> list[tuple[str, tuple[object, ...]]]:
        return self.do("key", "--delay", "40", *keys)

    def do(self, *what: str) -> list[tuple[str, tuple[object, ...]]]:
        """What was said after it."""
        self.player.events.clear()
        subprocess.run(["xdotool", *what], check=True, timeout=20)
        self.settle()
        return [(event.address, event.args) for event in self.player.events]

    def settle(self) -> None:
        """Until what was pressed is done and seen: each turn of the window's loop takes its events first."""
        drawn = self.window.drawn
        assert self.player.until(lambda: self.window.drawn >= drawn + 6, 20)
        self.player.until(lambda: False, 0.1)

    def seen(self) -> U8:
        import pygame

        self.settle()
        screenshot(self._folder / "seen.png", self._env)
        pixels: U8 = pygame.surfarray.array3d(pygame.image.load(self._folder / "seen.png")).swapaxes(0, 1)
        return pixels


@pytest.fixture
def real(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Real]]:
    if no_screen():
        pytest.skip(no_screen())
    (tmp_path / "fake").mkdir()
    (tmp_path / "fake" / "sitecustomize.py").write_text(FAKE)
    (tmp_path / "sketch.py").write_text(textwrap.dedent(PAINTING))
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "fake"))
    monkeypatch.chdir(tmp_path)
    made: list[Window] = []
    with x_server() as env:
        for name, value in env.items():
            monkeypatch.setenv(name, value)

        def window(**more: object) -> Real:
            told = {"scenes": ("bloom", "rest"), "sliders": SLIDERS, **more}
            dress: Dress = dress_for(tmp_path / "coat.toml", tmp_path / "sketch.py", **told)
            made.append(Window(dress, size=(1280, 720)))
            return Real(made[-1], env, tmp_path)

        yield window
        for each in made:
            each.close()


def test_every_key_says_its_address(real: Callable[..., Real]) -> None:
    hand = real()
    assert hand.press("1", "2", "t", "n", "p", "Return", "BackSpace", "comma", "period", "l") == [
        ("/wear/scene/bloom", ()),
        ("/wear/scene/rest", ()),
        ("/wear/tempo/tap", ()),
        ("/wear/scene/next", ()),
        ("/wear/scene/previous", ()),
        ("/wear/cue/go", ()),
        ("/wear/cue/back", ()),
        ("/wear/tempo/half", ()),
        ("/wear/tempo/double", ()),
        ("/wear/tempo/lock", (1,)),
    ]
    keys = (
        "bracketleft",
        "bracketright",
        "shift+bracketleft",
        "shift+bracketright",
        "minus",
        "minus",
        "equal",
    )
    assert hand.press(*keys) == [
        ("/wear/tempo/nudge", (-10.0,)),
        ("/wear/tempo/nudge", (10.0,)),
        ("/wear/tempo/nudge", (-1.0,)),
        ("/wear/tempo/nudge", (1.0,)),
        ("/wear/master", (0.95,)),
        ("/wear/master", (0.9,)),
        ("/wear/master", (0.95,)),
    ]
    assert hand.press("ctrl+s", "ctrl+r", "r", "space", "space", "b", "b", "y", "9") == [
        ("/wear/patch/save", ()),
        ("/wear/take/record", ()),
        ("/wear/scene/random", ()),
        ("/wear/freeze", (1,)),
        ("/wear/freeze", (0,)),
        ("/wear/blackout", (1,)),
        ("/wear/blackout", (0,)),
        ("/wear/key", ("y",)),
        ("/wear/key", ("9",)),
    ]
    # None of these says anything; together they bring everything back to where it was.
    quiet = ("h", "h", "z", "z", "Tab", "Tab", "question", "Down", "Left", "question", "alt+Tab")
    assert hand.press(*quiet) == []
    assert hand.press("f", "f") == []
    [(address, (path,))] = hand.press("s")
    assert address == "/wear/window/saved"
    assert Path(str(path)).exists()
    assert hand.press("Escape", "Escape", "r", "q") == [
        ("/wear/panic", ()),
        ("/wear/resume", ()),
        ("/wear/quit", ("key q",)),
    ]


def test_with_a_set_n_and_p_go_through_it(real: Callable[..., Real]) -> None:
    hand = real(set_list=("Bass denim", "Salt"))
    assert hand.press("n", "p") == [("/wear/set/next", ()), ("/wear/set/previous", ())]


def test_a_key_that_is_held_down_goes_on_only_for_arrows_and_nudges(real: Callable[..., Real]) -> None:
    hand = real()

    hand.player.events.clear()
    subprocess.run(["xdotool", "keydown", "b"], check=True, timeout=20)
    hand.player.until(lambda: False, 1.0)
    hand.settle()
    assert [event.address for event in hand.player.events] == ["/wear/blackout"], (
        "held down it was pressed once"
    )
    hand.do("keyup", "b")
    assert hand.press("b") == [("/wear/blackout", (0,))]
    hand.press("Tab")
    hand.player.events.clear()
    subprocess.run(["xdotool", "keydown", "Left"], check=True, timeout=20)
    hand.player.until(lambda: len(hand.player.events) >= 4, 8.0)
    steps = [event.args[0] for event in hand.player.events]
    hand.do("keyup", "Left")
    assert len(steps) >= 4, steps
    assert steps == sorted(steps, reverse=True)


def test_sliders_are_turned_by_key_and_mouse_and_show_what_the_engine_says(real: Callable[..., Real]) -> None:
    hand = real()
    before = hand.seen()
    assert hand.press("Tab", "Down", "Right", "shift+Right", "Delete") == [
        ("/wear/param/sketch/warmth", (0.51,)),
        ("/wear/param/sketch/warmth", (0.61,)),
        ("/wear/param/sketch/warmth/release", ()),
    ]
    shown = hand.seen()
    assert (shown[60:200, -200:-32].astype(int) < before[60:200, -200:-32]).mean() > 0.9, (
        "a shade, and no box"
    )
    rail = (shown == (0x6E, 0xCC, 0xB0)).all(axis=2)[60:300]
    y, x = (int(n) for n in np.argwhere(rail)[0])
    row = int(rail[y].sum())
    assert row == pytest.approx(95, abs=3), "half of 190"
    said = hand.do("mousemove", str(x + 142), str(60 + y + 5), "click", "1")
    assert said == [("/wear/param/sketch/warmth", (pytest.approx(0.75, abs=0.02),))]
    said = hand.do("mousedown", "1", "mousemove", str(x + 19), str(60 + y + 90), "mouseup", "1")
    assert said[-1] == ("/wear/param/sketch/warmth", (pytest.approx(0.1, abs=0.02),)), "a drag may wander"
    hand.told = Told((LAMP_ALIVE, LAMP_ALIVE), values=np.array([1.0, 1.0]))  # meanwhile OSC
    hand.player.until(lambda: False, 0.6)
    rail = (hand.seen() == (0x6E, 0xCC, 0xB0)).all(axis=2)[60:300]
    assert int(rail[y].sum()) == pytest.approx(190, abs=3)


def test_v_shows_the_body_and_the_sketch_again(real: Callable[..., Real]) -> None:
    hand = real()
    assert hand.seen()[300, 900].tolist() == [150, 60, 20]
    hand.press("v")
    assert hand.seen()[300, 900].tolist() == [0, 90, 0]
    hand.press("v")
    assert hand.seen()[300, 900].tolist() == [150, 60, 20]


def test_frozen_by_another_hand_it_stands_still_and_says_so(real: Callable[..., Real]) -> None:
    hand = real()
    hand.told = Told((LAMP_ALIVE, LAMP_ALIVE), recording=True, master=0.4, values=np.array([0.4, 0.5]))
    seen = hand.seen()
    assert (seen[636:662, 900:1260] == (0xF4, 0x52, 0x49)).all(axis=2).any(), (
        "a lamp while a take is recorded"
    )
    hand.press("Escape")
    assert (hand.seen()[600:] == (150, 60, 20)).all(), "hidden, without a trace"
