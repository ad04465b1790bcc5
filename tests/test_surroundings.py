"""A change of show and what it sends to: real receivers on real ports, who never see a dark frame that is not meant."""

from __future__ import annotations

import json
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from osc_client import Client
from pythonosc.osc_bundle import OscBundle
from pythonosc.osc_message import OscMessage
from receivers import Listener, ddp_frames, wait_for

from wearsound.core import Block, Clock, Event
from wearsound.errors import DeviceError, PatchError
from wearsound.outputs.echo import Echo
from wearsound.outputs.osc_query import QueryServer
from wearsound.parts import CHANGE, Change
from wearsound.show.build import Made, build, make
from wearsound.show.load import load
from wearsound.show.surroundings import Surroundings
from wearsound.show.targets import targets_of
from wearsound.sources.osc_in.door import Door

CLOCK = Clock()
LANES = {"room": (0, 1)}
PATCH = """title = "{title}"
garment = "denim-jacket"
[[route]]
from = "bass"
to = "*.glow"
out = [0.6, 0.7]
attack = {attack}
"""
SKETCH = """from wearsound import Sketch, parameter


class Bloom(Sketch):
    {name}: float = parameter(0.5, 0, 1)

    def draw(self, c, f):
        c.background(0)
"""


class Room:
    """A live source that waits as a microphone does, and ends when it is told to."""

    live = True
    lanes = LANES
    sample_rate = CLOCK.sample_rate

    def __init__(self) -> None:
        self.ended = False

    def blocks(self, clock: Clock) -> Iterator[Block]:
        n, tick, began = 2, 0, time.monotonic()
        wave = np.full((n * clock.hop, 2), 0.1, np.float32)
        while not self.ended:
            ahead = clock.seconds(tick + n) - (time.monotonic() - began)
            if ahead > 0:
                time.sleep(ahead)
            yield Block(tick, wave, LANES, n)
            tick += n


class Hall:
    """A show that really runs, without a window, and changes when it is told to."""

    def __init__(self, folder: Path, rig: str, sketch: str | None = None) -> None:
        self.folder = folder
        self.built = build(self.show("One", rig, sketch), LANES, CLOCK.sample_rate, strict=False)
        self.around = Surroundings(self.built)
        self.around.begin(None)
        self.engine = self.built.engine
        self.ready: dict[int, Change] = {}
        self.engine.changes = lambda number: self.ready.pop(number, None)
        self.room = Room()
        self._number = 0
        self._thread = threading.Thread(target=self.engine.run, args=(self.room,), daemon=True)

    def show(self, title: str, rig: str, sketch: str | None = None, garment: str | None = None) -> object:
        (self.folder / "a.toml").write_text(PATCH.format(title=title, attack=0.01))
        (self.folder / "rig.toml").write_text(rig)
        path = None
        if sketch is not None:
            path = self.folder / f"{title.lower()}.py"
            path.write_text(SKETCH.format(name=sketch))
        return load(self.folder / "a.toml", rig=self.folder / "rig.toml", sketch=path, garment=garment)

    def made(self, title: str, rig: str, sketch: str | None = None, garment: str | None = None) -> Made:
        return make(self.show(title, rig, sketch, garment), LANES, CLOCK, strict=False)  # type: ignore[arg-type]

    def change(self, title: str, rig: str, sketch: str | None = None, garment: str | None = None) -> None:
        """Get it ready here, aside, and let the engine take it."""
        made = self.made(title, rig, sketch, garment)
        self._number += 1
        self.ready[self._number] = Change(self._number, made.parts, self.around.ahead(made, self._number))
        self.engine.inbox.put(Event(0, CHANGE, (self._number,)))
        wait_for(lambda: self.engine.number == self._number)

    def put(self, event: Event) -> bool:
        self.around.at_once(event)
        return self.engine.inbox.put(event)

    def __enter__(self) -> Hall:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.room.ended = True
        self._thread.join(10)
        assert not self._thread.is_alive()


def osc(*ports: int) -> str:
    return "".join(f'[[osc]]\nname = "t{port}"\nhost = "127.0.0.1"\nport = {port}\n' for port in ports)


def light(*ports: int) -> str:
    words = 'host = "127.0.0.1"\ngamma = 1\ncap = 60\n'
    return "".join(f'[[light]]\nname = "l{port}"\nport = {port}\n{words}' for port in ports)


def glows(box: Listener, zone: str = "chest") -> list[tuple[float, float]]:
    """When, and the brightest of the colour of a zone, of every message about it."""
    found = []
    for when, data in list(box.packets):
        messages = list(OscBundle(data)) if data.startswith(b"#bundle") else [OscMessage(data)]
        found += [(when, max(m.params)) for m in messages if m.address == f"/wear/zone/{zone}/rgb"]
    return found


def brightest(box: Listener) -> list[tuple[float, int]]:
    packets = list(box.packets)
    while packets and not packets[-1][1][0] & 1:  # the rest of the last frame is still on its way
        packets.pop()
    return [(frame.when, max(frame.data)) for frame in ddp_frames(packets)]


def brightest_now(box: Listener) -> int:
    frames = brightest(box)
    return frames[-1][1] if frames else 0


def test_what_both_send_to_sees_no_dark_frame_what_leaves_goes_dark_what_comes_lights_up(
    tmp_path: Path,
) -> None:
    with Listener() as stays, Listener() as leaves, Listener() as comes:
        boxes = Listener(), Listener(), Listener()
        o_stays, o_leaves, o_comes = boxes
        with Hall(tmp_path, light(stays.port, leaves.port) + osc(o_stays.port, o_leaves.port)) as hall:
            parts = hall.around.outputs
            wait_for(lambda: brightest_now(stays) and brightest_now(leaves) and glows(o_leaves))
            hall.change("Two", light(stays.port, leaves.port) + osc(o_stays.port, o_leaves.port))
            assert hall.around.outputs == parts  # another patch, the same room: the very same things
            time.sleep(0.3)
            hall.change("Three", light(comes.port, stays.port) + osc(o_comes.port, o_stays.port))
            assert len([part for part in hall.around.outputs if part in parts]) == 2
            wait_for(lambda: brightest_now(comes) and glows(o_comes))
            wait_for(lambda: brightest_now(leaves) == 0)
            time.sleep(0.5)
            alone = len(leaves.packets), len(o_leaves.packets)
            time.sleep(0.5)
            assert (len(leaves.packets), len(o_leaves.packets)) == alone  # and hears no more
            before = len(brightest(stays)), len(glows(o_stays))
        seen = brightest(stays)[: before[0]]
        first = next(i for i, (_, value) in enumerate(seen) if value)
        assert min(value for _, value in seen[first:]) > 0
        assert np.diff([when for when, _ in seen]).max() < 0.5
        told = glows(o_stays)[: before[1]]
        first = next(i for i, (_, value) in enumerate(told) if value > 0)
        assert min(value for _, value in told[first:]) > 0
        assert glows(o_leaves)[-1][1] == 0.0
        for box in (stays, comes, leaves):
            assert brightest_now(box) == 0  # the end of the show
        for box in boxes:
            box.close()


def test_a_rig_that_stays_is_never_opened_again(tmp_path: Path) -> None:
    """Keys know what is the same thing: its words, and the body that its light is of."""
    with Listener() as box:
        rig = light(box.port) + osc(box.port)
        hall = Hall(tmp_path, rig)
        keys = [target.key for target in targets_of(hall.built.show, hall.built)]
        assert len(set(keys)) == 2
        again = hall.made("Two", rig)
        assert [target.key for target in targets_of(again.show, hall.built)] == keys
        other = hall.made("Three", rig, garment="scarf")
        assert [target.key in keys for target in targets_of(other.show, hall.built)] == [True, False]


def test_a_panic_is_told_to_what_comes(tmp_path: Path) -> None:
    with Listener() as stays, Listener() as comes, Hall(tmp_path, light(stays.port)) as hall:
        wait_for(lambda: brightest_now(stays))
        hall.put(Event(0, "/wear/panic", by="key"))
        wait_for(lambda: brightest_now(stays) == 0)
        hall.change("Two", light(stays.port, comes.port))
        wait_for(lambda: len(comes.packets) > 5)
        time.sleep(0.5)
        assert max(value for _, value in brightest(comes)) == 0
        assert brightest_now(stays) == 0
        hall.put(Event(0, "/wear/resume", by="key"))
        wait_for(lambda: brightest_now(comes) and brightest_now(stays))


def test_the_master_is_told_to_what_comes(tmp_path: Path) -> None:
    with Listener() as stays, Listener() as comes, Hall(tmp_path, light(stays.port)) as hall:
        wait_for(lambda: brightest_now(stays))
        hall.put(Event(0, "/wear/master", (0.0,), by="key"))
        wait_for(lambda: brightest_now(stays) == 0)
        hall.change("Two", light(comes.port))
        wait_for(lambda: len(comes.packets) > 5)
        assert max(value for _, value in brightest(comes)) == 0


def test_a_port_that_cannot_be_had_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Listener() as box:
        hall = Hall(tmp_path, light(box.port))
        parts, board = hall.around.outputs, list(hall.around.tree)
        made = hall.made("Two", light(box.port) + osc(box.port))

        def refuse(*args: object) -> None:
            raise PatchError("no such thing")

        monkeypatch.setattr("wearsound.show.targets.osc_output", refuse)
        with pytest.raises(PatchError, match="no such thing"):
            hall.around.ahead(made, 1)
        assert hall.around.outputs == parts
        assert list(hall.around.tree) == board


class TestTheTree:
    """Whoever asks at once after a change is answered by the new show."""

    def test_over_real_osc(self, tmp_path: Path) -> None:
        with Listener() as box, Hall(tmp_path, osc(box.port), sketch="warmth") as hall:
            door = Door(hall.around.tree, hall.put, port=_free())
            door.open()
            echo = Echo(hall.around.tree, door.tell, lambda: door.subscribers)
            hall.around.echo = echo
            client = Client()
            client.to = door.port
            old, new = "/wear/param/sketch/warmth", "/wear/param/sketch/petals"
            try:
                assert door.listening, door.note
                client.say("/wear/subscribe", client.port)
                client.hear_until("/wear/show")
                client.say(old)
                assert (old, (0.5,)) in client.hear_until(old)
                refused = sum(door.counts.refused.values())
                client.say(new)
                wait_for(lambda: sum(door.counts.refused.values()) == refused + 1)
                assert new not in hall.engine.inbox.values
                hall.change("Two", osc(box.port), sketch="petals")
                client.say(new)
                assert (new, (0.5,)) in client.hear_until(new)
                client.say(old)
                wait_for(lambda: sum(door.counts.refused.values()) == refused + 2)
                client.say("/wear/show")
                assert ("/wear/show", ("Two",)) in client.hear_until("/wear/show")
                assert new in hall.engine.inbox.values
                assert old not in hall.engine.inbox.values
                client.say(new, 0.75)
                wait_for(lambda: hall.built.score.held_at.get("sketch.petals") == 0.75)
                addresses = {parameter.address for parameter in echo._parameters}
                assert new in addresses
                assert old not in addresses
            finally:
                client.close()
                door.close()

    def test_over_oscquery(self, tmp_path: Path) -> None:
        with Listener() as box, Hall(tmp_path, osc(box.port), sketch="warmth") as hall:
            port = _free()
            server = QueryServer(hall.around.tree, "One", "127.0.0.1", port, 0, ())
            server.open()
            try:

                def there() -> set[str]:
                    url = f"http://127.0.0.1:{port}/wear/param/sketch"
                    with urllib.request.urlopen(url, timeout=10) as answer:
                        return {name for name in json.load(answer)["CONTENTS"] if name != "release"}

                assert there() == {"warmth"}
                hall.change("Two", osc(box.port), sketch="petals")
                assert there() == {"petals"}
            finally:
                server.close()


def _free() -> int:
    """A port that nobody has."""
    with Listener() as box:
        return box.port


class Spare:
    """An output that cannot be had the first time."""

    name, rate = "spare", 60

    def __init__(self, failures: int = 0) -> None:
        self.failures, self.opened, self.closed, self.sent = failures, 0, 0, 0
        self.slow = threading.Event()
        self.slow.set()

    def open(self, clock: Clock) -> None:
        assert self.slow.wait(20)
        self.opened += 1
        if self.opened <= self.failures:
            raise DeviceError("not there")

    def send(self, frame: object) -> None:
        self.sent += 1

    def close(self) -> None:
        self.closed += 1


class TestExchange:
    def test_what_comes_is_opened_aside_and_closed_at_the_end(self, tmp_path: Path) -> None:
        with Listener() as box, Hall(tmp_path, osc(box.port)) as hall:
            wait_for(lambda: hall.engine.hops)
            comes, leaves = Spare(), Spare()
            comes.slow.clear()
            hall.engine.exchange(hall.engine.outputs, [], [comes])
            hops = hall.engine.hops
            wait_for(lambda: hall.engine.hops > hops + 50)  # nobody waits for it
            assert comes.sent == 0
            comes.slow.set()
            wait_for(lambda: comes.sent)
            hall.engine.exchange(hall.engine.outputs, [], [leaves])
            wait_for(lambda: leaves.sent)
            hall.engine.exchange(hall.engine.outputs, [leaves], [])
            wait_for(lambda: leaves.closed)
            assert leaves not in hall.engine.outputs
        assert comes.closed >= 1

    def test_what_leaves_before_it_has_come_never_comes(self, tmp_path: Path) -> None:
        with Listener() as box, Hall(tmp_path, osc(box.port)) as hall:
            wait_for(lambda: hall.engine.hops)
            part = Spare()
            part.slow.clear()
            hall.engine.exchange(hall.engine.outputs, [], [part])
            time.sleep(0.2)
            hall.engine.exchange(hall.engine.outputs, [part], [])
            part.slow.set()
            wait_for(lambda: part.closed >= 2 or (part.closed and not part.opened))
            hops = hall.engine.hops
            wait_for(lambda: hall.engine.hops > hops + 50)
            assert part.sent == 0

    def test_listeners_hear_all_that_is_taken(self, tmp_path: Path) -> None:
        with Listener() as box, Hall(tmp_path, osc(box.port)) as hall:
            heard: list[tuple[str, tuple[object, ...]]] = []
            hall.engine.listeners.append(lambda event: heard.append((event.address, event.args)))
            hall.put(Event(0, "/wear/mark", ("x",)))
            wait_for(lambda: heard)
            assert heard == [("/wear/mark", ("x",))]
