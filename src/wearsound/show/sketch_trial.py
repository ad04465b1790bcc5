"""A sketch is tried before it is shown: some frames of quiet and loud, each parameter at both ends, in a process that
may hang, crash, leave or eat memory, and is used once.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from wearsound.errors import PatchError
from wearsound.show.aside import Aside, LeftError
from wearsound.show.rehearsal import error_of

if TYPE_CHECKING:
    from wearsound.core import Spec

LONGEST = 5.0
"""Seconds that a trial may take."""
FRAME_MS = 16.0
"""What a picture may take where sixty are shown a second."""


@dataclass(frozen=True, slots=True)
class Trial:
    """How long a frame took, ms of a processor; `note` is a sentence where that is too long for every frame, or ""."""

    ms_median: float
    ms_worst: float
    note: str = ""


class SketchTrials:
    """Keeps a process ready for the next trial, unless there is no next. `open` does not wait for it."""

    def __init__(self, longest: float = LONGEST, *, again: bool = True) -> None:
        self._longest, self._again = longest, again
        self._spare: Aside | None = None
        self._closed = False
        self._lock = threading.Lock()

    def open(self) -> None:
        """Begin to make one ready. DeviceError if it cannot be started. [any thread]"""
        with self._lock:
            if self._closed or self._spare is not None:
                return
            self._spare = Aside("wearsound.show.sketch_trial_process")
            self._spare.start()

    def try_sketch(
        self,
        path: Path,
        garment_path: Path,
        size: tuple[int, int],
        seed: int,
        palette: Sequence[object],
        features: Sequence[Spec],
        controls: Sequence[Spec],
        scenes: Sequence[str] = (),
    ) -> Trial:
        """How it draws at `size`; a PatchError with its file and line if it fails. [a thread that may wait]"""
        self.open()
        with self._lock:
            aside = self._spare
        if aside is None:
            raise PatchError(f"{path}: was not tried, for the show is over")
        wanted = {
            "sketch": str(path),
            "garment": str(garment_path),
            "size": list(size),
            "seed": seed,
            "palette": list(palette),
            "features": [asdict(spec) for spec in features],
            "controls": [asdict(spec) for spec in controls],
            "scenes": list(scenes),
            "longest": self._longest,
        }
        try:
            answer, _ = aside.ask(wanted, self._longest)
        except LeftError as left:
            what = (
                f"did not come back within {self._longest:.0f} s"
                if left.hung
                else "ended the program that drew it"
            )
            raise PatchError(f"{path}: the sketch {what}") from None
        finally:
            aside.close()
            with self._lock:
                self._spare = None
            if self._again:
                self.open()
        if "error" in answer:
            raise error_of(answer)
        return Trial(answer["median"], answer["worst"], _note(path, answer["median"]))

    @property
    def pid(self) -> int | None:
        """The number of the process that waits for the next, None where there is none."""
        spare = self._spare
        return spare.pid if spare is not None else None

    def close(self) -> None:
        """No more; twice is fine, and a trial that waits ends with an error. [any thread]"""
        self._closed = True
        with self._lock:
            spare, self._spare = self._spare, None
        if spare is not None:
            spare.close()

    def __enter__(self) -> SketchTrials:
        self.open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _note(path: Path, ms: float) -> str:
    if ms <= FRAME_MS:
        return ""
    times = max(1, int(1000 / ms))
    return (
        f"{path.name} takes {ms:.0f} ms a frame: the picture moves {times} time{'s' * (times != 1)} a second"
    )
