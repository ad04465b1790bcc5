"""How long from a tap on the coat to its sound, and what that is made of.

A PulseAudio null sink of four channels is room and machine in one: taps are played into its first channel, whose
monitor is the microphone of a real show (`show.live.play`, lane `body`), and the show plays into its fourth. One
recording of its monitor then holds both by the same clock. The parts are looked at inside the show; what is left of
the whole is the sound server's.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.child import ROOT
from benchmarks.sending import Callbacks
from benchmarks.table import Figure, Part, spread
from wearsound.core import Block, Clock

RATE, HOP = 48_000, 256
CHANNELS = 4
TAPS, APART, FIRST = 12, 1.5, 10.0
"""How many, seconds between two, seconds before the first is counted: the show rises slowly at its start."""
NEAR = 0.5
"""Seconds after a tap in which its sound is looked for."""

PATCH = (
    'title = "Tap"\ngarment = "long-coat"\n[soundscape]\nroot = 55\nwet = 0\ndamp = 1\nage = 0\n'
    '[[voice]]\nplay = "coat"\n[[voice]]\nplay = "struck"\n'
)
RIG = (
    "[lanes]\nbody = [1]\n[door]\nport = 0\n"
    f'[[speaker]]\nname = "far"\ndevice = "pulse"\nchannels = [{CHANNELS}]\n'
)


def run() -> Part:
    """The taps, once; nothing where there is no PulseAudio."""
    from tests.pulse import missing

    part = Part("From a tap to its sound")
    if missing():
        part.notes.append("No PulseAudio here: not measured.")
        return part
    total, said = _measured()
    if not total:
        part.notes.append(
            "No tap was found again: the machine is too busy, or the sound server stands still."
        )
        return part
    inside = _voices_ms()
    rows: list[tuple[str, list[float]]] = [
        ("capture and hop: half a callback or half a hop, the longer", said["half"]),
        ("callback -> block", said["wait"]),
        ("engine: block -> its sound in the cushion", said["work"]),
        ("voices and limiter: tap -> sound, in samples, offline", [inside]),
        ("cushion: what waits when a block comes", said["cushion"]),
        ("device: latency that PortAudio says of it", said["device"]),
    ]
    part.figures += spread("tap -> sound", total, "ms")
    known = 0.0
    for what, values in rows:
        middle = float(np.median(values))
        known += middle
        part.figures.append(Figure(what, middle, "ms"))
    part.figures.append(
        Figure("what is left: the sound server's two ways", float(np.median(total)) - known, "ms")
    )
    part.figures.append(Figure("times the cushion ran dry", said["dry"], ""))
    part.notes.append(
        f"{len(total)} of {TAPS} taps were found again; a callback of the microphone brings "
        f"{said['frames']:.0f} frames in the middle. A sound server adds its own buffers; a sound card by cable has "
        "only PortAudio's."
    )
    return part


def taps() -> Any:
    """The signal that is played, (n,), and where each tap begins."""
    count = round((FIRST + TAPS * APART + 2) * RATE)
    wave, starts = np.zeros(count), []
    ring = np.arange(round(0.02 * RATE))
    tap = 0.8 * np.sin(2 * np.pi * 700 * ring / RATE) * np.exp(-ring / (0.003 * RATE))
    at = round(2.0 * RATE)
    while at < count - RATE:
        wave[at : at + len(tap)] += tap
        starts.append(at)
        at += round(APART * RATE)
    return wave, starts


def begins(heard: Any, first: int, last: int) -> int | None:
    """Where a sound begins in `heard`, that was not there in the 30 ms before: at a quarter of its height."""
    loud = np.abs(heard)
    before = float(loud[max(0, first - round(0.03 * RATE)) : first].max())
    height = float(loud[first:last].max())
    if height < 3 * before or height < 0.002:
        return None
    return first + int((loud[first:last] > before + 0.25 * (height - before)).argmax())


def _measured() -> tuple[list[float], dict[str, Any]]:
    from tests.pulse import ORDER, null_sink

    with tempfile.TemporaryDirectory() as name, null_sink(Path(name), CHANNELS) as sink:
        folder = Path(name)
        (folder / "tap.toml").write_text(PATCH)
        (folder / "rig.toml").write_text(RIG)
        wave, _ = taps()
        four = np.zeros((len(wave), CHANNELS), "<i2")
        four[:, 0] = (wave * 32767).astype("<i2")
        (folder / "taps.raw").write_bytes(four.tobytes())
        show = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.tap_to_sound", str(folder), str(len(wave) / RATE + 4)],
            cwd=ROOT,
            env=sink.env,
            stdout=subprocess.PIPE,
            text=True,
        )
        time.sleep(4.0)
        form = ["--raw", f"--rate={RATE}", "--format=s16le", f"--channels={CHANNELS}"]
        form.append(f"--channel-map={','.join(ORDER[:CHANNELS])}")
        player = subprocess.Popen(
            ["pacat", *form, "--latency-msec=50", str(folder / "taps.raw")],
            env=sink.env,
            stderr=subprocess.DEVNULL,
        )
        record = np.frombuffer(sink.record(len(wave) / RATE - 1.0), "<i2").reshape(-1, CHANNELS) / 32768
        said = json.loads(show.communicate(timeout=120)[0].strip().splitlines()[-1])
        player.kill()
        player.wait()
    return _between(record[:, 0], record[:, CHANNELS - 1]), said


def _between(tapped: Any, heard: Any) -> list[float]:
    """ms from each tap to its sound, of those after FIRST that were found."""
    found, at = [], round(FIRST * RATE)
    while at < len(tapped) - RATE:
        loud = np.abs(tapped[at:])
        if not (loud > 0.1).any():
            break
        at += int((loud > 0.1).argmax())
        sound = begins(heard, at, at + round(NEAR * RATE))
        if sound is not None:
            found.append(1000.0 * (sound - at) / RATE)
        at += round(NEAR * RATE)
    return found


def _voices_ms() -> float:
    """From a tap to its sound in the samples that an engine makes, without any device: voices, limiter."""
    from wearsound.show.build import build
    from wearsound.show.load import load
    from wearsound.sound import Sound

    class Kept:
        name = "kept"

        def __init__(self) -> None:
            self.played: list[Any] = []

        def open(self, clock: Clock) -> None:
            self.played = []

        def play(self, tick: int, gap: int, sound: Sound) -> None:
            self.played.append(sound.played[:, 0].copy())

        def close(self) -> None:
            return

    wave, _ = taps()
    with tempfile.TemporaryDirectory() as name:
        patch = Path(name) / "tap.toml"
        patch.write_text(PATCH)
        built = build(load(patch), {"body": (0,)}, RATE, strict=True)
    kept = Kept()
    built.engine.speakers.append(kept)
    for tick in range(len(wave) // HOP):
        hop = wave[tick * HOP : (tick + 1) * HOP, None].astype(np.float32)
        built.engine.step(Block(tick, hop, {"body": (0,)}, 1))
    return float(np.median(_between(wave, np.concatenate(kept.played))))


class Watched:
    """What the default microphone hears, and when each block left it. Implements core.Source."""

    live = True

    def __init__(self, rig: Any, seconds: float) -> None:
        from wearsound.show.source import open_source

        self.callbacks = Callbacks()
        self._source = open_source(None, rig=rig, seconds=seconds)
        self.sample_rate, self.lanes = self._source.sample_rate, self._source.lanes
        self.left = 0.0
        self.wait: list[float] = []

    def blocks(self, clock: Clock) -> Iterator[Block]:
        """Its blocks; how long after the callback that ended it each came, in ms."""
        for block in self._source.blocks(clock):
            self.callbacks.heard(block)
            self.left = time.monotonic()
            self.wait.append(1000 * (self.left - self.callbacks.came(block.tick + block.n_hops - 1)))
            yield block


def child(folder: Path, seconds: float) -> dict[str, Any]:
    """One show and its parts in ms. [a program of its own]"""
    from wearsound.show import live
    from wearsound.show.load import load

    show = load(folder / "tap.toml", rig=folder / "rig.toml")
    source = Watched(show.rig, seconds)
    work: list[float] = []
    waits: list[float] = []
    device: list[float] = []
    speakers: list[Any] = []
    make: Callable[[Any], list[Any]] = live.loudspeakers

    def watched(of: Any) -> list[Any]:
        speakers.extend(make(of))
        play = speakers[0].play

        def timed(tick: int, gap: int, sound: Any) -> None:
            cushion = speakers[0].line.cushion
            if cushion is not None and cushion._playing:
                waits.append(1000 * cushion.waiting)
                device.append(1000 * (speakers[0].line.latency - cushion.waiting))
            play(tick, gap, sound)
            work.append(1000 * (time.monotonic() - source.left))

        speakers[0].play = timed
        return speakers

    live.loudspeakers = watched
    live.play(replace(show), source, window=False, port=0, say=lambda text: None)  # type: ignore[arg-type]
    frames = np.diff(source.callbacks.ends)
    keep = len(work) // 4
    return {
        "half": [500.0 * max(HOP, float(np.median(frames))) / RATE],
        "frames": float(np.median(frames)),
        "wait": source.wait[keep:],
        "work": work[keep:],
        "cushion": waits[keep:] or [0.0],
        "device": device[keep:] or [0.0],
        "dry": speakers[0].line.dry,
    }


if __name__ == "__main__":
    print(json.dumps(child(Path(sys.argv[1]), float(sys.argv[2]))))
