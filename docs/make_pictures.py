"""Make the pictures of README and docs again, about five minutes: `.venv/bin/python docs/make_pictures.py`.

Only what is heard, after the ear has changed, in seconds: `... docs/make_pictures.py heard`; only the touch
screen: `... touch`.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import pygame
from hearing_picture import hearing
from touch_picture import touch

from wearsound import analyze, load, render
from wearsound.show.plot import plot

HERE = Path(__file__).parent / "pictures"
STILLS = {"rain-room": 14.4, "kiln": 22.0, "salt": 36.0, "loom": 24.0}
STRIP = (2.0, 6.3, 14.4, 27.2, 36.3)


def frame(folder: Path, seconds: float) -> pygame.Surface:
    return pygame.image.load(folder / "frames" / f"{round(seconds * 30):06}.png")


def sheet(pictures: list[pygame.Surface], width: int, columns: int, gap: int = 6) -> pygame.Surface:
    height = width * 9 // 16
    rows = -(-len(pictures) // columns)
    whole = pygame.Surface((columns * (width + gap) - gap, rows * (height + gap) - gap))
    for i, picture in enumerate(pictures):
        place = ((i % columns) * (width + gap), (i // columns) * (height + gap))
        whole.blit(pygame.transform.smoothscale(picture, (width, height)), place)
    return whole


def heard() -> None:
    plot(analyze("demo"), HERE / "heard.png")
    hearing(HERE / "hearing.png")


def played() -> None:
    with tempfile.TemporaryDirectory() as there:
        shows = {}
        for name in ("bass-denim", *STILLS):
            shows[name] = Path(there) / name
            render(load(name), "demo", to=shows[name], frames=True)
        pygame.image.save(pygame.image.load(shows["bass-denim"] / "poster.png"), str(HERE / "jacket.jpg"))
        strip = [frame(shows["bass-denim"], at) for at in STRIP]
        pygame.image.save(sheet(strip, 400, len(strip), 4), str(HERE / "strip.jpg"))
        stills = [frame(shows[name], at) for name, at in STILLS.items()]
        pygame.image.save(sheet(stills, 640, 2), str(HERE / "gallery.jpg"))


def main() -> None:
    HERE.mkdir(exist_ok=True)
    wanted = sys.argv[1:] or ["played", "heard", "touch"]
    if "played" in wanted:
        played()
    if "heard" in wanted:
        heard()
    if "touch" in wanted:
        touch(HERE / "touch.jpg")


if __name__ == "__main__":
    main()
