"""Smooth-edged shapes on a pygame surface: drawn larger than they are, then averaged down."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from wearsound.gallery import suggest
from wearsound.instruments.picture.inks import Ink

Point = tuple[float, float]

BLENDS = ("normal", "add", "multiply")


def known(blend: str) -> str:
    """The blend itself; ValueError with the nearest name if there is none of that name."""
    if blend not in BLENDS:
        raise ValueError(f"no blend {blend!r}{suggest(blend, BLENDS)}")
    return blend


def ellipse(
    x: float, y: float, width: float, height: float, start: float = 0.0, stop: float = math.tau
) -> list[Point]:
    """Points along an ellipse round (x, y), angles in radians, clockwise as Processing has it."""
    turn = stop - start
    steps = max(8, min(180, int(abs(turn) * (abs(width) + abs(height)) ** 0.5 * 0.8)))
    angles = (start + turn * i / steps for i in range(steps + (abs(turn) < math.tau)))
    return [(x + width / 2 * math.cos(a), y + height / 2 * math.sin(a)) for a in angles]


def ribbons(points: Sequence[Point], weight: float, closed: bool) -> list[list[Point]]:
    """The outlines of a line of that thickness along the points: one quad a piece, one disc a joint."""
    half = weight / 2
    ends = [*points, *points[:1]] if closed else list(points)
    shapes = []
    for (x0, y0), (x1, y1) in pairwise(ends):
        length = math.hypot(x1 - x0, y1 - y0)
        if length:
            nx, ny = (y1 - y0) / length * half, (x0 - x1) / length * half
            shapes.append([(x0 + nx, y0 + ny), (x1 + nx, y1 + ny), (x1 - nx, y1 - ny), (x0 - nx, y0 - ny)])
    if weight > 1.5:
        shapes += [ellipse(x, y, weight, weight) for x, y in (points if closed else ends)]
    return shapes


def paint(surface: Any, shapes: Sequence[Sequence[Point]], colour: Ink, alpha: float, blend: str) -> None:
    """Fill all shapes as one in one colour. Where they overlap, nothing is painted twice."""
    import pygame

    shapes = [shape for shape in shapes if len(shape) > 2]
    if not shapes or alpha <= 0:
        return
    across = [x for shape in shapes for x, _ in shape]
    down = [y for shape in shapes for _, y in shape]
    if not all(map(math.isfinite, (*across, *down))):
        return
    box = pygame.Rect(0, 0, 0, 0)
    left, top = max(-1e6, min(across)), max(-1e6, min(down))
    box.update(math.floor(left), math.floor(top), 0, 0)
    box.width = math.ceil(min(1e6, max(across))) - box.left + 1
    box.height = math.ceil(min(1e6, max(down))) - box.top + 1
    box = box.clip(surface.get_rect())
    if not box.width or not box.height:
        return
    # Small shapes get the smoothest edge; at poster size a coarser edge is not seen.
    area = box.width * box.height
    fine = 4 if area < 20_000 else 2 if area < 300_000 else 1
    size = (box.width * fine, box.height * fine)
    if blend == "normal":
        rough = pygame.Surface(size, pygame.SRCALPHA, 32)
        rough.fill((*colour, 0))
        drawn: tuple[int, ...] = (*colour, round(255 * alpha))
        flag = 0
    else:
        rough = pygame.Surface(size, 0, 32)
        rest = 0 if blend == "add" else 255
        rough.fill((rest, rest, rest))
        drawn = tuple(round(rest + (part - rest) * alpha) for part in colour)
        flag = pygame.BLEND_RGB_ADD if blend == "add" else pygame.BLEND_RGB_MULT
    for shape in shapes:
        pygame.draw.polygon(rough, drawn, [((x - box.left) * fine, (y - box.top) * fine) for x, y in shape])
    if fine > 1:
        rough = pygame.transform.smoothscale(rough, box.size)
    surface.blit(rough, box, special_flags=flag)
