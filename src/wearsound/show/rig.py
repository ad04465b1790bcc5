"""The rig file: this room and this laptop. Device by part of its name, lanes to channels, OSC targets."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec

from wearsound.errors import PatchError
from wearsound.mapping.structure import Lane
from wearsound.toml_file import read_toml

Port = Annotated[int, msgspec.Meta(ge=1, le=65535)]
Channel = Annotated[int, msgspec.Meta(ge=1, le=64)]
Channels = Annotated[list[Channel], msgspec.Meta(min_length=1, max_length=64)]


class OscTarget(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where OSC messages go: a name for logs, a host, a port."""

    name: str
    port: Port
    host: str = "127.0.0.1"


class Rig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a patch must never say: names of devices, channels, addresses.

    `lanes` are {lane: its channels, counted from 1, at least one}. `hears` are features that OSC shall carry
    though no route asks for them: "pitch", "body.key", or "chroma" for all twelve notes.
    """

    title: str = ""
    about: str = ""
    input: str | None = None
    lanes: dict[Lane, Channels] = {}
    osc: list[OscTarget] = []
    hears: list[str] = []


def load_rig(path: Path) -> Rig:
    """Read a rig file; a PatchError names the file and what was wrong."""
    try:
        return msgspec.convert(read_toml(path), Rig)
    except msgspec.ValidationError as error:
        raise PatchError(
            f"{path}: {error}; a rig has title, about, input, lanes, hears and [[osc]] with name, host, port"
        ) from None
