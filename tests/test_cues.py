"""The cue list: GO, BACK, GOTO, cues that follow by themselves, changes on beat and bar, and another patch."""

from __future__ import annotations

import itertools
import random
from collections.abc import Mapping, Sequence

import numpy as np
import pytest

from wearsound.analysis.ear import feature_specs
from wearsound.core import Block, Clock, Event, Spec
from wearsound.errors import PatchError
from wearsound.gallery import files
from wearsound.mapping.cue import Step
from wearsound.mapping.document import Patch, load_patch, read_patch
from wearsound.mapping.scene import Scenes
from wearsound.mapping.score import Score

CLOCK = Clock()
SECOND = CLOCK.ticks(1.0)
GUARD = CLOCK.ticks(0.5)

SCENES = "".join(
    f'[[scene]]\nname = "{name}"\nfade = {fade}\n' for name, fade in (("a", 0.4), ("b", 0.2), ("c", 0.0))
)
REST = '[[scene]]\nname = "rest"\nfade = 0.1\n'
LIST = """
[[cue]]
name = "open"
scene = "a"
[[cue]]
name = "lift"
scene = "b"
fade = 1.0
after = 2.0
[[cue]]
name = "1"
scene = "c"
quantise = "now"
[[cue]]
name = "close"
scene = "a"
"""

Counts = Sequence[float]


def patch_of(text: str) -> Patch:
    return read_patch('title = "x"\n' + text, "bloom.toml")


def scenes_of(text: str) -> Scenes:
    patch = patch_of(text)
    return Scenes(patch.scenes, CLOCK, patch.cues, patch.go_guard)


class Played:
    """Scenes played for some hops: who led, and every weight; hands act at the first hop of a block."""

    def __init__(
        self,
        scenes: Scenes,
        n: int,
        hands: Mapping[int, Sequence[str]] | None = None,
        sizes: Sequence[int] = (1,),
        silence: Counts | None = None,
        beats: Counts | None = None,
        downbeats: Counts | None = None,
        start: int = 0,
    ) -> None:
        hands = hands or {}
        self.leaders: list[str] = []
        self.weights: list[tuple[float, ...]] = []
        self.cues: list[str] = []
        turn = itertools.cycle(sizes)
        stops = sorted({*(at for at in hands if start <= at < start + n), start + n})
        at = start
        for stop in stops:
            while at < stop:
                for hand in hands.get(at, ()):
                    act(scenes, hand, at)
                size = min(next(turn), stop - at)
                some = [
                    None if count is None else list(count[at - start : at - start + size])
                    for count in (silence, beats, downbeats)
                ]
                weights = scenes.advance(at, size, *some)
                alone = tuple(float(i == scenes.leader) for i in range(len(scenes.names)))
                self.weights += weights if weights is not None else [alone] * size
                self.leaders += [scenes.names[leader] for leader in scenes.leaders]
                at += size
        self.state = state(scenes)

    def first(self, scene: str) -> int:
        return self.leaders.index(scene)


def act(scenes: Scenes, hand: str, tick: int) -> None:
    cues, (word, _, name) = scenes.cues, hand.partition(" ")
    step: Step | None = None
    if word == "go":
        step = cues.go(tick)
    elif word == "back":
        step = cues.back(tick)
    elif word == "goto":
        step = cues.goto(name)
    else:
        scenes.change(name)
    if step is not None:
        scenes.follow(step)


def state(scenes: Scenes) -> tuple[object, ...]:
    cues = scenes.cues
    return (scenes.leader, scenes.called, scenes.waiting, cues.at, cues.next, cues.left, cues.ignored)


def counts(n: int, every: int, first: int = 0) -> list[float]:
    """A count that grows every so many hops, from hop `first` on."""
    return [float(max(0, (hop - first) // every + 1)) for hop in range(n)]


class TestWhatAFileSays:
    def test_a_cue_says_what_was_written(self) -> None:
        patch = patch_of(SCENES + LIST + "[[scene]]\nname = 'x'")
        assert [(cue.name, cue.scene, cue.fade, cue.after) for cue in patch.cues] == [
            ("open", "a", None, None), ("lift", "b", 1.0, 2.0), ("1", "c", None, None), ("close", "a", None, None),
        ]  # fmt: skip
        assert (patch.cues[2].quantise, patch.cues[0].quantise, patch.cues[0].note) == ("now", None, "")
        assert patch.go_guard == 0.5
        assert patch_of("go_guard = 0").go_guard == 0

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ('[[cue]]\nname = "x"\nscene = "d"', "13: no scene 'd'; there is a, b, c"),
            (
                '[[scene]]\nname = "verse"\n[[cue]]\nname = "x"\nscene = "vers"',
                "15: no scene 'vers'; did you mean 'verse'?",
            ),
            ('[[cue]]\nname = "x"', "11: a cue needs scene: the name of a scene"),
            ('[[cue]]\nname = "x"\nscene = 3', "13: scene is 3; it takes the name of a scene"),
            ('[[cue]]\nscene = "a"', "11: a cue needs name: a name: letters, digits, - and _"),
            (
                '[[cue]]\nname = "x"\nscene = "a"\n[[cue]]\nname = "x"\nscene = "b"',
                "15: a second cue called 'x'; give it another name",
            ),
            ('[[cue]]\nname = "x"\nscene = "a"\nafter = -1', "14: after is -1; it takes seconds from 0 to 3600"),
            ('[[cue]]\nname = "x"\nscene = "a"\nquantise = "bars"', "14: no quantise 'bars'; did you mean 'bar'?"),
            ('[[cue]]\nname = "x"\nscene = "a"\nfades = 1', "14: no key 'fades' in a cue; did you mean 'fade'?"),
            (
                '[cue]\nname = "x"',
                "11: cue is a table; it takes tables that begin with [[cue]], two brackets, at most 200",
            ),
        ],
    )  # fmt: skip
    def test_what_is_wrong_is_said_with_its_line(self, text: str, expected: str) -> None:
        with pytest.raises(PatchError) as caught:
            patch_of(SCENES + text)
        assert str(caught.value) == f"bloom.toml:{expected}"

    def test_a_list_without_scenes_and_a_guard_too_long(self) -> None:
        with pytest.raises(PatchError) as caught:
            patch_of('go_guard = 9\n[[cue]]\nname = "x"\nscene = "a"\n')
        assert str(caught.value).splitlines() == [
            "bloom.toml:2: go_guard is 9; it takes seconds from 0 to 5",
            "bloom.toml:5: no scene 'a'; this patch has none: begin one with [[scene]]",
        ]

    def test_two_hundred_cues_and_no_more(self) -> None:
        text = SCENES + "".join(f'[[cue]]\nname = "n{k}"\nscene = "a"\n' for k in range(201))
        with pytest.raises(PatchError, match="201 cues; at most 200"):
            patch_of(text)

    @pytest.mark.parametrize("name", files("patch"))
    def test_the_gallery_has_lists_that_play_to_their_end(self, name: str) -> None:
        patch = load_patch(files("patch")[name])
        scenes = Scenes(patch.scenes, CLOCK, patch.cues, patch.go_guard)
        started = scenes.leader
        for k in range(len(scenes.cues.names)):
            Played(scenes, 2 * GUARD, {2 * GUARD * k: ["go"]}, sizes=(64,), start=2 * GUARD * k)
        assert scenes.cues.next == -1
        scenes.reset()
        assert scenes.leader == started


class TestGo:
    def test_it_takes_the_next_and_stays_at_the_last(self) -> None:
        scenes = scenes_of(SCENES + LIST.replace("after = 2.0", ""))
        assert (scenes.cues.at, scenes.cues.next) == (-1, 0)
        hands = {SECOND * k: ["go"] for k in range(1, 8)}
        played = Played(scenes, 9 * SECOND, hands)
        assert [played.leaders[SECOND * k - 1] for k in (1, 2, 3, 4, 5, 9)] == ["a", "a", "b", "c", "a", "a"]
        assert (scenes.cues.at, scenes.cues.next, scenes.cues.ignored) == (3, -1, 0)

    def test_the_opening_scene_is_taken_where_the_list_is_the_scenes(self) -> None:
        scenes = scenes_of(SCENES + REST)
        assert scenes.cues.names == ("a", "b", "c")
        assert (scenes.cues.at, scenes.cues.next) == (0, 1)
        played = Played(scenes, 2 * SECOND, {0: ["go"]})
        assert played.leaders[-1] == "b"

    def test_a_cue_has_its_own_fade_and_else_that_of_its_scene(self) -> None:
        for go, name, seconds in ((1, "lift", 1.0), (2, "1", 0.0)):
            scenes = scenes_of(SCENES + LIST.replace("after = 2.0", ""))
            for _ in range(go):
                scenes.cues.go(-10_000, sure=True)
            played = Played(scenes, 2 * SECOND, {10: ["go"]})
            ticks = CLOCK.ticks(seconds) if seconds else 0
            there = [row[scenes.names.index("b" if name == "lift" else "c")] for row in played.weights]
            assert there[9] == 0.0
            assert there.index(1.0) == 10 + max(0, ticks - 1), name

    def test_a_second_go_within_the_guard_is_none_and_is_counted(self) -> None:
        scenes = scenes_of(SCENES + LIST.replace("after = 2.0", ""))
        Played(scenes, SECOND, {5: ["go"], 5 + GUARD - 1: ["go"]})
        assert (scenes.cues.at, scenes.cues.ignored) == (0, 1)
        scenes = scenes_of(SCENES + LIST.replace("after = 2.0", ""))
        Played(scenes, SECOND, {5: ["go"], 5 + GUARD: ["go"]})
        assert (scenes.cues.at, scenes.cues.ignored) == (1, 0)

    def test_sixty_four_gos_at_once_are_one(self) -> None:
        scenes = scenes_of(SCENES + LIST)
        Played(scenes, 10, {0: ["go"] * 64})
        assert (scenes.cues.at, scenes.cues.ignored) == (0, 63)

    def test_an_ignored_go_does_not_lengthen_the_guard(self) -> None:
        scenes = scenes_of(SCENES + LIST.replace("after = 2.0", ""))
        Played(scenes, 2 * SECOND, {at: ["go"] for at in range(0, GUARD + 1, 3)} | {GUARD: ["go"]})
        assert scenes.cues.at == 1

    def test_without_a_guard_every_go_counts(self) -> None:
        scenes = scenes_of("go_guard = 0\n" + SCENES + LIST)
        Played(scenes, 10, {0: ["go"] * 3})
        assert (scenes.cues.at, scenes.cues.ignored) == (2, 0)

    def test_a_second_go_while_the_first_waits_for_its_bar_goes_on_to_the_one_after(self) -> None:
        text = SCENES.replace("fade", 'quantise = "bar"\nfade') + LIST.replace('quantise = "now"', "")
        scenes = scenes_of(text.replace("after = 2.0", ""))
        n = 4 * SECOND
        bars = counts(n, 3 * SECOND, first=0)
        hands = {10: ["go"], 10 + GUARD: ["go"], 10 + 2 * GUARD: ["go"]}
        played = Played(scenes, n, hands, beats=counts(n, SECOND // 2), downbeats=bars)
        assert set(played.leaders[: 3 * SECOND]) == {"a"}
        assert played.leaders[3 * SECOND :] == ["c"] * SECOND
        assert scenes.cues.names[scenes.cues.at] == "1"


class TestBack:
    def test_it_takes_the_one_before_and_stays_at_the_first(self) -> None:
        scenes = scenes_of(SCENES + LIST.replace("after = 2.0", ""))
        hands = {
            SECOND * k: [word] for k, word in enumerate(["back", "go", "go", "go", "back", "back", "back"])
        }
        Played(scenes, 8 * SECOND, hands)
        assert (scenes.cues.at, scenes.cues.ignored) == (0, 0)

    def test_it_guards_itself_but_not_against_go(self) -> None:
        scenes = scenes_of(SCENES + LIST.replace("after = 2.0", ""))
        Played(
            scenes, 2 * SECOND, {0: ["goto 4"], 10: ["back"], 20: ["back"], 30: ["go"], 40: ["back", "go"]}
        )
        assert (scenes.cues.at, scenes.cues.ignored) == (3, 3)  # 4, 3, -, 4, -, -

    def test_nothing_follows_it_by_itself(self) -> None:
        scenes = scenes_of(SCENES + LIST)
        played = Played(scenes, 9 * SECOND, {0: ["goto 3"], SECOND: ["back"], 8 * SECOND: ["go"]})
        assert played.leaders[8 * SECOND - 1] == "b"
        assert played.leaders[-1] == "c"


class TestGoto:
    @pytest.mark.parametrize(("which", "at"), [("lift", 1), ("1", 2), ("2", 1), ("4", 3), (4, 3), (2.0, 1)])
    def test_by_name_or_by_number(self, which: object, at: int) -> None:
        scenes = scenes_of(SCENES + LIST)
        assert scenes.cues.goto(which) is scenes.cues.steps[at]
        assert scenes.cues.at == at

    @pytest.mark.parametrize(
        ("which", "expected"),
        [
            ("clos", "no cue 'clos'; did you mean 'close'?"),
            (5, "no cue 5; there are 4, counted from 1"),
            ("0", "no cue 0; there are 4, counted from 1"),
            (1.5, "/wear/cue/goto takes the name of a cue or its number, from 1"),
            (True, "/wear/cue/goto takes the name of a cue or its number, from 1"),
            (float("nan"), "/wear/cue/goto takes the name of a cue or its number, from 1"),
            (None, "/wear/cue/goto takes the name of a cue or its number, from 1"),
        ],
    )
    def test_what_is_not_there_is_said(self, which: object, expected: str) -> None:
        scenes = scenes_of(SCENES + LIST)
        with pytest.raises(PatchError) as caught:
            scenes.cues.goto(which)
        assert str(caught.value) == expected
        assert scenes.cues.at == -1


class TestAfter:
    def test_the_next_follows_by_itself_to_the_hop(self) -> None:
        for sizes in ((1,), (7,), (64,)):
            scenes = scenes_of(SCENES + LIST)
            played = Played(scenes, 6 * SECOND, {100: ["goto 2"]}, sizes)
            assert played.first("c") == 100 + CLOCK.ticks(2.0)
            assert (scenes.cues.names[scenes.cues.at], scenes.cues.left) == ("1", None)

    def test_its_seconds_run_from_when_its_scene_comes(self) -> None:
        scenes = scenes_of(SCENES + LIST.replace("after", 'quantise = "bar"\nafter'))
        n, bar = 8 * SECOND, 3 * SECOND
        played = Played(
            scenes, n, {100: ["goto 2"]}, (9,), beats=counts(n, SECOND // 2), downbeats=counts(n, bar)
        )
        assert played.first("c") == bar + CLOCK.ticks(2.0)

    def test_a_hand_that_is_a_moment_late_does_not_take_the_one_after(self) -> None:
        scenes = scenes_of(SCENES + LIST)
        Played(scenes, 6 * SECOND, {0: ["goto 2"], CLOCK.ticks(2.0) + 20: ["go"]})
        assert (scenes.cues.names[scenes.cues.at], scenes.cues.ignored) == ("1", 1)

    def test_a_hand_that_is_earlier_takes_it_and_it_does_not_come_twice(self) -> None:
        scenes = scenes_of(SCENES + LIST)
        played = Played(scenes, 6 * SECOND, {0: ["goto 2"], SECOND: ["go"]})
        assert played.first("c") == SECOND
        assert played.leaders[-1] == "c"

    def test_a_scene_called_by_a_hand_ends_it(self) -> None:
        scenes = scenes_of(SCENES + LIST)
        played = Played(scenes, 6 * SECOND, {0: ["goto 2"], SECOND: ["scene a"]})
        assert played.leaders[-1] == "a"
        assert scenes.cues.names[scenes.cues.at] == "lift"

    def test_it_does_not_run_in_rest_and_the_cue_comes_back(self) -> None:
        scenes = scenes_of(SCENES + REST + LIST)
        n = 9 * SECOND
        silence = [float(SECOND <= hop < 5 * SECOND) for hop in range(n)]
        played = Played(scenes, n, {0: ["goto 2"]}, (13,), silence=silence)
        assert set(played.leaders[SECOND + 30 : 5 * SECOND]) == {"rest"}
        assert played.leaders[5 * SECOND + 60] == "b"
        # One second of two had run; the hop in which silence ends counts already.
        assert abs(played.first("c") - 6 * SECOND) <= 1

    def test_a_cue_taken_in_silence_is_what_sound_comes_back_to_and_runs_from_there(self) -> None:
        scenes = scenes_of(SCENES + REST + LIST)
        n = 9 * SECOND
        silence = [float(hop < 5 * SECOND) for hop in range(n)]
        played = Played(scenes, n, {SECOND: ["goto 2"]}, (13,), silence=silence)
        assert set(played.leaders[60 : 5 * SECOND]) == {"rest"}
        assert played.first("c") == 5 * SECOND + CLOCK.ticks(2.0) - 1

    def test_at_the_end_nothing_follows(self) -> None:
        scenes = scenes_of(SCENES + '[[cue]]\nname = "x"\nscene = "b"\nafter = 0.1\n')
        Played(scenes, SECOND, {0: ["go"]}, (64,))
        assert (scenes.cues.at, scenes.cues.next) == (0, -1)

    def test_a_list_of_nothing_but_zeros_runs_through_and_ends(self) -> None:
        text = SCENES + "".join(
            f'[[cue]]\nname = "n{k}"\nscene = "{"abc"[k % 3]}"\nafter = 0\n' for k in range(200)
        )
        led = []
        for sizes in ((1,), (64,)):
            scenes = scenes_of(text)
            led.append(Played(scenes, SECOND * 2, {0: ["go"]}, sizes))
            assert scenes.cues.at == 199
        assert led[0].weights == led[1].weights


class TestScenesBesideTheList:
    def test_where_the_list_is_the_scenes_the_place_goes_along(self) -> None:
        scenes = scenes_of(SCENES + REST)
        Played(scenes, SECOND, {0: ["scene c"]})
        assert scenes.cues.at == 2
        Played(scenes, SECOND, {SECOND: ["scene rest"]}, start=SECOND)
        assert scenes.cues.at == 2

    def test_a_list_of_its_own_keeps_its_place(self) -> None:
        scenes = scenes_of(SCENES + LIST)
        Played(scenes, SECOND, {0: ["go"], 10: ["scene c"]})
        assert scenes.cues.at == 0


class TestBeatsAndBars:
    @pytest.mark.parametrize("metre", [3, 4, 5])
    def test_a_bar_is_where_the_ear_says_it_begins(self, metre: int) -> None:
        n, beat = 20 * SECOND, 90
        downbeats = counts(n, metre * beat, first=50)
        scenes = scenes_of(SCENES.replace("fade", 'quantise = "bar"\nfade'))
        calls = range(900, n - metre * beat - 1, 331)
        for at in calls:
            scenes.reset()
            played = Played(
                scenes, n, {at: ["scene c"]}, (64,), beats=counts(n, beat, first=50), downbeats=downbeats
            )
            assert played.first("c") == next(h for h in range(at, n) if (h - 50) % (metre * beat) == 0)

    def test_a_beat_is_the_next_one(self) -> None:
        scenes = scenes_of(SCENES.replace("fade", 'quantise = "beat"\nfade'))
        played = Played(scenes, 500, {101: ["scene c"]}, beats=counts(500, 90), downbeats=counts(500, 360))
        assert played.first("c") == 180

    def test_without_beats_it_waits_two_seconds_from_the_call(self) -> None:
        for how in ("beat", "bar"):
            scenes = scenes_of(SCENES.replace("fade", f'quantise = "{how}"\nfade'))
            none = [7.0] * 1000
            played = Played(scenes, 1000, {100: ["scene c"]}, (33,), beats=none, downbeats=none)
            assert played.first("c") == 100 + CLOCK.ticks(2.0)

    def test_without_bars_it_waits_four_seconds_or_twice_as_long_as_the_last_bar_was(self) -> None:
        n = 40 * SECOND
        for bar, waits in ((SECOND, 4 * SECOND), (5 * SECOND, 10 * SECOND), (9 * SECOND, 4 * SECOND)):
            scenes = scenes_of(SCENES.replace("fade", 'quantise = "bar"\nfade'))
            stop = 19 * SECOND  # no bar begins after this
            bars = counts(stop, bar) + [counts(stop, bar)[-1]] * (n - stop)
            played = Played(
                scenes, n, {20 * SECOND: ["scene c"]}, (64, 5), beats=counts(n, 90), downbeats=bars
            )
            assert abs(played.first("c") - 20 * SECOND - waits) <= 3, (
                bar
            )  # a second is not a whole number of hops

    def test_where_nobody_hears_beats_nothing_waits(self) -> None:
        scenes = scenes_of(SCENES.replace("fade", 'quantise = "bar"\nfade'))
        assert Played(scenes, 10, {3: ["scene c"]}).first("c") == 3

    def test_a_count_that_began_anew_is_counted_on(self) -> None:
        """Another ear counts from 0: its first beat is a beat."""
        scenes = scenes_of(SCENES.replace("fade", 'quantise = "beat"\nfade'))
        beats = [500.0] * 100 + [0.0] * 100 + [1.0] * 100
        played = Played(scenes, 300, {110: ["scene c"]}, (64,), beats=beats, downbeats=beats)
        assert played.first("c") == 200

    def test_no_number_is_no_beat(self) -> None:
        scenes = scenes_of(SCENES.replace("fade", 'quantise = "beat"\nfade'))
        beats = [float("nan"), 1.0, float("nan")] * 40 + [2.0] * 10
        played = Played(scenes, 130, {5: ["scene c"]}, (64,), beats=beats, downbeats=beats)
        assert played.first("c") == 120

    def test_what_they_need_is_in_the_core_ear(self) -> None:
        names = {spec.name for spec in feature_specs(["room"])}
        assert {"room.beat", "room.downbeat", "room.silence"} <= names

    def test_who_waits_is_told(self) -> None:
        for text in (SCENES, SCENES + REST):
            scenes = scenes_of(text.replace("fade", 'quantise = "bar"\nfade'))
            Played(scenes, 20, {0: ["scene c"]}, beats=[1.0] * 20, downbeats=[1.0] * 20)
            assert scenes.waiting == -1  # bar 1 was new at once
            Played(scenes, 20, {20: ["scene b"]}, beats=[1.0] * 20, downbeats=[1.0] * 20, start=20)
            assert scenes.waiting == 1


def dice(seed: int, n: int) -> tuple[dict[int, list[str]], dict[str, list[float]]]:
    """A wild performance: what hands do, and what is heard."""
    rng = random.Random(seed)
    words = ["go", "go", "go", "back", "goto 1", "goto 4", "scene a", "scene c", "scene rest"]
    hands = {rng.randrange(n): rng.choices(words, k=rng.randint(1, 3)) for _ in range(25)}
    silence = [
        float(x) for x in np.repeat(np.array([rng.random() < 0.3 for _ in range(n // 150 + 1)]), 150)[:n]
    ]
    beats = np.cumsum([rng.random() < 0.02 for _ in range(n)]).astype(float).tolist()
    downbeats = np.cumsum([rng.random() < 0.005 for _ in range(n)]).astype(float).tolist()
    for _ in range(20):
        at = rng.randrange(n)
        for count in (silence, beats, downbeats):
            count[at] = float("nan")
    return hands, {"silence": silence, "beats": beats, "downbeats": downbeats}


WILD = (
    SCENES.replace('name = "b"', 'name = "b"\nquantise = "beat"')
    + REST
    + LIST.replace("after = 2.0", "after = 0.7").replace('scene = "c"', 'scene = "c"\nafter = 0.05')
    + '[[cue]]\nname = "bar"\nscene = "b"\nquantise = "bar"\nafter = 1.0\n[[cue]]\nname = "last"\nscene = "rest"\n'
)


class TestProperties:
    @pytest.mark.parametrize("seed", range(12))
    def test_grouping_does_not_matter(self, seed: int) -> None:
        hands, heard = dice(seed, 2500)
        rng = random.Random(seed)
        every = []
        for sizes in ((1,), (7,), (64,), [rng.randint(1, 64) for _ in range(99)]):
            played = Played(scenes_of(WILD), 2500, hands, sizes, **heard)
            every.append((played.leaders, played.weights, played.state))
        assert every[0] == every[1] == every[2] == every[3]
        assert len(set(every[0][0])) >= 3

    @pytest.mark.parametrize("seed", range(12))
    def test_weights_sum_to_one_and_never_jump(self, seed: int) -> None:
        hands, heard = dice(seed, 2500)
        text = WILD.replace("fade = 0.0", "fade = 0.3").replace("fade = 0.1", "fade = 0.3")
        weights = np.array(Played(scenes_of(text), 2500, hands, (64,), **heard).weights)
        assert np.allclose(weights.sum(axis=1), 1.0, atol=1e-12)
        assert weights.min() >= 0.0
        assert np.abs(np.diff(weights, axis=0)).max() <= 1.5 / CLOCK.ticks(0.2) + 1e-12

    def test_reset_repeats(self) -> None:
        hands, heard = dice(3, 2500)
        scenes = scenes_of(WILD)
        first = Played(scenes, 2500, hands, (64,), **heard)
        scenes.reset()
        again = Played(scenes, 2500, hands, (64,), **heard)
        assert (first.weights, first.state) == (again.weights, again.state)


class TestAnotherPatch:
    @pytest.mark.parametrize("seed", range(12))
    def test_the_same_patch_anew_changes_nothing(self, seed: int) -> None:
        n = 2500
        hands, heard = dice(seed, n)
        whole = Played(scenes_of(WILD), n, hands, (7,), **heard)
        scenes, parts = scenes_of(WILD), []
        for start in range(0, n, 50):
            some = {name: count[start : start + 50] for name, count in heard.items()}
            parts.append(Played(scenes, 50, hands, (7,), start=start, **some))
            scenes, old = scenes_of(WILD), scenes
            scenes.inherit(old)
            assert state(scenes) == state(old)
        assert list(itertools.chain(*(part.weights for part in parts))) == whole.weights
        assert list(itertools.chain(*(part.leaders for part in parts))) == whole.leaders

    def test_a_crossfade_goes_on_in_other_places(self) -> None:
        turned = SCENES[SCENES.index('[[scene]]\nname = "b"') :] + '[[scene]]\nname = "a"\n' + REST
        scenes = scenes_of(SCENES)
        before = Played(scenes, 30, {10: ["scene b"]})
        other = scenes_of(turned)
        other.inherit(scenes)
        after = Played(other, 30, start=30)
        plain = scenes_of(SCENES)
        whole = Played(plain, 60, {10: ["scene b"]})
        place = other.names.index("b")
        there = [row[1] for row in before.weights] + [row[place] for row in after.weights]
        assert there == [row[1] for row in whole.weights]

    def test_a_scene_that_is_gone_gives_way(self) -> None:
        only_a = '[[scene]]\nname = "a"\n' + REST
        for hands, n in (({0: ["scene b"]}, 60), ({0: ["scene b"]}, 5), ({0: ["scene c"]}, 60)):
            scenes = scenes_of(SCENES + REST)
            Played(scenes, n, hands)
            other = scenes_of(only_a)
            other.inherit(scenes)
            assert other.names[other.leader] == "a"
            assert Played(other, 20, start=n).leaders[-1] == "a"

    def test_what_leads_stays_where_what_was_on_its_way_is_gone(self) -> None:
        scenes = scenes_of(SCENES)
        Played(scenes, 4, {0: ["scene b"]})  # a leads still
        other = scenes_of('[[scene]]\nname = "x"\n' + SCENES.replace('"b"', '"d"'))
        other.inherit(scenes)
        assert Played(other, 20, start=4).leaders == ["a"] * 20

    def test_silence_is_kept_and_what_sound_comes_back_to(self) -> None:
        scenes = scenes_of(SCENES + REST)
        Played(scenes, 200, {0: ["scene c"]}, silence=[0.0] * 100 + [1.0] * 100)
        other = scenes_of(REST + SCENES)
        other.inherit(scenes)
        played = Played(other, 200, silence=[1.0] * 100 + [0.0] * 100, start=200)
        assert set(played.leaders[:100]) == {"rest"}
        assert played.leaders[-1] == "c"
        bare = scenes_of("")
        bare.inherit(scenes)
        assert Played(bare, 3, start=200).leaders == [""] * 3

    def test_a_rest_that_came_in_silence_of_scenes_that_are_gone(self) -> None:
        scenes = scenes_of(SCENES + REST)
        Played(scenes, 12, {0: ["scene c"]}, silence=[0.0] * 8 + [1.0] * 4)  # on its way from c to rest
        other = scenes_of('[[scene]]\nname = "x"\n' + REST)
        other.inherit(scenes)
        played = Played(other, 400, silence=[1.0] * 50 + [0.0] * 350, start=12)
        assert played.leaders[0] == "rest"
        assert played.leaders[-1] == "x"

    def test_the_place_in_the_list_goes_by_name(self) -> None:
        scenes = scenes_of(SCENES + LIST)
        Played(scenes, 20, {0: ["goto close"]})
        more = scenes_of(SCENES + '[[cue]]\nname = "new"\nscene = "a"\n' + LIST)
        more.inherit(scenes)
        assert (more.cues.at, more.cues.next) == (4, -1)
        fewer = scenes_of(SCENES + LIST.replace('"close"', '"coda"'))
        fewer.inherit(scenes)
        assert fewer.cues.names[fewer.cues.at] == "1", "the nearest before it that is still there"

    def test_a_guard_goes_on(self) -> None:
        scenes = scenes_of(SCENES + LIST)
        Played(scenes, 20, {5: ["go", "go"]})
        other = scenes_of(SCENES + LIST)
        other.inherit(scenes)
        Played(other, 20, {25: ["go"]}, start=20)
        assert (other.cues.at, other.cues.ignored) == (0, 2)

    def test_a_cue_that_follows_by_itself_does_so_in_the_other_patch_as_its_file_says(self) -> None:
        for after, comes in ((2.0, 2.0), (3.0, 3.0), (0.1, 0.0)):
            scenes = scenes_of(SCENES + LIST)
            Played(scenes, 100, {0: ["goto lift"]})
            other = scenes_of(SCENES + LIST.replace("after = 2.0", f"after = {after}"))
            other.inherit(scenes)
            played = Played(other, 5 * SECOND, (), (8,), start=100)
            assert played.first("c") == max(0, CLOCK.ticks(comes) - 100 if comes else 0)

    def test_what_waits_for_its_bar_waits_on(self) -> None:
        text = SCENES.replace("fade", 'quantise = "bar"\nfade') + LIST.replace('quantise = "now"', "")
        scenes = scenes_of(text)
        n = 2 * SECOND
        beats, bars = counts(2 * n, 90), counts(2 * n, 300)
        Played(scenes, 10, {5: ["goto 1"]}, beats=beats, downbeats=bars)
        other = scenes_of(REST + text)
        other.inherit(scenes)
        assert other.waiting == 3  # the patch's scenes: rest, a, b, c
        played = Played(other, n, beats=beats[10:], downbeats=bars[10:], start=10)
        assert played.first("c") == 290


class TestHands:
    """Dials of a whole score: what is held and turned goes along."""

    FEATURES = (Spec("room.bass", "", 0, 1, 0.001, ""), Spec("room.silence", "", 0, 1, 1, ""))
    ROUTE = '[[route]]\nfrom = "bass"\nto = "chest.glow"\nattack = 0.2\nrelease = 1.0\n'

    def score(self, text: str, zones: Sequence[str] = ("chest", "hem")) -> Score:
        specs = [Spec(f"{zone}.glow", "", 0, 1, 0.001, "") for zone in zones]
        return Score(patch_of(text), self.FEATURES, specs, zones, {}, CLOCK)

    def play(self, score: Score, start: int, n: int = 40, size: int = 8) -> bytes:
        rng = np.random.default_rng(5)
        heard = np.zeros((400, 2))
        heard[:, 0] = np.round(rng.random(400), 3)
        out = b""
        for at in range(start, start + n, size):
            block = Block(at, np.zeros((0, 1), np.float32), {}, size)
            out += score.play(block, heard[at : at + size]).tobytes()
        return out

    def value(self, score: Score, address: str) -> object:
        found = {p.address: p for p in score.parameters()}[address]
        assert found.read is not None
        return found.read()

    HANDS = (
        Event(0, "/wear/zone/hem/glow", (0.75,)),
        Event(0, "/wear/param/bass-chest-glow/attack", (5.0,)),  # above release: it runs mirrored inside
        Event(0, "/wear/param/bass-chest-glow/out/high", (0.5,)),
    )

    def test_the_same_patch_anew_changes_no_bit(self) -> None:
        text = self.ROUTE + SCENES + LIST
        whole, score = self.score(text), self.score(text)
        for event in self.HANDS:
            whole.take(event)
            score.take(event)
        first = self.play(whole, 0) + self.play(whole, 40)
        parts = self.play(score, 0)
        other = self.score(text)
        other.inherit(score)
        assert parts + self.play(other, 40) == first
        assert self.value(other, "/wear/param/bass-chest-glow/attack") == 5.0
        assert self.value(other, "/wear/zone/hem/glow") == 0.75

    def test_where_the_file_says_another_number_the_file_wins(self) -> None:
        score = self.score(self.ROUTE)
        for event in self.HANDS:
            score.take(event)
        other = self.score(self.ROUTE.replace("attack = 0.2", "attack = 0.4"))
        other.inherit(score)
        assert self.value(other, "/wear/param/bass-chest-glow/attack") == 0.4
        assert self.value(other, "/wear/param/bass-chest-glow/out/high") == 0.5
        other.reset()
        assert self.value(other, "/wear/param/bass-chest-glow/out/high") == 1.0

    def test_what_has_no_address_any_more_is_let_go(self) -> None:
        score = self.score(self.ROUTE)
        for event in self.HANDS:
            score.take(event)
        other = self.score(self.ROUTE, ("chest",))
        other.inherit(score)
        self.play(other, 0)
        assert "/wear/zone/hem/glow" not in {p.address for p in other.parameters()}
        back = self.score(self.ROUTE)
        back.inherit(other)
        self.play(back, 40)
        assert self.value(back, "/wear/zone/hem/glow") == 0.0
