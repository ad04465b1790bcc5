"""Loudspeakers through a real sound server: what comes out is what was played, and it falls silent when it must."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from pulse import RATE, Sink, by, heard, missing, null_sink, until_heard

pytestmark = [pytest.mark.device, pytest.mark.skipif(bool(missing()), reason=missing())]

GLASS = """
import signal, sys, time
import numpy as np
from wearsound.core import Clock, Event
from wearsound.show.rig import load_rig
from wearsound.show.speaker_targets import speakers_of
from wearsound.sound import Sound

rig, made, seconds = load_rig(sys.argv[1]), np.load(sys.argv[2]), float(sys.argv[3])
speakers, clock = speakers_of(rig), Clock()
panic = []
signal.signal(signal.SIGUSR1, lambda *_: [s.take(Event(0, "/wear/panic")) for s in speakers])
for speaker in speakers:
    speaker.open(clock)
print("plays", flush=True)
began, tick = time.monotonic(), 0
while clock.seconds(tick) < seconds:
    time.sleep(max(0.0, began + clock.seconds(tick) - time.monotonic()))
    hop = made[np.arange(tick * 256, (tick + 1) * 256) % len(made)]
    for speaker in speakers:
        speaker.play(tick, 0, Sound(hop, hop))
    tick += 1
print([(s.line.dry, s.line.skipped, round(1000 * s.line.latency)) for s in speakers], flush=True)
for speaker in speakers:
    speaker.close()
"""
"""An engine that plays a file of samples on a rig's speakers, by the clock; SIGUSR1 is panic and does not stop it."""

PATCH = (
    'title = "Walk"\ngarment = "long-coat"\n[soundscape]\nroot = 55\n[[voice]]\nplay = "drones"\nfrom = "room"\n'
    '[[voice]]\nplay = "coat"\nfrom = "room"\n'
)


@pytest.fixture
def sink(tmp_path: Path) -> Iterator[Sink]:
    with null_sink(tmp_path, 2) as made:
        yield made


def noise(seconds: float) -> np.ndarray:
    """Two sides that have nothing in common, between 200 and 2000 Hz, RMS 0.1 and 0.05."""
    from scipy.signal import butter, sosfilt

    rng = np.random.default_rng(7)
    wide = sosfilt(
        butter(4, (200, 2000), "bandpass", fs=RATE, output="sos"), rng.normal(size=(2, round(seconds * RATE)))
    )
    return (wide / wide.std(axis=1, keepdims=True) * [[0.1], [0.05]]).T.astype(np.float32)


@contextmanager
def playing(
    folder: Path, sink: Sink, made: np.ndarray, rig: str = "", seconds: float = 60.0
) -> Iterator[subprocess.Popen[str]]:
    np.save(folder / "made.npy", made)
    (folder / "rig.toml").write_text(f"[door]\nport = 0\n{rig}")
    command = [sys.executable, "-c", GLASS, str(folder / "rig.toml"), str(folder / "made.npy"), str(seconds)]
    with by(sink, command) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "plays\n"
        yield process


def likeness(one: np.ndarray, other: np.ndarray) -> tuple[float, int]:
    """(the highest correlation of `one` with a place in the longer `other`, which place)."""
    size = len(one) + len(other)
    found = np.fft.irfft(np.fft.rfft(other, size) * np.conj(np.fft.rfft(one, size)), size)
    place = int(found[: len(other) - len(one)].argmax())
    there = other[place : place + len(one)]
    return float((one * there).sum() / np.sqrt((one**2).sum() * (there**2).sum())), place


def test_what_comes_out_is_what_was_played_and_left_is_left(tmp_path: Path, sink: Sink) -> None:
    made = noise(20.0)
    with playing(tmp_path, sink, made):
        until_heard(sink)
        time.sleep(1.0)
        out = heard(sink, 2.0)
    piece = out[RATE // 2 : RATE // 2 + RATE // 4]  # looked at in three: meanwhile the reader leans
    for side in (0, 1):
        third = len(piece) // 3
        for at in range(0, 3 * third, third):
            alike, place = likeness(piece[at : at + third, side], made[:, side])
            print(side, alike, place)
            assert alike > 0.98
        loud = float(piece[-third:, side].std() / made[place : place + third, side].std())
        assert abs(20 * np.log10(loud)) < 1.0
        other = np.corrcoef(piece[-third:, side], made[place : place + third, 1 - side])[0, 1]
        assert abs(other) < 0.2


def test_a_small_speaker_gets_the_mean_within_its_band(tmp_path: Path, sink: Sink) -> None:
    """Channel 1 has everything, channel 2 a cuff's band, by the same device."""
    rng = np.random.default_rng(8)
    made = (0.1 * rng.normal(size=(10 * RATE, 1))).repeat(2, axis=1).astype(np.float32)
    rig = (
        '[[speaker]]\nname = "hall"\nchannels = [1]\n'
        '[[speaker]]\nname = "cuff"\nchannels = [2]\nband = [800, 5000]\nlevel = 0.5\n'
    )
    with playing(tmp_path, sink, made, rig):
        until_heard(sink)
        time.sleep(0.5)
        out = heard(sink, 3.0)
    pieces = out[RATE // 4 :][: 60 * 2048].reshape(60, 2048, 2) * np.hanning(2048)[:, None]
    power = (np.abs(np.fft.rfft(pieces, axis=1)) ** 2).mean(axis=0)
    hz = np.fft.rfftfreq(2048, 1 / RATE)

    def level(low: float, high: float) -> float:
        here = (hz >= low) & (hz <= high)
        return float(10 * np.log10(power[here, 1].sum() / power[here, 0].sum()))

    said = {band: level(*band) for band in ((100, 380), (1100, 4000), (10_100, 16_000))}
    print(said)
    assert abs(said[1100, 4000] + 6.0) < 1.0
    assert said[100, 380] < -6.0 - 24.0
    assert said[10_100, 16_000] < -6.0 - 24.0


def test_panic_reaches_it_while_the_engine_plays_on_and_a_killed_one_is_silent(
    tmp_path: Path, sink: Sink
) -> None:
    with playing(tmp_path, sink, noise(5.0)) as process:
        until_heard(sink)
        process.send_signal(signal.SIGUSR1)
        time.sleep(0.25)
        assert not heard(sink, 0.5).any()
    with playing(tmp_path, sink, noise(5.0)) as process:
        until_heard(sink)
        process.send_signal(signal.SIGKILL)
        time.sleep(0.25)
        assert not heard(sink, 0.5).any()


def test_an_engine_that_stands_still_is_silent(tmp_path: Path, sink: Sink) -> None:
    with playing(tmp_path, sink, noise(5.0)) as process:
        until_heard(sink)
        process.send_signal(signal.SIGSTOP)
        time.sleep(0.4)
        assert not heard(sink, 0.5).any()
        process.send_signal(signal.SIGCONT)
        until_heard(sink)


def command(folder: Path, *more: str, rig: str = "") -> list[str]:
    (folder / "walk.toml").write_text(PATCH)
    (folder / "rig.toml").write_text(f"[door]\nport = 0\n{rig}")
    show = [str(folder / "walk.toml"), "--rig", str(folder / "rig.toml")]
    return [sys.executable, "-m", "wearsound", "run", *show, "--input", "test:pink", "--no-window", *more]


def run_and_read(process: subprocess.Popen[str], lines: list[str]) -> None:
    assert process.stdout is not None
    lines.extend(process.stdout)


def test_a_device_that_goes_and_comes_back_sounds_again(tmp_path: Path, sink: Sink) -> None:
    process = subprocess.Popen(
        command(tmp_path, rig='[[speaker]]\nname = "hall"\ndevice = "pulse"\n'),
        env=sink.env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    lines: list[str] = []
    reader = threading.Thread(target=run_and_read, args=(process, lines))
    reader.start()
    try:
        until_heard(sink)  # the recording, which is a stream of its own
        time.sleep(4.0)
        sink.send(signal.SIGSTOP)
        time.sleep(2.5)
        sink.send(signal.SIGCONT)
        end = time.monotonic() + 40
        while not any("sound to hall is back" in line for line in lines):
            assert time.monotonic() < end, "".join(lines)
            time.sleep(0.1)
        until_heard(sink)
        process.terminate()
        process.wait(20)
    finally:
        process.kill()
        reader.join(10)
    said = "".join(lines)
    assert "sound to hall stopped: " in said, said.splitlines()
    assert "takes no sound any more; plug it in again" in said
    assert process.returncode == 0


def test_a_device_that_is_not_there_is_said_by_its_name_and_the_show_goes_on(
    tmp_path: Path, sink: Sink
) -> None:
    rig = '[[speaker]]\nname = "belt"\ndevice = "Belt 9000"\n'
    done = subprocess.run(
        command(tmp_path, "--seconds", "1", rig=rig), env=sink.env, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert "plays through no loudspeaker; belt: not there ('Belt 9000')" in done.stdout
    assert "no output has 'Belt 9000' in its name" in done.stderr
    assert "the show begins without it" in done.stderr


@pytest.mark.parametrize("mute", [True, False])
def test_muted_plays_nothing(tmp_path: Path, sink: Sink, mute: bool) -> None:
    process = subprocess.Popen(
        command(tmp_path, *(["--mute"] if mute else [])),
        env=sink.env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert process.stdout is not None
        begun = process.stdout.readline()
        if mute:
            time.sleep(4.0)
            assert not heard(sink, 1.0).any()
        else:
            until_heard(sink)
        process.terminate()
        out, _ = process.communicate(timeout=20)
    finally:
        process.kill()
    assert process.returncode == 0, begun + out
    assert ("plays through speakers (stereo on channels 1 and 2) at the default output" in out) == (not mute)


@pytest.mark.parametrize("door", ["a signal", "the network"])
def test_panic_silences_a_recording_that_is_heard_until_resume(tmp_path: Path, sink: Sink, door: str) -> None:
    import socket

    import soundfile

    soundfile.write(tmp_path / "song.wav", noise(60.0), RATE, subtype="FLOAT")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    words = ["run", "after-hours", "--input", str(tmp_path / "song.wav"), "--no-window", "--port", str(port)]
    process = subprocess.Popen(
        [sys.executable, "-m", "wearsound", *words],
        env=sink.env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )

    def tell(address: bytes) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
            out.sendto(address + b"\0" * (4 - len(address) % 4) + b",\0\0\0", ("127.0.0.1", port))

    try:
        until_heard(sink)
        time.sleep(1.0)
        if door == "a signal":
            process.send_signal(signal.SIGUSR1)
        else:
            tell(b"/wear/panic")
        time.sleep(0.6)  # the sound server's own memory
        assert not heard(sink, 1.0).any()
        tell(b"/wear/resume")
        until_heard(sink)
        time.sleep(1.2)
        again = heard(sink, 0.5)
        assert 0.05 < float(again[:, 0].std()) < 0.2
        process.terminate()
        assert process.wait(20) == 0
    finally:
        process.kill()
        process.wait()
