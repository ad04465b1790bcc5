"""What lets a show change while it plays: a set, and files that are saved. All of it happens aside.

The engine hears of another show by an event, when everything about that show is ready.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from wearsound import faults
from wearsound.core import Source
from wearsound.show.build import Made
from wearsound.show.changer import Changer, Window
from wearsound.show.last_good import files_of, keep_show
from wearsound.show.rehearsal import Rehearsal, Wanted
from wearsound.show.set_list import Entry, SetList
from wearsound.show.sketch_trial import SketchTrials
from wearsound.show.surroundings import Surroundings
from wearsound.show.watch import Watch

if TYPE_CHECKING:
    from wearsound.show.load import Show

LOST = "WS-S37"


class Tried:
    """Loads and tries shows in a second process, and their sketches in a third; implements `changer.Tries`."""

    def __init__(self, source: Source, size: tuple[int, int], hears: tuple[str, ...] = ()) -> None:
        self.rehearsal = Rehearsal()
        self.trials = SketchTrials()
        self._size = size
        self._heard = Wanted(
            hears=hears,
            show="",
            lanes=source.lanes,
            sample_rate=source.sample_rate,
            remote=getattr(source, "remote", {}),
            calibration=getattr(source, "calibration", {}),
        )

    def open(self) -> None:
        """Warm both up, aside. DeviceError if they cannot be started."""
        self.rehearsal.open()
        self.trials.open()

    def close(self) -> None:
        """Both go; twice is fine."""
        self.rehearsal.close()
        self.trials.close()

    def show(self, entry: Entry) -> Made:
        """The show of an entry, ready to play."""
        wanted = replace(
            self._heard,
            show=entry.show,
            garment=entry.garment,
            rig=entry.rig,
            sketch=entry.sketch,
            seed=entry.seed,
        )
        return self.rehearsal.try_(wanted)

    def sketch(self, made: Made) -> str:
        """What is to be said of a sketch that draws, "" for nothing; a PatchError for one that does not."""
        show = made.show
        if show.sketch_path is None:
            return ""
        trial = self.trials.try_sketch(
            show.sketch_path,
            show.garment_path,
            self._size,
            show.seed,
            show.colours,
            made.parts.ear.specs,
            made.parts.score.specs,
            [scene.name for scene in show.patch.scenes],
        )
        return trial.note


class Evening:
    """`with Evening(...)`: a set can be played, and what is saved is tried and then plays. [main thread]

    `refuse(show)` says why another show cannot be now, "" if it can. `watched` are files to look at instead of those
    that play, by kind: what was meant, where a copy plays.
    """

    def __init__(
        self,
        set_list: SetList,
        surroundings: Surroundings,
        source: Source,
        window: Window | None,
        *,
        size: tuple[int, int] = (1280, 720),
        refuse: Callable[[Show], str] = lambda show: "",
        watched: dict[str, Path] | None = None,
    ) -> None:
        self._surroundings = surroundings
        self._watched = watched or {}
        self._tried = Tried(source, size, surroundings.built.show.hears)
        self._open = ExitStack()
        self._changer = Changer(
            surroundings,
            set_list,
            self._tried,
            window=window,
            refuse=refuse,
            taken=self._taken,
        )
        self._watch = Watch(self._changed, self._lost)

    def __enter__(self) -> Evening:
        show = self._surroundings.built.show
        files = {kind: path for kind, path in files_of(show).items() if kind not in self._watched}
        self._watch.look_at({**files, **self._watched}, show.kept)
        self._open.callback(self._tried.close)
        self._changer.open()
        self._open.callback(self._changer.close)
        self._watch.open()
        self._open.callback(self._watch.close)
        return self

    def __exit__(self, *error: object) -> None:
        self._open.close()

    def _taken(self, made: Made, whole: bool) -> None:
        """[the changer's thread]"""
        self._watch.look_at(files_of(made.show), made.show.kept)
        keep_show(made.show if whole else replace(made.show, sketch_path=None))

    def _changed(self, kinds: set[str]) -> None:
        """[the watch's thread]"""
        for kind in kinds:
            faults.end(LOST, kind)
        self._changer.changed(kinds)

    def _lost(self, kind: str, path: Path, why: str) -> None:
        """[the watch's thread]"""
        faults.begin(LOST, kind, f"{path} cannot be read ({why}): the {kind} of before plays on")
