"""How cloth hangs: what a pendulum does is known, and so is what silence does."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import songs

from wearsound.analysis.ear import DRAPED, Ear, everything, feature_specs
from wearsound.analysis.hem import COLUMNS, DAMPING, SWING_HZ, Hem
from wearsound.core import Clock
from wearsound.errors import PatchError
from wearsound.show.build import build
from wearsound.show.hears import hears
from wearsound.show.load import load
from wearsound.show.rig import load_rig

EVEN = np.ones(COLUMNS)
NAMES = ("drape.swing", "drape.width", "drape.fold")
LANES = {"room": (0, 1)}
PATCH = 'title = "T"\n[[route]]\nfrom = "{feature}"\nto = "*.glow"\n'


def let_go(hem: Hem, steps: int, push: float = 0.0, blow: float = 0.0) -> np.ndarray:
    """Pushed until it stands, then left alone: (steps, 2) of side and wide."""
    for _ in range(2000):
        hem.step(push, blow, EVEN)
    return alone(hem, steps)


def alone(hem: Hem, steps: int) -> np.ndarray:
    path = []
    for _ in range(steps):
        hem.step(0.0, 0.0, EVEN)
        path.append((hem.side, hem.wide))
    return np.array(path)


def heard(samples: np.ndarray, asked: Sequence[str] = NAMES, **how: object) -> songs.Heard:
    return songs.Heard(samples, asked=asked, **how)


def notes(hertz: float, every: float, long: float, seconds: float, amplitude: float = 0.25) -> np.ndarray:
    """Bass notes with soft ends over a quiet pad that sets the gain."""
    song = songs.sine(900, seconds, 0.02)
    note = songs.sine(hertz, long, amplitude)
    note *= np.minimum(1.0, np.minimum(np.arange(len(note)), np.arange(len(note))[::-1]) / 480)
    return songs.put(song, np.arange(1.0, seconds - long, every), note)


class TestTheHem:
    @pytest.mark.parametrize("seconds", [256 / 48_000, 4 * 256 / 48_000, 4 * 256 / 44_100, 4 * 1024 / 44_100])
    def test_let_go_it_swings_and_dies_away_as_said(self, seconds: float) -> None:
        hem = Hem(seconds)
        for step in range(round(8 / seconds)):  # in time with itself, or higher modes would sound along
            hem.step(0.3 * math.sin(2 * math.pi * SWING_HZ * seconds * step), 0.0, EVEN)
        side = alone(hem, round(4 / seconds))[:, 0]
        i = np.flatnonzero(np.diff(np.sign(side)) != 0)[:4]
        zeros = (i + side[i] / (side[i] - side[i + 1])) * seconds
        hertz = 0.5 / np.diff(zeros).mean()
        assert hertz == pytest.approx(SWING_HZ * math.sqrt(1 - DAMPING**2), rel=0.02)
        peaks = [np.abs(side[a:b]).max() for a, b in pairwise(i)]
        ratio = math.exp(-math.pi * DAMPING / math.sqrt(1 - DAMPING**2))
        assert [b / a for a, b in pairwise(peaks)] == pytest.approx([ratio] * 2, rel=0.1)

    def test_a_steady_load_leans_it_and_widens_it_in_proportion(self) -> None:
        hem = Hem(256 / 48_000)
        for push in (0.3, 0.6, -0.6):
            hem.reset()
            let_go(hem, 0, push=push)
            assert hem.side == pytest.approx(push, abs=1e-3)
            assert hem.wide == pytest.approx(0.0, abs=1e-9)
        wide = []
        for blow in (0.15, 0.3, 0.45, 1.0):
            hem.reset()
            let_go(hem, 0, blow=blow)
            assert hem.side == pytest.approx(0.0, abs=1e-9)
            wide.append(hem.wide)
        assert np.diff(wide[:3]) == pytest.approx(np.full(2, wide[0]), rel=0.01)
        assert 0.9 < wide[3] <= 1.0 + 1e-9

    def test_widening_breathes_faster_than_it_swings_and_folds_cost_no_stretch(self) -> None:
        wide = let_go(Hem(256 / 48_000), 700, blow=0.6)[:, 1]
        down = int(np.argmax(wide < 0)) * 256 / 48_000
        assert down < 0.25 / SWING_HZ
        hem, turns = Hem(256 / 48_000), np.arange(COLUMNS) / COLUMNS * 4 * np.pi
        for _ in range(2000):
            hem.step(0.0, 0.3, 1 + 0.5 * np.cos(turns))
        assert hem.wide == pytest.approx(let_go_wide(0.3), rel=0.01)

    @pytest.mark.parametrize("push", [50.0, -1e6, 1e12])
    def test_nothing_goes_further_than_its_thread(self, push: float) -> None:
        hem = Hem(4 * 256 / 48_000)
        for step in range(3000):
            hem.step(push if step % 7 else -push, abs(push), EVEN)
            assert abs(hem.side) <= 1.0 + 1e-9
            assert abs(hem.wide) <= 1.0 + 1e-9
        rest = [0.0]
        for _ in range(400):
            hem.step(0.0, 0.0, EVEN)
            rest.append(hem.side)
        assert rest[-1] == 0.0
        assert hem.still


def let_go_wide(blow: float) -> float:
    hem = Hem(256 / 48_000)
    let_go(hem, 0, blow=blow)
    return hem.wide


class TestTheFeatures:
    def test_one_note_swings_it_by_its_own_frequency(self) -> None:
        swing = heard(notes(80, 30.0, 0.15, 8.0)).after("drape.swing", 1.0)
        signs = np.sign(swing[np.abs(swing) > 0.002])
        where = np.flatnonzero(np.abs(swing) > 0.002)[np.flatnonzero(np.diff(signs)) + 1]
        assert len(where) >= 3
        assert np.diff(where[:3]).mean() * 256 / 48_000 == pytest.approx(0.5 / SWING_HZ, rel=0.1)
        assert 0.3 < np.abs(swing).max() < 1.0

    def test_notes_push_it_to_one_side_and_the_other(self) -> None:
        every = 0.55  # half of its own period: a skirt on one and two
        said = heard(notes(80, every, 0.2, 12.0))
        swing = said.after("drape.swing", 5.0)
        assert swing.max() > 0.3
        assert swing.min() < -0.3
        spectrum = np.abs(np.fft.rfft(swing - swing.mean()))
        hertz = np.fft.rfftfreq(len(swing), 256 / 48_000)[np.argmax(spectrum)]
        assert hertz == pytest.approx(0.5 / every, rel=0.1)

    def test_a_drone_only_billows_and_its_folds_travel(self) -> None:
        said = heard(songs.sine(80, 10.0))
        assert said.after("drape.width", 4.0).min() > 0.3
        assert np.abs(said.after("drape.swing", 6.0)).max() < 0.05
        fold = said.after("drape.fold", 4.0)
        rate = np.unwrap(fold * 2 * np.pi)
        assert (rate[-1] - rate[0]) / ((len(fold) - 1) * 256 / 48_000) == pytest.approx(4.0, rel=0.01)
        assert np.abs(np.diff(rate)).max() < 0.05

    def test_only_bass_moves_it(self) -> None:
        said = heard(songs.sine(1000, 6.0) + songs.sine(400, 6.0, 0.1))
        for name in NAMES:
            assert not said[name].any(), name

    def test_more_bass_never_means_less(self) -> None:
        """Under a pad that holds the gain. Where cloth reaches its full width there is no more to have."""
        pad = songs.noise(8.0, 0.12)
        wide = []
        for amplitude in (0.0, 0.02, 0.05, 0.1, 0.2, 0.4):
            said = heard(pad + songs.sine(80, 8.0, amplitude))
            wide.append(float(said.after("drape.width", 5.0).mean()))
        assert (np.diff(wide) >= -1e-3).all(), wide
        assert wide[-1] > wide[0] + 0.3

    def test_louder_is_not_more_since_the_gain_follows(self) -> None:
        """A coat dances as much to a quiet song."""
        quiet, loud = (heard(k * notes(80, 0.6, 0.3, 14.0)) for k in (0.2, 1.0))
        for name in ("drape.swing", "drape.width"):
            a, b = (np.abs(said.after(name, 8.0)).mean() for said in (quiet, loud))
            assert a == pytest.approx(b, rel=0.15), name

    def test_it_comes_to_rest_and_stays(self) -> None:
        said = heard(np.concatenate([songs.groove(110, 5.0)[0], songs.silence(9.0)]))
        assert np.abs(said["drape.swing"]).max() > 0.2
        for name in ("drape.swing", "drape.width"):
            assert np.abs(said.after(name, 8.0)).max() < 0.03, name
            assert not said.after(name, 10.2).any(), name
        assert not said.after("drape.fold", 10.2).any()

    def test_it_never_jumps(self) -> None:
        song = songs.song()
        said = heard(np.concatenate([song, 0.05 * song, songs.silence(2), song]))
        for name in ("drape.swing", "drape.width"):
            assert np.abs(np.diff(said[name])).max() < 0.06, name
        turned = (np.diff(said["drape.fold"]) + 0.5) % 1.0 - 0.5
        assert (turned >= -1e-3).all()
        assert turned.max() < 0.005

    def test_broken_sound_moves_nothing_for_ever(self) -> None:
        nasty = np.concatenate([30 * songs.noise(1.0, 1.0), [np.nan, np.inf, -1e30] * 4096, songs.silence(9)])
        said = heard(nasty)
        for name in NAMES:
            assert np.isfinite(said[name]).all()
            assert said[name][-1] == 0.0

    def test_grouping_rate_and_gaps(self) -> None:
        song = songs.song()
        for rate in (44_100, 48_000):
            told = {
                name: heard(song, clock=Clock(rate), sizes=sizes)["drape.swing"].tobytes()
                for name, sizes in songs.GROUPINGS.items()
            }
            assert len(set(told.values())) == 1
        ear = Ear(Clock(), ["room"], None, NAMES)
        before = np.zeros(3)
        for start, gap in ((0, 0), (2001, 126), (5002, 1126)):
            for block in songs.blocks(song, (1, 7, 64), start=start, gap=gap):
                now = ear.hear(block)[:, -3:].copy()
                assert np.abs(np.diff(np.vstack([before, now])[:, :2], axis=0)).max() < 0.06
                before = now[-1]


class TestItsName:
    def test_it_is_a_lane_of_its_own_last_of_all_that_is_heard(self) -> None:
        specs = feature_specs(["room", "body"], {}, ["drape.fold"])
        assert tuple(spec.name for spec in specs[-3:]) == NAMES == tuple(spec.name for spec in DRAPED)
        assert specs == Ear(Clock(), ["room", "body"], None, ["drape.fold"]).specs
        assert everything(["room", "body"])[-3:] == NAMES
        assert not set(NAMES) & {spec.name for spec in feature_specs(["room"])}

    def test_it_follows_room_or_else_the_first_lane(self) -> None:
        song = notes(80, 0.6, 0.3, 4.0)
        both = np.stack([np.zeros(len(song)), song], axis=1)
        for lanes, moves in (
            ({"body": (1,), "room": (0,)}, False),
            ({"crowd": (0,), "room": (1,)}, True),
            ({"crowd": (1,), "body": (0,)}, True),
        ):
            assert heard(both, lanes=lanes)["drape.width"].any() == moves

    def test_a_garment_that_is_the_picture_asks_for_it_and_a_sketch_does_not(self) -> None:
        assert hears(load("bass-denim")) == NAMES
        built = build(load("bass-denim"), LANES, 48_000, strict=True)
        assert tuple(spec.name for spec in built.ear.specs[-3:]) == NAMES
        assert not set(NAMES) & set(hears(load("bass-denim", sketch="loom")))

    def test_a_sketch_a_rig_and_a_patch_may_name_it(self, tmp_path: Path) -> None:
        (tmp_path / "s.py").write_text(
            'from wearsound import Sketch\n\nclass S(Sketch):\n    hears = ("drape.swing",)\n'
        )
        (tmp_path / "p.toml").write_text(PATCH.format(feature="drape.swing"))
        (tmp_path / "q.toml").write_text(PATCH.format(feature="bass"))
        (tmp_path / "r.toml").write_text('hears = ["drape.width"]\n')
        sketch = tmp_path / "s.py"
        assert hears(load(tmp_path / "q.toml", sketch=sketch)) == ("drape.swing",)
        assert hears(load(tmp_path / "q.toml", sketch="loom", rig=tmp_path / "r.toml"))[0] == "drape.width"
        built = build(load(tmp_path / "p.toml", sketch="loom"), LANES, 48_000, strict=True)
        assert "drape.swing" in [spec.name for spec in built.ear.specs]

    @pytest.mark.parametrize(
        ("feature", "sentence"),
        [
            ("drape.swng", "no feature 'drape.swng'; did you mean 'drape.swing'"),
            ("swing", "no feature 'swing'"),
        ],
    )
    def test_a_slip_is_answered(self, tmp_path: Path, feature: str, sentence: str) -> None:
        (tmp_path / "p.toml").write_text(PATCH.format(feature=feature))
        (tmp_path / "r.toml").write_text(f'hears = ["{feature}"]\n')
        for sketch in (None, "loom"):
            with pytest.raises(PatchError, match=sentence):
                build(load(tmp_path / "p.toml", sketch=sketch), LANES, 48_000, strict=True)
        with pytest.raises(PatchError, match=r"r\.toml:1: hears"):
            hears(load("bass-denim", sketch="loom", rig=tmp_path / "r.toml"))

    @pytest.mark.parametrize("text", ["[lanes]\ndrape = [1]\n", "[remote.drape]\nx = [0, 1]\n"])
    def test_no_other_lane_has_its_name(self, tmp_path: Path, text: str) -> None:
        (tmp_path / "r.toml").write_text(text)
        with pytest.raises(PatchError, match="'drape' is how cloth hangs"):
            load_rig(tmp_path / "r.toml")
        names = [spec.name for spec in feature_specs(["drape"], {}, NAMES)]
        assert "drape.width" in names  # a stranger's take may have such a lane: then it is that lane's stereo
        assert len(set(names)) == len(names)
        assert "drape.fold" not in names
