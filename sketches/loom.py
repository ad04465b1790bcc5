"""Cloth grows from a wooden reed, one pick a sixteenth: low tones left, high tones right."""

import numpy as np

from wearsound.instruments.picture.sketch import Sketch, parameter


class Loom(Sketch):
    length: float = parameter(6, 1, 12, "how far a loud thread floats over its neighbours")
    slub: float = parameter(0.5, 0, 1, "how uneven the yarn is")

    def setup(self, c):
        self.pick, self.end = max(2, round(9 * c.unit)), max(2, round(6 * c.unit))  # one thread, in pixels
        self.top, self.ends = round(84 * c.unit), c.width // self.end + 1
        self.dye = c.ramp((0.36, 0.1, 264), "madder", "persimmon", "weld", "undyed", "ice", steps=512)
        # A thread is round: light along its middle, dark where it meets the next one.
        y, self.x = np.arange(self.pick)[:, None], np.arange(self.ends * self.end)
        self.round = (0.35 + 0.65 * np.sin((y + 0.5) / self.pick * np.pi)) * (1 + 0.1 * np.sin((self.x + 2 * y) * 1.1))
        dyed = np.array(c.mix("indigo", "ice", 0.12)) * (0.4 + 0.7 * c.noise(np.arange(self.ends) * 1.7))[:, None]
        self.warp = np.repeat(dyed, self.end, axis=0) * np.sin((self.x % self.end + 0.5) / self.end * np.pi)[:, None]
        self.cloth = c.layer(len(self.x), c.height - self.top + self.pick, clear=False)
        self.cloth.background("stage")
        # The reed: a bar of wood in front of the warp that waits above it.
        self.reed = c.layer(c.width, self.top, clear=False)
        high = np.linspace(0, 1, self.top)[:, None, None]
        self.reed.pixels(self.warp * (0.1 + 0.5 * high**2))
        bar = np.linspace(0, 1, round(26 * c.unit))
        wood = c.ramp("linen", "floor", "stage")[(bar**1.5 * 255).astype(int)][:, None, :]
        grain = 0.75 + 0.4 * c.noise(np.arange(c.width) * 0.006 / c.unit, bar[:, None] * 9)
        self.reed.pixels(wood * grain[:, :, None], 0, self.top - len(bar))
        self.woven, self.place, self.quiet = 0, 0.0, 0.0
        self.loud = self.slow = np.zeros(6)
        for n in range(16):  # a fringe and a hand's width of cloth, so that the first frame is not empty
            self.weave(c, (n > 3) * (0.35 + 0.3 * np.sin(np.arange(6) * 1.3 + n * 0.5)))

    def weave(self, c, bands):
        n, k = self.woven, np.arange(self.ends)
        self.woven, self.slow = n + 1, self.slow + (bands - self.slow) * 0.3
        energy = np.interp(k / self.ends * 6, np.arange(6) + 0.5, bands) * (0.8 + 0.4 * c.noise(k * 0.3, np.full(self.ends, n * 2.3)))
        # Loud bands take more of the width, so the colours wander with the music.
        room = np.concatenate(([0], np.cumsum(0.4 + self.slow)))
        colour = self.dye[(np.interp(k / self.ends, room / room[-1], np.arange(7) / 6) * 511).astype(int)]
        # The louder, the longer the weft floats before it dives under a thread of the warp.
        floats = 2 + (energy * self.length).astype(int)
        over = ((k + (n * floats * 0.382 + 3 * c.noise(k * 0.02, np.full(self.ends, n * 0.4))).astype(int)) % floats != 0) & (energy > 0.02)
        yarn = 1 + self.slub * (c.noise(k * 0.13, np.full(self.ends, n * 0.9)) - 0.6)
        weft = np.repeat(colour * ((0.55 + 0.75 * energy) * yarn)[:, None], self.end, axis=0)
        lies = np.repeat(over, self.end)
        rise = np.convolve(lies, np.ones(self.end) / self.end, "same")[:, None]
        strip = np.where(lies[:, None], weft * (0.45 + 0.55 * rise) * self.round[:, :, None], self.warp)
        self.cloth.scroll(0, self.pick)
        self.cloth.pixels(np.clip(strip, 0, 255))

    def draw(self, c, f):
        self.loud = np.maximum(self.loud, f.bands)  # no kick between two picks is lost
        self.quiet = self.quiet + f.dt if f.silence else 0.0
        if self.quiet < 2:  # a break leaves bare warp; then the loom stands still
            self.place += f.dt * (f.tempo or 120) / 60 * 4
        while self.place >= 1:
            self.weave(c, self.loud)
            self.place, self.loud = self.place - 1, np.zeros(6)
        c.image(self.cloth, 0, self.top + round((self.place - 1) * self.pick))
        c.image(self.reed)
        c.vignette(0.6, 0.4, 0.35)
        c.grain(f.number)
