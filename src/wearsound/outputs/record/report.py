"""report.json: `facts` are the same every time and compared, `measured` is how this run went."""

from __future__ import annotations

import json
import platform
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Any, Protocol

from wearsound.errors import MissingError, PatchError
from wearsound.outputs.record.broken import BROKEN
from wearsound.outputs.record.folder import REPORT

_PACKAGES = ("wearsound", "numpy", "scipy", "pygame-ce", "soundfile", "soxr", "av")


class Layer(Protocol):
    """A part of a render that was closed: its content hash and what it counted."""

    @property
    def name(self) -> str:
        """What the layer is called in the report."""
        ...

    @property
    def digest(self) -> str:
        """Content hash."""
        ...

    def facts(self) -> dict[str, Any]:
        """Tables that are merged into the facts, or lists that are one layer's alone."""
        ...


@dataclass(frozen=True, slots=True)
class Report:
    """What a render proves. `facts` and `measured` hold JSON values only."""

    facts: dict[str, Any]
    measured: dict[str, Any] = field(default_factory=dict)
    folder: Path | None = None

    def summary(self) -> str:
        """A few lines for a person."""
        facts = self.facts
        counts = facts.get("counts", {})
        said = [f"{self.folder}:"] if self.folder else []
        said += [f"{counts[key]} {word}" for key, word in _COUNTED if key in counts]
        lines = [" ".join([said[0], ", ".join(said[1:])]) if self.folder else ", ".join(said)]
        if "flashes" in facts:
            lines.append(_light_words(facts))
        if "power" in facts:
            lines.append(_power_words(facts))
        if "vibration" in facts:
            lines.append(_vibration_words(facts["vibration"]))
        if "sound" in facts:
            lines.append(_sound_words(facts["sound"]))
        lines += [f"{digest[:16]}  {layer}" for layer, digest in facts.get("content", {}).items()]
        return "\n".join(lines)


def _light_words(facts: Mapping[str, Any]) -> str:
    found = facts["flashes"]
    said = f"most flashes in a second: {found['worst']} of a zone, {found['whole']} of the whole"
    if "quarter" in found:
        said = (
            f"most flashes in a second: {max([0, *found['zones'].values()])} of a zone, {found['whole']} of the whole, "
            f"{found['quarter']} of a quarter of it; {found['red']} red ones"
        )
    shares = facts.get("taken", {})
    taken = [
        f"{who} took {shares[key]:.1%} of the {what}"
        for key, who, what in (
            ("flash", "the flash guard", "light"),
            ("current", "the current guard", "light"),
            ("heat", "the heat cap", "heat"),
        )
        if shares.get(key)
    ]
    return "; ".join([said, *taken])


def _power_words(facts: Mapping[str, Any]) -> str:
    power = facts["power"]
    said = f"draws {power['mean_ma']:.0f} mA, at most {power['peak_ma']:.0f}"
    if "hours" in power:
        said += f": {power['hours']:g} hours of battery"
    if "over_ma" in power:
        said += f", which may be {power['over_ma']:.0f} mA more than its battery bears (most_ma)"
    warm = facts.get("warmest", {})
    return said + (f"; at most {max(warm.values()):g} C at the skin" if warm else "")


def _vibration_words(felt: Mapping[str, Any]) -> str:
    actuators, dose = felt["actuators"], felt.get("dose", {})
    count = f"{len(actuators)} actuator{'s' if len(actuators) > 1 else ''}"
    if not any(each["peak"] for each in actuators.values()):
        return f"vibration: {count}, still from beginning to end"
    name, worst = max(actuators.items(), key=lambda item: item[1]["duty_10s"])
    said = f"vibration: {count}, worst duty {worst['duty_10s']:.0%} over 10 s ({name})"
    if dose:
        said += f", {_share(dose['of_action'])} of a day's dose"
    name, worst = max(actuators.items(), key=lambda item: item[1].get("taken", 0.0))
    if worst.get("taken", 0.0) >= 0.0005:
        said += f"; duty and dose took {worst['taken']:.1%} of what was asked of {name}"
    return said


def _sound_words(sound: Mapping[str, Any]) -> str:
    said = f"sound: peak {sound['peak_db']} dB, mean {sound['mean_db']} dB"
    if sound.get("lufs") is not None:
        said += f", {sound['lufs']} LUFS"
    if "true_peak_db" in sound:
        said += f", true peak {sound['true_peak_db']} dBTP"
    guard = sound.get("guard", {})
    if guard.get("limiter_db", 0.0) >= 0.1:
        said += f"; the limiter took up to {guard['limiter_db']:.1f} dB of what is played"
    if guard.get("howls"):
        times = "once" if guard["howls"] == 1 else f"{guard['howls']} times"
        said += f"; the feedback guard stepped in {times}"
    return said


def _share(share: float) -> str:
    """A share as a person says it: "4%", "under 0.1%"."""
    if 0 < share < 0.001:
        return "under 0.1%"
    return f"{share:.1%}" if share < 0.02 else f"{share:.0%}"


_COUNTED = (
    ("hops", "hops"),
    ("room.onset", "onsets"),
    ("room.beat", "beats"),
    ("messages", "OSC messages"),
    ("light", "light frames"),
    ("frames", "pictures"),
)


def facts_of(layers: Iterable[Layer]) -> dict[str, Any]:
    """One table: a content hash a layer, everything the layers counted, and the versions at work."""
    facts: dict[str, Any] = {"content": {}, "versions": versions()}
    for layer in layers:
        facts["content"][layer.name] = layer.digest
        for key, value in layer.facts().items():
            facts[key] = {**facts.get(key, {}), **value} if isinstance(value, dict) else value
    return facts


def versions() -> dict[str, str]:
    """Python, the packages that may move a bit as installed, and what they found: machine, SIMD groups, C libraries."""
    found = {"python": platform.python_version(), "machine": platform.machine(), **_beneath()}
    for package in _PACKAGES:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return found


def _beneath() -> dict[str, str]:
    """NumPy takes other ways by processor (`NPY_DISABLE_CPU_FEATURES` moves the last bits of a logarithm)."""
    import numpy as np
    import soundfile

    simd = np.show_config(mode="dicts").get("SIMD Extensions", {})
    found = {
        "simd": " ".join(simd.get("found", [])) or "baseline",
        "libc": "-".join(platform.libc_ver()) if platform.libc_ver()[0] else platform.system(),
        "libsndfile": str(soundfile.__libsndfile_version__),
    }
    if "pygame" in sys.modules:  # a picture was drawn
        found["sdl"] = ".".join(map(str, sys.modules["pygame"].get_sdl_version()))
    return found


def write_report(folder: Path, report: Report) -> None:
    """Write report.json, keys in order."""
    table = {"facts": report.facts, "measured": report.measured}
    text = json.dumps(table, indent=2, sort_keys=True, ensure_ascii=False, allow_nan=False)
    (folder / REPORT).write_text(text + "\n", encoding="utf-8")


def read_report(folder: Path) -> Report:
    """The report of a render; MissingError if there is none, PatchError if it is not one."""
    path = folder / REPORT
    try:
        table = json.loads(path.read_text(encoding="utf-8"))
        facts = dict(table["facts"])
        for name in ("content", "versions"):
            if not isinstance(facts.get(name, {}), dict):
                raise TypeError(f"{name} is no table")
        return Report(facts, dict(table.get("measured", {})), folder)
    except FileNotFoundError as error:
        raise MissingError(
            f"{folder} holds no {REPORT}: give a folder that `wearsound render` made"
        ) from error
    except BROKEN as error:
        raise PatchError(f"{path} is not a report of wearsound ({error}): render again") from error


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """What differs between two facts, a line each; versions are named only if something else differs."""
    lines = []
    for table in sorted((set(old) | set(new)) - {"versions"}):
        was, now = old.get(table, {}), new.get(table, {})
        if isinstance(was, Mapping) and isinstance(now, Mapping):
            lines += _table_differences(table, was, now)
        elif was != now:
            lines.append(f"{table}: was {was or 'not there'}, is {now or 'not there'}")
    if lines:
        lines += _table_differences("versions", old.get("versions", {}), new.get("versions", {}))
    return lines


def _table_differences(name: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    lines = []
    for key in sorted(set(old) | set(new)):
        was, now = old.get(key), new.get(key)
        if isinstance(was, dict) and isinstance(now, dict):
            lines += _table_differences(f"{name}.{key}", was, now)
        elif was != now:
            lines.append(f"{name}.{key}: was {_short(name, was)}, is {_short(name, now)}")
    return lines


def _short(table: str, value: Any) -> str:
    if value is None:
        return "not there"
    return str(value)[:16] if table == "content" else str(value)
