"""Make the pictures of README and docs again, about five minutes: `.venv/bin/python docs/make_pictures.py`.

Only what is heard, after the ear has changed, in seconds: `... docs/make_pictures.py heard`; only the scarf and
the cuff: `... worn`; only the touch screen: `... touch`; only the patterns of vibration: `... patterns`; only what
actuators make of a note: `... actuators`; only what is felt of the track: `... felt`; the walk: `... walk`. The
gallery's thumbnails and flash ratings of the patches that have changed: `... thumbs`; the sketches: `... sketches`;
the film strip of the front page and the stills: `... played`; the strips of the gallery page that are stale, and the
page: `... gallery`.
"""

from __future__ import annotations

import hashlib
import io
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pygame
from actuators_picture import actuators
from gallery_files import STRIPS, digest, made, played_to, shows, write_made
from hearing_picture import hearing
from patterns_picture import patterns
from touch_picture import touch
from walk_picture import walk

from wearsound import analyze, gallery, load, render
from wearsound.show import swatch_sheet
from wearsound.show.about import RATINGS, THUMBS
from wearsound.show.haptic import write_haptics
from wearsound.show.palette import palette_of
from wearsound.show.plot import plot
from wearsound.toml_file import read_toml

HERE = Path(__file__).parent / "pictures"
STILLS = {"rain-room": 14.4, "kiln": 22.0, "salt": 36.0, "loom": 24.0}
MOMENTS = {
    "after-hours": 15.1,
    "answer": 33.2,
    "attic": 34.0,
    "bass-denim": 30.6,
    "celadon": 29.0,
    "dip": 36.7,
    "first-walk": 34.0,
    "kiln": 32.1,
    "pulse-point": 31.2,
    "rain-room": 29.8,
    "salt": 36.0,
    "wren": 16.7,
}
"""Seconds into the demo track at which a patch's thumbnail is taken, chosen by eye; a patch without one: its poster."""
THUMB_FPS = 10
STRIP = (2.0, 6.3, 14.4, 27.2, 36.3)
GALLERY = {"demo": (2.0, 6.2, 14.4, 27.2, 36.2), "walk": (8.0, 20.0, 27.0, 34.0, 42.0)}
GALLERY_SKETCH = (2.0, 6.2, 10.2, 14.4, 18.0)
"""Seconds into what is played; of the walk: steps, more of them, a hand on the wool, a knuckle, and after it."""
GALLERY_FPS, GALLERY_SIZE = 5, (640, 360)
SKETCHES = ("thread", "loom", "stitch", "dyebath", "boro", "contour", "tape", "lint")
SKETCH_AT = (2.0, 6.3, 10.2, 14.4, 18.05)
"""Seconds into the demo track: five frames over sixteen seconds tell what a sketch keeps and what it forgets."""


def frame(folder: Path, seconds: float, fps: int = 30) -> pygame.Surface:
    return pygame.image.load(folder / "frames" / f"{round(seconds * fps):06}.png")


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
    swatches = pygame.image.load(io.BytesIO(swatch_sheet.sheet(palette_of("demo", name="Demo"))))
    pygame.image.save(pygame.transform.smoothscale(swatches, (1200, 780)), str(HERE / "palette.jpg"))


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


def sketches() -> None:
    """A strip a sketch, and the last frames large."""
    strips, stills = [], []
    with tempfile.TemporaryDirectory() as there:
        for name in SKETCHES:
            to = Path(there) / name
            render(load(name), "demo", to=to, seconds=SKETCH_AT[-1] + 0.2, frames=True)
            strips += [frame(to, at) for at in SKETCH_AT]
            stills.append(frame(to, SKETCH_AT[-1]))
            shutil.rmtree(to)
    pygame.image.save(sheet(strips, 298, len(SKETCH_AT), 2), str(HERE / "sketches.jpg"))
    pygame.image.save(sheet(stills, 640, 2), str(HERE / "sketches-large.jpg"))


def worn() -> None:
    """The jacket's own patch on the two small garments."""
    with tempfile.TemporaryDirectory() as there:
        posters = []
        for name in ("scarf", "cuff"):
            to = Path(there) / name
            render(load("bass-denim", garment=name), "demo", to=to, fps=2, seconds=45)
            posters.append(pygame.image.load(to / "poster.png"))
        pygame.image.save(sheet(posters, 640, 2), str(HERE / "worn.jpg"))


def felt(show: str = "low-tide") -> None:
    """What a patch made for the skin makes of the demo track, beside the track."""
    with tempfile.TemporaryDirectory() as there:
        picture = Path(there) / "felt.png"
        write_haptics(load(show), "demo", to=Path(there) / "felt", formats=(), picture=picture)
        pygame.image.save(pygame.image.load(picture), str(HERE / "felt.jpg"))


def jpeg(draw: Callable[[Path], None], to: Path) -> None:
    """What is drawn as a PNG, kept smaller."""
    with tempfile.TemporaryDirectory() as there:
        picture = Path(there) / "drawn.png"
        draw(picture)
        pygame.image.save(pygame.image.load(picture), str(to))


def thumbs() -> None:
    """Every gallery patch's garment at its own moment of the demo track, and its worst flashes in any second.

    It shows the garment even of a patch whose picture is a sketch: a listing is read for what there is to wear.
    """
    folder = gallery.root() / "patches" / THUMBS
    folder.mkdir(exist_ok=True)
    lines = [
        "# Made by docs/make_pictures.py: the worst flashes in any second of the demo track, of a zone or the whole."
    ]
    with tempfile.TemporaryDirectory() as there:
        kept = read_toml(folder / RATINGS)
        for name, path in gallery.files("patch").items():
            show, at = load(name), MOMENTS.get(name)
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            before = kept.get(name, {})
            if before.get("patch") == digest and (folder / f"{name}.jpg").exists():
                lines += ["", f"[{name}]", f"flashes = {before['flashes']}", f'patch = "{digest}"']
                continue
            film = Path(there) / f"{name}-film"
            garment = replace(show, sketch_path=None)
            until = None if at is None else at + 0.2
            render(garment, "demo", to=film, fps=THUMB_FPS, seconds=until, frames=True)
            seen = pygame.image.load(film / "poster.png") if at is None else frame(film, at, THUMB_FPS)
            small = pygame.transform.smoothscale(seen, (480, 270))
            pygame.image.save(small, str(folder / f"{name}.jpg"))
            shutil.rmtree(film)
            facts = render(show, "demo", to=Path(there) / name, video=False).facts
            lines += ["", f"[{name}]", f"flashes = {facts['flashes']['worst']}", f'patch = "{digest}"']
    (folder / RATINGS).write_text("\n".join(lines) + "\n", encoding="utf-8")


def gallery_page() -> None:
    """A strip of every patch and sketch whose files have changed since, of what a render of it shows; then the page."""
    STRIPS.mkdir(exist_ok=True)
    every, drawn = shows(), gallery.files("sketch")
    for name, show in every.items():
        strip, files = STRIPS / f"{name}.jpg", digest(show)
        if made().get(name) == files and strip.is_file():
            continue
        moments = GALLERY_SKETCH if name in drawn else GALLERY[played_to(show)]
        with tempfile.TemporaryDirectory() as there:
            to, until = Path(there) / name, moments[-1] + 0.3
            render(
                show, played_to(show), to=to, fps=GALLERY_FPS, size=GALLERY_SIZE, seconds=until, frames=True
            )
            pictures = [frame(to, at, GALLERY_FPS) for at in moments]
        pygame.image.save(sheet(pictures, 236, len(pictures), 4), str(strip))
        write_made({**made(), name: files})  # after each: who stops here goes on from here
    for strip in STRIPS.glob("*.jpg"):
        if strip.stem not in every:
            strip.unlink()
    write_made({name: files for name, files in made().items() if name in every})
    subprocess.run([sys.executable, "-m", "docs.tables"], cwd=HERE.parent.parent, check=True)


def main() -> None:
    HERE.mkdir(exist_ok=True)
    wanted = sys.argv[1:] or [
        "played",
        "sketches",
        "worn",
        "heard",
        "thumbs",
        "touch",
        "patterns",
        "felt",
        "actuators",
        "walk",
        "gallery",
    ]
    if "played" in wanted:
        played()
    if "sketches" in wanted:
        sketches()
    if "worn" in wanted:
        worn()
    if "heard" in wanted:
        heard()
    if "thumbs" in wanted:
        thumbs()
    if "touch" in wanted:
        touch(HERE / "touch.jpg")
    if "patterns" in wanted:
        patterns(HERE / "patterns.png")
    if "felt" in wanted:
        felt()
    if "actuators" in wanted:
        actuators(HERE / "actuators.png")
    if "walk" in wanted:
        jpeg(walk, HERE / "walk.jpg")
    if "gallery" in wanted:
        gallery_page()


if __name__ == "__main__":
    main()
