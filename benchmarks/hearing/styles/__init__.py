"""How music goes, style by style: each a function that writes a `Score` from its dice.

`all_styles` lists them; a module is a family.
"""

from __future__ import annotations

from benchmarks.hearing.styles.style import Style


def all_styles() -> dict[str, Style]:
    """Every style with a score, by name, in a fixed order."""
    from benchmarks.hearing.styles import alone, band, changing, club, jazz, spoilt, world
    from benchmarks.hearing.styles.style import REGISTER

    families = (club, band, jazz, world, alone, changing, spoilt)
    order = {family.__name__: place for place, family in enumerate(families)}
    return dict(sorted(REGISTER.items(), key=lambda item: order[item[1].compose.__module__]))
