"""The sheet of what is felt beside what is heard: read back as pixels."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pygame
import pytest
from thorough import some

from wearsound.errors import WearsoundError
from wearsound.outputs.haptic.beside import OnDisk
from wearsound.show import vibration_pieces, vibration_plot
from wearsound.show.sheet import LEFT, PAPER, RIGHT, WIDTH
from wearsound.show.vibration_pieces import leak, only
from wearsound.show.vibration_plot import (
    FELT_HIGH,
    FELT_HZ,
    HEAD,
    HEARD_HIGH,
    HEARD_HZ,
    STRIP_HIGH,
    TOP,
    plot,
)

RATE = 48_000
FIRST = TOP + HEARD_HIGH + STRIP_HIGH + vibration_plot.BELOW + HEAD
"""Where the spectrogram of the first drive begins, downwards."""
EACH = HEAD + FELT_HIGH + STRIP_HIGH + vibration_plot.BELOW


def sine(hz: float, seconds: float = 4.0, amplitude: float = 0.5, rate: int = RATE) -> np.ndarray:
    return (amplitude * np.sin(2 * np.pi * hz * np.arange(round(seconds * rate)) / rate)).astype(np.float32)


def drawn(path: Path) -> np.ndarray:
    """How dark each pixel is, (height, width) 0..1, as it differs from paper."""
    seen = pygame.surfarray.array3d(pygame.image.load(path)).transpose(1, 0, 2).astype(float)
    return np.abs(seen - PAPER).max(axis=2) / 255


def loudest_hz(seen: np.ndarray, top: int, high: int, most: float) -> float:
    """The darkest line of a spectrogram, in Hz, in the middle third of the sheet."""
    part = seen[top : top + high, WIDTH // 3 : 2 * WIDTH // 3].mean(axis=1)
    return most * (1 - (float(part.argmax()) + 0.5) / high)


def moment(seconds: float, duration: float) -> int:
    return LEFT + round(seconds / duration * (WIDTH - LEFT - RIGHT))


@pytest.mark.parametrize("rate", [44_100, 48_000, 96_000])
def test_each_is_at_its_own_pitch(tmp_path: Path, rate: int) -> None:
    felt = np.stack([sine(hz, rate=rate) for hz in (65.0, 130.0, 300.0)], axis=1)
    plot(sine(440.0, rate=rate)[:, None], felt, ["a", "b", "c"], rate, tmp_path / "a.png")
    seen = drawn(tmp_path / "a.png")
    assert loudest_hz(seen, TOP, HEARD_HIGH, HEARD_HZ) == pytest.approx(440, abs=6)
    for row, hz in enumerate((65, 130, 300)):
        assert loudest_hz(seen, FIRST + row * EACH, FELT_HIGH, FELT_HZ) == pytest.approx(hz, abs=8)


def test_a_stroke_is_where_it_was_struck_in_both(tmp_path: Path) -> None:
    wave = np.zeros(RATE * 5, np.float32)
    wave[RATE * 2 : RATE * 2 + 2400] = sine(150.0, 0.05, 0.9)
    plot(wave[:, None], wave[:, None], ["a"], RATE, tmp_path / "a.png")
    seen, here = drawn(tmp_path / "a.png"), moment(2.025, 5)
    for top, high in ((TOP, HEARD_HIGH), (FIRST, FELT_HIGH)):
        dark = seen[top + 5 : top + high - 5, LEFT + 60 : WIDTH - RIGHT - 60].mean(axis=0)
        assert abs(LEFT + 60 + int(dark.argmax()) - here) < 0.04 / 5 * (WIDTH - LEFT - RIGHT)
    strip = seen[FIRST + FELT_HIGH + 8, LEFT + 2 : WIDTH - RIGHT]  # near the top of its range
    columns = np.flatnonzero(strip > 0.3) + LEFT + 2
    assert abs(columns.min() - moment(2.0, 5)) < 5
    assert abs(columns.max() - moment(2.05, 5)) < 5


def test_stronger_is_darker_and_higher(tmp_path: Path) -> None:
    felt = np.stack([sine(100, amplitude=0.9), sine(100, amplitude=0.1)], axis=1)
    plot(sine(100)[:, None], felt, ["a", "b"], RATE, tmp_path / "a.png")
    seen = drawn(tmp_path / "a.png")
    one, two = (
        seen[top : top + FELT_HIGH + STRIP_HIGH, LEFT + 20 : WIDTH - RIGHT] for top in (FIRST, FIRST + EACH)
    )
    assert one[:FELT_HIGH].max() > two[:FELT_HIGH].max() + 0.05
    assert (one[FELT_HIGH:] > 0.3).sum() > 4 * (two[FELT_HIGH:] > 0.3).sum() > 0


def heights(path: Path) -> int:
    return int(pygame.image.load(path).get_height())


def test_alike_are_drawn_once_still_ones_not_at_all(tmp_path: Path) -> None:
    one, none = sine(100), np.zeros(RATE * 4, np.float32)
    for count, drives in (
        (1, [one, one, none]),
        (2, [one, sine(90), one]),
        (6, [sine(60 + i) for i in range(9)]),
    ):
        names = [f"a{i}" for i in range(len(drives))]
        plot(one[:, None], np.stack(drives, axis=1), names, RATE, tmp_path / "a.png")
        assert heights(tmp_path / "a.png") == FIRST - HEAD + count * EACH + 70


@pytest.mark.parametrize("actuators", [0, 2])
@pytest.mark.parametrize("samples", some([0, 1, 300, 48_000], 2))
def test_silence_and_next_to_nothing(tmp_path: Path, samples: int, actuators: int) -> None:
    still = np.zeros((samples, actuators), np.float32)
    names = ["a", "b"][:actuators]
    plot(np.zeros((samples, 2), np.float32), still, names, RATE, tmp_path / "a.png")
    assert heights(tmp_path / "a.png") > 500
    panel = drawn(tmp_path / "a.png")[TOP : TOP + HEARD_HIGH, LEFT : WIDTH - RIGHT]
    assert 0 < (panel > 0.3).mean() < 0.05  # a few letters, no black panel
    if samples:
        plot(np.ones((samples, 1), np.float32), still + 1, names, RATE, tmp_path / "b.png")


def test_what_leaks_above_1_khz_is_said() -> None:
    clean = sine(100)
    waves = np.stack([clean, clean + np.float32(0.01) * sine(3000, amplitude=0.5)], axis=1)
    low, high = leak(waves, only([0, 1]), RATE)
    assert low < -80
    assert high == pytest.approx(-40, abs=0.5)


def test_faults_are_said_in_a_sentence(tmp_path: Path) -> None:
    felt = sine(100)[:, None]
    with pytest.raises(WearsoundError, match="is a PNG"):
        plot(felt, felt, ["a"], RATE, tmp_path / "a.jpg")
    with pytest.raises(WearsoundError, match="the same moments of both"):
        plot(felt[1:], felt, ["a"], RATE, tmp_path / "a.png")
    (tmp_path / "nowhere").write_text("a file")
    with pytest.raises(WearsoundError, match=r"a\.png cannot be written \(.*\): nothing was kept"):
        plot(felt, felt, ["a"], RATE, tmp_path / "nowhere" / "a.png")
    assert [path.name for path in tmp_path.iterdir()] == ["nowhere"]


class Long:
    """Some minutes of vibration that nobody holds; `most` numbers were asked for at once."""

    def __init__(self, rows: int, columns: int) -> None:
        self.shape = (rows, columns)
        self.most = 0

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, rows: slice) -> np.ndarray:
        start, stop, _ = rows.indices(len(self))
        self.most = max(self.most, (stop - start) * self.shape[1])
        at = np.arange(start, stop)[:, None] / 48_000
        return (0.5 * np.sin(2 * np.pi * (60 + np.arange(self.shape[1])) * at)).astype(np.float32)


def test_a_long_song_is_never_read_at_once(tmp_path: Path) -> None:
    sound, felt = Long(RATE * 100, 2), Long(RATE * 100, 8)
    plot(sound, felt, [f"a{i}" for i in range(8)], RATE, tmp_path / "a.png")
    for waves in (sound, felt):
        assert 0 < waves.most <= 2 * vibration_pieces.PIECE < np.prod(waves.shape) / 4


def test_how_it_is_cut_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(4)
    felt = np.stack([sine(70), sine(70), np.float32(0.3) * sine(200)], axis=1)
    felt += (0.004 * rng.random(felt.shape)).astype(np.float32)
    felt[RATE : 2 * RATE] = 0.0

    def all_of_it() -> list[np.ndarray]:
        take = only([0, 2])
        alike, power = vibration_pieces.groups(felt, 0.02, 0.01)
        assert alike == [[0, 1], [2]]
        return [
            power,
            vibration_pieces.strips(felt, take, 2, 1000),
            vibration_pieces.moving(felt, take, 2, RATE, 0.02),
            vibration_pieces.spectrograms(felt, take, 2, RATE, 500.0, 300),
        ]

    whole = all_of_it()
    assert whole[1] == pytest.approx(np.abs(felt).reshape(1000, -1, 3).max(axis=1)[:, [0, 2]])
    assert whole[2] == pytest.approx([0.75, 0.75])
    monkeypatch.setattr(vibration_pieces, "PIECE", 1)
    monkeypatch.setattr(vibration_pieces, "_AT_ONCE", 7)
    for one, other in zip(whole, all_of_it(), strict=True):
        assert other == pytest.approx(one, abs=1e-9)


def test_what_lies_on_the_disk_is_read_by_rows(tmp_path: Path) -> None:
    waves = np.arange(60, dtype=np.float32).reshape(20, 3)
    waves.tofile(tmp_path / "a.f32")
    stored = OnDisk(tmp_path / "a.f32", 3)
    assert stored.shape == (20, 3)
    for rows in (slice(0, 20), slice(4, 9), slice(15, 99), slice(20, 30), slice(0, 0)):
        assert np.array_equal(stored[rows], waves[rows])
