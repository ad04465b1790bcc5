"""A rig's light targets on a garment: which pixels each gets, in which datagrams, and from which output."""

from __future__ import annotations

import socket
from collections.abc import Collection
from typing import TYPE_CHECKING

import numpy as np

from wearsound.core import Index
from wearsound.errors import PatchError
from wearsound.gallery import suggest
from wearsound.garment.current import pixel_ma
from wearsound.garment.sewn import Sewn
from wearsound.outputs.light import sacn
from wearsound.outputs.light.audio_sync import AudioSyncSender, features
from wearsound.outputs.light.map import LightMap
from wearsound.outputs.light.sender import LightSender
from wearsound.outputs.light.wire import ArtNet, Ddp, Sacn, Wire
from wearsound.outputs.udp import Udp
from wearsound.show.light_target import LAST_UNIVERSE, MULTICAST, LightTarget

if TYPE_CHECKING:
    from wearsound.garment.document import Garment
    from wearsound.show.rig import Rig

SYNC_BANDS = frozenset(name.rpartition(".")[2] for name in features("room"))
"""Short names of the bands that WLED's audio sync asks the ear for."""


def pixels_of(rig: Rig, number: int, garment: Garment, body: Sewn) -> tuple[Index, str]:
    """Which of a garment's pixels light target `number` gets along its wire, -1 for none, and a sentence or "".

    The sentence says where the target has more or fewer pixels than it is given. A PatchError names file and line of a
    zone, strand or number that the garment does not have.
    """
    target = rig.light[number]
    parts: list[Index] = []
    for kind, names in (("zone", target.zones), ("strand", target.strands)):
        known = _known(kind, garment, body)
        for k, name in enumerate(names):
            if name not in known:
                where = rig.where("light", number, f"{kind}s", k)
                raise PatchError(f"{where}: {garment.name} has no {kind} {name!r}{suggest(name, known)}")
            parts.append(known[name])
    given = np.concatenate(parts) if parts else np.arange(body.n_pixels)
    if target.map:
        chosen = np.array(target.map, np.intp)
        if chosen.max() >= len(given):
            k = int(chosen.argmax())
            raise PatchError(
                f"{rig.where('light', number, 'map', k)}: map names pixel {chosen[k]}, but there are only "
                f"{len(given)}, counted from 0"
            )
        given = np.where(chosen < 0, -1, given[np.maximum(chosen, 0)])
    if target.reverse:
        given = given[::-1]
    return _fitted(target, given)


def named_twice(rig: Rig, number: int, garment: Garment) -> str:
    """A sentence for a zone that is on the wire of light target `number` by its name and by a role, or by two roles."""
    seen: dict[str, str] = {}
    for name in rig.light[number].zones:
        zones = [name] if name in garment.zone_names else garment.roles.get(name, ())
        for zone in zones:
            if zone in seen:
                where = rig.where("light", number, "zones")
                return f"{where}: zone {zone!r} is on the wire twice, by {seen[zone]!r} and by {name!r}; name it once"
            seen[zone] = name
    return ""


def light_budgets(rig: Rig | None, garment: Garment, body: Sewn) -> list[tuple[Index, float]]:
    """(pixels of the garment, most mA together) of each target that says what its supply bears.

    A pixel is there as often as the target shows it: each of its lamps draws. A PatchError names file and line of one
    that bears less than its pixels draw in the dark.
    """
    found = []
    for number, target in enumerate(rig.light if rig else []):
        if target.most_ma is not None and not target.audio_sync and rig is not None:
            found.append(light_budget(rig, number, target.most_ma, garment, body))
    return found


def light_budget(rig: Rig, number: int, most_ma: float, garment: Garment, body: Sewn) -> tuple[Index, float]:
    """The same of one target."""
    given = pixels_of(rig, number, garment, body)[0]
    pixels = np.sort(given[given >= 0])
    dark = float(pixel_ma(garment, body)[1][pixels].sum())
    if dark > most_ma:
        raise PatchError(
            f"{rig.where('light', number, 'most_ma')}: light target {rig.light[number].name!r}: most_ma is "
            f"{most_ma:g}, but its {len(pixels)} pixels draw {dark:.0f} mA in the dark; raise it to what the supply "
            f"bears, feed them by two, or give their true idle_ma in {garment.path}"
        )
    return pixels, float(most_ma)


def wire_of(rig: Rig, number: int, size: int, show: str = "") -> Wire:
    """How light target `number` is spoken to; `size` bytes a frame, `show` the name of what plays.

    A PatchError where its universes go beyond what its protocol has.
    """
    target = rig.light[number]
    channels = len(target.order)
    wire: Wire
    if target.protocol == "artnet":
        wire = ArtNet(size, channels, target.universe, sync=target.sync)
    elif target.protocol == "sacn":
        wire = Sacn(
            size,
            channels,
            target.universe,
            sacn.cid(socket.gethostname(), show),
            sacn.named(f"wearsound {show} {target.name}"),
            port=target.at_port,
            priority=target.priority,
            sync=target.sync,
            multicast=target.host == MULTICAST,
        )
    else:
        return Ddp(size, white=channels == 4)
    if wire.universes[-1] > LAST_UNIVERSE[target.protocol]:
        raise PatchError(
            f"{rig.where('light', number, 'universe')}: {size // channels} pixels take the universes "
            f"{target.universe} to {wire.universes[-1]}, and the last one there is is {LAST_UNIVERSE[target.protocol]}"
        )
    return wire


def sender_of(rig: Rig, number: int, garment: Garment, body: Sewn, show: str = "") -> LightSender:
    """The output of light target `number`, not yet opened; once it is, it says if its pixels are other than given."""
    target = rig.light[number]
    given, odd = pixels_of(rig, number, garment, body)
    mapped = LightMap(given, target.order, target.gamma)
    wire = wire_of(rig, number, mapped.size, show)
    note = f"{rig.where('light', number, 'pixels')}: {odd}" if odd else ""
    return LightSender(target.name, wire, mapped, _udp(target), target.at_cap, note)


def audio_sync_of(rig: Rig, number: int) -> AudioSyncSender:
    """The output of light target `number` if that is WLED's audio sync, not yet opened."""
    target = rig.light[number]
    return AudioSyncSender(target.name, _udp(target), lane_of(rig), target.at_cap)


def lane_of(rig: Rig) -> str:
    """Which lane WLED's audio sync hears: the room, or the first there is."""
    return "room" if not rig.lanes or "room" in rig.lanes else next(iter(rig.lanes))


def sync_features(rig: Rig | None) -> tuple[str, ...]:
    """Full names of the bands that the ear must hear for WLED's audio sync, none without such a target."""
    if rig is None or not any(target.audio_sync for target in rig.light):
        return ()
    return features(lane_of(rig))


def light_finding(rig: Rig, number: int, garment: Garment | None = None, body: Sewn | None = None) -> str:
    """What light target `number` would get: pixels, universes, datagrams, frames a second.

    Without a garment only what the rig itself says. Raises PatchError as `pixels_of`.
    """
    target = rig.light[number]
    rate = f"{target.at_cap} frames a second"
    if target.audio_sync:
        return f"what is heard, no pixels, {rate}"
    odd = ""
    if garment is not None and body is not None:
        given, odd = pixels_of(rig, number, garment, body)
        count = len(given)
    else:
        count = target.pixels or len(target.map)
    if not count:
        return f"as many pixels as the garment of a show has there, {rate}"
    wire = wire_of(rig, number, count * len(target.order))
    parts = [f"{count} pixel{'s' * (count != 1)} in {target.order}"]
    if wire.universes:
        first, last = wire.universes[0], wire.universes[-1]
        parts.append(f"universe {first}" if first == last else f"universes {first} to {last}")
    parts.append(f"{wire.datagrams} datagram{'s' * (wire.datagrams != 1)} a frame")
    return ", ".join([*parts, rate]) + (f" ({odd})" if odd else "")


def _known(kind: str, garment: Garment, body: Sewn) -> dict[str, Index]:
    if kind == "strand":
        return body.wires
    zones = dict(zip(garment.zone_names, body.of_zone, strict=True))
    roles = {role: np.concatenate([zones[zone] for zone in names]) for role, names in garment.roles.items()}
    return {**roles, **zones}


def _fitted(target: LightTarget, given: Index) -> tuple[Index, str]:
    has = target.pixels
    if has is None or has == len(given):
        return given, ""
    named = f"{target.name} has {has} pixels and is given {len(given)}"
    if has < len(given):
        return given[:has], f"{named}: the last {len(given) - has} are left out"
    dark = np.full(has - len(given), -1, np.intp)
    return np.concatenate([given, dark]), f"{named}: the last {has - len(given)} stay dark"


def _udp(target: LightTarget) -> Udp:
    host = sacn.group(max(1, target.universe)) if target.host == MULTICAST else target.at_host
    return Udp(target.name, host, target.at_port, target.via, kind="light")


def light_names(targets: Collection[LightTarget]) -> str:
    """Targets in a sentence."""
    return ", ".join(f"{t.name} ({t.protocol} {t.at_host}:{t.at_port})" for t in targets)
