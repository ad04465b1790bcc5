"""Stars are sewn into dark indigo by lamplight: every onset sets two, a song is a finished textile."""

import math

import numpy as np

from wearsound.instruments.picture.sketch import Sketch, parameter


class Stitch(Sketch):
    spacing: float = parameter(58, 40, 120, "how far the stars stand apart")
    lamp: float = parameter(1.0, 0, 1.5, "how bright the needle's lamp is")

    def setup(self, c):
        u, s = c.unit, self.spacing * c.unit
        # Every place where a star may stand, in the order in which the needle will come by.
        rows, order = int((c.height - 120 * u) / (s * 0.866)), []
        for row in range(rows + 1):
            y = c.height / 2 + (row - rows / 2) * s * 0.866
            for x in np.arange(56 * u + s / 2 * (row % 2), c.width - 56 * u, s):
                far = math.hypot(x - 0.38 * c.width, 1.4 * (y - 0.5 * c.height))
                if far < 1.5 * s or c.noise(x / s * 0.9, y / s * 0.9, octaves=1) < 0.6:  # the rest stays ground
                    order.append((far * (0.5 + c.noise(x / s * 0.5, y / s * 0.5, 9)), x, y))
        self.places = [(x, y) for _, x, y in sorted(order)]
        # The ground: hand-dyed twill, paler where the dye had less time.
        x, y = np.meshgrid(np.arange(c.width) / u, np.arange(c.height) / u)
        dye = 0.5 * c.noise(x * 0.006, y * 0.004) + 0.35 * c.noise(x * 0.35, y * 0.03, octaves=2)
        twill = 0.09 * np.sin((x + 2 * y) * 1.3) + 0.1 * c.noise(x * 0.8, y * 0.8, octaves=1)
        self.cloth = c.layer(clear=False)
        self.cloth.pixels(c.ramp("stage", "deep", "indigo")[(np.clip(dye + twill - 0.1, 0, 1) * 210).astype(int)])
        self.sewn = 0
        for thread in ("undyed", "ice", "undyed", "ice", "persimmon"):
            self.star(c, 0.4, thread)

    def star(self, c, bass, thread):
        n, u, cloth = self.sewn % len(self.places), c.unit, self.cloth
        again = self.sewn // len(self.places) % 2  # a full cloth is sewn again, between the first stitches
        if self.sewn and n == 0 and not again:  # twice full: overdyed, and the next song goes on top
            cloth.fill("deep", alpha=0.8)
            cloth.rect(0, 0, c.width, c.height)
        self.needle, self.sewn = self.places[n], self.sewn + 1
        near, far = (0.4, 0.5) if again else (0.12, 0.32 + 0.16 * bass)
        spokes = []
        for k in range(6):  # six points, set by hand, each off by a hair
            hand = c.noise(n * 7.3 + k * 1.9, 5.1, octaves=1) - 0.5
            angle, reach = (k + again / 2 + 0.2 * hand) * math.pi / 3, self.spacing * u
            x, y = self.needle[0] + 3 * hand * u, self.needle[1] - 2 * hand * u
            spokes.append([p + reach * r * q for r in (near, far + 0.06 * hand)
                           for p, q in ((x, math.cos(angle)), (y, math.sin(angle)))])  # fmt: skip
        holes = [(x, y, x + 0.1, y) for x1, y1, x2, y2 in spokes for x, y in ((x1, y1), (x2, y2))]
        for lines, colour, alpha, weight, dx, dy in (
            (spokes, "#000000", 0.5, 4.5, 1.2, 2.2),  # the shadow on the cloth
            (holes, "#000000", 0.6, 4.5, 0, 0),
            (spokes, c.mix(thread, "deep", 0.35), 1.0, 3.0, 0, 0),  # the thread
            (spokes, thread, 0.9, 1.4, -0.4, -0.5),  # the light along it
        ):
            cloth.stroke(colour, alpha=alpha)
            cloth.stroke_weight(weight * u)
            cloth.lines([(x1 + dx * u, y1 + dy * u, x2 + dx * u, y2 + dy * u) for x1, y1, x2, y2 in lines])

    def draw(self, c, f):
        one = f.beat % 4 == 1 and f.phase < 0.2  # the first of a bar is sewn in persimmon
        for _ in range(2 * min(4, self.hit(f, "onset"))):
            self.star(c, f.bass, "persimmon" if one else "undyed" if f.high > f.mid else "ice")
        # The hand is slower than the music; the lamp goes with it, and bass opens its cone.
        x, y = (self.ease(f, name, at, 0.3, 0.3) for name, at in zip("xy", self.needle, strict=True))
        reach = (220 + 80 * self.ease(f, "bass", f.bass, 0.03, 0.4)) * c.unit
        c.image(self.cloth)
        c.light(x, y, reach, c.mix("stage", (0.82, 0.09, 65), self.lamp), gain=2)
        c.glow(x, y, reach * 0.75, c.mix("stage", "persimmon", 0.4 * self.lamp))
        c.vignette(0.6, 0.42, 0.45)
