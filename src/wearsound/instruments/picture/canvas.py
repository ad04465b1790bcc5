"""`c`, what a sketch draws on: a pen, layers, fields of numbers, light and film."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from wearsound import chance
from wearsound.core import U8
from wearsound.gallery import suggest
from wearsound.instruments.picture import brush, inks, sheen
from wearsound.instruments.picture.inks import Colour, Ink
from wearsound.instruments.picture.lattice import Lattice
from wearsound.instruments.picture.pen import Pen, given


class Canvas(Pen):
    """A picture `width` by `height` pixels, the origin at the top left. What is drawn stays until covered.

    Places and sizes are in pixels; `c.unit` is 1 at 720 lines, so sizes times `c.unit` look the same
    at any size. A colour is a name (also `c.ember`), "#rrggbb", (L, C, h), whole-number RGB or a
    grey. `palette` is the patch's five colours, `ground` the first of them at night, `dyed` whether
    the patch gave them or they are the house's. [main thread of the process that shows it]
    """

    def __init__(
        self, size: tuple[int, int], seed: int = 0, palette: Sequence[Colour] = (), clear: bool = False
    ) -> None:
        import pygame

        self.width, self.height = size
        self.unit = self.height / 720
        self.seed = seed
        super().__init__(pygame.Surface(size, pygame.SRCALPHA if clear else 0, 32))
        self.palette = tuple(inks.ink(colour) for colour in palette)
        self.dyed = False
        self.ground = inks.at_night(self.palette[0] if palette else "indigo")
        self.noise = Lattice(seed)
        self._stretch: tuple[Any, Any] | None = None

    def __getattr__(self, name: str) -> Ink:
        if name in inks.NAMES:
            return inks.ink(name)
        words = [word for word in dir(type(self)) if not word.startswith("_")]
        raise AttributeError(f"the canvas has no {name!r}{suggest(name, [*words, *inks.NAMES])}")

    def background(self, *colour: Any) -> None:
        """Cover everything with one colour."""
        self.surface.fill(given(colour))

    def lerp(self, a: float, b: float, amount: float) -> float:
        """The number `amount` (0..1) of the way from `a` to `b`."""
        return a + (b - a) * amount

    def map_range(self, value: float, low: float, high: float, to_low: float, to_high: float) -> float:
        """`value`, which runs from `low` to `high`, on the way from `to_low` to `to_high`."""
        return to_low if high == low else to_low + (to_high - to_low) * (value - low) / (high - low)

    def constrain(self, value: float, low: float = 0.0, high: float = 1.0) -> float:
        """`value`, but not under `low` nor over `high`."""
        return min(high, max(low, value))

    def mix(self, a: Colour, b: Colour, amount: float) -> Ink:
        """The colour `amount` (0..1) of the way from `a` to `b`."""
        return inks.mix(a, b, amount)

    def ramp(self, *stops: Any, steps: int = 256) -> U8:
        """Colours uint8 (steps, 3) through the stops, for `field` and for arrays of your own."""
        return inks.ramp(stops, steps)

    def layer(self, width: int | None = None, height: int | None = None, clear: bool = True) -> Canvas:
        """A canvas of its own to keep drawings on; see-through at first unless `clear=False`."""
        size = (round(width or self.width), round(height or self.height))
        sheet = Canvas(size, self.seed, self.palette, clear)
        sheet.dyed = self.dyed
        return sheet

    def image(
        self, layer: Canvas, x: float = 0, y: float = 0, alpha: float = 1.0, blend: str | None = None
    ) -> None:
        """Put a layer down with its top left corner at (x, y), by `blend` or else by the blend that is set."""
        import pygame

        how = self._blend if blend is None else brush.known(blend)
        flag = {"normal": 0, "add": pygame.BLEND_RGB_ADD, "multiply": pygame.BLEND_RGB_MULT}[how]
        place = self._at(x, y)
        # "None" is the quick way for a sheet that covers everything; it would blind a see-through one.
        covers = alpha >= 1 and not layer.surface.get_flags() & pygame.SRCALPHA
        layer.surface.set_alpha(None if covers else round(255 * self.constrain(alpha)))
        self.surface.blit(layer.surface, (round(place[0]), round(place[1])), special_flags=flag)

    def pixels(
        self, rgb: Any, x: int = 0, y: int = 0, width: int | None = None, height: int | None = None
    ) -> None:
        """Put colours 0..255 (rows, columns, 3), or greys (rows, columns), down with the top left corner at (x, y).

        What is beyond 0..255 is cut off there. With `width` and `height` it is stretched to that size, softly.
        """
        import pygame

        dots = np.asarray(rgb)
        if dots.dtype != np.uint8:
            dots = np.clip(dots, 0, 255).astype(np.uint8)
        if dots.ndim == 2:
            dots = np.repeat(dots[:, :, None], 3, axis=2)
        dots = np.ascontiguousarray(dots)
        if not dots.size:
            return
        sheet = pygame.image.frombuffer(dots.data, dots.shape[1::-1], "RGB")
        if width is not None or height is not None:
            size = (round(width or dots.shape[1]), round(height or dots.shape[0]))
            # Turned to 32 bits first, while it is small: the stretching is twice as fast.
            small = pygame.Surface(sheet.get_size(), 0, 32)
            small.blit(sheet, (0, 0))
            sheet = pygame.transform.smoothscale(small, size)
        self.surface.blit(sheet, (x, y))

    def grid(self, step: int = 4) -> tuple[Any, Any]:
        """Places (x, y) in pixels, each float32 (height / step, width / step), for `field`."""
        across = np.arange(math.ceil(self.width / step), dtype=np.float32) * step + step / 2
        down = np.arange(math.ceil(self.height / step), dtype=np.float32) * step + step / 2
        x, y = np.meshgrid(across, down)
        return x, y

    def field(self, values: Any, colours: Any, tooth: Any = None) -> None:
        """Cover everything with an array of numbers 0..1 (rows, columns), coloured by a ramp.

        The numbers, not the colours, are stretched to full size: edges in the ramp stay sharp.
        `tooth` int (height, width) is the roughness of the paper: added to the numbers, in 255ths.
        """
        import pygame

        table = np.asarray(colours, np.uint32)
        packed = (table[:, 0] << 16) | (table[:, 1] << 8) | table[:, 2]
        lookup = packed[np.arange(256) * len(packed) // 256]
        level = np.clip(np.asarray(values).T * 255, 0, 255).astype(np.uint32)
        small = pygame.Surface(level.shape, 0, 32)
        pygame.surfarray.blit_array(small, level)
        if self._stretch is None:
            # Fresh memory of this size costs more than the sums done in it.
            self._stretch = (
                pygame.Surface((self.width, self.height), 0, 32),
                np.empty(self.width * self.height, np.int64),
            )
        large: Any = self._stretch[0]
        index = self._stretch[1]
        pygame.transform.smoothscale(small, (self.width, self.height), large)
        # The rows of a 32-bit surface have no padding: its memory is the picture in order.
        np.bitwise_and(np.frombuffer(large.get_buffer(), np.uint32), 255, out=index)
        if tooth is not None:
            index += np.asarray(tooth).reshape(-1)
        np.take(lookup, index, out=np.frombuffer(self.surface.get_buffer(), np.uint32), mode="clip")

    def drift(self, values: Any, across: Any, down: Any) -> Any:
        """An array (rows, columns) carried along by a current given in cells: it may swirl, it never tears.

        Each place takes over what was upstream of it, mixed from the four cells there. Float32.
        """
        rows, columns = values.shape
        # A hair less than the last cell, so that its neighbour exists too.
        x = np.clip(np.arange(columns, dtype=np.float32) - across, 0, columns - 1.001).astype(np.float32)
        y = np.clip(np.arange(rows, dtype=np.float32)[:, None] - down, 0, rows - 1.001).astype(np.float32)
        left, top = np.floor(x), np.floor(y)
        x -= left
        y -= top
        at = top.astype(np.int64) * columns + left.astype(np.int64)
        flat = np.asarray(values, np.float32).ravel()
        nw, ne, sw, se = (np.take(flat, at + step) for step in (0, 1, columns, columns + 1))
        north, south = nw + (ne - nw) * x, sw + (se - sw) * x
        return north + (south - north) * y

    def fade(self, amount: float) -> None:
        """Darken everything by `amount` (0..1); `c.fade(f.dt / 2)` is gone in some two seconds."""
        import pygame

        keep = round(255 * (1 - min(1.0, max(0.0, amount))))
        self.surface.fill((keep, keep, keep), special_flags=pygame.BLEND_RGB_MULT)
        # Rounding would leave a ghost of everything for ever.
        self.surface.fill((1, 1, 1), special_flags=pygame.BLEND_RGB_SUB)

    def scroll(self, x: float, y: float) -> None:
        """Move the whole picture by whole pixels; the strip it leaves keeps its old content."""
        self.surface.scroll(round(x), round(y))

    def glow(self, x: float, y: float, radius: float, colour: Colour) -> None:
        """Add a soft lamp: light in the air, for filament cores and needle points."""
        import pygame

        self._lamp(x, y, radius, inks.ink(colour), pygame.BLEND_RGB_ADD, 0)

    def glows(self, places: Any, radii: Any, lights: Any, colour: Colour) -> None:
        """Add many small lamps of one colour at once: dust, rain, sparks.

        `places` (n, 2); `radii` in pixels, up to 64, and `lights` 0..1, numbers or (n,). The dark ones cost nothing.
        """
        import pygame

        at = np.nan_to_num(np.asarray(places, np.float64).reshape(-1, 2), nan=-1e6, posinf=-1e6, neginf=-1e6)
        a, b, c, d, e, f = self._matrix
        across, down = a * at[:, 0] + c * at[:, 1] + e, b * at[:, 0] + d * at[:, 1] + f
        size = sheen.small_sizes(np.broadcast_to(radii, len(at)) * self._size())
        level = np.broadcast_to(sheen.small_levels(lights), len(at))
        reach = sheen.SMALL[size]
        seen = (level > 0) & (abs(across - self.width / 2) < self.width / 2 + reach)
        seen &= abs(down - self.height / 2) < self.height / 2 + reach
        which = np.flatnonzero(seen)
        if not len(which):
            return
        # A quarter of a pixel counts for what is small and drifts slowly: the sprite is chosen by it.
        left, top = across[which] - reach[which], down[which] - reach[which]
        column, row = np.floor(left), np.floor(top)
        part = np.floor((left - column) * 4) + 4 * np.floor((top - row) * 4)
        sprites = sheen.small_lamps(inks.ink(colour))
        index = (size[which] * sheen.LEVELS + level[which] - 1) * 16 + part.astype(int)
        corners = zip(column.astype(int).tolist(), row.astype(int).tolist(), strict=True)
        chosen = [(sprites(one), corner) for one, corner in zip(index.tolist(), corners, strict=True)]
        self.surface.fblits(chosen, pygame.BLEND_RGB_ADD)

    def light(self, x: float, y: float, radius: float, colour: Colour, gain: float = 2.0) -> None:
        """Light what is already drawn there, as a lamp lights cloth: the weave shows, air does not."""
        import pygame

        self._lamp(x, y, radius, inks.ink(colour), pygame.BLEND_RGB_ADD, max(1, round(gain)))

    def _lamp(self, x: float, y: float, radius: float, colour: Ink, flag: int, gain: int) -> None:
        import pygame

        x, y = self._at(x, y)
        # A coarse step of radius and colour, so that a breathing lamp is found ready-made.
        reach = max(2, round(radius * self._size() / 4) * 4)
        sprite = sheen.lamp(reach, tuple(min(255, (part + 4) // 8 * 8) for part in colour))
        place = sprite.get_rect(center=(round(x), round(y)))
        if not gain:
            self.surface.blit(sprite, place, special_flags=flag)
            return
        box = place.clip(self.surface.get_rect())
        if box.width and box.height:
            patch = self.surface.subsurface(box).copy()
            patch.blit(
                sprite, (place.left - box.left, place.top - box.top), special_flags=pygame.BLEND_RGB_MULT
            )
            for _ in range(gain):
                self.surface.blit(patch, box, special_flags=flag)

    def vignette(self, amount: float = 0.5, x: float = 0.5, y: float = 0.5) -> None:
        """Darken the corners; (x, y), fractions of the size, is where it stays light."""
        import pygame

        sheet = sheen.edge((self.width, self.height), round(amount, 2), x, y)
        self.surface.blit(sheet, (0, 0), special_flags=pygame.BLEND_RGB_MULT)

    def grain(self, moment: int = 0, amount: int = 4) -> None:
        """Film grain, last of all: hides bands in the dark. Another `moment` is another grain."""
        import pygame

        tile = sheen.grain(self.seed, (self.width, self.height), amount)
        x, y = chance.uniforms(self.seed, f"canvas.grain.{moment}", 2)
        window = (round(x * 256), round(y * 256), self.width, self.height)
        self.surface.blit(tile, (0, 0), window, special_flags=pygame.BLEND_RGB_ADD)
