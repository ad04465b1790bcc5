"""A thread is wound round a ring of pins: bass pulls it across the middle, highs along the rim. Start here."""

from math import cos, sin, tau  # for places on a circle

from wearsound import Sketch, parameter  # all that a sketch is made of


class Thread(Sketch):  # one class is one picture
    pins: float = parameter(120, 24, 240, "how many pins stand in the ring")  # a slider: default, from, to
    turns: float = parameter(9, 1, 24, "how often a sound goes round")  # read below as self.turns
    keeps = ("cloth", "pin", "end")  # save this file while it plays, and what is wound stays

    def setup(self, c):  # once, before the first picture; c is what is drawn on
        self.x, self.y = 0.38 * c.width, 0.47 * c.height  # the middle of the ring: left, above the HUD
        self.radius = 0.4 * c.height  # how far from it the pins stand
        self.ground = c.layer(clear=False)  # a sheet: what is drawn on it stays
        self.ground.background(c.mix("stage", c.ground, 0.7))  # the patch's first colour, at night
        self.cloth = c.layer(clear=False)  # a second sheet, for the thread
        self.cloth.image(self.ground)  # bare at first
        self.pin = 99 * c.noise(5.5)  # the seed says at which pin the winding begins
        self.end = self.place()  # the end of the thread hangs there
        self.wind(c, 99, 0.4, c.palette[3])  # some thread before the music, so that there is a picture

    def place(self):  # where the pin stands that the thread has come to
        angle = tau * round(self.pin) / self.pins  # so far round the ring
        return self.x + self.radius * cos(angle), self.y + self.radius * sin(angle)  # in pixels

    def wind(self, c, turns, reach, colour):  # what one sound leaves
        places = [self.end]  # the thread goes on from where it ended
        for _ in range(round(turns)):  # once for every turn
            self.pin += self.pins * reach + 1  # so far round the ring, and one pin on
            places.append(self.place())  # and fast round that pin
        self.end = places[-1]  # the next sound goes on from here
        self.cloth.image(self.ground, alpha=0.012)  # what is old sinks into the ground a little
        self.cloth.stroke(colour, alpha=0.3, weight=1.2 * c.unit)  # thin: what lies below shows through
        self.cloth.path(places)  # threads of one length leave a round hole in the middle

    def draw(self, c, f):  # for every picture; f is what is heard now
        if self.hit(f, "onset"):  # did a note or a drum begin since the last picture?
            warm = f.bass > f.high + 0.3  # is it a low one?
            colour = c.palette[2] if warm else c.palette[4]  # low sounds are warm, all others pale
            self.wind(c, self.turns, 0.04 + 0.44 * f.bass, colour)  # the more bass, the nearer to the middle
        c.image(self.cloth)  # everything that was wound so far
        c.glow(*self.end, 34 * c.unit, c.mix("stage", c.palette[2], 0.3 + 0.6 * f.loudness))  # the needle
        c.vignette(0.6, 0.38, 0.47)  # darker corners, round the middle of the ring
