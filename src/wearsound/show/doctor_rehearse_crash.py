"""What becomes of a show whose engine is killed: played by `wearsound run`, as on the evening itself."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

from wearsound import processes
from wearsound.show.doctor_rehearse_eye import Eye
from wearsound.show.entries import Named

BEGINS, HOLDS = 60.0, 2.5
"""Seconds that a show may take to begin, and for which receivers of light keep their last look."""
WATCHED = 20.0
AWAKE = 6.0
"""Seconds for which it plays before it is killed: what would take its place gets ready meanwhile."""


def kill_engine(named: Named, text: str | None, eye: Eye) -> tuple[bool | None, str]:
    """Play the show, kill its engine, and see whether light comes again: whether it was good (None: it cannot be tried
    here), and a sentence. [main thread]"""
    if not sys.platform.startswith("linux"):
        return None, "only Linux says which process is the engine"
    show = subprocess.Popen(
        [sys.executable, "-P", "-m", "wearsound", "run", "--no-window", *_words(named, text)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        if not _lit(eye, time.monotonic(), BEGINS, show):
            return False, f"no light came in {BEGINS:.0f} s"
        time.sleep(AWAKE)
        engine = _engine(show.pid)
        if not engine:
            return None, "the engine has no parent that would begin it again"
        os.kill(engine, signal.SIGKILL)
        time.sleep(0.02)  # what was under way
        killed = time.monotonic()
        if not _lit(eye, killed, WATCHED, show):
            return False, f"no light came again in {WATCHED:.0f} s"
        took = eye.last - killed
        return took <= HOLDS, f"light came again after {took:.1f} s (receivers hold for {HOLDS:g} s)"
    finally:
        show.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            show.wait(10.0)
        show.kill()
        show.wait()


def _words(named: Named, text: str | None) -> Iterator[str]:
    yield named.shows[0]
    for option, word in (
        ("--garment", named.garment),
        ("--rig", named.rig),
        ("--sketch", named.sketch or None),
        ("--seed", named.seed),
        ("--input", text),
    ):
        if word is not None:
            yield f"{option}={word}"


def _lit(eye: Eye, since: float, seconds: float, show: subprocess.Popen[bytes]) -> bool:
    """Whether a frame comes in time."""
    while eye.last <= since:
        if time.monotonic() - since > seconds or show.poll() is not None:
            return False
        time.sleep(0.002)
    return True


def _engine(parent: int) -> int:
    """The child that has the file open in which it would write of its end, 0 where there is none that plays."""
    return next((pid for pid in processes.children(parent) if processes.has_open(pid, "/crashes/crash-")), 0)
