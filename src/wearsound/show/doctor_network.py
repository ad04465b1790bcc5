"""Whether what a rig names on the network is there: hosts and ports that are sent to, and the doors of its own."""

from __future__ import annotations

import socket
from collections.abc import Iterator

from wearsound.errors import PatchError, reason
from wearsound.garment.document import Garment
from wearsound.garment.sewn import sewn
from wearsound.show.doctor_finding import Finding
from wearsound.show.hosts import unknown_hosts
from wearsound.show.light_target import MULTICAST
from wearsound.show.light_targets import light_budget, light_finding, named_twice
from wearsound.show.rig import Rig
from wearsound.show.vibration_targets import vibration_finding
from wearsound.sources.osc_in.port import Port

CANNOT_TELL = "whether anybody listens there, UDP cannot tell: look there"


def hosts(rig: Rig, garment: Garment | None) -> Iterator[Finding]:
    """Whatever messages, light and vibration go to."""
    lights, wrong = _lights(rig, garment)
    places = [("osc", osc.name, osc.host, osc.port, osc.delay, "") for osc in rig.osc]
    places += [
        ("light", light.name, light.at_host, light.at_port, light.delay, lights[number])
        for number, light in enumerate(rig.light)
    ]
    places += [
        ("vibration", target.name, target.host, target.port, target.delay, vibration_finding(target))
        for target in rig.vibration
        if target.host is not None and target.port is not None
    ]
    unknown = unknown_hosts(host for _, _, host, *_ in places if host != MULTICAST)
    for kind, name, host, port, delay, gets in places:
        held = f", held back {1000 * delay:g} ms" if delay else ""
        if host in unknown:
            said = (
                f"no machine is called {host!r} here; check its name, cable and network, or write its address"
            )
            yield Finding(f"{kind} {name}", "missing", said)
        elif kind == "osc" and _nobody(host, port):
            yield Finding(
                f"{kind} {name}", "note", f"nobody listens at {host}:{port} now; start that program{held}"
            )
        else:
            sure = kind == "osc" and is_this_machine(host)
            end = "somebody listens there" if sure else CANNOT_TELL
            word = "there" if sure else "note"
            what = f"{gets}, " if gets else ""
            yield Finding(f"{kind} {name}", word, f"{what}sent to {host}:{port}{held}; {end}")
    yield from wrong


def _lights(rig: Rig, garment: Garment | None) -> tuple[list[str], list[Finding]]:
    """What each light target would get, and what does not fit the garment."""
    body = sewn(garment) if garment is not None else None
    gets, wrong = [""] * len(rig.light), []
    for number, target in enumerate(rig.light):
        try:
            gets[number] = light_finding(rig, number, garment, body)
            if (
                target.most_ma is not None
                and garment is not None
                and body is not None
                and not target.audio_sync
            ):
                light_budget(rig, number, target.most_ma, garment, body)
        except PatchError as trouble:
            wrong.append(Finding(f"light {target.name}", "missing", str(trouble)))
        if garment is not None and (twice := named_twice(rig, number, garment)):
            wrong.append(Finding(f"light {target.name}", "note", twice))
        if target.via is not None and (why := _not_ours(target.via)):
            sentence = (
                f"{rig.where('light', number, 'via')}: via is {target.via!r}, which is no address of this machine "
                f"now ({why}); write one that it has, or leave it out"
            )
            wrong.append(Finding(f"light {target.name}", "missing", sentence))
    return gets, wrong


def _not_ours(address: str) -> str:
    """Why nothing can be sent from an address, or ""."""
    try:
        with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.bind((address, 0))
    except OSError as error:
        return reason(error)
    return ""


def is_this_machine(host: str) -> bool:
    """Whether a host is this machine."""
    return host == "localhost" or host.startswith("127.")


def _nobody(host: str, port: int) -> bool:
    """On this machine a port that can be taken is nobody's."""
    if not is_this_machine(host):
        return False
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def doors(rig: Rig) -> Iterator[Finding]:
    """Where OSC and OSCQuery come in."""
    door = rig.door
    if door.port:
        port = Port(door.host, door.port, open_to_all=not door.allow)
        made = port.take()
        note = port.note.removeprefix("OSC in: ").removesuffix("; tried again every few seconds")
        if made is not None:
            port.let_go(made)
            note = f"{door.host}:{door.port} is free; answers go to port {door.reply} of who asks"
        yield Finding("door", "missing" if made is None else "there", note)
        if door.allow:
            yield Finding("door", "there", f"lets in {', '.join(door.allow)}, and this machine")
    if door.query:
        yield _query(door.host, door.query)


def _query(host: str, port: int) -> Finding:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        # As a server does: not held up by its last run.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, UnicodeError) as error:
            why = reason(error)
            said = f"{host}:{port} cannot be taken ({why}); close what has it, or write another query port"
            return Finding("query", "missing", said)
    return Finding("query", "there", f"{host}:{port} is free for OSCQuery")
