"""Render again what a render or a golden was made of, or what a take recorded, and judge what came of it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wearsound.errors import MissingError
from wearsound.garment.sewn import sewn
from wearsound.outputs.record.content import file_digest
from wearsound.outputs.record.folder import SHOW
from wearsound.outputs.record.layer_files import FILES, spoilt
from wearsound.outputs.record.report import read_report
from wearsound.outputs.record.show_file import TAKE, changed, locate, read_show, unmet
from wearsound.outputs.record.take_folder import FACTS, read_facts
from wearsound.proof.fingerprint import elsewhere
from wearsound.proof.golden import about, is_golden, refuse_spoilt
from wearsound.proof.judge import Side, curves, judge
from wearsound.proof.verdict import Curve, Result, Verdict, What
from wearsound.show.load import load
from wearsound.show.render import render
from wearsound.show.replay import shows_of
from wearsound.show.supplies import budgets_of
from wearsound.show.take import changes, load_take
from wearsound.sources.take import BEGUN_WITHIN, TakeSource, not_kept

Progress = Callable[[float], None]
VIBRATION = FILES["vibration"][0]


@dataclass(frozen=True, slots=True)
class Again:
    """What lies in `folder` (`what` it is, its facts `before`), and its whole render `after`.

    `files` are lines about files that are not what they were, `unsaid` about sound that a take does not keep;
    `expect` is what a person expects of the facts.
    """

    folder: Path
    what: What
    title: str
    before: Side
    after: Side
    files: tuple[str, ...] = ()
    unsaid: tuple[str, ...] = ()
    expect: Mapping[str, Any] | None = None


def check(
    folder: str | Path,
    *,
    sketch: str | Path | None = None,
    progress: Progress | None = None,
    strict: bool = False,
    tolerant: bool = False,
    keep: str | Path | None = None,
    drawn: bool = False,
) -> Result:
    """What became of a render, a golden or a take.

    Made by the same Python, NumPy, machine ... as here, it must be the same to the bit; made elsewhere, within
    tolerance (`proof.tolerance`). `strict` asks for the bit everywhere, `tolerant` nowhere. `keep` is a folder that
    is not there yet: the render is left in it. `drawn`: with curves for a page.
    MissingError or PatchError where there is nothing to compare, or a file of the show is gone or wrong.
    """
    with ExitStack() as tidy:
        if keep is None:
            there = Path(tidy.enter_context(tempfile.TemporaryDirectory(prefix="wearsound-check-")))
        to = Path(keep) if keep is not None else there / "again"
        again = play_again(folder, to, sketch=sketch, progress=progress)
        return weigh(again, strict=strict, tolerant=tolerant, kept=keep is not None, drawn=drawn)


def play_again(
    folder: str | Path, to: Path, *, sketch: str | Path | None = None, progress: Progress | None = None
) -> Again:
    """Render what lies in `folder` into `to`."""
    place = Path(folder)
    if (place / TAKE).is_file():
        return _play_take(place, to, sketch, progress)
    file = read_show(place)
    before = read_report(place)
    golden = is_golden(place)
    if golden:
        refuse_spoilt(place, pictured=file.video)
    files = changed(file, place) + ([] if golden else spoilt(place, before.facts))
    show, given = load(place / SHOW, sketch=sketch), locate("input", file.input, place)
    shows = None
    if file.changes:
        known = {"garment": show.garment_path, "sketch": show.sketch_path, "seed": show.seed}
        words = {word: known[word] for word in file.instead} | ({"sketch": sketch} if sketch else {})
        shows = shows_of(TakeSource(given, seconds=file.seconds, changes=True), **words)
    after = render(
        show,
        given,
        to=to,
        fps=file.fps,
        size=file.size,
        seconds=file.seconds,
        start=file.start,
        frames=file.frames,
        video=file.video,
        progress=progress,
        shows=shows,
    )
    if not golden and _swapped(place, to, before.facts, after.facts):
        files.append(f"{place / VIBRATION} is not what it was when it was rendered")
    felt = [actuator.name for actuator in show.garment.actuators]
    return Again(
        place,
        "golden" if golden else "render",
        show.patch.title or show.name,
        Side(place, before.facts, _felt_then(before.facts, felt), "golden" if golden else "layers"),
        Side(to, after.facts, felt),
        tuple(dict.fromkeys(files)),
        expect=file.expect,
    )


def _swapped(place: Path, to: Path, then: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    """Whether vibration.wav is not that of a render that would be the same: its hash is also over what was told."""
    was, made = (facts.get("content", {}).get("vibration") for facts in (then, now))
    if not was or was != made or not (place / VIBRATION).is_file():
        return False
    return file_digest(place / VIBRATION) != file_digest(to / VIBRATION)


def _felt_then(facts: Mapping[str, Any], now: Sequence[str]) -> Sequence[str]:
    """The names of a render's actuators, of a garment that has others now: in no order, for one is gone or new."""
    then = facts.get("vibration", {}).get("actuators", {})
    return now if set(then) == set(now) else sorted(then)


def _play_take(place: Path, to: Path, sketch: str | Path | None, progress: Progress | None) -> Again:
    """A take's show as it was heard and lit live, and the same rendered from the take."""
    source = TakeSource(place, changes=True)
    if source.head.begun and not (place / FACTS).is_file():
        raise MissingError(
            f"{place} keeps no hashes, for {BEGUN_WITHIN}; `wearsound take play {place}` plays it"
        )
    show = load_take(source, sketch=sketch)
    shows = shows_of(source, sketch=sketch) if source.turns else None
    before = read_facts(place)
    budgets = budgets_of(before.get("supplies", {}), sewn(show.garment).n_pixels, str(place / FACTS))
    after = render(show, place, to=to, video=False, progress=progress, budgets=budgets, shows=shows)
    felt = [actuator.name for actuator in show.garment.actuators]
    return Again(
        place,
        "take",
        show.patch.title or show.name,
        Side(place, before, felt, "hashes"),
        Side(to, after.facts, felt),
        tuple(changes(source)),
        (not_kept(source.silent),) if source.silent else (),
    )


def weigh(
    again: Again, *, strict: bool = False, tolerant: bool = False, kept: bool = False, drawn: bool = False
) -> Result:
    """The result of what was rendered again; `kept`: the render stays where it is."""
    was, now = again.before.facts.get("versions", {}), again.after.facts["versions"]
    apart = elsewhere(was, now)
    allowed = not strict and (tolerant or bool(apart))
    verdicts = judge(again.before, again.after, tolerant=allowed)
    if again.unsaid and not all(verdict.good for verdict in verdicts):
        verdicts.insert(0, Verdict("files", "differs", again.unsaid[0], lines=again.unsaid))
    if again.files:
        verdicts.insert(0, Verdict("files", "differs", again.files[0], lines=again.files))
    missed = tuple(unmet(again.expect or {}, again.after.facts))
    if again.expect:
        said = missed[0] if missed else "exact"
        verdicts.append(Verdict("expect", "differs" if missed else "exact", said, lines=missed))
    if apart and not all(verdict.good for verdict in verdicts):
        verdicts.append(Verdict("versions", "differs", apart[0], lines=tuple(apart)))
    reason, date = about(again.folder) if again.what == "golden" else ("", "")
    shown: tuple[Curve, ...] = ()
    if drawn and again.before.holds != "hashes":
        shown = curves(again.before, again.after)
    return Result(
        again.folder,
        again.what,
        tuple(verdicts),
        title=again.title,
        elsewhere=bool(apart),
        was=was,
        now=now,
        reason=reason,
        date=date,
        expected=again.folder,
        actual=again.after.folder if kept else None,
        actuators=tuple(again.after.actuators),
        curves=shown,
        code=0 if all(verdict.good for verdict in verdicts) else 1,
    )
