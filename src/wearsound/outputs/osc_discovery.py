"""Bonjour: a show says on the local network that it is there, so that OSCQuery clients list it by name.

An extra (`wearsound[discover]`, the library zeroconf), because few need it: every client can also be given the
address. Only ever for a door that the rig has opened to the network; a show that listens on this machine alone
says nothing to anybody.
"""

from __future__ import annotations

import contextlib
import ipaddress
import logging
import re
import socket
import threading
from typing import Any

from wearsound.osc.address import resolved

log = logging.getLogger(__name__)

QUERY, OSC = "_oscjson._tcp.local.", "_osc._udp.local."
MOST_NAME = 60
"""Bytes of a name on the network; 63 may be, and a namesake gets a number."""

LEAVING = 2.0
"""Seconds that saying goodbye may take."""


class Announcement:
    """`name` at `host`, where HTTP `query_port` and UDP `osc_port` are; `note` is one sentence about how it stands."""

    def __init__(self, name: str, host: str, query_port: int, osc_port: int) -> None:
        self.note = "not announced"
        self._name = name
        self._host = host
        self._services = [(kind, port) for kind, port in ((QUERY, query_port), (OSC, osc_port)) if port]
        self._zeroconf: Any = None
        self._thread: threading.Thread | None = None

    def open(self) -> bool:
        """Whether it will be announced; that takes a second or two, in a thread of its own. [main thread]

        Never an error: without the library, or on this machine alone, the show plays on, and `note` says why.
        """
        if is_here_alone(self._host):
            self.note = "not announced: it listens on this machine alone"
            return False
        try:
            import zeroconf  # noqa: F401
        except ImportError:
            self.note = 'not announced on the network: pip install "wearsound[discover]"'
            return False
        self.note = f"announced on the network as {self._name!r}"
        self._thread = threading.Thread(target=self._announce, name="osc discovery", daemon=True)
        self._thread.start()
        return True

    def close(self) -> None:
        """Say goodbye; twice, or never opened, is fine. [main thread]"""
        thread, self._thread = self._thread, None
        if thread is None:
            return
        thread.join(LEAVING)
        leaving = threading.Thread(target=self._leave, name="osc discovery", daemon=True)
        leaving.start()
        leaving.join(LEAVING)

    def _announce(self) -> None:
        from zeroconf import InterfaceChoice, ServiceInfo, Zeroconf

        everywhere = ipaddress.ip_address(_address(self._host)).is_unspecified
        try:
            self._zeroconf = Zeroconf(
                interfaces=InterfaceChoice.All if everywhere else [_address(self._host)]
            )
            addresses = _own_addresses() if everywhere else [_address(self._host)]
            for kind, port in self._services:
                info = ServiceInfo(
                    kind,
                    f"{service_name(self._name)}.{kind}",
                    port=port,
                    parsed_addresses=addresses,
                    server=f"{re.sub('[^A-Za-z0-9-]+', '-', socket.gethostname()) or 'wearsound'}.local.",
                )
                self._zeroconf.register_service(info, allow_name_change=True)
        except (
            Exception
        ) as error:  # the network may be anything; a show does not end for want of a name on it
            self.note = f"not announced on the network: {error or type(error).__name__}"
            log.warning("OSCQuery: %s", self.note)

    def _leave(self) -> None:
        leaving, self._zeroconf = self._zeroconf, None
        if leaving is not None:
            with contextlib.suppress(Exception):
                leaving.unregister_all_services()
            with contextlib.suppress(Exception):
                leaving.close()


def is_here_alone(host: str) -> bool:
    """Whether nobody but this machine can reach `host`."""
    try:
        return ipaddress.ip_address(_address(host)).is_loopback
    except (ValueError, OSError):
        return True


def service_name(name: str) -> str:
    """A title as a name on the network: no dots, which would cut it, and not too long."""
    plain = re.sub(r"[\x00-\x1f\x7f.]+", " ", name).strip() or "wearsound"
    return plain.encode("utf-8")[:MOST_NAME].decode("utf-8", "ignore").strip()


def _address(host: str) -> str:
    return str(resolved(host, 0, socket.SOCK_DGRAM)[1][0])


def _own_addresses() -> list[str]:
    """Every IPv4 address of this machine that others can reach."""
    import ifaddr

    found = [ip.ip for adapter in ifaddr.get_adapters() for ip in adapter.ips if isinstance(ip.ip, str)]
    return [address for address in found if not ipaddress.ip_address(address).is_loopback]
