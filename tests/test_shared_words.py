"""The words that music and movement share: the same pace for a kick and a walk, the same texture for cloth and hats."""

from __future__ import annotations

import math
from pathlib import Path

import crowds
import numpy as np
import pygame
import pytest
import songs

from wearsound.analysis.outline import POINTS, Outline
from wearsound.analysis.regularity import FASTEST, SLOWEST, Regularity
from wearsound.analysis.shared_words import Words
from wearsound.show.build import build
from wearsound.show.listen import analyze
from wearsound.show.load import load
from wearsound.show.plot import HEIGHT as PLAIN
from wearsound.show.plot import plot
from wearsound.show.sheet import GREEN, LEFT, PAPER, RIGHT, WIDTH
from wearsound.show.words_plot import HEIGHT as WORDS_HEIGHT
from wearsound.show.words_plot import ROW, drawn

NAMES = [spec.name for spec in Words.specs]
WORDS = tuple(f"{lane}.{name}" for lane in ("room", "body") for name in NAMES)
BOTH = {"room": (0,), "body": (1,)}


def hear(
    room: np.ndarray, body: np.ndarray | None = None, rate: int = songs.RATE, **how: object
) -> songs.Heard:
    from wearsound.core import Clock

    both = room if body is None else np.stack([room, body], axis=1)
    lanes = {"room": (0,)} if body is None else BOTH
    return songs.Heard(both, Clock(rate), lanes=lanes, asked=WORDS, **how)


def pace_of(a_minute: float) -> float:
    """Events a minute on the scale of `pace`, 0..1."""
    return min(1.0, max(0.0, math.log2(a_minute / SLOWEST) / math.log2(FASTEST / SLOWEST)))


def middle(heard: songs.Heard, name: str, start: float = 6.0) -> float:
    return float(np.median(heard.after(name, start)))


def foot() -> np.ndarray:
    rng = np.random.default_rng(2)
    t = np.arange(9600) / songs.RATE
    thump = 0.3 * np.exp(-t / 0.03) * np.sin(2 * np.pi * 70 * t)
    return thump + 0.05 * crowds.noise(9600, 300, 3000, rng) * np.exp(-t / 0.02)


def walk(a_minute: float, seconds: float = 12, uneven: float = 0.015) -> np.ndarray:
    rng = np.random.default_rng(3)
    at = np.arange(0.2, seconds - 0.5, 60 / a_minute)
    return songs.put(0.002 * crowds.hiss(seconds, 1), at + uneven * rng.standard_normal(len(at)), foot())


def kicks(a_minute: float, seconds: float = 12) -> np.ndarray:
    return songs.put(songs.silence(seconds), np.arange(0.1, seconds - 0.4, 60 / a_minute), songs.kick())


class TestRhythmAndPace:
    @pytest.mark.parametrize("a_minute", [52, 80, 104, 140])
    def test_a_walk_and_a_kick_have_the_same_pace_and_rhythm(self, a_minute: float) -> None:
        heard = hear(kicks(a_minute), walk(a_minute))
        for lane in ("room", "body"):
            assert middle(heard, f"{lane}.pace") == pytest.approx(pace_of(a_minute), abs=0.012), lane
            assert middle(heard, f"{lane}.rhythm") > 0.55, lane

    @pytest.mark.parametrize("rate", [44_100, 48_000])
    def test_at_every_sample_rate(self, rate: int) -> None:
        beats, _ = songs.clicks(120, 10, rate)
        assert middle(hear(beats, rate=rate), "pace") == pytest.approx(pace_of(120), abs=0.01)

    def test_uneven_steps_have_less_rhythm_and_noise_and_drones_none(self) -> None:
        rng = np.random.default_rng(5)
        at = np.cumsum(rng.uniform(0.25, 1.2, 14))
        uneven = songs.put(0.002 * crowds.hiss(12, 1), at[at < 11.5], foot())
        drone = sum(songs.sine(55 * k, 10, 0.1 / k) for k in range(1, 30))
        assert middle(hear(uneven), "rhythm") < 0.4
        assert middle(hear(drone), "rhythm") < 0.3
        assert middle(hear(songs.noise(10, 0.1)), "rhythm") < 0.12
        assert middle(hear(songs.sine(440, 10)), "rhythm") == 0.0

    def test_hats_between_kicks_do_not_double_the_pace(self) -> None:
        assert middle(hear(songs.groove(112, 12)[0]), "pace") == pytest.approx(pace_of(112), abs=0.02)

    def test_it_ends_when_nothing_happens(self) -> None:
        heard = hear(np.concatenate([kicks(120, 6), songs.silence(8)]))
        assert heard.at("rhythm", 6) > 0.8
        assert heard["room.rhythm"][-1] == heard["room.pace"][-1] == heard["room.texture"][-1] == 0.0

    def test_any_envelope_has_a_pace(self) -> None:
        # A sensor at 100 a second that swings once in 0.6 s: what is above its mean.
        told = Regularity(0.01, 0.1)
        for i in range(1200):
            told.look(max(0.0, float(np.sin(2 * np.pi * i * 0.01 / 0.6))))
        assert told.pace == pytest.approx(pace_of(100), abs=0.01)
        assert told.rhythm > 0.8


class TestTexture:
    def test_rubbing_and_hats_are_rough_drones_and_hum_are_smooth(self) -> None:
        rng = np.random.default_rng(6)
        n = 8 * songs.RATE
        strokes = 0.3 + np.abs(np.sin(np.pi * 1.2 * np.arange(n) / songs.RATE))
        rub = 0.1 * crowds.noise(n, 1000, 8000, rng) * strokes
        wash = 0.1 * crowds.noise(n, 5000, 15_000, rng)
        drone = sum(songs.sine(55 * k, 8, 0.1 / k) for k in range(1, 30))
        hum = songs.sine(50, 8, 0.05) + 0.0005 * crowds.hiss(8, 1)
        heard, smooth = hear(wash, rub), hear(drone, hum)
        assert min(middle(heard, "room.texture"), middle(heard, "body.texture")) > 0.7
        assert max(middle(smooth, "room.texture"), middle(smooth, "body.texture")) < 0.15

    @pytest.mark.parametrize("slope", [0.0, -0.5, -1.0], ids=["white", "pink", "brown"])
    def test_colour_and_loudness_do_not_count(self, slope: float) -> None:
        noise = crowds.hiss(8, 2, slope)
        loud, soft = (middle(hear(level * noise), "texture") for level in (0.1, 0.01))
        assert loud > 0.85
        assert soft == pytest.approx(loud, abs=0.05)

    def test_between_tone_and_noise_it_grows(self) -> None:
        chord = songs.sine(220, 8) + songs.sine(277, 8) + songs.sine(330, 8)
        said = [
            middle(hear(chord + level * crowds.hiss(8, 3)), "texture") for level in (0.0, 0.003, 0.03, 0.3)
        ]
        assert said == sorted(said)
        assert said[0] < 0.05
        assert said[-1] > 0.8


class TestSilhouette:
    @staticmethod
    def of(points: list[float]) -> Outline:
        outline = Outline(0.25)
        for point in points:
            outline.look(point)
        return outline

    def test_known_outlines(self) -> None:
        flat, lone = self.of([0.7] * POINTS), self.of([0.0] * 7 + [1.0] + [0.0] * 8)
        hill = self.of([i / 8 for i in range(8)] + [1 - i / 8 for i in range(8)])
        assert flat.silhouette == flat.rising == 0.0
        assert lone.silhouette == 1.0
        assert hill.silhouette == pytest.approx(1.0, abs=0.01)
        assert self.of([0.5, 1.0] * 8).silhouette == pytest.approx(0.5)

    def test_it_says_which_way_it_goes(self) -> None:
        up = [i / 16 for i in range(16)]
        assert self.of(up).rising == pytest.approx(1.0)
        assert self.of(up[::-1]).rising == pytest.approx(-1.0)

    def test_a_gust_is_pointed_and_a_steady_sound_flat(self) -> None:
        t = np.arange(12 * songs.RATE) / songs.RATE
        gusts = songs.sine(300, 12, 0.3) * np.exp(-(((t % 4 - 2) / 0.5) ** 2))
        heard = hear(songs.sine(300, 12, 0.3), gusts)
        assert middle(heard, "room.silhouette") < 0.05
        assert middle(heard, "body.silhouette") > 0.8


class TestContract:
    @pytest.mark.parametrize("grouping", songs.GROUPINGS)
    def test_grouping_of_hops_changes_nothing(self, grouping: str) -> None:
        sound = songs.song()
        parts = hear(sound, sizes=songs.GROUPINGS[grouping])
        assert (parts.values == hear(sound).values).all()

    def test_every_value_is_finite_and_within_its_spec(self) -> None:
        sound = songs.song()
        sound[30_000:31_000] = np.nan
        sound[90_000] = np.inf
        heard = hear(sound)
        for name, spec in zip(NAMES, Words.specs, strict=True):
            values = heard[name]
            assert np.isfinite(values).all()
            assert spec.low <= values.min() <= values.max() <= spec.high

    def test_it_runs_only_where_it_is_asked_for(self) -> None:
        assert "room.texture" not in [spec.name for spec in songs.Heard(songs.silence(0.1)).ear.specs]

    def test_a_patch_can_be_played_by_them(self, tmp_path: Path) -> None:
        route = '[[route]]\nfrom = "{}"\nto = "{}"\n'
        patch = (
            'title = "T"\n' + route.format("body.texture", "*.glow") + route.format("room.pace", "hem.glow")
        )
        path = tmp_path / "words.toml"
        path.write_text(patch)
        built = build(load(path), {"room": (0,), "body": (1,)}, songs.RATE, strict=True)
        columns = {spec.name: i for i, spec in enumerate(built.engine.parts.score.specs)}
        heard = {spec.name: i for i, spec in enumerate(built.engine.parts.ear.specs)}
        assert {"body.texture", "room.pace", "body.rhythm", "room.rhythm"} <= set(heard)
        both = np.stack([kicks(104, 4), 0.1 * crowds.hiss(4, 1)], axis=1)
        glow = columns["chest.glow"]
        for block in songs.blocks(both, lanes=BOTH):
            controls = built.engine.parts.score.play(block, built.engine.parts.ear.hear(block))
        assert controls[-1, glow] > 0.8


@pytest.mark.parametrize(
    ("audio", "lanes"), [("demo", ["room", "body"]), ("walk", ["body"]), ("test:kick=120", [])]
)
def test_the_sheet_draws_both_side_by_side_and_a_body_alone(
    tmp_path: Path, audio: str, lanes: list[str]
) -> None:
    heard = analyze(audio, seconds=8)
    assert drawn(heard) == lanes
    plot(heard, tmp_path / "sheet.png")
    shown = pygame.image.load(tmp_path / "sheet.png")
    assert shown.get_height() == PLAIN + (WORDS_HEIGHT if lanes else 0)
    if lanes:  # the ground line of `texture`: through the middle for one, with a seam there for two
        base, middle = PLAIN - 16 + 48 + 3 * ROW, (LEFT + WIDTH - RIGHT) // 2
        ink = [shown.get_at((x, base))[:3] for x in (LEFT + 2, middle, WIDTH - RIGHT - 4)]
        assert ink == [GREEN, GREEN if len(lanes) == 1 else PAPER, GREEN]
