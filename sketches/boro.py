"""A mandala of patches grows from its middle: beats push and turn it, the one cuts a new ring, bass opens it."""

import numpy as np

from wearsound import Sketch, parameter


class Boro(Sketch):
    opening: float = parameter(1.0, 0, 2, "how far bass opens the middle")
    turning: float = parameter(0.5, 0, 1, "how far a beat turns it")
    keeps = ("ribbon", "top", "rings", "at", "go", "turn")  # a file that is saved goes on with this cloth

    def setup(self, c):
        x, y = (axis / c.height for axis in c.grid(max(1, c.height // 360)))
        x, y = x - 0.38 * c.width / c.height, y - 0.47
        hand = 0.016 * (c.noise(x * 5, y * 5, 2.2, octaves=2) - 0.5)  # nobody's hand cuts a circle
        angle, far = np.arctan2(y, x) + hand * 3, np.abs(np.hypot(x, y) + hand)
        fold = np.abs((angle / np.pi * 7 + 100) % 2 - 1)  # seven mirrors: the rings are stars, not circles
        self.ring, self.fold = (far * (1 + 0.26 * fold**1.2) * 600).astype(int), (fold * 127).astype(int)
        crease = np.sin(angle * 7) * 0.13 + 0.2 * np.cos(angle + 2.2) * np.clip(far * 3, 0, 1)  # one lamp
        shade = 0.76 + crease - 0.3 * far - 0.6 * np.exp(-((far / 0.02) ** 2))
        self.shade = c.layer(clear=False)
        self.shade.pixels(shade * 255, 0, 0, c.width, c.height)
        warm, *dyes = c.palette[2:5] if c.dyed else ("persimmon", (0.62, 0.07, 235), "undyed")
        cloth = c.mix(c.ground, c.palette[0], 0.4)
        cool = c.ramp("stage", cloth, *dyes)[[52, 84, 112, 146, 228]]  # of rising paleness
        self.cloths, self.turn = np.vstack((cool, c.ramp(warm, c.palette[0])[20])), 0.0
        self.ribbon, self.rings = np.zeros((2048, 256, 3), "u1"), 0
        for n in range(12):  # so that the first frame is not empty
            self.at = self.go = 88.0 * n
            self.sew(c, 0.5 + 0.4 * np.cos(n * 1.7))

    def sew(self, c, high):  # the next ring, from the middle on: pale with highs, every fourth one warm
        n, u, v = self.rings, np.arange(256) / 256, np.arange(150)[:, None]
        pale = int(min(0.99, 0.7 * high + 0.5 * c.noise(n * 3.7)) * 5)
        place, wide, bare = (c.noise(n * step, octaves=1) for step in (5.3, 2.9, 1.3))
        patch = np.clip(4 + 6 * wide - 60 * np.abs(u % 0.5 - 0.1 - 0.3 * place), -1, 1 - 2 * (bare < 0.45))
        rows = np.where(patch[:, None] > 0, self.cloths[(pale + 2) % 4], self.cloths[pale if n % 4 else 5])
        slub = c.noise((v + self.at) * 0.5, u * 2, octaves=2) + 0.7 * c.noise(u * 30, n, octaves=1)
        rim = np.clip((v + 1 - 4 * c.noise(u * 5, n * 1.9)) / 12, 0, 1) + 0.8  # frayed, and a fold below it
        rows = rows * ((0.22 + 0.28 * slub) * rim * (1 - 0.45 * np.exp(-6 * patch**2)))[:, :, None]
        for line in range(14, 30 + int(50 * high), 14):  # running stitches
            far = np.abs(v - line - 4 * c.noise(u * 3, n + line, octaves=1))
            dash = np.clip(4 - 16 * np.abs((u * (6 + line // 6) + 0.03 * line) % 1 - 0.5), 0, 1)
            rows += (np.clip(1.9 - far, 0, 1) * dash)[:, :, None] * (self.cloths[4] - rows)
        self.ribbon[(int(self.at) + v[:, 0]) % 2048] = np.clip(rows, 0, 255)
        self.top, self.rings = int(self.at) + len(v), n + 1

    def draw(self, c, f):
        beats, far = self.hit(f, "beat"), np.arange(self.ring.max() + 1)
        self.turn, self.go = self.turn + beats * self.turning * 32, self.go + beats * (11 + 14 * f.bass)
        self.at += (self.go - self.at) * (1 - np.exp(-f.dt / 0.16))
        if self.hit(f, "downbeat") or self.at > self.top - 50:
            self.sew(c, f.high)
        bulge = self.opening * 46 * self.ease(f, "bass", f.bass, 0.04, 0.35) * np.exp(-far / 130)
        turned = (self.fold + int(self.ease(f, "turn", self.turn, 0.12, 0.12))) % 256
        index = np.take((self.at - far + bulge).astype(int) % 2048 * 256, self.ring) + turned
        c.pixels(np.take(self.ribbon.reshape(-1, 3), index, axis=0), 0, 0, c.width, c.height)
        c.image(self.shade, blend="multiply")
