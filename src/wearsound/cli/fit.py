"""`wearsound fit`: a patch laid on a garment, to be read before the fitting room."""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wearsound.show.fit import Fitting


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of this verb."""
    parser.add_argument("patch", metavar="PATCH", help="a patch file or a gallery name")
    parser.add_argument(
        "garment",
        nargs="?",
        metavar="GARMENT",
        help="a garment file or a gallery name (default: the patch's)",
    )
    parser.add_argument("--json", action="store_true", help="one object, for programs")


def run(options: argparse.Namespace) -> int:
    """Print what goes where; 2 if the patch names what nobody knows, or no show of it would begin."""
    from wearsound.errors import PatchError
    from wearsound.show.fit import fitted, told
    from wearsound.show.load import load

    show = load(options.patch, garment=options.garment)
    fitting = fitted(show.patch, show.garment, show.sketch_path)
    if options.json:
        print(json.dumps(told(fitting), indent=1))
    else:
        print("\n".join(_page(fitting)), flush=True)
    if fitting.refused:
        raise PatchError(fitting.refused)
    return 0


def _page(fitting: Fitting) -> Iterator[str]:
    patch, garment = fitting.patch, fitting.garment
    home = f" (made for {patch.garment})" if patch.garment and patch.garment != garment.name else ""
    yield f"{patch.title}{home} on {garment.title}"
    yield ""
    yield from _table(fitting)
    yield ""
    notes = list(_notes(fitting))
    yield from [*notes, ""] if notes else notes
    yield from _current(fitting)
    for warning in garment.warnings:
        yield f"note: {warning}"


def _table(fitting: Fitting) -> Iterator[str]:
    from wearsound.show.fit import because

    rows = [("place", "plays", "goes to", "because")]
    named = ""
    for row in fitting.rows:
        name, named = "" if row.place.name == named else row.place.name, row.place.name
        zones = row.place.zones
        every = len(zones) > 1 and len(zones) == len(fitting.garment.zones)
        goes = "everywhere" if every else ", ".join(zones) or "nowhere"
        rows.append((name, ", ".join(row.media), goes, "" if every else because(fitting, row.place)))
    yield from columns(rows)


def _notes(fitting: Fitting) -> Iterator[str]:
    from wearsound.garment.fit import FELT
    from wearsound.show.sensors import sewn_in

    quiet = [zone for zone in fitting.unplayed if zone not in fitting.dark]
    if quiet:
        yield f"only * plays: {', '.join(quiet)}"
    if fitting.dark:
        yield f"nobody lights: {', '.join(fitting.dark)}"
    if fitting.bare:
        yield f"no filament, seen only as a lamp of the room: {', '.join(fitting.bare)}"
    screens = [zone.name for zone in fitting.garment.zones if zone.fabric == "screen"]
    if screens:
        what = (
            "takes the sketch's picture" if fitting.patch.sketch else "has no sketch to show: its own colour"
        )
        yield f"screen: {', '.join(screens)} {what}"
    if fitting.undyed:
        yield f"takes no dye: {', '.join(fitting.undyed)} (its cloth is plain)"
    yield from _slow(fitting)
    yield from (f"felt: {what}" for what in fitting.felt)
    unfelt = any(FELT.intersection(row.media) and not row.place.zones for row in fitting.rows)
    if unfelt:
        yield "felt: nothing elsewhere" if fitting.felt else "felt: nothing, no actuator is sewn in"
    yield from map(str, (*fitting.lost, *fitting.shared))
    yield from _voices(fitting)
    if sensors := sewn_in(fitting.garment):
        yield f"its sensors, heard where a rig brings their lanes: {sensors}"
    if fitting.elsewhere:
        yield f"heard only with a rig (--rig) that brings it: {', '.join(fitting.elsewhere)}"


def _voices(fitting: Fitting) -> Iterator[str]:
    """What sounds, and which lane sets it in motion: there is no sound without that lane."""
    lanes: dict[str, list[str]] = {}
    for voice in fitting.voices:
        called = voice.kind if voice.name == voice.kind else f"{voice.name} ({voice.kind})"
        lanes.setdefault(voice.lane, []).append(called)
    for lane, names in lanes.items():
        yield f"sound set in motion by {lane}: {', '.join(names)}"
    if list(lanes) == ["body"]:
        yield "sound needs the lane body: play walk, or add --rig contact, which hears the first channel as body"


def _slow(fitting: Fitting) -> Iterator[str]:
    fabrics = {zone.name: zone.fabric for zone in fitting.garment.zones}
    alike: dict[tuple[str, float], list[str]] = {}
    for name, seconds in fitting.slow.items():
        alike.setdefault((fabrics[name], seconds), []).append(name)
    for (fabric, seconds), names in alike.items():
        when = (
            f"settles in {seconds:.0f} s" if math.isfinite(seconds) else "never settles where it is so warm"
        )
        yield f"slow cloth: {fabric} {when}: {', '.join(names)}"


def _current(fitting: Fitting) -> Iterator[str]:
    battery = fitting.garment.battery
    rows = [("strand", "pixels", "at full white")]
    rows += [(wire.name, str(wire.pixels), f"{wire.white_ma:,.0f} mA") for wire in fitting.wires]
    if fitting.dye_ma:
        rows.append(("cloth, all driven", "", f"{fitting.dye_ma:,.0f} mA"))
    rows.append(("controller", "", f"{battery.idle_ma:,.0f} mA"))
    rows.append(("together", str(sum(wire.pixels for wire in fitting.wires)), f"{fitting.white_ma:,.0f} mA"))
    yield from columns(rows, right=(1, 2))
    share = battery.most_ma / fitting.white_ma if fitting.white_ma else 1.0
    what = "enough for all of it" if share >= 1 else f"{share:.0%} of it: what is more is dimmed"
    yield f"battery: {battery.mah:,.0f} mAh at {battery.volts:g} V bears {battery.most_ma:,.0f} mA, {what}"
    hours = battery.mah / fitting.idle_ma if fitting.idle_ma else math.inf
    if math.isfinite(hours):
        yield f"in the dark it draws {fitting.idle_ma:,.0f} mA and lasts {hours:.0f} h"


def columns(rows: Sequence[Sequence[str]], right: Sequence[int] = ()) -> Iterator[str]:
    """Rows under one another, each column as wide as its widest word."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        cells = [
            cell.rjust(width) if i in right else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        yield "  ".join(cells).rstrip()
