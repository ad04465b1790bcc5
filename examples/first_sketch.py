"""A disc that swells with the bass; every onset throws a ring."""

from wearsound.instruments.picture.sketch import Sketch


class First(Sketch):
    warmth: float = 0.7

    def draw(self, c, f):
        c.fade(f.dt / 0.8)
        c.fill(c.mix("ice", "ember", self.warmth))
        c.circle(c.width / 2, c.height / 2, (80 + 260 * f.bass) * c.unit)
        if self.hit(f, "onset"):
            c.no_fill(), c.stroke("undyed"), c.circle(c.width / 2, c.height / 2, 440 * c.unit)
            c.no_stroke()
