"""The page of a check: expected, actual and difference beside each other, and the words of the verdict."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from conftest import Run
from pages import Page

from wearsound.errors import WearsoundError
from wearsound.outputs.record.png import png
from wearsound.proof.check_page import MOST_LINES, check_page, checked
from wearsound.proof.side_by_side import MOST_CURVES, MOST_PICTURES, runs
from wearsound.proof.verdict import Curve, Result, Verdict

TIMES = np.arange(100) / 10


def curve(name: str, parts_at: int | None, by: float = 1.0, layer: str = "features") -> Curve:
    """0..1 up and down; `by` higher from a value on."""
    before = np.abs(np.sin(TIMES))
    after = before.copy()
    if parts_at is not None:
        after[parts_at : parts_at + 10] += by
    return Curve(layer, name, "dB", TIMES, before, after)


def pictures(folder: Path, shades: list[int]) -> Path:
    """A render with a picture a second of one shade each."""
    (folder / "thumbs").mkdir(parents=True)
    for second, shade in enumerate(shades):
        (folder / "thumbs" / f"{second:04}.png").write_bytes(png(np.full((9, 16, 3), shade, np.uint8)))
    return folder


def result(*verdicts: Verdict, title: str = "Bass denim", **more: object) -> Result:
    return Result(Path("goldens/bass-denim"), "golden", verdicts, title, **more)  # type: ignore[arg-type]


EXACT = Verdict("features", "exact", "exact")
WITHIN = Verdict("light", "within", "within tolerance, 12% of it used: chest", 0.12, 3.0, 4, 9000)
DIFFERS = Verdict("light", "differs", "differs: first at 3.42 s, chest, 7 of 255", 4.2, 3.42, 1234, 9000)


def test_the_words_of_the_verdict_come_first() -> None:
    same = Page(checked([result(EXACT), result(EXACT, title="Kiln")]))
    assert "The same, to the bit" in same.words
    assert "Every layer of 2 shows is what it was." in same.words
    assert same.of("div", "good")
    near = Page(checked([result(EXACT, WITHIN), result(EXACT)]))
    assert "The same within tolerance" in near.words
    assert "at most 12% of a tolerance was used" in near.words
    assert "4 of 9,000" in near.words
    bad = Page(checked([result(EXACT, DIFFERS), result(EXACT, title="Kiln")]))
    assert "1 of 2 shows differs" in bad.words
    assert "Bass denim: light differs: first at 3.42 s, chest, 7 of 255" in bad.words
    assert "1,234 of 9,000" in bad.words
    assert bad.of("div", "bad")
    assert "Nothing was checked" in Page(checked([])).words


def test_what_differs_is_reached_from_the_table_and_what_is_the_same_takes_no_room() -> None:
    page = Page(checked([result(EXACT, title="Kiln"), result(EXACT, DIFFERS)]))
    (link,) = page.of("a")
    assert [each for each in page.of("span") if each.get("id") == link["href"][1:]]
    assert page.words.count("Kiln") == 1


def test_curves_show_where_they_part() -> None:
    page = Page(
        checked([result(Verdict("features", "differs", "differs"), curves=(curve("room.bass", 42),))])
    )
    assert "10 of 100 values differ, from 4.20 s on" in page.words
    (shade,) = page.of("rect", "apart")
    left, width = float(shade["x"]), float(shade["width"])
    assert (left - 66) / 880 == pytest.approx(0.42, abs=0.011)
    assert width / 880 == pytest.approx(0.10, abs=0.011)
    assert len(page.of("path", "ink-was")) == len(page.of("path", "ink-is")) == 1


def test_only_curves_that_part_are_drawn_and_the_furthest_first() -> None:
    differs = Verdict("features", "differs", "differs")
    many = tuple(curve(f"room.f{i}", 10, by=0.1 * (i + 1)) for i in range(MOST_CURVES + 2))
    together = (curve("room.same", None), curve("chest", 5, layer="light"))
    page = Page(checked([result(differs, curves=(*together, *many))]))
    assert len(page.of("svg", "plot")) == MOST_CURVES
    assert "and 2 more that part less." in page.words
    assert "room.same" not in page.words
    assert page.words.index(f"room.f{MOST_CURVES + 1}") < page.words.index(f"room.f{MOST_CURVES}")
    ended = curve("room.bass", None)
    ended.after[60:] = np.nan
    page = Page(checked([result(differs, curves=(ended,))]))
    assert "40 of 100 values differ, from 6.00 s on" in page.words


def test_pictures_lie_beside_each_other_with_eight_times_their_difference(tmp_path: Path) -> None:
    expected = pictures(tmp_path / "was", [10, 10, 10, 10])
    actual = pictures(tmp_path / "is", [10, 13, 10, 60])
    page = Page(checked([result(Verdict("picture", "differs", "differs"), expected=expected, actual=actual)]))
    assert "2 of 4 pictures differ" in page.words
    assert "difference ×8: 144 of 144 pixels, by up to 3 of 255" in page.words
    assert len(page.of("img")) == 6
    import base64
    import io

    import pygame

    three = [base64.b64decode(one["src"].partition(",")[2]) for one in page.of("img")[:3]]
    shades = [pygame.image.load(io.BytesIO(data), "x.png").get_at((0, 0))[0] for data in three]
    assert shades == [10, 13, 24]
    many = pictures(tmp_path / "many", [200] * 10)
    page = Page(checked([result(Verdict("picture", "differs", "differs"), expected=expected, actual=many)]))
    assert "6 pictures are on one side alone." in page.words
    assert len(page.of("img")) == 3 * min(4, MOST_PICTURES)


def test_lines_and_versions_are_told_and_not_without_end() -> None:
    lines = tuple(f"counts.x{i}: was 1, is 2" for i in range(MOST_LINES + 5))
    verdict = Verdict("facts", "differs", f"differ: {lines[0]}", lines=lines)
    page = Page(
        checked([result(verdict, was={"numpy": "1.9", "python": "3"}, now={"numpy": "2.4", "python": "3"})])
    )
    assert lines[MOST_LINES - 1] in page.words
    assert lines[MOST_LINES] not in page.words
    assert "... and 5 more" in page.words
    assert "numpy 1.9 2.4" in page.words


def test_a_strangers_words_stay_words(tmp_path: Path) -> None:
    evil = "</pre><script>alert(1)</script>"
    bad = Verdict("light", "differs", evil, lines=(evil, evil))
    given = Result(
        tmp_path / "<b>",
        "golden",
        (bad,),
        evil,
        reason=evil,
        date="2026-01-01",
        curves=(curve(evil, 3, layer="light"),),
    )
    page = Page(checked([given]))
    assert page.words.count(evil) >= 4


def test_the_page_is_written_whole_or_said_not_to_be(tmp_path: Path) -> None:
    path = check_page(tmp_path / "new" / "report", [result(EXACT)])
    assert path == tmp_path / "new" / "report" / "index.html"
    assert [each.name for each in path.parent.iterdir()] == ["index.html"]
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(WearsoundError, match="name another folder with --report"):
        check_page(tmp_path / "file", [result(EXACT)])


def test_a_page_of_somebody_else_s_is_not_replaced(
    wearsound: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And that is said before anything is rendered, not after."""

    def check(*_: object, **__: object) -> None:
        raise AssertionError("it was rendered")

    monkeypatch.setattr("wearsound.proof.check.check", check)
    page = tmp_path / "site" / "index.html"
    page.parent.mkdir()
    page.write_text("my site", encoding="utf-8")
    golden = Path(__file__).resolve().parent / "goldens" / "rest"
    done = wearsound("check", str(golden), "--report", "site")
    assert (done.returncode, done.stdout) == (1, "")
    assert (
        "index.html is no page of wearsound: move it away, or name another folder with --report"
        in done.stderr
    )
    with pytest.raises(WearsoundError, match="is no page of wearsound"):
        check_page(page.parent, [result(EXACT)])
    assert page.read_text(encoding="utf-8") == "my site"
    page.unlink()
    for _ in range(2):  # one of ours is
        assert check_page(page.parent, [result(EXACT)]) == page


def test_runs() -> None:
    assert runs(np.array([1, 0, 0, 1, 1], bool)) == [(0, 1), (3, 5)]
    assert runs(np.zeros(3, bool)) == []


def test_check_writes_the_page_of_a_render_that_was_changed(wearsound: Run, tmp_path: Path) -> None:
    done = wearsound("render", "bass-denim", "test:kick=120", "--to", "out", "--seconds", "1", "--no-video")
    assert done.returncode == 0, done.stderr
    assert wearsound("check", "out", "--report", "page").returncode == 0
    assert (
        "The same, to the bit" in Page((tmp_path / "page" / "index.html").read_text(encoding="utf-8")).words
    )
    show = tmp_path / "out" / "show.toml"
    text = show.read_text(encoding="utf-8")
    assert "test:kick=120" in text
    show.write_text(text.replace("test:kick=120", "test:kick=150"), encoding="utf-8")
    done = wearsound("check", "out", "--report", "page")
    assert done.returncode == 1
    page = Page((tmp_path / "page" / "index.html").read_text(encoding="utf-8"))
    assert "Not the same" in page.words
    assert page.of("rect", "apart")
