"""From a patch's [[feel]] to lines of what is felt on this garment: band, zones, carrier, pattern."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from wearsound.core import BANDS, Spec
from wearsound.errors import PatchError
from wearsound.felt import CARRIER, HIGHEST_SOUND, Feel
from wearsound.gallery import suggest
from wearsound.garment.fit import Fit
from wearsound.mapping.document import Band, Patch
from wearsound.mapping.structure import Feel as FeelLine
from wearsound.mapping.target import FEEL
from wearsound.toml_file.words import shown

HIGH = 300.0
"""Hz: a band that begins above cannot be felt at its own pitch, and is felt as CARRIER coming and going."""

TOO_HIGH: Mapping[object, str] = {
    "sound": "is heard, not felt, as it is; leave `carrier` out or begin it",
    "pitch": "has no pitch that skin can follow; leave `carrier` out or begin it",
}
"""What is wrong with a carrier in a band that begins above HIGHEST_SOUND."""


def cast_feels(patch: Patch, fit: Fit, patterns: Collection[str]) -> tuple[Feel, ...]:
    """Every line of what is felt, in the patch's order; a PatchError with all that is wrong, by file and line."""
    complaints: list[str] = []
    feels: list[Feel] = []
    for i, line in enumerate(patch.feels):
        band = _band(line)
        if band is None:
            what = f"no band {shown(line.source)}{suggest(str(line.source), BANDS)}"
            complaints.append(f"{patch.where('feel', i, 'from')}: {what}")
            continue
        if band[0] >= band[1]:
            what = f"band is {shown(list(band))}; it takes two frequencies in Hz, the lower first"
            complaints.append(f"{patch.where('feel', i, 'from', 'band')}: {what}")
        elif line.carrier in TOO_HIGH and band[0] >= HIGHEST_SOUND:
            what = f"a band from {band[0]:g} Hz {TOO_HIGH[line.carrier]} below {HIGHEST_SOUND:g} Hz"
            complaints.append(f"{patch.where('feel', i, 'carrier')}: {what}")
        placed = fit.place(line.to, "buzz")
        if placed is None:
            complaints.append(
                f"{patch.where('feel', i, 'to')}: no zone {shown(line.to)} on this garment{fit.suggest(line.to)}"
            )
        if line.pattern not in patterns:
            what = f"no pattern {shown(line.pattern)}{suggest(line.pattern, patterns)}"
            complaints.append(f"{patch.where('feel', i, 'pattern')}: {what}")
        name = name_of(line)
        if any(name == feel.name for feel in feels):
            what = f"a second [[feel]] is called {shown(name)}; give it a name of its own"
            complaints.append(f"{patch.where('feel', i, 'name')}: {what}")
        lane = line.source.lane if isinstance(line.source, Band) else None
        feels.append(
            Feel(
                name=name,
                lane=lane or patch.lane,
                band=band,
                zones=placed.zones if placed is not None else (),
                part=line.part,
                carrier=line.carrier or ("pitch" if band[0] < HIGH else CARRIER),
                pattern=line.pattern,
                over=line.over,
                strength=line.strength,
            )
        )
    if complaints:
        raise PatchError("\n".join(complaints))
    return tuple(feels)


def feel_controls(feels: Collection[Feel]) -> tuple[Spec, ...]:
    """The strength of each as a control, "feel.NAME"."""
    about = "how strongly it is felt: {:g} to {:g} Hz"
    return tuple(
        Spec(f"{FEEL}.{feel.name}", "", 0, 1, 0.001, about.format(*feel.band), default=feel.strength)
        for feel in feels
    )


def _band(line: FeelLine) -> tuple[float, float] | None:
    return line.source.band if isinstance(line.source, Band) else BANDS.get(line.source)


def name_of(line: FeelLine) -> str:
    """What a line is called; without a name of its own by its band and its place."""
    if line.name:
        return line.name
    where = "all" if line.to == "*" else line.to.lower().replace("-", "_")
    low, high = (f"{edge:g}".replace(".", "p") for edge in _band(line) or (0.0, 0.0))
    what = f"band_{low}_{high}" if isinstance(line.source, Band) else line.source
    return f"{what}_{where}"
