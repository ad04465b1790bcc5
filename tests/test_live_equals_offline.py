"""The promise: the same samples, live through a ring in ragged chunks or from a file, give the same show to the bit."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import soundfile
from conftest import write_song

from wearsound import chance
from wearsound.core import LIGHT_RATE, Block, Clock, Frame
from wearsound.show.build import build
from wearsound.show.load import load
from wearsound.sources.blocks import lanes_of
from wearsound.sources.file import FileSource
from wearsound.sources.listen import Listener
from wearsound.sources.ring import Ring


class Callbacks:
    """A sound device: a thread that writes ragged chunks into a ring in real time."""

    live = True
    sample_rate = 48_000
    lanes = lanes_of(2)

    def __init__(self, samples: np.ndarray) -> None:
        self.samples = samples
        self.ended = threading.Event()

    def blocks(self, clock: Clock) -> Iterator[Block]:
        ring = Ring(2, clock.hop, clock.sample_rate)
        ring.behind = ring.size // 2  # a busy machine may stop the reader for longer than a show allows
        threading.Thread(target=self._play, args=(ring,), daemon=True).start()
        yield from Listener(ring, clock, self.lanes, self.ended.is_set).blocks()

    def _play(self, ring: Ring) -> None:
        time.sleep(0.2)
        start, at, count = time.perf_counter(), 0, 0
        while at < len(self.samples):
            size = 1 + int(chance.uniform(3, "callback", count) ** 3 * 2500)
            chunk = self.samples[at : at + size]
            time.sleep(max(0.0, start + (at + len(chunk)) / 48_000 - time.perf_counter()))
            ring.write(chunk)
            at, count = at + len(chunk), count + 1
        time.sleep(0.2)
        self.ended.set()


class Keep:
    """Keeps every light frame and every hop's features."""

    name, rate = "keep", LIGHT_RATE

    def __init__(self) -> None:
        self.frames: list[tuple[object, ...]] = []
        self.features: list[np.ndarray] = []
        self.sizes: set[int] = set()

    def open(self, clock: Clock) -> None: ...

    def close(self) -> None: ...

    def send(self, frame: Frame) -> None:
        self.frames.append((frame.tick, frame.controls.values.tobytes(), frame.lit.tobytes(), frame.scene))

    def write(self, block: Block, features: np.ndarray, controls: np.ndarray) -> None:
        self.features.append(features.copy())
        self.sizes.add(block.n_hops)


def test_a_show_through_a_ring_equals_the_show_of_the_file(tmp_path: Path) -> None:
    song = write_song(tmp_path / "song.wav", 48_000, 2, seconds=4.0, subtype="FLOAT")
    samples, _ = soundfile.read(song, dtype="float32")
    samples = samples[: len(samples) // 256 * 256]
    kept = []
    for source in (FileSource(song), Callbacks(samples)):
        built = build(load("bass-denim"), source.lanes, 48_000, strict=True)
        keep = Keep()
        built.engine.outputs.append(keep)
        built.engine.tapes.append(keep)
        built.engine.run(source)
        assert built.engine.lost == 0
        kept.append(keep)
    offline, live = kept
    heard = np.concatenate(live.features)
    assert len(live.sizes) > 2  # it really came in other groupings
    assert len(heard) == len(samples) // 256
    assert np.array_equal(heard, np.concatenate(offline.features)[: len(heard)])
    assert live.frames == offline.frames[: len(live.frames)]
    assert len(live.frames) > 230
