"""Notes, tuning and key of a lane."""

from __future__ import annotations

from typing import Any

import numpy as np

from wearsound.analysis.chroma import NAMES, SIZE, Chroma
from wearsound.analysis.key import Key
from wearsound.analysis.spectrum import THINNED
from wearsound.analysis.turns import EVERY, HARMONY, hold
from wearsound.core import F64, Block, Clock, Spec

SMOOTH_SECONDS = 0.12
REST_SECONDS = 0.4
SAID = tuple(name.replace("s", " sharp").upper().replace("SHARP", "sharp") for name in NAMES)


class Harmony:
    """Twelve note classes, the tuning they are read at, and the key they make.

    Window 341 ms of the lane thinned to 6 kHz, partials from 48 Hz to 2 kHz, every fourth hop: half of a
    new chord shows after 0.2 s. Tuning reaches back 6 s, the key 12 s. `chroma.py` and `key.py` name the
    sources. Held while the gate is shut; in silence notes glide to 0 and key and tuning are forgotten.
    """

    specs = (
        *(
            Spec(
                f"chroma_{name}",
                "",
                0.0,
                1.0,
                0.001,
                f"how much of the note {said} sounds; the strongest reads 1",
            )
            for name, said in zip(NAMES, SAID, strict=True)
        ),
        Spec(
            "tuning", "cents", -50.0, 50.0, 0.5, "how far tuned over A = 440 Hz: -32 is A = 432; 0 if unknown"
        ),
        Spec("key", "", -1.0, 11.0, 1.0, "the key's first note: 0 C, 1 C sharp .. 11 B; -1 for none"),
        Spec("key_minor", "", 0.0, 1.0, 1.0, "1 while the key is a minor one"),
        Spec("key_sure", "", 0.0, 1.0, 0.001, "how sure the key is"),
    )
    latency = 0.0

    def prepare(self, clock: Clock) -> None:
        """Find memory and tables. [main thread]"""
        self._chroma = Chroma(clock.sample_rate / THINNED)
        self._key = Key(clock.sample_rate / clock.hop / EVERY)
        self._smooth = clock.coefficient(SMOOTH_SECONDS / EVERY)
        self._rest = clock.coefficient(REST_SECONDS / EVERY)
        self.reset()

    def reset(self) -> None:
        """State to its start. [engine thread]"""
        self._chroma.reset()
        self._key.reset()
        self._notes: F64 = np.zeros(12)

    def process(self, block: Block, spectra: Any, out: F64) -> None:
        """Write (n_hops, 16) values. [engine thread]"""
        looks = spectra.looks(EVERY, HARMONY)
        before, rows = self._row(), []
        power = spectra.low_power(SIZE, EVERY, HARMONY) if looks else ()
        for hop, spectrum in zip(looks, power, strict=True):
            if spectra.gain.silence[hop]:
                self._notes -= self._rest * self._notes
                self._notes[self._notes < 1e-4] = 0.0
                self._chroma.reset()
                self._key.reset()
            elif spectra.gain.gate[hop]:
                notes = self._chroma.look(spectrum)
                self._notes += self._smooth * (notes - self._notes)
                self._key.hear(notes)
            rows.append(self._row())
        hold(out, looks, rows, before)

    def _row(self) -> list[float]:
        key = self._key
        return [*self._notes.tolist(), self._chroma.cents, float(key.tonic), float(key.minor), key.sure]
