"""A real soak of some seconds: a show is broken, judged, and lives; a thorough one measures it too."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from thorough import usually

from wearsound.processes import possible

pytestmark = [pytest.mark.device, pytest.mark.skipif(not possible(), reason="only Linux tells")]


def test_a_soak_breaks_judges_and_lives(tmp_path: Path) -> None:
    out = tmp_path / "out"
    words = ["--virtual", "--chaos", str(usually(3, 20)), "--seed", "5", "--no-window", "--to", str(out)]
    words += usually([], ["--hours", "0.01"])
    done = subprocess.run(
        [sys.executable, "-m", "wearsound", "soak", *words],
        capture_output=True,
        text=True,
        timeout=400,
        cwd=tmp_path,
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    told = json.loads((out / "soak.json").read_text())
    chaos, worst = told["chaos"], told["judged"]["worst"]
    assert chaos["faults"] == len(chaos["plan"]) == usually(3, 20)
    assert chaos["live_after_seconds"] is not None
    assert {"flashes", "mA", "duty 10 s", "dBTP"} <= worst.keys(), said
    assert worst["mA"] > 0, said
    assert "WS-E01 is over" in (out / "said.txt").read_text()  # seed 5 kills the engine first
    assert (out / "soak.html").is_file()
    if told["steady"] is not None:
        assert told["steady"]["mib"] > 50, said
        assert told["steady"]["counts"]["processes"][1] >= 3, said
