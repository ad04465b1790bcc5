"""The contracts of core.py, for every source, instrument, output and tape there is (meters: test_meters.py).

Add yours to the table: it is then held to the same words.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import write_song

from wearsound.core import LIGHT_RATE, MAX_HOPS, Block, Clock, Event, Frame, Health, Row, Spec
from wearsound.gallery import find
from wearsound.garment.colour import encode
from wearsound.garment.document import load_garment
from wearsound.garment.sewn import sewn
from wearsound.instruments.dye import Dye
from wearsound.instruments.light import Light, zone_controls
from wearsound.outputs.osc import JsonlSink, Osc, UdpSink
from wearsound.outputs.osc_messages import OscMessages
from wearsound.outputs.record.features import FeatureTape
from wearsound.outputs.record.light import LightTape
from wearsound.outputs.record.picture import PictureTape
from wearsound.outputs.record.sound import SoundTape
from wearsound.outputs.record.take import TakeTape
from wearsound.sound import Sound
from wearsound.sources import signal
from wearsound.sources.composer import DemoSource
from wearsound.sources.file import FileSource
from wearsound.sources.pace import Paced
from wearsound.sources.take import TakeSource

CLOCK = Clock()
GARMENT = load_garment(find("garment", "denim-jacket"))
BODY = sewn(GARMENT)
FEATURES = (Spec("room.bass", "", 0, 1, 0.001, "bass"), Spec("room.silence", "", 0, 1, 1, "silence"))
LANES = {"room": (0, 1)}


def signals() -> dict[str, Callable[[Path], Any]]:
    return {
        f"test:{name}": lambda folder, name=name: signal.test_signal(f"test:{name},seconds=0.7")
        for name in signal.KNOWN
    }


def a_take(folder: Path) -> Path:
    if not (folder / "take").exists():
        tape = TakeTape(folder / "take", wait=True)
        tape.open(CLOCK)
        for block in FileSource(write_song(folder / "a.wav", 48_000, 2, 0.6)).blocks(CLOCK):
            late = 9 * (block.tick > 60)  # nine hops were lost
            told = (Event(block.tick + late, "/wear/master", (0.5,)),)
            block = replace(block, tick=block.tick + late, gap=9 * (block.tick == 64), events=told)
            tape.write(block, np.zeros((block.n_hops, 0)), np.zeros((block.n_hops, 0)))
        tape.close()
    return folder / "take"


SOURCES: dict[str, Callable[[Path], Any]] = {
    "wav": lambda folder: FileSource(write_song(folder / "a.wav", 48_000, 2, 0.7)),
    "mono 8 kHz": lambda folder: FileSource(write_song(folder / "a.ogg", 8_000, 1, 0.7)),
    "four channels": lambda folder: FileSource(write_song(folder / "a.flac", 44_100, 4, 0.7)),
    "paced": lambda folder: Paced(signal.test_signal("test:kick=120,seconds=0.4"), speed=8, mute=True),
    "demo": lambda folder: DemoSource(7, seconds=0.7),
    "take": lambda folder: TakeSource(a_take(folder)),
    "take from the middle": lambda folder: TakeSource(a_take(folder), start=0.1),
    "paced take": lambda folder: Paced(TakeSource(a_take(folder)), speed=8, mute=True),
    **signals(),
}


@pytest.mark.parametrize("name", SOURCES)
class TestEverySource:
    def test_blocks_are_what_core_says(self, name: str, tmp_path: Path) -> None:
        source = SOURCES[name](tmp_path)
        channels = 1 + max(max(columns) for columns in source.lanes.values())
        tick = 0
        for block in source.blocks(Clock(sample_rate=source.sample_rate)):
            if block.n_hops == 0:  # time passes, nothing is heard
                assert source.live
                assert not len(block.samples)
                continue
            assert block.tick == tick + block.gap
            assert block.n_hops <= MAX_HOPS
            assert block.samples.dtype == np.float32
            assert block.samples.shape[0] == block.n_hops * 256
            assert block.samples.shape[1] >= channels
            assert np.isfinite(block.samples).all()
            assert block.lanes == source.lanes
            tick = block.tick + block.n_hops
        assert 0.35 < CLOCK.seconds(tick) < 0.75
        assert "room" in source.lanes

    def test_it_repeats(self, name: str, tmp_path: Path) -> None:
        one, two = (
            np.concatenate([block.samples for block in SOURCES[name](tmp_path).blocks(CLOCK)])
            for _ in range(2)
        )
        assert np.array_equal(one, two)

    def test_leaving_early_is_fine(self, name: str, tmp_path: Path) -> None:
        blocks = SOURCES[name](tmp_path).blocks(CLOCK)
        next(blocks)
        blocks.close()


BEAT = tuple(
    Spec(f"room.{name}", "", 0, high, 0.001, name)
    for name, high in (("tempo", 200), ("phase", 1), ("confidence", 1))
)
INSTRUMENTS: dict[str, tuple[Callable[[], Any], tuple[int, ...], float]] = {
    "light": (lambda: Light(GARMENT, 7, BEAT), (BODY.n_pixels, 3), 2.0),
    "dye": (lambda: Dye(GARMENT, BEAT), (len(GARMENT.zones),), 16.5),
}
"""How it is made, the shape of a frame of its medium, and how many seconds after a release it is still at last."""


def controls(hops: int, release: int) -> np.ndarray:
    """Every control swept through its range, then let go to exactly 0 at hop `release`."""
    specs = zone_controls(GARMENT)
    sweep = np.abs(np.sin(np.arange(hops) / 37.0))
    sweep[release:] = 0.0
    return np.stack([spec.low + sweep * (spec.high - spec.low) for spec in specs], axis=1)


def beat(hops: int) -> np.ndarray:
    """A tempo that comes, and a beat that is ever surer: (hops, 3)."""
    at = np.arange(hops)
    tempo = np.where(at < 300, 0.0, 128.0)
    return np.stack([tempo, at * 256 / 48_000 * 128 / 60 % 1.0, np.minimum(at / 1000, 1.0)], axis=1)


def played(name: str, instrument: Any, sizes: list[int], hops: int = 600, release: int = 600) -> np.ndarray:
    given, heard, out, tick, turn = controls(hops, release), beat(hops), [], 0, 0
    while tick < hops:
        n = min(sizes[turn % len(sizes)], hops - tick)
        block = Block(tick, np.zeros((n * 256, 2), np.float32), LANES, n)
        due = np.full((len(CLOCK.due_hops(tick, n, LIGHT_RATE)), *INSTRUMENTS[name][1]), np.nan)
        instrument.play(block, heard[tick : tick + n], given[tick : tick + n], due)
        out.append(due)
        tick, turn = tick + n, turn + 1
    return np.concatenate(out)


@pytest.mark.parametrize("name", INSTRUMENTS)
class TestEveryInstrument:
    @pytest.fixture
    def instrument(self, name: str) -> Any:
        made = INSTRUMENTS[name][0]()
        made.prepare(CLOCK)
        made.reset()
        return made

    @pytest.mark.parametrize("sizes", [[1], [7], [3, 1, 64, 30]], ids=["one", "seven", "ragged"])
    def test_grouping_changes_no_bit(self, name: str, instrument: Any, sizes: list[int]) -> None:
        whole = played(name, instrument, [64])
        instrument.reset()
        assert np.array_equal(played(name, instrument, sizes), whole)

    def test_reset_repeats_and_all_is_finite_and_in_range(self, name: str, instrument: Any) -> None:
        one = played(name, instrument, [64])
        instrument.reset()
        assert np.array_equal(played(name, instrument, [64]), one)
        assert one.min() >= 0
        assert one.max() <= 1

    def test_a_release_reaches_exactly_zero(self, name: str, instrument: Any) -> None:
        *_, still = INSTRUMENTS[name]
        release = 2000
        hops = release + CLOCK.ticks(still + 0.5)
        out = played(name, instrument, [64], hops, release)
        assert out[: len(out) * release // hops].max() > 0.4
        end = out[-LIGHT_RATE // 4 :]
        assert (end == 0).all()
        assert (encode(end) == 0).all()


def frame(number: int) -> Frame:
    empty = Row({}, np.zeros(0))
    features = Row({"room.bass": 0, "room.silence": 1}, np.array([0.5, 0.0]))
    lit = np.full((len(GARMENT.zones), 3), 200, np.uint8)
    return Frame(
        number * 3, number, number / 60, features, empty, lit, np.zeros(len(lit), np.float32), Health(), 7,
        pixels=np.full((BODY.n_pixels, 3), 200, np.uint8),
        dyed=np.zeros(len(lit), np.float32),
        warm=np.full(len(lit), 22.0, np.float32),
    )  # fmt: skip


class Grey:
    """The simplest picture."""

    def draw(self, surface: Any, frame: Frame) -> None:
        surface.fill((90, 90, 90))


@pytest.fixture
def receiver() -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as heard:
        heard.bind(("127.0.0.1", 0))
        heard.settimeout(2.0)
        yield heard


def osc(sink: Any) -> Osc:
    return Osc(OscMessages(FEATURES, GARMENT.zone_names), [sink])


OUTPUTS: dict[str, Callable[[Path, int], Any]] = {
    "osc by UDP": lambda folder, port: osc(UdpSink("test", "127.0.0.1", port)),
    "osc.jsonl": lambda folder, port: osc(JsonlSink(folder / "osc.jsonl")),
    "light": lambda folder, port: LightTape(
        folder / "light.npz", dict(zip(GARMENT.zone_names, BODY.of_zone, strict=True))
    ),
    "picture": lambda folder, port: PictureTape(folder, Grey(), (160, 90), 30),
}
TAPES: dict[str, Callable[[Path], Any]] = {
    "take": lambda folder: TakeTape(folder / "take"),
    "features": lambda folder: FeatureTape(folder / "features.npz", FEATURES),
}


@pytest.mark.parametrize("name", OUTPUTS)
class TestEveryOutput:
    @pytest.fixture
    def output(self, name: str, tmp_path: Path, receiver: socket.socket) -> Any:
        return OUTPUTS[name](tmp_path, receiver.getsockname()[1])

    def test_it_opens_sends_and_closes_and_closing_twice_is_fine(self, output: Any) -> None:
        assert output.name
        assert output.rate >= 1
        output.open(CLOCK)
        for number in range(3):
            output.send(frame(number))
        output.close()
        output.close()

    def test_closing_what_was_never_opened_is_fine(self, output: Any) -> None:
        output.close()

    def test_closing_what_got_nothing_is_fine(self, output: Any) -> None:
        output.open(CLOCK)
        output.close()


@pytest.mark.parametrize("name", TAPES)
class TestEveryTape:
    def test_it_keeps_every_hop_and_closing_twice_is_fine(self, name: str, tmp_path: Path) -> None:
        tape = TAPES[name](tmp_path)
        tape.open(CLOCK)
        for tick in (0, 7):
            n = 7
            tape.write(
                Block(tick, np.zeros((n * 256, 2), np.float32), LANES, n), np.zeros((n, 2)), np.zeros((n, 0))
            )
        tape.close()
        tape.close()
        assert '"hops": 14' in json.dumps(tape.facts())

    def test_closing_what_was_never_opened_is_fine(self, name: str, tmp_path: Path) -> None:
        TAPES[name](tmp_path).close()


class TestEverySpeaker:
    def test_it_keeps_every_hop_and_closing_twice_is_fine(self, tmp_path: Path) -> None:
        tape = SoundTape(tmp_path / "sound.wav")
        tape.open(CLOCK)
        for tick in (0, 7):
            silent = np.zeros((7 * 256, 2), np.float32)
            tape.play(tick, 0, Sound(silent, silent))
        tape.close()
        tape.close()
        assert tape.facts()["counts"] == {"samples": 14 * 256}

    def test_closing_what_was_never_opened_is_fine(self, tmp_path: Path) -> None:
        SoundTape(tmp_path / "sound.wav").close()


def test_osc_leaves_its_receiver_dark_and_silent(receiver: socket.socket, tmp_path: Path) -> None:
    from pythonosc.osc_bundle import OscBundle
    from pythonosc.osc_message import OscMessage

    output = OUTPUTS["osc by UDP"](tmp_path, receiver.getsockname()[1])
    output.open(CLOCK)
    output.send(frame(0))
    output.close()
    last: dict[str, list[Any]] = {}
    receiver.settimeout(0.2)
    while True:
        try:
            data = receiver.recv(65_535)
        except TimeoutError:
            break
        for message in OscBundle(data) if data.startswith(b"#bundle") else [OscMessage(data)]:
            last[message.address] = list(message.params)
    assert all(last[f"/wear/zone/{zone}/rgb"] == [0, 0, 0] for zone in GARMENT.zone_names)
    assert last["/wear/silence"] == [1]
