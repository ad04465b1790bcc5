"""The rig file: this room and this laptop. Device by part of its name, lanes to channels, OSC targets."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated

import msgspec

from wearsound.errors import PatchError

Port = Annotated[int, msgspec.Meta(ge=1, le=65535)]
Channel = Annotated[int, msgspec.Meta(ge=1, le=64)]


class OscTarget(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where OSC messages go: a name for logs, a host, a port."""

    name: str
    port: Port
    host: str = "127.0.0.1"


class Rig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a patch must never say: names of devices, channels, addresses."""

    title: str = ""
    about: str = ""
    input: str | None = None
    lanes: dict[str, list[Channel]] = {}
    osc: list[OscTarget] = []


def load_rig(path: Path) -> Rig:
    """Read a rig file; a PatchError names the file and what was wrong."""
    try:
        return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), Rig)
    except OSError as error:
        raise PatchError(f"{path}: cannot be read ({error.strerror})") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PatchError(f"{path}: not TOML: {error}") from None
    except msgspec.ValidationError as error:
        raise PatchError(
            f"{path}: {error}; a rig has title, about, input, lanes and [[osc]] with name, host, port"
        ) from None
