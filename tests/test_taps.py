"""Everything in wearsound.testing does what it says, and a show lives through it; the page's examples run."""

from __future__ import annotations

import errno
import re
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from wearsound.core import MAX_HOPS, Block, Clock
from wearsound.errors import DeviceError, WearsoundError
from wearsound.outputs.record.take import TakeTape
from wearsound.show.build import Built, build
from wearsound.show.load import load
from wearsound.sources.file import FileSource
from wearsound.sources.pace import Paced
from wearsound.sources.signal import test_signal as signal_of
from wearsound.testing.disk import full_disk
from wearsound.testing.outputs import TapOutput
from wearsound.testing.recordings import CUT, ODD, odd_recordings
from wearsound.testing.sources import (
    TapInput,
    TapSource,
    delivers,
    ends,
    hangs,
    jumps,
    raises,
    sized,
    stalls,
)

CLOCK = Clock()
HOP = CLOCK.hop / CLOCK.sample_rate
PAGE = Path(__file__).resolve().parent.parent / "docs" / "testing.md"


def of(*troubles, signal: str = "test:kick=120,seconds=2") -> list[Block]:
    return list(TapSource(signal, *troubles).blocks(CLOCK))


def show(strict: bool = False) -> Built:
    return build(load("bass-denim"), {"room": (0,)}, CLOCK.sample_rate, strict=strict)


def play(source: object, strict: bool = False) -> tuple[Built, TapOutput]:
    built, tap = show(strict), TapOutput(60)
    built.engine.outputs.append(tap)
    built.engine.run(source)
    return built, tap


def looks(tap: TapOutput) -> list[bytes]:
    return [frame.pixels.tobytes() for frame in tap.frames]


class TestSources:
    def test_without_trouble_it_is_the_source(self) -> None:
        blocks = of()
        assert [block.tick for block in blocks] == list(range(375))
        heard = np.concatenate([block.samples for block in blocks])[:, 0]
        assert np.array_equal(heard, signal_of("kick=120").samples(0, 96_000).astype(np.float32))

    def test_it_ends_early_and_raises(self) -> None:
        assert len(of(ends(0.5))) == 94
        with pytest.raises(DeviceError, match="the tap was pulled out; plug it in again"):
            of(raises(0.5))
        with pytest.raises(ValueError, match="mine"):
            of(raises(0.5, ValueError("mine")))

    def test_a_source_that_raises_closes_everything(self) -> None:
        built, tap = show(), TapOutput()
        built.engine.outputs.append(tap)
        with pytest.raises(DeviceError):
            built.engine.run(TapSource("kick", raises(0.5)))
        assert (tap.times["close"], len(tap.frames)) == (1, 30)

    def test_it_hangs_until_it_is_let_go_and_stalls_once(self) -> None:
        until, began = threading.Event(), time.monotonic()
        threading.Timer(0.2, until.set).start()
        assert len(of(hangs(1.0, until), stalls(1.5, 0.2))) == 375
        assert time.monotonic() - began >= 0.4

    def test_time_jumps_once_and_says_so(self) -> None:
        blocks = of(jumps(1.0, 0.5))
        at = next(i for i, block in enumerate(blocks) if block.gap)
        assert (at, blocks[at].gap, blocks[at].tick) == (188, 94, 188 + 94)
        assert [block.tick for block in blocks[at:]] == list(range(188 + 94, 375 + 94))
        assert sum(block.gap for block in blocks) == 94

    @pytest.mark.parametrize("sizes", [(1,), (64,), (2, 7, 1), (1000,)])
    def test_blocks_of_any_size_hold_the_same(self, sizes: tuple[int, ...]) -> None:
        blocks = of(jumps(1.0, 0.5), sized(sizes))
        assert max(block.n_hops for block in blocks) == min(MAX_HOPS, max(sizes))
        plain = of(jumps(1.0, 0.5))
        assert np.array_equal(*(np.concatenate([b.samples for b in some]) for some in (blocks, plain)))
        assert [(b.tick, b.gap) for b in blocks if b.gap] == [(b.tick, b.gap) for b in plain if b.gap]

    @pytest.mark.parametrize("value", [float("nan"), float("inf"), -1e30, 1e-40])
    def test_what_it_delivers(self, value: float) -> None:
        blocks = of(delivers(value, 1.0, 0.1))
        wrong = [
            b.tick
            for b in blocks
            if np.array_equal(b.samples, np.full_like(b.samples, value), equal_nan=True)
        ]
        assert wrong == list(range(188, 188 + 19))

    def test_the_look_does_not_depend_on_sizes(self) -> None:
        source = "test:kick=120,seconds=1"
        plain, cut = (play(TapSource(source, sized(sizes)), True)[1] for sizes in ((1,), (3, 64, 5)))
        assert looks(plain) == looks(cut)
        assert len(plain.frames) == 60


class TestInput:
    """A live device that misbehaves, by the ring and the signs of life that a microphone has."""

    def test_a_pulled_plug_is_noticed_silence_comes_and_it_comes_back(self) -> None:
        tap = TapInput("test:sine=440", seconds=2.2)
        threading.Timer(0.4, tap.unplug).start()
        threading.Timer(1.4, tap.plug).start()
        gone, levels = [], []
        for block in tap.blocks(CLOCK):
            gone.append(tap.gone)
            levels.append((block.tick, float(np.abs(block.samples).max())))
        assert gone[0] is False
        assert True in gone
        assert gone[-1] is False
        silent = [tick * HOP for tick, level in levels if level == 0.0]
        assert 0.8 < silent[0] < 1.4, "held for half a second"
        assert levels[-1][1] > 0.4
        assert tap._ring is not None
        assert tap._ring.mark[0] < 1.5 * CLOCK.sample_rate, "what was not delivered does not come later"
        assert 100 < tap.lost < 260
        assert [tick for tick, _ in levels] == sorted({tick for tick, _ in levels})

    @pytest.mark.parametrize("chunk", [1, 441, 4096])
    def test_any_size_of_callback(self, chunk: int) -> None:
        for _ in range(3):  # a callback a sample: a machine that others fill may be late
            tap = TapInput("test:sine=440", seconds=0.4)
            tap.chunk = chunk
            blocks = list(tap.blocks(CLOCK))
            if tap.lost == 0:
                break
        heard = np.concatenate([block.samples for block in blocks])[:, 0]
        assert tap.lost == 0
        assert np.isclose(np.abs(heard).max(), 0.5, atol=0.01)

    @pytest.mark.parametrize("value", [float("nan"), float("inf"), 1e30])
    def test_what_is_no_sound_never_leaves_the_source(self, value: float) -> None:
        tap = TapInput(seconds=0.3)
        tap.value = value
        for block in tap.blocks(CLOCK):
            assert np.abs(block.samples).max() <= 8.0

    def test_a_show_heals_after_it(self) -> None:
        tap = TapInput("test:sine=100", seconds=1.5)
        threading.Timer(0.3, setattr, (tap, "value", float("nan"))).start()
        threading.Timer(0.6, setattr, (tap, "value", None)).start()
        built, out = play(tap)
        assert all(np.isfinite(frame.features.values).all() for frame in out.frames)
        assert all(np.isfinite(frame.controls.values).all() for frame in out.frames)
        assert np.isfinite(built.engine.heard).all()
        assert out.frames[-1].features["room.level"] > -20


class TestOutputs:
    def test_it_fails_where_it_is_told_and_the_rest_plays_on(self) -> None:
        built, bad, good = show(), TapOutput(60, "bad"), TapOutput(60, "good")
        bad.fail("send")
        built.engine.outputs += [bad, good]
        built.engine.run(signal_of("kick", 1.0))
        assert (len(bad.frames), len(good.frames)) == (0, 60)
        assert bad.times["close"] >= 1

    @pytest.mark.parametrize("home", ["tapes", "drivers", "speakers", "outputs"])
    def test_every_kind_of_output_may_fail(self, home: str) -> None:
        built, bad, good = show(), TapOutput(60, "bad"), TapOutput(60, "good")
        bad.fail("send", error=ValueError("mine"))
        bad.fail("close")
        getattr(built.engine, home).append(bad)
        getattr(built.engine, home).append(good)
        built.engine.run(signal_of("kick", 0.5))
        assert len(good.frames) == 30 or good.hops > 0
        assert bad.times["send"] == 1

    def test_offline_the_first_trouble_ends_it(self) -> None:
        built, bad = show(strict=True), TapOutput(60)
        bad.fail("send")
        built.engine.outputs.append(bad)
        with pytest.raises(OSError, match="No such device"):
            built.engine.run(signal_of("kick", 1.0))
        assert bad.times["close"] == 1

    def test_one_that_cannot_be_opened_is_tried_again(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("wearsound.mender.FIRST", 0.1)
        monkeypatch.setattr("wearsound.mender.Mender.__init__.__defaults__", (0.1,))
        built, bad = show(), TapOutput(60)
        bad.fail("open", 2, WearsoundError("not there; plug it in"))
        built.engine.outputs.append(bad)
        built.engine.run(Paced(signal_of("kick", 1.5), mute=True))
        assert bad.times["open"] == 3
        assert 10 < len(bad.frames) < 90

    def test_one_that_hangs_or_is_slow(self) -> None:
        tap = TapOutput()
        tap.slow("open", 0.1)
        until = tap.hang("close")
        began = time.monotonic()
        tap.open(CLOCK)
        threading.Timer(0.1, until.set).start()
        tap.close()
        assert time.monotonic() - began >= 0.2


class TestDisk:
    def test_it_is_full_below_its_folder_alone(self, tmp_path: Path) -> None:
        here, there = tmp_path / "here", tmp_path / "there"
        here.mkdir()
        there.mkdir()
        (here / "old").write_text("read me")
        with full_disk(here, 10) as disk:
            (there / "a").write_bytes(bytes(100))
            (here / "a").write_bytes(bytes(4))
            with pytest.raises(OSError, match="No space left") as trouble:
                (here / "b").write_bytes(bytes(7))
            assert trouble.value.errno == errno.ENOSPC
            assert (here / "old").read_text() == "read me"
            disk.room = 3
            (here / "c").write_text("abc")
            with pytest.raises(OSError, match="No space left"):
                (here / "d").write_text("d")
        (here / "e").write_bytes(bytes(100))
        assert (here / "c").read_text() == "abc"

    def test_a_take_says_so_and_the_show_plays_on(
        self, tmp_path: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        built, tap = show(), TapOutput(60)
        tape = TakeTape(tmp_path / "t")
        built.engine.tapes.append(tape)
        built.engine.outputs.append(tap)
        with full_disk(tmp_path, 100_000):
            built.engine.run(Paced(signal_of("kick", 1.5), mute=True))
        assert len(tap.frames) == 90
        assert "the take t cannot be written (no space left); the first 0." in caplog.text


class TestRecordings:
    def test_each_can_be_played(self, tmp_path: Path) -> None:
        made = odd_recordings(tmp_path, 1.0)
        assert [path.stem for path in made] == [*ODD, CUT]
        for path in made:
            samples = np.concatenate([block.samples for block in FileSource(path).blocks(CLOCK)])
            assert np.isfinite(samples).all(), path
            assert len(samples) > 20_000

    def test_a_show_lives_through_each(self, tmp_path: Path) -> None:
        for path in odd_recordings(tmp_path, 0.3):
            source = FileSource(path)
            built = build(load("bass-denim"), source.lanes, CLOCK.sample_rate, strict=True)
            tap = TapOutput(60)
            built.engine.outputs.append(tap)
            built.engine.run(source)
            assert all(np.isfinite(frame.features.values).all() for frame in tap.frames), path


def examples() -> list[str]:
    return re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize("number", range(len(examples())))
def test_the_examples_of_the_page_run(number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    scope: dict[str, object] = {"__name__": "example"}
    exec(compile(examples()[number], f"{PAGE.name} {number}", "exec"), scope)
    tests = [value for name, value in scope.items() if name.startswith("test_")]
    assert tests
    for test in tests:
        test(tmp_path) if test.__code__.co_argcount else test()
