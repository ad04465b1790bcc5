"""A real soak of some seconds: a show with virtual devices is measured, broken, judged, and lives."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from wearsound.soak.measure import possible

pytestmark = [pytest.mark.device, pytest.mark.skipif(not possible(), reason="only Linux tells")]


def test_a_soak_measures_breaks_and_judges(tmp_path: Path) -> None:
    words = ["--virtual", "--hours", "0.0008", "--chaos", "3", "--seed", "5", "--to", str(tmp_path / "out")]
    done = subprocess.run(
        [sys.executable, "-m", "wearsound", "soak", *words, "--no-window"],
        capture_output=True,
        text=True,
        timeout=240,
        cwd=tmp_path,
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    told = json.loads((tmp_path / "out" / "soak.json").read_text())
    assert told["steady"]["mib"] > 50, said
    assert told["steady"]["counts"]["processes"][1] >= 2, said
    chaos = told["chaos"]
    assert chaos["faults"] == len(chaos["plan"]) == 3
    assert chaos["live_after_seconds"] is not None
    worst = told["judged"]["worst"]
    assert {"flashes", "mA", "duty 10 s", "dBTP"} <= worst.keys(), said
    assert worst["flashes"] >= 1, said
    assert worst["mA"] > 0, said
    assert (tmp_path / "out" / "soak.html").is_file()
