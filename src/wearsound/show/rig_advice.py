"""What is no fault in a rig but will surprise somebody. Faults: `rig_check`."""

from __future__ import annotations

import ipaddress
from collections.abc import Collection, Iterator

from wearsound.gallery import suggest
from wearsound.show.light_target import MULTICAST
from wearsound.show.rig_check import is_local
from wearsound.show.rig_structure import Door, RigFile
from wearsound.toml_file.lines import KeyPath
from wearsound.toml_file.words import Complaints, shown

IDLE = {
    "ddp": ("universe", "priority", "sync"),
    "artnet": ("priority",),
    "sacn": (),
    "wled": ("universe", "priority", "sync", "reverse", "order", "gamma", "most_ma"),
}
"""Keys of a light target that its protocol has no use for."""

APART = 0.05 + 1e-9
"""Seconds between the delays of two lights that are still seen as one."""


def advice(rig: RigFile, written: Collection[KeyPath] = ()) -> Complaints:
    """What is no fault but will surprise somebody, with its remedy, by where it stands; `written` are its keys."""
    return [
        *_open_door(rig.door),
        *_loops(rig),
        *_unheard(rig),
        *_lights(rig),
        *_hosts(rig),
        *_apart(rig),
        *_idle(rig, written),
        *_vibrations(rig, written),
    ]


def _idle(rig: RigFile, written: Collection[KeyPath]) -> Iterator[tuple[KeyPath, str]]:
    """Keys that do nothing where they stand."""
    for i, light in enumerate(rig.light):
        for key in IDLE[light.protocol]:
            if ("light", i, key) in written:
                yield ("light", i, key), f"{key} does nothing with protocol {light.protocol}; take it out"
        if ("light", i, "map") in written and not light.map:
            yield ("light", i, "map"), "map is empty and does nothing; take it out, or name the pixels in it"


def _vibrations(rig: RigFile, written: Collection[KeyPath]) -> Iterator[tuple[KeyPath, str]]:
    """Keys that only a microcontroller has a use for, and two targets in each other's way."""
    seen: dict[tuple[str, int | None], str] = {}
    for i, target in enumerate(rig.vibration):
        if target.device is not None:
            for key in ("port", "protocol", "values", "cap"):
                if ("vibration", i, key) in written:
                    yield ("vibration", i, key), f"{key} does nothing with a device; take it out"
        place = (target.device or target.host or "", target.port)
        if place in seen:
            where = target.device or f"{target.host}:{target.port}"
            yield (
                ("vibration", i, "device" if target.device else "host"),
                f"{where} is target {shown(seen[place])} too, and they overwrite each other; make one target of them",
            )
        seen.setdefault(place, target.name)
    for i, speaker in enumerate(rig.speaker):
        at = speaker.device or rig.output
        if at is not None and (at, None) in seen:
            yield (
                ("speaker", i, "device") if speaker.device else ("speaker", i),
                f"{shown(at)} drives vibration target {shown(seen[at, None])} too, and many devices are opened once "
                "only; name another one here if it does not play",
            )


def _lights(rig: RigFile) -> Iterator[tuple[KeyPath, str]]:
    """Two targets in each other's way, and more frames than a receiver takes."""
    seen: dict[tuple[str, int, int], str] = {}
    for i, light in enumerate(rig.light):
        universe = light.universe if light.protocol in ("artnet", "sacn") else 0
        place = (light.at_host, light.at_port, universe)
        if place in seen:
            of = f"universe {universe} of {light.at_host}" if universe else light.at_host
            yield (
                ("light", i, "universe" if universe else "host"),
                f"{of} is target {shown(seen[place])} too, and they overwrite each other; make one target of them"
                + (", or write another universe" if universe else ""),
            )
        seen.setdefault(place, light.name)
        if light.protocol in ("artnet", "sacn") and light.at_cap > 44:
            yield (
                ("light", i, "cap"),
                f"cap is {light.at_cap}, but a universe of DMX has at most 44 frames a second; write cap = 44",
            )


def _hosts(rig: RigFile) -> Iterator[tuple[KeyPath, str]]:
    """Light for everybody, and light for nobody."""
    for i, light in enumerate(rig.light):
        if light.host is None or light.host == MULTICAST:
            continue
        try:
            address = ipaddress.ip_address(light.host.partition("%")[0])
        except ValueError:
            continue
        said = f"host is {light.host}, "
        if address.is_unspecified:
            yield (
                ("light", i, "host"),
                said + f"which is no machine; write the address of {shown(light.name)}",
            )
        elif light.host.endswith(".255"):
            yield (
                ("light", i, "host"),
                said + f"everybody in that network: every box that listens shows it; write the address of "
                f"{shown(light.name)}, unless that is meant",
            )
        elif address.is_multicast and not light.audio_sync:
            remedy = 'write host = "multicast"' if light.protocol == "sacn" else "write an address of its own"
            yield (
                ("light", i, "host"),
                said + f"a group that whoever joined it shows; {remedy}, unless that is meant",
            )


def _apart(rig: RigFile) -> Iterator[tuple[KeyPath, str]]:
    """The flash guard counts what is played together, not what is seen together."""
    delays = [light.delay for light in rig.light if not light.audio_sync]
    if delays and max(delays) - min(delays) > APART:
        i = next(
            i for i, light in enumerate(rig.light) if light.delay == max(delays) and not light.audio_sync
        )
        yield (
            ("light", i, "delay"),
            f"delay is {max(delays):g} s, and another light has {min(delays):g} s: seen together, lights so far apart "
            "may flash more often than three times a second; make them alike within 0.05 s where the boxes allow it",
        )


def _open_door(door: Door) -> Iterator[tuple[KeyPath, str]]:
    if not door.port and not door.query:
        return
    local = is_local(door.host)
    wide = [i for i, text in enumerate(door.allow) if ipaddress.ip_network(text).prefixlen == 0]
    if local and door.allow:
        yield (
            ("door", "allow"),
            f'nobody else can reach {door.host}, whatever allow says; write host = "0.0.0.0" under [door] '
            "to let the allowed ones in",
        )
    elif not local and (wide or not door.allow):
        place: KeyPath = ("door", "allow", wide[0]) if wide else ("door", "host")
        yield (
            place,
            f"the door at {door.host} is open to everybody who can reach this machine, and they can play "
            'and darken the show; write who may come in, such as allow = ["192.168.1.0/24"]',
        )


def _loops(rig: RigFile) -> Iterator[tuple[KeyPath, str]]:
    for i, target in enumerate(rig.osc):
        if rig.door.port and target.port == rig.door.port and is_local(target.host):
            yield (
                ("osc", i, "port"),
                f"target {shown(target.name)} is this rig's own door: what is sent comes in again, and no other "
                "program can have that port; write another port here, or under [door]",
            )


def _unheard(rig: RigFile) -> Iterator[tuple[KeyPath, str]]:
    """Binds that nothing comes in for or that lead nowhere, and two leaders of one tempo."""
    for i, bind in enumerate(rig.bind):
        if bind.source.startswith("midi ") and rig.midi is None:
            yield ("bind", i, "from"), f"{bind.source} is not heard: this rig has no MIDI; add [midi]"
        parts = bind.to.split("/")[2:]
        if parts[0] == "move" and len(parts) > 1:
            known = [f"{lane}/{value}" for lane, values in rig.remote.items() for value in values]
            moved = "/".join(parts[1:])
            if parts[1] in [sensor.lane for sensor in rig.sensor]:
                continue
            if moved not in known and moved not in rig.remote:
                near = suggest(moved, known)
                yield ("bind", i, "to"), f"{bind.to} moves nothing: [remote] has no {shown(moved)}{near}"
    if rig.link and rig.midi is not None and rig.midi.clock:
        yield (
            ("midi", "clock"),
            "Link and MIDI clock both ask to lead the tempo; write link = false or clock = false",
        )
