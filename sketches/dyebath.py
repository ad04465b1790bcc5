"""Ink drops into a bath with every kick, is stirred by the mids, and dries in rims on fibrous paper."""

import numpy as np

from wearsound.instruments.picture.sketch import Sketch, parameter


class DyeBath(Sketch):
    stir: float = parameter(1.0, 0, 2, "how strongly the mids stir")
    drop: float = parameter(1.0, 0.3, 2, "how large a drop is")

    def setup(self, c):
        self.x, self.y = c.grid(2)
        rows, columns = self.x.shape
        # A current without sources: along the height lines of a smooth landscape, twice, slid past one another.
        down, across = np.mgrid[0 : rows + 97, 0 : columns + 97].astype(np.float32) / rows
        self.current = []
        for k, size in enumerate((2.6, 6.5)):
            a, b = across * size, down * size
            land = c.noise(0.8 * a - 0.6 * b, 0.6 * a + 0.8 * b, 3.3 + 9 * k, octaves=1) * rows / size
            self.current.append((np.diff(land, axis=0)[:, :-1].astype("f4"), -np.diff(land, axis=1)[:-1].astype("f4")))
        self.ink = np.zeros((rows, columns), np.float32)
        self.stain = np.zeros((rows, columns), np.float32)
        ramp = c.ramp("stage", "deep", (0.36, 0.08, 262), (0.5, 0.09, 250), (0.68, 0.08, 238), "ice", "undyed", (0.88, 0.07, 75)).astype(float)
        v = np.linspace(0, 1, 256)[:, None]
        for at in (0.12, 0.3, 0.5, 0.68):  # where the tide stood, it left a rim
            ramp *= 1 - 0.24 * np.exp(-(((v - at) / 0.02) ** 2)) + 0.12 * np.exp(-(((v - at - 0.05) / 0.03) ** 2))
        self.dye = np.clip(ramp, 0, 255)
        x, y = np.meshgrid(np.arange(c.width) / c.unit, np.arange(c.height) / c.unit)
        fibre = c.noise(x * 0.03, y * 0.4, octaves=2) + c.noise(x * 0.3, y * 0.35, 5.5, octaves=2) - 1
        self.paper = (fibre * 20).astype(np.int16)
        for n in range(40):  # three drops that have had time to spread
            if n in (0, 12, 24):
                self.fall(c, n, 0.6)
            self.flow(n / 30, 1 / 30, 60)

    def fall(self, c, n, size):
        x, y = (0.12 + 0.76 * c.noise(n, k, octaves=1) for k in (3, 8))
        far = np.hypot(self.x - x * c.width, self.y - y * c.height) / (c.unit * 120 * size * self.drop)
        rough = 0.5 * c.noise(self.x / c.unit * 0.02, self.y / c.unit * 0.02, n * 1.7, octaves=2)
        self.ink = np.maximum(self.ink, np.clip(1.35 - 0.9 * far - rough, 0, 0.97).astype("f4"))

    def flow(self, time, dt, speed):
        rows, columns = self.ink.shape
        u = v = 0
        for k, (du, dv) in enumerate(self.current):
            i, j = (int(48 + 47 * wave(time * 0.13 + 2 * k)) for wave in (np.sin, np.cos))
            u, v = u + du[i : i + rows, j : j + columns], v + dv[i : i + rows, j : j + columns]
        # Each place takes over what was upstream of it.
        x = np.clip(self.x / 2 - 0.5 - u * (speed * dt), 0, columns - 1.001)
        y = np.clip(self.y / 2 - 0.5 - v * (speed * dt), 0, rows - 1.001)
        i, j = np.floor(y), np.floor(x)
        x, y, at, ink = x - j, y - i, (i * columns + j).astype(np.int64), self.ink.ravel()
        nw, ne, sw, se = (np.take(ink, at + step) for step in (0, 1, columns, columns + 1))
        north, south = nw + (ne - nw) * x, sw + (se - sw) * x
        self.ink = (north + (south - north) * y) * (1 - 0.06 * dt)
        self.stain = np.maximum(self.stain * (1 - 0.08 * dt), self.ink * 0.45)

    def draw(self, c, f):
        kick = self.hit(f, "onset") and f.bass > 0.35
        if kick:
            self.fall(c, f.onset, 0.4 + 0.6 * f.bass)
        speed = self.ease(f, "stir", 4 + 110 * self.stir * f.mid * (1 - f.silence), 0.2, 1.2)
        self.flow(f.time, f.dt, speed)
        c.field(np.maximum(self.ink, self.stain), self.dye, self.paper)
        c.vignette(0.5, 0.45, 0.45)
