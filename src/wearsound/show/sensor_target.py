"""One [[sensor]] table of a rig: every key, its limits, its default and one line about it. No NumPy here."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from wearsound.mapping.structure import Lane

PRESET_NAME = r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}(?:\.toml)?$(?!\n)"
"""No path: a preset is in the gallery or beside the rig."""
Preset = Annotated[str, Meta(pattern=PRESET_NAME)]
Which = Annotated[str, Meta(pattern=r"^[!-)+.0->@-Z\\^-z|~-]{0,100}$(?!\n)")]


class SensorTarget(Struct, frozen=True, forbid_unknown_fields=True):
    """A phone or a sensor board that sends OSC, and the lane that it is heard as."""

    lane: Annotated[
        Lane, Meta(description='The lane it is heard as: "phone" makes phone.energy, phone.tilt and more.')
    ]
    preset: Annotated[
        Preset,
        Meta(
            description="How what it sends is read: a name (`wearsound list sensors`), or a .toml file of your own "
            "beside the rig."
        ),
    ]
    id: Annotated[
        Which,
        Meta(
            description="Which one, where several send: its own part of its addresses (ZIG SIM's uuid), or its network "
            "address. Left out: whoever speaks first."
        ),
    ] = ""
