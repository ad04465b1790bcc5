"""The head of an HTTP request: what may be asked, by whom it must be addressed, and why it is refused otherwise."""

from __future__ import annotations

import ipaddress
from urllib.parse import unquote

MOST_REQUEST = 8192
"""Bytes of a request line and its headers."""


class Refused(Exception):
    """A request that is answered with a status other than 200."""

    def __init__(self, status: int, why: str = "") -> None:
        super().__init__(why)
        self.status = status


def request(head: bytes) -> tuple[str, str]:
    """(method, target) of a request that may be answered; Refused for any other."""
    try:
        first, *lines = head.decode("ascii").split("\r\n")
    except UnicodeDecodeError:
        raise Refused(400, "a request is written in ASCII") from None
    words = first.split(" ")
    if len(words) != 3 or not words[1].startswith("/"):
        raise Refused(400, "write a request as GET /wear HTTP/1.1")
    method, target, version = words
    if version not in ("HTTP/1.1", "HTTP/1.0"):
        raise Refused(505, "HTTP/1.1 is spoken here")
    headers: dict[str, str] = {}
    for line in lines:
        name, colon, text = line.partition(":")
        if not colon or not name or name != name.strip() or name.lower() in headers.keys() & {"host"}:
            raise Refused(400, "a header reads Name: text, and Host stands once")
        headers[name.lower()] = text.strip()
    if not _is_local_name(headers.get("host", "" if version == "HTTP/1.1" else "localhost")):
        raise Refused(403, "ask by an address such as 127.0.0.1 or by localhost, not by a name")
    if method not in ("GET", "HEAD"):
        raise Refused(405, "nothing can be changed here: GET and HEAD only; send OSC")
    if headers.get("content-length", "0") != "0" or "transfer-encoding" in headers:
        raise Refused(400, "a request here has no body")
    return method, target


def _is_local_name(host: str) -> bool:
    """Whether a Host header is an IP address or localhost, with or without a port."""
    name, colon, port = host.rpartition(":")
    if not colon or host.endswith("]"):
        name, port = host, "0"
    if not (port.isascii() and port.isdecimal()):
        return False
    if name.lower() == "localhost":
        return True
    if name.startswith("[") != name.endswith("]"):
        return False
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True


def decoded(path: str) -> str:
    """A path without its %20s; Refused where they are no text."""
    try:
        return unquote(path, errors="strict")
    except UnicodeDecodeError:
        raise Refused(400, "an address is written in ASCII") from None
