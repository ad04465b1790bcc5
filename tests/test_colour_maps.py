"""Maps of a route: even, by ratio, and round a circle, on which a note has one hue in every octave."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pytest

from wearsound.core import F64, MAX_HOPS, Block, Clock, Event, Spec
from wearsound.errors import PatchError
from wearsound.mapping.document import read_patch
from wearsound.mapping.score import Score

CLOCK = Clock()
ZONES = ["neck", "end_l", "end_r"]
MEDIA = (
    Spec("glow", "", 0, 1, 0.001, ""),
    Spec("hue", "", 0, 1, 1 / 512, "", default=-1),
    Spec("chroma", "", 0, 1, 1 / 64, "", default=-1),
    Spec("buzz_hz", "Hz", 20, 500, 0.1, "", default=200),
)
HEARD = (
    Spec("room.pitch", "Hz", 0, 2100, 0.1, ""),
    Spec("room.centroid", "Hz", 0, 20_000, 1, ""),
    Spec("room.level", "dB", -90, 0, 0.01, ""),
    Spec("room.flatness", "", 0, 1, 0.001, ""),
    Spec("room.onset", "", 0, 2**31, 1, "", growing=True),
    Spec("knobs.tone", "", 0, 1000, 0, ""),
)
NAMES = [spec.name.partition(".")[2] for spec in HEARD]
C4 = 261.625625
INSTANT = "attack = 0\nrelease = 0\n"
GRID = 1 / 512
"""The step of a hue."""


def route(source: str, to: str, lines: str) -> str:
    return f'[[route]]\nfrom = "{source}"\nto = "{to}"\n{lines}\n'


def make(text: str) -> Score:
    controls = tuple(
        Spec(f"{z}.{m.name}", m.unit, m.low, m.high, m.step, "", default=m.default)
        for z in ZONES
        for m in MEDIA
    )
    return Score(read_patch('title = "x"\n' + text, "scarf.toml"), HEARD, controls, ZONES, {}, CLOCK)


def heard(n: int, **values: float | F64) -> F64:
    rows = np.zeros((n, len(HEARD)))
    for name, value in values.items():
        rows[:, NAMES.index(name)] = value
    return rows


def play(score: Score, rows: F64, sizes: Iterable[int] = ()) -> F64:
    played, at, sizes = [], 0, iter(sizes)
    while at < len(rows):
        n = min(next(sizes, MAX_HOPS), len(rows) - at)
        played.append(score.play(Block(at, np.zeros((0, 1), np.float32), {}, n), rows[at : at + n]).copy())
        at += n
    return np.concatenate(played)


def one(score: Score, name: str, played: F64) -> F64:
    return played[:, [spec.name for spec in score.specs].index(name)]


def settled(text: str, name: str, **values: float) -> float:
    score = make(text)
    return float(one(score, name, play(score, heard(2, **values)))[-1])


def turns(a: float, b: float) -> float:
    """How far two hues lie apart on the circle."""
    return abs((a - b + 0.5) % 1.0 - 0.5)


# Octave


PITCH = 'map = "octave"\nin = [261.625625, 523.25125]\nout = [0.08, 1.08]\n'


def test_the_same_note_has_the_same_hue_in_every_octave_and_neighbours_lie_a_twelfth_apart() -> None:
    text = route("pitch", "neck.hue", PITCH + INSTANT)
    for semitone in range(12):
        note = C4 * 2 ** (semitone / 12)
        hues = [settled(text, "neck.hue", pitch=note * octave) for octave in (0.25, 0.5, 1, 2, 4)]
        assert max(turns(hue, hues[0]) for hue in hues) <= GRID
        assert turns(hues[0], 0.08 + semitone / 12) <= GRID


def test_a_leap_of_an_octave_stands_still_and_b_to_c_is_a_small_step() -> None:
    n = 200
    for before, after, far in ((C4 / 2, C4, 0.001), (C4 * 2 ** (11 / 12), C4 * 2, 1 / 12)):
        score = make(route("pitch", "neck.hue", PITCH + "attack = 0.1"))
        pitch = np.where(np.arange(2 * n) < n, before, after)
        hue = one(score, "neck.hue", play(score, heard(2 * n, pitch=pitch)))[n - 1 :]
        steps = np.abs((np.diff(hue) + 0.5) % 1.0 - 0.5)
        assert steps.sum() <= far + 3 * GRID, "the way round is the shorter one"
        assert turns(hue[-1], hue[0]) == pytest.approx(far, abs=3 * GRID)


@pytest.mark.parametrize("to", ["neck.hue", "/synth/hue"])
def test_a_scale_over_many_octaves_goes_round_and_round(to: str) -> None:
    score = make(route("pitch", to, 'map = "octave"\nout = [0, 1]\nattack = 0.05'))
    semitones = np.repeat(np.arange(48), 100)
    for way in (semitones, semitones[::-1]):
        hue = one(score, to, play(score, heard(len(way), pitch=65.40640625 * 2.0 ** (way / 12))))
        assert hue.min() >= 0.0
        assert hue.max() <= 1.0
        apart = np.abs((hue[99::100] - way[99::100] / 12 + 0.5) % 1.0 - 0.5)
        assert apart[1:].max() <= GRID


def test_up_and_down_take_the_same_time_on_a_circle() -> None:
    n = CLOCK.ticks(0.2)
    third = C4 * 2 ** (4 / 12)
    moved = []
    for before, after in ((C4, third), (third, C4)):
        score = make(route("pitch", "neck.hue", PITCH + "attack = 0.2\nrelease = 9"))
        pitch = np.where(np.arange(11 * n) < 10 * n, before, after)
        hue = one(score, "neck.hue", play(score, heard(11 * n, pitch=pitch)))
        moved.append(turns(hue[-1], hue[10 * n - 1]))
    assert moved[0] == pytest.approx(moved[1], abs=2 * GRID)
    assert moved[0] == pytest.approx(0.632 * 4 / 12, abs=0.01)


def test_where_there_is_no_pitch_the_hue_stays() -> None:
    text = route("pitch", "neck.hue", PITCH + INSTANT)
    score = make(text)
    pitch = np.array([0.0] * 10 + [C4 * 2 ** (7 / 12)] * 10 + [0.0] * 10 + [np.nan] * 10)
    hue = one(score, "neck.hue", play(score, heard(40, pitch=pitch)))
    assert np.all(np.abs(hue[:10] - 0.08) <= GRID), "before the first note it stands where the circle begins"
    assert np.all(np.abs(hue[10:] - (0.08 + 7 / 12)) <= GRID)


def test_a_circle_into_a_part_of_the_wheel_has_ends_and_does_not_jump() -> None:
    text = route("pitch", "neck.hue", 'map = "octave"\nout = [0.1, 0.4]\nattack = 0.2\nrelease = 0.2')
    score = make(text)
    pitch = np.where(np.arange(800) < 400, C4 * 1.99, C4 * 2.01)
    hue = one(score, "neck.hue", play(score, heard(800, pitch=pitch)))
    assert hue[399] > 0.39
    assert hue[-1] < 0.11
    assert np.abs(np.diff(hue)).max() < 0.02


def test_two_octaves_may_go_round_once_and_backwards() -> None:
    text = route("pitch", "neck.hue", 'map = "octave"\nin = [100, 400]\nout = [1, 0]\n' + INSTANT)
    assert settled(text, "neck.hue", pitch=200) == pytest.approx(0.5, abs=GRID)
    assert settled(text, "neck.hue", pitch=800) == pytest.approx(0.5, abs=GRID)


# Logarithm


def test_log_lays_equal_ratios_equally_far_apart() -> None:
    text = route("centroid", "neck.hue", 'map = "log"\nin = [100, 6400]\nout = [0.06, 0.66]\n' + INSTANT)
    hues = [settled(text, "neck.hue", centroid=100 * 2.0**k) for k in range(7)]
    assert np.diff(hues) == pytest.approx([0.1] * 6, abs=1.5 * GRID)
    for outside, end in ((0.0, 0.06), (20.0, 0.06), (20_000.0, 0.66)):
        assert settled(text, "neck.hue", centroid=outside) == pytest.approx(end, abs=GRID)


@pytest.mark.filterwarnings("error")
def test_what_has_no_logarithm_is_as_low_as_it_gets_and_does_no_harm() -> None:
    score = make(
        route("knobs.tone", "neck.hue", 'map = "log"\nin = [10, 1000]\nout = [0.1, 0.5]\n' + INSTANT)
    )
    hue = one(score, "neck.hue", play(score, heard(5, tone=np.array([-5.0, 0.0, 100.0, -1e9, 1000.0]))))
    assert hue == pytest.approx([0.1, 0.1, 0.3, 0.1, 0.5], abs=GRID)


def test_log_takes_events_of_a_level_too() -> None:
    score = make(route("centroid", "neck.glow", 'map = "log"\nin = [100, 10000]\nmode = "hold"\n' + INSTANT))
    glow = one(score, "neck.glow", play(score, heard(4, centroid=np.array([900.0, 1100, 850, 600]))))
    assert glow.tolist() == [0, 1, 1, 0], "on above 1000 Hz, the middle by ratio; off below 630"


def test_a_falling_reach_takes_chroma_from_noise() -> None:
    text = route("flatness", "neck.chroma", "in = [0.05, 0.5]\nout = [1, 0]\n" + INSTANT)
    assert settled(text, "neck.chroma", flatness=0.0) == 1.0
    assert settled(text, "neck.chroma", flatness=0.9) == 0.0


# With everything else


MANY = (
    route("pitch", "neck.hue", PITCH + "attack = 0.15")
    + route("centroid", "end_l.hue", 'map = "log"\nin = [150, 6000]\nout = [0.9, 1.4]\ncurve = 0.7')
    + route("centroid", "end_l.glow", 'map = "log"\nin = [100, 9000]\nmode = "trigger"\nattack = 0.02')
    + route("pitch", "end_r.hue", 'map = "octave"\nout = [0.2, 0.5]\nattack = 1\nrelease = 0.1')
    + route("level", "*.glow", "in = [-50, -8]\ncurve = 1.5")
    + route("flatness", "*.chroma", "out = [1, 0]\nattack = 0.3")
    + route("onset", "end_r.glow", "attack = 0.01")
    + route("pitch", "/synth/hue", 'map = "octave"\nout = [0, 1]')
    + route("flatness", "neck.buzz_hz", "out = [60, 200]\nattack = 2\nrelease = 0.1")
)


def song(n: int) -> F64:
    rng = np.random.default_rng(5)
    held = np.repeat(rng.integers(0, 40, n // 20 + 1), 20)[:n]
    pitch = np.where(rng.random(n) < 0.05, 0.0, 65.4 * 2 ** (held / 12))
    pitch[rng.random(n) < 0.01] = np.nan
    return heard(
        n,
        pitch=pitch,
        centroid=20 * 2 ** (rng.random(n) * 9),
        level=-60 * rng.random(n),
        flatness=rng.random(n) ** 2,
        onset=np.cumsum(rng.random(n) < 0.03),
    )


def test_blocks_do_not_matter_and_a_reset_brings_the_same_bits() -> None:
    rows = song(3000)
    score = make(MANY)
    whole = play(score, rows)
    assert one(score, "neck.hue", whole).std() > 0.1
    assert one(score, "end_l.glow", whole).max() > 0.5
    for sizes in ([1] * 3000, [1, 63, 7, 2, 31] * 40):
        score.reset()
        assert np.array_equal(play(score, rows, sizes), whole)


def test_each_line_plays_as_if_it_were_alone() -> None:
    """Lines are sorted by kind inside; none may read its neighbour's numbers."""
    rows = song(1500)
    together = make(MANY)
    played = play(together, rows)
    for alone, name in (
        (route("pitch", "neck.hue", PITCH + "attack = 0.15"), "neck.hue"),
        (
            route("pitch", "end_r.hue", 'map = "octave"\nout = [0.2, 0.5]\nattack = 1\nrelease = 0.1'),
            "end_r.hue",
        ),
        (route("pitch", "/synth/hue", 'map = "octave"\nout = [0, 1]'), "/synth/hue"),
        (route("flatness", "neck.buzz_hz", "out = [60, 200]\nattack = 2\nrelease = 0.1"), "neck.buzz_hz"),
    ):
        single = make(alone)
        assert np.array_equal(one(single, name, play(single, rows)), one(together, name, played))


def test_a_hand_turns_the_ends_of_a_logarithm_and_cannot_reach_nothing() -> None:
    score = make(route("centroid", "neck.hue", 'map = "log"\nin = [100, 6400]\nout = [0, 0.6]\n' + INSTANT))
    rows = heard(2, centroid=800.0)
    before = one(score, "neck.hue", play(score, rows))[-1]
    base = "/wear/param/centroid-neck-hue"
    assert before == pytest.approx(0.3, abs=GRID)
    score.take(Event(0, f"{base}/in/high", (800.0,)))
    assert one(score, "neck.hue", play(score, rows))[-1] == pytest.approx(0.6, abs=GRID)
    score.take(Event(0, f"{base}/in/low", (-5.0,)))
    assert np.isfinite(one(score, "neck.hue", play(score, rows))[-1])
    low = next(p for p in score.parameters() if p.address == f"{base}/in/low")
    assert low.low > 0


def test_a_hand_that_opens_the_wheel_to_a_part_of_it_gives_it_ends() -> None:
    score = make(route("pitch", "neck.hue", PITCH + INSTANT))
    play(score, heard(2, pitch=C4 * 1.9))
    score.take(Event(0, "/wear/param/pitch-neck-hue/out/high", (0.5,)))
    hue = one(score, "neck.hue", play(score, heard(3, pitch=C4 * 1.99)))
    assert 0.48 < hue[-1] <= 0.5


# What does not fit


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ('from = "centroid"\nto = "neck.hue"\nmap = "log"', "5: map is 'log'; it needs `in`"),
        ('from = "centroid"\nto = "neck.hue"\nin = [0, 9]\nmap = "log"', "5: in is [0, 9]; with map = 'log'"),
        ('from = "pitch"\nto = "neck.hue"\nin = [-1, 9]\nmap = "octave"', "5: in is [-1, 9]"),
        ('from = "pitch"\nto = "neck.glow"\nmap = "octave"', "5: map is 'octave', a circle, and glow has two ends"),
        ('from = "pitch"\nto = "neck.hue"\nmode = "hold"\nmap = "octave"', "6: map is 'octave', a circle without"),
        ('from = "pitch"\nto = "neck.hue"\nmap = "octve"', "5: no map 'octve'; did you mean 'octave'?"),
    ],
)  # fmt: skip
def test_what_a_map_cannot_do_is_said_by_line(lines: str, said: str) -> None:
    with pytest.raises(PatchError) as error:
        read_patch(f'title = "x"\n[[route]]\n{lines}', "scarf.toml")
    assert f"scarf.toml:{said}" in str(error.value)


def test_what_has_no_octaves_is_said_and_numbers_from_outside_are_believed() -> None:
    with pytest.raises(
        PatchError, match=r'scarf.toml:5: flatness is no frequency.*write from = "pitch", or map'
    ):
        make(route("flatness", "neck.hue", 'map = "octave"'))
    with pytest.raises(PatchError, match=r"scarf.toml:5: room.onset is a count that grows"):
        make(route("onset", "neck.hue", 'map = "log"\nin = [1, 9]'))
    text = route("knobs.tone", "neck.hue", 'map = "octave"\nin = [100, 200]\nout = [0, 1]\n' + INSTANT)
    assert turns(settled(text, "neck.hue", tone=400 * 2**0.25), 0.25) <= GRID
