"""Fabric takes its own time: known answers of every material, and what it is fed."""

from __future__ import annotations

import itertools
import math
from pathlib import Path

import numpy as np
import pytest
from thorough import some

from wearsound.core import LIGHT_RATE, Block, Clock, Event, Frame, Spec
from wearsound.errors import PatchError
from wearsound.garment import thermochromic
from wearsound.garment.document import Garment, load_garment
from wearsound.garment.materials import ATTACK, HOLD, RELEASE, Cloth, drive_ma, settles
from wearsound.instruments.dye import Dye
from wearsound.instruments.light import zone_controls
from wearsound.instruments.phrase import PhraseMean, phrase
from wearsound.safety.heat import HeatCap
from wearsound.show.build import build
from wearsound.show.load import load

CLOCK = Clock()
FABRICS = ("plain", "electrochromic", "thermochromic", "screen")
PLAIN, CELL, LEUCO, SCREEN = range(4)


def garment(folder: Path, ambient: float = 22.0) -> Garment:
    """A square of each fabric, in this order."""
    zones = [f'[[zone]]\nname = "{name}"\nlight = [0.7, 0.1, 50]\nfabric = "{name}"\n' for name in FABRICS]
    layers = [
        f'[[figure.layer]]\nname = "{name}"\nzone = "{name}"\nside = "one"\n'
        f"outline = [[{x}, 0, 1], [{x + 9}, 0, 1], [{x + 9}, 20, 1], [{x}, 20, 1]]\n"
        for x, name in zip((-20, -10, 0, 10), FABRICS, strict=True)
    ]
    path = folder / "squares.toml"
    path.write_text(
        f'title = "Squares"\nambient = {ambient}\n'
        + "".join(zones)
        + '[[figure]]\nname = "front"\nat = [600, 300]\n'
        + "".join(layers)
    )
    return load_garment(path)


@pytest.fixture
def squares(tmp_path: Path) -> Garment:
    return garment(tmp_path)


def driven(cloth: Cloth, zone: int, drive: float, seconds: float, power: float = 1.0) -> np.ndarray:
    """(dyed, warm) of a zone after each light frame, (n, 2)."""
    wires = np.zeros(len(FABRICS))
    wires[zone] = drive * power
    seen = []
    for _ in range(round(seconds * LIGHT_RATE)):
        cloth.step(wires, power)
        seen.append((cloth.dyed[zone], cloth.warm[zone]))
    return np.array(seen)


def reached(values: np.ndarray, level: float) -> float:
    """Seconds until `values` first reach `level` from where they begin."""
    there = values >= level if values[-1] >= level else values <= level
    return (int(np.argmax(there)) + 1) / LIGHT_RATE


class TestPlain:
    def test_cloth_that_cannot_change_does_not(self, squares: Garment) -> None:
        for zone in (PLAIN, SCREEN):
            seen = driven(Cloth(squares), zone, 1.0, 5.0)
            assert (seen[:, 0] == 0).all()
            assert (seen[:, 1] == 22.0).all()
            assert settles(squares.zones[zone]) is None
            assert drive_ma(squares)[zone] == 0


class TestElectrochromic:
    def test_63_percent_after_its_time_up_and_down(self, squares: Garment) -> None:
        cloth = Cloth(squares)
        up = driven(cloth, CELL, 1.0, 60.0)[:, 0]
        assert reached(up, 1 - 1 / math.e) == pytest.approx(ATTACK, abs=1.5 / LIGHT_RATE)
        assert up[-1] == 1.0
        down = driven(cloth, CELL, 0.0, 150.0)[:, 0]
        assert reached(down, 1 / math.e) == pytest.approx(RELEASE, abs=1.5 / LIGHT_RATE)
        assert down[-1] == 0.0

    def test_settles_is_90_percent_of_the_slower_way(self, squares: Garment) -> None:
        said = settles(squares.zones[CELL])
        assert said == pytest.approx(20.7, abs=0.1)
        cloth = Cloth(squares)
        assert reached(driven(cloth, CELL, 1.0, 60.0)[:, 0], 0.9) < said
        assert reached(driven(cloth, CELL, 0.0, 60.0)[:, 0], 0.1) == pytest.approx(said, abs=0.05)

    def test_it_stops_at_the_colour_that_is_wanted(self, squares: Garment) -> None:
        assert driven(Cloth(squares), CELL, 0.4, 80.0)[-1, 0] == pytest.approx(0.4, abs=1e-9)

    def test_without_power_it_remembers_to_the_bit(self, squares: Garment) -> None:
        cloth = Cloth(squares)
        before = driven(cloth, CELL, 1.0, 5.0)[-1, 0]
        dark = driven(cloth, CELL, 1.0, HOLD, power=0.0)[:, 0]
        assert 0.5 < before < 0.9
        assert (dark == before).all()

    def test_what_is_remembered_fades_after_the_hold(self, squares: Garment) -> None:
        cloth = Cloth(squares)
        before = driven(cloth, CELL, 1.0, 60.0)[-1, 0]
        driven(cloth, CELL, 1.0, HOLD, power=0.0)
        after = driven(cloth, CELL, 1.0, HOLD, power=0.0)[-1, 0]
        assert after == pytest.approx(before / math.e, rel=1e-3)

    def test_power_that_comes_back_begins_a_new_hold(self, squares: Garment) -> None:
        cloth = Cloth(squares)
        driven(cloth, CELL, 1.0, 60.0)
        driven(cloth, CELL, 1.0, HOLD, power=0.0)
        driven(cloth, CELL, 1.0, 0.1)
        assert (driven(cloth, CELL, 1.0, 2.0, power=0.0)[:, 0] == 1.0).all()

    def test_a_dimmed_hand_slows_it_and_bleaches_nothing(self, squares: Garment) -> None:
        cloth = Cloth(squares)
        half = driven(cloth, CELL, 1.0, 80.0, power=0.5)[:, 0]
        assert reached(half, 1 - 1 / math.e) == pytest.approx(2 * ATTACK, abs=0.05)
        assert half[-1] == pytest.approx(1.0, abs=1e-3)
        assert (driven(cloth, CELL, 1.0, 5.0, power=0.1)[:, 0] >= half[-1]).all()


class TestTimes:
    """A garment file may say what was measured on its own swatch."""

    def own(self, folder: Path, times: str) -> Garment:
        path = garment(folder).path
        text = path.read_text()
        for fabric in ("electrochromic", "thermochromic"):
            text = text.replace(f'fabric = "{fabric}"\n', f'fabric = "{fabric}"\ntimes = {times}\n')
        path.write_text(text)
        return load_garment(path)

    def test_they_replace_the_usual_ones(self, tmp_path: Path) -> None:
        quick = self.own(tmp_path, "[2, 3]")
        cloth = Cloth(quick)
        up, down = driven(cloth, CELL, 1.0, 60.0)[:, 0], driven(cloth, CELL, 0.0, 60.0)[:, 0]
        assert reached(up, 1 - 1 / math.e) == pytest.approx(2, abs=0.02)
        assert reached(down, 1 / math.e) == pytest.approx(3, abs=0.02)
        assert settles(quick.zones[CELL]) == pytest.approx(3 * math.log(10))
        warm, cold = driven(cloth, LEUCO, 0.5, 60.0)[:, 1], driven(cloth, LEUCO, 0.0, 60.0)[:, 1]
        assert reached(warm, 22 + 13 * (1 - 1 / math.e)) == pytest.approx(2, abs=0.02)
        assert reached(cold, 22 + 13 / math.e) == pytest.approx(3, abs=0.02)
        usual = settles(garment(tmp_path).zones[LEUCO])
        assert usual is not None
        assert settles(quick.zones[LEUCO]) < usual / 4

    @pytest.mark.parametrize("wrong", ["[0, 3]", "[4]", "[4, 9, 2]", "[4, 601]", "4", "[nan, 4]"])
    def test_a_wrong_one_is_said_with_its_line(self, wrong: str, tmp_path: Path) -> None:
        with pytest.raises(PatchError, match=r"squares\.toml:\d+: .*(times|finite)"):
            self.own(tmp_path, wrong)

    def test_cloth_that_cannot_change_needs_none(self, tmp_path: Path) -> None:
        path = garment(tmp_path).path
        path.write_text(path.read_text().replace('fabric = "plain"\n', 'fabric = "plain"\ntimes = [4, 9]\n'))
        assert any("times does nothing" in warning for warning in load_garment(path).warnings)


class TestThermochromic:
    def test_it_warms_and_cools_in_its_own_times(self, squares: Garment) -> None:
        cloth = Cloth(squares)
        up = driven(cloth, LEUCO, 0.5, 80.0)[:, 1]
        top = 22 + 0.5 * thermochromic.FULL_RISE
        assert up[-1] == pytest.approx(top, abs=0.01)
        assert reached(up, 22 + (top - 22) * (1 - 1 / math.e)) == pytest.approx(thermochromic.HEAT, abs=0.05)
        down = driven(cloth, LEUCO, 0.0, 400.0)[:, 1]
        assert reached(down, 22 + (top - 22) / math.e) == pytest.approx(thermochromic.COOL, abs=0.05)

    def test_full_drive_is_hotter_than_skin_may_bear(self, squares: Garment) -> None:
        """What the heat cap of `safety` is for: the fabric itself does not save anybody."""
        assert driven(Cloth(squares), LEUCO, 1.0, 60.0)[-1, 1] > 43.0

    def test_the_heat_cap_keeps_full_drive_below_43_degrees(self, squares: Garment) -> None:
        cloth, cap = Cloth(squares), HeatCap(squares)
        most = 0.0
        for _ in range(120 * LIGHT_RATE):
            drive, limited = cap.limit(np.ones(len(FABRICS)), cloth.warm)
            cloth.step(drive)
            most = max(most, float(cloth.warm[LEUCO]))
        assert limited
        assert 36.0 < most < 43.0
        assert cloth.dyed[LEUCO] == 1.0  # and it is warm enough for all the colour there is

    def test_what_a_patch_can_ask_for_stays_far_below_the_cap(self, tmp_path: Path) -> None:
        for ambient in (-10.0, 22.0, 35.0):
            cloth = Cloth(garment(tmp_path, ambient))
            full = float(thermochromic.duty(np.array(1.0), np.array(True), ambient))
            assert driven(cloth, LEUCO, full, 120.0)[:, 1].max() < 36.0

    def test_half_clear_half_a_loop_above_and_below_the_middle(self, squares: Garment) -> None:
        cloth = Cloth(squares)
        up = driven(cloth, LEUCO, 1.0, 60.0)
        down = driven(cloth, LEUCO, 0.0, 200.0)
        clearing = up[int(np.argmax(up[:, 0] >= 0.5)), 1]
        returning = down[int(np.argmax(down[:, 0] <= 0.5)), 1]
        assert clearing == pytest.approx(thermochromic.CLEARS_AT + thermochromic.HYSTERESIS / 2, abs=0.05)
        assert returning == pytest.approx(thermochromic.CLEARS_AT - thermochromic.HYSTERESIS / 2, abs=0.05)
        ten, ninety = (up[int(np.argmax(up[:, 0] >= share)), 1] for share in (0.1, 0.9))
        assert ninety - ten == pytest.approx(thermochromic.WIDTH, abs=0.05)

    def test_cold_it_shows_nothing_and_hot_everything(self, squares: Garment) -> None:
        cloth = Cloth(squares)
        assert cloth.dyed[LEUCO] == 0.0
        assert driven(cloth, LEUCO, 1.0, 60.0)[-1, 0] == 1.0
        assert driven(cloth, LEUCO, 0.0, 300.0)[-1, 0] == 0.0

    def test_a_small_wobble_of_warmth_moves_no_colour(self, squares: Garment) -> None:
        cloth = Cloth(squares)
        driven(cloth, LEUCO, float(thermochromic.duty(np.array(0.5), np.array(True), 22.0)), 80.0)
        before, warm = float(cloth.dyed[LEUCO]), float(cloth.warm[LEUCO])
        seen = driven(cloth, LEUCO, 0.0, 2.0)
        assert 0.3 < warm - seen[-1, 1] < thermochromic.HYSTERESIS
        assert (seen[:, 0] == before).all()

    @pytest.mark.parametrize(
        ("wanted", "ambient"), some(itertools.product([0.1, 0.3, 0.5, 0.8], [15.0, 22.0, 26.0]), 4)
    )
    def test_the_duty_for_a_colour_gives_that_colour_from_both_sides(
        self, wanted: float, ambient: float, tmp_path: Path
    ) -> None:
        cloth = Cloth(garment(tmp_path, ambient))
        up, down = (
            float(thermochromic.duty(np.array(wanted), np.array(way), ambient)) for way in (True, False)
        )
        assert driven(cloth, LEUCO, up, 120.0)[-1, 0] == pytest.approx(wanted, abs=0.02)
        driven(cloth, LEUCO, 1.0, 40.0)
        assert driven(cloth, LEUCO, down, 400.0)[-1, 0] == pytest.approx(wanted, abs=0.02)

    def test_settles_is_90_percent_of_the_slower_way(self, squares: Garment) -> None:
        said = settles(squares.zones[LEUCO])
        assert said is not None
        cloth = Cloth(squares)
        full = float(thermochromic.duty(np.array(1.0), np.array(True), 22.0))
        up = reached(driven(cloth, LEUCO, full, 90.0)[:, 0], 0.9)
        down = reached(driven(cloth, LEUCO, 0.0, 200.0)[:, 0], 0.1)
        assert max(up, down) == pytest.approx(said, rel=0.03)

    def test_a_hot_room_clears_it_for_ever_and_says_so(self, tmp_path: Path) -> None:
        hot = garment(tmp_path, 35.0)
        cloth = Cloth(hot)
        assert cloth.dyed[LEUCO] == 1.0
        assert driven(cloth, LEUCO, 0.0, 60.0)[-1, 0] == 1.0
        assert settles(hot.zones[LEUCO], 35.0) == math.inf

    def test_blackout_lets_it_cool(self, squares: Garment) -> None:
        cloth = Cloth(squares)
        hot = driven(cloth, LEUCO, 1.0, 20.0)[-1, 1]
        assert driven(cloth, LEUCO, 1.0, 20.0, power=0.0)[-1, 1] < hot - 5


def test_reset_repeats_to_the_bit(squares: Garment) -> None:
    cloth = Cloth(squares)
    one = [driven(cloth, zone, 0.7, 20.0) for zone in (CELL, LEUCO)]
    cloth.reset()
    two = [driven(cloth, zone, 0.7, 20.0) for zone in (CELL, LEUCO)]
    assert all(np.array_equal(a, b) for a, b in zip(one, two, strict=True))


def test_heaters_draw_hundreds_of_milliamperes_and_cells_a_few(squares: Garment) -> None:
    ma = drive_ma(squares)
    assert ma[LEUCO] >= 100
    assert 0 < ma[CELL] < 20


class TestPhrase:
    def test_eight_bars_or_halves_of_them_within_sixteen_seconds(self) -> None:
        assert phrase(0.0) == 8 * LIGHT_RATE
        assert phrase(120.0) == 16 * LIGHT_RATE
        assert phrase(128.0) == 15 * LIGHT_RATE
        assert phrase(100.0) == round(9.6 * LIGHT_RATE)
        assert all(4 * LIGHT_RATE <= phrase(bpm) <= 16 * LIGHT_RATE for bpm in np.arange(1.0, 600.0))

    @pytest.mark.parametrize("tempo", [100.0, 128.0, 174.0])
    def test_nothing_of_a_beat_is_left(self, tempo: float) -> None:
        mean = PhraseMean(1)
        moment = np.arange(60 * LIGHT_RATE) / LIGHT_RATE
        kick = (moment * tempo / 60 % 1.0 < 0.25).astype(float)
        seen = np.array([mean.step(np.array([value]), tempo)[0] for value in kick])
        settled = seen[35 * LIGHT_RATE :]
        assert np.ptp(settled) < 0.02
        assert settled.mean() == pytest.approx(kick.mean(), abs=0.01)

    def test_a_step_takes_a_whole_phrase_and_arrives_exactly(self) -> None:
        mean = PhraseMean(2)
        seen = np.array([mean.step(np.array([1.0, 0.5]), 0.0) for _ in range(3000)])
        assert seen[8 * LIGHT_RATE - 2, 0] < 1.0
        assert (seen[8 * LIGHT_RATE - 1 :] == [1.0, 0.5]).all()
        assert (np.abs(np.diff(seen[:, 0])) < 1.01 / (8 * LIGHT_RATE)).all()

    def test_a_new_tempo_makes_no_jump(self) -> None:
        mean = PhraseMean(1)
        kick = np.arange(4000) % 30 < 8
        tempo = [0.0] * 900 + [120.0] * 1000 + [180.0] * 1000 + [0.0] * 1100
        seen = np.array([mean.step(np.array([float(k)]), t)[0] for k, t in zip(kick, tempo, strict=True)])
        assert np.abs(np.diff(seen)).max() < 0.006


class TestDye:
    FEATURES = (Spec("room.tempo", "bpm", 0, 240, 0.1, ""),)

    def played(
        self, made: Dye, asked: np.ndarray, tempo: float, sizes: tuple[int, ...] = (64,)
    ) -> np.ndarray:
        """Drive (n_frames, n_zones) for `asked` (n_hops,) of every zone's dye."""
        names = [spec.name.partition(".")[2] for spec in zone_controls(self.squares)]
        controls = np.zeros((len(asked), len(names)))
        controls[:, [i for i, name in enumerate(names) if name == "dye"]] = asked[:, None]
        features = np.full((len(asked), 1), tempo)
        tick, turn, out = 0, 0, []
        while tick < len(asked):
            n = min(sizes[turn % len(sizes)], len(asked) - tick)
            block = Block(tick, np.zeros((0, 2), np.float32), {}, n)
            rows = np.full((len(CLOCK.due_hops(tick, n, LIGHT_RATE)), len(FABRICS)), np.nan)
            made.play(block, features[tick : tick + n], controls[tick : tick + n], rows)
            out.append(rows)
            tick, turn = tick + n, turn + 1
        return np.concatenate(out)

    @pytest.fixture(autouse=True)
    def made(self, squares: Garment) -> Dye:
        self.squares = squares
        made = Dye(squares, self.FEATURES)
        made.prepare(CLOCK)
        made.reset()
        return made

    def test_only_fabric_that_can_change_has_a_wire(self, made: Dye) -> None:
        out = self.played(made, np.ones(6000), 0.0)
        assert (out[:, [PLAIN, SCREEN]] == 0).all()
        assert out[-1, CELL] == 1.0
        assert out[-1, LEUCO] == pytest.approx(float(thermochromic.duty(np.array(1.0), np.array(True), 22.0)))

    def test_a_route_that_beats_is_not_followed(self, made: Dye) -> None:
        """Whatever the attack: 120 beats a minute as a square wave leave less than 2 % in drive and cloth."""
        hops = np.arange(9000)
        out = self.played(made, (hops * 256 / 48_000 * 2 % 1.0 < 0.3).astype(float), 120.0)
        settled = out[20 * LIGHT_RATE :]
        assert np.ptp(settled[:, CELL]) < 0.02
        assert settled[:, CELL].mean() == pytest.approx(0.3, abs=0.02)

    def test_a_wish_that_comes_and_goes_is_met_by_the_cloth_both_ways(self, made: Dye) -> None:
        cloth, seen = Cloth(self.squares), []
        asked = np.repeat([1.0, 0.5, 0.0], 30_000)
        for drive in self.played(made, asked, 0.0):
            cloth.step(drive)
            seen.append(cloth.dyed[LEUCO])
        at = [seen[round(n * 30_000 * 256 / 48_000 * LIGHT_RATE) - 2] for n in (1, 2, 3)]
        assert at == pytest.approx([0.99, 0.5, 0.0], abs=0.03)

    def test_grouping_changes_no_bit_and_reset_repeats(self, made: Dye) -> None:
        asked = np.abs(np.sin(np.arange(4000) / 37.0))
        whole = self.played(made, asked, 128.0)
        for sizes in ((1,), (7,), (3, 1, 64, 30)):
            made.reset()
            assert np.array_equal(self.played(made, asked, 128.0, sizes), whole)


def test_a_blackout_of_a_show_neither_dyes_nor_bleaches_a_cell(squares: Garment, tmp_path: Path) -> None:
    patch = tmp_path / "p.toml"
    patch.write_text(
        'title = "P"\n[[route]]\nfrom = "level"\nto = "*.dye"\nout = [0.98, 1]\n'
        '[[route]]\nfrom = "level"\nto = "*.glow"\nout = [0.98, 1]\n'
    )
    built = build(load(patch, garment=squares.path), {"room": (0,)}, 48_000, strict=True)
    seen: list[Frame] = []

    class Eye:
        name, rate = "eye", LIGHT_RATE

        def open(self, clock: Clock) -> None: ...

        def send(self, frame: Frame) -> None:
            seen.append(frame)

        def close(self) -> None: ...

    built.engine.outputs.append(Eye())
    tick = 0

    def on(seconds: float, *told: str) -> Frame:
        nonlocal tick
        events = tuple(Event(tick, address) for address in told)
        for _ in range(round(seconds * 187.5 / 25)):
            built.engine.step(
                Block(tick, np.zeros((25 * 256, 1), np.float32), {"room": (0,)}, 25, events=events)
            )
            tick, events = tick + 25, ()
        return seen[-1]

    before = on(8.0)
    assert 25.0 <= seen[0].warm[LEUCO] < 25.1, "by the warmer of two models"
    assert seen[0].warm[PLAIN] == 22.0
    assert 0.2 < before.dyed[CELL] < 0.9
    on(2.0, "/wear/blackout")
    dark = on(20.0)
    assert dark.dark == "blackout"
    assert not dark.pixels.any()
    start = next(i for i, frame in enumerate(seen) if frame.dark)
    gone = start + LIGHT_RATE  # the hand takes .9 s from full to dark
    assert {float(frame.dyed[CELL]) for frame in seen[gone:]} == {float(dark.dyed[CELL])}
    assert before.dyed[CELL] <= dark.dyed[CELL] < before.dyed[CELL] + 0.15
    assert dark.warm[LEUCO] < before.warm[LEUCO] - 1
    assert on(20.0, "/wear/resume").dyed[CELL] > dark.dyed[CELL] + 0.1
    assert seen[-1].dyed[PLAIN] == seen[-1].dyed[SCREEN] == 0
