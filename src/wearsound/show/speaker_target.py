"""One [[speaker]] table of a rig: every key, its limits, its default and one line about it. No NumPy here."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from wearsound.mapping.structure import Name
from wearsound.show.rig_types import Channel, Delay, Device

SpeakerFeed = Literal["stereo", "mono"]
Pitch = Annotated[float, Meta(ge=20, le=20_000)]
SpeakerChannels = Annotated[list[Channel], Meta(min_length=1, max_length=2)]


class SpeakerTarget(Struct, frozen=True, forbid_unknown_fields=True):
    """A loudspeaker, or a pair, that a soundscape is played on."""

    name: Annotated[Name, Meta(description="What it is called, here and in /wear/delay/NAME.")]
    device: Annotated[
        Device | None,
        Meta(
            description="Part of the sound device's name; left out: the rig's `output`, or the system's default."
        ),
    ] = None
    channels: Annotated[
        SpeakerChannels,
        Meta(
            description="Its channels of the device, from 1: two for a pair, one for a single one; left out: [1, 2]."
        ),
    ] = field(default_factory=lambda: [1, 2])
    feed: Annotated[
        SpeakerFeed | None,
        Meta(
            description="stereo, or mono: the mean of both sides; left out: stereo on two channels, mono on one."
        ),
    ] = None
    band: Annotated[
        tuple[Pitch, Pitch] | None,
        Meta(
            description="The lowest and the highest Hz that a small speaker is given, 36 dB an octave beyond; left "
            "out: everything."
        ),
    ] = None
    level: Annotated[
        float, Meta(ge=0, le=1, description="How loud: 1 is as it was played, 0.5 is 6 dB less.")
    ] = 1.0
    delay: Annotated[Delay, Meta(description="Seconds that it is held back.")] = 0.0

    @property
    def mono(self) -> bool:
        """Whether it gets the mean of both sides."""
        return self.feed == "mono" or (self.feed is None and len(self.channels) == 1)
