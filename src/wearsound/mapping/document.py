"""Reading a patch: from a file that a person wrote to routes and scenes that can be played.

A patch is data. It is read whole (at most 1 MiB), bounded in depth, checked key by key, and nothing
in it is opened, imported or run. Everything wrong with it is said at once, a line a fault:
`file:line: what was read; what exists; did you mean`. No NumPy here.
"""

from __future__ import annotations

import re
from pathlib import Path

from wearsound.errors import PatchError, reason
from wearsound.gallery import suggest
from wearsound.mapping.sentences import SAID, WORDS
from wearsound.mapping.structure import MEDIA, Band, Cue, Document, Feel, Route, Scene, schema
from wearsound.toml_file import line_of, parsed, refuse, utf8
from wearsound.toml_file.kinds import expect
from wearsound.toml_file.lines import KeyPath
from wearsound.toml_file.words import Complaints, shown

__all__ = ["Band", "Cue", "Document", "Feel", "Patch", "Route", "Scene", "load_patch", "read_patch", "schema"]

MOST_BYTES = 1 << 20
MOST_DEPTH = 16
MOST_ROUTES = 500

_ADDRESS = re.compile(r"(?:/[!-~]+)+")
_FORBIDDEN = frozenset("#*,?[]{}")


class Patch(Document, frozen=True, kw_only=True):
    """A checked patch, and where in its file each key stands. Zones and features are checked by Score."""

    path: str
    lines: dict[KeyPath, int]

    def where(self, *key: str | int) -> str:
        """`file:line` of a key (or of the table it should be in), as error sentences begin."""
        return f"{self.path}:{line_of(self.lines, key)}"

    def feature(self, route: Route) -> str:
        """The full name of the feature a route listens to: `room.bass`, `room.band_40_110`."""
        if isinstance(route.source, Band):
            low, high = (f"{edge:g}".replace(".", "p") for edge in route.source.band)
            return f"{route.source.lane or self.lane}.band_{low}_{high}"
        return route.source if "." in route.source else f"{self.lane}.{route.source}"

    def every_route(self) -> list[tuple[KeyPath, str, Route]]:
        """All routes with their place in the file and their scene's name ("" outside a scene)."""
        placed: list[tuple[KeyPath, str, Route]] = [(("route", i), "", r) for i, r in enumerate(self.routes)]
        for k, scene in enumerate(self.scenes):
            placed += [(("scene", k, "route", i), scene.name, r) for i, r in enumerate(scene.routes)]
        return placed

    def bands(self) -> dict[str, tuple[float, float]]:
        """The patch's own bands in Hz, by full feature name, in order of appearance."""
        return {
            self.feature(route): route.source.band
            for _, _, route in self.every_route()
            if isinstance(route.source, Band)
        }

    def features(self) -> tuple[str, ...]:
        """Full names of all that routes listen to, in order of appearance."""
        return tuple(dict.fromkeys(self.feature(route) for _, _, route in self.every_route()))

    def lanes(self) -> tuple[str, ...]:
        """Every lane that a route listens to, in order of appearance."""
        names = [self.feature(route).split(".")[0] for _, _, route in self.every_route()]
        return tuple(dict.fromkeys(names))


def load_patch(path: str | Path) -> Patch:
    """Read and check a patch file; a PatchError says everything that is wrong. [any thread]"""
    file = Path(path)
    try:
        if not file.is_file():
            what = "is not a file" if file.exists() else "there is no such patch file"
            raise PatchError(f"{path}: {what}")
        with file.open("rb") as stream:
            raw = stream.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        raise PatchError(f"{path}: cannot be read: {reason(error)}") from error
    if len(raw) > MOST_BYTES:
        raise PatchError(f"{path}: is larger than 1 MiB, which no patch is")
    return read_patch(utf8(raw, path), path)


def read_patch(text: str, path: str | Path = "patch.toml") -> Patch:
    """Check the text of a patch; `path` only names it in errors. [any thread]"""
    data, lines = parsed(text, path, "patch", MOST_DEPTH)
    expect("patch", data, path)
    document, complaints = WORDS.structure(data)
    if document is not None:
        complaints += _meaning(document)
    if document is None or complaints:
        refuse(path, lines, complaints)
    fields = {name: getattr(document, name) for name in Document.__struct_fields__}
    return Patch(path=str(path), lines=lines, **fields)


def _meaning(document: Document) -> Complaints:
    """What types and limits cannot say."""
    found: Complaints = []
    seen: dict[str, int] = {}
    for k, scene in enumerate(document.scenes):
        if scene.name in seen:
            again = f"a second scene called {shown(scene.name)}; give it another name"
            found.append((("scene", k, "name"), again))
        seen.setdefault(scene.name, k)
    found += _cues(document)
    routes: list[tuple[KeyPath, Route]] = [(("route", i), route) for i, route in enumerate(document.routes)]
    for k, scene in enumerate(document.scenes):
        routes += [(("scene", k, "route", i), route) for i, route in enumerate(scene.routes)]
    if len(routes) > MOST_ROUTES:
        found.append((routes[MOST_ROUTES][0], f"{len(routes)} routes; a patch has at most {MOST_ROUTES}"))
        return found
    for place, route in routes:
        if isinstance(route.source, Band) and route.source.band[0] >= route.source.band[1]:
            found.append(((*place, "from", "band"), WORDS.read(("band",), list(route.source.band))))
        if route.span is not None and route.span[0] == route.span[1]:
            found.append(((*place, "in"), WORDS.read(("in",), list(route.span))))
        if route.reach is not None and route.reach[0] == route.reach[1]:
            found.append(((*place, "out"), WORDS.read(("out",), list(route.reach))))
        found += [((*place, key), what) for key, what in _scale(route)]
        wrong = _target(route.to)
        if wrong:
            found.append(((*place, "to"), wrong))
    return found


def _cues(document: Document) -> Complaints:
    """Cues that call what is not there, and names that are there twice."""
    found: Complaints = []
    scenes = [scene.name for scene in document.scenes]
    names: set[str] = set()
    for k, cue in enumerate(document.cues):
        if cue.name in names:
            again = f"a second cue called {shown(cue.name)}; give it another name"
            found.append((("cue", k, "name"), again))
        names.add(cue.name)
        if cue.scene not in (*scenes, SAID):
            near = suggest(cue.scene, scenes) if scenes else "; this patch has none: begin one with [[scene]]"
            found.append((("cue", k, "scene"), f"no scene {shown(cue.scene)}{near}"))
    return found


def _scale(route: Route) -> list[tuple[str, str]]:
    """What a logarithm and a circle ask for: key and sentence of each thing that does not fit."""
    if route.scale == "even":
        return []
    found = []
    if route.span is None and route.scale == "log":
        found.append(("map", "map is 'log'; it needs `in` with two numbers above 0, such as in = [60, 4000]"))
    if route.span is not None and min(route.span) <= 0:
        what = f"in is {shown(list(route.span))}; with map = {shown(route.scale)} both numbers are above 0"
        found.append(("in", what))
    if route.scale == "octave":
        medium = "" if route.to.startswith("/") else route.to.rpartition(".")[2]
        if medium in MEDIA and medium != "hue":
            what = f"map is 'octave', a circle, and {medium} has two ends: play a hue with it, or take 'log'"
            found.append(("map", what))
        if route.mode not in (None, "follow"):
            what = (
                f"map is 'octave', a circle without a middle; mode {shown(route.mode)} takes 'even' or 'log'"
            )
            found.append(("map", what))
    return found


def _target(to: str) -> str:
    """What is wrong with where a route goes, as far as it can be said without a garment; "" if nothing."""
    if to.startswith("/"):
        if to == "/wear" or to.startswith("/wear/"):
            return (
                f"to is {shown(to)}; addresses under /wear are wearsound's own, after safety: choose another"
            )
        if _ADDRESS.fullmatch(to) and not _FORBIDDEN & set(to):
            return ""
        return f"to is {shown(to)}; an OSC address is plain letters after / and has none of # * , ? [ ] {{ }}"
    zone, dot, medium = to.partition(".")
    if not dot or not zone or "." in medium:
        return WORDS.read(("to",), to)
    if zone in (
        "sketch",
        "feel",
        "sound",
        "voice",
    ):  # whether there is such a one is known where the show is put together
        return ""
    return "" if medium in MEDIA else f"no medium {shown(medium)}{suggest(medium, MEDIA)}"
