"""Light as it is played: shapes along filaments, lamps in their own time, a picture as light."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest

from wearsound.core import LIGHT_RATE, Block, Clock, Spec
from wearsound.garment.colour import encode, oklch_to_linear
from wearsound.garment.document import Garment, load_garment
from wearsound.garment.sewn import sewn
from wearsound.instruments.along import PASSAGE
from wearsound.instruments.light import CHROMA_FULL, Light, zone_controls
from wearsound.instruments.wheel import CHROMA_STEP, brightest

CLOCK = Clock()
FEATURES = (
    Spec("room.bass", "", 0, 1, 0.001, ""),
    Spec("room.phase", "", 0, 1, 0.001, ""),
    Spec("room.confidence", "", 0, 1, 0.001, ""),
)

LINES = """title = "Lines"
[[zone]]
name = "low"
light = [0.7, 0.0, 0]
lamp = "led"
[[zone]]
name = "mid"
light = [0.7, 0.0, 0]
lamp = "led"
[[zone]]
name = "high"
light = [0.7, 0.0, 0]
lamp = "led"
[[zone]]
name = "warm"
light = [0.7, 0.16, 50]
lamp = "filament"
[[zone]]
name = "bare"
light = [0.7, 0.0, 0]
lamp = "led"
[[figure]]
name = "front"
at = [600, 300]
[[figure.layer]]
name = "sheet"
zone = "low"
side = "one"
outline = [[-20, 0, 1], [20, 0, 1], [20, 40, 1], [-20, 40, 1]]
filaments = [
  { path = [[-15, 2], [-15, 38]], band = "low", pixels = 20, name = "a" },
  { path = [[-5, 2], [-5, 38]], zone = "mid", band = "mid", pixels = 40, name = "b" },
  { path = [[0, 2], [0, 38]], zone = "mid", band = "mid", pixels = 40, name = "c" },
  { path = [[5, 2], [5, 38]], zone = "high", band = "high", pixels = 30, name = "d" },
  { path = [[15, 2], [15, 38]], zone = "warm", band = "low", pixels = 10, name = "e" },
]
"""
LOW, B, C, HIGH, WARM, BARE = (
    slice(0, 20),
    slice(20, 60),
    slice(60, 100),
    slice(100, 130),
    slice(130, 140),
    slice(140, 141),
)


@pytest.fixture
def lines(tmp_path: Path) -> Garment:
    path = tmp_path / "lines.toml"
    path.write_text(LINES)
    return load_garment(path)


def played(
    garment: Garment,
    glow: np.ndarray | float,
    seconds: float = 1.0,
    *,
    seed: int = 1,
    phase: float | None = None,
    sure: float = 1.0,
    sizes: tuple[int, ...] = (64,),
    light: Light | None = None,
    hue: np.ndarray | float = -1.0,
    chroma: float = -1.0,
) -> np.ndarray:
    """Linear light (n_frames, n_pixels, 3) while every zone glows at `glow`; it and `hue`: a number, or one a hop."""
    hops = len(glow) if isinstance(glow, np.ndarray) else round(seconds * 187.5)
    made = light or Light(garment, seed, FEATURES, zone_controls(garment))
    made.prepare(CLOCK)
    made.reset()
    names = [spec.name.partition(".")[2] for spec in zone_controls(garment)]
    controls = np.tile([spec.default for spec in zone_controls(garment)], (hops, 1))
    for control, value in (("glow", glow), ("hue", hue), ("chroma", chroma)):
        asked = np.broadcast_to(np.asarray(value, float), (hops,))
        controls[:, [i for i, name in enumerate(names) if name == control]] = asked[:, None]
    features = np.zeros((hops, len(FEATURES)))
    features[:, 1] = phase if phase is not None else np.arange(hops) * 256 / 48_000 * 2 % 1.0
    features[:, 2] = sure
    tick, turn, out = 0, 0, []
    while tick < hops:
        n = min(sizes[turn % len(sizes)], hops - tick)
        due = np.full((len(CLOCK.due_hops(tick, n, LIGHT_RATE)), sewn(garment).n_pixels, 3), np.nan)
        block = Block(tick, np.zeros((0, 2), np.float32), {}, n)
        made.play(block, features[tick : tick + n], controls[tick : tick + n], due)
        out.append(due)
        tick, turn = tick + n, turn + 1
    return np.concatenate(out)


class TestAlong:
    def test_the_low_swells_from_the_first_third(self, lines: Garment) -> None:
        shape = played(lines, 1.0)[-1, LOW, 0]
        u = (np.arange(20) + 0.5) / 20
        wanted = 1.25 - np.abs(u - 0.15)
        assert np.allclose(shape, wanted / wanted.max())
        assert shape.max() == 1.0
        assert 2 <= int(np.argmax(shape)) <= 3

    @pytest.mark.parametrize("phase", [0.2, 0.35, 0.5, 0.8])
    def test_a_sure_beat_carries_the_pulse(self, lines: Garment, phase: float) -> None:
        shape = played(lines, 1.0, phase=phase)[-1]
        u = (np.arange(40) + 0.5) / 40
        centre = -0.48 + 1.96 * phase
        wanted = (0.34 + 0.9 * np.exp(-(((u - centre) / 0.16) ** 2) / 2)) / 1.24
        assert np.allclose(shape[B, 0], wanted, atol=0.012)  # the pulse is cut off at three sigmas
        assert np.array_equal(shape[B], shape[C])  # both filaments on the beat

    def test_the_pulse_travels_from_end_to_end_on_every_beat(self, lines: Garment) -> None:
        peaks = np.argmax(played(lines, 1.0, 2.0)[:, B, 0], axis=1)
        beat = peaks[8:20]  # phase .27 to .63 of one beat of half a second
        assert (np.diff(beat) >= 0).all()
        assert np.ptp(beat) > 20

    def test_without_a_sure_beat_it_travels_slowly_and_each_filament_for_itself(self, lines: Garment) -> None:
        out = played(lines, 1.0, 2 * PASSAGE, sure=0.0)
        assert not np.array_equal(out[:, B], out[:, C])
        assert np.abs(np.diff(out[:, B, 0], axis=0)).max() < 0.06
        again = round(PASSAGE * LIGHT_RATE)
        assert np.allclose(out[10, B], out[10 + again, B], atol=0.01)
        assert out[:, B].max() == pytest.approx(1.0, abs=0.02)
        assert np.array_equal(out, played(lines, 1.0, 2 * PASSAGE, sure=0.0, phase=0.7))

    def test_half_sure_is_half_of_each(self, lines: Garment) -> None:
        none, half, all_of_it = (played(lines, 1.0, sure=s, phase=0.5)[-1, B, 0] for s in (0.0, 0.5, 1.0))
        assert np.allclose(half, (none + all_of_it) / 2)

    def test_an_ear_without_beats_is_never_sure(self, lines: Garment) -> None:
        deaf = Light(lines, 1, FEATURES[:1])
        assert np.array_equal(played(lines, 1.0, light=deaf), played(lines, 1.0, sure=0.0))

    def test_the_high_shivers_a_little_and_reaches_one(self, lines: Garment) -> None:
        high = played(lines, 1.0, 2.5)[:, HIGH, 0]
        assert high.max() == pytest.approx(1.0, abs=1e-5)
        assert high.min() == pytest.approx(0.7, abs=0.01)
        assert np.ptp(high[60]) > 0.25

    def test_the_brightest_pixel_of_every_band_at_full_glow_is_one_and_none_is_more(
        self, lines: Garment
    ) -> None:
        out = played(lines, 1.0, 5.0)
        for part in (LOW, B, C, HIGH):
            assert out[:, part].max() == pytest.approx(1.0, abs=0.005)
        assert out.max() <= 1.0
        assert out[-1, BARE].max() == 1.0  # no filament, no shape

    def test_another_seed_scatters_otherwise_and_the_beat_is_the_same(self, lines: Garment) -> None:
        one, two = (played(lines, 1.0, seed=seed, sure=0.0) for seed in (1, 2))
        assert not np.array_equal(one[:, B], two[:, B])
        assert not np.array_equal(one[:, HIGH], two[:, HIGH])
        assert np.array_equal(one[:, LOW], two[:, LOW])
        one, two = (played(lines, 1.0, seed=seed) for seed in (1, 2))
        assert np.array_equal(one[:, B], two[:, B])

    def test_glow_is_squared_and_dark_is_dark(self, lines: Garment) -> None:
        full, half = (played(lines, glow)[-1] for glow in (1.0, 0.5))
        assert np.allclose(half, full / 4)
        assert (played(lines, 0.0, 4.0) == 0).all()


class TestLamps:
    def step(self, lines: Garment) -> np.ndarray:
        """A second dark, one at full glow, three dark again: the first pixel of each kind of lamp."""
        glow = np.concatenate([np.zeros(188), np.ones(187), np.zeros(562)])
        return played(lines, glow, 5.0)

    def test_a_led_is_there_at_once(self, lines: Garment) -> None:
        led = self.step(lines)[:, LOW]
        begin = int(np.argmax(led.max(axis=(1, 2)) > 0))
        assert np.array_equal(led[begin], led[begin + 30])
        assert (led[begin + 60 :] == 0).all()

    def test_a_filament_takes_30_ms_up_and_120_ms_down(self, lines: Garment) -> None:
        warm = self.step(lines)[:, WARM].max(axis=(1, 2))
        begin, end = int(np.argmax(warm > 0)), int(np.argmax(warm)) + 1
        frames = np.arange(1, 30)
        rise = 1 - np.exp(-frames / (0.030 * LIGHT_RATE))
        assert np.allclose(warm[begin : begin + 29], rise, atol=1e-3)
        off = begin + 60
        fall = warm[off - 1] * np.exp(-frames / (0.120 * LIGHT_RATE))
        assert np.allclose(warm[off : off + 29], fall, atol=1e-3)
        assert end <= off

    def test_it_is_exactly_dark_in_the_end_and_hue_stays(self, lines: Garment) -> None:
        warm = self.step(lines)[:, WARM]
        assert (warm[-60:] == 0).all()
        assert (encode(warm[-60:]) == 0).all()
        lit = warm[warm.min(axis=2) > 1e-4]
        ratio = lit[:, 1] / lit[:, 0]
        assert np.ptp(ratio) < 1e-9

    def test_what_is_cut_off_is_less_than_one_step_of_a_byte(self, lines: Garment) -> None:
        warm = self.step(lines)[:, WARM]
        ends = (warm[1:] == 0) & (warm[:-1] > 0)
        assert ends.any()
        assert (encode(warm[:-1])[ends] <= 1).all()


class TestHues:
    """Where a hue is played, no hue is brighter than another; a zone in its own is as bright as it can be."""

    WEIGHTS = np.array([0.2126, 0.7152, 0.0722])

    def wheel(self, lines: Garment, chroma: float) -> np.ndarray:
        """Luminance of a lamp without a shape while the hue goes once round."""
        out = played(lines, 1.0, 4.0, hue=np.arange(750) / 750, chroma=chroma)[:, BARE]
        assert out.max() <= 1.0
        return (out[:, 0] * self.WEIGHTS).sum(axis=-1)

    @pytest.mark.parametrize(("chroma", "most"), [(0.05, 1.06), (0.12, 1.16), (0.16, 1.21), (0.2, 1.25)])
    def test_luminance_is_steady_round_the_wheel(self, lines: Garment, chroma: float, most: float) -> None:
        bright = self.wheel(lines, chroma / CHROMA_FULL)
        assert bright.max() / bright.min() < most
        assert bright.min() > 0.3

    def test_every_hue_of_the_wheel_at_a_chroma_between_two_steps(self, lines: Garment) -> None:
        bright = self.wheel(lines, 0.6174)
        assert bright.max() / bright.min() < 1.18

    def test_one_hue_of_the_wheel_uses_the_lamp_fully(self, lines: Garment) -> None:
        out = played(lines, 1.0, 4.0, hue=np.arange(750) / 750, chroma=0.6)[:, BARE]
        assert out.max() == pytest.approx(1.0, abs=0.01)

    def test_its_own_colour_is_as_bright_as_it_can_be_and_chroma_alone_keeps_that(
        self, lines: Garment
    ) -> None:
        own = played(lines, 1.0, 2.0)[-1, WARM]
        assert own.max() == pytest.approx(1.0, abs=0.01)
        paler = played(lines, 1.0, 2.0, chroma=0.2)[-1, WARM]
        assert paler.max() == pytest.approx(1.0, abs=0.01)
        assert paler[:, 2].max() > 2 * own[:, 2].max()

    def test_its_own_hue_played_is_its_own_colour_not_so_bright(self, lines: Garment) -> None:
        own, same = (played(lines, 1.0, 2.0, hue=hue)[-1, WARM] for hue in (-1.0, 50 / 360))
        ratio = same / own
        assert np.ptp(ratio) < 1e-9
        assert 0.3 < ratio[0, 0] <= 1.0

    def test_the_table_is_the_brightest_channel_of_the_wheel(self) -> None:
        table = brightest(0.75)
        lch = np.stack([np.full(720, 0.75), np.full(720, 19.2 * CHROMA_STEP), np.arange(720) / 2], axis=-1)
        between = table[19] + (table[20] - table[19]) * 0.2
        assert between == pytest.approx(oklch_to_linear(lch).max(), rel=0.01)
        assert len(table) == round(0.4 / CHROMA_STEP) + 1
        assert table is brightest(0.75)
        with pytest.raises(ValueError, match="read-only"):
            table[0] = 1.0


def test_grouping_changes_no_bit_and_reset_repeats(lines: Garment) -> None:
    glow = np.abs(np.sin(np.arange(750) / 37.0))
    glow[375:] = 0.0
    whole = played(lines, glow, 4.0)
    for sizes in ((1,), (7,), (3, 1, 64, 30)):
        assert np.array_equal(played(lines, glow, 4.0, sizes=sizes), whole)
    made = Light(lines, 1, FEATURES)
    assert np.array_equal(played(lines, glow, 4.0, light=made), whole)
    first = played(lines, 0.9, light=made)  # it ends bright: what a reset forgets would still glow
    assert np.array_equal(played(lines, 0.9, light=made), first)
    assert np.array_equal(played(lines, glow, 4.0, light=made), whole)


def test_twenty_thousand_pixels_cost_little(tmp_path: Path) -> None:
    """A bound on processor time that only a loop over pixels would break, not a measurement."""
    path = tmp_path / "many.toml"
    path.write_text(LINES.replace("pixels = 20,", "pixels = 4000,").replace("pixels = 40,", "pixels = 4000,")
                    .replace("pixels = 30,", "pixels = 4000,").replace("pixels = 10,", "pixels = 4000,"))  # fmt: skip
    many = load_garment(path)
    assert sewn(many).n_pixels == 20_001
    made = Light(many, 1, FEATURES)
    before = time.thread_time()
    out = played(many, 0.7, 1.0, light=made)
    assert (time.thread_time() - before) / len(out) < 0.012
