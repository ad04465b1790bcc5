"""The inbox: the last value wins, triggers keep their order, panic always finds room; no lock anywhere."""

from __future__ import annotations

import itertools
import os
import random
import signal
import threading
import time

import pytest

from wearsound.core import Event
from wearsound.inbox import HANDS, MOST_A_HOP, MOST_WAITING, Inbox

FADER, CUE = "/wear/master/fader", "/wear/cue/go"


def trigger(n=0, by=""):
    return Event(0, CUE, (n,), by)


def emptied(inbox):
    taken = []
    while events := inbox.take():
        taken += events
    return taken


class TestOrder:
    def test_values_and_triggers_in_the_order_of_arrival(self):
        inbox = Inbox({"/a", "/b"})
        for event in (trigger(1), Event(0, "/a", (1,)), trigger(2), Event(0, "/b", (1,)), trigger(3)):
            assert inbox.put(event)
        assert [(e.address, e.args[0]) for e in inbox.take()] == [
            (CUE, 1),
            ("/a", 1),
            (CUE, 2),
            ("/b", 1),
            (CUE, 3),
        ]
        assert inbox.take() == []

    def test_the_last_value_wins_at_its_own_place(self):
        inbox = Inbox({"/a", "/b"})
        for event in (Event(0, "/a", (1,)), Event(0, "/b", (1,)), trigger(1), Event(0, "/a", (2,))):
            inbox.put(event)
        assert [(e.address, e.args[0]) for e in inbox.take()] == [("/b", 1), (CUE, 1), ("/a", 2)]

    def test_against_a_plain_model(self):
        dice = random.Random(4)
        inbox, model = Inbox({"/a", "/b", "/c"}), []
        for n in range(20_000):
            address = dice.choice(["/a", "/b", "/c", "/t", "/u"])
            event = Event(0, address, (n,))
            if address in "/a/b/c":
                model = [other for other in model if other.address != address]
            model.append(event)
            inbox.put(event)
            if dice.random() < 0.05:
                assert inbox.take(64) == model
                model = []

    def test_triggers_are_never_merged_and_wait_their_turn(self):
        inbox = Inbox()
        for n in range(200):
            inbox.put(trigger(n))
        assert len(inbox.take(1)) == MOST_A_HOP
        assert [e.args[0] for e in inbox.take(2)] == list(range(MOST_A_HOP, 3 * MOST_A_HOP))
        assert len(inbox.take(64)) == 200 - 3 * MOST_A_HOP


class TestRoom:
    def test_triggers_are_bounded_values_are_not_refused(self):
        inbox = Inbox({FADER})
        assert sum(inbox.put(trigger(n)) for n in range(MOST_WAITING + 100)) == MOST_WAITING
        assert inbox.lost == 100
        assert inbox.put(Event(0, FADER, (1.0,)))
        assert all(inbox.put(Event(0, hand)) for hand in HANDS)
        first = inbox.take()
        assert {FADER, *HANDS} <= {event.address for event in first}
        assert len(first) == MOST_A_HOP + 1 + len(HANDS)

    def test_what_is_no_event_is_left_out(self):
        inbox = Inbox()
        for event in ("panic", None, Event(0, "/a", (1 << 70,)), Event("now", "/a"), Event(0, 5)):
            assert not inbox.put(event)
        assert inbox.take() == []
        assert inbox.lost == 0


class TestThreads:
    def test_nothing_is_lost_or_turned_round_between_threads(self):
        inbox, n_each = Inbox({f"/value/{k}" for k in range(4)}), 5000
        heard, done = [], threading.Event()

        def push(who):
            for n in range(n_each):
                while not inbox.put(Event(0, "/mark", (n,), who)):
                    time.sleep(0.001)
                inbox.put(Event(0, f"/value/{n % 4}", (n,), who))

        def drain():
            while not done.is_set():
                heard.extend(inbox.take())
            heard.extend(emptied(inbox))

        hands = [threading.Thread(target=push, args=(f"hand {k}",)) for k in range(4)]
        reader = threading.Thread(target=drain)
        for thread in (reader, *hands):
            thread.start()
        for thread in hands:
            thread.join()
        done.set()
        reader.join()
        for k in range(4):
            mine = [e.args[0] for e in heard if e.address == "/mark" and e.by == f"hand {k}"]
            assert mine == list(range(n_each))
        for k in range(4):  # the last of each value came, whoever it was
            assert [e.args[0] for e in heard if e.address == f"/value/{k}"][-1] > n_each - 100

    def test_panic_gets_through_while_fifty_thousand_a_second_push(self):
        inbox, stop = Inbox({FADER}), threading.Event()
        pushed, heard = [0, 0], 0

        def push(k):
            due = time.monotonic()
            while not stop.is_set():
                for _ in range(100):
                    inbox.put(trigger(by="flood") if k else Event(0, FADER, (0.5,), "flood"))
                pushed[k] += 100
                due += 100 / 25_000
                time.sleep(max(0.0, due - time.monotonic()))

        floods = [threading.Thread(target=push, args=(k,)) for k in range(2)]
        for thread in floods:
            thread.start()
        try:
            for _ in range(100):
                inbox.put(Event(0, "/wear/panic", (), "key"))
                taken = inbox.take()
                assert "/wear/panic" in [event.address for event in taken]
                assert len(taken) <= MOST_A_HOP + 2
                heard += len(taken)
                time.sleep(256 / 48_000)
        finally:
            stop.set()
            for thread in floods:
                thread.join()
        assert 100 < heard < 0.75 * sum(pushed)  # a flood indeed: of most of it only the last was taken

    @pytest.mark.skipif(not hasattr(signal, "SIGUSR1"), reason="no such signal here")
    def test_a_signal_in_the_middle_of_take(self):
        inbox, numbers, heard = Inbox({FADER}), itertools.count(), []

        def panic(number, frame):
            inbox.put(Event(0, "/wear/panic", (next(numbers),)))
            inbox.put(Event(0, "/wear/mark", (next(numbers),)))

        before = signal.signal(signal.SIGUSR1, panic)
        sent, stop = [0], threading.Event()

        def shoot():
            while not stop.is_set():
                os.kill(os.getpid(), signal.SIGUSR1)
                sent[0] += 1
                time.sleep(0.0002)

        shooter = threading.Thread(target=shoot)
        try:
            shooter.start()
            finish = time.monotonic() + 1.5
            while time.monotonic() < finish:  # as the engine does, without ever waiting
                for n in range(20):
                    inbox.put(Event(0, FADER, (n,)))
                    inbox.put(trigger(n))
                heard += inbox.take()
        finally:
            stop.set()
            shooter.join()
            signal.signal(signal.SIGUSR1, before)
        heard += emptied(inbox)
        marks = [e.args[0] for e in heard if e.address == "/wear/mark"]
        assert marks == sorted(marks)
        assert len(marks) == next(numbers) // 2 > 20
        assert [e for e in heard if e.address == "/wear/panic"][-1].args[0] == marks[-1] - 1
