"""What the docs say about features is what the ear says; links lead somewhere."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from wearsound.analysis.ear import feature_specs

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
HEAD = """# Features

What can be written after `from =` in a patch, for every lane: `room.bass` or just `bass`. A count only grows: a
route strikes each time it does. Made from the meters' own words: the tests with `WEARSOUND_WRITE_DOCS=1` write it anew.

| name | what it is | range | step |
| --- | --- | --- | --- |
"""


def features_page() -> str:
    rows = []
    for spec in feature_specs(["room"], {}):
        name = spec.name.removeprefix("room.")
        reach = "counts up" if spec.growing else f"{spec.low:g} .. {spec.high:g} {spec.unit}".strip()
        rows.append(f"| `{name}` | {spec.about} | {reach} | {spec.step:g} |\n")
    return HEAD + "".join(rows)


def test_the_features_page_is_what_the_ear_says() -> None:
    page = ROOT / "docs" / "features.md"
    if os.environ.get("WEARSOUND_WRITE_DOCS"):
        page.write_text(features_page(), encoding="utf-8")
    assert page.read_text(encoding="utf-8") == features_page()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
        if not target.startswith("http"):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
