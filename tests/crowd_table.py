"""How often a crowd is heard where it is, and where it is not: `python tests/crowd_table.py [FOLDER OF RECORDINGS]`.

A table by frames (hops): recall and precision of applause and cheers on audiences made of seeds that no test
and no tuning has used, then the share of frames in which what is no audience reads as one. Recordings are repeated to
eight seconds.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import crowds
import numpy as np
import soundfile

from wearsound.analysis.crowd.crowd import Crowd
from wearsound.analysis.spectrum import LaneSpectra
from wearsound.core import MAX_HOPS, Block, Clock
from wearsound.sources.composer import compose

LEAD, TAIL, FIRST = 3.0, 2.0, 9100
APPLAUSE = [
    (15, 0.3),
    (25, 1.0),
    (50, 0.5),
    (80, 1.5),
    (120, 1.0),
    (200, 0.6),
    (300, 1.5),
    (500, 1.0),
    (800, 1.0),
]
CHEERS = [20, 30, 40, 60, 90]


def hear(sound: np.ndarray, rate: int = crowds.RATE, murmur: float = -48.0) -> tuple[np.ndarray, np.ndarray]:
    """(seconds at the ends of hops (n,), readings (n, 7)) of a sound before a murmur."""
    people = crowds.noise(len(sound), 150, 3000, np.random.default_rng(FIRST), -0.5)
    samples = (sound + crowds.loud(people, murmur))[:, np.newaxis].astype(np.float32)
    meter, clock = Crowd(), Clock(sample_rate=rate)
    meter.prepare(clock)
    spectra, rows = LaneSpectra(clock, "crowd"), []
    for tick in range(0, len(samples) // clock.hop, MAX_HOPS):
        part = samples[tick * clock.hop : (tick + MAX_HOPS) * clock.hop]
        hops = len(part) // clock.hop
        spectra.take(block := Block(tick, part[: hops * clock.hop], {"crowd": (0,)}, hops))
        rows.append(np.zeros((hops, len(meter.specs))))
        meter.process(block, spectra, rows[-1])
    values = np.concatenate(rows)
    return (np.arange(len(values)) + 1) * clock.hop / rate, values


def among_quiet(sound: np.ndarray, dbfs: float, rate: int = crowds.RATE) -> np.ndarray:
    before, after = np.zeros(round(LEAD * rate)), np.zeros(round(TAIL * rate))
    return np.concatenate([before, crowds.loud(sound, dbfs), after])


def shares(sounds: list[np.ndarray], dbfs: float, rate: int = crowds.RATE) -> tuple[float, float, int]:
    """Of all frames, percent that read as applause and as a cheer; and all claps."""
    read = [hear(among_quiet(sound, dbfs, rate), rate)[1] for sound in sounds]
    said = np.concatenate(read)
    return (
        100 * float((said[:, 1] > 0.5).mean()),
        100 * float((said[:, 2] > 0.5).mean()),
        int(sum(one[-1, 3] for one in read)),
    )


def found(column: int, made: list[tuple[np.ndarray, float]], others: float) -> str:
    """Recall and precision over audiences, `others` frames of false alarms counted in."""
    hits = wanted = said = 0
    for sound, dbfs in made:
        ends, read = hear(among_quiet(sound, dbfs))
        true = (ends > LEAD) & (ends <= LEAD + len(sound) / crowds.RATE)
        told = read[:, column] > 0.5
        hits, wanted, said = hits + int((told & true).sum()), wanted + int(true.sum()), said + int(told.sum())
    alone, with_all = hits / max(said, 1), hits / (said + others)
    return f"recall {hits / wanted:.3f}  precision {alone:.3f}, with all that is below {with_all:.3f}"


def recording(path: Path) -> tuple[np.ndarray, int]:
    samples, rate = soundfile.read(path, always_2d=True)
    mono = samples.mean(axis=1)
    return np.tile(mono, 1 + 8 * rate // len(mono))[: 8 * rate], rate


def main(folder: str | None) -> None:
    seeds = range(FIRST, FIRST + 8)
    rng = np.random.default_rng
    rows: dict[str, tuple[list[np.ndarray], float, int]] = {}

    def add(name: str, make: Callable[[int], np.ndarray], dbfs: float = -20.0, n: int = 8) -> None:
        rows[name] = [make(seed) for seed in seeds[:n]], dbfs, crowds.RATE

    add("music by function", lambda s: crowds.music(8, s))
    add("demo room", lambda s: compose(s).samples[:, :2].mean(axis=1).astype(np.float64), n=3)
    add("speech, one voice", lambda s: crowds.talker(8, s))
    add("shouting, one voice", lambda s: crowds.talker(8, s, shouting=True))
    add("murmur, 20 dB up", lambda s: crowds.murmur(6, 20, s), -28, n=4)
    add("rain, light", lambda s: crowds.rain(6, s, 900), -25)
    add("rain, heavy drops", lambda s: crowds.rain(6, s, 200), -25)
    add("hiss, white", lambda s: crowds.hiss(6, s), -25)
    add("hiss, pink", lambda s: crowds.hiss(6, s, -0.5), -25)
    add("hiss 700-4500 Hz", lambda s: crowds.noise(288_000, 700, 4500, rng(s)), -22)
    add("hiss 500-6500 Hz", lambda s: crowds.noise(288_000, 500, 6500, rng(s)), -22)
    add("hands together", lambda s: crowds.together(8, 0.4 + 0.05 * (s - FIRST), 0.022, 40, s)[0])
    for path in sorted(Path(folder).iterdir()) if folder else []:
        if path.suffix in (".flac", ".wav"):
            sound, rate = recording(path)
            rows[path.stem] = [sound], -20.0, rate
    lines, false = [], np.zeros(2)
    for name, (sounds, dbfs, rate) in rows.items():
        applause, cheer, claps = shares(sounds, dbfs, rate)
        frames = sum(len(sound) / rate + LEAD + TAIL for sound in sounds) * crowds.RATE / 256
        false += np.array([applause, cheer]) / 100 * frames
        lines.append(f"{name:24}{applause:9.1f}{cheer:9.1f}{claps:7}")
    hands = [
        (crowds.applause(6, people, FIRST + 50 + i, wet, 0.5 + wet), -18.0 - 2 * i)
        for i, (people, wet) in enumerate(APPLAUSE)
    ]
    voices = [(crowds.cheer(5, people, FIRST + 70 + i), -18.0 - 2 * i) for i, people in enumerate(CHEERS)]
    print("applause  " + found(1, hands, false[0]))
    print("cheer     " + found(2, voices, false[1]))
    print(f"\n{'read as (% of frames)':24}{'applause':>9}{'cheer':>9}{'claps':>7}")
    print("\n".join(lines))


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else None)
