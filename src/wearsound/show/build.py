"""The one place that puts all rooms together: a Show and a source's lanes become an Engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wearsound.analysis.ear import Ear, everything, feature_specs
from wearsound.core import LIGHT_RATE, Clock, index_of
from wearsound.engine import Engine
from wearsound.garment.materials import Cloth
from wearsound.garment.sewn import Sewn, sewn
from wearsound.instruments.dye import Dye
from wearsound.instruments.light import Light, encode, zone_controls
from wearsound.instruments.picture.parameters import parameters_of
from wearsound.mapping.score import Score
from wearsound.outputs.osc_messages import OscMessages
from wearsound.safety.chain import Safety
from wearsound.safety.master import Master
from wearsound.show.hears import hears
from wearsound.sources.remote import Remote

if TYPE_CHECKING:
    from wearsound.show.load import Show


@dataclass(slots=True)
class Built:
    """An engine without outputs, and what outputs need to know of it.

    `hears`: full names of what sketch and rig asked of the ear. `remote`: numbers from outside. `body`: every pixel
    of the garment.
    """

    engine: Engine
    ear: Ear
    score: Score
    clock: Clock
    hears: tuple[str, ...]
    remote: Remote
    body: Sewn


def build(show: Show, lanes: Mapping[str, tuple[int, ...]], sample_rate: int, *, strict: bool) -> Built:
    """Make every room ready for one show; a PatchError names file and line of what does not fit."""
    clock = Clock(sample_rate=sample_rate)
    remote = Remote(show.rig.remote if show.rig else {})
    names, bands = list(lanes), show.patch.bands()
    asked = hears(show, names)
    ear = Ear(clock, names, bands, {*show.patch.features(), *asked}, remote.specs)
    known = [spec.name for spec in (*feature_specs(names, bands, everything(names)), *remote.specs)]
    garment = show.garment
    controls = zone_controls(garment)
    if show.sketch_path is not None:
        controls += parameters_of(show.sketch_path)
    score = Score(show.patch, ear.specs, controls, garment.zone_names, garment.roles, clock, known)
    body = sewn(garment)
    light, dye = Light(garment), Dye(garment)
    light.prepare(clock)
    dye.prepare(clock)
    engine = Engine(
        clock=clock,
        ear=ear,
        score=score,
        light=light,
        dye=dye,
        cloth=Cloth(garment),
        guard=Safety(body, clock),
        master=Master(clock),
        remote=remote,
        encode=encode,
        by_zone=body.by_zone,
        n_pixels=body.n_pixels,
        n_zones=len(garment.zones),
        seed=show.seed,
        strict=strict,
    )
    return Built(engine, ear, score, clock, asked, remote, body)


def osc_messages(built: Built, show: Show, *, health: bool, rate: int = LIGHT_RATE) -> OscMessages:
    """The messages that a show sends; `health` only live, since it is not reproducible.

    What came from outside does not leave again: the echo tells it.
    """
    return OscMessages(
        built.ear.specs,
        show.garment.zone_names,
        index_of(built.score.specs),
        built.score.messages,
        health,
        rate,
        apart=[spec.name for spec in built.remote.specs],
    )
