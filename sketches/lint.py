"""Dust in a projector's beam, and a coat in its way: kicks are gusts, highs glints; in silence it settles."""

import numpy as np

from wearsound import Sketch, parameter


class Lint(Sketch):
    motes: float = parameter(2600, 400, 4000, "how much dust is in the air")
    gust: float = parameter(1.0, 0, 2, "how hard a kick blows")

    def setup(self, c):
        self.wide, self.cell = c.width / c.height, max(1, c.height // 360)
        x, y = (axis / c.height for axis in c.grid(self.cell))
        angle, far = self.seen(x, y)
        smoke = 0.1 + 0.7 * c.noise(angle * 12, far * 0.6, 2.2) + 0.5 * c.noise(x * 3, y * 5)
        beam = np.clip((angle + 0.05) * 16, 0, 1) * np.clip(2.16 - angle * 3, 0, 1) * smoke / (0.6 + far**1.2)
        # A coat on a wire, right of the middle: its body, and sleeves that are thick lines.
        aside = x - 0.6 * self.wide + 0.014 * (c.noise(y * 7, 3.1, octaves=1) - 0.5)
        half = np.interp(y, (0.2, 0.215, 0.25, 0.3, 0.47, 0.84), (0.02, 0.045, 0.1, 0.13, 0.115, 0.175))
        down = np.clip((y - 0.27) / 0.36, 0, 1)
        sleeve = np.hypot(np.abs(aside) - 0.1 - 0.11 * down**0.8, y - 0.27 - 0.36 * down) + 0.008 * down
        body = np.minimum(half - np.abs(aside), np.minimum(y - 0.2, 0.83 + 0.01 * np.sin(aside * 36) - y))
        coat = np.clip(np.maximum(body, 0.043 - sleeve) * c.height / self.cell + 0.5, 0, 1)
        # What the coat meets first is lit; whatever is behind it, seen from the lamp, lies in its shadow.
        first, worn = np.full(400, 9.0), coat > 0.5
        np.minimum.at(first, np.clip(angle[worn] * 400, 0, 399).astype(int), far[worn])
        into = far - np.interp(angle * 400, np.arange(400), first)
        air = beam * (1 - 0.75 * np.clip(into * 12, 0, 1))
        fold = c.noise(aside * 26 / (0.5 + y), y * 1.3, 5.5, octaves=2) + 0.3 * np.sin(aside * 55 / (0.6 + y))
        fold -= 0.6 * np.exp(-(((np.abs(aside) - half) / 0.008) ** 2)) * (y > 0.3)  # under the arm
        cloth = (
            (0.37 + 2.6 * np.exp(-into / 0.16))
            * (0.3 + fold)
            * (0.8 + 0.4 * c.noise(x * 90, y * 360, octaves=1))
        )
        cloth *= beam * (1 - 0.7 * np.exp(-((aside / 0.0035) ** 2)) * (y > 0.29))  # where it is buttoned
        self.ink, ground = c.palette[4], c.palette[0] if c.dyed else (0.5, 0.07, 262)
        colours = c.mix("stage", "stage", 0), c.mix(self.ink, "stage", 0.1), c.mix(ground, self.ink, 0.1)
        night, dusty, dyed = (np.array(colour) * np.ones((1, 1, 3)) for colour in colours)
        night = night * (1.1 - 0.4 * y)[:, :, None] + (0.6 * air * (1 - coat))[:, :, None] * dusty
        self.room = c.layer(clear=False)
        self.room.pixels(night + (coat * np.clip(cloth, 0, 1.1))[:, :, None] * dyed, 0, 0, c.width, c.height)
        self.room.stroke("linen", alpha=0.5, weight=1.5 * c.unit)
        self.room.line(0.6 * c.width, 0, 0.6 * c.width, 0.205 * c.height)
        self.light = (air * (1 - 0.5 * coat)) ** 0.7
        chance = np.array([c.noise(np.arange(4000) * 7.31, 50 + 9 * k, octaves=1) for k in range(5)])
        (x, y, near), self.own = chance[:3].argsort().argsort() / 4000, chance[3:]  # evenly spread
        self.home, self.near = np.stack((x * (self.wide + 0.2), y * 1.1)) - 0.1, near**7
        self.blown, self.speed, self.shine = np.zeros((2, 4000)), np.zeros((2, 4000)), np.zeros(4000)

    def seen(self, x, y):  # from the lamp, which stands outside: angle and distance
        return np.arctan2(y - 0.06, x + 0.2), np.hypot(x + 0.2, y - 0.06)

    def draw(self, c, f):
        angle, far = self.seen(*self.home + self.blown)
        if self.hit(f, "kick"):  # what is near the lamp is blown furthest
            turn, blow = angle + 0.5 * (self.own[1] - 0.5), 0.6 + 0.9 * f.bass
            blow *= self.gust * np.exp(-far / 0.7) * (0.2 + 1.6 * self.own[0])
            self.speed += blow * np.stack((np.cos(turn), np.sin(turn)))
        self.blown = (self.blown + self.speed * f.dt) * np.exp(-f.dt / 0.9)  # the air comes back
        self.speed *= np.exp(-f.dt / 0.22)
        if self.hit(f, "hat") or f.high > 0.4:
            self.shine[f.noise("glint", 4000) < 0.02 + 0.04 * f.high] = 1
        self.shine *= np.exp(-f.dt / 0.14)
        # Between the gusts it hangs in slow eddies, and sinks.
        (x, y), t = self.home, f.time * 0.3
        eddy = [
            np.sin(5 * y + t) + 0.7 * np.sin(13 * y - t),
            0.3 + np.sin(4 * x - t) + 0.7 * np.sin(11 * x + t),
        ]
        stirred = self.ease(f, "stirred", 0.1 + (1 - f.silence) * (0.6 + 2.5 * f.mid), 0.1, 0.6)
        self.home += np.array(eddy) * (0.02 * f.dt * stirred)
        self.home = (self.home + 0.1) % [[self.wide + 0.2], [1.2]] - 0.1
        at = np.stack(self.home + self.blown, axis=1)[: int(self.motes)]
        j, i = (at * c.height / self.cell).astype(int).T
        rows, columns = self.light.shape
        light = self.light[i.clip(0, rows - 1), j.clip(0, columns - 1)]
        n = len(at)
        light = light * (0.4 + 0.7 * self.own[0][:n] ** 2 + self.near[:n] + 6 * self.shine[:n])
        c.image(self.room)
        c.glows(at * c.height, (1.3 + 11 * self.near[:n]) * c.unit, light, self.ink)
        c.vignette(0.45, 0.42, 0.42)
