"""The picture of a walk: what a contact microphone hears above, what the coat plays of it below."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import soundfile
from scipy.signal import stft

from wearsound import load, render
from wearsound.show.sheet import BEAT, BLUE, FINE, GREEN, INK, LEFT, PAPER, RIGHT, RUST, SOFT, WIDTH, Sheet
from wearsound.sources.composer import compose_walk

SHADES = np.array([PAPER, (226, 205, 168), RUST, BEAT, INK], float)
LOW, HIGH = 30.0, 14_000.0
ROWS, TALL, WIDE = 360, 4096, 512
TOP, HEIGHT, GAP = 190, 400, 90


def walk(to: Path, show: str = "first-walk") -> None:
    """Render the built-in walk and draw both spectrograms, with steps, rubbing and taps marked as they were made."""
    made = compose_walk()
    with tempfile.TemporaryDirectory() as there:
        render(load(show), "walk", to=Path(there) / "walk", video=False)
        played, rate = soundfile.read(Path(there) / "walk" / "sound.wav", always_2d=True)
    sheet = Sheet(TOP + 2 * HEIGHT + GAP + 80, len(played) / rate)
    sheet.write("A walk, and what the coat plays of it", LEFT, 42, 34, INK)
    sheet.write("steps", LEFT, 100, 15, BLUE)
    sheet.write("rubbing", LEFT + 70, 100, 15, GREEN)
    sheet.write("taps", LEFT + 160, 100, 15, BEAT)
    below = TOP + HEIGHT + GAP
    sheet.time_axis(TOP, below + HEIGHT + 4)
    for stroke in made.rubs:
        x, end = sheet.x(stroke.time), sheet.x(stroke.time + stroke.duration)
        sheet.surface.fill(GREEN, (round(x), (TOP - 22) * FINE, round(end - x), 5 * FINE))
    for ink, times in ((BLUE, made.steps), (BEAT, made.taps)):
        for time in times:
            sheet.line(sheet.x(time), TOP - 34, TOP - 10, ink, 1.5)
    for title, samples, top, floor in (
        ("heard", made.samples[:, 0].astype(float), TOP, -95.0),
        ("played", played.mean(axis=1), below, -100.0),
    ):
        _draw(sheet, samples, rate, top, floor)
        sheet.write(title, LEFT - 24, top + HEIGHT / 2 - 12, 20, INK, right=True)
    sheet.save(to)


def _draw(sheet: Sheet, samples: np.ndarray, rate: int, top: float, floor: float) -> None:
    """A spectrogram with octaves of one height."""
    hz, _, spectrum = stft(samples, rate, nperseg=TALL, noverlap=TALL - WIDE)
    level = 20 * np.log10(np.abs(spectrum) + 1e-9)
    wanted = LOW * (HIGH / LOW) ** (np.arange(ROWS)[::-1] / (ROWS - 1))
    rows = np.stack([np.interp(wanted, hz, column) for column in level.T])
    depth = np.clip(1 + (rows + 35.0) / -(floor + 35.0), 0, 1) * (len(SHADES) - 1)
    stops = np.arange(len(SHADES))
    rgb = np.stack([np.interp(depth, stops, SHADES[:, i]) for i in range(3)], -1).astype(np.uint8)
    drawn = sheet.pygame.surfarray.make_surface(rgb)
    size = ((WIDTH - LEFT - RIGHT) * FINE, HEIGHT * FINE)
    sheet.surface.blit(sheet.pygame.transform.smoothscale(drawn, size), (LEFT * FINE, round(top * FINE)))
    for mark in (50, 100, 200, 500, 1000, 2000, 5000, 10_000):
        y = top + HEIGHT * (1 - np.log(mark / LOW) / np.log(HIGH / LOW))
        sheet.write(f"{mark:g}", LEFT - 6, y - 7, 11, SOFT, "mono", right=True)
