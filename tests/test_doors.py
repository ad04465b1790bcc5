"""By what a live show can be told something: open as the rig says, a taken port ends nothing unless asked."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import Run

RUN = ("run", "bass-denim", "--input", "test:kick=120", "--no-window", "--mute", "--seconds", "0.5")


@pytest.fixture
def taken() -> Iterator[int]:
    """A UDP port that another program has."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", 0))
        yield other.getsockname()[1]


def test_a_taken_port_ends_no_show(wearsound: Run, taken: int) -> None:
    done = wearsound(*RUN, "--port", str(taken))
    assert done.returncode == 0, done.stderr
    assert f"WS-O30 OSC in: port {taken} is taken" in done.stderr
    assert "tried again" in done.stderr
    assert "played 0.5 s" in done.stdout


def test_require_osc_ends_with_3_where_it_is_taken(wearsound: Run, taken: int) -> None:
    done = wearsound(*RUN, "--port", str(taken), "--require-osc")
    assert done.returncode == 3
    assert f"port {taken} is taken" in done.stderr
    assert "tried again" not in done.stderr


def test_port_0_shuts_the_door(wearsound: Run) -> None:
    done = wearsound(*RUN, "--port", "0")
    assert done.returncode == 0, done.stderr
    assert "OSC in" not in done.stdout


def test_a_taken_query_port_ends_no_show(wearsound: Run, tmp_path: Path) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        (tmp_path / "hall.toml").write_text(f"[door]\nport = 0\nquery = {port}\n", encoding="utf-8")
        done = wearsound(*RUN, "--rig", str(tmp_path / "hall.toml"))
        assert done.returncode == 0, done.stderr
        assert f"port {port} is taken" in done.stdout
        required = wearsound(*RUN, "--rig", str(tmp_path / "hall.toml"), "--require-osc")
        assert required.returncode == 3
