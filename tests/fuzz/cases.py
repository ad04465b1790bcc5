"""One case: what is read, and what the answer must be."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

Verdict = Literal["refused", "accepted", "any"]


@dataclass(frozen=True, slots=True)
class Case:
    """`files` are laid into a folder of their own by their names there, `links` are symbolic links, name to target.

    The sentence of a refused one begins with a `place`, if there are any, (`patch.toml:7: `) and its line holds one
    of the `words`. `one`: it is a valid file with one thing wrong, or nothing. `whole`: all that a program reads of
    such a file is read, not the file alone. `named`: files elsewhere that it may name by design.
    """

    told: str
    files: dict[str, bytes]
    verdict: Verdict = "any"
    places: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    links: dict[str, str] = field(default_factory=dict)
    one: bool = False
    whole: bool = False
    named: tuple[str, ...] = ()


@dataclass(frozen=True)
class Kind:
    """A kind of file: `make` makes a case of dice, `read` reads the folder that it was laid into, or raises.

    `refusals` are the exceptions that say no; anything else that is raised is a fault. `seconds` of CPU are the most
    that a case may cost.
    """

    name: str
    make: Callable[[random.Random], Case]
    read: Callable[[Path, Case], object]
    refusals: tuple[type[Exception], ...]
    seconds: float = 1.0


def dice_of(kind: str, seed: int, number: int) -> random.Random:
    """The dice of one case: it can be made again alone."""
    return random.Random(f"{kind} {seed} {number}")


def typo(dice: random.Random, word: str, known: Any) -> str:
    """`word` with one letter wrong, none of the `known`."""
    while True:
        at = dice.randrange(len(word))
        letter = dice.choice("bcdfghjklmnpqrstvwxz")
        slip = dice.choice(
            [
                word[:at] + letter + word[at + 1 :],
                word[:at] + letter + word[at:],
                word[:at] + word[at + 1 :] if len(word) > 2 else word + letter,
                word[:at] + word[at : at + 2][::-1] + word[at + 2 :],
            ]
        )
        if slip != word and slip not in known and slip[:1].isalpha():
            return slip
