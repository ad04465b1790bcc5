"""Whether what a rig names is there: devices, channels, hosts, ports, extras; a line each, in words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace

from wearsound.analysis.sensor.words import words
from wearsound.errors import DeviceError, PatchError
from wearsound.garment.document import Garment
from wearsound.osc.bind import fault
from wearsound.osc.tree import Tree
from wearsound.show.doctor_finding import Finding
from wearsound.show.doctor_network import CANNOT_TELL, doors, hosts, is_this_machine
from wearsound.show.rig import Rig, warnings
from wearsound.show.sensors import brought
from wearsound.show.speaker_targets import INSTEAD as INSTEAD_OF_A_SPEAKER
from wearsound.show.speaker_targets import PAIR
from wearsound.show.speaker_targets import gets as speaker_gets
from wearsound.show.vibration_targets import actuators_of, direct, not_driven
from wearsound.sources.devices import SERVERS, Device, find, listed
from wearsound.sources.outlet import INSTEAD, too_few

_MIXES = "a sound server mixes channels whose order is not its own: try each actuator by itself, or name the interface"
_MIXED = "a sound server mixes channels whose order is not its own: hear each speaker by itself, or name the interface"


def look(
    rig: Rig,
    *,
    tree: Tree | None = None,
    instead: str | None = None,
    garment: Garment | None = None,
    plays: bool = False,
) -> list[Finding]:
    """Everything the rig names and whether it is there. Takes a few seconds at most; nothing is kept open.

    `tree` is that of the show that the rig shall play, for its binds. `instead` is an input that was named in the
    place of the rig's, `garment` is that of the show, for its light. `plays`: the show has a
    soundscape, which is heard also where the rig names no speaker. [main thread]
    """
    devices = _devices()
    found = [
        *_sound(rig, devices, instead),
        *hosts(rig, garment),
        *_vibration(rig, devices, garment),
        *_speakers(rig, devices, plays),
        *doors(rig),
    ]
    found += [*_extras(rig), *_sensors(rig, garment), *_binds(rig, tree)]
    if sum(CANNOT_TELL in finding.sentence for finding in found) > 1:  # said once, not at every target
        short = [
            replace(finding, sentence=finding.sentence.removesuffix(f"; {CANNOT_TELL}"))
            if CANNOT_TELL in finding.sentence
            else finding
            for finding in found
        ]
        found = [*short, Finding("network", "note", CANNOT_TELL)]
    return found + [Finding("careful", "note", sentence) for sentence in warnings(rig)]


def speakers(rig: Rig | None = None) -> list[Finding]:
    """Whether what a soundscape is played on is there, without anything else of a rig. [main thread]"""
    return list(_speakers(rig, _devices(), plays=True))


def _devices() -> list[Device] | DeviceError:
    try:
        return listed()
    except DeviceError as trouble:
        return trouble


def _sound(rig: Rig, devices: list[Device] | DeviceError, instead: str | None) -> Iterator[Finding]:
    device = None
    if rig.input is not None or instead is None:
        device, finding = _device("input", rig.input, devices)
        yield finding
    if device is not None:
        for lane, channels in rig.lanes.items():
            named = f"{lane} on channel " + " and ".join(map(str, channels))
            if max(channels) > device.inputs:
                yield Finding(
                    "lane",
                    "missing",
                    f"{named}, but {device.title} has {device.inputs} input channels; "
                    f"{rig.where('lanes', lane)} names others, or choose another input",
                )
            else:
                yield Finding("lane", "there", named)
    if rig.output is not None:
        yield _device("output", rig.output, devices)[1]


def _device(
    kind: str, name: str | None, devices: list[Device] | DeviceError, instead: str = ""
) -> tuple[Device | None, Finding]:
    try:
        if isinstance(devices, DeviceError):
            raise devices
        device = find(name, devices, output=kind == "output", instead=instead)
    except DeviceError as trouble:
        return None, Finding(kind, "missing", str(trouble))
    by = "the default" if name is None else f"{name!r}"
    return device, Finding(kind, "there", f"{by} is {device.title}, {device.about}")


def _vibration(rig: Rig, devices: list[Device] | DeviceError, garment: Garment | None) -> Iterator[Finding]:
    for number, target in enumerate(rig.vibration):
        thing, needed = f"vibration {target.name}", max(target.channels.values())
        if target.device is not None:
            device, finding = _device("output", target.device, devices, INSTEAD)
            if device is not None and (wrong := too_few(device, needed)):
                yield Finding(thing, "missing", wrong)
            elif device is not None and device.name in SERVERS and needed > 2:
                yield Finding(thing, "note", f"{finding.sentence}; {_MIXES}")
            else:
                yield Finding(thing, finding.word, finding.sentence)
        if garment is not None:
            try:
                actuators_of(rig, number, garment)
            except PatchError as trouble:
                for line in str(trouble).splitlines():
                    yield Finding(thing, "missing", line)
    if garment is not None:
        with suppress(PatchError):
            for sentence in [*direct(rig, garment), not_driven(rig, garment)]:
                if sentence:
                    yield Finding("vibration", "note", sentence)


def _speakers(rig: Rig | None, devices: list[Device] | DeviceError, plays: bool) -> Iterator[Finding]:
    named = rig.speaker if rig is not None else ()
    output = rig.output if rig is not None else None
    for target in named or ((PAIR,) if plays else ()):
        thing = f"speaker {target.name}" if named else PAIR.name
        device, finding = _device("output", target.device or output, devices, INSTEAD_OF_A_SPEAKER)
        if device is not None and (wrong := too_few(device, max(target.channels))):
            yield Finding(thing, "missing", wrong)
        else:
            held = f", held back {1000 * target.delay:g} ms" if target.delay else ""
            said = (
                f"{speaker_gets(target)}{held}; {finding.sentence}"
                if device is not None
                else finding.sentence
            )
            mixed = device is not None and device.name in SERVERS and max(target.channels) > 2
            yield Finding(thing, "note", f"{said}; {_MIXED}") if mixed else Finding(thing, finding.word, said)


def _extras(rig: Rig) -> Iterator[Finding]:
    """MIDI and Link; both come with extras, which say themselves how they are had."""
    if rig.midi is not None:
        try:
            from wearsound.sources import midi_port

            box = midi_port.find(rig.midi.input, midi_port.ports())
            yield Finding(
                "midi", "there", box.name + (", whose clock leads the tempo" if rig.midi.clock else "")
            )
        except DeviceError as trouble:
            yield Finding("midi", "missing", str(trouble))
    if rig.link:
        from wearsound.sources.link import Link

        link = Link(lambda event: True)
        try:
            link.open()
            yield Finding("link", "there", "Ableton Link can join the session of this network")
        except DeviceError as trouble:
            yield Finding("link", "missing", str(trouble))
        finally:
            link.close()


def _sensors(rig: Rig, garment: Garment | None) -> Iterator[Finding]:
    """What the rig's sensors are read by, and whether those of the garment are heard."""
    for sensor in rig.sensors:
        features = ", ".join(f"{sensor.lane}.{spec.name}" for spec in words(sensor.columns))
        said = f"read by {sensor.preset}{f' from {sensor.only}' if sensor.only else ''}; it plays {features}"
        if rig.door.port and is_this_machine(rig.door.host):
            said += '; the door is open to this machine alone: a phone needs host = "0.0.0.0" under [door]'
        yield Finding(f"sensor {sensor.lane}", "note", said)
    if garment is not None:
        for there, sentence in brought(garment, rig):
            yield Finding("sensor", "there" if there else "note", sentence)


def _binds(rig: Rig, tree: Tree | None) -> Iterator[Finding]:
    if not rig.bind:
        return
    lost = 0
    for i, bind in enumerate(rig.bind):
        osc = bind.source.startswith("/")
        wrong = fault(bind, tree.get(bind.to), tree, words=osc) if tree is not None else ""
        if wrong:
            yield Finding("bind", "missing", f"{rig.where('bind', i, 'to')}: {wrong}")
            lost += 1
    if tree is None:
        yield Finding(
            "bind", "note", f"{len(rig.bind)} in all; name a show, and it is said whether they lead somewhere"
        )
    elif not lost:
        yield Finding("bind", "there", f"{len(rig.bind)} in all, and all of them lead somewhere")
