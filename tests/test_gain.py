"""How loud, and whether anybody plays: one gain for all that is read as 0 to 1, with two horizons."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
import songs
from scipy.signal import lfilter
from thorough import some

from wearsound.analysis.bands import BANDS
from wearsound.analysis.spectrum import LaneSpectra
from wearsound.core import Clock
from wearsound.sources.composer.source import DemoSource

LEVELS = ("loudness", *BANDS)
COUNTS = ("onset", "kick", "snare", "hat", "beat", "downbeat")
HOP = 256 / songs.RATE
LOUDNESSES = (-30, -18, -8)


def lufs(samples: np.ndarray) -> float:
    """Loudness of a mono song after ITU-R BS.1770, without its gates: these songs have no pauses."""
    shelved = lfilter(
        [1.53512485958697, -2.69169618940638, 1.19839281085285],
        [1, -1.69065929318241, 0.73248077421585],
        samples,
    )
    weighted = lfilter([1, -2, 1], [1, -1.99004745483398, 0.99007225036621], shelved)
    return float(10 * np.log10(np.mean(weighted**2)) - 0.691)


def rattling() -> np.ndarray:
    """A groove with noise that comes and goes, as a shaker's."""
    return songs.groove(120, 12)[0] + songs.noise(12, 0.02) * (1 + np.sign(songs.sine(2, 12)))


def chordal() -> np.ndarray:
    """A faster groove over a chord."""
    return songs.groove(140, 12)[0] + songs.sine(330, 12, 0.03) + songs.sine(441, 12, 0.03)


def built_in() -> np.ndarray:
    """Twelve seconds of the built-in track."""
    source = DemoSource(seconds=20)
    pieces = [block.samples[:, list(block.lanes["room"])].mean(axis=1) for block in source.blocks(Clock())]
    return np.concatenate(pieces)[8 * songs.RATE :].astype(np.float64)


@cache
def heard_at(song: object, loudness: float) -> songs.Heard:
    samples = song()  # type: ignore[operator]
    return songs.Heard(samples * 10 ** ((loudness - lufs(samples)) / 20))


class TestLevel:
    @pytest.mark.parametrize("rate", [44_100, 48_000])
    def test_a_sine_reads_its_own_level(self, rate):
        heard = songs.Heard(songs.sine(1000, 3, 0.1, rate), Clock(rate))
        assert heard.values[-1, 0] == pytest.approx(-20.0, abs=0.1)
        assert heard.at("peak", 2) == pytest.approx(-20.0, abs=0.05)
        assert heard.at("loudness", 2.5) == pytest.approx(0.7, abs=0.01)
        assert heard.at("gate", 2) == 1

    def test_dc_is_no_sound(self):
        heard = songs.Heard(np.full(3 * songs.RATE, 0.5))
        assert heard["level"].max() == -90
        assert heard["gate"].max() == heard["onset"].max() == 0

    def test_the_room_s_own_noise_is_learned(self):
        heard = songs.Heard(songs.noise(25, 0.005))
        assert heard.at("gate", 1) == 1
        assert heard.after("gate", 20).max() == 0
        assert max(heard.after(name, 24).max() for name in LEVELS) == 0

    def test_true_silence_is_silence_at_once_and_quiet_after_two_seconds(self):
        music = songs.groove(120, 3)[0]
        zeros = songs.Heard(np.concatenate([music, songs.silence(4)]))
        hiss = songs.Heard(np.concatenate([music, songs.noise(4, 1e-4)]))
        assert zeros.after("silence", 3.6).min() == 1
        assert hiss.at("silence", 4.5) == 0
        assert hiss.after("silence", 6).min() == 1

    def test_falling_silent_is_counted_once_something_was_heard(self):
        music = songs.groove(120, 2)[0]
        quiet = songs.silence(1)
        heard = songs.Heard(np.concatenate([quiet, music, quiet, music, songs.noise(4, 1e-4), music]))
        assert heard.at("silences", 0.9) == 0
        assert heard.at("silence", 0.9) == 1
        assert heard["silences"][-1] == 2
        for moment in heard.times("silences"):
            assert heard.at("silence", moment - 1.5 * HOP) == 0
            assert heard.at("silence", moment) == 1


@pytest.mark.parametrize("song", some([rattling, chordal, built_in], 2), ids=lambda song: song.__name__)
class TestAtAnyLoudness:
    """What is played softly is heard as what is played loudly, from the first second on."""

    @pytest.mark.parametrize("count", COUNTS)
    def test_the_same_happens_at_the_same_time(self, song, count):
        reference = heard_at(song, LOUDNESSES[1]).times(count)
        for loudness in LOUDNESSES[::2]:
            other = heard_at(song, loudness).times(count)
            if count in ("kick", "snare", "hat"):
                # What is no drum at all may be just likely enough at one loudness and not at another.
                fewer, more = sorted((reference, other), key=len)
                assert len(more) - len(fewer) <= 1
                assert all(np.abs(more - time).min() <= 2.01 * HOP for time in fewer)
            else:
                assert len(other) == len(reference)
                assert np.abs(other - reference).max(initial=0.0) <= 1.01 * HOP

    def test_levels_are_the_same(self, song):
        reference = heard_at(song, LOUDNESSES[1])
        for loudness in LOUDNESSES[::2]:
            other = heard_at(song, loudness)
            for name in LEVELS:
                assert np.abs(other.after(name, 0.3) - reference.after(name, 0.3)).max() <= 0.1, name


class TestGain:
    def test_the_gain_settles_after_a_jump(self):
        loop, _ = songs.groove(120, 10)
        heard = songs.Heard(np.concatenate([loop, 0.08 * loop, loop]))
        first, second, third = (heard["bass"][s : s + 900].mean() for s in (900, 2775, 4650))
        assert second == pytest.approx(first, abs=0.1)
        assert third == pytest.approx(first, abs=0.1)

    def test_the_gain_is_frozen_while_nobody_plays(self):
        music = songs.groove(120, 5)[0]
        spectra = LaneSpectra(Clock(), "room")
        references = []
        for block in songs.blocks(np.concatenate([music, songs.noise(15, 0.001), music])):
            spectra.take(block)
            references.extend(spectra.gain.reference.tolist())
        shut = references[6 * 188 : 19 * 188]
        assert max(shut) == min(shut)
        assert shut[0] == pytest.approx(references[4 * 188], abs=6)

    def test_a_crescendo_of_20_db_reads_in_presence(self):
        swell = songs.sine(200, 40, 1.0) * 10 ** (np.linspace(-38, -18, 40 * songs.RATE) / 20)
        heard = songs.Heard(swell)
        assert heard.at("presence", 39) - heard.at("presence", 2) > 0.35
        assert heard.at("loudness", 39) - heard.at("loudness", 8) < 0.1

    def test_the_start_is_judged_by_what_follows_it(self):
        """A piece that fades in for half a second is soon read as one that does not."""
        loop = songs.groove(120, 8)[0]
        faded = loop * np.minimum(1, np.arange(len(loop)) / (0.5 * songs.RATE)) ** 2
        plain, soft = songs.Heard(loop), songs.Heard(faded)
        assert np.abs(plain.after("loudness", 1.2) - soft.after("loudness", 1.2)).max() < 0.08

    def test_nothing_is_loud_before_something_was_heard(self):
        spectra = LaneSpectra(Clock(), "room")
        for block in songs.blocks(songs.noise(1, 0.0005)):
            spectra.take(block)
            assert spectra.gain.sensitivity.max() == 0

    def test_a_gap_hardly_moves_the_reference(self):
        """3 dB of 60 in a second: the same whether the gate shuts in it or not."""
        loop = songs.groove(120, 5)[0]
        for gap in (songs.noise(1, 1e-5), songs.noise(1, 4e-3)):
            spectra, references = LaneSpectra(Clock(), "room"), []
            for block in songs.blocks(np.concatenate([loop, gap])):
                spectra.take(block)
                references.extend(spectra.gain.reference.tolist())
            assert references[int(4.9 / HOP)] - references[-1] < 5


class TestTwoHorizons:
    def test_a_crescendo_of_20_db_in_a_minute_reads_in_presence_and_not_in_loudness(self):
        loop = songs.groove(120, 60)[0]
        heard = songs.Heard(loop * 10 ** (np.linspace(-26, -6, len(loop)) / 20))
        early, late = slice(750, 1500), slice(-940, -190)
        assert heard["presence"][late].mean() - heard["presence"][early].mean() > 0.3
        assert abs(heard["loudness"][late].mean() - heard["loudness"][early].mean()) < 0.05

    def test_minutes_of_the_same_are_as_loud_as_usual_at_any_loudness(self):
        """The first guess is forgotten in a minute; a horizon of minutes does not wait minutes for a start."""
        loop = songs.groove(120, 60)[0]
        for decibels in (-24, 0):
            heard = songs.Heard(loop * 10 ** (decibels / 20))
            assert 0.58 < heard.after("presence", 58)[:94].mean() < 0.88
            assert np.abs(heard.after("bass_long", 55) - heard.after("bass", 55)).max() < 0.15

    def test_half_a_minute_of_hiss_after_loud_music_is_nothing(self):
        loud = songs.groove(120, 10)[0]
        heard = songs.Heard(np.concatenate([loud / np.abs(loud).max(), songs.noise(30, 0.001)]))
        for name in (*LEVELS, "presence", *(f"{band}_long" for band in BANDS)):
            assert heard.after(name, 14).max() < 0.02, name
        for count in COUNTS:
            assert heard[count][-1] == heard.at(count, 10.2), count
        assert heard["silences"][-1] == 1
