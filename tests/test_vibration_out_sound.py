"""Vibration through a real sound server: each channel carries its own actuator, at its pitch, and falls silent."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from pulse import RATE, Sink, by, heard, missing, null_sink, until_heard
from shaken import command, write_show

from wearsound.mender import FIRST

CHANNELS = 6
TARGET = (
    '[door]\nport = 0\n[[vibration]]\nname = "jacket"\ndevice = "{}"\n'
    "channels = {{ left = 1, spine = 4, waist = 6 }}\nlimit = {}\n"
)
PITCH = {0: 80.0, 3: 130.0, 5: 210.0}
"""As in `shaken.PATCH`, by channel from 0."""

pytestmark = [pytest.mark.device, pytest.mark.skipif(bool(missing()), reason=missing())]


@pytest.fixture
def sink(tmp_path: Path) -> Iterator[Sink]:
    with null_sink(tmp_path, CHANNELS) as made:
        yield made


@contextmanager
def running(
    folder: Path, sink: Sink, device: str = "pulse", limit: float = 1.0
) -> Iterator[subprocess.Popen[str]]:
    paths = write_show(folder, TARGET.format(device, limit))
    with by(sink, command(paths)) as process:
        yield process


def pitch(samples: np.ndarray) -> tuple[float, float]:
    """(Hz of the highest peak, what is left when 20 Hz about it are taken out, as a share)."""
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    hz = np.fft.rfftfreq(len(samples), 1 / RATE)
    top = float(hz[spectrum.argmax()])
    rest = spectrum[np.abs(hz - top) > 20]
    return top, float(np.sqrt((rest**2).sum() / (spectrum**2).sum()))


def test_each_channel_carries_its_actuator_only_at_its_pitch(tmp_path: Path, sink: Sink) -> None:
    with running(tmp_path, sink) as process:
        until_heard(sink)
        time.sleep(0.5)
        samples = heard(sink, 2.0)
        for _ in range(3):  # a hole that a busy machine made: not again and again
            if all(pitch(samples[:, channel])[1] < 0.1 for channel in PITCH):
                break
            samples = heard(sink, 2.0)
        process.terminate()
        out, _ = process.communicate(timeout=20)
        assert process.returncode == 0, out
    assert "tries to drive vibration: jacket, 3 actuators at 'pulse'" in out
    for channel in range(CHANNELS):
        if channel in PITCH:
            top, rest = pitch(samples[:, channel])
            print(channel, top, rest)
            assert abs(top - PITCH[channel]) < 0.02 * PITCH[channel]
            assert rest < 0.1
        else:
            assert not samples[:, channel].any()


def test_the_limit_holds_at_the_device(tmp_path: Path, sink: Sink) -> None:
    with running(tmp_path, sink, limit=0.25):
        until_heard(sink)
        samples = heard(sink, 1.5)
    assert 0.2 < np.abs(samples).max() < 0.26


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP, signal.SIGUSR1])
def test_a_killed_a_stopped_and_a_panicked_engine_is_silent(
    tmp_path: Path, sink: Sink, how: signal.Signals
) -> None:
    with running(tmp_path, sink) as process:
        until_heard(sink)
        process.send_signal(how)
        time.sleep(0.25)
        assert not heard(sink, 0.5).any()
        process.send_signal(signal.SIGCONT)


def test_a_device_that_goes_and_comes_back_shakes_again(tmp_path: Path, sink: Sink) -> None:
    with running(tmp_path, sink) as process:
        until_heard(sink)
        sink.send(signal.SIGSTOP)
        time.sleep(2.5)
        sink.send(signal.SIGCONT)
        time.sleep(FIRST + 1.0)  # what the server had still kept would be heard at once
        until_heard(sink, 30)
        process.terminate()
        out, _ = process.communicate(timeout=20)
    assert "vibration to jacket" in out, out
    assert "takes no sound any more" in out, out
    assert "vibration to jacket is back" in out, out


def test_a_device_that_is_not_there_is_said_and_the_show_goes_on(tmp_path: Path, sink: Sink) -> None:
    paths = write_show(tmp_path, TARGET.format("Chest rig 9000", 1.0))
    done = subprocess.run(
        command(paths, "--seconds", "1"), env=sink.env, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert "no output has 'Chest rig 9000' in its name" in done.stderr
    assert (
        "name another device in the rig (`wearsound devices` lists them) or take that [[vibration]]"
        in done.stderr
    )
    assert "--mute" not in done.stderr
    assert "the show begins without it" in done.stderr
