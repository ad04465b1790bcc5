"""Cloth grows from a wooden reed, one pick a sixteenth: low tones left, high tones right."""

import numpy as np

from wearsound import Sketch, parameter


class Loom(Sketch):
    length: float = parameter(6, 1, 12, "how far a loud thread floats over its neighbours")
    slub: float = parameter(0.5, 0, 1, "how uneven the yarn is")
    keeps = ("cloth", "woven", "place", "slow")  # a file that is saved goes on with this cloth

    def setup(self, c):
        self.pick, self.end = (max(2, round(size * c.unit)) for size in (9, 6))  # one thread, in pixels
        self.top, self.k = round(84 * c.unit), np.arange(c.width // self.end + 1)
        yarn = ((0.36, 0.1, 264), "madder", "persimmon", "weld", "undyed", "ice")
        self.dye = c.ramp(*((c.ground, *c.palette[1:]) if c.dyed else yarn), steps=512)
        # A thread is round: bright along its middle, dark where it meets the next one.
        end, pick = (np.sin((np.arange(n) + 0.5) / n * np.pi)[:, None] for n in (self.end, self.pick))
        warp = np.array(c.mix(c.ground, c.palette[3], 0.2)) * (0.4 + 0.7 * c.noise(self.k * 1.7))[:, None]
        self.warp = np.repeat(warp, self.end, axis=0) * np.tile(end, (len(self.k), 1))
        twist = np.sin((np.arange(len(self.warp)) + 2 * np.arange(self.pick)[:, None]) * 1.1)
        self.shade = (0.35 + 0.65 * pick) * (1 + 0.1 * twist)
        self.cloth = c.layer(len(self.warp), c.height - self.top + self.pick, clear=False)
        self.cloth.background(c.mix("stage", "pool", 0.3))
        self.reed = c.layer(c.width, self.top, clear=False)  # a bar of wood; the warp waits above it
        self.reed.pixels(self.warp * (0.1 + 0.5 * np.linspace(0, 1, self.top)[:, None, None] ** 2))
        wood = c.ramp("linen", "floor", "stage", steps=round(26 * c.unit))[:, None]
        grain = c.noise(np.arange(c.width) * 0.006 / c.unit, np.arange(len(wood))[:, None] * 0.35 / c.unit)
        self.reed.pixels(wood * (0.75 + 0.4 * grain[:, :, None]), y=self.top - len(wood))
        self.woven, self.place, self.loud, self.slow = 0, 0.0, np.zeros(6), np.zeros(6)
        for n in range(16):  # a fringe and a hand's width of cloth, so that the first frame is not empty
            self.weave(c, (n > 3) * (0.35 + 0.3 * np.sin(np.arange(6) * 1.3 + n * 0.5)))

    def weave(self, c, bands):
        n, k, across = self.woven, self.k, self.k / len(self.k)
        self.woven, self.slow = n + 1, self.slow + (bands - self.slow) * 0.3
        energy = np.interp(across * 6, np.arange(6) + 0.5, bands) * (0.8 + 0.4 * c.noise(k * 0.3, n * 2.3))
        room = np.cumsum([0, *0.4 + self.slow])  # loud bands take more of the width: the colours wander
        colour = self.dye[(np.interp(across, room / room[-1], np.arange(7) / 6) * 511).astype(int)]
        # The louder, the longer the weft floats before it dives under a thread of the warp.
        floats = 2 + (energy * self.length).astype(int)
        step = (n * floats * 0.382 + 3 * c.noise(k * 0.02, n * 0.4)).astype(int)
        over = np.repeat(((k + step) % floats != 0) & (energy > 0.02), self.end)
        light = (0.55 + 0.75 * energy) * (1 + self.slub * (c.noise(k * 0.13, n * 0.9) - 0.6))
        rise = 0.45 + 0.55 * np.convolve(over, np.ones(self.end) / self.end, "same")
        weft = np.repeat(colour * light[:, None], self.end, axis=0) * rise[:, None] * self.shade[:, :, None]
        self.cloth.scroll(0, self.pick)
        self.cloth.pixels(np.clip(np.where(over[:, None], weft, self.warp), 0, 255))

    def draw(self, c, f):
        self.loud = np.maximum(self.loud, f.bands)  # no kick between two picks is lost
        self.place += f.dt * (f.tempo or 120) / 15 * self.ease(f, "going", 1 - f.silence, 0.1, 0.6)
        if self.place >= 1:
            self.weave(c, self.loud)
            self.place, self.loud = self.place % 1, np.zeros(6)
        c.image(self.cloth, 0, self.top + round((self.place - 1) * self.pick))
        c.image(self.reed)
        c.vignette(0.6, 0.4, 0.35)
