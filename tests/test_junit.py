"""The XML that CI services read, with names of files that no XML may hold."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

from wearsound.proof.junit import junit, write_junit
from wearsound.proof.verdict import Result, Verdict

RESULTS = (
    Result(
        Path("goldens/a"),
        "golden",
        (
            Verdict("light", "exact", "exact"),
            Verdict("sound", "within", "within tolerance, 12% of it used", 0.12),
            Verdict("osc", "differs", "differs: first at 3.42 s, <x> & \x1b[31m", lines=("one", "two")),
        ),
        code=1,
    ),
    Result(Path("goldens/b"), "nothing", (Verdict("show", "bad", "no patch"),), code=2),
)


def test_a_suite_a_folder_and_a_case_a_layer() -> None:
    root = ElementTree.fromstring(junit(RESULTS))
    assert root.attrib == {"name": "wearsound check", "tests": "4", "failures": "1", "errors": "1"}
    first, second = root
    assert (first.get("name"), first.get("tests"), first.get("failures")) == ("goldens/a", "3", "1")
    light, sound, osc = first
    assert (light.get("name"), list(light)) == ("light", [])
    assert sound[0].text == "within tolerance, 12% of it used"
    assert osc[0].tag == "failure"
    assert osc[0].get("message") == "differs: first at 3.42 s, <x> & ?[31m"
    assert osc[0].text == "one\ntwo"
    assert second[0][0].tag == "error"


def test_it_is_written_whole(tmp_path: Path) -> None:
    write_junit(tmp_path / "deep" / "out.xml", RESULTS)
    assert (tmp_path / "deep" / "out.xml").read_bytes() == junit(RESULTS)
