"""Light: the zone controls `glow`, `hue` and `chroma` become linear light in every pixel, sixty times a second.

Glow is brightness as the eye counts it, so light is its square; the colour is the zone's own filament
colour unless a route plays `hue` (0..1 round the OKLCH wheel) or `chroma` (0..1 of CHROMA_FULL), and a
zone whose fabric is a `screen` takes its colours from a picture. A zone in its own hue is as bright as its
lamps can be; where a hue is played, every hue of the wheel is as bright as the next (`wheel.py`). Along a
filament light runs by its band (`along.py`); a lamp of the kind `filament` follows in its own time, a `led`
at once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from wearsound.contracts import Screen
from wearsound.core import F64, LIGHT_RATE, Block, Clock, Frame, Health, Row, Spec, index_of
from wearsound.garment.colour import LEAST, LINEAR, encode, oklch_to_linear
from wearsound.garment.document import Garment
from wearsound.garment.materials import one_pole
from wearsound.garment.screen import screen_pixels
from wearsound.garment.sewn import sewn
from wearsound.instruments.along import Along
from wearsound.instruments.vibration.patterns import PATTERNS
from wearsound.instruments.wheel import CHROMA_STEP, brightest
from wearsound.parts import FADE

CHROMA_FULL = 0.2

ATTACK, RELEASE = 0.030, 0.120
"""Seconds to 63 % of a step of a lamp of the kind `filament`, brighter and darker (an artist's choice)."""

ZONE_CONTROLS = (
    Spec("glow", "", 0, 1, 0.001, "how brightly the zone's strands shine; several routes: the larger wins"),
    Spec(
        "hue",
        "",
        0,
        1,
        1 / 512,
        "colour of the light round the OKLCH wheel; not played: the zone's own",
        default=-1,
    ),
    Spec("chroma", "", 0, 1, 1 / 64, "strength of the colour; not played: the zone's own", default=-1),
    Spec("dye", "", 0, 1, 0.001, "how far the cloth itself has taken its dye; slow"),
    Spec("buzz", "", 0, 1, 0.001, "how strongly the zone vibrates"),
    Spec("buzz_hz", "Hz", 20, 500, 0.1, "the pitch of the vibration", default=200),
    Spec("pattern", "", 0, len(PATTERNS) - 1, 1, "which vibration pattern plays"),
)


def zone_controls(garment: Garment) -> tuple[Spec, ...]:
    """Every control of every zone, named `zone.control`, in the garment's zone order."""
    return tuple(
        Spec(f"{zone}.{c.name}", c.unit, c.low, c.high, c.step, c.about, c.growing, c.default)
        for zone in garment.zone_names
        for c in ZONE_CONTROLS
    )


class Light:
    """Plays each zone's pixels in its one colour, as bright as its glow and their places on the filaments.

    `seed` scatters the filaments; `features` are the ear's specs, of which the beat is taken; `controls` those of
    what is played and `scene_at` tells the scene at a hop of the block, which a screen's picture sees too. Without
    a `screen` its zones shine in their own colour; one may be put in later.
    """

    specs: tuple[Spec, ...] = ZONE_CONTROLS

    def __init__(
        self,
        garment: Garment,
        seed: int = 0,
        features: Sequence[Spec] = (),
        controls: Sequence[Spec] = (),
        screen: Screen | None = None,
        scene_at: Callable[[int], str] = lambda hop: "",
    ) -> None:
        self._own = np.array([zone.light for zone in garment.zones], dtype=np.float64)
        n, width = len(garment.zones), len(ZONE_CONTROLS)
        columns = np.arange(n) * width
        self._glow, self._hue, self._chroma = columns, columns + 1, columns + 2
        self._wheel = np.stack([brightest(float(lightness)) for lightness in self._own[:, 0]])
        body = self._body = sewn(garment)
        self._digest = garment.digest
        self._zone_names = garment.zone_names
        self._along = Along(body, seed)
        self._features, self._controls = index_of(features), index_of(controls)
        self._phase = self._features.get("room.phase", -1)
        self._sure = self._features.get("room.confidence", -1)
        self._beats = self._phase >= 0 and self._sure >= 0
        kinds = np.array([zone.lamp == "filament" for zone in garment.zones])
        self._slow = np.flatnonzero(kinds[body.zone])
        self._all_slow = len(self._slow) == body.n_pixels
        self._up, self._down = one_pole(ATTACK), one_pole(RELEASE)
        self._screened = screen_pixels(garment)
        self._seed, self._clock = seed, Clock()
        self._scene_at = scene_at
        self.screen = screen
        self.reset()

    def prepare(self, clock: Clock) -> None:
        """[main thread]"""
        self._clock = clock

    def reset(self) -> None:
        """Dark and cold. [engine thread]"""
        self._asked = np.full((2, len(self._own)), np.nan)
        self._colour = np.zeros((len(self._own), 3))
        self._lamps = np.zeros((len(self._slow), 3))
        self._lit = np.zeros((len(self._own), 3), np.uint8)
        self._passing: Along | None = None
        self._passed = 0
        self._shown = np.zeros((len(self._screened), 3))
        self._leaving: F64 | None = None
        self._left = 0
        if self.screen is not None:
            self.screen.reset()

    def inherit(self, old: object) -> None:
        """Go on from where `old` is. [engine thread]

        On the same body lamps are as warm as they were and a sketch is drawn on if it is the same one; another one,
        and light that runs along the filaments otherwise, come in FADE seconds. On another body each lamp begins with
        the mean of its zone, by name.
        """
        if not isinstance(old, Light):
            return
        if self._digest != old._digest:
            self._warm(old)
            return
        self._lamps, self._lit = old._lamps, old._lit
        self._passing, self._passed = old._passing, old._passed
        if self._seed != old._seed:
            self._passing, self._passed = old._along, 0
        self._shown, self._leaving, self._left = old._shown, old._leaving, old._left
        draws = getattr(self.screen, "draws", None)
        if draws is not None and draws == getattr(old.screen, "draws", None):
            self.screen = old.screen
        elif self.screen is not old.screen:
            self._leaving, self._left = old._shown, 0

    def _warm(self, old: Light) -> None:
        """Lamps of another body begin with what lamps of their zone were."""
        places, lamps = old._body.zone[old._slow], old._lamps
        for number, name in enumerate(self._zone_names):
            if name in old._zone_names and len(lamps):
                theirs = lamps[places == old._zone_names.index(name)]
                if len(theirs):
                    self._lamps[self._body.zone[self._slow] == number] = theirs.mean(axis=0)

    def play(self, block: Block, features: F64, controls: F64, out: F64) -> None:
        """Fill `out` (n_due, n_pixels, 3) with linear RGB 0..1, a row a light frame due. [engine thread]"""
        due = self._clock.due_hops(block.tick, block.n_hops, LIGHT_RATE)
        number = self._clock.due(block.tick - 1, LIGHT_RATE)
        for row, hop in enumerate(due):
            now = controls[hop]
            glow = now[self._glow]
            colours = self._colours(now[self._hue], now[self._chroma]) * (glow * glow)[:, None]
            light = out[row]
            np.take(colours, self._body.zone, axis=0, out=light, mode="clip")
            beat = float(features[hop, self._phase]) if self._beats else 0.0
            sure = float(features[hop, self._sure]) if self._beats else 0.0
            light *= self._runs(number + row, beat, sure)[:, None]
            if self.screen is not None and len(self._screened):
                frame = self._frame(block.tick + hop, number + row, hop, features[hop], now)
                shine = (glow * glow)[self._body.zone[self._screened]]
                light[self._screened] = LINEAR[self.screen.colours(frame)] * shine[:, None]
                self._lit = encode(self._body.by_zone(light))
            if len(self._screened):
                self._show(light)
            if len(self._slow):
                self._follow(light)

    def _show(self, light: F64) -> None:
        """Another picture comes over the last light of the one before."""
        if self._leaving is not None:
            self._left += 1
            share = self._left / (FADE * LIGHT_RATE)
            light[self._screened] = light[self._screened] * share + self._leaving * (1.0 - share)
            if share >= 1.0:
                self._leaving = None
        self._shown = light[self._screened]

    def _runs(self, number: int, beat: float, sure: float) -> F64:
        """The share 0..1 of each pixel of its zone's light, (n_pixels,)."""
        now = self._along.at(number, beat, sure)
        if self._passing is None:
            return now
        self._passed += 1
        share = self._passed / (FADE * LIGHT_RATE)
        between = now * share + self._passing.at(number, beat, sure) * (1.0 - share)
        if share >= 1.0:
            self._passing = None
        return between

    def _frame(self, tick: int, number: int, hop: int, features: F64, controls: F64) -> Frame:
        """What a picture may see of a light frame that is not lit yet: the zones as they were played before it."""
        return Frame(
            tick=tick,
            number=number,
            time=self._clock.seconds(tick + 1),
            features=Row(self._features, features.copy()),
            controls=Row(self._controls, controls.copy()),
            lit=self._lit,
            felt=np.zeros(len(self._own), np.float32),
            health=Health(),
            seed=self._seed,
            scene=self._scene_at(hop),
        )

    def _follow(self, light: F64) -> None:
        """Lamps of the kind `filament` brighten and darken in their own time; dark is dark in the end."""
        wanted = light if self._all_slow else light[self._slow]
        lamps = self._lamps
        way = wanted - lamps
        way *= np.where(way > 0, self._up, self._down)
        lamps += way
        lamps[(lamps < LEAST) & (wanted == 0)] = 0.0
        if self._all_slow:
            np.copyto(light, lamps)
        else:
            light[self._slow] = lamps

    def _colours(self, hue: F64, chroma: F64) -> F64:
        """Linear RGB (n_zones, 3) at full glow; kept until a hue or a chroma changes."""
        asked = np.stack([hue, chroma])
        if not np.array_equal(asked, self._asked):
            lightness, own_chroma, own_hue = self._own[:, 0], self._own[:, 1], self._own[:, 2]
            strength = np.where(chroma < 0, own_chroma, chroma * CHROMA_FULL)
            lch = np.stack([lightness, strength, np.where(hue < 0, own_hue, hue * 360.0)], axis=-1)
            colour = oklch_to_linear(lch)
            # Strands are as bright as they can be: L says how pale, the brightest channel is full. Among
            # hues that are played it is the brightest of the whole wheel, or yellow would outshine red.
            full = np.where(hue < 0, colour.max(axis=-1), self._of_wheel(strength))
            self._colour = np.minimum(colour / np.maximum(full, 1e-6)[:, None], 1.0)
            self._asked = asked
        return self._colour

    def _of_wheel(self, strength: F64) -> F64:
        """The brightest channel of any hue at each zone's lightness and at this chroma, between two steps."""
        place = np.minimum(strength / CHROMA_STEP, self._wheel.shape[1] - 1.0)
        below = np.minimum(place.astype(np.intp), self._wheel.shape[1] - 2)
        zones = np.arange(len(place))
        low, high = self._wheel[zones, below], self._wheel[zones, below + 1]
        between: F64 = low + (high - low) * (place - below)
        return between
