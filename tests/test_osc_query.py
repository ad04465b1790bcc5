"""OSCQuery: JSON that other people's programs read, from a server that nobody can hold up."""

from __future__ import annotations

import contextlib
import http.client
import json
import math
import random
import re
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from kinds import ALL, every_kind

from wearsound.core import Parameter
from wearsound.errors import DeviceError, PatchError
from wearsound.osc import query
from wearsound.osc.tree import Tree
from wearsound.outputs.osc_query import MOST, QueryServer
from wearsound.outputs.osc_query_answer import Answers


@pytest.fixture
def server() -> Iterator[QueryServer]:
    made = QueryServer(every_kind(), "Bass denim", "127.0.0.1", 0, 9000)
    made.open()
    yield made
    made.close()


def get(server: QueryServer, target: str, method: str = "GET", **headers: str) -> tuple[int, Any]:
    """(status, JSON) as any HTTP client gets it."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.request(method, target, headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    assert answer.getheader("Access-Control-Allow-Origin") is None
    if answer.status == 204 or method == "HEAD":
        assert body == b""
        return answer.status, None
    assert answer.getheader("Content-Type", "").startswith("application/json")
    return answer.status, json.loads(body)


def raw(port: int, sent: bytes) -> bytes:
    """What comes back to exactly these bytes."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as wire:
        wire.sendall(sent)
        came = b""
        try:
            while more := wire.recv(65536):
                came += more
        except ConnectionError:
            pass
        return came


def test_every_kind_has_the_type_range_and_access_that_clients_read() -> None:
    tree = every_kind()

    def at(path: str) -> Any:
        found = query.node(tree, path)
        assert found is not None
        assert found["FULL_PATH"] == path
        del found["FULL_PATH"], found["DESCRIPTION"]
        return found

    assert at("/wear/master") == {
        "ACCESS": 3, "TYPE": "f", "VALUE": [0.75], "RANGE": [{"MIN": 0.0, "MAX": 1.0}], "CLIPMODE": ["both"],
    }  # fmt: skip
    assert at("/wear/zone/chest/pattern") == {
        "ACCESS": 3, "TYPE": "i", "VALUE": [3], "RANGE": [{"MIN": 0, "MAX": 15}], "CLIPMODE": ["both"],
    }  # fmt: skip
    assert at("/wear/blackout") == {"ACCESS": 3, "TYPE": "T", "VALUE": [False]}
    assert at("/wear/panic") == {"ACCESS": 2, "TYPE": "I", "VALUE": [None]}
    assert at("/wear/tempo/lead") == {
        "ACCESS": 1, "TYPE": "s", "VALUE": ["ear"], "RANGE": [{"VALS": ["ear", "hand"]}],
    }  # fmt: skip
    assert at("/wear/title") == {"ACCESS": 3, "TYPE": "s", "VALUE": ["Übung"]}
    assert at("/wear/param/bass-chest-glow/attack")["UNIT"] == ["time.second"]
    assert at("/wear/delay/window") == {
        "ACCESS": 2, "TYPE": "f", "VALUE": [None], "RANGE": [{"MIN": 0.0, "MAX": 10000.0}], "CLIPMODE": ["both"],
        "UNIT": ["time.ms"],
    }  # fmt: skip


def test_a_trigger_that_means_an_amount_is_a_number_that_cannot_be_asked() -> None:
    nudge = Parameter("/wear/tempo/nudge", "later", "trigger", "ms", low=-100, high=100)
    found = query.node(Tree([nudge]), "/wear/tempo/nudge")
    assert found is not None
    assert (found["TYPE"], found["ACCESS"], found["RANGE"]) == ("f", 2, [{"MIN": -100.0, "MAX": 100.0}])


def test_no_node_is_both_a_container_and_a_method() -> None:
    def walk(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
        yield node
        for name, child in node.get("CONTENTS", {}).items():
            assert child["FULL_PATH"].rsplit("/", 1)[1] == name
            yield from walk(child)

    root = query.node(every_kind(), "/")
    assert root is not None
    nodes = {node["FULL_PATH"]: node for node in walk(root)}
    assert all(("CONTENTS" in node) != ("TYPE" in node) for node in nodes.values())
    assert all(node["ACCESS"] == 0 for node in nodes.values() if "CONTENTS" in node)
    # A fader stays, and its release hides behind it; a lane's values stay, and its list hides.
    missing = {p.address for p in ALL} - {path for path, node in nodes.items() if "TYPE" in node}
    assert missing == {"/wear/zone/chest/glow/release", "/wear/move/arm"}
    assert query.node(every_kind(), "/wear/zone/chest/glow/release")["TYPE"] == "I"  # type: ignore[index]


def test_a_list_has_as_many_types_as_it_has_numbers_and_no_infinity_leaves() -> None:
    odd = Tree([
        Parameter("/wear/hand", "", "list", low=-2, high=2, read=lambda: (0.5, -1.0, 2.0)),
        Parameter("/wear/open", "", low=-math.inf, high=math.inf, read=lambda: math.nan),
    ])  # fmt: skip
    hand, free = query.node(odd, "/wear/hand"), query.node(odd, "/wear/open")
    assert hand is not None
    assert free is not None
    assert (hand["TYPE"], hand["VALUE"], len(hand["RANGE"])) == ("fff", [0.5, -1.0, 2.0], 3)
    assert (free["VALUE"], free["RANGE"]) == ([None], [{}])
    json.dumps([hand, free], allow_nan=False)


def test_host_info_says_where_osc_goes_and_what_is_served(server: QueryServer) -> None:
    status, info = get(server, "/wear/master?HOST_INFO")
    assert status == 200
    extensions = info.pop("EXTENSIONS")
    assert info == {"NAME": "Bass denim", "OSC_IP": "127.0.0.1", "OSC_PORT": 9000, "OSC_TRANSPORT": "UDP"}
    for (
        name,
        served,
    ) in extensions.items():  # truthful: what is promised is there, what is not is "no content"
        status, found = get(server, f"/wear/param/bass-chest-glow/attack?{name}")
        assert (status, list(found or [])) == ((200, [name]) if served else (204, []))
    assert extensions["LISTEN"] is False


ANSWERS = {
    "/wear/master?VALUE": (200, {"VALUE": [0.75]}),
    "/wear/master?VALUE&TYPE": (200, {"VALUE": [0.75], "TYPE": "f"}),
    "/wear/tempo/lead?RANGE": (200, {"RANGE": [{"VALS": ["ear", "hand"]}]}),
    "/wear/panic?VALUE": (204, None),  # it can only be set
    "/wear?VALUE": (204, None),
    "/wear?TYPE": (200, {}),
    "/wear/master?TAGS": (204, None),  # known to the proposal, not served here
    "/wear/master?VALEU": (400, {"error": "OSCQuery has no attribute 'VALEU'"}),
    "/wear/mastre": (404, {"error": "there is no such address here"}),
    "/wear/mastre?VALUE": (404, {"error": "there is no such address here"}),
    "/../../etc/passwd": (404, {"error": "there is no such address here"}),
    "/%77ear/master?VALUE": (200, {"VALUE": [0.75]}),
    "/%ff": (400, {"error": "an address is written in ASCII"}),
}


@pytest.mark.parametrize("target", ANSWERS)
def test_single_attributes_and_the_proposals_errors(target: str, server: QueryServer) -> None:
    assert get(server, target) == ANSWERS[target]


def test_the_whole_tree_and_a_part_of_it(server: QueryServer) -> None:
    status, root = get(server, "/")
    assert status == 200
    assert root["FULL_PATH"] == "/"
    assert get(server, "/wear/zone/")[1] == root["CONTENTS"]["wear"]["CONTENTS"]["zone"]
    assert get(server, "/", "HEAD") == (200, None)


def test_values_are_read_at_the_moment_of_asking() -> None:
    now = [0.1]
    server = QueryServer(
        Tree([Parameter("/wear/master", "", read=lambda: now[0])]), "x", "127.0.0.1", 0, 9000
    )
    server.open()
    try:
        assert get(server, "/wear/master?VALUE") == (200, {"VALUE": [0.1]})
        now[0] = 0.9
        assert get(server, "/wear/master?VALUE") == (200, {"VALUE": [0.9]})
    finally:
        server.close()


def test_a_parameter_that_fails_is_that_answers_fault_alone(caplog: pytest.LogCaptureFixture) -> None:
    def broken() -> float:
        raise ZeroDivisionError

    tree = Tree([Parameter("/wear/a", "", read=broken), Parameter("/wear/b", "", read=lambda: 1.0)])
    server = QueryServer(tree, "x", "127.0.0.1", 0, 9000)
    server.open()
    try:
        assert [get(server, "/wear/a")[0] for _ in range(3)] == [500, 500, 500]
        assert get(server, "/wear/b")[0] == 200
        assert len(caplog.records) == 1  # once, not for each request
    finally:
        server.close()


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "127.0.0.1:8000", "localhost", "LOCALHOST:1", "192.168.1.7:9", "[::1]:80", "[fe80::1]"],
)
def test_it_may_be_asked_by_an_address(host: str, server: QueryServer) -> None:
    assert get(server, "/wear/master?VALUE", Host=host)[0] == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8000",
        "127.0.0.1.evil.example",
        "localhost.evil",
        "",
        "[::1",
        "::1]",
        "127.0.0.1:x",
    ],
)
def test_a_web_page_cannot_reach_it_under_a_name_of_its_own(host: str, server: QueryServer) -> None:
    assert get(server, "/wear/master?VALUE", Host=host)[0] == 403


REFUSED = {
    b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\n\r\n": 405,
    b"PUT /wear/master HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n": 405,
    b"OPTIONS / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n": 405,
    b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 3\r\n\r\nabc": 400,
    b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n": 400,
    b"GET / HTTP/1.1\r\n\r\n": 403,
    b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: evil.example\r\n\r\n": 400,
    b"GET / HTTP/1.1\r\nHost : 127.0.0.1\r\n\r\n": 400,
    b"GET http://evil.example/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n": 400,
    b"GET / HTTP/2.0\r\nHost: 127.0.0.1\r\n\r\n": 505,
    b"GET /\r\n\r\n": 400,
    b"\r\n\r\n": 400,
    b"\xff\xfe\x00\r\n\r\n": 400,
    b"GET /" + b"a" * 9000: 431,
    b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: " + b"a" * 8200: 431,
}


@pytest.mark.parametrize("sent", REFUSED, ids=lambda sent: sent[:40].decode("latin-1").replace("\r\n", "|"))
def test_anything_but_a_plain_question_is_refused_in_words(sent: bytes, server: QueryServer) -> None:
    came = raw(server.port, sent)
    assert came.startswith(f"HTTP/1.1 {REFUSED[sent]} ".encode())
    assert get(server, "/wear/master?VALUE")[0] == 200


def test_twenty_thousand_mutated_requests_are_all_answered(caplog: pytest.LogCaptureFixture) -> None:
    dice = random.Random(4)
    answers = Answers(every_kind(), "x", 9000)
    good = b"GET /wear/zone/chest?VALUE&RANGE HTTP/1.1\r\nHost: 127.0.0.1:9010\r\nAccept: */*"
    scraps = [
        b"\r\n",
        b"%00",
        b"%ff",
        b"?",
        b"#",
        b"&",
        b"Host: [",
        b"]",
        b":",
        b"/",
        b"//",
        b"\0",
        b"HEAD ",
        b"\xff",
        b"HOST_INFO",
    ]
    statuses: set[bytes] = set()
    slowest = 0.0
    for _ in range(20_000):
        request = bytearray(good)
        for _ in range(dice.randrange(1, 5)):
            at = dice.randrange(len(request) + 1)
            piece = dice.choice(scraps) if dice.random() < 0.5 else bytes([dice.randrange(256)])
            request[at : at + dice.randrange(8)] = piece
        began = time.thread_time()
        answer = answers.respond(bytes(request), "127.0.0.1")
        slowest = max(slowest, time.thread_time() - began)
        head, _, body = answer.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 ")
        statuses.add(head[9:12])
        if body:
            json.loads(body)
    assert statuses >= {b"200", b"204", b"400", b"403", b"404", b"405"}
    assert not caplog.records  # no 500 among them
    assert slowest < 0.2  # CPU seconds: none of them makes it search


def test_an_old_client_without_a_host_header_is_answered(server: QueryServer) -> None:
    assert raw(server.port, b"GET /wear/master?VALUE HTTP/1.0\r\n\r\n").endswith(b'{"VALUE":[0.75]}')


def test_who_is_not_on_the_allow_list_gets_nothing() -> None:
    server = QueryServer(every_kind(), "x", "127.0.0.1", 0, 9000, ["192.168.1.0/24"])
    assert server._may_ask("192.168.1.9")
    assert server._may_ask("::ffff:192.168.1.9")
    assert server._may_ask("127.0.0.1")  # this machine may always
    assert not server._may_ask("192.168.2.9")
    assert not server._may_ask("nonsense")
    with pytest.raises(PatchError, match="write networks like"):
        QueryServer(every_kind(), "x", "127.0.0.1", 0, 9000, ["192.168.1.0/240"])
    server._may_ask._known["127.0.0.1"] = False  # as if it came from elsewhere
    server.open()
    try:
        assert raw(server.port, b"GET /wear/master?VALUE HTTP/1.0\r\n\r\n") == b""
    finally:
        server.close()


def test_a_port_that_is_taken_is_one_sentence(server: QueryServer) -> None:
    second = QueryServer(every_kind(), "x", "127.0.0.1", server.port, 9000)
    with pytest.raises(
        DeviceError, match=rf"port {server.port} is taken by another program: close that, or give"
    ):
        second.open()
    second.close()
    with pytest.raises(DeviceError, match="give the rig's"):
        QueryServer(every_kind(), "x", "203.0.113.7", 0, 9000).open()


def test_the_port_is_free_and_the_thread_gone_after_close() -> None:
    before = threading.active_count()
    server = QueryServer(every_kind(), "x", "127.0.0.1", 0, 9000)
    server.open()
    holding = socket.create_connection(("127.0.0.1", server.port))
    server.close()
    server.close()
    assert threading.active_count() == before
    assert holding.recv(1) == b""
    holding.close()
    again = QueryServer(every_kind(), "x", "127.0.0.1", server.port, 9000)
    again.open()
    assert get(again, "/wear/master?VALUE")[0] == 200
    again.close()


def resident() -> int:
    """Bytes that this process has in memory."""
    return int(re.search(r"VmRSS:\s+(\d+)", Path("/proc/self/status").read_text())[1]) * 1024  # type: ignore[index]


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs /proc")
def test_a_thousand_connections_hold_nobody_up_and_take_nothing(server: QueryServer) -> None:
    get(server, "/")
    threads, memory = threading.active_count(), resident()
    crowd: list[socket.socket] = []
    try:
        for n in range(1000):
            one = socket.create_connection(("127.0.0.1", server.port), timeout=10)
            if n % 2:
                one.send(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ")  # and never the rest
            crowd.append(one)
            if n > 500:
                crowd.pop(0).close()
        for _ in range(5):
            began = time.monotonic()
            assert get(server, "/wear/master?VALUE") == (200, {"VALUE": [0.75]})
            assert time.monotonic() - began < 2.0
        assert len(server._guests) <= MOST
        assert threading.active_count() == threads
        assert resident() - memory < 8 << 20
    finally:
        for one in crowd:
            one.close()


def test_one_who_sends_a_letter_now_and_then_is_let_go(
    server: QueryServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wearsound.outputs.osc_query.PATIENCE", 0.5)
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as slow:
        began = time.monotonic()
        with contextlib.suppress(OSError):
            while time.monotonic() - began < 5:
                slow.send(b"G")
                time.sleep(0.1)
        assert time.monotonic() - began < 3


def test_one_who_never_reads_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wearsound.outputs.osc_query.PATIENCE", 0.5)
    many = Tree([Parameter(f"/wear/param/n{n}/{'x' * 80}", "a" * 500) for n in range(8000)])
    server = QueryServer(many, "x", "127.0.0.1", 0, 9000)
    server.open()
    with socket.socket() as deaf:
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        deaf.connect(("127.0.0.1", server.port))
        deaf.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        end = time.monotonic() + 10
        while not server.served or server._guests:
            assert time.monotonic() < end
            time.sleep(0.05)
    assert get(server, "/wear/param/n1?TYPE")[0] == 200
    server.close()


def test_asking_without_end_costs_the_show_a_fifth_of_a_core_at_most(
    server: QueryServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As it rests four times as long as it worked: both by the server's own account of each turn."""
    worked: list[float] = []
    rested: list[float] = []

    def sleep(seconds: float) -> None:
        worked.append(time.thread_time())
        rested.append(seconds)
        time.sleep(seconds)

    mine = SimpleNamespace(monotonic=time.monotonic, thread_time=time.thread_time, sleep=sleep)
    monkeypatch.setattr("wearsound.outputs.osc_query.time", mine)
    for _ in range(80):
        get(server, "/")
    work, rest = worked[-1] - worked[0], sum(rested[1:])
    assert len(rested) > 8
    assert 0 < work / (work + rest) < 0.28  # 0.2 and what starting and stopping costs


def test_python_oscquery_reads_the_whole_tree(server: QueryServer) -> None:
    pytest.importorskip("pythonoscquery", reason="pip install python-oscquery")
    from pythonoscquery.osc_query_client import OSCQueryClient
    from zeroconf import ServiceInfo

    service = ServiceInfo(
        "_oscjson._tcp.local.", "x._oscjson._tcp.local.", addresses=[bytes([127, 0, 0, 1])], port=server.port
    )
    client = OSCQueryClient(service)
    info = client.get_host_info()
    assert info is not None
    assert (info.name, info.osc_ip, info.osc_port) == ("Bass denim", "127.0.0.1", 9000)
    root = client.query_node("/")
    assert root is not None
    methods = {node.full_path: node for node in root if not node.contents}
    assert {p.address for p in ALL} - methods.keys() == {"/wear/zone/chest/glow/release", "/wear/move/arm"}
    assert methods["/wear/master"].value == [0.75]
    assert methods["/wear/master"].access == 3
    assert methods["/wear/blackout"].type == [bool]
    assert methods["/wear/panic"].access == 2
    assert client.query_node("/wear/nowhere") is None


@pytest.mark.parametrize("show", ["bass-denim", "rain-room", "kiln", "salt"])
def test_python_oscquery_reads_every_show_of_the_gallery(show: str) -> None:
    pytest.importorskip("pythonoscquery", reason="pip install python-oscquery")
    from pythonoscquery.shared.osc_path_node import OSCPathNode

    from wearsound.show.load import load
    from wearsound.show.tree import tree_of

    tree = tree_of(load(show))
    root = OSCPathNode.from_json(json.loads(json.dumps(query.node(tree, "/"), allow_nan=False)))
    read = {node.full_path for node in root if not node.contents}
    # What has parts that can be asked too is read as a place, not as a value.
    asked = {p.address for p in tree if p.kind in ("number", "whole", "switch", "text")} - {"/wear/cue"}
    assert asked | {"/wear/cue/next", "/wear/cue/go"} <= read


NODE_CLIENT = """
const { OSCQueryDiscovery } = require("oscquery");
new OSCQueryDiscovery().queryNewService("127.0.0.1", Number(process.argv[1])).then(service => {
  const args = method => (method.arguments || []).map(a => [a.type, a.range, a.value]);
  const flat = service.flat().map(method => [method.full_path, method.access, args(method)]);
  console.log(JSON.stringify({ host: service.hostInfo, flat }));
}).catch(error => { console.error(String(error)); process.exit(1); });
"""


def test_the_node_client_reads_types_ranges_and_values(server: QueryServer) -> None:
    node = shutil.which("node")
    if node is None or subprocess.run([node, "-e", 'require("oscquery")'], capture_output=True).returncode:
        pytest.skip("npm's oscquery is not installed (NODE_PATH)")
    done = subprocess.run(
        [node, "-e", NODE_CLIENT, str(server.port)], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["host"]["oscPort"] == 9000
    methods = {path: (access, args) for path, access, args in found["flat"]}
    assert methods["/wear/master"] == (3, [["f", {"min": 0, "max": 1}, 0.75]])
    assert methods["/wear/zone/chest/pattern"] == (3, [["i", {"min": 0, "max": 15}, 3]])
    assert methods["/wear/blackout"] == (3, [["T", None, False]]) or methods["/wear/blackout"][1][0][0] == "T"
    assert methods["/wear/tempo/lead"][1][0][1]["vals"] == ["ear", "hand"]
