"""Who may come in by OSC and OSCQuery, by the address they claim to come from."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence

from wearsound.errors import PatchError

MOST_KNOWN = 256
"""Hosts whose answer is remembered; then all are looked at afresh."""


class Welcome:
    """`allow` are networks ("192.168.1.0/24") or single addresses; empty allows all. This machine always may."""

    def __init__(self, allow: Sequence[str] = ()) -> None:
        try:
            self._networks = [ipaddress.ip_network(text, strict=False) for text in allow]
        except ValueError as error:
            raise PatchError(
                f"the door's allow list: {error}; write networks like 192.168.1.0/24 or addresses like 192.168.1.7"
            ) from None
        self._known: dict[str, bool] = {}

    def __call__(self, host: str) -> bool:
        """Whether `host` may speak or ask: one machine, and one that is allowed. [one thread]"""
        known = self._known.get(host)
        if known is None:
            if len(self._known) >= MOST_KNOWN:
                self._known.clear()
            known = self._known[host] = self._look(host)
        return known

    def _look(self, host: str) -> bool:
        try:
            address = ipaddress.ip_address(host.partition("%")[0])
        except ValueError:
            return False
        address = getattr(address, "ipv4_mapped", None) or address
        if address.is_multicast or address.is_unspecified or str(address) == "255.255.255.255":
            return False  # no machine is called so: an answer would go to many
        if address.is_loopback or not self._networks:
            return True
        return any(address in network for network in self._networks)
