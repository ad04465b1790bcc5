"""What all tests share: pictures in memory, and a cache and a config folder of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

os.environ.setdefault("SDL_VIDEODRIVER", "dummy")
os.environ.setdefault("SDL_AUDIODRIVER", "dummy")
os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session", autouse=True)
def own_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A cache that tests fill once and share, and no trusted sketches of the person's own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        patch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("config")))
        yield


@pytest.fixture
def wearsound(tmp_path: Path) -> Run:
    """Run the program as a person would, in a folder of its own."""

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
