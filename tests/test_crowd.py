"""An audience by one microphone: applause against all that is none, claps in time, own playback taken out."""

from __future__ import annotations

from dataclasses import replace

import crowds
import numpy as np
import pytest
import songs
from thorough import some

from wearsound.analysis.crowd.crowd import Crowd
from wearsound.analysis.ear import everything, feature_specs
from wearsound.core import MAX_HOPS, Clock
from wearsound.show.build import build
from wearsound.show.load import load
from wearsound.sources.composer import compose

HOP = 256 / crowds.RATE
LEAD, TAIL = 3.0, 2.0
ASKED = [f"crowd.{spec.name}" for spec in Crowd.specs]


def quiet(seconds: float) -> np.ndarray:
    return np.zeros(round(seconds * crowds.RATE))


def hear(
    sound: np.ndarray,
    reference: np.ndarray | None = None,
    murmur: float = -48.0,
    sizes: tuple[int, ...] = (64,),
) -> songs.Heard:
    """A microphone with a murmur of its own; beside it what was played, if anything."""
    rng = np.random.default_rng(99)
    columns = [sound + crowds.loud(crowds.noise(len(sound), 150, 3000, rng, -0.5), murmur)]
    lanes = {"crowd": (0,)}
    if reference is not None:
        columns.append(reference)
        lanes["reference"] = (1,)
    both = np.stack(columns, axis=1)
    heard = songs.Heard(both, lanes=lanes, asked=ASKED, sizes=sizes)
    return heard


def among_quiet(sound: np.ndarray, dbfs: float) -> np.ndarray:
    return np.concatenate([quiet(LEAD), crowds.loud(sound, dbfs), quiet(TAIL)])


def share(heard: songs.Heard, name: str, start: float, end: float) -> float:
    """Of the hops between two seconds, how many read over one half."""
    inside = (heard.ends > start) & (heard.ends <= end)
    return float((heard[f"crowd.{name}"][inside] > 0.5).mean())


AUDIENCES = [(15, 0.2, 0.5), (30, 0.8, 1.5), (60, 0.5, 1.0), (150, 1.2, 1.4), (400, 1.0, 2.0), (40, 2.0, 2.0)]
OTHERS = {
    "talker": lambda: crowds.talker(5, 3),
    "another": lambda: crowds.talker(5, 17),
    "shouting": lambda: crowds.talker(5, 51, shouting=True),
    "murmur": lambda: crowds.murmur(4, 20, 2),
    "cheer": lambda: crowds.cheer(4, 30, 1),
    "rain": lambda: crowds.rain(5, 1, 900),
    "heavy rain": lambda: crowds.rain(5, 2, 200),
    "hiss": lambda: crowds.hiss(5, 1),
    "hiss as dull as hands": lambda: crowds.noise(240_000, 500, 6500, np.random.default_rng(8)),
    **{
        f"dull hiss {seed}": lambda seed=seed: crowds.noise(240_000, 700, 4500, np.random.default_rng(seed))
        for seed in some((400, 501, 502), 3)
    },
    "pink dull hiss": lambda: crowds.noise(240_000, 300, 5000, np.random.default_rng(420), -0.5),
    "pink hiss": lambda: crowds.hiss(5, 2, -0.5),
    **{f"music {seed}": lambda seed=seed: crowds.music(6, seed) for seed in some(range(40, 46), 2)},
    "hands together": lambda: crowds.together(6, 0.6, 0.022, 40, 2)[0],
    "the built-in track": lambda: compose(7).samples[: 12 * 48_000, :2].mean(axis=1).astype(np.float64),
}


@pytest.fixture(scope="module")
def others() -> dict[str, songs.Heard]:
    return {name: hear(among_quiet(make(), -22)) for name, make in OTHERS.items()}


class TestApplause:
    def test_precision_and_recall_of_frames_over_0_9(self, others: dict[str, songs.Heard]) -> None:
        hits = wanted = said = 0
        for i, (people, wet, hall) in enumerate(AUDIENCES):
            seconds = 6.0
            heard = hear(among_quiet(crowds.applause(seconds, people, 70 + i, wet, hall), -18 - 3 * i))
            true = (heard.ends > LEAD) & (heard.ends <= LEAD + seconds)
            told = heard["crowd.applause"] > 0.5
            recall = float((told & true).sum() / true.sum())
            assert recall > 0.88, people
            hits, wanted, said = (
                hits + int((told & true).sum()),
                wanted + int(true.sum()),
                said + int(told.sum()),
            )
        said += sum(int((heard["crowd.applause"] > 0.5).sum()) for heard in others.values())
        assert hits / wanted > 0.9
        assert hits / said > 0.9

    @pytest.mark.parametrize("name", OTHERS)
    def test_what_is_none_is_never_taken_for_it(self, name: str, others: dict[str, songs.Heard]) -> None:
        assert float((others[name]["crowd.applause"] > 0.5).mean()) < 0.01

    @pytest.mark.parametrize("seed", some([7, 8, 11], 3))
    def test_the_built_in_crowd(self, seed: int) -> None:
        track = compose(seed)
        heard = songs.Heard(track.samples[:, 3], lanes={"crowd": (0,)}, asked=ASKED)
        true = np.zeros(len(heard.ends), bool)
        for span in track.truth.applause:
            true |= (heard.ends > span.start) & (heard.ends <= span.end)
        told = heard["crowd.applause"] > 0.5
        assert (told & true).sum() / true.sum() > 0.9
        assert (told & true).sum() / told.sum() > 0.9

    def test_it_is_told_within_half_a_second_and_ends_within_a_second(self) -> None:
        heard = hear(among_quiet(crowds.applause(5, 80, 3, 0.3, 0.6), -20))
        told = heard.ends[heard["crowd.applause"] > 0.5]
        assert LEAD < told[0] < LEAD + 0.5
        assert told[-1] < LEAD + 5.0 + 1.0


class TestLevelAndCheers:
    def test_swell_is_db_over_the_murmur(self) -> None:
        heard = hear(among_quiet(crowds.hiss(6, 3, -0.5), -28))
        # Both are noise within 100 Hz to 14 kHz as far as it matters: 20 dB apart.
        assert heard.at("crowd.swell", LEAD + 0.9) == pytest.approx(20.0, abs=2.0)
        assert heard.at("crowd.swell", LEAD - 0.2) < 3.0

    def test_the_floor_takes_a_minute_up_and_a_second_down(self) -> None:
        long = np.concatenate(
            [crowds.loud(crowds.hiss(2, 1, -0.5), -40), crowds.loud(crowds.hiss(62, 4, -0.5), -20)]
        )
        heard = hear(np.concatenate([long, quiet(8)]), murmur=-50)
        assert 20 * 0.3 < heard.at("crowd.swell", 62) < 20 * 0.5  # 1 - 1/e of it is floor by now
        assert heard.after("crowd.swell", 68).mean() < 6.0

    def test_many_voices_that_hold_are_a_cheer_one_that_talks_is_none(
        self, others: dict[str, songs.Heard]
    ) -> None:
        assert share(others["cheer"], "cheer", LEAD + 1.5, LEAD + 3.2) > 0.9
        for name in ("talker", "another", "shouting", "rain", "hiss", "music 40"):
            assert share(others[name], "cheer", 0, 99) < 0.15, name

    @pytest.mark.parametrize(("people", "seed", "dbfs"), [(12, 31, -20), (24, 32, -28), (50, 33, -15)])
    def test_a_murmur_is_no_cheer_however_loud(self, people: int, seed: int, dbfs: float) -> None:
        heard = hear(among_quiet(crowds.murmur(5, people, seed), dbfs))
        assert heard.at("crowd.swell", LEAD + 3) > 15
        assert share(heard, "cheer", 0, 99) < 0.15

    @pytest.mark.parametrize(("people", "seed"), [(12, 41), (25, 42), (80, 43)])
    def test_raised_voices_are_a_cheer(self, people: int, seed: int) -> None:
        heard = hear(among_quiet(crowds.cheer(5, people, seed), -20))
        assert share(heard, "cheer", LEAD + 1.6, LEAD + 3.9) > 0.9


class TestClapping:
    @pytest.mark.parametrize("seed", some([7, 8, 11], 3))
    def test_the_built_in_claps_within_50_ms(self, seed: int) -> None:
        track = compose(seed)
        heard = songs.Heard(track.samples[:, 3], lanes={"crowd": (0,)}, asked=ASKED)
        told = heard.times("crowd.clap") - heard.ear.latency["crowd.clap"]
        applauds = np.zeros(len(told), bool)
        for span in track.truth.applause:
            applauds |= (told > span.start) & (
                told < span.end
            )  # the first hands of an applause are claps too
        true = np.array(track.truth.claps)
        apart = np.abs(told[~applauds][:, np.newaxis] - true)
        assert len(told[~applauds]) == len(true)
        assert apart.min(axis=0).max() < 0.05

    @pytest.mark.parametrize("period", [0.4, 0.5, 0.75, 1.0])
    def test_each_clap_once_and_their_tempo(self, period: float) -> None:
        sound, at = crowds.together(9, period, 0.022, 50, 4)
        heard = hear(among_quiet(sound, -22))
        told = heard.times("crowd.clap") - heard.ear.latency["crowd.clap"] - LEAD
        apart = np.abs(told[:, np.newaxis] - at)
        assert (apart.min(axis=0) < 0.05).mean() > 0.95
        assert (apart.min(axis=1) < 0.05).mean() > 0.95
        assert heard.at("crowd.clap_tempo", LEAD + 8) == pytest.approx(60 / period, rel=0.02)
        assert heard["crowd.clap_tempo"][-1] == 0.0 or TAIL < 2.4

    def test_synchrony_sinks_with_the_spread(self) -> None:
        highest = []
        for spread in (0.010, 0.022, 0.050, 0.150):
            sound, _ = crowds.together(9, 0.7, spread, 40, 5)
            heard = hear(among_quiet(sound, -22))
            inside = (heard.ends > LEAD + 4) & (heard.ends < LEAD + 8.5)
            highest.append(float(heard["crowd.together"][inside].mean()))
        assert highest[0] > 0.9
        assert highest[1] > 0.8
        assert highest[1] > highest[2] > highest[3]
        assert highest[3] < 0.3


class TestOwnPlayback:
    @staticmethod
    def loudspeaker(played: np.ndarray, delay: float) -> np.ndarray:
        """Thin, late and in a hall."""
        hertz = np.fft.rfftfreq(len(played), 1 / crowds.RATE)
        thin = np.fft.irfft(np.fft.rfft(played) * (hertz > 250) / (1 + (hertz / 7000) ** 2), len(played))
        late = np.concatenate([quiet(delay), thin])[: len(played)]
        return crowds.hall(late, 0.6, 0.15, np.random.default_rng(3))

    @pytest.mark.parametrize("delay", some([0.09, 0.0, 0.02, 0.19], 4))
    def test_applause_that_we_play_is_not_ours_to_take_but_people_s_is(self, delay: float) -> None:
        seconds = 22
        played = crowds.loud(crowds.applause(seconds, 60, 5, 0.2, 0.5), -18)
        played[: round(LEAD * crowds.RATE)] = 0.0
        heard_back = self.loudspeaker(played, delay)
        people = quiet(seconds)
        people[12 * crowds.RATE : 18 * crowds.RATE] = crowds.loud(crowds.applause(6, 60, 9), -20)
        without = hear(heard_back)
        assert share(without, "applause", LEAD + 1, 12) > 0.9, "or the reference proves nothing"
        with_it = hear(heard_back + people, played)
        assert share(with_it, "applause", LEAD, 12) < 0.05
        assert share(with_it, "applause", 12.5, 18) > 0.75
        assert share(with_it, "applause", 19.5, seconds) < 0.05
        inside = (with_it.ends > LEAD + 3) & (with_it.ends < 12)
        assert np.median(with_it["crowd.own"][inside]) > 0.85

    def test_a_reference_that_is_not_heard_takes_nothing(self) -> None:
        played = crowds.loud(crowds.music(11, 44), -18)
        heard = hear(among_quiet(crowds.applause(6, 60, 8), -20), played)
        assert share(heard, "applause", LEAD + 0.6, LEAD + 6) > 0.9
        assert np.median(heard["crowd.own"]) < 0.1


class TestContract:
    def sound(self) -> tuple[np.ndarray, np.ndarray]:
        along, _ = crowds.together(3, 0.5, 0.02, 20, 1)
        sound = np.concatenate(
            [quiet(0.5), crowds.loud(along, -22), crowds.loud(crowds.applause(2.5, 40), -20)]
        )
        return sound, crowds.loud(crowds.music(6, 1), -20)

    @pytest.mark.parametrize("grouping", some(songs.GROUPINGS, 3))
    def test_grouping_of_hops_changes_nothing(self, grouping: str) -> None:
        sound, played = self.sound()
        whole = hear(sound, played)
        parts = hear(sound, played, sizes=tuple(songs.GROUPINGS[grouping]))
        assert (whole.values == parts.values).all()

    def test_reset_forgets_everything(self) -> None:
        sound, played = self.sound()
        heard = hear(sound, played)
        heard.ear.reset()
        columns = np.stack([sound, played], axis=1)
        again = hear(sound, played)
        del columns
        assert (again.values == heard.values).all()

    def test_the_same_ear_again_after_reset(self) -> None:
        sound, _ = self.sound()
        heard = songs.Heard(sound, lanes={"crowd": (0,)}, asked=ASKED)
        heard.ear.reset()
        pieces = [heard.ear.hear(block).copy() for block in songs.blocks(sound, lanes={"crowd": (0,)})]
        assert (np.concatenate(pieces) == heard.values).all()

    def test_broken_sound_stays_within_the_specs(self) -> None:
        sound = crowds.loud(crowds.applause(2, 20), -20)
        sound[5000:5400] = np.nan
        sound[9000] = np.inf
        sound[20_000:21_000] = 1e9
        heard = songs.Heard(
            np.stack([sound, sound], axis=1), lanes={"crowd": (0,), "reference": (1,)}, asked=ASKED
        )
        for spec in heard.ear.specs:
            values = heard[spec.name]
            assert np.isfinite(values).all(), spec.name
            assert spec.low <= values.min() <= values.max() <= spec.high, spec.name

    def test_a_reference_has_an_ear_only_where_somebody_asks(self) -> None:
        lanes = {"room": (0, 1), "crowd": (2,), "reference": (3,)}
        show = load("bass-denim")
        asks = replace(show, hears=("reference.bass",))
        names = {spec.name for spec in build(show, lanes, crowds.RATE, strict=True).ear.specs}
        assert not any(name.startswith("reference.") for name in names)
        assert {"room.bass", "crowd.bass"} <= names
        assert "reference.bass" in {
            spec.name for spec in build(asks, lanes, crowds.RATE, strict=True).ear.specs
        }

    def test_only_crowds_have_it(self) -> None:
        for lane, has in {
            "crowd": True,
            "crowd_l": True,
            "crowd2": True,
            "room": False,
            "crowded": False,
        }.items():
            names = {spec.name for spec in feature_specs([lane], {}, everything([lane]))}
            assert (f"{lane}.applause" in names) is has

    def test_nothing_of_the_sound_is_kept(self) -> None:
        meter = Crowd({})
        meter.prepare(Clock())
        sizes = [np.size(value) for value in vars(meter).values() if isinstance(value, np.ndarray)]
        assert (
            max(sizes) <= MAX_HOPS * 4
        )  # amplitudes of 1.3 ms at the finest, and 21 ms of the reference: no speech comes back from these
