"""Light leaves at once, is kept alive, goes dark at the end, and no target makes another late; real sockets."""

from __future__ import annotations

import logging
import os
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
from types import SimpleNamespace
from typing import ClassVar

import numpy as np
import pytest
from receivers import Listener, ddp_frames, sacn_universe, wait_for, wled_heard

from wearsound.core import Block, Clock, Event, Frame, Health, Row
from wearsound.errors import DeviceError, PatchError
from wearsound.outputs.delay import Delayed
from wearsound.outputs.light.audio_sync import AudioSyncSender, features
from wearsound.outputs.light.map import LightMap
from wearsound.outputs.light.sender import LightSender
from wearsound.outputs.light.wire import Ddp, Sacn
from wearsound.outputs.udp import Udp
from wearsound.show.build import build
from wearsound.show.hears import band_of
from wearsound.show.live import play
from wearsound.show.load import load
from wearsound.show.outputs import light_outputs
from wearsound.show.rig import read_rig
from wearsound.sources.signal import test_signal as signal_of

QUIET = "[door]\nport = 0\n"
CLOCK = Clock()


def sender(port: int, n: int = 30, wire: object | None = None, cap: int = 60) -> LightSender:
    light_map = LightMap(range(n), "RGB", 1.0)
    return LightSender(
        "coat", wire or Ddp(light_map.size), light_map, Udp("coat", "127.0.0.1", port, kind="light"), cap
    )


def pixels(seed: int, n: int = 30) -> np.ndarray:
    return np.random.default_rng(seed).integers(1, 256, (n, 3)).astype(np.uint8)


@pytest.fixture
def box() -> Iterator[Listener]:
    with Listener() as made:
        yield made


class TestOneTarget:
    def test_a_changed_frame_leaves_at_once_an_unchanged_one_three_times(self, box: Listener) -> None:
        out = sender(box.port, 1000)
        out.open(CLOCK)
        for number in (1, 2, 2, 2, 2, 2, 3):
            out.show(pixels(number, 1000))
            time.sleep(1 / 60)
        box.quiet()
        shown = [frame.data for frame in ddp_frames(box.packets)]
        assert shown == [pixels(number, 1000).tobytes() for number in (1, 2, 2, 2, 3)]
        assert (out.frames, out.sent, out.lost) == (5, 15, 0)
        out.close()

    def test_it_is_repeated_within_a_second_while_the_engine_stands_still(self, box: Listener) -> None:
        out = sender(box.port)
        out.open(CLOCK)
        out.show(pixels(1))
        time.sleep(3.2)
        out.close()
        box.quiet()
        frames = ddp_frames(box.packets)
        lit = [frame for frame in frames if any(frame.data)]
        assert len(lit) >= 4
        assert {frame.data for frame in lit} == {pixels(1).tobytes()}
        assert box.gaps().max() <= 1.0

    def test_before_the_first_frame_nothing_is_said(self, box: Listener) -> None:
        out = sender(box.port)
        out.open(CLOCK)
        time.sleep(1.0)
        assert box.packets == []
        out.close()
        box.quiet()
        assert [frame.data for frame in ddp_frames(box.packets)] == [bytes(90)] * 2

    def test_it_ends_dark_and_terminated_and_twice_is_fine(self, box: Listener) -> None:
        light_map = LightMap(range(200), "RGB", 1.0)
        wire = Sacn(light_map.size, 3, 1, bytes(16), b"coat")
        out = LightSender("coat", wire, light_map, Udp("coat", "127.0.0.1", box.port, kind="light"))
        out.open(CLOCK)
        out.show(pixels(1, 200))
        out.close()
        out.close()
        box.quiet()
        data = [sacn_universe(packet) for _, packet in box.packets if len(packet) == 638]
        assert [u for u, *_ in data] == [1, 2] * 6
        assert [o for _, _, o, _ in data] == [0] * 6 + [0x40] * 6
        assert all(any(slots) for _, _, _, slots in data[:2])
        assert not any(any(slots) for _, _, _, slots in data[2:])
        sequences = [s for u, s, *_ in data if u == 1]
        assert sequences == list(range(sequences[0], sequences[0] + 6))

    def test_panic_is_obeyed_while_no_frame_comes_and_a_frame_lights_again(self, box: Listener) -> None:
        out = sender(box.port)
        out.open(CLOCK)
        out.show(pixels(1))
        began = time.monotonic()
        wait_for(lambda: box.packets)
        out.take(Event(0, "/wear/panic"))
        wait_for(lambda: not any(ddp_frames(list(box.packets))[-1].data), 3)
        assert time.monotonic() - began < 1.1
        out.take(Event(0, "/wear/resume"))
        time.sleep(0.9)
        assert not any(ddp_frames(box.packets)[-1].data), "nothing lights up by itself"
        out.show(pixels(1))
        wait_for(lambda: any(ddp_frames(list(box.packets))[-1].data), 3)
        out.take(Event(0, "/wear/blackout", (0,)))
        out.take(Event(0, "/wear/blackout", (1,)))
        wait_for(lambda: not any(ddp_frames(list(box.packets))[-1].data), 3)
        out.close()

    def test_a_cap_is_kept_and_the_newest_frame_wins(self, box: Listener) -> None:
        show = load("bass-denim")
        text = QUIET + f'[[light]]\nname = "a"\nhost = "127.0.0.1"\nport = {box.port}\ncap = 20\n'
        show = replace(show, rig=read_rig(text))
        built = build(show, {"room": (0,)}, 48_000, strict=True)
        (out,) = light_outputs(show, built)
        seen = []
        whole = out.output.show
        out.output.show = lambda now: (seen.append(now.copy()), whole(now))  # type: ignore[method-assign]
        built.engine.outputs.append(out)
        built.engine.run(signal_of("test:kick=120", seconds=2.0))
        assert len(seen) == 40


class TestTrouble:
    def test_a_socket_that_fails_is_counted_said_once_and_tried_every_frame(
        self, box: Listener, caplog: pytest.LogCaptureFixture
    ) -> None:
        out = sender(box.port)
        out.open(CLOCK)
        out.show(pixels(1))
        taken = out._udp._socket
        out._udp._rebuilt = time.monotonic() + 60  # keeps it from coming back
        taken.close()
        with caplog.at_level(logging.WARNING):
            for number in range(2, 6):
                time.sleep(1 / 60)
                out.show(pixels(number))
        assert (out.lost, out.failing) == (4, True)
        assert [r.getMessage() for r in caplog.records] == [
            f"WS-N17 light to coat (127.0.0.1:{box.port}) is being lost: bad file descriptor"
        ]
        out._udp._rebuilt = 0.0
        for _ in range(2):
            time.sleep(1 / 60)
            out.show(pixels(6))
        assert not out.failing, "a device that is gone gives a new socket"
        box.quiet()
        assert ddp_frames(box.packets[:1])[0].data == pixels(1).tobytes()
        assert box.packets[-1][1][10:] == pixels(6).tobytes()
        out.close()

    def test_a_new_socket_is_made_once_a_second_at_most(self, box: Listener, monkeypatch) -> None:
        udp = Udp("coat", "127.0.0.1", box.port, kind="light")
        udp.open()
        made = []
        whole = udp._made

        def made_and_broken() -> socket.socket:
            made.append(time.monotonic())
            broken = whole()
            broken.close()
            return broken

        monkeypatch.setattr(udp, "_made", made_and_broken)
        udp._socket.close()
        end = time.monotonic() + 2.5
        while time.monotonic() < end:
            assert not udp.send([(b"x", udp.address)])
        assert len(made) in (2, 3)
        assert np.diff(made).min() >= 0.9
        udp.close()

    def test_a_dead_target_makes_no_other_late(self, box: Listener) -> None:
        """A target whose every send fails, and one whose machine is not there, beside one that listens."""
        dead, away, alive = sender(box.port), sender(9, 20_000), sender(box.port)
        away._udp = Udp("away", "192.0.2.123", 9, kind="light")
        for out in (dead, away, alive):
            out.open(CLOCK)
        dead._udp._rebuilt = time.monotonic() + 60
        dead._udp._socket.close()
        took = []
        for number in range(60):
            began = time.perf_counter()
            for out in (dead, away):
                out.show(pixels(number, 20_000))
            took.append(time.perf_counter() - began)
            alive.show(pixels(number))
            time.sleep(1 / 60)
        box.quiet()
        shown = [frame.data for frame in ddp_frames(box.packets)]
        assert shown[:60] == [pixels(number).tobytes() for number in range(60)]
        assert np.median(took) < 0.05, "nothing is waited for"
        for out in (dead, away, alive):
            out.close()

    @pytest.mark.device
    @pytest.mark.skipif(
        shutil.which("unshare") is None, reason="no unshare: no network of its own to take down"
    )
    def test_light_comes_back_with_the_network(self) -> None:
        """In a network of its own: down (every send fails), then up; the next frame arrives."""
        if os.geteuid() or subprocess.run(["unshare", "-n", "true"], check=False).returncode:
            pytest.skip("no right to make a network of its own")
        done = subprocess.run(
            ["unshare", "-n", sys.executable, "-c", DOWN_AND_UP, str(Path(__file__).parent)],
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.stdout.splitlines() == ["lost 5 failing True", "came 6 failing False"], done.stderr
        assert done.stderr.count("is being lost: network is unreachable") == 1

    def test_a_resolver_that_hangs_holds_nobody_up(self, monkeypatch: pytest.MonkeyPatch) -> None:
        never = threading.Event()
        monkeypatch.setattr("wearsound.outputs.udp.PATIENCE", 0.2)

        def hang(*_: object, **__: object) -> None:
            never.wait(20)
            raise OSError("nobody")

        monkeypatch.setattr(socket, "getaddrinfo", hang)
        began = time.monotonic()
        with pytest.raises(DeviceError, match=r"no host called 'coat\.local'"):
            Udp("coat", "coat.local", 9, kind="light").open()
        assert time.monotonic() - began < 5
        never.set()

    def test_an_unknown_host_is_a_sentence(self) -> None:
        out = sender(9)
        out._udp = Udp("coat", "no-such-machine.invalid", 9, kind="light")
        with pytest.raises(
            Exception, match=r"light target 'coat': no host called 'no-such-machine\.invalid'"
        ):
            out.open(CLOCK)
        out.close()
        out._udp = Udp("coat", "127.0.0.1", 9, "192.0.2.77", kind="light")
        with pytest.raises(DeviceError, match=r"'coat': cannot send from 192\.0\.2\.77 .*write an address"):
            out.open(CLOCK)


DOWN_AND_UP = """
import socket, subprocess, sys, time
sys.path[:0] = sys.argv[1:]
import numpy as np
from test_light_out import CLOCK, pixels, sender
box = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
box.bind(("0.0.0.0", 0))
box.settimeout(5)
out = sender(box.getsockname()[1])
out.open(CLOCK)
for number in range(5):
    out.show(pixels(number))
    time.sleep(1 / 60)
print("lost", out.lost, "failing", out.failing)
subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
out.show(pixels(6))
came = box.recv(9999)
print("came", 6 if came[10:] == pixels(6).tobytes() else came, "failing", out.failing)
out.close()
"""


class TestManyAtOnce:
    """Multicast over this machine's own loopback: groups are joined as receivers join them."""

    def joined(self, *groups: str) -> Listener:
        box = Listener(host="")
        for group in groups:
            asked = socket.inet_aton(group) + socket.inet_aton("127.0.0.1")
            box.socket.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, asked)
        return box

    def rig(self, words: str):
        return read_rig(QUIET + f'[[light]]\nname = "a"\nvia = "127.0.0.1"\n{words}')

    def test_sacn_goes_to_its_groups_and_lists_its_universes(self) -> None:
        show = load("bass-denim")
        with self.joined("239.255.250.214", "239.255.1.4") as box:
            rig = self.rig(
                f'host = "multicast"\nprotocol = "sacn"\nport = {box.port}\nuniverse = 260\ngamma = 1\n'
            )
            built = build(replace(show, rig=rig), {"room": (0,)}, 48_000, strict=True)
            (out,) = light_outputs(replace(show, rig=rig), built)
            out.open(CLOCK)
            now = pixels(1, built.body.n_pixels)
            out.output.show(now)
            wait_for(lambda: len(box.packets) >= 3)
            box.quiet()
            out.close()
        data = [sacn_universe(packet) for _, packet in box.packets if len(packet) == 638]
        assert {universe for universe, *_ in data} == {260}, "the others have groups of their own"
        assert data[0][3][:510] == now[:170].tobytes()
        lists = [packet for _, packet in box.packets if struct.unpack_from(">I", packet, 18)[0] == 8]
        found = [packet for packet in lists if struct.unpack_from(">I", packet, 40)[0] == 2]
        assert len(found) == 1
        assert struct.unpack_from(">3H", found[0], 120) == (260, 261, 262)

    def test_audio_sync_goes_to_its_group(self) -> None:
        show = load("bass-denim")
        with self.joined("239.0.0.1") as box:
            rig = self.rig(f'protocol = "wled"\nport = {box.port}\n')
            built = build(replace(show, rig=rig), {"room": (0,)}, 48_000, strict=True)
            built.engine.outputs.extend(light_outputs(replace(show, rig=rig), built))
            built.engine.run(signal_of("test:kick=120", seconds=1.0))
            box.quiet()
        assert len(wled_heard(box.packets)) == 52


class Standing:
    """A live source that plays a while, then lets time pass without a hop, as a lost microphone does."""

    live = True
    sample_rate = 48_000
    lanes: ClassVar = {"room": (0,)}

    def __init__(self, plays: float, stands: float, then=lambda: None) -> None:
        self.plays, self.stands, self.then = plays, stands, then
        self.stood = 0.0

    def blocks(self, clock: Clock) -> Iterator[Block]:
        tick = 0
        began = time.monotonic()
        for block in signal_of("test:kick=120", seconds=self.plays).blocks(clock):
            for hop in range(block.n_hops):
                time.sleep(max(0.0, began + clock.seconds(tick + 1) - time.monotonic()))
                samples = block.samples[hop * clock.hop : (hop + 1) * clock.hop]
                yield Block(tick, samples, self.lanes, 1)
                tick += 1
        self.stood = time.monotonic()
        self.then()
        while time.monotonic() < self.stood + self.stands:
            time.sleep(0.02)
            yield Block(tick, np.zeros((0, 1), np.float32), self.lanes, 0)


def rig_of(*targets: str) -> str:
    return QUIET + "".join(f'[[light]]\nname = "t{i}"\n{words}\n' for i, words in enumerate(targets))


class TestAShow:
    def test_every_target_is_served_kept_alive_and_left_dark(self) -> None:
        with Listener() as one, Listener() as two, Listener() as three:
            here = 'host = "127.0.0.1"\nport = '
            text = rig_of(
                f"{here}{one.port}\ngamma = 1\ncap = 60",
                f'{here}{two.port}\nprotocol = "sacn"\nzones = ["chest"]\nuniverse = 9',
                f'{here}{three.port}\nprotocol = "wled"',
                'host = "no-such-machine.invalid"',
                'host = "192.0.2.123"\nprotocol = "artnet"\ndelay = 0.5',
            )
            show = replace(load("bass-denim"), rig=read_rig(text))
            source = Standing(1.5, 2.5)
            said: list[str] = []
            play(show, source, window=False, say=said.append)
            for box in (one, two, three):
                box.quiet()
            assert any(s.startswith("sends light to t0 (ddp 127.0.0.1:") for s in said)
            frames = ddp_frames(one.packets)
            moving = [frame for frame in frames if frame.when < source.stood]
            assert len({frame.data for frame in moving}) > 10
            assert len(moving) > 20
            standing = [frame for frame in frames if source.stood <= frame.when < source.stood + 2.4]
            assert len(standing) >= 3
            assert len({frame.data for frame in standing}) == 1
            assert one.gaps().max() <= 1.0
            assert [any(frame.data) for frame in frames[-2:]] == [False, False]
            data = [sacn_universe(packet) for _, packet in two.packets if len(packet) == 638]
            assert {u for u, *_ in data} == {9}
            assert [o for _, _, o, _ in data].count(0x40) == 3
            assert all(o == 0x40 for _, _, o, _ in data[-3:])
            assert not any(data[-4][3])
            when = [at for at, packet in two.packets if len(packet) == 638]
            assert np.diff(when).max() <= 1.0
            heard = wled_heard(three.packets)
            assert three.gaps().max() <= 1.0
            assert 0.8 * 75 < sum(h.when < source.stood for h in heard) <= 77
            assert max(h.raw for h in heard) > 100
            assert any(h.peak for h in heard)
            quiet = [h for h in heard if h.when > source.stood + 0.9]
            assert len(quiet) >= 3
            assert all((h.raw, h.peak, sum(h.bands), h.major_hz) == (0, 0, 0, 0) for h in quiet)

    def test_panic_while_the_microphone_is_lost_is_dark_in_time(self, box: Listener) -> None:
        text = rig_of(f'host = "127.0.0.1"\nport = {box.port}\ngamma = 1')
        show = replace(load("bass-denim"), rig=read_rig(text))
        built = []
        source = Standing(1.0, 2.0, lambda: built[0].engine.inbox.put(Event(0, "/wear/panic")))
        play(show, source, window=False, prepare=built.append, say=lambda _: None)
        box.quiet()
        frames = ddp_frames(box.packets)
        assert any(any(frame.data) for frame in frames if frame.when < source.stood)
        dark = [frame.when for frame in frames if frame.when > source.stood and not any(frame.data)]
        assert dark[0] - source.stood < 1.1
        assert all(not any(frame.data) for frame in frames if frame.when >= dark[0])

    def test_a_delay_holds_one_target_back(self) -> None:
        with Listener() as early, Listener() as late:
            here = 'host = "127.0.0.1"\ngamma = 1\ncap = 60\nport = '
            text = rig_of(f"{here}{early.port}", f"{here}{late.port}\ndelay = 0.4")
            show = replace(load("bass-denim"), rig=read_rig(text))
            play(show, Standing(2.0, 0.0), window=False, say=lambda _: None)
            early.quiet()
            late.quiet()
            first, second = ({}, {})
            for found, box in ((first, early), (second, late)):
                for frame in ddp_frames(box.packets):
                    found.setdefault(frame.data, frame.when)
            both = [data for data in second if any(data) and data in first]
            assert len(both) > 20
            assert np.median([second[data] - first[data] for data in both]) == pytest.approx(0.4, abs=0.1)


class TestWhatIsHeard:
    def heard(self, signal: str, seconds: float = 3.0) -> list:
        show = replace(load("bass-denim"), rig=read_rig(QUIET + '[[light]]\nname = "w"\nprotocol = "wled"\n'))
        built = build(show, {"room": (0,)}, 48_000, strict=True)
        with Listener() as box:
            (out,) = light_outputs(show, built)
            out.output._udp = Udp("w", "127.0.0.1", box.port, kind="light")
            built.engine.outputs.append(out)
            built.engine.run(signal_of(signal, seconds=seconds))
            box.quiet()
            return wled_heard(box.packets)

    def test_silence_is_zeros(self) -> None:
        heard = self.heard("test:silence")
        assert len(heard) == 150 + 2
        assert all(
            (h.raw, h.smooth, h.peak, sum(h.bands), h.magnitude, h.major_hz) == (0,) * 6 for h in heard
        )
        assert [h.counter for h in heard] == [(i + 1) % 256 for i in range(152)]

    @pytest.mark.parametrize(("hz", "band"), [(63, 0), (250, 3), (1000, 7), (5000, 14)])
    def test_a_tone_is_in_its_band(self, hz: int, band: int) -> None:
        heard = self.heard(f"test:sine={hz}")
        settled = heard[100:150]
        assert {int(np.argmax(h.bands)) for h in settled} == {band}
        assert all(0.7 * hz < h.major_hz < 1.4 * hz for h in settled)
        assert min(h.raw for h in settled) > 60
        assert all(sum(h.bands) == 0 for h in heard[-2:]), "left silent"

    def test_kicks_are_peaks_and_no_more(self) -> None:
        heard = self.heard("test:kick=120", 6.0)
        assert 9 <= sum(h.peak for h in heard) <= 13

    def test_in_the_dark_it_says_silence_and_peaks_are_a_tenth_of_a_second_apart(self, box: Listener) -> None:
        names = ("room.loudness", "room.onset", *features("room"))
        index = {name: i for i, name in enumerate(names)}
        out = AudioSyncSender("w", Udp("w", "127.0.0.1", box.port, kind="light"))
        out.open(CLOCK)
        for number in range(140):
            dark = "blackout" if 20 <= number < 70 else ""
            values = np.array([0.5, 3.0 + number, *[0.25] * 16])  # a new onset in every frame
            row = Row(index, values)
            zeros = np.zeros((0, 3), np.uint8)
            out.send(
                Frame(
                    0, number, number / 50, row, row, zeros, np.zeros(0, np.float32), Health(), 0, dark=dark
                )
            )
        out.close()
        box.quiet()
        heard = wled_heard(box.packets)
        peaks = [n for n, h in enumerate(heard) if h.peak]
        assert peaks == [1, 6, 11, 16, 71, 76, 81, 86, 91, 96, 101, 106, 111, 116, 121, 126, 131, 136]
        assert {h.bands for h in heard[:20]} == {(64,) * 16}
        raw = np.array([h.raw for h in heard])
        assert np.abs(np.diff(raw[:140])).max() <= 127.5 / 45 + 1e-3, "it fades and never jumps"
        dark = heard[65:70] + heard[140:]
        assert all((h.raw, h.smooth, h.peak, sum(h.bands), h.magnitude) == (0,) * 5 for h in dark)
        assert raw[120] == pytest.approx(127.5)

    def test_a_rig_may_ask_for_any_band_by_its_edges(self) -> None:
        show = load("bass-denim")
        for name, edges in (("band_300_400", (300.0, 400.0)), ("room.band_1_20000", (1.0, 20_000.0))):
            rig = read_rig(f'hears = ["{name}"]')
            built = build(replace(show, rig=rig), {"room": (0,)}, 48_000, strict=True)
            assert f"room.{name.removeprefix('room.')}" in {spec.name for spec in built.ear.specs}
            assert band_of(name) == edges
        for name in ("band_400_300", "band_0_100", "band_20_20001", "band_1e3_2e3", "band_20"):
            assert band_of(name) is None
            with pytest.raises(PatchError, match=f"hears '{name}', no feature"):
                build(replace(show, rig=read_rig(f'hears = ["{name}"]')), {"room": (0,)}, 48_000, strict=True)

    def test_the_bands_are_heard_again_from_a_show_toml_and_never_leave_by_osc(self, tmp_path: Path) -> None:
        from conftest import write_song

        from wearsound.show.render import render

        (tmp_path / "rig.toml").write_text(QUIET + '[[light]]\nname = "w"\nprotocol = "wled"\n')
        song = write_song(tmp_path / "song.wav", 48_000, 1, 1.0)
        first = render(load("bass-denim", rig=tmp_path / "rig.toml"), song, to=tmp_path / "a", video=False)
        again = render(load(tmp_path / "a" / "show.toml"), song, to=tmp_path / "b", video=False)
        assert first.facts["content"] == again.facts["content"]
        with np.load(tmp_path / "a" / "features.npz") as found:
            assert any("band_818_1120" in name for name in (*found.files, *map(str, found.get("names", []))))
        assert "band_818_1120" not in (tmp_path / "a" / "osc.jsonl").read_text()

    def test_the_master_is_a_factor_and_what_is_no_number_is_silence(self, box: Listener) -> None:
        names = ("room.loudness", "room.onset", *features("room"))
        index = {name: i for i, name in enumerate(names)}
        out = AudioSyncSender("w", Udp("w", "127.0.0.1", box.port, kind="light"))
        out.open(CLOCK)
        out.take(Event(0, "/wear/master", (0.5,)))
        for number in range(60):
            value = (0.8, np.nan, 1e9)[max(0, number - 57)]
            row = Row(index, np.full(len(names), value))
            out.send(
                Frame(0, number, number / 50, row, row, np.zeros((0, 3), np.uint8), np.zeros(0), Health(), 0)
            )
        out.close()
        box.quiet()
        raw = [h.raw for h in wled_heard(box.packets)]
        assert raw[56:60] == pytest.approx([0.5 * 0.8 * 255, 0.5 * 0.8 * 255, 0.0, 127.5])


class TestTheWallClock:
    """What was guarded by ticks must not flash by faster than it was played."""

    def test_a_backlog_leaves_as_its_first_and_its_newest_frame(self, box: Listener) -> None:
        out = sender(box.port)
        out.open(CLOCK)
        for number in range(1, 121):
            out.show(pixels(number))
        time.sleep(0.25)
        box.quiet()
        shown = [frame.data for frame in ddp_frames(box.packets)]
        assert shown[:2] == [pixels(1).tobytes(), pixels(120).tobytes()]
        assert len(set(shown)) == 2
        out.show(np.zeros((30, 3), np.uint8))
        out.show(pixels(1))
        out.show(np.zeros((30, 3), np.uint8))
        box.quiet()
        assert not any(ddp_frames(box.packets)[-1].data), "darkness never waits"
        out.close()

    def test_a_frame_that_is_late_by_half_a_step_and_the_next_one_leave_at_once(self, box: Listener) -> None:
        out = sender(box.port, cap=20)
        out.open(CLOCK)
        began = time.monotonic()
        at = [0, 50, 100, 170, 200, 250, 300]
        for number, when in enumerate(at, 1):
            time.sleep(max(0.0, began + when / 1000 - time.monotonic()))
            out.show(pixels(number))
        box.quiet()
        shown = [frame.data for frame in ddp_frames(box.packets)][: len(at)]
        assert shown == [pixels(number).tobytes() for number in range(1, len(at) + 1)]
        out.close()

    @pytest.mark.parametrize("burst", [3, 4, 5, 8, 120])
    def test_after_a_burst_frames_at_their_own_pace_leave_again(
        self, box: Listener, burst: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A machine that stood still makes up for it, and then plays on: light must not stand still for ever."""
        out = sender(box.port)
        out.open(CLOCK)
        now = time.monotonic() + 100.0
        monkeypatch.setattr("wearsound.outputs.light.sender.time", SimpleNamespace(monotonic=lambda: now))
        left: list[float] = []
        leave = out._leave
        monkeypatch.setattr(out, "_leave", lambda data: (left.append(now), leave(data)))
        number = 0
        for _ in range(burst):
            number += 1
            now += 0.001
            out.show(pixels(number))
        ended = now
        for _ in range(60):
            number += 1
            now += 1 / 60
            out.show(pixels(number))
        after = [moment - ended for moment in left if moment > ended + 1e-9]
        assert after[0] < 0.14, "the burst has settled"
        gaps = np.diff(after)
        assert gaps.max() < 1.6 / 60, "from then on every frame leaves at its own turn"
        monkeypatch.undo()
        out.close()

    def test_panic_is_obeyed_while_an_output_hangs(self, box: Listener) -> None:
        hung: list[float] = []

        class Slow:
            name, rate = "slow", 60

            def open(self, clock: Clock) -> None: ...

            def close(self) -> None: ...

            def send(self, frame: Frame) -> None:
                if frame.time > 1.0 and not hung:
                    hung.append(time.monotonic())
                    threading.Timer(1.0, os.kill, (os.getpid(), signal.SIGUSR1)).start()
                    time.sleep(5.0)

        text = rig_of(f'host = "127.0.0.1"\nport = {box.port}\ngamma = 1')
        show = replace(load("bass-denim"), rig=read_rig(text))
        play(
            show,
            Standing(2.0, 0.1),
            window=False,
            prepare=lambda built: built.engine.outputs.append(Slow()),
            say=lambda _: None,
        )
        box.quiet()
        frames = ddp_frames(box.packets)
        panic = hung[0] + 1.0
        assert any(any(frame.data) for frame in frames if hung[0] < frame.when < panic)
        dark = next(frame.when for frame in frames if frame.when > panic and not any(frame.data))
        assert dark - panic <= 1.5
        assert not any(any(frame.data) for frame in frames if frame.when > dark), "nor when it goes on"

    def test_names_that_hang_are_waited_for_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        never = threading.Event()
        monkeypatch.setattr("wearsound.outputs.udp.PATIENCE", 0.5)

        def hang(*_: object, **__: object) -> None:
            never.wait(20)
            raise OSError("nobody")

        monkeypatch.setattr(socket, "getaddrinfo", hang)
        every = [Udp(f"t{i}", f"coat{i}.local", 9, kind="light") for i in range(8)]
        began = time.monotonic()
        for udp in every:
            udp.find()
        for udp in every:
            with pytest.raises(DeviceError, match="no host called"):
                udp.open()
        assert time.monotonic() - began < 2.0, "eight in turn would be 4 s"
        never.set()

    def test_broadcast_is_allowed_only_to_a_broadcast_address(self) -> None:
        for host, allowed in (("127.0.0.1", 0), ("127.255.255.255", 1)):
            udp = Udp("coat", host, 9, kind="light")
            udp.open()
            assert bool(udp._socket.getsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST)) == bool(allowed)
            udp.close()


def test_a_delayed_sender_passes_the_hand_on(box: Listener) -> None:
    out = sender(box.port)
    late = Delayed(out, 5.0, "coat", spare=True)
    late.take(Event(0, "/wear/panic"))
    assert out._hand.dark
    assert threading.active_count() < 50
    assert struct.calcsize(">BBBBIH") == 10
