"""What a window is told of a show: its names and files, what can be turned, and why each control moves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from wearsound.core import Parameter, Spec, index_of
from wearsound.garment.fit import Fit
from wearsound.garment.screen import screen_places
from wearsound.mapping.curve import ON
from wearsound.mapping.dial import PARAM
from wearsound.mapping.document import Patch, Route
from wearsound.mapping.line import LEAST, Line
from wearsound.mapping.structure import LATER
from wearsound.mapping.target import OWN, Cast
from wearsound.outputs.dress import Dress, Slider, Why
from wearsound.show.build import Built
from wearsound.toml_file.lines import KeyPath

if TYPE_CHECKING:
    from wearsound.show.load import Show

_HEADS = {"sketch": "sketch", "sound": "soundscape", "voice": "voices", "feel": "what is felt"}
_GAIN = "/wear/gain/"


def dress_of(
    show: Show,
    built: Built,
    tree: Iterable[Parameter],
    number: int = 0,
    *,
    device: str = "",
    set_list: Sequence[str] = (),
    at: int = 0,
) -> Dress:
    """All that a window must know of show `number`; `tree` is what can be turned of it. [any thread]"""
    garment = show.garment
    return Dress(
        number=number,
        title=show.patch.title,
        features=tuple(spec.name for spec in built.ear.specs),
        controls=tuple(spec.name for spec in built.score.specs),
        zones=tuple(garment.zone_names),
        pixels=built.body.n_pixels,
        garment=str(show.garment_path),
        sketch=str(show.sketch_path) if show.sketch_path is not None else "",
        seed=show.seed,
        scenes=tuple(scene.name for scene in show.patch.scenes),
        cues=tuple(built.score.cue_names),
        palette=tuple(show.colours),
        screen=tuple((float(x), float(y)) for x, y in screen_places(garment)) if show.sketch_path else (),
        most_ma=garment.battery.most_ma,
        actuators=tuple(actuator.name for actuator in garment.actuators),
        device=device,
        set_list=tuple(set_list),
        at=at,
        sliders=sliders_of(tree),
        whys=whys_of(show, built),
    )


def sliders_of(tree: Iterable[Parameter]) -> tuple[Slider, ...]:
    """The parameters that can be turned: the hand's, the sketch's, the sound's, what is felt, then the routes'."""
    groups: dict[str, list[Slider]] = {"hand": [], **{head: [] for head in _HEADS.values()}}
    for parameter in tree:
        if parameter.kind not in ("number", "whole") or not parameter.settable or parameter.read is None:
            continue
        placed = _placed(parameter)
        if placed is not None:
            groups.setdefault(placed.group, []).append(placed)
    return tuple(slider for sliders in groups.values() for slider in sliders)


def _placed(parameter: Parameter) -> Slider | None:
    """A parameter as a slider under its head, None for one that is no slider."""
    address = parameter.address
    if address == "/wear/master" or address.startswith(_GAIN):
        return _slider(parameter, "hand", address.removeprefix("/wear/").replace("/", " "))
    if not address.startswith(f"{PARAM}/"):
        return None
    head, _, label = address.removeprefix(f"{PARAM}/").partition("/")
    if head in OWN:
        return _slider(parameter, _HEADS[head], label.replace("/", " "), f"{address}/release")
    # A route's number: what is before its last word or two is the route, that of a scene included.
    words = address.removeprefix(f"{PARAM}/").split("/")
    last = 2 if words[-1] in ("low", "high") and len(words) > 2 and words[-2] in ("in", "out") else 1
    route, label = "/".join(words[:-last]), " ".join(words[-last:])
    return _slider(parameter, route.replace("/", ": "), label)


def _slider(parameter: Parameter, group: str, label: str, release: str = "") -> Slider:
    return Slider(
        parameter.address,
        label,
        group,
        parameter.about,
        parameter.low,
        parameter.high,
        parameter.default,
        parameter.unit,
        parameter.kind == "whole",
        release,
    )


def whys_of(show: Show, built: Built) -> tuple[Why, ...]:
    """Every route of the patch for every control that it plays on this garment, in the patch's order."""
    patch, garment, features = show.patch, show.garment, built.ear.specs
    controls = [spec for spec in built.score.specs if not spec.name.startswith("/")]
    fit = Fit(garment, patch.garment or "")
    cast = Cast(patch, features, controls, garment.zone_names, garment.roles, [], fit)
    parts, columns = cast.parts(), index_of(features)
    found = []
    for (place, scene, route), part in zip(patch.every_route(), parts, strict=True):
        name = patch.feature(route)
        line = part.line
        later = not route.to.startswith("/") and route.to.rpartition(".")[2] in LATER
        told = _words(patch, route, line, features[columns[name]])
        where = _where(patch, place)
        ends = (line.span[0], line.span[1]) if not line.count else (0.0, 1.0)
        found += [
            Why(
                control=control,
                feature=name,
                line=told,
                where=where,
                scene=scene,
                low=ends[0],
                high=ends[1],
                threshold=threshold_of(line),
                out_low=line.reach[0],
                out_high=line.reach[1],
                curve=line.curve,
                release=line.release,
                mode=line.mode,
                scale=line.scale,
                later=later or control.partition(".")[0] in OWN,
            )
            for control in part.targets
        ]
    return tuple(found)


def threshold_of(line: Line) -> float | None:
    """The number of its feature at which a route strikes, None where it follows or counts."""
    if line.mode == "follow" or line.count:
        return None
    share: float = ON ** (1.0 / line.curve)
    low, high = line.span
    if line.scale == "log":
        low = max(low, LEAST)
        return low * float(np.power(max(high, LEAST) / low, share))
    return low + (high - low) * share


def _where(patch: Patch, place: KeyPath) -> str:
    """`file:line`, the file without its folders."""
    file, _, line = patch.where(*place).rpartition(":")
    return f"{Path(file).name}:{line}"


def _words(patch: Patch, route: Route, line: Line, feature: Spec) -> str:
    """A route as a person would say it: what moves what, from where to where, how fast."""
    name = feature.name.removeprefix(f"{patch.lane}.")
    unit = f" {feature.unit}" if feature.unit else ""
    low, high = (f"{end:g}" for end in line.span)
    out = "" if line.reach in ((0.0, 1.0), (0, 1)) else f" to {line.reach[0]:g}..{line.reach[1]:g}"
    if line.count:
        done = "strikes" if line.mode == "trigger" else "turns on or off"
        return f"each {name} {done} {route.to}{out}, {_seconds(line.release)} to fall"
    if line.mode == "follow":
        curve = f", curve {line.curve:g}" if line.curve != 1.0 else ""
        speed = f"{_seconds(line.attack)} up, {_seconds(line.release)} down"
        return f"{name} {low}..{high}{unit} moves {route.to}{out}{curve}, {speed}"
    at = threshold_of(line)
    assert at is not None
    done = {"trigger": "strikes", "toggle": "turns on or off", "hold": "holds"}[line.mode]
    return f"{name} through {at:.3g}{unit} {done} {route.to}{out}, {_seconds(line.release)} to fall"


def _seconds(seconds: float) -> str:
    return f"{1000 * seconds:.0f} ms" if seconds < 0.0995 else f"{seconds:g} s"
