"""The one loop: the same samples give the same frames, however they come; faults stay where they are."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pytest

from wearsound import chance
from wearsound.core import LIGHT_RATE, Block, Clock, Event, Frame
from wearsound.errors import DeviceError
from wearsound.mender import Mender
from wearsound.outputs.record.light import LightTape
from wearsound.outputs.record.sound import SoundTape
from wearsound.outputs.record.vibration import VibrationLayer
from wearsound.show.build import Built, build
from wearsound.show.load import load
from wearsound.sources.signal import test_signal as make_signal

LANES = {"room": (0, 1)}
CLOCK = Clock()


def song(seconds: float = 6.0) -> np.ndarray:
    """Stereo kicks, a sine in the middle, and a second of silence at the end."""
    n = int(seconds * 48_000) // 256 * 256
    kick = make_signal("test:kick=120").samples(0, n)
    out = np.stack([kick, 0.7 * kick], axis=1).astype(np.float32)
    out[n - 48_000 :] = 0
    return out


def blocks(samples: np.ndarray, hops: Sequence[int]) -> Iterator[Block]:
    """Cut samples into blocks of the given numbers of hops, over and over."""
    tick = at = 0
    total = len(samples) // CLOCK.hop
    while tick < total:
        n = min(hops[at % len(hops)], total - tick)
        yield Block(tick, samples[tick * CLOCK.hop : (tick + n) * CLOCK.hop].copy(), LANES, n)
        tick, at = tick + n, at + 1


class Keep:
    """An output and a tape that keep everything."""

    name = "keep"

    def __init__(self, rate: int) -> None:
        self.rate = rate
        self.frames: list[Frame] = []
        self.features: list[np.ndarray] = []
        self.closed = 0

    def open(self, clock: Clock) -> None: ...

    def send(self, frame: Frame) -> None:
        self.frames.append(frame)

    def write(self, block: Block, features: np.ndarray, controls: np.ndarray) -> None:
        self.features.append(features.copy())

    def close(self) -> None:
        self.closed += 1


class Samples:
    """A source of given blocks."""

    live = False
    lanes = LANES
    sample_rate = 48_000

    def __init__(self, samples: np.ndarray, hops: Sequence[int] = (64,)) -> None:
        self.samples, self.hops = samples, hops

    def blocks(self, clock: Clock) -> Iterator[Block]:
        return blocks(self.samples, self.hops)


@pytest.fixture
def built() -> Built:
    return build(load("bass-denim"), LANES, 48_000, strict=True)


def played(hops: Sequence[int], samples: np.ndarray) -> list[Keep]:
    built = build(load("bass-denim"), LANES, 48_000, strict=True)
    outputs = [Keep(30), Keep(LIGHT_RATE), Keep(44)]
    tape = Keep(1)
    built.engine.outputs.extend(outputs)
    built.engine.tapes.append(tape)
    built.engine.run(Samples(samples, hops))
    return [*outputs, tape]


def facts(frame: Frame) -> tuple[object, ...]:
    return (
        frame.tick,
        frame.number,
        frame.time,
        frame.features.values.tobytes(),
        frame.controls.values.tobytes(),
        frame.lit.tobytes(),
        frame.slots,
        frame.scene,
    )


@pytest.mark.parametrize("hops", [[1], [7], [3, 1, 64, 2, 30, 5]], ids=["one", "seven", "ragged"])
def test_grouping_changes_no_bit_of_any_frame(hops: list[int]) -> None:
    samples = song()
    expected, got = played([64], samples), played(hops, samples)
    for a, b in zip(expected[:3], got[:3], strict=True):
        assert [facts(f) for f in a.frames] == [facts(f) for f in b.frames]
    assert np.array_equal(np.concatenate(expected[3].features), np.concatenate(got[3].features))


def test_frames_are_counted_exactly(built: Built) -> None:
    keep = Keep(30)
    built.engine.outputs.append(keep)
    built.engine.run(Samples(song(6.0)))
    assert [frame.number for frame in keep.frames] == list(range(len(keep.frames)))
    assert len(keep.frames) == 6 * 30


def test_the_coat_reacts_and_goes_dark_in_silence(built: Built) -> None:
    keep = Keep(LIGHT_RATE)
    built.engine.outputs.append(keep)
    samples = np.concatenate([song(5.0), np.zeros((48_000 * 6, 2), np.float32)])
    built.engine.run(Samples(samples))
    light = np.array([frame.lit for frame in keep.frames])
    assert light[60:240].max() > 60
    assert (light[-1].max() / 255) ** 2.2 < 0.05  # the rest scene: four hundredths at most


def test_a_panic_is_dark_within_a_second_and_stays_dark(built: Built) -> None:
    keep = Keep(LIGHT_RATE)
    built.engine.outputs.append(keep)
    samples = song(9.0)
    for block in blocks(samples, [8]):
        if block.tick == 752:  # 4.0 s
            built.engine.inbox.put(Event(0, "/wear/panic"))
        built.engine.step(block)
    after = [frame for frame in keep.frames if frame.time > 5.1]
    assert max(frame.lit.max() for frame in keep.frames if 3 < frame.time < 4) > 30
    assert max(frame.lit.max() for frame in after) == 0


def test_reset_repeats(built: Built) -> None:
    keep = Keep(LIGHT_RATE)
    built.engine.outputs.append(keep)
    samples = song(3.0)
    built.engine.run(Samples(samples))
    first = [facts(frame) for frame in keep.frames]
    keep.frames.clear()
    built.engine.reset()
    built.engine.run(Samples(samples))
    assert [facts(frame) for frame in keep.frames] == first


class Broken(Keep):
    def send(self, frame: Frame) -> None:
        raise RuntimeError("the lamp fell down")


def test_live_goes_on_without_the_broken_part(caplog: pytest.LogCaptureFixture) -> None:
    built = build(load("bass-denim"), LANES, 48_000, strict=False)
    broken, keep = Broken(60), Keep(60)
    broken.name = "lamp"
    built.engine.outputs.extend([broken, keep])
    with caplog.at_level(logging.WARNING):
        built.engine.run(Samples(song(2.0)))
    assert len(keep.frames) == 120
    assert [record.getMessage() for record in caplog.records] == [
        "WS-E11 lamp stopped: the lamp fell down; the rest plays on, and it is tried again in 5 s"
    ]
    assert broken.closed >= 1
    assert keep.closed >= 1


def test_a_recording_that_broke_stays_out(caplog: pytest.LogCaptureFixture) -> None:
    """Opened again it would begin anew, and what it keeps would be half the show."""

    class Recording(Broken):
        mends = False

    built = build(load("bass-denim"), LANES, 48_000, strict=False)
    recording = Recording(60)
    recording.name = "sound"
    built.engine.outputs.append(recording)
    with caplog.at_level(logging.WARNING):
        built.engine.run(Samples(song(1.0)))
    assert [record.getMessage() for record in caplog.records] == [
        "WS-E11 sound stopped: the lamp fell down; the rest plays on"
    ]


@pytest.mark.parametrize("layer", [LightTape, SoundTape, VibrationLayer])
def test_every_layer_that_is_no_tape_says_that_it_is_a_recording(layer: type) -> None:
    assert not layer.mends


def test_what_broke_is_opened_again_and_plays_along(caplog: pytest.LogCaptureFixture) -> None:
    class Loose(Keep):
        opened = 0

        def open(self, clock: Clock) -> None:
            self.opened += 1
            if self.opened == 2:
                raise OSError("still out")

        def send(self, frame: Frame) -> None:
            if self.opened == 1 and len(self.frames) == 5:
                raise RuntimeError("pulled out")
            super().send(frame)

    built = build(load("bass-denim"), LANES, 48_000, strict=False)
    loose, steady = Loose(60), Keep(60)
    loose.name = "lamp"
    built.engine.outputs.extend([loose, steady])
    mended = Mender(CLOCK, first=0.01)
    silence = np.zeros((256, 2), np.float32)
    for output in built.engine.outputs:
        output.open(CLOCK)
    built.engine._mender = mended
    tick = 0
    while loose.opened < 3 or loose not in built.engine.outputs:
        built.engine.step(Block(tick, silence, LANES, 1))
        tick += 1
        time.sleep(0.0005)
        assert tick < 20_000
    before = len(loose.frames)
    for _ in range(20):
        built.engine.step(Block(tick, silence, LANES, 1))
        tick += 1
    mended.end()
    assert len(loose.frames) > before
    assert "lamp is back" in caplog.text
    assert [frame.number for frame in steady.frames] == list(range(len(steady.frames)))


def test_a_panic_gets_through_whatever_else_comes(built: Built) -> None:
    engine = built.engine
    for _ in range(20_000):
        engine.inbox.put(Event(0, "/junk"))
    assert engine.inbox.put(Event(0, "/wear/panic"))
    engine.step(Block(0, np.zeros((256, 2), np.float32), LANES, 1))
    assert engine.master.dark == "panic"


def test_events_from_outside_stand_in_the_block_at_its_first_hop(built: Built) -> None:
    seen: list[tuple[int, int, str]] = []

    class Tape(Keep):
        def write(self, block: Block, features: np.ndarray, controls: np.ndarray) -> None:
            seen.extend((block.tick, event.tick, event.address) for event in block.events)

    built.engine.tapes.append(Tape(1))
    for k, block in enumerate(blocks(song(0.5), [7])):
        if k == 3:
            built.engine.inbox.put(Event(0, "/wear/mark", (1,)))
        built.engine.step(block)
    assert seen == [(21, 21, "/wear/mark")]


def test_offline_the_first_trouble_ends_it_and_closes_everything(built: Built) -> None:
    broken, keep = Broken(60), Keep(60)
    built.engine.outputs.extend([keep, broken])
    with pytest.raises(RuntimeError):
        built.engine.run(Samples(song(2.0)))
    assert broken.closed == keep.closed == 1


def test_the_source_is_closed_when_an_output_raises(built: Built) -> None:
    ended = []

    class Watched(Samples):
        def blocks(self, clock: Clock) -> Iterator[Block]:
            try:
                yield from super().blocks(clock)
            finally:
                ended.append(True)

    built.engine.outputs.append(Broken(60))
    with pytest.raises(RuntimeError):
        built.engine.run(Watched(song(2.0)))
    assert ended == [True]


def test_seconds_come_from_ticks() -> None:
    assert CLOCK.seconds(187_500) == 1000.0
    assert CLOCK.due(187_499, 30) == 30_000
    assert [len(CLOCK.due_hops(t, 64, 60)) for t in (0, 64, 128)] == [20, 20, 21]


def test_looked_up_numbers_do_not_depend_on_who_asked_before() -> None:
    one = chance.uniforms(7, "petals", 100)
    assert one[42] == chance.uniform(7, "petals", 42)
    assert np.array_equal(one[10:], chance.uniforms(7, "petals", 90, 10))
    assert not np.array_equal(one, chance.uniforms(8, "petals", 100))
    assert abs(chance.uniforms(1, "a", 100_000).mean() - 0.5) < 0.005
    # Stable for ever: editions depend on it.
    assert [round(chance.uniform(7, "edition", k), 12) for k in range(2)] == GOLDEN


GOLDEN = [0.387580270501, 0.244477237725]


def test_a_scene_can_be_called_and_an_unknown_one_stops_nothing(
    built: Built, caplog: pytest.LogCaptureFixture
) -> None:
    keep = Keep(LIGHT_RATE)
    built.engine.outputs.append(keep)
    for block in blocks(song(4.0), [8]):
        if block.tick == 200:
            built.engine.inbox.put(Event(0, "/wear/scene/rest"))
            built.engine.inbox.put(Event(0, "/wear/scene/rset"))
        built.engine.step(block)
    assert keep.frames[0].scene == "groove"
    assert keep.frames[-1].scene == "rest"
    assert "rset" in caplog.text


def test_the_ear_is_told_the_tempo_even_if_no_sound_came_with_it(built: Built) -> None:
    tempo = built.engine.parts.ear.specs.index(
        next(s for s in built.engine.parts.ear.specs if s.name == "room.tempo")
    )
    silence = np.zeros((256, 1), np.float32)
    tape = Keep(60)
    built.engine.tapes.append(tape)
    built.engine.step(Block(0, silence, {"room": (0,)}, 1))
    built.engine.inbox.put(Event(0, "/wear/tempo/bpm", (97.0,)))
    built.engine.step(Block(1, silence[:0], {"room": (0,)}, 0))
    built.engine.step(Block(1, silence, {"room": (0,)}, 1))
    assert tape.features[0][-1, tempo] == 0
    assert tape.features[-1][-1, tempo] == pytest.approx(97.0, abs=0.1)


def test_outputs_go_dark_before_a_slow_source_lets_go(built: Built) -> None:
    order = []

    class Slow(Samples):
        def blocks(self, clock: Clock) -> Iterator[Block]:
            try:
                yield from super().blocks(clock)
            finally:
                order.append("source")

    class Told(Keep):
        def close(self) -> None:
            order.append("output")

    built.engine.outputs.append(Told(60))
    built.engine.inbox.put(Event(0, "/wear/quit"))
    built.engine.run(Slow(song(2.0)))
    assert order == ["output", "source"]


@pytest.mark.parametrize(
    "event",
    [
        "panic",
        None,
        Event(0, 5),  # type: ignore[arg-type]
        Event(0, "/wear/tempo/bpm", 5),  # type: ignore[arg-type]
        Event(0, "/wear/tempo/bpm", (10**400,)),
        Event(0, "/wear/master", (10**400,)),
        Event(None, "/wear/tempo/tap"),  # type: ignore[arg-type]
    ],
)
def test_what_is_no_event_is_left_out(event: Any, built: Built) -> None:
    engine = built.engine
    engine.inbox.put(event)
    block = Block(0, np.zeros((256, 2), np.float32), LANES, 1, events=(event,))
    engine.step(block)
    assert engine.hops == 1


def test_hands_need_no_hop(built: Built) -> None:
    """While sound is lost nothing is heard, but a panic is obeyed at once, and the next block still tells of it."""
    engine = built.engine
    told: list[tuple[int, str]] = []

    class Tape(Keep):
        def write(self, block: Block, features: np.ndarray, controls: np.ndarray) -> None:
            told.extend((event.tick, event.address) for event in block.events)

    engine.tapes.append(Tape(1))
    nothing = np.zeros((0, 2), np.float32)
    engine.inbox.put(Event(0, "/wear/mark", (1,)))
    for address in ("/wear/panic", "/wear/resume", "/wear/panic"):
        engine.inbox.put(Event(0, address))
        engine.step(Block(5, nothing, LANES, 0))
    assert engine.master.dark == "panic"
    assert told == []
    engine.step(Block(9, np.zeros((256, 2), np.float32), LANES, 1))
    assert told == [(9, "/wear/resume"), (9, "/wear/panic"), (9, "/wear/mark")]


def test_a_show_begins_without_a_spare_output_that_cannot_be_opened(caplog: pytest.LogCaptureFixture) -> None:
    class Away(Keep):
        spare = True

        def open(self, clock: Clock) -> None:
            raise DeviceError("no host called 'video': give its IP address")

    built = build(load("bass-denim"), LANES, 48_000, strict=False)
    away, keep = Away(60), Keep(60)
    built.engine.outputs.extend([away, keep])
    built.engine.run(Samples(song(0.5)))
    assert len(keep.frames) == 29
    assert "no host called 'video'" in caplog.text
    strict = build(load("bass-denim"), LANES, 48_000, strict=True)
    strict.engine.outputs.append(Away(60))
    with pytest.raises(DeviceError):
        strict.engine.run(Samples(song(0.5)))


def test_a_resume_that_was_recorded_does_not_lift_a_panic_of_today(built: Built) -> None:
    engine = built.engine
    silent = np.zeros((256, 2), np.float32)

    def step(tick: int, *events: Event) -> None:
        engine.step(Block(tick, silent, {"room": (0, 1)}, 1, events=events))

    engine.inbox.put(Event(0, "/wear/panic", by="key"))
    step(0)
    step(1, Event(1, "/wear/resume"))
    assert engine.master.dark == "panic"
    engine.inbox.put(Event(0, "/wear/resume", by="key"))
    step(2)
    assert engine.master.dark == ""
    step(3, Event(3, "/wear/panic"))
    assert engine.master.dark == "panic"
    step(4, Event(4, "/wear/resume"))
    assert engine.master.dark == ""
