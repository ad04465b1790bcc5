"""Haptic files: whole songs through the writers, and back through readers that know the rules alone."""

from __future__ import annotations

import json
from collections.abc import Callable

import numpy as np
import pytest
from haptic_readers import BadFile, read_ahap, read_android, read_haptic

from wearsound.outputs.haptic import ahap as ahap_file
from wearsound.outputs.haptic import android as android_file
from wearsound.outputs.haptic import lofelt
from wearsound.outputs.haptic.ahap import ahap
from wearsound.outputs.haptic.android import android
from wearsound.outputs.haptic.clicks import clicks_in
from wearsound.outputs.haptic.envelope import thin
from wearsound.outputs.haptic.lofelt import haptic
from wearsound.outputs.haptic.played import Click, Played, sharpness, spaced

HOP = 256 / 48_000
LENGTHS = [0.1, 0.02, 5.0, 29.99, 30.0, 30.003, 60.0, 60.01, 283.0]


def song(seconds: float, *, clicks: bool = True, hum: float = 0.6) -> Played:
    """A bass line that swells and glides, and a kick every 0.47 s that stands out of it."""
    times = np.arange(max(2, round(seconds / HOP) + 1)) * HOP
    amplitude = hum * np.sin(np.pi * times / 3.1) ** 2 * (np.sin(2 * np.pi * times / 11) > -0.6)
    hz = np.where(amplitude > 0.01, 70 + 180 * (0.5 + 0.5 * np.sin(times / 2.3)), 0.0)
    begins = []
    for begin in np.arange(0.003, times[-1] - 0.05, 0.47) if clicks else ():
        strong = 0.5 + 0.4 * np.sin(begin) ** 2
        shape = strong * np.clip(np.minimum((times - begin) / 0.006, (begin + 0.045 - times) / 0.03), 0, 1)
        amplitude = np.maximum(amplitude, shape)
        begins.append(float(begin))
    amplitude[0] = 0.0
    clicks = [
        Click(begin, float(amplitude[(times > begin) & (times < begin + 0.03)].max()), 90.0)
        for begin in begins
    ]
    return Played("chest", times, amplitude, hz, tuple(clicks))


def away(played: Played, seconds: float) -> np.ndarray:
    """Which of its times lie at least so far from any click."""
    far = np.ones(len(played.times), bool)
    for click in played.clicks:
        far &= np.abs(played.times - click.time) > seconds
    return far


def write(writer: Callable[..., str], played: Played) -> str:
    return writer(played, source="song", project="patch", about="what chest feels")


# What was played comes back


@pytest.mark.parametrize("seconds", LENGTHS)
def test_lofelts_file_holds_the_song(seconds: float) -> None:
    played = song(seconds)
    read = read_haptic(write(haptic, played))
    assert read.seconds == pytest.approx(played.seconds, abs=6e-6)
    assert np.abs(read.amplitude.at(played.times) - played.amplitude).max() <= lofelt.ERROR + 2e-3
    assert len(read.emphases) == len(played.clicks)
    for (time, strong, frequency), click in zip(read.emphases, played.clicks, strict=True):
        assert time == pytest.approx(click.time, abs=0.001)
        assert strong == pytest.approx(max(click.strength, float(played.at(time))), abs=1e-3)
        assert frequency == pytest.approx(float(sharpness(click.hz)), abs=1e-3)
    felt = played.hz > 0
    if felt.any():
        assert read.frequency is not None
        miss = np.abs(read.frequency.at(played.times) - sharpness(played.hz) ** 2)
        assert miss[felt].max() <= lofelt.FREQUENCY_ERROR + 1e-3


@pytest.mark.parametrize("seconds", LENGTHS)
def test_ahap_holds_the_song(seconds: float) -> None:
    played = song(seconds)
    read = read_ahap(write(ahap, played))
    assert read.seconds == pytest.approx(played.seconds, abs=6e-6)
    far = away(played, 0.055)
    miss = np.abs(read.intensity.at(played.times) - np.sqrt(played.amplitude))
    assert miss[far].max(initial=0) <= ahap_file.ERROR + 3e-3
    assert len(read.transients) == len(played.clicks)
    for (time, strong, sharp), click in zip(read.transients, played.clicks, strict=True):
        assert time == pytest.approx(click.time, abs=0.001)
        # felt is its own intensity times the curve of the same moment: the curve must not swallow it
        assert strong**2 == pytest.approx(click.strength, abs=0.01)
        assert sharp >= float(sharpness(click.hz)) - ahap_file.ERROR
    felt = played.hz > 0
    miss = np.abs(read.sharpness.at(played.times[felt]) - sharpness(played.hz[felt]))
    assert miss.max(initial=0) <= ahap_file.ERROR + 3e-3


@pytest.mark.parametrize("seconds", LENGTHS)
def test_androids_waveform_holds_the_song(seconds: float) -> None:
    played = song(seconds)
    read = read_android(write(android, played))
    end = max(played.seconds, max((s.time + 0.06 for s in played.clicks), default=0))
    assert read.edges[-1] == pytest.approx(end * 1000, abs=1)  # no rounding adds up, in five minutes either
    assert len(read.clicks) == len(played.clicks)
    for time, click in zip(read.clicks, played.clicks, strict=True):
        assert time == pytest.approx(click.time * 1000, abs=1)
    fine = np.arange(0, played.seconds, 0.0005)
    for start, stop, level in zip(read.edges, read.edges[1:], read.amplitudes, strict=False):
        inside = fine[slice(*np.searchsorted(fine, (start / 1000, stop / 1000)))]
        near = any(
            -0.056 < (start / 1000 - s.time) < 0.062 or start / 1000 <= s.time < stop / 1000
            for s in played.clicks
        )
        if len(inside) and not near:
            mean = float(played.at(inside).mean())
            assert level / 255 == pytest.approx(mean, abs=0.03), (start, stop)


def test_a_song_without_clicks_is_a_curve_alone() -> None:
    played = song(20, clicks=False)
    assert read_haptic(write(haptic, played)).emphases == []
    assert read_ahap(write(ahap, played)).transients == []
    assert read_android(write(android, played)).clicks == []


def test_silence_is_a_file_that_is_still() -> None:
    times = np.arange(0, 45, HOP)
    still = Played("back", times, np.zeros(len(times)), np.zeros(len(times)))
    read = read_haptic(write(haptic, still))
    assert read.amplitude.values.max() == 0
    assert read.frequency is None
    pattern = read_ahap(write(ahap, still))
    assert pattern.intensity.values.max() == 0
    assert pattern.seconds == pytest.approx(still.seconds, abs=1e-5)
    waveform = read_android(write(android, still))
    assert waveform.amplitudes.tolist() == [0]


@pytest.mark.parametrize("begin", [0.0, 0.0004, 0.01, 0.029])
def test_a_click_at_the_very_beginning_is_kept(begin: float) -> None:
    times = np.arange(0, 1, HOP)
    amplitude = 0.8 * np.clip(1 - np.abs(times - begin - 0.012) / 0.012, 0, 1)
    played = Played("chest", times, amplitude, np.full(len(times), 80.0), (Click(begin, 0.8, 80.0),))
    for read, write_ in ((read_haptic, haptic), (read_ahap, ahap)):
        found = read(write(write_, played))
        (click,) = found.emphases if hasattr(found, "emphases") else found.transients
        assert click[0] == pytest.approx(begin, abs=0.0011)
    assert read_android(write(android, played)).clicks == [round(begin * 1000)]


def test_a_roll_is_thinned_to_what_each_format_bears() -> None:
    times = np.arange(0, 3, HOP)
    clicks = tuple(Click(0.1 + 0.007 * i, 0.5 + 0.4 * (i % 5) / 5, 100.0) for i in range(300))
    played = Played("chest", times, np.full(len(times), 0.3), np.full(len(times), 100.0), clicks)
    read = read_ahap(write(ahap, played))  # itself refuses more than 50 a second
    assert 60 < len(read.transients) <= 110
    # of neighbours the strongest stays
    assert np.mean([strong**2 for _, strong, _ in read.transients]) > np.mean([s.strength for s in clicks])
    assert len(read_haptic(write(haptic, played)).emphases) == len(read.transients)
    clicks = read_android(write(android, played)).clicks
    assert min(np.diff(clicks)) >= 60
    assert len(clicks) > 15


def test_a_faint_click_is_no_bang_on_a_telephone() -> None:
    times = np.arange(0, 1, HOP)
    amplitude = 0.14 * np.clip(1 - np.abs(times - 0.5) / 0.02, 0, 1)
    played = Played("chest", times, amplitude, np.full(len(times), 80.0), (Click(0.48, 0.14, 80.0),))
    read = read_android(write(android, played))
    assert read.clicks == []
    assert 10 < read.amplitudes.max() <= 36
    assert len(read_ahap(write(ahap, played)).transients) == 1


def test_noise_stays_within_the_bound_too() -> None:
    rng = np.random.default_rng(3)
    times = np.arange(0, 40, HOP)
    played = Played("chest", times, rng.random(len(times)), rng.uniform(20, 500, len(times)))
    read = read_haptic(write(haptic, played))
    assert np.abs(read.amplitude.at(times) - played.amplitude).max() <= lofelt.ERROR + 2e-3
    pattern = read_ahap(write(ahap, played))
    assert np.abs(pattern.intensity.at(times) - np.sqrt(played.amplitude)).max() <= ahap_file.ERROR + 3e-3
    read_android(write(android, played))


def test_files_are_short_and_the_same_every_time() -> None:
    played = song(240)
    for writer in (haptic, ahap, android):
        text = write(writer, played)
        assert text == write(writer, song(240))
        assert len(text) < 800_000
    points = len(read_haptic(write(haptic, played)).amplitude.times)
    assert points < len(played.times) / 5


# The readers object


@pytest.mark.parametrize(
    ("module", "name", "value", "writer", "reader"),
    [
        (ahap_file, "LONGEST", 31.0, ahap, read_ahap),
        (ahap_file, "POINTS", 17, ahap, read_ahap),
        (ahap_file, "APART", 0.001, ahap, read_ahap),
        (android_file, "STEP", 10, android, read_android),
        (lofelt, "FIRST", 0.0, haptic, read_haptic),
    ],
)
def test_a_writer_out_of_the_rules_is_caught(
    monkeypatch: pytest.MonkeyPatch, module, name: str, value: float, writer, reader
) -> None:
    times = np.arange(0, 62, HOP)
    clicks = (Click(0.0, 0.9, 90.0), *(Click(1 + 0.007 * i, 0.9, 90.0) for i in range(200)))
    rough = np.sin(times * 9) ** 2 * 0.8
    played = Played("chest", times, rough, np.full(len(times), 90.0), clicks)
    reader(write(writer, played))
    monkeypatch.setattr(module, name, value)
    with pytest.raises(BadFile):
        reader(write(writer, played))


def changed(text: str, change: Callable[[dict], None]) -> str:
    data = json.loads(text)
    change(data)
    return json.dumps(data)


def entries(data: dict, kind: str) -> list[dict]:
    return [entry[kind] for entry in data["Pattern"] if kind in entry]


def _absolute(data: dict) -> None:
    for curve in entries(data, "ParameterCurve"):
        for point in curve["ParameterCurveControlPoints"]:
            point["Time"] += curve["Time"]


def _hole(data: dict) -> None:
    entries(data, "ParameterCurve")[1]["Time"] += 0.1


def _set(path: str, value: object) -> Callable[[dict], None]:
    def change(data: dict) -> None:
        *way, last = [int(key) if key.lstrip("-").isdigit() else key for key in path.split("/")]
        at: object = data
        for key in way:
            at = at[key]  # type: ignore[index]
        at[last] = value  # type: ignore[index]

    return change


POINTS = "signals/continuous/envelopes/amplitude"


@pytest.mark.parametrize(
    "change",
    [
        _set("version/minor", 1),
        _set(POINTS, []),
        _set(f"{POINTS}/3/amplitude", 1.01),
        _set(f"{POINTS}/3/amplitude", float("nan")),
        _set(f"{POINTS}/3/amplitude", "0.5"),
        _set(f"{POINTS}/3/time", 0.0),
        _set(f"{POINTS}/1/emphasis", {"amplitude": 0.0, "frequency": 0.0}),
        _set(f"{POINTS}/0/emphasis", {"amplitude": 1.0, "frequency": 0.0}),
        _set(f"{POINTS}/1/Emphasis", {"amplitude": 1.0, "frequency": 0.0}),
        _set("signals/continuous/envelopes/frequency/0/frequency", -0.1),
        _set("signals/continuous/envelopes/frequency", []),
        lambda data: data.pop("signals"),
    ],
)
def test_the_reader_of_lofelts_files_is_strict(change) -> None:
    good = write(haptic, song(12))
    read_haptic(good)
    with pytest.raises(BadFile):
        read_haptic(changed(good, change))


@pytest.mark.parametrize(
    "change",
    [
        _absolute,
        _hole,
        _set("Version", 2.0),
        _set("Pattern/0/Event/EventDuration", 30.001),
        _set("Pattern/0/Event/Time", 0.01),
        _set("Pattern/1/Event/EventType", "HapticBuzz"),
        _set("Pattern/-1/Event/EventDuration", 0.1),
        _set("Pattern/-1/Event/EventParameters/0/ParameterValue", 1.2),
        _set("Pattern/3/ParameterCurve/ParameterID", "HapticIntensity"),
        _set("Pattern/3/ParameterCurve/ParameterCurveControlPoints/1/ParameterValue", -0.1),
        _set("Pattern/3/ParameterCurve/ParameterCurveControlPoints/2/Time", 0.0),
        _set("Pattern/3/ParameterCurve/ParameterCurveControlPoints", []),
        lambda data: data["Pattern"].pop(1),
        lambda data: data["Pattern"].pop(4),
    ],
)
def test_the_reader_of_ahap_is_strict(change) -> None:
    good = write(ahap, song(70))
    read_ahap(good)
    with pytest.raises(BadFile):
        read_ahap(changed(good, change))


@pytest.mark.parametrize(
    "change",
    [
        _set("repeat", 0),
        _set("timings/2", 24),
        _set("timings/2", 40.0),
        _set("timings/2", -5),
        _set("amplitudes/2", 256),
        _set("amplitudes/2", 0.5),
        _set("amplitudes/2", True),
        lambda data: data["timings"].pop(),
        lambda data: data.pop("repeat"),
    ],
)
def test_the_reader_of_waveforms_is_strict(change) -> None:
    good = write(android, song(12))
    read_android(good)
    with pytest.raises(BadFile):
        read_android(changed(good, change))


# Parts


def test_thinning_keeps_its_bound_and_its_corners() -> None:
    times = np.linspace(0, 10, 4001)
    values = np.clip(np.sin(times * 3) * 1.4, -1, 1)
    for error in (0.3, 0.05, 0.004):
        stay = thin(times, values, error, keep=[17])
        assert {0, 17, 4000} <= set(stay.tolist())
        assert np.abs(np.interp(times, times[stay], values[stay]) - values).max() <= error
    assert thin(times, 2 * times, 1e-9).tolist() == [0, 4000]
    assert thin(times[:1], values[:1], 0.1).tolist() == [0]


def test_pauses_have_the_pitch_before_them() -> None:
    played = Played("x", np.arange(6.0), np.zeros(6), np.array([0, 0, 90.0, 0, 120, 0]))
    assert played.pitch().tolist() == [90, 90, 90, 90, 120, 120]


def test_of_clicks_too_near_the_stronger_stays() -> None:
    clicks = (Click(0, 0.4, 0), Click(0.01, 0.9, 0), Click(0.02, 0.9, 0), Click(0.031, 0.2, 0))
    assert [click.time for click in spaced(clicks, 0.02)] == [0.01, 0.031]


@pytest.mark.parametrize("ramp", [0.005, 0.006, 0.008, 0.01])
def test_clicks_are_found_where_they_begin(ramp: float) -> None:
    """On whatever part of a hop, over a hum, within half a hop."""
    times = np.arange(400) * HOP
    for part in np.linspace(0, 1, 12):
        begin = (50 + part) * HOP
        shape = np.clip(np.minimum((times - begin) / ramp, 1 - (times - begin - 0.03) / 0.02), 0, 1)
        (found,) = clicks_in(times, 0.2 + 0.6 * shape, np.full(400, 80.0))
        assert found.time == pytest.approx(begin, abs=HOP / 2 + 1e-9)
        assert found.strength == pytest.approx(0.8, abs=1e-9)
        assert found.hz == 80


def test_what_follows_a_click_at_once_is_part_of_it() -> None:
    times = np.arange(400) * HOP
    for gap, clicks in ((0.05, 1), (0.1, 2)):
        shape = sum(np.clip(1 - np.abs(times - at) / 0.01, 0, 1) for at in (0.5, 0.5 + gap))
        assert len(clicks_in(times, 0.1 + 0.7 * shape, np.full(400, 80.0))) == clicks
    ripple = 0.6 + 0.06 * np.sin(2 * np.pi * 60 * times)
    ripple[0] = 0.6
    assert clicks_in(times, ripple, np.full(400, 80.0)) == ()


def test_what_swells_is_no_click() -> None:
    times = np.arange(2000) * HOP
    assert clicks_in(times, 0.9 * np.clip(times / 0.12, 0, 1), np.full(2000, 80.0)) == ()
    assert clicks_in(times, np.full(2000, 0.5), np.full(2000, 80.0)) == ()
    assert clicks_in(times[:1], np.zeros(1), np.zeros(1)) == ()
