"""Sound is lost and comes back: hold, glide, rest, live; and whatever else may be wrong with a device that is open."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from pulse import missing, null_sink

import wearsound.sources.capture as capture_room
from wearsound import faults
from wearsound.core import Block, Clock, Frame
from wearsound.show.build import build
from wearsound.show.load import load
from wearsound.sources.capture import Capture
from wearsound.sources.devices import Device
from wearsound.sources.listen import GONE_AFTER, Listener
from wearsound.sources.ring import Ring
from wearsound.sources.signal import test_signal as signal_of

CLOCK = Clock()
LANES = {"room": (0, 1)}
HOPS = CLOCK.sample_rate / CLOCK.hop
"""A second."""


def there() -> set[str]:
    return {fault.code for fault in faults.now()}


def wait_for(met: Callable[[], Any], seconds: float = 5.0) -> float:
    """Until it is so, and how long that took."""
    began = time.monotonic()
    while not met():
        assert time.monotonic() < began + seconds
        time.sleep(0.005)
    return time.monotonic() - began


class Bright:
    """An output that keeps how bright the garment is, and the scene."""

    name, rate = "bright", 60

    def __init__(self) -> None:
        self.time: list[float] = []
        self.light: list[float] = []
        self.scene: list[str] = []

    def open(self, clock: Clock) -> None:
        pass

    def send(self, frame: Frame) -> None:
        self.time.append(frame.time)
        self.light.append(float(frame.pixels.mean()) / 255)
        self.scene.append(frame.scene)

    def close(self) -> None:
        pass


def played(patch: str, lost: float, back: float, end: float) -> Bright:
    """What is seen of a show whose microphone is away from `lost` to `back`, as `Listener` tells the engine."""
    built = build(load(patch), LANES, CLOCK.sample_rate, strict=False)
    bright = Bright()
    built.engine.outputs.append(bright)
    n = int(end * HOPS)
    sound = 0.3 * signal_of("pink").samples(0, n * 256) + 0.5 * signal_of("kick=120").samples(0, n * 256)
    samples = np.repeat(sound.astype(np.float32)[:, None], 2, axis=1)
    samples[int(lost * HOPS) * 256 : int(back * HOPS) * 256] = 0.0
    held = range(int(lost * HOPS), int((lost + GONE_AFTER) * HOPS))
    tick = 0
    while tick < n:
        gap = 0
        if tick == held.start:
            tick, gap = held.stop, len(held)
        hops = min(4, n - tick, held.start - tick if tick < held.start else 4)
        built.engine.step(Block(tick, samples[tick * 256 : (tick + hops) * 256], LANES, hops, gap=gap))
        tick += hops
    return bright


def test_light_holds_glides_rests_and_is_back() -> None:
    lost, back = 6.0, 11.0
    seen = played("bass-denim", lost, back, 13.0)
    at, light = np.array(seen.time), np.array(seen.light)
    before = light[(at > lost - 1.0) & (at <= lost)].mean()
    assert before > 0.1
    gone = lost + GONE_AFTER
    assert not ((at > lost + 0.05) & (at < gone - 0.05)).any(), "nothing new: what was sent last is held"
    first = light[at >= gone - 0.02][0]
    assert first > 0.6 * before, "no drop where the silence begins"
    glide = light[(at >= gone) & (at < gone + 1.0)]
    assert np.diff(glide).max() < 0.01, "down, and never up"
    assert np.diff(glide).min() > -0.2 * before, "no step that is a cut"
    third = at[(at >= gone) & (light < before / 3)][0] - gone
    assert 0.2 < third < 0.8
    assert seen.scene[int(np.searchsorted(at, back - 0.1))] == "rest"
    assert light[(at > back - 1.0) & (at < back)].mean() > 0.05, "rest is no darkness"
    live = light[(at > back + 0.25) & (at < back + 1.0)].mean()
    assert live > 0.8 * before
    scenes = [scene for when, scene in zip(seen.time, seen.scene, strict=True) if when > back]
    assert scenes[0] == "rest", "it goes over: no cut"
    assert scenes[60] == "groove"


class Hardware:
    """A sound device of our own: calls as a real one does, on a thread of its own, and is broken as we like."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.titles = ["Hall"]
        self.refuses = False
        self.mute = False
        self.wide = False
        self.speed = 1.0
        self.status = False
        self.opened: list[str] = []
        self.known: list[Device] = []
        self.looked = 0
        hardware = self

        class Refused(Exception):
            pass

        class Stream:
            def __init__(
                self, device: int, callback: Callable[..., None], channels: int, **words: Any
            ) -> None:
                if hardware.refuses:
                    raise Refused("Device unavailable [PaErrorCode -9985]")
                hardware.opened.append(hardware.titles[device])
                self._call, self._channels = callback, channels
                self._ended = threading.Event()
                self._thread = threading.Thread(target=self._run, daemon=True)

            def start(self) -> None:
                self._thread.start()

            def abort(self, ignore_errors: bool) -> None:
                self._ended.set()

            def close(self, ignore_errors: bool) -> None:
                self._ended.set()
                self._thread.join()

            def _run(self) -> None:
                began, brought = time.monotonic(), 0
                while not self._ended.wait(0.002):
                    due = int((time.monotonic() - began) * 48_000 * hardware.speed) - brought
                    if due <= 0:
                        continue
                    brought += due
                    if not hardware.mute:
                        channels = self._channels + hardware.wide
                        self._call(np.ones((due, channels), np.float32), due, None, hardware.status)

        sound = SimpleNamespace(InputStream=Stream, PortAudioError=Refused)
        monkeypatch.setattr(capture_room, "portaudio", lambda: sound)
        # PortAudio's list is that of when it was made.
        monkeypatch.setattr(capture_room, "query", lambda: self.known)
        monkeypatch.setattr(capture_room, "look_again", self.look_again)
        self.look_again()
        monkeypatch.setattr(capture_room, "ask", lambda work, seconds, undo=None: work())

    def look_again(self) -> None:
        self.looked += 1
        self.known = [
            Device(title, "ALSA", 2, 0, 48_000, False, number == 0, False, number)
            for number, title in enumerate(self.titles)
        ]


@pytest.fixture
def hardware(monkeypatch: pytest.MonkeyPatch) -> Hardware:
    return Hardware(monkeypatch)


@pytest.fixture
def capture(hardware: Hardware) -> Iterator[Capture]:
    made = Capture("ALSA: Hall", None, 2, 48_000, 256)
    made.open()
    yield made
    made.close()


class TestDevice:
    def test_gone_it_is_looked_for_by_its_name_and_no_other_is_taken(
        self,
        hardware: Hardware,
        capture: Capture,
        caplog: pytest.LogCaptureFixture,
        monkeypatch: pytest.MonkeyPatch,
        tmp_path: Path,
    ) -> None:
        cards = tmp_path / "cards"
        cards.write_text("0 Hall")
        monkeypatch.setattr(capture_room, "_CARDS", cards)
        hardware.titles = ["Laptop"]
        cards.write_text("1 Laptop")
        hardware.mute = True
        wait_for(lambda: there() == {"WS-A01", "WS-A06"})
        wait_for(lambda: hardware.looked >= 3)
        time.sleep(1.2)
        assert hardware.looked == 3, "PortAudio's list is not made anew for nothing"
        assert set(hardware.opened) == {"Hall"}, "another microphone is never taken"
        hardware.titles, hardware.mute = ["Laptop", "Hall"], False
        cards.write_text("1 Laptop 2 Hall")
        took = wait_for(lambda: not there())
        assert took < 3.0
        assert set(hardware.opened) == {"Hall"}
        assert [text.split()[0] for text in caplog.messages].count("WS-A01") == 2

    def test_refused_it_is_tried_every_second_and_said_once(
        self, hardware: Hardware, capture: Capture, caplog: pytest.LogCaptureFixture
    ) -> None:
        assert capture_room._BACK_OFF[-1] <= 1.0
        hardware.refuses = hardware.mute = True
        wait_for(lambda: there() == {"WS-A01", "WS-A06"})
        time.sleep(1.0)
        assert sum("Device unavailable" in text for text in caplog.messages) == 1
        hardware.refuses = hardware.mute = False
        assert wait_for(lambda: not there()) < 3.0

    def test_a_callback_that_raises_ends_no_stream(self, hardware: Hardware, capture: Capture) -> None:
        hardware.wide = True
        wait_for(lambda: "WS-A09" in there())
        wait_for(lambda: "WS-A01" in there())  # nothing comes: it is opened again
        hardware.wide = False
        wait_for(lambda: "WS-A01" not in there())
        before = capture.ring.mark[0]
        wait_for(lambda: capture.ring.mark[0] > before)

    def test_another_rate_than_asked_is_told(
        self, hardware: Hardware, capture: Capture, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(capture_room, "_WEIGHED", 0.3)
        hardware.speed = 44_100 / 48_000
        wait_for(lambda: "WS-A05" in there())
        assert "brings 44," in next(iter(faults.now())).said or "brings 43," in next(iter(faults.now())).said
        hardware.mute = True  # it is opened again, and is right
        wait_for(lambda: "WS-A01" in there())
        hardware.speed, hardware.mute = 1.0, False
        wait_for(lambda: not there())

    def test_holes_that_it_tells_of_are_told_once_they_are_often(
        self, hardware: Hardware, capture: Capture
    ) -> None:
        capture.hiccups += 1
        time.sleep(0.3)
        assert not there()
        hardware.status = True
        wait_for(lambda: there() == {"WS-A08"})


class TestListener:
    def listener(self) -> tuple[Ring, Iterator[Block], Listener]:
        ring = Ring(2, 256, 48_000)
        listener = Listener(ring, CLOCK, LANES, lambda: False, name="hall")
        return ring, listener.blocks(), listener

    def test_what_is_no_number_is_silence_and_told(self) -> None:
        ring, blocks, _ = self.listener()
        good, bad = np.full((256, 2), 0.5, np.float32), np.full((256, 2), 0.5, np.float32)
        bad[3:9] = (np.nan, np.inf)
        bad[20] = 1e30
        threading.Timer(0.02, ring.write, [good]).start()
        assert (next(blocks).samples == 0.5).all()
        assert not there()
        ring.write(bad)
        block = next(blocks)
        assert np.isfinite(block.samples).all()
        assert (block.samples[3:9, 0] == 0).all()
        assert np.abs(block.samples).max() <= 8.0
        assert [(fault.code, fault.who) for fault in faults.now()] == [("WS-A10", "hall")]

    def test_an_engine_that_is_late_is_told(self) -> None:
        ring, blocks, listener = self.listener()
        hop = np.full((256, 2), 0.5, np.float32)
        threading.Timer(0.02, ring.write, [hop]).start()
        next(blocks)
        time.sleep(0.3)
        for _ in range(round(0.3 * HOPS)):
            ring.write(hop)
        next(blocks)
        assert there() == {"WS-A11"}
        assert listener.lost > 0


REAL = """
import json, sys, threading, time
from wearsound import faults
from wearsound.show.build import build
from wearsound.show.load import load
from wearsound.sources.microphone import Microphone

def say(**words):
    sys.stdout.write(json.dumps(words) + "\\n")
    sys.stdout.flush()

microphone = Microphone(channels=2)
built = build(load("bass-denim"), microphone.lanes, microphone.sample_rate, strict=False)

class Out:
    name, rate = "out", 60
    known = ()

    def open(self, clock):
        pass

    def send(self, frame):
        codes = [fault.code for fault in faults.now()]
        silent = frame.features.get("room.silence")
        say(at=time.monotonic(), light=float(frame.pixels.mean()) / 255, scene=frame.scene, codes=codes, silent=silent)

    def close(self):
        pass

built.engine.outputs.append(Out())

def leave():
    sys.stdin.read()
    built.engine.stop()

threading.Thread(target=leave, daemon=True).start()
built.engine.run(microphone)
"""


@pytest.mark.device
@pytest.mark.skipif(bool(missing()), reason=missing())
def test_a_real_device_is_unloaded_and_loaded_again(tmp_path: Path) -> None:
    import soundfile

    sound = 0.2 * signal_of("pink").samples(0, 480_000) + 0.5 * signal_of("kick=120").samples(0, 480_000)
    soundfile.write(tmp_path / "song.wav", np.repeat(sound[:, None], 2, axis=1), 48_000, subtype="PCM_16")
    with null_sink(tmp_path) as sink:
        sink.play(tmp_path / "song.wav")
        seen: list[dict[str, Any]] = []
        program = subprocess.Popen(
            [sys.executable, "-c", REAL],
            env=sink.env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        reader = threading.Thread(
            target=lambda: seen.extend(map(json.loads, program.stdout or [])), daemon=True
        )
        reader.start()
        try:
            wait_for(lambda: seen and seen[-1]["light"] > 0.1, 30.0)
            time.sleep(1.0)
            sink.unload()
            lost = time.monotonic()
            time.sleep(4.0)
            sink.load()
            back = time.monotonic()
            sink.play(tmp_path / "song.wav")
            wait_for(lambda: "WS-A01" not in seen[-1]["codes"] and not seen[-1]["silent"], 10.0)
            time.sleep(1.5)
            program.communicate("", timeout=20)
        finally:
            program.kill()
            program.wait()
    reader.join(5.0)
    at = np.array([one["at"] for one in seen])
    light = np.array([one["light"] for one in seen])
    wrong = np.array(["WS-A01" in one["codes"] for one in seen])
    loud = np.array([not one["silent"] for one in seen])
    before = light[at < lost].max()
    assert before > 0.1
    held = np.diff(at[(at > lost - 0.2) & (at < lost + 2.0)]).max()
    half = at[(at > lost) & (light < before / 2)][0] - lost
    began = at[wrong][0] - lost
    live = at[(at > back) & loud & ~wrong][0] - back
    after = light[(at > back + live + 0.3) & (at < back + live + 1.3)].mean()
    print(f"held {held:.2f} s, told after {began:.2f} s, half after {half:.2f} s, back after {live:.2f} s")
    assert held < 1.0, "receivers repeat their look by themselves for so long"
    assert began < 1.5
    assert half < 2.0
    assert live < 3.0
    assert after > 0.5 * before
    assert "rest" in {one["scene"] for one in seen if lost + 3.0 < one["at"] < back}
