"""One [[light]] table of a rig: every key, its limits, its default and one line about it. No NumPy here."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from wearsound.mapping.structure import Name
from wearsound.outputs.light import artnet, ddp, sacn, wled_sync
from wearsound.show.rig_types import Delay, Host, Port

Protocol = Literal["ddp", "artnet", "sacn", "wled"]
PORTS = {"ddp": ddp.PORT, "artnet": artnet.PORT, "sacn": sacn.PORT, "wled": wled_sync.PORT}
"""Where each light protocol is received, unless a target says otherwise."""
LAST_UNIVERSE = {"artnet": artnet.LAST_UNIVERSE, "sacn": sacn.LAST_UNIVERSE}
MULTICAST = "multicast"
"""The host of an sACN target whose universes go to groups of their own."""
CAPS = {"ddp": 40, "artnet": 40, "sacn": 40, "wled": 50}
"""Frames a second of each protocol, unless a target says otherwise."""


class LightTarget(Struct, frozen=True, forbid_unknown_fields=True):
    """A receiver of light, or of what is heard (`wled`)."""

    name: Annotated[Name, Meta(description="What it is called, here and in /wear/delay/NAME.")]
    host: Annotated[
        Host | None,
        Meta(
            description='Its name or address on the network; sACN also takes "multicast". Only wled can do '
            f"without: {wled_sync.GROUP}, which is everybody who listens."
        ),
    ] = None
    protocol: Annotated[
        Protocol,
        Meta(
            description="What it understands. wled is WLED's audio sync: what is heard, and no pixels; the pixels "
            "of a WLED go by ddp."
        ),
    ] = "ddp"
    port: Annotated[
        Port | None,
        Meta(description="Its UDP port; left out: " + ", ".join(f"{k} {v}" for k, v in PORTS.items())),
    ] = None
    pixels: Annotated[
        Annotated[int, Meta(ge=1, le=65536)] | None,
        Meta(
            description="How many pixels it has, if not as many as it is given: the rest stays dark, or is left out."
        ),
    ] = None
    zones: Annotated[
        list[Name],
        Meta(
            max_length=256,
            description="The garment's zones or roles on it, in the order of the wire; neither these nor strands: "
            "the whole garment.",
        ),
    ] = []
    strands: Annotated[
        list[Name],
        Meta(
            max_length=256,
            description="Or the garment's strands on it, in the order of the wire (a filament of no strand is a "
            "strand of its own).",
        ),
    ] = []
    reverse: Annotated[bool, Meta(description="Whether the wire begins at the other end.")] = False
    map: Annotated[
        list[Annotated[int, Meta(ge=-1, le=65535)]],
        Meta(
            max_length=65536,
            description="For each pixel of the wire which of the pixels named above it shows, counted from 0; -1: "
            "none. For matrices and detours; at most 4 times the same.",
        ),
    ] = []
    order: Annotated[
        Annotated[str, Meta(pattern=r"^[RGBW]{3,4}$(?!\n)")],
        Meta(description="The order of its colours; with W, what red, green and blue share goes to white."),
    ] = "RGB"
    gamma: Annotated[
        float,
        Meta(
            ge=1,
            le=2.8,
            description="2.2 for bare LEDs, which are linear; 1 for a receiver that corrects gamma itself. A wrong one "
            "voids the limits on flashes and on current.",
        ),
    ] = 2.2
    universe: Annotated[
        int, Meta(ge=0, le=sacn.LAST_UNIVERSE, description="The first universe, where the protocol has them.")
    ] = 1
    priority: Annotated[
        int, Meta(ge=0, le=200, description="Of several sACN sources the one with the highest wins.")
    ] = 100
    sync: Annotated[
        bool, Meta(description="Whether several universes are shown at once, by ArtSync or sACN's own.")
    ] = True
    via: Annotated[
        Host | None,
        Meta(
            description="The address of this machine that it leaves from: which network multicast goes to, where "
            "there are two."
        ),
    ] = None
    delay: Annotated[Delay, Meta(description="Seconds that its light is held back.")] = 0.0
    cap: Annotated[
        Annotated[int, Meta(ge=1, le=60)] | None,
        Meta(description="The most frames a second; left out: 40, wled 50."),
    ] = None
    most_ma: Annotated[
        Annotated[int, Meta(ge=1, le=1_000_000)] | None,
        Meta(description="The most current in mA; whole frames are dimmed to stay below."),
    ] = None

    @property
    def at_port(self) -> int:
        """The port that is sent to: its own, or its protocol's."""
        return self.port or PORTS[self.protocol]

    @property
    def at_host(self) -> str:
        """The host that is sent to: its own, or everybody who listens to audio sync."""
        return self.host or wled_sync.GROUP

    @property
    def at_cap(self) -> int:
        """The most frames a second: its own, or its protocol's."""
        return self.cap or CAPS[self.protocol]

    @property
    def audio_sync(self) -> bool:
        """Whether it gets what is heard, and no pixels."""
        return self.protocol == "wled"
