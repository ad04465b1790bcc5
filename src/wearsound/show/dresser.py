"""Keeps a window and the screens of cloth with the show that plays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from wearsound.garment.screen import screen_pixels
from wearsound.osc.tree import Tree
from wearsound.outputs.dress import Dress
from wearsound.outputs.screen import ShownScreen
from wearsound.outputs.window import Window
from wearsound.show.build import Made
from wearsound.show.dress import dress_of
from wearsound.show.set_list import SetList
from wearsound.show.surroundings import Surroundings
from wearsound.show.telling import Telling

if TYPE_CHECKING:
    from wearsound.show.recorder import Recorder


class Dresser:
    """Dresses `window` for each show that `around` gets ready, and tells it what that show says beside its frames."""

    def __init__(
        self,
        around: Surroundings,
        window: Window,
        lamps: Callable[[], tuple[str, str]],
        recorder: Recorder,
        listed: SetList | None,
        device: str,
    ) -> None:
        self._around = around
        self._window = window
        self._listed = listed
        self._device = device
        self._dresses: dict[int, Dress] = {}
        self._telling = Telling(around, lamps, recorder.recording)
        window.telling = self._telling
        made, number = around.built.made, around.built.engine.number
        self._dresses[number] = self._dress_of(
            made, number, around.tree
        )  # the window was made with one like it
        self._show_on_cloth(made)
        self._wear(made, number)
        around.readied.append(self._dress)
        around.attached.append(self._wear)

    def _dress(self, made: Made, number: int, tree: Tree) -> None:
        """[a thread of its own]"""
        self._dresses[number] = dress = self._dress_of(made, number, tree)
        self._show_on_cloth(made)  # before the new light inherits from the old: both screens cross over
        self._window.dress(dress)

    def _show_on_cloth(self, made: Made) -> None:
        built = replace(self._around.built, made=made)
        pixels = screen_pixels(made.show.garment) if made.show.sketch_path is not None else ()
        built.light.screen = ShownScreen(self._window.shown, len(pixels)) if len(pixels) else None

    def _dress_of(self, made: Made, number: int, tree: Tree) -> Dress:
        listed = self._listed
        return dress_of(
            made.show,
            replace(self._around.built, made=made),
            tree,
            number,
            device=self._device,
            set_list=listed.titles if listed is not None and len(listed.titles) > 1 else (),
            at=listed.coming if listed is not None else 0,
        )

    def _wear(self, made: Made, number: int) -> None:
        """[engine thread]"""
        dress = self._dresses.pop(number, None)
        if dress is not None:
            self._telling.wear(dress)
