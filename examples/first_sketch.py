"""A thread's ring opens with the bass; every onset leaves a stitch on it."""

from wearsound import Sketch


class First(Sketch):
    warmth: float = 0.7  # a parameter: its default, and it may go from 0 to 1

    def draw(self, c, f):
        c.fade(f.dt / 2)  # what was drawn is gone in some two seconds
        c.translate(0.38 * c.width, c.height / 2)
        c.no_fill()
        c.stroke(c.mix("ice", "ember", self.warmth), weight=6 * c.unit)
        c.circle(0, 0, (200 + 260 * f.bass) * c.unit)
        if self.hit(f, "onset"):
            c.rotate(f.noise("where") * 6.28)
            c.stroke("undyed", weight=4 * c.unit)
            c.line(180 * c.unit, 0, 250 * c.unit, 0)
