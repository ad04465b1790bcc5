"""What was promised to body and room, and whether a render kept it: a line each, and a verdict in plain words."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wearsound.garment.document import Garment
from wearsound.safety.dose import ACTION
from wearsound.safety.duty import LIMITS
from wearsound.safety.heat import CAP
from wearsound.safety.slots import SLOTS

SAFE = "Safe to show"
"""The word of a verdict with nothing against it."""
PEAK = -1.0
"""dBTP that nothing that is played passes (EBU R 128)."""
(_, DUTY), (_, LONG_DUTY) = LIMITS


@dataclass(frozen=True, slots=True)
class Finding:
    """One promise. `found` and `limit` in words with their units; `share` of the limit that is used, None if unknown.

    `kept` is None where nothing was counted. `said` is what the verdict says of it, a part of a sentence.
    """

    what: str
    found: str
    limit: str
    share: float | None
    kept: bool | None
    said: str = ""


@dataclass(frozen=True, slots=True)
class Judgement:
    """`safe` True, False, or None: not proven. `word` is the heading, `sentence` says why."""

    safe: bool | None
    word: str
    sentence: str


def findings(
    facts: Mapping[str, Any],
    most_ma: float | None = None,
    counted: int | None = None,
    driven: Mapping[str, Mapping[str, float]] | None = None,
) -> list[Finding]:
    """A finding for each promise that the facts speak of, light first.

    `most_ma` is what the garment's battery bears, None if that is not known. `counted` is the most flashes that its
    light.npz was found to hold, `driven` the duties of each actuator by its vibration.wav (`counted.Felt.worst`), where
    somebody looked: the larger of the two counts.
    """
    found = [
        _flashes(facts, counted),
        *_current(facts, most_ma),
        *_heat(facts),
        *_felt(facts, driven or {}),
        *_sound(facts),
    ]
    return [finding for finding in found if finding is not None]


def judged(found: Sequence[Finding], doubts: Sequence[str] = (), missed: Sequence[str] = ()) -> Judgement:
    """The verdict; `doubts` are sentences why the numbers may not be those of what lies there, `missed` what was
    expected of the show and did not come true."""
    broken = [finding.said for finding in found if finding.kept is False]
    if broken:
        return Judgement(False, "Not safe to show", f"{_capital(_listed(broken))}.")
    unknown = [f"not counted: {finding.what.lower()}" for finding in found if finding.kept is None]
    kept = [finding.said for finding in found if finding.kept and finding.said]
    so_far = f" What was counted is within its limits: {_listed(kept)}." if kept else ""
    if doubts or unknown:
        why = [*doubts, *([_capital(_listed(unknown)) + "."] if unknown else [])]
        return Judgement(None, "Not proven", " ".join(why) + so_far)
    if missed:
        return Judgement(None, "Not as expected", "; ".join(missed) + "." + so_far)
    return Judgement(True, SAFE, f"{_capital(_listed(kept))}.")


def untold(facts: Mapping[str, Any], garment: Garment | None, *, plays: bool) -> list[str]:
    """What every report of ours tells of a show, and this one does not: a layer broke off, or another hand wrote it.

    `garment` is None where it is not there any more; `plays`: the garment plays sound of its own.
    """
    actuators = [each.name for each in garment.actuators] if garment is not None else []
    heated = (
        [zone.name for zone in garment.zones if zone.fabric == "thermochromic"] if garment is not None else []
    )
    layers = ["features", "osc", "light", *(["vibration"] if actuators else []), "sound"]
    wanted = [
        *(("content", layer) for layer in layers),
        *(("flashes", "worst"), ("power", "peak_ma")),
        *(("warmest", zone) for zone in heated),
        *(("vibration", "actuators", name, key) for name in actuators for key in ("duty_10s", "duty_10min")),
        *([("vibration", "dose", "of_action")] if actuators else []),
        ("sound", "true_peak_db" if plays else "peak_db"),
    ]
    return list(dict.fromkeys(".".join(path[:2]) for path in wanted if not _told(facts, path)))


def _told(facts: Mapping[str, Any], path: Sequence[str]) -> bool:
    """Whether facts hold a number, of a layer a hash, where a path leads."""
    found: Any = facts
    for name in path:
        found = found.get(name) if isinstance(found, Mapping) else None
    return isinstance(found, str) if path[0] == "content" else _number(found) is not None


def _flashes(facts: Mapping[str, Any], counted: int | None) -> Finding:
    table = facts.get("flashes", {})
    worst = _number(table.get("worst"))
    if worst is None and counted is None:
        return Finding("Flashes", "not counted", f"{SLOTS} in any second", None, None)
    most = int(max(worst or 0, counted or 0))
    where = ""
    zones = {zone: n for zone, n in table.get("zones", {}).items() if n == most and most}
    if zones and len(zones) < len(table["zones"]):
        where = f" ({', '.join(list(zones)[:3])}{' and more' if len(zones) > 3 else ''})"
    if most <= SLOTS:
        said = (
            f"at most {most} flash{'es' * (most != 1)} in any second (limit {SLOTS})"
            if most
            else "no flash at all"
        )
    else:
        said = f"{most} flashes in one second, and the limit is {SLOTS}"
    red = _number(table.get("red"))
    of_red = f"; {red:g} red" if red else ""
    return Finding(
        "Flashes",
        f"{most} in a second{where}{of_red}",
        f"{SLOTS} in any second",
        most / SLOTS,
        most <= SLOTS,
        said,
    )


def _current(facts: Mapping[str, Any], most_ma: float | None) -> list[Finding]:
    power = facts.get("power", {})
    peak, over = _number(power.get("peak_ma")), _number(power.get("over_ma"))
    if peak is None:
        return []
    if most_ma is None and over:
        most_ma = peak - over
    if most_ma is None:
        return [Finding("Current", f"{peak:,.0f} mA at most", "the battery is not known", None, None)]
    kept = peak <= most_ma + 0.05  # the fact is rounded to a tenth
    if kept:
        said = f"up to {amperes(peak)} (the battery bears {amperes(most_ma)})"
    else:
        said = f"up to {amperes(peak)}, and the battery bears {amperes(most_ma)}"
    return [Finding("Current", f"{peak:,.0f} mA", f"{most_ma:,.0f} mA", peak / most_ma, kept, said)]


def _heat(facts: Mapping[str, Any]) -> list[Finding]:
    warm = {zone: n for zone, n in facts.get("warmest", {}).items() if _number(n) is not None}
    if not warm:
        return []
    zone, most = max(warm.items(), key=lambda item: item[1])
    kept = most <= CAP
    said = (
        f"no warmer than {most:g} °C at the skin (limit {CAP:g})"
        if kept
        else f"{most:g} °C at the skin, and the limit is {CAP:g}"
    )
    return [Finding("Warmth at the skin", f"{most:g} °C ({zone})", f"{CAP:g} °C", most / CAP, kept, said)]


def _felt(facts: Mapping[str, Any], driven: Mapping[str, Mapping[str, float]]) -> list[Finding]:
    felt = facts.get("vibration", {})
    actuators = {name: dict(of) for name, of in felt.get("actuators", {}).items()}
    for name, of in driven.items():
        told = actuators.setdefault(name, {})
        told |= {key: max(duty, _number(told.get(key)) or 0.0) for key, duty in of.items()}
    if actuators and not any(of.get("peak") or of.get("duty_10s") for of in actuators.values()):
        return [Finding("Motors", "still throughout", f"{DUTY:.0%} of 10 s", 0.0, True)]
    found = []
    for key, window, limit, short in (
        ("duty_10s", "10 s", DUTY, True),
        ("duty_10min", "10 min", LONG_DUTY, False),
    ):
        duties = {name: n for name, of in actuators.items() if (n := _number(of.get(key))) is not None}
        if not duties:
            continue
        name, most = max(duties.items(), key=lambda item: item[1])
        kept = most <= limit
        said = (
            f"motors at work for up to {most:.0%} of any {window} (limit {limit:.0%})"
            if short and most
            else ""
        )
        if not kept:
            said = f"{name} at work for {most:.0%} of {window}, and the limit is {limit:.0%}"
        busiest = f" ({name})" if most else ""
        found.append(
            Finding(f"Motor duty, {window}", f"{most:.1%}{busiest}", f"{limit:.0%}", most / limit, kept, said)
        )
    share = _number(felt.get("dose", {}).get("of_action"))
    if share is not None:
        kept = share <= 1.0
        a8 = felt["dose"].get("a8", 0.0)
        said = "" if kept else f"{share:.0%} of a day's dose of vibration"
        found.append(
            Finding(
                "Dose of a day",
                f"{percent(share)}: A(8) {a8:g} m/s²",
                f"A(8) {ACTION:g} m/s²",
                share,
                kept,
                said,
            )
        )
    return found


def _sound(facts: Mapping[str, Any]) -> list[Finding]:
    sound = facts.get("sound", {})
    peak = _number(sound.get("true_peak_db"))
    if peak is None:
        return []
    kept = peak <= PEAK
    said = (
        f"no true peak above {minus(peak)} dBTP (ceiling {minus(PEAK)})"
        if kept
        else f"a true peak of {minus(peak)} dBTP, and the ceiling is {minus(PEAK)}"
    )
    return [Finding("True peak", f"{minus(peak)} dBTP", f"{minus(PEAK)} dBTP", None, kept, said)]


def amperes(ma: float) -> str:
    """Milliamperes as a person says them."""
    return f"{ma / 1000:.2f} A" if ma >= 1000 else f"{ma:.0f} mA"


def percent(share: float) -> str:
    """A share that may be very small."""
    return "under 0.1%" if 0 < share < 0.001 else f"{share:.1%}"


def minus(value: float) -> str:
    """A number with a true minus."""
    return f"{value:g}".replace("-", "−")


def _number(value: Any) -> float | None:
    """A number that is one: JSON of another hand may hold words, and what no show has."""
    known = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    return float(value) if known else None


def _listed(parts: Sequence[str]) -> str:
    return "; ".join(part for part in parts if part)


def _capital(said: str) -> str:
    return said[:1].upper() + said[1:]
