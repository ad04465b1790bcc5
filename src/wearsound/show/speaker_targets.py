"""What a show with a soundscape is played on: a rig's speakers by device, or the one pair that every machine has."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from wearsound.errors import DeviceError
from wearsound.outputs.speakers.device import DeviceSpeaker
from wearsound.outputs.speakers.feed import Feed
from wearsound.show.speaker_target import SpeakerTarget
from wearsound.sources.devices import find, listed
from wearsound.sources.outlet import open_outlet, too_few

if TYPE_CHECKING:
    from wearsound.show.rig import Rig

PAIR = SpeakerTarget("speakers")
"""What is played on where no rig says otherwise."""

INSTEAD = "name another in the rig (`wearsound devices`), or run it with --mute"
"""What helps where a speaker's device is not there."""

LATENCY = 0.03
"""Seconds that a device is asked to have in hand beside the cushion: its callback is in Python, which may wait."""


def speakers_of(rig: Rig | None) -> list[DeviceSpeaker]:
    """A speaker for each device of the rig, none opened: several [[speaker]] at one device share it."""
    return [speaker_of(device, targets) for device, targets in by_device(rig)]


def speaker_of(device: str | None, targets: Sequence[SpeakerTarget]) -> DeviceSpeaker:
    """What plays all that a rig has at one device, not yet opened."""
    return DeviceSpeaker(
        partial(open_outlet, device, instead=INSTEAD, late=True, latency=LATENCY),
        [_feed(target) for target in targets],
    )


def by_device(rig: Rig | None) -> list[tuple[str | None, list[SpeakerTarget]]]:
    """Speakers with the device they are at, as the rig names it, None for the system's default."""
    found: dict[str, tuple[str | None, list[SpeakerTarget]]] = {}
    output = rig.output if rig is not None else None
    for target in (rig.speaker if rig is not None else ()) or (PAIR,):
        device = target.device or output
        found.setdefault((device or "").casefold().strip(), (device, []))[1].append(target)
    return list(found.values())


def where_it_plays(rig: Rig | None) -> str:
    """A line for the beginning of a show: which speakers play where, and which are not there. [main thread]"""
    try:
        devices = listed()
    except DeviceError:
        devices = []
    there, lost = [], []
    for device, targets in by_device(rig):
        names = ", ".join(target.name for target in targets)
        try:
            found = find(device, devices, output=True)
        except DeviceError:
            lost.append(f"{names}: not there ({place_of(device)})")
            continue
        if too_few(found, max(max(target.channels) for target in targets)):
            lost.append(f"{names}: not there ({found.title} has {found.outputs} channels)")
        else:
            gets_what = ", ".join(f"{target.name} ({gets(target)})" for target in targets)
            there.append(f"{gets_what} at {place_of(device)}")
    plays = f"plays through {'; '.join(there)}" if there else "plays through no loudspeaker"
    return "; ".join([plays, *lost])


def place_of(device: str | None) -> str:
    """A device in words."""
    return "the default output" if device is None else repr(device)


def gets(target: SpeakerTarget) -> str:
    """What a speaker is given, in words."""
    where = " and ".join(map(str, target.channels))
    said = f"{'mono' if target.mono else 'stereo'} on channel{'s' * (len(target.channels) > 1)} {where}"
    if target.band is not None:
        said += f", {target.band[0]:g} to {target.band[1]:g} Hz"
    return said


def _feed(target: SpeakerTarget) -> Feed:
    channels = [channel - 1 for channel in target.channels]
    return Feed(
        target.name, channels, mono=target.mono, band=target.band, level=target.level, delay=target.delay
    )
