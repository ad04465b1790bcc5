"""Twelve seconds of tape: kicks are sails, the middle a ribbon, highs ticks; with age the colours slip apart."""

import numpy as np

from wearsound import Sketch, parameter


class Tape(Sketch):
    seconds: float = parameter(12.0, 4, 30, "how much of the past is seen")
    wow: float = parameter(1.0, 0, 3, "how far the three colours slip apart with age")
    keeps = ("tapes", "place", "before", "kick", "hat")  # a file that is saved goes on with these tapes

    def setup(self, c):
        self.y, (x, y) = (np.arange(c.height)[:, None] + 0.5) / c.height, (at / c.unit for at in c.grid(2))
        dyes = c.palette[2:5] if c.dyed else ((0.68, 0.18, 42), "celadon", "undyed")
        self.inks = 1.5 * (np.array([c.mix("stage", dye, 0.97) for dye in dyes]) / 255) ** 1.7
        self.ground = (1 - np.abs(self.y - 0.45))[:, :, None] * c.mix("stage", c.ground, 0.4) / 255
        self.end, self.aged = round(0.94 * c.width), c.layer(clear=False)  # the head stands at the end
        old = np.clip(1 - x * c.unit / self.end, 0, 1) * c.noise(x * 0.35, y * 0.35, octaves=2)
        self.aged.pixels(255 * (1 - old), 0, 0, c.width, c.height)  # what is old is paler and crumbled
        self.tapes = [c.layer(self.end, c.height, clear=False) for _ in range(3)]  # red, green and blue
        self.place, self.before, self.kick, self.hat = np.zeros(3), np.zeros(4), 0.0, 0.0
        for n in range(100):  # a leader, so that the first frame is not empty
            now = c.noise(n * np.array((0.31, 0.11, 0.07, 0.4)), np.arange(4) * 7.7, octaves=1)
            self.record(c, np.full(3, self.end / 100), now * (0.4 * (n % 8 < 4), 0.5, 0.6, 0.4))

    def record(self, c, run, now):  # lay what is heard now on each tape, as far as it ran
        steps, y = (np.floor(self.place + run) - np.floor(self.place)).astype(int), self.y
        ahead = np.arange(1, steps.max() + 1) / max(1, steps.max())  # since the last frame: drawn straight
        kick, song, high, hat = self.before[:, None] + (now - self.before)[:, None] * ahead
        self.place, self.before, along = self.place + run, now, (self.place[1] + run[1] * ahead) / c.unit
        top, mid, half = 0.8 - 0.34 * kick, 0.5 - 0.17 * high, song * (0.072 + 0.028 * np.sin(along * 0.016))
        sail = np.clip(240 * (y - top), 0, 1) * (0.2 + 1.1 * np.exp((top - y) / (0.01 + 0.1 * kick)))
        sail = np.where(y < 0.8, sail, 0.2 * np.clip((0.8 + 0.1 * kick - y) * 60, 0, 1))  # and in a wet floor
        ribbon = np.exp(-(((y - mid) / (0.006 + half)) ** 2)) * (0.5 + 0.2 * np.sin(y * 648))
        ribbon += 1.1 * song * np.exp(-(((y - mid - half) / 0.0026) ** 2))
        ticks = (0.25 + 1.1 * hat) * np.clip(20 * hat - 300 * np.abs(y - 0.19), 0, 1) * (y * 90 % 1 < 0.62)
        light = self.ground * (0.8 + 0.4 * c.noise(along * 0.3, y * 90, octaves=1))[:, :, None]
        light = light + (np.stack((sail, ribbon, ticks), axis=2)[..., None] * self.inks).sum(axis=2)
        light = 255 * (1 - np.exp(-light))  # tape takes only so much: what is too loud is rounded off
        for k, step in enumerate(steps):
            self.tapes[k].scroll(-step, 0)
            self.tapes[k].pixels(light[:, len(ahead) - step :] * (np.arange(3) == k), self.end - step)

    def draw(self, c, f):
        going = max(0, self.ease(f, "going", 1 - f.silence, 0.25, 0.5) - 0.02)
        kick = 0.3 * f.bass + (self.hit(f, "kick") > 0) * (0.4 + 0.3 * f.bass)
        self.kick = max(self.kick * np.exp(-f.dt / 0.22), kick)
        self.hat = max(self.hat * np.exp(-f.dt / 0.07), 1.0 if self.hit(f, "hat") else 0.5 * f.air)
        song = self.ease(f, "song", max(f.mid, 0.7 * f.lowmid), 0.06, 0.25)
        high = self.ease(f, "high", (f.mid + 2 * f.high) / (0.2 + f.lowmid + f.mid + f.high), 0.25, 0.4)
        slip = 1 + 0.02 * self.wow * (c.noise(f.time * 0.4, np.arange(3) * 7.7) - 0.85 + 0.35 * np.arange(3))
        run = going * f.dt * self.end / self.seconds * slip
        self.record(c, run, np.array((self.kick, song, high, self.hat)))
        c.background("stage")
        for tape in self.tapes:
            c.image(tape, blend="add")
        c.image(self.aged, blend="multiply")
        c.vignette(0.5, 0.6, 0.45)
