"""What lies next to what on a body: where light goes that was meant for a part a garment does not have.

Every word names its neighbours, the nearest in meaning first: what is at the edge stays at the edge, what is in
the middle stays there, what hangs stays hanging. The words are those of tailors.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

STEPS = 3
"""How far light may wander from where it was meant to be."""

NEIGHBOURS: dict[str, tuple[str, ...]] = {
    "core": ("chest", "front", "back", "band", "wrap"),
    "chest": ("front", "yoke", "core", "lapel", "wrap", "band"),
    "front": ("chest", "placket", "lapel", "core"),
    "back": ("spine", "nape", "yoke", "core", "chest"),
    "spine": ("back", "nape", "core"),
    "yoke": ("shoulder", "lapel", "collar", "chest", "back", "wrap"),
    "shoulder": ("yoke", "sleeve", "collar", "chest"),
    "collar": ("neck", "lapel", "hood", "edge", "yoke"),
    "lapel": ("placket", "front", "collar", "chest"),
    "neck": ("collar", "nape", "wrap", "yoke"),
    "nape": ("neck", "back", "collar"),
    "hood": ("head", "collar", "neck", "yoke"),
    "head": ("hood", "collar", "neck"),
    "placket": ("lapel", "clasp", "front", "collar", "edge", "chest"),
    "clasp": ("buckle", "placket", "edge", "cuff"),
    "buckle": ("clasp", "belt", "placket"),
    "pocket": ("waist", "chest", "skirt"),
    "waist": ("side", "belt", "skirt", "hem", "border", "core"),
    "side": ("waist", "back", "chest"),
    "belt": ("waist", "band", "hem"),
    "skirt": ("waist", "leg", "train", "end", "hem", "core"),
    "train": ("skirt", "hem"),
    "leg": ("skirt", "hem", "waist"),
    "ankle": ("hem", "cuff", "leg"),
    "hem": ("border", "fringe", "edge", "skirt", "waist"),
    "border": ("hem", "edge", "fringe", "trim"),
    "fringe": ("hem", "trim", "border", "edge", "cuff"),
    "trim": ("fringe", "edge", "border", "hem"),
    "edge": ("hem", "cuff", "collar", "border", "fringe", "trim"),
    "sleeve": ("arm", "end", "cuff", "shoulder", "band", "yoke"),
    "arm": ("sleeve", "cuff", "band", "shoulder"),
    "end": ("sleeve", "skirt", "fringe", "hem"),
    "cuff": ("wrist", "edge", "sleeve", "band", "end", "yoke"),
    "wrist": ("cuff", "band", "glove", "sleeve"),
    "glove": ("wrist", "cuff", "band"),
    "band": ("cuff", "wrist", "belt", "core"),
    "wrap": ("neck", "core", "chest", "shoulder"),
}


def outward(words: Iterable[str]) -> Iterator[str]:
    """The words next to some words, nearest first, up to STEPS away; the words themselves are left out."""
    front = list(words)
    met = set(front)
    for _ in range(STEPS):
        there: list[str] = []
        for word in front:
            for near in NEIGHBOURS.get(word, ()):
                if near not in met:
                    met.add(near)
                    there.append(near)
                    yield near
        front = there
