"""One [[vibration]] table of a rig: every key, its limits, its default and one line about it. No NumPy here."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from wearsound.mapping.structure import Name
from wearsound.show.rig_types import Channel, Delay, Device, Host, Port

Protocol = Literal["udp", "osc"]
Values = Literal["signed", "unsigned"]


class VibrationTarget(Struct, frozen=True, forbid_unknown_fields=True):
    """Actuators at a sound device, or at a microcontroller on the network."""

    name: Annotated[Name, Meta(description="What it is called, here and in /wear/delay/NAME.")]
    channels: Annotated[
        dict[Name, Channel],
        Meta(
            min_length=1,
            max_length=64,
            description="The channel of each of the garment's actuators, from 1; or of a zone or role, whose "
            "actuators share it.",
        ),
    ]
    device: Annotated[
        Device | None, Meta(description="Part of the name of the sound device that drives them; or `host`.")
    ] = None
    host: Annotated[Host | None, Meta(description="The network name or address; or `device`.")] = None
    port: Annotated[Port | None, Meta(description="The UDP port at `host`.")] = None
    protocol: Annotated[
        Protocol,
        Meta(
            description="What `host` understands: udp, the datagrams of docs/vibration-wire.md; osc, the same as "
            "/wear/drive."
        ),
    ] = "udp"
    values: Annotated[
        Values,
        Meta(
            description="How `host` wants amplitudes: signed, -127 to 127, where a negative one brakes; unsigned, "
            "0 to 255."
        ),
    ] = "signed"
    cap: Annotated[
        int, Meta(ge=50, le=200, description="The most frames a second to `host`; 200: one a hop.")
    ] = 200
    delay: Annotated[Delay, Meta(description="Seconds that it is held back.")] = 0.0
    limit: Annotated[
        float,
        Meta(
            ge=0,
            le=1,
            description="The most drive: 1 is the most that an actuator is ever given, 0.7 is full and steady. What is "
            "stronger is turned down.",
        ),
    ] = 1.0
