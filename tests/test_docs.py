"""Pages say what the program says, lead somewhere, answer the ten questions, and show the gallery as it is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from doc_blocks import PAGES, ROOT

from docs.gallery_files import STRIPS, digest, made, shows
from docs.tables import PAGES as GENERATED
from docs.tables import anew
from wearsound import gallery, load

DOCS = ROOT / "docs"
QUESTIONS = ("nothing", "silence", "late", "osc", "calibrate", "garment", "sketch", "patch", "ci", "safe")
SHOWN = re.compile(r"!\[[^\]]*\]\(([^)#\s]+)\)")
LINK = re.compile(r"\]\(([^)#\s]*)(#[^)\s]+)?\)")


def prose(page: Path) -> str:
    """A page without what stands between fences."""
    return re.sub(r"(?ms)^ *```.*?^ *```", "", page.read_text(encoding="utf-8"))


def anchors(page: Path) -> set[str]:
    """Where a link into a page may lead, as GitHub makes it of a heading."""
    found: dict[str, int] = {}
    for heading in re.findall(r"(?m)^#+ (.+)$", prose(page)):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
        slug = re.sub(r"[^\w\- ]", "", plain.strip().lower()).replace(" ", "-")
        count = found.get(slug, 0)
        found[slug] = count + 1
        if count:
            found[f"{slug}-{count}"] = 1
    return set(found)


class TestTables:
    """Generated pages and tables: `python -m docs.tables` writes them anew."""

    @pytest.mark.parametrize("name", GENERATED)
    def test_it_is_what_the_program_says(self, name: str) -> None:
        stands, ought = anew(name)
        assert stands == ought, f"docs/{name} is stale: run `python -m docs.tables`"

    def test_known_rows(self) -> None:
        for name, row in {
            "features.md": "| `bass` | ",
            "addresses.md": "| `/wear/master` | 0 .. 1 |",
            "movement.md": "| `[soundscape]` `memory` | 0 to 1 | 0.3 |",
            "patch.md": "| `ZONE.buzz_hz` | the pitch of the vibration | 20 .. 500 Hz |",
            "commands.md": "| `--garment G` | another garment: a file or a gallery name |",
            "rig.md": "| `port` | a port from 1 to 65535 |",
            "sensors.md": "| `phone.energy` | ",
        }.items():
            assert row in anew(name)[1], name

    def test_every_verb_and_every_flag_is_told(self) -> None:
        from wearsound.cli import VERBS

        page = anew("commands.md")[1]
        assert [line.removeprefix("## ") for line in page.splitlines() if line.startswith("## ")] == [*VERBS]
        assert "SUPPRESS" not in page


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for target, anchor in LINK.findall(prose(page)):
        if target.startswith(("http:", "https:", "mailto:")):
            continue
        there = (page.parent / target).resolve() if target else page
        assert there.exists(), f"{page.name}: {target}"
        if anchor and there.suffix == ".md":
            assert anchor[1:] in anchors(there), f"{page.name}: {target}{anchor}"


def test_a_link_that_leads_nowhere_would_be_found() -> None:
    assert LINK.findall("[a](b.md#c) [d](#e) ![f](g.jpg)") == [("b.md", "#c"), ("", "#e"), ("g.jpg", "")]
    page = DOCS / "stage.md"
    assert "panic-blackout-freeze-master" in anchors(page)
    assert "panic" not in anchors(page)


def test_every_picture_is_shown_on_a_page() -> None:
    shown = {
        (page.parent / target).resolve()
        for page in PAGES
        for target in SHOWN.findall(page.read_text(encoding="utf-8"))
    }
    pictures = [path for path in (DOCS / "pictures").rglob("*") if path.suffix in {".jpg", ".png"}]
    assert len(pictures) > 40
    assert [str(path.relative_to(ROOT)) for path in pictures if path not in shown] == []


def test_every_page_of_docs_is_reached_from_its_index() -> None:
    index = (DOCS / "README.md").read_text(encoding="utf-8")
    found = {target for target, _ in LINK.findall(index)}
    assert [p.name for p in sorted(DOCS.glob("*.md")) if p.name not in found | {"README.md"}] == []


class TestQuestions:
    """The ten questions of docs/README.md."""

    INDEX = (DOCS / "README.md").read_text(encoding="utf-8")
    ANSWERS = re.findall(r"(?ms)^## (\d+)\. ([^\n]+)\n(.*?)(?=^## )", INDEX)

    def test_there_are_ten(self) -> None:
        assert [int(number) for number, _, _ in self.ANSWERS] == list(range(1, 11))
        for word, (_, title, _) in zip(QUESTIONS, self.ANSWERS, strict=True):
            assert word in title.lower()

    @pytest.mark.parametrize("number", range(10), ids=QUESTIONS)
    def test_each_is_answered_shortly_by_a_command_and_a_page(self, number: int) -> None:
        _, title, answer = self.ANSWERS[number]
        lines = [line for line in answer.splitlines() if line.strip() and not line.startswith("```")]
        assert len(lines) <= 12, title
        assert "```sh\nwearsound " in answer, title
        assert ".md" in answer, title

    def test_the_front_page_leads_to_each(self) -> None:
        front = (ROOT / "README.md").read_text(encoding="utf-8")
        into = {anchor for target, anchor in LINK.findall(front) if target == "docs/README.md"}
        wanted = {f"#{slug}" for slug in anchors(DOCS / "README.md") if slug[0].isdigit()}
        assert len(wanted) == 10
        assert wanted <= into


class TestFrontPage:
    """README.md: short, a film strip, the two commands, and what cannot be tried."""

    PAGE = (ROOT / "README.md").read_text(encoding="utf-8")

    def test_it_is_short(self) -> None:
        assert len(self.PAGE.splitlines()) <= 120

    def test_it_begins_with_a_film_strip_and_the_two_commands(self) -> None:
        first, second = SHOWN.findall(self.PAGE)[0], self.PAGE.index("./dev demo ")
        assert first == "docs/pictures/strip.jpg"
        assert self.PAGE.index(first) < second < self.PAGE.index("./dev test ")
        assert len(self.PAGE[:second].splitlines()) < 20

    def test_it_says_what_needs_hardware(self) -> None:
        _, _, rest = self.PAGE.partition("## What cannot be tried without hardware\n")
        table = rest.partition("\n## ")[0]
        for thing in ("LEDs", "motors", "contact microphone", "sound card", "macOS, Windows", "medical"):
            assert thing in table


class TestGallery:
    """docs/gallery.md: after a change `.venv/bin/python docs/make_pictures.py gallery`."""

    def test_every_strip_is_of_the_files_as_they_are(self) -> None:
        now = {name: digest(show) for name, show in shows().items()}
        assert set(now) == {*gallery.files("patch"), *gallery.files("sketch")}
        assert made() == now

    def test_a_changed_file_makes_a_strip_stale(self) -> None:
        from dataclasses import replace

        show = load("salt")
        assert set(show.kept) >= {"patch", "garment", "palette", "sketch"}
        for kind, content in show.kept.items():
            assert digest(replace(show, kept={**show.kept, kind: content + b"\n"})) != digest(show), kind

    def test_strips_are_there_and_small(self) -> None:
        strips = sorted(STRIPS.glob("*.jpg"))
        assert {strip.stem for strip in strips} == set(made())
        sizes = [strip.stat().st_size for strip in strips]
        assert min(sizes) > 4_000
        assert sum(sizes) < 1_500_000

    def test_an_entry_tells_what_is_needed(self) -> None:
        page = (DOCS / "gallery.md").read_text(encoding="utf-8")
        entry = page.partition("### Low tide\n")[2].partition("\n### ")[0]
        for said in (
            "pictures/gallery/low-tide.jpg",
            "`denim-jacket`",
            "`waist`",
            "| flashes a second | 0 |",
        ):
            assert said in entry
        assert "`wearsound demo low-tide`" in entry
        assert "`wearsound run first-walk --input walk`" in page
