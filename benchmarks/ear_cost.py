"""The ear: one hop at a time as in a show, 64 at a time as in a render; its meters; peers beside it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from benchmarks import ear_meters, ear_peers, material, stopwatch
from benchmarks.ear_peers import Ask, Told
from benchmarks.table import Figure, Part, number, spread
from wearsound.analysis.ear import Ear, everything
from wearsound.core import F64

WARM = 500
"""Hops until the tempo is known: before, the beat has less to do."""
ROUNDS = 3
LATE = 0.1 * material.HOP_US
"""Budget of the slowest hop but one in a hundred."""
EARS = {
    "core ear": ((), 100.0, 100.0),
    "full ear": (everything(["room"]), 250.0, 30.0),
}
"""What each is asked for; budgets: microseconds a hop live (median), times real time offline."""


def run(pythons: Sequence[str]) -> Part:
    """Ears and peers in turn, so that all meet the same machine."""
    part = Part("The ear")
    song = material.song()
    mono = song.mean(axis=1, dtype=np.float64)
    ones, many = material.blocks(song, 1), material.blocks(song, 64)
    wall: dict[str, list[F64]] = {name: [] for name in EARS}
    cpu: dict[str, list[F64]] = {name: [] for name in EARS}
    offline: dict[str, list[F64]] = {name: [] for name in EARS}
    peers: dict[Ask, list[Told]] = {}
    lacks: dict[str, str] = {}
    for _ in range(ROUNDS):
        for name, (asked, _, _) in EARS.items():
            one_wall, one_cpu = stopwatch.each(_ear(asked).hear, ones, WARM)
            wall[name].append(one_wall)
            cpu[name].append(one_cpu)
            offline[name].append(stopwatch.each(_ear(asked).hear, many, 2)[1] / 64)
        for ask in ear_peers.ASKS:
            told = lacks.get(ask.module) or ear_peers.ask(ask, pythons, mono)
            if isinstance(told, str):
                lacks[ask.module] = told
            else:
                peers.setdefault(ask, []).append(told)
    for name, (_, budget, times) in EARS.items():
        live, spent = np.concatenate(wall[name]), np.concatenate(cpu[name])
        part.figures += spread(f"{name}, live, one hop a block", live, "us", median=budget, p99=LATE)
        part.figures += spread("the same, CPU", spent, "us")
        part.figures.append(Figure("the same, CPU, mean", float(spent.mean()), "us"))
        share = 100 * float(np.median(live)) / material.HOP_US
        part.figures.append(Figure("share of the hop, median", share, "%"))
        rested, _ = stopwatch.each(
            _ear(EARS[name][0]).hear, stopwatch.paced(ones[:1500], material.HOP_US / 1e6), WARM
        )
        part.figures += spread(f"{name}, woken for each hop, cold caches", rested, "us", p99=LATE)
        hop = float(np.concatenate(offline[name]).mean())
        part.figures.append(Figure(f"{name}, offline, 64 hops a block, CPU a hop, mean", hop, "us"))
        figure = Figure(f"{name}, offline, one core", material.HOP_US / hop, "x real time", times, least=True)
        part.figures.append(figure)
    _beside(part, np.concatenate(cpu["core ear"]), peers)
    part.notes += lacks.values()
    part.notes.append(_by_meter(ear_meters.measure(song, WARM)))
    return part


def _ear(asked: Sequence[str] = ()) -> Ear:
    return Ear(material.clock(), ["room"], asked=asked)


def _beside(part: Part, ours: F64, peers: dict[Ask, list[Told]]) -> None:
    """Peers hop by hop, with the ratio of our core ear to each; and peers that want the whole recording."""
    for ask, rounds in peers.items():
        spent = np.concatenate([told.cpu[ask.warm(WARM) :] for told in rounds])
        if ask.whole:
            times = rounds[0].seconds * 1e6 / float(spent.mean())
            part.figures.append(Figure(f"{ask.title}, one core", times, "x real time"))
            continue
        part.figures.append(Figure(f"{ask.title}, CPU, median", float(np.median(spent)), "us"))
        part.figures.append(Figure("the same, p99", float(np.percentile(spent, 99)), "us"))
        part.figures.append(Figure("the same, mean", float(spent.mean()), "us"))
        ratio = float(ours.mean() / spent.mean())
        part.figures.append(Figure(f"our core ear / {ask.short}, CPU, means", ratio, "times", ask.budget))
    if peers:
        versions = ", ".join(dict.fromkeys(f"{a.module} {told[0].version}" for a, told in peers.items()))
        part.notes.append(
            f"Peers are called from Python, as an artist would: {versions}. Live, Essentia has no beat tracker, so "
            f"its row has no tempo in it. Our own windows: 1024 samples, and 256 to 2048 of the lane thinned eightfold."
        )


def _by_meter(costs: list[ear_meters.Cost]) -> str:
    """Where the time goes, as a table of its own."""
    lines = [
        "| where the time goes | live, us a hop | on hops 0, 1, 2, 3 of four | offline, us a hop |",
        "| --- | --- | --- | --- |",
    ]
    for cost in costs:
        lines.append(_row(cost.what, [cost]))
    for name, core in (("core ear, all of it", True), ("only where asked, all of it", False)):
        lines.append(_row(f"**{name}**", [cost for cost in costs if cost.core is core]))
    lines.append(
        "\nMeans of CPU, with two looks at a clock (about a microsecond) in each line. What meters share stands in a "
        "line of its own. The detector's networks: strokes on hops 0 and 2, beats on hop 3."
    )
    return "\n".join(lines)


def _row(what: str, costs: list[ear_meters.Cost]) -> str:
    turns = " / ".join(number(sum(cost.turns[turn] for cost in costs)) for turn in range(4))
    live, offline = sum(cost.live for cost in costs), sum(cost.offline for cost in costs)
    return f"| {what} | {number(live)} | {turns} | {number(offline)} |"
