"""The flash guard on the final light: adversaries may not flash faster than three times a second."""

from __future__ import annotations

import numpy as np
import pytest

from wearsound import chance
from wearsound.core import LIGHT_RATE, Clock
from wearsound.safety.flash import STEP, FlashGuard
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


def red_twin(hz: float) -> np.ndarray:
    """White and a red whose red measure equals white's luminance: only one of the two measures swings."""
    white = strobe(hz)
    return white + (1.0 - white) * np.array([0.625, 0.0, 0.0])


def saved_up() -> np.ndarray:
    """A small rise that nobody notices, then nine seconds later four swings in a second."""
    light = np.zeros((660, 4, 3))
    light[20:600] = 0.095
    for start in (600, 612, 627, 642):
        light[start : start + 6] = 1.0
    return light


def saved_for_later() -> np.ndarray:
    """Two zones save up a rise; the others take all three slots, and then they want theirs."""
    light = np.zeros((660, 4, 3))
    light[20:, 1:3] = 0.095
    for start in (600, 612, 624):
        light[start : start + 6, 0] = 1.0
    light[636:, 1:3] = 1.0
    return light


def half_way() -> np.ndarray:
    """Up to a half, a long stand, the rest of the way, and three swings more."""
    light = np.zeros((660, 4, 3))
    light[20:600] = 0.5
    for start in (600, 615, 630, 645):
        light[start : start + 8] = 1.0
    return light


ADVERSARIES = {
    "20 Hz white": strobe(20),
    "7 Hz white": strobe(7),
    "4 Hz white": strobe(4),
    "10 Hz red": strobe(10, RED),
    "alternating halves": alternating(9),
    "noise": noise(),
    "each zone on its own": np.stack([strobe(3.1 + i)[:, 0] * 0.9 for i in range(4)], axis=1),
    "white and its red twin": red_twin(10),
    "a rise saved up": saved_up(),
    "a rise saved for later": saved_for_later(),
    "half way, then all the way": half_way(),
}


def counted(out: np.ndarray) -> dict[str, int]:
    """The most flashes a second of guarded light, by measure and thing; measured apart from the guard's own code."""
    luminance = (out * [0.2126, 0.7152, 0.0722]).sum(axis=-1)
    red = np.maximum(0.0, (out[..., 0] - out[..., 1] - out[..., 2]) * 320 / 20 * STEP)
    found = {}
    for name, values in (("luminance", luminance), ("red", red)):
        found |= {f"{name} of zone {zone}": most_rises(values[:, zone]) for zone in range(4)}
        found[f"{name} of the whole"] = most_rises((values * AREAS).sum(axis=1) / AREAS.sum())
    return found


@pytest.mark.parametrize("name", ADVERSARIES)
def test_no_zone_and_not_the_whole_flashes_more_than_three_times_a_second(name: str) -> None:
    assert max(counted(guarded(ADVERSARIES[name])).values()) <= 3


def test_nothing_that_chance_thinks_of_flashes_more_than_three_times_a_second() -> None:
    """Steps, ramps and stands of random lengths, colours and zones."""
    for seed in range(60):
        light = np.zeros((300, 4, 3))
        for zone in range(4):
            at = count = 0
            now = np.zeros(3)
            while at < len(light):
                u = chance.uniforms(seed, f"zone {zone}", 6, count)
                length = 1 + int(u[0] ** 2 * 60)
                to = u[1:4] * (u[4] < 0.8)
                ramp = np.linspace(0, 1, length)[:, None] if u[5] < 0.4 else np.ones((length, 1))
                light[at : at + length, zone] = (now + ramp * (to - now))[: len(light) - at]
                now, at, count = to, at + length, count + 6
        assert max(counted(guarded(light)).values()) <= 3, seed


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


def screened(pictures: list[np.ndarray]) -> dict[str, int]:
    """The most flashes a second, at 30 pictures a second, of the whole of guarded pictures (width, height, 3)."""
    import pygame

    guard = ScreenGuard(CLOCK)
    luminance, red = [], []
    for k, picture in enumerate(pictures):
        surface = pygame.surfarray.make_surface(picture)
        guard.limit(k * CLOCK.sample_rate // (30 * CLOCK.hop), surface)
        light = (pygame.surfarray.array3d(surface) / 255.0) ** 2.2
        luminance.append(float((light * [0.2126, 0.7152, 0.0722]).sum(axis=-1).mean()))
        red.append(float(np.maximum(0, light[..., 0] - light[..., 1] - light[..., 2]).mean() * 1.6))
    twice = (np.repeat(np.array(values), 2) for values in (luminance, red))
    return dict(zip(("luminance", "red"), (most_rises(values) for values in twice), strict=True))


def plain(*colour: int) -> np.ndarray:
    return np.broadcast_to(np.array(colour, np.uint8), (160, 90, 3)).copy()


def lines() -> np.ndarray:
    """White lines, one pixel in three, on black."""
    picture = plain(0, 0, 0)
    picture[:, ::3] = 255
    return picture


SCREENS = {
    "white and black": (plain(255, 255, 255), plain(0, 0, 0)),
    "white and red": (plain(255, 255, 255), plain(255, 0, 0)),
    "thin lines and black": (lines(), plain(0, 0, 0)),
    "thin lines and white": (lines(), plain(255, 255, 255)),
}


@pytest.mark.parametrize("name", SCREENS)
def test_a_strobing_screen_flashes_three_times_a_second_at_most(name: str) -> None:
    found = screened([SCREENS[name][k % 2] for k in range(120)])
    assert 1 <= max(found.values()) <= 3


def test_a_calm_screen_is_not_touched() -> None:
    import pygame

    guard = ScreenGuard(CLOCK)
    for k in range(90):
        byte = int(90 + 20 * np.sin(k / 9))
        surface = pygame.surfarray.make_surface(plain(byte, byte, byte))
        guard.limit(k * CLOCK.sample_rate // (30 * CLOCK.hop), surface)
        assert k < 3 or surface.get_at((80, 45))[0] == byte
