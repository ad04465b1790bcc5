"""A thread is wound round a ring of pins: bass pulls it across the middle, highs along the rim. Start here."""

from math import cos, sin, tau  # for places on a circle

from wearsound import Sketch, parameter  # all that a sketch is made of


class Thread(Sketch):  # one class is one picture
    pins: float = parameter(120, 24, 240, "how many pins stand in the ring")  # a slider: default, from, to
    turns: float = parameter(9, 1, 24, "how often a sound goes round")  # read below as self.turns

    def setup(self, c):  # once, before the first picture; c is what is drawn on
        self.ground, self.cloth = (
            c.layer(clear=False),
            c.layer(clear=False),
        )  # sheets: what is drawn there stays
        self.ground.background(c.mix("stage", c.palette[0], 0.3))  # dark, with a little of the patch's colour
        self.cloth.image(self.ground)  # the cloth is bare at first
        self.pin = 99 * c.noise(5.5)  # the seed says where the winding begins
        self.wind(c, 99, 0.4, c.palette[3])  # some thread before the music: the first picture is not empty

    def wind(self, c, turns, reach, colour):  # one sound
        self.cloth.image(self.ground, alpha=0.012)  # what is old sinks into the ground a little
        pins = [
            self.pin + n * (self.pins * reach + 1) for n in range(round(turns) + 1)
        ]  # each so much further
        angles = [tau * round(pin) / self.pins for pin in pins]  # where these pins stand on the ring
        x, y, r = (
            0.38 * c.width,
            0.47 * c.height,
            0.4 * c.height,
        )  # the ring: left of the middle, above the HUD
        places = [(x + r * cos(angle), y + r * sin(angle)) for angle in angles]  # and in the picture
        self.cloth.stroke(colour, alpha=0.3, weight=1.2 * c.unit)  # thin, and what is below shows through
        self.cloth.path(places)  # threads of one length: together they leave a round hole in the middle
        self.pin, self.end = pins[-1], places[-1]  # the next sound goes on from here

    def draw(self, c, f):  # for every picture; f is what is heard now
        if self.hit(f, "onset"):  # did a note or a drum begin since the last picture?
            colour = (
                c.palette[2] if f.bass > f.high + 0.3 else c.palette[4]
            )  # bass warm, everything else pale
            self.wind(c, self.turns, 0.04 + 0.44 * f.bass, colour)  # the more bass, the nearer to the middle
        c.image(self.cloth)  # everything that was wound so far
        c.glow(*self.end, 34 * c.unit, c.mix("stage", c.palette[2], 0.3 + 0.6 * f.loudness))  # the needle
        c.vignette(0.6, 0.38, 0.47)  # darker corners, round the same middle
