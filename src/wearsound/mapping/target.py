"""From the words of a patch to columns: features, zones, roles and media of this show.

Everything that a patch names and this ear or this garment does not have is said at once, by file and
line, with the nearest name.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from wearsound.core import Spec, index_of
from wearsound.errors import PatchError
from wearsound.gallery import suggest
from wearsound.garment.fit import Fit
from wearsound.mapping.document import Band, Patch, Route
from wearsound.mapping.line import Line
from wearsound.mapping.structure import LATER, Mode, Scale
from wearsound.toml_file.lines import KeyPath
from wearsound.toml_file.words import shown

HUE_REACH = (-1.0, 2.0)
"""A hue is a circle: a route may run once round beyond either end."""

OCTAVE = (261.625625, 523.25125)
"""Hz, middle C and the C above: where a circle of pitch begins and ends if a patch does not say."""

SKETCH, FEEL, SOUND, VOICE = "sketch", "feel", "sound", "voice"
"""What stands in the place of a zone where a control is a parameter of the sketch ("sketch.warmth"), the strength
of a line of what is felt ("feel.bass_waist"), a number of the soundscape ("sound.age"), or the level of one of its
voices ("voice.drones")."""
OWN = {SKETCH: "the sketch", FEEL: "the patch", SOUND: "a soundscape", VOICE: "the soundscape"}
_KINDS = {SKETCH: "parameter", FEEL: "feel", SOUND: "number", VOICE: "voice"}
_NOTHING = {
    SOUND: "the patch has no [soundscape]: nothing is called",
    VOICE: "the patch has no [soundscape]: nothing is called",
    SKETCH: "no sketch with parameters is drawn: nothing is called",
    FEEL: "the patch has no [[feel]]: nothing is called",
}


@dataclass(frozen=True, slots=True)
class Part:
    """One route cast in this show: its numbers, the columns it plays, and its scene ("" if none).

    A route to what this garment cannot do plays no column; `like` is one it plays or would play.
    """

    line: Line
    targets: tuple[str, ...]
    scene: str
    like: str


def larger_wins(name: str) -> bool:
    """Whether the larger of several routes to this control wins; else the later does."""
    return not name.startswith(("/", *(f"{own}." for own in OWN))) and name.rpartition(".")[2] not in LATER


class Cast:
    """Looks up names for one patch; `complaints` collects what is not there."""

    def __init__(
        self,
        patch: Patch,
        features: Sequence[Spec],
        controls: Sequence[Spec],
        zones: Sequence[str],
        roles: Mapping[str, tuple[str, ...]],
        known: Sequence[str] = (),
        fit: Fit | None = None,
    ) -> None:
        self.patch = patch
        self.fit = fit
        self.features = index_of(features)
        self.feature_specs = features
        self.known = known or list(self.features)
        self.controls = {spec.name: spec for spec in controls}
        self.zones = zones
        self.roles = roles
        self.messages: dict[str, Spec] = {}
        self.complaints: list[tuple[str, str]] = []
        self._deaf: set[str] = set()

    def parts(self) -> list[Part]:
        """Every route that can be cast; a PatchError with all complaints if one cannot."""
        parts = []
        for place, scene, route in self.patch.every_route():
            feature = self._feature(place, route)
            targets = self._targets(place, route)
            if feature is None or targets is None:
                continue
            like = targets[0] if targets else self._like(route)
            mode = self._mode(place, route, feature)
            reach = self._reach(place, route, like)
            span = route.span or (OCTAVE if route.scale == "octave" else (feature.low, feature.high))
            column = self.features[feature.name]
            line = Line(
                column,
                span,
                reach,
                route.curve,
                route.attack,
                route.release,
                mode,
                feature.growing,
                feature.low,
                self._scale(place, route, feature),
            )
            parts.append(Part(line, targets, scene, like))
            if route.to.startswith("/"):
                self._message(route.to, reach, feature)
        if self.complaints:
            raise PatchError("\n".join(f"{where}: {what}" for where, what in self.complaints))
        return parts

    def _complain(self, place: KeyPath, key: str, what: str) -> None:
        self.complaints.append((self.patch.where(*place, key), what))

    def _feature(self, place: KeyPath, route: Route) -> Spec | None:
        name = self.patch.feature(route)
        if name in self.features:
            return self.feature_specs[self.features[name]]
        lane, _, short = name.partition(".")
        lanes = dict.fromkeys(known.partition(".")[0] for known in (*self.features, *self.known))
        if lane not in lanes:
            if lane not in self._deaf:  # one sentence a lane, however many routes listen to it
                near = suggest(lane, lanes)
                how = "; a rig (--rig) may bring it, in lanes, [[sensor]] or [remote]"
                how = "" if "did you mean" in near else how
                self._complain(place, "from", f"no lane {shown(lane)} is heard here{near}{how}")
            self._deaf.add(lane)
        elif isinstance(route.source, Band):
            self._complain(place, "from", f"nobody listens to the band {name}")
        else:
            here = [known.partition(".")[2] for known in self.known if known.startswith(lane + ".")]
            prefix = "" if "." not in route.source else lane + "."
            known = [prefix + feature for feature in here if "." not in feature]
            near = suggest(prefix + short, known)
            how = "" if "did you mean" in near else " (`wearsound list features`)"
            self._complain(place, "from", f"no feature {shown(prefix + short)}{near}{how}")
        return None

    def _mode(self, place: KeyPath, route: Route, feature: Spec) -> Mode:
        if feature.growing and route.mode in ("follow", "hold"):
            what = f"{feature.name} is a count that grows; it takes trigger or toggle"
            self._complain(place, "mode", what)
        return route.mode or ("trigger" if feature.growing else "follow")

    def _scale(self, place: KeyPath, route: Route, feature: Spec) -> Scale:
        if route.scale != "even" and feature.growing:
            what = f"{feature.name} is a count that grows; a map of its numbers means nothing: leave map out"
            self._complain(place, "map", what)
        elif route.scale == "octave" and feature.unit != "Hz" and feature.step:
            # What comes from outside has neither unit nor step; whether it is a frequency, the patch knows.
            lane, _, bare = feature.name.partition(".")
            own = "pitch" if lane == self.patch.lane else f"{lane}.pitch"
            what = f'{bare} is no frequency, so it has no octaves; write from = "{own}", or map = "even"'
            self._complain(place, "map", what)
        return route.scale

    def _targets(self, place: KeyPath, route: Route) -> tuple[str, ...] | None:
        """The controls a route plays, none where the garment cannot do it; None if something is wrong."""
        if route.to.startswith("/"):
            return (route.to,)
        zone, _, medium = route.to.partition(".")
        if zone in OWN:
            own = [name for name in self.controls if name.startswith(f"{zone}.")]
            if route.to in own:
                return (route.to,)
            what = f"{OWN[zone]} has no {_KINDS[zone]}" if own else _NOTHING[zone]
            self._complain(place, "to", f"{what} {shown(medium)}{suggest(route.to, own)}")
            return None
        zones = self._zones(zone, medium)
        if zones is None:
            near = suggest(zone, [*self.zones, *self.roles]) if self.fit is None else self.fit.suggest(zone)
            self._complain(place, "to", f"no zone {shown(zone)} on this garment{near}")
            return None
        media = {name.rpartition(".")[2] for name in self.controls if name.partition(".")[0] not in OWN}
        if medium not in media:
            self._complain(place, "to", f"no medium {shown(medium)} on this garment{suggest(medium, media)}")
            return None
        return tuple(name for name in (f"{zone}.{medium}" for zone in zones) if name in self.controls)

    def _zones(self, name: str, medium: str) -> Sequence[str] | None:
        """The zones of a name on this garment, by the rules of `garment.fit` where they are given."""
        if self.fit is not None:
            placed = self.fit.place(name, medium)
            return None if placed is None else placed.zones
        return self.zones if name == "*" else (name,) if name in self.zones else self.roles.get(name)

    def _like(self, route: Route) -> str:
        """A control of the same medium, whoever's."""
        medium = route.to.partition(".")[2]
        return next(name for name in self.controls if name.rpartition(".")[2] == medium)

    def _reach(self, place: KeyPath, route: Route, target: str) -> tuple[float, float]:
        spec = self.controls.get(target)
        if spec is None:
            return route.reach or (0.0, 1.0)
        if route.reach is None:
            return (spec.low, spec.high)
        low, high = HUE_REACH if target.endswith(".hue") else (spec.low, spec.high)
        if min(route.reach) < low or max(route.reach) > high:
            medium = target.rpartition(".")[2]
            what = f"out is {shown(list(route.reach))}; {medium} takes {low:g} to {high:g}"
            self._complain(place, "out", what)
        return route.reach

    def _message(self, address: str, reach: tuple[float, float], feature: Spec) -> None:
        """The column of an OSC address; it rests where its first route begins."""
        low, high = min(reach), max(reach)
        before = self.messages.get(address)
        if before is not None:
            low, high = min(low, before.low), max(high, before.high)
        step = 10.0 ** min(0, math.floor(math.log10(high - low)) - 5)
        rest = reach[0] if before is None else before.default
        about = f"OSC message, played by {feature.name}" if before is None else before.about
        self.messages[address] = Spec(address, "", low, high, step, about, default=rest)
