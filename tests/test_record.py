"""What a render leaves: content hashes, npz, WAV, film, report, show.toml, a folder never half-written."""

from __future__ import annotations

import errno
import json
import math
import os
import shutil
import subprocess
import sys
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
import soundfile

from wearsound import gallery
from wearsound.core import Block, Clock, Frame, Health, Row, Spec
from wearsound.errors import DeviceError, MissingError, PatchError, WearsoundError
from wearsound.outputs.record import film as film_module
from wearsound.outputs.record import folder as folder_module
from wearsound.outputs.record import folder as folder_room
from wearsound.outputs.record.columns import Column, ColumnFile
from wearsound.outputs.record.content import ContentHash, file_digest, layer_digest, npz_digest
from wearsound.outputs.record.features import FeatureTape
from wearsound.outputs.record.flashes import FlashMeter, QuarterMeter, flashes
from wearsound.outputs.record.folder import RenderFolder, is_render
from wearsound.outputs.record.light import LightTape
from wearsound.outputs.record.loudness import LoudnessMeter
from wearsound.outputs.record.picture import PictureTape
from wearsound.outputs.record.png import png
from wearsound.outputs.record.poster import Poster
from wearsound.outputs.record.report import Report, differences, facts_of, read_report, versions, write_report
from wearsound.outputs.record.show_file import (
    Part,
    ShowFile,
    changed,
    locate,
    part,
    read_show,
    unmet,
    write_show,
)
from wearsound.outputs.record.sound import SoundTape, pcm
from wearsound.outputs.record.true_peak import TruePeakMeter
from wearsound.outputs.record.wav import WavFile
from wearsound.safety.sound import SoundSafety

CLOCK = Clock()
SPECS = (
    Spec("room.level", "dB", -90, 0, 0.01, "level"),
    Spec("room.onset", "count", 0, 1e9, 1, "onsets", growing=True),
)


def blocks(n_hops, grouping, samples=None):
    """The same `n_hops` in blocks of `grouping` hops, with a stereo sine or given samples."""
    if samples is None:
        t = np.arange(n_hops * CLOCK.hop) / CLOCK.sample_rate
        samples = np.stack([np.sin(2 * np.pi * 440 * t), np.sin(2 * np.pi * 330 * t)], 1) * 0.5
    lanes = {"room": (0, 1)} if samples.shape[1] > 1 else {"room": (0,)}
    for tick in range(0, n_hops, grouping):
        n = min(grouping, n_hops - tick)
        piece = samples[tick * CLOCK.hop : (tick + n) * CLOCK.hop].astype(np.float32)
        yield Block(tick=tick, samples=piece, lanes=lanes, n_hops=n)


def features_of(block):
    ticks = np.arange(block.tick, block.tick + block.n_hops)
    return np.stack([-40 + 0.01 * (ticks % 500), ticks // 10], 1).astype(np.float64)


PIXELS = [4, 1]


def frame(number, lit, rate=60, time=None):
    lit = np.asarray(lit, np.uint8)
    empty = Row({}, np.zeros(0))
    time = (number + 1) / rate if time is None else time
    still = np.zeros(len(lit), np.float32)
    counts = PIXELS if len(lit) == 2 else [400]
    return Frame(
        0, number, time, empty, empty, lit, still, Health(), 7, pixels=np.repeat(lit, counts, axis=0)
    )


def sound_of(block):
    """What an audience hears of a block where nothing is played."""
    return SoundSafety(CLOCK).limit(block, None, np.ones(block.n_hops))


def play(tape, n_hops, grouping, samples=None):
    tape.open(CLOCK)
    for block in blocks(n_hops, grouping, samples):
        if isinstance(tape, SoundTape):
            tape.play(block.tick, block.gap, sound_of(block))
        else:
            tape.write(block, features_of(block), np.zeros((block.n_hops, 0)))
    tape.close()
    tape.close()
    return tape


class TestContentHash:
    def test_known_answer_in_a_fresh_process(self):
        code = (
            "import numpy as np\n"
            "from wearsound.outputs.record.content import ContentHash\n"
            "h = ContentHash('room.bass', '<f4')\n"
            "h.add(np.arange(3, dtype=np.float32)); h.add(np.arange(3, 5, dtype=np.float32))\n"
            "print(h.hexdigest())\n"
        )
        said = set()
        for seed in ("0", "1"):
            env = {**os.environ, "PYTHONHASHSEED": seed}
            run = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True)
            said.add(run.stdout.strip())
        assert said == {KNOWN}

    def test_known_answer_by_hand(self):
        import hashlib

        body = hashlib.sha256(np.arange(5, dtype="<f4").tobytes()).digest()
        assert hashlib.sha256(b"room.bass <f4 (5,)\n" + body).hexdigest() == KNOWN

    @pytest.mark.parametrize(
        ("name", "dtype", "tail", "values"),
        [
            ("room.sub", "<f4", (), np.arange(5, dtype="<f4")),
            ("room.bass", "<i4", (), np.arange(5, dtype="<i4")),
            ("room.bass", "<f4", (1,), np.arange(5, dtype="<f4")[:, None]),
            ("room.bass", "<f4", (), np.arange(6, dtype="<f4")),
        ],
    )
    def test_name_dtype_shape_and_values_all_count(self, name, dtype, tail, values):
        content = ContentHash(name, dtype, tail)
        content.add(values)
        assert content.hexdigest() != KNOWN

    def test_nothing_is_cast_in_silence(self):
        with pytest.raises(ValueError, match="float64"):
            ContentHash("x", "<f4").add(np.zeros(3))


KNOWN = "004c4b9ba5d1dcdaf8599a1dc8ddedb2db177eb731a278d6a37d70e4007439c6"


class TestColumns:
    @pytest.mark.parametrize("rows", [0, 1, 15, 16, 17, 100])
    def test_np_load_reads_what_was_appended(self, tmp_path, rows):
        path = tmp_path / "x.npz"
        file = ColumnFile(path, [Column("a.b", "<f8"), Column("c", "|u1", (2, 3))], chunk_bytes=1)
        file.open()
        a, c = np.arange(rows) / 3, np.arange(rows * 6).reshape(rows, 2, 3).astype(np.uint8)
        for start in range(0, rows, 7):
            file.append([a[start : start + 7], c[start : start + 7]])
        file.close()
        with np.load(path) as found:
            assert found.files == ["a.b", "c"]
            np.testing.assert_array_equal(found["a.b"], a)
            np.testing.assert_array_equal(found["c"], c)
        assert file.digest == npz_digest(path)
        assert os.listdir(tmp_path) == ["x.npz"]

    def test_the_hash_is_of_content_not_of_chunks(self, tmp_path):
        digests = set()
        for size in (1, 1000, 1 << 20):
            file = ColumnFile(tmp_path / f"{size}.npz", [Column("a", "<f4")], chunk_bytes=size)
            file.open()
            file.append([np.arange(999)])
            file.close()
            digests.add(file.digest)
        assert len(digests) == 1

    def test_memory_does_not_grow_with_the_show(self, tmp_path):
        names = [Column(f"f{i}", "<f4") for i in range(20)]
        peaks = []
        for rounds in (200, 2000):
            tracemalloc.start()
            file = ColumnFile(tmp_path / "x.npz", names, chunk_bytes=1 << 20)
            file.open()
            rows = np.zeros((64, 20))
            for _ in range(rounds):
                file.append(list(rows.T))
            file.close()
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
        assert peaks[1] < peaks[0] + 200_000


class TestFeatures:
    def test_values_times_and_counts(self, tmp_path):
        tape = play(FeatureTape(tmp_path / "features.npz", SPECS), 300, 64)
        with np.load(tmp_path / "features.npz") as found:
            assert found.files == ["time", "room.level", "room.onset"]
            assert found["time"].dtype == np.float64
            assert found["room.level"].dtype == np.float32
            assert found["time"][0] == 256 / 48000
            assert found["time"][-1] == 300 * 256 / 48000
            assert found["room.onset"][-1] == 29
        assert tape.facts() == {"counts": {"hops": 300, "room.onset": 29}}

    def test_grouping_does_not_matter(self, tmp_path):
        digests = {play(FeatureTape(tmp_path / f"{n}.npz", SPECS), 300, n).digest for n in (1, 7, 64)}
        assert len(digests) == 1

    def test_one_value_changes_the_hash(self, tmp_path):
        tape = FeatureTape(tmp_path / "a.npz", SPECS)
        one = play(tape, 100, 64).digest
        other = FeatureTape(tmp_path / "b.npz", SPECS)
        other.open(CLOCK)
        for block in blocks(100, 64):
            features = features_of(block)
            features[-1, 0] += 0.01
            other.write(block, features, features)
        other.close()
        assert other.digest != one

    def test_a_gap_shows_in_time(self, tmp_path):
        tape = FeatureTape(tmp_path / "f.npz", SPECS)
        tape.open(CLOCK)
        for tick in (0, 10):
            block = Block(tick, np.zeros((256, 2), np.float32), {"room": (0, 1)}, 1)
            tape.write(block, np.zeros((1, 2)), np.zeros((1, 0)))
        tape.close()
        with np.load(tmp_path / "f.npz") as found:
            np.testing.assert_allclose(found["time"], np.array([1, 11]) * 256 / 48000)


class TestLight:
    def test_every_pixel_of_a_zone(self, tmp_path):
        tape = LightTape(tmp_path / "light.npz", {"chest": np.arange(4), "sleeve_l": np.array([4])})
        tape.open(CLOCK)
        for n in range(90):
            tape.send(frame(n, [(n, 2, 3), (4, 5, n)]))
        tape.close()
        with np.load(tmp_path / "light.npz") as found:
            assert found.files == ["time", "chest", "sleeve_l"]
            assert found["chest"].shape == (90, 4, 3)
            assert found["chest"].dtype == np.uint8
            assert found["sleeve_l"][7].tolist() == [[4, 5, 7]]
            assert found["chest"][7].tolist() == [[7, 2, 3]] * 4
            np.testing.assert_allclose(found["time"], (np.arange(90) + 1) / 60)
        assert tape.digest == npz_digest(tmp_path / "light.npz")
        assert tape.facts()["counts"] == {"light": 90}
        found = tape.facts()["flashes"]
        assert found.pop("zones") == {"chest": 0, "sleeve_l": 0}
        assert found == {"worst": 0, "whole": 0, "quarter": 0, "red": 0}

    def test_frames_that_a_take_lost_take_their_time(self, tmp_path):
        """Two flashes, then a second without frames: never more than two in a second."""
        tape = LightTape(tmp_path / "light.npz", {"chest": np.arange(4), "sleeve_l": np.array([4])})
        tape.open(CLOCK)
        for n in range(420):
            if n % 84 < 24:
                tape.send(frame(n, [(255 * (n // 6 % 2),) * 3] * 2))
        tape.close()
        assert tape.facts()["flashes"]["worst"] == 2

    @pytest.mark.parametrize("strobe", ["coat", "lamp"])
    def test_a_lamp_and_a_coat_do_not_hide_one_another(self, strobe, tmp_path):
        """A large lamp that stays dark makes no small coat smaller, in what a report counts too."""
        zones = {"lamp": np.arange(4), "coat": np.array([4])}
        areas = [1000.0, 0.01] if strobe == "coat" else [0.01, 1000.0]
        tape = LightTape(tmp_path / "light.npz", zones, areas, lamps=["lamp"])
        tape.open(CLOCK)
        for n in range(120):
            on = np.array([[strobe == "lamp"] * 3, [strobe == "coat"] * 3]) * (255 * (n // 6 % 2))
            tape.send(frame(n, [tuple(row) for row in on.tolist()]))
        tape.close()
        found = tape.facts()["flashes"]
        assert found == {
            "worst": 5, "whole": 5, "quarter": 5, "red": 0,
            "zones": {"lamp": 5 * (strobe == "lamp"), "coat": 5 * (strobe == "coat")},
        }  # fmt: skip


def square(hertz, high, low=0.0, rate=60, seconds=3):
    """A grey zone (m, 1, 3) that goes between two relative luminances."""
    n = np.arange(rate * seconds)
    on = (n * hertz * 2 // rate) % 2 == 0
    grey = np.rint(255 * np.where(on, high, low) ** (1 / 2.2))
    return np.repeat(grey.astype(np.uint8)[:, None, None], 3, axis=2)


class TestFlashes:
    @pytest.mark.parametrize(("hertz", "count"), [(1, 1), (2, 2), (3, 3), (5, 5), (10, 10)])
    def test_a_square_wave_flashes_at_its_rate(self, hertz, count):
        assert flashes(square(hertz, 1.0), 60) == [count, count]

    def test_less_than_a_tenth_is_no_flash(self):
        assert flashes(square(5, 0.085), 60) == [0, 0]
        assert flashes(square(5, 0.12), 60) == [5, 5]

    def test_bright_enough_is_no_flash(self):
        assert flashes(square(5, 1.0, 0.85), 60) == [0, 0]

    def test_only_swings_that_touch_the_dark_count(self):
        lit = np.concatenate([np.zeros((6, 1, 3), np.uint8), square(5, 1.0, 0.85)])
        assert flashes(lit, 60) == [0, 0]

    @pytest.mark.parametrize(("frames", "count"), [(120, 0), (20, 1)])
    def test_up_and_down_within_a_second_is_a_flash(self, frames, count):
        up = np.rint(255 * np.linspace(0, 1, frames) ** (1 / 2.2)).astype(np.uint8)
        lit = np.repeat(np.concatenate([up, up[::-1]])[:, None, None], 3, axis=2)
        assert flashes(lit, 60) == [count, count]

    def test_zones_in_turn_cancel_in_the_whole_and_areas_weigh(self):
        one = square(5, 1.0)
        lit = np.concatenate([one, 255 - one], axis=1)
        assert flashes(lit, 60) == [5, 5, 0]
        assert flashes(lit, 60, [9.0, 1.0]) == [5, 5, 5]

    def test_a_second_is_one_of_time_though_frames_are_missing(self):
        """Two flashes, then a second that a take lost, and so on: sixty frames of it are four seconds long."""
        lit = square(5, 1.0, seconds=9)
        whole, quarter = FlashMeter([1.0], 60), QuarterMeter(np.ones(1), 60)
        for k in range(540):
            if k % 84 < 24:
                whole.add(lit[k], k)
                quarter.add(lit[k], k)
        assert whole.worst.tolist() == [2, 2]
        assert max(quarter.worst) == 2

    def test_any_second_counts_not_only_whole_ones(self):
        lit = np.zeros((180, 1, 3), np.uint8)
        lit[40:80] = square(5, 1.0)[:40]
        assert flashes(lit, 60)[0] == flashes(lit[30:], 60)[0] == 4


class TestSound:
    def test_reads_back_equal(self, tmp_path):
        tape = play(SoundTape(tmp_path / "sound.wav"), 200, 64)
        found, rate = soundfile.read(tmp_path / "sound.wav", dtype="int32")
        want = np.concatenate([pcm(block.samples) for block in blocks(200, 200)])
        assert rate == 48000
        assert soundfile.info(tmp_path / "sound.wav").subtype == "PCM_24"
        np.testing.assert_array_equal(found >> 8, want)
        assert tape.facts()["counts"] == {"samples": 200 * 256}
        assert tape.facts()["sound"]["peak_db"] == pytest.approx(-6.02, abs=0.01)

    def test_grouping_does_not_matter(self, tmp_path):
        tapes = [play(SoundTape(tmp_path / f"{n}.wav"), 200, n) for n in (1, 7, 64)]
        assert len({tape.digest for tape in tapes}) == 1
        assert len({json.dumps(tape.facts()) for tape in tapes}) == 1
        assert len({(tmp_path / f"{n}.wav").read_bytes() for n in (1, 7, 64)}) == 1

    def test_mono_is_doubled_and_full_scale_is_held(self, tmp_path):
        samples = np.linspace(-1.5, 1.5, 512)[:, None]
        play(SoundTape(tmp_path / "s.wav"), 2, 1, samples)
        found, _ = soundfile.read(tmp_path / "s.wav", dtype="int32")
        np.testing.assert_array_equal(found[:, 0], found[:, 1])
        assert found.min() >> 8 == -(1 << 23)
        assert found.max() >> 8 == (1 << 23) - 1

    def test_a_gap_is_silence(self, tmp_path):
        tape = SoundTape(tmp_path / "s.wav")
        tape.open(CLOCK)
        for tick, gap in ((0, 0), (4, 3)):
            block = Block(tick, np.full((256, 2), 0.5, np.float32), {"room": (0, 1)}, 1, gap=gap)
            tape.play(block.tick, block.gap, sound_of(block))
        tape.close()
        found, _ = soundfile.read(tmp_path / "s.wav")
        assert len(found) == 5 * 256
        assert not found[256:1024].any()
        assert (found[1024:] == 0.5).all()

    def test_beyond_4_gb_it_is_rf64(self, tmp_path):
        samples = pcm(np.linspace(-1, 1, 3002).reshape(1501, 2))
        file = WavFile(tmp_path / "big.wav", 48000, 2, limit=5000)
        for start in range(0, 1501, 500):
            file.write(samples[start : start + 500])
        file.close()
        assert soundfile.info(tmp_path / "big.wav").format == "RF64"
        found, _ = soundfile.read(tmp_path / "big.wav", dtype="int32")
        np.testing.assert_array_equal(found >> 8, samples)

    @pytest.mark.parametrize(("hertz", "lufs"), [(997, -23.0), (60, -26.6), (5000, -19.7)])
    def test_loudness_of_sines(self, hertz, lufs):
        # -23 LUFS is what the standard's own 997 Hz tone must read; the others come from scipy.signal's
        # sosfilt with its two filters, sample by sample (-26.59 and -19.68).
        t = np.arange(5 * 48000) / 48000
        tone = 10 ** (-23 / 20) * np.sin(2 * np.pi * hertz * t)
        meter = LoudnessMeter(48000)
        for piece in np.array_split(pcm(np.stack([tone, tone], 1)), 37):
            meter.add(piece)
        assert meter.integrated() == pytest.approx(lufs, abs=0.11)

    @pytest.mark.parametrize("hertz", [997, 6000, 12_000, 16_000])
    def test_true_peak_lies_between_samples_and_cuts_do_not_matter(self, hertz):
        """A sine that fades in: nothing but its own peak is there. At a quarter of the rate samples miss it by 3 dB."""
        t = np.arange(24_000) / 48_000
        tone = 0.5 * np.sin(2 * np.pi * hertz * t + 0.785) * np.minimum(1, np.minimum(t, 0.5 - t) / 0.1)
        read = set()
        for cuts in (1, 5, 93):
            meter = TruePeakMeter()
            for piece in np.array_split(pcm(np.stack([tone, 0 * tone], 1)), cuts):
                meter.add(piece)
            read.add(meter.decibels())
        assert len(read) == 1
        assert read.pop() == pytest.approx(-6.02, abs=0.2)

    def test_loudness_of_nothing(self):
        meter = LoudnessMeter(48000)
        meter.add(np.zeros((48000, 2), np.int32))
        assert meter.integrated() is None


class Bars:
    """A picture for tests: three bars, one of which moves, bright in the middle of the show."""

    def __init__(self, peak=70):
        self.peak = peak

    def draw(self, surface, frame):
        surface.fill((10, 12, 20))
        bright = max(0, 255 - 8 * abs(frame.number - self.peak))
        surface.fill((255, 0, 0), (20, 20, 60, 80))
        surface.fill((bright, bright // 3, 30), (100 + frame.number, 20, 40, 120))


def shoot(folder, n=100, fps=30, size=(320, 180), frames=False, peak=70):
    tape = PictureTape(folder, Bars(peak), size, fps, frames)
    sound = SoundTape(folder / "sound.wav", heard=tape.hear)
    sound.open(CLOCK)
    tape.open(CLOCK)
    for block in blocks(n * 48000 // fps // 256 + 1, 64):
        sound.play(block.tick, block.gap, sound_of(block))
        for hop in CLOCK.due_hops(block.tick, block.n_hops, fps):
            number = CLOCK.due(block.tick + hop, fps) - 1
            tape.send(frame(number, [(0, 0, 0)], fps))
    sound.close()
    tape.close()
    tape.close()
    return tape


class TestPicture:
    def test_film_has_picture_and_sound_that_match(self, tmp_path):
        av = pytest.importorskip("av")
        tape = shoot(tmp_path)
        with av.open(str(tmp_path / "video.mp4")) as film:
            video, audio = film.streams.video[0], film.streams.audio[0]
            assert (video.width, video.height, video.average_rate) == (320, 180, 30)
            assert video.codec_context.colorspace == 1
            images = [image.to_ndarray(format="rgb24") for image in film.decode(video)]
            assert audio.rate == 48000
        assert len(images) == tape.facts()["counts"]["frames"] == 100
        # The red bar is still red after conversion there and back: matrix and range are said and kept.
        assert np.abs(images[50][60, 50].astype(int) - [255, 0, 0]).max() <= 6
        with av.open(str(tmp_path / "video.mp4")) as film:
            heard = np.concatenate([tone.to_ndarray() for tone in film.decode(audio=0)], axis=1)
        assert heard.shape[1] == pytest.approx(100 / 30 * 48000, abs=3000)
        assert np.sqrt(np.mean(heard**2)) == pytest.approx(0.5 / math.sqrt(2), rel=0.02)

    def test_hashes_poster_and_thumbs(self, tmp_path):
        tape = shoot(tmp_path, frames=True)
        lines = (tmp_path / "frames.txt").read_text().splitlines()
        assert len(lines) == 100
        assert len(set(lines)) == 100
        assert tape.facts()["picture"] == {"size": [320, 180], "fps": 30, "poster": 70}
        assert sorted(p.name for p in (tmp_path / "thumbs").iterdir()) == [f"{i:04}.png" for i in range(4)]
        assert len(list((tmp_path / "frames").iterdir())) == 100
        import hashlib

        import pygame

        kept = pygame.image.load(tmp_path / "frames" / "000070.png")
        assert hashlib.sha256(pygame.image.tobytes(kept, "RGB")).hexdigest() == lines[70]
        poster = pygame.image.load(tmp_path / "poster.png")
        assert pygame.image.tobytes(poster, "RGB") == pygame.image.tobytes(kept, "RGB")
        assert pygame.image.load(tmp_path / "thumbs" / "0002.png").get_size() == (160, 90)

    def test_twice_is_the_same(self, tmp_path):
        (tmp_path / "a").mkdir()
        (tmp_path / "b").mkdir()
        assert shoot(tmp_path / "a").digest == shoot(tmp_path / "b").digest

    def test_odd_proportions_fit_the_thumb(self, tmp_path):
        shoot(tmp_path, n=2, size=(100, 180))
        import pygame

        small = pygame.image.load(tmp_path / "thumbs" / "0000.png")
        assert small.get_size() == (160, 90)
        assert small.get_at((0, 45))[:3] == (0, 0, 0)

    def test_without_pyav_a_sentence(self, tmp_path, monkeypatch):
        monkeypatch.setitem(sys.modules, "av", None)
        tape = PictureTape(tmp_path, Bars(), (320, 180), 30)
        with pytest.raises(DeviceError, match=r"wearsound\[video\].*--no-video"):
            tape.open(CLOCK)
        tape.close()
        assert list(tmp_path.iterdir()) == []

    def test_trouble_in_the_encoder_is_raised_and_nobody_hangs(self, tmp_path):
        pytest.importorskip("av")
        film = film_module.Film(tmp_path / "v.mp4", (64, 64), 30)
        film.open(48000)

        def feed():
            for _ in range(100):
                film.picture(np.zeros((8, 8, 9), np.uint8))

        with pytest.raises(ValueError, match=r"."):
            feed()
        film.close()

    def test_png_is_read_by_others(self, tmp_path):
        import pygame

        rgb = (np.arange(7 * 5 * 3) * 37 % 256).astype(np.uint8).reshape(7, 5, 3)
        for level in (1, 9):
            (tmp_path / "x.png").write_bytes(png(rgb, level))
            surface = pygame.image.load(tmp_path / "x.png")
            assert pygame.image.tobytes(surface, "RGB") == rgb.tobytes()

    @pytest.mark.parametrize("total", [5, 40, 500, 5000])
    def test_poster_is_late_best_and_few_are_held(self, total):
        poster = Poster(30)
        best = total * 3 // 4 // 5 * 5
        rgb = np.zeros((16, 16, 3), np.uint8)
        for number in range(total):
            early = number < total // 5
            rgb[:8] = (255, 0, 0) if early else (min(200, 200 - abs(number - best) // 30), 0, 0)
            if number == best:
                rgb[:8] = (220, 0, 0)
            poster.offer(number, rgb)
            assert len(poster._best) <= 9
        number, kept = poster.choose()
        assert number == best
        assert kept[0, 0, 0] == 220


def ours(folder):
    """Write the two files that make a folder a render."""
    write_report(folder, Report({"content": {}}))
    write_show(folder, a_show())


def a_show(**changes):
    table = {
        "wearsound": "0.1.0",
        "seed": 7,
        "fps": 30,
        "size": (1280, 720),
        "seconds": 40.0,
        "patch": Part("bass-denim", "ab" * 32),
        "garment": Part('../coat "x".toml', "cd" * 32),
        "input": Part("test:kick=120"),
        "expect": {"onsets": 42, "flashes": {"max": 3}},
    }
    return ShowFile(**{**table, **changes})


class TestFolder:
    def test_whole_or_not_at_all(self, tmp_path):
        to = tmp_path / "out"
        with RenderFolder(to) as made:
            assert made.name == "out.part"
            ours(made)
            assert not to.exists()
        assert sorted(p.name for p in to.iterdir()) == ["report.json", "show.toml"]
        assert sorted(p.name for p in tmp_path.iterdir()) == ["out"]

    @pytest.mark.parametrize("trouble", [RuntimeError, KeyboardInterrupt])
    def test_trouble_leaves_the_old_render(self, tmp_path, trouble):
        to = tmp_path / "out"
        with RenderFolder(to) as made:
            ours(made)
        before = (to / "report.json").read_bytes()

        def fail():
            with RenderFolder(to) as made:
                (made / "report.json").write_text("half")
                raise trouble

        with pytest.raises(trouble):
            fail()
        assert (to / "report.json").read_bytes() == before
        assert sorted(p.name for p in tmp_path.iterdir()) == ["out"]

    def test_a_render_is_replaced(self, tmp_path):
        to = tmp_path / "out"
        for extra in ("features.npz", "osc.jsonl"):
            with RenderFolder(to) as made:
                ours(made)
                (made / extra).write_text("x")
        assert sorted(p.name for p in to.iterdir()) == ["osc.jsonl", "report.json", "show.toml"]

    def test_a_folder_beside_it_of_whatever_name_stays(self, tmp_path):
        to = tmp_path / "out"
        for _ in range(2):
            with RenderFolder(to) as made:
                ours(made)
            (tmp_path / "out.old").mkdir(exist_ok=True)
            (tmp_path / "out.old" / "notes.txt").write_text("mine")
        assert (tmp_path / "out.old" / "notes.txt").read_text() == "mine"
        assert sorted(p.name for p in tmp_path.iterdir()) == ["out", "out.old"]

    @pytest.mark.parametrize("at", ["rename", "unlink"])
    def test_killed_while_it_is_moved_the_next_one_knows_what_lies_there(self, at, tmp_path):
        to = tmp_path / "out"
        code = (
            "import os, sys; from pathlib import Path; from test_record import RenderFolder, ours\n"
            "with RenderFolder(Path(sys.argv[1])) as made:\n ours(made)\n"
            " setattr(Path, sys.argv[2], lambda *_, **__: os._exit(9))"
        )
        killed = subprocess.run([sys.executable, "-c", code, str(to), at], cwd=Path(__file__).parent)
        assert killed.returncode == 9
        assert [path.name for path in tmp_path.iterdir()] == ["out.part" if at == "rename" else "out"]
        with RenderFolder(to) as made:
            ours(made)
        assert [path.name for path in tmp_path.iterdir()] == ["out"]
        assert sorted(path.name for path in to.iterdir()) == ["report.json", "show.toml"]

    def test_told_to_stop_while_it_is_made_leaves_nothing(self, tmp_path, monkeypatch):
        def told(mark):
            raise KeyboardInterrupt

        monkeypatch.setattr(folder_room, "_lock", told)
        with pytest.raises(KeyboardInterrupt), RenderFolder(tmp_path / "out"):
            pass
        assert not list(tmp_path.iterdir())

    def test_what_is_not_ours_stays(self, tmp_path):
        to = tmp_path / "photos"
        to.mkdir()
        with RenderFolder(to) as made:  # empty is free
            ours(made)
        (to / "notes.txt").write_text("mine")
        with pytest.raises(WearsoundError, match=r"notes\.txt"):
            RenderFolder(to).__enter__()
        (to / "report.json").unlink()
        with pytest.raises(WearsoundError, match="not a render"):
            RenderFolder(to).__enter__()
        file = tmp_path / "song.wav"
        file.write_text("x")
        with pytest.raises(WearsoundError, match="not a folder"):
            RenderFolder(file).__enter__()
        assert file.read_text() == "x"
        assert (to / "notes.txt").read_text() == "mine"
        assert not is_render(tmp_path)

    def test_a_killed_render_is_cleared_and_a_stranger_is_not(self, tmp_path):
        to = tmp_path / "out"
        code = (
            "import os, sys; from pathlib import Path\n"
            "from wearsound.outputs.record.folder import RenderFolder\n"
            "part = RenderFolder(Path(sys.argv[1])).__enter__()\n"
            "(part / 'junk').write_text('x'); os._exit(9)\n"
        )
        subprocess.run([sys.executable, "-c", code, str(to)], check=False)
        assert (tmp_path / "out.part" / "junk").exists()
        with RenderFolder(to) as made:
            assert not (made / "junk").exists()
            ours(made)
        (tmp_path / "out.part").mkdir()
        with pytest.raises(WearsoundError, match="in the way"):
            RenderFolder(to).__enter__()

    @pytest.mark.skipif(sys.platform == "win32", reason="files held open cannot be removed there")
    def test_two_renders_do_not_share_a_folder(self, tmp_path):
        with RenderFolder(tmp_path / "out") as made:
            with pytest.raises(WearsoundError, match="another render"):
                RenderFolder(tmp_path / "out").__enter__()
            ours(made)
        assert is_render(tmp_path / "out")

    def test_a_full_disk_is_one_sentence(self, tmp_path):
        def fail():
            with RenderFolder(tmp_path / "out"):
                raise OSError(errno.ENOSPC, "No space left on device")

        with pytest.raises(WearsoundError, match="no space left"):
            fail()
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.skipif(sys.platform == "win32", reason="no file size limit there")
    @pytest.mark.parametrize("layer", ["features", "light", "sound", "picture", "osc"])
    def test_a_really_full_disk_whatever_layer_meets_it(self, tmp_path, layer):
        code = FULL_DISK.replace("LAYER", repr(layer))
        run = subprocess.run(
            [sys.executable, "-c", code, str(tmp_path / "out")],
            capture_output=True,
            text=True,
            cwd=Path(__file__).parent,
        )
        assert run.stdout.startswith("no space left for "), run.stdout + run.stderr
        assert "Traceback" not in run.stderr
        assert list(tmp_path.iterdir()) == []

    def test_nowhere_to_write(self, tmp_path):
        (tmp_path / "file").write_text("")
        with pytest.raises(WearsoundError, match="cannot write"):
            RenderFolder(tmp_path / "file" / "out").__enter__()

    def test_every_layer_has_a_known_name(self):
        assert {"features.npz", "light.npz", "sound.wav", "osc.jsonl"} <= folder_module.LAYERS


FULL_DISK = """
import resource, signal, sys
from pathlib import Path
import numpy as np
import test_record as t
from wearsound.errors import WearsoundError
from wearsound.outputs.osc import JsonlSink
from wearsound.outputs.record.folder import RenderFolder

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
try:
    with RenderFolder(Path(sys.argv[1])) as part:
        if LAYER == "features":
            silence = np.zeros((60_000 * 256, 1), "i1")
            t.play(t.FeatureTape(part / "features.npz", t.SPECS), 60_000, 64, silence)
        elif LAYER == "light":
            tape = t.LightTape(part / "light.npz", {"chest": t.np.arange(400)})
            tape.open(t.CLOCK)
            try:
                for n in range(8000):
                    tape.send(t.frame(n, [(n % 256, n // 256, 0)]))
            finally:
                tape.close()
        elif LAYER == "sound":
            t.play(t.SoundTape(part / "sound.wav"), 200, 64)
        elif LAYER == "picture":
            t.shoot(part, n=40, frames=False)
        else:
            sink = JsonlSink(part / "osc.jsonl")
            sink.open()
            try:
                for n in range(2000):
                    sink.send(n / 60, [("/wear/silence", (0,))])
            finally:
                sink.close([])
except WearsoundError as error:
    print(error)
"""


class TestReport:
    def test_facts_merge_and_read_back(self, tmp_path):
        features = play(FeatureTape(tmp_path / "features.npz", SPECS), 300, 64)
        sound = play(SoundTape(tmp_path / "sound.wav"), 300, 64)
        facts = facts_of([features, sound])
        assert facts["content"] == {"features": features.digest, "sound": sound.digest}
        assert facts["counts"] == {"hops": 300, "room.onset": 29, "samples": 76800}
        assert facts["versions"]["numpy"] == np.__version__
        write_report(tmp_path, Report(facts, {"seconds": 1.5}))
        again = read_report(tmp_path)
        assert again.facts == facts
        assert again.measured == {"seconds": 1.5}
        assert "29 onsets" in again.summary()
        assert differences(facts, again.facts) == []

    def test_differences_are_named(self):
        old = {"content": {"light": "a" * 64, "sound": "b"}, "counts": {"hops": 3}, "versions": versions()}
        new = {"content": {"light": "c" * 64}, "counts": {"hops": 3}, "versions": {"python": "4"}}
        lines = differences(old, new)
        assert lines[0] == f"content.light: was {'a' * 16}, is {'c' * 16}"
        assert lines[1] == "content.sound: was b, is not there"
        assert any(line.startswith("versions.python") for line in lines)
        assert differences({"versions": {"python": "3"}}, {"versions": {"python": "4"}}) == []

    def test_missing_or_broken(self, tmp_path):
        with pytest.raises(MissingError, match=r"report\.json"):
            read_report(tmp_path)
        for text in ("{", "[]", "3", '{"facts": 3}'):
            (tmp_path / "report.json").write_text(text)
            with pytest.raises(PatchError, match="render again"):
                read_report(tmp_path)


class TestShowFile:
    def test_what_is_written_is_read(self, tmp_path):
        for show in (
            a_show(),
            a_show(sketch=Part("./a.py", "x"), rig=Part("r"), frames=True, seconds=0.1 + 0.2),
        ):
            write_show(tmp_path, show)
            assert read_show(tmp_path) == show
            assert read_show(tmp_path / "show.toml") == show

    @pytest.mark.parametrize("text", ["", "seed = ", "sead = 7\n", "\xff"])
    def test_a_wrong_file_is_one_sentence(self, tmp_path, text):
        (tmp_path / "show.toml").write_bytes(text.encode("latin-1"))
        with pytest.raises(PatchError, match=r"show\.toml"):
            read_show(tmp_path)

    def test_no_file(self, tmp_path):
        with pytest.raises(MissingError):
            read_show(tmp_path / "nothing")

    def test_files_are_named_so_that_they_are_found(self, tmp_path):
        out = tmp_path / "out"
        out.mkdir()
        song = tmp_path / "song.wav"
        song.write_text("la")
        named = part("input", song, out)
        assert named == Part("../song.wav", file_digest(song))
        assert locate("input", named, out) == song
        assert part("input", "test:kick=120", out) == Part("test:kick=120")
        assert locate("input", Part("test:kick=120"), out) == "test:kick=120"
        assert part("rig", None, out) is None
        song.write_text("lo")
        show = a_show(patch=Part("./../song.wav", named.sha256), garment=Part("x"), input=Part("demo"))
        assert changed(show, out) == [f"patch {song} has changed since the render"]
        song.unlink()
        with pytest.raises(MissingError, match="not there any more"):
            locate("input", named, out)

    def test_gallery_files_go_by_name(self, tmp_path, monkeypatch):
        patches = tmp_path / "patches"
        patches.mkdir()
        (patches / "wool.toml").write_text("")
        monkeypatch.setattr(gallery, "root", lambda: tmp_path)
        named = part("patch", patches / "wool.toml", tmp_path / "out")
        assert named is not None
        assert named.file == "wool"
        assert locate("patch", named, tmp_path / "out") == patches / "wool.toml"

    def test_expectations(self):
        facts = {"flashes": {"worst": 3}, "counts": {"room.onset": 42, "messages": 900}}
        assert unmet({"flashes": {"max": 3}, "onsets": 42, "messages": {"min": 1}}, facts) == []
        felt = {
            "vibration": {
                "actuators": {"a": {"duty_10s": 0.2}, "b": {"duty_10s": 0.4}},
                "dose": {"of_action": 0.1},
            }
        }
        assert unmet({"duty": {"max": 0.4}, "dose": {"max": 0.2}}, felt) == []
        assert unmet({"duty": {"max": 0.3}}, felt) == ["[expect] duty: 0.4 is not at most 0.3"]
        assert unmet({"flashes": {"max": 2}}, facts) == ["[expect] flashes: 3 is not at most 2"]
        assert unmet({"onsets": 41}, facts) == ["[expect] onsets: 42 is not 41"]
        assert "did you mean 'onsets'" in unmet({"onset": 1}, facts)[0]

    def test_expectations_keep_every_digit(self, tmp_path):
        expect = {"messages": 1_234_567.0, "samples": {"min": 0.1, "max": 12_345_678.0}}
        write_show(tmp_path, a_show(expect=expect))
        assert read_show(tmp_path).expect == expect
        assert '"messages" = 1234567\n' in (tmp_path / "show.toml").read_text("utf-8")
        facts = {"counts": {"messages": 1_234_568, "samples": 12_345_679}}
        assert unmet(expect, facts) == [
            "[expect] messages: 1234568 is not 1234567",
            "[expect] samples: 12345679 is not at least 0.1 and at most 12345678",
        ]


def test_layer_digest_depends_on_order():
    assert layer_digest(["a", "b"]) != layer_digest(["b", "a"])


def test_what_a_person_put_into_a_render_or_renders_from_is_never_lost(tmp_path: Path) -> None:
    from wearsound import load, render
    from wearsound.errors import WearsoundError

    words = {"to": tmp_path / "out", "seconds": 1, "video": False}
    render(load("bass-denim"), "test:kick=120", **words)
    mine = tmp_path / "out" / "thumbs" / "mine.txt"
    mine.parent.mkdir()
    mine.write_text("mine")
    with pytest.raises(WearsoundError, match=r"mine\.txt"):
        render(load("bass-denim"), "test:kick=120", **words)
    assert mine.read_text() == "mine"
    shutil.rmtree(mine.parent)
    own = tmp_path / "out" / "sound.wav"
    before = own.read_bytes()
    with pytest.raises(WearsoundError, match="lies in"):
        render(load("bass-denim"), own, **words)
    assert own.read_bytes() == before
    with pytest.raises(WearsoundError, match="name one inside"):
        render(load("bass-denim"), "test:kick=120", to="/", seconds=1, video=False)


def test_red_flashes_count_though_luminance_stands_still() -> None:
    """White against a red of nearly its luminance, five times a second, seen only by the red measure."""
    grey, red = [126, 126, 126], [255, 0, 0]
    lit = np.array([[grey if (k // 6) % 2 else red] for k in range(120)], np.uint8)
    assert flashes(lit, 60) == [5, 5]
