"""What all tests share: pictures in memory, and a cache and a config folder of their own."""

from __future__ import annotations

import contextlib
import functools
import io
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
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


LONG = ("test_vibration_safety", "test_patches", "test_no_flash", "test_bassline", "test_cli")
"""Files that only calculate, but for long: begun first, so that no core waits for another in the end."""

BY_THE_CLOCK = frozenset(
    {
        "test_calibrate",
        "test_door",
        "test_door_hostile",
        "test_engine",
        "test_link",
        "test_midi",
        "test_osc_discovery",
        "test_osc_query",
        "test_play",
        "test_player_hand",
        "test_screen",
        "test_sensors",
        "test_speakers",
        "test_vibration_out",
        "test_vibration_out_board",
        "test_vibration_out_live",
        "test_vibration_out_play",
        "test_vibration_out_rig",
    }
)
"""Files with protocol deadlines and well-known ports: like those with devices one after the other, on one core."""


WAIT_FOR_OTHERS = frozenset(
    {
        "test_changer",
        "test_faults",
        "test_guardian",
        "test_inbox",
        "test_live_equals_offline",
        "test_quiet",
        "test_rehearsal",
        "test_render_all_dask",
        "test_render_all_killed",
        "test_sketch_trial",
        "test_soak",
        "test_sources",
        "test_surroundings",
        "test_taps",
    }
)
"""Files that wait for threads and programs of their own, seconds and no milliseconds: no core is kept for them."""
MOST_AGAIN = 4
"""Tests that wait, and may have waited too long on a full machine, are tried once more with nothing beside: so many."""


@functools.cache
def clocked(file: Path) -> bool:
    """Whether the tests of a file stay on one core."""
    return file.stem in BY_THE_CLOCK or "mark.device" in file.read_text(encoding="utf-8")


@functools.cache
def waits(file: Path) -> bool:
    """Whether a full machine alone may make a test of a file fail."""
    return clocked(file) or file.stem in WAIT_FOR_OTHERS


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: who waits for a clock leaves most of a core to others."""
    return (os.cpu_count() or 1) + 1


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Several cores (`pytest -n auto`) share the tests by files."""
    from xdist.scheduler import LoadScopeScheduling

    class ByFile(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = nodeid.partition("::")[0]
            return "by the clock" if clocked(config.rootpath / file) else file

    return ByFile(config, log)


@functools.cache
def _calculates_only() -> None:
    """Where several share the cores, whoever waits for no clock lets the others go first."""
    if "PYTEST_XDIST_WORKER" in os.environ and hasattr(os, "nice"):
        os.nice(19)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """No worker ever takes up the files by the clock after another one: they are its first, or not its own."""
    if not clocked(item.path):
        _calculates_only()


def pytest_addoption(parser: pytest.Parser) -> None:
    """What `./dev test` asks for when some have failed."""
    parser.addoption("--alone", action="store_true", help="try again what has failed, if it waits")


def _failed(config: pytest.Config, items: list[pytest.Item]) -> list[pytest.Item]:
    """Those that failed last, where they alone may have failed because others filled the machine; else the end."""
    known = config.cache.get("cache/lastfailed", {}) if config.cache is not None else {}
    found = [item for item in items if item.nodeid in known]
    if not 0 < len(found) <= MOST_AGAIN or not all(waits(item.path) for item in found):
        pytest.exit("what has failed is not tried again", returncode=1)
    return found


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What takes longest comes first; with --alone, nothing but what has failed."""
    if config.getoption("--alone"):
        items[:] = _failed(config, items)

    def key(item: pytest.Item) -> tuple[int, int]:
        stem = item.path.stem
        return (0, 0) if clocked(item.path) else (1, LONG.index(stem)) if stem in LONG else (2, 0)

    items.sort(key=key)


@pytest.fixture(scope="session", autouse=True)
def own_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A cache that tests fill once and share, and no trusted sketches of the person's own."""
    with pytest.MonkeyPatch.context() as patch:
        whole = tmp_path_factory.getbasetemp()
        cache = (whole.parent if "PYTEST_XDIST_WORKER" in os.environ else whole) / "cache"
        patch.setenv("XDG_CACHE_HOME", str(cache))
        patch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("config")))
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
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
    """What a program sets for its children (PYTHONSAFEPATH), and what was wrong, is not left to the next test."""
    from wearsound import faults

    with mock.patch.dict(os.environ):
        yield
    faults.forget()


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
