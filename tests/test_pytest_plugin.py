"""`pytest goldens/` in a folder of an artist's own, by a real pytest."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from wearsound import load, render
from wearsound.proof.golden import make_golden
from wearsound.testing import pytest_plugin

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def goldens(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("art")
    shutil.copy(ROOT / "patches" / "pulse-point.toml", place / "mine.toml")
    show = load(place / "mine.toml")
    felt = [actuator.name for actuator in show.garment.actuators]
    make_golden(
        place / "goldens" / "one",
        lambda to: render(show, "test:kick=120", to=to, seconds=1, size=(160, 90), fps=10),
        felt,
    )
    return place


def run_pytest(place: Path, *words: str) -> subprocess.CompletedProcess[str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    env = {**own, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}  # the plugin alone, installed or not
    command = [sys.executable, "-m", "pytest", "-p", pytest_plugin.__name__, "-p", "no:cacheprovider", *words]
    return subprocess.run(command, cwd=place, env=env, capture_output=True, text=True, timeout=120)


def test_a_golden_is_a_test_a_layer(goldens: Path) -> None:
    done = run_pytest(goldens, "goldens", "-v", "--wearsound-report", "proof")
    assert done.returncode == 0, done.stdout + done.stderr
    for layer in ("features", "osc", "light", "vibration", "picture", "sound", "facts", "show"):
        assert f"goldens/one/show.toml::{layer} PASSED" in done.stdout
    assert "8 passed" in done.stdout
    assert (goldens / "proof" / "index.html").is_file()


def test_one_that_differs_says_where_and_nothing_else(goldens: Path, tmp_path: Path) -> None:
    place = tmp_path / "art"
    shutil.copytree(goldens, place)
    path = place / "mine.toml"
    path.write_text(path.read_text("utf-8").replace("0.8", "0.7", 1), encoding="utf-8")
    (place / "goldens" / "two").mkdir()
    shutil.copy(place / "goldens" / "one" / "show.toml", place / "goldens" / "two")
    done = run_pytest(place, "goldens")
    assert done.returncode == 1
    light = done.stdout.partition(" one: light _")[2]
    assert light.partition("\n")[2].startswith("differs: first at ")
    assert "mine.toml has changed since the render" in done.stdout
    assert "Traceback" not in done.stdout
    assert "pytest_plugin.py" not in done.stdout, "no place in our program helps an artist"


def test_a_golden_that_cannot_be_played_fails_once(goldens: Path, tmp_path: Path) -> None:
    place = tmp_path / "art"
    shutil.copytree(goldens, place)
    (place / "mine.toml").unlink()
    done = run_pytest(place, "goldens")
    assert done.returncode == 1
    assert "1 failed, 7 skipped" in done.stdout
    assert "mine.toml" in done.stdout


@pytest.mark.parametrize("lost", ["golden.npz", "show.toml"])
def test_a_golden_that_lacks_a_file_fails_as_a_check_of_it_does(
    lost: str, goldens: Path, tmp_path: Path
) -> None:
    """Without golden.npz it was no test at all, and all was well."""
    shutil.copytree(goldens / "goldens" / "one", tmp_path / "one")
    (tmp_path / "one" / lost).unlink()
    (tmp_path / "stranger").mkdir()
    (tmp_path / "stranger" / "golden.npz").write_bytes(b"")
    (tmp_path / "stranger" / "report.json").write_text("[" * 100_000)
    done = run_pytest(tmp_path, ".")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "1 failed, 7 skipped" in done.stdout
    assert f"{lost} is not there" in done.stdout.replace("\n", "")


def test_a_page_of_somebody_else_s_is_not_replaced(goldens: Path, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("my site")
    done = run_pytest(goldens, "goldens", "--wearsound-report", str(tmp_path))
    assert done.returncode == 4
    assert "index.html is no page of wearsound: move it away" in done.stderr
    assert (tmp_path / "index.html").read_text() == "my site"


def test_it_is_declared_and_costs_nothing() -> None:
    """It is loaded in every pytest of a machine: no NumPy, and few modules more than pytest's own."""
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["entry-points"][
        "pytest11"
    ]
    assert declared == {"wearsound": pytest_plugin.__name__}
    code = (
        "import pytest, sys, time\nbefore = set(sys.modules)\nbegan = time.process_time()\n"
        f"import {pytest_plugin.__name__}\nprint(time.process_time() - began)\n"
        "new = set(sys.modules) - before\nprint(*sorted(new))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    modules = done.stdout.splitlines()[1].split()
    assert "numpy" not in modules
    assert [name for name in modules if name.startswith("wearsound")] == [
        "wearsound",
        "wearsound.testing",
        "wearsound.testing.pytest_plugin",
    ]
    assert len(modules) < 20, modules
