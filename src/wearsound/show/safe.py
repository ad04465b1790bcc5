"""A start that always succeeds (`run --safe`): for each file that is broken or gone, the last one that was good.

And without such a copy what comes with wearsound, or nothing: no rig, no sketch. What was done is said.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from wearsound import gallery
from wearsound.core import Clock
from wearsound.errors import MissingError, PatchError, WearsoundError
from wearsound.garment.palette import load_palette, played
from wearsound.mapping.document import load_patch
from wearsound.outputs.record.folder import SHOW
from wearsound.show.build import make
from wearsound.show.last_good import Copy, copies
from wearsound.show.load import DEFAULT_GARMENT, DEFAULT_PATCH, find_file, load, palette_of
from wearsound.show.rig import load_rig
from wearsound.show.sketch_trial import SketchTrials
from wearsound.show.trust import find_sketch, known_sketch

if TYPE_CHECKING:
    from wearsound.core import Source
    from wearsound.garment.document import Garment
    from wearsound.show.load import Show

PALETTE = "bass-denim"
"""The colours where nobody's can be read."""
SIZE = (640, 360)
"""At which a sketch is tried before it begins."""


@dataclass(slots=True)
class Safe:
    """What plays instead, and why. `said`: a sentence each. `paths`: the files that were meant, by kind, to be watched:
    once they are mended they can play."""

    show: Show
    said: list[str] = field(default_factory=list)
    paths: dict[str, Path] = field(default_factory=dict)

    def fit(self, source: Source) -> Show:
        """What of it plays with what is really heard: a patch may need a lane, or a zone, that is not there.

        Its copies are tried, then what comes with wearsound; the error is raised only if that does not fit either.
        """
        from wearsound.show.take import with_remote

        def fits(show: Show) -> None:
            clock = Clock(sample_rate=source.sample_rate)
            make(with_remote(show, source), source.lanes, clock, strict=False)

        try:
            fits(self.show)
            return self.show
        except PatchError as error:
            first = error
        meant = self.paths.get("patch", self.show.patch_path)
        default = gallery.find("patch", DEFAULT_PATCH)
        tries: list[tuple[Path, Path | None, str]] = [
            (copy.path, None, f"playing the copy of {copy.said}") for copy in copies(meant)
        ]
        plain = gallery.find("garment", DEFAULT_GARMENT)
        tries += [(default, None, _instead(DEFAULT_PATCH)), (default, plain, _instead(DEFAULT_PATCH))]
        for patch, garment, how in tries:
            try:
                show = load(
                    patch,
                    garment=garment or self.show.garment_path,
                    rig=self.show.rig_path,
                    sketch=self.show.sketch_path or "",
                    palette=gallery.find("palette", PALETTE) if garment else self.show.palette_path,
                    seed=self.show.seed,
                )
                fits(show)
            except PatchError:
                continue
            self.said.append(f"{first}; {how}")
            self.show = show
            return show
        raise first


def load_safe(
    show: str | Path,
    *,
    garment: str | Path | None = None,
    rig: str | Path | None = None,
    sketch: str | Path | None = None,
    palette: str | Path | None = None,
    seed: int | None = None,
) -> Safe:
    """As `load`, but whatever is wrong with a file, something plays. A sketch is tried, for some seconds."""
    safe = _Parts()
    if Path(show).name == SHOW:
        try:
            return Safe(load(show, garment=garment, rig=rig, sketch=sketch, seed=seed))
        except WearsoundError as error:
            safe.said.append(f"{error}; {_instead(DEFAULT_PATCH)}")
            show = DEFAULT_PATCH
    named = str(show)
    if named.endswith(".py"):
        sketch, named = sketch or named, DEFAULT_PATCH
    elif sketch is None and named in gallery.files("sketch") and named not in gallery.files("patch"):
        sketch, named = named, DEFAULT_PATCH
    patch_path = safe.find("patch", named, lambda path: load_patch(path))
    patch_path = patch_path or gallery.find("patch", DEFAULT_PATCH)
    patch = load_patch(patch_path)
    from wearsound.garment.document import load_garment

    wanted = str(garment or patch.garment or DEFAULT_GARMENT)
    body = safe.find("garment", wanted, lambda path: load_garment(path))
    body = body or gallery.find("garment", DEFAULT_GARMENT)
    room = safe.find("rig", str(rig), lambda path: load_rig(path)) if rig else None
    colours: Path | None = None
    if palette is not None or isinstance(patch.palette, str):
        beside = safe.paths.get(
            "patch", patch_path
        )  # of a copy's patch, too, the palette lies beside the file
        colours = safe.colours(lambda: Path(palette) if palette is not None else palette_of(patch, beside))
    drawn: Path | None = None
    if sketch is not None or patch.sketch:
        drawn = safe.sketch(sketch, patch.sketch or "", load_garment(body))
    safe.said = list(dict.fromkeys(safe.said))
    loaded = load(patch_path, garment=body, rig=room, sketch=drawn or "", palette=colours, seed=seed)
    return Safe(loaded, safe.said, safe.paths)


class _Parts:
    """Finds file after file, and remembers what there was to say."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.paths: dict[str, Path] = {}

    def find(self, kind: str, named: str, check: Callable[[Path], object]) -> Path | None:
        """The file, if `check` takes it, else its copy; None, and that is said, if there is neither."""
        try:
            path = find_file(named, (kind,))
        except PatchError as error:
            # No such file: perhaps there was one.
            path = Path(named)
            if path.suffix:
                return self._copy(kind, path, error, check)
            self._none(kind, error)
            return None
        return self.whole(kind, path, check)

    def whole(self, kind: str, path: Path, check: Callable[[Path], object]) -> Path | None:
        """A file that is there, if `check` takes it, else its copy, else None."""
        self.paths[kind] = path
        try:
            check(path)
        except PatchError as error:
            return self._copy(kind, path, error, check)
        return path

    def colours(self, find: Callable[[], Path | None]) -> Path | None:
        """The palette's file; the gallery's where there is neither it nor a copy."""
        try:
            path = find()
        except PatchError as error:
            self._none("palette", error)
            return gallery.find("palette", PALETTE)
        if path is None:
            return None
        found = self.whole("palette", path, lambda file: played(load_palette(file), file))
        return found or gallery.find("palette", PALETTE)

    def sketch(self, named: str | Path | None, by_patch: str, garment: Garment) -> Path | None:
        """The sketch, if it passes its trial; else a copy that the performer named or trusts, and that passes."""

        def check(path: Path) -> None:
            _try(path, garment)

        def trusted(path: Path) -> None:
            known_sketch(path)
            _try(path, garment)

        if named is not None:
            return self.find("sketch", str(named), check)
        try:
            path = find_sketch(by_patch)
        except PatchError as error:
            meant = _trusted_path(by_patch)
            if meant is not None:
                return self._copy("sketch", meant, error, trusted)
            self._none("sketch", error)
            return None
        return self.whole("sketch", path, trusted)

    def _copy(self, kind: str, path: Path, error: PatchError, check: Callable[[Path], object]) -> Path | None:
        self.paths[kind] = path
        for copy in copies(path):
            if _passes(copy, check):
                self.said.append(f"{error}; playing the copy of {copy.said}")
                return copy.path
        self._none(kind, error)
        return None

    def _none(self, kind: str, error: PatchError) -> None:
        self.said.append(f"{error}; {WITHOUT[kind]}")


def _instead(patch: str) -> str:
    return f"playing {patch}, which comes with wearsound"


WITHOUT: Mapping[str, str] = {
    "patch": _instead(DEFAULT_PATCH),
    "garment": f"playing on {DEFAULT_GARMENT}, which comes with wearsound",
    "rig": "playing without a rig: on this machine alone",
    "palette": f"its colours are those of {PALETTE}",
    "sketch": "the garment is shown instead",
}


def _passes(copy: Copy, check: Callable[[Path], object]) -> bool:
    try:
        check(copy.path)
    except (PatchError, MissingError):
        return False
    return True


def _try(path: Path, garment: Garment) -> None:
    from wearsound.analysis.ear import everything, feature_specs
    from wearsound.instruments.light import zone_controls
    from wearsound.instruments.picture.parameters import parameters_of

    lanes = ["room", "body", "crowd"]
    features = feature_specs(lanes, {}, everything(lanes))
    controls = zone_controls(garment) + parameters_of(path)
    with SketchTrials(again=False) as trials:
        trials.try_sketch(path, garment.path, SIZE, 0, (), features, controls)


def _trusted_path(name: str) -> Path | None:
    from wearsound.show.trust import trusted

    known = trusted().get(name)
    return Path(known["path"]) if known is not None else None
