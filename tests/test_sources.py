"""Sources: known answers, any chunking gives the same hops, bad files give sentences, rings keep time."""

from __future__ import annotations

import os
import struct
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from wearsound.chance import uniform
from wearsound.core import MAX_HOPS, Block, Clock
from wearsound.errors import AudioError, DeviceError
from wearsound.show.source import TEST_SECONDS, Watched, length_of, open_recording, open_source
from wearsound.sources import desk, devices, signal
from wearsound.sources.blocks import LOUDEST, blocks_of, lanes_of, scrub
from wearsound.sources.capture import same_device
from wearsound.sources.file import FileSource
from wearsound.sources.listen import Listener
from wearsound.sources.pace import Paced
from wearsound.sources.player import CUSHION
from wearsound.sources.ring import Ring

soundfile = pytest.importorskip("soundfile")

CLOCK = Clock()


def ragged(total: int, name: str, most: int = 5000) -> Iterator[slice]:
    """Cuts 0..total into pieces of 0 to `most`, the same for every run of a name."""
    at = count = 0
    while at < total:
        size = int(uniform(1, name, count) ** 3 * most)
        yield slice(at, min(at + size, total))
        at += size
        count += 1


def music(samples: int, channels: int = 2, rate: int = 48_000) -> np.ndarray:
    """Kick and pink noise, a different mix in each channel."""
    kick = signal.test_signal("kick=128").samples(0, samples, rate)
    pink = signal.test_signal("pink").samples(0, samples, rate)
    return np.stack([kick * (0.9 - 0.2 * c) + pink * 0.1 * (c + 1) for c in range(channels)], 1).astype(
        np.float32
    )


def heard(blocks: Iterator[Block]) -> np.ndarray:
    """All samples of a source, with the contract of every source checked on the way."""
    parts = []
    tick = 0
    for block in blocks:
        assert block.tick == tick + block.gap
        assert 1 <= block.n_hops <= MAX_HOPS
        assert block.samples.dtype == np.float32
        assert len(block.samples) % block.n_hops == 0
        assert np.isfinite(block.samples).all()
        tick = block.tick + block.n_hops
        parts.append(block.samples)
    return np.concatenate(parts)


def write(path: Path, samples: np.ndarray, rate: int = 48_000, subtype: str | None = None) -> Path:
    with soundfile.SoundFile(path, "w", rate, samples.shape[1], subtype=subtype) as file:
        for at in range(0, len(samples), 4096):  # Vorbis in one long write ends in a segmentation fault
            file.write(samples[at : at + 4096])
    return path


class TestBlocks:
    def test_lanes(self) -> None:
        assert lanes_of(1) == {"room": (0,)}
        assert lanes_of(2) == {"room": (0, 1)}
        assert lanes_of(3) == {"room": (0, 1), "body": (2,)}
        assert lanes_of(4) == lanes_of(9) == {"room": (0, 1), "body": (2,), "crowd": (3,)}

    @pytest.mark.parametrize("total", [1, 255, 256, 257, 256 * 64, 256 * 64 + 1, 100_003])
    def test_any_chunking_gives_the_same_hops(self, total: int) -> None:
        samples = music(total, 3)
        whole = heard(blocks_of([samples], CLOCK, lanes_of(3), 3))
        assert len(whole) == -(-total // 256) * 256
        assert np.array_equal(whole[:total], samples)
        assert not whole[total:].any()
        for name in ("a", "b"):
            pieces = [samples[cut] for cut in ragged(total, name)]
            assert np.array_equal(heard(blocks_of(pieces, CLOCK, lanes_of(3), 3)), whole)

    def test_a_block_keeps_its_samples_when_the_next_is_made(self) -> None:
        blocks = list(blocks_of([music(256 * 200)], CLOCK, lanes_of(2), 2))
        assert np.array_equal(np.concatenate([b.samples for b in blocks]), music(256 * 200))
        assert [b.n_hops for b in blocks] == [64, 64, 64, 8]

    def test_scrub(self) -> None:
        samples = np.array([[0.5, np.nan], [np.inf, -np.inf], [1e30, -9], [8, -8]], np.float32)
        assert scrub(samples) == 5
        assert samples.tolist() == [[0.5, 0], [LOUDEST, -LOUDEST], [LOUDEST, -LOUDEST], [8, -8]]
        assert scrub(samples) == 0
        assert scrub(np.zeros((0, 2), np.float32)) == 0


class TestFile:
    @pytest.mark.parametrize("subtype", ["PCM_16", "PCM_24", "PCM_32", "FLOAT"])
    def test_samples_of_a_wav(self, tmp_path: Path, subtype: str) -> None:
        samples = music(20_011)
        source = FileSource(write(tmp_path / "a.wav", samples, subtype=subtype))
        got = heard(source.blocks(CLOCK))[: len(samples)]
        step = {"PCM_16": 2.0**-15, "PCM_24": 2.0**-23, "PCM_32": 2.0**-24, "FLOAT": 0.0}[subtype]
        assert np.abs(got - samples).max() <= step
        assert source.duration == pytest.approx(20_011 / 48_000)
        assert source.note == ""
        assert not source.live

    def test_reads_what_a_person_has(self, tmp_path: Path) -> None:
        for name, rate, channels in (
            ("a.mp3", 44_100, 2),
            ("b.wav", 48_000, 2),
            ("c.ogg", 8_000, 1),
            ("d.flac", 96_000, 3),
            ("e.aiff", 22_050, 4),
        ):
            path = write(tmp_path / name, music(rate, channels, rate), rate)
            source = FileSource(path)
            got = heard(source.blocks(CLOCK))
            assert got.shape[1] == channels
            assert len(got) / 48_000 == pytest.approx(1.0, abs=0.06), name
            assert 0.05 < float(np.sqrt((got**2).mean())) < 0.5
            assert np.array_equal(got, heard(source.blocks(CLOCK))), "a second reading is the same"

    @pytest.mark.parametrize("rate", [8_000, 44_100, 44_101, 96_000])
    def test_resampled_stream_equals_one_shot(self, tmp_path: Path, rate: int) -> None:
        import soxr

        samples = music(rate * 2 + 17, 2, rate)
        path = write(tmp_path / "a.wav", samples, rate, "FLOAT")
        got = heard(FileSource(path).blocks(CLOCK))
        once = soxr.resample(samples, rate, 48_000, quality="HQ")
        assert len(got) == -(-len(once) // 256) * 256
        assert np.array_equal(got[: len(once)], once)

    def test_a_tone_keeps_its_pitch_and_level(self, tmp_path: Path) -> None:
        tone = signal.test_signal("sine=997").samples(0, 44_100, 44_100).astype(np.float32)[:, None]
        got = heard(FileSource(write(tmp_path / "a.wav", tone, 44_100, "FLOAT")).blocks(CLOCK))[
            4800:43_200, 0
        ]
        spectrum = np.abs(np.fft.rfft(got * np.hanning(len(got))))
        assert spectrum.argmax() * 48_000 / len(got) == pytest.approx(997, abs=1.3)
        assert float(np.sqrt((got**2).mean())) == pytest.approx(0.5 / 2**0.5, rel=1e-3)

    def test_follows_the_clock(self, tmp_path: Path) -> None:
        samples = music(44_100, 1, 44_100)
        path = write(tmp_path / "a.wav", samples, 44_100, "FLOAT")
        got = heard(FileSource(path).blocks(Clock(44_100, 128)))
        assert np.array_equal(got[:44_100], samples)

    def test_loop_has_no_seam_and_seconds_end_it(self, tmp_path: Path) -> None:
        samples = music(10_007)
        source = FileSource(write(tmp_path / "a.wav", samples, subtype="FLOAT"), loop=True, seconds=0.9)
        got = heard(source.blocks(CLOCK))
        assert np.array_equal(got[:43_200], np.tile(samples, (5, 1))[:43_200])
        assert not got[43_200:].any()
        assert source.duration == 0.9
        assert FileSource(tmp_path / "a.wav", loop=True).duration == float("inf")
        assert FileSource(tmp_path / "a.wav", seconds=99).duration == pytest.approx(10_007 / 48_000)

    def test_channels_from_the_fifth_on_are_left_out_and_said(self, tmp_path: Path) -> None:
        samples = music(5_000, 6)
        source = FileSource(write(tmp_path / "a.wav", samples, subtype="FLOAT"))
        assert list(source.lanes) == ["room", "body", "crowd"]
        assert np.array_equal(heard(source.blocks(CLOCK))[:5_000], samples[:, :4])
        assert "channels 5 to 6 are left out" in source.note

    def test_broken_samples_are_mended_before_the_resampler(self, tmp_path: Path) -> None:
        samples = music(44_100)
        samples[1000:1010, 0] = np.nan
        samples[2000, 1] = np.inf
        samples[3000] = 1e30
        source = FileSource(write(tmp_path / "a.wav", samples, 44_100, "FLOAT"))
        got = heard(source.blocks(CLOCK))
        assert np.abs(got).max() <= LOUDEST
        assert np.abs(got[4000:]).max() < 1.5, "nothing of it is left a moment later"
        assert "13 samples" in source.note

    def test_memory_does_not_grow_with_the_length(self, tmp_path: Path) -> None:
        path = write(tmp_path / "a.flac", music(44_100 * 20, 2, 44_100), 44_100)

        def peak(seconds: float) -> int:
            tracemalloc.start()
            for _ in FileSource(path, loop=True, seconds=seconds).blocks(CLOCK):
                pass
            most = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
            return most

        peak(1)
        assert peak(30) < peak(5) + 200_000


def bad_files() -> dict[str, tuple[Callable[[bytes], bytes | None], str, str]]:
    """name: (bytes made from a good WAV, part of the sentence, part of the remedy)."""

    def field(at: int, form: str, value: int) -> Callable[[bytes], bytes]:
        def change(good: bytes) -> bytes:
            made = bytearray(good)
            struct.pack_into(form, made, at, value)
            return bytes(made)

        return change

    noise = bytes((i * i * 31 + 7 * i) & 255 for i in range(20_000))
    return {
        "missing.wav": (lambda good: None, "no recording", "did you mean 'missed.wav'?"),
        "empty.wav": (lambda good: b"", "empty (0 bytes)", "again"),
        "text.wav": (lambda good: b"this is not sound\n" * 99, "holds text", "WAV, FLAC, MP3"),
        "text.mp3": (lambda good: b"<html>404</html>", "holds text", "WAV, FLAC, MP3"),
        "zero.wav": (lambda good: good[:40] + bytes(4), "no sound (0 samples)", "again"),
        "unfinished.wav": (
            field(40, "<I", 0),
            "0 samples though it has",
            "ffmpeg -i unfinished.wav mended.wav",
        ),
        "head.flac": (lambda good: b"fLaC" + bytes(40), "starts like FLAC", "ffmpeg -i head.flac head.wav"),
        "head.ogg": (lambda good: b"OggS" + bytes(40), "starts like OGG", "ffmpeg"),
        "tiny.wav": (
            lambda good: good[:10],
            "nothing that looks like sound",
            "ffmpeg -i tiny.wav tiny-new.wav",
        ),
        "noise.wav": (lambda good: noise, "nothing that looks like sound", "convert it"),
        "noise.mp3": (lambda good: noise, "nothing that looks like sound", "convert it"),
        "song.m4a": (
            lambda good: b"\0\0\0\x20ftypM4A " + bytes(99),
            "AAC or ALAC",
            "convert it to WAV, FLAC, MP3",
        ),
        "film.mkv": (lambda good: b"\x1aE\xdf\xa3" + bytes(99), "film", "ffmpeg -i film.mkv film.wav"),
        "archive.wav": (lambda good: b"PK\x03\x04" + bytes(99), "ZIP", "convert"),
        "nochannels.wav": (field(22, "<H", 0), "starts like WAV", "convert"),
        "channels.wav": (field(22, "<H", 65_535), "starts like WAV", "convert"),
        "slow.wav": (field(24, "<I", 1), "says 1 samples a second", "export it again"),
        "fast.wav": (field(24, "<I", 2_000_000_000), "2,000,000,000 samples a second", "export it again"),
        "codec.wav": (field(20, "<H", 0x55), "unusual kind", "convert"),
        "format.wav": (field(16, "<I", 0x7FFF_FFFF), "starts like WAV", "convert"),
    }


class TestBadFiles:
    @pytest.mark.parametrize("name", bad_files())
    def test_a_sentence_with_a_remedy(
        self, tmp_path: Path, name: str, capfd: pytest.CaptureFixture[str]
    ) -> None:
        make, said, remedy = bad_files()[name]
        good = write(tmp_path / "missed.wav", music(9_000), subtype="PCM_16").read_bytes()
        made = make(good)
        if made is not None:
            (tmp_path / name).write_bytes(made)
        with pytest.raises(AudioError) as trouble:
            FileSource(tmp_path / name)
        sentence = str(trouble.value)
        assert said in sentence
        assert remedy in sentence
        assert name in sentence
        assert "\n" not in sentence
        assert trouble.value.exit_code == 2
        assert capfd.readouterr().err == "", "no library speaks past us"

    def test_places_that_are_no_files(self, tmp_path: Path) -> None:
        write(tmp_path / "song.wav", music(999))
        with pytest.raises(
            AudioError, match=r"is a folder; give one recording in it, for example .*song\.wav"
        ):
            FileSource(tmp_path)
        with pytest.raises(AudioError, match="not a file but a device or pipe"):
            FileSource("/dev/zero")
        os.mkfifo(tmp_path / "pipe.wav")
        with pytest.raises(AudioError, match="not a file but a device or pipe"):
            FileSource(tmp_path / "pipe.wav")
        for name in ("a\0b.wav", "x" * 300 + ".wav"):
            with pytest.raises(AudioError, match="cannot be opened"):
                FileSource(tmp_path / name)

    @pytest.mark.parametrize("seconds", [0, -1, float("nan"), float("inf")])
    def test_seconds_must_be_above_nothing(self, tmp_path: Path, seconds: float) -> None:
        with pytest.raises(AudioError, match="give a number above 0"):
            FileSource(write(tmp_path / "a.wav", music(999)), seconds=seconds)

    @pytest.mark.skipif(os.name != "posix", reason="names are bytes there")
    def test_a_name_of_any_bytes_is_opened(self, tmp_path: Path) -> None:
        path = write(tmp_path / "a.wav", music(999)).rename(tmp_path / os.fsdecode(b"\xff.wav"))
        assert heard(FileSource(path).blocks(CLOCK)).any()

    @pytest.mark.parametrize(
        ("name", "part"), [("a.wav", 0.5), ("a.flac", 0.6), ("a.mp3", 0.5), ("a.wav", 0.999)]
    )
    def test_cut_short_plays_what_is_there_and_says_so(
        self, tmp_path: Path, name: str, part: float, capfd: pytest.CaptureFixture[str]
    ) -> None:
        samples = music(48_000 * 3)
        path = write(tmp_path / name, samples)
        whole = heard(FileSource(path).blocks(CLOCK))
        data = path.read_bytes()
        path.write_bytes(data[: int(len(data) * part)])
        source = FileSource(path)
        got = heard(source.blocks(CLOCK))
        assert 0.3 * len(whole) < len(got) <= len(whole)
        assert "cut short" in source.note
        full = len(got) - 5_000
        assert np.array_equal(got[:full], whole[:full])
        assert capfd.readouterr().err == ""

    def test_damage_in_the_middle_is_said_once_and_by_us(
        self, tmp_path: Path, capfd: pytest.CaptureFixture[str]
    ) -> None:
        path = write(tmp_path / "a.mp3", music(48_000 * 3))
        data = bytearray(path.read_bytes())
        data[len(data) // 2 : len(data) // 2 + 2000] = bytes(i * 7 & 255 for i in range(2000))
        path.write_bytes(bytes(data))
        source = FileSource(path)
        assert len(heard(source.blocks(CLOCK))) > 16_000
        assert "damaged" in source.note
        assert capfd.readouterr().err == ""

    def test_a_streamed_wav_that_knows_no_length_is_no_cut_one(self, tmp_path: Path) -> None:
        path = write(tmp_path / "a.wav", music(9_000), subtype="PCM_16")
        data = bytearray(path.read_bytes())
        struct.pack_into("<I", data, 40, 0xFFFF_FFFF)
        path.write_bytes(bytes(data))
        source = FileSource(path)
        assert len(heard(source.blocks(CLOCK))) >= 9_000
        assert source.note == ""


class TestSignals:
    @pytest.mark.parametrize("kind", signal.KNOWN)
    def test_every_signal_is_the_same_however_it_is_cut(self, kind: str) -> None:
        source = signal.test_signal(f"test:{kind},seconds=2.3")
        got = heard(source.blocks(CLOCK))[:, 0]
        assert len(got) == -(-110_400 // 256) * 256
        assert np.abs(got).max() <= 1.0
        assert list(source.lanes) == ["room"]
        for cut in ragged(110_400, kind, 20_000):
            if cut.stop > cut.start:
                part = source.samples(cut.start, cut.stop - cut.start).astype(np.float32)
                assert np.array_equal(part, got[cut])

    @pytest.mark.parametrize("kind", signal.KNOWN)
    def test_a_year_in_it_still_plays(self, kind: str) -> None:
        late = signal.test_signal(kind).samples(365 * 86_400 * 48_000, 192_000)
        assert np.isfinite(late).all()
        assert (np.abs(late).max() > 0.3) == (kind != "silence")

    def test_sine(self) -> None:
        got = signal.test_signal("sine=440").samples(0, 48_000)
        assert np.sqrt((got**2).mean()) == pytest.approx(0.5 / 2**0.5, rel=1e-6)
        assert np.abs(np.fft.rfft(got)).argmax() == 440
        hour = signal.test_signal("sine=440.125").samples(48_000 * 3600 * 8, 48_000)
        assert np.allclose(hour, signal.test_signal("sine=440.125").samples(0, 48_000), atol=1e-12)

    def test_sweep_rises_an_octave_a_second(self) -> None:
        got = signal.test_signal("sweep").samples(0, 480_000)
        for second in range(10):
            crossings = np.count_nonzero(np.diff(np.signbit(got[second * 48_000 : (second + 1) * 48_000])))
            assert crossings == pytest.approx(2 * 30 * 2**second, abs=2)
        assert np.abs(np.diff(got[:96_000])).max() < 0.02, "no seam between octaves"

    @pytest.mark.parametrize("kind", ["clicks", "kick"])
    @pytest.mark.parametrize("bpm", ["60", "120", "127.5", "174", "399.999"])
    def test_beats_are_where_they_are_said_to_be(self, kind: str, bpm: str) -> None:
        source = signal.test_signal(f"test:{kind}={bpm},seconds=20")
        got = np.abs(heard(source.blocks(CLOCK))[:, 0])
        times = source.beats(20)
        assert len(times) == int(np.ceil(20 * float(bpm) / 60))
        for beat in times:
            start = int(np.ceil(round(beat * 48_000, 6)))
            assert signal._age(np.array([start]), 48_000, source.value) == 0, (
                "the first sample at or after it"
            )
            assert got[start : start + 480].max() > 0.3, "something is struck"
            assert start < 48 or got[start - 48 : start].max() < 0.01, "after quiet"

    def test_pink_has_as_much_in_every_octave(self) -> None:
        got = signal.test_signal("pink").samples(0, 1 << 19)
        power = np.abs(np.fft.rfft(got)) ** 2
        hertz = np.fft.rfftfreq(len(got), 1 / 48_000)
        octaves = [
            10 * np.log10(power[(hertz >= f) & (hertz < 2 * f)].sum()) for f in (40, 160, 640, 2560, 5120)
        ]
        assert max(octaves) - min(octaves) < 3.0
        assert 0.1 < np.sqrt((got**2).mean()) < 0.4

    def test_step(self) -> None:
        got = signal.test_signal("step=1").samples(0, 192_000).reshape(4, 48_000)
        assert not got[0].any()
        assert not got[2].any()
        assert np.abs(got[1]).max() == pytest.approx(0.5, abs=1e-3)

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("test:kik", "did you mean 'kick'?"),
            ("test:", "there is clicks, kick, pink, silence, sine, step, sweep"),
            ("xyz", "there is clicks, kick, pink, silence, sine, step, sweep"),
            ("test:kick=0", "at least 20 and at most 400 BPM"),
            ("test:kick=fast", "give a number of BPM"),
            ("test:sine=1/0", "give a number of Hz"),
            ("test:sine=1e99999999", "give a number of Hz"),
            ("test:sine=nan", "give a number of Hz"),
            ("test:sine=99999", "at most 20,000 Hz"),
            ("test:pink=3", "takes no value"),
            ("test:kick=120,second=3", "there is seconds"),
            ("test:kick=120,seconds=", "give a number of seconds"),
            ("test:kick=120,seconds=0", "above 0"),
            ("test:step=0", "above 0"),
        ],
    )
    def test_a_wrong_one_gets_a_sentence(self, text: str, said: str) -> None:
        with pytest.raises(AudioError) as trouble:
            signal.test_signal(text)
        assert said in str(trouble.value)

    def test_how_long_it_is_said_to_be_is_how_long_it_is(self) -> None:
        for text, seconds, loop, length in (
            ("test:kick", None, False, TEST_SECONDS),
            ("test:kick,seconds=2", None, False, 2.0),
            ("test:kick,seconds=2", 0.5, False, 0.5),
            ("test:kick", 0.5, True, 0.5),
            ("test:kick,seconds=2", None, True, 2.0),
            ("test:kick", None, True, None),
        ):
            source = open_recording(text, seconds=seconds, loop=loop)
            assert length_of(source) == length
            if length is not None:
                assert len(heard(source.blocks(CLOCK))) == pytest.approx(length * 48_000, abs=CLOCK.hop)
                assert Paced(source, mute=True).duration == length


def filled(ring: Ring, samples: np.ndarray) -> None:
    ring.write(samples.astype(np.float32))


class TestRing:
    def test_ragged_writes_come_out_whole(self) -> None:
        samples = music(48_000 * 9)
        ring = Ring(2, 256, 48_000)
        got = []
        for number, cut in enumerate(ragged(len(samples), "callbacks", 4000)):
            ring.write(samples[cut])
            if number % 3 != 1:
                part, lost = ring.read()
                assert lost == 0
                got.append(part)
        got.append(ring.read()[0])
        whole = np.concatenate(got)
        assert len(whole) == len(samples) // 256 * 256
        assert np.array_equal(whole, samples[: len(whole)])

    def test_two_threads_in_real_time_lose_nothing(self) -> None:
        samples = music(48_000)
        ring = Ring(2, 256, 48_000)
        ring.behind = ring.size // 2  # a busy machine may stop the reader for longer than a show allows

        def callback() -> None:
            start = time.perf_counter()
            for cut in ragged(len(samples), "live", 1500):
                time.sleep(max(0.0, start + cut.stop / 48_000 - time.perf_counter()))
                ring.write(samples[cut])

        thread = threading.Thread(target=callback)
        thread.start()
        got = []
        while ring.wait(0.5):
            part, lost = ring.read()
            assert lost == 0
            got.append(part)
        thread.join()
        whole = np.concatenate(got)
        assert len(whole) == len(samples) // 256 * 256
        assert np.array_equal(whole, samples[: len(whole)])
        assert ring._bell.qsize() <= 1

    def test_a_late_reader_skips_to_the_newest_and_counts(self) -> None:
        samples = music(48_000 * 6, 1)
        ring = Ring(1, 256, 48_000)
        filled(ring, samples[: 256 * 10])
        assert len(ring.read()[0]) == 256 * 10
        for at in range(256 * 10, 48_000 * 3, 480):
            filled(ring, samples[at : at + 480])
        part, lost = ring.read()
        hops = len(part) // 256
        assert hops <= 47
        assert 10 + lost + hops == ring.mark[0] // 256
        assert np.array_equal(part, samples[(10 + lost) * 256 : (10 + lost + hops) * 256])
        for at in range(ring.mark[0], 48_000 * 6, 4096):  # more than the ring holds
            filled(ring, samples[at : at + 4096])
        before = 10 + lost + hops
        part, lost = ring.read()
        assert np.array_equal(part, samples[(before + lost) * 256 :][: len(part)])

    def test_one_write_longer_than_the_ring(self) -> None:
        samples = music(48_000 * 5, 1)
        ring = Ring(1, 256, 48_000)
        filled(ring, samples)
        part, lost = ring.read()
        assert np.array_equal(part, samples[lost * 256 :][: len(part)])

    def test_waiting_ends(self) -> None:
        ring = Ring(1, 256, 48_000)
        start = time.perf_counter()
        assert not ring.wait(0.05)
        assert time.perf_counter() - start < 0.5
        filled(ring, np.zeros((255, 1)))
        assert not ring.wait(0.0)
        filled(ring, np.zeros((1, 1)))
        assert ring.wait(0.0)

    def test_a_write_wakes_the_waiting_reader(self) -> None:
        ring = Ring(1, 256, 48_000)
        timer = threading.Timer(0.1, filled, (ring, np.zeros((256, 1))))
        start = time.perf_counter()
        timer.start()
        assert ring.wait(20.0)
        assert time.perf_counter() - start < 10.0

    def test_the_callback_finds_no_memory(self) -> None:
        ring = Ring(2, 256, 48_000)
        frames = np.zeros((256, 2), np.float32)
        ring.write(frames)
        tracemalloc.start()
        for _ in range(2000):
            ring.write(frames)
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert most < len(frames) * 2 * 4, "less than one buffer of samples"


class Time:
    """A ring fed by a simulated device, on a simulated clock, for the listener."""

    def __init__(
        self, monkeypatch: pytest.MonkeyPatch, seconds: float, crystal: float = 1.0, step: float = 0.005
    ) -> None:
        self.now = 1000.0
        self.end = self.now + seconds
        self.crystal = crystal
        self.step = step
        self.gone: list[tuple[float, float]] = []
        self.backlog = False
        self.position = 0.0
        self.ring = Ring(1, 256, 48_000)
        monkeypatch.setattr("time.monotonic", lambda: self.now)
        monkeypatch.setattr(self.ring, "wait", self.wait)
        self.listener = Listener(self.ring, CLOCK, lanes_of(1), lambda: self.now >= self.end)

    def wait(self, seconds: float) -> bool:
        end = self.now + seconds
        while self.now < end:
            self.pass_by(self.step)
            if self.ring.waiting():
                return True
        return False

    def pass_by(self, seconds: float) -> None:
        self.now += seconds
        if any(start <= self.now - 1000.0 < end for start, end in self.gone):
            self.position += 0.0 if not self.backlog else seconds * 48_000
            return
        self.position += seconds * 48_000 * self.crystal
        count = int(self.position)
        self.position -= count
        self.ring.write(np.ones((count, 1), np.float32))


class TestListener:
    def test_nothing_lost_is_nothing_changed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        got = heard(Time(monkeypatch, 20).listener.blocks())
        assert (got == 1).all()
        assert len(got) / 48_000 == pytest.approx(20, abs=0.1)

    @pytest.mark.parametrize("backlog", [False, True])
    def test_a_lost_device_holds_then_glides_and_time_stays_true(
        self, monkeypatch: pytest.MonkeyPatch, backlog: bool
    ) -> None:
        time_ = Time(monkeypatch, 20)
        time_.gone = [(5, 9)]
        time_.backlog = backlog
        silent = jumped = 0
        states = set()
        for block in time_.listener.blocks():
            seconds = CLOCK.seconds(block.tick + block.n_hops)
            states.add(time_.listener.gone)
            assert seconds == pytest.approx(time_.now - 1000.0, abs=0.3), "ticks are the time"
            if not block.samples.any():
                silent += block.n_hops
                assert 5.4 < seconds < 9.3
            if block.gap and not jumped:
                jumped = block.gap
                assert not block.samples.any()
        assert jumped * 256 / 48_000 == pytest.approx(0.5, abs=0.1)
        assert silent * 256 / 48_000 == pytest.approx(3.5, abs=0.1)
        assert time_.listener.lost * 256 / 48_000 == pytest.approx(4.0, abs=0.2)
        assert states == {True, False}

    def test_a_pause_of_the_whole_machine_is_a_gap(self, monkeypatch: pytest.MonkeyPatch) -> None:
        time_ = Time(monkeypatch, 40)
        paused = False
        for block in time_.listener.blocks():
            assert block.samples.any()
            assert not time_.listener.gone
            assert CLOCK.seconds(block.tick) == pytest.approx(time_.now - 1000.0, abs=0.3)
            if time_.now > 1003 and not paused:
                time_.now += 30
                time_.gone = [(0, time_.now - 1000 + 0.3)]  # and then the device needs a moment
                paused = True
        assert time_.listener.lost * 256 / 48_000 == pytest.approx(30, abs=0.3)

    @pytest.mark.parametrize("crystal", [0.999, 1.001])
    def test_two_crystals_never_make_a_gap(self, monkeypatch: pytest.MonkeyPatch, crystal: float) -> None:
        time_ = Time(monkeypatch, 600, crystal, step=0.02)
        for block in time_.listener.blocks():
            assert not block.gap
        assert time_.ring.taken / 48_000 == pytest.approx(600 * crystal, abs=0.1), "nothing was thrown away"

    def test_what_came_before_it_listened_is_past(self, monkeypatch: pytest.MonkeyPatch) -> None:
        time_ = Time(monkeypatch, 2)
        filled(time_.ring, np.full((48_000, 1), 0.5))
        first = next(time_.listener.blocks())
        assert (first.tick, first.gap) == (0, 0)
        assert (first.samples[256:] == 1).all()


class TestPaced:
    def test_equals_the_file_to_the_bit_and_takes_its_time(self, tmp_path: Path) -> None:
        path = write(tmp_path / "a.flac", music(44_100, 2, 44_100), 44_100)
        whole = heard(FileSource(path).blocks(CLOCK))
        paced = Paced(FileSource(path), speed=2.0, mute=True)
        start = time.perf_counter()
        got = heard(paced.blocks(CLOCK))
        assert time.perf_counter() - start >= 0.49
        assert np.array_equal(got, whole)
        assert paced.live
        assert paced.duration == pytest.approx(0.5)

    def test_a_slow_engine_gets_bigger_blocks_and_every_hop(self) -> None:
        source = signal.test_signal("pink,seconds=1")
        whole = heard(source.blocks(CLOCK))
        sizes, parts = [], []
        for block in Paced(source, mute=True).blocks(CLOCK):
            sizes.append(block.n_hops)
            parts.append(block.samples)
            time.sleep(0.1 * uniform(3, "slow", len(sizes)))
        assert np.array_equal(np.concatenate(parts), whole)
        assert max(sizes) > 5

    def test_pace_is_the_clock_and_a_long_pause_makes_no_burst(self, monkeypatch: pytest.MonkeyPatch) -> None:
        now = [50.0]

        def sleep(seconds: float) -> None:
            now[0] += seconds + 0.0013  # a sleeper always sleeps too long

        monkeypatch.setattr("time.monotonic", lambda: now[0])
        monkeypatch.setattr("time.sleep", sleep)
        blocks = Paced(signal.test_signal("silence"), mute=True).blocks(CLOCK)
        played = 0
        while now[0] < 70.0:
            played += next(blocks).n_hops
            assert played * 256 / 48_000 == pytest.approx(now[0] - 50.0, abs=0.01)
            now[0] += 0.002 * uniform(1, "engine", played)
        now[0] += 100.0
        after = 0
        while now[0] < 180.0:
            after += next(blocks).n_hops
        assert after * 256 / 48_000 == pytest.approx(12.0, abs=0.1), "10 s, and 2 s of the pause made good"

    def test_without_a_loudspeaker_it_is_silent_and_says_so(
        self, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        monkeypatch.setattr("wearsound.sources.player.query", lambda: [])
        paced = Paced(signal.test_signal("kick,seconds=0.3"))
        whole = heard(signal.test_signal("kick,seconds=0.3").blocks(CLOCK))
        assert np.array_equal(heard(paced.blocks(CLOCK)), whole)
        assert paced.note.startswith("not heard: ")
        assert caplog.messages == [paced.note]
        with pytest.raises(DeviceError):
            next(Paced(signal.test_signal("kick"), output="hall").blocks(CLOCK))

    @pytest.mark.parametrize("latency", [0.01, 0.3])
    def test_on_another_loudspeaker_what_is_heard_is_what_the_engine_plays(
        self, latency: float, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """It takes its latency from now: what is written first is heard after that, and nothing twice or never."""

        class Loudspeaker:
            latency, alive, waiting, panicked = 0.05, True, CUSHION, False

            def __init__(self, *_: object) -> None:
                self.written: list[np.ndarray] = []

            def open(self, **_: object) -> None:
                pass

            start = close = open

            def write(self, samples: np.ndarray) -> None:
                self.written.append(samples.copy())

        monkeypatch.setattr("wearsound.sources.pace.Player", Loudspeaker)
        paced = Paced(signal.test_signal("pink,seconds=30"))
        other = Loudspeaker()
        other.latency = latency
        whole = heard(signal.test_signal("pink,seconds=1.5").blocks(CLOCK))
        before = -1
        for block in paced.blocks(CLOCK):
            if block.tick == 40:
                paced._mended = other  # type: ignore[assignment]
            if paced.player is other and before < 0:  # type: ignore[comparison-overlap]
                before = block.tick
            if block.tick > 120:
                break
        written = np.concatenate(other.written)
        first = CLOCK.hop * (before + CLOCK.ticks(latency))
        assert np.array_equal(written, whole[first : first + len(written)])
        ahead = len(written) / CLOCK.sample_rate + latency - CLOCK.seconds(block.tick + block.n_hops - before)
        assert ahead == pytest.approx(CUSHION + latency, abs=0.03)


def device(name: str, api: str = "ALSA", inputs: int = 2, **more: object) -> devices.Device:
    said: dict[str, object] = {"sample_rate": 44_100, "loopback": False, "default_input": False}
    return devices.Device(
        name, api, inputs, **(said | {"outputs": 2, "default_output": False, "number": 0} | more)
    )  # type: ignore[arg-type]


class TestDevices:
    KNOWN = (
        device("Zoom H4n", "MME"),
        device("Zoom H4n", "WASAPI"),
        device("Built-in Microphone", default_input=True),
        device("Built-in Output", inputs=0),
    )

    def test_found_by_part_of_the_name(self) -> None:
        assert devices.find("MICRO", list(self.KNOWN)).name == "Built-in Microphone"
        assert devices.find(None, list(self.KNOWN)).name == "Built-in Microphone"
        assert devices.find("zoom wasapi", list(self.KNOWN)).host_api == "WASAPI"
        assert devices.find("output", list(self.KNOWN), output=True).name == "Built-in Output"

    @pytest.mark.parametrize(
        ("name", "said"),
        [
            ("zoom", "'zoom' fits 2 inputs: 'MME: Zoom H4n', 'WASAPI: Zoom H4n'; write more"),
            ("Zoom H5n", "no input has 'Zoom H5n' in its name; did you mean 'Zoom H4n'?"),
            ("output", "there is Built-in Microphone, Zoom H4n"),
        ],
    )
    def test_never_another_one(self, name: str, said: str) -> None:
        with pytest.raises(DeviceError) as trouble:
            devices.find(name, list(self.KNOWN))
        assert said in str(trouble.value)
        assert trouble.value.exit_code == 3

    def test_none_at_all(self) -> None:
        with pytest.raises(DeviceError, match=r"no sound input on this machine; .*test:kick=120"):
            devices.find(None, [])
        with pytest.raises(
            DeviceError, match=r"no input is called 'nosuch': there is no sound input .* walk, demo or"
        ):
            devices.find("nosuch", [])

    def test_comes_back_under_another_number(self) -> None:
        back = [device("USB Audio: - (hw:2,0)"), device("Zoom")]
        assert same_device("ALSA: USB Audio: - (hw:1,0)", None, back) == back[0]
        assert same_device("ALSA: Zoom H4n", "zoom", back) == back[1]
        twins = [device("USB Audio: - (hw:1,0)"), device("USB Audio: - (hw:2,0)")]
        assert same_device("ALSA: USB Audio: - (hw:2,0)", "hw:2", twins) == twins[1]
        with pytest.raises(DeviceError, match="not there"):
            same_device("ALSA: USB Audio: - (hw:3,0)", None, twins)
        with pytest.raises(DeviceError, match="not there"):
            same_device("ALSA: Built-in", None, back)

    def test_about_says_loopback_and_default(self) -> None:
        about = device("Monitor of X", loopback=True, default_input=True).about
        assert "loopback" in about
        assert "default input" in about


class TestDesk:
    def test_answers_and_passes_errors_on(self) -> None:
        assert desk.ask(lambda: 7, 1.0) == 7
        with pytest.raises(ZeroDivisionError):
            desk.ask(lambda: 1 / 0, 1.0)

    def test_a_hanging_sound_system_holds_nobody(self) -> None:
        undone: list[str] = []
        thaw = threading.Event()

        def frozen() -> str:
            thaw.wait(5.0)
            return "late"

        start = time.perf_counter()
        with pytest.raises(desk.Hanging, match="has not answered"):
            desk.ask(frozen, 0.1, undo=undone.append)
        assert desk.hanging() == 1
        assert desk.ask(lambda: "next", 1.0) == "next"
        assert time.perf_counter() - start < 2.0
        thaw.set()
        while desk.hanging():
            time.sleep(0.01)
        assert undone == ["late"]

    def test_no_portaudio_is_a_sentence(self, monkeypatch: pytest.MonkeyPatch) -> None:
        import builtins
        import sys

        real = builtins.__import__

        def broken(name: str, *args: object) -> object:
            if name == "sounddevice":
                raise OSError("PortAudio library not found")
            return real(name, *args)  # type: ignore[arg-type]

        monkeypatch.delitem(sys.modules, "sounddevice", raising=False)
        monkeypatch.setattr(builtins, "__import__", broken)
        monkeypatch.setattr(sys, "platform", "linux")
        with pytest.raises(DeviceError, match="sudo apt-get install libportaudio2"):
            devices.listed()


class Live:
    """A microphone that hears silence for twenty seconds, in ragged blocks and one gap, and counts its losses."""

    live = True
    sample_rate = 48_000
    name = "a zoom"
    closed = False

    def __init__(self, name: str | None = None, lanes: object = None) -> None:
        self.asked = name
        self.lanes = lanes_of(2)
        self.lost = 0

    @property
    def note(self) -> str:
        return f"{self.lost} lost"

    def blocks(self, clock: Clock) -> Iterator[Block]:
        tick = 0
        try:
            while clock.seconds(tick) < 20:
                hops = 1 + tick % 7
                gap = 40 if tick > 20 and not self.lost else 0
                self.lost += gap
                tick += gap
                yield Block(tick, np.zeros((hops * clock.hop, 2), np.float32), self.lanes, hops, gap=gap)
                tick += hops
        finally:
            self.closed = True


class TestWatched:
    def test_a_microphone_ends_after_its_seconds(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("wearsound.sources.microphone.Microphone", Live)
        source = open_source("zoom", seconds=1.5)
        assert source.live
        assert length_of(source) == 1.5
        blocks = list(source.blocks(CLOCK))
        end = CLOCK.seconds(blocks[-1].tick + blocks[-1].n_hops)
        assert 1.5 <= end < 1.5 + 7 * CLOCK.hop / 48_000
        assert source.closed  # type: ignore[attr-defined]
        assert open_source("zoom").live
        assert length_of(open_source("zoom")) is None

    def test_everything_else_is_the_sources_own_and_now(self) -> None:
        live = Live("zoom")
        watched = Watched(live, seconds=9.0)
        assert (watched.name, watched.asked, watched.lost, watched.note) == ("a zoom", "zoom", 0, "0 lost")
        live.lost = 3
        assert (watched.lost, watched.note) == (3, "3 lost")
        assert watched.sample_rate == 48_000
        assert not hasattr(watched, "age")
        assert not hasattr(Watched.__new__(Watched), "_source")

    def test_leaving_early_lets_go_of_the_device(self) -> None:
        live = Live()
        held = live.blocks(CLOCK)  # so that it is closed by hand, not by being forgotten
        live.blocks = lambda clock: held  # type: ignore[method-assign]
        blocks = Watched(live).blocks(CLOCK)
        next(blocks)
        assert not live.closed
        blocks.close()  # type: ignore[attr-defined]
        assert live.closed

    @pytest.mark.parametrize("seconds", [None, 0.25, 10.0], ids=["whole", "a part", "more than there is"])
    def test_the_bar_ends_full(self, tmp_path: Path, seconds: float | None) -> None:
        path = write(tmp_path / "a.wav", music(48_000))
        shares: list[float] = []
        source = open_recording(str(path), seconds=seconds)
        for _ in Watched(source, shares.append).blocks(CLOCK):
            pass
        assert shares[-1] == pytest.approx(1.0, abs=0.03)
        assert shares == sorted(shares)

    def test_an_endless_one_has_no_bar(self) -> None:
        shares: list[float] = []
        blocks = Watched(open_recording("test:kick", loop=True), shares.append).blocks(CLOCK)
        for _ in range(10):
            next(blocks)
        assert not shares


def test_listing_needs_no_heavy_library() -> None:
    import subprocess
    import sys

    code = (
        "import sys; import wearsound.sources.file, wearsound.sources.signal, wearsound.sources.microphone, "
        "wearsound.sources.pace; print([m for m in ('sounddevice', 'soundfile', 'soxr', 'scipy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
