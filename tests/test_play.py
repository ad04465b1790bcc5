"""A rendered show to real gear: every message at its time, all of them, in order, and neutral at the end."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import Run, write_song

from wearsound.errors import DeviceError, MissingError, PatchError, WearsoundError
from wearsound.osc.packet import read
from wearsound.outputs.record.wav import WavFile
from wearsound.show.load import load
from wearsound.show.osc_lines import MOST_LINE, OscLines
from wearsound.show.playback import Playback
from wearsound.show.render import render
from wearsound.show.rig import Rig, load_rig

SECONDS = float(os.environ.get("WEARSOUND_PLAY_SECONDS", "2.5"))

Heard = list[tuple[float, str, tuple[Any, ...]]]


class Receiver:
    """A program that listens: (monotonic seconds, address, arguments) of every message."""

    def __init__(self) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.settimeout(0.2)
        self.port = self.socket.getsockname()[1]
        self.packets: list[tuple[float, bytes]] = []
        self._ended = False
        self._thread = threading.Thread(target=self._listen)
        self._thread.start()

    def _listen(self) -> None:
        while not self._ended:
            try:
                data = self.socket.recv(65_536)
            except TimeoutError:
                continue
            self.packets.append((time.monotonic(), data))

    def close(self) -> None:
        self._ended = True
        self._thread.join()
        self.socket.close()

    def quiet(self) -> None:
        """Return when nothing has come for a tenth of a second."""
        before = -1
        while before != (before := len(self.packets)):
            time.sleep(0.1)

    @property
    def heard(self) -> Heard:
        return [(when, m.address, m.args) for when, data in list(self.packets) for m in read(data)]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.close()


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rendered")
    song = write_song(folder / "song.wav", 48_000, 2, SECONDS)
    render(load("bass-denim"), song, to=folder / "show", video=False)
    return folder / "show"


def rig_of(folder: Path, *ports: int, words: str = "", more: str = "") -> Rig:
    targets = "".join(f'[[osc]]\nname = "t{i}"\nport = {port}\n{words}\n' for i, port in enumerate(ports))
    (folder / "rig.toml").write_text(targets + more)
    return load_rig(folder / "rig.toml")


def lines_of(folder: Path) -> Heard:
    lines = [json.loads(line) for line in (folder / "osc.jsonl").read_text().splitlines()]
    return [(line["t"], line["address"], tuple(line["args"])) for line in lines]


def narrow(args: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(float(np.float32(arg)) if isinstance(arg, float) else arg for arg in args)


def write_score(folder: Path, lines: list[tuple[float, str, list[Any]]], seconds: float = 0.0) -> Path:
    folder.mkdir(exist_ok=True)
    text = "".join(json.dumps({"t": t, "target": "osc", "address": a, "args": g}) + "\n" for t, a, g in lines)
    (folder / "osc.jsonl").write_text(text)
    if seconds:
        sound = WavFile(folder / "sound.wav", 48_000, 2)
        sound.write(np.zeros((round(seconds * 187.5) * 256, 2), np.int32))
        sound.close()
    return folder


def neutral_at(heard: Heard) -> int:
    """Where the end's silence begins."""
    return max(i for i, (_, address, args) in enumerate(heard) if address == "/wear/silence" and args == (1,))


def test_every_message_leaves_at_its_time_in_order_and_none_is_missing(
    rendered: Path, receiver: Receiver, tmp_path: Path
) -> None:
    playback = Playback(rendered, rig_of(tmp_path, receiver.port), mute=True)
    played = playback.play()
    file = lines_of(rendered)
    receiver.quiet()
    heard = receiver.heard
    end = neutral_at(heard)
    assert played.messages == len(file) == end
    assert (played.lost, played.broken) == (0, 0)
    assert [(a, g) for _, a, g in heard[:end]] == [(a, narrow(g)) for _, a, g in file]
    zones = {f"/wear/zone/{zone}/rgb" for zone in load("bass-denim").garment.zone_names}
    assert {(a, g) for _, a, g in heard[end:]} == {
        ("/wear/silence", (1,)),
        *((zone, (0.0, 0.0, 0.0)) for zone in zones),
        *((address, (0.0, 0.0, 0)) for _, address, _ in file if address.startswith("/wear/haptic/")),
    }
    # Against the middle one, since the program does not say when it began. A generous deadline: machines are busy.
    late = np.array([when - at for (when, _, _), (at, _, _) in zip(heard[:end], file, strict=True)])
    assert np.median(np.abs(late - np.median(late))) < 0.1


def test_a_delay_is_the_targets_own_and_what_is_held_back_still_leaves(tmp_path: Path) -> None:
    one, two = Receiver(), Receiver()
    try:
        score = [(k / 10 + 0.1, "/wear/zone/hem/rgb", [k / 20, 0.0, 0.0]) for k in range(10)]
        folder = write_score(tmp_path / "show", score, 1.2)
        rig = rig_of(tmp_path, one.port, two.port)
        (tmp_path / "rig.toml").write_text((tmp_path / "rig.toml").read_text() + "delay = 0.5\n")
        rig = load_rig(tmp_path / "rig.toml")
        played = Playback(folder, rig, mute=True).play()
        two.quiet()
        assert played.messages == 20
        early, late = ([h for h in r.heard if "rgb" in h[1]][:10] for r in (one, two))
        assert [args for _, _, args in early] == [args for _, _, args in late]
        shifts = [b - a for (a, _, _), (b, _, _) in zip(early, late, strict=True)]
        assert np.median(shifts) == pytest.approx(0.5, abs=0.1)
    finally:
        one.close()
        two.close()


def test_a_slow_target_gets_the_latest_of_each_address_in_its_own_step(
    receiver: Receiver, tmp_path: Path
) -> None:
    score = [(k / 60, "/a" if k % 2 else "/b", [k]) for k in range(60)]
    folder = write_score(tmp_path / "show", score, 1.1)
    Playback(folder, rig_of(tmp_path, receiver.port, words="rate = 5"), mute=True).play()
    receiver.quiet()
    for address in ("/a", "/b"):
        values = [args[0] for _, a, args in receiver.heard if a == address]
        assert values == sorted(values)
        assert 5 <= len(values) <= 7
        assert values[-1] >= 58, "the last word is not lost"


def test_a_target_that_reads_no_bundles_gets_none(receiver: Receiver, tmp_path: Path) -> None:
    folder = write_score(tmp_path / "show", [(0.1, "/k", [1]), (0.1, "/k", [2])], 0.2)
    Playback(folder, rig_of(tmp_path, receiver.port, words="bundle = false"), mute=True).play()
    receiver.quiet()
    assert [read(data)[0].args for _, data in receiver.packets if data.startswith(b"/k")] == [(1,), (2,)]


def test_a_loop_and_a_start_in_the_middle(receiver: Receiver, tmp_path: Path) -> None:
    folder = write_score(tmp_path / "show", [(k / 10 + 0.05, "/k", [k]) for k in range(10)], 1.0)
    rig = rig_of(tmp_path, receiver.port)
    played = Playback(folder, rig, mute=True, loop=True, start=0.6, seconds=1.15).play()
    receiver.quiet()
    heard = [(when, args[0]) for when, address, args in receiver.heard if address == "/k"]
    assert [value for _, value in heard] == [6, 7, 8, 9] * 2 + [6, 7, 8, 9][:3]
    assert played.seconds == pytest.approx(1.15)
    assert heard[8][0] - heard[0][0] == pytest.approx(0.8, abs=0.1)
    with pytest.raises(WearsoundError, match=r"has 1\.00 s: it cannot start at 3 s"):
        Playback(folder, rig, start=3.0)


def test_without_sound_the_clock_is_the_messages_own(receiver: Receiver, tmp_path: Path) -> None:
    folder = write_score(tmp_path / "show", [(0.1, "/k", [1]), (0.4, "/k", ["word"])])
    assert Playback(folder, rig_of(tmp_path, receiver.port)).play().messages == 2
    receiver.quiet()
    assert [args for _, address, args in receiver.heard if address == "/k"] == [(1,), ("word",)]
    empty = write_score(tmp_path / "empty", [])
    assert Playback(empty, rig_of(tmp_path, receiver.port), loop=True, seconds=0.1).play().messages == 0


PLAYING = [sys.executable, "-m", "wearsound", "play", "show", "--rig", "rig.toml", "--mute", "--loop"]


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT])
def test_whoever_ends_it_leaves_everything_neutral(receiver: Receiver, tmp_path: Path, by: int) -> None:
    score = [(k / 20, "/wear/zone/hem/rgb", [1.0, 0.5, k / 40]) for k in range(12)]
    write_score(tmp_path / "show", [*score, (0.59, "/wear/haptic/hem", [0.5, 80.0, 250])], 0.6)
    rig_of(tmp_path, receiver.port)
    program = subprocess.Popen(
        PLAYING, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    wait_for(lambda: any("haptic" in address for _, address, _ in receiver.heard))
    program.send_signal(by)
    out, err = program.communicate(timeout=20)
    assert program.returncode == 0, err
    assert "messages sent" in out
    receiver.quiet()
    last = {address: args for _, address, args in receiver.heard}
    assert last == {
        "/wear/zone/hem/rgb": (0.0, 0.0, 0.0),
        "/wear/haptic/hem": (0.0, 0.0, 0),
        "/wear/silence": (1,),
    }


def test_panic_is_still_until_it_ends(receiver: Receiver, tmp_path: Path) -> None:
    write_score(
        tmp_path / "show", [(k / 20, "/wear/zone/hem/rgb", [1.0, 0.5, k / 40]) for k in range(40)], 2.0
    )
    rig_of(tmp_path, receiver.port)
    program = subprocess.Popen(
        PLAYING, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        wait_for(lambda: len(receiver.heard) > 5)
        program.send_signal(signal.SIGUSR1)
        wait_for(lambda: any(args == (0.0, 0.0, 0.0) for _, _, args in receiver.heard))
        receiver.quiet()  # 20 a second came before
        count = len(receiver.heard)
        time.sleep(0.4)
        assert len(receiver.heard) == count
        assert receiver.heard[-1][1:] == ("/wear/zone/hem/rgb", (0.0, 0.0, 0.0))
    finally:
        program.terminate()
        program.communicate(timeout=20)


def test_resume_goes_on_where_the_show_is_now(receiver: Receiver, tmp_path: Path) -> None:
    from wearsound.core import Event
    from wearsound.inbox import Inbox

    folder = write_score(tmp_path / "show", [(k / 10, "/k", [k]) for k in range(20)], 2.0)
    playback = Playback(folder, rig_of(tmp_path, receiver.port), mute=True)
    inbox = Inbox()
    for target in playback.targets:
        target.sink.open()
    for now, address in ((0.25, ""), (0.3, "/wear/blackout"), (0.8, ""), (0.85, "/wear/resume"), (1.2, "")):
        if address:
            inbox.put(Event(0, address))
        assert not playback._obey(inbox)
        playback._send(now)
    for target in playback.targets:
        target.sink.close([])
    receiver.quiet()
    assert [args[0] for _, address, args in receiver.heard if address == "/k"] == [0, 1, 2, 9, 10, 11, 12]


def wait_for(there: Any, seconds: float = 30.0) -> None:
    end = time.monotonic() + seconds
    while not there():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.01)


def test_what_is_not_sent_yet_is_said_only_if_somebody_waits_for_it(tmp_path: Path) -> None:
    folder = write_score(tmp_path / "show", [(0.1, "/k", [1])], 0.2)
    assert Playback(folder, rig_of(tmp_path, 9)).unsent() == []
    more = '[[light]]\nname = "strip"\nhost = "10.0.0.9"\npixels = 60\n[[light]]\nname = "all"\nprotocol = "wled"\n'
    said = Playback(folder, rig_of(tmp_path, 9, more=more)).unsent()
    assert said == [
        f"light is not sent: {folder} holds no light.npz: give a folder that `wearsound render` made",
        "nothing is heard, so nothing goes to all: protocol wled needs `run`",
    ]


class TestWhatIsWrong:
    def test_a_sentence_for_each(self, tmp_path: Path) -> None:
        folder = write_score(tmp_path / "show", [(0.1, "/k", [1])], 0.2)
        with pytest.raises(MissingError, match=r"holds no osc\.jsonl"):
            Playback(tmp_path, rig_of(tmp_path, 9))
        with pytest.raises(
            WearsoundError, match=r"rig\.toml names no \[\[osc\]\], no \[\[light\]\] and no \[\[vibration\]\]"
        ):
            Playback(folder, rig_of(tmp_path))
        (tmp_path / "rig.toml").write_text('[[osc]]\nname = "x"\nhost = "no.such.host.invalid"\nport = 9\n')
        with pytest.raises(DeviceError, match="no host called"):
            Playback(folder, load_rig(tmp_path / "rig.toml"), mute=True).play()

    @pytest.mark.parametrize(
        "text",
        [
            "hello\n",
            '{"t": -1, "address": "/k", "args": []}\n',
            '{"t": 1e999, "address": "/k", "args": []}\n',
            '{"t": 1, "address": "k", "args": []}\n',
            '{"t": 1, "address": "/k", "args": [99999999999]}\n',
            '{"t": 1, "address": "/k", "args": [1e39]}\n',
            '{"t": 1, "address": "/k", "args": [[1]]}\n',
            '{"t": 1, "address": "/k", "args": [true]}\n',
            '{"t": 1, "address": "/k", "args": [], "more": 1}\n',
            '{"t": 1, "address": "/' + "k" * 70_000 + '", "args": []}\n',
            "[" * 60_000,
        ],
        ids=range(11),
    )
    def test_a_file_that_is_none_is_refused_and_a_broken_line_is_left_out(
        self, tmp_path: Path, text: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        (tmp_path / "osc.jsonl").write_text(text)
        with pytest.raises(PatchError, match=r"osc\.jsonl:1: .*render again"):
            OscLines(tmp_path)
        good = '{"t": %g, "target": "osc", "address": "/k", "args": [%d]}\n'
        end = "" if text.endswith("\n") else "\n"
        (tmp_path / "osc.jsonl").write_text(good % (0.5, 1) + (text + end) * 2 + good % (0.75, 2))
        lines = OscLines(tmp_path)
        assert lines.last == 0.75
        found = list(lines.moments())
        assert found == [(0.5, [("/k", (1,))]), (0.75, [("/k", (2,))])]
        assert lines.broken >= 2
        assert caplog.text.count("left out") == 1

    def test_lines_out_of_order_are_left_out(self, tmp_path: Path) -> None:
        folder = write_score(tmp_path / "show", [(0.5, "/k", [1]), (0.2, "/k", [2]), (0.7, "/k", [3])])
        lines = OscLines(folder)
        assert [moment for moment, _ in lines.moments()] == [0.5, 0.7]
        assert lines.broken == 1


def test_the_start_is_found_without_reading_all(tmp_path: Path) -> None:
    folder = write_score(tmp_path / "show", [(k / 60, "/wear/audio/room/bass", [k]) for k in range(60_000)])
    assert (folder / "osc.jsonl").stat().st_size > 50 * MOST_LINE
    lines = OscLines(folder)
    for start in (0.0, 0.01, 1.0, 500.0, 777.77, 999.9):
        at, messages = next(lines.moments(start))
        first = -(-round(start * 60_000) // 1000)
        assert at == pytest.approx(first / 60)
        assert messages == [("/wear/audio/room/bass", (first,))]
    assert lines.last == pytest.approx(59_999 / 60)
    assert next(lines.moments(2000.0), None) is None


def test_the_verb(wearsound: Run, rendered: Path, tmp_path: Path, receiver: Receiver) -> None:
    rig_of(tmp_path, receiver.port)
    done = wearsound("play", str(rendered), "--rig", "rig.toml", "--mute", "--from", "1", "--seconds", "1")
    assert done.returncode == 0, done.stderr
    assert f"to 127.0.0.1:{receiver.port}" in done.stdout
    start = 188 * 256 / 48_000  # the nearest hop
    file = [line for line in lines_of(rendered) if start < line[0] - 1e-5 <= start + 1.0]
    assert f"played 1.0 s, {len(file)} messages sent" in done.stdout
    assert wearsound("play", str(rendered)).returncode == 2
    assert wearsound("play", "nowhere", "--rig", "rig.toml").returncode == 3
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "osc.jsonl").write_bytes(b"")
    done = wearsound("play", str(tmp_path / "empty"), "--rig", "rig.toml", "--mute")
    assert done.returncode == 2
    assert "is empty" in done.stderr
