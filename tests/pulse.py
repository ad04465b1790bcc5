"""A PulseAudio of our own with a null sink: what is played into it is heard by a real sound device.

    with null_sink(tmp_path) as sink:
        subprocess.Popen(program, env=sink.env)      # its default microphone hears the sink
        sink.play(path_of_a_wav).wait()

PULSE_LATENCY_MSEC=5 in the environment of a listener gives evener callbacks; in a player's, on a
busy machine, it gives holes. The server has its own XDG_RUNTIME_DIR, so it meets no other one. The
program must be another process, because PortAudio reads the environment when it is first used.
"""

from __future__ import annotations

import contextlib
import ctypes.util
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

RATE = 48_000
ORDER = (
    "front-left",
    "front-right",
    "rear-left",
    "rear-right",
    "front-center",
    "lfe",
    "side-left",
    "side-right",
)
"""ALSA's: a sink of another order gets what ALSA's plugin plays mixed."""


def missing() -> str:
    """Why there can be no null sink here, "" if there can."""
    for program in ("pulseaudio", "pactl", "pacat", "paplay"):
        if shutil.which(program) is None:
            return f"{program} is not installed (apt-get install pulseaudio pulseaudio-utils)"
    if ctypes.util.find_library("portaudio") is None:
        return "PortAudio is not installed (apt-get install libportaudio2)"
    if not list(Path("/usr/lib").glob("**/alsa-lib/libasound_module_pcm_pulse.so")):
        return "ALSA's PulseAudio plugin is not installed (apt-get install libasound2-plugins)"
    return ""


@dataclass
class Sink:
    """A running PulseAudio whose default sink `name` goes nowhere and whose monitor is the microphone."""

    env: dict[str, str]
    folder: Path
    name: str = "ws"
    pid: int = 0
    channels: int = 2
    _players: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def order(self) -> str:
        """Its channels as the module takes them."""
        return f"channels={self.channels} channel_map={','.join(ORDER[: self.channels])}"

    def start(self) -> None:
        """Start the server, the sink, and a client that keeps its latency low."""
        for port in ("pid", "native"):
            (self.folder / "pulse" / port).unlink(missing_ok=True)
        self.run(
            "pulseaudio", "-n", "--daemonize=yes", "--exit-idle-time=-1", "--use-pid-file=yes",
            "--realtime=no", "--high-priority=no", "--log-target=file:" + str(self.folder / "log"),
            "-L", f"module-null-sink sink_name={self.name} rate={RATE} {self.order}",
            "-L", "module-native-protocol-unix",
        )  # fmt: skip
        self.run("pactl", "set-default-sink", self.name)
        self.run("pactl", "set-default-source", f"{self.name}.monitor")
        self.pid = int((self.folder / "pulse" / "pid").read_text())
        self.play(Path("/dev/zero"), raw=True)
        time.sleep(1.0)

    def run(self, *command: str) -> str:
        """What a program of PulseAudio's says."""
        done = subprocess.run(
            command, env=self.env, capture_output=True, text=True, timeout=20, check=True, cwd=self.folder
        )
        return done.stdout

    def play(self, path: Path, raw: bool = False) -> subprocess.Popen[bytes]:
        """Start playing a WAV file into the sink (or a raw one, s16le stereo)."""
        command = (
            [
                "pacat",
                "--raw",
                "--latency-msec=10",
                f"--rate={RATE}",
                "--format=s16le",
                "--channels=2",
                str(path),
            ]
            if raw
            else ["paplay", str(path)]
        )
        player = subprocess.Popen(command, env=self.env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self._players.append(player)
        return player

    def record(self, seconds: float) -> bytes:
        """What the sink plays from now on, s16le with all its channels."""
        command = ["parec", "--raw", f"--device={self.name}.monitor", f"--rate={RATE}", "--format=s16le"]
        command += [f"--channels={self.channels}", f"--channel-map={','.join(ORDER[: self.channels])}"]
        command.append("--latency-msec=20")
        recorder = subprocess.Popen(command, env=self.env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        assert recorder.stdout is not None
        wanted = 2 * self.channels * int(seconds * RATE)
        try:
            return recorder.stdout.read(wanted)
        finally:
            recorder.kill()
            recorder.wait()

    def unload(self) -> None:
        """Take the sink away, as if a device were unplugged."""
        self.run("pactl", "unload-module", "module-null-sink")

    def load(self) -> None:
        """Bring the sink back."""
        self.run(
            "pactl",
            "load-module",
            "module-null-sink",
            f"sink_name={self.name}",
            f"rate={RATE}",
            *self.order.split(),
        )
        self.run("pactl", "set-default-sink", self.name)
        self.run("pactl", "set-default-source", f"{self.name}.monitor")

    def send(self, what: signal.Signals) -> None:
        """Send the server a signal: SIGKILL, SIGSTOP, SIGCONT."""
        if self.pid:
            os.kill(self.pid, what)

    def stop(self) -> None:
        """End the players and the server."""
        for player in self._players:
            player.kill()
            player.wait()
        self._players.clear()
        with contextlib.suppress(ProcessLookupError):
            self.send(signal.SIGCONT)
            self.send(signal.SIGKILL)
        self.pid = 0


@contextlib.contextmanager
def null_sink(folder: Path, channels: int = 2) -> Iterator[Sink]:
    """A null sink for as long as the block lasts; `folder` is only used where its path is short enough."""
    with contextlib.ExitStack() as stack:
        runtime = folder / "xdg"
        if len(str(runtime)) > 80:  # a Unix socket's path may have 108 characters
            runtime = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ws-")))
        runtime.mkdir(mode=0o700, exist_ok=True)
        os.chmod(runtime, 0o700)
        env = {key: value for key, value in os.environ.items() if not key.startswith(("PULSE_", "PIPEWIRE_"))}
        env |= {"XDG_RUNTIME_DIR": str(runtime), "HOME": str(runtime)}
        sink = Sink(env, runtime, channels=channels)
        stack.callback(sink.stop)
        sink.start()
        yield sink


@contextlib.contextmanager
def by(sink: Sink, command: list[str]) -> Iterator[subprocess.Popen[str]]:
    """A program that plays into the sink; at the end it is killed."""
    process = subprocess.Popen(
        command, env=sink.env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def heard(sink: Sink, seconds: float) -> np.ndarray:
    """What the sink plays from now on (n, channels), full scale +-1."""
    return np.frombuffer(sink.record(seconds), "<i2").reshape(-1, sink.channels) / 32768


def until_heard(sink: Sink, seconds: float = 30.0) -> None:
    """Wait for any sound."""
    end = time.monotonic() + seconds
    while not heard(sink, 0.1).any():
        assert time.monotonic() < end, "nothing was heard"
