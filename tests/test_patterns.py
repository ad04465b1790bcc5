"""The contract of every pattern, whatever actuators it moves over, and what each is for."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import get_args

import numpy as np
import pytest
from thorough import some

from wearsound import chance
from wearsound.cli import main
from wearsound.core import F64
from wearsound.felt import Over
from wearsound.garment.document import load_garment
from wearsound.garment.sites import Sites, round_walk, sites
from wearsound.instruments.vibration.patterns import NAMES, PATTERNS
from wearsound.instruments.vibration.places import SHORTEST, Places

COUNTS = (1, 2, 3, 13, 64)
OVERS: tuple[Over, ...] = get_args(Over)
BY_NAME = {pattern.name: pattern for pattern in PATTERNS}
STEPPING = ("roll", "chase", "wave", "fall", "round", "bloom")
KNOCKS = {"pulse": 0.9, "heartbeat": 0.5, "chase": 0.9, "rain": 0.3}
"""Patterns of strokes, and what their softest stroke reaches."""


def body(count: int, seed: int = 3) -> Sites:
    """Actuators at chance on the front and the back of a body."""
    across = chance.uniforms(seed, "across", count) * 2 - 1
    up = chance.uniforms(seed, "up", count)
    behind = chance.uniforms(seed, "behind", count) < 0.4
    at = np.stack([np.where(behind, across, -across) * 30, (1 - up) * 60], axis=-1)
    where = np.stack([across * 30, at[:, 1], np.where(behind, -10.0, 10.0)], axis=-1)
    return Sites(
        zone=np.zeros(count, np.intp),
        figure=behind.astype(np.intp),
        at=at,
        up=up,
        across=across,
        around=np.where(behind, (3 - across) / 4, (1 + across) / 4) % 1.0,
        walk=round_walk(where),
        of_zone=(np.arange(count),),
    )


def column(ups: Sequence[float]) -> Sites:
    """Actuators one above another, in the middle."""
    up = np.array(ups, float)
    none, order = np.zeros(len(up), np.intp), np.argsort(np.argsort(up))
    at = np.stack([np.zeros(len(up)), 60 - 60 * up], axis=-1)
    return Sites(none, none, at, up, np.zeros(len(up)), np.full(len(up), 0.25), order, (np.arange(len(up)),))


def rounds(over: Over, count: float, milliseconds: float = 1.0) -> F64:
    """Turns of so many rounds at 240 beats a minute (bars of three), a value each millisecond."""
    return np.arange(0.0, count, milliseconds / 1000 / SHORTEST[over])


@pytest.mark.parametrize("over", OVERS)
@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize("name", NAMES)
class TestEveryPattern:
    def test_gains_are_from_0_to_1(self, name: str, count: int, over: Over) -> None:
        turn = rounds(over, 4)
        gains = BY_NAME[name].gains(turn, Places(body(count), over))
        assert gains.shape == (len(turn), count)
        assert gains.dtype == np.float64
        assert np.isfinite(gains).all()
        assert gains.min() >= 0.0
        assert gains.max() <= 1.0

    def test_nothing_steps_faster_than_5_ms(self, name: str, count: int, over: Over) -> None:
        gains = BY_NAME[name].gains(rounds(over, 6), Places(body(count), over))
        assert np.abs(gains[5:] - gains[:-5]).max(initial=0.0) < 1.0
        assert np.abs(np.diff(gains, axis=0)).max(initial=0.0) < 0.2

    def test_a_round_is_like_the_next(self, name: str, count: int, over: Over) -> None:
        places, turn = Places(body(count), over), rounds(over, 1)
        one, two = (BY_NAME[name].gains(turn + start, places) for start in (1.0, 8.0))
        if name == "rain":  # which never repeats: but chance is looked up, so the same moment is the same
            again = BY_NAME[name].gains(turn + 1.0, Places(body(count), over))
            assert np.array_equal(one, again)
            assert not np.array_equal(one, two)
            return
        assert np.allclose(one, two, atol=1e-9)

    def test_everyone_has_a_turn(self, name: str, count: int, over: Over) -> None:
        places = Places(body(count), over)
        many = 40 if name == "rain" else 1
        strongest = BY_NAME[name].gains(rounds(over, many), places).max(axis=0)
        least = {"rain": 0.45, "sway": 0.7}.get(name, 0.99)
        assert strongest.min() >= least

    def test_steps_are_far_enough_apart_to_be_told(self, name: str, count: int, over: Over) -> None:
        if name not in STEPPING:
            return
        gains = BY_NAME[name].gains(rounds(over, 1), Places(body(count), over))
        peaks = np.unique(np.argmax(gains > gains.max(axis=0) - 1e-6, axis=0))
        apart = np.diff(np.concatenate([peaks, peaks[:1] + len(gains)]))
        assert count == 1 or len(peaks) > 1
        assert apart.min() >= 34

    def test_no_stroke_masks_the_next(self, name: str, count: int, over: Over) -> None:
        if name not in KNOCKS:
            return
        gains = BY_NAME[name].gains(rounds(over, 30), Places(body(count), over))
        for one in gains.T:
            risen = np.flatnonzero((one[1:] >= KNOCKS[name]) & (one[:-1] < KNOCKS[name]))
            assert np.diff(risen).min(initial=999) >= 98  # 100 ms, on a grid of one

    def test_a_stroke_lasts_long_enough_to_be_felt(self, name: str, count: int, over: Over) -> None:
        if name not in KNOCKS:
            return
        gains = BY_NAME[name].gains(rounds(over, 12), Places(body(count), over))
        for one in gains.T:
            edges = np.diff((one > 0.1).astype(int))
            risen, let_go = np.flatnonzero(edges > 0), np.flatnonzero(edges < 0)
            if len(risen):
                let_go = let_go[let_go > risen[0]]
                assert (let_go - risen[: len(let_go)]).min(initial=999) >= 30

    def test_grouping_does_not_matter(self, name: str, count: int, over: Over) -> None:
        places, turn = Places(body(count), over), rounds(over, 3, 5.3)
        whole = BY_NAME[name].gains(turn, places)
        for sizes in ((1,), (7,), (64,), (3, 50, 1)):
            at, parts = 0, []
            while at < len(turn):
                size = sizes[len(parts) % len(sizes)]
                parts.append(BY_NAME[name].gains(turn[at : at + size], places))
                at += size
            assert np.array_equal(np.concatenate(parts), whole)


@pytest.mark.parametrize("count", some(range(1, 65), 7))
def test_any_number_of_actuators(count: int) -> None:
    turn = rounds("bar", 2, 7.0)
    for name in NAMES:
        gains = BY_NAME[name].gains(turn, Places(body(count), "bar"))
        assert gains.shape == (len(turn), count)
        assert 0.0 <= gains.min() <= gains.max() <= 1.0


@pytest.mark.parametrize("name", NAMES)
def test_none_and_no_time_are_fine(name: str) -> None:
    assert BY_NAME[name].gains(np.zeros(3), Places(body(0))).shape == (3, 0)
    assert BY_NAME[name].gains(np.zeros(0), Places(body(4))).shape == (0, 4)


@pytest.mark.parametrize("name", NAMES)
def test_one_alone_is_felt_and_let_go(name: str) -> None:
    gains = BY_NAME[name].gains(rounds("bar", 20), Places(body(1)))
    assert gains.max() > 0.6
    assert name in ("follow", "roll") or gains.min() < 0.05


class TestEachAsItSays:
    def test_follow_is_full(self) -> None:
        assert (BY_NAME["follow"].gains(rounds("beat", 1), Places(body(5))) == 1).all()

    @pytest.mark.parametrize("name", ["pulse", "heartbeat", "breathe"])
    def test_the_beat_is_let_through_whole(self, name: str) -> None:
        gains = BY_NAME[name].gains(np.array([0.0, 1.0, 2.0]), Places(body(3), "beat"))
        assert np.allclose(gains, 1.0)

    def test_chase_has_its_station_open_when_its_time_comes(self) -> None:
        places = Places(body(4))
        gains = BY_NAME["chase"].gains(np.arange(4) / 4, places)
        assert np.allclose(gains.T[np.argsort(places.walk)], np.eye(4))

    def test_heartbeat_knocks_twice_the_second_softer(self) -> None:
        gain = BY_NAME["heartbeat"].gains(np.arange(1000) / 1000, Places(body(1)))[:, 0]
        assert gain[:100].max() == 1.0
        assert gain[300] == 0.0
        assert 0.5 < gain[350:600].max() < 0.7
        assert gain[700:900].max() == 0.0

    @pytest.mark.parametrize("count", [2, 3, 6, 16])
    def test_roll_keeps_its_power(self, count: int) -> None:
        power = (BY_NAME["roll"].gains(rounds("bar", 2), Places(body(count))) ** 2).sum(axis=1)
        assert np.allclose(power, 1.0)

    @pytest.mark.parametrize("count", [2, 3, 16])
    def test_chase_is_never_in_two_places(self, count: int) -> None:
        gains = np.sort(BY_NAME["chase"].gains(rounds("bar", 2), Places(body(count))), axis=1)
        assert gains[:, -2].max() < 0.51
        assert gains[:, -1].min() > 0.49

    def test_wave_climbs_and_fall_sinks(self) -> None:
        ups = (0.0, 0.25, 0.5, 0.75, 1.0)
        places, turn = Places(column(ups)), np.arange(1000) / 1000
        climb = BY_NAME["wave"].gains(turn, places).argmax(axis=0)
        sink = BY_NAME["fall"].gains(turn, places).argmax(axis=0)
        assert climb.tolist() == [0, 200, 400, 600, 800]
        assert sink.tolist() == [800, 600, 400, 200, 0]

    def test_a_pair_is_in_one_wave(self) -> None:
        gains = BY_NAME["wave"].gains(rounds("bar", 1), Places(column((0.0, 0.5, 0.501, 1.0))))
        assert np.array_equal(gains[:, 1], gains[:, 2])

    def test_a_line_waves_over_its_own_places_only(self) -> None:
        gains = BY_NAME["wave"].gains(
            np.arange(100) / 100, Places(column((0.0, 0.4, 0.5, 1.0)), "bar", np.array([1, 2]))
        )
        assert gains.argmax(axis=0).tolist() == [0, 50]

    def test_sway_is_on_one_side_and_then_the_other(self) -> None:
        garment = load_garment("patches/garments/denim-jacket.toml")
        names = [actuator.name for actuator in garment.actuators]
        gains = BY_NAME["sway"].gains(np.array([0.0, 0.5]), Places(sites(garment)))
        assert gains[:, names.index("cuff_l")].tolist() == [1.0, 0.0]
        assert gains[:, names.index("cuff_r")].tolist() == [0.0, 1.0]
        assert np.allclose((gains**2).mean(axis=1), 0.5, atol=0.1)

    def test_bloom_opens_from_the_middle(self) -> None:
        gains = BY_NAME["bloom"].gains(np.arange(300) / 300, Places(column((0.0, 0.25, 0.5, 0.75, 1.0))))
        assert gains.argmax(axis=0).tolist() == [200, 100, 0, 100, 200]

    def test_round_goes_across_the_front_and_back_behind(self) -> None:
        garment = load_garment("patches/garments/denim-jacket.toml")
        names = [actuator.name for actuator in garment.actuators]
        peaks = BY_NAME["round"].gains(np.arange(1000) / 1000, Places(sites(garment))).argmax(axis=0)
        way = [peaks[names.index(name)] for name in ("waist_l", "chest_l", "chest_r", "waist_r", "spine_low")]
        assert way == sorted(way)
        assert len(set(way)) == 5

    def test_rain_falls_everywhere_alike(self) -> None:
        drops = (BY_NAME["rain"].gains(rounds("bar", 300, 5.0), Places(body(9), seed=5)) > 0.2).mean(axis=0)
        assert drops.min() > 0.5 * drops.max()
        assert 0.05 < drops.mean() < 0.4

    def test_another_seed_is_another_rain(self) -> None:
        one, two = (BY_NAME["rain"].gains(rounds("bar", 2), Places(body(5), seed=seed)) for seed in (1, 2))
        assert not np.array_equal(one, two)


def test_every_pattern_has_a_number_that_the_control_reaches() -> None:
    assert NAMES[0] == "follow"
    assert len(set(NAMES)) == len(NAMES) <= 16


def test_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "patterns", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [row["name"] for row in rows] == list(NAMES)
    assert [row["number"] for row in rows] == list(range(len(NAMES)))
    assert all(row["about"] for row in rows)
    assert main(["list", "patterns"]) == 0
    assert "heartbeat" in capsys.readouterr().out
