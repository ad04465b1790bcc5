"""The flash guard on the final light: adversaries may not flash faster than three times a second."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from thorough import some, usually

from wearsound import chance
from wearsound.core import LIGHT_RATE, Clock
from wearsound.safety.flash import FlashGuard
from wearsound.safety.screen import ScreenGuard
from wearsound.safety.slots import Slots
from wearsound.safety.swings import Swings

CLOCK = Clock()
AREAS = np.array([3.0, 1.0, 1.0, 0.2])
STEP = 0.1
WHITE = np.ones(3)
RED = np.array([1.0, 0.0, 0.0])


def tick_of(frame: int) -> int:
    """The hop in which light frame `frame` falls due."""
    return frame * CLOCK.sample_rate // (LIGHT_RATE * CLOCK.hop)


def guarded(wanted: np.ndarray) -> np.ndarray:
    """What leaves of linear light (n_frames, n_zones, 3) asked for at LIGHT_RATE."""
    guard = FlashGuard(np.arange(4), AREAS, CLOCK)
    return np.array([guard.limit(tick_of(k), light) for k, light in enumerate(wanted)])


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


def slots(k: int) -> tuple[int, ...]:
    """The slots that a garment which always wants one has opened up to light frame `k`."""
    given = Slots(CLOCK)
    for frame in range(k + 1):
        given.pass_to(tick_of(frame))
        given.take(tick_of(frame))
    return given.opened


def screened(pictures: list[np.ndarray]) -> dict[str, int]:
    """The most flashes a second, at 30 pictures a second, of the whole of guarded pictures (width, height, 3)."""
    import pygame

    guard = ScreenGuard(CLOCK)
    luminance, red = [], []
    for k, picture in enumerate(pictures):
        surface = pygame.surfarray.make_surface(picture)
        guard.limit(k * CLOCK.sample_rate // (30 * CLOCK.hop), surface, slots(k * 2))
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
        byte = int(90 + 15 * np.sin(k / 9))
        surface = pygame.surfarray.make_surface(plain(byte, byte, byte))
        guard.limit(k * CLOCK.sample_rate // (30 * CLOCK.hop), surface, slots(k * 2))
        assert k < 3 or surface.get_at((80, 45))[0] == byte


def test_a_screen_swings_only_in_a_slot_of_the_garment() -> None:
    import pygame

    guard = ScreenGuard(CLOCK)
    white = []
    for k in range(120):
        surface = pygame.surfarray.make_surface(plain(255, 255, 255) if k % 2 else plain(0, 0, 0))
        factor = guard.limit(tick_of(k), surface, (tick_of(60),) if k >= 60 else ())
        white.append(factor if k % 2 else 0.0)
    assert max(white[:60]) < 0.1
    assert white[61] == 1.0
    assert max(white[70:]) < 0.1


@pytest.mark.parametrize("fps", [24, 25, 30, 50, 60])
def test_a_garment_without_light_lets_the_screen_swing_about_once_a_second_at_any_rate(fps: int) -> None:
    import pygame

    garment, guard = FlashGuard(np.arange(4), AREAS, CLOCK), ScreenGuard(CLOCK)
    seen, light_frame = [], 0
    for k in range(6 * fps):
        tick = k * CLOCK.sample_rate // (fps * CLOCK.hop)
        while tick_of(light_frame) <= tick:
            garment.limit(tick_of(light_frame), np.zeros((4, 3)))
            light_frame += 1
        surface = pygame.surfarray.make_surface(plain(*[255 * (k // (fps // 8) % 2)] * 3))
        guard.limit(tick, surface, garment.slots)
        seen.append((float(surface.get_at((80, 45))[0]) / 255.0) ** 2.2)
    rises = sum(1 for before, now in pairwise(seen) if now - before > 0.5)
    assert 3 <= rises <= 6


# ---- many pixels: every one has its own budget, and who rises together shares


WIDE = 40
ZONES = np.repeat(np.arange(4), WIDE // 4)
EVEN = np.ones(WIDE)


def sewn(wanted: np.ndarray) -> np.ndarray:
    """Bytes that leave of linear light (n_frames, WIDE, 3), decoded again."""
    guard = FlashGuard(ZONES, EVEN, CLOCK)
    left = np.array([guard.limit(tick_of(k), light) for k, light in enumerate(wanted)])
    return (np.rint(left ** (1 / 2.2) * 255) / 255) ** 2.2


def together(light: np.ndarray) -> int:
    """The most often in a second that pixels with a quarter of the area rise by STEP within 50 ms, after falling so.

    Each pixel's rise is told once; a new one begins only after a quarter has fallen again.
    """
    luminance = (light * [0.2126, 0.7152, 0.0722]).sum(axis=-1)
    low, high = luminance[0].copy(), luminance[0].copy()
    up = np.zeros(luminance.shape[1], bool)
    rose, fell = np.full(up.shape, -99), np.full(up.shape, -99)
    events, raised = [], False
    for k, now in enumerate(luminance):
        high, low = np.maximum(high, now), np.minimum(low, now)
        rises, falls = ~up & (now >= low + STEP - 1e-9), up & (now <= high - STEP + 1e-9)
        rose[rises], fell[falls] = k, k
        low[rises | falls] = high[rises | falls] = now[rises | falls]
        up = (up | rises) & ~falls
        if not raised and (rose > k - 3).mean() >= 0.25:
            events.append(k)
            raised = True
            fell[:] = -99
        elif raised and (fell > k - 3).mean() >= 0.25:
            raised = False
            rose[:] = -99
    return max((sum(1 for e in events if k <= e < k + LIGHT_RATE) for k in events), default=0)


def worst(light: np.ndarray) -> int:
    """The most rises a second of any pixel, zone, the whole, and of a quarter of the area together."""
    shining = np.concatenate([light, light.reshape(len(light), 4, -1, 3).mean(axis=2)], axis=1)
    shining = np.concatenate([shining, light.mean(axis=1, keepdims=True)], axis=1)
    luminance = (shining * [0.2126, 0.7152, 0.0722]).sum(axis=-1)
    red = np.maximum(0.0, (shining[..., 0] - shining[..., 1] - shining[..., 2]) * 1.6)
    each = max(most_rises(series) for values in (luminance, red) for series in values.T)
    return max(each, together(light))


def flips(hz: float, side: np.ndarray, seconds: float = 5.0) -> np.ndarray:
    """White on one side and black on the other, swapping."""
    on = np.floor(np.arange(int(seconds * LIGHT_RATE)) / LIGHT_RATE * hz * 2) % 2
    return np.abs(on[:, None] - side)[..., None] * WHITE


def turns(groups: int, hz: float) -> np.ndarray:
    """One of several groups of scattered pixels at a time."""
    turn = np.floor(np.arange(300) / LIGHT_RATE * hz) % groups
    return (turn[:, None] == np.arange(WIDE) % groups)[..., None] * WHITE


def travelling(speed: float, width: float = 0.06, level: float = 1.0) -> np.ndarray:
    """A soft pulse that runs along all pixels, `speed` times a second."""
    at = np.arange(WIDE) / WIDE
    distance = np.abs((at[None] - np.arange(360)[:, None] / LIGHT_RATE * speed + 0.5) % 1.0 - 0.5)
    return (level * np.exp(-((distance / width) ** 2)))[..., None] * np.array([1.0, 0.6, 0.3])


def trickled() -> np.ndarray:
    """Groups of a tenth get their permission one after another, stand low, and then jump together, again and again."""
    light = np.zeros((360, WIDE, 3))
    group = np.arange(WIDE) % 10
    for start in range(0, 340, 17):
        for k in range(10):
            light[start + k : start + 12, group == k] = 0.097
        light[start + 12 : start + 15] = 1.0
    return light


def late(hz: float) -> np.ndarray:
    """Halves whose rises begin just before a slot closes: one at its opening, one four frames later."""
    light = np.zeros((360, WIDE, 3))
    half = np.arange(WIDE) % 2 == 0
    for start in range(0, 350, int(LIGHT_RATE / hz)):
        light[start : start + 2, half] = 1.0
        light[start + 4 : start + 6, ~half] = 1.0
    return light


def saw(up: bool) -> np.ndarray:
    """Slow up and at once down, five times a second, or the other way round."""
    phase = np.arange(300) % 12 / 11.0
    return np.where(up, phase, 1.0 - phase)[:, None, None] * np.ones((1, WIDE, 1)) * WHITE


def twins() -> np.ndarray:
    """A red and a blue of one luminance, swapping at 10 Hz."""
    red = strobe(10, seconds=5.0)[:, :1] * np.array([0.3, 0.0, 0.0])
    blue = (1.0 - strobe(10, seconds=5.0)[:, :1]) * np.array([0.0, 0.0, 0.3 * 0.2126 / 0.0722])
    return (red + blue) * np.ones((1, WIDE, 1))


CHEQUER = np.arange(WIDE) % 2
MANY = {
    "20 Hz white": flips(20, np.zeros(WIDE)),
    "alternating zones": flips(9, ZONES % 2),
    "alternating halves": flips(7, ZONES // 2),
    "alternating pixels": flips(8, CHEQUER),
    "alternating pixels, slower": flips(3.5, CHEQUER),
    "a quarter at a time": turns(4, 12),
    "a third at a time": turns(3, 9),
    "nineteen hundredths at a time": turns(5, 15) * 0.95,
    "trickled, then together": trickled(),
    "just before the slot closes": late(3),
    "slow up, fast down": saw(True),
    "fast up, slow down": saw(False),
    "twins of one luminance": twins(),
    "steps of nine hundredths": np.repeat((np.arange(300) % 11 * 0.09)[:, None], WIDE, 1)[..., None] * WHITE,
}


@pytest.mark.parametrize("name", MANY)
def test_no_pixel_and_no_quarter_flashes_more_than_three_times_a_second(name: str) -> None:
    assert worst(sewn(MANY[name])) <= 3


@pytest.mark.parametrize("name", ["20 Hz white", "alternating pixels", "a quarter at a time", "late"])
def test_the_counter_of_these_tests_finds_what_the_guard_holds_back(name: str) -> None:
    assert worst(late(3) if name == "late" else MANY[name]) > 3


@pytest.mark.parametrize(("speed", "kept"), [(0.5, 0.95), (1.0, 0.95), (1.5, 0.95)])
def test_light_that_travels_passes_nearly_untouched(speed: float, kept: float) -> None:
    wanted = travelling(speed)
    guard = FlashGuard(np.zeros(WIDE, np.intp), EVEN, CLOCK)
    left = np.array([guard.limit(tick_of(k), light) for k, light in enumerate(wanted)])
    assert left[30:].sum() >= kept * wanted[30:].sum()


def chanced(seed: int) -> np.ndarray:
    """Groups of chance sizes and places; steps, ramps and stands of chance lengths and colours."""
    u = chance.uniforms(seed, "clip", 5)
    groups = 1 + int(u[0] * 8)
    mine = np.floor(chance.uniforms(seed, "groups", WIDE) * groups).astype(int)
    mine = np.sort(mine) if u[1] < 0.5 else mine
    light = np.zeros((180, WIDE, 3))
    for group in range(groups):
        at = count = 0
        now = np.zeros(3)
        while at < len(light):
            v = chance.uniforms(seed, f"group {group}", 6, count)
            length = 1 + int(v[0] ** 2 * 40 * u[2])
            to = v[1:4] * (v[4] < 0.7) if u[3] < 0.5 else np.full(3, v[1] * (v[4] < 0.6))
            ramp = np.linspace(0, 1, length)[:, None] if v[5] < u[4] else np.ones((length, 1))
            light[at : at + length, mine == group] = (now + ramp * (to - now))[: len(light) - at, None]
            now, at, count = to, at + length, count + 6
    return light


def test_what_chance_asks_of_many_pixels_never_flashes_too_often() -> None:
    found = [seed for seed in range(usually(60, 240)) if worst(sewn(chanced(seed))) > 3]
    assert not found


def test_full_blue_strobes_no_more_than_three_times_a_second_either() -> None:
    """To the standard full blue is dark; a bare lamp of it is not."""
    left = sewn(flips(20, np.zeros(WIDE)) * np.array([0.0, 0.0, 1.0]))
    assert max(most_rises(series / 3) for series in left[..., 2].T) <= 3


def test_a_faint_red_and_its_blue_twin_count_by_hue() -> None:
    """Neither luminance nor R-G-B moves by what counts, but u'v' does."""
    on = strobe(10, seconds=5.0)[:, :1] * np.ones((1, WIDE, 1))
    left = sewn(on * np.array([0.05, 0.0, 0.0]) + (1 - on) * np.array([0.0, 0.0, 0.14]))
    is_red = (left[..., 0] > 0.8 * left.sum(axis=-1)).astype(float)
    assert max(most_rises(series) for series in is_red.T) <= 3


def test_red_that_stays_while_blue_comes_and_goes_is_no_red_flash() -> None:
    """From afar a zone of red and blue pixels is magenta, then red: light that goes out makes it redder."""
    light = np.zeros((300, WIDE, 3))
    light[:, CHEQUER == 0] = RED * 0.6
    light[:, CHEQUER == 1] = strobe(6, np.array([0.0, 0.0, 0.25]), 5.0)[:, :1]
    mean = sewn(light).reshape(300, 4, -1, 3).mean(axis=2)
    red = np.maximum(0.0, (mean[..., 0] - mean[..., 1] - mean[..., 2]) * 1.6)
    assert max(most_rises(series) for series in red.T) <= 3


def test_lost_time_opens_no_door() -> None:
    """Ticks jump by a second and more, as when sound is lost: what is seen in light frames stays slow."""
    guard = FlashGuard(ZONES, EVEN, CLOCK)
    tick, left, ticks = 0, [], []
    for k in range(400):
        tick += 3 + (k % 3 == 0) + int(90 * (chance.uniform(5, "gap", k) < 0.05))
        left.append(float(guard.limit(tick, np.full((WIDE, 3), float(k // 2 % 2))).mean()))
        ticks.append(tick)
    rises = [t for t, before, now in zip(ticks[1:], left, left[1:], strict=False) if now - before > 0.1]
    assert rises
    assert max(sum(1 for r in rises if t <= r < t + CLOCK.ticks(1.0)) for t in rises) <= 3


# ---- what swells slowly keeps its light, and nobody saves up


def swelling(hz: float, depth: float = 0.45) -> np.ndarray:
    """Deep red that swells as a bass does, brighter towards one end."""
    t = np.arange(480)[:, None] / LIGHT_RATE
    wave = (0.5 - 0.5 * np.cos(2 * np.pi * t * hz)) * np.linspace(0.4, 1.0, WIDE)
    return (0.1 + depth * wave)[..., None] * np.array([1.0, 0.12, 0.04])


@pytest.mark.parametrize("hz", [0.3, 0.7, 1.2])
def test_red_that_swells_slowly_keeps_its_light(hz: float) -> None:
    """Its means rise by less than a full step in 80 ms: a permission is not lost by that."""
    wanted = swelling(hz)
    guard = FlashGuard(ZONES, EVEN, CLOCK)
    left = np.array([guard.limit(tick_of(k), light) for k, light in enumerate(wanted)])
    assert left[30:].sum() >= 0.95 * wanted[30:].sum()
    assert left[30:].max() >= 0.95 * wanted[30:].max()


@pytest.mark.parametrize("patch", some(["bass-denim", "kiln", "rain-room"], 3))
def test_a_patch_of_the_gallery_keeps_its_light(patch: str) -> None:
    """20 s of the demo: all light, and the brightest frames of it."""
    from wearsound.show.build import build
    from wearsound.show.load import load
    from wearsound.show.source import open_recording

    source = open_recording("demo", seconds=20.0)
    built = build(load(patch), source.lanes, source.sample_rate, strict=True)
    flash, seen = built.guard._flash, []
    dim = flash.dim

    def watched(tick: int, light: np.ndarray) -> np.ndarray:
        wanted = float(light.sum(axis=1) @ built.body.area)
        left = dim(tick, light)
        seen.append((wanted, float(left.sum(axis=1) @ built.body.area)))
        return left

    flash.dim = watched  # type: ignore[method-assign]
    built.engine.run(source)
    wanted, left = np.array(seen).T
    bright = np.argsort(wanted)[-len(wanted) // 10 :]
    assert left.sum() >= 0.94 * wanted.sum()
    assert left[bright].sum() >= 0.94 * wanted[bright].sum()
    assert built.guard.taken["flash"] == pytest.approx(1 - left.sum() / wanted.sum(), abs=2e-4)


def saved_by_sets(stand: int, level: float, step: int, colour: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """All get a permission and stand `stand` frames on a small rise; then group after group wants all of it."""
    n = int(groups.max()) + 1
    light = np.zeros((stand + 320, WIDE, 3))
    light[20:] = level * colour
    for turn in range(4):
        for group in range(n):
            at = 20 + stand + (turn * n + group) * step
            light[at:, groups == group] = colour
            light[at + step - 1 :, groups == group] = 0.0
    return light


@pytest.mark.parametrize("colour", [WHITE, RED], ids=["white", "red"])
@pytest.mark.parametrize("groups", [ZONES, CHEQUER, np.arange(WIDE) % 4], ids=["zones", "halves", "quarters"])
@pytest.mark.parametrize("stand", some([50, 4, 20, 59, 200], 3))
def test_a_rise_that_sets_save_up_counts_when_it_comes(
    stand: int, groups: np.ndarray, colour: np.ndarray
) -> None:
    for level, step in ((0.095, 4), (0.12, 4), (0.3, 6), (0.095, 9)):
        assert worst(sewn(saved_by_sets(stand, level, step, colour, groups))) <= 3, (level, step)


def test_a_swing_of_a_set_that_rests_for_a_second_is_over() -> None:
    """Until then it goes on from where it stands; afterwards the next rise needs a permission of its own."""
    for rests, reach in ((1, 0.19), (0, 0.27)):
        swings = Swings(np.zeros(1, bool), CLOCK, np.ones(1, bool), rests=rests)
        window = CLOCK.ticks(0.08)
        for k, value in enumerate([0.1] * 75 + [0.18] * 2):
            ceiling = float(swings.ceilings(tick_of(k))[0])
            if k == 0:
                swings.grant(np.array([0]), 0, window, window)
            elif k == 70:
                assert ceiling == pytest.approx(0.19, abs=1e-6)
            swings.track(tick_of(k), np.array([value], np.float32))
        assert ceiling == pytest.approx(reach, abs=1e-6)
