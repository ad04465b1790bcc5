"""What types and limits cannot say about a rig. What is no fault but should be known: `rig_advice`."""

from __future__ import annotations

import ipaddress
import re
from collections import Counter
from collections.abc import Iterator

from wearsound.show.light_target import LAST_UNIVERSE, MULTICAST, LightTarget
from wearsound.show.rig_structure import Door, RigFile
from wearsound.show.rig_words import WORDS
from wearsound.toml_file.lines import KeyPath
from wearsound.toml_file.words import Complaints, shown

AUDIO = frozenset({"room", "body", "crowd"})
"""What the channels of a recording are called."""

SHOWN = 4
"""How often a target's map may show one pixel: what is a small point to the flash guard must not fill the room."""

DRAPE = "drape"
"""A lane without sound: how cloth hangs (`analysis.drape`, which would bring NumPy along)."""
REFERENCE = "reference"
"""The lane of what the loudspeakers play, looped back as sound (`analysis.crowd.looped`, likewise)."""


def faults(rig: RigFile) -> Complaints:
    """Every fault in what a rig means, by where it stands."""
    return [
        *_names(rig),
        *_door(rig.door),
        *_remote(rig),
        *_sensors(rig),
        *_binds(rig),
        *_targets(rig),
        *_speakers(rig),
    ]


def stays_here(rig: RigFile) -> bool:
    """Whether nothing leaves this machine or comes in from another: such a rig may be used unasked."""
    hosts = [rig.door.host, *(target.host for target in rig.osc), *(light.at_host for light in rig.light)]
    hosts += [target.host for target in rig.vibration if target.host is not None]
    return not rig.link and all(is_local(host) for host in hosts)


def is_local(host: str) -> bool:
    """Whether only this machine is behind that name."""
    return host in ("localhost", "::1") or bool(re.fullmatch(r"127(\.\d{1,3}){3}", host))


def _names(rig: RigFile) -> Iterator[tuple[KeyPath, str]]:
    """A delay is set by a target's name, so no two have the same."""
    seen: set[str] = set()
    names = [(("osc", i, "name"), target.name) for i, target in enumerate(rig.osc)]
    names += [(("light", i, "name"), target.name) for i, target in enumerate(rig.light)]
    names += [(("vibration", i, "name"), target.name) for i, target in enumerate(rig.vibration)]
    names += [(("speaker", i, "name"), target.name) for i, target in enumerate(rig.speaker)]
    for place, name in names:
        if name == "window":
            yield place, "name is 'window', which is the picture's own; give it another name"
        elif name in seen:
            yield place, f"a second target called {shown(name)}; give it another name"
        seen.add(name)


def _door(door: Door) -> Iterator[tuple[KeyPath, str]]:
    for i, text in enumerate(door.allow):
        sentence = WORDS.read(("door", "allow"), text)
        try:
            ipaddress.ip_network(text)
        except ValueError:
            yield ("door", "allow", i), sentence + _network(text)
    if door.port == door.reply:
        yield (
            ("door", "reply"),
            f"reply is {door.reply}, the door's own port: answers would come in again; choose another",
        )


def _network(text: str) -> str:
    """The network that an address with the length of its network is in."""
    try:
        return f"; did you mean '{ipaddress.ip_network(text, strict=False)}'?"
    except ValueError:
        return ""


_LOOPED = f"{shown(REFERENCE)} is the lane of what the loudspeakers play, looped back as sound"


def _remote(rig: RigFile) -> Iterator[tuple[KeyPath, str]]:
    taken = [(key, lane) for key in ("lanes", "remote") for lane in getattr(rig, key) if lane == DRAPE]
    for place in taken:
        yield place, f"{shown(DRAPE)} is how cloth hangs (drape.swing); call the lane otherwise"
    for lane, values in rig.remote.items():
        if lane == REFERENCE:
            yield ("remote", lane), f"{_LOOPED}; call the remote lane otherwise"
        elif lane in rig.lanes or lane in AUDIO:
            yield (
                ("remote", lane),
                f"{shown(lane)} is a lane of sound already; call the remote lane otherwise",
            )
        for value, (low, high) in values.items():
            if low >= high:
                said = f"{value} is {shown([low, high])}; it takes two numbers, the lower first"
                yield ("remote", lane, value), said


def _sensors(rig: RigFile) -> Iterator[tuple[KeyPath, str]]:
    seen: set[str] = set()
    for i, sensor in enumerate(rig.sensor):
        place = ("sensor", i, "lane")
        if sensor.lane == DRAPE:
            yield place, f"{shown(DRAPE)} is how cloth hangs (drape.swing); call the lane otherwise"
        elif sensor.lane == REFERENCE:
            yield place, f"{_LOOPED}; call the sensor's lane otherwise"
        elif sensor.lane in rig.lanes or sensor.lane in AUDIO:
            yield place, f"{shown(sensor.lane)} is a lane of sound already; call the sensor's lane otherwise"
        elif sensor.lane in rig.remote:
            yield place, f"{shown(sensor.lane)} is in [remote] already; call the sensor's lane otherwise"
        elif sensor.lane in seen:
            yield place, f"a second sensor called {shown(sensor.lane)}; give it a lane of its own"
        seen.add(sensor.lane)


def _binds(rig: RigFile) -> Iterator[tuple[KeyPath, str]]:
    for i, bind in enumerate(rig.bind):
        if bind.span[0] == bind.span[1]:
            yield ("bind", i, "in"), WORDS.read(("bind", "in"), list(bind.span))
        if bind.source == "/wear" or bind.source.startswith("/wear/"):
            yield (
                ("bind", i, "from"),
                f"from is {shown(bind.source)}, which is wearsound's own already; a bind is for foreign addresses",
            )


def _targets(rig: RigFile) -> Iterator[tuple[KeyPath, str]]:
    hosts: list[tuple[KeyPath, str | None]] = [
        (("osc", i, "host"), osc.host) for i, osc in enumerate(rig.osc)
    ]
    hosts += [(("light", i, "host"), light.host) for i, light in enumerate(rig.light)]
    hosts += [(("vibration", i, "host"), target.host) for i, target in enumerate(rig.vibration)]
    for place, host in hosts:
        if said := _with_port(host):
            yield place, said
    for i, light in enumerate(rig.light):
        for key, sentence in _light(light):
            yield ("light", i, *key), sentence
    for i, target in enumerate(rig.vibration):
        taken: dict[int, str] = {}
        for name, channel in target.channels.items():
            if channel in taken:
                yield (
                    ("vibration", i, "channels", name),
                    f"channel {channel} is given to {shown(taken[channel])} and to {shown(name)}; name a zone or a "
                    "role for actuators that share one",
                )
            taken.setdefault(channel, name)
        if (target.device is None) == (target.host is None):
            has = "neither device nor host" if target.device is None else "both device and host"
            yield ("vibration", i), f"a vibration target has {has}; write one of them"
        if target.host is not None and target.port is None:
            yield ("vibration", i), f"a vibration target with a host needs port: {WORDS.takes['port']}"


def _speakers(rig: RigFile) -> Iterator[tuple[KeyPath, str]]:
    taken: dict[tuple[str, int], str] = {}
    for i, speaker in enumerate(rig.speaker):
        if speaker.feed == "stereo" and len(speaker.channels) == 1:
            yield (
                ("speaker", i, "channels"),
                f"stereo needs two channels, and channels is {shown(speaker.channels)}; write two, or feed = "
                '"mono"',
            )
        if speaker.band is not None and speaker.band[0] >= speaker.band[1]:
            yield ("speaker", i, "band"), WORDS.read(("speaker", "band"), list(speaker.band))
        at = speaker.device or rig.output
        for channel in speaker.channels:
            place = ((at or "").casefold().strip(), channel)
            if place in taken:
                where = f"channel {channel} of {shown(at) if at else 'the default output'}"
                who = "twice" if taken[place] == speaker.name else f"to {shown(taken[place])} too"
                yield ("speaker", i, "channels"), f"{where} is given {who}; write another channel"
            taken[place] = speaker.name


def _light(light: LightTarget) -> Iterator[tuple[KeyPath, str]]:
    if light.audio_sync:
        for key in ("pixels", "zones", "strands", "map"):
            if getattr(light, key):
                yield (
                    (key,),
                    f"protocol wled sends what is heard, and no pixels: take {key} out, or send pixels to it with "
                    'protocol = "ddp"',
                )
    elif light.host is None:
        yield (), f"a light target needs host: {WORDS.takes['host']}"
    if light.host == MULTICAST and light.protocol != "sacn":
        yield ("host",), f"host is 'multicast', which only sACN has; write the address of {shown(light.name)}"
    if light.protocol == "artnet" and light.universe > LAST_UNIVERSE["artnet"]:
        yield ("universe",), f"universe is {light.universe}; Art-Net has 0 to {LAST_UNIVERSE['artnet']}"
    if light.protocol == "sacn" and light.universe == 0:
        yield ("universe",), "universe is 0; sACN begins at 1"
    if not set("RGB") <= set(light.order) or len(set(light.order)) < len(light.order):
        yield ("order",), WORDS.read(("light", "order"), light.order)
    if light.zones and light.strands:
        yield ("strands",), "both zones and strands; name one kind, in the order of the wire"
    for kind, names in (("zone", light.zones), ("strand", light.strands)):
        for k, name in enumerate(names):
            if name in names[:k]:
                yield (f"{kind}s", k), f"{kind} {shown(name)} is named twice; name it once"
    times = Counter(number for number in light.map if number >= 0)
    for k, number in enumerate(light.map):
        if times[number] > SHOWN:
            yield (
                ("map", k),
                f"map shows pixel {number} {times[number]} times, and the flash guard weighs it once; show it at most "
                f"{SHOWN} times, or sew a filament of as many pixels",
            )
            break
    if light.via is not None:
        try:
            ipaddress.ip_address(light.via.partition("%")[0])
        except ValueError:
            yield ("via",), WORDS.read(("light", "via"), light.via)


def _with_port(host: str | None) -> str:
    """What is said of a host that has its port in it, else ""."""
    found = re.fullmatch(r"([^:]+):([0-9]{1,5})", host or "")
    return f'host is {shown(host)}; write host = "{found[1]}" and port = {found[2]}' if found else ""
