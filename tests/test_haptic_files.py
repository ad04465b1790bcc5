"""`wearsound haptic`: the engine's own vibration as files, a folder of them, and what is said when it cannot be."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
from haptic_readers import read_ahap, read_android, read_haptic
from thorough import usually

from wearsound import gallery
from wearsound.core import F64, Block, Clock
from wearsound.errors import PatchError, WearsoundError
from wearsound.felt import Drive
from wearsound.garment.sites import sites
from wearsound.garment.structure import Actuator
from wearsound.instruments.vibration.equaliser import equal
from wearsound.outputs.haptic.beside import Beside
from wearsound.outputs.haptic.zone_log import ZoneLog
from wearsound.show.build import build
from wearsound.show.haptic import song_name, write_haptics
from wearsound.show.load import Show, load
from wearsound.show.source import open_recording

KICK = "test:kick=120"
SECONDS = usually(32.0, 62.0)
FORMATS = ("haptic", "android", "ahap", "wav")


def able(show: Show) -> Show:
    """The same, with voice coils in every place: what other devices are told is not one motor's own drive."""
    actuators = [Actuator(a.name, a.zone, "voice-coil", a.at) for a in show.garment.actuators]
    return replace(show, garment=replace(show.garment, actuators=tuple(actuators)))


def played_by_the_engine(show: Show, audio: str, seconds: float) -> dict[str, tuple[F64, F64]]:
    """Each zone's strongest amplitude after safety and the end of each hop, taken from the engine by other means."""
    taken: list[F64] = []
    waves = {actuator.kind for actuator in show.garment.actuators} == {"voice-coil"}

    class Taking:
        name = "taking"

        def open(self, clock: Clock) -> None: ...

        def drive(self, tick: int, gap: int, drive: Drive) -> None:
            # of rated drive (0.7 of an exciter's most), and equalised by its pitch
            taken.append(drive.level / (0.7 * equal(drive.hz)) if waves else drive.level.copy())

        def close(self) -> None: ...

    source = open_recording(audio, seconds=seconds)
    built = build(show, source.lanes, source.sample_rate, strict=True)
    built.engine.drivers.append(Taking())
    built.engine.run(source)
    level = np.clip(np.concatenate(taken), 0, 1)
    ends = (np.arange(len(level)) + 1) * built.clock.hop / built.clock.sample_rate
    zones = zip(show.garment.zone_names, sites(show.garment).of_zone, strict=True)
    return {name: (ends, level[:, of].max(axis=1)) for name, of in zones if len(of)}


@pytest.fixture(scope="module")
def kicks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Kicks over a boundary of 30 s, as every text."""
    to = tmp_path_factory.mktemp("haptic") / "out"
    write_haptics(load("bass-denim"), KICK, to=to, seconds=SECONDS)
    return to


def test_every_zone_that_feels_it_has_a_file_of_each_format(kicks: Path) -> None:
    show = load("bass-denim")
    every = {actuator.zone for actuator in show.garment.actuators}
    zones = {"chest", "back", "cuff_l", "cuff_r"}  # kicks are felt nowhere else
    texts = {f"test-kick-120-{zone}{end}" for zone in zones for end in (".haptic", ".android.json", ".ahap")}
    assert {path.name for path in kicks.iterdir()} == texts | {"haptic.json"}
    index = json.loads((kicks / "haptic.json").read_text())
    assert set(index["files"]) == texts
    assert set(index["zones"]) == every
    assert index["seconds"] == pytest.approx(SECONDS, abs=0.01)
    assert (index["patch"], index["garment"], index["seed"]) == ("bass-denim", "denim-jacket", 7)
    for zone, told in index["zones"].items():
        assert (told["felt"] > 0) == (zone in zones) == bool(told["files"])
        assert sorted(told["files"]) == sorted(name for name in texts if f"-{zone}." in name)
        assert told["actuators"] == [a.name for a in show.garment.actuators if a.zone == zone]


def test_files_hold_what_the_engine_played(kicks: Path) -> None:
    felt = 0
    for zone, (ends, level) in played_by_the_engine(able(load("bass-denim")), KICK, SECONDS).items():
        if level.max() < 0.02:
            continue  # still: it has no file
        lofelt = read_haptic((kicks / f"test-kick-120-{zone}.haptic").read_text())
        assert np.abs(lofelt.amplitude.at(ends) - level).max() < 0.023
        pattern = read_ahap((kicks / f"test-kick-120-{zone}.ahap").read_text())
        far = np.ones(len(ends), bool)
        for time, _, _ in pattern.transients:
            far &= (ends < time - 0.002) | (ends > time + 0.056)
        assert np.abs(pattern.intensity.at(ends) - np.sqrt(level))[far].max() < 0.025
        waveform = read_android((kicks / f"test-kick-120-{zone}.android.json").read_text())
        assert waveform.edges[-1] >= 1000 * SECONDS
        assert [round(time, 3) for time, *_ in lofelt.emphases] == pytest.approx(
            [time for time, *_ in pattern.transients], abs=0.0011
        )
        felt += bool(level.max() > 0.1)
    assert felt


def test_every_kick_is_a_click_in_the_file_and_no_other(kicks: Path) -> None:
    pattern = read_ahap((kicks / "test-kick-120-chest.ahap").read_text())
    times = np.array([time for time, *_ in pattern.transients])
    expected = np.arange(0, SECONDS, 0.5)
    assert len(times) == len(expected)
    late = times - expected
    assert late.min() >= 0
    assert late.max() < 0.016
    assert late[1:].std() < 0.002
    assert (np.array([strong for _, strong, _ in pattern.transients]) > 0.3).all()
    waveform = read_android((kicks / "test-kick-120-chest.android.json").read_text())
    assert np.abs(np.array(waveform.clicks) / 1000 - times).max() <= 0.001


def test_the_waveform_is_one_channel_an_actuator(tmp_path: Path) -> None:
    show = load("bass-denim")
    write_haptics(show, KICK, to=tmp_path / "out", formats=("wav",), seconds=5)
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "haptic.json",
        "test-kick-120-vibration.wav",
    }
    wave, rate = soundfile.read(tmp_path / "out/test-kick-120-vibration.wav")
    assert wave.shape[1] == len(show.garment.actuators)
    zones = played_by_the_engine(show, KICK, 5)
    of = dict(zip(show.garment.zone_names, sites(show.garment).of_zone, strict=True))
    ends, level = zones["chest"]
    assert len(wave) / rate == pytest.approx(ends[-1], abs=1e-6)
    peaks = np.abs(wave[:, of["chest"]]).max(axis=1)
    assert peaks.max() == pytest.approx(level.max(), abs=0.1)


def test_equal_songs_give_equal_files(tmp_path: Path, wearsound) -> None:
    said = []
    for name in ("one", "two"):
        done = wearsound("haptic", KICK, "--seconds", "3", "--to", name)
        assert done.returncode == 0, done.stderr
        said.append(
            {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (tmp_path / name).iterdir()}
        )
    assert said[0] == said[1]
    assert not any(name.endswith(".wav") for name in said[0])  # what other devices play, unless asked
    assert len({name.split(".", 1)[1] for name in said[0]}) == 4
    assert "wrote" in done.stdout
    assert "chest" in done.stdout


def test_formats_are_chosen(tmp_path: Path, wearsound) -> None:
    done = wearsound(
        "haptic", KICK, "--seconds", "1", "--to", "x", "--format", "ahap,wav", "--format", "haptic"
    )
    assert done.returncode == 0, done.stderr
    ends = {"".join(path.suffixes) for path in (tmp_path / "x").iterdir()}
    assert ends == {".ahap", ".haptic", ".wav", ".json"}
    refused = wearsound("haptic", KICK, "--to", "y", "--format", "tact")
    assert refused.returncode == 2
    assert "'tact': a format is one of haptic, android, ahap, wav" in refused.stderr
    assert not (tmp_path / "y").exists()


@pytest.mark.parametrize("seconds", [0.1, 0.004])
def test_a_tenth_of_a_second_is_a_song(tmp_path: Path, wearsound, seconds: float) -> None:
    soundfile.write(
        tmp_path / "Short Song (live).wav", np.sin(np.arange(int(seconds * 48_000)) / 70) * 0.5, 48_000
    )
    done = wearsound("haptic", "Short Song (live).wav", "--to", "out", "--format", "haptic,ahap,android,wav")
    assert done.returncode == 0, done.stderr
    out = tmp_path / "out"
    assert read_haptic((out / "Short-Song-live-chest.haptic").read_text()).seconds == pytest.approx(
        seconds, abs=0.006
    )
    read_ahap((out / "Short-Song-live-chest.ahap").read_text())
    read_android((out / "Short-Song-live-chest.android.json").read_text())


MOTORS = """
title = "motors"
garment = "long-coat"
[[feel]]
from = "bass"
to = "*"
"""


def test_what_a_motor_needs_is_in_the_waveform_alone(tmp_path: Path) -> None:
    """A spinning motor is kicked to start and braked, a telephone is switched in slots: other devices are not."""
    (tmp_path / "motors.toml").write_text(MOTORS)
    show = load(tmp_path / "motors.toml")
    assert {actuator.kind for actuator in show.garment.actuators} >= {"erm", "phone", "voice-coil"}
    write_haptics(show, KICK, to=tmp_path / "out", formats=("haptic", "wav"), seconds=4)
    curves = {
        zone: read_haptic((tmp_path / f"out/test-kick-120-{zone}.haptic").read_text()).amplitude
        for zone in ("chest", "hem", "skirt")
    }
    ends = np.arange(0, 4, 0.005)
    for zone in ("hem", "skirt"):
        assert np.abs(curves[zone].at(ends) - curves["chest"].at(ends)).max() < 0.05
    wave, _ = soundfile.read(tmp_path / "out/test-kick-120-vibration.wav")
    names = [actuator.name for actuator in show.garment.actuators]
    assert wave[:, names.index("hem_l")].min() < -0.2  # braked
    assert set(json.loads((tmp_path / "out/haptic.json").read_text())["formats"]) == {"haptic", "wav"}


def test_a_picture_is_drawn_beside_the_files(tmp_path: Path, wearsound) -> None:
    done = wearsound(
        "haptic", KICK, "--seconds", "2", "--to", "out", "--format", "ahap", "--plot", "felt.png"
    )
    assert done.returncode == 0, done.stderr
    assert "wrote felt.png" in done.stdout
    assert (tmp_path / "felt.png").read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    assert not list((tmp_path / "out").glob("*.wav"))
    (tmp_path / "file").write_text("")
    refused = wearsound("haptic", KICK, "--seconds", "1", "--to", "more", "--plot", "file/felt.png")
    assert refused.returncode == 1
    assert "file/felt.png" in refused.stderr
    assert not (tmp_path / "more").exists()


def test_heard_and_driven_are_kept_side_by_side(tmp_path: Path) -> None:
    beside = Beside(tmp_path, 2)
    beside.open(Clock())
    beside.open(Clock())
    rng = np.random.default_rng(1)
    heard = rng.random((512, 3)).astype(np.float32)
    drive = drive_of(np.zeros((2, 2)))
    drive.wave[:] = rng.random((512, 2))
    for gap, tick in ((0, 0), (70, 72)):
        beside.drive(tick, gap, drive)
        beside.write(Block(tick, heard, {}, 2, gap=gap), np.zeros((2, 0)), np.zeros((2, 0)))
    beside.close()
    beside.close()
    lost = 70 * 256
    assert beside.sound.shape == (1024 + lost, 3)
    assert np.array_equal(beside.sound[-512:], heard)
    assert np.array_equal(beside.felt[:512], drive.wave)
    assert not beside.felt[512 : 512 + lost].any()
    assert np.array_equal(beside.felt[512 + lost :], drive.wave)


def test_silence_is_said_and_written(tmp_path: Path, wearsound) -> None:
    soundfile.write(tmp_path / "still.wav", np.zeros(48_000 * 2), 48_000)
    done = wearsound("haptic", "still.wav", "--to", "out")
    assert done.returncode == 0
    assert done.stderr == "wearsound: the recording is silent: nothing is felt, and no zone gets a file\n"
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["haptic.json"]
    hiss = 0.5 * np.sin(2 * np.pi * 15_000 * np.arange(48_000) / 48_000)
    soundfile.write(tmp_path / "high.wav", hiss, 48_000)
    (tmp_path / "low.toml").write_text(MOTORS)
    done = wearsound("haptic", "high.wav", "--patch", "low.toml", "--to", "out")
    assert (
        "low.toml: nothing is felt in this song: its [[feel]] lines hear nothing in their bands"
        in done.stderr
    )
    (tmp_path / "low.toml").write_text(MOTORS.split("[[feel]]")[0])
    done = wearsound("haptic", "high.wav", "--patch", "low.toml", "--to", "out")
    assert "nothing is felt in this song: add a [[feel]]" in done.stderr


def test_a_picture_alone_and_a_place_for_the_rest(tmp_path: Path, wearsound) -> None:
    done = wearsound("haptic", KICK, "--seconds", "1", "--plot", "felt.png")
    assert done.returncode == 0, done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["felt.png"]
    assert "drive at most" in done.stdout
    assert "still throughout: " in done.stdout
    for more in ((), ("--plot", "other.png", "--format", "ahap")):
        done = wearsound("haptic", KICK, "--seconds", "1", *more)
        assert (done.returncode, done.stdout) == (2, "")
        assert "say where: --to DIR" in done.stderr
    (tmp_path / "felt.png").unlink()
    done = wearsound("haptic", KICK, "--seconds", "1", "--to", "skin", "--plot", "skin/felt.png")
    assert done.returncode == 1
    assert "skin/felt.png would lie in skin, which holds haptic files and nothing else" in done.stderr
    assert "put the plot beside it, as felt.png" in done.stderr
    assert "playing" not in done.stderr
    assert list(tmp_path.iterdir()) == []
    done = wearsound("haptic", KICK, "--seconds", "1", "--to", "skin", "--format", "ahap")
    assert "strength at most" in done.stdout
    assert "still throughout, so without files: " in done.stdout


def test_a_garment_without_actuators_is_a_clear_sentence(tmp_path: Path, wearsound) -> None:
    text = gallery.find("garment", "cuff").read_text()
    (tmp_path / "bare.toml").write_text(text[: text.index("[[actuator]]")])
    done = wearsound("haptic", KICK, "--garment", "bare.toml", "--to", "out")
    assert done.returncode == 2
    assert "bare.toml: no [[actuator]], so nothing of it is felt: add one" in done.stderr
    assert "denim-jacket" in done.stderr
    assert not (tmp_path / "out").exists()


def test_only_a_folder_of_ours_is_replaced(tmp_path: Path) -> None:
    show, to = load("bass-denim"), tmp_path / "out"
    write_haptics(show, KICK, to=to, seconds=0.5)
    write_haptics(show, KICK, to=to, seconds=0.5, formats=("ahap",))
    assert not list(to.glob("*.haptic"))
    (to / "mine.txt").write_text("keep me")
    with pytest.raises(WearsoundError, match=r"holds haptic files but also 'mine\.txt'"):
        write_haptics(show, KICK, to=to, seconds=0.5)
    assert (to / "mine.txt").read_text() == "keep me"
    other = tmp_path / "other"
    other.mkdir()
    (other / "song.wav").write_bytes(b"")
    with pytest.raises(WearsoundError, match="is not a folder of haptic files"):
        write_haptics(show, KICK, to=other, seconds=0.5)
    (other / "haptic.json").write_text("[1]")
    with pytest.raises(WearsoundError, match="is not a folder of haptic files"):
        write_haptics(show, KICK, to=other, seconds=0.5)
    with pytest.raises(WearsoundError, match="is not a folder"):
        write_haptics(show, KICK, to=other / "song.wav", seconds=0.5)


def test_what_it_is_made_of_is_never_replaced(tmp_path: Path) -> None:
    to = tmp_path / "out"
    to.mkdir()
    soundfile.write(to / "song.wav", np.zeros(4800), 48_000)
    with pytest.raises(WearsoundError, match="would be replaced"):
        write_haptics(load("bass-denim"), to / "song.wav", to=to)


def test_what_breaks_on_the_way_leaves_nothing(tmp_path: Path) -> None:
    def stop(share: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_haptics(
            load("bass-denim"), KICK, to=tmp_path / "out", seconds=3, formats=FORMATS, progress=stop
        )
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(PatchError):
        load("no-such-patch")


def test_names_of_songs_are_names_of_files() -> None:
    assert song_name("test:kick=120") == "test-kick-120"
    assert song_name("/a/b/Größe: 2/../Nº 1.flac") == "Nº-1"
    assert song_name("x/???.wav") == "song"
    assert len(song_name("y" * 300 + ".wav")) == 80


# The tape


def drive_of(level: F64, hz: float = 100.0, hop: int = 256) -> Drive:
    n, actuators = level.shape
    return Drive(np.zeros((n * hop, actuators), np.float32), level.astype(float), np.full((n, actuators), hz))


def test_the_tape_does_not_see_blocks() -> None:
    rng = np.random.default_rng(5)
    level = rng.uniform(-1, 1, (500, 3)) * (rng.random((500, 1)) > 0.5)
    heard = []
    for sizes in ([1] * 500, [64] * 7 + [52], [3, 64, 33] * 5):
        tape = ZoneLog({"a": [0, 2], "b": [1]})
        tape.open(Clock())
        at = 0
        for n in sizes:
            tape.drive(at, 0, drive_of(level[at : at + n]))
            at += n
        heard.append(tape.played())
    for zones in heard[1:]:
        for one, other in zip(heard[0], zones, strict=True):
            assert (one.zone, one.clicks) == (other.zone, other.clicks)
            assert np.array_equal(one.times, other.times)
            assert np.array_equal(one.amplitude, other.amplitude)
            assert np.array_equal(one.hz, other.hz)


def test_a_brake_is_not_felt_and_the_strongest_speaks() -> None:
    tape = ZoneLog({"a": [0, 1]})
    level = np.array([[0.0, 0.2], [0.5, 0.3], [-1.0, 0.0], [-1.0, -1.0]])
    drive = drive_of(level)
    drive.hz[:] = [80, 160]
    tape.drive(0, 0, drive)
    (zone,) = tape.played()
    assert zone.amplitude == pytest.approx([0, 0.2, 0.5, 0, 0])
    assert zone.hz[1:3].tolist() == [160, 80]


def test_what_equalises_a_pitch_is_no_click() -> None:
    """A note that changes its pitch, not its strength: the drive of an exciter jumps, another device does not."""
    tape = ZoneLog({"a": [0]}, lambda hz: 0.7 * equal(hz))
    hz = np.where(np.arange(200) < 100, 150.0, 70.0)[:, None]
    drive = drive_of(0.6 * 0.7 * equal(hz))
    drive.hz[:] = hz
    tape.drive(0, 0, drive)
    (zone,) = tape.played()
    assert zone.amplitude[1:] == pytest.approx(0.6, abs=1e-6)
    assert [round(click.time, 2) for click in zone.clicks] == [0]
    assert drive.level.max() > 2 * drive.level.min()


def test_lost_time_is_still_and_later_music_in_its_place() -> None:
    tape = ZoneLog({"a": [0]})
    tape.drive(0, 0, drive_of(np.full((10, 1), 0.7)))
    tape.drive(110, 100, drive_of(np.full((10, 1), 0.7)))
    (zone,) = tape.played()
    assert zone.seconds == pytest.approx(120 * 256 / 48_000)
    assert zone.amplitude[15:105].max() == 0
    assert zone.amplitude[-1] == pytest.approx(0.7)
    assert ZoneLog({"a": [0]}).played() == []
