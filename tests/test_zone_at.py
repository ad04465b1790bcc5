"""Pointing at cloth: which zone lies under a pixel, also where it swings."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from wearsound import gallery
from wearsound.core import Frame, Health, Row
from wearsound.garment.document import load_garment
from wearsound.garment.sewn import sewn

SIZE = (320, 180)


def dressed(name: str) -> tuple[Any, Any]:
    import pygame

    from wearsound.instruments.picture.garment_picture import GarmentPicture

    pygame.display.init()
    garment = load_garment(gallery.find("garment", name))
    return garment, GarmentPicture(garment, SIZE, 7)


def draw(garment: Any, picture: Any, swing: float) -> Any:
    import pygame

    n, heard = len(garment.zones), {"drape.swing": 0, "drape.width": 1, "drape.fold": 2}
    frame = Frame(
        tick=0,
        number=0,
        time=1 / 60,
        features=Row(heard, np.array([swing, 0.0, 0.0])),
        controls=Row({}, np.zeros(0)),
        lit=np.zeros((n, 3), np.uint8),
        felt=np.zeros(n, np.float32),
        health=Health(),
        seed=7,
        pixels=np.zeros((sewn(garment).n_pixels, 3), np.uint8),
        dyed=np.zeros(n, np.float32),
        warm=np.zeros(n, np.float32),
    )
    surface = pygame.Surface(SIZE)
    picture.draw(surface, frame)
    return pygame.surfarray.array3d(surface)


@pytest.fixture(scope="module")
def coat(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Any]:
    return dressed("long-coat")


def test_every_zone_is_found_in_its_own_middle(coat: tuple[Any, Any]) -> None:
    garment, picture = coat
    draw(garment, picture, 0.0)
    for number, zone in enumerate(garment.zones):
        place = picture.place_of(number)
        assert place is not None, zone.name
        assert picture.zone_at(*place) == number, zone.name
    for place in ((1, 1), (SIZE[0] - 1, SIZE[1] - 1), (-5, 3), (10_000, 10_000)):
        assert picture.zone_at(*place) == -1
    assert picture.place_of(31) is None


def test_it_goes_along_with_a_hem_that_swings(coat: tuple[Any, Any]) -> None:
    """Where the hem has swung to the right its edge is found further right than at rest, as it is drawn."""
    garment, picture = coat

    def edge(swing: float) -> int:
        draw(garment, picture, swing)
        part = max(picture._bake.hanging, key=lambda part: float(np.abs(part.swing).max()))
        x, y, w, _ = part.box.tolist()
        rows = np.flatnonzero((part.cover > 200).sum(axis=1) > 10)
        low = y + int(rows[-1])
        return max(column for column in range(x, x + w) if picture.zone_at(column, low) >= 0)

    part = max(picture._bake.hanging, key=lambda part: float(np.abs(part.swing).max()))
    rest = edge(0.0)
    moved = edge(1.0) - rest
    rows = np.flatnonzero((part.cover > 200).sum(axis=1) > 10)
    assert moved == pytest.approx(float(part.swing[rows[-1], 0]), abs=1.5)
    assert edge(-1.0) < rest
