"""A mountain of cloth in height lines, every fifth gilded: kicks lift its peak, mids slide folds, highs fray."""

import numpy as np

from wearsound import Sketch, parameter


class Contour(Sketch):
    lines: float = parameter(24, 10, 40, "how many height lines lie between the valley and the peak")
    lift: float = parameter(1.0, 0, 2, "how far a kick lifts the peak")
    keeps = ("slid", "kick")  # a file that is saved goes on with these folds

    def setup(self, c):
        self.x, self.y = x, y = [axis / c.height for axis in c.grid(max(1, c.height // 360))]
        # A fold that travels without a seam: two still landscapes a quarter of a wave apart, mixed in turn.
        self.waves, self.slid, self.kick = [], 0.4, 0.0
        for k, (size, turn, deep) in enumerate(((1.2, 0.5, 0.21), (2.1, 2.4, 0.11), (4.3, 1.2, 0.028))):
            across, along = (x * np.cos(a) + y * np.sin(a) for a in (turn, turn + np.pi / 2))
            phase = 6.28 * size * across + 9 * c.noise(across * 1.6, along * 1.1, 4.7 * k, octaves=2)
            deep = deep * (0.4 + 1.2 * c.noise(across * 0.9, along * 0.9, 30 + k, octaves=1))
            self.waves += [(wave(phase) * deep).astype("f4") for wave in (np.cos, np.sin)]
        self.fray = 0.13 * (c.noise(x * 26, y * 26, 3.3, octaves=2) - 0.5).astype("f4")
        # Every colour there can be: a plain and a gilded thread, each in 16 strengths, on cloth in 64 lights.
        gold, pale = c.palette[2:5:2] if c.dyed else ("weld", (0.66, 0.09, 245))
        dark, light = c.mix("stage", c.ground, 0.4), np.linspace(0, 1, 64)[:, None]
        cloth = np.array(dark) * (0.35 + light) + np.array(c.mix(c.ground, pale, 0.14)) * light**2.2
        threads = np.array([[[c.mix(dark, pale, 0.75)]], [[c.mix(dark, gold, 0.95)]]]) * (0.3 + 0.9 * light)
        table = cloth + (threads - cloth) * np.linspace(0, 1, 16)[:, None, None]
        self.table = np.clip(table, 0, 255).reshape(-1, 3).astype("u1")
        self.weave, (x, y) = c.layer(clear=False), (axis / c.unit for axis in c.grid(1))
        self.weave.pixels(199 + 26 * np.sin((x + 2 * y) * 1.25) + 40 * c.noise(x * 0.5, y * 0.12, octaves=2))

    def draw(self, c, f):
        going = self.ease(f, "going", 1 - f.silence, 0.1, 0.7)
        self.slid += f.dt * going * (0.12 + 1.3 * self.ease(f, "mid", f.mid, 0.1, 0.5))
        self.kick = 1.0 if self.hit(f, "kick") else self.kick * np.exp(-f.dt / 0.3)
        peak = 0.62 + self.lift * going * (0.34 * self.kick + 0.3 * self.ease(f, "bass", f.bass, 0.08, 0.5))
        step = [c.noise(f.beat * 0.8, k, octaves=1) - 0.5 for k in (0, 9)]  # with a beat the crest walks on
        a = self.ease(f, "a", (0.38 + 0.3 * step[0]) * c.width / c.height, 0.35, 0.35)
        b = self.ease(f, "b", 0.45 + 0.26 * step[1], 0.35, 0.35)
        height = np.exp(-(((self.x[:1] - a) / 0.5) ** 2)) * np.exp(-(((self.y[:, :1] - b) / 0.36) ** 2))
        height = height * np.float32(peak) + self.fray * np.float32(self.ease(f, "high", f.high, 0.02, 0.25))
        turns = (turn(speed * self.slid) for speed in (1, -1.37, 2.1) for turn in (np.cos, np.sin))
        for wave, turn in zip(self.waves, turns, strict=True):
            height += wave * np.float32(turn)
        height *= np.float32(self.lines)
        east, south, height = np.diff(height[:-1]), np.diff(height[:, :-1], axis=0), height[:-1, :-1]
        # As far from its line as the slope says: so a thread is as thick on a cliff as on a plain.
        line = np.rint(height)
        gilt, far = line.astype("i2") % 5 == 0, np.abs(height - line) / np.sqrt(east**2 + south**2 + 1e-4)
        light = (east + south) * (2600 / self.lines) + height * (8 / self.lines) + 24
        thread = gilt * np.int16(16) + np.clip(20.5 + 10 * gilt - 16 * far, 0, 15).astype("i2")
        sewn = np.take(self.table, thread * np.int16(64) + np.clip(light, 0, 63).astype("i2"), axis=0)
        c.pixels(sewn, 0, 0, c.width, c.height)
        c.image(self.weave, blend="multiply")
        warm = c.mix("stage", c.palette[2], (0.3 + 0.2 * self.kick) * going)
        c.light(a * c.height, b * c.height, (200 + 40 * self.kick) * c.unit, warm)
        c.vignette(0.55, 0.38, 0.42)
