"""A contact microphone: what is known of a made take is heard; hum, silence and gaps are nobody moving."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import songs
from thorough import usually

from benchmarks.hearing.dice import Dice
from benchmarks.movement.__main__ import judged, summed
from benchmarks.movement.takes import SEEDS as YARD_SEEDS
from benchmarks.movement.takes import all_takes
from training.begun import begun
from training.nuisances import KINDS
from training.shown import JUDGING, jobs
from wearsound.analysis.ear import Ear, kind_of
from wearsound.analysis.movement.lately import Lately
from wearsound.analysis.movement.movement import LEARNED
from wearsound.cli import main
from wearsound.core import Clock, index_of
from wearsound.errors import PatchError
from wearsound.proof.check import check
from wearsound.show.contact_calibration import calibrated
from wearsound.show.load import load
from wearsound.show.render import render
from wearsound.show.rig import load_rig
from wearsound.sources.composer import compose

NAMES = ("energy", "jerk", "rub", "tap", "step", "stillness", "cadence", "handling")
SEEDS = usually((7, 31), (7, 31, 32))
NEAR = 0.07
YARDS = ("tuning-day-1103", "tuning-tap-1104", "tuning-rub-and-walk-1102", "tuning-walk-1103")


def heard(samples: np.ndarray, sizes: Sequence[int] = (64,), **how: object) -> dict[str, np.ndarray]:
    """What the ear says of a lane `body`, by name."""
    ear = Ear(Clock(), ["body"], None, [f"body.{name}" for name in NAMES], **how)  # type: ignore[arg-type]
    lanes = {"body": (0,)}
    values = np.concatenate([ear.hear(b).copy() for b in songs.blocks(samples, sizes, lanes=lanes)])
    columns = index_of(ear.specs)
    return {name: values[:, columns[f"body.{name}"]] for name in NAMES}


def times(count: np.ndarray) -> np.ndarray:
    return (np.flatnonzero(np.diff(count, prepend=0.0) > 0) + 1) * 256 / 48_000


def paired(true: Sequence[float], said: np.ndarray) -> int:
    """How many said ones have a true one of their own within NEAR."""
    left, right = sorted(true), 0
    for moment in said:
        near = [t for t in left if abs(t - moment) <= NEAR]
        if near:
            left.remove(near[0])
            right += 1
    return right


@cache
def take(seed: int) -> np.ndarray:
    return compose(seed).samples[:, 2].astype(np.float64)


@cache
def said(seed: int) -> dict[str, np.ndarray]:
    return heard(take(seed))


class TestAMadeTake:
    @pytest.mark.parametrize(("name", "least"), [("step", 0.95), ("tap", 0.9)])
    def test_steps_and_taps_are_counted_once_and_in_time(self, name: str, least: float) -> None:
        right = wrong = missed = 0
        for seed in SEEDS:
            truth = compose(seed).truth
            true = truth.steps if name == "step" else truth.taps
            told = times(said(seed)[name])
            found = paired(true, told)
            right, wrong, missed = right + found, wrong + len(told) - found, missed + len(true) - found
        assert right / (right + wrong) >= least
        assert right / (right + missed) >= least

    def test_rubbing_is_heard_and_the_rustle_of_walking_is_not(self) -> None:
        ends = (np.arange(len(said(7)["rub"])) + 1) * 256 / 48_000
        inside, rubbed, outside, false = 0, 0, 0, 0
        for seed in SEEDS:
            rub = said(seed)["rub"] >= 0.5
            near = np.zeros(len(ends), bool)
            for stroke in compose(seed).truth.rubs:
                within = (ends > stroke.time + 0.08) & (ends < stroke.time + stroke.duration)
                inside, rubbed = inside + int(within.sum()), rubbed + int(rub[within].sum())
                near |= (ends > stroke.time - 0.1) & (ends < stroke.time + stroke.duration + 0.15)
            outside, false = outside + int((~near).sum()), false + int(rub[~near].sum())
        assert rubbed / inside >= 0.95
        assert rubbed / (rubbed + false) >= 0.95

    def test_the_cadence_of_a_walk_is_that_of_its_steps(self) -> None:
        steps = [t for t in compose(7).truth.steps if t < 10.0]
        walking = said(7)["cadence"][round(6.0 * 187.5) : round(9.0 * 187.5)]
        expected = 60.0 / float(np.mean(np.diff(steps)))
        assert np.abs(walking - expected).max() < 0.05 * expected
        assert said(7)["cadence"][round(20.0 * 187.5)] == 0.0

    def test_who_moves_is_not_still_and_who_rests_is(self) -> None:
        still = said(7)["stillness"]
        assert still[round(22.0 * 187.5) : round(26.0 * 187.5)].min() > 0.9
        assert still[round(4.0 * 187.5) : round(9.0 * 187.5)].max() < 0.5
        assert said(7)["energy"][round(22.0 * 187.5) : round(26.0 * 187.5)].max() < 0.02

    @pytest.mark.parametrize("gain", [0.1, 0.5, 2.0])
    def test_another_gain_hears_the_same(self, gain: float) -> None:
        truth = compose(7).truth
        told = heard(take(7) * gain)
        for name, true in (("step", truth.steps), ("tap", truth.taps)):
            assert paired(true, times(told[name])) >= 0.85 * len(true)
            assert told[name][-1] <= 1.15 * len(true)

    def test_driven_eight_times_too_loud_steps_are_still_steps(self) -> None:
        told = heard(np.clip(take(7) * 8.0, -1.0, 1.0))
        steps = compose(7).truth.steps
        assert paired(steps, times(told["step"])) >= 0.8 * len(steps)


class TestTheYardstick:
    def test_takes_that_training_was_not_shown_are_read_right(self) -> None:
        """Four of the half for tuning; `python -m benchmarks.movement` asks about all of them."""
        takes = [t for t in all_takes("tuning") if t.name in YARDS]
        counts = summed([judged(take)[1] for take in takes])
        assert len(takes) == len(YARDS)
        for name, count in counts.items():
            assert count.precision >= 0.9, name
            assert count.recall >= 0.9, name

    def test_no_seed_of_training_is_one_of_the_yardstick(self) -> None:
        seeds = {job.seed for job in jobs()}
        assert len(seeds) > 30
        assert not seeds & {seed for half in YARD_SEEDS.values() for seed in half}
        assert not seeds & {7, 11, 23, *SEEDS, *JUDGING}


class TestNobodyMoves:
    @pytest.mark.parametrize("loud", [1.0, 2.0])
    @pytest.mark.parametrize("hertz", [50.0, 60.0])
    def test_hum_that_wanders_is_stillness(self, hertz: float, loud: float) -> None:
        """A hum of -36 and of -30 dBFS."""
        t = np.arange(10 * 48_000) / 48_000
        turns = hertz * t + 0.1 * np.sin(0.3 * t)
        hum = sum(
            a * np.sin(2 * np.pi * n * turns) for n, a in ((1, 0.02), (2, 0.004), (3, 0.01), (5, 0.005))
        )
        told = heard(loud * hum + songs.noise(10, 0.0003))
        assert told["step"][-1] == told["tap"][-1] == 0
        assert told["rub"].max() == 0.0
        assert told["stillness"][-1] > 0.99
        assert told["energy"][-200:].max() < 0.02
        assert told["energy"][400:].max() < 0.02

    def test_hiss_and_crackle_of_a_record_are_no_steps(self) -> None:
        made = KINDS["record"][3](10 * 48_000, Dice(77, "a record"))
        told = heard(0.2 * made / np.abs(made).max())
        assert told["step"][-1] == 0
        assert told["tap"][-1] <= 2

    @pytest.mark.parametrize("seed", range(9731, 9735))
    def test_what_is_switched_on_is_no_walk(self, seed: int) -> None:
        told = heard(begun(seed)[0])
        assert told["step"][-1] <= 3
        assert (told["rub"] >= 0.5).mean() < 0.5

    def test_silence_stays_still(self) -> None:
        told = heard(songs.silence(4))
        assert (told["stillness"] == 1.0).all()
        assert all((told[name] == 0.0).all() for name in NAMES if name != "stillness")

    def test_a_gap_counts_nothing_and_what_follows_is_heard(self) -> None:
        samples = take(7)
        ear = Ear(Clock(), ["body"], None, ["body.step"])
        columns, lanes = index_of(ear.specs), {"body": (0,)}
        at = [columns["body.step"], columns["body.tap"]]
        first = samples[: 24 * 12_800]
        for block in songs.blocks(first, lanes=lanes):
            before = ear.hear(block)[-1, at].copy()
        floor = samples[21 * 48_000 :]
        later = list(songs.blocks(floor[: 2 * 48_128], lanes=lanes, start=5000, gap=3800))
        for block in later:
            after = ear.hear(block)[-1, at].copy()
        assert before[0] > 5
        assert (after == before).all()


class TestLately:
    def test_what_was_is_beside_what_is_and_a_reset_forgets_it(self) -> None:
        lately = Lately(2, (0.5, 0.25))
        first = np.array([4.0, -8.0])
        assert lately.beside(first).tolist() == [4.0, -8.0] * 3
        assert lately.beside(np.zeros(2)).tolist() == [0.0, 0.0, 2.0, -4.0, 3.0, -6.0]
        lately.reset()
        assert lately.beside(2.0 * first).tolist() == [8.0, -16.0] * 3


class TestTheFeatures:
    def test_grouping_does_not_matter(self) -> None:
        part = take(7)[10 * 48_000 : 20 * 48_000]
        ways = [heard(part, sizes) for sizes in ((1,), (3,), (7,), (64,))]
        for name in NAMES:
            assert len({way[name].tobytes() for way in ways}) == 1, name

    def test_reset_repeats(self) -> None:
        ear = Ear(Clock(), ["body"], None, ["body.step"])
        part = take(7)[: 6 * 48_000]
        twice = []
        for _ in range(2):
            ear.reset()
            told = [ear.hear(block).copy() for block in songs.blocks(part, lanes={"body": (0,)})]
            twice.append(np.concatenate(told).tobytes())
        assert twice[0] == twice[1]

    def test_louder_never_means_less_energy(self) -> None:
        burst = songs.noise(0.4, 1.0) * np.hanning(int(0.4 * 48_000))
        peaks = []
        for level in (0.002, 0.005, 0.02, 0.08):
            song = songs.noise(5, 0.0002)
            songs.put(song, [3.0], burst * level)
            peaks.append(heard(song)["energy"].max())
        assert peaks == sorted(peaks)
        assert peaks[-1] > peaks[0]

    def test_only_lanes_of_the_kind_have_them(self) -> None:
        assert [kind_of(lane) for lane in ("body", "body_l", "body2", "room")] == ["body"] * 3 + ["room"]
        assert not [s for s in Ear(Clock(), ["room"], None, ["room.step"]).specs if s.name == "room.step"]


class TestCalibrating:
    def parts(self) -> list[np.ndarray]:
        samples = take(7).astype(np.float32)
        spans = ((20.0, 24.5), (2.0, 8.0), (11.0, 14.8), (15.2, 19.0))
        return [samples[round(a * 48_000) : round(b * 48_000)] for a, b in spans]

    def test_what_is_found_starts_the_ear(self) -> None:
        numbers, faults = calibrated(self.parts(), Clock())
        assert faults == []
        assert numbers["walk_over"] > 30
        assert -75 < numbers["hum"] < -55
        told = heard(take(7), learned={"body": numbers})
        steps = compose(7).truth.steps
        assert paired(steps, times(told["step"])) >= 0.95 * len(steps)

    def test_a_bad_part_is_told_with_a_remedy(self) -> None:
        still, walk, rub, tap = self.parts()
        _, faults = calibrated([walk, still, rub, tap], Clock())
        assert any("'walk' is no louder than 'still'" in f and "press the microphone" in f for f in faults)
        _, faults = calibrated([still * 0, walk, rub, tap], Clock())
        assert "plugged in" in faults[0]
        _, faults = calibrated([still[:48_000], walk, rub, tap], Clock())
        assert faults == ["the part 'still' lasts 1.0 s; give it 3 s or more"]

    def test_a_recording_is_kept_in_the_rig(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        import soundfile

        parts = self.parts()
        soundfile.write(tmp_path / "parts.wav", np.concatenate(parts), 48_000)
        starts = np.cumsum([0.0, *(len(part) / 48_000 for part in parts[:-1])])
        rig = tmp_path / "mine.toml"
        rig.write_text("# mine\nlanes = { body = [1] }\n")
        words = ["calibrate", "contact", "--rig", str(rig), "--input", str(tmp_path / "parts.wav")]
        marks = ",".join(f"{start:.3f}" for start in starts)
        assert main([*words, "--parts", marks]) == 0
        assert "[calibration.body]" in capsys.readouterr().out
        kept = load_rig(rig).calibration["body"]
        assert kept["floor_low"] < -60
        assert rig.read_text().startswith("# mine\n")
        assert main([*words, "--parts", "0,3,2,1"]) == 2
        assert "rising seconds" in capsys.readouterr().err

    def test_what_was_learned_travels_with_a_render(self, tmp_path: Path) -> None:
        rig = tmp_path / "mine.toml"
        rig.write_text("lanes = { body = [1] }\n[calibration.body]\nfloor_low = -71.5\n")
        patch = tmp_path / "p.toml"
        patch.write_text('title = "T"\n[[route]]\nfrom = "body.energy"\nto = "*.glow"\n')
        render(load(patch, rig=rig), "demo", to=tmp_path / "out", seconds=1.0, video=False)
        again = load(tmp_path / "out" / "show.toml")
        assert again.rig is not None
        assert again.rig.calibration == {"body": {"floor_low": -71.5}}
        assert check(tmp_path / "out").lines == []

    def test_a_strangers_numbers_are_refused_in_one_sentence(self, tmp_path: Path) -> None:
        patch = tmp_path / "p.toml"
        patch.write_text('title = "T"\n[[route]]\nfrom = "body.energy"\nto = "*.glow"\n')
        render(load(patch), "demo", to=tmp_path / "out", seconds=1.0, video=False)
        path = tmp_path / "out" / "show.toml"
        good = path.read_text()
        for bad in ("floor_low = 1e9", "floor_low = -1e9", "".join(f"y{n} = 1\n" for n in range(65))):
            path.write_text(f"{good}[calibration.body]\n{bad}\n")
            with pytest.raises(PatchError, match=r"show\.toml:\d+: "):
                load(path)

    @pytest.mark.parametrize("number", [-200.0, 200.0])
    def test_the_ear_bears_every_number_that_is_accepted(self, number: float) -> None:
        names = [f"floor_{name}" for name in LEARNED] + ["rustle_mid", "rustle_high"]
        told = heard(take(7)[: 256 * 600], learned={"body": dict.fromkeys(names, number)})
        assert all(np.isfinite(values).all() for values in told.values())
