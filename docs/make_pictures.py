"""Make the pictures of README and docs again: `.venv/bin/python docs/make_pictures.py`, about five minutes."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pygame

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


def main() -> None:
    HERE.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as there:
        played = {}
        for name in ("bass-denim", *STILLS):
            played[name] = Path(there) / name
            render(load(name), "demo", to=played[name], frames=True)
        pygame.image.save(pygame.image.load(played["bass-denim"] / "poster.png"), str(HERE / "jacket.jpg"))
        strip = [frame(played["bass-denim"], at) for at in STRIP]
        pygame.image.save(sheet(strip, 400, len(strip), 4), str(HERE / "strip.jpg"))
        stills = [frame(played[name], at) for name, at in STILLS.items()]
        pygame.image.save(sheet(stills, 640, 2), str(HERE / "gallery.jpg"))
    plot(analyze("demo"), HERE / "heard.png")


if __name__ == "__main__":
    main()
