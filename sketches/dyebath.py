"""Ink drops into a bath with every kick, is stirred by the mids, and dries in rims on fibrous paper."""

import numpy as np

from wearsound import Sketch, parameter


class DyeBath(Sketch):
    stir: float = parameter(1.0, 0, 2, "how strongly the mids stir")
    drop: float = parameter(1.0, 0.3, 2, "how large a drop is")
    keeps = ("ink", "wet", "stain")  # a file that is saved goes on with this bath

    def setup(self, c):
        self.x, self.y = (axis / c.height for axis in c.grid(max(1, c.height // 360)))
        self.ink, self.wet, self.stain = np.zeros((3, *self.x.shape), "f4")
        self.currents, (rows, columns) = [], self.x.shape
        b, a = np.mgrid[0 : rows + 97, 0 : columns + 97] / rows
        for k, size in enumerate((2.6, 6.5)):
            land = c.noise((0.8 * a - 0.6 * b) * size, (0.6 * a + 0.8 * b) * size, 3.3 + 9 * k, octaves=1)
            east, south = (np.diff(land * rows**2 / size, axis=axis).astype("f4") for axis in (0, 1))
            self.currents.append((east[:, :-1] / 2, south[:-1] / -2))
        dyes = [c.palette[k] for k in (1, 2, 4, 3)] if c.dyed else ((0.5, 0.09, 250), "ice", "undyed", "lamp")
        vat = [c.ground, *(c.mix(c.ground, dyes[0], deep) for deep in (0.35, 0.7, 1)), *dyes[1:]]
        tides = np.linspace(0, 1, 256)[:, None] - (0.12, 0.3, 0.5, 0.68)
        rims = 0.24 * np.exp(-((tides / 0.02) ** 2)) - 0.12 * np.exp(-(((tides - 0.05) / 0.03) ** 2))
        self.dye = np.clip(c.ramp("stage", *vat) * (1 - rims.sum(axis=1, keepdims=True)), 0, 255)
        x, y = (axis / c.unit for axis in c.grid(1))
        self.paper = (20 * (c.noise(x * 0.03, y * 0.4) + c.noise(x * 0.3, y * 0.35) - 1)).astype("i2")
        for n in range(45):  # three drops that have had time to spread, so that the first frame is not empty
            if n % 15 == 0:
                self.fall(c, n, 0.6, 0.5)
            self.flow(c, n / 30, 1 / 30, 0.6)

    def fall(self, c, n, size, edge):
        x, y = (0.12 + 0.76 * c.noise(n, k, octaves=1) for k in (3, 8))  # the seed decides where
        x, reach, rows = x * c.width / c.height, 0.26 * size * self.drop, len(self.y)
        box = tuple(slice(max(0, int((at - reach) * rows)), int((at + reach) * rows)) for at in (y, x))
        drop = 1.35 - np.hypot(self.x[box] - x, self.y[box] - y) * 5.4 / (size * self.drop)
        rough = edge * c.noise(self.x[box] * 14, self.y[box] * 14, n * 1.7, octaves=2)
        self.wet[box] = np.maximum(self.wet[box], np.clip(drop - rough, 0, 0.97) - self.ink[box])

    def flow(self, c, time, dt, speed):
        (rows, columns), across, down = self.ink.shape, 0, 0
        for k, (east, south) in enumerate(self.currents):
            i, j = (int(48 + 47 * wave(time * 0.13 + 2 * k)) for wave in (np.sin, np.cos))
            across = across + east[i : i + rows, j : j + columns]
            down = down + south[i : i + rows, j : j + columns]
        soaks, go = self.wet * np.float32(1 - np.exp(-dt / 0.08)), speed * dt  # a drop seeps into the paper
        self.wet = self.wet - soaks
        self.ink = c.drift(self.ink + soaks, across * go, down * go) * (1 - 0.18 * go)
        self.stain = np.maximum(self.stain * (1 - 0.24 * go), self.ink * 0.45)  # what the paper keeps

    def draw(self, c, f):
        if self.hit(f, "kick") or (self.hit(f, "onset") and f.lowmid > f.bass):  # or a note over no bass
            self.fall(c, int(f.kick) + f.onset, 0.2 + 0.75 * f.bass, 0.35 + 0.4 * f.high)
        stirring = self.ease(f, "stir", 0.02 + self.stir * f.mid * (1 - f.silence), 0.2, 0.7)
        self.flow(c, f.time, f.dt, stirring)
        c.field(np.maximum(self.ink, self.stain), self.dye, self.paper)
        c.vignette(0.5, 0.45, 0.45)
