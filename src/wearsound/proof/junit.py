"""What was found as JUnit's XML, which every CI service shows: a suite a folder, a case a layer."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

from wearsound.errors import printable
from wearsound.folders import write_or_say
from wearsound.proof.verdict import Result


def junit(results: Sequence[Result]) -> bytes:
    """The file's bytes, UTF-8."""
    root = ElementTree.Element("testsuites", name="wearsound check")
    for result in results:
        bad = [verdict for verdict in result.verdicts if verdict.kind == "bad"]
        failed = [verdict for verdict in result.verdicts if not verdict.good and verdict.kind != "bad"]
        suite = ElementTree.SubElement(
            root,
            "testsuite",
            name=_text(str(result.folder)),
            tests=str(len(result.verdicts)),
            failures=str(len(failed)),
            errors=str(len(bad)),
        )
        for verdict in result.verdicts:
            case = ElementTree.SubElement(
                suite, "testcase", classname=_text(str(result.folder)), name=_text(verdict.layer)
            )
            if not verdict.good:
                kind = "error" if verdict.kind == "bad" else "failure"
                trouble = ElementTree.SubElement(
                    case, kind, message=_text(verdict.said), type=_text(verdict.kind)
                )
                trouble.text = _text("\n".join(verdict.lines or (verdict.said,)))
            elif verdict.kind == "within":
                ElementTree.SubElement(case, "system-out").text = _text(verdict.said)
    for key in ("tests", "failures", "errors"):
        root.set(key, str(sum(int(suite.get(key, "0")) for suite in root)))
    ElementTree.indent(root)
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def write_junit(path: Path, results: Sequence[Result]) -> None:
    """Write the file whole; a WearsoundError if it cannot."""
    write_or_say(path, junit(results), "name another file with --junit")


def _text(said: str) -> str:
    """Without what no XML may hold: names of files and titles are strangers' words."""
    return printable(said, "\n")
