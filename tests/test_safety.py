"""Current, heat, and the order in which everything is held back; flashes have a file of their own."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from test_flash import most_rises
from thorough import some, usually

from wearsound import chance
from wearsound.core import LIGHT_RATE, Clock, Event
from wearsound.errors import PatchError
from wearsound.garment.colour import encode
from wearsound.garment.document import Garment, load_garment
from wearsound.garment.materials import Cloth, drive_ma
from wearsound.garment.sewn import sewn
from wearsound.garment.thermochromic import Leuco
from wearsound.hand import RISE
from wearsound.safety.chain import Safety
from wearsound.safety.flash import FlashGuard
from wearsound.safety.heat import CAP, HeatCap
from wearsound.safety.master import Master
from wearsound.testing.flash_counter import count, linear

CLOCK = Clock()

TEXT = """
title = "Test coat"
[[zone]]
name = "chest"
light = [0.8, 0.1, 60]
area = 2.0
[[zone]]
name = "hem"
fabric = "thermochromic"
light = [0.8, 0.1, 60]
[[zone]]
name = "cuff"
fabric = "electrochromic"
light = [0.8, 0.1, 60]
[[zone]]
name = "lamp"
light = [0.8, 0.1, 60]
[[figure]]
name = "front"
at = [640, 100]
[[figure.layer]]
name = "body"
zone = "chest"
side = "one"
outline = [[0, 0, 1], [20, 0, 1], [20, 40, 1], [0, 40, 1]]
filaments = [
  { name = "a", path = [[2, 2], [2, 38]], pixels = 30 },
  { name = "b", path = [[6, 2], [6, 38]], pixels = 20, zone = "hem" },
  { name = "c", path = [[9, 2], [9, 38]], pixels = 10, zone = "cuff" },
]
[[strand]]
name = "one"
filaments = ["a"]
ma = 10
idle_ma = 0.5
[[strand]]
name = "two"
filaments = ["b", "c"]
ma = 20
idle_ma = 1
[battery]
mah = 2000
most_ma = MOST
idle_ma = 100
"""


def coat(tmp_path: Path, most: float = 1500.0) -> Garment:
    path = tmp_path / "coat.toml"
    path.write_text(TEXT.replace("MOST", f"{most}"))
    return load_garment(path)


def tick_of(frame: int) -> int:
    return frame * CLOCK.sample_rate // (LIGHT_RATE * CLOCK.hop)


def drawn(garment: Garment, pixels: np.ndarray, drive: np.ndarray) -> float:
    """mA of bytes and drive, told apart from the guard: by strand, from decoded bytes."""
    per_channel = np.concatenate([np.full(30, 10.0), np.full(30, 20.0), [0.0]])
    light = (pixels / 255.0) ** 2.2
    return (
        100 + 30 * 0.5 + 30 * 1.0 + float((light.sum(axis=1) * per_channel).sum() + drive @ drive_ma(garment))
    )


def clips(garment: Garment, seed: int, frames: int = 120) -> tuple[np.ndarray, np.ndarray]:
    """Light and drive by chance; half of it as bright as it can be."""
    n = sewn(garment).n_pixels
    light = chance.uniforms(seed, "light", frames * n * 3).reshape(frames, n, 3)
    hold = 1 + seed % 40
    light = np.repeat(light[::hold], hold, axis=0)[:frames] ** (0.1 if seed % 2 else 1.0)
    return light, chance.uniforms(seed, "drive", frames * 4).reshape(frames, 4)


@pytest.mark.parametrize("most", [650.0, 900.0, 1500.0])
def test_the_battery_never_gives_more_than_it_bears(tmp_path: Path, most: float) -> None:
    garment = coat(tmp_path, most)
    body, cloth = sewn(garment), Cloth(garment)
    peak = 0.0
    for seed in range(12):
        guard = Safety(garment, body, CLOCK)
        cloth.reset()
        for k, (light, drive) in enumerate(zip(*clips(garment, seed), strict=True)):
            safe, driven = guard.limit(tick_of(k), light, drive, cloth)
            cloth.step(driven)
            now = drawn(garment, encode(safe), driven)
            assert now <= most
            assert guard.ma == pytest.approx(now, rel=0.03)
            peak = max(peak, now)
    assert peak > 0.9 * most or most == 1500.0


def test_an_output_never_gives_more_than_it_bears(tmp_path: Path) -> None:
    garment = coat(tmp_path, 100_000.0)
    body, cloth = sewn(garment), Cloth(garment)
    guard = Safety(garment, body, CLOCK, [(np.arange(30), 200.0), (np.arange(30, 60), 700.0)])
    most = 0.0
    for k in range(60):
        safe, _ = guard.limit(tick_of(k), np.ones((61, 3)), np.zeros(4), cloth)
        light = (encode(safe) / 255.0) ** 2.2
        assert 30 * 0.5 + light[:30].sum() * 10 <= 200.0
        assert 30 * 1.0 + light[30:60].sum() * 20 <= 700.0
        most = max(most, 15 + float(light[:30].sum()) * 10)
    assert most > 195.0


def test_current_keeps_hue_and_balance(tmp_path: Path) -> None:
    garment = coat(tmp_path, 700.0)
    light = np.tile([[1.0, 0.5, 0.1], [0.2, 0.4, 0.8]], (31, 1))[:61]
    guard, cloth = Safety(garment, sewn(garment), CLOCK), Cloth(garment)
    safe = guard.limit(0, light, np.zeros(4), cloth)[0]
    for k in range(1, 60):
        safe = guard.limit(tick_of(k), light, np.zeros(4), cloth)[0]
    ratio = safe / light
    assert 0.05 < ratio.min() < 0.6
    np.testing.assert_allclose(ratio, ratio.min(), rtol=1e-6)


def test_a_lamp_of_the_room_costs_the_battery_nothing(tmp_path: Path) -> None:
    garment = coat(tmp_path)
    guard, cloth = Safety(garment, sewn(garment), CLOCK), Cloth(garment)
    light = np.zeros((61, 3))
    light[60] = 1.0
    safe, _ = guard.limit(0, light, np.zeros(4), cloth)
    assert safe[60].min() == 1.0
    assert guard.ma == pytest.approx(145.0)


def test_a_battery_too_weak_for_darkness_is_told_when_built(tmp_path: Path) -> None:
    garment = coat(tmp_path, 120.0)
    with pytest.raises(PatchError, match=r"battery\.most_ma: 120 mA is less than the 150 mA"):
        Safety(garment, sewn(garment), CLOCK)
    garment = coat(tmp_path)
    with pytest.raises(PatchError, match="30 pixels draw 15 mA in the dark"):
        Safety(garment, sewn(garment), CLOCK, [(np.arange(30), 10.0)])


def test_long_full_heat_stays_below_what_skin_bears_and_does_not_hunt(tmp_path: Path) -> None:
    garment = coat(tmp_path, 100_000.0)
    guard, cloth = HeatCap(garment), Cloth(garment)
    warm = np.zeros(usually(600, 3600) * LIGHT_RATE)
    for k in range(len(warm)):
        driven, _ = guard.limit(np.ones(4), cloth.warm)
        guard.step(driven)
        cloth.step(driven)
        warm[k] = cloth.warm[1]
    assert warm.max() <= CAP
    assert warm.max() > 37.0  # and in a room of 25 degrees, which the cap reckons with, 3 more
    late = warm[len(warm) // 4 :]
    assert late.max() - late.min() < 0.01


@pytest.mark.parametrize(
    "said",
    some(
        [
            "ambient = -20",
            "times = [600, 0.5]",
            "",
            "times = [0.5, 600]",
            "ambient = -20\ntimes = [600, 0.5]",
        ],
        2,
    ),
)
def test_no_garment_file_can_make_a_real_thread_too_hot(said: str, tmp_path: Path) -> None:
    """The usual thread in a room of 25 degrees under what leaves, whatever the file makes of itself."""
    top = "\n".join(line for line in said.splitlines() if line.startswith("ambient"))
    zone = "\n".join(line for line in said.splitlines() if line.startswith("times"))
    fabric = 'fabric = "thermochromic"\n'
    path = tmp_path / "said.toml"
    path.write_text(top + TEXT.replace("MOST", "100000").replace(fabric, fabric + zone + "\n"))
    garment = load_garment(path)
    guard, cloth = Safety(garment, sewn(garment), CLOCK), Cloth(garment)
    real = Leuco([(8.0, 35.0)], 25.0)
    most = 0.0
    for k in range(120 * LIGHT_RATE):
        # Full heat, and in between ten seconds in which it comes and goes.
        wanted = 1.0 if k // 600 % 2 == 0 else float(k // 7 % 3 > 0)
        _, driven = guard.limit(tick_of(k), np.zeros((61, 3)), np.full(4, wanted), cloth)
        cloth.step(driven)
        real.step(driven[1:2])
        most = max(most, float(real.warm[0]))
        assert guard.warm[1] >= real.warm[0] - 1e-9
    assert 39.0 < most <= CAP
    assert np.isneginf(guard.warm[[0, 2, 3]]).all()
    guard.reset()
    assert guard.warm[1] == 25.0


def test_a_warm_room_counts_where_it_is_warmer(tmp_path: Path) -> None:
    path = tmp_path / "warm.toml"
    path.write_text("ambient = 34\n" + TEXT.replace("MOST", "100000"))
    guard = HeatCap(load_garment(path))
    assert guard.warm[1] == 34.0


def test_heat_that_is_already_too_much_gets_no_drive(tmp_path: Path) -> None:
    cap = HeatCap(coat(tmp_path))
    for warm in (CAP, 60.0, np.nan, np.inf):
        assert cap.limit(np.ones(4), np.full(4, warm))[0].tolist() == [1.0, 0.0, 1.0, 1.0]


def test_numbers_that_are_none_end_here(tmp_path: Path) -> None:
    garment = coat(tmp_path)
    guard, cloth = Safety(garment, sewn(garment), CLOCK), Cloth(garment)
    bad = np.full((61, 3), np.nan)
    bad[::2] = np.inf
    safe, driven = guard.limit(0, bad, np.array([np.nan, np.inf, -np.inf, 2.0]), cloth)
    assert np.isfinite(safe).all()
    assert np.isfinite(guard.ma)
    assert ((driven >= 0) & (driven <= 1)).all()


def test_everything_together_keeps_flashes_current_and_adds_nothing(tmp_path: Path) -> None:
    """The current guard is before the flash guard: what comes and goes with it must not flash."""
    garment = coat(tmp_path, 600.0)
    guard, cloth = Safety(garment, sewn(garment), CLOCK), Cloth(garment)
    left = []
    for k in range(600):
        light = np.zeros((61, 3))
        light[:30] = 0.35  # would fit the battery
        light[30:60] = float(k // 3 % 2)  # does not, ten times a second
        safe, driven = guard.limit(tick_of(k), light, np.zeros(4), cloth)
        assert (safe <= light + 1e-12).all()
        assert drawn(garment, encode(safe), driven) <= 600.0
        left.append((encode(safe) / 255.0) ** 2.2)
    luminance = (np.array(left) * [0.2126, 0.7152, 0.0722]).sum(axis=-1)
    assert max(most_rises(series) for series in (*luminance.T, luminance[:, :30].mean(axis=1))) <= 3


def strips(tmp_path: Path, rest: str, area: float) -> Garment:
    """Four zones of twelve quick LEDs each, and one zone that no figure shows."""
    zones = "".join(
        f'[[zone]]\nname = "z{i}"\nlight = [0.8, 0.1, 50]\narea = {area}\nlamp = "led"\n' for i in range(4)
    )
    layers = "".join(
        f'[[figure.layer]]\nname = "l{i}"\nzone = "z{i}"\nside = "one"\n'
        f"outline = [[{5 * i}, 0], [{5 * i + 4}, 0], [{5 * i + 4}, 40], [{5 * i}, 40]]\n"
        f"filaments = [{{ path = [[{5 * i + 2}, 1], [{5 * i + 2}, 39]], pixels = 12 }}]\n"
        for i in range(4)
    )
    path = tmp_path / "strips.toml"
    figure = '[battery]\nmost_ma = 100000\n[[figure]]\nname = "front"\nat = [640, 100]\n'
    path.write_text(f'title = "Strips"\n{zones}{rest}{figure}{layers}')
    return load_garment(path)


LAMP = '[[zone]]\nname = "{0}"\nlight = [0.8, 0.1, 50]\narea = {1}\nlamp = "led"\n'


@pytest.mark.parametrize(("lamp", "area"), [(0.01, 1.0), (1000.0, 1.0), (1000.0, 0.01)])
def test_no_zone_that_nobody_sewed_hides_what_is_sewn(lamp: float, area: float, tmp_path: Path) -> None:
    """Four groups of twelve pixels, from everywhere, take turns ten times a second; each is a quarter of all."""
    garment = strips(tmp_path, LAMP.format("rest", lamp), area)
    body, cloth = sewn(garment), Cloth(garment)
    assert body.lamp.tolist() == [False] * 48 + [True]
    guard = Safety(garment, body, CLOCK)
    left = []
    for k in range(480):
        light = np.zeros((49, 3))
        light[:48] = ((k - np.arange(48) % 4 * 6) % 24 < 2)[:, None]
        left.append(encode(guard.limit(tick_of(k), light, np.zeros(5), cloth)[0])[:48])
    counted = count(linear(np.array(left))[None], np.ones(48), body.zone[:48])
    assert 1 <= counted.worst[0] <= 3, counted.says()


def test_lamps_of_the_room_are_guarded_as_a_whole_whatever_is_sewn(tmp_path: Path) -> None:
    """Six lamps without a filament, each a sixth of them and next to nothing of all, take turns six times a second."""
    rest = "".join(LAMP.format(f"lamp{i}", 0.01) for i in range(6))
    for sewn_too in (True, False):
        garment = strips(tmp_path, rest, 1000.0)
        body = sewn(garment)
        lamps = np.flatnonzero(body.lamp)
        keep = np.arange(body.n_pixels) if sewn_too else lamps
        zone = np.unique(body.zone[keep], return_inverse=True)[1]
        guard = FlashGuard(zone, body.area[keep], CLOCK, body.place[keep], body.figure[keep], body.lamp[keep])
        left = []
        for k in range(480):
            light = np.zeros((len(keep), 3))
            light[-6:] = ((k - np.arange(6) // 2 * 8) % 24 < 3)[:, None]
            left.append(encode(guard.limit(tick_of(k), light))[-6:])
        counted = count(linear(np.array(left))[None], np.ones(6), np.arange(6))
        assert 1 <= counted.worst[0] <= 3, counted.says()


@pytest.mark.parametrize("bad", [0.0, -1.0, 1e-40, np.nan, np.inf])
def test_a_share_that_weighs_nothing_is_no_share(bad: float) -> None:
    """0 / 0 is no number, and no ceiling holds what is no number."""
    area = np.ones(8)
    area[3] = bad
    with pytest.raises(ValueError, match="share of the area is no number or too small"):
        FlashGuard(np.arange(8), area, CLOCK)


def test_a_show_may_run_for_years(tmp_path: Path) -> None:
    """Ticks beyond 2 ** 31, 132 days of them: what was counted before must not wrap round."""
    left = []
    for late in (0, 1 << 33):
        guard = FlashGuard(np.arange(4), np.ones(4), CLOCK)
        left.append(
            np.array([guard.limit(late + tick_of(k), np.full((4, 3), float(k // 3 % 2))) for k in range(240)])
        )
    assert np.array_equal(*left)
    assert left[0].max() == 1.0


def test_what_was_taken_is_told_as_a_share_of_the_light(tmp_path: Path) -> None:
    garment = coat(tmp_path, 600.0)
    body = sewn(garment)
    guard, cloth = Safety(garment, body, CLOCK), Cloth(garment)
    asked = left = 0.0
    for k in range(120):
        light = chance.uniforms(4, "taken", 61 * 3, 61 * 3 * k).reshape(61, 3) * float(k % 2)
        safe, _ = guard.limit(tick_of(k), light, np.zeros(4), cloth)
        asked, left = asked + float(light.sum(axis=1) @ body.area), left + float(safe.sum(axis=1) @ body.area)
    taken = guard.taken
    assert 0.2 < taken["current"] < 0.9
    assert 0.2 < taken["flash"] < 0.95
    assert (1 - taken["current"]) * (1 - taken["flash"]) == pytest.approx(left / asked, abs=2e-4)
    assert taken["heat"] == 0.0
    guard.reset()
    assert set(guard.taken.values()) == {0.0}


def test_heat_that_was_taken_is_told(tmp_path: Path) -> None:
    garment = coat(tmp_path, 100_000.0)
    guard, cloth = Safety(garment, sewn(garment), CLOCK), Cloth(garment)
    for _ in range(LIGHT_RATE * 600):
        driven, _ = guard._heat.limit(np.ones(4), cloth.warm)
        guard._heat.step(driven)
        cloth.step(driven)
    for k in range(10):
        _, driven = guard.limit(tick_of(k), np.zeros((61, 3)), np.ones(4), cloth)
    assert guard.taken["heat"] == pytest.approx(1 - driven[1], abs=0.02)
    assert guard.taken["heat"] > 0.05


def test_light_that_nothing_holds_back_loses_nothing(tmp_path: Path) -> None:
    garment = coat(tmp_path, 100_000.0)
    guard, cloth = Safety(garment, sewn(garment), CLOCK), Cloth(garment)
    for k in range(60):
        guard.limit(tick_of(k), np.full((61, 3), k / 60), np.zeros(4), cloth)
    assert guard.taken == {"flash": 0.0, "current": 0.0, "heat": 0.0}


@pytest.mark.parametrize("hand", ["/wear/panic", "/wear/blackout"])
def test_dark_comes_within_its_time_and_light_comes_back_as_a_ramp(tmp_path: Path, hand: str) -> None:
    garment = coat(tmp_path, 100_000.0)
    guard, cloth, master = Safety(garment, sewn(garment), CLOCK), Cloth(garment), Master(CLOCK)
    left, heat = [], []
    for k in range(360):
        tick = tick_of(k)
        if k == 120:
            master.take(Event(tick, hand))
        if k == 240:
            master.take(Event(tick, "/wear/resume"))
        level = master.at(tick)
        safe, driven = guard.limit(tick, np.ones((61, 3)) * level, np.ones(4) * level, cloth)
        cloth.step(driven, level)
        left.append(float(safe.max()))
        heat.append(float(driven[1]))
    dark = 120 + int(np.ceil(1.1 * LIGHT_RATE))
    assert max(left[dark:240]) == 0.0
    assert max(heat[dark:240]) == 0.0
    assert max(np.diff(left[240:])) <= 1.5 / (RISE * LIGHT_RATE)
    assert left[-1] == 1.0
