"""A show that is late and makes up for it flashes three times in a second of the room, not of its own."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from wearsound import chance
from wearsound.core import LIGHT_RATE, Block, Clock, Event, Frame, Health, Row
from wearsound.garment.sewn import sewn
from wearsound.outputs.delay import Delayed
from wearsound.parts import HURRY
from wearsound.safety.flash import FlashGuard
from wearsound.show.load import load
from wearsound.sources.room_time import JITTER, RoomTime
from wearsound.testing.flash_counter import MOST, count
from wearsound.testing.outputs import TapOutput

CLOCK = Clock()
HOP, RATE = CLOCK.hop, CLOCK.sample_rate / CLOCK.hop
ONE = {"room": (0,)}


class Played:
    """A source whose blocks come at moments of a list: (hops lost before, hops, seconds of the room)."""

    live, lanes, sample_rate = True, ONE, CLOCK.sample_rate

    def __init__(self, blocks: list[tuple[int, int, float]], events: tuple[Event, ...] = ()) -> None:
        self.list, self.events, self.room = blocks, events, 0.0

    def blocks(self, clock: Clock) -> Iterator[Block]:
        tick = 0
        for gap, hops, moment in self.list:
            self.room, tick = moment, tick + gap
            yield Block(tick, np.zeros((hops * HOP, 1), np.float32), ONE, hops, events=self.events, gap=gap)
            tick += hops


def heard(source: Played) -> list[Block]:
    return list(RoomTime(source, lambda: source.room).blocks(CLOCK))


def hurries(blocks: list[Block]) -> list[int]:
    return [event.args[0] for block in blocks for event in block.events if event.address == HURRY]


def steady(seconds: float, jitter: float = 0.0) -> list[tuple[int, int, float]]:
    n = int(seconds * RATE)
    return [(0, 1, (k + 1) / RATE + jitter * chance.uniform(1, "jitter", k)) for k in range(n)]


def test_who_is_in_time_says_nothing() -> None:
    assert hurries(heard(Played(steady(20.0)))) == []
    assert hurries(heard(Played(steady(20.0, jitter=0.9 * (JITTER - 1) / RATE)))) == []


def test_what_comes_at_once_is_told_once() -> None:
    first = steady(1.0)
    after = [(0, 1, 1.3 + (k + 1) / RATE) for k in range(100)]
    late = heard(Played([*first, (0, 56, 1.3), *after]))
    assert hurries(late) == [56]
    assert late[len(first)].events == (Event(len(first), HURRY, (56,)),)


def test_time_that_was_jumped_over_and_did_not_pass_is_told() -> None:
    first = steady(1.0)
    held = [(0, 1, 0.4 + 1.0 + (k + 1) / RATE) for k in range(100)]  # 0.4 s in which nothing came
    at = held[-1][2]
    (told,) = hurries(heard(Played([*first, *held, (75, 1, at + 1 / RATE)])))
    assert told == pytest.approx(75, abs=2)
    really = [*first, (75, 1, 1.0 + 76 / RATE)]
    assert hurries(heard(Played(really))) == []


def test_what_is_seen_late_is_late_though_it_came_in_time() -> None:
    """Who plays stands still for 0.4 s with a block in hand; what came meanwhile is left out."""
    first = steady(1.0)
    source = Played([*first, (74, 1, 1.4)])
    for block in RoomTime(source, lambda: source.room).blocks(CLOCK):
        told = hurries([block])
        source.room = 1.4 if block.tick == len(first) - 1 else source.room
    assert told == [75]
    assert hurries(heard(Played([*first, (74, 1, 1.4)]))) == []


def test_what_a_take_told_of_its_own_room_is_over() -> None:
    source = Played(steady(0.2), (Event(0, HURRY, (500,)), Event(0, "/wear/scene/rest")))
    assert {event.address for block in heard(source) for event in block.events} == {"/wear/scene/rest"}


def chaotic(seed: int) -> list[tuple[int, int, float]]:
    """Twelve seconds in which the machine stands still, and makes up for it or leaves it out."""
    blocks, room, at, tick = [], 0.0, 0, 0.0
    while room < 12.0:
        at += 1
        u = chance.uniforms(seed, "chaos", 3, 3 * at)
        stands = 0.05 + 0.4 * u[1] if u[0] < 0.02 else 1 / RATE
        room += stands
        due = int(room * RATE - tick)
        if due < 1:
            continue
        gap = due - 1 if u[2] < 0.3 else 0
        blocks.append((gap, due - gap, room))
        tick += due
        if u[0] > 0.997:  # a burst that is too early
            blocks.append((int(60 * u[2]), 1, room))
            tick += blocks[-1][0] + 1
    return blocks


def jumping(seed: int) -> list[tuple[int, int, float]]:
    """Time that is jumped over though it did not pass: 0.1 s more with every seed, once a half second."""
    blocks, each = [], int(RATE / 2)
    for k in range(12 * int(RATE)):
        blocks.append((int(0.1 * seed * RATE) if k % each == each - 1 else 0, 1, (k + 1) / RATE))
    return blocks


def standing() -> tuple[list[tuple[int, int, float]], dict[int, float]]:
    """Who plays stands still for 0.45 s, 1.55 s apart, with a block in hand, and leaves out what came meanwhile."""
    blocks, stands, room, tick = [], {}, 0.0, 0
    while room < 12.0:
        gap = max(0, int(room * RATE) - tick - 1)
        room = max(room, (tick + gap + 1) / RATE)
        blocks.append((gap, 1, room))
        if room >= 1.55 * (len(stands) + 1):
            room += 0.45
            stands[tick + gap] = room
        tick += gap + 1
    return blocks, stands


def seen(
    blocks: list[tuple[int, int, float]], told: bool, stands: dict[int, float] | None = None, period: int = 4
) -> int:
    """Flashes in the worst second of what a display shows, 60 pictures a second, of a strobe of red on a chest.

    A block of `stands` is shown later than it came.
    """
    body = sewn(load("bass-denim").garment)
    guard = FlashGuard(body.zone, body.area, CLOCK, body.place, body.figure, body.lamp)
    source = Played(blocks)
    times, frames = [0.0], [np.zeros((body.n_pixels, 3))]
    for block in RoomTime(source, lambda: source.room).blocks(CLOCK):
        for event in block.events if told else ():
            guard.hurry(event.args[0])
        source.room = (stands or {}).get(block.tick, source.room)
        for hop in CLOCK.due_hops(block.tick, block.n_hops, LIGHT_RATE):
            tick = block.tick + hop
            light = np.zeros((body.n_pixels, 3))
            light[body.zone == 2] = [0.5 if len(frames) // period % 2 else 0.1, 0.02, 0.0]
            frames.append(guard.limit(tick, light))
            times.append(source.room)
    looks = np.arange(0.0, 12.0, 1 / LIGHT_RATE)
    shown = np.stack(frames)[np.searchsorted(times, looks, side="right") - 1]
    real = np.flatnonzero(~body.lamp)
    return int(count(shown[None, :, real], body.area[real], body.zone[real], LIGHT_RATE).worst[0])


def test_whatever_the_machine_does_there_are_three_flashes_in_a_second_of_the_room() -> None:
    rooms = [jumping(3), jumping(6), *(chaotic(seed) for seed in range(3))]
    assert [seen(room, told=True) for room in rooms] == pytest.approx([MOST] * len(rooms), abs=1)
    assert max(seen(room, told=True) for room in rooms) <= MOST
    assert [seen(room, told=False) > MOST for room in rooms[:2]] == [True, True], "or it proves nothing"


def test_so_it_is_where_who_plays_stands_still_itself() -> None:
    blocks, stands = standing()
    assert [seen(blocks, True, stands, period) for period in (5, 6)] == [MOST, MOST]


def test_slots_are_told_in_the_ticks_of_their_frame() -> None:
    """A screen that follows counts from its frame's tick, whatever passed in no time."""
    body = sewn(load("bass-denim").garment)
    guard = FlashGuard(body.zone, body.area, CLOCK)
    guard.limit(1000, np.zeros((body.n_pixels, 3)))
    (opened,) = guard.slots
    assert opened == 1000
    guard.hurry(50)
    for tick, then in ((1020, 1020), (1050, 1050), (1080, 1050)):
        guard.limit(tick, np.zeros((body.n_pixels, 3)))
        assert guard.slots == (then,)


def test_what_waits_for_a_late_lamp_leaves_no_sooner_for_time_that_did_not_pass() -> None:
    none = Row({}, np.zeros(0, np.float32))
    tap = TapOutput(LIGHT_RATE)
    late = Delayed(tap, 0.5)
    late.open(CLOCK)

    def play(first: int, hops: int) -> int:
        """Play so many hops from a tick on: the number of the frame that is shown then."""
        for hop in CLOCK.due_hops(first, hops, LIGHT_RATE):
            number, time = CLOCK.due(first + hop, LIGHT_RATE) - 1, CLOCK.seconds(first + hop + 1)
            late.send(
                Frame(
                    first + hop,
                    number,
                    time,
                    none,
                    none,
                    np.zeros((1, 3), np.uint8),
                    none.values,
                    Health(),
                    0,
                )
            )
        return tap.frames[-1].number

    before = play(0, 188)
    assert before == pytest.approx(30, abs=2), "a second, and half of one late"
    late.take(Event(188, HURRY, (188,)))
    assert play(188, 188) == pytest.approx(before, abs=1), "a second that passes at once"
    assert play(376, 90) == pytest.approx(58, abs=2), "what was played before it, in its time"
    assert play(466, 94) == pytest.approx(148, abs=2), "and then what came at once, at once"
