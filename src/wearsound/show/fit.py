"""What becomes of a patch on a garment: where everything it names goes, what stays silent, what it would draw."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

from wearsound.analysis.drape import LANE as DRAPE
from wearsound.analysis.ear import DRAPED, everything, feature_specs
from wearsound.core import Spec
from wearsound.errors import PatchError
from wearsound.felt import Feel
from wearsound.garment.current import rest_ma, strand_of
from wearsound.garment.document import Garment
from wearsound.garment.fit import ALL, FELT, Fit, Place
from wearsound.garment.materials import drive_ma, settles
from wearsound.garment.sewn import Sewn, sewn
from wearsound.instruments.light import zone_controls
from wearsound.instruments.picture.parameters import parameters_of
from wearsound.instruments.vibration.patterns import NAMES
from wearsound.mapping.document import Patch
from wearsound.mapping.feels import cast_feels, feel_controls
from wearsound.mapping.scape import cast_scape, scape_controls
from wearsound.mapping.target import OWN, Cast
from wearsound.safety.current import CurrentGuard
from wearsound.show.fit_felt import Lost, Shared, lost, moved, shared
from wearsound.show.rig_check import AUDIO
from wearsound.sound import Voice

LIGHT = ("glow", "hue", "chroma")


@dataclass(frozen=True, slots=True)
class Row:
    """One name of a patch, the media it plays there, and where they go."""

    place: Place
    media: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wire:
    """One strand: its pixels, and what they draw at full white, mA."""

    name: str
    pixels: int
    white_ma: float


@dataclass(frozen=True, slots=True)
class Fitting:
    """A patch on a garment.

    `rows` in the patch's order. `unplayed` are zones that no name of the patch but `*` reaches, `dark` those of them
    that `*` does not light either. `bare` have no filament. `slow` is how many seconds each zone's cloth takes whose
    dye is played (inf: it does not settle), `undyed` are zones whose dye is played and whose cloth takes none.
    `wires` are the strands, `dye_ma` what all cloth draws that is driven at once, `idle_ma` what is drawn in the dark
    (with electrochromic cells, which are never dimmed). `felt` are the actuators that it plays, and what they can do;
    `lost` is the pitch that they cannot, `shared` what many lines play. `voices` are those of its soundscape.
    `elsewhere` are lanes that only a rig brings.
    `refused` is the sentence with which the battery is too weak
    for that, and no show begins, or "".
    """

    patch: Patch
    fit: Fit
    rows: tuple[Row, ...]
    unplayed: tuple[str, ...]
    dark: tuple[str, ...]
    bare: tuple[str, ...]
    slow: dict[str, float]
    undyed: tuple[str, ...]
    wires: tuple[Wire, ...]
    dye_ma: float
    idle_ma: float
    felt: tuple[str, ...] = ()
    lost: tuple[Lost, ...] = ()
    shared: tuple[Shared, ...] = ()
    voices: tuple[Voice, ...] = ()
    elsewhere: tuple[str, ...] = ()
    refused: str = ""

    @property
    def garment(self) -> Garment:
        """What it is worn as."""
        return self.fit.garment

    @property
    def white_ma(self) -> float:
        """All light at full white and all cloth driven, with the controller, mA."""
        return sum(wire.white_ma for wire in self.wires) + self.dye_ma + self.garment.battery.idle_ma


def fitted(patch: Patch, garment: Garment, sketch: Path | None = None) -> Fitting:
    """Lay a patch on a garment, under the sketch that it draws. [any thread]

    A PatchError says by file and line what `render` would refuse: places, bands, patterns and features that nobody
    knows, a `feel.` or `sketch.` that is not there.
    """
    fit = Fit(garment, patch.garment or "")
    feels = cast_feels(patch, fit, NAMES)
    _cast(patch, fit, feels, sketch)
    found: dict[Place, list[str]] = {}
    for to in [
        *(route.to for _, _, route in patch.every_route()),
        *(f"{feel.to}.felt" for feel in patch.feels),
    ]:
        name, _, medium = to.partition(".")
        if to.startswith("/") or name in OWN:
            continue
        place = fit.place(name, medium)
        assert place is not None  # the casts saw to it
        if medium not in found.setdefault(place, []):
            found[place].append(medium)
    named = _together(found)
    rows = tuple(Row(place, tuple(media)) for place, media in named)
    meant = {zone for row in rows if row.place.name != ALL for zone in row.place.zones}
    lit = {zone for row in rows if "glow" in row.media for zone in row.place.zones}
    dyed = {zone for row in rows if "dye" in row.media for zone in row.place.zones}
    scape = cast_scape(patch)
    voices: tuple[Voice, ...] = scape.voices if scape is not None else ()
    lanes = dict.fromkeys((*patch.lanes(), *(feel.lane for feel in feels), *(voice.lane for voice in voices)))
    shaken = {zone for row in rows if FELT.intersection(row.media) for zone in row.place.zones}
    zones = {zone.name: zone for zone in garment.zones if zone.name in dyed}
    times = {name: settles(zone, garment.ambient) for name, zone in zones.items()}
    body = sewn(garment)
    wires = tuple(_wires(garment))
    sewn_on = {garment.zone_names[filament.zone] for filament in body.filaments}
    return Fitting(
        patch=patch,
        fit=fit,
        rows=rows,
        unplayed=tuple(zone for zone in garment.zone_names if zone not in meant),
        dark=tuple(zone for zone in garment.zone_names if zone not in lit),
        bare=tuple(zone for zone in garment.zone_names if zone not in sewn_on),
        slow={name: seconds for name, seconds in times.items() if seconds is not None},
        undyed=tuple(name for name, seconds in times.items() if seconds is None),
        wires=wires,
        dye_ma=float(drive_ma(garment).sum()),
        idle_ma=rest_ma(garment, body),
        felt=tuple(moved(garment, shaken)),
        lost=lost(garment, feels),
        shared=shared(garment, feels),
        voices=voices,
        elsewhere=tuple(lane for lane in lanes if lane not in {*AUDIO, DRAPE}),
        refused=_refused(garment, body),
    )


def _cast(patch: Patch, fit: Fit, feels: tuple[Feel, ...], sketch: Path | None) -> None:
    """Cast every route as a show would, and leave it; PatchError.

    Which lanes an input has is not known here: every lane of the patch is taken for one. What is on a lane that not
    every recording may have can come from outside (`[remote]` of a rig), so it is believed.
    """
    lanes = [lane for lane in dict.fromkeys(("room", *patch.lanes())) if lane != DRAPE]
    features = feature_specs(lanes, patch.bands(), [*everything(lanes), *(spec.name for spec in DRAPED)])
    heard = {spec.name for spec in features}
    told = [
        Spec(name, "", 0, 1, 0.001, "from outside")
        for name in patch.features()
        if name not in heard and name.partition(".")[0] not in {*AUDIO, DRAPE}
    ]
    controls = (
        *zone_controls(fit.garment),
        *(parameters_of(sketch) if sketch else ()),
        *feel_controls(feels),
        *scape_controls(cast_scape(patch)),
    )
    garment = fit.garment
    Cast(patch, [*features, *told], controls, garment.zone_names, garment.roles, fit=fit).parts()


def _refused(garment: Garment, body: Sewn) -> str:
    """The sentence with which `run` would not begin, or ""."""
    try:
        CurrentGuard(garment, body)
    except PatchError as trouble:
        return str(trouble)
    return ""


def because(fitting: Fitting, place: Place) -> str:
    """In a few words, by which rule a place was found."""
    match place.rule:
        case "everything":
            return "all that shakes" if len(place.zones) < len(fitting.garment.zones) else "every zone"
        case "zone":
            return ""
        case "role":
            return f"the role {place.name}" if place.name in fitting.garment.roles else "its sides"
        case "home":
            return f"{place.by}, as on {fitting.fit.made_for}"
        case "side":
            return f"{place.by}, without sides"
        case "neighbour":
            return f"next to it: {place.by}"
        case "heart":
            return "the garment's heart"
        case _:
            return "no actuator in reach"


def told(fitting: Fitting) -> dict[str, object]:
    """The same for programs: numbers and names, JSON's types only."""
    garment, battery = fitting.garment, fitting.garment.battery
    return {
        "patch": fitting.patch.path,
        "garment": garment.name,
        "made_for": fitting.patch.garment,
        "places": [
            {
                "name": row.place.name,
                "media": list(row.media),
                "zones": list(row.place.zones),
                "rule": row.place.rule,
                "by": row.place.by,
            }
            for row in fitting.rows
        ],
        "unplayed": list(fitting.unplayed),
        "dark": list(fitting.dark),
        "bare": list(fitting.bare),
        "settles": {
            name: round(seconds, 1) if math.isfinite(seconds) else None
            for name, seconds in fitting.slow.items()
        },
        "undyed": list(fitting.undyed),
        "felt": list(fitting.felt),
        "pitch_lost": [
            {"lines": list(each.lines), "zones": list(each.zones), "kinds": list(each.kinds)}
            for each in fitting.lost
        ],
        "shared": [{"lines": list(each.lines), "actuators": list(each.actuators)} for each in fitting.shared],
        "voices": [
            {"name": voice.name, "play": voice.kind, "from": voice.lane, "level": voice.level}
            for voice in fitting.voices
        ],
        "rig_lanes": list(fitting.elsewhere),
        "strands": [
            {"name": wire.name, "pixels": wire.pixels, "white_ma": round(wire.white_ma, 1)}
            for wire in fitting.wires
        ],
        "white_ma": round(fitting.white_ma, 1),
        "dye_ma": round(fitting.dye_ma, 1),
        "idle_ma": round(fitting.idle_ma, 1),
        "most_ma": battery.most_ma,
        "mah": battery.mah,
        "refused": fitting.refused or None,
        "warnings": list(garment.warnings),
    }


def _together(found: dict[Place, list[str]]) -> list[tuple[Place, list[str]]]:
    """Names in the patch's order, what belongs to one name in a row."""
    order = list(dict.fromkeys(place.name for place in found))
    return sorted(found.items(), key=lambda item: order.index(item[0].name))


def _wires(garment: Garment) -> list[Wire]:
    wires = []
    for name, pixels in sewn(garment).wires.items():
        strand = strand_of(garment, name)
        wires.append(Wire(name, len(pixels), len(pixels) * (3 * strand.ma + strand.idle_ma)))
    return wires
