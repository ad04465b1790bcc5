"""`doctor --rehearse`: the main faults on the real rig, the evening before, and whether the show lives through them.

The show plays as `run` plays it, from a copy of its patch and its rig, and is really heard, seen and felt. A judge of
our own, one more receiver of light on this machine, says when it went dark and how long it waited. What breaks is our
side of things: our capture of the sound device is closed, not its cable pulled; the window's program is killed, not the
projector. What no program can try is said.
"""

from __future__ import annotations

import logging
import shutil
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from wearsound.core import Event, Source
from wearsound.engine import QUIT
from wearsound.outputs.delay import Delayed
from wearsound.show.build import Built
from wearsound.show.doctor_rehearse_crash import kill_engine
from wearsound.show.doctor_rehearse_eye import Eye
from wearsound.show.doctor_rehearse_steps import STEPS, Tried
from wearsound.show.entries import Named, Set
from wearsound.show.live import play
from wearsound.show.load import load
from wearsound.show.source import open_source
from wearsound.sources.pace import Paced

GAP = 1.0
"""Seconds that light may wait at the longest: receivers go dark by themselves after 2.5."""
PROBES = (
    '\n[[light]]\nname = "rehearsal-eye"\nhost = "127.0.0.1"\nport = {eye}\n'
    '\n[[light]]\nname = "rehearsal-nobody"\nhost = "127.0.0.1"\nport = {nobody}\n'
)


def rehearse(
    named: Named,
    text: str | None,
    minutes: float = 0.0,
    *,
    window: bool = True,
    say: Callable[[str], object] = print,
) -> list[Tried]:
    """Play the show of `named` to the input `text` and break what can be, once or for `minutes`. [main thread]

    PatchError or DeviceError where it could not even begin. Nothing of the person's own is written to.
    """
    with TemporaryDirectory(prefix="wearsound-") as name, Eye() as eye, Eye() as nobody:
        nobody.close()  # its port is nobody's from here on
        copied = copied_show(named, Path(name), PROBES.format(eye=eye.port, nobody=nobody.port))
        whole = Set.load(copied)
        rig = whole.show.rig
        source: Source = open_source(text, rig=rig, loop=True)
        director = Director(eye, source, whole.show.patch_path, minutes, say)
        if not source.live:
            source = Paced(source, output=rig.output if rig else None)
        log = logging.getLogger("wearsound")
        log.addHandler(director.log)
        try:
            play(
                whole.show,
                source,
                window=window,
                set_list=whole.entries,
                prepare=director.begin,
                say=lambda s: None,
            )
        finally:
            director.end()
            log.removeHandler(director.log)
        good, said = kill_engine(copied, text, eye)
        word = "not tried" if good is None else "pass" if good else "fail"
        director.note(Tried("the engine is killed", word, said))
    return director.tried


def copied_show(named: Named, folder: Path, probes: str) -> Named:
    """The same show from files that may be broken, with a judge in its rig."""
    show = load(named.shows[0], garment=named.garment, rig=named.rig, sketch=named.sketch, seed=named.seed)
    patch = folder / show.patch_path.name
    shutil.copyfile(show.patch_path, patch)
    if show.palette_path is not None and show.palette_path.parent == show.patch_path.parent:
        shutil.copy(show.palette_path, folder)
    rigs = folder / "rig"
    rigs.mkdir()
    text = ""
    if show.rig_path is not None:
        text = show.rig_path.read_text(encoding="utf-8")
        for beside in show.rig_path.parent.glob("*.toml"):  # presets of its sensors
            shutil.copy(beside, rigs)
    (rigs / "rig.toml").write_text(text + probes, encoding="utf-8")
    sketch = "" if show.sketch_path is None else str(show.sketch_path)
    return replace(
        named,
        shows=[str(patch)],
        garment=str(show.garment_path),
        rig=str(rigs / "rig.toml"),
        sketch=sketch,
        seed=show.seed,
    )


class _Kept(logging.Handler):
    """What the program said meanwhile."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """[any thread]"""
        self.said.append(record.getMessage())


class Director:
    """Breaks one thing after the other on a thread of its own, and then ends the show."""

    def __init__(
        self, eye: Eye, source: Source, patch: Path, minutes: float, say: Callable[[str], object]
    ) -> None:
        self.tried: list[Tried] = []
        self.log = _Kept()
        self.eye = eye
        self.patch = patch
        self._source = source
        self._minutes = minutes
        self._say = say
        self._over = threading.Event()
        self._built: Built | None = None
        self._thread = threading.Thread(target=self._direct, name="rehearsal", daemon=True)

    def begin(self, built: Built) -> None:
        """The show is about to play. [main thread]"""
        self._built = built
        built.engine.listeners.append(self._heard)
        self._thread.start()

    def _heard(self, event: Event) -> None:
        """Nobody signals to this process once the show leaves: its hands are gone then. [engine thread]"""
        if event.address == QUIT:
            self._over.set()

    @property
    def over(self) -> bool:
        """Whether nothing more is to be tried."""
        return self._over.is_set()

    def end(self) -> None:
        """The show is over; twice is fine. [main thread]"""
        self._over.set()
        if self._thread.is_alive():
            self._thread.join(5.0)

    def _direct(self) -> None:
        """[a thread of its own]"""
        began = time.monotonic()
        try:
            if not self.until(lambda: self.eye.count, 90.0):
                self.note(Tried("light", "fail", "no light came in 90 s"))
                return
            while not self._over.is_set():
                for step in STEPS:
                    for tried in step(self):
                        self.note(tried)
                    if self._over.is_set():
                        return
                if time.monotonic() - began >= 60.0 * self._minutes:
                    return
        finally:
            self.engine.inbox.put(Event(0, QUIT, by="rehearsal"))

    def note(self, tried: Tried) -> None:
        """Say it and keep it. [one thread at a time]"""
        self.tried.append(tried)
        self._say(str(tried))

    @property
    def engine(self) -> Any:
        """What plays."""
        assert self._built is not None
        return self._built.engine

    @property
    def built(self) -> Built:
        """What plays, and of which files."""
        assert self._built is not None
        return self._built

    @property
    def source(self) -> Any:
        """What it hears."""
        return self._source

    def outputs(self, kind: type[Any]) -> list[Any]:
        """Its outputs of a kind, without what delays them."""
        parts = [part.output if isinstance(part, Delayed) else part for part in tuple(self.engine.outputs)]
        return [part for part in parts if isinstance(part, kind)]

    def until(self, true: Callable[[], object], seconds: float) -> bool:
        """Whether it became true in time; False too where the show has ended."""
        end = time.monotonic() + seconds
        while not true():
            if time.monotonic() > end or self._over.wait(0.01):
                return bool(true())
        return True

    def judged(self, what: str, good: bool, sentence: str, since: float) -> Tried:
        """Whether it was good, and light went on meanwhile."""
        gap = self.eye.longest(since)
        lit = f"light never waited more than {gap:.2f} s" if gap <= GAP else f"light waited {gap:.1f} s"
        return Tried(what, "pass" if good and gap <= GAP else "fail", f"{sentence}; {lit}")
