"""The parts of a report that are drawn: what was heard, flashes, current, vibration, loudness."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from wearsound.core import BANDS
from wearsound.garment.document import Garment
from wearsound.proof import counted
from wearsound.proof.curves import Plot, ridges, round_marks
from wearsound.proof.findings import DUTY, LONG_DUTY, PEAK, amperes, minus, percent
from wearsound.proof.page import Html, section, table, tag
from wearsound.safety.dose import ACTION
from wearsound.safety.slots import SLOTS

_QUIET, _SOFT = -60.0, -36.0
"""LUFS at which the scale begins: of a soft show, and of one that is never softer than that."""
_THIN = 5
"""Actuators that are drawn beside the busiest."""


def heard(found: counted.Bands, facts: Mapping[str, Any]) -> Html:
    """Six bands over time."""
    counts = facts.get("counts", {})
    events = [
        f"{counts[name]:,} {word}{'s' * (counts[name] != 1)}"
        for name, word in ((f"{found.lane}.onset", "onset"), (f"{found.lane}.beat", "beat"))
        if name in counts
    ]
    said = f"The six bands of {found.lane}, each from nothing to most; {' and '.join(events) or 'nothing was counted'}."
    rows = [
        (name, _hertz(low, high), f"ink-{name}", found.curves[name].time, found.curves[name].most)
        for name, (low, high) in reversed(BANDS.items())
    ]
    return section("What was heard", tag("p", said), ridges(said, found.seconds, rows))


def flashes(found: counted.Light, seconds: float) -> Html:
    """Flashes in the last second, against the three that may be."""
    high = max(SLOTS + 1, found.worst + 1)
    about = f"Flashes within one second, at most {found.worst}; the limit is {SLOTS}."
    plot = Plot(about, seconds, 0, high, _whole(high), "in 1 s", height=120)
    plot.steps(found.general.time, found.general.most, "ink-light", filled=True)
    if np.nanmax(found.red.most, initial=0.0) > 0:
        plot.steps(found.red.time, found.red.most, "ink-red")
    plot.limit(SLOTS, f"limit {SLOTS}")
    if found.worst > SLOTS:
        at = int(np.nanargmax(np.fmax(found.general.most, found.red.most)))
        plot.moment(float(found.general.time[at]), "most")
    return section(
        "Flashes",
        tag(
            "p",
            "How often it flashed within the second before each moment: whichever flashed most of every zone, the "
            "whole garment and any quarter of its area. ",
            tag("span", "Filled: brightness; the red line: saturated red.", class_="note"),
        ),
        plot.svg(),
        tag(
            "p",
            "A flash is a pair of opposing changes of a tenth of full luminance, the darker below 80%, or of "
            "saturated red (WCAG 2.3.1). Counted from every light frame, 60 a second; no medical certificate.",
            class_="note",
        ),
    )


def current(
    light: counted.Light | None,
    felt: counted.Felt | None,
    facts: Mapping[str, Any],
    garment: Garment | None,
    seconds: float,
) -> Html:
    """What is drawn, against what the battery bears."""
    if felt is not None and not np.nanmax(felt.ma.most, initial=0.0) > 0:
        felt = None
    power = facts.get("power", {})
    peak, mean = power.get("peak_ma"), power.get("mean_ma")
    most = garment.battery.most_ma if garment is not None else None
    drawn = [
        float(np.nanmax(columns.most, initial=0.0))
        for columns in (light.ma if light else None, felt.ma if felt else None)
        if columns is not None
    ]
    high = 1.1 * max([1.0, *drawn, *([most] if most else []), peak or 0.0])
    said = (
        f"At most {amperes(peak)}, {amperes(mean)} on average"
        if peak is not None and mean is not None
        else "Not counted"
    )
    about = said + (f"; the battery bears {amperes(most)}." if most else ".")
    plot = Plot(about, seconds, 0, high, round_marks(0.0, high), "mA")
    if light is not None:
        below = light.ma.most
        if felt is not None:
            above = np.interp(light.ma.time, felt.ma.time, np.nan_to_num(felt.ma.most))
            plot.between(light.ma.time, below, below + above, "ink-felt")
            plot.line(light.ma.time, below + above, "ink-felt")
        plot.area(light.ma.time, below, "ink-light")
    if most:
        plot.limit(most, f"the battery bears {amperes(most)}")
    notes = [
        "Light and controller below, motors on top of them" if felt is not None else "Light and controller"
    ]
    if felt is not None:
        notes.append("the number adds both peaks, as if they came together")
    if facts.get("warmest"):
        notes.append("heated cloth is in the number, and in no file, so not in the curve")
    hours = (
        f" A battery of {garment.battery.mah:,.0f} mAh lasts {power['hours']:g} hours."
        if garment and "hours" in power
        else ""
    )
    return section(
        "Current",
        tag("p", about, hours),
        plot.svg(),
        tag("p", "; ".join(notes), ". From data sheets, not measured.", class_="note"),
    )


def vibration(found: counted.Felt, facts: Mapping[str, Any], seconds: float) -> Html:
    """How much motors worked in any ten seconds, and the dose."""
    table_ = facts.get("vibration", {})
    actuators = table_.get("actuators", {})
    busiest = max(actuators, key=lambda name: actuators[name].get("duty_10s", 0.0), default="")
    worst = float(actuators.get(busiest, {}).get("duty_10s", 0.0))
    if not worst:
        return section("Vibration", tag("p", f"{len(actuators)} actuators, still from beginning to end."))
    about = f"Motor duty over 10 s, at most {worst:.1%} ({busiest}); the limit is {DUTY:.0%}."
    high = max(1.15 * DUTY, 1.1 * worst)
    plot = Plot(
        about, seconds, 0, 100 * high, [mark for mark in (0, 20, 40, 60, 80, 100) if mark <= 100 * high], "%"
    )
    others = sorted(
        (name for name in found.duty if name != busiest), key=lambda name: -_duty(actuators, name)
    )
    for name in reversed(others[:_THIN]):
        plot.line(found.duty[name].time, 100 * found.duty[name].most, "ink-felt thin")
    if busiest in found.duty:
        plot.line(found.duty[busiest].time, 100 * found.duty[busiest].most, "ink-felt")
    plot.limit(100 * DUTY, f"limit {DUTY:.0%}")
    dose = table_.get("dose", {})
    said = f"The busiest motor is {busiest}: driven {worst:.1%} of the worst ten seconds"
    long = float(actuators[busiest].get("duty_10min", 0.0))
    said += f", {long:.1%} of the worst ten minutes (limits {DUTY:.0%} and {LONG_DUTY:.0%})."
    if "of_action" in dose:
        a8 = dose.get("a8", 0.0)
        said += (
            f" The wearer had {percent(dose['of_action'])} of a day's dose (A(8) {a8:g} of {ACTION:g} m/s²)."
        )
    rows, still = _drives(actuators)
    return section(
        "Vibration",
        tag("p", said),
        plot.svg(),
        table(rows, ("driven", "peak", "duty, 10 s", "duty, 10 min", "taken by the guard"), class_="numbers"),
        tag("p", f"Still throughout: {', '.join(still)}.") if still else "",
        tag(
            "p",
            "The curves count the waves; the numbers also what driver boards are told, which is in no file. "
            "Nobody with a pacemaker, a pump or another implant wears it, and nobody who is pregnant. The dose counts "
            "from the start of this show: shows of one day add up.",
            class_="note",
        ),
    )


def _drives(actuators: Mapping[str, Any]) -> tuple[list[tuple[str, ...]], list[str]]:
    """A row for all actuators of the same numbers, the busiest first; and those that are still."""
    alike: dict[tuple[str, ...], list[str]] = {}
    for name in sorted(actuators, key=lambda name: -_duty(actuators, name)):
        of = actuators[name]
        taken = percent(of.get("taken", 0.0))
        duties = [f"{of.get(key, 0.0):.1%}" for key in ("duty_10s", "duty_10min")]
        alike.setdefault((f"{of.get('peak', 0.0):.2f}", *duties, taken), []).append(name)
    still = [name for names in alike.values() for name in names if not actuators[name].get("peak")]
    rows = [(", ".join(names), *numbers) for numbers, names in alike.items() if names[0] not in still]
    return rows, still


def _duty(actuators: Mapping[str, Any], name: str) -> float:
    return float(actuators.get(name, {}).get("duty_10s", 0.0))


def loudness_words(facts: Mapping[str, Any]) -> str:
    """Loudness over all, and the highest peak against its ceiling, where there is one."""
    sound = facts.get("sound", {})
    lufs, peak = sound.get("lufs"), sound.get("true_peak_db")
    said = f"{minus(lufs)} LUFS over all" if lufs is not None else "Under −70 LUFS throughout"
    if peak is not None:
        return f"{said}; true peak {minus(peak)} dBTP, where {minus(PEAK)} is the ceiling."
    return f"{said}; sample peak {minus(sound['peak_db'])} dB." if "peak_db" in sound else f"{said}."


def loudness(found: counted.Heard, facts: Mapping[str, Any], seconds: float) -> Html:
    """Momentary loudness, and its integral."""
    sound = facts.get("sound", {})
    lufs, peak, said = sound.get("lufs"), sound.get("true_peak_db"), loudness_words(facts)
    softest = float(np.nanquantile(found.lufs.least, 0.05)) if np.isfinite(found.lufs.least).any() else _QUIET
    low = _SOFT if softest > _SOFT else _QUIET
    plot = Plot(f"Momentary loudness. {said}", seconds, low, 0.0, np.arange(low, 1.0, 12.0).tolist(), "LUFS")
    plot.between(found.lufs.time, found.lufs.least, found.lufs.most, "ink-sound")
    plot.line(found.lufs.time, found.lufs.most, "ink-sound")
    if lufs is not None:
        plot.level(lufs, f"over all {minus(lufs)} LUFS")
    notes = ["Full scale says nothing about decibels at an ear: the room's amplifier decides"]
    if peak is None:
        notes.insert(
            0, "The garment plays no sound of its own: this is the recording as it was given, and not limited"
        )
    else:
        guard = sound.get("guard", {})
        times, took = guard.get("howls", 0), guard.get("limiter_db", 0.0)
        notes.insert(
            0,
            f"The feedback guard stepped in {'once' if times == 1 else f'{times} times' if times else 'never'}",
        )
        notes.insert(0, f"The limiter took {f'{took:.1f} dB at most' if took >= 0.05 else 'nothing'}")
    return section("Loudness", tag("p", said), plot.svg(), tag("p", ". ".join(notes), ".", class_="note"))


def _hertz(low: float, high: float) -> str:
    return f"{low:g}–{high:g} Hz" if high < 1000 else f"{low / 1000:g}–{high / 1000:g} kHz"


def _whole(high: float) -> list[float]:
    step = max(1, round(high / 6))
    return [float(n) for n in range(0, int(high) + 1, step)]
