"""One recording and what is made of it, in plain words: they travel to another process, or another machine."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import msgspec

from wearsound.outputs.record.show_file import Part

HASH_DIGITS = 16
"""Of a key, in the name of a hidden folder."""


class Asked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What all of them share. Paths are absolute; `sketch` is "" for none; the rest are the words of `render`."""

    show: str
    garment: str
    sketch: str
    rig: str | None
    seed: int
    fps: int
    size: tuple[int, int]
    seconds: float | None
    video: bool
    frames: bool


class Job(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything that decides one result.

    `source` is the recording as people are told of it, `audio` its absolute path; the result will be the folder `name`
    in `to`. `made_of` are its files by kind with their hashes, `input` among them, as a show.toml in `to` names them.
    `wearsound` is the version that was asked.
    """

    source: str
    audio: str
    name: str
    to: str
    asked: Asked
    made_of: dict[str, Part]
    wearsound: str

    @property
    def key(self) -> str:
        """A hash of all that decides what comes out: by it a result is known as still right."""
        asked = msgspec.to_builtins(self.asked)
        words = {name: asked[name] for name in ("seed", "fps", "size", "seconds", "video", "frames")}
        made_of = {kind: [part.file, part.sha256] for kind, part in self.made_of.items()}
        return digest_of({**words, "made_of": made_of, "wearsound": self.wearsound})[:HASH_DIGITS]

    @property
    def final(self) -> Path:
        """Where its result lies in the end."""
        return Path(self.to) / self.name

    @property
    def hidden(self) -> Path:
        """Where its result is whole first, beside its place: its name says which job it is of, whoever made it."""
        return Path(self.to) / f".{self.name}.{self.key}"


class Outcome(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What became of a job: an `error`, one sentence, or "" and all the rest.

    `sha256` is of the facts of its report, `versions` what made it; `seconds` it plays, `took` seconds of rendering;
    `verdict` is the report's word, `note` what a person should know.
    """

    error: str = ""
    sha256: str = ""
    versions: dict[str, str] = {}
    seconds: float = 0.0
    took: float = 0.0
    verdict: str = ""
    note: str = ""


def digest_of(words: Any) -> str:
    """SHA-256 of anything that JSON can say, in one way of saying it."""
    said = json.dumps(words, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()
