"""What a window is told beside each frame: cues, sliders, lamps, and what a hand holds."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from wearsound.core import F64, Parameter
from wearsound.outputs.dress import Dress
from wearsound.outputs.slot import Told
from wearsound.show.build import Built
from wearsound.show.surroundings import Surroundings

LOCK = "/wear/tempo/lock"


class Telling:
    """Asked for each frame by the window's side of the engine. [engine thread]

    `lamps` says how OSC comes in and whether anything is sent; `recording` whether a take is kept.
    """

    def __init__(
        self,
        surroundings: Surroundings,
        lamps: Callable[[], tuple[str, str]],
        recording: Callable[[], bool] = lambda: False,
    ) -> None:
        self._surroundings = surroundings
        self._lamps = lamps
        self._recording = recording
        self._sliders: list[Parameter | None] = []
        self._values: F64 = np.zeros(0)
        self._held: F64 = np.zeros(0)

    def wear(self, dress: Dress) -> None:
        """The sliders of this dress are told from now on. [engine thread]"""
        tree = self._surroundings.tree
        self._sliders = [tree.get(slider.address) for slider in dress.sliders]
        self._values = np.zeros(len(dress.sliders))
        self._held = np.zeros(len(dress.controls))

    def __call__(self) -> Told:
        """As it is now."""
        built: Built = self._surroundings.built
        score, master = built.score, built.engine.master
        for i, parameter in enumerate(self._sliders):
            value = parameter.read() if parameter is not None and parameter.read is not None else 0.0
            self._values[i] = value if isinstance(value, int | float) else 0.0
        self._held[:] = 0.0
        self._held[list(score.held)] = 1.0
        return Told(
            lamps=self._lamps(),
            cue=score.cue,
            next_cue=score.next_cue,
            waiting=score.waiting,
            master=master.master,
            recording=self._recording(),
            locked=bool((built.engine.told.get(LOCK) or (0,))[0]),
            values=self._values,
            held=self._held,
        )
