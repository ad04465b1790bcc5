"""The report of a take: what it proves of a night, as far as a take keeps it."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from wearsound.errors import MissingError, PatchError, WearsoundError
from wearsound.garment.document import Garment, load_garment
from wearsound.mapping.document import load_patch
from wearsound.outputs.record.broken import KINDS
from wearsound.outputs.record.show_file import TAKE
from wearsound.outputs.record.take_folder import FACTS, read_facts
from wearsound.proof.charts import loudness_words
from wearsound.proof.findings import Judgement, findings, judged, untold
from wearsound.proof.latency import lost_part
from wearsound.proof.origin import made_of, proof
from wearsound.proof.page import Html, document, section, table, tag
from wearsound.proof.page_parts import foot, head, promises, verdict
from wearsound.show.kept import file_of
from wearsound.show.take import told_of
from wearsound.sources.take import TakeSource

UNPROVED = (
    "This take keeps what came in and not what left: nothing was counted while it was live. "
    "`wearsound render` plays it and counts; a take recorded with --prove counts live."
)


def take_page(folder: Path) -> tuple[Judgement, str]:
    """The verdict on a take, and its page; a WearsoundError where it is none."""
    source = TakeSource(folder, changes=True)
    try:
        facts = read_facts(source.path)
    except MissingError:
        facts = {}
    try:
        return _page(source, facts)
    except KINDS as error:
        raise PatchError(f"{source.path / FACTS} is not what a take keeps ({error}): record again") from error


def _page(source: TakeSource, facts: Mapping[str, Any]) -> tuple[Judgement, str]:
    garment = _garment(source)
    found = findings(facts, garment.battery.most_ma if garment else None) if facts else []
    doubts = [
        f"{FACTS} does not tell of {name}: render the take."
        for name in untold(facts, garment, plays=_plays(source))
    ]
    judgement = judged(found, doubts) if facts else Judgement(None, "Not proven", UNPROVED)
    title = source.head.title or source.name
    worn = f"on {garment.title}" if garment is not None else "on a garment that is not there any more"
    parts = [
        head("report of a take", title, f"{source.duration:.1f} s live {worn}, edition {source.head.seed}"),
        verdict(judgement),
        promises(found) if found else Html(""),
        section("Latency and drops", *lost_part(source)),
        section("Loudness", tag("p", loudness_words(facts))) if facts else Html(""),
        _shows(source),
        section("Made of", made_of(told_of(source, source.begins).parts), class_="long"),
        section("Hashes and versions", proof(facts), class_="long") if facts else Html(""),
        _again(source.name, proved=bool(facts)),
        foot(source.path / (FACTS if facts else TAKE), {"note": source.note}),
    ]
    return judgement, document(f"{title}: {judgement.word.lower()}", *parts)


def _again(name: str, *, proved: bool) -> Html:
    words = [["wearsound", "render", f"../{name}", "--to", f"../{name}-film"]]
    if proved:
        words.append(["wearsound", "check", f"../{name}"])
    said = "In this folder: the same again, as a film and with curves" + (
        "; and whether it is the same to the bit:" if proved else ":"
    )
    return section("Play it again", tag("p", said), *(tag("pre", shlex.join(each)) for each in words))


def _shows(source: TakeSource) -> Html:
    if not source.turns:
        return Html("")
    rows = [(f"{at:.2f} s", told_of(source, number).title or f"show {number}") for at, number in source.turns]
    return section("It changed its show", table(rows, ("from", "show")))


def _garment(source: TakeSource) -> Garment | None:
    try:
        named = told_of(source, source.begins).parts.get("garment")
        return load_garment(file_of(source.path, source.begins, "garment", named)) if named else None
    except WearsoundError:
        return None


def _plays(source: TakeSource) -> bool:
    """Whether the show that it began with plays sound of its own."""
    try:
        named = told_of(source, source.begins).parts.get("patch")
        return named is not None and (
            load_patch(file_of(source.path, source.begins, "patch", named)).soundscape is not None
        )
    except WearsoundError:
        return False
