"""Rings in the cloth round every actuator that is felt: relief that the light grazes, never light of its own.

They spread from the actuator's place over its own sheet of cloth (what is sewn to it shakes with it, what lies over
it does not) and are laid on before the drape bends the picture, so that they hang with the cloth.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wearsound import chance
from wearsound.core import F64, Frame
from wearsound.garment.document import Garment
from wearsound.garment.sites import sites
from wearsound.instruments.picture.bake import Bake
from wearsound.instruments.picture.cloth import KEY, noise, smoothstep
from wearsound.instruments.picture.form import view_of
from wearsound.instruments.picture.outline import Map
from wearsound.instruments.picture.pile import NOTHING
from wearsound.instruments.picture.wake import Wake

REACH = 7.5
"""Where the last ring has faded, cm."""

FADE = 11.0
"""Threads rub: a ring would be down to 37 % this far out, cm; it fades wholly on the way to its REACH."""

SPEED, FRONT = 7.2, 40.0
"""How fast a wave travels and how fast strength does, cm a second: 60 Hz makes waves of 3.6 cm, 250 Hz of 1.8, and a
click is out before it is over."""

FINE, WIDE, CREST = 0.60, 0.40, 0.22
"""Shares of the waves themselves, of one twice as long below them that is still seen from three metres, and of light
on crests that look nowhere in particular."""

CONTRAST, MOST = 500, 100
"""Most that a slope gains where it faces the light, and that any pixel gains or loses, in 256ths of its room: itself
where it is dark, else the square of what it lacks to white, over 512. So crest to trough is less than a tenth of
full luminance however the cloth is lit, which is less than counts as a flash (WCAG 2.2, general flash)."""

LIKE = 7.3
"""Pixels a centimetre at which a cm above is a centimetre; on closer figures rings are smaller, on farther ones
larger, than cloth is (power 0.2): they must be seen whole."""

WARP = 1.14
"""Threads run down: waves run a little faster along them."""

_RINGS, _SIDES, _THREADS = 84, 10, 4
_THRICE = np.int64(0x0001_0001_0001)
_FAINT = 0.012
"""Of full strength: less than half a display level of any cloth."""


@dataclass(slots=True)
class _Place:
    """Rows and columns of the picture that an actuator's rings may reach; `look` (h, w) is an entry of the table."""

    rows: slice
    columns: slice
    look: NDArray[np.int64]


class Ripples:
    """Every actuator's rings. [main thread]"""

    def __init__(self, garment: Garment, bake: Bake, size: tuple[int, int], seed: int) -> None:
        self._wake = Wake(len(garment.actuators))
        self._places = _places(garment, bake, size, seed)
        r = (np.arange(_RINGS) + 0.5) / _RINGS * REACH
        self._ago, self._since = r / FRONT, r / SPEED
        near, far = np.asarray(smoothstep(r / 1.1)), np.asarray(smoothstep((REACH - r) / 5.5))
        self._fade: F64 = near * far * np.exp(-r / FADE) * 1.3
        side = (np.arange(_SIDES) + 0.5) / _SIDES * 2 - 1
        side = np.sign(side) * np.sqrt(np.abs(side))  # the light is soft: flanks are lit well round
        thread = 0.65 + 0.7 * (np.arange(_THREADS) + 0.5) / _THREADS
        self._graze = (side[:, None] * thread[None, :]).reshape(-1).astype(np.float32)
        self._thread = np.repeat(thread[None, :], _SIDES, axis=0).reshape(-1).astype(np.float32)
        self._table = np.zeros(_RINGS * _SIDES * _THREADS + 1, np.int64)

    def lay(self, canvas: Any, frame: Frame) -> None:
        """Lay the rings of this frame on the picture of the cloth, a surface of its size."""
        if not self._places or len(frame.touch) < len(self._places):
            return
        self._wake.follow(frame.time, frame.touch)
        if self._wake.still:
            return
        strong, turn = self._wake.at(self._ago, self._since)
        # By its root, so that a light touch is seen: most of what is felt is a third of full, and cloth is coarse.
        strong = np.sqrt(strong) * self._fade[:, None]
        moving = [one for one in np.flatnonzero(strong.max(axis=0) > _FAINT).tolist() if self._places[one]]
        if not moving:
            return
        levels = np.frombuffer(canvas.get_buffer(), np.uint8).reshape(canvas.get_height(), -1)
        for one in moving:
            place = self._places[one]
            assert place is not None
            self._relief(strong[:, one], turn[:, one])
            change = self._table.take(place.look).view(np.int16)
            part = levels[place.rows, place.columns]
            old = part.astype(np.int16)
            room = (255 - old).view(np.uint16)
            room *= room
            room >>= 9
            change *= np.minimum(room.view(np.int16), old)
            change >>= 8
            old += change
            part[:] = old
        del levels, part  # the surface stays locked as long as somebody holds its bytes

    def _relief(self, strong: F64, turn: F64) -> None:
        """How much each entry of the table gains, of 256, from strength and turn of each ring.

        16 bits for blue, for green and for red, which are the same; the fourth byte of a pixel stays as it is.
        """
        angle = turn * (2 * math.pi)
        steep = strong * (FINE * np.cos(angle) + WIDE * np.cos(angle / 2)) * CONTRAST
        crest = strong * np.sin(angle) * (CREST * CONTRAST)
        gain = steep.astype(np.float32)[:, None] * self._graze
        gain += crest.astype(np.float32)[:, None] * self._thread
        over = gain * np.float32(1 / MOST)
        over *= over
        over += 1
        gain /= np.sqrt(over, out=over)  # towards MOST, never there
        whole = np.rint(gain, out=gain).astype(np.int16).view(np.uint16)
        np.multiply(whole.reshape(-1), _THRICE, out=self._table[:-1])


def _places(garment: Garment, bake: Bake, size: tuple[int, int], seed: int) -> list[_Place | None]:
    """Where each actuator's rings may be; None where the picture does not show its zone."""
    found = sites(garment)
    unit = min(size[0] / 1280, size[1] / 720)
    places: list[_Place | None] = []
    maps: dict[int, tuple[Any, Map]] = {}
    for number, actuator in enumerate(garment.actuators):
        figure = int(found.figure[number])
        view = view_of(garment.figures[figure], size, seed)
        x, y = view.pixels(found.at[number])
        if figure not in maps:
            maps[figure] = _figure(bake, figure, size)
        zone, shade = maps[figure]
        sheet = _sheet(bake, zone == found.zone[number], x, y, 3.0 * view.scale)
        if not sheet:
            places.append(None)
            continue
        cm = unit * LIKE * (garment.figures[figure].scale / LIKE) ** 0.2
        reach = REACH * cm * WARP + 2
        top, bottom = max(0, math.floor(y - reach)), min(size[1], math.ceil(y + reach))
        left, right = max(0, math.floor(x - reach)), min(size[0], math.ceil(x + reach))
        where = (slice(top, bottom), slice(left, right))
        dx = (np.arange(left, right, dtype=np.float32)[None, :] + np.float32(0.5 - x)) / np.float32(cm)
        dy = (np.arange(top, bottom, dtype=np.float32)[:, None] + np.float32(0.5 - y)) / np.float32(cm)
        on = (bake.sheet[where] == sheet) & (zone[where] != NOTHING)
        look = _look(dx, dy, on, shade[where], seed, f"ring.{actuator.name}", cm)
        places.append(_cut(look, top, left))
    return places


def _cut(look: NDArray[np.int64], top: int, left: int) -> _Place | None:
    """Only the rows and columns in which there is a ring."""
    ring = look < _RINGS * _SIDES * _THREADS
    rows, columns = np.flatnonzero(ring.any(axis=1)), np.flatnonzero(ring.any(axis=0))
    if not len(rows):
        return None
    y0, y1, x0, x1 = int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1
    part = np.ascontiguousarray(look[y0:y1, x0:x1])
    return _Place(slice(top + y0, top + y1), slice(4 * (left + x0), 4 * (left + x1)), part)


def _look(dx: Map, dy: Map, on: Any, shade: Map, seed: int, name: str, cm: float) -> NDArray[np.int64]:
    """Which entry of the table each pixel takes: its ring, its side towards the light, how its thread stands out."""
    from scipy import ndimage

    start = 40 * chance.uniform(seed, name)
    # Cloth is not water: rings bend with folds and are never perfect circles.
    blur = ndimage.gaussian_filter(shade, 0.55 * cm)
    wide = ndimage.gaussian_filter(shade, 1.6 * cm)
    folds = np.clip((blur - wide) / (wide + 12), -0.4, 0.4)
    bent = noise(seed, "ring.bend", (dx + 0 * dy) / 4.0 + start, dy / 4.5)
    far = np.sqrt(dx * dx + (dy / WARP) ** 2)
    ring = far * (1 + 0.055 * bent) + 0.9 * folds * smoothstep(far / 1.5)
    size = np.sqrt(KEY[0] ** 2 + KEY[1] ** 2)
    side = -(dx * (KEY[0] / size) + dy * (KEY[1] / size)) / np.maximum(np.sqrt(dx * dx + dy * dy), 0.05)
    fine = ndimage.gaussian_filter(shade, max(1.0, 0.16 * cm))
    thread = 0.5 + 2.2 * (shade - fine) / (fine + 10)
    entry = np.clip(ring / REACH * _RINGS, 0, None).astype(np.int64)
    entry = entry * _SIDES + np.clip((side + 1) / 2 * _SIDES, 0, _SIDES - 1).astype(np.int64)
    entry = entry * _THREADS + np.clip(thread * _THREADS, 0, _THREADS - 1).astype(np.int64)
    none = _RINGS * _SIDES * _THREADS
    looks: NDArray[np.int64] = np.where(on, np.minimum(entry, none), none)
    return looks


def _figure(bake: Bake, figure: int, size: tuple[int, int]) -> tuple[Any, Map]:
    """Zone and shade (0..255) of every pixel of the picture that belongs to one figure's cloth."""
    zone = np.full((size[1], size[0]), NOTHING, np.uint16)
    shade = np.zeros((size[1], size[0]), np.float32)
    x, y, w, h = (int(n) for n in bake.boxes[figure])
    zone[y : y + h, x : x + w] = bake.index[figure] >> 11
    shade[y : y + h, x : x + w] = bake.index[figure] & 255
    return zone, shade


def _sheet(bake: Bake, mine: Any, x: float, y: float, near: float) -> int:
    """The sheet of cloth at the pixel of `mine` nearest to x, y; 0 if there is none as `near`."""
    rows, columns = np.nonzero(mine & (bake.sheet > 0))
    if not len(rows):
        return 0
    far = (columns + 0.5 - x) ** 2 + (rows + 0.5 - y) ** 2
    best = int(far.argmin())
    return int(bake.sheet[rows[best], columns[best]]) if far[best] <= near * near else 0
