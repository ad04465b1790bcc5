"""What every meter must keep, whatever it measures; a new meter is tested by being in the ear."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import songs
from thorough import some

from wearsound.analysis.drape import Drape
from wearsound.analysis.ear import ASKED, KINDS, Ear, everything, feature_specs, meters
from wearsound.analysis.spectrum import LaneSpectra, edges_in_bins
from wearsound.core import Block, Clock

OWN = {"band_40_110": (40.0, 110.0), "band_60_3000": (60.0, 3000.0)}
FULL = [spec.name for meter in ASKED for spec in meter.specs]


def everyone() -> tuple[Any, ...]:
    """All meters of a lane, and the one that is a lane of its own."""
    return (*meters(OWN, FULL), Drape(), *(meter({}) for kind in KINDS.values() for meter in kind))


NAMES = [type(meter).__name__ for meter in everyone()]
HELD = {"tempo", "lufs_long"}
"""Not dark but remembered in silence: for a while, or for ever."""
REST = {"tuning": 0.0, "swing": 0.0, "stillness": 1.0, "rising": 0.0}
"""What silence reads where it is not the spec's low."""


def hear(meter: object, samples: np.ndarray, sizes: tuple[int, ...] = (64,)) -> np.ndarray:
    """What one meter alone writes."""
    spectra = LaneSpectra(Clock(), "room")
    out = []
    # The same on both sides but for a delay: whoever listens to two channels finds two.
    both = np.stack([samples, np.roll(samples, 40)], axis=1)
    for block in songs.blocks(both, sizes, lanes={"room": (0, 1)}):
        spectra.take(block)
        values = np.full((block.n_hops, len(meter.specs)), np.nan)  # type: ignore[attr-defined]
        meter.process(block, spectra, values)  # type: ignore[attr-defined]
        out.append(values)
    return np.concatenate(out)


@pytest.fixture(scope="module")
def song() -> np.ndarray:
    return songs.song()


@pytest.fixture(params=range(len(NAMES)), ids=lambda i: f"{NAMES[i]}{i}")
def meter(request: pytest.FixtureRequest) -> object:
    made = everyone()[request.param]
    made.prepare(Clock())
    return made


class TestEveryMeter:
    def test_grouping_does_not_matter(self, meter, song):
        heard = []
        for sizes in some(songs.GROUPINGS.values(), 3):  # of one hop, and by chance
            meter.reset()
            heard.append(hear(meter, song, tuple(sizes)).tobytes())
        assert len(set(heard)) == 1

    def test_reset_repeats(self, meter, song):
        first = hear(meter, song)
        meter.reset()
        assert hear(meter, song).tobytes() == first.tobytes()

    def test_silence_is_finite_and_starts_nothing(self, meter):
        heard = hear(meter, songs.silence(3))
        assert np.isfinite(heard).all()
        for column, spec in enumerate(meter.specs):
            if spec.name != "silence":
                assert (heard[:, column] == REST.get(spec.name, spec.low)).all(), spec.name

    def test_stays_in_its_spec(self, meter, song):
        nasty = np.concatenate(
            [song, 30 * songs.noise(0.5, 1.0), np.sign(songs.sine(50, 1)), [1e30, np.nan] * 4096]
        )
        for heard in (hear(meter, song), hear(meter, nasty.astype(np.float32))):
            assert np.isfinite(heard).all()
            for column, spec in enumerate(meter.specs):
                assert heard[:, column].min() >= spec.low, spec.name
                assert heard[:, column].max() <= spec.high, spec.name
                if spec.growing:
                    assert (np.diff(heard[:, column]) >= 0).all(), spec.name

    def test_a_release_reaches_exactly_zero(self, meter):
        loud = np.concatenate([songs.groove(120, 4)[0], songs.silence(12)])
        last = hear(meter, loud)[-1]
        for value, spec in zip(last, meter.specs, strict=True):
            if not spec.growing and spec.name not in HELD | {"silence"}:
                assert value == REST.get(spec.name, spec.low), spec.name

    def test_says_its_latency(self, meter):
        assert 0.0 <= meter.latency < 0.1


class TestTheEar:
    @pytest.mark.parametrize("rate", some([44_100, 48_000], 2))
    def test_grouping_does_not_matter(self, song, rate):
        clock = Clock(rate)
        two = np.stack([song, songs.noise(len(song) / songs.RATE, 0.02)[: len(song)]], axis=1)
        lanes = {"room": (0, 1), "body": (1,)}
        heard = {
            name: songs.Heard(two, clock, sizes=sizes, lanes=lanes, asked=everything(lanes)).values.tobytes()
            for name, sizes in some(songs.GROUPINGS.items(), 3)
        }
        assert len(set(heard.values())) == 1

    def test_every_value_is_rounded_to_its_step(self, song):
        heard = songs.Heard(song, asked=everything(["room"]))
        for spec, column in zip(heard.ear.specs, heard.values.T, strict=True):
            steps = column / spec.step
            assert np.abs(steps - np.rint(steps)).max() < 1e-6, spec.name

    def test_reset_repeats(self, song):
        heard = songs.Heard(song)
        heard.ear.reset()
        again = np.concatenate([heard.ear.hear(block).copy() for block in songs.blocks(song)])
        assert again.tobytes() == heard.values.tobytes()

    def test_specs_are_known_without_an_ear_and_names_are_full_and_unique(self):
        bands = {"room.band_40_110": (40.0, 110.0)}
        specs = feature_specs(["room", "body"], bands, ["room.pitch"])
        assert specs == Ear(Clock(), ["room", "body"], bands, ["room.pitch"]).specs
        names = [spec.name for spec in specs]
        assert len(set(names)) == len(names)
        assert {"room.bass", "body.tempo", "room.band_40_110", "room.note"} < set(names)
        assert "body.pitch" not in names
        assert "body.band_40_110" not in names

    def test_a_lane_that_the_input_lacks_is_silent(self, song):
        ear = Ear(Clock(), ["room", "crowd"])
        for block in songs.blocks(song):
            row = dict(zip((spec.name for spec in ear.specs), ear.hear(block)[-1], strict=True))
        assert row["room.onset"] > 0
        assert row["crowd.onset"] == 0
        assert row["crowd.level"] == -90
        assert row["crowd.silence"] == 1

    def test_broken_samples_do_not_poison_what_follows(self, song):
        spoilt = song.astype(np.float32)
        spoilt[50_000:50_003] = [np.nan, np.inf, -1e30]
        clean, dirty = songs.Heard(song), songs.Heard(spoilt)
        assert np.isfinite(dirty.values).all()
        for name, within in (("loudness", 0.03), ("bass", 0.03), ("tempo", 0.15)):
            np.testing.assert_allclose(dirty.after(name, 3.5), clean.after(name, 3.5), atol=within)

    def test_a_gap_starts_nothing(self):
        tone = songs.sine(440, 4)
        ear = Ear(Clock(), ["room"])
        onset = next(i for i, spec in enumerate(ear.specs) if spec.name == "room.onset")
        for block in songs.blocks(tone):
            before = ear.hear(block)[-1, onset]
        for block in songs.blocks(tone, start=100_000, gap=99_000):
            after = ear.hear(block)[-1, onset]
        assert after == before

    def test_an_ear_leaves_the_block_as_it_was(self, song):
        samples = song[: 64 * 256].astype(np.float32)[:, np.newaxis]
        kept = samples.copy()
        Ear(Clock(), ["room"]).hear(Block(0, samples, {"room": (0,)}, 64))
        assert samples.tobytes() == kept.tobytes()


def test_features_are_equal_without_the_fast_instructions():
    umath = np._core._multiarray_umath  # type: ignore[attr-defined]
    slow = {**os.environ, "NPY_DISABLE_CPU_FEATURES": " ".join(umath.__cpu_dispatch__)}
    said = [
        subprocess.run(
            [sys.executable, str(Path(songs.__file__))], env=env, capture_output=True, text=True, check=True
        ).stdout.split(" ")
        for env in (dict(os.environ), slow)
    ]
    assert said[1][1].strip() == "", "switching features off did not work: the test would prove nothing"
    if said[0][1].strip() == "":
        pytest.skip("this CPU has no fast instructions that could be switched off")
    assert said[0][0] == said[1][0]


def test_edges_rise_and_leave_a_tail():
    for rate in (44_100, 48_000):
        bins = edges_in_bins((20, 21, 22, 45, 160, 16_000, 30_000, 40_000), 2048, rate)
        assert (np.diff(bins) > 0).all()
        assert bins[-1] <= 1024
