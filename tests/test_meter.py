"""`wearsound meter`: levels in a terminal, and why each zone moves."""

from __future__ import annotations

import json
import subprocess
import sys

import numpy as np

from wearsound.core import BANDS, Block, Frame
from wearsound.outputs.dress import Why
from wearsound.show.build import Built, build
from wearsound.show.load import load
from wearsound.show.meter import PLAIN_STEPS, Lines, Meter, Signs


class Sound:
    """A source that is only asked how it is."""

    live, sample_rate, age, lost = True, 48_000, 0.012, 3
    lanes = {"room": (0, 1)}  # noqa: RUF012


def played(hertz: float, level: float) -> tuple[Built, list[Frame]]:
    """Frames of two seconds of a sine."""
    built = build(load("bass-denim"), {"room": (0, 1)}, 48_000, strict=True)
    frames: list[Frame] = []

    class Keep:
        name, rate = "keep", 12

        def open(self, clock: object) -> None: ...
        def send(self, frame: Frame) -> None:
            frames.append(frame)

        def close(self) -> None: ...

    built.engine.outputs.append(Keep())
    wave = (level * np.sin(2 * np.pi * hertz * np.arange(2 * 48_000) / 48_000)).astype(np.float32)
    for tick in range(0, 375, 25):
        piece = wave[tick * 256 : (tick + 25) * 256]
        built.engine.step(Block(tick, np.stack([piece, piece], 1), {"room": (0, 1)}, 25))
    return built, frames


def test_a_sine_reads_its_level_in_its_band() -> None:
    built, frames = played(100.0, 0.5)
    [first, second, third] = Lines(built, Sound(), zones=False)(frames[-1])
    assert " -6 dB" in first  # a sine of the whole scale reads 0
    assert "peak   -6" in first
    assert "gate open" in first
    assert "CLIPS" not in first
    steps = {name: second.split(f"{name} ", 1)[1][0] for name in BANDS}
    assert steps["bass"] > steps["mid"]
    assert "12 ms old, 3 hops lost" in third
    assert "mA" not in third


def test_a_clipped_sample_is_shown_and_stays_a_while() -> None:
    built, frames = played(100.0, 1.0)
    assert "CLIPS" in Lines(built, Sound(), zones=False)(frames[-1])[0]


def test_each_zone_says_which_route_moves_it() -> None:
    built, frames = played(100.0, 0.5)
    whys = [
        Why("hem.glow", "room.bass", "bass to hem.glow", "p.toml:3"),
        Why("hem.glow", "room.air", "air to hem.glow", "p.toml:9"),
        Why("hem.glow", "room.level", "never", "p.toml:12", scene="elsewhere", low=-90.0, high=0.0),
    ]
    lines = Lines(built, Sound(), whys)(frames[-1])
    [hem] = [line for line in lines if line.startswith("hem ")]
    assert "bass to hem.glow (p.toml:3)" in hem
    [yoke] = [line for line in lines if line.startswith("yoke ")]
    assert "no route here" in yoke
    assert any("draws" in line for line in lines)


def test_a_terminal_without_blocks_gets_plain_characters() -> None:
    assert Signs.of("latin-1").steps == PLAIN_STEPS
    assert Signs.of("utf-8") == Signs()
    assert Signs.of(None).steps == PLAIN_STEPS


def test_the_engine_never_waits_for_the_terminal() -> None:
    """Drawing hangs: frames go on being taken, and the last one is what is drawn next."""
    import threading

    held, drawn = threading.Event(), []
    began = threading.Event()

    def draw(frame: Frame, lines: list[str]) -> None:
        began.set()
        held.wait(5.0)
        drawn.append(frame.tick)

    _, frames = played(100.0, 0.5)
    meter = Meter(["room"], draw, lambda frame: [])
    from wearsound.core import Clock

    meter.open(Clock())
    meter.send(frames[0])
    assert began.wait(5.0)
    for frame in frames[1:]:
        meter.send(frame)
    held.set()
    meter.close()
    assert drawn[0] == frames[0].tick
    assert len(drawn) <= 2
    assert set(drawn) <= {frames[0].tick, frames[-1].tick}


def test_the_verb_prints_a_line_of_json_a_second() -> None:
    command = [
        sys.executable,
        "-m",
        "wearsound",
        "meter",
        "--input",
        "test:sine=100",
        "--seconds",
        "3.2",
        "--mute",
    ]
    done = subprocess.run([*command, "--json"], capture_output=True, text=True, timeout=60, check=True)
    said = [json.loads(line) for line in done.stdout.splitlines()]
    assert [round(line["time"]) for line in said] == [1, 2, 3]
    assert said[-1]["features"]["room.level"] > -20
