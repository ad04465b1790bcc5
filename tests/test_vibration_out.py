"""Vibration on its way out: the bytes, who is on which channel, zero whenever nobody plays, and the cushion."""

from __future__ import annotations

import struct
import time
from collections.abc import Iterator

import numpy as np
import pytest
from receivers import Listener, wait_for
from simulated_driver import read_datagram, read_osc
from thorough import some

from wearsound.core import MAX_HOPS, Clock, Event
from wearsound.felt import LIFETIME, Drive
from wearsound.osc.packet import read
from wearsound.outputs.cushion import RAMP, Cushion
from wearsound.outputs.delay import DelaySetting
from wearsound.outputs.hand import TOUCH
from wearsound.outputs.udp import Udp
from wearsound.outputs.vibration import frames
from wearsound.outputs.vibration.channels import Channels
from wearsound.outputs.vibration.held import REST, Held
from wearsound.outputs.vibration.sender import STALL, TIMES, FrameSender
from wearsound.sources.outlet import LATEST, too_late

CLOCK = Clock()
RATE = CLOCK.sample_rate
SOON = 0.06
"""Seconds after which what was sent on this machine has come."""


def drive_of(levels: list[list[float]], hz: float = 100.0) -> Drive:
    """A block whose hops end at these levels, with a sine as its wave."""
    level = np.array(levels, float)
    n = len(level) * CLOCK.hop
    sine = np.sin(2 * np.pi * hz * np.arange(n) / RATE)[:, None]
    return Drive(
        (sine * np.repeat(level, CLOCK.hop, axis=0)).astype(np.float32), level, np.full_like(level, hz)
    )


class TestFrames:
    def test_the_bytes_of_a_datagram_are_as_documented(self) -> None:
        assert frames.datagram([127, -127, 0, 1], 0x1234) == b"WV\x01\x00\x12\x34\x78\x04\x7f\x81\x00\x01"
        assert (
            frames.datagram([255, 0], 65_537, life_ms=250, positive=True)
            == b"WV\x01\x01\x00\x01\xfa\x02\xff\x00"
        )

    def test_the_simulated_driver_reads_what_was_meant(self) -> None:
        values = [-127, -1, 0, 1, 127]
        assert read_datagram(frames.datagram(values, 65_535)) == (65_535, frames.LIFE_MS, values)
        assert read_datagram(frames.datagram([0, 200], 7, positive=True)) == (7, frames.LIFE_MS, [0, 200])
        for n in (1, 2, 3, 64):
            assert read_osc(frames.osc([n] * n, 3)) == (3, frames.LIFE_MS, [n] * n)

    def test_osc_is_a_message_that_our_own_reader_reads(self) -> None:
        (message,) = read(frames.osc([-127, 5, 0], 9))
        assert (message.address, message.args) == ("/wear/drive", (9, frames.LIFE_MS, -127, 5, 0))

    @pytest.mark.parametrize("life", [-1, 251, 10_000])
    def test_no_frame_holds_for_longer_than_the_dead_man_allows(self, life: int) -> None:
        for make in (frames.datagram, frames.osc):
            with pytest.raises(ValueError, match="ms"):
                make([1], 1, life_ms=life)
        assert 1000 * LIFETIME >= 2 * frames.LIFE_MS

    def test_amplitudes_keep_to_their_range(self) -> None:
        assert [frames.signed(v) for v in (-9.0, -1.0, -0.5, 0.0, 0.5, 1.0, 9.0)] == [
            -127,
            -127,
            -64,
            0,
            64,
            127,
            127,
        ]
        assert [frames.unsigned(v) for v in (-1.0, 0.0, 0.5, 1.0, 9.0)] == [0, 0, 128, 255, 255]


class TestChannels:
    def test_each_actuator_is_on_its_channel_and_nobody_elses_moves(self) -> None:
        channels = Channels({3: [0], 0: [2]})
        assert channels.levels(np.array([0.1, 0.2, 0.3])).tolist() == [0.3, 0.0, 0.0, 0.1]

    def test_several_on_one_get_their_mean(self) -> None:
        channels = Channels({0: [0, 1], 1: [2]})
        assert channels.levels(np.array([1.0, 0.0, -0.5])).tolist() == [0.5, -0.5]
        wave = channels.wave(
            np.array([[1.0, 0.0, -0.5]] * CLOCK.hop, np.float32), np.array([[1.0, 0, -0.5]]), CLOCK.hop
        )
        assert np.unique(wave, axis=0).tolist() == [[0.5, -0.5]]

    def test_the_limit_turns_down_and_does_not_cut(self) -> None:
        loud = drive_of([[1.0]] * 40)
        out = Channels({0: [0]}, 0.3).wave(loud.wave, loud.level, CLOCK.hop)[10 * CLOCK.hop :, 0]
        assert np.abs(out).max() <= 0.3
        spectrum = np.abs(np.fft.rfft(out[: 30 * 256] * np.hanning(30 * 256)))
        hz = np.fft.rfftfreq(30 * 256, 1 / RATE)
        assert spectrum[hz > 250].max() < 1e-3 * spectrum.max()  # a cut sine has a third of itself at 300 Hz
        quiet = drive_of([[0.25]] * 4)
        assert np.array_equal(Channels({0: [0]}, 0.3).wave(quiet.wave, quiet.level, CLOCK.hop), quiet.wave)
        assert Channels({0: [0]}, 0.3).levels(np.array([-1.0])).tolist() == [-0.3]

    def test_what_is_no_number_is_still(self) -> None:
        channels = Channels({0: [0], 1: [1]})
        assert channels.levels(np.array([np.nan, np.inf])).tolist() == [0.0, 0.0]

    def test_grouping_changes_nothing(self) -> None:
        rng = np.random.default_rng(3)
        whole = drive_of(rng.uniform(-1, 1, (64, 2)).tolist())
        at_once = Channels({0: [0], 1: [0, 1]}, 0.4).wave(whole.wave, whole.level, CLOCK.hop)
        pieces = Channels({0: [0], 1: [0, 1]}, 0.4)
        parts, at = [], 0
        for n in (1, 2, 5, 56):
            wave = whole.wave[at * CLOCK.hop : (at + n) * CLOCK.hop]
            parts.append(pieces.wave(wave, whole.level[at : at + n], CLOCK.hop))
            at += n
        assert np.array_equal(np.concatenate(parts), at_once)


class TestHeld:
    def test_pieces_come_later_in_their_order_and_panic_forgets_them(self) -> None:
        held: Held[str] = Held(DelaySetting(3 * CLOCK.hop / RATE, "/wear/delay/x", "it"))
        held.open(CLOCK)
        held.put(1, "a")
        held.put(2, "b")
        assert [held.due(now) for now in (1, 3, 4, 5)] == [[], [], ["a"], ["b"]]
        held.put(6, "c")
        held.take(Event(0, "/wear/panic"))
        held.take(Event(0, "/wear/resume"))  # before it could be obeyed
        assert (held.due(7), held.still) == ([], True)
        held.put(8, "d")
        assert [held.due(now) for now in (9, 11)] == [[], ["d"]]
        assert not held.still
        assert held.gain == 1.0

    @pytest.mark.parametrize("rest", [("/wear/blackout", (1,)), ("/wear/master", (0.0,))])
    def test_blackout_and_a_master_at_nothing_fade_what_waits(self, rest: tuple[str, tuple[float]]) -> None:
        held: Held[int] = Held(DelaySetting(3.0, "/wear/delay/x", "it"))
        held.open(CLOCK)
        second = round(RATE / CLOCK.hop)
        gains, left = [], []
        for now in range(1, 9 * second):
            if now == 4 * second:
                held.take(Event(0, *rest))
            if now == 6 * second:
                held.take(Event(0, "/wear/resume"))
                held.take(Event(0, "/wear/master", (1.0,)))
            held.put(now, now)
            left += held.due(now)
            gains.append(0.0 if held.still else held.gain)
        down = np.array(gains[4 * second : 5 * second])
        assert (np.diff(down) <= 0).all()
        assert np.abs(np.diff(down)).max() < 1.01 * CLOCK.hop / (TOUCH * RATE)
        assert not any(gains[round((4 + TOUCH) * second) + 2 : 6 * second - 1])
        # Nothing of before the dark comes after it, and what came after it is in its order and 3 s late.
        assert min(n for n in left if n > 2.5 * second) == 6 * second
        assert left[-1] == pytest.approx(6 * second, abs=2)
        assert np.diff(left).min() == 1

    def test_a_delay_that_shrinks_is_still_and_one_that_grows_too(self) -> None:
        setting = DelaySetting(1.0, "/wear/delay/x", "it")
        held: Held[int] = Held(setting)
        held.open(CLOCK)
        second = round(RATE / CLOCK.hop)
        played: dict[int, int] = {}
        for now in range(1, 40 * second):
            setting.seconds = 8.0 if now >= 30 * second else 0.9 if now >= 20 * second else 1.0
            held.put(now, now)
            for piece in held.due(now):
                played[now] = piece
        quiet = [now for now in range(2 * second, 40 * second) if now not in played]
        assert quiet[0] == 20 * second
        assert len([n for n in quiet if n < 30 * second]) == pytest.approx(REST * RATE / CLOCK.hop, abs=2)
        assert len([n for n in quiet if n >= 30 * second]) == pytest.approx(7.1 * RATE / CLOCK.hop, abs=3)
        pieces = list(played.values())
        assert pieces == sorted(set(pieces))

    def test_its_address_sets_it(self) -> None:
        delay = DelaySetting(0.0, "/wear/delay/coat", "it")
        delay.take(Event(0, "/wear/delay/coat", (120.0,)))
        assert delay.seconds == 0.12
        delay.take(Event(0, "/wear/delay/coat", (float("nan"),)))
        delay.take(Event(0, "/wear/delay/other", (7.0,)))
        assert delay.seconds == 0.12
        delay.take(Event(0, "/wear/delay/coat", (1e9,)))
        assert delay.seconds == 10.0


@pytest.fixture
def listener() -> Iterator[Listener]:
    with Listener() as made:
        yield made


def sender_to(port: int, **how: object) -> FrameSender:
    udp = Udp("coat", "127.0.0.1", port, kind="vibration")
    return FrameSender("coat", udp, Channels({0: [0], 1: [1]}), **how)  # type: ignore[arg-type]


def values_of(listener: Listener) -> list[list[int]]:
    return [read_datagram(data)[2] for _, data in listener.packets]


class TestSender:
    def test_a_frame_a_hop_with_a_lifetime_and_numbers_that_count_up(self, listener: Listener) -> None:
        sender = sender_to(listener.port)
        sender.open(CLOCK)
        for tick in range(200):
            sender.drive(tick, 0, drive_of([[0.5, -1.0]]))
        wait_for(lambda: len(listener.packets) == 200)
        sender.close()
        read = [read_datagram(data) for _, data in listener.packets[:200]]
        assert [sequence for sequence, _, _ in read] == list(range(1, 201))
        assert {life for _, life, _ in read} == {frames.LIFE_MS}
        assert read[-1][2] == [64, -127]

    def test_of_a_burst_only_its_end_leaves(self, listener: Listener) -> None:
        sender = sender_to(listener.port)
        sender.open(CLOCK)
        sender.drive(0, 0, drive_of([[0.1, 0.1]] * (MAX_HOPS - 1) + [[0.9, 0.0]]))
        time.sleep(SOON)
        assert values_of(listener)[0] == [114, 0]
        assert sum(any(v) for v in values_of(listener)) == 1
        sender.close()

    def test_no_oftener_than_its_cap(self, listener: Listener) -> None:
        sender = sender_to(listener.port, rate=50)
        sender.open(CLOCK)
        n = round(RATE / CLOCK.hop)
        for tick in range(n):
            sender.drive(tick, 0, drive_of([[0.5, 0.5]]))
        time.sleep(SOON)
        assert 49 <= sum(any(v) for v in values_of(listener)) <= 50
        sender.close()

    def test_zero_is_said_three_times_and_then_now_and_then(self, listener: Listener) -> None:
        sender = sender_to(listener.port)
        sender.open(CLOCK)
        for tick in range(5):
            sender.drive(tick, 0, drive_of([[1.0, 1.0]]))
        begun = time.monotonic()
        tick = 5
        while time.monotonic() < begun + 0.55:
            sender.drive(tick, 0, drive_of([[0.0, 0.0]]))
            tick += 1
            time.sleep(0.004)
        zeroes = [values for values in values_of(listener) if not any(values)]
        assert TIMES + 2 <= len(zeroes) <= TIMES + 7
        sender.close()

    def test_an_engine_that_hangs_is_still_and_comes_back_without_a_knock(self, listener: Listener) -> None:
        sender = sender_to(listener.port)
        sender.open(CLOCK)
        for tick in range(9):
            sender.drive(tick, 0, drive_of([[1.0, 1.0]]))
        hung = time.monotonic()
        wait_for(lambda: listener.packets and values_of(listener)[-1] == [0, 0], 5)
        assert listener.packets[-1][0] - hung < 0.2 > STALL
        time.sleep(SOON)
        at = len(listener.packets)
        for tick in range(9, 30):
            sender.drive(tick, 0, drive_of([[1.0, 1.0]]))
        wait_for(lambda: [127, 127] in values_of(listener)[at:])
        rising = [values[0] for values in values_of(listener)[at:] if any(values)]
        assert rising[0] < 127 / 4
        assert rising == sorted(rising)
        sender.close()

    @pytest.mark.parametrize("hangs", [True, False])
    def test_panic_is_obeyed_at_once_and_until_resumed(self, listener: Listener, hangs: bool) -> None:
        sender = sender_to(listener.port)
        sender.open(CLOCK)
        for tick in range(9):
            sender.drive(tick, 0, drive_of([[1.0, 1.0]]))
        wait_for(lambda: len(listener.packets) == 9)
        told = time.monotonic()
        sender.take(Event(0, "/wear/panic"))
        if not hangs:  # an engine that has not heard of it yet
            for tick in range(9, 30):
                sender.drive(tick, 0, drive_of([[1.0, 1.0]]))
        wait_for(lambda: values_of(listener)[-1] == [0, 0], 5)
        assert listener.packets[9][0] - told < 0.05
        time.sleep(SOON)
        assert not any(any(values) for values in values_of(listener)[9:])
        sender.take(Event(0, "/wear/resume"))
        for tick in range(30, 60):
            sender.drive(tick, 0, drive_of([[1.0, 1.0]]))
        wait_for(lambda: [127, 127] in values_of(listener)[9:])
        sender.close()

    def test_what_waited_in_its_delay_does_not_outlive_a_panic(self, listener: Listener) -> None:
        sender = sender_to(listener.port, delay=10 * CLOCK.hop / RATE)
        sender.open(CLOCK)
        for tick in range(20):
            sender.drive(tick, 0, drive_of([[1.0, 0.0]]))
        sender.take(Event(0, "/wear/panic"))
        sender.drive(20, 0, drive_of([[1.0, 0.0]]))
        sender.take(Event(0, "/wear/resume"))
        time.sleep(SOON)
        at = len(listener.packets)
        assert sum(any(values) for values in values_of(listener)) == 10
        for tick in range(21, 31):
            sender.drive(tick, 0, drive_of([[0.0, 0.0]]))
        time.sleep(SOON)
        assert not any(any(values) for values in values_of(listener)[at:])
        sender.close()

    def test_it_ends_with_three_zeroes_whatever_came_before(self, listener: Listener) -> None:
        sender = sender_to(listener.port)
        sender.open(CLOCK)
        for tick in range(9):
            sender.drive(tick, 0, drive_of([[1.0, 1.0]]))
        sender.close()
        sender.close()
        time.sleep(SOON)
        assert values_of(listener)[-TIMES:] == [[0, 0]] * TIMES
        assert values_of(listener)[-TIMES - 1] == [127, 127]

    def test_as_osc(self, listener: Listener) -> None:
        sender = sender_to(listener.port, osc=True, positive=True)
        sender.open(CLOCK)
        for tick in range(9):
            sender.drive(tick, 0, drive_of([[1.0, -1.0]]))
        sender.close()
        time.sleep(SOON)
        read = [read_osc(data) for _, data in listener.packets]
        assert read[8] == (9, frames.LIFE_MS, [255, 0])
        assert read[-1][2] == [0, 0]


def played(
    cushion: Cushion, seconds: float, ppm: float = 0.0, block: int = 480, hz: float = 100.0
) -> np.ndarray:
    """What a device that is `ppm` faster takes from a cushion that an engine fills with a sine, hop by hop."""
    out, at, taken = [], 0, 0.0
    while taken < seconds * RATE:
        taken += block
        heard = np.zeros((block, 1), np.float32)
        while at < taken / (1 + ppm * 1e-6):
            n = np.arange(at, at + CLOCK.hop)
            cushion.write(np.sin(2 * np.pi * hz * n / RATE)[:, None].astype(np.float32))
            at += CLOCK.hop
        cushion.read(heard)
        out.append(heard)
    return np.concatenate(out)[:, 0]


class TestCushion:
    @pytest.mark.parametrize("ppm", [0, 2500, -2500])  # bad ones, so that half a minute is enough
    @pytest.mark.parametrize("block", some([64, 256, 480, 1024], 3))
    def test_two_crystals_drift_and_nobody_feels_it(self, ppm: int, block: int) -> None:
        cushion = Cushion(1, RATE)
        heard = played(cushion, 30.0, ppm, block)
        steady = heard[5 * RATE :]
        assert (cushion.dry, cushion.skipped) == (0, 0)
        assert np.abs(np.diff(steady)).max() < 1.1 * 2 * np.pi * 100 / RATE  # no step anywhere
        last = steady[-8 * RATE :]
        spectrum = np.abs(np.fft.rfft(last * np.hanning(len(last))))
        hz = np.fft.rfftfreq(len(last), 1 / RATE)
        assert abs(hz[spectrum.argmax()] - 100.0) < 0.4
        assert spectrum[np.abs(hz - 100) > 20].max() < 0.01 * spectrum.max()
        assert cushion.waiting < 0.06

    def test_silent_within_a_ramp_when_nothing_comes_and_back_with_one(self) -> None:
        cushion = Cushion(1, RATE)
        played(cushion, 1.0)
        heard = np.zeros((RATE // 2, 1), np.float32)
        for at in range(0, len(heard), 480):
            cushion.read(heard[at : at + 480])
        sounding = np.flatnonzero(heard)
        assert sounding[-1] / RATE < 0.1
        assert np.abs(np.diff(heard[:, 0])).max() < 1.0 / (RAMP * RATE) + 0.02
        assert cushion.dry == 1
        again = played(cushion, 1.0)
        begun = np.flatnonzero(again)[0]
        assert np.abs(again[begun : begun + 240]).max() < 0.35
        assert np.abs(again).max() > 0.99

    def test_quiet_is_obeyed_within_a_callback(self) -> None:
        cushion = Cushion(1, RATE)
        played(cushion, 1.0)
        cushion.quiet = True
        heard = played(cushion, 0.5)
        assert not heard[round(RAMP * RATE) :].any()
        cushion.quiet = False
        assert np.abs(played(cushion, 0.5)).max() > 0.99

    @pytest.mark.parametrize("latency", [0.0, 0.02, 0.06, LATEST])
    def test_all_that_waits_is_over_within_the_dead_man(self, latency: float) -> None:
        """The engine hangs after a burst, with the cushion as long as it ever gets, before a device that is late."""
        block = round(0.5 * latency * RATE) or 256
        cushion = Cushion(1, RATE)
        cushion.fit(latency)
        heard = np.zeros((block, 1), np.float32)
        for _ in range(20):  # it runs dry again and again
            cushion.write(np.ones((RATE // 4, 1), np.float32))
            for _ in range(RATE // 3 // block):
                cushion.read(heard)
        cushion.write(np.ones((RATE // 2, 1), np.float32))
        left = 0
        while heard.any() or not left:
            cushion.read(heard)
            left += block
        assert cushion.dry > 10
        assert (left - block) / RATE + latency <= LIFETIME
        assert cushion.wanted >= 0.02

    def test_a_device_that_plays_too_late_is_refused_with_a_remedy(self) -> None:
        assert too_late("Cheap radio", LATEST) == ""
        assert too_late("Cheap radio", 0.3) == (
            "Cheap radio plays 300 ms late, and would shake for so long after everything has stopped (120 ms are "
            "allowed); choose a device by cable, or set a smaller buffer in its settings"
        )
        assert too_late("Cheap radio", float("nan"))

    def test_after_a_burst_what_is_late_is_left_out(self) -> None:
        cushion = Cushion(1, RATE)
        played(cushion, 1.0)
        cushion.write(np.zeros((RATE // 3, 1), np.float32))
        heard = np.zeros((480, 1), np.float32)
        cushion.read(heard)
        assert cushion.skipped == 1
        assert cushion.waiting < 0.04
        assert np.abs(np.diff(heard[:, 0])).max() < 1.0 / (RAMP * RATE) + 0.02

    def test_more_than_it_holds_is_no_fault(self) -> None:
        cushion = Cushion(2, RATE)
        cushion.write(np.ones((5 * RATE, 2), np.float32))
        heard = np.zeros((480, 2), np.float32)
        for _ in range(2):
            cushion.read(heard)
        assert heard[-1] == pytest.approx([1.0, 1.0], abs=1e-6)


def test_struct_of_the_head_is_eight_bytes() -> None:
    assert struct.calcsize(">2sBBHBB") == 8
