"""A show that the rig has opened to the network is found there by its name; a shut one says nothing."""

from __future__ import annotations

import builtins
import time
from typing import Any

import pytest

from wearsound.outputs import osc_discovery
from wearsound.outputs.osc_discovery import OSC, QUERY, Announcement, is_here_alone, service_name


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "no such machine"])
def test_a_show_for_this_machine_alone_is_announced_to_nobody(host: str) -> None:
    made = Announcement("Bass denim", host, 9010, 9000)
    assert is_here_alone(host)
    assert not made.open()
    assert "this machine alone" in made.note
    made.close()


def test_without_the_library_it_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *args: Any, **words: Any) -> Any:
        if name == "zeroconf":
            raise ImportError
        return real(name, *args, **words)

    monkeypatch.setattr(builtins, "__import__", without)
    made = Announcement("Bass denim", "0.0.0.0", 9010, 9000)
    assert not made.open()
    assert 'pip install "wearsound[discover]"' in made.note
    made.close()


def test_a_name_on_the_network_has_no_dots_and_is_not_too_long() -> None:
    assert service_name("Bass denim 1.0") == "Bass denim 1 0"
    assert service_name(" \n. ") == "wearsound"
    assert len(service_name("Ü" * 200).encode()) <= 60


def test_a_browser_finds_it_and_sees_it_leave(monkeypatch: pytest.MonkeyPatch) -> None:
    zeroconf = pytest.importorskip("zeroconf", reason='pip install "wearsound[discover]"')
    monkeypatch.setattr(osc_discovery, "is_here_alone", lambda host: False)  # loopback stands for the network
    events: list[tuple[str, str]] = []

    class Listener(zeroconf.ServiceListener):  # type: ignore[name-defined, misc]
        def add_service(self, browser: Any, kind: str, name: str) -> None:
            info = browser.get_service_info(kind, name)
            events.append(("here", f"{name} {info.port} {info.parsed_addresses()}"))

        def remove_service(self, browser: Any, kind: str, name: str) -> None:
            events.append(("gone", name))

        def update_service(self, browser: Any, kind: str, name: str) -> None:
            pass

    try:
        looking = zeroconf.Zeroconf(interfaces=["127.0.0.1"])
    except OSError as error:
        pytest.skip(f"no multicast on loopback here: {error}")
    made = Announcement("Bass denim 1.0", "127.0.0.1", 29_010, 29_000)
    try:
        zeroconf.ServiceBrowser(looking, [QUERY, OSC], Listener())
        assert made.open()
        end = time.monotonic() + 15
        while len(events) < 2 and time.monotonic() < end:
            time.sleep(0.05)
        assert sorted(events) == [
            ("here", f"Bass denim 1 0.{OSC} 29000 ['127.0.0.1']"),
            ("here", f"Bass denim 1 0.{QUERY} 29010 ['127.0.0.1']"),
        ]
        made.close()
        made.close()
        while len(events) < 4 and time.monotonic() < end:
            time.sleep(0.05)
        assert {event for event, _ in events[2:]} == {"gone"}
    finally:
        made.close()
        looking.close()
