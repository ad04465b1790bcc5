"""`wearsound osc send`: one message, and what comes back."""

from __future__ import annotations

import argparse
import re
import socket
import sys
import time

from wearsound.cli.osc_monitor import shown
from wearsound.errors import PatchError, WearsoundError, reason
from wearsound.osc.address import resolved
from wearsound.osc.packet import MAX_ADDRESS, MAX_ARGS, MAX_STRING, BadPacket, Message, read
from wearsound.show.osc_listen import datagrams

Word = bool | int | float | str

_DUMP, _END = "/wear/dump", "/wear/dump/end"


def run(options: argparse.Namespace) -> int:
    """Send it; 1 if nothing listens there."""
    to, datagram = target(options.to), message(options.address, [typed(text) for text in options.args])
    family = socket.AF_INET6 if ":" in to[0] else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as made:
        try:
            if options.listen is None:
                return _send(made, to, datagram)
            return _ask(made, to, datagram, options)
        except OSError as error:
            raise WearsoundError(f"{options.to} cannot be sent to: {reason(error)}") from None


def _send(made: socket.socket, to: tuple[str, int], datagram: bytes) -> int:
    made.connect(to)  # then a machine where nobody listens can say so
    made.send(datagram)
    made.settimeout(0.05)
    try:
        made.recv(1)
    except ConnectionError:
        return _nobody(to)
    except TimeoutError:
        pass
    return 0


def _ask(made: socket.socket, to: tuple[str, int], datagram: bytes, options: argparse.Namespace) -> int:
    """Subscribe, let the first dump pass, send, and print what comes."""
    made.setblocking(False)
    made.bind(("::" if made.family == socket.AF_INET6 else "0.0.0.0", 0))
    own = made.getsockname()[1]
    made.sendto(message("/wear/subscribe", [own]), to)
    answered = False
    for came in datagrams(made, 1.0):
        if came is not None and any(found.address == _END for found in _read(came.datagram)):
            answered = True
            break
    if not answered:
        print(f"no show answers at {options.to}; listening all the same", file=sys.stderr)
    elif options.address == _DUMP:
        time.sleep(1.0)  # once a second a peer, and the subscription was one
    began, count = time.monotonic(), 0
    made.sendto(datagram, to)
    try:
        for came in datagrams(made, options.listen):
            for found in _read(came.datagram) if came is not None else ():
                count += 1
                said = "  ".join(shown(arg) for arg in found.args)
                print(
                    f"{1000 * (time.monotonic() - began):8.1f} ms  {found.address}  {said}".rstrip(),
                    flush=True,
                )
    except KeyboardInterrupt:
        pass
    made.sendto(message("/wear/unsubscribe", [own]), to)
    if not count:
        print(f"nothing came back in {options.listen:g} s", file=sys.stderr)
    return 0 if count else 1


def _read(datagram: bytes) -> list[Message]:
    try:
        return read(datagram)
    except BadPacket as error:
        print(f"         !  {error.reason}: {error}", flush=True)
        return []


def _nobody(to: tuple[str, int]) -> int:
    print(
        f"wearsound: sent, but nothing listens at {to[0]}:{to[1]}: start a show with `wearsound run`, or name "
        "another place with --to",
        file=sys.stderr,
    )
    return 1


def typed(text: str) -> Word:
    """An argument as it was typed: 1, 0.5, true, false, or a word; a word in quotes of its own is one as it is."""
    if len(text) >= 2 and text[0] == text[-1] and text[0] in "'\"":
        return text[1:-1]
    if text.lower() in ("true", "false"):
        return text.lower() == "true"
    if re.fullmatch(r"[+-]?[0-9]{1,20}", text):
        return int(text)
    if re.fullmatch(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?", text):
        return float(text)
    return text


def message(address: str, args: list[Word]) -> bytes:
    """One message as bytes; whole numbers beyond 32 bits as 64. PatchError for what is no message."""
    from pythonosc.osc_message_builder import OscMessageBuilder

    if not re.fullmatch(r"/[!-~]*", address) or len(address) > MAX_ADDRESS or set(address) & set("#,"):
        raise PatchError(
            f"{address!r} is no OSC address: it begins with /, has no spaces and at most {MAX_ADDRESS} characters, "
            "such as /wear/master"
        )
    if len(args) > MAX_ARGS:
        raise PatchError(f"a message has at most {MAX_ARGS} arguments; these are {len(args)}")
    made = OscMessageBuilder(address)
    for arg in args:
        if isinstance(arg, str) and len(arg.encode("utf-8", "replace")) > MAX_STRING:
            raise PatchError(f"a word in a message has at most {MAX_STRING} bytes")
        if isinstance(arg, float) and not abs(arg) <= 3.4e38:
            raise PatchError(f"{arg:g} is larger than an OSC number can be")
        kind = None
        if isinstance(arg, int) and not isinstance(arg, bool) and not -(1 << 31) <= arg < 1 << 31:
            if not -(1 << 63) <= arg < 1 << 63:
                raise PatchError(f"{arg} is larger than an OSC whole number can be")
            kind = "h"
        made.add_arg(arg, kind)
    return bytes(made.build().dgram)


def target(text: str) -> tuple[str, int]:
    """`host:port`, `[::1]:9000`, or a port alone of this machine, as an address that can be sent to."""
    found = re.fullmatch(r"(?:\[([0-9A-Fa-f:.%\w]+)\]:|([^:\s]+):)?([0-9]{1,5})", text)
    if found is None or not 0 < int(found[3]) < 65536:
        raise PatchError(f"--to {text!r}: write host:port, such as 127.0.0.1:9000")
    host, port = found[1] or found[2] or "127.0.0.1", int(found[3])
    try:
        _, address = resolved(host, port, socket.SOCK_DGRAM)
    except OSError:
        raise PatchError(f"--to {text!r}: no machine is called {host!r} here; try its address") from None
    return str(address[0]), port
