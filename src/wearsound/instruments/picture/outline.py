"""Curves of a garment: smooth lines through points, their mirror images, and where pixels lie beside them.

All lengths are centimetres. A curve is float64 (n, 2).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wearsound import chance
from wearsound.core import F64
from wearsound.garment.shape import lengths

Map = NDArray[Any]
"""Float32 as a rule, (height, width): one number a pixel."""


def smooth(points: Sequence[Sequence[float]], step: float = 0.4) -> F64:
    """A Catmull-Rom curve (centripetal by chord) through open `points`, about `step` between samples."""
    p = np.array([q[:2] for q in points], np.float64)
    if len(p) == 2:
        return _straight(p[0], p[1], step)
    padded = np.vstack([2 * p[0] - p[1], p, 2 * p[-1] - p[-2]])
    pieces = [_span(padded[i : i + 4], step) for i in range(len(p) - 1)]
    return np.vstack([*pieces, p[-1:]])


def _straight(a: F64, b: F64, step: float) -> F64:
    n = max(1, int(np.ceil(float(np.hypot(*(b - a))) / step)))
    t = np.linspace(0.0, 1.0, n + 1)[:, None]
    line: F64 = a + (b - a) * t
    return line


def _span(p: F64, step: float) -> F64:
    """Between the middle two of four points, the second left out."""
    chords = np.sqrt(np.hypot(*(p[1:] - p[:-1]).T)) + 1e-6
    t0, t1, t2, t3 = 0.0, chords[0], chords[0] + chords[1], chords.sum()
    n = max(2, int(np.ceil(float(np.hypot(*(p[2] - p[1]))) / step)))
    t = np.linspace(t1, t2, n, endpoint=False)[:, None]
    a = ((t1 - t) * p[0] + (t - t0) * p[1]) / (t1 - t0)
    b = ((t2 - t) * p[1] + (t - t1) * p[2]) / (t2 - t1)
    c = ((t3 - t) * p[2] + (t - t2) * p[3]) / (t3 - t2)
    d = ((t2 - t) * a + (t - t0) * b) / (t2 - t0)
    e = ((t3 - t) * b + (t - t1) * c) / (t3 - t1)
    span: F64 = ((t2 - t) * d + (t - t1) * e) / (t2 - t1)
    return span


def outline(points: Sequence[Sequence[float]], whole: bool, step: float = 0.4) -> F64:
    """A closed outline: smooth through its points, sharp where a third number 1 marks a corner.

    `whole`: the points are the right half from the middle of the top to the middle of the bottom.
    """
    ring: list[tuple[float, float, bool]] = [(p[0], p[1], len(p) > 2 and p[2] > 0) for p in points]
    if whole:
        ring += [(-x, y, corner) for x, y, corner in reversed(ring) if abs(x) > 0.05]
    corners = [i for i, point in enumerate(ring) if point[2]]
    if not corners:
        looped = [ring[i % len(ring)] for i in range(-2, len(ring) + 3)]
        curve = smooth(looped, step)
        first = int(np.argmin(np.hypot(*(curve - ring[0][:2]).T)[: len(curve) // 2]))
        last = len(curve) - 1 - int(np.argmin(np.hypot(*(curve - ring[0][:2]).T)[::-1][: len(curve) // 2]))
        return curve[first:last]
    pieces = []
    for here, there in zip(corners, [*corners[1:], corners[0] + len(ring)], strict=True):
        piece = [ring[i % len(ring)] for i in range(here, there + 1)]
        pieces.append(smooth(piece, step)[:-1])
    return np.vstack(pieces)


def mirrored(
    paths: Sequence[Sequence[Sequence[float]]], seed: int, name: str, jitter: float = 0.5
) -> list[list[tuple[float, float]]]:
    """Paths of the right half turned to the left, moved by up to `jitter` cm: nobody sews twice alike."""
    out = []
    for i, path in enumerate(paths):
        moved = chance.noises(seed, f"{name}.mirror", 2, moment=2 * i) * jitter
        out.append([(-p[0] + moved[0], p[1] + moved[1]) for p in path])
    return out


def beside(curve: F64, x: Map, y: Map) -> tuple[Map, Map]:
    """For pixels at x, y: distance along the curve and signed distance beside it (right hand +), cm."""
    if lengths(curve)[-1] < 0.01:
        curve = curve[0] + np.array([[0.0, 0.0], [0.0, 0.01]])
    along = np.zeros(x.shape, np.float32)
    across = np.zeros(x.shape, np.float32)
    best = np.full(x.shape, np.float32(1e18))
    at = lengths(curve)
    starts = curve[:-1].astype(np.float32)
    vectors = (curve[1:] - curve[:-1]).astype(np.float32)
    last = len(vectors) - 1
    for i, ((sx, sy), (vx, vy)) in enumerate(zip(starts, vectors, strict=True)):
        square = vx * vx + vy * vy
        if square < 1e-12:
            continue
        dx, dy = x - sx, y - sy
        inner = dx * (vx / square)
        inner += dy * (vy / square)
        np.clip(inner, -np.inf if i == 0 else 0.0, np.inf if i == last else 1.0, out=inner)
        distance = (dx - inner * vx) ** 2
        distance += (dy - inner * vy) ** 2
        nearer = distance < best
        np.copyto(best, distance, where=nearer)
        inner *= np.sqrt(square)
        inner += np.float32(at[i])
        np.copyto(along, inner, where=nearer)
        dy *= vx
        dx *= vy
        dy -= dx
        np.copyto(across, dy, where=nearer)
    return along, np.copysign(np.sqrt(best), across)


def coverage(ring: F64, box: tuple[float, float], shape: tuple[int, int], scale: float) -> Map:
    """How much of each pixel the closed curve covers, 0..1, by nine samples a pixel.

    `box` is the left and top in cm, `shape` (height, width) in pixels, `scale` pixels a cm.
    """
    import pygame

    fine = 3
    height, width = shape
    surface = pygame.Surface((width * fine, height * fine), 0, 8)
    surface.set_palette([(i, i, i) for i in range(256)])
    corners = (ring - np.array(box)) * (scale * fine)
    pygame.draw.polygon(surface, 1, [(float(x), float(y)) for x, y in corners])
    bits = pygame.surfarray.array2d(surface).T.astype(np.float32)
    covered: Map = bits.reshape(height, fine, width, fine).mean(axis=(1, 3), dtype=np.float32)
    return covered
