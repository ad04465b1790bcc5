"""All genres, and one piece's band drawn from them."""

from __future__ import annotations

from .compose import clear
from .dice import Dice
from .genre import Genre, genre_plan
from .genre_players import band, stage
from .genres_band import BAND
from .genres_dance import DANCE
from .genres_hall import HALL
from .genres_world import WORLD
from .note import Layer
from .plan import Plan

GENRES: tuple[Genre, ...] = (*BAND, *DANCE, *WORLD, *HALL)


def genre_ensemble(seed: int, seconds: float) -> tuple[Plan, list[Layer], str, bool]:
    """Plan, arranged layers (no times yet), the genre's name, and whether the band is synthetic."""
    dice = Dice(seed, "genre")
    genre = dice.pick(GENRES, [g.weight for g in GENRES])
    synthetic = dice.chance(genre.synthetic)
    human = dice.chance(0.25 if synthetic else 0.75)
    drums = bool(genre.drums) and not dice.chance(genre.bare)
    plan = genre_plan(seed, genre, seconds, human)
    for again in range(5):  # a band in which the beat cannot be found is put together again
        layers = band(seed + (again << 40), plan, genre, drums, synthetic)
        if clear(plan, layers, 0, min(16, plan.bars)):
            break
        drums = bool(genre.drums) and (drums or again == 2)
    stage(seed, plan, layers)
    return plan, layers, genre.name if drums else f"{genre.name} bare", synthetic
