"""The soundscape: what moves in a lane is put in as energy, sounds, and leaks out.

voices (drones, bowed, struck, grains, coat) -> the room around them -> the tape that it is kept on.
"""

from __future__ import annotations

from collections.abc import Sequence

from wearsound.core import F64, Block, Clock, Spec, index_of
from wearsound.sound import Scape


class Soundscape:
    """Plays a patch's voices at the sample rate; implements core.Instrument for the medium of sound.

    `features` and `controls` are the specs of what is heard and played; `seed` is the edition's.
    """

    specs: tuple[Spec, ...] = ()

    def __init__(
        self, scape: Scape, features: Sequence[Spec], controls: Sequence[Spec], seed: int = 0
    ) -> None:
        self._scape, self._seed = scape, seed
        self._features, self._controls = index_of(features), index_of(controls)

    def prepare(self, clock: Clock) -> None:
        """Find memory, filters and tables. [main thread]"""
        self._clock = clock

    def reset(self) -> None:
        """Silent, and nothing was heard. [engine thread]"""

    def play(self, block: Block, features: F64, controls: F64, out: F64) -> None:
        """Fill `out` (2, n_hops * hop). [engine thread]"""
        out[:] = 0.0
        for voice in self._scape.voices:
            columns = block.lanes.get(voice.lane, ())
            if columns:
                out += 0.1 * block.samples[:, columns[0]]
