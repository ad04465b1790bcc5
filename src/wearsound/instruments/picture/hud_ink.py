"""What every part of the HUD is drawn with: its colours, its letters, its shades."""

from __future__ import annotations

from typing import Any

import pygame

from wearsound.instruments.picture.type import font

Colour = tuple[int, int, int]

# sRGB of the OKLCH values of the house's palette.
INK, DIM, RAIL = (0xED, 0xE7, 0xDB), (0x9C, 0x98, 0x8E), (0x3A, 0x3D, 0x44)
GOOD, WARN, BAD = (0x6E, 0xCC, 0xB0), (0xEF, 0xB1, 0x46), (0xF4, 0x52, 0x49)
LOW, MID, HIGH = (0xEC, 0x6E, 0x38), GOOD, (0xB9, 0xDE, 0xF4)
STAGE = (0x08, 0x0B, 0x10)

LARGEST = 1.2
"""A picture as much larger than 1280x720 as this has larger letters too: it is seen from as far."""

_MOST_TEXTS = 500


class Letters:
    """Texts that are drawn once and kept. Lengths are given for a picture of 1280x720: `px` makes them ours."""

    def __init__(self, size: tuple[int, int]) -> None:
        pygame.font.init()
        grown = min(size[0] / 1280, size[1] / 720)
        self.scale = grown if grown >= LARGEST else 1.0
        self.fonts = {
            "stage": font("mono", self.px(38)),
            "name": font("mono", self.px(28)),
            "label": font("mono", self.px(14)),
            "value": font("sans", self.px(17)),
        }
        self.texts: dict[tuple[str, str, Colour], pygame.Surface] = {}

    def px(self, length: float) -> int:
        """Pixels of this picture."""
        return round(length * self.scale)

    def wide(self, face: str, text: str) -> int:
        """How wide a text is."""
        return int(self.fonts[face].size(text)[0])

    def text(self, face: str, text: str, colour: Colour) -> pygame.Surface:
        """A text as a surface that is kept."""
        key = (face, text, colour)
        if key not in self.texts:
            if len(self.texts) > _MOST_TEXTS:
                self.texts.clear()
            self.texts[key] = self.fonts[face].render(text, True, colour)
        return self.texts[key]

    def fitted(self, face: str, text: str, width: int, colour: Colour) -> pygame.Surface:
        """A text in one line, cut with an ellipsis where it is wider than `width`."""
        key = (face, f"{width} {text}", colour)
        if key not in self.texts:
            text = " ".join(text.split())
            if self.wide(face, text) > width:
                low, high = 0, len(text)
                while low < high:
                    middle = (low + high + 1) // 2
                    if self.wide(face, text[:middle] + "…") <= width:
                        low = middle
                    else:
                        high = middle - 1
                text = text[:low].rstrip() + "…"
            self.texts[key] = self.text(face, text, colour)
        return self.texts[key]

    def lines(self, face: str, text: str, width: int) -> list[str]:
        """A text in lines no wider than `width`, broken between words."""
        found = [""]
        for word in text.split():
            longer = f"{found[-1]} {word}".strip()
            if found[-1] and self.wide(face, longer) > width:
                found.append(word)
            else:
                found[-1] = longer
        return found


def ramp(width: int, height: int) -> pygame.Surface:
    """A shade that deepens downwards: the strip has no panel and no edge."""
    made = pygame.Surface((width, height))
    for y in range(height):
        depth = min(1.0, y / (height * 0.6))
        value = round(255 * (1 - 0.86 * depth * depth * (3 - 2 * depth)))
        made.fill((value, value, value), (0, y, width, 1))
    return made


def soft(width: int, height: int, edge: int, depth: float = 0.8) -> pygame.Surface:
    """A shade for `BLEND_RGB_MULT` whose four edges fade within `edge` pixels."""
    import numpy as np

    def side(n: int) -> Any:
        near = np.minimum(np.arange(n) + 1, np.arange(n, 0, -1)) / max(1, edge)
        t = np.clip(near, 0, 1)
        return t * t * (3 - 2 * t)

    level = np.rint(255 * (1 - depth * side(width)[:, None] * side(height)[None, :])).astype(np.uint8)
    made = pygame.Surface((width, height), 0, 32)
    pygame.surfarray.blit_array(made, np.repeat(level[..., None], 3, axis=2))
    return made


def disc(radius: int, colour: Colour = INK, line: int = 0) -> pygame.Surface:
    """A disc or ring with a soft edge: drawn large once, and reduced."""
    large = pygame.Surface((radius * 8 + 8, radius * 8 + 8), pygame.SRCALPHA)
    large.fill((*colour, 0))
    pygame.draw.circle(large, colour, large.get_rect().center, radius * 4, line * 4)
    return pygame.transform.smoothscale(large, (radius * 2 + 2, radius * 2 + 2))


def lamp(surface: Any, middle: tuple[int, int], state: str, scale: float = 1.0) -> None:
    """State is shape too: filled is alive, a ring waits, a cross is lost, nothing is absent."""
    x, y = middle
    radius, arm, line = round(6 * scale), round(5 * scale), max(2, round(2 * scale))
    if state == "alive":
        pygame.draw.circle(surface, GOOD, middle, radius)
    elif state == "waiting":
        pygame.draw.circle(surface, WARN, middle, radius, line)
    elif state == "lost":
        pygame.draw.line(surface, BAD, (x - arm, y - arm), (x + arm, y + arm), line + 1)
        pygame.draw.line(surface, BAD, (x - arm, y + arm), (x + arm, y - arm), line + 1)
