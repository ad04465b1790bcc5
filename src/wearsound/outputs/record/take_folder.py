"""The folder of a take while it is written: `DIR.part`, readable at any moment, `DIR` once it is whole.

Nothing is ever replaced: a take cannot be made again. Event lines reach the file before the sound they came
with, and nothing waits in a buffer, so that whatever sound a killed recording left has all its events.
"""

from __future__ import annotations

import errno
import json
import logging
import math
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from io import RawIOBase
from pathlib import Path
from typing import Any

from wearsound.core import F32, Clock, Event
from wearsound.errors import MissingError, PatchError, WearsoundError, reason
from wearsound.folders import write_whole
from wearsound.outputs.record.broken import BROKEN
from wearsound.outputs.record.report import Layer, facts_of
from wearsound.outputs.record.show_file import TAKE, Part, calibration_lines, part_lines, toml_value
from wearsound.outputs.record.take_shows import KINDS, MOST_SHOWS, SHOWS, KeptShow, write_kept
from wearsound.outputs.record.wav import FloatWavFile, write_all

log = logging.getLogger(__name__)

FORMAT = 1
LANES, EVENTS, FACTS = "lanes.wav", "events.jsonl", "facts.json"
MOST_LINE = 1 << 16
"""Bytes of one line of events.jsonl; the longest message that OSC may bring needs half of it."""
MOST_DEPTH = 4
"""Lists inside one another; OSC may bring two."""

_HEAD = "# A take of wearsound: everything that came in, as the engine took it (docs/take.md).\n"
_APART = frozenset({"/wear/quit", "/wear/window/trouble"})
_APARTS = ("/wear/take/", "/wear/set/", "/wear/patch/")
"""What is about the program that ran, not about the show; what a set came to is told by its changes."""


def nobody(lane: str) -> bool:
    """No lane is left silent."""
    return False


_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@dataclass(frozen=True, slots=True)
class About:
    """What a take says of the show it begins with.

    `hears` are features that were asked for beside the routes' own, `remote` {lane: {value: (low, high)}},
    `calibration` what was learned of lanes, `parts` its patch, garment, palette, sketch and rig as show.toml names
    them, `wearsound` the version, `files` the bytes of all but the rig by kind. `number` is the show's number;
    `within`: it played already when the take began.
    """

    title: str = ""
    seed: int = 0
    hears: tuple[str, ...] = ()
    remote: Mapping[str, Mapping[str, tuple[float, float]]] = field(default_factory=dict)
    parts: Mapping[str, Part | None] = field(default_factory=dict)
    wearsound: str = ""
    calibration: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)
    number: int = 0
    within: bool = False

    @property
    def kept(self) -> KeptShow:
        """What is kept of that show."""
        parts = {kind: self.parts.get(kind) for kind in KINDS}
        return KeptShow(self.title, self.seed, self.hears, self.calibration, parts, self.files)


class TakeFolder:
    """`open`, then `add` blocks in their order, then `finish` or `leave`. [one thread]

    After `finish`, `path` is where the take lies. `hops`, `lost`, `hole`, `events` count what it holds;
    `left_out` are events that no file can hold (numbers that are none, strange things). The channels of lanes of
    which `silent` is true are written as zeros, and take.toml says so: an audience is not kept unasked.
    """

    def __init__(self, to: Path, about: About | None = None, silent: Callable[[str], bool] = nobody) -> None:
        self.to = Path(os.path.abspath(to))
        self.part = self.to.with_name(self.to.name + ".part")
        self.path = self.part
        self.hops = self.lost = self.hole = self.events = self.left_out = 0
        self._about = about or About()
        self._clock = Clock()
        self._lanes: dict[str, tuple[int, ...]] = {}
        self._is_silent = silent
        self._silent: set[int] = set()
        """Columns that are written as zeros."""
        self._sound: FloatWavFile | None = None
        self._lines: RawIOBase | None = None
        self._stated = 0
        self._shows = 0

    @property
    def seconds(self) -> float:
        """How long it is, what was lost counted."""
        return self._clock.seconds(self.hops + self.lost)

    @property
    def silent(self) -> list[str]:
        """The lanes that were heard and are not kept, also those that only share a channel with such a lane."""
        return [lane for lane, columns in self._lanes.items() if self._silent.intersection(columns)]

    def open(self, clock: Clock) -> None:
        """Make the folder; a WearsoundError if something is in its place."""
        self._clock = clock
        if not self.to.name or self.to.name.endswith(".part"):
            raise WearsoundError(f"{self.to} is no name for a take: choose one that does not end in .part")
        for place, what in ((self.to, "is there already"), (self.part, "is a take that was not finished")):
            if place.exists() or place.is_symlink():
                raise WearsoundError(f"{place} {what}: nothing is replaced, so choose another name")
        try:
            self.part.mkdir(parents=True)
        except OSError as error:
            raise self.sentence(error) from error

    def add(
        self,
        tick: int,
        samples: F32,
        lanes: Mapping[str, tuple[int, ...]],
        gap: int = 0,
        hole: int = 0,
        events: Sequence[Event] = (),
    ) -> None:
        """Write one block; an OSError if it cannot. `gap` hops were lost before it, and `hole` of them here."""
        if self._sound is None:
            self._begin(samples.shape[1], lanes)
        assert self._sound is not None
        assert self._lines is not None
        lines = [self._gap(tick, gap, hole)] if gap else []
        for event in events:
            line = event_line(tick, self._clock, event)
            if line is not None:
                lines.append(line)
                self.events += 1
            elif not _apart(event.address):
                self.left_out += 1
        if lines:
            write_all(self._lines, b"".join(lines))
        if self._silent:
            samples = samples.copy()
            samples[:, list(self._silent)] = 0.0
        self._sound.write(samples)
        hops = len(samples) // self._clock.hop
        self.hops += hops
        self.lost += gap
        self.hole += hole
        self._stated += hops
        if self._stated * self._clock.hop >= self._clock.sample_rate:
            self._sound.state()
            self._stated = 0

    def keep(self, number: int, kept: KeptShow) -> None:
        """Keep the files of a show before the events that call it; an OSError if it cannot."""
        if kept.files and self._shows < MOST_SHOWS and write_kept(self.part, number, kept):
            self._shows += 1

    def finish(self, layers: Sequence[Layer] = ()) -> Path:
        """Say how much it is and give it its name; an OSError if it cannot. Of nothing, nothing is left."""
        self.leave()
        if not self.hops:
            self._remove()
            return self.path
        if layers:
            facts = json.dumps(facts_of(layers), indent=2, sort_keys=True, ensure_ascii=False)
            write_whole(self.part / FACTS, (facts + "\n").encode())
        write_whole(self.part / TAKE, self._text(whole=True).encode())
        if self.to.exists() or self.to.is_symlink():
            log.warning("%s is there now: the take stays in %s, give it another name", self.to, self.part)
            return self.path
        self.part.rename(self.to)
        self.path = self.to
        return self.path

    def leave(self) -> None:
        """Close the files as they are; twice is fine."""
        sound, self._sound = self._sound, None
        lines, self._lines = self._lines, None
        try:
            if sound is not None:
                sound.close()
        finally:
            if lines is not None:
                lines.close()

    def sentence(self, error: OSError) -> WearsoundError:
        """What a person should know when it cannot go on."""
        why = "no space left" if error.errno in _FULL else reason(error)
        seconds = self._clock.seconds(self.hops)
        kept = f"the first {seconds:.1f} s are in {self.part}" if self.hops else "nothing was kept"
        return WearsoundError(f"the take {self.to.name} cannot be written ({why}); {kept}")

    def _begin(self, channels: int, lanes: Mapping[str, tuple[int, ...]]) -> None:
        self._lanes = dict(lanes)
        self._silent = {column for lane in lanes if self._is_silent(lane) for column in lanes[lane]}
        self.keep(self._about.number, self._about.kept)
        write_whole(self.part / TAKE, self._text(whole=False).encode())
        self._lines = (self.part / EVENTS).open("wb", buffering=0)
        self._sound = FloatWavFile(self.part / LANES, self._clock.sample_rate, channels)

    def _gap(self, tick: int, gap: int, hole: int) -> bytes:
        table = {"tick": tick, "t": _seconds(tick, self._clock), "gap": gap} | (
            {"hole": hole} if hole else {}
        )
        return json.dumps(table).encode() + b"\n"

    def _text(self, *, whole: bool) -> str:
        about, clock = self._about, self._clock
        lines = [
            _HEAD,
            f"format = {FORMAT}",
            f"wearsound = {toml_value(about.wearsound)}",
            f"title = {toml_value(about.title)}",
            f"sample_rate = {clock.sample_rate}",
            f"hop = {clock.hop}",
        ]
        if whole:
            lines += [f"hops = {self.hops}", f"seconds = {round(self.seconds, 6)!r}", f"lost = {self.lost}"]
            lines += [f"hole = {self.hole}"] if self.hole else []
            lines += [f"left_out = {self.left_out}"] if self.left_out else []
        lines += [f"show = {about.number}  # the number it begins with"] if about.number else []
        lines += ['begun = "within"  # the show played already'] if about.within else []
        lines.append(f"seed = {about.seed}")
        if about.hears:
            lines.append(f"hears = [{', '.join(map(toml_value, about.hears))}]")
        if self.silent:
            lines.append(f"silent = [{', '.join(map(toml_value, self.silent))}]  # heard, and not kept")
        lines += ["", "[lanes]  # channels of lanes.wav, counted from 1"]
        lines += [f"{lane} = {[column + 1 for column in columns]}" for lane, columns in self._lanes.items()]
        for lane, values in about.remote.items():
            lines += ["", f"[remote.{lane}]"]
            lines += [f"{name} = [{float(low)!r}, {float(high)!r}]" for name, (low, high) in values.items()]
        lines += calibration_lines(about.calibration)
        for kind, named in about.parts.items():
            lines += part_lines(kind, named)
        return "\n".join(lines) + "\n"

    def _remove(self) -> None:
        for name in (TAKE, EVENTS, LANES):
            (self.part / name).unlink(missing_ok=True)
        shutil.rmtree(self.part / SHOWS, ignore_errors=True)
        self.part.rmdir()


def _apart(address: str) -> bool:
    return address in _APART or f"{address}/".startswith(_APARTS)


def event_line(tick: int, clock: Clock, event: Event) -> bytes | None:
    """One event as a line of events.jsonl, stamped with the tick of the block that brought it.

    None for what belongs to no take, or cannot be written so that it comes back as it was.
    """
    address = event.address
    if _apart(address) or not (
        address.startswith("/wear/") and len(address) <= 128 and address.isascii() and address.isprintable()
    ):
        return None
    try:
        args = [_plain(arg) for arg in event.args]
        table = {
            "tick": tick,
            "t": _seconds(tick, clock),
            "address": address,
            "args": args,
            "by": event.by.partition(" ")[0] if event.by.partition(" ")[0] in _HANDS else "",
        }
        line = json.dumps(table, allow_nan=False).encode() + b"\n"
    except ValueError:  # a number that is none, text that is no text
        return None
    return line if len(line) <= MOST_LINE else None


_HANDS = ("osc", "midi", "link", "key")


def _plain(arg: Any, depth: int = 0) -> Any:
    """An argument as JSON holds it and gives it back; ValueError for what it cannot hold."""
    if isinstance(arg, str):
        return arg.encode().decode()  # half a character is no text
    if type(arg) in (bool, int) or arg is None:
        return arg
    if isinstance(arg, float) and math.isfinite(arg):
        return float(arg)
    if isinstance(arg, bytes):
        return {"hex": arg.hex()}
    if isinstance(arg, tuple) and depth < MOST_DEPTH:
        return [_plain(inner, depth + 1) for inner in arg]
    raise ValueError(f"{type(arg).__name__} is kept in no take")


def _seconds(tick: int, clock: Clock) -> float:
    return round(clock.seconds(tick), 6)


def read_facts(folder: Path) -> dict[str, Any]:
    """What a take's show was like live; MissingError if nobody kept it, PatchError if it cannot be read."""
    path = folder / FACTS
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        raise MissingError(
            f"{folder} keeps no hashes of what was heard live: record with `wearsound take record NAME --prove`"
        ) from None
    except BROKEN as error:
        raise PatchError(f"{path} is not what a take keeps: record again") from error
