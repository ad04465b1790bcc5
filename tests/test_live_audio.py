"""Real sound through a real device: PortAudio and a PulseAudio null sink of our own, no mocks."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pulse import Sink, missing, null_sink, until_heard

from wearsound.sources.signal import test_signal as signal_of

pytestmark = [pytest.mark.device, pytest.mark.skipif(bool(missing()), reason=missing())]

HEAD = """
import json, logging, sys, time
import numpy as np
from wearsound.core import Clock
from wearsound.errors import WearsoundError
from wearsound.sources.devices import devices
from wearsound.sources.microphone import Microphone
from wearsound.sources.pace import Paced
from wearsound.sources.signal import test_signal

class Log(logging.Handler):
    def emit(self, record):
        say(log=record.getMessage())

def say(**words):
    sys.stdout.write(json.dumps(words) + "\\n")  # at once: several threads say something
    sys.stdout.flush()

logging.getLogger().addHandler(Log())
clock = Clock()
"""

LISTEN = """
microphone = Microphone(channels=2)
say(title=microphone.title, rate=microphone.sample_rate)
states, kept, gaps = [], [], []
for block in microphone.blocks(clock):
    if not kept:
        say(heard=True)
    kept.append(block.samples)
    if block.gap:
        gaps.append([block.tick, block.gap])
    if states[-1:] != [bool(microphone.note)]:
        states.append(bool(microphone.note))
        say(gone=states[-1], note=microphone.note, seconds=clock.seconds(block.tick))
    if clock.seconds(block.tick) > float(sys.argv[1]):
        break
start = time.monotonic()
microphone.close()
microphone.close()
say(closed=time.monotonic() - start, lost=microphone.lost, ticks=block.tick, gaps=gaps)
if len(sys.argv) > 2:
    np.save(sys.argv[2], np.concatenate(kept))
"""


@pytest.fixture(scope="module")
def sink(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sink]:
    with null_sink(tmp_path_factory.mktemp("sink")) as sink:
        yield sink


class Program:
    """Another process that says what happens as lines of JSON."""

    def __init__(self, sink: Sink, code: str, *words: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", HEAD + code, *words],
            env=sink.env,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def until(self, word: str) -> Any:
        """The first line that has `word`, and what it says there."""
        assert self.process.stdout is not None
        seen = []
        for line in self.process.stdout:
            seen.append(line)
            said = json.loads(line)
            if word in said:
                return said[word]
        raise AssertionError(
            f"never said {word!r}: {seen} {self.process.stderr and self.process.stderr.read()}"
        )

    def end(self) -> str:
        """What it wrote to stderr; it must have ended well."""
        _, err = self.process.communicate(timeout=30)
        assert self.process.returncode == 0, err
        return err


def song(folder: Path, seconds: float) -> tuple[Path, np.ndarray]:
    """A 16-bit WAV and its samples."""
    import soundfile

    count = int(seconds * 48_000)
    left = signal_of("pink").samples(0, count) + 0.3 * signal_of("kick=120").samples(0, count)
    samples = np.round(np.stack([left, -0.5 * left], 1) * 20_000).astype(np.int16)
    soundfile.write(folder / "song.wav", samples, 48_000, subtype="PCM_16")
    return folder / "song.wav", samples.astype(np.float32) / 32_768


def match(recorded: np.ndarray, samples: np.ndarray) -> int:
    """Where in `recorded` the sample at 0.5 s of `samples` is, found by 64 equal samples."""
    probe = samples[24_000:24_064, 0]
    for at in np.flatnonzero(recorded[:-64, 0] == probe[0]):
        if np.array_equal(recorded[at : at + 64, 0], probe):
            return int(at)
    raise AssertionError("the song was not heard")


def test_devices_are_listed_without_noise(sink: Sink) -> None:
    program = Program(sink, "say(found=devices())")
    found = program.until("found")
    assert program.end() == ""
    assert {"pulse", "default"} <= {device["name"] for device in found}
    assert [device["name"] for device in found if device["default_input"]] == ["default"]
    assert all(device["about"] and device["host_api"] for device in found)


def test_a_song_is_heard_bit_by_bit(sink: Sink, tmp_path: Path) -> None:
    path, samples = song(tmp_path, 1.5)
    program = Program(sink, LISTEN, "3.0", str(tmp_path / "heard.npy"))
    assert program.until("rate") == 48_000
    program.until("heard")
    player = sink.play(path)
    assert program.until("closed") < 2.0
    assert program.end() == ""
    assert player.wait(5) == 0
    recorded = np.load(tmp_path / "heard.npy")
    at = match(recorded, samples)
    early = 24_000 - 480  # a player's first milliseconds may be lost
    assert np.array_equal(recorded[at - early : at - 24_000 + len(samples)], samples[480:])


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("Microphone('zoom')", "no input has 'zoom' in its name; there is default, pulse"),
        ("Microphone('defualt')", "did you mean 'default'?"),
        ("Microphone('u')", "fits 2 inputs: 'ALSA: pulse', 'ALSA: default'"),
        (
            "Microphone('pulse', channels=99)",
            "ALSA: pulse has 32 input channels, but channel 99 is asked for",
        ),
        ("next(Paced(test_signal('kick'), output='hall').blocks(clock))", "no output has 'hall' in its name"),
    ],
)
def test_a_wrong_device_gets_a_sentence(sink: Sink, asked: str, said: str) -> None:
    program = Program(
        sink, f"try:\n    {asked}\nexcept WearsoundError as e:\n    say(said=str(e), code=e.exit_code)"
    )
    assert said in program.until("said")
    assert program.end() == ""


def test_a_lost_device_is_silence_and_comes_back(sink: Sink) -> None:
    program = Program(sink, LISTEN, "6.0")
    program.until("heard")
    sink.unload()
    assert program.until("gone") is False
    assert program.until("gone") is True
    assert "is gone" in program.until("log")
    sink.load()
    assert program.until("gone") is False
    assert program.until("closed") < 2.0
    program.end()


def test_a_frozen_sound_server_hangs_nobody(sink: Sink) -> None:
    program = Program(sink, LISTEN, "2.0")
    program.until("heard")
    sink.send(signal.SIGSTOP)
    try:
        start = time.monotonic()
        program.until("closed")
        program.process.wait(20)
        assert time.monotonic() - start < 15, "2 s of show, then each closing is given up in time"
    finally:
        sink.send(signal.SIGCONT)


PLAY = """
paced = Paced(test_signal("pink,seconds=" + sys.argv[1]))
start = time.monotonic()
hops = 0
for block in paced.blocks(clock):
    if not hops:
        say(first=time.monotonic() - start)
    assert block.tick == hops
    hops += block.n_hops
    lat=paced.player.latency if paced.player else 0; dry = paced.player.dry if paced.player else -1
say(hops=hops, note=paced.note, dry=dry)
"""


def test_a_test_signal_is_heard_and_every_hop_arrives(sink: Sink, tmp_path: Path) -> None:
    ear = Program(sink, LISTEN, "5.0", str(tmp_path / "heard.npy"))
    ear.until("heard")
    program = Program(sink, PLAY, "2.0")
    assert program.until("hops") == 375
    assert program.end() == ""
    ear.until("closed")
    ear.end()
    recorded = np.load(tmp_path / "heard.npy")[:, 0].astype(np.float64)
    sent = signal_of("pink").samples(0, 96_000)
    size = 1 << 19
    found = np.fft.irfft(np.fft.rfft(recorded, size) * np.conj(np.fft.rfft(sent, size)), size)
    at = int(found.argmax())
    assert np.abs(recorded[at + 4_800 : at + 72_000] - sent[4_800:72_000]).max() < 2.0**-14


def test_a_loudspeaker_that_comes_back_is_heard_again(sink: Sink) -> None:
    program = Program(sink, PLAY, "60")
    program.until("first")
    until_heard(sink)
    sink.send(signal.SIGKILL)
    try:
        assert program.until("log").startswith("WS-A12 the loudspeaker is gone")
    finally:
        sink.start()
    assert "WS-A12 is over after" in program.until("log")
    until_heard(sink)
    program.process.kill()
    program.process.wait()


def test_a_lost_loudspeaker_stops_no_show(sink: Sink) -> None:
    program = Program(sink, PLAY, "3.0")
    program.until("first")
    sink.send(signal.SIGKILL)
    try:
        assert program.until("hops") == 563
        program.end()
    finally:
        sink.start()


AGAIN = """
import sounddevice
from wearsound.sources.desk import ask, look_again, portaudio
ask(portaudio, 5)
class Fails:
    well = sounddevice._lib
    sick = True
    def __getattr__(self, name):
        return (lambda: -9999) if self.sick and name == "Pa_Initialize" else getattr(self.well, name)
sounddevice._lib = Fails()
for Fails.sick in (True, False, False):
    try:
        ask(look_again, 5)
        say(well=True)
    except sounddevice.PortAudioError:
        say(well=False)
"""


def test_a_sound_system_that_failed_once_is_looked_at_again(sink: Sink) -> None:
    program = Program(sink, AGAIN)
    assert [program.until("well") for _ in range(3)] == [False, True, True]
    program.end()


STARTS = """
import sounddevice
from wearsound.sources.player import Player
def start(*_):
    raise sounddevice.PortAudioError("Error starting stream: Unanticipated host error", -9999)
sounddevice.OutputStream.start = start
paced = Paced(test_signal("pink,seconds=0.1"))
say(hops=sum(block.n_hops for block in paced.blocks(clock)), note=paced.note)
"""


def test_a_loudspeaker_that_does_not_start_stops_no_show(sink: Sink) -> None:
    program = Program(sink, STARTS)
    assert program.until("log").startswith(
        "not heard: the loudspeaker opens but does not start (Error starting stream"
    )
    assert program.until("hops") == 19
    program.end()
