"""What all tests share: pictures in memory, and a cache and a config folder of their own."""

from __future__ import annotations

import contextlib
import io
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from unittest import mock

import numpy as np
import pytest

os.environ.setdefault("SDL_VIDEODRIVER", "dummy")
os.environ.setdefault("SDL_AUDIODRIVER", "dummy")
os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")

SIGNALS = [
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGUSR1") if hasattr(signal, name)
]

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session", autouse=True)
def own_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A cache that tests fill once and share, and no trusted sketches of the person's own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        patch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("config")))
        yield


@pytest.fixture
def program(tmp_path: Path) -> Run:
    """Run the program as a person would, in a folder of its own: for exits, signals, imports and what it reads."""

    def run(*words: str, cwd: Path = tmp_path, env: dict[str, str] | None = None, timeout: float = 120):
        return subprocess.run(
            [sys.executable, "-m", "wearsound", *words],
            cwd=cwd,
            env={**os.environ, **(env or {})},
            capture_output=True,
            text=True,
            timeout=timeout,
        )

    return run


@pytest.fixture(autouse=True)
def _environment_as_before() -> Iterator[None]:
    """What a program sets for its children (PYTHONSAFEPATH) is not left to the next test."""
    with mock.patch.dict(os.environ):
        yield


@pytest.fixture
def wearsound(tmp_path: Path) -> Run:
    """Run a verb here: what it prints, logs and answers is the program's, without starting Python each time.

    Ctrl-C stays pytest's; folder, environment, signals, logging and the standard streams are as before afterwards.
    """

    def run(*words: str, cwd: Path = tmp_path, env: dict[str, str] | None = None):
        from wearsound import cli

        out, err, root = io.StringIO(), io.StringIO(), logging.getLogger()
        handlers, level, signals = root.handlers, root.level, {n: signal.getsignal(n) for n in SIGNALS}
        root.handlers = []  # pytest's own would make basicConfig do nothing
        try:
            with (
                pytest.MonkeyPatch.context() as patch,
                mock.patch.dict(os.environ, env or {}),  # puts back what the program sets for itself, too
                contextlib.chdir(cwd),
                open(os.devnull, encoding="utf-8") as nobody,
                contextlib.redirect_stdout(out),
                contextlib.redirect_stderr(err),
            ):
                patch.setattr(sys, "stdin", nobody)
                patch.setattr(cli.stop, "listen", lambda: None)
                try:
                    code = cli.main(words)
                except SystemExit as left:
                    code = left.code if isinstance(left.code, int) else int(left.code is not None)
        finally:
            root.handlers, root.level = handlers, level
            for number, handler in signals.items():
                signal.signal(number, handler)
        return subprocess.CompletedProcess(words, code, out.getvalue(), err.getvalue())

    return run


def write_song(path: Path, rate: int, channels: int, seconds: float = 3.0, **how: str) -> Path:
    """A short recording: kicks and a gliding tone, different on each channel."""
    import soundfile

    from wearsound.sources.signal import test_signal

    n = int(rate * seconds)
    t = np.arange(n) / rate
    kick = test_signal("test:kick=120").samples(0, n, rate)
    tone = 0.2 * np.sin(2 * np.pi * (300 + 200 * t) * t)
    samples = np.stack([0.8 * kick + tone * (1 - 0.3 * c) for c in range(channels)], axis=1)
    with soundfile.SoundFile(path, "w", rate, channels, **how) as file:
        for start in range(0, n, 4096):
            file.write(samples[start : start + 4096])
    return path


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]):
    """In CI (WEARSOUND_REQUIRE_DEVICES=1) a device test that is skipped has failed: the machine lacks something."""
    report = yield
    if report.skipped and item.get_closest_marker("device") and os.environ.get("WEARSOUND_REQUIRE_DEVICES"):
        report.outcome = "failed"
        report.longrepr = f"skipped, but WEARSOUND_REQUIRE_DEVICES is set: {report.longrepr}"
    return report
