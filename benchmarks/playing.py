"""What follows the ear: routes, and one whole step of the engine with nobody listening."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np

from benchmarks import material, stopwatch
from benchmarks.table import Figure, Part, spread
from wearsound.analysis.ear import Ear
from wearsound.instruments.light import zone_controls
from wearsound.mapping.score import Score
from wearsound.show.build import build
from wearsound.show.load import Show, load

WARM = 300
SOURCES = ("bass", "mid", "high", "presence", "onset")
TARGETS = ("chest.glow", "sleeve.glow", "cuff.glow", "core.dye")


def run() -> Part:
    """Mapping alone, then everything up to safe light."""
    part = Part("Routes and the engine")
    song, clock = material.song(), material.clock()
    ones, many = material.blocks(song, 1), material.blocks(song, 64)
    show = _twenty_routes()
    ear = Ear(clock, ["room"], show.patch.bands())
    heard = [np.array(ear.hear(block)) for block in many]
    garment = show.garment
    for blocks, features, name in (
        (ones, [row[None] for rows in heard for row in rows], "one hop a block"),
        (many, heard, "64 hops a block"),
    ):
        score = Score(show.patch, ear.specs, zone_controls(garment), garment.zone_names, garment.roles, clock)
        pairs = list(zip(blocks, features, strict=False))
        wall, cpu = stopwatch.each(lambda pair, play=score.play: play(*pair), pairs, WARM // blocks[0].n_hops)
        n = blocks[0].n_hops
        part.figures.append(Figure(f"20 routes, {name}, a hop, median", float(np.median(wall)) / n, "us"))
        part.figures.append(Figure("the same, CPU", float(np.median(cpu)) / n, "us"))
    show = load("bass-denim")
    for blocks, name in ((ones, "one hop a block"), (many, "64 hops a block")):
        n = blocks[0].n_hops
        engine = build(show, material.LANES, material.RATE, strict=True).engine
        wall, cpu = stopwatch.each(engine.step, blocks, WARM // n)
        part.figures += spread(f"engine step without outputs, {name}, a hop", wall / n, "us")
        part.figures.append(Figure("the same, CPU, median", float(np.median(cpu)) / n, "us"))
        part.figures.append(
            Figure("share of the hop, median", 100 * float(np.median(wall)) / n / material.HOP_US, "%")
        )
    part.notes.append(
        "The engine plays `bass-denim` on the denim jacket: 14 routes that always play, 3 scenes."
    )
    return part


def _twenty_routes() -> Show:
    lines = ['title = "Twenty"', 'garment = "denim-jacket"']
    for source in SOURCES:
        for number, target in enumerate(TARGETS):
            lines += ["[[route]]", f'from = "{source}"', f'to = "{target}"']
            lines += [f"curve = {1 + 0.25 * number}", f"attack = {0.02 * (number + 1)}", "release = 0.2"]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "twenty.toml"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return load(path)
