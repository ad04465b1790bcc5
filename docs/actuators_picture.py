"""What each kind of actuator makes of a note and of a click: what is asked, what is driven, what is felt."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pygame

from wearsound import folders
from wearsound.core import F64, Clock
from wearsound.felt import Drive
from wearsound.garment.document import Garment, load_garment
from wearsound.garment.motor_kinds import motion
from wearsound.garment.motor_skin import felt_at
from wearsound.garment.motors import Motors
from wearsound.instruments.picture.type import font
from wearsound.instruments.vibration.shape import Shape
from wearsound.outputs.record.png import png
from wearsound.show.sheet import INK, PAPER, RULE, SOFT

Ink = tuple[int, int, int]

KINDS = {
    "voice-coil": "follows the wave, its pitch too",
    "piezo": "the same, at once",
    "lra": "kicked, then braked: phase flipped",
    "erm": "kicked, then braked: voltage reversed",
    "phone": "on and off, in slots of 27 ms",
}
PITCH = 150.0
NOTES = ((0.3, 0.52, "a note of 300 ms, 150 Hz"), (0.03, 0.16, "a click of 30 ms"))
"""Length, what is shown of it, its name."""
ASKED = 0.7
"""Strength: not full, so that a phone shows its slots."""
LEAD = 0.02
CLOCK = Clock()
HOP = CLOCK.hop / CLOCK.sample_rate
WIDTH, HEIGHT, FINE = 1500, 1290, 2
LEFT, TOP, ROW = 262, 172, 222
PANELS = ((262, 760), (1090, 350))
"""Where each note is, and how wide."""
FELT, DRIVEN, FREE = (196, 108, 58), (104, 132, 204), (74, 138, 128)
FILL = (232, 198, 168)


def actuators(path: Path) -> None:
    """Write the sheet."""
    pygame.font.init()
    surface = pygame.Surface((WIDTH * FINE, HEIGHT * FINE))
    surface.fill(PAPER)
    sheet = _Sheet(surface)
    sheet.head()
    worn = _worn()
    for column, (lasts, shown, name) in enumerate(NOTES):
        sheet.title(column, name)
        asked = _asked(lasts, shown, len(KINDS))
        drive = _driven(worn, *asked)
        felt = _felt(worn, drive)
        plain = _felt(worn, _plain(worn, asked[1], asked[2]))
        for row, kind in enumerate(KINDS):
            free = plain[:, row] if kind in ("lra", "erm") else None
            sheet.panel(column, row, shown, asked[1][:, row], drive.wave[:, row], felt[:, row], free)
    for row, (kind, what) in enumerate(KINDS.items()):
        sheet.row(row, kind, what)
    small = pygame.transform.smoothscale(surface, (WIDTH, HEIGHT))
    rgb = np.frombuffer(pygame.image.tobytes(small, "RGB"), np.uint8).reshape(HEIGHT, WIDTH, 3)
    folders.write_whole(path, png(rgb))


def _worn() -> Garment:
    """A tunic with one actuator of each kind."""
    text = 'title = "Five"\n[[zone]]\nname = "chest"\nlight = [0.7, 0.1, 50]\n'
    text += '[[figure]]\nname = "front"\nat = [640, 200]\n'
    text += (
        '[[figure.layer]]\nname = "body"\nzone = "chest"\noutline = [[0, 0], [40, 0], [40, 40], [0, 40]]\n'
    )
    text += "".join(
        f'[[actuator]]\nname = "a{i}"\nzone = "chest"\nkind = "{kind}"\n' for i, kind in enumerate(KINDS)
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "five.toml"
        path.write_text(text, encoding="utf-8")
        return load_garment(path)


def _asked(lasts: float, shown: float, n: int) -> tuple[F64, F64, F64]:
    hops = int(shown / HOP) + 2
    t = np.arange(hops * CLOCK.hop) / CLOCK.sample_rate - LEAD
    env = np.clip(np.minimum(t / 0.005, (lasts - t) / 0.005), 0.0, 1.0)[:, None] * np.full((1, n), ASKED)
    return env * np.sin(2 * np.pi * PITCH * t)[:, None], env, np.full((hops, n), PITCH)


def _driven(worn: Garment, wave: F64, env: F64, hz: F64) -> Drive:
    shape = Shape(worn, CLOCK)
    drive = Drive(np.zeros(wave.shape, np.float32), np.zeros(hz.shape), np.zeros(hz.shape))
    shape.play(wave, env, hz, drive)
    return drive


def _plain(worn: Garment, env: F64, hz: F64) -> Drive:
    """What it would be driven with if nobody kicked or braked; an erm's speed is the root of its strength."""
    has = [motion(actuator) for actuator in worn.actuators]
    size = env[CLOCK.hop - 1 :: CLOCK.hop]
    power = np.array([0.5 if each.kind == "erm" else 1.0 for each in has])
    level = size**power * [each.full for each in has]
    return Drive(np.zeros(env.shape, np.float32), level, np.broadcast_to([each.hz for each in has], hz.shape))


def _felt(worn: Garment, drive: Drive) -> F64:
    """How hard each shakes: what is felt, without how keen skin is at its pitch, so that kinds can be compared."""
    motors = Motors(worn, CLOCK)
    motors.step(drive)
    touched = np.array([motors.touch(hop) for hop in range(len(drive.hz))], np.float64)
    return np.where(touched[..., 1] > 0, touched[..., 0] / felt_at(touched[..., 1]), 0.0)


class _Sheet:
    def __init__(self, surface: pygame.Surface) -> None:
        self._surface = surface

    def head(self) -> None:
        """The title, and what the inks mean."""
        self._write("What an actuator makes of it", 44, 34, 32, INK)
        x = 44.0
        for ink, what in (
            (INK, "asked"),
            (DRIVEN, "driven (below: from -1 to 1, dashes at rated)"),
            (FELT, "felt: how hard it shakes"),
            (FREE, "the same if it were not kicked and braked"),
        ):
            pygame.draw.line(
                self._surface, ink, (x * FINE, 103 * FINE), ((x + 26) * FINE, 103 * FINE), 3 * FINE
            )
            x += 36 + self._write(what, x + 34, 92, 15, INK) + 30

    def title(self, column: int, name: str) -> None:
        """Above a column."""
        self._write(name, PANELS[column][0], 134, 16, SOFT)

    def row(self, row: int, kind: str, what: str) -> None:
        """Before a row."""
        self._write(kind, 44, TOP + ROW * row + 20, 22, INK)
        words = what.split()
        line, y = "", TOP + ROW * row + 54
        for word in [*words, ""]:
            if word and len(line) + len(word) < 24:
                line = f"{line} {word}".strip()
            else:
                self._write(line, 44, y, 13, SOFT)
                line, y = word, y + 19

    def panel(
        self, column: int, row: int, shown: float, env: F64, wave: F64, felt: F64, free: F64 | None
    ) -> None:
        """One kind and one note: what is felt above, what is driven below."""
        left, width = PANELS[column]
        top = TOP + ROW * row
        base, tall, middle, swing = top + 108, 92.0, top + 158, 34.0
        self._axis(left, width, shown, base, middle + swing)
        ends = (np.arange(len(felt)) + 1) * HOP
        self._area(left, width, shown, ends, felt, base, tall)
        if free is not None:
            self._line(left, width, shown, ends, free, base, tall, FREE, 1.8)
        self._line(left, width, shown, ends, felt, base, tall, FELT, 2.2)
        times = np.arange(len(env)) / CLOCK.sample_rate
        self._line(left, width, shown, times[::16], env[::16], base, tall, INK, 0.9)
        for rated in (-0.7, 0.0, 0.7):
            self._dashes(left, width, middle - rated * swing, rated == 0.0)
        self._line(left, width, shown, times[::8], wave[::8], middle, swing, DRIVEN, 1.2)

    def _axis(self, left: float, width: float, shown: float, base: float, bottom: float) -> None:
        step = 0.1 if shown > 0.3 else 0.05
        for i in range(int((shown - LEAD) / step + 1e-6) + 1):
            x = left + (LEAD + i * step) / shown * width
            self._rect(x, base - 96, 0.7, bottom - base + 96, RULE)
            self._write(f"{i * step * 1000:.0f} ms", x + 3, base + 1, 10, SOFT, "mono")
        self._rect(left, base, width, 0.8, RULE)

    def _points(
        self, left: float, width: float, shown: float, t: F64, y: F64, base: float, tall: float
    ) -> list[tuple[float, float]]:
        inside = t <= shown
        xs = (left + t[inside] / shown * width) * FINE
        ys = (base - np.clip(y[inside], -1.05, 1.05) * tall) * FINE
        return list(zip(xs.tolist(), ys.tolist(), strict=True))

    def _area(
        self, left: float, width: float, shown: float, t: F64, y: F64, base: float, tall: float
    ) -> None:
        points = self._points(left, width, shown, t, y, base, tall)
        corners = [(points[0][0], base * FINE), *points, (points[-1][0], base * FINE)]
        pygame.draw.polygon(self._surface, FILL, corners)

    def _line(
        self,
        left: float,
        width: float,
        shown: float,
        t: F64,
        y: F64,
        base: float,
        tall: float,
        ink: Ink,
        thick: float,
    ) -> None:
        points = self._points(left, width, shown, t, y, base, tall)
        pygame.draw.lines(self._surface, ink, False, points, max(1, round(thick * FINE)))

    def _dashes(self, left: float, width: float, y: float, whole: bool) -> None:
        if whole:
            self._rect(left, y, width, 0.6, RULE)
            return
        for i in range(int(width / 10)):
            self._rect(left + i * 10, y, 4, 0.8, RULE)

    def _rect(self, x: float, y: float, w: float, h: float, ink: Ink) -> None:
        area = (round(x * FINE), round(y * FINE), max(1, round(w * FINE)), max(1, round(h * FINE)))
        self._surface.fill(ink, area)

    def _write(self, text: str, x: float, y: float, size: int, ink: Ink, face: str = "sans") -> float:
        drawn = font(face, size * FINE).render(text, True, ink)
        self._surface.blit(drawn, (x * FINE, y * FINE))
        return float(drawn.get_width() / FINE)
