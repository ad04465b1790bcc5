"""A take is everything that came in: it replays to the bit, survives a kill, and no stranger's take does harm."""

from __future__ import annotations

import io
import json
import math
import os
import random
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from conftest import Run, write_song
from interop import free_ports
from receivers import Listener, ddp_frames
from test_live_equals_offline import Callbacks

from wearsound import gallery
from wearsound.core import Block, Clock, Event, Source
from wearsound.errors import AudioError, MissingError, PatchError, WearsoundError
from wearsound.garment.sewn import sewn
from wearsound.osc.bundle import Bundles
from wearsound.outputs.osc import JsonlSink, Osc
from wearsound.outputs.record.features import FeatureTape
from wearsound.outputs.record.light import LightTape
from wearsound.outputs.record.show_file import Part
from wearsound.outputs.record.take import TakeTape
from wearsound.outputs.record.take_folder import About, TakeFolder
from wearsound.outputs.record.wav import HEADER, write_all
from wearsound.parts import HURRY
from wearsound.proof.check import check
from wearsound.show.build import build, osc_messages
from wearsound.show.load import Show, load
from wearsound.show.render import render
from wearsound.show.rig import load_rig
from wearsound.show.source import name_lanes, open_recording
from wearsound.show.take import load_take, proving, take_tape, with_remote
from wearsound.show.take_list import takes
from wearsound.show.take_trim import trim
from wearsound.sources.file import FileSource
from wearsound.sources.pace import Paced
from wearsound.sources.signal import test_signal as signal_of
from wearsound.sources.take import TakeSource

CLOCK = Clock()
LANES = {"room": (0, 1)}
PROVED = ("features", "light", "osc")


def noise(hops: int, channels: int = 2, seed: int = 1) -> np.ndarray:
    shape = (hops * 256, channels)
    return np.random.default_rng(seed).uniform(-1, 1, shape).astype(np.float32)


def blocks(hops: int, events: dict[int, list[Event]] | None = None, gaps: dict[int, int] | None = None):
    """A block a hop of noise; `events` and `gaps` by the number of the hop (not the tick)."""
    samples, tick = noise(hops), 0
    for hop in range(hops):
        gap = (gaps or {}).get(hop, 0)
        tick += gap
        told = tuple(replace(event, tick=tick) for event in (events or {}).get(hop, ()))
        yield Block(tick, samples[hop * 256 : (hop + 1) * 256], LANES, 1, events=told, gap=gap)
        tick += 1


def write_take(to: Path, given: Any, about: About | None = None) -> Path:
    folder = TakeFolder(to, about)
    folder.open(CLOCK)
    for block in given:
        folder.add(block.tick, block.samples, block.lanes, block.gap, 0, block.events)
    return folder.finish()


def told(source: Source) -> list[tuple[int, int, tuple[Event, ...]]]:
    """(tick, gap, events) of every block that has either."""
    return [(b.tick, b.gap, b.events) for b in source.blocks(CLOCK) if b.gap or b.events]


def samples_of(source: Source) -> np.ndarray:
    return np.concatenate([block.samples for block in source.blocks(CLOCK)])


def changed(take: Path, lines: list[dict[str, Any]], to: Path) -> Path:
    """A copy of a take with other events."""
    to.mkdir()
    for name in ("take.toml", "lanes.wav"):
        (to / name).write_bytes((take / name).read_bytes())
    (to / "events.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    return to


class Hole:
    """A source that loses so many hops (at least) from a tick on, as a sound card does."""

    live = True

    def __init__(self, source: Source, first: int, hops: int) -> None:
        self.source, self.first, self.hops = source, first, hops
        self.lanes, self.sample_rate = source.lanes, source.sample_rate

    def blocks(self, clock: Clock) -> Iterator[Block]:
        gap = lost = 0
        for block in self.source.blocks(clock):
            if block.tick >= self.first and lost < self.hops:
                gap += block.gap + block.n_hops
                lost += block.n_hops
            else:
                yield replace(block, gap=block.gap + gap)
                gap = 0


@pytest.fixture(scope="module")
def show(tmp_path_factory: pytest.TempPathFactory) -> Show:
    folder = tmp_path_factory.mktemp("show")
    text = gallery.find("patch", "bass-denim").read_text(encoding="utf-8")
    route = '[[route]]\nfrom = "knobs.cutoff"\nto = "/synth/cutoff"\nout = [0, 500]\n\n[[scene]]'
    (folder / "knobs.toml").write_text(text.replace("[[scene]]", route, 1), encoding="utf-8")
    (folder / "room.toml").write_text("[remote]\nknobs = { cutoff = [0, 127] }\n", encoding="utf-8")
    return load(folder / "knobs.toml", rig=folder / "room.toml")


@pytest.fixture(scope="module")
def live(show: Show, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """(the take, the content hashes of what was heard, lit and sent live)."""
    folder = tmp_path_factory.mktemp("live")
    song = write_song(folder / "song.wav", 48_000, 2, seconds=3.0, subtype="FLOAT")
    samples, _ = soundfile.read(song, dtype="float32")
    source = Hole(Callbacks(samples[: len(samples) // 256 * 256]), 200, 20)
    built = build(show, source.lanes, 48_000, strict=False)
    features = FeatureTape(folder / "features.npz", built.ear.specs)
    sink = JsonlSink(folder / "osc.jsonl")
    light = LightTape(
        folder / "light.npz",
        dict(zip(show.garment.zone_names, sewn(show.garment).of_zone, strict=True)),
        [zone.area for zone in show.garment.zones],
    )
    tape = take_tape(show, folder / "take", (features, light, sink))
    engine = built.engine
    engine.tapes += [tape, features]
    engine.outputs += [Osc(osc_messages(built, show, health=True), [sink]), light]
    scenes = [scene.name for scene in show.patch.scenes]
    hands = [
        Event(0, "/wear/move/knobs/cutoff", (64.5,), "osc 10.0.0.7:5123"),
        Event(0, "/wear/master", (0.7,), "osc 10.0.0.7:5123"),
        Event(0, "/wear/zone/chest/glow", (0.9,), "midi"),
        Event(0, "/wear/tempo/bpm", (123.4,), "osc 10.0.0.7:5123"),
        *[Event(0, "/wear/tempo/tap", (), "key")] * 3,
        Event(0, f"/wear/scene/{scenes[-1]}", (), "key"),
        Event(0, "/wear/move/knobs/cutoff", (3,), "osc 10.0.0.7:5123"),
        Event(0, "/wear/mark", ("here",), "osc 10.0.0.7:5123"),
        Event(0, "/wear/blackout", (1,), "key"),
        Event(0, "/wear/resume", (), "key"),
        Event(0, f"/wear/scene/{scenes[0]}", (), "key"),
    ]

    def play() -> None:
        time.sleep(0.4)
        for event in hands:
            engine.inbox.put(event)
            time.sleep(0.16)

    thread = threading.Thread(target=play)
    thread.start()
    engine.run(source)
    thread.join()
    assert engine.lost >= 20
    assert tape.trouble is None
    return folder / "take", {part.name: part.digest for part in (features, light, sink)}


class TestTheProof:
    """A show played live, with hands on it from another thread, and the same out of its take."""

    def replayed(self, show: Show, take: Path, to: Path) -> dict[str, str]:
        """The hashes of a render of the take: no rig, no thread, other blocks."""
        show = replace(show, rig=None, rig_path=None)
        facts = render(show, take, to=to, video=False).facts["content"]
        return {name: facts[name] for name in PROVED}

    def test_the_take_replays_to_the_bit(
        self, show: Show, live: tuple[Path, dict[str, str]], tmp_path: Path
    ) -> None:
        take, hashes = live
        assert self.replayed(show, take, tmp_path / "again") == hashes
        assert json.loads((take / "facts.json").read_text())["content"] == hashes
        assert not check(tmp_path / "again").lines
        lines = [json.loads(line) for line in (take / "events.jsonl").read_text().splitlines()]
        assert sum("address" in line for line in lines) == 13
        assert sum("gap" in line for line in lines) >= 1
        assert {line["by"] for line in lines if "address" in line} == {"osc", "midi", "key"}
        assert "10.0.0.7" not in (take / "events.jsonl").read_text()

    @pytest.mark.parametrize(
        "address", ["/wear/master", "chest/glow", "/wear/tempo/bpm", "knobs/cutoff", "gap"]
    )
    def test_a_take_without_one_line_differs(
        self, show: Show, live: tuple[Path, dict[str, str]], tmp_path: Path, address: str
    ) -> None:
        take, hashes = live
        lines = [json.loads(line) for line in (take / "events.jsonl").read_text().splitlines()]
        gone = lines.pop(next(i for i, line in enumerate(lines) if address in json.dumps(line)))
        for line in lines:  # where a gap is gone, all after it comes earlier
            line["tick"] -= gone.get("gap", 0) if line["tick"] >= gone["tick"] else 0
        assert self.replayed(show, changed(take, lines, tmp_path / "other"), tmp_path / "again") != hashes

    @pytest.mark.parametrize(
        ("address", "ticks"),
        [("/wear/tempo/bpm", 1), ("knobs/cutoff", 1), ("/wear/master", 4), ("chest/glow", 4)],
    )
    def test_a_take_with_one_line_later_differs(
        self, show: Show, live: tuple[Path, dict[str, str]], tmp_path: Path, address: str, ticks: int
    ) -> None:
        """One tick where the ear is told; where light is, 60 times a second, as many as a frame has."""
        take, hashes = live
        lines = [json.loads(line) for line in (take / "events.jsonl").read_text().splitlines()]
        next(line for line in lines if address in line.get("address", ""))["tick"] += ticks
        lines.sort(key=lambda line: line["tick"])
        assert self.replayed(show, changed(take, lines, tmp_path / "other"), tmp_path / "again") != hashes

    def test_played_live_again_it_is_the_same(
        self, show: Show, live: tuple[Path, dict[str, str]], tmp_path: Path
    ) -> None:
        take, hashes = live
        source = Paced(TakeSource(take), mute=True, speed=4.0)
        shown = with_remote(replace(show, rig=None, rig_path=None), source)
        built = build(shown, source.lanes, source.sample_rate, strict=False)
        features = FeatureTape(tmp_path / "features.npz", built.ear.specs)
        again = take_tape(shown, tmp_path / "again")
        built.engine.tapes += [again, features]
        built.engine.run(source)
        assert features.digest == hashes["features"]
        for name in ("lanes.wav", "events.jsonl"):  # a take of a take is the take
            assert (tmp_path / "again" / name).read_bytes() == (take / name).read_bytes()

    def test_its_own_show_is_found_again(self, show: Show, live: tuple[Path, dict[str, str]]) -> None:
        source = TakeSource(live[0])
        found = load_take(source)
        assert found.patch_path.samefile(show.patch_path)
        assert found.rig is None, "a rig of its own is never followed"
        assert found.seed == show.seed
        assert source.remote == {"knobs": {"cutoff": (0.0, 127.0)}}


class TestWhatIsKept:
    def test_every_sample_event_and_gap_comes_back(self, tmp_path: Path) -> None:
        events = {
            3: [Event(0, "/wear/master", (0.1,), "osc 1.2.3.4:5"), Event(0, "/wear/mark", (), "key")],
            4: [Event(0, "/wear/mark", ('é\n"',))],
            70: [Event(0, "/wear/master", (1,))],
            200: [Event(0, "/wear/panic")],
        }
        gaps = {0: 2, 70: 11, 150: 1}
        take = write_take(tmp_path / "t", blocks(220, events, gaps))
        source = TakeSource(take)
        assert np.array_equal(samples_of(source).view(np.uint32), noise(220).view(np.uint32))
        assert told(source) == [
            (2, 2, ()),
            (5, 0, (Event(5, "/wear/master", (0.1,), "osc"), Event(5, "/wear/mark", (), "key"))),
            (6, 0, (Event(6, "/wear/mark", ('é\n"',)),)),
            (83, 11, (Event(83, "/wear/master", (1,)),)),
            (164, 1, ()),
            (214, 0, (Event(214, "/wear/panic"),)),
        ]
        assert (source.events, source.gaps, source.lost, source.end) == (5, 3, 14, 234)
        assert source.duration == pytest.approx(234 * 256 / 48_000)
        samples, rate = soundfile.read(take / "lanes.wav", dtype="float32")  # any program reads it
        assert rate == 48_000
        assert np.array_equal(samples, noise(220))

    def test_arguments_come_back_with_type_and_bits(self, tmp_path: Path) -> None:
        numbers = np.frombuffer(random.Random(5).randbytes(8 * 400), "<f8")
        floats = [float(number) for number in numbers if np.isfinite(number)]
        args = [
            (0, 1, -1, 2**31, 2**63, -(2**64) + 1),
            (0.0, -0.0, 1.0, 5e-324, 1.7976931348623157e308, 0.1 + 0.2),
            tuple(floats[:60]),
            (True, False, None),
            ("", 'ünïcödé \u2028 \\ "', "\x00\x7f"),
            (b"\x00\xff", (1, (2.0, "three"))),
            (),
        ]
        events = {0: [Event(0, "/wear/mark", given) for given in args]}
        source = TakeSource(write_take(tmp_path / "t", blocks(1, events)))
        back = [event.args for event in next(source.blocks(CLOCK)).events]
        assert back == args
        assert [[type(arg) for arg in given] for given in back] == [
            [type(a) for a in given] for given in args
        ]
        assert struct.pack("<6d", *back[1]) == struct.pack("<6d", *args[1])

    def test_what_no_file_can_hold_is_left_out_and_counted(self, tmp_path: Path) -> None:
        strange = [
            (float("nan"),),
            (float("inf"),),
            (object(),),
            ("\ud800",),
            ("x" * 70_000,),
            ((((((1,),),),),),),
        ]
        events = [Event(0, "/wear/mark", args) for args in strange]
        events += [Event(0, "/not/ours", ()), Event(0, "/wear/quit"), Event(0, "/wear/mark", (1,))]
        take = write_take(tmp_path / "t", blocks(2, {1: events}))
        assert told(TakeSource(take)) == [(1, 0, (Event(1, "/wear/mark", (1,)),))]
        assert "left_out = 7" in (take / "take.toml").read_text(), (
            "the end of the program is no event of a show"
        )

    def test_lanes_of_a_rig_and_channels_nobody_hears(self, tmp_path: Path) -> None:
        folder = TakeFolder(tmp_path / "t")
        folder.open(CLOCK)
        sound = noise(5, 4)
        folder.add(0, sound, {"room": (0, 1), "body": (3,)})
        source = TakeSource(folder.finish())
        assert source.lanes == {"room": (0, 1), "body": (3,)}
        assert np.array_equal(samples_of(source), sound)

    def test_a_file_that_takes_a_part_at_a_time_gets_every_byte(self) -> None:
        class Drip(io.RawIOBase):
            data = b""

            def write(self, given: Any) -> int:
                self.data += bytes(given[:3])
                return len(given[:3])

        drip = Drip()
        write_all(drip, bytes(range(100)))
        assert drip.data == bytes(range(100))

    def test_a_take_of_nothing_leaves_nothing(self, tmp_path: Path) -> None:
        tape = TakeTape(tmp_path / "t")
        tape.close()
        tape.open(CLOCK)
        tape.close()
        tape.close()
        assert list(tmp_path.iterdir()) == []

    def test_nothing_is_ever_replaced(self, tmp_path: Path) -> None:
        take = write_take(tmp_path / "t", blocks(2))
        before = (take / "lanes.wav").read_bytes()
        for name in ("t", "u"):
            (tmp_path / "u.part").mkdir(exist_ok=True)
            with pytest.raises(WearsoundError, match="choose another name"):
                TakeTape(tmp_path / name).open(CLOCK)
        assert (take / "lanes.wav").read_bytes() == before

    def test_above_four_gigabytes_it_is_rf64(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("wearsound.outputs.record.take_folder.FloatWavFile", _small_wav)
        take = write_take(tmp_path / "t", blocks(30))
        assert (take / "lanes.wav").read_bytes()[:4] == b"RF64"
        assert soundfile.info(str(take / "lanes.wav")).format == "RF64"
        assert np.array_equal(samples_of(TakeSource(take)), noise(30))


def _small_wav(path: Path, rate: int, channels: int) -> Any:
    from wearsound.outputs.record.wav import FloatWavFile

    return FloatWavFile(path, rate, channels, limit=10_000)


class TestTrouble:
    def test_what_was_written_until_a_kill_is_there(self, tmp_path: Path) -> None:
        words = ["take", "record", "t", "--input", "test:kick=120", "--no-window", "--mute", "--port", "0"]
        show = subprocess.Popen(
            [sys.executable, "-m", "wearsound", *words], cwd=tmp_path, stdout=subprocess.PIPE
        )
        lanes = tmp_path / "t.part" / "lanes.wav"
        try:
            wait_for(lambda: lanes.exists() and lanes.stat().st_size > HEADER + 150 * 1024)
            show.send_signal(signal.SIGUSR1)
            size = lanes.stat().st_size
            wait_for(lambda: lanes.stat().st_size > size + 90 * 1024)
        finally:
            show.kill()
            show.communicate()
        source = TakeSource(tmp_path / "t.part")
        assert source.note.startswith("the recording was cut off")
        assert not source.whole
        heard = samples_of(source)
        assert len(heard) >= 240 * 256
        assert np.array_equal(
            heard[:, 0], signal_of("test:kick=120").samples(0, len(heard), 48_000).astype("f4")
        )
        said = [event.address for _, _, events in told(source) for event in events]
        assert [address for address in said if address != HURRY] == ["/wear/panic"]
        with pytest.raises(MissingError, match=r"t\.part is one that was cut off"):
            open_recording(str(tmp_path / "t"))

    def test_a_signal_panics_a_take_that_is_played(self, tmp_path: Path) -> None:
        """`run TAKE` is guarded as any show, though it is not begun again."""
        words = ["--no-window", "--mute", "--port", "0"]
        record = ["take", "record", "t", "--input", "test:kick=240", "--seconds", "1.5", *words]
        subprocess.run(
            [sys.executable, "-m", "wearsound", *record], cwd=tmp_path, check=True, capture_output=True
        )
        with Listener() as lamp:
            rig = f'[[light]]\nname = "coat"\nhost = "127.0.0.1"\nport = {lamp.port}\n'
            (tmp_path / "room.toml").write_text(rig)
            show = subprocess.Popen(
                [sys.executable, "-m", "wearsound", "run", "t", "--loop", "--rig", "room.toml", *words],
                cwd=tmp_path,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
            )
            try:
                wait_for(lambda: len(lamp.packets) > 5 and any(ddp_frames(list(lamp.packets))[-1].data), 20)
                show.send_signal(signal.SIGUSR1)
                wait_for(lambda: not any(ddp_frames(list(lamp.packets))[-1].data), 10)
                show.send_signal(signal.SIGTERM)
                assert show.wait(20) == 0
            finally:
                show.kill()
                show.communicate()

    def test_whoever_ends_it_politely_has_a_whole_take_with_the_osc_that_came(self, tmp_path: Path) -> None:
        from pythonosc.udp_client import SimpleUDPClient

        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        words = [
            "take",
            "record",
            "t",
            "--input",
            "test:kick=120",
            "--no-window",
            "--mute",
            "--port",
            str(port),
        ]
        show = subprocess.Popen(
            [sys.executable, "-m", "wearsound", *words], cwd=tmp_path, stdout=subprocess.PIPE, text=True
        )
        try:
            sender, lines = SimpleUDPClient("127.0.0.1", port), tmp_path / "t.part" / "events.jsonl"
            wait_for(lambda: lines.exists())
            sender.send_message("/wear/master", 0.25)
            sender.send_message("/wear/mark", ["here", 3])  # a mark keeps one
            wait_for(lambda: b"here" in lines.read_bytes())
            show.terminate()
            out, _ = show.communicate(timeout=20)
        finally:
            show.kill()
        assert show.returncode == 0
        assert f"{tmp_path / 't'}: " in out
        source = TakeSource(tmp_path / "t")
        assert source.whole
        came = [
            e for _, _, events in told(source) for e in events if e.address != HURRY
        ]  # a full machine hurries
        assert [(e.address, e.args, e.by) for e in came] == [
            ("/wear/master", (0.25,), "osc"),
            ("/wear/mark", ("here",), "osc"),
        ]

    @pytest.mark.parametrize("cut", [1, 1023, 5000])
    def test_a_torn_end_is_left_out_and_said(self, tmp_path: Path, cut: int) -> None:
        folder = TakeFolder(tmp_path / "t")
        folder.open(CLOCK)
        for block in blocks(40, {30: [Event(0, "/wear/master", (0.5,))], 39: [Event(0, "/wear/panic")]}):
            folder.add(block.tick, block.samples, block.lanes, block.gap, 0, block.events)
        folder.leave()
        lanes, lines = folder.part / "lanes.wav", folder.part / "events.jsonl"
        os.truncate(lanes, lanes.stat().st_size - cut)
        os.truncate(lines, lines.stat().st_size - 9)
        source = TakeSource(folder.part)
        hops = 40 - -(-cut // 2048)
        assert source.hops == hops
        assert np.array_equal(samples_of(source), noise(40)[: hops * 256])
        assert told(source) == [(30, 0, (Event(30, "/wear/master", (0.5,)),))]
        assert "torn" in source.note
        assert f"{hops * 256 / 48_000:.2f} s are there" in source.note

    def test_a_full_disk_ends_the_take_and_not_the_show(self, tmp_path: Path) -> None:
        code = f"""
import resource, sys
from pathlib import Path
from wearsound.outputs.record.take import TakeTape
from wearsound.show.build import build
from wearsound.show.load import load
from wearsound.sources.pace import Paced
from wearsound.sources.signal import test_signal
resource.setrlimit(resource.RLIMIT_FSIZE, ({300 * 1024}, {300 * 1024}))
source = Paced(test_signal("test:kick=120,seconds=3"), mute=True, speed=4.0)
built = build(load("bass-denim"), source.lanes, 48_000, strict=False)
tape = TakeTape(Path("t"))
built.engine.tapes.append(tape)
built.engine.run(source)
print(built.engine.hops, tape.trouble, len(built.engine.tapes))
"""
        done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        said = re.match(
            r"563 the take t cannot be written \(no space left\); the first (1\.\d) s", done.stdout
        )
        assert said, done.stdout
        assert 1.2 <= float(said[1]) <= 1.6  # whole blocks are counted, and a busy machine's are up to 0.34 s
        assert done.stdout.endswith(" 0\n")
        assert done.stderr.count("no space left") == 1
        source = TakeSource(tmp_path / "t.part")
        assert source.hops == 299
        expected = signal_of("test:kick=120").samples(0, 299 * 256, 48_000).astype("f4")
        assert np.array_equal(samples_of(source)[:, 0], expected)

    def test_a_slow_disk_makes_a_hole_and_nobody_waits(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        stuck, add = threading.Event(), TakeFolder.add

        def slow(self: TakeFolder, *words: Any) -> None:
            assert stuck.wait(30)
            add(self, *words)

        monkeypatch.setattr(TakeFolder, "add", slow)
        tape = TakeTape(tmp_path / "t", room=100_000)
        tape.open(CLOCK)
        given = list(
            blocks(300, {10: [Event(0, "/wear/mark", (1,))], 200: [Event(0, "/wear/master", (0.3,))]})
        )
        for block in given[:250]:  # the disk does not answer, and this comes back all the same
            tape.write(block, np.zeros((1, 0)), np.zeros((1, 0)))
        stuck.set()
        wait_for(lambda: tape._done == tape._put)
        for block in given[250:]:
            tape.write(block, np.zeros((1, 0)), np.zeros((1, 0)))
            wait_for(lambda: tape._done == tape._put)
        tape.close()
        assert caplog.text.count("too slow") == 1
        source = TakeSource(tmp_path / "t")
        kept = source.hops - 50
        assert 20 < kept < 100
        assert source.head.hole == 250 - kept
        assert "it has a hole" in source.note
        expected = np.concatenate([noise(300)[: kept * 256], noise(300)[250 * 256 :]])
        assert np.array_equal(samples_of(source), expected)
        assert told(source) == [
            (10, 0, (Event(10, "/wear/mark", (1,)),)),
            (250, 250 - kept, (Event(250, "/wear/master", (0.3,)),)),
        ]

    def test_offline_it_waits_and_has_no_hole(self, tmp_path: Path) -> None:
        built = build(load("bass-denim"), LANES, 48_000, strict=True)
        tape = TakeTape(tmp_path / "t", wait=True, room=1000)
        built.engine.tapes.append(tape)
        song = FileSource(write_song(tmp_path / "a.wav", 48_000, 2, 3.0))
        built.engine.run(song)
        source = TakeSource(tmp_path / "t")
        assert np.array_equal(samples_of(source), samples_of(song))
        assert source.head.hole == 0


def wait_for(there: Any, seconds: float = 30.0) -> None:
    end = time.monotonic() + seconds
    while not there():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.005)


class TestReplay:
    @pytest.fixture
    def take(self, tmp_path: Path) -> Path:
        events = {20: [Event(0, "/wear/master", (0.5,))], 100: [Event(0, "/wear/mark", ("b",))]}
        return write_take(tmp_path / "take", blocks(150, events, {60: 10}))

    def test_a_loop_goes_on_counting(self, take: Path) -> None:
        source = TakeSource(take, loop=True, seconds=400 * 256 / 48_000)
        assert told(source) == [
            (start + tick, gap, tuple(Event(start + tick, *event) for event in events))
            for start in (0, 160, 320)
            for tick, gap, events in (
                (20, 0, [("/wear/master", (0.5,))]),
                (70, 10, []),
                (110, 0, [("/wear/mark", ("b",))]),
            )
            if start + tick < 400
        ]
        last = list(source.blocks(CLOCK))[-1]
        assert last.tick + last.n_hops == 400
        assert source.duration == pytest.approx(400 * 256 / 48_000)
        assert TakeSource(take, loop=True).duration == float("inf")

    @pytest.mark.parametrize("cut", [1, 19, 20, 21, 59, 60, 64, 69, 70, 71, 109, 110, 111, 159])
    def test_from_the_middle_what_was_set_comes_first(self, take: Path, cut: int) -> None:
        whole, part = TakeSource(take), TakeSource(take, start=cut * 256 / 48_000)
        hops = {
            b.tick + i: b.samples[i * 256 : (i + 1) * 256]
            for b in whole.blocks(CLOCK)
            for i in range(b.n_hops)
        }
        tick = 0
        for block in part.blocks(CLOCK):
            assert block.tick == tick + block.gap
            for i in range(block.n_hops):
                hop = block.samples[i * 256 : (i + 1) * 256]
                assert np.array_equal(hop, hops.pop(cut + block.tick + i))
            tick = block.tick + block.n_hops
        assert tick == 160 - cut
        assert all(left < cut for left in hops)
        first = next(part.blocks(CLOCK))
        expected = [Event(first.tick, "/wear/master", (0.5,))] if cut > 20 else []
        expected += [Event(first.tick, "/wear/master", (0.5,))] if cut == 20 else []
        expected += [Event(first.tick, "/wear/mark", ("b",))] if cut == 110 else []
        assert list(first.events) == expected
        assert first.gap == (70 - cut if 60 <= cut < 70 else 0)

    def test_state_at_a_cut(self, tmp_path: Path) -> None:
        said = [
            ("/wear/scene/verse", ()), ("/wear/scene/next", ()), ("/wear/cue/go", ()),
            ("/wear/param/a/release", (0.2,)), ("/wear/zone/chest/glow", (1.0,)),
            ("/wear/zone/chest/hue", (0.5,)), ("/wear/zone/hem/glow", (0.4,)), ("/wear/tempo/bpm", (120.0,)),
            ("/wear/tempo/tap", ()), ("/wear/tempo/half", ()), ("/wear/tempo/nudge", (5,)),
            ("/wear/zone/chest/glow/release", ()), ("/wear/scene/chorus", ()), ("/wear/scene/previous", ()),
            ("/wear/blackout", (1,)), ("/wear/panic", ()), ("/wear/resume", ()), ("/wear/panic", ()),
            ("/wear/mark", ("x",)), ("/wear/move/knobs", (1.0, 2.0)), ("/wear/master", (0.2,)),
            ("/wear/master", (0.9,)), ("/wear/tempo/bpm", (90.0,)), ("/wear/dump", ()),
            ("/wear/subscribe", (9000,)),
        ]  # fmt: skip
        events = {i: [Event(0, address, args)] for i, (address, args) in enumerate(said)}
        take = write_take(tmp_path / "t", blocks(100, events))
        first = next(TakeSource(take, start=0.3).blocks(CLOCK))
        assert [(event.address, event.args) for event in first.events] == [
            ("/wear/cue/go", ("again",)), ("/wear/param/a/release", (0.2,)), ("/wear/zone/chest/hue", (0.5,)),
            ("/wear/zone/hem/glow", (0.4,)), ("/wear/scene/chorus", ()), ("/wear/scene/previous", ()),
            ("/wear/panic", ()), ("/wear/move/knobs", (1.0, 2.0)), ("/wear/master", (0.9,)),
            ("/wear/tempo/bpm", (90.0,)),
        ]  # fmt: skip
        assert {event.tick for event in first.events} == {0}

    def test_steps_of_cues_at_a_cut(self, tmp_path: Path) -> None:
        """A GO is repeated as one that was one; a second press within half a second was none; goto forgets all."""
        go, back, goto = "/wear/cue/go", "/wear/cue/back", "/wear/cue/goto"
        events = {
            5: [Event(0, go)], 10: [Event(0, goto, ("lift",))], 20: [Event(0, go)], 113: [Event(0, go), Event(0, back)],
            114: [Event(0, go)], 210: [Event(0, go)],
        }  # fmt: skip
        take = write_take(tmp_path / "t", blocks(400, events))
        first = next(TakeSource(take, start=1.5).blocks(CLOCK))
        assert [(event.address, *event.args) for event in first.events] == [
            (goto, "lift"), (go, "again"), (back, "again"), (go, "again"),
        ]  # fmt: skip

    def test_paced_carries_events_and_gaps_and_takes_their_time(self, take: Path) -> None:
        whole, paced = TakeSource(take), Paced(TakeSource(take), mute=True)
        began = time.monotonic()
        blocks_ = []
        for block in paced.blocks(CLOCK):
            blocks_.append((time.monotonic() - began, block))
        assert np.array_equal(np.concatenate([b.samples for _, b in blocks_]), samples_of(whole))
        assert [(b.tick, b.gap, b.events) for _, b in blocks_ if b.gap or b.events] == told(whole)
        assert all(when >= 0.98 * b.tick * 256 / 48_000 for when, b in blocks_), "the gap has passed too"
        ticks = [b.tick + i for _, b in blocks_ for i in range(b.n_hops)]
        assert ticks == [*range(60), *range(70, 160)]

    def test_a_slow_engine_gets_every_event_at_the_head_of_a_block(self, take: Path) -> None:
        got = []
        for block in Paced(TakeSource(take), mute=True).blocks(CLOCK):
            got.append(block)
            time.sleep(0.15)
        assert max(block.n_hops for block in got) > 5
        assert [(b.tick, b.gap, b.events) for b in got if b.gap or b.events] == told(TakeSource(take))

    def test_it_cannot_start_or_play_where_it_is_not(self, take: Path) -> None:
        with pytest.raises(AudioError, match=r"has 0\.85 s: it cannot start at 2 s"):
            TakeSource(take, start=2.0)
        with pytest.raises(AudioError, match="above 0"):
            TakeSource(take, seconds=0)
        with pytest.raises(AudioError, match="not at 44100"):
            next(TakeSource(take).blocks(Clock(sample_rate=44_100)))

    def test_leaving_early_closes_its_file(self, take: Path) -> None:
        def open_of_it() -> int:
            return sum(os.path.realpath(fd).startswith(str(take)) for fd in Path("/proc/self/fd").iterdir())

        playing = TakeSource(take).blocks(CLOCK)
        next(playing)
        assert open_of_it() > 0
        playing.close()
        assert open_of_it() == 0


def test_film_and_sound_stay_together_over_a_gap(tmp_path: Path) -> None:
    take = write_take(tmp_path / "take", blocks(300, {}, {0: 94, 150: 187}))
    counts = render(load("bass-denim"), take, to=tmp_path / "out", fps=10, size=(320, 180)).facts["counts"]
    assert counts["samples"] == 581 * 256
    assert counts["frames"] == 581 * 256 * 10 // 48_000
    assert len((tmp_path / "out" / "frames.txt").read_text().splitlines()) == counts["frames"]


class TestTrim:
    def test_a_piece_is_a_take_of_its_own(self, tmp_path: Path) -> None:
        events = {10: [Event(0, "/wear/master", (0.5,), "osc 1.1.1.1:1")], 80: [Event(0, "/wear/panic")]}
        take = write_take(tmp_path / "take", blocks(150, events, {60: 10}), About("Coat", 9, ("room.pitch",)))
        made = trim(take, tmp_path / "sub" / "piece", start=50 * 256 / 48_000, end=100 * 256 / 48_000)
        piece = TakeSource(made.path)
        assert (piece.head.title, piece.head.seed, piece.head.hears) == ("Coat", 9, ("room.pitch",))
        assert piece.end == 50
        assert told(piece) == [
            (0, 0, (Event(0, "/wear/master", (0.5,), "osc"),)),
            (20, 10, ()),
            (40, 0, (Event(40, "/wear/panic"),)),
        ]
        assert np.array_equal(samples_of(piece), noise(150)[50 * 256 : 90 * 256])

    def test_it_is_the_same_every_time_and_of_a_take_that_was_cut_off(self, tmp_path: Path) -> None:
        take = write_take(tmp_path / "take", blocks(150))
        cut = (take / "take.toml").read_text()
        (take / "take.toml").write_text("".join(x for x in cut.splitlines(True) if not x.startswith("hops")))
        one, two = (trim(take, tmp_path / name, start=0.1).path for name in ("one", "two"))
        assert TakeSource(one).whole
        for name in ("take.toml", "lanes.wav", "events.jsonl"):
            assert (one / name).read_bytes() == (two / name).read_bytes()

    @pytest.mark.parametrize(
        ("start", "end", "said"), [(0.5, 0.5, "is nothing"), (9.0, 12.0, "cannot start")]
    )
    def test_nothing_is_no_piece(self, tmp_path: Path, start: float, end: float, said: str) -> None:
        take = write_take(tmp_path / "take", blocks(150))
        with pytest.raises(WearsoundError, match=said):
            trim(take, tmp_path / "piece", start=start, end=end)
        assert [path.name for path in tmp_path.iterdir()] == ["take"]

    def test_its_show_is_found_from_elsewhere(self, tmp_path: Path) -> None:
        patch = tmp_path / "mine.toml"
        patch.write_text(gallery.find("patch", "bass-denim").read_text())
        show = load(patch)
        tape = take_tape(show, tmp_path / "take")
        tape.open(CLOCK)
        for block in blocks(20):
            tape.write(block, np.zeros((1, 0)), np.zeros((1, 0)))
        tape.close()
        piece = trim(tmp_path / "take", tmp_path / "a" / "b" / "piece", end=0.05).path
        assert load_take(TakeSource(piece)).patch_path.samefile(patch)


WRONG_LINES = {
    "no JSON": ("{tick: 1}\n", "events.jsonl:1: .*a line is"),
    "a list": ("[1, 2]\n", "events.jsonl:1: "),
    "unknown key": ('{"tick": 1, "address": "/wear/mark", "args": [], "when": 2}\n', "unknown field `when`"),
    "no tick": ('{"address": "/wear/mark"}\n', "missing required field `tick`"),
    "not ours": ('{"tick": 1, "address": "/etc/passwd"}\n', "events.jsonl:1: "),
    "a line break": ('{"tick": 1, "address": "/wear/a\\nb"}\n', "events.jsonl:1: "),
    "a person": ('{"tick": 1, "address": "/wear/mark", "by": "osc 1.2.3.4"}\n', "events.jsonl:1: "),
    "no number": ('{"tick": 1, "address": "/wear/master", "args": [NaN]}\n', "events.jsonl:1: "),
    "infinite": ('{"tick": 1, "address": "/wear/master", "args": [1e999]}\n', "events.jsonl:1: "),
    "huge": ('{"tick": 1, "address": "/wear/master", "args": [' + "9" * 30 + "]}\n", "more than any sender"),
    "giant number": ('{"tick": 1, "address": "/wear/master", "args": [' + "9" * 6000 + "]}\n", "events.jsonl:1"),
    "a table": ('{"tick": 1, "address": "/wear/master", "args": [{"a": 1}]}\n', "an argument is"),
    "no hex": ('{"tick": 1, "address": "/wear/master", "args": [{"hex": "xy"}]}\n', "events.jsonl:1: "),
    "deep": ('{"tick": 1, "address": "/wear/a", "args": ' + "[" * 30000 + "]" * 30000 + "}\n", "events.jsonl:1"),
    "deeper": ('{"tick": 1, "address": "/wear/a", "args": [[[[[[1]]]]]]}\n', "more than 4 lists"),
    "long": ('{"tick": 1, "address": "/wear/a", "args": ["' + "x" * 70_000 + '"]}\n', "a line of more than 65,536"),
    "backwards": ('{"tick": 5, "gap": 0, "address": "/wear/a"}\n{"tick": 4, "address": "/wear/a"}\n', ":2: tick 4"),
    "a gap of nothing": ('{"tick": 5, "gap": 0}\n', "either an address or a gap"),
    "both": ('{"tick": 5, "gap": 2, "address": "/wear/a"}\n', "either an address or a gap"),
    "a gap that does not fit": ('{"tick": 5, "gap": 6}\n', "a gap of 6 hops before tick 5"),
    "a gap after its events": ('{"tick": 5, "address": "/wear/a"}\n{"tick": 5, "gap": 2}\n', ":2: a gap is said once"),
    "days": ('{"tick": 99000005, "gap": 99000000}\n', "more than 24 h are missing"),
    "negative": ('{"tick": -1, "address": "/wear/a"}\n', "events.jsonl:1: "),
    "a crowd": ('{"tick": 1, "address": "/wear/a"}\n' * 65_537, "more than 65536 events at one tick"),
}  # fmt: skip

WRONG_HEADS = {
    "another format": ("format = 1", "format = 2", "format is 2, but 1 is read here"),
    "no format": ("format = 1", "", "a take.toml needs format: 1"),
    "unknown key": ("hop = 256", "hop = 256\nhope = 1", "no key 'hope' in a take.toml; did you mean 'hop'"),
    "another hop": ("hop = 256", "hop = 128", "hop is 128"),
    "a rate nobody has": ("sample_rate = 48000", "sample_rate = 1", "sample_rate"),
    "another rate": ("sample_rate = 48000", "sample_rate = 44100", "sample_rate is 44100"),
    "a channel that is not there": ("room = [1, 2]", "room = [1, 3]", "lane room is channel 3"),
    "no lanes": ("room = [1, 2]", "", "lanes"),
    "a lane with a path": ("room = [1, 2]", '"../x" = [1]', "lanes"),
    "remote without an end": ("[lanes]", "[remote.knobs]\na = [0, inf]\n[lanes]", "a is .0, inf.; it takes two"),
    "remote without a width": ("[lanes]", "[remote.knobs]\na = [1, 1]\n[lanes]", "remote.knobs.a"),
    "escape in the title": ('title = ""', 'title = "\\u001b[31m"', "title"),
    "not TOML": ("format = 1", "format = = 1", "is not TOML"),
}  # fmt: skip


class TestStrangers:
    @pytest.fixture
    def take(self, tmp_path: Path) -> Path:
        return write_take(tmp_path / "take", blocks(20))

    @pytest.mark.parametrize("name", WRONG_LINES)
    def test_a_wrong_line_is_one_sentence_with_its_place(self, take: Path, name: str) -> None:
        text, said = WRONG_LINES[name]
        (take / "events.jsonl").write_text(text)
        began = time.thread_time()
        with pytest.raises(PatchError, match=said) as error:
            TakeSource(take)
        assert time.thread_time() - began < 2
        assert "events.jsonl" in str(error.value)
        assert len(str(error.value)) < 600

    @pytest.mark.parametrize("name", WRONG_HEADS)
    def test_a_wrong_head_is_one_sentence(self, take: Path, name: str) -> None:
        old, new, said = WRONG_HEADS[name]
        text = (take / "take.toml").read_text()
        assert old in text
        (take / "take.toml").write_text(text.replace(old, new, 1))
        with pytest.raises(PatchError, match=said):
            TakeSource(take)

    @pytest.mark.parametrize("missing", ["take.toml", "lanes.wav", "events.jsonl"])
    def test_a_missing_file_is_said(self, take: Path, missing: str) -> None:
        (take / missing).unlink()
        with pytest.raises((PatchError, MissingError), match=missing):
            TakeSource(take)

    def test_sound_of_another_kind_is_said(self, take: Path) -> None:
        soundfile.write(take / "lanes.wav", noise(20), 48_000, subtype="PCM_16")
        with pytest.raises(PatchError, match="no 32-bit float WAV"):
            TakeSource(take)
        soundfile.write(take / "lanes.wav", noise(20), 48_000, subtype="FLOAT")  # as an editor writes it
        assert np.array_equal(samples_of(TakeSource(take)), noise(20))

    def test_broken_samples_are_mended(self, take: Path) -> None:
        data = bytearray((take / "lanes.wav").read_bytes())
        struct.pack_into("<3f", data, HEADER, float("nan"), float("inf"), 1e30)
        (take / "lanes.wav").write_bytes(data)
        assert samples_of(TakeSource(take)).ravel()[:3].tolist() == [0.0, 8.0, 8.0]

    def test_no_take_breaks_anything(self, tmp_path: Path) -> None:
        """Hundreds of mutated takes: a WearsoundError or blocks within bounds, nothing else, and soon."""
        events = {3: [Event(0, "/wear/master", (0.1, 2, "x"))], 9: [Event(0, "/wear/mark")]}
        take = write_take(
            tmp_path / "take", blocks(20, events, {5: 3}), About("T", 1, (), {"knobs": {"a": (0, 1)}})
        )
        files = {name: (take / name).read_bytes() for name in ("take.toml", "events.jsonl", "lanes.wav")}
        rng = random.Random(7)
        played = refused = 0
        slowest = 0.0
        for _ in range(500):
            name = rng.choice(list(files))
            data = bytearray(files[name])
            for _ in range(rng.randint(1, 4)):
                if not data:
                    break
                at = rng.randrange(min(len(data), HEADER if name == "lanes.wav" else 1 << 20))
                kind = rng.random()
                if kind < 0.5:
                    data[at] = rng.randrange(256)
                elif kind < 0.8:
                    data[at : at + 4] = rng.choice(
                        [b"", b"9999", b"-1", b"\xff\xff\xff\xff", b"\0\0\0\0", b"[[[[", b"1e99"]
                    )
                else:
                    del data[max(1, at) :]
            (take / name).write_bytes(data)
            began = time.thread_time()
            try:
                hops = 0
                for block in TakeSource(take).blocks(Clock(sample_rate=48_000)):
                    assert np.isfinite(block.samples).all()
                    assert all(event.address.startswith("/wear/") for event in block.events)
                    hops += block.n_hops
                assert hops <= 20
                played += 1
            except WearsoundError:
                refused += 1
            slowest = max(slowest, time.thread_time() - began)
            (take / name).write_bytes(files[name])
        assert played > 30
        assert refused > 100
        assert slowest < 1.0

    def test_a_take_cannot_end_the_program(self, take: Path) -> None:
        (take / "events.jsonl").write_text('{"tick": 3, "address": "/wear/quit"}\n')
        built = build(load("bass-denim"), LANES, 48_000, strict=True)
        built.engine.run(TakeSource(take))
        assert built.engine.hops == 20

    def test_a_sketch_of_a_strangers_take_is_not_run(self, take: Path, tmp_path: Path) -> None:
        (tmp_path / "evil.py").write_text("raise SystemExit('ran')\n")
        (tmp_path / "own.toml").write_text(gallery.find("patch", "bass-denim").read_text())
        text = (take / "take.toml").read_text()
        parts = (
            '\n[patch]\nfile = "../own.toml"\n[sketch]\nfile = "../evil.py"\n[rig]\nfile = "../rig.toml"\n'
        )
        (take / "take.toml").write_text(text + parts)
        (tmp_path / "rig.toml").write_text("[[osc]]\nname='far'\nhost='192.0.2.1'\nport=9\n")
        with pytest.raises(WearsoundError, match=r"evil\.py"):
            load_take(TakeSource(take))
        (take / "take.toml").write_text(text + parts.replace('[sketch]\nfile = "../evil.py"\n', ""))
        assert load_take(TakeSource(take)).rig is None


class TestTheLanesOfARig:
    def rig(self, tmp_path: Path, lanes: str) -> Any:
        (tmp_path / "rig.toml").write_text(f"[lanes]\n{lanes}\n")
        return load_rig(tmp_path / "rig.toml")

    def test_a_recording_is_heard_as_the_rig_says(self, tmp_path: Path) -> None:
        song = write_song(tmp_path / "song.wav", 48_000, 6, 0.5)
        source = name_lanes(open_recording(str(song)), self.rig(tmp_path, "body = [3]\nroom = [5, 6]"))
        assert source.lanes == {"body": (2,), "room": (4, 5)}
        assert source.note == ""
        data, _ = soundfile.read(song, dtype="float32")
        assert np.array_equal(samples_of(source)[: len(data)], data)
        plain = open_recording(str(song))
        assert plain.lanes == {"room": (0, 1), "body": (2,), "crowd": (3,)}

    def test_a_lane_it_does_not_have_is_said(self, tmp_path: Path) -> None:
        song = write_song(tmp_path / "song.wav", 48_000, 2, 0.5)
        source = name_lanes(open_recording(str(song)), self.rig(tmp_path, "room = [1, 2]\nbody = [3]"))
        assert source.lanes == {"room": (0, 1)}
        assert source.note == "song.wav has 2 channels, but the rig's lane body is channel 3: not heard"
        with pytest.raises(AudioError) as refused:
            name_lanes(open_recording(str(song)), self.rig(tmp_path, "room = [3]\nbody = [1]"))
        assert str(refused.value) == (
            "song.wav has 2 channels, but the rig's lane room is channel 3: give a recording with more channels, or "
            "write room = [1] in [lanes] of the rig"
        )
        with pytest.raises(
            AudioError, match=r"write body = \[1\] in \[lanes\] of the rig, or take --rig contact$"
        ):
            name_lanes(open_recording(str(song)), self.rig(tmp_path, "body = [3]"))

    def test_a_render_hears_them_too(self, tmp_path: Path) -> None:
        song = write_song(tmp_path / "song.wav", 48_000, 4, 0.5)
        self.rig(tmp_path, "room = [1, 2]\nbelly = [4]")
        show = load("bass-denim", rig=tmp_path / "rig.toml")
        render(show, song, to=tmp_path / "out", video=False)
        with np.load(tmp_path / "out" / "features.npz") as features:
            assert "belly.bass" in features.files
            assert "body.bass" not in features.files
        assert check(tmp_path / "out").lines == []  # its rig is not followed: show.toml has its lanes

    def test_a_take_keeps_its_own(self, tmp_path: Path) -> None:
        take = write_take(tmp_path / "t", blocks(5))
        assert name_lanes(open_recording(str(take)), self.rig(tmp_path, "crowd = [2]")).lanes == LANES


class TestTheAudience:
    """What people say before a crowd's microphone is in no take, unless it was asked for."""

    FOUR = {"room": (0, 1), "body": (2,), "crowd_l": (3,)}  # noqa: RUF012

    def record(self, to: Path, lanes: dict[str, tuple[int, ...]] = FOUR, **words: Any) -> Path:
        tape = take_tape(load("bass-denim"), to, wait=True, **words)
        tape.open(CLOCK)
        for tick in range(60):
            block = Block(tick, noise(60, 4)[tick * 256 : (tick + 1) * 256], lanes, 1)
            tape.write(block, np.zeros((1, 0)), np.zeros((1, 0)))
        tape.close()
        assert tape.trouble is None
        return to

    def bytes_of(self, take: Path) -> np.ndarray:
        """The file's own bytes behind its header, a row a frame."""
        data = (take / "lanes.wav").read_bytes()
        return np.frombuffer(data[-60 * 256 * 16 :], np.uint8).reshape(-1, 4, 4)

    def test_its_bytes_are_zeros_and_the_others_are_what_was_heard(self, tmp_path: Path) -> None:
        take = self.record(tmp_path / "t")
        heard = noise(60, 4).astype("<f4").view(np.uint8).reshape(-1, 4, 4)
        assert not self.bytes_of(take)[:, 3].any()
        assert np.array_equal(self.bytes_of(take)[:, :3], heard[:, :3])
        assert 'silent = ["crowd_l"]' in (take / "take.toml").read_text("utf-8")
        for path in filter(Path.is_file, take.rglob("*")):
            assert heard[200:204, 3].tobytes() not in path.read_bytes(), path.name
        source = TakeSource(take)
        assert source.silent == ("crowd_l",)
        assert source.lanes == self.FOUR
        assert source.note == (
            "the sound of crowd_l was not kept, so what a show makes of crowd_l cannot be replayed"
        )

    def test_who_asks_keeps_it(self, tmp_path: Path) -> None:
        take = self.record(tmp_path / "t", keep_crowd=True)
        assert np.array_equal(samples_of(TakeSource(take)), noise(60, 4))
        assert "silent" not in (take / "take.toml").read_text("utf-8")
        assert TakeSource(take).note == ""

    def test_no_lane_is_a_way_round_it(self, tmp_path: Path) -> None:
        """A channel that another lane hears too is the audience's all the same, and that lane is named."""
        lanes = {"room": (0, 3), "crowd2": (3,)}
        take = self.record(tmp_path / "t", lanes)
        assert not self.bytes_of(take)[:, 3].any()
        assert TakeSource(take).silent == ("room", "crowd2")

    def test_nothing_is_silenced_where_nobody_is_an_audience(self, tmp_path: Path) -> None:
        take = self.record(tmp_path / "t", {"room": (0, 1), "body": (2,), "crowded": (3,)})
        assert np.array_equal(samples_of(TakeSource(take)), noise(60, 4))

    def test_a_piece_and_a_take_of_a_take_say_it_too(self, tmp_path: Path) -> None:
        take = self.record(tmp_path / "t")
        piece = TakeSource(trim(take, tmp_path / "piece", end=0.1).path)
        assert piece.silent == ("crowd_l",)
        again = self.record(tmp_path / "again", keep_crowd=True, silent=piece.silent)
        assert TakeSource(again).silent == ("crowd_l",), "asking for it does not bring it back"
        whole = self.record(tmp_path / "whole", keep_crowd=True)
        kept = TakeSource(trim(whole, tmp_path / "kept", end=0.1).path)
        assert kept.silent == ()
        assert samples_of(kept)[:, 3].any()

    def test_a_check_says_why_it_differs(self, tmp_path: Path) -> None:
        """By Python hashes may be kept without the sound; then a check tells which layers it cannot prove."""
        show = load("bass-denim")
        for name, keep in (("with", True), ("without", False)):
            source = open_recording("demo", seconds=1.0)
            built = build(show, source.lanes, 48_000, strict=True)
            tape = take_tape(show, tmp_path / name, wait=True, keep_crowd=keep)
            built.engine.tapes.append(tape)
            (tmp_path / f"{name} layers").mkdir()
            proving(show, tape, tmp_path / f"{name} layers")(built)
            built.engine.run(source)
        assert check(tmp_path / "with").lines == []
        said = check(tmp_path / "without").lines
        assert said[0] == "the sound of crowd was not kept, so what a show makes of crowd cannot be replayed"
        assert any(line.startswith("features ") for line in said)
        assert not any(line.startswith(("light ", "sound ")) for line in said), "none hears it"

    def test_the_verb(self, wearsound: Run, tmp_path: Path) -> None:
        record = ("take", "record", "t", "--input", "demo", "--seconds", "0.5")
        live = ("--no-window", "--mute", "--port", "0")
        done = wearsound(*record, "--prove", *live)
        assert done.returncode == 2
        assert done.stderr == (
            "wearsound: --prove needs every lane that was heard, and the sound of crowd is not kept unasked: "
            "add --keep-crowd, or leave --prove out\n"
        )
        assert list(tmp_path.glob("t*")) == []
        done = wearsound(*record, *live)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.endswith("0 hops lost, without the sound of crowd\n")
        assert not samples_of(TakeSource(tmp_path / "t"))[:, 3].any()
        assert samples_of(TakeSource(tmp_path / "t"))[:, 2].any(), "the body is the wearer's own"
        again = ("take", "record", "u", "--input", "t", "--prove", *live)
        assert wearsound(*again).returncode == 0, "what is silent can be proved"
        assert wearsound("check", "u").stdout == "u: the same, to the bit\n"
        done = wearsound("take", "record", "v", *record[3:], "--prove", "--keep-crowd", *live)
        assert done.returncode == 0, done.stderr
        assert wearsound("check", "v").stdout == "v: the same, to the bit\n"


class TestTheVerb:
    def test_a_patch_that_no_take_can_name_is_said_before_anything_is_played(
        self, wearsound: Run, tmp_path: Path
    ) -> None:
        (tmp_path / "a\tb").mkdir()
        shutil.copy(gallery.find("patch", "bass-denim"), tmp_path / "a\tb" / "p.toml")
        done = wearsound("take", "record", "t", "a\tb/p.toml", "--input", "test:kick=120", "--seconds", "1")
        assert (done.returncode, done.stdout) == (2, "")
        assert "a?b/p.toml: the way to this patch has a tab" in done.stderr
        assert not (tmp_path / "t").exists()

    def test_a_list_tells_a_terminal_nothing(self, wearsound: Run, tmp_path: Path) -> None:
        named = {"patch": Part("./\u202e.toml")}
        write_take(tmp_path / "t\x1b[31m", blocks(20), About(parts=named))
        write_take(tmp_path / "u\x9b31m", blocks(20)).joinpath("lanes.wav").unlink()
        done = wearsound("take", "list")
        assert done.stdout.count("\n") == 2
        assert done.stdout.replace("\n", "").isprintable()

    def test_record_list_trim_play_render_check(self, wearsound: Run, tmp_path: Path) -> None:
        live = ("--no-window", "--mute", "--port", "0")
        done = wearsound("take", "record", "one", "--input", "test:kick=120", "--seconds", "1", *live)
        assert done.returncode == 0, done.stderr
        said = re.search(r"one: 1\.0 s, (\d) events?, 0 hops lost", done.stdout)
        assert said, done.stdout
        kept = (tmp_path / "one" / "events.jsonl").read_text()
        assert kept.count(HURRY) == int(said[1]), "nobody did anything"
        done = wearsound("take", "record", "one", "--input", "test:kick=120", "--seconds", "1", *live)
        assert done.returncode == 1
        assert "is there already: nothing is replaced" in done.stderr
        done = wearsound("take", "trim", "one", "--from", "0.25", "--to", "0.75", "--out", "two")
        assert (done.returncode, done.stderr) == (0, "")
        (tmp_path / "three").mkdir()
        (tmp_path / "three" / "take.toml").write_text("format = 7")
        rows = json.loads(wearsound("take", "list", "--json").stdout)
        assert [row["name"] for row in rows] == ["one", "three", "two"]
        assert all({"name", "about"} <= row.keys() for row in rows)
        table = wearsound("take", "list").stdout.splitlines()
        assert table[0].split() == ["one", "1.0", "s", "room", said[1], "events", "0", "gaps", "bass-denim"]
        assert "cannot be played" in table[1]
        done = wearsound("take", "play", "two", *live)
        assert (done.returncode, done.stderr) == (0, "")
        assert "played 0.5 s" in done.stdout
        assert wearsound("take", "play", "two", "rain-room", "--from", "0.3", *live).returncode == 0
        assert wearsound("run", "bass-denim", "--input", "two", *live).returncode == 0
        assert wearsound("render", "bass-denim", "two", "--to", "out", "--no-video").returncode == 0
        assert wearsound("check", "out").stdout == "out: the same, to the bit\n"
        with (tmp_path / "two" / "events.jsonl").open("a") as file:
            file.write('{"tick": 20, "address": "/wear/master", "args": [0.2]}\n')
        done = wearsound("check", "out")
        assert done.returncode == 1
        assert "two has changed since the render" in done.stdout
        assert "light differs" in done.stdout
        assert wearsound("take", "play", "nowhere").returncode == 3
        assert wearsound("take", "trim", "two").returncode == 2


def test_takes_of_a_folder_that_is_not_there(tmp_path: Path) -> None:
    assert takes(tmp_path / "nowhere") == []


@pytest.mark.device
def test_a_show_that_was_dimmed_for_its_supply_is_checked_as_dimmed(tmp_path: Path) -> None:
    """The rig is the room's and a check knows none, but what its supply bore is in the facts."""
    (port,) = free_ports(1)
    (tmp_path / "rig.toml").write_text(
        f'[[light]]\nname = "coat"\nhost = "127.0.0.1"\nport = {port}\nmost_ma = 400\n'
    )
    words = [sys.executable, "-m", "wearsound"]
    record = (
        "take record T bass-denim --prove --no-window --input test:kick=120 --mute --seconds 2 --rig rig.toml"
    )
    live = subprocess.run([*words, *record.split()], cwd=tmp_path, capture_output=True, text=True)
    assert live.returncode == 0, live.stderr
    facts = json.loads((tmp_path / "T" / "facts.json").read_text("utf-8"))
    assert facts["taken"]["current"] > 0.01, "it was dimmed"
    assert list(facts["supplies"].values()) == [400.0]
    done = subprocess.run([*words, "check", "T"], cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "T: the same, to the bit\n"), done.stderr
    for wrong in (
        {"0-99999": 400.0},
        {"0-": 1.0, "x": 2.0},
        {"5-2": 400.0},
        {"0-3": "much"},
        {"0-3": -1.0},
        [1],
    ):
        (tmp_path / "T" / "facts.json").write_text(json.dumps({**facts, "supplies": wrong}), "utf-8")
        done = subprocess.run([*words, "check", "T"], cwd=tmp_path, capture_output=True, text=True)
        assert done.returncode == 2, wrong
        assert "supplies" in done.stderr


@pytest.mark.device
def test_a_show_recorded_with_prove_is_checked_from_its_take(tmp_path: Path) -> None:
    """The whole promise by the command line: live with OSC arriving, then replayed, to the bit."""
    (port,) = free_ports(1)
    words = [sys.executable, "-m", "wearsound", "take", "record", "T", "bass-denim", "--prove", "--no-window"]
    words += ["--input", "test:kick=120", "--mute", "--seconds", "2", "--port", str(port)]
    live = subprocess.Popen(words, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as hand:
        bundles = Bundles()
        sent = 0
        while live.poll() is None:
            for address, args in (
                ("/wear/master", (0.5 + 0.5 * math.sin(sent / 5),)),
                ("/wear/zone/chest/hue", (sent % 50 / 50,)),
                ("/wear/tempo/nudge", (float(sent % 7 - 3),)),
                ("/wear/scene/next", ()),
                ("/wear/mark", (sent,)),
            ):
                hand.sendto(bundles.message((address, args)), ("127.0.0.1", port))
            sent += 1
            time.sleep(0.02)
    assert live.returncode == 0, live.stdout and live.stdout.read()
    lines = [json.loads(line) for line in (tmp_path / "T" / "events.jsonl").read_text("utf-8").splitlines()]
    marks = [line["args"][0] for line in lines if line.get("address") == "/wear/mark"]
    assert len(marks) > 20
    assert marks == list(range(marks[0], marks[0] + len(marks)))
    done = subprocess.run(
        [sys.executable, "-m", "wearsound", "check", "T"], cwd=tmp_path, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (0, "T: the same, to the bit\n"), done.stderr
    # One event less, and it is another show.
    (tmp_path / "T" / "events.jsonl").write_text(
        "".join(json.dumps(line) + "\n" for line in lines if line.get("address") != "/wear/master"), "utf-8"
    )
    done = subprocess.run(
        [sys.executable, "-m", "wearsound", "check", "T"], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert "light differs" in done.stdout
    (tmp_path / "T" / "facts.json").unlink()
    done = subprocess.run(
        [sys.executable, "-m", "wearsound", "check", "T"], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 3
    assert "--prove" in done.stderr
