"""What several tables of a rig say in the same way: ports, hosts, devices, delays."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

Port = Annotated[int, Meta(ge=1, le=65535)]
PortOrNone = Annotated[int, Meta(ge=0, le=65535)]
Host = Annotated[str, Meta(pattern=r"^[A-Za-z0-9._:%-]{1,253}$(?!\n)")]
Device = Annotated[str, Meta(pattern=r"^[^\x00-\x1f\x7f]{1,200}$(?!\n)")]
Delay = Annotated[float, Meta(ge=0, le=10)]
Channel = Annotated[int, Meta(ge=1, le=64)]
