"""The errors a person may meet: each is a sentence that says what was read and what to do."""

from __future__ import annotations


class WearsoundError(Exception):
    """Anything that stops a show; the text is a sentence with a remedy, printed without a traceback."""

    exit_code = 1


class PatchError(WearsoundError):
    """A file that a person wrote (patch, garment, rig, sketch, show) does not say what it should."""

    exit_code = 2


class StirredError(PatchError):
    """A file was saved while it was read: read again, it says what it should."""


class AudioError(WearsoundError):
    """A recording cannot be read or holds nothing to play."""

    exit_code = 2


class DeviceError(WearsoundError):
    """A device, a library it needs, or a display is not there."""

    exit_code = 3


class MissingError(WearsoundError):
    """Something that should be compared or replayed is not there."""

    exit_code = 3


def reason(error: Exception) -> str:
    """What the system says of a trouble, for the middle of a sentence."""
    said = getattr(error, "strerror", None) or str(error)
    return str(said[:1].lower() + said[1:])


def printable(said: str, also: str = "") -> str:
    """A stranger's words with ? for whatever a terminal, a page or a file might obey or not show, but for `also`."""
    return "".join(c if c.isprintable() or c in also else "?" for c in said)
