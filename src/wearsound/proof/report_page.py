"""report.html: what a render proves, for whoever lets a show into a house. In plain words, with pictures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from wearsound.errors import PatchError, WearsoundError
from wearsound.folders import write_or_say
from wearsound.garment.document import Garment, load_garment
from wearsound.mapping.document import Patch, load_patch
from wearsound.outputs.record.broken import KINDS
from wearsound.outputs.record.folder import PAGE, REPORT
from wearsound.outputs.record.layer_files import spoilt
from wearsound.outputs.record.report import Report, read_report
from wearsound.outputs.record.show_file import (
    PARTS,
    ShowFile,
    changed_parts,
    is_take,
    locate,
    read_show,
    unmet,
)
from wearsound.proof import charts, counted
from wearsound.proof.findings import Judgement, findings, judged, untold
from wearsound.proof.golden import is_golden
from wearsound.proof.latency import live_part
from wearsound.proof.origin import again, made_of, proof
from wearsound.proof.page import Html, document, section, table, tag
from wearsound.proof.page_parts import foot, head, promises, verdict
from wearsound.proof.strip import poster, strip
from wearsound.proof.take_page import take_page

T = TypeVar("T")


def write_report(
    folder: Path,
    to: Path | None = None,
    progress: Callable[[float], None] | None = None,
    name: str | None = None,
) -> tuple[Judgement, Path]:
    """Write the page of a render or a take into it, or as the file `to`; the verdict, and where the page lies.

    `name` is what the folder of a render will be called, if it is yet to be moved. MissingError or PatchError where
    there is nothing to tell, WearsoundError if it cannot be written.
    """
    judgement, text = take_page(folder) if is_take(folder) else report_page(folder, progress, name)
    path = to or folder / PAGE
    write_or_say(path, text.encode(), "name another file with --to")
    return judgement, path


def report_page(
    folder: Path, progress: Callable[[float], None] | None = None, name: str | None = None
) -> tuple[Judgement, str]:
    """The verdict on a render, and its page; MissingError or PatchError where it is none."""
    if folder.is_file():
        raise PatchError(f"{folder} is a file: name the folder of a render or a take")
    report = read_report(folder)
    if is_golden(folder):
        raise PatchError(
            f"{folder} is a golden, which keeps too little for a page: render the show, report that"
        )
    file = read_show(folder)
    try:
        garment = _garment(folder, file)
        anew = _count(folder, report.facts, file, garment, progress)
        return _page(folder, report, file, garment, anew, name)
    except KINDS as error:
        raise PatchError(f"{folder / REPORT} is not a report of wearsound ({error}): render again") from error


@dataclass(frozen=True, slots=True)
class _Counted:
    """What was counted anew of each layer, or why not; None where there is no such layer."""

    seconds: float
    bands: counted.Bands | str
    light: counted.Light | str
    felt: counted.Felt | str | None
    heard: counted.Heard | str


def _page(
    folder: Path,
    report: Report,
    file: ShowFile,
    garment: Garment | None,
    anew: _Counted,
    name: str | None,
) -> tuple[Judgement, str]:
    facts, seconds = report.facts, anew.seconds
    light = anew.light if isinstance(anew.light, counted.Light) else None
    felt = anew.felt if isinstance(anew.felt, counted.Felt) else None
    found = findings(
        facts,
        garment.battery.most_ma if garment else None,
        light.worst if light else None,
        felt.worst if felt else None,
    )
    expected = unmet(file.expect, facts)
    doubts = [*_changed(folder, file), *spoilt(folder, facts)]
    patch = _patch(folder, file)
    plays = patch is not None and patch.soundscape is not None
    doubts += [
        f"{REPORT} does not tell of {name}: render again" for name in untold(facts, garment, plays=plays)
    ]
    judgement = judged(found, [f"{line}." for line in doubts], expected)
    title = (patch.title if patch is not None else "") or Path(file.patch.file).stem
    worn = garment.title if garment else Path(file.garment.file).stem
    heard_from = Path(file.input.file).name if file.input.sha256 else file.input.file
    since = f" from {file.start:g} s on" if file.start else ""
    about = f"on {worn}, to {seconds:.1f} s of {heard_from}{since}, edition {file.seed}"
    parts = [
        head("report", title, about, poster(folder)),
        verdict(judgement),
        promises(found),
        _film(folder),
        _drawn("Flashes", anew.light, lambda it: charts.flashes(it, seconds)),
        charts.current(light, felt, facts, garment, seconds),
        _drawn("Vibration", anew.felt, lambda it: charts.vibration(it, facts, seconds)),
        _drawn("Loudness", anew.heard, lambda it: charts.loudness(it, facts, seconds)),
        _drawn("What was heard", anew.bands, lambda it: charts.heard(it, facts)),
        live_part(folder, file),
        _expectations(file, expected),
        section("Made of", made_of({kind: getattr(file, kind) for kind in PARTS}), class_="long"),
        section("Hashes and versions", proof(facts), class_="long"),
        again(file, folder.with_name(name) if name else folder),
        foot(folder / REPORT, report.measured),
    ]
    return judgement, document(f"{title}: {judgement.word.lower()}", *parts)


def _count(
    folder: Path,
    facts: Mapping[str, Any],
    file: ShowFile,
    garment: Garment | None,
    progress: Callable[[float], None] | None,
) -> _Counted:
    bands = _tried(lambda: counted.bands(folder))
    seconds = bands.seconds if isinstance(bands, counted.Bands) else float(file.seconds)
    return _Counted(
        seconds,
        bands,
        _tried(lambda: counted.light(folder, seconds, progress)),
        _tried(lambda: counted.felt(folder, garment.actuators if garment else (), seconds))
        if "vibration" in facts
        else None,
        _tried(lambda: counted.heard(folder, seconds)),
    )


def _tried(count: Callable[[], T]) -> T | str:
    try:
        return count()
    except WearsoundError as error:
        return str(error)


def _drawn(title: str, found: T | str | None, draw: Callable[[T], Html]) -> Html:
    """A chart, or why there is none; nothing where there is no such layer."""
    if found is None:
        return Html("")
    if isinstance(found, str):
        return section(title, tag("p", f"Not drawn: {found}", class_="missing"))
    return draw(found)


def _film(folder: Path) -> Html:
    found = strip(folder)
    return section("The show", found) if found is not None else Html("")


def _expectations(file: ShowFile, missed: list[str]) -> Html:
    if not file.expect:
        return Html("")
    rows = [(name, str(wanted)) for name, wanted in file.expect.items()]
    said = tag("p", "; ".join(missed), class_="bad") if missed else tag("p", "All of it came true.")
    return section("Expected by whoever made it", said, table(rows, ("", "expected")))


def _garment(folder: Path, file: ShowFile) -> Garment | None:
    try:
        return load_garment(locate("garment", file.garment, folder))
    except WearsoundError:
        return None


def _changed(folder: Path, file: ShowFile) -> list[str]:
    """A sentence where the garment is another now: its battery, areas and motors are what is counted by."""
    try:
        return [f"{line} since the render" for line in changed_parts({"garment": file.garment}, folder)]
    except WearsoundError as error:
        return [str(error)]


def _patch(folder: Path, file: ShowFile) -> Patch | None:
    try:
        return load_patch(locate("patch", file.patch, folder))
    except WearsoundError:
        return None
