"""The one place that puts all rooms together: a Show and a source's lanes become an Engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from wearsound.analysis.crowd.looped import LANE as REFERENCE
from wearsound.analysis.ear import Ear, everything, feature_specs
from wearsound.core import LIGHT_RATE, Clock, Instrument, index_of
from wearsound.engine import Engine
from wearsound.garment.colour import encode
from wearsound.garment.fit import Fit
from wearsound.garment.materials import Cloth
from wearsound.garment.motors import Motors
from wearsound.garment.screen import screen_pixels
from wearsound.garment.sewn import Sewn, sewn
from wearsound.garment.sites import sites
from wearsound.instruments.dye import Dye
from wearsound.instruments.light import Light, zone_controls
from wearsound.instruments.picture.parameters import parameters_of
from wearsound.instruments.screen import DrawnScreen
from wearsound.instruments.soundscape.soundscape import Soundscape
from wearsound.instruments.vibration.patterns import NAMES
from wearsound.instruments.vibration.vibration import Vibration
from wearsound.mapping.feels import cast_feels, feel_controls
from wearsound.mapping.scape import cast_scape, scape_controls
from wearsound.mapping.score import Score
from wearsound.outputs.osc_messages import OscMessages
from wearsound.parts import Parts
from wearsound.safety.chain import Safety
from wearsound.safety.current import Budget
from wearsound.safety.master import Master
from wearsound.safety.sound import SoundSafety
from wearsound.safety.vibration import VibrationGuard
from wearsound.show.hears import band_of, hears, learned
from wearsound.show.light_targets import SYNC_BANDS, light_budgets
from wearsound.sources.remote import Remote

if TYPE_CHECKING:
    from wearsound.show.load import Show


@dataclass(slots=True)
class Made:
    """What of a build belongs to one show: it comes and goes with it, and may come from another process.

    `hears`: full names of what sketch and rig asked of the ear. `body`: every pixel of the garment.
    """

    show: Show
    parts: Parts
    hears: tuple[str, ...]
    body: Sewn


@dataclass(slots=True)
class Built:
    """An engine without outputs, and what outputs need to know of the show that it plays now.

    `made` is replaced when the show changes. `remote`: numbers from outside.
    """

    engine: Engine
    clock: Clock
    remote: Remote
    made: Made

    @property
    def show(self) -> Show:
        """What plays."""
        return self.made.show

    @property
    def hears(self) -> tuple[str, ...]:
        """Full names of what sketch and rig asked of the ear."""
        return self.made.hears

    @property
    def body(self) -> Sewn:
        """Every pixel of the garment."""
        return self.made.body

    @property
    def ear(self) -> Ear:
        """What hears."""
        return cast("Ear", self.made.parts.ear)

    @property
    def score(self) -> Score:
        """The patch, made ready."""
        return cast("Score", self.made.parts.score)

    @property
    def light(self) -> Light:
        """What plays light; live, a screen may be put into it."""
        return cast("Light", self.made.parts.light)

    @property
    def guard(self) -> Safety:
        """The last hand on light; it knows what it took."""
        return cast("Safety", self.made.parts.guard)

    @property
    def touch_guard(self) -> VibrationGuard:
        """The last hand on vibration; it knows what it took."""
        return cast("VibrationGuard", self.made.parts.touch_guard)

    @property
    def sound_guard(self) -> SoundSafety:
        """The last hand on sound; it knows what it took."""
        return cast("SoundSafety", self.made.parts.sound_guard)


def build(
    show: Show,
    lanes: Mapping[str, tuple[int, ...]],
    sample_rate: int,
    *,
    strict: bool,
    budgets: Sequence[Budget] | None = None,
) -> Built:
    """Make every room ready for one show; a PatchError names file and line of what does not fit.

    `budgets` are what outputs bear; not given, what the rig says live, and none offline.
    """
    clock = Clock(sample_rate=sample_rate)
    made = make(show, lanes, clock, strict=strict, budgets=budgets)
    remote = Remote(show.rig.remote if show.rig else {})
    return Built(Engine(clock, made.parts, Master(clock), remote, strict=strict), clock, remote, made)


def make(
    show: Show,
    lanes: Mapping[str, tuple[int, ...]],
    clock: Clock,
    *,
    strict: bool,
    budgets: Sequence[Budget] | None = None,
) -> Made:
    """The parts of an engine for one show, as `build` does; they may play in one that runs (`Engine.changes`)."""
    remote = Remote(show.rig.remote if show.rig else {})
    names = list(lanes)
    asked = hears(show, names)
    bands = show.patch.bands() | {name: edges for name in asked if (edges := band_of(name)) is not None}
    wanted = {*show.patch.features(), *asked}
    # What the loudspeakers play is there to be taken out of the crowd: it has an ear only where somebody asks.
    heard = [n for n in names if n != REFERENCE or any(f.startswith(f"{REFERENCE}.") for f in wanted)]
    known_of = learned(show.rig)
    ear = Ear(clock, heard, bands, wanted, remote.specs, known_of)
    every = feature_specs(names, bands, everything(names, remote.specs), remote.specs)
    known = [spec.name for spec in (*every, *remote.specs)]
    garment = show.garment
    controls = zone_controls(garment)
    if show.sketch_path is not None:
        controls += parameters_of(show.sketch_path)
    fit = Fit(garment, show.patch.garment or "")
    feels = cast_feels(show.patch, fit, NAMES)
    scape = cast_scape(show.patch, names)
    controls += feel_controls(feels) + scape_controls(scape)
    score = Score(
        show.patch, ear.specs, controls, garment.zone_names, garment.roles, clock, known, fit, show.seed
    )
    body = sewn(garment)
    screen = _drawn(show) if strict else None
    light = Light(garment, show.seed, ear.specs, score.specs, screen, score.scene_at)
    dye = Dye(garment, ear.specs)
    vibration = Vibration(garment, feels, ear.specs, score.specs, show.seed)
    soundscape = Soundscape(scape, ear.specs, score.specs, show.seed, known_of) if scape is not None else None
    playing: list[Instrument] = [light, dye, vibration, *([soundscape] if soundscape is not None else [])]
    for instrument in playing:
        instrument.prepare(clock)
    # What a rig's outputs bear is the room's, not the piece's: offline light is the same with any rig.
    if budgets is None:
        budgets = () if strict else light_budgets(show.rig, garment, body)
    guard = Safety(garment, body, clock, budgets)
    touch_guard = VibrationGuard(garment, clock)
    sound_guard = SoundSafety(clock, [voice.lane for voice in scape.voices] if scape is not None else ())
    parts = Parts(
        ear=ear,
        score=score,
        light=light,
        dye=dye,
        cloth=Cloth(garment),
        guard=guard,
        vibration=vibration,
        touch_guard=touch_guard,
        motors=Motors(garment, clock),
        soundscape=soundscape,
        sound_guard=sound_guard,
        encode=encode,
        by_zone=body.by_zone,
        n_pixels=body.n_pixels,
        n_zones=len(garment.zones),
        n_actuators=len(garment.actuators),
        seed=show.seed,
        worn=repr([garment.digest, *((pixels.tolist(), most) for pixels, most in budgets)]),
    )
    parts.reset()
    return Made(show, parts, asked, body)


def _drawn(show: Show) -> DrawnScreen | None:
    """The show's sketch as light, for a garment that has a screen; never live, where a sketch may hang."""
    if show.sketch_path is None or not len(screen_pixels(show.garment)):
        return None
    return DrawnScreen(show.garment, show.garment_path, show.sketch_path, show.seed, show.colours)


def osc_messages(built: Built, show: Show, *, health: bool, rate: int = LIGHT_RATE) -> OscMessages:
    """The messages that a show sends; `health` only live, since it is not reproducible.

    What came from outside does not leave again: the echo tells it; nor do the bands of WLED's audio sync.
    """
    own = show.patch.bands()
    bands = [name for name in built.hears if name.rpartition(".")[2] in SYNC_BANDS and name not in own]
    return OscMessages(
        built.ear.specs,
        show.garment.zone_names,
        index_of(built.score.specs),
        built.score.messages,
        health,
        rate,
        apart=[*(spec.name for spec in built.remote.specs), *bands],
        actuators=sites(show.garment).of_zone,
    )
