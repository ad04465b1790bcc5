"""Render again what a render's show.toml says, or what a take recorded, and compare facts with facts."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from wearsound.errors import MissingError
from wearsound.garment.sewn import sewn
from wearsound.outputs.record.folder import SHOW
from wearsound.outputs.record.layer_files import spoilt
from wearsound.outputs.record.report import differences, read_report
from wearsound.outputs.record.show_file import TAKE, changed, locate, read_show, unmet
from wearsound.outputs.record.take_folder import FACTS, read_facts
from wearsound.show.load import load
from wearsound.show.render import render
from wearsound.show.replay import shows_of
from wearsound.show.supplies import budgets_of
from wearsound.show.take import changes, load_take
from wearsound.sources.take import BEGUN_WITHIN, TakeSource, not_kept


def check(
    folder: str | Path, *, sketch: str | Path | None = None, progress: Callable[[float], None] | None = None
) -> list[str]:
    """What differs, a line each; empty if every layer is the same to the bit.

    MissingError or PatchError where there is nothing to compare, or a file of the show is gone or wrong.
    """
    place = Path(folder)
    if (place / TAKE).is_file():
        return _check_take(place, sketch, progress)
    file = read_show(place)
    before = read_report(place)
    lines = changed(file, place) + spoilt(place, before.facts)
    show, given = load(place / SHOW, sketch=sketch), locate("input", file.input, place)
    shows = None
    if file.changes:
        known = {"garment": show.garment_path, "sketch": show.sketch_path, "seed": show.seed}
        words = {word: known[word] for word in file.instead} | ({"sketch": sketch} if sketch else {})
        shows = shows_of(TakeSource(given, seconds=file.seconds, changes=True), **words)
    with tempfile.TemporaryDirectory(prefix="wearsound-check-") as there:
        after = render(
            show,
            given,
            to=Path(there) / "again",
            fps=file.fps,
            size=file.size,
            seconds=file.seconds,
            frames=file.frames,
            video=file.video,
            progress=progress,
            shows=shows,
        )
    return lines + differences(before.facts, after.facts) + unmet(file.expect, after.facts)


def _check_take(
    place: Path, sketch: str | Path | None, progress: Callable[[float], None] | None
) -> list[str]:
    """What differs between a take's show as it was heard and lit live, and the same rendered from the take."""
    source = TakeSource(place, changes=True)
    if source.head.begun and not (place / FACTS).is_file():
        raise MissingError(
            f"{place} keeps no hashes, for {BEGUN_WITHIN}; `wearsound take play {place}` plays it"
        )
    show = load_take(source, sketch=sketch)
    shows = shows_of(source, sketch=sketch) if source.turns else None
    before = read_facts(place)
    budgets = budgets_of(before.get("supplies", {}), sewn(show.garment).n_pixels, str(place / FACTS))
    with tempfile.TemporaryDirectory(prefix="wearsound-check-") as there:
        after = render(
            show,
            place,
            to=Path(there) / "again",
            video=False,
            progress=progress,
            budgets=budgets,
            shows=shows,
        )
    found = differences(before, after.facts)
    said = [not_kept(source.silent)] if source.silent and found else []
    return changes(source) + said + found
