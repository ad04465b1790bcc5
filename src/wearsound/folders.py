"""The user's own folders, as each system has them, and files written whole or not at all."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path

from wearsound.errors import WearsoundError, reason


def _home(variable: str, linux: str, mac: str, windows: str) -> Path:
    named = os.environ.get(variable)
    if named:
        return Path(named) / "wearsound"
    home = Path.home()
    if sys.platform == "darwin":
        return home / mac / "wearsound"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", home / windows)) / "wearsound"
    return home / linux / "wearsound"


def cache() -> Path:
    """Where made things are kept that can be made again; it may not exist or not be writable."""
    return _home("XDG_CACHE_HOME", ".cache", "Library/Caches", "AppData/Local")


def config() -> Path:
    """Where the performer's own choices are kept."""
    return _home("XDG_CONFIG_HOME", ".config", "Library/Application Support", "AppData/Local")


def state() -> Path:
    """What is remembered from one show to the next, and missed by nobody for long."""
    return _home("XDG_STATE_HOME", ".local/state", "Library/Application Support", "AppData/Local")


def is_inside(path: Path, folder: Path) -> bool:
    """Whether a path, with every link in it followed, stays in a folder: what lies there may lead elsewhere."""
    try:
        return path.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):  # a link to itself
        return False


def write_new(path: Path, data: bytes) -> None:
    """Write a file that is not there yet, whole or not at all; FileExistsError if it is, OSError if it cannot."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        _write(part, data)
        try:
            os.link(part, path)
        except FileExistsError:
            raise
        except (OSError, AttributeError):  # a disk without hard links
            if os.path.lexists(path):
                raise FileExistsError(f"{path} is there") from None
            os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that a reader sees the old one or the new one, never half. OSError if it cannot."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}.part")
    try:
        _write(part, data)
        os.replace(part, path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def write_or_say(path: Path, data: bytes, remedy: str) -> None:
    """write_whole; a WearsoundError with the `remedy` if it cannot."""
    try:
        write_whole(path, data)
    except OSError as error:
        raise WearsoundError(f"{path} cannot be written ({reason(error)}): {remedy}") from error


def _write(part: Path, data: bytes) -> None:
    with part.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
