"""What vibration costs: 16 actuators and six lines of what is felt, by the instrument alone and the whole way.

The whole way is what the engine does in every block but sending: instrument, limits, what is felt. The song is the one
the ear is measured with.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks import material, stopwatch
from benchmarks.table import Figure, Part, spread
from wearsound.core import BANDS, MAX_HOPS, Block, Spec
from wearsound.felt import Drive, Feel
from wearsound.garment.document import Garment, load_garment
from wearsound.garment.motors import Motors
from wearsound.instruments.light import zone_controls
from wearsound.instruments.vibration.vibration import Vibration
from wearsound.safety.vibration import VibrationGuard

WARM = 300
ZONES, EACH = 4, 4
COIL, MIXED = ("voice-coil",), ("voice-coil", "lra", "erm", "phone")

FEELS = (
    Feel("sub", "room", BANDS["sub"], ("z0",)),
    Feel("line", "room", BANDS["bass"], ("z1",)),
    Feel("body", "room", BANDS["bass"], ("z0", "z1", "z2", "z3"), part="hum", strength=0.4),
    Feel("lowmid", "room", BANDS["lowmid"], ("z2",), part="hum", carrier="sound"),
    Feel("snare", "room", BANDS["mid"], ("z3",), part="click", carrier=220.0),
    Feel("air", "room", BANDS["air"], ("z3",), carrier=230.0, pattern="wave"),
)


def run() -> Part:
    """Live and offline, on coils and on all kinds; then what the lines cost one by one."""
    part = Part("Vibration")
    song = material.song()
    ones, many = material.blocks(song, 1), material.blocks(song, MAX_HOPS)
    for kinds, name in ((COIL, "16 voice coils"), (MIXED, "4 each of voice coil, LRA, ERM, phone")):
        for blocks, how, budget in ((ones, "one hop a block", 500.0), (many, "64 hops a block", None)):
            wall, cpu = _played(kinds, FEELS, blocks)
            budgets = {"median": budget} if budget is not None else {}
            part.figures += spread(f"{name}, 6 lines, {how}: CPU of a hop", cpu, "us", **budgets)
            share = 100 * float(np.median(wall)) / material.HOP_US
            part.figures.append(Figure("share of the hop, median", share, "%"))
            _, cpu = _played(kinds, FEELS, blocks, whole_way=True)
            part.figures += spread("the whole way, with limits and what is felt: CPU of a hop", cpu, "us")
    _, cpu = _played(COIL, (), ones)
    part.figures.append(
        Figure("16 voice coils, no lines, one hop a block: CPU, median", float(np.median(cpu)), "us")
    )
    for feel in FEELS:
        _, cpu = _played(COIL, (feel,), ones)
        part.figures.append(Figure(f"and only {feel.name}", float(np.median(cpu)), "us"))
    part.notes.append(
        "Two lines share the bass, of which one is a click and a tracked pitch; one is the sound as it is, one a "
        "click alone, one moves in a pattern."
    )
    return part


def garment(folder: Path, kinds: Sequence[str]) -> Garment:
    """Four zones, one above the other, of four actuators each, of `kinds` in turn."""
    lines = ['title = "Sixteen"']
    lines += [f'[[zone]]\nname = "z{zone}"\nlight = [0.7, 0.1, 50]' for zone in range(ZONES)]
    lines.append('[[figure]]\nname = "front"\nat = [600, 300]')
    for zone in range(ZONES):
        top, foot = 12 * (ZONES - 1 - zone), 12 * (ZONES - 1 - zone) + 10
        outline = [[-22, top, 1], [22, top, 1], [22, foot, 1], [-22, foot, 1]]
        lines.append(
            f'[[figure.layer]]\nname = "l{zone}"\nzone = "z{zone}"\nside = "one"\noutline = {outline}'
        )
    for i in range(ZONES * EACH):
        zone, place = divmod(i, EACH)
        at, kind = [10 * place - 15, 12 * (ZONES - 1 - zone) + 5], kinds[i % len(kinds)]
        lines.append(f'[[actuator]]\nname = "a{i}"\nzone = "z{zone}"\nkind = "{kind}"\nat = {at}')
    path = folder / "sixteen.toml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return load_garment(path)


def _played(
    kinds: Sequence[str], feels: Sequence[Feel], blocks: list[Block], *, whole_way: bool = False
) -> tuple[np.ndarray, np.ndarray]:
    """(wall, CPU) us of a hop, block by block."""
    with tempfile.TemporaryDirectory() as folder:
        worn = garment(Path(folder), kinds)
    strengths = [Spec(f"feel.{feel.name}", "", 0, 1, 0.001, "", default=feel.strength) for feel in feels]
    specs = (*zone_controls(worn), *strengths)
    clock, n = material.clock(), len(worn.actuators)
    vibration = Vibration(worn, feels, (), specs)
    vibration.prepare(clock)
    vibration.reset()
    hops = blocks[0].n_hops
    controls = np.repeat(np.array([[spec.default for spec in specs]]), hops, axis=0)
    features = np.zeros((hops, 0))
    out = Drive(np.zeros((hops * clock.hop, n), np.float32), np.zeros((hops, n)), np.zeros((hops, n)))
    whole = [block for block in blocks if block.n_hops == hops]
    guard, motors, hand = VibrationGuard(worn, clock), Motors(worn, clock), np.ones(hops)

    def play(block: Block) -> None:
        vibration.play(block, features, controls, out)
        if whole_way:
            guard.limit(block.tick, out, hand)
            motors.step(out)

    wall, cpu = stopwatch.each(play, whole, WARM // hops)
    return wall / hops, cpu / hops
