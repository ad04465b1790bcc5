"""From a frame's pixels to the bytes of one target: which of them, in which order, how bright in numbers.

A frame's bytes are coded with gamma 2.2, as light.npz is. Bare LEDs are linear, so `gamma` 2.2 makes linear
light of them; 1 leaves them as they are, for receivers that correct themselves; in between and beyond it bends.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from wearsound.core import U8, Index
from wearsound.garment.colour import GAMMA, LINEAR

_LIGHT = 65_535


class LightMap:
    """`pixels` (n,) are numbers of a frame's pixels along the wire, -1 for one that stays dark.

    `order` are the channels of the receiver, such as "RGB", "GRB", "RGBW"; with W, what the three have in common is
    taken out of them and given to white, in linear light. One table look-up a byte; nothing runs pixel by pixel.
    """

    def __init__(self, pixels: Sequence[int] | Index, order: str = "RGB", gamma: float = GAMMA) -> None:
        self.pixels = np.asarray(pixels, np.intp)
        self.channels = len(order)
        self.white = "W" in order
        self.size = len(self.pixels) * self.channels
        """Bytes of a frame."""
        self.dark = bytes(self.size)
        self._lit = np.flatnonzero(self.pixels >= 0)
        self._all = len(self._lit) == len(self.pixels)
        places = ["RGBW".index(letter) for letter in order]
        if self.white:
            self._light = np.rint(LINEAR * _LIGHT).astype(np.uint16)
            out = (np.arange(_LIGHT + 1) / _LIGHT) ** (gamma / GAMMA)
            self._out = np.rint(255.0 * out).astype(np.uint8)
            self._places = np.array(places)
        else:
            self._table = np.rint(255.0 * (np.arange(256) / 255.0) ** gamma).astype(np.uint8).tobytes()
            self._plain = self._table == bytes(range(256))
            mine = self.pixels[self._lit]
            # Of three numbers a pixel, those of the wire in its order.
            self._take = (3 * mine[:, None] + np.array(places)).ravel()

    def bytes_of(self, pixels: U8) -> bytes:
        """The bytes (`size`) of a frame's `pixels` uint8 (n_pixels, 3). [engine thread]"""
        if self.white:
            return self._with_white(pixels)
        taken: U8 = np.take(pixels.reshape(-1), self._take)
        if not self._all:
            whole = np.zeros((len(self.pixels), 3), np.uint8)
            whole[self._lit] = taken.reshape(-1, 3)
            taken = whole
        raw = taken.tobytes()
        return raw if self._plain else raw.translate(self._table)

    def _with_white(self, pixels: U8) -> bytes:
        light = self._light[pixels[self.pixels[self._lit]]]
        rest = np.empty((len(light), 4), np.uint16)
        common = light.min(axis=1)
        np.subtract(light, common[:, None], out=rest[:, :3])
        rest[:, 3] = common
        whole = np.zeros((len(self.pixels), self.channels), np.uint8)
        whole[self._lit] = self._out[rest[:, self._places]]
        return whole.tobytes()
