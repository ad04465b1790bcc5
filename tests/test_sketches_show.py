"""What of the music each gallery sketch shows: known answers, measured in its pictures."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pygame
import pytest
from test_sketch import ROOT, Jacket, frame

from benchmarks.sketching import SHOWS, change, cut, moves
from wearsound.core import Clock, Frame
from wearsound.instruments.picture.sketch import load_sketch
from wearsound.instruments.picture.sketch_picture import SketchPicture
from wearsound.safety.screen import ScreenGuard

SIZE, FPS = (320, 180), 30
BASS = {"sub": 0.7, "bass": 0.9, "lowmid": 0.3, "mid": 0.05, "high": 0.0, "air": 0.0}
TREBLE = {"sub": 0.0, "bass": 0.0, "lowmid": 0.05, "mid": 0.3, "high": 0.8, "air": 0.7}
EVEN = {"sub": 0.3, "bass": 0.6, "lowmid": 0.3, "mid": 0.2, "high": 0.1, "air": 0.1}


def struck(seconds: float, bands: dict[str, float], fps: int = FPS, every: float = 0.6) -> Iterator[Frame]:
    """The same bands for ever, and a blow every 0.6 s from 0.6 s on: a kick, an onset and a beat."""
    clock = Clock()
    for number in range(round(seconds * fps)):
        at = (number + 1) / fps
        blows = int(at / every + 1e-9)
        counts = {"kick": blows, "onset": blows, "beat": blows, "hat": blows, "tempo": 60 / every}
        tick = round(at * clock.sample_rate / clock.hop)
        yield frame(number, tick, at, loudness=0.6, phase=at / every % 1, **counts, **bands)


def seen(name: str, frames: Iterator[Frame], fps: int = FPS) -> list[np.ndarray]:
    """Pictures int16 (rows, columns, 3)."""
    picture = SketchPicture(load_sketch(ROOT / "sketches" / f"{name}.py"), Jacket(), SIZE, 7, fps)
    surface, kept = pygame.Surface(SIZE, 0, 32), []
    for now in frames:
        picture.draw(surface, now)
        kept.append(pygame.surfarray.array3d(surface).transpose(1, 0, 2).astype(np.int16))
    return kept


def part(picture: np.ndarray, *where: float) -> np.ndarray:
    return cut(picture, where)


@pytest.mark.parametrize("name", sorted(set(SHOWS) - {"loom"}))
def test_a_blow_is_seen_when_it_falls_and_where(name: str) -> None:
    _, where, summed = SHOWS[name]
    frames = list(struck(5, EVEN))
    pictures = [cut(picture, where) for picture in seen(name, iter(frames))]
    changes = np.array([change(a, b, summed) for a, b in pairwise(pictures)])
    counts = np.array([now.features["room.kick"] for now in frames[1:]])
    assert moves(changes[10:], counts[10:], 4) > 1.3


def test_loom_weaves_a_pick_a_sixteenth() -> None:
    pictures = [part(picture, 0, 0.2, 1, 0.7) for picture in seen("loom", struck(6, EVEN))]
    # Cloth moves down by one pick at a time; bass floats on the left, treble on the right.
    low, high = (seen("loom", struck(4, bands))[-1] for bands in (BASS, TREBLE))
    more = part(low, 0, 0.14, 1, 0.25).sum(axis=(0, 2)) - part(high, 0, 0.14, 1, 0.25).sum(axis=(0, 2))
    assert more[:130].mean() > 0 > more[190:].mean()
    assert np.abs(pictures[-1] - pictures[60]).mean() > 2


def test_thread_lies_near_the_middle_for_bass_and_along_the_rim_for_treble() -> None:
    y, x = np.mgrid[0 : SIZE[1], 0 : SIZE[0]]
    far = np.hypot(x - 0.38 * SIZE[0], y - 0.47 * SIZE[1]) / (0.4 * SIZE[1])
    inside, rim = far < 0.35, (far > 0.85) & (far < 1.05)
    low, high = (seen("thread", struck(8, bands))[-1].sum(axis=2) for bands in (BASS, TREBLE))
    assert low[inside].mean() > 1.3 * high[inside].mean()
    assert high[rim].mean() > low[rim].mean()


def test_tape_writes_kicks_below_and_hats_above() -> None:
    low, high = (seen("tape", struck(6, bands))[-1].sum(axis=2) for bands in (BASS, TREBLE))
    sails, ticks = (0.5, 0.5, 0.4, 0.3), (0.5, 0.1, 0.4, 0.16)
    assert part(low, *sails).mean() > 1.3 * part(high, *sails).mean()
    assert part(high, *ticks).mean() > part(low, *ticks).mean()


def test_contour_frays_with_the_highs() -> None:
    smooth, frayed = (
        seen("contour", struck(2, EVEN | {"high": high}))[-1].astype(float) for high in (0.0, 1.0)
    )
    edges = [np.abs(np.diff(picture, axis=1)).mean() for picture in (smooth, frayed)]
    assert edges[1] > 1.05 * edges[0]


def test_boro_sews_paler_rings_for_treble() -> None:
    low, high = (part(seen("boro", struck(9, bands))[-1], 0.2, 0.2, 0.36, 0.6) for bands in (BASS, TREBLE))
    assert high.mean() > 1.1 * low.mean()


@pytest.mark.parametrize("name", sorted(SHOWS))
def test_the_frame_rate_does_not_change_the_look(name: str) -> None:
    slow, fast = (seen(name, struck(4, EVEN, fps), fps)[-1].astype(float) for fps in (30, 60))
    # The very same place is too much to ask of what drifts; the same light in the same parts is not.
    blocks = [picture.reshape(9, 20, 16, 20, 3).mean(axis=(1, 3)) for picture in (slow, fast)]
    assert abs(slow.mean() - fast.mean()) < 2.5
    assert np.abs(blocks[0] - blocks[1]).mean() < 6


@pytest.mark.parametrize("name", sorted(SHOWS))
def test_it_never_flashes(name: str) -> None:
    """Blows at 150 a minute, and a slot a second as where no garment swings: next to nothing is darkened."""
    picture = SketchPicture(load_sketch(ROOT / "sketches" / f"{name}.py"), Jacket(), SIZE, 7, FPS)
    guard, surface = ScreenGuard(Clock()), pygame.Surface(SIZE, 0, 32)
    darkened = []
    for now in struck(5, EVEN, every=0.4):
        picture.draw(surface, now)
        slots = tuple(range(0, now.tick + 1, 188))[-3:]
        darkened.append(guard.limit(now.tick, surface, slots))
    assert np.mean(np.array(darkened[30:]) > 0.9) > 0.9
