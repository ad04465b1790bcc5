"""The compact tables of a render's files (`proof.table`): features, light, vibration, sound, OSC.

Features every fourth hop on the step of each, and everything counted at every hop; light every sixth frame, all pixels;
vibration as RMS of 16 ms a channel; sound in dB of 100 ms by band; of OSC a hash a second over order, times, addresses
and types, and the numbers that every address held at the end of each quarter of one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from wearsound.analysis.ear import everything, feature_specs
from wearsound.core import F64
from wearsound.errors import PatchError
from wearsound.outputs.record.broken import BROKEN
from wearsound.outputs.record.layer_files import FILES
from wearsound.proof.table import I64, Table, on_grid, singles

HOPS, FRAMES = 4, 6
"""Every how many hops of features and frames of light are kept."""
NUMBERS_SECONDS = 0.25
"""How often the numbers of OSC are kept: by time, so that one message more moves no other."""
FELT_SECONDS, FELT_GRID = 0.016, 1 / (255 * 8)
HEARD_SECONDS, HEARD_GRID, QUIET = 0.1, 0.01, -90.0
"""Blocks of sound, its grid in dB, and the level below which nothing is told apart, dB under full scale."""
MOST_SECONDS = 1e6
"""Of a show: as many as `render` takes."""
EDGES = (20, 60, 160, 500, 2_000, 6_000, 16_000)
"""Bands of the sound, Hz."""
NUMBER_GRID = 1e-6
HASHED = "their order, times, addresses or types"
"""What the hash of a second of messages is over."""
UNKNOWN_GRID = 1e-3
"""The step of a feature that no ear names: a sensor's."""

Facts = Mapping[str, Any]


def compact(
    folder: Path, facts: Facts, layers: Collection[str], actuators: Sequence[str]
) -> dict[str, Table]:
    """The tables of some layers of a whole render. PatchError where a file of it cannot be read.

    `actuators` are the names of the vibration's channels, in their order.
    """
    counted = facts.get("counts", {})
    readers: dict[str, Callable[[Path], dict[str, Table]]] = {
        "features": lambda path: _features(path, counted),
        "osc": _osc,
        "light": _light,
        "vibration": lambda path: _vibration(path, actuators),
        "sound": _sound,
    }
    tables: dict[str, Table] = {}
    for layer, reader in readers.items():
        if layer in layers:
            path = folder / FILES[layer][0]
            try:
                tables |= reader(path)
            except BROKEN as error:
                raise PatchError(f"{path} cannot be read ({error}): render again") from error
    return tables


def _features(path: Path, counted: Collection[str]) -> dict[str, Table]:
    with np.load(path, allow_pickle=False) as members:
        times = members["time"]
        heard = [name for name in members.files if name != "time"]
        grown = [name for name in heard if name in counted]
        names = [name for name in heard if name not in counted]
        grid = _steps_of(names)
        values = [
            on_grid(members[name][::HOPS].astype(np.float64), step)
            for name, step in zip(names, grid, strict=True)
        ]
        counts = [on_grid(members[name].astype(np.float64), 1.0) for name in grown]
    return {
        "features": Table(
            times[::HOPS], tuple(names), (1,) * len(names), grid, _side_by_side(values, len(times[::HOPS]))
        ),
        "features.counted": singles(times, grown, 1.0, _side_by_side(counts, len(times))),
    }


def _side_by_side(rows: Sequence[I64], length: int) -> I64:
    return np.stack(rows, axis=1) if rows else np.zeros((length, 0), np.int64)


def _steps_of(names: Sequence[str]) -> tuple[float, ...]:
    """The step that each meter rounds to: values lie in the middle of it already."""
    lanes = list(dict.fromkeys(name.rpartition(".")[0] for name in names if "." in name))
    known = {spec.name: spec.step for spec in feature_specs(lanes, {}, everything(lanes))}
    return tuple(known.get(name) or UNKNOWN_GRID for name in names)


def _light(path: Path) -> dict[str, Table]:
    with np.load(path, allow_pickle=False) as members:
        times = members["time"][::FRAMES]
        zones = [name for name in members.files if name != "time"]
        lit = [members[name][::FRAMES].reshape(len(times), -1).astype(np.int64) for name in zones]
    values = np.concatenate(lit, axis=1) if lit else np.zeros((len(times), 0), np.int64)
    return {
        "light": Table(times, tuple(zones), tuple(each.shape[1] for each in lit), (1.0,) * len(zones), values)
    }


def _vibration(path: Path, actuators: Sequence[str]) -> dict[str, Table]:
    rows = [np.sqrt(np.mean(np.square(block), axis=0)) for _, block in _blocks(path, FELT_SECONDS)]
    values = on_grid(np.array(rows).reshape(len(rows), len(actuators)), FELT_GRID)
    return {"vibration": singles(_every(FELT_SECONDS, rows), actuators, FELT_GRID, values)}


def _sound(path: Path) -> dict[str, Table]:
    rows = []
    for rate, block in _blocks(path, HEARD_SECONDS):
        power = np.square(np.abs(np.fft.rfft(block, axis=0))) * 2 / len(block) ** 2
        edges = [round(hertz * len(block) / rate) for hertz in EDGES]
        bands = [power[low:high].sum(axis=0) for low, high in pairwise(edges)]
        rows.append(_decibels(np.stack([*bands, np.square(block).max(axis=0)])).T.ravel())
    heard = [f"{low} to {high} Hz" for low, high in pairwise(EDGES)]
    names = [f"{side} {what}" for side in ("left", "right") for what in (*heard, "peak")]
    values = on_grid(np.array(rows).reshape(len(rows), len(names)), HEARD_GRID)
    return {"sound": singles(_every(HEARD_SECONDS, rows), names, HEARD_GRID, values)}


def _every(seconds: float, rows: Sequence[Any]) -> F64:
    return np.arange(len(rows), dtype=np.float64) * seconds


def _decibels(power: F64) -> F64:
    level: F64 = 10 * np.log10(np.maximum(power, 1e-12))
    return np.maximum(level, QUIET)


def _blocks(path: Path, seconds: float) -> Iterator[tuple[int, F64]]:
    """Sample rate and blocks (n, channels) of a WAV file, full scale +-1; the last is filled up with silence."""
    import soundfile

    with soundfile.SoundFile(path) as file:
        size = round(seconds * file.samplerate)
        for block in file.blocks(size, dtype="float64", always_2d=True, fill_value=0.0):
            yield file.samplerate, block


def _osc(path: Path) -> dict[str, Table]:
    seconds: list[tuple[int, int]] = []
    held: dict[str, float] = {}
    rows: list[list[float]] = []
    digest, count = hashlib.sha256(), 0
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            message = json.loads(line)
            time, args = float(message["t"]), message["args"]
            if not 0.0 <= time < MOST_SECONDS:
                raise ValueError(f"a message at {time:g} s")
            while int(time) > len(seconds):
                seconds.append((count, _short(digest.digest())))
                digest, count = hashlib.sha256(), 0
            while int(time / NUMBERS_SECONDS) > len(rows):
                rows.append(list(held.values()))
            kinds = [arg if isinstance(arg, str) else type(arg).__name__ for arg in args]
            digest.update(json.dumps([message["t"], message["target"], message["address"], kinds]).encode())
            count += 1
            numbers = [float(arg) for arg in args if not isinstance(arg, str)]
            held |= {f"{message['address']} {i}": number for i, number in enumerate(numbers)}
    seconds.append((count, _short(digest.digest())))
    rows.append(list(held.values()))
    values = np.zeros((len(rows), len(held)))
    for row, known in zip(values, rows, strict=True):
        row[: len(known)] = known  # a dict keeps the order in which addresses were first met
    names = ("messages", HASHED)
    return {
        "osc": singles(np.arange(len(seconds), dtype=np.float64), names, 1.0, np.array(seconds, np.int64)),
        "osc.numbers": singles(
            _every(NUMBERS_SECONDS, rows), list(held), NUMBER_GRID, on_grid(values, NUMBER_GRID)
        ),
    }


def _short(digest: bytes) -> int:
    """52 bits of a hash: what a difference of two still holds exactly."""
    return int.from_bytes(digest[:8], "big") >> 12
