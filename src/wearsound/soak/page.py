"""A soak as soak.json, and as a page: memory over time, what broke when, and how near each limit came."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from wearsound.folders import write_whole
from wearsound.proof.curves import Plot, round_marks
from wearsound.proof.findings import Judgement
from wearsound.proof.page import Html, document, section, table, tag
from wearsound.proof.page_parts import foot, head, verdict
from wearsound.soak.judge_light import FLASHES
from wearsound.soak.judge_sound import PEAK
from wearsound.soak.judge_touch import DUTY
from wearsound.soak.night import Night
from wearsound.soak.outcome import Judged, Outcome, lasts
from wearsound.soak.steady import Steady

LIMITS = {
    "flashes": ("flashes in any second", f"{FLASHES}"),
    "mA": ("mA of light and controller", "the rig's"),
    "dBTP": ("true peak, dBTP", f"{PEAK:g}"),
    "holds ms": ("ms that a frame of vibration holds", "250"),
} | {f"duty {seconds:g} s": (f"duty over {seconds:g} s", f"{most:g}") for seconds, most in DUTY.items()}


def write(night: Night, to: Path) -> Path:
    """Write both, and what the show said, into the folder `to`, which is made: the page's path. OSError if not."""
    to.mkdir(parents=True, exist_ok=True)
    told = to / "soak.json"
    write_whole(told, (json.dumps(night.as_json(), indent=1) + "\n").encode())
    write_whole(to / "said.txt", night.log.encode())
    page = to / "soak.html"
    write_whole(page, _page(night, told).encode())
    return page


def _page(night: Night, told: Path) -> str:
    faults = night.faults
    word = "Fault" if faults else "Good"
    said = (
        "; ".join(faults)
        if faults
        else "It lived, kept every limit, and takes no more of its machine than before."
    )
    parts = [
        head("soak", night.title, "a show with virtual devices, watched from outside"),
        verdict(Judgement(not faults, word, said)),
        _memory(night.steady) if night.steady is not None else Html(""),
        _broken(night.chaos) if night.chaos is not None else Html(""),
        _limits(night.judged),
        foot(told, {}),
    ]
    return document(f"{night.title}: {word.lower()}", *parts)


def _memory(steady: Steady) -> Html:
    times = np.array([size.when for size in steady.sizes])
    times -= times[0]
    mib = np.array([size.mib for size in steady.sizes])
    low, high = float(mib.min()), float(mib.max())
    room = max(2.0, 0.2 * (high - low))
    rise = steady.memory.rise
    plot = Plot(
        str(steady), steady.seconds, low - room, high + room, round_marks(low - room, high + room), "MiB"
    )
    plot.line(times, mib, "ink-felt")
    if np.isfinite(rise):
        plot.line(times, mib.mean() + rise * (times - times.mean()), "ink-light dashed")
    return section("Memory", tag("p", f"{steady}."), plot.svg())


def _broken(chaos: Outcome) -> Html:
    plan = tag("pre", "\n".join(str(fault) for fault in chaos.plan))
    return Html(
        section("Chaos", tag("p", f"{chaos}."), _timeline(chaos)) + section("What broke", plan, class_="long")
    )


def _limits(judged: Judged) -> Html:
    worst = [
        (LIMITS[name][0], f"{value:.3g}", LIMITS[name][1])
        for name, value in sorted(judged.worst.items())
        if name in LIMITS
    ]
    codes = [(code, times) for code, times in sorted(judged.codes.items())]
    breaches = [(each.limit, each.said, f"{each.when:.1f} s") for each in judged.breaches]
    parts = [
        section("Limits, by a judge outside", tag("p", f"{judged}."), table(worst, ("", "at most", "limit")))
    ]
    if breaches:
        parts.append(section("Broken", table(breaches, ("", "what", "when"))))
    if codes:
        parts.append(section("Faults that it told of", table(codes, ("code", "times"))))
    return Html("".join(parts))


def _timeline(chaos: Outcome) -> Html:
    """How many faults lasted at each moment."""
    whole = max(lasts(chaos.plan), 1.0)
    times = np.arange(0.0, whole, 0.25)
    at = np.array([sum(fault.at <= when < fault.end for fault in chaos.plan) for when in times], np.float64)
    high = float(at.max(initial=1.0))
    plot = Plot("How many faults lasted at once.", whole, 0.0, high, round_marks(0.0, high), "faults")
    plot.steps(times, at, "ink-red", filled=True)
    return plot.svg()
