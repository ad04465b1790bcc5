"""Stars are sewn into dark indigo by lamplight: every onset sets two, a song is a finished textile."""

import numpy as np

from wearsound import Sketch, parameter


class Stitch(Sketch):
    spacing: float = parameter(58, 40, 120, "how far the stars stand apart")
    lamp: float = parameter(1.0, 0, 1.5, "how bright the needle's lamp is")
    keeps = ("cloth", "sewn", "needle")  # a file that is saved goes on with this cloth

    def setup(self, c):
        self.one, self.mid, self.high = c.palette[2:5] if c.dyed else ("persimmon", "ice", "undyed")
        self.ground = ["stage", c.mix("stage", c.ground, 0.65), c.ground]  # the patch's own cloth, at night
        self.s, self.sewn, order = self.spacing * c.unit, 0, []
        # Every place where a star may stand, in the order in which the needle will come by.
        for row, y in enumerate(np.arange(64 * c.unit, c.height - 64 * c.unit, self.s * 0.866)):
            for x in np.arange(56 * c.unit + self.s / 2 * (row % 2), c.width - 56 * c.unit, self.s):
                far, a, b = np.hypot(x - 0.38 * c.width, 1.4 * (y - 0.5 * c.height)), x / self.s, y / self.s
                if far < 1.5 * self.s or c.noise(a * 0.9, b * 0.9, octaves=1) < 0.6:  # else bare ground
                    order.append((far * (0.5 + c.noise(a * 0.5, b * 0.5, 9)), x, y))
        self.places = np.array(sorted(order))[:, 1:]
        # The ground: hand-dyed twill, paler where the dye had less time.
        x, y = (axis / c.unit for axis in c.grid(1))
        dye = 0.5 * c.noise(x * 0.006, y * 0.004) + 0.35 * c.noise(x * 0.35, y * 0.03, octaves=2)
        twill = 0.09 * np.sin((x + 2 * y) * 1.3) + 0.1 * c.noise(x * 0.8, y * 0.8, octaves=1) - 0.1
        self.cloth = c.layer(clear=False)
        self.cloth.pixels(c.ramp(*self.ground)[(np.clip(dye + twill, 0, 1) * 210).astype(int)])
        for thread in (self.high, self.mid, self.high, self.mid, self.one):
            self.star(c, 0.4, thread)

    def star(self, c, bass, thread):
        again, n = divmod(self.sewn, len(self.places))
        if again and again % 2 == 0 and n == 0:  # sewn full twice: overdyed, the next song goes on top
            self.cloth.fill(self.ground[1], alpha=0.8)
            self.cloth.rect(0, 0, c.width, c.height)
        self.needle, self.sewn = self.places[n], self.sewn + 1
        near, far = (0.4, 0.5) if again % 2 else (0.12, 0.32 + 0.16 * bass)
        hand = c.noise(n * 7.3 + np.arange(6) * 1.9, 5.1, octaves=1) - 0.5  # six points, each off by a hair
        angle = (np.arange(6) + again % 2 / 2 + 0.2 * hand) * np.pi / 3
        ray = self.s * np.stack((np.cos(angle), np.sin(angle)), axis=1)
        spokes = np.hstack((self.needle + ray * near, self.needle + ray * (far + 0.06 * hand)[:, None]))
        lit = ((c.mix(thread, self.ground[1], 0.35), 1, 3, 0), (thread, 0.9, 1.4, -0.5))  # and light along it
        for colour, alpha, weight, aside in (("#000000", 0.5, 4.5, 1.5), *lit):  # first its shadow
            self.cloth.stroke(colour, alpha=alpha, weight=weight * c.unit)
            self.cloth.lines(spokes + aside * c.unit)

    def draw(self, c, f):
        one = f.beat % 4 == 1 and f.phase < 0.2  # the first of a bar is sewn in its own colour
        for _ in range(2 * min(4, self.hit(f, "onset"))):
            self.star(c, f.bass, self.one if one else self.high if f.high > f.mid else self.mid)
        # The hand is slower than the music; the lamp goes with it, and bass opens its cone.
        x, y = (self.ease(f, axis, at, 0.3, 0.3) for axis, at in zip("xy", self.needle, strict=True))
        reach = (150 + 6 * np.sin(f.time) + 70 * self.ease(f, "bass", f.bass, 0.03, 0.4)) * c.unit
        c.image(self.cloth)
        c.light(x, y, reach, c.mix("stage", (0.78, 0.13, 62), self.lamp))
        c.glow(x, y, reach * 0.6, c.mix("stage", c.palette[4], 0.25 * self.lamp))
        c.vignette(0.6, 0.42, 0.45)
