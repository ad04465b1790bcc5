"""Vibration: what is heard in a band is felt in its zones, at a pitch that skin feels."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from jackets import CLOCK, ROOM, Player, jacket, peak_hz, rms
from songs import GROUPINGS, RATE, kick, noise, put, silence, sine
from thorough import some

from wearsound.cascade import Cascade
from wearsound.core import BANDS, Block, Clock
from wearsound.felt import Drive, Feel
from wearsound.garment.document import Garment
from wearsound.instruments.filters import band_pass
from wearsound.instruments.vibration.accents import Accents
from wearsound.instruments.vibration.bands import Bands
from wearsound.instruments.vibration.carrier import Fold
from wearsound.instruments.vibration.equaliser import equal
from wearsound.instruments.vibration.felt_level import Levels
from wearsound.instruments.vibration.lane import Lane
from wearsound.instruments.vibration.patterns import NAMES
from wearsound.instruments.vibration.tone import Tones

STEPPED = (65.0, 80.0, 100.0, 130.0, 160.0, 200.0, 250.0, 300.0)


@pytest.fixture
def coils(tmp_path: Path) -> Garment:
    return jacket(tmp_path)


def feel(name: str, band: tuple[float, float], zone: str, **more: object) -> Feel:
    return Feel(name, "room", band, (zone,), **more)  # type: ignore[arg-type]


def body() -> list[Feel]:
    """Sub at z0, the bass line at z1, mids at z2, air at z3."""
    return [
        feel("sub", BANDS["sub"], "z0"),
        feel("line", (60.0, 310.0), "z1"),
        feel("mids", (900.0, 2500.0), "z2", carrier=220.0),
        feel("air", (6000.0, 16000.0), "z3", carrier=230.0),
    ]


def song(seconds: float = 4.0) -> np.ndarray:
    """Kicks at 120 a minute, a bass line that moves, stabs on the off-beat, noise."""
    made = noise(seconds, 0.02)
    stab = (sine(880, 0.2, 0.1) + sine(1320, 0.2, 0.08)) * np.linspace(1, 0, RATE // 5)
    put(made, np.arange(0.35, seconds - 0.5, 0.5), stab)
    put(made, np.arange(0.1, seconds - 0.5, 0.5), kick())
    for i, hz in enumerate((82.4, 98.0, 61.7, 110.0)):
        put(made, [i * seconds / 4], sine(hz, seconds / 4 - 0.1, 0.3))
    return made


def test_stepped_sines_come_out_at_their_own_frequency_and_nowhere_else(coils: Garment) -> None:
    seconds = 1.2
    sound = np.concatenate([sine(hz, seconds, 0.3) for hz in STEPPED])
    drive = Player(coils, body()).play(sound)
    for i, hz in enumerate(STEPPED):
        end = int((i + 1) * seconds * RATE)
        settled = drive.wave[end - RATE // 2 : end]
        assert peak_hz(settled[:, 1]) == pytest.approx(hz, rel=0.02)
        assert rms(settled[:, 1]) > 0.05
        assert np.abs(settled[:, [0, 2, 3]]).max() < 1e-6
        assert not drive.level[(end - RATE // 2) // 256 : end // 256, [0, 2, 3]].any()


def test_what_is_too_low_is_felt_an_octave_up(coils: Garment) -> None:
    player = Player(coils, [feel("low", (25.0, 80.0), "z2")])
    for hz in (30.0, 36.0, 44.0, 52.0, 58.0):
        settled = player.play(sine(hz, 1.5, 0.3)).wave[RATE:]
        assert peak_hz(settled[:, 2]) == pytest.approx(2 * hz, rel=0.02)
        assert np.abs(settled[:, [0, 1, 3]]).max() < 1e-6


def test_what_is_too_high_comes_and_goes_on_a_carrier(coils: Garment) -> None:
    player = Player(coils, [feel("high", (350.0, 4500.0), "z3", carrier=220.0, part="hum")])
    time = np.arange(3 * RATE) / RATE
    swell = 0.55 + 0.45 * np.sin(2 * np.pi * 2 * time)
    for hz in (400.0, 700.0, 1500.0, 4000.0):
        wave = player.play(0.3 * swell * np.sin(2 * np.pi * hz * time)).wave
        assert peak_hz(wave[RATE:, 3]) == pytest.approx(220, rel=0.01)
        level = np.sqrt((wave[RATE : RATE + 95040, 3].astype(float) ** 2).reshape(-1, 960).mean(axis=1))
        asked = swell[RATE : RATE + 95040].reshape(-1, 960).mean(axis=1)
        assert np.corrcoef(level, np.sqrt(asked))[0, 1] > 0.95


def test_a_voice_tracked_above_300_hz_is_felt_on_the_carrier(coils: Garment) -> None:
    wave = Player(coils, [feel("lowmid", (160.0, 500.0), "z1", part="hum")]).play(sine(390, 1.5, 0.3)).wave
    assert peak_hz(wave[RATE:, 1]) == pytest.approx(220, rel=0.01)


def test_the_sound_itself_is_put_on_a_coil_as_it_is(coils: Garment) -> None:
    """Two voices stay two voices, and nothing is left of what is above."""
    sound = sine(90, 2, 0.2) + sine(143, 2, 0.2) + sine(2000, 2, 0.2)
    player = Player(
        coils,
        [
            feel("mid", BANDS["mid"], "z1", carrier=220.0, part="hum"),
            feel("sub", BANDS["sub"], "z2", carrier="sound", part="hum"),
            feel("bass", (60.0, 200.0), "z0", carrier="sound", part="hum"),
        ],
    )
    drive = player.play(sound)
    assert not drive.level[200:, 2].any()
    assert drive.level[200:, 1].all()
    wave = drive.wave[RATE:, 0].astype(float)
    power = np.abs(np.fft.rfft(wave * np.hanning(len(wave)))) ** 2
    strongest = set(np.argsort(power)[-2:].tolist())
    assert strongest == {90, 143}
    assert power[90] == pytest.approx(power[143], rel=0.1)
    assert power[1000:].sum() < 1e-4 * power.sum()
    assert 85 < np.median(drive.hz[-50:, 0]) < 150


def test_silence_is_exactly_zero(coils: Garment) -> None:
    player = Player(coils, [*body(), feel("sound", (30.0, 300.0), "z3", carrier="sound")])
    drive = player.play(silence(2))
    assert not np.concatenate([drive.wave.ravel(), drive.level.ravel(), drive.hz.ravel()]).any()
    after = player.play(np.concatenate([song(2), silence(3)]))
    assert after.wave[:RATE].any()
    assert not after.wave[-RATE:].any()
    assert not after.level[-180:].any()


def test_a_rooms_own_noise_is_not_felt(coils: Garment) -> None:
    assert not Player(coils, body()).play(noise(3, 0.0008)).wave.any()


def test_louder_is_never_less(coils: Garment) -> None:
    player = Player(coils, [feel(name, BANDS[name], "z1", part="hum") for name in ("bass",)])
    levels = []
    for amplitude in np.geomspace(0.002, 0.9, 12):
        levels.append(rms(player.play(sine(80, 3, amplitude)).wave[2 * RATE :, 1]))
    assert all(more >= less for less, more in pairwise(levels))
    assert levels[-1] > 1.2 * levels[3] > 0


def test_within_one_song_a_crescendo_is_felt(coils: Garment) -> None:
    player = Player(coils, [feel("bass", BANDS["bass"], "z1", part="hum")])
    steps = [0.03, 0.06, 0.12, 0.25, 0.5]
    wave = player.play(np.concatenate([sine(80, 2, step) for step in steps])).wave
    felt = [rms(wave[(2 * i + 1) * RATE : (2 * i + 2) * RATE, 1]) for i in range(len(steps))]
    assert all(more > less for less, more in pairwise(felt))


def test_quiet_and_loud_music_are_felt_nearly_alike(coils: Garment) -> None:
    """22 dB apart in loudness, within 6 dB on the skin."""
    player = Player(
        coils, [feel("bass", BANDS["bass"], "z1", part="hum"), feel("mid", BANDS["mid"], "z2", carrier=220.0)]
    )
    music = song(8)
    music *= 10 ** (-14 / 20) / rms(music)
    for zone in (1, 2):
        quiet, loud = (rms(player.play(gain * music).wave[4 * RATE :, zone]) for gain in (0.158, 2.0))
        assert quiet > 0.02
        assert 1.0 < loud / quiet < 2.0


def test_a_drone_of_minutes_is_still_felt() -> None:
    """The gate learns noise, but a drone that is what the music is never becomes noise."""
    level = Levels(Bands([BANDS["bass"]], CLOCK).shares, CLOCK)
    reference = np.full(65, 0.2)
    felt = [level.of(np.full((1, 64 * 256), 0.2), reference) for _ in range(600)]
    assert felt[-1][0, -1] == felt[10][0, -1] > 0.6


def test_steady_noise_in_a_band_is_learned_and_shut_out() -> None:
    level = Levels(np.ones(1), CLOCK)
    felt = [level.of(np.full((1, 64 * 256), 0.03), np.full(65, 0.2))[0, -1] for _ in range(400)]
    assert felt[0] > 0
    assert felt[-1] == 0


@pytest.mark.parametrize("sizes", some(GROUPINGS.values(), 3), ids=some(GROUPINGS, 3))
def test_any_grouping_of_hops_gives_the_same_bits(sizes: list[int], tmp_path: Path) -> None:
    garment = jacket(tmp_path, ("voice-coil", "lra", "erm", "phone"), each=4)
    feels = [
        *body(),
        feel("bass", BANDS["bass"], "z1", pattern="roll", over="beat"),
        Feel("all", "room", (30.0, 400.0), ("z0", "z1", "z2", "z3"), carrier="sound", strength=0.4),
    ]
    player = Player(garment, feels)
    sound = np.concatenate([song(2), silence(0.6), song(2)])
    hops = len(sound) // CLOCK.hop
    controls = np.repeat(player.rest[None], hops, axis=0)
    controls[100:300, player.names.index("z1.buzz")] = np.linspace(0, 1, 200)
    controls[331:350, player.names.index("z1.buzz")] = 0.7
    controls[463:500, player.names.index("z1.buzz")] = 0.7
    controls[:, player.names.index("z1.buzz_hz")] = np.linspace(80, 300, hops)
    controls[150:320, player.names.index("z1.pattern")] = 3
    controls[:, player.names.index("feel.line")] = np.abs(np.sin(np.arange(hops) / 30))
    one, other = (player.play(sound, each, controls) for each in ([23], sizes))
    for name in ("wave", "level", "hz"):
        assert np.array_equal(getattr(one, name), getattr(other, name)), name
    assert np.isfinite(one.wave).all()
    assert np.abs(one.wave).max() <= 1.0


def test_nothing_above_1_khz_is_put_on_a_waveform(coils: Garment) -> None:
    feels = [*body(), feel("bass", BANDS["bass"], "z1"), feel("sound", (30.0, 2000.0), "z3", carrier="sound")]
    player = Player(coils, feels, controls={"z0.buzz": 1.0, "z2.buzz": 0.5, "z2.buzz_hz": 480.0})
    wave = player.play(song(4)).wave.astype(float)
    for zone in range(4):
        assert rms(wave[:, zone]) > 0.01
        power = np.abs(np.fft.rfft(wave[:, zone] * np.hanning(len(wave)))) ** 2
        assert 10 * np.log10(power[4 * 1000 :].sum() / power.sum()) < -40


def test_numbers_that_are_none_never_get_through(coils: Garment) -> None:
    player = Player(coils, body())
    bad = song(2)
    bad[10_000:10_010] = np.nan
    bad[20_000] = np.inf
    bad[30_000] = -np.inf
    bad[40_000:41_000] = 1e30
    drive = player.play(bad)
    for part in (drive.wave, drive.level, drive.hz):
        assert np.isfinite(part).all()
    assert np.abs(drive.wave).max() <= 1.0
    assert drive.wave[-RATE // 2 :].any()


def test_a_lane_that_is_not_there_is_silent(coils: Garment) -> None:
    player = Player(coils, [Feel("body", "body", BANDS["bass"], ("z1",))])
    assert not player.play(song(1)).wave.any()


def test_stereo_is_felt_as_its_mean() -> None:
    lane = Lane("room", CLOCK, low=False)
    samples = np.array([[0.2, 0.4]] * 256, np.float32)
    lane.take(Block(0, samples, {"room": (0, 1)}, 1))
    assert lane.mono == pytest.approx(0.3)


def test_a_feels_control_is_its_strength(coils: Garment) -> None:
    half = Player(coils, body(), controls={"feel.line": 0.5}).play(sine(80, 2, 0.3)).wave[RATE:, 1]
    full = Player(coils, body()).play(sine(80, 2, 0.3)).wave[RATE:, 1]
    none = Player(coils, body(), controls={"feel.line": 0.0}).play(sine(80, 2, 0.3)).wave[:, 1]
    assert rms(half) == pytest.approx(0.5 * rms(full), rel=0.02)
    assert not none.any()


def test_a_strength_that_jumps_is_a_ramp_on_the_skin(coils: Garment) -> None:
    player = Player(coils, body())
    hops = 562
    controls = np.repeat(player.rest[None], hops, axis=0)
    controls[:200, player.names.index("feel.line")] = 0.0
    wave = player.play(sine(80, 3, 0.3), controls=controls).wave[:, 1].astype(float)
    steps = np.abs(np.diff(wave))
    settled = steps[300 * 256 :].max()
    assert settled > 0
    assert steps.max() < 1.6 * settled


def test_the_zone_controls_are_voices_of_their_own(coils: Garment) -> None:
    player = Player(coils, [], controls={"z2.buzz": 0.5, "z2.buzz_hz": 137.0})
    drive = player.play(silence(2))
    assert peak_hz(drive.wave[RATE:, 2]) == pytest.approx(137, rel=0.005)
    assert drive.hz[-1].tolist() == [0.0, 0.0, 137.0, 0.0]
    assert not drive.wave[:, [0, 1, 3]].any()
    louder = Player(coils, [], controls={"z2.buzz": 1.0, "z2.buzz_hz": 137.0}).play(silence(2))
    assert rms(louder.wave[RATE:, 2]) == pytest.approx(2 * rms(drive.wave[RATE:, 2]), rel=0.01)


def test_a_zones_pattern_moves_its_buzz(tmp_path: Path) -> None:
    garment = jacket(tmp_path, zones=1, each=4)
    still, moved = (
        Player(garment, [], controls={"z0.buzz": 1.0, "z0.buzz_hz": 100.0, "z0.pattern": number}).play(
            silence(4)
        )
        for number in (0, 3)
    )
    assert np.ptp(still.level[-1]) == 0
    assert not np.array_equal(still.wave, moved.wave)
    assert (moved.level.max(axis=0) > 0).all()


def test_a_pattern_moves_a_line_once_round_a_beat_or_a_bar(tmp_path: Path) -> None:
    """Before any beat is heard there are 60 a minute, four to a bar."""
    garment = jacket(tmp_path, zones=1, each=4)
    rounds = {}
    for over in ("beat", "bar"):
        line = Feel("bass", "room", BANDS["bass"], ("z0",), part="hum", pattern="roll", over=over)  # type: ignore[arg-type]
        level = Player(garment, [line]).play(sine(80, 8.2, 0.3)).level[100:]
        assert (level.max(axis=0) > 0.3).all()
        assert np.ptp(level, axis=1).max() > 0.3
        up = level[:, 0] > 0.5 * level[:, 0].max()
        rounds[over] = int(np.sum(~up[:-1] & up[1:]))
    assert rounds["beat"] > 2 * rounds["bar"] > 0


def test_what_is_too_much_together_is_less_of_each_and_stays_clean(coils: Garment) -> None:
    """Three full voices on one coil: bent by their slow sum, not cut."""
    feels = [
        feel(f"f{i}", (40.0 + i, 160.0), "z1", part="hum", carrier=hz)
        for i, hz in enumerate((70.0, 100.0, 144.0))
    ]
    wave = Player(coils, feels).play(sine(90, 3, 0.5)).wave[RATE:, 1].astype(float)
    assert np.abs(wave).max() <= 1.0
    power = np.abs(np.fft.rfft(wave * np.hanning(len(wave)))) ** 2
    own = sum(power[2 * hz - 6 : 2 * hz + 7].sum() for hz in (70, 100, 144))
    assert own > 0.99 * power.sum()


def test_a_waveform_is_equalised_and_a_resonance_is_not(tmp_path: Path) -> None:
    garment = jacket(tmp_path, ("voice-coil", "lra"), zones=1, each=2)
    feels = [Feel("line", "room", (60.0, 310.0), ("z0",), part="hum")]
    low, high = (Player(garment, feels).play(sine(hz, 2, 0.3)).level[-1] for hz in (70.0, 230.0))
    assert high[0] == pytest.approx(0.316 * low[0], rel=0.1)
    assert high[1] == pytest.approx(low[1], rel=0.1)


def test_the_equaliser_is_gentle_and_smooth() -> None:
    hz = np.arange(20.0, 600.0)
    gains = equal(hz)
    assert equal(np.array([20.0, 60.0])).tolist() == [1.0, 1.0]
    assert equal(np.array([200.0, 300.0])) == pytest.approx([0.316, 0.316])
    assert equal(np.array([560.0])) == pytest.approx(0.53, rel=0.01)
    assert np.abs(np.diff(20 * np.log10(gains))).max() < 0.3


def test_an_octave_is_chosen_at_a_notes_start_and_never_inside_a_slide() -> None:
    fold = Fold()
    up = [fold.to(float(hz)) for hz in np.geomspace(50, 100, 200)]
    assert all(1 < later / before < 1.01 for before, later in pairwise(up))
    assert up[0] == 100
    fold.reset()
    down = [fold.to(float(hz)) for hz in np.geomspace(80, 46, 200)]
    assert down[-1] == 46
    assert fold.to(46.0, begins=True) == 92.0
    fold.reset()
    assert [fold.to(hz) for hz in (28.0, 65.0, 320.0, 299.0, 0.0)] == [112.0, 65.0, 220.0, 299.0, 0.0]


def test_a_note_near_the_edge_does_not_flap() -> None:
    fold = Fold()
    assert fold.to(58.0) == 116.0
    assert fold.to(61.0) == 122.0
    assert fold.to(80.0) == 80.0
    assert fold.to(61.0) == 61.0


def test_a_slide_down_from_above_meets_its_own_pitch_without_a_leap() -> None:
    fold = Fold()
    heard = np.geomspace(390, 120, 300)
    played = np.array([fold.to(float(hz)) for hz in heard])
    assert played[0] == 220
    assert played[-1] == heard[-1]
    assert np.abs(np.diff(played)).max() < 2


def test_a_tone_never_breaks_and_is_a_sine() -> None:
    tone = Tones(1, CLOCK)
    on = np.ones((1, 200), bool)
    steady = tone.play(np.full((1, 200), 100.0), on)[0]
    true = np.sin(2 * np.pi * 100 * np.arange(1, len(steady) + 1) / RATE)
    assert np.abs(steady - true).max() < 2e-6
    gliding = tone.play(np.geomspace(60, 300, 200)[None], on)[0]
    assert np.abs(np.diff(np.concatenate([steady, gliding]))).max() < 2 * np.pi * 301 / RATE


def test_a_tone_begins_at_its_pitch_after_a_rest() -> None:
    tone = Tones(1, CLOCK)
    on = np.ones((1, 4), bool)
    on[0, 1] = False
    wave = tone.play(np.array([[100.0, 100.0, 400.0, 400.0]]), on)[0]
    assert not wave[256:512].any()
    turns = np.unwrap(np.arcsin(wave[512:530]))
    assert np.abs(np.diff(turns))[:8] == pytest.approx(2 * np.pi * 400 / RATE, rel=0.01)
    tone.rest()
    assert not tone.sounds
    again = np.arcsin(tone.play(np.array([[200.0]]), on[:, :1])[0])
    assert np.abs(np.diff(again))[:8] == pytest.approx(2 * np.pi * 200 / RATE, rel=0.01)


def test_an_envelope_follows_samples_and_has_no_ripple() -> None:
    lane, band = Lane("room", CLOCK, low=True), Bands([(45.0, 160.0)], CLOCK, pitched=[0])
    sound = sine(60, 2, 0.3)[: 350 * 256].astype(np.float32)
    found = []
    for tick in range(350):
        lane.take(Block(tick, sound[tick * 256 : (tick + 1) * 256, None], ROOM, 1))
        band.take(lane)
        found.append(band.amplitude[0])
    settled = np.concatenate(found)[-RATE // 2 :]
    assert settled == pytest.approx(0.3, rel=0.05)
    assert band.hz[0][0] == pytest.approx(60, rel=0.02)


@pytest.mark.parametrize("rate", [44_100, 48_000])
def test_a_bands_edges_are_where_they_say(rate: int) -> None:
    clock = Clock(sample_rate=rate)
    for edges in ((20.0, 45.0), (45.0, 160.0), (2000.0, 6000.0), (6000.0, 16000.0)):
        for hz, least, most in (
            (edges[0], -3.5, -2.5),
            (edges[1], -3.5, -2.5),
            (np.sqrt(edges[0] * edges[1]), -0.2, 0.1),
        ):
            time = np.arange(3 * rate) / rate
            samples = np.sin(2 * np.pi * hz * time)[None].copy()
            Cascade(band_pass(*edges, 3, clock)).run(samples)
            settled = samples[0, 2 * rate :]
            assert least < 20 * np.log10(np.sqrt(2) * rms(settled)) < most


def test_the_filters_own_door_is_scipys() -> None:
    from scipy.signal import sosfilt

    sos = band_pass(45, 160, 4, CLOCK)
    rows = np.stack([song(0.1), noise(0.1, 0.1)])
    mine = rows.copy()
    Cascade(sos, 2).run(mine)
    assert np.array_equal(mine, sosfilt(sos, rows, axis=1))


def bursts(wave: np.ndarray) -> list[tuple[int, int]]:
    """First and last sample of each burst that has 20 ms of stillness before it."""
    loud = np.flatnonzero(np.abs(wave) > 1e-3)
    breaks = np.flatnonzero(np.diff(loud) > RATE // 50)
    return list(zip(loud[np.r_[0, breaks + 1]].tolist(), loud[np.r_[breaks, -1]].tolist(), strict=True))


def test_each_kick_is_one_click_of_30_ms_at_least_and_at_once(coils: Garment) -> None:
    times = np.arange(0.5, 5.5, 0.5)
    sound = put(noise(6, 0.001), times, kick())
    player = Player(coils, [feel("kick", BANDS["bass"], "z1", part="click")])
    wave = player.play(sound).wave[:, 1]
    felt = bursts(wave)
    assert len(felt) == len(times)
    late = np.array([first / RATE for first, _ in felt]) - times
    assert late.min() > 0
    assert late.max() < 0.015
    assert late.std() < 0.002
    assert min(last - first for first, last in felt) >= 0.030 * RATE


def test_a_stroke_in_a_high_band_is_a_tap_where_skin_feels_best(coils: Garment) -> None:
    burst = noise(0.08, 0.2) * np.linspace(1, 0, int(0.08 * RATE)) ** 2
    sound = put(noise(4, 0.0005), (1.0, 2.0, 3.0), burst)
    player = Player(coils, [feel("snare", (1000.0, 5000.0), "z0", part="click")])
    drive = player.play(sound)
    felt = bursts(drive.wave[:, 0])
    assert len(felt) == 3
    assert all(190 < peak_hz(drive.wave[first:last, 0]) < 225 for first, last in felt)
    assert set(np.unique(drive.hz[:, 0]).tolist()) == {0.0, 205.0}


def test_the_hum_makes_way_for_a_click(coils: Garment) -> None:
    """Together they are no more than one, and the click is what is felt."""
    sound = put(sine(80, 4, 0.1), (1.0, 2.0, 3.0), kick())
    both, click, hum = (
        Player(coils, [feel("bass", BANDS["bass"], "z1", part=part)]).play(sound)
        for part in ("both", "click", "hum")
    )
    first = bursts(click.wave[:, 1])[1][0]
    strong = slice(first + RATE // 200, first + RATE // 50)
    assert np.abs(both.wave).max() <= 1.0
    added = both.wave[strong, 1] - click.wave[strong, 1]
    assert 0 < rms(added) < 0.3 * rms(hum.wave[strong, 1])
    between = slice(2 * RATE - 4800, 2 * RATE)
    assert both.wave[between, 1] == pytest.approx(hum.wave[between, 1], abs=1e-5)


def test_two_accents_on_one_spot_keep_their_distance(tmp_path: Path) -> None:
    from wearsound.garment.sites import sites

    places = sites(jacket(tmp_path, zones=2, each=2))
    both, low = np.array([0, 1, 2, 3]), np.array([0, 1])
    accents = Accents(places, [both, low], CLOCK)
    full = [np.ones((40, 4)), np.ones((40, 2))]
    # Line 0 at 0 ms; line 1 at 50 ms (masked), at 110 ms (felt); line 0 at 150 ms: felt at z1 alone.
    strokes = [[(0, 0.5), (7200, 0.5)], [(2400, 1.0), (5280, 1.0)]]
    first, second = accents.gates(0, 40, strokes, full)
    assert first[0].tolist() == [1, 1, 1, 1]
    assert second[10].tolist() == [0, 0]
    assert second[21].tolist() == [1, 1]
    assert first[29].tolist() == [0, 0, 1, 1]


def test_actuators_too_near_to_be_told_apart_are_one_spot(tmp_path: Path) -> None:
    from wearsound.garment.sites import sites

    for apart, felt in ((3, 0), (5, 1)):
        places = sites(jacket(tmp_path, zones=1, each=2, apart=apart))
        accents = Accents(places, [np.array([0]), np.array([1])], CLOCK)
        _, other = accents.gates(0, 20, [[(5, 1.0)], [(2400, 1.0)]], [np.ones((20, 1))] * 2)
        assert other[-1, 0] == felt


def test_of_two_accents_at_once_the_stronger_is_felt(tmp_path: Path) -> None:
    from wearsound.garment.sites import sites

    places = sites(jacket(tmp_path, zones=1))
    where = np.array([0])
    accents = Accents(places, [where, where], CLOCK)
    weak, strong = accents.gates(0, 2, [[(5, 0.2)], [(5, 0.9)]], [np.ones((2, 1))] * 2)
    assert (weak[0, 0], strong[0, 0]) == (0, 1)
    accents.reset()
    # What is played at strength 0 there takes no accent from others.
    weak, _ = accents.gates(0, 2, [[(5, 0.2)], [(5, 0.9)]], [np.ones((2, 1)), np.zeros((2, 1))])
    assert weak[0, 0] == 1


def test_the_same_band_of_two_lines_is_heard_once(coils: Garment) -> None:
    player = Player(
        coils,
        [
            feel("one", BANDS["bass"], "z1"),
            feel("two", BANDS["bass"], "z2"),
            feel("three", BANDS["sub"], "z3"),
        ],
    )
    wave = player.play(sine(80, 1.5, 0.3)).wave
    assert wave[:, 1].any()
    assert np.array_equal(wave[:, 1], wave[:, 2])


def test_played_again_it_is_the_same(coils: Garment) -> None:
    player = Player(coils, body())
    first: Drive = player.play(song(2))
    again = player.play(song(2))
    assert np.array_equal(first.wave, again.wave)
    assert first.wave.any()


def test_every_edition_has_its_own_rain(tmp_path: Path) -> None:
    """By line and by zone control; the same edition rains alike."""
    garment = jacket(tmp_path, zones=1, each=4)
    line = Feel("bass", "room", BANDS["bass"], ("z0",), part="hum", pattern="rain")
    sound, rain = sine(80, 4, 0.3), NAMES.index("rain")
    for feels, controls in (([line], {}), ([], {"z0.buzz": 1.0, "z0.pattern": float(rain)})):
        one, same, other = (
            Player(garment, feels, controls=controls, seed=seed).play(sound).wave for seed in (1, 1, 2)
        )
        assert one.any()
        assert np.array_equal(one, same)
        assert not np.array_equal(one, other)


def test_the_pitch_of_a_band_in_one_phase_is_refused() -> None:
    with pytest.raises(ValueError, match="a band from 500 Hz"):
        Bands([BANDS["bass"], BANDS["mid"]], CLOCK, pitched=[1])
