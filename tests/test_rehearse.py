"""`doctor --rehearse`: on a rig that works everything passes; where something is wrong it says so."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from pulse import missing as no_sound
from pulse import null_sink
from receivers import Listener
from xserver import missing as no_screen
from xserver import x_server

from wearsound.errors import PatchError
from wearsound.outputs.light.sender import LightSender
from wearsound.show import doctor_rehearse, doctor_rehearse_crash, doctor_rehearse_steps
from wearsound.show.doctor_rehearse import rehearse
from wearsound.show.doctor_rehearse_eye import Eye
from wearsound.show.entries import Named

pytestmark = pytest.mark.device

PATCH = (
    'title = "Steady"\ngarment = "cuff"\n[[route]]\nfrom = "level"\nto = "*.glow"\n'
    "in = [-90, 0]\nout = [0.4, 0.9]\n"
)


def free_port() -> int:
    with Listener() as probe:
        return probe.port


def files(folder: Path, rig: str = "") -> Named:
    (folder / "steady.toml").write_text(PATCH)
    (folder / "room.toml").write_text(f"[door]\nport = {free_port()}\n{rig}")
    return Named([str(folder / "steady.toml")], rig=str(folder / "room.toml"))


MOST = """
import sys
from wearsound.cli import main
from wearsound.show import doctor_rehearse
doctor_rehearse.kill_engine = lambda *_: (None, "it has a test of its own")
doctor_rehearse.STEPS = [step for step in doctor_rehearse.STEPS if step.__name__ != "_save"]
sys.exit(main(sys.argv[1:]))
"""
"""A save is tried by a program that waits for all others: on a busy machine that takes a minute."""


@pytest.mark.skipif(bool(no_sound() or no_screen()), reason=no_sound() or no_screen())
def test_on_a_whole_rig_everything_passes_and_no_file_is_touched(tmp_path: Path) -> None:
    """The real thing: a sound device that is let go of, a window that is killed."""
    with Listener() as lamp, null_sink(tmp_path) as sink, x_server() as display:
        named = files(tmp_path, f'[[light]]\nname = "coat"\nhost = "127.0.0.1"\nport = {lamp.port}\n')
        before = {path: path.read_bytes() for path in tmp_path.glob("*.toml")}
        for _ in range(2):  # other tests may take both cores: not twice
            done = subprocess.run(
                [sys.executable, "-c", MOST, "doctor", named.shows[0], "--rig", str(named.rig), "--rehearse"],
                env={**sink.env, **display}, cwd=tmp_path, capture_output=True, text=True, timeout=120,
            )  # fmt: skip
            if done.returncode == 0:
                break
        print(done.stdout, done.stderr)
        lines = done.stdout.splitlines()
        assert done.returncode == 0, done.stdout + done.stderr
        assert lines[-1] == "rehearsal: 5 passed, 0 failed, 3 for you to try"
        said = {line.split(": ")[0]: line for line in lines}
        assert "pass: our own capture was closed, not its cable pulled: back after" in said[
            "the input is lost and comes back"
        ]  # fmt: skip
        for way in ("a signal", "OSC"):
            assert said[f"panic by {way}"].split(": ")[1] == "pass"
        assert "draws again after" in said["the window's program dies"]
        assert "not tried: look at it: light to coat" in said["whether it arrives"]
        assert not any(lamp.packets[-1][1][10:]), "dark at the end"
    assert {path: path.read_bytes() for path in tmp_path.glob("*.toml")} == before


def test_what_does_not_work_fails_and_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A light that freezes for longer than receivers wait, a panic that is not obeyed, a slip that nobody tells."""
    whole, shown = LightSender.show, []

    def sometimes(self: LightSender, pixels: np.ndarray) -> None:
        shown.append(0)
        if len(shown) < 60:
            whole(self, pixels)
        elif self._keeper is not None:
            self._keeper.stop()

    monkeypatch.setattr(LightSender, "show", sometimes)
    monkeypatch.setattr(doctor_rehearse_steps, "SAVED", 0.05)
    monkeypatch.setattr(doctor_rehearse, "kill_engine", lambda *_: (False, "no light came again"))
    said: list[str] = []
    tried = rehearse(files(tmp_path), "test:kick=120", window=False, say=said.append)
    words = {one.what: one.word for one in tried}
    assert [str(one) for one in tried] == said
    assert words["a light controller that does not answer"] == "fail"
    assert words["panic by a signal"] == "fail"
    assert words["a slip in the patch is saved"] == "fail"
    assert words["the engine is killed"] == "fail"
    assert words["the input is lost and comes back"] == "not tried"
    assert words["the window's program dies"] == "not tried"


@pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="only Linux says which process is the engine"
)
def test_a_killed_engine_is_begun_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor_rehearse_crash, "AWAKE", 1.0)
    monkeypatch.setattr(doctor_rehearse_crash, "HOLDS", 20.0)  # how soon is for a quiet machine
    with Eye() as eye:
        named = files(tmp_path, f'[[light]]\nname = "eye"\nhost = "127.0.0.1"\nport = {eye.port}\n')
        good, said = doctor_rehearse_crash.kill_engine(named, "test:kick=120", eye)
    assert good, said
    assert said.startswith("light came again after")


def test_a_broken_show_is_a_sentence_before_anything_plays(tmp_path: Path) -> None:
    named = files(tmp_path)
    Path(named.shows[0]).write_text("title = ")
    with pytest.raises(PatchError, match=r"steady\.toml"):
        rehearse(named, "test:kick=120", window=False)


def test_the_eye_sees_frames_and_waits() -> None:
    import socket

    with Eye() as eye, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
        head = bytes(9)

        def send(flags: int, *data: int) -> None:
            out.sendto(bytes([flags]) + head + bytes(data), ("127.0.0.1", eye.port))

        began = time.monotonic()
        send(0x40, 1, 200)
        send(0x41, 3)  # the second piece shows both
        threading.Timer(0.3, send, (0x41, 7)).start()
        end = time.monotonic() + 3
        while eye.count < 2 and time.monotonic() < end:
            time.sleep(0.01)
        assert (eye.count, eye.most) == (2, 7)
        assert 0.25 < eye.longest(began) < 2.0
