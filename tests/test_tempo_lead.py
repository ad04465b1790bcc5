"""Who leads the tempo: an outside clock, a hand or the ear, on real sound and on none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pytest
import songs

from wearsound.analysis.bar import Bar
from wearsound.analysis.ear import Ear
from wearsound.analysis.lead import Lead
from wearsound.analysis.told import LEADERS, brief
from wearsound.analysis.tracker import Tracker
from wearsound.core import Block, Clock, Event, index_of

CLOCK = Clock()
HOP = CLOCK.hop / CLOCK.sample_rate
EAR, HAND, OSC, MIDI, LINK = range(5)
Told = Mapping[int, Sequence[Event]]


def tick(seconds: float) -> int:
    return round(seconds / HOP)


def said(what: str, *args: object, by: str = "key") -> Event:
    return Event(0, f"/wear/tempo/{what}", args, by)


def clock(
    bpm: float,
    start: float,
    stop: float,
    every: float = 0.02,
    by: str = "link",
    beats: float = 0.0,
    metre: int = 0,
) -> dict[int, list[Event]]:
    """What a clock that is on its beat `beats` at second 0 says, by the tick of the hop that takes it."""
    told: dict[int, list[Event]] = {}
    for at in np.arange(start, stop, every):
        hop = tick(at)
        place = beats + hop * HOP * bpm / 60
        number = (int(place % metre) + 1,) if metre else ()
        told[hop] = [said("clock", bpm, place % 1.0, *number, by=by)]
    return told


def together(*some: Told) -> dict[int, list[Event]]:
    told: dict[int, list[Event]] = {}
    for one in some:
        for at, events in one.items():
            told.setdefault(at, []).extend(events)
    return told


def cut(samples: np.ndarray, told: Told, sizes: Sequence[int]) -> Iterator[Block]:
    """Blocks of these sizes, over and over, a new one begun at each event (they come at a first hop)."""
    columns = np.ascontiguousarray(samples.reshape(len(samples), -1), np.float32)
    stops = sorted({*told, len(columns) // CLOCK.hop})
    at = turn = 0
    for stop in stops:
        while at < stop:
            size = min(sizes[turn % len(sizes)], stop - at)
            events = tuple(Event(at, e.address, e.args, e.by) for e in told.get(at, ()))
            part = columns[at * CLOCK.hop : (at + size) * CLOCK.hop]
            yield Block(at, part, songs.ROOM, size, events=events)
            at, turn = at + size, turn + 1


class Led:
    """Features of a song under what was told, by name."""

    def __init__(self, samples: np.ndarray, told: Told, sizes: Sequence[int] = (64,)) -> None:
        ear = Ear(CLOCK, ["room"])
        self.values = np.concatenate([ear.hear(block).copy() for block in cut(samples, told, sizes)])
        self._column = index_of(ear.specs)

    def __getitem__(self, name: str) -> np.ndarray:
        return self.values[:, self._column[f"room.{name}"]]

    def during(self, name: str, start: float, stop: float) -> np.ndarray:
        return self[name][tick(start) : tick(stop)]

    def at(self, name: str, seconds: float) -> float:
        return float(self[name][tick(seconds)])

    def beats(self, count: str = "beat") -> np.ndarray:
        """Hops in which the count grew."""
        return np.flatnonzero(np.diff(self[count], prepend=0.0))


def due(bpm: float, start: float, stop: float, beats: float = 0.0) -> np.ndarray:
    """Hops within which a clock's beats fall."""
    number = np.arange(np.ceil(beats + start * bpm / 60), beats + stop * bpm / 60)
    return np.floor((number - beats) * 60 / bpm / HOP + 1e-9).astype(int)


class TestAnOutsideClock:
    @pytest.mark.parametrize("bpm", [60.0, 97.3, 128.0, 174.0])
    def test_in_silence_every_beat_is_counted_in_its_own_hop(self, bpm):
        led = Led(songs.silence(12), clock(bpm, 0.5, 12, beats=0.4))
        beats = led.beats()
        expected = due(bpm, 1.5, 11.9, 0.4)
        beats = beats[(beats >= expected[0] - 1) & (beats <= expected[-1] + 1)]
        assert len(beats) == len(expected)
        assert np.abs(beats - expected).max() <= 1
        assert set(led.during("lead", 0.6, 11.9)) == {LINK}
        assert set(led.during("confidence", 0.6, 11.9)) == {1.0}
        assert np.abs(led.during("tempo", 0.6, 11.9) - bpm).max() <= 0.05

    def test_it_leads_against_what_is_heard(self):
        song, _ = songs.groove(120, 16)
        led = Led(song, clock(100, 8, 16, beats=0.3))
        assert abs(led.at("tempo", 7.9) - 120) <= 2
        assert set(led.during("tempo", 8.1, 16)) == {100.0}
        expected = due(100, 9.5, 15.9, 0.3)
        beats = led.beats()
        beats = beats[beats >= expected[0] - 1][: len(expected)]
        assert np.abs(beats - expected).max() <= 1

    @pytest.mark.parametrize("ends", ["it says so", "it falls silent"])
    def test_when_it_ends_the_tempo_is_held_and_the_ear_leads_again(self, ends):
        told = clock(100, 1, 6, by="midi")
        if ends == "it says so":
            told[tick(6)] = [said("clock", 0.0, by="midi")]
        led = Led(np.concatenate([songs.silence(8), songs.groove(140, 12)[0]]), told)
        after = 6.1 if ends == "it says so" else 7.1
        assert led.at("lead", 5.9) == MIDI
        if ends == "it falls silent":
            assert led.at("lead", 6.8) == MIDI
        assert led.at("lead", after) == EAR
        assert led.at("tempo", after) == 100.0
        assert led.at("confidence", after) < 1.0
        assert abs(led.at("tempo", 17) - 140) <= 2

    def test_a_small_difference_is_glided_within_a_beat_and_time_never_turns_back(self):
        moved = {
            at: [said("clock", 120.0, (at * HOP * 2 + 0.08) % 1.0, by="link")] for at in clock(120, 5, 9)
        }
        led = Led(songs.silence(9), together(clock(120, 1, 5), moved))
        wrapped = (np.diff(led.during("phase", 4.5, 8.9)) + 0.5) % 1.0 - 0.5
        assert wrapped.min() >= 0.0
        assert wrapped.max() < 0.02  # a jump would be 0.08
        truth = ((np.arange(tick(5.6), tick(8.9)) + 1) * HOP * 2 + 0.08) % 1.0
        apart = (led.during("phase", 5.6, 8.9) - truth + 0.5) % 1.0 - 0.5
        assert np.abs(apart).max() < 0.01

    def test_one_late_message_moves_nothing_and_a_real_move_is_a_jump(self):
        late = together(clock(120, 1, 5), {tick(3.3): [said("clock", 120.0, 0.9, by="link")]})
        late[tick(3.3)] = late[tick(3.3)][-1:]
        calm = Led(songs.silence(5), late)
        assert (np.abs((np.diff(calm.during("phase", 2, 4.9)) + 0.5) % 1.0 - 0.5) < 0.02).all()
        led = Led(songs.silence(8), together(clock(120, 1, 5), clock(120, 5, 8, beats=0.4)))
        truth = ((np.arange(tick(5.2), tick(7.9)) + 1) * HOP * 2 + 0.4) % 1.0
        assert np.abs((led.during("phase", 5.2, 7.9) - truth + 0.5) % 1.0 - 0.5).max() < 0.01
        assert np.diff(led.beats()).min() * HOP > 0.19  # no beat is counted twice, wherever it jumped

    def test_numbers_make_the_bar(self):
        for metre in (3, 4, 5):
            led = Led(songs.silence(12), clock(120, 1, 12, metre=metre))
            assert set(led.during("metre", 6, 11.9)) == {metre}
            downs = led.beats("downbeat")
            downs = downs[(downs * HOP > 6) & (downs * HOP < 11.9)]
            assert len(downs) >= 2
            assert all(
                np.abs(np.floor(np.arange(100) * metre * 0.5 / HOP) - down).min() <= 1 for down in downs
            )

    def test_the_first_beat_after_start_is_a_downbeat(self):
        told = {tick(3): [said("clock", 120.0, 0.0, 1, by="midi")]}
        led = Led(songs.silence(4), told)
        assert led.beats()[0] == led.beats("downbeat")[0] == tick(3)

    def test_one_too_fast_for_the_ear_is_halved_on_its_own_beats(self):
        for metre in (0, 4):
            led = Led(songs.silence(8), clock(280, 1, 8, metre=metre))
            assert led.at("tempo", 7) == 140.0
            every = due(280, 2, 7.9)
            beats = led.beats()
            beats = beats[(beats >= every[0]) & (beats <= every[-1])]
            assert len(beats) == pytest.approx(len(every) / 2, abs=1)
            assert max(np.abs(every - beat).min() for beat in beats) <= 1

    def test_without_a_phase_only_the_tempo_is_its_own(self):
        song, at = songs.groove(120, 16)
        told = {tick(s): [said("clock", 120.0, by="midi")] for s in np.arange(6, 16, 0.5)}
        led = Led(song, told)
        assert set(led.during("tempo", 6.1, 16)) == {120.0}
        assert set(led.during("lead", 6.1, 16)) == {MIDI}
        beats = led.beats() * HOP
        beats = beats[(beats > 9) & (beats < at[-1])]
        assert max(np.abs(at - beat).min() for beat in beats) < 0.03

    def test_a_nudge_shifts_it_for_as_long_as_it_leads(self):
        led = Led(songs.silence(10), together(clock(120, 1, 10), {tick(4): [said("nudge", 50.0)]}))
        late = (led.beats() * HOP % 0.5)[-6:]
        assert late == pytest.approx(0.05, abs=0.008)
        assert led.at("lead", 9) == LINK

    @pytest.mark.parametrize(
        "args",
        [
            (),
            ("fast",),
            (float("nan"),),
            (1e9, 0.5),
            (3.0, 0.1),
            (120.0, float("inf")),
            (120.0, "x"),
            (120.0, 7.25, -3),
        ],
    )
    def test_whatever_it_says_all_stays_finite(self, args):
        led = Led(
            songs.silence(3), {t: [said("clock", *args, by="osc 1.2.3.4:5")] for t in range(100, 500, 50)}
        )
        assert np.isfinite(led.values).all()
        assert led["phase"].min() >= 0.0
        assert led["phase"].max() <= 1.0


class TestWhoLeads:
    def test_a_hand_takes_the_lead_and_the_clock_is_back_when_it_begins_anew(self):
        told = together(
            clock(120, 1, 6), {tick(3): [said("bpm", 100.0, by="osc 10.0.0.2:9")]}, clock(120, 8, 10)
        )
        led = Led(songs.silence(10), told)
        assert [led.at("lead", at) for at in (0.5, 2.5, 3.5, 5.9, 8.5)] == [EAR, LINK, OSC, OSC, LINK]
        assert [led.at("tempo", at) for at in (2.5, 5.9, 8.5)] == [120.0, 100.0, 120.0]

    def test_or_when_lead_calls_it(self):
        told = together(clock(120, 1, 8), {tick(3): [said("tap")]}, {tick(5): [said("lead", "auto")]})
        led = Led(songs.silence(8), told)
        assert [led.at("lead", at) for at in (2.5, 3.5, 4.9, 5.1)] == [LINK, HAND, HAND, LINK]

    def test_of_two_clocks_the_later_leads_and_the_other_when_it_ends(self):
        told = together(clock(120, 1, 12), clock(100, 4, 8, by="midi"))
        led = Led(songs.silence(12), told)
        assert [led.at("lead", at) for at in (3.5, 4.5, 7.9, 9.5)] == [LINK, MIDI, MIDI, LINK]
        assert [led.at("tempo", at) for at in (3.5, 4.5, 7.9, 9.5)] == [120.0, 100.0, 100.0, 120.0]

    def test_lead_names_the_only_one(self):
        told = together(
            {tick(0.5): [said("lead", "midi")]},
            clock(120, 1, 10),
            clock(100, 4, 8, by="midi"),
            {tick(5): [said("bpm", 77.0)]},
        )
        led = Led(songs.silence(10), told)
        assert [led.at("lead", at) for at in (3, 5, 6, 7.9, 9.5)] == [EAR, MIDI, MIDI, MIDI, EAR]
        assert led.at("tempo", 9.5) == 100.0

    def test_the_ear_alone(self):
        told = together({tick(0.5): [said("lead", "ear")]}, clock(100, 1, 10), {tick(5): [said("bpm", 77.0)]})
        led = Led(songs.groove(128, 10)[0], told)
        assert set(led["lead"]) == {EAR}
        assert abs(led.at("tempo", 9) - 128) <= 2

    def test_lock_holds_against_a_clock_until_it_is_free(self):
        told = together(
            clock(120, 1, 4), {tick(3): [said("lock", 1)]}, clock(90, 4, 8), {tick(6): [said("lock", 0)]}
        )
        led = Led(songs.silence(8), told)
        assert [led.at("lead", at) for at in (2.5, 3.5, 5.9, 6.2)] == [LINK, HAND, HAND, LINK]
        assert [led.at("tempo", at) for at in (2.5, 5.9, 6.2)] == [120.0, 120.0, 90.0]

    def test_a_hand_leads_until_the_music_has_its_own_way(self):
        led = Led(songs.groove(128, 20)[0], {tick(6): [said("bpm", 104.0)]})
        assert led.at("lead", 5.9) == EAR
        assert led.at("lead", 6.1) == HAND
        assert abs(led.at("tempo", 19) - 128) <= 2
        assert led.at("lead", 19) == EAR

    @pytest.mark.parametrize(
        ("by", "who"), [("", HAND), ("key", HAND), ("osc 1.2.3.4:9", OSC), ("midi", MIDI), ("link", LINK)]
    )
    def test_by_its_first_word(self, by, who):
        led = Led(songs.silence(2), {tick(1): [said("bpm", 111.0, by=by)]})
        assert led.at("lead", 1.5) == who
        assert LEADERS[who] in ("ear", "hand", by.partition(" ")[0])

    def test_who_leads_is_a_column_of_its_own_at_the_end(self):
        spec = next(spec for spec in Ear(CLOCK, ["room"]).specs if spec.name == "room.lead")
        assert (spec.low, spec.high, spec.step) == (0.0, 4.0, 1.0)


TAPS = {tick(at): [said("tap")] for at in (1.0, 1.5, 2.0, 2.5)}
HELD = together(TAPS, {tick(2.6): [said("lock", 1)]})
"""Four taps at 120, then the tempo is held: what a performer does before a piece begins."""


class TestHandsAlone:
    """What a performer expects of each key, in silence, where nothing else can help."""

    def grid(self, led: Led, start: float, stop: float) -> tuple[float, np.ndarray]:
        """Seconds between beats, and how far each is from the taps' grid."""
        beats = led.beats() * HOP
        beats = beats[(beats > start) & (beats < stop)]
        return float(np.median(np.diff(beats))), (beats - 2.5 + 0.25) % 0.5 - 0.25

    def test_taps_say_how_fast_and_where_the_beat_is(self):
        led = Led(songs.silence(8), HELD)
        between, off = self.grid(led, 2.7, 7.9)
        assert between == pytest.approx(0.5, abs=HOP)
        assert np.abs(off).max() < 2 * HOP
        assert (led.at("tempo", 2.6), led.at("lead", 2.6)) == (pytest.approx(120, abs=0.5), HAND)

    def test_one_tap_on_a_tempo_moves_the_beat_alone(self):
        led = Led(songs.silence(10), together(HELD, {tick(5.2): [said("tap")]}))
        assert led.at("tempo", 9) == led.at("tempo", 5)
        late = led.beats() * HOP
        assert np.abs((late[late > 5.3] - 5.2 + 0.25) % 0.5 - 0.25).max() < 3 * HOP

    def test_after_a_pause_taps_begin_anew(self):
        told = together(TAPS, {tick(at): [said("tap")] for at in (6.0, 6.6, 7.2, 7.8)})
        assert Led(songs.silence(8.5), told).at("tempo", 8) == pytest.approx(100, abs=0.5)

    @pytest.mark.parametrize("later", [20.0, -20.0, 130.0])
    def test_a_nudge_moves_the_beat_by_so_many_milliseconds_and_back(self, later):
        told = together(HELD, {tick(4.2): [said("nudge", later)], tick(6.2): [said("nudge", -later)]})
        led = Led(songs.silence(9), told)
        for start, stop, moved in ((2.7, 4.1, 0.0), (4.8, 6.1, later), (6.8, 8.9, 0.0)):
            between, off = self.grid(led, start, stop)
            assert between == pytest.approx(0.5, abs=2 * HOP)
            assert np.abs(off - moved / 1000).max() < 3 * HOP, (start, off)

    def test_half_keeps_every_other_beat_and_double_brings_them_back(self):
        told = together(HELD, {tick(4.6): [said("half")], tick(8.6): [said("double")]})
        led = Led(songs.silence(12), told)
        for start, stop, between in ((2.7, 4.6, 0.5), (4.7, 8.6, 1.0), (8.7, 11.9, 0.5)):
            found, off = self.grid(led, start, stop)
            assert found == pytest.approx(between, abs=2 * HOP)
            assert np.abs(off).max() < 4 * HOP
        assert led.at("tempo", 6) == pytest.approx(60, abs=0.5)
        assert led.at("tempo", 11) == pytest.approx(120, abs=0.5)

    def test_what_would_leave_the_range_changes_nothing(self):
        for what in ("half", "double"):
            led = Led(songs.silence(6), together(HELD, {tick(at): [said(what)] for at in (3, 3.3, 3.6, 3.9)}))
            assert led.at("tempo", 5) == pytest.approx(60 if what == "half" else 120, abs=0.5)

    def test_lock_goes_on_counting_and_free_again_in_silence_it_counts_no_more(self):
        led = Led(songs.silence(10), together(HELD, {tick(6.0): [said("lock", 0)]}))
        beats = led.beats() * HOP
        assert np.sum((beats > 2.7) & (beats < 6.0)) == pytest.approx(6, abs=1)
        assert not np.any(beats > 6.1)

    def test_bars_are_counted_under_a_hand_too(self):
        led = Led(songs.silence(20), HELD)
        downs = led.beats("downbeat") * HOP
        downs = downs[downs > 4]
        assert np.diff(downs) == pytest.approx(led.at("metre", 10) * 0.5, abs=3 * HOP)


EVERYTHING = together(
    clock(100, 1, 3, metre=4),
    clock(125, 2.5, 5, every=0.11, by="midi"),
    {tick(3.7): [said("tap"), said("nudge", 15.0)], tick(4.2): [said("tap")], tick(5.5): [said("double")]},
    clock(96, 6, 8, metre=3, beats=0.7),
    {tick(7): [said("nudge", -20.0)], tick(7.5): [said("lock", 1)], tick(8.5): [said("lock", 0)]},
)


class TestReplay:
    def test_the_same_events_give_the_same_bits_however_hops_are_grouped(self):
        song = songs.song()
        one = Led(song, EVERYTHING)
        assert len(set(one["lead"])) >= 4
        for name, sizes in songs.GROUPINGS.items():
            assert Led(song, EVERYTHING, sizes).values.tobytes() == one.values.tobytes(), name

    def test_reset_is_a_new_start(self):
        ear = Ear(CLOCK, ["room"])
        first, second = (
            np.concatenate([ear.hear(block).copy() for block in cut(songs.song(), EVERYTHING, (64,))])
            for _ in range(2)
            if ear.reset() is None
        )
        assert first.tobytes() == second.tobytes()

    def test_of_a_thousand_things_told_in_one_hop_few_are_done(self, monkeypatch: pytest.MonkeyPatch):
        said_at_once = [
            said(what, *args, by=by)
            for what, args in (
                ("bpm", (120.0,)), ("tap", ()), ("half", ()), ("double", ()), ("nudge", (3.0,)),
                ("lock", (0,)), ("lead", ("auto",)), ("clock", (125.0, 0.2, 1)),
            )
            for by in ("key", "osc 1.2.3.4:5", "midi", "link")
        ] * 32  # fmt: skip
        assert len(said_at_once) > 1000
        done: list[str] = []
        for name in ("_choose", "_lock", "_nudge", "_follow", "_do"):
            monkeypatch.setattr(Lead, name, lambda self, *args, name=name: done.append(name))
        Lead(Tracker(CLOCK), Bar()).obey(said_at_once)
        assert 8 <= len(done) < 20


class TestInBrief:
    def test_of_bpm_and_lock_the_last_counts_and_nudges_are_added_up(self):
        events = [
            said("bpm", 90),
            said("nudge", 5),
            said("lock", 1),
            said("bpm", 100),
            said("nudge", -2),
            said("lock", 0),
        ]
        assert brief(events) == [("bpm", 1, (100.0,)), ("nudge", 1, (3.0,)), ("lock", 1, (0.0,))]

    def test_one_tap_and_a_few_halvings_in_their_order(self):
        events = [said("half")] * 50 + [said("tap")] * 50
        assert [what for what, _, _ in brief(events)] == ["half"] * 8 + ["tap"]
        assert [what for what, _, _ in brief([said("half"), said("bpm", 90), said("double")])] == [
            "bpm",
            "double",
        ]

    def test_a_flood_of_nudges_stays_a_number(self):
        ((_, _, (nudge,)),) = brief([said("nudge", 1e308)] * 1000)
        assert nudge == 10_000.0

    def test_what_is_nothing_is_left_out(self):
        events = [
            said("bpm", "fast"),
            said("bpm", 0),
            said("tap", 0),
            said("nudge"),
            said("lead", "me"),
            said("lead"),
            said("x", 1),
        ]
        assert brief(events) == []


class TestTheStrip:
    def test_who_leads_is_read_in_a_word(self):
        """Each leader looks different, at the same place, and only there."""
        import pygame

        from wearsound.core import Frame, Health, Row
        from wearsound.instruments.picture import open_hud

        hud, looks = open_hud((1280, 720)), []
        for lead in (*range(len(LEADERS)), 7, -1):
            surface = pygame.Surface((1280, 720))
            surface.fill((90, 90, 90))
            heard = {"room.tempo": 120.0, "room.confidence": 1.0, "room.lead": float(lead)}
            row = Row({name: i for i, name in enumerate(heard)}, np.array(list(heard.values())))
            light, felt = np.zeros((1, 3), np.uint8), np.zeros(1, np.float32)
            frame = Frame(0, 0, 1.0, row, Row({}, np.zeros(0)), light, felt, Health(), 7)
            hud.draw(surface, frame, hud.signs())
            looks.append(pygame.surfarray.array3d(surface))
        ear, *others, beyond, below = looks
        assert (beyond == ear).all()
        assert (below == ear).all()
        assert len({other.tobytes() for other in (ear, *others)}) == len(LEADERS)
        changed = np.argwhere(np.any([(other != ear).any(axis=2) for other in others], axis=0))
        assert (changed.min(axis=0) > (76, 660)).all()
        assert changed.max(axis=0)[0] < 232  # where the rails begin
