"""index.html: every recording of a folder with its verdict, and a link to its report."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from wearsound.folders import write_or_say
from wearsound.many.manifest import Manifest, Row
from wearsound.outputs.record.folder import PAGE
from wearsound.proof.curves import clock_words
from wearsound.proof.findings import SAFE, Judgement
from wearsound.proof.page import Html, document, section, table, tag
from wearsound.proof.page_parts import head, verdict

INDEX = "index.html"


def write_index(path: Path, manifest: Manifest) -> None:
    """Write the page; WearsoundError if it cannot be written."""
    write_or_say(path, index_page(manifest).encode(), "make room, and run it again")


def index_page(manifest: Manifest) -> str:
    """The page."""
    rows = manifest.recordings
    made_of = next((row.made_of for row in rows if row.made_of), {})
    files = [Path(part.file).stem for kind, part in made_of.items() if kind != "input"]
    judgement = _judged(rows)
    return document(
        judgement.word,
        head("render-all", f"{len(rows)} recording{'s' * (len(rows) != 1)}", " · ".join(files)),
        verdict(judgement),
        section("Each recording", table(map(_row, rows), ("", "plays", "", "")), class_="long"),
    )


def _judged(rows: list[Row]) -> Judgement:
    """Of the recordings that are there: nobody looked again at what was made of one that is gone."""
    there = [row for row in rows if row.state != "gone"]
    odd = [row for row in there if row.state != "done"]
    unsafe = [row for row in there if row.verdict != SAFE]
    if not there:
        return Judgement(None, "Nothing was rendered", "No recording is there any more.")
    if odd:
        named = ", ".join(row.source for row in odd[:5])
        return Judgement(
            None, f"{len(odd)} of {len(there)} are not rendered", f"{named}{' ...' * (len(odd) > 5)}"
        )
    if unsafe:
        named = ", ".join(f"{row.source} ({row.verdict.lower()})" for row in unsafe[:5])
        return Judgement(False, f"{len(unsafe)} of {len(there)} are not shown to be safe", named)
    return Judgement(True, "All are safe to show", "Each within every limit that is counted.")


def _row(row: Row) -> tuple[object, ...]:
    if row.state in ("done", "gone"):
        link: object = tag("a", row.source, href=f"{quote(row.result)}/{PAGE}")
        ink = "unknown" if row.state == "gone" else "good" if row.verdict == SAFE else "bad"
        note = "the recording is gone" if row.state == "gone" else row.note
        return link, clock_words(row.seconds, row.seconds), _word(row.verdict, ink), note
    return row.source, "", _word(row.state, "bad" if row.state == "failed" else "unknown"), row.error


def _word(said: str, ink: str) -> Html:
    return tag("span", said, class_=ink)
