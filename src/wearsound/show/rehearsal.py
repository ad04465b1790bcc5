"""A show is tried before it plays: read, made ready and played for a moment in a second process, then handed over.

What takes tens of milliseconds, and whatever may go wrong with it, is there; here is only the unpacking.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, cast

from wearsound import errors
from wearsound.errors import PatchError, WearsoundError
from wearsound.show.aside import Aside, LeftError

if TYPE_CHECKING:
    from wearsound.show.build import Made

LONGEST = 10.0
"""Seconds that a try may take."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A show as it is named, and what it will hear: the words of `load` and `make`.

    `lanes` and `sample_rate` are the source's; `remote` and `calibration` those of a take (`take.with_remote`), `hears`
    what a take or a show.toml says was heard, {} and () for none.
    """

    show: str
    lanes: Mapping[str, tuple[int, ...]]
    sample_rate: int
    garment: str | None = None
    rig: str | None = None
    sketch: str | None = None
    palette: str | None = None
    seed: int | None = None
    remote: Mapping[str, Mapping[str, tuple[float, float]]] = field(default_factory=dict)
    calibration: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    hears: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Plain words and numbers, for `json.dumps`."""
        told = asdict(self)
        for name in ("show", "garment", "rig", "sketch", "palette"):
            told[name] = None if told[name] is None else str(told[name])
        return told

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> Wanted:
        """The same again."""
        lanes = {lane: tuple(channels) for lane, channels in told["lanes"].items()}
        remote = {
            lane: {name: (low, high) for name, (low, high) in values.items()}
            for lane, values in told["remote"].items()
        }
        return cls(**{**told, "lanes": lanes, "remote": remote, "hears": tuple(told["hears"])})


class Rehearsal:
    """The second process, kept warm for as long as a show plays. `open` does not wait for it."""

    def __init__(self, longest: float = LONGEST) -> None:
        self._aside = Aside("wearsound.show.rehearsal_process", parcels=True)
        self._longest = longest

    def open(self) -> None:
        """Begin; it takes some seconds until it is warm, in which nobody waits. DeviceError if it cannot be started."""
        self._aside.start()

    def try_(self, wanted: Wanted) -> Made:
        """What plays `wanted`, from its beginning; the error that `load` or `make` would raise, with its sentence.

        A PatchError too if it cannot be played, takes too long or ends the process: that begins again for the next.
        [a thread that may wait; one at a time]
        """
        try:
            answer, made = self._aside.ask(wanted.as_json(), self._longest)
        except LeftError as left:
            self._aside.start()
            what = (
                f"was not ready within {self._longest:.0f} s"
                if left.hung
                else "ended the program that tried it"
            )
            raise PatchError(
                f"{wanted.show}: {what}; take back the last change, or make it smaller"
            ) from None
        if made is None:
            raise error_of(answer)
        return cast("Made", made)

    @property
    def pid(self) -> int | None:
        """The number of its process, None while there is none."""
        return self._aside.pid

    def close(self) -> None:
        """It goes; twice is fine, and a try that waits ends with an error. [any thread]"""
        self._aside.close()

    def __enter__(self) -> Rehearsal:
        self.open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def error_of(answer: Mapping[str, Any]) -> WearsoundError:
    """The error that an answer tells of, as it was raised there."""
    kind = getattr(errors, str(answer.get("error")), WearsoundError)
    sentence = str(answer.get("sentence", ""))
    known = isinstance(kind, type) and issubclass(kind, WearsoundError)
    return kind(sentence) if known else WearsoundError(sentence)


def told(error: WearsoundError) -> dict[str, str]:
    """An error as an answer tells it."""
    kinds: Iterable[type] = (kind for kind in type(error).__mro__ if kind.__module__ == errors.__name__)
    return {"error": next(iter(kinds)).__name__, "sentence": str(error)}


def where(error: BaseException) -> str:
    """The last line of our own or anybody's that an unforeseen error came from: "score.py:120"."""
    step = error.__traceback__
    while step is not None and step.tb_next is not None:
        step = step.tb_next
    return (
        f"{Path(step.tb_frame.f_code.co_filename).name}:{step.tb_lineno}" if step is not None else "nowhere"
    )
