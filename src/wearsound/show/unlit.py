"""A patch that colours light which nobody turns on: easily written, and hard to see why it stays dark."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wearsound.garment.fit import Fit
from wearsound.mapping.target import OWN

if TYPE_CHECKING:
    from wearsound.show.load import Show


def unlit(show: Show) -> str:
    """A sentence if a patch plays zones and no `glow` of any on this garment, else "". [any thread]

    A patch that plays a sketch or sends OSC messages alone means it so.
    """
    fit = Fit(show.garment, show.patch.garment or "")
    first = None
    for key, _, route in show.patch.every_route():
        name, _, medium = route.to.partition(".")
        if route.to.startswith("/") or name in OWN:
            continue
        if medium == "glow":
            place = fit.place(name, medium)
            if place is None or place.zones:
                return ""
        first = first or key
    if first is None or show.sketch_path is not None:
        return ""
    return (
        f"{show.patch.where(*first)}: nothing is lit: no route of this patch plays the glow of a zone; "
        'add one, such as from = "bass", to = "*.glow"'
    )
