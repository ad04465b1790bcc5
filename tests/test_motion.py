"""What a sensor says of movement: known movements have known answers, whatever the network did to them."""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np
import pytest

from wearsound.analysis.ear import Ear
from wearsound.analysis.sensor.cadence import Cadence
from wearsound.analysis.sensor.motion import Motion
from wearsound.analysis.sensor.one_euro import OneEuro
from wearsound.analysis.sensor.retimed import MOST_DELAY, Retimed
from wearsound.core import F64, Block, Clock, Event
from wearsound.sensed import GROUPS, G

CLOCK = Clock()
PHONE = ("ax", "ay", "az", "gx", "gy", "gz")

Vector = tuple[float, float, float]
Said = tuple[float, str, tuple[float, ...]]
"""When it comes, in seconds, what of the lane it is, and its numbers (a last one more is its stamp)."""


def played(
    said: Iterable[Said],
    seconds: float,
    values: Sequence[str] = PHONE,
    most: int = 64,
    gap: tuple[int, int] = (0, 0),
) -> dict[str, F64]:
    """The features of a lane hop by hop; blocks begin at every event and are at most `most` hops long."""
    motion = Motion("phone", values)
    motion.prepare(CLOCK)
    by_tick: dict[int, list[Event]] = {}
    for at, address, args in said:
        tick = math.ceil(at * CLOCK.sample_rate / CLOCK.hop)
        by_tick.setdefault(tick, []).append(Event(tick, address, args))
    n = CLOCK.ticks(seconds)
    out = np.zeros((n, len(motion.specs)))
    starts = sorted({0, n, *(tick for tick in by_tick if tick < n)})
    for begin, end in itertools.pairwise(starts):
        for tick in range(begin, end, most):
            hops = min(most, end - tick)
            events = tuple(by_tick.get(tick, ())) if tick == begin else ()
            block = Block(tick, np.zeros((hops * CLOCK.hop, 0), np.float32), {}, hops, events=events)
            motion.process(block, None, out[tick : tick + hops])
    return {spec.name: out[:, i] for i, spec in enumerate(motion.specs)}


def sampled(
    what: Callable[[float], Sequence[float]],
    seconds: float,
    rate: float = 60.0,
    group: str = "accel",
    start: float = 0.0,
    stamped: bool = False,
) -> list[Said]:
    """`what` is measured `rate` times a second and comes at once."""
    times = [start + i / rate for i in range(int(seconds * rate))]
    address = f"/wear/sense/phone/{group}"
    return [(t, address, (*what(t), *((1000.0 + t,) if stamped else ()))) for t in times]


def burst(said: list[Said], sizes: Sequence[int] = (3, 6, 4, 5)) -> list[Said]:
    """The network hands several over together, when the last of them is there."""
    out: list[Said] = []
    at = turn = 0
    while at < len(said):
        together = said[at : at + sizes[turn % len(sizes)]]
        out += [(together[-1][0], address, args) for _, address, args in together]
        at, turn = at + len(together), turn + 1
    return out


def still(t: float) -> Vector:
    return 0.0, 0.0, G


def walk(t: float, hz: float = 1.8, noise: float = 0.0) -> Vector:
    """A hip that falls and is caught, twice as often as it sways."""
    step, sway = 2 * math.pi * hz * t, math.pi * hz * t
    return (
        0.8 * math.sin(sway) + noise,
        0.6 * math.sin(step + 0.6),
        G + 2.6 * math.sin(step) + 1.1 * math.sin(2 * step + 0.4),
    )


def after(values: F64, seconds: float) -> F64:
    return values[CLOCK.ticks(seconds) :]


class TestOneEuro:
    def test_it_is_what_the_paper_says(self) -> None:
        rng = np.random.default_rng(7)
        x = np.cumsum(rng.normal(0, 0.3, 500)) + rng.normal(0, 0.05, 500)
        te = rng.uniform(0.004, 0.03, 500)
        for mincutoff, beta, dcutoff in ((1.0, 0.0, 1.0), (0.8, 0.02, 1.0), (2.0, 0.5, 2.0)):
            ours = OneEuro(mincutoff, beta, dcutoff)
            got = [ours.smooth(float(v), float(s)) for v, s in zip(x, te, strict=True)]
            assert got == pytest.approx(casiez(x, te, mincutoff, beta, dcutoff), abs=1e-9)

    def test_rest_is_calm_and_a_gesture_is_not_late(self) -> None:
        rng = np.random.default_rng(1)
        noise, quick = OneEuro(1.0, 0.1), OneEuro(1.0, 0.1)
        rest = [noise.smooth(float(v), 0.01) for v in rng.normal(0, 0.1, 1000)]
        assert np.std(rest[200:]) < 0.04
        ramp = [quick.smooth(0.5 * i, 0.01) for i in range(100)]  # 50 units a second
        assert ramp[-1] > 0.5 * 99 - 50 * 0.06


def casiez(x: F64, te: F64, mincutoff: float, beta: float, dcutoff: float) -> list[float]:
    """The published pseudo-code, written down again."""

    def alpha(cutoff: float, period: float) -> float:
        tau = 1.0 / (2.0 * math.pi * cutoff)
        return 1.0 / (1.0 + tau / period)

    hat, dhat, raw, out = float(x[0]), 0.0, float(x[0]), [float(x[0])]
    for value, period in zip(x[1:], te[1:], strict=True):
        dx = (value - raw) / period
        a = alpha(dcutoff, period)
        dhat = a * dx + (1 - a) * dhat
        a = alpha(mincutoff + beta * abs(dhat), period)
        hat = a * value + (1 - a) * hat
        raw = value
        out.append(float(hat))
    return out


def read_out(said: list[tuple[float, float, float | None]], seconds: float) -> tuple[F64, F64]:
    road = Retimed()
    times, values = [], []
    waiting = sorted(said, key=lambda each: each[0])
    for tick in range(CLOCK.ticks(seconds)):
        now = CLOCK.seconds(tick)
        while waiting and waiting[0][0] <= now:
            _, value, stamp = waiting.pop(0)
            road.put(now, [value], stamp)
        got = road.at(now)
        times.append(now)
        values.append(math.nan if got is None else got[0])
    return np.array(times), np.array(values)


class TestRetimed:
    @pytest.mark.parametrize("stamped", [True, False])
    @pytest.mark.parametrize("rate", [50.0, 60.0, 100.0])
    def test_bursts_come_out_as_the_movement_that_they_were(self, rate: float, stamped: bool) -> None:
        rng = np.random.default_rng(3)
        times = np.arange(int(10 * rate)) / rate
        sizes = rng.integers(1, 4, len(times))
        arrival, at = np.zeros(len(times)), 0
        for size in sizes:
            arrival[at : at + size] = times[min(at + size, len(times)) - 1] + rng.uniform(0.001, 0.006)
            at += size
        said = [
            (float(a), math.sin(2 * math.pi * t), 5000.0 + float(t) if stamped else None)
            for a, t in zip(arrival, times, strict=True)
        ]
        when, got = read_out(said, 9.8)
        late = (when > 2.0) & (when < 9.5)
        # The delay is found out, not assumed: with it, what is read is the sine that was measured.
        delays = np.arange(0.0, MOST_DELAY + 0.03, 0.001)
        errors = [
            float(np.sqrt(np.mean((got[late] - np.sin(2 * np.pi * (when[late] - d))) ** 2))) for d in delays
        ]
        assert min(errors) < (0.02 if stamped else 0.06)
        assert delays[int(np.argmin(errors))] <= MOST_DELAY + 0.01
        # A step from one hop to the next is never more than the sine's own, and a hurry on the way.
        steps = np.abs(np.diff(got[late]))
        assert steps.max() < 2.0 * 2 * math.pi * CLOCK.hop / CLOCK.sample_rate

    def test_ten_a_second_still_comes_out_without_a_jump(self) -> None:
        said = [(i / 10, float(i % 2), None) for i in range(100)]
        _, got = read_out(said, 9.9)
        assert np.nanmax(np.abs(np.diff(got[400:]))) < 0.1

    def test_a_sender_whose_clock_leaps_goes_on_at_once_and_without_a_jump(self) -> None:
        said = [(i / 60, math.sin(i / 60), 100.0 + i / 60 if i < 300 else 3.0 + i / 60) for i in range(600)]
        when, got = read_out(said, 9.9)
        assert np.nanmax(np.abs(np.diff(got))) < 0.05
        assert got[when > 5.5] == pytest.approx(np.sin(when[when > 5.5] - 0.03), abs=0.04)

    def test_what_is_older_than_what_was_read_is_left_out(self) -> None:
        said = [(i / 60, float(i), 100.0 + i / 60) for i in range(120)]
        said.insert(60, (said[60][0], -1000.0, 100.2))
        _, got = read_out(said, 1.9)
        assert np.nanmin(got) >= 0.0


class TestMotion:
    def test_still_is_nothing_at_all(self) -> None:
        rng = np.random.default_rng(5)
        said = sampled(lambda t: tuple(np.array(still(t)) + rng.normal(0, 0.03, 3)), 8.0)
        said += sampled(lambda t: (0.02, -0.03, 0.01), 8.0, group="gyro")
        got = played(said, 7.9)
        for name in ("energy", "jerk", "turn", "cadence"):
            assert after(got[name], 2.0).max() < 1e-6, name
        assert after(got["stillness"], 1.0).min() > 0.999
        assert after(got["fresh"], 0.5).min() == 1.0

    def test_a_swing_has_its_quantity_of_motion(self) -> None:
        """A sine of 6 m/s2 has a mean size of 3.8: with 0.5 less for stillness, half is 3, so 0.5 and a little."""
        energies = []
        for size in (0.0, 0.3, 2.0, 6.0, 20.0):
            swing = [
                (t, a, (size * math.sin(2 * math.pi * 1.5 * t), 0.0, G)) for t, a, _ in sampled(still, 8.0)
            ]
            energies.append(float(after(played(swing, 7.9)["energy"], 4.0).mean()))
        assert energies[0] == 0.0
        assert energies[1] == 0.0
        assert 0.15 < energies[2] < 0.35
        assert 0.4 < energies[3] < 0.55
        assert 0.7 < energies[4] < 0.9

    def test_the_same_movement_counts_the_same_however_the_phone_hangs(self) -> None:
        got = []
        for axis in range(3):
            turned = sampled(lambda t, axis=axis: walk(t)[axis:] + walk(t)[:axis], 8.0)  # type: ignore[misc]
            got.append(after(played(turned, 7.9)["energy"], 4.0).mean())
        assert got[1] == pytest.approx(got[0], abs=0.03)
        assert got[2] == pytest.approx(got[0], abs=0.03)

    def test_leaning_slowly_is_no_effort_where_turning_is_told(self) -> None:
        """60 degrees to and fro in four seconds, about y: the phone's x axis dips and rises."""

        def angle(t: float) -> float:
            return math.radians(60) * math.sin(2 * math.pi * 0.25 * t)

        said = sampled(lambda t: (-G * math.sin(angle(t)), 0.0, G * math.cos(angle(t))), 12.0)
        alone = played(said, 11.9)
        said += sampled(lambda t: (0.0, (angle(t + 1e-4) - angle(t - 1e-4)) / 2e-4, 0.0), 12.0, group="gyro")
        told = played(sorted(said, key=lambda each: each[0]), 11.9)
        assert after(alone["energy"], 4.0).mean() > 0.4
        assert after(told["energy"], 4.0).max() < 0.15
        assert np.abs(after(told["tilt"], 4.0)).max() == pytest.approx(60.0, abs=9.0)

    def test_a_walk_that_ends_has_no_cadence_two_seconds_later(self) -> None:
        said = [(t, a, walk(t) if t < 8.0 else still(t)) for t, a, _ in sampled(still, 12.0)]
        got = played(said, 11.9)["cadence"]
        assert got[CLOCK.ticks(7.9)] == pytest.approx(108, abs=2)
        assert after(got, 10.5).max() < 5

    @pytest.mark.parametrize("hz", [0.8, 1.5, 1.8, 2.2, 2.8])
    def test_a_walk_has_its_cadence(self, hz: float) -> None:
        rng = np.random.default_rng(11)
        said = sampled(lambda t: walk(t, hz, float(rng.normal(0, 0.3))), 14.0)
        for each in (said, burst(said)):
            got = after(played(each, 13.9)["cadence"], 8.0)
            assert got == pytest.approx(60 * hz, abs=2.0)

    def test_stirring_without_a_rhythm_has_none(self) -> None:
        rng = np.random.default_rng(13)
        said = sampled(lambda t: tuple(np.array(still(t)) + rng.normal(0, 4, 3)), 12.0)
        got = played(said, 11.9)
        assert after(got["energy"], 6.0).min() > 0.2
        assert np.median(after(got["cadence"], 5.0)) == 0.0

    def test_cadence_does_not_depend_on_the_sample_rate_of_the_show(self) -> None:
        for rate in (44_100, 48_000, 96_000):
            clock = Clock(rate)
            cadence = Cadence(clock)
            for tick in range(clock.ticks(10.0)):
                cadence.hear((0.0, 2 * math.sin(2 * math.pi * 1.8 * clock.seconds(tick)), 0.0))
            assert cadence.steps == pytest.approx(108, abs=1)

    @pytest.mark.parametrize("pitch", [-80, -30, 0, 45, 85])
    @pytest.mark.parametrize("roll", [-60, 0, 20])
    def test_tilt_and_roll_of_a_known_gravity(self, pitch: float, roll: float) -> None:
        p, r = math.radians(pitch), math.radians(roll)
        up = (-G * math.sin(p), G * math.cos(p) * math.sin(r), G * math.cos(p) * math.cos(r))
        got = played(sampled(lambda t: up, 6.0), 5.9)
        assert got["tilt"][-1] == pytest.approx(pitch, abs=1.0)
        across = math.degrees(math.asin(math.cos(p) * math.sin(r)))
        assert got["roll"][-1] == pytest.approx(across, abs=1.0)

    def test_a_phone_that_takes_gravity_apart_has_tilt_too(self) -> None:
        values = (*PHONE, *GROUPS["gravity"].columns)
        said = sampled(lambda t: (2 * math.sin(9 * t), 0.0, 0.0), 6.0)
        said += sampled(lambda t: (-G / 2, 0.0, G * math.sqrt(0.75)), 6.0, group="gravity")
        got = played(sorted(said, key=lambda each: each[0]), 5.9, values)
        assert after(got["tilt"], 3.0) == pytest.approx(30.0, abs=1.0)
        only = played(sampled(lambda t: (2 * math.sin(9 * t), 0.0, 0.0), 6.0), 5.9)
        assert np.abs(after(only["tilt"], 3.0)).max() < 10.0  # nobody knows which way up it is

    def test_turning_is_energy_and_drift_is_harmless(self) -> None:
        drift = (0.3, -0.1, 0.05)

        def turning(t: float) -> Vector:
            return (drift[0], drift[1], drift[2] + (3.0 if 20 < t < 22 else 0.0))

        said = sampled(still, 30.0) + sampled(turning, 30.0, group="gyro")
        got = played(sorted(said, key=lambda each: each[0]), 29.9)["turn"]
        assert got[CLOCK.ticks(14.0) : CLOCK.ticks(19.9)].max() < 0.02
        assert got[CLOCK.ticks(21.5)] > 0.5
        assert got[CLOCK.ticks(24.0) :].max() < 0.05

    def test_bursts_do_not_look_like_jerk(self) -> None:
        even = sampled(walk, 10.0)
        calm = after(played(even, 9.8)["jerk"], 3.0)
        rough = after(played(burst(even), 9.8)["jerk"], 3.0)
        told = after(played(burst(sampled(walk, 10.0, stamped=True)), 9.8)["jerk"], 3.0)
        assert told.mean() < 1.3 * calm.mean()
        assert rough.mean() < 1.5 * calm.mean()
        hit = [
            (t, a, (x, y, z + (40.0 if 5.0 < t < 5.06 else 0.0))) for t, a, (x, y, z) in sampled(still, 8.0)
        ]
        assert after(played(hit, 7.9)["jerk"], 4.0).max() > 0.8


class TestBent:
    def test_a_bend_is_its_way_over_its_rest(self) -> None:
        said = sampled(lambda t: (0.3 + (0.5 if 3 < t < 5 else 0.0),), 9.0, group="stretch")
        got = played(said, 8.9, ("stretch",))
        assert got["flex"][CLOCK.ticks(2.9)] == pytest.approx(0.0, abs=0.01)
        assert got["flex"][CLOCK.ticks(4.9)] == pytest.approx(0.5 / 0.7, abs=0.02)
        assert after(got["flex"], 8.0).max() < 0.02
        assert got["speed"][CLOCK.ticks(2.9)] == 0.0
        assert got["speed"][CLOCK.ticks(3.0) : CLOCK.ticks(3.4)].max() > 0.5
        assert set(got) == {"fresh", "flex", "speed"}

    def test_pressure_is_felt_by_its_logarithm(self) -> None:
        said = sampled(lambda t: (0.1 if t > 2 else 0.0,), 6.0, group="pressure")
        assert played(said, 5.9, ("pressure",))["press"][-1] == pytest.approx(
            math.log(3) / math.log(21), abs=0.02
        )


class TestStale:
    def test_everything_glides_to_rest_and_comes_back_smoothly(self) -> None:
        tilted: Callable[[float], Vector] = lambda t: (-6.0 + walk(t)[0], 4.0 + walk(t)[1], walk(t)[2])  # noqa: E731
        said = sampled(tilted, 6.0) + sampled(lambda t: (2.0, 1.0, 0.0), 6.0, group="gyro")
        said += sampled(tilted, 6.0, start=12.0)
        said += sampled(lambda t: (2.0, 1.0, 0.0), 6.0, group="gyro", start=12.0)
        got = played(sorted(said, key=lambda each: each[0]), 17.9)
        rest = {name: 1.0 if name == "stillness" else 0.0 for name in got}
        moved = {name: after(values[: CLOCK.ticks(5.9)], 5.0).mean() for name, values in got.items()}
        spans = {"tilt": 90.0, "roll": 90.0, "cadence": 108.0}
        for name, values in got.items():
            assert abs(moved[name] - rest[name]) > 0.05 * spans.get(name, 1.0), name
            gone = values[CLOCK.ticks(7.7) : CLOCK.ticks(11.9)]
            assert gone == pytest.approx(rest[name], abs=1e-3 * spans.get(name, 1.0)), name
            there = values[CLOCK.ticks(6.0) : CLOCK.ticks(13.5)]
            most = 0.06 if name in ("jerk", "turn") else 0.03
            assert np.abs(np.diff(there)).max() < most * spans.get(name, 1.0), name
            back = after(values, 17.0).mean()
            assert back == pytest.approx(moved[name], abs=0.08 * spans.get(name, 1.0)), name

    def test_before_anything_came_it_is_at_rest(self) -> None:
        got = played([], 1.0)
        assert {name: float(values.max()) for name, values in got.items() if values.any()} == {
            "stillness": 1.0
        }


class TestWhateverComes:
    def test_nonsense_changes_nothing_and_nothing_is_ever_not_a_number(self) -> None:
        good = sampled(walk, 6.0)
        bad: list[Said] = []
        for i, args in enumerate(
            [
                (math.nan, 0.0, 0.0),
                (math.inf, 1.0, 2.0),
                (1.0,),
                (),
                ("up", "down", 3),
                (None, None, None),
                (0.0, 0.0, 9.8, math.nan),
                (True, 10**300, 0),
            ]
            * 5
        ):
            bad.append((1.0 + i / 20, "/wear/sense/phone/accel", args))  # type: ignore[arg-type]
        huge = [(4.0, "/wear/sense/phone/accel", (1e300, -1e300, 1e18, 1e300))]
        got = played(sorted(good + bad + huge, key=lambda each: each[0]), 5.9)
        specs = {spec.name: spec for spec in Motion("phone", PHONE).specs}
        for name, values in got.items():
            assert np.isfinite(values).all(), name
            assert specs[name].low <= values.min() <= values.max() <= specs[name].high, name

    @pytest.mark.parametrize("seed", range(6))
    def test_samples_and_stamps_at_random(self, seed: int) -> None:
        rng = np.random.default_rng(seed)
        said: list[Said] = []
        at = 0.0
        while at < 12.0:
            at += float(rng.choice([0.0, 0.001, 0.016, 0.1, 0.6, 2.0], p=[0.4, 0.2, 0.3, 0.06, 0.02, 0.02]))
            group = str(rng.choice(["accel", "gyro", "gravity", "stretch", "pressure"]))
            n = len(GROUPS[group].columns)
            numbers = tuple(float(x) for x in rng.normal(0, 10.0 ** rng.integers(-3, 9), n))
            stamp = float(rng.choice([at, at - 0.3, at + 5, -at, 1e9 + at, 1e300, 0.0]))
            said.append(
                (at, f"/wear/sense/phone/{group}", numbers + ((stamp,) if rng.random() < 0.6 else ()))
            )
        values = [column for group in GROUPS.values() for column in group.columns]
        specs = {spec.name: spec for spec in Motion.words(values)}
        for name, got in played(said, 16.0, values).items():
            assert np.isfinite(got).all(), name
            assert specs[name].low <= got.min() <= got.max() <= specs[name].high, name
            assert got[-1] == (1.0 if name == "stillness" else 0.0), name

    def test_single_numbers_and_lists_are_heard_as_samples_too(self) -> None:
        whole = sampled(walk, 6.0)
        single = [
            (t, f"/wear/move/phone/{column}", (value,))
            for t, _, args in whole
            for column, value in zip(("ax", "ay", "az"), args, strict=True)
        ]
        listed = [(t, "/wear/move/phone", args) for t, _, args in whole]
        energy = played(whole, 5.9)["energy"]
        assert energy[-1] > 0.2
        assert np.array_equal(played(single, 5.9)["energy"], energy)
        assert np.array_equal(played(listed, 5.9)["energy"], energy)

    @pytest.mark.parametrize("most", [1, 2, 7])
    def test_grouping_changes_no_bit(self, most: int) -> None:
        said = burst(sampled(walk, 5.0)) + sampled(lambda t: (math.sin(t), 0.2, 0.0), 4.0, group="gyro")
        said.sort(key=lambda each: each[0])
        whole, pieces = played(said, 7.0), played(said, 7.0, most=most)
        for name, values in whole.items():
            assert np.array_equal(values, pieces[name]), name


class TestEar:
    def test_it_listens_only_where_somebody_asks(self) -> None:
        remote = _remote_specs()
        assert [spec.name for spec in Ear(CLOCK, [], remote=remote).specs] == [spec.name for spec in remote]
        asked = Ear(CLOCK, [], asked=["phone.energy"], remote=remote)
        assert "phone.energy" in [spec.name for spec in asked.specs]
        assert "knobs.energy" not in [spec.name for spec in asked.specs]

    def test_numbers_that_are_no_sensors_have_no_features(self) -> None:
        assert Motion.words(("cutoff", "drive", "ax")) == ()


def _remote_specs() -> list:  # type: ignore[type-arg]
    from wearsound.sources.remote import Remote

    lanes = {"phone": dict.fromkeys(PHONE, (-160.0, 160.0)), "knobs": {"cutoff": (0.0, 1.0)}}
    return list(Remote(lanes).specs)


def test_a_take_replays_to_the_bit(tmp_path: Path) -> None:
    """What the engine took goes through events.jsonl and comes back as the same features."""
    said = burst(sampled(walk, 3.0, stamped=True))
    lines = [json.dumps([at, address, list(args)]) for at, address, args in said]
    (tmp_path / "events").write_text("\n".join(lines))
    back = [json.loads(line) for line in (tmp_path / "events").read_text().splitlines()]
    again = [(at, address, tuple(args)) for at, address, args in back]
    first, second = played(said, 4.0), played(again, 4.0)
    for name, values in first.items():
        assert np.array_equal(values, second[name]), name
