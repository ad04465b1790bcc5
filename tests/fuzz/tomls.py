"""Patches, garments, rigs and shows: valid ones, what they refer to, how they are read."""

from __future__ import annotations

import pickle
import random
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wearsound import gallery
from wearsound.errors import WearsoundError
from wearsound.garment.document import load_garment
from wearsound.mapping.document import load_patch
from wearsound.outputs.record.show_file import read_show
from wearsound.show.fit import fitted
from wearsound.show.load import load
from wearsound.show.rig import load_rig

from . import folder_keys, harsh, keys, names
from .cases import Case, Kind
from .key import keys_of
from .mutations import Mutation, Mutator, Tree
from .written import write

HERE = Path(__file__).parent
VALID = HERE / "valid"
GOLDENS = HERE.parent / "goldens"
AUDIO = ("room", "body", "crowd")

Extra = Callable[[Tree, random.Random], Case]


@dataclass
class Toml:
    """A kind of TOML file: `sources` are pickled valid trees, `beside` files that lie by it."""

    file: str
    sources: Sequence[bytes]
    mutator: Mutator
    beside: dict[str, bytes]
    whole: frozenset[str] = frozenset()
    """Keys of which more is read than the file itself."""
    links: tuple[Extra, ...] = ()
    names_files: bool = False
    """It names files elsewhere by design, in keys called `file`: these may be read, as what they are named."""

    def make(self, dice: random.Random) -> Case:
        """Half of the cases are valid files with one mutation, or none that matters."""
        source = dice.choice(self.sources)
        if dice.random() < 0.5:
            return self.slip(source, dice)
        tree: Tree = pickle.loads(source)
        draw = dice.random()
        if draw < 0.30:
            told, data = harsh.noise(harsh.text_of_tree(tree, dice), dice)
        elif draw < 0.55:
            told = harsh.strange_text(tree, dice, "/proc/self/cwd")
            named = tuple(harsh.files_of(tree)) if self.names_files else ()
            data = harsh.text_of_tree(tree, dice).encode()
            return self._case(told, data, whole=dice.random() < 0.3, named=named)
        elif draw < 0.65:
            told = harsh.giant(tree, dice)
            data = harsh.text_of_tree(tree, dice).encode()
        elif draw < 0.85:
            told, data = self._several(source, dice)
        elif draw < 0.87:
            told, data = harsh.monster(harsh.text_of_tree(tree, dice), dice)
        elif draw < 0.93 and self.links:
            return dice.choice(self.links)(tree, dice)
        elif draw < 0.96:
            other = dice.choice([path for path in VALID.glob("*.toml") if path.name != self.file])
            told, data = f"a {other.stem}", other.read_bytes()
        else:
            once = harsh.noise(harsh.text_of_tree(tree, dice), dice)[1].decode("utf-8", "replace")
            told, data = harsh.noise(once or " ", dice)
        return self._case(told, data)

    def slip(self, source: bytes, dice: random.Random) -> Case:
        """A valid file with one mutation of one key, saved as any editor saves it."""
        found = self.mutator.one(source, dice)
        written = write(found.tree, dice)
        text = written.text.replace("\n", "\r\n") if dice.random() < 0.1 else written.text
        data = text.encode("utf-8-sig" if dice.random() < 0.1 else "utf-8")
        places = tuple(f"{self.file}:{line}: " for line in sorted(found.lines(written)))
        return Case(
            told=found.told,
            files={self.file: data, **self.beside},
            verdict=found.verdict,
            places=places if found.verdict == "refused" else (),
            words=found.words,
            one=True,
            whole=self._means_more(found),
        )

    def _means_more(self, found: Mutation) -> bool:
        """Whether only who reads what it names can know that it is wrong."""
        key = ".".join(part for part in found.path if isinstance(part, str))
        return key in self.whole and "misspelt" in found.told

    def _several(self, source: bytes, dice: random.Random) -> tuple[str, bytes]:
        told = []
        for _ in range(dice.randint(2, 5)):
            found = self.mutator.one(source, dice)
            told.append(found.told)
            source = pickle.dumps(found.tree)
        return "; ".join(told), write(found.tree, dice).text.encode()

    def _case(self, told: str, data: bytes, **more: Any) -> Case:
        return Case(told, {self.file: data, **self.beside}, **more)


def tree_of(path: Path) -> bytes:
    """A valid file, pickled."""
    return pickle.dumps(tomllib.loads(path.read_text(encoding="utf-8")))


def _linked(file: str, name: str, change: Callable[[Tree], None], verdict: Any = "refused") -> Extra:
    """A link beside the file, out of its folder, that a key names."""

    def make(tree: Tree, dice: random.Random) -> Case:
        change(tree)
        written = write(tree, dice)
        target = dice.choice((f"../{harsh.SECRET}", "/etc/passwd", "/dev/zero", name, "/proc/self/environ"))
        told = f"{name} is a link to {target}"
        return Case(told, {file: written.text.encode()}, verdict, links={name: target}, whole=True)

    return make


def _read_patch(folder: Path, case: Case) -> object:
    path = folder / "patch.toml"
    if case.whole:
        show = load(path)
        return fitted(show.patch, show.garment)
    patch = load_patch(path)
    worn = names.garments()
    garment = worn.get(patch.garment or "denim-jacket", worn["denim-jacket"])
    return fitted(patch, garment)


def _read_show(folder: Path, case: Case) -> object:
    path = folder / "show.toml"
    return load(path) if case.whole else read_show(path)


def patches() -> Kind:
    """Patches: the gallery's and one that says everything."""
    mutator = Mutator(
        keys_of(keys.PATCH),
        {
            "route.from": names.feature,
            "scene.route.from": names.feature,
            "route.to": names.target,
            "scene.route.to": names.target,
            "cue.scene": names.name,
            "feel.from": names.band,
            "feel.to": names.zone,
            "feel.pattern": names.name,
            "garment": names.of_gallery("garment"),
            "sketch": names.of_gallery("sketch"),
            "palette": names.of_gallery("palette"),
        },
    )
    found = [VALID / "patch.toml", *gallery.files("patch").values()]

    def names_it(tree: Tree) -> None:
        tree["palette"] = "mine"

    toml = Toml(
        "patch.toml",
        [tree_of(path) for path in found],
        mutator,
        {},
        frozenset({"garment", "sketch", "palette"}),
        (_linked("patch.toml", "mine.gpl", names_it),),
    )
    return Kind("patch", toml.make, _read_patch, (WearsoundError,))


def garments_kind() -> Kind:
    """Garments: the gallery's, and more often a small one that has one of everything."""
    mutator = Mutator(
        keys_of(keys.GARMENT),
        {
            "actuator.zone": names.zone,
            "sensor.zone": names.zone,
            "strand.filaments": names.last,
            "figure.layer.on": names.name,
            "figure.layer.zone": names.zone,
            "figure.layer.insets.zone": names.zone,
            "figure.layer.filaments.zone": names.zone,
        },
    )
    small = tree_of(VALID / "garment.toml")
    whole = [tree_of(path) for path in gallery.files("garment").values()]
    toml = Toml("garment.toml", [*whole, *[small] * 3 * len(whole)], mutator, {})

    def read(folder: Path, _: Case) -> object:
        return load_garment(folder / "garment.toml")

    return Kind("garment", toml.make, read, (WearsoundError,))


def rigs() -> Kind:
    """Rigs: the gallery's, and one that says everything and brings a sensor preset of its own."""
    mutator = Mutator(keys_of(keys.RIG), {"sensor.preset": names.of_gallery("sensor")})

    def names_it(tree: Tree) -> None:
        tree.setdefault("sensor", []).append({"lane": "stranger", "preset": "linked.toml"})

    def read(folder: Path, _: Case) -> object:
        return load_rig(folder / "rig.toml")

    found = [VALID / "rig.toml", *gallery.files("rig").values()]
    sources = [tree_of(path) for path in found]
    toml = Toml(
        "rig.toml",
        [*sources, sources[0], sources[0]],
        mutator,
        {"mine.toml": (VALID / "mine.toml").read_bytes()},
        links=(_linked("rig.toml", "linked.toml", names_it),),
    )
    return Kind("rig", toml.make, read, (WearsoundError,))


def shows() -> Kind:
    """show.toml: those of the goldens, and one that says everything. What it names may be read as what it is named."""
    kinds = {"patch.file": "patch", "garment.file": "garment", "palette.file": "palette"}
    mutator = Mutator(
        keys_of(folder_keys.SHOW), {dotted: names.of_gallery(kind) for dotted, kind in kinds.items()}
    )
    found = [VALID / "show.toml", *sorted(GOLDENS.glob("*/show.toml"))]
    toml = Toml(
        "show.toml", [tree_of(path) for path in found], mutator, {}, frozenset(kinds), names_files=True
    )

    return Kind("show", toml.make, _read_show, (WearsoundError,))
