"""Outside judges: a real olad that reads Art-Net and sACN back, and the `sacn` library's receiver.

What they read is what light.npz says, through the rig's map, worked out here a second time from the file.
"""

from __future__ import annotations

import itertools
import json
import os
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import write_song
from receivers import Listener, ddp_frames, wait_for

from wearsound.core import Block, Clock, Event
from wearsound.garment.sewn import Sewn, sewn
from wearsound.inbox import Inbox
from wearsound.show.light_targets import sender_of
from wearsound.show.load import load
from wearsound.show.playback import Playback
from wearsound.show.render import render
from wearsound.show.rig import Rig, load_rig
from wearsound.sources.pace import Paced

SECONDS = 3.0
QUIET = "[door]\nport = 0\n"
ROOM = {3: 510, 4: 512}


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("lit")
    song = write_song(folder / "song.wav", 48_000, 1, SECONDS)
    render(load("bass-denim"), song, to=folder / "show", video=False)
    return folder / "show"


@pytest.fixture(scope="module")
def body() -> Sewn:
    return sewn(load("bass-denim").garment)


@pytest.fixture(scope="module")
def light(rendered: Path, body: Sewn) -> np.ndarray:
    """light.npz as (frames, pixels, 3)."""
    zones = load("bass-denim").garment.zone_names
    with np.load(rendered / "light.npz") as file:
        made = np.zeros((len(file["time"]), body.n_pixels, 3), np.uint8)
        for name, mine in zip(zones, body.of_zone, strict=True):
            made[:, mine] = file[name]
    assert made.max() > 100
    return made


def expected(frame: np.ndarray, numbers: list[int], order: str, gamma: float) -> bytes:
    """The bytes of a wire, colour by colour."""
    table = [round(255 * (code / 255) ** gamma) for code in range(256)]
    return bytes(table[frame[n]["RGB".index(letter)]] for n in numbers for letter in order)


def universes(data: bytes, channels: int = 3) -> list[bytes]:
    return [data[at : at + ROOM[channels]] for at in range(0, len(data), ROOM[channels])]


def rig_of(folder: Path, words: str) -> Rig:
    (folder / "rig.toml").write_text(QUIET + words)
    return load_rig(folder / "rig.toml")


CONF = {
    "ola-artnet.conf": "enabled = true\nip = 127.0.0.1\nuse_loopback = true\ninput_ports = 4\noutput_ports = 0\n"
    "net = 0\nsubnet = 0\n",
    "ola-e131.conf": "enabled = true\nip = 127.0.0.1\ninput_ports = 4\noutput_ports = 0\n",
}
OTHERS = (
    "dummy", "espnet", "ftdidmx", "gpio", "karate", "kinet", "milinst", "opendmx", "openpixelcontrol", "osc",
    "pathport", "renard", "sandnet", "shownet", "spi", "spidmx", "stageprofi", "uartdmx", "usbdmx", "usbserial",
    "usbpro",
)  # fmt: skip


class Ola:
    """olad with Art-Net universes 1..3 and sACN universes 5..7 patched to its own of the same numbers."""

    def __init__(self, folder: Path) -> None:
        conf = folder / "conf"
        conf.mkdir()
        for name in OTHERS:
            (conf / f"ola-{name}.conf").write_text("enabled = false\n")
        for name, text in CONF.items():
            (conf / name).write_text(text)
        self.port = free_port()
        command = ["olad", "-c", str(conf), "-l", "3", "--no-register-with-dns-sd"]
        command += ["-p", str(self.port), "-r", str(free_port())]
        if os.geteuid() == 0:  # olad refuses root
            for path in (folder, conf, *conf.iterdir()):
                shutil.chown(path, "nobody")
            for parent in folder.parents:
                if parent.owner() == "root" and parent != Path("/") and not parent.stat().st_mode & 0o001:
                    parent.chmod(parent.stat().st_mode | 0o011)
            command = ["runuser", "-u", "nobody", "--", "env", f"HOME={folder}", *command]
        self.log = (folder / "olad.log").open("wb")
        self.process = subprocess.Popen(command, stdout=self.log, stderr=self.log)
        try:
            self._patch(folder)
        except BaseException:
            self.close()
            raise

    def _patch(self, folder: Path) -> None:
        end = time.monotonic() + 30
        while True:
            if self.process.poll() is not None or time.monotonic() > end:
                pytest.skip(f"olad did not start: {(folder / 'olad.log').read_text()[-500:]}")
            try:
                found = json.loads(self._get("/json/get_ports"))
                if {"ArtNet", "E1.31"} <= {port["device"].split(" ")[0] for port in found}:
                    break
            except OSError:
                pass
            time.sleep(0.1)
        for kind, first in (("ArtNet", 1), ("E1.31", 5)):
            for universe in range(first, first + 3):  # it names the next free port of a device only
                ports = json.loads(self._get("/json/get_ports"))
                (port,) = (p["id"] for p in ports if p["device"].startswith(kind) and not p["is_output"])
                self._post("/new_universe", f"id={universe}&name=u{universe}&add_ports={port}")

    def slots(self, universe: int) -> bytes:
        """What is on a universe now."""
        return bytes(json.loads(self._get(f"/get_dmx?u={universe}"))["dmx"])

    def _get(self, path: str) -> bytes:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
            return answer.read()

    def _post(self, path: str, form: str) -> None:
        with urllib.request.urlopen(
            f"http://127.0.0.1:{self.port}{path}", form.encode(), timeout=5
        ) as answer:
            assert json.loads(answer.read())["ok"]

    def close(self) -> None:
        self.process.terminate()
        self.process.wait(10)
        self.log.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def ola(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ola]:
    if shutil.which("olad") is None:
        pytest.skip("no olad: apt-get install ola")
    for port, name in ((6454, "Art-Net"), (5568, "sACN")):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            try:
                probe.bind(("0.0.0.0", port))
            except OSError:
                pytest.skip(f"{name}'s port {port} is taken by another program, and olad has no other")
    made = Ola(tmp_path_factory.mktemp("ola"))
    yield made
    made.close()


TARGETS = {
    "artnet": ('protocol = "artnet"\nuniverse = 1\ngamma = 1\n', 1, "RGB", 1.0),
    "sacn": ('protocol = "sacn"\nuniverse = 5\norder = "GRB"\n', 5, "GRB", 2.2),
}


@pytest.mark.device
@pytest.mark.parametrize("protocol", ["artnet", "sacn"])
def test_olad_reads_back_what_light_npz_says(
    protocol: str, ola: Ola, light: np.ndarray, body: Sewn, tmp_path: Path
) -> None:
    """Every pixel of the jacket, three universes, a dozen frames of the render one by one."""
    words, first, order, gamma = TARGETS[protocol]
    rig = rig_of(tmp_path, f'[[light]]\nname = "coat"\nhost = "127.0.0.1"\n{words}')
    out = sender_of(rig, 0, load("bass-denim").garment, body, "judged")
    out.open(Clock())
    frames = [light[n] for n in np.linspace(0, len(light) - 1, 12).astype(int)]
    for frame in frames:
        out.show(frame)
        wanted = universes(expected(frame, list(range(body.n_pixels)), order, gamma))
        assert len(wanted) == 3

        def is_there(wanted: list[bytes] = wanted) -> bool:
            return all(ola.slots(first + i)[: len(data)] == data for i, data in enumerate(wanted))

        wait_for(is_there, 5)
    out.close()
    wait_for(lambda: not any(any(ola.slots(first + i)) for i in range(3)), 5)


@pytest.mark.device
def test_olad_reads_back_a_whole_playback(
    ola: Ola, rendered: Path, light: np.ndarray, body: Sewn, tmp_path: Path
) -> None:
    """`play` to Art-Net and sACN at once: whatever is read back while it plays is a frame of light.npz."""
    import threading

    wires = body.wires
    strands = {"artnet": ["front_l", "collar"], "sacn": ["back", "arm_r"]}
    words = "".join(
        f'[[light]]\nname = "{name}"\nhost = "127.0.0.1"\nprotocol = "{name}"\nuniverse = {first}\nreverse = true\n'
        f"strands = {json.dumps(strands[name])}\n"
        for name, first in (("artnet", 1), ("sacn", 5))
    )
    playback = Playback(rendered, rig_of(tmp_path, words), mute=True)
    read: dict[str, set[bytes]] = {"artnet": set(), "sacn": set()}
    over = threading.Event()

    def look() -> None:
        while not over.is_set():
            for name, first in (("artnet", 1), ("sacn", 5)):
                read[name].add(ola.slots(first)[:510])
            time.sleep(0.01)

    looking = threading.Thread(target=look)
    wait_for(lambda: not any(any(ola.slots(universe)) for universe in (1, 5)))
    looking.start()
    playback.play()
    over.set()
    looking.join()
    for name in read:
        numbers = np.concatenate([wires[s] for s in strands[name]])[::-1].tolist()
        every = {expected(frame, numbers, "RGB", 2.2)[:510] for frame in light}
        size = len(next(iter(every)))
        dark = bytes(size)
        found = {data[:size] for data in read[name]} - {dark}
        assert len(found) >= 10, "it moved"
        assert found <= every
    assert not any(any(ola.slots(universe)) for universe in (1, 5)), "left dark"


def test_the_sacn_library_hears_every_frame_in_order_and_the_end(
    light: np.ndarray, body: Sewn, tmp_path: Path
) -> None:
    sacn = pytest.importorskip("sacn", reason="no sacn: pip install sacn")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    receiver = sacn.sACNreceiver(bind_address="127.0.0.1", bind_port=port)
    heard, states = [], []
    receiver.register_listener("universe", heard.append, universe=300)
    receiver.register_listener("availability", lambda universe, changed: states.append((universe, changed)))
    receiver.start()
    try:
        words = f'[[light]]\nname = "cöat"\nhost = "127.0.0.1"\nport = {port}\nprotocol = "sacn"\nuniverse = 300\n'
        rig = rig_of(tmp_path, words.replace("ö", "o") + "priority = 120\ngamma = 1\n")
        out = sender_of(rig, 0, load("bass-denim").garment, body, "judged")
        out.open(Clock())
        sent = []
        for frame in light[:120:2]:
            sent.append(frame[:170].tobytes())
            out.show(frame)
            time.sleep(1 / out.rate)
        wait_for(lambda: heard and bytes(heard[-1].dmxData[:510]) == sent[-1])
        assert states[:1] == [(300, "available")]
        time.sleep(1.0)
        assert not any(changed == "timeout" for _, changed in states), "kept alive"
        out.close()
        wait_for(lambda: states.count((300, "timeout")) == 3)
        changes = [sent[0]] + [b for a, b in itertools.pairwise(sent) if a != b]
        told = [bytes(packet.dmxData[:510]) for packet in heard]
        assert told == [*changes, bytes(510)]
        sequences = np.array([packet.sequence for packet in heard])
        assert all(1 <= step <= 70 for step in np.diff(sequences) % 256)
        assert {packet.priority for packet in heard} == {120}
        assert {packet.sourceName for packet in heard} == {"wearsound judged coat"}
        assert len({packet.cid for packet in heard}) == 1
        assert {packet.syncAddr for packet in heard} == {300}
    finally:
        receiver.stop()


def test_the_sacn_library_packs_the_same_bytes() -> None:
    """Its data, synchronisation and discovery packets beside ours."""
    pytest.importorskip("sacn", reason="no sacn: pip install sacn")
    from sacn.messages.data_packet import DataPacket
    from sacn.messages.sync_packet import SyncPacket
    from sacn.messages.universe_discovery import UniverseDiscoveryPacket

    from wearsound.outputs.light import sacn

    me = bytes(range(16))
    slots = bytes(range(256)) + bytes(range(100))
    theirs = DataPacket(
        tuple(me), "Mantel", 4711, tuple(slots), 77, 200, streamTerminated=True, sync_universe=9
    )
    ours = sacn.data(4711, 200, slots, me, b"Mantel", priority=77, sync=9, options=sacn.TERMINATED)
    assert bytes(theirs.getBytes()) == ours
    assert bytes(SyncPacket(tuple(me), 63999, 5).getBytes()) == sacn.sync(63999, 5, me)
    universes = [1, 2, 63999]
    theirs = UniverseDiscoveryPacket(tuple(me), "Mantel", tuple(universes))
    assert [bytes(theirs.getBytes())] == sacn.discovery(universes, me, b"Mantel")


def test_play_sends_every_frame_by_the_clock(
    rendered: Path, light: np.ndarray, body: Sewn, tmp_path: Path
) -> None:
    """DDP at 60 frames a second: each frame of light.npz that changes anything, in order, and dark at the end."""
    with Listener() as box:
        words = f'[[light]]\nname = "coat"\nhost = "127.0.0.1"\nport = {box.port}\ncap = 60\ngamma = 1\n'
        played = Playback(rendered, rig_of(tmp_path, words), mute=True).play()
        box.quiet()
        shown = ddp_frames(box.packets)
        assert played.frames == len(shown)
        assert [any(frame.data) for frame in shown[-2:]] == [False, False]
        every = [frame.tobytes() for frame in light]
        assert {frame.data for frame in shown[:-2]} <= set(every)
        place, skipped = 0, 0
        for frame in shown[:-2]:
            there = every.index(frame.data, place)
            skipped += len(set(every[place:there]) - {every[place], frame.data})
            place = there
        # Two frames of one 5 ms hop or a late wake-up of this machine may leave the older one out.
        assert skipped <= len(every) // 10
        # By the clock: the last frame as much later than the first as in the file.
        assert box.gaps().max() <= 1.0
        assert shown[-3].when - shown[0].when == pytest.approx(SECONDS, abs=0.3)


def show_on(playback: Playback, step: int) -> None:
    """What `play` does for the hops of light frame `step`."""
    first, last = playback.clock.ticks((step - 1) / 60) if step > 1 else 0, playback.clock.ticks(step / 60)
    silence = np.zeros(((last - first) * playback.clock.hop, 1), np.float32)
    playback._light(Block(first, silence, {"room": (0,)}, last - first), float("inf"))
    playback._send(playback.clock.seconds(last))


@pytest.fixture
def strobing(rendered: Path, tmp_path: Path) -> Path:
    """A render whose light.npz somebody edited to white at 10 Hz."""
    folder = tmp_path / "show"
    shutil.copytree(rendered, folder)
    with np.load(folder / "light.npz") as file:
        columns = dict(file)
    on = (np.arange(len(columns["time"])) // 3) % 2
    for name, array in columns.items():
        if name != "time":
            columns[name] = (on[:, None, None] * np.full(array.shape[1:], 255)).astype(np.uint8)
    np.savez(folder / "light.npz", **columns)
    return folder


def rises_of(box: Listener) -> tuple[np.ndarray, np.ndarray]:
    """When what was received rose by a tenth, and the mean of each of its frames."""
    frames = ddp_frames(box.packets)
    means = np.array([np.frombuffer(frame.data, np.uint8).mean() / 255 for frame in frames])
    when = np.array([frame.when for frame in frames])
    return when[1:][np.diff(means) >= 0.1], means


def test_play_does_not_strobe_whatever_a_file_says(strobing: Path, body: Sewn, tmp_path: Path) -> None:
    """At the receiver and by the wall clock; battery too."""
    with Listener() as box:
        words = f'[[light]]\nname = "coat"\nhost = "127.0.0.1"\nport = {box.port}\ncap = 60\n'
        Playback(strobing, rig_of(tmp_path, words), mute=True, loop=True, seconds=4.0).play()
        box.quiet()
    rises, means = rises_of(box)
    assert len(rises) >= 6, "it is limited, not black"
    assert max(np.sum((rises >= at) & (rises < at + 0.95)) for at in rises) <= 3
    garment = load("bass-denim").garment
    ma = sum(strand.ma * len(body.wires[strand.name]) for strand in garment.strands)
    assert means.max() * 3 * ma <= garment.battery.most_ma * 1.01


class Stalling:
    """A source whose player stands still for 0.3 to 0.6 s after every second, with a block in hand."""

    def __init__(self, paced: Paced) -> None:
        self._paced = paced

    def __getattr__(self, name: str) -> Any:
        return getattr(self._paced, name)

    def blocks(self, clock: Clock) -> Iterator[Block]:
        stands = itertools.cycle((0.3, 0.45, 0.6))
        then = time.monotonic()
        for block in self._paced.blocks(clock):
            if time.monotonic() - then > 1.0:
                time.sleep(next(stands))
                then = time.monotonic()
            yield block


def test_nor_where_the_machine_stands_still_and_makes_up_for_it(strobing: Path, tmp_path: Path) -> None:
    with Listener() as box:
        words = f'[[light]]\nname = "coat"\nhost = "127.0.0.1"\nport = {box.port}\ncap = 60\n'
        playback = Playback(strobing, rig_of(tmp_path, words), mute=True, loop=True, seconds=9.0)
        playback.paced = Stalling(playback.paced)  # type: ignore[assignment]
        playback.play()
        box.quiet()
    rises, _ = rises_of(box)
    assert len(rises) >= 12, "it is limited, not black"
    assert max(np.sum((rises >= at) & (rises < at + 0.95)) for at in rises) <= 3


def test_a_pedal_that_bounces_is_no_strobe(rendered: Path, tmp_path: Path) -> None:
    """Panic and resume between two frames of a file that stands in white."""
    with Listener() as box:
        rig = rig_of(tmp_path, f'[[light]]\nname = "coat"\nhost = "127.0.0.1"\nport = {box.port}\ncap = 60\n')
        playback = Playback(rendered, rig, mute=True)
        playback._lit, playback._next_lit = iter(()), None
        playback._frame = np.full_like(playback._unlit_frame, 160)
        (target,) = playback.lights
        target.sender.open(playback.clock)
        inbox = Inbox()
        for step in range(1, 180):
            if step % 6 == 0:
                for address in ("/wear/panic", "/wear/resume"):
                    inbox.put(Event(0, address, by="key"))
            playback._obey(inbox)
            show_on(playback, step)
            time.sleep(1 / 60)
        box.quiet()
    rises, _ = rises_of(box)
    assert playback._guard.held > 20
    assert max(np.sum((rises >= at) & (rises < at + 0.95)) for at in rises) <= 3


def test_times_that_lie_and_files_that_are_broken_are_a_sentence(rendered: Path, tmp_path: Path) -> None:
    from wearsound.errors import PatchError
    from wearsound.show.light_file import LightFile

    folder = tmp_path / "show"
    shutil.copytree(rendered, folder)
    path = folder / "light.npz"
    with np.load(path) as file:
        columns = dict(file)
    time_ = columns["time"]
    for lie in (time_ * np.nan, -time_, time_ * 0, time_ / 8, time_[::-1], time_ * np.inf):
        np.savez(path, **{**columns, "time": lie})
        with pytest.raises(PatchError, match=r"time \d+ is"):
            LightFile(folder)
    np.savez(path, **columns)
    whole = path.read_bytes()
    for at, value in ((8, 99), (6, 1)):  # a method that nobody has, encryption
        spoilt = bytearray(whole)
        for sign, more in ((b"PK\x03\x04", 0), (b"PK\x01\x02", 2)):
            place = spoilt.find(sign)
            while place >= 0:
                spoilt[place + at + more] = value
                place = spoilt.find(sign, place + 4)
        path.write_bytes(bytes(spoilt))
        with pytest.raises(PatchError, match="encrypted, or compressed as no render is"):
            LightFile(folder)
    np.savez_compressed(path, **columns)
    spoilt = bytearray(path.read_bytes())
    start = spoilt.find(b"chest.npy") + 200
    spoilt[start : start + 300] = bytes(b ^ 0xFF for b in spoilt[start : start + 300])
    path.write_bytes(bytes(spoilt))
    with pytest.raises(PatchError, match="no light of a render"):
        for _ in LightFile(folder).moments():
            pass


def test_play_starts_in_the_middle_loops_and_obeys_panic(
    rendered: Path, light: np.ndarray, tmp_path: Path
) -> None:
    with Listener() as box:
        words = f'[[light]]\nname = "coat"\nhost = "127.0.0.1"\nport = {box.port}\ncap = 60\ngamma = 1\n'
        rig = rig_of(tmp_path, words)
        playback = Playback(rendered, rig, mute=True, start=1.0, loop=True, seconds=5.0)
        (target,) = playback.lights
        target.sender.open(Clock())
        inbox = Inbox()
        every = {frame.tobytes() for frame in light[60:]}
        wait = 1 / 60
        for step in range(1, 60):
            show_on(playback, step)
            time.sleep(wait)
        box.quiet()
        assert {frame.data for frame in ddp_frames(box.packets)} <= every
        for by in ("/wear/panic", "/wear/blackout"):
            before = len(box.packets)
            inbox.put(Event(0, by))
            playback._obey(inbox)
            for step in range(60, 90):
                show_on(playback, step)
                time.sleep(wait)
            box.quiet()
            assert not any(any(frame.data) for frame in ddp_frames(box.packets)[before:])
            assert len(box.packets) > before
            inbox.put(Event(0, "/wear/resume"))
            playback._obey(inbox)
        for step in range(90, 270):  # past the end of the file: it loops
            show_on(playback, step)
            time.sleep(wait)
        box.quiet()
        assert any(ddp_frames(box.packets)[-1].data)
        target.sender.close()


def test_play_keeps_what_a_box_bears(rendered: Path, light: np.ndarray, body: Sewn, tmp_path: Path) -> None:
    """`most_ma` of the rig that plays, though the render knew no rig; whole frames, so no hue moves."""
    garment = load("bass-denim").garment
    strand = next(s for s in garment.strands if s.name == "front_l")
    wire = body.wires["front_l"]
    most = round(len(wire) * strand.idle_ma + 20)

    def draws(data: bytes) -> float:
        """mA of what leaves, for bytes that are linear light."""
        linear = np.frombuffer(data, np.uint8).reshape(-1, 3) / 255
        return float(len(wire) * strand.idle_ma + linear.sum() * strand.ma)

    found = {}
    for name, budget in (("free", ""), ("bound", f"most_ma = {most}\n")):
        with Listener() as box:
            words = f'[[light]]\nname = "coat"\nhost = "127.0.0.1"\nport = {box.port}\ncap = 60\n{budget}'
            Playback(rendered, rig_of(tmp_path, words + 'strands = ["front_l"]\n'), mute=True).play()
            box.quiet()
            found[name] = [frame.data for frame in ddp_frames(box.packets)]
    assert max(map(draws, found["free"])) > most + 20, "it would be too much"
    # The guard works on bytes of gamma 2.2; on the wire they are rounded once more, to linear bytes.
    rounding = len(wire) * 3 * 0.5 / 255 * strand.ma
    assert 0.8 * most < max(map(draws, found["bound"])) <= most + rounding


def test_what_is_wrong_with_a_folder_is_a_sentence(rendered: Path, tmp_path: Path) -> None:
    from wearsound.errors import MissingError, PatchError
    from wearsound.show.light_file import LightFile

    folder = tmp_path / "show"
    shutil.copytree(rendered, folder)
    words = '[[light]]\nname = "coat"\nhost = "127.0.0.1"\nport = 9\n'
    path = folder / "light.npz"
    whole = path.read_bytes()
    with np.load(path) as file:
        columns = dict(file)
    for spoil, said in (
        ({"chest": None}, "There is no item named 'chest.npy'"),
        ({"chest": columns["chest"][:, :3]}, "zone 'chest' has 3 pixels, but"),
        ({"chest": columns["chest"].astype(np.float32)}, "column 'chest' is float32"),
        ({"chest": np.array([{}], object)}, "column 'chest' is object"),
        ({"time": columns["time"][0]}, "column 'time' is float64"),
    ):
        now = {name: array for name, array in {**columns, **spoil}.items() if array is not None}
        np.savez(path, **now)
        with pytest.raises(PatchError, match=said):
            Playback(folder, rig_of(tmp_path, words))
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(PatchError, match=r"light\.npz: no light of a render"):
        LightFile(folder)
    path.unlink()
    with pytest.raises(MissingError, match=r"holds no light\.npz"):
        Playback(folder, rig_of(tmp_path, words))
