"""The picture that is filmed of whatever show plays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wearsound.core import Picture
from wearsound.errors import PatchError
from wearsound.instruments.picture import open_picture
from wearsound.outputs.record.turned import TurnedPicture

if TYPE_CHECKING:
    from wearsound.show.build import Made
    from wearsound.show.load import Show


class Filmed:
    """`picture` is drawn: one that looks the same stays, another takes over the state of a sketch."""

    def __init__(self, show: Show, size: tuple[int, int], fps: int) -> None:
        self.size, self.fps = size, fps
        self._look = _look_of(show)
        self.picture = TurnedPicture(self._open(show, None))

    def learn(self, made: Made, number: int) -> None:
        """Another show plays from here on. [engine thread, which is the one that draws]"""
        now = self.picture.picture
        look = _look_of(made.show)
        if look == self._look:
            return
        try:
            self.picture.turn(self._open(made.show, now))
        except PatchError as error:  # so it was live: the last picture played on
            self.picture.troubles.append(f"{error} (the last picture plays on)")
            return
        self._look = look

    def _open(self, show: Show, before: Picture | None) -> Picture:
        return open_picture(
            show.garment_path,
            show.sketch_path,
            self.size,
            show.seed,
            self.fps,
            show.colours,
            garment_text=_text(show, "garment"),
            sketch_text=_text(show, "sketch") if show.sketch_path is not None else None,
            legacy=leave() if (leave := getattr(before, "legacy", None)) is not None else None,
        )


def _text(show: Show, kind: str) -> str | None:
    """What a file of the show held when it was read; None if that is not known: then the file itself is asked."""
    data = show.kept.get(kind)
    try:
        return data.decode() if data is not None else None
    except UnicodeDecodeError:
        return None


def _look_of(show: Show) -> tuple[object, ...]:
    """Equal looks, equal pictures. A garment's colours are its own; a sketch mixes its inks once."""
    if show.sketch_path is None:
        return show.garment.digest, show.seed
    return show.kept.get("sketch", show.sketch_path), show.seed, show.colours
