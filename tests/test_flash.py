"""The flash guard on the final light: adversaries may not flash faster than three times a second."""

from __future__ import annotations

import numpy as np
import pytest

from wearsound import chance
from wearsound.core import LIGHT_RATE, Clock
from wearsound.safety.flash import STEP, FlashGuard, swing
from wearsound.safety.screen import ScreenGuard

CLOCK = Clock()
AREAS = np.array([3.0, 1.0, 1.0, 0.2])
WHITE = np.ones(3)
RED = np.array([1.0, 0.0, 0.0])


def guarded(wanted: np.ndarray) -> np.ndarray:
    """What leaves of linear light (n_frames, n_zones, 3) asked for at LIGHT_RATE."""
    guard = FlashGuard(AREAS, CLOCK)
    ticks = [k * CLOCK.sample_rate // (LIGHT_RATE * CLOCK.hop) for k in range(len(wanted))]
    return np.array([guard.limit(tick, light).copy() for tick, light in zip(ticks, wanted, strict=True)])


def most_rises(values: np.ndarray) -> int:
    """The most rises of STEP or more, each after a fall of STEP or more, in any one second."""
    low, high, up = values[0], values[0], False
    rises = []
    for i, v in enumerate(values):
        if up:
            high = max(high, v)
            if v <= high - STEP:
                up, low = False, v
        else:
            low = min(low, v)
            if v >= low + STEP:
                up, high = True, v
                rises.append(i)
    return max((sum(1 for r in rises if i <= r < i + LIGHT_RATE) for i in rises), default=0)


def strobe(hz: float, colour: np.ndarray = WHITE, seconds: float = 6.0) -> np.ndarray:
    t = np.arange(int(seconds * LIGHT_RATE)) / LIGHT_RATE
    on = (np.floor(t * hz * 2) % 2 == 0).astype(float)
    return on[:, None, None] * np.ones((1, 4, 1)) * colour


def alternating(hz: float) -> np.ndarray:
    light = strobe(hz)
    light[:, ::2] = 1.0 - light[:, ::2]
    return light


def noise() -> np.ndarray:
    return chance.uniforms(3, "strobe", 360 * 4 * 3).reshape(360, 4, 3)


ADVERSARIES = {
    "20 Hz white": strobe(20),
    "7 Hz white": strobe(7),
    "4 Hz white": strobe(4),
    "10 Hz red": strobe(10, RED),
    "alternating halves": alternating(9),
    "noise": noise(),
    "each zone on its own": np.stack([strobe(3.1 + i)[:, 0] * 0.9 for i in range(4)], axis=1),
}


@pytest.mark.parametrize("name", ADVERSARIES)
def test_no_zone_and_not_the_whole_flashes_more_than_three_times_a_second(name: str) -> None:
    out = guarded(ADVERSARIES[name])
    values = swing(out)
    whole = (values * AREAS).sum(axis=1) / AREAS.sum()
    assert max(most_rises(values[:, zone]) for zone in range(4)) <= 3
    assert most_rises(whole) <= 3


def test_a_kick_at_120_passes_untouched() -> None:
    t = np.arange(6 * LIGHT_RATE) / LIGHT_RATE
    kick = np.exp(-(t % 0.5) / 0.12)
    wanted = kick[:, None, None] * np.ones((1, 4, 3))
    np.testing.assert_allclose(guarded(wanted)[30:], wanted[30:], atol=0.02)


def test_a_slow_swell_and_darkness_pass_exactly() -> None:
    swell = np.concatenate([np.linspace(0, 1, 180), np.linspace(1, 0, 60)])
    wanted = swell[:, None, None] * np.ones((1, 4, 3))
    np.testing.assert_allclose(guarded(wanted), wanted, atol=1e-9)


def test_the_guard_never_adds_light_and_keeps_hue() -> None:
    wanted = noise()
    out = guarded(wanted)
    assert (out <= wanted + 1e-12).all()
    ratio = out[..., 0] * wanted[..., 1] - out[..., 1] * wanted[..., 0]
    np.testing.assert_allclose(ratio, 0, atol=1e-12)


def test_non_finite_light_ends_here() -> None:
    wanted = np.full((10, 4, 3), np.nan)
    wanted[5:] = np.inf
    assert np.isfinite(guarded(wanted)).all()


def screen(wanted: list[int]) -> list[float]:
    """Mean linear luminance of grey screens of the given bytes, after the guard, at 30 a second."""
    import pygame

    guard = ScreenGuard(CLOCK)
    out = []
    for k, byte in enumerate(wanted):
        surface = pygame.Surface((160, 90))
        surface.fill((byte, byte, byte))
        guard.limit(k * CLOCK.sample_rate // (30 * CLOCK.hop), surface)
        out.append((pygame.surfarray.array3d(surface)[80, 45] / 255.0) ** 2.2)
    return [float(np.mean(v)) for v in out]


def test_a_strobing_screen_flashes_three_times_a_second_at_most() -> None:
    values = np.repeat(np.array(screen([255, 0] * 90)), 2)
    assert 1 <= most_rises(values) <= 3


def test_a_calm_screen_is_not_touched() -> None:
    bytes_ = [int(90 + 20 * np.sin(k / 9)) for k in range(90)]
    expected = [(b / 255) ** 2.2 for b in bytes_]
    np.testing.assert_allclose(screen(bytes_)[3:], expected[3:], atol=0.01)
