"""A rig's vibration targets on a garment: which actuators are on which channel, and the driver of each."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from wearsound.errors import PatchError
from wearsound.gallery import suggest
from wearsound.outputs.udp import Udp
from wearsound.outputs.vibration.channels import Channels
from wearsound.outputs.vibration.sender import FrameSender
from wearsound.outputs.vibration.sound import SoundDriver
from wearsound.show.vibration_target import VibrationTarget
from wearsound.sources.outlet import open_outlet

if TYPE_CHECKING:
    from wearsound.garment.document import Garment
    from wearsound.show.rig import Rig

VibrationDriver = FrameSender | SoundDriver

DIRECT = ("erm", "phone")
"""Kinds of actuator that are driven by a direct voltage; all others follow a wave."""


def actuators_of(rig: Rig, number: int, garment: Garment) -> dict[int, list[int]]:
    """The garment's actuators on each channel, from 0, of vibration target `number`.

    An actuator's own name goes before a zone's or a role's of the same name. A PatchError names file and line of every
    name that the garment does not have, or that nothing vibrates in.
    """
    found: dict[int, list[int]] = {}
    complaints: list[str] = []
    named = {actuator.name: [i] for i, actuator in enumerate(garment.actuators)}
    for name, channel in rig.vibration[number].channels.items():
        where = rig.where("vibration", number, "channels", name)
        zones = (name,) if name in garment.zone_names else garment.roles.get(name, ())
        if name in named:
            mine = named[name]
        elif zones:
            mine = [i for i, actuator in enumerate(garment.actuators) if actuator.zone in zones]
        else:
            known = dict.fromkeys((*named, *garment.zone_names, *garment.roles))
            complaints.append(
                f"{where}: {garment.name} has no actuator, zone or role {name!r}{suggest(name, known)}"
            )
            continue
        if not mine:
            said = ", ".join(named) or "none at all"
            complaints.append(
                f"{where}: {garment.name} has no actuator in {name!r} (it has {said}); name another, or sew one in "
                "with [[actuator]] in the garment's file"
            )
        found[channel - 1] = mine
    if complaints:
        raise PatchError("\n".join(complaints))
    return found


def driver_of(rig: Rig, number: int, garment: Garment) -> VibrationDriver:
    """The driver of vibration target `number`, not yet opened. PatchError as `actuators_of`."""
    target = rig.vibration[number]
    channels = Channels(actuators_of(rig, number, garment), target.limit)
    if target.device is not None:
        return SoundDriver(target.name, partial(open_outlet, target.device), channels, delay=target.delay)
    assert target.host is not None  # `rig_check.faults` saw to it
    assert target.port is not None
    return FrameSender(
        target.name,
        Udp(target.name, target.host, target.port, kind="vibration"),
        channels,
        osc=target.protocol == "osc",
        positive=target.values == "unsigned",
        rate=target.cap,
        delay=target.delay,
    )


def not_driven(rig: Rig, garment: Garment) -> str:
    """A sentence about actuators of the garment that no target of the rig drives, "" if there are none."""
    driven = {
        i for n in range(len(rig.vibration)) for mine in actuators_of(rig, n, garment).values() for i in mine
    }
    left = [actuator.name for i, actuator in enumerate(garment.actuators) if i not in driven]
    if not left or not rig.vibration:
        return ""
    return f"nothing drives {', '.join(left)} of {garment.name}: no [[vibration]] of the rig names them"


def direct(rig: Rig, garment: Garment) -> list[str]:
    """A sentence by file and line for each channel of a sound device with motors on a direct voltage.

    The outputs of nearly all sound devices have capacitors in their way (AC-coupled): nothing below a few Hz passes.
    """
    said = []
    for number, target in enumerate(rig.vibration):
        if target.device is None:
            continue
        channels = actuators_of(rig, number, garment).values()
        for key, mine in zip(target.channels, channels, strict=True):
            found = [garment.actuators[i] for i in mine if garment.actuators[i].kind in DIRECT]
            if found:
                named = ", ".join(f"{actuator.name} ({actuator.kind})" for actuator in found)
                said.append(
                    f"{rig.where('vibration', number, 'channels', key)}: a sound device carries no direct voltage, and "
                    f"{named} of {garment.name} runs on one: drive it from a microcontroller, with host for device"
                )
    return said


def vibration_names(rig: Rig, garment: Garment) -> str:
    """Targets in a sentence: who, how many actuators, where."""
    said = []
    for number, target in enumerate(rig.vibration):
        count = len({i for mine in actuators_of(rig, number, garment).values() for i in mine})
        said.append(f"{target.name}, {count} actuator{'s' * (count != 1)} at {place_of(target)}")
    return "; ".join(said)


def place_of(target: VibrationTarget) -> str:
    """Where a target is, in words."""
    if target.device is not None:
        return f"{target.device!r}"
    return f"{target.protocol.upper()} {target.host}:{target.port}"


def vibration_finding(target: VibrationTarget) -> str:
    """What a target on the network gets."""
    count = max(target.channels.values())
    kind = "datagrams" if target.protocol == "udp" else "messages /wear/drive"
    return f"{count} {target.values} value{'s' * (count != 1)} in {kind}, up to {target.cap} a second"


def drivers_of(rig: Rig | None, garment: Garment) -> list[VibrationDriver]:
    """The driver of every vibration target, none opened. PatchError as `actuators_of`, of all targets at once."""
    drivers: list[VibrationDriver] = []
    complaints: list[str] = []
    for number in range(len(rig.vibration) if rig else 0):
        assert rig is not None
        try:
            drivers.append(driver_of(rig, number, garment))
        except PatchError as trouble:
            complaints.append(str(trouble))
    if complaints:
        raise PatchError("\n".join(complaints))
    return drivers
