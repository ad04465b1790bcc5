"""A whole set played by keys, mouse and OSC in a hall without people, and each step judged from outside.

A real `wearsound take record` plays gallery patches and sketches to the built-in track, which comes in by a
microphone. What is judged is what others get: OSC answers, frames at a DDP display, files, what stands on the screen.
At the end the take is replayed and compared, and a stretch of it made a film. WEARSOUND_EVENING says how many seconds
(default 600), WEARSOUND_EVENING_TO where screenshots, take and film are kept.
"""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.child import ROOT
from benchmarks.hall import Hall
from benchmarks.shots import Shots, places, routes_of
from benchmarks.table import Figure, Part, load

SECONDS = float(os.environ.get("WEARSOUND_EVENING", "600"))
TO = os.environ.get("WEARSOUND_EVENING_TO", "")
BEAT = 60 / 96
"""Of the built-in track."""
ZONES = ("chest", "collar", "waist", "sleeve_l", "placket")
SKETCHES = ("boro", "contour", "dyebath", "lint", "stitch", "tape", "thread")
SET = ("coat.toml", "mine.py", "low-tide", *SKETCHES, "salt", "after-hours")
PANIC, BLACKOUT = 1.1, 1.1
"""Seconds in which light must be dark."""
PLAYS = 30.0
"""Seconds in which a saved file plays, on a machine that others keep busy: `saves` measures how long it takes."""
SILENCE = 6.0
LENGTH = 6.01
"""Just above the default of the loom's slider."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at: in which step, what, whether it was so, and what was seen instead."""

    step: str
    what: str
    good: bool
    seen: str = ""


def run() -> Part:
    """The evening, and what became of it; nothing where there is no PulseAudio or no X server."""
    from tests import pulse, xserver

    part = Part(f"A set of {SECONDS:.0f} s, played by keys and OSC")
    missing = pulse.missing() or xserver.missing()
    if missing:
        part.notes.append(f"{missing}: not measured.")
        return part
    with contextlib.ExitStack() as stack:
        folder = Path(TO or stack.enter_context(tempfile.TemporaryDirectory()))
        folder.mkdir(parents=True, exist_ok=True)
        with contextlib.ExitStack() as hall_stack:
            evening = Evening(Hall(folder, hall_stack))
            evening.play(SECONDS)
        evening.look()
        evening.keep()
        evening.tell(part)
    return part


class Evening:
    """The script. Each step is a method whose docstring is its name; `check` keeps what was seen."""

    def __init__(self, hall: Hall) -> None:
        self.hall = hall
        self.checks: list[Check] = []
        self.shots = Shots(hall.folder)
        self._step = ""
        self._played: list[tuple[str, float, float]] = []
        self._loads = [load()]
        self._coat, self._mine = hall.folder / "coat.toml", hall.folder / "mine.py"
        self._coat.write_text((ROOT / "patches/bass-denim.toml").read_text())
        self._mine.write_text((ROOT / "sketches/loom.py").read_text())
        self._pointed: dict[str, str] = {}
        self._places = places(self._coat)

    def check(self, what: str, good: object, seen: object = "") -> None:
        """Keep whether something was as it must be."""
        self.checks.append(Check(self._step, what, bool(good), "" if good else str(seen)))

    def shoot(self, name: str) -> None:
        """Keep what the screen shows now; it is looked at after the show."""
        self.shots.add(name, self.hall.shoot(f"{len(self.shots.taken):02d}-{name}"))

    def play(self, seconds: float) -> None:
        """Every step at its share of the evening; one that the step before held up begins at once."""
        hall = self.hall
        hall.music(True)
        hall.begin(["take", "record", "evening", *SET, "--prove"])
        up = hall.until(lambda: hall.ask("/wear/show") and hall.frames and hall.windows, 60.0)
        if not up:
            raise RuntimeError(f"the show did not begin: {hall.said}")
        steps: list[Callable[[], None]] = [
            self.begin, self.tap, self.scenes, self.cues, self.master, self.why, self.sliders, self.freeze,
            self.blackout, self.panic, self.save_patch, self.silence, self.next_show, self.sketch_and_body,
            self.save_sketch, self.record, self.fullscreen, self.picture, self.help, self.felt, *self.rest_of_the_set(),
            self.back_home,
        ]  # fmt: skip
        began = time.monotonic()
        for number, step in enumerate(steps):
            time.sleep(max(0.0, began + number * (seconds - 5.0) / len(steps) - time.monotonic()))
            self._do(step)
        time.sleep(max(0.0, began + seconds - 3.0 - time.monotonic()))
        self._do(self.quit)

    def _do(self, step: Callable[[], None]) -> None:
        self._step = (step.__doc__ or "").rstrip(".")
        begun = time.monotonic()
        try:
            step()
        except (OSError, subprocess.SubprocessError, IndexError) as error:
            self.check("it could be done", False, error)
        self._played.append((self._step, begun, time.monotonic()))
        self._loads.append(load())

    # The show on cloth

    def begin(self) -> None:
        """It begins."""
        hall = self.hall
        self.check("the first show plays", hall.answers("/wear/show", "Bass denim"), hall.ask("/wear/show"))
        self.check("its first scene", hall.answers("/wear/scene", "groove"), hall.ask("/wear/scene"))
        self.check("light arrives", hall.until(lambda: hall.brightest(1.0) > 20, 10.0), hall.brightest(1.0))
        self.check("features leave by OSC", hall.came["/wear/health"] and hall.came["/wear/beat"], hall.came)
        time.sleep(2.0)
        self.shoot("groove")

    def tap(self) -> None:
        """Tap the tempo and lock it."""
        hall = self.hall
        begun = time.monotonic()
        for n in range(8):  # by the clock: a key takes its time to arrive
            time.sleep(max(0.0, begun + n * BEAT - time.monotonic()))
            hall.key("t")
        tapped = hall.ask("/wear/tempo/bpm")
        self.check(
            "taps say the tempo, within 3 bpm", tapped and abs(float(tapped[0]) - 60 / BEAT) < 3, tapped
        )
        hall.key("l")
        self.check("L locks", hall.until(lambda: _on(hall.ask("/wear/tempo/lock")), 2.0))
        hall.key("bracketright")
        hall.key("period")
        faster = hall.until(lambda: _first(hall.ask("/wear/tempo/bpm")) > 170, 2.0)
        self.check("`.` doubles", faster, hall.ask("/wear/tempo/bpm"))
        hall.key("comma")
        slower = hall.until(lambda: 80 < _first(hall.ask("/wear/tempo/bpm")) < 115, 2.0)
        self.check("`,` halves", slower, hall.ask("/wear/tempo/bpm"))
        time.sleep(0.5)
        self.shoot("locked")
        hall.key("l")
        self.check("L lets go", hall.until(lambda: not _on(hall.ask("/wear/tempo/lock")), 2.0))

    def scenes(self) -> None:
        """Scenes by 1 to 3."""
        for key, name in (("2", "break"), ("3", "drop"), ("1", "groove")):
            self.hall.key(key)
            came = self.hall.answers("/wear/scene", name)
            self.check(f"{key} calls {name}", came, self.hall.ask("/wear/scene"))
            time.sleep(2.5 if name != "groove" else 0.5)
            self.shoot(f"scene-{name}")

    def cues(self) -> None:
        """GO, GO, a double GO, BACK."""
        hall = self.hall
        before = hall.ask("/wear/cue/next")
        self.check("the list stands at its first or second cue", before[:1] in (("in",), ("break",)), before)
        order = ["in", "break", "drop", "on", "out"]
        at = order.index(str(before[0])) if before else 0
        for number, press in enumerate(("Return", "Return", "Return Return")):
            hall.key(press)
            wanted = order[at + number]
            self.check(
                f"{press} takes {wanted}", hall.answers("/wear/cue", wanted, 2.0), hall.ask("/wear/cue")
            )
            time.sleep(1.0)
            stays = hall.ask("/wear/cue")
            self.check(f"and only {wanted}", stays == (wanted,), stays)
        hall.key("BackSpace")
        wanted = order[at + 1]
        self.check(f"BACK takes {wanted}", hall.answers("/wear/cue", wanted, 2.0), hall.ask("/wear/cue"))
        time.sleep(0.3)
        self.shoot("cues")
        hall.key("1")
        hall.answers("/wear/scene", "groove")

    def master(self) -> None:
        """The master, by OSC and by keys."""
        hall = self.hall
        hall.send("/wear/master", 0.3)
        self.check(
            "it answers 0.3", hall.until(lambda: abs(_first(hall.ask("/wear/master")) - 0.3) < 0.01, 2.0)
        )
        time.sleep(1.5)
        low = hall.brightest(1.0)
        self.shoot("master")
        for _ in range(14):
            hall.key("equal")
            time.sleep(0.05)
        up = hall.until(lambda: _first(hall.ask("/wear/master")) > 0.99, 3.0)
        self.check("= brings it up", up, hall.ask("/wear/master"))
        time.sleep(2.0)
        self.check("the display saw less light", low < hall.brightest(2.0), (low, hall.brightest(2.0)))

    def why(self) -> None:
        """Why is it moving? Five zones by the mouse."""
        hall = self.hall
        hall.key("question")
        for zone in ZONES:
            hall.point(*self._places[zone])
            time.sleep(1.5)
            self.shoot(f"why-{zone}")
            self._pointed[zone] = f"why-{zone}"
        hall.key("Escape")
        time.sleep(0.8)

    def sliders(self) -> None:
        """Sliders by Tab and arrows."""
        hall = self.hall
        hall.key("Tab")
        time.sleep(0.3)
        for _ in range(6):
            hall.key("Left")
            time.sleep(0.05)
        moved = hall.until(lambda: 0.9 < _first(hall.ask("/wear/master")) < 0.97, 3.0)
        self.check("the master went six steps down", moved, hall.ask("/wear/master"))
        hall.key("Delete")
        back = hall.until(lambda: _first(hall.ask("/wear/master")) > 0.99, 3.0)
        self.check("Delete brings it back", back, hall.ask("/wear/master"))
        for _ in range(4):
            hall.key("Down")
        time.sleep(0.8)
        self.shoot("sliders")
        hall.key("Tab")
        time.sleep(0.3)

    def freeze(self) -> None:
        """Freeze and go on."""
        hall = self.hall
        hall.key("space")
        time.sleep(1.0)
        before = hall.heard.get("/wear/beat", (0.0, ()))
        moved = hall.came["/wear/audio/room/bass"]
        self.shoot("frozen")
        time.sleep(1.5)
        self.check("light stands still at the display", hall.looks(1.5) <= 1, f"{hall.looks(1.5)} looks")
        self.check("and is lit", hall.brightest(2.0) > 0)
        after = hall.heard.get("/wear/beat", (0.0, ()))
        plays = after[0] > before[0] and hall.came["/wear/audio/room/bass"] > moved
        self.check("what is heard plays on", plays, (before, after))
        hall.key("space")
        self.check("Space lets it go", hall.until(lambda: hall.looks(0.5) > 5, 3.0), hall.looks(0.5))

    def blackout(self) -> None:
        """Blackout and back."""
        hall = self.hall
        hall.key("b")
        self.check(f"dark within {BLACKOUT} s", hall.until(lambda: hall.brightest(0.05) == 0, BLACKOUT))
        time.sleep(1.0)
        self.check("stays dark", hall.brightest(0.7) == 0, hall.brightest(0.7))
        self.shoot("blackout")
        hall.key("b")
        self.check("B again: light", hall.until(lambda: hall.brightest(0.3) > 20, 4.0), hall.brightest(0.3))

    def panic(self) -> None:
        """Panic by Esc Esc, resume by R."""
        hall = self.hall
        time.sleep(1.0)
        hall.key("Escape Escape")
        self.check(f"dark within {PANIC} s", hall.until(lambda: hall.brightest(0.05) == 0, PANIC))
        hall.key("1")
        hall.key("b")
        hall.send("/wear/blackout", 0)
        hall.send("/wear/cue/go")
        time.sleep(1.5)
        self.check("nothing but R ends it", hall.brightest(1.2) == 0, hall.brightest(1.2))
        self.shoot("panic")
        hall.key("r")
        self.check("R: light", hall.until(lambda: hall.brightest(0.3) > 20, 4.0), hall.brightest(0.3))
        time.sleep(0.5)
        hall.key("1")
        hall.answers("/wear/scene", "groove")
        self.shoot("resumed")

    def save_patch(self) -> None:
        """A patch is saved while it plays: good, broken, good."""
        hall, text = self.hall, self._coat.read_text()
        self._coat.write_text(text.replace('"Bass denim"', '"Bass denim, later"'))
        self.check(
            "a good one plays", hall.answers("/wear/show", "Bass denim, later", PLAYS), hall.ask("/wear/show")
        )
        self._coat.write_text(text.replace('"chest.glow"', '"chset.glow"'))
        time.sleep(3.5)
        self.check(
            "a broken one does not", hall.ask("/wear/show") == ("Bass denim, later",), hall.ask("/wear/show")
        )
        self.check("light plays on", hall.looks(0.5) > 5, hall.looks(0.5))
        self.shoot("broken-patch")
        self._coat.write_text(text)
        self.check(
            "mended, it plays", hall.answers("/wear/show", "Bass denim", PLAYS), hall.ask("/wear/show")
        )
        time.sleep(1.0)
        self.shoot("mended-patch")

    def silence(self) -> None:
        """Six seconds of silence, and music again."""
        hall = self.hall
        hall.music(False)
        rests = hall.answers("/wear/scene", "rest", SILENCE)
        self.check("silence calls rest", rests, hall.ask("/wear/scene"))
        time.sleep(3.5)
        self.shoot("rest")
        beats = hall.heard.get("/wear/beat", (0.0, (0,)))[1]
        time.sleep(2.0)
        later = hall.heard.get("/wear/beat", (0.0, (0,)))[1]
        self.check("no beats in silence", beats[:1] == later[:1], (beats, later))
        hall.music(True)
        self.check(
            "music brings the scene back", hall.answers("/wear/scene", "groove", 8.0), hall.ask("/wear/scene")
        )

    # The show as a sketch

    def next_show(self) -> None:
        """N: the next show."""
        hall = self.hall
        hall.key("n")
        name = f"{SET[1].removesuffix('.py')}"
        came = hall.until(lambda: str((*hall.ask("/wear/set"), "")[0]).casefold().startswith(name), 15.0)
        self.check("the set goes on", came, hall.ask("/wear/set"))
        self.check(
            "the sketch's slider is there", hall.until(lambda: hall.ask("/wear/param/sketch/slub"), 4.0)
        )
        time.sleep(4.0)
        self.shoot("mine-loom")

    def sketch_and_body(self) -> None:
        """V: the body, and the sketch again; a slider of the sketch."""
        hall = self.hall
        hall.key("v")
        time.sleep(4.0)
        self.shoot("body")
        hall.key("v")
        time.sleep(1.0)
        hall.key("Tab")
        time.sleep(0.2)
        for _ in range(5):  # from the route's slider that was chosen before, up to the sketch's first one
            hall.key("Up")
            time.sleep(0.05)
        hall.key("Right Right Right Right")
        time.sleep(0.8)
        self.shoot("sketch-sliders")
        length = _first(hall.ask("/wear/param/sketch/length"))
        self.check("a sketch's slider moves", length > LENGTH, length)
        hall.key("Tab")

    def save_sketch(self) -> None:
        """A sketch is saved while it plays: good, broken, good."""
        hall, text = self.hall, self._mine.read_text()
        new = re.sub(r"(class \w+\(Sketch\):\n)", r"\1    evening: float = 0.5\n", text)
        self._mine.write_text(new)
        plays = hall.until(lambda: hall.ask("/wear/param/sketch/evening"), PLAYS)
        self.check("a good one plays", plays)
        self._mine.write_text(
            new.replace("def draw(self, c, f):\n", "def draw(self, c, f):\n        1 / 0\n")
        )
        refused = hall.until(lambda: "ZeroDivisionError" in hall.said, PLAYS)
        self.check("a broken one is refused", refused)
        time.sleep(1.0)
        self.check("with a broken one the last plays on", hall.ask("/wear/param/sketch/evening"))
        self.shoot("broken-sketch")
        self._mine.write_text(new.replace("evening: float", "later: float"))
        self.check("mended, it plays", hall.until(lambda: hall.ask("/wear/param/sketch/later"), PLAYS))
        time.sleep(1.0)
        self.shoot("mended-sketch")

    def record(self) -> None:
        """Ctrl-R begins a take and ends it."""
        hall = self.hall
        hall.key("ctrl+r")
        began = hall.until(lambda: list(hall.folder.glob("take-*.part")), 5.0)
        self.check("a take is begun", began)
        time.sleep(4.0)
        hall.key("ctrl+r")
        ended = hall.until(lambda: any(p.suffix != ".part" for p in hall.folder.glob("take-*")), 5.0)
        self.check("and ended", ended, list(hall.folder.glob("take-*")))

    def fullscreen(self) -> None:
        """F: full screen, and back."""
        self.hall.key("f")
        time.sleep(1.5)
        self.shoot("fullscreen")
        self.hall.key("f")
        time.sleep(1.5)
        self.shoot("window-again")
        self.check("the window is the same", len(self.hall.windows) == 1, self.hall.windows)

    def picture(self) -> None:
        """S saves the picture."""
        self.hall.key("s")
        saved = self.hall.until(lambda: list(self.hall.folder.glob("wearsound-*.png")), 4.0)
        self.check("a PNG is there", saved)
        time.sleep(0.3)
        self.shoot("saved")

    def help(self) -> None:
        """H: the keys."""
        self.hall.key("h")
        time.sleep(0.6)
        self.shoot("help")
        self.hall.key("h")
        self.hall.key("z")
        time.sleep(0.6)
        self.shoot("flash-meter")
        self.hall.key("z")

    def felt(self) -> None:
        """By OSC: the next of the set."""
        hall = self.hall
        hall.send("/wear/set/next")
        self.check("/wear/set/next", hall.answers("/wear/show", "Low tide", 15.0), hall.ask("/wear/show"))
        hall.key("Return")
        time.sleep(4.0)
        self.shoot("low-tide")

    def rest_of_the_set(self) -> list[Callable[[], None]]:
        """The rest of the set by OSC, as many of them as there is time for."""
        numbers = range(4, len(SET) + 1) if SECONDS >= 300 else (4, len(SET))

        def step(number: int) -> Callable[[], None]:
            def call() -> None:
                hall = self.hall
                hall.send("/wear/set/goto", number)
                name = SET[number - 1].replace("-", " ")
                came = hall.until(
                    lambda: (
                        str((*hall.ask("/wear/set"), "")[0]).casefold().replace("-", " ").startswith(name)
                    ),
                    15.0,
                )
                self.check(f"/wear/set/goto {number}: {name}", came, hall.ask("/wear/set"))
                time.sleep(5.0 if SECONDS < 300 else 12.0)
                self.shoot(SET[number - 1])

            call.__doc__ = f"By OSC: {SET[number - 1]}."
            return call

        return [step(number) for number in numbers]

    def back_home(self) -> None:
        """By OSC: the first show by its title, its strip hidden."""
        hall = self.hall
        hall.send("/wear/set/goto", "Bass denim")
        self.check(
            "/wear/set/goto by title", hall.answers("/wear/show", "Bass denim", 15.0), hall.ask("/wear/show")
        )
        hall.key("Escape")
        time.sleep(1.5)
        self.shoot("no-strip")

    def quit(self) -> None:
        """Q: it leaves."""
        self.hall.key("q")
        code = self.hall.left()
        self.check("it leaves with code 0", code == 0, code)
        time.sleep(0.3)
        self.check("the display is dark", self.hall.frames[-1].most == 0, self.hall.frames[-1].most)

    # Afterwards

    def look(self) -> None:
        """What the screenshots show."""
        self._step = "On the screen"
        shots = self.shots
        shots.load()
        for zone, name in self._pointed.items():
            for where, words in routes_of(self._coat, zone):
                self.check(f"the card of {zone} names {where}", shots.says(name, where, dim=True), name)
                self.check(f"the card of {zone} says {words!r}", shots.says(name, words), name)
        for name, plain in (("broken-patch", "mended-patch"), ("broken-sketch", "mended-sketch")):
            self.check(f"{name}: a line at the top edge", shots.errs(name) and not shots.errs(plain))
        self.check("blackout is a word alone", shots.says("blackout", "blackout", face="stage"))
        self.check("panic is a word alone", shots.says("panic", "panic", face="stage"))
        self.check("help names Backspace", shots.says("help", "Backspace"))
        self.check("frozen is said", shots.says("frozen", "frozen", face="value"))
        for one, other in (("mine-loom", "body"), ("window-again", "help"), ("no-strip", "groove")):
            self.check(f"{one} and {other} are different pictures", shots.apart(one, other) > 1.0)

    def keep(self) -> None:
        """Replay the take and compare; make a film of a stretch of it."""
        self._step = "Afterwards"
        began = time.monotonic()
        code, said = self._run("check", "evening")
        self.check("the take replays to the bit", code == 0, said[-400:])
        self.replayed = time.monotonic() - began
        begun = {name: low - self._played[0][1] for name, low, _ in self._played}
        start = begun.get("Scenes by 1 to 3", 10.0)
        self._run(
            "take", "trim", "evening", "--from", f"{start:.1f}", "--to", f"{start + 12:.1f}", "--out", "piece"
        )
        code, said = self._run("render", "piece", "--to", "film")
        film = list((self.hall.folder / "film").glob("*.mp4"))
        self.check("a stretch of it is a film", code == 0 and film, said[-400:])

    def _run(self, *words: str) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "-m", "wearsound", *words],
            cwd=self.hall.folder, env=self.hall.env, capture_output=True, text=True, timeout=3600,
        )  # fmt: skip
        return done.returncode, done.stdout + done.stderr

    def tell(self, part: Part) -> None:
        """The table."""
        hall = self.hall
        passed = sum(check.good for check in self.checks)
        low, high = self._played[0][1], self._played[-1][1]
        came, gaps = hall.late(low, high)
        drops = max((int(health[3]) for health in hall.health), default=0)
        age = [health[2] for health in hall.health]
        lost = re.search(r"(\d+) hops lost", hall.said)
        part.figures += [
            Figure("steps", len(self._played), ""),
            Figure("checks", len(self.checks), ""),
            Figure("checks that failed", len(self.checks) - passed, "", 0.0),
            Figure("light frames", came, ""),
            Figure("light frames that came late (33 ms)", len(gaps), "", 0.0),
            Figure("longest wait for one", max(gaps, default=0.0), "ms"),
            Figure("hops lost", int(lost[1]) if lost else drops, "", 0.0),
            Figure("age of the sound: median", float(np.median(age)) if age else 0.0, "ms"),
            Figure("age of the sound: worst", max(age, default=0.0), "ms"),
            Figure("windows begun again", max(0, len(hall.windows) - 1), "", 0.0),
        ]
        for who, sizes in hall.sizes.items():
            sizes = [size for size in sizes if size]
            for when, size in (
                ("after 30 s", sizes[30:31]),
                ("at the end", sizes[-2:-1]),
                ("most", [max(sizes)]),
            ):
                if size:
                    part.figures.append(Figure(f"resident, {who}, {when}", size[0], "MiB"))
        part.figures.append(Figure("the take replayed and compared in", self.replayed, "s"))
        part.notes += [
            f"{check.step}: {check.what}: NOT SO ({check.seen})." for check in self.checks if not check.good
        ]
        part.notes += [f"{name}: {high - low:.1f} s." for name, low, high in self._played]
        part.notes.append(f"Load averages: {', '.join(str(one) for one in self._loads[::6])}.")
        part.notes += hall.said.splitlines()[-12:]


def _first(answer: tuple[object, ...]) -> float:
    """The first number of an answer, -1 where there is none."""
    return float(answer[0]) if answer and isinstance(answer[0], int | float) else -1.0


def _on(answer: tuple[object, ...]) -> bool:
    return bool(answer) and answer[0] in (True, 1, 1.0)
