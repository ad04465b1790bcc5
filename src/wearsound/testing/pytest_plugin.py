"""pytest plugin: `pytest goldens/` checks every golden there, a test a layer; rendered once a folder.

It is loaded in every pytest of the machine: until a folder with a golden's files is met, or their page is asked for,
it imports nothing but the standard library.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from wearsound.proof.verdict import Result

FILES = SHOW, GOLDEN, REPORT = "show.toml", "golden.npz", "report.json"
ALSO = ("facts", "show")
"""Beside the layers: everything counted and measured, and the files and expectations of the show."""


class GoldenDiffers(Exception):
    """A layer is not what its golden says; the text is the verdict's sentence."""


class GoldenItem(pytest.Item):
    """One layer of a golden, or `facts`, or `show`: whatever else is wrong with it."""

    def runtest(self) -> None:
        """Fail with the verdict's sentences where it is not good."""
        assert isinstance(self.parent, GoldenFolder)
        layers, result = self.parent.layers, self.parent.result()
        mine = [v for v in result.verdicts if (v.layer if v.layer in layers else "show") == self.name]
        bad = [line for verdict in mine if not verdict.good for line in (verdict.lines or (verdict.said,))]
        if bad:
            raise GoldenDiffers("\n".join(bad))
        if result.what == "nothing" and self.name != "show":
            pytest.skip("it could not be played")
        for verdict in mine:
            if verdict.kind == "within":
                self.add_report_section("call", "wearsound", verdict.said)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The sentences alone: no traceback helps an artist here."""
        if isinstance(excinfo.value, GoldenDiffers):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Where it stands, as pytest says it."""
        return self.path, None, f"{self.path.parent.name}: {self.name}"


class GoldenFolder(pytest.File):
    """The show.toml of a golden, or what is left of one."""

    layers: tuple[str, ...] = ALSO
    _result: Result | None = None

    def collect(self) -> Iterator[GoldenItem]:
        """A test a layer that its report names."""
        try:
            facts = json.loads((self.path.parent / REPORT).read_text(encoding="utf-8"))["facts"]
            content = [str(name) for name in facts["content"]]
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            content = []  # the test `show` says what is wrong
        self.layers = (*content, *ALSO)
        for name in self.layers:
            yield GoldenItem.from_parent(self, name=name)

    def result(self) -> Result:
        """What became of it, rendered at the first call."""
        if self._result is None:
            os.environ.setdefault("SDL_VIDEODRIVER", "dummy")  # nobody looks
            from wearsound.proof.check import check
            from wearsound.proof.folders import checked

            to = self.config.getoption("wearsound_report")
            results = self.config.stash[RESULTS]
            keep = self.config.stash[KEPT] / str(len(results)) if to else None
            self._result = checked(
                self.path.parent,
                lambda folder: check(
                    folder, strict=self.config.getoption("wearsound_strict"), keep=keep, drawn=bool(to)
                ),
            )
            results.append(self._result)
        return self._result


RESULTS = pytest.StashKey[list["Result"]]()
KEPT = pytest.StashKey[Path]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """The two options of `wearsound check` that make sense here."""
    group = parser.getgroup("wearsound")
    group.addoption(
        "--wearsound-report",
        metavar="DIR",
        dest="wearsound_report",
        help="a page with expected, actual and difference of every golden that was checked",
    )
    group.addoption(
        "--wearsound-strict",
        action="store_true",
        dest="wearsound_strict",
        help="goldens must be the same to the bit, also where they were made elsewhere",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Room for the results, and a look at where their page goes."""
    config.stash[RESULTS] = []
    if to := config.getoption("wearsound_report"):
        from wearsound.errors import WearsoundError
        from wearsound.proof.check_page import refuse_other

        try:
            refuse_other(_page_of(to))
        except WearsoundError as error:
            raise pytest.UsageError(str(error)) from None
        config.stash[KEPT] = Path(tempfile.mkdtemp(prefix="wearsound-check-"))


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> GoldenFolder | None:
    """The first file of a golden; where one file is gone it is a golden all the same, and fails."""
    if file_path.name not in FILES:
        return None
    folder = file_path.parent
    there = [name for name in FILES if (folder / name).is_file()]
    if len(there) > 1 and file_path.name == there[0]:  # one alone may be anybody's
        from wearsound.proof.golden import about, is_golden

        if is_golden(folder) and (SHOW in there or any(about(folder))):
            return GoldenFolder.from_parent(parent, path=file_path)
    return None


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write the page."""
    to, results = session.config.getoption("wearsound_report"), session.config.stash[RESULTS]
    if to and results:
        from wearsound.proof.check_page import check_page

        check_page(_page_of(to), results)


def pytest_unconfigure(config: pytest.Config) -> None:
    """The renders were only kept for the page."""
    kept = config.stash.get(KEPT, None)
    if kept is not None:
        shutil.rmtree(kept, ignore_errors=True)


def _page_of(to: str) -> Path:
    """The folder of the page; several workers write one each."""
    return Path(to, os.environ.get("PYTEST_XDIST_WORKER", ""))
