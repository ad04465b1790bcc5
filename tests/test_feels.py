"""[[feel]]: what a patch says is felt, cast on a garment; and what the whole show then drives."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile
from jackets import jacket, peak_hz, rms
from songs import RATE, sine

from wearsound import load
from wearsound.core import BANDS, Clock
from wearsound.errors import PatchError
from wearsound.felt import Drive, Feel
from wearsound.garment.document import Garment
from wearsound.garment.fit import Fit
from wearsound.instruments.vibration.bands import TWO_PHASE_BELOW
from wearsound.instruments.vibration.patterns import NAMES
from wearsound.mapping.document import read_patch
from wearsound.mapping.feels import HIGHEST_SOUND, cast_feels, feel_controls
from wearsound.show.build import build
from wearsound.show.source import open_recording

HEAD = 'title = "Felt"\nlane = "body"\n'


@pytest.fixture
def garment(tmp_path: Path) -> Garment:
    return jacket(tmp_path)


@pytest.fixture
def cast(garment: Garment) -> Callable[[str], tuple[Feel, ...]]:
    return lambda text: cast_feels(read_patch(HEAD + text, "felt.toml"), Fit(garment), NAMES)


def test_a_line_of_two_words_is_enough(cast: Callable[[str], tuple[Feel, ...]]) -> None:
    (feel,) = cast('[[feel]]\nfrom = "bass"\nto = "z1"\n')
    assert feel == Feel("bass_z1", "body", BANDS["bass"], ("z1",), "both", "pitch", "follow", "bar", 1.0)


def test_everything_that_can_be_said_is_cast(cast: Callable[[str], tuple[Feel, ...]]) -> None:
    (feel,) = cast(
        '[[feel]]\nfrom = { band = [70, 90.5], lane = "room" }\nto = "*"\nname = "n"\npart = "click"\n'
        'carrier = 90\npattern = "roll"\nover = "beat"\nstrength = 0.25\n'
    )
    zones = ("z0", "z1", "z2", "z3")
    assert feel == Feel("n", "room", (70.0, 90.5), zones, "click", 90.0, "roll", "beat", 0.25)


def test_what_is_too_high_to_have_a_pitch_gets_a_carrier(cast: Callable[[str], tuple[Feel, ...]]) -> None:
    feels = cast("".join(f'[[feel]]\nfrom = "{band}"\nto = "z0"\n' for band in BANDS))
    assert [feel.carrier for feel in feels] == ["pitch", "pitch", "pitch", 220.0, 220.0, 220.0]


def test_a_line_without_a_name_is_named_by_band_and_place(cast: Callable[[str], tuple[Feel, ...]]) -> None:
    feels = cast('[[feel]]\nfrom = "bass"\nto = "*"\n[[feel]]\nfrom = { band = [40, 110.5] }\nto = "z2"\n')
    assert [feel.name for feel in feels] == ["bass_all", "band_40_110p5_z2"]
    assert [(spec.name, spec.default) for spec in feel_controls(feels)] == [
        ("feel.bass_all", 1.0),
        ("feel.band_40_110p5_z2", 1.0),
    ]


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ('from = "bas"\nto = "z1"', "felt.toml:4: no band 'bas'; did you mean 'bass'"),
        ('from = "bass"\nto = "z9"', "felt.toml:5: no zone 'z9' on this garment"),
        ('from = "bass"\nto = "z1"\npattern = "rol"', "felt.toml:6: no pattern 'rol'; did you mean 'roll'"),
        ('from = { band = [90, 40] }\nto = "z1"', "felt.toml:4: band is [90, 40]; it takes two frequencies"),
        (
            'from = "air"\nto = "z1"\ncarrier = "sound"',
            "felt.toml:6: a band from 6000 Hz is heard, not felt, as it is; leave `carrier` out",
        ),
        (
            'from = "mid"\nto = "z1"\ncarrier = "pitch"',
            "felt.toml:6: a band from 500 Hz has no pitch that skin can follow; leave `carrier` out",
        ),
    ],
)
def test_a_slip_is_said_by_file_and_line(
    lines: str, sentence: str, cast: Callable[[str], tuple[Feel, ...]]
) -> None:
    with pytest.raises(PatchError) as caught:
        cast(f"[[feel]]\n{lines}\n")
    assert sentence in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


def test_two_lines_of_one_name_are_refused(cast: Callable[[str], tuple[Feel, ...]]) -> None:
    with pytest.raises(PatchError, match=r"felt\.toml:6: a second \[\[feel\]\] is called 'bass_z1'"):
        cast('[[feel]]\nfrom = "bass"\nto = "z1"\n[[feel]]\nfrom = "bass"\nto = "z1"\n')


def test_every_slip_is_said_at_once(cast: Callable[[str], tuple[Feel, ...]]) -> None:
    with pytest.raises(PatchError) as caught:
        cast('[[feel]]\nfrom = "bas"\nto = "z1"\n[[feel]]\nfrom = "bass"\nto = "z9"\n')
    assert len(str(caught.value).splitlines()) == 2


def test_sound_as_it_is_ends_where_the_instrument_hears_no_two_phases() -> None:
    assert HIGHEST_SOUND == TWO_PHASE_BELOW


class Taken:
    """A driver that keeps what it is given."""

    name = "taken"

    def __init__(self) -> None:
        self.waves: list[np.ndarray] = []

    def open(self, clock: Clock) -> None:
        self.waves = []

    def drive(self, tick: int, gap: int, drive: Drive) -> None:
        self.waves.append(drive.wave.copy())

    def close(self) -> None:
        pass


def felt(patch: str, garment: Garment, sound: np.ndarray, folder: Path) -> np.ndarray:
    """What leaves for the actuators (n, n_actuators), after safety, of a patch played offline to a mono sound."""
    (folder / "felt.toml").write_text(patch, encoding="utf-8")
    soundfile.write(folder / "song.wav", sound.astype(np.float32), RATE, subtype="FLOAT")
    source = open_recording(str(folder / "song.wav"))
    engine = build(load(folder / "felt.toml", garment=garment.path), source.lanes, RATE, strict=True).engine
    taken = Taken()
    engine.drivers.append(taken)
    engine.run(source)
    return np.concatenate(taken.waves)


def test_a_whole_show_puts_stepped_sines_where_the_patch_says(garment: Garment, tmp_path: Path) -> None:
    """Pauses between, so that safety's limit on duty stays out of it."""
    patch = (
        'title = "Stepped"\n'
        '[[feel]]\nfrom = "sub"\nto = "z0"\n'
        '[[feel]]\nfrom = { band = [60, 310] }\nto = "z2"\n'
        '[[feel]]\nfrom = "high"\nto = "z3"\n'
    )
    pitches = (65.0, 80.0, 100.0, 130.0, 160.0, 200.0, 250.0, 300.0)
    sound = np.zeros(len(pitches) * 2 * RATE)
    fade = np.minimum(1, np.arange(RATE * 4 // 5) / 2400)
    for i, hz in enumerate(pitches):
        sound[2 * i * RATE :][: RATE * 4 // 5] = sine(hz, 0.8, 0.3) * fade * fade[::-1]
    wave = felt(patch, garment, sound, tmp_path)
    for i, hz in enumerate(pitches):
        sounding = wave[2 * i * RATE + RATE * 3 // 10 : 2 * i * RATE + RATE * 7 // 10]
        assert peak_hz(sounding[:, 2]) == pytest.approx(hz, rel=0.02)
        assert rms(sounding[:, 2]) > 0.02
        assert np.abs(sounding[:, [0, 1, 3]]).max() < 1e-5


def test_a_route_plays_a_lines_strength(garment: Garment, tmp_path: Path) -> None:
    patch = (
        'title = "Swell"\n[[feel]]\nfrom = "bass"\nto = "z1"\nname = "line"\npart = "hum"\n'
        '[[route]]\nfrom = "high"\nto = "feel.line"\n'
    )
    sound = sine(80, 3, 0.2)
    sound[: RATE * 3 // 2] += sine(3000, 1.5, 0.2)
    wave = felt(patch, garment, sound, tmp_path)
    assert rms(wave[RATE : RATE * 5 // 4, 1]) > 20 * rms(wave[-RATE // 4 :, 1])


def test_the_same_show_on_a_garment_without_actuators_plays(tmp_path: Path) -> None:
    path = tmp_path / "bare.toml"
    path.write_text(
        jacket(tmp_path).path.read_text(encoding="utf-8").split("[[actuator]]")[0], encoding="utf-8"
    )
    patch = tmp_path / "felt.toml"
    patch.write_text('title = "Felt"\n[[feel]]\nfrom = "bass"\nto = "*"\n', encoding="utf-8")
    source = open_recording("test:kick=120", seconds=0.5)
    engine = build(load(patch, garment=path), source.lanes, source.sample_rate, strict=True).engine
    engine.run(source)
    assert engine.hops > 0
