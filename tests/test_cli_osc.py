"""`wearsound osc` as a musician meets it: real sockets, liblo's programs at the other end where they are."""

from __future__ import annotations

import json
import signal
import socket
import struct
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import Run
from interop import Program, free_ports, need, oscdump, oscsend, wait_until

from wearsound.cli.osc_monitor import shown
from wearsound.cli.osc_send import message, target, typed
from wearsound.errors import PatchError
from wearsound.osc.packet import read
from wearsound.show.osc_learn import MOST_CONTROLS, Watch, usual_span

WORDS = [sys.executable, "-u", "-m", "wearsound", "osc"]


@pytest.fixture
def wire() -> Iterator[socket.socket]:
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    made.bind(("127.0.0.1", 0))
    made.settimeout(10)
    yield made
    made.close()


def interrupt(program: Program) -> int:
    """Ctrl-C, and its exit code."""
    program._process.send_signal(signal.SIGINT)
    return program.wait()


# tree


def test_tree_lists_every_address_in_columns(wearsound: Run) -> None:
    done = wearsound("osc", "tree", "bass-denim")
    assert (done.returncode, done.stderr) == (0, "")
    head, *lines = done.stdout.splitlines()
    assert head.split() == ["address", "takes", "at", "start", "about"]
    column = head.index("takes")
    assert all(line[column - 1] == " " and line[column] != " " for line in lines)
    chest = next(line for line in lines if line.startswith("/wear/zone/chest/glow "))
    assert "0 to 1" in chest
    assert "how brightly" in chest
    assert any(line.startswith("/wear/tempo/bpm") and "bpm" in line for line in lines)


def test_tree_as_json_has_the_whole_of_each(wearsound: Run) -> None:
    rows = json.loads(wearsound("osc", "tree", "bass-denim", "--json").stdout)
    by_name = {row["name"]: row for row in rows}
    assert len(by_name) == len(rows) > 100
    assert (
        by_name["/wear/master"] | {"value": 1.0, "kind": "number", "low": 0.0, "high": 1.0}
        == by_name["/wear/master"]
    )
    assert by_name["/wear/scene"]["choices"]
    assert by_name["/wear/panic"]["value"] is None
    assert all(row["about"] for row in rows)


def test_tree_finds_by_word_and_by_pattern_and_suggests(wearsound: Run) -> None:
    assert len(wearsound("osc", "tree", "--find", "/wear/zone/*/glow").stdout.splitlines()) == 12
    assert "/wear/tempo/tap" in wearsound("osc", "tree", "--find", "tempo").stdout
    done = wearsound("osc", "tree", "--find", "chset")
    assert (done.returncode, done.stdout) == (2, "")
    assert "did you mean chest?" in done.stderr
    assert wearsound("osc", "tree", "--find", "/wear/[").returncode == 2


def test_tree_knows_what_a_rig_adds(wearsound: Run, tmp_path: Path) -> None:
    (tmp_path / "room.toml").write_text('[remote]\nknobs = ["warmth"]\n', encoding="utf-8")
    done = wearsound("osc", "tree", "bass-denim", "--rig", "room.toml", "--find", "knobs")
    assert "/wear/move/knobs/warmth" in done.stdout, done.stderr


# layout


def test_layout_writes_both_and_says_what_to_do_next(wearsound: Run, tmp_path: Path) -> None:
    done = wearsound("osc", "layout", "touchosc", "bass-denim", "--to", "wear.tosc")
    assert (done.returncode, done.stderr) == (0, "")
    assert "send port 9000" in done.stdout
    assert (tmp_path / "wear.tosc").read_bytes()[:1] == b"x"  # zlib
    done = wearsound("osc", "layout", "open-stage-control", "bass-denim", "--to", "wear.json")
    assert "--load wear.json --send 127.0.0.1:9000" in done.stdout
    assert json.loads((tmp_path / "wear.json").read_text("utf-8"))["type"] == "session"
    done = wearsound("osc", "layout", "touchosc", "--to", "wear.json")
    assert (done.returncode, done.stdout) == (2, "")
    assert "end in .tosc" in done.stderr
    done = wearsound(
        "osc", "layout", "touchosc", "--to", "no-folder-may-be/\0/x.tosc".replace("\0", "x" * 300)
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr


# send

TYPED = {
    "1": 1, "-7": -7, "0.5": 0.5, ".5": 0.5, "1.": 1.0, "1e3": 1000.0, "true": True, "False": False, "groove": "groove",
    "'1'": "1", '"true"': "true", "1_0": "1_0", "0x10": "0x10", "nan": "nan", "inf": "inf", "": "", "'": "'",
}  # fmt: skip


@pytest.mark.parametrize("text", TYPED)
def test_an_argument_is_what_it_looks_like(text: str) -> None:
    meant = typed(text)
    assert (meant, type(meant)) == (TYPED[text], type(TYPED[text]))


def test_send_says_exactly_that(wearsound: Run, wire: socket.socket) -> None:
    to = f"127.0.0.1:{wire.getsockname()[1]}"
    done = wearsound(
        "osc", "send", "--to", to, "/wear/x", "1", "-0.5", "true", "false", "groove", "5000000000", "'2'"
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    (found,) = read(wire.recv(9000))
    assert found.address == "/wear/x"
    assert found.args == (1, -0.5, True, False, "groove", 5_000_000_000, "2")


def test_send_to_nobody_is_said(wearsound: Run) -> None:
    (port,) = free_ports(1)
    done = wearsound("osc", "send", "/wear/panic", "--to", str(port))
    assert done.returncode == 1
    assert f"nothing listens at 127.0.0.1:{port}" in done.stderr


@pytest.mark.parametrize("address", ["wear/x", "/wear x", "/wear/#", "/" + "a" * 128, "/é"])
def test_send_refuses_what_is_no_address(address: str) -> None:
    with pytest.raises(PatchError, match="is no OSC address"):
        message(address, [])


def test_send_refuses_what_no_message_can_hold() -> None:
    for wrong in ([1] * 65, ["x" * 600], [1 << 64], [1e300]):
        with pytest.raises(PatchError):
            message("/x", wrong)  # type: ignore[arg-type]
    assert read(message("/wear/{a,b}/*"[:8], []))[0].args == ()


@pytest.mark.parametrize(
    "text", ["", "here", "127.0.0.1", "127.0.0.1:0", "127.0.0.1:70000", "a b:1", ":9000"]
)
def test_send_refuses_what_is_no_place(text: str) -> None:
    with pytest.raises(PatchError, match="--to"):
        target(text)


def test_send_names_a_place_in_several_ways() -> None:
    assert target("9000") == ("127.0.0.1", 9000)
    assert target("localhost:9000") == ("127.0.0.1", 9000)
    assert target("[::1]:9000") == ("::1", 9000)


def test_send_listens_to_what_comes_back(wearsound: Run, wire: socket.socket) -> None:
    """A door of our own: it dumps to who subscribes, then answers the question."""
    heard: list[str] = []

    def door() -> None:
        from wearsound.cli.osc_send import message

        datagram, _ = wire.recvfrom(9000)
        (subscribe,) = read(datagram)
        back = ("127.0.0.1", int(subscribe.args[0]))  # type: ignore[arg-type]
        for address in ("/wear/master", "/wear/dump/end"):
            wire.sendto(message(address, [0.25]), back)
        heard.append(subscribe.address)
        datagram, _ = wire.recvfrom(9000)
        heard.append(read(datagram)[0].address)
        wire.sendto(message("/wear/tempo/bpm", [128.0, "by\x1b[31mhand"]), back)
        heard.append(read(wire.recvfrom(9000)[0])[0].address)

    thread = threading.Thread(target=door)
    thread.start()
    to = f"127.0.0.1:{wire.getsockname()[1]}"
    done = wearsound("osc", "send", "/wear/tempo/bpm", "--to", to, "--listen", "1")
    thread.join(10)
    assert heard == ["/wear/subscribe", "/wear/tempo/bpm", "/wear/unsubscribe"]
    assert done.returncode == 0
    (line,) = done.stdout.splitlines()  # the first dump was not asked for
    assert line.endswith(r"/wear/tempo/bpm  128.0  'by\x1b[31mhand'")


@pytest.mark.device
def test_oscdump_understands_what_is_sent(wearsound: Run) -> None:
    need("oscdump")
    (port,) = free_ports(1)
    with oscdump(port) as dump:
        wearsound("osc", "send", "/wear/x", "1", "0.5", "true", "groove", "--to", str(port))
        assert dump.wait_for("/wear/x").endswith('/wear/x ifTs 1 0.500000 #T "groove"')


# monitor


@pytest.mark.device
def test_monitor_prints_what_oscsend_says_and_sums_it_up() -> None:
    need("oscsend")
    (port,) = free_ports(1)
    with Program([*WORDS, "monitor", "--port", str(port)]) as monitor:
        monitor.wait_for("listening at")
        oscsend(port, "/wear/zone/chest/glow", "f", "0.5")
        oscsend(port, "/1/push", "iTFs", "3", "a b")
        monitor.wait_for(r"127\.0\.0\.1:\d+ +/wear/zone/chest/glow +0\.5$")
        monitor.wait_for(r"/1/push +3  true  false  'a b'$")
        assert interrupt(monitor) == 0
    assert "2 messages in" in "\n".join(monitor.lines)
    assert "Traceback" not in "\n".join(monitor.lines)


def test_monitor_names_a_bad_datagram_by_its_reason(wire: socket.socket) -> None:
    (port,) = free_ports(1)
    with Program([*WORDS, "monitor", "--port", str(port)]) as monitor:
        monitor.wait_for("listening at")
        wire.sendto(b"#bundle\0\0\0\0\0\0\0\0\1\xff\xff\xff\xfc", ("127.0.0.1", port))
        wire.sendto(b"hello \x1b[31m", ("127.0.0.1", port))
        wire.sendto(message("/good", [1]), ("127.0.0.1", port))
        monitor.wait_for(r"! element: a bundle element of -4 bytes")
        monitor.wait_for(r"! not OSC: .*\[68 65 6c 6c 6f")
        monitor.wait_for(r"/good +1$")
        assert interrupt(monitor) == 0
    said = "\n".join(monitor.lines)
    assert "\x1b" not in said
    assert "2 datagrams that are no OSC" in said


def test_monitor_counts_in_a_flood_instead_of_printing(wire: socket.socket) -> None:
    (port,) = free_ports(1)
    with Program([*WORDS, "monitor", "--port", str(port)]) as monitor:
        monitor.wait_for("listening at")
        datagram = message("/wear/zone/chest/glow", [0.5])
        for n in range(6000):
            wire.sendto(datagram, ("127.0.0.1", port))
            if n % 50 == 0:
                time.sleep(0.005)
        monitor.wait_for(r"more in this second: /wear/zone/chest/glow")
        wire.sendto(message("/after", []), ("127.0.0.1", port))
        time.sleep(1.2)
        assert interrupt(monitor) == 0
    printed = monitor.heard(r"glow +0\.5$")
    assert 40 <= len(printed) <= 40 * 20
    assert monitor.heard(r"^6,00[01] messages in")
    assert monitor.heard(r"^  /wear/zone/chest/glow +6,000 +[\d,.]+ a second$")


def test_monitor_shows_only_what_is_asked_for(wire: socket.socket) -> None:
    (port,) = free_ports(1)
    with Program(
        [*WORDS, "monitor", "--port", str(port), "--filter", "/wear/zone", "--seconds", "0.6"]
    ) as monitor:
        monitor.wait_for("listening at")
        for address in ("/wear/zone/chest/glow", "/wear/zonex", "/1/fader1", "/wear/zone"):
            wire.sendto(message(address, [1]), ("127.0.0.1", port))
        assert monitor.wait() == 0
    assert monitor.heard("^2 messages in")
    assert not monitor.heard("zonex|fader1")


def test_monitor_as_json_is_a_line_a_message(wire: socket.socket) -> None:
    (port,) = free_ports(1)
    with Program(
        [*WORDS, "monitor", "--port", str(port), "--json", "--seconds", "0.6", "--filter", "/*/fader?"]
    ) as monitor:
        wait_until(lambda: port_taken(port))
        wire.sendto(message("/1/fader1", [0.5, "x\x9b31m", True]), ("127.0.0.1", port))
        wire.sendto(message("/1/button", [1]), ("127.0.0.1", port))
        wire.sendto(b"no", ("127.0.0.1", port))
        assert monitor.wait() == 0
    first, bad, total = (json.loads(line) for line in monitor.lines)
    assert (first["address"], first["args"]) == ("/1/fader1", [0.5, "x\x9b31m", True])
    assert all(line.isprintable() for line in monitor.lines)
    assert first["from"].startswith("127.0.0.1:")
    assert (bad["bad"], bad["bytes"]) == ("not OSC", "6e6f")
    assert total["sum"] == {"/1/fader1": 1}


def port_taken(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def test_monitor_says_who_has_the_port_and_offers_another(wearsound: Run, wire: socket.socket) -> None:
    taken = wire.getsockname()[1]
    done = wearsound("osc", "monitor", "--port", str(taken))
    assert (done.returncode, done.stdout) == (3, "")
    assert f"port {taken} is taken by" in done.stderr
    offered = int(done.stderr.rsplit("--port ", 1)[1])
    assert not port_taken(offered)
    assert wearsound("osc", "monitor", "--host", "203.0.113.9", "--port", "29555").returncode == 3
    assert wearsound("osc", "monitor", "--filter", "fader").returncode == 2
    assert wearsound("osc", "monitor", "--filter", "/a/[").returncode == 2


def test_what_is_shown_can_do_nothing_to_a_terminal() -> None:
    assert shown("\x1b]0;title\x07") == r"'\x1b]0;title\x07'"
    assert [shown(x) for x in (1, 0.5, 2.0, 1e9, True, None, b"\1\2", (1, ("a",)))] == [
        "1", "0.5", "2.0", "1e+09", "true", "nil", "2 bytes [01 02]", "[1  ['a']]",
    ]  # fmt: skip


# learn

Play = Callable[[Watch], None]


def watched(*moves: tuple[float, str, list[float | None]], rest: float = 1.0) -> Watch:
    """A watch that heard these (second, control, numbers); hands off until `rest`."""
    watch = Watch()
    for at, source, numbers in sorted(moves, key=lambda move: move[0]):
        if watch.resting and at >= rest:
            watch.rest_over()
        watch.add(source, numbers, at)
    if watch.resting:
        watch.rest_over()
    return watch


def sweep(
    source: str, low: float, high: float, start: float = 1.0, seconds: float = 1.0, n: int = 50
) -> list:
    return [(start + seconds * i / n, source, [low + (high - low) * i / n]) for i in range(n + 1)]


def test_the_control_that_is_moved_is_found_among_what_streams_by_itself() -> None:
    noise = [(i / 60, "/sensor/noise", [((i * 7919) % 101) / 100]) for i in range(180)]
    clock = [(i / 30, "/clock", [float(i)]) for i in range(90)]
    phase = [(i / 60, "/beat/phase", [(i % 30) / 30]) for i in range(180)]
    best = watched(*noise, *clock, *phase, *sweep("/1/fader3", 0.004, 0.997)).best()
    assert best is not None
    assert (best.source, best.arg, best.span) == ("/1/fader3", 0, (0.0, 1.0))


def test_a_sensor_that_rests_noisily_is_found_when_it_is_moved() -> None:
    still = [(i / 60, "/arm", [0.01 * (i % 3), 1.0]) for i in range(60)]
    moved = [(1 + i / 60, "/arm", [2.0 * i / 60 - 1, 1.0]) for i in range(61)]
    best = watched(*still, *moved).best()
    assert best is not None
    assert (best.source, best.arg, best.span) == ("/arm", 0, (-1.0, 1.0))


def test_of_two_arguments_the_wider_one_is_meant() -> None:
    moves = [(1 + i / 50, "/3/xy", [0.5 + 0.02 * (i % 2), i / 50]) for i in range(51)]
    best = watched(*moves).best()
    assert best is not None
    assert (best.source, best.arg, best.span) == ("/3/xy", 1, (0.0, 1.0))


def test_a_fader_wins_over_its_own_touch_message() -> None:
    touch = [(1.0, "/1/fader1/z", [1.0]), (2.1, "/1/fader1/z", [0.0])]
    best = watched(*touch, *sweep("/1/fader1", 0, 127)).best()
    assert best is not None
    assert (best.source, best.span) == ("/1/fader1", (0.0, 127.0))


@pytest.mark.parametrize("presses", [[[1.0], [0.0]], [[127.0]], [[]], [[1.0], [1.0]]])
def test_a_button_is_learned_from_one_press(presses: list[list[float | None]]) -> None:
    noise = [(i / 60, "/noise", [float(i % 7)]) for i in range(120)]
    best = watched(*noise, *[(1.2 + 0.1 * i, "/pad", press) for i, press in enumerate(presses)]).best()
    assert best is not None
    assert best.source == "/pad"
    assert best.span[0] < best.span[1]


def test_what_moved_only_with_the_hands_off_is_not_it() -> None:
    assert watched(*sweep("/1/fader1", 0, 1, start=0.0, seconds=0.9)).best() is None
    assert watched().best() is None
    assert watched((0.5, "/a", [1.0]), (1.5, "/a", [1.0])).best() is None
    assert watched((1.5, "/words", [None])).best() is None


def test_a_clock_that_only_counts_is_no_hand() -> None:
    watch = watched(*[(i / 30, "/clock", [float(i)]) for i in range(90)])
    assert watch.best() is None
    assert not watch.still(60.0)


def test_stillness_ends_it_and_a_stream_does_not_keep_it_awake() -> None:
    assert not watched(*sweep("/1/fader1", 0, 1)).still(2.1)
    steady = watched(*[(i / 60, "/noise", [float(i % 7)]) for i in range(600)])
    assert not steady.still(60.0)
    assert watched(*sweep("/1/fader1", 0, 1)).still(3.6)


def test_controls_without_end_take_no_memory_without_end() -> None:
    watch = Watch()
    for n in range(MOST_CONTROLS + 500):
        watch.add(f"/flood/{n}", [float(n)], 0.0)
    assert len(watch._series) == MOST_CONTROLS


def test_a_span_is_the_usual_one_when_a_hand_nearly_reached_its_ends() -> None:
    assert usual_span(0.01, 0.985) == (0.0, 1.0)
    assert usual_span(1, 126) == (0.0, 127.0)
    assert usual_span(-0.99, 1.0) == (-1.0, 1.0)
    assert usual_span(0.3, 0.7) == (0.3, 0.7)
    assert usual_span(200.0, 3900.0) == (200.0, 3900.0)
    assert usual_span(0.0, 0.0) == (0.0, 1.0)


def rig(tmp_path: Path, port: int) -> Path:
    path = tmp_path / "room.toml"
    path.write_text(f'# my room\n[door]\nport = {port}\n[remote]\nknobs = ["warmth"]\n', encoding="utf-8")
    return path


def play(wire: socket.socket, port: int, address: str, values: list[float], pause: float = 0.02) -> None:
    for value in values:
        wire.sendto(message(address, [value]), ("127.0.0.1", port))
        time.sleep(pause)


@pytest.fixture
def hand(wire: socket.socket, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """`hand(port, address, values)` moves a control as soon as learn asks for it; something streams by itself.

    Learn listens for 0.3 s before and after, instead of more than a second.
    """
    asked, over, rest_over = threading.Event(), threading.Event(), Watch.rest_over

    def ask(watch: Watch) -> None:
        rest_over(watch)
        asked.set()

    monkeypatch.setattr(Watch, "rest_over", ask)
    monkeypatch.setattr("wearsound.cli.osc_learn.HANDS_OFF", 0.3)
    monkeypatch.setattr("wearsound.show.osc_learn.STILL", 0.3)
    threads: list[threading.Thread] = []

    def stream(port: int) -> None:
        while not over.is_set():
            play(wire, port, "/noise", [0.0, 1.0])

    def move(port: int, address: str, values: list[float]) -> None:
        if asked.wait(20):
            play(wire, port, address, values, 0.003)

    def start(port: int, address: str, values: list[float]) -> None:
        threads.append(threading.Thread(target=stream, args=(port,)))
        threads.append(threading.Thread(target=move, args=(port, address, values)))
        for thread in threads:
            thread.start()

    yield start
    over.set()
    asked.set()
    for thread in threads:
        thread.join()


def test_learn_writes_the_bind_into_the_rig(
    wearsound: Run, hand: Callable[..., None], tmp_path: Path
) -> None:
    (port,) = free_ports(1)
    path = rig(tmp_path, port)
    hand(port, "/1/fader3", [n / 127 for n in range(128)])
    done = wearsound(
        "osc", "learn", "/wear/zone/chest/glow", "bass-denim", "--rig", str(path), "--seconds", "10"
    )
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[:3] == [
        "hands off for a second...",
        f"listening at 127.0.0.1:{port}",
        "now: move it from end to end; it moves /wear/zone/chest/glow",
    ]
    assert "/1/fader3, from 0 to 1, now moves /wear/zone/chest/glow" in lines
    text = path.read_text("utf-8")
    assert text.startswith("# my room\n")
    assert 'from = "/1/fader3"' in text.replace("  ", " ")
    from wearsound.show.rig import load_rig

    (bind,) = load_rig(path).bind
    assert (bind.source, bind.to, bind.arg, bind.span) == (
        "/1/fader3",
        "/wear/zone/chest/glow",
        0,
        (0.0, 1.0),
    )


def test_learn_teaches_a_remote_value_by_its_name(
    wearsound: Run, hand: Callable[..., None], tmp_path: Path
) -> None:
    (port,) = free_ports(1)
    path = rig(tmp_path, port)
    hand(port, "/knob", [float(n) for n in range(128)])
    assert wearsound("osc", "learn", "knobs.warmth", "--rig", str(path), "--seconds", "8").returncode == 0
    assert 'to = "/wear/move/knobs/warmth"' in path.read_text("utf-8").replace("  ", " ")


def test_learn_says_what_is_wrong_before_anybody_moves_anything(wearsound: Run, tmp_path: Path) -> None:
    (port,) = free_ports(1)
    path = rig(tmp_path, port)
    for wrong, said in {
        "/wear/zone/chset/glow": "did you mean /wear/zone/chest/glow?",
        "knobs.wormth": "its values are knobs.warmth",
    }.items():
        done = wearsound("osc", "learn", wrong, "--rig", str(path))
        assert (done.returncode, done.stdout) == (2, ""), wrong
        assert said in done.stderr
    done = wearsound("osc", "learn", "/wear/master", "--rig", "laptop")
    assert (done.returncode, done.stdout) == (2, "")
    assert "came with wearsound" in done.stderr


def test_learn_saves_nothing_when_nothing_moved(
    wearsound: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wearsound.cli.osc_learn.HANDS_OFF", 0.1)
    (port,) = free_ports(1)
    path = rig(tmp_path, port)
    before = path.read_bytes()
    done = wearsound("osc", "learn", "/wear/master", "--rig", str(path), "--seconds", "0.5")
    assert done.returncode == 3
    assert "nothing came in 0.5 s" in done.stderr
    assert path.read_bytes() == before


# all of it


def test_osc_without_a_word_says_which_there_are(wearsound: Run) -> None:
    done = wearsound("osc")
    assert done.returncode == 2
    assert "tree|layout|send|monitor|learn" in done.stderr
    assert "did you mean monitor" in wearsound("osc", "monitr").stderr


def test_a_message_is_bytes_that_liblo_would_write() -> None:
    assert message("/x", [1, 0.5]) == b"/x\0\0,if\0" + struct.pack(">if", 1, 0.5)
