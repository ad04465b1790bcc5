"""Dust in a projector's beam, and a coat in its way: kicks are gusts, highs glints; in silence it settles."""

import numpy as np

from wearsound import Sketch, parameter


class Lint(Sketch):
    motes: float = parameter(2600, 400, 4000, "how much dust is in the air")
    gust: float = parameter(1.0, 0, 2, "how hard a kick blows")

    def setup(self, c):
        self.wide, self.cell, self.ink = c.width / c.height, max(1, c.height // 360), c.palette[4]
        x, y = (axis / c.height for axis in c.grid(self.cell))
        angle, far = np.arctan2(y - 0.06, x + 0.2), np.hypot(x + 0.2, y - 0.06)  # from the lamp, outside
        smoke = 0.1 + 0.7 * c.noise(angle * 12, far * 0.6, 2.2) + 0.5 * c.noise(x * 3, y * 5)
        beam = np.clip((angle + 0.05) * 16, 0, 1) * np.clip(2.16 - angle * 3, 0, 1) * smoke / (0.6 + far**1.2)
        aside = x - 0.6 * self.wide  # a coat hangs on a wire: its body, and two sleeves
        half = np.interp(y, (0.2, 0.3, 0.47, 0.84), (0.14, 0.12, 0.1, 0.17)) - np.abs(aside)
        arm = np.minimum(0.046 - 0.03 * y - np.abs(np.abs(aside) - 0.1 - 0.27 * (y - 0.25)), 0.61 - y)
        coat = np.minimum(np.maximum(np.minimum(half, 0.83 - y), arm), y - 0.2 - 2.2 * aside**2)
        coat = np.clip(coat * c.height / self.cell + 0.5, 0, 1)
        first, worn = np.full(400, 9.0), coat > 0.5  # what the beam meets first is lit; behind it is shadow
        np.minimum.at(first, np.clip(angle[worn] * 400, 0, 399).astype(int), far[worn])
        into = far - np.interp(angle * 400, np.arange(400), first)
        self.light = beam * (1 - 0.75 * np.clip(into * 12, 0, 1)) * (1 - 0.5 * coat)
        fold = c.noise(aside * 26 / (0.5 + y), y * 1.3, octaves=2) + 0.3 * np.sin(aside * 55 / (0.6 + y))
        fold -= 0.6 * np.exp(-((half / 0.008) ** 2)) * np.clip(y * 9 - 2.5, 0, 1)  # the shadow of an arm
        lit = coat * beam * (0.37 + 2.6 * np.exp(-into / 0.16)) * (fold + 0.4 * c.noise(x * 90, y * 360))
        room = np.array(c.mix("stage", c.ground, 0.15)) * (1.1 - 0.4 * y)[:, :, None]
        room += (0.6 * self.light * (1 - coat))[:, :, None] * c.mix(self.ink, "stage", 0.1)
        room += lit[:, :, None] * c.mix(c.palette[0] if c.dyed else (0.5, 0.07, 262), self.ink, 0.1)
        chance = c.noise(np.arange(4000) * 7.31, 50 + 9 * np.arange(5)[:, None], octaves=1)
        (*home, near), self.own = chance[:3].argsort().argsort() / 4000, chance[3:]  # evenly spread
        self.home, self.shine = home * np.array([[self.wide + 0.2], [1.2]]), np.zeros(4000)
        self.size, self.dim = (1.3 + 11 * near**7) * c.unit, 0.4 + 0.7 * self.own[0] ** 2 + near**7
        self.blown, self.speed, self.room = np.zeros((2, 4000)), np.zeros((2, 4000)), c.layer(clear=False)
        self.room.glows(self.home.T * c.height, self.size, 1.3 * self.own[1], self.ink)  # lamps take a while
        self.room.pixels(room, 0, 0, c.width, c.height)  # to make; they are hidden again here

    def draw(self, c, f):
        if self.hit(f, "kick"):  # what is near the lamp is blown furthest
            away = self.home + self.blown + [[0.1], [-0.16]] + 0.3 * (self.own - 0.5)
            far, hard = np.hypot(*away), self.gust * (0.6 + 0.9 * f.bass) * (0.2 + 1.6 * self.own[0])
            self.speed += away / far * np.exp(0.3 - far / 0.7) * hard
        self.blown = (self.blown + self.speed * f.dt) * np.exp(-f.dt / 0.9)  # the air comes back
        self.speed *= np.exp(-f.dt / 0.22)
        glint = f.noise("glint", 4000) < (0.02 + 0.04 * f.high) * (self.hit(f, "hat") > 0 or f.high > 0.4)
        self.shine = np.maximum(self.shine * np.exp(-f.dt / 0.14), glint)
        (x, y), t = self.home, f.time * 0.3  # between the gusts it hangs in slow eddies, and sinks
        eddy = [np.sin(5 * y + t) + np.sin(13 * y - t), 0.3 + np.sin(4 * x - t) + np.sin(11 * x + t)]
        stirred = self.ease(f, "stirred", 0.1 + (1 - f.silence) * (0.6 + 2.5 * f.mid), 0.1, 0.6)
        self.home = (self.home + np.array(eddy) * (0.02 * f.dt * stirred)) % [[self.wide + 0.2], [1.2]]
        at = (self.home + self.blown - 0.1).T * c.height
        j, i = np.clip(at / self.cell, 0, np.array(self.light.T.shape) - 1).astype(int).T
        light = self.light[i, j] ** 0.7 * (self.dim + 6 * self.shine) * (np.arange(4000) < self.motes)
        c.image(self.room)
        c.glows(at, self.size, light, self.ink)
        c.vignette(0.45, 0.42, 0.42)
