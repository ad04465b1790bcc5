"""Routes, scenes and scores: what is heard becomes what moves, the same for any grouping of hops."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence

import numpy as np
import pytest
from thorough import some

from wearsound.analysis.ear import everything, feature_specs
from wearsound.core import F64, MAX_HOPS, Block, Clock, Event, Spec
from wearsound.errors import PatchError
from wearsound.gallery import files
from wearsound.garment.document import load_garment
from wearsound.garment.fit import Fit
from wearsound.instruments.vibration.patterns import NAMES as PATTERNS
from wearsound.mapping.document import load_patch, read_patch
from wearsound.mapping.feels import cast_feels, feel_controls
from wearsound.mapping.scape import cast_scape, scape_controls
from wearsound.mapping.score import Score

CLOCK = Clock()
SECOND = 188  # hops, a little more than a second

LANE = (
    Spec("level", "dB", -90, 0, 0.01, ""),
    *(
        Spec(name, "0..1", 0, 1, 0.001, "")
        for name in [
            "loudness",
            "presence",
            "sub",
            "bass",
            "lowmid",
            "mid",
            "high",
            "air",
            "flux",
            "strength",
            "phase",
            "confidence",
            "gate",
            "silence",
        ]
    ),
    Spec("centroid", "Hz", 0, 20_000, 1, ""),
    Spec("tempo", "bpm", 0, 220, 0.1, ""),
    Spec("onset", "count", 0, 2**31, 1, "", growing=True),
    Spec("beat", "count", 0, 2**31, 1, "", growing=True),
    Spec("downbeat", "count", 0, 2**31, 1, "", growing=True),
)
ROOM = tuple(Spec("room." + s.name, s.unit, s.low, s.high, s.step, "", s.growing) for s in LANE)
BODY = tuple(Spec("body." + s.name, s.unit, s.low, s.high, s.step, "", s.growing) for s in LANE)
NAMES = [spec.name for spec in (*ROOM, *BODY)]

MEDIA = (
    Spec("glow", "", 0, 1, 0.001, ""),
    Spec("hue", "", 0, 1, 1 / 512, "", default=-1),
    Spec("chroma", "", 0, 1, 1 / 64, "", default=-1),
    Spec("dye", "", 0, 1, 0.001, ""),
    Spec("buzz", "", 0, 1, 0.001, ""),
    Spec("buzz_hz", "Hz", 20, 500, 0.1, "", default=200),
    Spec("pattern", "", 0, 15, 1, ""),
)
JACKET = [
    "collar",
    "yoke",
    "chest",
    "sleeve_l",
    "sleeve_r",
    "cuff_l",
    "cuff_r",
    "placket",
    "waist",
    "hem",
    "back",
]
COAT = ["collar", "lapel", "chest", "sleeve_l", "sleeve_r", "cuff_l", "cuff_r", "skirt", "hem", "back"]
ROLES = {"cuff": ("cuff_l", "cuff_r"), "sleeve": ("sleeve_l", "sleeve_r"), "core": ("chest", "back")}


def controls(zones: Sequence[str]) -> tuple[Spec, ...]:
    return tuple(
        Spec(f"{zone}.{m.name}", m.unit, m.low, m.high, m.step, "", default=m.default)
        for zone in zones
        for m in MEDIA
    )


def make(text: str, zones: Sequence[str] = JACKET, clock: Clock = CLOCK) -> Score:
    patch = read_patch('title = "x"\n' + text, "bloom.toml")
    bands = [Spec(name, "0..1", 0, 1, 0.001, "") for name in patch.bands()]
    return Score(patch, (*ROOM, *BODY, *bands), controls(zones), zones, ROLES, clock)


def song(n: int, n_features: int = len(NAMES), seed: int = 1) -> F64:
    """Random features of `n` hops: levels that wander, events, silences."""
    rng = np.random.default_rng(seed)
    heard = np.round(rng.random((n, n_features)) ** 2, 3)
    for i, name in enumerate(NAMES[:n_features]):
        if name.endswith(("onset", "beat")):
            heard[:, i] = np.cumsum(rng.random(n) < 0.03)
        elif name.endswith("silence"):
            heard[:, i] = np.repeat(rng.random(n // 200 + 1) < 0.4, 200)[:n]
        elif name.endswith("level"):
            heard[:, i] = heard[:, i] * 90 - 90
        elif name.endswith("centroid"):
            heard[:, i] *= 8000
    return heard


def play(score: Score, heard: F64, sizes: Iterable[int] = (), start: int = 0) -> F64:
    """All controls of all hops, played in blocks of `sizes` (then of 64)."""
    rows, at, sizes = [], 0, iter(sizes)
    while at < len(heard):
        n = min(next(sizes, MAX_HOPS), len(heard) - at)
        block = Block(start + at, np.zeros((0, 1), np.float32), {}, n)
        out = score.play(block, heard[at : at + n])
        assert out.shape == (n, len(score.specs))
        rows.append(out.copy())
        at += n
    return np.concatenate(rows)


def one(score: Score, name: str, played: F64) -> F64:
    return played[:, [spec.name for spec in score.specs].index(name)]


def constant(n: int, **values: float) -> F64:
    """Silence off and every feature 0 (levels at their floor), but for those named."""
    heard = np.zeros((n, len(NAMES)))
    heard[:, NAMES.index("room.level")] = heard[:, NAMES.index("body.level")] = -90
    for name, value in values.items():
        heard[:, NAMES.index("room." + name)] = value
    return heard


def route(line: str = "", source: str = '"bass"', to: str = "chest.glow", scene: str = "") -> str:
    return f'[[{scene}route]]\nfrom = {source}\nto = "{to}"\n{line}\n'


INSTANT = "attack = 0\nrelease = 0"

RICH = (
    route("attack = 0.008\nrelease = 0.26\ncurve = 1.5\nin = [0.1, 0.9]")
    + route("attack = 2.0\nrelease = 0.1", '"mid"', "*.glow")
    + route("attack = 0.5\nrelease = 0.05\ncurve = 0.7", '"level"', "core.dye")
    + route("out = [0.9, 1.2]", '"presence"', "*.hue")
    + route("attack = 0.0", '"onset"', "yoke.glow")
    + route("attack = 0.05", '"beat"', "hem.glow")
    + route('mode = "toggle"', '"beat"', "cuff.glow")
    + route('mode = "toggle"', '"flux"', "cuff.chroma")
    + route('mode = "trigger"\nattack = 0.03', '"high"', "collar.glow")
    + route('mode = "hold"\nattack = 0.3\nrelease = 0.1', '"air"', "placket.glow")
    + route("out = [200, 8000]", '"centroid"', "/synth/cutoff")
    + route("out = [30, 200]", '"body.level"', "core.buzz_hz")
    + route("out = [0, 15]", '"mid"', "core.pattern")
    + '[[scene]]\nname = "groove"\nfade = 0.7\nquantise = "bar"\n'
    + route("out = [0.2, 0.3]", '"bass"', "*.hue", "scene.")
    + route("attack = 0.02", '"onset"', "chest.glow", "scene.")
    + route("out = [60, 300]", '"bass"', "*.buzz_hz", "scene.")
    + '[[scene]]\nname = "break"\nfade = 1.1\nquantise = "beat"\n'
    + route("out = [0.9, 0.8]", '"bass"', "*.hue", "scene.")
    + route("out = [0, 2]", '"bass"', "/synth/cutoff", "scene.")
    + route("attack = 0.02", '"beat"', "core.hue", "scene.")
    + '[[scene]]\nname = "rest"\nfade = 0.4\n'
    + route("attack = 0.4\nout = [0, 0.2]", '"silence"', "*.glow", "scene.")
)


# Known answers


def test_the_range_the_curve_and_the_reach() -> None:
    score = make(route(f"in = [0.2, 0.6]\nout = [0.1, 0.9]\ncurve = 2.0\n{INSTANT}"))
    for value, expected in [(0.0, 0.1), (0.2, 0.1), (0.4, 0.3), (0.6, 0.9), (1.0, 0.9)]:
        assert one(score, "chest.glow", play(score, constant(3, bass=value)))[-1] == expected


def test_ranges_may_be_turned_round_and_default_to_the_features_own() -> None:
    turned = make(
        route(f"in = [0.8, 0.3]\n{INSTANT}") + route(f"out = [1, 0]\n{INSTANT}", '"level"', "hem.glow")
    )
    played = play(turned, constant(2, bass=0.3, level=-22.5))
    assert one(turned, "chest.glow", played)[-1] == 1.0
    assert one(turned, "hem.glow", played)[-1] == 0.25


def test_attack_and_release_are_seconds_whatever_the_hop() -> None:
    for clock in (Clock(48_000, 256), Clock(48_000, 512), Clock(44_100, 256)):
        score = make(route("attack = 0.5\nrelease = 1.0"), clock=clock)
        up, down = clock.ticks(0.5), clock.ticks(1.0)
        glow = one(score, "chest.glow", play(score, np.concatenate([constant(up, bass=1.0), constant(down)])))
        assert abs(glow[up - 1] - 0.632) < 0.004
        assert abs(glow[-1] - glow[up - 1] * 0.368) < 0.004


def test_untouched_controls_keep_their_defaults() -> None:
    score = make(route())
    played = play(score, song(100))
    assert np.all(one(score, "hem.hue", played) == -1)
    assert np.all(one(score, "hem.buzz_hz", played) == 200)
    assert np.all(one(score, "hem.glow", played) == 0)


def test_controls_are_rounded_to_their_step_and_stay_in_their_range() -> None:
    score = make(RICH)
    played = play(score, song(3000))
    for spec, column in zip(score.specs, played.T, strict=True):
        assert np.all((column >= spec.low) & (column <= spec.high) | (column == spec.default)), spec.name
        assert np.allclose(column / spec.step, np.rint(column / spec.step), atol=1e-6), spec.name


def test_messages_are_columns_after_the_controls() -> None:
    score = make(RICH)
    assert score.messages == ("/synth/cutoff",)
    assert [spec.name for spec in score.specs[-1:]] == ["/synth/cutoff"]
    assert len(score.specs) == len(controls(JACKET)) + 1
    assert (score.specs[-1].low, score.specs[-1].high, score.specs[-1].default) == (0, 8000, 200)


def test_a_star_is_every_zone_and_a_role_is_its_zones() -> None:
    score = make(route(INSTANT, '"bass"', "*.glow") + route(INSTANT, '"mid"', "cuff.dye"))
    played = play(score, constant(2, bass=0.5, mid=0.25))[-1]
    lit = {spec.name for spec, value in zip(score.specs, played, strict=True) if value == 0.5}
    assert lit == {f"{zone}.glow" for zone in JACKET}
    assert {s.name for s, v in zip(score.specs, played, strict=True) if v == 0.25} == {
        "cuff_l.dye",
        "cuff_r.dye",
    }


def test_the_larger_glow_wins() -> None:
    score = make(route(INSTANT) + route(INSTANT, '"mid"', "core.glow"))
    for bass, mid in [(0.2, 0.7), (0.7, 0.2)]:
        assert one(score, "chest.glow", play(score, constant(2, bass=bass, mid=mid)))[-1] == 0.7
    assert one(score, "back.glow", play(score, constant(2, bass=0.7, mid=0.2)))[-1] == 0.2


@pytest.mark.parametrize(("to", "step"), [("chest.hue", 1 / 512), ("chest.buzz_hz", 0.1), ("/a", 1e-5)])
def test_the_later_route_wins(to: str, step: float) -> None:
    low, high = (20, 500) if "hz" in to else (0, 1)
    both = f"out = [{low}, {high}]\n{INSTANT}"
    score = make(route(both, '"bass"', to) + route(both, '"mid"', to))
    for bass, mid in [(0.25, 0.75), (0.75, 0.25)]:
        played = one(score, to, play(score, constant(2, bass=bass, mid=mid)))[-1]
        assert abs(played - (low + mid * (high - low))) <= step


def test_the_later_route_wins_for_a_single_zone_of_many() -> None:
    line = f"out = [0, 0.5]\n{INSTANT}"
    score = make(route(line, '"bass"', "*.hue") + route(line, '"mid"', "collar.hue"))
    played = play(score, constant(2, bass=1.0, mid=0.5))
    assert one(score, "collar.hue", played)[-1] == 0.25
    assert one(score, "chest.hue", played)[-1] == 0.5


def test_a_hue_runs_over_the_end_of_the_circle() -> None:
    score = make(route(f"out = [0.75, 1.25]\n{INSTANT}", '"bass"', "chest.hue"))
    hues = [one(score, "chest.hue", play(score, constant(2, bass=b)))[-1] for b in (0.0, 0.25, 0.75, 1.0)]
    assert hues == [0.75, 0.875, 0.125, 0.25]


# Events


def test_a_trigger_strikes_to_full_and_releases() -> None:
    score = make(route("attack = 0\nrelease = 0.1", '"onset"', "chest.glow"))
    heard = constant(300)
    heard[50:, NAMES.index("room.onset")] = 1
    glow = one(score, "chest.glow", play(score, heard))
    assert np.all(glow[:50] == 0)
    assert glow[50] == 1.0
    assert np.all(np.diff(glow[50:]) <= 0)
    assert glow[-1] == 0.0


def test_a_trigger_with_an_attack_rises_to_exactly_full() -> None:
    score = make(route("attack = 0.1\nrelease = 0.1", '"onset"', "chest.glow"))
    heard = constant(200)
    heard[50:, NAMES.index("room.onset")] = 1
    glow = one(score, "chest.glow", play(score, heard))
    ticks = CLOCK.ticks(0.1)
    assert glow[50 + ticks - 1] == 1.0
    assert np.argmax(glow) == 50 + ticks - 1
    assert np.all(np.diff(glow[50 : 50 + ticks]) > 0)


def test_a_line_struck_while_it_rises_is_not_held_back() -> None:
    score = make(route("attack = 0.1\nrelease = 1.0", '"onset"', "chest.glow"))
    heard = constant(100)
    heard[:, NAMES.index("room.onset")] = np.arange(100)  # a strike with every hop
    glow = one(score, "chest.glow", play(score, heard))
    assert np.argmax(glow) == CLOCK.ticks(0.1)
    assert glow.max() == 1.0


@pytest.mark.parametrize("size", [1, 7, 64])
def test_no_count_is_lost(size: int) -> None:
    score = make(route("attack = 0\nrelease = 0", '"onset"', "chest.glow"))
    heard = song(2000)
    counts = heard[:, NAMES.index("room.onset")]
    glow = one(score, "chest.glow", play(score, heard, [size] * 2000))
    assert np.sum(glow == 1.0) == np.sum(np.diff(counts, prepend=0.0) > 0) > 30


def test_a_count_needs_no_mode_and_a_level_can_strike() -> None:
    score = make(route('mode = "trigger"\nattack = 0\nrelease = 0\nin = [0, 1]'))
    heard = constant(8)
    heard[:, NAMES.index("room.bass")] = [0.2, 0.5, 0.6, 0.45, 0.55, 0.39, 0.5, 0.9]
    glow = one(score, "chest.glow", play(score, heard))
    assert glow.tolist() == [0, 1, 0, 0, 0, 0, 1, 0]  # 0.45 was not low enough to strike again


def test_a_toggle_turns_with_every_event() -> None:
    score = make(
        route(f'mode = "toggle"\n{INSTANT}', '"beat"')
        + route(f'mode = "toggle"\n{INSTANT}', '"mid"', "hem.glow")
    )
    heard = constant(8)
    heard[:, NAMES.index("room.beat")] = [0, 1, 1, 2, 3, 3, 3, 4]
    heard[:, NAMES.index("room.mid")] = [0, 1, 1, 0, 1, 0, 1, 0]
    played = play(score, heard)
    assert one(score, "chest.glow", played).tolist() == [0, 1, 1, 0, 1, 1, 1, 0]
    assert one(score, "hem.glow", played).tolist() == [0, 1, 1, 1, 0, 0, 1, 1]


def test_hold_is_on_while_the_input_is_high() -> None:
    score = make(route(f'mode = "hold"\n{INSTANT}'))
    heard = constant(6)
    heard[:, NAMES.index("room.bass")] = [0.4, 0.5, 0.41, 0.39, 0.49, 1.0]
    assert one(score, "chest.glow", play(score, heard)).tolist() == [0, 1, 1, 0, 0, 1]


# Properties


@pytest.mark.parametrize("text", [RICH, route(), ""], ids=["rich", "one", "none"])
def test_grouping_does_not_matter(text: str) -> None:
    score = make(text)
    heard = song(1500)
    heard[300:310] = np.nan
    heard[900:] = heard[900]  # long enough to settle
    dice = random.Random(3)
    groupings = [[1] * 1500, [7] * 300, [64] * 30, [dice.randint(1, 64) for _ in range(1500)]]
    whole: list[tuple[bytes, bytes, str]] = []
    for sizes in groupings:
        score.reset()
        played = play(score, heard, sizes).tobytes()
        whole.append((played, score._curves._last.tobytes(), score.scene))
    assert len(set(whole)) == 1


def test_the_leading_scene_of_a_hop_does_not_depend_on_grouping() -> None:
    heard = song(1200)
    led = []
    for size in (1, 7, 64):
        score, names = make(RICH), []
        for at in range(0, 1200, size):
            n = min(size, 1200 - at)
            score.play(Block(at, np.zeros((0, 1), np.float32), {}, n), heard[at : at + n])
            names += [score.scene_at(hop) for hop in range(n)]
        led.append(names)
    assert led[0] == led[1] == led[2]
    assert {"groove", "rest"} <= set(led[0])


def test_reset_repeats() -> None:
    score = make(RICH)
    heard = song(900)
    first = play(score, heard).tobytes()
    assert play(score, heard).tobytes() != first
    score.take(Event(0, "/wear/scene/break"))
    play(score, constant(3 * SECOND))
    assert score.scene == "break"
    score.reset()
    assert score.scene == "groove"
    assert play(score, heard).tobytes() == first


@pytest.mark.parametrize("seconds", [0.0, 0.26, 1.0])
def test_a_release_reaches_exactly_zero(seconds: float) -> None:
    score = make(
        route(f"attack = 0\nrelease = {seconds}")
        + route(f"attack = 3\nrelease = {seconds}", to="hem.glow")
        + route(f"attack = 0\nrelease = {seconds}", to="/a")
        + route(f"attack = 0\nrelease = {seconds}", '"onset"', to="/b")
    )
    heard = np.concatenate(
        [constant(200, bass=1.0, onset=1), constant(20 + int(12 * seconds * SECOND), onset=1)]
    )
    played = play(score, heard)
    for name in ("chest.glow", "hem.glow", "/a", "/b"):
        assert one(score, name, played)[-1] == 0.0, name
    assert np.all(score._curves._last == 0.0)


def test_a_slow_release_does_not_stick_before_dark() -> None:
    score = make(route("attack = 0\nrelease = 9"))
    glow = one(
        score, "chest.glow", play(score, np.concatenate([constant(1, bass=1.0), constant(110 * SECOND)]))
    )
    assert glow[-1] == 0.0


def test_what_is_no_number_holds_the_last_one() -> None:
    for bad in (np.nan, np.inf, -np.inf):
        score = make(
            route(INSTANT) + route(INSTANT, '"level"', "hem.glow") + route(INSTANT, '"onset"', "yoke.glow")
        )
        broken = np.full((3, len(NAMES)), bad)
        first = play(score, broken)
        assert np.all(np.isfinite(first))
        assert one(score, "hem.glow", first)[-1] == 0.0
        heard = np.concatenate([constant(2, bass=0.5, level=-45), broken])
        played = play(score, heard)
        assert np.all(np.isfinite(played))
        assert one(score, "chest.glow", played)[-1] == 0.5
        assert one(score, "hem.glow", played)[-1] == 0.5


# Scenes

TWO = '[[scene]]\nname = "a"\nfade = 1.0\n{a}[[scene]]\nname = "b"\nfade = 1.0\nquantise = "{q}"\n{b}'


def two(a: str, b: str, quantise: str = "now", rest: str = "") -> Score:
    return make(TWO.format(a=a, b=b, q=quantise) + rest)


def crossed(to: str, a: str, b: str) -> F64:
    """What `to` does while scene a (bass = 1) gives way to scene b, from the hop of the change."""
    score = two(
        route(f"out = {a}\n{INSTANT}", to=to, scene="scene."),
        route(f"out = {b}\n{INSTANT}", to=to, scene="scene."),
    )
    before = one(score, to, play(score, constant(50, bass=1.0)))
    assert np.all(before == before[0])
    score.take(Event(0, "/wear/scene/b"))
    after = one(score, to, play(score, constant(300, bass=1.0), start=50))
    return np.concatenate([before[-1:], after])


def test_a_crossfade_is_smooth_and_ends_in_exact_weights() -> None:
    glow = crossed("chest.glow", "[0, 1]", "[1, 0.25]")
    ticks = CLOCK.ticks(1.0)
    assert glow[0] == 1.0
    assert np.all(glow[ticks:] == 0.25)
    assert glow[ticks - 8] > 0.25
    assert abs(glow[ticks // 2] - 0.625) < 0.02
    assert np.max(np.abs(np.diff(glow))) < 0.01


def test_hue_goes_the_shorter_way_round() -> None:
    hue = crossed("chest.hue", "[0, 0.9]", "[0, 0.1]")
    assert np.all((hue >= 0.9 - 1e-9) | (hue <= 0.1))
    assert hue[80] > 0.96 or hue[80] < 0.04


def test_hertz_cross_by_logarithm() -> None:
    hertz = crossed("chest.buzz_hz", "[20, 50]", "[20, 450]")
    half = CLOCK.ticks(1.0) // 2
    assert abs(hertz[half] - 150) < 5


def test_patterns_and_own_colours_switch_at_half() -> None:
    pattern = crossed("chest.pattern", "[0, 3]", "[0, 9]")
    assert set(pattern.tolist()) == {3, 9}
    score = two("", route(f"out = [0, 0.5]\n{INSTANT}", to="chest.hue", scene="scene."))
    score.take(Event(0, "/wear/scene/b"))
    hue = one(score, "chest.hue", play(score, constant(300, bass=1.0)))
    assert set(hue.tolist()) == {-1, 0.5}
    assert abs(int(np.argmax(hue == 0.5)) - CLOCK.ticks(1.0) // 2) <= 1


def test_strikes_come_and_go_at_half_and_are_not_scaled() -> None:
    strike = route("attack = 0\nrelease = 0", '"onset"', scene="scene.")
    score = two(strike, route(f"out = [0, 0.3]\n{INSTANT}", scene="scene."))
    score.take(Event(0, "/wear/scene/b"))
    heard = constant(300, bass=1.0)
    heard[:, NAMES.index("room.onset")] = np.arange(300) + 1
    glow = one(score, "chest.glow", play(score, heard))
    half = CLOCK.ticks(1.0) // 2
    assert np.all(glow[: half - 1] == 1.0)
    assert np.all(glow[half + 1 :] <= 0.3)
    assert glow[-1] == 0.3


def test_routes_outside_scenes_always_play() -> None:
    score = make(route(INSTANT) + TWO.format(a=route(INSTANT, '"mid"', scene="scene."), b="", q="now"))
    score.take(Event(0, "/wear/scene/b"))
    assert np.all(one(score, "chest.glow", play(score, constant(300, bass=0.5, mid=0.25))) == 0.5)


def test_a_change_in_the_middle_of_a_change_starts_where_the_weights_are() -> None:
    parts = [route(f"out = [0, {v}]\n{INSTANT}", scene="scene.") for v in (1.0, 0.5, 0.1)]
    text = "".join(f'[[scene]]\nname = "{n}"\nfade = 1.0\n{p}' for n, p in zip("abc", parts, strict=True))
    score = make(text)
    score.take(Event(0, "/wear/scene/b"))
    first = one(score, "chest.glow", play(score, constant(90, bass=1.0)))
    score.take(Event(0, "/wear/scene/c"))
    second = one(score, "chest.glow", play(score, constant(300, bass=1.0), start=90))
    whole = np.concatenate([first, second])
    assert np.max(np.abs(np.diff(whole))) < 0.02
    assert second[-1] == 0.1
    assert score.scene == "c"


@pytest.mark.parametrize(("quantise", "hop"), [("now", 10), ("beat", 50), ("bar", 150)])
def test_a_cue_waits_for_its_beat(quantise: str, hop: int) -> None:
    score = two("", route(f"out = [0.5, 0.6]\n{INSTANT}", scene="scene."), quantise)
    heard = constant(400)
    heard[:, NAMES.index("room.beat")] = 1 + np.arange(400) // 50  # beat 2 at hop 50, 4 at 150
    heard[:, NAMES.index("room.downbeat")] = (np.arange(400) >= 150) + (np.arange(400) >= 350)
    play(score, heard[:10])
    score.take(Event(0, "/wear/scene/b"))
    glow = one(score, "chest.glow", play(score, heard[10:], start=10))
    assert abs(int(np.argmax(glow > 0)) + 10 - hop) <= 5


def test_a_cue_does_not_wait_for_a_beat_that_never_comes() -> None:
    score = two("", "", "bar")
    score.take(Event(0, "/wear/scene/b"))
    play(score, constant(5 * SECOND))
    assert score.scene == "b"
    assert make(RICH).scene == "groove"


def test_silence_calls_rest_and_music_calls_back() -> None:
    rest = '[[scene]]\nname = "rest"\nfade = 0.5\n'
    rest += route(f"out = [0, 0.2]\n{INSTANT}", '"silence"', scene="scene.")
    score = two(
        route(INSTANT, scene="scene."), route(f"out = [0, 0.5]\n{INSTANT}", scene="scene."), rest=rest
    )
    assert score.scene == "a"
    play(score, constant(50, bass=1.0))
    glow = one(score, "chest.glow", play(score, constant(200, silence=1), start=50))
    assert (score.scene, glow[-1]) == ("rest", 0.2)
    score.take(Event(0, "/wear/scene/b"))  # a cue in silence is what sound comes back to
    play(score, constant(50, silence=1), start=250)
    assert score.scene == "rest"
    glow = one(score, "chest.glow", play(score, constant(300, bass=1.0), start=300))
    assert (score.scene, glow[-1]) == ("b", 0.5)


def test_a_patch_with_rest_alone_plays_its_routes_until_silence() -> None:
    score = make(
        route(INSTANT) + '[[scene]]\nname = "rest"\nfade = 0\n' + route("", '"silence"', scene="scene.")
    )
    assert score.scene == ""
    play(score, constant(20, bass=1.0))
    assert score.scene == ""
    play(score, constant(20, silence=1), start=20)
    assert score.scene == "rest"
    play(score, constant(300), start=40)
    assert score.scene == ""
    with pytest.raises(PatchError, match=r"no scene 'x'; there is rest"):
        score.take(Event(0, "/wear/scene/x"))


def test_silence_is_heard_in_the_patches_own_lane() -> None:
    score = make('lane = "body"\n[[scene]]\nname = "main"\n[[scene]]\nname = "rest"\nfade = 0.1\n')
    heard = constant(100)
    heard[:, NAMES.index("body.silence")] = 1
    play(score, heard)
    assert score.scene == "rest"


# What a patch names and nobody has

UNKNOWN = [
    (route(source='"bas"'), "3: no feature 'bas'; did you mean 'bass'?"),
    (route(source='"room.bas"'), "3: no feature 'room.bas'; did you mean 'room.bass'?"),
    (
        route(source='"crowd.bass"'),
        "3: no lane 'crowd' is heard here; there is body, "
        "room; a rig (--rig) may bring it, in lanes, [[sensor]] or [remote]",
    ),
    (route(source='"roon.bass"'), "3: no lane 'roon' is heard here; did you mean 'room'?"),
    (route(to="chets.glow"), "4: no zone 'chets' on this garment; did you mean 'chest'?"),
    (route(to="cufs.glow"), "4: no zone 'cufs' on this garment; did you mean 'cuff'?"),
    (route("out = [0, 2]"), "5: out is [0, 2]; glow takes 0 to 1"),
    (route("out = [-0.5, 1]"), "5: out is [-0.5, 1]; glow takes 0 to 1"),
    (route("out = [10, 600]", to="chest.buzz_hz"), "5: out is [10, 600]; buzz_hz takes 20 to 500"),
    (route("out = [0, 3]", to="chest.hue"), "5: out is [0, 3]; hue takes -1 to 2"),
    (route('mode = "follow"', '"onset"'), "5: room.onset is a count that grows; it takes trigger or toggle"),
    (route('mode = "hold"', '"beat"'), "5: room.beat is a count that grows; it takes trigger or toggle"),
]


@pytest.mark.parametrize(("text", "expected"), UNKNOWN)
def test_a_name_that_nobody_has_is_answered_by_line_and_nearest_name(text: str, expected: str) -> None:
    with pytest.raises(PatchError) as caught:
        make(text)
    assert str(caught.value) == f"bloom.toml:{expected}"


def test_all_unknown_names_are_said_at_once() -> None:
    with pytest.raises(PatchError) as caught:
        make(route(source='"bas"') + "".join(text for text, _ in UNKNOWN[4:6]))
    assert [line.split(":")[1] for line in str(caught.value).splitlines()] == ["3", "8", "12"]


def test_a_medium_this_garment_cannot_play_is_said() -> None:
    patch = read_patch('title = "x"\n' + route(to="chest.buzz"), "bloom.toml")
    glow = (Spec("chest.glow", "", 0, 1, 0.001, ""),)
    with pytest.raises(PatchError, match=r"bloom.toml:4: no medium 'buzz' on this garment; there is glow"):
        Score(patch, ROOM, glow, ["chest"], {}, CLOCK)


# The gallery


@pytest.mark.parametrize("name", some(files("patch"), 3))
def test_the_gallery_plays(name: str) -> None:
    patch = load_patch(files("patch")[name])
    garment = load_garment(files("garment")[str(patch.garment)])
    zones = garment.zone_names
    bands = [Spec(band, "0..1", 0, 1, 0.001, "") for band in patch.bands()]
    lanes = ["room", "body", "crowd"]
    every = feature_specs(lanes, {}, everything(lanes))
    asked = [spec for spec in every if spec.name in patch.features() and spec.name not in NAMES]
    feels = cast_feels(patch, Fit(garment, str(patch.garment)), PATTERNS)
    played_on = (*controls(zones), *feel_controls(feels), *scape_controls(cast_scape(patch, lanes)))
    score = Score(patch, (*ROOM, *BODY, *bands, *asked), played_on, zones, garment.roles, CLOCK)
    heard = song(3000, len(NAMES) + len(bands) + len(asked))
    for column, spec in enumerate(asked, len(NAMES) + len(bands)):
        drawn = heard[:, column]
        heard[:, column] = (
            np.cumsum(drawn < 0.001) if spec.growing else spec.low + drawn * (spec.high - spec.low)
        )
    played = play(score, heard)
    assert np.all(np.isfinite(played))
    moved = {
        spec.name.partition(".")[0]
        for spec, column in zip(score.specs, played.T, strict=True)
        if np.ptp(column)
    }
    assert set(zones) <= moved
    silent = np.zeros((60 * SECOND, heard.shape[1]))
    silent[:, NAMES.index("room.level")] = -90
    for column, feature in enumerate(NAMES):
        if feature.endswith(".silence"):
            silent[:, column] = 1
    silent[:, NAMES.index("room.onset")] = heard[-1, NAMES.index("room.onset")]
    silent[:, NAMES.index("room.beat")] = heard[-1, NAMES.index("room.beat")]
    silent[:, NAMES.index("room.downbeat")] = heard[-1, NAMES.index("room.downbeat")]
    for column, spec in enumerate(asked, len(NAMES) + len(bands)):
        silent[:, column] = heard[-1, column] if spec.growing else float(spec.name.endswith(".stillness"))
    rested = play(score, silent, start=3000)
    assert score.scene == "rest"
    assert np.ptp(rested[-200:], axis=0).max() < 0.01  # still
    glow = [v for spec, v in zip(score.specs, rested[-1], strict=True) if spec.name.endswith(".glow")]
    assert 0 < max(glow) <= 0.31
