"""Why a recording cannot be read: one sentence with a remedy, from its name and first bytes."""

from __future__ import annotations

import stat
from pathlib import Path

from wearsound.errors import AudioError
from wearsound.gallery import suggest

READABLE = "WAV, FLAC, MP3, OGG or Opus"

_SUFFIXES = (
    ".wav",
    ".flac",
    ".mp3",
    ".ogg",
    ".oga",
    ".opus",
    ".aif",
    ".aiff",
    ".caf",
    ".au",
    ".w64",
    ".rf64",
)


def check_path(path: Path) -> None:
    """Raise an AudioError unless `path` is a file with something in it that may be read."""
    try:
        about = path.stat()
    except FileNotFoundError:
        raise AudioError(f"there is no recording {str(path)!r}{_neighbours(path)}") from None
    except (OSError, ValueError) as trouble:
        raise AudioError(f"{path} cannot be opened ({_said(trouble)}); check its name and rights") from None
    if stat.S_ISDIR(about.st_mode):
        raise AudioError(f"{path} is a folder; give one recording{_inside(path)}")
    if not stat.S_ISREG(about.st_mode):
        raise AudioError(f"{path} is not a file but a device or pipe; save the sound as {READABLE} first")
    if about.st_size == 0:
        raise AudioError(f"{path} is empty (0 bytes); copy or record it again")


def unreadable(path: Path) -> AudioError:
    """The AudioError for a file that libsndfile refused."""
    try:
        with path.open("rb") as file:
            start = file.read(512)
    except OSError as why:
        return AudioError(f"{path} cannot be opened ({_said(why)}); check its rights")
    target = f"{path.stem}.wav" if path.suffix.lower() != ".wav" else f"{path.stem}-new.wav"
    convert = f"convert it to {READABLE}, for example: ffmpeg -i {path.name} {target}"
    kind = _kind(start)
    if kind in _SOUND:
        return AudioError(f"{path} starts like {kind} but is damaged or of an unusual kind; {convert}")
    if kind:
        return AudioError(f"{path} holds {kind}, which cannot be read; {convert}")
    if _is_text(start):
        return AudioError(f"{path} holds text, not sound; give a recording as {READABLE}")
    return AudioError(f"{path} holds nothing that looks like sound; if it is a recording, {convert}")


_SOUND = ("WAV", "FLAC", "OGG", "MP3", "AIFF")


def _kind(start: bytes) -> str:
    if start[:4] in (b"RIFF", b"RF64") and start[8:12] == b"WAVE":
        return "WAV"
    for magic, kind in (
        (b"fLaC", "FLAC"),
        (b"OggS", "OGG"),
        (b"ID3", "MP3"),
        (b"FORM", "AIFF"),
        (b"\x1aE\xdf\xa3", "a Matroska or WebM film"),
        (b"PK\x03\x04", "a ZIP archive"),
        (b"MThd", "MIDI notes without sound"),
        (b"0&\xb2u", "Windows Media"),
        (b"wvpk", "WavPack"),
        (b"MAC ", "Monkey's Audio"),
    ):
        if start.startswith(magic):
            return kind
    if start[4:8] == b"ftyp":
        return "AAC or ALAC in an MP4 box (m4a, mp4, mov)"
    if start[:2] in (b"\xff\xf1", b"\xff\xf9"):
        return "AAC"
    return ""


def _is_text(start: bytes) -> bool:
    try:
        words = start.decode("utf-8", errors="strict" if len(start) < 512 else "ignore")
    except UnicodeDecodeError:
        return False
    return bool(words) and all(letter.isprintable() or letter in "\r\n\t\f" for letter in words)


def _said(trouble: BaseException) -> str:
    text = getattr(trouble, "error_string", "") or getattr(trouble, "strerror", "") or str(trouble)
    return str(text).strip().rstrip(".")


def _recordings(folder: Path) -> list[str]:
    try:
        return [file.name for file in folder.iterdir() if file.suffix.lower() in _SUFFIXES]
    except OSError:
        return []


def _neighbours(path: Path) -> str:
    end = suggest(path.name, _recordings(path.parent))
    return end if len(end) < 200 and "there are none" not in end else "; check its name and folder"


def _inside(path: Path) -> str:
    names = sorted(_recordings(path))
    return f" in it, for example {str(path / names[0])!r}" if names else "; there is none in it"
