"""The unit for systemd: what it starts is a command of ours, and systemd knows every word of it."""

from __future__ import annotations

import configparser
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from wearsound.cli import build_parser

UNIT = Path(__file__).parents[1] / "examples/systemd/wearsound.service"


def unit() -> configparser.ConfigParser:
    read = configparser.ConfigParser(interpolation=None, strict=True)
    read.optionxform = str  # type: ignore[assignment,method-assign]
    read.read_string(UNIT.read_text())
    return read


def test_what_it_starts_is_a_command_that_the_program_takes() -> None:
    program, *words = shlex.split(unit()["Service"]["ExecStart"])
    assert program.endswith("/wearsound")
    options = build_parser(words[0]).parse_args(words)
    assert options.safe
    assert options.fullscreen
    assert options.show == ["first-walk"]


def test_whatever_ends_it_it_begins_again_and_leaves_by_the_signal_that_goes_dark() -> None:
    service = unit()["Service"]
    assert service["Restart"] == "always"
    assert service["KillSignal"] == "SIGTERM"
    assert unit()["Unit"]["StartLimitIntervalSec"] == "0"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
@pytest.mark.parametrize("spoil", [False, True])
def test_systemd_knows_every_word(tmp_path: Path, spoil: bool) -> None:
    program = tmp_path / ".local/bin/wearsound"
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    there = tmp_path / UNIT.name
    text = UNIT.read_text().replace("%h", str(tmp_path))
    there.write_text(text.replace("Restart=always", "Restrat=always") if spoil else text)
    env = {"XDG_RUNTIME_DIR": str(tmp_path), "HOME": str(tmp_path), "PATH": "/usr/bin:/bin"}
    done = subprocess.run(
        ["systemd-analyze", "verify", "--user", "--man=no", str(there)],
        env=env, capture_output=True, text=True, timeout=30,
    )  # fmt: skip
    if "Failed to" in done.stderr and "manager" in done.stderr:
        pytest.skip(done.stderr.strip())
    said = [line for line in done.stderr.splitlines() if UNIT.name in line]
    assert bool(said) == spoil, done.stderr
