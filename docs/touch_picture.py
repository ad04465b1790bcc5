"""The picture of a touch screen that `wearsound osc layout` makes, drawn from the same plan: no tablet is here."""

from __future__ import annotations

from pathlib import Path

import pygame

from wearsound import load
from wearsound.instruments.picture import __file__ as picture_room
from wearsound.osc.layout import GROUND, HEIGHT, PANEL, TABS, TEXT, WIDTH, Cell, Page, Rgb, place
from wearsound.osc.layout_pages import pages
from wearsound.show.tree import tree_of

FINE = 2
"""Drawn so many times as large, then averaged down."""


def touch(to: Path, show: str = "bass-denim", shown: tuple[int, ...] = (0, 2), gap: int = 24) -> None:
    """Some pages of a show's layout side by side, as a JPEG."""
    pygame.font.init()
    made = pages(tree_of(load(show)))
    whole = pygame.Surface((len(shown) * (WIDTH + gap) - gap, HEIGHT + TABS))
    for i, number in enumerate(shown):
        drawn = _page(made, number)
        whole.blit(pygame.transform.smoothscale(drawn, (WIDTH, HEIGHT + TABS)), (i * (WIDTH + gap), 0))
    pygame.image.save(pygame.transform.smoothscale_by(whole, 0.62), str(to))


def _page(made: list[Page], number: int) -> pygame.Surface:
    surface = pygame.Surface((WIDTH * FINE, (HEIGHT + TABS) * FINE))
    surface.fill(_ink(GROUND))
    wide = WIDTH / len(made)
    for i, page in enumerate(made):
        tab = pygame.Rect(round(i * wide * FINE), 0, round((wide - 2) * FINE), (TABS - 2) * FINE)
        pygame.draw.rect(surface, _ink(page.colour, 0.8 if i == number else 0.35), tab)
        _words(surface, page.title, 15, TEXT, tab)
    for cell in made[number].cells:
        _cell(surface, cell)
    return surface


def _cell(surface: pygame.Surface, cell: Cell) -> None:
    frame = pygame.Rect(cell.x * FINE, (cell.y + TABS) * FINE, cell.w * FINE, cell.h * FINE)
    corner = 5 * FINE
    if cell.kind == "panel":
        pygame.draw.rect(surface, _ink(PANEL), frame, border_radius=corner)
    elif cell.kind == "fader" and cell.parameter is not None:
        pygame.draw.rect(surface, _ink(cell.colour, 0.25), frame, border_radius=corner)
        part = place(cell.parameter)
        full = frame.copy()
        if cell.upright:
            full.height = round(part * frame.height)
            full.bottom = frame.bottom
        else:
            full.width = round(part * frame.width)
        pygame.draw.rect(surface, _ink(cell.colour, 0.8), full, border_radius=corner)
        pygame.draw.rect(surface, _ink(cell.colour), frame, FINE, border_radius=corner)
    elif cell.kind in ("button", "toggle"):
        pygame.draw.rect(surface, _ink(cell.colour, 0.45), frame, border_radius=corner)
        pygame.draw.rect(surface, _ink(cell.colour), frame, FINE, border_radius=corner)
    if cell.text:
        colour = TEXT if cell.kind in ("button", "toggle") else cell.colour
        _words(surface, cell.text, cell.size, colour, frame, cell.left)


def _words(
    surface: pygame.Surface, text: str, size: int, colour: Rgb, frame: pygame.Rect, left: bool = False
) -> None:
    file = sorted((Path(picture_room).parent / "fonts").glob("*.[ot]tf"))[0]
    image = pygame.font.Font(file, size * FINE).render(text, True, _ink(colour))
    surface.blit(
        image, image.get_rect(midleft=frame.midleft) if left else image.get_rect(center=frame.center)
    )


def _ink(colour: Rgb, share: float = 1.0) -> tuple[int, int, int]:
    red, green, blue = (round(255 * part * share) for part in colour)
    return red, green, blue
