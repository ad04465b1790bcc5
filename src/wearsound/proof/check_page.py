"""The page of a check: what was expected, what is, and the difference, for somebody who cannot run it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from wearsound.errors import WearsoundError, reason
from wearsound.folders import write_or_say
from wearsound.proof import side_by_side
from wearsound.proof.curves import gauge
from wearsound.proof.findings import Judgement
from wearsound.proof.page import Html, document, join, section, table, tag
from wearsound.proof.page_parts import head, verdict
from wearsound.proof.verdict import Result, Verdict

INDEX = "index.html"
_OURS = b'name="generator" content="wearsound '
"""Near the top of every page of ours."""
MOST_LINES = 40
"""Single differences that are listed of a layer."""
_WORDS = {
    "exact": ("exact", "good"),
    "within": ("within tolerance", "good"),
    "differs": ("differs", "bad"),
    "missing": ("missing", "bad"),
    "bad": ("cannot be read", "bad"),
}


def refuse_other(to: Path) -> None:
    """WearsoundError where the page would replace an index.html that is none of ours: to be asked before a render."""
    path = to / INDEX
    try:
        ours = not path.exists() or _OURS in path.read_bytes()[:4096]
    except OSError as error:
        raise WearsoundError(
            f"{path} cannot be read ({reason(error)}): name another folder with --report"
        ) from error
    if not ours:
        raise WearsoundError(
            f"{path} is no page of wearsound: move it away, or name another folder with --report"
        )


def check_page(to: Path, results: Sequence[Result]) -> Path:
    """Write index.html into the folder `to`, pictures inside; its path, or a WearsoundError if it cannot be written."""
    refuse_other(to)
    path = to / INDEX
    write_or_say(path, checked(results).encode(), "name another folder with --report")
    return path


def checked(results: Sequence[Result]) -> str:
    """The page."""
    judgement = _judged(results)
    names = [f"s{number}" for number in range(len(results))]
    rows = [_row(result, name) for result, name in zip(results, names, strict=True)]
    odd = [(result, name) for result, name in zip(results, names, strict=True) if not result.exact]
    return document(
        judgement.word,
        head("check", _name(results[0]) if len(results) == 1 else f"{len(results)} shows", _about(results)),
        verdict(judgement),
        section("Each show", table(rows, ("", "", "tolerance used", "")), class_="long"),
        *(_details(result, name) for result, name in odd),
    )


def _judged(results: Sequence[Result]) -> Judgement:
    n, bad = len(results), [result for result in results if not result.good]
    shows = f"{n} show{'s' * (n != 1)}"
    if bad:
        word = f"{len(bad)} of {shows} differ{'s' * (len(bad) == 1)}" if n > 1 else "Not the same"
        return Judgement(False, word, "; ".join(f"{_name(result)}: {result.lines[0]}" for result in bad[:5]))
    if not results:
        return Judgement(None, "Nothing was checked", "There was no show to compare.")
    if all(result.exact for result in results):
        return Judgement(True, "The same, to the bit", f"Every layer of {shows} is what it was.")
    used = max(result.used for result in results)
    said = f"{shows} within what may differ where it is made elsewhere; at most {used:.0%} of a tolerance was used."
    return Judgement(True, "The same within tolerance", said)


def _about(results: Sequence[Result]) -> str:
    now = next((result.now for result in results if result.now), {})
    return ", ".join(f"{name} {version}" for name, version in now.items()) or "nothing was rendered"


def _row(result: Result, name: str) -> tuple[object, ...]:
    word, ink = ("the same", "good") if result.exact else ("within tolerance", "good")
    if not result.good:
        worst = next(verdict for verdict in result.verdicts if not verdict.good)
        word, ink = _WORDS[worst.kind]
    link = _name(result) if result.exact else tag("a", _name(result), href=f"#{name}")
    said = result.said if result.good else result.lines[0]
    return link, tag("span", word, class_=ink), _used(result.used, good=result.good), said


def _details(result: Result, name: str) -> Html:
    title = tag("span", f"{_name(result)}", id=name)
    made = f"Golden of {result.date}: {result.reason}" if result.reason else f"{result.what} {result.folder}"
    parts: list[Html] = [tag("p", made, class_="note"), _layers(result.verdicts)]
    if result.curves:
        parts.append(
            tag(
                "p",
                "In the curves below what was expected is dashed, and where they part is shaded.",
                class_="note",
            )
        )
    for verdict_ in result.verdicts:
        if verdict_.kind == "exact":
            continue
        inside = [_lines(verdict_), side_by_side.curves(result.curves, verdict_.layer)]
        if verdict_.layer == "picture" and result.expected is not None and result.actual is not None:
            inside.append(side_by_side.pictures(result.expected, result.actual))
        if any(inside):
            parts.append(join([tag("h3", verdict_.layer), *inside]))
    return tag("section", tag("h2", title), *parts, _versions(result), class_="long")


def _layers(verdicts: Sequence[Verdict]) -> Html:
    rows = []
    for each in verdicts:
        word, ink = _WORDS[each.kind]
        count = f"{each.changed:,} of {each.of:,}" if each.of else ""
        said = "" if each.said == word else each.said.removeprefix("differs: ")
        rows.append(
            (each.layer, tag("span", word, class_=ink), _used(each.used, good=each.good), count, said)
        )
    return table(rows, ("layer", "", "tolerance used", "changed", ""))


def _used(used: float, *, good: bool) -> object:
    """A tolerance is no matter where nothing differs."""
    if not used:
        return ""
    words = f"{used:.0%}" if used <= 10 else "far over"
    return tag(
        "span",
        gauge(used, f"{words} of the tolerance", good),
        tag("span", f" {words}", class_="note"),
        class_="used",
    )


def _lines(verdict_: Verdict) -> Html:
    """The single differences, where the verdict's sentence does not say it all."""
    if len(verdict_.lines) < 2:
        return Html("")
    shown = "\n".join(verdict_.lines[:MOST_LINES])
    left = len(verdict_.lines) - MOST_LINES
    return tag("pre", f"{shown}\n... and {left} more" if left > 0 else shown)


def _versions(result: Result) -> Html:
    rows = [
        (name, result.was.get(name, "not there"), result.now.get(name, "not there"))
        for name in sorted({*result.was, *result.now})
        if result.was.get(name) != result.now.get(name)
    ]
    if not rows:
        return Html("")
    return join([tag("h3", "versions"), table(rows, ("", "then", "now"))])


def _name(result: Result) -> str:
    return result.title or result.folder.name or str(result.folder)
