"""OSC in through real sockets: set, ask, subscribe, dump, echo, patterns, time tags, binds, a taken port."""

from __future__ import annotations

import inspect
import logging
import socket
import threading
import time
from types import SimpleNamespace

import pytest
from osc_client import Board, Rehearsal, bundle, datagram, message, wait_for

from wearsound.core import Parameter
from wearsound.errors import PatchError
from wearsound.osc.address import is_here, resolved
from wearsound.osc.allow import Welcome
from wearsound.osc.likest import Likest
from wearsound.osc.tree import Tree
from wearsound.sources.osc_in import bucket, turn
from wearsound.sources.osc_in.bind import binds_of, played
from wearsound.sources.osc_in.door import RETRY, Door
from wearsound.sources.osc_in.due import MOST_HELD, Due, seconds_ahead
from wearsound.sources.osc_in.port_owner import port_owner
from wearsound.sources.osc_in.subscribers import MOST, MOST_A_HOST, Subscribers


@pytest.fixture
def show():
    rehearsal = Rehearsal()
    yield rehearsal
    rehearsal.close()


def said(show, *messages):
    """The events that messages make, one datagram each."""
    client = show.client()
    before = show.door.counts.received
    for address, *args in messages:
        client.say(address, *args)
    show.settle(before + len(messages))
    return show.board.plain()


class TestSet:
    @pytest.mark.parametrize(
        ("args", "tags", "value"),
        [
            ((0.5,), "f", 0.5),
            ((0.5,), "d", 0.5),
            ((1,), "i", 1.0),
            ((1,), "h", 1.0),
            ((True,), "T", 1.0),
            ((False,), "F", 0.0),
            (("0.5",), "s", 0.5),
            ((7.0,), "f", 1.0),
            ((-7.0,), "f", 0.0),
            ((0.5, 0.75, "more"), "ffs", 0.5),
        ],
    )
    def test_a_number_however_it_is_written(self, show, args, tags, value):
        client = show.client()
        client.say("/wear/param/bass/depth", *args, tags=tags)
        show.settle(1)
        assert show.board.plain() == [("/wear/param/bass/depth", (value,))]
        assert show.board.events[0].by == client.by

    def test_every_kind(self, show):
        assert said(
            show,
            ("/wear/blackout", 1),
            ("/wear/blackout", False),
            ("/wear/param/sketch/petals", 6.7),
            ("/wear/palette", "rust"),
            ("/wear/move/knobs", 0.1, "0.5", 2),
        )[1:] == [
            ("/wear/param/sketch/petals", (7,)),
            ("/wear/palette", ("rust",)),
            ("/wear/move/knobs", (pytest.approx(0.1), 0.5, 1.0)),
        ]
        assert show.board.now["/wear/blackout"] == 0

    def test_triggers_fire_and_their_release_does_not(self, show):
        assert said(
            show,
            ("/wear/cue/go",),
            ("/wear/cue/go", 1),
            ("/wear/cue/go", 0),
            ("/wear/cue/go", True),
            ("/wear/cue/go", False),
            ("/wear/cue/go", 0.0),
            ("/wear/mark", "take two"),
        ) == [
            ("/wear/cue/go", ()),
            ("/wear/cue/go", (1,)),
            ("/wear/cue/go", (1,)),
            ("/wear/mark", ("take two",)),
        ]

    def test_a_word_where_a_number_belongs_does_nothing_and_is_counted(self, show):
        assert (
            said(show, ("/wear/master", "loud"), ("/wear/palette", "beige"), ("/wear/tempo/confidence", 1.0))
            == []
        )
        assert show.door.counts.refused == {"value": 2, "read only": 1}
        assert show.door.heard_at == 0

    def test_more_arguments_than_it_takes_are_mentioned_once(self, show, caplog):
        assert len(said(show, *[("/wear/master", 0.5, 0.25)] * 3, ("/wear/move/knobs", 1, 1))) == 2
        assert caplog.text.count("the others are left alone") == 1

    def test_steps_up_and_down(self, show):
        steps = said(
            show, *[("/wear/param/bass/depth", "+", 0.125)] * 3, ("/wear/param/bass/depth", "-", 0.0625)
        )
        assert steps == [
            ("/wear/param/bass/depth", (0.5625,))
        ]  # none is lost although none was taken between
        time.sleep(0.06)
        show.board.now["/wear/param/bass/depth"] = 0.25  # changed by another hand meanwhile
        assert said(show, ("/wear/param/bass/depth", "+", 5))[1:] == [("/wear/param/bass/depth", (1.0,))]
        time.sleep(0.06)
        assert said(show, ("/wear/param/bass/depth", "-", "0.5"))[2:] == [("/wear/param/bass/depth", (0.5,))]
        said(show, ("/wear/param/bass/depth", "+", "x"))
        assert show.door.counts.refused == {"value": 1}

    def test_an_unknown_address_is_told_once_with_the_nearest(self, show, caplog):
        assert said(show, *[("/wear/zone/chest/glwo", 1.0)] * 3, ("/1/fader7", 0.5)) == []
        assert show.door.counts.refused == {"unknown": 4}
        assert caplog.text.count("did you mean /wear/zone/chest/glow") == 1
        assert caplog.text.count("'/1/fader7'") == 1

    def test_a_stranger_cannot_fill_the_log(self, show, caplog):
        said(show, *[(f"/x/{n}", 1) for n in range(300)])
        assert show.door.counts.refused == {"unknown": 300}
        assert len(caplog.records) == 32
        assert "only counted" in caplog.records[-1].getMessage()


class TestAsk:
    @pytest.mark.parametrize(
        ("address", "value"),
        [
            ("/wear/master", (1.0,)),
            ("/wear/blackout", (0,)),
            ("/wear/param/sketch/petals", (5,)),
            ("/wear/tempo/confidence", (0.75,)),
            ("/wear/palette", ("indigo",)),
            ("/wear/move/knobs", (0.0, 0.5)),
        ],
    )
    @pytest.mark.parametrize("words", [(), ("?",), ("?", 3)], ids=str)
    def test_no_argument_is_answered_with_the_value(self, address, value, words):
        client_port = free_port()
        show = Rehearsal(reply_port=client_port)
        try:
            client = show.client(hears=client_port)
            client.say(address, *words)
            assert client.hear() == [(address, value)]
            assert show.play() == []
        finally:
            show.close()

    def test_ping(self):
        port = free_port()
        show = Rehearsal(reply_port=port)
        try:
            client = show.client(hears=port)
            client.say("/wear/ping")
            assert client.hear() == [("/wear/pong", ("wearsound", "1.2.3", 1))]
        finally:
            show.close()

    def test_what_cannot_be_asked(self, show):
        assert said(show, ("/wear/delay/light",), ("/wear/cue/go", "?"), ("/wear/*/nothing",)) == []
        assert show.door.counts.refused == {"no answer": 2, "unknown": 1}

    def test_a_pattern_asks_all(self, show):
        client = show.client()
        client.say("/wear/subscribe", client.port)
        client.hear_until("/wear/dump/end")
        show.board.now["/wear/zone/hem/hue"] = 0.5
        client.say("/wear/zone/{chest,hem}/*")
        heard = client.hear()
        assert heard == [
            ("/wear/zone/chest/glow", (0.0,)),
            ("/wear/zone/chest/hue", (0.0,)),
            ("/wear/zone/hem/glow", (0.0,)),
            ("/wear/zone/hem/hue", (0.5,)),
        ]

    def test_answers_cost_tokens_too(self, monkeypatch):
        monkeypatch.setattr(bucket, "SENDER_RATE", 20)
        show = Rehearsal()
        try:
            said(show, *[("/wear/master",)] * 19)
            # Reading costs one and answering one; a few come in again meanwhile.
            assert 9 <= show.door.counts.served <= 15
            assert show.door.counts.refused["too much"] == 19 - show.door.counts.served
        finally:
            show.close()

    def test_a_broken_value_does_not_shut_the_door(self, caplog):
        board = Board()
        broken = []
        board.tree = Tree([*board.tree, Parameter("/wear/broken", "", read=lambda: 1 / (not broken))])
        show = Rehearsal(board)
        broken.append(True)
        try:
            client = show.client()
            client.raw(bundle(message("/wear/broken"), message("/wear/master", 0.5)))
            client.say("/wear/master", 0.25)
            show.settle(2)
            assert show.door.counts.served == 2
            assert show.door.counts.refused == {"fault": 1}
            assert "ZeroDivisionError" in caplog.text
        finally:
            show.close()


class TestPatterns:
    def test_one_message_many_zones(self, show):
        assert said(show, ("/wear/zone/sleeve_*/glow", 0.5)) == [
            ("/wear/zone/sleeve_left/glow", (0.5,)),
            ("/wear/zone/sleeve_right/glow", (0.5,)),
        ]

    def test_releases_may_be_many_scenes_may_not(self, show):
        assert len(said(show, ("/wear/zone/*/glow/release",))) == 4
        assert said(show, ("/wear/scene/*", 1), ("/wear/*", 0.0), ("/wear/scene/*",))[4:] == []
        assert show.door.counts.refused == {"pattern": 3}

    def test_all_or_none(self, show):
        assert said(show, ("/wear/tempo/{bpm,confidence}", 0.5)) == []
        assert said(show, ("/wear/[", 0.5)) == []

    def test_patterns_cost_more(self, show):
        sent = 400
        said(show, *[("/wear/zone/ches?/glow", 0.5)] * sent)
        assert 0 < show.door.counts.served < 200
        assert show.door.counts.refused["too much"] == sent - show.door.counts.served

    def test_the_doors_own_addresses_are_no_patterns(self, show):
        assert said(show, ("/wear/pin?",), ("/wear/dum*",)) == []
        assert show.door.counts.refused == {"unknown": 2}


class TestSubscribe:
    def test_a_dump_follows_and_ends_with_its_number(self, show):
        client = show.client()
        client.say("/wear/subscribe", client.port)
        heard = client.hear_until("/wear/dump/end")
        readable = [p.address for p in show.board.tree if p.read is not None]
        assert [address for address, _ in heard] == [*readable, "/wear/dump/end"]
        assert heard[-1] == ("/wear/dump/end", (len(readable),))
        assert show.door.subscribers == 1

    def test_a_dump_once_a_second(self, show):
        client = show.client()
        client.say("/wear/subscribe", str(client.port))
        client.hear_until("/wear/dump/end")
        client.say("/wear/dump")
        show.settle(2)
        assert client.hear(0.1) == []
        time.sleep(1.0)
        client.say("/wear/dump")
        assert len(client.hear_until("/wear/dump/end")) > 10

    def test_changes_are_told_to_others_but_not_to_the_hand(self, show):
        hand, other, same_port = (show.client() for _ in range(3))
        for client in (hand, other, same_port):
            client.say("/wear/subscribe", client.port)
            client.hear_until("/wear/dump/end")
        show.settle(3)
        drain(hand, other, same_port)
        hand.say("/wear/master", 0.5)
        show.settle(4)
        assert other.hear() == [("/wear/master", (0.5,))]
        assert same_port.hear() == [("/wear/master", (0.5,))]
        assert hand.hear(0.1) == []
        # The hand is also known by the port it listens on: most programs send from there.
        same_port.into.sendto(datagram("/wear/master", 0.25), ("127.0.0.1", show.door.port))
        show.settle(5)
        assert hand.hear() == other.hear() == [("/wear/master", (0.25,))]
        assert same_port.hear(0.1) == []
        # What changes by itself is told to all.
        show.board.now["/wear/tempo/bpm"] = 99.0
        show.play()
        assert hand.hear() == other.hear() == same_port.hear() == [("/wear/tempo/bpm", (99.0,))]
        show.play()
        assert hand.hear(0.1) == []

    def test_unsubscribe(self, show):
        one, two = show.client(), show.client()
        for client in (one, two):
            client.say("/wear/subscribe", client.port)
            client.hear_until("/wear/dump/end")
        one.say("/wear/unsubscribe")
        show.settle(3)
        assert show.door.subscribers == 1
        one.say("/wear/unsubscribe", two.port)
        show.settle(4)
        assert show.door.subscribers == 0

    def test_it_lapses_unless_renewed(self):
        show = Rehearsal(lapse=0.4)
        try:
            client = show.client()
            client.say("/wear/subscribe", client.port)
            client.hear_until("/wear/dump/end")
            time.sleep(0.25)
            client.say("/wear/subscribe", client.port)
            show.settle(2)
            time.sleep(0.25)
            assert show.door.subscribers == 1
            wait_for(lambda: show.door.subscribers == 0, 1.0)
        finally:
            show.close()

    @pytest.mark.parametrize("port", [0, 53, 1023, 65536, -1, "1e300", "x", 9001.5])
    def test_no_port_for_it(self, show, port):
        said(show, ("/wear/subscribe", port if isinstance(port, str) else float(port)))
        assert show.door.subscribers == 0
        assert sum(show.door.counts.refused.values()) == 1

    def test_the_door_does_not_tell_itself(self, show):
        said(show, ("/wear/subscribe", show.door.port))
        assert show.door.subscribers == 0
        assert show.door.counts.refused == {"subscribe": 1}

    def test_places_are_few(self):
        subscribers = Subscribers(60.0)
        assert sum(subscribers.add("10.0.0.1", 5000, 9000 + n, 0.0) for n in range(20)) == MOST_A_HOST
        for n in range(20):
            subscribers.add(f"10.0.1.{n}", 5000, 9000, 0.0)
        assert len(subscribers.living(1.0)) == MOST
        assert subscribers.add("10.0.0.1", 5000, 9000, 30.0)  # to renew is always possible
        assert len(subscribers.living(59.0)) == MOST
        assert [s.port for s in subscribers.living(61.0)] == [9000]
        assert subscribers.add("10.0.9.9", 1, 9000, 61.0)  # a lapsed one makes room
        assert subscribers.port_of("10.0.0.1", 5000, 61.0) == 9000
        assert subscribers.port_of("10.0.0.1", 5000, 91.0) is None


class TestAnswersNeverGoRound:
    def test_two_doors_that_answer_into_each_other_fall_silent(self):
        ports = free_port(), free_port()
        shows = [Rehearsal(port=ports[n], reply_port=ports[1 - n]) for n in range(2)]
        try:
            # A question whose answer arrives at the other door, which knows the same addresses.
            for show, other in (shows, shows[::-1]):
                client = show.client()
                for address in (
                    "/wear/tempo/confidence",
                    "/wear/master",
                    "/wear/ping",
                    "/wear/dump",
                    "/wear/zone/*/*",
                ):
                    client.say(address)
                client.say("/wear/subscribe", other.door.port)
            stop, counts = time.monotonic() + 1.0, []
            while time.monotonic() < stop:
                for show in shows:
                    show.play()
                time.sleep(0.03)
                counts.append(sum(show.door.counts.received for show in shows))
            assert counts[-1] == counts[len(counts) // 2]
            assert counts[-1] > 12
        finally:
            for show in shows:
                show.close()

    def test_what_comes_from_our_own_port_is_not_read(self, show):
        show.door._socket.sendto(datagram("/wear/cue/go"), ("127.0.0.1", show.door.port))
        show.settle(1)
        assert show.board.events == []
        assert show.door.counts.refused == {"own": 1}

    def test_nobody_can_make_us_shout(self, show):
        show.door._answer(datagram("/a"), "127.255.255.255", 9001)  # as if a whole network had asked
        assert show.door.counts.refused == {"answer": 1}


class TestTimeTags:
    def test_a_bundle_is_its_messages(self, show):
        messages = [("/wear/mark", n) for n in range(20)] + [("/wear/master", 0.5), ("/wear/cue/go",)]
        singly = list(said(show, *messages))
        show.board.events.clear()
        client = show.client()
        client.raw(bundle(*(message(*m) for m in messages)))
        show.settle(len(messages) + 1)
        assert show.board.plain() == singly

    def test_soon_is_held_until_then(self, show):
        client = show.client()
        client.raw(bundle(message("/wear/mark", "second"), at=time.time() + 0.4))
        client.raw(bundle(message("/wear/mark", "first"), at=time.time() + 0.2))
        client.say("/wear/mark", "now")
        show.settle(3)
        assert show.board.plain() == [("/wear/mark", ("now",))]
        wait_for(lambda: show.play() or len(show.board.events) == 2, 1.0)
        assert show.door.heard_at > 0
        began = time.monotonic()
        wait_for(lambda: show.play() or len(show.board.events) == 3, 1.0)
        assert time.monotonic() - began > 0.1
        assert [args for _, args in show.board.plain()] == [("now",), ("first",), ("second",)]

    def test_past_and_far_ahead_are_now(self, show, caplog):
        client = show.client()
        for at in (time.time() - 1000, time.time() + 3600, time.time() + 7200):
            client.raw(bundle(message("/wear/mark", "x"), at=at))
        show.settle(3)
        assert len(show.board.events) == 3
        assert show.door.counts.late == 1
        assert caplog.text.count("its clock differs") == 1
        client.raw(b"#bundle\0" + b"\xff" * 8 + b"\0\0\0\x10/wear/mark\0\0,\0\0\0")
        show.settle(4)
        assert len(show.board.events) == 4

    def test_held_messages_are_bounded(self):
        due: Due[int] = Due()
        assert sum(due.hold(1.0, n) for n in range(5000)) == MOST_HELD
        assert due.wait(0.25) == 0.75
        assert due.ready(0.5) == []
        assert due.ready(1.0, 3) == [0, 1, 2]
        assert due.wait(5.0) == 0.0

    def test_time_tags_against_known_answers(self):
        assert seconds_ahead(2_208_988_800 << 32, 0.0) == 0.0
        assert seconds_ahead((2_208_988_801 << 32) + (1 << 31), 0.0) == 1.5
        assert seconds_ahead((2_208_988_800 + 1_700_000_000) << 32, 1_700_000_002.25) == pytest.approx(-2.25)


class TestBinds:
    def bind(self, source, to, arg=0, span=(0.0, 1.0)):
        return SimpleNamespace(source=source, to=to, arg=arg, span=span)

    def test_foreign_addresses_play_ours(self, caplog):
        show = Rehearsal(
            binds=[
                self.bind("/1/fader1", "/wear/tempo/bpm", span=(0, 127)),
                self.bind("/1/fader1", "/wear/master", span=(127, 0)),
                self.bind("/xy", "/wear/zone/chest/hue", arg=1),
                self.bind("/push", "/wear/cue/go"),
                self.bind("/toggle", "/wear/blackout"),
                self.bind("/colour", "/wear/palette"),
                self.bind("/wek/outputs", "/wear/move/knobs", span=(-1, 1)),
                self.bind("/lost", "/wear/mastr"),
                self.bind("/asked", "/wear/tempo/confidence"),
                self.bind("midi cc 21", "/wear/master"),
            ]
        )
        try:
            assert caplog.messages == [
                "OSC in: bind '/lost': this show has no '/wear/mastr'; did you mean /wear/master?",
                "OSC in: bind '/asked': '/wear/tempo/confidence' can only be asked; choose another address",
            ]
            assert said(
                show,
                ("/xy", 0.9, 0.25),
                ("/push", 1.0),
                ("/push", 0.0),
                ("/push",),
                ("/toggle", 0.75),
                ("/colour", "rust"),
                ("/wek/outputs", 0.0, "1", -3.0),
                ("/1/fader1", 127),
            ) == [
                ("/wear/zone/chest/hue", (0.25,)),
                ("/wear/cue/go", (1,)),
                ("/wear/cue/go", ()),
                ("/wear/blackout", (1,)),
                ("/wear/palette", ("rust",)),
                ("/wear/move/knobs", (0.5, 1.0, 0.0)),
                ("/wear/tempo/bpm", (300.0,)),
                ("/wear/master", (0.0,)),
            ]
            said(show, ("/xy", 0.5), ("/1/fader1", "high"), ("/lost", 1.0), ("/1/fader1",))
            assert show.door.counts.refused == {"value": 3, "unknown": 1}
        finally:
            show.close()

    def test_a_trigger_that_takes_any_number_gets_it(self):
        nudge = Parameter("/wear/tempo/nudge", "", "trigger", low=-0.5, high=0.5)
        binds = binds_of([self.bind("/wheel", "/wear/tempo/nudge", span=(0, 127))], Tree([nudge]))
        (bound,) = binds.get("/wheel")
        assert [played(bound, (x,)) for x in (0, 127, 127)] == [(-0.5,), (0.5,), (0.5,)]


class TestPort:
    def test_taken_is_no_error_and_freed_is_found(self, caplog):
        caplog.set_level(logging.INFO)
        first = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        first.bind(("127.0.0.1", 0))
        port = first.getsockname()[1]
        show = Rehearsal(port=port, retry=0.1)
        try:
            assert not show.door.listening
            assert f"port {port} is taken by" in show.door.note
            assert f"process {__import__('os').getpid()}" in show.door.note
            show.door.tell([("/a", (1,))], "")
            time.sleep(0.3)
            assert [text[:7] for text in caplog.messages] == ["WS-O30 "]  # once, however often it is tried
            first.close()
            wait_for(lambda: show.door.listening)
            assert said(show, ("/wear/cue/go",)) == [("/wear/cue/go", ())]
            assert len(caplog.records) == 2
            assert f"listening on 127.0.0.1:{port}" in caplog.messages[1]
        finally:
            show.close()
            first.close()

    def test_within_six_seconds_as_it_is_used(self):
        assert inspect.signature(Door).parameters["retry"].default == RETRY
        assert 0 < RETRY <= 6  # that it is as long as `retry` says is shown above

    @pytest.mark.skipif(not is_here("::1"), reason="this machine has no IPv6")
    def test_ipv6(self):
        show = Rehearsal(host="::1")
        try:
            with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as client:
                client.settimeout(2.0)
                client.bind(("::1", 0))
                client.sendto(datagram("/wear/subscribe", client.getsockname()[1]), ("::1", show.door.port))
                assert client.recv(65535).startswith(b"#bundle")
                show.settle(1)
                show.board.now["/wear/master"] = 0.5
                show.play()
                assert client.recv(65535).endswith(datagram("/wear/master", 0.5))
                client.sendto(datagram("/wear/master"), ("::1", show.door.port))
                assert client.recv(65535) == datagram("/wear/master", 0.5)
        finally:
            show.close()

    def test_no_such_address_here(self):
        show = Rehearsal(host="203.0.113.7")
        try:
            assert "this machine has no address 203.0.113.7" in show.door.note
        finally:
            show.close()

    def test_closing_is_quick_twice_is_fine_and_it_opens_again(self):
        show = Rehearsal()
        port = show.door.port
        began = time.monotonic()
        show.door.close()
        show.door.close()
        assert time.monotonic() - began < 4.0  # far less than a retry
        assert not any(thread.name == "osc in" for thread in threading.enumerate())
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM).bind(("127.0.0.1", port))
        show.door.tell([("/a", (1,))], "")
        show.door.open()
        show.door.open()
        assert said(show, ("/wear/cue/go",)) == [("/wear/cue/go", ())]
        show.close()

    def test_closing_while_the_port_is_taken(self):
        first = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        first.bind(("127.0.0.1", 0))
        show = Rehearsal(port=first.getsockname()[1], retry=60.0)
        began = time.monotonic()
        show.close()
        assert time.monotonic() - began < 4.0  # far less than a retry
        first.close()

    def test_open_to_all_is_said(self):
        show = Rehearsal(host="0.0.0.0")
        try:
            assert "open to everybody" in show.door.note
        finally:
            show.close()

    def test_nobody_has_a_free_port(self):
        assert port_owner(1) == "another program"


class TestWelcome:
    def test_networks(self):
        welcome = Welcome(["192.168.1.0/24", "10.0.0.7"])
        assert all(map(welcome, ["192.168.1.200", "10.0.0.7", "127.0.0.1", "::1", "::ffff:192.168.1.9"]))
        assert not any(map(welcome, ["192.168.2.1", "10.0.0.8", "8.8.8.8", "fe80::1%eth0", "nonsense"]))

    def test_nobody_who_is_many(self):
        assert not any(map(Welcome(), ["224.0.0.1", "255.255.255.255", "0.0.0.0", "ff02::1", "::"]))
        assert Welcome()("8.8.8.8")

    def test_memory_is_bounded(self):
        welcome = Welcome(["10.0.0.0/8"])
        for n in range(2000):
            assert welcome(f"10.0.{n // 250}.{n % 250}")
            assert len(welcome._known) <= 256

    def test_a_slip_in_the_list(self):
        with pytest.raises(PatchError, match=r"192\.168\.1\.0/24"):
            Welcome(["192.168.1"])

    def test_a_stranger_is_not_read(self):
        show = Rehearsal(allow=["192.0.2.0/24"])
        try:
            show.door._reception._welcome._known["127.0.0.1"] = False  # as if it came from elsewhere
            assert said(show, ("/wear/cue/go",)) == []
            assert show.door.counts.refused == {"stranger": 1}
        finally:
            show.close()

    def test_here(self):
        assert is_here("127.0.0.1")
        assert not is_here("203.0.113.7")

    def test_a_name_stands_for_ipv4_first_and_what_is_none_is_one_kind_of_error(self, monkeypatch):
        for nowhere, port in (("x" * 80 + ".local", 9000), ("127.0.0.1", 1 << 70)):
            with pytest.raises(OSError):
                resolved(nowhere, port, socket.SOCK_DGRAM)
        six, four = (
            (family, socket.SOCK_DGRAM, 17, "", address)
            for family, address in (
                (socket.AF_INET6, ("::1", 9000, 0, 0)),
                (socket.AF_INET, ("127.0.0.1", 9000)),
            )
        )
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [six, four])
        assert resolved("localhost", 9000, socket.SOCK_DGRAM) == (socket.AF_INET, ("127.0.0.1", 9000))
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [six])
        assert resolved("localhost", 9000, socket.SOCK_DGRAM) == (socket.AF_INET6, ("::1", 9000, 0, 0))


class Watch:
    """A clock that goes on only while somebody works or sleeps, and what was slept."""

    def __init__(self):
        self.now, self.rests = 100.0, []

    def monotonic(self):
        return self.now

    def sleep(self, seconds):
        self.rests.append(seconds)
        self.now += seconds


class TestTurn:
    """Little is served at once; much is served in stretches with rests, so that the engine gets its turn."""

    @pytest.fixture
    def watch(self, monkeypatch):
        made = Watch()
        monkeypatch.setattr(turn, "time", made)
        return made

    def test_now_and_then_is_at_once(self, watch):
        mine = turn.Turn()
        for _ in range(10):
            mine.begin()
            mine.rest_if_over()
            watch.now += 3 * turn.TURN
        assert watch.rests == []

    def test_again_and_again_is_once_a_turn(self, watch):
        mine = turn.Turn()
        for _ in range(10):
            mine.begin()
        assert watch.rests == [turn.TURN] * 9

    def test_long_work_rests_in_between(self, watch):
        mine = turn.Turn()
        mine.begin()
        for _ in range(100):
            watch.now += turn.TURN / 8
            mine.rest_if_over()
        assert 11 <= len(watch.rests) <= 13  # one for each turn of work


def test_the_nearest_address_is_found_quickly():
    likest = Likest(f"/wear/zone/zone_{n}/{m}" for n in range(100) for m in ("glow", "hue", "warmth"))
    assert likest.to("/wear/zone/zone_42/glwo") == "/wear/zone/zone_42/glow"
    assert likest.to("/wear/zon/zone_42/glow") == "/wear/zone/zone_42/glow"
    assert likest.to("/wear/zone/zone42/hue") == "/wear/zone/zone_42/hue"
    assert likest.to("/1/fader1") == likest.to("") == Likest([]).to("/wear") == ""
    began = time.thread_time()
    for n in range(100):
        likest.to("/wear/zone/zone" * 8 + str(n))
    assert (time.thread_time() - began) / 100 < 0.05  # CPU seconds; comparing with all of them takes far more


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def drain(*clients):
    for client in clients:
        while client.hear(0.05):
            pass


def test_a_door_that_was_never_opened_closes():
    Door(Board().tree, lambda event: True).close()
