"""A show is tried in a second process: what comes back plays as what was made here, and what is wrong is said."""

from __future__ import annotations

import gc
import io
import os
import signal
import threading
import time
import weakref
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from thorough import some, usually

from wearsound.core import Block, Clock, Frame
from wearsound.engine import Engine
from wearsound.errors import MissingError, PatchError
from wearsound.felt import Drive
from wearsound.gallery import root
from wearsound.parts import Parts
from wearsound.safety.master import Master
from wearsound.show.build import Made, make
from wearsound.show.load import load
from wearsound.show.parcel import pack, unpack
from wearsound.show.rehearsal import Rehearsal, Wanted, error_of, told
from wearsound.show.run_through import run_through
from wearsound.sound import Sound
from wearsound.sources.remote import Remote
from wearsound.sources.signal import test_signal as make_signal

ROOM = {"room": (0, 1)}
ALL = {"room": (0, 1), "body": (2,), "crowd": (3,)}
CLOCK = Clock()


class Kept:
    """Every bit that leaves an engine: output, tape, driver and speaker at once."""

    name, rate = "kept", 60

    def __init__(self) -> None:
        self.bits: list[bytes] = []

    def open(self, clock: Clock) -> None: ...

    def close(self) -> None: ...

    def send(self, frame: Frame) -> None:
        self.bits += [
            frame.pixels.tobytes(),
            frame.dyed.tobytes(),
            frame.touch.tobytes(),
            frame.scene.encode(),
        ]

    def write(self, block: Block, features: np.ndarray, controls: np.ndarray) -> None:
        self.bits += [features.tobytes(), controls.tobytes()]

    def drive(self, tick: int, gap: int, drive: Drive) -> None:
        self.bits += [drive.wave.tobytes(), drive.level.tobytes(), drive.hz.tobytes()]

    def play(self, tick: int, gap: int, sound: Sound) -> None:
        self.bits += [sound.played.tobytes(), sound.heard.tobytes()]


def played(parts: Parts, seconds: float = 1.5) -> list[bytes]:
    engine, kept = Engine(CLOCK, parts, Master(CLOCK), Remote({})), Kept()
    for home in (engine.outputs, engine.tapes, engine.drivers, engine.speakers):
        home.append(kept)  # type: ignore[attr-defined]
    n = int(seconds * 48_000) // 256 * 256
    sound = make_signal("test:kick=150").samples(0, n).astype(np.float32)
    tick, hops = 0, (1, 1, 7, 64, 1, 3)
    while (tick + 64) * 256 <= n:
        count = hops[len(kept.bits) % 6]
        samples = np.repeat(sound[tick * 256 : (tick + count) * 256, None], 4, axis=1)
        engine.step(Block(tick, samples, ALL, count))
        tick += count
    return kept.bits


def crossed(thing: Any) -> Any:
    """What another process would get."""
    memory = io.BytesIO()
    pack(thing, memory)
    memory.seek(0)
    return unpack(lambda n: bytearray(memory.read(n)), lambda seconds: None)


def same(one: Made, other: Made) -> bool:
    """The same show; a garment is known by its digest."""
    garments = one.show.garment, other.show.garment
    shows = replace(one.show, garment=garments[0]), replace(other.show, garment=garments[0])
    return (
        garments[0].digest == garments[1].digest
        and shows[0] == shows[1]
        and (one.hears, one.parts.worn, one.parts.seed) == (other.hears, other.parts.worn, other.parts.seed)
    )


def made(name: str = "undertow", lanes: dict[str, tuple[int, ...]] = ALL) -> Made:
    return make(load(name), lanes, CLOCK, strict=False)


@pytest.fixture(scope="module")
def rehearsal() -> Iterator[Rehearsal]:
    with Rehearsal() as running:
        yield running


def test_arrays_of_one_memory_are_of_one_memory_again() -> None:
    whole = np.arange(24.0).reshape(4, 6)
    fortran = np.asfortranarray(whole)
    read_only = whole[1]
    read_only.flags.writeable = False
    parts = [
        whole[:, 2:4],
        whole,
        whole.T,
        whole[::-1, ::2],
        whole[:0],
        read_only,
        fortran,
        fortran[:, 1:],
        whole,
    ]
    back = crossed(parts)
    for before, after in zip(parts, back, strict=True):
        assert np.array_equal(before, after)
        assert before.strides == after.strides
        assert before.flags.writeable == after.flags.writeable
    back[1][:] = -1.0
    back[6][:] = -2.0
    assert all((array == -1.0).all() for array in (*back[:6], back[8]))
    assert (back[7] == -2.0).all()
    assert back[1] is back[8]
    assert whole[0, 1] == 1.0  # and this one is another


@pytest.mark.parametrize("name", some(["undertow", "rain-room", "answer", "first-walk"], 2))
def test_what_has_crossed_plays_the_same_bits(name: str) -> None:
    here, there = made(name), crossed(made(name))
    assert played(here.parts) == played(there.parts)
    assert same(there, here)
    after_play = crossed(here)  # packed in the middle of a show, with all it remembers
    assert played(after_play.parts) == played(here.parts)


def test_what_comes_back_is_what_would_be_made_here(rehearsal: Rehearsal) -> None:
    back = rehearsal.try_(Wanted("undertow", ALL, 48_000, rig="laptop", seed=3))
    here = make(load("undertow", rig="laptop", seed=3), ALL, CLOCK, strict=False)
    assert same(back, here)
    assert back.show.rig is not None
    assert played(back.parts) == played(here.parts)


def test_a_take_brings_its_own_lanes_and_calibration(rehearsal: Rehearsal) -> None:
    body = {"body": {"floor_low": -71.5}}
    wanted = Wanted(
        "first-walk",
        ALL,
        48_000,
        remote={"phone": {"x": (-1.0, 1.0)}},
        calibration=body,
        hears=("room.pitch",),
    )
    assert Wanted.from_json(wanted.as_json()) == wanted
    back = rehearsal.try_(wanted)
    assert back.show.rig is not None
    assert back.show.rig.calibration == body
    assert back.show.rig.remote == {"phone": {"x": (-1.0, 1.0)}}
    assert "room.pitch" in back.hears


BROKEN = {
    "no TOML": ('title = "x\n', "x.toml:1: is not TOML"),
    "no such feature": ('title = "x"\n[[route]]\nfrom = "base"\nto = "chest.glow"\n', "x.toml:3: "),
    "no such zone": ('title = "x"\n[[route]]\nfrom = "bass"\nto = "cheast.glow"\n', "x.toml:4: "),
    "no such sketch": ('title = "x"\nsketch = "nobody"\n', "no sketch 'nobody'"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_patch_is_said_as_it_would_be_here(rehearsal: Rehearsal, tmp_path: Path, what: str) -> None:
    path = tmp_path / "x.toml"
    path.write_text(BROKEN[what][0])
    with pytest.raises(PatchError) as here:
        make(load(path), ROOM, CLOCK, strict=False)
    with pytest.raises(PatchError) as there:
        rehearsal.try_(Wanted(str(path), ROOM, 48_000))
    assert str(there.value) == str(here.value)
    assert BROKEN[what][1] in str(there.value)


def test_a_sketch_is_read_and_never_run(rehearsal: Rehearsal, tmp_path: Path) -> None:
    sketch = tmp_path / "mine.py"
    ran = tmp_path / "ran"
    sketch.write_text(
        f"from wearsound import Sketch\nopen({str(ran)!r}, 'w')\n"
        "class Mine(Sketch):\n    warmth: float = 0.4\n    def draw(self, c, f): pass\n"
    )
    back = rehearsal.try_(Wanted("undertow", ROOM, 48_000, sketch=str(sketch)))
    assert "sketch.warmth" in [spec.name for spec in back.parts.score.specs]
    assert not ran.exists()


def test_errors_travel_with_their_class() -> None:
    for error in (PatchError("a: b"), MissingError("gone")):
        back = error_of(told(error))
        assert type(back) is type(error)
        assert str(back) == str(error)


def test_whatever_comes_out_as_no_number_is_not_taken() -> None:
    class Wild:
        specs = ()

        def prepare(self, clock: Clock) -> None: ...

        def reset(self) -> None: ...

        def play(self, block: Block, features: Any, controls: Any, out: Any) -> None:
            out[:] = np.nan

    wild = made()
    wild.parts.light = Wild()
    with pytest.raises(PatchError, match=r"undertow.toml: light came out as no number"):
        run_through(wild, CLOCK, ALL)


def test_every_scene_is_called_in_the_run_through() -> None:
    tried = made("answer")
    called: list[str] = []
    scenes = tried.parts.score
    take = scenes.take

    def note(event: Any) -> None:
        called.append(event.address)
        take(event)

    scenes.take = note  # type: ignore[method-assign]
    run_through(tried, CLOCK, ALL)
    assert {f"/wear/scene/{scene.name}" for scene in tried.show.patch.scenes} <= set(called)


def test_a_killed_process_is_a_sentence_and_another_one_begins(tmp_path: Path) -> None:
    with Rehearsal() as running:
        wanted = Wanted("undertow", ROOM, 48_000)
        running.try_(wanted)
        first = running.pid
        assert first is not None
        os.kill(first, signal.SIGSTOP)  # in the middle of a try
        killer = threading.Timer(0.3, os.kill, (first, signal.SIGKILL))
        killer.start()
        with pytest.raises(PatchError, match="undertow: ended the program that tried it"):
            running.try_(wanted)
        assert running.try_(wanted).show.name == "undertow"
        assert running.pid not in (None, first)
        assert not alive(first)


def test_a_process_that_hangs_is_killed_and_another_one_begins() -> None:
    with Rehearsal(longest=0.5) as running:
        wanted = Wanted("wren", ROOM, 48_000)
        with pytest.raises(PatchError):
            running.try_(Wanted("nobody", ROOM, 48_000))  # it is warm now
        hung = running.pid
        assert hung is not None
        os.kill(hung, signal.SIGSTOP)
        with pytest.raises(PatchError, match="wren: was not ready within"):
            running.try_(wanted)
        assert not alive(hung)
        assert running.pid not in (None, hung)


def test_it_leaves_with_its_engine_whatever_it_does() -> None:
    running = Rehearsal()
    running.open()
    with pytest.raises(PatchError):
        running.try_(Wanted("nobody", ROOM, 48_000))
    pid = running.pid
    assert pid is not None
    ended: list[BaseException] = []

    def wait() -> None:
        try:
            running.try_(Wanted("undertow", ROOM, 48_000))
        except PatchError as error:
            ended.append(error)

    os.kill(pid, signal.SIGSTOP)
    waiting = threading.Thread(target=wait)
    waiting.start()
    time.sleep(0.1)
    running.close()
    running.close()
    waiting.join(10)
    assert ended
    assert not alive(pid)
    assert running.pid is None


def test_an_engine_that_is_killed_leaves_nobody_behind() -> None:
    import subprocess
    import sys

    code = (
        "import sys, time\nfrom wearsound.show.rehearsal import Rehearsal\nr = Rehearsal(); r.open()\n"
        "print(r.pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as engine:
        assert engine.stdout is not None
        pid = int(engine.stdout.readline())
        assert alive(pid)
        engine.kill()
    wait_until(lambda: not alive(pid), 10.0)


def test_good_and_broken_in_turn_leave_nothing_behind(tmp_path: Path) -> None:
    rounds = usually(8, 20)
    path = tmp_path / "x.toml"
    good = (root() / "patches" / "undertow.toml").read_text()
    watched: list[weakref.ref[Any]] = []
    with Rehearsal() as running:
        wanted = Wanted(str(path), ROOM, 48_000)
        sizes: list[tuple[int, int, int, int]] = []
        gc.disable()  # what was swapped out is freed at once, not when somebody sweeps
        try:
            for turn in range(rounds):
                path.write_text(f"# {turn}\n" + (good if turn % 2 == 0 else good + "\n[[route]]\nfrom = 3\n"))
                if turn % 2 == 0:
                    back = running.try_(wanted)
                    watched.append(weakref.ref(back.parts.ear))
                    watched.append(weakref.ref(back.parts.score))
                    played(back.parts, 0.4)  # nor does it hold itself once it has played
                    del back
                else:
                    with pytest.raises(PatchError, match=r"x\.toml:"):
                        running.try_(wanted)
                assert running.pid is not None
                sizes.append(
                    (resident(os.getpid()), resident(running.pid), descriptors(), threading.active_count())
                )
        finally:
            gc.enable()
        settled, last = sizes[len(sizes) // 2], sizes[-1]
        # What watches an answer may, on a full machine, only begin when it has come: it reads a file, and goes.
        wait_until(lambda: descriptors() <= settled[2] and threading.active_count() <= settled[3], 10.0)
    assert not [ref for ref in watched if ref() is not None]
    grown = last[0] - settled[0], last[1] - settled[1]
    assert max(grown) < 24_000, sizes


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{pid}/stat")
    return not (state.exists() and state.read_text().rpartition(")")[2].split()[0] == "Z")


def resident(pid: int) -> int:
    """Kilobytes in memory, 0 where nobody says."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmRSS")), 0)


def descriptors() -> int:
    folder = Path("/proc/self/fd")
    return len(list(folder.iterdir())) if folder.exists() else 0


def wait_until(said: Any, seconds: float) -> None:
    end = time.monotonic() + seconds
    while not said():
        assert time.monotonic() < end
        time.sleep(0.02)
