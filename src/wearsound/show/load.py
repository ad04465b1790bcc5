"""What a person names becomes a Show: a patch, a sketch, a show.toml or a name from the gallery."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from wearsound import gallery
from wearsound.errors import PatchError, reason
from wearsound.folders import is_inside
from wearsound.garment.palette import SUFFIX, load_palette, played
from wearsound.mapping.document import Patch, load_patch
from wearsound.outputs.record.folder import SHOW
from wearsound.outputs.record.show_file import Part, locate, read_show
from wearsound.show.kept import keep
from wearsound.show.rig import Rig, load_rig
from wearsound.show.rig_check import stays_here
from wearsound.show.trust import find_sketch, known_sketch

if TYPE_CHECKING:
    from wearsound.garment.document import Garment

DEFAULT_PATCH = "bass-denim"
"""What plays under a sketch that was named alone, and in the demo."""
DEFAULT_GARMENT = "denim-jacket"


@dataclass(frozen=True, slots=True)
class Show:
    """What can be run or rendered. Paths are kept so that a render can say what it was made from.

    `colours` are the palette's, "#rrggbb"; `palette_path` the file they come from, None where the patch lists them.
    `hears` are features that a show.toml says were heard, beside what patch, sketch and rig ask for. `kept` are the
    bytes of its files by kind, as they were when they were read (`show.kept`).
    """

    name: str
    patch: Patch
    patch_path: Path
    garment: Garment
    garment_path: Path
    sketch_path: Path | None
    rig: Rig | None
    rig_path: Path | None
    seed: int
    hears: tuple[str, ...] = ()
    colours: tuple[str, ...] = ()
    palette_path: Path | None = None
    kept: Mapping[str, bytes] = field(default_factory=dict, repr=False, compare=False)


def load(
    show: str | Path,
    *,
    garment: str | Path | None = None,
    rig: str | Path | None = None,
    sketch: str | Path | None = None,
    palette: str | Path | None = None,
    seed: int | None = None,
) -> Show:
    """Find and check everything a show needs; a PatchError says file, line and remedy.

    `show` is a patch file, a sketch file, a render's show.toml or a gallery name; `garment` and `rig`
    are files or gallery names; `sketch` is a file that the performer names, a gallery name, or "" for none at all;
    `palette` is a .gpl file instead of the patch's own.
    """
    from wearsound.garment.document import load_garment

    if Path(show).name == SHOW and Path(show).is_file():
        return _load_again(Path(show), garment, rig, sketch, seed)
    named = find_file(str(show), ("patch", "sketch"))
    if named.suffix == ".py":
        patch_path, named_sketch = gallery.find("patch", DEFAULT_PATCH), named
    else:
        patch_path, named_sketch = named, None
    patch = load_patch(patch_path)
    if sketch == "":
        named_sketch = None
    elif sketch is not None:
        named_sketch = find_file(str(sketch), ("sketch",))
    elif named_sketch is None and patch.sketch:
        named_sketch = _said_by(patch, "sketch", find_sketch)
    if not garment and patch.garment:
        garment_path = _said_by(patch, "garment", lambda name: find_file(name, ("garment",)))
    else:
        garment_path = find_file(str(garment or DEFAULT_GARMENT), ("garment",))
    rig_path = find_file(str(rig), ("rig",)) if rig else None
    palette_path = palette_of(patch, patch_path) if palette is None else Path(palette)
    colours = (
        tuple(patch.palette) if palette_path is None else played(load_palette(palette_path), palette_path)
    )
    return keep(
        Show(
            name=named.stem,
            patch=patch,
            patch_path=patch_path,
            garment=load_garment(garment_path),
            garment_path=garment_path,
            sketch_path=named_sketch,
            rig=load_rig(rig_path) if rig_path else None,
            rig_path=rig_path,
            seed=patch.seed if seed is None else seed,
            colours=colours,
            palette_path=palette_path,
        )
    )


def _said_by(patch: Patch, key: str, find: Callable[[str], Path]) -> Path:
    """The file of what a key of a patch names; a PatchError begins with the key's file and line."""
    try:
        return find(getattr(patch, key))
    except PatchError as error:
        raise PatchError(f"{patch.where(key)}: {error}") from None


def palette_of(patch: Patch, patch_path: Path) -> Path | None:
    """The file of a palette that a patch names: beside the patch, for it is data, else in the gallery."""
    if not isinstance(patch.palette, str):
        return None
    beside = patch_path.parent / f"{patch.palette}{SUFFIX}"
    if beside.is_file():
        if beside.is_symlink() and not is_inside(beside, beside.parent):
            raise PatchError(
                f"{patch.where('palette')}: {beside.name} is a link to elsewhere; copy the palette beside the patch"
            )
        return beside
    try:
        return gallery.find("palette", patch.palette)
    except PatchError as error:
        raise PatchError(
            f"{patch.where('palette')}: no {beside.name} beside the patch, and {error}"
        ) from None


def _load_again(
    path: Path,
    garment: str | Path | None,
    rig: str | Path | None,
    sketch: str | Path | None,
    seed: int | None,
) -> Show:
    """The show of a show.toml. It may come from a stranger, so a sketch it names must be known,
    and a rig of its own is left out: nothing is sent to where a stranger says."""
    file, folder = read_show(path), path.parent
    if sketch is None and file.sketch is not None:
        sketch = known_sketch(Path(locate("sketch", file.sketch, folder)))
    show = load(
        locate("patch", file.patch, folder),
        garment=garment or locate("garment", file.garment, folder),
        rig=rig or own_rig(file.rig),
        sketch=sketch,
        palette=locate("palette", file.palette, folder) if file.palette is not None else None,
        seed=file.seed if seed is None else seed,
    )
    if rig is None and (file.lanes or file.remote or file.calibration):
        heard = msgspec.structs.replace(
            show.rig or Rig(), lanes=file.lanes, remote=file.remote, calibration=file.calibration
        )
        show = replace(show, rig=heard)
    return replace(show, hears=file.hears)


def own_rig(named: Part | None) -> str | None:
    """A rig says where messages go and opens doors: a stranger's is not followed, only one of the gallery's that
    keeps to this machine; else name it with --rig."""
    path = gallery.files("rig").get(named.file) if named is not None else None
    return named.file if named is not None and path is not None and stays_here(load_rig(path)) else None


def find_rig(named: str | None) -> Rig | None:
    """The rig of a file or a gallery name, None for none."""
    return load_rig(find_file(named, ("rig",))) if named else None


def find_file(text: str, kinds: tuple[str, ...]) -> Path:
    """A file the performer named, or the gallery's file of that name."""
    path = Path(text)
    if path.suffix in {".toml", ".py"} or "/" in text or "\\" in text:
        try:
            if path.is_file():
                return path
        except OSError as error:
            raise PatchError(
                f"{text[:60]!r} cannot be looked for ({reason(error)}): check its name"
            ) from None
        kind = " or ".join(kinds)
        if path.exists():
            what = "a folder" if path.is_dir() else "a device or a pipe"
            raise PatchError(f"{text!r} is {what}, not a file: name the file of a {kind}")
        raise PatchError(
            f"no file {text!r}; check its name and folder, or leave the ending out for a gallery {kind}"
        )
    known: dict[str, Path] = {}
    for kind in reversed(kinds):
        known |= gallery.files(kind)
    if text in known:
        return known[text]
    if (own := Path(f"{text}.toml")).is_file() and text.isprintable():
        return own  # data, named by the performer; a sketch is code, and only its full name will do
    raise PatchError(f"no {' or '.join(kinds)} called {text!r} in the gallery{gallery.suggest(text, known)}")
