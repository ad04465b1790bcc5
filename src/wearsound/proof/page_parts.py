"""What every report has: its head, the verdict, the table of limits, and its foot."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from wearsound.proof.curves import gauge
from wearsound.proof.findings import Finding, Judgement
from wearsound.proof.page import Html, section, table, tag


def head(what: str, title: str, about: str, image: Html | None = None) -> Html:
    """The top of a page."""
    said = tag(
        "div",
        tag("p", f"wearsound {what}", class_="eyebrow"),
        tag("h1", title),
        tag("p", about, class_="sub"),
    )
    return tag("header", said, image or "", class_=None if image else "plain")


def verdict(judgement: Judgement) -> Html:
    """The box that says it."""
    class_ = {True: "verdict good", False: "verdict bad", None: "verdict"}[judgement.safe]
    said = tag("p", judgement.sentence)
    return tag("div", tag("p", judgement.word, class_="word"), said, class_=class_, role="status")


def promises(found: Sequence[Finding]) -> Html:
    """A line each: what was found, the limit, and whether it was kept."""
    rows = []
    for finding in found:
        word, ink = {True: ("kept", "good"), False: ("passed", "bad"), None: ("not counted", "unknown")}[
            finding.kept
        ]
        bar = Html("")
        if finding.share is not None:
            bar = gauge(finding.share, f"{finding.share:.0%} of the limit", finding.kept)
        rows.append((finding.what, finding.found, finding.limit, bar, tag("span", word, class_=ink)))
    return section("Limits", table(rows, ("", "found", "limit", "how near", ""), class_="limits"))


def foot(made: Path, measured: Mapping[str, Any]) -> Html:
    """When, and what none of this promises."""
    when = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(made.stat().st_mtime))
    took, note = measured.get("times_real_time"), measured.get("note")
    quick = f", {took:g} times as quick as it plays" if isinstance(took, int | float) else ""
    return tag(
        "footer",
        tag("p", f"Made {when} (the time of {made.name}){quick}."),
        tag("p", f"While it was made: {note}.") if note else "",
        tag(
            "p",
            "These limits are counted, not certified: this is no medical certificate and no broadcaster's test. Other "
            "lamps in the room, two garments beside one another, a lamp or an amplifier that does what it was not "
            "told, and loudness at an ear are the house's to judge. Currents come from data sheets: fuse every branch.",
        ),
    )
