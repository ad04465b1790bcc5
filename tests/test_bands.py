"""How much sounds in each band: true to the decibel when steady, in time when it is not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pytest
import songs

from wearsound.analysis.bands import BANDS, Bands
from wearsound.analysis.gain import RANGE
from wearsound.analysis.spectrum import LaneSpectra
from wearsound.core import Block, Clock

RATES = (44_100, 48_000)
SETTLED = 0.25
Range = tuple[float, float]


def powers(
    samples: np.ndarray,
    bands: Mapping[str, Range] = BANDS,
    rate: int = songs.RATE,
    sizes: Sequence[int] = (64,),
) -> np.ndarray:
    """Power in each band at each hop, as dB; a full-scale sine reads 0."""
    clock = Clock(rate)
    meter, spectra, heard = Bands(bands), LaneSpectra(clock, "room"), []
    meter.prepare(clock)
    for block in songs.blocks(samples, sizes, clock):
        spectra.take(block)
        heard.append(meter.powers(spectra).copy())
    return 10 * np.log10(np.maximum(np.concatenate(heard), 1e-15))


def features(samples: np.ndarray, bands: Mapping[str, Range] = BANDS, **how: object) -> dict[str, np.ndarray]:
    """What the meter says of each band at each hop."""
    clock, heard = Clock(), []
    meter, spectra = Bands(bands, long=True), LaneSpectra(clock, "room")
    meter.prepare(clock)
    for block in songs.blocks(samples, **how):  # type: ignore[arg-type]
        spectra.take(block)
        values = np.full((block.n_hops, len(meter.specs)), np.nan)
        meter.process(block, spectra, values)
        heard.append(values)
    return dict(zip((spec.name for spec in meter.specs), np.concatenate(heard).T, strict=True))


def settled(heard: np.ndarray, rate: int, seconds: float = SETTLED) -> np.ndarray:
    return heard[int(seconds * rate / 256) :]


def kick_50() -> np.ndarray:
    t = np.arange(12_000) / songs.RATE
    return 0.6 * np.exp(-t / 0.08) * np.sin(2 * np.pi * 50 * t)


def long_kick() -> np.ndarray:
    """The sort that is a bass note as well: it falls to 46 Hz and stays."""
    t = np.arange(40_000) / songs.RATE
    return 0.6 * np.exp(-t / 0.35) * np.sin(2 * np.pi * (46 * t + 1.2 * (1 - np.exp(-t / 0.015))))


def delays(values: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Milliseconds from each beginning to the end of the hop in which half of the rise shows."""
    found = []
    for second in at:
        first = int(np.ceil(second * songs.RATE / 256))
        before, after = values[first - 3 : first].mean(), values[first : first + 45]
        half = first + int(np.argmax(after >= (before + after.max()) / 2))
        found.append(1000 * ((half + 1) * 256 / songs.RATE - second))
    return np.array(found)


class TestSteady:
    @pytest.mark.parametrize("rate", RATES)
    @pytest.mark.parametrize("band", BANDS)
    def test_a_sine_is_read_in_its_band_and_in_no_other(self, band, rate):
        low, high = BANDS[band]
        heard = settled(powers(songs.sine((low * high) ** 0.5, 2, 1.0, rate), rate=rate), rate)
        own = list(BANDS).index(band)
        assert np.abs(heard[:, own]).max() <= 0.2
        assert np.delete(heard, own, axis=1).max() <= -40

    @pytest.mark.parametrize("rate", RATES)
    @pytest.mark.parametrize("edge", [45, 160, 500, 2000, 6000])
    def test_at_an_edge_neighbours_share(self, edge, rate):
        heard = 10 ** (settled(powers(songs.sine(edge, 2, 1.0, rate), rate=rate), rate) / 10)
        below = [high for _, high in BANDS.values()].index(edge)
        assert np.abs(10 * np.log10(heard[:, below] + heard[:, below + 1])).max() <= 0.5
        assert heard[:, below : below + 2].min() > 0.3

    @pytest.mark.parametrize("rate", RATES)
    def test_wherever_a_sine_is_the_bands_sum_to_it(self, rate):
        for hertz in (28, 52, 77, 140, 190, 240, 300, 340, 410, 480, 640, 1800, 9000):
            heard = 10 ** (settled(powers(songs.sine(hertz, 1, 1.0, rate), rate=rate), rate, 0.3) / 10)
            assert np.abs(10 * np.log10(heard.sum(axis=1))).max() <= 0.3, hertz

    @pytest.mark.parametrize("rate", RATES)
    def test_own_bands_tell_40_from_60_hertz(self, rate):
        own = {"lower": (35.0, 45.0), "upper": (55.0, 65.0)}
        for hertz, column in ((40, 0), (60, 1)):
            heard = settled(powers(songs.sine(hertz, 2, 1.0, rate), own, rate), rate, 0.45)
            assert np.abs(heard[:, column]).max() <= 0.2
            assert heard[:, 1 - column].max() <= -40
            early = settled(powers(songs.sine(hertz, 2, 1.0, rate), own, rate), rate, 0.3)
            assert (early[:, column] - early[:, 1 - column]).min() >= 12

    @pytest.mark.parametrize(
        ("low", "high", "within"),
        [
            (20, 30, 0.2),
            (60, 75, 0.2),
            (230, 250, 0.2),
            (300, 320, 0.5),
            (470, 490, 1.2),  # the longest window has not two bins in it
            (470, 500, 0.5),
            (1000, 1050, 0.2),
            (200, 4000, 0.2),
        ],
    )
    def test_an_own_band_may_be_anywhere(self, low, high, within):
        own = {"own": (float(low), float(high))}
        inside = settled(powers(songs.sine((low * high) ** 0.5, 2, 1.0), own), songs.RATE, 0.5)
        assert np.abs(inside).max() <= within
        for outside in (low / 1.35, high * 1.35):
            assert settled(powers(songs.sine(outside, 2, 1.0), own), songs.RATE, 0.5).max() <= -30

    def test_the_features_say_so(self):
        for name, (low, high) in BANDS.items():
            heard = features(songs.sine((low * high) ** 0.5, 3))
            for other in BANDS:
                late = heard[other][int(2 * 187.5) :]
                assert late.min() > 0.65 if other == name else late.max() == 0, (name, other)

    def test_balance_stays_true(self):
        heard = features(songs.sine(100, 4, 0.3) + songs.sine(1000, 4, 0.03))
        assert heard["bass"][600] - heard["mid"][600] == pytest.approx((20 - 5) / RANGE, abs=0.01)

    def test_a_steady_sine_does_not_flicker(self):
        for hertz in (25, 32, 55, 93.75, 110, 250):
            heard = features(songs.sine(hertz, 4))
            name = next(n for n, (low, high) in BANDS.items() if low <= hertz < high)
            late = heard[name][int(3 * 187.5) :]
            assert late.max() - late.min() < 0.005, hertz


class TestQuick:
    @pytest.mark.parametrize("kick", [kick_50, long_kick, songs.kick])
    @pytest.mark.parametrize("bed", ["silence", "note", "noise"])
    def test_a_kick_shows_in_12_ms(self, kick, bed):
        beds = {"silence": songs.silence(12), "note": songs.sine(82, 12, 0.1), "noise": songs.noise(12, 0.01)}
        at = 2 + 0.7513 * np.arange(12)
        late = delays(features(songs.put(beds[bed], at, kick()))["bass"], at)
        assert np.median(late) <= 12
        assert late.max() <= 17  # a hop more

    def test_it_breathes_with_a_bass_of_semiquavers(self):
        note = songs.sine(70, 0.06, 0.3) * np.hanning(int(0.06 * songs.RATE)) ** 0.25
        heard = features(songs.put(songs.silence(6), np.arange(0.5, 5.9, 0.125), note))["bass"]
        late = heard[int(3 * 187.5) : int(5.5 * 187.5)]
        assert late.max() - late.min() > 0.4

    def test_a_note_that_ends_is_gone_before_the_long_window_is_empty(self):
        tone = songs.sine(60, 3)
        tone[-480:] *= np.linspace(1, 0, 480)
        heard = features(np.concatenate([tone, songs.sine(1000, 2, 0.05)]))["bass"]
        ended = int(3 * 187.5)
        assert heard[ended - 5] > 0.65
        assert heard[ended + 9 : ended + 14].max() < 0.35  # 50 to 75 ms
        assert heard[ended + 20] < 0.05

    def test_a_tone_does_not_leak_once_it_has_settled(self):
        for hertz, others in ((30, [1, 2]), (85, [0, 2]), (283, [0, 1])):
            heard = powers(np.concatenate([songs.silence(0.5), songs.sine(hertz, 2, 1.0)]))
            assert heard[int(0.75 * 187.5) + 1 :, others].max() <= -40, hertz


class TestContract:
    OWN = BANDS | {"kick": (40.0, 70.0), "thin": (40.0, 45.0), "slit": (600.0, 620.0), "wide": (60.0, 3000.0)}

    @pytest.mark.parametrize("rate", RATES)
    def test_grouping_does_not_matter(self, rate):
        song = songs.song()[: 4 * songs.RATE]
        heard = {powers(song, self.OWN, rate, sizes).tobytes() for sizes in songs.GROUPINGS.values()}
        assert len(heard) == 1

    def test_what_was_before_a_gap_is_forgotten(self):
        clock, meter, spectra = Clock(), Bands(self.OWN), LaneSpectra(Clock(), "room")
        meter.prepare(clock)
        for block in songs.blocks(songs.sine(60, 2)):
            spectra.take(block)
            meter.powers(spectra)
        for block in songs.blocks(songs.silence(0.1), start=10_000, gap=9_000):
            spectra.take(block)
            assert meter.powers(spectra).max() < 1e-9

    def test_bands_may_be_none(self):
        meter, spectra = Bands({}), LaneSpectra(Clock(), "room")
        meter.prepare(Clock())
        block = Block(0, np.zeros((256, 1), np.float32), songs.ROOM, 1)
        spectra.take(block)
        meter.process(block, spectra, np.zeros((1, 0)))
        meter.reset()


class TestHorizons:
    def test_both_are_alike_while_nothing_changes(self):
        heard = features(songs.groove(120, 40)[0])
        for name in BANDS:
            assert np.abs(heard[name] - heard[name + "_long"])[-375:].max() < 0.15, name

    def test_a_crescendo_of_20_db_in_a_minute_reads_in_the_long_one_only(self):
        loop = songs.groove(120, 60)[0]
        swell = loop * 10 ** (np.linspace(-26, -6, len(loop)) / 20)
        heard = features(swell)
        early, late = slice(750, 1500), slice(-940, -190)
        assert (
            np.percentile(heard["bass_long"][late], 90) - np.percentile(heard["bass_long"][early], 90) > 0.3
        )
        assert abs(np.percentile(heard["bass"][late], 90) - np.percentile(heard["bass"][early], 90)) < 0.05

    def test_both_end_with_the_sound(self):
        heard = features(np.concatenate([songs.groove(120, 5)[0], songs.noise(6, 0.001)]))
        assert max(values[-375:].max() for values in heard.values()) == 0
