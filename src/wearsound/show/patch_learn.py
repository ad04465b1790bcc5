"""What a hand turned of the patch that plays is written into the patch's own file, when it is asked for.

The file then says what is played, so that nothing jumps when it is read again. What came with wearsound is not written
to: a copy in the current folder is. How a file is written safely stands in `learn`.
"""

from __future__ import annotations

import hashlib
import logging
import os
import queue
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from wearsound import faults, gallery
from wearsound.core import Event, Parameter
from wearsound.errors import PatchError, WearsoundError
from wearsound.folders import write_or_say
from wearsound.mapping.dial import route_names
from wearsound.mapping.dials import Number
from wearsound.mapping.document import Patch, read_patch
from wearsound.mapping.feels import name_of
from wearsound.mapping.score import Score
from wearsound.mapping.target import FEEL, SKETCH, SOUND, VOICE
from wearsound.show.build import Built
from wearsound.show.last_good import ours
from wearsound.show.learn import Own, own, rewrite, rewritten
from wearsound.show.toml_edit import Change
from wearsound.toml_file import parsed, utf8

log = logging.getLogger(__name__)

SAVE = "/wear/patch/save"

MOST = 5
"""Things that a sentence names; the others are counted."""

_KEYS = {"span": "in", "reach": "out"}
"""What a patch calls the numbers of a line where it has another word."""


@dataclass(slots=True)
class Turned:
    """What a hand turned and a patch can say (`changes`), in words too, and what a patch cannot say, and why."""

    changes: list[Change] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


def turned_of(patch: Patch, score: Score) -> Turned:
    """All that hands turned of a patch and hold now. [any thread]"""
    found = Turned()
    routes, names = patch.every_route(), route_names(patch)
    for at, numbers in score.turned.items():
        keys = {_KEYS.get(name, name): _plain(value) for name, value in numbers.items()}
        flat = [key for key, value in keys.items() if isinstance(value, list) and value[0] == value[1]]
        found.left += [f"{key} of {names[at]} (both its ends are the same)" for key in flat]
        keys = {key: value for key, value in keys.items() if key not in flat}
        if keys:
            found.changes.append(Change(routes[at][0], keys))
            found.kept.append(f"{_listed(keys)} of {names[at]}")
    played = {route.to for _, _, route in routes}
    places = _places(patch)
    for name, value in score.held_at.items():
        own_of, _, what = name.partition(".")
        place = places.get(name)
        if own_of == SKETCH:
            found.left.append(f"{what} of the sketch (its file says where it begins)")
        elif own_of not in (FEEL, SOUND, VOICE):
            found.left.append(f"{name} (it is held only until it is let go)")
        elif name in played:
            found.left.append(f"{name} (a route plays it)")
        elif place is None:
            found.left.append(f"{name} (the patch has no [[{own_of}]] of that name)")
        else:
            found.changes.append(Change(place[0], {place[1]: round(value, 3)}))
            found.kept.append(f"{place[1]} of {name}")
    return found


def save(built: Built, wrote: dict[Path, bytes]) -> str:
    """Write what is turned now into the file of the patch that plays, and say what was done. [any thread]

    `wrote` is what was written here before, by path with a hash: such a file is known, though it was not loaded yet.
    A PatchError where there is nothing to write or the file is not one's own, not what was loaded, or would not be
    right; a WearsoundError where it cannot be written. Then nothing has changed.
    """
    made = built.made
    show, patch = made.show, made.show.patch
    turned = turned_of(patch, built.score)
    left = f"; not kept: {_some(turned.left)}" if turned.left else ""
    path = show.patch_path
    if not turned.changes:
        raise PatchError(f"{path}: nothing of the patch is turned, so nothing is written{left}")
    target = Path(os.path.realpath(path))
    if target in {file.resolve() for file in gallery.files("patch").values()}:
        copy = Path.cwd() / f"{path.stem}.toml"
        if (copy.exists() or copy.is_symlink()) and wrote.get(copy) != _digest(copy):
            raise PatchError(
                f"{path.stem} came with wearsound, so nothing is written into it, and there is a {copy.name} here "
                f"already: play that one (`wearsound run ./{copy.name}`), or move it away"
            )
        raw = show.kept.get("patch") or path.read_bytes()
        file = Own(copy, "patch", raw, parsed(utf8(raw, path), path)[0], read_patch)
        new = rewritten(file, *turned.changes)
        write_or_say(copy, new, "check its rights")
        wrote[copy] = hashlib.sha256(new).digest()
        return (
            f"{path.stem} came with wearsound, so what was turned is in a copy, {copy}: "
            f"{_some(turned.kept)}{left}; `wearsound run ./{copy.name}` plays it"
        )
    if ours(path):
        raise PatchError(f"{path}: is only a copy that was good; mend the patch itself, and save then{left}")
    if (path.parent.parent / "kept.toml").is_file():
        raise PatchError(
            f"{path}: belongs to a take, which stays as it was; copy it, and play the copy{left}"
        )
    file = own(path, "patch", "my-patch", read_patch)
    if (
        file.raw != show.kept.get("patch", file.raw)
        and wrote.get(target) != hashlib.sha256(file.raw).digest()
    ):
        raise PatchError(
            f"{path}: was saved by somebody else and does not play yet, so nothing is written over it; "
            f"mend it, and save again{left}"
        )
    rewrite(file, *turned.changes)
    wrote[target] = _digest(target)
    return f"{path}: keeps {_some(turned.kept)}{left}"


UNSAVED = "WS-D41"
AGAIN = 5.0
"""Seconds after which a sentence is said again."""


class PatchSaver:
    """`with PatchSaver(built)`: SAVE writes what was turned into the patch file; the engine never waits for a disk.

    What came of it is a sentence in the terminal.
    """

    def __init__(self, built: Built) -> None:
        self._built = built
        self._wrote: dict[Path, bytes] = {}
        self._wanted: queue.SimpleQueue[bool] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        built.engine.listeners.append(self._take)

    def parameters(self) -> list[Parameter]:
        """How it is asked for from outside. [any thread]"""
        return [Parameter(SAVE, "keep what was turned by hand in the patch file", "trigger")]

    def __enter__(self) -> PatchSaver:
        self._thread = threading.Thread(target=self._run, name="patch saver", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        thread, self._thread = self._thread, None
        if thread is not None:
            self._wanted.put(False)
            thread.join()

    def _take(self, event: Event) -> None:
        """[engine thread]"""
        if event.address == SAVE:
            self._wanted.put(True)

    def _run(self) -> None:
        said, until, leaving = "", 0.0, False
        while not leaving and self._wanted.get():
            while not leaving and not self._wanted.empty():  # pressed again meanwhile: once is enough
                leaving = not self._wanted.get()
            try:
                sentence = save(self._built, self._wrote)
            except WearsoundError as error:
                faults.begin(UNSAVED, "patch", str(error), lapse=faults.MOMENT)
                continue
            except Exception as error:  # a fault of ours: the show plays on, and says so
                sentence = f"the patch could not be saved: {error!r}"
                faults.begin(UNSAVED, "patch", sentence, lapse=faults.MOMENT, trace=True)
                continue
            faults.end(UNSAVED, "patch")
            if sentence != said or time.monotonic() > until:
                log.warning("%s", sentence)
            said, until = sentence, time.monotonic() + AGAIN


def _places(patch: Patch) -> dict[str, tuple[tuple[str | int, ...], str]]:
    """Where a patch says the number that a control rests at: the table, and its key."""
    places: dict[str, tuple[tuple[str | int, ...], str]] = {}
    for i, feel in enumerate(patch.feels):
        places[f"{FEEL}.{name_of(feel)}"] = (("feel", i), "strength")
    for i, voice in enumerate(patch.voices):
        places[f"{VOICE}.{voice.name or voice.play}"] = (("voice", i), "level")
    if patch.soundscape is not None:
        for name in patch.soundscape.__struct_fields__:
            places.setdefault(f"{SOUND}.{name}", (("soundscape",), name))
    return places


def _plain(value: Number) -> float | list[float]:
    """As a person would write it."""
    if isinstance(value, tuple):
        return [_whole(end) for end in value]
    return _whole(value)


def _whole(value: float) -> float:
    return int(value) if value == int(value) and abs(value) >= 10.0 else value


def _listed(words: Iterable[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last


def _some(words: list[str]) -> str:
    return (
        "; ".join(words) if len(words) <= MOST else f"{'; '.join(words[:MOST])}; and {len(words) - MOST} more"
    )


def _digest(path: Path) -> bytes:
    try:
        return hashlib.sha256(path.read_bytes()).digest()
    except OSError:
        return b""
